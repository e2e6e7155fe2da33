(* Monotonicity, Gronwall's lemma, entrywise derivatives of matrix-valued functions. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction PolynomialDerivative.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma nonincreasing (f df : R -> R) (T : R) :
  (forall t, (0 <= t <= T)%Re -> is_derive f t (df t)) -> (forall t, (0 <= t <= T)%Re ->
    (df t <= 0)%Re) ->
  (0 <= T)%Re -> (f T <= f 0)%Re.
Proof.
move=> hd hn T0; case: (MVT_gen f 0%Re T df) => [t|t|c [hc e]]; rewrite ?Rmin_left ?Rmax_right //.
- by move=> h; apply: hd; lra.
- move=> h; apply: derivable_continuous_pt; exists (df t); apply/is_derive_Reals; exact: hd.
move: hc; rewrite Rmin_left ?Rmax_right // => hc; have := hn _ hc; nra.
Qed.

Lemma zero_derivative (f : R -> R) (T : R) :
  (forall t, (0 <= t <= T)%Re -> is_derive f t 0%Re) -> (0 <= T)%Re -> f T = f 0%Re.
Proof.
move=> h T0; apply: Rle_antisym; first by apply: (nonincreasing h) => // *; lra.
apply: Ropp_le_cancel; apply: (@nonincreasing (fun t => (- f t)%Re) (fun=> (- 0)%Re)) => // t ht;
  last by lra.
exact: is_derive_opp (h t ht).
Qed.

(* scalar comparison: phi' <= - mu (phi - m) on [0,T] *)
Lemma gronwall (phi dphi : R -> R) (mu m T : R) :
  (forall t, (0 <= t <= T)%Re -> is_derive phi t (dphi t)) ->
  (forall t, (0 <= t <= T)%Re -> (dphi t <= - mu * (phi t - m))%Re) ->
  (0 <= T)%Re -> (phi T - m <= (phi 0 - m) * exp (- mu * T))%Re.
Proof.
move=> hd hn T0.
have := @nonincreasing (fun t => (phi t - m) * exp (mu * t))%Re
  (fun t => (dphi t + mu * (phi t - m)) * exp (mu * t))%Re T.
move=> /(_ _ _ T0) H; have {H} : ((phi T - m) * exp (mu * T) <= (phi 0 - m) * exp (mu * 0))%Re.
  apply: H => t ht.
    have h := hd t ht; auto_derive; first by exists (dphi t).
    by rewrite (is_derive_unique _ _ _ h); ring.
  have := hn t ht; have := exp_pos (mu * t); nra.
rewrite Rmult_0_r exp_0 => H.
have -> : (- mu * T = - (mu * T))%Re by ring.
rewrite exp_Ropp; apply: (Rmult_le_reg_r (exp (mu * T))); first exact: exp_pos.
rewrite Rmult_assoc Rinv_l; first lra.
by have := exp_pos (mu * T); lra.
Qed.

(* entrywise derivatives of matrix-valued functions *)
Definition mderive m n (F : R -> 'M[RR]_(m, n)) (t : R) (dF : 'M[RR]_(m, n)) :=
  forall i j, is_derive (fun s => F s i j : R) t (dF i j : R).

Lemma is_derive_sum I (r : seq I) (f : I -> R -> R) t (df : I -> R) :
  (forall i, is_derive (f i) t (df i)) ->
  is_derive (fun s => \sum_(i <- r) (f i s : RR) : R) t (\sum_(i <- r) (df i : RR) : R).
Proof.
move=> h; elim: r => [|i r IH].
  rewrite big_nil; apply: (@is_derive_ext R_AbsRing R_NormedModule (fun=> IZR 0)) => [s|];
    first by rewrite big_nil.
  exact: is_derive_const.
rewrite big_cons; apply: (@is_derive_ext R_AbsRing R_NormedModule
  (fun s => Rplus (f i s) (\sum_(i <- r) (f i s : RR)))) => [s|]; first by rewrite big_cons.
exact: is_derive_plus.
Qed.
Lemma mderiveM m n p (F : R -> 'M[RR]_(m, n)) (G : R -> 'M[RR]_(n, p)) t dF dG :
  mderive F t dF -> mderive G t dG ->
  mderive (fun s => F s *m G s) t (dF *m G t + F t *m dG).
Proof.
move=> hF hG i j; rewrite !mxE -big_split /=.
apply: (@is_derive_ext R_AbsRing R_NormedModule (fun s => \sum_k ((F s i k * G s k j) : RR) : R)) =>
  [s|].
  by rewrite mxE.
apply: is_derive_sum => k.
have := is_derive_mult (fun s => F s i k : R) (fun s => G s k j : R) t _ _ (hF i k) (hG k j)
  Rmult_comm.
by apply.
Qed.
Lemma mderiveT m n (F : R -> 'M[RR]_(m, n)) t dF : mderive F t dF ->
  mderive (fun s => (F s)^T) t dF^T.
Proof.
move=> hF i j; rewrite mxE.
by apply: (@is_derive_ext R_AbsRing R_NormedModule (fun s => F s j i : R)) => [s|//]; rewrite mxE.
Qed.
Lemma mderiveB m n (F G : R -> 'M[RR]_(m, n)) t dF dG :
  mderive F t dF -> mderive G t dG -> mderive (fun s => F s - G s) t (dF - dG).
Proof.
move=> hF hG i j; rewrite !mxE.
apply: (@is_derive_ext R_AbsRing R_NormedModule (fun s => Rminus (F s i j) (G s i j))) => [s|];
  first by rewrite !mxE.
exact: is_derive_minus.
Qed.
Lemma mderive_const m n (F : R -> 'M[RR]_(m, n)) T :
  (forall t, (0 <= t <= T)%Re -> mderive F t 0) -> (0 <= T)%Re -> F T = F 0%Re.
Proof.
move=> h T0; apply/matrixP => i j; apply: (@zero_derivative (fun t => F t i j)) T0 => t /h/(_ i j).
by rewrite mxE.
Qed.
