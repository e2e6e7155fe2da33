(* The rescaled minimisers: corrected bound, divergence of the sharpness, the printed bound is
   false. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative RealPower Sharpness Theorem2 OperatorBound Balanced FlatMinimiser
  ScalarNetwork Theorem2Printed.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* rescaling: W^C = (C W_1, W_2 / C, W_3, ..., W_L) *)
Definition rescaled (d : nat -> nat) (W : layers RR d) (C : RR) : layers RR d := fun k =>
  match k with 0 => C *: W 0%N | 1 => C^-1 *: W 1%N | k'.+2 => W k'.+2 end.
Lemma fwd_rescaled d (W : layers RR d) C k : C != 0 -> fwd (rescaled W C) k.+2 = fwd W k.+2.
Proof.
move=> C0; elim: k => [|k IH].
  by rewrite /= -!scalemxAl -scalemxAr scalerA mulVf // scale1r.
by rewrite [LHS]/= -/(fwd (rescaled W C) k.+2) IH.
Qed.
Lemma wprod_rescaled d (W : layers RR d) C L (w : 'cV_(d L)) : (1 < L)%N -> C != 0 ->
  wprod (rescaled W C) w = wprod W w.
Proof. by case: L w => [//|[//|L]] w _ C0; rewrite /wprod fwd_rescaled. Qed.

Section Rescaling.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat) (w :
  'cV[RR]_(d L)).
Variables (W : layers RR d) (ws : 'cV[RR]_(d 0%N)) (lam : RR).
Hypotheses (L2 : (1 < L)%N) (n0 : (0 < n)%N) (d0 : forall k, (0 < k < L)%N ->
  (0 < d k)%N) (w_nz : w != 0) (ws_nz : ws != 0).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (ws_eq : normal_eq X y ws).
Hypothesis hmin : forall W', risk X y w W <= risk X y w W'.
Let L0 : (0 < L)%N. Proof. exact: ltnW. Qed.
Let wsE : wprod W w = ws. Proof. exact: (minimiser_wprod L0 w_nz d0 ws_eq lam0 hlam n0 hmin). Qed.

Theorem rescaling_minimiser (C : RR) : 0 < C -> forall W',
  risk X y w (rescaled W C) <= risk X y w W'.
Proof. by move=> C0 W'; rewrite /risk wprod_rescaled ?gt_eqF //; exact: hmin. Qed.

Theorem rescaling_corrected (C : R) : (0 < C)%Re -> exists S, is_sharpness X y w (rescaled W C) S /\
  (2 * lam * Rpower (norm w) (1 / INR L) * Rpower (norm ws) (2 - 1 / INR L) * C / norm (W 1%N) <=
    S)%Re.
Proof.
move=> /RltP C0; have C0' : (C : RR) != 0 by rewrite gt_eqF.
have e : wprod (rescaled W C) w = ws by rewrite wprod_rescaled.
have [S hS] := sharpness_exists ws_eq e ws_nz L0; exists S; split=> //.
apply: Rle_trans (thm2_first ws_eq e (ltW lam0) hlam ws_nz L0 hS).
have W1nz : 0 < norm (W 1%N) by rewrite lt_def norm_eq0 norm_ge0 (layer_nz wsE ws_nz L2).
have hk : (C / norm (W 1%N) <= (\sum_(k < L) (norm (rescaled W C k))^-1)%R)%Re.
  apply/RleP; rewrite (bigD1 (Ordinal L2)) //= normZ gtr0_norm ?invr_gt0 // invfM invrK.
  rewrite -[X in X <= _]addr0; apply: ler_add; first by rewrite RdivE ?gt_eqF.
  by apply: sumr_ge0 => k _; rewrite invr_ge0 norm_ge0.
have -> : (2 * lam * Rpower (norm w) (1 / INR L) * Rpower (norm ws) (2 - 1 / INR L) * C /
  norm (W 1%N) =
  2 * lam * Rpower (norm w) (1 / INR L) * Rpower (norm ws) (2 - 1 / INR L) * (C / norm (W 1%N)))%Re.
  by rewrite /Rdiv; ring.
apply: Rmult_le_compat_l => //; have h1 := exp_pos (1 / INR L * ln (norm w)).
have h2 := exp_pos ((2 - 1 / INR L) * ln (norm ws)); rewrite /Rpower.
have l0 : (0 < lam)%Re by exact/RltP.
by apply: Rmult_le_pos; [apply: Rmult_le_pos|]; nra.
Qed.

(* the sharpness of W^C diverges with C *)
Theorem rescaling_diverges (S : R -> R) : (forall C, (0 < C)%Re ->
  is_sharpness X y w (rescaled W C) (S C)) ->
  is_lim S p_infty p_infty.
Proof.
move=> hS.
set K := (2 * lam * Rpower (norm w) (1 / INR L) * Rpower (norm ws) (2 - 1 / INR L) /
  norm (W 1%N))%Re.
have K0 : (0 < K)%Re.
  have W1nz : (0 < norm (W 1%N))%Re by apply/RltP;
    rewrite lt_def norm_eq0 norm_ge0 (layer_nz wsE ws_nz L2).
  have l0 : (0 < lam)%Re by exact/RltP.
  apply: Rdiv_lt_0_compat => //; have h1 := exp_pos (1 / INR L * ln (norm w)).
  by have h2 := exp_pos ((2 - 1 / INR L) * ln (norm ws)); rewrite /Rpower;
    apply: Rmult_lt_0_compat => //; nra.
apply: (is_lim_le_p_loc (fun C => K * C)%Re).
  exists 0%Re => C C0; have [S' [hS' h]] := rescaling_corrected C0.
  have e : S C = S' by apply: is_lub_u (hS C C0) hS'.
  rewrite e; apply: Rle_trans h; apply: Req_le; rewrite /K /Rdiv; ring.
have := is_lim_scal_l id K p_infty p_infty (is_lim_id _); rewrite /= /Rbar_mult /=.
by case: Rle_dec => [h|]; [case: Rle_lt_or_eq_dec => [//|e]; exfalso; lra|move=> h; exfalso; lra].
Qed.
End Rescaling.

(* as printed (no factor |w|^(1/L)) it fails for every L >= 2 and every C > 0 *)
Definition rescaling_printed_at (L : nat) (C : R) :=
  forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (w : 'cV[RR]_(d L)) (W : layers RR d) (ws : 'cV[RR]_(d 0%N)) (lam : RR) (S : R),
  (0 < n)%N -> (forall k, (0 < d k)%N) -> w != 0 -> ws != 0 -> 0 < lam -> is_lambda X lam ->
    normal_eq X y ws ->
  (forall W', risk X y w W <= risk X y w W') -> is_sharpness X y w (rescaled W C) S ->
  (2 * lam * Rpower (norm ws) (2 - 1 / INR L) * C / norm (W 1%N) <= S)%Re.

Theorem rescaling_printed_false L C : (1 < L)%N -> (0 < C)%Re -> ~ rescaling_printed_at L C.
Proof.
move=> L2 C0 H; have L0 : (0 < L)%N := ltnW L2; have Lp := INR_pos L0.
pose m := Rmax 1 (Rmax C (/ C)); have m1 : (1 <= m)%Re by exact: Rmax_l.
have mC : (C <= m)%Re by apply: Rle_trans (Rmax_l _ _) (Rmax_r _ _).
have mC' : (/ C <= m)%Re by apply: Rle_trans (Rmax_r _ _) (Rmax_r _ _).
pose A := (INR L * pow m (L.-1 * 2))%Re; have A0 : (0 < A)%Re.
  by apply: Rmult_lt_0_compat => //; apply: pow_lt; lra.
pose c := Rpower (C / (2 * A)) (INR L); have c0 : (0 < c)%Re by exact: exp_pos.
have cL : Rpower c (1 / INR L) = (C / (2 * A))%Re.
  rewrite /c Rpower_mult (_ : (INR L * (1 / INR L) = 1)%Re); last by field; lra.
  by apply: Rpower_1; apply: Rdiv_lt_0_compat; lra.
have c0' : 0 < (c : RR) by exact/RltP.
have ws0 : ws1 L (fun=> 1) c != 0 by apply: nz1; rewrite ones_prod gt_eqF.
have w0 : w1 L c != 0 by apply: nz1; rewrite gt_eqF.
have C0' : 0 < (C : RR) by exact/RltP.
set W := W1 (fun=> 1) : layers RR one.
have e : wprod (rescaled W C) (w1 L c) = ws1 L (fun=> 1) c by rewrite wprod_rescaled ?wprod1
  ?gt_eqF.
have [S hS] := @sharpness_exists one 1 X1 (y1 L (fun=> 1) c) L (w1 L c) _ _ (hws1 _ _ _) e ws0 L0.
have := H one 1%N X1 _ _ W (ws1 L (fun=> 1) c) 1 S isT (fun=> isT) w0 ws0 ltr01 lambda1 (hws1 _ _ _)
  (@hmin1 L (fun=> 1) c) hS.
rewrite /W /W1 !norm11 normr1 ones_prod gtr0_norm //.
have m0 : 0 <= (m : RR) by apply/RleP; apply: Rle_trans m1; exact: Rle_0_1.
have hc k : (k < L)%N -> opnorm_le (rescaled W C k) m.
  move=> _ x; case: k x => [|[|k]] x; rewrite /= /W /W1 -?scalemxAl mul1mx ?normZ.
  - by apply: ler_wpmul2r; [exact: norm_ge0|rewrite gtr0_norm //; apply/RleP].
  - apply: ler_wpmul2r; first exact: norm_ge0.
    rewrite gtr0_norm ?invr_gt0 //; apply/RleP; have := mC'; rewrite RinvE ?gt_eqF //.
  - by rewrite -[X in X <= _]mul1r; apply: ler_wpmul2r; [exact: norm_ge0|apply/RleP].
have := @sharp_upper one 1 X1 _ L (w1 L c) _ _ m 1 (hws1 _ _ _) e hle1 ler01 m0 hc L0 S hS.
rewrite norm11 gtr0_norm // mul1r -(INRE L) exprMn -exprM expr2.
have -> : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
rewrite -RpowE => /RleP h1 h2.
have h1' : (S <= 2 * (A * (c * c)))%Re by move: h1; rewrite /A -!RmultE; lra.
have : (Rpower c (2 - 1 / INR L) = c * c * / (C / (2 * A)))%Re.
  rewrite /Rminus Rpower_plus Rpower_Ropp cL; congr (_ * _)%Re.
  by have := Rpower_pow 2 c c0; rewrite /= => ->; ring.
move=> e2; rewrite e2 in h2.
have e3 : (2 * 1 * (c * c * / (C / (2 * A))) * C / 1 = 4 * (A * (c * c)))%Re by field; lra.
have {}h2 : (4 * (A * (c * c)) <= S)%Re by rewrite -e3; exact: h2.
have : (0 < A * (c * c))%Re by apply: Rmult_lt_0_compat => //; nra.
lra.
Qed.
