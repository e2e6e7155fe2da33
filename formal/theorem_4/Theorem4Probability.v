(* Theorem 4 and Corollary 4 in probability, with explicit constants depending on s only, and the
   disproof of the printed lower bound. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import OperatorNorm RealFacts Linalg Lemma9 PolynomialFunction Network Risk
  Lemma8 PolynomialDerivative Derivative GradientFlow Lemma1 Energy RealPower Sharpness Theorem2
  Limit Corollary2 Continuation UpperExpectation Gaussian Tails GaussianLayer FixedStart
  NetArgument Lemma3Constants Net Lemma3 Theorem4Event Rearrange Convergence Theorem4.
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
Lemma Mc_ge1 : 1 <= (Mc : RR). Proof. by apply/RleP; have := Mc1; rewrite -[1%R]/(1%Re); lra. Qed.
Lemma Mc_gt0 : 0 < (Mc : RR). Proof. exact: lt_le_trans ltr01 Mc_ge1. Qed.
Lemma Mc_inv_gt0 : 0 < (Mc : RR)^-1. Proof. by rewrite invr_gt0; exact: Mc_gt0. Qed.
Lemma Mc_inv_le1 : (Mc : RR)^-1 <= 1. Proof. by rewrite invf_le1 ?Mc_ge1 ?Mc_gt0. Qed.
Lemma Mc_nz : Mc != 0 :> RR. Proof. by rewrite gt_eqF // Mc_gt0. Qed.
Lemma C5c_gt0 : 0 < (C5c : RR). Proof. by apply/RltP; exact: C5c0. Qed.
(* the same constants in closed form *)
Lemma Mc_pow k : (Mc ^ k = 4 ^ k * exp ((s ^ 2 / 2 + u) * INR k))%Re.
Proof. by rewrite /Mc Rpow_mult_distr exp_pow. Qed.
Lemma C3c_closed : C3c = (exp (- 13 * s ^ 2 - 26 * u) / 2 ^ 48)%Re.
Proof.
rewrite /C3c /C5c Mc_pow; set A := (- 2 * s ^ 2 - 4 * u)%Re; set B := ((s ^ 2 / 2 + u) * INR 18)%Re.
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
by apply/RleP; rewrite -(RinvE Mc_nz); exact: mc_le.
Qed.

Lemma ball_event4 (w : 'cV[RR]_d) (V : layers RR dd) : (forall k, (k < L)%N ->
  (sqn (V k - F0 k) <= (C5c / INR L) * (C5c / INR L))%Re) ->
  forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) (Mc : RR), sigmin_ge (fwd V k) ((Mc : RR)^-1),
    norm (@bvec _ dd V L w k.+1) <= (Mc : RR) ^+ 2 * norm w & ((Mc : RR)^-1) ^+ 2 * norm w <=
      norm (@bvec _ dd V L w k.+1)].
Proof.
move=> hV k kL.
have hb := ball_prods hV.
have [h1 h2 h3 h4] := four_sides Mc_ge1 Mc_inv_gt0 Mc_inv_le1
  (fun k kL => (hb k kL).1) (fun k kL => (hb k kL).2) w kL.
by rewrite !expr2; split=> //; move: h3; rewrite invrK.
Qed.
Lemma ball_prod4 (w : 'cV[RR]_d) (V : layers RR dd) : (forall k, (k < L)%N ->
  (sqn (V k - F0 k) <= (C5c / INR L) * (C5c / INR L))%Re) ->
  (Mc : RR)^-1 * norm w <= norm (@wprod _ dd V L w).
Proof.
move=> hV; have hb := ball_prods hV.
exact: (prod_side Mc_inv_gt0 Mc_inv_le1 (fun k kL => (hb k kL).2) w).
Qed.

Lemma C3c_eq : C3 ((Mc : RR)^-1) (Mc : RR) (((Mc : RR)^-1) ^+ 2) ((Mc : RR) ^+ 2) (C5c : RR) = C3c.
Proof.
have p := Mc1.
rewrite /C3 /C3c !expr2 -(RinvE Mc_nz) -!RmultE; field; lra.
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

(* what Theorems 4 and 5 need of the start: on the ball around it the products from both sides are
   bounded from above and from below *)
Definition layers_event (om : Omega) (M m Mb mb C5 : RR) := forall F0 : layers RR dd,
  (forall k, (k < L)%N -> F0 k = W d L s om k) -> forall V : layers RR dd, (forall k, (k < L)%N ->
  (sqn (V k - F0 k) <= (C5 / INR L) * (C5 / INR L))%Re) -> forall w : 'cV[RR]_d,
  (forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) M, sigmin_ge (fwd V k) m,
    norm (@bvec _ dd V L w k.+1) <= Mb * norm w & mb * norm w <= norm (@bvec _ dd V L w k.+1)]) /\
  m * norm w <= norm (@wprod _ dd V L w).

(* a point of the ball in the form of Lemma 3's theta *)
Lemma theta_of (C5 : R) (A B : 'M[RR]_d) : (norm (A - B) <= C5 / INR L)%Re ->
  exists2 th : 'M[RR]_d, A = B + (L%:R)^-1 *: th & (norm th <= C5)%Re.
Proof.
have LR : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
move=> h; exists (L%:R *: (A - B)).
  by rewrite scalerA mulVf ?scale1r ?(addrC B) ?subrK // pnatr_eq0 -lt0n.
rewrite normZ ger0_norm ?ler0n // -(INRE L) -RmultE.
have -> : C5 = (INR L * (C5 / INR L))%Re by field; lra.
by apply: Rmult_le_compat_l h; exact: Rlt_le.
Qed.

Lemma event_trains4 om (M m Mb mb C5 : RR) : 0 < M -> 0 < m -> m <= 1 -> 0 < Mb -> 0 < mb ->
  0 < C5 -> layers_event om M m Mb mb C5 ->
  trains4 (C3 m M mb Mb C5) C5 (M * Mb * (M * Mb) / (m * m))%Re ((mb * m) * (mb * m))%Re om.
Proof.
move=> M0 m0 m1 Mb0 mb0 c0 event n X y w ws lam Lam F w_nz lam0 hl hL we gf F0 small.
have Lam0 : 0 < Lam := cov_gt0 hl hL w_nz lam0.
have ev V hV := (event _ F0 V hV w).1; have evp V hV := (event _ F0 V hV w).2.
have [_ hrisk [hlim _] hd [wE hmin]] := @theorem4 dd n X y L w F ws lam Lam _ _ _ _ C5 gf L0 w_nz
  lam0 hl hL we m0 mb0 M0 Mb0 c0 Lam0 ev small.
have [S [h1 h2 _ h4 h5]] := @corollary4 dd n X y L w F ws lam Lam _ _ _ _ C5 gf L0 w_nz lam0 hl hL
  we m0 mb0 M0 Mb0 c0 Lam0 ev small _ m0 evp.
exists (Winf F); split; [exact: hlim|exact: hrisk|by []| |].
  by move=> k kL; apply: theta_of; rewrite -F0 //; exact: hd.
exists S; split; [exact: h1|exact: h2| |exact: h5]; apply: Rle_trans h4 _.
have l0 : (0 < lam)%Re by exact/RltP. have La0 : (0 < Lam)%Re by exact/RltP.
have mp : (0 < m)%Re by exact/RltP. have m1' : (m <= 1)%Re by exact/RleP.
have L1 : (1 <= INR L)%Re by have <- : INR 1 = 1%Re; [|apply: le_INR; apply/ssrnat.leP].
apply: Rmult_le_compat_r.
  by repeat apply: Rmult_le_pos; try lra; apply/Rlt_le/exp_pos.
apply: Rmult_le_compat_r; first by apply: Rmult_le_pos; [lra|apply/Rlt_le/Rinv_0_lt_compat].
apply: Rmult_le_compat_l; first exact: Rle_0_sqr.
have i0 : (0 < / m)%Re by apply: Rinv_0_lt_compat.
have -> : (/ (m * m) = Rpower (/ m) 2)%Re.
  have -> : (/ (m * m) = (/ m) ^ 2)%Re by field; lra.
  by rewrite -(Rpower_pow 2 _ i0) [INR 2]/=; congr (Rpower _ _); ring.
apply: Rle_Rpower; first by rewrite -Rinv_1; apply: Rinv_le_contravar; lra.
have : (0 <= 2 / INR L)%Re by apply: Rmult_le_pos; [lra|apply/Rlt_le/Rinv_0_lt_compat; lra].
lra.
Qed.

Lemma good_event om : good d L s u om ->
  layers_event om (Mc : RR) ((Mc : RR)^-1) ((Mc : RR) ^+ 2) (((Mc : RR)^-1) ^+ 2) (C5c : RR).
Proof.
by move=> g F0 start V hV w; split; [exact: ball_event4 g start w V hV|exact: ball_prod4 g start w
  V hV].
Qed.
Lemma rate_c : (((Mc : RR)^-1 ^+ 2 * (Mc : RR)^-1)%R * ((Mc : RR)^-1 ^+ 2 * (Mc : RR)^-1)%R =
  / Mc ^ 6)%Re.
Proof. by have p := Mc1; rewrite !expr2 -(RinvE Mc_nz) -!RmultE; field; lra. Qed.

Lemma good_trains4 om : good d L s u om -> trains4 C3c C5c (Mc ^ 8)%Re (/ Mc ^ 6)%Re om.
Proof.
move=> g; have p := Mc1.
have := event_trains4 Mc_gt0 Mc_inv_gt0 Mc_inv_le1 (exprn_gt0 2 Mc_gt0) (exprn_gt0 2 Mc_inv_gt0)
  C5c_gt0 (good_event g).
rewrite C3c_eq rate_c; congr (trains4 _ _ _ _ _).
by rewrite expr2 -(RinvE Mc_nz) -!RmultE; field; lra.
Qed.
End Thm4.

(* u as a function of s: the range of Lemma 3 (sharp version) *)
Definition us (s : R) : R := (22 * s ^ 2 + 6 * s)%Re.

Definition c1 (s : R) : R := ((us s / 0.43) ^ 2)%Re.
Definition c3 (s : R) : R := (exp (- 13 * s ^ 2 - 26 * us s) / 2 ^ 48)%Re.
Definition c4 (s : R) : R := ((22 * s + 6) ^ 2 / 32)%Re.
Definition c5 (s : R) : R := (exp (- 2 * s ^ 2 - 4 * us s) / 64)%Re.
Definition cS (s : R) : R := (2 ^ 16 * exp (4 * s ^ 2 + 8 * us s))%Re.
Definition cmu (s : R) : R := (exp (- 3 * s ^ 2 - 6 * us s) / 2 ^ 12)%Re.

Lemma range_s s (d L : nat) : (0 < s)%Re -> (c1 s <= INR L)%Re -> (4 <= INR d)%Re ->
  [/\ (0 < us s)%Re, (4 <= d)%N, (0 < L)%N, (us s <= 0.43 * sqrt (INR L))%Re
  & (INR d * us s ^ 2 / (32 * s ^ 2) = c4 s * INR d)%Re].
Proof.
rewrite /c1 => s0 hL hd; have u0 : (0 < us s)%Re by rewrite /us; nra.
have q0 : (0 < (us s / 0.43) ^ 2)%Re by apply: pow_lt; lra.
split=> //; last by rewrite /us /c4; field; lra.
- by apply/ssrnat.leP/INR_le; rewrite [INR 4]/=; lra.
- by apply/ssrnat.ltP/INR_lt; rewrite [INR 0]/=; lra.
have : (us s / 0.43 <= sqrt (INR L))%Re; last by lra.
by rewrite -(sqrt_pow2 (us s / 0.43)); [exact: sqrt_le_1_alt|lra].
Qed.
Lemma cS_eq s : (Mc s (us s) ^ 8 = cS s)%Re.
Proof.
rewrite Mc_pow /cS [INR 8]/=; have -> : (4 ^ 8 = 2 ^ 16)%Re by ring.
by congr (_ * exp _)%Re; field.
Qed.
Lemma cmu_eq s : (/ Mc s (us s) ^ 6 = cmu s)%Re.
Proof.
rewrite Mc_pow /cmu [INR 6]/=.
have -> : (- 3 * s ^ 2 - 6 * us s = - ((s ^ 2 / 2 + us s) * (1 + 1 + 1 + 1 + 1 + 1)))%Re by field.
rewrite exp_Ropp; have := exp_pos ((s ^ 2 / 2 + us s) * (1 + 1 + 1 + 1 + 1 + 1))%Re.
by move: (exp _) => b b0; field; lra.
Qed.
Lemma closed4 s d L om : (0 < s)%Re -> (4 <= d)%N -> (0 < L)%N -> good d L s (us s) om ->
  trains4 d L s (c3 s) (c5 s) (cS s) (cmu s) om.
Proof.
move=> s0 d4 L0 g; have u0 : (0 < us s)%Re by rewrite /us; nra.
by rewrite /c3 -C3c_closed -cS_eq -cmu_eq; exact: good_trains4.
Qed.

(* Theorem 4 and Corollary 4 with constants that depend on s only, all chosen before L, d, X, y,
   w *)
Theorem theorem4_corollary4 s : (0 < s)%Re -> forall d L : nat,
  ((us s / 0.43) ^ 2 <= INR L)%Re -> (4 <= INR d)%Re ->
  pr (Uall d L) (fun om => ~ trains4 d L s (exp (- 13 * s ^ 2 - 26 * us s) / 2 ^ 48) (exp (- 2 *
    s ^ 2 - 4 * us s) / 64) (2 ^ 16 * exp (4 * s ^ 2 + 8 * us s)) (exp (- 3 * s ^ 2 - 6 * us s) /
    2 ^ 12) om)%Re
     (5 * exp (- ((22 * s + 6) ^ 2 / 32 * INR d)))%Re.
Proof.
move=> s0 d L hL hd; have [u0 d4 L0 hu ek] := range_s s0 hL hd.
rewrite -/(c4 s) -ek; apply: pr_mono (lemma3_sharp d4 L0 s0 (Rle_refl _) hu) => [om nt g|];
  last exact: Rle_refl.
by apply: nt; exact: closed4.
Qed.
