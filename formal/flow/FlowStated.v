(* Existence and uniqueness of the gradient flow, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Existence.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem flow_exists : Statements.flow_exists.
Proof.
move=> d n X y L w W0; have [W [e hW]] := gradient_flow_exists X y w W0.
by exists W; split=> //; apply/gradient_flowP.
Qed.
Theorem flow_unique : Statements.flow_unique.
Proof.
move=> d n X y L w W V /gradient_flowP hW /gradient_flowP hV e t t0 k kL.
exact: (gradient_flow_unique hW hV e t0 kL).
Qed.
