(* The hypotheses of Section 4 can be met for all data with norm(w* ) >= 1, all positive widths and
   every depth: W_1(0) = 0, and the other layers generic and small enough.  All layers times delta
   have delta^2 epsilon in place of epsilon, and on the line from a generic choice to zero the
   gradient vanishes at finitely many points. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge Lemma2 Lemma2Division Assumption2Stated FlowStated.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma opnormZ m n (A : 'M[RR]_(m, n)) (c s : RR) : 0 < c -> is_opnorm A s ->
  is_opnorm (c *: A) (c * s).
Proof.
move=> c0 [s0 hs least]; have c0' := ltW c0; split=> [|x|b b0 hb]; first exact: mulr_ge0.
  by rewrite -scalemxAl normZ ger0_norm // -mulrA ler_pmul2l //; exact: hs.
rewrite mulrC -ler_pdivl_mulr //; apply: least => [|x]; first by rewrite divr_ge0.
have h := hb x; rewrite -scalemxAl normZ ger0_norm // in h.
by rewrite mulrAC ler_pdivl_mulr // [_ * c]mulrC; exact: h.
Qed.
(* epsilon of the layers times c *)
Lemma epsilonZ (d : nat -> nat) L (V : layers RR d) (c : RR) (ep : R) : 0 < c ->
  Statements.is_epsilon L V ep ->
  Statements.is_epsilon L (fun k => c *: V k) ((c ^+ 2 : RR) * ep)%Re.
Proof.
move=> c0 [v [e [[hv [k0 k0L vE]] he ->]]]; have c2 : 0 < c ^+ 2 by rewrite exprn_gt0.
have sq k : Statements.sqnorm (c *: V k) = c ^+ 2 * Statements.sqnorm (V k) := sqnZ c (V k).
exists (c ^+ 2 * v), (fun k => c ^+ 2 * e k); split.
- split=> [k kL|]; last by exists k0 => //; rewrite sq vE.
  by apply/RleP; rewrite sq ler_pmul2l //; apply/RleP; exact: hv.
- move=> k kL; apply/is_opnormP.
  rewrite (_ : Statements.imbalance _ _ = c ^+ 2 *: Statements.imbalance V k).
    by apply: opnormZ c2 _; apply/is_opnormP; exact: he.
  have tr m p (A : 'M[RR]_(m, p)) : (c *: A)^T = c *: A^T by rewrite linearZ.
  by rewrite /Statements.imbalance !tr -!scalemxAl -!scalemxAr !scalerA -scalerBr -expr2.
by rewrite RmultE -mulr_sumr (mulrCA 3%:R) (mulrCA 2%:R) -mulrDr.
Qed.
(* numbers as small as one likes avoid finitely many *)
Lemma avoid (roots : seq R) (m : R) : (0 < m)%Re ->
  exists delta, (0 < delta <= m)%Re /\ ~ List.In (1 - delta)%Re roots.
Proof.
elim: roots m => [|r roots IH] m m0; first by exists m; split=> //; lra.
have [p|p] := Rlt_le_dec 0 (1 - r).
  have m0' : (0 < Rmin m ((1 - r) / 2))%Re by apply: Rmin_glb_lt => //; lra.
  have [delta [hd no]] := IH _ m0'; exists delta.
  have := Rmin_l m ((1 - r) / 2); have := Rmin_r m ((1 - r) / 2) => h1 h2.
  by split; [lra|case=> [e|//]; lra].
have [delta [hd no]] := IH _ m0; exists delta; split=> //; case=> [e|//]; lra.
Qed.
Lemma epsilon_exists (d : nat -> nat) L (V : layers RR d) : (0 < L)%N ->
  exists2 ep, Statements.is_epsilon L V ep & (0 <= ep)%Re.
Proof.
move=> L0; have [e [v [he e0 hv]]] := eps_tight L (fun=> V).
have [hv1 [k0 k0L vE]] := hv L0.
have v0 : 0 <= v by rewrite vE sqn_ge0.
exists (3%:R * v + 2%:R * \sum_(k < L.-1) e k).
  exists v, e; split=> // [|k kL]; last by apply/is_opnormP; exact: he.
  by split=> [k kL|]; [apply/RleP; exact: hv1|exists k0].
apply/RleP; apply: addr_ge0; apply: mulr_ge0; rewrite ?ler0n //.
by apply: sumr_ge0.
Qed.

Theorem section_4_nonvacuous : Statements.section_4_nonvacuous.
Proof.
move=> d n X y L w ws la La L0 d0 dL w1 hA1 hws ws1.
have w1' : sqn w = 1 := w1.
have wnz : w != 0 by rewrite -sqn_eq0 w1' oner_eq0.
have wsnz : ws != 0.
  apply/eqP => z; have : 1 <= norm ws by apply/RleP.
  by rewrite z norm0 ler10.
have [V V0 hV] := assumption_2_corrected (z := 0%N) L0 wnz d0 hA1 hws wsnz.
have [_ [roots _ hr]] := hV (fun=> 0) erefl.
have [ep hep ep0] := epsilon_exists V L0.
have LP : (1 <= INR L)%Re by apply: (le_INR 1); exact/ssrnat.leP.
have m0 : (0 < / (32 * INR L * (ep + 1)))%Re.
  by apply: Rinv_0_lt_compat; apply: Rmult_lt_0_compat; lra.
have [delta [[delta0 deltam] no]] := avoid roots m0.
have start k : Statements.move V (1 - delta)%Re (fun k => 0 - V k) k = (delta : RR) *: V k.
  rewrite /Statements.move sub0r scalerN -[X in X - _]scale1r -scalerBl; congr (_ *: _).
  have e : (1 - (1 - delta) = delta)%Re by ring.
  exact: e.
have [W [W0 hW]] := flow_exists X y w (Statements.move V (1 - delta)%Re (fun k => 0 - V k)).
exists W, (((delta : RR) ^+ 2 : RR) * ep)%Re.
have small : (delta * sqrt ep * (32 * INR L) <= 1)%Re.
  have root : (sqrt ep <= ep + 1)%Re.
    have s0 := sqrt_pos ep; have := sqrt_sqrt ep ep0; nra.
  have inv : (delta * (32 * INR L * (ep + 1)) <= 1)%Re.
    apply: (Rle_trans _ (/ (32 * INR L * (ep + 1)) * (32 * INR L * (ep + 1)))).
      by apply: Rmult_le_compat_r => //; apply: Rmult_le_pos; lra.
    by rewrite Rinv_l; [lra|]; apply: Rgt_not_eq; apply: Rmult_lt_0_compat; lra.
  apply: Rle_trans inv; have s0 := sqrt_pos ep.
  have -> : (delta * (32 * INR L * (ep + 1)) = delta * (ep + 1) * (32 * INR L))%Re by ring.
  by apply: Rmult_le_compat_r; [lra|apply: Rmult_le_compat_l; lra].
have square : (((delta : RR) ^+ 2 : RR) * ep = (delta * sqrt ep) * (delta * sqrt ep))%Re.
  have := sqrt_sqrt ep ep0; rewrite expr2 -RmultE => h.
  by rewrite -{1}h; ring.
have s0 : (0 <= delta * sqrt ep)%Re by apply: Rmult_le_pos; [lra|exact: sqrt_pos].
split.
- by split.
- by rewrite W0; exact: hr.
- rewrite W0; have dp : 0 < (delta : RR) by apply/RltP.
  case: (epsilonZ dp hep) => v [e [[h1 [k0 k0L h2]] h3 h4]]; exists v, e; split=> //.
    by split=> [k kL|]; [rewrite start; exact: h1|exists k0 => //; rewrite start; exact: h2].
  by move=> k kL; rewrite /Statements.imbalance !start; exact: h3.
- split=> //; last by rewrite square sqrt_square //; lra.
  have : (delta * sqrt ep <= 1)%Re by nra.
  by rewrite square; nra.
Qed.
