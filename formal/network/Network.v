(* Deep linear networks with any widths d 0, d 1, ... and a head w.  Layer k (k = 0 .. L-1) is the
   paper's W_{k+1}.  Algebra over any real closed field. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg PolynomialFunction.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Net.
Variables (R : rcfType) (d : nat -> nat).
Definition layers := forall k, 'M[R]_(d k.+1, d k).
Implicit Types (W D : layers) (L k : nat).

(* W_k ... W_1 *)
Fixpoint fwd W k : 'M[R]_(d k, d 0) :=
  match k with 0 => 1%:M | k'.+1 => W k' *m fwd W k' end.
(* w_prod = W_1^T ... W_L^T w *)
Definition wprod W L (w : 'cV_(d L)) : 'cV_(d 0) := (fwd W L)^T *m w.

(* b_k = W_{k+1}^T ... W_L^T w for k <= L *)
Fixpoint bvec W L : 'cV[R]_(d L) -> forall k, 'cV[R]_(d k) :=
  match L return 'cV[R]_(d L) -> forall k, 'cV[R]_(d k) with
  | 0 => fun w k => if @eqP _ 0%N k is ReflectT e then ecast i 'cV_(d i) e w else 0
  | L'.+1 => fun w k => if @eqP _ L'.+1 k is ReflectT e then ecast i 'cV_(d i) e w
                        else @bvec W L' ((W L')^T *m w) k
  end.
Lemma bvec_last W L w : bvec W w L = w.
Proof. by case: L w => [|L] w /=; case: eqP => // e; rewrite (eq_axiomK e). Qed.
Lemma bvecS W L (w : 'cV_(d L.+1)) k : (k <= L)%N -> bvec W w k = bvec W ((W L)^T *m w) k.
Proof. by move=> kL /=; case: eqP => // e; exfalso; move: kL; rewrite leqNgt -e ltnSn. Qed.
Lemma bvec_step W L (w : 'cV_(d L)) k : (k < L)%N -> bvec W w k = (W k)^T *m bvec W w k.+1.
Proof.
elim: L w => // L IH w; rewrite ltnS leq_eqVlt => /predU1P[->|kL].
  by rewrite bvecS // !bvec_last.
by rewrite bvecS ?(ltnW kL) // bvecS // IH.
Qed.

Lemma fwd_zero W z k : W z = 0 -> (z < k)%N -> fwd W k = 0.
Proof.
move=> W0; elim: k => // k IH; rewrite ltnS leq_eqVlt => /predU1P[<-|/IH h] /=.
  by rewrite W0 mul0mx.
by rewrite h mulmx0.
Qed.

(* W + t D, and the squared parameter norm sum_k ||W_k||_F^2 *)
Definition move W t D : layers := fun k => W k + t *: D k.
Definition psqn L D : R := \sum_(k < L) sqn (D k).

(* first-order change of the product of the layers *)
Fixpoint jac W D k : 'M[R]_(d k, d 0) :=
  match k with 0 => 0 | k'.+1 => W k' *m jac W D k' + D k' *m fwd W k' end.
Definition jvec W D L (w : 'cV_(d L)) : 'cV_(d 0) := (jac W D L)^T *m w.

Lemma fwd_move W D L : exists2 G : R -> 'M[R]_(d L, d 0), ispolym G &
  forall t, fwd (move W t D) L = fwd W L + t *: jac W D L + t ^+ 2 *: G t.
Proof.
elim: L => [|L [G hG e]].
  exists (fun=> 0) => [|t]; first exact: ispolym_cst.
  by rewrite /= !scaler0 !addr0.
exists (fun t => W L *m G t + D L *m jac W D L + t *: (D L *m G t)) => [|t].
  apply: ispolymD; last by apply: ispolymZ; [exact: ispoly_id|apply: ispolymM => //;
    exact: ispolym_cst].
  by apply: ispolymD; [apply: ispolymM => //|]; exact: ispolym_cst.
rewrite /= e /move !(mulmxDl, mulmxDr) -!(scalemxAl, scalemxAr).
move: (W L *m fwd _ _) (W L *m jac _ _ _) (W L *m G _) (D L *m fwd _ _) (D L *m jac _ _ _) (D L *m G
  _).
move=> a1 a2 a3 a4 a5 a6; apply/matrixP => i j; rewrite !mxE.
move: (a1 i j) (a2 i j) (a3 i j) (a4 i j) (a5 i j) (a6 i j) => *; ring.
Qed.

Lemma jvecE W D L (w : 'cV_(d L)) :
  jvec W D w = \sum_(k < L) (fwd W k)^T *m ((D k)^T *m bvec W w k.+1).
Proof.
elim: L w => [|L IH] w; first by rewrite /jvec /= trmx0 mul0mx big_ord0.
have -> : jvec W D w = jvec W D ((W L)^T *m w) + (fwd W L)^T *m ((D L)^T *m w).
  by rewrite /jvec /= linearD /= mulmxDl !trmx_mul -!mulmxA.
rewrite big_ord_recr bvec_last IH; congr (_ + _).
by apply: eq_bigr => k _; rewrite -(bvecS _ w (ltn_ord k)).
Qed.

(* gradient formula (5) for a given gradient g of R^1 at w_prod *)
Definition grad5 W L (w : 'cV_(d L)) (g : 'cV_(d 0)) k : 'M[R]_(d k.+1, d k) :=
  bvec W w k.+1 *m g^T *m (fwd W k)^T.

Lemma dot_jvec W D L (w : 'cV_(d L)) g :
  dot g (jvec W D w) = \sum_(k < L) dot (grad5 W w g k) (D k).
Proof.
rewrite jvecE dot_sumr; apply: eq_bigr => k _.
by rewrite /grad5 -mulmxA -trmx_mul dot_mulr trmxK dotC !dot_mull !trmxK.
Qed.

(* Lemma 1 (a): W_{k+1}^T grad_{k+1} = grad_k W_k^T *)
Theorem grad5_balance W L (w : 'cV_(d L)) g k : (k.+1 < L)%N ->
  (W k.+1)^T *m grad5 W w g k.+1 = grad5 W w g k *m (W k)^T.
Proof.
by move=> kL; rewrite /grad5 !mulmxA -bvec_step //= trmx_mul !mulmxA.
Qed.

(* b_k . (W_k ... W_1 x) does not depend on k *)
Lemma bvec_fwd W L (w : 'cV_(d L)) x k : (k <= L)%N ->
  dot (bvec W w k) (fwd W k *m x) = dot (wprod W w) x.
Proof.
move=> kL; have -> : dot (wprod W w) x = dot w (fwd W L *m x) by rewrite dot_mull trmxK.
elim: L w kL => [|L IH] w; first by rewrite leqn0 => /eqP->; rewrite bvec_last.
rewrite leq_eqVlt => /predU1P[->|kL]; first by rewrite bvec_last.
by rewrite bvecS // IH // dot_mull trmxK mulmxA.
Qed.
End Net.
