(* Real powers and natural powers. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialDerivative.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma Rpower_expn (a r : R) m : (0 < a)%Re -> (Rpower a r : RR) ^+ m = Rpower a (r * INR m)%Re.
Proof. move=> a0; transitivity (pow (Rpower a r) m); first by symmetry; apply RpowE.
by rewrite -Rpower_pow ?Rpower_mult //; apply: exp_pos. Qed.
Lemma Rpower_nat (a : RR) m : (0 < a)%Re -> Rpower a (INR m) = a ^+ m.
Proof. by move=> a0; rewrite Rpower_pow //; apply RpowE. Qed.
