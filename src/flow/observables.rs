//! What the statements of Section 4 are about, enclosed at one point of a trajectory or over a whole segment of a tube.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | R^L(W) - R_min | `excess_risk` | scalar |
//! | norm(w_prod) | `product_norm` | scalar |
//! | sum_k norm_F(grad_k R^L)^2 | `gradient_norm_squared` | scalar |
//! | sigma_k^2 = norm_2(W_k)^2 | `sigma_squared[k - 1]` | L |
//! | norm_F(W_k)^2 - norm_2(W_k)^2 | `tail[k - 1]` | L |
//! | max_k sigma_k^2 - min_j sigma_j^2 | `spread` | scalar |
//! | sigma_{k+1}^2 (1 - <v_{k+1}, u_k>^2) | `misalignment[k - 1]` | L - 1 |
//! | sigma_k^2 - norm(w_prod)^(2/L) | `balance[k - 1]` | L |
//!
//! u_k and v_k are the first left and right singular vectors of W_k. The third statement of Lemma 2 is
//! `misalignment <= epsilon`: this form has a meaning where sigma_{k+1} = 0 too. Where a largest singular value is
//! repeated, u_k and v_{k+1} are not determined, and the enclosure contains the value of every choice.
//!
//! **What an enclosure means here.** [`Observables::at`] is about one network of doubles, taken as exact; over a
//! segment of a tube the same type says what holds for the true flow at every time of it. A field that could not be
//! enclosed is unbounded, and whatever is decided of it stays undecided.
//!
//! Why both Gram matrices of each layer: the left singular vector u_k of W_k meets the right one v_{k+1} of W_{k+1},
//! so each layer is needed from both sides, and as a by-product sigma_k^2 is enclosed twice.

use crate::arithmetic::{Big, Enclosure, Interval, Rational, Real, Ring};
use crate::linalg::{approximate_eigen, largest_eigenvalue, rank_at_most_one};
use crate::network::Network;
use crate::problem::{Problem, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// Precision of the product, the risk and the gradient: the excess risk falls to 1e-25 of the risk.
const BITS: u32 = 128;

/// Enclosures of everything that Section 4 makes statements about.
#[derive(Clone, Debug)]
pub struct Observables {
    /// R^L(W) - R_min, not negative.
    pub excess_risk: Interval,
    /// norm(w_prod).
    pub product_norm: Interval,
    /// Sum over layers of the squared Frobenius norms of the gradient.
    pub gradient_norm_squared: Interval,
    /// sigma_k^2, L entries.
    pub sigma_squared: Vec<Interval>,
    /// norm_F(W_k)^2 - norm_2(W_k)^2, L entries.
    pub tail: Vec<Interval>,
    /// max_k sigma_k^2 - min_j sigma_j^2.
    pub spread: Interval,
    /// sigma_{k+1}^2 (1 - <v_{k+1}, u_k>^2), k = 1..L-1, for every choice of the singular vectors.
    pub misalignment: Vec<Interval>,
    /// sigma_k^2 - norm(w_prod)^(2/L), L entries.
    pub balance: Vec<Interval>,
}

impl Observables {
    /// At one point; the weights are taken as exact.
    ///
    /// Statement: each field contains the exact value. Algorithm: product, risk and gradient in MPFR; largest singular
    /// values by [`largest_eigenvalue`]; singular vectors from a residual bound,
    /// `sin <= norm(A x - rho x) / (rho - mu)` with mu an upper bound of the second eigenvalue, itself
    /// `largest(A - rho x x^T)` (Weyl). Failure (an entry that is not finite) gives unbounded fields. Cost: O(L m^3)
    /// for widths m.
    pub fn at(problem: &Problem, network: &Network<f64>) -> Self {
        let depth = network.depth();
        let moments = problem.moments::<Big>(BITS);
        let precise = network.map(|v| Big::from_f64(*v, BITS));
        let product = precise.product();
        let offset = &product - problem.w_star::<Big>(BITS);
        let excess = crate::problem::dot(&offset, &(&moments.sigma * &offset)).to_interval();
        let product_norm = norm_squared(product.iter()).sqrt();
        let layers: Vec<Layer> = network.layers().iter().map(Layer::new).collect();
        let sigma_squared: Vec<Interval> = layers.iter().map(|l| l.left.value).collect();
        let level = product_norm.pow_ratio(2, depth as u32).to_interval();
        // For a single layer with one row both numbers are norm(W_1)^2 times a known head.
        let alone = depth == 1 && network.head().len() == 1 && network.head()[0] == 1.0;
        let balance = sigma_squared.iter().map(|s| if alone { Interval::zero() } else { *s - level }).collect();
        Self {
            excess_risk: nonnegative(excess),
            product_norm: product_norm.to_interval(),
            gradient_norm_squared: nonnegative(precise.gradient(&moments).norm_squared().to_interval()),
            spread: spread(&sigma_squared),
            tail: layers.iter().map(|l| l.tail).collect(),
            misalignment: layers.windows(2).map(|p| misalignment(&p[0].left, &p[1].right)).collect(),
            sigma_squared,
            balance,
        }
    }

    /// The same with sigma_k^2, and what is a difference of them (tail, spread, balance), in MPFR: where layers are
    /// balanced to 1e-8 of their size, doubles leave few digits of the differences; and with the zeros that layers of
    /// rank one have exactly. `exact` must be the one that was observed.
    pub fn refined(&self, exact: &Network<Rational>) -> Self {
        let network = exact.map(Rational::to_f64);
        let sigma: Vec<Big> = network.layers().iter().map(sigma_squared).collect();
        let product = norm_squared(network.map(|v| Big::from_f64(*v, BITS)).product().iter()).sqrt();
        let level = product.pow_ratio(2, network.depth() as u32);
        let largest = sigma.iter().cloned().reduce(|a, b| a.max(&b));
        let smallest = sigma.iter().cloned().reduce(|a, b| a.min(&b));
        let mut out = self.clone();
        let tail = |(w, s): (&DMatrix<f64>, &Big)| {
            let w = w.map(|v| Big::from_f64(v, BITS));
            nonnegative((norm_squared(w.iter()) - s.clone()).to_interval())
        };
        out.tail = network.layers().iter().zip(&sigma).map(tail).collect();
        if let (Some(a), Some(b), true) = (largest, smallest, sigma.len() > 1) {
            out.spread = nonnegative((a - b).to_interval());
            out.balance = sigma.iter().map(|s| (s.clone() - level.clone()).to_interval()).collect();
            out.sigma_squared = sigma.iter().map(Enclosure::to_interval).collect();
        }
        let layers = exact.layers();
        for (k, w) in layers.iter().enumerate().filter(|(_, w)| rank_at_most_one(w)) {
            out.tail[k] = Interval::zero();
            let Some(next) = layers.get(k + 1).filter(|next| rank_at_most_one(next)) else { continue };
            // u_k and v_{k+1} are the same line.
            let (before, after) = (w * w.transpose(), next.transpose() * next);
            if &before * after.trace() == &after * before.trace() {
                out.misalignment[k] = Interval::zero();
            }
        }
        out
    }

    /// Depth L.
    pub fn depth(&self) -> usize {
        self.sigma_squared.len()
    }
    /// max_k sigma_k^2.
    pub fn largest_sigma_squared(&self) -> Interval {
        self.sigma_squared.iter().copied().reduce(|a, b| Enclosure::max(&a, &b)).unwrap_or(Interval::ENTIRE)
    }
}

/// norm_2(W)^2 in MPFR, by the smaller Gram matrix.
fn sigma_squared(w: &DMatrix<f64>) -> Big {
    let w = w.map(|v| Big::from_f64(v, BITS));
    let gram = if w.nrows() <= w.ncols() { &w * w.transpose() } else { w.transpose() * &w };
    largest_eigenvalue(&gram)
}

/// The part of an enclosure of something nonnegative that is not negative; the whole line stays, so that it goes on
/// saying that nothing is known.
fn nonnegative(x: Interval) -> Interval {
    if x.is_entire() { x } else { Interval::new(x.lo().max(0.0), x.hi().max(0.0)) }
}

/// `max - min`: exactly zero for one layer.
fn spread(sigma_squared: &[Interval]) -> Interval {
    let largest = sigma_squared.iter().copied().reduce(|a, b| Enclosure::max(&a, &b));
    let smallest = sigma_squared.iter().copied().reduce(|a, b| Enclosure::min(&a, &b));
    match (largest, smallest) {
        (Some(_), Some(_)) if sigma_squared.len() == 1 => Interval::zero(),
        (Some(a), Some(b)) => nonnegative(a - b),
        _ => Interval::ENTIRE,
    }
}

/// One layer's first singular value and vectors, and the rest of its spectrum.
struct Layer {
    /// Of `W W^T`: sigma^2 and u.
    left: Top,
    /// Of `W^T W`: sigma^2 and v.
    right: Top,
    /// `norm_F(W)^2 - sigma^2`.
    tail: Interval,
}

impl Layer {
    /// sigma^2 is the meet of the two enclosures. Cost: O(m^3), m the larger of d_k and d_{k-1}.
    fn new(w: &DMatrix<f64>) -> Self {
        let enclosed = w.map(Interval::point);
        let square = enclosed.iter().fold(Interval::zero(), |s, v| s + v.powi(2));
        let transposed = enclosed.transpose();
        let mut left = Top::new(&(&enclosed * &transposed));
        let mut right = Top::new(&(&transposed * &enclosed));
        // One row or column: a single singular value, the norm. Else both Gram matrices enclose the same number.
        let narrow = w.nrows().min(w.ncols()) == 1;
        let value = if narrow { square } else { left.value.agreed(&right.value) };
        (left.value, right.value) = (nonnegative(value), nonnegative(value));
        let tail = if narrow { Interval::zero() } else { nonnegative(square - value) };
        Self { left, right, tail }
    }
}

/// Largest eigenvalue of a Gram matrix, and its eigenvector up to a known sine.
struct Top {
    /// sigma^2.
    value: Interval,
    /// `None` where no direction could be proved: then it may be any.
    direction: Option<(DVector<Interval>, f64)>,
}

impl Top {
    /// Of a symmetric matrix, here a Gram matrix.
    fn new(gram: &DMatrix<Interval>) -> Self {
        let value = largest_eigenvalue(gram);
        Self { value, direction: direction(gram) }
    }
}

/// A unit vector x, enclosed, and at least the sine of its angle to every first eigenvector of any matrix A enclosed.
///
/// Let `rho = x^T A x > lambda_2(A)`. For z across the first eigenvector `(rho - lambda_2) norm(z)` is at most
/// `norm((A - rho) z)`, so `sin (rho - lambda_2) <= norm(A x - rho x)`, the sine theorem of Davis and Kahan for one
/// vector. By Weyl's inequality `lambda_2(A) <= lambda_1(A - rho x x^T)`, since rho x x^T has no second positive
/// eigenvalue. `None` where the gap is not proved positive or the sine not below one: then the first eigenvalue may
/// be repeated, and no direction is distinguished. x is a proposal of the eigen-solver; a poor one makes the residual
/// large, never the bound wrong.
fn direction(gram: &DMatrix<Interval>) -> Option<(DVector<Interval>, f64)> {
    let n = gram.nrows();
    if n == 1 {
        return Some((DVector::from_element(1, Interval::one()), 0.0));
    }
    let (_, vectors) = approximate_eigen(&gram.map(|v| v.mid()))?;
    let x = vectors.column(n - 1).map(Interval::point);
    let norm = norm_squared(x.iter()).sqrt();
    let x = x.map(|v| v / norm);
    let image = gram * &x;
    let rho = crate::problem::dot(&x, &image);
    let residual = norm_squared((&image - x.map(|v| v * rho)).iter()).sqrt();
    let rest = gram - DMatrix::from_fn(n, n, |i, j| rho * x[i] * x[j]);
    let gap = rho - largest_eigenvalue(&rest);
    let sine = (residual / gap).hi();
    (gap.is_positive() && sine < 1.0).then_some((x, sine))
}

/// `sigma_{k+1}^2 (1 - <v_{k+1}, u_k>^2)` for all vectors within their sines of the proved directions.
///
/// The angle between two lines is a distance, and the sine of an angle is 1-Lipschitz, so the sine of the angle between
/// u and v differs from that between the proved directions by at most the sum of the two angles, each at most pi/2
/// times its sine.
///
/// `left` is that of W_k, `right` that of W_{k+1}. In one dimension both are the same line and the sine is zero.
/// Where a direction is missing the sine is anything from 0 to 1.
fn misalignment(left: &Top, right: &Top) -> Interval {
    let any = Interval::new(0.0, 1.0);
    let sine = match (&left.direction, &right.direction) {
        (Some((u, _)), Some(_)) if u.len() == 1 => Interval::zero(),
        (Some((u, a)), Some((v, b))) => {
            let cosine = crate::problem::dot(u, v);
            let between = norm_squared((v - u.map(|x| x * cosine)).iter()).sqrt();
            // 8/5 > pi/2.
            let off = Interval::new(0.0, 1.6) * (Interval::point(*a) + Interval::point(*b));
            (between + Interval::symmetric(off.hi())).agreed(&any)
        }
        _ => any,
    };
    right.value * sine.powi(2)
}
