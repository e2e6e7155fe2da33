From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Theorem2.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* Theorem 1 of the paper from thm2_second: d_L = 1, |w| = 1, lam >= 0, no (A1) *)
Theorem theorem1 (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w : 'cV[RR]_(d L)) (W
  : layers RR d) ws lam S :
  (0 < L)%N -> sqn w = 1 -> ws != 0 -> 0 <= lam -> cov_ge X lam -> normal_eq X y ws ->
    wprod W w = ws -> is_sharpness X y w W S ->
  (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re.
Proof.
move=> L0 w1 ws0 l0 hl hws wsE hS; have := thm2_second hws wsE l0 hl ws0 L0 hS.
by rewrite /norm w1 sqrtr1 /Rpower ln_1 Rmult_0_r exp_0 Rmult_1_r.
Qed.
