(* The sharpness of a minimiser is the largest eigenvalue of the Hessian, as Statements.v states
   it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk PolynomialDerivative Lemma8
  RealPower Sharpness Minimiser Theorem2 Derivative Bridge Hessian.
From Flatcert Require Import Theorem2Stated.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Unique.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat)
  (w : 'cV[RR]_(d L)) (W : layers RR d).
Notation pair D E := (\sum_(k < L) dot (D k) (E k)).
Lemma pairC (D E : layers RR d) : pair D E = pair E D.
Proof. by apply: eq_bigr => k _; exact: dotC. Qed.
Definition add (D E : layers RR d) : layers RR d := fun k => D k + E k.
Lemma pairDl (D E F : layers RR d) : pair (add D E) F = pair D F + pair E F.
Proof. by rewrite -big_split /=; apply: eq_bigr => k _; exact: dotDl. Qed.
Lemma pairDr (D E F : layers RR d) : pair F (add D E) = pair F D + pair F E.
Proof. by rewrite pairC pairDl !(pairC F). Qed.
(* polarisation: <H D, E> from the form *)
Lemma polarised (H : layers RR d -> layers RR d) (D E : layers RR d) :
  (forall D E : layers RR d, pair (H D) E = pair D (H E)) ->
  2%:R * pair (H D) E = pair (H (add D E)) (add D E) - pair (H D) D - pair (H E) E.
Proof.
move=> sym.
have e1 : pair (H (add D E)) D = pair (H D) D + pair (H D) E.
  by rewrite sym pairDl (pairC D (H D)) (pairC E (H D)).
have e2 : pair (H (add D E)) E = pair (H D) E + pair (H E) E.
  by rewrite sym pairDl -(sym D E) (pairC E (H E)).
by rewrite pairDr e1 e2; ring.
Qed.
Lemma hessian_unique (H H' : layers RR d -> layers RR d) : Statements.is_hessian X y w W H ->
  Statements.is_hessian X y w W H' -> forall D k, (k < L)%N -> H' D k = H D k.
Proof.
move=> [sym form] [sym' form'] D k kL.
have e F : pair (H' F) F = pair (H F) F.
  by rewrite -(is_derive_n_unique _ _ _ _ (form F)) -(is_derive_n_unique _ _ _ _ (form' F)).
have p (E : layers RR d) : pair (H' D) E = pair (H D) E.
  have h := polarised D E sym; have h' := polarised D E sym'.
  rewrite (e (add D E)) (e D) (e E) -h in h'.
  have nz : (2%:R : RR) != 0 by rewrite pnatr_eq0.
  exact: (mulfI nz h').
pose E : layers RR d := fun j => H' D j - H D j.
have z : psqn L E = 0.
  rewrite /psqn /sqn; under eq_bigr do rewrite {1}/E dotDl dotNl.
  by rewrite big_split /= sumrN p subrr.
by have := psqn_eq0 z kL; rewrite /E => /eqP; rewrite subr_eq0 => /eqP.
Qed.
End Unique.

Theorem sharpness_eigenvalue : Statements.sharpness_eigenvalue.
Proof.
move=> d n X y L w W ws la La S L0 d0 w0 hA1 hws ws0 hmin hS.
have [l0 hl _ n0 _] := A1_bounds hA1.
have wE : wprod W w = ws.
  by apply: (minimiser_wprod L0 w0 (fun k _ => d0 k) hws l0 hl n0) => V; apply/RleP; exact: hmin.
have S0 : 0 < (S : RR).
  have [S' [hS' b]] := theorem_2_depth_corrected L0 d0 w0 hA1 hws ws0 hmin.
  have -> : S = S'.
    by apply: Rle_antisym; [apply: (proj2 hS); exact: (proj1 hS')|apply: (proj2 hS');
      exact: (proj1 hS)].
  apply/RltP; apply: Rlt_le_trans b; have lR : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
  have lp : (0 < la)%Re by exact/RltP.
  by repeat apply: Rmult_lt_0_compat; try lra; exact: exp_pos.
pose H := Hess X w W.
have hH : Statements.is_hessian X y w W H.
  split=> [D E|D]; last exact: (Hess_form hws wE).
  have form (A B : layers RR d) : \sum_(k < L) dot (H A k) (B k) =
      2%:R / n%:R * dot (X *m jvec W A w) (X *m jvec W B w).
    rewrite pairDz mulr_sumr; apply: eq_bigr => k _.
    by rewrite /H /Hess dotZl.
  apply: (etrans (form D E)); rewrite dotC -(form E D); apply: eq_bigr => k _; exact: dotC.
have [top all] := sharpness_is_eigenvalue hws wE n0 hS S0.
exists H; first exact: hH.
split.
- by move=> H' hH'; exact: (hessian_unique hH hH').
- exact: top.
by move=> D a nz e; apply/RleP; apply: all e; exact/eqP.
Qed.
