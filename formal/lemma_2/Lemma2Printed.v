(* The third line of Lemma 2 is false as printed: layers of width 1, W_1(0) = 1 and W_2(0) = 0, at
   t = 0.  Then epsilon = 5, sigma_2 = 0, and epsilon/sigma_2^2 is not a number. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  RealPower Sharpness Minimiser Theorem2 Derivative GradientFlow OperatorBound OperatorNorm Balanced
  Bridge ScalarNetwork FlowStated.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma opnorm11 (a : RR) : is_opnorm (a%:M : 'M[RR]_1) `|a|.
Proof.
split=> [|x|c c0 hc]; first exact: normr_ge0.
- by rewrite mul_scalar_mx normZ.
- by have := hc 1%:M; rewrite mulmx1 !norm11 normr1 mulr1.
Qed.

Theorem lemma_2_alignment_printed_false : Statements.lemma_2_alignment_printed_false.
Proof.
pose a (k : nat) : RR := if k is 0 then 1 else 0.
pose w : 'cV[RR]_(one 2) := w1 2 1.
have [W [W0 hW]] := flow_exists X1 (1%:M : 'cV[RR]_1) w (W1 a).
have w_unit : Statements.sqnorm w = 1 by rewrite -[LHS]/(sqn w) sqn11 expr1n.
pose epsilon : RR := 3%:R * 1 + 2%:R * \sum_(k < 2.-1) (fun=> 1) (k : nat).
have eps_gt0 : 0 < epsilon by rewrite /epsilon big_ord1 !mulr1 -natrD ltr0n.
have hE : Statements.is_epsilon 2 (W 0%Re) epsilon.
  have sq k : Statements.sqnorm (W 0%Re k) = a k ^+ 2 by rewrite W0 -[LHS]/(sqn _) sqn11.
  exists 1, (fun=> 1); split=> [|[|//] _|//].
    split=> [k kL|]; last by exists 0%N => //; rewrite sq expr1n.
    by rewrite sq; apply/RleP; case: k kL => [|k] _; rewrite /= ?expr1n // expr0n ler01.
  apply/is_opnormP; rewrite (_ : Statements.imbalance _ _ = (- 1)%:M); last first.
    by rewrite /Statements.imbalance W0 /W1 /= !tr_scalar_mx -!scalar_mxM mulr0 mulr1 -raddfB sub0r.
  by have := opnorm11 (- 1); rewrite normrN1.
have op k : Statements.is_opnorm (W 0%Re k) (a k).
  apply/is_opnormP; rewrite W0; have := opnorm11 (a k); rewrite ger0_norm //.
  by case: k => [|k]; rewrite /= ?ler01.
have u1 : Statements.sqnorm (1%:M : 'cV[RR]_1) = 1 by rewrite -[LHS]/(sqn _) sqn11 expr1n.
have eu : W 0%Re 0%N *m ((W 0%Re 0%N)^T *m (1%:M : 'cV[RR]_1)) = 1 ^+ 2 *: 1%:M.
  by rewrite W0 /W1 /= tr_scalar_mx !mul1mx expr1n scale1r.
have ev : (W 0%Re 1%N)^T *m (W 0%Re 1%N *m (1%:M : 'cV[RR]_1)) = 0 ^+ 2 *: 1%:M.
  by rewrite W0 /W1 /= mul_scalar_mx scale0r mulmx0 expr0n scale0r.
move=> H; have [q [hq _]] := H one 1%N X1 1%:M 2%N w W epsilon 0%Re 0%N 1 0 1%:M 1%:M
  (And4 hW isT erefl w_unit) hE (Rle_refl _) isT (op 0%N) (op 1%N) u1 eu u1 ev.
have z : (q * (0 : RR) ^ 2)%Re = 0 :> RR by rewrite RpowE expr0n RmultE mulr0.
by move: eps_gt0; rewrite -hq z ltxx.
Qed.
