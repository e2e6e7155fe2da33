(* Polynomial functions of one variable, and matrices of them. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Flatcert Require Import Linalg.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Section Poly.
Variable R : rcfType.
(* polynomial functions of one variable *)
Definition ispoly (f : R -> R) := exists p : {poly R}, forall t, f t = p.[t].
Lemma ispoly_cst c : ispoly (fun=> c). Proof. by exists c%:P => t; rewrite hornerC. Qed.
Lemma ispoly_id : ispoly id. Proof. by exists 'X => t; rewrite hornerX. Qed.
Lemma ispolyD f g : ispoly f -> ispoly g -> ispoly (fun t => f t + g t).
Proof. by case=> p hp [q hq]; exists (p + q) => t; rewrite hornerD hp hq. Qed.
Lemma ispolyM f g : ispoly f -> ispoly g -> ispoly (fun t => f t * g t).
Proof. by case=> p hp [q hq]; exists (p * q) => t; rewrite hornerM hp hq. Qed.
Lemma ispoly_sum I (r : seq I) (f : I -> R -> R) :
  (forall i, ispoly (f i)) -> ispoly (fun t => \sum_(i <- r) f i t).
Proof.
move=> h; elim: r => [|i r [p hp]].
  by exists 0 => t; rewrite big_nil horner0.
by case: (h i) => q hq; exists (q + p) => t; rewrite big_cons hornerD hp hq.
Qed.
Definition ispolym m n (F : R -> 'M[R]_(m, n)) := forall i j, ispoly (fun t => F t i j).
Lemma ispoly_ext f g : f =1 g -> ispoly f -> ispoly g.
Proof. by move=> e [p hp]; exists p => t; rewrite -e. Qed.
Lemma ispolym_cst m n (A : 'M[R]_(m, n)) : ispolym (fun=> A).
Proof. by move=> i j; apply: ispoly_cst. Qed.
Lemma ispolymD m n (F G : R -> 'M[R]_(m, n)) :
  ispolym F -> ispolym G -> ispolym (fun t => F t + G t).
Proof.
move=> hF hG i j; apply: ispoly_ext (ispolyD (hF i j) (hG i j)) => t; by rewrite mxE.
Qed.
Lemma ispolymZ m n f (F : R -> 'M[R]_(m, n)) :
  ispoly f -> ispolym F -> ispolym (fun t => f t *: F t).
Proof.
move=> hf hF i j; apply: ispoly_ext (ispolyM hf (hF i j)) => t; by rewrite mxE.
Qed.
Lemma ispolymM m n p (F : R -> 'M[R]_(m, n)) (G : R -> 'M_(n, p)) :
  ispolym F -> ispolym G -> ispolym (fun t => F t *m G t).
Proof.
move=> hF hG i j; apply: ispoly_ext (ispoly_sum _ (fun k => ispolyM (hF i k) (hG k j))) => t.
by rewrite mxE.
Qed.
Lemma ispolymT m n (F : R -> 'M[R]_(m, n)) : ispolym F -> ispolym (fun t => (F t)^T).
Proof. by move=> hF i j; apply: ispoly_ext (hF j i) => t; rewrite mxE. Qed.
Lemma ispoly_dot m n (F G : R -> 'M[R]_(m, n)) :
  ispolym F -> ispolym G -> ispoly (fun t => dot (F t) (G t)).
Proof.
by move=> hF hG; apply: ispoly_sum => i; apply: ispoly_sum => j; apply: ispolyM.
Qed.
End Poly.
