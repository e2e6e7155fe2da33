(* Theorem 4 (B.8): the scalar steps of its proof. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

(* B.8, after (40): the integral, exactly, and its bound *)
Theorem theorem_4_integral : forall mu t : R, 0 < mu -> 0 <= t ->
  16 * RInt (fun tau => exp (- (mu * tau / 2))) 0 t
    = 16 * (2 / mu) * (1 - exp (- (mu * t / 2))) /\
  16 * (2 / mu) * (1 - exp (- (mu * t / 2))) <= 32 / mu.
Proof.
intros mu t hm ht. split.
- rewrite (is_RInt_unique _ 0 t (2 / mu * (1 - exp (- (mu * t / 2))))); [ring|].
  assert (z : exp (- (mu * 0 / 2)) = 1) by (rewrite <- exp_0; f_equal; field).
  replace (2 / mu * (1 - exp (- (mu * t / 2))))
    with (- (2 / mu) * exp (- (mu * t / 2)) - - (2 / mu) * exp (- (mu * 0 / 2)))
    by (rewrite z; ring).
  apply (is_RInt_derive (fun tau => - (2 / mu) * exp (- (mu * tau / 2)))).
  + intros x _. auto_derive; [exact I|]. unfold Rdiv. field. lra.
  + intros x _. apply (ex_derive_continuous (fun tau => exp (- (mu * tau / 2)))).
    auto_derive. exact I.
- assert (0 < 2 / mu) by (apply Rmult_lt_0_compat; [lra|apply Rinv_0_lt_compat; lra]).
  pose proof (exp_pos (- (mu * t / 2))).
  replace (32 / mu) with (16 * (2 / mu) * 1) by (field; lra).
  apply Rmult_le_compat_l; lra.
Qed.
