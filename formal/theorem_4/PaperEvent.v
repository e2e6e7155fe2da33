(* Theorem 4 and Corollary 4 with the paper's own event (both partial products bounded by Lemma 3's
   constants on the printed ball) and the
   corrected constant C_3 of (36); the printed closing inequality is false for every s > 0;
   Corollary 4 as ratios. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Theorem4Probability UpperExpectation RealFacts Linalg
  PolynomialFunction Network Risk Lemma8 PolynomialDerivative Derivative GradientFlow Lemma1 Energy
  RealPower Sharpness Theorem2 Limit Corollary2 Continuation Rearrange Convergence Theorem4.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* (36), printed: C_3 = 2^-36 exp(-4 s^2 - 16 s^2/C_2 - 20 C).  The closing chain of the proof, at d
   = C_2, for every s > 0: *)
Theorem closing_chain_false (s D C : R) : (0 < s)%Re -> (0 < D)%Re ->
  ~ (2 ^ 11 * exp (s ^ 2 + 8 * s ^ 2 / D + 6 * C) * sqrt (exp (- 4 * s ^ 2 - 16 * s ^ 2 / D - 20 *
    C) / 2 ^ 36) <= exp (- 2 * s ^ 2 - 4 * C) / 128)%Re.
Proof.
move=> s0 D0.
have e : (exp (- 4 * s ^ 2 - 16 * s ^ 2 / D - 20 * C) / 2 ^ 36 = (exp (- 2 * s ^ 2 - 8 * s ^ 2 / D -
  10 * C) / 2 ^ 18) ^ 2)%Re.
  rewrite /Rdiv Rpow_mult_distr exp_pow; congr Rmult; last by field.
  by congr exp; rewrite [INR 2]/=; field; lra.
rewrite e sqrt_pow2; last by apply: Rmult_le_pos; [exact/Rlt_le/exp_pos|lra].
have -> : (2 ^ 11 * exp (s ^ 2 + 8 * s ^ 2 / D + 6 * C) * (exp (- 2 * s ^ 2 - 8 * s ^ 2 / D - 10 *
  C) / 2 ^ 18)
  = (exp (s ^ 2 + 8 * s ^ 2 / D + 6 * C) * exp (- 2 * s ^ 2 - 8 * s ^ 2 / D - 10 * C)) /
    128)%Re by field.
rewrite -exp_plus; have -> : (s ^ 2 + 8 * s ^ 2 / D + 6 * C + (- 2 * s ^ 2 - 8 * s ^ 2 / D - 10 *
  C) = - s ^ 2 - 4 * C)%Re by ring.
have : (exp (- 2 * s ^ 2 - 4 * C) < exp (- s ^ 2 - 4 * C))%Re by apply: exp_increasing; nra.
lra.
Qed.

Section Paper.
Variables (D : nat) (s u C2 : R).
Notation d := (fun _ : nat => D).
Notation Mp := (Mc s u).
Definition mpp : R := (exp (- (2 * s ^ 2 / INR D) - u) / 4)%Re.
Notation C5p := (C5c s u).
(* corrected (36): -6 s^2 in place of -4 s^2 *)
Definition C3p : R := (exp (- 6 * s ^ 2 - 16 * s ^ 2 / C2 - 20 * u) / 2 ^ 36)%Re.
Hypotheses (C20 : (0 < C2)%Re) (hd : (C2 <= INR D)%Re).

Lemma Mp0 : (0 < Mp)%Re. Proof. by rewrite /Mc; have := exp_pos (s ^ 2 / 2 + u); lra. Qed.
Lemma mpp0 : (0 < mpp)%Re. Proof. by rewrite /mpp; have := exp_pos (- (2 * s ^ 2 / INR D) - u); lra.
Qed.
Lemma C5p0 : (0 < C5p)%Re. Proof. by rewrite /C5c; have := exp_pos (- 2 * s ^ 2 - 4 * u); lra. Qed.
Lemma C3p_le : (C3p <= C3 mpp Mp mpp Mp C5p)%Re.
Proof.
have D0 : (0 < INR D)%Re by lra.
rewrite /C3 /C3p.
set A := (- 2 * s ^ 2 - 4 * u)%Re; set B := (s ^ 2 / 2 + u)%Re;
  set E := (- (2 * s ^ 2 / INR D) - u)%Re.
have -> : (C5p * C5p * (mpp * mpp * (mpp * mpp) * (mpp * mpp * (mpp * mpp))) / (Mp * Mp * (Mp *
  Mp)) = exp (A * INR 2 + E * INR 8 + - (B * INR 4)) / 2 ^ 36)%Re.
  rewrite !exp_plus exp_Ropp -!exp_pow /C5c /mpp /Mc -/A -/B -/E.
  have a0 := exp_pos A; have b0 := exp_pos B; have e0 := exp_pos E.
  move: (exp A) (exp B) (exp E) a0 b0 e0 => a b c a0 b0 c0; field; lra.
apply: Rmult_le_compat_r; first lra.
apply: exp_le; rewrite /A /B /E [INR 2]/= [INR 8]/= [INR 4]/=.
have : (16 * s ^ 2 / INR D <= 16 * s ^ 2 / C2)%Re.
  by apply: Rmult_le_compat_l; [have := pow2_ge_0 s; lra|apply: Rinv_le_contravar].
have -> : (16 * s ^ 2 / INR D = 8 * (2 * s ^ 2 / INR D))%Re by field; lra. lra.
Qed.

Variables (n : nat) (X : 'M[RR]_(n, D)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_D).
Variables (W : R -> layers RR d) (ws : 'cV[RR]_D) (lam Lam : RR).
Hypotheses (hW : @gradient_flow d n X y L w W) (L_gt0 : (0 < L)%N) (w_nz : w != 0).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge (d := d) X lam) (hLam : cov_le (d := d) X Lam) (ws_eq :
  normal_eq (d := d) X y ws) (Lam0 : 0 < Lam).
(* the paper's event: (35) and its companion for W_k ... W_1 and for W_L ... W_{k+1}, uniformly on
   the ball |theta_k|_F <= C_5 *)
Hypothesis event : forall V : layers RR d, (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (C5p / INR L) * (C5p / INR L))%Re) ->
  forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) Mp, sigmin_ge (fwd V k) mpp,
    norm (@bvec _ d V L w k.+1) <= Mp * norm w & mpp * norm w <= norm (@bvec _ d V L w k.+1)].
Hypothesis event_prod : forall V : layers RR d, (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (C5p / INR L) * (C5p / INR L))%Re) ->
  mpp * norm w <= norm (@wprod _ d V L w).
Hypothesis small : (@risk _ d n X y L w (W 0%Re) - R1 (d := d) X y ws <= C3p * (lam * lam * sqn w) /
  Lam)%Re.

Let small' : (@risk _ d n X y L w (W 0%Re) - R1 (d := d) X y ws <= C3 mpp Mp mpp Mp C5p * (lam *
  lam * sqn w) / Lam)%Re.
Proof.
apply: Rle_trans small _; have l : (0 < lam)%Re by exact/RltP. have La : (0 < Lam)%Re by exact/RltP.
have w2 : (0 <= sqn w)%Re by apply/RleP; exact: sqn_ge0.
apply: Rmult_le_compat_r; first by apply/Rlt_le/Rinv_0_lt_compat.
apply: Rmult_le_compat_r C3p_le; apply: Rmult_le_pos => //; nra.
Qed.
Let M0 : 0 < (Mp : RR). Proof. apply/RltP; exact: Mp0. Qed.
Let m0 : 0 < (mpp : RR). Proof. apply/RltP; exact: mpp0. Qed.
Let c0 : 0 < (C5p : RR). Proof. apply/RltP; exact: C5p0. Qed.

Theorem theorem4_paper :
  [/\ (forall t, (0 <= t)%Re -> forall k, (k < L)%N -> (norm (W t k - W 0%Re k) < C5p / INR L)%Re),
      (forall t, (0 <= t)%Re -> (@risk _ d n X y L w (W t) - R1 (d := d) X y ws <=
        (@risk _ d n X y L w (W 0%Re) - R1 (d := d) X y ws) * exp (- @rate4 d L w lam mpp mpp *
        t))%Re),
      (forall k, (k < L)%N -> mlim (fun t => W t k) (Winf W k)),
      (forall k, (k < L)%N -> (norm (Winf W k - W 0%Re k) <= C5p / INR L)%Re)
    & @wprod _ d (Winf W) L w = ws /\ forall V, @risk _ d n X y L w (Winf W) <=
      @risk _ d n X y L w V].
Proof.
have [h1 h2 [h3 _] h4 h5] := @theorem4 d n X y L w W ws lam Lam mpp Mp mpp Mp C5p hW L_gt0 w_nz lam0
  hlam hLam ws_eq m0 m0 M0 M0 c0 Lam0 event small'.
by [].
Qed.

(* Corollary 4, corrected: 1 <= S/S_min' <= 2^8 exp(2 s^2 + 4 u) m^-(2 - 2/L) Lam/lam, and the
   printed upper bound, as ratios *)
Theorem corollary4_ratios : exists S : R, @is_sharpness d n X y L w (Winf W) S /\
  let Smin' := (2 * INR L * lam * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 /
    INR L))%Re in
  let Smin := (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L))%Re in
  [/\ (0 < Smin')%Re /\ (0 < Smin)%Re, (1 <= S / Smin')%Re,
      (S / Smin' <= 2 ^ 8 * exp (2 * s ^ 2 + 4 * u) * Rpower (/ mpp) (2 - 2 / INR L) * (Lam /
        lam))%Re
    & (S / Smin <= 2 ^ 8 * exp (2 * s ^ 2 + 4 * u) / (mpp * mpp) * Rpower (norm ws) (2 / INR L) *
      (Lam / lam))%Re].
Proof.
have [S [h1 h2 h3 h4 h5]] := @corollary4 d n X y L w W ws lam Lam mpp Mp mpp Mp C5p hW L_gt0 w_nz
  lam0 hlam hLam ws_eq m0 m0 M0 M0 c0 Lam0 event small' mpp m0 event_prod.
exists S; split=> // Smin' Smin.
have l : (0 < lam)%Re by exact/RltP.
have L0 : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
have p' : (0 < Smin')%Re by repeat apply: Rmult_lt_0_compat => //; try lra; exact: exp_pos.
have p : (0 < Smin)%Re by repeat apply: Rmult_lt_0_compat => //; try lra; exact: exp_pos.
have K : (Mp * Mp * (Mp * Mp) = 2 ^ 8 * exp (2 * s ^ 2 + 4 * u))%Re.
  have -> : (2 * s ^ 2 + 4 * u = (s ^ 2 / 2 + u) * INR 4)%Re by rewrite [INR 4]/=; field.
  by rewrite -exp_pow /Mc; ring.
rewrite K in h4 h5; split=> //.
- apply: (Rmult_le_reg_r Smin') => //; have -> : (S / Smin' * Smin' = S)%Re by field; lra.
by rewrite Rmult_1_l.
- apply: (Rmult_le_reg_r Smin') => //; have -> : (S / Smin' * Smin' = S)%Re by field; lra.
exact: h4.
- apply: (Rmult_le_reg_r Smin) => //; have -> : (S / Smin * Smin = S)%Re by field; lra. exact: h5.
Qed.
End Paper.
