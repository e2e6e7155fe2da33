(* The arithmetic of the constants: the union bound is at most 5 exp(-d u^2/(32 s^2)). *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect.
From Flatcert Require Import RealFacts UpperExpectation Tails FixedStart.
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
Variables (d L : nat) (s u kap c1 c2 m A B : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : 0 < s) (hs : A * s ^ 2 <= u) (hu : u <= B *
  sqrt (INR L)).
Hypotheses (hA : 22 <= A) (hm : 1 <= m <= 4) (B0 : 0 < B) (hB : m * B <= 44 / 23) (hAB : 8 * (B /
  A) + m * B ^ 2 <= 1).
Hypotheses (hk : kap <= (m - 1) * (u ^ 2 / (32 * s ^ 2))) (h1 : c1 <= exp (INR d * kap)) (h2 : c2
  <= exp (INR d * kap)).

Theorem constants_of : c1 * (t_gauss d s u + t_one d L s u) + c2 * (t_gauss d s u +
  (t_three d L s u + t_step d L s)) <= 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))).
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
have su : 22 * s ^ 2 <= u by have := Rmult_le_compat_r _ _ _ (Rlt_le _ _ s2) hA; lra.
have u0 : 0 < u by lra.
pose K := u ^ 2 / (32 * s ^ 2).
have K0 : 0 < K by apply: Rdiv_lt_0_compat; nra.
have q1 : 1 <= q by nra.
have ql : q <= l by nra.
have key : m * (s ^ 2 + u) <= 2 * q.
  have a1 : m * (s ^ 2 + u) <= m * (23 / 22 * u) by apply: Rmult_le_compat_l; lra.
  have a2 : m * (23 / 22 * u) <= m * (23 / 22 * (B * q)) by apply: Rmult_le_compat_l; lra.
  have := Rmult_le_compat_r _ _ _ (Rlt_le _ _ q0) hB; lra.
have DK0 : 0 < D * K by nra.
have times x : m <= x -> m * D * K <= x * (D * K).
  by move=> h; have := Rmult_le_compat_r _ _ _ (Rlt_le _ _ DK0) h; lra.
have bound c e : c <= exp (D * kap) -> m * D * K <= e -> c * exp (- e) <= exp (- (D * K)).
  move=> hc he; apply: Rle_trans (Rmult_le_compat_r _ _ _ (Rlt_le _ _ (exp_pos _)) hc) _.
  have D0 : 0 <= D by lra.
  have hK := Rmult_le_compat_l _ _ _ D0 hk; rewrite -/K in hK.
  by rewrite -exp_plus; apply: exp_le; lra.
have EK : D * u ^ 2 / (32 * s ^ 2) = D * K by rewrite /K; field; lra.
rewrite EK.
have g : m * D * K <= D * u ^ 2 / (8 * s ^ 2).
  have -> : D * u ^ 2 / (8 * s ^ 2) = 4 * (D * K) by rewrite /K; field; lra.
  by apply: times; lra.
have one : m * D * K <= l * D * u ^ 2 / (4 * s ^ 2 * (s ^ 2 + u)).
  have -> : l * D * u ^ 2 / (4 * s ^ 2 * (s ^ 2 + u)) = 8 * (l / (s ^ 2 + u)) * (D * K).
    by rewrite /K; field; nra.
  apply: times; apply: (Rmult_le_reg_r (s ^ 2 + u)); first lra.
  have -> : 8 * (l / (s ^ 2 + u)) * (s ^ 2 + u) = 8 * l by field; lra. lra.
have three : m * D * K <= l * D ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + D * u)).
  have p : 0 < 4 * s ^ 2 + D * u by nra.
  have -> : l * D ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + D * u)) = 2 * (l * D / (4 * s ^ 2 + D *
    u)) * (D * K) by rewrite /K; field; lra.
  apply: times; apply: (Rmult_le_reg_r (4 * s ^ 2 + D * u)) => //.
  have -> : 2 * (l * D / (4 * s ^ 2 + D * u)) * (4 * s ^ 2 + D * u) = D * (2 * l) by field; lra.
  have h4 : m * (4 * s ^ 2 + D * u) <= m * (D * (s ^ 2 + u)) by apply: Rmult_le_compat_l; nra.
  have : D * (m * (s ^ 2 + u)) <= D * (2 * l) by apply: Rmult_le_compat_l; lra. lra.
have step : m * D * K <= l * D / (32 * s ^ 2) - ln l.
  have H : 8 * s ^ 2 * q + m * u ^ 2 <= l.
    have h3 : u ^ 2 <= B ^ 2 * l.
      by rewrite -qq; have := Rmult_le_compat _ _ _ _ (Rlt_le _ _ u0) (Rlt_le _ _ u0) hv hv; lra.
    have h4 : s ^ 2 * q <= B / A * l.
      have : s ^ 2 <= B / A * q; last by rewrite -qq => h; have :=
        Rmult_le_compat_r _ _ _ (Rlt_le _ _ q0) h; lra.
      apply: (Rmult_le_reg_l A); first lra.
      have -> : A * (B / A * q) = B * q by field; lra. lra.
    have := Rmult_le_compat_l m _ _ ltac:(lra) h3.
    by have := Rmult_le_compat_r l _ _ ltac:(lra) hAB; lra.
  apply: (Rmult_le_reg_l (32 * s ^ 2)); first lra.
  have -> : 32 * s ^ 2 * (m * D * K) = D * (m * u ^ 2) by rewrite /K; field; lra.
  have -> : 32 * s ^ 2 * (l * D / (32 * s ^ 2) - ln l) = l * D - 32 * s ^ 2 * ln l by field; lra.
  have h3 : 32 * s ^ 2 * ln l <= 32 * s ^ 2 * q by apply: Rmult_le_compat_l; lra.
  have h4 : 32 * s ^ 2 * q <= D * (8 * s ^ 2 * q).
    by have : 0 <= s ^ 2 * q; [nra|move=> p]; have := Rmult_le_compat_r _ _ _ p D4; lra.
  by have := Rmult_le_compat_l D _ _ ltac:(lra) H; lra.
have b1 := bound c1 _ k1 g; have b2 := bound c1 _ k1 one; have b3 := bound c2 _ k2 g;
  have b4 := bound c2 _ k2 three.
have b5 := bound c2 _ k2 step.
have E5 : exp (- (l * D / (32 * s ^ 2) - ln l)) = l * exp (- (l * D / (32 * s ^ 2))).
  rewrite -[X in _ = X * _](exp_ln l); last lra. by rewrite -exp_plus; congr exp; ring.
rewrite E5 in b5; lra.
Qed.
End Constants.
Lemma constants d L s u kap c1 c2 : (4 <= d)%N -> (0 < L)%N -> 0 < s -> 64.5 * s ^ 2 <= u ->
  u <= 0.65 * sqrt (INR L) -> kap <= u ^ 2 / (32 * s ^ 2) -> c1 <= exp (INR d * kap) ->
  c2 <= exp (INR d * kap) -> c1 * (t_gauss d s u + t_one d L s u) + c2 * (t_gauss d s u +
  (t_three d L s u + t_step d L s)) <= 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))).
Proof.
move=> d4 L0 s0 hs hu hk; apply: (@constants_of _ _ _ _ _ _ _ 2 64.5 0.65) => //; lra.
Qed.
Lemma constants_sharp d L s u kap c1 c2 : (4 <= d)%N -> (0 < L)%N -> 0 < s -> 22 * s ^ 2 <= u ->
  u <= 0.43 * sqrt (INR L) -> kap <= 3 * (u ^ 2 / (32 * s ^ 2)) -> c1 <= exp (INR d * kap) ->
  c2 <= exp (INR d * kap) -> c1 * (t_gauss d s u + t_one d L s u) + c2 * (t_gauss d s u +
  (t_three d L s u + t_step d L s)) <= 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))).
Proof.
move=> d4 L0 s0 hs hu hk; apply: (@constants_of _ _ _ _ _ _ _ 4 22 0.43) => //; lra.
Qed.

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
