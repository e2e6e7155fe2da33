(* Flows of a general field g on the layers: a field that is bounded and Lipschitz on boxes, and the
   gradient of a nonnegative energy, has exactly one flow for all t >= 0 from every start.
   Truncated outside of a ball it is bounded and Lipschitz, so that Picard's iteration converges for
   all t; and psqn + energy grows at most like e^t, so that up to any time the truncation is not
   felt.
   Instances: the risk of one output (Existence) and of several outputs (MultivariateFlow). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import RealFacts Linalg PolynomialFunction Network Risk PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy Picard BoxLipschitz.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma is_derive_sqnm m n (u : R -> 'M[RR]_(m, n)) t du :
  mderive u t du -> is_derive (fun s => sqn (u s) : R) t (2%:R * dot (u t) du : RR).
Proof.
move=> h.
have h1 : is_derive (fun s => \sum_i \sum_j (u s i j * u s i j) : R) t
   (\sum_i \sum_j (du i j * u t i j + u t i j * du i j) : RR).
  apply: (@is_derive_sum _ _ (fun i s => \sum_j (u s i j * u s i j))) => i.
  apply: (@is_derive_sum _ _ (fun j s => u s i j * u s i j)) => j.
  have := is_derive_mult (fun s => u s i j : R) (fun s => u s i j : R) t _ _ (h i j) (h i j)
    Rmult_comm.
  by apply.
suff -> : 2%:R * dot (u t) du = \sum_i \sum_j (du i j * u t i j + u t i j * du i j) by exact: h1.
rewrite /dot mulr_sumr; apply: eq_bigr => i _; rewrite mulr_sumr; apply: eq_bigr => j _.
ring.
Qed.

Section General.
Variables (d : nat -> nat) (L : nat).
Notation lay := (layers RR d).
Variables (g : lay -> forall k, 'M[RR]_(d k.+1, d k)) (E : lay -> RR).
(* g is bounded and Lipschitz on boxes, and sees the L layers only *)
Hypothesis g_box : forall k, blm (fun W => g W k).
Hypothesis g_ext : forall W V k, (forall i, (i < L)%N -> W i = V i) -> (k < L)%N -> g W k = g V k.
(* g is the gradient of the energy E >= 0: the derivative of E along a curve *)
Hypothesis E_ge0 : forall W, 0 <= E W.
Hypothesis E_ext : forall W V, (forall i, (i < L)%N -> W i = V i) -> E W = E V.
Hypothesis E_derive : forall (V : R -> lay) (D : forall k, 'M[RR]_(d k.+1, d k)) t,
  (forall k, (k < L)%N -> mderive (fun s => V s k) t (D k)) ->
  is_derive (fun s => E (V s) : R) t (\sum_(k < L) dot (g (V t) k) (D k) : RR).

(* the field with a cut-off *)
Definition cut (A : R) (W : lay) k i j : R := Rmult (phi A (psqn L W)) ((- g W k)%R i j).
Lemma cut_box A k i j : bl (fun W => cut A W (k := k) i j).
Proof.
apply: blM; last by apply: blmN; exact: g_box.
apply: (@bl_comp _ (phi A) _ 1%Re); [|exact: phi_lip|exact: bl_psqn].
by move=> x; have := phi01 A x; split_Rabs; lra.
Qed.
Lemma cut_clip A (A0 : (0 <= A)%Re) (W : lay) k i j : (k < L)%N ->
  cut A (clipW L (A + 2)%Re W) (k := k) i j = Rmult (psi L A W) ((- g W k)%R i j).
Proof.
move=> kL; rewrite /cut /psi; case: (Rlt_le_dec (psqn L (clipW L (A + 2)%Re W)) (A + 1)) => h.
  by rewrite (g_ext (clipW_small A0 h) kL).
by rewrite phi_out // !Rmult_0_l.
Qed.

(* a priori bound, also for flows slowed down by a factor psi in [0,1] *)
Definition mass (W : lay) : R := (psqn L W + E W)%Re.
Lemma mass_ge0 W : (0 <= mass W)%Re.
Proof.
by apply: Rplus_le_le_0_compat; apply/RleP; [exact: psqn_ge0|exact: E_ge0].
Qed.
Lemma psqn_mass W : (psqn L W <= mass W)%Re.
Proof.
have /RleP : 0 <= E W by exact: E_ge0.
rewrite /mass => h; have {}h : (0 <= E W)%Re by []. lra.
Qed.
Lemma apriori (V : R -> lay) (p : R -> R) T :
  (forall t, (0 <= t <= T)%Re -> (0 <= p t <= 1)%Re) ->
  (forall t, (0 <= t <= T)%Re -> forall k, (k < L)%N -> mderive (fun s => V s k) t ((p t : RR) *:
    - g (V t) k)) ->
  (0 <= T)%Re -> (psqn L (V T) <= mass (V 0%Re) * exp T)%Re.
Proof.
move=> hp hV T0; apply: Rle_trans (psqn_mass _) _.
have := @gronwall (fun t => mass (V t)) (fun t => (\sum_(k < L) (2%:R * dot (V t k) ((p t : RR) *:
  - g (V t) k)) +
   \sum_(k < L) dot (g (V t) k) ((p t : RR) *: - g (V t) k) : RR)) (-1)%Re 0%Re T.
rewrite !Rminus_0_r Ropp_involutive Rmult_1_l; apply=> // t ht.
  apply: (is_derive_plus (fun t => psqn L (V t) : R) (fun t => E (V t) : R)).
    by apply: (@is_derive_sum _ _ (fun (k : 'I_L) s => sqn (V s k))) => k;
      apply: is_derive_sqnm; exact: hV.
  by apply: (E_derive (D := fun k => (p t : RR) *: - g (V t) k)) => k kL; exact: hV.
rewrite Rminus_0_r Rmult_1_l; apply: Rle_trans (psqn_mass (V t)).
have [/RleP p0 /RleP p1] := hp t ht; apply/RleP; rewrite -big_split /=.
apply: le_trans (_ : (p t : RR) * psqn L (V t) <= _); last by rewrite ler_pimull ?psqn_ge0.
rewrite /psqn mulr_sumr; apply: ler_sum => k _.
rewrite !dotZr !dotNr -/(sqn _); have h := sqn_ge0 (V t k + g (V t) k); rewrite sqnD in h.
rewrite -subr_ge0; apply: le_trans (mulr_ge0 p0 h) _; rewrite le_eqVlt; apply/orP; left;
  apply/eqP; ring.
Qed.

(* weights as functions of one index *)
Definition idx := {k : nat & ('I_(d k.+1) * 'I_(d k))%type}.
Definition dec (x : idx -> R) : lay := fun k => \matrix_(i, j) (x (existT _ k (i, j)) : RR).
Definition enc (W : lay) : idx -> R := fun p => W (projT1 p) (projT2 p).1 (projT2 p).2.
Definition encL (W : lay) : idx -> R := fun p => if (projT1 p < L)%N then enc W p else 0%Re.
Lemma dec_enc W k : dec (enc W) k = W k. Proof. by apply/matrixP => i j; rewrite mxE. Qed.
Lemma dec_encL W k : (k < L)%N -> dec (encL W) k = W k.
Proof. by move=> kL; apply/matrixP => i j; rewrite mxE /encL /= kL. Qed.

(* the truncated field *)
Definition field (A : R) (x : idx -> R) (p : idx) : R :=
  if (projT1 p < L)%N then cut A (clipW L (A + 2)%Re (dec x)) (k := projT1 p) (projT2 p).1 (projT2
    p).2 else 0%Re.
Lemma fieldE A x k i j : (0 <= A)%Re -> (k < L)%N ->
  field A x (existT _ k (i, j)) = Rmult (psi L A (dec x)) ((- g (dec x) k)%R i j).
Proof. by move=> A0 kL; rewrite /field /= kL cut_clip. Qed.
Lemma field_lip A : (0 <= A)%Re -> exists K B, (1 <= K)%Re /\ (0 <= B)%Re /\ (forall x p,
  (Rabs (field A x p) <= B)%Re) /\
  forall x z de, (0 <= de)%Re -> (forall q, (Rabs (x q - z q) <= de)%Re) -> forall p,
    (Rabs (field A x p - field A z p) <= K * de)%Re.
Proof.
move=> A0; have A2 : (0 <= A + 2)%Re by lra.
pose J := [finType of {k : 'I_L & ('I_(d k.+1) * 'I_(d k))%type}].
case: (@bl_unif d J (fun q W => cut A W (k := projT1 q) (projT2 q).1 (projT2 q).2) (A + 2)%Re) =>
  [q|].
  exact: cut_box.
move=> B [K [B0 [K0 h]]]; exists (K + 1)%Re, B; split; first lra; split=> //; split.
  move=> x [k [i j]]; rewrite /field /=; case: ifP => kL; last by rewrite Rabs_R0.
  have [h1 _] := h (existT _ (Ordinal kL) (i, j)); apply: h1; exact: clipW_in.
move=> x z de de0 hxz [k [i j]]; rewrite /field /=; case: ifP => kL; last first.
  by rewrite Rminus_eq_0 Rabs_R0; apply: Rmult_le_pos => //; lra.
have [_ h1] := h (existT _ (Ordinal kL) (i, j)).
apply: Rle_trans (_ : (K * de <= _)%Re); last by apply: Rmult_le_compat_r => //; lra.
apply: h1 => //; try exact: clipW_in.
by apply: clipW_near => // k' i' j'; rewrite !mxE; exact: hxz.
Qed.

(* its solution *)
Definition traj A (W0 : lay) (t : R) : lay := dec (sol idx (field A) (enc W0) t).
Lemma traj_start A W0 k : (0 <= A)%Re -> traj A W0 0%Re k = W0 k.
Proof. by move=> A0; apply/matrixP => i j; rewrite mxE sol_start. Qed.
Lemma traj_derive A W0 t k : (0 <= A)%Re -> (0 <= t)%Re -> (k < L)%N ->
  mderive (fun s => traj A W0 s k) t ((psi L A (traj A W0 t) : RR) *: - g (traj A W0 t) k).
Proof.
move=> A0 t0 kL i j; case: (field_lip A0) => K [B [K1 [B0 [h1 h2]]]].
have h := @sol_derive idx (field A) K B K1 B0 h1 h2 (enc W0) t t0 (existT _ k (i, j)).
rewrite (fieldE _ _ _ A0 kL) in h; rewrite mxE.
by apply: (@is_derive_ext R_AbsRing R_NormedModule (fun s => sol idx (field A) (enc W0) s (existT
  _ k (i, j)))) => [s|//]; rewrite mxE.
Qed.

Definition flow_on (T : R) (W : R -> lay) :=
  forall t, (0 <= t <= T)%Re -> forall k, (k < L)%N -> mderive (fun s => W s k) t (- g (W t) k).
Lemma flow_on_le S T W : (S <= T)%Re -> flow_on T W -> flow_on S W.
Proof. by move=> ST h t ht; apply: h; lra. Qed.

Lemma traj_flow_on W0 T : (0 <= T)%Re -> flow_on T (traj (mass W0 * exp T)%Re W0).
Proof.
move=> T0; set A := (mass W0 * exp T)%Re.
have A0 : (0 <= A)%Re by apply: Rmult_le_pos; [exact: mass_ge0|left; exact: exp_pos].
move=> t [t0 tT] k kL.
have p1 : psi L A (traj A W0 t) = 1%Re.
  apply: psi_small => //; apply: Rle_trans (@apriori (traj A W0) (fun t => psi L A (traj A W0 t))
    t _ _ t0) _.
  - by move=> s _; exact: phi01.
  - by move=> s [s0 _] k' k'L; exact: traj_derive.
  have -> : mass (traj A W0 0%Re) = mass W0.
    by rewrite /mass (@psqn_ext _ L _ W0) ?(@E_ext _ W0) // => i _; exact: traj_start.
  by apply: Rmult_le_compat_l; [exact: mass_ge0|exact: exp_le].
have := traj_derive W0 A0 t0 kL; rewrite p1.
by have -> : ((1%Re : RR) *: - g (traj A W0 t) k) = - g (traj A W0 t) k by exact: scale1r.
Qed.

Lemma flow_on_unique (W V : R -> lay) T : (forall k, (k < L)%N -> W 0%Re k = V 0%Re k) ->
  flow_on T W -> flow_on T V -> forall t, (0 <= t <= T)%Re -> forall k, (k < L)%N -> W t k = V t k.
Proof.
move=> e0 hW hV t ht k kL; have T0 : (0 <= T)%Re by lra.
set A := (mass (W 0%Re) * exp T)%Re.
have A0 : (0 <= A)%Re by apply: Rmult_le_pos; [exact: mass_ge0|left; exact: exp_pos].
have eA : mass (V 0%Re) = mass (W 0%Re).
  by rewrite /mass (@psqn_ext _ L _ (W 0%Re)) ?(@E_ext _ (W 0%Re)) // => i iL; rewrite e0.
case: (field_lip A0) => K [B [K1 [B0 [h1 h2]]]].
have key U : mass (U 0%Re) = mass (W 0%Re) -> flow_on T U ->
  forall s, (0 <= s <= T)%Re -> forall p, is_derive (fun s => encL (U s) p) s (field A (encL (U
    s)) p).
  move=> eU hU s [s0 sT] [k' [i j]]; case kL' : (k' < L)%N; last first.
    apply: (@is_derive_ext R_AbsRing R_NormedModule (fun=> 0%Re)) => [z|];
      first by rewrite /encL /= kL'.
    by rewrite /field /= kL'; exact: is_derive_const.
  have e1 k1 : (k1 < L)%N -> dec (encL (U s)) k1 = U s k1 by exact: dec_encL.
  have p1 : psi L A (dec (encL (U s))) = 1%Re.
    apply: psi_small => //; rewrite (psqn_ext e1).
    apply: Rle_trans (@apriori U (fun=> 1%Re) s _ _ s0) _; first by move=> *; lra.
      move=> z hz k1 k1L; have -> : ((1%Re : RR) *: - g (U z) k1) = - g (U z) k1 by exact: scale1r.
      by apply: hU => //; lra.
    by rewrite eU; apply: Rmult_le_compat_l; [exact: mass_ge0|exact: exp_le].
  rewrite (fieldE _ _ _ A0 kL') p1 Rmult_1_l (g_ext e1 kL').
  apply: (@is_derive_ext R_AbsRing R_NormedModule (fun z => U z k' i j)) => [z|];
    first by rewrite /encL /= kL'.
  by apply: hU.
apply/matrixP => i j.
have := @picard_unique idx (field A) K B K1 B0 h1 h2 (fun s => encL (W s)) (fun s => encL (V s)) T _
  (key W erefl hW) (key V eA hV) t ht (existT _ k (i, j)).
rewrite /encL /= kL /enc /=; apply=> -[k' [i' j']] /=; case: ifP => // k'L; by rewrite e0.
Qed.

(* gluing the solutions on [0,m], m = 1, 2, ... *)
Definition below (t : R) : nat := (nfloor (Rmax 0 t) (Rmax_l 0 t)).+1.
Lemma below_gt t : (t < INR (below t))%Re.
Proof.
rewrite /below S_INR /nfloor; case: nfloor_ex => m /= h; have := Rmax_r 0 t; lra.
Qed.
Lemma below_1 t : (t < 1)%Re -> below t = 1%N.
Proof.
move=> t1; rewrite /below /nfloor; case: nfloor_ex => m /= h; congr S.
have : (INR m < INR 1)%Re by apply: Rle_lt_trans (proj1 h) _; apply: Rmax_lub_lt; simpl; lra.
by move/INR_lt/ssrnat.ltP; rewrite ltnS leqn0 => /eqP.
Qed.
Variable W0 : lay.
Definition piece (m : nat) : R -> lay := traj (mass W0 * exp (INR m))%Re W0.
Definition flow (t : R) : lay := piece (below t) t.
Lemma piece_start m k : piece m 0%Re k = W0 k.
Proof. by apply: traj_start; apply: Rmult_le_pos; [exact: mass_ge0|left; exact: exp_pos]. Qed.
Lemma flow_start k : flow 0%Re k = W0 k.
Proof. exact: piece_start. Qed.
Lemma piece_flow m : flow_on (INR m) (piece m).
Proof. exact: (traj_flow_on W0 (pos_INR m)). Qed.
Lemma flow_piece m s k : (0 <= s <= INR m)%Re -> (k < L)%N -> flow s k = piece m s k.
Proof.
move=> [s0 sm] kL; have sb := Rlt_le _ _ (below_gt s).
have e0 k' : (k' < L)%N -> piece (below s) 0%Re k' = piece m 0%Re k'.
  by move=> _; rewrite (piece_start (below s)) (piece_start m); reflexivity.
exact (flow_on_unique e0 (flow_on_le sb (piece_flow (m := _))) (flow_on_le sm (piece_flow (m :=
  _))) (conj s0 (Rle_refl s)) kL).
Qed.

Lemma flow_is_flow t : (0 <= t)%Re -> forall k, (k < L)%N -> mderive (fun s => flow s k) t (- g
  (flow t) k).
Proof.
move=> t0 k kL; have tb := below_gt t.
have h : mderive (fun s => piece (below t) s k) t (- g (flow t) k).
  exact (piece_flow (conj t0 (Rlt_le _ _ tb)) kL).
move=> i j; apply: (is_derive_ext_loc (fun s => piece (below t) s k i j)); last exact (h i j).
have [t1|t1] : (t < 1)%Re \/ (1 <= t)%Re by lra.
  exists (mkposreal (1 - t)%Re (Rlt_Rminus _ _ t1)) => s; rewrite /ball /= /AbsRing_ball /abs
    /minus /plus /opp /= => /Rabs_def2 [h1 _].
  have s1 : (s < 1)%Re by lra.
  by rewrite /flow (below_1 t1) (below_1 s1).
have [e [e0 [m1 m2]]] : exists e : R, (0 < e)%Re /\ (e <= 1)%Re /\ (e <= INR (below t) - t)%Re.
  exists (Rmin 1 (INR (below t) - t)); split; first by apply: Rmin_glb_lt; lra.
  by split; [exact: Rmin_l|exact: Rmin_r].
exists (mkposreal e e0) => s hb; have {hb}/Rabs_def2 [h1 h2] : (Rabs (s - t) < e)%Re by exact hb.
have hs : (0 <= s <= INR (below t))%Re by lra.
by rewrite (flow_piece hs kL).
Qed.
Theorem general_flow_unique (W V : R -> lay) :
  (forall t, (0 <= t)%Re -> forall k, (k < L)%N -> mderive (fun s => W s k) t (- g (W t) k)) ->
  (forall t, (0 <= t)%Re -> forall k, (k < L)%N -> mderive (fun s => V s k) t (- g (V t) k)) ->
  (forall k, (k < L)%N -> W 0%Re k = V 0%Re k) ->
  forall t, (0 <= t)%Re -> forall k, (k < L)%N -> W t k = V t k.
Proof.
move=> hW hV e t t0 k kL; apply: (@flow_on_unique W V t) => //; last lra.
- by move=> s [s0 _]; exact: hW.
- by move=> s [s0 _]; exact: hV.
Qed.
End General.
