(* Rescaling, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge ScalarNetwork Theorem2Printed Theorem2Stated Rescaling.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem rescaling_corrected : Statements.rescaling_corrected.
Proof.
move=> L C L2 C0 d n X y w W ws la La d0 w0 /A1_bounds [l0 hl _ n0 _] hws ws0 hmin.
have hmin' W' : risk X y w W <= risk X y w W' by apply/RleP; exact: hmin.
have C0' : 0 < (C : RR) by apply/RltP.
split=> [V|]; first by apply/RleP; exact: (rescaling_minimiser L2 hmin' C0').
exact: (rescaling_corrected L2 n0 (fun k _ => d0 k) w0 ws0 l0 hl hws hmin' C0).
Qed.
Theorem rescaling_printed_false : Statements.rescaling_printed_false.
Proof.
move=> L C L2 C0 h; apply: (@rescaling_printed_false L C L2 C0).
move=> d n X y w W ws lam S n0 d0 w0 ws0 l0 [hl hv] hws hmin hS.
have [La hLa] := largest_exists (Sigma_sym X) (d0 0%N).
have hA1 : Statements.A1 X lam La by split; [exact/RltP|exact: attained_smallest|].
have hmin' : Statements.minimizes X y w W by move=> V; apply/RleP; exact: hmin.
have [_ [S' [hS' b]]] := h d n X y w W ws lam La d0 w0 hA1 hws ws0 hmin'.
rewrite (_ : S = S') //.
by apply: Rle_antisym; [apply: (proj2 hS); exact: (proj1 hS')|apply: (proj2 hS');
  exact: (proj1 hS)].
Qed.
Theorem rescaling_diverges : Statements.rescaling_diverges.
Proof.
move=> d n X y L w W ws la La S L2 d0 w0 /A1_bounds [l0 hl _ n0 _] hws ws0 hmin hS.
have hmin' W' : risk X y w W <= risk X y w W' by apply/RleP; exact: hmin.
exact: (rescaling_diverges L2 n0 (fun k _ => d0 k) w0 ws0 l0 hl hws hmin' hS).
Qed.
