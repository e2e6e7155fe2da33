(* Corollary 3, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Lemma2 Limit Corollary2 Corollary3 Convergence.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* the sharpness depends on the first L layers only *)
Lemma fwd_eq (d : nat -> nat) (V U : layers RR d) k : (forall i, (i < k)%N -> V i = U i) ->
  fwd V k = fwd U k.
Proof. by elim: k => //= k IH h; rewrite (IH (fun i ik => h i (ltnW ik))) h. Qed.
Lemma sharpness_eq (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w : 'cV[RR]_(d L))
  (V U : layers RR d) (S : R) :
  (forall i, (i < L)%N -> V i = U i) -> is_sharpness X y w V S -> is_sharpness X y w U S.
Proof.
move=> h; have e D (t : R) : risk X y w (move U t D) = risk X y w (move V t D).
  by rewrite /risk /wprod (@fwd_eq _ (move U t D) (move V t D)) // => i iL; rewrite /move (h i iL).
have sd D v : second_derivative X y w U D v <-> second_derivative X y w V D v.
  by split; apply: is_derive_n_ext => t; rewrite e.
case=> ub lub; split=> [v [D [D1 hD]]|b hb].
  by apply: ub; exists D; split; [exact: D1|exact: (proj1 (sd D v) hD)].
by apply: lub => v [D [D1 hD]]; apply: hb; exists D; split; [exact: D1|exact: (proj2 (sd D v) hD)].
Qed.
Lemma INR_gt0 L : (0 < L)%N -> (0 < INR L)%Re.
Proof. by move=> L0; apply: lt_0_INR; exact/ssrnat.ltP. Qed.
Lemma Smin_gt0 (d : nat -> nat) L (la : R) (ws : 'cV[RR]_(d 0%N)) : (0 < L)%N -> (0 < la)%Re ->
  (0 < Statements.Smin L la ws)%Re.
Proof.
move=> L0 l0; apply: Rmult_lt_0_compat; last exact: exp_pos.
by have := INR_gt0 L0; nra.
Qed.
Lemma ratio_bounds (S m k : R) : (0 < m)%Re -> (m <= S)%Re -> (S <= k * m)%Re ->
  (1 <= S / m <= k)%Re.
Proof.
move=> m0 h1 h2; have e : (S / m * m = S)%Re by field; lra.
by split; apply: (Rmult_le_reg_r m) => //; lra.
Qed.
Theorem corollary_3 : Statements.corollary_3.
Proof.
move=> d n X y L w W V ws la La ep [/gradient_flowP hW L0 dL w1] hA1 hws /(A2P L0) [A2r A2g].
have l0' : (0 < la)%Re by case: hA1.
have /A1_bounds [l0 hl hL n0 _] := hA1.
move=> /is_epsilonP [e [v [he e0 hv epE]]] [_ ws1 h32] hV; rewrite epE in h32.
have [S [hS h1 h2]] := corollary3 hW L0 dL w1 l0 hl hL hws A2r A2g he e0 hv ws1 h32.
have [hlim _] := corollary2 hW L0 dL w1 l0 hl hws A2r A2g.
exists S; split.
  apply: sharpness_eq hS => i iL; exact: (mlim_unique (hlim i iL) (hV i iL)).
exact: ratio_bounds (Smin_gt0 ws L0 l0') h1 h2.
Qed.
