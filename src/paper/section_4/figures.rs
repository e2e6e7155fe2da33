//! The numbers of the figures of Section 4: one run of the paper's size along the flow, and the limits of all runs.
//!
//! The abscissa along the flow is the integrator's step: at the saddle t grows by orders of magnitude, at the limit it
//! hardly moves, and the steps give each phase its share. `flow-time` has t for each step.

use crate::arithmetic::{Rational, Real};
use crate::error::{Error, Result};
use crate::flow::observables::Observables;
use crate::harness::claim::Context;
use crate::harness::evidence::{FigureData, Series};
use crate::hessian::{Options, sharpness};
use crate::paper::kit::series::{points, series};
use crate::paper::section_4::corollary_1::statement::settled_from;
use crate::paper::section_4::corollary_3::statement::limit_sharpness;
use crate::paper::section_4::follow::{Followed, follow};
use crate::paper::section_4::setting::Setting;
use crate::paper::section_4::theorem_3::constants::{case_free_constant, proof_constant};
use crate::paper::section_4::trajectories;
use crate::paper::section_4::trajectories::{Run, Trajectory};
use rayon::prelude::*;
use std::sync::Arc;

/// Points of a curve along t.
const CURVE: usize = 120;

/// Tolerance of the curves.
const TOLERANCE: f64 = 1e-9;

/// A point of a curve.
struct Seen {
    step: f64,
    time: f64,
    observables: Observables,
    sharpness: f64,
}

/// One run along t.
struct Curve {
    depth: usize,
    setting: Arc<Setting>,
    seen: Vec<Seen>,
}

impl Curve {
    fn new(context: &Context, depth: usize) -> Result<Self> {
        let t = trajectories::of_the_paper(context, depth)?;
        let problem = &t.start.problem;
        let start = t.start.network.map(Rational::to_f64);
        let followed = follow(problem, &start, TOLERANCE, 100_000).map_err(Error::internal)?;
        let seen: Result<Vec<Seen>> = chosen(&followed)
            .into_par_iter()
            .map(|at| {
                let point = &followed.points[at];
                let value = sharpness(problem, &point.network, &Options::default())?.value.mid();
                let observables = Observables::at(problem, &point.network);
                Ok(Seen { step: point.step as f64, time: point.time, observables, sharpness: value })
            })
            .collect();
        Ok(Self { depth, setting: t.setting(), seen: seen? })
    }
    /// `f` along the steps, where it is positive.
    fn of(&self, f: impl Fn(&Seen) -> f64) -> Vec<(f64, f64)> {
        self.seen.iter().map(|s| (s.step, f(s))).filter(|p| p.1 > 0.0).collect()
    }
    fn level(&self, label: &str, value: f64) -> Series {
        let end = self.seen.last().map_or(1.0, |s| s.step);
        series(label, "dashed", vec![(0.0, value), (end, value)])
    }
}

/// Points spread evenly over the steps.
fn chosen(followed: &Followed) -> Vec<usize> {
    let last = followed.points.len().saturating_sub(1);
    let mut out: Vec<usize> = (0..CURVE).map(|i| i * last / (CURVE - 1)).collect();
    out.dedup();
    out
}

/// All figures of Section 4.
///
/// # Errors
/// Only if the run of the paper's size is refused.
pub(crate) fn all(context: &Context) -> Result<Vec<FigureData>> {
    let curves = [Curve::new(context, 3)?, Curve::new(context, 10)?];
    let list = trajectories::of(context, true);
    let runs: Vec<(Trajectory, Arc<Run>)> =
        list.into_iter().filter_map(|t| t.run().ok().filter(|r| r.converged).map(|r| (t, r))).collect();
    let mut out = vec![risk(&curves), time(&curves)];
    out.extend(curves.iter().map(|c| norms(c, Vec::new())));
    out.push(alignment(&curves));
    out.extend(curves.iter().map(|c| sharpness_along(c, Vec::new())));
    out.extend([ratios(&runs), map(&runs), times(&runs), constants(&runs)]);
    Ok(out)
}

fn figure(
    id: &str,
    title: &str,
    caption: &str,
    axes: (&str, &str),
    logs: (bool, bool),
    series: Vec<Series>,
) -> FigureData {
    FigureData {
        id: id.into(),
        title: title.into(),
        caption: caption.into(),
        x_label: axes.0.into(),
        y_label: axes.1.into(),
        x_log: logs.0,
        y_log: logs.1,
        series,
    }
}

/// The abscissa.
const STEP: &str = "step of the integrator";

fn time(curves: &[Curve]) -> FigureData {
    let of = |c: &Curve| series(&format!("L = {}", c.depth), "line", c.of(|s| s.time));
    figure(
        "flow-time",
        "Time along the flow",
        "t for each step of the integrator, for the figures along the flow: the escape from the saddle of order L = \
         10 takes more than 1e27 units, what \
         comes after it a few.",
        (STEP, "t"),
        (false, true),
        curves.iter().map(of).collect(),
    )
}

fn risk(curves: &[Curve]) -> FigureData {
    let of = |c: &Curve| series(&format!("L = {}", c.depth), "line", c.of(|s| s.observables.excess_risk.mid()));
    figure(
        "flow-risk",
        "The risk along the flow",
        "R - R_min along the flow from a start under (A3), the paper's data and widths: a plateau at the saddle (see \
         flow-time for its length) and \
         exponential convergence after it.",
        (STEP, "R - R_min"),
        (false, true),
        curves.iter().map(of).collect(),
    )
}

/// All sigma_k and the range of Corollary 1. `bands`: the certified tube, where there is one.
fn norms(c: &Curve, bands: Vec<Series>) -> FigureData {
    let l = c.depth as f64;
    let w_star = c.setting.w_star_norm.mid();
    let sigma = |k: usize| c.of(|s| s.observables.sigma_squared[k].mid().sqrt());
    let mut all = bands;
    let others = (1..c.depth).map(|k| series(&format!("sigma_{}", k + 1), "line", sigma(k)));
    let shown = 3;
    all.push(series("sigma_1 (zero at the start)", "line", sigma(0)));
    all.extend(others.take(shown - 1));
    if c.depth > shown {
        all.push(series(&format!("sigma_{}", c.depth), "line", sigma(c.depth - 1)));
    }
    all.push(c.level("(norm(w*)/2)^(1/L)", (w_star / 2.0).powf(1.0 / l)));
    all.push(c.level("(2 norm(w*))^(1/L)", (2.0 * w_star).powf(1.0 / l)));
    figure(
        &format!("flow-norms-L{}", c.depth),
        &format!("Spectral norms along the flow, L = {}", c.depth),
        "sigma_k(t): from the scale of the start to the L-th root of norm(w*), all together; dashed, the range of \
         Corollary 1.",
        (STEP, "sigma_k"),
        (false, true),
        all,
    )
}

fn alignment(curves: &[Curve]) -> FigureData {
    let mut all = Vec::new();
    for c in curves {
        let worst = |s: &Seen| {
            let pairs = s.observables.misalignment.iter().zip(&s.observables.sigma_squared[1..]);
            pairs.map(|(m, q)| m.mid() / q.mid().max(f64::MIN_POSITIVE)).fold(0.0, f64::max)
        };
        let epsilon = c.setting.initial.epsilon().mid();
        let bound = |s: &Seen| {
            let least = s.observables.sigma_squared[1..].iter().map(|q| q.mid()).fold(f64::INFINITY, f64::min);
            epsilon / least
        };
        all.push(series(&format!("largest 1 - <v_(k+1), u_k>^2, L = {}", c.depth), "line", c.of(worst)));
        all.push(series(&format!("epsilon/min sigma^2, L = {}", c.depth), "dashed", c.of(bound)));
    }
    figure(
        "flow-alignment",
        "Alignment of neighbouring layers along the flow",
        "1 - <v_{k+1}, u_k>^2, the worst pair, against the bound of Lemma 2 (above 1 it says nothing): aligned as \
         soon as the norms have grown, with the square of what Lemma 2 states.",
        (STEP, "1 - cos^2"),
        (false, true),
        all,
    )
}

/// S(W(t)), S_min, and the bounds of Corollary 3. `bands`: the certified tube, where there is one.
fn sharpness_along(c: &Curve, bands: Vec<Series>) -> FigureData {
    let (least, kappa) = (c.setting.s_min().mid(), c.setting.kappa().mid());
    let mut all = bands;
    all.push(series("S(W(t))", "line", c.of(|s| s.sharpness)));
    all.push(c.level("S_min", least));
    all.push(c.level("1.00025 kappa S_min", 1.00025 * kappa * least));
    all.push(c.level("4 kappa S_min (Corollary 3)", 4.0 * kappa * least));
    figure(
        &format!("flow-sharpness-L{}", c.depth),
        &format!("Sharpness along the flow, L = {}", c.depth),
        "The largest eigenvalue of the Hessian along the flow: tiny at the saddle, of order L at the limit, between \
         S_min and kappa S_min.",
        (STEP, "sharpness"),
        (false, true),
        all,
    )
}

fn ratios(runs: &[(Trajectory, Arc<Run>)]) -> FigureData {
    let of = |inside: bool| -> Vec<(f64, f64)> {
        runs.par_iter()
            .filter(|(t, r)| t.start.depth() > 1 && r.setting.a2.holds() && r.setting.a3.holds() == inside)
            .filter_map(|(t, r)| {
                let s = limit_sharpness(&t.start.problem, r)?;
                Some((r.setting.kappa().mid(), (s / r.setting.s_min()).mid()))
            })
            .collect()
    };
    let line = |factor: f64, power: f64| {
        (0..=12).map(|i| 10_f64.powf(f64::from(i) / 4.0)).map(|k| (k, factor * k.powf(power))).collect()
    };
    figure(
        "corollary-3-ratio",
        "Corollary 3: the sharpness of the limit",
        "S(W^SI)/S_min against kappa = Lambda/lambda. Under (A3) between 1 and 1.00025 kappa (proved; Corollary 3 \
         prints 4 kappa); outside (A3) it may lie above.",
        ("Lambda / lambda", "S / S_min"),
        (true, true),
        vec![
            points("under (A3)", of(true)),
            points("outside (A3)", of(false)),
            series("1", "dashed", line(1.0, 0.0)),
            series("kappa (the best constant is at most 1.00025)", "dashed", line(1.0, 1.0)),
            series("4 kappa (Corollary 3)", "dashed", line(4.0, 1.0)),
        ],
    )
}

/// The worst factor between sigma_k^L and norm(w*) at the end.
fn factor(r: &Run) -> Option<f64> {
    let last = r.samples.last()?;
    let l = r.setting.depth as f64;
    let w_star = r.setting.w_star_norm.mid();
    let of = |q: &crate::arithmetic::Interval| {
        let x = q.mid().sqrt().powf(l) / w_star;
        x.max(1.0 / x)
    };
    last.seen.sigma_squared.iter().map(of).reduce(f64::max)
}

fn map(runs: &[(Trajectory, Arc<Run>)]) -> FigureData {
    let of = |against: &dyn Fn(&Setting) -> f64| -> Vec<(f64, f64)> {
        let rows = runs.iter().filter(|(t, r)| t.start.depth() > 1 && r.setting.a2.holds());
        rows.filter_map(|(_, r)| Some((against(&r.setting), factor(r)? - 1.0))).collect()
    };
    let steep = |s: &Setting| 32.0 * s.depth as f64 * s.initial.epsilon().sqrt().mid();
    let mild = |s: &Setting| s.depth as f64 * s.initial.epsilon().mid();
    figure(
        "corollary-1-map",
        "Where Corollary 1 holds",
        "The worst factor between sigma_k^L and norm(w*) at the limit, minus 1: at most 1 in Corollary 1. It is \
         proved left of 1 in either abscissa \
         (the first is (A3), the second is weaker), and fails far to the right.",
        ("32 L sqrt(epsilon), and L epsilon", "factor - 1"),
        (true, true),
        vec![
            points("against 32 L sqrt(epsilon)", of(&steep)),
            points("against L epsilon", of(&mild)),
            series("factor 2", "dashed", vec![(1e-7, 1.0), (1e4, 1.0)]),
            series("proved to the left of 1", "dashed", vec![(1.0, 1e-8), (1.0, 100.0)]),
        ],
    )
}

fn times(runs: &[(Trajectory, Arc<Run>)]) -> FigureData {
    let found: Vec<(f64, f64)> = runs
        .iter()
        .filter(|(_, r)| r.setting.a2.holds() && r.setting.a3.holds())
        .filter_map(|(t, r)| Some((t.start.depth() as f64, settled_from(r)?.log10())))
        .collect();
    figure(
        "corollary-1-times",
        "The time T of Corollary 1",
        "log10 of the first sampled time from which every sigma_k stays in the range, under (A3): the escape from a \
         saddle of order L takes longer by \
         orders of magnitude with each layer.",
        ("L", "log10 T"),
        (false, false),
        vec![points("T found", found)],
    )
}

fn constants(runs: &[(Trajectory, Arc<Run>)]) -> FigureData {
    let rows: Vec<&(Trajectory, Arc<Run>)> =
        runs.iter().filter(|(t, r)| t.start.depth() > 1 && r.setting.a2.holds() && r.setting.a3.holds()).collect();
    let of = |f: &dyn Fn(&Run) -> f64| -> Vec<(f64, f64)> {
        let pairs = rows.iter().map(|(t, r)| (t.start.depth() as f64, f(r).log10()));
        pairs.filter(|p| p.1.is_finite()).collect()
    };
    let observed = |r: &Run| {
        let after = r.samples.iter().filter(|s| s.time >= 1.0);
        after.map(|s| s.seen.gradient_norm_squared.mid() / s.seen.excess_risk.mid()).fold(f64::INFINITY, f64::min)
    };
    figure(
        "theorem-3-constants",
        "The constant of Theorem 3",
        "log10 of mu under (A3): observed (the least ratio at the sampled times t >= 1), from the inequality without \
         cases, and from B.4 at its best C.",
        ("L", "log10 mu"),
        (false, false),
        vec![
            points("observed", of(&observed)),
            points("without cases", of(&|r| case_free_constant(&r.setting).mid())),
            points("B.4", of(&|r| proof_constant(&r.setting).mid())),
        ],
    )
}
