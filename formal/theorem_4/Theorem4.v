(* Theorem 4, deterministic part, complete; Corollary 4 (corrected lower bound; upper bound,
   corrected and as printed): first when only the product |W_L..W_(k+1)| |W_(k-1)..W_1| is bounded,
   uniformly in k, then with a bound of each factor. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import OperatorNorm Linalg PolynomialFunction Network Risk Lemma8
  PolynomialDerivative Derivative GradientFlow Lemma1 Energy RealPower Sharpness Theorem2 Limit
  Corollary2 FlatMinimiser Rearrange Continuation Convergence.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma e4 : (4%:R : RR) = 4%Re. Proof. by rewrite -INRE /=; lra. Qed.

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

(* a bound of each factor bounds the product *)
Section Factors.
Variables (d : nat -> nat) (L : nat) (w : 'cV[RR]_(d L)) (V : layers RR d) (mf Mf mb Mb : RR).
Hypotheses (mf0 : 0 <= mf) (mb0 : 0 <= mb).
Lemma factors_le k (g : 'cV[RR]_(d 0)) : opnorm_le (fwd V k) Mf ->
  norm (bvec V w k.+1) <= Mb * norm w ->
  sqn (bvec V w k.+1) * sqn (fwd V k *m g) <= ((Mb * Mf) * (Mb * Mf))%Re * sqn w * sqn g.
Proof.
move=> hf hb; rewrite -!RmultE !RmultE factor_sq.
by apply: ler_pmul; rewrite ?sqn_ge0 // -!norm_sqr -exprMn; apply: sq_mono => //; exact: norm_ge0.
Qed.
Lemma factors_ge k (g : 'cV[RR]_(d 0)) : sigmin_ge (fwd V k) mf ->
  mb * norm w <= norm (bvec V w k.+1) ->
  ((mb * mf) * (mb * mf))%Re * sqn w * sqn g <= sqn (bvec V w k.+1) * sqn (fwd V k *m g).
Proof.
move=> hf hb; rewrite !RmultE factor_sq.
by apply: ler_pmul; rewrite ?mulr_ge0 ?sqr_ge0 ?sqn_ge0 // -!norm_sqr -exprMn; apply: sq_mono => //;
  rewrite mulr_ge0 ?norm_ge0.
Qed.
End Factors.

Lemma sharp_upper4 (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w : 'cV[RR]_(d L))
  (V : layers RR d) ws (Mf Mb Lam : RR) : normal_eq X y ws -> wprod V w = ws -> cov_le X Lam ->
  0 <= Lam -> (forall k, (k < L)%N -> opnorm_le (fwd V k) Mf) ->
  (forall k, (k < L)%N -> norm (bvec V w k.+1) <= Mb * norm w) ->
  forall S : R, is_sharpness X y w V S ->
  (S <= 2 * INR L * Lam * (Mf * Mb * (Mf * Mb)) * (norm w * norm w))%Re.
Proof.
move=> ws_eq wsE hLam Lam0 hf hb S.
have -> : (Mf * Mb * (Mf * Mb) = Mb * Mf * (Mb * Mf))%Re by ring.
have q0 : 0 <= ((Mb * Mf) * (Mb * Mf))%Re :> RR by apply/RleP; exact: Rle_0_sqr.
by apply: (sharp_upperQ ws_eq wsE hLam Lam0 q0) => k kL g; exact: factors_le (hf k kL) (hb k kL).
Qed.

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

Section Thm4Q.
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
have [stay hrisk hl rate dist] := conv_flow hW De0' hDe L_gt0 mu10 G0 r0 hg Bsmall.
have wE : wprod (Winf W) w = ws.
  apply: (@mlim_unique _ _ (fun t => wprod (W t) w)).
    by have h := mlimT (mlim_fwd (leqnn L) hl); exact: (mlimM h (@mlim_cst _ _ w)).
  apply: (mlim_excess lam0' _ _ hrisk); first exact: Rmult_lt_0_compat.
  by move=> t t0; apply/RleP; rewrite RmultE /De RminusE De_identityq -sqnN opprB; exact: hlam.
split=> //; split=> // V.
by rewrite /risk wE (lemma8_identity ws_eq (wprod V w)) ler_addl mulr_ge0 ?nV_ge0 ?sqn_ge0.
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
End Thm4Q.

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
Let q : RR := ((mb * mf) * (mb * mf))%Re.
Let Q : RR := ((Mb * Mf) * (Mb * Mf))%Re.
(* C_3 of Theorem 4 *)
Definition C3 : R := (C5 * C5 * ((mb * mf) * (mb * mf) * ((mb * mf) * (mb * mf))) / ((Mb * Mf) *
  (Mb * Mf)))%Re.
Hypothesis small : (risk X y w (W 0%Re) - R1 X y ws <= C3 * (lam * lam * sqn w) / Lam)%Re.
Definition rate4 : R := (INR L * (4 * lam * ((mb * mf) * (mb * mf)) * sqn w))%Re.

Let q0 : 0 < q. Proof. by rewrite /q !RmultE !mulr_gt0. Qed.
Let Q0 : 0 < Q. Proof. by rewrite /Q !RmultE !mulr_gt0. Qed.
Let event_product (V : layers RR d) : (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re) ->
  forall k, (k < L)%N -> forall g : 'cV[RR]_(d 0), q * sqn w * sqn g <= sqn (bvec V w k.+1) *
    sqn (fwd V k *m g) <= Q * sqn w * sqn g.
Proof.
move=> hV k kL g; have [h1 h2 h3 h4] := event hV kL.
by rewrite (factors_ge (ltW mf0) (ltW mb0)) // factors_le.
Qed.

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
exact: (theorem4q hW L_gt0 w_nz lam0 hlam hLam ws_eq q0 Q0 C50 Lam0 event_product small).
Qed.

(* Corollary 4 *)
Variable mp : RR.
Hypothesis mp0 : 0 < mp.
Hypothesis event_prod : forall V : layers RR d, (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re) ->
  mp * norm w <= norm (wprod V w).

Theorem corollary4 : exists S : R, [/\ is_sharpness X y w (Winf W) S,
   (2 * INR L * lam * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re,
   (S <= 2 * INR L * Lam * (Mf * Mb * (Mf * Mb)) * (norm w * norm w))%Re,
   (S <= (Mf * Mb * (Mf * Mb)) * Rpower (/ mp) (2 - 2 / INR L) * (Lam / lam) * (2 * INR L * lam *
     Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L)))%Re
 & (S <= (Mf * Mb * (Mf * Mb)) / (mp * mp) * Rpower (norm ws) (2 / INR L) * (Lam / lam) * (2 *
   INR L * lam * Rpower (norm ws) (2 - 2 / INR L)))%Re].
Proof.
have eQ : (Mf * Mb * (Mf * Mb) = Q)%Re by rewrite /Q; ring.
rewrite eQ.
exact: (corollary4q hW L_gt0 w_nz lam0 hlam hLam ws_eq q0 Q0 C50 Lam0 event_product small mp0
  event_prod).
Qed.
End Thm4.
