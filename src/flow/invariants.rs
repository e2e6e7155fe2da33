//! The quantities of Section 4 that the gradient flow conserves, and what Assumption (A3) asks of them.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_{k+1}^T W_{k+1} - W_k W_k^T (Lemma 1) | [`balance`] | d_k x d_k, k = 1..L-1 |
//! | D = sum_k norm_2 of it (part of epsilon) | [`imbalance`] | scalar |
//! | epsilon (before Lemma 2) | [`epsilon`] | scalar |
//! | epsilon-bar (Appendix B.3) | [`epsilon_bar`] | scalar |
//! | all of them of exact weights, with what is known of the spectra of the gaps | [`Initial`], [`Gap`] | |
//!
//! All of them are functions of the initial weights alone.
//!
//! **Exact weights, enclosed numbers.** [`Initial`] takes rational weights, forms the gaps exactly, and encloses only
//! their eigenvalues; where a gap has rank one the eigenvalues are its trace and zero, exact to the rounding of a
//! double. That keeps cases of equality decidable, which enclosed eigenvalues never are. [`epsilon`] and
//! [`imbalance`] are the same numbers for layers that are enclosures themselves, without those cases.

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring, upward};
use crate::linalg::{inertia, largest_eigenvalue, largest_singular_value, rank_at_most_one, smallest_eigenvalue};
use crate::network::Network;
use crate::problem::norm_squared;
use nalgebra::DMatrix;
use num_traits::Zero;

/// The matrices `W_{k+1}^T W_{k+1} - W_k W_k^T`, k = 1..L-1, that Lemma 1 says are constant along the flow.
///
/// L - 1 symmetric matrices, the k-th d_k x d_k (Delta_k elsewhere in this file); exact over an exact ring. Lemma 1
/// is the chain rule: `dW_k/dt = -b_k a_k^T` with `b_k = W_{k+1}^T b_{k+1}` and `a_{k+1} = W_k a_k`, so that both
/// `W_{k+1}^T W_{k+1}` and `W_k W_k^T` have the derivative `-(b_k a_{k+1}^T + a_{k+1} b_k^T)`.
pub fn balance<T: Ring>(network: &Network<T>) -> Vec<DMatrix<T>> {
    network.layers().windows(2).map(|w| w[1].tr_mul(&w[1]) - &w[0] * w[0].transpose()).collect()
}

/// `max_k norm_F(B_k - C_k)` over two lists of balance matrices: how far Lemma 1 was missed. Zero when L = 1.
///
/// In doubles, no bound.
pub fn drift(start: &[DMatrix<f64>], now: &[DMatrix<f64>]) -> f64 {
    // NaN must not look like no drift.
    start.iter().zip(now).map(|(b, c)| (b - c).norm()).fold(0.0, upward::larger)
}

/// `D = sum_{k<L} norm_2(W_k W_k^T - W_{k+1}^T W_{k+1})`, zero exactly when the layers are balanced.
///
/// An enclosure, unbounded where an entry is. The operator norm of a symmetric matrix is its largest singular value.
/// Cost: O(L m^3) for widths m.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Interval};
/// use flatcert::flow::invariants::{epsilon, imbalance};
/// use flatcert::nalgebra::{DMatrix, DVector};
/// use flatcert::network::Network;
/// // W_1 = 2, W_2 = 1: D = |4 - 1|, epsilon = 3 4 + 2 D.
/// let layers = [2.0, 1.0].map(|v| DMatrix::from_element(1, 1, Interval::point(v)));
/// let network = Network::new(layers.to_vec(), DVector::from_element(1, Interval::point(1.0)))?;
/// let (d, epsilon) = (imbalance(&network), epsilon(&network));
/// assert!(d.lo() <= 3.0 && 3.0 <= d.hi() && epsilon.lo() <= 18.0 && 18.0 <= epsilon.hi());
/// # Ok::<(), flatcert::Error>(())
/// ```
pub fn imbalance<E: Enclosure>(network: &Network<E>) -> E {
    balance(network).iter().fold(E::zero(), |s, b| s + largest_singular_value(b))
}

/// `epsilon = 3 max_k norm_F(W_k)^2 + 2 D`, as defined before Lemma 2.
///
/// Of the weights at t = 0, for Section 4's statements.
pub fn epsilon<E: Enclosure>(network: &Network<E>) -> E {
    epsilon_of(&largest_square(network), &imbalance(network))
}

/// epsilon from `max_k norm_F(W_k)^2` and D.
pub fn epsilon_of<E: Enclosure>(largest_square: &E, imbalance: &E) -> E {
    E::from_i64(3) * largest_square.clone() + E::from_i64(2) * imbalance.clone()
}

/// `epsilon-bar = max_k norm_F(W_k)^2 + D`, the smaller quantity with which the proof of Lemma 2 works.
pub fn epsilon_bar<E: Enclosure>(network: &Network<E>) -> E {
    epsilon_bar_of(&largest_square(network), &imbalance(network))
}

/// epsilon-bar from `max_k norm_F(W_k)^2` and D.
pub fn epsilon_bar_of<E: Enclosure>(largest_square: &E, imbalance: &E) -> E {
    largest_square.clone() + imbalance.clone()
}

/// `max_k norm_F(W_k)^2`.
fn largest_square<E: Enclosure>(network: &Network<E>) -> E {
    let squares = network.layers().iter().map(|w| norm_squared(w.iter()));
    squares.reduce(|a, b| a.max(&b)).unwrap_or_else(E::zero)
}

/// The three parts of Assumption (A3), each as a margin `right - left` that must not be negative:
/// `1 - epsilon`, `norm(w*) - 1`, `1 - 32 L sqrt(epsilon)`.
///
/// A margin whose enclosure has zero inside decides nothing.
pub fn assumption_3<E: Enclosure>(epsilon: &E, w_star_norm: &E, depth: usize) -> [E; 3] {
    let steep = E::from_i64(32) * E::from_i64(depth as i64) * Real::sqrt(epsilon);
    [E::one() - epsilon.clone(), w_star_norm.clone() - E::one(), E::one() - steep]
}

/// Delta_k of exact weights: what two neighbouring layers conserve (Lemma 1), in numbers.
#[derive(Clone, Debug)]
pub struct Gap {
    /// Largest eigenvalue minus trace: minus the sum of the other eigenvalues.
    pub rest: Interval,
    /// Largest minus smallest eigenvalue.
    pub span: Interval,
    /// A hidden layer of width 1: a number.
    pub single: bool,
    /// Both layers of rank one (or zero), with the same norm a: the eigenvalues are +-a^2 times the sine between u_k
    /// and v_{k+1}.
    pub alike: bool,
    /// Operator norm D_k.
    pub norm: Interval,
}

/// The constants that depend on the initialisation alone.
#[derive(Clone, Debug)]
pub struct Initial {
    /// norm_F(W_k(0))^2, L entries.
    pub layer_norms_squared: Vec<Interval>,
    /// norm_2(W_k(0))^2, L entries.
    pub sigma_squared: Vec<Interval>,
    /// Delta_1, ..., Delta_{L-1}.
    pub gaps: Vec<Gap>,
}

/// Bits of the eigenvalues of a gap where doubles leave a margin open.
const REFINED: u32 = 256;

/// An exact number as an interval.
pub(crate) fn exact(q: &Rational) -> Interval {
    Interval::from_rational(q, 53)
}

impl Gap {
    /// Of an exact Delta_k, its eigenvalues found in the arithmetic `E` at so many bits.
    ///
    /// `layers` are the two that it lies between. The inertia, counted exactly, says in which case it is: without an
    /// eigenvalue of one sign and at most one of the other all numbers follow from the trace; else the largest and
    /// the smallest eigenvalue are enclosed in `E`, and the rest is the former less the exact trace. Cost: O(d_k^3)
    /// rational operations for the inertia, whose entries grow.
    fn of<E: Enclosure>(delta: &DMatrix<Rational>, layers: &[DMatrix<Rational>], bits: u32) -> Self {
        let exact_trace = delta.diagonal().iter().fold(Rational::zero(), |s, v| s + v);
        let trace = exact(&exact_trace);
        let counts = inertia(delta);
        // Rank one (or zero): the eigenvalues are known exactly, and cases of equality stay decidable.
        let zero = Interval::zero();
        let flat = delta.nrows() > counts.positive + counts.negative;
        let single = delta.nrows() == 1;
        let (top, bottom, rest) = match (counts.positive, counts.negative) {
            (0, 0) => (zero, zero, zero),
            (1, 0) => (trace, if flat { zero } else { trace }, zero),
            (0, 1) if !flat => (trace, trace, zero),
            (0, 1) => (zero, trace, -trace),
            _ => {
                let delta = delta.map(|q| E::from_rational(&q, bits));
                let top = largest_eigenvalue(&delta);
                let rest = top.clone() - E::from_rational(&exact_trace, bits);
                (top.to_interval(), smallest_eigenvalue(&delta).to_interval(), rest.to_interval())
            }
        };
        let span = if single { zero } else { top - bottom };
        let alike = exact_trace.is_zero() && layers.iter().all(rank_at_most_one);
        Self { rest, span, single, alike, norm: Enclosure::max(&top.abs(), &bottom.abs()) }
    }
}

/// Delta_1, .., Delta_{L-1}.
fn gaps<E: Enclosure>(network: &Network<Rational>, bits: u32) -> Vec<Gap> {
    let pairs = network.layers().windows(2);
    balance(network).iter().zip(pairs).map(|(delta, pair)| Gap::of::<E>(delta, pair, bits)).collect()
}

impl Initial {
    /// Of exact initial weights.
    ///
    /// `norm_2(W_k)^2` is the largest eigenvalue of the smaller Gram matrix, formed exactly; a layer with one row or
    /// column gives it exactly but for the rounding of a double.
    pub fn of(network: &Network<Rational>) -> Self {
        let layers = network.layers();
        let sigma_squared = |w: &DMatrix<Rational>| {
            let smaller = if w.nrows() <= w.ncols() { w * w.transpose() } else { w.transpose() * w };
            if smaller.len() == 1 { exact(&smaller[(0, 0)]) } else { largest_eigenvalue(&smaller.map(|q| exact(&q))) }
        };
        Self {
            layer_norms_squared: layers.iter().map(|w| exact(&norm_squared(w.iter()))).collect(),
            sigma_squared: layers.iter().map(sigma_squared).collect(),
            gaps: gaps::<Interval>(network, 53),
        }
    }
    /// The same with the eigenvalues of the gaps in MPFR, of the same weights.
    pub(crate) fn refined(&self, network: &Network<Rational>) -> Self {
        Self { gaps: gaps::<Big>(network, REFINED), ..self.clone() }
    }
    /// max_k norm_F(W_k(0))^2.
    pub fn largest_norm_squared(&self) -> Interval {
        let norms = self.layer_norms_squared.iter().copied();
        norms.reduce(|a, b| Enclosure::max(&a, &b)).unwrap_or_else(Interval::zero)
    }
    /// D, the sum of the norms of all gaps.
    pub fn imbalance(&self) -> Interval {
        self.between(1, self.gaps.len() + 1)
    }
    /// epsilon of Section 4: three times the largest squared norm plus 2 D.
    pub fn epsilon(&self) -> Interval {
        epsilon_of(&self.largest_norm_squared(), &self.imbalance())
    }
    /// epsilon-bar of B.3: the largest squared norm plus D.
    pub fn epsilon_bar(&self) -> Interval {
        epsilon_bar_of(&self.largest_norm_squared(), &self.imbalance())
    }
    /// D_j + .. + D_{k-1}: what lies between the layers j < k (1-based).
    ///
    /// Zero for j = k.
    ///
    /// # Panics
    /// j = 0, j > k, or k > L.
    pub fn between(&self, j: usize, k: usize) -> Interval {
        self.gaps[j - 1..k - 1].iter().fold(Interval::zero(), |s, g| s + g.norm)
    }
    /// `sum_{i >= k} (largest eigenvalue - trace)(Delta_i)`: the sharpened bound of the tail of layer k (1-based).
    ///
    /// For d_L = 1. Let `F_k = norm_F(W_k)^2` and `T_k = F_k - sigma_k^2`. The trace of Delta_k is `F_{k+1} - F_k`,
    /// and `W_{k+1}^T W_{k+1} = W_k W_k^T + Delta_k` gives `sigma_{k+1}^2 <= sigma_k^2 + lambda_max(Delta_k)` (Weyl).
    /// Delta_k is that of t = 0 (Lemma 1), so at every t `T_k <= T_{k+1} + lambda_max(Delta_k) - tr(Delta_k)`, and
    /// `T_L = 0`. Zero for k = L.
    ///
    /// # Panics
    /// k = 0 or k > L.
    pub fn tail_bound(&self, k: usize) -> Interval {
        self.gaps[k - 1..].iter().fold(Interval::zero(), |s, g| s + g.rest)
    }
    /// What replaces the factor 2 in `sigma_k^2 <= norm(w_prod)^(2/L) + 2 D`:
    /// `D + min(D_1 + .. + D_{k-1}, D_k + .. + D_{L-1})`.
    ///
    /// # Panics
    /// As [`Initial::between`].
    pub fn excess_bound(&self, k: usize) -> Interval {
        let depth = self.layer_norms_squared.len();
        self.imbalance() + Enclosure::min(&self.between(1, k), &self.between(k, depth))
    }
}

/// The largest power of two by which the weights can be multiplied inside (A3): `32 L sqrt(epsilon) <= 1`, and epsilon
/// grows with the square of the scale. One percent below; 0 where every scale is inside.
///
/// The exponent e: `2^e` times the weights has the epsilon `4^e epsilon`.
pub fn exponent_inside(network: &Network<Rational>) -> i32 {
    exponent_of(0.99 / (32.0 * network.depth() as f64).powi(2) / Initial::of(network).epsilon().hi())
}

/// The largest e with `4^e <= square`; 0 if it is not finite.
pub fn exponent_of(square: f64) -> i32 {
    if square.is_finite() { (0.5 * square.log2()).floor() as i32 } else { 0 }
}
