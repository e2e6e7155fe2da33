(* The gradient flow (4). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section GradientFlow.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
(* gradient flow (4) with the gradient (5) (the gradient: grad_correct, network/Sharpness.v) *)
Definition gradk (W : layers RR d) k := grad5 W w (gradR1 X y (wprod W w)) k.
Definition gradient_flow (W : R -> layers RR d) :=
  forall t, (0 <= t)%Re -> forall k, (k < L)%N -> mderive (fun s => W s k) t (- gradk (W t) k).

End GradientFlow.
