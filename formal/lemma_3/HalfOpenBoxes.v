(* Half-open boxes of R^(L d d), which tile the space, and their Gaussian measure: a finite disjoint
   union of them inside an event has measure at most the event's upper probability. *)
From Coq Require Import Reals Lra Lia Psatz Classical_Prop.
From mathcomp Require Import all_ssreflect.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import UpperExpectation Gaussian Boxes Lemma3Measure.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(* f >= 0 has bounded support (seen from its integrals) and the Gaussian integral v *)
Definition integrable (f : R -> R) v := [/\ forall x, 0 <= f x, 0 <= v &
  exists A B, A <= B /\ forall A' B', A' <= A -> B <= B' ->
    is_RInt (fun x => f x * dens x) A' B' (v * mass)].

(* On nonnegative combinations of such functions the upper expectation is at least the integral. *)
Theorem low_integrable : low gauss integrable.
Proof.
move=> l v okl [g [gc g0 gl hg]].
have [A [B [AB hAB]]] : exists A B, A <= B /\ forall A' B', A' <= A -> B <= B' ->
    is_RInt (fun x => cf l x * dens x) A' B' (ca l * mass).
  elim: l okl {gl} => [_|p l IH] /=.
    exists 0, 0; split=> [|A' B' _ _]; first lra.
    apply: (is_RInt_ext (fun _ => 0)) => [x _|]; first by rewrite Rmult_0_l.
    have := @is_RInt_const R_NormedModule A' B' 0.
    by rewrite /scal /= /mult /= Rmult_0_r Rmult_0_l.
  case=> p0 [f0 v0 [a [b [ab hab]]]] /IH [A [B [AB IHl]]].
  exists (Rmin A a), (Rmax B b); split; first by have := Rmin_l A a; have := Rmax_l B b; lra.
  move=> A' B' hA hB.
  have i1 := hab A' B' ltac:(have := Rmin_r A a; lra) ltac:(have := Rmax_r B b; lra).
  have i2 := IHl A' B' ltac:(have := Rmin_l A a; lra) ltac:(have := Rmax_l B b; lra).
  have i3 := is_RInt_plus _ _ _ _ _ _ (is_RInt_scal _ _ _ p.1 _ i1) i2.
  move: i3; rewrite /scal /plus /= /mult /=.
  have -> : p.1 * (p.2.2 * mass) + ca l * mass = (p.1 * p.2.2 + ca l) * mass by ring.
  by apply: is_RInt_ext => x _; rewrite Rmult_plus_distr_r Rmult_assoc.
have m0 := mass_gt0; apply: (Rmult_le_reg_r mass) => //; apply: Rle_trans (hg A B AB).
rewrite -(is_RInt_unique _ _ _ _ (hAB A B (Rle_refl A) (Rle_refl B))).
apply: RInt_le => //; first by exists (ca l * mass); exact: hAB (Rle_refl A) (Rle_refl B).
  by apply: cont_ex; exact: mul_cont gc dens_cont.
by move=> x _; apply: Rmult_le_compat_r; [exact/Rlt_le/dens_pos|exact: gl].
Qed.

(* the half-open interval [a, b) *)
Definition hitv a b (x : R) : R :=
  match Rle_dec a x, Rlt_dec x b with left _, left _ => 1 | _, _ => 0 end.
Lemma hitv_in a b x : a <= x < b -> hitv a b x = 1.
Proof. by rewrite /hitv => -[h1 h2]; case: (Rle_dec a x) => ?; case: (Rlt_dec x b) => ?; lra. Qed.
Lemma hitv_out a b x : ~ (a <= x < b) -> hitv a b x = 0.
Proof. by rewrite /hitv => h; case: (Rle_dec a x) => ?; case: (Rlt_dec x b) => ?; lra. Qed.
Lemma hitv_ge0 a b x : 0 <= hitv a b x.
Proof. by rewrite /hitv; case: (Rle_dec a x) => ?; case: (Rlt_dec x b) => ?; lra. Qed.
Lemma hitv_integrable a b : a <= b -> integrable (hitv a b) (gmeas a b).
Proof.
move=> ab; have m0 := mass_gt0; split; first exact: hitv_ge0.
  apply: Rmult_le_pos; last exact/Rlt_le/Rinv_0_lt_compat.
  apply: RInt_ge_0 => //; first exact/cont_ex/dens_cont.
  by move=> x _; exact/Rlt_le/dens_pos.
exists a, b; split=> // A B Aa bB.
have -> : gmeas a b * mass = 0 + RInt dens a b + 0 by rewrite /gmeas; field; lra.
have z p q : p <= q -> (forall x, p < x < q -> x < a \/ b <= x) ->
    is_RInt (fun x => hitv a b x * dens x) p q 0.
  move=> pq h; apply: (is_RInt_ext (fun _ => 0)).
    move=> x; rewrite Rmin_left // Rmax_right // => hx.
    by rewrite hitv_out ?Rmult_0_l //; case: (h x hx); lra.
  by have := @is_RInt_const R_NormedModule p q 0; rewrite /scal /= /mult /= Rmult_0_r.
have m : is_RInt (fun x => hitv a b x * dens x) a b (RInt dens a b).
  apply: (is_RInt_ext dens).
    by move=> x; rewrite Rmin_left // Rmax_right // => hx; rewrite hitv_in ?Rmult_1_l //; lra.
  by apply: RInt_correct; apply: cont_ex; exact: dens_cont.
have h1 := is_RInt_Chasles _ _ _ _ _ _ (z A a Aa (fun x hx => or_introl (proj2 hx))) m.
apply: (is_RInt_Chasles _ _ _ _ _ _ h1 (z b B bB _)).
by move=> x hx; right; lra.
Qed.

Lemma pos_integrable : pos integrable.
Proof. by move=> f v []. Qed.

Section Boxes.
Variables (d L : nat).
(* the box lo <= w < hi in all its L d^2 entries, its indicator and its measure *)
Definition hbox (lo hi w : corner) := forall k, (k < L)%N -> forall i, (i < d)%N ->
  forall j, (j < d)%N -> lo k i j <= w k i j < hi k i j.
Notation hind := (sboxind hitv d L).
Notation hinds := (sinds hitv d L).

Theorem hindE lo hi w :
  (hbox lo hi w -> hind lo hi w = 1) /\ (~ hbox lo hi w -> hind lo hi w = 0).
Proof.
apply: (@sboxindE hitv d L (fun a b x => a <= x < b)) => a b x; [exact: hitv_in|exact: hitv_out].
Qed.

Theorem hboxes_le (A : corner -> Prop) v (l : seq (corner * corner)) :
  pr (pow (pow (pow gauss d) d) L) A v ->
  (forall p, List.In p l -> forall k i j, p.1 k i j <= p.2 k i j) ->
  (forall w, hinds l w <= ind A w) -> meas d L l <= v.
Proof. exact: sboxes_le pos_integrable low_integrable hitv_integrable. Qed.
End Boxes.
Notation hind := (sboxind hitv).
Notation hinds := (sinds hitv).
