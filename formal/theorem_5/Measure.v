(* Theorems 4, 5 and Corollary 4 for an actual measure: any monotone P on events whose value on open
   events is at most the supremum of the box
   measures inside (the Gaussian measure, and its outer measure, are such).  Also the form with data
   fixed in advance. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Lemma9 PolynomialFunction Network Risk Lemma8
  PolynomialDerivative Derivative GradientFlow Lemma1 Energy RealPower Sharpness Theorem2 Limit
  Corollary2 Continuation UpperExpectation Gaussian Tails GaussianLayer FixedStart NetArgument
  Lemma3Constants Net Lemma3 Boxes Lemma3Measure Theorem4Event Rearrange Convergence Theorem4
  Theorem4Probability Multivariate Theorem5 Corollary4Printed.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Measure.
Variables (s : R) (d L : nat).
Hypotheses (s0 : (0 < s)%Re) (hL : (c1 s <= INR L)%Re) (hd : (4 <= INR d)%Re).
Let range := range_s s0 hL hd.

Theorem theorem4_measure (P : (Omega -> Prop) -> R) : gaussian_on_open d L P ->
  (forall A B : Omega -> Prop, (forall om, A om -> B om) -> (P A <= P B)%Re) ->
  (P (fun om => ~ trains4 d L s (c3 s) (c5 s) (cS s) (cmu s) om) <= 5 * exp (- (c4 s * INR d)))%Re.
Proof.
move=> hP mono; have [_ d4 L0 hu <-] := range.
apply: Rle_trans (lemma3_any_measure hP d4 L0 s0 (Rle_refl _) hu).
by apply: mono => om nt g; apply: nt; exact: closed4.
Qed.
Theorem theorem5_measure (P : (Omega -> Prop) -> R) : gaussian_on_open d L P ->
  (forall A B : Omega -> Prop, (forall om, A om -> B om) -> (P A <= P B)%Re) ->
  (P (fun om => ~ trains5 d L s (c3 s) (c5 s) (cmu s) om) <= 5 * exp (- (c4 s * INR d)))%Re.
Proof.
move=> hP mono; have [_ d4 L0 hu <-] := range.
apply: Rle_trans (lemma3_any_measure hP d4 L0 s0 (Rle_refl _) hu).
by apply: mono => om nt g; apply: nt; exact: closed5.
Qed.

(* data and head fixed in advance: the event "some flow from this initialisation satisfies the
   hypothesis and not the conclusion" is improbable *)
Notation dd := (fun _ : nat => d).
Theorem theorem4_fixed_data (n : nat) (X : 'M[RR]_(n, d)) (y : 'cV[RR]_n) (w ws : 'cV[RR]_d) (lam
  Lam : RR) :
  w != 0 -> 0 < lam -> cov_ge (d := dd) X lam -> cov_le (d := dd) X Lam ->
    normal_eq (d := dd) X y ws ->
  pr (Uall d L) (fun om => exists F : R -> layers RR dd,
    [/\ @gradient_flow dd n X y L w F, (forall k, (k < L)%N -> F 0%Re k = W d L s om k),
    (@risk _ dd n X y L w (F 0%Re) - R1 (d := dd) X y ws <= c3 s * (lam * lam * sqn w) / Lam)%Re &
    ~ exists V : layers RR dd,
      [/\ (forall k, (k < L)%N -> mlim (fun t => F t k) (V k)),
          (forall U, @risk _ dd n X y L w V <= @risk _ dd n X y L w U)
        & (forall k, (k < L)%N -> exists2 th : 'M[RR]_d, V k = W d L s om k +
          (L%:R)^-1 *: th & (norm th <= c5 s)%Re)]])
    (5 * exp (- (c4 s * INR d)))%Re.
Proof.
move=> w_nz l0 hl hLa we; have [_ d4 L0 hu <-] := range.
apply: pr_mono (lemma3_sharp d4 L0 s0 (Rle_refl _) hu) => [om [F [gf F0 hyp nc]] g|];
  last exact: Rle_refl.
apply: nc; have [V [a _ [b _] c _]] := closed4 s0 d4 L0 g w_nz l0 hl hLa we gf F0 hyp.
by exists V.
Qed.
End Measure.
