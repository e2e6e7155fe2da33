(* Derivatives (Coquelicot, Coq's reals) of polynomial functions; bridge between mathcomp and Coq
   reals. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg PolynomialFunction.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Notation RR := R_rcfType.

Lemma is_derive_horner (p : {poly RR}) (t : R) : is_derive (fun x : R => p.[x] : R) t (p^`().[t] :
  R).
Proof.
elim/poly_ind: p => [|p c IH].
  rewrite deriv0 horner0; apply: (@is_derive_ext R_AbsRing R_NormedModule (fun=> IZR 0)) => [x|];
    first by rewrite horner0.
  exact: is_derive_const.
apply: (@is_derive_ext R_AbsRing R_NormedModule (fun x : R => Rplus (Rmult p.[x] x) c)) => [x|];
  first by rewrite hornerMXaddC.
rewrite derivMXaddC hornerD hornerMX.
evar_last.
  apply: is_derive_plus; last exact: is_derive_const.
  apply: is_derive_mult; [exact: IH|exact: is_derive_id|exact: Rmult_comm].
rewrite /plus /mult /one /zero /=.
change (p^`().[t] * t + p.[t] * 1 + 0 = p.[t] + p^`().[t] * t).
by rewrite mulr1 addr0 addrC.
Qed.

Lemma is_derive_n2_horner (p : {poly RR}) (t : R) :
  is_derive_n (fun x : R => p.[x] : R) 2 t (p^`()^`().[t] : R).
Proof.
apply: (@is_derive_ext R_AbsRing R_NormedModule (fun x : R => p^`().[x] : R)) => [x|];
  last exact: is_derive_horner.
by rewrite /=; symmetry; apply: is_derive_unique; apply: is_derive_horner.
Qed.

(* f(t) = r + c t + t^2 q(t), q a polynomial *)
Lemma derive_expand (f : R -> R) (r c : RR) (q : {poly RR}) :
  (forall t : RR, f t = r + t * c + t ^+ 2 * q.[t]) ->
  is_derive f 0%R (c : R) /\ is_derive_n f 2 0%R ((2%:R * q.[0]) : RR).
Proof.
move=> fE; pose p := r%:P + 'X * c%:P + 'X ^+ 2 * q.
have pE (t : R) : (p.[t] : R) = f t by rewrite fE !hornerE.
have d1 : p^`().[0] = c.
  by rewrite /p !derivE !hornerE /= ?(mul0r, mulr0, add0r, addr0, mul1r).
have d2 : p^`()^`().[0] = 2%:R * q.[0].
  by rewrite /p !derivE !hornerE /= ?(mul0r, mulr0, add0r, addr0, mul1r).
split; first by rewrite -d1; apply: is_derive_ext (is_derive_horner p 0%R).
by rewrite -d2; apply: is_derive_n_ext (is_derive_n2_horner p 0%R).
Qed.
