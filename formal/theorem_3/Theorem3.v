(* Theorem 3: along any gradient flow satisfying (A1), (A2) a PL inequality holds for all t >= 1,
   with an explicit constant. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import FourthLine RayleighAlgebra Linalg PolynomialFunction Network Risk
  Lemma8 PolynomialDerivative Derivative GradientFlow Lemma1 Energy OperatorBound Balanced
  OperatorNorm Lemma2 Theorem3Algebra.
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

Lemma risk_ge_min (U : layers RR d) : 0 <= risk X y w U - R1 X y ws.
Proof. by rewrite /risk (lemma8_identity ws_eq) addrC addKr mulr_ge0 ?nV_ge0 ?sqn_ge0. Qed.

Section Explicit.
Variables (e : nat -> RR).
Hypotheses (he : forall k, (k.+1 < L)%N -> opnorm_le (imb W k) (e k)) (e_ge0 : forall k, 0 <= e k).
Notation D := (esum e L.-1).

(* Theorem 3 for t >= 1 with an explicit constant: m = (R_0 - R(W(1)))^2 / (4 |Sigma w*|^2), cm^L =
   m *)
Theorem theorem3_explicit cm t :
  let m := (R1 X y 0 - risk X y w (W 1%Re)) ^+ 2 / (4%:R * sqn (Sws X ws)) in
  0 <= cm -> cm ^+ L = m -> (1 <= t)%Re ->
  [/\ 0 < m, 0 < 4%:R * lam * m / (cm + D) &
  4%:R * lam * m / (cm + D) * (risk X y w (W t) - R1 X y ws) <= psqn L (gradk X y w (W t))].
Proof.
move=> m cm0 cmL t1; have t0 : (0 <= t)%Re by lra.
have de0 : 0 < R1 X y 0 - risk X y w (W 1%Re).
  by rewrite subr_gt0; apply: lt_le_trans A2_risk; apply/RltP; exact: risk1_lt.
have hde : R1 X y 0 - risk X y w (W 1%Re) <= R1 X y 0 - risk X y w (W t).
  by rewrite ler_add2l ler_opp2; apply/RleP; apply: (@risk_nonincreasing d n X y L w W 1%Re t hW);
    lra.
have [g0 hm] := wprod_lb ws_eq de0 hde.
have m0 : 0 < m by rewrite divr_gt0 ?exprn_gt0 // mulr_gt0 ?ltr0n.
have D0 : 0 <= D by rewrite sumr_ge0.
have cmp : 0 < cm.
  rewrite lt_def cm0 andbT; apply/eqP => z; move: m0; rewrite -cmL z expr0n eqn0Ngt L_gt0 ltxx //.
have [c [c0 cL]] := root_exists L_gt0 (sqn_ge0 (wprod (W t) w)).
have hP : m <= c ^+ L by rewrite cL.
have cc : cm <= c by rewrite -(@ler_pexpn2r _ L) ?nnegrE // cmL.
have nz : wprod (W t) w != 0 by rewrite -sqn_eq0 -cL gt_eqF // (lt_le_trans m0).
have h3 := theorem3_no_cases_div hW L_gt0 dL w1 he e_ge0 t0 c0 cL ws_eq lam0 hlam nz.
have q0 : 0 < cm + D by rewrite ltr_paddr.
have q1 : 0 < c + D by rewrite ltr_paddr // (lt_le_trans cmp).
have r0 := risk_ge_min (W t).
have l4 : 0 < 4%:R * lam by rewrite mulr_gt0 ?ltr0n.
split=> //; first by rewrite divr_gt0 // mulr_gt0.
apply: le_trans h3; apply: ler_wpmul2r => //; rewrite -cL -!(mulrA (4%:R * lam));
  apply: ler_wpmul2l; first exact: ltW.
rewrite ler_pdivr_mulr // mulrAC ler_pdivl_mulr // !mulrDr; apply: ler_add;
  last by apply: ler_wpmul2r.
rewrite -cmL -(prednK L_gt0) !exprSr -!mulrA [cm * c]mulrC; apply: ler_wpmul2r;
  first by rewrite mulr_ge0.
by apply: ler_expn2r; rewrite ?nnegrE.
Qed.
End Explicit.

Theorem theorem3 : exists mu : R, (0 < mu)%Re /\ forall t, (1 <= t)%Re ->
  (mu * (risk X y w (W t) - R1 X y ws) <= psqn L (gradk X y w (W t)))%Re.
Proof.
pose e k : RR := norm (imb W k).
have he k : (k.+1 < L)%N -> opnorm_le (imb W k) (e k) by move=> _; exact: opnorm_le_frob.
have e0 k : 0 <= e k by exact: norm_ge0.
pose m := (R1 X y 0 - risk X y w (W 1%Re)) ^+ 2 / (4%:R * sqn (Sws X ws)).
have m0 : 0 <= m by rewrite divr_ge0 ?sqr_ge0 // mulr_ge0 ?ler0n ?sqn_ge0.
have [cm [cm0 cmL]] := root_exists L_gt0 m0.
have h t (t1 : (1 <= t)%Re) := theorem3_explicit he e0 cm0 cmL t1.
exists (4%:R * lam * m / (cm + esum e L.-1)); split.
  by apply/RltP; case: (h 1%Re (Rle_refl 1)).
by move=> t t1; apply/RleP; case: (h t t1).
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
