(* Lemma 5, for real L. *)
From Coq Require Import Reals Lra.
From Flatcert Require Import Lemma5Steps.
Open Scope R_scope.

(* Lemma 5 with C = 1 and 4/e in place of 4, for every real L >= 1. *)
Theorem lemma5_sharp L x :
  1 <= L -> 1 <= x -> L * exp (- sqrt L * x) <= 4 * exp (-1) * exp (- x).
Proof.
intros hL hx. rewrite Ropp_mult_distr_l_reverse. apply lemma_5_sharp; assumption.
Qed.

Theorem lemma5 : exists C, C > 0 /\ forall L x, C <= L -> 1 <= x ->
  L * exp (- sqrt L * x) <= 4 * exp (- x).
Proof.
exists 1. split; [lra|]. intros L x HL Hx.
apply Rle_trans with (1 := lemma5_sharp L x HL Hx).
pose proof (exp_pos (- x)).
assert (exp (-1) <= 1) by (rewrite <- exp_0; apply Rlt_le, exp_increasing; lra).
nra.
Qed.
