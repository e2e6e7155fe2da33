(* Theorem 3, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Theorem3.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem theorem_3 : Statements.theorem_3.
Proof.
move=> d n X y L w W ws la La [/gradient_flowP hW L0 dL w1] /A1_bounds [l0 hl _ n0 _] hws /(A2P L0)
  [A2r A2g].
have [mu [mu0 h]] := theorem3 hW L0 dL w1 l0 hl hws A2r A2g.
exists mu; split=> // t t1 G /is_gradientP hG.
rewrite (_ : Statements.psqnorm L G = psqn L (gradk X y w (W t))); first exact: h.
by apply: eq_bigr => k _; rewrite (hG k (ltn_ord k)).
Qed.
