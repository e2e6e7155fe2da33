(* The hypotheses of Theorem 3 / Corollaries 1-3 are satisfiable with L = 2: the explicit logistic flow
   W_1 = W_2 = a(t), a(t)^2 = 1/(1 + c exp(-4t)), for X = y = w = 1. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 OperatorNorm Lemma2 RealPower Sharpness Theorem2 Limit Corollary2
  Corollary3.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Definition p (t : R) : R := (/ (1 + 20000 * exp (- 4 * t)))%Re.
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
have hs : is_derive sqrt (p t) (/ (2 * sqrt (p t)))%Re by apply/is_derive_Reals; exact: derivable_pt_lim_sqrt (p_pos t).
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

(* all hypotheses of Corollary 3 hold for this flow *)
Theorem nonvacuous : exists S : R, is_sharpness X y w (Winf W) S /\ (4 <= S <= 16)%Re.
Proof.
have s11 (b : RR) : sqn (b%:M : 'M[RR]_1) = b ^+ 2 by rewrite /sqn /dot !big_ord1 !mxE eqxx mulr1n expr2.
have n1 : norm (1%:M : 'cV[RR]_(d 0%N)) = 1 by rewrite /norm s11 expr1n sqrtr1.
have hX (v : 'cV[RR]_(d 0%N)) : 1%:R^-1 * sqn (X *m v) = 1 * sqn v by rewrite mul1mx invr1.
have hws : normal_eq X y (1%:M : 'cV[RR]_(d 0%N)) by rewrite /normal_eq /X trmx1 !mulmx1.
have hge : cov_ge X 1 by move=> v; rewrite hX.
have hle : cov_le X 1 by move=> v; rewrite hX.
have a0 : (a 0 * a 0 = / 20001)%Re by rewrite aa /p Rmult_0_r exp_0; field.
have a1 : (a 0 * a 0 < 1)%Re by rewrite a0; lra.
have w1 : sqn w = 1 by rewrite s11 expr1n.
have A2r : risk X y w (W 0%Re) <= R1 X y 0.
  have wp : wprod (W 0%Re) w = ((a 0 * a 0)%Re : RR)%:M by rewrite /wprod /= !mulmx1 -scalar_mxM tr_scalar_mx.
  rewrite /risk /R1 wp /X !mul1mx /y subr0 -raddfB /= !s11; apply: ler_wpmul2l; first by rewrite invr_ge0 ler0n.
  rewrite expr1n exprn_ile1 //; apply/RleP.
    by change (0 <= 1 - a 0 * a 0)%Re; lra.
  by change (1 - a 0 * a 0 <= 1)%Re; rewrite a0; lra.
have A2g : exists2 k, (k < 2)%N & gradk X y w (W 0%Re) k != 0.
  exists 0%N => //; rewrite W_grad // -sqn_eq0 s11 sqrf_eq0; apply/eqP.
  have := a_pos 0; move=> ap h; have : (- (2 * a 0 * (1 - a 0 * a 0)) = 0)%Re := h; nra.
have him k : (k.+1 < 2)%N -> opnorm_le (imb W k) 0.
  move=> _ x; have -> : imb W k = 0 by rewrite /imb /W tr_scalar_mx subrr.
  by rewrite mul0mx norm0 mul0r.
have hv k : (k < 2)%N -> sqn (W 0%Re k) <= ((/ 20001)%Re : RR).
  by move=> _; rewrite s11 expr2 -RmultE a0.
have A3 : (32 * INR 2 * sqrt (eps 2 (fun=> 0%R) (/ 20001)%Re) <= 1)%Re.
  have -> : eps 2 (fun=> 0%R) (/ 20001)%Re = (3 / 20001)%Re.
    rewrite /eps /Balanced.esum big1 // mulr0 addr0 -INRE -RmultE /=; lra.
  have h : (sqrt (3 / 20001) <= / 64)%Re.
    rewrite -(sqrt_square (/ 64)); last lra.
    by apply: sqrt_le_1; lra.
  by rewrite /=; lra.
have N1 : (1 <= norm (1%:M : 'cV[RR]_(d 0%N)))%Re by rewrite n1; exact: Rle_refl.
have [S [hS h1 h2]] := @corollary3 d 1 X y 2 w W 1%:M 1 1 W_flow isT erefl w1 ltr01 hge hle hws A2r A2g
  (fun=> 0) _ him (fun=> lexx 0) hv N1 A3.
exists S; split=> //; move: h1 h2; rewrite n1 /Rpower ln_1 Rmult_0_r exp_0 /= => h1 h2.
have h3 : (2 * 2 * 1 * 1 <= S)%Re := h1.
have h4 : (S <= 4 * (1 / 1) * (2 * 2 * 1 * 1))%Re := h2.
split; lra.
Qed.
