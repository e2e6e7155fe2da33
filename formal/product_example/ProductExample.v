(* The example of Section 3: f(x_1, .., x_L) = prod x_k has sharpness L - 1 at (1, .., 1). *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction Network PolynomialDerivative FlatMinimiser.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Lemma prod_expand (R : rcfType) (v : nat -> R) L : exists2 q : {poly R},
  (forall t, \prod_(k < L) (1 + t * v k) = 1 + t * (\sum_(k < L) v k) + t ^+ 2 * q.[t]) &
  2%:R * q.[0] = (\sum_(k < L) v k) ^+ 2 - \sum_(k < L) v k ^+ 2.
Proof.
elim: L => [|L [q hq q0]].
  by exists 0 => [t|]; rewrite ?horner0 !big_ord0 ?mulr0 ?addr0 ?subr0 ?expr0n.
exists (q + ('X * q) * (v L)%:P + ((\sum_(k < L) v k) * v L)%:P) => [t|].
  rewrite big_ord_recr /= hq big_ord_recr /= !hornerE /=.
  by move: (\sum_(i < L) _) (v L) q.[t] => s a b; ring.
rewrite !big_ord_recr /= !hornerE /= ?(mul0r, addr0) mulrDr q0.
by move: (\sum_(i < L) _) (\sum_(i < L) _) => *; ring.
Qed.

Section Product.
Variable L : nat.
Hypothesis L0 : (0 < L)%N.
Definition prodf (x : nat -> RR) : RR := \prod_(k < L) x k.
(* second derivative of f at (1,..,1) in direction v *)
Definition prod_second (v : nat -> RR) (r : R) := is_derive_n (fun t : R => prodf (fun k => 1 +
  (t : RR) * v k) : R) 2 0%R r.
Definition prod_sharpness (S : R) :=
  is_lub (fun r => exists v : nat -> RR, \sum_(k < L) v k ^+ 2 = 1 /\ prod_second v r) S.

Lemma prod_second_form v : prod_second v (((\sum_(k < L) v k) ^+ 2 - \sum_(k < L) v k ^+ 2)%R : RR).
Proof.
case: (prod_expand v L) => q hq q0; rewrite -q0.
by case: (derive_expand hq).
Qed.

Theorem product_example : prod_sharpness (INR L - 1)%Re.
Proof.
split=> [r [v [v1 hv]]|b hb].
  rewrite -(is_derive_n_unique _ _ _ _ hv) (is_derive_n_unique _ _ _ _ (prod_second_form v)) v1.
  apply/RleP; rewrite RminusE INRE ler_add2r; apply: le_trans (sum_sq (fun k : 'I_L => v k)) _.
  by rewrite v1 mulr1.
have L0' : 0 < L%:R :> RR by rewrite ltr0n.
pose s : RR := (Num.sqrt L%:R)^-1; have s2 : s ^+ 2 = L%:R^-1 by rewrite exprVn sqr_sqrtr ?ler0n.
have := hb _ (ex_intro _ (fun=> s) (conj _ (prod_second_form (fun=> s))));
  rewrite !sumr_const !card_ord.
have e1 : s ^+ 2 *+ L = 1 by rewrite s2 -mulr_natl mulfV ?gt_eqF.
rewrite e1 => /(_ erefl); rewrite -mulr_natl exprMn s2 expr2 mulfK ?gt_eqF //.
by rewrite -INRE.
Qed.

End Product.
