(* Headline forms: Theorem 2 sharpened for every minimiser; Corollary 3, both sides, without
   (A3). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Theorem1 Linalg PolynomialFunction Network Risk Lemma8 RootFree
  Minimiser PolynomialDerivative RealPower Sharpness Theorem2 Derivative GradientFlow Lemma1
  OperatorBound Balanced OperatorNorm Lemma2 Limit Corollary2 Corollary3 RayleighAlgebra Rayleigh
  FourthLine Corollary3Sharp.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* q = w*^T Sigma w* / |w*|^2 >= lam, r = |Sigma w*|^2 / w*^T Sigma w* >= q; s k = |W_k|_2 *)
Theorem theorem2_sharp (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat)
  (w : 'cV[RR]_(d L))
  (W : layers RR d) (ws : 'cV[RR]_(d 0%N)) (lam : RR) (s : nat -> RR) :
  (0 < L)%N -> (0 < n)%N -> (forall k, (0 < k < L)%N -> (0 < d k)%N) -> w != 0 -> ws != 0 ->
  0 < lam -> cov_ge X lam -> normal_eq X y ws ->
  (forall W', risk X y w W <= risk X y w W') -> (forall k, (k < L)%N -> is_opnorm (W k) (s k)) ->
  let q := q_ray X ws in let r := r_ray X ws in
  exists S, [/\ is_sharpness X y w W S, lam <= q, q <= r,
   (2 * INR L * (Rpower q (1 - 1 / INR L) * Rpower r (1 / INR L)) * Rpower (norm w) (2 / INR L) *
     Rpower (norm ws) (2 - 2 / INR L) <= S)%Re
   & 2%:R * q * sqn ws * (\sum_(k < L) (s k ^+ 2)^-1) <= S].
Proof.
move=> L0 n0 d0 w0 ws0 l0 hl hws hmin hs q r.
have wsE := minimiser_wprod L0 w0 d0 hws l0 hl n0 hmin.
have [S hS] := sharpness_exists hws wsE ws0 L0; exists S; split=> //.
- exact: q_ge_lam.
- exact: r_ge_q l0 hl ws0.
- exact: (thm2_second_sharp hws wsE l0 hl ws0 L0 hS).
apply: (thm2_first_q hws wsE l0 hl ws0 L0 hS) => k kL; have [s0 h _] := hs k kL; split=> //.
rewrite lt_def s0 andbT; apply/eqP => z; have nz := layer_nz wsE ws0 kL.
have W0 : W k = 0.
  apply/matrixP => i j; have := h (delta_mx j 0); rewrite z mul0r => h1.
  have : norm (W k *m delta_mx j 0 : 'cV[RR]_(d k.+1)) == 0 by rewrite eq_le h1 norm_ge0.
  rewrite norm_eq0 => /eqP /matrixP /(_ i 0); rewrite !mxE (bigD1 j) //= big1 ?addr0 => [|l lj].
    by rewrite !mxE !eqxx mulr1.
  by rewrite mxE (negbTE lj) mulr0.
by rewrite W0 eqxx in nz.
Qed.

Theorem corollary3_both (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat)
  (w : 'cV[RR]_(d L))
  (W : R -> layers RR d) (ws : 'cV[RR]_(d 0%N)) (lam Lam : RR) (e : nat -> RR) :
  gradient_flow X y w W -> (0 < L)%N -> d L = 1%N -> sqn w = 1 -> 0 < lam -> cov_ge X lam ->
    cov_le X Lam -> normal_eq X y ws ->
  risk X y w (W 0%Re) <= R1 X y 0 -> (exists2 k, (k < L)%N & gradk X y w (W 0%Re) k != 0) ->
  (forall k, (k.+1 < L)%N -> opnorm_le (imb W k) (e k)) -> (forall k, 0 <= e k) ->
  let Smin := (2 * INR L * lam * Rpower (norm ws) (2 - 2 / INR L))%Re in
  exists S : R, [/\ is_sharpness X y w (Winf W) S, (Smin <= S)%Re &
   (S <= Lam / lam * pow (1 + 2 * esum e L.-1 / Rpower (norm ws) (2 / INR L)) L.-1 * Smin)%Re].
Proof.
move=> hW L0 dL w1 l0 hl hLam hws A2r A2g he e0 Smin.
have [S [hS h]] := corollary3_ratio hW L0 dL w1 l0 hl hLam hws A2r A2g he e0; exists S; split=> //.
have [_ [wsE _]] := corollary2 hW L0 dL w1 l0 hl hws A2r A2g.
have ws0 := A2_ws_nz hW hws A2r A2g.
exact: theorem1 L0 w1 ws0 (ltW l0) hl hws wsE hS.
Qed.
