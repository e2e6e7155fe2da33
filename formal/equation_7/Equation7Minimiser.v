(* Equations (7) and (13) in the form that is true: at a minimiser W of the risk, with sharpness S,
     S^2 = lim_{xi -> 0} sup_{|W_k - V_k| <= xi} sum_k |grad_k(W) - grad_k(V)|^2 / sum_k |W_k -
       V_k|^2.
   (Printed for every W, which is false: the quotient sees the largest modulus of an eigenvalue.)
   Proof: the gradient is grad(W + D) = H D + O(|D|^2) with H the Hessian, uniformly in D; H is
   positive semidefinite with largest eigenvalue S, so |H D| <= S |D|, with equality at an
   eigenvector. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import FunctionChoice Linalg Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness
  Theorem2
  Minimiser Derivative GradientFlow Energy Spectral Hessian Multivariate Equation7Printed.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* the Frobenius norm is submultiplicative *)
Lemma norm_mul m p q (A : 'M[RR]_(m, p)) (B : 'M[RR]_(p, q)) : norm (A *m B) <= norm A * norm B.
Proof.
apply: norm_le; first exact: norm_ge0.
by apply: sqn_mul_le; exact: opnorm_le_frob.
Qed.

Lemma remainder_sum (V : zmodType) (a b c : V) : a = b + (c + (a - b - c)).
Proof. by rewrite [c + _]addrC subrK addrC subrK. Qed.

Section Expansion.
Variables (d : nat -> nat) (L : nat) (W : layers RR d).
Notation lay := (layers RR d).
Definition add (D : lay) : lay := fun k => W k + D k.
(* F(W + D) = F(W) + G(D) + O(r^2) and G(D) = O(r) for all D with layers of norm at most r <= 1 *)
Definition expansion m n (F G : lay -> 'M[RR]_(m, n)) := exists2 K : RR, 0 <= K &
  forall (D : lay) r, 0 <= r <= 1 -> (forall k, (k < L)%N -> norm (D k) <= r) ->
  norm (G D) <= K * r /\ norm (F (add D) - F W - G D) <= K * r ^+ 2.

Lemma expansion_cst m n (A : 'M[RR]_(m, n)) : expansion (fun=> A) (fun=> 0).
Proof. by exists 0 => // D r _ _; rewrite subrr subr0 norm0 !mul0r. Qed.
Lemma expansion_layer k : (k < L)%N -> expansion (fun U => U k) (fun D => D k).
Proof.
move=> kL; exists 1; first exact: ler01.
move=> D r r01 h; rewrite mul1r h // /add addrAC addrK subrr norm0.
by rewrite mul1r sqr_ge0.
Qed.
Lemma expansionT m n (F G : lay -> 'M[RR]_(m, n)) :
  expansion F G -> expansion (fun U => (F U)^T) (fun D => (G D)^T).
Proof.
have nT p q (A : 'M[RR]_(p, q)) : norm A^T = norm A by rewrite /norm sqn_trmx.
by case=> K K0 h; exists K => // D r r01 hD; rewrite -!linearB /= !nT; exact: h.
Qed.
Lemma expansionD m n (F G F' G' : lay -> 'M[RR]_(m, n)) : expansion F G -> expansion F' G' ->
  expansion (fun U => F U + F' U) (fun D => G D + G' D).
Proof.
move=> [K K0 h] [K' K0' h']; exists (K + K'); first exact: addr_ge0.
move=> D r r01 hD; have [h1 h2] := h D r r01 hD; have [h3 h4] := h' D r r01 hD.
rewrite !mulrDl; split; first by apply: le_trans (normD _ _) _; exact: ler_add.
have -> : F (add D) + F' (add D) - (F W + F' W) - (G D + G' D) =
  (F (add D) - F W - G D) + (F' (add D) - F' W - G' D).
  move: (F (add D)) (F' (add D)) (F W) (F' W) (G D) (G' D) => x1 x2 x3 x4 x5 x6.
  by apply/matrixP => i j; rewrite !mxE; ring.
by apply: le_trans (normD _ _) _; exact: ler_add.
Qed.
Lemma expansionM m n p (F G : lay -> 'M[RR]_(m, n)) (F' G' : lay -> 'M[RR]_(n, p)) :
  expansion F G -> expansion F' G' ->
  expansion (fun U => F U *m F' U) (fun D => F W *m G' D + G D *m F' W).
Proof.
move=> [K K0 h] [K' K0' h'].
set a := norm (F W); set b := norm (F' W).
have a0 : 0 <= a by exact: norm_ge0. have b0 : 0 <= b by exact: norm_ge0.
exists (a * K' + K * b + 4%:R * K * K').
  by rewrite !addr_ge0 ?mulr_ge0 ?ler0n.
move=> D r r01 hD; have [h1 h2] := h D r r01 hD; have [h3 h4] := h' D r r01 hD.
have /andP [r0 r1] := r01.
have KK : 0 <= 4%:R * K * K' by rewrite !mulr_ge0 ?ler0n.
split.
  apply: le_trans (normD _ _) _; rewrite mulrDl.
  apply: le_trans (_ : (a * K' + K * b) * r <= _); last by rewrite ler_addl mulr_ge0.
  rewrite mulrDl -mulrA [K * b]mulrC -mulrA [b * _]mulrC; apply: ler_add.
    by apply: le_trans (norm_mul _ _) _; exact: ler_wpmul2l.
  by apply: le_trans (norm_mul _ _) _; exact: ler_wpmul2r.
set ro := F (add D) - F W - G D in h2; set ro' := F' (add D) - F' W - G' D in h4.
have eF : F (add D) = F W + (G D + ro) by exact: remainder_sum.
have eF' : F' (add D) = F' W + (G' D + ro') by exact: remainder_sum.
have -> : F (add D) *m F' (add D) - F W *m F' W - (F W *m G' D + G D *m F' W) =
  F W *m ro' + ro *m F' W + (G D + ro) *m (G' D + ro').
  rewrite eF eF' !mulmxDl !mulmxDr.
  move: (F W *m F' W) (F W *m G' D) (F W *m ro') (G D *m F' W) (ro *m F' W) (G D *m G' D)
    (G D *m ro') (ro *m G' D) (ro *m ro') => x1 x2 x3 x4 x5 x6 x7 x8 x9.
  by apply/matrixP => i j; rewrite !mxE; ring.
have r2 : r ^+ 2 <= r by rewrite expr2 ler_pimull.
have big : norm (G D + ro) <= 2%:R * K * r.
  have -> : 2%:R * K * r = K * r + K * r by ring.
  apply: le_trans (normD _ _) _; apply: ler_add => //.
  by apply: le_trans h2 _; exact: ler_wpmul2l.
have big' : norm (G' D + ro') <= 2%:R * K' * r.
  have -> : 2%:R * K' * r = K' * r + K' * r by ring.
  apply: le_trans (normD _ _) _; apply: ler_add => //.
  by apply: le_trans h4 _; exact: ler_wpmul2l.
apply: le_trans (normD _ _) _; rewrite !mulrDl; apply: ler_add; last first.
  apply: le_trans (norm_mul _ _) _.
  apply: le_trans (ler_pmul (norm_ge0 _) (norm_ge0 _) big big') _.
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
apply: le_trans (normD _ _) _; apply: ler_add.
  by apply: le_trans (norm_mul _ _) _; rewrite -mulrA; exact: ler_wpmul2l.
apply: le_trans (norm_mul _ _) _; rewrite [K * b * _]mulrAC.
by apply: ler_wpmul2r.
Qed.
Lemma expansion_ext m n (F G F' G' : lay -> 'M[RR]_(m, n)) : F =1 F' -> G =1 G' ->
  expansion F G -> expansion F' G'.
Proof. by move=> eF eG [K K0 h]; exists K => // D r r01 hD; rewrite -!eF -!eG; exact: h. Qed.

(* the forward products, with their derivative *)
Lemma expansion_fwd k : (k <= L)%N -> expansion (fun U => fwd U k) (fun D => jac W D k).
Proof.
elim: k => [_|k IH kL]; first exact: expansion_cst.
by apply: expansion_ext (expansionM (expansion_layer kL) (IH (ltnW kL))).
Qed.
(* the backward products *)
Lemma expansion_bvec (w : 'cV[RR]_(d L)) j : (j <= L)%N ->
  exists G, expansion (fun U => bvec U w (L - j)) G.
Proof.
elim: j => [_|j IH jL].
  exists (fun=> 0); have := expansion_cst (bvec W w (L - 0)).
  apply: expansion_ext => // U; move: (L - 0)%N (subn0 L) => k ->.
  by rewrite !bvec_last.
have [G hG] := IH (ltnW jL).
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL /= (leq_ltn_trans _ jL).
have e : (L - j.+1).+1 = (L - j)%N by rewrite -subSn.
have {}hG : exists G', expansion (fun U => bvec U w (L - j.+1).+1) G' by rewrite e; exists G.
have [G' hG'] := hG.
eexists; apply: expansion_ext (expansionM (expansionT (expansion_layer lt)) hG') => [U|D].
  by rewrite -bvec_step.
reflexivity.
Qed.
Lemma expansion_bvec_le (w : 'cV[RR]_(d L)) k : (k <= L)%N ->
  exists G, expansion (fun U => bvec U w k) G.
Proof. by move=> kL; have := expansion_bvec w (leq_subr k L); rewrite subKn. Qed.

(* the gradient at a point where the gradient of R^1 vanishes: derivative the Hessian *)
Variables (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (w : 'cV[RR]_(d L)).
Hypothesis crit : gradR1 X y (wprod W w) = 0.
Lemma expansion_gradR1 : expansion (fun U => gradR1 X y (wprod U w))
  (fun D => (2%:R / n%:R) *: (X^T *m (X *m jvec W D w))).
Proof.
have h := expansionM (expansion_cst ((2%:R / n%:R) *: (X^T *m X)))
  (expansionM (expansionT (expansion_fwd (leqnn L))) (expansion_cst w)).
apply: expansion_ext (expansionD (expansion_cst (- (2%:R / n%:R) *: (X^T *m y))) h) => [U|D].
  rewrite /gradR1 /wprod mulmxBr scalerBr scaleNr -scalemxAl !mulmxA.
  by rewrite [X in _ = _ - X]scaleNr opprK.
by rewrite add0r mul0mx addr0 mulmx0 add0r /jvec -scalemxAl !mulmxA.
Qed.
Lemma expansion_gradk k : (k < L)%N -> expansion (fun U => gradk X y w U k) (fun D => Hess X w W D
  k).
Proof.
move=> kL; have [G hG] := expansion_bvec_le w kL.
have h := expansionM (expansionM hG (expansionT expansion_gradR1)) (expansionT (expansion_fwd
  (ltnW kL))).
apply: expansion_ext h => [U|D]; first by rewrite /gradk /grad5.
rewrite crit trmx0 !mulmx0 mul0mx addr0 add0r /Hess /grad5.
by rewrite linearZ /= -scalemxAr -scalemxAl.
Qed.
End Expansion.

Section Equation7.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat).
Variables (w : 'cV[RR]_(d L)) (W : layers RR d) (ws : 'cV[RR]_(d 0%N)) (S : R).
Hypotheses (ws_eq : normal_eq X y ws) (wsE : wprod W w = ws) (n0 : (0 < n)%N).
Hypotheses (hS : is_sharpness X y w W S) (S0 : 0 < (S : RR)).
Notation H := (Hess X w W).
Notation lay := (layers RR d).

Lemma critical : gradR1 X y (wprod W w) = 0.
Proof. by rewrite wsE (gradR1E ws_eq) subrr !mulmx0 scaler0. Qed.
Lemma gradk_min k : gradk X y w W k = 0.
Proof. by rewrite /gradk critical /grad5 trmx0 mulmx0 mul0mx. Qed.

Let form (D E : lay) : RR := 2%:R / n%:R * dot (X *m jvec W D w) (X *m jvec W E w).
Lemma Hess_pair (D E : lay) : \sum_(k < L) dot (H D k) (E k) = form D E.
Proof.
rewrite /form [dot (X *m _) _]dotC dot_mull dotC dot_jvec mulr_sumr.
by apply: eq_bigr => k _; rewrite /Hess dotZl.
Qed.

(* |H D| <= S |D| *)
Lemma Hess_bound (D : lay) : psqn L (H D) <= (S : RR) ^+ 2 * psqn L D.
Proof.
set q := psqn L (H D); have q0 : 0 <= q by exact: psqn_ge0.
have p0 : 0 <= psqn L D by exact: psqn_ge0.
have [->|qn] := eqVneq q 0; first by rewrite mulr_ge0 ?sqr_ge0.
have qp : 0 < q by rewrite lt_def qn.
have c0 : 0 <= 2%:R / n%:R :> RR by rewrite divr_ge0 ?ler0n.
have fE (E : lay) : form E E <= (S : RR) * psqn L E.
  by have := sharp_form ws_eq wsE E hS; rewrite mulrA.
have f0 (E : lay) : 0 <= form E E by rewrite mulr_ge0 ?sqn_ge0.
have e : q = form D (H D) by rewrite -Hess_pair.
have cs : q ^+ 2 <= form D D * form (H D) (H D).
  rewrite e /form; move: (X *m jvec W D w) (X *m jvec W (H D) w) (2%:R / n%:R) => a b c.
  by rewrite exprMn [X in _ <= X]mulrACA -[c * c]expr2; apply: ler_wpmul2l;
    [exact: sqr_ge0|exact: CS2].
have h : q ^+ 2 <= (S : RR) * psqn L D * ((S : RR) * q).
  apply: le_trans cs _; apply: ler_pmul; rewrite ?f0 //; exact: fE.
rewrite -(ler_pmul2r qp) -expr2; apply: le_trans h _.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

(* the uniform expansion of the gradient, layers together *)
Lemma gradient_expansion : exists2 K : RR, 0 <= K & forall D : lay, psqn L D <= 1 ->
  psqn L (fun k => gradk X y w (add W D) k - H D k) <= K * psqn L D ^+ 2.
Proof.
have [K hK] : exists K : 'I_L -> RR, forall k, 0 <= K k /\
    forall (D : lay) r, 0 <= r <= 1 -> (forall k, (k < L)%N -> norm (D k) <= r) ->
    norm (gradk X y w (add W D) k - H D k) <= K k * r ^+ 2.
  suff h (k : 'I_L) : exists K : RR, 0 <= K /\ forall (D : lay) r, 0 <= r <= 1 ->
      (forall k, (k < L)%N -> norm (D k) <= r) ->
      norm (gradk X y w (add W D) k - H D k) <= K * r ^+ 2.
    exact: (function_choice _ h).
  have [K K0 hK] := expansion_gradk critical (ltn_ord k); exists K; split=> // D r r01 hD.
  by have [_] := hK D r r01 hD; rewrite gradk_min subr0.
exists (\sum_k K k ^+ 2) => [|D p1]; first by apply: sumr_ge0 => k _; exact: sqr_ge0.
have p0 : 0 <= psqn L D by exact: psqn_ge0.
pose r := Num.sqrt (psqn L D); have r2 : r ^+ 2 = psqn L D by rewrite sqr_sqrtr.
have r01 : 0 <= r <= 1 by rewrite /r sqrtr_ge0 -[X in _ <= X]sqrtr1 ler_wsqrtr.
have hD k : (k < L)%N -> norm (D k) <= r.
  move=> kL; rewrite /r /norm ler_wsqrtr //; rewrite /psqn (bigD1 (Ordinal kL)) //= ler_addl.
  by apply: sumr_ge0 => i _; exact: sqn_ge0.
rewrite /psqn mulr_suml; apply: ler_sum => k _; have [K0 h] := hK k.
have h2 := h D r r01 hD; rewrite -norm_sqr.
have -> : K k ^+ 2 * (\sum_(i < L) sqn (D i)) ^+ 2 = (K k * r ^+ 2) ^+ 2 by rewrite exprMn r2.
apply: ler_expn2r; rewrite ?nnegrE; [exact: norm_ge0| |exact: h2].
by apply: mulr_ge0 => //; exact: sqr_ge0.
Qed.

(* (a + b)^2 against a^2 and b^2, with a small weight *)
Lemma sqn_upper m p (A B : 'M[RR]_(m, p)) x : 0 < x ->
  sqn B <= (1 + x) * sqn A + (1 + x^-1) * sqn (B - A).
Proof.
move=> x0; set C := B - A; have eB : B = A + C by rewrite /C addrC subrK.
have h := sqn_ge0 (x *: A - C); rewrite sqnD sqnN sqnZ dotNr dotZl in h.
rewrite {1}eB sqnD -(ler_pmul2l x0) -subr_ge0; apply: le_trans h _.
rewrite le_eqVlt; apply/orP; left; apply/eqP.
by move: (sqn A) (sqn C) (dot A C) => *; field; rewrite gt_eqF.
Qed.
Lemma sqn_lower m p (A B : 'M[RR]_(m, p)) x : 0 < x ->
  (1 - x) * sqn A - x^-1 * sqn (B - A) <= sqn B.
Proof.
move=> x0; set C := B - A; have eB : B = A + C by rewrite /C addrC subrK.
have h := sqn_ge0 (x *: A + C); rewrite sqnD sqnZ dotZl in h.
rewrite {1}eB sqnD -(ler_pmul2l x0) -subr_ge0.
apply: le_trans (addr_ge0 h (mulr_ge0 (ltW x0) (sqn_ge0 C))) _.
rewrite le_eqVlt; apply/orP; left; apply/eqP.
by move: (sqn A) (sqn C) (dot A C) => *; field; rewrite gt_eqF.
Qed.

Theorem equation_7_at_a_minimiser : variational X y w W (S * S)%Re.
Proof.
have [K K0 hK] := gradient_expansion.
have [D0 [D01 eig]] := (sharpness_is_eigenvalue ws_eq wsE n0 hS S0).1.
have Lp : (0 < L)%N.
  case: (posnP L) => // L00; exfalso; move: D01; rewrite /psqn big1 => [/eqP|[k hk] _].
    by rewrite eq_sym oner_eq0.
  by exfalso; move: hk; rewrite L00.
pose l : RR := L%:R; have l1 : 1 <= l by rewrite ler1n.
have l0 : 0 <= l by rewrite ler0n.
pose C : RR := (S : RR) ^+ 2 + 2%:R * K * l.
have C0 : 0 <= C by rewrite addr_ge0 ?sqr_ge0 ?mulr_ge0 ?ler0n.
have grad V k : gradk X y w W k - gradk X y w V k = - gradk X y w V k by rewrite gradk_min sub0r.
(* every quotient within xi is at most S^2 + C xi *)
have upper (xi : RR) v : 0 < xi -> l * xi ^+ 2 <= 1 -> xi <= 1 -> quotient X y w W xi v ->
    (v : RR) <= (S : RR) ^+ 2 + C * xi.
  move=> x0 xL x1 [V [near p0 ->]].
  pose D : lay := fun k => V k - W k.
  have eD : psqn L (fun k => W k - V k) = psqn L D.
    by apply: eq_bigr => k _; rewrite /D -opprB sqnN.
  have eV k : V k = add W D k by rewrite /add /D addrC subrK.
  have -> : psqn L (fun k => gradk X y w W k - gradk X y w V k) =
      psqn L (fun k => gradk X y w (add W D) k).
    apply: eq_bigr => k _; rewrite grad sqnN; congr sqn; congr (gradk X y w _ k).
    exact: FunctionalExtensionality.functional_extensionality_dep.
  rewrite eD in p0 *; rewrite ler_pdivr_mulr //.
  have pl : psqn L D <= l * xi ^+ 2.
    rewrite /l -[L in L%:R]card_ord -sum1_card natr_sum mulr_suml; apply: ler_sum => k _.
    rewrite mul1r -norm_sqr ler_expn2r ?nnegrE ?norm_ge0 ?(ltW x0) //.
    by rewrite /D -normN opprB; apply/RleP; exact: near.
  have h1 := hK D (le_trans pl xL).
  apply: le_trans (_ : (1 + xi) * psqn L (H D) +
      (1 + xi^-1) * psqn L (fun k => gradk X y w (add W D) k - H D k) <= _).
    by rewrite /psqn !mulr_sumr -big_split /=; apply: ler_sum => k _; exact: sqn_upper.
  have i0 : 0 <= 1 + xi^-1 by rewrite addr_ge0 ?ler01 ?invr_ge0 ?ltW.
  apply: le_trans (_ : (1 + xi) * ((S : RR) ^+ 2 * psqn L D) +
      (1 + xi^-1) * (K * (l * xi ^+ 2 * psqn L D)) <= _).
    apply: ler_add; first by apply: ler_wpmul2l (Hess_bound D); rewrite addr_ge0 ?ler01 ?ltW.
    apply: ler_wpmul2l => //; apply: le_trans h1 _; apply: ler_wpmul2l => //.
    by rewrite expr2; apply: ler_wpmul2r => //; exact: ltW.
  have -> : (1 + xi) * ((S : RR) ^+ 2 * psqn L D) + (1 + xi^-1) * (K * (l * xi ^+ 2 * psqn L D)) =
      ((S : RR) ^+ 2 + ((S : RR) ^+ 2 + K * l * (xi + 1)) * xi) * psqn L D.
    by field; rewrite gt_eqF.
  apply: ler_wpmul2r; first exact: ltW.
  rewrite ler_add2l; apply: ler_wpmul2r; first exact: ltW.
  rewrite /C ler_add2l; have -> : 2%:R * K * l = K * l * (1 + 1) by ring.
  by apply: ler_wpmul2l; [exact: mulr_ge0|rewrite ler_add2r].
(* the eigenvector gives a quotient of at least S^2 - C xi *)
have lower (xi : RR) : 0 < xi -> xi <= 1 -> exists2 v, quotient X y w W xi v &
    (S : RR) ^+ 2 - C * xi <= (v : RR).
  move=> x0 x1; pose D : lay := fun k => xi *: D0 k.
  have pD : psqn L D = xi ^+ 2.
    by rewrite /psqn (eq_bigr (fun k : 'I_L => xi ^+ 2 * sqn (D0 k))) => [|k _];
      rewrite ?sqnZ // -mulr_sumr -/(psqn L D0) D01 mulr1.
  have p0 : 0 < psqn L D by rewrite pD exprn_gt0.
  have p1 : psqn L D <= 1 by rewrite pD expr_le1 // ltW.
  have eD : psqn L (fun k => W k - add W D k) = psqn L D.
    by apply: eq_bigr => k _; rewrite /add opprD addrA subrr add0r sqnN.
  eexists.
    exists (add W D); split; [|by rewrite eD|reflexivity].
    move=> k kL; rewrite /add opprD addrA subrr add0r normN /D normZ ger0_norm ?(ltW x0) //.
    apply/RleP; rewrite -[X in _ <= X]mulr1; apply: ler_wpmul2l; first exact: ltW.
    rewrite -sqrtr1 ler_wsqrtr // -D01 /psqn (bigD1 (Ordinal kL)) //= ler_addl.
    by apply: sumr_ge0 => i _; exact: sqn_ge0.
  have -> : psqn L (fun k => gradk X y w W k - gradk X y w (add W D) k) =
      psqn L (fun k => gradk X y w (add W D) k).
    by apply: eq_bigr => k _; rewrite grad sqnN.
  rewrite eD ler_pdivl_mulr //.
  have HD k : (k < L)%N -> H D k = (S : RR) *: D k.
    move=> kL; rewrite /D; have -> : H (fun k => xi *: D0 k) k = xi *: H D0 k.
      rewrite /Hess jvecZ -(scalemxAr xi) -(scalemxAr xi) gradZ !scalerA.
      by congr (_ *: _); exact: mulrC.
    by rewrite eig // !scalerA mulrC.
  have pH : psqn L (H D) = (S : RR) ^+ 2 * psqn L D.
    by rewrite /psqn mulr_sumr; apply: eq_bigr => k _; rewrite HD // sqnZ.
  have h1 := hK D p1.
  apply: le_trans (_ : (1 - xi) * psqn L (H D) -
      xi^-1 * psqn L (fun k => gradk X y w (add W D) k - H D k) <= _); last first.
    by rewrite /psqn !mulr_sumr -sumrB; apply: ler_sum => k _; exact: sqn_lower.
  rewrite pH; apply: le_trans (_ : (1 - xi) * ((S : RR) ^+ 2 * psqn L D) -
      xi^-1 * (K * psqn L D ^+ 2) <= _); last first.
    by rewrite ler_add2l ler_opp2; apply: ler_wpmul2l => //; rewrite invr_ge0 ltW.
  have -> : (1 - xi) * ((S : RR) ^+ 2 * psqn L D) - xi^-1 * (K * psqn L D ^+ 2) =
      ((S : RR) ^+ 2 - ((S : RR) ^+ 2 + K) * xi) * psqn L D.
    by rewrite pD; field; rewrite gt_eqF.
  rewrite pD; apply: ler_wpmul2r; first exact: sqr_ge0.
  rewrite ler_add2l ler_opp2; apply: ler_wpmul2r; first exact: ltW.
  rewrite /C ler_add2l; have -> : 2%:R * K * l = K * l + K * l by ring.
  apply: le_trans (_ : K * l <= _); last by rewrite ler_addl mulr_ge0.
  by rewrite -[X in X <= _]mulr1; exact: ler_wpmul2l.
move=> ep ep0.
have lR : (1 <= l)%Re by exact/RleP.
have CR : (0 <= C)%Re by exact/RleP.
have q0 : (0 < ep / (C + 1))%Re by apply: Rdiv_lt_0_compat; lra.
exists (Rmin (/ l) (ep / (C + 1))); split.
  by apply: Rmin_glb_lt => //; apply: Rinv_0_lt_compat; lra.
move=> xi [x0 xs].
have xl : (xi < / l)%Re by apply: Rlt_le_trans xs (Rmin_l _ _).
have xe : (xi < ep / (C + 1))%Re by apply: Rlt_le_trans xs (Rmin_r _ _).
have lxi : (l * xi <= 1)%Re.
  by rewrite -(Rinv_r l); [apply: Rmult_le_compat_l; lra|lra].
have x1 : (xi <= 1)%Re by nra.
have x0' : 0 < (xi : RR) by exact/RltP.
have x1' : (xi : RR) <= 1 by exact/RleP.
have xL : l * (xi : RR) ^+ 2 <= 1.
  by rewrite expr2; apply/RleP; have : (l * (xi * xi) <= 1)%Re by nra.
have Cx : (C * xi < ep)%Re.
  have : (xi * (C + 1) < ep)%Re; last by nra.
  have -> : ep = (ep / (C + 1) * (C + 1))%Re.
    by rewrite /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r //; lra.
  by apply: Rmult_lt_compat_r; lra.
have [v0 hv0 lo] := lower xi x0' x1'.
have up v : quotient X y w W xi v -> (v <= S * S + C * xi)%Re.
  by move=> hv; have /RleP := upper xi v x0' xL x1' hv; rewrite expr2.
have bd : bound (quotient X y w W xi) by exists (S * S + C * xi)%Re.
have [s hs] := completeness (quotient X y w W xi) bd (ex_intro _ v0 hv0).
exists s; split=> //.
have s1 : (s <= S * S + C * xi)%Re by case: hs => _; apply=> v hv; exact: up.
have s2 : (v0 <= s)%Re by case: hs => ub _; exact: ub.
have s3 : (S * S - C * xi <= v0)%Re by move/RleP: lo; rewrite expr2.
by apply: Rabs_def1; lra.
Qed.
End Equation7.

(* As the paper states it for a minimiser: under (A1), w_star not zero. *)
Theorem equation_7_corrected (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
    (L : nat) (w : 'cV[RR]_(d L)) (W : layers RR d) (ws : 'cV[RR]_(d 0%N)) (lam : RR) (S : R) :
  (0 < L)%N -> (0 < n)%N -> (forall k, (0 < k < L)%N -> (0 < d k)%N) -> w != 0 -> ws != 0 ->
  0 < lam -> cov_ge X lam -> normal_eq X y ws -> (forall U, risk X y w W <= risk X y w U) ->
  is_sharpness X y w W S -> variational X y w W (S * S)%Re.
Proof.
move=> L0 n0 d0 w0 ws0 l0 hl hws hmin hS.
have wE := minimiser_wprod L0 w0 d0 hws l0 hl n0 hmin.
apply: (equation_7_at_a_minimiser hws wE n0 hS).
have h := thm2_second hws wE (ltW l0) hl ws0 L0 hS.
apply/RltP; apply: Rlt_le_trans h.
have LR : (0 < INR L)%Re by apply: lt_0_INR; exact/ssrnat.ltP.
have lR : (0 < lam)%Re by exact/RltP.
by repeat apply: Rmult_lt_0_compat; try exact: exp_pos; lra.
Qed.

