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
From Flatcert Require Import RealFacts Linalg Lemma9 Network Risk GradientFlow RealPower Sharpness
  Limit Corollary2 Convergence UpperExpectation Gaussian GaussianLayer FixedStart NetArgument Boxes
  Lemma3Measure HalfOpenBoxes Lemma3Gaussian Theorem4Event Theorem4 Theorem4Probability.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* products of numbers, reversed *)
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
Definition C3s : R := (exp (- 10 * s ^ 2 - 20 * u) / 2 ^ 36)%Re.
(* the factors of Corollary 4 and of the rate *)
Definition CSs : R := (2 ^ 12 * exp (3 * s ^ 2 + 6 * u))%Re.
Definition Cmus : R := (exp (- 2 * s ^ 2 - 4 * u) / 2 ^ 8)%Re.
Notation M := (Mc s u : RR).
Notation C5s := (C5c s u : RR).

Lemma W_reversed om k : W d L s (reversed L om) k = (W d L s om (L.-1 - k)%N)^T.
Proof. by apply/matrixP => i j; rewrite !mxE /reversed eq_sym. Qed.

Lemma two_sided_event om : good d L s u om -> good d L s u (reversed L om) ->
  layers_event d L s om M M^-1 M M^-1 C5s.
Proof.
move=> g gr F0 start V hV w; have M1 := Mc_ge1 s u0.
have m0 := Mc_inv_gt0 s u0; have m1 := Mc_inv_le1 s u0.
have hb := @ball_prods d L s u d4 L0 u0 om F0 g start V hV.
have hr := @ball_prods d L s u d4 L0 u0 (reversed L om) (fun k => W d L s (reversed L om) k) gr
  (fun _ _ => erefl) (rv L V).
have {hr} hr : forall k, (0 < k <= L)%N -> opnorm_le (prods (rv L V) k) M /\
    sigmin_ge (prods (rv L V) k) M^-1.
  apply: hr => k kL; have [kL' _] := below kL.
  by rewrite W_reversed /rv -linearB /= sqn_trmx -start //; exact: hV.
split=> [k kL|]; last exact: (prod_side m0 m1 (fun k kL => (hb k kL).2) w).
have jL := leq_subr k.+1 L; split.
- by move=> x; rewrite fwdE; exact: (hM0 M1 (fun k kL => (hb k kL).1) (ltnW kL)).
- by move=> x; rewrite fwdE; exact: (hm0 m1 (fun k kL => (hb k kL).2) (ltnW kL)).
- have -> : k.+1 = (L - (L - k.+1))%N by rewrite subKn.
  by rewrite bvec_rv //; exact: (hM0 (V := rv L V) M1 (fun k kL => (hr k kL).1) jL).
have -> : k.+1 = (L - (L - k.+1))%N by rewrite subKn.
by rewrite bvec_rv //; exact: (hm0 (V := rv L V) m1 (fun k kL => (hr k kL).2) jL).
Qed.

Lemma C3s_eq : C3 M^-1 M M^-1 M C5s = C3s.
Proof.
have p := Mc1 s u0; have -> : C3 M^-1 M M^-1 M C5s = (C5c s u * C5c s u / Mc s u ^ 12)%Re.
  by rewrite /C3 -(RinvE (Mc_nz s u0)); field; lra.
rewrite Mc_pow /C5c /C3s; set A := (- 2 * s ^ 2 - 4 * u)%Re.
set B := ((s ^ 2 / 2 + u) * INR 12)%Re.
have -> : (- 10 * s ^ 2 - 20 * u = A + (A + - B))%Re by rewrite /A /B [INR 12]/=; field.
rewrite (exp_plus A) (exp_plus A) exp_Ropp; have := exp_pos B.
by move: (exp A) (exp B) => a b b0; field; lra.
Qed.
Lemma CSs_eq : (M * M * (M * M) / (M^-1 * M^-1)%R = CSs)%Re.
Proof.
have p := Mc1 s u0; rewrite -(RinvE (Mc_nz s u0)) -!RmultE.
have -> : (Mc s u * Mc s u * (Mc s u * Mc s u) / (/ Mc s u * / Mc s u) = Mc s u ^ 6)%Re.
  by field; lra.
rewrite Mc_pow /CSs [INR 6]/=; have -> : (4 ^ 6 = 2 ^ 12)%Re by ring.
by congr (_ * exp _)%Re; field.
Qed.
Lemma Cmus_eq : ((M^-1 * M^-1)%R * (M^-1 * M^-1)%R = Cmus)%Re.
Proof.
have p := Mc1 s u0; rewrite -(RinvE (Mc_nz s u0)) -!RmultE.
have -> : (/ Mc s u * / Mc s u * (/ Mc s u * / Mc s u) = / Mc s u ^ 4)%Re by field; lra.
rewrite Mc_pow /Cmus; set B := ((s ^ 2 / 2 + u) * INR 4)%Re.
have -> : (- 2 * s ^ 2 - 4 * u = - B)%Re by rewrite /B [INR 4]/=; field.
by rewrite exp_Ropp; have := exp_pos B; move: (exp B) => b b0; field; lra.
Qed.

Lemma two_sided_trains4 om : good d L s u om -> good d L s u (reversed L om) ->
  trains4 d L s C3s C5s CSs Cmus om.
Proof.
move=> g gr; have M0 := Mc_gt0 s u0; have m0 := Mc_inv_gt0 s u0; have m1 := Mc_inv_le1 s u0.
rewrite -C3s_eq -CSs_eq -Cmus_eq.
exact: (event_trains4 L0 M0 m0 m1 M0 m0 (C5c_gt0 s u) (two_sided_event g gr)).
Qed.
End TwoSided.

(* the event of Lemma 3 for the noise and for the reversed noise at once *)
Lemma two_sided_measure (d L : nat) (s : R) (P : (Omega -> Prop) -> R) (A : Omega -> Prop) :
  gaussian_measure d L P -> (4 <= d)%N -> (0 < L)%N -> (0 < s)%Re ->
  (us s <= 0.43 * sqrt (INR L))%Re ->
  (forall om, good d L s (us s) om -> good d L s (us s) (reversed L om) -> A om) ->
  (P (fun om => ~ A om) <= 10 * exp (- ((22 * s + 6) ^ 2 / 32 * INR d)))%Re.
Proof.
move=> hP d4 L0 s0 hu hA.
have -> : ((22 * s + 6) ^ 2 / 32 * INR d = INR d * us s ^ 2 / (32 * s ^ 2))%Re.
  by rewrite /us; field; lra.
have h1 := lemma_3_gaussian_measure hP d4 L0 s0 (Rle_refl (us s)) hu.
have h2 := lemma_3_gaussian_measure (reversed_measure hP) d4 L0 s0 (Rle_refl (us s)) hu.
apply: (Rle_trans _ (P (fun om => ~ good d L s (us s) om \/ ~ good d L s (us s) (reversed L om)))).
  apply: (measure_monotone hP) => om bad; case: (classic (good d L s (us s) om)) => g; last by left.
  case: (classic (good d L s (us s) (reversed L om))) => gr; last by right.
  by case: bad; exact: hA.
by apply: Rle_trans (measure_union hP _ _) _; lra.
Qed.

(* Theorem 4 and Corollary 4 for a Gaussian measure P, all data, heads and flows at once *)
Theorem theorem_4_two_sided_measure (d L : nat) (s : R) (P : (Omega -> Prop) -> R) :
  gaussian_measure d L P -> (4 <= d)%N -> (0 < L)%N -> (0 < s)%Re ->
    (us s <= 0.43 * sqrt (INR L))%Re ->
  (P (fun om => ~ trains4 d L s (C3s s (us s)) (C5c s (us s)) (CSs s (us s)) (Cmus s (us s)) om)
    <= 10 * exp (- ((22 * s + 6) ^ 2 / 32 * INR d)))%Re.
Proof.
move=> hP d4 L0 s0 hu; have u0 : (0 < us s)%Re by rewrite /us; nra.
by apply: (two_sided_measure hP d4 L0 s0 hu) => om; exact: two_sided_trains4.
Qed.
