(* Derivatives of the risk in a direction D: formula (5) is the gradient; the second derivative at a
   minimiser; the sharpness. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Rearrange Linalg PolynomialFunction Network Risk Lemma8
  PolynomialDerivative
  RealPower.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Thm2.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).

(* v is the second derivative at 0 of t -> R^L(W + t D) *)
Definition second_derivative (W D : layers RR d) (v : R) :=
  is_derive_n (fun t : R => risk X y w (move W t D) : R) 2 0%R v.
(* The sharpness: least upper bound of the second derivatives over unit directions D, sum_k
   |D_k|_F^2 = 1,
   that is, the largest eigenvalue of the Hessian. *)
Definition is_sharpness (W : layers RR d) (S : R) :=
  is_lub (fun v => exists D : layers RR d, psqn L D = 1 /\ second_derivative W D v) S.

(* formula (5) is the gradient: directional derivatives of the risk *)
Theorem grad_correct (W D : layers RR d) :
  is_derive (fun t : R => risk X y w (move W t D) : R) 0%R
    (\sum_(k < L) dot (grad5 W w (gradR1 X y (wprod W w)) k) (D k) : RR).
Proof.
case: (risk_expand X y w W D) => q hq _.
by rewrite -dot_jvec; case: (derive_expand hq).
Qed.

Section AtMin.
Variables (W : layers RR d) (ws : 'cV[RR]_(d 0)).
Hypotheses (ws_eq : normal_eq X y ws) (wsE : wprod W w = ws).

(* the Hessian quadratic form at a minimiser is 2 |X J D|^2 / n *)
Theorem second_derivative_min D :
  second_derivative W D (2%:R * (n%:R^-1 * sqn (X *m jvec W D w)) : RR).
Proof.
case: (risk_expand X y w W D) => q hq q0.
rewrite -q0 ?wsE ?(residual_orth ws_eq) //; by case: (derive_expand hq).
Qed.

Lemma jvecZ c D : jvec W (fun k => c *: D k) w = c *: jvec W D w.
Proof.
rewrite /jvec; suff -> : jac W (fun k => c *: D k) L = c *: jac W D L.
  by rewrite linearZ /= -scalemxAl.
by elim: L => [|k IH] /=; rewrite ?scaler0 // IH scalerDr -scalemxAr -scalemxAl.
Qed.

Lemma sharp_form S D : is_sharpness W S ->
  2%:R * (n%:R^-1 * sqn (X *m jvec W D w)) <= (S : RR) * psqn L D.
Proof.
case=> ub _; have [p0|pn0] := eqVneq (psqn L D) 0.
  have Dk (k : 'I_L) : D k = 0.
    apply/eqP; rewrite -sqn_eq0; move/eqP: p0; rewrite psumr_eq0 =>
      [/allP/(_ k (mem_index_enum _))//|i _].
    exact: sqn_ge0.
  rewrite p0 mulr0 jvecE big1 => [|k _]; last by rewrite Dk trmx0 mul0mx mulmx0.
  by rewrite mulmx0 /sqn dot0r !mulr0.
have p_gt0 : 0 < psqn L D by rewrite lt_def pn0 sumr_ge0 // => k _; apply: sqn_ge0.
pose c := (Num.sqrt (psqn L D))^-1.
have c2 : c ^+ 2 * psqn L D = 1 by rewrite exprVn sqr_sqrtr ?ltW // mulVf.
have : 2%:R * (n%:R^-1 * sqn (X *m jvec W (fun k => c *: D k) w)) <= (S : RR).
  apply/RleP; apply: ub; exists (fun k => c *: D k); split; last exact: second_derivative_min.
  rewrite -c2 /psqn mulr_sumr; apply: eq_bigr => k _; exact: sqnZ.
rewrite jvecZ -scalemxAr sqnZ -(ler_pmul2r p_gt0) => h; apply: le_trans h.
rewrite [X in _ <= X](_ : _ = c ^+ 2 * psqn L D * (2%:R * (n%:R^-1 * sqn (X *m jvec W D w)))).
  by rewrite c2 mul1r.
exact: mulr_rearr.
Qed.

End AtMin.
End Thm2.
