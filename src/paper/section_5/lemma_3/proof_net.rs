//! The audit of B.9, lines 2115 to 2189: nets, for the norm and for sigma_min.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | Pi_{k:1} with a known singular value decomposition, x, h_0 | [`Known`]: `Q diag(values) P^T`, `x = P e_i`, h_0 within epsilon of x | d x d, d, d |
//! | Sigma | [`net`], explicit for d = 1, 2, 3: `sqrt(d-1)/n` at most 1/2, or epsilon = m/M | unit vectors |
//! | M_{s,u}, m_{s,u} | [`Scaled`] | scalars |
//!
//! Inequalities between norms of exact vectors are decided by their squares, exactly ([`triangle`]).
//!
//! **Findings.** (a) A 1/2-net "of cardinality 5^d": of at most 5^d points; at d = 1 the sphere has two. (b) "|Sigma|
//! P = (2M/m + 1)^d P": the number is not an integer for u > 0 (it is `(8 e^a + 1)^d`); it bounds |Sigma| from above,
//! which is what is used. (c) 2154 and what follows carry the factor 4 of lemma-3/s1-exponent: true as printed, see
//! [`crate::paper::section_5::lemma_3::proof_norm`].

use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, column, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, big, of};
use crate::harness::steps::step::{Body, Step};
use crate::harness::steps::tie::Tie;
use crate::linalg::largest_singular_value;
use crate::paper::section_5::lemma_3::nets::net;
use crate::paper::section_5::lemma_3::proof_norm::{Parameters, TAILS, equal, log_sum};
use crate::paper::section_5::lemma_3::proof_walk::{Matrix, SIZES, Scaled, Walk, fraction, least, most, whole};
use crate::problem::norm_squared;
use nalgebra::DVector;
use num_traits::{One, Zero};

/// Widths with an explicit net.
const NETS: Sizes = &[&[1, 1], &[1, 2], &[2, 2], &[1, 3]];

/// Widths.
const WIDTHS: Sizes = &[&[1], &[2], &[3]];

/// A matrix with known singular values, a singular vector, and a unit vector near it.
struct Known {
    /// `Q diag(values) P^T`.
    matrix: Matrix,
    /// Not negative; in no order.
    values: Vec<Rational>,
    rotation: Matrix,
    /// First coordinate of h_0 along x, then across, before the rotation.
    tilt: DVector<Rational>,
}

impl Known {
    /// `tilt` has a distance of at most epsilon from e_1: `2 |t|/sqrt(1 + |t|^2)` with `|t| <= epsilon/2`.
    fn draw(draw: &mut Draw<'_>, d: usize, epsilon: &Rational) -> Self {
        let values: Vec<Rational> = (0..d).map(|_| draw.nonnegative()).collect();
        let (left, rotation) = (draw.rotation(d), draw.rotation(d));
        let mut t: Vec<Rational> = (1..d).map(|_| draw.number()).collect();
        let share = draw.share();
        let size = t.iter().fold(Rational::zero(), |s, v| s + v.abs());
        if size.is_zero() {
            t = (1..d).map(|i| Rational::from(i64::from(i == 1))).collect();
        }
        let size = if size.is_zero() { Rational::one() } else { size };
        let t = t.iter().map(|v| v * (1 - &share) * epsilon / (&size + &size));
        let t: Vec<Rational> = t.collect();
        let square = norm_squared(t.iter());
        let tilt = DVector::from_fn(d, |i, _| match i {
            0 => (1 - &square) / (1 + &square),
            _ => 2 * &t[i - 1] / (1 + &square),
        });
        let matrix = &left * Matrix::from_diagonal(&DVector::from_vec(values.clone())) * rotation.transpose();
        Self { matrix, values, rotation, tilt }
    }
    /// The right singular vector of the i-th value.
    fn vector(&self, i: usize) -> DVector<Rational> {
        self.rotation.column(i).into_owned()
    }
    /// Where the largest value stands, or the smallest.
    fn place(&self, largest: bool) -> usize {
        let by = if largest { most(&self.values) } else { least(&self.values) };
        self.values.iter().position(|v| *v == by).unwrap_or(0)
    }
    /// x, and h_0 within epsilon of it.
    fn near(&self, i: usize) -> (DVector<Rational>, DVector<Rational>) {
        let mut tilt = self.tilt.clone();
        tilt.swap_rows(0, i);
        (self.vector(i), &self.rotation * tilt)
    }
    fn image_square(&self, v: &DVector<Rational>) -> Rational {
        norm_squared((&self.matrix * v).iter())
    }
}

/// `sqrt(b2) <= sqrt(a2) + sqrt(c2)`, exactly.
fn triangle(a2: &Rational, b2: &Rational, c2: &Rational, bits: u32) -> Pair {
    let rest = b2 - a2 - c2;
    let product = 4 * a2 * c2;
    if rest.sign() <= 0 {
        Pair::exact(&Rational::zero(), &rest, bits)
    } else {
        Pair::exact(&product, &rest.powi(2), bits)
    }
}

/// Points of a net of mesh at most 1/2, d <= 3; and the volume argument `((1 + 1/4)/(1/4))^d`.
fn net_size(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(0);
    let five = Rational::from(if how.plants(Plant::WrongConstant) { 4 } else { 5 }).powi(d as u32);
    if how.printed() {
        // The unit sphere of R has two points; for d >= 2 it has as many as are asked for.
        let points = if d == 1 { Rational::from(2) } else { five.clone() };
        return Pair::exact(&points, &five, bits).into();
    }
    let half = Rational::new(1, 2);
    let volume = ((1 + &half * &half) / (&half * &half)).powi(d as u32);
    let mut pairs = equal(&volume, &five, bits).to_vec();
    let n = d as i64;
    if d <= 3 {
        // Mesh sqrt(d - 1)/n <= 1/2.
        pairs.push(Pair::exact(&Rational::from(n * n), &Rational::from(4 * (n - 1)), bits));
        pairs.push(Pair::exact(&five, &whole(net(d, n).len()), bits));
    }
    Margins::All(pairs)
}

/// `2 max over the net of norm(Pi h) >= norm(Pi)`, for each Pi_{k:1}; n = d makes a 1/2-net for d <= 3.
fn eq_46(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(1);
    let walk = Walk::draw(draw);
    let points: Vec<DVector<Big>> = net(d, d as i64).iter().map(|h| h.map(|q| of(&q, bits))).collect();
    let two = if how.plants(Plant::DroppedFactor) { Big::one() } else { fraction(2, 1) };
    let pair = |k: usize| {
        let exact = walk.product(k);
        let product = big(&exact, bits);
        let squares = points.iter().map(|h| norm_squared((&product * h).iter()));
        let top = squares.reduce(|a, b| a.max(&b)).unwrap_or_else(Big::zero);
        let zero = Tie::where_zero(norm_squared(exact.iter()));
        Pair::new(two.clone() * top.sqrt(), largest_singular_value(&product)).or_exactly(zero)
    };
    Margins::All((1..=walk.depth()).map(pair).collect())
}

/// `norm(Pi x)` is the largest (or smallest) of all `norm(Pi y)`, x the singular vector, y any unit vector: exactly.
/// Planted: the singular vector of the other end.
fn attained(draw: &mut Draw<'_>, how: How, bits: u32, largest: bool) -> Margins {
    let d = draw.size(0);
    let known = Known::draw(draw, d, &Rational::new(1, 2));
    let y = draw.unit_vector(d);
    let place = known.place(largest != how.plants(Plant::OffByOne));
    let (at_x, at_y) = (known.image_square(&known.vector(place)), known.image_square(&y));
    let mut pairs = equal(&at_x, &known.values[place].powi(2), bits).to_vec();
    pairs.push(if largest { Pair::exact(&at_x, &at_y, bits) } else { Pair::exact(&at_y, &at_x, bits) });
    Margins::All(pairs)
}

fn net_step(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let half = Rational::new(1, 2);
    let known = Known::draw(draw, draw.size(0), &half);
    let (x, h) = known.near(known.place(true));
    let by = if how.plants(Plant::WrongConstant) { Rational::new(1, 8) } else { half.clone() };
    let norm = most(&known.values);
    Margins::All(vec![
        Pair::exact(&half.powi(2), &norm_squared((&x - &h).iter()), bits),
        Pair::exact(&(by * norm).powi(2), &known.image_square(&(&x - &h)), bits),
    ])
}

fn net_triangle(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let half = Rational::new(1, 2);
    let known = Known::draw(draw, draw.size(0), &half);
    let (x, h) = known.near(known.place(true));
    let norm = most(&known.values);
    let (at_x, moved) = (known.image_square(&x), known.image_square(&(&x - &h)));
    let by = if how.plants(Plant::WrongConstant) { Rational::new(15, 16) } else { half };
    Margins::All(vec![
        triangle(&known.image_square(&h), &at_x, &moved, bits),
        // norm(Pi x) - norm(Pi (x - h)) >= norm(Pi)/2, where norm(Pi x) = norm(Pi).
        Pair::exact(&((1 - by) * &norm).powi(2), &moved, bits),
        Pair::exact(&at_x, &norm.powi(2), bits),
    ])
}

/// `norm(Pi h_0) >= norm(Pi)/2 >= exp(s^2/2 + u)` where `norm(Pi) >= 2 exp(s^2/2 + u)`: Pi scaled to that norm, rounded
/// up.
fn net_point(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let known = Known::draw(draw, draw.size(0), &Rational::new(1, 2));
    let (s2, u) = (draw.positive(), draw.number());
    let norm = most(&known.values);
    let edge = Scaled::high(&s2, &u).enclose(bits);
    let Some(least_norm) = edge.upper_rational() else { return Margins::OutOfScope("too large for MPFR") };
    if norm.is_zero() {
        return Margins::OutOfScope("Pi = 0");
    }
    let by = least_norm / norm;
    let h = known.near(known.place(true)).1;
    let image = of(&(known.image_square(&h) * by.powi(2)), bits).sqrt();
    let two = if how.plants(Plant::DroppedFactor) { Big::one() } else { fraction(2, 1) };
    Pair::new(image, edge / two).into()
}

/// M > 1 > m > 0 for s, u >= 0.
fn thresholds(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = whole(draw.size(0));
    let (s2, u) = (draw.nonnegative().powi(2), draw.nonnegative());
    let by = if how.plants(Plant::DroppedFactor) { Rational::new(1, 2) } else { Rational::one() };
    let (high, low) = (Scaled::high(&s2, &u).times(&by).enclose(bits), Scaled::low(&s2, &d, &u).enclose(bits));
    let one = Big::one;
    let pairs = [Pair::new(high, one()), Pair::new(one(), low.clone()), Pair::new(low, Big::zero())];
    Margins::All(pairs.map(Pair::strictly).to_vec())
}

/// With N'_k = R N_k R^T: `norm(Pi'_{k:1} R h_0) = norm(Pi_{k:1} h_0)`, and `N -> R N R^T` is orthogonal, so that N'
/// has the law of N.
fn any_unit_vector(draw: &mut Draw<'_>, how: How) -> Exact {
    let walk = Walk::draw(draw);
    let r = draw.rotation(draw.size(1));
    let turned = |n: &Matrix| &r * n * r.transpose();
    let by = Rational::from(if how.plants(Plant::DroppedHypothesis) { 2 } else { 1 });
    let start = (&r * &walk.start).map(|v| v * &by);
    let twin = Walk { c: walk.c.clone(), noise: walk.noise.iter().map(turned).collect(), start };
    let mut sides: Vec<(Matrix, Matrix)> = walk
        .path()
        .iter()
        .zip(&twin.path())
        .map(|(a, b)| (scalar(norm_squared(a.iter())), scalar(norm_squared(b.iter()))))
        .collect();
    for (a, b) in walk.noise.iter().zip(&twin.noise) {
        sides.push((scalar(a.dot(&walk.noise[0])), scalar(b.dot(&twin.noise[0]))));
    }
    sides.push((column(&walk.start), r.transpose() * column(&twin.start).map(|v| v / &by)));
    Exact::Sides(sides)
}

/// `5^d P(..) <= 5^d (..)`, both sides as logarithms: Doob's exponent of the module's documentation against the printed
/// sum; the threshold squared.
fn not_a_bound(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let p = Parameters::draw(draw);
    let (two, one) = (Rational::from(2), Rational::one());
    let q = two.clone().max(one + &p.d * &p.u / &p.s2);
    let exponent = &q * &p.u - &p.s2 * &q * (q - &two) / (&two * &p.d);
    let five = Big::ln(&fraction(5, 1)) * of(&p.d, bits);
    let printed = log_sum(&[p.gaussian(16), p.sum_one(1)].map(|e| of(&-e, bits)));
    let edge = &p.s2 / &two + &p.u;
    let squared = if how.plants(Plant::LostSquare) { edge } else { &two * edge };
    let mut pairs = equal(&squared, &(&p.s2 + two * &p.u), bits).to_vec();
    pairs.push(Pair::new(printed + &five, five - of(&exponent, bits)));
    Margins::All(pairs)
}

/// Squares of `Pi h` over a net of mesh at most epsilon, for Pi with norm at most M and sigma_min at most m = epsilon
/// M: one is at most (2 m)^2.
fn net_minimum(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (inverse, d) = (draw.size(0) as i64 + 1, draw.size(1));
    let high = draw.positive();
    let shares: Vec<Rational> = (0..d).map(|_| 1 - draw.share()).collect();
    let (left, right) = (draw.rotation(d), draw.rotation(d));
    // Mesh sqrt(d - 1)/n: n = 3 inverse/2, rounded up, for d = 3.
    let (epsilon, n) = (Rational::new(1, inverse), if d < 3 { inverse } else { (3 * inverse + 1) / 2 });
    let low = epsilon * &high;
    let values = DVector::from_fn(d, |i, _| match i {
        // The planted error is tried on the hardest matrices.
        0 if how.plants(Plant::WrongConstant) => low.clone(),
        0 => &low * &shares[0],
        _ => &high * &shares[i],
    });
    let matrix = big(&(left * Matrix::from_diagonal(&values) * right), bits);
    let squares = net(d, n).into_iter().map(|h| norm_squared((&matrix * h.map(|q| of(&q, bits))).iter()));
    let smallest = squares.reduce(|a, b| a.min(&b)).unwrap_or_else(Big::zero);
    let two = if how.plants(Plant::WrongConstant) { Rational::one() } else { Rational::from(2) };
    Pair::new(of(&(two * low).powi(2), bits), smallest).into()
}

fn small_step(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let epsilon = draw.share() / 4;
    let known = Known::draw(draw, draw.size(0), &epsilon);
    let (x, h) = known.near(known.place(false));
    let by = if how.plants(Plant::LostSquare) { epsilon.powi(2) } else { epsilon.clone() };
    Margins::All(vec![
        Pair::exact(&epsilon.powi(2), &norm_squared((&x - &h).iter()), bits),
        Pair::exact(&(by * most(&known.values)).powi(2), &known.image_square(&(&x - &h)), bits),
    ])
}

/// M at least the norm, m = epsilon M at least sigma_min: out of scope otherwise.
fn small_triangle(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let epsilon = draw.share() / 4;
    let known = Known::draw(draw, draw.size(0), &epsilon);
    let high = most(&known.values) * (1 + draw.nonnegative()) + least(&known.values) * 4;
    let (x, h) = known.near(known.place(false));
    let low = &epsilon * &high;
    let (at_x, moved) = (known.image_square(&x), known.image_square(&(&h - &x)));
    if at_x > low.powi(2) || high.is_zero() {
        return Margins::OutOfScope("sigma_min is larger than m");
    }
    let two = Rational::from(if how.plants(Plant::WrongConstant) { 3 } else { 2 });
    let mut pairs = vec![
        triangle(&at_x, &known.image_square(&h), &moved, bits),
        Pair::exact(&low.powi(2), &at_x, bits),
        Pair::exact(&(&epsilon * &high).powi(2), &moved, bits),
    ];
    pairs.extend(equal(&(&low + epsilon * high), &(two * low), bits));
    Margins::All(pairs)
}

/// A finite probability space: `P(A and union E_h) <= P(union E_h) <= |Sigma| max P(E_h)`. Sizes: atoms, events.
fn union_over_net(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (atoms, events) = (draw.size(0), draw.size(1));
    let mut inside = || draw.number().sign() > 0;
    let in_a: Vec<bool> = (0..atoms).map(|_| inside()).collect();
    let member: Vec<Vec<bool>> = (0..events).map(|_| (0..atoms).map(|_| inside()).collect()).collect();
    let weights: Vec<Rational> = (0..atoms).map(|_| draw.nonnegative()).collect();
    let measure =
        |f: &dyn Fn(usize) -> bool| (0..atoms).filter(|a| f(*a)).fold(Rational::zero(), |s, a| s + &weights[a]);
    let union = |a: usize| member.iter().any(|e| e[a]);
    let each: Vec<Rational> = member.iter().map(|e| measure(&|a| e[a])).collect();
    let count = if how.plants(Plant::DroppedFactor) { 1 } else { events };
    Margins::All(vec![
        Pair::exact(&measure(&union), &measure(&|a| in_a[a] && union(a)), bits),
        Pair::exact(&(whole(count) * most(&each)), &measure(&union), bits),
    ])
}

/// epsilon = m/M: a net of at most `(2M/m + 1)^d` points, explicit for d <= 3. Printed: that number itself, which would
/// have to be an integer. Planted: one dimension less; at d = 2 a net takes more than `3/epsilon` points, because each
/// covers an arc of `4 asin(epsilon/2) < 2.05 epsilon`.
fn net_cardinality(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(0);
    let (s2, u) = (draw.positive(), draw.positive());
    let [s2, u] = [s2, u].map(|v| &v / (1 + &v));
    let inverse = Scaled::high(&s2, &u).over(&Scaled::low(&s2, &whole(d), &u));
    let base = inverse.times(&Rational::from(2)).enclose(bits) + 1;
    let bound = base.powi(d as u32);
    let Some(edge) = inverse.enclose(bits).upper_rational() else { return Margins::OutOfScope("too large for MPFR") };
    let floor = |q: &Rational| Rational::from(q.as_rug().clone().floor());
    if how.printed() {
        let whole_part = bound.lower_rational().map(|q| floor(&q)).unwrap_or_else(Rational::zero);
        return Pair::new(Big::zero(), bound - of(&whole_part, bits)).into();
    }
    if how.plants(Plant::OffByOne) {
        if d != 2 {
            return Margins::OutOfScope("d = 2 only");
        }
        return Pair::new(base.powi(d as u32 - 1), fraction(3, 1) * inverse.enclose(bits)).into();
    }
    // Mesh sqrt(d - 1)/n <= epsilon, and 1.4143 > sqrt 2.
    let n = floor(&(edge * if d == 3 { Rational::new(14_143, 10_000) } else { Rational::one() })) + 1;
    let side = 2 * n + 1;
    Pair::new(bound, of(&(2 * side.powi(d as u32 - 1)), bits)).into()
}

/// The steps of these lines.
pub(crate) fn steps() -> Vec<Step> {
    let widths = |sides| Body::Instances { sizes: WIDTHS, sides };
    let mut out =
        vec![
        Step::new("lemma-3/net-size", "B.9, before (46)", &[])
            .quoted(2115, "it is possible to take such a net of cardinality  $5^d$")
            .titled("The size of a 1/2-net")
            .given("d >= 1")
            .uses(&["lemma-3-nets"])
            .by(Body::Instances { sizes: &[&[1], &[2], &[3], &[4], &[7]], sides: net_size })
            .fails(
                "there is a 1/2-net of the unit sphere of R^d with 5^d points",
                Fault::Hypothesis,
                "For d >= 2 there is one with exactly 5^d points (at most 5^d by volumes, and points may be added); \
                 for d = 1, which line 2300 allows, the sphere has two. \"At most 5^d\" is true for every d and all \
                 that is used: nothing changes.",
            )
            .corrected("there is one with at most ((1 + 1/4)/(1/4))^d = 5^d points (volumes); explicit for d = 1, 2, \
                        3: 2, 10 and 98 points")
            .planted(Plant::WrongConstant, "the volumes give 4^d"),
        Step::new("lemma-3/eq-46", "B.9, (46)", &[2117])
            .titled("From the net to the operator norm")
            .given("any real u: the inequality does not know the threshold")
            .uses(&["lemma-3/net-triangle", "lemma-3/net-size", "lemma-3-nets"])
            .by(Body::Instances { sizes: NETS, sides: eq_46 })
            .holds("norm(Pi_{k:1}) <= 2 max over the net of norm(Pi_{k:1} h_0), for each k")
            .planted(Plant::DroppedFactor, "norm(Pi_{k:1}) <= max over the net of norm(Pi_{k:1} h_0)"),
        Step::new("lemma-3/norm-attained", "B.9, proof of (46)", &[2124])
            .titled("The operator norm is attained")
            .given("any matrix, by its singular value decomposition")
            .by(widths(|draw, how, bits| attained(draw, how, bits, true)))
            .holds("norm(Pi x) >= norm(Pi y) for the first singular vector x and every unit vector y")
            .planted(Plant::OffByOne, "the same for the last singular vector x")
            .remarks(&["The norm on the left-hand side is printed without its index 2."]),
        Step::new("lemma-3/net-step", "B.9, proof of (46)", &[2130])
            .titled("The distance to the net")
            .given("norm(x - h_0) <= 1/2")
            .by(widths(net_step))
            .holds("norm(Pi (x - h_0)) <= norm(Pi)/2")
            .planted(Plant::WrongConstant, "norm(Pi (x - h_0)) <= norm(Pi)/8"),
        Step::new("lemma-3/net-triangle", "B.9, proof of (46)", &[2136])
            .titled("The triangle inequality")
            .given("norm(Pi x) = norm(Pi), norm(x - h_0) <= 1/2")
            .uses(&["lemma-3/norm-attained", "lemma-3/net-step"])
            .by(widths(net_triangle))
            .holds("norm(Pi h_0) >= norm(Pi x) - norm(Pi (x - h_0)) >= norm(Pi)/2")
            .planted(Plant::WrongConstant, "norm(Pi x) - norm(Pi (x - h_0)) >= 15/16 norm(Pi)"),
        Step::new("lemma-3/net-point", "B.9, proof of (46)", &[2142])
            .titled("A point of the net with a large image")
            .given("norm(Pi) >= 2 exp(s^2/2 + u), norm(x - h_0) <= 1/2")
            .uses(&["lemma-3/net-triangle"])
            .by(widths(net_point))
            .holds("norm(Pi h_0) >= norm(Pi)/2 >= exp(s^2/2 + u)")
            .planted(Plant::DroppedFactor, "norm(Pi h_0) >= 2 exp(s^2/2 + u)"),
        Step::new("lemma-3/thresholds", "B.9, bound on P(A-bar)", &[])
            .quoted(2149, "\\mathbb{P}(\\bar{A}) = \\mathbb{P}\\Big(\\max_{1 \\leq k \\leq L} \\|\\Pi_{k:1}\\|_2 \
                           \\geq 2")
            .titled("The thresholds, and that strictness does not matter")
            .given("s, u >= 0, d >= 1")
            .by(widths(thresholds))
            .holds("M > 1 > m > 0: so det(Pi^T Pi - M^2 I) and det(Pi^T Pi - m^2 I) are not zero at N = 0, norm(Pi) = \
                    M and sigma_min(Pi) = m have probability zero, and P(A-bar) = P(max norm(Pi_{k:1}) >= M)")
            .planted(Plant::DroppedFactor, "the same without the factor 2 in M"),
        Step::new("lemma-3/any-unit-vector", "B.9, bound on P(A-bar)", &[2148])
            .quoted(2152, "where now  $h_0$  denotes any unit-norm fixed vector")
            .titled("The union bound over the net")
            .given("R orthogonal")
            .uses(&["lemma-3/thresholds", "lemma-3/eq-46", "lemma-3/union-over-net"])
            .by(Body::Identity { sizes: SIZES, sides: any_unit_vector })
            .holds("P(max norm(Pi_{k:1} h_0) >= ..) is the same for all unit vectors h_0 (N -> R N R^T is orthogonal \
                    and takes the path of h_0 to that of R h_0), so the sum over the net is |Sigma| times it")
            .planted(Plant::DroppedHypothesis, "it is the same for all vectors h_0, of any norm"),
        Step::new("lemma-3/not-a-bound", "B.9, bound on P(A-bar), last display", &[2154])
            .titled("The bound on P(A-bar)")
            .given("s, u > 0; L, d >= 1")
            .uses(&["lemma-3/any-unit-vector", "lemma-3/net-size", "lemma-3/eq-45"])
            .by(Body::Instances { sizes: TAILS, sides: not_a_bound })
            .holds("exp(s^2/2 + u)^2 = exp(s^2 + 2u), and 5^d P(max norm(Pi_{k:1} h_0)^2 >= exp(s^2 + 2u)) <= 5^d \
                    (exp(-d u^2/(16 s^2)) + exp(-L d u^2/(4 s^4 + u s^2))), by the argument of lemma-3/eq-45")
            .planted(Plant::LostSquare, "the same with norm(Pi_{k:1} h_0) in place of its square on one side: \
                                         exp(s^2/2 + u) = exp(s^2 + 2u)")
            .remarks(&["Pi_{k:1} is printed with a semicolon, Pi_{k;1}."]),
    ];
    out.extend([
        Step::new("lemma-3/net-minimum", "B.9, bound on P(B-bar and A), first display", &[2162])
            .titled("From the net to sigma_min")
            .given("norm(Pi) <= M, sigma_min(Pi) <= m, epsilon = m/M")
            .uses(&["lemma-3/small-triangle", "lemma-3-nets"])
            .by(Body::Instances { sizes: NETS, sides: net_minimum })
            .holds("min over the net of norm(Pi h_0) <= 2 m")
            .planted(Plant::WrongConstant, "min over the net of norm(Pi h_0) <= m"),
        Step::new("lemma-3/sigma-min-attained", "B.9, bound on P(B-bar and A)", &[2170])
            .titled("The smallest singular value is attained")
            .given("any matrix, by its singular value decomposition")
            .by(widths(|draw, how, bits| attained(draw, how, bits, false)))
            .holds("norm(Pi x) <= norm(Pi y) for the last singular vector x and every unit vector y")
            .planted(Plant::OffByOne, "the same for the first singular vector x"),
        Step::new("lemma-3/small-step", "B.9, bound on P(B-bar and A)", &[2176])
            .titled("The distance to the finer net")
            .given("norm(x - h_0) <= epsilon")
            .by(widths(small_step))
            .holds("norm(Pi (x - h_0)) <= epsilon norm(Pi)")
            .planted(Plant::LostSquare, "norm(Pi (x - h_0)) <= epsilon^2 norm(Pi)"),
        Step::new("lemma-3/small-triangle", "B.9, bound on P(B-bar and A)", &[2182])
            .quoted(2180, "Under A, the right-hand side is smaller than  $\\varepsilon M_{s,u}$")
            .titled("A point of the net with a small image")
            .given("norm(Pi) <= M, norm(Pi x) = sigma_min(Pi) <= m, norm(x - h_0) <= epsilon = m/M")
            .uses(&["lemma-3/sigma-min-attained", "lemma-3/small-step"])
            .by(widths(small_triangle))
            .holds("norm(Pi h_0) <= norm(Pi x) + norm(Pi (h_0 - x)) <= m + epsilon M = 2 m")
            .planted(Plant::WrongConstant, "m + epsilon M = 3 m")
            .remarks(&["\"Smaller than\" is: at most."]),
        Step::new("lemma-3/union-over-net", "B.9, bound on P(B-bar and A)", &[])
            .quoted(
                2187,
                "\\leq \\mathbb{P}\\Big(\\bigcup_{h_0 \\in \\Sigma} \\min_{1 \\leq k \\leq L} \\|\\Pi_{k:1} \
                           h_0\\|_2 \\leq 2m_{s,u}\\Big) \\leq |\\Sigma|",
            )
            .titled("The union bound over a net")
            .given("events E_h of the same probability (lemma-3/any-unit-vector): the largest here")
            .uses(&["lemma-3/net-minimum"])
            .by(Body::Instances { sizes: &[&[1, 1], &[2, 2], &[4, 3]], sides: union_over_net })
            .holds("P(A and union of E_h) <= P(union of E_h) <= |Sigma| max P(E_h), on finite probability spaces")
            .planted(Plant::DroppedFactor, "P(union of E_h) <= max P(E_h)"),
        Step::new("lemma-3/net-cardinality", "B.9, bound on P(B-bar and A)", &[2186])
            .titled("The size of the finer net")
            .given("s, u > 0, epsilon = m/M")
            .uses(&["lemma-3-nets"])
            .by(widths(net_cardinality))
            .fails(
                "|Sigma| P(..) = (2 M/m + 1)^d P(..): the number of points is (2 M/m + 1)^d",
                Fault::Misprint,
                "The equality cannot hold: (2 M/m + 1)^d = (8 exp(s^2/2 + 2 s^2/d + 2u) + 1)^d is not an integer at d \
                 = 1, s^2 = u = 1/1025 (between 9 and 10), nor wherever the exponent is rational and not 0. It is an \
                 upper bound \
                 of the size of a net, which is what the displays that follow use: nothing changes.",
            )
            .corrected("there is a net of at most (2 M/m + 1)^d points (explicit for d = 1, 2, 3; any d by volumes)")
            .planted(Plant::OffByOne, "a net has at most (2 M/m + 1)^(d-1) points (d = 2: it has more than 3/epsilon)"),
    ]);
    out
}
