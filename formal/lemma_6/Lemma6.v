(* Lemma 6: for h != 0 and N with independent standard normal entries, N h/|h| is a standard normal
   vector; so Y_1 = |N h|^2/|h|^2 ~ chi^2(d) and Y_2 = h^T N h/|h|^2 ~ N(0, 1).
   Stated by Laplace transforms, which determine a law: the upper expectation of exp(a^T N h/|h|) is
   exp(|a|^2/2) exactly, for every a.  Of Y_1 the proofs use the bound (1 - 2 c)^(-d/2) of its
   exponential moment only, which stands beside. *)
From Coq Require Import Reals Lra Lia Psatz.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Coquelicot Require Import Coquelicot.
From Flatcert Require Import Linalg UpperExpectation Gaussian Tails GaussianLayer FixedStart Boxes.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope R_scope.

Lemma real_ex_dens a b : ex_RInt dens a b. Proof. exact/cont_ex/dens_cont. Qed.
(* nearly all of the mass lies in every large interval *)
Lemma mass_inside eps : 0 < eps -> exists a b, a <= b /\
  forall A B, A <= a -> b <= B -> mass - eps <= RInt dens A B.
Proof.
move=> e0; have [a [b [ab h]]] : exists a b, a <= b /\ mass - eps < RInt dens a b.
  apply: Classical_Prop.NNPP => no; case: (proj2_sig mass_ex) => _ lub.
  have : mass <= mass - eps; last by lra.
  apply: lub => v [a [b [ab ->]]]; apply: Rnot_lt_le => lt; apply: no; by exists a, b.
exists a, b; split=> // A B hA hB.
have p c e : c <= e -> 0 <= RInt dens c e.
  by move=> ce; apply: RInt_ge_0 => [//||t _]; [exact: real_ex_dens|exact/Rlt_le/dens_pos].
rewrite -(RInt_Chasles dens A a B) -?(RInt_Chasles dens a b B) /plus /=; try exact: real_ex_dens.
by have := p A a hA; have := p b B hB; lra.
Qed.

(* exponentials with their Gaussian integrals *)
Definition exponential (f : R -> R) v := exists b, (forall x, f x = exp (b * x)) /\ v = exp (b ^ 2
  / 2).
Lemma exponential_integral b A B : is_RInt (fun x => exp (b * x) * dens x) A B
  (exp (b ^ 2 / 2) * RInt dens (A - b) (B - b)).
Proof.
have h := is_RInt_comp_lin dens 1 (- b) A B (RInt dens (1 * A + - b) (1 * B + - b))
  (RInt_correct _ _ _ (real_ex_dens _ _)).
have e1 : 1 * A + - b = A - b by ring.
have e2 : 1 * B + - b = B - b by ring.
rewrite e1 e2 in h; have := is_RInt_scal _ _ _ (exp (b ^ 2 / 2)) _ h.
apply: is_RInt_ext => x _; rewrite /scal /= /mult /= /dens Rmult_1_l -!exp_plus.
by congr exp; field.
Qed.
Lemma low_exponential : low gauss exponential.
Proof.
move=> l v okl [g [gc g0 gl hg]]; have m0 := mass_gt0.
have ca0 : 0 <= ca l.
  elim: l okl {gl} => [_|p l IH] /=; first lra.
  case=> p0 [b [_ ->]] /IH h; have := exp_pos (b ^ 2 / 2); nra.
have key eps : 0 < eps -> ca l * (mass - eps) <= v * mass.
  move=> e0; have [A [B [AB hAB]]] : exists A B, A <= B /\ forall A' B', A' <= A -> B <= B' ->
      exists I : R, is_RInt (fun x => cf l x * dens x) A' B' I /\ ca l * (mass - eps) <= I.
    elim: l okl {gl ca0} => [_|p l IH] /=.
      exists 0, 0; split=> [|A' B' _ _]; first lra.
      exists 0; split; last by lra.
      apply: (is_RInt_ext (fun _ => 0)) => [x _|]; first by rewrite Rmult_0_l.
      by have := @is_RInt_const R_NormedModule A' B' 0; rewrite /scal /= /mult /= Rmult_0_r.
    case=> p0 [b [fE vE]] /IH [A [B [AB IHl]]]; have [a [c [ac hac]]] := mass_inside e0.
    exists (Rmin A (a + b)), (Rmax B (c + b)); split.
      by have := Rmin_l A (a + b); have := Rmax_l B (c + b); lra.
    move=> A' B' hA hB.
    have [I [i1 i2]] := IHl A' B' ltac:(have := Rmin_l A (a + b); lra)
      ltac:(have := Rmax_l B (c + b); lra).
    have j := @exponential_integral b A' B'.
    have k := hac (A' - b) (B' - b) ltac:(have := Rmin_r A (a + b); lra)
      ltac:(have := Rmax_r B (c + b); lra).
    exists (p.1 * (exp (b ^ 2 / 2) * RInt dens (A' - b) (B' - b)) + I); split.
      have := is_RInt_plus _ _ _ _ _ _ (is_RInt_scal _ _ _ p.1 _ j) i1.
      rewrite /scal /plus /= /mult /=; apply: is_RInt_ext => x _.
      by rewrite fE Rmult_plus_distr_r Rmult_assoc.
    have e := exp_pos (b ^ 2 / 2); rewrite vE.
    have : p.1 * (exp (b ^ 2 / 2) * (mass - eps)) <= p.1 * (exp (b ^ 2 / 2) * RInt dens (A' - b)
      (B' - b)).
      by apply: Rmult_le_compat_l => //; apply: Rmult_le_compat_l => //; exact: Rlt_le.
    lra.
  have [I [i1 i2]] := hAB A B (Rle_refl A) (Rle_refl B).
  apply: Rle_trans (hg A B AB); apply: Rle_trans i2 _; rewrite -(is_RInt_unique _ _ _ _ i1).
  apply: RInt_le => //; first by exists I.
    by apply: cont_ex; exact: mul_cont gc dens_cont.
  by move=> x _; apply: Rmult_le_compat_r; [exact/Rlt_le/dens_pos|exact: gl].
apply: Rnot_lt_le => lt; have d0 : 0 < (ca l - v) * mass by nra.
have c1 : 0 < ca l + 1 by lra.
have := key ((ca l - v) * mass / 2 / (ca l + 1)) ltac:(apply: Rdiv_lt_0_compat; lra).
set q := (ca l - v) * mass in d0 *.
have : ca l * (q / 2 / (ca l + 1)) <= q / 2.
  have -> : ca l * (q / 2 / (ca l + 1)) = q / 2 * (ca l / (ca l + 1)) by field; lra.
  rewrite -[X in _ <= X]Rmult_1_r; apply: Rmult_le_compat_l; first lra.
  apply: (Rmult_le_reg_r (ca l + 1)) => //.
  by have -> : ca l / (ca l + 1) * (ca l + 1) = ca l; [field; lra|lra].
have e : q = (ca l - v) * mass by []. clearbody q; nra.
Qed.
Lemma pos_exponential : pos exponential.
Proof. by move=> f v [b [h ->]]; split=> [x|]; [rewrite h|]; exact/Rlt_le/exp_pos. Qed.

Lemma exp_sumn T (l : nat -> T -> R) w n : exp (sumn l w n) = prodn (fun k x => exp (l k x)) w n.
Proof. by elim: n l w => [|n IH] l w /=; [exact: exp_0|rewrite exp_plus IH]. Qed.
Lemma exp_sumv (v : nat -> R) n : exp (sumv v n) = prodv (fun k => exp (v k)) n.
Proof. by elim: n v => [|n IH] v /=; [exact: exp_0|rewrite exp_plus IH]. Qed.

Lemma exp_row c g n (r : nat -> R) :
  exp (c * sumn (fun j x => g j * x) r n) = prodn (fun j x => exp (c * g j * x)) r n.
Proof.
elim: n g r => [|n IH] g r /=; first by rewrite Rmult_0_r exp_0.
by rewrite Rmult_plus_distr_l exp_plus -(IH (fun k => g k.+1)) Rmult_assoc.
Qed.
Lemma prodn_ext T (f f' : nat -> T -> R) w n : (forall k x, f k x = f' k x) ->
  prodn f w n = prodn f' w n.
Proof. by elim: n f f' w => [//|n IH] f f' w h /=; rewrite h (IH _ (fun k => f' k.+1)). Qed.
Lemma prodv_ext (v v' : nat -> R) n : (forall k, v k = v' k) -> prodv v n = prodv v' n.
Proof. by elim: n v v' => [//|n IH] v v' h /=; rewrite h (IH _ (fun k => v' k.+1)). Qed.
Lemma sumv_ext (v v' : nat -> R) n : (forall k, v k = v' k) -> sumv v n = sumv v' n.
Proof. by elim: n v v' => [//|n IH] v v' h /=; rewrite h (IH _ (fun k => v' k.+1)). Qed.
Lemma sumv_scale c (v : nat -> R) n : sumv (fun k => c * v k) n = c * sumv v n.
Proof. by elim: n v => [|n IH] v /=; [ring|rewrite IH; ring]. Qed.

Section Lemma6.
Variable d : nat.
Variable h : 'cV[RR]_d.
Hypothesis h_nz : h != 0%R.
Let e := dir h.
Let e1 : sqn e = 1%R. Proof. exact: dir1. Qed.
(* the linear form a^T N h/|h| of the noise *)
Definition form (a : 'cV[RR]_d) (N : nat -> nat -> R) : R := dot a (mx d N *m e)%R.
Lemma formE a N : form a N = sumn (fun i r => ev a i * lrow e r) N d.
Proof. by rewrite sumnE /form /dot; apply: eq_bigr => i _; rewrite big_ord1 mxE_row evE. Qed.

Lemma form_variance (a : 'cV[RR]_d) : sumv (fun i => ev a i ^ 2 * sqn e) d = sqn a.
Proof.
rewrite -(sqn_sumv a) e1 !sumvE; apply: eq_bigr => i _; exact: Rmult_1_r.
Qed.
Lemma form_upper (a : 'cV[RR]_d) : Umat d (fun N => exp (form a N)) (exp (sqn a / 2)).
Proof.
have := @sublin_pow _ (Urow d) d (fun i r => ev a i * lrow e r) (fun i => ev a i ^ 2 * sqn e)
  (fun k => sublin_scale _ (row_lin e)).
rewrite form_variance => hh; have := hh 1; apply: ub_mono => [N|].
  by rewrite formE Rmult_1_l; exact: Rle_refl.
by apply: Req_le; congr exp; rewrite /= !Rmult_1_l; reflexivity.
Qed.
Lemma form_lower (a : 'cV[RR]_d) v : Umat d (fun N => exp (form a N)) v -> exp (sqn a / 2) <= v.
Proof.
move=> hv.
have lw : low (Umat d) (spow (spow exponential d) d).
  apply: low_pow; first by exists (fun _ => 0).
    by apply: pos_pow; exact: pos_exponential.
  apply: low_pow; [by exists 0|exact: pos_exponential|exact: low_exponential].
pose f N := prodn (fun i r => prodn (fun j x => exp (ev a i * ev e j * x)) r d) N d.
pose c := prodv (fun i => prodv (fun j => exp ((ev a i * ev e j) ^ 2 / 2)) d) d.
have fE N : exp (form a N) = f N.
  by rewrite formE exp_sumn; apply: prodn_ext => i r; exact: exp_row.
have cE : c = exp (sqn a / 2).
  have row i : prodv (fun j => exp ((ev a i * ev e j) ^ 2 / 2)) d = exp (1 / 2 * ev a i ^ 2).
    rewrite -exp_sumv; congr exp.
    rewrite (sumv_ext (v' := fun j => ev a i ^ 2 / 2 * ev e j ^ 2)) => [|j]; last by field.
    by rewrite sumv_scale sqn_sumv e1 -[1%R]/1; lra.
  rewrite /c (prodv_ext (v' := fun i => exp (1 / 2 * ev a i ^ 2))) // -exp_sumv sumv_scale sqn_sumv.
  by congr exp; field.
have := lw [:: (1, (f, c))] v; rewrite /= => K.
rewrite -cE; have -> : c = 1 * c + 0 by ring.
apply: K; last first.
  by apply: ub_mono hv => [N|]; [rewrite fE; lra|exact: Rle_refl].
split=> //; first lra.
exists (fun i r => prodn (fun j x => exp (ev a i * ev e j * x)) r d),
  (fun i => prodv (fun j => exp ((ev a i * ev e j) ^ 2 / 2)) d); split=> // i.
exists (fun j x => exp (ev a i * ev e j * x)), (fun j => exp ((ev a i * ev e j) ^ 2 / 2)).
by split=> // j; exists (ev a i * ev e j).
Qed.

(* N h/|h| is a standard normal vector. *)
Theorem lemma_6_vector (a : 'cV[RR]_d) v :
  Umat d (fun N => exp (dot a (mx d N *m e)%R)) v <-> exp (sqn a / 2) <= v.
Proof.
split=> [|h1]; first exact: form_lower.
by apply: ub_mono (form_upper a) => [N|]; [exact: Rle_refl|].
Qed.

(* Y_2 ~ N(0, 1) *)
Theorem lemma_6_second b v :
  Umat d (fun N => exp (b * (dot h (mx d N *m h) / sqn h)%R)) v <-> exp (b ^ 2 / 2) <= v.
Proof.
have s : sqn ((b : RR) *: e)%R = b ^ 2.
  by rewrite sqnZ e1 mulr1 expr2; change (b * b = b ^ 2); ring.
rewrite -s -lemma_6_vector; suff E N : exp (b * (dot h (mx d N *m h) / sqn h)%R) =
    exp (dot ((b : RR) *: e) (mx d N *m e))%R.
  by split=> hh; apply: ub_mono hh => [N|]; try exact: Rle_refl; rewrite E; exact: Rle_refl.
congr exp; rewrite dotZl /e /dir -scalemxAr dotZl dotZr.
suff -> : (dot h (mx d N *m h) / sqn h =
    (norm h)^-1 * ((norm h)^-1 * dot h (mx d N *m h)))%R by [].
by rewrite [RHS]mulrA -invfM -expr2 norm_sqr [RHS]mulrC.
Qed.

(* Y_1: the exponential moment that the proofs use *)
Theorem lemma_6_first c : 0 <= c -> 2 * c < 1 ->
  Umat d (fun N => exp (c * (sqn (mx d N *m h) / sqn h)%R)) (exp (- (INR d / 2 * ln (1 - 2 * c)))).
Proof.
move=> c0 c1; have := @sf_quad1 d e c (dir_le1 h) c0 c1; apply: ub_mono => [N|];
  last exact: Rle_refl.
apply: Req_le; congr (exp (c * _)); rewrite /sf /e /dir -scalemxAr sqnZ exprVn norm_sqr.
by rewrite mulrC.
Qed.
End Lemma6.
