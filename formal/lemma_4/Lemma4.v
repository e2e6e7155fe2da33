(* Lemma 4, for real exponents. *)
From Coq Require Import Reals Lra.
Open Scope R_scope.

Lemma ln_le_sub1 y : 0 < y -> ln y <= y - 1.
Proof.
intros Hy. pose proof (exp_ineq1_le (ln y)) as H. rewrite exp_ln in H; lra.
Qed.

(* Lemma 4, first inequality: (1-x)^alpha >= 1 - 2 alpha x (Rpower a b = exp (b ln a)). *)
Theorem lemma4_first alpha x :
  0 < alpha -> 0 <= x <= 1/2 -> Rpower (1 - x) alpha >= 1 - 2 * alpha * x.
Proof.
intros Ha Hx. apply Rle_ge. unfold Rpower.
assert (Hln : - (2 * x) <= ln (1 - x)).
{ assert (H : ln (/ (1 - x)) <= / (1 - x) - 1) by (apply ln_le_sub1, Rinv_0_lt_compat; lra).
  rewrite ln_Rinv in H by lra.
  assert (H2 : / (1 - x) - 1 <= 2 * x).
  { apply Rmult_le_reg_l with (1 - x); [lra|].
    rewrite Rmult_minus_distr_l, Rinv_r by lra. nra. }
  lra. }
apply Rle_trans with (1 + alpha * - (2 * x)); [lra|].
apply Rle_trans with (exp (alpha * - (2 * x))); [apply exp_ineq1_le|].
assert (alpha * - (2 * x) <= alpha * ln (1 - x)) as [H|H] by nra.
- apply Rlt_le, exp_increasing, H.
- rewrite H; apply Rle_refl.
Qed.

Lemma exp_le_1p2u u : 0 <= u <= 1 -> exp u <= 1 + 2 * u.
Proof.
intros Hu. destruct (Rle_or_lt u (1/2)) as [H|H].
- pose proof (exp_ineq1_le (- u)) as E. rewrite exp_Ropp in E.
  assert (P : 0 < exp u) by apply exp_pos.
  assert (exp u * (1 + - u) <= 1).
  { apply Rle_trans with (exp u * / exp u); [apply Rmult_le_compat_l; lra|].
    rewrite Rinv_r; lra. }
  nra.
- (* exp u * exp (1-u) = exp 1 <= 3 and exp (1-u) >= 2-u *)
  pose proof (exp_ineq1_le (1 - u)) as E. pose proof exp_le_3 as E3.
  assert (exp u * exp (1 - u) = exp 1) by (rewrite <- exp_plus; f_equal; lra).
  assert (P : 0 < exp u) by apply exp_pos. nra.
Qed.

(* Lemma 4, second inequality: (1+x)^alpha <= 1 + 2 alpha x when alpha x <= 1. *)
Theorem lemma4_second alpha x :
  0 < alpha -> 0 < x -> alpha * x <= 1 -> Rpower (1 + x) alpha <= 1 + 2 * alpha * x.
Proof.
intros Ha Hx Hax. unfold Rpower.
assert (ln (1 + x) <= x) by (pose proof (ln_le_sub1 (1 + x)); lra).
apply Rle_trans with (exp (alpha * x)).
- assert (alpha * ln (1 + x) <= alpha * x) as [H1|H1] by nra.
  + apply Rlt_le, exp_increasing, H1.
  + rewrite H1; apply Rle_refl.
- rewrite Rmult_assoc. apply exp_le_1p2u. nra.
Qed.
