//! The audit of B.1, second part: the two choices of the directions M_k. Symbols: `minimiser`; the lost head:
//! `theorem_2`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | M_k = beta_k W_k | `scaled` | d_k x d_{k-1} |
//! | u_k = W_{k-1} .. W_1 (2/n) X^T X w* | `u` | d_{k-1} |
//! | v_k = W_{k+1}^T .. W_L^T w | [`Scene::after`] | d_k |
//! | A_k = v_k u_k^T | [`Scene::a`] | d_k x d_{k-1} |
//!
//! **The second direction is transposed.** Line 942 prints `M_k = beta_k u_k v_k^T / (norm(u_k) norm(v_k))`, which has
//! the shape d_{k-1} x d_k, not that of W_k; and where the shapes agree,
//! `u_k^T M_k^T v_k = beta_k <u_k, v_k>^2/(norm(u_k) norm(v_k))`, not `beta_k norm(u_k) norm(v_k)`, which line 953 has.
//! With `v_k u_k^T` in place of `u_k v_k^T` both are right, and for `beta_k = norm_2(A_k) = norm(u_k) norm(v_k)` it is
//! `M_k = A_k`. (Section 3 names the factors the other way round: u_k of length d_k, v_k of length d_{k-1}.) All steps
//! after line 942 take the transposed direction.
//!
//! **The first choice is not the best.** `(sum beta_k)^2 / sum beta_k^2 t_k^2` with t_k = norm_F(W_k) is largest at
//! beta_k = 1/t_k^2, where it is sum 1/t_k^2; B.1 takes 1/t_k, which gives the smaller `(sum 1/t_k)^2/L`:
//! `theorem-2-norms/sharpened` has the larger.

use crate::arithmetic::{Dual, Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, chain, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::paper::section_3::minimiser::{Matrix, Root, Scene, WIDTHS, epsilon, parts, squares, sum};
use crate::paper::section_3::theorem_2::scene::CHOSEN;
use crate::paper::section_3::theorem_2::scene::{head, sum_of_terms};
use crate::problem::{dot, norm_squared};
use nalgebra::DMatrix;
use num_traits::{One, Zero};

/// beta_k W_k.
fn scaled(scene: &Scene) -> Vec<Matrix> {
    scene.layers.iter().zip(&scene.beta).map(|(w, b)| w.map(|v| v * b)).collect()
}

/// `W_{k-1} .. W_1 (2/n) X^T X w*`, a column.
fn u(scene: &Scene, k: usize) -> Matrix {
    scene.layers[..k - 1].iter().fold(scene.image(), |v, w| w * v)
}

/// The coefficients of 1 and xi of `w*^T grad R^1(w~_prod)` along directions.
fn along(scene: &Scene, directions: &[Matrix]) -> [Matrix; 2] {
    let gradient = scene.risk_gradient_at(&scene.moved(&epsilon(), directions));
    parts(&DMatrix::from_element(1, 1, dot(&scene.w_star.map(Dual::constant), &gradient)))
}

/// `w*^T (2/n) X^T X w*`.
pub(crate) fn form(scene: &Scene) -> Rational {
    dot(&scene.w_star, &(scene.doubled() * &scene.w_star))
}

/// Lines 906 and 911.
fn scaled_terms(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let directions = scaled(&scene);
    let [value, slope] = along(&scene, &directions);
    let row = scene.row() * scene.doubled();
    let terms = &row * sum_of_terms(&scene, &directions);
    let power = if how.plants(Plant::WrongPower) { 2 } else { 1 };
    let collected = sum(&scene.beta.iter().map(|b| b.powi(power)).collect::<Vec<_>>()) * form(&scene);
    Exact::Sides(vec![(value, scalar(Rational::zero())), (slope.clone(), terms), (slope, scalar(collected))])
}

/// Line 916 for every k, the index that line 916 leaves free.
fn smallest_eigenvalue(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    let signed = how.plants(Plant::DroppedHypothesis);
    let beta: Vec<Rational> = scene.beta.iter().map(|b| if signed { b.clone() } else { b.abs() }).collect();
    let total = sum(&beta);
    let greater = &total * form(&scene);
    let least = 2 * &scene.lambda * scene.target();
    let depth = scene.depth();
    let lesser = |k: usize| match how {
        How::Printed => Rational::from((depth - k) as i64) * &beta[k],
        _ => total.clone(),
    };
    Margins::All((0..depth).map(|k| Pair::exact(&greater, &(&least * lesser(k)), bits)).collect())
}

/// Line 922: `sum_k norm_F(Delta_k)^2 >= 4 L xi^2 lambda^2 norm(w*)^(4-2/L) (sum beta_k)^2`.
fn first_change(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    let target = scene.target();
    if target.is_zero() {
        return Margins::OutOfScope("w* = 0");
    }
    let change = sum(&scene.first(&scaled(&scene)).squares());
    let total = sum(&scene.beta).powi(2);
    first_root(&scene, how, total).at_most(&change, bits).into()
}

/// `4 L lambda^2 norm(w*)^(4-2/L) times` the factor.
pub(crate) fn first_root(scene: &Scene, how: How, factor: Rational) -> Root {
    let target = scene.target();
    let all = 4 * scene.length() * scene.lambda.powi(2) * target.powi(2) * factor;
    Root::new(all, head(scene, how) / target, scene.depth())
}

/// Line 928.
fn size_of_scaled(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let power = if how.plants(Plant::LostSquare) { 1 } else { 2 };
    let norms = squares(&scene.layers);
    let right: Vec<Rational> = scene.beta.iter().zip(norms).map(|(b, n)| b.powi(power) * n).collect();
    Exact::Sides(vec![(scalar(sum(&squares(&scaled(&scene)))), scalar(sum(&right)))])
}

/// Line 934.
fn first_bound(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    let size = sum(&squares(&scaled(&scene)));
    if scene.target().is_zero() || size.is_zero() {
        return Margins::OutOfScope("w* = 0, or all beta_k W_k are zero: the right-hand side divides by zero");
    }
    let root = first_root(&scene, how, sum(&scene.beta).powi(2) / size);
    match root.at_most_sharpness(&scene, false, bits) {
        Some(pair) => pair.into(),
        None => Margins::OutOfScope("the layers do not chain"),
    }
}

/// Depths.
pub(crate) const DEPTHS: Sizes = &[&[1], &[2], &[3], &[4]];

/// Line 938, in the norms t_k of the layers: `L (sum beta)^2/(sum beta_k^2 t_k^2) = (sum 1/t_k)^2` at beta_k = 1/t_k.
fn choice(draw: &mut Draw<'_>, how: How) -> Exact {
    let norms: Vec<Rational> = (0..draw.size(0)).map(|_| draw.positive()).collect();
    let power = if how.plants(Plant::WrongPower) { 2 } else { 1 };
    let beta: Vec<Rational> = norms.iter().map(|t| 1 / t.powi(power)).collect();
    let below: Vec<Rational> = beta.iter().zip(&norms).map(|(b, t)| b.powi(2) * t.powi(2)).collect();
    let inverse: Vec<Rational> = norms.iter().map(|t| 1 / t).collect();
    let left = Rational::from(norms.len() as i64) * sum(&beta).powi(2) / sum(&below);
    Exact::Sides(vec![(scalar(left), scalar(sum(&inverse).powi(2)))])
}

/// Lines 942 and 953, each term over beta_k/(norm(u_k) norm(v_k)): `u_k^T M_k^T v_k` with `M_k = u_k v_k^T` as printed,
/// and the shape of M_k.
fn directions(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let mut sides = Vec::new();
    for k in 1..=scene.depth() {
        let (u, v) = (u(&scene, k), scene.after(k));
        let m = if how.printed() { &u * v.transpose() } else { &v * u.transpose() };
        let layer = &scene.layers[k - 1];
        if m.shape() != layer.shape() {
            return Exact::DoesNotChain(format!("M_{k} is {:?}, W_{k} is {:?}", m.shape(), layer.shape()));
        }
        let product = match chain(&[&u.transpose(), &m.transpose(), &v]) {
            Ok(product) => product,
            Err(what) => return Exact::DoesNotChain(what),
        };
        let v_power = if how.plants(Plant::MissingNorm) { Rational::one() } else { norm_squared(v.iter()) };
        sides.push((product, scalar(norm_squared(u.iter()) * v_power)));
    }
    Exact::Sides(sides)
}

/// Line 948: without xi as printed.
fn second_terms(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let directions = scene.all_a();
    let [value, slope] = along(&scene, &directions);
    let terms = scene.row() * scene.doubled() * sum_of_terms(&scene, &directions);
    let terms = if how.plants(Plant::FlippedSign) { -terms } else { terms };
    let zero = scalar(Rational::zero());
    let (constant, linear) = if how.printed() { (terms, zero) } else { (zero, terms) };
    Exact::Sides(vec![(value, constant), (slope, linear)])
}

/// Line 958: the norms of u_k and v_k are those of the row and the column that they stand for.
fn named_norms(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let sides = (1..=scene.depth()).map(|k| {
        let to = if how.plants(Plant::OffByOne) { k + 1 } else { k };
        let row = scene.row() * scene.doubled() * scene.before(to);
        let norm = |m: &Matrix| norm_squared(m.iter());
        let v = norm(&scene.after(k));
        (scalar(norm(&u(&scene, k)) * &v), scalar(v * norm(&row)))
    });
    Exact::Sides(sides.collect())
}

/// Line 963, squared, for each k: `norm(v_k) norm(row_k)` against the operator norm of `v_k row_k`. With `G = A A^T`,
/// `G^2 = tr(G) G` says that norm_2(A)^2 = tr(G).
fn outer_norm(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let mut sides = Vec::new();
    for k in 1..=scene.depth() {
        let row = scene.row() * scene.doubled() * scene.before(k);
        let a = scene.after(k) * &row;
        let gram = &a * a.transpose();
        let trace = norm_squared(a.iter());
        let v = norm_squared(scene.after(k).iter());
        let v = if how.plants(Plant::LostSquare) { v.powi(2) } else { v };
        sides.push((&gram * &gram, gram.map(|e| e * &trace)));
        sides.push((scalar(trace), scalar(v * norm_squared(row.iter()))));
    }
    Exact::Sides(sides)
}

/// Line 969: an equality, coefficients of 1 and xi.
fn along_product(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let a = scene.all_a();
    let [value, slope] = along(&scene, &a);
    let norms = squares(&a);
    let kept = if how.plants(Plant::DroppedTerm) { &norms[1..] } else { &norms[..] };
    Exact::Sides(vec![(value, scalar(Rational::zero())), (slope, scalar(sum(kept)))])
}

/// Line 975: `sum_k norm_F(Delta_k)^2 >= (L xi^2/norm(w*)^(2/L)) (sum_k norm_2(A_k)^2)^2`.
fn second_change(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    if scene.target().is_zero() {
        return Margins::OutOfScope("w* = 0");
    }
    let a = scene.all_a();
    let change = sum(&scene.first(&a).squares());
    let power = if how.plants(Plant::LostSquare) { 1 } else { 2 };
    let factor = scene.length() * sum(&squares(&a)).powi(power);
    Root::new(factor, head(&scene, how) / scene.target(), scene.depth()).at_most(&change, bits).into()
}

/// Line 981 at a rational xi, with beta_k^2 = norm_2(A_k)^2 = norm(u_k)^2 norm(v_k)^2.
fn size_of_second(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let xi = draw.number();
    let a = scene.all_a();
    let moved = scene.moved(&xi, &a);
    let differences: Vec<Matrix> = scene.layers.iter().zip(&moved).map(|(w, m)| w - m).collect();
    let mut middle = Rational::zero();
    for k in 1..=scene.depth() {
        let (u, v) = (u(&scene, k), scene.after(k));
        let (uu, vv) = (norm_squared(u.iter()), norm_squared(v.iter()));
        if uu.is_zero() || vv.is_zero() {
            return Exact::OutOfScope("u_k or v_k is zero: M_k is 0/0");
        }
        let outer = norm_squared((&u * v.transpose()).iter());
        middle += &uu * &vv * outer / (uu * vv);
    }
    let square = if how.plants(Plant::LostSquare) { xi } else { xi.powi(2) };
    let last = sum(&squares(&a));
    let times = |q: Rational| scalar(&square * q);
    let left = scalar(sum(&squares(&differences)));
    Exact::Sides(vec![(left.clone(), times(middle)), (left, times(last))])
}

/// Line 987: `S(W)^2 >= (L/norm(w*)^(2/L)) sum_k norm_2(A_k)^2`.
fn second_sum(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    if scene.target().is_zero() {
        return Margins::OutOfScope("w* = 0");
    }
    let factor = scene.length() * sum(&squares(&scene.all_a()));
    let root = Root::new(factor, head(&scene, how) / scene.target(), scene.depth());
    match root.at_most_sharpness(&scene, false, bits) {
        Some(pair) => pair.into(),
        None => Margins::OutOfScope("the layers do not chain"),
    }
}

fn exact(sides: fn(&mut Draw<'_>, How) -> Exact) -> Body {
    Body::Identity { sizes: WIDTHS, sides }
}

fn enclosed(sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Body {
    Body::Instances { sizes: WIDTHS, sides }
}

pub(crate) fn percent() -> Rational {
    Rational::new(101, 100)
}

const FIRST: &str = "W a minimiser with w_prod = w*; M_k = beta_k W_k; any depth, widths and head";
const SECOND: &str = "W a minimiser with w_prod = w*; M_k = beta_k v_k u_k^T/(norm(u_k) norm(v_k)), the transposed of \
                      line 942 (see theorem-2/directions)";
pub(crate) const INHERITED: &str = "Inherits the lost head of line 867: L = 1, d = 1, X = 1, w = 1/2, W_1 = 2 fails, \
                                    norm(w) >= \
                         1 holds. With the factor it holds; what depends on it: see `theorem-2/product`.";

/// The first bound.
fn first() -> Vec<Step> {
    vec![
        Step::new("theorem-2/scaled-layers", "first bound, first display", &[906, 911])
            .titled("The change along w* for directions proportional to the layers")
            .given(FIRST)
            .uses(&["theorem-2/along-target"])
            .by(exact(scaled_terms))
            .holds(
                "w*^T grad R^1(w~_prod) = xi sum_k beta_k w*^T (2/n) X^T X W_1^T .. W_L^T w + O(xi^2) = xi sum_k \
                    beta_k w*^T (2/n) X^T X w_prod + O(xi^2)",
            )
            .planted(Plant::WrongPower, "the same with beta_k^2"),
        Step::new("theorem-2/smallest-eigenvalue", "first bound, third line", &[916])
            .titled("The smallest eigenvalue comes in")
            .given("as before, beta_k >= 0 (they are 1/norm_F(W_k) where it is used), xi > 0; coefficients of xi")
            .uses(&["theorem-2/scaled-layers"])
            .by(enclosed(smallest_eigenvalue))
            .fails(
                "xi sum_k beta_k w*^T (2/n) X^T X w_prod >= 2 xi lambda norm(w*)^2 sum_{j=k}^L beta_k + O(xi^2), k \
                 from 1 to L",
                Fault::Misprint,
                "The index is garbled: the sum over j = k, .., L of beta_k is (L - k + 1) beta_k with a free k. L = \
                 2, beta = (1, 0), k = 1, white data: 1 >= 2. Meant is sum_{k=1}^L beta_k, as line 922 has it. Not \
                 said: sum beta_k >= 0. For free parameters of any sign the inequality is turned round where the sum \
                 is negative (planted error); after squaring, line 922 holds for any sign.",
            )
            .corrected("xi sum_k beta_k w*^T (2/n) X^T X w_prod >= 2 xi lambda norm(w*)^2 sum_k beta_k + O(xi^2)")
            .planted(Plant::DroppedHypothesis, "the corrected form for beta_k of any sign")
            .stronger(Plant::WrongConstant, "the corrected form with 2.02", percent()),
        Step::new("theorem-2/first-change", "first bound, second display", &[922])
            .titled("The change of the gradient, first direction")
            .given("as before; w* != 0; coefficients of xi^2; beta_k of any sign")
            .uses(&["theorem-2/eq-18", "theorem-2/smallest-eigenvalue"])
            .by(enclosed(first_change))
            .fails(
                "sum_k norm_F(Delta_k)^2 >= 4 L xi^2 lambda^2 norm(w*)^(4-2/L) (sum beta_k)^2 + \
                    O(xi^3)",
                Fault::Inherited,
                INHERITED,
            )
            .corrected(
                "sum_k norm_F(Delta_k)^2 >= 4 L xi^2 lambda^2 norm(w)^(2/L) norm(w*)^(4-2/L) (sum beta_k)^2 + \
                        O(xi^3)",
            )
            .planted(Plant::WrongPower, "the same with norm(w)^2")
            .stronger(Plant::WrongConstant, "the corrected form with 4.04", percent()),
        Step::new("theorem-2/size-of-scaled", "first bound, third display", &[928])
            .titled("The size of the first direction")
            .given(FIRST)
            .by(exact(size_of_scaled))
            .holds("sum_k norm_F(M_k)^2 = sum_k beta_k^2 norm_F(W_k)^2")
            .planted(Plant::LostSquare, "the same with beta_k"),
        Step::new("theorem-2/first-bound", "first bound, fourth display", &[934])
            .titled("The first bound with free beta_k")
            .given("as before; w* != 0; not all beta_k zero")
            .uses(&["theorem-2/eq-14", "theorem-2/first-change", "theorem-2/size-of-scaled"])
            .by(enclosed(first_bound))
            .fails(
                "S(W)^2 >= 4 L lambda^2 norm(w*)^(4-2/L) (sum beta_k)^2 / sum beta_k^2 \
                    norm_F(W_k)^2",
                Fault::Inherited,
                INHERITED,
            )
            .corrected(
                "S(W)^2 >= 4 L lambda^2 norm(w)^(2/L) norm(w*)^(4-2/L) (sum beta_k)^2 / sum beta_k^2 \
                        norm_F(W_k)^2",
            )
            .planted(Plant::WrongPower, "the same with norm(w)^2")
            .stronger(Plant::WrongConstant, "the corrected form with 4.04", percent()),
        Step::new("theorem-2/choice-of-beta", "first bound, end", &[])
            .quoted(938, "The first lower bound unfolds by taking")
            .titled("beta_k = 1/norm_F(W_k)")
            .given("t_k = norm_F(W_k) > 0: true for w* != 0")
            .by(Body::Identity { sizes: DEPTHS, sides: choice })
            .holds("L (sum beta_k)^2 / sum beta_k^2 t_k^2 = (sum 1/t_k)^2 at beta_k = 1/t_k")
            .planted(Plant::WrongPower, "the same at beta_k = 1/t_k^2")
            .remarks(&[
                "The quotient is largest at beta_k = 1/t_k^2: L sum 1/t_k^2. The choice gives the first bound \
                        of Theorem 2 as stated, not the best that the argument gives.",
            ]),
    ]
}

/// The second bound, to the choice of beta_k.
fn second() -> Vec<Step> {
    vec![
        Step::new("theorem-2/directions", "second bound, first display and second line of the second", &[942, 953])
            .titled("The rank-one directions")
            .given("W a minimiser with w_prod = w*; any widths; times norm(u_k) norm(v_k)/beta_k")
            .uses(&["theorem-2/along-target"])
            .by(exact(directions))
            .fails(
                "M_k = beta_k u_k v_k^T/(norm(u_k) norm(v_k)) has the shape of W_k, and u_k^T M_k^T v_k = beta_k \
                 norm(u_k) norm(v_k)",
                Fault::Misprint,
                "The direction is transposed: u_k has length d_{k-1} and v_k length d_k, so u_k v_k^T is d_{k-1} by \
                 d_k, and W_k + xi M_k is defined only where the two widths agree; there u_k^T M_k^T v_k is \
                 beta_k <u_k, v_k>^2/(norm(u_k) norm(v_k)). Smallest case: L = 1, d = 2, d_1 = 1. With v_k u_k^T \
                 everything that follows is right. Section 3 names the factors the other way round, where \
                 the order is right. Nothing depends on it.",
            )
            .corrected("the same with M_k = beta_k v_k u_k^T/(norm(u_k) norm(v_k))")
            .planted(Plant::MissingNorm, "the corrected form without norm(v_k)"),
        Step::new("theorem-2/second-terms", "second bound, first line of the second display", &[948])
            .titled("The change along w* for the rank-one directions")
            .given(SECOND)
            .uses(&["theorem-2/along-target"])
            .by(exact(second_terms))
            .fails(
                "w*^T grad R^1(w~_prod) = sum_k w*^T (2/n) X^T X W_1^T .. W_{k-1}^T M_k^T v_k + O(xi^2)",
                Fault::Misprint,
                "The factor xi is missing: the left-hand side vanishes with xi, the right-hand side does not. The \
                 next line has it. Smallest case: L = 1, d = 1, all numbers 1.",
            )
            .corrected("the same with xi before the sum")
            .planted(Plant::FlippedSign, "the same with -xi"),
        Step::new("theorem-2/named-norms", "second bound, third line", &[958])
            .titled("u_k and v_k spelled out")
            .given(SECOND)
            .by(exact(named_norms))
            .holds("norm(u_k) norm(v_k) = norm(W_{k+1}^T .. W_L^T w) norm(w*^T (2/n) X^T X W_1^T .. W_{k-1}^T)")
            .planted(Plant::OffByOne, "the same with .. W_k^T in the second norm"),
        Step::new("theorem-2/outer-norm", "second bound, fourth line", &[963])
            .titled("The norm of the outer product")
            .given("as before; beta_k of any sign")
            .by(exact(outer_norm))
            .holds(
                "xi sum_k beta_k norm(v_k) norm(row_k) >= xi sum_k beta_k norm_2(v_k row_k): an equality, term by \
                    term, so for beta_k of any sign",
            )
            .planted(Plant::LostSquare, "the squared norms with norm(v_k)^4")
            .remarks(&[
                "Named subadditivity in the text (line 967); it is submultiplicativity, and for a column times \
                        a row an equality.",
            ]),
        Step::new("theorem-2/along-product", "second bound, third display", &[969])
            .titled("The change along w* after the choice of beta_k")
            .given(CHOSEN)
            .uses(&["theorem-2/directions", "theorem-2/second-terms", "theorem-2/named-norms", "theorem-2/outer-norm"])
            .by(exact(along_product))
            .holds("w_prod^T grad R^1(w~_prod) >= xi sum_k norm_2(A_k)^2 + O(xi^2): an equality to first order")
            .planted(Plant::DroppedTerm, "equality without the first term"),
        Step::new("theorem-2/second-change", "second bound, fourth display", &[975])
            .titled("The change of the gradient, second direction")
            .given(CHOSEN)
            .uses(&["theorem-2/eq-18", "theorem-2/along-product"])
            .by(enclosed(second_change))
            .fails(
                "sum_k norm_F(Delta_k)^2 >= (L xi^2/norm(w*)^(2/L)) (sum_k norm_2(A_k)^2)^2 + \
                    O(xi^3)",
                Fault::Inherited,
                INHERITED,
            )
            .corrected("sum_k norm_F(Delta_k)^2 >= L xi^2 (norm(w)/norm(w*))^(2/L) (sum_k norm_2(A_k)^2)^2 + O(xi^3)")
            .planted(Plant::LostSquare, "the same with the sum in place of its square")
            .stronger(Plant::WrongConstant, "the corrected form with 1.01 L", percent()),
        Step::new("theorem-2/size-of-second", "second bound, fifth display", &[981])
            .titled("The size of the second direction")
            .given(CHOSEN)
            .by(exact(size_of_second))
            .holds(
                "sum_k norm_F(W_k - W~_k)^2 = xi^2 sum_k beta_k^2 norm_F(u_k v_k^T)^2/(norm(u_k)^2 norm(v_k)^2) = \
                    xi^2 sum_k beta_k^2 = xi^2 sum_k norm_2(A_k)^2",
            )
            .planted(Plant::LostSquare, "the same with xi"),
        Step::new("theorem-2/second-sum", "second bound, sixth display", &[987])
            .titled("The sharpness from the A_k")
            .given(CHOSEN)
            .uses(&["theorem-2/eq-14", "theorem-2/second-change", "theorem-2/size-of-second"])
            .by(enclosed(second_sum))
            .fails("S(W)^2 >= (L/norm(w*)^(2/L)) sum_k norm_2(A_k)^2", Fault::Inherited, INHERITED)
            .corrected("S(W)^2 >= L (norm(w)/norm(w*))^(2/L) sum_k norm_2(A_k)^2")
            .planted(Plant::WrongPower, "the same with norm(w)^2")
            .stronger(Plant::WrongConstant, "the corrected form with 1.01 L", percent()),
    ]
}

/// The steps of the two halves.
pub(crate) fn steps() -> Vec<Step> {
    [first(), second()].into_iter().flatten().collect()
}
