(* Lemma 3 for a probability measure P on the L d^2 entries of the noise that is Gaussian: monotone,
   finitely subadditive, continuous along increasing events, and P(box) = product of the integrals
   of e^{-x^2/2} over its sides, normalised.  Nothing else of measure theory is used.
   The bridge from the upper probability: an open event is the union of the half-open cubes of finer
   and finer grids that lie in it. *)
From Coq Require Import Reals Lra Lia Psatz Classical_Prop.
From mathcomp Require Import all_ssreflect.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import FunctionChoice UpperExpectation Gaussian GaussianLayer FixedStart
  NetArgument Boxes.
From Flatcert Require Import Lemma3 Lemma3Measure HalfOpenBoxes.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Record gaussian_measure (d L : nat) (P : (Omega -> Prop) -> R) := GaussianMeasure {
  measure_monotone : forall A B : Omega -> Prop, (forall w, A w -> B w) -> P A <= P B;
  measure_empty : P (fun _ => False) = 0;
  measure_union : forall A B : Omega -> Prop, P (fun w => A w \/ B w) <= P A + P B;
  measure_increasing : forall (A : nat -> Omega -> Prop) c, (forall m w, A m w -> A m.+1 w) ->
    (forall m, P (A m) <= c) -> P (fun w => exists m, A m w) <= c;
  measure_box : forall lo hi : corner, (forall k i j, lo k i j <= hi k i j) ->
    P (hbox d L lo hi) = boxmeas d L lo hi }.

Section Measure.
Variables (d L : nat) (P : (Omega -> Prop) -> R).
Hypothesis hP : gaussian_measure d L P.

Lemma measure_ext (A B : Omega -> Prop) : (forall w, A w <-> B w) -> P A = P B.
Proof. by move=> h; apply: Rle_antisym; apply: (measure_monotone hP) => w /h. Qed.

(* finitely many boxes *)
Lemma measure_boxes (l : seq (corner * corner)) :
  (forall p, List.In p l -> forall k i j, p.1 k i j <= p.2 k i j) ->
  P (fun w => exists p, List.In p l /\ hbox d L p.1 p.2 w) <= meas d L l.
Proof.
elim: l => [_|p l IH h] /=.
  rewrite -(measure_empty hP); apply: Req_le; apply: measure_ext => w; split=> [[q []]|[]] //.
have h0 : forall k i j, p.1 k i j <= p.2 k i j by apply: h; left.
rewrite -(measure_box hP h0).
apply: (Rle_trans _ (P (fun w => hbox d L p.1 p.2 w \/ exists q,
  List.In q l /\ hbox d L q.1 q.2 w))).
  apply: (measure_monotone hP) => w [q [[<-|ql] hq]]; first by left.
  by right; exists q.
apply: Rle_trans (measure_union hP _ _) _; apply: Rplus_le_compat_l; apply: IH => q ql.
by apply: h; right.
Qed.

(* Fatou for events *)
Lemma measure_eventually (A : Omega -> Prop) (B : nat -> Omega -> Prop) c :
  (forall w, A w -> exists M, forall m, (M <= m)%N -> B m w) -> (forall m,
    P (B m) <= c) -> P A <= c.
Proof.
move=> h hc; pose B' m w := forall m', (m <= m')%N -> B m' w.
apply: (Rle_trans _ (P (fun w => exists m, B' m w))); first exact: (measure_monotone hP).
apply: (measure_increasing hP) => [m w hm m' mm'|m]; first by apply: hm; exact: ltnW.
apply: Rle_trans (hc m); apply: (measure_monotone hP) => w; by apply.
Qed.

(* the grid of step 1/(m+1) on [-(m+1), m+1) *)
Section Grid.
Variable m : nat.
Let del := / INR m.+1.
Let K := (m.+1 * m.+1)%N.
Definition cells := {ffun 'I_L * 'I_d * 'I_d -> 'I_(K + K)}.
Definition cell (f : cells) (k i j : nat) : nat :=
  match (insub k : option 'I_L), (insub i : option 'I_d), (insub j : option 'I_d) with
  | Some k', Some i', Some j' => f (k', i', j') | _, _, _ => 0%N end.
Definition low_corner (f : cells) : corner := fun k i j => (INR (cell f k i j) - INR K) * del.
Definition high_corner (f : cells) : corner := fun k i j => (INR (cell f k i j) + 1 - INR K) * del.
Notation cube f := (hbox d L (low_corner f) (high_corner f)).

Lemma del_gt0 : 0 < del. Proof. by apply: Rinv_0_lt_compat; apply: lt_0_INR; lia. Qed.
Lemma cellE f (k : 'I_L) (i j : 'I_d) : cell f k i j = f (k, i, j).
Proof. by rewrite /cell !valK. Qed.
Lemma corners_le f k i j : low_corner f k i j <= high_corner f k i j.
Proof. by apply: Rmult_le_compat_r; [exact/Rlt_le/del_gt0|lra]. Qed.

(* two cubes that share a point are the same *)
Lemma cube_unique f g w : cube f w -> cube g w -> f = g.
Proof.
have D := del_gt0.
have H (f' g' : cells) : cube f' w -> cube g' w -> forall (k : 'I_L) (i j : 'I_d),
    (f' (k, i, j) <= g' (k, i, j))%N.
  move=> hf hg k i j.
  have [a _] := hf k (ltn_ord k) i (ltn_ord i) j (ltn_ord j).
  have [_ b] := hg k (ltn_ord k) i (ltn_ord i) j (ltn_ord j).
  move: a b; rewrite /low_corner /high_corner !cellE => a b.
  have c : INR (f' (k, i, j)) < INR (g' (k, i, j)) + 1.
    apply: (Rmult_lt_reg_r del) => //; lra.
  by rewrite -S_INR in c; move/INR_lt: c => c; apply/leP; lia.
move=> hf hg; apply/ffunP => -[[k i] j]; apply: val_inj; apply/eqP.
by rewrite eqn_leq H //= H.
Qed.

(* the indicators of distinct cubes add up to at most 1, and to 0 off them *)
Lemma cubes_disjoint (s : seq cells) w : uniq s ->
  let l := [seq (low_corner f, high_corner f) | f <- s] in
  (hinds d L l w <= 1) /\ ((forall f, f \in s -> ~ cube f w) -> hinds d L l w = 0).
Proof.
elim: s => [_|f s IH] /=; first by split=> [|_]; lra.
case/andP => fs /IH [h1 h0]; have [i1 i0] := hindE d L (low_corner f) (high_corner f) w.
split=> [|h]; last first.
  rewrite i0; last by apply: h; rewrite mem_head.
  by rewrite h0 ?Rplus_0_l // => g gs; apply: h; rewrite inE gs orbT.
case: (classic (cube f w)) => hf; last by rewrite i0 // Rplus_0_l.
rewrite i1 // h0; first lra.
by move=> g gs hg; move: fs; rewrite (cube_unique hf hg) gs.
Qed.

(* the cubes of the grid inside the event B, and what they cover *)
Variable B : Omega -> Prop.
Definition insideb (f : cells) : bool := if em (forall w, cube f w -> B w) then true else false.
Definition inner : seq cells := [seq f <- enum {: cells} | insideb f].
Definition covered (w : Omega) := exists f, (forall w', cube f w' -> B w') /\ cube f w.
Lemma insideP f : reflect (forall w, cube f w -> B w) (insideb f).
Proof. by rewrite /insideb; case: em => h; constructor. Qed.

Lemma covered_meas :
  P covered <= meas d L [seq (low_corner f, high_corner f) | f <- inner].
Proof.
set l := [seq _ | f <- inner].
have hl p : List.In p l -> forall k i j, p.1 k i j <= p.2 k i j.
  rewrite /l; elim: inner => //= f s IH [<-|] //= k i j; exact: corners_le.
apply: Rle_trans (measure_boxes hl); apply: (measure_monotone hP) => w [f [hf wf]].
exists (low_corner f, high_corner f); split=> //.
have : f \in inner by rewrite mem_filter mem_enum andbT; apply/insideP.
rewrite /l; elim: inner => //= g s IH; rewrite inE => /predU1P [->|/IH]; by [left|right].
Qed.
Lemma covered_le v : pr (Uall d L) B v -> P covered <= v.
Proof.
move=> hB; apply: Rle_trans covered_meas _; set l := [seq _ | f <- inner].
have hl p : List.In p l -> forall k i j, p.1 k i j <= p.2 k i j.
  rewrite /l; elim: inner => //= f s IH [<-|] //= k i j; exact: corners_le.
have u : uniq inner by rewrite filter_uniq // enum_uniq.
apply: hboxes_le hB hl _ => w; have [h1 h0] := cubes_disjoint w u.
case: (classic (exists2 f, f \in inner & cube f w)) => [[f fi hf]|no].
  apply: Rle_trans h1 _; rewrite /ind; case: em => [_|nB]; first exact: Rle_refl.
  by case: nB; move: fi; rewrite mem_filter => /andP [/insideP hB' _]; exact: hB'.
by rewrite h0 => [|f fi hf]; [exact: ind_ge0|apply: no; exists f].
Qed.

(* a point with entries below m + 1 lies in a cube, whose points are within 1/(m+1) of it *)
Lemma in_a_cube w : (forall k i j, (k < L)%N -> (i < d)%N -> (j < d)%N ->
  Rabs (w k i j) < INR m.+1) ->
  exists f, cube f w.
Proof.
move=> hw; have D := del_gt0.
have mP : 0 < INR m.+1 by apply: lt_0_INR; lia.
have KD : INR K * del = INR m.+1 by rewrite /K mult_INR /del; field; lra.
have [f hf] : exists f : 'I_L * 'I_d * 'I_d -> 'I_(K + K), forall p,
    (INR (f p) - INR K) * del <= w p.1.1 p.1.2 p.2 < (INR (f p) + 1 - INR K) * del.
  apply: (function_choice (fun (p : 'I_L * 'I_d * 'I_d) (o : 'I_(K + K)) =>
    (INR o - INR K) * del <= w p.1.1 p.1.2 p.2 < (INR o + 1 - INR K) * del)) => -[[k i] j].
  rewrite -[(k, i, j).1.1]/k -[(k, i, j).1.2]/i -[(k, i, j).2]/j.
  have /Rabs_def2 [w1 w2] := hw k i j (ltn_ord k) (ltn_ord i) (ltn_ord j).
  set x := w k i j in w1 w2 *.
  have y0 : 0 <= x / del + INR K.
    apply: (Rmult_le_reg_r del) => //; rewrite Rmult_0_l Rmult_plus_distr_r KD.
    by rewrite /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r; lra.
  have [n [n1 n2]] := nfloor_ex _ y0.
  have e : (x / del + INR K) * del = x + INR K * del.
    by rewrite Rmult_plus_distr_r /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r //; lra.
  have b1 : INR n * del <= x + INR K * del by rewrite -e; apply: Rmult_le_compat_r; lra.
  have b2 : x + INR K * del < (INR n + 1) * del by rewrite -e; apply: Rmult_lt_compat_r; lra.
  have nK : (n < K + K)%N.
    apply/ltP/INR_lt; rewrite plus_INR; apply: (Rmult_lt_reg_r del) => //; lra.
  exists (Ordinal nK); have -> : nat_of_ord (Ordinal nK) = n by [].
  by split; lra.
exists [ffun p => f p] => k kL i id j jd.
have := hf (Ordinal kL, Ordinal id, Ordinal jd) => /=.
by rewrite /low_corner /high_corner /cell !insubT /= ffunE.
Qed.
Lemma cube_near f w w' : cube f w -> cube f w' -> near d L del w w'.
Proof.
move=> h h' k i j id jd kL; have := h k kL i id j jd; have := h' k kL i id j jd.
rewrite /low_corner /high_corner; set c := INR _ => a b; have D := del_gt0.
by apply: Rabs_le; lra.
Qed.
End Grid.

(* finitely many numbers are bounded *)
Lemma uniform_bound n (Q : nat -> R -> Prop) : (forall k a b, a <= b -> Q k a -> Q k b) ->
  (forall k, (k < n)%N -> exists M, Q k M) -> exists M, forall k, (k < n)%N -> Q k M.
Proof.
move=> mono; elim: n => [|n IH] h; first by exists 0.
have [|M hM] := IH; first by move=> k kn; apply: h; exact: ltnW.
have [M' hM'] := h n (ltnSn n); exists (Rmax M M') => k; rewrite ltnS leq_eqVlt => /predU1P [->|kn].
  by apply: mono hM'; exact: Rmax_r.
by apply: mono (hM k kn); exact: Rmax_l.
Qed.
Lemma entries_bounded (w : Omega) : exists M, forall k, (k < L)%N -> forall i, (i < d)%N ->
  forall j, (j < d)%N -> Rabs (w k i j) <= M.
Proof.
apply: (uniform_bound (Q := fun k M => forall i, (i < d)%N -> forall j,
  (j < d)%N -> Rabs (w k i j) <= M)).
  by move=> k a b ab h i id j jd; apply: Rle_trans ab; exact: h.
move=> k _; apply: (uniform_bound (Q := fun i M => forall j, (j < d)%N -> Rabs (w k i j) <= M)).
  by move=> i a b ab h j jd; apply: Rle_trans ab; exact: h.
move=> i _; apply: (uniform_bound (Q := fun j M => Rabs (w k i j) <= M)).
  by move=> j a b ab h; exact: Rle_trans ab.
by move=> j _; exists (Rabs (w k i j)); exact: Rle_refl.
Qed.

(* Every point of an open event lies in the cubes of all fine grids. *)
Lemma open_covered (B : Omega -> Prop) w : is_open d L B -> B w ->
  exists N, forall m, (N <= m)%N -> covered m B w.
Proof.
move=> oB Bw; have [del d0 hdel] := oB w Bw; have [M hM] := entries_bounded w.
have [N hN] := nfloor_ex (Rmax 0 (Rmax M (/ del))) (Rmax_l _ _).
exists N => m Nm.
have big : Rmax 0 (Rmax M (/ del)) < INR m.+1.
  apply: Rlt_le_trans (proj2 hN) _; rewrite -S_INR; apply: le_INR; apply/leP; by rewrite ltnS.
have b1 := Rmax_r 0 (Rmax M (/ del)); have b2 := Rmax_l M (/ del); have b3 := Rmax_r M (/ del).
have [k i j kL id jd|f hf] := @in_a_cube m w; first by have := hM k kL i id j jd; lra.
exists f; split=> // w' hw'; apply: hdel => k i j id jd kL.
apply: Rle_trans (cube_near hf hw' id jd kL) _.
rewrite -[X in _ <= X]Rinv_involutive; last lra.
apply: Rinv_le_contravar; last lra.
by apply: Rinv_0_lt_compat.
Qed.

(* The measure of an open event is at most its upper probability. *)
Theorem open_event_le (B : Omega -> Prop) v : is_open d L B -> pr (Uall d L) B v -> P B <= v.
Proof.
move=> oB hB; apply: (measure_eventually (B := fun m => covered m B)) => [w|m];
  last exact: covered_le.
exact: open_covered.
Qed.
End Measure.

(* Lemma 3 for a Gaussian measure: for s > 0, d >= 4, 22 s^2 + 6 s <= u <= 0.43 sqrt(L), but for
   probability 5 exp(-d u^2/(32 s^2)), every product W_k .. W_1 of layers I + s/sqrt(L d) N_k +
   theta_k/L with |theta_k|_2 <= exp(-2 s^2 - 4 u)/64 has norm at most 4 exp(s^2/2 + u) and least
   singular value at least exp(-2 s^2/d - u)/4 (this is `good`). *)
Theorem lemma_3_gaussian_measure (d L : nat) (s u : R) (P : (Omega -> Prop) -> R) :
  gaussian_measure d L P -> (4 <= d)%N -> (0 < L)%N -> 0 < s ->
  22 * s ^ 2 + 6 * s <= u -> u <= 0.43 * sqrt (INR L) ->
  P (fun w => ~ good d L s u w) <= 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))).
Proof.
move=> hP d4 L0 s0 h1 h2; apply: (open_event_le hP) (lemma3_sharp d4 L0 s0 h1 h2) => w.
exact: failure_open.
Qed.
