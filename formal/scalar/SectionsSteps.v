(* The text of Sections 1 to 5: its scalar statements. *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

(* "epsilon = O(1/L^2)": what (A3) asks of epsilon. *)
Theorem sections_order_of_epsilon : forall L epsilon : R, 1 <= L -> 0 <= epsilon ->
  32 * L * sqrt epsilon <= 1 -> epsilon <= 1 / (1024 * L ^ 2).
Proof.
intros L e hL he h. pose proof (sqrt_sqrt e he) as q. pose proof (sqrt_pos e) as p.
apply Rmult_le_reg_r with (1024 * L ^ 2); [nra|].
replace (1 / (1024 * L ^ 2) * (1024 * L ^ 2)) with 1 by (field; lra).
replace (e * (1024 * L ^ 2)) with ((32 * L * sqrt e) * (32 * L * sqrt e))
  by (rewrite <- q at 3; ring).
assert (0 <= 32 * L * sqrt e) by (apply Rmult_le_pos; lra). nra.
Qed.
