(* What goes beyond the paper, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Limit Corollary2 Convergence Corollary3Stated Lemma2 Lemma9 Lemma9Stated.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

From Flatcert Require BestConstants Headlines Rayleigh RayleighAlgebra Corollary1
  Corollary3Sharp FourthLine MinimalSharpnessAttained.

Theorem lemma_4_minus_best : Statements.lemma_4_minus_best.
Proof.
move=> c; split=> [h|hc al x a0 x01]; first exact: (BestConstants.lemma4_first_least c h).
have := BestConstants.lemma4_first_best al x a0 x01.
have : (0 <= al * x)%Re by apply: Rmult_le_pos; lra.
by move=> p; have := Rmult_le_compat_r _ _ _ p hc; lra.
Qed.
Theorem lemma_4_plus_best : Statements.lemma_4_plus_best.
Proof.
move=> c; split=> [h|hc al x a0 x0 ax]; first exact: (BestConstants.lemma4_second_least c h).
have := BestConstants.lemma4_second_best al x a0 x0 ax.
have : (0 <= al * x)%Re by apply: Rmult_le_pos; lra.
by move=> p; have := Rmult_le_compat_r _ _ _ p hc; lra.
Qed.
Theorem lemma_5_best : Statements.lemma_5_best.
Proof.
move=> c; split=> [h|hc l x l1 x1]; first exact: (BestConstants.lemma5_least c h).
apply: Rle_trans (Lemma5.lemma5_sharp l x l1 x1) _; apply: Rmult_le_compat_r => //.
exact: Rlt_le (exp_pos _).
Qed.
Theorem lemma_9_sharp : Statements.lemma_9_sharp.
Proof.
move=> d L W th M m /RleP M1 [/RltP m0 /RltP m1] hW hth V k kL.
have hM j : (0 < j <= L)%N -> opnorm_le (prods W j) (M : RR).
  by move=> jL; rewrite -product_prods; apply/opnorm_leP; case: (hW j jL).
have hm j : (0 < j <= L)%N -> sigmin_ge (prods W j) (m : RR).
  by move=> jL; rewrite -product_prods; apply/sigmin_geP; case: (hW j jL).
have ht j : (j < L)%N -> opnorm_le (th j) ((m : RR) / (2%:R * (M : RR))).
  move=> jL; have /opnorm_leP := hth j jL; rewrite RdivE; first by rewrite RmultE num2.
  by rewrite RmultE -num2 mulf_neq0 ?pnatr_eq0 // gt_eqF // (lt_le_trans ltr01).
rewrite product_prods; split.
  by apply/opnorm_leP; rewrite -num2; exact: (Lemma9.lemma9_upper_sharp M1 m0 m1 hM hm ht kL).
apply/sigmin_geP; have := Lemma9.lemma9_lower_sharp M1 m0 m1 hM hm ht kL.
by rewrite RdivE -num2 ?pnatr_eq0.
Qed.
Theorem theorem_2_sharp : Statements.theorem_2_sharp.
Proof.
move=> d n X y L w W ws la La sigma L0 d0 w0 /A1_bounds [l0 hl _ n0 _] hws ws0 hmin hs.
have hmin' W' : risk X y w W <= risk X y w W' by apply/RleP; exact: hmin.
have [S [hS _ _ _ b]] := Headlines.theorem2_sharp L0 n0 (fun k _ => d0 k) w0 ws0 l0 hl hws hmin'
  (fun k kL => proj1 (is_opnormP _ _) (hs k kL)).
exists S; split; first exact: hS.
have e : Rayleigh.q_ray X ws * sqn ws = n%:R^-1 * sqn (X *m ws).
  by rewrite /Rayleigh.q_ray /RayleighAlgebra.Qws divfK ?sqn_eq0.
by apply/RleP; move: b; rewrite -[2%:R * _ * _]mulrA e -(Sigma_quad X ws).
Qed.
Theorem corollary_1_sharp : Statements.corollary_1_sharp.
Proof.
move=> d n X y L w W ws la La ep [/gradient_flowP hW L0 dL w1] /A1_bounds [l0 hl _ n0 _] hws /(A2P
  L0) [A2r A2g].
move=> /is_epsilonP [e [v [he e0 hv epE]]] ws1 hLe; rewrite epE in hLe.
have [T [T1 h]] := Corollary1.corollary1_sharp hW L0 dL w1 l0 hl hws A2r A2g he e0 hv ws1 hLe.
by exists T; split=> // t tT k sk kL /is_opnormP hs; exact: (h t tT k sk kL hs).
Qed.
Theorem corollary_3_sharp : Statements.corollary_3_sharp.
Proof.
move=> d n X y L w W V ws la La ep [/gradient_flowP hW L0 dL w1] hA1 hws /(A2P L0) [A2r A2g].
have l0' : (0 < la)%Re by case: hA1.
have /A1_bounds [l0 hl hL n0 _] := hA1.
move=> /is_epsilonP [e [v [he e0 hv epE]]] [_ ws1 h32] hV; rewrite epE in h32.
have [S [hS h2]] := Corollary3Sharp.corollary3_100025 hW L0 dL w1 l0 hl hL hws A2r A2g he e0 hv ws1
  h32.
have [hlim _] := corollary2 hW L0 dL w1 l0 hl hws A2r A2g.
exists S; split.
  apply: sharpness_eq hS => i iL; exact: (mlim_unique (hlim i iL) (hV i iL)).
have div (a m k : R) : (0 < m)%Re -> (a <= k * m)%Re -> (a / m <= k)%Re.
  move=> m0 h; apply: (Rmult_le_reg_r m) => //; rewrite (_ : a / m * m = a)%Re //; field; lra.
exact: div (Smin_gt0 ws L0 l0') h2.
Qed.
Theorem lemma_2_fourth : Statements.lemma_2_fourth.
Proof.
move=> d n X y L w W e c t k s [/gradient_flowP hW L0 dL w1] he t0 /RleP c0 cL kL /is_opnormP hs.
pose e' i := if (i.+1 < L)%N then e i else 0.
have he' i : (i.+1 < L)%N -> opnorm_le (imb W i) (e' i).
  by move=> iL; rewrite /e' iL; case/is_opnormP: (he i iL).
have e0 i : 0 <= e' i by rewrite /e'; case: ifP => // iL; case/is_opnormP: (he i iL).
have sumE : esum e' L.-1 = \sum_(i < L.-1) e i.
  by apply: eq_bigr => i _; rewrite /e' -ltn_predRL (ltn_ord i).
have cL' : (c : RR) ^+ L = sqn (wprod (W t) w) by rewrite -RpowE.
have := FourthLine.lemma2_fourth hW L0 dL w1 he' e0 t0 c0 cL' kL hs; rewrite sumE => /andP[h1 h2].
rewrite RpowE; split; apply/RleP; first exact: h1.
have half (a b : RR) : Num.min a (b - a) <= b / 2%:R.
  rewrite ler_pdivl_mulr ?ltr0n // mulr_natr mulr2n [X in _ <= X](_ : b = a + (b - a)); last first.
    by rewrite addrC subrK.
  by apply: ler_add; rewrite le_minl lexx ?orbT.
apply: le_trans h2 _; move: (\sum_(i < L.-1) e i) (esum e' k) => D a.
have two : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
have e3 : (3 / 2 * D)%Re = D + D / 2%:R.
  by rewrite two -RdivE -?two ?pnatr_eq0 // two -RplusE; field.
by rewrite e3 ler_add2l; exact: half.
Qed.
Theorem minimum_sharpness : Statements.minimum_sharpness.
Proof.
move=> d n X y m w ws la La d0 w0 /A1_bounds [l0 hl _ n0 _] hws ws0.
have [ts [S [_ _ _ [W [hW hS]] low]]] :=
  MinimalSharpnessAttained.minimum_sharpness n0 w0 ws0 (fun k _ => d0 k) l0 hl hws.
exists S; split; first by exists W; split=> [V|]; [apply/RleP; exact: hW|exact: hS].
by move=> V S' hV; apply: low => V'; apply/RleP; exact: hV.
Qed.
