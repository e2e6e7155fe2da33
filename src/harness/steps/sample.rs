//! What a step of a proof is evaluated on: a few sizes and a list of exact numbers, out of which the step makes the
//! objects that it speaks of.
//!
//! A [`Sample`] is stored, shrunk and climbed as a list of rationals, whatever the step makes of it: layers,
//! directions, data, scalars. A step reads it through a [`Draw`], in an order that depends on the sizes alone, and
//! reads everything before it decides that the sample is out of scope; so the list has the same length for all samples
//! of the same sizes.
//!
//! # Why a list of numbers
//!
//! Shrinking, climbing and storing are then written once, for all steps: a number is moved, halved or set to 0, and
//! whatever the step makes of the list stays an object of its kind, since a rotation stays a rotation and a positive
//! number positive. A counterexample in a file is a list of rationals that can be read into the same step by anyone.
//!
//! A number drawn is a variable ([`Rational::as_variable`]): the degree of every expression in it is carried along,
//! and the test of Schwartz and Zippel reads it off the sides. Numbers that a step writes itself (1/2, L) are
//! constants.

use crate::arithmetic::{Big, Field, Rational, Ring};
use crate::linalg::{solve, sphere::stereographic};
use crate::network::Network;
use crate::problem::draw::stream;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// A matrix of exact numbers.
pub type Matrix = DMatrix<Rational>;
/// A vector of exact numbers.
pub type Vector = DVector<Rational>;

/// `left diag(values) right^T`.
///
/// The singular value decomposition where `left` (m x m) and `right` (n x n) are orthogonal and the `min(m, n)`
/// values are not negative; exact.
///
/// # Panics
/// For fewer values than `min(m, n)`.
pub fn of_singular_values(left: &Matrix, values: &[Rational], right: &Matrix) -> Matrix {
    let entry = |i: usize, j| if i == j { values[i].clone() } else { Rational::zero() };
    left * Matrix::from_fn(left.nrows(), right.nrows(), entry) * right.transpose()
}

/// Sizes and numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// What the step makes of them is said in its documentation: depth, widths, indices.
    pub sizes: Vec<usize>,
    /// In the order in which the step draws them; a list that is too short goes on with zeros.
    pub numbers: Vec<Rational>,
}

/// Hands out the numbers of a sample, in order.
#[derive(Debug)]
pub struct Draw<'a> {
    /// What is read.
    sample: &'a Sample,
    /// How many numbers were handed out.
    at: usize,
}

/// How the numbers of a sample are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// All zero.
    Zeros,
    /// All one.
    Ones,
    /// 1, 0, 1, 0, ..
    Alternating,
    /// -1, 0, 1 in turn, with a period that fits no shape.
    Signs,
    /// Multiples of 1/4 up to 2.
    Small,
    /// Mostly zero.
    Sparse,
    /// Of very different sizes, by powers of 2 up to 2^8; dyadic, so that cases of equality stay exact.
    Spread,
    /// 63-bit integers: the sample set of Schwartz-Zippel.
    Integers,
}

impl Sample {
    /// Numbers of a pattern; `seed` and `number` name the stream of the random ones.
    ///
    /// The same seed, number, pattern and count give the same sample.
    pub(crate) fn of(sizes: &[usize], count: usize, pattern: Pattern, seed: u64, number: u64) -> Self {
        let rng = &mut stream(seed, number);
        let numbers = (0..count)
            .map(|i| match pattern {
                Pattern::Zeros => Rational::zero(),
                Pattern::Ones => Rational::one(),
                Pattern::Alternating => Rational::from(i64::from(i % 2 == 0)),
                Pattern::Signs => Rational::from([1, -1, 0, 1, 0, 0, -1][i % 7]),
                Pattern::Small => Rational::new(rng.random_range(-8..=8), 4),
                Pattern::Sparse if rng.random_bool(0.7) => Rational::zero(),
                Pattern::Sparse => Rational::new(rng.random_range(-4..=4), 2),
                Pattern::Spread => {
                    let size = Rational::from(2).powi(rng.random_range(0..=8));
                    let size = if rng.random_bool(0.5) { size } else { 1 / size };
                    Rational::new(rng.random_range(-4..=4), 4) * size
                }
                Pattern::Integers => Rational::from_i64(rng.random::<i64>()),
            })
            .collect();
        Self { sizes: sizes.to_vec(), numbers }
    }

    /// The first few numbers and the sizes, in one line.
    pub(crate) fn describe(&self) -> String {
        const SHOWN: usize = 12;
        let show = |q: &Rational| crate::arithmetic::short(q);
        let mut shown: Vec<String> = self.numbers.iter().take(SHOWN).map(show).collect();
        if self.numbers.len() > SHOWN {
            shown.push(format!(".. ({} numbers)", self.numbers.len()));
        }
        format!("sizes {:?}, numbers {}", self.sizes, shown.join(", "))
    }

    /// Copies with one number moved: up to a few places, spread over the list.
    ///
    /// The four changes of a place are a step of 1/4, 1/16 or 1/64 up and down, by the turn, a doubling and a
    /// halving.
    pub(crate) fn neighbours(&self, places: usize, turn: usize) -> Vec<Self> {
        let n = self.numbers.len();
        let mut out = Vec::new();
        for i in 0..places.min(n) {
            // A stride that is prime to most lengths visits other places at every turn.
            let at = (i * 31 + turn * 17) % n;
            let v = &self.numbers[at];
            let step = Rational::new(1, [4, 16, 64][turn % 3]);
            let moved = [v + &step, v - step, v * 2, v / 2];
            for value in moved {
                let mut next = self.clone();
                next.numbers[at] = value;
                out.push(next);
            }
        }
        out
    }

    /// Samples that are shorter to write down, the simplest first, for the sizes given.
    ///
    /// All patterns at all sizes given come first, then the sample rounded to integers, then single numbers put to 0,
    /// 1 or an integer for the first 60; of these, those remain whose text is shorter than that of the sample.
    pub(crate) fn simpler(&self, sizes: &[(Vec<usize>, usize)]) -> Vec<Self> {
        /// Numbers that are simplified one by one, from the first on.
        const SINGLE: usize = 60;
        let length = |s: &Self| serde_json::to_string(s).map_or(usize::MAX, |t| t.len());
        let mut out = Vec::new();
        let patterns = [
            Pattern::Zeros,
            Pattern::Ones,
            Pattern::Alternating,
            Pattern::Signs,
            Pattern::Small,
            Pattern::Small,
            Pattern::Sparse,
        ];
        for (sizes, count) in sizes {
            for (i, pattern) in patterns.iter().enumerate() {
                out.push(Self::of(sizes, *count, *pattern, 1, i as u64));
            }
        }
        let whole = |v: &Rational| Rational::from(v.to_f64().clamp(-1e9, 1e9).round() as i64);
        out.push(Self { sizes: self.sizes.clone(), numbers: self.numbers.iter().map(whole).collect() });
        for at in 0..self.numbers.len().min(SINGLE) {
            for value in [Rational::zero(), Rational::one(), whole(&self.numbers[at])] {
                let mut next = self.clone();
                next.numbers[at] = value;
                out.push(next);
            }
        }
        let limit = length(self);
        out.retain(|s| s != self && length(s) < limit);
        out
    }
}

impl<'a> Draw<'a> {
    /// Nothing is handed out yet.
    pub(crate) fn new(sample: &'a Sample) -> Self {
        Self { sample, at: 0 }
    }
    /// How many numbers were drawn.
    pub(crate) fn drawn(&self) -> usize {
        self.at
    }
    /// The sizes.
    pub fn sizes(&self) -> &'a [usize] {
        &self.sample.sizes
    }
    /// The i-th size; 0 where there is none.
    pub fn size(&self, i: usize) -> usize {
        self.sample.sizes.get(i).copied().unwrap_or(0)
    }
    /// The next number, a variable of the identities.
    pub fn number(&mut self) -> Rational {
        let q = self.sample.numbers.get(self.at).cloned().unwrap_or_else(Rational::zero);
        self.at += 1;
        q.as_variable()
    }
    /// The absolute value of the next number.
    pub fn nonnegative(&mut self) -> Rational {
        self.number().abs()
    }
    /// The absolute value of the next number, plus 1/1024 if it is zero.
    ///
    /// A hypothesis that asks for `> 0` so holds for all samples.
    pub fn positive(&mut self) -> Rational {
        let q = self.nonnegative();
        if q.is_zero() { Rational::new(1, 1024) } else { q }
    }
    /// A number in `[0, 1]`: the next one, v, as `|v| / (1 + |v|)`, or 1 if it is -1.
    ///
    /// The number -1 stands for the upper end, which no other number reaches; so the pattern of signs contains it.
    pub fn share(&mut self) -> Rational {
        let v = self.number();
        if v == Rational::from(-1) {
            return Rational::one();
        }
        v.abs() / (1 + v.abs())
    }
    /// `v / (1 + |v|)` of the next number, in (-1, 1).
    pub fn bounded(&mut self) -> Rational {
        let v = self.number();
        &v / (1 + v.abs())
    }
    /// `rows x columns`, row by row.
    pub fn matrix(&mut self, rows: usize, columns: usize) -> DMatrix<Rational> {
        let entries: Vec<Rational> = (0..rows * columns).map(|_| self.number()).collect();
        DMatrix::from_row_slice(rows, columns, &entries)
    }
    /// A column.
    pub fn vector(&mut self, n: usize) -> DVector<Rational> {
        DVector::from_fn(n, |_, _| self.number())
    }
    /// An orthogonal n x n matrix, exactly: the Cayley transform `(I - S)(I + S)^-1` of a skew-symmetric S from
    /// `n (n-1)/2` numbers.
    ///
    /// Numbers zero give the identity. Every orthogonal matrix without the eigenvalue -1 is the transform of a real
    /// skew-symmetric one; those of determinant -1 are not reached. O(n^3) operations on rationals.
    pub fn rotation(&mut self, n: usize) -> DMatrix<Rational> {
        cayley(n, || self.number())
    }
    /// An orthogonal matrix within about `2 n scale` of the identity.
    pub fn small_rotation(&mut self, n: usize, scale: &Rational) -> DMatrix<Rational> {
        cayley(n, || self.bounded() * scale)
    }
    /// A unit vector, exactly: the first column of a rotation of the first axis, from n - 1 numbers.
    ///
    /// `(1 - |t|^2, 2 t)/(1 + |t|^2)`, which is every point of the sphere but -e_1 for real t; numbers zero give e_1.
    pub fn unit_vector(&mut self, n: usize) -> DVector<Rational> {
        let t: Vec<Rational> = (1..n).map(|_| self.number()).collect();
        stereographic(&t)
    }
    /// Probabilities of n atoms.
    ///
    /// The absolute values of N numbers over their sum.
    ///
    /// # Errors
    /// All numbers are zero.
    pub(crate) fn probabilities<const N: usize>(&mut self) -> Result<[Rational; N], &'static str> {
        let atoms: [Rational; N] = std::array::from_fn(|_| self.nonnegative());
        let total = atoms.iter().fold(Rational::zero(), |s, v| s + v);
        if total.is_zero() { Err("no atoms") } else { Ok(atoms.map(|p| p / &total)) }
    }
    /// Layers of widths `d_0, .., d_L` and a head of length d_L (`None`: the fully-connected model, head 1, which needs
    /// d_L = 1).
    ///
    /// `None` where the shapes and the head make no network.
    pub fn network(&mut self, widths: &[usize], with_head: bool) -> Option<Network<Rational>> {
        let layers = widths.windows(2).map(|w| self.matrix(w[1], w[0])).collect();
        let out = widths.last().copied().unwrap_or(0);
        let head = if with_head { self.vector(out) } else { DVector::from_element(1, Rational::one()) };
        Network::new(layers, head).ok()
    }
    /// Data X (n x d) and y (n).
    pub fn data(&mut self, n: usize, d: usize) -> (DMatrix<Rational>, DVector<Rational>) {
        (self.matrix(n, d), self.vector(n))
    }
    /// A network with head 1 of the widths that the sizes are, and data of one observation more than d.
    ///
    /// # Errors
    /// A last width other than 1.
    ///
    /// # Panics
    /// Without sizes.
    pub(crate) fn network_and_data(&mut self) -> Result<(Network<Rational>, Matrix, Vector), &'static str> {
        let widths = self.sizes();
        let network = self.network(widths, false);
        let (x, y) = self.data(widths[0] + 1, widths[0]);
        Ok((network.ok_or("d_L = 1 is needed")?, x, y))
    }
    /// Data of which the given vector is a regressor with residual zero: X and `y = X w`.
    pub fn data_for(&mut self, n: usize, w: &DVector<Rational>) -> (DMatrix<Rational>, DVector<Rational>) {
        let x = self.matrix(n, w.len());
        let y = &x * w;
        (x, y)
    }
}

/// The Cayley transform `(I - S)(I + S)^-1`, orthogonal, of the n x n skew-symmetric S with these entries.
///
/// With `S^T = -S`: `Q Q^T = (I - S)(I + S)^-1 (I - S)^-1 (I + S) = I`, since all factors commute.
/// `x^T (I + S) x = |x|^2` for every real x, so I + S is not singular.
pub(crate) fn cayley(n: usize, mut entry: impl FnMut() -> Rational) -> DMatrix<Rational> {
    let mut skew = DMatrix::<Rational>::zeros(n, n);
    for i in 0..n {
        for j in 0..i {
            let v = entry();
            skew[(j, i)] = -&v;
            skew[(i, j)] = v;
        }
    }
    let identity = DMatrix::<Rational>::identity(n, n);
    // (I - S) and (I + S)^-1 commute; I + S is never singular.
    solve(&(&identity + &skew), &(&identity - &skew)).unwrap_or(identity)
}

/// An exact matrix as enclosures.
///
/// Each entry is rounded outward to so many bits.
pub fn big(m: &DMatrix<Rational>, bits: u32) -> DMatrix<Big> {
    m.map(|q| Big::from_rational(&q, bits))
}

/// An exact number as an enclosure.
///
/// Rounded outward to so many bits.
pub fn of(q: &Rational, bits: u32) -> Big {
    Big::from_rational(q, bits)
}
