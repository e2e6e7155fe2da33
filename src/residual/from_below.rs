//! How often a product of residual layers is large, from below, by one normal tail: also where no count sees it.
//!
//! **Statement.** For `L >= 4 max(d/s^2, 2) (ln T + 2 s^2/d)^2`: with probability at least `Q(z)/2`, `z = sqrt(d)
//! (ln T + 2 s^2/d)/s`, Q the upper tail of N(0, 1), norm(Pi_{L:1}) >= T at theta = 0.
//!
//! Proof. For a unit vector h_0, `norm(h_k)^2/norm(h_{k-1})^2 = (1 + y_k)^2 + (the part of N_k h orthogonal to
//! h)^2 >= (1 + y_k)^2`, with y_k independent N(0, s^2/(L d)): project N_k h on h. With S = sum y_k ~ N(0, s^2/d) and
//! `ln(1 + y) >= y - y^2` for y >= -1/2, `ln norm(h_L) >= S - sum y_k^2` unless some y_k < -1/2. So `P(norm(h_L) >=
//! T) >= P(S >= ln T + 2 s^2/d) - P(sum y_k^2 > 2 s^2/d) - L P(y_1 < -1/2)`; the second term is `P(chi^2(L) > 2 L)
//! <= exp(-(L/2) (1 - ln 2))`, the third `L Q(sqrt(L d)/(2 s))`, whose argument is `sqrt(2) z` at least: without
//! the 2 in the maximum it would be z itself at s^2 = d, and the third term L Q(z).
//!
//! Counted where counting can see: at d = 2, `tests` compare `Q(z)/2` with trials.

use crate::arithmetic::{Big, Enclosure, Field, Rational, Real, Ring};
use crate::statistics::tails::normal_log_tail;

/// ln T and what stands in z.
pub(crate) struct Terms {
    /// `ln T + 2 s^2/d`.
    pub reach: Big,
    /// The paper's s.
    pub s: Big,
    /// d.
    pub width: Big,
    /// The least L that is asked for, times `deeper`: a real number.
    pub depth: Big,
}

/// Precision of all of it.
const BITS: u32 = 192;

/// A rational at that precision, enclosed.
pub(crate) fn of(q: &Rational) -> Big {
    Big::from_rational(q, BITS)
}

/// An integer, exactly.
pub(crate) fn integer(n: u32) -> Big {
    of(&Rational::from(i64::from(n)))
}

impl Terms {
    /// For ln T, s and d; L is the least that the statement asks for, times `deeper`. With `least_share` the 2 in the
    /// maximum is left out.
    pub fn new(log: Big, s: &Rational, [width, deeper]: [u32; 2], least_share: bool) -> Self {
        let (s, width) = (of(s), integer(width));
        let s2 = s.powi(2);
        let reach = log + integer(2) * &s2 / &width;
        // The upper end, a real number, which the integer L is at least: the terms fall with L.
        let share = if least_share { &width / &s2 } else { Enclosure::max(&(&width / &s2), &integer(2)) };
        let depth = (integer(4 * deeper) * share * reach.powi(2)).upper_end();
        Self { reach, s, width, depth }
    }
    /// z.
    ///
    /// `sqrt(d) (ln T + 2 s^2/d)/s`.
    pub fn z(&self) -> Big {
        &self.reach * self.width.sqrt() / &self.s
    }
    /// ln Q(z).
    ///
    /// The statement's probability is half of Q(z).
    pub fn tail(&self) -> Big {
        normal_log_tail(&self.z())
    }
    /// The logarithms of the two terms that are taken away.
    ///
    /// `P(chi^2(L) > 2 L) <= exp(-(L/2)(1 - ln 2))` and `L Q(sqrt(L d)/(2 s))`, at the L of `depth`.
    pub fn lost(&self) -> [Big; 2] {
        let squares = -&self.depth * (1 - integer(2).ln()) / integer(2);
        let step = (&self.depth * &self.width).sqrt() / (integer(2) * &self.s);
        [squares, self.depth.ln() + normal_log_tail(&step)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::residual::{Setup, extremes_of};
    use crate::statistics::binomial;

    /// At a threshold that trials reach, the bound from below is below what they find.
    #[test]
    fn the_bound_from_below_is_below_what_is_counted() {
        // T = exp(1/2) at d = 2, s = 1: z = sqrt(2) (1/2 + 1) = 2.12, Q(z)/2 = 0.0085; L >= 18.
        let (depth, width, trials) = (18, 2, 2000);
        let setup = Setup::new(width, depth, 1.0, 5, "lemma-3-order").unwrap();
        let found = extremes_of(&setup, 0..trials);
        let above = found.iter().filter(|e| e.as_ref().unwrap().norm.lo >= 0.5f64.exp()).count() as u64;
        let z = of(&Rational::new(21_213, 10_000));
        let least = normal_log_tail(&z).exp().hi() / 2.0;
        assert!(least > 8e-3 && least < 9e-3, "{least}");
        let lower = binomial::lower_bound(trials, above, 1e-6).unwrap();
        assert!(lower > least, "{above} of {trials}");
        // And a false bound, ten times the frequency, is refuted by the same count.
        let upper = binomial::upper_bound(trials, above, 1e-6).unwrap();
        assert!(upper < 1.0 - 1e-3, "{above} of {trials}: the count tells nothing");
    }
}
