(* Algebra for Theorem 3 (PL condition), over any real closed field. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 OperatorBound Balanced.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Alg.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (X : 'M[R]_(n, d 0)) (y : 'cV[R]_n) (ws :
  'cV[R]_(d 0)).
Hypothesis ws_eq : normal_eq X y ws.

Let s0 := n%:R^-1 *: (X^T *m (X *m ws)).
Lemma risk_gap v : R1 X y 0 - R1 X y v <= 2%:R * dot s0 v.
Proof.
rewrite (lemma8_identity ws_eq 0) (lemma8_identity ws_eq v) subr0 mulmxBr sqnD sqnN dotNr.
have -> : dot s0 v = n%:R^-1 * dot (X *m ws) (X *m v) by rewrite /s0 dotZl dot_mull trmxK.
rewrite -subr_ge0 (_ : _ - _ = n%:R^-1 * sqn (X *m v)) ?mulr_ge0 ?sqn_ge0 ?nV_ge0 //.
by move: (R1 X y ws) (n%:R^-1) (sqn _) (dot _ _) (sqn _) => *; ring.
Qed.

Lemma wprod_lb de v : 0 < de -> de <= R1 X y 0 - R1 X y v ->
  0 < sqn s0 /\ de ^+ 2 / (4%:R * sqn s0) <= sqn v.
Proof.
move=> de0 h; have h1 := le_trans h (risk_gap v).
have g0 : 0 < sqn s0.
  rewrite lt_def sqn_ge0 sqn_eq0 andbT; apply: contraL (lt_le_trans de0 h1) => /eqP ->.
  by rewrite dot0l mulr0 ltxx.
split=> //; rewrite ler_pdivr_mulr ?mulr_gt0 ?ltr0n //.
have -> : sqn v * (4%:R * sqn s0) = 2%:R ^+ 2 * (sqn s0 * sqn v) by ring.
apply: le_trans (_ : (2%:R * dot s0 v) ^+ 2 <= _).
  by rewrite ler_expn2r ?nnegrE ?(ltW de0) // (le_trans (ltW de0) h1).
by rewrite exprMn; apply: ler_wpmul2l; [exact: sqr_ge0|exact: CS2].
Qed.

Lemma pl_step L (w : 'cV[R]_(d L)) (W : layers R d) lam A : (0 < L)%N -> 0 < lam -> cov_ge X lam ->
  0 <= A ->
  op2_le (W 0%N) A ->
  sqn (wprod W w) * (4%:R * lam * (risk X y w W - R1 X y ws)) <=
  A * psqn L (grad5 W w (gradR1 X y (wprod W w))).
Proof.
move=> L0 l0 hl A0 hA; set g := gradR1 X y (wprod W w).
have h1 : sqn (bvec W w 1) * sqn g <= psqn L (grad5 W w g).
  rewrite /psqn (bigD1 (Ordinal L0)) //= {1}/grad5 /= trmx1 mulmx1 sqn_outer ler_addl.
  by rewrite sumr_ge0 // => k _; exact: sqn_ge0.
have h2 : sqn (wprod W w) <= A * sqn (bvec W w 1).
  by rewrite wprod_sq bvec_step //; apply: op2_trmx.
have h3 := lemma8_lower ws_eq (wprod W w) hl.
apply: le_trans (_ : A * sqn (bvec W w 1) * sqn g <= _); last first.
  by rewrite -mulrA; apply: ler_wpmul2l.
apply: le_trans (_ : sqn (wprod W w) * sqn g <= _).
  by apply: ler_wpmul2l; [exact: sqn_ge0|exact: h3].
by apply: ler_wpmul2r; [exact: sqn_ge0|].
Qed.

End Alg.
