(* Section 4 of the paper for the gradient flow from a start W0: no flow among the hypotheses.
   The flow exists for all t >= 0 and is unique; Theorem 3, Corollary 1 and Corollaries 2 and 3
   (as one theorem: a limit exists, is a global minimiser, and has these bounds) hold for it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Theorem1 Linalg Network Risk PolynomialDerivative Sharpness Theorem2
  Minimiser Derivative GradientFlow Energy Balanced OperatorNorm Lemma2 Theorem3 Corollary1 Limit
  Corollary2 Corollary3 Existence Corollary2Existence Covariance Epsilon.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Section4.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n).
Variables (L : nat) (w : 'cV[RR]_(d L)) (W0 : layers RR d).

(* W is the gradient flow that starts at W0: the only one, on the L layers and for t >= 0 *)
Definition is_the_flow (W : R -> layers RR d) :=
  [/\ W 0%Re = W0, gradient_flow X y w W &
   forall V, V 0%Re = W0 -> gradient_flow X y w V ->
     forall t, (0 <= t)%Re -> forall k, (k < L)%N -> V t k = W t k].

Lemma the_flow_exists : exists W, is_the_flow W.
Proof. by have [W [[e h] u]] := gradient_flow_exists_unique X y w W0; exists W. Qed.

(* the standing assumptions of Section 4: one output, a head of norm 1, and (A1) with its lambda,
   Lambda and w_star, data and inputs not empty *)
Variables (ws : 'cV[RR]_(d 0%N)) (lam Lam : RR).
Definition setting := [/\ (0 < L)%N, d L = 1%N, sqn w = 1, (0 < n)%N &
  [/\ (0 < d 0%N)%N, \rank (covariance X) = d 0%N, is_smallest_eigenvalue (covariance X) lam,
      is_largest_eigenvalue (covariance X) Lam & normal_eq X y ws]].
(* (A2) *)
Definition assumption_A2 :=
  risk X y w W0 <= R1 X y 0 /\ exists2 k, (k < L)%N & gradk X y w W0 k != 0.
(* (A3) *)
Definition assumption_A3 (epsilon : RR) := [/\ is_epsilon L W0 epsilon, (epsilon <= 1)%Re,
  (1 <= norm ws)%Re & (32 * INR L * sqrt epsilon <= 1)%Re].

Hypothesis hs : setting.
Let L0 : (0 < L)%N. Proof. by case: hs. Qed.
Let dL : d L = 1%N. Proof. by case: hs. Qed.
Let w1 : sqn w = 1. Proof. by case: hs. Qed.
Let hlam : cov_ge X lam. Proof. by case: hs => _ _ _ _ [_ _ h _ _];
  exact: smallest_eigenvalue_bound. Qed.
Let hLam : cov_le X Lam. Proof. by case: hs => _ _ _ _ [_ _ _ h _];
  exact: largest_eigenvalue_bound. Qed.
Let lam0 : 0 < lam.
Proof.
case: hs => _ _ _ n0 [d0 full [hl _] _ _]; have [a a0 ha] := (assumption_A1 X n0).1 full.
by apply: lt_le_trans a0 _; exact: (cov_ge_eigenvalue X a).1 ha _ hl.
Qed.
Let hws : normal_eq X y ws. Proof. by case: hs => _ _ _ _ []. Qed.

(* Theorem 3, "for t >= 1", and the convergence of the risk *)
Theorem theorem_3_from_start : assumption_A2 -> exists W, is_the_flow W /\
  (exists2 mu : R, (0 < mu)%Re & forall t, (1 <= t)%Re ->
    (mu * (risk X y w (W t) - R1 X y ws) <= psqn L (gradk X y w (W t)))%Re) /\
  (exists2 mu : R, (0 < mu)%Re & forall t, (0 <= t)%Re ->
    (risk X y w (W (1 + t)) - R1 X y ws <= (risk X y w (W 1) - R1 X y ws) * exp (- mu * t))%Re).
Proof.
move=> [h1 h2]; have [W [e hW u]] := the_flow_exists; exists W; split=> //.
rewrite -e in h1 h2; split.
  by have [mu [m0 h]] := theorem3 hW L0 dL w1 lam0 hlam hws h1 h2; exists mu.
by have [mu [m0 h]] := risk_converges hW L0 dL w1 lam0 hlam hws h1 h2; exists mu.
Qed.

(* Corollary 1 *)
Theorem corollary_1_from_start epsilon : assumption_A2 -> assumption_A3 epsilon ->
  exists W, is_the_flow W /\ exists2 T : R, (1 <= T)%Re &
  forall t, (T <= t)%Re -> forall k sk, (k < L)%N -> is_opnorm (W t k) sk ->
    (Rpower (norm ws / 2) (1 / INR L) <= sk <= Rpower (2 * norm ws) (1 / INR L))%Re.
Proof.
move=> [h1 h2] [[e [v [he e0 hv _ eE]]] _ hn h32].
have [W [e' hW u]] := the_flow_exists; exists W; split=> //.
rewrite -e' in h1 h2 hv.
have he2 k : (k.+1 < L)%N -> opnorm_le (imb W k) (e k).
  by move=> kL; rewrite /imb e'; case: (he k kL).
have [||T [T1 h]] := @corollary1 d n X y L w W ws lam hW L0 dL w1 lam0 hlam hws h1 h2 e v he2 e0 hv.
- exact: hn.
- by move: h32; rewrite eE.
by exists T.
Qed.

(* Corollaries 2 and 3: the flow converges to a global minimiser, whose sharpness is within
   4 Lambda/lambda of the least sharpness S_min = 2 L lambda |w_star|^(2 - 2/L). *)
Theorem corollaries_2_3_from_start epsilon : assumption_A2 -> assumption_A3 epsilon ->
  exists W (V : layers RR d) (S : R), [/\ is_the_flow W,
    forall k, (k < L)%N -> mlim (fun t => W t k) (V k),
    wprod V w = ws /\ forall U, risk X y w V <= risk X y w U,
    is_sharpness X y w V S &
    let Smin := (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L))%Re in
    (0 < Smin)%Re /\ (1 <= S / Smin <= 4 * (Lam / lam))%Re].
Proof.
move=> [h1 h2] [[e [v [he e0 hv _ eE]]] _ hn h32].
have [W [e' hW u]] := the_flow_exists; exists W, (Winf W).
rewrite -e' in h1 h2 hv.
have he2 k : (k.+1 < L)%N -> opnorm_le (imb W k) (e k).
  by move=> kL; rewrite /imb e'; case: (he k kL).
have [|S [hS S1 S2]] := @corollary3 d n X y L w W ws lam Lam hW L0 dL w1 lam0 hlam hLam hws h1 h2
  e v he2 e0 hv hn.
  by move: h32; rewrite eE.
have [hl [hp hm]] := corollary2 hW L0 dL w1 lam0 hlam hws h1 h2.
exists S; split=> //; set Smin := (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L))%Re in S1 S2
  *.
have P : (0 < Smin)%Re.
  have LR : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
  have lR : (0 < lam)%Re by exact/RltP.
  by apply: Rmult_lt_0_compat; [nra|exact: exp_pos].
split=> //; split; apply: (Rmult_le_reg_r Smin) => //.
  by rewrite /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r ?Rmult_1_l //; lra.
by rewrite /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r //; lra.
Qed.
End Section4.

(* Theorem 1: d_L = 1, |w| = 1, (A1).  The least sharpness of a minimiser of the risk; a minimiser
   exists, and has a sharpness. *)
Theorem theorem_1_minimisers (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L
    (w : 'cV[RR]_(d L)) ws lam Lam :
  setting X y w ws lam Lam -> (forall k, (0 < k < L)%N -> (0 < d k)%N) -> ws != 0 ->
  forall W : layers RR d, (forall U, risk X y w W <= risk X y w U) ->
  exists S : R, is_sharpness X y w W S /\
    (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re.
Proof.
move=> [L0 dL w1 n0 [d0 full hl hL hws]] dk nz W hmin.
have hlam := smallest_eigenvalue_bound hl.
have lam0 : 0 < lam.
  have [a a0 ha] := (assumption_A1 X n0).1 full.
  by apply: lt_le_trans a0 _; case: hl => he _; exact: (cov_ge_eigenvalue X a).1 ha _ he.
have w0 : w != 0 by rewrite -sqn_eq0 w1 oner_eq0.
have wE := minimiser_wprod L0 w0 dk hws lam0 hlam n0 hmin.
have [S hS] := sharpness_exists hws wE nz L0; exists S; split=> //.
exact: theorem1 L0 w1 nz (ltW lam0) hlam hws wE hS.
Qed.

