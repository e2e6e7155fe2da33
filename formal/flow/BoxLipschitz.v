(* Formula (5) is bounded and Lipschitz on every box of weights; the truncated field. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network Risk Lemma8 PolynomialDerivative
  Derivative GradientFlow Lemma1 Energy.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Ltac minmax := repeat match goal with |- context [Rle_dec ?a ?b] =>
  lazymatch a with context [Rle_dec] => fail | _ => lazymatch b with context [Rle_dec] =>
    fail | _ => destruct (Rle_dec a b) end end end.

Section BoxLip.
Variable d : nat -> nat.
Notation lay := (layers RR d).
Definition inbox (M : R) (W : lay) := forall k i j, (Rabs (W k i j) <= M)%Re.
Definition near (e : R) (W V : lay) := forall k i j, (Rabs (W k i j - V k i j) <= e)%Re.
(* on the box of radius M, f is bounded by B and K-Lipschitz for the maximum norm *)
Definition blk (B K M : R) (f : lay -> R) :=
  (forall W, inbox M W -> (Rabs (f W) <= B)%Re) /\
  (forall W V e, (0 <= e)%Re -> inbox M W -> inbox M V -> near e W V ->
    (Rabs (f W - f V) <= K * e)%Re).
Definition bl (f : lay -> R) := forall M, exists B K, (0 <= B)%Re /\ (0 <= K)%Re /\ blk B K M f.

Lemma blk_le B K B' K' M f : (B <= B')%Re -> (K <= K')%Re -> blk B K M f -> blk B' K' M f.
Proof.
move=> hB hK [h1 h2]; split=> [W hW|W V e e0 hW hV hn]; first by apply: Rle_trans hB; exact: h1.
by apply: Rle_trans (h2 W V e e0 hW hV hn) _; apply: Rmult_le_compat_r.
Qed.
Lemma bl_ext f g : f =1 g -> bl f -> bl g.
Proof.
move=> fg h M; case: (h M) => B [K [B0 [K0 [h1 h2]]]]; exists B, K; split=> //; split=> //.
by split=> [W hW|W V e e0 hW hV hn]; rewrite -!fg; auto.
Qed.
Lemma bl_cst (c : R) : bl (fun=> c).
Proof.
move=> M; exists (Rabs c), 0%Re; split; first exact: Rabs_pos; split; first lra.
by split=> [W _|W V e _ _ _ _]; rewrite ?Rminus_eq_0 ?Rabs_R0; lra.
Qed.
Lemma bl_entry k i j : bl (fun W => W k i j).
Proof.
move=> M; exists (Rabs M), 1%Re; split; first exact: Rabs_pos; split; first lra.
split=> [W hW|W V e e0 _ _ hn]; last by rewrite Rmult_1_l; exact: hn.
by apply: Rle_trans (hW k i j) _; exact: Rle_abs.
Qed.
Lemma blD f g : bl f -> bl g -> bl (fun W => Rplus (f W) (g W)).
Proof.
move=> hf hg M; case: (hf M) => B [K [B0 [K0 [h1 h2]]]];
  case: (hg M) => B' [K' [B0' [K0' [h1' h2']]]].
exists (B + B')%Re, (K + K')%Re; split; first lra; split; first lra.
split=> [W hW|W V e e0 hW hV hn].
  by apply: Rle_trans (Rabs_triang _ _) _; apply: Rplus_le_compat; auto.
have -> : (f W + g W - (f V + g V) = (f W - f V) + (g W - g V))%Re by ring.
apply: Rle_trans (Rabs_triang _ _) _; rewrite Rmult_plus_distr_r; apply: Rplus_le_compat; auto.
Qed.
Lemma blM f g : bl f -> bl g -> bl (fun W => Rmult (f W) (g W)).
Proof.
move=> hf hg M; case: (hf M) => B [K [B0 [K0 [h1 h2]]]];
  case: (hg M) => B' [K' [B0' [K0' [h1' h2']]]].
exists (B * B')%Re, (B * K' + B' * K)%Re; split; first exact: Rmult_le_pos.
split; first by apply: Rplus_le_le_0_compat; apply: Rmult_le_pos.
split=> [W hW|W V e e0 hW hV hn].
  by rewrite Rabs_mult; apply: Rmult_le_compat; auto; exact: Rabs_pos.
have -> : (f W * g W - f V * g V = f W * (g W - g V) + g V * (f W - f V))%Re by ring.
apply: Rle_trans (Rabs_triang _ _) _; rewrite !Rabs_mult Rmult_plus_distr_r !Rmult_assoc.
by apply: Rplus_le_compat; apply: Rmult_le_compat; auto; exact: Rabs_pos.
Qed.
Lemma bl_comp (phi : R -> R) f C : (forall x, (Rabs (phi x) <= C)%Re) ->
  (forall a b, (Rabs (phi a - phi b) <= Rabs (a - b))%Re) -> bl f -> bl (fun W => phi (f W)).
Proof.
move=> hC hl hf M; case: (hf M) => B [K [B0 [K0 [h1 h2]]]]; exists C, K; split.
  by apply: Rle_trans (hC 0%Re); exact: Rabs_pos.
split=> //; split=> [W _|W V e e0 hW hV hn]; first exact: hC.
by apply: Rle_trans (hl _ _) _; exact: h2.
Qed.
Lemma bl_sum I (r : seq I) (f : I -> lay -> R) :
  (forall i, bl (f i)) -> bl (fun W => \sum_(i <- r) (f i W : RR) : R).
Proof.
move=> h; elim: r => [|i r IH].
  by apply: bl_ext (bl_cst 0%Re) => W; rewrite big_nil.
by apply: bl_ext (blD (h i) IH) => W; rewrite big_cons.
Qed.

Definition blm m n (F : lay -> 'M[RR]_(m, n)) := forall i j, bl (fun W => F W i j).
Lemma blm_ext m n (F G : lay -> 'M[RR]_(m, n)) : F =1 G -> blm F -> blm G.
Proof. by move=> e h i j; apply: bl_ext (h i j) => W; rewrite e. Qed.
Lemma blm_cst m n (A : 'M[RR]_(m, n)) : blm (fun=> A).
Proof. by move=> i j; exact: bl_cst. Qed.
Lemma blmD m n (F G : lay -> 'M[RR]_(m, n)) : blm F -> blm G -> blm (fun W => F W + G W).
Proof. by move=> hF hG i j; apply: bl_ext (blD (hF i j) (hG i j)) => W; rewrite mxE. Qed.
Lemma blmZ m n c (F : lay -> 'M[RR]_(m, n)) : blm F -> blm (fun W => c *: F W).
Proof. by move=> hF i j; apply: bl_ext (blM (bl_cst c) (hF i j)) => W; rewrite mxE. Qed.
Lemma blmN m n (F : lay -> 'M[RR]_(m, n)) : blm F -> blm (fun W => - F W).
Proof. by move=> hF; apply: blm_ext (blmZ (-1) hF) => W; rewrite scaleN1r. Qed.
Lemma blmM m n p (F : lay -> 'M[RR]_(m, n)) (G : lay -> 'M[RR]_(n, p)) :
  blm F -> blm G -> blm (fun W => F W *m G W).
Proof.
move=> hF hG i j; apply: bl_ext (bl_sum _ (fun k => blM (hF i k) (hG k j))) => W.
by rewrite mxE.
Qed.
Lemma blmT m n (F : lay -> 'M[RR]_(m, n)) : blm F -> blm (fun W => (F W)^T).
Proof. by move=> hF i j; apply: bl_ext (hF j i) => W; rewrite mxE. Qed.
Lemma blm_layer k : blm (fun W => W k).
Proof. by move=> i j; exact: bl_entry. Qed.
Lemma bl_dot m n (F G : lay -> 'M[RR]_(m, n)) : blm F -> blm G -> bl (fun W => dot (F W) (G W)).
Proof.
move=> hF hG; apply: (@bl_sum _ _ (fun i W => \sum_j F W i j * G W i j)) => i.
apply: (@bl_sum _ _ (fun j W => F W i j * G W i j)) => j; exact: (blM (hF i j) (hG i j)).
Qed.
Lemma bl_psqn L : bl (fun W => psqn L W).
Proof. by apply: (@bl_sum _ _ (fun (k : 'I_L) W => sqn (W k))) => k; apply: bl_dot;
  exact: blm_layer. Qed.
Lemma blm_fwd k : blm (fun W => fwd W k).
Proof. by elim: k => [|k IH]; [exact: blm_cst|apply: (blmM (F := fun W => W k)) => //;
  exact: blm_layer]. Qed.
Lemma blm_bvec L (w : lay -> 'cV_(d L)) k : blm w -> blm (fun W => bvec W (w W) k).
Proof.
elim: L w k => [|L IH] w k hw /=; case: eqP => [e|_].
- by case: k / e.
- exact: blm_cst.
- by case: k / e.
by apply: (IH (fun W => (W L)^T *m w W) k); apply: blmM => //; apply: blmT; exact: blm_layer.
Qed.

Lemma bl_unif (J : finType) (f : J -> lay -> R) M : (forall j, bl (f j)) ->
  exists B K, (0 <= B)%Re /\ (0 <= K)%Re /\ forall j, blk B K M (f j).
Proof.
move=> h; suff H (s : seq J) : exists B K, (0 <= B)%Re /\ (0 <= K)%Re /\ forall j, j \in s ->
  blk B K M (f j).
  by case: (H (enum J)) => B [K [B0 [K0 hh]]]; exists B, K; split=> //; split=> // j; apply: hh;
    rewrite mem_enum.
elim: s => [|i s [B [K [B0 [K0 hh]]]]]; first by exists 0%Re, 0%Re; split; [lra|split; [lra|]].
case: (h i M) => B' [K' [B0' [K0' h']]].
exists (B + B')%Re, (K + K')%Re; split; first lra; split; first lra.
move=> j; rewrite inE => /predU1P[->|js].
  by apply: blk_le h'; lra.
by apply: blk_le (hh j js); lra.
Qed.

(* only the layers k < L matter *)
Lemma fwd_ext (W V : lay) k : (forall i, (i < k)%N -> W i = V i) -> fwd W k = fwd V k.
Proof. by elim: k => //= k IH h; rewrite h // IH // => i ik; apply: h; exact: ltnW. Qed.
Lemma bvec_ext (W V : lay) L (w : 'cV_(d L)) k : (forall i, (i < L)%N -> W i = V i) ->
  bvec W w k = bvec V w k.
Proof.
elim: L w => [|L IH] w h //=; case: eqP => // _.
by rewrite h // IH // => i iL; apply: h; exact: ltnW.
Qed.
Lemma psqn_ext L (W V : lay) : (forall i, (i < L)%N -> W i = V i) -> psqn L W = psqn L V.
Proof. by move=> h; apply: eq_bigr => k _; rewrite h. Qed.

Section Field.
Variables (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L)).
Lemma risk_ext (W V : lay) : (forall i, (i < L)%N -> W i = V i) -> risk X y w W = risk X y w V.
Proof. by move=> h; rewrite /risk /wprod (fwd_ext h). Qed.
Lemma gradk_ext (W V : lay) k : (forall i, (i < L)%N -> W i = V i) -> (k < L)%N ->
  gradk X y w W k = gradk X y w V k.
Proof.
move=> h kL; rewrite /gradk /grad5 (bvec_ext _ _ h) /wprod (fwd_ext h) (@fwd_ext W V k) // => i ik.
by apply: h; exact: ltn_trans ik kL.
Qed.
Lemma blm_gradk k : blm (fun W => gradk X y w W k).
Proof.
apply: blmM; last by apply: blmT; exact: blm_fwd.
apply: blmM; first by apply: (@blm_bvec _ (fun=> w)); exact: blm_cst.
apply: blmT; apply: blmZ; apply: blmM; first exact: blm_cst.
apply: blmD; first exact: blm_cst.
apply: blmN; apply: blmM; first exact: blm_cst.
by apply: blmM; last exact: blm_cst; apply: blmT; exact: blm_fwd.
Qed.

(* cut-off *)
Definition phi (A s : R) : R := Rmax 0 (Rmin 1 (A + 1 - s)).
Lemma phi01 A s : (0 <= phi A s <= 1)%Re.
Proof. rewrite /phi /Rmax /Rmin; minmax; lra. Qed.
Lemma phi_lip A a b : (Rabs (phi A a - phi A b) <= Rabs (a - b))%Re.
Proof. rewrite /phi /Rmax /Rmin; minmax; split_Rabs; lra. Qed.
Lemma phi_in A s : (s <= A)%Re -> phi A s = 1%Re.
Proof. move=> h; rewrite /phi /Rmax /Rmin; minmax; lra. Qed.
Lemma phi_out A s : (A + 1 <= s)%Re -> phi A s = 0%Re.
Proof. move=> h; rewrite /phi /Rmax /Rmin; minmax; lra. Qed.
Definition clip (M x : R) : R := Rmax (- M) (Rmin M x).
Lemma clip_le M x : (0 <= M)%Re -> (Rabs (clip M x) <= M)%Re.
Proof. move=> h; rewrite /clip /Rmax /Rmin; minmax; split_Rabs; lra. Qed.
Lemma clip_lip M a b : (Rabs (clip M a - clip M b) <= Rabs (a - b))%Re.
Proof. rewrite /clip /Rmax /Rmin; minmax; split_Rabs; lra. Qed.
Lemma clip_in M x : (Rabs x <= M)%Re -> clip M x = x.
Proof. by move=> h; rewrite /clip /Rmax /Rmin; minmax; split_Rabs; lra. Qed.
Lemma clip_inner M x : (Rabs (clip M x) < M)%Re -> clip M x = x.
Proof. rewrite /clip /Rmax /Rmin; minmax; split_Rabs; lra. Qed.

Definition clipW (M : R) (W : lay) : lay := fun k =>
  \matrix_(i, j) (if (k < L)%N then clip M (W k i j) else 0).
Lemma clipW_in M W : (0 <= M)%Re -> inbox M (clipW M W).
Proof. by move=> M0 k i j; rewrite mxE; case: ifP => _; [exact: clip_le|rewrite Rabs_R0]. Qed.
Lemma clipW_near M e W V : (0 <= e)%Re -> near e W V -> near e (clipW M W) (clipW M V).
Proof.
move=> e0 h k i j; rewrite !mxE; case: ifP => _; last by rewrite Rminus_eq_0 Rabs_R0.
by apply: Rle_trans (clip_lip _ _ _) (h k i j).
Qed.

Variable A : R.
Hypothesis A0 : (0 <= A)%Re.
Let M := (A + 2)%Re.
Definition psi (W : lay) : R := phi A (psqn L (clipW (A + 2) W)).

Lemma entry_psqn (W : lay) k i j : (k < L)%N -> W k i j ^+ 2 <= psqn L W.
Proof.
move=> kL; have h : W k i j ^+ 2 <= sqn (W k).
  rewrite /sqn /dot (bigD1 i) //= (bigD1 j) //= -expr2 -addrA ler_addl.
  by apply: addr_ge0; apply: sumr_ge0 => l _; rewrite ?sumr_ge0 // -?expr2 ?sqr_ge0 // => m _;
    rewrite -expr2 sqr_ge0.
apply: le_trans h _; rewrite /psqn (bigD1 (Ordinal kL)) //= ler_addl.
by apply: sumr_ge0 => l _; exact: sqn_ge0.
Qed.

Lemma clipW_small (W : lay) : (psqn L (clipW M W) < A + 1)%Re -> forall k, (k < L)%N ->
  clipW M W k = W k.
Proof.
move=> h k kL; apply/matrixP => i j; have := entry_psqn (clipW M W) i j kL.
rewrite !mxE kL => /RleP h1; apply: clip_inner.
have h2 : (clip M (W k i j) * clip M (W k i j) < A + 1)%Re by apply: Rle_lt_trans h;
  rewrite expr2 in h1.
by rewrite /M in h2 *; split_Rabs; nra.
Qed.
Lemma psi_small (W : lay) : (psqn L W <= A)%Re -> psi W = 1%Re.
Proof.
move=> h; have e k : (k < L)%N -> clipW M W k = W k.
  move=> kL; apply/matrixP => i j; rewrite mxE kL; apply: clip_in.
  have /RleP := entry_psqn W i j kL; rewrite expr2 => h1.
  have h2 : (W k i j * W k i j <= A)%Re by exact: Rle_trans h1 h.
  move: (W k i j : R) h2 => x h2.
  have {h2} : (x * x <= A)%Re by [].
  by rewrite /M => h2; split_Rabs; nra.
by rewrite /psi (psqn_ext e) phi_in.
Qed.

End Field.
End BoxLip.
