(* Lemma 8: the excess risk of a linear map and the two-sided bound on its gradient. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg PolynomialFunction Network Risk.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Risk.
Variables (R : rcfType) (d : nat -> nat) (n : nat).
Variables (X : 'M[R]_(n, d 0)) (y : 'cV[R]_n).
Notation R1 := (R1 X y).
Notation gradR1 := (gradR1 X y).
Notation cov_ge := (cov_ge X).
Notation cov_le := (cov_le X).
Notation normal_eq := (normal_eq X y).
Section Star.
Variable ws : 'cV[R]_(d 0).
Hypothesis ws_eq : normal_eq ws.

Lemma residual_orth : X^T *m (y - X *m ws) = 0.
Proof. by rewrite mulmxBr ws_eq mulmxA subrr. Qed.

(* Lemma 8, first identity *)
Theorem lemma8_identity v : R1 v = R1 ws + n%:R^-1 * sqn (X *m (ws - v)).
Proof.
rewrite /R1 -mulrDr; congr (_ * _).
have -> : y - X *m v = (y - X *m ws) + X *m (ws - v) by rewrite mulmxBr addrA subrK.
by rewrite sqnD -[X in dot _ (X *m _)]trmxK -dot_mull residual_orth dot0l mulr0 addr0.
Qed.

Lemma gradR1E v : gradR1 v = - (2%:R / n%:R) *: (X^T *m (X *m (ws - v))).
Proof.
congr (_ *: _); have -> : y - X *m v = (y - X *m ws) + X *m (ws - v).
  by rewrite mulmxBr addrA subrK.
by rewrite mulmxDr residual_orth add0r.
Qed.

Lemma sq_gradR1 v : sqn (gradR1 v) = 4%:R * sqn (n%:R^-1 *: (X^T *m (X *m (ws - v)))).
Proof. by rewrite gradR1E !sqnZ; ring. Qed.

(* Lemma 8, two-sided bound *)
Theorem lemma8_lower lam v : cov_ge lam -> 4%:R * lam * (R1 v - R1 ws) <= sqn (gradR1 v).
Proof.
move=> hl; rewrite sq_gradR1 lemma8_identity addrC addKr -mulrA ler_pmul2l ?ltr0n //.
set e := ws - v; set s := n%:R^-1 *: _; set q := _ * sqn (X *m e).
have qE : q = dot e s by rewrite dotZr -dot_mull.
have [l0|l0] := lerP lam 0.
  by apply: le_trans (sqn_ge0 s); rewrite mulr_le0_ge0 // mulr_ge0 ?nV_ge0 ?sqn_ge0.
have [q0|qn0] := eqVneq q 0; first by rewrite q0 mulr0 sqn_ge0.
have q_gt0 : 0 < q by rewrite lt_def qn0 mulr_ge0 ?nV_ge0 ?sqn_ge0.
rewrite -(ler_pmul2l q_gt0) mulrCA -expr2.
apply: le_trans (_ : lam * (sqn e * sqn s) <= _); first by rewrite ler_pmul2l // qE CS2.
by rewrite mulrA ler_wpmul2r ?sqn_ge0 // hl.
Qed.

Theorem lemma8_upper Lam v : cov_le Lam -> sqn (gradR1 v) <= 4%:R * Lam * (R1 v - R1 ws).
Proof.
move=> hl; rewrite sq_gradR1 lemma8_identity [R1 ws + _]addrC addrK -mulrA ler_pmul2l ?ltr0n //.
set e := ws - v; set s := n%:R^-1 *: _; set q := _ * sqn (X *m e).
have qE : q = dot e s by rewrite dotZr -dot_mull.
have [s0|sn0] := eqVneq s 0; first by rewrite qE s0 dot0r mulr0 /sqn dot0r.
have s_gt0 : 0 < sqn s by rewrite lt_def sqn_eq0 sn0 sqn_ge0.
have sE : sqn s = n%:R^-1 * dot (X *m e) (X *m s) by rewrite {1}/sqn {1}/s dotZl dot_mull trmxK.
rewrite -(ler_pmul2r s_gt0) {1}sE [X in _ * X <= _]sE.
apply: le_trans (_ : q * (n%:R^-1 * sqn (X *m s)) <= _).
  rewrite /q mulrACA [X in _ <= X]mulrACA; apply: ler_wpmul2l.
    by rewrite mulr_ge0 ?nV_ge0.
  by rewrite -expr2 CS2.
rewrite [Lam * q]mulrC -[q * Lam * _]mulrA; apply: ler_wpmul2l; last exact: hl.
by rewrite mulr_ge0 ?nV_ge0 ?sqn_ge0.
Qed.

End Star.
End Risk.
