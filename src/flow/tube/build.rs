//! Proposes a trajectory by Taylor expansion in doubles, and the radii that the bounds then allow. Nothing here is
//! trusted.
//!
//! **One piece.** From the present weights the flow is expanded in time up to `tau^degree`; the expansion says how
//! far it is good to rounding (`reach`). At that distance it is expanded again, and the second expansion, about the
//! middle, is the piece: it stands for twice its reach. Then the next piece begins at its end. Where a piece's own
//! reach is below one its middle is moved nearer, eight times at most.
//!
//! **Radii.** The bounds of a piece need a radius to hold in, and the radius needs the bounds: four radii are assumed
//! one after the other, from 1e-10 of the weights' norm on, all pieces are bounded in parallel, and the error is
//! propagated once. A piece whose error exceeds the assumed radius sends everything to the next radius.
//!
//! Nothing here need be trusted, because `verify` repeats the bounds on the claimed radii; what fails here is only a
//! worse tube, or none.

use super::bound::horner;
use super::verify::{jump, last, limit_radius, start_error};
use super::{Bounds, Certificate, Clock, Piece, Setting, Watch, check, layers, stopped};
use crate::arithmetic::{Enclosure, Interval, Rational, upward};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::problem::{Moments, Problem};
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;

/// How a tube is built.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Number of Taylor coefficients less one; at least 2, since how far a series reaches is read from its last two.
    pub degree: usize,
    /// Integrates until `norm(w_prod - w*)` falls below this, times norm(w*); below its square, times the initial
    /// norm(w_prod), where that is larger (w* = 0, say); or to the rounding of w_prod.
    pub distance: f64,
    /// Largest number of pieces.
    pub pieces: usize,
    /// The parts of a piece together may add about this much (a fifth more is let pass) to the exponent beyond what the
    /// Hessians at their ends give.
    pub excess: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { degree: 24, distance: 1e-11, pieces: 20_000, excess: 0.03 }
    }
}

/// Radii assumed while the bounds are computed, relative to the norm of the weights, the next only if the one before
/// was too small.
const ASSUMED: [f64; 4] = [1e-10, 1e-8, 1e-6, 1e-4];
/// Growth of the pieces' length in time from one to the next: a safeguard, not a limit.
const GROWTH: f64 = 1e3;
/// No more parts per piece than this.
const CUTS: usize = 96;
/// The claims of a certificate exceed what follows on this machine by this share, piece by piece.
///
/// Another processor's kernels round the Hessian otherwise, and then may stop the bisection for its largest eigenvalue
/// elsewhere: both change the exponent of a piece by less than about `1e-8 half norm(H)`, and a Taylor expansion of
/// degree 24 to the roundoff of doubles reaches `half norm(H) <= 3`. The slack is thirty times that, and over the
/// largest number of pieces it adds 2 per cent to the radius.
const SLACK: f64 = 1.0 / (1_u64 << 20) as f64;
/// The digits of a piece's higher coefficients end here, relative to the largest weight.
const QUANTUM: f64 = 1.0 / (1_u128 << 67) as f64;
/// Pieces between two looks at the pace.
const LOOK: usize = 128;

/// The flow in doubles.
///
/// Taylor's method of any order, by the recurrences of (5) on power series.
struct Approximate<'a> {
    /// Widths, head and data.
    setting: &'a Setting<'a>,
    /// Sigma and `X^T y / n`, rounded.
    moments: Moments<f64>,
    /// Highest power of tau in an expansion.
    degree: usize,
}

impl Approximate<'_> {
    /// Taylor coefficients of the flow through `at` in units of `unit` of time: `x_(k+1) = unit f(x)_k / (k+1)`, order
    /// after order, with those of `b_l = W_(l+1)^T b_(l+1)` and `a_(l+1) = W_(l+1) a_l`, a_0 the gradient of R^1.
    ///
    /// `degree + 1` coefficients of length p each. In order k every product of two series is a sum over k + 1 pairs
    /// of coefficients (Cauchy), so that an expansion costs O(p degree^2): three passes over the weights for each
    /// pair.
    fn expand(&self, at: &[f64], unit: f64) -> Vec<Vec<f64>> {
        let depth = self.setting.widths.len() - 1;
        let mut weights = vec![layers(&self.setting.widths, at.iter().copied())];
        let mut a: Vec<Vec<DVector<f64>>> = Vec::new();
        let mut b = a.clone();
        for k in 0..self.degree {
            let head = &self.setting.head;
            let mut backward = vec![if k == 0 { head.clone() } else { DVector::zeros(head.len()) }];
            for l in (0..depth).rev() {
                let mut sum = weights[0][l].tr_mul(&backward[depth - 1 - l]);
                (1..=k).for_each(|i| sum.gemv_tr(1.0, &weights[i][l], &b[k - i][l + 1], 1.0));
                backward.push(sum);
            }
            backward.reverse();
            let mut start = &self.moments.sigma * &backward[0];
            if k == 0 {
                start -= &self.moments.cross;
            }
            b.push(backward);
            a.push(vec![start * 2.0]);
            for l in 0..depth - 1 {
                let mut sum = DVector::zeros(weights[0][l].nrows());
                (0..=k).for_each(|i| sum.gemv(1.0, &weights[i][l], &a[k - i][l], 1.0));
                a[k].push(sum);
            }
            let scale = -unit / (k + 1) as f64;
            let next = |l: usize| {
                let mut sum = DMatrix::zeros(weights[0][l].nrows(), weights[0][l].ncols());
                (0..=k).for_each(|i| sum.ger(scale, &b[i][l + 1], &a[k - i][l], 1.0));
                sum
            };
            weights.push((0..depth).map(next).collect());
        }
        weights.iter().map(|w| w.iter().flat_map(|w| w.iter().copied()).collect()).collect()
    }
    /// Units of time within which the series is good to the last digits.
    ///
    /// The distance at which the last term is a quarter of the rounding of the size of the series,
    /// `norm(c_k) t^k = size EPSILON / 4`, the smaller of those for the last two orders (one of them may be zero by a
    /// symmetry). Infinite where both vanish.
    fn reach(coefficients: &[Vec<f64>]) -> f64 {
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let size = norm(&coefficients[0]).max(norm(&coefficients[1]));
        let n = coefficients.len() - 1;
        [n - 1, n]
            .into_iter()
            .map(|k| (norm(&coefficients[k]) / (size * 0.25 * f64::EPSILON)).powf(-1.0 / k as f64))
            .fold(f64::INFINITY, f64::min)
    }
    /// A first guess of the time in which the weights change.
    ///
    /// The norm of the weights over that of the gradient, shortened by factors of 1024 while a coefficient is 1e100 or
    /// more, 64 times at most.
    ///
    /// # Errors
    /// The gradient is zero or not finite in doubles; the message says which, and whether it vanishes exactly.
    fn first_unit(&self, at: &[f64]) -> Result<f64> {
        let net = self.setting.network(at)?;
        let speed = net.gradient(&self.moments).norm_squared().sqrt();
        if !(speed > 0.0 && speed.is_finite()) {
            return Err(Error::input("tube", still(self.setting.problem, &net, speed)));
        }
        let size = at.iter().map(|x| x * x).sum::<f64>().sqrt();
        // From zero weights, which only depth 1 can leave: the time scale of the quadratic.
        let mut unit = if size > 0.0 { size / speed } else { 1.0 / self.setting.problem.lambda_max().hi() };
        // Near a minimiser that is far longer than the fastest direction takes: the coefficients would overflow.
        for _ in 0..64 {
            if self.expand(at, unit).iter().flatten().all(|v| v.abs() < 1e100) {
                break;
            }
            unit /= 1024.0;
        }
        Ok(unit)
    }
}

/// Why there is no first step where doubles give the gradient this norm.
///
/// A zero in doubles may be an underflow: with exact moments the gradient at the doubles is formed in rationals.
fn still(problem: &Problem, network: &Network<f64>, speed: f64) -> &'static str {
    const OTHER_UNITS: &str =
        "the gradient at the start is beyond the range of doubles: choose other units for X and y";
    if speed != 0.0 {
        return OTHER_UNITS;
    }
    let exactly = |v: &f64| Rational::from_f64(*v).unwrap_or_else(|| Rational::from(0));
    match problem.exact_moments() {
        Some(moments) if network.map(exactly).gradient(moments).norm_squared().is_zero() => {
            "the gradient vanishes at the start: the flow does not move"
        }
        Some(_) => OTHER_UNITS,
        None => "in doubles the gradient at the start is zero",
    }
}

/// Drops the digits of higher coefficients that are far below the rounding of the first: the file compresses.
///
/// A multiple of the quantum, which is 2^-15 units in the last place of the largest weight, stands for each; those of
/// more than 52 bits above the quantum stay. The defect is bounded from the shortened coefficients, so that nothing
/// is lost but digits.
fn shorten(coefficients: &mut [Vec<f64>]) {
    let size = coefficients[0].iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let quantum = size.log2().floor().exp2() * QUANTUM;
    let normal = quantum >= f64::MIN_POSITIVE;
    if !normal {
        return;
    }
    for v in coefficients[1..].iter_mut().flatten() {
        let units = *v / quantum;
        if units.abs() < (1_u64 << 52) as f64 {
            *v = units.round() * quantum;
        }
    }
}

/// Watches how fast w_prod nears w*, to give up early rather than after the last piece.
///
/// Used by [`trajectory`] from where the saddle is left.
struct Pace {
    /// `norm(w_prod - w*)` at the last look; infinite before the first.
    seen: f64,
    /// Looks in a row that forecast more pieces than are left.
    slow: u32,
}

impl Pace {
    /// Every [`LOOK`] pieces: how many more are needed at this pace, if twice in a row that is more than are left.
    fn look(&mut self, distance: f64, target: f64, left: usize) -> Option<f64> {
        let more = (distance / target).ln() / (self.seen / distance).ln().max(0.0) * LOOK as f64;
        self.seen = distance;
        self.slow = if more > left as f64 { self.slow + 1 } else { 0 };
        (self.slow >= 2).then_some(more)
    }
}

/// What the rounding of the products and of the weights can come to in w_prod: nearer to w* no doubles come.
///
/// An estimate in Frobenius norms, not a bound: L + 1 roundings of the product of all layers, and a change of each
/// layer by four quanta of the largest, times the norms of the others. A target below it would never be met.
fn rounding(network: &Network<f64>) -> f64 {
    let norms: Vec<f64> = network.layers().iter().map(|w| w.norm()).collect();
    let without = |k: usize| norms.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, n)| n).product::<f64>();
    let largest = norms.iter().fold(0.0_f64, |m, n| m.max(*n));
    let depth = norms.len();
    let products = (depth + 1) as f64 * f64::EPSILON * norms.iter().product::<f64>();
    let weights = 4.0 * QUANTUM * largest * (0..depth).map(without).sum::<f64>();
    network.head().norm() * (products + weights)
}

/// Pieces from the start until w_prod is near w*: polynomials without radii.
///
/// No piece where the start is already near enough.
///
/// # Errors
/// A degree below 2; the budget of pieces is spent, or will be at the pace of the last 256 pieces; the gradient gives
/// no first step; the weights leave the range of doubles; the watch wants an end.
pub(super) fn trajectory(setting: &Setting, start: &[f64], options: &Options, watch: &dyn Watch) -> Result<Vec<Piece>> {
    if options.degree < 2 {
        return Err(Error::input("tube", format!("degree {}: expected at least 2", options.degree)));
    }
    let problem = setting.problem;
    let moments = problem.enclosed_moments().map(Interval::mid);
    let w_star: Vec<f64> = problem.w_star::<Interval>(53).iter().map(Interval::mid).collect();
    let w_star = DVector::from_vec(w_star);
    let flow = Approximate { setting, moments, degree: options.degree };
    let mut now = start.to_vec();
    let mut pieces: Vec<Piece> = Vec::new();
    let size = w_star.norm().max(options.distance * setting.network(&now)?.product().norm());
    let mut pace = Pace { seen: f64::INFINITY, slow: 0 };
    loop {
        let network = setting.network(&now)?;
        let distance = (network.product() - &w_star).norm();
        let target = (options.distance * size).max(rounding(&network));
        if distance <= target {
            return Ok(pieces);
        }
        if watch.stop() {
            return Err(stopped());
        }
        watch.advanced("integrated", pieces.len(), None);
        if pieces.len() >= options.pieces {
            let what = format!(
                "{} pieces did not reach the limit: norm(w_prod - w*) is still {distance:.1e}; the data may be too \
                 stiff",
                options.pieces
            );
            return Err(Error::input("tube", what));
        }
        // Before the saddle is left the distance says nothing.
        let left_saddle = distance <= 0.5 * w_star.norm() || w_star.norm() < size;
        if left_saddle
            && pieces.len().is_multiple_of(LOOK)
            && let Some(more) = pace.look(distance, target, options.pieces - pieces.len())
        {
            let what = format!(
                "after {} pieces norm(w_prod - w*) is still {distance:.1e}, and {more:.1e} more pieces would be \
                 needed at this pace, of {} \
                 allowed; the data may be too stiff: standardise them",
                pieces.len(),
                options.pieces
            );
            return Err(Error::input("tube", what));
        }
        let unit = match pieces.last() {
            None => flow.first_unit(&now)?,
            Some(Piece { half, .. }) => *half,
        };
        let first = flow.expand(&now, unit);
        let mut half = Approximate::reach(&first).min(GROWTH) * unit;
        let mut piece = flow.expand(&horner(&first, half / unit), half);
        for _ in 0..8 {
            let reach = Approximate::reach(&piece);
            if reach >= 1.0 {
                break;
            }
            half *= 0.98 * reach;
            piece = flow.expand(&horner(&first, half / unit), half);
        }
        shorten(&mut piece);
        now = horner(&piece, 1.0);
        if now.iter().any(|v| !v.is_finite()) {
            return Err(Error::input("tube", "the trajectory left the range of doubles"));
        }
        pieces.push(Piece { half, clock: Clock::Length, cuts: 1, radius: 0.0, exit: 0.0, coefficients: piece });
    }
}

/// Integrates from `start` (exact weights) and certifies: the radii are those that [`Setting::bounds`] allows.
///
/// ```
/// use flatcert::arithmetic::Rational;
/// use flatcert::flow::tube::{Options, build, verify};
/// # use flatcert::{network::Network, problem::Problem, nalgebra::{DMatrix, DVector}};
/// // X = I, y = (1, 1), from W_1 = (1/2, 1/2), W_2 = 1.
/// # let (x, y) = (DMatrix::identity(2, 2), DVector::from_element(2, 1.0));
/// # let problem = Problem::from_f64("two points", &x, &y)?;
/// # let layer = |d, n, m| DMatrix::from_element(1, d, Rational::new(n, m));
/// # let layers = vec![layer(2, 1, 2), layer(1, 1, 1)];
/// # let start = Network::new(layers, DVector::from_element(1, Rational::from(1)))?;
/// let certificate = build(&problem, &start, &Options::default())?;
/// assert!(verify(&certificate).is_ok());
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// Cost: for each piece two to ten expansions of O(p degree^2), and for each assumed radius the bounds that `verify`
/// takes, with both clocks and one part, then with up to three more numbers of parts for a clock. A start whose
/// entries are no doubles is rounded for the integration; the distance to the exact one is the error of the first
/// piece.
///
/// # Errors
/// Data and network do not match; a degree below 2; the pieces do not reach the gap; the tube grows beyond what any
/// assumed radius allows (which of them, where).
pub fn build(problem: &Problem, start: &Network<Rational>, options: &Options) -> Result<Certificate> {
    build_watched(problem, start, options, &())
}

/// [`build`] with somebody who may end it.
///
/// # Errors
/// As [`build`]; [`Error::is_stopped`] where the watch wants an end.
pub fn build_watched(
    problem: &Problem,
    start: &Network<Rational>,
    options: &Options,
    watch: &dyn Watch,
) -> Result<Certificate> {
    let head = start.head().map(|q| q.to_f64());
    let setting = Setting::new(problem, &start.widths(), &head)?;
    let weights: Vec<f64> = start.layers().iter().flat_map(|w| w.iter().map(Rational::to_f64)).collect();
    let pieces = trajectory(&setting, &weights, options, watch)?;
    certify_watched(&setting, start, pieces, options, watch)
}

/// Chooses clocks and cuts, and fills in the smallest radii that can be proved for these polynomials.
///
/// # Errors
/// The tube cannot be closed.
pub fn certify(
    setting: &Setting,
    start: &Network<Rational>,
    pieces: Vec<Piece>,
    options: &Options,
) -> Result<Certificate> {
    certify_watched(setting, start, pieces, options, &())
}

/// [`certify`] with somebody who may end it.
///
/// # Errors
/// As [`certify`], with the last assumed radius; [`Error::is_stopped`] where the watch wants an end.
fn certify_watched(
    setting: &Setting,
    start: &Network<Rational>,
    mut pieces: Vec<Piece>,
    options: &Options,
    watch: &dyn Watch,
) -> Result<Certificate> {
    let mut trouble = Error::internal("no radius was tried");
    for assumed in ASSUMED {
        let bounds: Vec<(Piece, Bounds)> =
            check(watch, "bounded", &pieces, |p| plan(setting, p, assumed, options.excess))?;
        match radii(start, bounds) {
            Ok(done) => {
                let (net, entry) = last(setting, start, &done)?;
                let limit_radius = limit_radius(setting, &net, entry, SLACK)?;
                return Ok(Certificate {
                    problem: setting.problem.clone(),
                    start: start.clone(),
                    pieces: done,
                    limit_radius,
                });
            }
            Err(e) => trouble = e,
        }
        pieces.iter_mut().for_each(|p| p.cuts = 1);
    }
    Err(trouble)
}

/// The clock and the number of parts with the smaller exponent.
///
/// Both clocks are tried with one part, the better of them first. The number of parts is raised, three times at most,
/// until the exponents exceed what the Hessians at the nodes give by less than 1.2 `excess` in sum.
fn plan(setting: &Setting, piece: &Piece, assumed: f64, excess: f64) -> Result<(Piece, Bounds)> {
    let field = setting.field(piece)?;
    let size = piece.coefficients[0].iter().map(|x| x * x).sum::<f64>().sqrt();
    let whole = |clock| -> Result<(Piece, Bounds)> {
        let piece = Piece { clock, cuts: 1, radius: assumed * size, ..piece.clone() };
        let bounds = setting.bounds_over(&piece, &field)?;
        Ok((piece, bounds))
    };
    let mut clocks = [whole(Clock::Length)?, whole(Clock::Time)?];
    clocks.sort_by(|a, b| a.1.exponent().total_cmp(&b.1.exponent()));
    let mut best: Option<(Piece, Bounds)> = None;
    for (mut piece, mut bounds) in clocks {
        // The excess falls like the square of the length of the parts.
        for _ in 0..3 {
            let over: f64 = bounds.stages.iter().map(|s| s.exponent - s.floor).sum();
            if over <= 1.2 * excess || piece.cuts == CUTS {
                break;
            }
            let more = if over.is_finite() {
                ((over / excess).sqrt() * piece.cuts as f64).ceil()
            } else {
                4.0 * piece.cuts as f64
            };
            piece.cuts = more.clamp(2.0, CUTS as f64) as usize;
            bounds = setting.bounds_over(&piece, &field)?;
        }
        if best.as_ref().is_none_or(|b| bounds.exponent() < b.1.exponent()) {
            best = Some((piece, bounds));
        }
        // A piece on which nothing grows needs no second opinion.
        if best.as_ref().is_some_and(|b| b.1.exponent() < 0.1) {
            break;
        }
    }
    best.ok_or_else(|| Error::internal("no clock"))
}

/// Propagates the error through all pieces and writes down the radii.
///
/// # Errors
/// The first piece whose error, with the slack, exceeds the radius at which its bounds hold.
fn radii(start: &Network<Rational>, bounds: Vec<(Piece, Bounds)>) -> Result<Vec<Piece>> {
    let mut out: Vec<Piece> = Vec::with_capacity(bounds.len());
    for (i, (mut piece, b)) in bounds.into_iter().enumerate() {
        let entry = match out.last() {
            None => start_error(start, &piece),
            Some(before) => upward::add(before.exit, jump(before, &piece)),
        };
        let (peak, exit) = b.propagate(entry);
        let (peak, exit) = (peak * (1.0 + SLACK), exit * (1.0 + SLACK));
        let closed = peak <= piece.radius;
        if !closed {
            let what =
                format!("piece {i}: the error {peak:.1e} is larger than the assumed radius {:.1e}", piece.radius);
            return Err(Error::input("tube", what));
        }
        (piece.radius, piece.exit) = (peak, exit);
        out.push(piece);
    }
    Ok(out)
}
