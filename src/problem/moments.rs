//! Second moments of the data.
//!
//! Two ways to them are here: by the definition in any field ([`Moments::new`]), and exactly from rationals of any
//! length ([`exact_moments`]), which costs `n d^2 / 2` products of long integers. The fast way for doubles and
//! decimals is `gram`; the second one stands in where a column has too many bits for it.
//!
//! All formulas of a linear regressor are here as well: they are polynomials in w with these coefficients, over any
//! ring.

use crate::arithmetic::{Field, Rational, Ring};
use nalgebra::{DMatrix, DVector};
use rug::{Complete, Integer};

/// Second moments of the data: all that the risk and its derivatives depend on.
///
/// `R(w) = power - 2 cross^T w + w^T sigma w`.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments<T: Ring> {
    /// Sigma = X^T X / n, d x d, symmetric.
    pub sigma: DMatrix<T>,
    /// X^T y / n, length d.
    pub cross: DVector<T>,
    /// norm(y)^2 / n.
    pub power: T,
}

impl<T: Ring> Moments<T> {
    /// From X (n x d) and y (n) in any field, by the definition.
    ///
    /// Panics where y has not as many entries as X has rows, as the product of `nalgebra` does.
    pub fn new(x: &DMatrix<T>, y: &DVector<T>) -> Self
    where
        T: Field,
    {
        let n = T::from_i64(x.nrows() as i64);
        let xt = x.transpose();
        Self {
            sigma: (&xt * x).map(|v| v / n.clone()),
            cross: (&xt * y).map(|v| v / n.clone()),
            power: y.iter().fold(T::zero(), |s, v| s + v.clone() * v.clone()) / n,
        }
    }

    /// Input dimension d.
    pub fn dimension(&self) -> usize {
        self.cross.len()
    }

    /// The risk R^1(w) of a linear regressor.
    ///
    /// `norm(y - X w)^2 / n`, by its expansion: over an enclosure it contains the risk, and loses digits where
    /// `risk_drop` nearly equals `power`.
    pub fn risk(&self, w: &DVector<T>) -> T {
        self.power.clone() - self.risk_drop(w)
    }

    /// `R_0 - R^1(w) = 2 cross^T w - w^T sigma w`, R_0 the risk of zero weights: without cancellation against R_0.
    pub fn risk_drop(&self, w: &DVector<T>) -> T {
        T::from_i64(2) * dot(&self.cross, w) - dot(w, &(&self.sigma * w))
    }

    /// Gradient of R^1, equation (6): `-(2/n) X^T (y - X w) = 2 (sigma w - cross)`.
    ///
    /// Length d; where sigma is regular it vanishes at w* alone.
    pub fn risk_gradient(&self, w: &DVector<T>) -> DVector<T> {
        let two = T::from_i64(2);
        (&self.sigma * w - &self.cross).map(|v| two.clone() * v)
    }

    /// The same moments in another arithmetic.
    ///
    /// f is applied to each entry of the lower triangle once, and mirrored.
    pub fn map<U: Ring>(&self, f: impl Fn(&T) -> U) -> Moments<U> {
        let sigma = symmetric(self.dimension(), |i, j| f(&self.sigma[(i, j)]));
        Moments { sigma, cross: self.cross.map(|v| f(&v)), power: f(&self.power) }
    }

    /// Of the data with a column of ones appended (`means` of X and of y): the moments about the means.
    ///
    /// `sigma - m m^T`, `cross - m mean`, `power - mean^2`: exact over the rationals; over an enclosure the
    /// subtraction loses digits, for which the caller has 320 bits.
    pub(super) fn centred(&self, means: &DVector<T>, mean: &T) -> Self {
        let d = self.dimension();
        Self {
            sigma: DMatrix::from_fn(d, d, |i, j| self.sigma[(i, j)].clone() - means[i].clone() * means[j].clone()),
            cross: DVector::from_fn(d, |i, _| self.cross[i].clone() - means[i].clone() * mean.clone()),
            power: self.power.clone() - mean.clone() * mean.clone(),
        }
    }
}

/// Inner product of two vectors over any ring.
///
/// Up to the length of the shorter one; in the order of the entries.
pub fn dot<T: Ring>(a: &DVector<T>, b: &DVector<T>) -> T {
    a.iter().zip(b.iter()).fold(T::zero(), |s, (x, y)| s + x.clone() * y.clone())
}

/// Squared Euclidean norm over any ring.
pub fn norm_squared<'a, T: Ring>(entries: impl IntoIterator<Item = &'a T>) -> T {
    entries.into_iter().fold(T::zero(), |s, x| s + x.clone() * x.clone())
}

/// The symmetric matrix with these entries in its lower triangle, each formed once.
///
/// `lower` is called with i >= j only.
pub(super) fn symmetric<T: Ring>(d: usize, lower: impl Fn(usize, usize) -> T) -> DMatrix<T> {
    let mut out = DMatrix::zeros(d, d);
    for j in 0..d {
        for i in j..d {
            let v = lower(i, j);
            if i != j {
                out[(j, i)] = v.clone();
            }
            out[(i, j)] = v;
        }
    }
    out
}

/// Bits of a common denominator beyond which integers are no faster than rationals.
const LONGEST_DENOMINATOR: u32 = 1 << 14;

/// A column over one denominator: `entries[i] / denominator`.
pub(super) struct IntegerColumn {
    /// Of any sign.
    pub(super) entries: Vec<Integer>,
    /// Positive: the least common multiple of those of the column.
    pub(super) denominator: Integer,
    /// Of the longest entry.
    pub(super) bits: u32,
}

impl IntegerColumn {
    /// `None` where the common denominator has more than [`LONGEST_DENOMINATOR`] bits.
    pub(super) fn new<'a>(column: impl Iterator<Item = &'a Rational> + Clone) -> Option<Self> {
        let mut denominator = Integer::from(1);
        for q in column.clone() {
            denominator.lcm_mut(q.as_rug().denom());
            if denominator.significant_bits() > LONGEST_DENOMINATOR {
                return None;
            }
        }
        let over = |q: &Rational| (&denominator / q.as_rug().denom()).complete() * q.as_rug().numer();
        let entries: Vec<Integer> = column.map(over).collect();
        let bits = entries.iter().map(Integer::significant_bits).max().unwrap_or(0);
        Some(Self { entries, denominator, bits })
    }

    /// Exact. Of short entries in 128-bit integers: n products below `2^(bits + bits')` add up to less than `2^126`.
    fn dot(&self, other: &Self) -> Integer {
        let length = self.entries.len() as u64;
        // Every partial sum stays below 2^126: the machine's own integers do.
        if self.bits <= 63 && other.bits <= 63 && self.bits + other.bits + (64 - length.leading_zeros()) <= 126 {
            let term = |(a, b): (&Integer, &Integer)| i128::from(a.to_i64_wrapping()) * i128::from(b.to_i64_wrapping());
            return Integer::from(self.entries.iter().zip(&other.entries).map(term).sum::<i128>());
        }
        let mut sum = Integer::with_capacity((self.bits + other.bits + 64) as usize);
        for (a, b) in self.entries.iter().zip(&other.entries) {
            sum += a * b;
        }
        sum
    }
}

/// Exact moments. Each column is brought to a common denominator (a power of two for doubles, of ten for decimals), so
/// that the `n d^2 / 2` products are sums of integers: no greatest common divisor is taken inside.
///
/// Where a column has no common denominator of reasonable size, [`Moments::new`] does it in rationals, with the same
/// result. X has at least one row, and y as many entries.
pub fn exact_moments(x: &DMatrix<Rational>, y: &DVector<Rational>) -> Moments<Rational> {
    let (n, d) = x.shape();
    let columns: Option<Vec<IntegerColumn>> = (0..d)
        .map(|j| IntegerColumn::new(x.as_slice()[j * n..(j + 1) * n].iter()))
        .chain(std::iter::once(IntegerColumn::new(y.as_slice().iter())))
        .collect();
    let Some(columns) = columns else { return Moments::new(x, y) };
    let n = Integer::from(n);
    let moment = |i: usize, j: usize| {
        let (a, b) = (&columns[i], &columns[j]);
        let scale = (&a.denominator * &b.denominator).complete() * &n;
        Rational::from(rug::Rational::from((a.dot(b), scale)))
    };
    let mut sigma = DMatrix::zeros(d, d);
    for i in 0..d {
        for j in 0..=i {
            sigma[(i, j)] = moment(i, j);
            sigma[(j, i)] = sigma[(i, j)].clone();
        }
    }
    Moments { sigma, cross: DVector::from_fn(d, |i, _| moment(i, d)), power: moment(d, d) }
}
