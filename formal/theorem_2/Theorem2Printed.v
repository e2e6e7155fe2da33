(* Theorem 2 as printed, both bounds, is false at every depth L >= 1. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative RealPower Sharpness Theorem2 OperatorBound Balanced FlatMinimiser
  ScalarNetwork.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* the two printed bounds at depth L *)
Definition thm2_printed_at L (bound : forall (d : nat -> nat) (lam nws : R) (W : layers RR d), R) :=
  forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (w : 'cV[RR]_(d L)) (W : layers RR d) (ws : 'cV[RR]_(d 0%N)) (lam : RR) (S : R),
  (0 < n)%N -> (forall k, (0 < d k)%N) -> w != 0 -> ws != 0 -> 0 < lam -> is_lambda X lam ->
    normal_eq X y ws ->
  (forall W', risk X y w W <= risk X y w W') ->
  is_sharpness X y w W S -> (bound d lam (norm ws) W <= S)%Re.
Definition bound_norms L d (lam nws : R) (W : layers RR d) : R :=
  (2 * lam * Rpower nws (2 - 1 / INR L) * (\sum_(k < L) (norm (W k))^-1)%R)%Re.
Definition bound_depth L (d : nat -> nat) (lam nws : R) (W : layers RR d) : R :=
  (2 * INR L * lam * Rpower nws (2 - 2 / INR L))%Re.


(* all layers 1, head c with 0 < c < 1: S <= 2 L c^2 *)
Lemma ones_prod L (c : RR) : p1 L (fun=> 1) c = c.
Proof. by rewrite /p1 prodr_const expr1n mulr1. Qed.
Lemma ones_sharp L (c : RR) (S : R) : (0 < L)%N -> 0 < c ->
  is_sharpness X1 (y1 L (fun=> 1) c) (w1 L c) (W1 (fun=> 1)) S -> (S <= 2 * (INR L * (c * c)))%Re.
Proof.
move=> L0 c0 hS.
have hc k : (k < L)%N -> opnorm_le (W1 (fun=> 1) k) 1.
  by move=> _ x; rewrite /W1 mul1mx mul1r.
have := @sharp_upper one 1 X1 (y1 L (fun=> 1) c) L (w1 L c) (W1 (fun=> 1)) (ws1 L (fun=> 1) c) 1 1
  (hws1 _ _ _) (wprod1 _ _ _) hle1 ler01 ler01 hc L0 S hS.
rewrite expr1n mul1r mul1r norm11 gtr0_norm // -(INRE L) expr2.
have -> : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
by move=> /RleP.
Qed.
Lemma lt1_Rpower (c s : R) : (0 < c < 1)%Re -> (0 < s)%Re -> (c * c < Rpower c (2 - s))%Re.
Proof.
move=> [c0 c1] s0; have -> : (c * c = Rpower c 2)%Re.
  by have := Rpower_pow 2 c c0; rewrite /= => ->; ring.
rewrite /Rpower; apply: exp_increasing; have := ln_increasing c 1 c0 c1; rewrite ln_1; nra.
Qed.

Lemma INR_pos L : (0 < L)%N -> (0 < INR L)%Re.
Proof. by move=> L0; apply: lt_0_INR; apply/ssrnat.ltP. Qed.

Theorem thm2_fails_every_L (L : nat) (c : R) (y := y1 L (fun=> 1) c) (w := w1 L c) (W := W1 (fun=>
  1) : layers RR one) :
  (0 < L)%N -> (0 < c < 1)%Re -> exists S, [/\ is_sharpness X1 y w W S,
    (S < bound_depth L 1 (norm (ws1 L (fun=> 1) c)) W)%Re &
    (S < bound_norms L 1 (norm (ws1 L (fun=> 1) c)) W)%Re].
Proof.
move=> L0 [c0 c1]; have c0' : 0 < (c : RR) by exact/RltP.
have ws0 : ws1 L (fun=> 1) c != 0 by apply: nz1; rewrite ones_prod gt_eqF.
have [S hS] := @sharpness_exists one 1 X1 y L w W (ws1 L (fun=> 1) c) (hws1 _ _ _) (wprod1 _ _ _)
  ws0 L0.
exists S; have hU := ones_sharp L0 c0' hS; have Lp := INR_pos L0.
have nw : norm (ws1 L (fun=> 1) c) = c by rewrite norm11 ones_prod gtr0_norm.
split=> //.
- have h : (0 < 2 / INR L)%Re by apply: Rdiv_lt_0_compat => //; lra.
  rewrite /bound_depth nw; have := lt1_Rpower (conj c0 c1) h.
  move: (Rpower _ _) => P; nra.
- have h : (0 < 1 / INR L)%Re by apply: Rdiv_lt_0_compat => //; lra.
  rewrite /bound_norms nw; have := lt1_Rpower (conj c0 c1) h.
  have -> : \sum_(k < L) (norm (W k))^-1 = (INR L : RR).
    rewrite (eq_bigr (fun=> 1)) => [|k _]; first by rewrite sumr_const card_ord INRE.
    by rewrite norm11 normr1 invr1.
  move: (Rpower _ _) => P; nra.
Qed.

Theorem thm2_printed_false L : (0 < L)%N -> ~ @thm2_printed_at L (@bound_depth L) /\
  ~ @thm2_printed_at L (@bound_norms L).
Proof.
move=> L0; have c01 : (0 < 1 / 2 < 1)%Re by lra.
have [S [hS h1 h2]] := thm2_fails_every_L L0 c01; move: c01 hS h1 h2;
  set c := (1 / 2)%Re => c01 hS h1 h2.
have c0 : 0 < (c : RR) by apply/RltP; case: c01.
have ws0 : ws1 L (fun=> 1) c != 0 by apply: nz1; rewrite ones_prod gt_eqF.
have w0 : w1 L c != 0 by apply: nz1; rewrite gt_eqF.
split=> H; have := H one 1%N X1 _ _ _ (ws1 L (fun=> 1) c) 1 S isT (fun=> isT) w0 ws0 ltr01 lambda1
  (hws1 _ _ _) (@hmin1 L (fun=> 1) c) hS => h.
  exact: (Rlt_not_le _ _ h1 h).
exact: (Rlt_not_le _ _ h2 h).
Qed.
