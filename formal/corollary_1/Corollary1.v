(* Corollary 1: under (A1)-(A3), eventually (|w*|/2)^(1/L) <= sigma_k(t) <= (2|w*|)^(1/L); in place
   of (A3), L eps <= 1 and |w*| >= 1 are enough. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import RealFacts Linalg PolynomialFunction Network Risk Lemma8 RootFree
  Minimiser PolynomialDerivative Derivative GradientFlow Lemma1 Energy OperatorBound Balanced
  OperatorNorm Lemma2 RealPower Sharpness Theorem2 Theorem3 Limit Corollary2 FlatMinimiser
  FourthLine.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma exp_10_9 : (exp (10 / 9) <= 27 / 8)%Re.
Proof.
have e := exp_ineq1_le (- (1 / 9)); rewrite exp_Ropp in e; have p := exp_pos (1 / 9).
have h : (exp (1 / 9) * (1 - 1 / 9) <= 1)%Re.
  apply: (Rle_trans _ (exp (1 / 9) * / exp (1 / 9))); last by rewrite Rinv_r; lra.
  by apply: Rmult_le_compat_l; lra.
have -> : (10 / 9 = 1 + 1 / 9)%Re by field.
rewrite exp_plus; have := exp_le_3; have := exp_pos 1; nra.
Qed.

(* P = |w_prod|^2 within ten percent of N = |w*|^2 >= 1, c^L = P, 2 L D <= 1 *)
Lemma cor1_range L (c D P N : R) : (0 < L)%N -> (0 <= D)%Re -> (2 * (INR L * D) <= 1)%Re ->
  (0 <= c)%Re -> pow c L = P ->
  (1 <= N)%Re -> (9 / 10 * N <= P)%Re -> (P <= 11 / 10 * N)%Re ->
  (D <= c)%Re /\ (N <= 4 * pow (c - D) L)%Re /\ (pow (c + 2 * D) L <= 4 * N)%Re.
Proof.
move=> L0 D0 hD c0 cP N1 h1 h2.
have L1 : (1 <= INR L)%Re by rewrite -(prednK L0) S_INR; have := pos_INR L.-1; lra.
have c9 : (9 / 10 <= c)%Re.
  have [//|hc] := Rle_or_lt (9 / 10) c.
  have : (pow c L <= c)%Re.
    have [p1 p2] : (0 <= pow c L.-1 <= 1)%Re.
      split; first by apply: pow_le.
      by rewrite -(pow1 L.-1); apply: pow_incr; lra.
    rewrite -(prednK L0) [pow c _]/=; nra.
  lra.
have cz : c <> 0%Re by lra.
have D2 : (D <= 1 / 2)%Re by nra.
split; first by lra.
have dc : (0 <= D / c <= 1)%Re.
  split; first by apply: Rle_mult_inv_pos; lra.
  by apply: (Rmult_le_reg_r c); [lra|rewrite /Rdiv Rmult_assoc Rinv_l; lra].
have LDc : (INR L * (D / c) <= 5 / 9)%Re.
  apply: (Rmult_le_reg_r c); first lra.
  by rewrite (_ : (INR L * (D / c) * c = INR L * D)%Re); [lra|field].
split.
  have b := bernoulli _ L dc.
  have -> : (c - D = c * (1 - D / c))%Re by field.
  rewrite Rpow_mult_distr cP.
  have : (P * (4 / 9) <= P * pow (1 - D / c) L)%Re by apply: Rmult_le_compat_l; lra.
  lra.
have x0 : (0 <= 2 * D / c)%Re by rewrite /Rdiv Rmult_assoc -/(Rdiv D c); lra.
have -> : (c + 2 * D = c * (1 + 2 * D / c))%Re by field.
rewrite Rpow_mult_distr cP; have h := @pow_exp (2 * D / c)%Re L ltac:(lra).
have hy : (INR L * (2 * D / c) <= 10 / 9)%Re by rewrite (_ : (INR L * (2 * D / c) = 2 * (INR L *
  (D / c)))%Re); [lra|field].
have h3 : (exp (INR L * (2 * D / c)) <= exp (10 / 9))%Re.
  by case: hy => [hy|->]; [apply: Rlt_le; exact: exp_increasing|exact: Rle_refl].
have e := exp_10_9.
have : (P * pow (1 + 2 * D / c) L <= P * (27 / 8))%Re by apply: Rmult_le_compat_l; lra.
lra.
Qed.

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
Hypothesis A3_ws : (1 <= norm ws)%Re.
Hypothesis A3_eps : (INR L * eps L e v <= 1)%Re.
Notation D := (esum e L.-1).

Lemma norm_close10 t : (sqn (ws - wprod (W t) w) <= sqn ws / 900)%Re ->
  (9 / 10 * sqn ws <= sqn (wprod (W t) w))%Re /\ (sqn (wprod (W t) w) <= 11 / 10 * sqn ws)%Re.
Proof.
set N := norm ws; set m := norm (wprod (W t) w); set dl := norm (ws - wprod (W t) w).
rewrite -!norm_sqr !expr2 -/N -/m -/dl => h.
have dl0 : (0 <= dl)%Re by apply/RleP; exact: norm_ge0.
have m0 : (0 <= m)%Re by apply/RleP; exact: norm_ge0.
have h1 : (N - m <= dl)%Re by apply/RleP; exact: normB.
have h2 : (m <= N + dl)%Re.
  have e1 : wprod (W t) w = ws - (ws - wprod (W t) w) by rewrite opprB addrC subrK.
  by apply/RleP; rewrite /m {1}e1; apply: le_trans (normD _ _) _; rewrite normN.
have hd : (dl * dl <= N * N / 900)%Re by exact: h.
have N1 : (1 <= N)%Re by exact: A3_ws.
have h3 : (dl <= N / 30)%Re by nra.
by split; [change (9 / 10 * (N * N) <= m * m)%Re|change (m * m <= 11 / 10 * (N * N))%Re]; nra.
Qed.

Theorem corollary1_sharp : exists T : R, (1 <= T)%Re /\ forall t, (T <= t)%Re -> forall k sk,
  (k < L)%N ->
  is_opnorm (W t k) sk ->
  (Rpower (norm ws / 2) (1 / INR L) <= sk <= Rpower (2 * norm ws) (1 / INR L))%Re.
Proof.
have [K [nu [K0 nu0 hDe _]]] := entries_cauchy hW L_gt0 dL w1 lam0 hlam ws_eq A2_risk A2_grad.
have q1 : 1 <= sqn ws.
  by rewrite -norm_sqr exprn_ege1 //; apply/RleP.
have q1' : (1 <= sqn ws)%Re by apply/RleP.
have l0 : (0 < lam)%Re by exact/RltP.
have [T [T1 hT]] := @exp_small K nu (lam * (sqn ws / 900))%Re K0 nu0 ltac:(nra).
exists T; split=> // t Tt k sk kL hs.
have t1 : (1 <= t)%Re by lra. have t0 : (0 <= t)%Re by lra.
have [hq1 hq2] : (9 / 10 * sqn ws <= sqn (wprod (W t) w))%Re /\ (sqn (wprod (W t) w) <= 11 / 10 *
  sqn ws)%Re.
  apply: norm_close10; apply: (Rmult_le_reg_l lam) => //.
  apply: Rle_trans (Rlt_le _ _ (hT t Tt)); apply: Rle_trans (hDe t t1).
  by apply/RleP; apply: le_trans (hlam _) _; rewrite /risk (lemma8_identity ws_eq (wprod (W t) w))
    RminusE [R1 X y ws + _]addrC addrK.
have [c [c0 cL]] := root_exists L_gt0 (sqn_ge0 (wprod (W t) w)).
have D0 : 0 <= D by rewrite sumr_ge0.
have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
have hD : (2 * (INR L * D) <= 1)%Re.
  have hD1 : 2%:R * D <= eps L e v by rewrite /eps ler_addr mulr_ge0 ?ler0n // (v_ge0 L_gt0 hv).
  have hD2 : (2 * D <= eps L e v)%Re by apply/RleP; move: hD1; rewrite e2.
  have := pos_INR L; nra.
have /RleP D0' := D0; have /RleP c0' := c0.
have cP : pow c L = sqn (wprod (W t) w) by rewrite RpowE.
have [Dc [r1 r2]] := cor1_range L_gt0 D0' hD c0' cP q1' hq1 hq2.
have /andP[b1 b2] := lemma2_fourth hW L_gt0 dL w1 he e_ge0 t0 c0 cL kL hs.
have sk0 : 0 <= sk by case: hs.
have b1' : c - D <= sk ^+ 2 by move: b1; rewrite ler_subr_addr addrC.
have b2' : sk ^+ 2 <= c + 2%:R * D.
  move: b2; rewrite ler_subl_addl => /le_trans; apply; rewrite ler_add2l.
  have -> : 2%:R * D = D + D by rewrite mulr2n mulrDl mul1r.
  rewrite ler_add2l; apply: le_trans (_ : esum e k <= _); first by rewrite le_minl lexx.
  by apply: esum_le => //; rewrite -ltnS prednK.
have cD0 : 0 <= c - D by rewrite subr_ge0; apply/RleP.
have c2D0 : 0 <= c + 2%:R * D by rewrite addr_ge0 // mulr_ge0 ?ler0n.
have p1 : (pow (c - D) L <= (sk ^+ 2) ^+ L)%Re.
  by apply/RleP; rewrite RpowE; apply: ler_expn2r => //; rewrite ?nnegrE ?sqr_ge0.
have p2 : ((sk ^+ 2) ^+ L <= pow (c + 2 * D) L)%Re.
  apply/RleP; rewrite RpowE (_ : (c + 2 * D)%Re = c + 2%:R * D); last by rewrite e2.
  by apply: ler_expn2r => //; rewrite ?nnegrE ?sqr_ge0.
have LnZ : INR L <> 0%Re by apply: not_0_INR => z; move: L_gt0; rewrite z.
have root (x : R) : (0 < x)%Re -> (Rpower x (1 / INR L) : RR) ^+ L = x.
  move=> x0; rewrite Rpower_expn // (_ : (1 / INR L * INR L)%Re = 1%Re); last by field.
  exact: Rpower_1.
have kL0 : (0 <= sk ^+ L)%Re by apply/RleP; exact: exprn_ge0.
have eS : ((sk ^+ 2) ^+ L = sk ^+ L * sk ^+ L)%Re by rewrite exprAC expr2.
have eN : (sqn ws = norm ws * norm ws)%Re by rewrite -norm_sqr expr2.
rewrite eS in p1 p2; rewrite eN in r1 r2.
move: p1 p2 r1 r2 kL0; set z : R := sk ^+ L => p1 p2 r1 r2 z0.
split; apply/RleP.
- rewrite -(@ler_pexpn2r _ L) ?nnegrE // ?root; [|lra|by apply/RleP/Rlt_le/exp_pos].
  apply/RleP; change (norm ws / 2 <= z)%Re; nra.
- rewrite -(@ler_pexpn2r _ L) ?nnegrE // ?root; [|lra|by apply/RleP/Rlt_le/exp_pos].
  apply/RleP; change (z <= 2 * norm ws)%Re; nra.
Qed.
End Cor1.

(* (A3) as printed *)
Section Printed.
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
Hypothesis A3_ws : (1 <= norm ws)%Re.
Hypothesis A3_eps : (32 * INR L * sqrt (eps L e v) <= 1)%Re.                      (* (A3) *)

Theorem corollary1 : exists T : R, (1 <= T)%Re /\ forall t, (T <= t)%Re -> forall k sk,
  (k < L)%N ->
  is_opnorm (W t k) sk ->
  (Rpower (norm ws / 2) (1 / INR L) <= sk <= Rpower (2 * norm ws) (1 / INR L))%Re.
Proof.
apply: (corollary1_sharp hW L_gt0 dL w1 lam0 hlam ws_eq A2_risk A2_grad he e_ge0 hv A3_ws).
have L1 : (1 <= INR L)%Re by rewrite -(prednK L_gt0) S_INR; have := pos_INR L.-1; lra.
have e0 : (0 <= eps L e v)%Re.
  by apply/RleP; rewrite /eps addr_ge0 ?mulr_ge0 ?ler0n ?(v_ge0 L_gt0 hv) ?sumr_ge0.
have h1 := sqrt_sqrt _ e0; have h2 := sqrt_pos (eps L e v); have h3 := A3_eps.
move: (sqrt _) h1 h2 h3 => s h1 h2 h3; rewrite -h1.
have : (s <= 1)%Re by nra.
nra.
Qed.
End Printed.
