From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative RealPower Sharpness Theorem2 Derivative GradientFlow Lemma1 Energy.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* (A1) gives existence of w* , and uniqueness *)
Lemma ws_exists (R : rcfType) (d : nat -> nat) n (X : 'M[R]_(n, d 0%N)) (y : 'cV[R]_n) lam :
  0 < lam -> cov_ge X lam -> (0 < n)%N -> exists ws, normal_eq X y ws.
Proof.
move=> l0 hl n0.
have n0' : 0 < (n%:R : R) by rewrite ltr0n.
have hs : sigmin_ge (X^T *m X) (n%:R * lam).
  move=> v; have [->|nz] := eqVneq v 0; first by rewrite mulmx0 !norm0 mulr0.
  have p : 0 < norm v by rewrite lt_def norm_eq0 nz norm_ge0.
  rewrite -(ler_pmul2r p); apply: le_trans (_ : dot (X^T *m X *m v) v <= _); last exact: CS.
  rewrite -mulrA -expr2 norm_sqr -mulmxA dot_mull trmxK -/(sqn _) -mulrA.
  by have := hl v; rewrite ler_pdivl_mull.
have u := sigmin_unit (mulr_gt0 n0' l0) hs.
by exists (invmx (X^T *m X) *m (X^T *m y)); rewrite /normal_eq mulKVmx.
Qed.
(* Theorem 2 hypotheses: a minimiser exists for every data set and every positive widths *)
Lemma minimiser_exists (R : rcfType) (d : nat -> nat) n (X : 'M[R]_(n, d 0%N)) (y : 'cV[R]_n) L (w :
  'cV_(d L)) ws :
  (0 < L)%N -> w != 0 -> (forall k, (0 < k < L)%N -> (0 < d k)%N) -> normal_eq X y ws ->
  exists W : layers R d, forall W', risk X y w W <= risk X y w W'.
Proof.
move=> L0 w0 d0 hws; have e := wprod_Wst ws L0 w0 d0; move: e.
match goal with |- wprod ?W0 _ = _ -> _ => move=> e; exists W0 => W' end.
by rewrite /risk e (lemma8_identity hws (wprod W' w)) ler_addl mulr_ge0 ?nV_ge0 ?sqn_ge0.
Qed.


Lemma ext1 (f : R -> R) (g : R) : (forall eps : R, (0 < eps)%Re -> exists de : R, (0 < de)%Re /\
     forall h, (0 < h < de)%Re -> (Rabs ((f h - f 0) / h - g) < eps)%Re) ->
  is_derive (fun s => if Rle_dec 0 s then f s else f 0 + s * g)%Re 0%Re g.
Proof.
move=> h0; apply/is_derive_Reals => eps e0; have [de [de0 hd]] := h0 eps e0.
exists (mkposreal de de0) => h hn hh; rewrite Rplus_0_l.
case: (Rle_dec 0 0) => [a1|]; last by move=> h9; exfalso; lra.
case: Rle_dec => hs.
  by apply: hd; have := Rabs_def2 _ _ hh; simpl; lra.
have -> : ((f 0 + h * g - f 0) / h - g = 0)%Re by field.
by rewrite Rabs_R0.
Qed.
(* a flow on [0,oo) with one-sided derivative at 0 extends to a two-sided one with the same W on t
   >= 0 *)
Lemma extend_flow (d : nat -> nat) n (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) L (w : 'cV_(d L)) (W :
  R -> layers RR d) :
  (forall t, (0 < t)%Re -> forall k, (k < L)%N -> mderive (fun s => W s k) t (- gradk X y w (W t)
    k)) ->
  (forall k, (k < L)%N -> forall i j, forall eps : R, (0 < eps)%Re -> exists de : R, (0 < de)%Re /\
     forall h, (0 < h < de)%Re -> (Rabs ((W h k i j - W 0%Re k i j) / h -
       ((- gradk X y w (W 0%Re) k)%R i j : R)) < eps)%Re) ->
  exists V : R -> layers RR d, gradient_flow X y w V /\ (forall t, (0 <= t)%Re -> V t = W t).
Proof.
move=> hp h0.
exists (fun t => if Rle_dec 0 t then W t else (fun k => W 0%Re k - t *: gradk X y w (W 0%Re) k)).
split=> [t t0 k kL i j|t t0]; last by case: Rle_dec.
have [tp|te] : (0 < t)%Re \/ t = 0%Re by lra.
- case: (Rle_dec 0 t) => [a0 /=|]; last by move=> hh; exfalso; lra.
  apply: (is_derive_ext_loc (fun s => W s k i j)); last exact: hp.
  exists (mkposreal t tp) => s; rewrite /ball /= /AbsRing_ball /abs /minus /plus /opp /= =>
    /Rabs_def2 [h1 h2].
  by case: Rle_dec => // hh; exfalso; lra.
- rewrite te; apply: (is_derive_ext (fun s => if Rle_dec 0 s then W s k i j else W 0%Re k i j + s *
  ((- gradk X y w (W 0%Re) k)%R i j : R))%Re).
    move=> s; case: (Rle_dec 0 s) => // h9.
    cbv beta iota delta [is_left]; move: (gradk X y w (W 0%Re) k) (W 0%Re k) => G A;
      rewrite !mxE RplusE RmultE; by rewrite mulrN.
  case: (Rle_dec 0 0) => [a1|]; last by move=> h9; exfalso; lra.
  exact: (@ext1 (fun s => W s k i j) _ (h0 k kL i j)).
Qed.
