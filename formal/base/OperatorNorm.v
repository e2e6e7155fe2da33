(* The operator norm: least bound; it exists. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction PolynomialDerivative Derivative
  OperatorBound Limit.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* norms as real numbers *)
Lemma normR0 m n (A : 'M[RR]_(m, n)) : (0 <= norm A)%Re. Proof. apply/RleP; exact: norm_ge0. Qed.
Lemma normRR m n (A : 'M[RR]_(m, n)) : (norm A * norm A = sqn A)%Re. Proof.
by rewrite -norm_sqr expr2. Qed.

(* s = ||A||_2 : the least bound *)
Definition is_opnorm m n (A : 'M[RR]_(m, n)) (s : RR) :=
  [/\ 0 <= s, opnorm_le A s & forall c, 0 <= c -> opnorm_le A c -> s <= c].

Lemma row_outer (R : rcfType) m n (A : 'M[R]_(m, n)) (u : 'cV[R]_m) : m = 1%N ->
  sqn (A^T *m u) = sqn A * sqn u.
Proof.
move=> m1; rewrite -(sqn_trmx A) -(sqn_trmx u); move: A u; rewrite m1 => A u.
by rewrite -sqn_outer trmxK.
Qed.
(* the operator norm exists *)
Lemma opnorm_exists m n (A : 'M[RR]_(m, n)) : exists s : RR, is_opnorm A s.
Proof.
pose E (r : R) := exists x : 'cV[RR]_n, norm x <= 1 /\ r = norm (A *m x).
case: (completeness E) => [||s [ub lub]].
- exists (norm A) => r [x [x1 ->]]; apply/RleP; apply: le_trans (opnorm_le_frob A x) _.
  by rewrite -[X in _ <= X]mulr1; apply: ler_wpmul2l x1; exact: norm_ge0.
- by exists 0%Re, 0; rewrite mulmx0 !norm0 ler01.
have s0 : 0 <= (s : RR) by apply/RleP; apply: ub; exists 0; rewrite mulmx0 !norm0 ler01.
exists s; split=> // [x|c c0 hc].
  have [->|nz] := eqVneq x 0; first by rewrite mulmx0 !norm0 mulr0.
  have p : 0 < norm x by rewrite lt_def norm_eq0 nz norm_ge0.
  have : norm (A *m ((norm x)^-1 *: x)) <= s.
    apply/RleP; apply: ub; exists ((norm x)^-1 *: x); split=> //.
    by rewrite normZ ger0_norm ?invr_ge0 ?norm_ge0 // mulVf // norm_eq0.
  by rewrite -scalemxAr normZ ger0_norm ?invr_ge0 ?norm_ge0 // ler_pdivr_mull // mulrC.
apply/RleP; apply: lub => r [x [x1 ->]]; apply/RleP; apply: le_trans (hc x) _.
by rewrite -[X in _ <= X]mulr1; apply: ler_wpmul2l.
Qed.
