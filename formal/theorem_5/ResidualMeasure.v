(* Theorems 4 and 5 and Corollary 4 (lower bound corrected) as a probabilist states them: for a
   Gaussian measure P on the noise, with constants of s alone, chosen first; no flow among the
   hypotheses.  "If H, then with probability at least 1 - p" is: P(H and not the conclusion) <= p,
     for
   all data, heads and targets at once. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Flatcert Require Import UpperExpectation Gaussian GaussianLayer FixedStart NetArgument Net.
From Flatcert Require Import Theorem4Probability Theorem5 Measure Lemma3Gaussian TwoSidedMeasure.
From Flatcert Require Import ResidualFromStart Theorem5TwoSided.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section Constants.
Variables (s : R) (d L : nat).
Hypotheses (s0 : 0 < s) (hL : c1 s <= INR L) (hd : 4 <= INR d).
Lemma width_4 : (4 <= d)%N.
Proof. by apply/ssrnat.leP/INR_le; rewrite [INR 4]/=; lra. Qed.
Lemma us_gt0 : 0 < us s. Proof. by rewrite /us; nra. Qed.
Lemma depth_gt0 : (0 < L)%N.
Proof.
apply/ssrnat.ltP/INR_lt; rewrite [INR 0]/=; apply: Rlt_le_trans hL.
by rewrite /c1; apply: pow_lt; have := us_gt0; lra.
Qed.
Lemma us_depth : us s <= 0.43 * sqrt (INR L).
Proof.
have u0 := us_gt0; have : us s / 0.43 <= sqrt (INR L); last by lra.
rewrite -(sqrt_pow2 (us s / 0.43)); last lra.
by apply: sqrt_le_1_alt.
Qed.
End Constants.

(* Theorem 4 and Corollary 4, with C_3 = 2^-36 exp(-10 s^2 - 20 u), u = 22 s^2 + 6 s. *)
Theorem theorem_4_measure_from_start (s : R) : 0 < s -> exists C1 C2 C3 C4 C5 C Cmu : R,
  [/\ 0 < C1 /\ 0 < C2, 0 < C3 /\ 0 < C4, 0 < C5, 0 < C /\ 0 < Cmu &
  forall (d L : nat) (P : (Omega -> Prop) -> R), gaussian_measure d L P -> C1 <= INR L ->
    C2 <= INR d ->
  P (fun om => ~ theorem_4_conclusion d L s C3 C5 C Cmu om) <= 16 * exp (- (C4 * INR d))].
Proof.
move=> s0; have u0 := us_gt0 s0.
exists (c1 s), 4, (C3s s (us s)), ((22 * s + 6) ^ 2 / 32), (C5s s (us s)), (CSs s (us s)),
  (Cmus s (us s)); split; [split|split|..|].
- by rewrite /c1; apply: pow_lt; lra.
- lra.
- by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
- by nra.
- by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
- split; first by apply: Rmult_lt_0_compat; [lra|exact: exp_pos].
  by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
move=> d L P hP hL hd.
have h := theorem_4_two_sided_measure hP (width_4 hd) (depth_gt0 s0 hL) s0 (us_depth s0 hL).
apply: (Rle_trans _ _ _ _ (Rle_trans _ _ _ h _)); last first.
  by have := exp_pos (- ((22 * s + 6) ^ 2 / 32 * INR d)); lra.
by apply: (measure_monotone hP) => om bad good; apply: bad; exact: trains4_conclusion.
Qed.

(* Theorem 5, with the same constants *)
Theorem theorem_5_measure_from_start (s : R) : 0 < s -> exists C1 C2 C3 C4 C5 Cmu : R,
  [/\ 0 < C1 /\ 0 < C2, 0 < C3 /\ 0 < C4, 0 < C5, 0 < Cmu &
  forall (d L : nat) (P : (Omega -> Prop) -> R), gaussian_measure d L P -> C1 <= INR L ->
    C2 <= INR d ->
  P (fun om => ~ theorem_5_conclusion d L s C3 C5 Cmu om) <= 16 * exp (- (C4 * INR d))].
Proof.
move=> s0; have u0 := us_gt0 s0.
exists (c1 s), 4, (C3s s (us s)), ((22 * s + 6) ^ 2 / 32), (C5s s (us s)), (Cmus s (us s)).
split; [split|split|..|].
- by rewrite /c1; apply: pow_lt; lra.
- lra.
- by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
- by nra.
- by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
- by apply: Rdiv_lt_0_compat; [exact: exp_pos|lra].
move=> d L P hP hL hd.
have h := theorem_5_two_sided_measure hP (width_4 hd) (depth_gt0 s0 hL) s0 (us_depth s0 hL).
apply: (Rle_trans _ _ _ _ (Rle_trans _ _ _ h _)); last first.
  by have := exp_pos (- ((22 * s + 6) ^ 2 / 32 * INR d)); lra.
by apply: (measure_monotone hP) => om bad good; apply: bad; exact: trains5_conclusion.
Qed.
