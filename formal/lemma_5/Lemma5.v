(* Lemma 5, for real L. *)
From Coq Require Import Reals Lra.
Open Scope R_scope.

(* Lemma 5 with C = 1 and 4/e in place of 4, for every real L >= 1. *)
Theorem lemma5_sharp L x :
  1 <= L -> 1 <= x -> L * exp (- sqrt L * x) <= 4 * exp (-1) * exp (- x).
Proof.
intros HL Hx.
assert (Hs : 1 <= sqrt L) by (rewrite <- sqrt_1; apply sqrt_le_1; lra).
pose proof (sqrt_sqrt L ltac:(lra)) as HLs. set (s := sqrt L) in *.
assert (H1 : s <= 2 * exp ((s - 2) / 2)) by (pose proof (exp_ineq1_le ((s - 2) / 2)); lra).
assert (H2 : L <= 4 * exp (s - 2)).
{ replace (s - 2) with ((s - 2) / 2 + (s - 2) / 2) by lra. rewrite exp_plus. nra. }
apply Rle_trans with (4 * exp (s - 2) * exp (- s * x)).
- apply Rmult_le_compat_r; [apply Rlt_le, exp_pos|exact H2].
- rewrite !Rmult_assoc, <- !exp_plus. apply Rmult_le_compat_l; [lra|].
  assert (s - 2 + - s * x <= -1 + - x) as [H|H] by nra.
  + apply Rlt_le, exp_increasing, H.
  + rewrite H; apply Rle_refl.
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
