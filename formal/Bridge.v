(* The definitions of Statements.v are those of the development. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Derivative GradientFlow OperatorBound Balanced OperatorNorm Lemma2 Spectral
  RiskAtZero Limit.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* Num.sqrt is the square root of Coq's reals *)
Lemma norm_is_sqrt m n (A : 'M[RR]_(m, n)) : Statements.norm A = sqrt (Statements.sqnorm A).
Proof. by rewrite RsqrtE //; exact: (sqn_ge0 A). Qed.

(** Operator norms *)
Lemma opnorm_leP m n (A : 'M[RR]_(m, n)) (c : R) : Statements.opnorm_le A c <-> opnorm_le A c.
Proof. by split=> h x; apply/RleP; exact: h. Qed.
Lemma sigmin_geP m n (A : 'M[RR]_(m, n)) (c : R) : Statements.sigmin_ge A c <-> sigmin_ge A c.
Proof. by split=> h x; apply/RleP; exact: h. Qed.
Lemma is_opnormP m n (A : 'M[RR]_(m, n)) (s : R) : Statements.is_opnorm A s <-> is_opnorm A s.
Proof.
split=> -[s0 le lst]; split.
- exact/RleP.
- exact/opnorm_leP.
- by move=> c /RleP c0 /opnorm_leP hc; apply/RleP; exact: lst.
- exact/RleP.
- exact/opnorm_leP.
- by move=> c /RleP c0 /opnorm_leP hc; apply/RleP; exact: lst.
Qed.

(** Eigenvalues: the smallest and the largest are the bounds of the quadratic form *)
Section Eigen.
Variables (n : nat) (A : 'M[RR]_n).
Hypothesis As : A^T = A.
Definition rayleigh (r : R) := exists x : 'cV[RR]_n, sqn x = 1 /\ r = dot x (A *m x).
Lemma unit_vector (x : 'cV[RR]_n) : x != 0 -> sqn ((norm x)^-1 *: x) = 1.
Proof. by move=> nz; rewrite sqnZ -norm_sqr -exprMn mulVf ?expr1n // norm_eq0. Qed.
Lemma unit_form (x : 'cV[RR]_n) :
  dot ((norm x)^-1 *: x) (A *m ((norm x)^-1 *: x)) = (sqn x)^-1 * dot x (A *m x).
Proof. by rewrite -scalemxAr dotZl dotZr mulrA -invfM -expr2 norm_sqr. Qed.
Lemma sqn_gt0 (x : 'cV[RR]_n) : x != 0 -> 0 < sqn x.
Proof. by move=> nz; rewrite lt_def sqn_eq0 nz sqn_ge0. Qed.
Lemma rayleigh_unit (x : 'cV[RR]_n) : x != 0 -> rayleigh ((sqn x)^-1 * dot x (A *m x) : RR).
Proof. by move=> nz; exists ((norm x)^-1 *: x); split; [exact: unit_vector|rewrite unit_form]. Qed.
Lemma rayleigh_lub (u : 'cV[RR]_n) : u != 0 -> exists S, is_lub rayleigh S.
Proof.
move=> nz; case: (completeness rayleigh) => [||S hS]; last by exists S.
- exists (norm A) => r [x [x1 ->]]; apply/RleP; apply: le_trans (CS _ _) _.
  have nx : norm x = 1 by rewrite /norm x1 sqrtr1.
  by rewrite nx mul1r; have := opnorm_le_frob A x; rewrite nx mulr1.
- by exists ((sqn u)^-1 * dot u (A *m u)); exact: rayleigh_unit.
Qed.
Lemma lub_largest (S : R) : is_lub rayleigh S -> Statements.largest_eigenvalue A S.
Proof.
move/(lub_eigen As) => [[x [x1 xe]] top]; split.
  by exists x => //; rewrite -sqn_eq0 x1 oner_eq0.
by move=> b [v nz e]; apply/RleP; exact: (top _ _ nz e).
Qed.
Lemma largest_exists : (0 < n)%N -> exists S, Statements.largest_eigenvalue A S.
Proof.
move=> n0; have nz : (const_mx 1 : 'cV[RR]_n) != 0.
  by apply/eqP => /matrixP/(_ (Ordinal n0) 0)/eqP; rewrite !mxE oner_eq0.
by have [S hS] := rayleigh_lub nz; exists S; exact: lub_largest.
Qed.
Lemma largest_quad (a : R) : Statements.largest_eigenvalue A a ->
  forall v : 'cV[RR]_n, dot v (A *m v) <= (a : RR) * sqn v.
Proof.
case=> -[u unz ue] top v.
have [->|vnz] := eqVneq v 0; first by rewrite /sqn !dot0l mulr0.
have [S hS] := rayleigh_lub unz.
have Sa : (S <= a)%Re by apply: top; case: (lub_largest hS).
have : (sqn v)^-1 * dot v (A *m v) <= (a : RR).
  by apply/RleP; apply: Rle_trans Sa; apply: (proj1 hS); exact: rayleigh_unit.
by rewrite ler_pdivr_mull ?sqn_gt0 // mulrC.
Qed.
End Eigen.
Lemma smallest_quad n (A : 'M[RR]_n) (a : R) : A^T = A -> Statements.smallest_eigenvalue A a ->
  forall v : 'cV[RR]_n, (a : RR) * sqn v <= dot v (A *m v).
Proof.
move=> As [[u unz ue] low] v.
have NAs : (- A)^T = - A by rewrite linearN /= As.
have : Statements.largest_eigenvalue (- A) (- (a : RR)).
  split=> [|b [x xnz xe]]; first by exists u => //; rewrite mulNmx ue scaleNr.
  have : (a <= - (b : RR))%Re by apply: low; exists x => //; rewrite scaleNr -xe mulNmx opprK.
  by move/RleP; rewrite ler_oppr => /RleP.
move/(largest_quad NAs)/(_ v); by rewrite mulNmx dotNr mulNr ler_opp2.
Qed.

(** (A1) *)
Section Data.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)).
Lemma Sigma_sym : (Statements.Sigma X)^T = Statements.Sigma X.
Proof. by rewrite /Statements.Sigma linearZ /= trmx_mul trmxK. Qed.
Lemma Sigma_quad (v : 'cV[RR]_(d 0%N)) : dot v (Statements.Sigma X *m v) = n%:R^-1 * sqn (X *m v).
Proof. by rewrite /Statements.Sigma -scalemxAl dotZr -mulmxA -dot_mull. Qed.
Lemma smallest_cov_ge (a : R) : Statements.smallest_eigenvalue (Statements.Sigma X) a -> cov_ge X a.
Proof. by move=> h v; rewrite -Sigma_quad; exact: (smallest_quad Sigma_sym h). Qed.
Lemma largest_cov_le (a : R) : Statements.largest_eigenvalue (Statements.Sigma X) a -> cov_le X a.
Proof. by move=> h v; rewrite -Sigma_quad; exact: (largest_quad Sigma_sym h). Qed.
(* a bound of the quadratic form that is attained is the smallest eigenvalue *)
Lemma attained_smallest (a : RR) : cov_ge X a ->
  (exists2 v : 'cV[RR]_(d 0%N), v != 0 & a * sqn v = n%:R^-1 * sqn (X *m v)) ->
  Statements.smallest_eigenvalue (Statements.Sigma X) a.
Proof.
pose S := Statements.Sigma X.
move=> low [v nz e]; have NS : (- S)^T = - S by rewrite linearN /= Sigma_sym.
have form (x : 'cV[RR]_(d 0%N)) : dot x (- S *m x) = - (n%:R^-1 * sqn (X *m x)) by rewrite mulNmx
  dotNr /S Sigma_quad.
have : is_lub (rayleigh (- S)) (- a : RR).
  split=> [r [x [x1 ->]]|b hb].
    by apply/RleP; rewrite form ler_opp2; have := low x; rewrite x1 mulr1.
  apply: hb; have := rayleigh_unit (- S) nz.
  by rewrite form -e mulrN mulrCA mulVf ?mulr1 // sqn_eq0.
move/(lub_largest NS) => [[x xnz xe] top]; split.
  by exists x => //; apply: oppr_inj; rewrite -mulNmx xe scaleNr.
move=> b [x' nz' e']; apply/RleP; rewrite -ler_opp2; apply/RleP; apply: top.
by exists x' => //; rewrite mulNmx e' scaleNr.
Qed.
Lemma attained_largest (a : RR) : cov_le X a ->
  (exists2 v : 'cV[RR]_(d 0%N), v != 0 & n%:R^-1 * sqn (X *m v) = a * sqn v) ->
  Statements.largest_eigenvalue (Statements.Sigma X) a.
Proof.
move=> top [v nz e]; apply: (lub_largest Sigma_sym); split=> [r [x [x1 ->]]|b hb].
  by apply/RleP; rewrite Sigma_quad; have := top x; rewrite x1 mulr1.
apply: hb; have := rayleigh_unit (Statements.Sigma X) nz.
by rewrite Sigma_quad e mulrCA mulVf ?mulr1 // sqn_eq0.
Qed.
Lemma smallest_ge0 (a : R) : Statements.smallest_eigenvalue (Statements.Sigma X) a -> 0 <= (a : RR).
Proof.
case=> -[v nz e] _; have p : 0 < sqn v by rewrite lt_def sqn_eq0 nz sqn_ge0.
rewrite -(pmulr_lge0 _ p) -dotZr -e Sigma_quad.
by rewrite mulr_ge0 ?invr_ge0 ?ler0n ?sqn_ge0.
Qed.
Lemma A1_bounds (a b : R) : Statements.A1 X a b ->
  [/\ 0 < (a : RR), cov_ge X a, cov_le X b, (0 < n)%N & (a : RR) <= (b : RR)].
Proof.
case=> a0 ha hb; split; [exact/RltP|exact: smallest_cov_ge|exact: largest_cov_le| |].
  case: (posnP n) => // n0; case: ha => -[v nz e] _.
  have z : (n%:R : RR)^-1 = 0 by rewrite n0 invr0.
  move: e; rewrite /Statements.Sigma z scale0r mul0mx => /esym/eqP.
  by rewrite scaler_eq0 (negbTE nz) orbF => /eqP e; move: a0; rewrite e => /RltP; rewrite ltxx.
by apply/RleP; apply: (proj2 hb); exact: (proj1 ha).
Qed.
End Data.

(** Gradients and flows *)
Lemma psqn_eq0 (d : nat -> nat) L (D : layers RR d) : psqn L D = 0 -> forall k, (k < L)%N ->
  D k = 0.
Proof.
move/eqP; rewrite /psqn psumr_eq0 => [/allP h k kL|k _]; last exact: sqn_ge0.
by have := h (Ordinal kL) (mem_index_enum _); rewrite /= sqn_eq0 => /eqP.
Qed.
(* a function of the layers has one gradient *)
Lemma gradient_unique (d : nat -> nat) L (f : layers RR d -> R) (W G H : layers RR d) :
  Statements.gradient_of L f W G -> Statements.gradient_of L f W H -> forall k, (k < L)%N ->
    G k = H k.
Proof.
move=> hG hH k kL; pose D := (fun j => G j - H j) : layers RR d.
have e : \sum_(j < L) dot (G j) (D j) = \sum_(j < L) dot (H j) (D j).
  by rewrite -(is_derive_unique _ _ _ (hG D)) -(is_derive_unique _ _ _ (hH D)).
have z : psqn L D = 0.
  rewrite /psqn /sqn; under eq_bigr do rewrite {1}/D dotDl dotNl.
  by rewrite big_split /= sumrN e subrr.
by have := psqn_eq0 z kL; rewrite /D => /eqP; rewrite subr_eq0 => /eqP.
Qed.
Lemma gradient_eq (d : nat -> nat) L (f : layers RR d -> R) (W G H : layers RR d) :
  (forall k, (k < L)%N -> G k = H k) -> Statements.gradient_of L f W H ->
    Statements.gradient_of L f W G.
Proof.
move=> h hH D; rewrite (_ : \sum_(k < L) _ = \sum_(k < L) dot (H k) (D k)); first exact: hH.
by apply: eq_bigr => k _; rewrite (h k (ltn_ord k)).
Qed.
Section Flow.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat)
  (w : 'cV[RR]_(d L)).
Lemma gradk_gradient (W : layers RR d) : Statements.is_gradient X y w W (gradk X y w W).
Proof. by move=> D; exact: grad_correct. Qed.
Lemma is_gradientP (W G : layers RR d) :
  Statements.is_gradient X y w W G <-> forall k, (k < L)%N -> G k = gradk X y w W k.
Proof.
split=> h; first by move=> k; exact: (gradient_unique h (@gradk_gradient W)).
exact: gradient_eq h (@gradk_gradient W).
Qed.
Lemma gradient_flowP (W : R -> layers RR d) : Statements.gradient_flow X y w W <->
  gradient_flow X y w W.
Proof.
split=> h t t0; last by exists (gradk X y w (W t)); split; [exact/is_gradientP|exact: h].
move=> k kL; have [G [hG hD]] := h t t0.
by rewrite -(proj1 (is_gradientP _ _) hG k kL); exact: hD.
Qed.
Lemma A2P (W0 : layers RR d) : (0 < L)%N -> Statements.A2 X y w W0 ->
  risk X y w W0 <= R1 X y 0 /\ exists2 k, (k < L)%N & gradk X y w W0 k != 0.
Proof.
move=> L0 [h [G [hG [k kL nz]]]]; split.
  by rewrite -(R0E X y w L0); apply/RleP.
by exists k => //; rewrite -(proj1 (is_gradientP _ _) hG k kL).
Qed.
End Flow.

(** epsilon *)
Section Epsilon.
Variables (d : nat -> nat) (L : nat) (W : R -> layers RR d).
Lemma is_epsilonP (ep : R) : Statements.is_epsilon L (W 0%Re) ep -> exists (e : nat -> RR) (v : RR),
  [/\ forall k, (k.+1 < L)%N -> opnorm_le (imb W k) (e k), forall k, 0 <= e k,
      forall k, (k < L)%N -> sqn (W 0%Re k) <= v & ep = eps L e v].
Proof.
case=> v [e [[hv _] he ->]]; exists (fun k => if (k.+1 < L)%N then e k else 0), v; split.
- by move=> k kL; rewrite kL; case/is_opnormP: (he k kL).
- by move=> k; case: ifP => // kL; case/is_opnormP: (he k kL).
- by move=> k kL; apply/RleP; exact: hv.
rewrite /eps /esum; congr (_ + _ * _); apply: eq_bigr => k _.
by rewrite -ltn_predRL (ltn_ord k).
Qed.
End Epsilon.
