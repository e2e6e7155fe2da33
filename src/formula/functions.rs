//! Functions of enclosures whose printed form loses all digits near zero, or has no value there: monotone, or on two
//! pieces.

use crate::arithmetic::{Big, Enclosure, Field, Rational, Real};
use num_traits::{One, Zero};

/// Nothing is known.
pub(super) fn entire<E: Enclosure>() -> E {
    E::one() / E::zero()
}

/// `f` of a set on which it is monotone, from its ends; the whole line where the lower one is infinite. `beyond` is
/// what the values far out come near to.
fn monotone<E: Enclosure>(set: &E, beyond: &E, f: impl Fn(&E) -> E) -> E {
    let (lower, upper) = (set.lower_end(), set.upper_end());
    match (lower.is_bounded(), upper.is_bounded()) {
        (true, true) => f(&lower).hull(&f(&upper)),
        (true, false) if beyond.is_bounded() => f(&lower).hull(beyond),
        (true, false) => E::between(&f(&lower), beyond),
        (false, _) => entire(),
    }
}

/// The series are used for |x| < 2^SMALL.
const SMALL: i32 = -3;

/// `sum_k c_k x^k` at a number |x| < 2^SMALL, where |c_k| <= 1: what is left out is below `2 |x|^terms`. Exactly c_0 at
/// 0.
fn series<E: Enclosure>(x: &E, coefficient: impl Fn(i64) -> Rational) -> E {
    let of = |k: i64| E::from_rational(&coefficient(k), x.bits());
    if x.is_zero() {
        return of(0);
    }
    let terms = i64::from(x.bits()) / i64::from(-SMALL) + 2;
    let rest = E::one().hull(&-E::one()).scale(SMALL * terms as i32 + 1);
    (0..terms).rev().fold(E::zero(), |sum, k| sum * x + of(k)) + rest
}

fn is_small<E: Enclosure>(x: &E) -> bool {
    x.exponent().is_none_or(|e| e <= SMALL)
}

/// `(exp(v) - sum_{k < n} v^k/k!)/v^n = sum_k v^k/(k+n)!`, which increases where v >= 0, and everywhere for n <= 1. The
/// whole line where it is not known to.
pub fn exp_rest<E: Enclosure>(n: u32, v: &E) -> E {
    if n > 1 && !v.is_nonnegative() {
        return entire();
    }
    let factorial = |k: i64| (1..=k).fold(Rational::from(1), |p, j| p * j);
    let divided = |x: &E, k: u32| x.powi(k) / E::from_rational(&factorial(i64::from(k)), x.bits());
    monotone(v, &entire(), |x| match n {
        0 => x.exp(),
        _ if is_small(x) => series(x, |k| 1 / factorial(k + i64::from(n))),
        _ => (1..n).fold(x.exp_m1(), |rest, k| rest - divided(x, k)) / x.powi(n),
    })
}

/// `ln(1 + x)/x`, which decreases; the whole line where x > -1 is not known.
pub fn ln_over<E: Enclosure>(x: &E) -> E {
    if !(x + E::one()).is_positive() {
        return entire();
    }
    monotone(x, &E::zero(), |x| {
        if is_small(x) {
            return series(x, |k| Rational::new(if k % 2 == 0 { 1 } else { -1 }, k + 1));
        }
        x.ln_1p() / x
    })
}

/// Enclosure of `u ln u` on a subset of `[0, 1]`.
pub fn u_ln_u(u: &Big) -> Big {
    let at = |q: Option<Rational>| {
        q.map_or_else(Big::entire, |q| {
            if q.is_zero() {
                return Big::zero();
            }
            let b = Big::from_rational(&q, u.bits());
            &b * b.ln()
        })
    };
    let ends = at(u.lower_rational()).hull(&at(u.upper_rational()));
    let turning = (-Big::one()).with_bits(u.bits()).exp();
    // Monotone on either side of 1/e; where the set may contain it, the minimum -1/e joins.
    let inside = !(u - &turning).is_positive() && !(&turning - u).is_positive();
    if inside { ends.hull(&-turning) } else { ends }
}
