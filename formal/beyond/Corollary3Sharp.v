(* Corollary 3 with kappa (1 + 2D/|w*|^(2/L))^(L-1), and 1.00025 under
   (A3). *)
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

(* (1 + 1/(1024 L^2))^(L-1) <= 1.00025 *)
Lemma pow_100025 (L : nat) (x : R) : (0 < L)%N -> (0 <= x)%Re ->
  (1024 * (INR L * INR L) * x <= 1)%Re ->
  (pow (1 + x) L.-1 <= 1 + 25 / 100000)%Re.
Proof.
move=> L0 x0 hx; have h := @pow_exp x L.-1 ltac:(lra); apply: Rle_trans h _.
have Lp : INR L.-1 = (INR L - 1)%Re by rewrite -[in RHS](prednK L0) S_INR; lra.
have L1 : (1 <= INR L)%Re by rewrite -(prednK L0) S_INR; have := pos_INR L.-1; lra.
have hy : (INR L.-1 * x <= / 4096)%Re.
  (* (L-1) / (1024 L^2) <= 1/4096 since 4 (L-1) <= L^2 *)
  rewrite Lp; have q : (4 * (INR L - 1) <= INR L * INR L)%Re by have := Rle_0_sqr (INR L - 2);
    rewrite /Rsqr; lra.
  have : (4 * (INR L - 1) * x <= INR L * INR L * x)%Re by apply: Rmult_le_compat_r.
  lra.
have : (exp (INR L.-1 * x) <= exp (/ 4096))%Re.
  by case: hy => [hy|->]; [apply: Rlt_le; exact: exp_increasing|exact: Rle_refl].
have e := exp_ineq1_le (- / 4096); rewrite exp_Ropp in e.
have p := exp_pos (/ 4096).
have : (exp (/ 4096) * (1 - / 4096) <= 1)%Re.
  apply: (Rle_trans _ (exp (/ 4096) * / exp (/ 4096))); last by rewrite Rinv_r; lra.
  by apply: Rmult_le_compat_l; lra.
lra.
Qed.

Section Cors.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (W : R -> layers RR d) (ws : 'cV[RR]_(d 0)) (lam Lam : RR).
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (dL : d L = 1%N) (w1 : sqn w = 1).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (hLam : cov_le X Lam) (ws_eq : normal_eq X y ws).
(* (A1) *)
Hypothesis A2_risk : risk X y w (W 0%Re) <= R1 X y 0.                             (* (A2) *)
Hypothesis A2_grad : exists2 k, (k < L)%N & gradk X y w (W 0%Re) k != 0.
Variables (e : nat -> RR).
Hypotheses (he : forall k, (k.+1 < L)%N -> opnorm_le (imb W k) (e k)) (e_ge0 : forall k, 0 <= e k).
Notation D := (esum e L.-1).
Let D0 : 0 <= D. Proof. by rewrite sumr_ge0. Qed.

(* ws != 0 follows from (A2) *)
Lemma A2_ws_nz : ws != 0.
Proof.
apply/eqP => z; have h1 := risk1_lt hW A2_grad.
have h2 := risk_ge_min w ws_eq (W 1%Re).
have : (risk X y w (W 1%Re) < R1 X y ws)%Re.
  by rewrite z; apply: Rlt_le_trans h1 _; apply/RleP.
move=> /RltP; rewrite ltNge => /negP; apply; by rewrite -subr_ge0.
Qed.

(* Corollary 3, for every initialisation with (A2): no (A3) *)
Theorem corollary3_sharp (c : RR) : 0 <= c -> c ^+ L = sqn ws -> exists S : R,
  is_sharpness X y w (Winf W) S /\
  (S : RR) <= 2%:R * (Lam * (L%:R * (c + 2%:R * D) ^+ L.-1)).
Proof.
move=> c0 cL; have [hl [wsE _]] := corollary2 hW L_gt0 dL w1 lam0 hlam ws_eq A2_risk A2_grad.
have ws0 := A2_ws_nz.
have [S hS] := sharpness_exists ws_eq wsE ws0 L_gt0; exists S; split=> //.
have p : 0 <= c + 2%:R * D by rewrite addr_ge0 // mulr_ge0 ?ler0n.
have Lam0 : 0 <= Lam by apply: ltW; exact: cov_gt0 hlam hLam ws0 lam0.
(* the imbalance passes to the limit *)
pose E k : 'M[RR]_(d k.+1) := imb W k.
have hE k : (k.+1 < L)%N -> (Winf W k.+1)^T *m Winf W k.+1 = Winf W k *m (Winf W k)^T + E k.
  move=> kL; apply/matrixP => i j.
  have m1 := mlimM (mlimT (hl _ kL)) (hl _ kL);
    have m0 := mlimM (hl _ (ltnW kL)) (mlimT (hl _ (ltnW kL))).
  have := is_lim_unique _ _ _ (m1 i j).
  have h : is_lim (fun t => ((W t k.+1)^T *m W t k.+1) i j : R) p_infty (Finite (((Winf W k *m (Winf
    W k)^T) i j + E k i j)%R : RR)).
    apply: (is_lim_ext_loc (fun t => ((W t k *m (W t k)^T) i j + E k i j)%Re)).
      by exists 0%Re => t t0; rewrite (bal hW (Rlt_le _ _ t0) kL) [in RHS]mxE.
    by apply: is_lim_plus'; [exact: m0|exact: is_lim_const].
  by rewrite (is_lim_unique _ _ _ h) => -[<-]; rewrite [RHS]mxE.
have cL' : c ^+ L = sqn (wprod (Winf W) w) by rewrite wsE.
have hk k : (k < L)%N -> opnorm_le (Winf W k) (Num.sqrt (c + 2%:R * D)).
  move=> kL; apply/op2_opnorm; first exact: sqrtr_ge0.
  by rewrite sqr_sqrtr //; exact: (upper_2D hE he e_ge0 L_gt0 dL w1 c0 cL' kL).
have := sharp_upper ws_eq wsE hLam Lam0 (sqrtr_ge0 _) hk L_gt0 hS.
by rewrite /norm w1 sqrtr1 mulr1 -exprM mulnC exprM sqr_sqrtr.
Qed.

(* in the paper's form: S <= kappa (1 + 2D/|w*|^(2/L))^(L-1) S_min *)
Theorem corollary3_ratio : exists S : R, is_sharpness X y w (Winf W) S /\
  (S <= Lam / lam * pow (1 + 2 * D / Rpower (norm ws) (2 / INR L)) L.-1 * (2 * INR L * lam *
    Rpower (norm ws) (2 - 2 / INR L)))%Re.
Proof.
have ws0 := A2_ws_nz; have nws := ws_pos ws0.
have Lz : INR L <> 0%Re by apply: not_0_INR => z; move: L_gt0; rewrite z.
set c := Rpower (norm ws) (2 / INR L); have cp : (0 < c)%Re by exact: exp_pos.
have c0 : 0 <= (c : RR) by apply/RleP; exact: Rlt_le.
have cL : (c : RR) ^+ L = sqn ws.
  by rewrite /c Rpower_expn // (_ : (2 / INR L * INR L)%Re = INR 2) ?Rpower_nat ?norm_sqr //= ;
    field.
have [S [hS h]] := corollary3_sharp c0 cL; exists S; split=> //.
have l0 : (0 < lam)%Re by exact/RltP.
have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
have eL1 : INR L.-1 = (INR L - 1)%Re by rewrite -[in RHS](prednK L_gt0) S_INR; lra.
have cL1 : pow c L.-1 = Rpower (norm ws) (2 - 2 / INR L).
  by rewrite -Rpower_pow // /c Rpower_mult eL1; congr Rpower; field.
have {}h : (S <= 2 * (Lam * (INR L * pow (c + 2 * D) L.-1)))%Re.
  by move: h; rewrite e2 -(INRE L) -RpowE => /RleP.
apply: Rle_trans h _; apply: Req_le.
rewrite -cL1 (_ : (c + 2 * D = c * (1 + 2 * D / c))%Re); last by field; lra.
by rewrite Rpow_mult_distr; field; lra.
Qed.

(* under (A3): 1.00025 in place of 4 *)
Theorem corollary3_100025 (v : RR) : (forall k, (k < L)%N -> sqn (W 0%Re k) <= v) ->
  (1 <= norm ws)%Re -> (32 * INR L * sqrt (eps L e v) <= 1)%Re ->
  exists S : R, is_sharpness X y w (Winf W) S /\
  (S <= (1 + 25 / 100000) * (Lam / lam) * (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L)))%Re.
Proof.
move=> hv hws hA3; have ws0 := A2_ws_nz; have [S [hS h]] := corollary3_ratio; exists S; split=> //.
apply: Rle_trans h _; set c := Rpower (norm ws) (2 / INR L).
have Lp : (0 < INR L)%Re by apply: lt_0_INR; apply/ssrnat.ltP.
have c1 : (1 <= c)%Re.
  rewrite /c -(Rpower_O (norm ws)); last lra.
  apply: Rle_Rpower => //; apply: Rlt_le; apply: Rdiv_lt_0_compat; lra.
have hD : 2%:R * D <= eps L e v by rewrite /eps ler_addr mulr_ge0 ?ler0n // (v_ge0 L_gt0 hv).
have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
have /RleP D0' := D0.
have hD' : (2 * D <= eps L e v)%Re by apply/RleP; move: hD; rewrite e2.
have D0r : (0 <= D)%Re by exact: D0'.
have e0 : (0 <= eps L e v)%Re by lra.
have hx : (1024 * (INR L * INR L) * (2 * D / c) <= 1)%Re.
  have h1 := sqrt_sqrt _ e0; have h2 := sqrt_pos (eps L e v).
  set s := sqrt _ in hA3 h1 h2.
  have h3 : (1024 * (INR L * INR L) * (s * s) <= 1)%Re.
    have -> : (1024 * (INR L * INR L) * (s * s) = (32 * INR L * s) * (32 * INR L * s))%Re by ring.
    have : (0 <= 32 * INR L * s)%Re by apply: Rmult_le_pos => //; lra.
    move: (32 * INR L * s)%Re hA3 => q q1 q0; nra.
  apply: Rle_trans h3; apply: Rmult_le_compat_l; first nra.
  rewrite h1; apply: Rle_trans hD'; apply: (Rmult_le_reg_r c); first lra.
  rewrite /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r; [nra|lra].
have x0 : (0 <= 2 * D / c)%Re by apply: Rle_mult_inv_pos; lra.
have hp := pow_100025 L_gt0 x0 hx.
have l0 : (0 < lam)%Re by exact/RltP.
have Lam0 : (0 <= Lam)%Re by apply/RleP/ltW; exact: cov_gt0 hlam hLam ws0 lam0.
apply: Rmult_le_compat_r.
  by apply: Rmult_le_pos; [nra|exact: Rlt_le (exp_pos _)].
rewrite Rmult_comm; apply: Rmult_le_compat_r => //.
by apply: Rle_mult_inv_pos.
Qed.
End Cors.
