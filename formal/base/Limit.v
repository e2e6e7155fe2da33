(* Limits at infinity of real functions and of matrix-valued functions. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction PolynomialDerivative Derivative.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma exp_small K nu ep : (0 <= K)%Re -> (0 < nu)%Re -> (0 < ep)%Re ->
  exists M, (1 <= M)%Re /\ forall s, (M <= s)%Re -> (K * exp (- nu * s) < ep)%Re.
Proof.
move=> K0 nu0 ep0; exists (Rmax 1 (K / (ep * nu))); split; first exact: Rmax_l.
move=> s hs; have s1 : (1 <= s)%Re by apply: Rle_trans hs; exact: Rmax_l.
have h1 : (K / (ep * nu) <= s)%Re by apply: Rle_trans hs; exact: Rmax_r.
have h2 : (K <= s * (ep * nu))%Re.
  have := Rmult_le_compat_r (ep * nu) _ _ ltac:(nra) h1; rewrite /Rdiv Rmult_assoc Rinv_l; nra.
have -> : (- nu * s = - (nu * s))%Re by ring.
rewrite exp_Ropp; have h3 := exp_ineq1_le (nu * s); have p := exp_pos (nu * s).
by apply: (Rmult_lt_reg_r (exp (nu * s))) => //; rewrite Rmult_assoc Rinv_l; nra.
Qed.

Lemma exp_cauchy_lim (f : R -> R) K nu : (0 <= K)%Re -> (0 < nu)%Re ->
  (forall s t, (1 <= s <= t)%Re -> (Rabs (f t - f s) <= K * exp (- nu * s))%Re) ->
  is_lim f p_infty (Finite (real (Lim f p_infty))).
Proof.
move=> K0 nu0 h.
suff [l hl] : exists l : R, is_lim f p_infty (Finite l) by rewrite (is_lim_unique _ _ _ hl).
apply/(filterlim_locally_cauchy (U := R_CompleteSpace)) => ep.
have [M [M1 hM]] := exp_small (Rmult_le_pos 2 K ltac:(lra) K0) nu0 (cond_pos ep).
exists (fun s => (M < s)%Re); split; first by exists M.
move=> u v hu hv; have key a b : (M < a)%Re -> (a <= b)%Re -> (Rabs (f b - f a) < ep)%Re.
  move=> ha hab; have h1 := h a b (conj _ hab) => {h}; have {}h1 := h1 ltac:(lra).
  have := hM a ltac:(lra); have := Rmult_le_pos _ _ K0 (Rlt_le _ _ (exp_pos (- nu * a))); lra.
rewrite /ball /= /AbsRing_ball /abs /minus /plus /opp /=.
have [uv|vu] := Rle_dec u v; first exact: key.
by rewrite -Rabs_Ropp Ropp_plus_distr Ropp_involutive Rplus_comm; apply: key => //; lra.
Qed.

Definition mlim m n (F : R -> 'M[RR]_(m, n)) (M : 'M[RR]_(m, n)) :=
  forall i j, is_lim (fun t => F t i j : R) p_infty (Finite (M i j)).
Lemma is_lim_sum I (r : seq I) (f : I -> R -> R) (l : I -> R) :
  (forall i, is_lim (f i) p_infty (Finite (l i))) ->
  is_lim (fun s => \sum_(i <- r) (f i s : RR) : R) p_infty (Finite (\sum_(i <- r) (l i : RR) : R)).
Proof.
move=> h; elim: r => [|i r IH].
  rewrite big_nil; apply: (is_lim_ext (fun=> IZR 0)) => [s|]; first by rewrite big_nil.
  exact: is_lim_const.
rewrite big_cons; apply: (is_lim_ext (fun s => Rplus (f i s) (\sum_(i <- r) (f i s : RR)))) => [s|].
  by rewrite big_cons.
exact: is_lim_plus'.
Qed.
Lemma mlimM m n p (F : R -> 'M[RR]_(m, n)) (G : R -> 'M[RR]_(n, p)) A B :
  mlim F A -> mlim G B -> mlim (fun s => F s *m G s) (A *m B).
Proof.
move=> hF hG i j; rewrite mxE.
apply: (is_lim_ext (fun s => \sum_k ((F s i k * G s k j) : RR) : R)) => [s|]; first by rewrite mxE.
apply: is_lim_sum => k; have := is_lim_mult _ _ _ _ _ (hF i k) (hG k j) I; by apply.
Qed.
Lemma mlim_cst m n (A : 'M[RR]_(m, n)) : mlim (fun=> A) A.
Proof. by move=> i j; exact: is_lim_const. Qed.
Lemma mlimT m n (F : R -> 'M[RR]_(m, n)) A : mlim F A -> mlim (fun s => (F s)^T) A^T.
Proof. by move=> h i j; rewrite mxE; apply: (is_lim_ext (fun s => F s j i)) => [s|//]; rewrite mxE.
Qed.
