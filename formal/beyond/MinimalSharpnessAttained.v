(* The exact minimum of the sharpness over all minimisers of depth L >= 2: it exists, is attained,
   and is min_{t>0} lambda_max(K(t)). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative RealPower Sharpness Theorem2 RayleighAlgebra Rayleigh MinimalSharpness.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Min.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (m : nat).
Notation L := m.+2.
Variables (w : 'cV[RR]_(d L)) (ws : 'cV[RR]_(d 0%N)) (lam : RR).
Hypotheses (n0 : (0 < n)%N) (w_nz : w != 0) (ws_nz : ws != 0) (d0 : forall k, (0 < k < L)%N ->
  (0 < d k)%N).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (ws_eq : normal_eq X y ws).

Let top t s := is_top X w ws t s.
Let Et (t : R) (v : R) := exists z : 'cV[RR]_n, sqn z = 1 /\ v = Kt X w ws t z.
Definition phi (t : R) : R := real (Lub_Rbar (Et t)).
Lemma phi_top t : (0 < t)%Re -> top t (phi t).
Proof.
move=> t0; have [s hs] := top_exists X w ws n0 t0.
suff -> : phi t = s by exact: hs.
rewrite /phi (is_lub_Rbar_unique _ (Finite s)) //.
case: hs => ub lub; split=> [v hv|[b||] hb] //=; first exact: ub.
  by apply: lub => v hv; exact: (hb v hv).
by have [z z1] := unit_z n0; have := hb (Kt X w ws t z) (ex_intro _ z (conj z1 erefl)).
Qed.
Let Am : R := Abd X.
Let Bm : R := Bbd X m ws.
Let A0 : (0 <= Am)%Re. Proof. by apply/RleP; exact: Abd_ge0. Qed.
Let B0 : (0 <= Bm)%Re. Proof. by apply/RleP; exact: Bbd_ge0. Qed.
Let rt t := ratio w t.
Lemma Kt_phi t z : (0 < t)%Re -> sqn z = 1 -> (Kt X w ws t z <= phi t)%Re.
Proof. by move=> t0 z1; case: (phi_top t0) => ub _; apply: ub; exists z. Qed.

Lemma phi_diff t s : (0 < t)%Re -> (0 < s)%Re -> (phi t <= phi s + Am * Rabs (t - s) + Bm *
  Rabs (rt t - rt s))%Re.
Proof.
move=> t0 s0; case: (phi_top t0) => _ lub; apply: lub => v [z [z1 ->]].
have h := Kt_phi s0 z1; move: h; rewrite !KtE -/(rt t) -/(rt s).
have /andP[/RleP a1 /RleP a2] := az_le X m z1; have /andP[/RleP b1 /RleP b2] := bz_le X m ws z1.
move: a1 a2 b1 b2; rewrite -/Am -/Bm; move: (az X z) (bz X m ws z) => a b a1 a2 b1 b2 h.
have a1' : (0 <= a)%Re by exact: a1. have b1' : (0 <= b)%Re by exact: b1.
have h1 : (a * (t - s) <= Am * Rabs (t - s))%Re.
  by have := Rle_abs (t - s); have := Rabs_pos (t - s); nra.
have h2 : (b * (rt t - rt s) <= Bm * Rabs (rt t - rt s))%Re.
  by have := Rle_abs (rt t - rt s); have := Rabs_pos (rt t - rt s); nra.
lra.
Qed.

Let sw : R := sqn w.
Let sw0 : (0 < sw)%Re. Proof. by apply/RltP; rewrite lt_def sqn_eq0 w_nz sqn_ge0. Qed.
Lemma rt_continuous t : (0 < t)%Re -> continuity_pt rt t.
Proof.
move=> t0; apply: derivable_continuous_pt.
exists (Derive rt t); apply/is_derive_Reals; apply: Derive_correct; rewrite /rt /ratio /Rpower -/sw.
by auto_derive; split; [lra|split=> //; apply: Rdiv_lt_0_compat].
Qed.

Lemma phi_continuous t : (0 < t)%Re -> continuity_pt phi t.
Proof.
move=> t0; apply/continuity_pt_locally => ep; have e0 := cond_pos ep.
have d1 : (0 < ep / (4 * (Am + 1)))%Re by apply: Rdiv_lt_0_compat; lra.
have d2 : (0 < ep / (4 * (Bm + 1)))%Re by apply: Rdiv_lt_0_compat; lra.
have l1 : locally t (fun u => (Rabs (u - t) < ep / (4 * (Am + 1)))%Re) by exists (mkposreal _ d1) =>
  u.
have l2 := (continuity_pt_locally rt t).1 (rt_continuous t0) (mkposreal _ d2); rewrite /= in l2.
have l3 : locally t (fun u => (0 < u)%Re).
  by exists (mkposreal t t0) => u; rewrite /ball /= /AbsRing_ball /abs /minus /plus /opp /= =>
    /Rabs_def2 [h1 h2]; lra.
case: l1 => r1 hr1; case: l2 => r2 hr2; case: l3 => r3 hr3.
have rp : (0 < Rmin r1 (Rmin r2 r3))%Re by do 2!(apply: Rmin_glb_lt; first exact: cond_pos);
  exact: cond_pos.
exists (mkposreal _ rp) => u hu.
have h1 : (Rabs (u - t) < ep / (4 * (Am + 1)))%Re by apply: hr1; apply: ball_le hu; exact: Rmin_l.
have h2 : (Rabs (rt u - rt t) < ep / (4 * (Bm + 1)))%Re.
  by apply: hr2; apply: ball_le hu; apply: Rle_trans (Rmin_r _ _) (Rmin_l _ _).
have u0 : (0 < u)%Re by apply: hr3; apply: ball_le hu; apply: Rle_trans (Rmin_r _ _) (Rmin_r _ _).
have f1 := phi_diff t0 u0; have f2 := phi_diff u0 t0.
have s1 : (Rabs (t - u) = Rabs (u - t))%Re by exact: Rabs_minus_sym.
have s2 : (Rabs (rt t - rt u) = Rabs (rt u - rt t))%Re by exact: Rabs_minus_sym.
rewrite s1 s2 in f1.
have g1 : (Am * Rabs (u - t) <= ep / 4)%Re.
  have -> : (ep / 4 = (Am + 1) * (ep / (4 * (Am + 1))))%Re by field; lra.
  by have := Rabs_pos (u - t); nra.
have g2 : (Bm * Rabs (rt u - rt t) <= ep / 4)%Re.
  have -> : (ep / 4 = (Bm + 1) * (ep / (4 * (Bm + 1))))%Re by field; lra.
  by have := Rabs_pos (rt u - rt t); nra.
by apply: Rabs_def1; lra.
Qed.

(* a direction in which both terms are positive *)
Lemma good_z : exists z : 'cV[RR]_n, [/\ sqn z = 1, 0 < az X z & 0 < bz X m ws z].
Proof.
have np : 0 < n%:R^-1 :> RR by rewrite invr_gt0 ltr0n.
pose u := X *m ws; have u0 : 0 < sqn u.
  have : 0 < n%:R^-1 * sqn u.
    by apply: lt_le_trans (hlam ws); rewrite mulr_gt0 // lt_def sqn_eq0 ws_nz sqn_ge0.
  by rewrite pmulr_rgt0.
have nu : 0 < (norm u)^-1 by rewrite invr_gt0 lt_def norm_eq0 norm_ge0 -sqn_eq0 gt_eqF.
exists ((norm u)^-1 *: u); split.
- by rewrite sqnZ exprVn norm_sqr mulVf // gt_eqF.
- rewrite /az !pmulr_rgt0 ?ltr0n // -scalemxAr sqnZ pmulr_rgt0 ?exprn_gt0 // lt_def sqn_ge0 sqn_eq0
  andbT.
  apply/eqP => z; have : dot (X^T *m u) ws = sqn u by rewrite dot_mull trmxK.
  by rewrite z dot0l => e; move: u0; rewrite -e ltxx.
have dp : 0 < dot (X *m ws) ((norm u)^-1 *: u) by rewrite -/u dotZr -/(sqn u) mulr_gt0.
rewrite /bz; apply: mulr_gt0; first by rewrite ltr0n.
apply: mulr_gt0 => //; apply: mulr_gt0; [by rewrite ltr0n|exact: exprn_gt0].
Qed.

Theorem minimum_sharpness : exists ts Ss : R, [/\ (0 < ts)%Re, is_top X w ws ts Ss,
  forall t s, (0 < t)%Re -> is_top X w ws t s -> (Ss <= s)%Re,
  exists W : layers RR d, (forall W', risk X y w W <= risk X y w W') /\ is_sharpness X y w W Ss
  & forall (W : layers RR d) S, (forall W', risk X y w W <= risk X y w W') ->
    is_sharpness X y w W S -> (Ss <= S)%Re].
Proof.
have [z [z1 /RltP a0 /RltP b0]] := good_z.
pose a : R := az X z; pose b : R := bz X m ws z; pose v := phi 1.
have a0' : (0 < a)%Re by exact: a0. have b0' : (0 < b)%Re by exact: b0.
have lb t : (0 < t)%Re -> (t * a <= phi t)%Re /\ (rt t * b <= phi t)%Re.
  move=> t0; have h := Kt_phi t0 z1; rewrite KtE -/a -/b -/(rt t) in h.
  have r0 : (0 < rt t)%Re by exact: exp_pos.
  by split; nra.
have v0 : (0 < v)%Re by have := lb 1%Re ltac:(lra); rewrite /v; lra.
have M0 : (0 < INR m.+1)%Re by apply: lt_0_INR; apply/ssrnat.ltP.
pose Q := Rpower (v / b) (INR m.+1); have Q0 : (0 < Q)%Re by exact: exp_pos.
have vb : (0 < v / b)%Re by exact: Rdiv_lt_0_compat.
pose lo := Rmin 1 (sw / Q); pose hi := Rmax 1 (v / a).
have q0 : (0 < sw / Q)%Re by exact: Rdiv_lt_0_compat.
have lo0 : (0 < lo)%Re by apply: Rmin_glb_lt; lra.
have lo1 : (lo <= 1)%Re by exact: Rmin_l. have hi1 : (1 <= hi)%Re by exact: Rmax_l.
have [ts [hmin [ht1 ht2]]] : exists mx, (forall c, (lo <= c <= hi)%Re ->
  (phi mx <= phi c)%Re) /\ (lo <= mx <= hi)%Re.
  by apply: continuity_ab_min; [lra|move=> c hc; apply: phi_continuous; lra].
have ts0 : (0 < ts)%Re by lra.
have hv : (phi ts <= v)%Re by apply: hmin; lra.
have glob t : (0 < t)%Re -> (phi ts <= phi t)%Re.
  move=> t0; have [h1 h2] := lb t t0; have [c1|c1] := Rle_or_lt lo t; last first.
    apply: Rle_trans hv _; apply: Rle_trans h2.
    have c2 : (t <= sw / Q)%Re by have := Rmin_r 1 (sw / Q); rewrite -/lo; lra.
    have c3 : (Q <= sw / t)%Re.
      apply: (Rmult_le_reg_r t) => //; rewrite /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r; last lra.
      have := Rmult_le_compat_r Q _ _ (Rlt_le _ _ Q0) c2;
        rewrite /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r; lra.
    have c4 : (v / b <= rt t)%Re.
      have e : Rpower Q (1 / INR m.+1) = (v / b)%Re.
        by rewrite /Q Rpower_mult Rmult_comm inv_mul1 Rpower_1.
      rewrite -e /rt /ratio; apply: Rle_Rpower_l => //.
      by apply: Rlt_le; apply: Rdiv_lt_0_compat; lra.
    have -> : (v = v / b * b)%Re by field; lra.
    by apply: Rmult_le_compat_r; lra.
  have [c2|c2] := Rle_or_lt t hi; first by apply: hmin.
  apply: Rle_trans hv _; apply: Rle_trans h1.
  have c3 : (v / a <= t)%Re by have := Rmax_r 1 (v / a); rewrite -/hi; lra.
  have -> : (v = v / a * a)%Re by field; lra.
  by apply: Rmult_le_compat_r; lra.
exists ts, (phi ts); have tp := phi_top ts0; split=> //.
- move=> t s t0 hs; have -> : s = phi t by apply: is_lub_u hs (phi_top t0).
  exact: glob.
- exists (Wt w ws ts); split; last exact: (attained_top n0 w_nz ws_nz d0 ws_eq ts0 tp).
  move=> W'; rewrite /risk (wprod_Wt ws w_nz d0 ts0) (lemma8_identity ws_eq (wprod W' w)) ler_addl.
  by rewrite mulr_ge0 ?nV_ge0 ?sqn_ge0.
move=> W S hW hS.
have wsE : wprod W w = ws := minimiser_wprod (isT : (0 < L)%N) w_nz d0 ws_eq lam0 hlam n0 hW.
pose t1 : R := sqn (bvec W w 1).
have t10 : (0 < t1)%Re by apply/RltP; exact: (b_gt0 ws_nz wsE (isT : (1 <= L)%N)).
apply: Rle_trans (glob t1 t10) _.
exact: (lower_top w_nz ws_nz ws_eq wsE hS (phi_top t10)).
Qed.
End Min.
