(* Picard iteration for x' = G(x), x indexed by any type I, G bounded and Lipschitz for the maximum
   norm:
   existence for all t >= 0 (two-sided derivative at 0), and uniqueness on every [0,T]. *)
From Coq Require Import Reals Lra PeanoNat.
From mathcomp Require Import ssreflect ssrfun ssrbool.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Derivative.
Open Scope R_scope.

Lemma dominated (g dg h dh : R -> R) T :
  (forall t, 0 <= t <= T -> is_derive g t (dg t)) -> (forall t, 0 <= t <= T ->
    is_derive h t (dh t)) ->
  (forall t, 0 <= t <= T -> Rabs (dg t) <= dh t) -> Rabs (g 0) <= h 0 -> 0 <= T ->
    Rabs (g T) <= h T.
Proof.
move=> hg hh hd h0 T0.
have h1 : g T - h T <= g 0 - h 0.
  apply: (@Derivative.nonincreasing (fun t => g t - h t) (fun t => dg t - dh t)) => // t ht.
    by apply: (is_derive_minus g h); auto.
  by have := hd t ht; have := Rle_abs (dg t); lra.
have h2 : - g T - h T <= - g 0 - h 0.
  apply: (@Derivative.nonincreasing (fun t => - g t - h t) (fun t => - dg t - dh t)) => // t ht.
    by apply: (is_derive_minus (fun t => - g t) h); auto; apply: (is_derive_opp g); auto.
  by have := hd t ht; have := Rle_abs (- dg t); rewrite Rabs_Ropp; lra.
have := Rle_abs (g 0); have := Rle_abs (- g 0); rewrite Rabs_Ropp => h3 h4.
by apply: Rabs_le; lra.
Qed.

Lemma lipschitz_of_derive (f df : R -> R) B s t : (forall t, is_derive f t (df t)) ->
  (forall t, Rabs (df t) <= B) ->
  Rabs (f s - f t) <= B * Rabs (s - t).
Proof.
move=> hd hB; case: (MVT_gen f t s df) => [x _|x _|c [_ ->]].
- exact: hd.
- by apply: derivable_continuous_pt; exists (df x); apply/is_derive_Reals; exact: hd.
rewrite Rabs_mult; apply: Rmult_le_compat_r => //; exact: Rabs_pos.
Qed.

Lemma lipschitz_continuous (f : R -> R) B t : 0 <= B ->
  (forall s, Rabs (f s - f t) <= B * Rabs (s - t)) -> continuous f t.
Proof.
move=> B0 h; apply/filterlim_locally => ep.
have e0 : 0 < ep / (B + 1) by apply: Rdiv_lt_0_compat; [exact: cond_pos|lra].
exists (mkposreal _ e0) => s; rewrite /ball /= /AbsRing_ball /abs /minus /plus /opp /= => hs.
apply: Rle_lt_trans (h s) _.
have : (B + 1) * Rabs (s + - t) < ep.
  have := Rmult_lt_compat_l (B + 1) _ _ ltac:(lra) hs;
    have -> : (B + 1) * (ep / (B + 1)) = ep by field; lra.
  by [].
rewrite /Rminus; have := Rabs_pos (s + - t); lra.
Qed.

Lemma half_small c x : (forall n, Rabs x <= c * (1 / 2) ^ n) -> x = 0.
Proof.
move=> h; case: (Req_dec x 0) => // nz.
have p := Rabs_pos_lt x nz.
have c0 : 0 < c by have := h 0%nat; rewrite /= Rmult_1_r; lra.
have [N hN] := pow_lt_1_zero (1 / 2) ltac:(by rewrite Rabs_pos_eq;
  lra) (Rabs x / c) (Rdiv_lt_0_compat _ _ p c0).
have := hN N (le_n N); rewrite Rabs_pos_eq; last by apply: pow_le; lra.
move=> h1; have := Rmult_lt_compat_l c _ _ c0 h1; have -> : c * (Rabs x / c) = Rabs x by field; lra.
have := h N; lra.
Qed.

Section Picard.
Variables (I : Type) (G : (I -> R) -> I -> R) (K B : R).
Hypothesis K1 : 1 <= K.
Hypothesis B0 : 0 <= B.
Hypothesis GB : forall x i, Rabs (G x i) <= B.
Hypothesis GL : forall x y de, 0 <= de -> (forall j, Rabs (x j - y j) <= de) -> forall i,
  Rabs (G x i - G y i) <= K * de.

Definition E c n t := c * exp (2 * K * t) * (1 / 2) ^ n.
Lemma E_pos c n t : 0 <= c -> 0 <= E c n t.
Proof.
move=> c0; apply: Rmult_le_pos; last by apply: pow_le; lra.
apply: Rmult_le_pos => //; left; exact: exp_pos.
Qed.
Lemma E_derive c n t : is_derive (E c (S n)) t (K * E c n t).
Proof. by rewrite /E; auto_derive => //=; field. Qed.
Lemma E_derive0 c t : is_derive (E c 0) t (2 * K * E c 0 t).
Proof. by rewrite /E; auto_derive => //=; ring. Qed.

Section Exists.
Variable x0 : I -> R.
Definition tlip (u : R -> I -> R) := forall i s t, Rabs (u s i - u t i) <= B * Rabs (s - t).
Lemma tlip_cont u i t : tlip u -> continuous (fun s => G (u s) i) t.
Proof.
move=> h; apply: (lipschitz_continuous _ (K * B)); first by apply: Rmult_le_pos; lra.
move=> s; rewrite Rmult_assoc; apply: GL => [|j]; last exact: h.
apply: Rmult_le_pos => //; exact: Rabs_pos.
Qed.
Definition step (u : R -> I -> R) (t : R) (i : I) := x0 i + RInt (fun s => G (u s) i) 0 t.
Lemma step_derive u i t : tlip u -> is_derive (fun s => step u s i) t (G (u t) i).
Proof.
move=> h; have h1 : is_derive (RInt (fun s => G (u s) i) 0) t (G (u t) i).
  apply: (is_derive_RInt (fun s => G (u s) i) (RInt (fun s => G (u s) i) 0) 0 t);
    last exact: tlip_cont.
  exists (mkposreal 1 Rlt_0_1) => s _; apply: (@RInt_correct R_CompleteNormedModule).
  apply: (@ex_RInt_continuous R_CompleteNormedModule) => z _; exact: tlip_cont.
have := is_derive_plus (fun=> x0 i) _ t _ _ (is_derive_const (x0 i) t) h1.
by rewrite plus_zero_l.
Qed.
Lemma step0 u i : step u 0 i = x0 i.
Proof. by rewrite /step RInt_point /zero /= Rplus_0_r. Qed.
Lemma step_tlip u : tlip u -> tlip (step u).
Proof.
move=> h i s t; apply: (lipschitz_of_derive (fun s => step u s i) (fun t => G (u t) i)) => z;
  first exact: step_derive.
exact: GB.
Qed.

Fixpoint pic n : R -> I -> R := match n with O => fun _ => x0 | S m => step (pic m) end.
Lemma pic_tlip n : tlip (pic n).
Proof.
elim: n => [|n IH]; last exact: step_tlip.
move=> i s t /=; rewrite Rminus_eq_0 Rabs_R0; apply: Rmult_le_pos => //; exact: Rabs_pos.
Qed.
Lemma pic0 n i : pic n 0 i = x0 i. Proof. by case: n => // n; exact: step0. Qed.

Lemma pic_step n t i : 0 <= t -> Rabs (pic (S n) t i - pic n t i) <= E B n t.
Proof.
elim: n t i => [|n IH] t i t0.
  apply: (@dominated (fun t => pic 1 t i - pic 0 t i) (fun t => G (pic 0 t) i) (E B 0) (fun t => 2 *
    K * E B 0 t)) => //.
  - move=> s _; have := is_derive_minus _ (fun=> x0 i) s _ _ (step_derive _ i s (pic_tlip 0))
    (is_derive_const (x0 i) s).
    by rewrite minus_zero_r.
  - move=> s _; exact: E_derive0.
  - move=> s [s0 _]; apply: Rle_trans (GB _ _) _.
    have e1 : 1 <= exp (2 * K * s).
      have := exp_ineq1_le (2 * K * s); have : 0 <= 2 * K * s by apply: Rmult_le_pos; lra.
      lra.
    have h1 : B * 1 <= B * exp (2 * K * s) by apply: Rmult_le_compat_l.
    rewrite /E pow_O; have : 0 <= (2 * K - 1) * (B * exp (2 * K * s)).
      by apply: Rmult_le_pos; [lra|apply: Rmult_le_pos => //; lra].
    lra.
  - rewrite !pic0 Rminus_eq_0 Rabs_R0; exact: E_pos.
apply: (@dominated (fun t => pic (S (S n)) t i - pic (S n) t i) (fun t => G (pic (S n) t) i -
  G (pic n t) i)
  (E B (S n)) (fun t => K * E B n t)) => //.
- move=> s _; apply: (is_derive_minus (fun t => pic (S (S n)) t i) (fun t => pic (S n) t i));
    [apply: (step_derive (pic (S n)))|apply: (step_derive (pic n))]; exact: pic_tlip.
- move=> s _; exact: E_derive.
- move=> s [s0 _]; apply: GL => [|j]; [exact: E_pos|exact: IH].
- rewrite !pic0 Rminus_eq_0 Rabs_R0; exact: E_pos.
Qed.

Lemma pic_far n m t i : 0 <= t -> Rabs (pic (n + m) t i - pic n t i) <= E (2 * B) n t * (1 - (1 /
  2) ^ m).
Proof.
move=> t0; elim: m => [|m IH]; first by rewrite -plus_n_O /= !Rminus_eq_0 Rabs_R0 Rmult_0_r; lra.
rewrite -plus_n_Sm.
have -> : pic (S (n + m)) t i - pic n t i = (pic (S (n + m)) t i - pic (n + m) t i) + (pic (n +
  m) t i - pic n t i) by ring.
apply: Rle_trans (Rabs_triang _ _) _; apply: Rle_trans (Rplus_le_compat _ _ _ _ (pic_step (n +
  m) t i t0) IH) _.
by rewrite /E pow_add; right; simpl; field.
Qed.
Lemma pic_far' n m t i : 0 <= t -> (n <= m)%nat -> Rabs (pic m t i - pic n t i) <= E (2 * B) n t.
Proof.
move=> t0 nm; rewrite (_ : m = n + (m - n))%nat; last by rewrite Nat.add_comm Nat.sub_add.
apply: Rle_trans (pic_far _ _ _ _ t0) _.
rewrite -[X in _ <= X]Rmult_1_r; apply: Rmult_le_compat_l; first by apply: E_pos; lra.
have := pow_le (1 / 2) (m - n) ltac:(lra); lra.
Qed.

Definition lim t i : R := real (Lim_seq (fun n => pic n t i)).
Lemma lim_correct t i : 0 <= t -> is_lim_seq (fun n => pic n t i) (lim t i).
Proof.
move=> t0; apply: Lim_seq_correct'; apply/ex_lim_seq_cauchy_corr => ep.
set c := 2 * B * exp (2 * K * t) + 1.
have c0 : 0 < c by have := Rmult_le_pos _ _ B0 (Rlt_le _ _ (exp_pos (2 * K * t))); rewrite /c; lra.
have [N hN] := pow_lt_1_zero (1 / 2) ltac:(by rewrite Rabs_pos_eq; lra) (ep / (2 * c))
  (Rdiv_lt_0_compat _ _ (cond_pos ep) (Rmult_lt_0_compat _ _ Rlt_0_2 c0)).
exists N => n m Nn Nm.
have h1 := pic_far' N n t i t0 Nn; have h2 := pic_far' N m t i t0 Nm.
have p : 0 < (1 / 2) ^ N by apply: pow_lt; lra.
have h3 : E (2 * B) N t < ep / 2.
  have := hN N (le_n N); rewrite Rabs_pos_eq; last lra.
  move=> h; have := Rmult_lt_compat_l c _ _ c0 h; have -> : c * (ep / (2 * c)) = ep / 2 by field;
    lra.
  rewrite /c /E; lra.
have -> : pic n t i - pic m t i = (pic n t i - pic N t i) + - (pic m t i - pic N t i) by ring.
apply: Rle_lt_trans (Rabs_triang _ _) _; rewrite Rabs_Ropp; lra.
Qed.
Lemma lim_far n t i : 0 <= t -> Rabs (pic n t i - lim t i) <= E (2 * B) n t.
Proof.
move=> t0; rewrite Rabs_minus_sym.
have h : is_lim_seq (fun m => Rabs (pic m t i - pic n t i)) (Rabs (lim t i - pic n t i)).
  apply: (is_lim_seq_abs _ (Finite (lim t i - pic n t i))).
  apply: is_lim_seq_minus'; [exact: lim_correct|exact: is_lim_seq_const].
apply: (is_lim_seq_le_loc _ _ (Finite _) (Finite _) _ h (is_lim_seq_const (E (2 * B) n t))).
by exists n => m nm; exact: pic_far'.
Qed.
Definition ub t := lim (Rmax 0 t).
Lemma ub_tlip : tlip ub.
Proof.
move=> i s t; have hs := Rmax_l 0 s; have ht := Rmax_l 0 t.
apply: Rle_trans (_ : B * Rabs (Rmax 0 s - Rmax 0 t) <= _); last first.
  apply: Rmult_le_compat_l => //; rewrite /Rmax; do 2!case: Rle_dec => ?; split_Rabs; lra.
have h : is_lim_seq (fun m => Rabs (pic m (Rmax 0 s) i - pic m (Rmax 0 t) i)) (Rabs (ub s i -
  ub t i)).
  apply: (is_lim_seq_abs _ (Finite (ub s i - ub t i))).
  by apply: is_lim_seq_minus'; exact: lim_correct.
apply: (is_lim_seq_le_loc _ _ (Finite _) (Finite _) _ h (is_lim_seq_const _)).
by exists O => m _; exact: pic_tlip.
Qed.

Lemma step_ub t i : 0 <= t -> step ub t i = ub t i.
Proof.
move=> t0; have ubE s : 0 <= s -> ub s = lim s by move=> s0; rewrite /ub Rmax_right.
apply: Rminus_diag_uniq; apply: (half_small (4 * B * exp (2 * K * t))) => n.
have h1 := lim_far (S n) t i t0.
have h2 : Rabs (pic (S n) t i - step ub t i) <= E (2 * B) (S n) t.
  apply: (@dominated (fun t => pic (S n) t i - step ub t i) (fun t => G (pic n t) i - G (ub t) i)
    (E (2 * B) (S n)) (fun t => K * E (2 * B) n t)) => //.
  - move=> s _; apply: (is_derive_minus (fun t => pic (S n) t i) (fun t => step ub t i));
    apply: step_derive;
      [exact: pic_tlip|exact: ub_tlip].
  - move=> s _; exact: E_derive.
  - move=> s [s0 _]; apply: GL => [|j]; [by apply: E_pos; lra|by rewrite ubE //; exact: lim_far].
  - rewrite pic0 step0 Rminus_eq_0 Rabs_R0; apply: E_pos; lra.
rewrite ubE //.
have -> : step ub t i - lim t i = (pic (S n) t i - lim t i) + - (pic (S n) t i -
  step ub t i) by ring.
apply: Rle_trans (Rabs_triang _ _) _; rewrite Rabs_Ropp.
have := E_pos (2 * B) n t ltac:(lra); move: h1 h2; rewrite /E /=; lra.
Qed.

Definition sol := step ub. (* an explicit term in G and x0 only: no choice needed to select
  solutions *)
Lemma sol_start i : sol 0 i = x0 i. Proof. exact: step0. Qed.
Lemma sol_derive t : 0 <= t -> forall i, is_derive (fun s => sol s i) t (G (sol t) i).
Proof.
move=> t0 i; rewrite /sol.
have h := step_derive ub i t ub_tlip.
have e : Rabs (G (ub t) i - G (step ub t) i) <= K * 0.
  by apply: GL => [|j]; [lra|rewrite step_ub // Rminus_eq_0 Rabs_R0; lra].
have -> : G (step ub t) i = G (ub t) i by have := Rabs_pos (G (ub t) i - G (step ub t) i); move: e;
  split_Rabs; lra.
exact: h.
Qed.
Theorem picard_exists : exists u : R -> I -> R, (forall i, u 0 i = x0 i) /\
  forall t, 0 <= t -> forall i, is_derive (fun s => u s i) t (G (u t) i).
Proof. by exists sol; split; [exact: sol_start|exact: sol_derive]. Qed.
End Exists.

Theorem picard_unique (u v : R -> I -> R) T : (forall i, u 0 i = v 0 i) ->
  (forall t, 0 <= t <= T -> forall i, is_derive (fun s => u s i) t (G (u t) i)) ->
  (forall t, 0 <= t <= T -> forall i, is_derive (fun s => v s i) t (G (v t) i)) ->
  forall t, 0 <= t <= T -> forall i, u t i = v t i.
Proof.
move=> e0 hu hv.
suff h n : forall t, 0 <= t <= T -> forall i, Rabs (u t i - v t i) <= E (2 * B) n t.
  by move=> t ht i; apply: Rminus_diag_uniq; apply: (half_small (2 * B * exp (2 * K * t))) => n;
    exact: h.
elim: n => [|n IH] t ht i.
  apply: (@dominated (fun t => u t i - v t i) (fun t => G (u t) i - G (v t) i) (E (2 * B) 0)
    (fun t => 2 * K * E (2 * B) 0 t)); last lra.
  - by move=> s hs; apply: (is_derive_minus (fun t => u t i) (fun t => v t i));
    [apply: hu|apply: hv]; lra.
  - move=> s _; exact: E_derive0.
  - move=> s [s0 _].
    have e1 : 1 <= exp (2 * K * s).
      have := exp_ineq1_le (2 * K * s); have : 0 <= 2 * K * s by apply: Rmult_le_pos; lra.
      lra.
    have h1 : B * 1 <= B * exp (2 * K * s) by apply: Rmult_le_compat_l.
    have : 0 <= (2 * K - 1) * (B * exp (2 * K * s)).
      by apply: Rmult_le_pos; [lra|apply: Rmult_le_pos => //; lra].
    have := Rabs_triang (G (u s) i) (- G (v s) i); rewrite Rabs_Ropp /Rminus /E pow_O.
    have := GB (u s) i; have := GB (v s) i; lra.
  - rewrite e0 Rminus_eq_0 Rabs_R0; apply: E_pos; lra.
apply: (@dominated (fun t => u t i - v t i) (fun t => G (u t) i - G (v t) i) (E (2 * B) (S n))
  (fun t => K * E (2 * B) n t)); last lra.
- by move=> s hs; apply: (is_derive_minus (fun t => u t i) (fun t => v t i)); [apply: hu|apply: hv];
  lra.
- move=> s _; exact: E_derive.
- by move=> s hs; apply: GL => [|j]; [apply: E_pos; lra|apply: IH; lra].
- rewrite e0 Rminus_eq_0 Rabs_R0; apply: E_pos; lra.
Qed.
End Picard.
