(* Multivariate targets Y (n x d_L), no head: risk |Y^T - W_L ... W_1 X^T|_F^2 / n, its gradient,
   two-sided gradient bounds.
   The multivariate risk is the sum over the output coordinates i of the univariate risks with head
   e_i. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Rows.
Variable R : rcfType.
Definition ee p (i : 'I_p) : 'cV[R]_p := delta_mx i 0.
Lemma trmx_ee m p (A : 'M[R]_(m, p)) (i : 'I_m) (j : 'I_p) : (A^T *m ee i) j 0 = A i j.
Proof. by rewrite /ee -colE !mxE. Qed.
Lemma sum_ee p : \sum_i ee i *m (ee i)^T = 1%:M :> 'M[R]_p.
Proof.
apply/matrixP => a b; rewrite summxE (bigD1 a) //= big1 => [|i ia].
  by rewrite addr0 mxE big_ord1 !mxE !eqxx /= mul1r eq_sym andbT.
by rewrite mxE big_ord1 !mxE eq_sym (negbTE ia) mul0r.
Qed.
Lemma sqn_rows m p (A : 'M[R]_(m, p)) : sqn A = \sum_i sqn (A^T *m ee i).
Proof.
rewrite /sqn /dot; apply: eq_bigr => i _; rewrite [RHS](eq_bigr (fun j => A i j * A i j)) // => j _.
by rewrite big_ord1 !trmx_ee.
Qed.
Lemma sqn_cols m p (A : 'M[R]_(m, p)) : sqn A = \sum_j sqn (A *m ee j).
Proof. by rewrite -sqn_trmx sqn_rows trmxK. Qed.
(* |A B|_F <= |A|_2 |B|_F and |A B|_F >= sigma_min(A) |B|_F *)
Lemma sqn_mul_le m p q (A : 'M[R]_(m, p)) (B : 'M[R]_(p, q)) c : opnorm_le A c ->
  sqn (A *m B) <= c ^+ 2 * sqn B.
Proof.
move=> h; rewrite [sqn (A *m B)]sqn_cols (sqn_cols B) mulr_sumr; apply: ler_sum => j _.
rewrite -mulmxA -!norm_sqr -exprMn; have h1 := h (B *m ee j).
by rewrite ler_expn2r ?nnegrE ?norm_ge0 ?(le_trans (norm_ge0 _) h1).
Qed.
Lemma sqn_mul_ge m p q (A : 'M[R]_(m, p)) (B : 'M[R]_(p, q)) c : 0 <= c -> sigmin_ge A c ->
  c ^+ 2 * sqn B <= sqn (A *m B).
Proof.
move=> c0 h; rewrite [sqn (A *m B)]sqn_cols (sqn_cols B) mulr_sumr; apply: ler_sum => j _.
rewrite -mulmxA -!norm_sqr -exprMn; have h1 := h (B *m ee j).
by rewrite ler_expn2r ?nnegrE ?norm_ge0 ?mulr_ge0 ?norm_ge0.
Qed.
End Rows.

Section Multi.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (X : 'M[R]_(n, d 0)) (L : nat) (Y : 'M[R]_(n, d
  L)).
Implicit Types (W D : layers R d) (A : 'M[R]_(d L, d 0)).
Notation e := (@ee R (d L)).

(* W_L ... W_{k+1}: its transpose applied to a head is bvec *)
Definition top W k : 'M[R]_(d L, d k) := \matrix_(i, j) (bvec W (e i) k) j 0.
Lemma top_ee W k (i : 'I_(d L)) : (top W k)^T *m e i = bvec W (e i) k.
Proof. by apply/matrixP => j z; rewrite (ord1 z) trmx_ee mxE. Qed.
Lemma top_last W : top W L = 1%:M.
Proof.
apply/matrixP => i j; rewrite mxE; have := @bvec_last R d W L (e i) => ->.
by rewrite !mxE eqxx andbT eq_sym.
Qed.
Lemma top_step W k : (k < L)%N -> top W k = top W k.+1 *m W k.
Proof.
move=> kL; apply/matrixP => i j; rewrite !mxE bvec_step // mxE; apply: eq_bigr => l _.
by rewrite !mxE mulrC.
Qed.
Lemma topE W (w : 'cV[R]_(d L)) k : (k <= L)%N -> (top W k)^T *m w = bvec W w k.
Proof.
move=> kL; suff H j : (j <= L)%N -> (top W (L - j))^T *m w = bvec W w (L - j).
  by have := H _ (leq_subr k L); rewrite subKn.
elim: j => [|j IH] jL.
  by rewrite subn0 top_last trmx1 mul1mx bvec_last.
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL (leq_ltn_trans _ jL).
have eq1 : (L - j.+1).+1 = (L - j)%N by rewrite -subSn.
by rewrite top_step // bvec_step // trmx_mul -mulmxA; congr (_ *m _); rewrite eq1;
  exact: IH (ltnW jL).
Qed.
Lemma top_fwd W k : (k <= L)%N -> top W k *m fwd W k = fwd W L.
Proof.
move=> kL; suff H j : (j <= L)%N -> top W (L - j) *m fwd W (L - j) = fwd W L.
  by have := H _ (leq_subr k L); rewrite subKn.
elim: j => [|j IH] jL.
  by rewrite subn0 top_last mul1mx.
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL (leq_ltn_trans _ jL).
have eq1 : (L - j.+1).+1 = (L - j)%N by rewrite -subSn.
rewrite top_step // -mulmxA; have -> : W (L - j.+1)%N *m fwd W (L - j.+1) = fwd W (L -
  j.+1).+1 by [].
by rewrite eq1; exact: IH (ltnW jL).
Qed.

(* the risk of a linear map A and of the network *)
Definition Rm A : R := n%:R^-1 * sqn (Y^T - A *m X^T).
Definition Gm A : 'M[R]_(d L, d 0) := - (2%:R / n%:R) *: ((Y^T - A *m X^T) *m X).
Definition riskm W : R := Rm (fwd W L).
Definition gradm W k : 'M[R]_(d k.+1, d k) := (top W k.+1)^T *m Gm (fwd W L) *m (fwd W k)^T.
(* As solves the normal equations: X^T Y = X^T X As^T *)
Definition normal_eqm (As : 'M[R]_(d L, d 0)) := X^T *m Y = X^T *m X *m As^T.

Lemma res_ee A i : (Y^T - A *m X^T)^T *m e i = Y *m e i - X *m (A^T *m e i).
Proof. by rewrite linearB /= trmxK trmx_mul trmxK mulmxBl mulmxA. Qed.
Lemma Rm_sum A : Rm A = \sum_i R1 X (Y *m e i) (A^T *m e i).
Proof. by rewrite /Rm sqn_rows mulr_sumr; apply: eq_bigr => i _; rewrite res_ee. Qed.
Lemma Gm_ee A i : (Gm A)^T *m e i = gradR1 X (Y *m e i) (A^T *m e i).
Proof. by rewrite /Gm /gradR1 linearZ /= trmx_mul -scalemxAl -mulmxA res_ee. Qed.
Lemma Gm_sum A : sqn (Gm A) = \sum_i sqn (gradR1 X (Y *m e i) (A^T *m e i)).
Proof. by rewrite sqn_rows; apply: eq_bigr => i _; rewrite Gm_ee. Qed.
(* the multivariate risk is the sum of the univariate ones, and so is its gradient *)
Lemma riskm_sum W : riskm W = \sum_i risk X (Y *m e i) (e i) W.
Proof. by rewrite /riskm Rm_sum. Qed.
Lemma gradm_sum W k : (k < L)%N -> gradm W k = \sum_i grad5 W (e i) (gradR1 X (Y *m e i) (wprod W (e
  i))) k.
Proof.
move=> kL; rewrite /gradm -[X in X *m Gm _]mulmx1 -(sum_ee R) mulmx_sumr !mulmx_suml;
  apply: eq_bigr => i _.
by rewrite /grad5 -(topE W (e i) kL) /wprod -Gm_ee trmx_mul trmxK !mulmxA.
Qed.

Section Star.
Variables (As : 'M[R]_(d L, d 0)).
Hypothesis As_eq : normal_eqm As.
Lemma normal_ee i : normal_eq X (Y *m e i) (As^T *m e i).
Proof. by rewrite /normal_eq mulmxA As_eq -mulmxA. Qed.
Lemma excess_m A : Rm A - Rm As = n%:R^-1 * sqn ((As - A) *m X^T).
Proof.
rewrite !Rm_sum -sumrB sqn_rows mulr_sumr; apply: eq_bigr => i _.
rewrite (lemma8_identity (normal_ee i) (A^T *m e i)) addrC addKr; congr (_ * sqn _).
by rewrite trmx_mul trmxK [(As - A)^T]linearB /= -mulmxA mulmxBl.
Qed.
Lemma excess_ge0 A : 0 <= Rm A - Rm As.
Proof. by rewrite excess_m mulr_ge0 ?nV_ge0 ?sqn_ge0. Qed.
Lemma excess_lam A lam : cov_ge X lam -> lam * sqn (A - As) <= Rm A - Rm As.
Proof.
move=> hl; rewrite excess_m -sqnN opprB sqn_rows (sqn_rows ((As - A) *m X^T)) !mulr_sumr;
  apply: ler_sum => i _.
by rewrite trmx_mul trmxK -mulmxA; exact: hl.
Qed.
Lemma lemma8m_lower A lam : cov_ge X lam -> 4%:R * lam * (Rm A - Rm As) <= sqn (Gm A).
Proof.
move=> hl; rewrite !Rm_sum -sumrB Gm_sum mulr_sumr; apply: ler_sum => i _;
  exact: (lemma8_lower (normal_ee i) (A^T *m e i) hl).
Qed.
Lemma lemma8m_upper A Lam : cov_le X Lam -> sqn (Gm A) <= 4%:R * Lam * (Rm A - Rm As).
Proof.
move=> hl; rewrite !Rm_sum -sumrB Gm_sum mulr_sumr; apply: ler_sum => i _;
  exact: (lemma8_upper (normal_ee i) (A^T *m e i) hl).
Qed.

(* the paper's two bounds on the gradient in the multivariate case *)
Theorem gradm_bounds W k lam Lam mf Mf mb Mb : cov_ge X lam -> cov_le X Lam -> 0 <= lam ->
  0 <= mf -> 0 <= mb -> 0 <= Mf -> 0 <= Mb ->
  opnorm_le (fwd W k) Mf -> sigmin_ge (fwd W k) mf -> opnorm_le (top W k.+1)^T Mb ->
    sigmin_ge (top W k.+1)^T mb ->
  4%:R * lam * ((mb * mf) * (mb * mf)) * (riskm W - Rm As) <= sqn (gradm W k) /\
  sqn (gradm W k) <= 4%:R * Lam * ((Mb * Mf) * (Mb * Mf)) * (riskm W - Rm As).
Proof.
move=> hl hL l0 mf0 mb0 Mf0 Mb0 h1 h2 h3 h4; set G := Gm (fwd W L).
have eT : sqn (G *m (fwd W k)^T) = sqn (fwd W k *m G^T) by rewrite -sqn_trmx trmx_mul trmxK.
have g1 := lemma8m_lower (fwd W L) hl; have g2 := lemma8m_upper (fwd W L) hL;
  rewrite -/G -/(riskm W) in g1 g2.
have b0 : 0 <= mb ^+ 2 * mf ^+ 2 by rewrite mulr_ge0 ?sqr_ge0.
have B0 : 0 <= Mb ^+ 2 * Mf ^+ 2 by rewrite mulr_ge0 ?sqr_ge0.
rewrite /gradm -/G -mulmxA; split.
- apply: le_trans (sqn_mul_ge _ mb0 h4); rewrite eT.
  apply: le_trans (ler_wpmul2l (sqr_ge0 mb) (sqn_mul_ge G^T mf0 h2));
    rewrite sqn_trmx [X in _ <= X]mulrA.
  have -> : 4%:R * lam * ((mb * mf) * (mb * mf)) * (riskm W - Rm As) = mb ^+ 2 * mf ^+ 2 * (4%:R *
    lam * (riskm W - Rm As)) by ring.
  exact: ler_wpmul2l.
- apply: le_trans (sqn_mul_le _ h3) _; rewrite eT.
  apply: le_trans (ler_wpmul2l (sqr_ge0 Mb) (sqn_mul_le G^T h1)) _;
    rewrite sqn_trmx [X in X <= _]mulrA.
  have -> : 4%:R * Lam * ((Mb * Mf) * (Mb * Mf)) * (riskm W - Rm As) = Mb ^+ 2 * Mf ^+ 2 * (4%:R *
    Lam * (riskm W - Rm As)) by ring.
  exact: ler_wpmul2l.
Qed.
End Star.
End Multi.
