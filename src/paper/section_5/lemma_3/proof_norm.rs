//! The audit of B.9, lines 2034 to 2111: the growth of the norm of a fixed vector.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | h_k, Y, S_{k,.}, s^2 | [`Walk`] | see [`super::proof_walk`] |
//! | `{A + B >= a + b}` lies in `{A >= a}` or `{B >= b}` | `max(A - a, B - b) >= (A + B - a - b)/2` | scalars |
//! | `{x >= a}` is `{f(x) >= f(a)}` | `(f(x) - f(a)) (x - a) >= 0` | scalars |
//!
//! **Probabilities** are named numbers of the formulas, enclosed by exact distribution functions; that of max_k S_{k,2}
//! lies between P(S_{L,2} >= u) and, by Levy's inequality, twice that.
//!
//! **(45) is true as printed all the same.** Let q >= 2, e a unit vector, g standard normal in R^d, t = s^2/(L d) and
//! `m(t) = (E norm(e + sqrt(t) g)^q)^(2/q)`. By the heat equation,
//! `d/dt E norm(e + sqrt(t) g)^q = q (q+d-2)/2 E norm(e + sqrt(t) g)^(q-2) <= q (q+d-2)/2 (E norm(..)^q)^((q-2)/q)`
//! (Jensen), so `m' <= q+d-2` and `m(t) <= 1 + t (q+d-2)` (form `moments`: even q, exactly). Given F_k,
//! `norm(h_{k+1})/norm(h_k)` has the law of `norm(e + sqrt(t) g)`, so
//! `E norm(h_L)^q <= norm(h_0)^q exp(q s^2 (q+d-2)/(2d))`, and norm(h_k)^q is a submartingale. Doob:
//! `P(max norm(h_k)^2 >= exp(s^2+2u) norm(h_0)^2) <= exp(-(q u - s^2 q (q-2)/(2d)))` for every q >= 2. With
//! `r = d u/s^2` and q = max(2, 1 + r) the exponent is s^2/d times 2r for r <= 1 and `(1+r)^2/2` for r >= 1, and in
//! both cases at least `r^2/2` times it: `P <= exp(-d u^2/(2 s^2))`, without the second term of (45) and with 2 in
//! place of 16. The lost factor 4 of lemma-3/s1-exponent does not reach (45), nor P(A-bar).
//!
//! | display | step | established by |
//! | --- | --- | --- |
//! | P(max ratio >= ..) | `growth`, `log-below`, `max-split` | instances along paths; domain |
//! | before (43); (43) | `chi-square-scaling`: a factor d; `eq-43` | identity; domain |
//! | S_{k,1} | `s1-monotone`, `s1-tail` | instances; exact law |
//! | its scale; its exponent | `s1-scaling`, `s1-exponent`: a factor 4 | identity |
//! | S_{k,2}, to Doob | `exponential`, `sub-martingale`, `doob` | instances; exact law |
//! | the moment; the bound for every lambda | `gaussian-moment`: a factor 2; `chernoff` | identity; exact law |
//! | the best lambda; (44) | `optimal-lambda`, `eq-44` | identity; exact law |
//! | (45) | `eq-45` | domain, by the argument above |
//!
//! **Why this suffices.** An inclusion of events is an inequality between numbers on a path, and holds path by path.
//! A tail bound is compared with the true probability at points of its domain; for all parameters it is Chernoff's
//! bound, whose exponent (43) is proved over the domain. The maximum in (44) has no closed law: Levy's inequality
//! encloses its probability within a factor 2, for which the bounds leave room.

use super::constants::{Tails, union_bound};
use super::proof_scalars::{from_to, positive};
use super::proof_walk::{SIZES, each_step, fraction, ratio, s as sum_of, whole, y};
use super::tails::gaussian_exponent;
use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::formula::{Edit, Expr, Range, Table, at, dot, exp, ln, max, max_over, product, square, sum, var, vars};
use crate::harness::steps::sample::of;
use crate::harness::steps::{
    Body, Draw, Drawn, How, Margins, Pair, Plant, Sizes, Step, inequality::Inequality, scalar, steps, with,
};
use crate::harness::subdivision::in_pieces;
use crate::harness::{Fault, Form};
use crate::paper::kit::every;
use crate::residual::walk::{Law, Matrix, Parameters, Walk, log_tail_of_last};
use crate::statistics::gaussian::shifted_moment;
use crate::statistics::tails::{chi_square_exponent, chi_square_log_tail, normal_log_tail};
use num_traits::{One, Zero};

/// Depth and width, for inequalities along a path.
pub(crate) const WALKS: Sizes = &[&[1, 1], &[2, 1], &[1, 2], &[2, 2], &[3, 2]];

/// Depth and width, for tails.
pub(crate) const TAILS: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[3, 4], &[20, 5]];

/// Of a tail, s > 0 and u > 0; u is a drawn multiple of s, so that no tail is below what MPFR can hold.
impl Parameters {
    /// From sizes `[L, d]`.
    pub(crate) fn draw(draw: &mut Draw<'_>) -> Self {
        let s = draw.positive();
        Self { l: whole(draw.size(0)), d: whole(draw.size(1)), s2: s.powi(2), u: draw.positive() * s }
    }
    /// L, d, s, u.
    pub(crate) fn table(&self) -> Table<Rational> {
        let table =
            Table::default().scalar("L", self.l.clone()).scalar("d", self.d.clone()).scalar("u", self.u.clone());
        // s^2 is the square of what was drawn.
        self.s2.exact_sqrt().into_iter().fold(table, |t, s| t.scalar("s", s))
    }
    /// And the probability of [`MAXIMUM`], by its exact law up to the factor 2 of Levy's inequality.
    pub(crate) fn with_maximum(self) -> Table<Rational> {
        self.table().enclosed(MAXIMUM, move |bits| max_log_tail(&self, bits).exp())
    }
    /// `d u^2 / (c s^2)`.
    pub(crate) fn gaussian(&self, c: i64) -> Rational {
        &self.d * self.u.powi(2) / (Rational::from(c) * &self.s2)
    }
    /// The five terms of [`union_bound`], by their logarithms.
    pub(crate) fn union_bound(&self, tails: Tails, bits: u32) -> [Big; 5] {
        let [s2, l, d, u] = self.enclosed(bits);
        union_bound(&s2, &l, &d, &u, tails, bits)
    }
    /// s^2, L, d, u.
    pub(crate) fn enclosed(&self, bits: u32) -> [Big; 4] {
        [&self.s2, &self.l, &self.d, &self.u].map(|q| of(q, bits))
    }
}

/// The probability of a law, by its name.
pub(crate) fn tail(law: Law, name: &'static str) -> impl Fn(&mut Draw<'_>) -> Drawn {
    move |draw| {
        let p = Parameters::draw(draw);
        Ok(p.table().enclosed(name, move |bits| law.log(&p, bits).exp()))
    }
}

/// `ln P(max_k S_{k,2} >= u)`, up to ln 2: `P(S_{L,2} >= u) <= P <= 2 P(S_{L,2} >= u)`.
pub(crate) fn max_log_tail(p: &Parameters, bits: u32) -> Big {
    log_tail_of_last(p, bits).hull(&Law::SumTwo.log(p, bits))
}

/// The largest of S_{1,2}, .., S_{L,2} is at least u.
pub(crate) const MAXIMUM: &str = "P(max S_{k,2} >= u)";

/// `x - ln(1 + x)` over x > -1, with v = x/(1+x) for x >= 0 and v = x below: divided by `|v|/(1 - |v|)` it is `v g(v)`,
/// and for v = -t, `t (1 - g(t))`, g as in [`super::tails`]. With `alpha x` in place of x,
/// alpha - 1 is added, or 1 - alpha + t (alpha - 1).
///
/// So it is a product of factors each of which is enclosed as nonnegative; the difference `x - ln(1 + x)` cancels
/// near 0, and no box around 0 would be decided.
fn log_below(v: &[Big], how: How) -> (Big, Big) {
    let alpha = if how.plants(Plant::WrongConstant) { fraction(1, 2) } else { Big::one() };
    let more = alpha - 1;
    let above = |v: Big| &more + &v * chi_square_exponent(&v);
    let below = |t: Big| &t * (1 - chi_square_exponent(&t)) - &more * (1 - t);
    let sides = |value| if how.plants(Plant::FlippedSign) { (Big::zero(), value) } else { (value, Big::zero()) };
    in_pieces(&v[0], &Big::zero(), |v| sides(below(-v)), |v| sides(above(v)))
}

/// (43): the Chernoff exponent over `u^2/(2 (p+u))`, at t = u/(p+u), is g(t) >= 1/2.
fn eq_43(v: &[Big], _how: How) -> (Big, Big) {
    (chi_square_exponent(&v[0]), fraction(1, 2))
}

/// (43) by the exact law, p = L d.
fn chi_square_tail(draw: &mut Draw<'_>) -> Drawn {
    let p = draw.size(0) * draw.size(1);
    let u = draw.positive() * whole(4 * p);
    let (table, x) = (Table::default().scalar("p", whole(p)).scalar("u", u.clone()), whole(p) + u);
    Ok(table.enclosed("P(chi^2(p) >= p + u)", move |bits| chi_square_log_tail(p as u64, &x, bits).exp()))
}

/// Numbers S_{1,2}, .., S_{L,2}, u > 0 and lambda, by its sign.
fn exponential(draw: &mut Draw<'_>, sign: i64) -> Drawn {
    let table = numbers(draw, Table::default());
    Ok(table.scalar("L", whole(draw.size(0))).scalar("u", draw.positive()).scalar("lambda", sign * draw.positive()))
}
/// With numbers S_{1,2}, .., S_{L,2}.
pub(crate) fn numbers(draw: &mut Draw<'_>, table: Table<Rational>) -> Table<Rational> {
    (1..=draw.size(0) as i64).fold(table, |t, k| t.matrix("S", &[k, 2], scalar(draw.number())))
}

/// A path, its forms, and the mean of Y_{k,2} (its value at N_{k+1} = 0).
fn with_means(draw: &mut Draw<'_>) -> Drawn {
    let (walk, still) = (Walk::started(draw), Matrix::zeros(draw.size(1), draw.size(1)));
    let means = walk.path().into_iter().take(walk.depth()).map(|h| walk.increment(&still, &h).1);
    Ok(means.zip(0..).fold(walk.with_forms()?, |t, (mean, k)| t.matrix("mean", &[k], scalar(mean))))
}

/// The tail of the maximum, and lambda a drawn multiple of `d u/(4 s^2)`.
fn doob(draw: &mut Draw<'_>) -> Drawn {
    let p = Parameters::draw(draw);
    let lambda = draw.positive() * &p.d * &p.u / (4 * &p.s2);
    Ok(p.with_maximum().scalar("lambda", lambda))
}

/// Doob's exponent over s^2/d at q = max(2, 1 + r), r = d u/s^2 = t/(1-t), against r^2/16: (45) by its first term.
/// Times `(1-t)^2/t` for r <= 1, where it is 2r, times `(1-t)^2` for r >= 1, where it is `(1+r)^2/2`; on a box that
/// meets both, the smaller side and the larger.
fn eq_45(v: &[Big], _how: How) -> (Big, Big) {
    let t = v[0].clone();
    let small = (fraction(2, 1) * (1 - &t), &t / fraction(16, 1));
    let large = (fraction(1, 2), t.powi(2) / fraction(16, 1));
    let beyond = t - fraction(1, 2);
    match (beyond.is_nonnegative(), (-beyond).is_nonnegative()) {
        (true, _) => large,
        (_, true) => small,
        _ => (small.0.min(&large.0), small.1.max(&large.1)),
    }
}

/// (45) at L = d = 1, where `norm(h_1)^2/norm(h_0)^2 = (1 + s N)^2`: exact, for small s and u = (2..3) s. The second
/// term is there below exp(-50).
///
/// Here `norm(h_1)/norm(h_0) = |1 + s N|` exceeds `edge = exp(s^2/2 + u)` if `N >= (edge - 1)/s` or `N <= -(edge +
/// 1)/s`.
fn one_layer(draw: &mut Draw<'_>) -> Drawn {
    let s = (1 + draw.share()) / 64;
    let u = (2 + draw.share()) * &s;
    let p = Parameters { l: Rational::one(), d: Rational::one(), s2: s.powi(2), u };
    Ok(p.table().enclosed(GROWTH, move |bits| {
        let (edge, s) = (of(&(&p.s2 / 2 + &p.u), bits).exp(), of(&s, bits));
        let tail = |z: Big| normal_log_tail(&z).exp();
        tail((&edge - 1) / &s) + tail((edge + 1) / s)
    }))
}
/// The probability that (45) bounds.
const GROWTH: &str = "P(max norm(h_k)^2/norm(h_0)^2 >= exp(s^2 + 2u))";

/// `E norm(e + c g)^(2p) <= (1 + c^2 (2p + d - 2))^p`.
fn moments(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (d, p, c) = (draw.size(0) as i64, draw.size(1) as u32, draw.number());
    let two = if how.plants(Plant::WrongConstant) { 3 } else { 2 };
    let bound = (1 + c.powi(2) * Rational::from(2 * i64::from(p) + d - two)).powi(p);
    Pair::exact(&bound, &shifted_moment(&c, d, p), bits).into()
}

/// d, then p.
const MOMENTS: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 3], &[3, 2], &[5, 4]];

/// L, d, s, u > 0, any lambda, and what is said to be the best one: `d u/(c s^2)`.
fn best_of(c: i64) -> impl Fn(&mut Draw<'_>) -> Drawn {
    let [s, u, d] = vars(["s", "u", "d"]);
    let numbers = with(positive, [Range::any("lambda")]);
    move |draw| Ok(numbers(draw)?.define("lambda*", &[], &d * &u / (c * s.pow(2))))
}

/// The steps of these lines.
pub(crate) fn steps() -> Vec<Step> {
    let [s, u, d, l] = vars(["s", "u", "d", "L"]);
    let [lambda, best] = vars(["lambda", "lambda*"]);
    let f = |x: &Expr| -(x * &u) + 4 * s.pow(2) * x.pow(2) / &d;
    let first = || l.pow(2) * d.pow(2) * u.pow(2) / (4 * s.pow(4) * (&l * &d + &l * &d * &u / s.pow(2)));
    let exponent_of_one = |middle: Expr| first().equals(&l * &d * u.pow(2) / (4 * s.pow(4) + middle * s.pow(2)));
    let [k, s2, maximum] = vars(["k", "s^2", MAXIMUM]);
    let (edge, total) = (&s2 + 2 * &u, sum_of(&k, 1) + sum_of(&k, 2));
    let law = |by: &Expr| {
        let form = by * at("Q", &k);
        each_step(form.pow(2).equals(&form).and(dot(var("I_{d^2}"), form).equals(&d)))
    };
    let in_units = || &l * &d / &s2;
    let variance = sum("k", 0, &l - 1, square(at("q", &k)));
    let moment_of = |c: i64| (lambda.pow(2) / 2 * &variance).equals(c * &s2 * lambda.pow(2) / &d);
    let (now, moved) = (&lambda * sum_of(&k, 2), &lambda * at("mean", &k));
    let moments = |make: fn(&'static str, String, _) -> Form, name, how, statement: &str| {
        let body = Inequality { id: "lemma-3/eq-45/moments", sizes: MOMENTS, sides: moments, how };
        make(name, statement.into(), body)
    };
    steps![
        Step::new("lemma-3/growth", "B.9, bound on P(A-bar), first display", &[2037])
            .about("The growth of a fixed vector as a sum", "h_0 not 0; no h_k is 0")
            .uses(&["lemma-3/eq-41", "lemma-3/log-below"])
            .on(WALKS, with(|draw| Walk::started(draw).never_zero()?.with_sums(), [Range::positive("u")]))
            .states(every(
                ((ratio(&k) - exp(&edge)) * (ln(ratio(&k)) - &edge))
                    .at_least(0)
                    .and(ratio(&k).equals(product("j", 0, &k - 1, 1 + y(&var("j"), 1) + y(&var("j"), 2))))
                    .and(ln(ratio(&k)).at_most(&total)),
            ))
            .edited(Plant::DroppedTerm, Edit::Swap(total.clone(), sum_of(&k, 2)))
            .remarks(&[
                "The first link: a ratio is at least exp(s^2 + 2u) if and only if its logarithm is at least s^2 + 2u.",
            ]),
        Step::new("lemma-3/log-below", "B.9, bound on P(A-bar)", &[])
            .quoted(2041, "by using  $ln(1 + x) \\leqslant x$")
            .about("ln(1 + x) <= x", "x > -1")
            .by(Body::Domain {
                variables: &["v: x = v/(1-v), or v if v < 0"],
                domain: |_| from_to(-1, 1),
                sides: log_below,
            })
            .holds("ln(1 + x) <= x for every x > -1")
            .planted(Plant::WrongConstant, "ln(1 + x) <= x/2")
            .planted(Plant::FlippedSign, "ln(1 + x) >= x"),
        Step::new("lemma-3/max-split", "B.9, bound on P(A-bar), second display", &[2043])
            .about("The union bound over the two sums", "u > 0")
            .uses(&["lemma-3/growth"])
            .on(WALKS, with(|draw| Walk::started(draw).with_sums(), [Range::positive("u")]))
            .states(every(max(sum_of(&k, 1) - (&s2 + &u), sum_of(&k, 2) - &u).at_least((&total - (&s2 + 2 * &u)) / 2),))
            .edited(Plant::WrongConstant, Edit::Swap(sum_of(&k, 2) - &u, sum_of(&k, 2) - 2 * &u))
            .remarks(&["So S_{k,1} + S_{k,2} >= s^2 + 2u only if S_{k,1} >= s^2 + u or S_{k,2} >= u."]),
        Step::new("lemma-3/chi-square-scaling", "B.9, before (43)", &[])
            .quoted(2047, "$\\frac{L}{s^2} S_{L,1}$  follows a  $\\chi^2(Ld)$  distribution")
            .serves(&[])
            .about("The scale of S_{L,1}", "s > 0")
            .uses(&["lemma-3/laws-of-sums"])
            .on(SIZES, |draw| Walk::started(draw).rough()?.with_forms())
            .misstates(
                law(&(&l / &s2)),
                Fault::Extraction,
                "A factor d is missing: S_{L,1} ~ s^2/(L d) chi^2(L d), so it is L d/s^2 S_{L,1}; at d = 2 the mean of \
                 L/s^2 S_{L,1} is L, not 2 L. Possibly a letter lost in the extraction; the display after (43) has L \
                 d/s^2. Nothing depends on it.",
            )
            .rightly(law(&in_units()))
            .edited(Plant::DroppedFactor, Edit::SwapAll(in_units(), &d / &s2))
            .remarks(&["The law by the matrix Q_k of Y_{k,1}: printed L/s^2 S_{L,1} ~ chi^2(L d), corrected L d/s^2 \
                        S_{L,1} ~ chi^2(L d)."]),
        Step::new("lemma-3/eq-43", "B.9, (43)", &[2050])
            .about("A tail bound for chi-square variables", "p > 0, u > 0")
            .uses(&["lemma-3-chi-square"])
            .by(Body::Domain { variables: &["t = u/(p+u)"], domain: |_| from_to(0, 1), sides: eq_43 })
            .holds(
                "P(chi^2(p) >= p + u) <= exp(-u^2/(4 (p+u))): the Chernoff exponent is at least that, for every p, u > \
                 0",
            )
            .stronger(
                Plant::WrongConstant,
                "the Chernoff exponent is at least u^2/(3.99 (p+u))",
                Rational::new(400, 399),
            )
            .on(TAILS, chi_square_tail)
            .falsely(Plant::DroppedTerm, var("P(chi^2(p) >= p + u)").at_most(exp(-(u.pow(2) / (4 * var("p")))))),
        Step::new("lemma-3/s1-monotone", "B.9, bound on S_{k,1}", &[2056])
            .quoted(2054, "Since the  $S_{k,1}$  are increasing")
            .about("The largest S_{k,1} is the last", "no h_k is 0")
            .on(WALKS, |draw| Walk::started(draw).with_sums())
            .states(max_over("k", 1, &l, sum_of(&k, 1)).equals(sum_of(&l, 1)))
            .edited(Plant::OffByOne, Edit::Swap(sum_of(&l, 1), sum_of(&(&l - 1), 1))),
        Step::new("lemma-3/s1-scaling", "B.9, bound on S_{k,1}", &[2061])
            .about("The event in units of the chi-square law", "s > 0")
            .on(SIZES, positive)
            .states((&l * &d / s.pow(2) * (s.pow(2) + &u)).equals(&l * &d + &l * &d * &u / s.pow(2)))
            .edited(Plant::DroppedFactor, Edit::Swap(&l * &d * &u, &l * &u)),
        Step::new("lemma-3/s1-tail", "B.9, bound on S_{k,1}", &[])
            .quoted(2067, "\\leq \\exp\\Big(-\\frac{L^2d^2u^2}{4s^4(Ld + \\frac{Ldu}{s^2})}\\Big)")
            .about("The tail of S_{L,1}", "s, u > 0")
            .uses(&["lemma-3/eq-43", "lemma-3/s1-scaling", "lemma-3/laws-of-sums"])
            .on(TAILS, tail(Law::SumOne, "P(S_{L,1} >= s^2 + u)"))
            .states(var("P(S_{L,1} >= s^2 + u)").at_most(exp(-first())))
            .edited(Plant::WrongConstant, Edit::Swap(4 * s.pow(4), 2 * s.pow(4)))
            .remarks(&["By the exact law."]),
        Step::new("lemma-3/s1-exponent", "B.9, bound on S_{k,1}", &[2066])
            .about("The exponent of S_{L,1}, simplified", "s, u > 0")
            .uses(&["lemma-3-s1"])
            .on(SIZES, positive)
            .misstates(
                exponent_of_one(u.clone()),
                Fault::Constant,
                "A factor 4 is lost: 4 s^4 (L d + L d u/s^2) = L d (4 s^4 + 4 u s^2). At L = d = s = u = 1 the \
                 left-hand side is 1/8, the right-hand side 1/5. As a bound on P(S_{L,1} >= s^2 + u) the printed \
                 exponent is false (lemma-3-s1). It is carried into (45), the bound on P(A-bar) and the union bound, \
                 which are true as printed for another reason (lemma-3/eq-45), and where it is used the denominator is \
                 enlarged to 8 u s^2 (lemma-3/term-2), which 4 s^4 + 4 u s^2 allows as well: Lemma 3 survives \
                 unchanged.",
            )
            .rightly(exponent_of_one(4 * &u))
            .edited(Plant::WrongConstant, Edit::Swap(4 * &u, 2 * &u)),
        Step::new("lemma-3/exponential", "B.9, bound on S_{k,2}", &[2072])
            .about("Exponentiating the event", "lambda > 0")
            .on(&[&[1], &[2], &[3]], |draw| exponential(draw, 1))
            .states(every(((exp(&lambda * sum_of(&k, 2)) - exp(&lambda * &u)) * (sum_of(&k, 2) - &u)).at_least(0)))
            .elsewhere(Plant::DroppedHypothesis, "with lambda < 0", |draw| exponential(draw, -1))
            .remarks(&["So max S_{k,2} >= u if and only if max exp(lambda S_{k,2}) >= exp(lambda u)."]),
        Step::new("lemma-3/sub-martingale", "B.9, bound on S_{k,2}", &[2078])
            .titled("exp(lambda S_{k,2}) is a sub-martingale")
            .given("lambda > 0; the law of Y_{k,2} given F_k is normal, with the variance of its linear form")
            .uses(&["lemma-3/eq-42"])
            .on(WALKS, with(with_means, [Range::positive("lambda")]))
            .states(each_step((&now + lambda.pow(2) / 2 * square(at("q", &k))).at_least(&now + &moved).equals(&now)))
            .edited(Plant::FlippedSign, Edit::Turn(0))
            .edited(Plant::StrictInequality, Edit::Strict(0))
            .remarks(&[
                "The exponents of E(exp(lambda S_{k+1,2}) | F_k) >= exp(lambda E(S_{k+1,2} | F_k)) = exp(lambda \
                 S_{k,2}); strict it fails for s = 0.",
            ]),
        Step::new("lemma-3/doob", "B.9, bound on S_{k,2}", &[2084])
            .about("Doob's inequality", "s, u, lambda > 0")
            .uses(&["lemma-3/exponential", "lemma-3/sub-martingale"])
            .on(TAILS, doob)
            .states((-ln(&maximum)).at_least(&lambda * &u - 2 * s.pow(2) * lambda.pow(2) / &d))
            .edited(Plant::WrongConstant, Edit::Swap(&lambda * &u, 4 * &lambda * &u))
            .remarks(&[
                "The logarithm of P(max S_{k,2} >= u) <= E(exp(lambda S_{L,2})) exp(-lambda u), with the exact moment.",
            ]),
        Step::new("lemma-3/gaussian-moment", "B.9, bound on S_{k,2}", &[2090])
            .titled("The exponential moment of S_{L,2}")
            .given("no h_k is 0; S_{L,2} is normal with the variance of its linear forms")
            .uses(&["lemma-3/laws-of-sums"])
            .on(SIZES, with(|draw| Walk::started(draw).with_forms(), [Range::any("lambda")]))
            .misstates(
                moment_of(4),
                Fault::Constant,
                "A factor 2: for a centred normal variable of variance v it is exp(v lambda^2/2), and v = 4 s^2/d. At \
                 s = lambda = d = 1 it is e^2, not e^4. The printed value is larger, so it serves as an upper bound, \
                 which is all that is used: the next display and (44) are true, with 16 s^2 where 8 s^2 would do \
                 (lemma-3-s2), and Lemma 3 keeps its constant 32.",
            )
            .rightly(moment_of(2))
            .edited(Plant::WrongPower, Edit::Swap(2 * &s2 * lambda.pow(2), 2 * &s2 * &lambda))
            .remarks(&["The logarithm of E exp(lambda S_{L,2}), by the variance of S_{L,2}."]),
        Step::new("lemma-3/chernoff", "B.9, bound on S_{k,2}", &[2096])
            .about("The bound for every lambda", "s, u, lambda > 0")
            .uses(&["lemma-3/doob", "lemma-3/gaussian-moment"])
            .on(TAILS, doob)
            .states((-ln(&maximum)).at_least(&lambda * &u - 4 * s.pow(2) * lambda.pow(2) / &d))
            .edited(Plant::FlippedSign, Edit::FlipSign(4 * s.pow(2) * lambda.pow(2) / &d))
            .remarks(&["The logarithm of P(max S_{k,2} >= u) <= exp(-lambda u + 4 s^2 lambda^2/d)."]),
        Step::new("lemma-3/optimal-lambda", "B.9, before (44)", &[])
            .quoted(2102, "This quantity is minimal for  $\\lambda = \\frac{du}{8s^2}$")
            .about("The best lambda", "s > 0")
            .on(SIZES, best_of(8))
            .states(
                (f(&lambda) - f(&best))
                    .equals(4 * s.pow(2) / &d * (&lambda - &best).pow(2))
                    .and(f(&best).equals(-(&d * u.pow(2) / (16 * s.pow(2))))),
            )
            .elsewhere(Plant::WrongConstant, "with lambda* = d u/(4 s^2)", best_of(4)),
        Step::new("lemma-3/eq-44", "B.9, (44)", &[2105])
            .about("The tail of the maximum of S_{k,2}", "s, u > 0")
            .uses(&["lemma-3/chernoff", "lemma-3/optimal-lambda", "lemma-3-s2"])
            .on(TAILS, |draw| Ok(Parameters::draw(draw).with_maximum()))
            .states(maximum.at_most(exp(-gaussian_exponent(16))))
            .edited(Plant::WrongConstant, Edit::Swap(16.into(), 7.into()))
            .remarks(&["By the exact law, up to the factor 2 of Levy's inequality; 8 in place of 16 would do \
                        (lemma-3-s2)."]),
        Step::new("lemma-3/eq-45", "B.9, (45)", &[2111])
            .about("The growth of a fixed vector", "h_0 not 0; s, u > 0; L, d >= 1")
            .uses(&["lemma-3/max-split", "lemma-3/s1-tail", "lemma-3/eq-44"])
            .by(Body::Domain { variables: &["t: d u/s^2 = t/(1-t)"], domain: |_| from_to(0, 1), sides: eq_45 })
            .holds(
                "P(max norm(h_k)^2/norm(h_0)^2 >= exp(s^2 + 2u)) <= exp(-d u^2/(16 s^2)) + exp(-L d u^2/(4 s^4 + u \
                 s^2)): Doob's inequality for norm(h_k)^q, q = max(2, 1 + d u/s^2), bounds it by the first term",
            )
            .form(moments(
                Form::sharpened,
                "moments",
                How::Printed,
                "E norm(e + c g)^(2p) <= (1 + c^2 (2p + d - 2))^p, by which P(..) <= exp(-d u^2/(2 s^2))",
            ))
            .form(moments(
                Form::control,
                "smaller-moments",
                How::Planted(Plant::WrongConstant),
                "E norm(e + c g)^(2p) <= (1 + c^2 (2p + d - 3))^p",
            ))
            .on(&[&[1, 1]], one_layer)
            .falsely(
                Plant::WrongConstant,
                var(GROWTH)
                    .at_most(exp(-gaussian_exponent(1)) + exp(-(&l * &d * u.pow(2) / (4 * s.pow(4) + &u * s.pow(2))))),
            )
            .remarks(&[
                "The paper derives it from the printed bound on S_{k,1}, which is false (lemma-3/s1-exponent); derived \
                 with the corrected one, its second term has 4 u s^2. It is true as printed by the argument at the \
                 head of `src/paper/section_5/lemma_3/proof_norm.rs`.",
            ]),
    ]
}
