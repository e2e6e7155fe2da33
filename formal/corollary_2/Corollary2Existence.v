(* What existence buys: "there is exactly one flow", and Corollary 2 without the hypothesis that a
   flow exists. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy Limit Corollary2 Existence.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem gradient_flow_exists_unique (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w
  : 'cV[RR]_(d L)) (W0 : layers RR d) :
  exists W : R -> layers RR d, (W 0%Re = W0 /\ gradient_flow X y w W) /\
    forall V : R -> layers RR d, V 0%Re = W0 -> gradient_flow X y w V ->
    forall t, (0 <= t)%Re -> forall k, (k < L)%N -> V t k = W t k.
Proof.
case: (gradient_flow_exists X y w W0) => W [e h]; exists W; split=> // V eV hV t t0 k kL.
by apply: (gradient_flow_unique hV h) => // k' _; rewrite eV e.
Qed.

Theorem corollary2_unconditional (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w :
  'cV[RR]_(d L))
    (ws : 'cV[RR]_(d 0%N)) (lam : RR) (W0 : layers RR d) :
  (0 < L)%N -> d L = 1%N -> sqn w = 1 -> 0 < lam -> cov_ge X lam -> normal_eq X y ws ->
  risk X y w W0 <= R1 X y 0 -> (exists2 k, (k < L)%N & gradk X y w W0 k != 0) ->
  exists (W : R -> layers RR d) (V : layers RR d), W 0%Re = W0 /\ gradient_flow X y w W /\
    (forall k, (k < L)%N -> mlim (fun t => W t k) (V k)) /\ wprod V w = ws /\ forall U,
      risk X y w V <= risk X y w U.
Proof.
move=> L0 dL w1 l0 hl hws A2 A2'; case: (gradient_flow_exists X y w W0) => W [e hW].
exists W, (Winf W); split=> //; split=> //; apply: (corollary2 hW L0 dL w1 l0 hl hws); by rewrite e.
Qed.
