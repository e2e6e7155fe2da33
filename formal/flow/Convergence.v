(* Gradient flows with a two-sided gradient bound on a ball: the flow stays in the ball, the excess
   decays exponentially, the
   path has finite length and a limit, at an explicit rate.  Used for Theorem 4 (head w) and Theorem
   5 (multivariate targets). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import OperatorNorm Linalg PolynomialFunction Network Risk Lemma8
  PolynomialDerivative Derivative GradientFlow Lemma1 Energy Limit Corollary2 Continuation.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma path_len m n (F dF : R -> 'M[RR]_(m, n)) s t c nu : (0 < nu)%Re -> (0 <= c)%Re ->
  (s <= t)%Re ->
  (forall u, (s <= u <= t)%Re -> mderive F u (dF u)) ->
  (forall u, (s <= u <= t)%Re -> (norm (dF u) <= c * exp (- nu * u))%Re) ->
  (norm (F t - F s)%R <= c / nu * (exp (- nu * s) - exp (- nu * t)))%Re.
Proof.
move=> nu0 c0 st hF hd; set D := F t - F s; set N := norm D.
have N0 : (0 <= N)%Re := normR0 D.
pose Ph u := (dot (F u) D + N * (c / nu) * exp (- nu * u))%Re.
have hD u : (s <= u <= t)%Re -> is_derive (fun v => dot (F v) D : R) u (dot (dF u) D : RR).
  move=> hu; apply: is_derive_sum => i; apply: is_derive_sum => j.
  have := is_derive_scal_l (fun v => F v i j : R) u _ (D i j : R) (hF u hu i j); by apply.
have h5 : (Ph t <= Ph s)%Re.
  apply: (@noninc_ab Ph (fun u => dot (dF u) D - N * (c * exp (- nu * u)))%Re) => // u hu.
    have h1 := hD u hu; evar_last.
      apply: is_derive_plus; first exact: h1.
      by auto_derive.
    by rewrite /plus /=; field; lra.
  have h1 : (dot (dF u) D <= norm (dF u) * N)%Re by apply/RleP; exact: CS.
  have := hd u hu; nra.
rewrite /Ph in h5.
have h6 : (dot (F t) D - dot (F s) D = N * N)%Re by rewrite normRR /sqn {3}/D dotDl dotNl.
have e0 : (0 <= exp (- nu * s) - exp (- nu * t))%Re.
  have [lt|->] := st; last lra.
  have : (exp (- nu * t) < exp (- nu * s))%Re by apply: exp_increasing; nra.
  lra.
have cn : (0 <= c / nu)%Re by apply: Rmult_le_pos => //; apply/Rlt_le/Rinv_0_lt_compat.
have h7 : (N * N <= N * (c / nu * (exp (- nu * s) - exp (- nu * t))))%Re by nra.
have [Np|<-] := N0; last by nra.
exact: Rmult_le_reg_l h7.
Qed.

Lemma mlimB m n (F G : R -> 'M[RR]_(m, n)) A B : mlim F A -> mlim G B ->
  mlim (fun s => F s - G s) (A - B).
Proof.
move=> hF hG i j; rewrite !mxE.
apply: (is_lim_ext (fun s => (F s i j - G s i j)%Re)) => [s|]; first by rewrite !mxE.
exact: is_lim_minus'.
Qed.
Lemma mlim_sqn m n (F : R -> 'M[RR]_(m, n)) A : mlim F A ->
  is_lim (fun t => sqn (F t) : R) p_infty (Finite (sqn A)).
Proof.
move=> h; apply: is_lim_sum => i; apply: is_lim_sum => j.
by have := is_lim_mult _ _ _ _ _ (h i j) (h i j) I; apply.
Qed.
Lemma mlim_norm_le m n (F : R -> 'M[RR]_(m, n)) A (c : R) T : (0 <= c)%Re -> mlim F A ->
  (forall t, (T <= t)%Re -> (norm (F t) <= c)%Re) -> (norm A <= c)%Re.
Proof.
move=> c0 hF h.
have hev : Rbar_locally p_infty (fun t => (sqn (F t) <= c * c)%Re).
  by exists T => t Tt; rewrite -normRR; have := h t ltac:(lra); have := normR0 (F t); nra.
have := is_lim_le_loc (fun t => sqn (F t) : R) (fun=> (c * c)%Re) p_infty (Finite (sqn A)) (Finite
  (c * c)%Re) hev (mlim_sqn hF) (is_lim_const _ _).
by rewrite /= -normRR; have := normR0 A; nra.
Qed.
Lemma mlim_unique m n (F : R -> 'M[RR]_(m, n)) A B : mlim F A -> mlim F B -> A = B.
Proof.
move=> hA hB; apply/matrixP => i j; have := is_lim_unique _ _ _ (hA i j);
  rewrite (is_lim_unique _ _ _ (hB i j)); by case.
Qed.
(* a matrix path at exponentially decreasing distance of A converges to A *)
Lemma mlim_exp m n (F : R -> 'M[RR]_(m, n)) A (K nu : R) : (0 <= K)%Re -> (0 < nu)%Re ->
  (forall t, (0 <= t)%Re -> (sqn (F t - A) <= K * exp (- nu * t))%Re) -> mlim F A.
Proof.
move=> K0 nu0 h i j; apply/is_lim_spec => ep; have e0 := cond_pos ep.
have ep2 : (0 < ep * ep)%Re by nra.
have [M [M1 hM]] := exp_small K0 nu0 ep2.
exists M => t Mt; have h1 := hM t ltac:(lra); have h2 := h t ltac:(lra).
set D := F t - A in h2.
have h3 : (D i j * D i j <= sqn D)%Re by apply/RleP; rewrite RmultE -expr2; exact: entry_sq.
have zE : D i j = (F t i j - A i j)%Re by rewrite [LHS]mxE [X in _ + X]mxE.
have -> : (F t i j - A i j)%Re = D i j by rewrite zE.
clear zE; move: (D i j : R) (sqn D : R) h2 h3 => z q h2 h3.
have h4 : (z * z < ep * ep)%Re by apply: Rle_lt_trans h3 (Rle_lt_trans _ _ _ h2 h1).
apply: Rabs_def1; nra.
Qed.

(* where the excess De bounds the distance to A from above, an exponential decay gives the limit *)
Lemma mlim_excess m n (F : R -> 'M[RR]_(m, n)) A (De : R -> R) (lam nu : R) : (0 < lam)%Re ->
  (0 < nu)%Re -> (forall t, (0 <= t)%Re -> (lam * sqn (F t - A) <= De t)%Re) ->
  (forall t, (0 <= t)%Re -> (De t <= De 0 * exp (- nu * t))%Re) -> mlim F A.
Proof.
move=> l0 nu0 hF hDe; have D0 : (0 <= De 0)%Re.
  apply: Rle_trans (hF 0%Re (Rle_refl 0)); apply: Rmult_le_pos; first exact: Rlt_le.
  by apply/RleP; exact: sqn_ge0.
apply: (@mlim_exp _ _ F A (De 0 / lam)%Re nu) => //.
  by apply: Rmult_le_pos => //; exact/Rlt_le/Rinv_0_lt_compat.
move=> t t0; apply: (Rmult_le_reg_l lam) => //.
have -> : (lam * (De 0 / lam * exp (- nu * t)) = De 0 * exp (- nu * t))%Re by field; lra.
exact: Rle_trans (hF t t0) (hDe t t0).
Qed.

Section Conv.
Variables (d : nat -> nat) (L : nat) (W g : R -> layers RR d) (De : R -> R) (mu1 G r : R).
Hypothesis hW : forall t, (0 <= t)%Re -> forall k, (k < L)%N ->
  mderive (fun s => W s k) t (- g t k).
Hypothesis De_ge0 : forall t, (0 <= t)%Re -> (0 <= De t)%Re.
Hypothesis hDe : forall t, (0 <= t)%Re -> is_derive De t (- psqn L (g t) : RR).
Hypotheses (L_gt0 : (0 < L)%N) (mu10 : (0 < mu1)%Re) (G0 : (0 <= G)%Re) (r0 : (0 < r)%Re).
Hypothesis hg : forall t, (0 <= t)%Re -> (forall k, (k < L)%N ->
  (sqn (W t k - W 0%Re k) <= r * r)%Re) ->
  forall k, (k < L)%N -> (mu1 * De t <= sqn (g t k))%Re /\ (sqn (g t k) <= G * De t)%Re.
Let mu : R := (INR L * mu1)%Re.
Let B : R := (2 / mu * sqrt (G * De 0))%Re.
Hypothesis small : (B <= r)%Re.

Let mu0 : (0 < mu)%Re.
Proof. apply: Rmult_lt_0_compat => //; apply: lt_0_INR; exact/ssrnat.ltP. Qed.
Let c : R := sqrt (G * De 0).
Let c0 : (0 <= c)%Re := sqrt_pos _.
Let cc : (c * c = G * De 0)%Re.
Proof. apply: sqrt_sqrt; apply: Rmult_le_pos => //; apply: De_ge0; lra. Qed.
Let eB : (c / (mu / 2) = B)%Re. Proof. by rewrite /B /c; field; lra. Qed.
Let B0 : (0 <= B)%Re.
Proof. by rewrite -eB; apply: Rmult_le_pos => //; apply/Rlt_le/Rinv_0_lt_compat; lra. Qed.

Let inball T := forall k s, (k < L)%N -> (0 <= s <= T)%Re -> (sqn (W s k - W 0%Re k) <= r * r)%Re.

Lemma conv_decay T s : inball T -> (0 <= s <= T)%Re -> (De s <= De 0 * exp (- mu * s))%Re.
Proof.
move=> h [s0 sT]; have := @gronwall De (fun u => - psqn L (g u) : RR) mu 0%Re s;
  rewrite !Rminus_0_r; apply=> //.
  by move=> u [u0 us]; exact: hDe.
move=> u [u0 us]; rewrite Rminus_0_r.
have : (mu * De u <= psqn L (g u))%Re.
  apply: (Rle_trans _ (\sum_(k < L) (mu1 * De u)%Re : RR)).
    rewrite sumr_const card_ord -mulr_natl /mu INRE Rmult_assoc; exact: Rle_refl.
  apply/RleP; apply: ler_sum => k _; apply/RleP; apply: (hg u0 _ (ltn_ord k)).1 => j jL.
  apply: h => //; lra.
rewrite -RoppE; lra.
Qed.

Lemma conv_grad T s k : (k < L)%N -> inball T -> (0 <= s <= T)%Re ->
  (norm (- g s k) <= c * exp (- (mu / 2) * s))%Re.
Proof.
move=> kL h hs; rewrite normN.
have hd := conv_decay h hs; have ep := exp_pos (- (mu / 2) * s).
have ee : (exp (- (mu / 2) * s) * exp (- (mu / 2) * s) = exp (- mu * s))%Re by rewrite -exp_plus;
  congr exp; lra.
have [s0 sT] := hs.
have ng : (norm (g s k) * norm (g s k) <= G * De s)%Re.
  by rewrite normRR; apply: (hg s0 _ kL).2 => j jL; exact: h.
have ng0 := normR0 (g s k).
have : (norm (g s k) * norm (g s k) <= (c * exp (- (mu / 2) * s)) * (c * exp (- (mu / 2) * s)))%Re.
  apply: Rle_trans ng _; have := Rmult_le_compat_l G _ _ G0 hd; nra.
have : (0 <= c * exp (- (mu / 2) * s))%Re by nra.
nra.
Qed.

Lemma conv_path T s t k : (k < L)%N -> inball T -> (0 <= s)%Re -> (s <= t <= T)%Re ->
  (norm (W t k - W s k)%R <= B * (exp (- (mu / 2) * s) - exp (- (mu / 2) * t)))%Re.
Proof.
move=> kL h s0 [st tT]; rewrite -eB; apply: (@path_len _ _ (fun u => W u k) (fun u => - g u k)) =>
  //; first lra.
  by move=> u [su ut]; exact: (hW (Rle_trans _ _ _ s0 su) kL).
by move=> u [su ut]; apply: (conv_grad kL h); lra.
Qed.

Theorem conv_stay t k : (0 <= t)%Re -> (k < L)%N -> (sqn (W t k - W 0%Re k) < r * r)%Re.
Proof.
move: t k; apply: (@bootstrap (fun k t => sqn (W t k - W 0%Re k)) L (r * r)%Re).
- move=> k s kL s0; have := mderiveB (hW s0 kL) (@mderive_cst _ _ (W 0%Re k) s);
  exact: sqn_continuous.
- move=> k kL; rewrite subrr /sqn dot0r; have : (0 <= r * r)%Re by nra. by [].
- move=> T T0 h k kL; have := conv_path kL h (Rle_refl 0) (conj T0 (Rle_refl T)).
  rewrite Rmult_0_r exp_0 -normRR; have := normR0 (W T k - W 0%Re k);
    have := exp_pos (- (mu / 2) * T).
  move: (exp _) (norm _) => e N e0 N0 h1.
  have : (N < r)%Re by have [Bp|Bz] := B0; nra.
  nra.
Qed.
Let allball T : inball T.
Proof. by move=> k s kL [s0 _]; apply: Rlt_le; exact: conv_stay. Qed.

Theorem conv_risk t : (0 <= t)%Re -> (De t <= De 0 * exp (- mu * t))%Re.
Proof. by move=> t0; apply: (conv_decay (@allball t)); lra. Qed.

Lemma conv_cauchy s t k : (k < L)%N -> (0 <= s <= t)%Re ->
  (norm (W t k - W s k)%R <= B * exp (- (mu / 2) * s))%Re.
Proof.
move=> kL [s0 st]; apply: Rle_trans (conv_path kL (@allball t) s0 (conj st (Rle_refl t))) _.
by apply: Rmult_le_compat_l => //; have := exp_pos (- (mu / 2) * t); lra.
Qed.

Theorem conv_lim k : (k < L)%N -> mlim (fun t => W t k) (Winf W k).
Proof.
move=> kL i j; rewrite mxE; apply: (exp_cauchy_lim (K := B) (nu := (mu / 2)%Re)) => //; first lra.
move=> s t st; apply: Rle_trans (@conv_cauchy s t k kL _); last by lra.
set D := W t k - W s k.
have zE : (W t k i j - W s k i j)%Re = D i j by rewrite [RHS]mxE [X in _ + X]mxE.
rewrite zE; have h3 : (D i j * D i j <= norm D * norm D)%Re by rewrite normRR; apply/RleP;
  rewrite RmultE -expr2; exact: entry_sq.
have := normR0 D; move=> n0; apply: Rabs_le; split; nra.
Qed.

(* the distance to the limit *)
Theorem conv_rate s k : (k < L)%N -> (0 <= s)%Re ->
  (norm (Winf W k - W s k) <= B * exp (- (mu / 2) * s))%Re.
Proof.
move=> kL s0; apply: (@mlim_norm_le _ _ (fun t => W t k - W s k) _ _ s).
- by apply: Rmult_le_pos => //; apply/Rlt_le/exp_pos.
- by apply: mlimB (conv_lim kL) (@mlim_cst _ _ (W s k)).
- by move=> t st; apply: conv_cauchy.
Qed.
Corollary conv_dist k : (k < L)%N -> (norm (Winf W k - W 0%Re k) <= B)%Re.
Proof. by move=> kL; have := conv_rate kL (Rle_refl 0); rewrite Rmult_0_r exp_0 Rmult_1_r. Qed.
Theorem conv_flow :
  [/\ (forall t, (0 <= t)%Re -> forall k, (k < L)%N -> (norm (W t k - W 0%Re k) < r)%Re),
      (forall t, (0 <= t)%Re -> (De t <= De 0 * exp (- (INR L * mu1) * t))%Re),
      (forall k, (k < L)%N -> mlim (fun t => W t k) (Winf W k)),
      (forall t, (0 <= t)%Re -> forall k, (k < L)%N ->
        (norm (Winf W k - W t k)%R <= r * exp (- (INR L * mu1 / 2) * t))%Re)
    & (forall k, (k < L)%N -> (norm (Winf W k - W 0%Re k) <= r)%Re)].
Proof.
split; [|exact: conv_risk|exact: conv_lim| |].
- move=> t t0 k kL; have := conv_stay t0 kL; rewrite -normRR.
  by have := normR0 (W t k - W 0%Re k); nra.
- move=> t t0 k kL; apply: Rle_trans (conv_rate kL t0) _.
  by apply: Rmult_le_compat_r small; exact/Rlt_le/exp_pos.
by move=> k kL; exact: Rle_trans (conv_dist kL) small.
Qed.
End Conv.
