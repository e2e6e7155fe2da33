(* Equation (7) in the form that is true, with the definitions of Statements.v:
   "for any W that minimizes R^L, S(W)^2 = lim_{xi -> 0} sup_{norm_F(W_k - V_k) <= xi}
    sum_k norm_F(grad_k(W) - grad_k(V))^2 / sum_k norm_F(W_k - V_k)^2". *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg Network Risk PolynomialDerivative Sharpness Bridge
  Equation7Printed Equation7Stated.
From Flatcert Require Import Equation7Minimiser.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Theorem equation_7_corrected (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
    (L : nat) (w : 'cV[RR]_(d L)) (W : Statements.layers d) (ws : 'cV[RR]_(d 0%N))
    (lambda Lambda S : R) :
  (0 < L)%N -> (forall k, (0 < d k)%N) -> w != 0 -> Statements.A1 X lambda Lambda ->
  Statements.is_wstar X y ws -> ws != 0 -> Statements.minimizes X y w W ->
  Statements.is_sharpness X y w W S ->
  forall epsilon : R, (0 < epsilon)%Re -> exists xi0 : R, (0 < xi0)%Re /\
    forall xi, (0 < xi < xi0)%Re -> exists s : R,
      is_lub (Statements.quotient X y w W xi) s /\ (Rabs (s - S * S) < epsilon)%Re.
Proof.
move=> L0 d0 w0 /A1_bounds [l0 hl _ n0 _] hws ws0 hmin hS ep ep0.
have hmin' U : risk X y w W <= risk X y w U by apply/RleP; exact: hmin.
have [xi0 [xi00 h]] := equation_7_corrected L0 n0 (fun k _ => d0 k) w0 ws0 l0 hl hws hmin' hS ep0.
exists xi0; split=> // xi hxi; have [s [[ub lub] hs]] := h xi hxi.
exists s; split=> //; split=> [v /quotientP|b hb]; first exact: ub.
by apply: lub => v /quotientP; exact: hb.
Qed.
