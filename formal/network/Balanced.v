(* Nearly balanced layers: W_{k+1}^T W_{k+1} = W_k W_k^T + E_k with ||E_k||_2 <= e_k.  Algebra
   behind Lemma 2
   and Theorem 3, over any real closed field. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg PolynomialFunction Network OperatorBound.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Lemma eps_ge (R : rcfType) (v f : R) : 0 <= v -> 0 <= f -> f + v <= 3%:R * v + 2%:R * f.
Proof.
move=> v0 f0; rewrite -subr_ge0 (_ : _ - _ = 2%:R * v + f); last by ring.
by rewrite addr_ge0 // mulr_ge0 ?ler0n.
Qed.

Section Balanced.
Variables (R : rcfType) (d : nat -> nat) (W : layers R d) (L : nat).
Variables (E : forall k, 'M[R]_(d k.+1)) (e : nat -> R).
Hypothesis hE : forall k, (k.+1 < L)%N -> (W k.+1)^T *m W k.+1 = W k *m (W k)^T + E k.
Hypothesis he : forall k, (k.+1 < L)%N -> opnorm_le (E k) (e k).
Hypothesis e_ge0 : forall k, 0 <= e k.

Lemma bal_quad k (x : 'cV_(d k.+1)) : (k.+1 < L)%N ->
  sqn (W k.+1 *m x) = sqn ((W k)^T *m x) + dot x (E k *m x).
Proof. by move=> kL; rewrite {1}/sqn dot_mull mulmxA hE // mulmxDl dotDr /sqn dot_mull trmxK mulmxA.
Qed.

Definition esum j : R := \sum_(i < j) e i.
Lemma esumS j : esum j.+1 = esum j + e j. Proof. exact: big_ord_recr. Qed.
Lemma esum_le j k : (j <= k)%N -> esum j <= esum k.
Proof.
elim: k => [|k IH]; first by rewrite leqn0 => /eqP->.
by rewrite leq_eqVlt => /predU1P[->//|/IH h]; rewrite esumS; apply: le_trans h _; rewrite ler_addl.
Qed.

Lemma op2_up a j k : op2_le (W k) a -> 0 <= a -> (k <= j < L)%N ->
  op2_le (W j) (a + (esum j - esum k)).
Proof.
move=> h a0; elim: j => [|j IH] /andP[]; first by rewrite leqn0 => /eqP <- _; rewrite subrr addr0.
rewrite leq_eqVlt => /predU1P[<-|kj] jL; first by rewrite subrr addr0.
have {}IH := IH _; have {}IH : op2_le (W j) (a + (esum j - esum k)) by apply: IH;
  rewrite -ltnS kj ltnW.
have p : 0 <= a + (esum j - esum k) by rewrite addr_ge0 // subr_ge0 esum_le.
move=> x; rewrite bal_quad // esumS; have := quad_le x (he jL).
rewrite ler_norml => /andP[_ h1]; apply: le_trans (ler_add (op2_trmx p IH x) h1) _.
by rewrite -mulrDl (_ : a + (esum j - esum k) + e j = a + (esum j + e j - esum k)) //; ring.
Qed.

Lemma op2_down a j k : op2_le (W j) a -> 0 <= a -> (k <= j < L)%N ->
  op2_le (W k) (a + (esum j - esum k)).
Proof.
move=> h a0; elim: j a h a0 => [|j IH] a h a0 /andP[].
  by rewrite leqn0 => /eqP -> _; rewrite subrr addr0.
rewrite leq_eqVlt => /predU1P[->|kj] jL; first by rewrite subrr addr0.
rewrite (_ : a + (esum j.+1 - esum k) = (a + e j) + (esum j - esum k)); last by rewrite esumS; ring.
apply: IH; [|by rewrite addr_ge0|by rewrite -ltnS kj ltnW].
rewrite -[W j]trmxK; apply: op2_trmx; first by rewrite addr_ge0.
move=> x; have /eqP := bal_quad x jL; rewrite -subr_eq => /eqP <-.
have := quad_le x (he jL); rewrite ler_norml => /andP[h1 _].
by rewrite mulrDl; apply: ler_add (h x) _; rewrite ler_oppl.
Qed.

Lemma op2_any a j k : op2_le (W k) a -> 0 <= a -> (j < L)%N -> (k < L)%N ->
  op2_le (W j) (a + esum L.-1).
Proof.
move=> h a0 jL kL; have le_e i : (i < L)%N -> esum i <= esum L.-1.
  by move=> iL; apply: esum_le; rewrite -ltnS prednK // (leq_ltn_trans _ iL).
have s0 i : 0 <= esum i by rewrite sumr_ge0.
have mono b c : b <= c -> op2_le (W j) b -> op2_le (W j) c.
  by move=> bc H x; apply: le_trans (H x) _; apply: ler_wpmul2r bc; exact: sqn_ge0.
have [kj|/ltnW jk] := leqP k j.
  apply: mono (op2_up h a0 _); last by rewrite kj jL.
  by rewrite ler_add2l ler_subl_addr; apply: le_trans (le_e _ jL) _; rewrite ler_addl.
apply: mono (op2_down h a0 _); last by rewrite jk kL.
by rewrite ler_add2l ler_subl_addr; apply: le_trans (le_e _ kL) _; rewrite ler_addl.
Qed.

Lemma frob_step k : (k.+1 < L)%N -> sqn (W k.+1) = sqn (W k) + \tr (E k).
Proof.
by move=> kL; rewrite /sqn !dotE hE // mxtraceD mxtrace_mulC.
Qed.

(* lower bound on w_prod: b_k = W_{k+1}^T ... W_L^T w *)
Variable w : 'cV[R]_(d L).
Let b k := sqn (bvec W w k).
Hypothesis L_gt0 : (0 < L)%N.
Variable rho : R.
Hypothesis hrho : rho * sqn w <= sqn ((W L.-1)^T *m bvec W w L.-1.+1).
Hypothesis rho_big : esum L.-1 <= rho.

Lemma b_step k : (k < L)%N -> (rho - (esum L.-1 - esum k)) * b k.+1 <= b k.
Proof.
move=> kL; have: exists j, (k + j = L.-1)%N.
  by exists (L.-1 - k)%N; rewrite subnKC // -ltnS prednK.
case=> j; elim: j k kL => [|j IH] k kL kj.
  rewrite addn0 in kj; rewrite kj subrr subr0 /b.
  have e1 : sqn (bvec W w L.-1.+1) = sqn w by rewrite prednK // bvec_last.
  by rewrite e1 [bvec W w L.-1]bvec_step ?prednK // -?kj //; rewrite kj.
have kL1 : (k.+1 < L)%N by rewrite -(prednK L_gt0) ltnS -kj addnS ltnS leq_addr.
have {}IH := IH k.+1 kL1 _; have {}IH : (rho - (esum L.-1 - esum k.+1)) * b k.+2 <= b k.+1.
  by apply: IH; rewrite addSn -addnS.
set r := rho - (esum L.-1 - esum k.+1) in IH.
have r0 : 0 <= r by rewrite /r subr_ge0; apply: le_trans rho_big;
  rewrite ler_subl_addr ler_addl sumr_ge0.
pose v := bvec W w k.+1.
have h1 : b k.+1 ^+ 2 <= sqn (W k.+1 *m v) * b k.+2.
  apply: le_trans (CS2 _ _); rewrite dot_mull -bvec_step //.
have h2 : r * b k.+1 <= sqn (W k.+1 *m v).
  have [z|nz] := eqVneq (b k.+2) 0.
    have b0 : b k.+1 = 0.
      apply/eqP; rewrite -sqrf_eq0; apply/eqP/le_anti; rewrite sqr_ge0 andbT.
      by apply: le_trans h1 _; rewrite z mulr0.
    by rewrite b0 mulr0 sqn_ge0.
  have p : 0 < b k.+2 by rewrite lt_def nz sqn_ge0.
  rewrite -(ler_pmul2r p); apply: le_trans h1; rewrite mulrAC expr2.
  by apply: ler_wpmul2r IH; exact: sqn_ge0.
have h3 := bal_quad v kL1; have := quad_le v (he kL1); rewrite ler_norml => /andP[_ h4].
have -> : b k = sqn (W k.+1 *m v) - dot v (E k *m v) by rewrite h3 addrK /b bvec_step.
have -> : rho - (esum L.-1 - esum k) = r - e k by rewrite /r esumS; ring.
by rewrite mulrBl; apply: ler_sub.
Qed.

Lemma wprod_sq : sqn (wprod W w) = b 0.
Proof.
have H x : dot (bvec W w 0) x = dot (wprod W w) x by rewrite -(bvec_fwd W w x (leq0n L)) mul1mx.
by rewrite /b /sqn H dotC -H dotC.
Qed.

Lemma wprod_lower : (rho - esum L.-1) ^+ L * sqn w <= sqn (wprod W w).
Proof.
have r0 : 0 <= rho - esum L.-1 by rewrite subr_ge0.
suff h k : (k <= L)%N -> (rho - esum L.-1) ^+ k * sqn w <= b (L - k)%N.
  by have := h L (leqnn L); rewrite subnn wprod_sq.
elim: k => [|k IH] kL; first by rewrite expr0 mul1r subn0 /b bvec_last.
have e1 : (L - k = (L - k.+1).+1)%N by rewrite -subSn.
apply: le_trans (b_step (_ : L - k.+1 < L)%N); last by rewrite ltn_subrL.
rewrite -e1 exprS -mulrA; apply: le_trans (_ : (rho - esum L.-1) * b (L - k)%N <= _).
  by apply: ler_wpmul2l => //; apply: IH; apply: ltnW.
by apply: ler_wpmul2r; [exact: sqn_ge0|rewrite opprB addrA addrAC ler_addl sumr_ge0].
Qed.
End Balanced.
