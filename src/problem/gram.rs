//! The Gram matrix of columns of data, exact, at the speed of a product of doubles.
//!
//! Every column is cut into digits of 20 bits, all on one grid: `x = sum_a q_a 2^(20 (k - 1 - a) + unit)` with integers
//! `|q_a| <= 2^19`. A product of two digits is at most 2^38, so a sum of 2^15 of them is at most 2^53, and a product of
//! matrices of doubles forms it without a rounding error, in whatever order, with or without fused operations. The sums
//! are put together in integers (Ozaki, Ogita, Oishi, Rump, "Error-free transformations of matrix multiplication by
//! using fast routines of matrix multiplication and its applications", Numerical Algorithms 59 (2012)).
//!
//! Columns of integers have few digits, columns of decimals are integers over a common denominator, columns of doubles
//! have as many digits as lie between their largest and their last bit. Only beyond [`MOST_DIGITS`] (140 bits)
//! something is left out, and bounded. Cost: `n m^2` operations for m digits in all, so linear in n, at BLAS speed.
//!
//! # The way of a column
//!
//! `of_doubles`, `of_rows`, `of_decimals`, `of_rationals` make a [`Column`]: one or several [`Part`]s (vectors of
//! doubles) whose sum over a common denominator is the column. A part knows its highest and lowest bit, and so the
//! number of digits it needs. [`Gram::new`] takes the rows in runs of [`RUN`], cuts [`BLOCK`] rows of all parts into
//! digits at a time, and adds up the products of all pairs of digits in doubles; after each run these sums are added,
//! shifted to their places, to the integers of the pairs of columns.
//!
//! **Error.** Only a part with more than [`MOST_DIGITS`] digits, or rationals that three doubles over a common
//! denominator cannot hold, leave something out: at most `error` of each entry of the column, from which
//! [`Gram::enclosed`] bounds what is missing in a mean. Everything else is exact, and `is_exact` says so.
//!
//! Why not long integers throughout: each product costs several words and carries, where a product of matrices of
//! doubles does several in one instruction. Why not doubles with error bounds: Sigma would not be rational, and with
//! it neither w* nor the identities that are tested exactly.

use super::moments::{IntegerColumn, Moments, symmetric};
use crate::arithmetic::{Big, Enclosure, Field, Rational};
use crate::input::Values;
use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::{Accum, MatMut, MatRef, Par};
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;
use rayon::prelude::*;
use rug::Integer;
use std::borrow::Cow;
use std::ops::Range;

/// Bits of a digit.
const DIGIT: i32 = 20;
/// Rows whose products add up to at most 2^53.
const RUN: usize = 1 << 15;
/// Rows cut at a time: their digits stay in the cache.
const BLOCK: usize = 512;
/// Products up to which plain loops are used: `private-gemm` reserves twice the third-level cache on each thread at its
/// first call.
const BY_HAND: usize = 1 << 16;
/// Products from which on threads are worth their while. Below, nothing waits for the pool: a caller may hold a lock.
const IN_PARALLEL: usize = 1 << 31;
/// Digits of a part: 140 bits from the largest bit of the column on.
const MOST_DIGITS: usize = 7;
/// Parts of a column that is not one of doubles: three carry 159 bits.
const MOST_PARTS: u32 = 3;

/// A column: the sum of its parts over one denominator, up to an error.
pub(super) struct Column<'a> {
    /// At least one; each has an entry for each row.
    parts: Vec<Part<'a>>,
    /// Positive; 1 for doubles, a power of ten for decimals that are short enough.
    denominator: Integer,
    /// Bound of what the parts leave of an entry.
    error: Rational,
}

/// The doubles of a column, `stride` apart: data in rows are read where they are.
struct Doubles<'a> {
    /// All of the array, of which the column is a part.
    entries: Cow<'a, [f64]>,
    /// Index of the column's first entry; 0 where the stride is 1.
    first: usize,
    /// From an entry to the next: 1, or d for data in rows.
    stride: usize,
}

impl<'a> Doubles<'a> {
    /// An array that is one column.
    fn whole(entries: Cow<'a, [f64]>) -> Self {
        Self { entries, first: 0, stride: 1 }
    }

    /// `y = scale rest v` for the entries from..to.
    ///
    /// `scale` and `rest` are powers of two; the result is exact unless it falls below the normal range.
    fn scaled(&self, from: usize, to: usize, scale: f64, rest: f64, y: &mut [f64]) {
        let of = |v: &f64| v * scale * rest;
        if self.stride == 1 {
            y.iter_mut().zip(&self.entries[from..to]).for_each(|(y, v)| *y = of(v));
        } else {
            let values = self.entries[self.first + from * self.stride..].iter().step_by(self.stride);
            y.iter_mut().zip(values).for_each(|(y, v)| *y = of(v));
        }
    }
}

/// Between which powers of two the bits of some doubles lie.
#[derive(Clone, Copy)]
struct Extent {
    /// Least exponent with every modulus below `2^top`; the least `i32` while nothing but zeros was seen.
    top: i32,
    /// Exponent of the lowest bit that is set in any of them.
    low: i32,
}

impl Extent {
    /// Before the first number.
    const NOTHING: Self = Self { top: i32::MIN, low: i32::MAX };

    /// Takes in one double; zero changes nothing.
    fn see(&mut self, v: f64) {
        if v != 0.0 {
            let (mantissa, exponent) = integral(v);
            self.top = self.top.max(exponent + (64 - mantissa.leading_zeros()) as i32);
            self.low = self.low.min(exponent + mantissa.trailing_zeros() as i32);
        }
    }
}

/// Doubles on one grid.
struct Part<'a> {
    /// The numbers, finite.
    values: Doubles<'a>,
    /// Every entry is below `2^top` in size.
    top: i32,
    /// Digits that are kept.
    digits: usize,
    /// Nothing lies below them.
    whole: bool,
}

impl<'a> Part<'a> {
    /// With the extent that one pass over the numbers finds.
    fn new(values: Cow<'a, [f64]>) -> Self {
        let mut extent = Extent::NOTHING;
        values.iter().for_each(|v| extent.see(*v));
        Self::of(Doubles::whole(values), extent)
    }

    /// With an extent that is known: as many digits as lie between its ends, [`MOST_DIGITS`] at most; none where all
    /// numbers are zero.
    fn of(values: Doubles<'a>, Extent { top, low }: Extent) -> Self {
        if top == i32::MIN {
            return Self { values, top: 0, digits: 0, whole: true };
        }
        // The first digit has one bit less: y = x / 2^(top + 1) lies between -1/2 and 1/2.
        let needed = ((top + 1 - low) as usize).div_ceil(DIGIT as usize);
        Self { values, top, digits: needed.min(MOST_DIGITS), whole: needed <= MOST_DIGITS }
    }

    /// Exponent of the last digit.
    fn unit(&self) -> i32 {
        self.top + 1 - DIGIT * self.digits as i32
    }

    /// Digits of the rows `from..to`, one column of `out` (`rows` apart) each, the leading one first.
    fn cut(&self, from: usize, to: usize, rows: usize, out: &mut [f64]) {
        let scale = -(self.top + 1);
        // In two steps: 2^1072 is no double.
        let (half, rest) = (power(scale / 2), power(scale - scale / 2));
        let mut y = [0.0; BLOCK];
        let y = &mut y[..to - from];
        self.values.scaled(from, to, half, rest, y);
        for digit in out.chunks_mut(rows).take(self.digits) {
            for (q, y) in digit.iter_mut().zip(y.iter_mut()) {
                // Adding 3/2 2^52 leaves no bit behind the point: the nearest integer. What is left is exact.
                let shifted = *y * power_of_a_digit();
                let nearest = (shifted + ROUND) - ROUND;
                *q = nearest;
                *y = shifted - nearest;
            }
        }
    }
}

/// `3/2 2^52`.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `2^20`.
const fn power_of_a_digit() -> f64 {
    (1u64 << DIGIT) as f64
}

/// `2^k`, exact while it is a double.
fn power(k: i32) -> f64 {
    2f64.powi(k)
}

/// `|v| = mantissa 2^exponent`.
///
/// For a finite v, subnormal ones included; the mantissa may be even.
fn integral(v: f64) -> (u64, i32) {
    let bits = v.abs().to_bits();
    let (field, fraction) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
    if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) }
}

impl<'a> Column<'a> {
    /// Finite doubles, exactly.
    pub(super) fn of_doubles(values: &'a [f64]) -> Self {
        Self::new(vec![Part::new(Cow::Borrowed(values))], Integer::from(1), Rational::zero())
    }

    /// The d columns of finite doubles that are stored row by row, exactly.
    pub(super) fn of_rows(values: &'a [f64], d: usize) -> Vec<Self> {
        let mut extents = vec![Extent::NOTHING; d];
        for row in values.chunks_exact(d) {
            extents.iter_mut().zip(row).for_each(|(extent, v)| extent.see(*v));
        }
        let doubles = |first: usize| Doubles { entries: Cow::Borrowed(values), first, stride: d };
        let column = |(j, extent)| Self::new(vec![Part::of(doubles(j), extent)], Integer::from(1), Rational::zero());
        extents.into_iter().enumerate().map(column).collect()
    }

    /// The number 1, n times.
    pub(super) fn of_ones(n: usize) -> Self {
        Self::new(vec![Part::new(Cow::Owned(vec![1.0; n]))], Integer::from(1), Rational::zero())
    }

    /// The decimals of one column: integers over a power of ten where they are short enough.
    ///
    /// An integer of up to 126 bits is cut into pieces of 53 bits, which are doubles exactly. Where the digits do not
    /// fit, the entries are taken as rationals.
    pub(super) fn of_decimals(values: &Values, range: Range<usize>) -> Self {
        let Some((numbers, tens)) = values.over_ten(range.clone()) else {
            return Self::of_rationals(&range.map(|at| values.rational(at)).collect::<Vec<Rational>>());
        };
        let largest = numbers.iter().map(|v| v.unsigned_abs()).max().unwrap_or(0);
        let pieces = (128 - largest.leading_zeros()).div_ceil(53).max(1);
        let part = |k: u32| {
            // Floor: what is left of a negative number is not negative.
            let piece = |v: &i128| if k + 1 == pieces { v >> (53 * k) } else { (v >> (53 * k)) & ((1 << 53) - 1) };
            Part::new(Cow::Owned(numbers.iter().map(|v| piece(v) as f64 * power(53 * k as i32)).collect()))
        };
        Self::new((0..pieces).map(part).collect(), Integer::from(Integer::u_pow_u(10, tens)), Rational::zero())
    }

    /// Rationals: integers over a common denominator where one of reasonable size exists, else sums of three doubles.
    pub(super) fn of_rationals(values: &[Rational]) -> Self {
        match IntegerColumn::new(values.iter()) {
            Some(column) if column.bits <= 53 * MOST_PARTS => Self::of_integers(column),
            _ => Self::of_expansions(values),
        }
    }

    /// In pieces of 53 bits, from the lowest on; the last carries the sign.
    fn of_integers(column: IntegerColumn) -> Self {
        let pieces = column.bits.div_ceil(53).max(1);
        let IntegerColumn { mut entries, denominator, .. } = column;
        let mut parts = Vec::new();
        for k in 0..pieces {
            let scale = power(53 * k as i32);
            let last = k + 1 == pieces;
            let piece = |v: &mut Integer| {
                // Floor: what is left of a negative number is not negative.
                let low = if last { v.clone() } else { v.clone().keep_bits(53) };
                let low = if low.is_negative() && !last { low + (Integer::from(1) << 53) } else { low };
                *v -= &low;
                *v >>= 53;
                low.to_f64() * scale
            };
            parts.push(Part::new(Cow::Owned(entries.iter_mut().map(piece).collect())));
        }
        Self::new(parts, denominator, Rational::zero())
    }

    /// Each part is the nearest double of what the parts before it leave; `error` is the largest rest, exactly.
    fn of_expansions(values: &[Rational]) -> Self {
        let mut rest: Vec<Rational> = values.to_vec();
        let mut parts = Vec::new();
        for _ in 0..MOST_PARTS {
            let part: Vec<f64> = rest.iter().map(|q| q.to_f64().clamp(-f64::MAX, f64::MAX)).collect();
            for (q, v) in rest.iter_mut().zip(&part) {
                *q -= Rational::from_f64(*v).unwrap_or_else(Rational::zero);
            }
            parts.push(Part::new(Cow::Owned(part)));
        }
        let error = rest.iter().map(Rational::abs).max().unwrap_or_else(Rational::zero);
        Self::new(parts, Integer::from(1), error)
    }

    /// Adds to `error` what the digits of its parts leave out.
    fn new(parts: Vec<Part<'a>>, denominator: Integer, mut error: Rational) -> Self {
        for part in parts.iter().filter(|p| !p.whole) {
            // Half a unit of the last digit, and what underflows when the entries are scaled: less than another half.
            error += Rational::power_of_two(part.unit()) / Rational::from(rug::Rational::from(&denominator));
        }
        Self { parts, denominator, error }
    }

    /// A bound of the size of its entries.
    fn size(&self) -> Rational {
        let sum = self.parts.iter().fold(self.error.clone(), |s, p| s + Rational::power_of_two(p.top));
        sum / Rational::from(rug::Rational::from(&self.denominator))
    }

    /// Exponent of the grid that all its digits lie on.
    fn unit(&self) -> i32 {
        self.parts.iter().filter(|p| p.digits > 0).map(Part::unit).min().unwrap_or(0)
    }
}

/// A digit of a column and its exponent above the unit of the column.
struct Place {
    /// Index of the column.
    column: usize,
    /// The digit stands for its value times `2^(unit + shift)`, `unit` being that of the column.
    shift: u32,
}

/// `X^T X / n` of the given columns, and what may be missing in each.
pub(super) struct Gram {
    /// The means of the products of what the digits hold, for each pair of columns; symmetric.
    means: DMatrix<Rational>,
    /// For each column, the bound of what they leave of an entry.
    errors: Vec<Rational>,
    /// For each column, a bound of the entries.
    sizes: Vec<Rational>,
}

impl Gram {
    /// Columns of n entries each.
    ///
    /// n >= 1. On all processors from [`IN_PARALLEL`] products on, with the same result: the sums are integers.
    pub(super) fn new(columns: &[Column], n: usize) -> Self {
        let places: Vec<Place> = columns
            .iter()
            .enumerate()
            .flat_map(|(column, c)| {
                let unit = c.unit();
                c.parts.iter().flat_map(move |p| {
                    let last = p.unit();
                    (0..p.digits)
                        .map(move |a| Place { column, shift: (last - unit + DIGIT * (p.digits - 1 - a) as i32) as u32 })
                })
            })
            .collect();
        let empty = || vec![Integer::new(); columns.len() * (columns.len() + 1) / 2];
        let runs = |run: usize| (0..n).step_by(run).map(move |start| (start, (start + run).min(n)));
        let add = |mut sums: Vec<Integer>, (start, end): (usize, usize)| {
            add_run(columns, &places, start, end, &mut sums);
            sums
        };
        // Integers: the order of the sums does not matter.
        let sums = if n.saturating_mul(places.len().pow(2)) < IN_PARALLEL {
            runs(RUN).fold(empty(), add)
        } else {
            let run = n.div_ceil(rayon::current_num_threads().max(1)).next_multiple_of(BLOCK).min(RUN);
            let runs: Vec<(usize, usize)> = runs(run).collect();
            runs.into_par_iter().fold(empty, add).reduce(empty, |mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                a
            })
        };
        let count = Integer::from(n);
        let entry = |i: usize, j: usize| {
            let scale = Integer::from(&columns[i].denominator * &columns[j].denominator) * &count;
            let sum = rug::Rational::from((sums[i * (i + 1) / 2 + j].clone(), scale));
            Rational::from(sum) * Rational::power_of_two(columns[i].unit() + columns[j].unit())
        };
        Self {
            means: symmetric(columns.len(), entry),
            errors: columns.iter().map(|c| c.error.clone()).collect(),
            sizes: columns.iter().map(Column::size).collect(),
        }
    }

    /// Nothing is missing.
    pub(super) fn is_exact(&self) -> bool {
        self.errors.iter().all(Rational::is_zero)
    }

    /// The moments with the first `y` columns as X and column `y` as y; exact where nothing is missing.
    pub(super) fn exact(self, y: usize) -> Moments<Rational> {
        let g = self.means;
        Moments {
            sigma: g.view((0, 0), (y, y)).into_owned(),
            cross: g.view((0, y), (y, 1)).column(0).into_owned(),
            power: g[(y, y)].clone(),
        }
    }

    /// One entry: mean over the rows of the product of columns i and j.
    ///
    /// The exact mean if nothing is missing in either column.
    pub(super) fn mean(&self, i: usize, j: usize) -> &Rational {
        &self.means[(i, j)]
    }

    /// Entry (i, j) enclosed: `|x^ y^ - x y| <= e_x |y| + e_y |x| + e_x e_y` for every row, so for the mean.
    pub(super) fn enclosed(&self, i: usize, j: usize, bits: u32) -> Big {
        let (e, f) = (&self.errors[i], &self.errors[j]);
        let mean = Big::from_rational(&self.means[(i, j)], bits);
        if e.is_zero() && f.is_zero() {
            return mean;
        }
        let product = |a: &Rational, b: &Rational| a.clone() * b.clone();
        let radius = product(e, &self.sizes[j]) + product(f, &self.sizes[i]) + product(e, f);
        let radius = Big::from_rational(&radius, bits);
        mean + (-radius.clone()).hull(&radius)
    }

    /// All entries enclosed, as [`Gram::exact`].
    pub(super) fn enclosures(&self, y: usize, bits: u32) -> Moments<Big> {
        Moments {
            sigma: symmetric(y, |i, j| self.enclosed(i, j, bits)),
            cross: DVector::from_fn(y, |i, _| self.enclosed(i, y, bits)),
            power: self.enclosed(y, y, bits),
        }
    }
}

/// Adds the products of the digits in the rows `start..end`, at most [`RUN`] of them.
///
/// `sums` holds the lower triangle of pairs of columns, `i (i + 1) / 2 + j`. Only digits p >= q are multiplied; two
/// different digits of one column occur twice in its square, hence `twice`. Up to [`BY_HAND`] products of a block
/// plain loops do the work.
fn add_run(columns: &[Column], places: &[Place], start: usize, end: usize, sums: &mut [Integer]) {
    let m = places.len();
    if m == 0 {
        return;
    }
    let mut digits = vec![0.0; BLOCK * m];
    let mut products = vec![0.0; m * m];
    for from in (start..end).step_by(BLOCK) {
        let to = (from + BLOCK).min(end);
        let rows = to - from;
        let mut rest = &mut digits[..rows * m];
        for part in columns.iter().flat_map(|c| &c.parts) {
            let (own, others) = rest.split_at_mut(rows * part.digits);
            part.cut(from, to, rows, own);
            rest = others;
        }
        if rows * m * m <= BY_HAND {
            for (q, b) in digits[..rows * m].chunks_exact(rows).enumerate() {
                for (p, a) in digits[q * rows..rows * m].chunks_exact(rows).enumerate() {
                    products[q * m + q + p] += a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
                }
            }
            continue;
        }
        let block = MatRef::from_column_major_slice(&digits[..rows * m], rows, m);
        let out = MatMut::from_column_major_slice_mut(&mut products, m, m);
        let (lower, full) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
        matmul(out, lower, Accum::Add, block.transpose(), full, block, full, 1.0, Par::Seq);
    }
    for (q, b) in places.iter().enumerate() {
        for (p, a) in places.iter().enumerate().skip(q) {
            // At most 2^53: an integer.
            let product = products[q * m + p] as i64;
            if product == 0 {
                continue;
            }
            // Digits come in the order of their columns, so that a.column >= b.column.
            let twice = u32::from(p != q && a.column == b.column);
            sums[a.column * (a.column + 1) / 2 + b.column] += Integer::from(product) << (a.shift + b.shift + twice);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By the definition.
    fn means(columns: &[Vec<Rational>]) -> DMatrix<Rational> {
        let n = Rational::from(columns[0].len() as i64);
        let dot = |a: &[Rational], b: &[Rational]| {
            a.iter().zip(b).fold(Rational::zero(), |s, (x, y)| s + x.clone() * y.clone()) / n.clone()
        };
        DMatrix::from_fn(columns.len(), columns.len(), |i, j| dot(&columns[i], &columns[j]))
    }

    /// The rationals that finite doubles are.
    fn exact(v: &[f64]) -> Vec<Rational> {
        v.iter().map(|&x| Rational::from_f64(x).unwrap()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

        /// Doubles of any exponents: exact where the digits suffice, enclosed where they do not.
        #[test]
        fn gram_of_doubles(
            n in 1usize..40,
            entries in prop::collection::vec((any::<i64>(), -70i32..70), 120),
            shift in prop::sample::select(vec![-1050, -400, 0, 300, 890]),
            spread in prop::sample::select(vec![0, 1, 3, 9]),
        ) {
            let number = |k: usize| {
                let (m, e) = entries[k % entries.len()];
                (m >> 11) as f64 * 2f64.powi(e * spread / 9 - 52) * 2f64.powi(shift / 2) * 2f64.powi(shift - shift / 2)
            };
            let data: Vec<Vec<f64>> = (0..3).map(|j| (0..n).map(|i| number(40 * j + i)).collect()).collect();
            let columns: Vec<Column> = data.iter().map(|c| Column::of_doubles(c)).collect();
            let gram = Gram::new(&columns, n);
            let rows: Vec<f64> = (0..3 * n).map(|at| data[at % 3][at / 3]).collect();
            let by_rows = Gram::new(&Column::of_rows(&rows, 3), n);
            prop_assert_eq!((&by_rows.means, &by_rows.errors), (&gram.means, &gram.errors));
            let want = means(&data.iter().map(|c| exact(c)).collect::<Vec<_>>());
            for i in 0..3 {
                for j in 0..3 {
                    if gram.is_exact() {
                        prop_assert_eq!(gram.mean(i, j), &want[(i, j)]);
                    }
                    let enclosed = gram.enclosed(i, j, 320);
                    prop_assert!(enclosed.contains(&want[(i, j)]));
                    let size = gram.sizes[i].clone() * gram.sizes[j].clone();
                    let width = enclosed.upper_rational().unwrap() - enclosed.lower_rational().unwrap();
                    prop_assert!(width <= size.times_power_of_two(-135), "{} {}", i, j);
                }
            }
            prop_assert!(spread > 3 || gram.is_exact());
        }

        /// Rationals: decimals, integers longer than a double, and denominators without a common multiple of reasonable
        /// size.
        #[test]
        fn gram_of_rationals(
            entries in prop::collection::vec((any::<i128>(), 1u64.., 0u32..20), 24),
            kind in 0usize..4,
        ) {
            let ten = rug::Integer::from(10);
            let number = |&(m, q, e): &(i128, u64, u32)| match kind {
                0 => Rational::from(rug::Rational::from((m as i64, rug::ops::Pow::pow(ten.clone(), e)))),
                1 => Rational::from(rug::Rational::from(m)),
                2 => Rational::from(rug::Rational::from((m as i64, q))),
                _ => Rational::from(rug::Rational::from((m, q))),
            };
            let data: Vec<Vec<Rational>> = entries.chunks(8).map(|c| c.iter().map(number).collect()).collect();
            let columns: Vec<Column> = data.iter().map(|c| Column::of_rationals(c)).collect();
            let gram = Gram::new(&columns, 8);
            let want = means(&data);
            prop_assert!(kind > 1 || gram.is_exact());
            for i in 0..3 {
                for j in 0..3 {
                    let enclosed = gram.enclosed(i, j, 320);
                    prop_assert!(enclosed.contains(&want[(i, j)]) && enclosed.relative_width() < 1e-20);
                    prop_assert!(!gram.is_exact() || gram.mean(i, j) == &want[(i, j)]);
                }
            }
        }
    }

    /// Sums as large as they get: every digit at its largest, more rows than one run holds.
    #[test]
    fn full_runs_stay_exact() {
        let n = RUN + 3 * BLOCK + 7;
        let full = (1u64 << 53) as f64 - 1.0;
        let data: Vec<Vec<f64>> = [full, -full, 1.0 - full, 0.5 + 2f64.powi(-40)].iter().map(|&v| vec![v; n]).collect();
        let mixed: Vec<f64> = (0..n).map(|i| if i % 3 == 0 { full } else { -2f64.powi(-60) * i as f64 }).collect();
        let columns: Vec<Column> = data.iter().chain([&mixed]).map(|c| Column::of_doubles(c)).collect();
        let gram = Gram::new(&columns, n);
        assert!(gram.is_exact());
        let all: Vec<Vec<Rational>> = data.iter().chain([&mixed]).map(|c| exact(c)).collect();
        assert_eq!(gram.means, means(&all));
    }
}
