(* Lemma 3, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network PolynomialDerivative OperatorBound
  Lemma9 Lemma9Stated Bridge UpperExpectation Gaussian GaussianLayer FixedStart NetArgument
  Lemma3Measure GaussianMeasure.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma lemma_3_holdsP d L s u N : Statements.lemma_3_holds d L s u N <-> good d L s u N.
Proof.
split=> h th hth k kL.
  have [|h1 h2] := h th _ k kL; first by move=> j jL; apply/opnorm_leP; exact: hth.
  by rewrite product_prods in h1 h2; split; [apply/opnorm_leP|apply/sigmin_geP].
have [|h1 h2] := h th _ k kL; first by move=> j jL; apply/opnorm_leP; exact: hth.
by split; rewrite product_prods; [apply/opnorm_leP|apply/sigmin_geP].
Qed.
Theorem lemma_3_explicit : Statements.lemma_3_explicit.
Proof.
move=> d L s u P hP s0 L0 d4 [h1 h2].
apply: Rle_trans (lemma3_any_measure (gaussian_on_openP hP) d4 L0 s0 h1 h2).
by apply: (proj1 hP) => N hN /lemma_3_holdsP.
Qed.
Theorem lemma_3 : Statements.lemma_3.
Proof.
move=> s s0; exists 1%Re, 4%Re, (22 * s ^ 2 + 6 * s)%Re, 0.43%Re; split; try lra; first by nra.
move=> d L u P hP L1 d4 [h1 h2].
have L0 : (0 < L)%N by apply/ssrnat.ltP/INR_lt; rewrite [INR 0]/=; lra.
have d4' : (4 <= d)%N by apply/ssrnat.leP/INR_le; rewrite [INR 4]/=; lra.
apply: Rle_trans (lemma_3_explicit hP s0 L0 d4' _) _.
  split=> //; apply: Rle_trans h2 _; apply: Rmult_le_compat_l; first lra.
  rewrite -Rpower_sqrt; last lra.
  apply: Rle_Rpower => //; lra.
by have := exp_pos (- (INR d * u ^ 2 / (32 * s ^ 2))); lra.
Qed.
