(* Lemma 9: stability of products of square matrices under perturbation, any L, any norm bounds. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Lem9.
Variables (R : rcfType) (d : nat).
Implicit Types W : nat -> 'M[R]_d.

(* prods W k = W_k ... W_1 (layer j of the paper is W (j-1)) *)
Fixpoint prods W k : 'M[R]_d := match k with 0 => 1%:M | k'.+1 => W k' *m prods W k' end.

Variables (L : nat) (W th : nat -> 'M[R]_d) (M m : R).
Hypotheses (M1 : 1 <= M) (m0 : 0 < m) (m1 : m < 1).
Hypothesis hM : forall k, (0 < k <= L)%N -> opnorm_le (prods W k) M.
Hypothesis hm : forall k, (0 < k <= L)%N -> sigmin_ge (prods W k) m.
Hypothesis hth : forall k, (k < L)%N -> opnorm_le (th k) (m ^+ 2 / (4%:R * M ^+ 2)).

Let Wt k := W k + L%:R^-1 *: th k.
Let P k := prods W k.
Let Q k := prods Wt k.

Let M0 : 0 < M. Proof. exact: lt_le_trans M1. Qed.

Lemma P_le k (x : 'cV[R]_d) : (k <= L)%N -> norm (P k *m x) <= M * norm x.
Proof.
case: k => [|k] kL; last exact: hM.
by rewrite mul1mx ler_pemull ?norm_ge0.
Qed.
Lemma P_ge k (x : 'cV[R]_d) : (k <= L)%N -> m * norm x <= norm (P k *m x) :> R.
Proof.
case: k => [|k] kL; last exact: hm.
by rewrite mul1mx ler_pimull ?norm_ge0 ?ltW.
Qed.
Lemma P_unit k : (k <= L)%N -> P k \in unitmx.
Proof. by move=> kL; apply: (sigmin_unit m0) => x; apply: P_ge. Qed.

(* eq. (9): |P_k P_j^-1 z| <= (M/m) |z| *)
Lemma P_ratio k j (z : 'cV_d) : (k <= L)%N -> (j <= L)%N ->
  norm (P k *m (invmx (P j) *m z)) <= M / m * norm z.
Proof.
move=> kL jL; apply: le_trans (P_le _ kL) _; rewrite -mulrA ler_pmul2l // ler_pdivl_mull //.
by apply: le_trans (P_ge _ jL) _; rewrite mulKVmx ?P_unit.
Qed.

(* eq. (10) *)
Lemma diffE k (h : 'cV[R]_d) : (k <= L)%N ->
  Q k *m h = P k *m h + \sum_(j < k) L%:R^-1 *: (P k *m (invmx (P j.+1) *m (th j *m (Q j *m h)))).
Proof.
elim: k => [|k IH] kL; first by rewrite big_ord0 addr0.
rewrite big_ord_recr /= mulKVmx ?P_unit // addrA.
have -> : Q k.+1 *m h = W k *m (Q k *m h) + L%:R^-1 *: (th k *m (Q k *m h)).
  by rewrite /Q /= -mulmxA mulmxDl -scalemxAl.
congr (_ + _); rewrite {1}(IH (ltnW kL)) mulmxDr mulmx_sumr; congr (_ + _); first exact: mulmxA.
by apply: eq_bigr => j _; rewrite -scalemxAr; congr (_ *: _); exact: mulmxA.
Qed.

Let r := m ^+ 2 / (4%:R * M ^+ 2).
Lemma r_ge0 : 0 <= r. 
Proof. by apply: divr_ge0; [exact: sqr_ge0|apply: mulr_ge0; [exact: ler0n|exact: sqr_ge0]]. Qed.

(* the perturbation is at most (k/L) (M/m) r c |h| when the earlier products are at most c |h| *)
Lemma diff_le k (h : 'cV[R]_d) c : (k <= L)%N -> 0 <= c -> (forall j, (j < k)%N ->
  norm (Q j *m h) <= c * norm h) ->
  norm (Q k *m h - P k *m h) <= M / m * r * c * norm h.
Proof.
move=> kL c0 hc; rewrite diffE // addrC addKr; apply: le_trans (norm_sum _) _.
have K0 : 0 <= M / m * r * c * norm h.
  apply: mulr_ge0 (norm_ge0 _); apply: mulr_ge0 => //; apply: mulr_ge0; last exact: r_ge0.
  by rewrite divr_ge0 ?(ltW M0) ?(ltW m0).
apply: le_trans (_ : \sum_(j < k) L%:R^-1 * (M / m * r * c * norm h) <= _).
  apply: ler_sum => j _; rewrite normZ ger0_norm ?invr_ge0 ?ler0n //.
  apply: ler_wpmul2l; first by rewrite invr_ge0 ler0n.
  have jL : (j < L)%N by apply: leq_trans (ltn_ord j) kL.
  apply: le_trans (P_ratio _ kL jL) _.
  have -> : M / m * r * c * norm h = M / m * (r * (c * norm h)) by rewrite !mulrA.
  apply: ler_wpmul2l; first by rewrite divr_ge0 ?(ltW M0) ?(ltW m0).
  apply: le_trans (hth jL _) _; apply: ler_wpmul2l; [exact: r_ge0|exact: hc].
rewrite sumr_const card_ord -mulr_natl mulrA -[X in _ <= X]mul1r; apply: ler_wpmul2r => //.
case: (posnP L) => [L0|L0]; first by rewrite L0 mulr0n invr0 mulr0 ler01.
by rewrite ler_pdivr_mulr ?ltr0n // mul1r ler_nat.
Qed.

Let M_m_r : M / m * r * (2%:R * M) = m / 2%:R.
Proof. by rewrite /r; field; rewrite !gt_eqF. Qed.

(* eq. (11) *)
Lemma Q_le k (h : 'cV[R]_d) : (k <= L)%N -> norm (Q k *m h) <= 2%:R * M * norm h.
Proof.
have M2 : 0 <= 2%:R * M by rewrite mulr_ge0 ?ler0n ?ltW.
elim/ltn_ind: k => k IH kL.
have h1 := diff_le kL M2 (fun j jk => IH j jk (leq_trans (ltnW jk) kL)).
rewrite -[Q k *m h](subrK (P k *m h)); apply: le_trans (normD _ _) _.
have -> : 2%:R * M * norm h = M * norm h + M * norm h by ring.
apply: ler_add (P_le _ kL); apply: le_trans h1 _; rewrite M_m_r; apply: ler_wpmul2r;
  first exact: norm_ge0.
apply: le_trans M1; rewrite ler_pdivr_mulr ?ltr0n // mul1r.
by apply: le_trans (ltW m1) _; rewrite ler1n.
Qed.

Theorem lemma9_upper k : (0 < k <= L)%N -> opnorm_le (prods Wt k) (2%:R * M).
Proof. by case/andP=> _ kL h; apply: Q_le. Qed.

Theorem lemma9_lower k : (0 < k <= L)%N -> sigmin_ge (prods Wt k) (m / 2%:R).
Proof.
case/andP=> _ kL h; have M2 : 0 <= 2%:R * M by rewrite mulr_ge0 ?ler0n ?ltW.
have h1 := @diff_le k h _ kL M2 (fun j jk => Q_le h (leq_trans (ltnW jk) kL)).
rewrite M_m_r in h1.
have -> : m / 2%:R * norm h = m * norm h - m / 2%:R * norm h by field.
apply: le_trans (ler_sub (P_ge _ kL) h1) _.
have e : P k *m h - (P k *m h - Q k *m h) = Q k *m h by rewrite opprB addrC subrK.
by have := normB (P k *m h) (P k *m h - Q k *m h); rewrite e -[norm (_ - Q k *m h)]normN opprB.
Qed.
End Lem9.
