(* Lemma 7 as printed (gradient norm without its square) is false: f = x^4, x(0) = 1, mu = 4. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network PolynomialDerivative Derivative
  GradientFlow Lemma1 Lemma7.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Definition lemma7_printed := forall p (f : 'cV[RR]_p -> R) (grad : 'cV[RR]_p -> 'cV[RR]_p) (x : R ->
  'cV[RR]_p) (fmin mu : R),
  (forall z, has_gradient f z (grad z)) -> (forall z, (fmin <= f z)%Re) -> (0 < mu)%Re ->
  (forall t, (0 <= t)%Re -> mderive x t (- grad (x t))) ->
  (forall t, (0 <= t)%Re -> (mu * (f (x t) - fmin) <= norm (grad (x t)))%Re) ->
  forall t, (0 <= t)%Re -> (f (x t) - fmin <= (f (x 0%Re) - fmin) * exp (- mu * t))%Re.

Lemma norm11 (a : RR) : norm (const_mx a : 'cV[RR]_1) = `|a|.
Proof. by rewrite /norm /sqn /dot !big_ord1 !mxE -expr2 sqrtr_sqr. Qed.
Lemma cV1E (h : 'cV[RR]_1) : h = const_mx (h 0 0).
Proof. by apply/matrixP => i j; rewrite !ord1 mxE. Qed.

(* a function of one real variable that is differentiable has a gradient in the sense of
   has_gradient *)
Lemma has_gradient1 (g : R -> R) (z : 'cV[RR]_1) (l : R) : is_derive g (z 0%R 0%R) l ->
  has_gradient (fun v : 'cV[RR]_1 => g (v 0%R 0%R)) z (const_mx (l : RR)).
Proof.
move=> /is_derive_Reals hd eps eps0; have [de hde] := hd eps eps0.
exists de; split; first exact: cond_pos.
move=> h.
have -> : norm h = Rabs (h 0%R 0%R) by rewrite {1}(cV1E h) norm11.
have -> : dot (const_mx (l : RR)) h = (l * h 0%R 0%R)%Re by rewrite /dot !big_ord1 mxE.
have -> : (z + h) 0 0 = (z 0%R 0%R + h 0%R 0%R)%Re by rewrite mxE.
move: (h 0%R 0%R) => s hs; have [->|s0] := Req_dec s 0.
  by rewrite Rplus_0_r Rmult_0_r Rminus_eq_0 Rminus_0_r Rabs_R0; lra.
have := hde s s0 hs => h1.
have -> : (g (z 0%R 0%R + s) - g (z 0%R 0%R) - l * s = ((g (z 0%R 0%R + s) - g (z 0%R 0%R)) / s -
  l) * s)%Re by field.
by rewrite Rabs_mult; apply: Rmult_le_compat_r; [exact: Rabs_pos|exact: Rlt_le].
Qed.

Theorem lemma7_printed_false : ~ lemma7_printed.
Proof.
move=> H.
pose g (u : R) := (u * u * (u * u))%Re; pose dg (u : R) := (4 * (u * u * u))%Re.
pose f (v : 'cV[RR]_1) : R := g (v 0%R 0%R).
pose grad (v : 'cV[RR]_1) : 'cV[RR]_1 := const_mx (dg (v 0%R 0%R) : RR).
pose xi (t : R) := (/ sqrt (1 + 8 * t))%Re.
pose x (t : R) : 'cV[RR]_1 := const_mx (xi t : RR).
have s_pos t : (0 <= t)%Re -> (0 < sqrt (1 + 8 * t))%Re by move=> t0; apply: sqrt_lt_R0; lra.
have ss t : (0 <= t)%Re -> (sqrt (1 + 8 * t) * sqrt (1 + 8 * t) = 1 + 8 * t)%Re by move=> t0;
  apply: sqrt_sqrt; lra.
have xt t : x t 0%R 0%R = xi t by rewrite mxE.
have H1 z : has_gradient f z (grad z).
  by apply: has_gradient1; rewrite /g /dg; auto_derive => //; ring.
have H2 z : (0 <= f z)%Re.
  by rewrite /f /g; have := Rle_0_sqr (z 0%R 0%R); rewrite /Rsqr; nra.
have H3 t : (0 <= t)%Re -> mderive x t (- grad (x t)).
  move=> t0 i j; rewrite !ord1 /grad [X in is_derive _ _ X]mxE mxE xt.
  apply: (is_derive_ext xi) => [s|]; first by rewrite xt.
  have p := s_pos t t0; have e := ss t t0.
  change (is_derive xi t (- dg (xi t))%Re); rewrite /xi /dg; auto_derive; first by split;
    [lra|split => //; lra].
  have p2 : (0 < 1 + 8 * t)%Re by lra.
  by field_simplify_eq; [|lra..].
have H4 t : (0 <= t)%Re -> (4 * (f (x t) - 0) <= norm (grad (x t)))%Re.
  move=> t0; rewrite /grad norm11 /f xt.
  have p := s_pos t t0; have e := ss t t0.
  have x0 : (0 < xi t)%Re by exact: Rinv_0_lt_compat.
  have s1 : (1 <= sqrt (1 + 8 * t))%Re by have := sqrt_le_1 1 (1 + 8 *
    t) ltac:(lra) ltac:(lra) ltac:(lra); rewrite sqrt_1.
  have x1 : (xi t <= 1)%Re by have := Rinv_le_contravar 1 _ ltac:(lra) s1; rewrite Rinv_1.
  apply: (Rle_trans _ (dg (xi t))); last by exact: Rle_abs.
  rewrite /g /dg; move: (xi t) x0 x1 => u u0 u1; have : (0 <= u * u)%Re by nra. nra.
have := H 1%N f grad x 0%Re 4%Re H1 H2 ltac:(lra) H3 H4 4%Re ltac:(lra).
rewrite /f !xt /g /xi.
have -> : (1 + 8 * 0 = 1)%Re by ring.
have e := ss 4%Re ltac:(lra); have p := s_pos 4%Re ltac:(lra).
have -> : (/ sqrt (1 + 8 * 4) * / sqrt (1 + 8 * 4) * (/ sqrt (1 + 8 * 4) * / sqrt (1 + 8 * 4)) = /
  1089)%Re.
  rewrite -!Rinv_mult_distr; try lra; try nra.
  by rewrite e; congr Rinv; ring.
rewrite sqrt_1 Rinv_1 !Rmult_1_r !Rminus_0_r Rmult_1_l.
have -> : (- 4 * 4 = - (16))%Re by ring.
rewrite exp_Ropp => h.
have e16 : (1089 < exp 16)%Re.
  have -> : (16 = 1 + 1 + 1 + 1 + (1 + 1 + 1 + 1) + (1 + 1 + 1 + 1 + (1 + 1 + 1 + 1)))%Re by ring.
  rewrite !exp_plus; have := exp_ineq1_le 1 => e1.
  have e2 : (4 <= exp 1 * exp 1)%Re by nra.
  have e4 : (16 <= exp 1 * exp 1 * exp 1 * exp 1)%Re by nra.
  move: e4; move: (exp 1 * exp 1 * exp 1 * exp 1)%Re => E e4.
  have e8 : (256 <= E * E)%Re by nra.
  move: e8; move: (E * E)%Re => F; nra.
have : (/ exp 16 < / 1089)%Re by apply: Rinv_lt_contravar => //; nra.
lra.
Qed.
