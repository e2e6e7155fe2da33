//! The audit of B.9, lines 2115 to 2189: nets, for the norm and for sigma_min.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | Pi_{k:1} with a known singular value decomposition, x, h_0 | [`Known`]: `Q diag(values) P^T`, `x = P e_i`, h_0 within epsilon of x | d x d, d, d |
//! | Sigma | [`net`], explicit for d = 1, 2, 3: `sqrt(d-1)/n` at most 1/2, or epsilon = m/M | unit vectors |
//! | M_{s,u}, m_{s,u} | formulas; [`most`] and [`least`] where a scene is made by them | scalars |
//!
//! 2154 and what follows carry the factor 4 of lemma-3/s1-exponent: true as printed, see [`super::proof_norm`].
//!
//! | display | step | established by |
//! | --- | --- | --- |
//! | the net of 5^d points; (46) | `net-size`: at most; `eq-46` | instances, explicit nets |
//! | proof of (46) | `norm-attained`, `net-step`, `net-triangle`, `net-point` | instances, known singular values |
//! | P(A-bar) | `thresholds`, `any-unit-vector`, `not-a-bound` | instances; identity; instances |
//! | P(B-bar and A) | `net-minimum` and `sigma-min-attained`, `small-step`, `small-triangle` | instances |
//! | the union over the net | `union-over-net`, `net-cardinality`: at most | finite spaces; instances |
//!
//! **Why this suffices.** The two net inequalities are triangle inequalities for one matrix, one vector and one point
//! of the net; matrices with exact singular vectors meet their hypotheses with no rounding. That a net of the stated
//! size exists for every d is the volume argument of [`super::nets`]; the explicit nets for d <= 3 show only that the
//! count is not off. "A fixed unit vector" needs that the law of N is invariant under `N -> R N R^T`, an identity of
//! inner products.

use super::proof_norm::TAILS;
use super::proof_scalars::{high, thresholds, with_thresholds};
use super::proof_walk::{SIZES, least, most, scaled, whole};
use super::tails::gaussian_exponent;
use crate::arithmetic::{Rational, Ring};
use crate::formula::{
    Edit, Expr, Range, Table, at, at2, cases, descent, dot, exp, fraction, max, max_over, min_over, norm, square, sum,
    transpose, var, vars,
};
use crate::harness::Fault;
use crate::harness::steps::objects::Known;
use crate::harness::steps::{Draw, Drawn, Plant, Sizes, Step, column, scalar, steps};
use crate::linalg::sphere::net;
use crate::paper::kit::every;
use crate::residual::walk::{Matrix, Parameters, Walk};
use nalgebra::DVector;
use num_traits::{One, Zero};

/// Widths with an explicit net.
const NETS: Sizes = &[&[1, 1], &[1, 2], &[2, 2], &[1, 3]];

/// Widths.
const WIDTHS: Sizes = &[&[1], &[2], &[3]];

/// How many points the sphere has, up to 5^d, and an explicit net of mesh at most 1/2, d <= 3.
fn half_net(draw: &mut Draw<'_>) -> Drawn {
    let d = draw.size(0);
    let sphere = if d == 1 { Rational::from(2) } else { Rational::from(5).powi(d as u32) };
    let table = Table::default().scalar("d", whole(d)).scalar("|S|", sphere);
    Ok(if d <= 3 { table.scalar("|Sigma|", whole(net(d, d as i64).len())) } else { table })
}

/// The points h_1, .., h_n of an explicit net.
fn with_net(table: Table<Rational>, points: Vec<DVector<Rational>>) -> Table<Rational> {
    table.scalar("n", whole(points.len())).family("h", points.iter().map(column))
}

/// Pi_{k:1}, and the net that n = d makes: a 1/2-net for d <= 3.
fn eq_46(draw: &mut Draw<'_>) -> Drawn {
    let (walk, d) = (Walk::draw(draw), draw.size(1));
    let table = Table::default().scalar("L", whole(walk.depth()));
    let table = table.family("Pi", (1..=walk.depth()).map(|k| walk.product(k)));
    Ok(with_net(table, net(d, d as i64)))
}

/// x the singular vector of the largest value or of the smallest, y any unit vector.
fn attained(draw: &mut Draw<'_>, largest: bool) -> Drawn {
    let known = Known::draw(draw, &Rational::new(1, 2));
    Ok(known.table(largest).vector("y", &draw.unit_vector(draw.size(0))))
}

/// x the first singular vector, h_0 within 1/2 of it.
fn near_the_first(draw: &mut Draw<'_>) -> Drawn {
    Ok(Known::draw(draw, &Rational::new(1, 2)).table(true))
}

/// The same with `norm(Pi) >= 2 exp(s^2/2 + u)`: Pi scaled to that norm, rounded up.
fn net_point(draw: &mut Draw<'_>) -> Drawn {
    let mut known = Known::draw(draw, &Rational::new(1, 2));
    let (s, u) = (draw.positive(), draw.number());
    let norm = known.extreme(true);
    let edge = scaled(&most(&s.powi(2), &u), 128);
    let least_norm = edge.upper_rational().ok_or("too large for MPFR")?;
    if norm.is_zero() {
        return Err("Pi = 0");
    }
    known.scale(&(least_norm / norm));
    Ok(known.table(true).scalar("s", s).scalar("u", u))
}

/// With N'_k = R N_k R^T, h'_k along the path of N' from a multiple of R h_0: `norm(h'_k) = norm(h_k)`, and
/// `N -> R N R^T` is orthogonal, so that N' has the law of N.
fn any_unit_vector(draw: &mut Draw<'_>, times: i64) -> Drawn {
    let walk = Walk::draw(draw);
    let [r, c, i] = vars(["R", "s/sqrt(L d)", "i"]);
    let table = walk.table().matrix("R", &[], draw.rotation(draw.size(1)));
    let twin = &r * at("N", var("k")) * transpose(&r);
    let path = descent("i", var("k"), 1, var("I") + c * at("N'", i)) * (times * (r * at("h", 0)));
    Ok(table.define("N'", &["k"], twin).define("h'", &["k"], path))
}

/// Doob's exponent of the module's documentation, `q u - s^2 q (q - 2)/(2d)` with q = max(2, 1 + d u/s^2).
fn doob(draw: &mut Draw<'_>) -> Drawn {
    let [s, u, d] = vars(["s", "u", "d"]);
    Ok(Parameters::draw(draw).table().define("q", &[], max(2, 1 + d * u / s.pow(2))))
}

/// Pi with norm at most M and sigma_min at most m = epsilon M, and a net of mesh at most epsilon.
///
/// The least value is at most m and the largest at most M by construction, so no sample is out of scope. The mesh is
/// at most epsilon = 1/inverse: 1/n for d <= 2, and `sqrt(2)/n` with `n >= 3/2 inverse` for d = 3.
fn net_minimum(draw: &mut Draw<'_>) -> Drawn {
    let (inverse, d) = (draw.size(0) as i64 + 1, draw.size(1));
    let high = draw.positive();
    let shares: Vec<Rational> = (0..d).map(|_| 1 - draw.share()).collect();
    let (left, right) = (draw.rotation(d), draw.rotation(d));
    // Mesh sqrt(d - 1)/n: n = 3 inverse/2, rounded up, for d = 3.
    let (epsilon, n) = (Rational::new(1, inverse), if d < 3 { inverse } else { (3 * inverse + 1) / 2 });
    let low = epsilon * &high;
    let values = DVector::from_fn(d, |i, _| if i == 0 { &low * &shares[0] } else { &high * &shares[i] });
    let matrix = left * Matrix::from_diagonal(&values) * right;
    Ok(with_net(Table::default().scalar("m", low).matrix("Pi", &[], matrix), net(d, n)))
}

/// x the last singular vector, h_0 within epsilon of it.
fn near_the_last(draw: &mut Draw<'_>) -> Drawn {
    let epsilon = draw.share() / 4;
    Ok(Known::draw(draw, &epsilon).table(false).scalar("eps", epsilon))
}

/// And M at least the norm, m = epsilon M at least sigma_min: out of scope otherwise.
fn small_triangle(draw: &mut Draw<'_>) -> Drawn {
    let epsilon = draw.share() / 4;
    let known = Known::draw(draw, &epsilon);
    let smallest = known.extreme(false);
    let high = known.extreme(true) * (1 + draw.nonnegative()) + &smallest * 4;
    if smallest > &epsilon * &high || high.is_zero() {
        return Err("sigma_min is larger than m");
    }
    let table = known.table(false).scalar("m", &epsilon * &high);
    Ok(table.scalar("M", high).scalar("eps", epsilon))
}

/// A finite probability space: weights p_a of atoms, indicators A_a of an event and E_{h,a} of n others. Sizes: atoms,
/// events.
fn union_over_net(draw: &mut Draw<'_>) -> Drawn {
    let (atoms, events) = (draw.size(0) as i64, draw.size(1) as i64);
    let mut table = Table::default().scalar("N", Rational::from(atoms)).scalar("n", Rational::from(events));
    for (h, a) in (0..=events).flat_map(|h| (1..=atoms).map(move |a| (h, a))) {
        let inside = scalar(Rational::from(i64::from(draw.number().sign() > 0)));
        table = if h == 0 { table.matrix("A", &[a], inside) } else { table.matrix("E", &[h, a], inside) };
    }
    Ok((1..=atoms).fold(table, |table, a| table.matrix("p", &[a], scalar(draw.nonnegative()))))
}

/// M, m, an explicit net of mesh at most epsilon = m/M, d <= 3, and the integer part of `(2M/m + 1)^d`.
fn finer_net(draw: &mut Draw<'_>) -> Drawn {
    let d = draw.size(0);
    let [s, u] = [draw.positive(), draw.positive()].map(|v| &v / (1 + &v));
    let ([over, a], [under, b]) = (most(&s.powi(2), &u), least(&s.powi(2), &whole(d), &u));
    let inverse = |by: i64| scaled(&[&over / &under * by, &a - &b], 256);
    let bound = (inverse(2) + 1).powi(d as u32).lower_rational();
    let edge = inverse(1).upper_rational();
    let (bound, edge) = bound.zip(edge).ok_or("too large for MPFR")?;
    let floor = |q: &Rational| Rational::from(q.as_rug().clone().floor());
    // Mesh sqrt(d - 1)/n <= epsilon, and 1.4143 > sqrt 2.
    let n = floor(&(edge * if d == 3 { Rational::new(14_143, 10_000) } else { Rational::one() })) + 1;
    let points = 2 * (2 * n + 1).powi(d as u32 - 1);
    let table = with_thresholds(Table::default().scalar("s", s).scalar("u", u).scalar("d", whole(d)));
    Ok(table.scalar("|Sigma|", points).scalar(WHOLE, floor(&bound)))
}
/// The integer part of the printed number of points.
const WHOLE: &str = "floor((2 M/m + 1)^d)";

/// The steps of these lines.
pub(crate) fn steps() -> Vec<Step> {
    let [pi, x, h, y] = vars(["Pi", "x", "h_0", "y"]);
    let [size, sigma, eps] = vars(["norm(Pi)", "sigma", "eps"]);
    let [s, u, d, l] = vars(["s", "u", "d", "L"]);
    let [k, i, n, large, small] = vars(["k", "i", "n", "M", "m"]);
    let extreme = || square(&pi * &x).equals(sigma.pow(2));
    let moved = || norm(&pi * (&x - &h));
    let within = |mesh: Expr| norm(&x - &h).at_most(mesh);
    let image = |pi: &Expr| norm(pi * at("h", &i));
    let turned = at("N'", &k);
    let edge = || exp(s.pow(2) / 2 + &u);
    let doob_exponent = var("q") * &u - s.pow(2) * var("q") * (var("q") - 2) / (2 * &d);
    let five = || Expr::from(5).power(&d);
    let power = |d: Expr| (2 * &large / &small + 1).power(d);
    let printed = exp(-gaussian_exponent(16)) + exp(-(&l * &d * u.pow(2) / (4 * s.pow(4) + &u * s.pow(2))));
    let measure = |f: Expr| sum("a", 1, var("N"), at("p", var("a")) * f);
    let event = at2("E", &i, var("a"));
    let any = || max_over("i", 1, &n, event.clone());
    let most = || max_over("i", 1, &n, measure(event.clone()));
    steps![
        Step::new("lemma-3/net-size", "B.9, before (46)", &[])
            .quoted(2115, "it is possible to take such a net of cardinality  $5^d$")
            .about("The size of a 1/2-net", "d >= 1")
            .uses(&["lemma-3-nets"])
            .on(&[&[1], &[2], &[3], &[4], &[7]], half_net)
            .misstates(
                var("|S|").at_least(five()),
                Fault::Hypothesis,
                "For d >= 2 there is one with exactly 5^d points (at most 5^d by volumes, and points may be added); \
                 for d = 1, which line 2300 allows, the sphere has two. \"At most 5^d\" is true for every d and all \
                 that is used: nothing changes.",
            )
            .rightly(
                ((1 + fraction(1, 4)) / fraction(1, 4))
                    .power(&d)
                    .equals(five())
                    .at_least(cases(d.at_most(3), var("|Sigma|"), 0))
                    .and(d.pow(2).at_least(4 * (&d - 1))),
            )
            .edited(Plant::WrongConstant, Edit::Swap(5.into(), 4.into()))
            .remarks(&["|S| is the number of points of the sphere: two for d = 1, as many as are asked for else. \
                        Corrected: at most 5^d points by volumes; an explicit net Sigma, of mesh sqrt(d - 1)/d, has 2, \
                        10 and 98 for d = 1, 2, 3."]),
        Step::new("lemma-3/eq-46", "B.9, (46)", &[2117])
            .about("From the net to the operator norm", "any real u: the inequality does not know the threshold")
            .uses(&["lemma-3/net-triangle", "lemma-3/net-size", "lemma-3-nets"])
            .on(NETS, eq_46)
            .states(every(norm(at("Pi", &k)).at_most(2 * max_over("i", 1, &n, image(&at("Pi", &k))))))
            .edited(Plant::DroppedFactor, Edit::Drop(2.into()))
            .remarks(&["Pi_k is Pi_{k:1}; h_1, .., h_n are the points of the net."]),
        Step::new("lemma-3/norm-attained", "B.9, proof of (46)", &[2124])
            .about("The operator norm is attained", "any matrix, by its singular value decomposition")
            .on(WIDTHS, |draw| attained(draw, true))
            .states(extreme().and(square(&pi * &x).at_least(square(&pi * &y))))
            .elsewhere(Plant::OffByOne, "for the last singular vector x", |draw| attained(draw, false))
            .remarks(&["The norm on the left-hand side is printed without its index 2."]),
        Step::new("lemma-3/net-step", "B.9, proof of (46)", &[2130])
            .about("The distance to the net", "norm(x - h_0) <= 1/2")
            .on(WIDTHS, near_the_first)
            .states(within(fraction(1, 2)).and(moved().at_most(&size / 2)))
            .edited(Plant::WrongConstant, Edit::Swap(&size / 2, &size / 8)),
        Step::new("lemma-3/net-triangle", "B.9, proof of (46)", &[2136])
            .about("The triangle inequality", "norm(Pi x) = norm(Pi), norm(x - h_0) <= 1/2")
            .uses(&["lemma-3/norm-attained", "lemma-3/net-step"])
            .on(WIDTHS, near_the_first)
            .states(norm(&pi * &h).at_least(norm(&pi * &x) - moved()).at_least(&size / 2))
            .edited(Plant::WrongConstant, Edit::Swap(&size / 2, 15 * &size / 16)),
        Step::new("lemma-3/net-point", "B.9, proof of (46)", &[2142])
            .about("A point of the net with a large image", "norm(Pi) >= 2 exp(s^2/2 + u), norm(x - h_0) <= 1/2")
            .uses(&["lemma-3/net-triangle"])
            .on(WIDTHS, net_point)
            .states(norm(&pi * &h).at_least(&size / 2).at_least(edge()))
            .falsely(Plant::DroppedFactor, norm(&pi * &h).at_least(2 * edge())),
        Step::new("lemma-3/thresholds", "B.9, bound on P(A-bar)", &[])
            .quoted(
                2149,
                "\\mathbb{P}(\\bar{A}) = \\mathbb{P}\\Big(\\max_{1 \\leq k \\leq L} \\|\\Pi_{k:1}\\|_2 \\geq 2"
            )
            .about("The thresholds, and that strictness does not matter", "s, u >= 0, d >= 1")
            .on(WIDTHS, thresholds(|name| Range::from(name, 0)))
            .states(large.above(1).above(&small).above(0))
            .elsewhere(Plant::DroppedFactor, "without the factor 2 in M", |draw| {
                Ok(thresholds(|name| Range::from(name, 0))(draw)?.define("M", &[], fraction(1, 2) * high()))
            })
            .remarks(&["So det(Pi^T Pi - M^2 I) and det(Pi^T Pi - m^2 I) are not zero at N = 0, norm(Pi) = M and \
                        sigma_min(Pi) = m have probability zero, and P(A-bar) = P(max norm(Pi_{k:1}) >= M)."]),
        Step::new("lemma-3/any-unit-vector", "B.9, bound on P(A-bar)", &[2148])
            .quoted(2152, "where now  $h_0$  denotes any unit-norm fixed vector")
            .about("The union bound over the net", "R orthogonal")
            .uses(&["lemma-3/thresholds", "lemma-3/eq-46", "lemma-3/union-over-net"])
            .on(SIZES, |draw| any_unit_vector(draw, 1))
            .states(
                square(at("h'", &k))
                    .equals(square(at("h", &k)))
                    .each("k", 0, &l)
                    .and(every(dot(&turned, at("N'", 1)).equals(dot(at("N", &k), at("N", 1))))),
            )
            .elsewhere(Plant::DroppedHypothesis, "from 2 R h_0: for all vectors h_0, of any norm", |draw| {
                any_unit_vector(draw, 2)
            })
            .remarks(&[
                "N' = R N R^T has the law of N, and takes the path of h_0 to that of R h_0: P(max norm(Pi_{k:1} h_0) \
                 >= ..) is the same for all unit vectors h_0, and the sum over the net is |Sigma| times it."
            ]),
        Step::new("lemma-3/not-a-bound", "B.9, bound on P(A-bar), last display", &[2154])
            .about("The bound on P(A-bar)", "s, u > 0; L, d >= 1")
            .uses(&["lemma-3/any-unit-vector", "lemma-3/net-size", "lemma-3/eq-45"])
            .on(TAILS, doob)
            .states(
                edge()
                    .pow(2)
                    .equals(exp(s.pow(2) + 2 * &u))
                    .and((five() * exp(-&doob_exponent)).at_most(five() * printed)),
            )
            .edited(Plant::LostSquare, Edit::Swap(edge().pow(2), edge()))
            .edited(Plant::WrongConstant, Edit::Swap(16.into(), 1.into()))
            .remarks(&[
                "Doob's inequality, by the argument of lemma-3/eq-45, bounds 5^d P(max norm(Pi_{k:1} h_0)^2 >= exp(s^2 \
                 + 2u)) by the left-hand side, q = max(2, 1 + d u/s^2).",
                "Pi_{k:1} is printed with a semicolon, Pi_{k;1}.",
            ]),
        Step::new("lemma-3/net-minimum", "B.9, bound on P(B-bar and A), first display", &[2162])
            .about("From the net to sigma_min", "norm(Pi) <= M, sigma_min(Pi) <= m, epsilon = m/M")
            .uses(&["lemma-3/small-triangle", "lemma-3-nets"])
            .on(NETS, net_minimum)
            .states(min_over("i", 1, &n, image(&pi)).at_most(2 * &small))
            .edited(Plant::WrongConstant, Edit::Drop(2.into()))
            .remarks(&["h_1, .., h_n are the points of the net."]),
        Step::new("lemma-3/sigma-min-attained", "B.9, bound on P(B-bar and A)", &[2170])
            .about("The smallest singular value is attained", "any matrix, by its singular value decomposition")
            .on(WIDTHS, |draw| attained(draw, false))
            .states(extreme().and(square(&pi * &x).at_most(square(&pi * &y))))
            .elsewhere(Plant::OffByOne, "for the first singular vector x", |draw| attained(draw, true)),
        Step::new("lemma-3/small-step", "B.9, bound on P(B-bar and A)", &[2176])
            .about("The distance to the finer net", "norm(x - h_0) <= epsilon")
            .on(WIDTHS, near_the_last)
            .states(within(eps.clone()).and(moved().at_most(&eps * &size)))
            .edited(Plant::LostSquare, Edit::Swap(&eps * &size, eps.pow(2) * &size)),
        Step::new("lemma-3/small-triangle", "B.9, bound on P(B-bar and A)", &[2182])
            .quoted(2180, "Under A, the right-hand side is smaller than  $\\varepsilon M_{s,u}$")
            .titled("A point of the net with a small image")
            .given("norm(Pi) <= M, norm(Pi x) = sigma_min(Pi) <= m, norm(x - h_0) <= epsilon = m/M")
            .uses(&["lemma-3/sigma-min-attained", "lemma-3/small-step"])
            .on(WIDTHS, small_triangle)
            .states(
                norm(&pi * &h)
                    .at_most(norm(&pi * &x) + norm(&pi * (&h - &x)))
                    .at_most(&small + &eps * &large)
                    .equals(2 * &small),
            )
            .edited(Plant::WrongConstant, Edit::Swap(2 * &small, 3 * &small))
            .remarks(&["\"Smaller than\" is: at most."]),
        Step::new("lemma-3/union-over-net", "B.9, bound on P(B-bar and A)", &[])
            .quoted(
                2187,
                "\\leq \\mathbb{P}\\Big(\\bigcup_{h_0 \\in \\Sigma} \\min_{1 \\leq k \\leq L} \\|\\Pi_{k:1} h_0\\|_2 \
                 \\leq 2m_{s,u}\\Big) \\leq |\\Sigma|",
            )
            .titled("The union bound over a net")
            .given("events E_h of the same probability (lemma-3/any-unit-vector): the largest here")
            .uses(&["lemma-3/net-minimum"])
            .on(&[&[1, 1], &[2, 2], &[4, 3]], union_over_net)
            .states(measure(at("A", var("a")) * any()).at_most(measure(any())).at_most(&n * most()))
            .edited(Plant::DroppedFactor, Edit::Swap(&n * most(), most()))
            .remarks(&[
                "P(A and union of E_h) <= P(union of E_h) <= |Sigma| max P(E_h) on finite probability spaces: weights \
                 p_a of atoms, indicators A_a and E_{i,a}."
            ]),
        Step::new("lemma-3/net-cardinality", "B.9, bound on P(B-bar and A)", &[2186])
            .about("The size of the finer net", "s, u > 0, epsilon = m/M")
            .uses(&["lemma-3-nets"])
            .on(WIDTHS, finer_net)
            .misstates(
                var(WHOLE).at_least(power(d.clone())),
                Fault::Misprint,
                "The equality cannot hold: (2 M/m + 1)^d = (8 exp(s^2/2 + 2 s^2/d + 2u) + 1)^d is not an integer at d \
                 = 1, s = u = 1/1025 (between 9 and 10), nor wherever the exponent is rational and not 0. It is an \
                 upper bound of the size of a net, which is what the displays that follow use: nothing changes.",
            )
            .rightly(power(d.clone()).at_least(var("|Sigma|")))
            .on(&[&[2]], finer_net)
            .falsely(Plant::OffByOne, power(&d - 1).at_least(3 * &large / &small))
            .remarks(&[
                "Printed: (2 M/m + 1)^d is a number of points. Corrected: an explicit net Sigma for d = 1, 2, 3 (any d \
                 by volumes). Planted: one dimension less; at d = 2 a net takes more than 3 M/m points, because each \
                 covers an arc of 4 asin(epsilon/2) < 2.05 epsilon.",
            ]),
    ]
}
