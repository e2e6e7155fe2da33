//! The rounding errors of the computed products, and what a factorisation in floating point proves of the exact ones.
//!
//! Computed products satisfy `P^_k = W_k P^_{k-1} + Delta_k`, P^_0 = I. With sigma = s/sqrt(L d) and E^ the rounded
//! sigma N_k, `|E^ - sigma N_k| <= gamma_5 |sigma N_k|` (square root, quotient, product, conversion), so by the bounds
//! of the kernel `norm_F(Delta_k) <= delta_k := u F_k + gamma_{d+8} norm_F(E^) F_{k-1} + underflow`, where F_k >=
//! norm_F(P^_k).
//!
//! **Linear, not exponential, growth.** By induction
//! `P^_k - P_k = sum_{j<=k} W_k .. W_{j+1} Delta_j = Delta_k + sum_{j<k} P_k P_j^-1 Delta_j`: if s_j > 0 is a certified
//! lower bound of sigma_min(P_j) and `S = sum_{j<k} delta_j / s_j < 1`, then e = norm(P^_k - P_k) satisfies
//! `e <= norm(P_k) S + delta_k` and `norm(P_k) <= norm(P^_k) + e`, hence
//! `e <= e_k := (norm(P^_k) S + delta_k) / (1 - S)`. A product of norm bounds of the W_j would grow like
//! `(1 + norm(sigma N))^L` instead, beyond use at L = 100. Every step therefore certifies a *level* s_k for
//! sigma_min(P_k).
//!
//! **Certificates.** With G the computed Gram matrix, `norm(G - P^' P^) <= gamma_{d+2} F^2`; the diagonal of the
//! shifted matrix is rounded once more:
//! - a Cholesky factorisation of G - c I that succeeds proves `sigma_min(P^)^2 >= c - 4 gamma_{d+5} (F^2 + c)`;
//! - of C I - G: `norm(P^)^2 <= C + 4 gamma_{d+5} (F^2 + d C)`; and without one,
//!   `norm(P^)^2 <= norm_F(G) + gamma_{d+2} F^2`;
//! - a vector v, an approximate singular vector, bounds the singular value from the other side:
//!   `norm(P^ v) +- (gamma_d F + e_k) norm(v)`.
//!
//! **Carried over.** Where the last bounds have room, none of this is needed:
//! `sigma_min(P_k) >= sigma_min(P_{k-1}) (1 - norm_F(sigma N_k))`,
//! `norm(P_k) <= norm(P_{k-1}) (1 + norm_F(sigma N_k))`, and `F_k := (1 + gamma_{d+2}) (1 + norm_F(E^)) F_{k-1}` will
//! do, since `|P^_k| <= (1 + gamma_{d+2}) (|P^_{k-1}| + |E^| |P^_{k-1}|)`.
//!
//! **What each error term is.** delta_k has three parts: `P^_k` is rounded once when `E P` is added to P (`u F_k`);
//! the entries of E^ are off by gamma_5 and the sums of E^ P by gamma_d, together within gamma_{d+8} of
//! `norm_F(E^) F_{k-1}`; underflow loses less than `4 d^2 (1 + F_{k-1})` smallest normal numbers. The certificates'
//! margin is that of Rump's criterion for the factorisation plus that of the Gram matrix, with a factor of about 2 to
//! spare for underflow.
//!
//! **Two formats.** The products are always in double precision. Gram matrix and factorisation are tried in single
//! precision, eight trials side by side: u, gamma and F in the certificates are then those of single precision. What
//! this leaves open is tried for the one trial and prefix in double precision. Between 1e-8 and 1e8, which F_k is
//! required to stay in, the slack of the margins (about `2 gamma_d F^2`) covers the underflow of all products, at most
//! d^3 times the smallest positive number.

use super::kernel::{Factor, Gram, Iterate, Lanes, Measure, Multiply, Scalar, Sums};
use super::normals::{Fill, Streams, TABLE};
use super::trial::Setup;
use crate::arithmetic::upward::{add, div, gamma, mul, of_sum, sqrt};
use nalgebra::DMatrix;
use std::array::from_fn;

/// Trials side by side: eight numbers in single precision fill a vector register.
pub(super) const WIDTH: usize = 8;

/// The rounding errors of one lane's products so far.
///
/// A prefix before which S is not below 1 gets no bounds ([`Growth::bounds`]), and one after which it is not is not
/// carried over ([`Growth::in_range`]).
#[derive(Clone, Copy)]
pub(super) struct Growth {
    /// S of the module's documentation.
    sum: f64,
    /// Bound of `norm_F` of the last product.
    frobenius: f64,
}

/// The error bounds of one lane at one prefix.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// `norm_F` of the computed product is at most this.
    frobenius: f64,
    /// Its norm as well.
    norm: f64,
    /// delta_k.
    step: f64,
    /// e_k.
    error: f64,
}

impl Bounds {
    /// The norm of the exact product is at most this.
    pub fn norm(&self) -> f64 {
        add(self.norm, self.error)
    }

    /// The distance of the computed product from the exact one is at most this.
    pub fn error(&self) -> f64 {
        self.error
    }

    /// What single precision blurs of the squared singular values.
    pub fn blur(&self, wide: &Wide<f32>) -> f64 {
        2.0 * wide.margin * self.frobenius * self.frobenius
    }

    /// Of a matrix near a given one, entrywise within `off`; `None` out of range.
    ///
    /// For products that are enclosed and not multiplied up: `off` is an upper bound of each entry's error, and its
    /// Frobenius norm is e.
    pub fn around(product: &DMatrix<f64>, off: &DMatrix<f64>) -> Option<Self> {
        let length = |m: &DMatrix<f64>| sqrt(of_sum(m.iter().map(|v| v * v).sum(), m.len()));
        let (frobenius, error) = (length(product), length(off));
        let known = error.is_finite() && RANGE.contains(&frobenius);
        known.then_some(Self { frobenius, norm: frobenius, step: 0.0, error })
    }
}

/// Between these the slack of the margins covers every underflow, and nothing overflows.
const RANGE: std::ops::Range<f64> = 1e-8..1e8;

impl Growth {
    /// Before the first product.
    pub fn new(d: usize) -> Self {
        Self { sum: 0.0, frobenius: sqrt(d as f64) }
    }

    /// The bounds of the next product from its sums; `None` where it is out of range or lost in errors.
    ///
    /// `wide` is for the format of the Gram matrix, `double` for that of the products; w is the lane. F comes from
    /// the trace of the Gram matrix, the norm from its Frobenius norm, e_k from both.
    pub fn bounds<T: Scalar, const W: usize>(
        &self,
        wide: &Wide<T>,
        double: &Wide<f64>,
        sums: &Sums<T, W>,
        w: usize,
    ) -> Option<Bounds> {
        let frobenius = sqrt(wide.of_sum(sums.trace[w].wide()));
        let e = sqrt(double.of_sum(sums.e[w]));
        let gram = sqrt(wide.of_sum(sums.gram[w].wide()));
        let norm = sqrt(add(gram, mul(wide.product, mul(frobenius, frobenius)))).min(frobenius);
        let mut b = self.stepped(double, e, frobenius, norm, f64::INFINITY);
        let left = (1.0 - self.sum).next_down();
        b.error = div(add(mul(norm, self.sum), b.step), left);
        (b.error.is_finite() && RANGE.contains(&frobenius)).then_some(b)
    }

    /// What is carried over to the next product without measuring it, from the sum of the squares of its layer's noise:
    /// the bounds of its rounding errors (none of its norm), and a bound of norm(sigma N).
    ///
    /// `norm(sigma N) <= norm_F(E^) (1 + gamma_6)`: gamma_5 of each entry, and one more for its inverse.
    pub fn carried(&self, wide: &Wide<f64>, noise: f64) -> (Bounds, f64) {
        let e = sqrt(wide.of_sum(noise));
        let grown = mul(add(1.0, wide.product), mul(add(1.0, e), self.frobenius));
        let b = self.stepped(wide, e, grown, f64::INFINITY, f64::INFINITY);
        (b, mul(e, add(1.0, wide.layer)))
    }

    /// Can the next product be measured?
    pub fn in_range(&self) -> bool {
        self.sum < 1.0 && RANGE.contains(&self.frobenius)
    }

    /// delta_k.
    ///
    /// `e` bounds `norm_F(E^)`; `frobenius`, `norm` and `error` are those of the new product.
    fn stepped(&self, wide: &Wide<f64>, e: f64, frobenius: f64, norm: f64, error: f64) -> Bounds {
        let lost = mul(4.0 * (wide.d * wide.d) as f64 * f64::MIN_POSITIVE, add(1.0, self.frobenius));
        let noise = mul(mul(wide.step, e), self.frobenius);
        let step = add(add(mul(f64::UNIT, frobenius), noise), lost);
        Bounds { frobenius, norm, step, error }
    }

    /// To the next prefix, `level` being certified at this one.
    ///
    /// `level` must be a certified lower bound of sigma_min of the exact product. A level that is not positive makes
    /// S infinite, and the next prefix is lost.
    pub fn follow(&mut self, b: &Bounds, level: f64) {
        self.sum = add(self.sum, div(b.step, level));
        self.frobenius = b.frobenius;
    }
}

/// `gamma_n` for the unit roundoff of T, and the shifts of the certificates.
#[derive(Clone, Copy)]
pub(super) struct Wide<T> {
    /// Dimension.
    d: usize,
    /// `gamma_{d+2}`.
    product: f64,
    /// `gamma_{d+8}`.
    step: f64,
    /// `gamma_6`.
    layer: f64,
    /// `4 gamma_{d+5}`.
    margin: f64,
    /// `1 - gamma_n` for the n roundings of a sum of squares, rounded down, and twice what underflow takes from it.
    sum: (f64, f64),
    /// The format T: its unit roundoff and its smallest positive number enter.
    format: std::marker::PhantomData<T>,
}

impl<T: Scalar> Wide<T> {
    /// The constants for dimension d, each rounded up (the first of `sum`: down).
    pub fn new(d: usize) -> Self {
        let gamma = |n: usize| {
            let nu = mul(n as f64, T::UNIT);
            div(nu, (1.0 - nu).next_down())
        };
        // No term passes through more roundings.
        let n = d * d + 2 * d + 4;
        Self {
            d,
            product: gamma(d + 2),
            step: gamma(d + 8),
            layer: gamma(6),
            margin: 4.0 * gamma(d + 5),
            sum: ((1.0 - gamma(n)).next_down(), 2.0 * (n as f64 * T::TINY)),
            format: std::marker::PhantomData,
        }
    }
    /// At least the exact sum of squares whose computed value is `sum`.
    fn of_sum(&self, sum: f64) -> f64 {
        add(div(sum, self.sum.0), self.sum.1)
    }
    /// A shift whose success proves that the exact product has `sigma_min >= level`.
    ///
    /// c with `c - margin (F^2 + c) >= (level + e)^2`, where `e >= norm(P^ - P)`: then `sigma_min(P^) >= level + e`.
    /// The last factor is for rounding c to T, which only may make it larger.
    pub fn lower_shift(&self, level: f64, b: &Bounds) -> f64 {
        let target = add(level, b.error);
        let top = add(mul(target, target), mul(self.margin, mul(b.frobenius, b.frobenius)));
        div(top, (1.0 - self.margin).next_down()) * (1.0 + 4.0 * T::UNIT)
    }
    /// A shift whose success proves that the exact product has `norm <= limit`; negative if there is none.
    ///
    /// C with `C + margin (F^2 + d C) <= (limit - e)^2`, rounded down, also when it is rounded to T.
    pub fn upper_shift(&self, limit: f64, b: &Bounds) -> f64 {
        let target = (limit - b.error).next_down();
        if target <= 0.0 {
            return -1.0;
        }
        let top = (target * target).next_down() - mul(self.margin, mul(b.frobenius, b.frobenius));
        let shrink = add(1.0, mul(self.margin, self.d as f64));
        (top.next_down() / shrink).next_down() * (1.0 - 4.0 * T::UNIT)
    }
}

/// W trials on their way through the prefixes.
///
/// Lanes do not see each other: a trial's numbers are those that it would have alone.
pub(super) struct Batch<const W: usize> {
    /// Dimension.
    d: usize,
    /// `s / sqrt(L d)`.
    scale: f64,
    /// For Gram matrices and factorisations in single precision.
    pub wide: Wide<f32>,
    /// For the products.
    pub double: Wide<f64>,
    /// Products, Gram matrices, the last factor.
    pub lanes: Lanes<f32, W>,
    /// Where the next layers are drawn from.
    streams: Streams<W>,
    /// Of the last factorisation: `A = shift I + G` or `shift I - G`.
    shifts: [f32; W],
    /// Whether it was `shift I - G`.
    negative: bool,
    /// The vector instructions of this machine, found once: which ones changes no number.
    arch: pulp::Arch,
}

impl<const W: usize> Batch<W> {
    /// Buffers, for [`Self::restart`].
    pub fn new(setup: &Setup) -> Self {
        Self {
            d: setup.d(),
            scale: setup.scale(),
            wide: Wide::new(setup.d()),
            double: Wide::new(setup.d()),
            lanes: Lanes::new(setup.d()),
            streams: setup.streams([0; W]),
            shifts: [0.0; W],
            negative: false,
            arch: pulp::Arch::new(),
        }
    }

    /// At P_0 = I, for these trials. Lanes beyond the last one repeat the first.
    pub fn restart(&mut self, setup: &Setup, trials: &[u64]) {
        let first = trials.first().copied().unwrap_or(0);
        self.streams = setup.streams(from_fn(|w| trials.get(w).copied().unwrap_or(first)));
        self.lanes.reset();
    }

    /// Draws the next layers.
    ///
    /// `s / sqrt(L d) N_k`, rounded, by rows, into the lanes.
    pub fn draw(&mut self) {
        let (streams, scale) = (&mut self.streams, self.scale);
        self.arch.dispatch(Fill { streams, table: &TABLE, scale, out: &mut self.lanes.e });
    }

    /// Draws the next layers and multiplies. Returns the sums of squares of the drawn layers.
    pub fn advance(&mut self) -> [f64; W] {
        self.draw();
        self.arch.dispatch(Multiply(&mut self.lanes))
    }

    /// Measures the products.
    pub fn measure(&mut self, e: [f64; W]) -> Sums<f32, W> {
        self.arch.dispatch(Measure(&mut self.lanes, e))
    }

    /// The lanes whose sigma_min is at least their level for certain.
    ///
    /// `None` lanes are factorised with shift 0 and answer `false`.
    pub fn lower(&mut self, levels: [Option<(f64, Bounds)>; W]) -> [bool; W] {
        self.factor(false, levels.map(|l| l.map(|(level, b)| -self.wide.lower_shift(level, &b))))
    }

    /// The lanes whose norm is at most their limit for certain.
    pub fn upper(&mut self, limits: [Option<(f64, Bounds)>; W]) -> [bool; W] {
        self.factor(true, limits.map(|l| l.map(|(limit, b)| self.wide.upper_shift(limit, &b))))
    }

    /// The shifts as single numbers; the lanes with a shift whose factorisation ran through. A shift beyond single
    /// precision proves nothing.
    fn factor(&mut self, negative: bool, shifts: [Option<f64>; W]) -> [bool; W] {
        self.negative = negative;
        self.shifts = shifts.map(|c| c.unwrap_or(0.0) as f32);
        let good = self.arch.dispatch(Factor(&mut self.lanes, negative, self.shifts));
        from_fn(|w| good[w] && self.shifts[w].is_finite() && shifts[w].is_some())
    }

    /// The eigenvalues of the Gram matrices nearest to the shifts of the last factorisation, estimated; the vectors are
    /// improved.
    ///
    /// The shift is taken off again: `G + shift I` has the eigenvalues of G plus the shift, `shift I - G` the shift
    /// minus those of G.
    pub fn estimate(&mut self, vectors: &mut [[f32; W]]) -> [f64; W] {
        let quotients = self.arch.dispatch(Iterate(&mut self.lanes, vectors));
        from_fn(|w| {
            let found = f64::from(quotients[w]) - f64::from(self.shifts[w]);
            if self.negative { -found } else { found }
        })
    }

    /// The product of one lane.
    pub fn product(&self, w: usize) -> DMatrix<f64> {
        DMatrix::from_iterator(self.d, self.d, self.lanes.p.iter().map(|x| x[w]))
    }
}

/// Certificates for one product in double precision.
///
/// It has one product at a time, and takes no part in the growth of errors: the bounds come with each question.
pub(super) struct Single {
    /// For double precision throughout.
    wide: Wide<f64>,
    /// One lane.
    lanes: Lanes<f64, 1>,
    /// The vector instructions of this machine.
    arch: pulp::Arch,
}

impl Single {
    /// Buffers, for [`Single::load`].
    pub fn new(d: usize) -> Self {
        Self { wide: Wide::new(d), lanes: Lanes::new(d), arch: pulp::Arch::new() }
    }

    /// Turns to this product.
    pub fn load(&mut self, product: &DMatrix<f64>) {
        for (to, from) in self.lanes.p.iter_mut().zip(product.iter()) {
            *to = [*from];
        }
        self.arch.dispatch(Gram(&mut self.lanes));
    }

    /// Dimension.
    pub fn d(&self) -> usize {
        self.wide.d
    }

    /// Turns the vector to the singular vector nearest to `level`, of a singular value above (or `negative`, below
    /// minus the level), if there are none beyond. Decides nothing.
    pub fn approach(&mut self, negative: bool, level: f64, vector: &mut [[f64; 1]]) -> bool {
        let square = level * level;
        let shift = if negative { square } else { -square };
        let good = self.arch.dispatch(Factor(&mut self.lanes, negative, [shift]))[0];
        // From single precision: the distance to the shift is about 1e-3 of that to the next singular value.
        for _ in 0..3 {
            self.arch.dispatch(Iterate(&mut self.lanes, vector));
        }
        good
    }

    /// Is `sigma_min >= level` proved for the exact product?
    pub fn lower(&mut self, level: f64, b: &Bounds) -> bool {
        let shift = self.wide.lower_shift(level, b);
        shift.is_finite() && self.arch.dispatch(Factor(&mut self.lanes, false, [-shift]))[0]
    }

    /// Is `norm <= limit` proved for the exact product?
    pub fn upper(&mut self, limit: f64, b: &Bounds) -> bool {
        let shift = self.wide.upper_shift(limit, b);
        b.norm() <= limit || (shift.is_finite() && self.arch.dispatch(Factor(&mut self.lanes, true, [shift]))[0])
    }
}

/// Bounds `(lower, upper)` of `norm(P v)` for the exact product, and of `norm(v)`.
///
/// `v` need not be of norm 1 nor a singular vector. The image is off by gamma_{d+1} F norm(v) from rounding, and by
/// `norm(P^ - P) norm(v)`; the first lower end may be negative.
pub(super) fn stretch(product: &DMatrix<f64>, v: &[f64], b: &Bounds) -> ((f64, f64), (f64, f64)) {
    let d = v.len();
    let length = |x: &[f64]| {
        let sum: f64 = x.iter().map(|v| v * v).sum();
        let high = sqrt(of_sum(sum, d));
        // The exact sum is at least this far below: each of the d products and sums is off by a factor of at most 1 +
        // u.
        let low = (sum * (1.0 - 2.0 * gamma(d + 2)) - d as f64 * f64::MIN_POSITIVE).max(0.0).sqrt();
        (low.next_down().max(0.0), high)
    };
    let v_length = length(v);
    let mut image = vec![0.0; d];
    for (column, x) in product.column_iter().zip(v) {
        for (y, p) in image.iter_mut().zip(column.iter()) {
            *y += p * x;
        }
    }
    let lost = d as f64 * d as f64 * f64::MIN_POSITIVE;
    let off = add(mul(add(mul(gamma(d + 1), b.frobenius), b.error), v_length.1), lost);
    let image = length(&image);
    (((image.0 - off).next_down(), add(image.1, off)), v_length)
}
