(* The sharpness for several outputs, from below, as Statements.v states it. *)
From Coq Require Import Reals.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Network Risk PolynomialDerivative OperatorNorm Multivariate
  Bridge MultivariateSharpness.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem multivariate_lower_bound : Statements.multivariate_lower_bound.
Proof.
move=> d n X L Y W As la La s L0 /A1_bounds [l0 hl _ _ _] hA As0 hr hmin /is_opnormP hs.
have WE : fwd W L = As.
  by apply: (minimiser_product hA l0 hl L0 hr) => V; apply/RleP; exact: hmin.
exact: (several_lower hA WE As0 L0 (ltW l0) hl hs).
Qed.
