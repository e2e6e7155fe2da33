(* A Gaussian measure in the usual sense (`gaussian_measure`: monotone, finitely subadditive,
   continuous along increasing events, the product of the normal laws on boxes) is Gaussian as
   Statements.v asks: its value on an open event is at most that of the finite families of disjoint
   closed boxes in it.  So every theorem that Statements.v states for such a P holds for it.
   Proof: an open event is the union of the half-open cubes of finer and finer grids that lie in it;
   cut off a strip of width delta, and let delta tend to 0. *)
From Coq Require Import Reals Lra Lia Psatz Classical_Prop.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import UpperExpectation Gaussian FixedStart Boxes Lemma3Measure HalfOpenBoxes.
From Flatcert Require Import GaussianMeasure Lemma3Gaussian.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(* products and sums of continuous functions *)
Lemma prodv_continuous (v : nat -> R -> R) n x : (forall k, continuous (v k) x) ->
  continuous (fun t => prodv (fun k => v k t) n) x.
Proof.
elim: n v => [|n IH] v h /=; first exact: continuous_const.
by apply: (continuous_mult (v 0%N)); [exact: h|apply: (IH (fun k => v k.+1)) => k; exact: h].
Qed.
Lemma gmeas_continuous a b x : continuous (fun t => gmeas a (b - t)) x.
Proof.
rewrite /gmeas; apply: (continuous_mult (fun t => RInt dens a (b - t)) (fun=> / mass));
  last exact: continuous_const.
apply: (continuous_comp (fun t => b - t) (fun z => RInt dens a z)).
  by apply: (continuous_minus (fun=> b)); [exact: continuous_const|exact: continuous_id].
apply: ex_derive_continuous; exists (dens (b - x)).
apply: (is_derive_RInt dens (fun z => RInt dens a z) a (b - x)); last exact: dens_cont.
by apply: filter_forall => z; apply: RInt_correct; apply: cont_ex; exact: dens_cont.
Qed.
(* a bound that holds for all small delta > 0 holds at 0 *)
Lemma bound_at_0 (F : R -> R) c del : 0 < del -> continuous F 0 ->
  (forall t, 0 < t < del -> F t <= c) -> F 0 <= c.
Proof.
move=> d0 cF h; apply: Rnot_lt_le => lt.
have [e he] := cF _ (locally_ball (F 0) (mkposreal (F 0 - c) (Rlt_Rminus _ _ lt))).
have e0 := cond_pos e; pose t := Rmin (e / 2) (del / 2).
have t0 : 0 < t by apply: Rmin_glb_lt; lra.
have t1 : t < e by have := Rmin_l (e / 2) (del / 2); rewrite -/t; lra.
have t2 : t < del by have := Rmin_r (e / 2) (del / 2); rewrite -/t; lra.
have := h t (conj t0 t2); have := he t.
rewrite /ball /= /AbsRing_ball /abs /minus /plus /opp /= Ropp_0 Rplus_0_r Rabs_right; last lra.
by move=> /(_ t1) /Rabs_def2 [h1 h2]; lra.
Qed.

Section Open.
Variables (d L : nat) (P : (Omega -> Prop) -> R).
Hypothesis hP : gaussian_measure d L P.
Variables (B : Omega -> Prop) (c : R).
Hypothesis oB : is_open d L B.
Hypothesis hc : forall l : seq (corner * corner),
  (forall p, List.In p l -> forall k i j, p.1 k i j <= p.2 k i j) ->
  (forall a b : nat, (a < b < size l)%N -> forall p0 N,
     Statements.in_box d L (nth p0 l a) N -> ~ Statements.in_box d L (nth p0 l b) N) ->
  (forall p, List.In p l -> forall N, Statements.in_box d L p N -> B N) -> meas d L l <= c.

Section Grid.
Variable m : nat.
Notation del := (/ INR m.+1).
(* the cubes of the grid in B, without a strip of width t *)
Definition shrunk (t : R) : seq (corner * corner) :=
  [seq (@low_corner d L m f, (fun k i j => @high_corner d L m f k i j - t)) | f <- inner d L m B].
Lemma shrunk_0 : meas d L (shrunk 0) = meas d L [seq (@low_corner d L m f,
  @high_corner d L m f) | f <- inner d L m B].
Proof.
rewrite /shrunk; elim: inner => //= f s ->; congr (_ + _); congr (boxmeas d L _ _).
do 3!apply: FunctionalExtensionality.functional_extensionality_dep => ?; ring.
Qed.
Lemma shrunk_continuous x : continuous (fun t => meas d L (shrunk t)) x.
Proof.
rewrite /shrunk; elim: inner => [|f s IH] /=; first exact: continuous_const.
apply: (continuous_plus (fun t => boxmeas d L _ _)) IH.
apply: (@prodv_continuous (fun k t => prodv (fun i => prodv (fun j => gmeas _ (_ - t)) d) d)) => k.
apply: (@prodv_continuous (fun i t => prodv (fun j => gmeas _ (_ - t)) d)) => i.
apply: (@prodv_continuous (fun j t => gmeas _ (_ - t))) => j.
exact: gmeas_continuous.
Qed.
Lemma shrunk_le t : 0 < t < del -> meas d L (shrunk t) <= c.
Proof.
move=> ht; have side (f : cells d L m) k i j : @high_corner d L m f k i j = @low_corner d L m f k
  i j + del.
  by rewrite /high_corner /low_corner; ring.
have sub (f : cells d L m) N : Statements.in_box d L (@low_corner d L m f,
  (fun k i j => @high_corner d L m f k i j - t)) N ->
    hbox d L (@low_corner d L m f) (@high_corner d L m f) N.
  by move=> h k kL i id j jd; have := h k i j id jd kL; rewrite /=; lra.
apply: hc.
- move=> p; rewrite /shrunk; elim: inner => //= f s IH [<-|] //= k i j.
  by rewrite side; lra.
- have u : uniq (inner d L m B) by rewrite filter_uniq // enum_uniq.
  move=> a b /andP [ab bs] p0 N; rewrite size_map in bs.
  case E : (inner d L m B) => [|f0 s0]; first by rewrite E in bs.
  have bs' := bs; have as' : (a < size (inner d L m B))%N by exact: ltn_trans bs.
  rewrite /shrunk !(nth_map f0) // => h1 h2.
  have := cube_unique (sub _ _ h1) (sub _ _ h2) => /eqP.
  by rewrite nth_uniq // => /eqP e; move: ab; rewrite e ltnn.
move=> p hp N hN; have [f [fi e]] : exists f, f \in inner d L m B /\
    p = (@low_corner d L m f, (fun k i j => @high_corner d L m f k i j - t)).
  move: hp; rewrite /shrunk; elim: inner => //= f s IH [<-|/IH [g [gs ->]]].
    by exists f; rewrite inE eqxx.
  by exists g; rewrite inE gs orbT.
rewrite e in hN; move: fi; rewrite mem_filter => /andP [/insideP h _].
by apply: h; exact: sub.
Qed.
Lemma covered_family : P (covered d L m B) <= c.
Proof.
have D : 0 < del by apply: Rinv_0_lt_compat; apply: lt_0_INR; lia.
apply: (Rle_trans _ (meas d L (shrunk 0))); last first.
  exact: (@bound_at_0 _ c _ D (@shrunk_continuous 0) (fun t ht => shrunk_le ht)).
by rewrite shrunk_0; exact: covered_meas.
Qed.
End Grid.

Theorem open_event_family : P B <= c.
Proof.
apply: (measure_eventually hP (B := fun m => covered d L m B)) => [w Bw|m];
  last exact: covered_family.
exact: (open_covered oB).
Qed.
End Open.

Theorem gaussian_measure_stated d L (P : Statements.event -> R) :
  gaussian_measure d L P -> Statements.gaussian d L P.
Proof.
move=> hP; split; first exact: (measure_monotone hP).
move=> total B c htotal oB hc.
have e : total = mass by apply: is_lub_u htotal (proj2_sig mass_ex).
rewrite e in hc; apply: (open_event_family hP).
  by move=> w Bw; have [del d0 h] := oB w Bw; exists del => // w' near; apply: h => k i j;
    exact: near.
by move=> l h1 h2 h3; rewrite -meas_sum; exact: hc.
Qed.
