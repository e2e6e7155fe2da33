(* Lemma 7, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialDerivative Derivative Lemma7 Lemma7Printed.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem lemma_7_corrected : Statements.lemma_7_corrected.
Proof. by move=> p f grad x fmin mu hg _ _ hx PL t t0; exact: (lemma7 hg hx PL t0). Qed.
Theorem lemma_7_printed_false : Statements.lemma_7_printed_false.
Proof. exact: lemma7_printed_false. Qed.
