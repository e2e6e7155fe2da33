(* Corollary 3, static part: a minimiser whose layers all have ||W_k||_2 <= (2|w*|)^(1/L) is flat:
   S <= 4 (Lam/lam) S_min.  Also S <= 2 Lam L c^(2L-2) |w|^2 whenever ||W_k||_2 <= c. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Theorem2 OperatorBound Balanced.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Cor3.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (W : layers RR d) (ws : 'cV[RR]_(d 0)) (c Lam : RR).
Hypotheses (ws_eq : normal_eq X y ws) (wsE : wprod W w = ws) (hLam : cov_le X Lam) (Lam0 : 0 <=
  Lam).
Hypotheses (c0 : 0 <= c) (hc : forall k, (k < L)%N -> opnorm_le (W k) c) (L_gt0 : (0 < L)%N).

Lemma opnormT m p (A : 'M[RR]_(m, p)) : opnorm_le A c -> opnorm_le A^T c.
Proof. by move=> h; apply/op2_opnorm => //; apply: op2_trmx (sqr_ge0 _) _; apply/op2_opnorm. Qed.

Lemma fwdT_le k (x : 'cV[RR]_(d k)) : (k <= L)%N -> norm ((fwd W k)^T *m x) <= c ^+ k * norm x.
Proof.
elim: k x => [|k IH] x kL; first by rewrite trmx1 !mul1mx expr0 mul1r.
rewrite /= trmx_mul -mulmxA; apply: le_trans (IH _ (ltnW kL)) _.
rewrite exprSr -mulrA; apply: ler_wpmul2l; first exact: exprn_ge0.
exact: opnormT (hc kL) x.
Qed.
Lemma bvec_le j : (j <= L)%N -> norm (bvec W w (L - j)) <= c ^+ j * norm w.
Proof.
elim: j => [|j IH] jL; first by rewrite subn0 bvec_last expr0 mul1r.
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL.
rewrite bvec_step //; apply: le_trans (opnormT (hc lt) _) _.
rewrite exprS -mulrA; apply: ler_wpmul2l => //.
by rewrite -subSn // subSS IH // ltnW.
Qed.

Lemma sum_sq (x : 'I_L -> RR) : (\sum_k x k) ^+ 2 <= L%:R * \sum_k x k ^+ 2.
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

Lemma jvec_le D : sqn (jvec W D w) <= L%:R * (c ^+ L.-1 * norm w) ^+ 2 * psqn L D.
Proof.
have h : norm (jvec W D w) <= \sum_(k < L) c ^+ L.-1 * norm w * norm (D k).
  rewrite jvecE; apply: le_trans (norm_sum _) _; apply: ler_sum => k _.
  apply: le_trans (fwdT_le _ (ltnW (ltn_ord k))) _.
  have h1 : norm (bvec W w k.+1) <= c ^+ (L - k.+1) * norm w.
    by have := bvec_le (leq_subr k.+1 L); rewrite subKn.
  have h2 : norm ((D k)^T *m bvec W w k.+1) <= norm (D k) * (c ^+ (L - k.+1) * norm w).
    apply: le_trans (opnorm_le_frob _ _) _; rewrite {1}/norm sqn_trmx -/(norm _).
    by apply: ler_wpmul2l h1; exact: norm_ge0.
  have e : (L.-1 = k + (L - k.+1))%N.
    by apply/eqP; rewrite -eqSS prednK // -addSn subnKC.
  apply: le_trans (_ : c ^+ k * (norm (D k) * (c ^+ (L - k.+1) * norm w)) <= _).
    by apply: ler_wpmul2l h2; exact: exprn_ge0.
  by rewrite [in X in _ <= X]e exprD [X in X <= _]mulrCA [X in _ <= X]mulrC -!mulrA.
have p0 : 0 <= c ^+ L.-1 * norm w by apply: mulr_ge0; [exact: exprn_ge0|exact: norm_ge0].
move: (c ^+ L.-1 * norm w) p0 h => p p0 h.
rewrite -norm_sqr; apply: le_trans (_ : (p * \sum_(k < L) norm (D k)) ^+ 2 <= _).
  have q0 : 0 <= \sum_(k < L) norm (D k) by rewrite sumr_ge0 // => k _; exact: norm_ge0.
  by rewrite ler_expn2r ?nnegrE ?norm_ge0 ?(mulr_ge0 p0) // mulr_sumr.
rewrite [X in X <= _]exprMn [L%:R * _]mulrC -[X in _ <= X]mulrA; apply: ler_wpmul2l;
  first exact: sqr_ge0.
apply: le_trans (sum_sq _) _; apply: ler_wpmul2l; first exact: ler0n.
by rewrite /psqn; apply: ler_sum => k _; rewrite norm_sqr.
Qed.

Theorem sharp_upper S : is_sharpness X y w W S -> (S : RR) <= 2%:R * (Lam * (L%:R * (c ^+ L.-1 *
  norm w) ^+ 2)).
Proof.
case=> _ lub; apply/RleP; apply: lub => v [D [D1 hD]].
rewrite -(is_derive_n_unique _ _ _ _ hD) (is_derive_n_unique _ _ _ _ (second_derivative_min ws_eq
  wsE D)).
apply/RleP; rewrite ler_pmul2l ?ltr0n //; apply: le_trans (hLam _) _.
by apply: ler_wpmul2l => //; have := jvec_le D; rewrite D1 mulr1.
Qed.
End Cor3.

(* with |w| = 1 and c = (2|w*|)^(1/L): S <= 4 (Lam/lam) S_min *)
Theorem corollary3_static (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w :
  'cV[RR]_(d L))
  (W : layers RR d) (ws : 'cV[RR]_(d 0%N)) (Lam lam S : R) :
  normal_eq X y ws -> wprod W w = ws -> cov_le X Lam -> (0 < lam)%Re -> (0 <= Lam)%Re ->
    sqn w = 1 ->
  (0 < L)%N -> ws != 0 ->
  (forall k, (k < L)%N -> opnorm_le (W k) (Rpower (2 * norm ws) (1 / INR L))%Re) ->
  is_sharpness X y w W S ->
  (S <= 4 * (Lam / lam) * (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L)))%Re.
Proof.
move=> hws wsE hLam lam0 Lam0 w1 L0 ws0 hc hS.
set c := Rpower _ _ in hc; have c0 : (0 < c)%Re by exact: exp_pos.
have c0' : 0 <= (c : RR) by apply/RleP; exact: Rlt_le.
have /RleP Lam0' := Lam0.
have /RleP := sharp_upper hws wsE hLam Lam0' c0' hc L0 hS.
have nw : norm w = 1 by rewrite /norm w1 sqrtr1.
have wp : (0 < norm ws)%Re by apply/RltP; rewrite lt_def norm_eq0 ws0 norm_ge0.
have L1 : INR L <> 0%Re by apply: not_0_INR => e; move: L0; rewrite e.
have Lp := pos_INR L.
have e : ((c : RR) ^+ L.-1 * norm w) ^+ 2 = (Rpower 2 (2 - 2 / INR L) * Rpower (norm ws) (2 - 2 /
  INR L))%Re.
  rewrite nw mulr1 -exprM mulnC Rpower_expn; last by lra.
  rewrite Rpower_mult_distr; [|lra|done]; congr Rpower;
    rewrite mult_INR (_ : INR L.-1 = (INR L - 1)%Re).
    by rewrite /=; field.
  by rewrite -[in RHS](prednK L0) S_INR; lra.
rewrite e -(INRE L).
set A := Rpower 2 _; set B := Rpower (norm ws) _ => h.
have B0 : (0 < B)%Re by exact: exp_pos.
have A4 : (A <= 4)%Re.
  have -> : 4%Re = Rpower 2 2 by rewrite (Rpower_pow 2 2) /=; lra.
  apply: Rle_Rpower; first lra.
  have : (0 <= 2 / INR L)%Re by apply: Rle_mult_inv_pos; lra.
  lra.
have -> : (4 * (Lam / lam) * (2 * INR L * lam * B) = 2 * (Lam * (INR L * (4 * B))))%Re by field;
  lra.
apply: (Rle_trans _ (2 * (Lam * (INR L * (A * B))))%Re).
  have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
  by rewrite -e2; exact: h.
apply: Rmult_le_compat_l; first lra; apply: Rmult_le_compat_l => //; apply: Rmult_le_compat_l => //.
by apply: Rmult_le_compat_r; lra.
Qed.
