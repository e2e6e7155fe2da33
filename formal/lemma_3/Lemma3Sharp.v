(* Lemma 3 with the sharp Gaussian tail: u >= 22 s^2 + 6 s, u <= 0.43 sqrt(L). *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Flatcert Require Import Linalg Lemma9 UpperExpectation Gaussian Tails GaussianLayer FixedStart
  NetArgument Lemma3Constants Net Lemma3.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section Constants.
Variables (d L : nat) (s u kap c1 c2 : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : 0 < s) (hs : 22 * s ^ 2 <= u) (hu : u <= 0.43 *
  sqrt (INR L)).
Hypotheses (hk : kap <= 3 * (u ^ 2 / (32 * s ^ 2))) (h1 : c1 <= exp (INR d * kap)) (h2 : c2 <=
  exp (INR d * kap)).

Theorem constants_sharp : c1 * (t_gauss d s u + t_one d L s u) + c2 * (t_gauss d s u +
  (t_three d L s u + t_step d L s)) <= 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))).
Proof.
have D4 : 4 <= INR d by have <- : INR 4 = 4; [rewrite /=; ring|apply: le_INR; apply/ssrnat.leP].
have L1 : 1 <= INR L by have <- : INR 1 = 1; [|apply: le_INR; apply/ssrnat.leP].
have lnL := ln_le_sqrt (x := INR L) ltac:(lra).
have qq := sqrt_sqrt (INR L) ltac:(lra); have q0 : 0 < sqrt (INR L) by apply: sqrt_lt_R0; lra.
have k1 := h1; have k2 := h2; have hv := hu.
rewrite /t_gauss /t_one /t_three /t_step.
set D := INR d in D4 k1 k2 *; set l := INR L in L1 lnL qq q0 hv *;
  set q := sqrt l in hv lnL qq q0 *.
have s2 : 0 < s ^ 2 by nra.
have u0 : 0 < u by nra.
pose K := u ^ 2 / (32 * s ^ 2).
have K0 : 0 < K by apply: Rdiv_lt_0_compat; nra.
have q1 : 1 <= q by nra.
have su : s ^ 2 <= u / 22 by lra.
have bound c e : c <= exp (D * kap) -> 4 * D * K <= e -> c * exp (- e) <= exp (- (D * K)).
  move=> hc he; apply: Rle_trans (Rmult_le_compat_r _ _ _ (Rlt_le _ _ (exp_pos _)) hc) _.
  have hK : kap <= 3 * K by exact: hk.
  by rewrite -exp_plus; apply: exp_le; nra.
have EK : D * u ^ 2 / (32 * s ^ 2) = D * K by rewrite /K; field; lra.
rewrite EK.
have DK0 : 0 < D * K by nra.
have g : 4 * D * K <= D * u ^ 2 / (8 * s ^ 2).
  have -> : D * u ^ 2 / (8 * s ^ 2) = 4 * (D * K) by rewrite /K; field; lra. nra.
have one : 4 * D * K <= l * D * u ^ 2 / (4 * s ^ 2 * (s ^ 2 + u)).
  have -> : l * D * u ^ 2 / (4 * s ^ 2 * (s ^ 2 + u)) = 8 * (D * K) * (l / (s ^ 2 +
    u)) by rewrite /K; field; nra.
  have : 1 / 2 <= l / (s ^ 2 + u); last nra.
  apply: (Rmult_le_reg_r (s ^ 2 + u)); first nra.
  have -> : l / (s ^ 2 + u) * (s ^ 2 + u) = l by field; nra. nra.
have three : 4 * D * K <= l * D ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + D * u)).
  have -> : l * D ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + D * u)) = 2 * (D * K) * (l * D / (4 *
    s ^ 2 + D * u)) by rewrite /K; field; nra.
  have : 2 <= l * D / (4 * s ^ 2 + D * u); last nra.
  apply: (Rmult_le_reg_r (4 * s ^ 2 + D * u)); first nra.
  have -> : l * D / (4 * s ^ 2 + D * u) * (4 * s ^ 2 + D * u) = l * D by field; nra.
  have : 2 * (s ^ 2 + u) <= l by nra. nra.
have step : 4 * D * K <= l * D / (32 * s ^ 2) - ln l.
  have H : 8 * s ^ 2 * q + 4 * u ^ 2 <= l.
    have : u ^ 2 <= 0.1849 * l by rewrite -qq; nra.
    have : s ^ 2 * q <= 0.43 / 22 * l by rewrite -qq; nra. lra.
  have : 32 * s ^ 2 * (4 * D * K) <= 32 * s ^ 2 * (l * D / (32 * s ^ 2) - ln l); last by move=> ?;
    apply: (Rmult_le_reg_l (32 * s ^ 2)) => //; lra.
  have -> : 32 * s ^ 2 * (4 * D * K) = 4 * D * u ^ 2 by rewrite /K; field; lra.
  have -> : 32 * s ^ 2 * (l * D / (32 * s ^ 2) - ln l) = l * D - 32 * s ^ 2 * ln l by field; lra.
  have : 32 * s ^ 2 * ln l <= 8 * s ^ 2 * q * D; last nra.
  have : 32 * s ^ 2 * ln l <= 32 * s ^ 2 * q by apply: Rmult_le_compat_l; lra.
  have : 0 <= s ^ 2 * q by nra. nra.
have b1 := bound c1 _ k1 g; have b2 := bound c1 _ k1 one; have b3 := bound c2 _ k2 g;
  have b4 := bound c2 _ k2 three.
have b5 := bound c2 _ k2 step.
have E5 : exp (- (l * D / (32 * s ^ 2) - ln l)) = l * exp (- (l * D / (32 * s ^ 2))).
  rewrite -[X in _ = X * _](exp_ln l); last lra. by rewrite -exp_plus; congr exp; ring.
rewrite E5 in b5; lra.
Qed.
End Constants.

Lemma cost_sharp s u : 0 < s -> 22 * s ^ 2 + 6 * s <= u ->
  3.125 + s ^ 2 + 2 * u <= 3 * (u ^ 2 / (32 * s ^ 2)).
Proof.
move=> s0 hu; have s2 : 0 < s ^ 2 by nra.
apply: (Rmult_le_reg_l (32 * s ^ 2)); first lra.
have -> : 32 * s ^ 2 * (3 * (u ^ 2 / (32 * s ^ 2))) = 3 * u ^ 2 by field; lra.
have H1 : (22 * s ^ 2 + 6 * s) * (2 * s ^ 2 + 18 * s) <= u * (3 * u - 64 *
  s ^ 2) by apply: Rmult_le_compat; nra.
have : 0 <= s ^ 3 by nra. nra.
Qed.

Section Lemma3.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : 0 < s).
Let D4 : 4 <= INR d. Proof. have <- : INR 4 = 4 by rewrite /=; ring.
by apply: le_INR; apply/ssrnat.leP. Qed.
Let aa := s ^ 2 / 2 + 2 * s ^ 2 / INR d + 2 * u.
Let s2 : 0 < s ^ 2. Proof. nra. Qed.
Let dq : 0 <= 2 * s ^ 2 / INR d <= s ^ 2 / 2.
Proof.
have i0 : 0 < / INR d by apply: Rinv_0_lt_compat; lra.
have i1 : / INR d <= / 4 by apply: Rinv_le_contravar; lra.
rewrite /Rdiv; nra.
Qed.
Let ratio : bigM s u / smallm d s u = 4 * exp aa.
Proof.
rewrite /bigM /smallm; have -> : aa = s ^ 2 / 2 + u + - (- (2 * s ^ 2 / INR d) - u) by rewrite /aa;
  field; lra.
rewrite [X in _ = _ * X]exp_plus [X in _ = _ * (_ * X)]exp_Ropp; field.
by have := exp_pos (- (2 * s ^ 2 / INR d) - u); lra.
Qed.
Let M0 : 0 < bigM s u. Proof. by rewrite /bigM; have := exp_pos (s ^ 2 / 2 + u); lra. Qed.
Let m0 : 0 < smallm d s u. Proof.
by rewrite /smallm; have := exp_pos (- (2 * s ^ 2 / INR d) - u); lra. Qed.

(* with the lattice net: no hypothesis but the ranges *)
Theorem lemma3_sharp : 22 * s ^ 2 + 6 * s <= u -> u <= 0.43 * sqrt (INR L) ->
  pr (Uall d L) (fun w => ~ good d L s u w) (5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2)))).
Proof.
move=> hu hL.
have u0 : 0 < u by nra.
have hk : 3.125 + s ^ 2 + 2 * u <= 3 * (u ^ 2 / (32 * s ^ 2)) by apply: cost_sharp.
have d0 : (0 < d)%N by exact: leq_trans d4.
have [net1 [c1 _ n1 z1]] := @lattice_net d (1 / 3) d0 ltac:(lra).
pose ep := smallm d s u / (bigM s u + 2 * smallm d s u).
have ep1 : 0 < ep < 1.
  split; first by apply: Rdiv_lt_0_compat; lra.
  apply: (Rmult_lt_reg_r (bigM s u + 2 * smallm d s u)); first lra.
  have -> : ep * (bigM s u + 2 * smallm d s u) = smallm d s u by rewrite /ep; field; lra. lra.
have [net2 [c2 n2 _ z2]] := @lattice_net d ep d0 ep1.
apply: pr_mono (all_theta d4 L0 s0 u0 c1 c2 (r1 := 1 + 1 / 3) (r2 := 1 - ep) _ n1 n2 _ _) =>
  [w h||||]; try by [].
- apply: (constants_sharp d4 L0 s0 _ hL hk); first by nra.
  + apply: Rle_trans z1 _; apply: exp_le; apply: Rmult_le_compat_l; first lra.
    have -> : 2 + / (1 / 3) = 5 by lra.
    have := ln8; have := @ln_mono 5 8 ltac:(lra) ltac:(lra); lra.
  + apply: Rle_trans z2 _; apply: exp_le; apply: Rmult_le_compat_l; first lra.
    have -> : 2 + / ep = 4 + bigM s u / smallm d s u by rewrite /ep; field; lra.
    rewrite ratio; have a1 : 1 <= exp aa by have := exp_ineq1_le aa; rewrite {1}/aa; lra.
    have : ln (4 + 4 * exp aa) <= ln (8 * exp aa) by apply: ln_mono; lra.
    rewrite ln_mult ?ln_exp; [|lra|exact: exp_pos]. by have := ln8; rewrite /aa; lra.
- lra.
- lra.
have -> : smallm d s u + ep * bigM s u = 2 * smallm d s u * (1 - ep) by rewrite /ep; field; lra.
lra.
Qed.
End Lemma3.
