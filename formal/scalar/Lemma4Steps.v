(* Lemma 4 (Appendix A), the scalar steps of its proof, as printed and over their whole domain.
   The theorem of a step bears the step's name with underscores. *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

(* A power as an exponential, for natural exponents (for real ones it is the definition). *)
Theorem lemma_4_minus_power : forall (n : nat) (x : R),
  0 <= x <= 1/2 -> (1 - x) ^ n = exp (INR n * ln (1 - x)).
Proof.
intros n x hx. rewrite <- Rpower_pow by lra. reflexivity.
Qed.

Theorem lemma_4_plus_power : forall (n : nat) (x : R),
  0 < x -> (1 + x) ^ n = exp (INR n * ln (1 + x)).
Proof.
intros n x hx. rewrite <- Rpower_pow by lra. reflexivity.
Qed.

(* "where the first inequality holds for 0 <= x <= 1/2" *)
Theorem lemma_4_minus_exponent : forall alpha x : R,
  0 < alpha -> 0 <= x <= 1/2 ->
  exp (alpha * ln (1 - x)) >= exp (alpha * (-2 * x)).
Proof.
intros alpha x ha hx. apply Rle_ge, exp_le, Rmult_le_compat_l; [lra|].
(* - ln (1 - x) = ln (1/(1 - x)) <= 1/(1 - x) - 1 = x/(1 - x) <= 2 x *)
assert (h : ln (/ (1 - x)) <= / (1 - x) - 1)
  by (apply ln_le_minus_one, Rinv_0_lt_compat; lra).
rewrite ln_Rinv in h by lra.
assert (/ (1 - x) - 1 <= 2 * x).
{ apply Rmult_le_reg_l with (1 - x); [lra|].
  rewrite Rmult_minus_distr_l, Rinv_r by lra. nra. }
lra.
Qed.

Theorem lemma_4_minus_linear : forall alpha x : R,
  0 < alpha -> 0 <= x -> exp (alpha * (-2 * x)) >= 1 - 2 * alpha * x.
Proof.
intros alpha x _ _. pose proof (exp_ineq1_le (alpha * (-2 * x))). lra.
Qed.

Theorem lemma_4_plus_exponent : forall alpha x : R,
  0 < alpha -> 0 < x -> exp (alpha * ln (1 + x)) <= exp (alpha * x).
Proof.
intros alpha x ha hx. apply exp_le, Rmult_le_compat_l; [lra|]. apply ln_1p_le. lra.
Qed.

(* "where the second inequality holds when alpha x <= 1" *)
Theorem lemma_4_plus_linear : forall alpha x : R,
  0 < alpha -> 0 < x -> alpha * x <= 1 -> exp (alpha * x) <= 1 + 2 * alpha * x.
Proof.
intros alpha x ha hx h. rewrite Rmult_assoc. apply exp_le_linear. nra.
Qed.
