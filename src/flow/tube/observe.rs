//! Enclosures of what Section 4 speaks of, along a piece of a tube: for the true flow, at every time that the piece
//! stands for.
//!
//! Every weight of the true flow is the piece's polynomial plus an error of at most the radius, so each quantity is
//! evaluated in Taylor models whose remainder is that radius. What nearly cancels between two functions of tau (the
//! conserved quantities of Lemma 1) cancels in their coefficients.
//!
//! The layers' singular vectors are not followed: for each layer one fixed direction u, the first left singular
//! vector at tau = 0 in doubles, serves the whole part. Every bound below holds for any u; a poor one makes it wide,
//! never wrong.

use super::{Piece, Segment, Setting, layers};
use crate::arithmetic::{Enclosure, Interval, Real, Ring, TaylorModel};
use crate::error::{Error, Result};
use crate::flow::observables::Observables;
use crate::linalg::approximate_eigen;
use crate::network::{Gradient, Network};
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

impl Setting<'_> {
    /// What holds on part `part`, counted from 0, of `parts` equal ones of the piece.
    ///
    /// # Errors
    /// A malformed piece; no such part.
    pub fn observe(&self, piece: &Piece, part: usize, parts: usize) -> Result<Observables> {
        Ok(self.segment(piece, part, parts, (Interval::ENTIRE, f64::INFINITY))?.observables)
    }

    /// The same of a segment of time.
    ///
    /// One evaluation of the gradient in Taylor models gives the product, b_1, the risk and the gradient's norm; the
    /// rest is [`Observables`] by `observables`. `time` and `lasts` are written down as they are given.
    ///
    /// # Errors
    /// As [`Setting::observe`].
    pub(super) fn segment(
        &self,
        piece: &Piece,
        part: usize,
        parts: usize,
        (time, lasts): (Interval, f64),
    ) -> Result<Segment> {
        let net = self.part(piece, part, parts)?;
        let gradient = net.gradient(&self.moments);
        let product = net.layers()[0].tr_mul(&gradient.left[0]);
        Ok(Segment {
            time,
            lasts,
            risk_drop: self.moments.risk_drop(&product).range(),
            first_factor: nonnegative(norm_squared(gradient.left[0].iter()).range()).sqrt(),
            observables: self.observables(&net, &product, &gradient),
        })
    }

    /// The true flow on one part as a network over Taylor models, in the part's own tau in [-1, 1].
    ///
    /// With one part the coefficients are the piece's own, exact. Else the polynomial is re-expanded about the middle
    /// of the part in enclosures. Either way each weight is widened by the piece's radius: the Euclidean distance of
    /// all weights bounds that of one.
    ///
    /// # Errors
    /// As [`Setting::observe`].
    fn part(&self, piece: &Piece, part: usize, parts: usize) -> Result<Network<TaylorModel>> {
        piece.check(1, self.parameters())?;
        if part >= parts {
            return Err(Error::input("piece", format!("part {part} of {parts}: expected one below {parts}")));
        }
        if piece.radius.is_nan() || piece.radius < 0.0 {
            return Err(Error::input("piece", format!("radius {}: expected one >= 0", piece.radius)));
        }
        let degree = piece.coefficients.len() - 1;
        let count = Interval::from_i64(parts as i64);
        let width = Interval::one() / count;
        let at = Interval::from_i64(2 * part as i64 + 1) / count - Interval::one();
        // x(at + width s) by Horner's rule on polynomials in s.
        let weight = |i: usize| {
            let mut shifted: Vec<Interval> = Vec::with_capacity(degree + 1);
            for c in piece.coefficients.iter().rev() {
                shifted.push(Interval::zero());
                for m in (0..shifted.len()).rev() {
                    let below = if m > 0 { shifted[m - 1] * width } else { Interval::point(c[i]) };
                    shifted[m] = shifted[m] * at + below;
                }
            }
            shifted
        };
        let exact = parts == 1;
        let weights = (0..self.parameters()).map(|i| {
            let polynomial = if exact {
                TaylorModel::polynomial(piece.coefficients.iter().map(|c| c[i]), degree)
            } else {
                TaylorModel::new(&weight(i), degree)
            };
            polynomial.widened(piece.radius)
        });
        Network::new(layers(&self.widths, weights), self.head.map(|v| TaylorModel::constant(Interval::point(v))))
    }

    /// Enclosures over the part, for a net whose remainders contain the true flow.
    ///
    /// - `excess_risk` is `e^T Sigma e` with `e = w_prod - w*`, not negative.
    /// - `tail`: `norm_F(W)^2 - norm_2(W)^2 <= norm_F(W)^2 - norm(u^T W)^2 / u^T u`, since
    ///   `norm(u^T W) <= norm_2(W) norm(u)`; zero for one row or one column.
    /// - `sigma_squared`: from `norm_F(W)^2` less the tail to `norm_F(W)^2`.
    /// - `spread`: the largest `norm_F(W_k)^2 - norm_F(W_j)^2`, a difference of Taylor models in which the common
    ///   growth cancels, plus the tail of j.
    /// - `misalignment` is at most `sigma_(k+1)^2` in any case.
    ///
    /// Cost: O(p) products of Taylor models, L^2 differences, and 2 L powers of order L.
    fn observables(
        &self,
        net: &Network<TaylorModel>,
        product: &DVector<TaylorModel>,
        gradient: &Gradient<TaylorModel>,
    ) -> Observables {
        let depth = net.depth();
        let w_star = self.problem.w_star::<Interval>(53);
        let off = DVector::from_fn(product.len(), |i, _| product[i].clone() - TaylorModel::constant(w_star[i]));
        let excess = crate::problem::dot(&off, &(&self.moments.sigma * &off)).range();
        let length = norm_squared(product.iter());
        let frobenius: Vec<TaylorModel> = net.layers().iter().map(|w| norm_squared(w.iter())).collect();
        let heads: Vec<Option<DVector<f64>>> = net.layers().iter().map(top_left).collect();
        let rests: Vec<f64> = (0..depth).map(|k| rest(&net.layers()[k], heads[k].as_ref())).collect();
        // `norm_F(W)^2 - norm_2(W)^2` is at most what any direction leaves; a column has one singular value.
        let tail = |k: usize| if net.layers()[k].ncols() == 1 { 0.0 } else { rests[k] };
        let tails: Vec<f64> = (0..depth).map(tail).collect();
        let sizes: Vec<Interval> = frobenius.iter().map(|f| nonnegative(f.range())).collect();
        let sigma_squared: Vec<Interval> = (0..depth)
            .map(|k| Interval::new((sizes[k] - Interval::point(tails[k])).lo().max(0.0), sizes[k].hi()))
            .collect();
        let mut spread = 0.0_f64;
        for j in 0..depth {
            for k in 0..depth {
                if j != k {
                    // sigma_k^2 - sigma_j^2 = F_k - F_j - tail_k + tail_j
                    let difference = (frobenius[k].clone() - frobenius[j].clone()).range();
                    spread = spread.max((difference + Interval::point(tails[j])).hi());
                }
            }
        }
        let misalignment = (0..depth - 1)
            .map(|k| {
                let bound =
                    misaligned(&net.layers()[k], &net.layers()[k + 1], heads[k].as_ref(), rests[k], sizes[k + 1]);
                Interval::new(0.0, bound.min(sizes[k + 1].hi()))
            })
            .collect();
        let squared = nonnegative(length.range());
        let root = squared.pow_ratio(1, depth as u32);
        let balance = (0..depth).map(|k| balance(&frobenius[k], tails[k], &length, sizes[k], root, depth)).collect();
        Observables {
            excess_risk: nonnegative(excess),
            product_norm: squared.sqrt(),
            gradient_norm_squared: nonnegative(gradient.norm_squared().range()),
            sigma_squared,
            tail: tails.iter().map(|t| Interval::new(0.0, *t)).collect(),
            spread: Interval::new(0.0, spread),
            misalignment,
            balance,
        }
    }
}

/// What of the enclosure is not negative: of a quantity that is known to be nonnegative.
fn nonnegative(x: Interval) -> Interval {
    Interval::new(x.lo().max(0.0), x.hi().max(0.0))
}

/// Approximate first left singular vector at tau = 0: any vector gives valid bounds, this one sharp ones.
fn top_left(w: &DMatrix<TaylorModel>) -> Option<DVector<f64>> {
    let mid = w.map(|v| v.coefficient(0));
    let largest = mid.amax();
    if largest.is_nan() || largest <= 0.0 {
        return None;
    }
    let scaled = mid / largest;
    let (_, vectors) = approximate_eigen(&(&scaled * scaled.transpose()))?;
    Some(vectors.column(vectors.ncols() - 1).into_owned())
}

/// The vector as Taylor models constant in tau, exact.
fn constant(u: &DVector<f64>) -> DVector<TaylorModel> {
    u.map(|v| TaylorModel::constant(Interval::point(v)))
}

/// `v - u u^T v / u^T u`.
///
/// Column by column: the part of m orthogonal to u. The division by `u^T u` is enclosed, so that u need not be a unit
/// vector.
fn without(u: &DVector<f64>, m: &DMatrix<TaylorModel>) -> DMatrix<TaylorModel> {
    let square = norm_squared(u.map(Interval::point).iter());
    let scaled = u.map(|v| TaylorModel::constant(Interval::point(v) / square));
    m - scaled * (m.tr_mul(&constant(u))).transpose()
}

/// At least `norm_F(W)^2` of what is left of W without the direction u.
fn rest(w: &DMatrix<TaylorModel>, u: Option<&DVector<f64>>) -> f64 {
    match u {
        _ if w.nrows() == 1 => 0.0,
        Some(u) => norm_squared(without(u, w).iter()).range().hi(),
        None => norm_squared(w.iter()).range().hi(),
    }
}

/// At least `sigma_{k+1}^2 (1 - <v_{k+1}, u_k>^2) = norm(u_{k+1}^T W_{k+1} (I - u_k u_k^T))^2`, u_k any first left
/// singular vector of W_k.
///
/// With a fixed unit u near u_k: `norm(W_{k+1} (I - u_k u_k^T)) <= norm(W_{k+1} (I - u u^T)) + norm(W_{k+1}) sin(u,
/// u_k)`, and, for `A = W_k W_k^T`, `sin(u, u_k) <= norm((I - u u^T) A u) / (u^T A u - norm_2((I - u u^T) A (I - u
/// u^T)))` where the denominator is positive: in the basis of u and its complement `tan(2 angle)` is at most twice
/// that, and `2 sin <= tan` of twice the angle.
///
/// `others` is at least the norm in the denominator, the [`rest`] of W_k; `size` encloses that of W_{k+1}, squared.
fn misaligned(
    w: &DMatrix<TaylorModel>,
    next: &DMatrix<TaylorModel>,
    u: Option<&DVector<f64>>,
    others: f64,
    size: Interval,
) -> f64 {
    let Some(u) = u else { return f64::INFINITY };
    let square = norm_squared(u.map(Interval::point).iter());
    let along = w.tr_mul(&constant(u));
    let quotient = norm_squared(along.iter()).range() / square;
    let image = w * &along;
    let image = DMatrix::from_column_slice(image.len(), 1, image.as_slice());
    let rest = without(u, &image);
    // u is a unit vector up to rounding: norm((I - u u^T) A u) / norm(u).
    let residual = norm_squared(rest.iter()).range();
    let residual = (nonnegative(residual) / square).sqrt();
    let gap = quotient - Interval::new(0.0, others);
    if !gap.is_positive() {
        return f64::INFINITY;
    }
    let sine = residual / gap;
    let transposed = next.transpose();
    let across = nonnegative(norm_squared(without(u, &transposed).iter()).range()).sqrt();
    (across + size.sqrt() * sine).powi(2).hi()
}

/// `sigma^2 - norm(w_prod)^(2/L)`, from `a^L - b^L = (a - b) sum_i a^i b^(L-1-i)` with b = norm(w_prod)^(2/L) and a =
/// norm_F(W)^2, or that less the tail.
///
/// The sum runs over i = 0, .., L-1. Both a and b are at hand as enclosures, `hull` and `root`; the numerator is a
/// difference of Taylor models that keeps its digits where a and b nearly agree. `sigma^2 <= norm_F(W)^2` gives the
/// upper end, `sigma^2 >= norm_F(W)^2 - tail` the lower; the plain differences of the enclosures are taken where they
/// are sharper. Unbounded where the sum is not proved positive.
fn balance(
    frobenius: &TaylorModel,
    tail: f64,
    length: &TaylorModel,
    size: Interval,
    root: Interval,
    depth: usize,
) -> Interval {
    let quotient = |a: TaylorModel, hull: Interval| {
        let difference = (a.powi(depth as u32) - length.clone()).range();
        let hull = nonnegative(hull);
        let sum = (0..depth).fold(Interval::zero(), |s, i| s + hull.powi(i as u32) * root.powi((depth - 1 - i) as u32));
        if sum.is_positive() { difference / sum } else { Interval::ENTIRE }
    };
    let upper = quotient(frobenius.clone(), size).hi().min((size - root).hi());
    let less = Interval::point(tail);
    let rough = (size - less - root).lo().max((-root).lo());
    let lower = if (size - less).is_positive() {
        quotient(frobenius.clone() - TaylorModel::constant(less), size - less).lo().max(rough)
    } else {
        rough
    };
    Interval::new(lower, upper)
}
