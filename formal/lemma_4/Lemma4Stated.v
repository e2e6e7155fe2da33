(* Lemma 4, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Lemma4.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem lemma_4_minus : Statements.lemma_4_minus.
Proof. exact: lemma4_first. Qed.
Theorem lemma_4_plus : Statements.lemma_4_plus.
Proof. exact: lemma4_second. Qed.
