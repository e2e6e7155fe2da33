(* Theorem 2, corrected, in root-free form: a direction of ascent and the inequality of means. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Risk.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (X : 'M[R]_(n, d 0)).

(* Theorem 2, root-free core. *)
Lemma prod_bound (b f : nat -> R) c m : (forall k, 0 <= b k) -> (forall k, 0 <= f k) -> 0 <= c ->
  (forall k, (0 < k <= m)%N -> c <= b k * f k) ->
  b m.+1 * f 0%N * c ^+ m <= \prod_(k < m.+1) (b k.+1 * f k).
Proof.
move=> b0 f0 c0 h.
have -> : \prod_(k < m.+1) (b k.+1 * f k) = b m.+1 * f 0%N * \prod_(k < m) (b k.+1 * f k.+1).
  rewrite !big_split /= big_ord_recr big_ord_recl /=.
  by move: (\prod_(i < m) b _) (\prod_(i < m) f _) (b m.+1) (f 0%N) => *; ring.
rewrite ler_wpmul2l ?mulr_ge0 // -[X in c ^+ X](card_ord m) -prodr_const.
apply: ler_prod => k _; rewrite c0 /= h //.
exact: ltn_ord.
Qed.

Section Dual.
Variables (L : nat) (w : 'cV[R]_(d L)) (W : layers R d) (ws : 'cV[R]_(d 0)).
Hypotheses (wsE : wprod W w = ws) (L_gt0 : (0 < L)%N).

(* the dual form of the Hessian at w_prod: T u = sum_k |b_{k+1}|^2 |A_k u|^2 *)
Definition Tdual (u : 'cV[R]_(d 0)) : R := \sum_(k < L) sqn (bvec W w k.+1) * sqn (fwd W k *m u).
Lemma Tdual_ge0 u : 0 <= Tdual u.
Proof. by apply: sumr_ge0 => k _; rewrite mulr_ge0 ?sqn_ge0. Qed.
Definition Ddual (u : 'cV[R]_(d 0)) : layers R d := fun k => bvec W w k.+1 *m (fwd W k *m u)^T.
Lemma Ddual_sqn u : psqn L (Ddual u) = Tdual u.
Proof. by apply: eq_bigr => k _; rewrite sqn_outer. Qed.
Lemma Ddual_grad u k : Ddual u k = grad5 W w u k.
Proof. by rewrite /Ddual /grad5 trmx_mul mulmxA. Qed.
Lemma dot_Ddual u D : dot u (jvec W D w) = \sum_(k < L) dot (Ddual u k) (D k).
Proof. by rewrite dot_jvec; apply: eq_bigr => k _; rewrite Ddual_grad. Qed.
Lemma dot_Tdual u : dot u (jvec W (Ddual u) w) = Tdual u.
Proof. by rewrite dot_Ddual -Ddual_sqn. Qed.

(* the product of the L terms *)
Lemma Tdual_prod u : L%:R ^+ L * (sqn w * sqn u * (dot ws u ^+ 2) ^+ L.-1) <= Tdual u ^+ L.
Proof.
pose E k := sqn (bvec W w k.+1) * sqn (fwd W k *m u).
have E0 k : 0 <= E k by rewrite mulr_ge0 ?sqn_ge0.
have := (@leif_AGM_scaled R _ (mem 'I_L) E (fun k _ => mulrn_wge0 _ (E0 k))).1.
rewrite card_ord; apply: le_trans.
rewrite (eq_bigr (fun i : 'I_L => L%:R * E i)) => [|i _]; last by rewrite mulr_natl.
rewrite big_split /= prodr_const card_ord ler_wpmul2l ?exprn_ge0 ?ler0n // /E.
have h k : (k <= L)%N -> dot ws u ^+ 2 <= sqn (bvec W w k) * sqn (fwd W k *m u).
  by move=> kL; apply: le_trans (CS2 _ _); rewrite bvec_fwd // wsE.
have := @prod_bound (fun k => sqn (bvec W w k)) (fun k => sqn (fwd W k *m u)) (dot ws u ^+ 2) L.-1.
rewrite prednK //= bvec_last mul1mx; apply => [k|k||k /andP[_ kL]]; rewrite ?sqn_ge0 ?sqr_ge0 //.
by apply: h; rewrite (leq_trans kL) ?leq_pred.
Qed.
End Dual.

Section Core.
Variables (L : nat) (w : 'cV[R]_(d L)) (W : layers R d) (ws : 'cV[R]_(d 0)) (lam S : R).
Hypotheses (wsE : wprod W w = ws) (ws_nz : ws != 0) (lam_ge0 : 0 <=
  lam) (hlam : cov_ge X lam) (L_gt0 : (0 < L)%N).
(* S bounds the quadratic form 2 |X J D|^2 / n of the Hessian at a minimiser *)
Hypothesis hS : forall D, 2%:R * (n%:R^-1 * sqn (X *m jvec W D w)) <= S * psqn L D.

Let T := Tdual w W ws.

Let ws_gt0 : 0 < sqn ws. Proof. by rewrite lt_def sqn_eq0 ws_nz sqn_ge0. Qed.

Lemma core_T : L%:R ^+ L * (sqn w * sqn ws * (sqn ws ^+ 2) ^+ L.-1) <= T ^+ L.
Proof. exact: Tdual_prod. Qed.

(* moving along the rank-one directions b_{k+1} (W_k ... W_1 ws)^T *)
Lemma core_S : 2%:R * lam * T <= S * sqn ws.
Proof.
pose D := Ddual w W ws; have DT : psqn L D = T := Ddual_sqn w W ws.
have JT : dot ws (jvec W D w) = T := dot_Tdual w W ws.
have T_ge0 : 0 <= T := Tdual_ge0 w W ws.
have hD := hS D; rewrite DT in hD.
have h1 : T ^+ 2 <= sqn ws * sqn (jvec W D w) by rewrite -JT CS2.
have h2 : 2%:R * lam * T ^+ 2 <= S * sqn ws * T.
  apply: le_trans (_ : 2%:R * lam * (sqn ws * sqn (jvec W D w)) <= _).
    by rewrite ler_wpmul2l // mulr_ge0 ?ler0n.
  rewrite [S * _]mulrC -[sqn ws * S * T]mulrA mulrCA ler_pmul2l //.
  by apply: le_trans hD; rewrite -mulrA ler_pmul2l ?ltr0n.
have [T0|Tn0] := eqVneq T 0; last first.
  have T_gt0 : 0 < T by rewrite lt_def Tn0.
  by rewrite -(ler_pmul2r T_gt0) -[X in X <= _]mulrA; exact: h2.
have w_gt0 : 0 < sqn w.
  rewrite lt_def sqn_eq0 sqn_ge0 andbT; apply: contra_neq ws_nz => w0.
  by rewrite -wsE /wprod w0 mulmx0.
have := core_T; rewrite T0 expr0n eqn0Ngt L_gt0 /= leNgt.
by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
Qed.

(* (2 L lam)^L |w|^2 |ws|^(2L-2) <= S^L, root-free form of the corrected second bound *)
Theorem thm2_rootfree :
  (2%:R * L%:R * lam) ^+ L * (sqn w * sqn ws ^+ L.-1) <= S ^+ L.
Proof.
have T_ge0 : 0 <= T := Tdual_ge0 w W ws.
have l_ge0 : 0 <= 2%:R * lam by rewrite mulr_ge0 ?ler0n.
rewrite -(ler_pmul2r (exprn_gt0 L ws_gt0)) -exprMn.
apply: le_trans (_ : (2%:R * lam * T) ^+ L <= _); last first.
  have T2 : 0 <= 2%:R * lam * T by rewrite mulr_ge0.
  by rewrite ler_expn2r ?nnegrE ?core_S ?(le_trans T2 core_S).
rewrite [(_ * T) ^+ L]exprMn.
apply: le_trans _ (ler_wpmul2l (exprn_ge0 L l_ge0) core_T).
have -> : sqn ws ^+ L = sqn ws * sqn ws ^+ L.-1 by rewrite -exprS prednK.
have -> : 2%:R * L%:R * lam = 2%:R * lam * L%:R by ring.
rewrite [sqn ws ^+ 2]expr2 (exprMn L (2%:R * lam)) (exprMn L.-1 (sqn ws)).
rewrite le_eqVlt; apply/orP; left; apply/eqP.
move: (_ ^+ L.-1) => c; move: (L%:R ^+ L) => l; move: (_ ^+ L) => p.
move: (sqn ws) (sqn w) => *; ring.
Qed.

(* moving along beta_k W_k *)
Lemma jac_scale (be : nat -> R) k : jac W (fun k => be k *: W k) k = (\sum_(i < k) be i) *: fwd W k.
Proof.
elim: k => [|k IH]; first by rewrite big_ord0 scale0r.
by rewrite /= IH big_ord_recr /= -scalemxAr -scalemxAl scalerDl.
Qed.

Lemma layer_nz k : (k < L)%N -> W k != 0.
Proof.
move=> kL; apply: contra_neq ws_nz => Wk0; rewrite -wsE /wprod.
by rewrite (fwd_zero Wk0 kL) trmx0 mul0mx.
Qed.

Let B := \sum_(k < L) (norm (W k))^-1.

Lemma core_B : 2%:R * lam * (B ^+ 2 * sqn ws) <= S * L%:R.
Proof.
have := hS (fun k => (norm (W k))^-1 *: W k).
have -> : psqn L (fun k => (norm (W k))^-1 *: W k) = L%:R.
  rewrite /psqn (eq_bigr (fun=> 1)) => [|k _]; first by rewrite sumr_const card_ord.
  have nz := layer_nz (ltn_ord k).
  by rewrite sqnZ -norm_sqr -exprMn mulVf ?expr1n // norm_eq0.
apply: le_trans; rewrite /jvec jac_scale linearZ /= -scalemxAl -/(wprod W w) wsE.
by rewrite -mulrA ler_pmul2l ?ltr0n // -/B -sqnZ hlam.
Qed.

(* root-free form of the corrected first bound *)
Theorem thm2_first_rootfree :
  ((2%:R * lam * B) ^+ 2) ^+ L * (sqn w * sqn ws ^+ L * sqn ws ^+ L.-1) <= (S ^+ 2) ^+ L.
Proof.
have L0 : 0 < L%:R :> R by rewrite ltr0n.
have l_ge0 : 0 <= 2%:R * lam by rewrite mulr_ge0 ?ler0n.
have B1 : 0 <= 2%:R * lam * (B ^+ 2 * sqn ws) / L%:R.
  by rewrite divr_ge0 ?ler0n // mulr_ge0 // mulr_ge0 ?sqr_ge0 ?sqn_ge0.
have B2 : 2%:R * lam * (B ^+ 2 * sqn ws) / L%:R <= S by rewrite ler_pdivr_mulr ?core_B.
have B3 := le_trans B1 B2.
have := ler_pmul (exprn_ge0 L B1) (mulr_ge0 (exprn_ge0 L (mulr_ge0 (mulr_ge0 (ler0n R 2) (ltW L0))
  lam_ge0))
   (mulr_ge0 (sqn_ge0 w) (exprn_ge0 L.-1 (ltW ws_gt0)))) (ler_expn2r L (B1 : _ \is Num.nneg) B3 B2)
     thm2_rootfree.
rewrite [S ^+ 2]expr2 [(S * S) ^+ L]exprMn; apply: le_trans.
rewrite [X in _ <= X]mulrA -[_ ^+ L * (_ * _ * _) ^+ L]exprMn.
have -> : 2%:R * lam * (B ^+ 2 * sqn ws) / L%:R * (2%:R * L%:R * lam) = (2%:R * lam * B) ^+ 2 *
  sqn ws.
  by field; rewrite gt_eqF.
rewrite [(_ * sqn ws) ^+ L]exprMn le_eqVlt; apply/orP; left; apply/eqP.
move: (_ ^+ L.-1) => c; move: (sqn ws ^+ L) => l; move: (_ ^+ L) => p.
by move: (sqn w) => *; ring.
Qed.
End Core.
End Risk.
