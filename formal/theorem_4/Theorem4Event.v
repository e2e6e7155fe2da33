(* Theorem 4 in probability: on the event of Lemma 3, for every data set, head and gradient flow
   from that initialisation,
   a small initial risk keeps the flow in the ball and gives exponential decay.  The products from
   the top, W_L ... W_{k+1}, are
   bounded on the same event through (9), so no exchange of the order of the layers is needed. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Flatcert Require Import Linalg Lemma9 PolynomialFunction Network Risk Lemma8 Derivative
  GradientFlow Lemma1 Continuation Confinement UpperExpectation Gaussian Tails GaussianLayer
  FixedStart NetArgument Lemma3Constants Net Lemma3.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Transpose.
Variables (R : rcfType) (d : nat).
Implicit Type A : 'M[R]_d.
Lemma opnorm_tr A c : 0 <= c -> opnorm_le A c -> opnorm_le A^T c.
Proof.
move=> c0 h x; have [->|nz] := eqVneq (A^T *m x) 0; first by rewrite norm0 mulr_ge0 ?norm_ge0.
have n0 : 0 < norm (A^T *m x) by rewrite lt_def norm_eq0 nz norm_ge0.
rewrite -(ler_pmul2l n0) -expr2 norm_sqr {1}/sqn dot_mull trmxK.
apply: le_trans (CS _ _) _; have := h (A^T *m x) => h1.
rewrite mulrA [_ * c]mulrC [norm x * _]mulrC; apply: ler_wpmul2r => //; exact: norm_ge0.
Qed.
Lemma sigmin_tr A m : 0 < m -> sigmin_ge A m -> sigmin_ge A^T m.
Proof.
move=> m0 h x; have [->|nz] := eqVneq x 0; first by rewrite norm0 mulr0 norm_ge0.
have n0 : 0 < norm x by rewrite lt_def norm_eq0 nz norm_ge0.
have uA := sigmin_unit m0 h; pose z := invmx A *m x.
have e : A *m z = x by rewrite mulKVmx.
have h1 := h z; rewrite e in h1.
have h2 : norm x ^+ 2 <= norm z * norm (A^T *m x).
  by rewrite norm_sqr /sqn -{1}e dot_mull; exact: CS.
rewrite -(ler_pmul2l n0) mulrCA -expr2; apply: le_trans (ler_wpmul2l (ltW m0) h2) _.
by rewrite mulrA; apply: ler_wpmul2r => //; exact: norm_ge0.
Qed.
Lemma prods_ext (W V : nat -> 'M[R]_d) k : (forall j, W j = V j) -> prods W k = prods V k.
Proof. by move=> e; elim: k => //= k ->; rewrite e. Qed.
End Transpose.

Section Event.
Variables (R : rcfType) (d L : nat) (V : @layers R (fun _ => d)) (M m : R).
Hypotheses (M1 : 1 <= M) (m0 : 0 < m) (m1 : m <= 1).
Hypothesis hM : forall k, (0 < k <= L)%N -> opnorm_le (prods V k) M.
Hypothesis hm : forall k, (0 < k <= L)%N -> sigmin_ge (prods V k) m.
Let M0 : 0 < M. Proof. exact: lt_le_trans M1. Qed.
Notation bv := (@bvec R (fun _ => d) V L).
Lemma fwdE k : fwd V k = prods V k.
Proof. by elim: k => //= k ->. Qed.
Lemma hM0 k : (k <= L)%N -> opnorm_le (prods V k) M.
Proof. by case: k => [|k] kL; [move=> x; rewrite mul1mx ler_pemull ?norm_ge0|exact: hM]. Qed.
Lemma hm0 k : (k <= L)%N -> sigmin_ge (prods V k) m.
Proof. by case: k => [|k] kL; [move=> x; rewrite mul1mx ler_pimull ?norm_ge0|exact: hm]. Qed.
Lemma bvec_prods (w : 'cV[R]_d) k : (k <= L)%N -> (prods V k)^T *m bv w k =
  (prods V L)^T *m w :> 'cV[R]_d.
Proof.
move=> kL; have h x := @bvec_fwd R (fun _ => d) V L w x k kL.
apply/eqP; rewrite -subr_eq0 -sqn_eq0 /sqn; set D := (X in dot X _); rewrite {1}/D.
rewrite dotDl dotNl dot_mull trmxK -fwdE h /wprod fwdE subrr //.
Qed.
Lemma both_sides (w : 'cV[R]_d) k : (k < L)%N -> [/\ opnorm_le (fwd V k) (M /
  m), sigmin_ge (fwd V k) (m / M),
  norm (bv w k.+1) <= M / m * norm w & m / M * norm w <= norm (bv w k.+1)].
Proof.
move=> kL; have b := @bvec_prods w k.+1 kL; set z := bv w k.+1 in b *.
have u1 := opnorm_tr (ltW M0) (hM0 kL) z; have l1 := sigmin_tr m0 (hm0 kL) z.
have u2 := opnorm_tr (ltW M0) (hM0 (leqnn L)) w; have l2 := sigmin_tr m0 (hm0 (leqnn L)) w.
rewrite b in u1 l1; rewrite fwdE; split.
- move=> x; apply: le_trans (hM0 (ltnW kL) x) _; apply: ler_wpmul2r; first exact: norm_ge0.
  by rewrite ler_pdivl_mulr // ler_pimulr // ltW.
- move=> x; apply: le_trans (hm0 (ltnW kL) x); apply: ler_wpmul2r; first exact: norm_ge0.
  by rewrite ler_pdivr_mulr // ler_pemulr // ltW.
- rewrite mulrAC ler_pdivl_mulr // [X in X <= _]mulrC; exact: (le_trans l1 u2).
- rewrite mulrAC ler_pdivr_mulr // [X in _ <= X]mulrC; exact: (le_trans l2 u1).
Qed.
End Event.

Section Thm4.
Variables (d L : nat) (s u : R).
Hypotheses (d4 : (4 <= d)%N) (L0 : (0 < L)%N) (s0 : (0 < s)%Re).
Definition rad : RR := (exp (- 2 * s ^ 2 - 4 * u) / 64)%Re / L%:R.
Definition MM : RR := ((4 * exp (s ^ 2 / 2 + u))%Re : RR) / (exp (- (2 * s ^ 2 / INR d) - u) /
  4)%Re.
Definition mm : RR := ((exp (- (2 * s ^ 2 / INR d) - u) / 4)%Re : RR) / (4 * exp (s ^ 2 / 2 +
  u))%Re.

(* the conclusion of Theorem 4 for the initialisation omega *)
Definition trains (om : Omega) := forall (n : nat) (X : 'M[RR]_(n, d)) (y : 'cV[RR]_n) (w ws :
  'cV[RR]_d) (lam Lam : RR) (F : R -> layers RR (fun _ => d)),
  w != 0 -> 0 < lam -> 0 < Lam -> cov_ge X lam -> cov_le X Lam -> normal_eq X y ws ->
  @gradient_flow (fun _ => d) n X y L w F -> (forall k, (k < L)%N -> F 0%Re k = W d L s om k) ->
  let mu := L%:R * (4%:R * lam * (mm ^+ 2 * sqn w) * mm ^+ 2) in
  let G := 4%:R * Lam * (MM ^+ 2 * sqn w) * MM ^+ 2 in
  (2 / mu * sqrt (G * (@risk _ (fun _ => d) n X y L w (F 0) - R1 X y ws)) < rad)%Re ->
  forall t, (0 <= t)%Re -> (forall k, (k < L)%N -> (sqn (F t k - F 0%Re k) < rad * rad)%Re) /\
    (@risk _ (fun _ => d) n X y L w (F t) - R1 X y ws <= (@risk _ (fun _ => d) n X y L w (F 0%Re) -
      R1 X y ws) * exp (- mu * t))%Re.

Lemma good_trains om : (0 < u)%Re -> good d L s u om -> trains om.
Proof.
move=> u0 g n X y w ws lam Lam F w_nz lam0 Lam0 hl hL we gf F0 mu G small t t0.
have DR : (0 < INR d)%Re by apply: lt_0_INR; apply/ssrnat.ltP; apply: leq_trans d4.
have p1 := exp_pos (s ^ 2 / 2 + u)%Re; have p2 := exp_pos (- (2 * s ^ 2 / INR d) - u)%Re.
set M' : RR := (4 * exp (s ^ 2 / 2 + u))%Re; set m' : RR :=
  (exp (- (2 * s ^ 2 / INR d) - u) / 4)%Re.
have M1 : 1 <= M' by apply/RleP; rewrite /M' -[1%R]/(1%Re); have := exp_ineq1_le (s ^ 2 / 2 + u)%Re;
  have := pow2_ge_0 s; lra.
have m0 : 0 < m' by apply/RltP; rewrite /m' -[0%R]/(0%Re); lra.
have m1 : m' <= 1.
  apply/RleP; rewrite /m' -[1%R]/(1%Re); have : (exp (- (2 * s ^ 2 / INR d) - u) <= exp 0)%Re.
    apply: exp_le; have : (0 <= 2 * s ^ 2 / INR d)%Re by apply: Rmult_le_pos;
      [nra|exact/Rlt_le/Rinv_0_lt_compat]. lra.
  by rewrite exp_0; lra.
have M0 : 0 < M' by exact: lt_le_trans M1.
have L1 : 0 < L%:R :> RR by rewrite ltr0n.
have r0 : 0 < rad by rewrite /rad divr_gt0 //; apply/RltP; rewrite -[0%R]/(0%Re);
  have := exp_pos (- 2 * s ^ 2 - 4 * u)%Re; lra.
have ev : forall V : layers RR (fun _ => d), (forall k, (k < L)%N ->
  sqn (V k - F 0%Re k) <= rad ^+ 2) ->
  forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) MM, sigmin_ge (fwd V k) mm, norm (@bvec _ (fun _ =>
    d) V L w k.+1) <= MM * norm w & mm * norm w <= norm (@bvec _ (fun _ => d) V L w k.+1)].
  move=> V hV; pose th (j : nat) : 'M[RR]_d := L%:R *: (V j - W d L s om j).
  have hth k : (k < L)%N -> opnorm_le (th k) ((exp (- 2 * s ^ 2 - 4 * u) / 64)%Re : RR).
    move=> kL x; apply: le_trans (opnorm_le_frob _ _) _; apply: ler_wpmul2r; first exact: norm_ge0.
    rewrite normZ ger0_norm; last exact: ltW.
    have := hV k kL; rewrite F0 // -norm_sqr => h.
    have h2 : norm (V k - W d L s om k) <= rad by rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 //
      ltW.
    by apply: le_trans (ler_wpmul2l (ltW L1) h2) _; rewrite /rad mulrC divfK // gt_eqF.
  have e j : W d L s om j + (L%:R : RR)^-1 *: th j = V j by rewrite scalerA mulVf ?gt_eqF // scale1r
    addrC subrK.
  have gg := g th hth.
  apply: both_sides => // k kL; have [h1 h2] := gg k kL.
    by rewrite -(prods_ext k e); exact: h1.
  by rewrite -(prods_ext k e); exact: h2.
have MM0 : 0 < MM by rewrite /MM divr_gt0.
have mm0 : 0 < mm by rewrite /mm divr_gt0.
exact: (@theorem4_deterministic (fun _ => d) n X y L w F ws lam Lam mm MM rad gf L0 w_nz lam0 hl hL
  we mm0 MM0 r0 Lam0 ev small t t0).
Qed.

Theorem theorem4_probability : (64.5 * s ^ 2 + 10 * s <= u)%Re -> (u <= 0.65 * sqrt (INR L))%Re ->
  pr (Uall d L) (fun om => ~ trains om) (5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))))%Re.
Proof.
move=> h1 h2; have u0 : (0 < u)%Re by nra.
apply: pr_mono (lemma3 d4 L0 s0 h1 h2) => [om nt g|]; last exact: Rle_refl.
by apply: nt; exact: good_trains.
Qed.
End Thm4.
