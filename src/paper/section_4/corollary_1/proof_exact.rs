//! The steps of B.5 in exact rationals: equivalences, powers and squares, with roots that are rational by construction.
//!
//! | paper | here | range |
//! | --- | --- | --- |
//! | `(norm(w*)/2)^(1/L)` | `low`, a rational; so `norm(w*)/2 = low^L` | any positive number; at least 1/2 where (26) is used |
//! | `(2 norm(w*))^(1/L)` | `high`; so `2 norm(w*) = high^L` | any positive number; at least epsilon where the proof takes powers |
//! | epsilon | `eps` | `>= 0` |
//! | max sigma_k, min sigma_k | `largest`, `least` | what the step supposes of them |
//!
//! **Equivalences** `a <= b <=> c <= d` are identities `(b - a) factor = d - c` with a factor that is positive on the
//! domain (`low`, `high`, or epsilon, named at each); that the inequality is true there is a step of its own, over the
//! whole domain.

use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::harness::steps::equality::{Exact, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, of};
use crate::harness::steps::tie::Tie;
use crate::problem::norm_squared;
use nalgebra::DVector;
use num_traits::{One, Zero};

/// The depth alone.
pub const DEPTHS: Sizes = &[&[1], &[2], &[3], &[4], &[7]];
/// Three numbers or four; the size only counts the trials.
pub const NUMBERS: Sizes = &[&[1], &[2], &[3], &[4]];
/// A dimension.
pub const DIMENSIONS: Sizes = &[&[1], &[2], &[3]];

fn int(v: i64) -> Rational {
    Rational::from(v)
}
fn depth(draw: &Draw<'_>) -> u32 {
    draw.size(0) as u32
}
/// For identities: any number but 0.
pub fn nonzero(draw: &mut Draw<'_>) -> Rational {
    let v = draw.number();
    if v.is_zero() { Rational::one() } else { v }
}
fn sides(pairs: Vec<(Rational, Rational)>) -> Exact {
    Exact::Sides(pairs.into_iter().map(|(a, b)| (scalar(a), scalar(b))).collect())
}

/// `(max/2)^L <= (low + epsilon)^L` and `max^L <= (low + epsilon)^L` for `max <= low + epsilon`.
pub fn negated_lower(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (l, low, eps, share) = (depth(draw), draw.positive(), draw.nonnegative(), draw.share());
    let largest = (&low + &eps) * share;
    let bound = if how.plants(Plant::DroppedTerm) { low } else { low + eps };
    let half = &largest / int(2);
    Margins::All(vec![
        Pair::exact(&bound.powi(l), &half.powi(l), bits),
        Pair::exact(&bound.powi(l), &largest.powi(l), bits),
    ])
}

/// `(low + epsilon)^L = norm(w*)/2 (1 + epsilon (2/norm(w*))^(1/L))^L`.
pub fn factor_lower(draw: &mut Draw<'_>, how: How) -> Exact {
    let (l, low, eps) = (depth(draw), nonzero(draw), draw.number());
    let half_norm = low.powi(l);
    let inverse = if how.plants(Plant::WrongPower) { low.clone() } else { 1 / &low };
    let outside = if how.plants(Plant::DroppedFactor) { Rational::one() } else { half_norm };
    sides(vec![((low + &eps).powi(l), outside * (1 + eps * inverse).powi(l))])
}

/// `(1 - L epsilon/low) low = low - L epsilon`: factor low.
pub fn equivalent_once(draw: &mut Draw<'_>, how: How) -> Exact {
    let (l, low, eps) = (nonzero(draw), nonzero(draw), draw.number());
    let left = 1 - &l * &eps * (1 / &low);
    let right = if how.plants(Plant::WrongPower) { low.powi(2) } else { low.clone() };
    sides(vec![(left * low, right - l * eps)])
}

/// `(3/2 - (1 + 2 L epsilon/low)) 2 low = low - 4 L epsilon`: factor 2 low.
pub fn equivalent_four(draw: &mut Draw<'_>, how: How) -> Exact {
    let (l, low, eps) = (nonzero(draw), nonzero(draw), draw.number());
    let left = Rational::new(3, 2) - (1 + int(2) * &l * &eps / &low);
    let four = if how.plants(Plant::WrongConstant) { int(2) } else { int(4) };
    sides(vec![(left * int(2) * &low, low - four * l * eps)])
}

/// `max^2 >= low^2 + 2 epsilon low >= low^2 + epsilon` for `max >= low + epsilon`, `low >= 1/2`.
pub fn square_lower(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (low, eps, more) = (Rational::new(1, 2) + draw.nonnegative(), draw.nonnegative(), draw.nonnegative());
    let largest = &low + &eps + more;
    let middle = low.powi(2) + int(2) * &eps * &low;
    let last = if how.plants(Plant::WrongConstant) { int(2) * eps } else { eps };
    Margins::All(vec![Pair::exact(&largest.powi(2), &middle, bits), Pair::exact(&middle, &(low.powi(2) + last), bits)])
}

/// `sigma_k^2 >= low^2` from `max^2 >= low^2 + epsilon` and `sigma_k^2 >= max^2 - epsilon`.
pub fn first_inequality(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (low, eps) = (draw.nonnegative(), draw.nonnegative());
    let largest = low.powi(2) + &eps + draw.nonnegative();
    let sigma = largest - &eps + draw.nonnegative();
    let end = if how.plants(Plant::WrongConstant) { low.powi(2) + eps } else { low.powi(2) };
    Pair::exact(&sigma, &end, bits).into()
}

/// w_prod of length at most 3/4 (or at least 9/8) of that of w* is at least 1/4 (1/8) of it away; strictly more for a
/// planted error.
fn apart(draw: &mut Draw<'_>, how: How, bits: u32, below: bool) -> Margins {
    let d = draw.size(0);
    let w_star = draw.vector(d);
    let turned: DVector<Rational> = draw.rotation(d) * &w_star;
    let share = draw.share();
    let (length, distance) = if below {
        (Rational::new(3, 4) * share, Rational::new(1, 4))
    } else {
        (Rational::new(9, 8) + 1 - share, Rational::new(1, 8))
    };
    let norm = norm_squared(w_star.iter());
    if norm < Rational::one() {
        return Margins::OutOfScope("norm(w*) < 1");
    }
    let gap = norm_squared((turned.map(|v| v * &length) - w_star).iter());
    let pair = Pair::exact(&gap, &(distance.powi(2) * norm), bits);
    if how.plants(Plant::StrictInequality) { pair.strictly() } else { pair }.into()
}
/// The contradiction that proves (29).
pub fn apart_below(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    apart(draw, how, bits, true)
}
/// The contradiction of (30).
pub fn apart_above(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    apart(draw, how, bits, false)
}

/// `epsilon/low^2 <= 1/2 <=> epsilon <= low^2/2`: `(1/2 - epsilon/low^2) low^2 = low^2/2 - epsilon`: factor low^2.
pub fn equivalent_half(draw: &mut Draw<'_>, how: How) -> Exact {
    let (low, eps) = (nonzero(draw), draw.number());
    let power = if how.plants(Plant::LostSquare) { low.clone() } else { low.powi(2) };
    let left = Rational::new(1, 2) - &eps / low.powi(2);
    sides(vec![(left * low.powi(2), power / int(2) - eps)])
}

/// `norm >= (3/4) least^L` and `least > high - epsilon >= 0` give `norm >= 3 (high - epsilon)^L/4`. Planted: without
/// `high >= epsilon`.
pub fn negated_upper(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (l, eps, over) = (depth(draw), draw.nonnegative(), draw.nonnegative());
    let high = if how.plants(Plant::DroppedHypothesis) { over } else { &eps + over };
    let base = high - eps;
    // A singular value is not negative, whatever the base is.
    let least = (&base + draw.nonnegative()).max(Rational::zero());
    let three_quarters = Rational::new(3, 4);
    let norm = &three_quarters * least.powi(l) + draw.nonnegative();
    Pair::exact(&norm, &(three_quarters * base.powi(l)), bits).into()
}

/// `3 (high - epsilon)^L/4 = (3/2) norm(w*) (1 - epsilon/high)^L`.
pub fn factor_upper(draw: &mut Draw<'_>, how: How) -> Exact {
    let (l, high, eps) = (depth(draw), nonzero(draw), draw.number());
    let norm = high.powi(l) / int(2);
    let constant = if how.plants(Plant::WrongConstant) { Rational::new(3, 4) } else { Rational::new(3, 2) };
    let power = if how.plants(Plant::OffByOne) { l + 1 } else { l };
    let left = int(3) * (&high - &eps).powi(l) / int(4);
    sides(vec![(left, constant * norm * (1 - eps / high).powi(power))])
}

/// `(1/4 - 2 L epsilon/high) high/2 = high/8 - L epsilon`: factor high/2.
pub fn equivalent_eighth(draw: &mut Draw<'_>, how: How) -> Exact {
    let (l, high, eps) = (nonzero(draw), nonzero(draw), draw.number());
    let left = Rational::new(1, 4) - int(2) * &l * &eps / &high;
    let part = if how.plants(Plant::WrongConstant) { int(4) } else { int(8) };
    sides(vec![(left * &high / int(2), high / part - l * eps)])
}

/// `least^2 <= high^2 + epsilon^2 - 2 epsilon high` for `0 <= least <= high - epsilon`.
pub fn square_upper(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (eps, base, share) = (draw.nonnegative(), draw.nonnegative(), draw.share());
    let high = &eps + &base;
    let square = if how.plants(Plant::DroppedTerm) { Rational::zero() } else { eps.powi(2) };
    Pair::exact(&(high.powi(2) + square - int(2) * eps * high), &(base * share).powi(2), bits).into()
}

/// `sigma_k^2 <= high^2 + epsilon^2 - 2 epsilon high + epsilon` from `sigma_k^2 <= min^2 + epsilon` and the bound of
/// min^2.
pub fn add_epsilon(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (eps, base, share, last) = (draw.nonnegative(), draw.nonnegative(), draw.share(), draw.share());
    let high = &eps + &base;
    let sigma = (base * share).powi(2) + &eps * last;
    let added = if how.plants(Plant::DroppedTerm) { Rational::zero() } else { eps.clone() };
    Pair::exact(&(high.powi(2) + eps.powi(2) - int(2) * eps * high + added), &sigma, bits).into()
}

/// `epsilon^2 - 2 epsilon high + epsilon = -epsilon ((2 high - 1) - epsilon)`: factor epsilon.
pub fn equivalent_last(draw: &mut Draw<'_>, how: How) -> Exact {
    let (high, eps) = (nonzero(draw), draw.number());
    let left = eps.powi(2) - int(2) * &eps * &high + &eps;
    let two = if how.plants(Plant::WrongConstant) { Rational::one() } else { int(2) };
    sides(vec![(-left, &eps * (two * high - 1 - &eps))])
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
