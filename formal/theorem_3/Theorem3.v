(* Theorem 3: along any gradient flow satisfying (A1), (A2) a PL inequality holds for all t >= 1. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy OperatorBound Balanced OperatorNorm Lemma2 Theorem3Algebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma decrease_at0 (f : R -> R) l : is_derive f 0%Re l -> (l < 0)%Re -> exists s,
  (0 < s <= 1)%Re /\ (f s < f 0)%Re.
Proof.
move=> /is_derive_Reals h l0; case: (h (- l / 2)%Re) => [|de hd]; first by lra.
have d0 := cond_pos de; pose s := Rmin (de / 2) 1.
have s0 : (0 < s)%Re by apply: Rmin_glb_lt; lra.
have s1 : (s <= de / 2)%Re by exact: Rmin_l.
exists s; split; first by split=> //; exact: Rmin_r.
have := hd s _ _; rewrite Rabs_pos_eq; last by lra.
move=> /(_ ltac:(lra)) /(_ ltac:(lra)); rewrite Rplus_0_l => /Rabs_def2 [h1 _].
have h2 : ((f s - f 0) / s < 0)%Re by lra.
have : (f s - f 0 = (f s - f 0) / s * s)%Re by field; lra.
nra.
Qed.

Section Thm3.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (W : R -> layers RR d) (ws : 'cV[RR]_(d 0)) (lam : RR).
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (dL : d L = 1%N) (w1 : sqn w = 1).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (ws_eq : normal_eq X y ws).   (* (A1) *)
Hypothesis A2_risk : risk X y w (W 0%Re) <= R1 X y 0.                             (* (A2) *)
Hypothesis A2_grad : exists2 k, (k < L)%N & gradk X y w (W 0%Re) k != 0.

Lemma risk1_lt : (risk X y w (W 1%Re) < risk X y w (W 0%Re))%Re.
Proof.
have [k kL nz] := A2_grad.
have h0 := energy hW (Rle_refl 0).
have p : 0 < psqn L (gradk X y w (W 0%Re)).
  rewrite /psqn (bigD1 (Ordinal kL)) //= ltr_paddr ?sumr_ge0 // => [i _|]; first exact: sqn_ge0.
  by rewrite lt_def sqn_ge0 sqn_eq0 nz.
have [|s [[s0 s1] hs]] := decrease_at0 h0; first by apply/RltP; rewrite oppr_lt0.
have := @risk_nonincreasing d n X y L w W s 1%Re hW (conj (Rlt_le _ _ s0) s1); lra.
Qed.

Let e k : RR := norm (imb W k).
Let he k : (k.+1 < L)%N -> opnorm_le (imb W k) (e k).
Proof. by move=> _; exact: opnorm_le_frob. Qed.
Let e_ge0 k : 0 <= e k. Proof. exact: norm_ge0. Qed.
Let E := esum e L.-1.
Let E0 : 0 <= E. Proof. by rewrite sumr_ge0. Qed.
Let K := risk X y w (W 0%Re) - R1 X y ws.
Let C := 2%:R * (sqn ws + K / lam).
Let A := 2%:R * E + 1 + C.

Lemma risk_ge_min (U : layers RR d) : 0 <= risk X y w U - R1 X y ws.
Proof. by rewrite /risk (lemma8_identity ws_eq) addrC addKr mulr_ge0 ?nV_ge0 ?sqn_ge0. Qed.

Let C0 : 0 <= C.
Proof. by rewrite mulr_ge0 ?ler0n // addr_ge0 ?sqn_ge0 // divr_ge0 ?risk_ge_min // ltW. Qed.

Lemma wprod_le t : (0 <= t)%Re -> sqn (wprod (W t) w) <= C.
Proof.
move=> t0; apply: le_trans (wprod_ub ws_eq _ lam0 hlam) _.
rewrite ler_pmul2l ?ltr0n // ler_add2l ler_pmul2r ?invr_gt0 // ler_add2r; apply/RleP.
by apply: (@risk_nonincreasing d n X y L w W 0%Re t hW); lra.
Qed.

Lemma W1_bound t : (0 <= t)%Re -> op2_le (W t 0%N) A.
Proof.
move=> t0; have hb := @bal d n X y L w W hW t t0.
set rho := sqn (W t L.-1).
have lr : rho * sqn w <= sqn ((W t L.-1)^T *m bvec (W t) w L.-1.+1).
  by rewrite w1 mulr1 last_row.
have hr : rho <= E + 1 + C.
  apply: (rho_ub L_gt0 C0 E0) => Er; apply: le_trans (wprod_le t0).
  by have := wprod_lower hb he e_ge0 L_gt0 lr Er; rewrite w1 mulr1.
have h1 : op2_le (W t L.-1) rho by rewrite /rho -norm_sqr; apply: (op2_opnorm _ (norm_ge0 _)).1;
  exact: opnorm_le_frob.
have lt1 : (L.-1 < L)%N by rewrite ltn_predL.
have h2 := op2_any hb he e_ge0 h1 (sqn_ge0 _) L_gt0 lt1.
move=> x; apply: le_trans (h2 x) _; apply: ler_wpmul2r; first exact: sqn_ge0.
apply: le_trans (ler_add hr (lexx _)) _.
by rewrite -/E arr.
Qed.

Theorem theorem3 : exists mu : R, (0 < mu)%Re /\ forall t, (1 <= t)%Re ->
  (mu * (risk X y w (W t) - R1 X y ws) <= psqn L (gradk X y w (W t)))%Re.
Proof.
pose de : RR := R1 X y 0 - risk X y w (W 1%Re).
have de0 : 0 < de by rewrite subr_gt0; apply: lt_le_trans A2_risk; apply/RltP/risk1_lt.
set s0 := n%:R^-1 *: (X^T *m (X *m ws)).
pose m : RR := de ^+ 2 / (4%:R * sqn s0).
have hde t : (1 <= t)%Re -> de <= R1 X y 0 - risk X y w (W t).
  move=> t1; rewrite ler_add2l ler_opp2; apply/RleP.
  by apply: (@risk_nonincreasing d n X y L w W 1%Re t hW); lra.
have g0 : 0 < sqn s0 := (wprod_lb ws_eq de0 (hde _ (Rle_refl 1))).1.
have m0 : 0 < m by rewrite divr_gt0 ?exprn_gt0 // mulr_gt0 ?ltr0n.
have A0 : 0 < A by rewrite ltr_paddr // ltr_spaddr ?ltr01 // mulr_ge0 ?ler0n.
exists (4%:R * lam * m / A : RR); split.
  apply/RltP; apply: divr_gt0 => //; apply: mulr_gt0 => //; apply: mulr_gt0 => //; exact: ltr0n.
move=> t t1; have t0 : (0 <= t)%Re by lra.
have h1 : m <= sqn (wprod (W t) w) := (wprod_lb ws_eq de0 (hde _ t1)).2.
have h2 := pl_step ws_eq w L_gt0 lam0 hlam (ltW A0) (W1_bound t0).
clearbody m A; apply/RleP; rewrite RmultE RminusE mulrAC ler_pdivr_mulr // [X in _ <= X]mulrC.
apply: le_trans h2; rewrite [4%:R * lam * m]mulrC -[m * _ * _]mulrA.
apply: ler_wpmul2r h1; apply: mulr_ge0; last exact: risk_ge_min.
by apply: mulr_ge0; [exact: ler0n|exact: ltW].
Qed.

(* hence the risk converges exponentially fast to its minimum *)
Corollary risk_converges : exists mu : R, (0 < mu)%Re /\ forall t, (0 <= t)%Re ->
  (risk X y w (W (1 + t)%Re) - R1 X y ws <= (risk X y w (W 1%Re) - R1 X y ws) * exp (- mu * t))%Re.
Proof.
have [mu [mu0 h]] := theorem3; exists mu; split=> // T T0.
pose V s := W (1 + s)%Re.
have hV : gradient_flow X y w V.
  move=> s s0 k kL i j; have := hW (_ : (0 <= 1 + s)%Re) kL => /(_ ltac:(lra)) /(_ i j) hd.
  evar_last; first by apply: (is_derive_comp (fun u => W u k i j : R));
    [exact: hd|apply: is_derive_plus; [exact: is_derive_const|exact: is_derive_id]].
  by rewrite /scal /= /mult /plus /zero /one /= Rplus_0_l Rmult_1_l.
have := @PL_decay d n X y L w V mu (R1 X y ws) T hV T0; rewrite /V Rplus_0_r; apply.
by move=> s [s0 _]; apply: h; lra.
Qed.
End Thm3.
