From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import FunctionChoice Linalg PolynomialFunction Network Risk Lemma8
  PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy OperatorBound Balanced OperatorNorm Lemma2 SingularVectors
  RealPower Sharpness Theorem2 Theorem3 Corollary1 Limit Corollary2 Corollary3 SingularVectorsExist.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* Lemma 2 (3) as printed, with its division, when sigma_{k+1} > 0 *)
Theorem lemma2_third_div (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w :
  'cV[RR]_(d L)) (W : R -> layers RR d) e v t k (uk vk : 'cV[RR]_(d k.+1)) sk sk1 :
  gradient_flow X y w W -> (0 < L)%N -> d L = 1%N -> sqn w = 1 ->
  (forall k, (k.+1 < L)%N -> opnorm_le (imb W k) (e k)) -> (forall k, 0 <= e k) -> (forall k,
    (k < L)%N -> sqn (W 0%Re k) <= v) ->
  (0 <= t)%Re -> (k.+1 < L)%N -> is_opnorm (W t k) sk -> is_opnorm (W t k.+1) sk1 ->
    sqn uk = 1 -> sqn vk = 1 ->
  W t k *m ((W t k)^T *m uk) = sk ^+ 2 *: uk -> (W t k.+1)^T *m (W t k.+1 *m vk) = sk1 ^+ 2 *: vk
    -> 0 < sk1 ->
  1 - eps L e v / sk1 ^+ 2 <= dot vk uk ^+ 2.
Proof.
move=> hW L0 dL w1 he e0 hv t0 kL h1 h2 u1 v1 hu hvk p.
have p2 : 0 < sk1 ^+ 2 by rewrite exprn_gt0.
have h := lemma2_third hW L0 dL w1 he e0 hv t0 kL h1 h2 u1 v1 hu hvk.
by rewrite -(ler_pmul2l p2) mulrBr mulr1 mulrC -[eps _ _ _ / _ * _]mulrA mulVf ?mulr1 // gt_eqF.
Qed.

(* the least epsilon of the paper is admissible: e_k = the operator norm, v = the maximum *)
Lemma eps_tight (d : nat -> nat) L (W : R -> layers RR d) : exists e v, [/\ forall k,
  (k.+1 < L)%N -> is_opnorm (imb W k) (e k),
  (forall k, 0 <= e k :> RR) & (0 < L)%N -> (forall k, (k < L)%N ->
    sqn (W 0%Re k) <= v) /\ (exists2 k, (k < L)%N & v = sqn (W 0%Re k))].
Proof.
have [e he] : exists e : nat -> RR, forall k, is_opnorm (imb W k) (e k).
  by apply: (function_choice (fun k s => is_opnorm (imb W k) s)) => k; exact: opnorm_exists.
have [v hv] : exists v : RR, (0 < L)%N -> (forall k, (k < L)%N ->
  sqn (W 0%Re k) <= v) /\ (exists2 k, (k < L)%N & v = sqn (W 0%Re k)).
  elim: L => [|m [v IH]]; first by exists 0.
  case: m IH => [_|m /(_ isT) [h1 [j jm h2]]].
    by exists (sqn (W 0%Re 0%N)) => _; split; [case=> // _; rewrite lexx|exists 0%N].
  have [a|a] := lerP v (sqn (W 0%Re m.+1)).
    exists (sqn (W 0%Re m.+1)) => _; split; last by exists m.+1.
    move=> k; rewrite ltnS leq_eqVlt => /predU1P[->//|km]; exact: le_trans (h1 k km) a.
  exists v => _; split; last by exists j => //; rewrite ltnW.
  move=> k; rewrite ltnS leq_eqVlt => /predU1P[->|km]; [exact: ltW|exact: h1].
exists e, v; split=> // k; by case: (he k).
Qed.
