//! The arithmetic of one step for W trials side by side: product, Gram matrix, Cholesky factorisation.
//!
//! A matrix is a slice of lanes: entry `i * d + j` holds W numbers, one for each trial. `e` is stored by rows, `p` by
//! columns, so that every sum of products below runs along two contiguous slices. All products are fused and every sum
//! is taken in the order of its index (the squares of `e` in four chains): a lane's numbers depend neither on W nor on
//! the machine.
//!
//! **Cost of a prefix and a lane**, in fused operations: product d^3, Gram matrix (one triangle) d^3/2, factorisation
//! d^3/6, a step of inverse iteration d^2. Sums are taken in tiles of a few rows and columns, each of which reads a
//! slice once for several sums; tiles change the order of the entries, never that of a sum.
//!
//! Rounding (u the unit roundoff of T, `gamma_n = n u / (1 - n u)`; absolute values and inequalities entrywise):
//! - [`Lanes::advance`], always in double precision: `P' = fl(P + fl(E P))` has
//!   `|P' - (P + E P)| <= u |P'| + gamma_d |E| |P|`;
//! - Gram matrix, of P rounded to T: `|G - P^T P| <= gamma_{d+2} |P|^T |P|`;
//! - [`Lanes::factor`]: if every pivot is positive, the computed L has `|L L^T - A| <= gamma_{d+3} |L| |L|^T`. Entry
//!   (i, j) is a sum of at most j products and one more term, times `r_j = fl(1 / fl(sqrt(p_j)))`; with
//!   `l_jj = fl(sqrt(p_j))`, `l_ij l_jj = s_ij (1 + theta_2)` and `l_jj^2 = p_j (1 + theta_2)`, and Higham's Lemma 8.4
//!   bounds the sum. Since `norm(|L| |L|^T) <= norm_F(L)^2 = trace(L L^T) <= trace(A) / (1 - gamma_{d+3})`, success
//!   proves `lambda_min(A) >= -gamma_{d+3} / (1 - gamma_{d+3}) trace(A)` (Rump's criterion).

// An index names the same entry in several tiles of fixed size.
#![allow(clippy::needless_range_loop)]

use std::array::from_fn;

/// The two floating-point formats that a step can run in.
pub(super) trait Scalar: Copy + PartialOrd + 'static {
    /// Zero.
    const ZERO: Self;
    /// Unit roundoff.
    const UNIT: f64;
    /// Smallest positive number.
    const TINY: f64;
    /// x rounded to this format, to nearest.
    fn nearest(x: f64) -> Self;
    /// As a double, exactly.
    fn wide(self) -> f64;
    /// `self b + c`, rounded once.
    fn fused(self, b: Self, c: Self) -> Self;
    /// The rounded sum.
    fn plus(self, b: Self) -> Self;
    /// The rounded difference.
    fn minus(self, b: Self) -> Self;
    /// The rounded product.
    fn times(self, b: Self) -> Self;
    /// The rounded square root; NaN for a negative number.
    fn root(self) -> Self;
    /// The rounded `1 / self`.
    fn reciprocal(self) -> Self;
}

macro_rules! scalar {
    ($t:ty) => {
        impl Scalar for $t {
            const ZERO: Self = 0.0;
            const UNIT: f64 = <$t>::EPSILON as f64 / 2.0;
            const TINY: f64 = <$t>::from_bits(1) as f64;
            #[inline(always)]
            fn nearest(x: f64) -> Self {
                x as $t
            }
            #[inline(always)]
            fn wide(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn fused(self, b: Self, c: Self) -> Self {
                self.mul_add(b, c)
            }
            #[inline(always)]
            fn plus(self, b: Self) -> Self {
                self + b
            }
            #[inline(always)]
            fn minus(self, b: Self) -> Self {
                self - b
            }
            #[inline(always)]
            fn times(self, b: Self) -> Self {
                self * b
            }
            #[inline(always)]
            fn root(self) -> Self {
                self.sqrt()
            }
            #[inline(always)]
            fn reciprocal(self) -> Self {
                1.0 / self
            }
        }
    };
}
scalar!(f32);
scalar!(f64);

/// W trials at one prefix.
pub(super) struct Lanes<T, const W: usize> {
    /// Dimension; every matrix has `d * d` entries of W numbers.
    d: usize,
    /// The scaled normals of this step, by rows: written by the caller before [`Lanes::advance`].
    pub e: Vec<[f64; W]>,
    /// The prefix products, by columns.
    pub p: Vec<[f64; W]>,
    /// The products rounded to T.
    q: Vec<[T; W]>,
    /// `P^T P`: only entries `i * d + j` with `j <= i` are meant.
    pub gram: Vec<[T; W]>,
    /// Up to three new columns of the product, before they replace the old ones.
    columns: Vec<[f64; W]>,
    /// The factor of the last factorisation, by rows; only `j <= i` is meant.
    l: Vec<[T; W]>,
    /// Reciprocals of the diagonal of l.
    inverse: Vec<[T; W]>,
    /// A vector, for inverse iteration.
    x: Vec<[T; W]>,
}

/// The sums that the error bounds need, one for each lane.
#[derive(Clone, Copy)]
pub(super) struct Sums<T, const W: usize> {
    /// Sum of the squares of `e`.
    pub e: [f64; W],
    /// Trace of the Gram matrix.
    pub trace: [T; W],
    /// Sum of the squares of the Gram matrix.
    pub gram: [T; W],
}

/// `R x C` sums of products along contiguous slices.
///
/// `sum[c][r][w]` is the sum over k < n of `a[r][k][w] b[c][k][w]`, in the order of k, each term fused.
#[inline(always)]
fn dots<T: Scalar, const W: usize, const R: usize, const C: usize>(
    a: [&[[T; W]]; R],
    b: [&[[T; W]]; C],
    n: usize,
) -> [[[T; W]; R]; C] {
    let mut sum = [[[T::ZERO; W]; R]; C];
    let (a, b) = (a.map(|x| &x[..n]), b.map(|x| &x[..n]));
    for k in 0..n {
        let left: [[T; W]; R] = from_fn(|r| a[r][k]);
        for c in 0..C {
            let right = b[c][k];
            for r in 0..R {
                for w in 0..W {
                    sum[c][r][w] = left[r][w].fused(right[w], sum[c][r][w]);
                }
            }
        }
    }
    sum
}

/// Rows `at..at + R` of a matrix stored by rows of length d.
#[inline(always)]
fn rows<T, const W: usize, const R: usize>(a: &[[T; W]], at: usize, d: usize) -> [&[[T; W]]; R] {
    from_fn(|r| &a[(at + r) * d..(at + r + 1) * d])
}

/// `sum += x^2`, lane by lane, fused.
#[inline(always)]
fn squares<T: Scalar, const W: usize>(sum: &mut [T; W], x: &[T; W]) {
    for w in 0..W {
        sum[w] = x[w].fused(x[w], sum[w]);
    }
}

impl<T: Scalar, const W: usize> Lanes<T, W> {
    /// All lanes at the identity.
    pub fn new(d: usize) -> Self {
        let (wide, zero) = (|| vec![[0.0; W]; d * d], || vec![[T::ZERO; W]; d * d]);
        let columns = vec![[0.0; W]; 3 * d];
        let column = || vec![[T::ZERO; W]; d];
        let mut lanes = Self {
            d,
            e: wide(),
            p: wide(),
            q: zero(),
            gram: zero(),
            columns,
            l: zero(),
            inverse: column(),
            x: column(),
        };
        lanes.reset();
        lanes
    }

    /// Back to the identity.
    ///
    /// Only the products: the other buffers are overwritten before they are read.
    pub fn reset(&mut self) {
        self.p.fill([0.0; W]);
        for i in 0..self.d {
            self.p[i * self.d + i] = [1.0; W];
        }
    }

    /// The products, then the Gram matrices.
    #[inline(always)]
    pub fn advance(&mut self) -> Sums<T, W> {
        let e = self.multiply();
        self.measure(e)
    }

    /// The products, and the sums of the squares of `e`.
    ///
    /// `P' = P + E P` in double precision. The sums of squares pass through `d^2/4 + 3` roundings at most.
    #[inline(always)]
    pub fn multiply(&mut self) -> [f64; W] {
        let d = self.d;
        let mut at = 0;
        while at + 3 <= d {
            self.update::<3>(at);
            at += 3;
        }
        match d - at {
            2 => self.update::<2>(at),
            1 => self.update::<1>(at),
            _ => {}
        }
        // Four chains, whose latencies overlap.
        let mut parts = [[0.0; W]; 4];
        let (fours, rest) = self.e.as_chunks::<4>();
        for four in fours {
            for (part, x) in parts.iter_mut().zip(four) {
                squares(part, x);
            }
        }
        for (part, x) in parts.iter_mut().zip(rest) {
            squares(part, x);
        }
        from_fn(|w| (parts[0][w] + parts[1][w]) + (parts[2][w] + parts[3][w]))
    }

    /// The Gram matrices, and the sums of the error bounds.
    ///
    /// `e` is what [`Lanes::multiply`] returned; it is handed on. Each off-diagonal square is taken once and doubled.
    #[inline(always)]
    pub fn measure(&mut self, e: [f64; W]) -> Sums<T, W> {
        let d = self.d;
        let mut sums = Sums { e, trace: [T::ZERO; W], gram: [T::ZERO; W] };
        self.gram();
        for i in 0..d {
            for j in 0..i {
                squares(&mut sums.gram, &self.gram[i * d + j]);
            }
        }
        for w in 0..W {
            sums.gram[w] = sums.gram[w].plus(sums.gram[w]);
        }
        for i in 0..d {
            let x = self.gram[i * d + i];
            squares(&mut sums.gram, &x);
            for w in 0..W {
                sums.trace[w] = sums.trace[w].plus(x[w]);
            }
        }
        sums
    }

    /// Columns `at..at + C` of the product; the columns of P are no longer needed after their own update.
    #[inline(always)]
    fn update<const C: usize>(&mut self, at: usize) {
        let d = self.d;
        let mut i = 0;
        while i + 2 <= d {
            self.update_rows::<2, C>(i, at);
            i += 2;
        }
        while i < d {
            self.update_rows::<1, C>(i, at);
            i += 1;
        }
        self.p[at * d..(at + C) * d].copy_from_slice(&self.columns[..C * d]);
    }

    /// Rows `i..i + R` of those columns, into the buffer: the old ones are still needed for the other rows.
    #[inline(always)]
    fn update_rows<const R: usize, const C: usize>(&mut self, i: usize, at: usize) {
        let d = self.d;
        let sums: [[[f64; W]; R]; C] = dots(rows(&self.e, i, d), rows(&self.p, at, d), d);
        for c in 0..C {
            let old = &self.p[(at + c) * d + i..][..R];
            let new = &mut self.columns[c * d + i..][..R];
            for r in 0..R {
                new[r] = from_fn(|w| old[r][w] + sums[c][r][w]);
            }
        }
    }

    /// The Gram matrices of the products, rounded to T.
    ///
    /// One triangle, in tiles of up to four rows and three columns; entries above the diagonal of a tile may be
    /// written too, and are not read.
    #[inline(always)]
    pub fn gram(&mut self) {
        let d = self.d;
        for (q, p) in self.q.iter_mut().zip(&self.p) {
            *q = p.map(T::nearest);
        }
        let mut j = 0;
        while j + 3 <= d {
            self.gram_columns::<3>(j);
            j += 3;
        }
        match d - j {
            2 => self.gram_columns::<2>(j),
            1 => self.gram_columns::<1>(j),
            _ => {}
        }
    }

    /// Columns `j..j + C` of the Gram matrix, from row j down.
    #[inline(always)]
    fn gram_columns<const C: usize>(&mut self, j: usize) {
        // Rows from j on, in groups of four that end at row d.
        let mut i = j;
        while !(self.d - i).is_multiple_of(4) {
            self.gram_tile::<1, C>(i, j);
            i += 1;
        }
        while i < self.d {
            self.gram_tile::<4, C>(i, j);
            i += 4;
        }
    }

    /// Entries of rows `i..i + R` and columns `j..j + C`: inner products of the columns of the rounded P.
    #[inline(always)]
    fn gram_tile<const R: usize, const C: usize>(&mut self, i: usize, j: usize) {
        let d = self.d;
        let sums: [[[T; W]; R]; C] = dots(rows(&self.q, i, d), rows(&self.q, j, d), d);
        for r in 0..R {
            for c in 0..C {
                self.gram[(i + r) * d + j + c] = sums[c][r];
            }
        }
    }

    /// Cholesky factorisation of `shift I + G` or `shift I - G`: the lanes in which every pivot is positive.
    ///
    /// A pivot that is NaN is not positive. A lane that has failed runs on with the others, and its numbers mean
    /// nothing. The factor and the reciprocals of its diagonal stay for [`Lanes::iterate`].
    #[inline(always)]
    pub fn factor(&mut self, negative: bool, shift: &[T; W]) -> [bool; W] {
        let d = self.d;
        let mut good = [true; W];
        for j in 0..d {
            let (entry, sum) = (self.entry(j, j, negative), self.dot_row(j));
            let pivot: [T; W] = from_fn(|w| entry[w].plus(shift[w]).minus(sum[w]));
            for w in 0..W {
                good[w] &= pivot[w] > T::ZERO;
            }
            let inverse: [T; W] = from_fn(|w| pivot[w].root().reciprocal());
            self.l[j * d + j] = from_fn(|w| pivot[w].root());
            self.inverse[j] = inverse;
            let mut i = j + 1;
            while i + 8 <= d {
                self.factor_rows::<8>(i, j, negative, &inverse);
                i += 8;
            }
            if i + 4 <= d {
                self.factor_rows::<4>(i, j, negative, &inverse);
                i += 4;
            }
            match d - i {
                3 => self.factor_rows::<3>(i, j, negative, &inverse),
                2 => self.factor_rows::<2>(i, j, negative, &inverse),
                1 => self.factor_rows::<1>(i, j, negative, &inverse),
                _ => {}
            }
        }
        good
    }

    /// Entry (i, j) of G or of -G, for j <= i.
    #[inline(always)]
    fn entry(&self, i: usize, j: usize, negative: bool) -> [T; W] {
        let x = self.gram[i * self.d + j];
        if negative { from_fn(|w| T::ZERO.minus(x[w])) } else { x }
    }

    /// The sum of the squares of row j of the factor, left of the diagonal.
    #[inline(always)]
    fn dot_row(&self, j: usize) -> [T; W] {
        let row = rows::<T, W, 1>(&self.l, j, self.d);
        dots::<T, W, 1, 1>(row, row, j)[0][0]
    }

    /// Entries (i, j), .., (i + R - 1, j) of the factor, rows below the pivot j.
    #[inline(always)]
    fn factor_rows<const R: usize>(&mut self, i: usize, j: usize, negative: bool, inverse: &[T; W]) {
        let d = self.d;
        let sums: [[[T; W]; R]; 1] = dots(rows(&self.l, i, d), rows::<T, W, 1>(&self.l, j, d), j);
        for r in 0..R {
            let entry = self.entry(i + r, j, negative);
            self.l[(i + r) * d + j] = from_fn(|w| entry[w].minus(sums[0][r][w]).times(inverse[w]));
        }
    }

    /// One step of inverse iteration with the last factorisation A: `x = A^-1 v` in place of v, normalised. Returns the
    /// Rayleigh quotient `v^T x / x^T x` of A at x. An approximation that decides nothing.
    #[inline(always)]
    pub fn iterate(&mut self, v: &mut [[T; W]]) -> [T; W] {
        let (d, x) = (self.d, &mut self.x);
        x.copy_from_slice(v);
        for j in 0..d {
            let head: [T; W] = from_fn(|w| x[j][w].times(self.inverse[j][w]));
            x[j] = head;
            for i in j + 1..d {
                let l = &self.l[i * d + j];
                x[i] = from_fn(|w| T::ZERO.minus(head[w]).fused(l[w], x[i][w]));
            }
        }
        for i in (0..d).rev() {
            let head: [T; W] = from_fn(|w| x[i][w].times(self.inverse[i][w]));
            x[i] = head;
            for (to, l) in x[..i].iter_mut().zip(&self.l[i * d..]) {
                *to = from_fn(|w| T::ZERO.minus(head[w]).fused(l[w], to[w]));
            }
        }
        let (mut mixed, mut length) = ([T::ZERO; W], [T::ZERO; W]);
        for (a, b) in v.iter().zip(x.iter()) {
            squares(&mut length, b);
            for w in 0..W {
                mixed[w] = a[w].fused(b[w], mixed[w]);
            }
        }
        let one: [T; W] = from_fn(|w| length[w].root().reciprocal());
        for (to, from) in v.iter_mut().zip(x.iter()) {
            *to = from_fn(|w| from[w].times(one[w]));
        }
        from_fn(|w| mixed[w].times(length[w].reciprocal()))
    }
}

/// [`Lanes::advance`] with the vector instructions of this machine.
pub(super) struct Advance<'a, T, const W: usize>(pub &'a mut Lanes<T, W>);

impl<T: Scalar, const W: usize> pulp::WithSimd for Advance<'_, T, W> {
    type Output = Sums<T, W>;
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        self.0.advance()
    }
}

/// [`Lanes::multiply`].
pub(super) struct Multiply<'a, T, const W: usize>(pub &'a mut Lanes<T, W>);

impl<T: Scalar, const W: usize> pulp::WithSimd for Multiply<'_, T, W> {
    type Output = [f64; W];
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        self.0.multiply()
    }
}

/// [`Lanes::measure`].
pub(super) struct Measure<'a, T, const W: usize>(pub &'a mut Lanes<T, W>, pub [f64; W]);

impl<T: Scalar, const W: usize> pulp::WithSimd for Measure<'_, T, W> {
    type Output = Sums<T, W>;
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        self.0.measure(self.1)
    }
}

/// [`Lanes::gram`].
pub(super) struct Gram<'a, T, const W: usize>(pub &'a mut Lanes<T, W>);

impl<T: Scalar, const W: usize> pulp::WithSimd for Gram<'_, T, W> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.0.gram();
    }
}

/// [`Lanes::factor`].
pub(super) struct Factor<'a, T, const W: usize>(pub &'a mut Lanes<T, W>, pub bool, pub [T; W]);

impl<T: Scalar, const W: usize> pulp::WithSimd for Factor<'_, T, W> {
    type Output = [bool; W];
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        self.0.factor(self.1, &self.2)
    }
}

/// [`Lanes::iterate`].
pub(super) struct Iterate<'a, T, const W: usize>(pub &'a mut Lanes<T, W>, pub &'a mut [[T; W]]);

impl<T: Scalar, const W: usize> pulp::WithSimd for Iterate<'_, T, W> {
    type Output = [T; W];
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        self.0.iterate(self.1)
    }
}
