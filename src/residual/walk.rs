//! The path of a vector through residual layers: its increments, and the exact laws of their sums.
//!
//! | symbol | code | shape |
//! | --- | --- | --- |
//! | `s / sqrt(L d)` | `Walk::c`; so `s^2 = c^2 L d` is exact, and s itself is not needed | scalar |
//! | N_1, .., N_L, independent standard normal entries | `Walk::noise` | d x d |
//! | `W_k = I + s/sqrt(L d) N_k`, Pi_{k:1} = W_k .. W_1 | `Walk::layer`, `Walk::product` | d x d |
//! | `h_k = W_k h_{k-1}`, k = 0, .., L | `Walk::path` | d |
//! | `Y_{k,1} = s^2 norm(N_{k+1} h_k)^2/(L d norm(h_k)^2)`, `Y_{k,2} = 2 s h_k^T N_{k+1} h_k/(sqrt(L d) norm(h_k)^2)` | `Walk::increment` | scalars |
//! | S_{k,1}, S_{k,2}, S_{k,3}: sums of the Y_{j,1}, the Y_{j,2} and the squares of the Y_{j,2}, j < k | `Walk::with_sums` | scalars |
//!
//! Everything is exact: c, the noise and the start are rationals, so that identities of Lemma 3's proof are checked
//! as identities and inequalities without rounding. Such instances are not draws from the law, rationals being no
//! normal numbers; they serve statements about every noise. What depends on the law is a tail, enclosed by
//! [`Law::log`].
//!
//! `norm(h_{k+1})^2 = norm(h_k)^2 (1 + Y_{k,1} + Y_{k,2})`. **Laws.** `S_{L,1} ~ s^2/(L d) chi^2(L d)`,
//! `S_{L,2} ~ N(0, 4 s^2/d)`, `S_{L,3} ~ 4 s^2/(L d) chi^2(L)`, `Y_{k,2} ~ N(0, 4 s^2/(L d))`.

use crate::arithmetic::{Big, Field, Rational, Real, Ring};
use crate::formula::{Table, at, descent, var};
use crate::problem::norm_squared;
use crate::statistics::tails::{chi_square_log_tail, normal_log_tail_of_root};
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;

/// An exact matrix.
pub(crate) type Matrix = DMatrix<Rational>;

/// c = `s / sqrt(L d)`, noise of the layers and a start.
pub(crate) struct Walk {
    /// `s / sqrt(L d)`, rational by choice.
    pub c: Rational,
    /// N_1, ..., N_L.
    pub noise: Vec<Matrix>,
    /// h_0, d entries.
    pub start: DVector<Rational>,
}

impl Walk {
    /// L.
    pub fn depth(&self) -> usize {
        self.noise.len()
    }
    /// d.
    pub fn width(&self) -> usize {
        self.start.len()
    }
    /// L d.
    pub fn entries(&self) -> Rational {
        Rational::from((self.depth() * self.width()) as i64)
    }
    /// s^2.
    pub fn s2(&self) -> Rational {
        self.c.powi(2) * self.entries()
    }
    /// `I + s/sqrt(L d) N_k`, k from 1.
    pub fn layer(&self, k: usize) -> Matrix {
        Matrix::identity(self.width(), self.width()) + self.noise[k - 1].map(|v| v * &self.c)
    }
    /// Pi_{k:1} = W_k .. W_1.
    pub fn product(&self, k: usize) -> Matrix {
        (1..=k).fold(Matrix::identity(self.width(), self.width()), |p, j| self.layer(j) * p)
    }
    /// Not with s = 0.
    ///
    /// An instance with s = 0 is left out where a statement divides by s.
    pub fn rough(self) -> Result<Self, &'static str> {
        if self.c.is_zero() { Err("s = 0") } else { Ok(self) }
    }
    /// Not where some h_k is 0, k = L included.
    ///
    /// For statements that divide by norm(h_k), or take its logarithm.
    pub fn never_zero(self) -> Result<Self, &'static str> {
        if self.path().iter().any(is_zero) { Err(SOME_ZERO) } else { Ok(self) }
    }
    /// And Y_{k,1}, Y_{k,2} for k = 0, .., L - 1, by their quotients; S_{k,1}, S_{k,2}, S_{k,3} for k = 0, .., L.
    ///
    /// The table of [`Walk::table`] with these. The error where some h_k with k < L is zero: no Y_k can be formed.
    pub fn with_sums(&self) -> Result<Table<Rational>, &'static str> {
        let h = self.path();
        if h[..self.depth()].iter().any(is_zero) {
            return Err(SOME_ZERO);
        }
        let numbers = |table: Table<Rational>, name, k, list: &[Rational]| {
            list.iter()
                .zip(1..)
                .fold(table, |table, (q, i)| table.matrix(name, &[k, i], Matrix::from_element(1, 1, q.clone())))
        };
        let mut sums = [(); 3].map(|()| Rational::zero());
        let mut table = numbers(self.table(), "S", 0, &sums);
        for (k, noise) in self.noise.iter().enumerate() {
            let (first, second) = self.increment(noise, &h[k]);
            sums = [&sums[0] + &first, &sums[1] + &second, &sums[2] + second.powi(2)];
            table = numbers(table, "Y", k as i64, &[first, second]);
            table = numbers(table, "S", k as i64 + 1, &sums);
        }
        Ok(table)
    }
    /// And, for k = 0, .., L - 1, the matrix Q_k of Y_{k,1} and the vector q_k of Y_{k,2} as forms in the entries n_k
    /// of N_{k+1}.
    ///
    /// `Y_{k,1} = n_k^T Q_k n_k` and `Y_{k,2} = q_k^T n_k`, each d^2 x d^2 or d^2 x 1; n_k is N_{k+1} row by row.
    /// Errors as [`Walk::with_sums`].
    pub fn with_forms(&self) -> Result<Table<Rational>, &'static str> {
        let squared = self.width() * self.width();
        let table = self.with_sums()?.matrix("I_{d^2}", &[], Matrix::identity(squared, squared));
        Ok(self.path()[..self.depth()].iter().zip(0..).fold(table, |table, (h, k)| {
            let (quadratic, linear) = self.forms(h);
            let entries = Matrix::from_iterator(squared, 1, self.noise[k as usize].transpose().iter().cloned());
            table
                .matrix("Q", &[k], quadratic)
                .matrix("q", &[k], Matrix::from_column_slice(squared, 1, linear.as_slice()))
                .matrix("n", &[k], entries)
        }))
    }
    /// L, d, s^2, `s/sqrt(L d)`, I, N_k, W_k, and `h_k = W_k .. W_1 h_0`.
    ///
    /// h_k for k >= 1 is defined in it by its formula, not by numbers.
    pub fn table(&self) -> Table<Rational> {
        let d = self.width();
        let product = descent("i", var("k"), 1, at("W", var("i")));
        Table::default()
            .scalar("L", Rational::from(self.depth() as i64))
            .scalar("d", Rational::from(d as i64))
            .scalar("s^2", self.s2())
            .scalar("s/sqrt(L d)", self.c.clone())
            .matrix("I", &[], Matrix::identity(d, d))
            .family("N", self.noise.iter().cloned())
            .family("W", (1..=self.depth()).map(|k| self.layer(k)))
            .matrix("h", &[0], Matrix::from_column_slice(d, 1, self.start.as_slice()))
            .define("h", &["k"], product * at("h", 0))
    }
    /// h_0, .., h_L, layer by layer.
    ///
    /// `L + 1` vectors.
    pub fn path(&self) -> Vec<DVector<Rational>> {
        (1..=self.depth()).fold(vec![self.start.clone()], |mut h, k| {
            h.push(self.layer(k) * &h[k - 1]);
            h
        })
    }
    /// `(Y_{k,1}, Y_{k,2})` by their quotients, for `N_{k+1} = n` and h_k = h, not zero.
    ///
    /// `norm(W_{k+1} h)^2 = norm(h)^2 (1 + Y_{k,1} + Y_{k,2})`, by expanding the square of `h + c n h`.
    pub fn increment(&self, n: &Matrix, h: &DVector<Rational>) -> (Rational, Rational) {
        let (square, image) = (norm_squared(h.iter()), n * h);
        let first = self.s2() * norm_squared(image.iter()) / (self.entries() * &square);
        (first, 2 * &self.c * h.dot(&image) / square)
    }
    /// Q and q of the module's documentation at h.
    ///
    /// By polarisation: `Q_ab = (y(E_a + E_b) - y(E_a) - y(E_b))/2` for the quadratic y = Y_{k,1} and the unit
    /// matrices E_a, and `q_a = Y_{k,2}` at E_a.
    pub fn forms(&self, h: &DVector<Rational>) -> (Matrix, DVector<Rational>) {
        let d = self.width();
        // The a-th unit matrix, row by row.
        let unit = |a| Matrix::from_fn(d, d, |i, j| Rational::from(i64::from(i * d + j == a)));
        let alone: Vec<(Rational, Rational)> = (0..d * d).map(|a| self.increment(&unit(a), h)).collect();
        let quadratic = Matrix::from_fn(d * d, d * d, |a, b| {
            (self.increment(&(unit(a) + unit(b)), h).0 - &alone[a].0 - &alone[b].0) / 2
        });
        (quadratic, DVector::from_fn(d * d, |a, _| alone[a].1.clone()))
    }
}

/// Exactly.
pub(crate) fn is_zero(h: &DVector<Rational>) -> bool {
    h.iter().all(Zero::is_zero)
}

/// Where no Y can be formed: an event of probability zero.
pub(crate) const SOME_ZERO: &str = "some h_k is zero";

/// L, d, s^2 and u, the deviation.
#[derive(Clone)]
pub(crate) struct Parameters {
    /// L.
    pub l: Rational,
    /// The width.
    pub d: Rational,
    /// s^2.
    pub s2: Rational,
    /// The deviation, in the unit of the sum.
    pub u: Rational,
}

/// Whose tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Law {
    /// chi^2(L d) >= L d + u.
    ChiSquare,
    /// S_{L,1} >= s^2 + u.
    SumOne,
    /// max_k S_{k,2} >= u: at most 2 P(S_{L,2} >= u), by Levy's inequality (independent, symmetric).
    SumTwo,
    /// S_{L,3} >= 4 s^2/d + u.
    SumThree,
    /// Y_{k,2} < -1/2.
    Step,
}

impl Law {
    /// `ln P`, enclosed; L and d are integers.
    ///
    /// The laws are exact, so these are the probabilities themselves and no bounds, except [`Law::SumTwo`], which is
    /// twice one. `u` is not read by [`Law::Step`]. A degree of freedom beyond u64 is cut there.
    pub(crate) fn log(self, p: &Parameters, bits: u32) -> Big {
        let Parameters { l, d, s2, u } = p;
        let chi_square = |degrees: &Rational, x: Rational| {
            chi_square_log_tail(degrees.as_rug().numer().to_u64().unwrap_or(u64::MAX), &x, bits)
        };
        match self {
            Self::ChiSquare => chi_square(&(l * d), l * d + u),
            Self::SumOne => chi_square(&(l * d), l * d * (1 + u / s2)),
            Self::SumTwo => log_tail_of_last(p, bits) + Big::from_rational(&2.into(), bits).ln(),
            Self::SumThree => chi_square(l, l * (1 + d * u / (4 * s2))),
            Self::Step => normal_log_tail_of_root(&(l * d / (16 * s2)), bits),
        }
    }
}

/// `ln P(S_{L,2} >= u)`.
///
/// `S_{L,2} ~ N(0, 4 s^2/d)`: the tail of a standard normal at `u / sqrt(4 s^2/d)`, given by its square so that no
/// root is rounded.
pub(crate) fn log_tail_of_last(p: &Parameters, bits: u32) -> Big {
    normal_log_tail_of_root(&(&p.d * p.u.powi(2) / (4 * &p.s2)), bits)
}
