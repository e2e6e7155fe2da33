//! The proof of Lemma 4 (Appendix A): two inequalities of Bernoulli's type.
//!
//! | paper | here | range |
//! | --- | --- | --- |
//! | alpha | `alpha` | alpha > 0 |
//! | x | `x` | `[0, 1/2]`; in the second, x > 0 with alpha x <= 1 |
//!
//! Both chains hold as printed. Each inequality is proved over its whole domain in a form in which its case of equality is divided out; the
//! exponential increases and alpha > 0, so nothing is lost:
//! - `exp(alpha log(1-x)) >= exp(-2 alpha x)` is `-log(1-x)/x <= 2`; the left-hand side increases from 1 (x = 0) to 2 ln 2 (x = 1/2);
//! - `exp(-2 alpha x) >= 1 - 2 alpha x` is `E(-u) <= 1` with `u = 2 alpha x`, `E(u) = (e^u - 1)/u`; for u >= 1 the right-hand side of the printed form is
//!   not positive, so u in `[0, 1]` is all; it needs no x <= 1/2;
//! - `exp(alpha log(1+x)) <= exp(alpha x)` is `log(1+x)/x <= 1`; with `x = t/(1-t)` the left-hand side is `-(1-t) log(1-t)/t`, which decreases from 1 to 0;
//! - `exp(alpha x) <= 1 + 2 alpha x` is `E(z) <= 2` with `z = alpha x` in (0, 1]; E(1) = e - 1.
//!
//! The forms `literal` evaluate the chains as they are printed, at points.

use super::super::lemma_4::mean_exponential;
use super::domain::monotone;
use super::inequality::{Margins, Pair, literal};
use super::sample::{Draw, of};
use super::step::{Body, How, Other, Plant, Proof, Reason, Sizes, Step, other};
use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use num_traits::{One, Zero};

/// Numerator and denominator of alpha, for the meaning of the real power.
const POWERS: Sizes = &[&[1, 1], &[2, 1], &[1, 2], &[3, 2], &[7, 3], &[100, 1], &[1, 100]];

/// Steps whose parameters are all drawn.
const SCALARS: Sizes = &[&[1]];

type Ranges = Vec<(Rational, Rational)>;

/// From 0, where the reduced forms take the limit. A counterexample of a planted error has to be one of the formula as it stands: these begin at 1/16.
fn to(end: Rational, how: How) -> Ranges {
    let begin = if matches!(how, How::Planted(_)) { Rational::new(1, 16) } else { Rational::zero() };
    vec![(begin, end)]
}

fn unit(how: How) -> Ranges {
    to(Rational::one(), how)
}

fn integer(v: i64) -> Big {
    Big::from_i64(v)
}

/// `-log(1-x)/x`, increasing, 1 at x = 0.
fn minus_log_over(x: &Big) -> Big {
    monotone(x, |q, bits| if q.is_zero() { Big::one() } else { -(-of(q, bits)).ln_1p() / of(q, bits) })
}

/// `log(1+x)/x` at `x = t/(1-t)`: `-(1-t) log(1-t)/t`, decreasing, 1 at t = 0 and 0 at t = 1.
fn log_over(t: &Big) -> Big {
    monotone(t, |q, bits| {
        if q.is_zero() {
            Big::one()
        } else if q.is_one() {
            Big::zero()
        } else {
            -(of(&(1 - q), bits) * (-of(q, bits)).ln_1p()) / of(q, bits)
        }
    })
}

/// The ends of x in the first chain.
fn halves(how: How) -> Ranges {
    let end = if how.plants(Plant::DroppedHypothesis) { Rational::new(9, 10) } else { Rational::new(1, 2) };
    to(end, how)
}

fn minus_exponent(v: &[Big], how: How) -> (Big, Big) {
    let constant = match how {
        How::Planted(Plant::WrongConstant) => 1,
        How::Planted(Plant::FlippedSign) => -2,
        _ => 2,
    };
    (integer(constant), minus_log_over(&v[0]))
}

fn minus_linear(v: &[Big], how: How) -> (Big, Big) {
    let u = &v[0];
    // In the planted form the right-hand side is 1 - alpha x = 1 - u/2.
    let constant = if how.plants(Plant::WrongConstant) { Rational::new(1, 2) } else { Rational::one() };
    (of(&constant, u.bits()), mean_exponential(&-u))
}

fn plus_exponent(v: &[Big], how: How) -> (Big, Big) {
    let lesser = log_over(&v[0]);
    if how.plants(Plant::WrongConstant) {
        (of(&Rational::new(1, 2), v[0].bits()), lesser)
    } else {
        (integer(1), lesser)
    }
}

fn plus_linear(v: &[Big], how: How) -> (Big, Big) {
    (integer(if how.plants(Plant::WrongConstant) { 1 } else { 2 }), mean_exponential(&v[0]))
}

/// `b^alpha = exp(alpha log b)` for alpha = p/q, the ratio of the sizes, and any b > 0, b != 1: the power is the positive number whose q-th power is b^p, and
/// `exp(alpha log b)^q = exp(q alpha log b)` is b^p if and only if `q alpha = p`, exactly.
fn power(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (p, q) = (Rational::from(draw.size(0) as i64), Rational::from(draw.size(1) as i64));
    let exponent = match how {
        How::Planted(Plant::FlippedSign) => -(p.clone() / q.clone()),
        How::Planted(Plant::DroppedFactor) => Rational::one(),
        _ => p.clone() / q.clone(),
    };
    Margins::All(Pair::equal(&(q * exponent), &p, bits).to_vec())
}

/// The first chain as printed; x = 0, where all its members are 1, among the points.
fn minus_literal(draw: &mut Draw<'_>, _how: How, bits: u32) -> Margins {
    let (alpha, x) = (draw.positive(), draw.share() / 2);
    let slope = 2 * &alpha * &x;
    let first = (of(&alpha, bits) * of(&(1 - x), bits).ln()).exp();
    let second = of(&-&slope, bits).exp();
    Margins::All(vec![Pair::new(first, second.clone()), Pair::new(second, of(&(1 - slope), bits))])
}

/// The second chain as printed, with `alpha x <= 1`.
fn plus_literal(draw: &mut Draw<'_>, _how: How, bits: u32) -> Margins {
    let (x, z) = (draw.positive(), draw.share());
    if z.is_zero() {
        return Margins::OutOfScope("alpha > 0");
    }
    let alpha = &z / &x;
    let first = (of(&alpha, bits) * of(&(1 + x), bits).ln()).exp();
    let second = of(&z, bits).exp();
    let linear = of(&(1 + 2 * z), bits);
    Margins::All(vec![Pair::new(second.clone(), first), Pair::new(linear, second)])
}

const OTHERS: &[Other] =
    &[other(449, Reason::Claims(&["lemma-4-minus"])), other(455, Reason::Claims(&["lemma-4-plus"]))];

fn first_chain() -> Vec<Step> {
    vec![
        Step::new("lemma-4/minus-power", "Lemma 4, proof, first chain", &[])
            .quoted(462, "(1-x)^{\\alpha} = \\exp(\\alpha \\log(1-x))")
            .titled("A power as an exponential")
            .given("alpha > 0 rational, x in [0, 1/2]")
            .serves(&[])
            .by(Body::Instances { sizes: POWERS, sides: power })
            .holds("(1-x)^alpha = exp(alpha log(1-x)): the definition, for irrational alpha; here that its q-th power is (1-x)^p, alpha = p/q")
            .planted(Plant::FlippedSign, "(1-x)^alpha = exp(-alpha log(1-x))")
            .planted(Plant::DroppedFactor, "(1-x)^alpha = exp(log(1-x))"),
        Step::new("lemma-4/minus-exponent", "Lemma 4, proof, first chain", &[461])
            .quoted(465, "where the first inequality holds for")
            .titled("log(1-x) >= -2x")
            .given("alpha > 0, x in [0, 1/2]")
            .by(Body::Domain { variables: &["x"], domain: halves, sides: minus_exponent })
            .holds("exp(alpha log(1-x)) >= exp(alpha (-2x)), that is -log(1-x)/x <= 2")
            .form(literal(
                "lemma-4/minus-exponent",
                SCALARS,
                minus_literal,
                "exp(alpha log(1-x)) >= exp(alpha (-2x)) >= 1 - 2 alpha x as printed, at points",
            ))
            .planted(Plant::WrongConstant, "exp(alpha log(1-x)) >= exp(-alpha x)")
            .planted(Plant::FlippedSign, "exp(alpha log(1-x)) >= exp(2 alpha x)")
            .planted(Plant::DroppedHypothesis, "the same for x up to 9/10"),
        Step::new("lemma-4/minus-linear", "Lemma 4, proof, first chain", &[])
            .quoted(462, "\\exp(\\alpha(-2x)) \\ge 1 - 2\\alpha x")
            .titled("exp(-u) >= 1 - u")
            .given("alpha > 0, x >= 0; u = 2 alpha x in [0, 1], beyond which 1 - u is not positive")
            .by(Body::Domain { variables: &["u"], domain: unit, sides: minus_linear })
            .holds("exp(alpha (-2x)) >= 1 - 2 alpha x, that is (1 - exp(-u))/u <= 1")
            .planted(Plant::WrongConstant, "exp(alpha (-2x)) >= 1 - alpha x"),
    ]
}

fn second_chain() -> Vec<Step> {
    vec![
        Step::new("lemma-4/plus-power", "Lemma 4, proof, second chain", &[])
            .quoted(468, "(1+x)^{\\alpha} = \\exp(\\alpha \\log(1+x))")
            .titled("A power as an exponential")
            .given("alpha > 0 rational, x > 0")
            .serves(&[])
            .by(Body::Instances { sizes: POWERS, sides: power })
            .holds("(1+x)^alpha = exp(alpha log(1+x)): the definition, for irrational alpha; here that its q-th power is (1+x)^p, alpha = p/q")
            .planted(Plant::FlippedSign, "(1+x)^alpha = exp(-alpha log(1+x))")
            .planted(Plant::DroppedFactor, "(1+x)^alpha = exp(log(1+x))"),
        Step::new("lemma-4/plus-exponent", "Lemma 4, proof, second chain", &[467])
            .titled("log(1+x) <= x")
            .given("alpha > 0, x > 0: x = t/(1-t)")
            .by(Body::Domain { variables: &["t"], domain: unit, sides: plus_exponent })
            .holds("exp(alpha log(1+x)) <= exp(alpha x), that is log(1+x)/x <= 1")
            .form(literal(
                "lemma-4/plus-exponent",
                SCALARS,
                plus_literal,
                "exp(alpha log(1+x)) <= exp(alpha x) <= 1 + 2 alpha x as printed, at points with alpha x <= 1",
            ))
            .planted(Plant::WrongConstant, "exp(alpha log(1+x)) <= exp(alpha x/2)"),
        Step::new("lemma-4/plus-linear", "Lemma 4, proof, second chain", &[])
            .quoted(471, "where the second inequality holds when")
            .titled("exp(z) <= 1 + 2z for z <= 1")
            .given("alpha > 0, x > 0, alpha x <= 1; z = alpha x in [0, 1]")
            .by(Body::Domain { variables: &["z"], domain: z_range, sides: plus_linear })
            .holds("exp(alpha x) <= 1 + 2 alpha x when alpha x <= 1, that is (exp(z) - 1)/z <= 2")
            .planted(Plant::WrongConstant, "exp(alpha x) <= 1 + alpha x")
            .planted(Plant::DroppedHypothesis, "the same when alpha x <= 2"),
    ]
}

fn z_range(how: How) -> Ranges {
    to(Rational::from(if how.plants(Plant::DroppedHypothesis) { 2 } else { 1 }), how)
}

/// The audit of the proof of Lemma 4.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-4",
        title: "Lemma 4",
        section: "Appendix A",
        proves: &["lemma-4-minus", "lemma-4-plus"],
        steps: first_chain().into_iter().chain(second_chain()).collect(),
        others: OTHERS,
    }
}
