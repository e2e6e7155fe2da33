(* Algebra for Corollary 1, over any real closed field. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Alg.
Variable R : rcfType.
Lemma bern (a : R) L : 0 <= a -> a <= 1 -> 1 - L%:R * a <= (1 - a) ^+ L.
Proof.
move=> a0 a1; elim: L => [|L IH]; first by rewrite mul0r subr0 expr0.
have h : (1 - a) * (1 - L%:R * a) <= (1 - a) ^+ L.+1 by rewrite exprS; apply: ler_wpmul2l;
  rewrite ?subr_ge0.
apply: le_trans h; rewrite -addn1 natrD.
have -> : (1 - a) * (1 - L%:R * a) = 1 - (L%:R + 1) * a + L%:R * (a * a) by ring.
by rewrite ler_addl mulr_ge0 ?ler0n // mulr_ge0.
Qed.

(* (1+a)^L <= 2 when 2 L a <= 1 *)
Lemma pow_le2 (a : R) L : 0 <= a -> a <= 1 -> 2%:R * (L%:R * a) <= 1 -> (1 + a) ^+ L <= 2%:R.
Proof.
move=> a0 a1 h; have p : 0 <= (1 + a) ^+ L by rewrite exprn_ge0 // addr_ge0 ?ler01.
have h1 : (1 + a) ^+ L * (1 - a) ^+ L <= 1.
  rewrite -exprMn (_ : (1 + a) * (1 - a) = 1 - a * a); last by ring.
  have aa : a * a <= 1 by rewrite mulr_ile1.
  by rewrite exprn_ile1 ?subr_ge0 // ler_subl_addr ler_addl mulr_ge0.
have h2 : (1 + a) ^+ L * (1 - L%:R * a) <= 1 by apply: le_trans h1; apply: ler_wpmul2l => //;
  exact: bern.
have h3 : (1 + a) ^+ L <= (1 + a) ^+ L * (2%:R * (1 - L%:R * a)).
  rewrite -[X in X <= _]mulr1; apply: ler_wpmul2l => //.
  rewrite mulrBr mulr1 ler_subr_addr (_ : 2%:R = 1 + 1); last by ring.
  by rewrite ler_add2l.
apply: le_trans h3 _; rewrite mulrCA -[X in _ <= X]mulr1; apply: ler_wpmul2l => //.
exact: ler0n.
Qed.

Lemma cor1_arith L (rho s D p q : R) : (0 < L)%N -> 0 <= D -> 8%:R * (L%:R * D) <= 1 -> 0 <= s ->
  (D <= rho -> (rho - D) ^+ L <= p) -> s <= rho + D -> p <= (s + D) ^+ L ->
  1 <= q -> q <= 2%:R * p -> p <= 2%:R * q -> s ^+ L <= 4%:R * q /\ q <= 4%:R * s ^+ L.
Proof.
move=> L0 D0 hD s0 hrho hs hp q1 hq1 hq2.
have D8 : 8%:R * D <= 1.
  by apply: le_trans hD; apply: ler_wpmul2l; rewrite ?ler0n // ler_pemull // ler1n.
have a0 : 0 <= 4%:R * D by rewrite mulr_ge0 ?ler0n.
have a8 : 2%:R * (4%:R * D) <= 1 by rewrite (_ : 2%:R * (4%:R * D) = 8%:R * D) //; ring.
have a1 : 4%:R * D <= 1 by apply: le_trans a8; rewrite ler_pemull // ler1n.
have aL : 2%:R * (L%:R * (4%:R * D)) <= 1 
  by rewrite (_ : 2%:R * (L%:R * (4%:R * D)) = 8%:R * (L%:R * D)) //; ring.
have P2 := pow_le2 a0 a1 aL.
have h4 : 4%:R = 2%:R * 2%:R :> R by ring.
split.
  have [x|x] := leP rho (2%:R^-1 + D).
    have s1 : s <= 1.
      apply: le_trans hs _; apply: le_trans (_ : 2%:R^-1 + D + D <= _); first by rewrite ler_add2r.
      have t2 : 0 < 2%:R :> R by rewrite ltr0n.
      rewrite -(ler_pmul2l t2) (_ : 2%:R * _ = 1 + 4%:R * D); last by field.
      by rewrite mulr1 (_ : 2%:R = 1 + 1) ?ler_add2l //; ring.
    apply: le_trans (_ : 1 <= _); first by rewrite exprn_ile1.
    by apply: (le_trans q1); apply: ler_pemull; [exact: le_trans ler01 q1|rewrite ler1n].
  set z := rho - D; have z0 : 2%:R^-1 <= z by rewrite ler_subr_addr ltW.
  have i2 : 0 <= 2%:R^-1 :> R by rewrite invr_ge0 ler0n.
  have zp : 0 <= z by apply: le_trans z0.
  have sz : s <= z * (1 + 4%:R * D).
    apply: le_trans hs _; rewrite (_ : rho + D = z + 2%:R * D); last by rewrite /z; ring.
    rewrite mulrDr mulr1 ler_add2l (_ : 2%:R * D = 2%:R^-1 * (4%:R * D)); last by field.
    by apply: ler_wpmul2r.
  apply: le_trans (_ : (z * (1 + 4%:R * D)) ^+ L <= _).
    by rewrite ler_expn2r ?nnegrE // mulr_ge0 // addr_ge0 ?ler01.
  have hz : z ^+ L <= p by apply: hrho; rewrite -subr_ge0.
  rewrite exprMn; apply: le_trans (_ : z ^+ L * 2%:R <= _).
    by apply: ler_wpmul2l => //; exact: exprn_ge0.
  rewrite (_ : 4%:R * q = 2%:R * (2%:R * q)); last by ring.
  rewrite mulrC; apply: ler_wpmul2l; first exact: ler0n.
  exact: le_trans hz hq2.
have [x|x] := leP 4%:R^-1 s.
  have sz : s + D <= s * (1 + 4%:R * D).
    rewrite mulrDr mulr1 ler_add2l (_ : D = 4%:R^-1 * (4%:R * D));
      last by rewrite mulKf // pnatr_eq0.
    by rewrite mulVKf ?pnatr_eq0 //; apply: ler_wpmul2r.
  have : p <= s ^+ L * 2%:R.
    apply: le_trans hp _; apply: le_trans (_ : (s * (1 + 4%:R * D)) ^+ L <= _).
      by rewrite ler_expn2r ?nnegrE ?addr_ge0 // mulr_ge0 // addr_ge0 ?ler01.
    by rewrite exprMn; apply: ler_wpmul2l => //; exact: exprn_ge0.
  move=> h; apply: (le_trans hq1); rewrite (_ : 4%:R * s ^+ L = 2%:R * (s ^+ L * 2%:R));
    last by ring.
  by apply: ler_wpmul2l => //; exact: ler0n.
exfalso.
have sD : s + D <= 4%:R^-1 + D by rewrite ler_add2r ltW.
have sD0 : 0 <= s + D by rewrite addr_ge0.
have p4 : 0 < 4%:R :> R by rewrite ltr0n.
have sD2 : 2%:R * (4%:R^-1 + D) < 1.
  rewrite -(ltr_pmul2l (_ : 0 < 2%:R)) ?ltr0n // (_ : 2%:R * (2%:R * _) = 1 + 4%:R * D);
    last by field.
  rewrite mulr1 (_ : 2%:R = 1 + 1) ?ltr_add2l; last by ring.
  by apply: le_lt_trans (_ : 2%:R^-1 < 1); [rewrite -[X in _ <=
    X]mulr1 ler_pdivl_mull ?ltr0n|rewrite invf_lt1 ?ltr0n // ltr1n].
have sD1 : s + D <= 1.
  apply: le_trans sD _; apply: le_trans (ltW sD2); apply: ler_pemull; last by rewrite ler1n.
  by rewrite addr_ge0 // invr_ge0 ler0n.
have hh : (s + D) ^+ L <= s + D by rewrite -(prednK L0) exprS ler_pimulr // exprn_ile1.
have : q < 1.
  apply: le_lt_trans hq1 _; apply: le_lt_trans sD2; apply: ler_wpmul2l; first exact: ler0n.
  by apply: le_trans hp _; apply: le_trans hh sD.
by rewrite ltNge q1.
Qed.
End Alg.
