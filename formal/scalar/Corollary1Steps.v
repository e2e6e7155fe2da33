(* Corollary 1 (B.5): the scalar inequalities of its proof, each over the whole domain of (A3) and
   for every real L >= 1.  Roots are real powers; W stands for norm(w_star). *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts Lemma4Steps.
Open Scope R_scope.

(* (A3), with norm(w_star) for W.  (Its first condition, epsilon <= 1, follows from the third.) *)
Definition A3 (L epsilon W : R) : Prop :=
  1 <= L /\ 0 <= epsilon <= 1 /\ 1 <= W /\ 32 * L * sqrt epsilon <= 1.

(* What (A3) says of epsilon and L epsilon. *)
Lemma A3_epsilon L e W : A3 L e W ->
  1 <= L /\ 0 <= e /\ 1 <= W /\ 0 <= sqrt e /\ sqrt e * sqrt e = e /\
  32 * L * sqrt e <= 1 /\ 0 <= L * e /\ 1024 * (L * e) <= 1 /\ 1024 * e <= 1.
Proof.
intros [hL [he [hW h]]]. pose proof (sqrt_pos e) as p.
pose proof (sqrt_sqrt e ltac:(lra)) as q.
assert (a : sqrt e <= 1 / 32) by nra.
assert (b : 0 <= L * sqrt e) by nra.
assert (L * e = L * sqrt e * sqrt e) by (rewrite Rmult_assoc, q; reflexivity).
assert (L * e <= 1/32 * (1/32)).
{ rewrite H. apply Rmult_le_compat; lra. }
repeat split; try assumption; try lra; try nra.
Qed.

(* (norm(w_star)/2)^(1/L) >= 1/2, and (2 norm(w_star))^(1/L) >= 1. *)
Lemma root_half L W : 1 <= L -> 1 <= W -> 1/2 <= Rpower (W / 2) (/ L).
Proof.
intros hL hW. destruct (inv_unit L hL) as [i j].
apply Rle_trans with (Rpower (1/2) (/ L)).
- apply Rpower_below_one; lra.
- apply Rpower_base; lra.
Qed.
Lemma root_double L W : 1 <= L -> 1 <= W -> 1 <= Rpower (2 * W) (/ L).
Proof. intros hL hW. destruct (inv_unit L hL). apply Rpower_ge_1; lra. Qed.

(* (26) *)
Theorem corollary_1_eq_26 : forall L W : R, 1 <= L -> 1 <= W ->
  1 / 2 <= Rpower (1 / 2) (1 / L) <= Rpower (W / 2) (1 / L).
Proof.
intros L W hL hW. destruct (inv_unit L hL) as [i j].
replace (1 / L) with (/ L) by (unfold Rdiv; ring). split.
- apply Rpower_below_one; lra.
- apply Rpower_base; lra.
Qed.

(* (27) *)
Theorem corollary_1_eq_27 : forall L epsilon W : R, A3 L epsilon W ->
  8 * L * epsilon <= 8 * L * sqrt epsilon <= 1 / 4 /\
  1 / 4 <= Rpower (W / 2) (1 / L) <= Rpower (2 * W) (1 / L).
Proof.
intros L e W h. destruct (A3_epsilon L e W h) as [hL [he [hW [p [q [r [_ [_ t]]]]]]]].
destruct (inv_unit L hL) as [i j]. pose proof (root_half L W hL hW).
replace (1 / L) with (/ L) by (unfold Rdiv; ring). repeat split; try lra.
- rewrite !Rmult_assoc. apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_l; [lra|].
  assert (sqrt e <= 1) by nra. nra.
- apply Rpower_base; lra.
Qed.

(* before (28) *)
Theorem corollary_1_quarter : forall L W : R, 1 <= L -> 1 <= W ->
  Rpower (W / 2) (2 / L) >= 1 / 4.
Proof.
intros L W hL hW. pose proof (root_half L W hL hW).
replace (2 / L) with (2 * / L) by (unfold Rdiv; ring). rewrite Rpower_square. nra.
Qed.

(* (28) *)
Theorem corollary_1_eq_28 : forall L epsilon W : R, A3 L epsilon W ->
  8 * L * epsilon <= Rpower (W / 2) (2 / L).
Proof.
intros L e W h. destruct (A3_epsilon L e W h) as [hL [_ [hW [_ [_ [_ [_ [t _]]]]]]]].
pose proof (corollary_1_quarter L W hL hW). lra.
Qed.

(* (29): max sigma_k, when its L-th power is at least norm(w_prod) > 3 norm(w_star)/4 *)
Theorem corollary_1_eq_29 : forall L epsilon W sigma product : R, A3 L epsilon W -> 0 < sigma ->
  product > 3 * W / 4 -> product <= Rpower sigma L ->
  Rpower (W / 2) (1 / L) + epsilon <= Rpower (3 * W / 4) (1 / L) <= sigma.
Proof.
intros L e W s P h hs hP hsP.
destruct (A3_epsilon L e W h) as [hL [he [hW [_ [_ [_ [_ [t _]]]]]]]].
destruct (inv_unit L hL) as [i j]. pose proof (root_half L W hL hW) as b.
replace (1 / L) with (/ L) by (unfold Rdiv; ring). split.
- (* (3 W/4)^(1/L) = (3/2)^(1/L) (W/2)^(1/L), and (3/2)^(1/L) >= 1 + ln(3/2)/L >= 1 + 1/(3 L) *)
  replace (3 * W / 4) with (3 / 2 * (W / 2)) by field.
  rewrite <- Rpower_mult_distr by lra.
  assert (c : 1 + / L * (1/3) <= Rpower (3 / 2) (/ L)).
  { unfold Rpower. apply Rle_trans with (1 + / L * ln (3 / 2)); [|apply exp_ineq1_le].
    assert (1/3 <= ln (3 / 2)); [|nra].
    pose proof (ln_le_minus_one (/ (3 / 2)) ltac:(lra)) as z. rewrite ln_Rinv in z; lra. }
  assert (d : e <= / L * (1/1024)).
  { apply Rmult_le_reg_l with L; [lra|].
    rewrite <- Rmult_assoc, Rinv_r by lra. lra. }
  nra.
- replace s with (Rpower (Rpower s L) (/ L)).
  + apply Rpower_base; lra.
  + rewrite Rpower_mult, Rinv_r, Rpower_1; lra.
Qed.

(* Reciprocal roots: (2/W)^(1/L) is 1/(W/2)^(1/L). *)
Lemma root_inverse L W : 1 <= W -> Rpower (2 / W) (/ L) = / Rpower (W / 2) (/ L).
Proof.
intros hW. rewrite <- Rpower_Ropp. unfold Rpower.
replace (2 / W) with (/ (W / 2)) by (field; lra). rewrite ln_Rinv by lra. f_equal. ring.
Qed.

(* x = epsilon (2/W)^(1/L) has L x <= 1/512. *)
Lemma below_small L e W : A3 L e W ->
  0 <= e * Rpower (2 / W) (/ L) /\ 512 * (L * (e * Rpower (2 / W) (/ L))) <= 1.
Proof.
intros h. destruct (A3_epsilon L e W h) as [hL [he [hW [_ [_ [_ [hl [t _]]]]]]]].
rewrite root_inverse by exact hW. pose proof (root_half L W hL hW) as b.
assert (0 < / Rpower (W / 2) (/ L) <= 2).
{ split; [apply Rinv_0_lt_compat; lra|].
  apply Rle_trans with (/ (1/2)); [apply Rinv_le_contravar; lra|right; field]. }
split; [nra|]. rewrite <- Rmult_assoc. nra.
Qed.

(* (1 + x)^L <= 1 + 2 L x by Lemma 4 *)
Theorem corollary_1_bernoulli_plus : forall L epsilon W : R, A3 L epsilon W ->
  Rpower (1 + epsilon * Rpower (2 / W) (1 / L)) L <=
  1 + 2 * L * epsilon * Rpower (2 / W) (1 / L).
Proof.
intros L e W h. destruct (below_small L e W h) as [p q]. destruct h as [hL _].
replace (1 / L) with (/ L) by (unfold Rdiv; ring).
set (x := e * Rpower (2 / W) (/ L)) in *.
replace (2 * L * e * Rpower (2 / W) (/ L)) with (2 * L * x) by (unfold x; ring).
destruct p as [p|<-]; [|rewrite Rplus_0_r, Rpower_one_base; lra].
apply Rle_trans with (exp (L * x)).
- apply lemma_4_plus_exponent; lra.
- apply lemma_4_plus_linear; lra.
Qed.

Theorem corollary_1_small_once : forall L epsilon W : R, A3 L epsilon W ->
  L * epsilon <= Rpower (W / 2) (1 / L).
Proof.
intros L e W h. destruct (A3_epsilon L e W h) as [hL [_ [hW [_ [_ [_ [_ [t _]]]]]]]].
destruct (corollary_1_eq_26 L W hL hW). lra.
Qed.

Theorem corollary_1_small_four : forall L epsilon W : R, A3 L epsilon W ->
  4 * L * epsilon <= Rpower (W / 2) (1 / L).
Proof.
intros L e W h. destruct (A3_epsilon L e W h) as [hL [_ [hW [_ [_ [_ [_ [t _]]]]]]]].
destruct (corollary_1_eq_26 L W hL hW). lra.
Qed.

(* norm(w_prod) <= (max sigma_k)^L <= ((W/2)^(1/L) + epsilon)^L <= 3 W/4 *)
Theorem corollary_1_three_quarters : forall L epsilon W sigma product : R, A3 L epsilon W ->
  0 < sigma -> sigma < Rpower (W / 2) (1 / L) + epsilon -> product <= Rpower sigma L ->
  product <= Rpower (Rpower (W / 2) (1 / L) + epsilon) L <= 3 * W / 4.
Proof.
intros L e W s P h hs hsb hP. pose proof (corollary_1_bernoulli_plus L e W h) as B.
destruct (below_small L e W h) as [p q].
destruct (A3_epsilon L e W h) as [hL [he [hW _]]].
replace (1 / L) with (/ L) in * by (unfold Rdiv; ring).
pose proof (root_half L W hL hW) as b. split.
- apply Rle_trans with (1 := hP). apply Rpower_base; lra.
- rewrite root_inverse in B, p, q by exact hW. set (r := Rpower (W / 2) (/ L)) in *.
  replace (r + e) with (r * (1 + e * / r)) by (field; lra).
  rewrite <- Rpower_mult_distr by lra.
  assert (c : Rpower r L = W / 2) by (unfold r; rewrite Rpower_mult, Rinv_l, Rpower_1; lra).
  rewrite c. nra.
Qed.

Theorem corollary_1_by_26 : forall L epsilon W : R, 1 <= L -> 1 <= W -> 0 <= epsilon ->
  2 * epsilon * Rpower (W / 2) (1 / L) >= epsilon.
Proof. intros L e W hL hW he. destruct (corollary_1_eq_26 L W hL hW). nra. Qed.

Theorem corollary_1_half_of_square : forall L epsilon W : R, A3 L epsilon W ->
  epsilon <= Rpower (W / 2) (2 / L) / 2.
Proof.
intros L e W h. destruct (A3_epsilon L e W h) as [hL [_ [hW [_ [_ [_ [_ [_ t]]]]]]]].
pose proof (corollary_1_quarter L W hL hW). lra.
Qed.

(* Both fractions are at most 1/8, and the bracket is at least 1 - 1/8 - 1/8 = 3/4. *)
Theorem corollary_1_bracket : forall L epsilon W : R, A3 L epsilon W ->
  (L - 1) * epsilon / Rpower (W / 2) (2 / L) <= 1 / 8 /\
  L * sqrt epsilon / Rpower (W / 2) (1 / L) <= 1 / 8 /\
  1 - (L - 1) * epsilon / Rpower (W / 2) (2 / L) - L * sqrt epsilon / Rpower (W / 2) (1 / L)
    >= 1 - 1 / 8 - 1 / 8 /\
  1 - 1 / 8 - 1 / 8 = 3 / 4.
Proof.
intros L e W h. destruct (A3_epsilon L e W h) as [hL [he [hW [p [q [r [hl [t u]]]]]]]].
pose proof (corollary_1_quarter L W hL hW) as c.
destruct (corollary_1_eq_26 L W hL hW) as [a b].
assert (A : (L - 1) * e / Rpower (W / 2) (2 / L) <= 1 / 8).
{ apply Rmult_le_reg_r with (Rpower (W / 2) (2 / L)); [lra|].
  unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l by lra. nra. }
assert (B : L * sqrt e / Rpower (W / 2) (1 / L) <= 1 / 8).
{ apply Rmult_le_reg_r with (Rpower (W / 2) (1 / L)); [lra|].
  unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l by lra. nra. }
repeat split; lra.
Qed.

(* (1 - x)^((L-1)/2) >= 1 - (L-1) x at x = epsilon/(W/2)^(2/L), by Lemma 4 *)
Theorem corollary_1_bernoulli_minus : forall L epsilon W : R, A3 L epsilon W ->
  Rpower (1 - epsilon / Rpower (W / 2) (2 / L)) ((L - 1) / 2) >=
  1 - (L - 1) * epsilon / Rpower (W / 2) (2 / L).
Proof.
intros L e W h. pose proof (corollary_1_half_of_square L e W h) as a.
destruct (A3_epsilon L e W h) as [hL [he [hW _]]].
pose proof (corollary_1_quarter L W hL hW) as c. set (r := Rpower (W / 2) (2 / L)) in *.
assert (hx : 0 <= e / r <= 1/2).
{ split; [apply Rmult_le_pos; [lra|apply Rlt_le, Rinv_0_lt_compat; lra]|].
  apply Rmult_le_reg_r with r; [lra|].
  unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l; lra. }
replace ((L - 1) * e / r) with (2 * ((L - 1) / 2) * (e / r)) by (field; lra).
destruct hL as [hL|<-].
- apply Rge_trans with (exp ((L - 1) / 2 * (-2 * (e / r)))).
  + apply lemma_4_minus_exponent; lra.
  + apply lemma_4_minus_linear; lra.
- replace ((1 - 1) / 2) with 0 by field. rewrite Rpower_O by lra. lra.
Qed.

(* The upper side: min sigma_k where 3 (min sigma_k)^L/4 <= norm(w_prod) < 9 W/8 *)
Theorem corollary_1_upper_least : forall L epsilon W sigma product : R, A3 L epsilon W ->
  0 < sigma -> product < 9 * W / 8 -> 3 * Rpower sigma L / 4 <= product ->
  sigma <= Rpower (3 * W / 2) (1 / L) <= Rpower (2 * W) (1 / L) - epsilon.
Proof.
intros L e W s P h hs hP hsP.
destruct (A3_epsilon L e W h) as [hL [he [hW [_ [_ [_ [_ [t _]]]]]]]].
destruct (inv_unit L hL) as [i j]. pose proof (root_double L W hL hW) as b.
replace (1 / L) with (/ L) by (unfold Rdiv; ring). split.
- replace s with (Rpower (Rpower s L) (/ L)) at 1.
  + apply Rpower_base; try lra. apply Rpower_pos.
  + rewrite Rpower_mult, Rinv_r, Rpower_1; lra.
- (* (3/4)^(1/L) <= 1 - 3/(16 L): e^(-z a) <= 1/(1 + z a) with 1/4 <= a = ln(4/3) <= 1/3 *)
  replace (3 * W / 2) with (3 / 4 * (2 * W)) by field.
  rewrite <- Rpower_mult_distr by lra.
  assert (a1 : 1/4 <= - ln (3 / 4)) by (pose proof (ln_le_minus_one (3 / 4)); lra).
  assert (a2 : - ln (3 / 4) <= 1/3).
  { pose proof (ln_le_minus_one (/ (3 / 4)) ltac:(lra)) as z. rewrite ln_Rinv in z; lra. }
  assert (c : Rpower (3 / 4) (/ L) <= 1 - 3/16 * / L).
  { unfold Rpower. set (a := - ln (3 / 4)) in *.
    replace (/ L * ln (3 / 4)) with (- (/ L * a)) by (unfold a; ring).
    rewrite exp_Ropp. pose proof (exp_ineq1_le (/ L * a)) as z.
    apply Rle_trans with (/ (1 + / L * a)).
    - apply Rinv_le_contravar; nra.
    - apply Rmult_le_reg_r with (1 + / L * a); [nra|]. rewrite Rinv_l by nra. nra. }
  assert (d : e <= / L * (1/1024)).
  { apply Rmult_le_reg_l with L; [lra|].
    rewrite <- Rmult_assoc, Rinv_r by lra. lra. }
  nra.
Qed.

Lemma above_small L e W : A3 L e W ->
  0 <= e / Rpower (2 * W) (/ L) /\ 1024 * (L * (e / Rpower (2 * W) (/ L))) <= 1 /\
  1024 * (e / Rpower (2 * W) (/ L)) <= 1.
Proof.
intros h. destruct (A3_epsilon L e W h) as [hL [he [hW [_ [_ [_ [hl [t u]]]]]]]].
pose proof (root_double L W hL hW) as b.
assert (0 < / Rpower (2 * W) (/ L) <= 1).
{ split; [apply Rinv_0_lt_compat; lra|].
  rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
unfold Rdiv. repeat split; [nra| |nra]. rewrite <- Rmult_assoc. nra.
Qed.

(* (1 - x)^L >= 1 - 2 L x at x = epsilon/(2 W)^(1/L), by Lemma 4 *)
Theorem corollary_1_bernoulli_minus_l : forall L epsilon W : R, A3 L epsilon W ->
  Rpower (1 - epsilon / Rpower (2 * W) (1 / L)) L >=
  1 - 2 * L * epsilon / Rpower (2 * W) (1 / L).
Proof.
intros L e W h. destruct (above_small L e W h) as [p [_ q]].
destruct (A3_epsilon L e W h) as [hL [_ [hW _]]]. pose proof (root_double L W hL hW).
replace (1 / L) with (/ L) by (unfold Rdiv; ring).
set (r := Rpower (2 * W) (/ L)) in *.
replace (2 * L * e / r) with (2 * L * (e / r)) by (field; lra).
apply Rge_trans with (exp (L * (-2 * (e / r)))).
- apply lemma_4_minus_exponent; lra.
- apply lemma_4_minus_linear; lra.
Qed.

(* (30), its first line *)
Theorem corollary_1_eq_30 : forall L epsilon W : R, A3 L epsilon W ->
  3 / 2 * W * (1 - 2 * L * epsilon / Rpower (2 * W) (1 / L)) >= 9 * W / 8.
Proof.
intros L e W h. destruct (above_small L e W h) as [p [q _]].
destruct (A3_epsilon L e W h) as [hL [_ [hW _]]]. pose proof (root_double L W hL hW).
replace (1 / L) with (/ L) by (unfold Rdiv; ring).
set (r := Rpower (2 * W) (/ L)) in *.
replace (2 * L * e / r) with (2 * (L * (e / r))) by (field; lra). nra.
Qed.

Theorem corollary_1_half_of_root : forall L epsilon W : R, A3 L epsilon W ->
  epsilon / Rpower (2 * W) (1 / L) <= 1 / 2.
Proof.
intros L e W h. destruct (above_small L e W h) as [p [_ q]].
replace (1 / L) with (/ L) by (unfold Rdiv; ring). lra.
Qed.

Theorem corollary_1_eighth_of_root : forall L epsilon W : R, A3 L epsilon W ->
  L * epsilon <= Rpower (2 * W) (1 / L) / 8.
Proof.
intros L e W h. destruct (A3_epsilon L e W h) as [hL [_ [hW [_ [_ [_ [_ [t _]]]]]]]].
pose proof (root_double L W hL hW).
replace (1 / L) with (/ L) by (unfold Rdiv; ring). lra.
Qed.

(* The second inequality of the last chain. *)
Theorem corollary_1_second_inequality : forall L epsilon W : R, A3 L epsilon W ->
  Rpower (2 * W) (2 / L) + epsilon ^ 2 - 2 * epsilon * Rpower (2 * W) (1 / L) + epsilon <=
  Rpower (2 * W) (2 / L).
Proof.
intros L e W h. destruct (A3_epsilon L e W h) as [hL [he [hW [_ [_ [_ [_ [_ t]]]]]]]].
pose proof (root_double L W hL hW).
replace (1 / L) with (/ L) by (unfold Rdiv; ring). nra.
Qed.

Theorem corollary_1_one_between : forall L epsilon W : R, A3 L epsilon W ->
  epsilon <= 1 <= 2 * Rpower (2 * W) (1 / L) - 1.
Proof.
intros L e W h. destruct (A3_epsilon L e W h) as [hL [he [hW [_ [_ [_ [_ [_ t]]]]]]]].
pose proof (root_double L W hL hW).
replace (1 / L) with (/ L) by (unfold Rdiv; ring). lra.
Qed.

(* The two ends under L epsilon <= 1 in place of (A3). *)
Theorem corollary_1_l_epsilon_lower : forall L : R, 1 <= L ->
  1 - Rpower 4 (- (1 / L)) >= 1 / (2 * L).
Proof.
intros L hL. destruct (inv_unit L hL) as [i j].
replace (1 / (2 * L)) with (/ L / 2) by (field; lra).
replace (1 / L) with (/ L) by (unfold Rdiv; ring). rewrite Rpower_Ropp. apply Rle_ge.
(* 4^z >= 1 + z, and (1 + z)(1 - z/2) >= 1 for z in [0, 1] *)
assert (c : 1 + / L <= Rpower 4 (/ L)).
{ unfold Rpower. apply Rle_trans with (1 + / L * ln 4); [|apply exp_ineq1_le].
  assert (1 <= ln 4); [|nra]. rewrite <- (ln_exp 1). apply ln_mono; [apply exp_pos|].
  pose proof exp_le_3. lra. }
assert (/ Rpower 4 (/ L) <= 1 - / L / 2); [|lra].
apply Rle_trans with (/ (1 + / L)).
- apply Rinv_le_contravar; lra.
- apply Rmult_le_reg_r with (1 + / L); [lra|]. rewrite Rinv_l by lra. nra.
Qed.

Theorem corollary_1_l_epsilon_upper : forall L : R, 1 <= L -> Rpower 4 (1 / L) - 1 >= 1 / L.
Proof.
intros L hL. destruct (inv_unit L hL) as [i j].
replace (1 / L) with (/ L) by (unfold Rdiv; ring).
assert (1 + / L <= Rpower 4 (/ L)); [|lra].
unfold Rpower. apply Rle_trans with (1 + / L * ln 4); [|apply exp_ineq1_le].
assert (1 <= ln 4); [|nra]. rewrite <- (ln_exp 1). apply ln_mono; [apply exp_pos|].
pose proof exp_le_3. lra.
Qed.
