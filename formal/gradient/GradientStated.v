(* Formulas (5) and (6), as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma bvec_unique (d : nat -> nat) (W : layers RR d) L (b : forall k, 'cV[RR]_(d k)) :
  (forall k, (k < L)%N -> b k = (W k)^T *m b k.+1) -> forall k, (k <= L)%N -> bvec W (b L) k = b k.
Proof.
move=> h k kL; have e : (k + (L - k) = L)%N by rewrite subnKC.
move: (L - k)%N e => j; elim: j k {kL} => [|j IH] k e.
  by move: b h e; rewrite addn0 => b h e; subst k; exact: bvec_last.
have kL : (k < L)%N by rewrite -e addnS ltnS leq_addr.
by rewrite bvec_step // (h k kL) IH // addSnnS.
Qed.
Theorem equation_5 : Statements.equation_5.
Proof.
move=> d n X y L w W G b bL hb hG; apply/is_gradientP => k kL.
by rewrite hG // /gradk /grad5 -bL (bvec_unique hb).
Qed.
Theorem equation_6 : Statements.equation_6.
Proof.
move=> d n X y ws v hws; split.
  by rewrite -!/(gradR1 X y v) (gradR1E hws) mulmxA.
move=> h; pose g : 'cV[RR]_(d 0%N) := - (2%:R / n%:R) *: (X^T *m (y - X *m v)).
have e (t : RR) : R1 X y (v + t *: h) = R1 X y v + t * dot g h + t ^+ 2 * (n%:R^-1 * sqn (X *m
  h))%:P.[t].
  rewrite hornerC /R1 mulmxDr -scalemxAr opprD addrA sqnD sqnN sqnZ dotNr dotZr.
  rewrite /g dotZl dot_mull trmxK; move: (sqn _) (dot _ _) (sqn _) => a b c.
  by ring.
by have [] := derive_expand e.
Qed.
