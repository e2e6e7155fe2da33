//! The numbers of the figures of Section 4: one run of the paper's size along the flow, and the limits of all runs.
//!
//! The abscissa along the flow is the time before and after the escape from the saddle, each on a scale of logarithms:
//! the escape takes up to 1e27 units of t, what comes after it a few.

use crate::arithmetic::{Rational, Real};
use crate::error::{Error, Result};
use crate::flow::Time;
use crate::flow::observables::Observables;
use crate::harness::claim::Context;
use crate::harness::evidence::{FigureData, Panel, Series};
use crate::hessian::{Options, sharpness};
use crate::paper::kit::series::{coloured, points, series};
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

/// Number of black in the palette.
const BLACK: u8 = 6;

/// The abscissa along a flow, from the time since the escape (negative: before it): zero at the escape, and a
/// logarithm far from it on either side.
pub(super) fn phase(since_escape: f64) -> f64 {
    since_escape.signum() * (1.0 + since_escape.abs()).log10()
}

/// What [`phase`] is, on an axis.
pub(super) const PHASE: &str = "time from the escape: ±log₁₀(1 + |t − t*|)";

/// What a caption says of it.
pub(super) const ESCAPE: &str = "The abscissa is the time from the escape t*, at which half of the risk is gone: \
                                 −20 is 1e20 units before it, 0 the escape, 1 nine units after it.";

/// A point of a curve.
struct Seen {
    clock: Time,
    observables: Observables,
    sharpness: f64,
}

/// One run along t.
struct Curve {
    depth: usize,
    setting: Arc<Setting>,
    seen: Vec<Seen>,
    escape: Time,
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
                Ok(Seen { clock: point.clock, observables, sharpness: value })
            })
            .collect();
        let seen = seen?;
        let risk = |s: &Seen| s.observables.excess_risk.mid();
        let half = seen.first().map_or(0.0, |s| 0.5 * risk(s));
        let escape = seen.iter().find(|s| risk(s) <= half).map(|s| s.clock).unwrap_or_default();
        Ok(Self { depth, setting: t.setting(), seen, escape })
    }
    fn at(&self, s: &Seen) -> f64 {
        phase(s.clock.since(self.escape))
    }
    /// `f` along the flow, where it is positive.
    fn of(&self, f: impl Fn(&Seen) -> f64) -> Vec<(f64, f64)> {
        self.seen.iter().map(|s| (self.at(s), f(s))).filter(|p| p.1 > 0.0).collect()
    }
    fn level(&self, label: &str, value: f64) -> Series {
        let ends = [self.seen.first(), self.seen.last()];
        series(label, "dashed", ends.iter().flatten().map(|s| (self.at(s), value)).collect())
    }
}

/// Points spread evenly over the steps of the integrator, which are short where much happens.
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
    Ok(vec![course(&curves), alignment(&curves), ratios(&runs), map(&runs), times(&runs), constants(&runs)])
}

fn figure(id: &str, title: &str, caption: &str, panels: Vec<Panel>) -> FigureData {
    FigureData { id: id.into(), title: title.into(), caption: caption.into(), panels }
}

/// Risk, norms and sharpness along the flow, at two depths.
fn course(curves: &[Curve]) -> FigureData {
    figure(
        "flow-course",
        "From the saddle to the limit: risk, norms and sharpness along the flow",
        &format!(
            "One flow under (A3) with the paper's data and widths, L = 3 above, L = 10 below. Left: R − R_min stays at \
             its plateau until the escape, then falls exponentially. Middle: all layers grow together, into the range \
             of Corollary 1. Right: the sharpness, tiny at the saddle, ends between S_min and κ S_min. {ESCAPE}"
        ),
        curves.iter().flat_map(|c| [risk(c), norms(c), sharpness_along(c)]).collect(),
    )
}

fn risk(c: &Curve) -> Panel {
    let curve = coloured(series("R − R_min", "line", c.of(|s| s.observables.excess_risk.mid())), 1);
    Panel::new((PHASE, "R − R_min"), (false, true), vec![curve]).titled(format!("L = {}: the risk", c.depth))
}

/// The norms of the first two layers and of the last, and the range of Corollary 1.
fn norms(c: &Curve) -> Panel {
    let l = c.depth as f64;
    let w_star = c.setting.w_star_norm.mid();
    let sigma = |k: usize| c.of(|s| s.observables.sigma_squared[k].mid().sqrt());
    Panel::new(
        (PHASE, "σ_k"),
        (false, true),
        vec![
            coloured(series("σ₁, zero at the start", "line", sigma(0)), 0),
            coloured(series("σ₂", "line", sigma(1)), 2),
            coloured(series("σ_L", "line", sigma(c.depth - 1)), 3),
            coloured(c.level("the range of Corollary 1", (w_star / 2.0).powf(1.0 / l)), 0),
            coloured(c.level("", (2.0 * w_star).powf(1.0 / l)), 0),
        ],
    )
    .titled(format!("L = {}: norms of the layers", c.depth))
}

fn alignment(curves: &[Curve]) -> FigureData {
    let panel = |c: &Curve| {
        let worst = |s: &Seen| {
            let pairs = s.observables.misalignment.iter().zip(&s.observables.sigma_squared[1..]);
            pairs.map(|(m, q)| m.mid() / q.mid().max(f64::MIN_POSITIVE)).fold(0.0, f64::max)
        };
        let epsilon = c.setting.initial.epsilon().mid();
        let bound = |s: &Seen| {
            let least = s.observables.sigma_squared[1..].iter().map(|q| q.mid()).fold(f64::INFINITY, f64::min);
            epsilon / least
        };
        let curves = vec![
            coloured(series("the worst pair of layers", "line", c.of(worst)), 0),
            coloured(series("ε / min σ_k², the bound of Lemma 2", "dashed", c.of(bound)), 0),
        ];
        Panel::new((PHASE, "1 − ⟨v_(k+1), u_k⟩²"), (false, true), curves).titled(format!("L = {}", c.depth))
    };
    figure(
        "flow-alignment",
        "Neighbouring layers align along the flow",
        &format!(
            "1 − ⟨v_(k+1), u_k⟩² of the worst pair, against the bound of Lemma 2 (above 1 it says nothing): aligned \
             as soon as the norms have grown, with the square of what Lemma 2 states. {ESCAPE}"
        ),
        curves.iter().map(panel).collect(),
    )
}

/// S(W(t)), S_min, and the bounds of Corollary 3.
fn sharpness_along(c: &Curve) -> Panel {
    let (least, kappa) = (c.setting.s_min().mid(), c.setting.kappa().mid());
    Panel::new(
        (PHASE, "sharpness"),
        (false, true),
        vec![
            coloured(series("S(W(t))", "line", c.of(|s| s.sharpness)), 7),
            coloured(c.level("S_min", least), 4),
            coloured(c.level("κ S_min", kappa * least), 5),
            coloured(c.level("4 κ S_min (Corollary 3)", 4.0 * kappa * least), BLACK),
        ],
    )
    .titled(format!("L = {}: the sharpness", c.depth))
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
        "S(W^SI)/S_min against κ = Λ/λ. Under (A3) between 1 and 1.00025 κ (proved; Corollary 3 prints 4 κ); \
         outside (A3) it may lie above.",
        vec![Panel::new(
            ("κ = Λ/λ", "S(W^SI) / S_min"),
            (true, true),
            vec![
                points("limits under (A3)", of(true)),
                points("limits outside (A3)", of(false)),
                coloured(series("4 κ, as Corollary 3 prints it", "dashed", line(4.0, 1.0)), BLACK),
                coloured(series("κ: the best constant is at most 1.00025", "dashed", line(1.0, 1.0)), 2),
                coloured(series("1: S_min", "dotted", line(1.0, 0.0)), BLACK),
            ],
        )],
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
    let panel = |x: &str, title: &str, against: &dyn Fn(&Setting) -> f64| {
        let rows = runs.iter().filter(|(t, r)| t.start.depth() > 1 && r.setting.a2.holds());
        let found: Vec<(f64, f64)> =
            rows.filter_map(|(_, r)| Some((against(&r.setting), factor(r)? - 1.0))).filter(|p| p.1 > 0.0).collect();
        let of = |f: fn(f64, f64) -> f64| found.iter().map(|p| p.0).reduce(f).unwrap_or(1.0);
        let (least, most) = (of(f64::min).min(0.1), of(f64::max).max(10.0));
        let curves = vec![
            coloured(points("the limit of a flow", found), 0),
            coloured(series("factor 2, which Corollary 1 allows", "dashed", vec![(least, 1.0), (most, 1.0)]), 1),
            coloured(series("proved on the left of this line", "dotted", vec![(1.0, 1e-9), (1.0, 100.0)]), BLACK),
        ];
        Panel::new((x, "worst factor − 1"), (true, true), curves).titled(title)
    };
    figure(
        "corollary-1-map",
        "Where Corollary 1 holds",
        "The worst factor between σ_k^L and ‖w*‖ at the limit, minus 1: at most 1 in Corollary 1. It is proved where \
         (A3) holds, and where the weaker condition on the right does; far to the right of either it fails.",
        vec![
            panel("32 L √ε", "against the condition of (A3)", &|s: &Setting| {
                32.0 * s.depth as f64 * s.initial.epsilon().sqrt().mid()
            }),
            panel("L ε", "against the weaker condition", &|s: &Setting| s.depth as f64 * s.initial.epsilon().mid()),
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
        "log₁₀ of the first sampled time from which every sigma_k stays in the range, under (A3): the escape from a \
         saddle of order L takes longer by \
         orders of magnitude with each layer.",
        vec![Panel::new(("L", "log₁₀ T"), (false, false), vec![points("T of a flow", found)])],
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
        "log₁₀ of μ under (A3): observed (the least ratio at the sampled times t >= 1), from the inequality without \
         cases, and from B.4 at its best C.",
        vec![Panel::new(
            ("L", "log₁₀ μ"),
            (false, false),
            vec![
                points("observed along the flow", of(&observed)),
                points("from the inequality without cases", of(&|r| case_free_constant(&r.setting).mid())),
                points("from B.4, at its best C", of(&|r| proof_constant(&r.setting).mid())),
            ],
        )],
    )
}
