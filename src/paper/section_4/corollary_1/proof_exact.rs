//! The steps of B.5 in exact rationals: equivalences, powers and squares, with roots that are rational by construction.
//!
//! Symbols are named as they are printed. `(norm(w*)/2)^(1/L)` and `(2 norm(w*))^(1/L)` are drawn; norm(w*) and the
//! other powers are defined by them.
//!
//! **Equivalences** `a <= b <=> c <= d` are identities `(b - a) factor = d - c` with a factor that is positive on the
//! domain (one of the roots, or epsilon, named at each); that the inequality is true there is a step of its own, over
//! the whole domain.

use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::formula::{Edit, Expr, Says, Table, fraction, norm, var, vars};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, of};
use crate::harness::steps::scene::Drawn;
use crate::harness::steps::step::{Missing, Step};
use crate::harness::steps::tie::Tie;
use nalgebra::DVector;
use num_traits::{One, Zero};

/// The depth alone.
pub const DEPTHS: Sizes = &[&[1], &[2], &[3], &[4], &[7]];
/// Three numbers or four; the size only counts the trials.
pub const NUMBERS: Sizes = &[&[1], &[2], &[3], &[4]];
/// A dimension.
pub const DIMENSIONS: Sizes = &[&[1], &[2], &[3]];

pub const LOW: &str = "(norm(w*)/2)^(1/L)";
const HIGH: &str = "(2 norm(w*))^(1/L)";
const PRODUCT: &str = "norm(W_1^T..W_L^T)";

fn int(v: i64) -> Rational {
    Rational::from(v)
}
fn depth(draw: &Draw<'_>) -> Rational {
    int(draw.size(0) as i64)
}
/// For identities: any number but 0.
pub fn nonzero(draw: &mut Draw<'_>) -> Rational {
    let v = draw.number();
    if v.is_zero() { Rational::one() } else { v }
}

/// Epsilon and a root, with what is made of the root.
fn with_low(low: Rational, eps: Rational) -> Table<Rational> {
    let root = var(LOW);
    Table::default()
        .scalar(LOW, low)
        .scalar("eps", eps)
        .define("norm(w*)/2", &[], root.power(var("L")))
        .define("(2/norm(w*))^(1/L)", &[], 1 / &root)
        .define("(norm(w*)/2)^(2/L)", &[], root.pow(2))
}
fn with_high(high: Rational, eps: Rational) -> Table<Rational> {
    let root = var(HIGH);
    Table::default().scalar(HIGH, high).scalar("eps", eps).define("norm(w*)", &[], root.power(var("L")) / 2).define(
        "(2 norm(w*))^(2/L)",
        &[],
        root.pow(2),
    )
}
/// Any numbers: L too.
fn any_low(draw: &mut Draw<'_>) -> Drawn {
    let (l, low) = (nonzero(draw), nonzero(draw));
    Ok(with_low(low, draw.number()).scalar("L", l))
}
/// `(norm(w*)/2)^(1/L)`, its inverse and its square, epsilon, L.
fn below() -> [Expr; 5] {
    vars([LOW, "(2/norm(w*))^(1/L)", "(norm(w*)/2)^(2/L)", "eps", "L"])
}
/// `(2 norm(w*))^(1/L)` and its square, epsilon, L.
fn above() -> [Expr; 4] {
    vars([HIGH, "(2 norm(w*))^(2/L)", "eps", "L"])
}

/// The negation of (29) to the power L, for `max <= low + epsilon`.
pub fn negated_lower(step: Step<Missing>) -> Step {
    let ([low, _, _, eps, l], largest) = (below(), var("max sigma_k"));
    let bound = low + eps;
    let scene = |draw: &mut Draw<'_>| {
        let (low, eps, share) = (draw.positive(), draw.nonnegative(), draw.share());
        let largest = (&low + &eps) * share;
        Ok(with_low(low, eps).scalar("L", depth(draw)).scalar("max sigma_k", largest))
    };
    let half = (&largest / 2).power(&l).at_most(bound.power(&l));
    step.on(DEPTHS, scene)
        .states(half.and(largest.power(&l).at_most(bound.power(&l))))
        .edited(Plant::DroppedTerm, Edit::SwapAll(bound.power(l), var("norm(w*)/2")))
        .done()
}

/// norm(w*)/2 taken out of the power.
pub fn factor_lower(step: Step<Missing>) -> Step {
    let ([low, inverse, _, eps, l], half_norm) = (below(), var("norm(w*)/2"));
    let scene = |draw: &mut Draw<'_>| {
        let low = nonzero(draw);
        Ok(with_low(low, draw.number()).scalar("L", depth(draw)))
    };
    step.on(DEPTHS, scene)
        .states((&low + &eps).power(&l).equals(&half_norm * (1 + eps * &inverse).power(&l)))
        .edited(Plant::DroppedFactor, Edit::Drop(half_norm))
        .edited(Plant::WrongPower, Edit::Swap(inverse, low))
        .done()
}

/// The factor between the two differences is `(norm(w*)/2)^(1/L)`.
pub fn equivalent_once(step: Step<Missing>) -> Step {
    let [low, inverse, square, eps, l] = below();
    step.on(NUMBERS, any_low)
        .states(((1 - &l * &eps * inverse) * &low).equals(&low - l * eps))
        .edited(Plant::WrongPower, Edit::SwapNth(1, low, square))
        .done()
}

/// The factor is twice that.
pub fn equivalent_four(step: Step<Missing>) -> Step {
    let [low, inverse, _, eps, l] = below();
    let left = (fraction(3, 2) - (1 + 2 * &l * &eps * inverse)) * (2 * &low);
    step.on(NUMBERS, any_low)
        .states(left.equals(low - 4 * l * eps))
        .edited(Plant::WrongConstant, Edit::Swap(4.into(), 2.into()))
        .done()
}

/// (29) squared, for `max >= low + epsilon`, `low >= 1/2`.
pub fn square_lower(step: Step<Missing>) -> Step {
    let [low, _, square, eps, _] = below();
    let scene = |draw: &mut Draw<'_>| {
        let (low, eps, more) = (Rational::new(1, 2) + draw.nonnegative(), draw.nonnegative(), draw.nonnegative());
        let largest = &low + &eps + more;
        Ok(with_low(low, eps).scalar("max sigma_k", largest))
    };
    let middle = var("max sigma_k").pow(2).at_least(&square + 2 * &eps * low);
    step.on(NUMBERS, scene)
        .states(middle.at_least(square + &eps))
        .edited(Plant::WrongConstant, Edit::SwapNth(1, eps.clone(), 2 * eps))
        .done()
}

/// From `max^2 >= low^2 + epsilon` and `sigma_k^2 >= max^2 - epsilon`.
pub fn first_inequality(step: Step<Missing>) -> Step {
    let [_, _, square, eps, _] = below();
    let scene = |draw: &mut Draw<'_>| {
        let (low, eps) = (draw.nonnegative(), draw.nonnegative());
        let largest = low.powi(2) + &eps + draw.nonnegative();
        let sigma = largest - &eps + draw.nonnegative();
        Ok(with_low(low, eps).scalar("sigma_k^2", sigma))
    };
    step.on(NUMBERS, scene)
        .states(var("sigma_k^2").at_least(&square))
        .edited(Plant::WrongConstant, Edit::Swap(square.clone(), square + eps))
        .done()
}

/// w_prod of the length of w* times what is drawn from the share is away from w*.
fn apart(step: Step<Missing>, length: fn(Rational) -> Rational, distance: i64) -> Step {
    let scene = move |draw: &mut Draw<'_>| {
        let d = draw.size(0);
        let w_star = draw.vector(d);
        let turned: DVector<Rational> = draw.rotation(d) * &w_star;
        let length = length(draw.share());
        Ok(Table::default().vector("w*", &w_star).vector("w_prod", &turned.map(|v| v * &length)))
    };
    let [product, star] = vars(["w_prod", "w*"]);
    step.on(DIMENSIONS, scene)
        .when(norm(&star).at_least(1))
        .states(norm(product - &star).at_least(norm(star) / distance))
        .edited(Plant::StrictInequality, Edit::Strict(0))
        .done()
}
/// The contradiction that proves (29).
pub fn apart_below(step: Step<Missing>) -> Step {
    apart(step, |share| Rational::new(3, 4) * share, 4)
}
/// The contradiction of (30).
pub fn apart_above(step: Step<Missing>) -> Step {
    apart(step, |share| Rational::new(9, 8) + 1 - share, 8)
}

/// The factor is `(norm(w*)/2)^(2/L)`.
pub fn equivalent_half(step: Step<Missing>) -> Step {
    let [low, _, square, eps, _] = below();
    let scene = |draw: &mut Draw<'_>| {
        let low = nonzero(draw);
        Ok(with_low(low, draw.number()))
    };
    step.on(NUMBERS, scene)
        .states(((fraction(1, 2) - &eps / &square) * &square).equals(&square / 2 - eps))
        .edited(Plant::LostSquare, Edit::SwapNth(2, square, low))
        .done()
}

/// From `norm >= (3/4) least^L` and `least > high - epsilon >= 0`.
pub fn negated_upper(step: Step<Missing>) -> Step {
    let [high, _, eps, l] = above();
    let scene = |bounded: bool| {
        move |draw: &mut Draw<'_>| {
            let (eps, over) = (draw.nonnegative(), draw.nonnegative());
            let high = if bounded { &eps + over } else { over };
            // A singular value is not negative, whatever the base is.
            let least = (&high - &eps + draw.nonnegative()).max(Rational::zero());
            let norm = Rational::new(3, 4) * least.powi(draw.size(0) as u32) + draw.nonnegative();
            Ok(with_high(high, eps).scalar("L", depth(draw)).scalar(PRODUCT, norm))
        }
    };
    step.on(DEPTHS, scene(true))
        .states(var(PRODUCT).at_least(3 * (high - eps).power(l) / 4))
        .elsewhere(Plant::DroppedHypothesis, "without (2 norm(w*))^(1/L) >= eps", scene(false))
        .done()
}

/// 2 norm(w*) taken out of the power.
pub fn factor_upper(step: Step<Missing>) -> Step {
    let [high, _, eps, l] = above();
    let scene = |draw: &mut Draw<'_>| {
        let high = nonzero(draw);
        Ok(with_high(high, draw.number()).scalar("L", depth(draw)))
    };
    let right = fraction(3, 2) * var("norm(w*)") * (1 - &eps / &high).power(&l);
    step.on(DEPTHS, scene)
        .states((3 * (high - eps).power(&l) / 4).equals(right))
        .edited(Plant::WrongConstant, Edit::Swap(fraction(3, 2), fraction(3, 4)))
        .edited(Plant::OffByOne, Edit::SwapNth(1, l.clone(), l + 1))
        .done()
}

/// The factor is `(2 norm(w*))^(1/L)/2`.
pub fn equivalent_eighth(step: Step<Missing>) -> Step {
    let [high, _, eps, l] = above();
    let scene = |draw: &mut Draw<'_>| {
        let (l, high) = (nonzero(draw), nonzero(draw));
        Ok(with_high(high, draw.number()).scalar("L", l))
    };
    let left = (fraction(1, 4) - 2 * &l * &eps / &high) * (&high / 2);
    step.on(NUMBERS, scene)
        .states(left.equals(&high / 8 - l * eps))
        .edited(Plant::WrongConstant, Edit::Swap(&high / 8, &high / 4))
        .done()
}

/// `high^2 + epsilon^2 - 2 epsilon high`.
fn square_of_upper() -> Expr {
    let [high, square, eps, _] = above();
    square + eps.pow(2) - 2 * eps * high
}
/// What lies between 0 and `high - epsilon`.
fn under_high(draw: &mut Draw<'_>) -> (Table<Rational>, Rational) {
    let (eps, base, share) = (draw.nonnegative(), draw.nonnegative(), draw.share());
    (with_high(&eps + &base, eps), base * share)
}

/// For `0 <= least <= high - epsilon`.
pub fn square_upper(step: Step<Missing>) -> Step {
    let scene = |draw: &mut Draw<'_>| {
        let (table, least) = under_high(draw);
        Ok(table.scalar("min sigma_k", least))
    };
    step.on(NUMBERS, scene)
        .states(var("min sigma_k").pow(2).at_most(square_of_upper()))
        .edited(Plant::DroppedTerm, Edit::Drop(var("eps").pow(2)))
        .done()
}

/// From `sigma_k^2 <= min^2 + epsilon` and the bound of min^2.
pub fn add_epsilon(step: Step<Missing>) -> Step {
    let scene = |draw: &mut Draw<'_>| {
        let (table, least) = under_high(draw);
        let last = draw.share();
        Ok(table.scalar("least", least).scalar("last", last).define(
            "sigma_k^2",
            &[],
            var("least").pow(2) + var("eps") * var("last"),
        ))
    };
    let says: Says = var("sigma_k^2").at_most(square_of_upper() + var("eps"));
    step.on(NUMBERS, scene).states(says).edited(Plant::DroppedTerm, Edit::Drop(var("eps"))).done()
}

/// The factor is epsilon.
pub fn equivalent_last(step: Step<Missing>) -> Step {
    let [high, _, eps, _] = above();
    let scene = |draw: &mut Draw<'_>| {
        let high = nonzero(draw);
        Ok(with_high(high, draw.number()))
    };
    let left = -(eps.pow(2) - 2 * &eps * &high + &eps);
    step.on(NUMBERS, scene)
        .states(left.equals(&eps * (2 * high - 1 - &eps)))
        .edited(Plant::WrongConstant, Edit::SwapNth(1, 2.into(), 1.into()))
        .done()
}

/// Flows in closed form, t >= 1: `norm(w_prod(t) - w*)^2 <= (R(1) - R_min) e^(-mu (t - 1))/lambda`.
///
/// Sizes `[1, d]`: L = 1 with a diagonal covariance, `w(t) - w* = e^(-2 Sigma t)(w(0) - w*)`, mu = 4 lambda; compared
/// direction by direction, which is more. Sizes `[2, 1]`: two equal scalar layers, `w = w_1 w_2`,
/// `w' = 4 lambda w (w* - w)`, so `w(t) = w*/(1 + (w*/w(0) - 1) e^(-4 lambda w* t))`, mu = 8 lambda w(1) for 0 < w(0)
/// <= w*, as w increases. Eigenvalues are between 1/4 and 5/4.
pub fn converges(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (l, d) = (draw.size(0), draw.size(1));
    let after = draw.nonnegative();
    let eigenvalues: Vec<Rational> = (0..d).map(|_| Rational::new(1, 4) + draw.share()).collect();
    let (starts, ends) = (draw.vector(d), draw.vector(d));
    let Some(lambda) = eigenvalues.iter().min().cloned() else { return Margins::OutOfScope("no dimension") };
    let over = if how.plants(Plant::DroppedFactor) { Rational::one() } else { lambda.clone() };
    let faster = int(if how.plants(Plant::WrongConstant) { 2 } else { 1 });
    let decay = |rate: Big, time: &Rational| (-(rate * of(time, bits))).exp();
    let time = Rational::one() + after.clone();
    // Equal expressions: the slowest direction; t = 1.
    let known = |a: &Rational, b: &Rational| how.printed().then(|| Tie::Same(a.clone(), b.clone()));
    if l == 1 {
        let mu = of(&(int(4) * &lambda * faster), bits);
        let direction = |((e, s), w): ((&Rational, &Rational), &Rational)| {
            let square = (s - w).powi(2);
            let rate = of(&(int(4) * e), bits);
            let risk = of(&(&square * e / &over), bits) * decay(rate.clone(), &Rational::one());
            let bound = risk * decay(mu.clone(), &after);
            Pair::new(bound, of(&square, bits) * decay(rate, &time)).or_exactly(known(e, &lambda))
        };
        return Margins::All(eigenvalues.iter().zip(starts.iter()).zip(ends.iter()).map(direction).collect());
    }
    let w_star = 1 + ends[0].abs() / (1 + ends[0].abs());
    // w*/w(0) - 1.
    let odds = of(&starts[0].abs(), bits);
    let rest = |time: &Rational| {
        let odds = &odds * decay(of(&(int(4) * &lambda * &w_star), bits), time);
        of(&w_star, bits) * &odds / (1 + odds)
    };
    let first = rest(&Rational::one());
    let mu = of(&(int(8) * lambda.clone() * faster), bits) * (of(&w_star, bits) - first.clone());
    let bound = of(&(lambda.clone() / over), bits) * first.powi(2) * decay(mu, &after);
    Pair::new(bound, rest(&time).powi(2)).or_exactly(known(&after, &Rational::zero())).into()
}
