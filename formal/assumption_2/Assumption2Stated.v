(* The example after (A2), as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge RiskAtZero ExampleA2.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma finite_roots m (q : {poly RR}) : (size q <= m)%N -> q != 0 ->
  exists r : seq R, forall t : RR, root q t -> List.In t r.
Proof.
elim: m q => [|m IH] q qm q0.
  by move: qm; rewrite leqn0 size_poly_eq0 (negbTE q0).
have [[t tr]|none] := Classical_Prop.classic (exists t, root q t); last first.
  by exists [::] => t tr; case: none; exists t.
move: tr => /factor_theorem [q' e].
have q'0 : q' != 0 by apply: contra_neq q0 => z0; rewrite e z0 mul0r.
have [|r hr] := IH q' _ q'0.
  by move: qm; rewrite e size_Mmonic ?monicXsubC // size_XsubC addn2.
exists (t :: r) => u; rewrite e rootM root_XsubC => /orP[/hr|/eqP->]; [by right|by left].
Qed.
Theorem assumption_2_corrected : Statements.assumption_2_corrected.
Proof.
move=> d n X y L w ws la La z zL w0 d0 /A1_bounds [l0 hl _ n0 _] hws ws0.
have [V Vz hV] := A2_example zL w0 (fun k _ => d0 k) n0 l0 hl hws ws0.
have L0 : (0 < L)%N by apply: leq_ltn_trans zL.
exists V => // W Wz; have zero U : U z = 0 -> risk X y w U = risk X y w (fun k => 0).
  by move=> Uz; rewrite (@A2_example_risk _ _ _ X y L w z zL U Uz) (R0E X y w L0).
split; first exact: zero.
have [p p0 hp] := hV W Wz.
have [r hr] := finite_roots (leqnn (size p)) p0.
exists r => // t tr; have mz : move V t (fun k => W k - V k) z = 0 by rewrite /move Vz Wz subrr
  scaler0 addr0.
split; first by apply: Req_le; exact: (zero _ mz).
exists (gradk X y w (move V t (fun k => W k - V k))); split; first exact/is_gradientP.
by exists z => //; apply: hp; apply/negP => /hr.
Qed.
Theorem assumption_2_printed_false : Statements.assumption_2_printed_false.
Proof.
move=> d n X y L w la La z W zL /A1_bounds [l0 hl _ n0 _] hws Wz [_ [G [/is_gradientP hG [k kL]]]].
rewrite hG // => /eqP []; exact: (@A2_example_fails _ _ _ X y L w 0 la z zL n0 l0 hl hws erefl W
  Wz).
Qed.
