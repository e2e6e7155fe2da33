(* d/dt R^L(W(t)) along a gradient flow, and exponential decay under PL (Lemma 7 for the
   network). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma mderive_cst m n (A : 'M[RR]_(m, n)) t : mderive (fun=> A) t 0.
Proof. by move=> i j; rewrite mxE; apply: is_derive_const. Qed.

Lemma is_derive_sqn m (u : R -> 'cV[RR]_m) t du :
  mderive u t du -> is_derive (fun s => sqn (u s) : R) t (2%:R * dot (u t) du : RR).
Proof.
move=> h; have := mderiveM (mderiveT h) h => /(_ 0 0);
  rewrite !dot_colE !mxE !mulr1n (dotC du) -mulr2n -mulr_natl.
apply: is_derive_ext => s; by rewrite dot_colE mxE mulr1n.
Qed.

Section Energy.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).

Lemma mderive_fwd (W : R -> layers RR d) (D : layers RR d) t k :
  (forall i, (i < k)%N -> mderive (fun s => W s i) t (D i)) ->
  mderive (fun s => fwd (W s) k) t (jac (W t) D k).
Proof.
elim: k => [|k IH] h; first exact: mderive_cst.
rewrite /= addrC; apply: (mderiveM (F := fun s => W s k)); first exact: h.
by apply: IH => i ik; apply: h; apply: ltnW.
Qed.

Lemma is_derive_risk (W : R -> layers RR d) (D : layers RR d) t :
  (forall i, (i < L)%N -> mderive (fun s => W s i) t (D i)) ->
  is_derive (fun s => risk X y w (W s) : R) t (\sum_(k < L) dot (gradk X y w (W t) k) (D k) : RR).
Proof.
move=> h; rewrite -dot_jvec.
have hp : mderive (fun s => y - X *m wprod (W s) w) t (- (X *m jvec (W t) D w)).
  have := mderiveB (mderive_cst y t) (mderiveM (mderive_cst X t)
    (mderiveM (mderiveT (mderive_fwd h)) (mderive_cst w t))).
  by rewrite mul0mx mulmx0 addr0 !add0r.
evar_last; first exact: (is_derive_scal _ _ (n%:R^-1 : RR) _ (is_derive_sqn hp)).
rewrite /scal /= /mult /= dotZl dot_mull trmxK dotNr.
change (n%:R^-1 * (2%:R * - dot (y - X *m wprod (W t) w) (X *m jvec (W t) D w)) =
  - (2%:R / n%:R) * dot (y - X *m wprod (W t) w) (X *m jvec (W t) D w) :> RR).
by rewrite !mulrN mulNr mulrA [n%:R^-1 * _]mulrC.
Qed.

(* energy identity *)
Theorem energy (W : R -> layers RR d) : gradient_flow X y w W -> forall t, (0 <= t)%Re ->
  is_derive (fun s => risk X y w (W s) : R) t (- psqn L (gradk X y w (W t)) : RR).
Proof.
move=> hW t t0; have := is_derive_risk (hW t t0).
suff -> : \sum_(k < L) dot (gradk X y w (W t) k) (- gradk X y w (W t) k) = -
  psqn L (gradk X y w (W t)) by [].
by rewrite /psqn -sumrN; apply: eq_bigr => k _; rewrite dotNr.
Qed.

Lemma psqn_ge0 (D : layers RR d) : 0 <= psqn L D.
Proof. by apply: sumr_ge0 => k _; exact: sqn_ge0. Qed.

Theorem risk_nonincreasing (W : R -> layers RR d) s t : gradient_flow X y w W ->
  (0 <= s <= t)%Re -> (risk X y w (W t) <= risk X y w (W s))%Re.
Proof.
move=> hW [s0 st].
have := @nonincreasing (fun u => risk X y w (W (s + u)%Re)) (fun u => - psqn L (gradk X y w (W (s +
  u)%Re)) : RR) (t - s)%Re.
have -> : (s + (t - s) = t)%Re by lra.
rewrite Rplus_0_r; apply; last lra.
  move=> u [u0 _]; have := energy hW (_ : (0 <= s + u)%Re) => /(_ ltac:(lra)) h.
  evar_last; first by apply: (is_derive_comp (fun v => risk X y w (W v)));
    [exact: h|apply: is_derive_plus; [exact: is_derive_const|exact: is_derive_id]].
  by rewrite /scal /= /mult /plus /zero /one /= Rplus_0_l Rmult_1_l.
by move=> u _; apply/RleP; rewrite oppr_le0 psqn_ge0.
Qed.

(* PL along the trajectory on [0,T] gives exponential decay of the risk (Lemma 7, network form) *)
Theorem PL_decay (W : R -> layers RR d) (mu Rmin T : R) : gradient_flow X y w W -> (0 <= T)%Re ->
  (forall t, (0 <= t <= T)%Re -> (mu * (risk X y w (W t) - Rmin) <=
    psqn L (gradk X y w (W t)))%Re) ->
  (risk X y w (W T) - Rmin <= (risk X y w (W 0%Re) - Rmin) * exp (- mu * T))%Re.
Proof.
move=> hW T0 hPL.
apply: (@gronwall (fun t => risk X y w (W t)) (fun t => - psqn L (gradk X y w (W t)) : RR)) =>
  // t ht.
  by apply: energy hW _ _; case: ht.
have := hPL t ht; rewrite -RoppE; lra.
Qed.
End Energy.
