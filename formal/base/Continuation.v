(* A continuation argument for finitely many continuous functions. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction PolynomialDerivative Derivative Limit.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

(* continuation (bootstrap) argument for finitely many continuous functions *)
Lemma bootstrap (f : nat -> R -> R) L r :
  (forall k t, (k < L)%N -> (0 <= t)%Re -> continuity_pt (f k) t) ->
  (forall k, (k < L)%N -> (f k 0 <= r)%Re) ->
  (forall T, (0 <= T)%Re -> (forall k s, (k < L)%N -> (0 <= s <= T)%Re -> (f k s <= r)%Re) ->
     forall k, (k < L)%N -> (f k T < r)%Re) ->
  forall t k, (0 <= t)%Re -> (k < L)%N -> (f k t < r)%Re.
Proof.
move=> hc h0 hs t k t0 kL; apply: (hs t t0) => // {k kL}.
pose E T := (0 <= T)%Re /\ forall k s, (k < L)%N -> (0 <= s <= T)%Re -> (f k s <= r)%Re.
suff : E t by case.
case: (Classical_Prop.classic (E t)) => // nE; exfalso.
have E0 : E 0%Re.
  split; first lra. move=> k s kL [s0 s1]; have e : s = 0%Re by lra. by rewrite e; exact: h0.
have bt T : E T -> (T <= t)%Re.
  move=> [T0 hT]; apply: Rnot_lt_le => tT; apply: nE; split=> // k s kL [s0 st]; apply: hT => //;
    lra.
case: (completeness E) => [||S [ub lub]]; [by exists t => T /bt|by exists 0%Re|].
have S0 : (0 <= S)%Re by exact: ub.
have below s k : (k < L)%N -> (0 <= s < S)%Re -> (f k s <= r)%Re.
  move=> kL [s0 sS]; case: (Classical_Prop.classic (exists T, E T /\ (s <= T)%Re)) =>
    [[T [[_ hT] sT]]|no].
    by apply: hT.
  have : (S <= s)%Re by apply: lub => T ET; apply: Rnot_lt_le => sT; apply: no; exists T;
    split=> //; lra.
  lra.
have nbr k ep : (k < L)%N -> (0 < ep)%Re -> exists de, (0 < de)%Re /\ forall x,
  (Rabs (x - S) < de)%Re -> (Rabs (f k x - f k S) < ep)%Re.
  move=> kL ep0; have [al [al0 h]] := hc k S kL S0 ep ep0; exists al; split=> // x hx.
  have [->|xS] := Req_dec x S; first by rewrite Rminus_eq_0 Rabs_R0; lra.
  by apply: h; split=> //; split=> //; exact: not_eq_sym.
have ES : E S.
  split=> // k s kL [s0 [sS|->]]; first by apply: below => //; lra.
  apply: Rnot_lt_le => rf; have [S1|S1] := S0; last by have := h0 k kL; rewrite S1; lra.
  have [de [de0 h]] := nbr k (f k S - r)%Re kL ltac:(lra).
  pose x := Rmax 0 (S - de / 2).
  have x0 : (0 <= x)%Re by exact: Rmax_l.
  have x1 : (S - de / 2 <= x)%Re by exact: Rmax_r.
  have x2 : (x < S)%Re by apply: Rmax_lub_lt; lra.
  have := h x _; rewrite Rabs_left; last lra.
  move=> /(_ ltac:(lra)) /Rabs_def2 [_ h2]; have := below x k kL (conj x0 x2); lra.
have [_ hS] := ES; have hlt := hs S S0 hS.
have [de [de0 hde]] : exists de, (0 < de)%Re /\ forall j k x, (j <= L)%N -> (k < j)%N ->
  (Rabs (x - S) < de)%Re -> (f k x <= r)%Re.
  suff H j : (j <= L)%N -> exists de, (0 < de)%Re /\ forall k x, (k < j)%N ->
    (Rabs (x - S) < de)%Re -> (f k x <= r)%Re.
    have [de [de0 h]] := H L (leqnn L); exists de; split=> // j k x jL kj hx; apply: h => //;
      exact: leq_trans kj jL.
  elim: j => [|j IH] jL; first by exists 1%Re; split=> //; lra.
  have [d1 [d10 h1]] := IH (ltnW jL).
  have [d2 [d20 h2]] := nbr j (r - f j S)%Re jL ltac:(have := hlt j jL; lra).
  exists (Rmin d1 d2); split; first exact: Rmin_glb_lt.
  move=> k x; rewrite ltnS leq_eqVlt => /predU1P[->|kj] hx.
    by have /Rabs_def2 [] := h2 x (Rlt_le_trans _ _ _ hx (Rmin_r _ _)); lra.
  by apply: h1 => //; exact: Rlt_le_trans hx (Rmin_l _ _).
have EE : E (S + de / 2)%Re.
  split; first lra. move=> k s kL [s0 sS].
  have [sl|sg] := Rle_dec s S; first by apply: hS.
  by apply: (hde L k s) => //; rewrite Rabs_pos_eq; lra.
by have := ub _ EE; lra.
Qed.

Lemma sqn_continuous m n (F : R -> 'M[RR]_(m, n)) t dF : mderive F t dF ->
  continuity_pt (fun s => sqn (F s) : R) t.
Proof.
move=> hF; apply: derivable_continuous_pt.
exists (\sum_i \sum_j ((dF i j * F t i j + F t i j * dF i j)%Re : RR)); apply/is_derive_Reals.
apply: is_derive_sum => i; apply: is_derive_sum => j.
have := is_derive_mult (fun s => F s i j : R) (fun s => F s i j : R) t _ _ (hF i j) (hF i j)
  Rmult_comm; by apply.
Qed.
