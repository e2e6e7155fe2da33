(* On the event of Lemma 3 the products from the top, W_L ... W_{k+1}, are bounded through (9) as
   those from the bottom are, so no exchange of the order of the layers is needed. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Flatcert Require Import RealFacts Linalg Lemma9 PolynomialFunction Network Risk Lemma8
  Derivative GradientFlow Lemma1 Continuation UpperExpectation Gaussian Tails GaussianLayer
  FixedStart NetArgument Lemma3Constants Net Lemma3.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Transpose.
Variables (R : rcfType) (d : nat).
Implicit Type A : 'M[R]_d.
Lemma opnorm_tr A c : 0 <= c -> opnorm_le A c -> opnorm_le A^T c.
Proof.
move=> c0 h x; have [->|nz] := eqVneq (A^T *m x) 0; first by rewrite norm0 mulr_ge0 ?norm_ge0.
have n0 : 0 < norm (A^T *m x) by rewrite lt_def norm_eq0 nz norm_ge0.
rewrite -(ler_pmul2l n0) -expr2 norm_sqr {1}/sqn dot_mull trmxK.
apply: le_trans (CS _ _) _; have := h (A^T *m x) => h1.
rewrite mulrA [_ * c]mulrC [norm x * _]mulrC; apply: ler_wpmul2r => //; exact: norm_ge0.
Qed.
Lemma sigmin_tr A m : 0 < m -> sigmin_ge A m -> sigmin_ge A^T m.
Proof.
move=> m0 h x; have [->|nz] := eqVneq x 0; first by rewrite norm0 mulr0 norm_ge0.
have n0 : 0 < norm x by rewrite lt_def norm_eq0 nz norm_ge0.
have uA := sigmin_unit m0 h; pose z := invmx A *m x.
have e : A *m z = x by rewrite mulKVmx.
have h1 := h z; rewrite e in h1.
have h2 : norm x ^+ 2 <= norm z * norm (A^T *m x).
  by rewrite norm_sqr /sqn -{1}e dot_mull; exact: CS.
rewrite -(ler_pmul2l n0) mulrCA -expr2; apply: le_trans (ler_wpmul2l (ltW m0) h2) _.
by rewrite mulrA; apply: ler_wpmul2r => //; exact: norm_ge0.
Qed.
Lemma prods_ext (W V : nat -> 'M[R]_d) k : (forall j, W j = V j) -> prods W k = prods V k.
Proof. by move=> e; elim: k => //= k ->; rewrite e. Qed.
End Transpose.

Section Event.
Variables (R : rcfType) (d L : nat) (V : @layers R (fun _ => d)) (M m : R).
Hypotheses (M1 : 1 <= M) (m0 : 0 < m) (m1 : m <= 1).
Hypothesis hM : forall k, (0 < k <= L)%N -> opnorm_le (prods V k) M.
Hypothesis hm : forall k, (0 < k <= L)%N -> sigmin_ge (prods V k) m.
Let M0 : 0 < M. Proof. exact: lt_le_trans M1. Qed.
Notation bv := (@bvec R (fun _ => d) V L).
Lemma fwdE k : fwd V k = prods V k.
Proof. by elim: k => //= k ->. Qed.
Lemma hM0 k : (k <= L)%N -> opnorm_le (prods V k) M.
Proof. by case: k => [|k] kL; [move=> x; rewrite mul1mx ler_pemull ?norm_ge0|exact: hM]. Qed.
Lemma hm0 k : (k <= L)%N -> sigmin_ge (prods V k) m.
Proof. by case: k => [|k] kL; [move=> x; rewrite mul1mx ler_pimull ?norm_ge0|exact: hm]. Qed.
Lemma prods_bvec (w : 'cV[R]_d) k : (k <= L)%N -> (prods V k)^T *m bv w k =
  (prods V L)^T *m w :> 'cV[R]_d.
Proof.
move=> kL; have h x := @bvec_fwd R (fun _ => d) V L w x k kL.
apply/eqP; rewrite -subr_eq0 -sqn_eq0 /sqn; set D := (X in dot X _); rewrite {1}/D.
rewrite dotDl dotNl dot_mull trmxK -fwdE h /wprod fwdE subrr //.
Qed.
Lemma both_sides (w : 'cV[R]_d) k : (k < L)%N -> [/\ opnorm_le (fwd V k) (M /
  m), sigmin_ge (fwd V k) (m / M),
  norm (bv w k.+1) <= M / m * norm w & m / M * norm w <= norm (bv w k.+1)].
Proof.
move=> kL; have b := @prods_bvec w k.+1 kL; set z := bv w k.+1 in b *.
have u1 := opnorm_tr (ltW M0) (hM0 kL) z; have l1 := sigmin_tr m0 (hm0 kL) z.
have u2 := opnorm_tr (ltW M0) (hM0 (leqnn L)) w; have l2 := sigmin_tr m0 (hm0 (leqnn L)) w.
rewrite b in u1 l1; rewrite fwdE; split.
- move=> x; apply: le_trans (hM0 (ltnW kL) x) _; apply: ler_wpmul2r; first exact: norm_ge0.
  by rewrite ler_pdivl_mulr // ler_pimulr // ltW.
- move=> x; apply: le_trans (hm0 (ltnW kL) x); apply: ler_wpmul2r; first exact: norm_ge0.
  by rewrite ler_pdivr_mulr // ler_pemulr // ltW.
- rewrite mulrAC ler_pdivl_mulr // [X in X <= _]mulrC; exact: (le_trans l1 u2).
- rewrite mulrAC ler_pdivr_mulr // [X in _ <= X]mulrC; exact: (le_trans l2 u1).
Qed.
End Event.

(* the layers in the reverse order, transposed: their products are those from the top *)
Section Reversed.
Variables (R : rcfType) (d L : nat) (V : @layers R (fun _ => d)).
Definition rv : nat -> 'M[R]_d := fun i => (V (L.-1 - i)%N)^T.
Lemma bvec_rv (w : 'cV[R]_d) j : (j <= L)%N ->
  @bvec R (fun _ => d) V L w (L - j) = prods rv j *m w :> 'cV[R]_d.
Proof.
elim: j => [|j IH] jL; first by rewrite mul1mx subn0; exact: (@bvec_last R (fun _ => d) V L w).
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL /= (leq_ltn_trans _ jL).
have e : (L - j.+1).+1 = (L - j)%N by rewrite -subSn.
rewrite bvec_step // [prods _ _]/= -mulmxA e IH ?(ltnW jL) //; congr (_ *m _).
by rewrite /rv; congr trmx; rewrite -subn1 -subnDA add1n.
Qed.
End Reversed.
