(* Lemma 2, first and second lines, along any gradient flow (d_L = 1, |w| = 1). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 OperatorBound Balanced OperatorNorm.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Lem2.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variable W : R -> layers RR d.
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (dL : d L = 1%N) (w1 : sqn w = 1).

Definition imb k := (W 0%Re k.+1)^T *m W 0%Re k.+1 - W 0%Re k *m (W 0%Re k)^T.
(* e_k >= ||W_{k+1}(0)^T W_{k+1}(0) - W_k(0) W_k(0)^T||_2   and   v >= max_k ||W_k(0)||_F^2 *)
Variables (e : nat -> RR) (v : RR).
Hypotheses (he : forall k, (k.+1 < L)%N -> opnorm_le (imb k) (e k)) (e_ge0 : forall k, 0 <= e k).
Hypothesis hv : forall k, (k < L)%N -> sqn (W 0%Re k) <= v.
Definition eps : RR := 3%:R * v + 2%:R * esum e L.-1.

Variable t : R.
Hypothesis t0 : (0 <= t)%Re.

Lemma bal k : (k.+1 < L)%N -> (W t k.+1)^T *m W t k.+1 = W t k *m (W t k)^T + imb k.
Proof.
move=> kL; have /eqP := lemma1 hW t0 kL; rewrite subr_eq => /eqP ->.
by rewrite /imb addrAC -addrA.
Qed.
Lemma bal0 k : (k.+1 < L)%N -> (W 0%Re k.+1)^T *m W 0%Re k.+1 = W 0%Re k *m (W 0%Re k)^T + imb k.
Proof. by move=> _; rewrite /imb addrC subrK. Qed.

Lemma frob_all k j : (k + j = L.-1)%N -> sqn (W t k) - sqn (W 0%Re k) = sqn (W t L.-1) -
  sqn (W 0%Re L.-1).
Proof.
elim: j k => [|j IH] k kj; first by rewrite addn0 in kj; rewrite kj.
rewrite -(IH k.+1) ?addSn -?addnS //.
have kL : (k.+1 < L)%N by rewrite -(prednK L_gt0) ltnS -kj addnS ltnS leq_addr.
by rewrite (frob_step bal kL) (frob_step bal0 kL) opprD addrACA subrr addr0.
Qed.

Lemma last_row : sqn ((W t L.-1)^T *m bvec (W t) w L.-1.+1) = sqn (W t L.-1).
Proof.
have e1 : sqn (bvec (W t) w L.-1.+1) = 1 by rewrite prednK // bvec_last.
by rewrite row_outer ?e1 ?mulr1 // prednK.
Qed.

Lemma esum_ge0 : 0 <= esum e L.-1. Proof. by rewrite sumr_ge0. Qed.
Lemma v_ge0 : 0 <= v. Proof. exact: le_trans (sqn_ge0 _) (hv L_gt0). Qed.

Lemma lemma2_first_tight k s : (k < L)%N -> is_opnorm (W t k) s ->
  sqn (W t k) - s ^+ 2 <= esum e L.-1 + v.
Proof.
move=> kL [s0 hs _]; have hs2 := (op2_opnorm _ s0).1 hs.
have hl := op2_any bal he e_ge0 hs2 (sqr_ge0 s) (_ : L.-1 < L)%N kL.
have {hl} h1 : sqn (W t L.-1) <= s ^+ 2 + esum e L.-1.
  have e1 : sqn (bvec (W t) w L.-1.+1) = 1 by rewrite prednK // bvec_last.
  rewrite -last_row -[X in _ <= X]mulr1 -e1; apply: op2_trmx;
    first by rewrite addr_ge0 ?sqr_ge0 ?esum_ge0.
  by apply: hl; rewrite ltn_predL.
have h2 : sqn (W t k) - sqn (W 0%Re k) = sqn (W t L.-1) - sqn (W 0%Re L.-1).
  by apply: (@frob_all k (L.-1 - k)); rewrite subnKC // -ltnS prednK.
move/eqP: h2; rewrite subr_eq => /eqP ->.
have h7 : sqn (W t L.-1) - sqn (W 0%Re L.-1) + sqn (W 0%Re k) <= s ^+ 2 + esum e L.-1 + v.
  by apply: ler_add (hv kL); rewrite ler_subl_addr; apply: le_trans h1 _; rewrite ler_addl sqn_ge0.
by rewrite ler_subl_addl addrA.
Qed.

(* first bullet *)
Theorem lemma2_first k s : (k < L)%N -> is_opnorm (W t k) s -> sqn (W t k) - s ^+ 2 <= eps.
Proof.
by move=> kL hs; apply: le_trans (lemma2_first_tight kL hs) _; apply: eps_ge;
  [exact: v_ge0|exact: esum_ge0].
Qed.

Lemma lemma2_second_half j k sj sk : (j < L)%N -> (k < L)%N ->
  is_opnorm (W t j) sj -> is_opnorm (W t k) sk -> sj ^+ 2 - sk ^+ 2 <= eps.
Proof.
move=> jL kL [sj0 _ hj] [sk0 hk _]; have hk2 := (op2_opnorm _ sk0).1 hk.
have p : 0 <= sk ^+ 2 + esum e L.-1 by rewrite addr_ge0 ?sqr_ge0 ?esum_ge0.
have h := op2_any bal he e_ge0 hk2 (sqr_ge0 sk) jL kL.
have h1 : sj <= Num.sqrt (sk ^+ 2 + esum e L.-1).
  by apply: hj; [exact: sqrtr_ge0|apply/op2_opnorm; [exact: sqrtr_ge0|rewrite sqr_sqrtr]].
have h2 : sj ^+ 2 <= sk ^+ 2 + esum e L.-1.
  by rewrite -[X in _ <= X]sqr_sqrtr // ler_expn2r ?nnegrE ?sqrtr_ge0.
rewrite ler_subl_addl; apply: le_trans h2 _; rewrite ler_add2l /eps mulr2n mulrDl mul1r addrA.
by rewrite ler_addr addr_ge0 ?esum_ge0 // mulr_ge0 ?ler0n ?v_ge0.
Qed.

(* second bullet *)
Theorem lemma2_second j k sj sk : (j < L)%N -> (k < L)%N ->
  is_opnorm (W t j) sj -> is_opnorm (W t k) sk -> `|sk ^+ 2 - sj ^+ 2| <= eps.
Proof.
move=> jL kL hj hk; rewrite ler_norml ler_oppl opprB; apply/andP; split.
  exact: lemma2_second_half jL kL hj hk.
exact: lemma2_second_half kL jL hk hj.
Qed.
End Lem2.
