(* Theorem 4, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Limit Lemma9 UpperExpectation Gaussian GaussianLayer FixedStart NetArgument Lemma3Measure
  GaussianMeasure Theorem4Probability Measure.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* the constants of Theorem 4 *)
Lemma constants s : (0 < s)%Re -> [/\ 0 < c1 s, 0 < c3 s, 0 < c4 s, 0 < c5 s & 0 < cS s]%Re.
Proof.
move=> s0; have u0 : (0 < us s)%Re by rewrite /us; nra.
have p x : (0 < exp x)%Re := exp_pos x.
split.
- by rewrite /c1; apply: pow_lt; lra.
- by rewrite /c3; apply: Rdiv_lt_0_compat => //; apply: pow_lt; lra.
- by rewrite /c4; apply: Rdiv_lt_0_compat; [apply: pow_lt; nra|lra].
- by rewrite /c5; apply: Rdiv_lt_0_compat => //; lra.
- by rewrite /cS; apply: Rmult_lt_0_compat => //; apply: pow_lt; lra.
Qed.
Lemma five_sixteen a : (5 * exp a <= 16 * exp a)%Re.
Proof. by have := exp_pos a; lra. Qed.
Section Fixed.
Variables (d L : nat) (s C3 C5 CS Cmu : R) (N : Statements.array).
Hypothesis h4 : trains4 d L s C3 C5 CS Cmu N.
Notation dd := (fun=> d).
Lemma trains4_stated (n : nat) (X : 'M[RR]_(n, d)) (y : 'cV[RR]_n) (w ws : 'cV[RR]_d) (la La : R)
  (W : R -> layers RR dd) :
  w != 0 -> Statements.A1 (d := dd) X la La -> Statements.is_wstar (d := dd) X y ws ->
  Statements.gradient_flow (d := dd) X y (L := L) w W -> Statements.starts_at L s N (W 0%Re) ->
  (Statements.risk (d := dd) X y (L := L) w (W 0%Re) - Statements.R1 (d :=
    dd) X y ws <= C3 * (la * la * Statements.sqnorm w) / La)%Re ->
  exists V : layers RR dd, [/\ forall k, (k < L)%N -> mlim (fun t => W t k) (V k),
    Statements.minimizes (d := dd) X y (L := L) w V,
    forall k, (k < L)%N -> exists2 theta : 'M[RR]_d,
      V k = Statements.residual d L s N k + L%:R^-1 *: theta & (norm theta <= C5)%Re
  & exists S, [/\ is_sharpness (d := dd) X y (L := L) w V S,
      (Rpower (norm w) (2 / INR L) * Statements.Smin (d := dd) L la ws <= S)%Re
    & (S <= CS * Rpower (norm ws) (2 / INR L) * (La / la) * Statements.Smin (d :=
      dd) L la ws)%Re]].
Proof.
move=> w0 /A1_bounds [l0 hl hL _ _] hws /gradient_flowP hW h0 small.
have [V [hlim _ [hmin _] hth [S [hS lo _ up]]]] := h4 w0 l0 hl hL hws hW h0 small.
exists V; split=> //; first by move=> U; apply/RleP; exact: hmin.
exists S; split=> //; rewrite /Statements.Smin.
have swap (a b c : R) : (a * (b * c) = b * a * c)%Re by ring.
by rewrite swap; exact: lo.
Qed.
End Fixed.
Section Measure.
Variables (d L : nat) (s : R) (P : Statements.event -> R).
Hypotheses (hP : Statements.gaussian d L P) (s0 : (0 < s)%Re) (hL : (c1 s <= INR L)%Re)
  (hd : (4 <= INR d)%Re).
Lemma measure4 (A : Statements.event) : (forall N, trains4 d L s (c3 s) (c5 s) (cS s) (cmu s) N ->
  A N) ->
  (P (fun N => ~ A N) <= 16 * exp (- (c4 s * INR d)))%Re.
Proof.
move=> h; apply: Rle_trans (five_sixteen _).
apply: Rle_trans (theorem4_measure s0 hL hd (gaussian_on_openP hP) (proj1 hP)).
by apply: (proj1 hP) => N hN /h.
Qed.
End Measure.
Theorem theorem_4 : Statements.theorem_4.
Proof.
move=> s s0; have [p1 p3 p4 p5 _] := constants s0.
exists (c1 s), 4%Re, (c3 s), (c4 s), (c5 s); split=> //; first lra; split=> // d L P hP hL hd.
apply: (measure4 hP s0 hL hd) => N h4 n X y w ws la La W w0 hA1 hws hW h0 small.
have [V [hlim hmin hth _]] := trains4_stated h4 w0 hA1 hws hW h0 small.
by exists V.
Qed.
