(* Lemma 2, third bullet (in the form without division): alignment of neighbouring top singular
   vectors. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 OperatorBound Balanced OperatorNorm Lemma2.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Top.
Variable R : rcfType.
(* A A^T u = a u, |u| = |x| = 1 *)
Lemma top_split m n (A : 'M[R]_(m, n)) (u x : 'cV_m) a : sqn u = 1 -> sqn x = 1 ->
  A *m (A^T *m u) = a *: u ->
  sqn (A^T *m x) <= a * dot x u ^+ 2 + (sqn A - a) * (1 - dot x u ^+ 2).
Proof.
move=> u1 x1 hu; set c := dot x u; pose z := x - c *: u.
have uz : dot u z = 0 by rewrite /z dotDr dotNr dotZr -/(sqn u) u1 mulr1 dotC subrr.
have z2 : sqn z = 1 - c ^+ 2 by rewrite /z sqnD sqnN sqnZ dotNr dotZr u1 x1 -/c; ring.
have a2 : sqn (A^T *m u) = a by rewrite /sqn dot_mull trmxK hu dotZr -/(sqn u) u1 mulr1.
have xE : x = c *: u + z by rewrite /z addrC subrK.
have -> : sqn (A^T *m x) = a * c ^+ 2 + sqn (A^T *m z).
  rewrite {1}xE mulmxDr sqnD -scalemxAr sqnZ dotZl [dot (A^T *m u) _]dotC dot_mull trmxK hu dotZr
    dotC uz a2.
  by ring.
rewrite ler_add2l -z2; pose B := A - u *m (A^T *m u)^T.
have -> : A^T *m z = B^T *m z.
  have -> : B^T = A^T - (A^T *m u) *m u^T by rewrite /B [(_ - _)^T]linearB /= trmx_mul trmxK.
  by rewrite mulmxBl -[X in _ - X]mulmxA dot_colE uz mul_mx_scalar scale0r subr0.
have B2 : sqn B = sqn A - a.
  rewrite /B sqnD sqnN dotNr sqn_outer u1 a2.
  have -> : dot A (u *m (A^T *m u)^T) = a by rewrite dotC dot_mulr trmxK hu dotZr -/(sqn u) u1
    mulr1.
  by ring.
have h := opnorm_le_frob B^T z; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?mulr_ge0 ?norm_ge0 // in h.
by move: h; rewrite exprMn !norm_sqr sqn_trmx B2.
Qed.

Lemma align_arith (a b c F e s v q : R) : 0 <= c <= 1 -> 0 <= e <= s -> 0 <= v -> b <= q + e ->
  q <= a * c + (F - a) * (1 - c) -> F - a <= s + v -> a <= b + e ->
    b - (3%:R * v + 2%:R * s) <= b * c.
Proof.
move=> /andP[c0 c1] /andP[e0 es] v0 hb hq hF ha.
have c1' : 0 <= 1 - c by rewrite subr_ge0.
have h1 : (F - a) * (1 - c) <= (s + v) * (1 - c) by apply: ler_wpmul2r.
have h2 : a * c <= (b + e) * c by apply: ler_wpmul2r.
have h3 : b <= (b + e) * c + (s + v) * (1 - c) + e.
  by apply: le_trans hb _; rewrite ler_add2r; apply: le_trans hq _; apply: ler_add.
rewrite ler_subl_addr; apply: le_trans h3 _; rewrite -subr_ge0.
rewrite (_ : _ - _ = (s - e) * c + (s - e) + v * c + 2%:R * v); last by ring.
have se : 0 <= s - e by rewrite subr_ge0.
by rewrite addr_ge0 ?mulr_ge0 ?ler0n // addr_ge0 ?mulr_ge0 // addr_ge0 ?mulr_ge0.
Qed.
End Top.

Section Lem2c.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variable W : R -> layers RR d.
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (dL : d L = 1%N) (w1 : sqn w = 1).
Variables (e : nat -> RR) (v : RR).
Hypotheses (he : forall k, (k.+1 < L)%N -> opnorm_le (imb W k) (e k)) (e_ge0 : forall k, 0 <= e k).
Hypothesis hv : forall k, (k < L)%N -> sqn (W 0%Re k) <= v.
Variable t : R.
Hypothesis t0 : (0 <= t)%Re.

Theorem lemma2_third k (uk vk : 'cV[RR]_(d k.+1)) sk sk1 : (k.+1 < L)%N ->
  is_opnorm (W t k) sk -> is_opnorm (W t k.+1) sk1 -> sqn uk = 1 -> sqn vk = 1 ->
  W t k *m ((W t k)^T *m uk) = sk ^+ 2 *: uk ->            (* u_k: top left singular vector of
    W_k *)
  (W t k.+1)^T *m (W t k.+1 *m vk) = sk1 ^+ 2 *: vk ->
    (* v_{k+1}: top right singular vector of W_{k+1} *)
  sk1 ^+ 2 - eps L e v <= sk1 ^+ 2 * dot vk uk ^+ 2.
Proof.
move=> kL hs hs1 u1 v1 hu hvk; have hb := bal hW t0.
have b2 : sqn (W t k.+1 *m vk) = sk1 ^+ 2.
  by rewrite /sqn dot_mull hvk dotZr -/(sqn vk) v1 mulr1.
have q := bal_quad hb vk kL; rewrite b2 in q.
have := quad_le vk (he kL); rewrite v1 mulr1 ler_norml => /andP[_ q2].
have [sk0 hk hmin] := hs; have [sk10 hk1 _] := hs1.
have ek : e k <= esum e L.-1.
  have kL' : (k < L.-1)%N by rewrite -ltnS prednK.
  by rewrite /esum (bigD1 (Ordinal kL')) //= ler_addl sumr_ge0.
have a_le : sk ^+ 2 <= sk1 ^+ 2 + e k.
  have p : 0 <= sk1 ^+ 2 + e k by rewrite addr_ge0 ?sqr_ge0.
  have h2 : op2_le (W t k) (sk1 ^+ 2 + e k).
    have := @op2_down _ _ _ _ _ _ hb he e_ge0 (sk1 ^+ 2) k.+1 k ((op2_opnorm _ sk10).1 hk1) (sqr_ge0
      _).
    by rewrite leqnSn kL esumS addrAC subrr add0r; apply.
  have := hmin (Num.sqrt (sk1 ^+ 2 + e k)) (sqrtr_ge0 _) => h3.
  rewrite -[X in _ <= X]sqr_sqrtr // ler_expn2r ?nnegrE ?sqrtr_ge0 //; apply: h3.
  by apply/op2_opnorm; [exact: sqrtr_ge0|rewrite sqr_sqrtr].
have c01 : 0 <= dot vk uk ^+ 2 <= 1 by rewrite sqr_ge0 /=; apply: le_trans (CS2 _ _) _;
  rewrite u1 v1 mulr1.
apply: (align_arith c01 _ (v_ge0 L_gt0 hv) _ (top_split u1 v1 hu) _ a_le);
  first by rewrite e_ge0 ek.
  by rewrite q ler_add2l.
exact: (lemma2_first_tight hW L_gt0 dL w1 he e_ge0 hv t0 (ltnW kL) hs).
Qed.
End Lem2c.
