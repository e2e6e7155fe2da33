(* Theorem 2 sharpened, over Coq's reals, with real powers. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative RealPower Sharpness Theorem2 RayleighAlgebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma inv_mul1 m : (1 / INR m.+1 * INR m.+1)%Re = 1%Re.
Proof. by field; apply: not_0_INR. Qed.

Section Real.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat) (w :
  'cV[RR]_(d L)).
Variables (W : layers RR d) (ws : 'cV[RR]_(d 0%N)) (lam : RR).
Hypotheses (ws_eq : normal_eq X y ws) (wsE : wprod W w = ws) (lam0 : 0 < lam) (hlam : cov_ge X lam).
Hypotheses (ws_nz : ws != 0) (L_gt0 : (0 < L)%N).

(* q = w*^T Sigma w* / |w*|^2, r = |Sigma w*|^2 / w*^T Sigma w* *)
Definition q_ray : RR := Qws X ws / sqn ws.
Definition r_ray : RR := sqn (Sws X ws) / Qws X ws.
Let ws_gt0 : 0 < sqn ws. Proof. by rewrite lt_def sqn_eq0 ws_nz sqn_ge0. Qed.
Lemma q_ge_lam : lam <= q_ray. Proof. by rewrite ler_pdivl_mulr //; exact: hlam. Qed.
Lemma q_gt0 : 0 < q_ray. Proof. exact: lt_le_trans lam0 q_ge_lam. Qed.
Let Q_gt0 : 0 < Qws X ws. Proof. by have := q_gt0; rewrite /q_ray pmulr_lgt0 ?invr_gt0. Qed.
Lemma r_ge_q : q_ray <= r_ray.
Proof.
rewrite /q_ray /r_ray ler_pdivr_mulr // mulrAC ler_pdivl_mulr // -expr2 QwsE.
by rewrite mulrC; exact: CS2.
Qed.

Theorem thm2_second_sharp S : is_sharpness X y w W S ->
  (2 * INR L * (Rpower q_ray (1 - 1 / INR L) * Rpower r_ray (1 / INR L)) *
    Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re.
Proof.
move=> hS; apply/RleP; have S0 := S_ge0 ws_eq wsE (ltW lam0) hlam ws_nz L_gt0 hS.
have L0 : INR L <> 0%Re by apply: not_0_INR => L0; move: L_gt0; rewrite L0.
have nw := w_pos wsE ws_nz; have nws := ws_pos ws_nz.
have q0 : (0 < q_ray)%Re by apply/RltP; exact: q_gt0.
have r0 : (0 < r_ray)%Re by apply/RltP; exact: lt_le_trans q_gt0 r_ge_q.
set x := (X in X <= _).
have xE : x = 2%:R * L%:R * ((Rpower q_ray (1 - 1 / INR L)%Re : RR) * (Rpower r_ray (1 /
  INR L)%Re : RR)) *
   (Rpower (norm w) (2 / INR L)%Re : RR) * (Rpower (norm ws) (2 - 2 /
     INR L)%Re : RR) by rewrite /x INRE.
have x0 : 0 <= x.
  by rewrite xE !mulr_ge0 ?ler0n //; apply/RleP/Rlt_le/exp_pos.
rewrite -(@ler_pexpn2r _ L) ?nnegrE // xE 3!(exprMn L) [(_ *
  (Rpower r_ray _ : RR)) ^+ L]exprMn !Rpower_expn //.
have -> : (2 / INR L * INR L)%Re = INR 2 by rewrite /=; field.
have -> : (1 / INR L * INR L)%Re = INR 1 by rewrite /=; field.
have eL1 : INR L.-1 = (INR L - 1)%Re by rewrite -[in RHS](prednK L_gt0) S_INR; lra.
have -> : ((1 - 1 / INR L) * INR L)%Re = INR L.-1 by rewrite eL1; field.
have -> : ((2 - 2 / INR L) * INR L)%Re = INR (2 * L.-1) by rewrite mult_INR eL1 /=; field.
rewrite !Rpower_nat // [norm ws ^+ _]exprM !norm_sqr expr1.
have QL : 0 < Qws X ws ^+ L by rewrite exprn_gt0.
rewrite -(ler_pmul2r QL) -[S ^+ L * _]exprMn.
apply: le_trans (thm2_second_sharp_rootfree wsE L_gt0 (fun D => sharp_form ws_eq wsE D hS) S0).
rewrite le_eqVlt; apply/orP; left; apply/eqP.
have -> : Qws X ws ^+ L = Qws X ws * Qws X ws ^+ L.-1 by rewrite -exprS prednK.
rewrite [Qws X ws ^+ 2 ^+ _]exprAC [(Qws X ws ^+ L.-1) ^+ 2]expr2 /q_ray [(Qws X ws /
  sqn ws) ^+ _]exprMn exprVn /r_ray.
have w1 : sqn ws ^+ L.-1 != 0 by rewrite gt_eqF // exprn_gt0.
have Q1 : Qws X ws != 0 by rewrite gt_eqF.
move: (sqn ws ^+ L.-1) w1 (Qws X ws ^+ L.-1) ((2%:R * L%:R) ^+ L) (sqn w) (sqn (Sws X ws)) (Qws X
  ws) Q1 => a a0 b c e f g g0.
exact: second_arith.
Qed.

(* the same with the quotient alone *)
Corollary thm2_second_q S : is_sharpness X y w W S ->
  (2 * INR L * q_ray * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re.
Proof.
move=> hS; apply: Rle_trans (thm2_second_sharp hS).
have q0 : (0 < q_ray)%Re by apply/RltP; exact: q_gt0.
have /RleP qr := r_ge_q.
have Lp : (0 < INR L)%Re by apply: lt_0_INR; apply/ssrnat.ltP.
have h : (q_ray <= Rpower q_ray (1 - 1 / INR L) * Rpower r_ray (1 / INR L))%Re.
  have e : (Rpower q_ray (1 - 1 / INR L) * Rpower q_ray (1 / INR L) = q_ray)%Re.
    by rewrite -Rpower_plus (_ : (1 - 1 / INR L + 1 / INR L = 1)%Re) ?Rpower_1 //; field; lra.
  rewrite -{1}e; apply: Rmult_le_compat_l; first exact: Rlt_le (exp_pos _).
  apply: Rle_Rpower_l; last by [].
  by apply: Rlt_le; apply: Rdiv_lt_0_compat; lra.
apply: Rmult_le_compat_r; first exact: Rlt_le (exp_pos _).
apply: Rmult_le_compat_r; first exact: Rlt_le (exp_pos _).
by apply: Rmult_le_compat_l h; lra.
Qed.

(* first bound: 2 q |w*|^2 sum_k 1/|W_k|_2^2 *)
Theorem thm2_first_q S (c : nat -> RR) : is_sharpness X y w W S ->
  (forall k, (k < L)%N -> 0 < c k /\ opnorm_le (W k) (c k)) ->
  2%:R * q_ray * sqn ws * (\sum_(k < L) (c k ^+ 2)^-1) <= S.
Proof.
move=> hS hc; have S0 := S_ge0 ws_eq wsE (ltW lam0) hlam ws_nz L_gt0 hS.
rewrite -[2%:R * q_ray * _]mulrA /q_ray divfK ?gt_eqF //.
exact: (thm2_first_sharp wsE (fun D => sharp_form ws_eq wsE D hS) S0 Q_gt0 hc).
Qed.

(* hence S^2 >= (2 q |w*|^2 sum 1/|W_k|_2^2) (second bound): the first bound of Theorem 2 with
   sqrt(L sum_k 1/|W_k|_2^2) *)
Theorem thm2_norms_sharp S (c : nat -> RR) : is_sharpness X y w W S ->
  (forall k, (k < L)%N -> 0 < c k /\ opnorm_le (W k) (c k)) ->
  (2 * (Rpower q_ray (1 - 1 / (2 * INR L)) * Rpower r_ray (1 / (2 * INR L))) * Rpower (norm w) (1 /
    INR L) *
   Rpower (norm ws) (2 - 1 / INR L) * sqrt (INR L * (\sum_(k < L) (c k ^+ 2)^-1)%R) <= S)%Re.
Proof.
move=> hS hc; have /RleP S0 := S_ge0 ws_eq wsE (ltW lam0) hlam ws_nz L_gt0 hS.
have h1 := thm2_second_sharp hS; have /RleP h2 := thm2_first_q hS hc.
have nw := w_pos wsE ws_nz; have nws := ws_pos ws_nz.
have q0 : (0 < q_ray)%Re by apply/RltP; exact: q_gt0.
have r0 : (0 < r_ray)%Re by apply/RltP; exact: lt_le_trans q_gt0 r_ge_q.
have Lp : (0 < INR L)%Re by apply: lt_0_INR; apply/ssrnat.ltP.
set B := \sum_(k < L) _ in h2 *.
have B0 : (0 <= B)%Re.
  by apply/RleP; apply: sumr_ge0 => k _; rewrite invr_ge0 sqr_ge0.
have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
have e3 : sqn ws = Rpower (norm ws) 2 by rewrite (Rpower_nat 2 nws) norm_sqr.
have {}h2 : (2 * q_ray * Rpower (norm ws) 2 * B <= S)%Re by rewrite -e3 -e2; exact: h2.
clearbody B; clear -h1 h2 S0 nw nws q0 r0 Lp B0.
move: q0 r0 h1 h2; move: q_ray r_ray => q r q0 r0.
move: nw nws; move: (norm w) (norm ws) => a b a0 b0 h1 h2.
apply: Rsqr_incr_0_var S0; rewrite /Rsqr.
set lhs := (X in (X * X)%Re).
have : (lhs * lhs = (2 * INR L * (Rpower q (1 - 1 / INR L) * Rpower r (1 / INR L)) * Rpower a (2 /
  INR L) * Rpower b (2 - 2 / INR L)) *
   (2 * q * Rpower b 2 * B))%Re.
  have ss : (sqrt (INR L * B) * sqrt (INR L * B) = INR L * B)%Re by apply: sqrt_sqrt;
    apply: Rmult_le_pos; lra.
  have dbl x s : (0 < x)%Re -> (Rpower x s * Rpower x s = Rpower x (2 * s))%Re.
    by move=> _; rewrite -Rpower_plus; congr Rpower; ring.
  have e1 : (Rpower q (2 * (1 - 1 / (2 * INR L))) = Rpower q (1 - 1 / INR L) * q)%Re.
    rewrite -{3}(Rpower_1 q) // -Rpower_plus; congr Rpower; field; lra.
  have e2 : (Rpower b (2 * (2 - 1 / INR L)) = Rpower b (2 - 2 / INR L) * Rpower b 2)%Re.
    by rewrite -Rpower_plus; congr Rpower; field; lra.
  have e3 : (Rpower r (2 * (1 / (2 * INR L))) = Rpower r (1 / INR L))%Re by congr Rpower; field;
    lra.
  have e4 : (Rpower a (2 * (1 / INR L)) = Rpower a (2 / INR L))%Re by congr Rpower; field; lra.
  rewrite -dbl // in e1; rewrite -dbl // in e2; rewrite -dbl // in e3; rewrite -dbl // in e4.
  rewrite /lhs -e3 -e4; move: e1 e2 ss.
  move: (Rpower q (1 - 1 / (2 * INR L))) (Rpower q (1 - 1 / INR L)) (Rpower r (1 / (2 *
    INR L))) (Rpower a (1 / INR L)) => x1 x2 x3 x4.
  move: (Rpower b (2 - 1 / INR L)) (Rpower b (2 - 2 / INR L)) (Rpower b 2) (sqrt _) =>
    x5 x6 x7 x8 e1 e2 ss.
  transitivity (4 * (x1 * x1) * (x3 * x3) * (x4 * x4) * (x5 * x5) * (x8 * x8))%Re; first by ring.
  by rewrite e1 e2 ss; ring.
move=> ->; apply: Rmult_le_compat => //.
  by rewrite /Rpower; repeat apply: Rmult_le_pos; try exact: Rlt_le (exp_pos _); lra.
by rewrite /Rpower; repeat apply: Rmult_le_pos; try exact: Rlt_le (exp_pos _); lra.
Qed.
End Real.
