(* Theorem 2, corrected by the factors |w|^(1/L) and |w|^(2/L), for every minimiser of R^L. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Rearrange RealPower Linalg PolynomialFunction Network Risk Lemma8
  RootFree Minimiser PolynomialDerivative Sharpness.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Thm2.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Notation is_sharpness := (is_sharpness X y w).
Notation second_derivative := (second_derivative X y w).

Section AtMin.
Variables (W : layers RR d) (ws : 'cV[RR]_(d 0)).
Hypotheses (ws_eq : normal_eq X y ws) (wsE : wprod W w = ws).
Let sharp_form S D := @sharp_form _ _ _ _ _ _ _ _ ws_eq wsE S D.
Let second_derivative_min := second_derivative_min ws_eq wsE.
Variable lam : RR.
Hypotheses (lam_ge0 : 0 <= lam) (hlam : cov_ge X lam) (ws_nz : ws != 0) (L_gt0 : (0 < L)%N).

Lemma ws_pos : (0 < norm ws)%Re.
Proof. by apply/RltP; rewrite lt_def norm_eq0 ws_nz norm_ge0. Qed.
Lemma w_pos : (0 < norm w)%Re.
Proof.
apply/RltP; rewrite lt_def norm_eq0 norm_ge0 andbT; apply: contra_neq ws_nz => w0.
by rewrite -wsE /wprod w0 mulmx0.
Qed.
Lemma S_ge0 S : is_sharpness W S -> 0 <= (S : RR).
Proof.
move=> hS; have := core_B wsE ws_nz hlam (fun D => sharp_form D hS).
move=> h; have {h} : 0 <= (S : RR) * L%:R.
  by apply: le_trans _ h; rewrite mulr_ge0 // mulr_ge0 ?sqr_ge0 ?sqn_ge0 ?ler0n.
by rewrite pmulr_lge0 // ltr0n.
Qed.

(* Corrected second bound *)
Theorem thm2_second S : is_sharpness W S ->
  (2 * INR L * lam * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re.
Proof.
move=> hS; apply/RleP; have S0 := S_ge0 hS.
have L0 : INR L <> 0%Re by apply: not_0_INR => L0; move: L_gt0; rewrite L0.
set x := (X in X <= _).
have xE : x = 2%:R * L%:R * lam * (Rpower (norm w) (2 / INR L)%Re : RR) * (Rpower (norm ws) (2 - 2 /
  INR L)%Re : RR).
  by rewrite /x INRE.
have x0 : 0 <= x.
  by rewrite xE !mulr_ge0 ?ler0n //; apply/RleP/Rlt_le/exp_pos.
rewrite -(@ler_pexpn2r _ L) ?nnegrE // xE 2!(exprMn L) !Rpower_expn; try exact: w_pos;
  try exact: ws_pos.
have -> : (2 / INR L * INR L)%Re = INR 2 by rewrite /=; field.
have -> : ((2 - 2 / INR L) * INR L)%Re = INR (2 * L.-1).
  rewrite mult_INR (_ : INR L.-1 = (INR L - 1)%Re); first by rewrite /=; field.
  by rewrite -[in RHS](prednK L_gt0) S_INR; lra.
rewrite !Rpower_nat; try exact: w_pos; try exact: ws_pos.
rewrite exprM !norm_sqr -mulrA.
exact: (thm2_rootfree wsE ws_nz lam_ge0 hlam L_gt0 (fun D => sharp_form D hS)).
Qed.

(* Corrected first bound *)
Theorem thm2_first S : is_sharpness W S ->
  (2 * lam * Rpower (norm w) (1 / INR L) * Rpower (norm ws) (2 - 1 / INR L)
     * (\sum_(k < L) (norm (W k))^-1)%R <= S)%Re.
Proof.
move=> hS; apply/RleP; have S0 := S_ge0 hS.
have L0 : INR L <> 0%Re by apply: not_0_INR => L0; move: L_gt0; rewrite L0.
set B := \sum_(k < L) _.
set pa := Rpower (norm w) _; set pb := Rpower (norm ws) _.
have xE : (2 * lam * pa * pb * B)%Re = 2%:R * lam * B * ((pa : RR) * (pb : RR)).
  exact: mulr_rearr2.
rewrite xE; set x := (X in X <= _).
have B0 : 0 <= B by rewrite sumr_ge0 // => k _; rewrite invr_ge0 norm_ge0.
have p0 : 0 <= (pa : RR) * (pb : RR) by rewrite mulr_ge0 //; apply/RleP/Rlt_le/exp_pos.
have x0 : 0 <= x by rewrite mulr_ge0 // mulr_ge0 // mulr_ge0 ?ler0n.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE // -(@ler_pexpn2r _ L) ?nnegrE ?sqr_ge0 //.
have ha : ((pa : RR) ^+ 2) ^+ L = sqn w.
  rewrite -exprM Rpower_expn; last exact: w_pos.
  rewrite (_ : (1 / INR L * INR (2 * L))%Re = INR 2); last by rewrite mult_INR /=; field.
  by rewrite Rpower_nat ?norm_sqr //; exact: w_pos.
have hb : ((pb : RR) ^+ 2) ^+ L = sqn ws ^+ L * sqn ws ^+ L.-1.
  rewrite -exprM Rpower_expn; last exact: ws_pos.
  rewrite (_ : ((2 - 1 / INR L) * INR (2 * L))%Re = INR (2 * (L + L.-1))); last first.
    rewrite !mult_INR plus_INR (_ : INR L.-1 = (INR L - 1)%Re); first by rewrite /=; field.
    by rewrite -[in RHS](prednK L_gt0) S_INR; lra.
  by rewrite Rpower_nat; [rewrite exprM norm_sqr exprD|exact: ws_pos].
have xL : (x ^+ 2) ^+ L = ((2%:R * lam * B) ^+ 2) ^+ L * (sqn w * sqn ws ^+ L * sqn ws ^+ L.-1).
  by rewrite /x -ha -[_ * _ * _ ^+ L.-1]mulrA -hb -!exprMn.
rewrite xL.
exact: (thm2_first_rootfree wsE ws_nz lam_ge0 hlam L_gt0 (fun D => sharp_form D hS)).
Qed.

(* The sharpness exists *)
Theorem sharpness_exists : exists S, is_sharpness W S.
Proof.
pose a k := norm (X *m (fwd W k)^T); pose b k := norm (bvec W w k.+1).
pose C : RR := 2%:R * (n%:R^-1 * (\sum_(k < L) a k * b k) ^+ 2).
have bnd D : psqn L D = 1 -> 2%:R * (n%:R^-1 * sqn (X *m jvec W D w)) <= C.
  move=> D1; rewrite ler_pmul2l ?ltr0n //; apply: ler_wpmul2l; first by rewrite invr_ge0 ler0n.
  have s0 : 0 <= \sum_(k < L) a k * b k by rewrite sumr_ge0 // => k _; rewrite mulr_ge0 ?norm_ge0.
  rewrite -norm_sqr ler_expn2r ?nnegrE ?norm_ge0 //.
  rewrite jvecE mulmx_sumr; apply: le_trans (norm_sum _) _; apply: ler_sum => k _.
  rewrite mulmxA; apply: le_trans (opnorm_le_frob _ _) _; apply: ler_wpmul2l; first exact: norm_ge0.
  apply: le_trans (opnorm_le_frob _ _) _; rewrite -[X in _ <= X]mul1r; apply: ler_wpmul2r;
    first exact: norm_ge0.
  rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 ?ler01 // norm_sqr expr1n sqn_trmx -D1 /psqn.
  by rewrite (bigD1 k) //= ler_addl sumr_ge0 // => i _; apply: sqn_ge0.
have p_gt0 : 0 < psqn L W.
  rewrite /psqn (bigD1 (Ordinal L_gt0)) //= ltr_paddr ?sumr_ge0 // => [i _|]; first exact: sqn_ge0.
  by rewrite lt_def sqn_ge0 sqn_eq0 (layer_nz wsE ws_nz).
case: (completeness (fun v => exists D, psqn L D = 1 /\ second_derivative W D v)).
- exists C => v [D [D1 hD]]; apply/RleP; apply: le_trans (bnd D D1).
  by rewrite -(is_derive_n_unique _ _ _ _ hD) -(is_derive_n_unique _ _ _ _ (second_derivative_min
    D)).
- pose c := (Num.sqrt (psqn L W))^-1.
  exists (2%:R * (n%:R^-1 * sqn (X *m jvec W (fun k => c *: W k) w))), (fun k => c *: W k).
  split; last exact: second_derivative_min.
  transitivity (c ^+ 2 * psqn L W); last by rewrite exprVn sqr_sqrtr ?ltW // mulVf // gt_eqF.
  by rewrite /psqn mulr_sumr; apply: eq_bigr => k _; exact: sqnZ.
by move=> S hS; exists S.
Qed.
End AtMin.

(* Theorem 2, corrected by the factors |w|^(1/L) and |w|^(2/L), for every minimiser W of R^L. *)
Theorem theorem2 (W : layers RR d) (ws : 'cV[RR]_(d 0)) (lam : RR) :
  (0 < L)%N -> (0 < n)%N -> (forall k, (0 < k < L)%N -> (0 < d k)%N) -> w != 0 -> ws != 0 ->
  0 < lam -> cov_ge X lam -> normal_eq X y ws ->
  (forall W', risk X y w W <= risk X y w W') ->
  exists S, [/\ is_sharpness W S,
   (2 * lam * Rpower (norm w) (1 / INR L) * Rpower (norm ws) (2 - 1 / INR L)
     * (\sum_(k < L) (norm (W k))^-1)%R <= S)%Re
   & (2 * INR L * lam * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re].
Proof.
move=> L0 n0 d0 w0 ws0 l0 hl hws hmin.
have wsE := minimiser_wprod L0 w0 d0 hws l0 hl n0 hmin.
have [S hS] := sharpness_exists hws wsE ws0 L0; exists S; split => //.
  exact: thm2_first hws wsE _ (ltW l0) hl ws0 L0 _ hS.
exact: thm2_second hws wsE _ (ltW l0) hl ws0 L0 _ hS.
Qed.
End Thm2.
