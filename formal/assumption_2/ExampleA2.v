(* The example after (A2): one layer zero, the others generic.  R^L(W(0)) = R_0; the gradient in the
   zero layer is nonzero for
   almost all others (on every line through one witness, for all but finitely many points) iff w* !=
   0. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Minimiser Linalg PolynomialFunction Network Risk Lemma8.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section A2.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (X : 'M[R]_(n, d 0)) (y : 'cV[R]_n) (L : nat) (w
  : 'cV[R]_(d L)).
Variables (ws : 'cV[R]_(d 0)) (lam : R) (z : nat).
Hypotheses (zL : (z < L)%N) (w_nz : w != 0) (d0 : forall k, (0 < k < L)%N ->
  (0 < d k)%N) (n0 : (0 < n)%N).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (ws_eq : normal_eq X y ws).
Definition gradz (W : layers R d) := grad5 W w (gradR1 X y (wprod W w)) z.

Lemma wprod_zero (W : layers R d) : W z = 0 -> wprod W w = 0.
Proof. by move=> W0; rewrite /wprod (fwd_zero W0 zL) trmx0 mul0mx. Qed.

(* first half of (A2) *)
Theorem A2_example_risk W : W z = 0 -> risk X y w W = R1 X y 0.
Proof. by move=> W0; rewrite /risk wprod_zero. Qed.

Let g0 : 'cV[R]_(d 0) := gradR1 X y 0.
Lemma g0_eq0 : (g0 == 0) = (ws == 0).
Proof.
have np : 0 < n%:R :> R by rewrite ltr0n.
have e : g0 = - (2%:R / n%:R) *: (X^T *m (X *m ws)) by rewrite /g0 (gradR1E ws_eq) subr0.
rewrite e scaler_eq0 oppr_eq0 mulf_eq0 invr_eq0 !gt_eqF ?ltr0n //=.
apply/eqP/eqP => [h|->]; last by rewrite !mulmx0.
have : lam * sqn ws <= 0.
  apply: le_trans (hlam ws) _.
  have -> : sqn (X *m ws) = dot ws (X^T *m (X *m ws)) by rewrite /sqn dot_mull.
  by rewrite h dot0r mulr0.
by rewrite pmulr_rle0 // => h2; apply/eqP; rewrite -sqn_eq0 eq_le h2 sqn_ge0.
Qed.
Lemma gradzE (W : layers R d) : W z = 0 -> gradz W = bvec W w z.+1 *m (fwd W z *m g0)^T.
Proof. by move=> W0; rewrite /gradz /grad5 wprod_zero // trmx_mul mulmxA. Qed.

(* for w* = 0 the example is wrong: (A2) fails at every network with a zero layer, in every layer *)
Theorem A2_example_fails : ws = 0 -> forall W : layers R d, W z = 0 -> forall k,
  grad5 W w (gradR1 X y (wprod W w)) k = 0.
Proof.
move=> ws0 W W0 k; have /eqP g00 : g0 == 0 by rewrite g0_eq0 ws0.
by rewrite wprod_zero // -/g0 g00 /grad5 trmx0 mulmx0 mul0mx.
Qed.

Section Witness.
Hypothesis ws_nz : ws != 0.
Notation f := (fill w).
Let U0 : layers R d := fun k => match k with 0 => f 1 *m g0^T | k'.+1 => f k'.+2 *m (f k'.+1)^T end.
Let U : layers R d := fun k => if k == z then 0 else U0 k.
Let fsq k : (0 < k <= L)%N -> 0 < sqn (f k). Proof.
by move=> h; rewrite lt_def sqn_eq0 sqn_ge0 (fill_nz w_nz d0). Qed.
Let gsq : 0 < sqn g0. Proof. by rewrite lt_def sqn_eq0 sqn_ge0 g0_eq0 ws_nz. Qed.

Lemma fwd_U k : (k.+1 <= z)%N -> exists2 c, 0 < c & fwd U k.+1 *m g0 = c *: f k.+1.
Proof.
elim: k => [|k IH] kz.
  exists (sqn g0); first exact: gsq.
  by rewrite /= mulmx1 /U ltn_eqF // /U0 -mulmxA dot_colE -/(sqn _) mul_mx_scalar.
have [c c0 e] := IH (ltnW kz); exists (c * sqn (f k.+1)).
  by apply: mulr_gt0 => //; apply: fsq; rewrite /=; exact: (leq_trans (ltnW kz) (ltnW zL)).
rewrite [fwd U k.+2]/= -mulmxA -/(fwd U k.+1) e /U ltn_eqF // /U0 -scalemxAr -mulmxA dot_colE -/(sqn
  _).
by rewrite mul_mx_scalar scalerA.
Qed.
Lemma bvec_U j : (z < L - j)%N -> exists2 c, 0 < c & bvec U w (L - j) = c *: f (L - j)%N.
Proof.
elim: j => [|j IH] jz; first by exists 1; rewrite ?ltr01 // subn0 bvec_last scale1r fill_last.
have jL : (j < L)%N.
  rewrite ltnNge; apply/negP => Lj; have e0 : (L - j.+1 = 0)%N by apply/eqP; rewrite subn_eq0 leqW.
  by rewrite e0 in jz.
have e : (L - j = (L - j.+1).+1)%N by rewrite -subSn.
have [|c c0 h] := IH; first by rewrite e ltnS ltnW.
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL /= (leq_trans _ jL).
move: h; rewrite e => h; rewrite (bvec_step U w lt) h.
case q : (L - j.+1)%N jz lt h => [//|q'] jz lt h.
exists (c * sqn (f q'.+2)); first by rewrite mulr_gt0 // fsq.
rewrite /U gtn_eqF // /U0 trmx_mul trmxK -scalemxAr -mulmxA dot_colE -/(sqn _) mul_mx_scalar scalerA
  //.
Qed.
Lemma U_zero : U z = 0. Proof. by rewrite /U eqxx. Qed.
Lemma witness : exists2 V : layers R d, V z = 0 & gradz V != 0.
Proof.
exists U; first exact: U_zero.
rewrite gradzE ?U_zero // -sqn_eq0 sqn_outer mulf_neq0 // sqn_eq0.
  have [|c c0 e] := @bvec_U (L - z.+1); first by rewrite subKn.
  by move: e; rewrite subKn // => ->; rewrite scaler_eq0 gt_eqF //= (fill_nz w_nz d0).
case ez : z => [|k]; first by rewrite mul1mx g0_eq0.
have [|c c0 e] := @fwd_U k; first by rewrite ez.
by rewrite e scaler_eq0 gt_eqF //= (fill_nz w_nz d0) //= -ez ltnW.
Qed.

(* on every line from the witness to a network with W_z = 0, the gradient vanishes at finitely many
   points only *)
Lemma ispolym_fwd (V D : layers R d) k : ispolym (fun t => fwd (move V t D) k).
Proof.
elim: k => [|k IH]; first exact: ispolym_cst.
apply: ispolymM (IH); apply: ispolymD; first exact: ispolym_cst.
by apply: ispolymZ; [exact: ispoly_id|exact: ispolym_cst].
Qed.
Lemma ispolym_bvec (V D : layers R d) k : (k <= L)%N -> ispolym (fun t => bvec (move V t D) w k).
Proof.
move=> kL; rewrite -(subKn kL); elim: (L - k)%N (leq_subr k L) => [|j IH] jL.
  rewrite subn0 => a b; apply: ispoly_ext (ispoly_cst (w a b)) => t; by rewrite bvec_last.
have e : (L - j = (L - j.+1).+1)%N by rewrite -subSn.
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL /= (leq_trans _ jL).
have := IH (ltnW jL); rewrite e => h.
have hm : ispolym (fun t => (move V t D (L - j.+1)%N)^T *m bvec (move V t D) w (L - j.+1).+1).
  apply: ispolymM h; apply: ispolymT; apply: ispolymD; first exact: ispolym_cst.
  by apply: ispolymZ; [exact: ispoly_id|exact: ispolym_cst].
by move=> a b; apply: ispoly_ext (hm a b) => t; rewrite -bvec_step.
Qed.

Theorem A2_example : exists2 V : layers R d, V z = 0 & forall W : layers R d, W z = 0 ->
  exists2 p : {poly R}, p != 0 & forall t, ~~ root p t ->
    gradz (move V t (fun k => W k - V k)) != 0.
Proof.
have [V V0 hV] := witness; exists V => // W W0; pose D : layers R d := fun k => W k - V k.
have Vt0 t : move V t D z = 0 by rewrite /move /D V0 W0 subrr scaler0 addr0.
have hg : ispolym (fun t => gradz (move V t D)).
  have h : ispolym (fun t => bvec (move V t D) w z.+1 *m (fwd (move V t D) z *m g0)^T).
    apply: ispolymM; first exact: ispolym_bvec.
    by apply: ispolymT; apply: ispolymM; [exact: ispolym_fwd|exact: ispolym_cst].
  by move=> a b; apply: ispoly_ext (h a b) => t; rewrite gradzE.
have [p hp] : ispoly (fun t => sqn (gradz (move V t D))) by apply: ispoly_dot.
exists p.
  apply/eqP => p0; have := hp 0; rewrite p0 horner0 => /eqP; rewrite sqn_eq0.
  have bE k : (k <= L)%N -> bvec (move V 0 D) w k = bvec V w k.
    move=> kL; rewrite -(subKn kL); elim: (L - k)%N (leq_subr k L) => [|j IH] jL;
      first by rewrite subn0 !bvec_last.
    have lt : (L - j.+1 < L)%N by rewrite ltn_subrL /= (leq_trans _ jL).
    have e : (L - j = (L - j.+1).+1)%N by rewrite -subSn.
    by have := IH (ltnW jL); rewrite e !(bvec_step _ _ lt) => ->; rewrite /move scale0r addr0.
  have fE k : fwd (move V 0 D) k = fwd V k.
    by elim: k => //= k ->; rewrite /move scale0r addr0.
  by rewrite gradzE // bE // fE -(gradzE V0) (negbTE hV).
by move=> t; rewrite /root -hp sqn_eq0.
Qed.
End Witness.
End A2.
