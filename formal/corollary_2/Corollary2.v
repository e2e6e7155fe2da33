(* Corollary 2, which needs (A1) and (A2) only: the gradient flow converges to a global
   minimiser. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy OperatorBound Balanced OperatorNorm Lemma2 Theorem3Algebra
  Theorem3 Limit.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Cor2.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d
  L)).
Variables (W : R -> layers RR d) (ws : 'cV[RR]_(d 0)) (lam : RR).
Hypotheses (hW : gradient_flow X y w W) (L_gt0 : (0 < L)%N) (dL : d L = 1%N) (w1 : sqn w = 1).
Hypotheses (lam0 : 0 < lam) (hlam : cov_ge X lam) (ws_eq : normal_eq X y ws).   (* (A1) *)
Hypothesis A2_risk : risk X y w (W 0%Re) <= R1 X y 0.                             (* (A2) *)
Hypothesis A2_grad : exists2 k, (k < L)%N & gradk X y w (W 0%Re) k != 0.

Let De (t : R) : R := (risk X y w (W t) - R1 X y ws)%Re.
Let De0 t : (0 <= De t)%Re. Proof. by apply/RleP; exact: risk_ge_min ws_eq _. Qed.

Lemma mlim_fwd (V : layers RR d) k : (k <= L)%N -> (forall i, (i < L)%N ->
  mlim (fun s => W s i) (V i)) ->
  mlim (fun s => fwd (W s) k) (fwd V k).
Proof.
move=> kL h; elim: k kL => [|k IH] kL; first exact: mlim_cst.
by apply: (mlimM (F := fun s => W s k)); [exact: h|apply: IH; exact: ltnW].
Qed.

Let P (t : R) : R := psqn L (gradk X y w (W t)).
Lemma De_derive t : (0 <= t)%Re -> is_derive De t (- P t)%Re.
Proof.
move=> t0; have h := energy hW t0; evar_last.
  by apply: (is_derive_minus (fun s => risk X y w (W s) : R) (fun=> R1 X y ws));
    [exact: h|exact: is_derive_const].
by rewrite /minus /plus /opp /zero /= Ropp_0 Rplus_0_r.
Qed.

Lemma decay mu : (forall t, (1 <= t)%Re -> (mu * De t <= P t)%Re) ->
  forall t, (1 <= t)%Re -> (De t <= De 1%Re * exp mu * exp (- mu * t))%Re.
Proof.
move=> h t t1; have := @gronwall (fun s => De (1 + s)%Re) (fun s => - P (1 + s))%Re mu 0%Re (t -
  1)%Re.
rewrite Rplus_0_r !Rminus_0_r; have -> : (1 + (t - 1) = t)%Re by ring.
rewrite Rmult_assoc -exp_plus; have -> : (mu + - mu * t = - mu * (t - 1))%Re by ring.
apply; last lra.
  move=> s [s0 _]; evar_last.
    by apply: (is_derive_comp De); [apply: De_derive; lra|apply: is_derive_plus;
      [exact: is_derive_const|exact: is_derive_id]].
  by rewrite /scal /= /mult /plus /zero /one /= Rplus_0_l Rmult_1_l.
by move=> s [s0 _]; rewrite Rminus_0_r; have := h (1 + s)%Re ltac:(lra); lra.
Qed.

Lemma entry_sq m p (A : 'M[RR]_(m, p)) i j : A i j ^+ 2 <= sqn A.
Proof.
rewrite /sqn /dot (bigD1 i) //= (bigD1 j) //= -expr2 -addrA ler_addl.
by apply: addr_ge0; apply: sumr_ge0 => k _; rewrite ?sumr_ge0 // -?expr2 ?sqr_ge0 // => l _;
  rewrite -expr2 sqr_ge0.
Qed.

Lemma noninc_ab (f df : R -> R) a b : (a <= b)%Re -> (forall t, (a <= t <= b)%Re ->
  is_derive f t (df t)) ->
  (forall t, (a <= t <= b)%Re -> (df t <= 0)%Re) -> (f b <= f a)%Re.
Proof.
move=> ab hd hn; case: (MVT_gen f a b df) => [t|t|c [hc e]]; rewrite ?Rmin_left ?Rmax_right //.
- by move=> h; apply: hd; lra.
- move=> h; apply: derivable_continuous_pt; exists (df t); apply/is_derive_Reals; exact: hd.
move: hc; rewrite Rmin_left ?Rmax_right // => hc; have := hn _ hc; nra.
Qed.

(* explicit speed: every entry is Cauchy at an exponential rate *)
Lemma entries_cauchy : exists K nu : R, [/\ (0 <= K)%Re, (0 < nu)%Re,
  forall t, (1 <= t)%Re -> (De t <= K * exp (- nu * t))%Re &
  forall k i j, (k < L)%N -> forall s t, (1 <= s <= t)%Re ->
    (Rabs (W t k i j - W s k i j) <= K * exp (- nu * s))%Re].
Proof.
have [mu [mu0 hPL]] := theorem3 hW L_gt0 dL w1 lam0 hlam ws_eq A2_risk A2_grad.
pose nu := (mu / 2)%Re; pose C := (De 1%Re * exp mu)%Re; pose M := ((nu * C + 1) / (2 * nu))%Re.
have nu0 : (0 < nu)%Re by rewrite /nu; lra.
have C0 : (0 <= C)%Re by apply: Rmult_le_pos; [exact: De0|exact: Rlt_le (exp_pos _)].
have Mnu : (M * nu = (nu * C + 1) / 2)%Re by rewrite /M; field; lra.
have M0 : (0 <= M)%Re by nra.
have hD t : (1 <= t)%Re -> (De t * exp (nu * t) <= C * exp (- nu * t))%Re.
  move=> t1; have h := decay hPL t1; rewrite -/C in h.
  have e : (exp (- mu * t) * exp (nu * t) = exp (- nu * t))%Re by rewrite -exp_plus; congr exp;
    rewrite /nu; field.
  by have := Rmult_le_compat_r (exp (nu * t)) _ _ (Rlt_le _ _ (exp_pos _)) h; rewrite Rmult_assoc e.
exists (C / 2 + M + C)%Re, nu; split=> //; first by lra.
  move=> t t1; have h := hD t t1; have p := exp_pos (- nu * t).
  have p1 : (1 <= exp (nu * t))%Re by have := exp_ineq1_le (nu * t); nra.
  have dd := De0 t; nra.
move=> k i j kL s t [s1 st].
pose f u : R := W u k i j; pose g u : R := gradk X y w (W u) k i j.
have hf u : (0 <= u)%Re -> is_derive f u (- g u)%Re.
  by move=> u0; have := hW u0 kL i j; rewrite mxE.
have hg u : (g u * g u <= P u)%Re.
  apply/RleP; rewrite RmultE -expr2; apply: le_trans (entry_sq _ i j) _.
  by rewrite /P /psqn (bigD1 (Ordinal kL)) //= ler_addl sumr_ge0 // => l _; exact: sqn_ge0.
have key sg : (sg * sg = 1)%Re -> (sg * (f t - f s) <= (C / 2 + M + C) * exp (- nu * s))%Re.
  move=> sg1.
  pose Ph u := (sg * f u + / 2 * De u * exp (nu * u) + M * exp (- nu * u))%Re.
  have : (Ph t <= Ph s)%Re.
    apply: (@noninc_ab Ph (fun u => - (sg * g u) + / 2 * (- P u + nu * De u) * exp (nu * u) - M *
      nu * exp (- nu * u))%Re) => // u [su ut].
      have u0 : (0 <= u)%Re by lra.
      have h1 := hf u u0; have h2 := De_derive u0; rewrite /Ph; auto_derive.
        by split; [exists (- g u)%Re|split; [exists (- P u)%Re|]].
      by rewrite (is_derive_unique _ _ _ h1) (is_derive_unique _ _ _ h2); ring.
    have u1 : (1 <= u)%Re by lra.
    have h3 := hD u u1; have h4 := hg u; have p := exp_pos (nu * u); have q := exp_pos (- nu * u).
    have pq : (exp (nu * u) * exp (- nu * u) = 1)%Re.
      by rewrite -exp_plus (_ : (nu * u + - nu * u = 0)%Re) ?exp_0 //; ring.
    rewrite Mnu; set E := exp (nu * u) in h3 p pq *; set F := exp (- nu * u) in h3 q pq *.
    have y1 : (- (sg * g u) <= / 2 * (P u * E + F))%Re.
      have : (0 <= (sg * g u * E + 1) * (sg * g u * E + 1) * F)%Re by apply: Rmult_le_pos;
        [exact: Rle_0_sqr|lra].
      have -> : ((sg * g u * E + 1) * (sg * g u * E + 1) * F = (sg * sg) * (g u * g u) * E * (E *
        F) + 2 * (sg * g u) * (E * F) + F)%Re by ring.
      rewrite sg1 pq; nra.
    nra.
  rewrite /Ph => h; have h5 := hD s s1; have := De0 t; have p := exp_pos (nu * t);
    have q := exp_pos (- nu * t).
  have q' := exp_pos (- nu * s); move=> dt; nra.
apply: Rabs_le; split; last by have := key 1%Re ltac:(lra); rewrite Rmult_1_l.
have := key (-1)%Re ltac:(lra); rewrite /f; lra.
Qed.

(* the limit of the trajectory *)
Definition Winf : layers RR d := fun k => \matrix_(i, j) (real (Lim (fun t => W t k i j) p_infty) :
  RR).

Theorem corollary2 : (forall k, (k < L)%N -> mlim (fun t => W t k) (Winf k)) /\
  wprod Winf w = ws /\ forall V, risk X y w Winf <= risk X y w V.
Proof.
have [K [nu [K0 nu0 hDe hc]]] := entries_cauchy.
have hl k : (k < L)%N -> mlim (fun t => W t k) (Winf k).
  move=> kL i j; rewrite mxE; apply: exp_cauchy_lim K0 nu0 _ => s t st; exact: hc.
have hp : mlim (fun t => wprod (W t) w) (wprod Winf w).
  have h := mlimT (mlim_fwd (leqnn L) hl); have h2 := mlimM h (@mlim_cst _ _ w).
  move=> i j; exact (h2 i j).
have hw : mlim (fun t => wprod (W t) w) ws.
  move=> i j; apply/is_lim_spec => ep.
  have ep2 : (0 < lam * (ep * ep))%Re by apply: Rmult_lt_0_compat; [exact/RltP|have := cond_pos ep;
    nra].
  have [M [M1 hM]] := exp_small K0 nu0 ep2.
  exists M => t Mt; have t1 : (1 <= t)%Re by lra.
  have h1 := hM t ltac:(lra); have h2 := hDe t t1.
  set z := (ws - wprod (W t) w) i j.
  have hz : (lam * (z * z) <= De t)%Re.
    apply/RleP; apply: le_trans (_ : lam * sqn (ws - wprod (W t) w) <= _).
      by rewrite !RmultE; apply: ler_wpmul2l; [exact: ltW|rewrite -expr2; exact: entry_sq].
    by apply: le_trans (hlam _) _; rewrite /De /risk (lemma8_identity ws_eq (wprod (W t) w)) RminusE
      [R1 X y ws + _]addrC addrK.
  have hz2 : (lam * (z * z) < lam * (ep * ep))%Re by lra.
  have l0 : (0 < lam)%Re by exact/RltP.
  have hz3 : (z * z < ep * ep)%Re by apply: (Rmult_lt_reg_l lam).
  have zE : z = (ws i j - wprod (W t) w i j)%Re by rewrite /z [LHS]mxE [X in _ + X]mxE.
  have -> : (wprod (W t) w i j - ws i j = - z)%Re by rewrite zE; ring.
  have e0 := cond_pos ep; rewrite Rabs_Ropp; apply: Rabs_def1; nra.
have e : wprod Winf w = ws.
  apply/matrixP => i j; have := is_lim_unique _ _ _ (hp i j);
    rewrite (is_lim_unique _ _ _ (hw i j)).
  by case.
split=> //; split=> // V.
by rewrite /risk e (lemma8_identity ws_eq (wprod V w)) ler_addl mulr_ge0 ?nV_ge0 ?sqn_ge0.
Qed.
End Cor2.
