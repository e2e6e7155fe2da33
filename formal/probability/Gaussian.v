(* The standard Gaussian upper expectation on R by Riemann integrals of continuous majorants, and
   its exact
   exponential-quadratic moments.  No value of the Gaussian integral is needed: only an affine
   change of variables. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import UpperExpectation.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Definition cont (g : R -> R) := forall x, continuous g x.
Definition dens (x : R) := exp (- x ^ 2 / 2).

Lemma cont_ex g a b : cont g -> ex_RInt g a b.
Proof. by move=> c; apply: ex_RInt_continuous => x _; exact: c. Qed.
Lemma dens_cont : cont dens.
Proof. by move=> x; apply: ex_derive_continuous; rewrite /dens; auto_derive. Qed.
Lemma dens_pos x : 0 < dens x. Proof. exact: exp_pos. Qed.
Lemma mul_cont f g : cont f -> cont g -> cont (fun x => f x * g x).
Proof. by move=> a b x; apply: (continuous_mult f g). Qed.

(* the integral over any interval is at most 4: e^{-x^2/2} <= e^{1/2} e^{-|x|} would do; a cruder
   bound by 2/(1+x^2)' primitive *)
Lemma dens_bound a b : a <= b -> RInt dens a b <= 2 * PI.
Proof.
move=> ab.
have h1 : is_RInt (fun x => 2 * / (1 + x ^ 2)) a b (2 * atan b - 2 * atan a).
  apply: (is_RInt_derive (fun x => 2 * atan x) (fun x => 2 * / (1 + x ^ 2))).
    move=> x _; auto_derive => //; rewrite /Rsqr; field; nra.
  move=> x _; apply: ex_derive_continuous; auto_derive; nra.
have h2 : RInt dens a b <= RInt (fun x => 2 * / (1 + x ^ 2)) a b.
  apply: RInt_le => //; first exact/cont_ex/dens_cont.
    by exists (2 * atan b - 2 * atan a).
  move=> x _; rewrite /dens.
  have e1 : 1 + x ^ 2 / 2 <= exp (x ^ 2 / 2) by have := exp_ineq1_le (x ^ 2 / 2); lra.
  have -> : - x ^ 2 / 2 = - (x ^ 2 / 2) by field.
  rewrite exp_Ropp; have -> : 2 * / (1 + x ^ 2) = / ((1 + x ^ 2) / 2) by field; nra.
  apply: Rinv_le_contravar; nra.
rewrite (is_RInt_unique _ _ _ _ h1) in h2.
have := atan_bound a; have := atan_bound b; lra.
Qed.

(* total mass, as a supremum *)
Definition masses v := exists a b, a <= b /\ v = RInt dens a b.
Lemma mass_ex : {Z : R | is_lub masses Z}.
Proof.
apply: completeness; first by exists (2 * PI) => v [a [b [ab ->]]]; exact: dens_bound.
by exists (RInt dens 0 0), 0, 0; split=> //; lra.
Qed.
Definition mass := proj1_sig mass_ex.
Lemma mass_ge a b : a <= b -> RInt dens a b <= mass.
Proof. by move=> ab; case: (proj2_sig mass_ex) => h _; apply: h; exists a, b. Qed.
Lemma mass_gt0 : 0 < mass.
Proof.
apply: Rlt_le_trans (mass_ge (_ : 0 <= 1)); last lra.
apply: RInt_gt_0; first lra.
  by move=> x _; exact: dens_pos.
by move=> x _; exact: dens_cont.
Qed.

(* upper integral against the normalised density, by continuous nonnegative majorants *)
Definition gub (f : R -> R) v := exists g, [/\ cont g, forall x, 0 <= g x, forall x, f x <= g x &
  forall a b, a <= b -> RInt (fun x => g x * dens x) a b <= v * mass].

Lemma gub_mono f g v w : (forall x, f x <= g x) -> v <= w -> gub g v -> gub f w.
Proof.
move=> fg vw [h [c h0 gh hb]]; exists h; split=> //; first by move=> x;
  exact: Rle_trans (fg x) (gh x).
by move=> a b ab; apply: Rle_trans (hb a b ab) _; have := mass_gt0; nra.
Qed.
Lemma gub_add f g v w : gub f v -> gub g w -> gub (fun x => f x + g x) (v + w).
Proof.
move=> [f' [fc f0 ff fb]] [g' [gc g0 gg gb]]; exists (fun x => f' x + g' x); split.
- by move=> x; apply: (continuous_plus f' g').
- by move=> x; have := f0 x; have := g0 x; lra.
- by move=> x; have := ff x; have := gg x; lra.
move=> a b ab; have E := RInt_plus (fun x => f' x * dens x) (fun x => g' x *
  dens x) a b (cont_ex _ _ (mul_cont fc dens_cont)) (cont_ex _ _ (mul_cont gc dens_cont)).
rewrite (RInt_ext _ (fun x => plus (f' x * dens x) (g' x * dens x))) => [|x _];
  last by rewrite /plus /=; lra.
by rewrite E; have := fb a b ab; have := gb a b ab; rewrite /plus /=; lra.
Qed.
Lemma gub_scale f v c : 0 <= c -> gub f v -> gub (fun x => c * f x) (c * v).
Proof.
move=> c0 [f' [fc f0 ff fb]]; exists (fun x => c * f' x); split.
- by move=> x; apply: (continuous_scal_r c f').
- by move=> x; apply: Rmult_le_pos.
- by move=> x; apply: Rmult_le_compat_l.
move=> a b ab; have E := RInt_scal (fun x => f' x * dens x) a b c (cont_ex _ _ (mul_cont fc
  dens_cont)).
rewrite (RInt_ext _ (fun x => scal c (f' x * dens x))) => [|x _]; last by rewrite /scal /= /mult /=;
  lra.
by rewrite E /scal /= /mult /=; have := fb a b ab; nra.
Qed.
Lemma gub_one : gub (fun _ => 1) 1.
Proof.
exists (fun _ => 1); split=> [x|x|x|a b ab]; [exact: continuous_const|lra|lra|].
rewrite (RInt_ext _ dens) => [|x _]; last lra.
by rewrite Rmult_1_l; exact: mass_ge.
Qed.
Definition gauss : uexp R := Uexp gub_mono gub_add gub_scale gub_one.

(* E exp(b x + c x^2) = (1-2c)^{-1/2} exp(b^2/(2(1-2c))), c < 1/2 *)
Lemma gauss_expquad b c : 2 * c < 1 ->
  gauss (fun x => exp (b * x + c * x ^ 2)) (/ sqrt (1 - 2 * c) * exp (b ^ 2 / (2 * (1 - 2 * c)))).
Proof.
move=> hc; set q := sqrt (1 - 2 * c); have q0 : 0 < q by apply: sqrt_lt_R0; lra.
have qq : q * q = 1 - 2 * c by apply: sqrt_sqrt; lra.
exists (fun x => exp (b * x + c * x ^ 2)); split=> [x|x|x|a1 a2 ab].
- by apply: ex_derive_continuous; auto_derive.
- exact/Rlt_le/exp_pos.
- lra.
pose K := exp (b ^ 2 / (2 * (1 - 2 * c))).
have E : forall x, exp (b * x + c * x ^ 2) * dens x = scal (K / q) (scal q (dens (q * x + - (b /
  q)))).
  move=> x; rewrite /scal /= /mult /= /K /dens -exp_plus.
  have -> : forall t t', exp t / q * (q * exp t') = exp (t + t') by move=> t t'; rewrite exp_plus;
    field; lra.
  congr exp; rewrite -qq; have -> : c = (1 - q * q) / 2 by lra.
  field; lra.
rewrite (RInt_ext _ _ _ _ (fun x _ => E x)) RInt_scal; last first.
  by apply: ex_RInt_comp_lin; apply: cont_ex; exact: dens_cont.
rewrite RInt_comp_lin; last by apply: cont_ex; exact: dens_cont.
rewrite /scal /= /mult /=.
have h : RInt dens (q * a1 + - (b / q)) (q * a2 + - (b / q)) <= mass by apply: mass_ge; nra.
have K0 : 0 < K / q by apply: Rdiv_lt_0_compat => //; exact: exp_pos.
by rewrite -/K /Rdiv [/ q * K]Rmult_comm; apply: Rmult_le_compat_l => //; exact: Rlt_le.
Qed.

Lemma gauss_lin t : sublin gauss (fun x => t * x) (t ^ 2).
Proof.
move=> b; have := @gauss_expquad (b * t) 0 ltac:(lra); apply: gub_mono => [x|].
  by apply: Req_le; congr exp; ring.
apply: Req_le; have -> : 1 - 2 * 0 = 1 by ring.
by rewrite sqrt_1 Rinv_1 Rmult_1_l; congr exp; field.
Qed.
Lemma gauss_quad t : subquad gauss (fun x => t * x) (t ^ 2).
Proof.
move=> a c c0 hc; have hc' : 2 * (c * t ^ 2) < 1 by lra.
have := gub_scale (Rlt_le _ _ (exp_pos (c * a ^ 2))) (@gauss_expquad (2 * c * a * t) (c *
  t ^ 2) hc'); apply: gub_mono => [x|].
  by rewrite -exp_plus; apply: Req_le; congr exp; ring.
have -> : 1 - 2 * (c * t ^ 2) = 1 - 2 * c * t ^ 2 by ring.
rewrite -Rmult_assoc [exp _ * / _]Rmult_comm Rmult_assoc -exp_plus; apply: Req_le;
  congr (_ * exp _).
field; lra.
Qed.

(* the upper expectation is the integral on continuous functions: nothing is lost, and it is not
   degenerate *)
Lemma gub_ge f v a b : cont f -> gub f v -> (forall x, 0 <= f x) -> a <= b ->
  RInt (fun x => f x * dens x) a b <= v * mass.
Proof.
move=> fc [g [gc g0 fg hb]] f0 ab; apply: Rle_trans (hb a b ab).
apply: RInt_le => //; try (apply: cont_ex; apply: mul_cont => //; exact: dens_cont).
by move=> x _; apply: Rmult_le_compat_r => //; exact/Rlt_le/dens_pos.
Qed.
Lemma gauss_one_ge v : gauss (fun _ => 1) v -> 1 <= v.
Proof.
move=> h; apply: (Rmult_le_reg_r mass); first exact: mass_gt0.
rewrite Rmult_1_l; case: (proj2_sig mass_ex) => _ lub; apply: lub => m [a [b [ab ->]]].
have := @gub_ge (fun _ => 1) v a b (fun x => continuous_const _ _) h (fun _ => Rle_0_1) ab.
by rewrite (RInt_ext _ dens) // => x _; lra.
Qed.
