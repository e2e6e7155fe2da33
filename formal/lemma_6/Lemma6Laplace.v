(* Lemma 6 without any notion of this development: the Laplace transform of N h/|h|, for N with
   independent standard normal entries, is that of a standard normal vector.  By independence it is
   the product over the entries of one-dimensional transforms E exp(c N_ij), c = a_i h_j/|h|. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialDerivative UpperExpectation Gaussian Boxes.
From Flatcert Require Import GaussianIntegral FixedStart Lemma6.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope R_scope.

(* E exp(c x) = exp(c^2/2) for a standard normal x *)
Theorem gaussian_laplace c : is_lim (fun A =>
  RInt (fun x => exp (c * x) * exp (- x ^ 2 / 2)) (- A) A / sqrt (2 * PI)) p_infty (exp (c ^ 2 /
    2)).
Proof.
have m0 := mass_gt0; have e0 := exp_pos (c ^ 2 / 2); rewrite -mass_sqrt.
apply: (is_lim_ext (fun A => exp (c ^ 2 / 2) * RInt dens (- A - c) (A - c) / mass)) => [A|].
  by rewrite -(is_RInt_unique _ _ _ _ (@exponential_integral c (- A) A)).
apply: (proj1 (is_lim_spec _ _ _)) => eps.
have q0 : 0 < eps * mass / exp (c ^ 2 / 2).
  by apply: Rdiv_lt_0_compat => //; apply: Rmult_lt_0_compat => //; exact: cond_pos.
have q1 : 0 < eps * mass / exp (c ^ 2 / 2) / 2 by lra.
have [a [b [ab h]]] := mass_inside q1.
exists (Rmax (- a - c) (b + c)) => A hA.
have l1 := Rmax_l (- a - c) (b + c); have l2 := Rmax_r (- a - c) (b + c).
have lo := h (- A - c) (A - c) ltac:(lra) ltac:(lra).
have up : RInt dens (- A - c) (A - c) <= mass by apply: mass_ge; lra.
set I := RInt dens _ _ in lo up *; have p := cond_pos eps.
have -> : exp (c ^ 2 / 2) * I / mass - exp (c ^ 2 / 2) = - (exp (c ^ 2 / 2) * (mass - I) / mass).
  by field; lra.
rewrite Rabs_Ropp Rabs_right; last first.
  apply: Rle_ge; apply: Rmult_le_pos; last exact/Rlt_le/Rinv_0_lt_compat.
  by apply: Rmult_le_pos; lra.
apply: (Rmult_lt_reg_r (mass / exp (c ^ 2 / 2))); first exact: Rdiv_lt_0_compat.
have -> : exp (c ^ 2 / 2) * (mass - I) / mass * (mass / exp (c ^ 2 / 2)) = mass - I by field; lra.
have e1 : eps * (mass / exp (c ^ 2 / 2)) = eps * mass / exp (c ^ 2 / 2) by field; lra.
by rewrite e1; lra.
Qed.

(* the product over the entries: the transform of N(0, I_d) at a *)
Theorem lemma_6_laplace (d : nat) (h a : 'cV[RR]_d) : h != 0%R ->
  (\prod_(i < d) \prod_(j < d) (exp ((a i ord0 * h j ord0 / norm h)%R ^ 2 / 2) : RR))%R = exp (sqn
    a / 2).
Proof.
move=> nz; have e1 : sqn (dir h) = 1%R by exact: dir1.
have exp_sum n (f : 'I_n -> RR) : (\prod_i (exp (f i) : RR))%R = exp (\sum_i f i)%R.
  elim: n f => [|n IH] f; first by rewrite !big_ord0 exp_0.
  by rewrite !big_ord_recl IH exp_plus.
rewrite (eq_bigr (fun i => (exp (a i ord0 * a i ord0 / 2) : RR))) => [|i _].
  rewrite exp_sum; congr exp; rewrite /sqn /dot.
  rewrite -[RHS]/((\sum_i \sum_j a i j * a i j)%R * / 2) [in RHS]RmultE mulr_suml.
  by apply: eq_bigr => i _; rewrite big_ord1.
rewrite exp_sum; congr exp.
have q : (\sum_j (dir h) j ord0 * (dir h) j ord0)%R = 1%R.
  by rewrite -e1 /sqn /dot; apply: eq_bigr => j _; rewrite big_ord1.
pose c : RR := a i ord0 * a i ord0 / 2; rewrite -/c.
have -> : c = (c * (\sum_j (dir h) j ord0 * (dir h) j ord0))%R by rewrite q mulr1.
rewrite mulr_sumr; apply: eq_bigr => j _.
have -> : (a i ord0 * h j ord0 / norm h)%R = (a i ord0 * dir h j ord0)%R.
  by rewrite /dir mxE [((norm h)^-1 * _)%R]mulrC [RHS]mulrA.
rewrite /c; move: (a i ord0) (dir h j ord0) => x z.
by change ((x * z) ^ 2 / 2 = x * x / 2 * (z * z)); field.
Qed.
