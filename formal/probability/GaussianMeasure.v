(* Gaussian measures, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import UpperExpectation Gaussian GaussianLayer Boxes FixedStart Lemma3Measure.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Boxes.
Variables d L : nat.
Lemma box_measureE (box : Statements.array * Statements.array) :
  Statements.box_measure d L mass box = boxmeas d L box.1 box.2.
Proof.
rewrite /boxmeas prodvE; apply: eq_bigr => k _; rewrite prodvE; apply: eq_bigr => i _.
by rewrite prodvE.
Qed.
Lemma meas_sum (l : seq (corner * corner)) :
  \sum_(box <- l) Statements.box_measure d L mass box = meas d L l.
Proof. by elim: l => [|p l IH]; rewrite ?big_nil // big_cons IH box_measureE. Qed.
Lemma in_boxP (p : corner * corner) (w : corner) : Statements.in_box d L p w <->
  inbox d L p.1 p.2 w.
Proof. by split=> h k; [move=> kL i iL j jL|move=> i j iL jL kL]; exact: h. Qed.
(* the sum of the indicators of disjoint boxes inside B *)
Lemma inds_out (l : seq (corner * corner)) w : (forall p, List.In p l ->
  ~ Statements.in_box d L p w) -> inds d L l w = 0%Re.
Proof.
elim: l => //= p l IH h; rewrite IH; last by move=> q ql; apply: h; right.
have [_ z] := boxindE d L p.1 p.2 w.
by rewrite z ?Rplus_0_l // => /in_boxP; apply: h; left.
Qed.
Lemma inds_inside (B : Omega -> Prop) (l : seq (corner * corner)) w :
  (forall a b : nat, (a < b < size l)%N -> forall box0 N,
     Statements.in_box d L (nth box0 l a) N -> ~ Statements.in_box d L (nth box0 l b) N) ->
  (forall p, List.In p l -> forall N, Statements.in_box d L p N -> B N) ->
    (inds d L l w <= ind B w)%Re.
Proof.
elim: l => [|p l IH] dis inside /=; first exact: ind_ge0.
have [hin|hout] := em (Statements.in_box d L p w).
  have [one _] := boxindE d L p.1 p.2 w; rewrite (one (proj1 (in_boxP _ _) hin)) inds_out.
    have Bw : B w by apply: (inside p) hin; left.
    by rewrite /ind; case: em => // _; lra.
  move=> q ql hq; have [m [ml e]] : exists m, (m < size l)%N /\ nth p l m = q.
    elim: l ql {IH dis inside} => //= r l IH [->|/IH[m [ml e]]]; first by exists 0%N.
    by exists m.+1.
  by apply: (dis 0%N m.+1 ml p w) => //=; rewrite e.
have [_ zero] := boxindE d L p.1 p.2 w; rewrite zero ?Rplus_0_l; last by move/in_boxP.
apply: IH => [a b ab|q ql]; first exact: (dis a.+1 b.+1 ab).
by apply: inside; right.
Qed.
Lemma gaussian_on_openP (P : Statements.event -> R) : Statements.gaussian d L P ->
  gaussian_on_open d L P.
Proof.
case=> _ h B hB c hc; apply: (h mass B c (proj2_sig mass_ex)) => [N BN|l lo dis inside].
  have [del d0 hd] := hB N BN; exists del => // N' hN; apply: hd => k i j; exact: hN.
rewrite meas_sum; apply: hc => // w; exact: inds_inside.
Qed.
End Boxes.
