(* Several outputs: the gradient flow of Theorem 5 exists for all t >= 0 and is unique. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Network Risk PolynomialDerivative Derivative GradientFlow Energy
  BoxLipschitz GeneralFlow Multivariate Theorem5.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Multivariate.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (L : nat) (Y : 'M[RR]_(n, d L)).
Notation e := (@ee RR (d L)).
Lemma top_ext (W V : layers RR d) k : (forall i, (i < L)%N -> W i = V i) -> top L W k = top L V k.
Proof. by move=> h; apply/matrixP => i j; rewrite !mxE (bvec_ext _ _ h). Qed.
Lemma gradm_ext (W V : layers RR d) k : (forall i, (i < L)%N -> W i = V i) -> (k < L)%N ->
  gradm X Y W k = gradm X Y V k.
Proof.
move=> h kL; rewrite /gradm (top_ext _ h) (fwd_ext h) (@fwd_ext _ W V k) // => i ik.
by apply: h; exact: ltn_trans ik kL.
Qed.
Lemma gradm_box k : blm (fun W : layers RR d => gradm X Y W k).
Proof.
have top_box j : blm (fun W : layers RR d => top L W j).
  move=> a b; have h : blm (fun W : layers RR d => bvec W (e a) j).
    by apply: (@blm_bvec d L (fun=> e a) j); exact: blm_cst.
  by apply: bl_ext (h b 0) => W; rewrite mxE.
apply: blmM; last by apply: blmT; exact: blm_fwd.
apply: blmM; first by apply: blmT; exact: top_box.
apply: blmZ; apply: blmM; last exact: blm_cst.
apply: blmD; first exact: blm_cst.
by apply: blmN; apply: blmM; [exact: blm_fwd|exact: blm_cst].
Qed.
Lemma riskm_ge0 (W : layers RR d) : 0 <= riskm X Y W.
Proof. by rewrite /riskm /Rm mulr_ge0 ?nV_ge0 ?sqn_ge0. Qed.
Lemma riskm_ext (W V : layers RR d) : (forall i, (i < L)%N -> W i = V i) ->
  riskm X Y W = riskm X Y V.
Proof. by move=> h; rewrite /riskm (fwd_ext h). Qed.
Lemma riskm_derive (V : R -> layers RR d) (D : forall k, 'M[RR]_(d k.+1, d k)) t :
  (forall k, (k < L)%N -> mderive (fun s => V s k) t (D k)) ->
  is_derive (fun s => riskm X Y (V s) : R) t (\sum_(k < L) dot (gradm X Y (V t) k) (D k) : RR).
Proof.
move=> hV; apply: (is_derive_ext (fun s : R => \sum_i risk X (Y *m e i) (e i) (V s) : R)) => [s|].
  by rewrite riskm_sum.
have h := @is_derive_sum _ (index_enum _) (fun (i : 'I_(d L)) (s : R) =>
  risk X (Y *m e i) (e i) (V s) : R) t _
  (fun i => @is_derive_risk d n X (Y *m e i) L (e i) V D t hV).
evar_last; first exact: h.
rewrite exchange_big; apply: eq_bigr => k _; rewrite (gradm_sum _ _ _ (ltn_ord k)).
by rewrite [RHS]dotC dot_sumr; apply: eq_bigr => i _; exact: dotC.
Qed.

Ltac facts := first [assumption|exact: gradm_box|exact: gradm_ext|exact: riskm_ge0
  |exact: riskm_ext|exact: riskm_derive].

Theorem multivariate_flow_exists_unique (W0 : layers RR d) :
  exists W : R -> layers RR d, (W 0%Re = W0 /\ gradient_flowm X Y W) /\
    forall V : R -> layers RR d, V 0%Re = W0 -> gradient_flowm X Y V ->
    forall t, (0 <= t)%Re -> forall k, (k < L)%N -> V t k = W t k.
Proof.
have start k : flow L (gradm X Y) (riskm X Y) W0 0%Re k = W0 k by apply: flow_start; facts.
have fl : gradient_flowm X Y (flow L (gradm X Y) (riskm X Y) W0).
  by move=> t t0; apply: flow_is_flow; facts.
exists (flow L (gradm X Y) (riskm X Y) W0); split.
  by split=> //; apply: FunctionalExtensionality.functional_extensionality_dep.
move=> V V0 hV; apply: (general_flow_unique (g := gradm X Y) (E := riskm X Y)); try facts.
by move=> k _; rewrite V0 start.
Qed.
End Multivariate.

