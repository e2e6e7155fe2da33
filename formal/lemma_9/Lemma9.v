(* Lemma 9: stability of products of square matrices under perturbation, any L, any norm bounds;
   with radius m/(2M), hence with the printed m^2/(4M^2). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Lemma bern (R : rcfType) (a : R) L : 0 <= a -> a <= 1 -> 1 - L%:R * a <= (1 - a) ^+ L.
Proof.
move=> a0 a1; elim: L => [|L IH]; first by rewrite mul0r subr0 expr0.
have h : (1 - a) * (1 - L%:R * a) <= (1 - a) ^+ L.+1 by rewrite exprS; apply: ler_wpmul2l;
  rewrite ?subr_ge0.
apply: le_trans h; rewrite -addn1 natrD.
have -> : (1 - a) * (1 - L%:R * a) = 1 - (L%:R + 1) * a + L%:R * (a * a) by ring.
by rewrite ler_addl mulr_ge0 ?ler0n // mulr_ge0.
Qed.

Section Lem9.
Variables (R : rcfType) (d : nat).
Implicit Types W : nat -> 'M[R]_d.

(* prods W k = W_k ... W_1 (layer j of the paper is W (j-1)) *)
Fixpoint prods W k : 'M[R]_d := match k with 0 => 1%:M | k'.+1 => W k' *m prods W k' end.

Variables (L : nat) (W th : nat -> 'M[R]_d) (M m : R).
Hypotheses (M1 : 1 <= M) (m0 : 0 < m) (m1 : m < 1).
Hypothesis hM : forall k, (0 < k <= L)%N -> opnorm_le (prods W k) M.
Hypothesis hm : forall k, (0 < k <= L)%N -> sigmin_ge (prods W k) m.
Hypothesis hth : forall k, (k < L)%N -> opnorm_le (th k) (m / (2%:R * M)).
Let Wt k := W k + L%:R^-1 *: th k.
Let P k := prods W k.
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

(* Wt_k .. Wt_1 = P_k Q_k *)
Let Q k := invmx (P k) *m prods Wt k.
Lemma Q_step k (h : 'cV[R]_d) : (k < L)%N ->
  Q k.+1 *m h = Q k *m h + L%:R^-1 *: (invmx (P k.+1) *m (th k *m (P k *m (Q k *m h)))).
Proof.
move=> kL; rewrite /Q [prods Wt k.+1]/= /Wt mulmxDl -scalemxAl.
have e : prods Wt k *m h = P k *m (Q k *m h) by rewrite /Q -mulmxA mulKVmx ?P_unit ?(ltnW kL).
rewrite -!mulmxA mulmxDl mulmxDr -scalemxAl -scalemxAr -!mulmxA e; congr (_ + _).
  by rewrite [W k *m _]mulmxA -/(prods W k.+1) -/(P k.+1) !mulKmx ?P_unit ?(ltnW kL).
by rewrite mulKmx ?P_unit ?(ltnW kL).
Qed.

Lemma pert_le k (z : 'cV[R]_d) : (k < L)%N -> norm (invmx (P k.+1) *m (th k *m (P k *m z))) <=
  2%:R^-1 * norm z.
Proof.
move=> kL; have kL' := ltnW kL.
have h1 : m * norm (invmx (P k.+1) *m (th k *m (P k *m z))) <= norm (th k *m (P k *m z)).
  by have := P_ge (invmx (P k.+1) *m (th k *m (P k *m z))) kL; rewrite -/(P k.+1) mulKVmx ?P_unit.
have h2 : norm (th k *m (P k *m z)) <= m / (2%:R * M) * (M * norm z).
  apply: le_trans (hth kL _) _; apply: ler_wpmul2l; last exact: (P_le).
  by rewrite divr_ge0 ?mulr_ge0 ?ler0n ?ltW.
rewrite -(ler_pmul2l m0); apply: le_trans h1 (le_trans h2 _).
by rewrite le_eqVlt; apply/orP; left; apply/eqP; field; rewrite gt_eqF.
Qed.

Let a : R := (2%:R * L%:R)^-1.
Lemma step_le k (z : 'cV[R]_d) : (k < L)%N ->
  norm (L%:R^-1 *: (invmx (P k.+1) *m (th k *m (P k *m z)))) <= a * norm z.
Proof.
move=> kL; rewrite normZ ger0_norm ?invr_ge0 ?ler0n // /a invfM [2%:R^-1 * _]mulrC -mulrA.
by apply: ler_wpmul2l; [rewrite invr_ge0 ler0n|exact: pert_le].
Qed.
Let a0 : 0 <= a. Proof. by rewrite invr_ge0 mulr_ge0 ?ler0n. Qed.
Let a1 : a <= 1.
Proof.
rewrite /a; case: (posnP L) => [->|L0]; first by rewrite mulr0 invr0 ler01.
by rewrite invf_le1 -natrM ?ler1n ?ltr0n muln_gt0.
Qed.

Lemma Q_bounds k (h : 'cV[R]_d) : (k <= L)%N ->
  (1 - a) ^+ k * norm h <= norm (Q k *m h) <= (1 + a) ^+ k * norm h.
Proof.
elim: k => [|k IH] kL.
  by rewrite !expr0 !mul1r /Q /P /= invmx1 !mul1mx lexx.
have /andP[l u] := IH (ltnW kL); rewrite Q_step //; have s := step_le (Q k *m h) kL.
set z := L%:R^-1 *: _ in s *.
apply/andP; split.
  have := normB (Q k *m h) (- z); rewrite opprK normN; apply: le_trans.
  rewrite exprS -mulrA; apply: le_trans (_ : (1 - a) * norm (Q k *m h) <= _).
    by apply: ler_wpmul2l l; rewrite subr_ge0.
  by rewrite mulrBl mul1r; apply: ler_sub.
apply: le_trans (normD _ _) _; rewrite exprS -mulrA.
apply: le_trans (_ : (1 + a) * norm (Q k *m h) <= _); first by rewrite mulrDl mul1r; apply: ler_add.
by apply: ler_wpmul2l u; rewrite addr_ge0 // ler01.
Qed.

Let half : (0 < L)%N -> 2%:R^-1 <= (1 - a) ^+ L.
Proof.
move=> L0; have := bern L a0 a1; apply: le_trans; rewrite le_eqVlt; apply/orP; left; apply/eqP.
by rewrite /a; field; rewrite pnatr_eq0 -lt0n.
Qed.
Let two : (0 < L)%N -> (1 + a) ^+ L <= 2%:R.
Proof.
move=> L0; have h := half L0.
have p : 0 < (1 - a) ^+ L by apply: lt_le_trans h; rewrite invr_gt0 ltr0n.
rewrite -(ler_pmul2r p) -exprMn.
have : ((1 + a) * (1 - a)) ^+ L <= 1.
  have e : (1 + a) * (1 - a) = 1 - a ^+ 2 by ring.
  have a2 : a ^+ 2 <= 1 by rewrite expr_le1.
  by apply: exprn_ile1; rewrite e ?subr_ge0 // ler_subl_addr ler_addl sqr_ge0.
move/le_trans; apply; rewrite -[X in X <= _](@mulfV _ (2%:R : R)) ?pnatr_eq0 //.
by apply: ler_wpmul2l h; exact: ler0n.
Qed.
Let mono (b : R) k : (k <= L)%N -> 0 <= b <= 1 -> b ^+ L <= b ^+ k.
Proof. by move=> kL /andP[b0 b1]; apply: ler_wiexpn2l. Qed.

Let prodE k (h : 'cV[R]_d) : (k <= L)%N -> prods Wt k *m h = P k *m (Q k *m h).
Proof. by move=> kL; rewrite /Q -mulmxA mulKVmx ?P_unit. Qed.

Theorem lemma9_upper_sharp k : (0 < k <= L)%N -> opnorm_le (prods Wt k) (2%:R * M).
Proof.
move=> /andP[k0 kL] h; have L0 := leq_trans k0 kL; rewrite prodE //;
  apply: le_trans (P_le _ kL) _.
rewrite [2%:R * M]mulrC -mulrA ler_pmul2l //.
have /andP[_ u] := Q_bounds h kL; apply: le_trans u _; apply: ler_wpmul2r; first exact: norm_ge0.
by apply: le_trans (two L0); apply: ler_weexpn2l => //; rewrite ler_addl.
Qed.
Theorem lemma9_lower_sharp k : (0 < k <= L)%N -> sigmin_ge (prods Wt k) (m / 2%:R).
Proof.
move=> /andP[k0 kL] h; have L0 := leq_trans k0 kL; rewrite prodE //;
  apply: le_trans (P_ge _ kL).
rewrite -mulrA ler_pmul2l //.
have /andP[l _] := Q_bounds h kL; apply: le_trans l; apply: ler_wpmul2r; first exact: norm_ge0.
by apply: le_trans (half L0) (mono kL _); rewrite subr_ge0 a1 ler_subl_addr ler_addl a0.
Qed.
End Lem9.

(* the printed radius is smaller *)
Section Printed.
Variables (R : rcfType) (d L : nat) (W th : nat -> 'M[R]_d) (M m : R).
Hypotheses (M1 : 1 <= M) (m0 : 0 < m) (m1 : m < 1).
Hypothesis hM : forall k, (0 < k <= L)%N -> opnorm_le (prods W k) M.
Hypothesis hm : forall k, (0 < k <= L)%N -> sigmin_ge (prods W k) m.
Hypothesis hth : forall k, (k < L)%N -> opnorm_le (th k) (m ^+ 2 / (4%:R * M ^+ 2)).
Let sharper k : (k < L)%N -> opnorm_le (th k) (m / (2%:R * M)).
Proof.
move=> kL x; apply: le_trans (hth kL x) _; apply: ler_wpmul2r; first exact: norm_ge0.
have M0 : 0 < M by exact: lt_le_trans M1.
have -> : m ^+ 2 / (4%:R * M ^+ 2) = (m / (2%:R * M)) ^+ 2 by field; rewrite gt_eqF.
have r0 : 0 <= m / (2%:R * M) by rewrite divr_ge0 ?mulr_ge0 ?ler0n ?ltW.
rewrite expr2; apply: ler_pimull => //; rewrite ler_pdivr_mulr ?mulr_gt0 ?ltr0n // mul1r.
by apply: le_trans (ltW m1) (le_trans M1 _); rewrite ler_pemull ?ler1n // ltW.
Qed.
Theorem lemma9_upper k : (0 < k <= L)%N ->
  opnorm_le (prods (fun j => W j + L%:R^-1 *: th j) k) (2%:R * M).
Proof. exact: lemma9_upper_sharp sharper k. Qed.
Theorem lemma9_lower k : (0 < k <= L)%N ->
  sigmin_ge (prods (fun j => W j + L%:R^-1 *: th j) k) (m / 2%:R).
Proof. exact: lemma9_lower_sharp sharper k. Qed.
End Printed.

(* no larger multiple of m/M will do: L = 1, d = 1, M = 1, W = m, theta = - c m with c > 1/2 *)
Theorem lemma9_radius_best (R : rcfType) (c m : R) : 2%:R^-1 < c -> 0 < m -> m < 1 ->
  exists (W th : nat -> 'M[R]_1), [/\ opnorm_le (prods W 1) 1, sigmin_ge (prods W 1) m, opnorm_le
    (th 0%N) (c * m / 1)
   & ~ sigmin_ge (prods (fun k => W k + 1%:R^-1 *: th k) 1) (m / 2%:R)].
Proof.
move=> c2 m0 m1; have h0 : 0 < 2%:R^-1 :> R by rewrite invr_gt0 ltr0n.
pose c' := Num.min c 1; have c'0 : 2%:R^-1 < c'.
  by rewrite /c' lt_minr c2 invf_lt1 ?ltr0n // ltr1n.
have nm (b : R) (x : 'cV[R]_1) : norm (b%:M *m x) = `|b| * norm x by rewrite mul_scalar_mx normZ.
exists (fun=> m%:M), (fun=> (- (c' * m))%:M); rewrite /= !mulmx1; split=> [x|x|x|h].
- by rewrite nm gtr0_norm // ler_wpmul2r ?norm_ge0 // ltW.
- by rewrite nm gtr0_norm.
- rewrite nm normrN divr1; apply: ler_wpmul2r; first exact: norm_ge0.
  rewrite normrM (gtr0_norm m0) gtr0_norm ?(lt_trans h0) // ler_pmul2r //.
  by rewrite /c' le_minl lexx.
have := h 1%:M; rewrite invr1 scale1r -raddfD /= nm.
have n1 : norm (1%:M : 'M[R]_1) = 1.
  by rewrite /norm /sqn /dot !big_ord1 !mxE mulr1 sqrtr1.
rewrite n1 !mulr1 -[X in `|X - _|]mul1r -mulrBl normrM (gtr0_norm m0) [m / _]mulrC ler_pmul2r //.
rewrite ger0_norm ?subr_ge0; last by rewrite /c' le_minl lexx orbT.
rewrite leNgt => /negP; apply; rewrite ltr_subl_addr.
have e : 1 = 2%:R^-1 + 2%:R^-1 :> R by field.
by rewrite {1}e ltr_add2l.
Qed.
