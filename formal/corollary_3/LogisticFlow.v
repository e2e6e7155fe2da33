(* An explicit flow of depth 2 that meets the hypotheses of Section 4: the logistic flow
   W_1 = W_2 = a(t), a(t)^2 = 1/(1 + c exp(-4t)), for X = y = w = 1. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 OperatorNorm Lemma2 RealPower Sharpness Theorem2 Limit Corollary2
  Corollary3.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Definition p (t : R) : R := (/ (1 + 20000 * exp (- 4 * t)))%Re.
Definition a (t : R) : R := sqrt (p t).
Lemma p_pos t : (0 < p t)%Re.
Proof. by apply: Rinv_0_lt_compat; have := exp_pos (- 4 * t); lra. Qed.
Lemma aa t : (a t * a t = p t)%Re. Proof. by apply: sqrt_sqrt; apply: Rlt_le; exact: p_pos. Qed.
Lemma a_pos t : (0 < a t)%Re. Proof. exact: sqrt_lt_R0 (p_pos t). Qed.
Lemma p_derive t : is_derive p t (4 * p t * (1 - p t))%Re.
Proof.
have q := exp_pos (- 4 * t); rewrite /p; auto_derive; first by lra.
by field; lra.
Qed.
Lemma a_derive t : is_derive a t (2 * a t * (1 - a t * a t))%Re.
Proof.
have hs : is_derive sqrt (p t) (/ (2 * sqrt (p t)))%Re by apply/is_derive_Reals;
  exact: derivable_pt_lim_sqrt (p_pos t).
have := is_derive_comp sqrt p t _ _ hs (p_derive t).
rewrite /scal /= /mult /= -/(a t) => h2; evar_last; first exact: h2.
rewrite aa; have ap := a_pos t; rewrite -{1}(aa t); field; lra.
Qed.

Let d (k : nat) := 1%N.
Let X : 'M[RR]_(1, d 0%N) := 1%:M.
Let y : 'cV[RR]_1 := 1%:M.
Let w : 'cV[RR]_(d 2) := 1%:M.
Let W (t : R) : layers RR d := fun=> ((a t : RR)%:M).

Lemma e2 : (2%:R : RR) = 2%Re. Proof. by rewrite -INRE /=; lra. Qed.
Lemma W_grad t k : (k < 2)%N -> gradk X y w (W t) k = ((- (2 * a t * (1 - a t * a t)))%Re : RR)%:M.
Proof.
move=> kL.
have wp : wprod (W t) w = ((a t * a t)%Re : RR)%:M.
  by rewrite /wprod /= !mulmx1 -scalar_mxM tr_scalar_mx.
have gp : gradR1 X y (wprod (W t) w) = ((- (2 * (1 - a t * a t)))%Re : RR)%:M.
  rewrite /gradR1 wp /X trmx1 !mul1mx /y -raddfB /= scale_scalar_mx mulNr invr1 mulr1; congr (_%:M).
have -> : gradk X y w (W t) k = ((a t : RR) * (- (2 * (1 - a t * a t)))%Re)%:M.
  rewrite /gradk gp /grad5 tr_scalar_mx; case: k kL => [|[|//]] _.
    by rewrite bvec_step // bvec_last trmx1 mulmx1 mulmx1 tr_scalar_mx -scalar_mxM.
  by rewrite bvec_last /= mulmx1 mul1mx tr_scalar_mx -scalar_mxM mulrC.
have h : (a t * - (2 * (1 - a t * a t)) = - (2 * a t * (1 - a t * a t)))%Re by ring.
by rewrite -h.
Qed.

Lemma W_flow : gradient_flow X y w W.
Proof.
move=> t t0 k kL i j; rewrite W_grad // (ord1 i) (ord1 j) !mxE eqxx mulr1n -RoppE Ropp_involutive.
apply: is_derive_ext (a_derive t) => s; by rewrite mxE eqxx mulr1n.
Qed.
