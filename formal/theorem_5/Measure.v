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
  Corollary2 Continuation Confinement UpperExpectation Gaussian Tails GaussianLayer FixedStart
  NetArgument Lemma3Constants Net Lemma3 Lemma3Sharp Boxes Lemma3Measure Theorem4Event
  Rearrange Convergence Theorem4 Theorem4Probability Multivariate Theorem5 Corollary4Printed.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Definition c1 (s : R) : R := ((us s / 0.43) ^ 2)%Re.
Definition c3 (s : R) : R := (exp (- 13 * s ^ 2 - 26 * us s) / 2 ^ 48)%Re.
Definition c4 (s : R) : R := ((22 * s + 6) ^ 2 / 32)%Re.
Definition c5 (s : R) : R := (exp (- 2 * s ^ 2 - 4 * us s) / 64)%Re.
Definition cS (s : R) : R := (2 ^ 16 * exp (4 * s ^ 2 + 8 * us s))%Re.
Definition cmu (s : R) : R := (exp (- 3 * s ^ 2 - 6 * us s) / 2 ^ 12)%Re.

Lemma closed4 s d L om : (0 < s)%Re -> (4 <= d)%N -> (0 < L)%N -> good d L s (us s) om ->
  trains4 d L s (c3 s) (c5 s) (cS s) (cmu s) om.
Proof.
move=> s0 d4 L0 g; have u0 : (0 < us s)%Re by rewrite /us; nra.
have ex (x : R) m : (exp x ^ m = exp (x * INR m))%Re.
  by elim: m => [|m IH]; [rewrite Rmult_0_r exp_0|rewrite -tech_pow_Rmult IH -exp_plus S_INR;
    congr exp; ring].
have := good_trains4 d4 L0 u0 g; rewrite C3c_closed.
have -> : (Mc s (us s) ^ 8 = cS s)%Re.
  rewrite /Mc /cS Rpow_mult_distr ex; congr Rmult; first by ring.
  by congr exp; rewrite [INR 8]/=; field.
have -> : (/ Mc s (us s) ^ 6 = cmu s)%Re; last by [].
rewrite /cmu; have -> : (- 3 * s ^ 2 - 6 * us s = - ((s ^ 2 / 2 + us s) *
  INR 6))%Re by rewrite [INR 6]/=; field.
rewrite exp_Ropp /Mc Rpow_mult_distr ex; have := exp_pos ((s ^ 2 / 2 + us s) * INR 6)%Re.
by move: (exp _) => b b0; field; lra.
Qed.
Lemma closed5 s d L om : (0 < s)%Re -> (4 <= d)%N -> (0 < L)%N -> good d L s (us s) om ->
  trains5 d L s (c3 s) (c5 s) (cmu s) om.
Proof.
move=> s0 d4 L0 g; have u0 : (0 < us s)%Re by rewrite /us; nra.
have ex (x : R) m : (exp x ^ m = exp (x * INR m))%Re.
  by elim: m => [|m IH]; [rewrite Rmult_0_r exp_0|rewrite -tech_pow_Rmult IH -exp_plus S_INR;
    congr exp; ring].
have := good_trains5 d4 L0 u0 g; rewrite C3c_closed.
have -> : (/ Mc s (us s) ^ 6 = cmu s)%Re; last by [].
rewrite /cmu; have -> : (- 3 * s ^ 2 - 6 * us s = - ((s ^ 2 / 2 + us s) *
  INR 6))%Re by rewrite [INR 6]/=; field.
rewrite exp_Ropp /Mc Rpow_mult_distr ex; have := exp_pos ((s ^ 2 / 2 + us s) * INR 6)%Re.
by move: (exp _) => b b0; field; lra.
Qed.

Section Measure.
Variables (s : R) (d L : nat).
Hypotheses (s0 : (0 < s)%Re) (hL : (c1 s <= INR L)%Re) (hd : (4 <= INR d)%Re).
Let u0 : (0 < us s)%Re. Proof. by rewrite /us; nra. Qed.
Let d4 : (4 <= d)%N. Proof. by apply/ssrnat.leP/INR_le; rewrite [INR 4]/=; lra. Qed.
Let q0 : (0 < (us s / 0.43) ^ 2)%Re. Proof. by apply: pow_lt; lra. Qed.
Let L0 : (0 < L)%N. Proof. by apply/ssrnat.ltP/INR_lt; rewrite [INR 0]/=; have := hL; rewrite /c1;
  lra. Qed.
Let hu : (us s <= 0.43 * sqrt (INR L))%Re.
Proof.
have : (us s / 0.43 <= sqrt (INR L))%Re; last by lra.
rewrite -(sqrt_pow2 (us s / 0.43)); last lra. by apply: sqrt_le_1_alt.
Qed.
Let ek : (INR d * us s ^ 2 / (32 * s ^ 2) = c4 s * INR d)%Re. Proof. by rewrite /us /c4; field; lra.
Qed.

Theorem theorem4_measure (P : (Omega -> Prop) -> R) : gaussian_on_open d L P ->
  (forall A B : Omega -> Prop, (forall om, A om -> B om) -> (P A <= P B)%Re) ->
  (P (fun om => ~ trains4 d L s (c3 s) (c5 s) (cS s) (cmu s) om) <= 5 * exp (- (c4 s * INR d)))%Re.
Proof.
move=> hP mono; rewrite -ek; apply: Rle_trans (lemma3_any_measure hP d4 L0 s0 (Rle_refl _) hu).
by apply: mono => om nt g; apply: nt; exact: closed4.
Qed.
Theorem theorem5_measure (P : (Omega -> Prop) -> R) : gaussian_on_open d L P ->
  (forall A B : Omega -> Prop, (forall om, A om -> B om) -> (P A <= P B)%Re) ->
  (P (fun om => ~ trains5 d L s (c3 s) (c5 s) (cmu s) om) <= 5 * exp (- (c4 s * INR d)))%Re.
Proof.
move=> hP mono; rewrite -ek; apply: Rle_trans (lemma3_any_measure hP d4 L0 s0 (Rle_refl _) hu).
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
move=> w_nz l0 hl hLa we; rewrite -ek.
apply: pr_mono (lemma3_sharp d4 L0 s0 (Rle_refl _) hu) => [om [F [gf F0 hyp nc]] g|];
  last exact: Rle_refl.
apply: nc; have [V [a _ [b _] c _]] := closed4 s0 d4 L0 g w_nz l0 hl hLa we gf F0 hyp.
by exists V.
Qed.
End Measure.
(* in the paper's shape: constants that depend on s only, 16 exp(-C_4 d) *)
Theorem theorem4_shape s : (0 < s)%Re -> exists C1 C2 C3 C4 C5 C Cmu : R,
  [/\ (0 < C1)%Re /\ (0 < C2)%Re, (0 < C3)%Re /\ (0 < C4)%Re, (0 < C5)%Re, (0 < C)%Re /\ (0 <
  Cmu)%Re &
  forall d L : nat, (C1 <= INR L)%Re -> (C2 <= INR d)%Re ->
    pr (Uall d L) (fun om => ~ trains4 d L s C3 C5 C Cmu om) (16 * exp (- (C4 * INR d)))%Re].
Proof.
move=> s0; exists (c1 s), 4%Re, (c3 s), (c4 s), (c5 s), (cS s), (cmu s).
have u0 : (0 < us s)%Re by rewrite /us; nra.
split; [split|split|..|].
- by apply: pow_lt; lra.
- lra.
- by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
- by rewrite /c4; nra.
- by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
- split; [apply: Rmult_lt_0_compat; [lra|exact: exp_pos]|by apply: Rdiv_lt_0_compat;
  [exact: exp_pos|lra]].
move=> d L hL hd; apply: pr_mono (theorem4_corollary4 s0 hL hd) => //.
have := exp_pos (- ((22 * s + 6) ^ 2 / 32 * INR d)); rewrite /c4; lra.
Qed.
Theorem theorem5_shape s : (0 < s)%Re -> exists C1 C2 C3 C4 C5 Cmu : R,
  [/\ (0 < C1)%Re /\ (0 < C2)%Re, (0 < C3)%Re /\ (0 < C4)%Re, (0 < C5)%Re, (0 < Cmu)%Re &
  forall d L : nat, (C1 <= INR L)%Re -> (C2 <= INR d)%Re ->
    pr (Uall d L) (fun om => ~ trains5 d L s C3 C5 Cmu om) (16 * exp (- (C4 * INR d)))%Re].
Proof.
move=> s0; exists (c1 s), 4%Re, (c3 s), (c4 s), (c5 s), (cmu s).
have u0 : (0 < us s)%Re by rewrite /us; nra.
split; [split|split|..|].
- by apply: pow_lt; lra.
- lra.
- by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
- by rewrite /c4; nra.
- by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
- by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
move=> d L hL hd; apply: pr_mono (theorem5_probability s0 hL hd) => //.
have := exp_pos (- ((22 * s + 6) ^ 2 / 32 * INR d)); rewrite /c4; lra.
Qed.
