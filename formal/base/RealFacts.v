(* Facts on exp, ln, sqrt and real powers that the proofs use.
   Plain real analysis of Coq's standard library; no other package. *)
From Coq Require Import Reals Lra Lia.
Local Open Scope R_scope.

(* A function with a nonnegative derivative on [a, b] does not decrease from a to b. *)
Lemma increasing_by_derivative (f f' : R -> R) a b :
  a <= b ->
  (forall c, a <= c <= b -> derivable_pt_lim f c (f' c)) ->
  (forall c, a < c < b -> 0 <= f' c) ->
  f a <= f b.
Proof.
intros [ab| <-] df pos; [|apply Rle_refl].
destruct (MVT_cor2 f f' a b ab df) as [c [e [c1 c2]]].
assert (0 <= f' c) by (apply pos; lra). nra.
Qed.

Lemma exp_le a b : a <= b -> exp a <= exp b.
Proof. intros [h| ->]; [apply Rlt_le, exp_increasing, h|apply Rle_refl]. Qed.

Lemma ln_mono a b : 0 < a -> a <= b -> ln a <= ln b.
Proof. intros p [h| ->]; [apply Rlt_le, ln_increasing; assumption|apply Rle_refl]. Qed.

(* e^x >= 1 + x, in the form ln y <= y - 1. *)
Lemma ln_le_minus_one y : 0 < y -> ln y <= y - 1.
Proof.
intros p. pose proof (exp_ineq1_le (ln y)) as h. rewrite exp_ln in h; lra.
Qed.

Lemma ln_1p_le x : -1 < x -> ln (1 + x) <= x.
Proof. intros p. pose proof (ln_le_minus_one (1 + x)). lra. Qed.

(* e^v >= 1 + v + v^2/2 for v >= 0. *)
Lemma exp_second_order v : 0 <= v -> 1 + v + 1/2 * v ^ 2 <= exp v.
Proof.
intros p.
pose (f x := exp x - (1 + x + 1/2 * x ^ 2)).
pose (f' x := exp x - (1 + x)).
assert (h : f 0 <= f v).
{ apply (increasing_by_derivative f f' 0 v p).
  - intros c _. unfold f, f'.
    apply (derivable_pt_lim_minus exp (fun x => 1 + x + 1/2 * x ^ 2)).
    + apply derivable_pt_lim_exp.
    + replace (1 + c) with (0 + 1 + 1/2 * (INR 2 * c ^ 1)) by (simpl; field).
      apply (derivable_pt_lim_plus (fun x => 1 + x) (fun x => 1/2 * x ^ 2)).
      * apply (derivable_pt_lim_plus (fun _ => 1) id);
          [apply derivable_pt_lim_const|apply derivable_pt_lim_id].
      * apply (derivable_pt_lim_scal (fun x => x ^ 2)), derivable_pt_lim_pow.
  - intros c _. unfold f'. pose proof (exp_ineq1_le c). lra. }
unfold f in h. rewrite exp_0 in h. lra.
Qed.

(* e^u <= 1 + 2 u on [0, 1]: from e^u e^(1-u) = e <= 3. *)
Lemma exp_le_linear u : 0 <= u <= 1 -> exp u <= 1 + 2 * u.
Proof.
intros hu. pose proof (exp_pos u) as p.
destruct (Rle_or_lt u (1/2)) as [h|h].
- pose proof (exp_ineq1_le (- u)) as e. rewrite exp_Ropp in e.
  assert (exp u * (1 + - u) <= 1).
  { apply Rle_trans with (exp u * / exp u); [apply Rmult_le_compat_l; lra|].
    rewrite Rinv_r; lra. }
  nra.
- pose proof (exp_ineq1_le (1 - u)) as e. pose proof exp_le_3 as e3.
  assert (exp u * exp (1 - u) = exp 1) by (rewrite <- exp_plus; f_equal; lra).
  nra.
Qed.

(* ln (1 + x) >= x - x^2 for x >= -1/2. *)
Lemma ln_1p_ge x : -1/2 <= x -> x - x ^ 2 <= ln (1 + x).
Proof.
intros hx.
pose (f y := ln (1 + y) - (y - y ^ 2)).
pose (f' y := / (1 + y) - (1 - 2 * y)).
assert (df : forall c, -1/2 <= c -> derivable_pt_lim f c (f' c)).
{ intros c hc. unfold f, f'.
  apply (derivable_pt_lim_minus (fun y => ln (1 + y)) (fun y => y - y ^ 2)).
  - replace (/ (1 + c)) with (/ (1 + c) * (0 + 1)) by ring.
    apply (derivable_pt_lim_comp (fun y => 1 + y) ln).
    + apply (derivable_pt_lim_plus (fun _ => 1) id);
        [apply derivable_pt_lim_const|apply derivable_pt_lim_id].
    + apply derivable_pt_lim_ln. lra.
  - replace (2 * c) with (INR 2 * c ^ 1) by (simpl; ring).
    apply (derivable_pt_lim_minus id (fun y => y ^ 2)).
    + apply derivable_pt_lim_id.
    + apply derivable_pt_lim_pow. }
(* f' c = c (1 + 2 c) / (1 + c) has the sign of c on [-1/2, oo) *)
assert (e : forall c, -1/2 <= c -> f' c = c * (1 + 2 * c) * / (1 + c)).
{ intros c hc. unfold f'. field. lra. }
assert (z : f 0 = 0) by (unfold f; rewrite Rplus_0_r, ln_1; ring).
assert (h : f 0 <= f x).
{ destruct (Rle_or_lt 0 x) as [p|p].
  - apply (increasing_by_derivative f f' 0 x p).
    + intros c hc. apply df. lra.
    + intros c hc. rewrite e by lra.
      apply Rmult_le_pos; [nra|apply Rlt_le, Rinv_0_lt_compat; lra].
  - assert (g : - f x <= - f 0).
    { apply (increasing_by_derivative (fun y => - f y) (fun y => - f' y) x 0); [lra| |].
      - intros c hc. apply (derivable_pt_lim_opp f), df. lra.
      - intros c hc. rewrite e by lra.
        assert (0 < / (1 + c)) by (apply Rinv_0_lt_compat; lra).
        assert (0 <= - c * (1 + 2 * c)) by nra. nra. }
    lra. }
unfold f in h, z. lra.
Qed.

(* ln (1 + x) <= x - x^2/(2 (1 + x)) for x >= 0. *)
Lemma ln_1p_le_second x : 0 <= x -> ln (1 + x) <= x - x ^ 2 / (2 * (1 + x)).
Proof.
(* with t = 1 + x: t - 1 - (t - 1)^2/(2 t) = (t - 1/t)/2 *)
intros p.
pose (f y := (1 + y - 1 / (1 + y)) * / 2 - ln (1 + y)).
pose (f' y := (1 - - / (1 + y) ^ 2) * / 2 - / (1 + y)).
assert (d1 : forall c, derivable_pt_lim (fun y => 1 + y) c 1).
{ intros c. pose proof (derivable_pt_lim_plus (fun _ => 1) id c 0 1
    (derivable_pt_lim_const 1 c) (derivable_pt_lim_id c)) as h.
  rewrite Rplus_0_l in h. exact h. }
assert (h : f 0 <= f x).
{ apply (increasing_by_derivative f f' 0 x p).
  - intros c hc. unfold f, f'.
    apply (derivable_pt_lim_minus (fun y => (1 + y - 1 / (1 + y)) * / 2) (fun y => ln (1 + y))).
    + replace ((1 - - / (1 + c) ^ 2) * / 2)
        with ((1 - - / (1 + c) ^ 2) * / 2 + (1 + c - 1 / (1 + c)) * 0) by ring.
      apply (derivable_pt_lim_mult (fun y => 1 + y - 1 / (1 + y)) (fun _ => / 2));
        [|apply derivable_pt_lim_const].
      apply (derivable_pt_lim_minus (fun y => 1 + y) (fun y => 1 / (1 + y))); [apply d1|].
      replace (- / (1 + c) ^ 2) with ((0 * (1 + c) - 1 * 1) / (1 + c)²)
        by (unfold Rsqr; field; lra).
      apply (derivable_pt_lim_div (fun _ => 1) (fun y => 1 + y));
        [apply derivable_pt_lim_const|apply d1|lra].
    + replace (/ (1 + c)) with (/ (1 + c) * 1) by ring.
      apply (derivable_pt_lim_comp (fun y => 1 + y) ln); [apply d1|].
      apply derivable_pt_lim_ln. lra.
  - intros c hc. unfold f'.
    replace ((1 - - / (1 + c) ^ 2) * / 2 - / (1 + c)) with ((c / (1 + c)) ^ 2 / 2)
      by (field; lra).
    apply Rmult_le_pos; [apply pow2_ge_0|lra]. }
unfold f in h. rewrite Rplus_0_r, ln_1 in h.
replace (x - x ^ 2 / (2 * (1 + x))) with ((1 + x - 1 / (1 + x)) * / 2) by (field; lra).
lra.
Qed.

(* Powers. *)
Lemma exp_pow x n : exp x ^ n = exp (x * INR n).
Proof.
induction n as [|n IH]; [simpl; rewrite Rmult_0_r, exp_0; reflexivity|].
rewrite S_INR, Rmult_plus_distr_l, exp_plus, Rmult_1_r, <- IH. simpl. ring.
Qed.
Lemma pow_exp x n : 0 <= 1 + x -> (1 + x) ^ n <= exp (INR n * x).
Proof.
intros p. rewrite Rmult_comm, <- exp_pow. apply pow_incr.
split; [exact p|apply exp_ineq1_le].
Qed.
Lemma bernoulli x n : 0 <= x <= 1 -> 1 - INR n * x <= (1 - x) ^ n.
Proof.
intros h. induction n as [|n IH]; [simpl; lra|].
pose proof (pos_INR n) as p. rewrite S_INR. simpl. assert (0 <= INR n * (x * x)) by nra.
pose proof (Rmult_le_compat_l (1 - x) _ _ ltac:(lra) IH). nra.
Qed.

(* Numerical bounds of logarithms, from e^x >= (1 + x/n)^n. *)
Lemma exp_pow_ge x n : (0 < n)%nat -> 0 <= 1 + x / INR n -> (1 + x / INR n) ^ n <= exp x.
Proof.
intros n0 p. assert (q : 0 < INR n) by (apply lt_0_INR; lia).
replace x with (INR n * (x / INR n)) at 2 by (field; lra). apply pow_exp, p.
Qed.

Lemma ln_le_of a x n : 0 < a -> (0 < n)%nat -> 0 <= 1 + x / INR n -> a <= (1 + x / INR n) ^ n ->
  ln a <= x.
Proof.
intros a0 n0 p h. rewrite <- (ln_exp x).
apply ln_mono; [exact a0|]. apply Rle_trans with (1 := h). apply exp_pow_ge; assumption.
Qed.

Lemma ln_5_le : ln 5 <= 2.
Proof. apply (ln_le_of 5 2 4); try lra; try lia; simpl; lra. Qed.
Lemma ln_9_le : ln 9 <= 3.
Proof. apply (ln_le_of 9 3 4); try lra; try lia; simpl; lra. Qed.
Lemma ln_2_pos : 0 < ln 2.
Proof. rewrite <- ln_1. apply ln_increasing; lra. Qed.

(* Square roots. *)
Lemma sqrt_ge_1 x : 1 <= x -> 1 <= sqrt x.
Proof. intros h. rewrite <- sqrt_1. apply sqrt_le_1; lra. Qed.
Lemma sqrt_ge x y : 0 <= x -> x ^ 2 <= y -> x <= sqrt y.
Proof.
intros p h. rewrite <- (sqrt_Rsqr x p). apply sqrt_le_1_alt. unfold Rsqr. lra.
Qed.

(* Real powers of positive numbers. *)
Lemma Rpower_pos a b : 0 < Rpower a b.
Proof. apply exp_pos. Qed.
Lemma Rpower_base a b c : 0 < a -> a <= b -> 0 <= c -> Rpower a c <= Rpower b c.
Proof.
intros p h q. apply exp_le, Rmult_le_compat_l; [exact q|apply ln_mono; assumption].
Qed.
(* A power with exponent in [0, 1] of a base at most 1 is at least the base. *)
Lemma Rpower_below_one a c : 0 < a <= 1 -> 0 <= c <= 1 -> a <= Rpower a c.
Proof.
intros [p h] [q r]. rewrite <- (exp_ln a p) at 1. apply exp_le.
assert (ln a <= 0) by (rewrite <- ln_1; apply ln_mono; lra). nra.
Qed.
Lemma Rpower_one_base c : Rpower 1 c = 1.
Proof. unfold Rpower. rewrite ln_1, Rmult_0_r. apply exp_0. Qed.
Lemma Rpower_ge_1 a c : 1 <= a -> 0 <= c -> 1 <= Rpower a c.
Proof. intros h q. rewrite <- (Rpower_one_base c). apply Rpower_base; lra. Qed.
Lemma Rpower_square a c : Rpower a (2 * c) = Rpower a c ^ 2.
Proof. unfold Rpower. simpl. rewrite Rmult_1_r, <- exp_plus. f_equal. ring. Qed.
Lemma inv_unit L : 1 <= L -> 0 < / L <= 1.
Proof.
intros h. split; [apply Rinv_0_lt_compat; lra|].
rewrite <- Rinv_1. apply Rinv_le_contravar; lra.
Qed.
