(* Lemma 9 (Appendix A): the scalar steps of its proof, over their whole domain. *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

(* The empty product has norm 1. *)
Theorem lemma_9_empty_product : forall M m : R, 1 <= M -> 0 < m < 1 -> 1 <= M / m.
Proof.
intros M m hM hm. apply Rmult_le_reg_r with m; [lra|].
unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

Theorem lemma_9_base_case : forall M : R, 1 <= M -> 1 <= 2 * M.
Proof. intros M hM. lra. Qed.

Theorem lemma_9_wider_ball : forall M m : R, 1 <= M -> 0 < m < 1 ->
  m ^ 2 / (4 * M ^ 2) <= m / (2 * M).
Proof.
intros M m hM hm.
replace (m / (2 * M)) with (m * (2 * M) / (4 * M ^ 2)) by (field; lra).
apply Rmult_le_compat_r; [|nra]. apply Rlt_le, Rinv_0_lt_compat. nra.
Qed.
