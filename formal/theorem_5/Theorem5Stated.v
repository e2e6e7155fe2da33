(* Theorem 5, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Limit Lemma9 UpperExpectation Gaussian GaussianLayer FixedStart NetArgument Lemma3Measure
  GaussianMeasure Theorem4Probability Multivariate Theorem5 Measure Theorem4Stated.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma multivariate_flowP (d L n : nat) (X Y : 'M[RR]_(n, d)) (W : R -> layers RR (fun=> d)) :
  Statements.flow_of L (Statements.multivariate_risk L X Y) W ->
    @gradient_flowm (fun=> d) n X L Y W.
Proof.
move=> h t t0 k kL; have [G [hG hD]] := h t t0.
have hm : Statements.gradient_of L (Statements.multivariate_risk L X Y) (W t)
  (@gradm _ (fun=> d) n X L Y (W t)).
  by move=> D; exact: (@gradm_correct (fun=> d) n X L Y (W t) D).
by rewrite -(gradient_unique hG hm kL); exact: hD.
Qed.
Lemma trains5_stated (d L : nat) (s C3 C5 Cmu : R) (N : Statements.array) :
  trains5 d L s C3 C5 Cmu N -> Statements.theorem_5_holds d L s C3 C5 N.
Proof.
move=> h5 n X Y As la La W /A1_bounds [l0 hl hL' _ _] hA /multivariate_flowP hW h0 small.
have [V [hlim _ [hmin _] hth]] := h5 n X Y As la La W l0 hl hL' hA hW h0 small.
by exists V; split=> // U; apply/RleP; exact: hmin.
Qed.
Theorem theorem_5 : Statements.theorem_5.
Proof.
move=> s s0; have [p1 p3 p4 p5 _] := constants s0.
exists (c1 s), 4%Re, (c3 s), (c4 s), (c5 s); split=> //; first lra; split=> // d L P hP hL hd.
apply: Rle_trans (five_sixteen _).
apply: Rle_trans (theorem5_measure s0 hL hd (gaussian_on_openP hP) (proj1 hP)).
by apply: (proj1 hP) => N hN h5; apply: hN; exact: trains5_stated h5.
Qed.
