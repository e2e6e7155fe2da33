(* Lemma 5 (Appendix A), the scalar steps of its proof, as printed and over their whole domain. *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

Theorem lemma_5_equivalence : forall L x : R, 1 <= L -> 1 <= x ->
  L * exp (- (sqrt L * x)) <= 4 * exp (- x) <-> exp ((sqrt L - 1) * x) >= L / 4.
Proof.
intros L x hL hx.
assert (e : exp ((sqrt L - 1) * x) = exp (sqrt L * x) * exp (- x))
  by (rewrite <- exp_plus; f_equal; ring).
pose proof (exp_pos (sqrt L * x)) as p. rewrite e, exp_Ropp.
set (E := exp (sqrt L * x)) in *. set (F := exp (- x)).
assert (i : E * / E = 1) by (apply Rinv_r; lra).
assert (j : 0 < / E) by (apply Rinv_0_lt_compat; lra).
split; intros h.
- assert (L <= 4 * F * E); [|lra].
  replace L with (L * / E * E) by (rewrite Rmult_assoc, (Rmult_comm (/ E)), i; ring).
  apply Rmult_le_compat_r; lra.
- replace (4 * F) with (4 * F * E * / E) by (rewrite Rmult_assoc, i; ring).
  apply Rmult_le_compat_r; lra.
Qed.

Theorem lemma_5_second_order : forall L x : R, 1 <= L -> 1 <= x ->
  exp ((sqrt L - 1) * x) >= 1 + (sqrt L - 1) * x + 1/2 * (sqrt L - 1) ^ 2 * x ^ 2.
Proof.
intros L x hL hx. pose proof (sqrt_ge_1 L hL) as s.
pose proof (exp_second_order ((sqrt L - 1) * x) ltac:(nra)). nra.
Qed.

Theorem lemma_5_square_expanded : forall L x : R, 0 <= L ->
  1 + (sqrt L - 1) * x + 1/2 * (sqrt L - 1) ^ 2 * x ^ 2 =
  1 + (sqrt L - 1) * x + 1/2 * (L + 1 - 2 * sqrt L) * x ^ 2.
Proof.
intros L x h. pose proof (sqrt_sqrt L h) as q. set (s := sqrt L) in *.
rewrite <- q. field.
Qed.

Theorem lemma_5_quarter_split : forall L x : R, 1 <= L -> 1 <= x ->
  1 + 1/2 * (L + 1 - 2 * sqrt L) * x ^ 2 >=
  L / 4 + 1/2 * (L / 2 + 1 - 2 * sqrt L) * x ^ 2.
Proof.
intros L x hL hx. assert (0 <= L * (x ^ 2 - 1)) by (apply Rmult_le_pos; nra). lra.
Qed.

(* "For L large enough": L >= 12 will do. *)
Theorem lemma_5_large_depth : forall L : R, 12 <= L -> L / 2 + 1 - 2 * sqrt L >= 0.
Proof.
intros L hL. pose proof (sqrt_sqrt L ltac:(lra)) as q.
pose proof (sqrt_ge (24/7) L ltac:(lra) ltac:(lra)). nra.
Qed.

Theorem lemma_5_linear_in_x : forall L x : R, 12 <= L -> 1 <= x ->
  1/2 * (L / 2 + 1 - 2 * sqrt L) * x ^ 2 >= 1/2 * (L / 2 + 1 - 2 * sqrt L) * x.
Proof.
intros L x hL hx. pose proof (lemma_5_large_depth L hL).
assert (x <= x ^ 2) by nra. nra.
Qed.

(* With the steps before, the display. *)
Theorem lemma_5_linear_in_x_display : forall L x : R, 12 <= L -> 1 <= x ->
  exp ((sqrt L - 1) * x) >=
  (sqrt L - 1) * x + L / 4 + 1/2 * (L / 2 + 1 - 2 * sqrt L) * x.
Proof.
intros L x hL hx.
pose proof (lemma_5_second_order L x ltac:(lra) hx) as a.
rewrite (lemma_5_square_expanded L x) in a by lra.
pose proof (lemma_5_quarter_split L x ltac:(lra) hx).
pose proof (lemma_5_linear_in_x L x hL hx). lra.
Qed.

Theorem lemma_5_collected : forall L x : R, 0 <= L ->
  (sqrt L - 1) * x + L / 4 + 1/2 * (L / 2 + 1 - 2 * sqrt L) * x =
  L / 4 + (L / 4 - 1/2) * x.
Proof. intros L x _. field. Qed.

(* "where the last inequality holds for L large enough": L >= 2 will do. *)
Theorem lemma_5_last : forall L x : R, 2 <= L -> 0 < x ->
  L / 4 + (L / 4 - 1/2) * x >= L / 4.
Proof. intros L x hL hx. nra. Qed.

(* Lemma 5 with C = 1 and the constant 4/e: e^(sqrt L - 2) >= (sqrt L / 2)^2. *)
Theorem lemma_5_sharp : forall L x : R, 1 <= L -> 1 <= x ->
  L * exp (- (sqrt L * x)) <= 4 * exp (-1) * exp (- x).
Proof.
intros L x hL hx. pose proof (sqrt_ge_1 L hL) as s1.
pose proof (sqrt_sqrt L ltac:(lra)) as q. set (s := sqrt L) in *.
pose proof (exp_ineq1_le ((s - 2) / 2)) as a.
assert (b : L <= 4 * exp (s - 2)).
{ replace (s - 2) with ((s - 2) / 2 + (s - 2) / 2) by lra. rewrite exp_plus. nra. }
apply Rle_trans with (4 * exp (s - 2) * exp (- (s * x))).
- apply Rmult_le_compat_r; [apply Rlt_le, exp_pos|exact b].
- rewrite !Rmult_assoc, <- !exp_plus. apply Rmult_le_compat_l; [lra|].
  apply exp_le. nra.
Qed.
