(* Choice of a function, from Hilbert's epsilon (an axiom that Rstruct uses anyway; the axioms of
   ClassicalChoice are not needed). *)
From Coq Require Epsilon.

Theorem function_choice (A B : Type) (R : A -> B -> Prop) :
  (forall x, exists y, R x y) -> exists f : A -> B, forall x, R x (f x).
Proof.
intros h.
exists (fun x => proj1_sig (Coq.Logic.Epsilon.constructive_indefinite_description _ (h x))).
intros x. apply (proj2_sig (Coq.Logic.Epsilon.constructive_indefinite_description _ (h x))).
Qed.
Arguments function_choice {A B} R _.
