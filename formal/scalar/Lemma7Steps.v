(* Lemma 7 (Appendix A): its hypothesis as printed and what the proof plugs in. *)
From Coq Require Import Reals Lra.
From Flatcert Require Import RealFacts.
Open Scope R_scope.

(* 557: the hypothesis as printed does not carry what the proof plugs in ... *)
Theorem lemma_7_hypothesis_false :
  ~ (forall g gap mu : R, 0 <= gap -> 0 < mu -> g >= mu * gap -> g ^ 2 >= mu * gap).
Proof. intros h. pose proof (h (1/2) (1/2) 1 ltac:(lra) ltac:(lra) ltac:(lra)). lra. Qed.
