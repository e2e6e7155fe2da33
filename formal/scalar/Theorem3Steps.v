(* Theorem 3 (B.4): the scalar step before (22). *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

(* "sqrt(1 - x) >= 1 - x for x in [0, 1]", before (22) *)
Theorem theorem_3_square_root : forall x : R, 0 <= x <= 1 -> sqrt (1 - x) >= 1 - x.
Proof. intros x hx. apply Rle_ge, sqrt_ge; nra. Qed.
