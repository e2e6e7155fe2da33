(* Lemma 3 (B.9) and Lemma 6: displays that are false as printed.  Each theorem is the negation of
   the printed statement, proved from the report's own rational counterexample; where the display is
   about random variables, its consequence for means or paths is negated. *)
From Coq Require Import Reals Lra Lia List ClassicalDescription.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

(* 508: "for every h in R^d", by whose squared norm Y_1 and Y_2 are divided: h = 0, d = 1. *)
Theorem lemma_6_defined_false : ~ (forall h : R, 0 < h ^ 2).
Proof. intros H. pose proof (H 0). lra. Qed.

(* 2047: "L/s^2 S_{L,1} ~ chi^2(L d)".  S_{L,1} = s^2/(L d) times a chi^2(L d) variable, of mean
   s^2: the means differ at d = 2. *)
Theorem lemma_3_chi_square_scaling_false :
  ~ (forall L d s : R, 1 <= L -> 1 <= d -> 0 < s ->
     L / s ^ 2 * (s ^ 2 / (L * d) * (L * d)) = L * d).
Proof.
intros H. pose proof (H 1 2 1 ltac:(lra) ltac:(lra) ltac:(lra)) as e.
replace (1 / 1 ^ 2 * (1 ^ 2 / (1 * 2) * (1 * 2))) with 1 in e by field. lra.
Qed.
Theorem lemma_3_chi_square_scaling_corrected : forall L d s : R, 1 <= L -> 1 <= d -> 0 < s ->
  L * d / s ^ 2 * (s ^ 2 / (L * d) * (L * d)) = L * d.
Proof. intros. field. lra. Qed.

(* 2066: the exponent of S_{L,1}, simplified: a factor 4 is lost (L = d = s = u = 1). *)
Theorem lemma_3_s1_exponent_false :
  ~ (forall L d s u : R, 1 <= L -> 1 <= d -> 0 < s -> 0 < u ->
     L ^ 2 * d ^ 2 * u ^ 2 / (4 * s ^ 4 * (L * d + L * d * u / s ^ 2)) =
     L * d * u ^ 2 / (4 * s ^ 4 + u * s ^ 2)).
Proof.
intros H. pose proof (H 1 1 1 1 ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)) as e.
replace (1 ^ 2 * 1 ^ 2 * 1 ^ 2 / (4 * 1 ^ 4 * (1 * 1 + 1 * 1 * 1 / 1 ^ 2))) with (1 / 8) in e
  by field.
replace (1 * 1 * 1 ^ 2 / (4 * 1 ^ 4 + 1 * 1 ^ 2)) with (1 / 5) in e by field. lra.
Qed.
Theorem lemma_3_s1_exponent_corrected : forall L d s u : R, 1 <= L -> 1 <= d -> 0 < s -> 0 < u ->
  L ^ 2 * d ^ 2 * u ^ 2 / (4 * s ^ 4 * (L * d + L * d * u / s ^ 2)) =
  L * d * u ^ 2 / (4 * s ^ 4 + 4 * u * s ^ 2).
Proof.
intros L d s u hL hd hs hu. field.
assert (0 < s ^ 2) by nra. assert (0 < L * d) by nra. assert (0 < s ^ 4) by nra.
repeat split; nra.
Qed.

(* 2090: E exp(lambda S_{L,2}) for a centred normal variable of variance v = 4 s^2/d: a factor 2. *)
Theorem lemma_3_gaussian_moment_false :
  ~ (forall s lambda d : R, 0 < s -> 1 <= d ->
     exp (4 * s ^ 2 / d * lambda ^ 2 / 2) = exp (4 * s ^ 2 * lambda ^ 2 / d)).
Proof.
intros H. pose proof (H 1 1 1 ltac:(lra) ltac:(lra)) as e. apply exp_inv in e. lra.
Qed.
Theorem lemma_3_gaussian_moment_corrected : forall s lambda d : R, 0 < s -> 1 <= d ->
  exp (4 * s ^ 2 / d * lambda ^ 2 / 2) = exp (2 * s ^ 2 * lambda ^ 2 / d).
Proof. intros. f_equal. field. lra. Qed.

(* 2186: "the number of points is (2 M/m + 1)^d", which need not be a whole number. *)
Theorem lemma_3_net_cardinality_false :
  ~ (forall (d : nat) (M m : R), 1 <= M -> 0 < m < 1 ->
     exists N : nat, INR N = (2 * M / m + 1) ^ d).
Proof.
intros H. destruct (H 1%nat 1 (3/4) ltac:(lra) ltac:(lra)) as [N e].
replace ((2 * 1 / (3/4) + 1) ^ 1) with (11 / 3) in e by field.
assert (a : INR 3 < INR N) by (simpl; lra). assert (b : INR N < INR 4) by (simpl; lra).
apply INR_lt in a. apply INR_lt in b. lia.
Qed.

(* 2198: the event E has k = 1, .., L; the sums have j = 0, .., L - 1. *)
Theorem lemma_3_event_e_false :
  ~ (forall (L : nat) (Y : nat -> R), (forall k, (1 <= k <= L)%nat -> - (1/2) <= Y k) ->
     forall j, (j < L)%nat -> - (1/2) <= Y j).
Proof.
intros H. pose proof (H 1%nat (fun k => match k with O => -2 | _ => 0 end)) as e.
assert (- (1/2) <= -2); [|lra].
apply (e ltac:(intros [|k] hk; [lia|lra]) 0%nat). lia.
Qed.

(* 2206: on every path 1 + Y > 0, so that its logarithm is defined; d = 1: Y = 2 sigma N. *)
Theorem lemma_3_drop_squares_false : ~ (forall sigma N : R, 0 < sigma -> 0 < 1 + 2 * sigma * N).
Proof. intros H. pose proof (H 1 (-1) ltac:(lra)). lra. Qed.

(* 2219: a lower bound of the last norm is not one of the least over the layers. *)
Theorem lemma_3_every_layer_false :
  ~ (forall (L : nat) (h : nat -> R) (b : R), b <= h L -> forall k, (k <= L)%nat -> b <= h k).
Proof.
intros H. pose proof (H 1%nat (fun k => match k with O => 0 | _ => 1 end) 1 (Rle_refl 1) 0%nat).
assert (1 <= 0) by (apply H0; lia). lra.
Qed.

(* 2222: "k in {1, .., L}" does not cover the sum over 0, .., L - 1. *)
Theorem lemma_3_step_range_false :
  ~ (forall L k : nat, (k < L)%nat -> (1 <= k <= L)%nat).
Proof. intros H. pose proof (H 1%nat 0%nat). lia. Qed.

(* 2260: "L d/(4 s^2) S_{k,3} ~ chi^2(L) for every k": its mean is k (k = 1, L = 2). *)
Theorem lemma_3_s3_law_false :
  ~ (forall (L k d : nat) (s : R), (1 <= k <= L)%nat -> (1 <= d)%nat -> 0 < s ->
     INR L * INR d / (4 * s ^ 2) * (INR k * (4 * s ^ 2 / (INR L * INR d))) = INR L).
Proof.
intros H. pose proof (H 2%nat 1%nat 1%nat 1 ltac:(lia) ltac:(lia) ltac:(lra)) as e.
simpl in e. replace ((1 + 1) * 1 / (4 * (1 * (1 * 1))) * (1 * (4 * (1 * (1 * 1)) / ((1 + 1) * 1))))
  with 1 in e by field. lra.
Qed.

(* 2266: the exponent of S_{L,3}, simplified: a factor s^2 is lost (L = d = u = 1, s = 2). *)
Theorem lemma_3_s3_exponent_false :
  ~ (forall L d s u : R, 1 <= L -> 1 <= d -> 0 < s -> 0 < u ->
     L ^ 2 * d ^ 2 * u ^ 2 / (64 * s ^ 4 * (L + L * d * u / (4 * s ^ 2))) =
     L * d ^ 2 * u ^ 2 / (16 * (4 * s ^ 2 + d * u))).
Proof.
intros H. pose proof (H 1 1 2 1 ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)) as e.
replace (1 ^ 2 * 1 ^ 2 * 1 ^ 2 / (64 * 2 ^ 4 * (1 + 1 * 1 * 1 / (4 * 2 ^ 2)))) with (1 / 1088) in e
  by field.
replace (1 * 1 ^ 2 * 1 ^ 2 / (16 * (4 * 2 ^ 2 + 1 * 1))) with (1 / 272) in e by field. lra.
Qed.
Theorem lemma_3_s3_exponent_corrected : forall L d s u : R, 1 <= L -> 1 <= d -> 0 < s -> 0 < u ->
  L ^ 2 * d ^ 2 * u ^ 2 / (64 * s ^ 4 * (L + L * d * u / (4 * s ^ 2))) =
  L * d ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + d * u)).
Proof.
intros L d s u hL hd hs hu. field.
assert (0 < s ^ 2) by nra. assert (0 < d * u) by nra. repeat split; nra.
Qed.

(* 2290: "P(A-bar or B-bar) = P(A-bar) + P(B-bar or A)": at events A, B that are sure (one point,
   of mass 1) the left-hand side is 0 and the right-hand side 1. *)
Theorem lemma_3_union_false :
  ~ (forall (T : Type) (P : (T -> Prop) -> R) (A B : T -> Prop),
     P (fun _ => True) = 1 -> P (fun _ => False) = 0 ->
     (forall E F : T -> Prop, (forall x, E x <-> F x) -> P E = P F) ->
     (forall E F : T -> Prop, (forall x, ~ (E x /\ F x)) ->
        P (fun x => E x \/ F x) = P E + P F) ->
     P (fun x => ~ A x \/ ~ B x) = P (fun x => ~ A x) + P (fun x => ~ B x \/ A x)).
Proof.
intros H.
pose (P := fun E : unit -> Prop => if excluded_middle_informative (E tt) then 1 else 0).
assert (one : forall E : unit -> Prop, E tt -> P E = 1)
  by (intros E h; unfold P; destruct (excluded_middle_informative (E tt)); tauto).
assert (zero : forall E : unit -> Prop, ~ E tt -> P E = 0)
  by (intros E h; unfold P; destruct (excluded_middle_informative (E tt)); tauto).
pose proof (H unit P (fun _ => True) (fun _ => True)) as e.
cbv beta in e.
rewrite (zero (fun x => ~ True \/ ~ True)), (zero (fun x => ~ True)),
  (one (fun x => ~ True \/ True)) in e by tauto.
assert (0 = 0 + 1); [apply e; auto|lra].
- intros E F h. unfold P.
  destruct (excluded_middle_informative (E tt)), (excluded_middle_informative (F tt));
    pose proof (h tt); tauto.
- intros E F h. pose proof (h tt). unfold P.
  destruct (excluded_middle_informative (E tt)), (excluded_middle_informative (F tt)),
    (excluded_middle_informative (E tt \/ F tt)); try tauto; lra.
Qed.

(* 2388: the sum of the halves (C = 2, s = u = 1: 3 and 6). *)
Theorem lemma_3_u_squared_factored_false :
  ~ (forall C s u : R, 0 < C -> 0 < s -> 0 < u ->
     C ^ 2 / 2 * s ^ 2 + C / 2 * s ^ 2 * u = (C ^ 2 + C) / 2 * s ^ 2 * (1 + u)).
Proof. intros H. pose proof (H 2 1 1 ltac:(lra) ltac:(lra) ltac:(lra)). lra. Qed.
Theorem lemma_3_u_squared_factored_corrected : forall C s u : R, 0 < C -> 0 < s -> 0 < u ->
  C ^ 2 / 2 * s ^ 2 + C / 2 * s ^ 2 * u >= Rmin C (C ^ 2) / 2 * s ^ 2 * (1 + u).
Proof.
intros C s u hC hs hu. pose proof (Rmin_l C (C ^ 2)). pose proof (Rmin_r C (C ^ 2)).
assert (0 < s ^ 2) by nra. set (r := Rmin C (C ^ 2)) in *.
assert (r / 2 * s ^ 2 <= C ^ 2 / 2 * s ^ 2) by (apply Rmult_le_compat_r; lra).
assert (r / 2 * s ^ 2 * u <= C / 2 * s ^ 2 * u)
  by (apply Rmult_le_compat_r; [lra|apply Rmult_le_compat_r; lra]).
lra.
Qed.

(* 2389: "by (48)" alone, u >= C s and u >= C, the second half does not follow (s = 10, C = 1). *)
Theorem lemma_3_u_squared_halves_false :
  ~ (forall C s u : R, 0 < C -> 0 < s -> C * s <= u -> C <= u ->
     u ^ 2 >= C ^ 2 / 2 * s ^ 2 + C / 2 * s ^ 2 * u).
Proof. intros H. pose proof (H 1 10 10 ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)). lra. Qed.
Theorem lemma_3_u_squared_halves_corrected : forall C s u : R, 0 < C -> 0 < s -> C * s <= u ->
  C * s ^ 2 <= u -> u ^ 2 >= C ^ 2 / 2 * s ^ 2 + C / 2 * s ^ 2 * u.
Proof.
intros C s u hC hs h1 h2. assert (0 < C * s) by nra.
assert ((C * s) * (C * s) <= u * u) by nra. assert (C * s ^ 2 * u <= u * u) by nra. nra.
Qed.

(* 2461: "for every s >= 0" the exponent d u^2/(32 s^2) is finite: s = 0 is divided by. *)
Theorem lemma_3_positive_scale_false : ~ (forall s : R, 0 <= s -> 32 * s ^ 2 <> 0).
Proof. intros H. apply (H 0); lra. Qed.

(* 2486: the layer I + s/(sqrt L d) N is not the layer of the initialisation (L = 1, d = 4). *)
Theorem lemma_3_layer_scale_false :
  ~ (forall L d s N : R, 1 <= L -> 1 <= d ->
     1 + s / (sqrt L * d) * N = 1 + s / sqrt (L * d) * N).
Proof.
intros H. pose proof (H 1 4 1 1 ltac:(lra) ltac:(lra)) as e.
rewrite sqrt_1 in e. replace (sqrt (1 * 4)) with 2 in e; [lra|].
replace (1 * 4) with (2 * 2) by ring. rewrite sqrt_square; lra.
Qed.

(* 2500: "for 1 <= i <= k <= L" does not make W_k .. W_j a product of layers. *)
Theorem lemma_3_product_range_false :
  ~ (forall i j k L : nat, (1 <= i <= k)%nat -> (k <= L)%nat -> (1 <= j <= k)%nat).
Proof. intros H. pose proof (H 1%nat 0%nat 1%nat 1%nat). lia. Qed.

(* B.9, before (46): "a 1/2-net of the unit sphere of R^d with 5^d points": the sphere of R has two
   points, not five. *)
Theorem lemma_3_net_size_false :
  ~ (exists net : list R, NoDup net /\ length net = 5%nat /\ forall h, In h net -> h ^ 2 = 1).
Proof.
intros [net [nd [len unit]]].
assert (i : incl net (1 :: -1 :: nil)).
{ intros h hn. pose proof (unit h hn) as e.
  assert (z : (h - 1) * (h + 1) = 0) by lra.
  destruct (Rmult_integral _ _ z); [left|right; left]; lra. }
pose proof (NoDup_incl_length nd i). simpl in *. lia.
Qed.
