(* Section 5 of the paper, no flow among the hypotheses: for a Gaussian start of the residual
  network
   the flow exists and is unique, and but for an event of probability at most 16 exp(-C_4 d) it
   converges as Theorems 4 and 5 and Corollary 4 say, for all data and heads at once.
   Constants depend on s only, and are chosen first. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Network Risk Derivative GradientFlow Sharpness Limit Covariance
  UpperExpectation Gaussian GaussianLayer FixedStart Existence Corollary2Existence Multivariate
  Theorem4Probability Theorem5 Measure MultivariateFlow FromStart.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section FromStart.
Variables (d L : nat) (s : R).
Notation dd := (fun _ : nat => d).

(* The conclusion of Theorem 4 and of the corrected Corollary 4 at the noise om, for all data and
   heads: the flow W from W_k(0) = I + s/sqrt(L d) N_k exists, is unique, and, when its initial risk
   is at most R_min + C_3 lambda^2 |w|^2/Lambda, has a limit V, a global minimiser within C_5/L of
   the start, at the printed rate, whose sharpness has both bounds. *)
Definition theorem_4_conclusion (C3 C5 C Cmu : R) (om : Omega) :=
  forall (n : nat) (X : 'M[RR]_(n, d)) (y : 'cV[RR]_n) (w ws : 'cV[RR]_d) (lam Lam : RR),
  (0 < n)%N -> w != 0 -> 0 < lam -> is_smallest_eigenvalue (@covariance dd n X) lam ->
  is_largest_eigenvalue (@covariance dd n X) Lam -> normal_eq (d := dd) X y ws ->
  let W0 : layers RR dd := W d L s om in
  let excess (U : layers RR dd) : R := (@risk _ dd n X y L w U - R1 (d := dd) X y ws)%Re in
  exists F : R -> layers RR dd, @is_the_flow dd n X y L w W0 F /\
  ((excess W0 <= C3 * (lam * lam * sqn w) / Lam)%Re -> exists (V : layers RR dd) (S : R),
  [/\ forall k, (k < L)%N -> mlim (fun t => F t k) (V k),
      forall t, (0 <= t)%Re ->
        (excess (F t) <= excess W0 * exp (- (INR L * (4 * lam * Cmu * sqn w)) * t))%Re,
      @wprod _ dd V L w = ws /\ (forall U, @risk _ dd n X y L w V <= @risk _ dd n X y L w U),
      forall k, (k < L)%N -> exists2 th : 'M[RR]_d, V k = W0 k + (L%:R)^-1 *: th & (norm th <=
        C5)%Re
    & [/\ @is_sharpness dd n X y L w V S,
      (2 * INR L * lam * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L) <= S)%Re,
      (S <= C * (Lam / lam) *
        (2 * INR L * lam * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L)))%Re
    & (S <= C * Rpower (norm ws) (2 / INR L) * (Lam / lam) *
        (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L)))%Re]]).

Lemma trains4_conclusion C3 C5 C Cmu om :
  trains4 d L s C3 C5 C Cmu om -> theorem_4_conclusion C3 C5 C Cmu om.
Proof.
move=> h n X y w ws lam Lam n0 w0 l0 hl hL hws W0 excess.
have [F [F0 hF hu]] := @the_flow_exists dd n X y L w W0; exists F; split=> // small.
have small' : (@risk _ dd n X y L w (F 0%Re) - R1 (d := dd) X y ws <= C3 * (lam * lam * sqn w) /
  Lam)%Re.
  by rewrite F0.
have F0' k : (k < L)%N -> F 0%Re k = W d L s om k by rewrite F0.
have [V [h1 h2 [h3 h3'] h4 [S [h5 h6 h7 h8]]]] := h n X y w ws lam Lam F w0 l0
  (smallest_eigenvalue_bound hl) (largest_eigenvalue_bound hL) hws hF F0' small'.
by exists V, S; split=> // t t0; have := h2 t t0; rewrite F0.
Qed.

(* The conclusion of Theorem 5. *)
Definition theorem_5_conclusion (C3 C5 Cmu : R) (om : Omega) :=
  forall (n : nat) (X Y : 'M[RR]_(n, d)) (As : 'M[RR]_d) (lam Lam : RR),
  (0 < n)%N -> 0 < lam -> is_smallest_eigenvalue (@covariance dd n X) lam ->
  is_largest_eigenvalue (@covariance dd n X) Lam -> @normal_eqm _ dd n X L Y As ->
  let W0 : layers RR dd := W d L s om in
  let excess (U : layers RR dd) : R := (@riskm _ dd n X L Y U - @Rm _ dd n X L Y As)%Re in
  exists F : R -> layers RR dd,
  [/\ F 0%Re = W0, @gradient_flowm dd n X L Y F,
      forall G : R -> layers RR dd, G 0%Re = W0 -> @gradient_flowm dd n X L Y G ->
        forall t, (0 <= t)%Re -> forall k, (k < L)%N -> G t k = F t k &
  (excess W0 <= C3 * (lam * lam) / Lam)%Re -> exists V : layers RR dd,
  [/\ forall k, (k < L)%N -> mlim (fun t => F t k) (V k),
      forall t, (0 <= t)%Re ->
        (excess (F t) <= excess W0 * exp (- (INR L * (4 * lam * Cmu)) * t))%Re,
      fwd V L = As /\ (forall U, @riskm _ dd n X L Y V <= @riskm _ dd n X L Y U)
    & forall k, (k < L)%N -> exists2 th : 'M[RR]_d, V k = W0 k + (L%:R)^-1 *: th & (norm th <=
      C5)%Re]].

Lemma trains5_conclusion C3 C5 Cmu om :
  trains5 d L s C3 C5 Cmu om -> theorem_5_conclusion C3 C5 Cmu om.
Proof.
move=> h n X Y As lam Lam n0 l0 hl hL hws W0 excess.
have [F [[F0 hF] hu]] := @multivariate_flow_exists_unique dd n X L Y W0.
exists F; split=> // small.
have small' : (@riskm _ dd n X L Y (F 0%Re) - @Rm _ dd n X L Y As <= C3 * (lam * lam) / Lam)%Re.
  by rewrite F0.
have F0' k : (k < L)%N -> F 0%Re k = W d L s om k by rewrite F0.
have [V [h1 h2 [h3 h3'] h4]] := h n X Y As lam Lam F l0
  (smallest_eigenvalue_bound hl) (largest_eigenvalue_bound hL) hws hF F0' small'.
by exists V; split=> // t t0; have := h2 t t0; rewrite F0.
Qed.
End FromStart.

(* Theorem 4 and Corollary 4 (lower bound corrected), C_1 .. C_5 and C of s alone, chosen first *)
Theorem theorem_4_from_start s : (0 < s)%Re -> exists C1 C2 C3 C4 C5 C Cmu : R,
  [/\ (0 < C1)%Re /\ (0 < C2)%Re, (0 < C3)%Re /\ (0 < C4)%Re, (0 < C5)%Re,
    (0 < C)%Re /\ (0 < Cmu)%Re &
  forall d L : nat, (C1 <= INR L)%Re -> (C2 <= INR d)%Re ->
  pr (Uall d L) (fun om => ~ theorem_4_conclusion d L s C3 C5 C Cmu om) (16 * exp (- (C4 * INR
    d)))%Re].
Proof.
move=> s0; have [C1 [C2 [C3 [C4 [C5 [C [Cmu [h1 h2 h3 h4 h]]]]]]]] := theorem4_shape s0.
exists C1, C2, C3, C4, C5, C, Cmu; split=> // d L hL hd.
apply: pr_mono (h d L hL hd); last exact: Rle_refl.
by move=> om bad good; apply: bad; exact: trains4_conclusion.
Qed.

(* Theorem 5 *)
Theorem theorem_5_from_start s : (0 < s)%Re -> exists C1 C2 C3 C4 C5 Cmu : R,
  [/\ (0 < C1)%Re /\ (0 < C2)%Re, (0 < C3)%Re /\ (0 < C4)%Re, (0 < C5)%Re, (0 < Cmu)%Re &
  forall d L : nat, (C1 <= INR L)%Re -> (C2 <= INR d)%Re ->
  pr (Uall d L) (fun om => ~ theorem_5_conclusion d L s C3 C5 Cmu om) (16 * exp (- (C4 * INR
    d)))%Re].
Proof.
move=> s0; have [C1 [C2 [C3 [C4 [C5 [Cmu [h1 h2 h3 h4 h]]]]]]] := theorem5_shape s0.
exists C1, C2, C3, C4, C5, Cmu; split=> // d L hL hd.
apply: pr_mono (h d L hL hd); last exact: Rle_refl.
by move=> om bad good; apply: bad; exact: trains5_conclusion.
Qed.

