(* Displays and statements in running text that are false as printed: Sections 1 to 5, Theorems 2, 3
   and 4, Lemma 8, Corollaries 1 and 4.  Each theorem is the negation of the printed statement, from
   the report's own rational counterexample; one input, one output and scalar layers suffice. *)
From Coq Require Import Reals Lra Lia.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

(* 64: "(A2) holds for every draw": R(W) <= R_0 for W and for its mirror image; X = y = w = 1. *)
Theorem sections_gaussian_initialisation_false : ~ (forall W : R, (1 - W) ^ 2 <= (1 - 0) ^ 2).
Proof. intros H. pose proof (H (-1)). lra. Qed.

(* 66: "the infimum of the risk is zero": two samples x = 1 with the targets 0 and 1. *)
Theorem sections_risk_to_zero_false :
  ~ (forall x1 x2 y1 y2 : R, forall eps, 0 < eps ->
     exists v, ((y1 - x1 * v) ^ 2 + (y2 - x2 * v) ^ 2) / 2 < eps).
Proof.
intros H. destruct (H 1 1 0 1 (1/4) ltac:(lra)) as [v h]. pose proof (pow2_ge_0 (2 * v - 1)). nra.
Qed.

(* 70: "the sharpness at c W tends to zero with c, for every depth": at depth 1 it is 2 X^2. *)
Theorem sections_initial_sharpness_false :
  ~ (exists K : R, forall c : R, 0 < c <= 1 ->
     forall S, derivable_pt_lim (fun W => -2 * (1 - W)) c S -> S <= K * c).
Proof.
intros [K H].
assert (D : forall c, derivable_pt_lim (fun W => -2 * (1 - W)) c 2).
{ intros c. pose proof (derivable_pt_lim_scal (fun W => 1 - W) (-2) c (0 - 1)
    (derivable_pt_lim_minus (fun _ => 1) id c 0 1
      (derivable_pt_lim_const 1 c) (derivable_pt_lim_id c))) as h.
  replace (-2 * (0 - 1)) with 2 in h by ring. exact h. }
set (c := / (Rabs K + 1)). pose proof (Rabs_pos K) as p. pose proof (Rle_abs K) as q.
assert (c0 : 0 < c <= 1).
{ split; [apply Rinv_0_lt_compat; lra|].
  rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
pose proof (H c c0 2 (D c)) as h.
assert (e : (Rabs K + 1) * c = 1) by (apply Rinv_r; lra). nra.
Qed.

(* 79: "defined for every s that is allowed": 32 s^2 > 0 fails at s = 0. *)
Theorem sections_scale_zero_false : ~ (forall s : R, 0 <= s -> 0 < 32 * s ^ 2).
Proof. intros H. pose proof (H 0). lra. Qed.

(* 116: "grad R^1(w_star) = 0 <=> X^T y = 0": X = y = w_star = 1. *)
Theorem sections_normal_equations_false :
  ~ (forall X y ws : R, -2 * (X * (y - X * ws)) = 0 <-> X * y = 0).
Proof. intros H. destruct (H 1 1 1) as [h _]. pose proof (h ltac:(lra)). lra. Qed.
Theorem sections_normal_equations_corrected : forall X y ws : R,
  -2 * (X * (y - X * ws)) = 0 <-> X * y = X * X * ws.
Proof. intros. split; intros; lra. Qed.

(* 116: "for every depth and width there is another minimiser": depth 1, width 1. *)
Theorem sections_infinitely_many_false :
  ~ (forall X y w W : R, X <> 0 -> w <> 0 -> (forall V, (y - X * (W * w)) ^ 2 <= (y - X * (V * w))
    ^ 2) ->
     exists W', W' <> W /\ forall V, (y - X * (W' * w)) ^ 2 <= (y - X * (V * w)) ^ 2).
Proof.
intros H. destruct (H 1 1 1 1) as [W' [ne h]]; try lra.
- intros V. pose proof (pow2_ge_0 (1 - 1 * (V * 1))). lra.
- pose proof (h 1). apply ne. nra.
Qed.

(* 116: "min R^L = min R^1": with the head w = 0 the risk of the network is constant. *)
Theorem sections_minimum_of_both_false :
  ~ (forall X y w v : R, X <> 0 -> exists W, (y - X * (W * w)) ^ 2 <= (y - X * v) ^ 2).
Proof.
intros H. destruct (H 1 1 0 1 ltac:(lra)) as [W h].
replace ((1 - 1 * (W * 0)) ^ 2) with 1 in h by ring. lra.
Qed.

(* 612: the first norm without its square: n = 1, y = 2, X = 0. *)
Theorem lemma_8_multiplied_out_false :
  ~ (forall X y ws v : R, (y - X * v) ^ 2 =
     Rabs (y - X * ws) + (X * (ws - v)) ^ 2 + 2 * ((y - X * ws) * (X * (ws - v)))).
Proof. intros H. pose proof (H 0 2 0 0) as e. rewrite Rabs_right in e; lra. Qed.
Theorem lemma_8_multiplied_out_corrected : forall X y ws v : R, (y - X * v) ^ 2 =
  (y - X * ws) ^ 2 + (X * (ws - v)) ^ 2 + 2 * ((y - X * ws) * (X * (ws - v))).
Proof. intros. ring. Qed.

(* 867: the product of the changes Delta_k = - (W_{k+1} .. W_L w) g (W_1 .. W_{k-1}) has the sign
   (-1)^L: two scalar layers, w = 1. *)
Theorem theorem_2_product_false :
  ~ (forall W1 W2 g : R, (- (g * W1)) * (- (W2 * g)) = - (g * (W1 * W2 * g))).
Proof. intros H. pose proof (H 1 1 1). lra. Qed.

(* 871: a sign is lost. *)
Theorem theorem_2_power_false :
  ~ (forall (L : nat) (g p : R), (1 <= L)%nat -> - (g * (p * g) ^ (L - 1)) = (g * p) ^ (L - 1) * g).
Proof. intros H. pose proof (H 1%nat 1 1 ltac:(lia)) as e. simpl in e. lra. Qed.

(* 877: the left-hand side is a norm, the right-hand side may be negative: L = 2, g = -1, p = 1. *)
Theorem theorem_2_norm_false :
  ~ (forall (L : nat) (g p : R), (1 <= L)%nat ->
     Rabs (g * (p * g) ^ (L - 1)) = (g * p) ^ (L - 1) * Rabs g).
Proof.
intros H. pose proof (H 2%nat (-1) 1 ltac:(lia)) as e. simpl in e.
rewrite Rabs_right, Rabs_left in e; lra.
Qed.
Theorem theorem_2_norm_corrected : forall (L : nat) (g p : R), (1 <= L)%nat ->
  Rabs (g * (p * g) ^ (L - 1)) = Rabs (g * p) ^ (L - 1) * Rabs g.
Proof.
intros L g p _. rewrite Rabs_mult, <- RPow_abs. rewrite (Rmult_comm p g). ring.
Qed.

(* 882: Cauchy and Schwarz times a power that may be negative: L = 2, g = -1, w_star = 1. *)
Theorem theorem_2_cauchy_schwarz_false :
  ~ (forall (L : nat) (g p : R), (1 <= L)%nat -> p <> 0 ->
     (g * p) ^ (L - 1) * Rabs g >= (g * p) ^ (L - 1) * (g * p) / Rabs p).
Proof.
intros H. pose proof (H 2%nat (-1) 1 ltac:(lia) ltac:(lra)) as e. simpl in e.
rewrite (Rabs_right 1), Rabs_left in e; lra.
Qed.

(* 1031: S(W)^2 >= 4 L^2 lambda^2 |w_star|^(4 - 4/L) at L = 1: one layer, the head w = 1/10,
   X = y = 1, W w = 1, where the sharpness is 2 w^2. *)
Theorem theorem_2_conclusion_false :
  ~ (forall w W S : R, w <> 0 -> W * w = 1 ->
     derivable_pt_lim (fun V => -2 * w * (1 - V * w)) W S -> S ^ 2 >= 4 * 1 ^ 2 * 1 ^ 2).
Proof.
intros H. pose proof (H (1/10) 10 (2 / 100) ltac:(lra) ltac:(lra)) as h.
assert ((2 / 100) ^ 2 >= 4 * 1 ^ 2 * 1 ^ 2); [apply h|lra].
replace (2 / 100) with (-2 * (1/10) * (0 - (1 * (1/10)))) by field.
apply (derivable_pt_lim_scal (fun V => 1 - V * (1/10))).
apply (derivable_pt_lim_minus (fun _ => 1) (fun V => V * (1/10)));
  [apply derivable_pt_lim_const|].
pose proof (derivable_pt_lim_mult id (fun _ => 1/10) 10 1 0 (derivable_pt_lim_id 10)
  (derivable_pt_lim_const (1/10) 10)) as d.
replace (1 * (1/10)) with (1 * (1/10) + id 10 * 0) by ring. exact d.
Qed.

(* 1152: "divided by sigma_{k+1}^2", which may vanish. *)
Theorem lemma_2_alignment_quotient_false : ~ (forall sigma : R, 0 <= sigma -> 0 < sigma ^ 2).
Proof. intros H. pose proof (H 0). lra. Qed.

(* 1338: "|R^1(w_prod(t)) - R_0| > R_0 - R^L(W(1)) for t >= 1": equality at t = 1. *)
Theorem theorem_3_risk_gap_false :
  ~ (forall (r : R -> R) (R_0 : R), (forall t, 1 <= t -> r t <= r 1) -> r 1 < R_0 ->
     forall t, 1 <= t -> Rabs (r t - R_0) > R_0 - r 1).
Proof.
intros H. pose proof (H (fun _ => 0) 1 ltac:(intros; lra) ltac:(lra) 1 ltac:(lra)) as e.
rewrite Rabs_left in e; lra.
Qed.
Theorem theorem_3_risk_gap_corrected : forall (r : R -> R) (R_0 : R),
  (forall t, 1 <= t -> r t <= r 1) -> r 1 < R_0 ->
  forall t, 1 <= t -> 0 < R_0 - r 1 <= Rabs (r t - R_0).
Proof.
intros r R0 h1 h2 t ht. pose proof (h1 t ht). rewrite Rabs_left by lra. lra.
Qed.

(* 1444: "norm(w_prod) <= (max sigma_k/2)^L": one layer. *)
Theorem corollary_1_largest_over_two_false :
  ~ (forall (L : nat) (sigma : R), (1 <= L)%nat -> 0 <= sigma -> sigma ^ L <= (sigma / 2) ^ L).
Proof. intros H. pose proof (H 1%nat 1 ltac:(lia) ltac:(lra)) as e. simpl in e. lra. Qed.

(* 1548: a norm against a product of scalars that may be negative: u_1 = 1, v_2 = -1. *)
Theorem corollary_1_rank_one_norm_false :
  ~ (forall s1 s2 v1 u1 v2 u2 : R, 0 < s1 -> 0 < s2 ->
     Rabs v1 = 1 -> Rabs u1 = 1 -> Rabs v2 = 1 -> Rabs u2 = 1 ->
     Rabs (s1 * s2 * (v1 * u1) * (v2 * u2)) = s1 * s2 * Rabs v1 * (u1 * v2)).
Proof.
intros H. assert (a : Rabs 1 = 1) by (apply Rabs_right; lra).
assert (b : Rabs (-1) = 1) by (rewrite Rabs_left; lra).
pose proof (H 1 1 1 1 (-1) 1 ltac:(lra) ltac:(lra) a a b a) as e.
rewrite Rabs_left in e by lra. rewrite a in e. lra.
Qed.

(* 1842: "there is a C_4 > 0 with 32 s^2 C_4 = C_3^2": not at s = 0. *)
Theorem theorem_4_c_4_false :
  ~ (forall s C_3 : R, 0 <= s -> 0 < C_3 -> exists C_4, 0 < C_4 /\ 32 * s ^ 2 * C_4 = C_3 ^ 2).
Proof. intros H. destruct (H 0 1 ltac:(lra) ltac:(lra)) as [c [_ e]]. lra. Qed.
Theorem theorem_4_c_4_corrected : forall s C_3 : R, 0 < s -> 0 < C_3 ->
  exists C_4, 0 < C_4 /\ 32 * s ^ 2 * C_4 = C_3 ^ 2.
Proof.
intros s C hs hC. exists (C ^ 2 / (32 * s ^ 2)). split.
- apply Rmult_lt_0_compat; [nra|apply Rinv_0_lt_compat; nra].
- field. lra.
Qed.

(* 1903, (40): 16 exp(s^2 + 2 C_3) from (35) and (39), whose product is 2 (4 exp(s^2/2 + C_3))^2. *)
Theorem theorem_4_eq_40_false :
  ~ (forall s C_3 : R, 0 <= s -> 0 <= C_3 ->
     2 * (4 * exp (s ^ 2 / 2 + C_3)) ^ 2 <= 16 * exp (s ^ 2 + 2 * C_3)).
Proof.
intros H. pose proof (H 0 0 ltac:(lra) ltac:(lra)) as e.
replace (0 ^ 2 / 2 + 0) with 0 in e by field. replace (0 ^ 2 + 2 * 0) with 0 in e by ring.
rewrite exp_0 in e. lra.
Qed.
Theorem theorem_4_eq_40_corrected : forall s C_3 : R,
  2 * (4 * exp (s ^ 2 / 2 + C_3)) ^ 2 = 32 * exp (s ^ 2 + 2 * C_3).
Proof.
intros s C. replace (s ^ 2 + 2 * C) with ((s ^ 2 / 2 + C) + (s ^ 2 / 2 + C)) by field.
generalize (s ^ 2 / 2 + C). intros x. rewrite exp_plus. ring.
Qed.

(* B.8, (36), and the last display: the radius exp(-2 s^2 - 4 C_3)/64 and half of it.  The products
   of (35), (38) and (39) with the root of the hypothesis are 2^-6 exp(-s^2 + ..): twice the half
   radius at s = 0, and above the radius itself for s > 0 and d = C_2. *)
Lemma root_of_constant (a n : R) (k : nat) : n = 2 * a ->
  sqrt (exp n / 2 ^ (2 * k)) = exp a / 2 ^ k.
Proof.
intros ->. pose proof (pow_lt 2 k ltac:(lra)) as p. pose proof (exp_pos a) as q.
replace (exp (2 * a) / 2 ^ (2 * k)) with ((exp a / 2 ^ k) * (exp a / 2 ^ k)).
- apply sqrt_square. apply Rlt_le, Rdiv_lt_0_compat; assumption.
- replace (2 * a) with (a + a) by ring. rewrite exp_plus, pow_mult.
  replace ((2 ^ 2) ^ k) with (2 ^ k * 2 ^ k); [field; lra|].
  rewrite <- Rpow_mult_distr. f_equal. ring.
Qed.
Lemma constant_of_36 (s d C_3 : R) : 0 < d ->
  2 * (2 * (4 * exp (s ^ 2 / 2 + C_3)) ^ 2) / (4 * (exp (- (2 * s ^ 2 / d) - C_3) / 4) ^ 4) =
  2 ^ 12 * exp (s ^ 2 + 8 * s ^ 2 / d + 6 * C_3).
Proof.
intros hd.
replace (s ^ 2 + 8 * s ^ 2 / d + 6 * C_3) with ((s ^ 2 / 2 + C_3) + (s ^ 2 / 2 + C_3) +
  - ((- (2 * s ^ 2 / d) - C_3) + (- (2 * s ^ 2 / d) - C_3) + (- (2 * s ^ 2 / d) - C_3) +
    (- (2 * s ^ 2 / d) - C_3))) by (field; lra).
generalize (s ^ 2 / 2 + C_3) (- (2 * s ^ 2 / d) - C_3). intros x z.
rewrite exp_plus, exp_Ropp, !exp_plus. pose proof (exp_pos z). field. lra.
Qed.
Theorem theorem_4_eq_36_false :
  ~ (forall s d C_2 C_3 : R, 0 <= s -> 1 <= C_2 <= d -> 0 <= C_3 ->
     2 * (2 * (4 * exp (s ^ 2 / 2 + C_3)) ^ 2) / (4 * (exp (- (2 * s ^ 2 / d) - C_3) / 4) ^ 4) *
       sqrt (exp (- 4 * s ^ 2 - 16 * s ^ 2 / C_2 - 20 * C_3) / 2 ^ 36) <=
     exp (- 2 * s ^ 2 - 4 * C_3) / 64 / 2).
Proof.
intros H. pose proof (H 0 1 1 0 ltac:(lra) ltac:(lra) ltac:(lra)) as e.
rewrite constant_of_36 in e by lra. rewrite (root_of_constant 0 _ 18) in e by field.
replace (0 ^ 2 + 8 * 0 ^ 2 / 1 + 6 * 0) with 0 in e by field.
replace (- 2 * 0 ^ 2 - 4 * 0) with 0 in e by ring.
rewrite exp_0 in e. lra.
Qed.
Theorem theorem_4_eq_36_corrected : forall s d C_2 C_3 : R, 0 < C_2 <= d ->
  2 * (2 * (4 * exp (s ^ 2 / 2 + C_3)) ^ 2) / (4 * (exp (- (2 * s ^ 2 / d) - C_3) / 4) ^ 4) *
    sqrt (exp (- 6 * s ^ 2 - 16 * s ^ 2 / C_2 - 20 * C_3) / 2 ^ 38) <=
  exp (- 2 * s ^ 2 - 4 * C_3) / 64 / 2.
Proof.
intros s d C2 C3 h. rewrite constant_of_36 by lra.
rewrite (root_of_constant (- 3 * s ^ 2 - 8 * s ^ 2 / C2 - 10 * C3) _ 19) by (field; lra).
assert (m : exp (s ^ 2 + 8 * s ^ 2 / d + 6 * C3) * exp (- 3 * s ^ 2 - 8 * s ^ 2 / C2 - 10 * C3) <=
  exp (- 2 * s ^ 2 - 4 * C3)).
{ rewrite <- exp_plus. apply exp_le.
  assert (8 * s ^ 2 / d <= 8 * s ^ 2 / C2); [|lra].
  apply Rmult_le_compat_l; [pose proof (pow2_ge_0 s); lra|apply Rinv_le_contravar; lra]. }
simpl pow in *. lra.
Qed.
Theorem theorem_4_closing_false :
  ~ (forall s d C_2 C_3 : R, 0 <= s -> 1 <= C_2 <= d -> 0 <= C_3 ->
     2 * (2 * (4 * exp (s ^ 2 / 2 + C_3)) ^ 2) / (4 * (exp (- (2 * s ^ 2 / d) - C_3) / 4) ^ 4) *
       sqrt (exp (- 4 * s ^ 2 - 16 * s ^ 2 / C_2 - 20 * C_3) / 2 ^ 36) <=
     exp (- 2 * s ^ 2 - 4 * C_3) / 64).
Proof.
intros H. pose proof (H 1 1 1 0 ltac:(lra) ltac:(lra) ltac:(lra)) as e.
rewrite constant_of_36 in e by lra. rewrite (root_of_constant (- 10) _ 18) in e by field.
replace (1 ^ 2 + 8 * 1 ^ 2 / 1 + 6 * 0) with 9 in e by field.
replace (- 2 * 1 ^ 2 - 4 * 0) with (9 + - 10 + - 1) in e by ring.
rewrite !exp_plus in e. pose proof (exp_pos 9) as p. pose proof (exp_pos (- 10)) as q.
assert (r : exp (- 1) < 1).
{ pose proof (exp_increasing (- 1) 0 ltac:(lra)) as r. rewrite exp_0 in r. lra. }
assert (0 < exp 9 * exp (- 10)) by (apply Rmult_lt_0_compat; assumption).
simpl pow in *. nra.
Qed.
Theorem theorem_4_last_display_false :
  ~ (forall s d C_2 C_3 : R, 0 <= s -> 1 <= C_2 <= d -> 0 <= C_3 ->
     2 ^ 11 * exp (s ^ 2 + 8 * s ^ 2 / d + 6 * C_3) *
       sqrt (exp (- 4 * s ^ 2 - 16 * s ^ 2 / C_2 - 20 * C_3) / 2 ^ 36) <=
     exp (- 2 * s ^ 2 - 4 * C_3) / 64 / 2).
Proof.
intros H. apply theorem_4_closing_false. intros s d C2 C3 hs hd hC.
pose proof (H s d C2 C3 hs hd hC) as e. rewrite constant_of_36 by lra.
replace (2 ^ 12) with (2 * 2 ^ 11) by (simpl; ring). lra.
Qed.
Theorem theorem_4_last_display_corrected : forall s d C_2 C_3 : R, 0 < C_2 <= d ->
  2 ^ 12 * exp (s ^ 2 + 8 * s ^ 2 / d + 6 * C_3) *
    sqrt (exp (- 6 * s ^ 2 - 16 * s ^ 2 / C_2 - 20 * C_3) / 2 ^ 38) <=
  exp (- 2 * s ^ 2 - 4 * C_3) / 64 / 2.
Proof.
intros s d C2 C3 h. pose proof (theorem_4_eq_36_corrected s d C2 C3 h) as e.
rewrite constant_of_36 in e by lra. exact e.
Qed.

(* B.8, after (40), third line: with L under the root, the definition of mu does not give the
   printed right-hand side; E = exp(s^2), e = exp(s^2/d), c = exp(C_3). *)
Theorem theorem_4_definition_of_mu_false :
  ~ (forall E e c lambda Lambda w R0 Rmin L mu : R, 0 < E -> 0 < e -> 0 < c -> 0 < lambda ->
     0 < Lambda -> 0 < w -> 0 <= Rmin <= R0 -> 1 <= L ->
     mu = 4 * L * lambda * w ^ 2 * (/ (4 * e ^ 2 * c)) ^ 4 ->
     (32 * E * c ^ 2 / mu) ^ 2 * Lambda * w ^ 2 * (R0 - Rmin * L) =
     (2 ^ 11 * E * e ^ 8 * c ^ 6) ^ 2 * Lambda * (R0 - Rmin) / (lambda ^ 2 * w ^ 2)).
Proof.
intros H. pose proof (H 1 1 1 1 1 1 3 1 2 (1 / 32)) as e.
do 8 (specialize (e ltac:(lra))). specialize (e ltac:(lra)). lra.
Qed.
Theorem theorem_4_definition_of_mu_corrected : forall E e c lambda Lambda w R0 Rmin L mu : R,
  0 < e -> 0 < c -> 0 < lambda -> 0 < w -> 1 <= L ->
  mu = 4 * L * lambda * w ^ 2 * (/ (4 * e ^ 2 * c)) ^ 4 ->
  (32 * E * c ^ 2 / mu) ^ 2 * Lambda * w ^ 2 * ((R0 - Rmin) * L ^ 2) =
  (2 ^ 11 * E * e ^ 8 * c ^ 6) ^ 2 * Lambda * (R0 - Rmin) / (lambda ^ 2 * w ^ 2).
Proof. intros * he hc hl hw hL ->. field. repeat split; lra. Qed.

(* 1910: under the root R(0) - R_min L for R(0) - R_min: L = 2, R_min = 1. *)
Theorem theorem_4_under_the_root_false :
  ~ (forall R0 Rmin L : R, 0 <= Rmin <= R0 -> 1 <= L -> sqrt (R0 - Rmin) = sqrt (R0 - Rmin * L)).
Proof.
intros H. pose proof (H 3 1 2 ltac:(lra) ltac:(lra)) as e.
assert (sqrt (3 - 1 * 2) < sqrt (3 - 1)) by (apply sqrt_lt_1; lra). lra.
Qed.

(* B.8, multivariate: |E|^2 >= sum_i |e_i|^2 with the norm of the operator: E is the 2 x 2
   identity. *)
Theorem theorem_4_norm_of_the_loss_false :
  ~ (forall a b c d N : R, 0 <= N ->
     (forall x y, (a * x + b * y) ^ 2 + (c * x + d * y) ^ 2 <= N ^ 2 * (x ^ 2 + y ^ 2)) ->
     a ^ 2 + b ^ 2 + c ^ 2 + d ^ 2 <= N ^ 2).
Proof. intros H. pose proof (H 1 0 0 1 1 ltac:(lra) ltac:(intros; lra)). lra. Qed.

(* 2575: N <= c delta^2 + K xi^3 does not give N/delta^2 <= c + K xi: delta much below xi. *)
Theorem corollary_4_remainder_false :
  ~ (forall N c K delta xi : R, 0 < delta <= xi -> xi <= 1 -> 0 <= K ->
     N <= c * delta ^ 2 + K * xi ^ 3 -> N / delta ^ 2 <= c + K * xi).
Proof.
intros H. pose proof (H 1 0 1 (1/2) 1 ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)) as e. lra.
Qed.
Theorem corollary_4_remainder_corrected : forall N c K delta xi : R,
  0 < delta <= xi -> 0 <= K -> N <= c * delta ^ 2 + K * delta ^ 3 -> N / delta ^ 2 <= c + K * xi.
Proof.
intros N c K d x h hK hN. apply Rmult_le_reg_r with (d ^ 2); [nra|].
replace (N / d ^ 2 * d ^ 2) with N by (field; lra).
assert (K * d * d ^ 2 <= K * x * d ^ 2) by (apply Rmult_le_compat_r; nra). nra.
Qed.
