(* Theorem 2 sharpened: Rayleigh quotients in place of lambda.  Root-free, over any real closed
   field. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Alg.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (X : 'M[R]_(n, d 0)).
Variables (L : nat) (w : 'cV[R]_(d L)) (W : layers R d) (ws : 'cV[R]_(d 0)) (S : R).
Hypotheses (wsE : wprod W w = ws) (L_gt0 : (0 < L)%N).
Hypothesis hS : forall D, 2%:R * (n%:R^-1 * sqn (X *m jvec W D w)) <= S * psqn L D.

(* Sigma w* and w*^T Sigma w* *)
Definition Sws : 'cV[R]_(d 0) := n%:R^-1 *: (X^T *m (X *m ws)).
Definition Qws : R := n%:R^-1 * sqn (X *m ws).
Lemma QwsE : Qws = dot ws Sws.
Proof. by rewrite /Sws dotZr /Qws /sqn dot_mull. Qed.
Lemma Qws_ge0 : 0 <= Qws. Proof. by rewrite mulr_ge0 ?nV_ge0 ?sqn_ge0. Qed.

Notation Tdual := (RootFree.Tdual w W).
Notation Ddual := (RootFree.Ddual w W).

(* Rayleigh quotient of the dual form at z: S |z|^2 >= (2/n) T (X^T z) *)
Hypothesis S_ge0 : 0 <= S.
Lemma rayleigh (z : 'cV[R]_n) : 2%:R * (n%:R^-1 * Tdual (X^T *m z)) <= S * sqn z.
Proof.
set u := X^T *m z; set T := Tdual u; have T0 : 0 <= T := Tdual_ge0 w W u.
have h1 : T ^+ 2 <= sqn z * sqn (X *m jvec W (Ddual u) w).
  have -> : T = dot z (X *m jvec W (Ddual u) w) by rewrite /T -dot_Tdual {1}/u dot_mull trmxK.
  exact: CS2.
have h2 := hS (Ddual u); rewrite Ddual_sqn -/T in h2.
have [Tz|Tn] := eqVneq T 0; first by rewrite Tz !mulr0 mulr_ge0 ?sqn_ge0.
have Tp : 0 < T by rewrite lt_def Tn.
rewrite -(ler_pmul2r Tp).
have -> : 2%:R * (n%:R^-1 * T) * T = 2%:R * n%:R^-1 * T ^+ 2 by move: (n%:R^-1) => *; ring.
have -> : S * sqn z * T = sqn z * (S * T) by ring.
apply: le_trans (ler_wpmul2l (sqn_ge0 z) h2).
rewrite [X in _ <= X](_ : _ = 2%:R * n%:R^-1 * (sqn z * sqn (X *m jvec W (Ddual u) w))); last first.
  by move: (n%:R^-1) => *; ring.
by apply: ler_wpmul2l h1; rewrite mulr_ge0 ?nV_ge0 ?ler0n.
Qed.

Lemma Tdual_Z c u : Tdual (c *: u) = c ^+ 2 * Tdual u.
Proof. by rewrite /Tdual mulr_sumr; apply: eq_bigr => k _; rewrite -scalemxAr sqnZ mulrCA. Qed.

(* at Sigma w* : 2 T(Sigma w* ) <= S w*^T Sigma w* *)
Lemma rayleigh_ws : 2%:R * Tdual Sws <= S * Qws.
Proof.
have := rayleigh (X *m ws); rewrite /Sws Tdual_Z /Qws.
case: (posnP n) => [n0|n0] h.
  have ni0 : n%:R^-1 = 0 :> R by rewrite n0 invr0.
  by rewrite ni0 expr0n !mul0r !mulr0.
have p : 0 < n%:R^-1 :> R by rewrite invr_gt0 ltr0n.
rewrite expr2 -mulrA mulrCA [X in _ <= X]mulrCA ler_pmul2l //.
Qed.

Hypothesis Q_gt0 : 0 < Qws.
(* the product of the L terms *)
Lemma Tdual_Sws : L%:R ^+ L * (sqn w * sqn Sws * (Qws ^+ 2) ^+ L.-1) <= Tdual Sws ^+ L.
Proof. by rewrite QwsE; exact: Tdual_prod. Qed.

(* (2L)^L |w|^2 |Sigma w*|^2 (w*^T Sigma w* )^(2L-2) <= (S w*^T Sigma w* )^L *)
Theorem thm2_second_sharp_rootfree :
  (2%:R * L%:R) ^+ L * (sqn w * sqn Sws * (Qws ^+ 2) ^+ L.-1) <= (S * Qws) ^+ L.
Proof.
rewrite [(2%:R * L%:R) ^+ L]exprMn -[X in X <= _]mulrA;
  apply: le_trans (ler_wpmul2l (exprn_ge0 L (ler0n R 2)) Tdual_Sws) _.
rewrite -exprMn; have := rayleigh_ws; have T0 : 0 <= 2%:R * Tdual Sws by rewrite mulr_ge0 ?ler0n
  ?RootFree.Tdual_ge0.
by move=> h; rewrite ler_expn2r ?nnegrE ?(le_trans T0 h).
Qed.

(* S >= 2 w*^T Sigma w* sum_k 1/|W_k|_2^2 , for any c_k >= |W_k|_2 *)
Theorem thm2_first_sharp (c : nat -> R) : (forall k, (k < L)%N ->
  0 < c k /\ opnorm_le (W k) (c k)) ->
  2%:R * Qws * (\sum_(k < L) (c k ^+ 2)^-1) <= S.
Proof.
move=> hc; have h : Qws ^+ 2 * (\sum_(k < L) (c k ^+ 2)^-1) <= Tdual Sws.
  rewrite mulr_sumr; apply: ler_sum => k _; have kL := ltn_ord k; have [c0 hk] := hc k kL.
  rewrite ler_pdivr_mulr ?exprn_gt0 //.
  have e : Qws = dot (bvec W w k.+1) (W k *m (fwd W k *m Sws)).
    by rewrite QwsE -wsE -(bvec_fwd W w Sws (kL : (k.+1 <= L)%N)) /= mulmxA.
  rewrite e; apply: le_trans (CS2 _ _) _; rewrite -mulrA; apply: ler_wpmul2l; first exact: sqn_ge0.
  rewrite [X in _ <= X]mulrC -!norm_sqr -exprMn ler_expn2r ?nnegrE ?mulr_ge0 ?norm_ge0 ?(ltW c0) //.
rewrite -(ler_pmul2r Q_gt0); apply: le_trans rayleigh_ws.
move: h; move: (\sum_(k < L) _) (Tdual _) => B T h.
have -> : 2%:R * Qws * B * Qws = 2%:R * (Qws ^+ 2 * B) by ring.
by rewrite ler_pmul2l ?ltr0n.
Qed.
End Alg.

Lemma second_arith (R : rcfType) (a c e f g h : R) : a != 0 -> g != 0 ->
  c * (h / a * (f / g)) * e * a * (g * h) = c * (e * f * (h * h)).
Proof. by move=> a0 g0; field; rewrite a0 g0. Qed.
