(* Displays of the proof of Theorem 2 (B.2) that are false as printed because the head is lost: each
   is taken at depth 1, one input and one output, X = 1, so that lambda = 1 and w_star = W w, and
   fails at w = 1/2, W = 2.  The gradient of the risk is -2 w (y - V w) at the layer V, and grad R^1
   is g = -2 (y - V w); along W + xi M the gradient changes by xi Delta, Delta = 2 w^2 M. *)
From Coq Require Import Reals Lra.
Open Scope R_scope.

Definition gradient (y w V : R) := -2 * w * (y - V * w).
Lemma gradient_derivative y w W : derivable_pt_lim (gradient y w) W (2 * w ^ 2).
Proof.
replace (2 * w ^ 2) with (-2 * w * (0 - (1 * w + id W * 0))) by (unfold id; ring).
apply (derivable_pt_lim_scal (fun V => y - V * w)).
apply (derivable_pt_lim_minus (fun _ => y) (fun V => V * w)); [apply derivable_pt_lim_const|].
apply (derivable_pt_lim_mult id (fun _ => w)); [apply derivable_pt_lim_id|].
apply derivable_pt_lim_const.
Qed.
Ltac at_half := let H := fresh in intros H; pose proof (H (1 / 2) 2) as e;
  specialize (e ltac:(lra) ltac:(lra)).

(* (18): sum_k |Delta_k|^2 >= L (g w_star)^2/|w_star|^(2/L), Delta = w g. *)
Theorem theorem_2_eq_18_false :
  ~ (forall w W : R, w <> 0 -> W <> 0 -> forall g, (w * g) ^ 2 >= (g * (W * w)) ^ 2 / (W * w) ^ 2).
Proof. at_half. specialize (e 1). lra. Qed.
Theorem theorem_2_eq_18_corrected : forall w W g : R, w <> 0 -> W <> 0 ->
  (w * g) ^ 2 >= w ^ 2 * (g * (W * w)) ^ 2 / (W * w) ^ 2.
Proof. intros w W g hw hW. right. field. split; assumption. Qed.

(* The first direction, M = beta W: sum_k |Delta_k|^2 >= 4 L lambda^2 |w_star|^(4 - 2/L)
   (sum beta)^2. *)
Theorem theorem_2_first_change_false :
  ~ (forall w W : R, w <> 0 -> W <> 0 -> forall beta Delta,
     derivable_pt_lim (gradient (W * w) w) W Delta ->
     (Delta * (beta * W)) ^ 2 >= 4 * (W * w) ^ 2 * beta ^ 2).
Proof. at_half. specialize (e 1 _ (gradient_derivative _ _ _)). lra. Qed.

(* S(W)^2 >= 4 L lambda^2 |w_star|^(4 - 2/L) (sum beta)^2 / sum beta^2 |W_k|^2. *)
Theorem theorem_2_first_bound_false :
  ~ (forall w W : R, w <> 0 -> W <> 0 -> forall beta S, beta <> 0 ->
     derivable_pt_lim (gradient (W * w) w) W S ->
     S ^ 2 >= 4 * (W * w) ^ 2 * beta ^ 2 / (beta ^ 2 * W ^ 2)).
Proof. at_half. specialize (e 1 _ ltac:(lra) (gradient_derivative _ _ _)). lra. Qed.

(* The second direction, M = A with A = w w_star 2 X^2: sum_k |Delta_k|^2 >= L/|w_star|^(2/L)
   (sum |A_k|^2)^2. *)
Theorem theorem_2_second_change_false :
  ~ (forall w W : R, w <> 0 -> W <> 0 -> forall A Delta, A = w * (W * w) * 2 ->
     derivable_pt_lim (gradient (W * w) w) W Delta ->
     (Delta * A) ^ 2 >= 1 / (W * w) ^ 2 * (A ^ 2) ^ 2).
Proof. at_half. specialize (e 1 _ ltac:(lra) (gradient_derivative _ _ _)). lra. Qed.

(* S(W)^2 >= L/|w_star|^(2/L) sum_k |A_k|^2. *)
Theorem theorem_2_second_sum_false :
  ~ (forall w W : R, w <> 0 -> W <> 0 -> forall A S, A = w * (W * w) * 2 ->
     derivable_pt_lim (gradient (W * w) w) W S -> S ^ 2 >= 1 / (W * w) ^ 2 * A ^ 2).
Proof. at_half. specialize (e 1 _ ltac:(lra) (gradient_derivative _ _ _)). lra. Qed.

(* A_L .. A_1 = w_star 2 X^2 .. : the head is lost; and its norm. *)
Theorem theorem_2_product_of_a_false :
  ~ (forall w W : R, w <> 0 -> W <> 0 -> w * (W * w) * 2 = (W * w) * 2).
Proof. at_half. lra. Qed.
Theorem theorem_2_norm_of_a_false :
  ~ (forall w W : R, w <> 0 -> W <> 0 -> Rabs (w * (W * w) * 2) = Rabs ((W * w) * 2)).
Proof. at_half. rewrite !Rabs_right in e; lra. Qed.

(* sum_k |A_k|^2 >= 4 L lambda^2 |w_star|^(4 - 2/L). *)
Theorem theorem_2_sum_of_a_false :
  ~ (forall w W : R, w <> 0 -> W <> 0 -> (w * (W * w) * 2) ^ 2 >= 4 * (W * w) ^ 2).
Proof. at_half. lra. Qed.

(* The index: sum_{j = k}^L beta_k for a free k; two layers, white data, w_star = 1, beta = (1, 0),
   k = 1. *)
Theorem theorem_2_smallest_eigenvalue_false :
  ~ (forall beta1 beta2 lambda : R, 0 <= beta1 -> 0 <= beta2 -> 0 < lambda ->
     2 * lambda * (beta1 + beta2) >= 2 * lambda * (beta1 + beta1)).
Proof. intros H. pose proof (H 1 0 1 ltac:(lra) ltac:(lra) ltac:(lra)). lra. Qed.
