(* Theorem 4 and Corollary 4, deterministic, when only the product |W_L..W_(k+1)| |W_(k-1)..W_1| is
   bounded, uniformly in k;
   instance: identity initialisation (s = 0), every width and depth, C_5 = 1/3, C_3 = 1/(9 e^2). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy RealPower Sharpness Theorem2 Limit Corollary2 FlatMinimiser
  Rearrange Continuation Confinement Convergence Theorem4.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section SharpQ.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (V : layers RR d) (ws : 'cV[RR]_(d 0)) (Q Lam : RR).
Hypotheses (ws_eq : normal_eq X y ws) (wsE : wprod V w = ws) (hLam : cov_le X Lam) (Lam0 : 0 <=
  Lam) (Q0 : 0 <= Q).
Hypothesis hQ : forall k, (k < L)%N -> forall g : 'cV[RR]_(d 0),
  sqn (bvec V w k.+1) * sqn (fwd V k *m g) <= Q * sqn w * sqn g.

Lemma term_leQ (D : layers RR d) k : (k < L)%N -> sqn ((fwd V k)^T *m ((D k)^T *m bvec V w k.+1)) <=
  Q * sqn w * sqn (D k).
Proof.
move=> kL; set b := bvec V w k.+1; set x := (D k)^T *m b; set z := (fwd V k)^T *m x.
have Qw : 0 <= Q * sqn w by rewrite mulr_ge0 ?sqn_ge0.
have [z0|nz] := eqVneq (sqn z) 0; first by rewrite z0 mulr_ge0 ?sqn_ge0.
have zp : 0 < sqn z by rewrite lt_def nz sqn_ge0.
have hx : sqn x <= sqn (D k) * sqn b.
  by rewrite -(sqn_trmx (D k)) -!norm_sqr -exprMn; apply: sq_mono (opnorm_le_frob _ _);
    exact: norm_ge0.
have e : sqn z = dot x (fwd V k *m z) by rewrite /sqn {1}/z dot_mull trmxK.
have h1 : sqn z ^+ 2 <= sqn x * sqn (fwd V k *m z) by rewrite {1}e; exact: CS2.
have h2 := hQ kL z; rewrite -/b in h2.
rewrite -(ler_pmul2r zp) -expr2; apply: le_trans h1 _.
apply: le_trans (ler_wpmul2r (sqn_ge0 (fwd V k *m z)) hx) _.
have -> : sqn (D k) * sqn b * sqn (fwd V k *m z) = sqn (D k) * (sqn b *
  sqn (fwd V k *m z)) by rewrite mulrA.
have -> : Q * sqn w * sqn (D k) * sqn z = sqn (D k) * (Q * sqn w * sqn z) by rewrite mulrA [_ *
  sqn (D k)]mulrC.
by apply: ler_wpmul2l; [exact: sqn_ge0|exact: h2].
Qed.
Lemma jvec_leQ D : sqn (jvec V D w) <= L%:R * (Q * sqn w) * psqn L D.
Proof.
have Qw : 0 <= Q * sqn w by rewrite mulr_ge0 ?sqn_ge0.
pose p := Num.sqrt (Q * sqn w); have p0 : 0 <= p by exact: sqrtr_ge0.
have pp : p ^+ 2 = Q * sqn w by rewrite sqr_sqrtr.
have h : norm (jvec V D w) <= \sum_(k < L) p * norm (D k).
  rewrite jvecE; apply: le_trans (norm_sum _) _; apply: ler_sum => k _.
  by apply: norm_le => //; rewrite pp; exact: term_leQ.
rewrite -pp -norm_sqr; apply: le_trans (_ : (p * \sum_(k < L) norm (D k)) ^+ 2 <= _).
  by apply: sq_mono; [exact: norm_ge0|rewrite mulr_sumr].
rewrite [X in X <= _]exprMn [L%:R * _]mulrC -[X in _ <= X]mulrA; apply: ler_wpmul2l;
  first exact: sqr_ge0.
apply: le_trans (sum_sq _) _; apply: ler_wpmul2l; first exact: ler0n.
by rewrite /psqn; apply: ler_sum => k _; rewrite norm_sqr.
Qed.
Theorem sharp_upperQ (S : R) : is_sharpness X y w V S ->
  (S <= 2 * INR L * Lam * Q * (norm w * norm w))%Re.
Proof.
case=> _ lub; apply: lub => v [D [D1 hD]].
rewrite -(is_derive_n_unique _ _ _ _ hD) (is_derive_n_unique _ _ _ _ (second_derivative_min ws_eq
  wsE D)).
have h : n%:R^-1 * sqn (X *m jvec V D w) <= Lam * (L%:R * (Q * sqn w)).
  by apply: le_trans (hLam _) _; apply: ler_wpmul2l => //; have := jvec_leQ D; rewrite D1 mulr1.
have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
have /RleP := h; rewrite e2 -(INRE L) => h3.
have -> : (2 * INR L * Lam * Q * (norm w * norm w) = 2 * (Lam * (INR L * (Q *
  sqn w))))%Re by rewrite normRR; ring.
by apply: Rmult_le_compat_l => //; lra.
Qed.
End SharpQ.

Section Thm4.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (W : R -> layers RR d) (ws : 'cV[RR]_(d 0)) (lam Lam q Q C5 : RR).
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (w_nz : w != 0).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (hLam : cov_le X Lam) (ws_eq : normal_eq X y ws).
Hypotheses (q0 : 0 < q) (Q0 : 0 < Q) (C50 : 0 < C5) (Lam0 : 0 < Lam).
Hypothesis event : forall V : layers RR d, (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re) ->
  forall k, (k < L)%N -> forall g : 'cV[RR]_(d 0), q * sqn w * sqn g <= sqn (bvec V w k.+1) *
    sqn (fwd V k *m g) <= Q * sqn w * sqn g.

Let De (t : R) : R := (risk X y w (W t) - R1 X y ws)%Re.
Lemma De_identityq V : risk X y w V - R1 X y ws = n%:R^-1 * sqn (X *m (ws - wprod V w)).
Proof. by rewrite /risk (lemma8_identity ws_eq) addrC addKr. Qed.
Let De0 t : (0 <= De t)%Re.
Proof. by apply/RleP; rewrite /De RminusE De_identityq mulr_ge0 ?nV_ge0 ?sqn_ge0. Qed.
(* C_3 of Theorem 4 *)
Definition C3q : R := (C5 * C5 * (q * q) / Q)%Re.
Hypothesis small : (risk X y w (W 0%Re) - R1 X y ws <= C3q * (lam * lam * sqn w) / Lam)%Re.
Definition rateq : R := (INR L * (4 * lam * q * sqn w))%Re.
Let mu1 : R := (4 * lam * q * sqn w)%Re.
Let G : R := (4 * Lam * Q * sqn w)%Re.

Lemma grad_boundsq (V : layers RR d) k : (k < L)%N -> (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re) ->
  (mu1 * (risk X y w V - R1 X y ws)%R <= sqn (gradk X y w V k))%Re /\
  (sqn (gradk X y w V k) <= G * (risk X y w V - R1 X y ws)%R)%Re.
Proof.
move=> kL hV; set g := gradR1 X y (wprod V w); have /andP [b1 b2] := event hV kL g.
have e : sqn (gradk X y w V k) = sqn (bvec V w k.+1) * sqn (fwd V k *m g).
  by rewrite /gradk /grad5 -/g -mulmxA -trmx_mul sqn_outer.
have g1 := lemma8_lower ws_eq (wprod V w) hlam; have g2 := lemma8_upper ws_eq (wprod V w) hLam.
rewrite -/g -/(risk X y w V) in g1 g2; rewrite e.
split; apply/RleP.
- apply: le_trans b1; rewrite /mu1 -e4 RmultE (arrq _ lam); apply: ler_wpmul2l g1;
  rewrite mulr_ge0 ?sqn_ge0 //; exact: ltW.
- apply: le_trans b2 _; rewrite /G -e4 RmultE (arrq _ Lam); apply: ler_wpmul2l g2;
  rewrite mulr_ge0 ?sqn_ge0 //; exact: ltW.
Qed.

Let w2 : (0 < sqn w)%Re. Proof. by apply/RltP; rewrite lt_def sqn_eq0 w_nz sqn_ge0. Qed.
Let L0 : (0 < INR L)%Re. Proof. apply: lt_0_INR; exact/ssrnat.ltP. Qed.
Let mbf : (0 < q)%Re. Proof. exact/RltP. Qed.
Let Mbf : (0 < Q)%Re. Proof. exact/RltP. Qed.
Let lam0' : (0 < lam)%Re. Proof. exact/RltP. Qed.
Let Lam0' : (0 < Lam)%Re. Proof. exact/RltP. Qed.
Let C50' : (0 < C5)%Re. Proof. exact/RltP. Qed.
Let r0 : (0 < C5 / INR L)%Re. Proof. exact: Rdiv_lt_0_compat. Qed.
Let mu10 : (0 < mu1)%Re. Proof. by rewrite /mu1; repeat apply: Rmult_lt_0_compat => //; lra. Qed.
Let G0 : (0 <= G)%Re. Proof. by apply: Rlt_le; rewrite /G; repeat apply: Rmult_lt_0_compat => //;
  lra. Qed.
Let Bsmall : (2 / (INR L * mu1) * sqrt (G * De 0) <= C5 / INR L)%Re.
Proof. exact: (small_enough L0 mbf Mbf w2 lam0' Lam0' C50' erefl erefl (conj (De0 0) small)). Qed.
Let hg t : (0 <= t)%Re -> (forall k, (k < L)%N -> (sqn (W t k - W 0%Re k) <= (C5 / INR L) * (C5 /
  INR L))%Re) ->
  forall k, (k < L)%N -> (mu1 * De t <= sqn (gradk X y w (W t) k))%Re /\
    (sqn (gradk X y w (W t) k) <= G * De t)%Re.
Proof. by move=> _ h k kL; exact: grad_boundsq kL h. Qed.
Let hDe t : (0 <= t)%Re -> is_derive De t (- psqn L (gradk X y w (W t)) : RR).
Proof.
move=> t0; have h := energy hW t0; evar_last.
  by apply: (is_derive_minus (fun s => risk X y w (W s) : R) (fun=> R1 X y ws));
    [exact: h|exact: is_derive_const].
by rewrite /minus /plus /opp /zero /= Ropp_0 Rplus_0_r.
Qed.
Let De0' t : (0 <= t)%Re -> (0 <= De t)%Re. Proof. by []. Qed.

(* Theorem 4, deterministic part *)
Theorem theorem4q :
  [/\ (forall t, (0 <= t)%Re -> forall k, (k < L)%N -> (norm (W t k - W 0%Re k) < C5 / INR L)%Re),
      (forall t, (0 <= t)%Re -> (risk X y w (W t) - R1 X y ws <= (risk X y w (W 0%Re) - R1 X y ws) *
        exp (- rateq * t))%Re),
      (forall k, (k < L)%N -> mlim (fun t => W t k) (Winf W k)) /\
      (forall t, (0 <= t)%Re -> forall k, (k < L)%N -> (norm (Winf W k - W t k)%R <= C5 / INR L *
        exp (- (rateq / 2) * t))%Re),
      (forall k, (k < L)%N -> (norm (Winf W k - W 0%Re k) <= C5 / INR L)%Re)
    & wprod (Winf W) w = ws /\ forall V, risk X y w (Winf W) <= risk X y w V].
Proof.
have hl k : (k < L)%N -> mlim (fun t => W t k) (Winf W k).
  move=> kL; exact: (@conv_lim d L W (fun t => gradk X y w (W t)) De mu1 G (C5 /
    INR L)%Re hW De0' hDe L_gt0 mu10 G0 r0 hg Bsmall k kL).
have hrisk t : (0 <= t)%Re -> (De t <= De 0 * exp (- rateq * t))%Re.
  move=> t0; exact: (@conv_risk d L W (fun t => gradk X y w (W t)) De mu1 G (C5 /
    INR L)%Re hW De0' hDe L_gt0 mu10 G0 r0 hg Bsmall t t0).
have wE : wprod (Winf W) w = ws.
  apply: (@mlim_unique _ _ (fun t => wprod (W t) w)).
    by have h := mlimT (mlim_fwd (leqnn L) hl); exact: (mlimM h (@mlim_cst _ _ w)).
  have r4 : (0 < rateq)%Re by apply: Rmult_lt_0_compat.
  apply: (@mlim_exp _ _ (fun t => wprod (W t) w) ws (De 0 / lam)%Re rateq) => //.
    by apply: Rmult_le_pos => //; apply/Rlt_le/Rinv_0_lt_compat.
  move=> t t0; have h1 := hrisk t t0.
  have h2 : (lam * sqn (wprod (W t) w - ws) <= De t)%Re.
    apply/RleP; rewrite RmultE /De RminusE De_identityq -sqnN opprB; exact: hlam.
  apply: (Rmult_le_reg_l lam) => //.
  have -> : (lam * (De 0 / lam * exp (- rateq * t)) = De 0 * exp (- rateq * t))%Re by field; lra.
  exact: Rle_trans h2 h1.
split=> //.
- move=> t t0 k kL; have := @conv_stay d L W (fun t => gradk X y w (W t)) De mu1 G (C5 /
  INR L)%Re hW De0' hDe L_gt0 mu10 G0 r0 hg Bsmall t k t0 kL.
  by rewrite -normRR; have := normR0 (W t k - W 0%Re k); nra.
- split=> // t t0 k kL.
  have := @conv_rate d L W (fun t => gradk X y w (W t)) De mu1 G (C5 /
    INR L)%Re hW De0' hDe L_gt0 mu10 G0 r0 hg Bsmall t k kL t0.
  move=> h; apply: Rle_trans h _; apply: Rmult_le_compat_r Bsmall; exact/Rlt_le/exp_pos.
- move=> k kL; apply: Rle_trans Bsmall.
  exact: (@conv_dist d L W (fun t => gradk X y w (W t)) De mu1 G (C5 /
    INR L)%Re hW De0' hDe L_gt0 mu10 G0 r0 hg Bsmall k kL).
split=> // V; rewrite /risk wE (lemma8_identity ws_eq (wprod V w)) ler_addl mulr_ge0 ?nV_ge0
  ?sqn_ge0 //.
Qed.

(* Corollary 4 *)
Variable mp : RR.
Hypothesis mp0 : 0 < mp.
Hypothesis event_prod : forall V : layers RR d, (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re) ->
  mp * norm w <= norm (wprod V w).

Let Winf_ball k : (k < L)%N -> (sqn (Winf W k - W 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re.
Proof.
move=> kL; have [_ _ _ h _] := theorem4q; rewrite -normRR; have := h k kL;
  have := normR0 (Winf W k - W 0%Re k); nra.
Qed.

Let nw : (0 < norm w)%Re. Proof. by apply/RltP; rewrite lt_def norm_eq0 w_nz norm_ge0. Qed.
Lemma ws_geq : (mp * norm w <= norm ws)%Re.
Proof. have [_ _ _ _ [<- _]] := theorem4q; apply/RleP; exact: event_prod Winf_ball. Qed.
Lemma ws_nzq : ws != 0.
Proof.
have := ws_geq; have p0 : (0 < mp)%Re by exact/RltP.
move=> h; rewrite -norm_eq0; apply/eqP => z; rewrite z in h.
have h2 : (mp * norm w <= 0)%Re := h. have h3 := Rmult_lt_0_compat _ _ p0 nw; lra.
Qed.

Theorem corollary4q : exists S : R, [/\ is_sharpness X y w (Winf W) S,
   (2 * INR L * lam * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re,
   (S <= 2 * INR L * Lam * Q * (norm w * norm w))%Re,
   (S <= Q * Rpower (/ mp) (2 - 2 / INR L) * (Lam / lam) * (2 * INR L * lam * Rpower (norm w) (2 /
     INR L) * Rpower (norm ws) (2 - 2 / INR L)))%Re
 & (S <= Q / (mp * mp) * Rpower (norm ws) (2 / INR L) * (Lam / lam) * (2 * INR L * lam *
   Rpower (norm ws) (2 - 2 / INR L)))%Re].
Proof.
have [_ _ _ _ [wE _]] := theorem4q.
have [S hS] := sharpness_exists ws_eq wE ws_nzq L_gt0; exists S.
have p0 : (0 < mp)%Re by exact/RltP.
have nws : (0 < norm ws)%Re by have := ws_geq; nra.
have L1 : (1 <= INR L)%Re by have <- : INR 1 = 1%Re; [|apply: le_INR; apply/ssrnat.leP].
have K0 : (0 <= Q)%Re by exact: Rlt_le.
have ev k (kL : (k < L)%N) := event Winf_ball kL.
have up : (S <= 2 * INR L * Lam * Q * (norm w * norm w))%Re.
  apply: (sharp_upperQ ws_eq wE hLam (ltW Lam0) (ltW Q0) _ hS) => k kL g; by case/andP: (ev k kL g).
split=> //.
- exact (thm2_second ws_eq wE (ltW lam0) hlam ws_nzq L_gt0 hS).
- exact (ratio_corrected L1 nw nws p0 ws_geq K0 lam0' (Rlt_le _ _ Lam0') up).
- exact (ratio_printed L1 nw nws p0 ws_geq K0 lam0' (Rlt_le _ _ Lam0') up).
Qed.
End Thm4.
