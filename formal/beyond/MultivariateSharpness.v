(* Several outputs, no head: the sharpness of a minimiser W with product As, from below.
   The second derivative along D is (2/n) |E X^T|^2 with E = sum_k B_k D_k A_k, the first-order
   change of the product.  For a unit vector u it is at least (2/n) |X E^T u|^2, which is that of
   the network with head u and target As^T u; Theorem 2, corrected, bounds its sharpness.  The first
   left singular vector u of As has |As^T u| = |As|_2. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree
  PolynomialDerivative Sharpness Theorem2 OperatorBound OperatorNorm Multivariate
  SingularVectorsExist.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Reach.
Variables (R : rcfType) (d : nat -> nat).
(* the layers V with the matrix A in place of layer m *)
Definition put (V : layers R d) m (A : 'M[R]_(d m.+1, d m)) : layers R d := fun k =>
  if @eqP _ m k is ReflectT e then ecast i 'M_(d i.+1, d i) e A else V k.
Lemma put_at V m (A : 'M[R]_(d m.+1, d m)) : put V A m = A.
Proof. by rewrite /put; case: eqP => // e; rewrite (eq_axiomK e). Qed.
Lemma put_below V m (A : 'M[R]_(d m.+1, d m)) k : (k <= m)%N -> fwd (put V A) k = fwd V k.
Proof.
elim: k => //= k IH km; rewrite IH 1?ltnW //; congr (_ *m _).
by rewrite /put; case: eqP => // e; exfalso; move: km; rewrite e ltnn.
Qed.
(* a matrix is a product of layers where its rank is at most the hidden widths *)
Theorem reach L (A : 'M[R]_(d L, d 0)) : (0 < L)%N -> (forall k, (0 < k < L)%N ->
  (\rank A <= d k)%N) -> exists V : layers R d, fwd V L = A.
Proof.
case: L A => // L A _; elim: L A => [|L IH] A hr.
  by exists (put (fun=> 0) A); rewrite /= put_at mulmx1.
have rL : (\rank A <= d L.+1)%N by apply: hr; rewrite /= ltnSn.
pose A' : 'M[R]_(d L.+1, d 0) := pid_mx (\rank A) *m row_base A.
have [k /andP[k0 kL]|V hV] := IH A'.
  apply: leq_trans (mxrankM_maxr _ _) _; rewrite eq_row_base.
  by apply: hr; rewrite k0 (leq_trans kL).
exists (put V (col_base A *m pid_mx (\rank A))).
rewrite [LHS]/= -/(fwd _ L.+1) put_at put_below // hV /A' mulmxA -[X in X *m row_base A]mulmxA.
by rewrite pid_mx_id // pid_mx_1 mulmx1 mulmx_base.
Qed.
End Reach.

Section Several.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (L : nat) (Y : 'M[RR]_(n, d L)).
Implicit Types W D : layers RR d.
(* the least upper bound of the second derivatives over unit directions *)
Definition is_sharpnessm W (S : R) := is_lub (fun v => exists D : layers RR d, psqn L D = 1 /\
  is_derive_n (fun t : R => riskm X Y (move W t D) : R) 2 0%R v) S.

Section AtMin.
Variables (W : layers RR d) (As : 'M[RR]_(d L, d 0)) (lam s : RR).
Hypotheses (As_eq : normal_eqm X Y As) (WE : fwd W L = As) (As_nz : As != 0) (L0 : (0 < L)%N).
Hypotheses (l0 : 0 <= lam) (hl : cov_ge X lam) (hs : is_opnorm As s).

(* the form of the Hessian *)
Definition formm D : RR := 2%:R * (n%:R^-1 * sqn (jac W D L *m X^T)).
Lemma column D (u : 'cV[RR]_(d L)) : (jac W D L *m X^T)^T *m u = X *m jvec W D u.
Proof. by rewrite trmx_mul trmxK -mulmxA. Qed.
Lemma second_derivative_m D :
  is_derive_n (fun t : R => riskm X Y (move W t D) : R) 2 0%R (formm D : R).
Proof.
have [q hq q0] := fin_all_exists2 (fun i : 'I_(d L) => risk_expand X (Y *m ee RR i) (ee RR i) W D).
have -> : formm D = 2%:R * (\sum_i q i).[0].
  rewrite /formm horner_sum sqn_rows [in LHS]mulr_sumr; congr (_ * _); apply: eq_bigr => i _.
  rewrite column q0 // /wprod WE; have e := normal_ee As_eq i.
  by rewrite mulmxBr e -mulmxA subrr.
pose c := \sum_i dot (gradR1 X (Y *m ee RR i) (wprod W (ee RR i))) (jvec W D (ee RR i)).
apply: (proj2 (@derive_expand _ (riskm X Y W) c _ _)) => t; rewrite !riskm_sum horner_sum.
by rewrite /c !mulr_sumr -!big_split; apply: eq_bigr => i _; exact: hq.
Qed.

(* the form is bounded *)
Lemma jac_bound k : (k <= L)%N -> exists C : RR, forall D, psqn L D = 1 -> norm (jac W D k) <= C.
Proof.
elim: k => [|k IH] kL; first by exists 0 => D _; rewrite norm0.
have [C hC] := IH (ltnW kL); exists (norm (W k) * C + norm (fwd W k)) => D D1.
have sub m p q (A : 'M[RR]_(m, p)) (B : 'M[RR]_(p, q)) : norm (A *m B) <= norm A * norm B.
  by apply: norm_le; [exact: norm_ge0|apply: sqn_mul_le; exact: opnorm_le_frob].
rewrite /=; apply: le_trans (normD _ _) _; apply: ler_add.
  by apply: le_trans (sub _ _ _ _ _) _; apply: ler_wpmul2l; [exact: norm_ge0|exact: hC].
apply: le_trans (sub _ _ _ _ _) _; rewrite -[X in _ <= X]mul1r; apply: ler_wpmul2r;
  first exact: norm_ge0.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 ?ler01 // norm_sqr expr1n -D1 /psqn.
by rewrite (bigD1 (Ordinal kL)) //= ler_addl sumr_ge0 // => i _; exact: sqn_ge0.
Qed.
Lemma form_bound : exists C : RR, forall D, psqn L D = 1 -> formm D <= C.
Proof.
have [C hC] := jac_bound (leqnn L); exists (2%:R * (n%:R^-1 * (norm X^T * C) ^+ 2)) => D D1.
rewrite ler_pmul2l ?ltr0n //; apply: ler_wpmul2l; first exact: nV_ge0.
have C0 : 0 <= C := le_trans (norm_ge0 _) (hC D D1).
rewrite -norm_sqr ler_expn2r ?nnegrE ?mulr_ge0 ?norm_ge0 //.
apply: le_trans (_ : norm (jac W D L) * norm X^T <= _); last first.
  by rewrite mulrC; apply: ler_wpmul2l; [exact: norm_ge0|exact: hC].
by apply: norm_le; [exact: norm_ge0|apply: sqn_mul_le; exact: opnorm_le_frob].
Qed.

(* for a unit vector u the form is at least that of the network with head u *)
Lemma form_head D (u : 'cV[RR]_(d L)) : sqn u = 1 ->
  2%:R * (n%:R^-1 * sqn (X *m jvec W D u)) <= formm D.
Proof.
move=> u1; rewrite ler_pmul2l ?ltr0n //; apply: ler_wpmul2l; first exact: nV_ge0.
have := proj1 (op2_opnorm _ (norm_ge0 _)) (opnorm_le_frob (jac W D L *m X^T)^T) u.
by rewrite norm_sqr sqn_trmx u1 mulr1 column.
Qed.
Lemma head_target u : wprod W u = As^T *m u. Proof. by rewrite /wprod WE. Qed.
Lemma head_normal u : normal_eq X (Y *m u) (As^T *m u).
Proof. by rewrite /normal_eq mulmxA As_eq -mulmxA. Qed.
(* the first left singular vector *)
Lemma first_left : exists u : 'cV[RR]_(d L), [/\ sqn u = 1, norm (As^T *m u) = s & As^T *m u != 0].
Proof.
have [s0 hAs least] := hs.
have dL : (0 < d L)%N.
  rewrite lt0n; apply: contra_neq As_nz => z; apply/matrixP => i.
  by have := ltn_ord i; rewrite {2}z.
have hT : is_opnorm As^T s.
  split=> // [|c c0 hc].
    by apply/op2_opnorm => //; apply: op2_trmx; [exact: sqr_ge0|apply/op2_opnorm].
  apply: least => //; apply/op2_opnorm => //; rewrite -[As]trmxK.
  by apply: op2_trmx; [exact: sqr_ge0|apply/op2_opnorm].
have [u [u1 hu]] := top_right dL hT; rewrite trmxK in hu; exists u.
have e : sqn (As^T *m u) = s ^+ 2 by rewrite /sqn dot_mull trmxK hu dotZr -/(sqn u) u1 mulr1.
have ns : norm (As^T *m u) = s by rewrite /norm e sqrtr_sqr ger0_norm.
split=> //; apply: contra_neq As_nz => z; rewrite z norm0 in ns.
apply/eqP; rewrite -sqn_eq0 sqn_cols; apply/eqP; apply: big1 => i _; apply/eqP.
by rewrite sqn_eq0 -norm_eq0 eq_le norm_ge0 andbT; have := hAs (ee RR i); rewrite -ns mul0r.
Qed.

Theorem several_lower : exists S : R, is_sharpnessm W S /\
  (2 * INR L * lam * Rpower s (2 - 2 / INR L) <= S)%Re.
Proof.
have [u [u1 us unz]] := first_left.
have [T hT] := sharpness_exists (head_normal u) (head_target u) unz L0.
have := thm2_second (head_normal u) (head_target u) l0 hl unz L0 hT.
rewrite us {1}/norm u1 sqrtr1 {1}/Rpower ln_1 Rmult_0_r exp_0 Rmult_1_r => low.
have [C hC] := form_bound.
have Tle S : is_upper_bound (fun v => exists D : layers RR d, psqn L D = 1 /\
    is_derive_n (fun t : R => riskm X Y (move W t D) : R) 2 0%R v) S -> (T <= S)%Re.
  move=> ub; apply: (proj2 hT) => v [D [D1 hD]].
  rewrite -(is_derive_n_unique _ _ _ _ hD) (is_derive_n_unique _ _ _ _
    (second_derivative_min (head_normal u) (head_target u) D)).
  apply: (Rle_trans _ (formm D)); first by apply/RleP; exact: form_head.
  by apply: ub; exists D; split=> //; exact: second_derivative_m.
case: (completeness (fun v => exists D : layers RR d, psqn L D = 1 /\
    is_derive_n (fun t : R => riskm X Y (move W t D) : R) 2 0%R v)).
- exists C => v [D [D1 hD]]; rewrite -(is_derive_n_unique _ _ _ _ hD).
  by rewrite (is_derive_n_unique _ _ _ _ (second_derivative_m D)); apply/RleP; exact: hC.
- have p : 0 < psqn L W.
    rewrite /psqn (bigD1 (Ordinal L0)) //= ltr_paddr ?sumr_ge0 // => [i _|]; first exact: sqn_ge0.
    by rewrite lt_def sqn_ge0 sqn_eq0 (layer_nz (head_target u) unz).
  pose c := (Num.sqrt (psqn L W))^-1; exists (formm (fun k => c *: W k)), (fun k => c *: W k).
  split; last exact: second_derivative_m.
  transitivity (c ^+ 2 * psqn L W); last by rewrite exprVn sqr_sqrtr ?ltW // mulVf // gt_eqF.
  by rewrite /psqn mulr_sumr; apply: eq_bigr => k _; exact: sqnZ.
by move=> S hS; exists S; split=> //; apply: Rle_trans low _; apply: Tle; exact: (proj1 hS).
Qed.
End AtMin.

(* a minimiser has the product As where some layers have it *)
Lemma minimiser_product (W : layers RR d) (As : 'M[RR]_(d L, d 0)) lam : normal_eqm X Y As ->
  0 < lam -> cov_ge X lam -> (0 < L)%N -> (forall k, (0 < k < L)%N -> (\rank As <= d k)%N) ->
  (forall V, riskm X Y W <= riskm X Y V) -> fwd W L = As.
Proof.
move=> hA l0 hl L0 hr hmin; have [V hV] := reach L0 hr; have := hmin V; rewrite /riskm hV => h.
have {}h : lam * sqn (fwd W L - As) <= 0.
  by apply: le_trans (excess_lam hA (fwd W L) hl) _; rewrite subr_le0.
move: h; rewrite pmulr_rle0 // => h2; apply/eqP; rewrite -subr_eq0 -sqn_eq0.
by rewrite eq_le h2 sqn_ge0.
Qed.
End Several.
