(* Corollary 2, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Limit Corollary2.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem corollary_2 : Statements.corollary_2.
Proof.
move=> d n X y L w W ws la La [/gradient_flowP hW L0 dL w1] /A1_bounds [l0 hl _ n0 _] hws /(A2P L0)
  [A2r A2g].
have [hlim [_ hmin]] := corollary2 hW L0 dL w1 l0 hl hws A2r A2g.
by exists (Winf W); split=> // V; apply/RleP; exact: hmin.
Qed.
