(* Theorem 4 and Corollary 4 with the paper's own event and constants, for a Gaussian measure: the
   products W_k .. W_1 and W_L .. W_k are bounded at once, by Lemma 3 for the noise and for the
     noise
   with the order of the layers reversed and each layer transposed, which has the same law.  So
   C_3 = 2^-36 exp(-10 s^2 - 20 u), and the failure has probability 10 exp(-C_4 d) <= 16 exp(-C_4
     d). *)
From Coq Require Import Reals Lra Lia Psatz Classical_Prop.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Lemma9 Network Risk GradientFlow RealPower Sharpness Limit
  Corollary2 Convergence Confinement UpperExpectation Gaussian GaussianLayer FixedStart NetArgument
  Boxes Lemma3Measure HalfOpenBoxes Lemma3Gaussian TwoSidedEvent Theorem4Event Theorem4
  Theorem4Probability PaperEvent.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* products of numbers, reversed *)
Lemma prodvE (v : nat -> RR) n : prodv v n = \prod_(i < n) v i :> RR.
Proof. by elim: n v => [|n IH] v; rewrite ?big_ord0 // big_ord_recl -(IH (fun k => v k.+1)). Qed.
Lemma prodv_rev (v : nat -> R) n : prodv (fun k => v (n.-1 - k)%N) n = prodv v n.
Proof.
rewrite !prodvE (reindex_inj rev_ord_inj) /=; apply: eq_bigr => i _; congr v.
by case: n i => [[//]|n] i; rewrite subSS /= subKn // -ltnS.
Qed.
Lemma prodv_ext (v v' : nat -> R) n : (forall k, (k < n)%N -> v k = v' k) -> prodv v n = prodv v' n.
Proof. by move=> h; rewrite !prodvE; apply: eq_bigr => i _; exact: h. Qed.
Lemma prodv_swap (v : nat -> nat -> R) n m :
  prodv (fun i => prodv (v i) m) n = prodv (fun j => prodv (fun i => v i j) n) m.
Proof.
rewrite !prodvE; under eq_bigr do rewrite prodvE; rewrite exchange_big.
by apply: eq_bigr => i _; rewrite prodvE.
Qed.

Section Reversal.
Variables (d L : nat).
(* the noise with its layers in the reverse order, transposed *)
Definition reversed (w : nat -> nat -> nat -> R) : nat -> nat -> nat -> R :=
  fun k i j => w (L.-1 - k)%N j i.
Lemma below k : (k < L)%N -> (L.-1 - k < L)%N /\ (L.-1 - (L.-1 - k))%N = k.
Proof.
case: L => // l; rewrite ltnS /= => h; split; last exact: subKn.
by rewrite ltnS leq_subr.
Qed.
Lemma hbox_reversed lo hi w :
  hbox d L lo hi (reversed w) <-> hbox d L (reversed lo) (reversed hi) w.
Proof.
split=> h k kL i id j jd; have [kL' e] := below kL.
  by have := h _ kL' j jd i id; rewrite /reversed e.
by have := h _ kL' j jd i id; rewrite /reversed e.
Qed.
Lemma boxmeas_reversed lo hi : boxmeas d L (reversed lo) (reversed hi) = boxmeas d L lo hi.
Proof.
rewrite /boxmeas -[RHS]prodv_rev; apply: prodv_ext => k _.
by rewrite prodv_swap.
Qed.
Lemma reversed_measure (P : (Omega -> Prop) -> R) : gaussian_measure d L P ->
  gaussian_measure d L (fun A => P (fun w => A (reversed w))).
Proof.
move=> hP; split.
- by move=> A B AB; apply: (measure_monotone hP) => w; exact: AB.
- exact: (measure_empty hP).
- by move=> A B; exact: (measure_union hP).
- by move=> A c mono hc; apply: (measure_increasing hP) => // m w; exact: mono.
move=> lo hi h; rewrite -boxmeas_reversed -(measure_box hP); last by move=> k i j; exact: h.
by apply: (measure_ext hP) => w; exact: hbox_reversed.
Qed.
End Reversal.

Section TwoSided.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : (0 < s)%Re) (u0 : (0 < u)%Re).
Notation dd := (fun _ : nat => d).
(* the bounds of Lemma 3 (at d = 4 for the lower one) and the radius of the ball *)
Definition M3 : R := (4 * exp (s ^ 2 / 2 + u))%Re.
Definition m3 : R := (exp (- (s ^ 2 / 2) - u) / 4)%Re.
Definition C5s : R := (exp (- 2 * s ^ 2 - 4 * u) / 64)%Re.
Definition C3s : R := (exp (- 10 * s ^ 2 - 20 * u) / 2 ^ 36)%Re.
(* the factors of Corollary 4 and of the rate *)
Definition CSs : R := (2 ^ 12 * exp (3 * s ^ 2 + 6 * u))%Re.
Definition Cmus : R := (exp (- 2 * s ^ 2 - 4 * u) / 2 ^ 8)%Re.

Lemma M3_ge : (4 <= M3)%Re.
Proof.
have : (1 <= exp (s ^ 2 / 2 + u))%Re; last by rewrite /M3; lra.
by rewrite -exp_0; apply: exp_mono; nra.
Qed.
Lemma m3_gt0 : (0 < m3)%Re. Proof. by have := exp_pos (- (s ^ 2 / 2) - u); rewrite /m3; lra. Qed.
Lemma m3_le : (m3 <= 1 / 4)%Re.
Proof.
have : (exp (- (s ^ 2 / 2) - u) <= 1)%Re; last by rewrite /m3; lra.
by rewrite -exp_0; apply: exp_mono; nra.
Qed.
Lemma C5s_gt0 : (0 < C5s)%Re. Proof. by have := exp_pos (- 2 * s ^ 2 - 4 * u); rewrite /C5s;
  lra. Qed.
Lemma m3_lemma3 : (m3 <= exp (- (2 * s ^ 2 / INR d) - u) / 4)%Re.
Proof.
apply: Rmult_le_compat_r; first lra.
apply: exp_mono; have dR : (4 <= INR d)%Re by have := le_INR 4 d (elimT ssrnat.leP d4);
  rewrite [INR 4]/=; lra.
have : (/ INR d <= / 4)%Re by apply: Rinv_le_contravar; lra.
have := pow2_ge_0 s; rewrite /Rdiv; nra.
Qed.

Lemma W_reversed om k : W d L s (reversed L om) k = (W d L s om (L.-1 - k)%N)^T.
Proof. by apply/matrixP => i j; rewrite !mxE /reversed eq_sym. Qed.

(* the ball around the start, in the form of Lemma 3's theta *)
Lemma ball_good om (V : nat -> 'M[RR]_d) : good d L s u om ->
  (forall k, (k < L)%N -> (sqn (V k - W d L s om k) <= (C5s / INR L) * (C5s / INR L))%Re) ->
  forall k, (0 < k <= L)%N -> opnorm_le (prods V k) (M3 : RR) /\ sigmin_ge (prods V k) (m3 : RR).
Proof.
move=> g hV; have l0 : 0 < L%:R :> RR by rewrite ltr0n.
pose th i : 'M[RR]_d := L%:R *: (V i - W d L s om i).
have hth i : (i < L)%N -> opnorm_le (th i) (C5s : RR).
  move=> iL; have n : norm (V i - W d L s om i) <= (C5s / INR L)%Re.
    have LR : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
    have q : (0 <= C5s / INR L)%Re by apply/Rlt_le/Rdiv_lt_0_compat => //; exact: C5s_gt0.
    rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 //; last exact/RleP.
    by rewrite norm_sqr expr2; apply/RleP; exact: hV.
  move=> x; apply: le_trans (opnorm_le_frob (th i) x) _; apply: ler_wpmul2r; first exact: norm_ge0.
  rewrite normZ ger0_norm ?ler0n //; apply: le_trans (ler_wpmul2l (ltW l0) n) _.
  rewrite -INRE; apply/RleP; apply: Req_le; rewrite -[LHS]/(INR L * (C5s / INR L))%Re.
  by field; apply: not_0_INR; apply/eqP; rewrite -lt0n.
have VE i : V i = W d L s om i + L%:R^-1 *: th i.
  by rewrite scalerA mulVf ?gt_eqF // scale1r addrC subrK.
have e j : prods V j = prods (fun i => W d L s om i + L%:R^-1 *: th i) j.
  by apply: prods_ext => i; exact: VE.
move=> k hk; have [h1 h2] := g th hth k hk; rewrite e; split; first exact: h1.
move=> x; apply: le_trans (h2 x); apply: ler_wpmul2r; first exact: norm_ge0.
by apply/RleP; exact: m3_lemma3.
Qed.

Section Event.
Variables (om : Omega) (F0 : layers RR dd).
Hypotheses (g : good d L s u om) (gr : good d L s u (reversed L om)).
Hypothesis start : forall k, (k < L)%N -> F0 k = W d L s om k.
Variable V : layers RR dd.
Hypothesis hV : forall k, (k < L)%N -> (sqn (V k - F0 k) <= (C5s / INR L) * (C5s / INR L))%Re.
Let hV1 k : (k < L)%N -> (sqn ((V : nat -> 'M[RR]_d) k - W d L s om k) <= (C5s / INR L) * (C5s /
  INR L))%Re.
Proof. by move=> kL; rewrite -start //; exact: hV. Qed.
Let hV2 k : (k < L)%N -> (sqn (rv L V k - W d L s (reversed L om) k) <= (C5s / INR L) * (C5s / INR
  L))%Re.
Proof.
move=> kL; have [kL' _] := below kL.
by rewrite W_reversed /rv -linearB /= sqn_trmx; exact: hV1.
Qed.
Let M1 : 1 <= (M3 : RR). Proof. by apply/RleP; have := M3_ge; rewrite -[1%R]/(1%Re); lra. Qed.
Let m0 : 0 < (m3 : RR). Proof. by apply/RltP; exact: m3_gt0. Qed.
Let m1 : (m3 : RR) <= 1. Proof. by apply/RleP; have := m3_le; rewrite -[1%R]/(1%Re); lra. Qed.

Lemma paper_event (w : 'cV[RR]_d) k : (k < L)%N ->
  [/\ opnorm_le (fwd V k) (M3 : RR), sigmin_ge (fwd V k) (m3 : RR),
    norm (@bvec _ dd V L w k.+1) <= (M3 : RR) * norm w & (m3 : RR) * norm w <= norm (@bvec _ dd V
      L w k.+1)].
Proof.
move=> kL; have one (x : 'cV[RR]_d) : norm x <= (M3 : RR) * norm x /\ (m3 : RR) * norm x <= norm x.
  by split; [rewrite ler_pemull ?norm_ge0|rewrite ler_pimull ?norm_ge0].
have [b1 b2] : norm (@bvec _ dd V L w k.+1) <= (M3 : RR) * norm w /\
    (m3 : RR) * norm w <= norm (@bvec _ dd V L w k.+1).
  have -> : k.+1 = (L - (L - k.+1))%N by rewrite subKn.
  rewrite TwoSidedEvent.bvec_prods ?leq_subr //; case: (L - k.+1)%N (leq_subr k.+1 L) => [|j] jL.
    by rewrite mul1mx.
  by have [h1 h2] := ball_good gr hV2 (k := j.+1) jL; split; [exact: h1|exact: h2].
split=> // x; rewrite fwd_prods; case: k kL {b1 b2} => [|k] kL.
- by rewrite mul1mx; case: (one x).
- by have [h1 _] := ball_good g hV1 (k := k.+1) (ltnW kL); exact: h1.
- by rewrite mul1mx; case: (one x).
- by have [_ h2] := ball_good g hV1 (k := k.+1) (ltnW kL); exact: h2.
Qed.
Lemma paper_product (w : 'cV[RR]_d) : (m3 : RR) * norm w <= norm (@wprod _ dd V L w).
Proof. exact: (prod_side m0 m1 (fun k kL => (ball_good g hV1 kL).2) w). Qed.
End Event.

Lemma C3s_eq : C3 (m3 : RR) (M3 : RR) (m3 : RR) (M3 : RR) (C5s : RR) = C3s.
Proof.
rewrite /C3 /C3s.
set A := (- 2 * s ^ 2 - 4 * u)%Re; set B := (s ^ 2 / 2 + u)%Re; set E := (- (s ^ 2 / 2) - u)%Re.
have -> : (- 10 * s ^ 2 - 20 * u = A * INR 2 + E * INR 8 + - (B * INR 4))%Re.
  by rewrite /A /B /E [INR 2]/= [INR 8]/= [INR 4]/=; field.
rewrite !exp_plus exp_Ropp -!exp_pow /C5s /m3 /M3 -/A -/B -/E.
have a0 := exp_pos A; have b0 := exp_pos B; have e0 := exp_pos E.
move: (exp A) (exp B) (exp E) a0 b0 e0 => a b c a0 b0 c0.
by change ((a / 64 * (a / 64) * (c / 4 * (c / 4) * (c / 4 * (c / 4)) * (c / 4 * (c / 4) * (c / 4 *
  (c / 4)))) / (4 * b * (4 * b) * (4 * b * (4 * b)))) = (a ^ 2 * c ^ 8 * / b ^ 4 / 2 ^ 36))%Re;
    field; lra.
Qed.

Lemma two_sided_trains4 om : good d L s u om -> good d L s u (reversed L om) ->
  trains4 d L s C3s C5s CSs Cmus om.
Proof.
move=> g gr n X y w ws lam Lam F w_nz lam0 hl hL we gf F0 small.
have w2 : 0 < sqn w by rewrite lt_def sqn_eq0 w_nz sqn_ge0.
have Lam0 : 0 < Lam.
  have := le_trans (hl w) (hL w); rewrite ler_pmul2r // => h; exact: lt_le_trans lam0 h.
have LR : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
have L1 : (1 <= INR L)%Re by have <- : INR 1 = 1%Re; [|apply: le_INR; apply/ssrnat.leP].
have p := M3_ge; have mp := m3_gt0; have mle := m3_le.
have M0 : 0 < (M3 : RR) by apply/RltP; rewrite -[0%R]/(0%Re); lra.
have m0 : 0 < (m3 : RR) by apply/RltP.
have c0 : 0 < (C5s : RR) by apply/RltP; exact: C5s_gt0.
have ev V hV k kL := @paper_event om (F 0%Re) g gr F0 V hV w k kL.
have evp V hV := @paper_product om (F 0%Re) g F0 V hV w.
rewrite -C3s_eq in small.
have T := @theorem4 dd n X y L w F ws lam Lam _ _ _ _ C5s gf L0 w_nz lam0 hl hL we m0 m0 M0 M0 c0
  Lam0 ev small.
have [S [h1 h2 h3 h4 h5]] := @corollary4 dd n X y L w F ws lam Lam _ _ _ _ C5s gf L0 w_nz lam0 hl
  hL we m0 m0 M0 M0 c0 Lam0 ev small _ m0 evp.
have [_ hrisk [hlim _] hd [wE hmin]] := T.
have eM : (M3 * M3 * (M3 * M3) / (m3 * m3) = CSs)%Re.
  rewrite /M3 /m3 /CSs; set B := (s ^ 2 / 2 + u)%Re.
  have -> : (- (s ^ 2 / 2) - u = - B)%Re by rewrite /B; ring.
  have -> : (3 * s ^ 2 + 6 * u = B * INR 6)%Re by rewrite /B [INR 6]/=; field.
  by rewrite exp_Ropp -exp_pow; have := exp_pos B; move: (exp B) => b b0; field; lra.
exists (Winf F); split=> //.
- move=> t t0; have := hrisk t t0; rewrite /rate4.
  suff -> : (m3 * m3 * (m3 * m3) = Cmus)%Re by [].
  rewrite /m3 /Cmus; set E := (- (s ^ 2 / 2) - u)%Re.
  have -> : (- 2 * s ^ 2 - 4 * u = E * INR 4)%Re by rewrite /E [INR 4]/=; field.
  by rewrite -exp_pow; field.
- move=> k kL; exists (L%:R *: (Winf F k - W d L s om k)).
    by rewrite scalerA mulVf ?scale1r ?(addrC (W d L s om k)) ?subrK // pnatr_eq0 -lt0n.
  have := hd k kL; rewrite F0 // => h.
  rewrite normZ ger0_norm ?ler0n // -(INRE L) -RmultE.
  apply: (Rle_trans _ (INR L * (C5s / INR L)))%Re.
    by apply: Rmult_le_compat_l h; exact: Rlt_le.
  have -> : (INR L * (C5s / INR L) = C5s)%Re by field; lra.
  exact: Rle_refl.
have l0 : (0 < lam)%Re by exact/RltP.
have La0 : (0 < Lam)%Re by exact/RltP.
exists S; split=> //; last by rewrite -eM.
apply: Rle_trans h4 _; rewrite -eM.
apply: Rmult_le_compat_r.
  by repeat apply: Rmult_le_pos; try lra; apply/Rlt_le/exp_pos.
apply: Rmult_le_compat_r; first by apply: Rmult_le_pos; [lra|apply/Rlt_le/Rinv_0_lt_compat].
have M2 : (0 <= M3 * M3)%Re by nra.
apply: Rmult_le_compat_l; first exact: Rmult_le_pos.
have -> : (/ (m3 * m3) = Rpower (/ m3) 2)%Re.
  have i0 : (0 < / m3)%Re by apply: Rinv_0_lt_compat.
  have -> : (/ (m3 * m3) = (/ m3) ^ 2)%Re by field; lra.
  by rewrite -(Rpower_pow 2 _ i0) [INR 2]/=; congr (Rpower _ _); ring.
apply: Rle_Rpower; first by rewrite -Rinv_1; apply: Rinv_le_contravar; lra.
have : (0 <= 2 / INR L)%Re by apply: Rmult_le_pos; [lra|apply/Rlt_le/Rinv_0_lt_compat].
lra.
Qed.
End TwoSided.

(* Theorem 4 and Corollary 4 for a Gaussian measure P, all data, heads and flows at once *)
Theorem theorem_4_two_sided_measure (d L : nat) (s : R) (P : (Omega -> Prop) -> R) :
  gaussian_measure d L P -> (4 <= d)%N -> (0 < L)%N -> (0 < s)%Re ->
    (us s <= 0.43 * sqrt (INR L))%Re ->
  (P (fun om => ~ trains4 d L s (C3s s (us s)) (C5s s (us s)) (CSs s (us s)) (Cmus s (us s)) om)
    <= 10 * exp (- ((22 * s + 6) ^ 2 / 32 * INR d)))%Re.
Proof.
move=> hP d4 L0 s0 hu; have u0 : (0 < us s)%Re by rewrite /us; nra.
have -> : ((22 * s + 6) ^ 2 / 32 * INR d = INR d * us s ^ 2 / (32 * s ^ 2))%Re by rewrite /us;
  field; lra.
have h1 := lemma_3_gaussian_measure hP d4 L0 s0 (Rle_refl (us s)) hu.
have h2 := lemma_3_gaussian_measure (reversed_measure hP) d4 L0 s0 (Rle_refl (us s)) hu.
apply: (Rle_trans _ (P (fun om => ~ good d L s (us s) om \/ ~ good d L s (us s) (reversed L om)))).
  apply: (measure_monotone hP) => om bad; case: (classic (good d L s (us s) om)) => g; last by left.
  case: (classic (good d L s (us s) (reversed L om))) => gr; last by right.
  by case: bad; exact: two_sided_trains4.
by apply: Rle_trans (measure_union hP _ _) _; lra.
Qed.
