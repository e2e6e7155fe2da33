(* Lemma 2, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Lemma2 SingularVectors Lemma2Division.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem lemma_2_rank_one : Statements.lemma_2_rank_one.
Proof.
move=> d n X y L w W ep t k s [/gradient_flowP hW L0 dL w1] /is_epsilonP [e [v [he e0 hv ->]]] t0 kL
  /is_opnormP hs.
rewrite RpowE; apply/RleP; exact: (lemma2_first hW L0 dL w1 he e0 hv t0 kL hs).
Qed.
Theorem lemma_2_balance : Statements.lemma_2_balance.
Proof.
move=> d n X y L w W ep t j k sj sk [/gradient_flowP hW L0 dL w1] /is_epsilonP [e [v [he e0 hv ->]]]
  t0 jL kL.
move=> /is_opnormP hj /is_opnormP hk.
apply/RleP; have := lemma2_second hW L0 he e0 hv t0 jL kL hj hk.
by rewrite !RpowE.
Qed.
Theorem lemma_2_alignment_corrected : Statements.lemma_2_alignment_corrected.
Proof.
move=> d n X y L w W ep t k sk sk1 u v [/gradient_flowP hW L0 dL w1] /is_epsilonP [e [m [he e0 hv
  ->]]] t0 kL /is_opnormP hk /is_opnormP hk1 u1 ue v1 ve; split=> [|/RltP s0].
  have /RleP := lemma2_third hW L0 dL w1 he e0 hv t0 kL hk hk1 u1 v1 ue ve.
  rewrite !RpowE -RminusE -RmultE -[dot v u]/(Statements.inner v u).
  by move: (sk1 ^+ 2) (Statements.inner v u ^+ 2) (eps L e m) => a b c; lra.
apply/RleP; have := lemma2_third_div hW L0 dL w1 he e0 hv t0 kL hk hk1 u1 v1 ue ve s0.
by rewrite !RpowE RdivE // expf_neq0 // gt_eqF.
Qed.
