(* Lemma 4, for real exponents: its steps together (Rpower a b = exp (b ln a)). *)
From Coq Require Import Reals Lra.
From Flatcert Require Import Lemma4Steps.
Open Scope R_scope.

(* Lemma 4, first inequality: (1-x)^alpha >= 1 - 2 alpha x. *)
Theorem lemma4_first alpha x :
  0 < alpha -> 0 <= x <= 1/2 -> Rpower (1 - x) alpha >= 1 - 2 * alpha * x.
Proof.
intros ha hx. apply Rge_trans with (1 := lemma_4_minus_exponent alpha x ha hx).
apply lemma_4_minus_linear; lra.
Qed.

(* Lemma 4, second inequality: (1+x)^alpha <= 1 + 2 alpha x when alpha x <= 1. *)
Theorem lemma4_second alpha x :
  0 < alpha -> 0 < x -> alpha * x <= 1 -> Rpower (1 + x) alpha <= 1 + 2 * alpha * x.
Proof.
intros ha hx h. apply Rle_trans with (1 := lemma_4_plus_exponent alpha x ha hx).
apply lemma_4_plus_linear; assumption.
Qed.
