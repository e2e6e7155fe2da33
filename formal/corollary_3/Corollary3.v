(* Corollary 3: S_min <= S(W^SI) <= 4 (Lam/lam) S_min at the limit W^SI of the gradient flow. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Theorem1 Corollary3Sharp Linalg PolynomialFunction Network Risk Lemma8
  RootFree Minimiser PolynomialDerivative Derivative GradientFlow Lemma1 Energy OperatorBound
  Balanced OperatorNorm Lemma2 RealPower Sharpness Theorem2 Theorem3 Limit Corollary2
  FlatMinimiser.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Cor3.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (W : R -> layers RR d) (ws : 'cV[RR]_(d 0)) (lam Lam : RR).
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (dL : d L = 1%N) (w1 : sqn w = 1).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (hLam : cov_le X Lam) (ws_eq : normal_eq X y ws).
(* (A1) *)
Hypothesis A2_risk : risk X y w (W 0%Re) <= R1 X y 0.                             (* (A2) *)
Hypothesis A2_grad : exists2 k, (k < L)%N & gradk X y w (W 0%Re) k != 0.
Variables (e : nat -> RR) (v : RR).
Hypotheses (he : forall k, (k.+1 < L)%N -> opnorm_le (imb W k) (e k)) (e_ge0 : forall k, 0 <= e k).
Hypothesis hv : forall k, (k < L)%N -> sqn (W 0%Re k) <= v.
Hypothesis A3_ws : (1 <= norm ws)%Re.                                             (* (A3) *)
Hypothesis A3_eps : (32 * INR L * sqrt (eps L e v) <= 1)%Re.

Let Smin : R := (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L))%Re.

Theorem corollary3 : exists S : R, [/\ is_sharpness X y w (Winf W) S,
  (Smin <= S)%Re & (S <= 4 * (Lam / lam) * Smin)%Re].
Proof.
have ws0 := A2_ws_nz hW ws_eq A2_risk A2_grad.
have [_ [wsE _]] := corollary2 hW L_gt0 dL w1 lam0 hlam ws_eq A2_risk A2_grad.
have [S [hS h]] := corollary3_100025 hW L_gt0 dL w1 lam0 hlam hLam ws_eq A2_risk A2_grad he e_ge0
  hv A3_ws A3_eps.
have p : (0 < Smin)%Re.
  have l0 : (0 < lam)%Re by exact/RltP.
  have L0 : (0 < INR L)%Re by apply: lt_0_INR; apply/ssrnat.ltP.
  by repeat apply: Rmult_lt_0_compat => //; [lra|exact: exp_pos].
have hm : (Smin <= S)%Re := theorem1 L_gt0 w1 ws0 (ltW lam0) hlam ws_eq wsE hS.
exists S; split=> //; apply: Rle_trans h _; rewrite -/Smin.
have k0 : (0 < Lam / lam)%Re.
  by apply: Rdiv_lt_0_compat; apply/RltP => //; exact: cov_gt0 hlam hLam ws0 lam0.
apply: Rmult_le_compat_r; first exact: Rlt_le.
by apply: Rmult_le_compat_r; lra.
Qed.
End Cor3.
