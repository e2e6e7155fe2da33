(* The fourth line of Lemma 2: norm(w_prod)^(2/L) - D <= sigma_k^2 ... <= norm(w_prod)^(2/L) + D +
   min(A_k, B_k); Theorem 3 without cases.
   The root norm(w_prod)^(2/L) is any c >= 0 with c^L = norm(w_prod)^2.  Over any real closed field,
   then along a flow. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 OperatorBound Balanced OperatorNorm Lemma2 Theorem3Algebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Alg.
Variables (R : rcfType) (d : nat -> nat) (W : layers R d) (L : nat).
Variables (E : forall k, 'M[R]_(d k.+1)) (e : nat -> R).
Hypothesis hE : forall k, (k.+1 < L)%N -> (W k.+1)^T *m W k.+1 = W k *m (W k)^T + E k.
Hypothesis he : forall k, (k.+1 < L)%N -> opnorm_le (E k) (e k).
Hypothesis e_ge0 : forall k, 0 <= e k.
Hypothesis L_gt0 : (0 < L)%N.
Variable w : 'cV[R]_(d L).
Hypotheses (dL : d L = 1%N) (w1 : sqn w = 1).
Notation D := (esum e L.-1).

Let s_ge0 j : 0 <= esum e j. Proof. by rewrite sumr_ge0. Qed.

(* c is the L-th root of norm(w_prod)^2 *)
Variable c : R.
Hypotheses (c0 : 0 <= c) (cL : c ^+ L = sqn (wprod W w)).
Let root_le a : 0 <= a -> a ^+ L <= c ^+ L -> a <= c.
Proof. by move=> a0; rewrite ler_pexpn2r ?nnegrE. Qed.
Let root_ge a : 0 <= a -> c ^+ L <= a ^+ L -> c <= a.
Proof. by move=> a0; rewrite ler_pexpn2r ?nnegrE. Qed.

(* lower side *)
Lemma fwdT_sq a k (x : 'cV[R]_(d k)) : 0 <= a -> (forall j, (j < L)%N -> op2_le (W j) a) ->
  (k <= L)%N ->
  sqn ((fwd W k)^T *m x) <= a ^+ k * sqn x.
Proof.
move=> a0 ha; elim: k x => [|k IH] x kL; first by rewrite trmx1 mul1mx expr0 mul1r.
rewrite /= trmx_mul -mulmxA; apply: le_trans (IH _ (ltnW kL)) _.
by rewrite exprSr -mulrA; apply: ler_wpmul2l; [exact: exprn_ge0|exact: op2_trmx a0 (ha _ kL) x].
Qed.

Lemma root_upper s k : (k < L)%N -> 0 <= s -> op2_le (W k) s -> c <= s + D.
Proof.
move=> kL s0 hs; have p : 0 <= s + D by rewrite addr_ge0.
apply: root_ge => //; rewrite cL.
have := fwdT_sq w p (fun j jL => op2_any hE he e_ge0 hs s0 jL kL) (leqnn L).
by rewrite w1 mulr1.
Qed.

(* upper side from the last layer, which is a row *)
Lemma last_le : sqn (W L.-1) <= c + D.
Proof.
have [h|h] := lerP (sqn (W L.-1)) D; first by apply: le_trans h _; rewrite ler_addr.
have lr : sqn (W L.-1) * sqn w <= sqn ((W L.-1)^T *m bvec W w L.-1.+1).
  have e1 : sqn (bvec W w L.-1.+1) = 1 by rewrite prednK // bvec_last.
  by rewrite w1 row_outer ?e1 // prednK.
have := wprod_lower hE he e_ge0 L_gt0 lr (ltW h); rewrite w1 mulr1 -cL => h2.
by rewrite -ler_subl_addr; apply: root_le h2; rewrite subr_ge0 ltW.
Qed.

Lemma upper_B k : (k < L)%N -> op2_le (W k) (c + D + (D - esum e k)).
Proof.
move=> kL; have lt1 : (L.-1 < L)%N by rewrite ltn_predL.
have hl : op2_le (W L.-1) (c + D).
  move=> x; apply: le_trans (_ : sqn (W L.-1) * sqn x <= _); last first.
    by apply: ler_wpmul2r; [exact: sqn_ge0|exact: last_le].
  by rewrite -[sqn (W L.-1)]norm_sqr; apply: (op2_opnorm _ (norm_ge0 _)).1; exact: opnorm_le_frob.
have kL1 : (k <= L.-1)%N by rewrite -ltnS prednK.
apply: (op2_down hE he e_ge0 hl); last by rewrite kL1.
by rewrite addr_ge0.
Qed.

(* upper side from the first layer: the growth of W_k .. W_1 x *)
Lemma growth (x : 'cV[R]_(d 0)) s : D <= s -> s * sqn x <= sqn (W 0%N *m x) ->
  forall k, (k < L)%N -> (s - esum e k) * sqn (fwd W k *m x) <= sqn (fwd W k.+1 *m x).
Proof.
move=> Ds hs; have le_e i : (i < L)%N -> esum e i <= D.
  by move=> iL; apply: esum_le => //; rewrite -ltnS prednK // (leq_ltn_trans _ iL).
elim=> [|k IH] kL; first by rewrite /esum big_ord0 subr0 /= mulmx1 mul1mx.
have {}IH := IH (ltnW kL); set a0 := fwd W k *m x in IH; set a1 := fwd W k.+1 *m x in IH *.
have a1E : a1 = W k *m a0 by rewrite /a1 /= -mulmxA.
have -> : fwd W k.+2 *m x = W k.+1 *m a1 by rewrite /a1 /= -mulmxA.
set r := s - esum e k in IH; have r0 : 0 <= r by rewrite subr_ge0;
  apply: le_trans (le_e _ (ltnW kL)) Ds.
have h2 : r * sqn a1 <= sqn ((W k)^T *m a1).
  have h1 : sqn a1 ^+ 2 <= sqn ((W k)^T *m a1) * sqn a0.
    apply: le_trans (CS2 _ _); rewrite dot_mull trmxK -a1E //.
  have [z|nz] := eqVneq (sqn a0) 0.
    have z1 : sqn a1 = 0.
      by apply/eqP; rewrite -sqrf_eq0; apply/eqP/le_anti; rewrite sqr_ge0 andbT;
        apply: le_trans h1 _; rewrite z mulr0.
    by rewrite z1 mulr0 sqn_ge0.
  have p : 0 < sqn a0 by rewrite lt_def nz sqn_ge0.
  rewrite -(ler_pmul2r p); apply: le_trans h1; rewrite mulrAC expr2.
  by apply: ler_wpmul2r IH; exact: sqn_ge0.
rewrite (bal_quad hE a1 kL); have := quad_le a1 (he kL); rewrite ler_norml => /andP[h3 _].
rewrite esumS (_ : s - (esum e k + e k) = r - e k); last by rewrite /r; ring.
by rewrite mulrBl; apply: ler_add.
Qed.

Lemma first_growth (x : 'cV[R]_(d 0)) s : D <= s -> s * sqn x <= sqn (W 0%N *m x) ->
  (s - D) ^+ L * sqn x <= sqn (wprod W w) * sqn x.
Proof.
move=> Ds hs; have le_e i : (i < L)%N -> esum e i <= D.
  by move=> iL; apply: esum_le => //; rewrite -ltnS prednK // (leq_ltn_trans _ iL).
have p : 0 <= s - D by rewrite subr_ge0.
have h k : (k <= L)%N -> (s - D) ^+ k * sqn x <= sqn (fwd W k *m x).
  elim: k => [|k IH] kL; first by rewrite expr0 mul1r mul1mx.
  apply: le_trans (growth Ds hs kL); rewrite exprS -mulrA.
  apply: le_trans (_ : (s - D) * sqn (fwd W k *m x) <= _); first by apply: ler_wpmul2l => //;
    apply: IH; exact: ltnW.
  by apply: ler_wpmul2r; [exact: sqn_ge0|rewrite ler_add2l ler_opp2 le_e].
apply: le_trans (h L (leqnn L)) _.
have e1 : sqn (fwd W L *m x) = dot (wprod W w) x ^+ 2.
  have -> : dot (wprod W w) x = dot w (fwd W L *m x) by rewrite /wprod dot_mull trmxK.
  move: w w1 (fwd W L *m x); rewrite dL => u u1 z.
  have ez (b : 'cV[R]_1) : sqn b = b 0 0 ^+ 2 by rewrite /sqn /dot !big_ord1 expr2.
  by rewrite ez /dot !big_ord1 exprMn -(ez u) u1 mul1r.
by rewrite e1; exact: CS2.
Qed.

Lemma first_le : op2_le (W 0%N) (c + D).
Proof.
move=> x; have [->|nz] := eqVneq x 0; first by rewrite mulmx0 /sqn !dot0r mulr0.
have xp : 0 < sqn x by rewrite lt_def sqn_eq0 nz sqn_ge0.
set s := sqn (W 0%N *m x) / sqn x; have sE : s * sqn x = sqn (W 0%N *m x) by rewrite /s divfK //
  gt_eqF.
rewrite -sE ler_pmul2r //.
have [h|h] := lerP s D; first by apply: le_trans h _; rewrite ler_addr.
have := first_growth (ltW h) (_ : s * sqn x <= _); rewrite sE lexx => /(_ isT);
  rewrite ler_pmul2r // -cL => h2.
by rewrite -ler_subl_addr; apply: root_le h2; rewrite subr_ge0 ltW.
Qed.

Lemma upper_A k : (k < L)%N -> op2_le (W k) (c + D + esum e k).
Proof.
move=> kL; have := op2_up hE he e_ge0 first_le (_ : 0 <= c + D) (_ : (0 <= k < L)%N).
by rewrite kL addr_ge0 // /esum big_ord0 subr0; apply.
Qed.

(* both: A_k = e_1 + .. + e_{k-1}, B_k = e_k + .. + e_{L-1} (paper's numbering) *)
Theorem upper_min k : (k < L)%N -> op2_le (W k) (c + D + Num.min (esum e k) (D - esum e k)).
Proof.
move=> kL; rewrite /Num.min /Order.min; case: ifP => _; [exact: upper_A|exact: upper_B].
Qed.
Theorem upper_2D k : (k < L)%N -> op2_le (W k) (c + 2%:R * D).
Proof.
move=> kL x; apply: le_trans (upper_A kL x) _; apply: ler_wpmul2r; first exact: sqn_ge0.
rewrite (_ : 2%:R * D = D + D) ?addrA ?ler_add2l; last by ring.
by apply: esum_le => //; rewrite -ltnS prednK.
Qed.
End Alg.

(* the real root exists *)
Lemma root_exists (R : rcfType) (a : R) L : (0 < L)%N -> 0 <= a -> exists c : R,
  0 <= c /\ c ^+ L = a.
Proof.
move=> L0 a0; pose p : {poly R} := 'X^L - a%:P.
have a1 : 0 <= a + 1 by rewrite addr_ge0 ?ler01.
have hp : p.[0] <= 0 <= p.[a + 1].
  rewrite /p !hornerE !hornerXn expr0n eqn0Ngt L0 /= add0r oppr_le0 a0 /= subr_ge0.
  rewrite -(prednK L0) exprS; apply: le_trans (_ : a + 1 <= _); first by rewrite ler_addl ler01.
  by rewrite ler_pemulr // exprn_ege1 // ler_addr.
have [b /andP[b0 _]] := poly_ivt a1 hp.
by rewrite /root /p !hornerE hornerXn subr_eq0 => /eqP e; exists b.
Qed.

Section Flow.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat) (w :
  'cV[RR]_(d L)).
Variable W : R -> layers RR d.
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (dL : d L = 1%N) (w1 : sqn w = 1).
Variables (e : nat -> RR).
Hypotheses (he : forall k, (k.+1 < L)%N -> opnorm_le (imb W k) (e k)) (e_ge0 : forall k, 0 <= e k).
Variable t : R.
Hypothesis t0 : (0 <= t)%Re.
Notation D := (esum e L.-1).
Variable c : RR.
Hypotheses (c0 : 0 <= c) (cL : c ^+ L = sqn (wprod (W t) w)).

(* fourth line of Lemma 2 *)
Theorem lemma2_fourth k s : (k < L)%N -> is_opnorm (W t k) s ->
  - D <= s ^+ 2 - c <= D + Num.min (esum e k) (D - esum e k).
Proof.
move=> kL [s0 hs hmin]; have hb := bal hW t0; apply/andP; split.
  rewrite ler_subr_addr addrC ler_subl_addr.
  exact: (root_upper hb he e_ge0 L_gt0 w1 c0 cL kL (sqr_ge0 s) ((op2_opnorm _ s0).1 hs)).
have h := upper_min hb he e_ge0 L_gt0 dL w1 c0 cL kL.
have D0 j : 0 <= esum e j by rewrite sumr_ge0.
have p : 0 <= c + D + Num.min (esum e k) (D - esum e k).
  rewrite !addr_ge0 // le_minr D0 subr_ge0 esum_le //.
  by rewrite -ltnS prednK.
rewrite ler_subl_addl addrA; have := hmin (Num.sqrt (c + D + Num.min (esum e k) (D -
  esum e k))) (sqrtr_ge0 _).
move=> h3; rewrite -[X in _ <= X]sqr_sqrtr // ler_expn2r ?nnegrE ?sqrtr_ge0 //; apply: h3.
by apply/op2_opnorm; [exact: sqrtr_ge0|rewrite sqr_sqrtr].
Qed.

(* Theorem 3 without cases, for every t >= 0, without (A2):
   4 lam p^2 (R - R_min) <= (p^(2/L) + D) sum_k |grad_k|^2 *)
Theorem theorem3_no_cases ws lam : normal_eq X y ws -> 0 < lam -> cov_ge X lam ->
  4%:R * lam * sqn (wprod (W t) w) * (risk X y w (W t) - R1 X y ws) <= (c + D) *
    psqn L (gradk X y w (W t)).
Proof.
move=> hws l0 hl; have D0 : 0 <= D by rewrite sumr_ge0.
have hb := bal hW t0; have h1 := first_le hb he e_ge0 L_gt0 dL w1 c0 cL.
have := pl_step hws w L_gt0 l0 hl (addr_ge0 c0 D0) h1; apply: le_trans.
rewrite le_eqVlt; apply/orP; left; apply/eqP.
by move: (risk _ _ _ _) (R1 _ _ _) (sqn _) => *; ring.
Qed.
Corollary theorem3_no_cases_div ws lam : normal_eq X y ws -> 0 < lam -> cov_ge X lam ->
  wprod (W t) w != 0 ->
  4%:R * lam * sqn (wprod (W t) w) / (c + D) * (risk X y w (W t) - R1 X y ws) <=
    psqn L (gradk X y w (W t)).
Proof.
move=> hws l0 hl nz; have D0 : 0 <= D by rewrite sumr_ge0.
have cp : 0 < c.
  rewrite lt_def c0 andbT; apply: contra_neq nz => z; apply/eqP; rewrite -sqn_eq0 -cL z expr0n.
  by rewrite eqn0Ngt L_gt0.
rewrite mulrAC ler_pdivr_mulr; last by rewrite ltr_paddr.
by rewrite [X in _ <= X]mulrC; exact: theorem3_no_cases.
Qed.
End Flow.
