From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 OperatorNorm Lemma2 RealPower Sharpness Theorem2.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

(* R_0 is the risk at zero weights *)
Lemma R0E (R : rcfType) (d : nat -> nat) n (X : 'M[R]_(n, d 0%N)) (y : 'cV[R]_n) L (w : 'cV_(d L)) :
  (0 < L)%N -> risk X y w (fun k => 0 : 'M[R]_(d k.+1, d k)) = R1 X y 0.
Proof. by case: L w => // L w _; rewrite /risk /wprod /= mul0mx trmx0 mul0mx. Qed.
(* danger: Coq's Rpower 0 r = 1, so a bound stated without w* <> 0 would not be the paper's *)
Lemma Rpower0 r : Rpower 0 r = 1%Re.
Proof. rewrite /Rpower /ln; case: Rlt_dec => [h|_]; first by case: (Rlt_irrefl 0).
by rewrite Rmult_0_r exp_0. Qed.
