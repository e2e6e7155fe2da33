(* One Gaussian layer: the laws of e^T N e and |N e|^2 for a fixed direction e, as upper moment
   bounds; the norm of the state. *)
From Coq Require Import Reals Lra Lia.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Flatcert Require Import RealFacts Linalg Lemma9 UpperExpectation Gaussian Tails.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Notation RR := R_rcfType.

Lemma sumnE T (l : nat -> T -> RR) w n : sumn l w n = \sum_(i < n) l i (w i) :> RR.
Proof.
elim: n l w => [|n IH] l w /=; first by rewrite big_ord0.
by rewrite big_ord_recl IH; congr (_ + _).
Qed.
Lemma sumvE (v : nat -> RR) n : sumv v n = \sum_(i < n) v i :> RR.
Proof.
elim: n v => [|n IH] v /=; first by rewrite big_ord0.
by rewrite big_ord_recl IH; congr (_ + _).
Qed.
Lemma sq2 (x : RR) : (x ^ 2)%Re = x * x :> RR.
Proof. by rewrite /= Rmult_1_r. Qed.
Lemma prodn_exp T (l : nat -> T -> R) w n : prodn (fun i x => exp (l i x)) w n = exp (sumn l w n).
Proof.
elim: n l w => [|n IH] l w /=; first by rewrite exp_0.
by rewrite IH exp_plus.
Qed.
Lemma prodvE (v : nat -> RR) n : prodv v n = \prod_(i < n) v i :> RR.
Proof.
elim: n v => [|n IH] v /=; first by rewrite big_ord0.
by rewrite big_ord_recl IH RmultE; congr (_ * _); apply: eq_bigr.
Qed.
Lemma prodv_const v n : prodv (fun _ => exp v) n = exp (INR n * v)%Re.
Proof.
elim: n => [|n IH]; first by rewrite /= Rmult_0_l exp_0.
by rewrite S_INR [prodv _ _]/= IH -exp_plus; congr exp; ring.
Qed.

Lemma sublin_scale T (U : uexp T) l s2 t : sublin U l s2 ->
  sublin U (fun x => t * l x)%Re (t ^ 2 * s2)%Re.
Proof.
move=> h b; have := h (b * t)%Re; apply: ub_mono => [x|]; apply: Req_le; congr exp;
  first by rewrite Rmult_assoc.
by field.
Qed.
Lemma subquad_scale T (U : uexp T) l s2 t : subquad U l s2 ->
  subquad U (fun x => t * l x)%Re (t ^ 2 * s2)%Re.
Proof.
move=> h a c c0 hc; case: (Req_dec t 0) => [t0|t0].
  have E : (1 - 2 * c * (t ^ 2 * s2) = 1)%Re by rewrite t0; ring.
  rewrite E sqrt_1 Rinv_1; have := ub_const U (Rlt_le _ _ (exp_pos (c * a ^ 2))%Re);
    apply: ub_mono => [x|].
    by apply: Req_le; congr exp; rewrite t0; ring.
  by apply: Req_le; rewrite Rmult_1_l; congr exp; field.
have t2 : (0 < t ^ 2)%Re by nra.
have := h (a / t)%Re (c * t ^ 2)%Re ltac:(nra) ltac:(nra); apply: ub_mono => [x|].
  by apply: Req_le; congr exp; field.
have -> : (1 - 2 * (c * t ^ 2) * s2 = 1 - 2 * c * (t ^ 2 * s2))%Re by ring.
by apply: Req_le; congr (_ * exp _)%Re; field; split => //; nra.
Qed.

Section Layer.
Variable d : nat.
Implicit Types (e h : 'cV[RR]_d) (N : nat -> nat -> R).

Definition Urow : uexp (nat -> R) := pow gauss d.
(* d^2 independent standard Gaussians *)
Definition Umat : uexp (nat -> nat -> R) := pow Urow d.
Definition mx N : 'M[RR]_d := \matrix_(i, j) (N i j : RR).
Definition ev e (j : nat) : R := if insub j is Some i then e i 0 else 0.
Definition lrow e (r : nat -> R) : R := sumn (fun j x => ev e j * x)%Re r d.
(* e^T N e and |N e|^2 *)
Definition qf e N : R := dot e (mx N *m e).
Definition sf e N : R := sqn (mx N *m e).

Lemma evE e (i : 'I_d) : ev e i = e i 0.
Proof. by rewrite /ev valK. Qed.
Lemma mxE_row e N (i : 'I_d) : (mx N *m e) i 0 = lrow e (N i).
Proof. by rewrite mxE /lrow sumnE; apply: eq_bigr => j _; rewrite evE mxE; exact: mulrC. Qed.
Lemma sqn_sumv e : sumv (fun i => ev e i ^ 2)%Re d = sqn e.
Proof.
rewrite sumvE /sqn /dot; apply: eq_bigr => i _.
by rewrite big_ord1 evE; exact: sq2.
Qed.
Lemma qfE e N : qf e N = sumn (fun i r => ev e i * lrow e r)%Re N d.
Proof.
rewrite sumnE /qf /dot; apply: eq_bigr => i _; rewrite big_ord1 mxE_row evE //.
Qed.
Lemma sfE e N : sf e N = sumn (fun i r => lrow e r ^ 2)%Re N d.
Proof.
rewrite sumnE /sf /sqn /dot; apply: eq_bigr => i _; rewrite big_ord1 mxE_row.
by rewrite -[LHS]sq2.
Qed.

Lemma row_lin e : sublin Urow (lrow e) (sqn e).
Proof. by rewrite -sqn_sumv; apply: sublin_pow => k; exact: gauss_lin. Qed.
Lemma row_quad e : subquad Urow (lrow e) (sqn e).
Proof.
rewrite -sqn_sumv; apply: subquad_pow => k; first by apply: pow2_ge_0.
exact: gauss_quad.
Qed.
Lemma qf_var e : sumv (fun i => ev e i ^ 2 * sqn e)%Re d = (sqn e ^ 2)%Re.
Proof.
have -> : (sqn e ^ 2 = sqn e * sqn e)%Re by ring.
rewrite -{2}sqn_sumv !sumvE [RHS](_ : _ = (\sum_(i < d) (ev e i ^ 2 : RR)%Re) * sqn e :> RR) //.
by rewrite mulr_suml.
Qed.
Lemma mat_lin e : sublin Umat (qf e) (sqn e ^ 2)%Re.
Proof.
have := @sublin_pow _ Urow d (fun i r => ev e i * lrow e r)%Re (fun i => ev e i ^ 2 *
  sqn e)%Re (fun k => sublin_scale _ (row_lin e)).
by rewrite qf_var => h b; have := h b; apply: ub_mono => [N|]; [rewrite qfE;
  exact: Rle_refl|exact: Rle_refl].
Qed.
Lemma mat_quad e : subquad Umat (qf e) (sqn e ^ 2)%Re.
Proof.
have h0 k : (0 <= ev e k ^ 2 * sqn e)%Re by apply: Rmult_le_pos; [exact: pow2_ge_0|apply/RleP;
  exact: sqn_ge0].
have := @subquad_pow _ Urow d (fun i r => ev e i * lrow e r)%Re (fun i => ev e i ^ 2 *
  sqn e)%Re h0 (fun k => @subquad_scale _ _ _ _ _ (@row_quad e)).
rewrite qf_var => h a c c0 hc; have := h a c c0 hc; apply: ub_mono => [N|]; [rewrite qfE;
  exact: Rle_refl|exact: Rle_refl].
Qed.
Lemma inv_sqrt_ln x : (0 < x)%Re -> (/ sqrt x = exp (- (1 / 2 * ln x)))%Re.
Proof.
move=> x0; rewrite exp_Ropp; congr Rinv; rewrite -{1}(exp_ln x x0).
have -> : (ln x = 1 / 2 * ln x + 1 / 2 * ln x)%Re by field.
rewrite exp_plus sqrt_square; last exact/Rlt_le/exp_pos.
by congr exp; field.
Qed.
(* directions of norm at most 1 *)
Lemma qf_lin1 e : (sqn e <= 1)%Re -> sublin Umat (qf e) 1.
Proof.
move=> e1 b; have e0 : (0 <= sqn e)%Re by apply/RleP; exact: sqn_ge0.
have := mat_lin e b; apply: ub_mono => [N|]; first exact: Rle_refl.
have h1 : (sqn e ^ 2 <= 1)%Re by nra.
by apply: exp_le; have := pow2_ge_0 b; nra.
Qed.
Lemma qf_quad1 e c : (sqn e <= 1)%Re -> (0 <= c)%Re -> (2 * c < 1)%Re ->
  Umat (fun N => exp (c * qf e N ^ 2))%Re (exp (- (INR 1 / 2 * ln (1 - 2 * c))))%Re.
Proof.
move=> e1 c0 c1; have e0 : (0 <= sqn e)%Re by apply/RleP; exact: sqn_ge0.
have v1 : (sqn e ^ 2 <= 1)%Re by nra.
have hc : (2 * c * sqn e ^ 2 < 1)%Re by nra.
have := @mat_quad e 0%Re c c0 hc; apply: ub_mono => [N|].
  by rewrite Rplus_0_l; exact: Rle_refl.
have -> : (c * 0 ^ 2 / (1 - 2 * c * sqn e ^ 2) = 0)%Re by field; lra.
rewrite exp_0 Rmult_1_r inv_sqrt_ln; last lra.
apply: exp_le => /=; have : (ln (1 - 2 * c) <= ln (1 - 2 * c * sqn e ^ 2))%Re; last by rewrite /=;
  lra.
have : (1 - 2 * c <= 1 - 2 * c * sqn e ^ 2)%Re by nra.
by case=> [h|->]; [apply/Rlt_le/ln_increasing => //; lra|exact: Rle_refl].
Qed.
Lemma sf_quad1 e c : (sqn e <= 1)%Re -> (0 <= c)%Re -> (2 * c < 1)%Re ->
  Umat (fun N => exp (c * sf e N))%Re (exp (- (INR d / 2 * ln (1 - 2 * c))))%Re.
Proof.
move=> e1 c0 c1; have e0 : (0 <= sqn e)%Re by apply/RleP; exact: sqn_ge0.
have hc : (2 * c * sqn e < 1)%Re by nra.
pose v := (- (1 / 2 * ln (1 - 2 * c)))%Re.
have h : Urow (fun r => exp (c * lrow e r ^ 2))%Re (exp v).
  have := @row_quad e 0%Re c c0 hc; apply: ub_mono => [r|].
    by rewrite Rplus_0_l; exact: Rle_refl.
  have -> : (c * 0 ^ 2 / (1 - 2 * c * sqn e) = 0)%Re by field; lra.
  rewrite exp_0 Rmult_1_r inv_sqrt_ln; last lra.
  apply: exp_le; rewrite /v; have : (ln (1 - 2 * c) <= ln (1 - 2 * c * sqn e))%Re; last lra.
  have : (1 - 2 * c <= 1 - 2 * c * sqn e)%Re by nra.
  by case=> [h|->]; [apply/Rlt_le/ln_increasing => //; lra|exact: Rle_refl].
have := @tensor _ Urow d (fun _ r => exp (c * lrow e r ^ 2))%Re (fun _ => exp v) (fun _ _ => Rlt_le
  _ _ (exp_pos _)) (fun _ => Rlt_le _ _ (exp_pos _)) (fun _ => h).
apply: ub_mono => [N|].
  rewrite (@prodn_exp _ (fun _ r => c * lrow e r ^ 2)%Re) sfE; apply: Req_le; congr exp.
  by rewrite !sumnE [LHS](_ : _ = (c : RR) * \sum_(i < d) (lrow e (N i) ^ 2 : RR)%Re :> RR) //
    mulr_sumr.
by rewrite prodv_const; apply: Req_le; congr exp; rewrite /v; field.
Qed.
End Layer.
