(* What is proved of P. Marion and L. Chizat, "Deep linear networks for regression are implicitly
   regularized towards flat minima": definitions and statements, and nothing else.  Each statement
   is a proposition with a name; a folder of that name holds its proof.  A name in [_printed] is the
   paper's sentence word for word; it may be false, and then what is proved is its negation,
   [_printed_false].  A name in [_corrected] is what holds instead.

   How to read it.  R is the set of real numbers.  'M[RR]_(m, n) is the set of real m x n matrices,
   'cV[RR]_n that of columns; *m is the product of matrices, A^T the transpose, c *: A the product
   by a number, A i j an entry.  In a formula marked %R (and in the first section) the operations
   are those of rings and of matrices, n%:R is the natural number n as a real, x ^+ n a natural
   power; elsewhere they are those of Coq's real numbers, INR n is n as a real, Rpower x a is x^a
   for x > 0.  (0 < L)%N compares natural numbers; k.+1 is k + 1, L.-1 is L - 1.  Layers are
   numbered from 0: W k is the paper's W_{k+1}. *)
From Coq Require Import Reals.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Delimit Scope R_scope with Re.
Local Open Scope ring_scope.
(* the real numbers, with their structure of a real closed field *)
Notation RR := R_rcfType.

(** * Definitions *)

(** ** Matrices *)
Section Matrices.
Variables m n : nat.
Implicit Types A B : 'M[RR]_(m, n).
(* inner product of Frobenius (of Euclid, for columns), and the square of its norm *)
Definition inner A B : RR := \sum_i \sum_j A i j * B i j.
Definition sqnorm A : RR := inner A A.
(* norm of Frobenius; Num.sqrt is the square root (norm_is_sqrt, Bridge.v) *)
Definition norm A : RR := Num.sqrt (sqnorm A).
End Matrices.

Local Open Scope R_scope.
(* norm_2(A) <= c, and sigma_min(A) >= c *)
Definition opnorm_le m n (A : 'M[RR]_(m, n)) (c : R) := forall x : 'cV[RR]_n,
  norm (A *m x) <= c * norm x.
Definition sigmin_ge m n (A : 'M[RR]_(m, n)) (c : R) := forall x : 'cV[RR]_n,
  c * norm x <= norm (A *m x).
(* s = norm_2(A), the largest singular value: the least of the bounds *)
Definition is_opnorm m n (A : 'M[RR]_(m, n)) (s : R) :=
  [/\ 0 <= s, opnorm_le A s & forall c, 0 <= c -> opnorm_le A c -> s <= c].
(* eigenvalues of a square matrix *)
Definition eigenvalue n (A : 'M[RR]_n) (a : RR) := exists2 v : 'cV[RR]_n, v != 0%R
  & A *m v = a *: v.
Definition smallest_eigenvalue n (A : 'M[RR]_n) (a : R) :=
  eigenvalue A a /\ forall b : R, eigenvalue A b -> a <= b.
Definition largest_eigenvalue n (A : 'M[RR]_n) (a : R) :=
  eigenvalue A a /\ forall b : R, eigenvalue A b -> b <= a.
(* derivative at t, and limit at infinity, of a matrix that depends on time: entry by entry *)
Definition matrix_derivative m n (F : R -> 'M[RR]_(m, n)) (t : R) (D : 'M[RR]_(m, n)) :=
  forall i j, is_derive (fun s => F s i j : R) t (D i j : R).
Definition matrix_limit m n (F : R -> 'M[RR]_(m, n)) (A : 'M[RR]_(m, n)) :=
  forall i j, is_lim (fun t => F t i j : R) p_infty (Finite (A i j)).

(** ** Networks (Section 2) *)
Section Network.
Variable d : nat -> nat.                          (* the widths d_0, d_1, ..., d_L *)
(* "weight matrices W_1, ..., W_L, where W_k is d_k x d_{k-1}" *)
Definition layers := forall k, 'M[RR]_(d k.+1, d k).
(* W_k ... W_1 *)
Fixpoint product (W : layers) k : 'M[RR]_(d k, d 0) :=
  match k with 0%N => 1%:M | k'.+1 => W k' *m product W k' end.
(* w_prod = W_1^T ... W_L^T w *)
Definition wprod L (w : 'cV[RR]_(d L)) (W : layers) : 'cV[RR]_(d 0) := (product W L)^T *m w.
(* W + t D, and the square of the norm of the parameters, sum_k norm_F(W_k)^2 *)
Definition move (W : layers) (t : RR) (D : layers) : layers := fun k => (W k + t *: D k)%R.
Definition psqnorm L (D : layers) : RR := (\sum_(k < L) sqnorm (D k))%R.

(* G is the gradient at W of a function f of the L layers: the derivative in every direction D is
   the inner product with G *)
Definition gradient_of L (f : layers -> R) (W G : layers) := forall D : layers,
  is_derive (fun t : R => f (move W t D)) 0 (\sum_(k < L) inner (G k) (D k))%R.
(* a gradient flow of f, for t >= 0 *)
Definition flow_of L (f : layers -> R) (W : R -> layers) := forall t, 0 <= t -> exists G : layers,
  gradient_of L f (W t) G /\ forall k, (k < L)%N -> matrix_derivative (fun s => W s k) t (- G k)%R.

Variables (n : nat) (X : 'M[RR]_(n, d 0)) (y : 'cV[RR]_n).     (* the data *)
(* R^1(v) = norm(y - X v)^2 / n *)
Definition R1 (v : 'cV[RR]_(d 0)) : RR := (n%:R^-1 * sqnorm (y - X *m v))%R.
(* the empirical covariance Sigma = X^T X / n *)
Definition Sigma : 'M[RR]_(d 0) := (n%:R^-1 *: (X^T *m X))%R.
(* "(A1) The covariance matrix is full rank.  We denote by lambda and Lambda its smallest and
   largest eigenvalue." *)
Definition A1 (lambda Lambda : R) :=
  [/\ 0 < lambda, smallest_eigenvalue Sigma lambda & largest_eigenvalue Sigma Lambda].
(* "This minimizer satisfies X^T y = X^T X w*" *)
Definition is_wstar (ws : 'cV[RR]_(d 0)) := X^T *m y = X^T *m X *m ws.

Variables (L : nat) (w : 'cV[RR]_(d L)).          (* depth and head *)
(* R^L(W) = R^1(w_prod) *)
Definition risk (W : layers) : RR := R1 (wprod w W).
Definition minimizes (W : layers) := forall V : layers, risk W <= risk V.
Definition is_gradient := gradient_of L risk.
(* gradient flow (4) *)
Definition gradient_flow := flow_of L risk.
(* S is the sharpness at W: the least upper bound of the second derivatives of the risk over the
   unit directions *)
Definition second_derivative (W D : layers) (v : R) :=
  is_derive_n (fun t : R => risk (move W t D) : R) 2 0 v.
Definition is_sharpness (W : layers) (S : R) :=
  is_lub (fun v => exists D : layers, psqnorm L D = 1 /\ second_derivative W D v) S.
(* S_min = 2 L lambda norm(w* )^(2 - 2/L) *)
Definition Smin (lambda : R) (ws : 'cV[RR]_(d 0)) : R :=
  2 * INR L * lambda * Rpower (norm ws) (2 - 2 / INR L).

(** ** Gradient flow from a small initialisation (Section 4) *)
(* "(A2) R^L(W(0)) <= R_0 and the gradient at W(0) is not zero"; R_0 is the risk of zero weights *)
Definition A2 (W0 : layers) := risk W0 <= risk (fun k => 0%R) /\
  exists G : layers, is_gradient W0 G /\ exists2 k, (k < L)%N & G k != 0%R.
(* W_{k+1}^T W_{k+1} - W_k W_k^T *)
Definition imbalance (W0 : layers) k : 'M[RR]_(d k.+1) :=
  ((W0 k.+1)^T *m W0 k.+1 - W0 k *m (W0 k)^T)%R.
(* "epsilon = 3 max_k norm_F(W_k(0))^2 + 2 sum_{k < L} norm_2(W_k(0) W_k(0)^T - W_{k+1}(0)^T
   W_{k+1}(0))" *)
Definition is_epsilon (W0 : layers) (eps : R) := exists (v : RR) (e : nat -> RR),
  [/\ (forall k, (k < L)%N -> sqnorm (W0 k) <= v) /\ (exists2 k, (k < L)%N & sqnorm (W0 k) = v),
      forall k, (k.+1 < L)%N -> is_opnorm (imbalance W0 k) (e k)
    & eps = (3%:R * v + 2%:R * \sum_(k < L.-1) e k)%R].
(* "(A3) We have epsilon <= 1, norm(w* ) >= 1, and 32 L sqrt(epsilon) <= 1" *)
Definition A3 (eps : R) (ws : 'cV[RR]_(d 0)) :=
  [/\ eps <= 1, 1 <= norm ws & 32 * INR L * sqrt eps <= 1].
End Network.

(** * Statements *)

(** ** Section 1 *)

(* "Theorem 1.  The sharpness of any linear network x -> W_L ... W_1 x of depth L that implements
   the optimal linear regressor w* is at least S_min = 2 L lambda norm(w* )^(2 - 2/L), where lambda
   is the lowest eigenvalue of Sigma." Here w* <> 0: for w* = 0 the paper's bound is 0 (L >= 2), and
   Coq's Rpower 0 a is 1.  W_L ... W_1 is a row: d_L = 1 and w = 1, or more generally norm(w) = 1.
   *)
Definition theorem_1 := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (L : nat) (w : 'cV[RR]_(d L))
  (W : layers d) (ws : 'cV[RR]_(d 0%N)) (lambda S : R),
  (0 < L)%N -> sqnorm w = 1 -> smallest_eigenvalue (Sigma X) lambda -> is_wstar X y ws ->
    ws != 0%R ->
  wprod w W = ws -> is_sharpness X y w W S ->
  Smin L lambda ws <= S.

(** ** Section 2 *)

(* "(5) grad_k R^L(W) = W_{k+1}^T ... W_L^T w grad R^1(w_prod)^T W_1^T ... W_{k-1}^T,
   (6) grad R^1(w_prod) = -(2/n) X^T (y - X w_prod) = -(2/n) X^T X (w* - w_prod)": b is the family
   of columns b k = W_{k+1}^T ... W_L^T w. *)
Definition equation_5 := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (L : nat) (w : 'cV[RR]_(d L))
  (W G : layers d) (b : forall k, 'cV[RR]_(d k)),
  b L = w -> (forall k, (k < L)%N -> b k = (W k)^T *m b k.+1) ->
  (forall k, (k < L)%N ->
    G k = b k.+1 *m (- (2%:R / n%:R) *: (X^T *m (y - X *m wprod w W)))^T *m (product W k)^T)%R ->
  is_gradient X y w W G.
Definition equation_6 := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (ws v : 'cV[RR]_(d 0%N)),
  is_wstar X y ws ->
  (- (2%:R / n%:R) *: (X^T *m (y - X *m v)) = - (2%:R / n%:R) *: (X^T *m X *m (ws - v)))%R /\
  forall h : 'cV[RR]_(d 0%N),
    is_derive (fun t : R => R1 X y (v + (t : RR) *: h)%R : R) 0 (inner (- (2%:R / n%:R) *: (X^T *m
      (y - X *m v))) h)%R.

(* "the gradient flow": from every start there is one, for all t >= 0, and only one.  Sections 4 and
   5 speak of any flow. *)
Definition flow_exists := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (L : nat) (w : 'cV[RR]_(d L))
  (W0 : layers d), exists W : R -> layers d, W 0 = W0 /\ gradient_flow X y w W.
Definition flow_unique := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (L : nat) (w : 'cV[RR]_(d L))
  (W V : R -> layers d), gradient_flow X y w W -> gradient_flow X y w V ->
  (forall k, (k < L)%N -> W 0 k = V 0 k) -> forall t, 0 <= t -> forall k, (k < L)%N ->
    W t k = V t k.

(** ** Section 3 *)

(* "Theorem 2.  Under (A1), for any W that minimizes R^L,
   S(W) >= 2 lambda norm(w* )^(2 - 1/L) sum_k 1/norm_F(W_k)   and   S(W) >= S_min = 2 L lambda
   norm(w* )^(2 - 2/L)." The four forms have the same hypotheses; the widths are positive, w and w*
   are not zero.  As printed both bounds are false, at every depth; with the factors norm(w)^(1/L)
   and norm(w)^(2/L) they hold. *)
Definition theorem_2 (bound : forall (d : nat -> nat) (L : nat) (w : 'cV[RR]_(d L)) (W : layers d)
  (lambda : R) (ws : 'cV[RR]_(d 0%N)), R)
  (L : nat) := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
    (w : 'cV[RR]_(d L))
  (W : layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda : R),
  (forall k, (0 < d k)%N) -> w != 0%R -> A1 X lambda Lambda -> is_wstar X y ws -> ws != 0%R ->
    minimizes X y w W ->
  exists S, is_sharpness X y w W S /\ bound d L w W lambda ws <= S.
Definition theorem_2_norms_printed := forall L, (0 < L)%N -> theorem_2 (fun d L w W lambda ws =>
  2 * lambda * Rpower (norm ws) (2 - 1 / INR L) * (\sum_(k < L) (norm (W k))^-1)%R) L.
Definition theorem_2_depth_printed := forall L, (0 < L)%N ->
  theorem_2 (fun d L w W lambda ws => Smin L lambda ws) L.
Definition theorem_2_norms_corrected := forall L, (0 < L)%N -> theorem_2 (fun d L w W lambda ws =>
  2 * lambda * Rpower (norm w) (1 / INR L) * Rpower (norm ws) (2 - 1 / INR L) * (\sum_(k < L)
    (norm (W k))^-1)%R) L.
Definition theorem_2_depth_corrected := forall L, (0 < L)%N -> theorem_2 (fun d L w W lambda ws =>
  2 * INR L * lambda * Rpower (norm w) (2 / INR L) * Rpower (norm ws) (2 - 2 / INR L)) L.
Definition theorem_2_norms_printed_false := forall L, (0 < L)%N ->
  ~ theorem_2 (fun d L w W lambda ws =>
  2 * lambda * Rpower (norm ws) (2 - 1 / INR L) * (\sum_(k < L) (norm (W k))^-1)%R) L.
Definition theorem_2_depth_printed_false := forall L, (0 < L)%N ->
  ~ theorem_2 (fun d L w W lambda ws => Smin L lambda ws) L.

(* "(7) S(W)^2 = lim_{xi -> 0} sup_{norm_F(W_k - V_k) <= xi} sum_k norm_F(grad_k(W) - grad_k(V))^2 /
   sum_k norm_F(W_k - V_k)^2" *)
Definition quotient (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat)
  (w : 'cV[RR]_(d L))
  (W : layers d) (xi v : R) := exists V GW GV : layers d,
  [/\ forall k, (k < L)%N -> norm (W k - V k)%R <= xi, 0 < psqnorm L (fun k => W k - V k)%R,
      is_gradient X y w W GW /\ is_gradient X y w V GV
    & v = psqnorm L (fun k => GW k - GV k)%R / psqnorm L (fun k => W k - V k)%R].
Definition equation_7_printed := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (W : layers d) (S : R), (0 < n)%N -> (0 < L)%N -> is_sharpness X y w W S ->
  forall epsilon, 0 < epsilon -> exists xi0, 0 < xi0 /\ forall xi, 0 < xi < xi0 ->
  exists s, is_lub (quotient X y w W xi) s /\ Rabs (s - S * S) < epsilon.
Definition equation_7_printed_false := ~ equation_7_printed.
(* It holds at every minimiser, which is where the paper uses it. *)
Definition equation_7_corrected := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L)) (W : layers d) (ws : 'cV[RR]_(d 0%N))
  (lambda Lambda S : R), (0 < L)%N ->
  (forall k, (0 < d k)%N) -> w != 0%R -> A1 X lambda Lambda -> is_wstar X y ws -> ws != 0%R ->
  minimizes X y w W -> is_sharpness X y w W S ->
  forall epsilon, 0 < epsilon -> exists xi0, 0 < xi0 /\ forall xi, 0 < xi < xi0 ->
  exists s, is_lub (quotient X y w W xi) s /\ Rabs (s - S * S) < epsilon.

(* "Take any minimizer W and consider W^C = (C W_1, W_2/C, W_3, ..., W_L), for some C > 0.  Then W^C
   is still a minimizer, and
   S(W^C) >= 2 lambda norm(w* )^(2 - 1/L) C / norm_F(W_2) -> infinity as C -> infinity." *)
Definition rescaled (d : nat -> nat) (W : layers d) (C : RR) : layers d := fun k =>
  match k with 0%N => (C *: W 0%N)%R | 1%N => (C^-1 *: W 1%N)%R | k'.+2 => W k'.+2 end.
Definition rescaling (bound : forall (d : nat -> nat) (L : nat) (w : 'cV[RR]_(d L)) (W : layers d)
  (lambda : R) (ws : 'cV[RR]_(d 0%N)) (C : R), R)
  (L : nat) (C : R) := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
    (w : 'cV[RR]_(d L))
  (W : layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda : R),
  (forall k, (0 < d k)%N) -> w != 0%R -> A1 X lambda Lambda -> is_wstar X y ws -> ws != 0%R ->
    minimizes X y w W ->
  minimizes X y w (rescaled W C) /\
  exists S, is_sharpness X y w (rescaled W C) S /\ bound d L w W lambda ws C <= S.
Definition rescaling_printed_false := forall L C, (1 < L)%N -> 0 < C ->
  ~ rescaling (fun d L w W lambda ws C =>
  2 * lambda * Rpower (norm ws) (2 - 1 / INR L) * C / norm (W 1%N)) L C.
Definition rescaling_corrected := forall L C, (1 < L)%N -> 0 < C ->
  rescaling (fun d L w W lambda ws C =>
  2 * lambda * Rpower (norm w) (1 / INR L) * Rpower (norm ws)
    (2 - 1 / INR L) * C / norm (W 1%N)) L C.

Definition rescaling_diverges := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L)) (W : layers d) (ws : 'cV[RR]_(d 0%N))
  (lambda Lambda : R) (S : R -> R), (1 < L)%N ->
  (forall k, (0 < d k)%N) -> w != 0%R -> A1 X lambda Lambda -> is_wstar X y ws -> ws != 0%R ->
  minimizes X y w W -> (forall C, 0 < C -> is_sharpness X y w (rescaled W C) (S C)) ->
  is_lim S p_infty p_infty.

(* "f(x_1, ..., x_L) = prod_k x_k.  The sharpness of f at (1, ..., 1) is equal to L - 1." *)
Definition product_example := forall L, (0 < L)%N -> is_lub (fun r => exists v : nat -> RR,
  (\sum_(k < L) v k ^+ 2 = 1)%R /\
  is_derive_n (fun t : R => (\prod_(k < L) (1 + (t : RR) * v k))%R : R) 2 0 r) (INR L - 1).

(** ** Section 4: d_L = 1 and w = 1 (more generally norm(w) = 1) *)

(* "(A2) is satisfied for instance if one of the weight matrices W_k is equal to zero at
   initialization while the others have i.i.d. Gaussian entries, so that R^L(W(0)) = R_0 and grad_k
   R^L(W(0)) <> 0 (almost surely)."  True when w* <> 0: on the line from one choice V of the other
   layers to any other choice W, the gradient vanishes at finitely many points.  False when w* = 0.
   *)
Definition assumption_2_corrected := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (ws : 'cV[RR]_(d 0%N)) (lambda Lambda : R) (z : nat), (z < L)%N -> w != 0%R -> (forall k,
    (0 < d k)%N) ->
  A1 X lambda Lambda -> is_wstar X y ws -> ws != 0%R ->
  exists2 V : layers d, V z = 0%R & forall W : layers d, W z = 0%R ->
    risk X y w W = risk X y w (fun k => 0%R) /\
    exists2 roots : seq R, True & forall t : R, ~ List.In t roots ->
      A2 X y w (move V t (fun k => W k - V k)%R).
Definition assumption_2_printed_false := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (lambda Lambda : R) (z : nat) (W : layers d), (z < L)%N -> A1 X lambda Lambda ->
    is_wstar X y 0%R -> W z = 0%R -> ~ A2 X y w W.

(* "Lemma 1.  For any time t >= 0 and any k in {1, ..., L-1},
   W_{k+1}(t)^T W_{k+1}(t) - W_{k+1}(0)^T W_{k+1}(0) = W_k(t) W_k(t)^T - W_k(0) W_k(0)^T." *)
Definition lemma_1 := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d), gradient_flow X y w W -> forall t, 0 <= t -> forall k, (k.+1 < L)%N ->
  ((W t k.+1)^T *m W t k.+1 - (W 0%Re k.+1)^T *m W 0%Re k.+1 = W t k *m (W t k)^T - W 0%Re k *m (W
    0%Re k)^T)%R.

(* "Lemma 2.  The parameters following gradient flow satisfy for any t >= 0 that
   for k in {1, ..., L}, norm_F(W_k(t))^2 - norm_2(W_k(t))^2 <= epsilon;
   for j, k in {1, ..., L}, |sigma_k^2(t) - sigma_j^2(t)| <= epsilon;
   for k in {1, ..., L-1}, <v_{k+1}(t), u_k(t)>^2 >= 1 - epsilon/sigma_{k+1}^2(t)": u is any first
   left singular vector of W_k, v any first right singular vector of W_{k+1}.  The quotient is the
   number q with q sigma_{k+1}^2 = epsilon; there may be none where sigma_{k+1}(t) = 0, as at t = 0
   in the paper's own example of (A2).  Without the division the third line holds always. *)
Definition flow_of_section_4 d n X y L w W := [/\ @gradient_flow d n X y L w W, (0 < L)%N,
  d L = 1%N & sqnorm w = 1].
Definition lemma_2_rank_one := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d) (epsilon t : R) k sigma, flow_of_section_4 X y w W ->
    is_epsilon L (W 0) epsilon -> 0 <= t -> (k < L)%N ->
  is_opnorm (W t k) sigma -> sqnorm (W t k) - sigma ^ 2 <= epsilon.
Definition lemma_2_balance := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d) (epsilon t : R) j k sigma_j sigma_k, flow_of_section_4 X y w W ->
    is_epsilon L (W 0) epsilon -> 0 <= t ->
  (j < L)%N -> (k < L)%N -> is_opnorm (W t j) sigma_j -> is_opnorm (W t k) sigma_k ->
    Rabs (sigma_k ^ 2 - sigma_j ^ 2) <= epsilon.
Definition lemma_2_alignment (line : forall epsilon sigma cosine : R, Prop) :=
  forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat)
  (w : 'cV[RR]_(d L)) (W : R -> layers d) (epsilon t : R) k (sigma_k sigma_k1 : RR)
  (u v : 'cV[RR]_(d k.+1)), flow_of_section_4 X y w W ->
  is_epsilon L (W 0) epsilon -> 0 <= t -> (k.+1 < L)%N -> is_opnorm (W t k) sigma_k ->
    is_opnorm (W t k.+1) sigma_k1 ->
  sqnorm u = 1 -> (W t k *m ((W t k)^T *m u) = sigma_k ^+ 2 *: u)%R ->
  sqnorm v = 1 -> ((W t k.+1)^T *m (W t k.+1 *m v) = sigma_k1 ^+ 2 *: v)%R ->
  line epsilon sigma_k1 (inner v u).
Definition lemma_2_alignment_printed := lemma_2_alignment (fun epsilon sigma cosine =>
  exists q, q * sigma ^ 2 = epsilon /\ 1 - q <= cosine ^ 2).
Definition lemma_2_alignment_printed_false := ~ lemma_2_alignment_printed.
Definition lemma_2_alignment_corrected := lemma_2_alignment (fun epsilon sigma cosine =>
  sigma ^ 2 * (1 - cosine ^ 2) <= epsilon /\ (0 < sigma -> 1 - epsilon / sigma ^ 2 <= cosine ^ 2)).

(* "Theorem 3.  Under (A1)-(A2), the network satisfies the PL condition for t >= 1, in the sense
   that there exists some mu > 0 such that, for t >= 1, sum_k norm_F(grad_k R^L(W(t)))^2 >= mu
   (R^L(W(t)) - R_min)." *)
Definition theorem_3 := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda : R), flow_of_section_4 X y w W ->
    A1 X lambda Lambda -> is_wstar X y ws ->
  A2 X y w (W 0) -> exists mu, 0 < mu /\ forall t, 1 <= t -> forall G : layers d,
    is_gradient X y w (W t) G ->
  mu * (risk X y w (W t) - R1 X y ws) <= psqnorm L G.

(* "Corollary 1.  Under (A1)-(A3), there exists T >= 1, such that, for all t >= T and k in {1, ...,
   L}, (norm(w* )/2)^(1/L) <= sigma_k(t) <= (2 norm(w* ))^(1/L)." *)
Definition corollary_1 := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda epsilon : R),
    flow_of_section_4 X y w W -> A1 X lambda Lambda ->
  is_wstar X y ws -> A2 X y w (W 0) -> is_epsilon L (W 0) epsilon -> A3 L epsilon ws ->
  exists T, 1 <= T /\ forall t, T <= t -> forall k sigma_k, (k < L)%N ->
    is_opnorm (W t k) sigma_k ->
  Rpower (norm ws / 2) (1 / INR L) <= sigma_k <= Rpower (2 * norm ws) (1 / INR L).

(* "Corollary 2.  Under (A1)-(A3), the gradient flow dynamics (4) converge to a global minimizer
   W^SI of the risk."  Without (A3). *)
Definition corollary_2 := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda : R), flow_of_section_4 X y w W ->
    A1 X lambda Lambda -> is_wstar X y ws ->
  A2 X y w (W 0) -> exists V : layers d, (forall k, (k < L)%N -> matrix_limit (fun t => W t k)
    (V k)) /\ minimizes X y w V.

(* "Corollary 3.  Under (A1)-(A3), the following bounds on the sharpness of the minimizer W^SI hold:
   1 <= S(W^SI)/S_min <= 4 Lambda/lambda." *)
Definition corollary_3 := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n)
  (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d) (V : layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda epsilon : R),
    flow_of_section_4 X y w W ->
  A1 X lambda Lambda -> is_wstar X y ws -> A2 X y w (W 0) -> is_epsilon L (W 0) epsilon ->
    A3 L epsilon ws ->
  (forall k, (k < L)%N -> matrix_limit (fun t => W t k) (V k)) ->
  exists S, is_sharpness X y w V S /\ 1 <= S / Smin L lambda ws <= 4 * (Lambda / lambda).

(** ** Appendix A *)

(* "Lemma 4.  For alpha > 0 and x in [0, 1/2], (1 - x)^alpha >= 1 - 2 alpha x. For alpha > 0 and x >
   0 such that alpha x <= 1, (1 + x)^alpha <= 1 + 2 alpha x." *)
Definition lemma_4_minus := forall alpha x, 0 < alpha -> 0 <= x <= 1 / 2 ->
  Rpower (1 - x) alpha >= 1 - 2 * alpha * x.
Definition lemma_4_plus := forall alpha x, 0 < alpha -> 0 < x -> alpha * x <= 1 ->
  Rpower (1 + x) alpha <= 1 + 2 * alpha * x.

(* "Lemma 5.  There exists an absolute constant C > 0 such that, for L >= C and x >= 1, L
   exp(-sqrt(L) x) <= 4 exp(-x)." *)
Definition lemma_5 := exists C, C > 0 /\ forall L x, C <= L -> 1 <= x ->
  L * exp (- sqrt L * x) <= 4 * exp (- x).

(* "Lemma 6.  Let h in R^d, N in R^(d x d) with i.i.d. standard Gaussian entries, Y_1 = norm(N h)^2
   /
   norm(h)^2 and Y_2 = h^T N h/norm(h)^2.  Then Y_1 ~ chi^2(d) and Y_2 ~ N(0, 1)."  For h <> 0.  The
   mean over independent standard normal numbers is an iterated integral; the laws are given by
   their Laplace transforms, which determine them: E exp(c Y_1) is that of a sum of d squares, for
   every c < 1/2, and E exp(b Y_2) = exp(b^2/2) for every b; moreover N h/norm(h) is a standard
   normal vector. *)
Definition normal_mean (f : R -> R) (v : R) := exists I : R -> R,
  (forall A, is_RInt (fun x => f x * exp (- x ^ 2 / 2)) (- A) A (I A)) /\
  is_lim (fun A => I A / sqrt (2 * PI)) p_infty v.
(* the mean of a function of n independent variables, each with the mean [mean] *)
Fixpoint independent_mean (T : Type) (mean : (T -> R) -> R -> Prop) n (f : (nat -> T) -> R) v :=
  match n with
  | 0%N => forall x, f x = v
  | n'.+1 => exists F : T -> R, (forall t : T, independent_mean mean n'
      (fun x => f (fun k => match k with 0%N => t | k'.+1 => x k' end)) (F t)) /\ mean F v
  end.
Definition lemma_6 := forall (d : nat) (h : 'cV[RR]_d), h != 0%R ->
  let N_h (N : nat -> nat -> R) : 'cV[RR]_d := ((\matrix_(i < d, j < d) (N i j : RR)) *m h)%R in
  let mean := independent_mean (independent_mean normal_mean d) d in
  [/\ forall a : 'cV[RR]_d, mean (fun N => exp (inner a (N_h N) / norm h)) (exp (sqnorm a / 2)),
      forall c, c < 1 / 2 ->
        mean (fun N => exp (c * (sqnorm (N_h N) / sqnorm h))) (Rpower (1 - 2 * c) (- (INR d / 2)))
        /\ independent_mean normal_mean d (fun x => exp (c * (\sum_(i < d) ((x i ^ 2)%Re : RR))%R))
             (Rpower (1 - 2 * c) (- (INR d / 2)))
    & forall b, mean (fun N => exp (b * (inner h (N_h N) / sqnorm h))) (exp (b ^ 2 / 2))
        /\ normal_mean (fun x => exp (b * x)) (exp (b ^ 2 / 2))].

(* "Lemma 7.  Let f : R^p -> R be a differentiable function lower bounded by f_min, and consider
   dx/dt = -grad f(x(t)).  If f satisfies the Polyak-Lojasiewicz inequality norm(grad f(x(t))) >= mu
   (f(x(t)) - f_min) for t >= 0, then f(x(t)) - f_min <= (f(x(0)) - f_min) e^(-mu t)." False as
   printed (f(x) = x^4); the norm of the gradient has to be squared. *)
Definition has_gradient p (f : 'cV[RR]_p -> R) (z g : 'cV[RR]_p) := forall epsilon, 0 < epsilon ->
  exists delta, 0 < delta /\
  forall h : 'cV[RR]_p, norm h < delta -> Rabs (f (z + h)%R - f z - inner g h) <= epsilon * norm h.
Definition lemma_7 (size : forall p, 'cV[RR]_p -> RR) := forall p (f : 'cV[RR]_p -> R)
  (grad : 'cV[RR]_p -> 'cV[RR]_p)
  (x : R -> 'cV[RR]_p) (fmin mu : R),
  (forall z, has_gradient f z (grad z)) -> (forall z, fmin <= f z) -> 0 < mu ->
  (forall t, 0 <= t -> matrix_derivative x t (- grad (x t))%R) ->
  (forall t, 0 <= t -> mu * (f (x t) - fmin) <= size p (grad (x t))) ->
  forall t, 0 <= t -> f (x t) - fmin <= (f (x 0) - fmin) * exp (- mu * t).
Definition lemma_7_printed := lemma_7 (fun p => @norm p 1).
Definition lemma_7_printed_false := ~ lemma_7_printed.
Definition lemma_7_corrected := lemma_7 (fun p => @sqnorm p 1).

(* "Lemma 8.  R^L(W) = R_min + norm(X (w* - w_prod))^2 / n, and 4 lambda (R^L(W) - R_min) <=
   norm(grad R^1(w_prod))^2 <= 4 Lambda (R^L(W) - R_min)." *)
Definition lemma_8_identity := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (W : layers d) (ws : 'cV[RR]_(d 0%N)), is_wstar X y ws ->
  (risk X y w W = R1 X y ws + n%:R^-1 * sqnorm (X *m (ws - wprod w W)))%R.
Definition lemma_8_bounds := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (W : layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda : R), A1 X lambda Lambda ->
    is_wstar X y ws ->
  let g : 'cV[RR]_(d 0%N) := (- (2%:R / n%:R) *: (X^T *m (y - X *m wprod w W)))%R in
  4 * lambda * (risk X y w W - R1 X y ws) <= sqnorm g <= 4 * Lambda * (risk X y w W - R1 X y ws).

(* "Lemma 9.  Take d x d matrices such that, for all k in {1, ..., L}, norm_2(W_k ... W_1) <= M and
   sigma_min(W_k ... W_1) >= m, where M >= 1 and m in (0, 1).  Then, for all theta such that max_k
   norm_2(theta_k) <= m^2/(4 M^2), letting V_k = W_k + theta_k/L, we have norm_2(V_k ... V_1) <= 2 M
   and sigma_min(V_k ... V_1) >= m/2." *)
Definition lemma_9_with_radius (radius : R -> R -> R) := forall (d L : nat)
  (W theta : layers (fun=> d)) (M m : R),
  1 <= M -> 0 < m < 1 ->
  (forall k, (0 < k <= L)%N -> opnorm_le (product W k) M /\ sigmin_ge (product W k) m) ->
  (forall k, (k < L)%N -> opnorm_le (theta k) (radius m M)) ->
  let V : layers (fun=> d) := (fun k => W k + L%:R^-1 *: theta k)%R in
  forall k, (0 < k <= L)%N -> opnorm_le (product V k) (2 * M) /\ sigmin_ge (product V k) (m / 2).
Definition lemma_9 := lemma_9_with_radius (fun m M => m ^ 2 / (4 * M ^ 2)).

(** ** Section 5: residual networks, d x d layers, Gaussian initialisation *)

(* N k i j is the entry (i, j) of N_{k+1}; an event is a set of such arrays, which looks at k < L
   and i, j < d only *)
Definition array := nat -> nat -> nat -> R.
Definition event := array -> Prop.
(* I + s/sqrt(L d) N_k *)
Definition residual (d L : nat) (s : R) (N : array) : layers (fun=> d) := fun k =>
  (1%:M + ((s / sqrt (INR L * INR d))%Re : RR) *: \matrix_(i, j) (N k i j : RR))%R.
Definition open_event (d L : nat) (B : event) := forall N, B N -> exists2 delta, 0 < delta
  & forall N',
  (forall k i j, (i < d)%N -> (j < d)%N -> (k < L)%N -> Rabs (N' k i j - N k i j) <= delta) -> B N'.
(* a box is given by two opposite corners; its Gaussian measure is a product of integrals of
   exp(-x^2/2), divided by the integral over the line *)
Definition in_box (d L : nat) (box : array * array) (N : array) :=
  forall k i j, (i < d)%N -> (j < d)%N -> (k < L)%N -> box.1 k i j <= N k i j <= box.2 k i j.
Definition gaussian_integral (total : R) := is_lub (fun v => exists a b, a <= b /\
  v = RInt (fun x => exp (- x ^ 2 / 2)) a b) total.
Definition box_measure (d L : nat) (total : R) (box : array * array) : RR :=
  (\prod_(k < L) \prod_(i < d) \prod_(j < d) (RInt (fun x => exp (- x ^ 2 / 2)) (box.1 k i j)
    (box.2 k i j) / total)%Re)%R.
(* P is monotone, and the measure of an open event is at most that of the finite families of
   disjoint boxes that it contains, as for the Gaussian measure, which is countably additive (an
   open set is the union of an increasing sequence of such families) *)
Definition gaussian (d L : nat) (P : event -> R) :=
  (forall A B : event, (forall N, A N -> B N) -> P A <= P B) /\
  forall (total : R) (B : event) (c : R), gaussian_integral total -> open_event d L B ->
  (forall boxes : seq (array * array),
     (forall box, List.In box boxes -> forall k i j, box.1 k i j <= box.2 k i j) ->
     (forall a b : nat, (a < b < size boxes)%N -> forall box0 N,
        in_box d L (nth box0 boxes a) N -> ~ in_box d L (nth box0 boxes b) N) ->
     (forall box, List.In box boxes -> forall N, in_box d L box N -> B N) ->
     (\sum_(box <- boxes) box_measure d L total box)%R <= c) ->
  P B <= c.

(* "Lemma 3.  There exist C_1, ..., C_4 > 0 depending only on s such that, if L >= C_1, d >= C_2, u
   in [C_3, C_4 L^(1/4)], then, with probability at least 1 - 8 exp(-d u^2/(32 s^2)), it holds for
   all theta such that max_k norm_2(theta_k) <= exp(-2 s^2 - 4 u)/64 and all k in {1, ..., L} that
   norm_2(prod_{j <= k} (I + s/sqrt(L d) N_j + theta_j/L)) <= 4 exp(s^2/2 + u) and sigma_min(the
   same) >= exp(-2 s^2/d - u)/4."  The event that fails is named. *)
Definition lemma_3_holds (d L : nat) (s u : R) (N : array) := forall theta : layers (fun=> d),
  (forall k, (k < L)%N -> opnorm_le (theta k) (exp (- 2 * s ^ 2 - 4 * u) / 64)) ->
  forall k, (0 < k <= L)%N -> let V : layers (fun=> d) :=
    (fun k => residual d L s N k + L%:R^-1 *: theta k)%R in
  opnorm_le (product V k) (4 * exp (s ^ 2 / 2 + u)) /\ sigmin_ge (product V k)
    (exp (- (2 * s ^ 2 / INR d) - u) / 4).
Definition lemma_3 := forall s, 0 < s -> exists C1 C2 C3 C4, [/\ 0 < C1, 0 < C2, 0 < C3, 0 < C4 &
  forall (d L : nat) (u : R) (P : event -> R), gaussian d L P -> C1 <= INR L -> C2 <= INR d ->
  C3 <= u <= C4 * Rpower (INR L) (1 / 4) ->
  P (fun N => ~ lemma_3_holds d L s u N) <= 8 * exp (- (INR d * u ^ 2 / (32 * s ^ 2)))].
(* with explicit constants, sqrt(L) for L^(1/4), 5 for 8 *)
Definition lemma_3_explicit := forall (d L : nat) (s u : R) (P : event -> R), gaussian d L P ->
  0 < s -> (0 < L)%N -> (4 <= d)%N ->
  22 * s ^ 2 + 6 * s <= u <= 0.43 * sqrt (INR L) ->
  P (fun N => ~ lemma_3_holds d L s u N) <= 5 * exp (- (INR d * u ^ 2 / (32 * s ^ 2))).

(* "Theorem 4.  Under (A1), there exist C_1, ..., C_5 > 0 depending only on s such that, if L >=
   C_1, d >= C_2, R^L(W(0)) - R_min <= C_3 lambda^2 norm(w)^2/Lambda, then, with probability at
   least 1 - 16 exp(-C_4 d), the gradient flow dynamics (4) converge to a global minimizer W^RI of
   the risk.  Furthermore W^RI_k = I + s/sqrt(L d) N_k + theta_k/L with norm_F(theta_k) <= C_5." The
   data, the head and the flow are quantified inside the event: one event serves them all.  The
   hypothesis on the risk depends on N: improbable is that it holds and the conclusion does not. *)
Definition starts_at (d L : nat) (s : R) (N : array) (W0 : layers (fun=> d)) := forall k,
  (k < L)%N -> W0 k = residual d L s N k.
Definition theorem_4_holds (d L : nat) (s C3 C5 : R) (N : array) := forall (n : nat) (X : 'M[RR]_(n,
  d)) (y : 'cV[RR]_n) (w ws : 'cV[RR]_d)
  (lambda Lambda : R) (W : R -> layers (fun=> d)),
  w != 0%R -> A1 (d := fun=> d) X lambda Lambda -> is_wstar (d := fun=> d) X y ws ->
  gradient_flow (d := fun=> d) X y (L := L) w W -> starts_at L s N (W 0) ->
  risk (d := fun=> d) X y (L := L) w (W 0) - R1 (d :=
    fun=> d) X y ws <= C3 * (lambda * lambda * sqnorm w) / Lambda ->
  exists V : layers (fun=> d), [/\ forall k, (k < L)%N -> matrix_limit (fun t => W t k) (V k),
    minimizes (d := fun=> d) X y (L := L) w V
  & forall k, (k < L)%N -> exists2 theta : 'M[RR]_d,
    V k = (residual d L s N k + L%:R^-1 *: theta)%R & norm theta <= C5].
Definition theorem_4 := forall s, 0 < s -> exists C1 C2 C3 C4 C5, [/\ 0 < C1, 0 < C2, 0 < C3,
  0 < C4 & 0 < C5 /\
  forall (d L : nat) (P : event -> R), gaussian d L P -> C1 <= INR L -> C2 <= INR d ->
  P (fun N => ~ theorem_4_holds d L s C3 C5 N) <= 16 * exp (- (C4 * INR d))].

(* "Corollary 4.  Under the assumptions of Theorem 4, there exists C > 0 depending only on s such
   that the following bounds on the sharpness of the minimizer W^RI hold: 1 <= S(W^RI)/S_min <= C
   norm(w* )^(2/L) Lambda/lambda." The upper bound holds; the lower one is false, with any positive
   function of d and L in place of 1; it holds with norm(w)^(2/L) S_min in place of S_min. *)
Definition corollary_4_holds (bounds : forall (d L : nat) (w ws : 'cV[RR]_d) (lambda Lambda S : R),
  Prop)
  (d L : nat) (s C3 : R) (N : array) := forall (n : nat) (X : 'M[RR]_(n, d)) (y : 'cV[RR]_n)
    (w ws : 'cV[RR]_d)
  (lambda Lambda : R) (W : R -> layers (fun=> d)) (V : layers (fun=> d)),
  w != 0%R -> A1 (d := fun=> d) X lambda Lambda -> is_wstar (d := fun=> d) X y ws ->
  gradient_flow (d := fun=> d) X y (L := L) w W -> starts_at L s N (W 0) ->
  risk (d := fun=> d) X y (L := L) w (W 0) - R1 (d :=
    fun=> d) X y ws <= C3 * (lambda * lambda * sqnorm w) / Lambda ->
  (forall k, (k < L)%N -> matrix_limit (fun t => W t k) (V k)) ->
  exists S, is_sharpness (d := fun=> d) X y (L := L) w V S /\ bounds d L w ws lambda Lambda S.
Definition corollary_4_upper := forall s, 0 < s -> exists C1 C2 C3 C4 C, [/\ 0 < C1, 0 < C2, 0 < C3,
  0 < C4 & 0 < C /\
  forall (d L : nat) (P : event -> R), gaussian d L P -> C1 <= INR L -> C2 <= INR d ->
  P (fun N => ~ corollary_4_holds (fun d L w ws lambda Lambda S =>
       S <= C * Rpower (norm ws) (2 / INR L) * (Lambda / lambda) * Smin (d :=
         fun=> d) L lambda ws) d L s C3 N)
    <= 16 * exp (- (C4 * INR d))].
Definition corollary_4_lower_corrected := forall s, 0 < s -> exists C1 C2 C3 C4, [/\ 0 < C1, 0 < C2,
  0 < C3, 0 < C4 &
  forall (d L : nat) (P : event -> R), gaussian d L P -> C1 <= INR L -> C2 <= INR d ->
  P (fun N => ~ corollary_4_holds (fun d L w ws lambda Lambda S =>
       Rpower (norm w) (2 / INR L) * Smin (d :=
         fun=> d) L lambda ws <= S) d L s C3 N) <= 16 * exp (- (C4 * INR d))].
Definition corollary_4_lower_printed_false := forall (d L : nat) (s u C3 c : R) (N : array),
  (4 <= d)%N -> (0 < L)%N -> 0 < s -> 0 < u ->
  0 < C3 -> 0 < c -> lemma_3_holds d L s u N -> ~ corollary_4_holds (fun d L w ws lambda Lambda S =>
       c * Smin (d := fun=> d) L lambda ws <= S) d L s C3 N.

(* "Theorem 5": multivariate targets Y, n x d_L, no head; the risk norm_F(Y^T - W_L ... W_1 X^T)^2 /
   n; A* is the optimal linear map. "R^L(W(0)) - R_min <= C_3 lambda^2/Lambda"; the rest as in
   Theorem 4. *)
Definition multivariate_risk (d L n : nat) (X Y : 'M[RR]_(n, d)) (W : layers (fun=> d)) : RR :=
  (n%:R^-1 * sqnorm (Y^T - product W L *m X^T))%R.
Definition theorem_5_holds (d L : nat) (s C3 C5 : R) (N : array) := forall (n : nat)
  (X Y : 'M[RR]_(n, d)) (As : 'M[RR]_d)
  (lambda Lambda : R) (W : R -> layers (fun=> d)),
  A1 (d := fun=> d) X lambda Lambda -> X^T *m Y = X^T *m X *m As^T ->
  flow_of L (multivariate_risk L X Y) W -> starts_at L s N (W 0) ->
  multivariate_risk L X Y (W 0) - (n%:R^-1 * sqnorm (Y^T - As *m X^T))%R <= C3 * (lambda * lambda) /
    Lambda ->
  exists V : layers (fun=> d), [/\ forall k, (k < L)%N -> matrix_limit (fun t => W t k) (V k),
    forall U, multivariate_risk L X Y V <= multivariate_risk L X Y U
  & forall k, (k < L)%N -> exists2 theta : 'M[RR]_d,
    V k = (residual d L s N k + L%:R^-1 *: theta)%R & norm theta <= C5].
Definition theorem_5 := forall s, 0 < s -> exists C1 C2 C3 C4 C5, [/\ 0 < C1, 0 < C2, 0 < C3,
  0 < C4 & 0 < C5 /\
  forall (d L : nat) (P : event -> R), gaussian d L P -> C1 <= INR L -> C2 <= INR d ->
  P (fun N => ~ theorem_5_holds d L s C3 C5 N) <= 16 * exp (- (C4 * INR d))].

(** ** Beyond the paper *)

(* Lemma 4 holds with 2 ln 2 and e - 1 in place of 2, and with nothing less; Lemma 5 with C = 1 and
   4/e in place of 4, and with nothing less. *)
Definition lemma_4_minus_best := forall c, (forall alpha x, 0 < alpha -> 0 <= x <= 1 / 2 ->
  Rpower (1 - x) alpha >= 1 - c * alpha * x) <->
  2 * ln 2 <= c.
Definition lemma_4_plus_best := forall c, (forall alpha x, 0 < alpha -> 0 < x -> alpha * x <= 1 ->
  Rpower (1 + x) alpha <= 1 + c * alpha * x) <->
  exp 1 - 1 <= c.
Definition lemma_5_best := forall c, (forall L x, 1 <= L -> 1 <= x ->
  L * exp (- sqrt L * x) <= c * exp (- x)) <-> 4 * exp (-1) <= c.
(* Lemma 9 holds on the larger ball of radius m/(2 M). *)
Definition lemma_9_sharp := lemma_9_with_radius (fun m M => m / (2 * M)).
(* Theorem 2 with the norm of the operator in place of the norm of Frobenius, squared, and the
   Rayleigh quotient of Sigma at w* in place of lambda: S >= 2 w*^T Sigma w* sum_k 1/norm_2(W_k)^2.
   *)
Definition theorem_2_sharp := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (W : layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda : R) (sigma : nat -> RR),
  (0 < L)%N -> (forall k, (0 < d k)%N) -> w != 0%R -> A1 X lambda Lambda -> is_wstar X y ws ->
    ws != 0%R -> minimizes X y w W ->
  (forall k, (k < L)%N -> is_opnorm (W k) (sigma k)) ->
  exists S, is_sharpness X y w W S /\ (2%:R * inner ws (Sigma X *m ws) * (\sum_(k < L)
    (sigma k ^+ 2)^-1))%R <= S.
(* Corollary 1 with L epsilon <= 1 in place of epsilon <= 1 and 32 L sqrt(epsilon) <= 1. *)
Definition corollary_1_sharp := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda epsilon : R),
    flow_of_section_4 X y w W -> A1 X lambda Lambda ->
  is_wstar X y ws -> A2 X y w (W 0) -> is_epsilon L (W 0) epsilon -> 1 <= norm ws ->
    INR L * epsilon <= 1 ->
  exists T, 1 <= T /\ forall t, T <= t -> forall k sigma_k, (k < L)%N ->
    is_opnorm (W t k) sigma_k ->
  Rpower (norm ws / 2) (1 / INR L) <= sigma_k <= Rpower (2 * norm ws) (1 / INR L).
(* Corollary 3 with 1.00025 in place of 4. *)
Definition corollary_3_sharp := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d) (V : layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda epsilon : R),
    flow_of_section_4 X y w W ->
  A1 X lambda Lambda -> is_wstar X y ws -> A2 X y w (W 0) -> is_epsilon L (W 0) epsilon ->
    A3 L epsilon ws ->
  (forall k, (k < L)%N -> matrix_limit (fun t => W t k) (V k)) ->
  exists S, is_sharpness X y w V S /\ S / Smin L lambda ws <= (1 + 25 / 100000) * (Lambda / lambda).
(* The fourth line of Lemma 2, with D = sum_k norm_2(W_k(0) W_k(0)^T - W_{k+1}(0)^T W_{k+1}(0)): -D
   <= sigma_k(t)^2 - norm(w_prod(t))^(2/L) <= 3/2 D, for every t >= 0, without (A1) to (A3).  c is
   the root norm(w_prod(t))^(2/L). *)
Definition lemma_2_fourth := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d) (e : nat -> RR) (c t : R) k sigma, flow_of_section_4 X y w W ->
  (forall k, (k.+1 < L)%N -> is_opnorm (imbalance (W 0) k) (e k)) -> 0 <= t -> 0 <= c ->
    c ^ L = sqnorm (wprod w (W t)) ->
  (k < L)%N -> is_opnorm (W t k) sigma ->
  - (\sum_(i < L.-1) e i)%R <= sigma ^ 2 - c <= 3 / 2 * (\sum_(i < L.-1) e i)%R.
(* The minimum of the sharpness over all minimisers exists, at every depth L >= 2. *)
Definition minimum_sharpness := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (m : nat) (w : 'cV[RR]_(d m.+2))
  (ws : 'cV[RR]_(d 0%N)) (lambda Lambda : R),
  (forall k, (0 < d k)%N) -> w != 0%R -> A1 X lambda Lambda -> is_wstar X y ws -> ws != 0%R ->
  exists S, (exists W : layers d, minimizes X y w W /\ is_sharpness X y w W S) /\
  forall (W : layers d) S', minimizes X y w W -> is_sharpness X y w W S' -> S <= S'.
(* Balanced minimisers, to which the flow leads from an infinitely small initialisation, are nearly
   the flattest when L is large against Lambda/lambda. *)
Definition balanced_sharpness := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L)) (W V : layers d) (ws : 'cV[RR]_(d 0%N))
  (lambda Lambda S S' : R), (0 < L)%N -> (forall k, (0 < d k)%N) -> d L = 1%N -> sqnorm w = 1 ->
  A1 X lambda Lambda -> is_wstar X y ws -> ws != 0%R ->
  minimizes X y w W -> (forall k, (k.+1 < L)%N -> imbalance W k = 0%R) -> is_sharpness X y w W S ->
  minimizes X y w V -> is_sharpness X y w V S' -> S <= (1 + (Lambda / lambda - 1) / INR L) * S'.
(* Theorem 2 for several outputs, of which the paper has no lower bound: layers of any widths, no
   head, the risk of Theorem 5, norm_F(Y^T - W_L ... W_1 X^T)^2 / n.  Under (A1), at every
   minimiser, S(W) >= 2 L lambda norm(W* )^(2 - 2/L), in the norm of the operator.  As is the
   least-squares solution W*, not zero.  The hidden widths are at least its rank, so that the layers
   which minimise the risk are those with product W*. *)
Definition outputs_risk (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (L : nat)
  (Y : 'M[RR]_(n, d L)) (W : layers d) : RR :=
  (n%:R^-1 * sqnorm (Y^T - product W L *m X^T))%R.
Definition is_outputs_sharpness (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (L : nat)
  (Y : 'M[RR]_(n, d L)) (W : layers d) (S : R) :=
  is_lub (fun v => exists D : layers d, psqnorm L D = 1 /\
    is_derive_n (fun t : R => outputs_risk X Y (move W t D) : R) 2 0 v) S.
Definition multivariate_lower_bound := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (L : nat) (Y : 'M[RR]_(n, d L)) (W : layers d) (As : 'M[RR]_(d L, d 0%N))
  (lambda Lambda s : R), (0 < L)%N -> A1 X lambda Lambda -> X^T *m Y = X^T *m X *m As^T ->
  As != 0%R -> (forall k, (0 < k < L)%N -> (\rank As <= d k)%N) ->
  (forall V : layers d, outputs_risk X Y W <= outputs_risk X Y V) -> is_opnorm As s ->
  exists S, is_outputs_sharpness X Y W S /\
    2 * INR L * lambda * Rpower s (2 - 2 / INR L) <= S.
(* Theorems 4 and 5 and Corollary 4 with explicit constants; u = 22 s^2 + 6 s.  The products W_k ...
   W_1 and W_L ... W_k are bounded at once: by Lemma 3, and by Lemma 3 for the noise in the reverse
   order, each layer transposed.  So P has to give that noise the same law, and two events at most
   the sum of their measures: P is a Gaussian measure in the usual sense, monotone, finitely
   subadditive, continuous along increasing events, on boxes the product of the normal laws. *)
Definition half_open_box (d L : nat) (box : array * array) : event := fun N =>
  forall k i j, (i < d)%N -> (j < d)%N -> (k < L)%N -> box.1 k i j <= N k i j < box.2 k i j.
Definition gaussian_measure (d L : nat) (P : event -> R) := [/\
  forall A B : event, (forall N, A N -> B N) -> P A <= P B,
  P (fun _ => False) = 0,
  forall A B : event, P (fun N => A N \/ B N) <= P A + P B,
  forall (A : nat -> event) c, (forall m N, A m N -> A m.+1 N) -> (forall m, P (A m) <= c) ->
    P (fun N => exists m, A m N) <= c
  & forall (total : R) (box : array * array), gaussian_integral total ->
    (forall k i j, box.1 k i j <= box.2 k i j) ->
    P (half_open_box d L box) = box_measure d L total box].
Definition residual_explicit (bound : nat -> nat -> R -> R -> event) := forall (d L : nat) (s : R)
  (P : event -> R), gaussian_measure d L P -> 0 < s -> (4 <= d)%N -> (0 < L)%N ->
  let u := 22 * s ^ 2 + 6 * s in u <= 0.43 * sqrt (INR L) ->
  P (fun N => ~ bound d L s u N) <= 10 * exp (- ((22 * s + 6) ^ 2 / 32 * INR d)).
Definition theorem_4_explicit := residual_explicit (fun d L s u => theorem_4_holds d L s
  (exp (- 10 * s ^ 2 - 20 * u) / 2 ^ 36) (exp (- 2 * s ^ 2 - 4 * u) / 64)).
Definition theorem_5_explicit := residual_explicit (fun d L s u => theorem_5_holds d L s
  (exp (- 10 * s ^ 2 - 20 * u) / 2 ^ 36) (exp (- 2 * s ^ 2 - 4 * u) / 64)).
Definition corollary_4_explicit := residual_explicit (fun d L s u => corollary_4_holds
  (fun d L w ws lambda Lambda S =>
    Rpower (norm w) (2 / INR L) * Smin (d := fun=> d) L lambda ws <= S <=
    2 ^ 12 * exp (3 * s ^ 2 + 6 * u) * Rpower (norm ws) (2 / INR L) * (Lambda / lambda) *
      Smin (d := fun=> d) L lambda ws) d L s (exp (- 10 * s ^ 2 - 20 * u) / 2 ^ 36)).
(* Such a measure is Gaussian as Lemma 3, Theorems 4 and 5 and Corollary 4 ask above. *)
Definition gaussian_measure_open := forall (d L : nat) (P : event -> R),
  gaussian_measure d L P -> gaussian d L P.
(* Theorem 4 and Corollary 4 from the identity, s = 0: for every width and depth, without chance,
   with C_3 = exp(-2)/9, C_5 = 1/3 and C = (9/4) exp(2/3). *)
Definition identity_start := forall (d L n : nat) (X : 'M[RR]_(n, d)) (y : 'cV[RR]_n)
  (w ws : 'cV[RR]_d) (lambda Lambda : R) (W : R -> layers (fun=> d)), (0 < L)%N -> w != 0%R ->
  A1 (d := fun=> d) X lambda Lambda -> is_wstar (d := fun=> d) X y ws ->
  gradient_flow (d := fun=> d) X y (L := L) w W -> (forall k, (k < L)%N -> W 0 k = 1%:M%R) ->
  risk (d := fun=> d) X y (L := L) w (W 0) - R1 (d := fun=> d) X y ws <=
    exp (- 2) / 9 * (lambda * lambda * sqnorm w) / Lambda ->
  exists (V : layers (fun=> d)) (S : R), [/\
    forall k, (k < L)%N -> matrix_limit (fun t => W t k) (V k),
    minimizes (d := fun=> d) X y (L := L) w V,
    forall k, (k < L)%N -> norm (V k - 1%:M)%R <= 1 / 3 / INR L,
    is_sharpness (d := fun=> d) X y (L := L) w V S
  & Rpower (norm w) (2 / INR L) * Smin (d := fun=> d) L lambda ws <= S <=
    exp (2 / 3) * (9 / 4) * Rpower (norm ws) (2 / INR L) * (Lambda / lambda) *
      Smin (d := fun=> d) L lambda ws].
(* "the largest eigenvalue of the Hessian": at a minimiser the Hessian is a symmetric operator H on
   the layers, the only one whose form is the second derivative, and the sharpness is its largest
   eigenvalue. *)
Definition is_hessian (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N)) (y : 'cV[RR]_n) (L : nat)
  (w : 'cV[RR]_(d L)) (W : layers d) (H : layers d -> layers d) :=
  (forall D E : layers d, \sum_(k < L) inner (H D k) (E k) = \sum_(k < L) inner (D k) (H E k))%R /\
  forall D : layers d, second_derivative X y w W D (\sum_(k < L) inner (H D k) (D k))%R.
Definition sharpness_eigenvalue := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L)) (W : layers d) (ws : 'cV[RR]_(d 0%N))
  (lambda Lambda S : R), (0 < L)%N -> (forall k, (0 < d k)%N) -> w != 0%R -> A1 X lambda Lambda ->
  is_wstar X y ws -> ws != 0%R -> minimizes X y w W -> is_sharpness X y w W S ->
  exists2 H, is_hessian X y w W H & [/\
    forall H', is_hessian X y w W H' -> forall D k, (k < L)%N -> H' D k = H D k,
    exists D : layers d, psqnorm L D = 1 /\ forall k, (k < L)%N -> H D k = (S *: D k)%R
  & forall (D : layers d) (a : RR), psqnorm L D <> 0 ->
      (forall k, (k < L)%N -> H D k = (a *: D k)%R) -> a <= S].
(* The hypotheses of Section 4 can be met: a flow of depth 2 that moves. *)
Definition section_4_witness := exists (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L))
  (W : R -> layers d) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda epsilon : R), [/\
    flow_of_section_4 X y w W, A1 X lambda Lambda,
  is_wstar X y ws, A2 X y w (W 0) & is_epsilon L (W 0) epsilon /\ A3 L epsilon ws].
(* They can be met for all data with norm(w* ) >= 1, all positive widths and every depth. *)
Definition section_4_nonvacuous := forall (d : nat -> nat) (n : nat) (X : 'M[RR]_(n, d 0%N))
  (y : 'cV[RR]_n) (L : nat) (w : 'cV[RR]_(d L)) (ws : 'cV[RR]_(d 0%N)) (lambda Lambda : R),
  (0 < L)%N -> (forall k, (0 < d k)%N) -> d L = 1%N -> sqnorm w = 1 -> A1 X lambda Lambda ->
  is_wstar X y ws -> 1 <= norm ws -> exists (W : R -> layers d) (epsilon : R), [/\
    flow_of_section_4 X y w W, A2 X y w (W 0), is_epsilon L (W 0) epsilon & A3 L epsilon ws].
