(* A minimiser of R^L has w_prod = w*, when w <> 0 and the hidden widths are positive. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

(* w in the last place, ones in the others *)
Section Fill.
Variables (R : rcfType) (d : nat -> nat) (L : nat) (w : 'cV[R]_(d L)).
Hypotheses (w_nz : w != 0) (d_gt0 : forall k, (0 < k < L)%N -> (0 < d k)%N).
Definition fill k : 'cV[R]_(d k) :=
  if @eqP _ L k is ReflectT e then ecast i 'cV_(d i) e w else const_mx 1.
Lemma fill_last : fill L = w.
Proof. by rewrite /fill; case: eqP => // e; rewrite (eq_axiomK e). Qed.
Lemma fill_nz k : (0 < k <= L)%N -> fill k != 0.
Proof.
case/andP=> k0; rewrite leq_eqVlt => /predU1P[->|kL]; first by rewrite fill_last.
rewrite /fill; case: eqP => [e|_]; first by exfalso; rewrite e ltnn in kL.
have dk : (0 < d k)%N by rewrite d_gt0 // k0 kL.
by apply/eqP => /matrixP/(_ (Ordinal dk) 0); rewrite !mxE => /eqP; rewrite oner_eq0.
Qed.
End Fill.

Section Risk.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (X : 'M[R]_(n, d 0)).
(* A minimiser of R^L has w_prod = w*, when w <> 0 and the hidden widths are positive *)
Section Minimiser.
Variables (y : 'cV[R]_n) (L : nat) (w : 'cV[R]_(d L)) (ws : 'cV[R]_(d 0)) (lam : R).
Hypotheses (L_gt0 : (0 < L)%N) (w_nz : w != 0) (d_gt0 : forall k, (0 < k < L)%N -> (0 < d k)%N).

Notation f := (fill w).
Let Wst : layers R d := fun k =>
  match k with
  | 0 => (sqn w)^-1 *: (f 1 *m ws^T)
  | k'.+1 => (sqn (f k'.+1))^-1 *: (f k'.+2 *m (f k'.+1)^T)
  end.

Lemma fwd_Wst k : (k < L)%N -> fwd Wst k.+1 = (sqn w)^-1 *: (f k.+1 *m ws^T).
Proof.
elim: k => [|k IH] kL; first by rewrite /= mulmx1.
rewrite [LHS]/= -/(fwd Wst k.+1) IH 1?ltnW // -scalemxAr -scalemxAl -mulmxA [X in _ *m X]mulmxA.
rewrite dot_colE mul_scalar_mx -/(sqn _) -scalemxAr; congr (_ *: _).
by rewrite scalerA mulVf ?scale1r // sqn_eq0 (fill_nz w_nz d_gt0) //= ltnW.
Qed.
Lemma wprod_Wst : wprod Wst w = ws.
Proof.
have e : fwd Wst L = (sqn w)^-1 *: (f L *m ws^T).
  by have := @fwd_Wst L.-1; rewrite (prednK L_gt0); apply.
rewrite /wprod e fill_last linearZ /= trmx_mul trmxK -scalemxAl -mulmxA dot_colE mul_mx_scalar.
by rewrite scalerA mulVf ?scale1r // sqn_eq0.
Qed.

Theorem minimiser_wprod (W : layers R d) : normal_eq X y ws -> 0 < lam -> cov_ge X lam ->
  (0 < n)%N ->
  (forall W', risk X y w W <= risk X y w W') -> wprod W w = ws.
Proof.
move=> hws l0 hl n0 /(_ Wst); rewrite /risk wprod_Wst (lemma8_identity hws (wprod W w)) ger_addl =>
  h.
have : lam * sqn (ws - wprod W w) <= 0 by apply: le_trans (hl _) h.
rewrite pmulr_rle0 // => h2; apply/esym/eqP; rewrite -subr_eq0 -sqn_eq0.
by rewrite eq_le h2 sqn_ge0.
Qed.
End Minimiser.
End Risk.
