(* Assumption (A1): the covariance matrix Sigma = X^T X / n, its smallest and largest eigenvalues.
   The bounds lam <= v^T Sigma v / |v|^2 <= Lam of the other files are exactly the bounds by the
   eigenvalues, the eigenvalues exist, and "full rank" is "some lam > 0 is a lower bound". *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Flatcert Require Import Linalg Network PolynomialFunction Lemma8 Risk PolynomialDerivative
  Spectral.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* a is an eigenvalue of the square matrix A *)
Definition is_eigenvalue n (A : 'M[RR]_n) (a : RR) := exists2 v : 'cV[RR]_n,
  v != 0 & A *m v = a *: v.
Definition is_smallest_eigenvalue n (A : 'M[RR]_n) (a : RR) :=
  is_eigenvalue A a /\ forall b, is_eigenvalue A b -> a <= b.
Definition is_largest_eigenvalue n (A : 'M[RR]_n) (a : RR) :=
  is_eigenvalue A a /\ forall b, is_eigenvalue A b -> b <= a.

Lemma unit_vector n (x : 'cV[RR]_n) : x != 0 -> sqn ((norm x)^-1 *: x) = 1.
Proof. by move=> nz; rewrite sqnZ -norm_sqr -exprMn mulVf ?expr1n // norm_eq0. Qed.
Lemma unit_nonzero n (x : 'cV[RR]_n) : sqn x = 1 -> x != 0.
Proof. by move=> x1; rewrite -sqn_eq0 x1 oner_eq0. Qed.

(* The Rayleigh quotients of a square matrix of positive size have a least upper bound. *)
Lemma rayleigh_lub n (H : 'M[RR]_n) : (0 < n)%N ->
  exists S : R, is_lub (fun v : R => exists x : 'cV[RR]_n, sqn x = 1 /\ v = dot x (H *m x)) S.
Proof.
move=> n0; case: (completeness
    (fun v : R => exists x : 'cV[RR]_n, sqn x = 1 /\ v = dot x (H *m x))) => [||S hS];
      last by exists S.
- exists (norm H) => v [x [x1 ->]]; apply/RleP; apply: le_trans (CS _ _) _.
  have nx : norm x = 1 by rewrite /norm x1 sqrtr1.
  by rewrite nx mul1r; apply: le_trans (opnorm_le_frob H x) _; rewrite nx mulr1.
- pose x : 'cV[RR]_n := const_mx 1.
  have nz : x != 0.
    by apply/eqP => /matrixP/(_ (Ordinal n0) 0); rewrite !mxE => /eqP; rewrite oner_eq0.
  by exists (dot ((norm x)^-1 *: x) (H *m ((norm x)^-1 *: x))), ((norm x)^-1 *: x);
    rewrite unit_vector.
Qed.

(* A symmetric matrix of positive size has a largest eigenvalue, which bounds its quadratic form. *)
Theorem largest_eigenvalue_exists n (H : 'M[RR]_n) : (0 < n)%N -> H^T = H ->
  exists2 S : RR, is_largest_eigenvalue H S & forall x : 'cV_n, dot x (H *m x) <= S * sqn x.
Proof.
move=> n0 sym; have [S hS] := rayleigh_lub H n0; exists S.
  have [[x [x1 hx]] hmax] := lub_eigen sym hS.
  by split=> [|b [v nz hv]]; [exists x => //; exact: unit_nonzero|exact: hmax nz hv].
move=> x; have [->|nz] := eqVneq x 0; first by rewrite /sqn !dot0l mulr0.
have p : 0 < sqn x by rewrite lt_def sqn_eq0 nz sqn_ge0.
have : dot ((norm x)^-1 *: x) (H *m ((norm x)^-1 *: x)) <= S.
  by apply/RleP; case: hS => ub _; apply: ub; exists ((norm x)^-1 *: x); rewrite unit_vector.
by rewrite -scalemxAr dotZl dotZr mulrA -invfM -expr2 norm_sqr ler_pdivr_mull // mulrC.
Qed.

Theorem smallest_eigenvalue_exists n (H : 'M[RR]_n) : (0 < n)%N -> H^T = H ->
  exists2 s : RR, is_smallest_eigenvalue H s & forall x : 'cV_n, s * sqn x <= dot x (H *m x).
Proof.
move=> n0 sym; have symN : (- H)^T = - H by rewrite linearN /= sym.
have [S [[v nz hv] hmax] hq] := largest_eigenvalue_exists n0 symN.
exists (- S); last by move=> x; have := hq x; rewrite mulNmx dotNr ler_oppl mulNr.
split=> [|b [u unz hu]]; first by exists v => //; rewrite scaleNr -hv mulNmx opprK.
by rewrite ler_oppl; apply: hmax; exists u; rewrite // mulNmx hu scaleNr.
Qed.

Lemma no_entries m (v : 'cV[RR]_m) : m = 0%N -> v = 0.
Proof. by move=> e; move: v; rewrite e => v; rewrite flatmx0. Qed.

Section Covariance.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)).
(* Sigma = X^T X / n *)
Definition covariance : 'M[RR]_(d 0%N) := n%:R^-1 *: (X^T *m X).
Lemma covariance_sym : covariance^T = covariance.
Proof. by rewrite /covariance linearZ /= trmx_mul trmxK. Qed.
Lemma covariance_form (v : 'cV_(d 0%N)) : dot v (covariance *m v) = n%:R^-1 * sqn (X *m v).
Proof. by rewrite /covariance -scalemxAl dotZr -mulmxA dotC dot_mull trmxK. Qed.

Lemma eigenvalue_form a (v : 'cV_(d 0%N)) : covariance *m v = a *: v ->
  n%:R^-1 * sqn (X *m v) = a * sqn v.
Proof. by move=> h; rewrite -covariance_form h dotZr. Qed.

(* lam is at most the smallest eigenvalue iff it bounds the quadratic form from below. *)
Theorem cov_ge_eigenvalue lam : cov_ge X lam <-> forall a, is_eigenvalue covariance a -> lam <= a.
Proof.
split=> [h a [v nz hv]|h].
  have p : 0 < sqn v by rewrite lt_def sqn_eq0 nz sqn_ge0.
  by have := h v; rewrite (eigenvalue_form hv) ler_pmul2r.
move=> v; have [d0|d0] := posnP (d 0%N).
  by rewrite (no_entries v d0) mulmx0 /sqn !dot0l !mulr0.
have [s [hs _] hq] := smallest_eigenvalue_exists d0 covariance_sym.
by rewrite -covariance_form; apply: le_trans (hq v); rewrite ler_wpmul2r ?sqn_ge0 // h.
Qed.

Theorem cov_le_eigenvalue Lam : cov_le X Lam <-> forall a, is_eigenvalue covariance a -> a <= Lam.
Proof.
split=> [h a [v nz hv]|h].
  have p : 0 < sqn v by rewrite lt_def sqn_eq0 nz sqn_ge0.
  by have := h v; rewrite (eigenvalue_form hv) ler_pmul2r.
move=> v; have [d0|d0] := posnP (d 0%N).
  by rewrite (no_entries v d0) mulmx0 /sqn !dot0l !mulr0.
have [s [hs _] hq] := largest_eigenvalue_exists d0 covariance_sym.
by rewrite -covariance_form; apply: le_trans (hq v) _; rewrite ler_wpmul2r ?sqn_ge0 // h.
Qed.

(* The lambda and Lambda of (A1). *)
Theorem smallest_eigenvalue_bound lam : is_smallest_eigenvalue covariance lam -> cov_ge X lam.
Proof. by case=> _ h; apply/cov_ge_eigenvalue. Qed.
Theorem largest_eigenvalue_bound Lam : is_largest_eigenvalue covariance Lam -> cov_le X Lam.
Proof. by case=> _ h; apply/cov_le_eigenvalue. Qed.

Lemma cov_ge_sigmin lam : (0 < n)%N -> cov_ge X lam -> sigmin_ge covariance lam.
Proof.
move=> n0 h v; have [->|nz] := eqVneq v 0; first by rewrite mulmx0 !norm0 mulr0.
have p : 0 < norm v by rewrite lt_def norm_eq0 nz norm_ge0.
rewrite -(ler_pmul2r p); apply: le_trans (_ : dot (covariance *m v) v <= _); last exact: CS.
by rewrite -mulrA -expr2 norm_sqr dotC covariance_form.
Qed.

(* (A1), "the covariance matrix is full rank", is: some lam > 0 is a lower bound. *)
Theorem assumption_A1 : (0 < n)%N ->
  (\rank covariance = d 0%N <-> exists2 lam : RR, 0 < lam & cov_ge X lam).
Proof.
move=> n0; split=> [/eqP full|[lam l0 h]].
  have u : covariance \in unitmx by rewrite -row_full_unit.
  have [d0|d0] := posnP (d 0%N).
    by exists 1; [exact: ltr01|move=> v]; rewrite (no_entries v d0) mulmx0 /sqn !dot0l !mulr0.
  have [s [[v nz hv] _] hq] := smallest_eigenvalue_exists d0 covariance_sym.
  exists s; last by move=> x; rewrite -covariance_form.
  have p : 0 < sqn v by rewrite lt_def sqn_eq0 nz sqn_ge0.
  rewrite lt_def; apply/andP; split.
    apply: contra_neq nz => s0; move: hv; rewrite s0 scale0r => hv.
    by rewrite -(mulKmx u v) hv mulmx0.
  rewrite -(pmulr_lge0 _ p) -(eigenvalue_form hv).
  by rewrite mulr_ge0 ?invr_ge0 ?ler0n ?sqn_ge0.
by apply/eqP; rewrite -/(row_full covariance) row_full_unit; exact: sigmin_unit l0 (cov_ge_sigmin
  n0 h).
Qed.

(* Under (A1) the smallest eigenvalue is positive and the largest exists. *)
Theorem A1_eigenvalues : (0 < n)%N -> (0 < d 0%N)%N -> \rank covariance = d 0%N ->
  exists lam Lam : RR, [/\ is_smallest_eigenvalue covariance lam,
    is_largest_eigenvalue covariance Lam, 0 < lam, cov_ge X lam & cov_le X Lam].
Proof.
move=> n0 d0 full; have [s hs _] := smallest_eigenvalue_exists d0 covariance_sym.
have [S hS _] := largest_eigenvalue_exists d0 covariance_sym.
exists s, S; split=> //; [|exact: smallest_eigenvalue_bound|exact: largest_eigenvalue_bound].
have [lam l0 hl] := (assumption_A1 n0).1 full.
by apply: lt_le_trans l0 _; case: hs => he _; exact: (cov_ge_eigenvalue lam).1 hl _ he.
Qed.
End Covariance.

