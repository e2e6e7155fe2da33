(* The hypotheses of Theorem 3 / Corollaries 1-3 are satisfiable with L = 2: the explicit logistic
   flow
   W_1 = W_2 = a(t), a(t)^2 = 1/(1 + c exp(-4t)), for X = y = w = 1. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy OperatorNorm Lemma2 RealPower Sharpness Theorem2 Limit
  Corollary2 Lemma9 Continuation Confinement TwoSidedEvent.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Definition p (t : R) : R := (/ (1 + / 20000 * exp (- 4 * t)))%Re.
Definition a (t : R) : R := sqrt (p t).
Lemma p_pos t : (0 < p t)%Re.
Proof. by apply: Rinv_0_lt_compat; have := exp_pos (- 4 * t); lra. Qed.
Lemma aa t : (a t * a t = p t)%Re. Proof. by apply: sqrt_sqrt; apply: Rlt_le; exact: p_pos. Qed.
Lemma a_pos t : (0 < a t)%Re. Proof. exact: sqrt_lt_R0 (p_pos t). Qed.
Lemma p_derive t : is_derive p t (4 * p t * (1 - p t))%Re.
Proof.
have q := exp_pos (- 4 * t); rewrite /p; auto_derive; first by lra.
by field; lra.
Qed.
Lemma a_derive t : is_derive a t (2 * a t * (1 - a t * a t))%Re.
Proof.
have hs : is_derive sqrt (p t) (/ (2 * sqrt (p t)))%Re by apply/is_derive_Reals;
  exact: derivable_pt_lim_sqrt (p_pos t).
have := is_derive_comp sqrt p t _ _ hs (p_derive t).
rewrite /scal /= /mult /= -/(a t) => h2; evar_last; first exact: h2.
rewrite aa; have ap := a_pos t; rewrite -{1}(aa t); field; lra.
Qed.

Let d (k : nat) := 1%N.
Let X : 'M[RR]_(1, d 0%N) := 1%:M.
Let y : 'cV[RR]_1 := 1%:M.
Let w : 'cV[RR]_(d 2) := 1%:M.
Let W (t : R) : layers RR d := fun=> ((a t : RR)%:M).

Lemma e2 : (2%:R : RR) = 2%Re. Proof. by rewrite -INRE /=; lra. Qed.
Lemma W_grad t k : (k < 2)%N -> gradk X y w (W t) k = ((- (2 * a t * (1 - a t * a t)))%Re : RR)%:M.
Proof.
move=> kL.
have wp : wprod (W t) w = ((a t * a t)%Re : RR)%:M.
  by rewrite /wprod /= !mulmx1 -scalar_mxM tr_scalar_mx.
have gp : gradR1 X y (wprod (W t) w) = ((- (2 * (1 - a t * a t)))%Re : RR)%:M.
  rewrite /gradR1 wp /X trmx1 !mul1mx /y -raddfB /= scale_scalar_mx mulNr invr1 mulr1; congr (_%:M).
have -> : gradk X y w (W t) k = ((a t : RR) * (- (2 * (1 - a t * a t)))%Re)%:M.
  rewrite /gradk gp /grad5 tr_scalar_mx; case: k kL => [|[|//]] _.
    by rewrite bvec_step // bvec_last trmx1 mulmx1 mulmx1 tr_scalar_mx -scalar_mxM.
  by rewrite bvec_last /= mulmx1 mul1mx tr_scalar_mx -scalar_mxM mulrC.
have h : (a t * - (2 * (1 - a t * a t)) = - (2 * a t * (1 - a t * a t)))%Re by ring.
by rewrite -h.
Qed.

Lemma W_flow : gradient_flow X y w W.
Proof.
move=> t t0 k kL i j; rewrite W_grad // (ord1 i) (ord1 j) !mxE eqxx mulr1n -RoppE Ropp_involutive.
apply: is_derive_ext (a_derive t) => s; by rewrite mxE eqxx mulr1n.
Qed.


Lemma a0v : (a 0 * a 0 = 20000 / 20001)%Re. Proof. by rewrite aa /p Rmult_0_r exp_0; field. Qed.
Theorem thm4_moving t : (0 <= t)%Re -> (forall k, (k < 2)%N ->
  (sqn (W t k - W 0%Re k) < / 32 * / 32)%Re) /\ ~ (risk X y w (W 0%Re) <= R1 X y 1%:M)%Re.
Proof.
move=> t0.
have s11 (b : RR) : sqn (b%:M : 'M[RR]_1) = b ^+ 2 by rewrite /sqn /dot !big_ord1 !mxE eqxx mulr1n
  expr2.
have hX (v : 'cV[RR]_(d 0%N)) : 1%:R^-1 * sqn (X *m v) = 1 * sqn v by rewrite mul1mx invr1.
have hws : normal_eq X y (1%:M : 'cV[RR]_(d 0%N)) by rewrite /normal_eq /X trmx1 !mulmx1.
have hge : cov_ge X 1 by move=> v; rewrite hX.
have hle : cov_le X 1 by move=> v; rewrite hX.
have ap := a_pos 0; have av := a0v.
have av' : (a 0 * a 0 <= 1)%Re by rewrite av; lra.
have a1 : (a 0 <= 1)%Re by apply: Rnot_lt_le => h; nra.
have ah : (/ 2 <= a 0 * a 0)%Re by rewrite av; lra.
have ah1 : (/ 2 <= a 0)%Re by nra.
have w1 : sqn w = 1 by rewrite s11 expr1n.
have wp : wprod (W 0%Re) w = ((a 0 * a 0)%Re : RR)%:M by rewrite /wprod /= !mulmx1 -scalar_mxM
  tr_scalar_mx.
have R0 : (R1 X y 1%:M = 0)%Re by rewrite /R1 /X mul1mx subrr /sqn dot0r mulr0.
have R1v : (risk X y w (W 0%Re) = / 20001 * / 20001)%Re.
  rewrite /risk /R1 wp /X !mul1mx /y -raddfB /= s11 invr1 mul1r expr2 av.
  change ((1 - 20000 / 20001) * (1 - 20000 / 20001) = / 20001 * / 20001)%Re; lra.
split; last by rewrite R0 R1v; lra.
pose m : RR := (/ 2)%Re; pose M : RR := 1.
have m0 : 0 < m by apply/RltP; rewrite /m; change (0 < / 2)%Re; lra.
have m1 : m < 1 by apply/RltP; rewrite /m; change (/ 2 < 1)%Re; lra.
pose V0 : nat -> 'M[RR]_1 := W 0%Re.
have rvE i : rv 2 (W 0%Re) i = ((a 0 : RR)%:M) by rewrite /rv /W tr_scalar_mx.
have pr (V : nat -> 'M[RR]_1) k : (forall i, V i = ((a 0 : RR)%:M)) -> (0 < k <= 2)%N ->
  exists2 b : RR, prods V k = b%:M & (/ 2 <= b <= 1)%Re.
  move=> hV; case: k => [//|[|[|//]]] _.
    by exists (a 0); rewrite /= ?hV ?mulmx1 //; lra.
  exists ((a 0 * a 0)%Re : RR); rewrite /= ?hV ?mulmx1 -?scalar_mxM //; split=> //; nra.
have op (b : RR) (x : 'cV[RR]_1) : (/ 2 <= b <= 1)%Re ->
  norm (b%:M *m x) <= M * norm x /\ m * norm x <= norm (b%:M *m x).
  move=> [b1 b2]; have b0 : 0 <= b by apply/RleP; change (0 <= b)%Re; lra.
  rewrite mul_scalar_mx normZ ger0_norm //; split; apply: ler_wpmul2r; try exact: norm_ge0;
    exact/RleP.
have e4 : (4%:R : RR) = 4%Re by rewrite -INRE /=; lra.
have i2 : (2%Re : RR)^-1 = (/ 2)%Re.
  by rewrite -RinvE //; apply/eqP => h; have h5 : (2 = 0)%Re := h; lra.
have i4 : (4%Re : RR)^-1 = (/ 4)%Re.
  by rewrite -RinvE //; apply/eqP => h; have h5 : (4 = 0)%Re := h; lra.
have r32 : m ^+ 2 / (4%:R * M ^+ 2) / 2%:R = (/ 32)%Re.
  rewrite expr1n mulr1 e4 e2 expr2 /m i2 i4.
  change (/ 2 * / 2 * / 4 * / 2 = / 32)%Re; field.
have ev := @event 1 2 w W M m isT (lexx 1) m0 m1.
have h1 k : (0 < k <= 2)%N -> opnorm_le (prods (W 0%Re : nat -> 'M[RR]_1) k) M by move=>
  /(@pr (W 0%Re) k (fun=> erefl)) [b -> hb] x; case: (op b x hb).
have h2 k : (0 < k <= 2)%N -> sigmin_ge (prods (W 0%Re : nat -> 'M[RR]_1) k) m by move=>
  /(@pr (W 0%Re) k (fun=> erefl)) [b -> hb] x; case: (op b x hb).
have h3 k : (0 < k <= 2)%N -> opnorm_le (prods (rv 2 (W 0%Re)) k) M by move=>
  /(@pr (rv 2 (W 0%Re)) k rvE) [b -> hb] x; case: (op b x hb).
have h4 k : (0 < k <= 2)%N -> sigmin_ge (prods (rv 2 (W 0%Re)) k) m by move=>
  /(@pr (rv 2 (W 0%Re)) k rvE) [b -> hb] x; case: (op b x hb).
have {}ev := ev h1 h2 h3 h4; rewrite r32 in ev.
have m2 : 0 < m / 2%:R by rewrite divr_gt0 ?ltr0n.
have M2 : 0 < 2%:R * M by rewrite mulr_gt0 ?ltr0n ?ltr01.
have wn : w != 0 by rewrite -sqn_eq0 w1 oner_eq0.
have rp : 0 < ((/ 32)%Re : RR) by apply/RltP; change (0 < / 32)%Re; lra.
have := @theorem4_deterministic d 1 X y 2 w W 1%:M 1 1 (m / 2%:R) (2%:R *
  M) (/ 32)%Re W_flow isT wn ltr01 hge hle hws m2 M2 rp ltr01 ev.
have mu : 2%:R * (4%:R * 1 * ((m / 2%:R) ^+ 2 * sqn w) * (m / 2%:R) ^+ 2) = (/ 32)%Re.
  rewrite w1 !mulr1 e4 e2 i2.
  rewrite !expr2; change (2 * (4 * (/ 2 * / 2 * (/ 2 * / 2)) * (/ 2 * / 2 * (/ 2 * / 2))) = /
    32)%Re; field.
have G : 4%:R * 1 * ((2%:R * M) ^+ 2 * sqn w) * (2%:R * M) ^+ 2 = 64%Re.
  rewrite w1 !mulr1 e4 e2 !expr2; change (4 * (2 * 2) * (2 * 2) = 64)%Re; ring.
rewrite mu G R0 R1v Rminus_0_r.
have -> : sqrt (64 * (/ 20001 * / 20001)) = (8 / 20001)%Re.
  have -> : (64 * (/ 20001 * / 20001) = (8 / 20001) * (8 / 20001))%Re by field.
  by apply: sqrt_square; lra.
move=> /(_ ltac:(lra) t t0) [h _]; exact: h.
Qed.
