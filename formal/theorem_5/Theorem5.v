(* Theorem 5 (multivariate targets, no head): deterministic part, and in probability with constants
   that depend on s only. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import RealFacts Linalg Lemma9 PolynomialFunction Network Risk Lemma8
  PolynomialDerivative Derivative GradientFlow Lemma1 Energy RealPower Sharpness Theorem2 Limit
  Corollary2 Continuation UpperExpectation Gaussian Tails GaussianLayer FixedStart NetArgument
  Lemma3Constants Net Lemma3 Theorem4Event Rearrange Convergence Theorem4 Theorem4Probability
  Multivariate.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Flow.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (L : nat) (Y : 'M[RR]_(n, d L)).
Notation e := (@ee RR (d L)).

(* gradm is the gradient of riskm: directional derivatives *)
Theorem gradm_correct (W D : layers RR d) :
  is_derive (fun t : R => riskm X Y (move W t D) : R) 0%R (\sum_(k <
    L) dot (gradm X Y W k) (D k) : RR).
Proof.
apply: (is_derive_ext (fun t : R => \sum_i risk X (Y *m e i) (e i) (move W t D) : R)) => [t|];
  first by rewrite riskm_sum.
have h := @is_derive_sum _ (index_enum _) (fun (i : 'I_(d L)) (t : R) => risk X (Y *m e i) (e i)
  (move W t D) : R) 0%R _
  (fun i => grad_correct X (Y *m e i) (e i) W D).
evar_last; first exact: h.
rewrite exchange_big; apply: eq_bigr => k _; rewrite (gradm_sum _ _ _ (ltn_ord k)) [RHS]dotC
  dot_sumr.
by apply: eq_bigr => i _; exact: dotC.
Qed.

Definition gradient_flowm (W : R -> layers RR d) :=
  forall t, (0 <= t)%Re -> forall k, (k < L)%N -> mderive (fun s => W s k) t (- gradm X Y (W t) k).

Theorem energym (W : R -> layers RR d) : gradient_flowm W -> forall t, (0 <= t)%Re ->
  is_derive (fun s => riskm X Y (W s) : R) t (- psqn L (gradm X Y (W t)) : RR).
Proof.
move=> hW t t0.
apply: (is_derive_ext (fun s : R => \sum_i risk X (Y *m e i) (e i) (W s) : R)) => [s|];
  first by rewrite riskm_sum.
have h := @is_derive_sum _ (index_enum _) (fun (i : 'I_(d L)) (s : R) => risk X (Y *m e i) (e i) (W
  s) : R) t _
  (fun i => @is_derive_risk d n X (Y *m e i) L (e i) W (fun k => -
    gradm X Y (W t) k) t (fun k kL => hW t t0 k kL)).
evar_last; first exact: h.
rewrite exchange_big /psqn -sumrN; apply: eq_bigr => k _;
  rewrite -dotNr [in RHS]dotC [X in dot _ X](gradm_sum _ _ _ (ltn_ord k)) dot_sumr.
by apply: eq_bigr => i _; exact: dotC.
Qed.

Section Thm5.
Variables (W : R -> layers RR d) (As : 'M[RR]_(d L, d 0)) (lam Lam mf Mf mb Mb C5 : RR).
Hypotheses (hW : gradient_flowm W) (L_gt0 : (0 < L)%N).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (hLam : cov_le X Lam) (As_eq : normal_eqm X Y As).
Hypotheses (mf0 : 0 < mf) (mb0 : 0 < mb) (Mf0 : 0 < Mf) (Mb0 : 0 < Mb) (C50 : 0 < C5) (Lam0 : 0 <
  Lam).
Hypothesis event : forall V : layers RR d, (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re) ->
  forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) Mf, sigmin_ge (fwd V k) mf, opnorm_le (top L V
    k.+1)^T Mb & sigmin_ge (top L V k.+1)^T mb].
Hypothesis small : (riskm X Y (W 0%Re) - Rm X Y As <= C3 mf Mf mb Mb C5 * (lam * lam) / Lam)%Re.

Definition rate5 : R := (INR L * (4 * lam * ((mb * mf) * (mb * mf))))%Re.
Let De (t : R) : R := (riskm X Y (W t) - Rm X Y As)%Re.
Let mu1 : R := (4 * lam * ((mb * mf) * (mb * mf)) * 1)%Re.
Let G : R := (4 * Lam * ((Mb * Mf) * (Mb * Mf)) * 1)%Re.
Let De0 t : (0 <= t)%Re -> (0 <= De t)%Re.
Proof. by move=> _; apply/RleP; rewrite /De RminusE; exact: excess_ge0. Qed.
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
Proof.
apply: (small_enough L0 mbf Mbf Rlt_0_1 lam0' Lam0' C50' erefl erefl); split; first by apply: De0;
  lra.
by rewrite Rmult_1_r; exact: small.
Qed.
Let hg t : (0 <= t)%Re -> (forall k, (k < L)%N -> (sqn (W t k - W 0%Re k) <= (C5 / INR L) * (C5 /
  INR L))%Re) ->
  forall k, (k < L)%N -> (mu1 * De t <= sqn (gradm X Y (W t) k))%Re /\ (sqn (gradm X Y (W t) k) <=
    G * De t)%Re.
Proof.
move=> _ h k kL; have [h1 h2 h3 h4] := event h kL.
have [b1 b2] := gradm_bounds As_eq hlam hLam (ltW lam0) (ltW mf0) (ltW mb0) (ltW Mf0) (ltW Mb0) h1
  h2 h3 h4.
rewrite /mu1 /G !Rmult_1_r -e4; split; by apply/RleP.
Qed.
Let hDe t : (0 <= t)%Re -> is_derive De t (- psqn L (gradm X Y (W t)) : RR).
Proof.
move=> t0; have h := energym hW t0; evar_last.
  by apply: (is_derive_minus (fun s => riskm X Y (W s) : R) (fun=> Rm X Y As));
    [exact: h|exact: is_derive_const].
by rewrite /minus /plus /opp /zero /= Ropp_0 Rplus_0_r.
Qed.

(* Polyak-Lojasiewicz inequality in the ball *)
Theorem PL5 t : (0 <= t)%Re -> (forall k, (k < L)%N ->
  (sqn (W t k - W 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re) ->
  (rate5 * De t <= psqn L (gradm X Y (W t)))%Re.
Proof.
move=> t0 h; apply: (Rle_trans _ (\sum_(k < L) (mu1 * De t)%Re : RR)).
  rewrite sumr_const card_ord -mulr_natl /rate5 /mu1 Rmult_1_r INRE Rmult_assoc; exact: Rle_refl.
by apply/RleP; apply: ler_sum => k _; apply/RleP; case: (hg t0 h (ltn_ord k)).
Qed.

Theorem theorem5 :
  [/\ (forall t, (0 <= t)%Re -> forall k, (k < L)%N -> (norm (W t k - W 0%Re k) < C5 / INR L)%Re),
      (forall t, (0 <= t)%Re -> (riskm X Y (W t) - Rm X Y As <= (riskm X Y (W 0%Re) - Rm X Y As) *
        exp (- rate5 * t))%Re),
      (forall k, (k < L)%N -> mlim (fun t => W t k) (Winf W k)) /\
      (forall t, (0 <= t)%Re -> forall k, (k < L)%N -> (norm (Winf W k - W t k)%R <= C5 / INR L *
        exp (- (rate5 / 2) * t))%Re),
      (forall k, (k < L)%N -> (norm (Winf W k - W 0%Re k) <= C5 / INR L)%Re)
    & fwd (Winf W) L = As /\ forall V, riskm X Y (Winf W) <= riskm X Y V].
Proof.
have r5 : rate5 = (INR L * mu1)%Re by rewrite /rate5 /mu1 Rmult_1_r.
have [stay hrisk hl rate dist] := conv_flow hW De0 hDe L_gt0 mu10 G0 r0 hg Bsmall.
have wE : fwd (Winf W) L = As.
  apply: (@mlim_unique _ _ (fun t => fwd (W t) L)); first exact: (mlim_fwd (leqnn L) hl).
  apply: (mlim_excess lam0' _ _ hrisk); first exact: Rmult_lt_0_compat.
  by move=> t t0; apply/RleP; rewrite RmultE /De RminusE; exact: (excess_lam As_eq _ hlam).
split=> //; rewrite ?r5 //; split=> // V; rewrite /riskm wE -subr_ge0; exact: excess_ge0.
Qed.
End Thm5.
End Flow.

Section Prob.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : (0 < s)%Re) (u0 : (0 < u)%Re).
Notation dd := (fun _ : nat => d).
Definition trains5 (cd3 cd5 cmu : R) (om : Omega) :=
  forall (n : nat) (X Y : 'M[RR]_(n, d)) (As : 'M[RR]_d) (lam Lam : RR) (F : R -> layers RR dd),
  0 < lam -> cov_ge (d := dd) X lam -> cov_le (d := dd) X Lam -> @normal_eqm _ dd n X L Y As ->
  @gradient_flowm dd n X L Y F -> (forall k, (k < L)%N -> F 0%Re k = W d L s om k) ->
  (@riskm _ dd n X L Y (F 0%Re) - @Rm _ dd n X L Y As <= cd3 * (lam * lam) / Lam)%Re ->
  exists V : layers RR dd,
  [/\ (forall k, (k < L)%N -> mlim (fun t => F t k) (V k)),
      (forall t, (0 <= t)%Re -> (@riskm _ dd n X L Y (F t) - @Rm _ dd n X L Y As <=
        (@riskm _ dd n X L Y (F 0%Re) - @Rm _ dd n X L Y As) * exp (- (INR L * (4 * lam * cmu)) *
        t))%Re),
      (forall U, @riskm _ dd n X L Y V <= @riskm _ dd n X L Y U) /\ fwd V L = As
    & (forall k, (k < L)%N -> exists2 th : 'M[RR]_d, V k = W d L s om k +
      (L%:R)^-1 *: th & (norm th <= cd5)%Re)].

Lemma event_trains5 om (M m Mb mb C5 : RR) : 0 < M -> 0 < m -> 0 < Mb -> 0 < mb -> 0 < C5 ->
  layers_event d L s om M m Mb mb C5 -> trains5 (C3 m M mb Mb C5) C5 ((mb * m) * (mb * m))%Re om.
Proof.
move=> M0 m0 Mb0 mb0 c0 event n X Y As lam Lam F lam0 hl hL we gf F0 small.
have d0 : (0 < d)%N by exact: leq_trans d4.
have v0 : (delta_mx (Ordinal d0) 0 : 'cV[RR]_d) != 0.
  by apply/eqP => /matrixP/(_ (Ordinal d0) 0); rewrite !mxE !eqxx => /eqP; rewrite oner_eq0.
have Lam0 : 0 < Lam := cov_gt0 hl hL v0 lam0.
have ev (V : layers RR dd) : (forall k, (k < L)%N ->
  (sqn (V k - F 0%Re k) <= (C5 / INR L) * (C5 / INR L))%Re) -> forall k, (k < L)%N ->
  [/\ opnorm_le (fwd V k) M, sigmin_ge (fwd V k) m, opnorm_le (@top _ dd L V k.+1)^T Mb &
    sigmin_ge (@top _ dd L V k.+1)^T mb].
  move=> hV k kL; have h x := (event _ F0 V hV x).1 k kL.
  have [h1 h2 _ _] := h 0; split=> // x; have [_ _ h3 h4] := h x;
    by rewrite (@topE _ dd L V x k.+1 kL).
have [_ hrisk [hlim _] hd [wE hmin]] := @theorem5 dd n X L Y F As lam Lam _ _ _ _ C5 gf L0
  lam0 hl hL we m0 mb0 M0 Mb0 c0 Lam0 ev small.
exists (Winf F); split; [exact: hlim|exact: hrisk|by []|].
by move=> k kL; apply: theta_of; rewrite // -F0 //; exact: hd.
Qed.

Lemma good_trains5 om : good d L s u om -> trains5 (C3c s u) (C5c s u) (/ Mc s u ^ 6)%Re om.
Proof.
move=> g; rewrite -(C3c_eq s u0) -(rate_c s u0); have M0 := Mc_gt0 s u0.
have m0 := Mc_inv_gt0 s u0.
exact: event_trains5 M0 m0 (exprn_gt0 2 M0) (exprn_gt0 2 m0) (C5c_gt0 s u) (good_event d4 L0 u0 g).
Qed.
End Prob.

Lemma closed5 s d L om : (0 < s)%Re -> (4 <= d)%N -> (0 < L)%N -> good d L s (us s) om ->
  trains5 d L s (c3 s) (c5 s) (cmu s) om.
Proof.
move=> s0 d4 L0 g; have u0 : (0 < us s)%Re by rewrite /us; nra.
by rewrite /c3 -C3c_closed -cmu_eq; exact: good_trains5.
Qed.

(* Theorem 5 with constants that depend on s only *)
Theorem theorem5_probability s : (0 < s)%Re -> forall d L : nat,
  ((us s / 0.43) ^ 2 <= INR L)%Re -> (4 <= INR d)%Re ->
  pr (Uall d L) (fun om => ~ trains5 d L s (exp (- 13 * s ^ 2 - 26 * us s) / 2 ^ 48) (exp (- 2 *
    s ^ 2 - 4 * us s) / 64) (exp (- 3 * s ^ 2 - 6 * us s) / 2 ^ 12) om)%Re
     (5 * exp (- ((22 * s + 6) ^ 2 / 32 * INR d)))%Re.
Proof.
move=> s0 d L hL hd; have [u0 d4 L0 hu ek] := range_s s0 hL hd.
rewrite -/(c4 s) -ek; apply: pr_mono (lemma3_sharp d4 L0 s0 (Rle_refl _) hu) => [om nt g|];
  last exact: Rle_refl.
by apply: nt; exact: closed5.
Qed.
