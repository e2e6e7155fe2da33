(* Upper bounds of the sharpness at a minimiser: S <= 2 Lam L Q |w|^2 when the products
   |W_L..W_(k+1) w|^2 |W_(k-1)..W_1 g|^2 are at most Q |w|^2 |g|^2, so S <= 2 Lam L c^(2L-2) |w|^2
   when ||W_k||_2 <= c. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import OperatorNorm Linalg PolynomialFunction Network Risk Lemma8
  PolynomialDerivative RealPower Sharpness Theorem2 OperatorBound Balanced.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma sq_mono (a b : RR) : 0 <= a -> a <= b -> a ^+ 2 <= b ^+ 2.
Proof. by move=> a0 ab; rewrite ler_expn2r ?nnegrE // (le_trans a0). Qed.
Lemma sum_sq L (x : 'I_L -> RR) : (\sum_k x k) ^+ 2 <= L%:R * \sum_k x k ^+ 2.
Proof.
pose a : 'rV[RR]_L := const_mx 1; pose b : 'rV[RR]_L := \row_k x k.
have e1 : sqn a = L%:R.
  by rewrite /sqn /dot big_ord1 (eq_bigr (fun=> 1)) => [|k _];
    rewrite ?sumr_const ?card_ord // !mxE mul1r.
have e2 : sqn b = \sum_k x k ^+ 2.
  by rewrite /sqn /dot big_ord1; apply: eq_bigr => k _; rewrite !mxE.
have e3 : dot a b = \sum_k x k.
  by rewrite /dot big_ord1; apply: eq_bigr => k _; rewrite !mxE mul1r.
by rewrite -e1 -e2 -e3 CS2.
Qed.


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

Section Cor3.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (W : layers RR d) (ws : 'cV[RR]_(d 0)) (c Lam : RR).
Hypotheses (ws_eq : normal_eq X y ws) (wsE : wprod W w = ws) (hLam : cov_le X Lam) (Lam0 : 0 <=
  Lam).
Hypotheses (c0 : 0 <= c) (hc : forall k, (k < L)%N -> opnorm_le (W k) c) (L_gt0 : (0 < L)%N).

Lemma opnormT m p (A : 'M[RR]_(m, p)) : opnorm_le A c -> opnorm_le A^T c.
Proof. by move=> h; apply/op2_opnorm => //; apply: op2_trmx (sqr_ge0 _) _; apply/op2_opnorm. Qed.

Lemma fwd_le k (x : 'cV[RR]_(d 0)) : (k <= L)%N -> norm (fwd W k *m x) <= c ^+ k * norm x.
Proof.
elim: k => [|k IH] kL; first by rewrite mul1mx expr0 mul1r.
rewrite /= -mulmxA; apply: le_trans (hc kL _) _.
by rewrite exprS -mulrA; apply: ler_wpmul2l => //; exact: IH (ltnW kL).
Qed.
Lemma bvec_le j : (j <= L)%N -> norm (bvec W w (L - j)) <= c ^+ j * norm w.
Proof.
elim: j => [|j IH] jL; first by rewrite subn0 bvec_last expr0 mul1r.
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL.
rewrite bvec_step //; apply: le_trans (opnormT (hc lt) _) _.
rewrite exprS -mulrA; apply: ler_wpmul2l => //.
by rewrite -subSn // subSS IH // ltnW.
Qed.

Theorem sharp_upper S : is_sharpness X y w W S -> (S : RR) <= 2%:R * (Lam * (L%:R * (c ^+ L.-1 *
  norm w) ^+ 2)).
Proof.
move=> hS; have q0 : 0 <= (c ^+ L.-1) ^+ 2 by exact: sqr_ge0.
have /RleP h : (S <= 2 * INR L * Lam * (c ^+ L.-1) ^+ 2 * (norm w * norm w))%Re.
  apply: (sharp_upperQ ws_eq wsE hLam Lam0 q0 _ hS) => k kL g.
  rewrite -!norm_sqr -!exprMn; apply: sq_mono; first by rewrite mulr_ge0 ?norm_ge0.
  have e : (L.-1 = (L - k.+1) + k)%N by apply/eqP; rewrite -eqSS prednK // addnC -addSn subnKC.
  have := bvec_le (leq_subr k.+1 L); rewrite subKn // => h1.
  rewrite e exprD -mulrA mulrACA; apply: ler_pmul h1 (fwd_le g (ltnW kL)); exact: norm_ge0.
have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
apply: le_trans h _; rewrite e2 -(INRE L) exprMn [norm w ^+ 2]expr2.
apply/RleP/Req_le; rewrite -!RmultE; move: ((c ^+ L.-1) ^+ 2) (norm w) => a b; ring.
Qed.
End Cor3.
