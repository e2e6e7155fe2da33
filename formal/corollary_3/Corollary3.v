(* Corollary 3: S_min <= S(W^SI) <= 4 (Lam/lam) S_min at the limit W^SI of the gradient flow. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative Derivative GradientFlow Lemma1 Energy OperatorBound Balanced OperatorNorm
  Lemma2 RealPower Sharpness Theorem2 Theorem3 Corollary1 Limit Corollary2 FlatMinimiser.
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
have [hl [wsE _]] := corollary2 hW L_gt0 dL w1 lam0 hlam ws_eq A2_risk A2_grad.
have ws0 : ws != 0.
  apply/eqP => z; move: A3_ws; rewrite z norm0; have : (0 : RR) = 0%Re by []. by move=> ->; lra.
have [S hS] := sharpness_exists ws_eq wsE ws0 L_gt0; exists S; split=> //.
  have := thm2_second ws_eq wsE (ltW lam0) hlam ws0 L_gt0 hS.
  by rewrite /norm w1 sqrtr1 /Rpower ln_1 Rmult_0_r exp_0 Rmult_1_r.
have [T [T1 hT]] := corollary1 hW L_gt0 dL w1 lam0 hlam ws_eq A2_risk A2_grad he e_ge0 hv A3_ws
  A3_eps.
have c0 : 0 <= (Rpower (2 * norm ws) (1 / INR L) : RR) by apply/RleP/Rlt_le/exp_pos.
have hc k : (k < L)%N -> opnorm_le (Winf W k) (Rpower (2 * norm ws) (1 / INR L))%Re.
  move=> kL; apply: (opnorm_lim c0 (hl k kL)) => t Tt x.
  have [s hs] := opnorm_exists (W t k); have [_ hi] := hT t Tt k s kL hs.
  by case: hs => _ h _; apply: le_trans (h x) _; apply: ler_wpmul2r; [exact: norm_ge0|apply/RleP].
have l0 : (0 < lam)%Re by exact/RltP.
have Lam0 : (0 <= Lam)%Re.
  apply/RleP; have := le_trans (hlam ws) (hLam ws).
  have p : 0 < sqn ws by rewrite lt_def sqn_eq0 ws0 sqn_ge0.
  by rewrite ler_pmul2r //; apply: le_trans; exact: ltW.
exact: corollary3_static ws_eq wsE hLam l0 Lam0 w1 L_gt0 ws0 hc hS.
Qed.
End Cor3.
