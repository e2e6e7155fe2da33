(* What the outer probability means: it is at least the Gaussian measure of every finite disjoint
   union of boxes inside the event.
   (For an open event the Gaussian measure is the supremum of these; the failure event of Lemma 3 is
   open.) *)
From Coq Require Import Reals Lra Lia Psatz Classical_Prop.
From mathcomp Require Import all_ssreflect.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import UpperExpectation Gaussian.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section Low.
Variables (T : Type) (U : uexp T).
Implicit Type S : (T -> R) -> R -> Prop.
Definition wt T := (R * ((T -> R) * R))%type.
Fixpoint cf T (l : seq (wt T)) x := match l with [::] => 0 | p :: l' => p.1 * p.2.1 x + cf l' x end.
Fixpoint ca T (l : seq (wt T)) := match l with [::] => 0 | p :: l' => p.1 * p.2.2 + ca l' end.
Fixpoint ok T (S : (T -> R) -> R -> Prop) (l : seq (wt T)) := match l with [::] => True | p :: l' =>
  [/\ 0 <= p.1, S p.2.1 p.2.2 & ok S l'] end.
(* every nonnegative combination has upper expectation at least the combination of the values *)
Definition low S := forall l v, ok S l -> U (cf l) v -> ca l <= v.
Definition pos S := forall f a, S f a -> (forall x : T, 0 <= f x) /\ 0 <= a.

Definition spow S n : ((nat -> T) -> R) -> R -> Prop := fun f a => exists fs aa,
  [/\ forall k, S (fs k) (aa k), forall w, f w = prodn fs w n & a = prodv aa n].

Definition wtn := (R * ((nat -> T -> R) * (nat -> R)))%type.
Fixpoint cfn n (l : seq wtn) w := match l with [::] => 0 | p :: l' =>
  p.1 * prodn p.2.1 w n + cfn n l' w end.
Fixpoint can n (l : seq wtn) := match l with [::] => 0 | p :: l' =>
  p.1 * prodv p.2.2 n + can n l' end.
Fixpoint okn S (l : seq wtn) := match l with [::] => True | p :: l' =>
  [/\ 0 <= p.1, forall k, S (p.2.1 k) (p.2.2 k) & okn S l'] end.

Lemma low_pown S n l v : (exists x : T, True) -> pos S -> low S -> okn S l -> pow U n (cfn n l) v ->
  can n l <= v.
Proof.
move=> [x0 _] pS lS; elim: n l v => [|n IH] l v okl.
  move/(_ (fun _ => x0)); suff -> : cfn 0 l (fun _ => x0) = can 0 l by [].
  by elim: {okl} l => //= p l ->.
case=> g [h1 h2].
pose shift x := [seq (p.1 * p.2.1 0%N x, (fun k => p.2.1 k.+1, fun k => p.2.2 k.+1)) | p : wtn <-
  l].
have h3 x : can n (shift x) <= g x.
  apply: IH.
    rewrite /shift; elim: (l) okl => //= p l' IHl [p0 pp ol]; split; [|by move=> k;
      exact: pp|exact: IHl].
    by apply: Rmult_le_pos => //; case: (pS _ _ (pp 0%N)).
  have := h1 x; apply: ubn_mono => [w|]; last exact: Rle_refl.
  apply: Req_le; rewrite /shift; elim: {okl} (l) => //= p l' ->; congr (_ + _); exact: Rmult_assoc.
pose l2 := [seq (p.1 * prodv (fun k => p.2.2 k.+1) n, (p.2.1 0%N, p.2.2 0%N)) | p : wtn <- l].
have e1 x : cf l2 x = can n (shift x).
  rewrite /l2 /shift; elim: {okl} (l) => //= p l' ->; congr (_ + _); ring.
have e2 : ca l2 = can n.+1 l.
  rewrite /l2; elim: {okl} (l) => //= p l' ->; congr (_ + _); ring.
rewrite -e2; apply: lS; last first.
  by apply: ub_mono h2 => [x|]; [rewrite e1; exact: h3|exact: Rle_refl].
rewrite /l2; elim: (l) okl => //= p l' IHl [p0 pp ol]; split; [|exact: pp|exact: IHl].
by apply: Rmult_le_pos => //; apply: prodv_ge0 => k; case: (pS _ _ (pp k.+1)).
Qed.

End Low.

Lemma low_pow T (U : uexp T) S n : (exists x : T, True) -> pos S -> low U S ->
  low (pow U n) (spow S n).
Proof.
move=> x0 pS lS l v okl hl.
have [l' [e1 e2 o]] : exists l', [/\ forall w, cf l w = cfn n l' w, ca l = can n l' & okn S l'].
  elim: l okl {hl} => [|p l IH] /=; first by exists [::].
  case=> p0 [fs [aa [h1 h2 h3]]] /IH [l' [e1 e2 o]]; exists ((p.1, (fs, aa)) :: l'); split=> //=.
    by move=> w; rewrite h2 e1.
  by rewrite h3 e2.
rewrite e2; apply: (low_pown x0 pS lS o); apply: ub_mono hl => [w|]; last exact: Rle_refl.
by rewrite e1; exact: Rle_refl.
Qed.
Lemma pos_pow T (S : (T -> R) -> R -> Prop) n : pos S -> pos (spow S n).
Proof.
move=> pS f a [fs [aa [h1 h2 ->]]]; split; last by apply: prodv_ge0 => k; case: (pS _ _ (h1 k)).
move=> w; rewrite h2; elim: n fs aa w h1 {h2} => [|n IH] fs aa w h1 /=; first lra.
apply: Rmult_le_pos; first by case: (pS _ _ (h1 0%N)).
by apply: (IH _ (fun k => aa k.+1)) => k; exact: h1.
Qed.

(* intervals of the line *)
Definition itv a b (x : R) : R := match Rle_dec a x, Rle_dec x b with left _, left _ => 1 | _, _ =>
  0 end.
Definition gmeas a b : R := RInt dens a b / mass.
Definition interval f v := exists a b, [/\ a <= b, forall x, f x = itv a b x & v = gmeas a b].

Lemma itv_in a b x : a <= x <= b -> itv a b x = 1.
Proof. by rewrite /itv => -[h1 h2]; case: (Rle_dec a x) => ?; case: (Rle_dec x b) => ?; lra. Qed.
Lemma itv_out a b x : x < a \/ b < x -> itv a b x = 0.
Proof. by rewrite /itv => h; case: (Rle_dec a x) => ?; case: (Rle_dec x b) => ?; lra. Qed.
Lemma itv_ge0 a b x : 0 <= itv a b x.
Proof. by rewrite /itv; case: (Rle_dec a x) => ?; case: (Rle_dec x b) => ?; lra. Qed.

Lemma itv_int a b A B : A <= a -> a <= b -> b <= B ->
  is_RInt (fun x => itv a b x * dens x) A B (RInt dens a b).
Proof.
move=> Aa ab bB.
have z p q : p <= q -> (forall x, p < x < q -> x < a \/ b < x) ->
  is_RInt (fun x => itv a b x * dens x) p q 0.
  move=> pq h; apply: (is_RInt_ext (fun _ => 0)).
    by move=> x; rewrite Rmin_left // Rmax_right // => hx; rewrite itv_out ?Rmult_0_l //; exact: h.
  have := @is_RInt_const R_NormedModule p q 0; rewrite /scal /= /mult /= Rmult_0_r; by [].
have m : is_RInt (fun x => itv a b x * dens x) a b (RInt dens a b).
  apply: (is_RInt_ext dens).
    by move=> x; rewrite Rmin_left // Rmax_right // => hx; rewrite itv_in ?Rmult_1_l //; lra.
  by apply: RInt_correct; apply: cont_ex; exact: dens_cont.
have h1 := is_RInt_Chasles _ _ _ _ _ _ (z A a Aa (fun x hx => or_introl (proj2 hx))) m.
have h2 := is_RInt_Chasles _ _ _ _ _ _ h1 (z b B bB (fun x hx => or_intror (proj1 hx))).
by move: h2; rewrite /plus /= Rplus_0_l Rplus_0_r.
Qed.

Theorem low_gauss : low gauss interval.
Proof.
move=> l v okl [g [gc g0 gl hg]].
have [A [B [AB hAB]]] : exists A B, A <= B /\ forall A' B', A' <= A -> B <= B' -> forall h,
  ex_RInt h A' B' -> (forall x, cf l x * dens x <= h x) -> ca l * mass <= RInt h A' B'.
  elim: l okl {gl} => [|p l IH] /=.
    move=> _; exists 0, 0; split; first lra.
    move=> A' B' hA hB h hi hp; rewrite Rmult_0_l; apply: RInt_ge_0 => //; first lra.
    by move=> x _; have := hp x; rewrite Rmult_0_l.
  case=> p0 [a [b [ab fE vE]]] /IH [A [B [AB IHl]]].
  exists (Rmin A a), (Rmax B b); split; first by have := Rmin_l A a; have := Rmax_l B b; lra.
  move=> A' B' hA hB h hi hp.
  have i1 := @itv_int a b A' B' ltac:(have := Rmin_r A a; lra) ab ltac:(have := Rmax_r B b; lra).
  have i2 : is_RInt (fun x => p.1 * (itv a b x * dens x)) A' B' (p.1 *
    RInt dens a b) by exact: is_RInt_scal i1.
  have i3 := is_RInt_minus _ _ _ _ _ _ (RInt_correct _ _ _ hi) i2.
  have := IHl A' B' ltac:(have := Rmin_l A a; lra) ltac:(have := Rmax_l B b;
    lra) _ (ex_intro _ _ i3).
  rewrite (is_RInt_unique _ _ _ _ i3) => key.
  have m0 := mass_gt0.
  have : ca l * mass <= RInt h A' B' - p.1 * RInt dens a b.
    apply: key => x; have := hp x; rewrite fE /minus /plus /opp /=; lra.
  rewrite vE /gmeas => key2.
  have -> : (p.1 * (RInt dens a b / mass) + ca l) * mass = p.1 * RInt dens a b + ca l *
    mass by field; lra.
  lra.
have m0 := mass_gt0.
have h1 := hAB A B (Rle_refl _) (Rle_refl _) (fun x => g x *
  dens x) (cont_ex _ _ (mul_cont gc dens_cont)).
have h2 : ca l * mass <= RInt (fun x => g x * dens x) A B.
  by apply: h1 => x; apply: Rmult_le_compat_r; [exact/Rlt_le/dens_pos|exact: gl].
by apply: (Rmult_le_reg_r mass) => //; exact: Rle_trans h2 (hg A B AB).
Qed.
Lemma pos_interval : pos interval.
Proof.
move=> f v [a [b [ab fE ->]]]; split; first by move=> x; rewrite fE; exact: itv_ge0.
apply: Rmult_le_pos; last exact/Rlt_le/Rinv_0_lt_compat/mass_gt0.
apply: RInt_ge_0 => //; first exact/cont_ex/dens_cont.
by move=> x _; exact/Rlt_le/dens_pos.
Qed.

(* products of indicators *)
Lemma prodn01 T (f : nat -> T -> R) (Q : nat -> T -> Prop) w n :
  (forall k x, Q k x -> f k x = 1) -> (forall k x, ~ Q k x -> f k x = 0) ->
  ((forall k, (k < n)%N -> Q k (w k)) -> prodn f w n = 1) /\ (~ (forall k, (k < n)%N ->
    Q k (w k)) -> prodn f w n = 0).
Proof.
elim: n f Q w => [|n IH] f Q w f1 f0; first by split=> // h; case: h.
have [i1 i0] := IH (fun k => f k.+1) (fun k => Q k.+1) (fun k => w k.+1) (fun k => f1 k.+1) (fun k
  => f0 k.+1); split=> h /=.
  by rewrite f1 ?Rmult_1_l; [apply: i1 => k kn; exact: (h k.+1)|exact: (h 0%N)].
case: (classic (Q 0%N (w 0%N))) => q; last by rewrite f0 // Rmult_0_l.
by rewrite i0 ?Rmult_0_r // => h'; apply: h => -[|k] kn //; exact: h'.
Qed.

(* boxes of R^(L d d): corners lo, hi; side a b is the indicator of an interval from a to b *)
Section Box.
Variables (side : R -> R -> R -> R) (d L : nat).
Definition corner := nat -> nat -> nat -> R.
Definition sboxind (lo hi : corner) (w : corner) : R :=
  prodn (fun k N => prodn (fun i r => prodn (fun j x => side (lo k i j) (hi k i j) x) r d) N d) w L.
(* product of the L d^2 integrals of e^{-x^2/2} over the sides, divided by its integral over the
   line *)
Definition boxmeas (lo hi : corner) : R :=
  prodv (fun k => prodv (fun i => prodv (fun j => gmeas (lo k i j) (hi k i j)) d) d) L.
Fixpoint sinds (l : seq (corner * corner)) w := match l with [::] => 0 | p :: l' =>
  sboxind p.1 p.2 w + sinds l' w end.
Fixpoint meas (l : seq (corner * corner)) := match l with [::] => 0 | p :: l' =>
  boxmeas p.1 p.2 + meas l' end.

Lemma sboxindE (Q : R -> R -> R -> Prop) : (forall a b x, Q a b x -> side a b x = 1) ->
  (forall a b x, ~ Q a b x -> side a b x = 0) -> forall lo hi w,
  let box := forall k, (k < L)%N -> forall i, (i < d)%N -> forall j, (j < d)%N ->
    Q (lo k i j) (hi k i j) (w k i j) in
  (box -> sboxind lo hi w = 1) /\ (~ box -> sboxind lo hi w = 0).
Proof.
move=> q1 q0 lo hi w; pose Q3 k i j x := Q (lo k i j) (hi k i j) x.
pose Q2 k i r := forall j, (j < d)%N -> Q3 k i j (r j).
pose Q1 k N := forall i, (i < d)%N -> Q2 k i (N i).
have e3 k i r := @prodn01 _ (fun j x => side (lo k i j) (hi k i j) x) (Q3 k i) r d
  (fun j x => q1 _ _ x) (fun j x => q0 _ _ x).
have e2 k N := @prodn01 _ (fun i r => prodn (fun j x => side (lo k i j) (hi k i j) x) r d) (Q2 k)
  N d (fun i r => proj1 (e3 k i r)) (fun i r => proj2 (e3 k i r)).
exact: (@prodn01 _ (fun k N => prodn (fun i r => prodn (fun j x => side (lo k i j) (hi k i j) x) r
  d) N d) Q1 w L (fun k N => proj1 (e2 k N)) (fun k N => proj2 (e2 k N))).
Qed.

Theorem sboxes_le S (A : corner -> Prop) v (l : seq (corner * corner)) :
  pos S -> low gauss S -> (forall a b, a <= b -> S (side a b) (gmeas a b)) ->
  pr (pow (pow (pow gauss d) d) L) A v ->
  (forall p, List.In p l -> forall k i j, p.1 k i j <= p.2 k i j) ->
  (* the boxes are disjoint and contained in A *)
  (forall w, sinds l w <= ind A w) -> meas l <= v.
Proof.
move=> pS lS hS hA hl hd.
have lw : low (pow (pow (pow gauss d) d) L) (spow (spow (spow S d) d) L).
  apply: low_pow; first by exists (fun _ _ => 0).
    by do 2!apply: pos_pow; exact: pS.
  apply: low_pow; first by exists (fun _ => 0).
    by apply: pos_pow; exact: pS.
  apply: low_pow; first by exists 0.
    exact: pS.
  exact: lS.
pose ll := [seq (1, (sboxind p.1 p.2, boxmeas p.1 p.2)) | p <- l].
have e1 w : cf ll w = sinds l w by rewrite /ll; elim: (l) => //= p l' ->; rewrite Rmult_1_l.
have e2 : ca ll = meas l by rewrite /ll; elim: (l) => //= p l' ->; rewrite Rmult_1_l.
rewrite -e2; apply: lw; last first.
  by apply: ub_mono hA => [w|]; [rewrite e1; exact: hd|exact: Rle_refl].
rewrite /ll; elim: (l) hl => //= p l' IH h; split; first lra; last first.
  by apply: IH => q hq; apply: h; right.
exists (fun k N => prodn (fun i r => prodn (fun j x => side (p.1 k i j) (p.2 k i j) x) r d) N d),
  (fun k => prodv (fun i => prodv (fun j => gmeas (p.1 k i j) (p.2 k i j)) d) d); split=> // k.
exists (fun i r => prodn (fun j x => side (p.1 k i j) (p.2 k i j) x) r d),
  (fun i => prodv (fun j => gmeas (p.1 k i j) (p.2 k i j)) d); split=> // i.
exists (fun j x => side (p.1 k i j) (p.2 k i j) x), (fun j => gmeas (p.1 k i j) (p.2 k i j));
  split=> // j.
by apply: hS; apply: h; left.
Qed.
End Box.
Notation boxind := (sboxind itv).
Notation inds := (sinds itv).

Theorem boxes_le d L (A : corner -> Prop) v (l : seq (corner * corner)) :
  pr (pow (pow (pow gauss d) d) L) A v ->
  (forall p, List.In p l -> forall k i j, p.1 k i j <= p.2 k i j) ->
  (forall w, inds d L l w <= ind A w) -> meas d L l <= v.
Proof. by apply: sboxes_le pos_interval low_gauss _ => a b ab; exists a, b. Qed.
