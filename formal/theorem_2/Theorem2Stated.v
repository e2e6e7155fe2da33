(* Theorem 2, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge ScalarNetwork Theorem2Printed.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem theorem_2_norms_corrected : Statements.theorem_2_norms_corrected.
Proof.
move=> L L0 d n X y w W ws la La d0 w0 /A1_bounds [l0 hl _ n0 _] hws ws0 hmin.
have hmin' W' : risk X y w W <= risk X y w W' by apply/RleP; exact: hmin.
have [S [hS b _]] := theorem2 L0 n0 (fun k _ => d0 k) w0 ws0 l0 hl hws hmin'.
by exists S.
Qed.
Theorem theorem_2_depth_corrected : Statements.theorem_2_depth_corrected.
Proof.
move=> L L0 d n X y w W ws la La d0 w0 /A1_bounds [l0 hl _ n0 _] hws ws0 hmin.
have hmin' W' : risk X y w W <= risk X y w W' by apply/RleP; exact: hmin.
have [S [hS _ b]] := theorem2 L0 n0 (fun k _ => d0 k) w0 ws0 l0 hl hws hmin'.
by exists S.
Qed.

Lemma A1_scalar : Statements.A1 X1 1%Re 1%Re.
Proof.
have e : Statements.Sigma X1 = 1%:M by rewrite /Statements.Sigma trmx1 mul1mx invr1 scale1r.
have one_eigen : Statements.eigenvalue (Statements.Sigma X1) (1 : RR).
  by exists (1%:M : 'cV[RR]_1); [apply: nz1; exact: oner_neq0|rewrite e mul1mx scale1r].
have only (b : RR) : Statements.eigenvalue (Statements.Sigma X1) b -> b = 1.
  case=> v nz; rewrite e mul1mx => h.
  have : (1 - b) *: v == 0 by rewrite scalerBl scale1r -h subrr.
  by rewrite scaler_eq0 (negbTE nz) orbF subr_eq0 => /eqP.
split; [by lra|split=> // b /only ->; exact: Rle_refl|split=> // b /only ->; exact: Rle_refl].
Qed.

(* the witness: all layers 1, head 1/2 *)
Section Witness.
Variables (L : nat).
Hypothesis L0 : (0 < L)%N.
Let c : R := (1 / 2)%Re.
Let c01 : (0 < c < 1)%Re. Proof. by rewrite /c; lra. Qed.
Let c0 : (c : RR) != 0. Proof. by rewrite gt_eqF //; apply/RltP; case: c01. Qed.
Lemma witness_w : w1 L (c : RR) != 0. Proof. exact: nz1. Qed.
Lemma witness_ws : ws1 L (fun=> 1) (c : RR) != 0. Proof. by apply: nz1; rewrite ones_prod. Qed.
Lemma witness_min : Statements.minimizes X1 (y1 L (fun=> 1) (c : RR)) (w1 L (c : RR))
  (W1 (fun=> 1)).
Proof. by move=> V; apply/RleP; exact: hmin1. Qed.
Lemma both_printed_false :
  ~ Statements.theorem_2 (fun d L w W lambda ws => (2 * lambda * Rpower (Statements.norm ws)
    (2 - 1 / INR L)
      * (\sum_(k < L) (Statements.norm (W k))^-1)%R)%Re) L /\
  ~ Statements.theorem_2 (fun d L w W lambda ws => Statements.Smin L lambda ws) L.
Proof.
have [S [hS b1 b2]] := thm2_fails_every_L L0 c01.
have same S' : Statements.is_sharpness X1 (y1 L (fun=> 1) (c : RR)) (w1 L (c : RR))
  (W1 (fun=> 1)) S' -> S' = S.
  by move=> hS'; apply: Rle_antisym; [apply: (proj2 hS'); exact: (proj1 hS)|apply: (proj2 hS);
    exact: (proj1 hS')].
split=> h.
- have [S' [hS' h']] := h _ _ _ _ _ (W1 (fun=> 1)) _ _ _ (fun=> isT) witness_w A1_scalar (hws1 L
  (fun=> 1) _) witness_ws witness_min.
  by rewrite (same _ hS') in h'; apply: (Rlt_not_le _ _ b2); exact: h'.
- have [S' [hS' h']] := h _ _ _ _ _ (W1 (fun=> 1)) _ _ _ (fun=> isT) witness_w A1_scalar (hws1 L
  (fun=> 1) _) witness_ws witness_min.
  by rewrite (same _ hS') in h'; apply: (Rlt_not_le _ _ b1); exact: h'.
Qed.
End Witness.
Theorem theorem_2_norms_printed_false : Statements.theorem_2_norms_printed_false.
Proof. by move=> L /both_printed_false []. Qed.
Theorem theorem_2_depth_printed_false : Statements.theorem_2_depth_printed_false.
Proof. by move=> L /both_printed_false []. Qed.
