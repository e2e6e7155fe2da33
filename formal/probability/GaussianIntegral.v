(* The integral of e^{-x^2/2} over the line is sqrt(2 pi), so that the normalised measure of this
   development is the standard normal law.
   Proof: with E(x) = int_0^x e^{-t^2/2} dt and G(x) = int_0^1 2 e^{-x^2 (1 + t^2)/2}/(1 + t^2) dt,
   the derivative of E^2 + G vanishes, so E^2 + G = G(0) = pi/2; and G(x) -> 0. *)
From Coq Require Import Reals Lra Psatz.
From mathcomp Require Import all_ssreflect.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import UpperExpectation Gaussian Boxes.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(* ring on goals whose type is another name of R *)
Ltac real := match goal with |- @eq _ ?a ?b => change (@eq R a b) end.

Definition half_integral (x : R) := RInt dens 0 x.
Definition kernel (x t : R) := 2 * exp (- (x ^ 2 * (1 + t ^ 2) / 2)) / (1 + t ^ 2).
Definition correction (x : R) := RInt (kernel x) 0 1.

Lemma one_plus_sq t : 0 < 1 + t ^ 2. Proof. nra. Qed.
Lemma kernel_cont x : cont (kernel x).
Proof.
move=> t; apply: ex_derive_continuous; rewrite /kernel; auto_derive.
by have := one_plus_sq t; rewrite /=; lra.
Qed.

Lemma half_derive x : is_derive half_integral x (dens x).
Proof.
apply: (is_derive_RInt dens half_integral 0 x); last exact: dens_cont.
by apply: filter_forall => b; apply: RInt_correct; apply: cont_ex; exact: dens_cont.
Qed.

Lemma kernel_derive (x t : R) : is_derive (fun u => kernel u t) x (- 2 * x * exp (- (x ^ 2 * (1 +
  t ^ 2) / 2))).
Proof.
have h := one_plus_sq t.
apply: (is_derive_ext (fun u => 2 / (1 + t ^ 2) * exp (- ((1 + t ^ 2) / 2 * (u * u))))) => [u|].
  rewrite /kernel; have -> : (1 + t ^ 2) / 2 * (u * u) = u ^ 2 * (1 + t ^ 2) / 2 by field.
  by rewrite /Rdiv; real; ring.
have -> : - 2 * x * exp (- (x ^ 2 * (1 + t ^ 2) / 2)) =
    2 / (1 + t ^ 2) * (- ((1 + t ^ 2) / 2 * (2 * x)) * exp (- ((1 + t ^ 2) / 2 * (x * x)))).
  have -> : (1 + t ^ 2) / 2 * (x * x) = x ^ 2 * (1 + t ^ 2) / 2 by field.
  by field; lra.
by auto_derive => //; rewrite /Rdiv -[1 + t * (t * 1)]/(1 + t ^ 2); real; ring.
Qed.

(* the derivative of G: under the integral, then t -> x t *)
Lemma correction_derive x : is_derive correction x (- 2 * dens x * half_integral x).
Proof.
pose D u v := - 2 * u * exp (- (u ^ 2 * (1 + v ^ 2) / 2)).
have dE u v : Derive (fun z => kernel z v) u = D u v by apply: is_derive_unique;
  exact: kernel_derive.
have -> : - 2 * dens x * half_integral x = RInt (fun t => Derive (fun u => kernel u t) x) 0 1.
  rewrite (RInt_ext _ (fun t => scal (- 2 * dens x) (scal x (dens (x * t + 0))))) => [|t _];
    last first.
    rewrite dE /D /dens /scal /= /mult /= -[exp (- (x ^ 2 * (1 + t ^ 2) / 2))]/(exp _).
    have -> : - (x ^ 2 * (1 + t ^ 2) / 2) = - x ^ 2 / 2 + - (x * t + 0) ^ 2 / 2 by field.
    by rewrite exp_plus /=; ring.
  rewrite RInt_scal; last by apply: ex_RInt_comp_lin; apply: cont_ex; exact: dens_cont.
  rewrite RInt_comp_lin; last by apply: cont_ex; exact: dens_cont.
  by rewrite /half_integral /scal /= /mult /= Rmult_0_r Rmult_1_r Rplus_0_l Rplus_0_r.
apply: is_derive_RInt_param.
- by apply: filter_forall => z t _; eexists; exact: kernel_derive.
- move=> t _; apply: (continuity_2d_pt_ext D) => [u v|]; first by rewrite dE.
  apply: continuity_2d_pt_mult.
    by apply: continuity_2d_pt_mult; [exact: continuity_2d_pt_const|exact: continuity_2d_pt_id1].
  apply: (continuity_1d_2d_pt_comp exp).
    by apply: derivable_continuous_pt; exact: derivable_pt_exp.
  apply: continuity_2d_pt_opp; rewrite /Rdiv.
  apply: continuity_2d_pt_mult; last exact: continuity_2d_pt_const.
  apply: continuity_2d_pt_mult.
    apply: (continuity_2d_pt_ext (fun u v => u * u)) => [u v|]; first by rewrite /=; ring.
    by apply: continuity_2d_pt_mult; exact: continuity_2d_pt_id1.
  apply: continuity_2d_pt_plus; first exact: continuity_2d_pt_const.
  apply: (continuity_2d_pt_ext (fun u v => v * v)) => [u v|]; first by rewrite /=; ring.
  by apply: continuity_2d_pt_mult; exact: continuity_2d_pt_id2.
by apply: filter_forall => z; apply: cont_ex; exact: kernel_cont.
Qed.

Lemma correction_0 : correction 0 = PI / 2.
Proof.
have h : is_RInt (kernel 0) 0 1 (2 * atan 1 - 2 * atan 0).
  apply: (is_RInt_derive (fun t => 2 * atan t)) => t _; last exact: kernel_cont.
  have q := one_plus_sq t; rewrite /kernel.
  have -> : - (0 ^ 2 * (1 + t ^ 2) / 2) = 0 by field.
  by rewrite exp_0; auto_derive => //; rewrite /Rsqr; field; move: q; rewrite /=; lra.
by rewrite /correction (is_RInt_unique _ _ _ _ h) atan_1 atan_0; real; field.
Qed.

(* E^2 + G is constant *)
Theorem half_integral_square x : half_integral x ^ 2 + correction x = PI / 2.
Proof.
have h0 : half_integral 0 = 0 by rewrite /half_integral RInt_point.
have d (z : R) : is_derive (fun x => half_integral x ^ 2 + correction x) z 0.
  have h1 : is_derive (fun x => half_integral x ^ 2) z (2 * dens z * half_integral z).
    have := is_derive_pow half_integral 2 z _ (half_derive z).
    by rewrite /=; have -> : (1 + 1) * dens z * (half_integral z * 1) = 2 * dens z * half_integral
      z by ring.
  have := is_derive_plus _ _ z _ _ h1 (correction_derive z).
  by rewrite /plus /=; have -> : 2 * dens z * half_integral z + - 2 * dens z * half_integral z = 0
    by ring.
have [c [_ e]] := MVT_gen (fun x => half_integral x ^ 2 + correction x) 0 x (fun _ => 0)
  (fun z _ => d z) 
  (fun z _ => proj2 (continuity_pt_filterlim _ _) (ex_derive_continuous _ _ (ex_intro _ 0 (d z)))).
move: e; cbv beta; rewrite h0 correction_0 Rmult_0_l.
have -> : 0 ^ 2 = 0 by ring.
lra.
Qed.

Lemma correction_le x : 0 <= correction x <= 2 * exp (- (x ^ 2 / 2)).
Proof.
split.
  apply: RInt_ge_0; [lra|exact/cont_ex/kernel_cont|] => t _.
  apply: Rmult_le_pos; last exact/Rlt_le/Rinv_0_lt_compat/one_plus_sq.
  by have := exp_pos (- (x ^ 2 * (1 + t ^ 2) / 2)); lra.
have -> : 2 * exp (- (x ^ 2 / 2)) = RInt (fun=> 2 * exp (- (x ^ 2 / 2))) 0 1.
  by rewrite RInt_const /scal /= /mult /=; ring.
apply: RInt_le; [lra|exact/cont_ex/kernel_cont|exact: ex_RInt_const|] => t _.
have q := one_plus_sq t; have e0 := exp_pos (- (x ^ 2 / 2)).
have e1 : exp (- (x ^ 2 * (1 + t ^ 2) / 2)) <= exp (- (x ^ 2 / 2)).
  have h : - (x ^ 2 * (1 + t ^ 2) / 2) <= - (x ^ 2 / 2).
    have hh := pow2_ge_0 (x * t); have e2 : (x * t) ^ 2 = x ^ 2 * t ^ 2 by ring.
    by rewrite e2 in hh; lra.
  by case: h => [h|->]; [apply/Rlt_le/exp_increasing|exact: Rle_refl].
rewrite /kernel /Rdiv -[X in _ <= X]Rmult_1_r; apply: Rmult_le_compat.
- by have := exp_pos (- (x ^ 2 * (1 + t ^ 2) * / 2)); lra.
- exact/Rlt_le/Rinv_0_lt_compat.
- by move: e1; rewrite /Rdiv; lra.
by rewrite -Rinv_1; apply: Rinv_le_contravar; [lra|have := pow2_ge_0 t; lra].
Qed.

Lemma dens_even x : dens (- x) = dens x.
Proof. by rewrite /dens; congr exp; field. Qed.
Lemma symmetric_integral A : RInt dens (- A) A = 2 * half_integral A.
Proof.
have ex a b : ex_RInt dens a b by apply: cont_ex; exact: dens_cont.
rewrite -(RInt_Chasles dens (- A) 0 A) // /plus /= -/(half_integral A).
suff -> : RInt dens (- A) 0 = half_integral A by ring.
have h := RInt_comp_lin dens (- 1) 0 0 A.
have e : ex_RInt dens (- 1 * 0 + 0) (- 1 * A + 0) by exact: ex.
have := h e; have -> : - 1 * 0 + 0 = 0 by ring.
have -> : - 1 * A + 0 = - A by ring.
rewrite (RInt_ext _ (fun y => opp (dens y))) => [|y _]; last first.
  rewrite /scal /opp /= /mult /=; have -> : - 1 * y + 0 = - y by ring.
  by rewrite dens_even; real; ring.
rewrite RInt_opp // -(opp_RInt_swap dens 0 (- A)) // /opp /= /half_integral; lra.
Qed.

(* the Gaussian integral *)
Theorem mass_sqrt : mass = sqrt (2 * PI).
Proof.
have p := PI_RGT_0; have m0 := mass_gt0.
have up A : 0 <= A -> half_integral A <= sqrt (PI / 2).
  move=> A0; have h := half_integral_square A; have [c _] := correction_le A.
  have e0 : 0 <= half_integral A.
    apply: RInt_ge_0 => //; first exact/cont_ex/dens_cont.
    by move=> t _; exact/Rlt_le/dens_pos.
  by rewrite -(sqrt_pow2 (half_integral A)) //; apply: sqrt_le_1_alt; lra.
have e2 : sqrt (2 * PI) = 2 * sqrt (PI / 2).
  have -> : 2 * PI = 2 ^ 2 * (PI / 2) by field.
  by rewrite sqrt_mult; [rewrite sqrt_pow2; lra|lra|lra].
apply: Rle_antisym.
  case: (proj2_sig mass_ex) => _ lub; apply: lub => v [a [b [ab ->]]].
  pose A := Rmax (Rabs a) (Rabs b).
  have A0 : 0 <= A by apply: Rle_trans (Rabs_pos a) (Rmax_l _ _).
  have hA : - A <= a /\ b <= A.
    have := Rmax_l (Rabs a) (Rabs b); have := Rmax_r (Rabs a) (Rabs b); rewrite -/A.
    by have := Rle_abs b; have := Rle_abs (- a); rewrite Rabs_Ropp; lra.
  rewrite e2; apply: (Rle_trans _ (2 * half_integral A)); last by have := up A A0; lra.
  rewrite -symmetric_integral.
  have ex c e : ex_RInt dens c e by apply: cont_ex; exact: dens_cont.
  rewrite -(RInt_Chasles dens (- A) a A) // -(RInt_Chasles dens a b A) // /plus /=.
  have pos c e : c <= e -> 0 <= RInt dens c e.
    by move=> ce; apply: RInt_ge_0 => // t _; exact/Rlt_le/dens_pos.
  by have := pos (- A) a (proj1 hA); have := pos b A (proj2 hA); lra.
(* 2 E(A) <= mass, and E(A)^2 -> pi/2 *)
have low A : 0 <= A -> PI / 2 - 2 * exp (- (A ^ 2 / 2)) <= (mass / 2) ^ 2.
  move=> A0; have h := half_integral_square A; have [_ c] := correction_le A.
  have e0 : 0 <= half_integral A.
    apply: RInt_ge_0 => //; first exact/cont_ex/dens_cont.
    by move=> t _; exact/Rlt_le/dens_pos.
  have : 2 * half_integral A <= mass by rewrite -symmetric_integral; apply: mass_ge; lra.
  move=> hm; have : half_integral A ^ 2 <= (mass / 2) ^ 2 by apply: pow_incr; lra.
  lra.
have : PI / 2 <= (mass / 2) ^ 2.
  apply: Rnot_lt_le => lt; set eps := PI / 2 - (mass / 2) ^ 2.
  have ep : 0 < eps by rewrite /eps; lra.
  (* A with 2 e^{-A^2/2} < eps: A^2/2 >= 2/eps *)
  have q0 : 0 <= 4 / eps by apply/Rlt_le/Rdiv_lt_0_compat; lra.
  have h := low (sqrt (4 / eps)) (sqrt_pos _).
  rewrite pow2_sqrt // in h.
  have e1 := exp_ineq1_le (4 / eps / 2); have e3 := exp_pos (4 / eps / 2).
  rewrite exp_Ropp in h.
  have i : / exp (4 / eps / 2) < eps / 2.
    have -> : eps / 2 = / (4 / eps / 2) by field; lra.
    apply: Rinv_lt_contravar; last lra.
    by apply: Rmult_lt_0_compat => //; apply: Rdiv_lt_0_compat; [apply: Rdiv_lt_0_compat|]; lra.
  have ee : eps = PI / 2 - (mass / 2) ^ 2 by [].
  by clearbody eps; lra.
move=> h; rewrite e2; have : sqrt (PI / 2) <= mass / 2; last lra.
by rewrite -(sqrt_pow2 (mass / 2)); [exact: sqrt_le_1_alt|lra].
Qed.

(* the measure of an interval is that of the standard normal law *)
Theorem gmeas_normal a b : gmeas a b = RInt (fun x => exp (- x ^ 2 / 2)) a b / sqrt (2 * PI).
Proof. by rewrite /gmeas mass_sqrt. Qed.
