(* The hypotheses of Section 4 can be met, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Lemma2 Corollary2 RiskAtZero ScalarNetwork Theorem2Stated LogisticFlow.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Notation d := LogisticFlow.d.
Notation X := LogisticFlow.X.
Notation y := LogisticFlow.y.
Notation w := LogisticFlow.w.
Notation W := LogisticFlow.W.
Theorem section_4_witness : Statements.section_4_witness.
Proof.
have s11 (b : RR) : sqn (b%:M : 'M[RR]_1) = b ^+ 2 by rewrite /sqn /dot !big_ord1 !mxE eqxx mulr1n
  expr2.
have a0 : (a 0 * a 0 = / 20001)%Re by rewrite aa /p Rmult_0_r exp_0; field.
have A2r : risk X y w (W 0%Re) <= R1 X y 0.
  have wp : wprod (W 0%Re) w = ((a 0 * a 0)%Re : RR)%:M by rewrite /wprod /= !mulmx1 -scalar_mxM
    tr_scalar_mx.
  rewrite /risk /R1 wp /X !mul1mx /y subr0 -raddfB /= !s11; apply: ler_wpmul2l;
    first by rewrite invr_ge0 ler0n.
  rewrite expr1n exprn_ile1 //; apply/RleP.
    by change (0 <= 1 - a 0 * a 0)%Re; lra.
  by change (1 - a 0 * a 0 <= 1)%Re; rewrite a0; lra.
have A2g : exists2 k, (k < 2)%N & gradk X y w (W 0%Re) k != 0.
  exists 0%N => //; rewrite W_grad // -sqn_eq0 s11 sqrf_eq0; apply/eqP.
  have := a_pos 0; move=> ap h; have : (- (2 * a 0 * (1 - a 0 * a 0)) = 0)%Re := h; nra.
have root : (sqrt (3 / 20001) <= / 64)%Re.
  by rewrite -(sqrt_square (/ 64)); [apply: sqrt_le_1; lra|lra].
exists d, 1%N, X, y, 2%N, w, W, (1%:M : 'cV[RR]_(d 0%N)), 1%Re, 1%Re, (3 / 20001)%Re; split.
- have w1 : sqn w = 1 by rewrite /LogisticFlow.w s11 expr1n.
  by split; [exact/gradient_flowP/W_flow| | |exact: w1].
- exact: A1_scalar.
- by rewrite /Statements.is_wstar /LogisticFlow.X trmx1 !mulmx1.
- split; first by have e := R0E X y w (erefl : (0 < 2)%N); apply: Rle_trans (Req_le _ _ (esym e));
  exact/RleP.
  exists (gradk X y w (W 0%Re)); split; first exact/is_gradientP.
  exact: A2g.
split; last first.
  split; [lra| |rewrite /=; lra].
  have n1 : norm (1%:M : 'cV[RR]_(d 0%N)) = 1 by rewrite /norm s11 expr1n sqrtr1.
  by apply: Req_le; exact: (esym n1).
exists ((/ 20001)%Re : RR), (fun=> 0); split.
- have sq : sqn (W 0%Re 0%N) = ((/ 20001)%Re : RR) by rewrite s11 expr2 -RmultE a0.
  by split=> [k kL|]; [right; exact: sq|exists 0%N].
- move=> k kL; apply/is_opnormP; rewrite (_ : Statements.imbalance _ _ = 0); last first.
    by rewrite /Statements.imbalance /LogisticFlow.W tr_scalar_mx subrr.
  by split=> // x; rewrite mul0mx norm0 mul0r.
have three : (3%:R : RR) = 3%Re by rewrite -INRE /=; lra.
by rewrite big1 // mulr0 addr0 three.
Qed.
