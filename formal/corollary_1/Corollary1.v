(* Corollary 1: under (A1)-(A3), eventually (|w*|/2)^(1/L) <= sigma_k(t) <= (2|w*|)^(1/L). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy OperatorBound Balanced OperatorNorm Lemma2 RealPower
  Sharpness Theorem2 Theorem3Algebra Theorem3 Corollary1Algebra Limit Corollary2 FlatMinimiser.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Cor1.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (W : R -> layers RR d) (ws : 'cV[RR]_(d 0)) (lam : RR).
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (dL : d L = 1%N) (w1 : sqn w = 1).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (ws_eq : normal_eq X y ws).   (* (A1) *)
Hypothesis A2_risk : risk X y w (W 0%Re) <= R1 X y 0.                             (* (A2) *)
Hypothesis A2_grad : exists2 k, (k < L)%N & gradk X y w (W 0%Re) k != 0.
Variables (e : nat -> RR) (v : RR).
Hypotheses (he : forall k, (k.+1 < L)%N -> opnorm_le (imb W k) (e k)) (e_ge0 : forall k, 0 <= e k).
Hypothesis hv : forall k, (k < L)%N -> sqn (W 0%Re k) <= v.
Hypothesis A3_ws : (1 <= norm ws)%Re.                                             (* (A3) *)
Hypothesis A3_eps : (32 * INR L * sqrt (eps L e v) <= 1)%Re.

Let D := esum e L.-1.
Let D0 : 0 <= D. Proof. by rewrite sumr_ge0. Qed.
Let L1 : (1 <= INR L)%Re.
Proof. by rewrite -(prednK L_gt0) S_INR; have := pos_INR L.-1; lra. Qed.

Lemma LD_small : 8%:R * (L%:R * D) <= 1.
Proof.
have hD : 2%:R * D <= eps L e v by rewrite /eps ler_addr mulr_ge0 ?ler0n // (v_ge0 L_gt0 hv).
have e0 : (0 <= eps L e v)%Re by apply/RleP; apply: le_trans hD; rewrite mulr_ge0 ?ler0n.
have h1 := sqrt_sqrt _ e0; have h2 := sqrt_pos (eps L e v); have h4 := A3_eps;
  set s := sqrt _ in h1 h2 h4.
have h3 : (4 * (INR L * (s * s)) <= 1)%Re by nra.
rewrite h1 in h3; have : 4%:R * (L%:R * eps L e v) <= 1.
  have e4 : (4%:R : RR) = 4%Re by rewrite -INRE /=; lra.
  by apply/RleP; rewrite e4 -(INRE L); exact: h3.
apply: le_trans; rewrite (_ : 8%:R * (L%:R * D) = 4%:R * (L%:R * (2%:R * D))).
  by apply: ler_wpmul2l; [exact: ler0n|apply: ler_wpmul2l => //; exact: ler0n].
by rewrite [L%:R * (2%:R * D)]mulrCA [RHS]mulrA -natrM.
Qed.

Lemma norm_close t : (sqn (ws - wprod (W t) w) <= sqn ws / 16)%Re ->
  sqn ws <= 2%:R * sqn (wprod (W t) w) /\ sqn (wprod (W t) w) <= 2%:R * sqn ws.
Proof.
set N := norm ws; set m := norm (wprod (W t) w); set dl := norm (ws - wprod (W t) w).
have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
rewrite -!norm_sqr !expr2 e2 -/N -/m -/dl => h.
have dl0 : (0 <= dl)%Re by apply/RleP; exact: norm_ge0.
have m0 : (0 <= m)%Re by apply/RleP; exact: norm_ge0.
have h1 : (N - m <= dl)%Re by apply/RleP; exact: normB.
have h2 : (m <= N + dl)%Re.
  have e1 : wprod (W t) w = ws - (ws - wprod (W t) w) by rewrite opprB addrC subrK.
  by apply/RleP; rewrite /m {1}e1; apply: le_trans (normD _ _) _; rewrite normN.
have hd : (dl * dl <= N * N / 16)%Re by exact: h.
have h3 : (dl <= N / 4)%Re by nra.
by split; apply/RleP; [change (N * N <= 2 * (m * m))%Re|change (m * m <= 2 * (N * N))%Re]; nra.
Qed.

Theorem corollary1 : exists T : R, (1 <= T)%Re /\ forall t, (T <= t)%Re -> forall k sk, (k < L)%N ->
  is_opnorm (W t k) sk ->
  (Rpower (norm ws / 2) (1 / INR L) <= sk <= Rpower (2 * norm ws) (1 / INR L))%Re.
Proof.
have [K [nu [K0 nu0 hDe _]]] := entries_cauchy hW L_gt0 dL w1 lam0 hlam ws_eq A2_risk A2_grad.
have q1 : 1 <= sqn ws.
  by rewrite -norm_sqr exprn_ege1 //; apply/RleP.
have q0 : (0 < sqn ws)%Re by apply/RltP; apply: lt_le_trans q1; exact: ltr01.
have l0 : (0 < lam)%Re by exact/RltP.
have [T [T1 hT]] := @exp_small K nu (lam * (sqn ws / 16))%Re K0 nu0 ltac:(nra).
exists T; split=> // t Tt k sk kL hs.
have t1 : (1 <= t)%Re by lra. have t0 : (0 <= t)%Re by lra.
have [hq1 hq2] : sqn ws <= 2%:R * sqn (wprod (W t) w) /\ sqn (wprod (W t) w) <= 2%:R * sqn ws.
  apply: norm_close; apply: (Rmult_le_reg_l lam) => //.
  apply: Rle_trans (Rlt_le _ _ (hT t Tt)); apply: Rle_trans (hDe t t1).
  by apply/RleP; apply: le_trans (hlam _) _; rewrite /risk (lemma8_identity ws_eq (wprod (W t) w))
    RminusE [R1 X y ws + _]addrC addrK.
have hb := @bal d n X y L w W hW t t0.
have [sk0 hk hmin] := hs; have hk2 := (op2_opnorm _ sk0).1 hk.
set rho := sqn (W t L.-1).
have lr : rho * sqn w <= sqn ((W t L.-1)^T *m bvec (W t) w L.-1.+1).
  by rewrite w1 mulr1 last_row.
have hrho : D <= rho -> (rho - D) ^+ L <= sqn (wprod (W t) w).
  by move=> Er; have := wprod_lower hb he e_ge0 L_gt0 lr Er; rewrite w1 mulr1.
have hsr : sk ^+ 2 <= rho + D.
  have h1 : op2_le (W t L.-1) rho.
    by rewrite /rho -norm_sqr; apply: (op2_opnorm _ (norm_ge0 _)).1; exact: opnorm_le_frob.
  have p : 0 <= rho + D by rewrite addr_ge0 // sqn_ge0.
  have h2 := op2_any hb he e_ge0 h1 (sqn_ge0 _) kL (_ : L.-1 < L)%N.
  rewrite -[X in _ <= X]sqr_sqrtr // ler_expn2r ?nnegrE ?sqrtr_ge0 //.
  apply: hmin; first exact: sqrtr_ge0.
  by apply/op2_opnorm; [exact: sqrtr_ge0|rewrite sqr_sqrtr //; apply: h2; rewrite ltn_predL].
have hp : sqn (wprod (W t) w) <= (sk ^+ 2 + D) ^+ L.
  have p : 0 <= sk ^+ 2 + D by rewrite addr_ge0 // sqr_ge0.
  pose c := Num.sqrt (sk ^+ 2 + D).
  have hc j : (j < L)%N -> opnorm_le (W t j) c.
    move=> jL; have h3 := op2_any hb he e_ge0 hk2 (sqr_ge0 sk) jL kL.
    by apply/op2_opnorm; [exact: sqrtr_ge0|rewrite /c sqr_sqrtr].
  have := fwdT_le (sqrtr_ge0 _) hc w (leqnn L); rewrite -/(wprod _ _) => h.
  rewrite -norm_sqr -[sk ^+ 2 + D]sqr_sqrtr // exprAC ler_expn2r ?nnegrE ?norm_ge0 ?exprn_ge0
    ?sqrtr_ge0 //.
  by apply: le_trans h _; rewrite {1}/norm w1 sqrtr1 mulr1.
have [u1 u2] := cor1_arith L_gt0 D0 LD_small (sqr_ge0 sk) hrho hsr hp q1 hq1 hq2.
have LnZ : INR L <> 0%Re by lra.
have root (x : R) : (0 < x)%Re -> (Rpower x (1 / INR L) : RR) ^+ L = x.
  move=> x0; rewrite Rpower_expn // (_ : (1 / INR L * INR L)%Re = 1%Re); last by field.
  exact: Rpower_1.
have e4 : 4%:R = 2%:R ^+ 2 :> RR by rewrite -natrX.
have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
have N0 : 0 <= norm ws by exact: norm_ge0.
have kL0 : 0 <= sk ^+ L by exact: exprn_ge0.
split; apply/RleP.
- rewrite -(@ler_pexpn2r _ L) ?nnegrE // ?root; [|lra|by apply/RleP/Rlt_le/exp_pos].
  have : norm ws <= 2%:R * sk ^+ L.
    rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?mulr_ge0 ?ler0n // exprMn norm_sqr -e4 [_ ^+ L ^+ 2]exprAC.
    exact: u2.
  rewrite e2 => /RleP h; apply/RleP; apply: (Rmult_le_reg_l 2); first lra.
  by rewrite (_ : (2 * (norm ws / 2))%Re = norm ws); [exact: h|field].
- rewrite -(@ler_pexpn2r _ L) ?nnegrE // ?root; [|lra|by apply/RleP/Rlt_le/exp_pos].
  have : sk ^+ L <= 2%:R * norm ws.
    rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?mulr_ge0 ?ler0n // exprMn norm_sqr -e4 [_ ^+ L ^+ 2]exprAC.
    exact: u1.
  by rewrite e2.
Qed.
End Cor1.
