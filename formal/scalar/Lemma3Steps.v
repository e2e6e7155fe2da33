(* Lemma 3 (B.9): the scalar steps of its proof, as printed (and corrected where the report
   corrects them), each over its whole domain.  The constants are those of the report: C_1 = 1,
   C_2 = 4, C_3 = 192 max(s^2, s^(-2/3)), C_4 = 7/10 (in steps of the proof). *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts Lemma5Steps.
Open Scope R_scope.

(* The fourth root of L. *)
Lemma fourth_root L : 1 <= L ->
  let q := Rpower L (1 / 4) in 1 <= q /\ q ^ 2 = sqrt L /\ q ^ 4 = L.
Proof.
intros hL q. assert (a : q ^ 2 = sqrt L).
{ unfold q. rewrite <- Rpower_square, <- Rpower_sqrt by lra. f_equal. field. }
repeat split; [apply Rpower_ge_1; lra|exact a|].
replace (q ^ 4) with (q ^ 2 * q ^ 2) by ring. rewrite a. apply sqrt_sqrt. lra.
Qed.

(* u <= 7/10 L^(1/4) gives 2 u^2 <= sqrt L and 4 u^4 <= L. *)
Lemma depth_from_u L u : 1 <= L -> 0 <= u -> u <= 7 / 10 * Rpower L (1 / 4) ->
  2 * u ^ 2 <= sqrt L /\ 4 * u ^ 4 <= L.
Proof.
intros hL hu h. destruct (fourth_root L hL) as [a [b c]]. set (q := Rpower L (1 / 4)) in *.
assert (e : u ^ 2 <= 49 / 100 * q ^ 2).
{ replace (49 / 100 * q ^ 2) with ((7 / 10 * q) ^ 2) by field. apply pow_incr. lra. }
split; [rewrite <- b; nra|]. rewrite <- c.
replace (u ^ 4) with (u ^ 2 * u ^ 2) by ring. replace (q ^ 4) with (q ^ 2 * q ^ 2) by ring.
assert (0 <= u ^ 2) by nra. assert (u ^ 2 * u ^ 2 <= 49/100 * q ^ 2 * (49/100 * q ^ 2)); [|nra].
apply Rmult_le_compat; lra.
Qed.

Theorem lemma_3_log_below : forall x : R, -1 < x -> ln (1 + x) <= x.
Proof. exact ln_1p_le. Qed.

Theorem lemma_3_log_above : forall x : R, - (1 / 2) <= x -> ln (1 + x) >= x - x ^ 2.
Proof. intros x h. apply Rle_ge, ln_1p_ge. lra. Qed.

(* (43): the Chernoff exponent (u - p ln(1 + u/p))/2 of P(chi^2(p) >= p + u). *)
Theorem lemma_3_eq_43 : forall p u : R, 0 < p -> 0 < u ->
  exp (- ((u - p * ln (1 + u / p)) / 2)) <= exp (- (u ^ 2 / (4 * (p + u)))).
Proof.
intros p u hp hu. apply exp_le.
assert (q : 0 <= u / p) by (apply Rmult_le_pos; [lra|apply Rlt_le, Rinv_0_lt_compat, hp]).
pose proof (ln_1p_le_second (u / p) q) as h.
apply (Rmult_le_compat_l (p / 2)) in h; [|lra].
replace (p / 2 * (u / p - (u / p) ^ 2 / (2 * (1 + u / p))))
  with (u / 2 - u ^ 2 / (4 * (p + u))) in h by (field; lra). lra.
Qed.

(* (48) *)
Theorem lemma_3_eq_48 : forall s : R, 0 < s ->
  Rmax (s ^ 2) (Rpower s (- (2 / 3))) >= Rmax s 1.
Proof.
intros s hs. apply Rle_ge. destruct (Rle_or_lt 1 s) as [h|h].
- rewrite (Rmax_left s 1) by lra. apply Rle_trans with (s ^ 2); [nra|apply Rmax_l].
- rewrite (Rmax_right s 1) by lra. apply Rle_trans with (Rpower s (- (2 / 3)));
    [|apply Rmax_r].
  rewrite Rpower_Ropp. rewrite <- Rinv_1 at 1.
  apply Rinv_le_contravar; [apply Rpower_pos|].
  rewrite <- (Rpower_one_base (2 / 3)). apply Rpower_base; lra.
Qed.

(* C_3 = 192 max(s^2, s^(-2/3)) is at least 64.5 s^2 + 8.4 s. *)
Theorem lemma_3_constants : forall s : R, 0 < s ->
  192 * Rmax (s ^ 2) (Rpower s (- (2 / 3))) >= 645 / 10 * s ^ 2 + 84 / 10 * s.
Proof.
intros s hs. pose proof (lemma_3_eq_48 s hs) as h.
pose proof (Rmax_l (s ^ 2) (Rpower s (- (2 / 3)))).
pose proof (Rmax_l s 1). lra.
Qed.

(* The first term: the factor 5^d is absorbed. *)
Theorem lemma_3_term_1 : forall s d u : R, 0 < s -> 0 < d -> 192 * s <= u ->
  Rpower 5 d * exp (- (d * u ^ 2 / (16 * s ^ 2))) <= exp (- (d * u ^ 2 / (32 * s ^ 2))).
Proof.
intros s d u hs hd hu. unfold Rpower. rewrite <- exp_plus. apply exp_le.
assert (a : 1152 <= u ^ 2 / (32 * s ^ 2)).
{ apply Rmult_le_reg_r with (32 * s ^ 2); [nra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l by nra. nra. }
replace (d * u ^ 2 / (16 * s ^ 2)) with (2 * (d * (u ^ 2 / (32 * s ^ 2)))) by (field; lra).
replace (d * u ^ 2 / (32 * s ^ 2)) with (d * (u ^ 2 / (32 * s ^ 2))) by (field; lra).
pose proof ln_5_le. nra.
Qed.

(* The second term: its denominator, as printed and corrected. *)
Theorem lemma_3_term_2 : forall s u : R, s ^ 2 <= u -> 4 * s ^ 4 + u * s ^ 2 <= 8 * u * s ^ 2.
Proof. intros s u h. replace (s ^ 4) with (s ^ 2 * s ^ 2) by ring.
assert (0 <= s ^ 2) by nra. nra. Qed.
Theorem lemma_3_term_2_corrected : forall s u : R, s ^ 2 <= u ->
  4 * s ^ 4 + 4 * u * s ^ 2 <= 8 * u * s ^ 2.
Proof. intros s u h. replace (s ^ 4) with (s ^ 2 * s ^ 2) by ring.
assert (0 <= s ^ 2) by nra. nra. Qed.

Theorem lemma_3_term_2_absorbed : forall s d u L : R, 0 < s -> 0 < d -> 384 <= L ->
  192 * s ^ 2 <= u ->
  exp (d * ln 5 - L * d * u / (8 * s ^ 2)) <= exp (- (L * d * u / (16 * s ^ 2))).
Proof.
intros s d u L hs hd hL hu. apply exp_le.
assert (a : 12 <= u / (16 * s ^ 2)).
{ apply Rmult_le_reg_r with (16 * s ^ 2); [nra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l by nra. nra. }
replace (L * d * u / (8 * s ^ 2)) with (2 * (L * d * (u / (16 * s ^ 2)))) by (field; lra).
replace (L * d * u / (16 * s ^ 2)) with (L * d * (u / (16 * s ^ 2))) by (field; lra).
pose proof ln_5_le. assert (384 * d <= L * d) by nra. nra.
Qed.

Theorem lemma_3_term_2_final : forall s d u L : R, 0 < s -> 0 < d -> 0 < u -> 1 <= L ->
  u <= 7 / 10 * Rpower L (1 / 4) ->
  exp (- (L * d * u / (16 * s ^ 2))) <= exp (- (d * u ^ 2 / (32 * s ^ 2))).
Proof.
intros s d u L hs hd hu hL h. apply exp_le.
destruct (depth_from_u L u hL ltac:(lra) h) as [_ a].
assert (b : u <= 2 * L).
{ destruct (Rle_or_lt u 1); [lra|]. assert (1 <= u ^ 3) by (apply pow_R1_Rle; lra).
  replace (u ^ 4) with (u * u ^ 3) in a by ring. nra. }
replace (L * d * u / (16 * s ^ 2)) with (d * u * (2 * L) * / (32 * s ^ 2)) by (field; lra).
replace (d * u ^ 2 / (32 * s ^ 2)) with (d * u * u * / (32 * s ^ 2)) by (field; lra).
apply Ropp_le_contravar, Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat; nra|].
apply Rmult_le_compat_l; nra.
Qed.

(* before (49): the exponential of a nonnegative number is at least 1 *)
Theorem lemma_3_net_nine : forall a : R, 0 <= a ->
  8 + exp (- a) <= 9 /\ 8 * exp a + 1 <= 9 * exp a.
Proof.
intros a h. assert (1 <= exp a) by (rewrite <- exp_0; apply exp_le; lra).
assert (exp (- a) <= 1) by (rewrite <- exp_0; apply exp_le; lra). lra.
Qed.

(* M = 2 exp(s^2/2 + u), m = exp(-2 s^2/d - u)/2: the constants of Lemma 3 for a fixed start. *)
Definition M (s u : R) : R := 2 * exp (s ^ 2 / 2 + u).
Definition m (s d u : R) : R := exp (- (2 * s ^ 2 / d) - u) / 2.

Theorem lemma_3_net_ratio : forall s d u : R, 0 < d ->
  2 * M s u / m s d u + 1 = 8 * exp (s ^ 2 / 2 + 2 * s ^ 2 / d + 2 * u) + 1.
Proof.
intros s d u hd. unfold M, m. f_equal.
replace (s ^ 2 / 2 + 2 * s ^ 2 / d + 2 * u)
  with ((s ^ 2 / 2 + u) + - (- (2 * s ^ 2 / d) - u)) by ring.
rewrite (exp_plus (s ^ 2 / 2 + u)), exp_Ropp.
pose proof (exp_pos (- (2 * s ^ 2 / d) - u)). field. lra.
Qed.

(* (49) *)
Theorem lemma_3_eq_49 : forall s d u : R, 4 <= d -> 0 < u -> s ^ 2 <= u ->
  ln (2 * M s u / m s d u + 1) <= ln 9 + s ^ 2 / 2 + 2 * s ^ 2 / d + 2 * u <= 3 + 3 * u.
Proof.
intros s d u hd hu h.
assert (a : 0 <= s ^ 2) by nra.
assert (b : 0 <= 2 * s ^ 2 / d <= s ^ 2 / 2).
{ assert (0 < / d <= / 4) by (split; [apply Rinv_0_lt_compat|apply Rinv_le_contravar]; lra).
  unfold Rdiv. split; nra. }
split; [|pose proof ln_9_le; lra].
rewrite lemma_3_net_ratio by lra. set (x := s ^ 2 / 2 + 2 * s ^ 2 / d + 2 * u).
replace (ln 9 + s ^ 2 / 2 + 2 * s ^ 2 / d + 2 * u) with (ln 9 + ln (exp x))
  by (rewrite ln_exp; unfold x; ring).
pose proof (exp_pos x). rewrite <- ln_mult by lra.
apply ln_mono; [lra|]. apply lemma_3_net_nine. unfold x. lra.
Qed.

(* The third term *)
Theorem lemma_3_u_squared : forall s u : R, 0 < s -> 192 * s <= u -> 192 * s ^ 2 <= u ->
  u ^ 2 >= 96 * s ^ 2 * (1 + u).
Proof. intros s u hs h1 h2. nra. Qed.

Theorem lemma_3_term_3 : forall s d u : R, 0 < s -> 4 <= d -> 192 <= u -> 192 * s ^ 2 <= u ->
  d * ln (2 * M s u / m s d u + 1) - d * u ^ 2 / (16 * s ^ 2) <=
    3 * d + 3 * d * u - d * u ^ 2 / (16 * s ^ 2) <= - (d * u ^ 2 / (32 * s ^ 2)).
Proof.
intros s d u hs hd hu h. split.
- destruct (lemma_3_eq_49 s d u hd ltac:(lra) ltac:(nra)) as [a b].
  assert (d * ln (2 * M s u / m s d u + 1) <= d * (3 + 3 * u))
    by (apply Rmult_le_compat_l; lra). lra.
- replace (d * u ^ 2 / (16 * s ^ 2)) with (2 * (d * u ^ 2 / (32 * s ^ 2))) by (field; lra).
  assert (3 * d + 3 * d * u <= d * u ^ 2 / (32 * s ^ 2)); [|lra].
  apply Rmult_le_reg_r with (32 * s ^ 2); [nra|].
  replace (d * u ^ 2 / (32 * s ^ 2) * (32 * s ^ 2)) with (d * u ^ 2) by (field; lra).
  replace ((3 * d + 3 * d * u) * (32 * s ^ 2)) with (d * (96 * s ^ 2 * (1 + u))) by ring.
  apply Rmult_le_compat_l; [lra|]. nra.
Qed.

(* The fourth term, from (49) *)
Theorem lemma_3_term_4 : forall s d u L : R, 4 <= d -> 0 < u -> s ^ 2 <= u ->
  d * ln (2 * M s u / m s d u + 1) - L * d ^ 2 * u ^ 2 / (16 * (4 * s ^ 2 + d * u)) <=
  3 * d + 3 * d * u - L * d ^ 2 * u ^ 2 / (16 * (4 * s ^ 2 + d * u)).
Proof.
intros s d u L hd hu h. destruct (lemma_3_eq_49 s d u hd hu h) as [a b].
assert (d * ln (2 * M s u / m s d u + 1) <= d * (3 + 3 * u))
  by (apply Rmult_le_compat_l; lra). lra.
Qed.

(* ... its denominator, "since d u >= u >= C s^2", as printed and corrected *)
Theorem lemma_3_term_4_denominator : forall s d u L : R, 4 <= d -> 0 < u -> 0 < L ->
  192 * s ^ 2 <= u ->
  L * d ^ 2 * u ^ 2 / (16 * (4 * s ^ 2 + d * u)) >= L * d ^ 2 * u ^ 2 / (32 * d * u).
Proof.
intros s d u L hd hu hL h. apply Rle_ge. assert (0 <= s ^ 2) by nra.
assert (4 * u <= d * u) by nra.
apply Rmult_le_compat_l.
- apply Rmult_le_pos; [|nra]. apply Rmult_le_pos; [lra|nra].
- apply Rinv_le_contravar; nra.
Qed.
Theorem lemma_3_term_4_denominator_corrected : forall s d u L : R, 0 < s -> 4 <= d -> 0 < u ->
  0 < L -> 192 * s ^ 2 <= u ->
  L * d ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + d * u)) >=
  L * d ^ 2 * u ^ 2 / (32 * s ^ 2 * d * u).
Proof.
intros s d u L hs hd hu hL h. pose proof (lemma_3_term_4_denominator s d u L hd hu hL h) as a.
assert (0 < s ^ 2) by nra. assert (0 < d * u) by nra.
replace (L * d ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + d * u)))
  with (L * d ^ 2 * u ^ 2 / (16 * (4 * s ^ 2 + d * u)) * / s ^ 2) by (field; nra).
replace (L * d ^ 2 * u ^ 2 / (32 * s ^ 2 * d * u))
  with (L * d ^ 2 * u ^ 2 / (32 * d * u) * / s ^ 2) by (field; lra).
apply Rle_ge, Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat|]; lra.
Qed.

Theorem lemma_3_term_4_simplified : forall d u L : R, 0 < d -> 0 < u ->
  L * d ^ 2 * u ^ 2 / (32 * d * u) = L * d * u / 32.
Proof. intros d u L hd hu. field. lra. Qed.

Theorem lemma_3_term_4_absorbed : forall d u L : R, 0 < d -> 384 <= L -> 192 <= u ->
  3 * d + 3 * d * u - L * d * u / 32 <= - (L * d * u / 64).
Proof.
intros d u L hd hL hu. assert (384 * (d * u) <= L * (d * u)) by (apply Rmult_le_compat_r; nra).
nra.
Qed.
Theorem lemma_3_term_4_absorbed_corrected : forall s d u L : R, 0 < s -> 0 < d -> 1 <= L ->
  192 <= u -> 192 * s ^ 2 <= u -> u <= 7 / 10 * Rpower L (1 / 4) ->
  3 * d + 3 * d * u - L * d * u / (32 * s ^ 2) <= - (L * d * u / (64 * s ^ 2)).
Proof.
intros s d u L hs hd hL hu h1 h2.
destruct (depth_from_u L u hL ltac:(lra) h2) as [_ a].
assert (b : 1 + u <= L).
{ replace (u ^ 4) with (u * u ^ 3) in a by ring.
  assert (1 <= u ^ 3) by (apply pow_R1_Rle; lra). nra. }
replace (L * d * u / (32 * s ^ 2)) with (2 * (L * d * u / (64 * s ^ 2))) by (field; lra).
assert (3 * d + 3 * d * u <= L * d * u / (64 * s ^ 2)); [|lra].
apply Rmult_le_reg_r with (64 * s ^ 2); [nra|].
replace (L * d * u / (64 * s ^ 2) * (64 * s ^ 2)) with (L * d * u) by (field; lra).
replace ((3 * d + 3 * d * u) * (64 * s ^ 2)) with (d * ((1 + u) * (192 * s ^ 2))) by ring.
replace (L * d * u) with (d * (L * u)) by ring.
apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat; nra.
Qed.

(* "since L >= C u/s^2, using first that L >= C u^4, then that u >= C s^(-2/3)" *)
Theorem lemma_3_term_4_final : forall s d u L : R, 0 < s -> 0 < d -> 1 <= L ->
  192 * Rpower s (- (2 / 3)) <= u -> u <= 7 / 10 * Rpower L (1 / 4) ->
  exp (- (L * d * u / 64)) <= exp (- (d * u ^ 2 / (32 * s ^ 2))).
Proof.
intros s d u L hs hd hL h1 h2. apply exp_le.
set (q := Rpower s (- (2 / 3))) in *. assert (q0 : 0 < q) by apply Rpower_pos.
assert (u0 : 0 < u) by lra.
assert (q3 : q ^ 3 * s ^ 2 = 1).
{ unfold q. rewrite <- Rpower_pow by apply Rpower_pos. rewrite Rpower_mult.
  rewrite <- (Rpower_pow 2 s hs), <- Rpower_plus.
  replace (- (2 / 3) * INR 3 + INR 2) with 0 by (simpl; field). apply Rpower_O, hs. }
destruct (depth_from_u L u hL ltac:(lra) h2) as [_ a].
assert (b : 1 <= u ^ 3 * s ^ 2).
{ rewrite <- q3. apply Rmult_le_compat_r; [nra|]. apply pow_incr. lra. }
assert (c : 2 * u <= L * s ^ 2).
{ apply Rle_trans with (4 * u ^ 4 * s ^ 2); [|apply Rmult_le_compat_r; nra].
  replace (4 * u ^ 4 * s ^ 2) with (4 * u * (u ^ 3 * s ^ 2)) by ring. nra. }
apply Ropp_le_contravar. apply Rmult_le_reg_r with (64 * s ^ 2); [nra|].
replace (d * u ^ 2 / (32 * s ^ 2) * (64 * s ^ 2)) with (d * u * (2 * u)) by (field; lra).
replace (L * d * u / 64 * (64 * s ^ 2)) with (d * u * (L * s ^ 2)) by field.
apply Rmult_le_compat_l; nra.
Qed.
Theorem lemma_3_term_4_final_corrected : forall s d u L : R, 0 < s -> 0 < d -> 1 <= L ->
  192 <= u -> u <= 7 / 10 * Rpower L (1 / 4) ->
  exp (- (L * d * u / (64 * s ^ 2))) <= exp (- (d * u ^ 2 / (32 * s ^ 2))).
Proof.
intros s d u L hs hd hL hu h. apply exp_le.
destruct (depth_from_u L u hL ltac:(lra) h) as [_ a].
assert (b : 2 * u <= L).
{ replace (u ^ 4) with (u * u ^ 3) in a by ring.
  assert (1 <= u ^ 3) by (apply pow_R1_Rle; lra). nra. }
replace (L * d * u / (64 * s ^ 2)) with (d * u * L * / (64 * s ^ 2)) by (field; lra).
replace (d * u ^ 2 / (32 * s ^ 2)) with (d * u * (2 * u) * / (64 * s ^ 2)) by (field; lra).
apply Ropp_le_contravar, Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat; nra|].
apply Rmult_le_compat_l; nra.
Qed.

(* (50) *)
Theorem lemma_3_eq_50 : forall s d u L : R, 0 < L -> 4 <= d -> 0 < u -> s ^ 2 <= u ->
  L * exp (d * ln (2 * M s u / m s d u + 1)) * exp (- (L * d / (32 * s ^ 2))) <=
  L * exp (3 * d + 3 * d * u - L * d / (32 * s ^ 2)).
Proof.
intros s d u L hL hd hu h. destruct (lemma_3_eq_49 s d u hd hu h) as [a b].
rewrite Rmult_assoc, <- exp_plus. apply Rmult_le_compat_l; [lra|]. apply exp_le.
assert (d * ln (2 * M s u / m s d u + 1) <= d * (3 + 3 * u))
  by (apply Rmult_le_compat_l; lra). lra.
Qed.

(* (51) *)
Theorem lemma_3_eq_51 : forall s d u L : R, 0 < s -> 0 < d -> 1 <= L -> 192 <= u ->
  192 * s ^ 2 <= u -> u <= 7 / 10 * Rpower L (1 / 4) ->
  3 * d + 3 * d * u - L * d / (32 * s ^ 2) <= - (sqrt L * d * u ^ 2 / (32 * s ^ 2)).
Proof.
intros s d u L hs hd hL hu h1 h2.
destruct (depth_from_u L u hL ltac:(lra) h2) as [a b].
pose proof (sqrt_sqrt L ltac:(lra)) as q. pose proof (sqrt_pos L) as p.
assert (c : 3 * d + 3 * d * u + sqrt L * d * u ^ 2 / (32 * s ^ 2) <= L * d / (32 * s ^ 2));
  [|lra].
(* half of L pays the root, the other half 3 + 3 u *)
assert (e : sqrt L * u ^ 2 <= L / 2).
{ assert (sqrt L * (2 * u ^ 2) <= sqrt L * sqrt L) by (apply Rmult_le_compat_l; lra). lra. }
assert (f : (3 + 3 * u) * (32 * s ^ 2) <= L / 2).
{ assert ((3 + 3 * u) * (32 * s ^ 2) <= (3 + 3 * u) * (u / 6)) by (apply Rmult_le_compat_l; lra).
  replace (u ^ 4) with (u ^ 2 * u ^ 2) in b by ring.
  assert (u <= u ^ 2) by nra. assert (192 * u ^ 2 <= u ^ 2 * u ^ 2) by nra. nra. }
apply Rmult_le_reg_r with (32 * s ^ 2); [nra|].
replace (L * d / (32 * s ^ 2) * (32 * s ^ 2)) with (d * L) by (field; lra).
replace ((3 * d + 3 * d * u + sqrt L * d * u ^ 2 / (32 * s ^ 2)) * (32 * s ^ 2))
  with (d * ((3 + 3 * u) * (32 * s ^ 2) + sqrt L * u ^ 2)) by (field; lra).
apply Rmult_le_compat_l; lra.
Qed.

Theorem lemma_3_depth_part_holds : forall u L : R, 1 <= L -> 0 <= u ->
  u <= 7 / 10 * Rpower L (1 / 4) -> sqrt L >= 2 * u ^ 2.
Proof. intros u L hL hu h. apply Rle_ge, depth_from_u; assumption. Qed.

Theorem lemma_3_linear_part_holds : forall s u L : R, 1 <= L -> 192 * s ^ 2 <= u ->
  sqrt L * u >= 192 * s ^ 2.
Proof. intros s u L hL h. pose proof (sqrt_ge_1 L hL). assert (0 <= s ^ 2) by nra. nra. Qed.

Theorem lemma_3_constant_part_holds : forall s u L : R, 0 < s -> 1 <= L -> 192 * s <= u ->
  sqrt L * u ^ 2 >= 192 * s ^ 2.
Proof.
intros s u L hs hL h. pose proof (sqrt_ge_1 L hL). assert (192 * s ^ 2 <= u ^ 2) by nra. nra.
Qed.

Theorem lemma_3_large_exponent : forall s d u : R, 0 < s -> 4 <= d -> 192 * s <= u ->
  d * u ^ 2 / (32 * s ^ 2) >= 1.
Proof.
intros s d u hs hd h. apply Rle_ge. apply Rmult_le_reg_r with (32 * s ^ 2); [nra|].
replace (d * u ^ 2 / (32 * s ^ 2) * (32 * s ^ 2)) with (d * u ^ 2) by (field; lra).
assert (32 * s ^ 2 <= u ^ 2) by nra. assert (0 <= u ^ 2) by nra. nra.
Qed.

(* The fifth term, by Lemma 5 *)
Theorem lemma_3_term_5 : forall s d u L : R, 1 <= L -> 1 <= d * u ^ 2 / (32 * s ^ 2) ->
  L * exp (- (sqrt L * (d * u ^ 2 / (32 * s ^ 2)))) <= 4 * exp (- (d * u ^ 2 / (32 * s ^ 2))).
Proof.
intros s d u L hL h. apply Rle_trans with (1 := lemma_5_sharp L _ hL h).
apply Rmult_le_compat_r; [apply Rlt_le, exp_pos|].
assert (exp (-1) <= 1) by (rewrite <- exp_0; apply exp_le; lra). lra.
Qed.

(* The radius m^2/(4 M^2) of the ball in Lemma 9 with these M and m, and one without d. *)
Theorem lemma_3_ball : forall s d u : R, 0 < d ->
  m s d u ^ 2 / (4 * M s u ^ 2) = exp (- s ^ 2 - 4 * s ^ 2 / d - 4 * u) / 64.
Proof.
intros s d u hd. unfold M, m.
replace (- s ^ 2 - 4 * s ^ 2 / d - 4 * u)
  with ((- (2 * s ^ 2 / d) - u) + (- (2 * s ^ 2 / d) - u)
        + - ((s ^ 2 / 2 + u) + (s ^ 2 / 2 + u))) by (field; lra).
generalize (- (2 * s ^ 2 / d) - u) (s ^ 2 / 2 + u). intros x y.
rewrite !exp_plus, exp_Ropp, exp_plus. pose proof (exp_pos y). field. lra.
Qed.

Theorem lemma_3_ball_width : forall s d u : R, 4 <= d ->
  exp (- s ^ 2 - 4 * s ^ 2 / d - 4 * u) / 64 >= exp (- (2 * s ^ 2) - 4 * u) / 64.
Proof.
intros s d u hd. apply Rle_ge, Rmult_le_compat_r; [lra|]. apply exp_le.
assert (0 < / d <= / 4) by (split; [apply Rinv_0_lt_compat|apply Rinv_le_contravar]; lra).
assert (0 <= s ^ 2) by nra. unfold Rdiv. nra.
Qed.
