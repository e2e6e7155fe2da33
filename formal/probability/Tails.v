(* Tail bounds of the sums over layers, for a fixed start: the chi-square and Gaussian tails (43),
   (44), by supermartingales. *)
From Coq Require Import Reals Lra Lia.
From mathcomp Require Import all_ssreflect.
From Flatcert Require Import RealFacts UpperExpectation.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section Process.
Variables (T S : Type) (U : uexp T) (next : S -> T -> S).
Fixpoint st h (w : nat -> T) k : S := match k with 0 => h | k'.+1 =>
  st (next h (w 0%N)) (fun j => w j.+1) k' end.
Section Sums.
Variable Z : S -> T -> R.
Fixpoint sums h (w : nat -> T) k : R := match k with 0 => 0 | k'.+1 =>
  Z h (w 0%N) + sums (next h (w 0%N)) (fun j => w j.+1) k' end.

(* Chernoff for the running maximum *)
Lemma maximal L c kap a : 0 <= kap -> (forall h, U (fun x => exp (c * Z h x)) (exp kap)) ->
  forall h, pr (pow U L) (fun w => exists2 k, (k <= L)%N & a <= c * sums h w k) (exp (INR L * kap -
    a)).
Proof.
move=> k0 hZ h; pose F h x := exp (c * Z h x - kap).
have F1 h' : U (F h') 1.
  have := ub_scale (Rlt_le _ _ (exp_pos (- kap))) (hZ h'); apply: ub_mono => [x|];
    rewrite -exp_plus.
    by apply: exp_le; lra.
  by apply: Req_le; rewrite Rplus_opp_l exp_0.
have := @doob _ U S next F (fun h x => Rlt_le _ _ (exp_pos _)) F1 L h _ (exp_pos (a - INR L * kap)).
rewrite -exp_Ropp; apply: pr_mono; last by apply: exp_le; lra.
move=> w [k kL hk]; exists k => //.
have -> : mart next F h w k = exp (c * sums h w k - INR k * kap).
  elim: k h w {kL hk} => [|k IH] h w; first by rewrite /= -exp_0; congr exp; ring.
  by rewrite [mart _ _ _ _ _]/= IH S_INR /F -exp_plus; congr exp; rewrite /=; ring.
apply: exp_le; have : INR k <= INR L by apply: le_INR; apply/leP.
by move=> H; have := Rmult_le_compat_r _ _ _ k0 H; lra.
Qed.

(* (44), sharp: standard Gaussian summands *)
Lemma gauss_tail L v : (0 < L)%N -> 0 <= v -> (forall h, sublin U (Z h) 1) ->
  forall h, pr (pow U L) (fun w => exists2 k, (k <= L)%N & v <= sums h w k) (exp (- (v ^ 2 / (2 *
    INR L)))).
Proof.
move=> L0 v0 hZ h; have L1 : 0 < INR L by apply: lt_0_INR; apply/ltP.
pose c := v / INR L; have c0 : 0 <= c by apply: Rmult_le_pos => //; exact/Rlt_le/Rinv_0_lt_compat.
have k0 : 0 <= c ^ 2 * 1 / 2 by nra.
have := @maximal L c (c ^ 2 * 1 / 2) (c * v) k0 (fun h => hZ h c) h; apply: pr_mono.
  by move=> w [k kL hk]; exists k => //; exact: Rmult_le_compat_l.
by apply: Req_le; congr exp; rewrite /c; field; lra.
Qed.

(* (43): chi-square summands with r degrees of freedom each *)
Lemma chi_tail L r v : (0 < L)%N -> (0 < r)%N -> 0 <= v ->
  (forall h c, 0 <= c -> 2 * c < 1 -> U (fun x => exp (c * Z h x)) (exp (- (INR r / 2 * ln (1 - 2 *
    c))))) ->
  forall h, pr (pow U L) (fun w => exists2 k, (k <= L)%N & INR (r * L) + v <=
    sums h w k) (exp (- (v ^ 2 / (4 * (INR (r * L) + v))))).
Proof.
move=> L0 r0 v0 hZ h; set p := INR (r * L).
have p0 : 0 < p by apply: lt_0_INR; apply/ltP; rewrite muln_gt0 r0.
pose c := v / (2 * (p + v)).
have c0 : 0 <= c by apply: Rmult_le_pos => //; apply/Rlt_le/Rinv_0_lt_compat; lra.
have e1 : 1 - 2 * c = / (1 + v / p) by rewrite /c; field; lra.
have vp : 0 <= v / p by apply: Rmult_le_pos => //; exact/Rlt_le/Rinv_0_lt_compat.
have i0 : 0 < / (1 + v / p) by apply: Rinv_0_lt_compat; lra.
have c1 : 2 * c < 1 by lra.
have lnE : ln (1 - 2 * c) = - ln (1 + v / p) by rewrite e1 ln_Rinv //; lra.
have l0 : 0 <= ln (1 + v / p).
  case: vp => [vp|<-]; last by rewrite Rplus_0_r ln_1; lra.
  by rewrite -ln_1; apply/Rlt_le/ln_increasing; lra.
have k0 : 0 <= - (INR r / 2 * ln (1 - 2 * c)) by rewrite lnE; have := pos_INR r; nra.
have := @maximal L c _ (c * (p + v)) k0 (fun h => hZ h c c0 c1) h; apply: pr_mono.
  by move=> w [k kL hk]; exists k => //; exact: Rmult_le_compat_l.
apply: exp_le; rewrite lnE.
have -> : INR L * - (INR r / 2 * - ln (1 + v / p)) = p / 2 * ln (1 + v / p) by rewrite /p mult_INR;
  field.
have := ln_1p_le_second _ vp => h1.
have h2 : p / 2 * ln (1 + v / p) <= p / 2 * (v / p - (v / p) ^ 2 / (2 * (1 + v /
  p))) by apply: Rmult_le_compat_l => //; lra.
have E : p / 2 * (v / p - (v / p) ^ 2 / (2 * (1 + v / p))) - c * (p + v) = - (v ^ 2 / (4 * (p +
  v))) by rewrite /c; field; lra.
lra.
Qed.

(* some layer has Z <= - v *)
Lemma step_tail L v : 0 <= v -> (forall h, sublin U (Z h) 1) ->
  forall h, pr (pow U L) (fun w => exists2 k, (k < L)%N & Z (st h w k) (w k) <= - v) (INR L *
    exp (- (v ^ 2 / 2))).
Proof.
move=> v0 hZ; set q := exp _; have q0 : 0 < q by exact: exp_pos.
have one h : pr U (fun x => Z h x <= - v) q.
  have := ub_scale (Rlt_le _ _ (exp_pos (- v ^ 2))) (hZ h (- v)) => H.
  apply: (pr_le (f := fun x => exp (- v ^ 2) * exp (- v * Z h x))).
  - by move=> x; rewrite -exp_plus; exact/Rlt_le/exp_pos.
  - by move=> x hx; rewrite -exp_plus -[X in X <= _]exp_0; apply: exp_le; nra.
  - by apply: ub_mono H => [x|]; [lra|rewrite -exp_plus; apply: exp_le; lra].
elim: L => [|L IH] h.
  by rewrite Rmult_0_l; apply: pr_false => w [].
apply: (pr_cons (g := fun x => ind (fun x => Z h x <= - v) x + INR L * q)); last first.
  have Lq0 : 0 <= INR L * q by apply: Rmult_le_pos; [exact: pos_INR|exact: Rlt_le].
  by have := ub_add (one h) (ub_const U Lq0); rewrite S_INR; apply: ub_mono => [x|]; lra.
move=> x; case: (Rle_dec (Z h x) (- v)) => hx.
  apply: pr_mono (pr_one _ (fun _ => True)) => //.
  have : ind (fun x => Z h x <= - v) x = 1 by rewrite /ind; case: em.
  by move->; have := pos_INR L; nra.
apply: pr_mono (IH (next h x)); last by have := ind_ge0 (fun x => Z h x <= - v) x; lra.
by move=> w [[|k] kL hk] /=; [case: hx|exists k].
Qed.
End Sums.
End Process.
