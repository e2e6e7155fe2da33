//! The sharpness of a network of doubles, certified, by the cheapest form that is good enough.
//!
//! | method | what is certified | cost |
//! | --- | --- | --- |
//! | [`Method::RankD`] | largest eigenvalue of `2 R^T M R`, widened by a bound of norm(E) (Weyl) | one sweep, O(L d^3) |
//! | [`Method::Riccati`] | both ends, at any point, by the recursion of [`riccati`](super::riccati) | a few passes, O(L d^3) |
//! | [`Method::Dense`] | both ends of the assembled p x p Hessian | O(p^3) |
//! | [`Method::Mpfr`] | both ends of the Hessian of at most 64 parameters, where doubles leave them wide | O(p^3) in MPFR |
//!
//! **The way of the data.** [`sharpness`] brings problem and network into units whose Hessian is in the range of
//! doubles, `certify` makes a `Point` (one backward sweep, Sigma as a ball, g), tries the methods and intersects what
//! they prove, and the result goes back into the given units. A method that fails leaves its enclosure wide.
//!
//! Near a critical product the first is the cheapest and the most accurate. Elsewhere networks of a few dozen
//! parameters are assembled, all others go to the recursion. Where p > d, `2 J^T Sigma J` is singular and positive
//! semidefinite, so that the smallest eigenvalue of H lies within norm(E) of zero.

use super::escalate;
use super::forms::{assemble_over, largest_of_rank_d};
use super::riccati::{Chain, Request, leading};
use super::sweep::{Sweep, sweep};
use super::units::{Scaled, in_range};
use crate::arithmetic::{Big, Enclosure, Interval, Real, Ring};
use crate::error::{Error, Result};
use crate::hessian::enclosures::NetworkEnclosures;
use crate::linalg::ball::{BallMatrix, big, euclidean_norm};
use crate::linalg::{Linear, dense, upward};
use crate::network::Network;
use crate::problem::{Moments, Problem, WIDE, dot, norm_squared};
use nalgebra::{DMatrix, DVector};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Relative width that is good enough.
    pub relative_width: f64,
    /// Enclose the smallest eigenvalue too, where norm(E) does not already say that it is zero to within that share of
    /// the largest.
    pub tight_smallest: bool,
    /// The method.
    pub method: Choice,
}

impl Default for Options {
    fn default() -> Self {
        Self { relative_width: 1e-9, tight_smallest: false, method: Choice::Auto }
    }
}

/// Which method to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Choice {
    /// The cheapest that is good enough.
    Auto,
    /// The d x d form alone.
    RankD,
    /// The recursion alone.
    Riccati,
    /// The assembled Hessian.
    Dense,
}

/// How an enclosure was obtained.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Method {
    /// The d x d form, with the bound of norm(E) that widened it.
    RankD {
        /// Bound of norm(E).
        residual: f64,
    },
    /// The backward Riccati recursion.
    Riccati {
        /// Hessian-vector products spent on proposals.
        products: usize,
        /// Passes of the recursion, over both ends.
        passes: usize,
    },
    /// The assembled Hessian.
    Dense,
    /// The Hessian in MPFR.
    Mpfr {
        /// Its precision.
        bits: u32,
    },
}

impl Method {
    /// Its name on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Self::RankD { .. } => "rank-d",
            Self::Riccati { .. } => "riccati",
            Self::Dense => "dense",
            Self::Mpfr { .. } => "mpfr",
        }
    }
}

/// A certified sharpness.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Sharpness {
    /// The largest (signed) eigenvalue of the Hessian.
    pub value: Interval,
    /// The smallest (signed) eigenvalue; `None` where no bound is known.
    pub smallest: Option<Interval>,
    /// The method that gave `value`.
    pub method: Method,
    /// Why that method.
    pub reason: &'static str,
    /// Upper bound of norm(E), infinite where it was not needed. Zero for one layer; else zero would mean an exact
    /// critical product.
    pub residual: f64,
    /// Number of parameters.
    pub p: usize,
}

/// Precision of the few d-vectors that need more than doubles.
const VECTOR_BITS: u32 = WIDE;
/// Share of the wanted relative width that the steps of the sweep may take: it counts twice, and other errors add to
/// it.
const STEP_SHARE: f64 = 0.2;
/// Relative error of a factorisation of Sigma in doubles above which the d x d problem goes to MPFR.
const FACTOR_ERROR: f64 = 1e-11;

/// Parameters up to which the dense matrix is assembled without further thought: its eigenvalues cost less than a
/// Krylov space.
const SMALL: usize = 48;
/// Parameters up to which it is assembled where the recursion was not good enough.
const DENSE: usize = 2500;
/// Radius over norm up to which the gradient of the linear model is taken as doubles give it (2^-42).
const GRADIENT: f64 = 1.0 / (1u64 << 42) as f64;
/// Share of its terms above which the gradient of the linear model is too large for the d x d form to be good enough.
const FAR: f64 = 1e-6;
/// Relative width above which the form by N goes to MPFR: a tenth of what a sharpness may have.
const FORM_WIDTH: f64 = 1e-10;

/// A sweep with what the data add to it.
pub(super) struct Point<'a> {
    /// The data: Lambda, lambda and w* are read from here.
    problem: &'a Problem,
    /// b_k, N and their errors.
    sweep: Sweep,
    /// Sigma, d x d.
    sigma: BallMatrix<'static>,
    /// w_prod - w* at the computed product.
    offset: DVector<Big>,
    /// g = 2 Sigma (w_prod - w*): no cancellation is left to do in doubles.
    gradient: BallMatrix<'static>,
}

impl<'a> Point<'a> {
    /// Sweep, offset and gradient at w_prod. The gradient is made at the computed product p of the sweep; since
    /// `g(w_prod) - g(p) = 2 Sigma (w_prod - p)`, the ball is widened by `2 Lambda norm(w_prod - p)`. Cost: O(sum
    /// d_k^3). An error where the first layer does not match the data.
    ///
    /// With an infinite `relative_width` the steps of the sweep stay in doubles.
    pub(super) fn new(problem: &'a Problem, net: &Network<f64>, relative_width: f64) -> Result<Self> {
        let (d, d0) = (problem.dimension(), net.widths()[0]);
        if d != d0 {
            return Err(Error::input("W1", format!("has {d0} columns, the data have {d} columns")));
        }
        let sweep = sweep(net, relative_width * STEP_SHARE);
        let sigma = BallMatrix::from_enclosures(&problem.enclosed_moments().sigma);
        let offset = sweep.product(VECTOR_BITS) - problem.w_star::<Big>(VECTOR_BITS);
        let column = |v: DVector<Big>| BallMatrix::from_enclosures(&DMatrix::from_column_slice(d, 1, v.as_slice()));
        let mut at_product = sigma.product(&column(offset.map(|v| v.scale(1))));
        // A small gradient is a cancellation of large terms where Sigma is badly conditioned: then in MPFR. What is
        // not a number goes there too.
        let is_sharp = at_product.radius() < GRADIENT * euclidean_norm(at_product.mid().as_slice());
        if !is_sharp {
            at_product = column((&problem.wide_moments().sigma * &offset).map(|v| v.scale(1)));
        }
        let widening = upward::mul(upward::mul(2.0, problem.lambda_max().hi()), sweep.product_error);
        let radius = upward::add(at_product.radius(), widening);
        let gradient = BallMatrix::new(at_product.into_mid(), radius);
        Ok(Self { problem, sweep, sigma, offset, gradient })
    }

    /// What the recursion reads.
    pub(super) fn chain<'n>(&self, net: &'n Network<f64>) -> Chain<'n> {
        Chain::new(net, &self.sweep, &self.gradient, self.sigma.clone())
    }

    /// Enclosure of the norm of the gradient of R^L: `norm(grad R^L)^2 = sum_k norm(b_k)^2 norm(A_k g)^2 = g^T M g`.
    ///
    /// `lower N - r I <= M <= upper N + r I` of the sweep turns into the same bounds of the quadratic form, with
    /// `r norm(g)^2`.
    fn gradient_norm(&self) -> Interval {
        let g = &self.gradient;
        let quadratic = g.transposed_product(&BallMatrix::exact(&self.sweep.gram).product(g)).entry(0, 0);
        let absolute = upward::mul(self.sweep.absolute, upward::mul(g.norm(), g.norm()));
        nonnegative(self.sweep.relative * quadratic + Interval::symmetric(absolute)).sqrt()
    }

    /// Enclosure of `e(w) = grad R^1(w)^T w` at w_prod, from that at the computed product p with
    /// `norm(w_prod - p) <= delta`: the gradient of e is `grad R^1(w) + 2 Sigma w`, so that `|e(w_prod) - e(p)| <=
    /// delta (norm(grad R^1(p)) + 2 Lambda norm(p) + 2 Lambda delta)`.
    fn radial_slope(&self, pulled: &DVector<Big>) -> Interval {
        let product = self.sweep.product(VECTOR_BITS);
        let at = dot(&pulled.map(|v| v.scale(1)), &product).to_interval();
        let delta = self.sweep.product_error;
        let size = norm_squared(product.iter()).sqrt().to_interval().hi();
        let steep = upward::mul(upward::mul(2.0, self.problem.lambda_max().hi()), upward::add(size, delta));
        at + Interval::symmetric(upward::mul(delta, upward::add(self.gradient.norm(), steep)))
    }

    /// Upper bound of norm_F(E) from the sweep: `norm_F(E)^2 = 2 sum_j norm(A_j g)^2 tr(N_{j+1}) <= 2 ratio g^T M g`,
    /// or by bounding A_j g forward where that is smaller.
    ///
    /// The first: `tr(N_{j+1}) <= ratio norm(b_j)^2` for j < L, and `sum_j norm(b_j)^2 norm(A_j g)^2 = g^T M g`. The
    /// forward bound is computed only where `good_enough` refuses the first.
    fn residual(&self, net: &Network<f64>, good_enough: impl Fn(f64) -> bool) -> f64 {
        if net.depth() == 1 {
            return 0.0;
        }
        let norm = self.gradient_norm().hi();
        let bound = upward::mul(upward::sqrt(upward::mul(2.0, self.sweep.ratio)), norm);
        if good_enough(bound) {
            return bound;
        }
        bound.min(self.forward_residual(net))
    }

    /// `(2 sum_j norm(A_j g)^2 tr(N_{j+1}))^(1/2)` with A_j g in balls, whose radii grow with the norms of the
    /// layers.
    fn forward_residual(&self, net: &Network<f64>) -> f64 {
        let mut a = self.gradient.clone();
        let mut sum = 0.0;
        for (layer, trace) in net.layers().iter().zip(&self.sweep.traces[1..]) {
            let norm = a.norm();
            sum = upward::add(sum, upward::mul(upward::mul(norm, norm), *trace));
            a = BallMatrix::exact(layer).product(&a);
        }
        upward::sqrt(upward::mul(2.0, sum))
    }

    /// Enclosure of `lambda_max(2 R^T M R)`.
    ///
    /// The sweep gives `lower N - r I <= M <= upper N + r I`, and the order survives `2 R^T . R`: the eigenvalue lies
    /// within `2 r Lambda` of a number of `[lower, upper]` times `lambda_max(2 R^T N R)`. That one is tried in
    /// doubles by a factor of Sigma, then by one of N, then in MPFR. The whole line where the sweep knows nothing
    /// (overflow). An error where two precisions contradict each other.
    fn rank_d(&self) -> Result<Interval> {
        if !self.sweep.relative.is_bounded() {
            return Ok(Interval::ENTIRE);
        }
        let absolute = upward::mul(upward::mul(2.0, self.sweep.absolute), self.problem.lambda_max().hi());
        let small = self.rank_d_in_doubles().or_else(|| self.rank_d_by_gram());
        let small = small.map_or_else(|| self.rank_d_in_mpfr(), Ok)?;
        Ok(nonnegative(self.sweep.relative * small + Interval::symmetric(absolute)))
    }

    /// With an approximate factor R and `delta >= norm(Sigma - R R^T)`, `Sigma = R (I + F) R^T` with `norm(F) <= f =
    /// delta / (lambda - delta)`. An exact factor of Sigma is `R C` with `C C^T = I + F`, and by Ostrowski's theorem
    /// the largest eigenvalue of `C^T X C` is that of the symmetric `X = 2 R^T N R` times a number in `[1 - f, 1 + f]`.
    /// `None` where f is too large.
    ///
    /// `norm(F) = norm(R^-1 (Sigma - R R^T) R^-T) <= delta norm((R R^T)^-1)`, and `R R^T >= (lambda - delta) I` by
    /// Weyl's theorem.
    fn rank_d_in_doubles(&self) -> Option<Interval> {
        let factor = nalgebra::Cholesky::new(self.sigma.mid().clone())?.unpack();
        let r = BallMatrix::exact(&factor);
        let delta = self.sigma.sum(&r.product(&r.transposed()).negated()).norm();
        let f = upward::div(delta, (Interval::point(self.problem.lambda().lo()) - Interval::point(delta)).lo());
        if f > FACTOR_ERROR {
            return None;
        }
        let form = r.congruence(&BallMatrix::exact(&self.sweep.gram)).doubled();
        Some(dense::largest(&form) * (Interval::point(1.0) + Interval::symmetric(f)))
    }

    /// The same with the roles of Sigma and N exchanged: for `N = K (I + F) K^T`, `C^T (2 K^T Sigma K) C`. The
    /// condition of N counts then, and that of Sigma does not. `None` where N is not proved positive definite, f is too
    /// large, or the form is too wide.
    fn rank_d_by_gram(&self) -> Option<Interval> {
        let n = BallMatrix::exact(&self.sweep.gram);
        let factor = nalgebra::Cholesky::new(self.sweep.gram.clone())?.unpack();
        let k = BallMatrix::exact(&factor);
        let delta = n.sum(&k.product(&k.transposed()).negated()).norm();
        let least = -dense::largest(&n.negated()).hi();
        let f = upward::div(delta, (Interval::point(least) - Interval::point(delta)).lo());
        let form = k.congruence(&self.sigma).doubled();
        let value = dense::largest(&form) * (Interval::point(1.0) + Interval::symmetric(f));
        (f <= FACTOR_ERROR && value.width() <= FORM_WIDTH * value.lo()).then_some(value)
    }

    /// The same with Sigma factorised in MPFR, the enclosures of all precisions intersected until one is narrower
    /// than 1e-12 of itself.
    fn rank_d_in_mpfr(&self) -> Result<Interval> {
        let mut best = Interval::ENTIRE;
        // 1024 bits carry condition numbers up to about 1e150; beyond, the width says so.
        for bits in [128, 256, 512, 1024] {
            let sigma = self.problem.moments::<Big>(bits).sigma;
            let value = largest_of_rank_d(&big(&self.sweep.gram, bits), &sigma).to_interval();
            best = best.meet(&value)?;
            if best.is_bounded() && best.width() <= 1e-12 * best.magnitude() {
                break;
            }
        }
        Ok(best)
    }
}

/// The part of x that is not negative, for a number known not to be negative.
fn nonnegative(x: Interval) -> Interval {
    Interval::new(x.lo().max(0.0), x.hi().max(0.0))
}

/// The largest and smallest eigenvalues of the Hessian of R^L, certified.
///
/// `value` encloses `lambda_max(H)`, `smallest` encloses `lambda_min(H)`, H the p x p Hessian of R^L at exactly the
/// given doubles. [`Options`] say how wide is good enough; a wider answer is still an enclosure, and whoever needs
/// the width looks at it. `smallest` is `None` where it was not asked for and did not come along with `value`, or is
/// not bounded.
///
/// The network need not be a minimiser, nor near one. The weights are exact and are borrowed. Where nothing can be
/// certified (overflow), `value` has no upper end.
///
/// ```
/// use flatcert::arithmetic::Enclosure;
/// use flatcert::hessian::{Options, sharpness};
/// # use flatcert::{network::Network, problem::Problem, nalgebra::{DMatrix, DVector}};
/// // X = I, y = (1, 1), W_1 = (1, 1), W_2 = 1: a minimiser whose Hessian has the eigenvalues 3, 1 and 0.
/// # let (x, y) = (DMatrix::identity(2, 2), DVector::from_element(2, 1.0));
/// # let problem = Problem::from_f64("two points", &x, &y)?;
/// # let layers = vec![DMatrix::from_element(1, 2, 1.0), DMatrix::from_element(1, 1, 1.0)];
/// # let network = Network::new(layers, DVector::from_element(1, 1.0))?;
/// let found = sharpness(&problem, &network, &Options::default())?;
/// assert!(found.value.lo() <= 3.0 && 3.0 <= found.value.hi() && found.value.width() < 1e-12);
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// The first layer does not match the data. An internal error if two certificates contradict each other.
pub fn sharpness(problem: &Problem, net: &Network<f64>, options: &Options) -> Result<Sharpness> {
    let Scaled { problem, net, exponent } = in_range(problem, net);
    let found = certify(&problem, &net, options)?;
    let (value, smallest) = (found.value.scale(exponent), found.smallest.map(|v| v.scale(exponent)));
    let residual = Interval::new(0.0, found.residual).scale(exponent).hi();
    let found = Sharpness { value, smallest, residual, ..found };
    Ok(if options.method == Choice::Auto { found } else { Sharpness { reason: "asked for", ..found } })
}

/// [`sharpness`] in units in which the Hessian is in range. In this order, each only where what is known is not
/// narrow enough for `options`, and all enclosures intersected:
///
/// 1. the rank-d form, at one layer or near a critical product, or where asked for;
/// 2. up to 48 parameters, or where asked for, the dense ends; else the recursion;
/// 3. the dense ends after all, up to 2500 parameters;
/// 4. MPFR, up to 64 parameters, where `value` is wider than the share of its distance from zero;
/// 5. the rank-d form away from a critical product, where nothing else has an upper end.
///
/// With a method named in `options` only that one runs. H has the diagonal of a positive semidefinite matrix (E has
/// zero diagonal blocks), so `value` starts from `[0, infinity]`.
fn certify(problem: &Problem, net: &Network<f64>, options: &Options) -> Result<Sharpness> {
    let p = net.parameters();
    let critical = net.depth() == 1 || is_near_critical(problem, net);
    let form = match options.method {
        Choice::Auto => critical,
        choice => choice == Choice::RankD,
    };
    let point = Point::new(problem, net, if form { options.relative_width } else { f64::INFINITY })?;
    let half_line = Interval::new(0.0, f64::INFINITY);
    let method = Method::RankD { residual: f64::INFINITY };
    let mut out = Sharpness { value: half_line, smallest: None, method, reason: "", residual: f64::INFINITY, p };
    let mut smallest = Interval::ENTIRE;
    if form {
        (out, smallest) = point.by_rank_d(net, options)?;
        out.smallest = smallest.is_bounded().then_some(smallest);
    }
    let good = |v: Interval| v.is_bounded() && v.width() <= options.relative_width * v.magnitude();
    let settled = |out: &Sharpness, smallest: Interval| {
        let end = options.tight_smallest.then_some(smallest);
        let share = options.relative_width * out.value.magnitude();
        good(out.value) && end.is_none_or(|s| s.is_bounded() && (good(s) || s.width() <= share && form))
    };
    if options.method == Choice::RankD || (form && settled(&out, smallest)) {
        return Ok(out);
    }
    let was_good = good(out.value);
    let assembled = options.method == Choice::Dense || (options.method == Choice::Auto && p <= SMALL);
    if !assembled {
        let chain = point.chain(net);
        let request = Request {
            largest: usize::from(!was_good),
            smallest: usize::from(options.tight_smallest),
            parameters: p,
            relative_width: options.relative_width.max(LEAST_WIDTH),
        };
        let ends = leading(&chain, &request);
        if let Some(v) = ends.largest.values.first() {
            out.value = out.value.meet(v)?;
            out.method =
                Method::Riccati { products: ends.products, passes: ends.largest.passes + ends.smallest.passes };
            out.reason = "not near a critical product: the d x d form would be too wide";
        }
        if let Some(v) = ends.smallest.values.first() {
            smallest = smallest.meet(v)?;
        }
    }
    if assembled || (options.method == Choice::Auto && p <= DENSE && !settled(&out, smallest)) {
        let ends = dense::extremes(&assemble_ball(problem, net));
        smallest = smallest.meet(&ends.smallest)?;
        let value = out.value.meet(&ends.largest)?;
        if !good(out.value) {
            out.method = Method::Dense;
            out.reason = if assembled {
                "so few parameters that the Hessian is assembled"
            } else {
                "the recursion was too wide"
            };
        }
        out.value = value;
    }
    let narrow = |v: &Interval| v.is_bounded() && v.width() <= options.relative_width * v.mignitude();
    if options.method == Choice::Auto && p <= escalate::HESSIAN_LIMIT && !narrow(&out.value) {
        let mut known = (smallest, out.value);
        let bits = escalate::spectrum(problem, net, &mut known, |k| narrow(&k.1))?;
        (smallest, out.value) = known;
        (out.method, out.reason) = (Method::Mpfr { bits }, "doubles leave it wide");
    }
    if !out.value.is_bounded() && !form && options.method == Choice::Auto {
        let (coarse, around) = Point::new(problem, net, options.relative_width)?.by_rank_d(net, options)?;
        out.value = out.value.meet(&coarse.value)?;
        smallest = smallest.meet(&around)?;
        (out.method, out.reason, out.residual) = (coarse.method, "nothing else is bounded", coarse.residual);
    }
    out.smallest = smallest.is_bounded().then_some(smallest);
    Ok(out)
}

/// Below this relative width the recursion's own errors are larger.
const LEAST_WIDTH: f64 = 1e-12;

/// Whether the gradient of the linear model at w_prod is, in doubles, small compared with its terms.
///
/// It chooses the method and proves nothing.
fn is_near_critical(problem: &Problem, net: &Network<f64>) -> bool {
    let data = midpoint_moments(problem);
    let product = net.product();
    if product.len() != data.cross.len() {
        return false;
    }
    let fitted = &data.sigma * product;
    // A NaN is not near.
    (&fitted - &data.cross).norm() <= FAR * (fitted.norm() + data.cross.norm())
}

impl Point<'_> {
    /// The d x d form, and an enclosure of the smallest eigenvalue (the whole line where nothing is known).
    ///
    /// Weyl: `H = 2 J^T Sigma J + E` has its largest eigenvalue within norm(E) of that of the form. With p > d the
    /// form has rank at most d < p and is positive semidefinite, so that its smallest eigenvalue is zero and that of
    /// H lies in `[-norm(E), norm(E)]`.
    fn by_rank_d(&self, net: &Network<f64>, options: &Options) -> Result<(Sharpness, Interval)> {
        let p = net.parameters();
        let form = self.rank_d()?;
        let tolerance = options.relative_width * form.lo().max(0.0);
        let residual = self.residual(net, |r| 4.0 * r <= tolerance);
        let around = Interval::symmetric(residual);
        // Diagonal entries of H are those of a positive semidefinite matrix, so its largest eigenvalue is not negative.
        let value = nonnegative(form + around);
        let smallest = if net.depth() == 1 { self.smallest_of_one_layer(net) } else { around };
        let smallest = if p > self.problem.dimension() || net.depth() == 1 { smallest } else { Interval::ENTIRE };
        let reason = if net.depth() == 1 { "one layer: the d x d form is exact" } else { "near a critical product" };
        let method = Method::RankD { residual };
        Ok((Sharpness { value, smallest: None, method, reason, residual, p }, smallest))
    }

    /// `H = 2 Sigma (x) w w^T`: zero is an eigenvalue unless w has one entry.
    fn smallest_of_one_layer(&self, net: &Network<f64>) -> Interval {
        match net.head().as_slice() {
            [w] => Interval::point(*w).powi(2) * self.problem.lambda() * Interval::point(2.0),
            _ => Interval::point(0.0),
        }
    }
}

/// The moments in doubles, for `is_near_critical`.
fn midpoint_moments(problem: &Problem) -> Moments<f64> {
    let m = problem.enclosed_moments();
    Moments { sigma: m.sigma.map(|v| v.mid()), cross: m.cross.map(|v| v.mid()), power: m.power.mid() }
}

/// Share of its norm that the radius of an assembled Hessian may have.
const ASSEMBLED: f64 = 1e-12;

/// The Hessian of a network of doubles as a ball: [`assemble`](super::assemble) in balls; where their radius has grown
/// past what a certificate can use (deep and narrow), the sweeps and products of layers are redone in MPFR and only the
/// blocks are balls.
///
/// Sigma and X^T y / n enter as balls or MPFR enclosures, the weights exactly. At most 4096 bits are tried, and the
/// narrowest ball found is returned whatever its radius: the caller's enclosure is then wide, not wrong. Cost: O(p^2)
/// numbers of memory, O(L^2 d^3 + p^2) operations.
pub fn assemble_ball(problem: &Problem, net: &Network<f64>) -> BallMatrix<'static> {
    let sigma = BallMatrix::from_enclosures(&problem.enclosed_moments().sigma);
    let layers: Vec<BallMatrix> = net.layers().iter().map(BallMatrix::exact).collect();
    let column = |v: &DVector<f64>| DMatrix::from_column_slice(v.len(), 1, v.as_slice());
    let head = column(net.head());
    let cross = &problem.enclosed_moments().cross;
    let cross = BallMatrix::from_enclosures(&DMatrix::from_fn(cross.len(), 1, |i, _| -cross[i]));
    let exact_head = BallMatrix::exact(&head);
    let fast =
        assemble_over(&layers, &exact_head, &sigma, |b| sigma.product(b).sum(&cross).doubled(), BallMatrix::clone);
    if fast.radius() <= ASSEMBLED * fast.mid().norm() {
        return owned(fast);
    }
    let mut best = owned(fast);
    // Each step doubles what a chain of products may lose.
    for bits in [256, 1024, 4096] {
        let moments = problem.moments::<Big>(bits);
        let layers: Vec<DMatrix<Big>> = net.layers().iter().map(|w| big(w, bits)).collect();
        let gradient = |b: &DMatrix<Big>| {
            let g = moments.risk_gradient(&DVector::from_column_slice(b.as_slice()));
            DMatrix::from_column_slice(g.len(), 1, g.as_slice())
        };
        let ball = |m: &DMatrix<Big>| BallMatrix::from_enclosures(m);
        let next = assemble_over(&layers, &big(&head, bits), &moments.sigma, gradient, ball);
        if next.radius() < best.radius() {
            best = owned(next);
        }
        if best.radius() <= ASSEMBLED * best.mid().norm() {
            break;
        }
    }
    best
}

/// The ball with a midpoint of its own.
fn owned(a: BallMatrix<'_>) -> BallMatrix<'static> {
    let radius = a.radius();
    BallMatrix::new(a.into_mid(), radius)
}

/// Rigorous enclosures of risk, gradient and distances, from one sweep over the weights.
///
/// First in doubles. Where the distance to w* may be zero and `Sigma w_prod = X^T y / n` holds in rationals, the risk
/// is R_min and excess risk, gradient, distance and slope are exactly zero; else, up to
/// [`VECTOR_LIMIT`](super::VECTOR_LIMIT) parameters, they are evaluated again in MPFR if one of risk, excess risk,
/// gradient and distance is wider than 1e-9 of its size.
///
/// # Errors
/// The first layer does not match the data. An internal error if two enclosures contradict each other.
pub fn network_enclosures(problem: &Problem, net: &Network<f64>) -> Result<NetworkEnclosures> {
    if let Some((problem, k)) = problem.at_unit_scale() {
        let out = network_enclosures(&problem, net)?;
        let (risk, excess_risk) = (out.risk.scale(k), out.excess_risk.scale(k));
        let (gradient_norm, radial_slope) = (out.gradient_norm.scale(k), out.radial_slope.scale(k));
        return Ok(NetworkEnclosures { risk, excess_risk, gradient_norm, radial_slope, ..out });
    }
    let relative = Options::default().relative_width;
    let width = if is_near_critical(problem, net) { relative } else { f64::INFINITY };
    let mut out = in_doubles(problem, net, width)?;
    if !out.distance.is_positive() && escalate::implements_exactly(problem, net) == Some(true) {
        let zero = Interval::point(0.0);
        let (gradient_norm, distance, radial_slope) = (zero, zero, zero);
        let (risk, excess_risk) = (problem.r_min(), zero);
        out = NetworkEnclosures { risk, excess_risk, gradient_norm, distance, radial_slope, ..out };
    } else if net.parameters() <= escalate::VECTOR_LIMIT {
        out = escalate::enclosures(problem, net, out, relative)?;
    }
    Ok(out)
}

/// The enclosures from a `Point`. `R^L - R_min = norm(w_prod - w*)_Sigma^2`, where the seminorm changes by at most
/// `Lambda^(1/2) norm(w_prod - p)` from the computed product p to w_prod: so the excess is accurate near zero, where
/// a difference of risks would cancel.
fn in_doubles(problem: &Problem, net: &Network<f64>, relative_width: f64) -> Result<NetworkEnclosures> {
    let point = Point::new(problem, net, relative_width)?;
    let off = &point.offset;
    let error = point.sweep.product_error;
    let distance = nonnegative(dot(off, off).sqrt().to_interval() + Interval::symmetric(error));
    // sqrt(v^T Sigma v) is a norm of v, at most sqrt(Lambda) times the Euclidean one.
    let pulled = &problem.wide_moments().sigma * off;
    let energy = dot(off, &pulled).sqrt().to_interval();
    let widening = upward::mul(upward::sqrt(problem.lambda_max().hi()), error);
    let excess_risk = nonnegative(energy + Interval::symmetric(widening)).powi(2);
    let layer_norms = net.layers().iter().map(frobenius).collect();
    Ok(NetworkEnclosures {
        risk: problem.r_min() + excess_risk,
        excess_risk,
        gradient_norm: point.gradient_norm(),
        distance,
        layer_norms,
        radial_slope: point.radial_slope(&pulled),
    })
}

/// The Frobenius norm, at any scale: where the sum of squares overflows, or underflows to something that may be zero,
/// in MPFR, whose exponents reach further.
fn frobenius(w: &DMatrix<f64>) -> Interval {
    let square = w.iter().fold(Interval::from_i64(0), |s, v| s + Interval::point(*v).powi(2));
    if square.is_bounded() && (square.is_positive() || w.iter().all(|v| *v == 0.0)) {
        return square.sqrt();
    }
    w.iter().fold(Big::from_i64(0), |s, v| s + Big::from_f64(*v, 64).powi(2)).sqrt().to_interval()
}
