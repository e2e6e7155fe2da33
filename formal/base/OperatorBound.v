(* ||A||_2^2 <= a, for the transpose and for quadratic forms.  Over any real closed field. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Flatcert Require Import Linalg.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Op2.
Variable R : rcfType.
(* ||A||_2^2 <= a *)
Definition op2_le m n (A : 'M[R]_(m, n)) a := forall x : 'cV_n, sqn (A *m x) <= a * sqn x.
Lemma op2_opnorm m n (A : 'M[R]_(m, n)) c : 0 <= c -> (opnorm_le A c <-> op2_le A (c ^+ 2)).
Proof.
move=> c0; split=> h x; last exact: norm_le.
by have := h x; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?mulr_ge0 ?norm_ge0 // exprMn !norm_sqr.
Qed.
Lemma op2_trmx m n (A : 'M[R]_(m, n)) a : 0 <= a -> op2_le A a -> op2_le A^T a.
Proof.
move=> a0 h x; have [e|nz] := eqVneq (A^T *m x) 0.
  by rewrite e [X in X <= _]dot0r mulr_ge0 ?sqn_ge0.
have p : 0 < sqn (A^T *m x) by rewrite lt_def sqn_eq0 nz sqn_ge0.
have e : sqn (A^T *m x) = dot x (A *m (A^T *m x)) by rewrite /sqn dot_mull trmxK.
rewrite -(ler_pmul2r p) -expr2 {1}e; apply: le_trans (CS2 _ _) _.
rewrite mulrAC [X in _ <= X]mulrC; apply: ler_wpmul2l; [exact: sqn_ge0|exact: h].
Qed.
Lemma quad_le n (E : 'M[R]_n) e (x : 'cV_n) : opnorm_le E e -> `|dot x (E *m x)| <= e * sqn x.
Proof.
move=> h; have H (u v : 'cV[R]_n) : `|dot u v| <= norm u * norm v.
  by rewrite ler_norml CS andbT ler_oppl -dotNl -(normN u) CS.
apply: le_trans (H _ _) _; rewrite -norm_sqr mulrC expr2 mulrA; apply: ler_wpmul2r;
  [exact: norm_ge0|exact: h].
Qed.
End Op2.
