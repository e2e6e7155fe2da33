(* Networks of scalar layers a_k with head c: the witnesses of the disproofs. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative RealPower Sharpness Theorem2 OperatorBound Balanced FlatMinimiser.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* lam is the smallest eigenvalue of Sigma *)
Definition is_lambda (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (lam : RR) :=
  cov_ge X lam /\ exists2 v : 'cV[RR]_(d 0%N), v != 0 & lam * sqn v = n%:R^-1 * sqn (X *m v).

(* networks of scalar layers a_k with head c *)
Section ScalarNet.
Definition one (k : nat) := 1%N.
Lemma sqn11 (a : RR) : sqn (a%:M : 'M[RR]_1) = a ^+ 2.
Proof. by rewrite /sqn /dot !big_ord1 !mxE eqxx mulr1n expr2. Qed.
Lemma norm11 (a : RR) : norm (a%:M : 'M[RR]_1) = `|a|.
Proof. by rewrite /norm sqn11 sqrtr_sqr. Qed.
Variables (L : nat) (a : nat -> RR) (c : RR).
Definition X1 : 'M[RR]_(1, one 0%N) := 1%:M.
Definition w1 : 'cV[RR]_(one L) := c%:M.
Definition W1 : layers RR one := fun k => (a k)%:M.
Definition p1 : RR := c * \prod_(k < L) a k.
Definition y1 : 'cV[RR]_1 := p1%:M.
Definition ws1 : 'cV[RR]_(one 0%N) := p1%:M.
Lemma fwd1 k : fwd W1 k = (\prod_(i < k) a i)%:M.
Proof.
elim: k => [|k IH]; first by rewrite big_ord0.
by rewrite /= IH -scalar_mxM big_ord_recr /= mulrC.
Qed.
Lemma wprod1 : wprod W1 w1 = ws1.
Proof. by rewrite /wprod fwd1 tr_scalar_mx -scalar_mxM /ws1 /p1 mulrC. Qed.
Lemma hX1 (v : 'cV[RR]_(one 0%N)) : 1%:R^-1 * sqn (X1 *m v) = 1 * sqn v.
Proof. by rewrite mul1mx invr1. Qed.
Lemma hws1 : normal_eq X1 y1 ws1.
Proof. by rewrite /normal_eq /X1 trmx1 !mulmx1 mul1mx. Qed.
Lemma hge1 : cov_ge X1 1. Proof. by move=> v; rewrite hX1. Qed.
Lemma hle1 : cov_le X1 1. Proof. by move=> v; rewrite hX1. Qed.
Lemma nz1 (b : RR) : b != 0 -> (b%:M : 'M[RR]_1) != 0.
Proof. by move=> b0; rewrite -sqn_eq0 sqn11 sqrf_eq0. Qed.
Lemma lambda1 : is_lambda X1 1.
Proof.
split; first exact: hge1.
by exists (1%:M : 'M[RR]_1); [apply: nz1; exact: oner_neq0|rewrite hX1].
Qed.
Lemma hmin1 W' : risk X1 y1 w1 W1 <= risk X1 y1 w1 W'.
Proof. by rewrite /risk wprod1 (lemma8_identity hws1 (wprod W' w1)) ler_addl mulr_ge0 ?nV_ge0
  ?sqn_ge0. Qed.
End ScalarNet.
