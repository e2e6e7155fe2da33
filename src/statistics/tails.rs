//! Exact tails of the chi-square and normal distributions, enclosed in MPFR.
//!
//! With y = x/2: `P(chi^2(2m) >= x) = e^-y sum_{j < m} y^j / j!` and
//! `P(chi^2(2m+1) >= x) = erfc(sqrt y) + e^-y sum_{j < m} y^(j+1/2) / Gamma(j + 3/2)`. All terms are positive, so the
//! enclosures stay tight at any p, and MPFR's exponents reach far beyond the range of doubles (a tail of e^-100000 is
//! an ordinary number there). `P(N(0,1) >= z) = erfc(z / sqrt 2) / 2`; MPFR rounds erfc correctly in the direction
//! asked for.
//!
//! **Why the formulas hold.** For a > 0 integration by parts gives `Q(a + 1, y) = Q(a, y) + e^-y y^a / Gamma(a + 1)`
//! for the regularised upper incomplete gamma function, and `P(chi^2(p) >= x) = Q(p/2, x/2)`; the recursion ends at
//! `Q(1, y) = e^-y` for even p, at `Q(1/2, y) = erfc(sqrt y)` for odd p. The results are logarithms, since Lemma 3 is
//! asked in dimensions where the probabilities underflow every double. Nothing here decides: an enclosure is handed
//! on, and the caller compares.

use crate::arithmetic::{Big, Enclosure, Field, Rational, Real, Ring};
use num_traits::{One, Zero};
use rug::Float;
use rug::float::{Constant, Round};

/// erfc, decreasing.
///
/// The image of an interval under a decreasing function: its lower end from the upper end of the argument, rounded
/// down, and the other way round.
fn erfc(x: &Big) -> Big {
    let end = |x: &Float, round| {
        let mut out = x.clone();
        out.erfc_round(round);
        Big::from_point(&out)
    };
    Big::between(&end(x.upper(), Round::Down), &end(x.lower(), Round::Up))
}

/// π between its two roundings at so many bits.
fn pi(bits: u32) -> Big {
    let end = |round| Big::from_point(&Float::with_val_round(bits, Constant::Pi, round).0);
    Big::between(&end(Round::Down), &end(Round::Up))
}

/// `ln P(chi^2(p) >= x)` for an integer p >= 1 and x >= 0, in p operations.
///
/// For even p the exponent -y is added to the logarithm of the sum and e^-y never formed; for odd p it is, within
/// MPFR's range of exponents. Each of the p/2 terms follows from the one before by a multiplication and a division,
/// all in enclosures at `bits`, so that the relative width grows like p 2^-bits. An x = 0 gives 0 within the
/// enclosure.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Rational, Real};
/// use flatcert::statistics::tails::chi_square_log_tail;
/// // Two degrees of freedom: P(chi^2(2) >= x) = exp(-x/2).
/// let log = chi_square_log_tail(2, &Rational::from(6), 128);
/// assert!(log.contains(&Rational::from(-3)) && log.to_interval().width() < 1e-15);
/// ```
pub fn chi_square_log_tail(p: u64, x: &Rational, bits: u32) -> Big {
    let y = Big::from_rational(&(x / 2), bits);
    let odd = !p.is_multiple_of(2);
    // y^j / j!, or y^(j+1/2) / Gamma(j + 3/2), for j < m.
    let mut term = if odd { 2 * (&y / pi(bits)).sqrt() } else { Big::one().with_bits(bits) };
    let mut sum = Big::zero();
    for j in 0..p / 2 {
        if j > 0 {
            let by = if odd { Rational::new(2 * j as i64 + 1, 2) } else { Rational::new(j as i64, 1) };
            term = term * &y / Big::from_rational(&by, bits);
        }
        sum += &term;
    }
    if odd { (erfc(&y.sqrt()) + (-y).exp() * sum).ln() } else { sum.ln() - y }
}

/// `ln P(N(0,1) >= z)`.
///
/// For z far below 0 the tail is near 1 and its logarithm near 0; the enclosure then has absolute, not relative,
/// accuracy. [`normal_log_tail_of_root`] needs no erfc where z is large.
///
/// ```
/// use flatcert::arithmetic::{Big, Enclosure, Real};
/// use flatcert::statistics::tails::normal_log_tail;
/// let half = normal_log_tail(&Big::from_f64(0.0, 128)).exp().to_interval();
/// assert!(half.lo() <= 0.5 && 0.5 <= half.hi() && half.width() < 1e-15);
/// ```
pub fn normal_log_tail(z: &Big) -> Big {
    let two = Big::from_rational(&Rational::from(2), z.bits());
    (erfc(&(z / two.sqrt())) / two).ln()
}

/// `ln P(N(0,1) >= z)` for `z = sqrt(z2)`. Where erfc would be below the range of MPFR, by
/// `(1 - 1/z^2) f(z)/z <= P <= f(z)/z`, f the density, and `ln(2 pi)/2` in `[0.9189, 0.919]`.
///
/// The bounds for large z are Mills' ratio with its first correction (Feller, vol. 1, VII.1): with f the density,
/// `f(z)(1/z - 1/z^3) < P(N(0,1) >= z) < f(z)/z`. From z2 = 2^24 on, the lower bound is within 2^-24 of the upper
/// one, so that the width of the result comes from the 1e-4 of the constant. Taking z2 and not z keeps a root out of
/// the exponent -z2/2.
pub fn normal_log_tail_of_root(z2: &Rational, bits: u32) -> Big {
    /// z = 4096: the bounds below are then within 2^-24 of each other, and erfc is not near the end of MPFR's
    /// exponents.
    const FAR: i64 = 1 << 24;
    let of = |q: &Rational| Big::from_rational(q, bits);
    if *z2 < Rational::from(FAR) {
        return normal_log_tail(&of(z2).sqrt());
    }
    let number = |n, d| Big::from_rational(&Rational::new(n, d), 128);
    let main = of(&(-z2 / 2)) - of(z2).ln() / number(2, 1);
    let least = (1 - 1 / of(z2)).ln();
    Big::between(&(&main + least - number(919, 1000)), &(main - number(9189, 10_000)))
}

/// Chernoff's exponent for `chi^2(p) >= p + u` over `u^2/(2 (p + u))`, at t = u/(p + u) in [0, 1], whatever p is:
/// `g(t) = (t + (1-t) ln(1-t))/t^2 = sum_{k >= 2} t^(k-2)/(k (k-1))`, which increases from 1/2 to 1.
///
/// Derivation: Chernoff's bound for `chi^2(p) >= x`, x > p, is `exp(-(x - p - p ln(x/p))/2)`. With u = x - p and t =
/// u/x this exponent is `x (t + (1 - t) ln(1 - t))/2`, and `u^2/(2x) = x t^2/2`: the quotient is g(t). The series
/// shows that g increases, so that the hull of its values at both ends of t encloses its image. An unbounded end
/// gives the whole line, t >= 1 the limit 1.
pub fn chi_square_exponent(t: &Big) -> Big {
    let at = |q: Option<Rational>| {
        q.map_or_else(Big::entire, |q| {
            let bits = t.bits();
            let one = Rational::one();
            if q >= one {
                return Big::one();
            }
            if q <= Rational::new(1, 8) {
                // Twenty terms; the rest is below t^20 / (22 * 21) * 1/(1-t) <= t^20 / 400.
                let x = Big::from_rational(&q, bits);
                let term = |k: i64| Big::from_rational(&Rational::new(1, k * (k - 1)), bits);
                let head = (2..22).rev().fold(Big::zero(), |sum, k| sum * &x + term(k));
                let rest = x.powi(20) * Big::from_rational(&Rational::new(1, 400), bits);
                return head.hull(&(&head + rest));
            }
            let (x, rest) = (Big::from_rational(&q, bits), Big::from_rational(&(one - q), bits));
            (&x + &rest * rest.ln()) / x.powi(2)
        })
    };
    at(t.lower_rational()).hull(&at(t.upper_rational()))
}

/// `ln sum exp` of a list, by its largest entry.
///
/// `ln(e^a + e^b + ...) = top + ln(1 + sum exp(a_i - top))`, with `top` the entry of the largest upper end: no
/// exponential overflows, and an entry far below the top adds next to nothing. Of an empty list it is the whole line,
/// as [`Real::ln`] of zero is.
pub fn log_sum(logs: &[Big]) -> Big {
    let largest = (0..logs.len()).max_by(|&i, &j| logs[i].upper().total_cmp(logs[j].upper()));
    let Some(top) = largest else { return Big::entire() };
    let others = logs.iter().enumerate().filter(|(i, _)| *i != top).map(|(_, l)| (l - &logs[top]).exp());
    &logs[top] + others.fold(Big::one(), |sum, e| sum + e).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rug::ops::CompleteRound;

    /// Against MPFR's own incomplete gamma function.
    #[test]
    fn chi_square_tails_agree_with_the_incomplete_gamma_function() {
        for p in [1, 2, 3, 4, 5, 10, 17, 40] {
            for x in [(1, 100), (1, 1), (5, 1), (40, 1), (300, 1)] {
                let x = Rational::new(x.0, x.1);
                let ours = chi_square_log_tail(p, &x, 128);
                let a = Float::with_val(200, p) / 2_u32;
                let half = Float::with_val(200, &x.0) / 2_u32;
                let gamma: Float = a.gamma_ref().complete(200);
                let theirs = (a.gamma_inc(&half) / gamma).ln();
                let off = Float::with_val(200, ours.lower() - &theirs).abs().to_f64();
                let width = Float::with_val(200, ours.upper() - ours.lower()).to_f64();
                assert!(off < 1e-30 && width < 1e-30, "p = {p}, x = {x}: off by {off:e}, width {width:e}");
            }
        }
    }

    #[test]
    fn a_sum_by_logarithms_is_that_of_the_numbers_and_none_of_no_numbers() {
        let logs = [1, 2, 4].map(|n| Big::from_rational(&Rational::from(n), 96).ln());
        assert!(log_sum(&logs).exp().contains(&Rational::from(7)));
        assert!(!log_sum(&[]).is_bounded());
    }

    #[test]
    fn the_normal_tail_at_zero_is_a_half_and_falls() {
        let half = normal_log_tail(&Big::from_rational(&Rational::zero(), 96)).to_interval();
        assert!((half.lo() + std::f64::consts::LN_2).abs() < 1e-15, "{half:?}");
        let five = normal_log_tail(&Big::from_rational(&Rational::from(5), 96)).exp().to_interval();
        assert!((five.hi() - 2.866_515_718_791_939e-7).abs() < 1e-20, "{five:?}");
    }
}
