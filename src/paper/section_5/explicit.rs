//! The constants of Theorems 4 and 5, Corollary 4 and Lemma 3 as functions of s alone, fixed before anything is drawn.
//!
//! | paper | here | value |
//! | --- | --- | --- |
//! | u of Lemma 3 | [`least_u`] | `22 s^2 + 6 s` |
//! | C_1 | [`Constants::least_depth`] | `(u/0.43)^2` |
//! | C_2 | [`LEAST_WIDTH`] | 4 |
//! | C_3 | [`Constants::root_c_3`], its square root | `2^-36 exp(-10 s^2 - 20 u)` |
//! | C_4 | [`Constants::c_4`] | `(22 s + 6)^2/32`: failure at most `10 exp(-C_4 d)` |
//! | C_5 | [`Constants::c_5`] | `exp(-2 s^2 - 4 u)/64` |
//! | C of Corollary 4 | [`Constants::c`] | `2^12 exp(3 s^2 + 6 u)` |
//!
//! Coq proves Theorems 4 and 5 and Corollary 4 with these (`theorem_4_explicit`, `theorem_5_explicit`,
//! `corollary_4_explicit`); Lemma 3 with every u from `22 s^2 + 6 s` to `0.43 sqrt(L)` (`lemma_3_explicit`).
//!
//! [`Constants::from_bounds`] has what the deterministic form of B.8 makes of bounds M, m of the products at the start
//! (claim `theorem-4`), x = 3/20: `C_3 = (x (1 - x)^4 exp(-2 x))^2 m^10/M^6`, `C_5 = x m/M`, and `C = (e^x M)^4/((1 -
//! x) m)^2`, M and m at the limit.
//!
//! **Where they come from.** `u <= 0.43 sqrt(L)` is `L >= (u/0.43)^2`. The two events of Lemma 3, for Pi_{k:1} and
//! for Pi_{L:k}, each fail with probability at most `5 exp(-d u^2/(32 s^2))` (`lemma_3_explicit`), and `u/s = 22 s +
//! 6`: so C_4 and the 10. C_5 is the radius of the ball of Lemma 3. C is `2^12 exp(2 s^2 + 4 s^2/C~_2 + 6 C~_3)`
//! (claim `corollary-4-constants`) at C~_2 = 4, C~_3 = u. C_3 is four times what
//! `theorem_4::constants::risk_constant` gives there.

use super::flows::SHARE;
use crate::arithmetic::{Enclosure, Field, Interval, Rational, Real, Ring};

/// C_2.
pub(crate) const LEAST_WIDTH: usize = 4;

/// All of them for one s > 0, enclosed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constants {
    /// C_1, no integer.
    pub least_depth: Interval,
    /// sqrt(C_3): C_3 itself may be too small for a double.
    pub root_c_3: Interval,
    /// C_4, the rate of the failure probability in d.
    pub c_4: Interval,
    /// C_5, the bound on `norm_F(theta_k)`.
    pub c_5: Interval,
    /// C of Corollary 4.
    pub c: Interval,
}

/// To double precision.
pub(crate) fn float(q: &Rational) -> Interval {
    Interval::from_rational(q, 53)
}

/// `22 s^2 + 6 s`.
pub(crate) fn least_u(s: &Rational) -> Rational {
    22 * s.powi(2) + 6 * s
}

impl Constants {
    /// As Coq proves them.
    pub fn of(s: &Rational) -> Self {
        let (u, s) = (float(&least_u(s)), float(s));
        let s2 = s.powi(2);
        Self {
            least_depth: (u / float(&Rational::new(43, 100))).powi(2),
            root_c_3: (-5 * s2 - 10 * u).exp() * float(&Rational::new(1, 1 << 18)),
            c_4: (22 * s + 6).powi(2) * float(&Rational::new(1, 32)),
            c_5: (-2 * s2 - 4 * u).exp() * float(&Rational::new(1, 64)),
            c: (3 * s2 + 6 * u).exp() * 4096,
        }
    }
    /// From C_1 and bounds of the products at the start, which fail with probability at most `10 exp(-d)`.
    ///
    /// `most` and `least` are M >= 1 and 0 < m <= 1. The smallness condition of `deterministic`, solved for
    /// `sqrt((R(0) - R_min) Lambda)/(lambda norm(w))` with `r = x m/M`, `M' = e^x M`, `m' = (1 - x) m`, reads at most
    /// `r m'^4/M'^2 = x (1 - x)^4 e^(-2x) m^5/M^3`: this is sqrt(C_3). C_5 is r, and C is `M'^4/m'^2`, Corollary 4
    /// with the bounds inside the ball.
    pub fn from_bounds(least_depth: u32, most: &Rational, least: &Rational) -> Self {
        let (x, high, low) = (float(&Rational::new(SHARE.0, SHARE.1)), float(most), float(least));
        let rest = 1 - x;
        Self {
            least_depth: Interval::from_i64(least_depth.into()),
            root_c_3: x * rest.powi(4) * (-2 * x).exp() * low.powi(5) / high.powi(3),
            c_4: Interval::from_i64(1),
            c_5: x * low / high,
            c: (x.exp() * high).powi(4) / (rest * low).powi(2),
        }
    }
    /// L >= C_1 for certain; where the enclosure of C_1 contains L the answer is no.
    pub fn is_deep(&self, depth: usize) -> bool {
        (Interval::from_i64(depth as i64) - self.least_depth).is_nonnegative()
    }
    /// `10 exp(-C_4 d)`, rounded up.
    pub fn failure(&self, width: usize) -> f64 {
        (10 * (-self.c_4 * Interval::from_i64(width as i64)).exp()).hi()
    }
}
