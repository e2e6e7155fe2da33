(* Corollary 4: the printed lower bound 1 <= S/S_min is false, at every initialisation of the event
   of Lemma 3 and for every choice of constants. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Lemma9 PolynomialFunction Network Risk Lemma8
  PolynomialDerivative Derivative GradientFlow Lemma1 Energy RealPower Sharpness Theorem2 Limit
  Corollary2 Continuation UpperExpectation Gaussian Tails GaussianLayer FixedStart NetArgument
  Lemma3Constants Net Lemma3 Theorem4Event Rearrange Convergence Theorem4 Theorem4Probability.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma false_num (l M ep de b : R) : (1 <= l)%Re -> (4 <= M)%Re -> (0 < ep <= 1)%Re ->
  de = Rpower (2 * M ^ 4 / ep) (- l) -> (de / M <= b)%Re ->
  (M ^ 6 * (de * de) < ep * Rpower b (2 - 2 / l))%Re.
Proof.
move=> l1 M4 [ep0 ep1] dE hb.
have M40 : (0 < M ^ 4)%Re by apply: pow_lt; lra.
have K0 : (0 < 2 * M ^ 4 / ep)%Re by apply: Rdiv_lt_0_compat; lra.
have d0 : (0 < de)%Re by rewrite dE; exact: exp_pos.
have i2 : (0 < 2 / l <= 2)%Re.
  split; first by apply: Rdiv_lt_0_compat; lra.
  by rewrite -[X in (_ <= X)%Re](Rmult_1_r 2); apply: Rmult_le_compat_l; [lra|rewrite -Rinv_1;
    apply: Rinv_le_contravar; lra].
have dd : (de * de = Rpower de (2 / l) * Rpower de (2 - 2 / l))%Re.
  rewrite -Rpower_plus (_ : (2 / l + (2 - 2 / l) = INR 2)%Re); last by rewrite /=; lra.
  by rewrite Rpower_pow //=; ring.
have d2 : (Rpower de (2 / l) = ep * ep / (4 * (M ^ 4 * M ^ 4)))%Re.
  rewrite dE Rpower_mult (_ : (- l * (2 / l) = - INR 2)%Re); last by rewrite /=; field; lra.
  by rewrite Rpower_Ropp Rpower_pow //; field; lra.
have dM : (0 < de / M)%Re by apply: Rdiv_lt_0_compat; lra.
have h1 : (Rpower (de / M) (2 - 2 / l) <= Rpower b (2 - 2 / l))%Re by apply: Rle_Rpower_l; lra.
apply: (Rlt_le_trans _ (ep * Rpower (de / M) (2 - 2 / l))); last by apply: Rmult_le_compat_l; lra.
have e1 : (de / M * M = de)%Re by field; lra.
have h2 : (Rpower de (2 - 2 / l) = Rpower (de / M) (2 - 2 / l) * Rpower M (2 - 2 / l))%Re.
  rewrite Rpower_mult_distr ?e1 //; lra.
have h3 : (Rpower M (2 - 2 / l) <= M ^ 2)%Re by rewrite -(Rpower_pow 2) /=; [apply: Rle_Rpower;
  lra|lra].
have p0 : (0 < Rpower (de / M) (2 - 2 / l))%Re by exact: exp_pos.
rewrite dd d2 h2; set a := Rpower (de / M) _ in p0 *; set c := Rpower M _ in h3 *.
have c0 : (0 < c)%Re by exact: exp_pos.
have -> : (M ^ 6 * (ep * ep / (4 * (M ^ 4 * M ^ 4)) * (a * c)) = ep * a * (ep * c / (4 *
  M ^ 2)))%Re by field; lra.
rewrite -[X in (_ < X)%Re]Rmult_1_r; apply: Rmult_lt_compat_l; first exact: Rmult_lt_0_compat.
have M20 : (0 < M ^ 2)%Re by apply: pow_lt; lra.
apply: (Rmult_lt_reg_r (4 * M ^ 2)); first lra.
have -> : (ep * c / (4 * M ^ 2) * (4 * M ^ 2) = ep * c)%Re by field; lra.
nra.
Qed.

Lemma nat_above (x : R) : exists n, (x < INR n)%Re.
Proof.
have [n [_ h]] := nfloor_ex (Rmax 0 x) (Rmax_l 0 x); exists n.+1; rewrite S_INR;
  apply: Rle_lt_trans h; exact: Rmax_r.
Qed.

Lemma unit_vec (d : nat) : (0 < d)%N -> exists e : 'cV[RR]_d, norm e = 1.
Proof.
move=> d0; pose i := Ordinal d0; exists (delta_mx i 0).
have -> : sqn (delta_mx i 0 : 'cV[RR]_d) = 1 -> norm (delta_mx i 0 : 'cV[RR]_d) = 1 by move=> e;
  rewrite /norm e sqrtr1.
  by [].
rewrite /sqn /dot (bigD1 i) //= big_ord1 mxE !eqxx mulr1 big1 ?addr0 // => j ji.
by rewrite big_ord1 !mxE (negbTE ji) mul0r.
Qed.

Section False.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (u0 : (0 < u)%Re).
Notation dd := (fun _ : nat => d).
Variable ep : R.
Hypothesis ep01 : (0 < ep <= 1)%Re.
(* the length of the head: depends on ep, s, u and L only *)
Definition hd : R := Rpower (2 * Mc s u ^ 4 / ep) (- INR L).
Lemma hd0 : (0 < hd)%Re. Proof. exact: exp_pos. Qed.
Lemma hd1 : (hd < 1)%Re.
Proof.
have p := Mc1 s u0; have : (4 ^ 4 <= Mc s u ^ 4)%Re by apply: pow_incr; lra.
move=> h; have q : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
have K1 : (1 < 2 * Mc s u ^ 4 / ep)%Re.
  apply: (Rmult_lt_reg_r ep); first lra.
  have -> : (2 * Mc s u ^ 4 / ep * ep = 2 * Mc s u ^ 4)%Re by field; lra. lra.
have e : Rpower (2 * Mc s u ^ 4 / ep) 0 = 1%Re by apply: Rpower_O; lra.
rewrite -e /hd; apply: Rpower_lt; lra.
Qed.

Variable om : Omega.
Hypothesis g : good d L s u om.
Let V0 : layers RR dd := fun k => W d L s om k.
Let X : 'M[RR]_d := 1%:M.
Let lam : RR := d%:R^-1.

Lemma sharp_small (w : 'cV[RR]_d) (V : layers RR dd) (S : R) : norm w = hd :> R ->
  (forall k, (k < L)%N -> V k = V0 k) ->
  @is_sharpness dd d X (@wprod _ dd V L w) L w V S ->
    (S < ep * (2 * INR L * lam * Rpower (norm (@wprod _ dd V L w)) (2 - 2 / INR L)))%Re.
Proof.
move=> wn VE hS; set ws := @wprod _ dd V L w.
have p := Mc1 s u0; have mp : Mc s u != 0 :> RR by apply/eqP => z; move: p; rewrite z => h;
  have : (4 <= 0)%Re := h; lra.
have M0 : 0 < (Mc s u : RR) by apply/RltP; rewrite -[0%R]/(0%Re); lra.
have l0 : 0 < lam by rewrite invr_gt0 ltr0n; exact: leq_trans d4.
have l0' : (0 < lam)%Re by exact/RltP.
have L1 : (1 <= INR L)%Re by have <- : INR 1 = 1%Re; [|apply: le_INR; apply/ssrnat.leP].
have hle : cov_le (d := dd) X lam by move=> v; rewrite /X mul1mx.
have we : normal_eq (d := dd) X ws ws by rewrite /normal_eq /X trmx1 !mul1mx.
have hV k : (k < L)%N -> (sqn (V k - V0 k) <= (C5c s u / INR L) * (C5c s u / INR L))%Re.
  by move=> kL; rewrite VE // subrr /sqn dot0r; exact: Rle_0_sqr.
have ev := @ball_event4 d L s u d4 L0 u0 om V0 g (fun _ _ => erefl) w V hV.
have evp := @ball_prod4 d L s u d4 L0 u0 om V0 g (fun _ _ => erefl) w V hV.
have up := @sharp_upper4 dd d X ws L w V ws (Mc s u) ((Mc s u : RR) ^+ 2) lam we erefl hle (ltW l0)
  (fun k kL => let: And4 a _ _ _ := ev k kL in a) (fun k kL => let: And4 _ _ a _ := ev k kL in a) S
    hS.
apply: Rle_lt_trans up _.
have hb : (hd / Mc s u <= norm ws)%Re.
  have /RleP := evp; rewrite -/ws wn -(RinvE mp) -RmultE => h; apply: Rle_trans h; apply: Req_le;
    rewrite /Rdiv; exact: Rmult_comm.
have h := false_num L1 p ep01 erefl hb; rewrite wn.
have -> : (2 * INR L * lam * (Mc s u * (Mc s u ^+ 2)%R * (Mc s u * (Mc s u ^+ 2)%R)) * (hd * hd) =
  2 * INR L * lam * (Mc s u ^ 6 * (hd * hd)))%Re.
  by rewrite expr2 -RmultE; ring.
have -> : (ep * (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L)) = 2 * INR L * lam * (ep *
  Rpower (norm ws) (2 - 2 / INR L)))%Re by ring.
apply: Rmult_lt_compat_l h; apply: Rmult_lt_0_compat => //; lra.
Qed.

Lemma rest_flow (w : 'cV[RR]_d) : @gradient_flow dd d X (@wprod _ dd V0 L w) L w (fun _ => V0).
Proof.
move=> t t0 k kL; have -> : - @gradk dd d X (@wprod _ dd V0 L w) L w V0 k = 0;
  last exact: mderive_cst.
by rewrite /gradk /gradR1 /X mul1mx subrr mulmx0 scaler0 /grad5 trmx0 mulmx0 mul0mx oppr0.
Qed.

(* at every initialisation of the event there are a head with |w| < 1 and data such that all
   hypotheses of Theorem 4 hold, with zero excess
   risk, and S < ep S_min at the limit of the flow (which is at rest): S/S_min can be arbitrarily
   small *)
Theorem corollary4_lower_bound_false : exists (w : 'cV[RR]_d) (Y : 'M[RR]_d) (y ws : 'cV[RR]_d) (la
  : RR) (F : R -> layers RR dd) (S : R),
  [/\ w != 0 /\ (norm w < 1)%Re, [/\ 0 < la, cov_ge (d := dd) Y la & cov_le (d := dd) Y la],
      normal_eq (d := dd) Y y ws /\ @gradient_flow dd d Y y L w F,
      (forall t k, F t k = W d L s om k) /\ @risk _ dd d Y y L w (F 0%Re) - R1 (d := dd) Y y ws = 0
    & @is_sharpness dd d Y y L w (F 0%Re) S /\ (S < ep * (2 * INR L * la * Rpower (norm ws) (2 - 2 /
      INR L)))%Re].
Proof.
have d0 : (0 < d)%N by exact: leq_trans d4.
have [e e1] := unit_vec d0; pose w : 'cV[RR]_d := (hd : RR) *: e.
have h0 := hd0; have h1 := hd1.
have wn : norm w = hd.
  rewrite /w normZ e1 mulr1 ger0_norm //; apply/RleP; rewrite -[0%R]/(0%Re); lra.
have w_nz : w != 0 by rewrite -norm_eq0 wn; apply/eqP => z; have : hd = 0%Re := z; lra.
pose ws := @wprod _ dd V0 L w.
have we : normal_eq (d := dd) X ws ws by rewrite /normal_eq /X trmx1 !mul1mx.
have M0 : 0 < (Mc s u : RR) by apply/RltP; have := Mc1 s u0; rewrite -[0%R]/(0%Re); lra.
have ws_nz : ws != 0.
  have hV k : (k < L)%N -> (sqn (V0 k - V0 k) <= (C5c s u / INR L) * (C5c s u / INR L))%Re.
    by move=> kL; rewrite subrr /sqn dot0r; exact: Rle_0_sqr.
  have := @ball_prod4 d L s u d4 L0 u0 om V0 g (fun _ _ => erefl) w V0 hV;
    rewrite -norm_eq0 -/ws => h.
  have hp : 0 < (Mc s u : RR)^-1 * norm w by rewrite mulr_gt0 ?invr_gt0 // lt_def norm_eq0 w_nz
    norm_ge0.
  by rewrite gt_eqF // (lt_le_trans hp h).
have [S hS] := @sharpness_exists dd d X ws L w V0 ws we erefl ws_nz L0.
exists w, X, ws, ws, lam, (fun _ => V0), S; split.
- by split=> //; rewrite wn.
- split; first by rewrite invr_gt0 ltr0n.
  + by move=> v; rewrite /X mul1mx.
  + by move=> v; rewrite /X mul1mx.
- by split=> //; exact: rest_flow.
- by split=> //; rewrite /risk subrr.
- by split=> //; exact: (@sharp_small w V0 S wn (fun _ _ => erefl) hS).
Qed.
End False.

(* what a lower bound S >= c S_min says at the initialisation om: whenever the hypotheses of Theorem
   4 hold and the flow converges to V,
   the sharpness of V is at least c S_min (lam, Lam: the extreme eigenvalues); the paper prints c =
   1 *)
Definition lower_at (c : R) (d L : nat) (s cd3 : R) (om : Omega) :=
  forall (n : nat) (X : 'M[RR]_(n, d)) (y : 'cV[RR]_n) (w ws : 'cV[RR]_d) (lam Lam : RR)
  (F : R -> layers RR (fun _ => d)) (V : layers RR (fun _ => d)) (S : R),
  w != 0 -> 0 < lam -> cov_ge (d := fun _ => d) X lam ->
    (exists2 v : 'cV[RR]_d, v != 0 & lam * sqn v = n%:R^-1 * sqn (X *m v)) ->
  cov_le (d := fun _ => d) X Lam -> (exists2 v : 'cV[RR]_d, v != 0 & n%:R^-1 * sqn (X *m v) = Lam *
    sqn v) ->
  normal_eq (d := fun _ => d) X y ws -> @gradient_flow (fun _ => d) n X y L w F ->
    (forall k, (k < L)%N -> F 0%Re k = W d L s om k) ->
  (@risk _ (fun _ => d) n X y L w (F 0%Re) - R1 (d := fun _ => d) X y ws <= cd3 * (lam * lam *
    sqn w) / Lam)%Re ->
  (forall k, (k < L)%N -> mlim (fun t => F t k) (V k)) ->
    @is_sharpness (fun _ => d) n X y L w V S ->
  (c * (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L)) <= S)%Re.

(* the lower bound of Corollary 4 with a positive function of d and L in place of 1 *)
Definition corollary4_lower (s : R) (c : nat -> nat -> R) := exists cd1 cd2 cd3 cd4 : R,
  [/\ (0 < cd1)%Re, (0 < cd2)%Re, (0 < cd3)%Re, (0 < cd4)%Re &
  forall d L : nat, (cd1 <= INR L)%Re -> (cd2 <= INR d)%Re ->
  pr (Uall d L) (fun om => ~ lower_at (c d L) d L s cd3 om) (16 * exp (- (cd4 * INR d)))%Re].
Definition corollary4_printed_lower (s : R) := corollary4_lower s (fun _ _ => 1%Re).

Lemma not_lower_at (d L : nat) (s u c cd3 : R) om : (4 <= d)%N -> (0 < L)%N -> (0 < u)%Re ->
  (0 < c)%Re -> (0 < cd3)%Re -> good d L s u om -> ~ lower_at c d L s cd3 om.
Proof.
move=> d4 L0 u0 cp c0 g H.
have ep01 : (0 < Rmin c 1 <= 1)%Re by split; [apply: Rmin_glb_lt; lra|exact: Rmin_r].
have [w [Y [y [ws [la [F [S [[w_nz w1] [l0 hge hle] [we gf] [F0 r0] [hS lt]]]]]]]]] :=
  corollary4_lower_bound_false d4 L0 u0 ep01 g.
have l0' : (0 < la)%Re by exact/RltP.
have w2 : (0 <= sqn w)%Re by apply/RleP; exact: sqn_ge0.
have e w' : la * sqn (w' : 'cV[RR]_d) = d%:R^-1 * sqn (Y *m w').
  by apply/le_anti/andP; split; [exact: hge|exact: hle].
have := H d Y y w ws la la F (F 0%Re) S w_nz l0 hge (ex_intro2 _ _ w w_nz (e w)) hle (ex_intro2 _ _
  w w_nz (esym (e w))) we gf (fun k _ => F0 _ k) _ _ hS.
have sm : (0 <= 2 * INR L * la * Rpower (norm ws) (2 - 2 / INR L))%Re.
  by apply: Rmult_le_pos; [apply: Rmult_le_pos; [have := pos_INR L; lra|lra]|exact/Rlt_le/exp_pos].
move=> h; apply: (Rlt_not_le _ _ lt); apply: (Rle_trans _ (c * (2 * INR L * la *
  Rpower (norm ws) (2 - 2 / INR L)))); last (apply: h).
- by apply: Rmult_le_compat_r => //; exact: Rmin_l.
- have -> : (@risk _ (fun _ => d) d Y y L w (F 0%Re) - R1 (d := fun _ => d) Y y ws)%Re =
  0%Re by exact: r0.
  apply: Rmult_le_pos; last by apply/Rlt_le/Rinv_0_lt_compat.
  by apply: Rmult_le_pos; [exact: Rlt_le|apply: Rmult_le_pos => //; nra].
move=> k kL i j; apply: (is_lim_ext (fun=> F 0%Re k i j)) => [t|]; last exact: is_lim_const.
by rewrite !F0.
Qed.

Theorem corollary4_lower_false s (c : nat -> nat -> R) : (0 < s)%Re ->
  (forall d L, (0 < c d L)%Re) -> ~ corollary4_lower s c.
Proof.
move=> s0 cp0 [c1 [c2 [c3 [c4 [c10 c20 c30 c40 H]]]]].
have u0 : (0 < us s)%Re by rewrite /us; nra.
pose kap := (us s ^ 2 / (32 * s ^ 2))%Re.
have cp : (0 < kap)%Re by apply: Rdiv_lt_0_compat; [apply: pow_lt|nra].
have [M1 [M11 h1]] := @exp_small 16 c4 (1 / 2) ltac:(lra) c40 ltac:(lra).
have [M2 [M21 h2]] := @exp_small 5 kap (1 / 2) ltac:(lra) cp ltac:(lra).
have [d hd] := nat_above (M1 + M2 + c2 + 4).
have [L hL] := nat_above (c1 + (us s / 0.43) ^ 2).
have q0 : (0 < (us s / 0.43) ^ 2)%Re by apply: pow_lt; lra.
have d4 : (4 <= d)%N by apply/ssrnat.leP/INR_le; rewrite [INR 4]/=; lra.
have L0 : (0 < L)%N by apply/ssrnat.ltP/INR_lt; rewrite [INR 0]/=; lra.
have hu : (us s <= 0.43 * sqrt (INR L))%Re.
  have : (us s / 0.43 <= sqrt (INR L))%Re; last by lra.
  rewrite -(sqrt_pow2 (us s / 0.43)); last lra. by apply: sqrt_le_1_alt; lra.
have a1 := H d L ltac:(lra) ltac:(lra).
have a2 : pr (Uall d L) (fun om => good d L s (us s) om) (16 * exp (- (c4 * INR d)))%Re.
  by apply: pr_mono a1 => [om g|]; [exact: not_lower_at d4 L0 u0 (cp0 d L) c30 g|exact: Rle_refl].
have a3 := lemma3_sharp d4 L0 s0 (Rle_refl _) hu.
have := complement a2 a3.
have -> : (- (INR d * us s ^ 2 / (32 * s ^ 2)) = - kap * INR d)%Re by rewrite /kap; field; lra.
have -> : (- (c4 * INR d) = - c4 * INR d)%Re by ring.
have := h1 (INR d) ltac:(lra); have := h2 (INR d) ltac:(lra); lra.
Qed.
Corollary corollary4_printed_false s : (0 < s)%Re -> ~ corollary4_printed_lower s.
Proof. by move=> s0; apply: corollary4_lower_false => // *; lra. Qed.
