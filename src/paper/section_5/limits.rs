//! How the constants of Theorem 4 and Corollary 4 that are observed depend on depth and width: medians over draws of
//! the initialisation, with confidence bands.
//!
//! | paper | code |
//! | --- | --- |
//! | max_k norm_F(theta_k) at the limit | `Quantity::Theta` |
//! | the Polyak-Lojasiewicz constant, the least `norm(grad)^2/(R - R_min)` over the steps, over `4 lambda norm(w)^2 L` | `Quantity::Rate`, its inverse |
//! | S(W^RI)/(S_min norm(w)^(2/L)) | `Quantity::Sharpness` |
//!
//! White data, norm(w) = 1, w* at the distance 1/4 from the product at the start in a drawn direction: the same for
//! every L and d, and far above the C_3 of (36).
//!
//! **The bands.** Order statistics enclose the median ([`median_band`]). A statement compares the medians at the ends
//! of a sweep: their ratio, which the two bands enclose, is at most [`FACTOR`], fixed before these draws, over factors
//! of 20 in L and 8 in d at least. What grows like L, as S itself does, or like 1/L, as norm_F(W_k - W_k(0)), is
//! refuted.
//!
//! S at the limit is the sharpness at the last point, where R - R_min is 1e-12 of its start.

use crate::arithmetic::{Enclosure, Interval, Rational, Ring};
use crate::figure::{coloured, line, points, series};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement};
use crate::harness::evidence::{FigureData, Grade, Panel, Series};
use crate::harness::pairs::{Pair, judge_all};
use crate::hessian::{Options, depth_bound, sharpness};
use crate::paper::section_5::flows::{Flow, Target, flows, ln_c_3};
use crate::problem::norm_squared;
use crate::statistics::binomial::median_band;
use nalgebra::DMatrix;
use num_traits::One;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// Growth of a median that the statements allow from the smallest to the largest size of a sweep.
pub const FACTOR: f64 = 2.0;

/// Apart from the draws on which factor, sizes and numbers of draws were tried out.
const PROTOCOL: u64 = 5_000_000;

/// Probability that a band misses its median.
pub const MISS: f64 = 1e-3;

/// Relative tolerance of a step: far below the spread of the draws.
const TOLERANCE: f64 = 1e-6;

/// What is observed on a flow. Of what is to stay large it is the inverse, so that growth is what is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    /// max_k norm_F(theta_k) at the end.
    Theta,
    /// `4 lambda norm(w)^2 L` over the least `norm(grad)^2/(R - R_min)` along the flow.
    Rate,
    /// `S/(S_min norm(w)^(2/L))`.
    Sharpness,
    /// Control: max_k norm_F(W_k - W_k(0)).
    Movement,
    /// Control: S itself.
    Curvature,
    /// Control: max_k norm_F(W_k(0) - I).
    Noise,
}

/// In the order of [`Quantity`].
type Observed = [f64; 6];

impl Quantity {
    /// In words, and what is said of it.
    fn told(self) -> (&'static str, &'static str) {
        const LARGE: &str = "at most twice as large";
        const SMALL: &str = "at least half as large";
        match self {
            Self::Theta => ("max_k norm_F(theta_k^RI)", LARGE),
            Self::Rate => ("min_t norm(grad)^2/(4 L (R - R_min))", SMALL),
            Self::Sharpness => ("S(W^RI)/S_min", LARGE),
            Self::Movement => ("max_k norm_F(W_k^RI - W_k(0))", SMALL),
            Self::Curvature => ("S(W^RI)", LARGE),
            Self::Noise => ("max_k norm_F(W_k(0) - I)", LARGE),
        }
    }
}

/// All six quantities of one flow. The Polyak-Lojasiewicz constant is that of the trajectory, the least over its
/// steps, not of a ball; movement is theta divided by L, and its inverse is kept.
///
/// # Errors
/// In words: no start, no trajectory, a risk that did not fall to 1e-12 of its start, or a sharpness at the last
/// point that is known to less than six digits. One such flow leaves the whole sweep undecided: a band over the flows
/// that happened to converge would be one of another law.
fn observe(flow: &Flow) -> Result<Observed, String> {
    let setting = flow.setting()?;
    let run = setting.integrate(TOLERANCE)?;
    let last = run.samples.last().ok_or("no step was taken")?;
    if !setting.has_converged(&run) {
        return Err(format!("no convergence: {}", run.stopped));
    }
    let problem = &setting.problem;
    let head = setting.head.powi(2);
    let unit = 4.0 * problem.lambda().mid() * head.mid() * flow.depth as f64;
    let layers = setting.network.layers().iter();
    let rates = run.samples.iter().map(|s| s.gradient_squared / s.excess);
    let w_star = norm_squared(problem.w_star::<Interval>(53).iter());
    let least = depth_bound(&problem.lambda(), &w_star, Some(&head), flow.depth);
    let value = sharpness(problem, &run.end, &Options::default()).map_err(|e| e.to_string())?.value;
    let (lo, hi) = (value.lo(), value.hi());
    if value.width() > 1e-6 * hi {
        return Err(format!("the sharpness at the last point is known no better than [{lo:e}, {hi:e}]"));
    }
    let rate = rates.fold(f64::INFINITY, f64::min) / unit;
    let noise = layers.map(|w| (w - DMatrix::identity(flow.dimension, flow.dimension)).norm()).fold(0.0, f64::max);
    Ok([last.theta, 1.0 / rate, (value / least).mid(), flow.depth as f64 / last.theta, value.mid(), noise])
}

/// What varies along a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Axis {
    /// L, at d = 8.
    Depth,
    /// d, at L = 10.
    Dimension,
}

/// Draws at the sizes of one axis.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sweep {
    /// What varies; the other size is fixed.
    axis: Axis,
    /// L or d, increasing; the statements compare the first and the last.
    sizes: Vec<usize>,
    /// The scale of the start, the same at all sizes.
    s: Rational,
    /// At the two ends, which the statements compare.
    draws: u64,
    /// At the sizes between them, which the figure shows.
    between: u64,
    /// Of the run, from which each draw has its own.
    seed: u64,
    /// Filled at the first call, and shared by the copies of a sweep.
    #[serde(skip)]
    seen: Seen,
}

/// Observations by size and draw.
type Seen = Arc<OnceLock<Vec<Vec<OnceLock<Result<Observed, String>>>>>>;

impl Sweep {
    /// One draw at one size: white data, norm(w) = 1, w* at the squared distance 1/16 from the product at the start.
    /// The seed tells runs, axes, sizes and draws apart, as long as a size has fewer than 5000 draws; the scales
    /// share it.
    fn flow(&self, at: usize, draw: u64) -> Flow {
        let (size, s) = (self.sizes[at], self.s.clone());
        let (depth, d) = if self.axis == Axis::Depth { (size, 8) } else { (10, size) };
        let cell = 10_000 * size as u64 + 5_000 * u64::from(self.axis == Axis::Dimension) + draw;
        let seed = self.seed.wrapping_mul(10_000_000).wrapping_add(PROTOCOL + cell);
        // The square of the distance 1/4.
        Flow::new((depth, d), s, Rational::one(), 1, Target::Share(Rational::new(1, 16)), seed)
    }
    /// All draws at one size, in parallel, each integrated once whichever form asks.
    ///
    /// # Errors
    /// That of a draw that has one.
    fn observed(&self, at: usize) -> Result<Vec<Observed>, String> {
        let empty = |at| (0..self.draws_at(at)).map(|_| OnceLock::new()).collect();
        let cells = self.seen.get_or_init(|| (0..self.sizes.len()).map(empty).collect());
        let of = |draw: u64| cells[at][draw as usize].get_or_init(|| observe(&self.flow(at, draw))).clone();
        (0..self.draws_at(at)).into_par_iter().map(of).collect()
    }
    /// More at the two ends, which decide, than between.
    fn draws_at(&self, at: usize) -> u64 {
        if at == 0 || at + 1 == self.sizes.len() { self.draws } else { self.between }
    }
    /// Lower end of the band, median, upper end.
    fn band(&self, at: usize, quantity: Quantity) -> Result<[f64; 3], String> {
        let values = self.observed(at)?.iter().map(|o| o[quantity as usize]).collect();
        median_band(values, MISS).ok_or_else(|| "too few draws for a band".into())
    }
}

/// "The median of this quantity grows by at most the factor [`FACTOR`] along the sweep."
struct Flat {
    /// Whose median.
    quantity: Quantity,
    /// Along which sizes.
    axis: Axis,
}

impl Flat {
    /// What is allowed, and the median at the largest size over that at the smallest.
    ///
    /// The ratio of the two bands encloses that of the medians unless a band misses its median, to either side with
    /// probability `MISS/2` at most. It holds if the whole enclosure is at most [`FACTOR`], fails if the whole of it
    /// is above, and is open else. A wrong verdict needs a miss of one band to one side or of the other to the other:
    /// its probability is [`MISS`] at most.
    fn pairs(&self, i: &Sweep) -> Result<Vec<Pair>, String> {
        let end = i.sizes.len().checked_sub(1).filter(|e| *e > 0).ok_or("one size only")?;
        let [first, last] = [i.band(0, self.quantity)?, i.band(end, self.quantity)?].map(|b| Interval::new(b[0], b[2]));
        Ok(vec![Pair::new(Interval::point(FACTOR), last / first)])
    }
}

impl Statement for Flat {
    type Instance = Sweep;

    fn instances(&self, context: &Context) -> Vec<Sweep> {
        sweeps(context).iter().filter(|s| s.axis == self.axis).cloned().collect()
    }
    fn describe(&self, i: &Sweep) -> String {
        format!("{:?} in {:?}, s = {}, {} draws at the ends, seed {}", i.axis, i.sizes, i.s, i.draws, i.seed)
    }
    fn evaluate(&self, i: &Sweep, strength: &Rational) -> Evaluation {
        judge_all([self.pairs(i)], strength, "order statistics of numerical trajectories")
    }
}

/// Both axes at three scales, made once in a run. s = 1 has six times the draws at the ends: its quantities spread
/// most.
fn sweeps(context: &Context) -> Arc<Vec<Sweep>> {
    let (mut depths, mut dimensions) = (vec![5, 10, 20, 50, 100, 200], vec![4, 8, 16, 32, 50]);
    depths.truncate(context.size(5, 6, 6));
    dimensions.truncate(context.size(4, 5, 5));
    let between = context.size(41, 61, 101) as u64;
    let of = |axis, s: Rational| {
        let sizes = if axis == Axis::Depth { depths.clone() } else { dimensions.clone() };
        // The spread grows with s, and the width of a band is what has to be small.
        let draws = if s.is_one() { 6 * between } else { between };
        Sweep { axis, sizes, s, draws, between, seed: context.seed, seen: Arc::default() }
    };
    let scales = [Rational::new(1, 4), Rational::new(1, 2), Rational::one()].into_iter();
    context.once("limits", || Ok(scales.flat_map(|s| [of(Axis::Depth, s.clone()), of(Axis::Dimension, s)]).collect()))
}

/// `theorem-4-constants-observed`.
pub fn claim() -> Claim {
    let told = |make: fn(&'static str, String, Flat) -> Form, name, quantity: Quantity, axis| {
        let ((median, bound), size) = (quantity.told(), if axis == Axis::Depth { "L" } else { "d" });
        let statement = format!("median of {median}: {bound} at the largest {size} as at the smallest");
        make(name, statement, Flat { quantity, axis }).graded(Grade::Sampled)
    };
    Claim {
        id: "theorem-4-constants-observed",
        title: "The observed constants at most double over depth and width",
        place: "Theorem 4, Corollary 4",
        hypotheses: "white data, norm(w) = 1, w* at the distance 1/4 from the product at the start; medians over \
                     draws, each band misses its median with probability at most 1e-3, and so errs each verdict",
        uses: &[],
        forms: vec![
            told(Form::conjecture, "theta-depth", Quantity::Theta, Axis::Depth),
            told(Form::conjecture, "theta-dimension", Quantity::Theta, Axis::Dimension),
            told(Form::conjecture, "rate-depth", Quantity::Rate, Axis::Depth),
            told(Form::conjecture, "rate-dimension", Quantity::Rate, Axis::Dimension),
            told(Form::conjecture, "sharpness-depth", Quantity::Sharpness, Axis::Depth),
            told(Form::conjecture, "sharpness-dimension", Quantity::Sharpness, Axis::Dimension),
            told(Form::control, "movement-depth", Quantity::Movement, Axis::Depth),
            told(Form::control, "sharpness-itself", Quantity::Curvature, Axis::Depth),
            told(Form::control, "noise-dimension", Quantity::Noise, Axis::Dimension),
        ],
        finding: None,
        remarks: &[
            "The theorem gives constants that depend on s only; here they are observed, at s = 1/4, 1/2 and 1, from L \
             = 5 to 100 and d = 4 to 32. A slow growth, below a factor of 2 over these ranges, would pass: at s = 1 \
             the median of S/S_min rises from 2.4 to 3.1 along d.",
        ],
    }
}

/// Three quantities along both axes.
pub(crate) fn figures(context: &Context) -> Vec<FigureData> {
    let list = sweeps(context);
    let quantities = [
        (Quantity::Theta, "max_k ‖θ_k‖_F"),
        (Quantity::Rate, "4 L λ ‖w‖² / PL constant"),
        (Quantity::Sharpness, "S / S_min"),
    ];
    let mut panels = Vec::new();
    for (axis, label, fixed) in [(Axis::Depth, "L", "d = 8"), (Axis::Dimension, "d", "L = 10")] {
        for (quantity, what) in quantities {
            let chosen = list.iter().filter(|s| s.axis == axis).enumerate();
            let curves = chosen.flat_map(|(k, s)| curves(s, quantity, k as u8)).collect();
            let title = format!("{what} against {label} ({fixed})");
            panels.push(Panel::new((label, what), (true, false), curves).titled(title));
        }
    }
    let caption = format!(
        "Median over draws, and its band (order statistics; it misses the median with probability at most {MISS}). At \
         s = 1 the ends, which are compared, have six times as many draws as the sizes between. White data, ‖w‖ = 1, \
         w* at the distance 1/4 from the product at the start. Above against the depth, below against the dimension: \
         constants that depend on s only stay where they are."
    );
    let title = "Residual initialisation: what the constants of Section 5 come to at the limit";
    vec![FigureData::new("residual-draws", title, caption, panels), beyond(context)]
}

/// How far beyond the condition on the initial risk flows were seen to converge. A start whose risk is zero within its
/// enclosure has no place on a scale of logarithms.
fn beyond(context: &Context) -> FigureData {
    let [mut converged, mut other, mut printed, mut proved]: [Vec<_>; 4] = Default::default();
    for flow in flows(context, false, |t| *t != Target::Opposite) {
        let Ok(setting) = flow.setting() else { continue };
        let problem = &setting.problem;
        // (R(W(0)) - R_min) Lambda/(lambda^2 norm(w)^2): Theorem 4 wants it below C_3.
        let scaled = setting.excess * problem.lambda_max() / (problem.lambda() * setting.head).powi(2);
        let (s, start) = (flow.s.to_f64(), scaled.mid().log10());
        if flow.target == Target::Far {
            let Ok(run) = flow.run() else { continue };
            if setting.has_converged(&run) { &mut converged } else { &mut other }.push((s, start));
        } else if setting.is_enclosed() {
            let c_3 = ln_c_3(&flow.s, flow.dimension, setting.event(&flow.s));
            printed.push((s, c_3.mid() / std::f64::consts::LN_10));
            let reach = (setting.inside().radius / setting.theta_bound()).mid();
            proved.push((s, start + 2.0 * reach.log10()));
        }
    }
    let named = [
        ("C_3 of (36), at a start", printed),
        ("allowed by the deterministic version of Theorem 4, at a start", proved),
        ("a flow to a far target, which converged", converged),
        ("a flow to a far target, which did not within its steps", other),
    ];
    let finite = |xy: Vec<(f64, f64)>| xy.into_iter().filter(|p| p.1.is_finite()).collect();
    let series = named.map(|(label, xy)| points(label, finite(xy))).into_iter().filter(|s| !s.x.is_empty()).collect();
    let title = "Theorem 4: initial risks that are allowed, and that converged";
    let caption = "Log₁₀ of (R(W(0)) − R_min) Λ/(λ² ‖w‖²), which Theorem 4 bounds by C_3, against s: what (36) allows \
                   at each start, with the smallest u that its products admit, what the deterministic version allows, \
                   and flows that converged: far targets, at distances of order ‖w‖, lie many orders of magnitude \
                   beyond either.";
    let axes = ("s", "log₁₀ of the initial risk, scaled");
    Panel::new(axes, (false, false), series).figure("residual-beyond", title, caption)
}

/// The band and the median of one quantity along a sweep; sizes without a band are left out.
fn curves(sweep: &Sweep, quantity: Quantity, colour: u8) -> Vec<Series> {
    let bands = sweep.sizes.iter().enumerate();
    let bands: Vec<(f64, [f64; 3])> =
        bands.filter_map(|(at, x)| Some((*x as f64, sweep.band(at, quantity).ok()?))).collect();
    let of = |which: usize| bands.iter().map(|b| (b.0, b.1[which])).collect();
    let mut band = series("", "band", of(0));
    band.y_hi = Some(bands.iter().map(|b| b.1[2]).collect());
    vec![coloured(band, colour), line(&format!("s = {}", sweep.s), colour, of(1))]
}
