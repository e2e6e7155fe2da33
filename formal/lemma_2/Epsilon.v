(* The paper's epsilon = 3 max_k |W_k(0)|_F^2 + 2 sum_k |W_k(0) W_k(0)^T - W_{k+1}(0)^T
  W_{k+1}(0)|_2:
   it exists, and it is the least of the numbers that the theorems of Section 4 accept for it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Flatcert Require Import FunctionChoice Linalg Network PolynomialFunction Lemma8 Risk
  PolynomialDerivative
  Derivative Lemma1 Balanced OperatorBound Lemma2 Corollary3 OperatorNorm.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Epsilon.
Variables (d : nat -> nat) (L : nat) (W0 : layers RR d).
(* the imbalance of the layers k and k + 1 of the start *)
Definition imbalance k : 'M[RR]_(d k.+1) := (W0 k.+1)^T *m W0 k.+1 - W0 k *m (W0 k)^T.

(* b is the paper's epsilon: e k is the norm of the imbalance, v the largest squared layer norm *)
Definition is_epsilon (b : RR) := exists (e : nat -> RR) (v : RR),
  [/\ forall k, (k.+1 < L)%N -> is_opnorm (imbalance k) (e k), forall k, 0 <= e k,
      forall k, (k < L)%N -> sqn (W0 k) <= v, exists2 k, (k < L)%N & v = sqn (W0 k)
    & b = 3%:R * v + 2%:R * esum e L.-1].

Lemma largest_layer : (0 < L)%N -> exists v : RR,
  (forall k, (k < L)%N -> sqn (W0 k) <= v) /\ exists2 k, (k < L)%N & v = sqn (W0 k).
Proof.
elim: L => [//|m IH] _; case: m IH => [_|m /(_ isT) [v [h1 [j jm h2]]]].
  by exists (sqn (W0 0%N)); split; [case|exists 0%N].
have [a|a] := lerP v (sqn (W0 m.+1)).
  exists (sqn (W0 m.+1)); split; last by exists m.+1.
  move=> k; rewrite ltnS leq_eqVlt => /predU1P[->//|km]; exact: le_trans (h1 k km) a.
exists v; split; last by exists j => //; rewrite ltnW.
move=> k; rewrite ltnS leq_eqVlt => /predU1P[->|km]; [exact: ltW|exact: h1].
Qed.

Theorem epsilon_exists : (0 < L)%N -> exists b : RR, is_epsilon b.
Proof.
move=> L0; have [e he] : exists e : nat -> RR, forall k, is_opnorm (imbalance k) (e k).
  by apply: (function_choice (fun k s => is_opnorm (imbalance k) s)) => k; exact: opnorm_exists.
have [v [h1 h2]] := largest_layer L0.
exists (3%:R * v + 2%:R * esum e L.-1), e, v; split=> // k; by case: (he k).
Qed.

(* No admissible choice of bounds gives less. *)
Theorem epsilon_least (b : RR) (e : nat -> RR) (v : RR) : is_epsilon b ->
  (forall k, (k.+1 < L)%N -> opnorm_le (imbalance k) (e k)) -> (forall k, 0 <= e k) ->
  (forall k, (k < L)%N -> sqn (W0 k) <= v) -> b <= eps L e v.
Proof.
move=> [e' [v' [he' e'0 _ [j jL ->] ->]]] he e0 hv; rewrite /eps.
apply: ler_add; first by rewrite ler_pmul2l ?ltr0n // hv.
rewrite ler_pmul2l ?ltr0n //; apply: ler_sum => i _.
have iL : (i.+1 < L)%N by rewrite -ltn_predRL; exact: ltn_ord.
by have [_ _ hmin] := he' i iL; apply: hmin (e0 i) (he i iL).
Qed.
End Epsilon.

