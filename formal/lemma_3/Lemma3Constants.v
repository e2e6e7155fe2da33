(* The arithmetic of the constants: the union bound is at most 5 exp(-d u^2/(32 s^2)). *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect.
From Flatcert Require Import UpperExpectation Tails FixedStart.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Lemma ln_le_sqrt x : 0 < x -> ln x <= sqrt x.
Proof.
move=> x0; have q0 := sqrt_lt_R0 x x0; have qq := sqrt_sqrt x (Rlt_le _ _ x0);
  set q := sqrt x in q0 qq *.
rewrite -qq ln_mult //.
have : ln q <= q / 2; last lra.
have h : q <= exp (q / 2).
  have -> : q / 2 = q / 4 + q / 4 by field.
  rewrite exp_plus; have h := exp_ineq1_le (q / 4); rewrite -/q in h *.
  apply: Rle_trans (Rmult_le_compat _ _ _ _ _ _ h h); try lra.
  have := pow2_ge_0 (1 - q / 4); lra.
rewrite -[X in _ <= X]ln_exp; case: h => [h|<-]; last exact: Rle_refl.
exact/Rlt_le/ln_increasing.
Qed.

Section Constants.
Variables (d L : nat) (s u kap c1 c2 : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : 0 < s) (hs : 64.5 * s ^ 2 <= u) (hu : u <=
  0.65 * sqrt (INR L)).
Hypotheses (hk : kap <= u ^ 2 / (32 * s ^ 2)) (h1 : c1 <= exp (INR d * kap)) (h2 : c2 <=
  exp (INR d * kap)).

Theorem constants : c1 * (t_gauss d s u + t_one d L s u) + c2 * (t_gauss d s u + (t_three d L s u +
  t_step d L s)) <= 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))).
Proof.
have D4 : 4 <= INR d by have <- : INR 4 = 4; [rewrite /=; ring|apply: le_INR; apply/leP].
have L1 : 1 <= INR L by have <- : INR 1 = 1; [|apply: le_INR; apply/leP].
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
have su : s ^ 2 <= u / 64.5 by lra.
have bound c e : c <= exp (D * kap) -> 2 * D * K <= e -> c * exp (- e) <= exp (- (D * K)).
  move=> hc he; apply: Rle_trans (Rmult_le_compat_r _ _ _ (Rlt_le _ _ (exp_pos _)) hc) _.
  have hK : kap <= K by exact: hk.
  by rewrite -exp_plus; apply: exp_le; nra.
have EK : D * u ^ 2 / (32 * s ^ 2) = D * K by rewrite /K; field; lra.
rewrite EK.
have DK0 : 0 < D * K by nra.
have g : 2 * D * K <= D * u ^ 2 / (8 * s ^ 2).
  have -> : D * u ^ 2 / (8 * s ^ 2) = 4 * (D * K) by rewrite /K; field; lra. nra.
have one : 2 * D * K <= l * D * u ^ 2 / (4 * s ^ 2 * (s ^ 2 + u)).
  have -> : l * D * u ^ 2 / (4 * s ^ 2 * (s ^ 2 + u)) = 8 * (D * K) * (l / (s ^ 2 +
    u)) by rewrite /K; field; nra.
  have : 1 / 4 <= l / (s ^ 2 + u); last nra.
  apply: (Rmult_le_reg_r (s ^ 2 + u)); first nra.
  have -> : l / (s ^ 2 + u) * (s ^ 2 + u) = l by field; nra. nra.
have three : 2 * D * K <= l * D ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + D * u)).
  have -> : l * D ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + D * u)) = 2 * (D * K) * (l * D / (4 *
    s ^ 2 + D * u)) by rewrite /K; field; nra.
  have : 1 <= l * D / (4 * s ^ 2 + D * u); last nra.
  apply: (Rmult_le_reg_r (4 * s ^ 2 + D * u)); first nra.
  have -> : l * D / (4 * s ^ 2 + D * u) * (4 * s ^ 2 + D * u) = l * D by field; nra.
  have : s ^ 2 + u <= l by nra. nra.
have step : 2 * D * K <= l * D / (32 * s ^ 2) - ln l.
  have H : 8 * s ^ 2 * q + 2 * u ^ 2 <= l.
    have : u ^ 2 <= 0.4225 * l by rewrite -qq; nra.
    have : s ^ 2 * q <= 0.65 / 64.5 * l by rewrite -qq; nra. lra.
  have : 32 * s ^ 2 * (2 * D * K) <= 32 * s ^ 2 * (l * D / (32 * s ^ 2) - ln l); last by move=> ?;
    apply: (Rmult_le_reg_l (32 * s ^ 2)) => //; lra.
  have -> : 32 * s ^ 2 * (2 * D * K) = 2 * D * u ^ 2 by rewrite /K; field; lra.
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

(* the net's cost: kap = k0 + s^2 + 2u *)
Lemma cost s u k0 b : 0 < s -> 0 <= k0 -> 0 <= b -> 32 * k0 <= b ^ 2 -> 64.5 * s ^ 2 + b * s <= u ->
  k0 + s ^ 2 + 2 * u <= u ^ 2 / (32 * s ^ 2).
Proof.
move=> s0 k00 b0 kb hu; have s2 : 0 < s ^ 2 by nra.
apply: (Rmult_le_reg_l (32 * s ^ 2)); first lra.
have -> : 32 * s ^ 2 * (u ^ 2 / (32 * s ^ 2)) = u ^ 2 by field; lra.
have H1 : (64.5 * s ^ 2 + b * s) * (0.5 * s ^ 2 + b * s) <= u * (u - 64 * s ^ 2).
  have bs : 0 <= b * s by nra.
  apply: Rmult_le_compat; nra.
have : 32 * s ^ 2 * (k0 + s ^ 2) <= (64.5 * s ^ 2 + b * s) * (0.5 * s ^ 2 + b * s); last nra.
have : 0 <= b * s ^ 3 by apply: Rmult_le_pos => //; nra.
have : 32 * k0 * s ^ 2 <= b ^ 2 * s ^ 2 by nra.
nra.
Qed.
