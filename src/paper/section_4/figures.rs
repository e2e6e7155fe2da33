//! The numbers of the figures of Section 4: one run of the paper's size along the flow, and the limits of all runs.
//!
//! The abscissa along the flow is the time before and after the escape from the saddle, each on a scale of logarithms:
//! the escape takes up to 1e27 units of t, what comes after it a few.

use crate::arithmetic::{Enclosure, Interval, Real};
use crate::error::Result;
use crate::figure::{coloured, dashed, line, points, series};
use crate::flow::observables::Observables;
use crate::harness::claim::Context;
use crate::harness::evidence::{FigureData, Panel, Series};
use crate::hessian::{Options, sharpness};
use crate::paper::section_4::corollary_1::statement::settled_from;
use crate::paper::section_4::corollary_3::statement::limit_sharpness;
use crate::paper::section_4::setting::Setting;
use crate::paper::section_4::theorem_3::constants::{drop_floor, proof_constant};
use crate::paper::section_4::trajectories::{self, Run, Trajectory};
use rayon::prelude::*;
use std::sync::Arc;

/// Points of a curve along t.
const CURVE: usize = 120;

/// Number of black in the palette.
const BLACK: u8 = 6;

/// The abscissa along a flow, from the time since the escape (negative: before it): zero at the escape, and a
/// logarithm far from it on either side.
pub(super) fn phase(since_escape: f64) -> f64 {
    since_escape.signum() * (1.0 + since_escape.abs()).log10()
}

/// What [`phase`] is, on an axis.
const PHASE: &str = "time from the escape: ±log₁₀(1 + |t − t*|)";

/// What a caption says of it.
pub(super) const ESCAPE: &str = "The abscissa is the time from the escape t*, at which half of the risk is gone: \
                                 −20 is 1e20 units before it, 0 the escape, 1 nine units after it.";

/// The first moment at which half of the risk is gone.
pub(super) fn escape(mut risks: impl Iterator<Item = f64> + Clone) -> Option<usize> {
    let half = risks.clone().next().map_or(0.0, |first| 0.5 * first);
    risks.position(|r| r <= half)
}

/// A point of a curve.
struct Seen {
    /// Abscissa, see [`phase`].
    at: f64,
    /// What is enclosed there; a curve shows midpoints.
    observables: Observables,
    /// Midpoint of the certified sharpness.
    sharpness: f64,
}

/// One run along t.
struct Curve {
    /// L.
    depth: usize,
    /// The constants of its start.
    setting: Arc<Setting>,
    /// In the order of time.
    seen: Vec<Seen>,
}

impl Curve {
    /// The flow of [`trajectories::of_the_paper`], certified sharpness at each of the points, and their abscissas
    /// from the escape.
    ///
    /// # Errors
    /// Of the start, the integrator or the sharpness.
    fn new(context: &Context, depth: usize) -> Result<Self> {
        let t = trajectories::of_the_paper(context, depth)?;
        let problem = &t.start.problem;
        let followed = t.follow()?;
        let see = |at: usize| {
            let point = &followed.points[at];
            let sharpness = sharpness(problem, &point.network, &Options::default())?.value.mid();
            Ok((point.clock, Seen { at: 0.0, observables: Observables::at(problem, &point.network), sharpness }))
        };
        let mut seen = followed.spread(CURVE).into_par_iter().map(see).collect::<Result<Vec<_>>>()?;
        let escape = escape(seen.iter().map(|s| risk(&s.1))).map(|at| seen[at].0).unwrap_or_default();
        seen.iter_mut().for_each(|(clock, s)| s.at = phase(clock.since(escape)));
        Ok(Self { depth, setting: t.setting(), seen: seen.into_iter().map(|s| s.1).collect() })
    }
    /// `f` along the flow, where it is positive.
    fn of(&self, f: impl Fn(&Seen) -> f64) -> Vec<(f64, f64)> {
        self.seen.iter().map(|s| (s.at, f(s))).filter(|p| p.1 > 0.0).collect()
    }
    /// [`level`] over the abscissas of this curve.
    fn level(&self, label: &str, colour: u8, value: f64) -> Series {
        level([self.seen.first(), self.seen.last()].map(|s| s.map(|s| s.at)), label, colour, value)
    }
}

/// Along a flow of depth L, on logarithmic ordinates.
pub(super) fn panel(depth: usize, ordinate: &str, title: &str, curves: Vec<Series>) -> Panel {
    Panel::new((PHASE, ordinate), (false, true), curves).titled(format!("L = {depth}{title}"))
}

/// A level from the first abscissa to the last.
pub(super) fn level(ends: [Option<f64>; 2], label: &str, colour: u8, value: f64) -> Series {
    dashed(label, colour, ends.into_iter().flatten().map(|x| (x, value)).collect())
}

/// R - R_min.
fn risk(s: &Seen) -> f64 {
    s.observables.excess_risk.mid()
}

/// Trajectories that came close to their limits.
type Runs = [(Trajectory, Arc<Run>)];

/// Those of more than one layer with (A2); and (A3), or not.
fn deep(runs: &Runs, a3: Option<bool>) -> impl Iterator<Item = &(Trajectory, Arc<Run>)> {
    let wanted = move |s: &Setting| s.depth > 1 && s.a2.holds() && a3.is_none_or(|a3| s.a3.holds() == a3);
    runs.iter().filter(move |(_, r)| wanted(&r.setting))
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

/// Risk, norms and sharpness along the flow, at two depths.
fn course(curves: &[Curve]) -> FigureData {
    FigureData::new(
        "flow-course",
        "From the saddle to the limit: risk, norms and sharpness along the flow",
        format!(
            "One flow under (A3) with the paper's data and widths, L = 3 above, L = 10 below. Left: R − R_min stays at \
             its plateau until the escape, then falls exponentially. Middle: all layers grow together, into the range \
             of Corollary 1. Right: the sharpness, tiny at the saddle, ends between S_min and κ S_min. {ESCAPE}"
        ),
        curves.iter().flat_map(courses).collect(),
    )
}

/// Risk, norms and sharpness of one depth.
fn courses(c: &Curve) -> [Panel; 3] {
    let (w_star, end) = (c.setting.w_star_norm.mid(), |v: f64| v.powf(1.0 / c.depth as f64));
    // Of the first two layers and of the last, with the range of Corollary 1.
    let sigma = |k: usize| c.of(|s| s.observables.sigma_squared[k].mid().sqrt());
    let norms = vec![
        line("σ₁, zero at the start", 0, sigma(0)),
        line("σ₂", 2, sigma(1)),
        line("σ_L", 3, sigma(c.depth - 1)),
        c.level("the range of Corollary 1", 0, end(w_star / 2.0)),
        c.level("", 0, end(2.0 * w_star)),
    ];
    let (least, kappa) = (c.setting.s_min().mid(), c.setting.kappa().mid());
    let sharpness = vec![
        line("S(W(t))", 7, c.of(|s| s.sharpness)),
        c.level("S_min", 4, least),
        c.level("κ S_min", 5, kappa * least),
        c.level("4 κ S_min (Corollary 3)", BLACK, 4.0 * kappa * least),
    ];
    [
        panel(c.depth, "R − R_min", ": the risk", vec![line("R − R_min", 1, c.of(risk))]),
        panel(c.depth, "σ_k", ": norms of the layers", norms),
        panel(c.depth, "sharpness", ": the sharpness", sharpness),
    ]
}

/// The angles of neighbours against Lemma 2.
fn alignment(curves: &[Curve]) -> FigureData {
    let one = |c: &Curve| {
        let worst = |s: &Seen| {
            let pairs = s.observables.misalignment.iter().zip(&s.observables.sigma_squared[1..]);
            pairs.map(|(m, q)| m.mid() / q.mid().max(f64::MIN_POSITIVE)).fold(0.0, f64::max)
        };
        let epsilon = c.setting.initial.epsilon().mid();
        let bound = |s: &Seen| {
            epsilon / s.observables.sigma_squared[1..].iter().map(Interval::mid).fold(f64::INFINITY, f64::min)
        };
        let curves = vec![
            line("the worst pair of layers", 0, c.of(worst)),
            dashed("ε / min σ_k², the bound of Lemma 2", 0, c.of(bound)),
        ];
        panel(c.depth, "1 − ⟨v_(k+1), u_k⟩²", "", curves)
    };
    FigureData::new(
        "flow-alignment",
        "Neighbouring layers align along the flow",
        format!(
            "1 − ⟨v_(k+1), u_k⟩² of the worst pair, against the bound of Lemma 2 (above 1 it says nothing): aligned \
             as soon as the norms have grown, with the square of what Lemma 2 states. {ESCAPE}"
        ),
        curves.iter().map(one).collect(),
    )
}

/// S(W^SI)/S_min of every converged run, from [`limit_sharpness`].
fn ratios(runs: &Runs) -> FigureData {
    let of = |inside: bool| -> Vec<(f64, f64)> {
        let ratio = |(t, r): &(Trajectory, Arc<Run>)| {
            let s = limit_sharpness(&t.start.problem, r)?;
            Some((r.setting.kappa().mid(), (s / r.setting.s_min()).mid()))
        };
        deep(runs, Some(inside)).collect::<Vec<_>>().into_par_iter().filter_map(ratio).collect()
    };
    let curve = |factor: f64, power: f64| {
        (0..=12).map(|i| 10_f64.powf(f64::from(i) / 4.0)).map(|k| (k, factor * k.powf(power))).collect()
    };
    let curves = vec![
        points("limits under (A3)", of(true)),
        points("limits outside (A3)", of(false)),
        dashed("4 κ, as Corollary 3 prints it", BLACK, curve(4.0, 1.0)),
        dashed("κ: the best constant is at most 1.00025", 2, curve(1.0, 1.0)),
        coloured(series("1: S_min", "dotted", curve(1.0, 0.0)), BLACK),
    ];
    FigureData::new(
        "corollary-3-ratio",
        "Corollary 3: the sharpness of the limit",
        "S(W^SI)/S_min against κ = Λ/λ. Under (A3) between 1 and 1.00025 κ (proved; Corollary 3 prints 4 κ); \
         outside (A3) it may lie above.",
        vec![Panel::new(("κ = Λ/λ", "S(W^SI) / S_min"), (true, true), curves)],
    )
}

/// The worst factor between sigma_k^L and norm(w*) at the end.
fn factor(r: &Run) -> Option<f64> {
    let of = |q: &Interval| {
        let x = q.mid().sqrt().powf(r.setting.depth as f64) / r.setting.w_star_norm.mid();
        x.max(1.0 / x)
    };
    r.samples.last()?.seen.sigma_squared.iter().map(of).reduce(f64::max)
}

/// How far every limit is from the ends of the range of Corollary 1, against the conditions on epsilon.
fn map(runs: &Runs) -> FigureData {
    let panel = |x: &str, title: &str, against: &dyn Fn(&Setting) -> f64| {
        let rows = deep(runs, None).filter_map(|(_, r)| Some((against(&r.setting), factor(r)? - 1.0)));
        let found: Vec<(f64, f64)> = rows.filter(|p| p.1 > 0.0).collect();
        let of = |f: fn(f64, f64) -> f64| found.iter().map(|p| p.0).reduce(f).unwrap_or(1.0);
        let (least, most) = (of(f64::min).min(0.1), of(f64::max).max(10.0));
        let curves = vec![
            coloured(points("the limit of a flow", found), 0),
            dashed("factor 2, which Corollary 1 allows", 1, vec![(least, 1.0), (most, 1.0)]),
            coloured(series("proved on the left of this line", "dotted", vec![(1.0, 1e-9), (1.0, 100.0)]), BLACK),
        ];
        Panel::new((x, "worst factor − 1"), (true, true), curves).titled(title)
    };
    FigureData::new(
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

/// Logarithms against L.
fn by_depth(ordinate: &str, curves: Vec<Series>) -> Vec<Panel> {
    vec![Panel::new(("L", ordinate), (false, false), curves)]
}

/// T of Corollary 1 by depth.
fn times(runs: &Runs) -> FigureData {
    let found = runs
        .iter()
        .filter(|(_, r)| r.setting.a2.holds() && r.setting.a3.holds())
        .filter_map(|(_, r)| Some((r.setting.depth as f64, settled_from(r)?.log10())))
        .collect();
    FigureData::new(
        "corollary-1-times",
        "The time T of Corollary 1",
        "log₁₀ of the first sampled time from which every sigma_k stays in the range, under (A3): the escape from a \
         saddle of order L takes longer by orders of magnitude with each layer.",
        by_depth("log₁₀ T", vec![points("T of a flow", found)]),
    )
}

/// mu of Theorem 3 by depth, three ways.
fn constants(runs: &Runs) -> FigureData {
    let of = |f: &dyn Fn(&Run) -> f64| -> Vec<(f64, f64)> {
        let pairs = deep(runs, Some(true)).map(|(_, r)| (r.setting.depth as f64, f(r).log10()));
        pairs.filter(|p| p.1.is_finite()).collect()
    };
    let observed = |r: &Run| {
        let after = r.samples.iter().filter(|s| s.time >= 1.0);
        after.map(|s| s.seen.gradient_norm_squared.mid() / s.seen.excess_risk.mid()).fold(f64::INFINITY, f64::min)
    };
    let curves = vec![
        points("observed along the flow", of(&observed)),
        points("from the inequality without cases", of(&|r| r.setting.pl_constant(&drop_floor(&r.setting)).lo())),
        points("from B.4, at its best C", of(&|r| proof_constant(&r.setting).lo())),
    ];
    FigureData::new(
        "theorem-3-constants",
        "The constant of Theorem 3",
        "log₁₀ of μ under (A3): observed (the least ratio at the sampled times t >= 1), from the inequality without \
         cases, and from B.4 at its best C.",
        by_depth("log₁₀ μ", curves),
    )
}
