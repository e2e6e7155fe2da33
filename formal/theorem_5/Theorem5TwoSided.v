(* Theorem 5 with the paper's own event, for a Gaussian measure: the same constants as Theorem 4,
   C_3 = 2^-36 exp(-10 s^2 - 20 u), u = 22 s^2 + 6 s; no flow among the hypotheses. *)
From Coq Require Import Reals Lra Lia Psatz Classical_Prop.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import RealFacts Linalg Network Risk PolynomialDerivative Limit Corollary2
  UpperExpectation Gaussian GaussianLayer FixedStart NetArgument Theorem4 Theorem4Probability
  Multivariate Theorem5 Measure Lemma3Gaussian TwoSidedMeasure.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section TwoSided.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : (0 < s)%Re) (u0 : (0 < u)%Re).
Notation dd := (fun _ : nat => d).

Lemma two_sided_trains5 om : good d L s u om -> good d L s u (reversed L om) ->
  trains5 d L s (C3s s u) (C5c s u) (Cmus s u) om.
Proof.
move=> g gr; have M0 := Mc_gt0 s u0; have m0 := Mc_inv_gt0 s u0.
rewrite -(C3s_eq s u0) -(Cmus_eq s u0).
exact: (event_trains5 d4 L0 M0 m0 M0 m0 (C5c_gt0 s u) (two_sided_event d4 L0 u0 g gr)).
Qed.
End TwoSided.

Theorem theorem_5_two_sided_measure (d L : nat) (s : R) (P : (Omega -> Prop) -> R) :
  gaussian_measure d L P -> (4 <= d)%N -> (0 < L)%N -> (0 < s)%Re ->
  (us s <= 0.43 * sqrt (INR L))%Re ->
  (P (fun om => ~ trains5 d L s (C3s s (us s)) (C5c s (us s)) (Cmus s (us s)) om)
    <= 10 * exp (- ((22 * s + 6) ^ 2 / 32 * INR d)))%Re.
Proof.
move=> hP d4 L0 s0 hu; have u0 : (0 < us s)%Re by rewrite /us; nra.
by apply: (two_sided_measure hP d4 L0 s0 hu) => om; exact: two_sided_trains5.
Qed.
