(* Corollary 3 (B.7): the scalar steps of its proof.  W stands for norm(w_star). *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

(* B.7, by (31): the powers of 2 collected *)
Theorem corollary_3_constants : forall L Lambda W : R, 1 <= L -> 0 < W ->
  4 * L ^ 2 * Lambda ^ 2 * Rpower (2 * W) (4 * (L - 1) / L) <=
  2 ^ 6 * L ^ 2 * Lambda ^ 2 * Rpower W (4 - 4 / L).
Proof.
intros L Lam W hL hW. replace (4 * (L - 1) / L) with (4 - 4 / L) by (field; lra).
rewrite <- Rpower_mult_distr by lra.
assert (a : Rpower 2 (4 - 4 / L) <= 16).
{ replace 16 with (Rpower 2 (INR 4)) by (rewrite Rpower_pow by lra; simpl; ring).
  apply exp_le, Rmult_le_compat_r; [apply Rlt_le, ln_2_pos|].
  assert (0 < 4 / L) by (apply Rmult_lt_0_compat; [lra|apply Rinv_0_lt_compat; lra]).
  simpl. lra. }
pose proof (Rpower_pos W (4 - 4 / L)) as p.
replace (2 ^ 6 * L ^ 2 * Lam ^ 2 * Rpower W (4 - 4 / L))
  with (4 * L ^ 2 * Lam ^ 2 * (16 * Rpower W (4 - 4 / L))) by (simpl; ring).
apply Rmult_le_compat_l.
- replace (4 * L ^ 2 * Lam ^ 2) with ((2 * L * Lam) ^ 2) by ring. apply pow2_ge_0.
- apply Rmult_le_compat_r; lra.
Qed.

(* 1758: "Thus, by (31)": O(xi^3) over rho^2 is not O(xi) ... *)
Theorem corollary_3_remainders_false :
  ~ (exists K : R, forall xi rho : R, 0 < rho <= xi -> xi <= 1 -> xi ^ 3 / rho ^ 2 <= K * xi).
Proof.
intros [K h]. set (xi := / (Rabs K + 2)).
pose proof (Rabs_pos K) as p. pose proof (Rle_abs K) as q.
assert (x0 : 0 < xi <= 1).
{ split; [apply Rinv_0_lt_compat; lra|].
  rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
pose proof (h xi (xi ^ 2) ltac:(nra) ltac:(lra)) as a.
replace (xi ^ 3 / (xi ^ 2) ^ 2) with (Rabs K + 2) in a by (unfold xi; field; lra).
nra.
Qed.
(* ... O(rho^3) over rho^2 is. *)
Theorem corollary_3_remainders_corrected : forall xi rho : R,
  0 < rho <= xi -> rho ^ 3 / rho ^ 2 <= xi.
Proof. intros xi rho h. replace (rho ^ 3 / rho ^ 2) with rho by (field; lra). lra. Qed.

(* (1 + 1/(1024 L^2))^(L-1) <= 1.00025: the constant of Corollary 3 under (A3) *)
Theorem corollary_3_best_constant_depths : forall L : R, 1 <= L ->
  Rpower (1 + 1 / (1024 * L ^ 2)) (L - 1) <= 100025 / 100000.
Proof.
intros L hL. set (x := 1 / (1024 * L ^ 2)).
assert (x0 : 0 < x) by (apply Rmult_lt_0_compat; [lra|apply Rinv_0_lt_compat; nra]).
(* (L - 1) x <= 1/4096, and e^v <= 1/(1 - v) *)
assert (a : (L - 1) * x <= 1 / 4096).
{ apply Rmult_le_reg_r with (1024 * L ^ 2); [nra|].
  replace ((L - 1) * x * (1024 * L ^ 2)) with (L - 1) by (unfold x; field; lra).
  pose proof (pow2_ge_0 (L - 2)). nra. }
apply Rle_trans with (exp (1 / 4096)).
- apply exp_le. apply Rle_trans with ((L - 1) * x); [|exact a].
  apply Rmult_le_compat_l; [lra|]. apply ln_1p_le. lra.
- rewrite <- (Ropp_involutive (1 / 4096)), exp_Ropp.
  pose proof (exp_ineq1_le (- (1 / 4096))) as e.
  apply Rle_trans with (/ (1 + - (1 / 4096))); [apply Rinv_le_contravar; lra|].
  apply Rmult_le_reg_r with (1 + - (1 / 4096)); [lra|]. rewrite Rinv_l; lra.
Qed.
