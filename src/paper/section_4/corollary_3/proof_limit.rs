//! What the proof of Corollary 3 (B.7) speaks of: minimisers, directions, and what changes to first order along them.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W, W~ - W = xi D | `layers`, `directions` | d_k x d_{k-1} |
//! | Delta_k, grad R^1(w~_prod) | coefficients of xi, by dual numbers: [`gradients`] | d_k x d_{k-1}, d |
//! | norm(W_k), norm(W~_k - W_k) | sigma_k and delta_k of [`Limit::table`]: known, from `U diag(..) V^T` | scalars |
//! | y | `X w_prod` plus a vector orthogonal to the range of X, so that W is a minimiser and w* = w_prod | n |

use crate::arithmetic::{Big, Dual, Rational, Ring};
use crate::formula::Table;
use crate::harness::steps::equality::scalar;
use crate::harness::steps::sample::{Draw, of};
use crate::harness::steps::scene::Drawn;
use crate::harness::steps::tie::Tie;
use crate::hessian::{assemble, depth_bound, sharpness_at_minimiser};
use crate::linalg::inertia_at;
use crate::network::Network;
use crate::paper::appendix_a::lemma_8::proof::Design;
use crate::paper::section_4::corollary_2::proof::{Layers, Matrix, Vector, product, risk_gradient, spectral, widths};
use crate::problem::{Moments, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// The name of the coefficient of xi in grad R^1(w~_prod).
pub(crate) const SLOPE: &str = "grad R^1(w~_prod)";

type Line = Dual<Rational>;

fn lift(q: &Rational) -> Line {
    Dual::constant(q.clone())
}

/// W + xi D, of a fully-connected network.
fn moved(layers: &[Matrix], directions: &[Matrix]) -> Vec<DMatrix<Line>> {
    layers.iter().zip(directions).map(|(w, d)| w.zip_map(d, Dual::new)).collect()
}

/// grad_k R^L(W + xi D), k = 1, .., L, and grad R^1(w~_prod), to first order.
fn gradients(layers: &[DMatrix<Line>], x: &Matrix, y: &Vector) -> Option<(Vec<DMatrix<Line>>, DVector<Line>)> {
    let data: Moments<Line> = Moments::new(x, y).map(lift);
    let network = Network::new(layers.to_vec(), DVector::from_element(1, Line::one())).ok()?;
    let gradient = network.gradient(&data);
    let slope = data.risk_gradient(&network.product());
    Some(((1..=layers.len()).map(|k| gradient.layer(k)).collect(), slope))
}

fn part<R: nalgebra::Dim, C: nalgebra::Dim, S: nalgebra::RawStorage<Line, R, C>>(
    m: &nalgebra::Matrix<Line, R, C, S>,
) -> Matrix {
    Matrix::from_fn(m.nrows(), m.ncols(), |i, j| m[(i, j)].derivative.clone())
}

/// A minimiser and a direction, without known norms.
pub(crate) struct Free {
    layers: Vec<Matrix>,
    directions: Vec<Matrix>,
    x: Matrix,
    y: Vector,
}

impl Free {
    fn draw(draw: &mut Draw<'_>) -> Self {
        let widths = widths(draw);
        let layers: Vec<Matrix> = widths.windows(2).map(|w| draw.matrix(w[1], w[0])).collect();
        let directions = widths.windows(2).map(|w| draw.matrix(w[1], w[0])).collect();
        let (x, y) = draw.data_for(draw.size(3), &product(&layers));
        Self { layers, directions, x, y }
    }
    fn gradients(&self) -> Option<(Vec<DMatrix<Line>>, DVector<Line>)> {
        gradients(&moved(&self.layers, &self.directions), &self.x, &self.y)
    }
    /// X, n, the layers, D; at the minimiser grad_k R^L and grad R^1, which vanish; the coefficients of xi of Delta_k =
    /// grad_k R^L(W) - grad_k R^L(W~) and of grad R^1(w~_prod).
    pub fn table(draw: &mut Draw<'_>) -> Drawn {
        let s = Self::draw(draw);
        let (gradients, slope) = s.gradients().ok_or("the layers do not chain")?;
        let table = Table::default().scalar("n", Rational::from(s.x.nrows() as i64)).matrix("X", &[], s.x.clone());
        Ok(table
            .scalar("L", Rational::from(s.layers.len() as i64))
            .family("grad", gradients.iter().map(|g| g.map(|v| v.value)))
            .family("Delta", gradients.iter().map(|g| -part(g)))
            .vector("grad R^1(w_prod)", &risk_gradient(&s.x, &s.y, &product(&s.layers)))
            .matrix(SLOPE, &[], part(&slope))
            .family("W", s.layers)
            .family("D", s.directions))
    }
}

/// A minimiser in the range of Corollary 1, and a direction; all norms known.
pub(crate) struct Limit {
    pub layers: Layers,
    pub design: Design,
    pub y: Vector,
    /// norm(w*)^2.
    pub square: Rational,
    /// norm(D_k).
    sizes: Vec<Rational>,
    /// D_1, .., D_L, column by column: a vector of all parameters, in the order of the Hessian.
    pub direction: Vector,
    /// sum_k norm_F(D_k)^2.
    pub frobenius: Rational,
    directions: Vec<Matrix>,
    /// Coefficients of xi in Delta_k.
    changes: Vec<Matrix>,
    /// Coefficient of xi in grad R^1(w~_prod).
    slope: Matrix,
}

impl Limit {
    /// `strained` is added to w* before y is formed: zero, except where the hypothesis that W is a minimiser is
    /// dropped.
    pub fn draw(draw: &mut Draw<'_>, strained: bool) -> Result<Self, &'static str> {
        let (depth, widths) = (draw.size(0), widths(draw));
        let base = draw.nonnegative();
        let share = |v: Rational| 1 + v / Rational::from(depth as i64);
        let tops = (0..depth).map(|_| &base * share(draw.share())).collect();
        let layers = Layers::draw(draw, tops);
        let design = Design::draw(draw, draw.size(3), draw.size(1));
        let mut directions = Vec::new();
        let mut sizes = Vec::new();
        for w in widths.windows(2) {
            let (u, v) = (draw.rotation(w[1]), draw.rotation(w[0]));
            let values: Vec<Rational> = (0..w[0].min(w[1])).map(|_| draw.number()).collect();
            sizes.push(values.iter().map(Rational::abs).max().unwrap_or_else(Rational::zero));
            directions.push(spectral(&u, &values, &v));
        }
        let strain = draw.vector(draw.size(1));
        let w_star = product(&layers.matrices);
        let square = norm_squared(w_star.iter());
        let inside = |s: &Rational| s.powi(2 * depth as u32) <= 4 * &square;
        if !layers.tops.iter().all(inside) {
            return Err("sigma_k > (2 norm(w*))^(1/L)");
        }
        let y = design.target(&if strained { &w_star + strain } else { w_star });
        let Some((gradients, slope)) = gradients(&moved(&layers.matrices, &directions), &design.x, &y) else {
            return Err("the layers do not chain");
        };
        Ok(Self {
            changes: gradients.iter().map(|g| -part(g)).collect(),
            slope: part(&slope),
            direction: Vector::from_vec(directions.iter().flat_map(|d| d.iter().cloned()).collect()),
            frobenius: directions.iter().fold(Rational::zero(), |s, d| s + norm_squared(d.iter())),
            directions,
            layers,
            design,
            y,
            square,
            sizes,
        })
    }
    pub fn depth(&self) -> u32 {
        self.sizes.len() as u32
    }
    /// L, sigma_k, D_k, delta_k = norm(D_k), Lambda, w*, the coefficients of xi of Delta_k and grad R^1(w~_prod).
    pub fn table(draw: &mut Draw<'_>) -> Drawn {
        let s = Self::draw(draw, false)?;
        Ok(Table::default()
            .scalar("L", Rational::from(i64::from(s.depth())))
            .scalar("Lambda", s.design.high.clone())
            .vector("w*", &product(&s.layers.matrices))
            .matrix(SLOPE, &[], s.slope)
            .family("Delta", s.changes)
            .family("D", s.directions)
            .family("delta", s.sizes.into_iter().map(scalar))
            .family("sigma", s.layers.tops.into_iter().map(scalar)))
    }
    /// The sum of the squared norms of the coefficients of xi in Delta_k.
    pub fn change(&self) -> Rational {
        self.changes.iter().fold(Rational::zero(), |s, c| s + norm_squared(c.iter()))
    }
    /// `(2 norm(w*))^(2 power)`.
    fn level(&self, power: u32) -> Rational {
        (4 * &self.square).powi(power)
    }
    /// `4 Lambda^2 (2 norm(w*))^(4(L-1)/L) value`, to the L-th power.
    pub fn squared_bound(&self, value: Rational) -> Rational {
        let lambda = self.design.high.powi(2);
        (4 * lambda * value).powi(self.depth()) * self.level(2 * (self.depth() - 1))
    }
    pub fn network(&self, bits: u32) -> Option<Network<Big>> {
        Some(self.layers.network()?.map(|q| of(q, bits)))
    }
    /// S(W).
    pub fn sharpness(&self, bits: u32) -> Option<Big> {
        let data = Moments::new(&self.design.x, &self.y).map(|q| of(q, bits));
        Some(sharpness_at_minimiser(&self.network(bits)?, &data))
    }
    /// `S(W) <= 2 L Lambda (2 norm(w*))^(2(L-1)/L)` where some sigma_k is `(2 norm(w*))^(1/L)`, so that the bound is
    /// rational: no eigenvalue of the exact Hessian is above it. Elsewhere every sigma_k is smaller and there is no
    /// equality.
    pub fn at_boundary(&self) -> Option<Tie> {
        let top = self.layers.tops.iter().max()?;
        let depth = self.depth();
        if depth > 1 && top.powi(2 * depth) != 4 * &self.square {
            return None;
        }
        let hessian = assemble(&self.layers.network()?, &Moments::new(&self.design.x, &self.y));
        let bound = Rational::from(2 * i64::from(depth)) * self.design.high.clone() * top.powi(2 * (depth - 1));
        Some(Tie::AtMost(inertia_at(&hessian, &bound)))
    }
    /// `constant L Lambda norm(w*)^(2-2/L)`.
    pub fn multiple(&self, constant: i64, bits: u32) -> Big {
        let half = Rational::new(constant, 2);
        depth_bound(&of(&(half * &self.design.high), bits), &of(&self.square, bits), None, self.depth() as usize)
    }
    /// S_min.
    pub fn least(&self, bits: u32) -> Big {
        depth_bound(&of(&self.design.low, bits), &of(&self.square, bits), None, self.depth() as usize)
    }
}
