//! What the proof of Corollary 3 (B.7) speaks of: minimisers, directions, and what changes to first order along them.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W, W~ - W = xi D | `network`, `directions` | d_k x d_{k-1} |
//! | Delta_k, grad R^1(w~_prod) | coefficients of xi, by dual numbers: [`first_order`] | d_k x d_{k-1}, d |
//! | norm(W_k), norm(W~_k - W_k) | sigma_k and delta_k of [`Limit::table`]: known, from `U diag(..) V^T` | scalars |
//! | y | `X w_prod` plus a vector orthogonal to the range of X, so that W is a minimiser and w* = w_prod | n |

use crate::arithmetic::{Big, Rational, Ring};
use crate::formula::Table;
use crate::harness::steps::Design;
use crate::harness::steps::layers::{self, Layer, Matrix, Vector, with_gradient};
use crate::harness::steps::sample::of;
use crate::harness::steps::{Draw, Drawn, Margins, Pair, Tie, scalar};
use crate::hessian::{assemble, depth_bound, sharpness_at_minimiser};
use crate::linalg::inertia_at;
use crate::network::Network;
use crate::network::directions::first_order;
use crate::paper::section_4::corollary_2::proof::{NO_CHAIN, widths};
use crate::problem::{Moments, norm_squared};
use num_traits::Zero;

/// The name of the coefficient of xi in grad R^1(w~_prod).
pub(crate) const SLOPE: &str = "grad R^1(w~_prod)";

/// A minimiser and a direction, without known norms: X, n, the layers, D; at the minimiser grad_k R^L and grad R^1,
/// which vanish; the coefficients of xi of Delta_k = grad_k R^L(W) - grad_k R^L(W~) and of grad R^1(w~_prod).
pub(crate) fn free(draw: &mut Draw<'_>) -> Drawn {
    let widths = widths(draw);
    let network = draw.network(&widths, false).ok_or(NO_CHAIN)?;
    let directions: Vec<Matrix> = widths.windows(2).map(|w| draw.matrix(w[1], w[0])).collect();
    let (x, y) = draw.data_for(draw.size(3), &network.product());
    let data = Moments::new(&x, &y);
    let (slope, changes) = first_order(&network, &data, &directions).ok_or(NO_CHAIN)?;
    Ok(with_gradient(Table::default(), &network, &data)
        .scalar("n", Rational::from(x.nrows() as i64))
        .matrix("X", &[], x)
        .family("Delta", changes)
        .vector(SLOPE, &slope)
        .family("W", network.layers().iter().cloned())
        .family("D", directions))
}

/// A minimiser in the range of Corollary 1, and a direction; all norms known.
pub(crate) struct Limit {
    /// W, of known sigma_k, with head 1.
    pub network: Network<Rational>,
    /// X with lambda and Lambda.
    pub design: Design,
    /// Sigma, X^T y/n and norm(y)^2/n, with y such that W is a minimiser, unless it is strained.
    pub data: Moments<Rational>,
    /// norm(w*)^2.
    pub square: Rational,
    /// sigma_k.
    tops: Vec<Rational>,
    /// norm(D_k).
    sizes: Vec<Rational>,
    /// D_k, each of the shape of W_k.
    directions: Vec<Matrix>,
    /// Coefficients of xi in Delta_k.
    changes: Vec<Matrix>,
    /// Coefficient of xi in grad R^1(w~_prod).
    slope: Vector,
}

impl Limit {
    /// `strained` is added to w* before y is formed: zero, except where the hypothesis that W is a minimiser is
    /// dropped.
    pub fn draw(draw: &mut Draw<'_>, strained: bool) -> Result<Self, &'static str> {
        let (depth, widths) = (draw.size(0), widths(draw));
        let base = draw.nonnegative();
        let share = |v: Rational| 1 + v / Rational::from(depth as i64);
        let tops: Vec<Rational> = (0..depth).map(|_| &base * share(draw.share())).collect();
        let network = layers::network(draw, &widths, &tops);
        let design = Design::draw(draw, draw.size(3), draw.size(1));
        let (mut directions, mut sizes) = (Vec::new(), Vec::new());
        for w in widths.windows(2) {
            let (u, v) = (draw.rotation(w[1]), draw.rotation(w[0]));
            let values: Vec<Rational> = (0..w[0].min(w[1])).map(|_| draw.number()).collect();
            sizes.push(values.iter().map(Rational::abs).max().unwrap_or_else(Rational::zero));
            directions.push(Layer::new(&u, &v, values).matrix);
        }
        let strain = draw.vector(draw.size(1));
        let network = network.ok_or(NO_CHAIN)?;
        let w_star = network.product();
        let square = norm_squared(w_star.iter());
        if tops.iter().any(|s| s.powi(2 * depth as u32) > 4 * &square) {
            return Err("sigma_k > (2 norm(w*))^(1/L)");
        }
        let y = design.target(&if strained { w_star + strain } else { w_star });
        let data = Moments::new(&design.x, &y);
        let (slope, changes) = first_order(&network, &data, &directions).ok_or(NO_CHAIN)?;
        Ok(Self { network, design, data, square, tops, sizes, directions, changes, slope })
    }
    /// What is said of the limit, where there is one.
    pub fn sides(
        draw: &mut Draw<'_>,
        strained: bool,
        of: impl FnOnce(&Self) -> Result<Vec<Pair>, &'static str>,
    ) -> Margins {
        Self::draw(draw, strained).and_then(|limit| of(&limit)).map_or_else(Margins::OutOfScope, Margins::All)
    }
    /// L.
    pub fn depth(&self) -> u32 {
        self.sizes.len() as u32
    }
    /// L, sigma_k, D_k, delta_k = norm(D_k), Lambda, w*, the coefficients of xi of Delta_k and grad R^1(w~_prod).
    pub fn table(draw: &mut Draw<'_>) -> Drawn {
        let s = Self::draw(draw, false)?;
        Ok(Table::default()
            .scalar("L", Rational::from(i64::from(s.depth())))
            .scalar("Lambda", s.design.high.clone())
            .vector("w*", &s.network.product())
            .vector(SLOPE, &s.slope)
            .family("Delta", s.changes)
            .family("D", s.directions)
            .family("delta", s.sizes.into_iter().map(scalar))
            .family("sigma", s.tops.into_iter().map(scalar)))
    }
    /// D_1, .., D_L, column by column: a vector of all parameters, in the order of the Hessian.
    pub fn direction(&self) -> Vector {
        Vector::from_vec(self.directions.iter().flat_map(|d| d.iter().cloned()).collect())
    }
    /// The sum of the squared norms of the coefficients of xi in Delta_k.
    pub fn change(&self) -> Rational {
        norm_squared(self.changes.iter().flatten())
    }
    /// The exact Hessian.
    pub fn hessian(&self) -> Matrix {
        assemble(&self.network, &self.data)
    }
    /// `4 Lambda^2 (2 norm(w*))^(4(L-1)/L) value`, to the L-th power.
    pub fn squared_bound(&self, value: Rational) -> Rational {
        let (depth, level) = (self.depth(), 4 * &self.square);
        (4 * self.design.high.powi(2) * value).powi(depth) * level.powi(2 * (depth - 1))
    }
    /// S(W).
    pub fn sharpness(&self, bits: u32) -> Big {
        sharpness_at_minimiser(&self.network.map(|q| of(q, bits)), &self.data.map(|q| of(q, bits)))
    }
    /// `S(W) <= 2 L Lambda (2 norm(w*))^(2(L-1)/L)` where some sigma_k is `(2 norm(w*))^(1/L)`, so that the bound is
    /// rational: no eigenvalue of the exact Hessian is above it. Elsewhere every sigma_k is smaller and there is no
    /// equality.
    pub fn at_boundary(&self) -> Option<Tie> {
        let top = self.tops.iter().max()?;
        let depth = self.depth();
        if depth > 1 && top.powi(2 * depth) != 4 * &self.square {
            return None;
        }
        let bound = Rational::from(2 * i64::from(depth)) * &self.design.high * top.powi(2 * (depth - 1));
        Some(Tie::AtMost(inertia_at(&self.hessian(), &bound)))
    }
    /// `2 L curvature norm(w*)^(2-2/L)`: S_min for lambda.
    pub fn bound(&self, curvature: &Rational, bits: u32) -> Big {
        self.bound_at(curvature, &of(&self.square, bits), bits)
    }
    /// The same with another number for norm(w*)^2.
    pub fn bound_at(&self, curvature: &Rational, square: &Big, bits: u32) -> Big {
        depth_bound(&of(curvature, bits), square, None, self.sizes.len())
    }
}
