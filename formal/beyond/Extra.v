(* Fourth line of Lemma 2: 3/2 D and the mean of the gaps, (1 - 1/L) D; tightness of the constant 1;
   the minimum of the sharpness for L = 1. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative RealPower Sharpness Theorem2 Derivative GradientFlow Lemma1 Energy
  OperatorBound Balanced OperatorNorm Lemma2 Theorem3Algebra Theorem3 FourthLine RayleighAlgebra
  Rayleigh MinimalSharpness.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma min_half (R : rcfType) (a D : R) : 2%:R * Num.min a (D - a) <= D.
Proof.
have -> : 2%:R * Num.min a (D - a) = Num.min a (D - a) + Num.min a (D -
  a) by rewrite mulr2n mulrDl mul1r.
apply: le_trans (_ : a + (D - a) <= _); last by rewrite addrC subrK.
by apply: ler_add; rewrite le_minl lexx ?orbT.
Qed.

Section Mean.
Variables (R : rcfType) (d : nat -> nat) (W : layers R d) (L : nat).
Variables (E : forall k, 'M[R]_(d k.+1)) (e : nat -> R).
Hypothesis hE : forall k, (k.+1 < L)%N -> (W k.+1)^T *m W k.+1 = W k *m (W k)^T + E k.
Hypothesis he : forall k, (k.+1 < L)%N -> opnorm_le (E k) (e k).
Hypothesis e_ge0 : forall k, 0 <= e k.
Hypothesis L_gt0 : (0 < L)%N.
Variable w : 'cV[R]_(d L).
Hypothesis w1 : sqn w = 1.
Variable c : R.
Hypotheses (c0 : 0 <= c) (cL : c ^+ L = sqn (wprod W w)).

Lemma fwdT_prod (a : nat -> R) k (x : 'cV[R]_(d k)) : (forall j, 0 <= a j) ->
  (forall j, (j < L)%N -> op2_le (W j) (a j)) -> (k <= L)%N ->
  sqn ((fwd W k)^T *m x) <= (\prod_(j < k) a j) * sqn x.
Proof.
move=> a0 ha; elim: k x => [|k IH] x kL; first by rewrite trmx1 mul1mx big_ord0 mul1r.
rewrite /= trmx_mul -mulmxA; apply: le_trans (IH _ (ltnW kL)) _.
rewrite big_ord_recr /= -mulrA; apply: ler_wpmul2l; first exact: prodr_ge0.
exact: op2_trmx (a0 k) (ha _ kL) x.
Qed.
Lemma op2_gap j k s : (j < L)%N -> (k < L)%N -> 0 <= s -> op2_le (W k) s ->
  op2_le (W j) (s + `|esum e j - esum e k|).
Proof.
move=> jL kL s0 hs; have [kj|/ltnW jk] := leqP k j.
  have h : esum e k <= esum e j by apply: esum_le.
  by rewrite ger0_norm ?subr_ge0 //; apply: (op2_up hE he e_ge0 hs s0); rewrite kj jL.
have h : esum e j <= esum e k by apply: esum_le.
by rewrite distrC ger0_norm ?subr_ge0 //; apply: (op2_down hE he e_ge0 hs s0); rewrite jk kL.
Qed.
(* lower side with the mean of the gaps *)
Theorem root_upper_mean s k : (k < L)%N -> 0 <= s -> op2_le (W k) s ->
  L%:R * c <= L%:R * s + \sum_(j < L) `|esum e j - esum e k|.
Proof.
move=> kL s0 hs; pose a j := s + `|esum e j - esum e k|.
have a0 j : 0 <= a j by rewrite addr_ge0.
have -> : L%:R * s + \sum_(j < L) `|esum e j - esum e k| = \sum_(j < L) a j.
  by rewrite big_split /= sumr_const card_ord mulr_natl.
have S0 : 0 <= \sum_(j < L) a j by apply: sumr_ge0.
rewrite -(@ler_pexpn2r _ L) ?nnegrE ?mulr_ge0 ?ler0n // exprMn cL.
have h := fwdT_prod w a0 (fun j jL => op2_gap jL kL s0 hs) (leqnn L); rewrite w1 mulr1 in h.
apply: le_trans (ler_wpmul2l (exprn_ge0 L (ler0n R L)) h) _.
have := (@leif_AGM_scaled R _ (mem 'I_L) (fun j : 'I_L => a j) (fun j _ => mulrn_wge0 _ (a0 j))).1.
rewrite card_ord; apply: le_trans.
rewrite [X in _ <= X](eq_bigr (fun j : 'I_L => L%:R * a j)) => [|j _]; last by rewrite mulr_natl.
by rewrite big_split /= prodr_const card_ord.
Qed.
(* at most (1 - 1/L) D *)
Corollary root_upper_L1 s k : (k < L)%N -> 0 <= s -> op2_le (W k) s ->
  L%:R * c <= L%:R * s + L.-1%:R * esum e L.-1.
Proof.
move=> kL s0 hs; apply: le_trans (root_upper_mean kL s0 hs) _; rewrite ler_add2l.
have D0 j : 0 <= esum e j by rewrite sumr_ge0.
have g j : (j < L)%N -> esum e j <= esum e L.-1 by move=> jL; apply: (esum_le e_ge0);
  rewrite -ltnS (prednK L_gt0).
rewrite (bigD1 (Ordinal kL)) //= subrr normr0 add0r.
apply: le_trans (_ : \sum_(i < L | i != Ordinal kL) esum e L.-1 <= _).
  apply: ler_sum => i _; rewrite ler_norml ler_subr_addr ler_subl_addr.
  by rewrite (le_trans _ (D0 i)) ?(le_trans (g i (ltn_ord i))) ?ler_addl // addrC subr_le0 g.
by rewrite sumr_const cardC1 card_ord mulr_natl.
Qed.
End Mean.

(* the constant 1 of D cannot be lowered: W_1 = 1, W_2 = 0 (L = 2): sigma_1^2 = 1, w_prod = 0, D =
   1 *)
Theorem fourth_tight (R : rcfType) : exists W : layers R (fun=> 1%N),
  [/\ norm (W 0%N) = 1, @wprod R (fun=> 1%N) W 2 (1%:M : 'M[R]_1) = 0
  & (W 1%N)^T *m W 1%N - W 0%N *m (W 0%N)^T = - 1%:M :> 'M[R]_1].
Proof.
exists (fun k => match k with 0 => 1%:M | _ => 0 end); split=> /=.
- by rewrite /norm /sqn /dot !big_ord1 !mxE mulr1 sqrtr1.
- by rewrite /wprod /= mul0mx trmx0 mul0mx.
by rewrite mulmx0 trmx1 mulmx1 sub0r.
Qed.

Section Flow.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat) (w :
  'cV[RR]_(d L)).
Variable W : R -> layers RR d.
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (dL : d L = 1%N) (w1 : sqn w = 1).
Variables (e : nat -> RR).
Hypotheses (he : forall k, (k.+1 < L)%N -> opnorm_le (imb W k) (e k)) (e_ge0 : forall k, 0 <= e k).
Notation D := (esum e L.-1).

(* sigma_k^2 <= |w_prod|^(2/L) + 3/2 D,  and  |w_prod|^(2/L) <= sigma_k^2 + (1 - 1/L) D *)
Theorem lemma2_fourth_consts t c k s : (0 <= t)%Re -> 0 <= c -> c ^+ L = sqn (wprod (W t) w) ->
  (k < L)%N -> is_opnorm (W t k) s ->
  2%:R * (s ^+ 2 - c) <= 3%:R * D /\ L%:R * (c - s ^+ 2) <= L.-1%:R * D.
Proof.
move=> t0 c0 cL kL hs; split.
  have /andP[_ h] := lemma2_fourth hW L_gt0 dL w1 he e_ge0 t0 c0 cL kL hs.
  apply: le_trans (ler_wpmul2l (ler0n _ 2) h) _; rewrite mulrDr.
  rewrite (_ : 3%:R * D = 2%:R * D + D); last by ring.
  by rewrite ler_add2l min_half.
have [s0 hk _] := hs.
have := root_upper_L1 (bal hW t0) he e_ge0 L_gt0 w1 c0 cL kL (sqr_ge0 s) ((op2_opnorm _ s0).1 hk).
by rewrite mulrBr ler_subl_addl.
Qed.
End Flow.

(* L = 1: every minimiser has the sharpness 2 |w|^2 Lambda *)
Theorem minimum_sharpness_L1 (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (w :
  'cV[RR]_(d 1%N)) (W : layers RR d) ws S :
  (0 < n)%N -> normal_eq X y ws -> wprod W w = ws -> ws != 0 ->
  is_sharpness X y w W S <->
  is_lub (fun v : R => exists z : 'cV[RR]_n, sqn z = 1 /\ v = (2%:R * sqn w * (n%:R^-1 *
    sqn (X^T *m z)) : RR)) S.
Proof.
move=> n0 hws wsE nz; have e z : Kdual X w W z = 2%:R * sqn w * (n%:R^-1 * sqn (X^T *m z)).
  rewrite /Kdual /Tdual big_ord1 mul1mx bvec_last; move: (n%:R^-1) (sqn w) => a b.
  by move: (sqn _) => q; ring.
have h := sharpness_dual hws wsE nz (isT : (0 < 1)%N) n0 S; split=> [/h.2|] [ub lub].
  split=> [v [z [z1 ->]]|b hb]; first by apply: ub; exists z; rewrite e.
  by apply: lub => v [z [z1 ->]]; apply: hb; exists z; rewrite e.
apply: h.1; split=> [v [z [z1 ->]]|b hb]; first by apply: ub; exists z; rewrite e.
by apply: lub => v [z [z1 ->]]; apply: hb; exists z; rewrite e.
Qed.
