(* Lemma 6.  The mean over d x d independent standard normal entries is an iterated integral; it is
   multiplicative on products of functions of one entry (of one row) each.  Completing the square,
   E exp(c (a + t x)^2) = exp(c a^2/(1 - 2 c t^2))/sqrt(1 - 2 c t^2) for one entry x; by induction
   the same holds for a linear form sum_j t_j x_j of a row, with sum_j t_j^2 in place of t^2.  With
   t = h/norm(h), of norm 1, the rows of N h/norm(h) are standard normal. *)
From Coq Require Import Reals Lra Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg UpperExpectation Gaussian GaussianLayer FixedStart Boxes.
From Flatcert Require Import GaussianIntegral.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Import Statements (normal_mean, independent_mean).
Local Open Scope R_scope.

(** The mean over one standard normal number *)
Lemma real_ex_dens a b : ex_RInt dens a b. Proof. exact/cont_ex/dens_cont. Qed.
(* nearly all of the mass lies in every large interval *)
Lemma mass_inside eps : 0 < eps -> exists a b, a <= b /\
  forall A B, A <= a -> b <= B -> mass - eps <= RInt dens A B.
Proof.
move=> e0; have [a [b [ab h]]] : exists a b, a <= b /\ mass - eps < RInt dens a b.
  apply: Classical_Prop.NNPP => no; case: (proj2_sig mass_ex) => _ lub.
  have : mass <= mass - eps; last by lra.
  apply: lub => v [a [b [ab ->]]]; apply: Rnot_lt_le => lt; apply: no; by exists a, b.
exists a, b; split=> // A B hA hB.
have p c e : c <= e -> 0 <= RInt dens c e.
  by move=> ce; apply: RInt_ge_0 => [//||t _]; [exact: real_ex_dens|exact/Rlt_le/dens_pos].
rewrite -(RInt_Chasles dens A a B) -?(RInt_Chasles dens a b B) /plus /=; try exact: real_ex_dens.
by have := p A a hA; have := p b B hB; lra.
Qed.
(* exp(k) exp(-(r x + q)^2/2) has the mean exp(k)/r: the substitution r x + q *)
Lemma mean_square (f : R -> R) r q k : 0 < r ->
  (forall x, f x * exp (- x ^ 2 / 2) = exp k * dens (r * x + q)) -> normal_mean f (exp k / r).
Proof.
move=> r0 fE; pose I A := exp k / r * RInt dens (r * - A + q) (r * A + q).
exists I; split=> [A|].
  have h := is_RInt_comp_lin dens r q (- A) A _ (RInt_correct _ _ _ (real_ex_dens _ _)).
  have := is_RInt_scal _ _ _ (exp k / r) _ h; apply: is_RInt_ext => x _.
  by rewrite fE /scal /= /mult /=; field; lra.
have m0 := mass_gt0; have e0 := exp_pos k; rewrite -mass_sqrt.
have c0 : 0 < exp k / r by exact: Rdiv_lt_0_compat.
apply: (proj1 (is_lim_spec _ _ _)) => eps; have p := cond_pos eps.
have q0 : 0 < eps * mass / (exp k / r) / 2.
  by apply: Rdiv_lt_0_compat; [apply: Rdiv_lt_0_compat => //; exact: Rmult_lt_0_compat|lra].
have [a [b [ab h]]] := mass_inside q0.
exists (Rmax ((q - a) / r) ((b - q) / r)) => A hA.
have l1 : (q - a) / r < A by have := Rmax_l ((q - a) / r) ((b - q) / r); lra.
have l2 : (b - q) / r < A by have := Rmax_r ((q - a) / r) ((b - q) / r); lra.
have g1 := Rmult_lt_compat_l r _ _ r0 l1.
have g2 := Rmult_lt_compat_l r _ _ r0 l2.
rewrite (_ : r * ((q - a) / r) = q - a) in g1; last by field; lra.
rewrite (_ : r * ((b - q) / r) = b - q) in g2; last by field; lra.
have lo := h (r * - A + q) (r * A + q) ltac:(lra) ltac:(lra).
have up : RInt dens (r * - A + q) (r * A + q) <= mass by apply: mass_ge; lra.
rewrite /I; move: (exp k / r) c0 q0 lo up => c c0 q0; move: (RInt _ _ _) => J lo up.
have -> : c * J / mass - c = - (c * (mass - J) / mass) by field; lra.
rewrite Rabs_Ropp Rabs_right; last first.
  apply: Rle_ge; apply: Rmult_le_pos; last exact/Rlt_le/Rinv_0_lt_compat.
  by apply: Rmult_le_pos; lra.
apply: (Rmult_lt_reg_r (mass / c)); first exact: Rdiv_lt_0_compat.
have -> : c * (mass - J) / mass * (mass / c) = mass - J by field; lra.
have -> : eps * (mass / c) = eps * mass / c by field; lra.
lra.
Qed.
Lemma mean_linear t : normal_mean (fun x => exp (t * x)) (exp (t ^ 2 / 2)).
Proof.
rewrite -[exp _]Rmult_1_r -Rinv_1; apply: (mean_square (q := - t)); first lra.
by move=> x; rewrite /dens -!exp_plus; congr exp; field.
Qed.
Lemma mean_quadratic a c t : 2 * c * t ^ 2 < 1 -> normal_mean (fun x => exp (c * (a + t * x) ^ 2))
  (exp (c * a ^ 2 / (1 - 2 * c * t ^ 2)) / sqrt (1 - 2 * c * t ^ 2)).
Proof.
move=> hc; pose D := 1 - 2 * c * t ^ 2; have D0 : 0 < D by rewrite /D; lra.
have s0 : 0 < sqrt D by exact: sqrt_lt_R0.
have s2 : sqrt D * sqrt D = D by apply: sqrt_sqrt; lra.
apply: (mean_square (q := - (2 * c * a * t / sqrt D))) => // x; rewrite /dens -!exp_plus.
congr exp; rewrite -/D.
have -> : - (sqrt D * x + - (2 * c * a * t / sqrt D)) ^ 2 / 2 =
    - (sqrt D * sqrt D) * x ^ 2 / 2 + 2 * c * a * t * x - (2 * c * a * t) ^ 2 / (sqrt D * sqrt D)
      / 2 by field; lra.
by rewrite s2 /D; field; rewrite -/D; lra.
Qed.

(** Independent copies *)
Section Independent.
Variables (T : Type) (mean : (T -> R) -> R -> Prop).
Hypotheses (mean_ext : forall f g v, (forall x, f x = g x) -> mean f v -> mean g v)
  (mean_scale : forall f c v, mean f v -> mean (fun x => c * f x) (c * v))
  (mean_unique : forall f v w, mean f v -> mean f w -> v = w).
Lemma independent_ext n (f g : (nat -> T) -> R) v : (forall x, f x = g x) ->
  independent_mean mean n f v -> independent_mean mean n g v.
Proof.
elim: n f g v => [|n IH] f g v fg /=; first by move=> h x; rewrite -fg.
by case=> F [h1 h2]; exists F; split=> // t; apply: IH (h1 t) => x; exact: fg.
Qed.
Lemma independent_scale n (f : (nat -> T) -> R) c v : independent_mean mean n f v ->
  independent_mean mean n (fun x => c * f x) (c * v).
Proof.
elim: n f v => [|n IH] f v /=; first by move=> h x; rewrite h.
by case=> F [h1 h2]; exists (fun t => c * F t); split=> [t|]; [exact: IH|exact: mean_scale].
Qed.
Lemma independent_unique (x0 : T) n (f : (nat -> T) -> R) v w : independent_mean mean n f v ->
  independent_mean mean n f w -> v = w.
Proof.
elim: n f v w => [|n IH] f v w /=.
  by move=> h1 h2; rewrite -(h1 (fun=> x0)) -(h2 (fun=> x0)).
case=> F [h1 h2] [G [h3 h4]]; apply: mean_unique h2 (mean_ext _ h4) => t.
exact: IH (h3 t) (h1 t).
Qed.
Lemma independent_product n (f : nat -> T -> R) (v : nat -> R) : (forall k, mean (f k) (v k)) ->
  independent_mean mean n (fun x => prodn f x n) (prodv v n).
Proof.
elim: n f v => [|n IH] f v h /=; first by [].
exists (fun t => prodv (fun k => v k.+1) n * f 0%N t); split.
  move=> t; rewrite Rmult_comm; apply: independent_scale.
  exact: (IH (fun k => f k.+1) (fun k => v k.+1)).
by rewrite Rmult_comm; exact: mean_scale.
Qed.
End Independent.

Lemma normal_ext f g v : (forall x, f x = g x) -> normal_mean f v -> normal_mean g v.
Proof.
move=> fg [I [h l]]; exists I; split=> // A.
by apply: is_RInt_ext (h A) => x _; rewrite fg.
Qed.
Lemma normal_scale f c v : normal_mean f v -> normal_mean (fun x => c * f x) (c * v).
Proof.
case=> I [h l]; exists (fun A => c * I A); split=> [A|].
  have := is_RInt_scal _ _ _ c _ (h A); apply: is_RInt_ext => x _.
  by rewrite /scal /= /mult /= Rmult_assoc.
apply: (is_lim_ext (fun A => c * (I A / sqrt (2 * PI)))) => [A|]; first by rewrite /Rdiv; ring.
exact: (is_lim_scal_l _ c p_infty (Finite v)).
Qed.
Lemma normal_unique f v w : normal_mean f v -> normal_mean f w -> v = w.
Proof.
case=> I [h1 l1] [J [h2 l2]].
have e A : J A / sqrt (2 * PI) = I A / sqrt (2 * PI).
  by rewrite -(is_RInt_unique _ _ _ _ (h1 A)) (is_RInt_unique _ _ _ _ (h2 A)).
have := is_lim_unique _ _ _ (is_lim_ext _ _ _ _ e l2).
by rewrite (is_lim_unique _ _ _ l1) => -[].
Qed.

(** Rows *)
Lemma row_quadratic n (t : nat -> R) a c : 2 * c * sumv (fun k => t k ^ 2) n < 1 ->
  independent_mean normal_mean n (fun x => exp (c * (a + sumn (fun k y => t k * y) x n) ^ 2))
    (exp (c * a ^ 2 / (1 - 2 * c * sumv (fun k => t k ^ 2) n)) /
      sqrt (1 - 2 * c * sumv (fun k => t k ^ 2) n)).
Proof.
elim: n t a => [|n IH] t a /=.
  move=> _ _; rewrite Rmult_0_r Rminus_0_r sqrt_1 /Rdiv Rinv_1 !Rmult_1_r Rplus_0_r.
  by congr exp; rewrite /=; ring.
have q0 := @sumv_ge0 (fun k => t k.+1 ^ 2) n (fun k => pow2_ge_0 (t k.+1)).
set Q := sumv _ n in q0 *; have t0 := pow2_ge_0 (t 0%N).
move=> hc.
pose D := 1 - 2 * c * Q; have D0 : 0 < D.
  by rewrite /D; case: (Rle_lt_dec 0 c) => c0; [|]; nra.
have e0 : 0 < 1 - 2 * c * (t 0%N ^ 2 + Q) by lra.
have hD : 1 - 2 * (c / D) * t 0%N ^ 2 = (1 - 2 * c * (t 0%N ^ 2 + Q)) / D.
  by rewrite /D; field; rewrite -/D; lra.
have hcD : 2 * (c / D) * t 0%N ^ 2 < 1.
  have : 0 < (1 - 2 * c * (t 0%N ^ 2 + Q)) / D by exact: Rdiv_lt_0_compat.
  by rewrite -hD; lra.
have s0 : 0 < sqrt D by exact: sqrt_lt_R0.
exists (fun x => / sqrt D * exp (c / D * (a + t 0%N * x) ^ 2)); split.
  move=> x; have h := IH (fun k => t k.+1) (a + t 0%N * x) ltac:(rewrite -/Q; rewrite /D in D0;
    lra).
  rewrite -/Q -/D in h; rewrite (_ : / sqrt D * _ = exp (c * (a + t 0%N * x) ^ 2 / D) / sqrt D).
    by apply: independent_ext h => y; congr (exp (c * _ ^ 2)); rewrite Rplus_assoc.
  by rewrite /Rdiv Rmult_comm; congr (exp _ * _); ring.
have := normal_scale (/ sqrt D) (@mean_quadratic a (c / D) (t 0%N) hcD).
rewrite hD sqrt_div_alt //; congr normal_mean.
have -> : c / D * a ^ 2 / ((1 - 2 * c * (t 0%N ^ 2 + Q)) / D) =
  c * (a * (a * 1)) / (1 - 2 * c * (t 0%N ^ 2 + Q)) by field; lra.
have n0 : 0 < sqrt (1 - 2 * c * (t 0%N ^ 2 + Q)) by exact: sqrt_lt_R0.
by rewrite -[t 0%N * (t 0%N * 1)]/(t 0%N ^ 2); field; lra.
Qed.
Lemma exp_half n (t : nat -> R) :
  exp (sumv (fun k => t k ^ 2) n / 2) = prodv (fun k => exp (t k ^ 2 / 2)) n.
Proof.
elim: n t => [|n IH] t /=; first by rewrite /Rdiv Rmult_0_l exp_0.
by rewrite -(IH (fun k => t k.+1)) -exp_plus; congr exp; rewrite /=; field.
Qed.
Lemma sumv_scaled n c (t : nat -> R) :
  sumv (fun k => (c * t k) ^ 2) n = c ^ 2 * sumv (fun k => t k ^ 2) n.
Proof. by elim: n t => [|n IH] t /=; [ring|rewrite (IH (fun k => t k.+1)) /=; ring]. Qed.
Lemma sumn_scaled T n c (l : nat -> T -> R) x :
  sumn (fun k y => c * l k y) x n = c * sumn l x n.
Proof.
elim: n l x => [|n IH] l x /=; first by ring.
by rewrite (IH (fun k => l k.+1)); ring.
Qed.
Lemma row_linear n (t : nat -> R) : independent_mean normal_mean n
  (fun x => exp (sumn (fun k y => t k * y) x n)) (exp (sumv (fun k => t k ^ 2) n / 2)).
Proof.
rewrite exp_half; apply: (independent_ext (f := fun x => prodn (fun k y => exp (t k * y)) x n)).
  by move=> x; rewrite (@prodn_exp _ (fun k y => t k * y)).
apply: (independent_product normal_scale) => k; exact: mean_linear.
Qed.
Lemma half_power c n : 2 * c < 1 -> prodv (fun _ => / sqrt (1 - 2 * c)) n =
  Rpower (1 - 2 * c) (- (INR n / 2)).
Proof.
move=> hc; have D0 : 0 < 1 - 2 * c by lra.
rewrite inv_sqrt_ln // prodv_const /Rpower; congr exp; field.
Qed.

(** The three laws *)
Section Lemma6.
Variables (d : nat) (h : 'cV[RR]_d).
Hypothesis h_nz : h != 0%R.
Let e := dir h.
Let e1 : sqn e = 1%R. Proof. exact: dir1. Qed.
Notation mean := (independent_mean (independent_mean normal_mean d) d).
Lemma rows_scale f c v : independent_mean normal_mean d f v ->
  independent_mean normal_mean d (fun x => c * f x) (c * v).
Proof. by apply: independent_scale; exact: normal_scale. Qed.
Lemma unit_variance : sumv (fun j => ev e j ^ 2) d = 1.
Proof. by rewrite sqn_sumv e1. Qed.

Lemma vector_law (a : 'cV[RR]_d) :
  mean (fun N => exp (dot a (mx d N *m e)%R)) (exp (sqn a / 2)).
Proof.
rewrite -sqn_sumv exp_half.
apply: (independent_ext (f := fun N => prodn (fun i r => exp (ev a i * lrow e r)) N d)).
  move=> N; rewrite (@prodn_exp _ (fun i r => ev a i * lrow e r)); congr exp.
  rewrite sumnE /dot; apply: eq_bigr => i _.
  by rewrite big_ord1 mxE_row evE.
apply: (independent_product rows_scale) => i.
have := @row_linear d (fun j => ev a i * ev e j).
rewrite sumv_scaled unit_variance Rmult_1_r; apply: independent_ext => r; congr exp.
rewrite /lrow -sumn_scaled; congr sumn.
by apply: FunctionalExtensionality.functional_extensionality => k;
  apply: FunctionalExtensionality.functional_extensionality => x; rewrite Rmult_assoc.
Qed.
Lemma square_law c : 2 * c < 1 ->
  mean (fun N => exp (c * sqn (mx d N *m e)%R)) (Rpower (1 - 2 * c) (- (INR d / 2))).
Proof.
move=> hc; rewrite -half_power //.
apply: (independent_ext (f := fun N => prodn (fun _ r => exp (c * lrow e r ^ 2)) N d)).
  move=> N; rewrite (@prodn_exp _ (fun _ r => c * lrow e r ^ 2)); congr exp.
  by rewrite (sumn_scaled d c (fun _ r => lrow e r ^ 2)) -sfE.
apply: (independent_product rows_scale) => _.
have := @row_quadratic d (ev e) 0 c; rewrite unit_variance !Rmult_1_r => /(_ hc).
have -> : c * 0 ^ 2 / (1 - 2 * c) = 0 by field; lra.
rewrite exp_0 /Rdiv Rmult_1_l; apply: independent_ext => r.
by rewrite Rplus_0_l.
Qed.
End Lemma6.

(* chi^2(n) is the law of the sum of n squares *)
Lemma chi_square n c : 2 * c < 1 ->
  independent_mean normal_mean n (fun x => exp (c * (\sum_(i < n) ((x i ^ 2)%Re : RR))%R))
    (Rpower (1 - 2 * c) (- (INR n / 2))).
Proof.
move=> hc; rewrite -half_power //.
apply: (independent_ext (f := fun x => prodn (fun _ y => exp (c * y ^ 2)) x n)).
  move=> x; rewrite (@prodn_exp _ (fun _ y => c * y ^ 2)); congr exp.
  by rewrite sumn_scaled (sumnE (fun _ y => y ^ 2)).
apply: (independent_product normal_scale) => _.
have := @mean_quadratic 0 c 1; rewrite pow1 !Rmult_1_r => /(_ hc).
have -> : c * 0 ^ 2 / (1 - 2 * c) = 0 by field; lra.
rewrite exp_0 /Rdiv Rmult_1_l; apply: normal_ext => x.
by rewrite Rplus_0_l Rmult_1_l.
Qed.

(* Y_1 = |N h|^2/|h|^2 ~ chi^2(d) and Y_2 = h^T N h/|h|^2 ~ N(0, 1) *)
Theorem lemma_6 : Statements.lemma_6.
Proof.
move=> d h nz; have n1 : norm h != 0%R by rewrite norm_eq0.
have n2 : sqn h != 0%R by rewrite sqn_eq0.
split=> [a|c hc|b].
- apply: independent_ext (vector_law nz a) => N; congr exp.
  rewrite /dir -scalemxAr dotZr RdivE //; exact: mulrC.
- have hc' : 2 * c < 1 by lra.
  split; last exact: chi_square.
  apply: independent_ext (square_law nz hc') => N; congr (exp (c * _)).
  rewrite /dir -scalemxAr sqnZ exprVn norm_sqr RdivE //; exact: mulrC.
split; last exact: mean_linear.
have s : sqn ((b : RR) *: dir h)%R = b ^ 2.
  by rewrite sqnZ dir1 // mulr1 expr2; change (b * b = b ^ 2); ring.
rewrite -s; apply: independent_ext (vector_law nz ((b : RR) *: dir h)%R) => N; congr exp.
rewrite dotZl /dir -scalemxAr dotZl dotZr RdivE //; congr Rmult.
by rewrite [LHS]mulrA -invfM -expr2 norm_sqr mulrC.
Qed.
