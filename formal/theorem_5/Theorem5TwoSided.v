(* Theorem 5 with the paper's own event, for a Gaussian measure: the same constants as Theorem 4,
   C_3 = 2^-36 exp(-10 s^2 - 20 u), u = 22 s^2 + 6 s; no flow among the hypotheses. *)
From Coq Require Import Reals Lra Lia Psatz Classical_Prop.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Network Risk PolynomialDerivative Limit Corollary2 Confinement
  UpperExpectation Gaussian GaussianLayer FixedStart NetArgument Theorem4 Theorem4Probability
  Multivariate Theorem5 Measure Lemma3Gaussian TwoSidedMeasure.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section TwoSided.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : (0 < s)%Re) (u0 : (0 < u)%Re).
Notation dd := (fun _ : nat => d).

Lemma two_sided_trains5 om : good d L s u om -> good d L s u (reversed L om) ->
  trains5 d L s (C3s s u) (C5s s u) (Cmus s u) om.
Proof.
move=> g gr n X Y As lam Lam F lam0 hl hL we gf F0 small.
have d0 : (0 < d)%N by exact: leq_trans d4.
have [v v1] : exists v : 'cV[RR]_d, 0 < sqn v.
  exists (delta_mx (Ordinal d0) 0); rewrite lt_def sqn_ge0 sqn_eq0 andbT.
  by apply/eqP => /matrixP/(_ (Ordinal d0) 0); rewrite !mxE !eqxx => /eqP; rewrite oner_eq0.
have Lam0 : 0 < Lam.
  have := le_trans (hl v) (hL v); rewrite ler_pmul2r // => h; exact: lt_le_trans lam0 h.
have LR : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
have p := M3_ge s u0; have mp := m3_gt0 s u.
have M0 : 0 < (M3 s u : RR) by apply/RltP; rewrite -[0%R]/(0%Re); lra.
have m0 : 0 < (m3 s u : RR) by apply/RltP.
have c0 : 0 < (C5s s u : RR) by apply/RltP; exact: C5s_gt0.
have ev (V : layers RR dd) :
    (forall k, (k < L)%N -> (sqn (V k - F 0%Re k) <= (C5s s u / INR L) * (C5s s u / INR L))%Re) ->
  forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) (M3 s u : RR), sigmin_ge (fwd V k) (m3 s u : RR),
    opnorm_le (@top _ dd L V k.+1)^T (M3 s u : RR) & sigmin_ge (@top _ dd L V k.+1)^T (m3 s u :
      RR)].
  move=> hV k kL; have h x := @paper_event d L s u d4 L0 u0 om (F 0%Re) g gr F0 V hV x k kL.
  have [h1 h2 _ _] := h 0; split=> // x; have [_ _ h3 h4] := h x;
  by rewrite (@topE _ dd L V x k.+1 kL).
rewrite -C3s_eq in small.
have [_ hrisk [hlim _] hd [wE hmin]] := @theorem5 dd n X L Y F As lam Lam _ _ _ _ (C5s s u)
  gf L0 lam0 hl hL we m0 m0 M0 M0 c0 Lam0 ev small.
exists (Winf F); split=> //.
- move=> t t0; have := hrisk t t0; rewrite /rate5.
  suff -> : (m3 s u * m3 s u * (m3 s u * m3 s u) = Cmus s u)%Re by [].
  rewrite /m3 /Cmus; set E := (- (s ^ 2 / 2) - u)%Re.
  have -> : (- 2 * s ^ 2 - 4 * u = E * INR 4)%Re by rewrite /E [INR 4]/=; field.
  by rewrite -PaperEvent.exp_pow; field.
- move=> k kL; exists (L%:R *: (Winf F k - W d L s om k)).
    by rewrite scalerA mulVf ?scale1r ?(addrC (W d L s om k)) ?subrK // pnatr_eq0 -lt0n.
  have := hd k kL; rewrite F0 // => h.
  rewrite normZ ger0_norm ?ler0n // -(INRE L) -RmultE.
  apply: (Rle_trans _ (INR L * (C5s s u / INR L)))%Re.
    by apply: Rmult_le_compat_l h; exact: Rlt_le.
  have -> : (INR L * (C5s s u / INR L) = C5s s u)%Re by field; lra.
  exact: Rle_refl.
Qed.
End TwoSided.

Theorem theorem_5_two_sided_measure (d L : nat) (s : R) (P : (Omega -> Prop) -> R) :
  gaussian_measure d L P -> (4 <= d)%N -> (0 < L)%N -> (0 < s)%Re ->
  (us s <= 0.43 * sqrt (INR L))%Re ->
  (P (fun om => ~ trains5 d L s (C3s s (us s)) (C5s s (us s)) (Cmus s (us s)) om)
    <= 10 * exp (- ((22 * s + 6) ^ 2 / 32 * INR d)))%Re.
Proof.
move=> hP d4 L0 s0 hu; have u0 : (0 < us s)%Re by rewrite /us; nra.
have -> : ((22 * s + 6) ^ 2 / 32 * INR d = INR d * us s ^ 2 / (32 * s ^ 2))%Re.
  by rewrite /us; field; lra.
have h1 := lemma_3_gaussian_measure hP d4 L0 s0 (Rle_refl (us s)) hu.
have h2 := lemma_3_gaussian_measure (reversed_measure hP) d4 L0 s0 (Rle_refl (us s)) hu.
apply: (Rle_trans _ (P (fun om => ~ good d L s (us s) om \/ ~ good d L s (us s) (reversed L om)))).
  apply: (measure_monotone hP) => om bad; case: (classic (good d L s (us s) om)) => g; last by left.
  case: (classic (good d L s (us s) (reversed L om))) => gr; last by right.
  by case: bad; exact: two_sided_trains5.
by apply: Rle_trans (measure_union hP _ _) _; lra.
Qed.
