(* Balanced minimisers, W_{k+1}^T W_{k+1} = W_k W_k^T, d_L = 1: all layers have rank one and the
   same norm; their sharpness is at most 2 rho^(L-1) (Lambda + (L-1) q) with rho = norm_2(W_k)^2 and
   q = w*^T Sigma w*/norm(w* )^2, while every minimiser has S >= 2 L q rho^(L-1). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative RealPower Sharpness Theorem2 OperatorBound Balanced RayleighAlgebra Rayleigh
  MinimalSharpness.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma matrix_ext m p (A B : 'M[RR]_(m, p)) : (forall x : 'cV[RR]_p, A *m x = B *m x) -> A = B.
Proof.
move=> h; apply/matrixP => i j; have := congr1 (fun M : 'cV[RR]_m => M i 0) (h (delta_mx j 0)).
by rewrite -!colE !mxE.
Qed.
(* A A^T = c v v^T: the range of A is the line of v *)
Lemma range_of_line m p (A : 'M[RR]_(m, p)) (v : 'cV[RR]_m) (c : RR) : v != 0 ->
  A *m A^T = c *: (v *m v^T) -> A = (sqn v)^-1 *: (v *m (A^T *m v)^T).
Proof.
move=> vnz e; have v0 : sqn v != 0 by rewrite sqn_eq0.
have orth (u : 'cV[RR]_m) : dot v u = 0 -> A^T *m u = 0.
  move=> vu; apply/eqP; rewrite -sqn_eq0 /sqn dot_mull trmxK mulmxA e -scalemxAl -mulmxA.
  by rewrite dot_colE vu mul_mx_scalar scale0r scaler0 dot0r.
apply: trmx_inj; rewrite [in RHS]linearZ /= trmx_mul trmxK; apply: matrix_ext => x.
rewrite -scalemxAl -mulmxA dot_colE mul_mx_scalar scalerA.
have : A^T *m (x - ((sqn v)^-1 * dot v x) *: v) = 0.
  by apply: orth; rewrite dotDr dotNr dotZr -/(sqn v) mulrAC mulVf // mul1r subrr.
by rewrite mulmxBr -scalemxAr => /eqP; rewrite subr_eq0 => /eqP.
Qed.
(* a row *)
Lemma row_of_unit m p (A : 'M[RR]_(m, p)) (v : 'cV[RR]_m) : m = 1%N -> sqn v = 1 ->
  A = (sqn v)^-1 *: (v *m (A^T *m v)^T).
Proof.
move=> m1; subst m => v1; rewrite v1 invr1 scale1r trmx_mul trmxK mulmxA.
rewrite (_ : v *m v^T = 1%:M) ?mul1mx //.
apply/matrixP => i j; rewrite !ord1 !mxE big_ord1 mxE eqxx mulr1n.
by move: v1; rewrite /sqn /dot !big_ord1.
Qed.

Section Balanced.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (m : nat).
Notation L := m.+1.
Variables (w : 'cV[RR]_(d L)) (W : layers RR d) (ws : 'cV[RR]_(d 0%N)).
Hypotheses (dL : d L = 1%N) (w1 : sqn w = 1) (wsE : wprod W w = ws) (ws_nz : ws != 0).
Hypothesis balanced : forall k, (k.+1 < L)%N -> (W k.+1)^T *m W k.+1 = W k *m (W k)^T.
Let b k : 'cV[RR]_(d k) := bvec W w k.
Let b_step k : (k < L)%N -> b k = (W k)^T *m b k.+1 := fun kL => bvec_step W w kL.
Let b_nz k : (k <= L)%N -> b k != 0.
Proof.
move=> kL; apply: contra_neq ws_nz => z; apply/eqP; rewrite -sqn_eq0 /sqn -{1}wsE.
by rewrite -(bvec_fwd W w ws kL) -/(b k) z dot0l.
Qed.
Let bs_nz k : (k <= L)%N -> sqn (b k) != 0. Proof. by move=> kL; rewrite sqn_eq0 b_nz. Qed.
Lemma rank_one k : (k < L)%N -> W k = (sqn (b k.+1))^-1 *: (b k.+1 *m (b k)^T).
Proof.
move=> kL; have e : (k + (m - k) = m)%N by rewrite subnKC.
move: (m - k)%N e => j; elim: j k kL => [|j IH] k kL e.
  rewrite addn0 in e; rewrite (b_step kL).
  by apply: row_of_unit; rewrite e // /b bvec_last.
have kL1 : (k.+1 < L)%N by rewrite -e addnS !ltnS leq_addr.
rewrite (b_step kL).
apply: (@range_of_line _ _ _ _ (sqn (b k.+2))^-1); first exact: b_nz.
rewrite -balanced // (IH k.+1) ?addSnnS // [(_ *: _)^T]linearZ /= trmx_mul trmxK.
rewrite -scalemxAl -scalemxAr -mulmxA [X in _ *m X]mulmxA dot_colE mul_scalar_mx -/(sqn _).
rewrite -scalemxAr !scalerA; congr (_ *: _).
by rewrite mulVf ?mulr1 // bs_nz.
Qed.
Let rho := sqn (W 0%N).
Lemma same_norm k : (k < L)%N -> sqn (W k) = rho.
Proof.
elim: k => // k IH kL; rewrite -(IH (ltnW kL)) /sqn !dotE.
by rewrite balanced // mxtrace_mulC.
Qed.
Lemma b_ratio k : (k < L)%N -> sqn (b k) = rho * sqn (b k.+1).
Proof.
move=> kL; rewrite -(same_norm kL) (rank_one kL) sqnZ sqn_outer.
by have := bs_nz kL; move: (sqn (b k.+1)) (sqn (b k)) => s r s0; field.
Qed.
Lemma b_power k : (k <= L)%N -> sqn (b k) = rho ^+ (L - k).
Proof.
move=> kL; have e : (k + (L - k) = L)%N by rewrite subnKC.
move: (L - k)%N e => j; elim: j k {kL} => [|j IH] k e.
  by rewrite addn0 in e; rewrite e /b bvec_last w1.
have kL : (k < L)%N by rewrite -e addnS ltnS leq_addr.
by rewrite (b_ratio kL) IH ?addSnnS // exprS.
Qed.
Lemma b_zero : b 0 = ws.
Proof.
rewrite -wsE; apply: trmx_inj; apply: matrix_ext => x.
by rewrite !dot_colE; congr (_%:M); have := bvec_fwd W w x (leq0n L); rewrite mul1mx.
Qed.
Lemma ws_power : sqn ws = rho ^+ L. Proof. by rewrite -b_zero b_power // subn0. Qed.
Let rho_nz : rho != 0.
Proof. by apply: contra_neq ws_nz => z; apply/eqP; rewrite -sqn_eq0 ws_power z exprS mul0r. Qed.
Lemma rho_gt0 : 0 < rho. Proof. by rewrite lt_def rho_nz sqn_ge0. Qed.
Lemma fwd_line k x : (k < L)%N -> fwd W k.+1 *m x = (dot ws x / sqn (b k.+1)) *: b k.+1.
Proof.
elim: k => [|k IH] kL.
  rewrite /= mulmx1 {1}(rank_one kL) -scalemxAl -mulmxA dot_colE b_zero mul_mx_scalar scalerA.
  by rewrite mulrC.
rewrite [LHS]/= -/(fwd W k.+1) -mulmxA (IH (ltnW kL)) -scalemxAr {1}(rank_one kL) -scalemxAl.
rewrite -mulmxA dot_colE mul_mx_scalar -/(sqn _) !scalerA; congr (_ *: _).
by field; rewrite !bs_nz // ltnW.
Qed.
(* the dual form *)
Lemma Tdual_balanced x :
  Tdual w W x = rho ^+ m * sqn x + m%:R / rho * dot ws x ^+ 2.
Proof.
rewrite /Tdual big_ord_recl mul1mx -/(b 1) b_power // subSS subn0; congr (_ + _).
rewrite (eq_bigr (fun=> rho^-1 * dot ws x ^+ 2)) => [|k _].
  by rewrite sumr_const card_ord -mulr_natl mulrA.
have kL : (k.+1 < L)%N by rewrite ltnS; exact: ltn_ord.
rewrite lift0 (fwd_line x (ltnW kL)) sqnZ -/(b _) (b_ratio kL).
have := bs_nz kL; rewrite -/(b k.+2); move: (sqn (b k.+2)) (dot ws x) => c e c0.
by field; rewrite c0 rho_nz.
Qed.

Variables (lam Lam : RR).
Hypotheses (n0 : (0 < n)%N) (lam0 : 0 < lam) (hlam : cov_ge X lam) (hLam : cov_le X Lam).
Hypothesis ws_eq : normal_eq X y ws.
Let Lam0 : 0 <= Lam := ltW (cov_gt0 hlam hLam ws_nz lam0).
Theorem balanced_upper S : is_sharpness X y w W S ->
  (S : RR) <= 2%:R * rho ^+ m * (Lam + m%:R * q_ray X ws).
Proof.
case=> _ lub; apply/RleP; apply: lub => v [D [D1 hD]].
have := (sharpness_dual ws_eq wsE ws_nz (isT : (0 < L)%N) n0).
move=> dual; have [S' hS'] := sharpness_exists ws_eq wsE ws_nz (isT : (0 < L)%N).
apply: (Rle_trans _ S'); first by case: hS' => ub _; apply: ub; exists D.
case: (proj2 (dual S') hS') => _ least; apply: least => c [z [z1 ->]]; apply/RleP.
rewrite /Kdual Tdual_balanced -[2%:R * rho ^+ m * _]mulrA ler_pmul2l ?ltr0n // mulrDr.
rewrite [in X in _ <= X]mulrDr.
have np : 0 < n%:R :> RR by rewrite ltr0n.
apply: ler_add.
  rewrite mulrCA; apply: ler_wpmul2l; first by rewrite exprn_ge0 // ltW // rho_gt0.
  have h : op2_le X (n%:R * Lam) by move=> x; rewrite -mulrA -ler_pdivr_mull //; exact: hLam.
  have := op2_trmx (mulr_ge0 (ltW np) Lam0) h z; rewrite z1 mulr1 => h2.
  by rewrite ler_pdivr_mull.
have -> : dot ws (X^T *m z) = dot (X *m ws) z by rewrite [RHS]dot_mull.
have -> : rho ^+ m * (m%:R * q_ray X ws) = m%:R / rho * (n%:R^-1 * sqn (X *m ws)).
  rewrite /q_ray /Qws ws_power exprS; have := expf_neq0 m rho_nz.
  by move: (rho ^+ m) (n%:R^-1) (sqn _) rho_nz => a e f r0 a0; field; rewrite a0 r0.
rewrite mulrCA; apply: ler_wpmul2l; first by rewrite divr_ge0 ?ler0n // ltW // rho_gt0.
apply: ler_wpmul2l; first by rewrite invr_ge0 ler0n.
by apply: le_trans (CS2 _ _) _; rewrite z1 mulr1.
Qed.
End Balanced.
