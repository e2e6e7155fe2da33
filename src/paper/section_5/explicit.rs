//! The constants of Theorems 4 and 5, Corollary 4 and Lemma 3 as functions of s alone, fixed before anything is drawn.
//!
//! | paper | here | value |
//! | --- | --- | --- |
//! | u of Lemma 3 | [`Constants::u`] | `22 s^2 + 6 s` |
//! | C_1 | [`Constants::least_depth`] | `(u/0.43)^2` |
//! | C_2 | [`LEAST_WIDTH`] | 4 |
//! | C_3 | [`Constants::root_c_3`], its square root | `2^-36 exp(-10 s^2 - 20 u)` |
//! | C_4 | [`Constants::c_4`] | `(22 s + 6)^2/32`: failure at most `10 exp(-C_4 d)` |
//! | C_5 | [`Constants::c_5`] | `exp(-2 s^2 - 4 u)/64` |
//! | C of Corollary 4 | [`Constants::c`] | `2^12 exp(3 s^2 + 6 u)` |
//!
//! Coq proves Theorems 4 and 5 and Corollary 4 with these (`theorem_4_explicit`, `theorem_5_explicit`,
//! `corollary_4_explicit`); Lemma 3 with every u from `22 s^2 + 6 s` to `0.43 sqrt(L)` (`lemma_3_explicit`).

use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring};

/// C_2.
pub(crate) const LEAST_WIDTH: usize = 4;

/// All of them for one s > 0, enclosed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constants {
    s: Interval,
    /// u.
    pub u: Interval,
}

fn float(n: i64, d: i64) -> Interval {
    <Interval as crate::arithmetic::Field>::from_rational(&Rational::new(n, d), 53)
}

impl Constants {
    /// Of s.
    pub fn of(s: &Rational) -> Self {
        let s = <Interval as crate::arithmetic::Field>::from_rational(s, 53);
        Self { s, u: 22 * s.powi(2) + 6 * s }
    }
    /// C_1.
    pub fn least_depth(&self) -> Interval {
        (self.u / float(43, 100)).powi(2)
    }
    /// L >= C_1, decided.
    pub fn is_deep(&self, depth: usize) -> bool {
        (Interval::from_i64(depth as i64) - self.least_depth()).is_nonnegative()
    }
    /// sqrt(C_3): C_3 itself may be too small for a double.
    pub fn root_c_3(&self) -> Interval {
        (-5 * self.s.powi(2) - 10 * self.u).exp() * float(1, 1 << 18)
    }
    /// C_4.
    pub fn c_4(&self) -> Interval {
        (22 * self.s + 6).powi(2) * float(1, 32)
    }
    /// C_5.
    pub fn c_5(&self) -> Interval {
        (-2 * self.s.powi(2) - 4 * self.u).exp() * float(1, 64)
    }
    /// C.
    pub fn c(&self) -> Interval {
        (3 * self.s.powi(2) + 6 * self.u).exp() * 4096
    }
    /// `10 exp(-C_4 d)`, rounded up.
    pub fn failure(&self, width: usize) -> f64 {
        (10 * (-self.c_4() * Interval::from_i64(width as i64)).exp()).hi()
    }
}
