(* Theorem 4 and Corollary 4 for the identity initialisation (s = 0): deterministic, every width and
   depth, C_5 = 1/3, C_3 = 1/(9 e^2). *)
From Coq Require Import Reals Lra Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import FlatMinimiser OperatorNorm RealFacts Linalg PolynomialFunction Network
  Risk Lemma8 PolynomialDerivative Derivative GradientFlow Lemma1 Energy RealPower Sharpness
  Theorem2 Limit Corollary2 Continuation Rearrange Convergence Theorem4.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma pow_up (r l : R) m : (0 <= r)%Re -> (0 < l)%Re -> (INR m <= l)%Re ->
  ((1 + r / l) ^ m <= exp r)%Re.
Proof.
move=> r0 l0 ml; have x0 : (0 <= r / l)%Re by apply: Rmult_le_pos => //;
  exact/Rlt_le/Rinv_0_lt_compat.
apply: Rle_trans (pow_exp _ _ _) _; first lra.
apply: exp_le; have -> : (r = l * (r / l))%Re by field; lra.
have -> : (l * (r / l) / l = r / l)%Re by field; lra.
by apply: Rmult_le_compat_r.
Qed.
Lemma pow_down (r : R) (L : nat) : (0 <= r < 1)%Re -> (0 < L)%N ->
  (exp (- r) <= (1 - r / INR L) ^ L.-1)%Re.
Proof.
move=> [r0 r1] L0; case: L L0 => // m _; rewrite S_INR /=.
have m0 := pos_INR m; set x := (r / (INR m + 1))%Re.
have ex : (x * (INR m + 1) = r)%Re by rewrite /x; field; lra.
have x0 : (0 <= x)%Re by apply: Rmult_le_pos => //; apply/Rlt_le/Rinv_0_lt_compat; lra.
have x1 : (x < 1)%Re by nra.
have h1 : (exp (- (x / (1 - x))) <= 1 - x)%Re.
  rewrite exp_Ropp; have h := exp_ineq1_le (x / (1 - x)).
  have e2 : (1 + x / (1 - x) = / (1 - x))%Re by field; lra.
  rewrite e2 in h; rewrite -[X in (_ <= X)%Re]Rinv_involutive; last lra.
  by apply: Rinv_le_contravar h; apply: Rinv_0_lt_compat; lra.
apply: (Rle_trans _ (exp (- (x / (1 - x))) ^ m)); last by apply: pow_incr; split;
  [exact/Rlt_le/exp_pos|].
rewrite exp_pow Rmult_comm; have : (- r <= INR m * - (x / (1 - x)))%Re.
  have : (INR m * (x / (1 - x)) <= r)%Re; last lra.
  apply: (Rmult_le_reg_r (1 - x)); first lra.
  have -> : (INR m * (x / (1 - x)) * (1 - x) = INR m * x)%Re by field; lra. nra.
by case=> [h|->]; [exact/Rlt_le/exp_increasing|exact: Rle_refl].
Qed.
Section Ident.
Variables (D L : nat) (V : layers RR (fun _ => D)) (x : RR).
Notation d := (fun _ : nat => D).
Hypotheses (x0 : 0 <= x) (x1 : x <= 1) (hV : forall k, (k < L)%N -> norm (V k - 1%:M) <= x).
Let y0 : 0 <= 1 - x. Proof. by rewrite subr_ge0. Qed.
Let y1 : 0 <= 1 + x. Proof. by rewrite addr_ge0 ?ler01. Qed.

Lemma step_id (A : 'M[RR]_D) (v : 'cV[RR]_D) : norm (A - 1%:M) <= x ->
  norm (A *m v) <= (1 + x) * norm v /\ (1 - x) * norm v <= norm (A *m v).
Proof.
move=> h; have e : A *m v = v + (A - 1%:M) *m v by rewrite mulmxBl mul1mx addrC subrK.
have h2 : norm ((A - 1%:M) *m v) <= x * norm v.
  by apply: le_trans (opnorm_le_frob _ _) _; apply: ler_wpmul2r h; exact: norm_ge0.
split; rewrite e.
- by rewrite mulrDl mul1r; apply: le_trans (normD _ _) _; rewrite ler_add2l.
- have := normB v (- ((A - 1%:M) *m v)); rewrite opprK normN => h3; apply: le_trans h3.
  by rewrite mulrBl mul1r ler_add2l ler_opp2.
Qed.
Lemma tr_id k : (k < L)%N -> norm ((V k)^T - 1%:M) <= x.
Proof. by move=> kL; have := hV kL; rewrite -{2}(trmx1 _ D) -linearB /= /norm sqn_trmx. Qed.
Lemma fwd_id k (g : 'cV[RR]_D) : (k <= L)%N -> norm (fwd V k *m g) <= (1 + x) ^+ k * norm g /\ (1 -
  x) ^+ k * norm g <= norm (fwd V k *m g).
Proof.
elim: k => [|k IH] kL; first by rewrite mul1mx !expr0 !mul1r.
have [a b] := IH (ltnW kL); have [p q] := step_id (fwd V k *m g) (hV kL).
rewrite /= -mulmxA !exprS -!mulrA; split.
- by apply: le_trans p _; apply: ler_wpmul2l.
- by apply: le_trans q; apply: ler_wpmul2l.
Qed.
Lemma bvec_id (w : 'cV[RR]_D) j : (j <= L)%N -> norm (@bvec _ d V L w (L - j)) <= (1 + x) ^+ j *
  norm w /\ (1 - x) ^+ j * norm w <= norm (@bvec _ d V L w (L - j)).
Proof.
elim: j => [|j IH] jL.
  rewrite subn0 !expr0 !mul1r; have := @bvec_last RR d V L w => ->; by rewrite lexx.
have [a b] := IH (ltnW jL).
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL (leq_ltn_trans _ jL).
have e1 : (L - j.+1).+1 = (L - j)%N by rewrite -subSn.
rewrite bvec_step // e1 !exprS -!mulrA; have [p q] := step_id (@bvec _ d V L w (L - j)) (tr_id lt);
  split.
- by apply: le_trans p _; apply: ler_wpmul2l.
- by apply: le_trans q; apply: ler_wpmul2l.
Qed.
Lemma both_id (w g : 'cV[RR]_D) k : (k < L)%N ->
  (1 - x) ^+ L.-1 * (norm w * norm g) <= norm (@bvec _ d V L w k.+1) * norm (fwd V k *m g) <= (1 +
    x) ^+ L.-1 * (norm w * norm g).
Proof.
move=> kL; have [a b] := fwd_id g (ltnW kL).
have [p q] := bvec_id w (leq_subr k.+1 L); rewrite subKn // in p q.
have e : (L.-1 = (L - k.+1) + k)%N by apply/eqP;
  rewrite -eqSS prednK ?(leq_ltn_trans _ kL) // addnC -addSn subnKC.
rewrite e !exprD ![_ * _ * (norm w * norm g)]mulrACA; apply/andP; split.
- by apply: ler_pmul => //; rewrite mulr_ge0 ?norm_ge0 ?exprn_ge0.
- by apply: ler_pmul => //; exact: norm_ge0.
Qed.
End Ident.

Lemma bvec0 (D L : nat) (V : layers RR (fun _ => D)) (w : 'cV[RR]_D) : @bvec _ (fun _ => D) V L w 0
  = @wprod _ (fun _ => D) V L w.
Proof.
have h (z : 'cV[RR]_D) : dot (@bvec _ (fun _ => D) V L w 0) z = dot (@wprod _ (fun _ => D) V L w) z.
  by rewrite -(@bvec_fwd _ (fun _ => D) V L w z 0 (leq0n L)) mul1mx.
by apply/eqP; rewrite -subr_eq0 -sqn_eq0 /sqn dotDl dotNl h subrr.
Qed.

Section Thm.
Variables (D : nat) (n : nat) (X : 'M[RR]_(n, D)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_D).
Notation d := (fun _ : nat => D).
Variables (W : R -> layers RR d) (ws : 'cV[RR]_D) (lam Lam : RR).
Hypotheses (hW : @gradient_flow d n X y L w W) (L_gt0 : (0 <
  L)%N) (w_nz : w != 0) (W0 : forall k, (k < L)%N -> W 0%Re k = 1%:M).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge (d := d) X lam) (hLam : cov_le (d := d) X Lam) (ws_eq :
  normal_eq (d := d) X y ws).
Hypothesis small : (@risk _ d n X y L w (W 0%Re) - R1 (d := d) X y ws <= exp (- 2) / 9 * (lam *
  lam * sqn w) / Lam)%Re.

Let r : R := (1 / 3)%Re.
Let q : RR := exp (- 2 * r).
Let Q : RR := exp (2 * r).
Let Lr : (0 < INR L)%Re. Proof. apply: lt_0_INR; exact/ssrnat.ltP. Qed.
Let L1 : (1 <= INR L)%Re. Proof. by have <- : INR 1 = 1%Re; [|apply: le_INR; apply/ssrnat.leP]. Qed.
Let q0 : 0 < q. Proof. apply/RltP; exact: exp_pos. Qed.
Let Q0 : 0 < Q. Proof. apply/RltP; exact: exp_pos. Qed.
Let r0 : 0 < (r : RR). Proof. apply/RltP; rewrite -[0%R]/(0%Re) /r; lra. Qed.
Let Lam0 : 0 < Lam := cov_gt0 hlam hLam w_nz lam0.
Let x : RR := (r / INR L)%Re.
Let xb : (0 < x <= 1 / 3)%Re.
Proof.
split; first by apply: Rdiv_lt_0_compat => //; rewrite /r; lra.
apply: (Rmult_le_reg_r (INR L)) => //; have -> : (x * INR L = 1 / 3)%Re by rewrite /x /r; field;
  lra. lra.
Qed.
Let x0 : 0 <= x. Proof. apply/RleP; rewrite -[0%R]/(0%Re); lra. Qed.
Let x1 : x <= 1. Proof. apply/RleP; rewrite -[1%R]/(1%Re); lra. Qed.
Let ballx (V : layers RR d) : (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (r / INR L) * (r / INR L))%Re) ->
  forall k, (k < L)%N -> norm (V k - 1%:M) <= x.
Proof.
move=> hV k kL; have h := hV k kL; rewrite W0 // -normRR in h; apply/RleP.
have n0 := normR0 (V k - 1%:M); have [a _] := xb.
have h2 : (norm (V k - 1%:M)%R * norm (V k - 1%:M)%R <= x * x)%Re by exact: h.
move: (norm (V k - 1%:M) : R) (x : R) n0 a h2 => a b n0 b0 h2; nra.
Qed.
Lemma event_id (V : layers RR d) : (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (r / INR L) * (r / INR L))%Re) ->
  forall k, (k < L)%N -> forall g : 'cV[RR]_D, q * sqn w * sqn g <= sqn (@bvec _ d V L w k.+1) *
    sqn (fwd V k *m g) <= Q * sqn w * sqn g.
Proof.
move=> hV k kL g; have /andP [a b] := both_id x0 x1 (ballx hV) w g kL.
have nn (c p z : RR) : c ^+ 2 * (sqn w * sqn g) = (c * (norm w *
  norm g)) ^+ 2 by rewrite !exprMn !norm_sqr.
have lo : q * (sqn w * sqn g) <= ((1 - x) ^+ L.-1 * (norm w * norm g)) ^+ 2.
  rewrite -nn //; apply: ler_wpmul2r; first by rewrite mulr_ge0 ?sqn_ge0.
  apply/RleP; have h : (exp (- r) <= (1 - x) ^ L.-1)%Re by apply: pow_down => //; rewrite /r; lra.
  have e : ((1 - x) ^+ L.-1 : RR) = ((1 - x) ^ L.-1)%Re by symmetry; apply RpowE.
  rewrite e expr2 -RmultE /q; have -> : (- 2 * r = - r + - r)%Re by ring.
  by rewrite exp_plus; have p := exp_pos (- r); apply: Rmult_le_compat => //; exact: Rlt_le.
have hi : ((1 + x) ^+ L.-1 * (norm w * norm g)) ^+ 2 <= Q * (sqn w * sqn g).
  rewrite -nn //; apply: ler_wpmul2r; first by rewrite mulr_ge0 ?sqn_ge0.
  apply/RleP; have h : ((1 + x) ^ L.-1 <= exp r)%Re.
    apply: pow_up => //; first by rewrite /r; lra.
    by apply: le_INR; apply/ssrnat.leP; exact: leq_pred.
  have e : ((1 + x) ^+ L.-1 : RR) = ((1 + x) ^ L.-1)%Re by symmetry; apply RpowE.
  rewrite e expr2 -RmultE /Q; have -> : (2 * r = r + r)%Re by ring.
  have p : (0 <= (1 + x) ^ L.-1)%Re by apply: pow_le; lra.
  by rewrite exp_plus; apply: Rmult_le_compat.
have pos1 : 0 <= (1 - x) ^+ L.-1 * (norm w * norm g) by rewrite mulr_ge0 ?exprn_ge0 ?subr_ge0 //
  mulr_ge0 ?norm_ge0.
have pos2 : 0 <= norm (@bvec _ d V L w k.+1) * norm (fwd V k *m g) by rewrite mulr_ge0 ?norm_ge0.
rewrite -!mulrA -!(norm_sqr (bvec _ _ _)) -(norm_sqr (fwd V k *m g)) -exprMn; apply/andP; split.
- by apply: le_trans lo _; apply: sq_mono.
- by apply: le_trans hi; apply: sq_mono.
Qed.
Lemma event_prod_id (V : layers RR d) : (forall k, (k < L)%N ->
  (sqn (V k - W 0%Re k) <= (r / INR L) * (r / INR L))%Re) ->
  ((2 / 3)%Re : RR) * norm w <= norm (@wprod _ d V L w).
Proof.
move=> hV; have [_ h] := bvec_id x0 x1 (ballx hV) w (leqnn L); rewrite subnn in h.
rewrite -(@bvec0 D L V w); apply: le_trans h; apply: ler_wpmul2r; first exact: norm_ge0.
have e2 : ((1 - x) ^+ L : RR) = ((1 - x) ^ L)%Re by symmetry; apply RpowE.
rewrite e2; apply/RleP; apply: Rle_trans (bernoulli x L _); last by lra.
have -> : (INR L * x = 1 / 3)%Re by rewrite /x /r; field; lra. lra.
Qed.
Let small' : (@risk _ d n X y L w (W 0%Re) - R1 (d := d) X y ws <= C3q q Q r * (lam * lam * sqn w) /
  Lam)%Re.
Proof.
have -> : C3q q Q r = (exp (- 2) / 9)%Re; last exact: small.
rewrite /C3q /q /Q; have p := exp_pos (2 * r).
have -> : (exp (- 2) = exp (- 2 * r) * exp (- 2 * r) * / exp (2 *
  r))%Re by rewrite -exp_Ropp -!exp_plus; congr exp; rewrite /r; field.
rewrite {1 2}/r; field; lra.
Qed.

(* Theorem 4 with s = 0 *)
Theorem theorem4_identity :
  [/\ (forall t, (0 <= t)%Re -> forall k, (k < L)%N ->
    (norm (W t k - W 0%Re k) < 1 / 3 / INR L)%Re),
      (forall t, (0 <= t)%Re -> (@risk _ d n X y L w (W t) - R1 (d := d) X y ws <=
        (@risk _ d n X y L w (W 0%Re) - R1 (d := d) X y ws) * exp (- (INR L * (4 * lam * exp (- 2 /
        3) * sqn w)) * t))%Re),
      (forall k, (k < L)%N -> mlim (fun t => W t k) (Winf W k)),
      (forall k, (k < L)%N -> (norm (Winf W k - W 0%Re k) <= 1 / 3 / INR L)%Re)
    & @wprod _ d (Winf W) L w = ws /\ forall V, @risk _ d n X y L w (Winf W) <=
      @risk _ d n X y L w V].
Proof.
have [h1 h2 [h3 _] h4 h5] := @theorem4q d n X y L w W ws lam Lam q Q r hW L_gt0 w_nz lam0 hlam hLam
  ws_eq q0 Q0 r0 Lam0 event_id small'.
split=> // t t0; have := h2 t t0; rewrite /rateq /q.
by have -> : (- 2 * r = - 2 / 3)%Re by rewrite /r; field.
Qed.
(* Corollary 4 with s = 0: 1 <= S/S_min' <= exp(2/3) (3/2)^(2 - 2/L) Lam/lam *)
Theorem corollary4_identity : exists S : R, [/\ @is_sharpness d n X y L w (Winf W) S,
   (2 * INR L * lam * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re,
   (S <= exp (2 / 3) * Rpower (3 / 2) (2 - 2 / INR L) * (Lam / lam) * (2 * INR L * lam *
     Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L)))%Re
 & (S <= exp (2 / 3) * (9 / 4) * Rpower (norm ws) (2 / INR L) * (Lam / lam) * (2 * INR L * lam *
   Rpower (norm ws) (2 - 2 / INR L)))%Re].
Proof.
have m0 : 0 < ((2 / 3)%Re : RR) by apply/RltP; rewrite -[0%R]/(0%Re); lra.
have [S [h1 h2 _ h4 h5]] := @corollary4q d n X y L w W ws lam Lam q Q r hW L_gt0 w_nz lam0 hlam hLam
  ws_eq q0 Q0 r0 Lam0 event_id small' _ m0 event_prod_id.
have eQ : (Q : R) = exp (2 / 3) by rewrite /Q; congr exp; rewrite /r; field.
have e1 : (/ (2 / 3) = 3 / 2)%Re by field.
have e2 : (exp (2 / 3) / (2 / 3 * (2 / 3)) = exp (2 / 3) * (9 / 4))%Re by field.
by exists S; rewrite e1 eQ in h4; rewrite eQ e2 in h5.
Qed.
End Thm.
