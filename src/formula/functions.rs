//! Functions of enclosures whose printed form loses all digits near zero, or has no value there: monotone, or on two
//! pieces.
//!
//! Three functions need it: `(exp(v) - 1 - .. )/v^n`, `ln(1 + x)/x` and `u ln(u)`. Evaluated as they are printed on a
//! box around zero, the first two divide an enclosure of zero by another, and at a point near zero the first loses
//! about `n log_2(1/|v|)` bits by cancellation. Two facts replace the printed form: both are monotone where they are
//! asked for, so that the range over a set is the hull of the values at its ends; and at an end near zero the power
//! series is summed with its remainder enclosed. The third is monotone on either side of 1/e.

use crate::arithmetic::{Big, Enclosure, Field, Rational, Real};
use num_traits::{One, Zero};

/// Nothing is known.
///
/// The whole line, in any enclosure arithmetic.
pub(super) fn entire<E: Enclosure>() -> E {
    E::one() / E::zero()
}

/// `f` of a set on which it is monotone, increasing or decreasing, from its ends; the whole line where the lower one
/// is infinite. `beyond` is what the values far out come near to: the limit at infinity, or the whole line for an f
/// that grows without bound.
///
/// With both ends finite the hull of the two values contains `f` of the set. With the upper one infinite the set of
/// values lies between f(lower) and the limit, or above f(lower).
fn monotone<E: Enclosure>(set: &E, beyond: &E, f: impl Fn(&E) -> E) -> E {
    let (lower, upper) = (set.lower_end(), set.upper_end());
    match (lower.is_bounded(), upper.is_bounded()) {
        (true, true) => f(&lower).hull(&f(&upper)),
        (true, false) if beyond.is_bounded() => f(&lower).hull(beyond),
        (true, false) => E::between(&f(&lower), beyond),
        (false, _) => entire(),
    }
}

/// The series are used for `|x| < 2^SMALL = 1/8`. For `1/8 <= |v| < 1` the subtraction of n terms costs about
/// `3 (n - 1) + log_2 n!` bits at most; for smaller ones the series gains 3 bits or more with each term.
const SMALL: i32 = -3;

/// `sum_k c_k x^k` at a number `|x| < 2^SMALL`, where `|c_k| <= 1`. Exactly c_0 at 0.
///
/// What is left out after m terms is at most `sum_{k >= m} |x|^k = |x|^m/(1 - |x|) <= 8/7 |x|^m`, below
/// `2 |x|^m <= 2^(SMALL m + 1)`; the interval `[-1, 1]` times this power of 2 is added to Horner's sum, whose own
/// rounding the arithmetic encloses. With `m = floor(bits/3) + 2` the remainder is at most `2^-(bits + 3)`. The cost
/// is m products.
fn series<E: Enclosure>(x: &E, coefficient: impl Fn(i64) -> Rational) -> E {
    let of = |k: i64| E::from_rational(&coefficient(k), x.bits());
    if x.is_zero() {
        return of(0);
    }
    let terms = i64::from(x.bits()) / i64::from(-SMALL) + 2;
    let rest = E::one().hull(&-E::one()).scale(SMALL * terms as i32 + 1);
    (0..terms).rev().fold(E::zero(), |sum, k| sum * x + of(k)) + rest
}

/// `|x| < 2^SMALL` for every x of the set; zero counts, whose exponent is `None`. It is asked of bounded sets only.
fn is_small<E: Enclosure>(x: &E) -> bool {
    x.exponent().is_none_or(|e| e <= SMALL)
}

/// `(exp(v) - sum_{k < n} v^k/k!)/v^n = sum_k v^k/(k+n)!`. The whole line where it is not known to be monotone: n >=
/// 2 and a set that reaches below 0.
///
/// All coefficients are positive, so it increases where v >= 0; for n = 0 it is the exponential, and for n = 1 the
/// mean of `exp(t v)` over `0 <= t <= 1`, which increase everywhere. At an end not near zero exp(v) - 1 is taken as
/// one function and the terms k = 1, .., n - 1 are subtracted; the result is 1/n! at 0.
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

/// `ln(1 + x)/x`, the mean of `1/(1 + t x)` over `0 <= t <= 1`, which decreases on x > -1, with limit 0 at infinity
/// and value 1 at 0. The whole line where x > -1 is not known for all of the set.
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

/// Enclosure of `u ln u`, continued by 0 at 0, on a subset of `[0, 1]`.
///
/// Its derivative `1 + ln u` changes sign at 1/e only: it decreases before and increases after. The values at the
/// ends, exact rationals, give the range where the set lies on one side; where it may contain 1/e, the least value
/// -1/e joins the hull. A set with an infinite end gives the whole line.
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
