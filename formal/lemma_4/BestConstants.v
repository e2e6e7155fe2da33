(* Best constants of Lemma 4: 2 ln 2 and e - 1; Lemma 5: 4/e is attained. *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts Lemma4 Lemma5.
Open Scope R_scope.

Lemma exp_convex s u : 0 <= s <= 1 -> exp (s * u) <= 1 - s + s * exp u.
Proof.
intros Hs. pose proof (exp_pos (s * u)) as P.
assert (T0 : exp (s * u) * (1 - s * u) <= 1).
{ pose proof (exp_ineq1_le (- (s * u))) as E. rewrite exp_Ropp in E.
  apply Rle_trans with (exp (s * u) * / exp (s * u)); [apply Rmult_le_compat_l; lra|rewrite Rinv_r;
    lra]. }
assert (T1 : exp (s * u) * (1 + u - s * u) <= exp u).
{ pose proof (exp_ineq1_le (u - s * u)) as E.
  replace (exp u) with (exp (s * u) * exp (u - s * u)) by (rewrite <- exp_plus; f_equal; ring).
  apply Rmult_le_compat_l; lra. }
nra.
Qed.

(* first inequality with 2 ln 2 *)
Theorem lemma4_first_best alpha x :
  0 < alpha -> 0 <= x <= 1/2 -> Rpower (1 - x) alpha >= 1 - 2 * ln 2 * alpha * x.
Proof.
intros Ha Hx. apply Rle_ge. unfold Rpower.
assert (Hln : - (2 * ln 2 * x) <= ln (1 - x)).
{ assert (H : exp (2 * x * (- ln 2)) <= 1 - x).
  { pose proof (exp_convex (2 * x) (- ln 2)) as C. rewrite exp_Ropp, exp_ln in C by lra. lra. }
  assert (H2 : 2 * x * - ln 2 <= ln (1 - x)).
  { rewrite <- (ln_exp (2 * x * - ln 2)). destruct H as [H|H].
    - apply Rlt_le, ln_increasing; [apply exp_pos|exact H].
    - rewrite H; apply Rle_refl. }
  lra. }
apply Rle_trans with (1 + alpha * - (2 * ln 2 * x)); [lra|].
apply Rle_trans with (exp (alpha * - (2 * ln 2 * x))); [apply exp_ineq1_le|].
assert (alpha * - (2 * ln 2 * x) <= alpha * ln (1 - x)) as [H|H] by nra.
- apply Rlt_le, exp_increasing, H.
- rewrite H; apply Rle_refl.
Qed.

(* and no smaller constant will do *)
Theorem lemma4_first_least c :
  (forall alpha x, 0 < alpha -> 0 <= x <= 1/2 -> Rpower (1 - x) alpha >= 1 - c * alpha * x) ->
    2 * ln 2 <= c.
Proof.
intros H. destruct (Rle_or_lt (2 * ln 2) c) as [h|h]; [exact h|exfalso].
pose proof ln_2_pos as p.
(* at x = 1/2: (1 - c a / 2) (1 + a ln 2) <= 1 *)
assert (K : forall a, 0 < a -> (1 - c * a * (1/2)) * (1 + a * ln 2) <= 1).
{ intros a Ha. pose proof (H a (1/2) Ha ltac:(lra)) as E. unfold Rpower in E.
  replace (1 - 1/2) with (/ 2) in E by lra. rewrite ln_Rinv in E by lra.
  replace (a * - ln 2) with (- (a * ln 2)) in E by ring. rewrite exp_Ropp in E.
  pose proof (exp_ineq1_le (a * ln 2)) as F. pose proof (exp_pos (a * ln 2)) as G.
  apply Rle_trans with (/ exp (a * ln 2) * (1 + a * ln 2)).
  - apply Rmult_le_compat_r; [nra|lra].
  - apply Rle_trans with (/ exp (a * ln 2) * exp (a * ln 2)); [|rewrite Rinv_l; lra].
    apply Rmult_le_compat_l; [apply Rlt_le, Rinv_0_lt_compat, G|exact F]. }
destruct (Rle_or_lt c 0) as [n|n].
{ pose proof (K 1 ltac:(lra)). nra. }
set (a := (2 * ln 2 - c) / (2 * c * ln 2)).
assert (D : 0 < 2 * c * ln 2) by nra.
assert (Ha : 0 < a) by (apply Rdiv_lt_0_compat; lra).
pose proof (K a Ha) as E.
assert (Ea : a * (2 * c * ln 2) = 2 * ln 2 - c) by (unfold a; field; lra).
nra.
Qed.

(* second inequality with e - 1 *)
Theorem lemma4_second_best alpha x :
  0 < alpha -> 0 < x -> alpha * x <= 1 -> Rpower (1 + x) alpha <= 1 + (exp 1 - 1) * alpha * x.
Proof.
intros Ha Hx Hax. unfold Rpower.
assert (ln (1 + x) <= x) by (pose proof (ln_le_minus_one (1 + x)); lra).
apply Rle_trans with (exp (alpha * x)).
- assert (alpha * ln (1 + x) <= alpha * x) as [H1|H1] by nra.
  + apply Rlt_le, exp_increasing, H1.
  + rewrite H1; apply Rle_refl.
- pose proof (exp_convex (alpha * x) 1) as C. rewrite Rmult_1_r in C.
  assert (0 <= alpha * x <= 1) by (split; [nra|exact Hax]). specialize (C H0). nra.
Qed.

Theorem lemma4_second_least c :
  (forall alpha x, 0 < alpha -> 0 < x -> alpha * x <= 1 ->
    Rpower (1 + x) alpha <= 1 + c * alpha * x) -> exp 1 - 1 <= c.
Proof.
intros H. apply Rnot_lt_le. intros h.
(* e <= (1 + c)(1 + x) for every x > 0 *)
assert (K : forall x, 0 < x -> exp 1 <= (1 + c) * (1 + x)).
{ intros x Hx. pose proof (H (/ x) x (Rinv_0_lt_compat _ Hx) Hx) as E.
  rewrite Rinv_l in E by lra. specialize (E (Rle_refl 1)).
  rewrite Rmult_assoc, Rinv_l in E by lra. rewrite Rmult_1_r in E. unfold Rpower in E.
  assert (l : x / (1 + x) <= ln (1 + x)).
  { assert (P1 : 0 < 1 + x) by lra.
  pose proof (ln_le_minus_one (/ (1 + x)) (Rinv_0_lt_compat _ P1)) as F.
  rewrite ln_Rinv in F by lra.
    replace (x / (1 + x)) with (1 - / (1 + x)) by (field; lra). lra. }
  assert (l2 : / (1 + x) <= / x * ln (1 + x)).
  { replace (/ (1 + x)) with (/ x * (x / (1 + x))) by (field; lra).
    apply Rmult_le_compat_l; [apply Rlt_le, Rinv_0_lt_compat, Hx|exact l]. }
  assert (E2 : exp (/ (1 + x)) <= 1 + c).
  { apply Rle_trans with (2 := E).
  destruct l2 as [l2|l2]; [apply Rlt_le, exp_increasing, l2|rewrite l2; apply Rle_refl]. }
  pose proof (exp_ineq1_le (- (x / (1 + x)))) as F.
  assert (G : exp 1 * (/ (1 + x)) <= 1 + c).
  { apply Rle_trans with (2 := E2).
  replace (/ (1 + x)) with (1 + - (x / (1 + x))) at 2 by (field; lra).
    rewrite exp_plus. apply Rmult_le_compat_l; [apply Rlt_le, exp_pos|].
    replace (/ (1 + x)) with (1 + - (x / (1 + x))) by (field; lra). exact F. }
  apply Rmult_le_compat_r with (r := 1 + x) in G; [|lra].
  rewrite Rmult_assoc, Rinv_l in G by lra. lra. }
destruct (Rle_or_lt (1 + c) 0) as [n|n].
{ pose proof (K 1 ltac:(lra)). pose proof (exp_pos 1). nra. }
set (x := (exp 1 - 1 - c) / (2 * (1 + c))).
assert (Hx : 0 < x) by (apply Rdiv_lt_0_compat; lra).
pose proof (K x Hx) as E.
assert (Ex : x * (2 * (1 + c)) = exp 1 - 1 - c) by (unfold x; field; lra).
nra.
Qed.

(* Lemma 5: 4/e cannot be lowered (L = 4, x = 1), and no C < 1 will do whatever the constant *)
Theorem lemma5_least c : (forall L x, 1 <= L -> 1 <= x ->
  L * exp (- sqrt L * x) <= c * exp (- x)) -> 4 * exp (-1) <= c.
Proof.
intros H. pose proof (H 4 1 ltac:(lra) ltac:(lra)) as E.
replace (sqrt 4) with 2 in E by (replace 4 with (2 * 2) by lra; rewrite sqrt_square; lra).
replace (- (2) * 1) with (-1 + -1) in E by lra. rewrite exp_plus in E.
replace (- (1)) with (-1) in E by lra.
pose proof (exp_pos (-1)). nra.
Qed.

Theorem lemma5_C1 L : 0 < L < 1 -> ~ (forall x, 1 <= x -> L * exp (- sqrt L * x) <= 4 * exp (- x)).
Proof.
intros HL H.
assert (Hs : sqrt L < 1) by (rewrite <- sqrt_1; apply sqrt_lt_1; lra).
pose proof (sqrt_pos L).
set (a := 1 - sqrt L). assert (a0 : 0 < a) by (unfold a; lra).
set (x := 1 + 4 / (L * a)). assert (q : 0 < 4 / (L * a)) by (apply Rdiv_lt_0_compat; [lra|nra]).
pose proof (H x ltac:(unfold x; lra)) as E.
assert (E2 : L * exp (a * x) <= 4).
{ pose proof (exp_pos x) as P. apply Rmult_le_compat_r with (r := exp x) in E; [|lra].
  rewrite Rmult_assoc, <- exp_plus, (Rmult_assoc 4), <- exp_plus in E.
  replace (- sqrt L * x + x) with (a * x) in E by (unfold a; ring).
  replace (- x + x) with 0 in E by ring. rewrite exp_0 in E. lra. }
pose proof (exp_ineq1_le (a * x)) as F.
assert (G : L * (a * x) = L * a + 4) by (unfold x; field; split; lra).
nra.
Qed.
