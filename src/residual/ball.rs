//! The ball of perturbations theta around a trial.
//!
//! `Ball::new` bounds every prefix by the argument of Lemma 9 (see `theta`), `sharp` improves single ones in place,
//! `Ball::attained` looks for the worst theta and proves what it attains. The two meet in [`Worst`](super::Worst):
//! between them lies the truth.
//!
//! **The optimiser** (`optimise`) is block-coordinate ascent: with all theta but theta_j fixed, the singular value's
//! linearisation `u^T A theta_j B v` is greatest at a matrix of rank one, so each theta_j is kept as a `Kick`: two
//! vectors and a number. A sweep through all layers costs O(L d^2) besides the products that give u and v, O(L d^3).

use super::bounds::{Growth, Single, Wide};
use super::kernel::{Advance, Lanes};
use super::trial::Setup;
use crate::arithmetic::upward::{add, div, gamma, mul, of_sum, sqrt};
use crate::linalg::approximate_eigen;
use crate::residual::types::{Profile, Side};
use nalgebra::{DMatrix, DVector};

/// theta_j/L = c a b^T with unit vectors a, b.
#[derive(Clone)]
pub(super) struct Kick {
    /// On the side of the layers after: along `A^T u`.
    pub(super) a: DVector<f64>,
    /// On the side of the layers before: along `B v`.
    pub(super) b: DVector<f64>,
    /// At most r/L in modulus.
    pub(super) c: f64,
}

/// The ball around one trial, and bounds that hold on all of it.
pub(super) struct Ball<'a> {
    /// The trial at theta = 0.
    pub profile: &'a Profile,
    /// r/L, rounded down.
    pub size: f64,
    /// For each prefix a lower bound of sigma_min and an upper bound of the norm over the ball.
    pub prefixes: Vec<(f64, f64)>,
    /// The products of 1 + x_j/L, rounded up, and of 1 - x_j/L, rounded down.
    pub factors: Vec<(f64, f64)>,
}

impl<'a> Ball<'a> {
    /// From the certified levels of the profile: `x_j/L <= (r/L) norm(P_{j-1}) / sigma_min(P_j)`, each product
    /// rounded to the safe side. Where some x_j >= L the lower bounds are zero from there on.
    pub(super) fn new(setup: &Setup, radius: f64, profile: &'a Profile) -> Self {
        let depth = setup.depth() as f64;
        let (mut grown, mut shrunk, mut last) = (1.0, 1.0f64, 1.0);
        let (mut prefixes, mut factors) = (Vec::new(), Vec::new());
        for &(low, high) in &profile.prefixes {
            let part = div(mul(radius, last), (low * depth).next_down());
            let rest = (1.0 - part).next_down().max(0.0);
            grown = mul(grown, add(1.0, part));
            shrunk = (shrunk * rest).next_down().max(0.0);
            factors.push((grown, shrunk));
            prefixes.push(((low * shrunk).next_down().max(0.0), mul(high, grown)));
            last = high;
        }
        Self { profile, size: (radius / depth).next_down().max(0.0), prefixes, factors }
    }

    /// Upper bound of the norms and lower bound of the sigma_min.
    pub(super) fn bounds(&self) -> (f64, f64) {
        let norm = self.prefixes.iter().map(|p| p.1).fold(0.0, f64::max);
        (norm, self.prefixes.iter().map(|p| p.0).fold(f64::INFINITY, f64::min))
    }

    /// The least signed value that is attained in the ball as far as found: sought until it is below `enough`, and
    /// rounded up.
    pub(super) fn attained(&self, layers: &[DMatrix<f64>], side: Side, enough: f64) -> f64 {
        let centre = &self.profile.extremes;
        let mut best = if side == Side::SigmaMin { centre.sigma_min.hi } else { -centre.norm.lo };
        // The estimate of each prefix, moved by the crude bound of what theta can do there.
        let reach = |k: usize| {
            let ((low, high), (grown, shrunk)) = (self.profile.estimates[k], self.factors[k]);
            if side == Side::SigmaMin { low * shrunk } else { -high * grown }
        };
        let certain = |k: usize| if side == Side::SigmaMin { self.prefixes[k].0 } else { -self.prefixes[k].1 };
        let mut order: Vec<(f64, usize)> = (0..layers.len()).map(|k| (reach(k), k)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let useful = |&&(_, k): &&(f64, usize)| certain(k) < best && (certain(k) < enough || enough.is_infinite());
        let few: Vec<usize> = order.iter().filter(useful).take(PREFIXES).map(|&(_, k)| k).collect();
        for k in few {
            if best < enough || certain(k) >= best {
                continue;
            }
            let found = optimise(&layers[..=k], side, self.size).and_then(|kicks| self.evaluate(layers, &kicks, side));
            best = best.min(found.unwrap_or(best));
        }
        best
    }

    /// An upper bound of the signed value at theta, rounded to doubles; `None` if theta is not certainly in the ball or
    /// its products are lost in errors.
    ///
    /// The moved layers are doubles, and it is their distance to the exact layer that must not exceed r/L. A level
    /// for the error bounds is that of the ball or, where that is zero, half of an estimate, certified.
    pub(super) fn evaluate(&self, layers: &[DMatrix<f64>], kicks: &[Kick], side: Side) -> Option<f64> {
        let d = layers.first()?.nrows();
        let (mut lanes, mut single, arch) = (Lanes::<f64, 1>::new(d), Single::new(d), pulp::Arch::new());
        let (mut growth, wide) = (Growth::new(d), Wide::new(d));
        let product = |lanes: &Lanes<f64, 1>| DMatrix::from_iterator(d, d, lanes.p.iter().map(|x| x[0]));
        for (j, (layer, kick)) in layers.iter().zip(kicks).enumerate() {
            let moved = layer + &kick.a * kick.b.transpose() * kick.c;
            if distance(&moved, layer) > self.size {
                return None;
            }
            for (to, from) in lanes.e.iter_mut().zip(moved.transpose().iter()) {
                *to = [*from];
            }
            let sums = arch.dispatch(Advance(&mut lanes));
            let b = growth.bounds(&wide, &wide, &sums, 0)?;
            if j + 1 == kicks.len() {
                let product = product(&lanes);
                let (_, vectors) = approximate_eigen(&(product.transpose() * &product))?;
                return Some(side.attained(&product, &vectors, &b));
            }
            let mut level = self.prefixes[j].0;
            if level <= 0.0 {
                let product = product(&lanes);
                let (values, _) = approximate_eigen(&(product.transpose() * &product))?;
                level = 0.5 * values[0].max(0.0).sqrt();
                single.load(&product);
                if !(level > 0.0 && single.lower(level, &b)) {
                    return None;
                }
            }
            growth.follow(&b, level);
        }
        None
    }
}

/// At least the norm of `moved - s/sqrt(L d) N`, `layer` being the latter rounded (within gamma_5 of itself,
/// entrywise).
pub(super) fn distance(moved: &DMatrix<f64>, layer: &DMatrix<f64>) -> f64 {
    let length = |squares: f64| sqrt(of_sum(squares, moved.len()));
    // A difference of doubles is rounded once.
    let apart = mul(length(moved.iter().zip(layer.iter()).map(|(a, b)| (a - b) * (a - b)).sum()), 1.0 + f64::EPSILON);
    add(apart, mul(gamma(6), length(layer.iter().map(|v| v * v).sum())))
}

/// A theta that makes the signed value of the last prefix small; `None` if nothing is gained.
///
/// `layers` are the noise of W_1, ..., W_k, `size` is r/L. The sign of a kick raises the norm; for sigma_min it takes
/// the value down to `FLOOR` of its start at most. In doubles, and proves nothing.
pub(super) fn optimise(layers: &[DMatrix<f64>], side: Side, size: f64) -> Option<Vec<Kick>> {
    let d = layers.first()?.nrows();
    // Room for the roundings that `distance` counts.
    let sizes: Vec<f64> =
        layers.iter().map(|e| (size * (1.0 - 1e-12) - 4.0 * gamma(8) * (1.0 + e.norm())).max(0.0)).collect();
    let none = Kick { a: DVector::zeros(d), b: DVector::zeros(d), c: 0.0 };
    let mut kicks = vec![none; layers.len()];
    let (mut value, mut u, mut v) = pair(layers, &kicks, side)?;
    let floor = FLOOR * value;
    let mut best = None;
    for _ in 0..SWEEPS {
        // Row vectors u^T W_k .. W_{j+1}.
        let mut left = vec![u; layers.len()];
        for j in (1..layers.len()).rev() {
            let (y, kick) = (&left[j], &kicks[j]);
            left[j - 1] = y + layers[j].tr_mul(y) + &kick.b * (kick.c * kick.a.dot(y));
        }
        let mut x = v;
        for (j, layer) in layers.iter().enumerate() {
            let (y, length) = (&left[j], x.norm());
            let mut next = &x + layer * &x;
            let (current, slope) = (y.dot(&next), y.norm() * length);
            if slope > 0.0 {
                let c = match side {
                    Side::Norm => sizes[j].copysign(current),
                    Side::SigmaMin => -((current - floor) / slope).clamp(0.0, sizes[j]),
                };
                kicks[j] = Kick { a: y / y.norm(), b: &x / length, c };
                next.axpy(c * length, &kicks[j].a, 1.0);
            }
            x = next;
        }
        let (found, next_u, next_v) = pair(layers, &kicks, side)?;
        if found >= value - GAIN * value.abs() {
            if found < value {
                best = Some(kicks);
            }
            break;
        }
        (value, u, v) = (found, next_u, next_v);
        best = Some(kicks.clone());
    }
    best
}

/// The signed value of the last prefix and its singular vectors, approximately.
pub(super) fn pair(layers: &[DMatrix<f64>], kicks: &[Kick], side: Side) -> Option<(f64, DVector<f64>, DVector<f64>)> {
    let d = layers.first()?.nrows();
    let mut product = DMatrix::identity(d, d);
    for (layer, kick) in layers.iter().zip(kicks) {
        let row = product.tr_mul(&kick.b);
        let mut next = &product + layer * &product;
        next.ger(kick.c, &kick.a, &row, 1.0);
        product = next;
    }
    let (_, vectors) = approximate_eigen(&product.tr_mul(&product))?;
    let v = vectors.column(if side == Side::SigmaMin { 0 } else { d - 1 }).into_owned();
    let image = &product * &v;
    let value = image.norm();
    (value > 0.0).then(|| (side.signed(value), image / value, v))
}

/// Prefixes tried for each extreme: those whose estimate at theta = 0, moved by the crude bound, is the worst.
pub(crate) const PREFIXES: usize = 4;

/// Sweeps; three to five reach the relative gain below.
pub(crate) const SWEEPS: usize = 12;

/// A relative gain that ends the sweeps.
pub(crate) const GAIN: f64 = 1e-9;

/// The smallest singular value is not driven below this share of itself: products that vanish leave the range of the
/// error bounds.
pub(crate) const FLOOR: f64 = 1e-6;
