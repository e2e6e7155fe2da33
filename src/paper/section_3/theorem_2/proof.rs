//! The audit of B.1, the proof of Theorem 2: what its two halves share, up to (18). The halves are in
//! `theorem_2_bounds`.
//!
//! Symbols and shapes: see `minimiser`. Delta_k and Delta-bar_k are d_k x d_{k-1}, g = grad R^1(w~_prod) is a column of
//! length d; xi > 0 small. W is a minimiser with w_prod = w*, which every minimiser satisfies unless w = 0 (step
//! `sections/minimum-of-both`).
//!
//! **The head is lost.** `Delta-bar_k = -b_k g^T W_1^T .. W_{k-1}^T` with `b_k = W_{k+1}^T .. W_L^T w` and `b_L = w`.
//! Multiplied out from the left, each `W_1^T .. W_{k-1}^T b_{k-1}` is w_prod, and what remains on the left is b_L:
//! `Delta-bar_L .. Delta-bar_1 = (-1)^L w (g^T w_prod)^(L-1) g^T`, a matrix of d_L rows. Line 867 prints one row,
//! without w. Norms: `norm(w) |g^T w*|^(L-1) norm(g)`. From line 867 on every bound lacks norm(w)^(2/L) (squared) and
//! holds for norm(w) >= 1 only; w = 1 (Theorem 1, Section 4) is not touched.
//!
//! **Signs.** Line 867 has -1 for (-1)^L, line 871 drops the sign: no consequence, norms are taken. Lines 877 and 882
//! take the norm of `(g^T w*)^(L-1)` without its absolute value: where L is even and g^T w* < 0 (M_k = -W_k) the one
//! equates a norm with a negative number, the other turns the inequality round. (18) has the square and is right for
//! every direction; where B.1 uses it, g^T w* > 0.
//!
//! **w* != 0.** (18) and what follows divide by norm(w*)^(2/L). Nobody asks for w* != 0. For w* = 0 both bounds of
//! Theorem 2 say S >= 0 for L >= 2 (minimisers have a positive semi-definite Hessian), and for L = 1 the second says
//! S >= 2 lambda, true with the factor norm(w)^2 as S = 2 norm(w)^2 Lambda. With w* != 0 no layer is zero, and neither
//! u_k nor v_k of line 942 is: nothing else is divided by that could vanish.

use crate::arithmetic::{Dual, Field, Rational};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, chain, column};
use crate::harness::steps::how::{How, Plant};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Other, Proof, Reason, Step, other};
use crate::harness::steps::tie::Tie;
use crate::paper::section_3::minimiser::{
    Matrix, Root, Scene, epsilon, epsilon_twice, lift, multiply, parts, parts_twice, product, squares, sum,
};
use crate::paper::section_3::theorem_2::proof_bounds as theorem_2_bounds;
use crate::paper::section_3::theorem_2::proof_head::{DIMENSIONS, head_lost};
use crate::paper::section_3::theorem_2::proof_second::third;
use crate::paper::section_3::theorem_2::scene::sum_of_terms;
use crate::paper::section_3::theorem_2::scene::{MINIMISER, enclosed, exact, leading};
use crate::problem::norm_squared;
use nalgebra::DMatrix;
use num_traits::{One, Zero};

/// Both sides of line 772 for `f(x) = x^T H x / 2`, whose quotient depends on the direction of x~ - x only. H = Q
/// diag(s) Q^T with a rational rotation.
fn variational(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let p = draw.size(0);
    let values = draw.vector(p);
    let q = draw.rotation(p);
    let direction = draw.vector(p);
    let h = &q * Matrix::from_diagonal(&values) * q.transpose();
    let largest = |list: Vec<Rational>| list.into_iter().max().unwrap_or_else(Rational::zero);
    let sharpness = largest(values.iter().cloned().collect());
    let claimed = if how.printed() { sharpness } else { largest(values.iter().map(Rational::abs).collect()) };
    let factor = if how.plants(Plant::WrongConstant) { Rational::new(1, 2) } else { Rational::one() };
    // x |x| in place of x: increasing, and rational where x is the root of a rational.
    let claimed = &claimed * claimed.abs() * factor;
    let eigenvectors = (0..p).map(|i| q.column(i).into_owned());
    let quotients: Vec<Rational> = eigenvectors
        .chain([direction])
        .filter(|v| v.iter().any(|e| !e.is_zero()))
        .map(|v| norm_squared((&h * &v).iter()) / norm_squared(v.iter()))
        .collect();
    let mut pairs: Vec<Pair> = quotients.iter().map(|v| Pair::exact(&claimed, v, bits)).collect();
    // The supremum is attained at one of the eigenvectors.
    pairs.push(Pair::exact(&largest(quotients), &claimed, bits));
    Margins::All(pairs)
}

/// (14): `S(W)^2 >= sum_k norm_F(Delta_k)^2 / (xi^2 sum_k norm_F(M_k)^2)` in the limit, for any directions that are not
/// all zero.
fn eq_14(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    let size = sum(&squares(&scene.directions));
    if size.is_zero() {
        return Margins::OutOfScope("all M_k are zero: the quotient is 0/0");
    }
    let change = sum(&scene.first(&scene.directions).squares());
    let strictly = how.plants(Plant::StrictInequality);
    match Root::rational(change / size).at_most_sharpness(&scene, strictly, bits) {
        Some(pair) => pair.into(),
        None => Margins::OutOfScope("the layers do not chain"),
    }
}

/// (15) at a rational xi: gradients from the definition of the risk.
fn eq_15(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let xi = draw.number();
    let scene = if how.plants(Plant::DroppedHypothesis) { scene.off() } else { scene };
    let moved = scene.moved(&xi, &scene.directions);
    let gradient = column(&scene.risk_gradient_at(&moved)).transpose();
    let mut sides = Vec::new();
    for k in 1..=scene.depth() {
        let here: Matrix = scene.gradient_at(&scene.layers, k);
        let left = column(&product(&moved[k..], &scene.head));
        let right = moved[..k - 1].iter().fold(gradient.clone(), |p, w| p * w.transpose());
        let sign = if how.plants(Plant::FlippedSign) { Rational::one() } else { Rational::from(-1) };
        sides.push((&here - scene.gradient_at(&moved, k), (left * right).map(|v| v * &sign)));
        // "For minimizers of the empirical risk, grad_k R^L(W) = 0", line 811.
        sides.push((here.clone(), here.map(|_| Rational::zero())));
    }
    Exact::Sides(sides)
}

/// Lines 819 and 824 at a rational xi.
fn telescoping(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let xi = draw.number();
    let moved = scene.moved(&xi, &scene.directions);
    let gradient = column(&scene.risk_gradient_at(&moved));
    let change = column(&(product(&moved, &scene.head) - product(&scene.layers, &scene.head)));
    let d = scene.w_star.len();
    let mut terms = Matrix::zeros(d, 1);
    for k in 1..=scene.depth() {
        // Tildes before the difference; the planted error has them after it too.
        let behind = if how.plants(Plant::OffByOne) { &moved[k..] } else { &scene.layers[k..] };
        let before = moved[..k - 1].iter().fold(Matrix::identity(d, d), |p, w| p * w.transpose());
        terms += before * (&moved[k - 1] - &scene.layers[k - 1]).transpose() * column(&product(behind, &scene.head));
    }
    Exact::Sides(vec![(gradient.clone(), scene.doubled() * change), (gradient, scene.doubled() * terms)])
}

/// (16), coefficients of 1 and xi.
fn eq_16(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let gradient = scene.risk_gradient_at(&scene.moved(&epsilon(), &scene.directions));
    let [value, slope] = parts(&DMatrix::from_column_slice(gradient.len(), 1, gradient.as_slice()));
    let terms = scene.doubled() * sum_of_terms(&scene, &scene.directions);
    let terms = if how.plants(Plant::FlippedSign) { -terms } else { terms };
    if how.plants(Plant::DroppedFactor) {
        // xi left out: the sum is then the coefficient of 1.
        return Exact::Sides(vec![(value, terms)]);
    }
    Exact::Sides(vec![(value.clone(), value.map(|_| Rational::zero())), (slope, terms)])
}

/// "we see that grad R(w~_prod) = O(xi)".
fn first_order(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let scene = if how.plants(Plant::DroppedHypothesis) { scene.off() } else { scene };
    let gradient = scene.risk_gradient_at(&scene.moved(&epsilon(), &scene.directions));
    let [value, slope] = parts(&DMatrix::from_column_slice(gradient.len(), 1, gradient.as_slice()));
    let zero = value.map(|_| Rational::zero());
    if how.plants(Plant::OffByOne) {
        return Exact::Sides(vec![(slope, zero)]);
    }
    Exact::Sides(vec![(value, zero)])
}

/// Delta_k (from the definition of the risk) and Delta-bar_k, over dual numbers.
fn deltas<T: Field>(scene: &Scene, xi: &T, k: usize) -> (DMatrix<T>, DMatrix<T>) {
    let moved = scene.moved(xi, &scene.directions);
    let lifted = |m: &Matrix| m.map(|v| lift::<T>(&v));
    let here: DMatrix<T> = scene.gradient_at(&lifted_all(scene), k);
    let gradient = scene.risk_gradient_at(&moved);
    let bar = -(lifted(&scene.after(k)) * gradient.transpose() * lifted(&scene.before(k)));
    (here - scene.gradient_at(&moved, k), bar)
}

fn lifted_all<T: Field>(scene: &Scene) -> Vec<DMatrix<T>> {
    scene.layers.iter().map(|w| w.map(|v| lift::<T>(&v))).collect()
}

/// Line 836, coefficients of 1 and xi; the planted error goes on to xi^2.
fn delta_bar(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let mut sides = Vec::new();
    for k in 1..=scene.depth() {
        if how.plants(Plant::OffByOne) {
            let (delta, bar) = deltas(&scene, &epsilon_twice(), k);
            sides.extend(parts_twice(&delta).into_iter().zip(parts_twice(&bar)));
        } else {
            let (delta, bar) = deltas(&scene, &epsilon(), k);
            let bar = if how.plants(Plant::FlippedSign) { -bar } else { bar };
            sides.extend(parts(&delta).into_iter().zip(parts(&bar)));
        }
    }
    Exact::Sides(sides)
}

/// (17), first line: `sum_k norm_F(Delta_k)^2` and `sum_k norm_F(Delta-bar_k)^2`, coefficients of 1, xi and xi^2.
fn perturbation(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let scene = if how.plants(Plant::DroppedHypothesis) { scene.off() } else { scene };
    let zero = Dual::<Dual<Rational>>::zero();
    let (mut left, mut right) = (zero.clone(), zero);
    for k in 1..=scene.depth() {
        let (delta, bar) = deltas(&scene, &epsilon_twice(), k);
        left += norm_squared(delta.iter());
        right += norm_squared(bar.iter());
    }
    let of = |v| parts_twice(&DMatrix::from_element(1, 1, v));
    Exact::Sides(of(left).into_iter().zip(of(right)).collect())
}

/// (17), second line: the norms are equal, as the leading coefficients D_k have rank one. With `G = D D^T`,
/// `G^2 = tr(G) G` says that the largest eigenvalue of G, which is norm_2(D)^2, is its trace, norm_F(D)^2. D_k is that
/// of Delta_k, from the definition of the risk.
fn rank_one(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let scene = if how.plants(Plant::DroppedHypothesis) { scene.off() } else { scene };
    let moved = scene.moved(&epsilon(), &scene.directions);
    let sides = (1..=scene.depth()).map(|k| {
        let [_, slope] = parts(&scene.gradient_at(&moved, k));
        let gram = &slope * slope.transpose();
        let trace = norm_squared(slope.iter());
        (&gram * &gram, gram.map(|v| v * &trace))
    });
    Exact::Sides(sides.collect())
}

/// (17), third line: arithmetic and geometric means of the squared norms, which are rational (rank one, step
/// `theorem-2/eq-17-norms`).
fn means(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (scene, first) = leading(draw);
    let squares = first.squares();
    let depth = if how.plants(Plant::WrongPower) { 2 * scene.depth() } else { scene.depth() };
    Root::new(scene.length(), multiply(&squares), depth).at_most(&sum(&squares), bits).into()
}

/// (17), fourth line: `prod_k norm(Delta-bar_k) >= norm(Delta-bar_L .. Delta-bar_1)`, both to the power 2/L and times
/// L.
fn submultiplicative(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (scene, first) = leading(draw);
    let reversed: Vec<&Matrix> = first.delta.iter().rev().collect();
    let Ok(whole) = chain(&reversed) else { return Margins::OutOfScope("the product does not chain") };
    // A product of matrices of rank one has rank one at most.
    let (above, below) = (multiply(&first.squares()), norm_squared(whole.iter()));
    let (above, below) = if how.plants(Plant::FlippedSign) { (below, above) } else { (above, below) };
    let root = |u: &Rational| Root::new(scene.length(), u.clone(), scene.depth()).enclosed(bits);
    Pair::new(root(&above), root(&below)).or_exactly(Tie::Order(above, below)).into()
}

/// Up to (17).
fn perturbed() -> Vec<Step> {
    vec![
        Step::new("theorem-2/variational", "Theorem 2, proof, first display", &[772])
            .titled("The largest eigenvalue as the local Lipschitz constant of the gradient")
            .given(
                "f twice continuously differentiable; here quadratic, f(x) = x^T H x / 2, where the quotient does \
                    not depend on norm(x - x~)",
            )
            .by(Body::Instances { sizes: DIMENSIONS, sides: variational })
            .fails(
                "S = lim sup norm(grad f(x) - grad f(x~)) / norm(x - x~), S the largest eigenvalue of the Hessian",
                Fault::Hypothesis,
                "The right-hand side is the operator norm of H, the largest modulus of an eigenvalue: sup norm(H \
                 v)/norm(v). For f(x) = -x^2/2 it is 1 and S = -1. They agree if \
                 S >= -(smallest eigenvalue), in particular where H is positive semi-definite. B.1, B.7 and B.10 use \
                 it at minimisers only, where it is: nothing is affected. See claim `variational` \
                 for the risk itself.",
            )
            .corrected("max_i |s_i| = sup norm(H v)/norm(v), s_i the eigenvalues of H")
            .planted(Plant::WrongConstant, "the same with max_i |s_i| / sqrt(2) on the left"),
        Step::new("theorem-2/eq-14", "(14)", &[793])
            .titled("The sharpness from below by one direction")
            .given("W a minimiser; M_k not all zero")
            .uses(&["variational", "theorem-2/delta-bar"])
            .by(enclosed(eq_14))
            .holds("S(W)^2 >= lim sum_k norm_F(Delta_k)^2 / (xi^2 sum_k norm_F(M_k)^2)")
            .stronger(Plant::WrongConstant, "the same with 101/100 times the right-hand side", Rational::new(101, 100))
            .planted(Plant::StrictInequality, "the same with >")
            .remarks(&[
                "Not said: the M_k must not all be zero. norm_F(M_k) may exceed 1, so that W~(xi) is not in the set \
                 of (13) for this xi but for a smaller one: the limit is the same.",
                "The text says that the M_k depend on the W_k only; those of the second bound depend on X, w* and w \
                 too. What is needed is that they do not depend on xi.",
            ]),
        Step::new("theorem-2/eq-15", "(15), with line 811", &[813])
            .titled("The change of the gradient at a minimiser")
            .given("W a minimiser; any M_k and xi")
            .uses(&["gradient"])
            .by(exact(eq_15))
            .holds(
                "grad_k R^L(W) = 0 and grad_k R^L(W) - grad_k R^L(W~) = -W~_{k+1}^T .. W~_L^T w grad \
                    R^1(w~_prod)^T W~_1^T .. W~_{k-1}^T",
            )
            .planted(Plant::DroppedHypothesis, "the same at a network that is no minimiser")
            .planted(Plant::FlippedSign, "the same with + on the right"),
        Step::new("theorem-2/telescoping", "before (16)", &[819, 824])
            .titled("The gradient at the perturbed product, exactly")
            .given(MINIMISER)
            .uses(&["sections/minimum-of-both"])
            .by(exact(telescoping))
            .holds(
                "grad R^1(w~_prod) = (2/n) X^T X (w~_prod - w_prod) = (2/n) X^T X sum_k W~_1^T .. W~_{k-1}^T \
                    (W~_k^T - W_k^T) W_{k+1}^T .. W_L^T w",
            )
            .planted(Plant::OffByOne, "the same with W~_{k+1}^T .. W~_L^T behind the difference"),
        Step::new("theorem-2/eq-16", "(16)", &[829])
            .titled("The gradient at the perturbed product, to first order")
            .given(MINIMISER)
            .uses(&["theorem-2/telescoping"])
            .by(exact(eq_16))
            .holds("grad R^1(w~_prod) = (2/n) xi X^T X sum_k W_1^T .. W_{k-1}^T M_k^T W_{k+1}^T .. W_L^T w + O(xi^2)")
            .planted(Plant::FlippedSign, "the same with -xi")
            .planted(Plant::DroppedFactor, "the same without xi"),
        Step::new("theorem-2/first-order", "after (16)", &[])
            .quoted(833, "= \\mathcal{O}(\\xi)$")
            .titled("The gradient vanishes to first order")
            .given(MINIMISER)
            .uses(&["theorem-2/eq-16"])
            .by(exact(first_order))
            .holds("grad R^1(w~_prod) = O(xi)")
            .planted(Plant::DroppedHypothesis, "the same at a network that is no minimiser")
            .planted(Plant::OffByOne, "grad R^1(w~_prod) = O(xi^2)")
            .remarks(&["The text writes R for R^1 here."]),
        Step::new("theorem-2/delta-bar", "after (16), second display", &[836])
            .titled("Tildes dropped to first order")
            .given(MINIMISER)
            .uses(&["theorem-2/eq-15", "theorem-2/first-order"])
            .by(exact(delta_bar))
            .holds("Delta_k = -W_{k+1}^T .. W_L^T w grad R^1(w~_prod)^T W_1^T .. W_{k-1}^T + O(xi^2)")
            .planted(Plant::OffByOne, "the same up to O(xi^3)")
            .planted(Plant::FlippedSign, "the same with +"),
    ]
}

/// (17), line by line.
fn seventeen() -> Vec<Step> {
    vec![
        Step::new("theorem-2/eq-17-perturbation", "(17), first line", &[845])
            .titled("Squared norms to third order")
            .given(MINIMISER)
            .uses(&["theorem-2/delta-bar"])
            .by(exact(perturbation))
            .holds("sum_k norm_F(Delta_k)^2 = sum_k norm_F(Delta-bar_k)^2 + O(xi^3)")
            .planted(Plant::DroppedHypothesis, "the same at a network that is no minimiser"),
        Step::new("theorem-2/eq-17-norms", "(17), second line", &[850])
            .titled("Operator norms for Frobenius norms")
            .given(MINIMISER)
            .uses(&["theorem-2/delta-bar"])
            .by(exact(rank_one))
            .holds(
                "sum_k norm_F(Delta-bar_k)^2 >= sum_k norm_2(Delta-bar_k)^2 + O(xi^3): an equality, the leading \
                    coefficients have rank one",
            )
            .planted(
                Plant::DroppedHypothesis,
                "equality at a network that is no minimiser, where the change of \
                                                grad_k has rank two",
            ),
        Step::new("theorem-2/eq-17-means", "(17), third line", &[855])
            .titled("Arithmetic and geometric means")
            .given(MINIMISER)
            .by(enclosed(means))
            .holds(
                "sum_k norm_2(Delta-bar_k)^2 >= L (prod_k norm_2(Delta-bar_k))^(2/L) + O(xi^3), coefficients of \
                    xi^2",
            )
            .planted(Plant::WrongPower, "the same with the exponent 1/L")
            .stronger(Plant::WrongConstant, "the same with 101/100 L", Rational::new(101, 100)),
        Step::new("theorem-2/eq-17", "(17), fourth line", &[860])
            .titled("The norm of a product")
            .given(MINIMISER)
            .by(enclosed(submultiplicative))
            .holds(
                "L (prod_k norm(Delta-bar_k))^(2/L) >= L norm(Delta-bar_L .. Delta-bar_1)^(2/L) + O(xi^3), \
                    coefficients of xi^2",
            )
            .planted(Plant::FlippedSign, "the same with <=")
            .remarks(&["The text calls this subadditivity of the operator norm (lines 842 and 967): it is \
                 submultiplicativity. Subadditivity, norm(A + B) <= norm(A) + norm(B), says nothing of products."]),
    ]
}

const OTHERS: &[Other] = &[
    other(778, Reason::Claims(&["variational"])),
    other(786, Reason::Definition("W~_k(xi) = W_k + xi M_k, the M_k chosen later")),
    other(800, Reason::Repeats("gradient")),
    other(806, Reason::Repeats("gradient")),
];

/// The audit.
pub fn proof() -> Proof {
    let steps =
        [perturbed(), seventeen(), head_lost(), theorem_2_bounds::steps(), third()].into_iter().flatten().collect();
    Proof {
        id: "theorem-2",
        title: "Theorem 2",
        section: "B.1",
        proves: &["theorem-1", "theorem-2-norms", "theorem-2-depth"],
        steps,
        others: OTHERS,
    }
}
