(* Equation (7), as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Equation7Printed.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma quotientP (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat)
  (w : 'cV[RR]_(d L))
  (W : layers RR d) (xi v : R) : Statements.quotient X y w W xi v <-> quotient X y w W xi v.
Proof.
split=> [[V [GW [GV [hV hp [/is_gradientP hW /is_gradientP hG] ->]]]]|[V [hV hp ->]]].
  exists V; split=> //; first exact/RltP.
  rewrite RdivE; last by rewrite gt_eqF //; apply/RltP.
  by congr (_ / _); apply: eq_bigr => k _; rewrite (hW k (ltn_ord k)) (hG k (ltn_ord k)).
exists V, (gradk X y w W), (gradk X y w V); split=> //; first exact/RltP.
  by split; apply/is_gradientP.
by rewrite RdivE // gt_eqF.
Qed.
Theorem equation_7_printed_false : Statements.equation_7_printed_false.
Proof.
move=> h; apply: printed7_false => d n X y L w W S n0 L0 hS ep ep0.
have [xi0 [xi00 hx]] := h d n X y L w W S n0 L0 hS ep ep0.
exists xi0; split=> // xi hxi; have [s [[ub lub] hs]] := hx xi hxi.
exists s; split=> //; split=> [v /quotientP|b hb]; first exact: ub.
by apply: lub => v /quotientP; exact: hb.
Qed.
