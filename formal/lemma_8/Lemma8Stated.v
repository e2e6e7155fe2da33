(* Lemma 8, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem lemma_8_identity : Statements.lemma_8_identity.
Proof. by move=> d n X y L w W ws hws; exact: lemma8_identity. Qed.
Theorem lemma_8_bounds : Statements.lemma_8_bounds.
Proof.
move=> d n X y L w W ws la La /A1_bounds [l0 hl hL n0 _] hws g.
have four : (4%:R : RR) = 4%Re by rewrite -INRE /=; lra.
split; apply/RleP; rewrite -four.
  exact: (lemma8_lower hws (wprod W w) hl).
exact: (lemma8_upper hws (wprod W w) hL).
Qed.
