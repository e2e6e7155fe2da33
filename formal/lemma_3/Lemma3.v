(* Lemma 3, complete; with the sharp Gaussian tail for u >= 22 s^2 + 6 s, u <= 0.43 sqrt(L). *)
From Coq Require Import Reals Lra Lia Psatz Classical_Prop.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Rcomplements.
From Flatcert Require Import RealFacts Linalg Lemma9 UpperExpectation Gaussian Tails GaussianLayer
  FixedStart NetArgument Lemma3Constants Net.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Lemma exp_sq_ge x a b : 0 <= a -> a <= exp (x / 2) -> b <= a * a -> b <= exp x.
Proof.
move=> a0 h hb; have -> : x = x / 2 + x / 2 by field. rewrite exp_plus; nra.
Qed.
Lemma ln8 : ln 8 <= 2.125.
Proof.
have h : 8 <= exp 2.125.
  apply: (@exp_sq_ge _ 2.8440808); try lra.
  apply: (@exp_sq_ge _ 1.6864403); try lra.
  apply: (@exp_sq_ge _ 1.2986302); try lra.
  apply: (@exp_sq_ge _ 1.1395746); try lra.
  apply: (@exp_sq_ge _ 1.0675086); try lra.
  apply: (@exp_sq_ge _ 1.0332031); try lra.
  by have := exp_ineq1_le (2.125 / 2 / 2 / 2 / 2 / 2 / 2); lra.
rewrite -[X in _ <= X]ln_exp; case: h => [h|<-]; last exact: Rle_refl.
apply/Rlt_le/ln_increasing => //; lra.
Qed.
Lemma ln9 : ln 9 <= 2.205.
Proof.
have h3 : 3 <= exp 1.1025.
  apply: (@exp_sq_ge _ 1.7343601); try lra.
  apply: (@exp_sq_ge _ 1.3169511); try lra.
  apply: (@exp_sq_ge _ 1.1475849); try lra.
  apply: (@exp_sq_ge _ 1.0712539); try lra.
  apply: (@exp_sq_ge _ 1.035014); try lra.
  apply: (@exp_sq_ge _ 1.0173564); try lra.
  apply: (@exp_sq_ge _ 1.0086409); try lra.
  apply: (@exp_sq_ge _ 1.0043112); try lra.
  apply: (@exp_sq_ge _ 1.0021533); try lra.
  by have := exp_ineq1_le (1.1025 / 2 / 2 / 2 / 2 / 2 / 2 / 2 / 2 / 2); lra.
have h : 9 <= exp 2.205.
  apply: (@exp_sq_ge _ 3); try lra.
  by have -> : 2.205 / 2 = 1.1025 by lra.
rewrite -[X in _ <= X]ln_exp; case: h => [h|<-]; last exact: Rle_refl.
apply/Rlt_le/ln_increasing => //; lra.
Qed.

Section Lemma3.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : 0 < s).
Let D4 : 4 <= INR d. Proof. have <- : INR 4 = 4 by rewrite /=; ring.
by apply: le_INR; apply/ssrnat.leP. Qed.
Let aa := s ^ 2 / 2 + 2 * s ^ 2 / INR d + 2 * u.
Let s2 : 0 < s ^ 2. Proof. nra. Qed.
Let dq : 0 <= 2 * s ^ 2 / INR d <= s ^ 2 / 2.
Proof.
have i0 : 0 < / INR d by apply: Rinv_0_lt_compat; lra.
have i1 : / INR d <= / 4 by apply: Rinv_le_contravar; lra.
rewrite /Rdiv; nra.
Qed.
Let ratio : bigM s u / smallm d s u = 4 * exp aa.
Proof.
rewrite /bigM /smallm; have -> : aa = s ^ 2 / 2 + u + - (- (2 * s ^ 2 / INR d) - u) by rewrite /aa;
  field; lra.
rewrite [X in _ = _ * X]exp_plus [X in _ = _ * (_ * X)]exp_Ropp; field.
by have := exp_pos (- (2 * s ^ 2 / INR d) - u); lra.
Qed.
Let M0 : 0 < bigM s u. Proof. by rewrite /bigM; have := exp_pos (s ^ 2 / 2 + u); lra. Qed.
Let m0 : 0 < smallm d s u. Proof.
by rewrite /smallm; have := exp_pos (- (2 * s ^ 2 / INR d) - u); lra. Qed.

(* with nets of the unit sphere of the sizes of the paper: 5^d and (2M/m+1)^d *)
Theorem lemma3_unit_nets (net1 net2 : seq 'cV[RR]_d) :
  covers net1 (1 / 2) -> (forall h, List.In h net1 -> norm h = 1%R) -> INR (size net1) <= 5 ^ d ->
  covers net2 (smallm d s u / bigM s u) -> (forall h, List.In h net2 -> norm h = 1%R) ->
    INR (size net2) <= (2 * bigM s u / smallm d s u + 1) ^ d ->
  64.5 * s ^ 2 + 8.4 * s <= u -> u <= 0.65 * sqrt (INR L) ->
  pr (Uall d L) (fun w => ~ good d L s u w) (5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2)))).
Proof.
move=> c1 n1 z1 c2 n2 z2 hu hL.
have u0 : 0 < u by nra.
have hk : 2.205 + s ^ 2 + 2 * u <= u ^ 2 / (32 * s ^ 2) by apply: (@cost _ _ _ 8.4); lra.
have powE x n : 0 < x -> x ^ n = exp (INR n * ln x).
  move=> x0; elim: n => [|n IH]; first by rewrite /= Rmult_0_l exp_0.
  by rewrite S_INR Rmult_plus_distr_r Rmult_1_l exp_plus exp_ln // -IH /=; ring.
apply: pr_mono (all_theta d4 L0 s0 u0 c1 c2 (r1 := 1) (r2 := 1) _ _ _ _ _) => [w h||||||];
  try by [].
- apply: (constants d4 L0 s0 _ hL hk); first by nra.
  + apply: Rle_trans z1 _; rewrite powE; last lra.
  apply: exp_le; apply: Rmult_le_compat_l; first lra.
    have := ln9; have := @ln_mono 5 9 ltac:(lra) ltac:(lra); lra.
  + have r0 : 0 < 2 * bigM s u / smallm d s u by apply: Rdiv_lt_0_compat; lra.
    apply: Rle_trans z2 _; rewrite powE; last lra.
    apply: exp_le; apply: Rmult_le_compat_l; first lra.
    have -> : 2 * bigM s u / smallm d s u + 1 = 8 * exp aa + 1 by have := ratio; rewrite /Rdiv => h;
      rewrite Rmult_assoc h; ring.
    have a1 : 1 <= exp aa by have := exp_ineq1_le aa; rewrite {1}/aa; lra.
    have : ln (8 * exp aa + 1) <= ln (9 * exp aa) by apply: ln_mono; lra.
    rewrite ln_mult ?ln_exp; [|lra|exact: exp_pos]. by have := ln9; rewrite /aa; lra.
- lra.
- by move=> h /n1 ->; exact: Rle_refl.
- by move=> h /n2 ->; exact: Rle_refl.
- lra.
have -> : smallm d s u / bigM s u * bigM s u = smallm d s u by field; lra.
lra.
Qed.

(* with the lattice net *)
Lemma lattice_bound kap : 0 < u -> 3.125 + s ^ 2 + 2 * u <= kap ->
  (forall c1 c2, c1 <= exp (INR d * kap) -> c2 <= exp (INR d * kap) ->
    c1 * (t_gauss d s u + t_one d L s u) + c2 * (t_gauss d s u + (t_three d L s u + t_step d L s))
      <= 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2)))) ->
  pr (Uall d L) (fun w => ~ good d L s u w) (5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2)))).
Proof.
move=> u0 hkap hc.
have up c : c <= exp (INR d * (3.125 + s ^ 2 + 2 * u)) -> c <= exp (INR d * kap).
  by move=> h; apply: Rle_trans h _; apply: exp_le; apply: Rmult_le_compat_l; lra.
have d0 : (0 < d)%N by exact: leq_trans d4.
have [net1 [c1 _ n1 z1]] := @lattice_net d (1 / 3) d0 ltac:(lra).
pose ep := smallm d s u / (bigM s u + 2 * smallm d s u).
have ep1 : 0 < ep < 1.
  split; first by apply: Rdiv_lt_0_compat; lra.
  apply: (Rmult_lt_reg_r (bigM s u + 2 * smallm d s u)); first lra.
  have -> : ep * (bigM s u + 2 * smallm d s u) = smallm d s u by rewrite /ep; field; lra. lra.
have [net2 [c2 n2 _ z2]] := @lattice_net d ep d0 ep1.
apply: pr_mono (all_theta d4 L0 s0 u0 c1 c2 (r1 := 1 + 1 / 3) (r2 := 1 - ep) _ n1 n2 _ _) =>
  [w h||||]; try by [].
- apply: hc; apply: up.
  + apply: Rle_trans z1 _; apply: exp_le; apply: Rmult_le_compat_l; first lra.
    have -> : 2 + / (1 / 3) = 5 by lra.
    have := ln8; have := @ln_mono 5 8 ltac:(lra) ltac:(lra); lra.
  + apply: Rle_trans z2 _; apply: exp_le; apply: Rmult_le_compat_l; first lra.
    have -> : 2 + / ep = 4 + bigM s u / smallm d s u by rewrite /ep; field; lra.
    rewrite ratio; have a1 : 1 <= exp aa by have := exp_ineq1_le aa; rewrite {1}/aa; lra.
    have : ln (4 + 4 * exp aa) <= ln (8 * exp aa) by apply: ln_mono; lra.
    rewrite ln_mult ?ln_exp; [|lra|exact: exp_pos]. by have := ln8; rewrite /aa; lra.
- lra.
- lra.
have -> : smallm d s u + ep * bigM s u = 2 * smallm d s u * (1 - ep) by rewrite /ep; field; lra.
lra.
Qed.
(* no hypothesis but the ranges *)
Theorem lemma3 : 64.5 * s ^ 2 + 10 * s <= u -> u <= 0.65 * sqrt (INR L) ->
  pr (Uall d L) (fun w => ~ good d L s u w) (5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2)))).
Proof.
move=> hu hL; apply: (@lattice_bound (u ^ 2 / (32 * s ^ 2))) => [||c1 c2 k1 k2]; first by nra.
  by apply: (@cost _ _ _ 10); lra.
by apply: (constants d4 L0 s0 _ hL (Rle_refl _) k1 k2); nra.
Qed.
Theorem lemma3_sharp : 22 * s ^ 2 + 6 * s <= u -> u <= 0.43 * sqrt (INR L) ->
  pr (Uall d L) (fun w => ~ good d L s u w) (5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2)))).
Proof.
move=> hu hL; apply: (@lattice_bound (3 * (u ^ 2 / (32 * s ^ 2)))) => [||c1 c2 k1 k2];
  first by nra.
  exact: cost_sharp.
by apply: (constants_sharp d4 L0 s0 _ hL (Rle_refl _) k1 k2); nra.
Qed.
End Lemma3.

(* the outer probability is normalised: probabilities of an event and its complement add up to at
   least 1 *)
Lemma pow_one T (U : uexp T) : (forall c v, U (fun _ => c) v -> c <= v) -> forall n c v,
  (exists x : T, True) -> pow U n (fun _ => c) v -> c <= v.
Proof.
move=> h n c v [x0 _]; elim: n v => [|n IH] v; first by move/(_ (fun _ => x0)).
case=> g [h1 h2]; apply: h; apply: ub_mono h2; last exact: Rle_refl.
by move=> x; apply: IH; exact: h1.
Qed.
Lemma gauss_const c v : gauss (fun _ => c) v -> c <= v.
Proof.
move=> h; case: (Rle_lt_dec c 0) => c0.
  case: h => g [gc g0 _ hb]; have := hb 0 0 (Rle_refl _); rewrite RInt.RInt_point => hv.
  have m := mass_gt0; rewrite /Hierarchy.zero /= in hv; nra.
have := ub_scale (Rlt_le _ _ (Rinv_0_lt_compat _ c0)) h => H.
have : gauss (fun _ => 1) (/ c * v) by apply: ub_mono H => [x|]; [apply: Req_le; field;
  lra|exact: Rle_refl].
move/gauss_one_ge => h1; have := Rmult_le_compat_l c _ _ (Rlt_le _ _ c0) h1;
  rewrite -Rmult_assoc Rinv_r; lra.
Qed.
Theorem normalised d L c v : Uall d L (fun _ => c) v -> c <= v.
Proof.
apply: pow_one; last by exists (fun _ _ => 0).
move=> c' v'; apply: pow_one; last by exists (fun _ => 0).
by move=> c'' v''; apply: pow_one; [exact: gauss_const|exists 0%Re].
Qed.
Theorem complement d L A v w : pr (Uall d L) A v -> pr (Uall d L) (fun x => ~ A x) w -> 1 <= v + w.
Proof.
move=> a b; apply: (@normalised d L); have := pr_or a b; apply: ub_mono; last exact: Rle_refl.
move=> x; rewrite /ind; case: em => h; first exact: Rle_refl.
by case: h; exact: Classical_Prop.classic.
Qed.

(* the outer probability as a number *)
Section Number.
Variables (d L : nat).
Lemma pr_ge0 A v : pr (Uall d L) A v -> 0 <= v.
Proof. by move=> h; apply: (@normalised d L); apply: ub_mono h => [x|];
  [exact: ind_ge0|exact: Rle_refl]. Qed.
Lemma Pr_ex (A : Omega -> Prop) : {p | is_lub (fun v => pr (Uall d L) A (- v)) p}.
Proof.
apply: completeness; first by exists 0 => v /pr_ge0; lra.
by exists (- 1); rewrite Ropp_involutive; exact: pr_one.
Qed.
Definition Pr A := - proj1_sig (Pr_ex A).
Lemma Pr_le (A : Omega -> Prop) v : pr (Uall d L) A v -> Pr A <= v.
Proof. by move=> h; rewrite /Pr; case: (Pr_ex A) => p [ub _] /=; have := ub (- v);
  rewrite Ropp_involutive => /(_ h); lra. Qed.
Lemma Pr_ge (A : Omega -> Prop) c : (forall v, pr (Uall d L) A v -> c <= v) -> c <= Pr A.
Proof.
move=> h; rewrite /Pr; case: (Pr_ex A) => p [_ lub] /=; suff : p <= - c by lra.
by apply: lub => v /h; lra.
Qed.
Lemma Pr_approx (A : Omega -> Prop) e : 0 < e -> exists2 v, pr (Uall d L) A v & v < Pr A + e.
Proof.
move=> e0; apply: NNPP => no; have : Pr A + e <= Pr A; last lra.
apply: Pr_ge => v hv; apply: Rnot_lt_le => lt; apply: no; exists v => //.
Qed.
Theorem Pr_mono (A B : Omega -> Prop) : (forall w, A w -> B w) -> Pr A <= Pr B.
Proof. by move=> AB; apply: Pr_ge => v hv; apply: Pr_le; apply: pr_mono hv => //; exact: Rle_refl.
Qed.
Theorem Pr_or (A B : Omega -> Prop) : Pr (fun w => A w \/ B w) <= Pr A + Pr B.
Proof.
apply: Rnot_lt_le => lt; pose e := (Pr (fun w => A w \/ B w) - (Pr A + Pr B)) / 2.
have e0 : 0 < e by rewrite /e; lra.
have [v hv v1] := Pr_approx A e0; have [x hx x1] := Pr_approx B e0.
have := Pr_le (pr_or hv hx); rewrite /e in v1 x1; lra.
Qed.
Theorem Pr_true : Pr (fun _ => True) = 1.
Proof.
apply: Rle_antisym; first by apply: Pr_le; exact: pr_one.
apply: Pr_ge => v h; apply: (@normalised d L); apply: ub_mono h => [x|]; last exact: Rle_refl.
by rewrite /ind; case: em => h; [exact: Rle_refl|case: h].
Qed.
Theorem Pr_false : Pr (fun _ => False) = 0.
Proof.
apply: Rle_antisym; first by apply: Pr_le; apply: pr_false => ? [].
by apply: Pr_ge => v; exact: pr_ge0.
Qed.
Theorem lemma3_number s u : (4 <= d)%N -> (0 < L)%N -> 0 < s -> 64.5 * s ^ 2 + 10 * s <= u ->
  u <= 0.65 * sqrt (INR L) ->
  1 - 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))) <= 1 - Pr (fun w => ~ good d L s u w).
Proof. by move=> d4 L0 s0 h1 h2; have := Pr_le (lemma3 d4 L0 s0 h1 h2); lra. Qed.
End Number.
