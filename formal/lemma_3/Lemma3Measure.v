(* Lemma 3 without any notion of this development: the failure event is open, and every finite
   disjoint union of boxes inside it
   has Gaussian measure (sums of products of integrals of e^{-x^2/2} over intervals, normalised) at
   most 5 exp(-d u^2/(32 s^2)). *)
From Coq Require Import Reals Lra Lia Psatz Classical_Prop.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Rcomplements.
From Flatcert Require Import OperatorNorm Linalg Lemma9 UpperExpectation Gaussian Tails
  GaussianLayer FixedStart NetArgument Lemma3Constants Net Lemma3 Boxes.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Statement.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : (0 < s)%Re).
Hypotheses (h1 : (64.5 * s ^ 2 + 10 * s <= u)%Re) (h2 : (u <= 0.65 * sqrt (INR L))%Re).

Theorem lemma3_boxes (l : seq (corner * corner)) :
  (forall p, List.In p l -> forall k i j, p.1 k i j <= p.2 k i j)%Re ->
  (forall w, inds d L l w <= ind (fun w => ~ good d L s u w) w)%Re ->
  (meas d L l <= 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))))%Re.
Proof. move=> hl hd; exact: (@boxes_le d L _ _ l (lemma3 d4 L0 s0 h1 h2) hl hd). Qed.

(* w and w' differ by at most del in the L d^2 entries *)
Definition near (del : R) (w w' : Omega) := forall k i j, (i < d)%N -> (j < d)%N -> (k < L)%N ->
  (Rabs (w' k i j - w k i j) <= del)%Re.

Lemma mx_near del w w' k : (0 <= del)%Re -> near del w w' -> (k < L)%N ->
  (norm (mx d (w' k) - mx d (w k)) <= INR d * del)%Re.
Proof.
move=> d0 h kL; have q0 : (0 <= INR d * del)%Re by apply: Rmult_le_pos => //; exact: pos_INR.
apply/RleP; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 //; last exact/RleP.
rewrite norm_sqr /sqn /dot; apply: le_trans (_ : \sum_(i < d) \sum_(j < d) ((del * del)%Re : RR) <=
  _).
  apply: ler_sum => i _; apply: ler_sum => j _; rewrite !mxE; apply/RleP.
  have := h k i j (ltn_ord i) (ltn_ord j) kL => /Rcomplements.Rabs_le_between hh.
  rewrite -[X in (X <= _)%Re]/((w' k i j - w k i j) * (w' k i j - w k i j))%Re; nra.
under eq_bigr do rewrite sumr_const card_ord.
rewrite sumr_const card_ord -mulr_natl -[X in _ * X]mulr_natl -INRE; apply/RleP; apply: Req_le.
rewrite expr2 -[LHS]/(INR d * (INR d * (del * del)))%Re -[RHS]/((INR d * del) * (INR d * del))%Re;
  ring.
Qed.

Variable th : nat -> 'M[RR]_d.
Let A (w : Omega) j : 'M[RR]_d := W d L s w j + (L%:R : RR)^-1 *: th j.

Lemma lip w k (x : 'cV[RR]_d) : (k <= L)%N -> exists2 K : R, (0 <= K)%Re & forall del w',
  (0 <= del <= 1)%Re -> near del w w' ->
  (norm (prods (A w') k *m x - prods (A w) k *m x) <= K * del)%Re.
Proof.
have sgP := sg0 (leq_trans (isT : (0 < 4)%N) d4) L0 s0.
elim: k => [|k IH] kL.
  exists 0%Re; first exact: Rle_refl.
  move=> del w' _ _; rewrite subrr norm0 Rmult_0_l; exact: Rle_refl.
have [K K0 hK] := IH (ltnW kL); set v := prods (A w) k *m x in hK.
have D0 := pos_INR d.
have a0 := normR0 (A w k).
have b0 := normN0 v.
exists ((norm (A w k) + sg d L s * INR d) * K + sg d L s * INR d * norm v)%Re.
  apply: Rplus_le_le_0_compat; apply: Rmult_le_pos => //; last by apply: Rmult_le_pos => //;
    exact: Rlt_le.
  by apply: Rplus_le_le_0_compat => //; apply: Rmult_le_pos => //; exact: Rlt_le.
move=> del w' hd hw; have := hK del w' hd hw; set v' := prods (A w') k *m x => hv.
have -> : prods (A w') k.+1 *m x - prods (A w) k.+1 *m x = A w' k *m (v' - v) + (A w' k -
  A w k) *m v.
  by rewrite /v /v' mulmxBr mulmxBl !mulmxA addrA subrK.
have E : A w' k - A w k = (sg d L s : RR) *: (mx d (w' k) - mx d (w k)).
  by rewrite /A /W opprD addrACA subrr addr0 opprD addrACA subrr add0r scalerBr.
have n1 : (norm (A w' k - A w k) <= sg d L s * (INR d * del))%Re.
  rewrite E normZ ger0_norm; last exact/RleP/Rlt_le.
  by apply: Rmult_le_compat_l; [exact: Rlt_le|apply: mx_near => //; lra].
have n2 : (norm (A w' k) <= norm (A w k) + sg d L s * (INR d * del))%Re.
  have -> : A w' k = A w k + (A w' k - A w k) by rewrite addrC subrK.
  apply: Rle_trans (_ : (norm (A w k) + norm (A w' k - A w k) <= _)%Re); last lra.
  by apply/RleP; exact: normD.
have n3 : (norm (A w' k *m (v' - v)) <= norm (A w' k) * norm (v' -
  v))%Re by exact: opnorm_le1 (@opnorm_le_frob _ _ _ _).
have n4 : (norm ((A w' k - A w k) *m v) <= norm (A w' k - A w k) *
  norm v)%Re by exact: opnorm_le1 (@opnorm_le_frob _ _ _ _).
apply: Rle_trans (normD_R _ _) _.
have c0 := normR0 (A w' k); have c1 := normN0 (v' - v).
have m1 : (norm (A w' k) * norm (v' - v) <= (norm (A w k) + sg d L s * INR d) * (K * del))%Re.
  apply: Rmult_le_compat => //; apply: Rle_trans n2 _; apply: Rplus_le_compat_l;
    apply: Rmult_le_compat_l; [exact: Rlt_le|].
  by rewrite -[X in (_ <= X)%Re]Rmult_1_r; apply: Rmult_le_compat_l => //; lra.
have m2 : (norm (A w' k - A w k) * norm v <= sg d L s * (INR d * del) *
  norm v)%Re by apply: Rmult_le_compat_r.
lra.
Qed.
End Statement.

Theorem failure_open (d L : nat) (s u : R) (w : Omega) : (4 <= d)%N -> (0 < L)%N -> (0 < s)%Re ->
  ~ good d L s u w -> exists2 del : R, (0 < del)%Re & forall w', near d L del w w' ->
    ~ good d L s u w'.
Proof.
move=> d4 L0 s0 ng; apply: NNPP => no.
have dense del : (0 < del)%Re -> exists2 w', near d L del w w' & good d L s u w'.
  move=> del0; apply: NNPP => no2; apply: no; exists del => // w' hw hg; apply: no2; by exists w'.
apply: ng => th hth k kL; have kL2 := proj2 (andP kL).
pose P (v : Omega) : 'M[RR]_d := prods (fun j => W d L s v j + (L%:R : RR)^-1 *: th j) k.
have close (x : 'cV[RR]_d) : forall gap : R, (0 < gap)%Re -> exists w', good d L s u w' /\
   (norm (P w' *m x - P w *m x) < gap)%Re.
  move=> gap g0; have [K K0 hK] := @lip d L s d4 L0 s0 th w k x kL2.
  pose del := Rmin 1 (gap / (K + 1)).
  have q0 : (0 < gap / (K + 1))%Re by apply: Rdiv_lt_0_compat; lra.
  have del0 : (0 < del)%Re by apply: Rmin_glb_lt; lra.
  have [w' hw hg] := dense del del0; exists w'; split=> //.
  have := hK del w' (conj (Rlt_le _ _ del0) (Rmin_l _ _)) hw; move/Rle_lt_trans; apply.
  apply: (Rle_lt_trans _ (K * (gap / (K + 1)))%Re); first by apply: Rmult_le_compat_l => //;
    exact: Rmin_r.
  have -> : (K * (gap / (K + 1)) = gap - gap / (K + 1))%Re by field; lra. lra.
split=> x; apply/RleP; apply: Rnot_lt_le => lt.
- have [w' [g hc]] := close x _ (Rlt_Rminus _ _ lt).
  have [up _] := g th hth k kL; have /RleP h := up x.
  have t : (norm (P w *m x) <= norm (P w' *m x) + norm (P w' *m x - P w *m x))%Re.
    by apply/RleP; rewrite -[norm (_ - _)]normN opprB; apply: le_trans (normD _ _);
      rewrite addrC subrK.
  move: h hc lt t; rewrite -/(P w') -/(P w); set X := norm (P w *m x); set Y := norm (P w' *m x);
    set Z := norm (P w' *m x - _); rewrite -[(_ * norm x)%R]/(_ * _)%Re; lra.
- have [w' [g hc]] := close x _ (Rlt_Rminus _ _ lt).
  have [_ lo] := g th hth k kL; have /RleP h := lo x.
  have t : (norm (P w' *m x) <= norm (P w *m x) + norm (P w' *m x - P w *m x))%Re.
    by apply/RleP; apply: le_trans (normD _ _); rewrite addrC subrK.
  move: h hc lt t; rewrite -/(P w') -/(P w); set X := norm (P w *m x); set Y := norm (P w' *m x);
    set Z := norm (P w' *m x - _); rewrite -[(_ * norm x)%R]/(_ * _)%Re; lra.
Qed.
(* what inds sums: 1 in the box, 0 outside *)
Definition inbox d L (lo hi w : corner) := forall k, (k < L)%N -> forall i, (i < d)%N -> forall j,
  (j < d)%N -> (lo k i j <= w k i j <= hi k i j)%Re.
Theorem boxindE d L lo hi w : (inbox d L lo hi w ->
  boxind d L lo hi w = 1%Re) /\ (~ inbox d L lo hi w -> boxind d L lo hi w = 0%Re).
Proof.
apply: (@sboxindE itv d L (fun a b x => (a <= x <= b)%Re)) => a b x h; first exact: itv_in.
by apply: itv_out; apply: NNPP => h'; apply: h; lra.
Qed.

(* Any probability P on arrays whose value on open events is at most the supremum of the box
   measures inside (as the Gaussian measure,
   being countably additive, has: an open set is an increasing union of finite disjoint unions of
   boxes) obeys Lemma 3. *)
Definition is_open d L (B : Omega -> Prop) := forall w, B w -> exists2 del : R,
  (0 < del)%Re & forall w', near d L del w w' -> B w'.
Definition gaussian_on_open d L (P : (Omega -> Prop) -> R) := forall B, is_open d L B ->
  forall c, (forall l, (forall p, List.In p l -> forall k i j, (p.1 k i j <= p.2 k i j)%Re) ->
    (forall w, (inds d L l w <= ind B w)%Re) -> (meas d L l <= c)%Re) -> (P B <= c)%Re.
Theorem lemma3_any_measure (d L : nat) (s u : R) P : gaussian_on_open d L P -> (4 <= d)%N ->
  (0 < L)%N -> (0 < s)%Re ->
  (22 * s ^ 2 + 6 * s <= u)%Re -> (u <= 0.43 * sqrt (INR L))%Re ->
  (P (fun w => ~ good d L s u w) <= 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))))%Re.
Proof.
move=> hP d4 L0 s0 h1 h2; apply: hP => [w|l hl hd]; first exact: failure_open.
exact: (@boxes_le d L _ _ l (lemma3_sharp d4 L0 s0 h1 h2) hl hd).
Qed.
