(* An explicit finite net of the unit sphere of R^d, from the lattice: mesh ep, at most (e (2 +
   1/ep))^d points.
   No volume: points are counted by their l1 norm with geometric series. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Rcomplements.
From Flatcert Require Import RealFacts Linalg UpperExpectation Tails GaussianLayer NetArgument.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Nearest.
Variable K : nat.
Definition digit : finType := [finType of bool * 'I_K.+1].
Definition dval (p : digit) : R := if p.1 then (- INR p.2.+1)%Re else INR p.2.
Definition mag (p : digit) : nat := (p.2 + p.1)%N.
Lemma nearest y : (Rabs y + 1 <= INR K)%Re -> exists p : digit,
  (Rabs (y - dval p) <= 1 / 2)%Re /\ (INR (mag p) <= Rabs y + 1 / 2)%Re.
Proof.
move=> hK; have a0 := Rabs_pos y.
have [n [n1 n2]] := nfloor_ex (Rabs y + 1 / 2) ltac:(lra).
have nK : (n < K.+1)%N.
  by apply/ssrnat.ltP/INR_lt; rewrite S_INR; lra.
case: (Rle_lt_dec 0 y) => y0.
  rewrite (Rabs_pos_eq y) // in n1 n2 a0 hK *.
  exists (false, Ordinal nK); split; last by rewrite (_ : mag _ = n); [exact: n1|exact: addn0].
  by rewrite /dval /=; apply: Rabs_le; lra.
rewrite (Rabs_left y) // in n1 n2 a0 hK *.
case: n n1 n2 nK => [|n] n1 n2 nK.
  exists (false, Ordinal nK); split; last by exact: n1.
  by rewrite /dval /=; apply: Rabs_le; rewrite /= in n1 n2; lra.
exists (true, Ordinal (ltnW nK)); split; last by rewrite (_ : mag _ = n.+1);
  [exact: n1|exact: addn1].
by rewrite /dval [_.1]/= [nat_of_ord _]/=; apply: Rabs_le; lra.
Qed.
End Nearest.

Lemma in_In (T : eqType) (x : T) s : x \in s -> List.In x s.
Proof. by elim: s => [//|y s IH]; rewrite in_cons => /predU1P[->|/IH h]; [left|right]. Qed.
Lemma In_in (T : eqType) (x : T) s : List.In x s -> x \in s.
Proof. by elim: s => [//|y s IH] /= [->|/IH h]; rewrite in_cons ?eqxx ?h ?orbT. Qed.

Section Count.
Variables (K d : nat) (t B : R).
Hypothesis t0 : (0 < t)%Re.
Let w : RR := exp (- t)%Re.
Let w0 : 0 < w. Proof. by apply/RltP; exact: exp_pos. Qed.
Let w1 : w < 1. Proof. apply/RltP; rewrite /w -[1%R]/(1%Re) -exp_0; apply: exp_increasing; lra. Qed.
Lemma w_pow n : w ^+ n = exp (- (t * INR n))%Re :> RR.
Proof.
elim: n => [|n IH]; first by rewrite expr0 /= Rmult_0_r Ropp_0 exp_0.
by rewrite exprS IH S_INR -[LHS]exp_plus; congr exp; ring.
Qed.
(* sum over the digits: at most (1+w)/(1-w) <= 2/t + 1 *)
Lemma digit_sum : (\sum_(p : digit K) w ^+ mag p) <= (2 / t + 1)%Re.
Proof.
have -> : (\sum_(p : digit K) w ^+ mag p) = (1 + w) * (\sum_(i < K.+1) w ^+ i).
  rewrite -(pair_bigA _ (fun (b : bool) (m : 'I_K.+1) => w ^+ (m +
    b))) /= big_bool /= addrC mulrDl mul1r.
  congr (_ + _); first by apply: eq_bigr => i _; rewrite addn0.
  by rewrite mulr_sumr; apply: eq_bigr => i _; rewrite addn1 exprS.
have g : (1 - w) * (\sum_(i < K.+1) w ^+ i) <= 1.
  rewrite -[X in X <= _]opprK -mulNr opprB -subrX1 opprB ler_subl_addr ler_addl.
  by apply: exprn_ge0; exact: (ltW w0).
have h1 : 0 < 1 - w by rewrite subr_gt0.
have g2 : (\sum_(i < K.+1) w ^+ i) <= (1 - w)^-1 by rewrite -(mulr1 (_^-1)) ler_pdivl_mull.
apply: le_trans (_ : (1 + w) / (1 - w) <= _).
  by apply: ler_wpmul2l => //; apply: addr_ge0; [exact: ler01|exact: (ltW w0)].
rewrite ler_pdivr_mulr //; apply/RleP.
rewrite -[X in (X <= _)%Re]/(1 + w)%Re -[X in (_ <= X)%Re]/((2 / t + 1) * (1 - w))%Re.
have e : (w * (1 + t) <= 1)%Re.
  have := exp_ineq1_le t => h; have wp : (0 < w)%Re by exact: exp_pos.
  have : (w * exp t = 1)%Re by rewrite /w -exp_plus Rplus_opp_l exp_0.
  by move=> E; rewrite -[X in (_ <= X)%Re]E; apply: Rmult_le_compat_l; lra.
apply: (Rmult_le_reg_l t) => //.
have -> : (t * ((2 / t + 1) * (1 - w)) = (2 + t) * (1 - w))%Re by field; lra.
lra.
Qed.

Lemma count_le (P : pred {ffun 'I_d -> digit K}) :
  (forall f, P f -> (INR (\sum_i mag (f i)) <= B)%Re) ->
    (INR #|P| <= exp (t * B + INR d * ln (2 / t + 1)))%Re.
Proof.
move=> hP; rewrite exp_plus.
have it : (0 < 2 / t)%Re by apply: Rdiv_lt_0_compat; lra.
have -> : exp (INR d * ln (2 / t + 1))%Re = ((2 / t + 1)%Re : RR) ^+ d.
  elim: d => [|n IH]; first by rewrite expr0 /= Rmult_0_l exp_0.
  rewrite exprS -IH S_INR Rmult_plus_distr_r exp_plus Rmult_1_l exp_ln; last lra.
  exact: Rmult_comm.
have key : (#|P|%:R : RR) * (exp (- (t * B))%Re : RR) <= ((2 / t + 1)%Re : RR) ^+ d.
  rewrite mulr_natl -sumr_const.
  apply: le_trans (_ : (\sum_(f : {ffun 'I_d -> digit K}) \prod_i w ^+ mag (f i)) <= _).
    rewrite [X in _ <= X](bigID P) /=; rewrite -[X in X <= _]addr0; apply: ler_add.
      apply: ler_sum => f Pf; rewrite prodrXr w_pow; apply/RleP/exp_le/Ropp_le_contravar.
      by apply: Rmult_le_compat_l; [exact: Rlt_le|exact: hP].
    by apply: sumr_ge0 => f _; apply: prodr_ge0 => i _; apply: exprn_ge0; exact: (ltW w0).
  rewrite -(bigA_distr_bigA (fun (i : 'I_d) p => w ^+ mag p)) prodr_const card_ord.
  apply: ler_expn2r; rewrite ?nnegrE; [|apply/RleP; rewrite -[0%R]/(0%Re); lra|exact: digit_sum].
  by apply: sumr_ge0 => p _; apply: exprn_ge0; exact: (ltW w0).
move/RleP: key; rewrite -INRE => key.
have p := exp_pos (t * B)%Re.
have q : (exp (- (t * B)) * exp (t * B) = 1)%Re by rewrite -exp_plus Rplus_opp_l exp_0.
have := Rmult_le_compat_r _ _ _ (Rlt_le _ _ p) key.
rewrite -[(INR _ * _)%R]/(INR #|P| * exp (- (t * B)))%Re Rmult_assoc q Rmult_1_r => h.
by rewrite Rmult_comm.
Qed.
End Count.

Section Net.
Variables (d : nat) (ep : R).
Hypotheses (d0 : (0 < d)%N) (e0 : (0 < ep < 1)%Re).

Theorem lattice_net : exists net : seq 'cV[RR]_d, [/\ covers net ep,
  forall h, List.In h net -> (1 - ep <= norm h)%Re, forall h, List.In h net ->
    (norm h <= 1 + ep)%Re &
  (INR (size net) <= exp (INR d * (1 + ln (2 + / ep))))%Re].
Proof.
have D0 : (0 < INR d)%Re by apply: lt_0_INR; apply/ssrnat.ltP.
pose c := sqrt (INR d); have c0 : (0 < c)%Re by exact: sqrt_lt_R0.
have cc : (c * c = INR d)%Re by apply: sqrt_sqrt; lra.
pose de := (2 * ep / c)%Re; have de0 : (0 < de)%Re by apply: Rdiv_lt_0_compat; lra.
have [K hK] : exists K, (/ de + 1 <= INR K)%Re.
  have [n [_ n2]] := nfloor_ex (/ de + 2)%Re ltac:(have := Rinv_0_lt_compat _ de0; lra); exists n;
    lra.
pose T := {ffun 'I_d -> digit K}.
pose v (f : T) : 'cV[RR]_d := \col_i ((de * dval (f i))%Re : RR).
pose R0 := ((1 + ep) / (2 * ep))%Re.
have R00 : (0 < R0)%Re by apply: Rdiv_lt_0_compat; lra.
pose P (f : T) := [&& ((INR (\sum_i mag (f i)) : RR) <= (R0 * INR d)%Re), ((1 - ep)%Re : RR) <=
  norm (v f) & norm (v f) <= ((1 + ep)%Re : RR)].
exists [seq v f | f <- enum P]; split.
- move=> x x1.
  have sx : sqn x = 1 by rewrite -norm_sqr x1 expr1n.
  have xi (i : 'I_d) : (Rabs (x i ord0) <= 1)%Re.
    have : (Rsqr (x i ord0) <= Rsqr 1)%Re; last by move/Rsqr_le_abs_0; rewrite Rabs_R1.
    rewrite /Rsqr Rmult_1_r; apply/RleP; rewrite -[1%Re]/(1%R : RR) -[X in _ <=
      X]sx /sqn /dot (bigD1 i) //= big_ord1.
    by rewrite ler_addl; apply: sumr_ge0 => j _; apply: sumr_ge0 => k _; rewrite -expr2 sqr_ge0.
  have near (i : 'I_d) : exists p : digit K, (Rabs (x i ord0 / de - dval p) <= 1 / 2)%Re /\
    (INR (mag p) <= Rabs (x i ord0 / de) + 1 / 2)%Re.
    apply: nearest; apply: Rle_trans hK; apply: Rplus_le_compat_r.
    rewrite /Rdiv Rabs_mult (Rabs_pos_eq (/ de)); last exact/Rlt_le/Rinv_0_lt_compat.
    rewrite -[X in (_ <= X)%Re]Rmult_1_l; apply: Rmult_le_compat_r;
      [exact/Rlt_le/Rinv_0_lt_compat|exact: xi].
  have [f hf] := fin_all_exists near.
  pose g : T := [ffun i => f i].
  have dist : (norm (x - v g) <= ep)%Re.
    have : sqn (x - v g) <= ((ep * ep)%Re : RR).
      rewrite /sqn /dot; apply: le_trans (_ : (\sum_(i < d) ((de / 2) * (de / 2))%Re : RR) <= _).
        apply: ler_sum => i _; rewrite big_ord1 !mxE ffunE; apply/RleP.
        have [h _] := hf i; set X := x i ord0 in h *.
        have -> : forall a b : RR, (a - b) * (a - b) = ((a - b) * (a - b))%Re by [].
        have : (Rabs (X - de * dval (f i)) <= de / 2)%Re.
          have -> : (X - de * dval (f i) = de * (X / de - dval (f i)))%Re by field; lra.
          rewrite Rabs_mult (Rabs_pos_eq de); [|lra]; nra.
        move/Rabs_le_between => h2; nra.
      rewrite sumr_const card_ord -mulr_natl -INRE; apply/RleP; apply: Req_le.
      rewrite -[LHS]/(INR d * ((de / 2) * (de / 2)))%Re -cc /de; field; lra.
    rewrite -norm_sqr expr2 => /RleP h; have n0 := normN0 (x - v g).
    apply: Rsqr_incr_0_var; last lra. exact: h.
  exists (v g); split=> //; apply: in_In; apply: map_f; rewrite mem_enum; apply/and3P; split.
  + rewrite INRE natr_sum.
    apply: le_trans (_ : (\sum_(i < d) ((INR d / (4 * ep))%Re * (x i ord0 * x i ord0) + (/ (4 *
      ep) + 1 / 2)%Re) : RR) <= _).
      apply: ler_sum => i _; rewrite -INRE ffunE; apply/RleP; have [_ h] := hf i.
      apply: Rle_trans h _; set X := x i ord0.
      rewrite -[X in (_ <= X)%Re]/(INR d / (4 * ep) * (X * X) + (/ (4 * ep) + 1 / 2))%Re.
      have -> : (X / de = X * c / (2 * ep))%Re by rewrite /de; field; lra.
      rewrite -Rplus_assoc; apply: Rplus_le_compat_r.
      rewrite /Rdiv Rabs_mult (Rabs_pos_eq (/ (2 * ep))); last by apply/Rlt_le/Rinv_0_lt_compat;
        lra.
      have a2 : (Rabs (X * c) * 2 <= INR d * (X * X) + 1)%Re.
        have := pow2_ge_0 (Rabs (X * c) - 1); have := Rsqr_abs (X * c)%Re;
          rewrite /Rsqr -cc => h1 h2; nra.
      have i0 : (0 < / (4 * ep))%Re by apply: Rinv_0_lt_compat; lra.
      have -> : (/ (2 * ep) = 2 * / (4 * ep))%Re by field; lra.
      nra.
    rewrite big_split /= -mulr_sumr sumr_const card_ord -[X in _ + X]mulr_natl -INRE.
    have -> : (\sum_(i < d) x i ord0 * x i ord0) = 1 by rewrite -sx; apply: eq_bigr => i _;
      rewrite big_ord1.
    rewrite mulr1; apply/RleP; apply: Req_le; rewrite -[LHS]/(INR d / (4 * ep) + INR d * (/ (4 *
      ep) + 1 / 2))%Re /R0; field; lra.
  + apply/RleP; have := normD_R (v g) (x - v g); rewrite addrC subrK x1 -[1%R]/(1%Re); lra.
  + apply/RleP; have := normD_R x (v g - x); rewrite addrC subrK x1 -[1%R]/(1%Re) -[norm (v g -
    x)]normN opprB; lra.
- by move=> h /In_in/mapP[f]; rewrite mem_enum => /and3P[_ /RleP h1 _] ->.
- by move=> h /In_in/mapP[f]; rewrite mem_enum => /and3P[_ _ /RleP h1] ->.
rewrite size_map -cardE.
have t0 : (0 < / R0)%Re by exact: Rinv_0_lt_compat.
have hP f : P f -> (INR (\sum_i mag (f i)) <= R0 * INR d)%Re by move=> /and3P[/RleP].
apply: Rle_trans (count_le t0 hP) _; apply: Req_le; congr exp.
have -> : (2 / / R0 + 1 = 2 + / ep)%Re by rewrite /R0; field; lra.
by field; lra.
Qed.
End Net.
