(* The exact minimum of the sharpness over all minimisers, L >= 2.
   K(t) = (2/n) X (t I + (L-1) (|w|^2/t)^(1/(L-1)) w* w*^T) X^T, similar to 2 R^T (..) R with Sigma
   = R R^T, R = X^T / sqrt n. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 RootFree Minimiser
  PolynomialDerivative RealPower Sharpness Theorem2 RayleighAlgebra Rayleigh.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Dual.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat) (w :
  'cV[RR]_(d L)).
Variables (W : layers RR d) (ws : 'cV[RR]_(d 0%N)).
Hypotheses (ws_eq : normal_eq X y ws) (wsE : wprod W w = ws) (ws_nz : ws != 0) (L_gt0 : (0 <
  L)%N) (n0 : (0 < n)%N).

(* (2/n) z^T X M X^T z, M = sum_k |b_{k+1}|^2 A_k^T A_k *)
Definition Kdual (z : 'cV[RR]_n) : RR := 2%:R * (n%:R^-1 * Tdual w W (X^T *m z)).

Lemma sharp_S_ge0 S : is_sharpness X y w W S -> 0 <= (S : RR).
Proof.
have l0 : cov_ge X 0 by move=> v; rewrite mul0r mulr_ge0 ?nV_ge0 ?sqn_ge0.
by move=> hS; exact: (S_ge0 ws_eq wsE (lexx 0) l0 ws_nz L_gt0 hS).
Qed.
Lemma Kdual_le S z : is_sharpness X y w W S -> sqn z = 1 -> Kdual z <= (S : RR).
Proof.
move=> hS z1; have := rayleigh (fun D => sharp_form ws_eq wsE D hS) (sharp_S_ge0 hS) z.
by rewrite z1 mulr1.
Qed.

(* the sharpness at a minimiser is the largest eigenvalue (least upper bound of the form) of (2/n) X
   M X^T *)
Theorem sharpness_dual S : is_lub (fun v : R => exists z : 'cV[RR]_n, sqn z = 1 /\ v =
  Kdual z) S <-> is_sharpness X y w W S.
Proof.
have unit_z : exists z : 'cV[RR]_n, sqn z = 1.
  pose u : 'cV[RR]_n := const_mx 1.
  have nz : u != 0 by apply/eqP => /matrixP/(_ (Ordinal n0) 0); rewrite !mxE => /eqP;
    rewrite oner_eq0.
  by exists ((norm u)^-1 *: u); rewrite sqnZ exprVn norm_sqr mulVf // sqn_eq0.
have K0 z : 0 <= Kdual z by rewrite mulr_ge0 ?ler0n // mulr_ge0 ?nV_ge0 ?Tdual_ge0.
have key (c : R) : (forall z, sqn z = 1 -> Kdual z <= (c : RR)) ->
   forall D, psqn L D = 1 -> 2%:R * (n%:R^-1 * sqn (X *m jvec W D w)) <= (c : RR).
  move=> hc D D1; set a := X *m jvec W D w.
  have [a0|an] := eqVneq (sqn a) 0.
    by rewrite a0 !mulr0; have [z z1] := unit_z; exact: le_trans (K0 z) (hc z z1).
  have ap : 0 < sqn a by rewrite lt_def an sqn_ge0.
  pose z := (norm a)^-1 *: a; have z1 : sqn z = 1 by rewrite sqnZ exprVn norm_sqr mulVf.
  apply: le_trans (hc z z1); rewrite /Kdual ler_pmul2l ?ltr0n //; apply: ler_wpmul2l;
    first exact: nV_ge0.
  have e1 : norm a = dot (X^T *m z) (jvec W D w).
    rewrite dot_mull trmxK -/a /z dotZl -/(sqn a) -norm_sqr expr2 mulrA mulVf ?mul1r //.
    by rewrite norm_eq0 -sqn_eq0.
  rewrite -norm_sqr e1 dot_Ddual -(Ddual_sqn w W).
  (* Cauchy-Schwarz over the layers *)
  have cs (F G : layers RR d) : (\sum_(k < L) dot (F k) (G k)) ^+ 2 <= psqn L F * psqn L G.
    have [G0|Gn] := eqVneq (psqn L G) 0.
      have Gk (k : 'I_L) : G k = 0.
        apply/eqP; rewrite -sqn_eq0; move/eqP: G0; rewrite psumr_eq0 =>
          [/allP/(_ k (mem_index_enum _))//|i _].
        exact: sqn_ge0.
      by rewrite big1 ?expr0n /= ?G0 ?mulr0 // => k _; rewrite Gk dot0r.
    have Gp : 0 < psqn L G by rewrite lt_def Gn sumr_ge0 // => k _; exact: sqn_ge0.
    set s := \sum_(k < L) _; have : 0 <= \sum_(k < L) sqn (psqn L G *: F k - s *: G k).
      by apply: sumr_ge0 => k _; exact: sqn_ge0.
    rewrite (eq_bigr (fun k : 'I_L => psqn L G ^+ 2 * sqn (F k) - 2%:R * psqn L G * s *
      dot (F k) (G k) + s ^+ 2 * sqn (G k))).
      rewrite big_split sumrB /= -!mulr_sumr -/(psqn L G) -/(psqn L F) -/s.
      rewrite (_ : _ + _ = psqn L G * (psqn L F * psqn L G - s ^+ 2)); last by ring.
      by rewrite pmulr_rge0 // subr_ge0.
    by move=> k _; rewrite sqnD sqnN !sqnZ dotNr dotZl dotZr; ring.
  by have := cs (Ddual w W (X^T *m z)) D; rewrite D1 mulr1.
split=> [[ub lub]|hS].
  split=> [v [D [D1 hD]]|b hb].
    rewrite -(is_derive_n_unique _ _ _ _ hD) (is_derive_n_unique _ _ _ _ (second_derivative_min
      ws_eq wsE D)).
    by apply/RleP; apply: key D1 => z z1; apply/RleP; apply: ub; exists z.
  have [S' hS'] := sharpness_exists ws_eq wsE ws_nz L_gt0.
  have S'b : (S' <= b)%Re by case: hS' => _; exact.
  apply: Rle_trans S'b; apply: lub => v [z [z1 ->]]; apply/RleP; exact: Kdual_le hS' z1.
split=> [v [z [z1 ->]]|b hb]; first by apply/RleP; exact: Kdual_le hS z1.
case: hS => _ lub; apply: lub => v [D [D1 hD]].
rewrite -(is_derive_n_unique _ _ _ _ hD) (is_derive_n_unique _ _ _ _ (second_derivative_min ws_eq
  wsE D)).
by apply/RleP; apply: key D1 => z z1; apply/RleP; apply: hb; exists z.
Qed.
End Dual.

Section MinSharp.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (m : nat).
Notation L := m.+2.   (* L - 1 = m.+1 *)
Variables (w : 'cV[RR]_(d L)) (ws : 'cV[RR]_(d 0%N)) (lam : RR).
Hypotheses (n0 : (0 < n)%N) (w_nz : w != 0) (ws_nz : ws != 0) (d0 : forall k, (0 < k < L)%N ->
  (0 < d k)%N).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (ws_eq : normal_eq X y ws).

Definition ratio (t : R) : R := Rpower (sqn w / t) (1 / INR m.+1).
(* the form of K(t) at z *)
Definition Kt (t : R) (z : 'cV[RR]_n) : RR :=
  2%:R * (n%:R^-1 * ((t : RR) * sqn (X^T *m z) + m.+1%:R * (ratio t : RR) * dot (X *m ws) z ^+ 2)).
(* s is the largest eigenvalue of K(t) *)
Definition is_top (t s : R) := is_lub (fun v : R => exists z : 'cV[RR]_n, sqn z = 1 /\ v =
  Kt t z) s.

Let w_gt0 : 0 < sqn w. Proof. by rewrite lt_def sqn_eq0 w_nz sqn_ge0. Qed.
Let ws_gt0 : 0 < sqn ws. Proof. by rewrite lt_def sqn_eq0 ws_nz sqn_ge0. Qed.
Let Lg : (0 < L)%N. Proof. by []. Qed.

Lemma Tdual_recl (V : layers RR d) x : Tdual w V x =
  sqn (bvec V w 1) * sqn x + \sum_(k < m.+1) sqn (bvec V w k.+2) * sqn (fwd V k.+1 *m x).
Proof.
rewrite /Tdual big_ord_recl mul1mx; congr (_ + _).
Qed.

Section Lower.
Variable W : layers RR d.
Hypothesis wsE : wprod W w = ws.
Let b k := sqn (bvec W w k).
Lemma b_gt0 k : (k <= L)%N -> 0 < b k.
Proof.
move=> kL; rewrite lt_def sqn_ge0 sqn_eq0 andbT; apply: contra_neq ws_nz => z.
have := bvec_fwd W w ws kL; rewrite z dot0l wsE -/(sqn ws) => e.
by apply/eqP; rewrite -sqn_eq0 -e.
Qed.
Lemma b_step x k : (k <= L)%N -> dot ws x ^+ 2 <= b k * sqn (fwd W k *m x).
Proof. by move=> kL; rewrite -wsE -(bvec_fwd W w x kL); exact: CS2. Qed.

Lemma prod_telescope (f : nat -> RR) k : (forall j, (j <= k)%N -> f j.+1 != 0) ->
  \prod_(j < k) (f j.+2 / f j.+1) = f k.+1 / f 1%N.
Proof.
elim: k => [|k IH] h; first by rewrite big_ord0 divff // h.
rewrite big_ord_recr /= IH => [|j jk]; last by apply: h; apply: leqW.
by field; rewrite !h.
Qed.

(* the sum of the ratios is at least (L-1) (|w|^2/beta_1)^(1/(L-1)) *)
Lemma ratios : m.+1%:R * (ratio (b 1) : RR) <= \sum_(j < m.+1) (b j.+2 / b j.+1).
Proof.
have bp j : (j <= L)%N -> 0 < b j := @b_gt0 j.
have r0 (j : 'I_m.+1) : 0 <= b j.+2 / b j.+1.
  have jm := ltn_ord j; apply: ltW; apply: divr_gt0; apply: bp => //; exact: ltnW.
have s0 : 0 <= \sum_(j < m.+1) (b j.+2 / b j.+1) by apply: sumr_ge0.
have rr : (0 : RR) <= ratio (b 1) by apply/RleP/Rlt_le/exp_pos.
rewrite -(@ler_pexpn2r _ m.+1) ?nnegrE ?mulr_ge0 ?ler0n //.
have := (@leif_AGM_scaled _ _ (mem 'I_m.+1) (fun j : 'I_m.+1 => b j.+2 /
  b j.+1) (fun k _ => mulrn_wge0 _ (r0 k))).1.
rewrite card_ord; apply: le_trans.
rewrite (eq_bigr (fun i : 'I_m.+1 => m.+1%:R * (b i.+2 / b i.+1))) => [|i _];
  last by rewrite mulr_natl.
rewrite big_split /= prodr_const card_ord exprMn ler_wpmul2l ?exprn_ge0 ?ler0n //.
rewrite (prod_telescope (f := b)) => [|j jm]; last by rewrite gt_eqF // bp.
have bL : b L = sqn w by rewrite /b bvec_last.
have b1p : 0 < b 1 by exact: bp.
have w0' : (0 < sqn w / b 1)%Re by apply: Rdiv_lt_0_compat; apply/RltP.
by rewrite bL /ratio Rpower_expn // inv_mul1 Rpower_1 // RdivE // gt_eqF.
Qed.

Lemma Kdual_ge z : Kt (b 1) z <= Kdual X w W z.
Proof.
rewrite /Kt /Kdual ler_pmul2l ?ltr0n //; apply: ler_wpmul2l; first exact: nV_ge0.
set x := X^T *m z; have -> : dot (X *m ws) z = dot ws x by rewrite dot_mull.
rewrite Tdual_recl; apply: ler_add => //.
apply: le_trans (ler_wpmul2r (sqr_ge0 _) ratios) _.
rewrite mulr_suml; apply: ler_sum => k _; have kL : (k.+1 <= L)%N by apply: ltnW; rewrite ltnS.
rewrite mulrAC ler_pdivr_mulr ?b_gt0 // -mulrA; apply: ler_wpmul2l; first exact: sqn_ge0.
by rewrite [X in _ <= X]mulrC; exact: b_step.
Qed.

(* every minimiser has S >= lambda_max(K(beta_1)) *)
Lemma lower_top S : is_sharpness X y w W S -> forall s, is_top (b 1) s -> (s <= S)%Re.
Proof.
move=> hS s [_ lub]; apply: lub => v [z [z1 ->]]; apply/RleP; apply: le_trans (Kdual_ge z) _.
exact: Kdual_le ws_eq wsE ws_nz Lg _ _ hS z1.
Qed.
End Lower.

Section Attained.
Variable t : R.
Hypothesis t0 : (0 < t)%Re.
Let rho : RR := ratio t.
Let t0' : 0 < (t : RR). Proof. exact/RltP. Qed.
Let rho0 : 0 < rho. Proof. by apply/RltP; exact: exp_pos. Qed.
(* unit vectors *)
Let f k : 'cV[RR]_(d k) := if @eqP _ L k is ReflectT e then ecast i 'cV_(d i) e ((norm w)^-1 *: w)
  else (Num.sqrt (d k)%:R)^-1 *: const_mx 1.
Lemma f_lastE : f L = (norm w)^-1 *: w.
Proof. by rewrite /f; case: eqP => // e; rewrite (eq_axiomK e). Qed.
Lemma f_unit k : (0 < k <= L)%N -> sqn (f k) = 1.
Proof.
case/andP=> k0; rewrite leq_eqVlt => /predU1P[->|kL].
  by rewrite f_lastE sqnZ exprVn norm_sqr mulVf // sqn_eq0.
rewrite /f; case: eqP => [e|_]; first by exfalso; move: kL; rewrite -e ltnn.
have dk : (0 < d k)%N by rewrite d0 // k0 kL.
rewrite sqnZ exprVn sqr_sqrtr ?ler0n // /sqn /dot.
rewrite (eq_bigr (fun=> 1)) => [|i _]; last by rewrite big_ord1 !mxE mulr1.
by rewrite sumr_const card_ord mulVf // pnatr_eq0 -lt0n.
Qed.
Let st := Num.sqrt (t : RR).
Let sr := Num.sqrt rho.
Let st0 : 0 < st. Proof. by rewrite sqrtr_gt0. Qed.
Let sr0 : 0 < sr. Proof. by rewrite sqrtr_gt0. Qed.
(* rank-one aligned layers with equal ratios *)
Definition Wt : layers RR d := fun k => match k with
  | 0 => st^-1 *: (f 1 *m ws^T)
  | k'.+1 => sr^-1 *: (f k'.+2 *m (f k'.+1)^T)
  end.
Lemma fwd_Wt k : (k < L)%N -> fwd Wt k.+1 = (st^-1 * sr^-1 ^+ k) *: (f k.+1 *m ws^T).
Proof.
elim: k => [|k IH] kL; first by rewrite /= mulmx1 expr0 mulr1.
rewrite [LHS]/= -/(fwd Wt k.+1) IH 1?ltnW // -scalemxAr -scalemxAl -mulmxA [X in _ *m X]mulmxA.
rewrite dot_colE mul_scalar_mx -/(sqn _) f_unit ?scale1r ?(ltnW kL) // scalerA.
by rewrite exprS mulrA mulrAC -mulrA.
Qed.
Let rhoE : rho ^+ m.+1 = sqn w / t.
Proof.
have p : (0 < sqn w / t)%Re by apply: Rdiv_lt_0_compat => //; exact/RltP.
rewrite /rho /ratio Rpower_expn //.
rewrite inv_mul1.
by rewrite Rpower_1 // RdivE // gt_eqF.
Qed.
Let prodE : st * sr ^+ m.+1 = norm w.
Proof.
apply/eqP; rewrite -(@eqr_expn2 _ 2) ?mulr_ge0 ?exprn_ge0 ?norm_ge0 ?ltW //; apply/eqP.
rewrite exprMn -exprM mulnC exprM /st /sr !sqr_sqrtr ?sqn_ge0 ?ltW // rhoE ?norm_sqr.
by rewrite mulrCA mulfV ?mulr1 // gt_eqF.
Qed.
Lemma bvec_Wt j : (j <= m.+1)%N -> bvec Wt w (L - j) = (norm w * sr^-1 ^+ j) *: f (L - j)%N.
Proof.
elim: j => [|j IH] jL.
  rewrite subn0 bvec_last expr0 mulr1 f_lastE scalerA mulfV ?scale1r //.
  by rewrite norm_eq0.
have lt : (L - j.+1 < L)%N by rewrite ltn_subrL.
have e : (L - j = (L - j.+1).+1)%N by rewrite -subSn // ltnW.
have {}IH := IH (ltnW jL); rewrite e in IH.
rewrite bvec_step // IH.
have [q eq] : exists q, (L - j.+1 = q.+1)%N.
  by exists (m - j)%N; rewrite subSS subSn.
move: lt; rewrite eq => lt.
rewrite /= [(_ *: _)^T]linearZ /= trmx_mul trmxK -scalemxAl -scalemxAr -mulmxA dot_colE -/(sqn _)
  f_unit //.
by rewrite mulmx1 scalerA exprS mulrA; congr (_ *: _); rewrite mulrCA mulrA.
Qed.
Lemma b1_Wt : bvec Wt w 1 = st *: f 1.
Proof.
have := bvec_Wt (leqnn m.+1); rewrite subSnn => ->; congr (_ *: _).
by rewrite -prodE -mulrA -exprMn mulfV ?expr1n ?mulr1 // gt_eqF.
Qed.
Lemma wprod_Wt : wprod Wt w = ws.
Proof.
rewrite /wprod fwd_Wt // f_lastE -scalemxAl scalerA [(_ *: _)^T]linearZ /= trmx_mul trmxK.
rewrite -scalemxAl -mulmxA dot_colE -/(sqn w) mul_mx_scalar -norm_sqr scalerA.
rewrite -[RHS]scale1r; congr (_ *: _); rewrite -prodE.
have a0 : st != 0 by rewrite gt_eqF.
have c0 : sr ^+ m.+1 != 0 by rewrite expf_neq0 // gt_eqF.
rewrite exprVn; move: (sr ^+ m.+1) c0 st a0 => u u0 v v0.
by field; rewrite u0 v0.
Qed.
Lemma Kdual_Wt z : Kdual X w Wt z = Kt t z.
Proof.
rewrite /Kdual /Kt; congr (_ * (_ * _)); set x := X^T *m z.
have -> : dot (X *m ws) z = dot ws x by rewrite dot_mull.
rewrite Tdual_recl b1_Wt sqnZ f_unit // mulr1 /st sqr_sqrtr ?ltW //; congr (_ + _).
rewrite (eq_bigr (fun=> rho * dot ws x ^+ 2)) => [|k _].
  by rewrite sumr_const card_ord -mulr_natl mulrA.
have km := ltn_ord k.
have kL : (k < L)%N by apply: ltnW; rewrite ltnS.
have e1 : (k.+2 = L - (m - k))%N.
  by rewrite subSn ?leqW ?leq_subr // subSn ?leq_subr // subKn.
have -> : sqn (bvec Wt w k.+2) = (norm w * sr^-1 ^+ (m - k)) ^+ 2.
  rewrite e1 bvec_Wt; last by apply: leq_trans (leq_subr _ _) _.
  by rewrite sqnZ f_unit ?mulr1 // -e1.
have -> : fwd Wt k.+1 *m x = (st^-1 * sr^-1 ^+ k * dot ws x) *: f k.+1.
  by rewrite (fwd_Wt kL) -scalemxAl -mulmxA dot_colE mul_mx_scalar scalerA.
rewrite sqnZ f_unit ?mulr1; last by rewrite /= ltnW.
rewrite -prodE -exprMn (_ : st * sr ^+ m.+1 * sr^-1 ^+ (m - k) * (st^-1 * sr^-1 ^+ k * dot ws x) =
  sr * dot ws x); last first.
  have -> : sr ^+ m.+1 = sr * (sr ^+ (m - k) * sr ^+ k) by rewrite -exprD subnK // exprS.
  rewrite !exprVn; have a0 : st != 0 by rewrite gt_eqF.
  have c0 j : sr ^+ j != 0 by rewrite expf_neq0 // gt_eqF.
  move: (c0 (m - k)%N) (c0 k); move: (sr ^+ (m - k)) (sr ^+ k) => u v u0 v0.
  by field; rewrite u0 v0 a0.
by rewrite exprMn /sr sqr_sqrtr ?ltW.
Qed.

(* a minimiser whose sharpness is lambda_max(K(t)) *)
Lemma attained_top s : is_top t s -> is_sharpness X y w Wt s.
Proof.
move=> hs; apply: (sharpness_dual ws_eq wprod_Wt ws_nz Lg n0 s).1.
case: hs => ub lub; split=> [v [z [z1 ->]]|c hc].
  by apply: ub; exists z; rewrite Kdual_Wt.
by apply: lub => v [z [z1 ->]]; apply: hc; exists z; rewrite Kdual_Wt.
Qed.
End Attained.

(* K(t) has a largest eigenvalue *)
Definition Abd : RR := 2%:R * (n%:R^-1 * sqn X^T).
Definition Bbd : RR := 2%:R * (n%:R^-1 * (m.+1%:R * sqn (X *m ws))).
Lemma Abd_ge0 : 0 <= Abd. Proof. by rewrite mulr_ge0 ?ler0n // mulr_ge0 ?nV_ge0 ?sqn_ge0. Qed.
Lemma Bbd_ge0 : 0 <= Bbd. Proof.
by rewrite mulr_ge0 ?ler0n // mulr_ge0 ?nV_ge0 // mulr_ge0 ?ler0n ?sqn_ge0. Qed.
Definition az (z : 'cV[RR]_n) : RR := 2%:R * (n%:R^-1 * sqn (X^T *m z)).
Definition bz (z : 'cV[RR]_n) : RR := 2%:R * (n%:R^-1 * (m.+1%:R * dot (X *m ws) z ^+ 2)).
Lemma KtE t z : Kt t z = (t * az z + ratio t * bz z)%Re.
Proof.
rewrite /Kt /az /bz RplusE !RmultE; move: (n%:R^-1) (m.+1%:R) (ratio t) => a b c.
by move: (sqn _) (dot _ _) => *; ring.
Qed.
Lemma az_le z : sqn z = 1 -> 0 <= az z <= Abd.
Proof.
move=> z1; apply/andP; split; first by rewrite mulr_ge0 ?ler0n // mulr_ge0 ?nV_ge0 ?sqn_ge0.
rewrite ler_pmul2l ?ltr0n //; apply: ler_wpmul2l; first exact: nV_ge0.
have h := opnorm_le_frob X^T z; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?mulr_ge0 ?norm_ge0 // in h.
by move: h; rewrite exprMn !norm_sqr z1 mulr1.
Qed.
Lemma bz_le z : sqn z = 1 -> 0 <= bz z <= Bbd.
Proof.
move=> z1; apply/andP; split.
  by rewrite mulr_ge0 ?ler0n // mulr_ge0 ?nV_ge0 // mulr_ge0 ?ler0n ?sqr_ge0.
rewrite ler_pmul2l ?ltr0n //; apply: ler_wpmul2l; first exact: nV_ge0.
apply: ler_wpmul2l; first exact: ler0n.
by apply: le_trans (CS2 _ _) _; rewrite z1 mulr1.
Qed.
Lemma unit_z : exists z : 'cV[RR]_n, sqn z = 1.
Proof.
pose u : 'cV[RR]_n := const_mx 1.
have nz : u != 0 by apply/eqP => /matrixP/(_ (Ordinal n0) 0); rewrite !mxE => /eqP;
  rewrite oner_eq0.
by exists ((norm u)^-1 *: u); rewrite sqnZ exprVn norm_sqr mulVf // sqn_eq0.
Qed.
Lemma ratio_gt0 t : (0 < ratio t)%Re. Proof. exact: exp_pos. Qed.
Lemma top_exists t : (0 < t)%Re -> exists s, is_top t s.
Proof.
move=> t0; case: (completeness (fun v : R => exists z : 'cV[RR]_n, sqn z = 1 /\ v = Kt t z)).
- exists (t * Abd + ratio t * Bbd)%Re => v [z [z1 ->]]; rewrite KtE; have r0 := ratio_gt0 t.
  have /andP[/RleP a1 /RleP a2] := az_le z1; have /andP[/RleP b1 /RleP b2] := bz_le z1.
  by apply: Rplus_le_compat; apply: Rmult_le_compat_l => //; lra.
- by have [z z1] := unit_z; exists (Kt t z), z.
by move=> s hs; exists s.
Qed.
Lemma top_unique t s s' : is_top t s -> is_top t s' -> s = s'.
Proof. exact: is_lub_u. Qed.
End MinSharp.
