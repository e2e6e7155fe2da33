(* The epsilon-net argument, the extension to theta by Lemma 9, and the constants. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Flatcert Require Import RealFacts Linalg Lemma9 UpperExpectation Gaussian Tails GaussianLayer
  FixedStart.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section NetArgument.
Variable d : nat.
Implicit Types (x h : 'cV[RR]_d) (A : 'M[RR]_d) (net : seq 'cV[RR]_d).
(* every unit vector is within ep of a point of the net *)
Definition covers net (ep : R) := forall x, norm x = 1 -> exists h,
  List.In h net /\ (norm (x - h) <= ep)%Re.

Lemma normN0 x : (0 <= norm x)%Re. Proof. apply/RleP; exact: norm_ge0. Qed.
Lemma norm_scale1 x : x != 0 -> norm ((norm x)^-1 *: x) = 1.
Proof.
move=> nz; rewrite normZ ger0_norm ?invr_ge0 ?norm_ge0 // mulVf //.
by rewrite norm_eq0.
Qed.
Lemma opnorm_unit A (c : R) : (forall x, norm x = 1 -> (norm (A *m x) <= c)%Re) -> opnorm_le A c.
Proof.
move=> h x; have [->|nz] := eqVneq x 0; first by rewrite mulmx0 norm0 mulr0.
have n0 : 0 < norm x by rewrite lt_def norm_eq0 nz norm_ge0.
have := h _ (norm_scale1 nz); move=> /RleP; rewrite -scalemxAr normZ ger0_norm ?invr_ge0 ?norm_ge0
  //.
by rewrite ler_pdivr_mull // mulrC.
Qed.
Lemma sigmin_unit1 A (c : R) : (forall x, norm x = 1 -> (c <= norm (A *m x))%Re) -> sigmin_ge A c.
Proof.
move=> h x; have [->|nz] := eqVneq x 0; first by rewrite mulmx0 norm0 mulr0.
have n0 : 0 < norm x by rewrite lt_def norm_eq0 nz norm_ge0.
have := h _ (norm_scale1 nz); move=> /RleP; rewrite -scalemxAr normZ ger0_norm ?invr_ge0 ?norm_ge0
  //.
by rewrite ler_pdivl_mull // mulrC.
Qed.
Lemma opnorm_le1 A (c : R) x : opnorm_le A c -> (norm (A *m x) <= c * norm x)%Re.
Proof. by move=> h; apply/RleP; exact: h. Qed.
Lemma normD_R x h : (norm (x + h) <= norm x + norm h)%Re.
Proof. apply/RleP; exact: normD. Qed.

(* |A h| <= c |h| and |h| <= r on the net: |A| <= B whenever c r <= (1 - ep) B *)
Lemma net_upper A net (ep c r B : R) : (0 <= c)%Re -> (0 <= ep < 1)%Re -> covers net ep ->
  (forall h, List.In h net -> (norm h <= r)%Re /\ (norm (A *m h) <= c * norm h)%Re) ->
    (c * r <= (1 - ep) * B)%Re -> opnorm_le A B.
Proof.
move=> c0 [e0 e1] cov hn hB; apply: opnorm_unit => x0 x01.
pose E v := exists x, norm x = 1 /\ v = norm (A *m x).
have bE : bound E.
  exists (norm A) => v [x [x1 ->]]; have := opnorm_le1 x (opnorm_le_frob A).
  by rewrite x1; move/Rle_trans; apply; apply: Req_le; exact: Rmult_1_r.
have [N [ub lub]] := completeness E bE (ex_intro _ _ (ex_intro _ x0 (conj x01 erefl))).
have opN : opnorm_le A N by apply: opnorm_unit => x x1; apply: ub; exists x.
have N0 : (0 <= N)%Re by apply: Rle_trans (normN0 (A *m x0)) (ub _ (ex_intro _ x0 (conj x01
  erefl))).
have key : (N <= c * r + ep * N)%Re.
  apply: lub => v [x [x1 ->]]; have [h [hi xh]] := cov x x1; have [hr hA] := hn h hi.
  have -> : A *m x = A *m h + A *m (x - h) by rewrite -mulmxDr addrC subrK.
  apply: Rle_trans (normD_R _ _) _; have := opnorm_le1 (x - h) opN => h3.
  apply: Rplus_le_compat; first by apply: Rle_trans hA _; apply: Rmult_le_compat_l.
  by apply: Rle_trans h3 _; rewrite Rmult_comm; apply: Rmult_le_compat_r.
apply: Rle_trans (ub _ (ex_intro _ x0 (conj x01 erefl))) _; nra.
Qed.

Lemma net_lower A net (ep M m' r m : R) : (0 <= m')%Re -> (0 <= M)%Re -> covers net ep ->
  opnorm_le A M ->
  (forall h, List.In h net -> (r <= norm h)%Re /\ (m' * norm h <= norm (A *m h))%Re) ->
    (m + ep * M <= m' * r)%Re -> sigmin_ge A m.
Proof.
move=> m0 M0 cov hM hn hm; apply: sigmin_unit1 => x x1.
have [h [hi xh]] := cov x x1; have [hr hA] := hn h hi.
have E : A *m h = A *m x + A *m (h - x) by rewrite -mulmxDr addrC subrK.
have := normD_R (A *m x) (A *m (h - x)); rewrite -E => h1.
have := opnorm_le1 (h - x) hM; rewrite -[norm (h - x)]normN opprB => h2.
have h3 : (m' * r <= m' * norm h)%Re by apply: Rmult_le_compat_l.
have h4 : (M * norm (x - h) <= M * ep)%Re by apply: Rmult_le_compat_l.
lra.
Qed.

Lemma norm_of_sqn_le A h (b : R) : (sqn (A *m h) <= sqn h * exp (2 * b))%Re ->
  (norm (A *m h) <= exp b * norm h)%Re.
Proof.
move=> H; apply/RleP; apply: norm_le; first by apply/RleP/Rlt_le/exp_pos.
apply/RleP; apply: Rle_trans H _; rewrite Rmult_comm; apply: Req_le; congr (_ * _)%Re.
by rewrite expr2; rewrite -[RHS]exp_plus; congr exp; ring.
Qed.
Lemma norm_of_sqn_ge A h (b : R) : (sqn h * exp (2 * b) <= sqn (A *m h))%Re ->
  (exp b * norm h <= norm (A *m h))%Re.
Proof.
move=> H; have p := exp_pos b.
have e : (exp (2 * b) = exp b * exp b)%Re by rewrite -exp_plus; congr exp; ring.
have n1 : (norm h * norm h = sqn h)%Re by rewrite -norm_sqr expr2.
have n2 : (norm (A *m h) * norm (A *m h) = sqn (A *m h))%Re by rewrite -norm_sqr expr2.
have := normN0 h; have := normN0 (A *m h) => h1 h2.
apply: Rsqr_incr_0_var => //; rewrite /Rsqr n2.
apply: Rle_trans H; rewrite e -n1; apply: Req_le; ring.
Qed.
End NetArgument.

Section Lemma3.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : (0 < s)%Re) (u0 : (0 < u)%Re).
Let d0 : (0 < d)%N. Proof. exact: leq_trans d4. Qed.
Notation PP w := (prods (W d L s w)).
Definition bigM : R := (2 * exp (s ^ 2 / 2 + u))%Re.
Definition smallm : R := (exp (- (2 * s ^ 2 / INR d) - u) / 2)%Re.
(* theta = 0 *)
Definition good0 (w : Omega) := forall k, (k <= L)%N ->
  opnorm_le (PP w k) bigM /\ sigmin_ge (PP w k) smallm.
(* the event of Lemma 3 *)
Definition good (w : Omega) := forall th : nat -> 'M[RR]_d,
  (forall k, (k < L)%N -> opnorm_le (th k) ((exp (- 2 * s ^ 2 - 4 * u) / 64)%Re : RR)) ->
  forall k, (0 < k <= L)%N ->
    opnorm_le (prods (fun j => W d L s w j + (L%:R : RR)^-1 *: th j) k) (4 * exp (s ^ 2 / 2 +
      u))%Re /\
    sigmin_ge (prods (fun j => W d L s w j + (L%:R : RR)^-1 *: th j) k) (exp (- (2 * s ^ 2 /
      INR d) - u) / 4)%Re.

Variables (net1 net2 : seq 'cV[RR]_d) (ep1 ep2 r1 r2 : R).
Hypotheses (c1 : covers net1 ep1) (c2 : covers net2 ep2) (e1 : (0 <= ep1 < 1)%Re).
Hypotheses (n1 : forall h, List.In h net1 -> (norm h <= r1)%Re) (n2 : forall h, List.In h net2 ->
  (r2 <= norm h)%Re).
Hypotheses (hr1 : (r1 <= 2 * (1 - ep1))%Re) (hr2 : (smallm + ep2 * bigM <= 2 * smallm * r2)%Re).

Definition failure := (INR (size net1) * (t_gauss d s u + t_one d L s u) + INR (size net2) *
  (t_gauss d s u + (t_three d L s u + t_step d L s)))%Re.

Theorem theta_zero : pr (Uall d L) (fun w => ~ good0 w) failure.
Proof.
have a := @pr_list _ (Uall d L) _ net1 _ _ (fun h _ => @fixed_upper d L s d0 L0 s0 u u0 h).
have b := @pr_list _ (Uall d L) _ net2 _ _ (fun h _ => @fixed_lower d L s d0 L0 s0 u u0 h).
apply: pr_mono (pr_or a b) => [w ng|]; last exact: Rle_refl.
apply: Classical_Prop.NNPP => no; apply: ng => k kL.
have hM : opnorm_le (PP w k) bigM.
  apply: (net_upper (c := exp (s ^ 2 / 2 + u)) _ e1 c1 (r := r1)); first exact/Rlt_le/exp_pos.
    move=> h hi; split; first exact: n1.
    apply: norm_of_sqn_le; apply: Rnot_lt_le => H; apply: no; left; exists h; split=> //;
      exists k => //.
    by move: H; have -> : (2 * (s ^ 2 / 2 + u) = s ^ 2 + 2 * u)%Re by field.
  rewrite /bigM; have := exp_pos (s ^ 2 / 2 + u)%Re; nra.
split=> //; apply: (net_lower (m' := (2 * smallm)%Re) _ _ c2 hM (r := r2)) => //.
- by rewrite /smallm; have := exp_pos (- (2 * s ^ 2 / INR d) - u)%Re; lra.
- by rewrite /bigM; have := exp_pos (s ^ 2 / 2 + u)%Re; lra.
move=> h hi; split; first exact: n2.
have -> : (2 * smallm = exp (- (2 * s ^ 2 / INR d) - u))%Re by rewrite /smallm; field.
apply: norm_of_sqn_ge; apply: Rnot_lt_le => H; apply: no; right; exists h; split=> //;
  exists k => //.
have dN : INR d <> 0%Re by apply: not_0_INR; apply/eqP; rewrite -lt0n.
have E : (2 * (- (2 * s ^ 2 / INR d) - u) = - (4 * s ^ 2 / INR d) - 2 * u)%Re. field; exact: dN.
by rewrite -E.
Qed.

(* Lemma 9 *)
Lemma good0_good w : good0 w -> good w.
Proof.
move=> g th hth k kL.
have dR : (4 <= INR d)%Re.
  by have <- : (INR 4 = 4)%Re; [rewrite /=; ring|apply: le_INR; apply/ssrnat.leP].
have p1 := exp_pos (s ^ 2 / 2 + u)%Re; have p2 := exp_pos (- (2 * s ^ 2 / INR d) - u)%Re.
have id0 : (0 < / INR d)%Re by apply: Rinv_0_lt_compat; lra.
have q0 : (0 < 2 * s ^ 2 / INR d)%Re by apply: Rmult_lt_0_compat => //; nra.
have M1 : 1 <= bigM :> RR.
  by apply/RleP; rewrite /bigM; have := exp_ineq1_le (s ^ 2 / 2 + u)%Re; have := pow2_ge_0 s;
    rewrite -[1%R]/(1%Re); lra.
have m0 : 0 < smallm :> RR by apply/RltP; rewrite /smallm -[0%R]/(0%Re); lra.
have m1 : smallm < 1 :> RR.
  apply/RltP; rewrite /smallm -[1%R]/(1%Re).
  have : (exp (- (2 * s ^ 2 / INR d) - u) <= exp 0)%Re by apply: exp_le; lra.
  rewrite exp_0; lra.
have rad : (exp (- 2 * s ^ 2 - 4 * u) / 64 <= smallm ^ 2 / (4 * bigM ^ 2))%Re.
  have -> : (smallm ^ 2 / (4 * bigM ^ 2) = exp (2 * (- (2 * s ^ 2 / INR d) - u) - 2 * (s ^ 2 / 2 +
    u)) / 64)%Re.
    have -> : forall a b, (exp (2 * a - 2 * b) = exp a ^ 2 / exp b ^ 2)%Re.
      move=> a b; have -> : (2 * a - 2 * b = a + a + - (b + b))%Re by ring.
      rewrite !exp_plus exp_Ropp exp_plus; field; have := exp_pos b; lra.
    by rewrite /smallm /bigM; field; lra.
  apply: Rmult_le_compat_r; first lra. apply: exp_le.
  have : (2 * s ^ 2 / INR d <= s ^ 2 / 2)%Re.
    have : (/ INR d <= / 4)%Re by apply: Rinv_le_contravar; lra.
    by have := pow2_ge_0 s; rewrite /Rdiv; nra.
  lra.
have hth' : forall k, (k < L)%N -> opnorm_le (th k) (smallm ^+ 2 / (4%:R * bigM ^+ 2) : RR).
  move=> j jL x; apply: le_trans (hth j jL x) _; apply: ler_wpmul2r; first exact: norm_ge0.
  apply/RleP; apply: Rle_trans rad _; apply: Req_le.
  have b0 : (4 * bigM ^ 2)%Re <> 0%Re by rewrite /bigM; nra.
  rewrite RdivE; last exact/eqP.
  rewrite -!RpowE -RmultE (_ : (4%:R : RR) = 4%Re) //; rewrite -INRE /=; ring.
have up := @lemma9_upper RR d L (W d L s w) th bigM smallm M1 m0 m1 (fun k h => (g k (proj2 (andP
  h))).1) (fun k h => (g k (proj2 (andP h))).2) hth' k kL.
have lo := @lemma9_lower RR d L (W d L s w) th bigM smallm M1 m0 m1 (fun k h => (g k (proj2 (andP
  h))).1) (fun k h => (g k (proj2 (andP h))).2) hth' k kL.
split.
  move=> x; apply: le_trans (up x) _; apply: ler_wpmul2r; first exact: norm_ge0.
  apply/RleP; apply: Req_le; rewrite mulr_natl mulr2n -[LHS]/(bigM + bigM)%Re /bigM; ring.
move=> x; apply: le_trans (lo x); apply: ler_wpmul2r; first exact: norm_ge0.
rewrite ler_pdivl_mulr ?ltr0n // mulr_natr mulr2n; apply/RleP; apply: Req_le; rewrite /smallm;
  rewrite -[LHS]/(_ + _)%Re; field.
Qed.

Theorem all_theta : pr (Uall d L) (fun w => ~ good w) failure.
Proof. by apply: pr_mono theta_zero => [w ng g0|]; [apply: ng; exact: good0_good|exact: Rle_refl].
Qed.
End Lemma3.
