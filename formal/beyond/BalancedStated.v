(* Balanced minimisers are flattest when L is large against Lambda/lambda, as Statements.v
   states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative RealPower Sharpness Theorem2 OperatorBound OperatorNorm Balanced
  RayleighAlgebra Rayleigh Bridge BalancedLimit.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* norm(v)^(2 - 2/L) where norm(v)^2 = rho^L *)
Lemma root_of_power p (v : 'cV[RR]_p) (rho : R) m : (0 < rho)%Re -> sqn v = (rho : RR) ^+ m.+1 ->
  Rpower (norm v) (2 - 2 / INR m.+1) = (rho ^ m)%Re.
Proof.
move=> r0 e; have Lp : (0 < INR m.+1)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
have pos := exp_pos (INR m.+1 / 2 * ln rho).
have -> : norm v = Rpower rho (INR m.+1 / 2).
  apply: Rsqr_inj; [by apply/RleP; exact: norm_ge0|exact: Rlt_le|].
  rewrite /Rsqr -Rpower_plus (_ : (INR m.+1 / 2 + INR m.+1 / 2 = INR m.+1)%Re); last by field.
  by rewrite Rpower_pow // RpowE -e -norm_sqr expr2.
rewrite Rpower_mult -Rpower_pow //; congr (Rpower _ _).
by rewrite S_INR; rewrite S_INR in Lp; field; lra.
Qed.
Theorem balanced_sharpness : Statements.balanced_sharpness.
Proof.
move=> d n X y [//|m] w W V ws la La S S' L0 d0 dL w1 /A1_bounds [l0 hl hL n0 /RleP laLa] hws ws0.
move=> hW bal hS hV hS'.
have w1' : sqn w = 1 := w1.
have wnz : w != 0 by rewrite -sqn_eq0 w1' oner_eq0.
have minP U : Statements.minimizes X y w U -> wprod U w = ws.
  move=> hU; apply: (minimiser_wprod L0 wnz (fun k _ => d0 k) hws l0 hl n0) => U'.
  by apply/RleP; exact: hU.
have wsE := minP W hW; have wsE' := minP V hV.
have bal' k : (k.+1 < m.+1)%N -> (W k.+1)^T *m W k.+1 = W k *m (W k)^T.
  by move=> kL; apply/eqP; rewrite -subr_eq0; apply/eqP; exact: bal.
have /RleP up := balanced_upper dL w1' wsE ws0 bal' n0 l0 hl hL hws hS.
have low := thm2_second_q hws wsE' l0 hl ws0 L0 hS'.
have /RleP lq := q_ge_lam hl ws0.
have rho0 : (0 < (sqn (W 0%N) : R))%Re by apply/RltP; exact: rho_gt0 dL w1' wsE ws0 bal'.
have rhoE := ws_power dL w1' wsE ws0 bal'.
rewrite (root_of_power rho0 rhoE) /norm w1' sqrtr1 {1}/Rpower ln_1 Rmult_0_r exp_0 Rmult_1_r in low.
have two : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
move: up; rewrite -!RmultE -RplusE two -(INRE m) -RpowE => up.
have P0 := pow_lt _ m rho0; have l0' : (0 < la)%Re by apply/RltP.
move: up low lq P0; move: (q_ray X ws : R) ((sqn (W 0%N) : R) ^ m)%Re => q P up low lq P0.
have M0 : (0 <= INR m)%Re by exact: pos_INR.
have N0 : (0 < INR m.+1)%Re by rewrite S_INR; lra.
apply: (Rle_trans _ _ _ up).
have c0 : (0 <= 1 + (La / la - 1) / INR m.+1)%Re.
  have : (1 <= La / la)%Re.
    by apply: (Rmult_le_reg_r la) => //; rewrite /Rdiv Rmult_assoc Rinv_l; lra.
  move=> h; have : (0 <= (La / la - 1) / INR m.+1)%Re by apply: Rdiv_le_0_compat; lra.
  lra.
apply: (Rle_trans _ ((1 + (La / la - 1) / INR m.+1) * (2 * INR m.+1 * q * P))).
  have -> : ((1 + (La / la - 1) / INR m.+1) * (2 * INR m.+1 * q * P) =
    2 * P * (La * (q / la) + INR m * q))%Re by rewrite S_INR; field; rewrite -S_INR; lra.
  apply: Rmult_le_compat_l; first lra.
  apply: Rplus_le_compat_r; rewrite -{1}(Rmult_1_r La); apply: Rmult_le_compat_l; first lra.
  by apply: (Rmult_le_reg_r la) => //; rewrite /Rdiv Rmult_assoc Rinv_l; lra.
exact: Rmult_le_compat_l.
Qed.
