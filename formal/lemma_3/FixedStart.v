(* A fixed start h: with high probability exp(-2s^2/d - u)|h| <= |h_k| <= exp(s^2/2 + u)|h| for all
   k <= L (squared). *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Flatcert Require Import RealFacts Linalg Lemma9 UpperExpectation Gaussian Tails GaussianLayer.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* 1 + x >= exp(x - x^2) for x >= -1/2 *)
Lemma exp_xx2 x : (- (1 / 2) <= x)%Re -> (exp (x - x ^ 2) <= 1 + x)%Re.
Proof.
move=> hx; rewrite -[X in (_ <= X)%Re](exp_ln (1 + x)%Re); last lra.
apply: exp_le.
pose f y := (ln (1 + y) - y + y ^ 2)%Re; pose f' y := (/ (1 + y) - 1 + 2 * y)%Re.
have df y : (- (1 / 2) <= y)%Re -> derivable_pt_lim f y (f' y).
  move=> y0; rewrite /f /f'; apply: derivable_pt_lim_plus.
    apply: derivable_pt_lim_minus; last exact: derivable_pt_lim_id.
    have -> : (/ (1 + y) = / (1 + y) * (0 + 1))%Re by ring.
    apply: (derivable_pt_lim_comp (fun y => 1 + y)%Re ln); last by apply: derivable_pt_lim_ln; lra.
    by apply: (derivable_pt_lim_plus (fun _ => 1%Re) id);
      [exact: derivable_pt_lim_const|exact: derivable_pt_lim_id].
  have -> : (2 * y = INR 2 * y ^ 1)%Re by rewrite /=; ring.
  exact: derivable_pt_lim_pow.
have f'E y : (- (1 / 2) <= y)%Re -> f' y = (y * (1 + 2 * y) / (1 + y))%Re by move=> y0; rewrite /f';
  field; lra.
have f0 : f 0%Re = 0%Re by rewrite /f Rplus_0_r ln_1; ring.
suff : (0 <= f x)%Re by rewrite /f; lra.
case: (Rtotal_order x 0) => [xn|[->|xp]]; last 2 first.
- by rewrite f0; lra.
- have [c [h [c0 cx]]] := MVT_cor2 f f' 0 x xp (fun c hc => df c ltac:(lra)).
  rewrite f0 f'E in h; last lra.
  have : (0 <= c * (1 + 2 * c) / (1 + c))%Re by apply: Rmult_le_pos;
    [nra|apply/Rlt_le/Rinv_0_lt_compat; lra].
  nra.
- have [c [h [c0 cx]]] := MVT_cor2 f f' x 0 xn (fun c hc => df c ltac:(lra)).
  rewrite f0 f'E in h; last lra.
  have : (c * (1 + 2 * c) / (1 + c) <= 0)%Re.
    have i0 : (0 < / (1 + c))%Re by apply: Rinv_0_lt_compat; lra.
    have : (c * (1 + 2 * c) <= 0)%Re by nra. 
    by rewrite /Rdiv; nra.
  nra.
Qed.

Section Fixed.
Variables (d L : nat) (s : R).
Hypotheses (d0 : (0 < d)%N) (L0 : (0 < L)%N) (s0 : (0 < s)%Re).
Definition sg : R := (s / sqrt (INR L * INR d))%Re.
(* omega k i j : entry (i, j) of N_{k+1} *)
Definition Omega := nat -> nat -> nat -> R.
Definition Uall : uexp Omega := pow (Umat d) L.
(* layer k + 1 *)
Definition W (w : Omega) (k : nat) : 'M[RR]_d := 1%:M + (sg : RR) *: mx d (w k).
Definition next (h : 'cV[RR]_d) (N : nat -> nat -> R) : 'cV[RR]_d :=
  (1%:M + (sg : RR) *: mx d N) *m h.
Definition dir (h : 'cV[RR]_d) : 'cV[RR]_d := (norm h)^-1 *: h.
Definition Zq h N := qf (dir h) N.
Definition Zs h N := sf (dir h) N.

Lemma sqn0 (h : 'cV[RR]_d) : (0 <= sqn h)%Re. Proof. by apply/RleP; exact: sqn_ge0. Qed.
Lemma dir1 h : h != 0 -> sqn (dir h) = 1.
Proof.
move=> nz; rewrite sqnZ -norm_sqr -exprMn mulVf ?expr1n //.
by rewrite norm_eq0.
Qed.
Lemma dir_le1 h : (sqn (dir h) <= 1)%Re.
Proof.
have [->|nz] := eqVneq h 0.
  have -> : sqn (dir 0) = 0 by rewrite /dir scaler0 /sqn dot0r.
  exact: Rle_0_1.
by rewrite dir1 //; exact: Rle_refl.
Qed.
Lemma next_arith (x t q z : RR) : x * (1 + 2%:R * (t * q) + t ^+ 2 * z) = (x * (1 + 2 * t * q +
  t ^ 2 * z))%Re.
Proof.
rewrite expr2 mulr_natl mulr2n.
change ((x * (1 + (t * q + t * q) + t * t * z))%Re = (x * (1 + 2 * t * q + t ^ 2 * z))%Re); ring.
Qed.
Lemma next_sqn h N : (sqn (next h N) = sqn h * (1 + 2 * sg * Zq h N + sg ^ 2 * Zs h N))%Re.
Proof.
have [->|nz] := eqVneq h 0.
  have e0 : sqn (0 : 'cV[RR]_d) = 0 by rewrite /sqn dot0r.
  by rewrite /next mulmx0 e0; exact: (esym (Rmult_0_l _)).
have e : h = norm h *: dir h by rewrite scalerA mulfV ?scale1r // norm_eq0.
have -> : next h N = norm h *: (dir h + (sg : RR) *: (mx d N *m dir h)).
  by rewrite /next {1}e -scalemxAr mulmxDl mul1mx -scalemxAl.
rewrite sqnZ norm_sqr sqnD dir1 // sqnZ dotZr; exact: next_arith.
Qed.

Lemma st_prods h (w : Omega) k : st next h w k = prods (W w) k *m h.
Proof.
elim: k h w => [|k IH] h w; first by rewrite mul1mx.
rewrite [st _ _ _ _]/= IH /next mulmxA; congr (_ *m _).
rewrite -/(W w 0); elim: {IH} k => [|k IH]; first by rewrite /= mul1mx mulmx1.
transitivity (W w k.+1 *m (prods (W (fun j => w j.+1)) k *m W w 0));
  [exact: esym (mulmxA _ _ _)|by rewrite IH].
Qed.

Lemma upper_sums h (w : Omega) k :
  (sqn (st next h w k) <= sqn h * exp (2 * sg * sums next Zq h w k + sg ^ 2 *
    sums next Zs h w k))%Re.
Proof.
elim: k h w => [|k IH] h w /=; first by rewrite !Rmult_0_r Rplus_0_r exp_0 Rmult_1_r;
  exact: Rle_refl.
apply: Rle_trans (IH _ _) _; rewrite next_sqn Rmult_assoc; apply: Rmult_le_compat_l;
  first exact: sqn0.
have := exp_ineq1_le (2 * sg * Zq h (w 0%N) + sg ^ 2 * Zs h (w 0%N)) => H.
apply: (Rle_trans _ (exp (2 * sg * Zq h (w 0%N) + sg ^ 2 * Zs h (w 0%N)) * exp (2 * sg *
  sums next Zq (next h (w 0%N)) (fun j => w j.+1) k + sg ^ 2 *
  sums next Zs (next h (w 0%N)) (fun j => w j.+1) k))%Re).
  by apply: Rmult_le_compat_r; [exact/Rlt_le/exp_pos|rewrite -Rplus_assoc in H].
by rewrite -exp_plus; apply: Req_le; congr exp; rewrite /=; ring.
Qed.

Lemma lower_sums h (w : Omega) k : (forall j, (j < k)%N -> - (1 / 2) <= 2 * sg *
  Zq (st next h w j) (w j))%Re ->
  (sqn h * exp (2 * sg * sums next Zq h w k - 4 * sg ^ 2 * sums next (fun h N => Zq h N ^ 2) h w k)
    <= sqn (st next h w k))%Re.
Proof.
elim: k h w => [|k IH] h w hj; first by rewrite /= !Rmult_0_r Rminus_0_r exp_0 Rmult_1_r;
  exact: Rle_refl.
apply: Rle_trans (IH _ _ (fun j jk => hj j.+1 jk)).
have := hj 0%N isT; rewrite [st _ _ _ 0]/= => /exp_xx2 H.
rewrite next_sqn [X in (_ <= X)%Re]Rmult_assoc; apply: Rmult_le_compat_l; first exact: sqn0.
have h0 : (0 <= sg ^ 2 * Zs h (w 0%N))%Re by apply: Rmult_le_pos;
  [exact: pow2_ge_0|exact/RleP/sqn_ge0].
apply: (Rle_trans _ (exp (2 * sg * Zq h (w 0%N) - (2 * sg * Zq h (w 0%N)) ^ 2) * exp (2 * sg *
  sums next Zq (next h (w 0%N)) (fun j => w j.+1) k - 4 * sg ^ 2 *
  sums next (fun h N => Zq h N ^ 2)%Re (next h (w 0%N)) (fun j => w j.+1) k))%Re).
  rewrite -exp_plus; apply: Req_le; congr exp.
  have -> : sums next Zq h w k.+1 = (Zq h (w 0%N) + sums next Zq (next h (w 0%N)) (fun j => w j.+1)
    k)%Re by [].
  have -> : sums next (fun h N => Zq h N ^ 2)%Re h w k.+1 = (Zq h (w 0%N) ^ 2 +
    sums next (fun h N => Zq h N ^ 2)%Re (next h (w 0%N)) (fun j => w j.+1) k)%Re by [].
  ring.
apply: Rmult_le_compat_r; [exact/Rlt_le/exp_pos|lra].
Qed.

Let Ld0 : (0 < INR L * INR d)%Re.
Proof. by apply: Rmult_lt_0_compat; apply: lt_0_INR; apply/ssrnat.ltP. Qed.
Lemma sg0 : (0 < sg)%Re. Proof. by apply: Rdiv_lt_0_compat => //; exact: sqrt_lt_R0. Qed.
Lemma sg2 : (sg ^ 2 = s ^ 2 / (INR L * INR d))%Re.
Proof.
rewrite /sg /Rdiv Rpow_mult_distr pow_inv; congr (_ * / _)%Re.
by rewrite /= Rmult_1_r sqrt_sqrt //; lra.
Qed.

Variables (u : R).
Hypothesis u0 : (0 < u)%Re.
Definition t_gauss := exp (- (INR d * u ^ 2 / (8 * s ^ 2)))%Re.
Definition t_one := exp (- (INR L * INR d * u ^ 2 / (4 * s ^ 2 * (s ^ 2 + u))))%Re.
Definition t_three := exp (- (INR L * INR d ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + INR d *
  u))))%Re.
Definition t_step := (INR L * exp (- (INR L * INR d / (32 * s ^ 2))))%Re.

Let LP : (0 < INR L)%Re. Proof. by apply: lt_0_INR; apply/ssrnat.ltP. Qed.
Let dP : (0 < INR d)%Re. Proof. by apply: lt_0_INR; apply/ssrnat.ltP. Qed.
Let s2P : (0 < s ^ 2)%Re. Proof. nra. Qed.

Lemma Zq_lin h : sublin (Umat d) (Zq h) 1. Proof. exact/qf_lin1/dir_le1. Qed.
Lemma Zqn_lin h : sublin (Umat d) (fun N => - Zq h N)%Re 1.
Proof. move=> b; have := Zq_lin h (- b)%Re; apply: ub_mono => [N|]; apply: Req_le; congr exp;
  rewrite /=; field. Qed.

(* the largest squared norm *)
Theorem fixed_upper (h : 'cV[RR]_d) : pr Uall (fun w => exists2 k, (k <= L)%N & (sqn h *
  exp (s ^ 2 + 2 * u) < sqn (prods (W w) k *m h))%Re) (t_gauss + t_one)%Re.
Proof.
have a0 : (0 < u / (2 * sg))%Re by apply: Rdiv_lt_0_compat => //; have := sg0; lra.
have b0 : (0 < u / sg ^ 2)%Re by apply: Rdiv_lt_0_compat => //; have := sg0; nra.
have g := @gauss_tail _ _ (Umat d) next Zq L _ L0 (Rlt_le _ _ a0) Zq_lin h.
have c := @chi_tail _ _ (Umat d) next Zs L d _ L0 d0 (Rlt_le _ _ b0) (fun h c c0 c1 => sf_quad1
  (dir_le1 h) c0 c1) h.
have := pr_or g c; apply: pr_mono => [w [k kL hk]|].
  case: (Rle_dec (u / (2 * sg)) (sums next Zq h w k)) => hq; first by left; exists k.
  case: (Rle_dec (INR (d * L) + u / sg ^ 2) (sums next Zs h w k)) => hs; first by right; exists k.
  exfalso; move: hk; apply: Rle_not_lt; rewrite -st_prods; apply: Rle_trans (upper_sums _ _ _) _.
  apply: Rmult_le_compat_l; first exact: sqn0.
  apply: exp_le; have p := sg0.
  have p2 : (0 < sg ^ 2)%Re by nra.
  have e1 : (2 * sg * (u / (2 * sg)) = u)%Re by field; lra.
  have e2 : (sg ^ 2 * (INR (d * L) + u / sg ^ 2) = s ^ 2 + u)%Re.
    by rewrite Rmult_plus_distr_l mult_INR {1}sg2; field; lra.
  have h1 : (2 * sg * sums next Zq h w k <= 2 * sg * (u / (2 * sg)))%Re by apply: Rmult_le_compat_l;
    lra.
  have h2 : (sg ^ 2 * sums next Zs h w k <= sg ^ 2 * (INR (d * L) + u /
    sg ^ 2))%Re by apply: Rmult_le_compat_l; lra.
  lra.
apply: Rplus_le_compat; apply: exp_le; apply: Req_le; congr (- _)%Re.
  have -> : ((u / (2 * sg)) ^ 2 = u ^ 2 / (4 * sg ^ 2))%Re by field; have := sg0; lra.
  by rewrite sg2; field; lra.
by rewrite mult_INR sg2; field; nra.
Qed.

(* the least squared norm *)
Theorem fixed_lower (h : 'cV[RR]_d) : pr Uall (fun w => exists2 k, (k <=
  L)%N & (sqn (prods (W w) k *m h) < sqn h * exp (- (4 * s ^ 2 / INR d) - 2 * u))%Re) (t_gauss +
  (t_three + t_step))%Re.
Proof.
have p := sg0; have p2 : (0 < sg ^ 2)%Re by nra.
have a0 : (0 < u / (2 * sg))%Re by apply: Rdiv_lt_0_compat; lra.
have b0 : (0 < u / (4 * sg ^ 2))%Re by apply: Rdiv_lt_0_compat; lra.
have c0 : (0 < / (4 * sg))%Re by apply: Rinv_0_lt_compat; lra.
have g := @gauss_tail _ _ (Umat d) next _ L _ L0 (Rlt_le _ _ a0) Zqn_lin h.
have c := @chi_tail _ _ (Umat d) next (fun h N => Zq h N ^ 2)%Re L 1 _ L0 isT (Rlt_le _ _ b0) (fun h
  c c0 c1 => qf_quad1 (dir_le1 h) c0 c1) h.
have e := @step_tail _ _ (Umat d) next Zq L _ (Rlt_le _ _ c0) Zq_lin h.
have sumN k w : sums next (fun h N => - Zq h N)%Re h w k = (- sums next Zq h w k)%Re.
  elim: k h w {g c e} => [|k IH] h' w /=; first by rewrite Ropp_0.
  by rewrite IH Ropp_plus_distr.
have := pr_or g (pr_or c e); apply: pr_mono => [w [k kL hk]|].
  case: (Rle_dec (u / (2 * sg)) (- sums next Zq h w k)) => hq; first by left; exists k => //;
    rewrite sumN.
  case: (Rle_dec (INR (1 * L) + u / (4 * sg ^ 2)) (sums next (fun h N => Zq h N ^ 2)%Re h w k)) =>
    hs; first by right; left; exists k.
  case: (Classical_Prop.classic (exists2 k : nat, (k < L)%N & (Zq (st next h w k) (w k) <= - / (4 *
    sg))%Re)) => hz; first by right; right.
  exfalso; move: hk; apply: Rle_not_lt; rewrite -st_prods; apply: Rle_trans (lower_sums (k := k) _);
    last first.
    move=> j jk; case: (Rle_dec (Zq (st next h w j) (w j)) (- / (4 * sg))) => hj.
      by case: hz; exists j => //; exact: leq_trans jk kL.
    have e0 : (2 * sg * - / (4 * sg) = - (1 / 2))%Re by field; lra.
    rewrite -e0; apply: Rmult_le_compat_l; lra.
  apply: Rmult_le_compat_l; first exact: sqn0.
  apply: exp_le.
  have e1 : (2 * sg * (u / (2 * sg)) = u)%Re by field; lra.
  have e2 : (4 * sg ^ 2 * (INR (1 * L) + u / (4 * sg ^ 2)) = 4 * s ^ 2 / INR d + u)%Re.
    by rewrite Rmult_plus_distr_l mult_INR {1}sg2 /=; field; lra.
  have h1 : (2 * sg * - sums next Zq h w k <= 2 * sg * (u / (2 *
    sg)))%Re by apply: Rmult_le_compat_l; lra.
  have h2 : (4 * sg ^ 2 * sums next (fun h N => Zq h N ^ 2)%Re h w k <= 4 * sg ^ 2 * (INR (1 * L) +
    u / (4 * sg ^ 2)))%Re by apply: Rmult_le_compat_l; lra.
  lra.
apply: Rplus_le_compat; last apply: Rplus_le_compat.
- apply: exp_le; apply: Req_le; congr (- _)%Re.
  have -> : ((u / (2 * sg)) ^ 2 = u ^ 2 / (4 * sg ^ 2))%Re by field; lra.
  by rewrite sg2; field; lra.
- apply: exp_le; apply: Req_le; congr (- _)%Re.
  have -> : ((u / (4 * sg ^ 2)) ^ 2 = u ^ 2 / (16 * (sg ^ 2) ^ 2))%Re by field; lra.
  by rewrite mult_INR sg2 /=; field; nra.
- apply: Req_le; congr (_ * exp (- _))%Re.
  have -> : ((/ (4 * sg)) ^ 2 = / (16 * sg ^ 2))%Re by field; lra.
  by rewrite sg2; field; lra.
Qed.
End Fixed.
