//! The proof of Lemma 9 (Appendix A): products of matrices under perturbation of each factor.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_1, .., W_L | `Scene::layers` | d x d |
//! | theta_k | `Scene::theta`: any, or scaled to norm m^2/(4 M^2) by [`Scene::bounded`] | d x d |
//! | M >= 1, m in (0, 1) | [`Bounds`]: the tightest that the prefix products allow, a little wider | scalars |
//! | h_k, h~_k | [`Scene::paths`] | d |
//! | empty product (k = j) | the identity | d x d |
//!
//! Sizes are `[L, d]`. The hypothesis on the prefix products holds by the choice of M and m; a sample with a singular
//! prefix product is out of scope. All displays hold as printed.
//!
//! **Equality.** For d = 1 norms are absolute values and every inequality about norms of products is an equality in
//! some cases, which no enclosure decides. There both sides are rational and compared as such ([`Tie`]). The columns of
//! theta are mixed, so that for d >= 2 the patterns of the samples meet few equalities.
//!
//! The scalar steps are over M = 1/a, a in (0, 1], and m in `[0, 1]`.

use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::harness::steps::equality::{Exact, column};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair, TIE_BITS};
use crate::harness::steps::sample::{Draw, big, of};
use crate::harness::steps::step::{Body, Other, Proof, Reason, Step, other};
use crate::harness::steps::tie::Tie;
use crate::linalg::{inertia, largest_singular_value, smallest_singular_value, solve};
use crate::paper::section_4::scenes::spectral_norm;
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// Depth and width.
const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 2], &[4, 3]];

/// The same for steps with many norms.
const FEWER: Sizes = &[&[1, 1], &[2, 1], &[1, 2], &[2, 2], &[3, 2]];

type Matrix = DMatrix<Rational>;
type Vector = DVector<Rational>;

/// What the statements of the proof speak of, exact.
struct Scene {
    layers: Vec<Matrix>,
    theta: Vec<Matrix>,
    start: Vector,
}

/// M and m.
struct Bounds {
    high: Rational,
    low: Rational,
}

impl Bounds {
    /// m^2/(4 M^2).
    fn radius(&self) -> Rational {
        (&self.low / (2 * &self.high)).powi(2)
    }
}

impl Scene {
    fn draw(draw: &mut Draw<'_>) -> Self {
        let (depth, d) = (draw.size(0), draw.size(1));
        let layers = (0..depth).map(|_| Matrix::identity(d, d) + draw.matrix(d, d)).collect();
        // Mixes the columns by a matrix that has no simple eigenvectors.
        let mixing =
            Matrix::from_fn(d, d, |i, j| Rational::from(i64::from(i == j)) + Rational::new(1, (i + 2 * j + 3) as i64));
        let theta = (0..depth).map(|_| draw.matrix(d, d) * &mixing).collect();
        Self { layers, theta, start: draw.vector(d) }
    }
    fn depth(&self) -> usize {
        self.layers.len()
    }
    /// [`sum_of_norms`] of numbers, exactly; `None` for matrices.
    fn sum_of_sizes(&self, tilde: &[Vector], k: usize, how: How) -> Option<Rational> {
        (self.start.len() == 1).then_some(())?;
        let term = |j: usize| {
            let first = if how.plants(Plant::DroppedFactor) { Rational::one() } else { self.product(k, j)[0].abs() };
            first * self.theta[j - 1][0].abs() * tilde[j - 1][0].abs()
        };
        Some((1..=k).fold(Rational::zero(), |s, j| s + term(j)) / Rational::from(self.depth() as i64))
    }
    /// W_k .. W_{j+1}: the identity for j = k.
    fn product(&self, k: usize, j: usize) -> Matrix {
        let d = self.start.len();
        self.layers[j..k].iter().fold(Matrix::identity(d, d), |p, w| w * p)
    }
    /// theta_k / L.
    fn share(&self, k: usize) -> Matrix {
        let depth = Rational::from(self.depth() as i64);
        self.theta[k - 1].map(|v| v / &depth)
    }
    /// W_k + theta_k / L.
    fn moved(&self, k: usize) -> Matrix {
        &self.layers[k - 1] + self.share(k)
    }
    /// W~_k .. W~_1.
    fn moved_product(&self, k: usize) -> Matrix {
        let d = self.start.len();
        (1..=k).fold(Matrix::identity(d, d), |p, j| self.moved(j) * p)
    }
    /// h_0, .., h_L and h~_0, .., h~_L, by the recursions.
    fn paths(&self) -> (Vec<Vector>, Vec<Vector>) {
        let (mut h, mut tilde) = (vec![self.start.clone()], vec![self.start.clone()]);
        for k in 1..=self.depth() {
            h.push(&self.layers[k - 1] * &h[k - 1]);
            tilde.push(self.moved(k) * &tilde[k - 1]);
        }
        (h, tilde)
    }
    /// M and m, exact, wider than the extremes at 96 bits by 2^-40, so that the hypothesis holds and no equality is
    /// left to enclosures; `None` where a prefix product is singular.
    fn extremes(&self) -> Option<Bounds> {
        const BITS: u32 = 96;
        let (mut high, mut low) = (Rational::one(), Rational::new(999, 1000));
        for k in 1..=self.depth() {
            let p = big(&self.product(k, 0), BITS);
            high = high.max(largest_singular_value(&p).upper_rational()?);
            low = low.min(smallest_singular_value(&p).lower_rational()?);
        }
        let wider = 1 + Rational::new(1, 1 << 40);
        (low.sign() > 0).then(|| Bounds { high: high * &wider, low: low / wider })
    }
    /// M and m, and the theta_k brought to the boundary of the ball, a little inside; as they are where the hypothesis
    /// is dropped.
    fn bounded(draw: &mut Draw<'_>, how: How) -> Result<(Self, Bounds), Margins> {
        let mut scene = Self::draw(draw);
        let bounds = scene.extremes().ok_or(SINGULAR)?;
        if how.plants(Plant::DroppedHypothesis) {
            return Ok((scene, bounds));
        }
        for theta in &mut scene.theta {
            let size = operator_norm(theta, 96).upper_rational().ok_or(SINGULAR)?;
            if !size.is_zero() {
                let scale = bounds.radius() / size;
                *theta = theta.map(|v| v * &scale);
            }
        }
        Ok((scene, bounds))
    }
}

const SINGULAR: Margins = Margins::OutOfScope("a prefix product is singular");

fn operator_norm(m: &Matrix, bits: u32) -> Big {
    largest_singular_value(&big(m, bits))
}

fn square(v: &Vector) -> Rational {
    norm_squared(v.iter())
}

fn length(v: &Vector, bits: u32) -> Big {
    of(&square(v), bits).sqrt()
}

/// (9): `norm(W_k..W_{j+1}) <= norm(W_k..W_{j+1} W_j..W_1) / sigma_min(W_j..W_1) = norm(W_k..W_1) / sigma_min(W_j..W_1)
/// <= M/m`.
fn eq_9(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw);
    let Some(Bounds { high, low }) = scene.extremes() else { return SINGULAR };
    let mut pairs = Vec::new();
    for k in 1..=scene.depth() {
        for j in 1..=k {
            let (left, right) = (scene.product(k, j), scene.product(j, 0));
            let below = smallest_singular_value(&big(&right, bits));
            let (joined, whole) = (operator_norm(&(&left * &right), bits), operator_norm(&scene.product(k, 0), bits));
            let product = operator_norm(&left, bits) * below.clone();
            pairs.push(Pair::new(joined.clone(), product).or_exactly(shared(&left, &right, bits)));
            // The middle equality: one and the same matrix, whatever the brackets.
            let same = &left * &right == scene.product(k, 0);
            let one = |b: bool| Rational::from(i64::from(b));
            pairs.push(Pair::exact(&one(same), &Rational::one(), bits));
            let ratio = if how.plants(Plant::DroppedFactor) { high.clone() } else { &high / &low };
            pairs.push(Pair::new(of(&ratio, bits) * below, whole));
        }
    }
    Margins::All(pairs)
}

/// `norm(A B)^2` against `norm(A)^2 sigma_min(B)^2`, B regular: exactly where all three are rational; else
/// `B B^T = c I` gives `A B (A B)^T = c A A^T`, an equality.
fn shared(a: &Matrix, b: &Matrix, bits: u32) -> Option<Tie> {
    if bits < TIE_BITS {
        return None;
    }
    let (joined, right) = (a * b, b * b.transpose());
    let norm = |gram: &Matrix| spectral_norm(gram, bits).exact;
    let inverse = solve(&right, &Matrix::identity(right.nrows(), right.nrows())).ok()?;
    let squares = || Some((norm(&(joined.transpose() * &joined))?, norm(&(a.transpose() * a))?, norm(&inverse)?));
    if let Some((whole, first, least)) = squares() {
        return Some(Tie::Order(whole, first / least));
    }
    let scale = right.trace() / Rational::from(right.nrows() as i64);
    let apart = &right - Matrix::identity(right.nrows(), right.nrows()).map(|v: Rational| v * scale.clone());
    Some(Tie::where_zero(norm_squared(apart.iter())))
}

/// 1/M and m; a planted error lets M fall to 1/4.
fn constants(how: How) -> Vec<(Rational, Rational)> {
    let begin = if matches!(how, How::Planted(_)) { Rational::new(1, 16) } else { Rational::zero() };
    let end = Rational::from(if how.plants(Plant::DroppedHypothesis) { 4 } else { 1 });
    vec![(begin.clone(), end), (begin, Rational::one())]
}

/// A recursion: h_k from the products against one step, k = 1, .., L.
fn path(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::draw(draw);
    let fed = |k: usize| if how.plants(Plant::OffByOne) { k } else { k - 1 };
    let side = |k: usize| {
        let left = scene.product(k, 0) * &scene.start;
        let right = &scene.layers[k - 1] * (scene.product(fed(k), 0) * &scene.start);
        (column(&left), column(&right))
    };
    Exact::Sides((1..=scene.depth()).map(side).collect())
}

fn moved_path(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::draw(draw);
    let side = |k: usize| {
        let left = scene.moved_product(k) * &scene.start;
        let theta = if how.plants(Plant::DroppedFactor) { scene.theta[k - 1].clone() } else { scene.share(k) };
        let right = (&scene.layers[k - 1] + theta) * (scene.moved_product(k - 1) * &scene.start);
        (column(&left), column(&right))
    };
    Exact::Sides((1..=scene.depth()).map(side).collect())
}

/// The recursion before (10): `h~_k - h_k = theta_k/L h~_{k-1} + W_k (h~_{k-1} - h_{k-1})`.
fn recursion(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::draw(draw);
    let (h, tilde) = scene.paths();
    let side = |k: usize| {
        let fed = if how.plants(Plant::OffByOne) { &h[k - 1] } else { &tilde[k - 1] };
        let theta = if how.plants(Plant::DroppedFactor) { scene.theta[k - 1].clone() } else { scene.share(k) };
        let right = theta * fed + &scene.layers[k - 1] * (&tilde[k - 1] - &h[k - 1]);
        (column(&(&tilde[k] - &h[k])), column(&right))
    };
    Exact::Sides((1..=scene.depth()).map(side).collect())
}

/// (10): `h~_k - h_k = sum_j W_k .. W_{j+1} (theta_j/L) h~_{j-1}`.
fn eq_10(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::draw(draw);
    let (h, tilde) = scene.paths();
    let side = |k: usize| {
        let term = |j: usize| {
            let theta = if how.plants(Plant::DroppedFactor) { scene.theta[j - 1].clone() } else { scene.share(j) };
            let from = if how.plants(Plant::OffByOne) { j - 1 } else { j };
            scene.product(k, from) * (theta * &tilde[j - 1])
        };
        let zero = Vector::zeros(scene.start.len());
        (column(&(&tilde[k] - &h[k])), column(&(1..=k).fold(zero, |s, j| s + term(j))))
    };
    Exact::Sides((1..=scene.depth()).map(side).collect())
}

/// (11), k = 0, .., L.
fn eq_11(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (scene, bounds) = match Scene::bounded(draw, how) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let (_, tilde) = scene.paths();
    let factor = if how.plants(Plant::WrongConstant) { Rational::one() } else { Rational::from(2) };
    let bound = of(&(factor * bounds.high), bits) * length(&tilde[0], bits);
    Margins::All(tilde.iter().map(|h| Pair::new(bound.clone(), length(h, bits))).collect())
}

/// `(1/L) sum_{j <= k} norm(W_k .. W_{j+1}) norm(theta_j) norm(h~_{j-1})`; planted: without its first factor.
fn sum_of_norms(scene: &Scene, tilde: &[Vector], k: usize, how: How, bits: u32) -> Big {
    let term = |j: usize| {
        let rest = operator_norm(&scene.theta[j - 1], bits) * length(&tilde[j - 1], bits);
        if how.plants(Plant::DroppedFactor) { rest } else { operator_norm(&scene.product(k, j), bits) * rest }
    };
    (1..=k).fold(Big::zero(), |s, j| s + term(j)) / Big::from_i64(scene.depth() as i64)
}

fn eq_12(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw);
    let (h, tilde) = scene.paths();
    let pair = |k: usize| {
        let sum = sum_of_norms(&scene, &tilde, k, how, bits);
        let exact = scene.sum_of_sizes(&tilde, k, how);
        let tie = exact.map(|sum| Tie::Order(sum, (tilde[k][0].clone() - h[k][0].clone()).abs()));
        Pair::new(sum, length(&(&tilde[k] - &h[k]), bits)).or_exactly(tie)
    };
    Margins::All((1..=scene.depth()).map(pair).collect())
}

/// `norm(h~_k - h_k) <= (1/L) sum_{j <= k} (M/m) (m/(2M)) 2M norm(h~_0) <= M norm(h~_0)`.
fn distance(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (scene, Bounds { high, low }) = match Scene::bounded(draw, how) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let (h, tilde) = scene.paths();
    let two = Rational::from(2);
    let product = (&high / &low) * (low / (&two * &high)) * (two * &high);
    let start = length(&tilde[0], bits);
    let mut pairs = Vec::new();
    for k in 1..=scene.depth() {
        let terms = if how.plants(Plant::OffByOne) { k - 1 } else { k };
        let sum = &product * Rational::new(terms as i64, scene.depth() as i64);
        pairs.push(Pair::new(of(&sum, bits) * &start, length(&(&tilde[k] - &h[k]), bits)));
        // The common factor norm(h~_0) is not negative.
        pairs.push(Pair::exact(&high, &sum, bits));
    }
    Margins::All(pairs)
}

/// `norm(h~_k) <= norm(h_k) + norm(h~_k - h_k) <= norm(W_k .. W_1) norm(h_0) + M norm(h~_0) <= 2M norm(h~_0)`.
fn triangle(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (scene, bounds) = match Scene::bounded(draw, how) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let (h, tilde) = scene.paths();
    let (high, start) = (of(&bounds.high, bits), length(&scene.start, bits));
    let mut pairs = Vec::new();
    for k in 1..=scene.depth() {
        let apart = if how.plants(Plant::DroppedTerm) { Rational::zero() } else { square(&(&tilde[k] - &h[k])) };
        let first = length(&h[k], bits) + of(&apart, bits).sqrt();
        let one = Rational::one;
        let tie = Tie::Roots(vec![(one(), square(&h[k])), (one(), apart), (-one(), square(&tilde[k]))]);
        let second = (operator_norm(&scene.product(k, 0), bits) + high.clone()) * start.clone();
        let factor = Rational::from(if how.plants(Plant::WrongConstant) { 1 } else { 2 });
        let third = of(&factor, bits) * high.clone() * start.clone();
        pairs.push(Pair::new(first.clone(), length(&tilde[k], bits)).or_exactly(tie));
        pairs.push(Pair::new(second.clone(), first));
        pairs.push(Pair::new(third, second));
    }
    Margins::All(pairs)
}

fn moved_norm(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (scene, bounds) = match Scene::bounded(draw, how) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let factor = if how.plants(Plant::WrongConstant) { Rational::one() } else { Rational::from(2) };
    let bound = of(&(factor * bounds.high), bits);
    let pair = |k: usize| Pair::new(bound.clone(), operator_norm(&scene.moved_product(k), bits));
    Margins::All((1..=scene.depth()).map(pair).collect())
}

fn reverse_triangle(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw);
    let (h, tilde) = scene.paths();
    let pair = |k: usize| {
        let apart = square(&(&tilde[k] - &h[k]));
        let sign = Rational::from(if how.plants(Plant::FlippedSign) { -1 } else { 1 });
        let right = length(&h[k], bits) - of(&sign, bits) * of(&apart, bits).sqrt();
        let one = Rational::one;
        let tie = Tie::Roots(vec![(one(), square(&tilde[k])), (-one(), square(&h[k])), (sign, apart)]);
        Pair::new(length(&tilde[k], bits), right).or_exactly(tie)
    };
    Margins::All((1..=scene.depth()).map(pair).collect())
}

/// The sides of [`from_below`] exactly: for scalars; and, squared, where the path is not moved and
/// `norm(h_k)^2/norm(h_0)^2` is the least eigenvalue of `P^T P`, P = W_k .. W_1, by its inertia.
fn unmoved(scene: &Scene, (h, tilde): (&[Vector], &[Vector]), k: usize, how: How) -> Option<Tie> {
    let p = scene.product(k, 0);
    let start = if how.plants(Plant::MissingNorm) { Rational::one() } else { square(&scene.start) };
    if let Some(sum) = scene.sum_of_sizes(tilde, k, how) {
        let left = h[k][0].abs() - (tilde[k][0].clone() - h[k][0].clone()).abs();
        return Some(Tie::Order(left, p[0].abs() * start.exact_sqrt()? - sum));
    }
    let still = scene.theta[..k].iter().all(|t| t.iter().all(Rational::is_zero));
    if !still || scene.start.iter().all(Rational::is_zero) {
        return None;
    }
    let least = square(&h[k]) / square(&scene.start);
    let mut shifted = p.transpose() * &p;
    for i in 0..shifted.nrows() {
        shifted[(i, i)] -= least.clone();
    }
    let counts = inertia(&shifted);
    (counts.negative == 0 && counts.zero > 0).then(|| Tie::Order(square(&h[k]), least * start))
}

/// `norm(h_k) - norm(h~_k - h_k) >= sigma_min(W_k .. W_1) norm(h_0) - (1/L) sum ..`.
fn from_below(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw);
    let (h, tilde) = scene.paths();
    let pair = |k: usize| {
        let left = length(&h[k], bits) - length(&(&tilde[k] - &h[k]), bits);
        let least = smallest_singular_value(&big(&scene.product(k, 0), bits));
        let least = if how.plants(Plant::MissingNorm) { least } else { least * length(&scene.start, bits) };
        Pair::new(left, least - sum_of_norms(&scene, &tilde, k, how, bits)).or_exactly(unmoved(
            &scene,
            (&h, &tilde),
            k,
            how,
        ))
    };
    Margins::All((1..=scene.depth()).map(pair).collect())
}

/// `norm(h~_k) >= m norm(h_0) - (1/L) sum_{j <= k} (M/m) (m^2/(4M^2)) 2M norm(h_0) >= (m/2) norm(h_0)`.
fn last(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (scene, Bounds { high, low }) = match Scene::bounded(draw, how) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let (_, tilde) = scene.paths();
    let (two, start) = (Rational::from(2), length(&scene.start, bits));
    let power = if how.plants(Plant::LostSquare) { low.clone() } else { low.powi(2) };
    let product = (&high / &low) * (power / (4 * high.powi(2))) * (&two * high);
    let floor = if how.plants(Plant::WrongConstant) { low.clone() } else { &low / two };
    let mut pairs = Vec::new();
    for (k, h) in tilde.iter().enumerate().skip(1) {
        let middle = &low - &product * Rational::new(k as i64, scene.depth() as i64);
        pairs.push(Pair::new(length(h, bits), of(&middle, bits) * &start));
        // The common factor norm(h_0) is not negative.
        pairs.push(Pair::exact(&middle, &floor, bits));
    }
    Margins::All(pairs)
}

const OTHERS: &[Other] = &[
    other(645, Reason::Assumption("the prefix products have norm at most M")),
    other(651, Reason::Assumption("the prefix products have smallest singular value at least m")),
    other(657, Reason::Claims(&["lemma-9"])),
    other(662, Reason::Claims(&["lemma-9"])),
    other(682, Reason::Definition("the activations h_k")),
    other(688, Reason::Definition("h~_k")),
];

const PREFIXES: &str =
    "every prefix product has norm at most M and smallest singular value at least m > 0; M >= 1, m < 1";
const BALL: &str = "the hypotheses of Lemma 9: M, m, and theta of norm m^2/(4 M^2)";
const ANYTHING: &str = "any layers, theta, h_0";

fn identity(sides: fn(&mut Draw<'_>, How) -> Exact) -> Body {
    Body::Identity { sizes: SIZES, sides }
}

fn instances(sizes: Sizes, sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Body {
    Body::Instances { sizes, sides }
}

fn scalar(sides: fn(&[Big], How) -> (Big, Big)) -> Body {
    Body::Domain { variables: &["1/M", "m"], domain: constants, sides }
}

fn products() -> Vec<Step> {
    vec![
        Step::new("lemma-9/eq-9", "Lemma 9, proof, (9)", &[673])
            .titled("Norms of inner products of layers")
            .given(PREFIXES)
            .by(instances(FEWER, eq_9))
            .holds(
                "norm(W_k..W_{j+1}) <= norm(W_k..W_{j+1} W_j..W_1) / sigma_min(W_j..W_1) = norm(W_k..W_1) / \
                    sigma_min(W_j..W_1) <= M/m, 1 <= j <= k <= L",
            )
            .planted(Plant::DroppedFactor, "norm(W_k..W_1) / sigma_min(W_j..W_1) <= M"),
        Step::new("lemma-9/empty-product", "Lemma 9, proof, after (9)", &[])
            .quoted(678, "which has an operator norm of")
            .titled("The empty product")
            .given("M >= 1, m in (0, 1)")
            .by(scalar(|v, _| (Big::one(), &v[0] * &v[1])))
            .holds("1 <= M/m")
            .planted(Plant::DroppedHypothesis, "the same for M >= 1/4"),
        Step::new("lemma-9/path", "Lemma 9, proof", &[694])
            .titled("One layer of the path")
            .given(ANYTHING)
            .by(identity(path))
            .holds("h_k = W_k h_{k-1}, k >= 1")
            .planted(Plant::OffByOne, "h_k = W_k h_k"),
        Step::new("lemma-9/moved-path", "Lemma 9, proof", &[700])
            .titled("One layer of the perturbed path, as a product")
            .given(ANYTHING)
            .by(identity(moved_path))
            .holds("h~_k = (W_k + theta_k/L) h~_{k-1}, k >= 1")
            .planted(Plant::DroppedFactor, "h~_k = (W_k + theta_k) h~_{k-1}"),
        Step::new("lemma-9/recursion", "Lemma 9, proof, before (10)", &[706])
            .titled("One layer of the perturbed path")
            .given(ANYTHING)
            .uses(&["lemma-9/path", "lemma-9/moved-path"])
            .by(identity(recursion))
            .holds("h~_k - h_k = theta_k/L h~_{k-1} + W_k (h~_{k-1} - h_{k-1})")
            .planted(Plant::DroppedFactor, "h~_k - h_k = theta_k h~_{k-1} + W_k (h~_{k-1} - h_{k-1})")
            .planted(Plant::OffByOne, "h~_k - h_k = theta_k/L h_{k-1} + W_k (h~_{k-1} - h_{k-1})"),
        Step::new("lemma-9/eq-10", "Lemma 9, proof, (10)", &[713])
            .titled("The recursion unrolled")
            .given(ANYTHING)
            .uses(&["lemma-9/recursion"])
            .by(identity(eq_10))
            .holds("h~_k - h_k = sum_{j=1}^k W_k..W_{j+1} (theta_j/L) h~_{j-1}")
            .planted(Plant::DroppedFactor, "h~_k - h_k = sum_{j=1}^k W_k..W_{j+1} theta_j h~_{j-1}")
            .planted(Plant::OffByOne, "h~_k - h_k = sum_{j=1}^k W_k..W_j (theta_j/L) h~_{j-1}"),
    ]
}

fn from_above() -> Vec<Step> {
    vec![
        Step::new("lemma-9/eq-11", "Lemma 9, proof, (11)", &[720])
            .titled("The perturbed path stays within 2M")
            .given(BALL)
            .uses(&["lemma-9/base-case", "lemma-9/distance", "lemma-9/triangle"])
            .by(instances(SIZES, eq_11))
            .holds("norm(h~_k) <= 2M norm(h~_0), k >= 0")
            .planted(Plant::WrongConstant, "norm(h~_k) <= M norm(h~_0)")
            .planted(Plant::DroppedHypothesis, "the same for theta outside of the ball"),
        Step::new("lemma-9/base-case", "Lemma 9, proof, after (11)", &[])
            .quoted(724, "This equation holds for  $k = 0$  since")
            .titled("The start of the recurrence")
            .given("M >= 1")
            .by(scalar(|v, _| (Big::from_i64(2), v[0].clone())))
            .holds("1 <= 2M")
            .planted(Plant::DroppedHypothesis, "the same for M >= 1/4"),
        Step::new("lemma-9/eq-12", "Lemma 9, proof, (12)", &[727])
            .titled("Norms of the terms")
            .given(ANYTHING)
            .uses(&["lemma-9/eq-10"])
            .by(instances(SIZES, eq_12))
            .holds("norm(h~_k - h_k) <= (1/L) sum_{j=1}^k norm(W_k..W_{j+1}) norm(theta_j) norm(h~_{j-1})")
            .planted(Plant::DroppedFactor, "norm(h~_k - h_k) <= (1/L) sum_{j=1}^k norm(theta_j) norm(h~_{j-1})"),
        Step::new("lemma-9/wider-ball", "Lemma 9, proof, after (12)", &[])
            .quoted(731, "implies in particular that")
            .titled("The ball lies in a wider one")
            .given("M >= 1, m in (0, 1)")
            // m^2/(4 M^2) <= m/(2M), divided by m/(2M).
            .by(scalar(|v, _| (Big::from_i64(2), &v[0] * &v[1])))
            .holds("m^2/(4 M^2) <= m/(2M)")
            .planted(Plant::DroppedHypothesis, "the same for M >= 1/4"),
        Step::new("lemma-9/distance", "Lemma 9, proof, after (12)", &[733])
            .titled("The distance of the paths")
            .given(BALL)
            .uses(&["lemma-9/eq-9", "lemma-9/empty-product", "lemma-9/eq-12", "lemma-9/wider-ball"])
            .by(instances(FEWER, distance))
            .holds("norm(h~_k - h_k) <= (1/L) sum_{j=1}^k (M/m) (m/(2M)) 2M norm(h~_0) <= M norm(h~_0)")
            .planted(Plant::OffByOne, "norm(h~_k - h_k) <= (1/L) sum_{j=1}^{k-1} (M/m) (m/(2M)) 2M norm(h~_0)"),
        Step::new("lemma-9/triangle", "Lemma 9, proof, after (12)", &[739])
            .titled("The step of the recurrence")
            .given(BALL)
            .uses(&["lemma-9/distance"])
            .by(instances(FEWER, triangle))
            .holds(
                "norm(h~_k) <= norm(h_k) + norm(h~_k - h_k) <= norm(W_k..W_1) norm(h_0) + M norm(h~_0) <= 2M \
                    norm(h~_0)",
            )
            .planted(Plant::DroppedTerm, "norm(h~_k) <= norm(h_k)")
            .planted(Plant::WrongConstant, "norm(h~_k) <= .. <= M norm(h~_0)"),
        Step::new("lemma-9/operator-norm", "Lemma 9, proof", &[745])
            .titled("The first conclusion")
            .given(BALL)
            .uses(&["lemma-9/eq-11"])
            .by(instances(SIZES, moved_norm))
            .holds("norm(W~_k..W~_1) <= 2M, k >= 1")
            .planted(Plant::WrongConstant, "norm(W~_k..W~_1) <= M"),
    ]
}

fn below() -> Vec<Step> {
    vec![
        Step::new("lemma-9/reverse-triangle", "Lemma 9, proof, lower bound", &[751])
            .titled("The triangle inequality from below")
            .given(ANYTHING)
            .by(instances(SIZES, reverse_triangle))
            .holds("norm(h~_k) >= norm(h_k) - norm(h~_k - h_k)")
            .planted(Plant::FlippedSign, "norm(h~_k) >= norm(h_k) + norm(h~_k - h_k)"),
        Step::new("lemma-9/from-below", "Lemma 9, proof, lower bound", &[756])
            .titled("The smallest singular value, and (12)")
            .given(ANYTHING)
            .uses(&["lemma-9/eq-12"])
            .by(instances(FEWER, from_below))
            .holds(
                "norm(h_k) - norm(h~_k - h_k) >= sigma_min(W_k..W_1) norm(h_0) - (1/L) sum_{j=1}^k \
                    norm(W_k..W_{j+1}) norm(theta_j) norm(h~_{j-1})",
            )
            .planted(Plant::DroppedFactor, "the same without the factors norm(W_k..W_{j+1})")
            .planted(Plant::MissingNorm, "the same with sigma_min(W_k..W_1) in place of sigma_min(W_k..W_1) norm(h_0)"),
        Step::new("lemma-9/last", "Lemma 9, proof, lower bound", &[762])
            .titled("The second conclusion")
            .given(BALL)
            .uses(&["lemma-9/eq-9", "lemma-9/eq-11", "lemma-9/reverse-triangle", "lemma-9/from-below"])
            .by(instances(FEWER, last))
            .holds("norm(h~_k) >= m norm(h_0) - (1/L) sum_{j=1}^k (M/m) (m^2/(4M^2)) 2M norm(h_0) >= (m/2) norm(h_0)")
            .planted(Plant::WrongConstant, "norm(h~_k) >= .. >= m norm(h_0)")
            .planted(Plant::LostSquare, "the same with (M/m) (m/(4M^2)) 2M"),
    ]
}

/// The audit of the proof of Lemma 9.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-9",
        title: "Lemma 9",
        section: "Appendix A",
        proves: &["lemma-9"],
        steps: products().into_iter().chain(from_above()).chain(below()).collect(),
        others: OTHERS,
    }
}
