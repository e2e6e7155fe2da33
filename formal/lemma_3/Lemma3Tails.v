(* B.9: the tail bounds of the three sums, each corrected one a theorem of its own; and the printed
   tails of S_{L,1} and S_{L,3}, which are false, disproved at L = d = 1.
   For a fixed start h_0, h_{k+1} = (I + sg N_{k+1}) h_k with sg = s/sqrt(L d) and e_k = h_k/|h_k|:
     S_{k,1} = sum_{j < k} sg^2 |N_{j+1} e_j|^2,    S_{k,2} = sum_{j < k} 2 sg e_j^T N_{j+1} e_j,
     S_{k,3} = sum_{j < k} (2 sg e_j^T N_{j+1} e_j)^2. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import RealFacts Linalg Lemma9 UpperExpectation Gaussian Tails GaussianLayer
  FixedStart Boxes Lemma3Measure.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Definition S1 d L s (h : 'cV[RR]_d) (w : Omega) k : R :=
  (sg d L s ^ 2 * sums (@next d L s) (@Zs d) h w k)%Re.
Definition S2 d L s (h : 'cV[RR]_d) (w : Omega) k : R :=
  (2 * sg d L s * sums (@next d L s) (@Zq d) h w k)%Re.
Definition S3 d L s (h : 'cV[RR]_d) (w : Omega) k : R :=
  (4 * sg d L s ^ 2 * sums (@next d L s) (fun h N => Zq h N ^ 2)%Re h w k)%Re.

Ltac nonzero := repeat split; apply: Rgt_not_eq; nra.

Section Tails.
Variables (d L : nat) (s u : R).
Hypotheses (d0 : (0 < d)%N) (L0 : (0 < L)%N) (s0 : (0 < s)%Re) (u0 : (0 < u)%Re).
Let LP : (0 < INR L)%Re. Proof. by apply: lt_0_INR; apply/ssrnat.ltP. Qed.
Let dP : (0 < INR d)%Re. Proof. by apply: lt_0_INR; apply/ssrnat.ltP. Qed.
Let p : (0 < sg d L s)%Re. Proof. exact: sg0. Qed.
Let p2 : (0 < sg d L s ^ 2)%Re. Proof. nra. Qed.
Let LdP : (0 < INR L * INR d)%Re. Proof. exact: Rmult_lt_0_compat. Qed.
Let s2P : (0 < s ^ 2)%Re. Proof. exact: pow_lt. Qed.
Let s4P : (0 < s ^ 4)%Re. Proof. exact: pow_lt. Qed.
Let usP : (0 < u * s ^ 2)%Re. Proof. exact: Rmult_lt_0_compat. Qed.
Let duP : (0 < INR d * u)%Re. Proof. exact: Rmult_lt_0_compat. Qed.
Let sq : (sg d L s ^ 2 = s ^ 2 / (INR L * INR d))%Re. Proof. exact: sg2. Qed.

(* P(max_k S_{k,1} >= s^2 + u) <= exp(-L d u^2/(4 s^4 + 4 u s^2)) *)
Theorem tail_S1 (h : 'cV[RR]_d) :
  pr (Uall d L) (fun w => exists2 k, (k <= L)%N & (s ^ 2 + u <= S1 L s h w k)%Re)
    (exp (- (INR L * INR d * u ^ 2 / (4 * s ^ 4 + 4 * u * s ^ 2))))%Re.
Proof.
have b0 : (0 < u / sg d L s ^ 2)%Re by apply: Rdiv_lt_0_compat.
have := @chi_tail _ _ (Umat d) (@next d L s) (@Zs d) L d _ L0 d0 (Rlt_le _ _ b0)
  (fun h c c0 c1 => sf_quad1 (dir_le1 h) c0 c1) h.
apply: pr_mono => [w [k kL hk]|].
  exists k => //; apply: (Rmult_le_reg_l (sg d L s ^ 2)); first exact: p2.
  apply: Rle_trans hk; apply: Req_le; rewrite Rmult_plus_distr_l mult_INR {1}sq.
  field; lra.
apply: Req_le; congr exp; rewrite mult_INR sq; field; nonzero.
Qed.

(* P(max_k S_{k,2} >= u) <= exp(-d u^2/(8 s^2)); printed with 16 *)
Theorem tail_S2 (h : 'cV[RR]_d) :
  pr (Uall d L) (fun w => exists2 k, (k <= L)%N & (u <= S2 L s h w k)%Re)
    (exp (- (INR d * u ^ 2 / (8 * s ^ 2))))%Re.
Proof.
have a0 : (0 < u / (2 * sg d L s))%Re by apply: Rdiv_lt_0_compat; lra.
have := @gauss_tail _ _ (Umat d) (@next d L s) (@Zq d) L _ L0 (Rlt_le _ _ a0) (@Zq_lin d) h.
apply: pr_mono => [w [k kL hk]|].
  exists k => //; apply: (Rmult_le_reg_l (2 * sg d L s)); first lra.
  by apply: Rle_trans hk; apply: Req_le; field; lra.
apply: Req_le; congr (exp (- _))%Re.
have -> : ((u / (2 * sg d L s)) ^ 2 = u ^ 2 / (4 * sg d L s ^ 2))%Re by field; lra.
rewrite sq; field; lra.
Qed.
(* the printed form of (44), with 16 s^2, is true *)
Theorem tail_S2_printed (h : 'cV[RR]_d) :
  pr (Uall d L) (fun w => exists2 k, (k <= L)%N & (u <= S2 L s h w k)%Re)
    (exp (- (INR d * u ^ 2 / (16 * s ^ 2))))%Re.
Proof.
apply: pr_mono (tail_S2 h) => //; apply: exp_le; apply: Ropp_le_contravar.
apply: Rmult_le_compat_l; first by apply: Rmult_le_pos; nra.
by apply: Rinv_le_contravar; nra.
Qed.

(* P(max_k S_{k,3} >= 4 s^2/d + u) <= exp(-L d^2 u^2/(16 s^2 (4 s^2 + d u))) *)
Theorem tail_S3 (h : 'cV[RR]_d) :
  pr (Uall d L) (fun w => exists2 k, (k <= L)%N & (4 * s ^ 2 / INR d + u <= S3 L s h w k)%Re)
    (exp (- (INR L * INR d ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + INR d * u)))))%Re.
Proof.
have b0 : (0 < u / (4 * sg d L s ^ 2))%Re by apply: Rdiv_lt_0_compat; lra.
have := @chi_tail _ _ (Umat d) (@next d L s) (fun h N => Zq h N ^ 2)%Re L 1 _ L0 isT (Rlt_le _ _ b0)
  (fun h c c0 c1 => qf_quad1 (dir_le1 h) c0 c1) h.
apply: pr_mono => [w [k kL hk]|].
  exists k => //; apply: (Rmult_le_reg_l (4 * sg d L s ^ 2)); first lra.
  apply: Rle_trans hk; apply: Req_le.
  by rewrite Rmult_plus_distr_l mult_INR {1}sq [INR 1]/=; field; lra.
apply: Req_le; congr exp; rewrite mult_INR sq /=; field; nonzero.
Qed.

(* P_1 = P(min_k S_{k,2} - S_{k,3} <= -4 s^2/d - 2 u) <= exp(-d u^2/(8 s^2))
   + exp(-L d^2 u^2/(16 s^2 (4 s^2 + d u))); printed with 16 s^2 in the first, which is weaker, and
   without s^2 in the second, which is false *)
Theorem tail_P1 (h : 'cV[RR]_d) :
  pr (Uall d L) (fun w => exists2 k, (k <= L)%N &
      (S2 L s h w k - S3 L s h w k <= - (4 * s ^ 2 / INR d) - 2 * u)%Re)
    (exp (- (INR d * u ^ 2 / (8 * s ^ 2))) +
     exp (- (INR L * INR d ^ 2 * u ^ 2 / (16 * s ^ 2 * (4 * s ^ 2 + INR d * u)))))%Re.
Proof.
have a0 : (0 < u / (2 * sg d L s))%Re by apply: Rdiv_lt_0_compat; lra.
have low : pr (Uall d L) (fun w => exists2 k, (k <= L)%N & (S2 L s h w k <= - u)%Re)
    (exp (- (INR d * u ^ 2 / (8 * s ^ 2))))%Re.
  have := @gauss_tail _ _ (Umat d) (@next d L s) _ L _ L0 (Rlt_le _ _ a0) (@Zqn_lin d) h.
  have sumN k v w : sums (@next d L s) (fun h N => - Zq h N)%Re v w k =
      (- sums (@next d L s) (@Zq d) v w k)%Re.
    elim: k v w => [|k IH] v w /=; first by rewrite Ropp_0.
    by rewrite IH Ropp_plus_distr.
  apply: pr_mono => [w [k kL hk]|].
    exists k => //; rewrite sumN; apply: (Rmult_le_reg_l (2 * sg d L s)); first lra.
    rewrite /S2 in hk; rewrite -Ropp_mult_distr_r.
    have -> : (2 * sg d L s * (u / (2 * sg d L s)) = u)%Re by field; lra.
    lra.
  apply: Req_le; congr (exp (- _))%Re.
  have -> : ((u / (2 * sg d L s)) ^ 2 = u ^ 2 / (4 * sg d L s ^ 2))%Re by field; lra.
  rewrite sq; field; lra.
apply: pr_mono (pr_or low (tail_S3 h)) => [w [k kL hk]|]; last exact: Rle_refl.
case: (Rle_dec (S2 L s h w k) (- u)) => hu; first by left; exists k.
by right; exists k => //; lra.
Qed.

(* P(some 2 sg e_j^T N_{j+1} e_j <= -1/2) <= L exp(-L d/(32 s^2)) *)
Theorem tail_step (h : 'cV[RR]_d) :
  pr (Uall d L) (fun w => exists2 k, (k < L)%N &
      (2 * sg d L s * Zq (st (@next d L s) h w k) (w k) <= - (1 / 2))%Re)
    (INR L * exp (- (INR L * INR d / (32 * s ^ 2))))%Re.
Proof.
have c0 : (0 < / (4 * sg d L s))%Re by apply: Rinv_0_lt_compat; lra.
have := @step_tail _ _ (Umat d) (@next d L s) (@Zq d) L _ (Rlt_le _ _ c0) (@Zq_lin d) h.
apply: pr_mono => [w [k kL hk]|].
  exists k => //; apply: (Rmult_le_reg_l (2 * sg d L s)); first lra.
  apply: Rle_trans hk _; apply: Req_le; field; lra.
apply: Req_le; congr (_ * exp (- _))%Re.
have -> : ((/ (4 * sg d L s)) ^ 2 = / (16 * sg d L s ^ 2))%Re by field; lra.
rewrite sq; field; lra.
Qed.
End Tails.

(* One dimension, one layer: the event |N| >= a has upper probability at least that of [a,
  a + 1]. *)
Lemma one_layer_lower (A : Omega -> Prop) (a v : R) : (0 <= a)%Re ->
  (forall w : Omega, (a <= w 0%N 0%N 0%N <= a + 1)%Re -> A w) -> pr (Uall 1 1) A v ->
  (exp (- ((a + 1) ^ 2 / 2)) / 8 <= v)%Re.
Proof.
move=> a0 hA hv.
have h := @boxes_le 1 1 A v [:: ((fun _ _ _ => a), (fun _ _ _ => (a + 1)%Re))] hv.
have m0 := mass_gt0.
have m8 : (mass <= 8)%Re.
  case: (proj2_sig mass_ex) => _ lub; apply: lub => x [b [c [bc ->]]].
  apply: Rle_trans (dens_bound bc) _; have := PI_4; lra.
have I : (exp (- ((a + 1) ^ 2 / 2)) <= RInt dens a (a + 1))%Re.
  have -> : exp (- ((a + 1) ^ 2 / 2)) = RInt (fun=> exp (- ((a + 1) ^ 2 / 2))) a (a + 1).
    by rewrite RInt_const /scal /= /mult /=; ring.
  apply: RInt_le; [lra|exact: ex_RInt_const|exact/cont_ex/dens_cont|].
  move=> x hx; rewrite /dens; apply: exp_le.
  by have : (x ^ 2 <= (a + 1) ^ 2)%Re; [apply: pow_incr; lra|lra].
have e0 := exp_pos (- ((a + 1) ^ 2 / 2)).
apply: (Rle_trans _ (gmeas a (a + 1))).
  rewrite /gmeas /Rdiv; apply: Rmult_le_compat => //; try lra.
  by apply: Rinv_le_contravar.
have -> : gmeas a (a + 1) = meas 1 1 [:: ((fun _ _ _ => a), (fun _ _ _ => (a + 1)%Re))].
  by rewrite /= /boxmeas /=; ring.
apply: h => [q [<-|[]] k i j|w]; first by rewrite /=; lra.
rewrite /= Rplus_0_r; have [i1 i0] := boxindE 1 1 (fun _ _ _ => a) (fun _ _ _ => (a + 1)%Re) w.
case: (Classical_Prop.classic (inbox 1 1 (fun _ _ _ => a) (fun _ _ _ => (a + 1)%Re) w)) => hb.
  rewrite i1 // /ind; case: em => [_|]; first lra.
  by case; apply: hA; exact: (hb 0%N isT 0%N isT 0%N isT).
rewrite i0 // /ind; case: em => _; lra.
Qed.

Section OneDimension.
Let h : 'cV[RR]_1 := 1%:M.
Lemma h_unit : sqn h = 1.
Proof. by rewrite /h /sqn /dot !big_ord1 !mxE eqxx mulr1n mulr1. Qed.
Lemma dir_h : dir h = h.
Proof. by rewrite /dir /norm h_unit sqrtr1 invr1 scale1r. Qed.
Lemma sf_one (N : nat -> nat -> R) : sf h N = (N 0%N 0%N ^ 2)%Re.
Proof.
rewrite /sf /sqn /dot !big_ord1 !mxE !big_ord1 !mxE eqxx !mulr1n !mulr1.
by rewrite -[LHS]/(N 0%N 0%N * N 0%N 0%N)%Re; ring.
Qed.
Lemma qf_one (N : nat -> nat -> R) : qf h N = N 0%N 0%N.
Proof. by rewrite /qf /dot !big_ord1 !mxE !big_ord1 !mxE eqxx !mulr1n mul1r mulr1. Qed.
Lemma sg_one s : (sg 1 1 s ^ 2 = s ^ 2)%Re.
Proof. by rewrite (@sg2 1 1 s isT isT) /=; field. Qed.
End OneDimension.

(* S_{L,1}: a factor 4 is lost in the printed exponent; L = d = s = 1, u = 99: |N| >= 10. *)
Theorem tail_S1_printed_false :
  ~ (forall (d L : nat) (s u : R) (h : 'cV[RR]_d), (0 < d)%N -> (0 < L)%N -> (0 < s)%Re ->
    (0 < u)%Re ->
     h != 0 -> pr (Uall d L) (fun w => exists2 k, (k <= L)%N & (s ^ 2 + u <= S1 L s h w k)%Re)
       (exp (- (INR L * INR d * u ^ 2 / (4 * s ^ 4 + u * s ^ 2))))%Re).
Proof.
move=> H; pose h : 'cV[RR]_1 := 1%:M.
have nz : h != 0 by rewrite -sqn_eq0 h_unit oner_eq0.
have := H 1%N 1%N 1%Re 99%Re h isT isT Rlt_0_1 ltac:(lra) nz.
move/(@one_layer_lower _ 10 _ ltac:(lra)) => K.
suff : (exp (- ((10 + 1) ^ 2 / 2)) / 8 <= exp (- (INR 1 * INR 1 * 99 ^ 2 / (4 * 1 ^ 4 + 99 * 1 ^
  2))))%Re.
  have -> : (- (INR 1 * INR 1 * 99 ^ 2 / (4 * 1 ^ 4 + 99 * 1 ^ 2)) = - (9801 / 103))%Re by rewrite
    /=; field.
  have -> : (- ((10 + 1) ^ 2 / 2) = - (9801 / 103) + (9801 / 103 - 121 / 2))%Re by field.
  rewrite exp_plus => hh; have p := exp_pos (- (9801 / 103)).
  have q := exp_ineq1_le (9801 / 103 - 121 / 2); nra.
apply: K => w hw; exists 1%N => //; rewrite /S1 /= Rplus_0_r.
have -> : Zs h (w 0%N) = (w 0%N 0%N 0%N ^ 2)%Re by rewrite /Zs dir_h sf_one.
have -> : (sg 1 1 1 * (sg 1 1 1 * 1) = 1)%Re by have := sg_one 1; rewrite /=; lra.
by rewrite /=; nra.
Qed.

(* S_{L,3}: a factor s^2 is lost in the printed exponent; L = d = 1, s = 6, u = 432: |N| >= 2. *)
Theorem tail_S3_printed_false :
  ~ (forall (d L : nat) (s u : R) (h : 'cV[RR]_d), (0 < d)%N -> (0 < L)%N -> (0 < s)%Re ->
    (0 < u)%Re ->
     h != 0 -> pr (Uall d L) (fun w => exists2 k, (k <= L)%N & (4 * s ^ 2 / INR d + u <= S3 L s h
       w k)%Re)
       (exp (- (INR L * INR d ^ 2 * u ^ 2 / (16 * (4 * s ^ 2 + INR d * u)))))%Re).
Proof.
move=> H; pose h : 'cV[RR]_1 := 1%:M.
have nz : h != 0 by rewrite -sqn_eq0 h_unit oner_eq0.
have s6 : (0 < 6)%Re by lra.
have := H 1%N 1%N 6%Re 432%Re h isT isT s6 ltac:(lra) nz.
move/(@one_layer_lower _ 2 _ ltac:(lra)) => K.
suff : (exp (- ((2 + 1) ^ 2 / 2)) / 8 <= exp (- (INR 1 * INR 1 ^ 2 * 432 ^ 2 / (16 * (4 * 6 ^ 2 +
  INR 1 * 432)))))%Re.
  have -> : (- (INR 1 * INR 1 ^ 2 * 432 ^ 2 / (16 * (4 * 6 ^ 2 + INR 1 * 432))) = - (81 / 4))%Re
    by rewrite /=; field.
  have -> : (- ((2 + 1) ^ 2 / 2) = - (81 / 4) + (81 / 4 - 9 / 2))%Re by field.
  rewrite exp_plus => hh; have p := exp_pos (- (81 / 4)).
  have q := exp_ineq1_le (81 / 4 - 9 / 2); nra.
apply: K => w hw; exists 1%N => //; rewrite /S3 /= Rplus_0_r.
have -> : Zq h (w 0%N) = w 0%N 0%N 0%N by rewrite /Zq dir_h qf_one.
have -> : (sg 1 1 6 * (sg 1 1 6 * 1) = 36)%Re by have := sg_one 6; rewrite /=; lra.
by rewrite /=; nra.
Qed.

(* P_1: the same factor is lost; L = d = 1, s = 6, u = 432, where N >= 3 is enough. *)
Theorem tail_P1_printed_false :
  ~ (forall (d L : nat) (s u : R) (h : 'cV[RR]_d), (0 < d)%N -> (0 < L)%N -> (0 < s)%Re ->
    (0 < u)%Re -> h != 0 ->
    pr (Uall d L) (fun w => exists2 k, (k <= L)%N &
        (S2 L s h w k - S3 L s h w k <= - (4 * s ^ 2 / INR d) - 2 * u)%Re)
      (exp (- (INR d * u ^ 2 / (16 * s ^ 2))) +
       exp (- (INR L * INR d ^ 2 * u ^ 2 / (16 * (4 * s ^ 2 + INR d * u)))))%Re).
Proof.
move=> H; pose h : 'cV[RR]_1 := 1%:M.
have nz : h != 0 by rewrite -sqn_eq0 h_unit oner_eq0.
have s6 : (0 < 6)%Re by lra.
have := H 1%N 1%N 6%Re 432%Re h isT isT s6 ltac:(lra) nz.
move/(@one_layer_lower _ 3 _ ltac:(lra)) => K.
suff : (exp (- ((3 + 1) ^ 2 / 2)) / 8 <= exp (- (INR 1 * 432 ^ 2 / (16 * 6 ^ 2))) +
  exp (- (INR 1 * INR 1 ^ 2 * 432 ^ 2 / (16 * (4 * 6 ^ 2 + INR 1 * 432)))))%Re.
  have -> : (- (INR 1 * 432 ^ 2 / (16 * 6 ^ 2)) = - (81 / 4) + - (1215 / 4))%Re
    by rewrite /=; field.
  have -> : (- (INR 1 * INR 1 ^ 2 * 432 ^ 2 / (16 * (4 * 6 ^ 2 + INR 1 * 432))) = - (81 / 4))%Re
    by rewrite /=; field.
  have -> : (- ((3 + 1) ^ 2 / 2) = - (81 / 4) + (49 / 8 + 49 / 8))%Re by field.
  rewrite !exp_plus => hh; have p := exp_pos (- (81 / 4)).
  have q := exp_ineq1_le (49 / 8).
  have r : (exp (- (1215 / 4)) <= 1)%Re by rewrite -exp_0; apply: exp_le; lra.
  have qq : (49 <= exp (49 / 8) * exp (49 / 8))%Re by nra.
  by move: hh r qq; move: (exp (49 / 8) * exp (49 / 8))%Re (exp (- (1215 / 4))) => a b; nra.
apply: K => w hw; exists 1%N => //; rewrite /S2 /S3 /= !Rplus_0_r.
have -> : Zq h (w 0%N) = w 0%N 0%N 0%N by rewrite /Zq dir_h qf_one.
have g2 : (sg 1 1 6 * (sg 1 1 6 * 1) = 36)%Re by have := sg_one 6; rewrite /=; lra.
have g0 : (0 < sg 1 1 6)%Re by exact: sg0.
have g6 : sg 1 1 6 = 6%Re by nra.
by rewrite g2 g6 /=; nra.
Qed.
