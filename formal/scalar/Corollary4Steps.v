(* Corollary 4 (B.10): a scalar step of its proof. *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

(* B.10: sqrt(C_3) sqrt(lambda/Lambda) <= sqrt(C_3) *)
Theorem corollary_4_root_of_c_3 : forall C_3 lambda Lambda : R,
  0 < lambda <= Lambda -> sqrt C_3 * sqrt (lambda / Lambda) <= sqrt C_3.
Proof.
intros C l Lam h. pose proof (sqrt_pos C).
assert (a : sqrt (l / Lam) <= 1).
{ rewrite <- sqrt_1. apply sqrt_le_1_alt.
  apply Rmult_le_reg_r with Lam; [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra. }
nra.
Qed.
