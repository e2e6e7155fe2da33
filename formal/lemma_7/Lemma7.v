(* Lemma 7 (with the squared gradient norm) for a differentiable f : R^p -> R and a gradient-flow
   curve. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction PolynomialDerivative Derivative.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Lem7.
Variable p : nat.
Implicit Types (f : 'cV[RR]_p -> R) (z g h v : 'cV[RR]_p).

(* g is the gradient of f at z: f(z+h) = f(z) + <g,h> + o(|h|) *)
Definition has_gradient f z g := forall eps : R, (0 < eps)%Re -> exists de : R, (0 < de)%Re /\
  forall h, (norm h < de)%Re -> (Rabs (f (z + h)%R - f z - dot g h) <= eps * norm h)%Re.

Lemma curve_diff (x : R -> 'cV[RR]_p) t v : mderive x t v -> forall eta : R, (0 < eta)%Re ->
  exists de : R, (0 < de)%Re /\ forall s, (Rabs s < de)%Re ->
    (norm (x (t + s)%Re - x t - (s : RR) *: v)%R <= eta * Rabs s)%Re.
Proof.
move=> hx eta eta0.
have P1 : (0 < INR p.+1)%Re by rewrite S_INR; have := pos_INR p; lra.
pose e1 := (eta / INR p.+1)%Re.
have e10 : (0 < e1)%Re by apply: Rdiv_lt_0_compat.
have [de [de0 H]] : exists de : R, (0 < de)%Re /\ forall i, i \in enum 'I_p -> forall s,
  (Rabs s < de)%Re ->
   (Rabs (x (t + s)%Re i 0%R - x t i 0%R - s * v i 0%R) <= e1 * Rabs s)%Re.
  elim: (enum 'I_p) => [|i r [de [de0 IH]]]; first by exists 1%Re; split=> //; lra.
  have /is_derive_Reals/(_ e1 e10) [d1 hd1] := hx i 0.
  exists (Rmin de d1); split; first by apply: Rmin_glb_lt => //; exact: cond_pos.
  move=> j; rewrite inE => /predU1P[->|jr] s hs; last first.
    by apply: IH => //; apply: Rlt_le_trans hs (Rmin_l _ _).
  have [->|s0] := Req_dec s 0.
    by rewrite Rplus_0_r Rmult_0_l Rabs_R0 Rmult_0_r !Rminus_0_r Rminus_eq_0 Rabs_R0; lra.
  have := hd1 s s0 (Rlt_le_trans _ _ _ hs (Rmin_r _ _)) => h1.
  have -> : (x (t + s)%Re i 0%R - x t i 0%R - s * v i 0%R =
     ((x (t + s)%Re i 0%R - x t i 0%R) / s - v i 0%R) * s)%Re by field.
  rewrite Rabs_mult; apply: Rmult_le_compat_r; first exact: Rabs_pos.
  exact: Rlt_le.
exists de; split=> // s hs; apply/RleP.
set u := (X in norm X).
have e0 : 0 <= (eta * Rabs s)%Re :> RR by apply/RleP; apply: Rmult_le_pos;
  [exact: Rlt_le|exact: Rabs_pos].
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 // norm_sqr /sqn /dot.
apply: le_trans (_ : \sum_(i < p) ((e1 * Rabs s)%Re : RR) ^+ 2 <= _).
  apply: ler_sum => i _; rewrite big_ord1 -expr2.
  rewrite -real_normK ?num_real // ler_expn2r ?nnegrE //.
    by apply/RleP; apply: Rmult_le_pos; [exact: Rlt_le|exact: Rabs_pos].
  by apply/RleP; have := H i (mem_enum _ _) s hs; rewrite !mxE.
rewrite sumr_const card_ord -mulr_natl.
have -> : (eta * Rabs s = INR p.+1 * (e1 * Rabs s))%Re by rewrite /e1; field; lra.
have le_p : p%:R <= (INR p.+1 : RR) ^+ 2.
  by rewrite INRE expr2 -natrM ler_nat; apply: leq_trans (leqnSn p) _; exact: leq_pmulr.
have := ler_wpmul2r (sqr_ge0 ((e1 * Rabs s)%Re : RR)) le_p.
by rewrite -exprMn.
Qed.

Lemma CS_abs g h : (Rabs (dot g h) <= norm g * norm h)%Re.
Proof.
apply: Rabs_le; split; apply/RleP; last exact: CS.
by rewrite RoppE RmultE ler_oppl -dotNl -(normN g) CS.
Qed.

(* chain rule *)
Lemma chain f (x : R -> 'cV[RR]_p) t g v : has_gradient f (x t) g -> mderive x t v ->
  is_derive (fun s => f (x s)) t (dot g v : R).
Proof.
move=> hf hx; apply/is_derive_Reals => eps eps0.
pose N := (norm v + 1)%Re; pose G := (norm g + 1)%Re.
have nv : (0 <= norm v)%Re by apply/RleP; exact: norm_ge0.
have ng : (0 <= norm g)%Re by apply/RleP; exact: norm_ge0.
have N0 : (0 < N)%Re by rewrite /N; lra.
have G0 : (0 < G)%Re by rewrite /G; lra.
have [d1 [d10 h1]] := hf (eps / (3 * N))%Re ltac:(apply: Rdiv_lt_0_compat; lra).
pose eta := Rmin 1 (eps / (3 * G)).
have eta0 : (0 < eta)%Re by apply: Rmin_glb_lt; [lra|apply: Rdiv_lt_0_compat; lra].
have [d2 [d20 h2]] := curve_diff hx eta0.
have dp : (0 < Rmin d2 (d1 / N))%Re by apply: Rmin_glb_lt => //; exact: Rdiv_lt_0_compat.
exists (mkposreal _ dp) => s s0 /= hs.
have as0 : (0 < Rabs s)%Re by exact: Rabs_pos_lt.
have hs2 := h2 s (Rlt_le_trans _ _ _ hs (Rmin_l _ _)).
have hs1 : (Rabs s * N < d1)%Re.
  have := Rlt_le_trans _ _ _ hs (Rmin_r _ _) => h; apply: (Rmult_lt_reg_r (/ N));
    first exact: Rinv_0_lt_compat.
  by rewrite Rmult_assoc Rinv_r ?Rmult_1_r; lra.
set h := x (t + s)%Re - x t.
set u := x (t + s)%Re - x t - (s : RR) *: v in hs2.
have hu : h = u + (s : RR) *: v by rewrite /u subrK.
have eta1 : (eta <= 1)%Re by exact: Rmin_l.
have eta2 : (eta <= eps / (3 * G))%Re by exact: Rmin_r.
have nh : (norm h <= Rabs s * N)%Re.
  have : (norm h <= norm u + Rabs s * norm v)%Re.
    by apply/RleP; rewrite hu; apply: le_trans (normD _ _) _; rewrite normZ.
  rewrite /N; nra.
have := h1 h (Rle_lt_trans _ _ _ nh hs1).
have -> : x t + h = x (t + s)%Re by rewrite /h addrC subrK.
move=> h3.
have e : (dot g h = dot g u + s * dot g v)%Re by rewrite hu dotDr dotZr.
have h4 := CS_abs g u.
have k3 : (eps / (3 * N) * norm h <= eps / 3 * Rabs s)%Re.
  have -> : (eps / 3 * Rabs s = eps / (3 * N) * (Rabs s * N))%Re by field; lra.
  by apply: Rmult_le_compat_l nh; apply: Rlt_le; apply: Rdiv_lt_0_compat; lra.
have k4 : (norm g * norm u <= eps / 3 * Rabs s)%Re.
  apply: (Rle_trans _ (norm g * (eps / (3 * G) * Rabs s))).
    by apply: Rmult_le_compat_l => //; apply: Rle_trans hs2 _; apply: Rmult_le_compat_r; lra.
  have -> : (eps / 3 * Rabs s = G * (eps / (3 * G) * Rabs s))%Re by field; lra.
  apply: Rmult_le_compat_r; last by rewrite /G; lra.
  by apply: Rmult_le_pos; [apply: Rlt_le; apply: Rdiv_lt_0_compat; lra|lra].
have -> : ((f (x (t + s)%Re) - f (x t)) / s - dot g v =
   (f (x (t + s)%Re) - f (x t) - dot g h + dot g u) / s)%Re by rewrite e; field.
rewrite Rabs_div //; apply: (Rmult_lt_reg_r (Rabs s)) => //.
rewrite /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r; last lra.
have := Rabs_triang (f (x (t + s)%Re) - f (x t) - dot g h) (dot g u); nra.
Qed.

Theorem lemma7 f (grad : 'cV[RR]_p -> 'cV[RR]_p) (x : R -> 'cV[RR]_p) (fmin mu : R) :
  (forall z, has_gradient f z (grad z)) ->
  (forall t, (0 <= t)%Re -> mderive x t (- grad (x t))) ->
  (forall t, (0 <= t)%Re -> (mu * (f (x t) - fmin) <= sqn (grad (x t)))%Re) ->
  forall t, (0 <= t)%Re -> (f (x t) - fmin <= (f (x 0%Re) - fmin) * exp (- mu * t))%Re.
Proof.
move=> hf hx hPL T T0.
apply: (@gronwall (fun t => f (x t)) (fun t => - sqn (grad (x t)) : RR)) => // t [t0 _].
  by have := chain (hf (x t)) (hx t t0); rewrite dotNr.
have := hPL t t0; rewrite -RoppE; lra.
Qed.
End Lem7.
