(* Rearrangements of products used in the proofs. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
Import GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Rearrange.
Variable R : rcfType.
Implicit Types f l b c a q D z m p : R.
Lemma factor_sq b c a z : b * c * (b * c) * a * z = b ^+ 2 * a * (c ^+ 2 * z).
Proof. by ring. Qed.
Lemma arrq l f q a D : f * l * q * a * D = q * a * (f * l * D).
Proof. by ring. Qed.
Lemma mulr_rearr z m a q p : z * (m * (a * q)) * p = a * p * (z * (m * q)).
Proof. by ring. Qed.
Lemma mulr_rearr2 z l a b q : z * l * a * b * q = z * l * q * (a * b).
Proof. by ring. Qed.
End Rearrange.
