From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Theorem2 Spectral.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Link.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat) (w :
  'cV[RR]_(d L)).
Variables (W : layers RR d) (ws : 'cV[RR]_(d 0%N)).
Hypotheses (ws_eq : normal_eq X y ws) (wsE : wprod W w = ws) (n0 : (0 < n)%N).
(* the Hessian of R^L at a minimiser, as an operator on the parameters *)
Definition Hess (D : layers RR d) k : 'M[RR]_(d k.+1, d k) :=
  (2%:R / n%:R) *: grad5 W w (X^T *m (X *m jvec W D w)) k.
Let Dz (z : 'cV[RR]_n) : layers RR d := fun k => grad5 W w (X^T *m z) k.
Lemma pairDz z D : dot z (X *m jvec W D w) = \sum_(k < L) dot (Dz z k) (D k).
Proof. by rewrite -dot_jvec dot_mull trmxK. Qed.
Lemma gradZ (c : RR) g k : grad5 W w (c *: g) k = c *: grad5 W w g k.
Proof. by rewrite /grad5 linearZ /= -scalemxAr -scalemxAl. Qed.
Lemma Hess_sum D : \sum_(k < L) dot (Hess D k) (D k) = 2%:R * (n%:R^-1 * sqn (X *m jvec W D w)).
Proof.
rewrite [in RHS]/sqn pairDz mulrA mulr_sumr; apply: eq_bigr => k _.
by rewrite /Hess dotZl.
Qed.
Lemma Hess_form D : second_derivative X y w W D (\sum_(k < L) dot (Hess D k) (D k) : RR).
Proof. by rewrite Hess_sum; exact: (second_derivative_min ws_eq wsE D). Qed.
Let K : 'M[RR]_n := (2%:R / n%:R) *: (X *m (\sum_(k < L) sqn (bvec W w k.+1) *: ((fwd W k)^T *m fwd
  W k)) *m X^T).
Lemma g5T g k : (grad5 W w g k)^T *m bvec W w k.+1 = sqn (bvec W w k.+1) *: (fwd W k *m g).
Proof. by rewrite /grad5 !trmx_mul !trmxK -!mulmxA dot_colE mul_mx_scalar -scalemxAr. Qed.
Lemma KE z : K *m z = (2%:R / n%:R) *: (X *m jvec W (Dz z) w).
Proof.
rewrite /K -scalemxAl; congr (_ *: _); rewrite -!mulmxA; congr (_ *m _).
rewrite jvecE mulmx_suml; apply: eq_bigr => k _; rewrite /Dz g5T -scalemxAr -scalemxAl.
by rewrite -!mulmxA.
Qed.
Lemma Ksym : K^T = K.
Proof.
rewrite /K linearZ /= !trmx_mul trmxK -mulmxA; congr (_ *: (_ *m (_ *m _))).
by rewrite linear_sum; apply: eq_bigr => k _; rewrite /= linearZ /= trmx_mul trmxK.
Qed.
Let c2 : 0 < 2%:R / n%:R :> RR. Proof. by rewrite divr_gt0 ?ltr0n. Qed.
Lemma Kform z : dot z (K *m z) = 2%:R / n%:R * psqn L (Dz z).
Proof. by rewrite KE dotZr pairDz. Qed.

Theorem sharpness_is_eigenvalue S : is_sharpness X y w W S -> 0 < (S : RR) ->
  (exists D, psqn L D = 1 /\ forall k, (k < L)%N -> Hess D k = (S : RR) *: D k) /\
  (forall (a : RR) D, psqn L D != 0 -> (forall k, (k < L)%N -> Hess D k = a *: D k) ->
    a <= (S : RR)).
Proof.
move=> hS S0; have sf D := sharp_form ws_eq wsE D hS; split; last first.
  move=> a D nz e; have p : 0 < psqn L D by rewrite lt_def nz sumr_ge0 // => k _; exact: sqn_ge0.
  have := sf D; rewrite -Hess_sum (eq_bigr (fun k : 'I_L => a * sqn (D k))) => [|k _];
    last by rewrite e // dotZl.
  by rewrite -mulr_sumr ler_pmul2r.
have [|[z [z1 hz]] _] := @lub_eigen n K S Ksym.
  split=> [v [z [z1 ->]]|c hc].
    apply/RleP; rewrite Kform; set q := psqn L _.
    have q0 : 0 <= q by apply: sumr_ge0 => k _; exact: sqn_ge0.
    have [->|qn] := eqVneq q 0; first by rewrite mulr0 ltW.
    have qp : 0 < q by rewrite lt_def qn.
    have h1 : q ^+ 2 <= sqn (X *m jvec W (Dz z) w).
      have := CS2 z (X *m jvec W (Dz z) w); rewrite z1 mul1r pairDz; exact.
    have h2 := sf (Dz z); rewrite -/q mulrA in h2.
    rewrite -(ler_pmul2r qp); apply: le_trans h2.
    have -> : 2%:R / n%:R * q * q = 2%:R / n%:R * q ^+ 2 by rewrite expr2 mulrA.
    by rewrite ler_pmul2l.
  case: hS => _ lub; apply: lub => v [D [D1 hD]].
  rewrite -(is_derive_n_unique _ _ _ _ hD) (is_derive_n_unique _ _ _ _ (second_derivative_min ws_eq
    wsE D)).
  apply/RleP; set z := X *m jvec W D w.
  have Kle (u : 'cV[RR]_n) : sqn u != 0 -> 2%:R / n%:R * psqn L (Dz u) <= (c : RR) * sqn u.
    move=> nz; have p : 0 < sqn u by rewrite lt_def nz sqn_ge0.
    have : dot ((norm u)^-1 *: u) (K *m ((norm u)^-1 *: u)) <= (c : RR).
      apply/RleP; apply: hc; exists ((norm u)^-1 *: u); split=> //.
      by rewrite sqnZ exprVn norm_sqr mulVf.
    by rewrite -scalemxAr dotZl dotZr mulrA -invfM -expr2 norm_sqr ler_pdivr_mull // Kform [sqn u *
      _]mulrC.
  have [z0|zn] := eqVneq (sqn z) 0.
    rewrite z0 !mulr0.
    have [u u1] : exists u : 'cV[RR]_n, sqn u = 1.
      pose u : 'cV[RR]_n := const_mx 1.
      have nz : u != 0 by apply/eqP => /matrixP/(_ (Ordinal n0) 0); rewrite !mxE => /eqP;
        rewrite oner_eq0.
      by exists ((norm u)^-1 *: u); rewrite sqnZ exprVn norm_sqr mulVf // sqn_eq0.
    have := Kle u; rewrite u1 oner_eq0 mulr1 => /(_ isT); apply: le_trans.
    by rewrite mulr_ge0 ?(ltW c2) // sumr_ge0 // => k _; exact: sqn_ge0.
  have zp : 0 < sqn z by rewrite lt_def zn sqn_ge0.
  have h := Kle z zn.
  have h1 : sqn z ^+ 2 <= psqn L (Dz z).
    rewrite {1}/sqn {2}/z pairDz.
    pose t := sqn z / psqn L (Dz z).
    have e : \sum_(k < L) dot (Dz z k) (D k) = sqn z by rewrite -pairDz.
    have pt s : 0 <= s ^+ 2 * psqn L (Dz z) - 2%:R * s * sqn z + 1.
      rewrite -[X in _ + X]D1 -e /psqn !mulr_sumr -sumrB -big_split /=; apply: sumr_ge0 => k _.
      have := sqn_ge0 (s *: Dz z k - D k); rewrite sqnD sqnN sqnZ dotNr dotZl mulrN.
      by rewrite mulrA.
    have P0 : 0 <= psqn L (Dz z) by apply: sumr_ge0 => k _; exact: sqn_ge0.
    rewrite e; have [P00|Pn] := eqVneq (psqn L (Dz z)) 0.
      have := pt (sqn z)^-1; rewrite P00 mulr0 add0r -mulrA mulVf // mulr1.
      by rewrite -[X in _ + X]/(1%:R) addrC subr_ge0 ler_nat.
    have := pt t.
    have -> : t ^+ 2 * psqn L (Dz z) - 2%:R * t * sqn z + 1 = 1 - sqn z ^+ 2 /
      psqn L (Dz z) by rewrite /t; field; exact: Pn.
    by rewrite subr_ge0 ler_pdivr_mulr ?mul1r // lt_def Pn.
  have h2 : 2%:R / n%:R * sqn z ^+ 2 <= (c : RR) * sqn z by apply: le_trans h; rewrite ler_pmul2l.
  rewrite -(ler_pmul2r zp); apply: le_trans h2; rewrite le_eqVlt; apply/orP; left; apply/eqP;
    move: (sqn z) (n%:R^-1) => ? ?; ring.
have ps : 2%:R / n%:R * psqn L (Dz z) = (S : RR) by rewrite -Kform hz dotZr -/(sqn z) z1 mulr1.
have pp : 0 < psqn L (Dz z) by rewrite -(pmulr_rgt0 _ c2) ps.
pose b := (Num.sqrt (psqn L (Dz z)))^-1.
exists (fun k => b *: Dz z k); split.
  rewrite /psqn (eq_bigr (fun k : 'I_L => b ^+ 2 * sqn (Dz z k))) => [|k _]; last exact: sqnZ.
  by rewrite -mulr_sumr exprVn sqr_sqrtr ?ltW // mulVf // gt_eqF.
move=> k kL; rewrite /Hess jvecZ.
have e : (2%:R / n%:R) *: (X *m jvec W (Dz z) w) = (S : RR) *: z by rewrite -KE.
have lin (c : RR) g : c *: grad5 W w g k = grad5 W w (c *: g) k.
  by rewrite /grad5 linearZ /= -scalemxAr -scalemxAl.
rewrite lin -(scalemxAr b).
have -> : (2%:R / n%:R) *: (X^T *m (b *: (X *m jvec W (Dz z) w))) = b *: ((S : RR) *: (X^T *m z)).
  by rewrite -scalemxAr scalerA mulrC -scalerA scalemxAr e -scalemxAr.
by rewrite scalerA mulrC -scalerA -!lin.
Qed.
End Link.
