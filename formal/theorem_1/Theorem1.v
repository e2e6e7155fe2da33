From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Theorem2 RootFree Minimiser Derivative GradientFlow Lemma1 Energy Lemma9
  Continuation Confinement TwoSidedEvent.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* Theorem 1 of the paper from Thm2.thm2_second: d_L = 1, |w| = 1, lam >= 0, no (A1) *)
Theorem theorem1 (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w : 'cV[RR]_(d L)) (W
  : layers RR d) ws lam S :
  (0 < L)%N -> sqn w = 1 -> ws != 0 -> 0 <= lam -> cov_ge X lam -> normal_eq X y ws ->
    wprod W w = ws -> is_sharpness X y w W S ->
  (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re.
Proof.
move=> L0 w1 ws0 l0 hl hws wsE hS; have := thm2_second hws wsE l0 hl ws0 L0 hS.
by rewrite /norm w1 sqrtr1 /Rpower ln_1 Rmult_0_r exp_0 Rmult_1_r.
Qed.

(* the hypotheses of theorem4_deterministic are satisfiable for every width D and depth L: identity,
   at the minimum *)
Section Inst2.
Variables (D L : nat).
Hypotheses (L0 : (0 < L)%N) (D0 : (0 < D)%N).
Let d (k : nat) := D.
Variable w : 'cV[RR]_D.
Hypothesis w0 : w != 0.
Let wL : 'cV[RR]_(d L) := w.
Let X : 'M[RR]_(D, d 0%N) := 1%:M.
Let y : 'cV[RR]_D := w.
Let W (t : R) : layers RR d := fun k => 1%:M.
Lemma prods1 (V : nat -> 'M[RR]_D) k : (forall i, V i = 1%:M) -> prods V k = 1%:M.
Proof. by move=> h; elim: k => //= k ->; rewrite h mul1mx. Qed.
Lemma wp1 t : wprod (W t) wL = w.
Proof. by rewrite /wprod (_ : fwd (W t) L = 1%:M) ?trmx1 ?mul1mx //; elim: L => //= k ->;
  rewrite mul1mx. Qed.
Lemma flow1 : gradient_flow X y wL W.
Proof.
move=> t t0 k kL i j; have -> : gradk X y wL (W t) k = 0.
  by rewrite /gradk wp1 /gradR1 /X mul1mx subrr mulmx0 scaler0 /grad5 trmx0 mulmx0 mul0mx.
rewrite oppr0; exact: (mderive_cst (1%:M : 'M[RR]_D) t i j).
Qed.
Theorem thm4_instance t : (0 <= t)%Re -> exists r : RR, 0 < r /\ forall k, (k < L)%N ->
  (sqn (W t k - W 0%Re k) < r * r)%Re.
Proof.
move=> t0; pose m : RR := 2%:R^-1; pose M : RR := 1.
have i0 : 0 < (D%:R : RR) by rewrite ltr0n.
have l0 : 0 < (L%:R : RR) by rewrite ltr0n.
have m0 : 0 < m by rewrite invr_gt0 ltr0n.
have m1 : m < 1 by rewrite invf_lt1 ?ltr0n // ltr1n.
have r1 x : norm x <= M * norm x :> RR by rewrite mul1r.
have one (x : 'cV[RR]_D) : norm (1%:M *m x) <= M * norm x by rewrite mul1mx mul1r.
have two (x : 'cV[RR]_D) : m * norm x <= norm (1%:M *m x) by rewrite mul1mx ler_pimull ?norm_ge0 //
  ltW.
have rv1 i : rv L (W 0%Re) i = 1%:M by rewrite /rv trmx1.
set r := m ^+ 2 / (4%:R * M ^+ 2) / L%:R.
have r0 : 0 < r by apply: divr_gt0 => //; apply: divr_gt0; [exact: exprn_gt0|apply: mulr_gt0;
  [by rewrite ltr0n|exact: exprn_gt0 ltr01]].
exists r; split=> // k kL.
have ev' : forall V : layers RR d, (forall k, (k < L)%N -> sqn (V k - W 0%Re k) <= r ^+ 2) ->
  forall k, (k < L)%N -> [/\ opnorm_le (fwd V k) (2%:R * M), sigmin_ge (fwd V k) (m / 2%:R),
    norm (bvec V wL k.+1) <= 2%:R * M * norm wL & m / 2%:R * norm wL <= norm (bvec V wL k.+1)].
  by apply: (@event D L wL W M m L0 (lexx 1) m0 m1) => q _ x; rewrite prods1.
have hn (v : 'cV[RR]_D) : (D%:R)^-1 * sqn (X *m v) = (D%:R)^-1 * sqn v by rewrite mul1mx.
have hl : cov_ge X (D%:R)^-1 by move=> v; rewrite hn.
have hL : cov_le X (D%:R)^-1 by move=> v; rewrite hn.
have ne : normal_eq X y w by rewrite /normal_eq /X trmx1 !mul1mx.
have iD : 0 < (D%:R)^-1 :> RR by rewrite invr_gt0.
have m2 : 0 < m / 2%:R by rewrite divr_gt0 ?ltr0n.
have M2 : 0 < 2%:R * M by rewrite mulr_gt0 ?ltr0n ?ltr01.
have := @theorem4_deterministic d D X y L wL W w _ _ (m / 2%:R) (2%:R *
  M) r flow1 L0 w0 iD hl hL ne m2 M2 r0 iD ev'.
rewrite {1}/risk wp1 Rminus_eq_0 Rmult_0_r sqrt_0 Rmult_0_r.
by move=> /(_ (elimT (RltP _ _) r0) t t0) [h _]; exact: h.
Qed.
End Inst2.
