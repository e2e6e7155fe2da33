(* Corollary 4, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Limit Corollary3Stated Convergence Lemma9 UpperExpectation Gaussian GaussianLayer
  FixedStart NetArgument Lemma3Measure Lemma3Stated GaussianMeasure Theorem4Probability Measure
  Theorem4Stated Corollary4Printed.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem corollary_4_upper : Statements.corollary_4_upper.
Proof.
move=> s s0; have [p1 p3 p4 p5 pS] := constants s0.
exists (c1 s), 4%Re, (c3 s), (c4 s), (cS s); split=> //; first lra; split=> // d L P hP hL hd.
apply: (measure4 hP s0 hL hd) => N h4 n X y w ws la La W V w0 hA1 hws hW h0 small hV.
have [V' [hlim _ _ [S [hS _ up]]]] := trains4_stated h4 w0 hA1 hws hW h0 small.
exists S; split; last exact: up.
apply: sharpness_eq hS => i iL; exact: (mlim_unique (hlim i iL) (hV i iL)).
Qed.
Theorem corollary_4_lower_corrected : Statements.corollary_4_lower_corrected.
Proof.
move=> s s0; have [p1 p3 p4 p5 pS] := constants s0.
exists (c1 s), 4%Re, (c3 s), (c4 s); split=> //; first lra; move=> d L P hP hL hd.
apply: (measure4 hP s0 hL hd) => N h4 n X y w ws la La W V w0 hA1 hws hW h0 small hV.
have [V' [hlim _ _ [S [hS lo _]]]] := trains4_stated h4 w0 hA1 hws hW h0 small.
exists S; split; last exact: lo.
apply: sharpness_eq hS => i iL; exact: (mlim_unique (hlim i iL) (hV i iL)).
Qed.
Theorem corollary_4_lower_printed_false : Statements.corollary_4_lower_printed_false.
Proof.
move=> d L s u C3 c N d4 L0 s0 u0 C30 c0 /lemma_3_holdsP g h.
apply: (not_lower_at d4 L0 u0 c0 C30 g) => n X y w ws la La F V S w0 l0 hl el hL eL hws hF h0 small
  hV hS.
have hA1 : Statements.A1 (d := fun=> d) X la La.
  by split; [exact/RltP|exact: attained_smallest|exact: attained_largest].
have [S' [hS' b]] := h n X y w ws la La F V w0 hA1 hws (proj2 (gradient_flowP _ _ _ _) hF) h0 small
  hV.
rewrite (_ : S = S') //.
by apply: Rle_antisym; [apply: (proj2 hS); exact: (proj1 hS')|apply: (proj2 hS');
  exact: (proj1 hS)].
Qed.
