(* Equation (7) in the form that is true, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Network Risk PolynomialDerivative Sharpness Bridge
  Equation7Printed Equation7Stated.
From Flatcert Require Import Equation7Minimiser.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem equation_7_corrected : Statements.equation_7_corrected.
Proof.
move=> d n X y L w W ws la La S L0 d0 w0 /A1_bounds [l0 hl _ n0 _] hws ws0 hmin hS ep ep0.
have hmin' U : risk X y w W <= risk X y w U by apply/RleP; exact: hmin.
have [xi0 [xi00 h]] := equation_7_corrected L0 n0 (fun k _ => d0 k) w0 ws0 l0 hl hws hmin' hS ep0.
exists xi0; split=> // xi hxi; have [s [[ub lub] hs]] := h xi hxi.
exists s; split=> //; split=> [v /quotientP|b hb]; first exact: ub.
by apply: lub => v /quotientP; exact: hb.
Qed.
