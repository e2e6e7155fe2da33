(* Theorem 4, deterministic part, complete; Corollary 4 (corrected lower bound; upper bound,
   corrected and as printed). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy RealPower Sharpness Theorem2 Limit Corollary2 FlatMinimiser
  Rearrange Continuation Confinement Convergence.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma e4 : (4%:R : RR) = 4%Re. Proof. by rewrite -INRE /=; lra. Qed.
Lemma sq_mono (a b : RR) : 0 <= a -> a <= b -> a ^+ 2 <= b ^+ 2.
Proof. by move=> a0 ab; rewrite ler_expn2r ?nnegrE // (le_trans a0). Qed.

(* the numerical condition: a small excess risk makes the bound 2/mu sqrt(G De0) on the path at most
   C5/L *)
Lemma small_enough (l mu1 G De0 C5 q Q a lam Lam : R) : (0 < l)%Re -> (0 < q)%Re -> (0 < Q)%Re ->
  (0 < a)%Re -> (0 < lam)%Re -> (0 < Lam)%Re -> (0 < C5)%Re ->
  mu1 = (4 * lam * q * a)%Re -> G = (4 * Lam * Q * a)%Re ->
    (0 <= De0 <= C5 * C5 * (q * q) / Q * (lam * lam * a) / Lam)%Re ->
  (2 / (l * mu1) * sqrt (G * De0) <= C5 / l)%Re.
Proof.
move=> l0 q0 Q0 a0 lam0 Lam0 C50 -> -> [D0 hD].
have h1 : (4 * Lam * Q * a * De0 <= (2 * C5 * lam * q * a) * (2 * C5 * lam * q * a))%Re.
  have -> : ((2 * C5 * lam * q * a) * (2 * C5 * lam * q * a) = 4 * Lam * Q * a * (C5 * C5 * (q *
    q) / Q * (lam * lam * a) / Lam))%Re by field; lra.
  apply: Rmult_le_compat_l hD; have := Rmult_lt_0_compat _ _ Lam0 Q0; nra.
have p0 : (0 <= 2 * C5 * lam * q * a)%Re by repeat apply: Rmult_le_pos; lra.
have h2 : (sqrt (4 * Lam * Q * a * De0) <= 2 * C5 * lam * q * a)%Re.
  by rewrite -(sqrt_square _ p0); apply: sqrt_le_1_alt.
have m0 : (0 < 4 * lam * q * a)%Re by repeat apply: Rmult_lt_0_compat; lra.
have i0 : (0 < 2 / (l * (4 * lam * q * a)))%Re by apply: Rdiv_lt_0_compat;
  [lra|exact: Rmult_lt_0_compat].
apply: Rle_trans (Rmult_le_compat_l _ _ _ (Rlt_le _ _ i0) h2) _.
by apply: Req_le; field; lra.
Qed.

Section Sharp.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (V : layers RR d) (ws : 'cV[RR]_(d 0)) (Mf Mb Lam : RR).
Hypotheses (ws_eq : normal_eq X y ws) (wsE : wprod V w = ws) (hLam : cov_le X Lam) (Lam0 : 0 <=
  Lam).
Hypotheses (Mf0 : 0 <= Mf) (Mb0 : 0 <= Mb).
Hypothesis hf : forall k, (k < L)%N -> opnorm_le (fwd V k) Mf.
Hypothesis hb : forall k, (k < L)%N -> norm (bvec V w k.+1) <= Mb * norm w.

Lemma jvec_le4 D : sqn (jvec V D w) <= L%:R * (Mf * (Mb * norm w)) ^+ 2 * psqn L D.
Proof.
have p0 : 0 <= Mf * (Mb * norm w) by apply: mulr_ge0 => //; apply: mulr_ge0 => //; exact: norm_ge0.
have h : norm (jvec V D w) <= \sum_(k < L) Mf * (Mb * norm w) * norm (D k).
  rewrite jvecE; apply: le_trans (norm_sum _) _; apply: ler_sum => k _.
  apply: le_trans (opnormT Mf0 (hf (ltn_ord k)) _) _; rewrite -[X in _ <= X]mulrA;
    apply: ler_wpmul2l => //.
  apply: le_trans (opnorm_le_frob _ _) _; rewrite {1}/norm sqn_trmx -/(norm _) [X in _ <= X]mulrC.
  by apply: ler_wpmul2l; [exact: norm_ge0|exact: hb].
move: (Mf * (Mb * norm w)) p0 h => p p0 h.
rewrite -norm_sqr; apply: le_trans (_ : (p * \sum_(k < L) norm (D k)) ^+ 2 <= _).
  by apply: sq_mono; [exact: norm_ge0|rewrite mulr_sumr].
rewrite [X in X <= _]exprMn [L%:R * _]mulrC -[X in _ <= X]mulrA; apply: ler_wpmul2l;
  first exact: sqr_ge0.
apply: le_trans (sum_sq _) _; apply: ler_wpmul2l; first exact: ler0n.
by rewrite /psqn; apply: ler_sum => k _; rewrite norm_sqr.
Qed.

Theorem sharp_upper4 (S : R) : is_sharpness X y w V S ->
  (S <= 2 * INR L * Lam * (Mf * Mb * (Mf * Mb)) * (norm w * norm w))%Re.
Proof.
case=> _ lub; apply: lub => v [D [D1 hD]].
rewrite -(is_derive_n_unique _ _ _ _ hD) (is_derive_n_unique _ _ _ _ (second_derivative_min ws_eq
  wsE D)).
have h : n%:R^-1 * sqn (X *m jvec V D w) <= Lam * (L%:R * (Mf * (Mb * norm w)) ^+ 2).
  by apply: le_trans (hLam _) _; apply: ler_wpmul2l => //; have := jvec_le4 D; rewrite D1 mulr1.
have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
have /RleP := h; rewrite e2 expr2 -(INRE L) => h3.
have -> : (2 * INR L * Lam * (Mf * Mb * (Mf * Mb)) * (norm w * norm w) = 2 * (Lam * (INR L * (Mf *
  (Mb * norm w) * (Mf * (Mb * norm w))))))%Re by ring.
by apply: Rmult_le_compat_l => //; lra.
Qed.
End Sharp.

(* the comparison with S_min' = 2 L lam |w|^(2/L) |w*|^(2-2/L) and with the paper's S_min = 2 L lam
   |w*|^(2-2/L) *)
Lemma ratio_corrected (l a b p K lam Lam S : R) : (1 <= l)%Re -> (0 < a)%Re -> (0 < b)%Re ->
  (0 < p)%Re -> (p * a <= b)%Re -> (0 <= K)%Re -> (0 < lam)%Re -> (0 <= Lam)%Re ->
  (S <= 2 * l * Lam * K * (a * a))%Re ->
  (S <= K * Rpower (/ p) (2 - 2 / l) * (Lam / lam) * (2 * l * lam * Rpower a (2 / l) * Rpower b (2 -
    2 / l)))%Re.
Proof.
move=> l1 a0 b0 p0 pab K0 lam0 Lam0 h; apply: Rle_trans h _.
have e0 : (0 <= 2 - 2 / l)%Re.
  have : (2 / l <= 2)%Re by rewrite -[X in (_ <= X)%Re](Rmult_1_r 2); apply: Rmult_le_compat_l;
    [lra|rewrite -Rinv_1; apply: Rinv_le_contravar; lra].
  lra.
have aa : (a * a = Rpower a (2 / l) * Rpower a (2 - 2 / l))%Re.
  rewrite -Rpower_plus (_ : (2 / l + (2 - 2 / l) = INR 2)%Re); last by rewrite /=; lra.
  by rewrite Rpower_pow //=; ring.
have h2 : (Rpower a (2 - 2 / l) <= Rpower (/ p) (2 - 2 / l) * Rpower b (2 - 2 / l))%Re.
  have ip : (0 < / p)%Re by exact: Rinv_0_lt_compat.
  rewrite Rpower_mult_distr //; apply: Rle_Rpower_l => //; split=> //.
  by apply: (Rmult_le_reg_l p) => //; rewrite -Rmult_assoc Rinv_r ?Rmult_1_l //; lra.
have -> : (K * Rpower (/ p) (2 - 2 / l) * (Lam / lam) * (2 * l * lam * Rpower a (2 / l) *
  Rpower b (2 - 2 / l))
  = 2 * l * Lam * K * (Rpower a (2 / l) * (Rpower (/ p) (2 - 2 / l) * Rpower b (2 - 2 /
    l))))%Re by field; lra.
rewrite aa; apply: Rmult_le_compat_l; first by repeat apply: Rmult_le_pos => //; lra.
by apply: Rmult_le_compat_l h2; apply/Rlt_le/exp_pos.
Qed.
Lemma ratio_printed (l a b p K lam Lam S : R) : (1 <= l)%Re -> (0 < a)%Re -> (0 < b)%Re ->
  (0 < p)%Re -> (p * a <= b)%Re -> (0 <= K)%Re -> (0 < lam)%Re -> (0 <= Lam)%Re ->
  (S <= 2 * l * Lam * K * (a * a))%Re ->
  (S <= K / (p * p) * Rpower b (2 / l) * (Lam / lam) * (2 * l * lam * Rpower b (2 - 2 / l)))%Re.
Proof.
move=> l1 a0 b0 p0 pab K0 lam0 Lam0 h; apply: Rle_trans h _.
have bb : (b * b = Rpower b (2 / l) * Rpower b (2 - 2 / l))%Re.
  rewrite -Rpower_plus (_ : (2 / l + (2 - 2 / l) = INR 2)%Re); last by rewrite /=; lra.
  by rewrite Rpower_pow //=; ring.
have -> : (K / (p * p) * Rpower b (2 / l) * (Lam / lam) * (2 * l * lam * Rpower b (2 - 2 / l))
  = 2 * l * Lam * K * (b * b / (p * p)))%Re by rewrite bb; field; nra.
apply: Rmult_le_compat_l; first by repeat apply: Rmult_le_pos => //; lra.
apply: (Rmult_le_reg_r (p * p)); first by nra.
have -> : (b * b / (p * p) * (p * p) = b * b)%Re by field; nra.
have pa : (0 <= p * a)%Re by nra.
have -> : (a * a * (p * p) = (p * a) * (p * a))%Re by ring.
by apply: Rmult_le_compat.
Qed.

Section Thm4.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (W : R -> layers RR d) (ws : 'cV[RR]_(d 0)) (lam Lam mf Mf mb Mb C5 : RR).
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (w_nz : w != 0).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (hLam : cov_le X Lam) (ws_eq : normal_eq X y ws).
Hypotheses (mf0 : 0 < mf) (mb0 : 0 < mb) (Mf0 : 0 < Mf) (Mb0 : 0 < Mb) (C50 : 0 < C5) (Lam0 : 0 <
  Lam).
Hypothesis event : forall V : layers RR d, (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re) ->
  forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) Mf, sigmin_ge (fwd V k) mf,
    norm (bvec V w k.+1) <= Mb * norm w & mb * norm w <= norm (bvec V w k.+1)].

Let De (t : R) : R := (risk X y w (W t) - R1 X y ws)%Re.
Lemma De_identity V : risk X y w V - R1 X y ws = n%:R^-1 * sqn (X *m (ws - wprod V w)).
Proof. by rewrite /risk (lemma8_identity ws_eq) addrC addKr. Qed.
Let De0 t : (0 <= De t)%Re.
Proof. by apply/RleP; rewrite /De RminusE De_identity mulr_ge0 ?nV_ge0 ?sqn_ge0. Qed.
Let q : RR := mb ^+ 2 * mf ^+ 2.
Let Q : RR := Mb ^+ 2 * Mf ^+ 2.
(* C_3 of Theorem 4 *)
Definition C3 : R := (C5 * C5 * ((mb * mf) * (mb * mf) * ((mb * mf) * (mb * mf))) / ((Mb * Mf) *
  (Mb * Mf)))%Re.
Hypothesis small : (risk X y w (W 0%Re) - R1 X y ws <= C3 * (lam * lam * sqn w) / Lam)%Re.
Definition rate4 : R := (INR L * (4 * lam * ((mb * mf) * (mb * mf)) * sqn w))%Re.
Let mu1 : R := (4 * lam * ((mb * mf) * (mb * mf)) * sqn w)%Re.
Let G : R := (4 * Lam * ((Mb * Mf) * (Mb * Mf)) * sqn w)%Re.

Lemma grad_bounds4 (V : layers RR d) k : (k < L)%N -> (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re) ->
  (mu1 * (risk X y w V - R1 X y ws)%R <= sqn (gradk X y w V k))%Re /\
  (sqn (gradk X y w V k) <= G * (risk X y w V - R1 X y ws)%R)%Re.
Proof.
move=> kL hV; have [h1 h2 h3 h4] := event hV kL; set g := gradR1 X y (wprod V w).
have e : sqn (gradk X y w V k) = sqn (bvec V w k.+1) * sqn (fwd V k *m g).
  by rewrite /gradk /grad5 -/g -mulmxA -trmx_mul sqn_outer.
have b1 : mb ^+ 2 * sqn w <= sqn (bvec V w k.+1).
  by rewrite -!norm_sqr -exprMn; apply: sq_mono h4; rewrite mulr_ge0 ?norm_ge0 // ltW.
have b2 : sqn (bvec V w k.+1) <= Mb ^+ 2 * sqn w.
  by rewrite -!norm_sqr -exprMn; apply: sq_mono h3; exact: norm_ge0.
have f1 : mf ^+ 2 * sqn g <= sqn (fwd V k *m g).
  by rewrite -!norm_sqr -exprMn; apply: sq_mono (h2 g); rewrite mulr_ge0 ?norm_ge0 // ltW.
have f2 : sqn (fwd V k *m g) <= Mf ^+ 2 * sqn g.
  by rewrite -!norm_sqr -exprMn; apply: sq_mono (h1 g); exact: norm_ge0.
have g1 := lemma8_lower ws_eq (wprod V w) hlam; have g2 := lemma8_upper ws_eq (wprod V w) hLam.
rewrite -/g -/(risk X y w V) in g1 g2; rewrite e.
have a0 : 0 <= mb ^+ 2 * sqn w by rewrite mulr_ge0 ?sqr_ge0 ?sqn_ge0.
split.
- have -> : mu1 = 4%:R * lam * (mb ^+ 2 * sqn w) * mf ^+ 2 by rewrite -alg_mu e4.
  apply/RleP; rewrite RmultE; apply: le_trans (_ : (mb ^+ 2 * sqn w) * (mf ^+ 2 * sqn g) <= _).
    rewrite arr4; apply: ler_wpmul2l => //; apply: ler_wpmul2l => //; exact: sqr_ge0.
  by apply: ler_pmul => //; rewrite mulr_ge0 ?sqr_ge0 ?sqn_ge0.
- have -> : G = 4%:R * Lam * (Mb ^+ 2 * sqn w) * Mf ^+ 2 by rewrite -alg_mu e4.
  apply/RleP; rewrite RmultE; apply: le_trans (_ : (Mb ^+ 2 * sqn w) * (Mf ^+ 2 * sqn g) <= _).
    by apply: ler_pmul; rewrite ?sqn_ge0.
  rewrite arr4; apply: ler_wpmul2l; first by rewrite mulr_ge0 ?sqr_ge0 ?sqn_ge0.
  by apply: ler_wpmul2l => //; exact: sqr_ge0.
Qed.

Let w2 : (0 < sqn w)%Re. Proof. by apply/RltP; rewrite lt_def sqn_eq0 w_nz sqn_ge0. Qed.
Let L0 : (0 < INR L)%Re. Proof. apply: lt_0_INR; exact/ssrnat.ltP. Qed.
Let mbf : (0 < (mb * mf) * (mb * mf))%Re. Proof.
by move/RltP: mb0; move/RltP: mf0 => a b; have := Rmult_lt_0_compat _ _ b a; nra. Qed.
Let Mbf : (0 < (Mb * Mf) * (Mb * Mf))%Re. Proof.
by move/RltP: Mb0; move/RltP: Mf0 => a b; have := Rmult_lt_0_compat _ _ b a; nra. Qed.
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
Proof. by move=> _ h k kL; exact: grad_bounds4 kL h. Qed.
Let hDe t : (0 <= t)%Re -> is_derive De t (- psqn L (gradk X y w (W t)) : RR).
Proof.
move=> t0; have h := energy hW t0; evar_last.
  by apply: (is_derive_minus (fun s => risk X y w (W s) : R) (fun=> R1 X y ws));
    [exact: h|exact: is_derive_const].
by rewrite /minus /plus /opp /zero /= Ropp_0 Rplus_0_r.
Qed.
Let De0' t : (0 <= t)%Re -> (0 <= De t)%Re. Proof. by []. Qed.

(* Theorem 4, deterministic part *)
Theorem theorem4 :
  [/\ (forall t, (0 <= t)%Re -> forall k, (k < L)%N -> (norm (W t k - W 0%Re k) < C5 / INR L)%Re),
      (forall t, (0 <= t)%Re -> (risk X y w (W t) - R1 X y ws <= (risk X y w (W 0%Re) - R1 X y ws) *
        exp (- rate4 * t))%Re),
      (forall k, (k < L)%N -> mlim (fun t => W t k) (Winf W k)) /\
      (forall t, (0 <= t)%Re -> forall k, (k < L)%N -> (norm (Winf W k - W t k)%R <= C5 / INR L *
        exp (- (rate4 / 2) * t))%Re),
      (forall k, (k < L)%N -> (norm (Winf W k - W 0%Re k) <= C5 / INR L)%Re)
    & wprod (Winf W) w = ws /\ forall V, risk X y w (Winf W) <= risk X y w V].
Proof.
have hl k : (k < L)%N -> mlim (fun t => W t k) (Winf W k).
  move=> kL; exact: (@conv_lim d L W (fun t => gradk X y w (W t)) De mu1 G (C5 /
    INR L)%Re hW De0' hDe L_gt0 mu10 G0 r0 hg Bsmall k kL).
have hrisk t : (0 <= t)%Re -> (De t <= De 0 * exp (- rate4 * t))%Re.
  move=> t0; exact: (@conv_risk d L W (fun t => gradk X y w (W t)) De mu1 G (C5 /
    INR L)%Re hW De0' hDe L_gt0 mu10 G0 r0 hg Bsmall t t0).
have wE : wprod (Winf W) w = ws.
  apply: (@mlim_unique _ _ (fun t => wprod (W t) w)).
    by have h := mlimT (mlim_fwd (leqnn L) hl); exact: (mlimM h (@mlim_cst _ _ w)).
  have r4 : (0 < rate4)%Re by apply: Rmult_lt_0_compat.
  apply: (@mlim_exp _ _ (fun t => wprod (W t) w) ws (De 0 / lam)%Re rate4) => //.
    by apply: Rmult_le_pos => //; apply/Rlt_le/Rinv_0_lt_compat.
  move=> t t0; have h1 := hrisk t t0.
  have h2 : (lam * sqn (wprod (W t) w - ws) <= De t)%Re.
    apply/RleP; rewrite RmultE /De RminusE De_identity -sqnN opprB; exact: hlam.
  apply: (Rmult_le_reg_l lam) => //.
  have -> : (lam * (De 0 / lam * exp (- rate4 * t)) = De 0 * exp (- rate4 * t))%Re by field; lra.
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
move=> kL; have [_ _ _ h _] := theorem4; rewrite -normRR; have := h k kL;
  have := normR0 (Winf W k - W 0%Re k); nra.
Qed.

Let nw : (0 < norm w)%Re. Proof. by apply/RltP; rewrite lt_def norm_eq0 w_nz norm_ge0. Qed.
Lemma ws_ge : (mp * norm w <= norm ws)%Re.
Proof. have [_ _ _ _ [<- _]] := theorem4; apply/RleP; exact: event_prod Winf_ball. Qed.
Lemma ws_nz4 : ws != 0.
Proof.
have := ws_ge; have p0 : (0 < mp)%Re by exact/RltP.
move=> h; rewrite -norm_eq0; apply/eqP => z; rewrite z in h.
have h2 : (mp * norm w <= 0)%Re := h. have h3 := Rmult_lt_0_compat _ _ p0 nw; lra.
Qed.

Theorem corollary4 : exists S : R, [/\ is_sharpness X y w (Winf W) S,
   (2 * INR L * lam * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re,
   (S <= 2 * INR L * Lam * (Mf * Mb * (Mf * Mb)) * (norm w * norm w))%Re,
   (S <= (Mf * Mb * (Mf * Mb)) * Rpower (/ mp) (2 - 2 / INR L) * (Lam / lam) * (2 * INR L * lam *
     Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L)))%Re
 & (S <= (Mf * Mb * (Mf * Mb)) / (mp * mp) * Rpower (norm ws) (2 / INR L) * (Lam / lam) * (2 *
   INR L * lam * Rpower (norm ws) (2 - 2 / INR L)))%Re].
Proof.
have [_ _ _ _ [wE _]] := theorem4.
have [S hS] := sharpness_exists ws_eq wE ws_nz4 L_gt0; exists S.
have p0 : (0 < mp)%Re by exact/RltP.
have nws : (0 < norm ws)%Re by have := ws_ge; nra.
have L1 : (1 <= INR L)%Re by have <- : INR 1 = 1%Re; [|apply: le_INR; apply/ssrnat.leP].
have K0 : (0 <= Mf * Mb * (Mf * Mb))%Re by exact: Rle_0_sqr.
have ev k (kL : (k < L)%N) := event Winf_ball kL.
have up : (S <= 2 * INR L * Lam * (Mf * Mb * (Mf * Mb)) * (norm w * norm w))%Re.
  apply: (sharp_upper4 ws_eq wE hLam (ltW Lam0) (ltW Mf0) (ltW Mb0) _ _ hS) => k kL;
    by case: (ev k kL).
split=> //.
- exact (thm2_second ws_eq wE (ltW lam0) hlam ws_nz4 L_gt0 hS).
- exact (ratio_corrected L1 nw nws p0 ws_ge K0 lam0' (Rlt_le _ _ Lam0') up).
- exact (ratio_printed L1 nw nws p0 ws_ge K0 lam0' (Rlt_le _ _ Lam0') up).
Qed.
End Thm4.
