(* The regression risk, its gradient, and the second-order expansion of the network's risk. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg PolynomialFunction Network.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Risk.
Variables (R : rcfType) (d : nat -> nat) (n : nat).
Variables (X : 'M[R]_(n, d 0)) (y : 'cV[R]_n).

Definition R1 (v : 'cV_(d 0)) : R := n%:R^-1 * sqn (y - X *m v).
Definition gradR1 (v : 'cV_(d 0)) : 'cV_(d 0) := - (2%:R / n%:R) *: (X^T *m (y - X *m v)).
Definition risk L (w : 'cV_(d L)) (W : layers R d) : R := R1 (wprod W w).
(* bounds lam <= smallest eigenvalue, largest eigenvalue <= Lam, of Sigma = X^T X / n *)
Definition cov_ge lam := forall v : 'cV_(d 0), lam * sqn v <= n%:R^-1 * sqn (X *m v).
Definition cov_le Lam := forall v : 'cV_(d 0), n%:R^-1 * sqn (X *m v) <= Lam * sqn v.
(* ws solves the normal equations *)
Definition normal_eq (ws : 'cV_(d 0)) := X^T *m y = X^T *m X *m ws.

Lemma nV_ge0 : 0 <= n%:R^-1 :> R. Proof. by rewrite invr_ge0 ler0n. Qed.
Lemma cov_gt0 lam Lam (v : 'cV[R]_(d 0)) : cov_ge lam -> cov_le Lam -> v != 0 -> 0 < lam -> 0 < Lam.
Proof.
move=> hl hL v0 l0; have p : 0 < sqn v by rewrite lt_def sqn_eq0 v0 sqn_ge0.
have := le_trans (hl v) (hL v); rewrite ler_pmul2r // => h; exact: lt_le_trans l0 h.
Qed.

(* Second-order expansion of the risk in any direction D *)
Theorem risk_expand L (w : 'cV_(d L)) (W D : layers R d) : exists2 q : {poly R},
  (forall t, risk w (move W t D) = risk w W + t * dot (gradR1 (wprod W w)) (jvec W D w) + t ^+ 2 *
    q.[t])
  & X^T *m (y - X *m wprod W w) = 0 -> q.[0] = n%:R^-1 * sqn (X *m jvec W D w).
Proof.
case: (fwd_move W D L) => G hG hf.
set e := y - X *m wprod W w; set a := X *m jvec W D w.
pose g t := X *m ((G t)^T *m w).
have hg : ispolym g.
  by apply: ispolymM; [exact: ispolym_cst|apply: ispolymM; [exact: ispolymT|exact: ispolym_cst]].
have : ispoly (fun t => n%:R^-1 * (sqn (a + t *: g t) + - 2%:R * dot e (g t))).
  have ha : ispolym (fun t => a + t *: g t).
    by apply: ispolymD; [exact: ispolym_cst|apply: ispolymZ => //; exact: ispoly_id].
  apply: ispolyM; first exact: ispoly_cst.
  apply: ispolyD; first exact: ispoly_dot.
  by apply: ispolyM; [exact: ispoly_cst|apply: ispoly_dot => //; exact: ispolym_cst].
case=> q hq; exists q => [t|e0]; rewrite -hq.
  have -> : risk w (move W t D) = n%:R^-1 * sqn (e - t *: (a + t *: g t)).
    rewrite /risk /R1 /wprod hf; congr (_ * sqn _).
    rewrite !linearD !linearZ /= !mulmxDl -!scalemxAl !mulmxDr -!scalemxAr.
    rewrite /e /a /g /jvec /wprod.
    move: (X *m ((fwd _ _)^T *m w)) (X *m ((jac _ _ _)^T *m w)) (X *m ((G t)^T *m w)) => A B C.
    apply/matrixP => i j; rewrite !mxE; move: (y i j) (A i j) (B i j) (C i j) => *; ring.
  rewrite sqnD sqnN sqnZ dotNr dotZr dotDr dotZr.
  have -> : dot (gradR1 (wprod W w)) (jvec W D w) = - (2%:R / n%:R) * dot e a.
    by rewrite dotZl dot_mull trmxK.
  rewrite -/(risk w W) /risk /R1 -/e.
  move: (sqn e) (dot e a) (dot e (g t)) (sqn (a + _)) (n%:R^-1) => *; ring.
suff z : dot e (g 0) = 0 by rewrite scale0r addr0 z mulr0 addr0.
by rewrite /g -[X in X *m _]trmxK -dot_mull e0 dot0l.
Qed.

End Risk.
