From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import Rstruct.
From Flatcert Require Import Linalg PolynomialDerivative.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section PSD.
Variables (R : rcfType) (n : nat) (A : 'M[R]_n).
Hypotheses (Asym : A^T = A) (Apsd : forall x : 'cV[R]_n, 0 <= dot x (A *m x)).
Lemma psd_CS (u v : 'cV[R]_n) : dot u (A *m v) ^+ 2 <= dot u (A *m u) * dot v (A *m v).
Proof.
have sy (a b : 'cV[R]_n) : dot a (A *m b) = dot b (A *m a) by rewrite dotC dot_mull Asym.
set p := dot u (A *m u); set q := dot v (A *m v); set c := dot u (A *m v).
have e t : dot (u + t *: v) (A *m (u + t *: v)) = p + 2%:R * t * c + t ^+ 2 * q.
  rewrite mulmxDr -scalemxAr !(dotDl, dotDr) !(dotZl, dotZr) (sy v u) -/p -/q -/c; ring.
have q0 : 0 <= q by exact: Apsd.
have [q00|qn] := eqVneq q 0.
  have [c0|cn] := eqVneq c 0; first by rewrite c0 expr0n mulr_ge0 // Apsd.
  have := Apsd (u + (- (p + 1) / (2%:R * c)) *: v); rewrite e q00 mulr0 addr0.
  have -> : p + 2%:R * (- (p + 1) / (2%:R * c)) * c = -1 by field; rewrite cn.
  by rewrite oppr_ge0 ler10.
have qp : 0 < q by rewrite lt_def qn.
have := Apsd (u + (- c / q) *: v); rewrite e.
have -> : p + 2%:R * (- c / q) * c + (- c / q) ^+ 2 * q = (p * q - c ^+ 2) / q by field; rewrite qn.
by rewrite pmulr_lge0 ?invr_gt0 // subr_ge0.
Qed.
Lemma psd_lower (x : 'cV[R]_n) : sqn (A *m x) <= norm A * dot x (A *m x).
Proof.
have [->|nz] := eqVneq (A *m x) 0; first by rewrite [X in X <= _]dot0r dot0r mulr0.
have p : 0 < sqn (A *m x) by rewrite lt_def sqn_eq0 nz sqn_ge0.
rewrite -(ler_pmul2r p) -expr2.
have h := psd_CS (A *m x) x; rewrite -/(sqn _) in h; apply: le_trans h _.
rewrite [X in _ <= X](_ : _ = norm A * sqn (A *m x) * dot x (A *m x)); last by ring.
apply: ler_wpmul2r; first exact: Apsd.
apply: le_trans (CS _ _) _; apply: le_trans (ler_wpmul2l (norm_ge0 _) (opnorm_le_frob A (A *m x)))
  _.
by rewrite mulrCA -expr2 norm_sqr.
Qed.
End PSD.

(* the least upper bound of the Rayleigh quotients is an eigenvalue, and the largest *)
Theorem lub_eigen n (H : 'M[RR]_n) (S : R) : H^T = H ->
  is_lub (fun v : R => exists x : 'cV[RR]_n, sqn x = 1 /\ v = dot x (H *m x)) S ->
  (exists x : 'cV[RR]_n, sqn x = 1 /\ H *m x = (S : RR) *: x) /\
  (forall (a : RR) (x : 'cV[RR]_n), x != 0 -> H *m x = a *: x -> a <= (S : RR)).
Proof.
move=> Hs [ub lub].
have unitv (x : 'cV[RR]_n) : x != 0 -> sqn ((norm x)^-1 *: x) = 1.
  by move=> nz; rewrite sqnZ -norm_sqr -exprMn mulVf ?expr1n // norm_eq0.
have quad (x : 'cV[RR]_n) : dot x (H *m x) <= (S : RR) * sqn x.
  have [->|nz] := eqVneq x 0; first by rewrite /sqn !dot0l mulr0.
  have h : dot ((norm x)^-1 *: x) (H *m ((norm x)^-1 *: x)) <= (S : RR).
    by apply/RleP; apply: ub; exists ((norm x)^-1 *: x); split; first exact: unitv.
  have p : 0 < sqn x by rewrite lt_def sqn_eq0 nz sqn_ge0.
  move: h; rewrite -scalemxAr dotZl dotZr mulrA -invfM -expr2 norm_sqr.
  by rewrite ler_pdivr_mull // mulrC.
pose A := (S : RR)%:M - H.
have As : A^T = A by rewrite /A linearB /= tr_scalar_mx Hs.
have Ax (x : 'cV[RR]_n) : A *m x = (S : RR) *: x - H *m x by rewrite mulmxBl mul_scalar_mx.
have Ap (x : 'cV[RR]_n) : 0 <= dot x (A *m x).
  by rewrite Ax dotDr dotNr dotZr subr_ge0; exact: quad.
split; last first.
  move=> a x nz e; have p : 0 < sqn x by rewrite lt_def sqn_eq0 nz sqn_ge0.
  by have := quad x; rewrite e dotZr -/(sqn x) ler_pmul2r.
have [uA|nA] := boolP (A \in unitmx).
  exfalso; pose c := norm (invmx A); pose b := norm A.
  have key (x : 'cV[RR]_n) : sqn x = 1 -> 1 <= c ^+ 2 * b * dot x (A *m x).
    move=> x1; have h1 : sqn x <= c ^+ 2 * sqn (A *m x).
      have := opnorm_le_frob (invmx A) (A *m x); rewrite mulKmx // => h.
      rewrite -!norm_sqr -exprMn ler_expn2r ?nnegrE ?mulr_ge0 ?norm_ge0 //.
    rewrite x1 in h1; apply: le_trans h1 _; rewrite -mulrA; apply: ler_wpmul2l;
      first exact: sqr_ge0.
    exact: psd_lower.
  pose D := c ^+ 2 * b.
  have [z|zn] := eqVneq D 0.
    have none (x : 'cV[RR]_n) : sqn x <> 1.
      by move=> x1; have := key x x1; rewrite -/D z mul0r ler10.
    have : (S <= S - 1)%Re by apply: lub => v [x [x1 _]]; case: (none x x1).
    lra.
  have D0 : 0 < D by rewrite lt_def zn mulr_ge0 ?sqr_ge0 ?norm_ge0.
  have : (S <= S - D^-1)%Re.
    apply: lub => v [x [x1 ->]]; apply/RleP; have := key x x1.
    rewrite Ax dotDr dotNr dotZr -/(sqn x) x1 mulr1 -/D -ler_pdivr_mull // mulr1.
    by rewrite ler_subr_addl addrC -ler_subr_addl.
  have : (0 < D^-1)%Re by apply/RltP; rewrite invr_gt0.
  lra.
rewrite -unitmx_tr unitmxE unitfE in nA; move/negPn: nA => /det0P [v nz vA].
have nz' : v^T != 0 by apply: contra_neq nz => e; rewrite -[v]trmxK e trmx0.
exists ((norm v^T)^-1 *: v^T); split; first exact: unitv.
have : A *m v^T = 0 by rewrite -[A]trmxK -trmx_mul vA trmx0.
rewrite Ax => /eqP; rewrite subr_eq0 => /eqP e.
by rewrite -scalemxAr -e scalerA mulrC -scalerA.
Qed.
