(* Lemma 1: the conservation law along a gradient flow. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section GradientFlow.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Notation gradk := (gradk X y w).
Notation gradient_flow := (gradient_flow X y w).

Theorem lemma1 W : gradient_flow W -> forall t, (0 <= t)%Re -> forall k, (k.+1 < L)%N ->
  (W t k.+1)^T *m W t k.+1 - (W 0%Re k.+1)^T *m W 0%Re k.+1 =
  W t k *m (W t k)^T - W 0%Re k *m (W 0%Re k)^T.
Proof.
move=> hW T T0 k kL.
pose F t := (W t k.+1)^T *m W t k.+1 - W t k *m (W t k)^T.
suff : F T = F 0%Re.
  rewrite /F => e; apply/eqP; rewrite subr_eq addrAC -subr_eq opprK eq_sym -[X in _ == X +
    _](subrK (W T k *m (W T k)^T)).
  by rewrite e; apply/eqP; rewrite addrAC subrK addrC.
apply: (mderive_const _ T0) => t [t0 _].
have h1 := hW t t0 k.+1 kL; have h0 := hW t t0 k (ltnW kL).
have := mderiveB (mderiveM (mderiveT h1) h1) (mderiveM h0 (mderiveT h0)).
suff -> : (- gradk (W t) k.+1)^T *m W t k.+1 + (W t k.+1)^T *m - gradk (W t) k.+1 -
   (- gradk (W t) k *m (W t k)^T + W t k *m (- gradk (W t) k)^T) = 0 by [].
have e := grad5_balance (W t) w (gradR1 X y (wprod (W t) w)) kL.
move: e; rewrite -!/(gradk _ _); move: (gradk (W t) k.+1) (gradk (W t) k) => g1 g0 e.
have e' := congr1 (@trmx _ _ _) e; rewrite !trmx_mul !trmxK in e'.
rewrite !linearN /= !mulNmx e e'; apply/eqP; rewrite subr_eq0; apply/eqP; exact: addrC.
Qed.
End GradientFlow.
