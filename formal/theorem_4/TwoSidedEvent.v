From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Lemma9 Continuation Confinement.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Event.
Variables (D n : nat).
Let d (k : nat) := D.
Variables (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L)).
Lemma fwd_prods (V : layers RR d) k : fwd V k = prods (R:=RR) (d:=D) V k.
Proof. by elim: k => //= k ->. Qed.
Definition rv (V : layers RR d) : nat -> 'M[RR]_D := fun i => (V (L.-1 - i)%N)^T.
Lemma bvec_prods (V : layers RR d) j : (j <= L)%N ->
  bvec V w (L - j) = prods (rv V) j *m (w : 'cV[RR]_D).
Proof.
elim: j => [|j IH] jL.
  rewrite /= mul1mx; have := @bvec_last RR d V L w.
  by move: (L - 0)%N (subn0 L) => k ->.
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL /= (leq_ltn_trans _ jL).
have e : (L - j.+1).+1 = (L - j)%N by rewrite -subSn.
have IH' : bvec V w (L - j.+1).+1 = prods (rv V) j *m (w : 'cV[RR]_D).
  by rewrite e; exact: IH (ltnW jL).
rewrite bvec_step //; rewrite [prods _ _]/= -mulmxA -IH'; congr (_ *m _).
rewrite /rv; congr trmx; by rewrite -subn1 -subnDA add1n.
Qed.

Variables (W : R -> layers RR d) (M m : RR).
Hypotheses (L0 : (0 < L)%N) (M1 : 1 <= M) (m0 : 0 < m) (m1 : m < 1).
(* Lemma 3 at theta = 0, for the products from the left and (by symmetry) for those from the
   right *)
Hypothesis pM : forall k, (0 < k <= L)%N -> opnorm_le (prods (W 0%Re) k) M.
Hypothesis pm : forall k, (0 < k <= L)%N -> sigmin_ge (prods (W 0%Re) k) m.
Hypothesis sM : forall k, (0 < k <= L)%N -> opnorm_le (prods (rv (W 0%Re)) k) M.
Hypothesis sm : forall k, (0 < k <= L)%N -> sigmin_ge (prods (rv (W 0%Re)) k) m.
Let C5 : RR := m ^+ 2 / (4%:R * M ^+ 2).
Let r : RR := C5 / L%:R.

Lemma prods_ext (A B : nat -> 'M[RR]_D) k : (forall i, (i < k)%N -> A i = B i) ->
  prods A k = prods B k.
Proof. by elim: k => //= k IH h; rewrite h // IH // => i ik; apply: h; apply: ltnW. Qed.

Lemma event (V : layers RR d) : (forall k, (k < L)%N -> sqn (V k - W 0%Re k) <= r ^+ 2) ->
  forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) (2%:R * M), sigmin_ge (fwd V k) (m / 2%:R),
    norm (bvec V w k.+1) <= 2%:R * M * norm w & m / 2%:R * norm w <= norm (bvec V w k.+1)].
Proof.
move=> hV k kL.
have l0 : 0 < L%:R :> RR by rewrite ltr0n.
have M0 : 0 < M by apply: lt_le_trans M1.
have C0 : 0 <= C5 by rewrite divr_ge0 ?sqr_ge0 // mulr_ge0 ?ler0n ?sqr_ge0.
pose th i : 'M[RR]_D := L%:R *: (V i - W 0%Re i).
have hth i : (i < L)%N -> norm (th i) <= C5.
  move=> iL; have r0 : 0 <= r by rewrite divr_ge0 ?ler0n.
  have h : norm (V i - W 0%Re i) <= r.
    have := hV i iL; rewrite -norm_sqr => h; move: h; rewrite ler_pexpn2r ?nnegrE ?norm_ge0 //.
  rewrite normZ ger0_norm ?ler0n //; have -> : C5 = L%:R * r by rewrite mulrCA mulfV ?mulr1 //
    gt_eqF.
  by rewrite ler_pmul2l.
have opth (A : 'M[RR]_D) : norm A <= C5 -> opnorm_le A C5.
  by move=> h x; apply: le_trans (opnorm_le_frob A x) _; apply: ler_wpmul2r h; exact: norm_ge0.
have VE i : V i = W 0%Re i + L%:R^-1 *: th i.
  by rewrite scalerA mulVf ?gt_eqF // scale1r addrC subrK.
have h1 i (iL : (i < L)%N) := opth _ (hth i iL).
have h2 i (iL : (i < L)%N) : opnorm_le ((th (L.-1 - i)%N)^T) C5.
  by apply: opth; rewrite {1}/norm sqn_trmx -/(norm _); apply: hth;
    rewrite (leq_ltn_trans (leq_subr _ _)) // ltn_predL.
have e1 j : prods (V : nat -> 'M[RR]_D) j = prods (fun i => W 0%Re i +
  L%:R^-1 *: th i) j by apply: prods_ext => i _; exact: VE.
have e2 j : prods (rv V) j = prods (fun i => rv (W 0%Re) i + L%:R^-1 *: (th (L.-1 - i)%N)^T) j.
  by apply: prods_ext => i _; rewrite /rv VE linearD linearZ.
have n0 (x : 'cV[RR]_D) : norm x <= 2%:R * M * norm x /\ m / 2%:R * norm x <= norm x.
  split; first by rewrite ler_pemull ?norm_ge0 // (le_trans M1) // ler_pemull ?(ltW M0) // ler1n.
  by rewrite ler_pimull ?norm_ge0 // ler_pdivr_mulr ?ltr0n // mul1r (le_trans (ltW m1)) // ler1n.
have [b1 b2] : norm (bvec V w k.+1) <= 2%:R * M * norm w /\ m / 2%:R * norm w <=
  norm (bvec V w k.+1).
  have -> : k.+1 = (L - (L - k.+1))%N by rewrite subKn.
  rewrite bvec_prods ?leq_subr //; case: (L - k.+1)%N (leq_subr k.+1 L) => [|j] jL;
    first by rewrite mul1mx.
  rewrite e2; split; first exact: (lemma9_upper M1 m0 m1 sM sm h2).
  exact: (lemma9_lower M1 m0 m1 sM sm h2).
split=> // x; rewrite fwd_prods e1; case: k kL {b1 b2} => [|k] kL.
- by rewrite mul1mx; case: (n0 x).
- by apply: (lemma9_upper M1 m0 m1 pM pm h1); rewrite /= ltnW.
- by rewrite mul1mx; case: (n0 x).
- by apply: (lemma9_lower M1 m0 m1 pM pm h1); rewrite /= ltnW.
Qed.
End Event.
