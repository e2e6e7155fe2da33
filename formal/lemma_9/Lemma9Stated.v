(* Lemma 9, as Statements.v states it. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network PolynomialDerivative RealPower
  Sharpness Lemma9 Bridge.
From Flatcert Require Statements.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma product_prods d (W : layers RR (fun=> d)) k : Statements.product W k = prods W k.
Proof. by elim: k => //= k ->. Qed.
Lemma num2 : (2%:R : RR) = 2%Re. Proof. by rewrite -INRE /=; lra. Qed.
Lemma num4 : (4%:R : RR) = 4%Re. Proof. by rewrite -INRE /=; lra. Qed.
Theorem lemma_9 : Statements.lemma_9.
Proof.
move=> d L W th M m /RleP M1 [/RltP m0 /RltP m1] hW hth V k kL.
have hM j : (0 < j <= L)%N -> opnorm_le (prods W j) (M : RR).
  by move=> jL; rewrite -product_prods; apply/opnorm_leP; case: (hW j jL).
have hm j : (0 < j <= L)%N -> sigmin_ge (prods W j) (m : RR).
  by move=> jL; rewrite -product_prods; apply/sigmin_geP; case: (hW j jL).
have ht j : (j < L)%N -> opnorm_le (th j) ((m : RR) ^+ 2 / (4%:R * (M : RR) ^+ 2)).
  move=> jL; have /opnorm_leP := hth j jL; rewrite RdivE; first by rewrite RmultE !RpowE num4.
  by rewrite RmultE RpowE -num4 mulf_neq0 ?pnatr_eq0 // expf_neq0 // gt_eqF // (lt_le_trans ltr01).
rewrite product_prods; split.
  by apply/opnorm_leP; rewrite -num2; exact: (lemma9_upper M1 m0 m1 hM hm ht kL).
apply/sigmin_geP; have := lemma9_lower M1 m0 m1 hM hm ht kL.
by rewrite RdivE -num2 ?pnatr_eq0.
Qed.
