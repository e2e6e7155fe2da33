(* Theorem 4 and Corollary 4 in probability, with explicit constants depending on s only, and the
   disproof of the printed lower bound. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Lemma9 PolynomialFunction Network Risk Lemma8
  PolynomialDerivative Derivative GradientFlow Lemma1 Energy RealPower Sharpness Theorem2 Limit
  Corollary2 Continuation Confinement UpperExpectation Gaussian Tails GaussianLayer FixedStart
  NetArgument Lemma3Constants Net Lemma3 Lemma3Sharp Theorem4Event Rearrange Convergence
  Theorem4.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Four.
Variables (R : rcfType) (d L : nat) (V : @layers R (fun _ => d)) (M m : R).
Hypotheses (M1 : 1 <= M) (m0 : 0 < m) (m1 : m <= 1).
Hypothesis hM : forall k, (0 < k <= L)%N -> opnorm_le (prods V k) M.
Hypothesis hm : forall k, (0 < k <= L)%N -> sigmin_ge (prods V k) m.
Let M0 : 0 < M. Proof. exact: lt_le_trans M1. Qed.
Notation bv := (@bvec R (fun _ => d) V L).
Lemma four_sides (w : 'cV[R]_d) k : (k < L)%N -> [/\ opnorm_le (fwd V k) M, sigmin_ge (fwd V k) m,
  norm (bv w k.+1) <= M / m * norm w & m / M * norm w <= norm (bv w k.+1)].
Proof.
move=> kL; have [_ _ b1 b2] := both_sides M1 m0 m1 hM hm w kL; split=> // x; rewrite fwdE.
  exact: (hM0 M1 hM (ltnW kL)).
exact: (hm0 m1 hm (ltnW kL)).
Qed.
Lemma prod_side (w : 'cV[R]_d) : m * norm w <= norm (@wprod R (fun _ => d) V L w).
Proof. rewrite /wprod fwdE; exact: (sigmin_tr m0 (hm0 m1 hm (leqnn L)) w). Qed.
End Four.

Section Thm4.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : (0 < s)%Re) (u0 : (0 < u)%Re).
Notation dd := (fun _ : nat => d).

(* constants of s and u only *)
Definition Mc : R := (4 * exp (s ^ 2 / 2 + u))%Re.
Definition C5c : R := (exp (- 2 * s ^ 2 - 4 * u) / 64)%Re.
Definition C3c : R := (C5c * C5c / Mc ^ 18)%Re.

Lemma Mc1 : (4 <= Mc)%Re.
Proof. by rewrite /Mc; have := exp_ineq1_le (s ^ 2 / 2 + u)%Re; nra. Qed.
Lemma C5c0 : (0 < C5c)%Re. Proof. by rewrite /C5c; have := exp_pos (- 2 * s ^ 2 - 4 * u)%Re; lra.
Qed.
(* the same constants in closed form *)
Lemma C3c_closed : C3c = (exp (- 13 * s ^ 2 - 26 * u) / 2 ^ 48)%Re.
Proof.
have ex (x : R) m : (exp x ^ m = exp (x * INR m))%Re.
  by elim: m => [|m IH]; [rewrite Rmult_0_r exp_0|rewrite -tech_pow_Rmult IH -exp_plus S_INR;
    congr exp; ring].
rewrite /C3c /C5c /Mc Rpow_mult_distr ex.
set A := (- 2 * s ^ 2 - 4 * u)%Re; set B := ((s ^ 2 / 2 + u) * INR 18)%Re.
have -> : (- 13 * s ^ 2 - 26 * u = A + (A + - B))%Re by rewrite /A /B [INR 18]/=; field.
rewrite (exp_plus A) (exp_plus A) exp_Ropp; have := exp_pos B.
move: (exp A) (exp B) => a b b0; field; lra.
Qed.

Lemma mc_le : (/ Mc <= exp (- (2 * s ^ 2 / INR d) - u) / 4)%Re.
Proof.
have D4 : (4 <= INR d)%Re by have <- : INR 4 = 4%Re; [rewrite /=; ring|apply: le_INR;
  apply/ssrnat.leP].
rewrite /Mc Rinv_mult_distr; [|lra|have := exp_pos (s ^ 2 / 2 + u); lra].
rewrite -exp_Ropp Rmult_comm; apply: Rmult_le_compat_r; first lra.
apply: exp_le; have : (2 * s ^ 2 / INR d <= s ^ 2 / 2)%Re; last lra.
apply: (Rmult_le_reg_r (INR d)); first lra.
have -> : (2 * s ^ 2 / INR d * INR d = 2 * s ^ 2)%Re by field; lra.
have := pow2_ge_0 s; nra.
Qed.

Section Data.
Variables (om : Omega) (F0 : layers RR dd).
Hypotheses (g : good d L s u om) (F0E : forall k, (k < L)%N -> F0 k = W d L s om k).

Lemma ball_prods (V : layers RR dd) : (forall k, (k < L)%N ->
  (sqn (V k - F0 k) <= (C5c / INR L) * (C5c / INR L))%Re) ->
  forall k, (0 < k <= L)%N -> opnorm_le (prods V k) (Mc : RR) /\
    sigmin_ge (prods V k) ((Mc : RR)^-1).
Proof.
move=> hV.
have L1 : 0 < L%:R :> RR by rewrite ltr0n.
have LR : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
pose th (j : nat) : 'M[RR]_d := L%:R *: (V j - W d L s om j).
have hth k : (k < L)%N -> opnorm_le (th k) ((exp (- 2 * s ^ 2 - 4 * u) / 64)%Re : RR).
  move=> kL x; apply: le_trans (opnorm_le_frob _ _) _; apply: ler_wpmul2r; first exact: norm_ge0.
  rewrite normZ ger0_norm; last exact: ltW.
  have h := hV k kL; rewrite F0E // -normRR in h.
  have c0 := C5c0.
  have h2 : (norm (V k - W d L s om k)%R <= C5c / INR L)%Re.
    have n0 := normR0 (V k - W d L s om k); have r0 : (0 < C5c /
      INR L)%Re by apply: Rdiv_lt_0_compat. nra.
  apply/RleP; rewrite -(INRE L) RmultE; apply: (Rle_trans _ (INR L * (C5c / INR L)))%Re.
    by apply: Rmult_le_compat_l h2; exact: Rlt_le.
  have -> : (INR L * (C5c / INR L) = C5c)%Re by field; lra.
  exact: Rle_refl.
have e j : W d L s om j + (L%:R : RR)^-1 *: th j = V j by rewrite scalerA mulVf ?gt_eqF // scale1r
  addrC subrK.
move=> k kL; have [h1 h2] := g hth kL; split.
  by rewrite -(prods_ext k e); exact: h1.
move=> x; rewrite -(prods_ext k e); apply: le_trans (h2 x); apply: ler_wpmul2r;
  first exact: norm_ge0.
have mp : Mc != 0 :> RR by apply/eqP => z; have := Mc1; rewrite z => h; have : (4 <= 0)%Re := h;
  lra.
by apply/RleP; rewrite -RinvE //; exact: mc_le.
Qed.

Let M1 : 1 <= (Mc : RR). Proof. apply/RleP; have := Mc1; rewrite -[1%R]/(1%Re); lra. Qed.
Let M0 : 0 < (Mc : RR). Proof. exact: lt_le_trans M1. Qed.
Let m0 : 0 < ((Mc : RR)^-1). Proof. by rewrite invr_gt0. Qed.
Let m1 : (Mc : RR)^-1 <= 1. Proof. by rewrite invf_le1. Qed.

Lemma ball_event4 (w : 'cV[RR]_d) (V : layers RR dd) : (forall k, (k < L)%N ->
  (sqn (V k - F0 k) <= (C5c / INR L) * (C5c / INR L))%Re) ->
  forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) (Mc : RR), sigmin_ge (fwd V k) ((Mc : RR)^-1),
    norm (@bvec _ dd V L w k.+1) <= (Mc : RR) ^+ 2 * norm w & ((Mc : RR)^-1) ^+ 2 * norm w <=
      norm (@bvec _ dd V L w k.+1)].
Proof.
move=> hV k kL.
have hb := ball_prods hV.
have [h1 h2 h3 h4] := four_sides M1 m0 m1 (fun k kL => (hb k kL).1) (fun k kL => (hb k kL).2) w kL.
by rewrite !expr2; split=> //; move: h3; rewrite invrK.
Qed.
Lemma ball_prod4 (w : 'cV[RR]_d) (V : layers RR dd) : (forall k, (k < L)%N ->
  (sqn (V k - F0 k) <= (C5c / INR L) * (C5c / INR L))%Re) ->
  (Mc : RR)^-1 * norm w <= norm (@wprod _ dd V L w).
Proof. by move=> hV; have hb := ball_prods hV; exact: (prod_side m0 m1 (fun k kL => (hb k kL).2) w).
Qed.

Lemma C3c_eq : C3 ((Mc : RR)^-1) (Mc : RR) (((Mc : RR)^-1) ^+ 2) ((Mc : RR) ^+ 2) (C5c : RR) = C3c.
Proof.
have p := Mc1; have mp : Mc != 0 :> RR by apply/eqP => z; have := Mc1; rewrite z => h;
  have : (4 <= 0)%Re := h; lra.
rewrite /C3 /C3c !expr2 -(RinvE mp) -!RmultE; field; lra.
Qed.
End Data.

(* the conclusions of Theorem 4 and Corollary 4 at the initialisation om, for every data set, head
   and flow *)
Definition trains4 (cd3 cd5 cd cmu : R) (om : Omega) :=
  forall (n : nat) (X : 'M[RR]_(n, d)) (y : 'cV[RR]_n) (w ws : 'cV[RR]_d) (lam Lam : RR) (F : R ->
  layers RR dd),
  w != 0 -> 0 < lam -> cov_ge (d := dd) X lam -> cov_le (d := dd) X Lam ->
    normal_eq (d := dd) X y ws ->
  @gradient_flow dd n X y L w F -> (forall k, (k < L)%N -> F 0%Re k = W d L s om k) ->
  (@risk _ dd n X y L w (F 0%Re) - R1 (d := dd) X y ws <= cd3 * (lam * lam * sqn w) / Lam)%Re ->
  exists V : layers RR dd,
  [/\ (forall k, (k < L)%N -> mlim (fun t => F t k) (V k)),
      (forall t, (0 <= t)%Re -> (@risk _ dd n X y L w (F t) - R1 (d := dd) X y ws <=
        (@risk _ dd n X y L w (F 0%Re) - R1 (d := dd) X y ws) * exp (- (INR L * (4 * lam * cmu *
        sqn w)) * t))%Re),
      (forall U, @risk _ dd n X y L w V <= @risk _ dd n X y L w U) /\ @wprod _ dd V L w = ws,
      (forall k, (k < L)%N -> exists2 th : 'M[RR]_d, V k = W d L s om k +
        (L%:R)^-1 *: th & (norm th <= cd5)%Re)
    & exists S : R, [/\ @is_sharpness dd n X y L w V S,
      (2 * INR L * lam * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re,
      (S <= cd * (Lam / lam) * (2 * INR L * lam * Rpower (norm w) (2 / INR L) *
        Rpower (norm ws) (2 - 2 / INR L)))%Re
    & (S <= cd * Rpower (norm ws) (2 / INR L) * (Lam / lam) * (2 * INR L * lam *
      Rpower (norm ws) (2 - 2 / INR L)))%Re]].

Lemma good_trains4 om : good d L s u om -> trains4 C3c C5c (Mc ^ 8)%Re (/ Mc ^ 6)%Re om.
Proof.
move=> g n X y w ws lam Lam F w_nz lam0 hl hL we gf F0 small.
have w2 : 0 < sqn w by rewrite lt_def sqn_eq0 w_nz sqn_ge0.
have Lam0 : 0 < Lam.
  have := le_trans (hl w) (hL w); rewrite ler_pmul2r // => h; exact: lt_le_trans lam0 h.
have LR : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
have L1 : (1 <= INR L)%Re by have <- : INR 1 = 1%Re; [|apply: le_INR; apply/ssrnat.leP].
have p := Mc1; have mp : Mc != 0 :> RR by apply/eqP => z; have := Mc1; rewrite z => h;
  have : (4 <= 0)%Re := h; lra.
have M0 : 0 < (Mc : RR) by apply/RltP; rewrite -[0%R]/(0%Re); lra.
have m0 : 0 < (Mc : RR)^-1 by rewrite invr_gt0.
have c0 : 0 < (C5c : RR) by apply/RltP; exact: C5c0.
have ev := ball_event4 g F0 w; have evp := ball_prod4 g F0 w.
rewrite -C3c_eq in small.
have T := @theorem4 dd n X y L w F ws lam Lam _ _ _ _ C5c gf L0 w_nz lam0 hl hL we m0 (exprn_gt0 2
  m0) M0 (exprn_gt0 2 M0) c0 Lam0 ev small.
have [S [h1 h2 h3 h4 h5]] := @corollary4 dd n X y L w F ws lam Lam _ _ _ _ C5c gf L0 w_nz lam0 hl hL
  we m0 (exprn_gt0 2 m0) M0 (exprn_gt0 2 M0) c0 Lam0 ev small _ m0 evp.
have [_ hrisk [hlim _] hd [wE hmin]] := T.
exists (Winf F); split=> //.
- move=> t t0; have := hrisk t t0; rewrite /rate4.
  suff -> : ((((Mc : RR)^-1) ^+ 2 * (Mc : RR)^-1) * (((Mc : RR)^-1) ^+ 2 * (Mc : RR)^-1) = /
    Mc ^ 6)%Re by [].
  rewrite !expr2 -(RinvE mp) -!RmultE; field; lra.
- move=> k kL; exists (L%:R *: (Winf F k - W d L s om k)).
    by rewrite scalerA mulVf ?scale1r ?(addrC (W d L s om k)) ?subrK // pnatr_eq0 -lt0n.
  have := hd k kL; rewrite F0 // => h.
  rewrite normZ ger0_norm ?ler0n // -(INRE L) -RmultE.
  apply: (Rle_trans _ (INR L * (C5c / INR L)))%Re.
    by apply: Rmult_le_compat_l h; exact: Rlt_le.
  have -> : (INR L * (C5c / INR L) = C5c)%Re by field; lra.
  exact: Rle_refl.
have l0 : (0 < lam)%Re by exact/RltP.
have La0 : (0 < Lam)%Re by exact/RltP.
have eM : (Mc * ((Mc : RR) ^+ 2)%R * (Mc * ((Mc : RR) ^+ 2)%R) =
  Mc ^ 6)%Re by rewrite expr2 -RmultE /=; ring.
exists S; split=> //.
- apply: Rle_trans h4 _; rewrite eM -(RinvE mp) Rinv_involutive; last lra.
  apply: Rmult_le_compat_r.
    by repeat apply: Rmult_le_pos; try lra; apply/Rlt_le/exp_pos.
  apply: Rmult_le_compat_r; first by apply: Rmult_le_pos; [lra|apply/Rlt_le/Rinv_0_lt_compat].
  have -> : (Mc ^ 8 = Mc ^ 6 * Mc ^ 2)%Re by ring.
  apply: Rmult_le_compat_l; first by apply: pow_le; lra.
  rewrite -(Rpower_pow 2); last lra.
  apply: Rle_Rpower; first lra.
  have : (0 <= 2 / INR L)%Re by apply: Rmult_le_pos; [lra|apply/Rlt_le/Rinv_0_lt_compat].
  rewrite /=; lra.
- apply: Rle_trans h5 _; rewrite eM -(RinvE mp); apply: Req_le.
  have -> : (Mc ^ 6 / (/ Mc * / Mc) = Mc ^ 8)%Re by field; lra.
  by [].
Qed.
End Thm4.

(* u as a function of s: the range of Lemma 3 (sharp version) *)
Definition us (s : R) : R := (22 * s ^ 2 + 6 * s)%Re.

(* Theorem 4 and Corollary 4 with constants that depend on s only, all chosen before L, d, X, y,
   w *)
Theorem theorem4_corollary4 s : (0 < s)%Re -> forall d L : nat,
  ((us s / 0.43) ^ 2 <= INR L)%Re -> (4 <= INR d)%Re ->
  pr (Uall d L) (fun om => ~ trains4 d L s (exp (- 13 * s ^ 2 - 26 * us s) / 2 ^ 48) (exp (- 2 *
    s ^ 2 - 4 * us s) / 64) (2 ^ 16 * exp (4 * s ^ 2 + 8 * us s)) (exp (- 3 * s ^ 2 - 6 * us s) /
    2 ^ 12) om)%Re
     (5 * exp (- ((22 * s + 6) ^ 2 / 32 * INR d)))%Re.
Proof.
move=> s0 d L hL hd.
have u0 : (0 < us s)%Re by rewrite /us; nra.
have d4 : (4 <= d)%N by apply/ssrnat.leP/INR_le; rewrite [INR 4]/=; lra.
have q0 : (0 < (us s / 0.43) ^ 2)%Re by apply: pow_lt; lra.
have L0 : (0 < L)%N by apply/ssrnat.ltP/INR_lt; rewrite [INR 0]/=; lra.
have hu : (us s <= 0.43 * sqrt (INR L))%Re.
  have : (us s / 0.43 <= sqrt (INR L))%Re; last by lra.
  rewrite -(sqrt_pow2 (us s / 0.43)); last lra. by apply: sqrt_le_1_alt.
have ek : (INR d * us s ^ 2 / (32 * s ^ 2) = (22 * s + 6) ^ 2 / 32 * INR d)%Re by rewrite /us;
  field; lra.
rewrite -ek; apply: pr_mono (lemma3_sharp d4 L0 s0 (Rle_refl _) hu) => [om nt g|];
  last exact: Rle_refl.
apply: nt; have := good_trains4 d4 L0 u0 g; rewrite C3c_closed.
have -> : (Mc s (us s) ^ 8 = 2 ^ 16 * exp (4 * s ^ 2 + 8 * us s))%Re.
  have ex (x : R) m : (exp x ^ m = exp (x * INR m))%Re.
    by elim: m => [|m IH]; [rewrite Rmult_0_r exp_0|rewrite -tech_pow_Rmult IH -exp_plus S_INR;
      congr exp; ring].
  rewrite /Mc Rpow_mult_distr ex; congr Rmult; first by ring.
  by congr exp; rewrite [INR 8]/=; field.
have -> : (/ Mc s (us s) ^ 6 = exp (- 3 * s ^ 2 - 6 * us s) / 2 ^ 12)%Re.
  have ex (x : R) m : (exp x ^ m = exp (x * INR m))%Re.
    by elim: m => [|m IH]; [rewrite Rmult_0_r exp_0|rewrite -tech_pow_Rmult IH -exp_plus S_INR;
      congr exp; ring].
  have -> : (- 3 * s ^ 2 - 6 * us s = - ((s ^ 2 / 2 + us s) * INR 6))%Re by rewrite [INR 6]/=;
    field.
  rewrite exp_Ropp /Mc Rpow_mult_distr ex; have := exp_pos ((s ^ 2 / 2 + us s) * INR 6)%Re.
  by move: (exp _) => b b0; field; lra.
by [].
Qed.
