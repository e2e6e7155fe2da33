//! The proof of Lemma 4 (Appendix A): two inequalities of Bernoulli's type.
//!
//! | paper | here | range |
//! | --- | --- | --- |
//! | alpha | `alpha` | alpha > 0 |
//! | x | `x` | `[0, 1/2]`; in the second, x > 0 with alpha x <= 1 |
//!
//! Both chains hold as printed. Each inequality is proved over its whole domain in a form in which its case of equality
//! is divided out; the exponential increases and alpha > 0, so nothing is lost:
//! - `exp(alpha log(1-x)) >= exp(-2 alpha x)` is `-log(1-x)/x <= 2`; the left-hand side increases from 1 (x = 0) to 2
//!   ln 2 (x = 1/2);
//! - `exp(-2 alpha x) >= 1 - 2 alpha x` is `E(-u) <= 1` with `u = 2 alpha x`, `E(u) = (e^u - 1)/u`; for u >= 1 the
//!   right-hand side of the printed form is not positive, so u in `[0, 1]` is all; it needs no x <= 1/2;
//! - `exp(alpha log(1+x)) <= exp(alpha x)` is `log(1+x)/x <= 1`; with `x = t/(1-t)` the left-hand side is `-(1-t)
//!   log(1-t)/t`, which decreases from 1 to 0;
//! - `exp(alpha x) <= 1 + 2 alpha x` is `E(z) <= 2` with `z = alpha x` in (0, 1]; E(1) = e - 1.
//!
//! The forms `literal` evaluate the chains as they are printed, at points.
//!
//! **The steps, in the order of the text.** Lines 461 to 465, the first chain, and 467 to 471, the second: each
//! begins with a power written as an exponential (instances: for rational alpha it says what a root is, for
//! irrational alpha it is the definition), and has two inequalities, each proved by subdivision over its whole
//! domain. That suffices: the chain is their composition, and nothing is left between samples.

use crate::arithmetic::Rational;
use crate::formula::{Edit, Expr, Range, Reduction, Table, exp, exp_rest, ln, ln_over, vars};
use crate::harness::steps::{
    Body, Draw, How, Margins, Missing, Other, Pair, Plant, Proof, Reason, SCALARS, Sizes, Step, other, over, steps,
};
use num_traits::{One, Zero};

/// Numerator and denominator of alpha, for the meaning of the real power.
const POWERS: Sizes = &[&[1, 1], &[2, 1], &[1, 2], &[3, 2], &[7, 3], &[100, 1], &[1, 100]];

/// `b^alpha = exp(alpha log b)` for alpha = p/q, the ratio of the sizes, and any b > 0, b != 1: the power is the
/// positive number whose q-th power is b^p, and `exp(alpha log b)^q = exp(q alpha log b)` is b^p if and only if `q
/// alpha = p`, exactly.
fn power(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (p, q) = (Rational::from(draw.size(0) as i64), Rational::from(draw.size(1) as i64));
    let exponent = match how {
        How::Planted(Plant::FlippedSign) => -(&p / &q),
        How::Planted(Plant::DroppedFactor) => Rational::one(),
        _ => &p / &q,
    };
    Margins::All(Pair::equal(&(q * exponent), &p, bits).to_vec())
}

/// `base^alpha = exp(alpha log(base))`.
fn as_exponential(step: Step<Missing>, base: &str) -> Step {
    step.titled("A power as an exponential")
        .serves(&[])
        .by(Body::Instances { sizes: POWERS, sides: power })
        .holds(&format!(
            "({base})^alpha = exp(alpha log({base})): the definition, for irrational alpha; here that its q-th power \
             is ({base})^p, alpha = p/q",
        ))
        .planted(Plant::FlippedSign, &format!("({base})^alpha = exp(-alpha log({base}))"))
        .planted(Plant::DroppedFactor, &format!("({base})^alpha = exp(log({base}))"))
}

/// The displays of the statement.
const OTHERS: &[Other] =
    &[other(449, Reason::Claims(&["lemma-4-minus"])), other(455, Reason::Claims(&["lemma-4-plus"]))];

/// The audit of the proof of Lemma 4.
pub fn proof() -> Proof {
    let [first, second] = ["Lemma 4, proof, first chain", "Lemma 4, proof, second chain"];
    let [alpha, x, u, t, z] = vars(["alpha", "x", "u", "t", "z"]);
    let product = || &alpha * &x;
    let minus_exponent = |to: Rational| {
        Reduction::on([Range::positive("alpha"), Range::within("x", 0, to.clone())])
            .coordinate(Range::within("x", 0, to), &x)
            .exponents_cleared_by(1 / product(), Expr::from(2).at_least(ln_over(-&x)))
    };
    // Times `exp(u)/u^2` both sides are sums of increasing series.
    let slope = 2 * &alpha * &x;
    let minus_linear = Reduction::on([Range::positive("alpha"), Range::from("x", 0)])
        .given(slope.at_most(1))
        .coordinate(Range::within("u", 0, 1), &slope)
        .inverse(&x, &u / (2 * &alpha))
        .cleared_by(exp(slope.clone()) / slope.pow(2), exp_rest(1, &u).at_least(exp_rest(2, &u)));
    let at = &t * (1 - &t).pow(-1);
    let positive = || Reduction::on([Range::positive("alpha"), Range::positive("x")]);
    let plus_exponent = positive()
        .coordinate(Range::within("t", 0, 1), &x / (1 + &x))
        .inverse(&x, &at)
        .exponents_cleared_by(1 / product(), Expr::from(1).at_least(ln_over(at)));
    let plus_linear = |most: i64| {
        positive()
            .given(product().at_most(most))
            .coordinate(Range::within("z", 0, most), product())
            .inverse(&x, &z / &alpha)
            .cleared_by(1 / product(), Expr::from(2).at_least(exp_rest(1, &z)))
    };
    let steps = steps![
        Step::new("lemma-4/minus-power", first, &[])
            .quoted(462, "(1-x)^{\\alpha} = \\exp(\\alpha \\log(1-x))")
            .given("alpha > 0 rational, x in [0, 1/2]")
            .stated_by(|step| as_exponential(step, "1-x")),
        Step::new("lemma-4/minus-exponent", first, &[461])
            .quoted(465, "where the first inequality holds for")
            .about("log(1-x) >= -2x", "alpha > 0, x in [0, 1/2]")
            .says(exp(&alpha * ln(1 - &x)).at_least(exp(&alpha * (-2 * &x))), minus_exponent(Rational::new(1, 2)))
            .edited(Plant::WrongConstant, Edit::Swap(-2 * &x, -&x))
            .edited(Plant::FlippedSign, Edit::Swap(-2 * &x, 2 * &x))
            .elsewhere(Plant::DroppedHypothesis, minus_exponent(Rational::new(9, 10)))
            .literally(
                exp(&alpha * ln(1 - &x)).at_least(exp(&alpha * (-2 * &x))).at_least(1 - &slope),
                SCALARS,
                over([Range::positive("alpha"), Range::within("x", 0, Rational::new(1, 2))]),
            ),
        Step::new("lemma-4/minus-linear", first, &[])
            .quoted(462, "\\exp(\\alpha(-2x)) \\ge 1 - 2\\alpha x")
            .about("exp(-u) >= 1 - u", "alpha > 0, x >= 0; u = 2 alpha x in [0, 1], beyond which 1 - u is not positive")
            .says(exp(&alpha * (-2 * &x)).at_least(1 - &slope), minus_linear)
            .edited(Plant::WrongConstant, Edit::Swap(slope.clone(), product())),
        Step::new("lemma-4/plus-power", second, &[])
            .quoted(468, "(1+x)^{\\alpha} = \\exp(\\alpha \\log(1+x))")
            .given("alpha > 0 rational, x > 0")
            .stated_by(|step| as_exponential(step, "1+x")),
        Step::new("lemma-4/plus-exponent", second, &[467])
            .about("log(1+x) <= x", "alpha > 0, x > 0: x = t/(1-t)")
            .says(exp(&alpha * ln(1 + &x)).at_most(exp(product())), plus_exponent)
            .edited(Plant::WrongConstant, Edit::Swap(product(), product() / 2))
            .literally(exp(&alpha * ln(1 + &x)).at_most(exp(product())).at_most(1 + &slope), SCALARS, |draw| {
                let (x, z) = (draw.positive(), draw.share());
                if z.is_zero() { Err("alpha > 0") } else { Ok(Table::default().scalar("alpha", z / &x).scalar("x", x)) }
            }),
        Step::new("lemma-4/plus-linear", second, &[])
            .quoted(471, "where the second inequality holds when")
            .about("exp(z) <= 1 + 2z for z <= 1", "alpha > 0, x > 0, alpha x <= 1; z = alpha x in [0, 1]")
            .says(exp(product()).at_most(1 + &slope), plus_linear(1))
            .edited(Plant::WrongConstant, Edit::Drop(2.into()))
            .elsewhere(Plant::DroppedHypothesis, plus_linear(2)),
    ];
    let proves = &["lemma-4-minus", "lemma-4-plus"];
    Proof { id: "lemma-4", title: "Lemma 4", section: "Appendix A", proves, steps, others: OTHERS }
}
