(* Corollary 1, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Lemma2 Corollary1.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem corollary_1 : Statements.corollary_1.
Proof.
move=> d n X y L w W ws la La ep [/gradient_flowP hW L0 dL w1] /A1_bounds [l0 hl _ n0 _] hws /(A2P
  L0) [A2r A2g].
move=> /is_epsilonP [e [v [he e0 hv epE]]] [_ ws1 h32]; rewrite epE in h32.
have [T [T1 h]] := corollary1 hW L0 dL w1 l0 hl hws A2r A2g he e0 hv ws1 h32.
by exists T; split=> // t tT k sk kL /is_opnormP hs; exact: (h t tT k sk kL hs).
Qed.
