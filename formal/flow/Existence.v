(* The gradient flow exists for all t >= 0 from every start, and is unique: any widths, depth, head
   and data. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy BoxLipschitz GeneralFlow.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Existence.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Lemma risk_ge0 (W : layers RR d) : 0 <= risk X y w W.
Proof. by rewrite /risk /R1 mulr_ge0 ?nV_ge0 ?sqn_ge0. Qed.
Lemma risk_derive (V : R -> layers RR d) (D : forall k, 'M[RR]_(d k.+1, d k)) t :
  (forall k, (k < L)%N -> mderive (fun s => V s k) t (D k)) ->
  is_derive (fun s => risk X y w (V s) : R) t (\sum_(k < L) dot (gradk X y w (V t) k) (D k) : RR).
Proof. exact: is_derive_risk. Qed.
End Existence.
Ltac facts := first [assumption|exact: blm_gradk|exact: gradk_ext|exact: risk_ge0|exact: risk_ext
  |exact: risk_derive].

(* Existence: from every start, for every widths d, depth L, head w, data X, y; no other
   hypothesis. *)
Theorem gradient_flow_exists (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w :
  'cV[RR]_(d L)) (W0 : layers RR d) :
  exists W : R -> layers RR d, W 0%Re = W0 /\ gradient_flow X y w W.
Proof.
exists (flow L (gradk X y w) (risk X y w) W0); split.
  by apply: FunctionalExtensionality.functional_extensionality_dep => k; apply: flow_start; facts.
by move=> t t0; apply: flow_is_flow; facts.
Qed.

(* Uniqueness, for t >= 0 and the L layers of the network (the definition says nothing of the
   others). *)
Theorem gradient_flow_unique (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w :
  'cV[RR]_(d L)) (W V : R -> layers RR d) :
  gradient_flow X y w W -> gradient_flow X y w V -> (forall k, (k < L)%N -> W 0%Re k = V 0%Re k) ->
  forall t, (0 <= t)%Re -> forall k, (k < L)%N -> W t k = V t k.
Proof.
by move=> hW hV e; apply: (general_flow_unique (g := gradk X y w) (E := risk X y w)); facts.
Qed.
