(* (7)/(13) as printed, S(W)^2 = lim sup of squared gradient quotients, is false off the minimisers:
   three scalar layers 1/4, X = y = w = 1. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import ScalarNetwork Linalg PolynomialFunction Network Risk Lemma8 RootFree
  Minimiser PolynomialDerivative RealPower Sharpness Theorem2 Derivative GradientFlow Lemma1.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
Delimit Scope R_scope with Re.

Section Def.
Variables (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat) (w :
  'cV[RR]_(d L)).
(* the quotients of (7) within distance xi of W (each layer within xi) *)
Definition quotient (W : layers RR d) (xi : R) (v : R) := exists V : layers RR d,
  [/\ forall k, (k < L)%N -> (norm (W k - V k) <= xi)%Re,
      0 < psqn L (fun k => W k - V k) &
      v = psqn L (fun k => gradk X y w W k - gradk X y w V k) / psqn L (fun k => W k - V k)].
(* the limit of the suprema is l *)
Definition variational (W : layers RR d) (l : R) := forall ep : R, (0 < ep)%Re -> exists xi0 : R,
  (0 < xi0)%Re /\
  forall xi, (0 < xi < xi0)%Re -> exists s : R, is_lub (quotient W xi) s /\ (Rabs (s - l) < ep)%Re.
End Def.

Definition printed7 := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L
  : nat) (w : 'cV[RR]_(d L))
  (W : layers RR d) (S : R), (0 < n)%N -> (0 < L)%N -> is_sharpness X y w W S ->
    variational X y w W (S * S)%Re.

Notation sc := W1.
Notation X1 := (1%:M : 'M[RR]_(1, one 0%N)).
Notation y1 := (1%:M : 'cV[RR]_1).
Notation w1 := (1%:M : 'cV[RR]_(one 3)).

Lemma mx1E (A : 'M[RR]_1) : A = (A 0 0)%:M.
Proof. by rewrite {1}[A]mx11_scalar. Qed.
Lemma wprod_sc a : wprod (sc a) w1 = (a 0%N * a 1%N * a 2%N)%:M.
Proof. by rewrite /wprod fwd1 !big_ord_recl big_ord0 tr_scalar_mx -scalar_mxM mulr1 /bump /= mulr1
  mulrA. Qed.
Lemma R1_sc (p : RR) : R1 X1 y1 p%:M = (1 - p) ^+ 2.
Proof. by rewrite /R1 invr1 mul1r mul1mx -raddfB sqn11. Qed.

(* the risk along a line through W is ((1 - product))^2 *)
Lemma risk_sc (a : nat -> RR) (D : layers RR one) (t : RR) :
  risk X1 y1 w1 (move (sc a) t D) = (1 - (a 0%N + t * D 0%N 0 0) * (a 1%N + t * D 1%N 0 0) *
    (a 2%N + t * D 2%N 0 0)) ^+ 2.
Proof.
have -> : move (sc a) t D = sc (fun k => a k + t * D k 0 0).
  apply: FunctionalExtensionality.functional_extensionality_dep => k.
  by rewrite /move {1}(mx1E (D k)) /W1 scale_scalar_mx -raddfD.
by rewrite /risk (wprod_sc (fun k => a k + t * D k 0 0)) R1_sc.
Qed.
Lemma psqn_sc (D : layers RR one) : psqn 3 D = D 0%N 0 0 ^+ 2 + D 1%N 0 0 ^+ 2 + D 2%N 0 0 ^+ 2.
Proof.
rewrite /psqn !big_ord_recl big_ord0 addr0 /bump /= addrA.
by rewrite (mx1E (D 0%N)) (mx1E (D 1%N)) (mx1E (D 2%N)) !sqn11 !mxE eqxx !mulr1n.
Qed.

Definition quarter : nat -> RR := fun=> (1 / 4)%Re.

Lemma second_sc (D : layers RR one) (u v z : R) : u = D 0%N 0%R 0%R -> v = D 1%N 0%R 0%R ->
  z = D 2%N 0%R 0%R ->
  second_derivative X1 y1 w1 (sc quarter) D ((u + v + z) * (u + v + z) / 128 - 63 / 64 * (u * v +
    v * z + z * u))%Re.
Proof.
move=> eu ev ez.
pose f t : R := ((1 - (1 / 4 + t * u) * (1 / 4 + t * v) * (1 / 4 + t * z)) * (1 - (1 / 4 + t * u) *
  (1 / 4 + t * v) * (1 / 4 + t * z)))%Re.
pose p' t : R := (u * (1 / 4 + t * v) * (1 / 4 + t * z) + (1 / 4 + t * u) * v * (1 / 4 + t * z) +
  (1 / 4 + t * u) * (1 / 4 + t * v) * z)%Re.
pose f' t : R := (- (2 * (1 - (1 / 4 + t * u) * (1 / 4 + t * v) * (1 / 4 + t * z)) * p' t))%Re.
apply: (is_derive_n_ext f) => [t|].
  by rewrite risk_sc -eu -ev -ez expr2.
rewrite /is_derive_n /=; apply: (is_derive_ext f') => [t|].
  symmetry; apply: is_derive_unique; rewrite /f /f' /p'; auto_derive => //; ring.
change (is_derive f' 0%Re ((u + v + z) * (u + v + z) / 128 - 63 / 64 * (u * v + v * z + z * u))%Re).
rewrite /f' /p'; auto_derive => //; field.
Qed.

(* S = 63/128 *)
Lemma sharp_quarter : is_sharpness X1 y1 w1 (sc quarter) (63 / 128)%Re.
Proof.
split=> [r [D [D1 hD]]|b hb].
  set u : R := D 0%N 0%R 0%R; set v : R := D 1%N 0%R 0%R; set z : R := D 2%N 0%R 0%R.
  rewrite -(is_derive_n_unique _ _ _ _ hD) (is_derive_n_unique _ _ _ _ (@second_sc D u v z erefl
    erefl erefl)).
  have e : (u * u + v * v + z * z = 1)%Re by move: D1; rewrite psqn_sc !expr2; exact.
  have := Rle_0_sqr (u + v + z); rewrite /Rsqr; nra.
pose s := (/ sqrt 2)%Re; have ss : (s * s = / 2)%Re.
  by rewrite /s -Rinv_mult_distr ?sqrt_sqrt //; try lra; apply: Rgt_not_eq; apply: sqrt_lt_R0; lra.
pose D : layers RR one := fun k => match k with 0 => (s : RR)%:M | 1 => (- s : RR)%:M | _ => 0 end.
have e0 : s = D 0%N 0%R 0%R by rewrite /D mxE eqxx mulr1n.
have e1 : (- s)%Re = D 1%N 0%R 0%R by rewrite /D mxE eqxx mulr1n.
have e2 : 0%Re = D 2%N 0%R 0%R by rewrite /D mxE.
apply: hb; exists D; split.
  rewrite psqn_sc -e0 -e1 -e2 !expr2; change (s * s + (- s) * (- s) + 0 * 0 = 1)%Re; lra.
have := second_sc e0 e1 e2; set r := (X in second_derivative _ _ _ _ _ X).
suff -> : r = (63 / 128)%Re by [].
rewrite /r; transitivity (63 / 64 * (s * s))%Re; [field|rewrite ss; field].
Qed.

(* gradient at (a, a, a) *)
Lemma grad_sc (a : nat -> RR) k : (k < 3)%N ->
  gradk X1 y1 w1 (sc a) k = (- (2%:R * (1 - a 0%N * a 1%N * a 2%N) * \prod_(i <
    3 | i != k :> nat) a i))%:M.
Proof.
move=> k3; rewrite /gradk /gradR1 wprod_sc divr1 trmx1 !mul1mx -raddfB /= scale_scalar_mx /grad5
  fwd1 !tr_scalar_mx.
have hb : bvec (sc a) w1 k.+1 = (\prod_(i < 3 | (k < i)%N) a i)%:M.
  case: k k3 => [|[|[|//]]] _.
  - rewrite bvec_step // bvec_step // bvec_last /W1 !tr_scalar_mx -!scalar_mxM mulr1 mulrC.
    by rewrite !big_mkcond !big_ord_recl big_ord0 /bump /= !mul1r mulr1 mulrC.
  - rewrite bvec_step // bvec_last /W1 !tr_scalar_mx -!scalar_mxM mulr1.
    by rewrite !big_mkcond !big_ord_recl big_ord0 /bump /= !mul1r mulr1.
  - by rewrite bvec_last !big_mkcond !big_ord_recl big_ord0 /bump /= !mul1r.
have hp : (\prod_(i < 3 | (k < i)%N) a i) * (\prod_(i < k) a i) = \prod_(i < 3 | i != k :> nat) a i.
  rewrite [RHS]big_mkcond [X in X * _]big_mkcond /=.
  case: k k3 {hb} => [|[|[|//]]] _; rewrite !big_ord_recl !big_ord0 /bump /= ?(mul1r, mulr1) //.
  by rewrite mulrC.
rewrite hb -!scalar_mxM -hp; congr (_%:M).
by rewrite mulNr !(mulrN, mulNr); congr (- _); rewrite -mulrA mulrCA.
Qed.

(* the limit of the suprema is at least (123/128)^2, the square of the largest modulus of an
   eigenvalue *)
Theorem variational_quarter l : variational X1 y1 w1 (sc quarter) l ->
  (123 / 128 * (123 / 128) <= l)%Re.
Proof.
move=> H; apply: Rnot_lt_le => hl.
have [xi0 [xi00 hx]] := H (123 / 128 * (123 / 128) - l)%Re ltac:(lra).
pose xi := Rmin (xi0 / 2) (1 / 16); have xi1 : (0 < xi)%Re by apply: Rmin_glb_lt; lra.
have xi2 : (xi <= xi0 / 2)%Re := Rmin_l _ _; have xi3 : (xi <= 1 / 16)%Re := Rmin_r _ _.
have [s [[ub _] hs]] := hx xi ltac:(lra).
pose a : nat -> RR := fun=> (1 / 4 + xi)%Re.
pose q := ((2 * (1 - (1 / 4 + xi) * (1 / 4 + xi) * (1 / 4 + xi)) * ((1 / 4 + xi) * (1 / 4 + xi)) -
  2 * (1 - 1 / 4 * (1 / 4) * (1 / 4)) * (1 / 4 * (1 / 4))) / xi)%Re.
have hq : quotient X1 y1 w1 (sc quarter) xi (q * q)%Re.
  have e k : sc quarter k - sc a k = (- xi : RR)%:M.
    rewrite /W1 /quarter /a -raddfB /=; congr (_%:M);
      change ((1 / 4 - (1 / 4 + xi))%Re = (- xi)%Re); ring.
  have ps : psqn 3 (fun k => sc quarter k - sc a k) = (3 * (xi * xi))%Re.
    rewrite psqn_sc !e !mxE eqxx !mulr1n !expr2; change ((- xi) * (- xi) + (- xi) * (- xi) +
      (- xi) * (- xi) = 3 * (xi * xi))%Re; ring.
  exists (sc a); split.
  - move=> k _; rewrite e /norm sqn11 sqrrN sqrtr_sqr; apply/RleP; rewrite ger0_norm //; apply/RleP;
    exact: Rlt_le.
  - by rewrite ps; apply/RltP; change (0 < 3 * (xi * xi))%Re; nra.
  rewrite ps; set g := psqn _ _.
  have -> : g = (3 * (q * q) * (xi * xi))%Re.
    have ph (b : nat -> RR) (c : R) (k : nat) : (k < 3)%N -> b = (fun=> c) ->
      \prod_(i < 3 | i != k :> nat) b i = (c * c)%Re.
      move=> k3 ->; rewrite big_mkcond /=.
      by case: k k3 => [|[|[|//]]] _; rewrite !big_ord_recl !big_ord0 /bump /= ?(mul1r, mulr1).
    have gk k : (k < 3)%N -> gradk X1 y1 w1 (sc quarter) k - gradk X1 y1 w1 (sc a) k = (q *
      xi : R)%Re%:M.
      move=> k3; rewrite !grad_sc // (ph quarter (1 / 4)%Re) // (ph a (1 / 4 + xi)%Re) // -raddfB;
        congr (_%:M).
      have e2 : (2%:R : RR) = 2%Re by rewrite -INRE /=; lra.
      rewrite e2 /quarter /a; set A := (1 / 4)%Re; set B := (1 / 4 + xi)%Re.
      change (- (2 * (1 - A * A * A) * (A * A)) - - (2 * (1 - B * B * B) * (B * B)) = q * xi)%Re.
      by rewrite /q -/A -/B; field; lra.
    rewrite /g psqn_sc !gk // !mxE eqxx !mulr1n !expr2.
    change (q * xi * (q * xi) + q * xi * (q * xi) + q * xi * (q * xi) = 3 * (q * q) * (xi * xi))%Re;
      ring.
  have nz : (3 * (xi * xi))%Re != 0 :> RR.
    by apply/eqP; change ((3 * (xi * xi))%Re <> 0%Re); nra.
  by rewrite -RdivE //; field; lra.
have h1 : (q * q <= s)%Re := ub _ hq.
have h2 : (123 / 128 <= q)%Re.
  rewrite /q; apply: (Rmult_le_reg_r xi) => //;
    rewrite /Rdiv (Rmult_assoc _ (/ xi)) Rinv_l ?Rmult_1_r; last lra.
  move: xi xi1 xi3 {xi2 hs ub a q hq h1} => x x0 x1.
  have h : (0 <= x * x * (1 - 10 / 64 - 10 / 16 * x - 5 / 4 * (x * x) - x * (x * x)))%Re.
    apply: Rmult_le_pos; first nra.
    have : (x * x <= 1 / 16)%Re by nra.
    have : (x * (x * x) <= 1 / 16)%Re by nra.
    lra.
  lra.
have := Rabs_def2 _ _ hs; nra.
Qed.

Theorem printed7_false : ~ printed7.
Proof.
move=> H; have := variational_quarter (H one 1%N X1 y1 3%N w1 (sc quarter) (63 /
  128)%Re isT isT sharp_quarter); lra.
Qed.
