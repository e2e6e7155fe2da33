(* Theorems 4 and 5 and Corollary 4 with explicit constants, and from the identity, as Statements.v
   states them. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Network Risk PolynomialDerivative Sharpness Bridge Limit
  Corollary3Stated.
From Flatcert Require Import UpperExpectation Gaussian Boxes Lemma3Measure HalfOpenBoxes.
From Flatcert Require Import GaussianMeasure Convergence Lemma3Gaussian TwoSidedMeasure
  Theorem4Probability.
From Flatcert Require Import Theorem4Stated Theorem5TwoSided Theorem5Stated GaussianOpen.
From Flatcert Require Import Corollary2 IdentityStart.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma gaussian_measureP d L (P : Statements.event -> R) : Statements.gaussian_measure d L P ->
  gaussian_measure d L P.
Proof.
case=> mono empty union incr box; split=> // lo hi h.
rewrite -(box_measureE d L (lo, hi)) -(box mass (lo, hi) (proj2_sig mass_ex) h).
apply: Rle_antisym; apply: mono => N hN; first by move=> k i j id jd kL; exact: hN.
by move=> k kL i id j jd; exact: hN.
Qed.
Theorem theorem_4_explicit : Statements.theorem_4_explicit.
Proof.
move=> d L s P hP s0 d4 L0 u hu; have hP' := gaussian_measureP hP.
apply: Rle_trans (theorem_4_two_sided_measure hP' d4 L0 s0 hu).
apply: (measure_monotone hP') => N bad; rewrite /C3s /C5c /CSs => h4;
  apply: bad => n X y w ws la La W w0 hA1 hws hW h0 small.
have [V [hlim hmin hth _]] := trains4_stated h4 w0 hA1 hws hW h0 small.
by exists V.
Qed.
Theorem corollary_4_explicit : Statements.corollary_4_explicit.
Proof.
move=> d L s P hP s0 d4 L0 u hu; have hP' := gaussian_measureP hP.
apply: Rle_trans (theorem_4_two_sided_measure hP' d4 L0 s0 hu).
apply: (measure_monotone hP') => N bad; rewrite /C3s /C5c /CSs => h4;
  apply: bad => n X y w ws la La W V w0 hA1 hws hW h0 small.
move=> hV; have [V' [hlim _ _ [S [hS lo up]]]] := trains4_stated h4 w0 hA1 hws hW h0 small.
exists S; split; last by split; [exact: lo|exact: up].
apply: sharpness_eq hS => i iL; exact: (mlim_unique (hlim i iL) (hV i iL)).
Qed.
Theorem theorem_5_explicit : Statements.theorem_5_explicit.
Proof.
move=> d L s P hP s0 d4 L0 u hu; have hP' := gaussian_measureP hP.
apply: Rle_trans (theorem_5_two_sided_measure hP' d4 L0 s0 hu).
apply: (measure_monotone hP') => N bad; rewrite /C3s /C5c => h5; apply: bad.
exact: trains5_stated h5.
Qed.
Theorem gaussian_measure_open : Statements.gaussian_measure_open.
Proof. by move=> d L P hP; apply: gaussian_measure_stated; exact: gaussian_measureP. Qed.
Theorem identity_start : Statements.identity_start.
Proof.
move=> d L n X y w ws la La W L0 w0 hA1 hws /gradient_flowP hW h0 small.
have [l0 hl hL _ _] := A1_bounds hA1.
have [_ _ hlim hd [_ hmin]] := theorem4_identity hW L0 w0 h0 l0 hl hL hws small.
have [S [hS lo _ up]] := corollary4_identity hW L0 w0 h0 l0 hl hL hws small.
exists (Winf W), S; split=> [//|V|k kL||].
- by apply/RleP; exact: hmin.
- by have := hd k kL; rewrite h0.
- exact: hS.
have swap (a b c : R) : (a * (b * c) = b * a * c)%Re by ring.
rewrite /Statements.Smin; split; last exact: up.
by rewrite swap; exact: lo.
Qed.
