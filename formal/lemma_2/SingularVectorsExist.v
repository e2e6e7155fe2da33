From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Theorem2 Derivative GradientFlow Lemma1 OperatorBound Balanced OperatorNorm
  Lemma2 Spectral.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* top singular vectors exist: the hypotheses on u_k, v_{k+1} of lemma2_third can always be met *)
Theorem top_right m n (A : 'M[RR]_(m, n)) s : (0 < n)%N -> is_opnorm A s ->
  exists v : 'cV[RR]_n, sqn v = 1 /\ A^T *m (A *m v) = s ^+ 2 *: v.
Proof.
move=> n0 [s0 hs hmin].
have [||[v [v1 hv]] _] := @lub_eigen n (A^T *m A) (s ^+ 2).
- by rewrite trmx_mul trmxK.
- split=> [r [x [x1 ->]]|c hc].
    have -> : dot x (A^T *m A *m x) = sqn (A *m x) by rewrite -mulmxA dotC dot_mull trmxK.
    by apply/RleP; have := (op2_opnorm A s0).1 hs x; rewrite x1 mulr1.
  have unitv (x : 'cV[RR]_n) : x != 0 -> sqn ((norm x)^-1 *: x) = 1.
    by move=> nz; rewrite sqnZ -norm_sqr -exprMn mulVf ?expr1n // norm_eq0.
  have q (x : 'cV[RR]_n) : sqn x = 1 -> sqn (A *m x) <= (c : RR).
    move=> x1; apply/RleP; apply: hc; exists x; split=> //.
    by rewrite -mulmxA [RHS]dotC dot_mull trmxK.
  have c0 : 0 <= (c : RR).
    pose x0 : 'cV[RR]_n := const_mx 1.
    have nz : x0 != 0 by apply/eqP => /matrixP/(_ (Ordinal n0) 0); rewrite !mxE => /eqP;
      rewrite oner_eq0.
    exact: le_trans (sqn_ge0 _) (q _ (unitv _ nz)).
  apply/RleP; rewrite -[X in _ <= X]sqr_sqrtr // ler_expn2r ?nnegrE ?sqrtr_ge0 //.
  apply: hmin; first exact: sqrtr_ge0.
  apply/op2_opnorm; first exact: sqrtr_ge0.
  move=> x; rewrite sqr_sqrtr //; have [->|nz] := eqVneq x 0;
    first by rewrite mulmx0 /sqn !dot0r mulr0.
  have p : 0 < sqn x by rewrite lt_def sqn_eq0 nz sqn_ge0.
  have := q _ (unitv _ nz); rewrite -scalemxAr sqnZ exprVn norm_sqr.
  by rewrite ler_pdivr_mull // mulrC.
by exists v; split=> //; rewrite mulmxA.
Qed.
