(* Theorem 4, deterministic part.  On the event that, for all V in the ball max_k |V_k - W_k(0)|_F
   <= r, the partial
   products have norms <= M and smallest singular values >= m (this is what Lemma 3 provides with
   high probability),
   a small initial excess risk keeps the gradient flow in the ball for ever and gives exponential
   decay. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy Limit Corollary2 Rearrange Continuation.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Thm4.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (W : R -> layers RR d) (ws : 'cV[RR]_(d 0)) (lam Lam m M r : RR).
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (w_nz : w != 0).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (hLam : cov_le X Lam) (ws_eq : normal_eq X y ws).
Hypotheses (m0 : 0 < m) (M0 : 0 < M) (r0 : 0 < r) (Lam0 : 0 < Lam).
Hypothesis event : forall V : layers RR d, (forall k, (k < L)%N ->
  sqn (V k - W 0%Re k) <= r ^+ 2) ->
  forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) M, sigmin_ge (fwd V k) m,
    norm (bvec V w k.+1) <= M * norm w & m * norm w <= norm (bvec V w k.+1)].

Let De (t : R) : R := (risk X y w (W t) - R1 X y ws)%Re.
Let De0 t : (0 <= De t)%Re.
Proof. by apply/RleP; rewrite /De /risk RminusE (lemma8_identity ws_eq) addrC addKr mulr_ge0 ?nV_ge0
  ?sqn_ge0. Qed.
Let mu : RR := L%:R * (4%:R * lam * (m ^+ 2 * sqn w) * m ^+ 2).
Let G : RR := 4%:R * Lam * (M ^+ 2 * sqn w) * M ^+ 2.

Lemma grad_bounds (V : layers RR d) k : (k < L)%N -> (forall k, (k < L)%N ->
  sqn (V k - W 0%Re k) <= r ^+ 2) ->
  (4%:R * lam * (m ^+ 2 * sqn w) * m ^+ 2) * (risk X y w V - R1 X y ws) <= sqn (gradk X y w V k) /\
  sqn (gradk X y w V k) <= G * (risk X y w V - R1 X y ws).
Proof.
move=> kL hV; have [h1 h2 h3 h4] := event hV kL; set g := gradR1 X y (wprod V w).
have e : sqn (gradk X y w V k) = sqn (bvec V w k.+1) * sqn (fwd V k *m g).
  by rewrite /gradk /grad5 -/g -mulmxA -trmx_mul sqn_outer.
have sq (a b : RR) : 0 <= a -> a <= b -> a ^+ 2 <= b ^+ 2 by move=> a0 ab;
  rewrite ler_expn2r ?nnegrE // (le_trans a0).
have b1 : m ^+ 2 * sqn w <= sqn (bvec V w k.+1).
  by rewrite -!norm_sqr -exprMn; apply: sq h4; rewrite mulr_ge0 ?norm_ge0 // ltW.
have b2 : sqn (bvec V w k.+1) <= M ^+ 2 * sqn w.
  by rewrite -!norm_sqr -exprMn; apply: sq h3; exact: norm_ge0.
have f1 : m ^+ 2 * sqn g <= sqn (fwd V k *m g).
  by rewrite -!norm_sqr -exprMn; apply: sq (h2 g); rewrite mulr_ge0 ?norm_ge0 // ltW.
have f2 : sqn (fwd V k *m g) <= M ^+ 2 * sqn g.
  by rewrite -!norm_sqr -exprMn; apply: sq (h1 g); exact: norm_ge0.
have g1 := lemma8_lower ws_eq (wprod V w) hlam; have g2 := lemma8_upper ws_eq (wprod V w) hLam.
rewrite -/g -/(risk X y w V) in g1 g2; rewrite e.
have [a0 b0] : 0 <= m ^+ 2 * sqn w /\ 0 <= M ^+ 2 * sqn w by split;
  rewrite mulr_ge0 ?sqr_ge0 ?sqn_ge0.
split.
- apply: le_trans (_ : (m ^+ 2 * sqn w) * (m ^+ 2 * sqn g) <= _).
    rewrite arr4; apply: ler_wpmul2l => //; apply: ler_wpmul2l => //; exact: sqr_ge0.
  by apply: ler_pmul => //; rewrite mulr_ge0 ?sqr_ge0 ?sqn_ge0.
- apply: le_trans (_ : (M ^+ 2 * sqn w) * (M ^+ 2 * sqn g) <= _).
    by apply: ler_pmul; rewrite ?sqn_ge0.
  rewrite /G arr4; apply: ler_wpmul2l => //; apply: ler_wpmul2l => //; exact: sqr_ge0.
Qed.


(* r exceeds the length of the path: sqrt(De(0)) sqrt(Lam) M^2 |w| 4 / mu < r *)
Let B : R := (2 / mu * sqrt (G * De 0))%Re.
Hypothesis small : (B < r)%Re.

Let mu0 : (0 < mu)%Re.
Proof.
have w0 : 0 < sqn w by rewrite lt_def sqn_eq0 w_nz sqn_ge0.
by apply/RltP; rewrite /mu !mulr_gt0 ?exprn_gt0 ?ltr0n.
Qed.
Let G0 : (0 <= G)%Re.
Proof. by apply/RleP; rewrite /G !mulr_ge0 ?sqr_ge0 ?sqn_ge0 ?ler0n // ltW. Qed.
Let r0' : (0 < r)%Re. Proof. exact/RltP. Qed.
Let P (t : R) : R := psqn L (gradk X y w (W t)).

Let inball T := forall k s, (k < L)%N -> (0 <= s <= T)%Re -> (sqn (W s k - W 0%Re k) <= r * r)%Re.
Lemma ball_event T s : inball T -> (0 <= s <= T)%Re -> forall k, (k < L)%N ->
  sqn (W s k - W 0%Re k) <= r ^+ 2.
Proof. by move=> h hs k kL; rewrite expr2; apply/RleP; exact: h. Qed.

Lemma ball_PL T s : inball T -> (0 <= s <= T)%Re -> (mu * De s <= P s)%Re.
Proof.
move=> h hs; apply/RleP.
have : \sum_(k < L) (4%:R * lam * (m ^+ 2 * sqn w) * m ^+ 2 * (risk X y w (W s) - R1 X y ws)) <=
  psqn L (gradk X y w (W s)).
  by apply: ler_sum => k _; case: (grad_bounds (ltn_ord k) (ball_event h hs)).
by rewrite sumr_const card_ord -mulr_natl mulrA.
Qed.

Lemma ball_decay T s : inball T -> (0 <= s <= T)%Re -> (De s <= De 0 * exp (- mu * s))%Re.
Proof.
move=> h [s0 sT]; apply: (PL_decay hW s0) => u [u0 us]; apply: (ball_PL h); lra.
Qed.

Lemma ball_shrink T : (0 <= T)%Re -> inball T -> forall k, (k < L)%N ->
  (sqn (W T k - W 0%Re k) < r * r)%Re.
Proof.
move=> T0 h k kL; set D := W T k - W 0%Re k; set N := norm D.
have N0 : (0 <= N)%Re by apply/RleP; exact: norm_ge0.
have NN : (sqn D = N * N)%Re by rewrite -norm_sqr expr2.
have GD : (0 <= G * De 0)%Re by apply: Rmult_le_pos.
set c := sqrt (G * De 0); have c0 : (0 <= c)%Re := sqrt_pos _.
have cc : (c * c = G * De 0)%Re := sqrt_sqrt _ GD.
(* |grad_k(s)| <= c exp(-mu s/2) *)
have hg s : (0 <= s <= T)%Re -> (- dot (gradk X y w (W s) k) D <= N * (c * exp (- (mu / 2) *
  s)))%Re.
  move=> hs; set g := gradk X y w (W s) k.
  have [_ u] := grad_bounds kL (ball_event h hs).
  have hd := ball_decay h hs; have ep := exp_pos (- (mu / 2) * s).
  have ee : (exp (- (mu / 2) * s) * exp (- (mu / 2) * s) = exp (- mu * s))%Re by rewrite -exp_plus;
    congr exp; lra.
  have ng0 : (0 <= norm g)%Re by apply/RleP; exact: norm_ge0.
  have ng : (norm g * norm g <= G * De s)%Re by apply/RleP;
    rewrite [X in X <= _](_ : _ = sqn g) // -norm_sqr expr2.
  have ng2 : (norm g <= c * exp (- (mu / 2) * s))%Re.
    have : (norm g * norm g <= (c * exp (- (mu / 2) * s)) * (c * exp (- (mu / 2) * s)))%Re.
      apply: Rle_trans ng _; have := Rmult_le_compat_l G _ _ G0 hd; nra.
    have : (0 <= c * exp (- (mu / 2) * s))%Re by nra.
    nra.
  have : (- dot g D <= norm g * N)%Re by apply/RleP; rewrite RoppE -dotNl;
    apply: le_trans (CS _ _) _; rewrite normN.
  nra.
pose Ph s := (dot (W s k) D + N * (2 / mu * c) * exp (- (mu / 2) * s))%Re.
have hd s : (0 <= s)%Re -> is_derive (fun u => dot (W u k) D : R) s (- dot (gradk X y w (W s) k)
  D)%Re.
  move=> s0; rewrite RoppE -dotNl; apply: is_derive_sum => i; apply: is_derive_sum => j.
  have := is_derive_scal_l (fun u => W u k i j : R) s _ (D i j : R) (hW s0 kL i j); by apply.
have : (Ph T <= Ph 0)%Re.
  apply: (@noninc_ab Ph (fun s => - dot (gradk X y w (W s) k) D - N * (c * exp (- (mu / 2) *
    s)))%Re) => // s hs; last by have := hg s hs; lra.
  have h1 := hd s (proj1 hs); evar_last.
    apply: is_derive_plus; first exact: h1.
    by auto_derive.
  by rewrite /plus /=; field; lra.
rewrite /Ph Rmult_0_r exp_0 => h5.
have h6 : (dot (W T k) D - dot (W 0%Re k) D = N * N)%Re.
  by rewrite -NN /sqn {3}/D dotDl dotNl.
have eT := exp_pos (- (mu / 2) * T).
have B0 : (0 <= B)%Re by apply: Rmult_le_pos => //; apply: Rlt_le; apply: Rdiv_lt_0_compat; lra.
have eB : B = (2 / mu * c)%Re by [].
have q0 : (0 <= N * (2 / mu * c))%Re by apply: Rmult_le_pos => //; exact: B0.
have h7 : (N * N <= N * B)%Re by rewrite eB; nra.
have h8 : (N <= B)%Re by nra.
rewrite NN; have := small; nra.
Qed.

(* the flow never leaves the ball, and the risk decays exponentially, for all t >= 0 *)
Theorem theorem4_deterministic t : (0 <= t)%Re ->
  (forall k, (k < L)%N -> (sqn (W t k - W 0%Re k) < r * r)%Re) /\
  (risk X y w (W t) - R1 X y ws <= (risk X y w (W 0%Re) - R1 X y ws) * exp (- mu * t))%Re.
Proof.
have H : forall t k, (0 <= t)%Re -> (k < L)%N -> (sqn (W t k - W 0%Re k) < r * r)%Re.
  apply: (@bootstrap (fun k t => sqn (W t k - W 0%Re k)) L (r * r)%Re).
  - move=> k s kL s0; have := mderiveB (hW s0 kL) (@mderive_cst _ _ (W 0%Re k) s);
    exact: sqn_continuous.
  - move=> k kL; rewrite subrr /sqn dot0r; have : (0 <= r * r)%Re by nra. by [].
  - move=> T T0 h; exact: ball_shrink.
move=> t0; split=> [k kL|]; first exact: H.
by apply: (@ball_decay t t) => [k s kL [s0 _]|]; [apply: Rlt_le; exact: H|lra].
Qed.
End Thm4.
