//! The numbers of the figures of certified tubes: enclosures of the true flow, segment after segment, over time.

use crate::arithmetic::{Enclosure, Interval, Real};
use crate::flow::Time;
use crate::flow::tube::Segment;
use crate::harness::claim::Context;
use crate::harness::evidence::{FigureData, Panel, Series};
use crate::paper::kit::series::{coloured, series};
use crate::paper::section_4::certified::{Flow, Proved, decade_above, flows};
use crate::paper::section_4::figures::{ESCAPE, PHASE, phase};
use std::sync::Arc;

/// Figures of the flows of this depth and dimension (L, d), under (A3).
const SHOWN: [(usize, usize); 2] = [(3, 4), (10, 5)];

/// None where no tube could be closed (the claims then say so).
pub(crate) fn all(context: &Context) -> Vec<FigureData> {
    let list = flows(context);
    let of = |(depth, d): &(usize, usize)| -> Option<Arc<Proved>> {
        let wanted = |f: &&Flow| f.start.start.depth() == *depth && f.start.start.problem.dimension() == *d;
        list.iter().find(wanted)?.proved().ok()
    };
    let proved: Vec<Along> = SHOWN.iter().filter_map(of).map(Along::new).collect();
    if proved.is_empty() { Vec::new() } else { vec![course(&proved), lemma_2(&proved)] }
}

/// A proved flow, and about when each of its segments begins and ends.
struct Along {
    proved: Arc<Proved>,
    /// Abscissas of the ends; the last segment, which never ends, is left out.
    ends: Vec<(f64, f64)>,
}

impl Along {
    fn new(proved: Arc<Proved>) -> Self {
        let risk = |s: &Segment| s.observables.excess_risk.hi();
        let half = proved.segments.first().map_or(0.0, |s| 0.5 * risk(s));
        let mut times = vec![Time::default()];
        for s in proved.segments.iter().filter(|s| s.lasts.is_finite()) {
            times.push(times[times.len() - 1].plus(s.lasts));
        }
        let at = proved.segments.iter().position(|s| risk(s) <= half).unwrap_or(0).min(times.len() - 1);
        let escape = times[at];
        let place = |t: &Time| phase(t.since(escape));
        let ends = times.windows(2).map(|w| (place(&w[0]), place(&w[1]))).collect();
        Self { proved, ends }
    }
    fn segments(&self) -> impl Iterator<Item = (&(f64, f64), &Segment)> {
        self.ends.iter().zip(&self.proved.segments)
    }
    fn title(&self) -> String {
        format!("L = {}", self.proved.setting.depth)
    }
    /// An interval over time: two points for each segment, so that a band shows every enclosure in full.
    fn band(&self, of: impl Fn(&Segment) -> Interval, least: f64) -> Series {
        let (mut x, mut y, mut y_hi) = (Vec::new(), Vec::new(), Vec::new());
        for ((begin, end), s) in self.segments() {
            let i = of(s);
            if i.hi() < least {
                break;
            }
            for at in [begin, end] {
                x.push(*at);
                y.push(i.lo().max(least));
                y_hi.push(i.hi().max(least));
            }
        }
        Series { style: "band".into(), x, y, y_hi: Some(y_hi), ..Series::default() }
    }
    /// The upper ends as a line: it shows where the band is too narrow to be seen.
    fn upper(&self, label: &str, of: impl Fn(&Segment) -> Interval, least: f64) -> Series {
        let band = self.band(of, least);
        Series { label: label.into(), style: "line".into(), y: band.y_hi.unwrap_or_default(), y_hi: None, ..band }
    }
    fn level(&self, label: &str, value: f64) -> Series {
        let ends = [self.ends.first().map(|e| e.0), self.ends.last().map(|e| e.1)];
        series(label, "dashed", ends.into_iter().flatten().map(|x| (x, value)).collect())
    }
}

fn course(all: &[Along]) -> FigureData {
    let panel = |a: &Along| {
        let s = &a.proved.setting;
        let sigma = |g: &Segment| {
            let all = g.observables.sigma_squared.iter().map(Real::sqrt);
            all.reduce(|a, b| a.hull(&b)).unwrap_or(Interval::ENTIRE)
        };
        let risk = |g: &Segment| g.observables.excess_risk;
        let root = |factor: f64| (Interval::point(factor) * s.w_star_norm).pow_ratio(1, s.depth as u32).mid();
        let curves = vec![
            coloured(a.band(sigma, 1e-6), 0),
            coloured(a.upper("all σ_k", sigma, 1e-6), 0),
            coloured(a.level("the range of Corollary 1", root(0.5)), 0),
            coloured(a.level("", root(2.0)), 0),
            coloured(a.band(risk, 1e-10), 1),
            coloured(a.upper("R − R_min", risk, 1e-10), 1),
        ];
        Panel::new((PHASE, "enclosures"), (false, true), curves).titled(a.title())
    };
    let limits: Vec<String> = all.iter().map(limit).collect();
    FigureData {
        id: "tube-course".into(),
        title: "The true flow, proved".into(),
        caption: format!(
            "Enclosures of the true flow from t = 0 to the ball that contains its limit. All σ_k lie in one band, \
             whose line is its upper end; a band that reaches the lower edge has the lower end zero. {} {ESCAPE}",
            limits.join(" ")
        ),
        panels: all.iter().map(panel).collect(),
    }
}

/// How well the limit is known.
fn limit(a: &Along) -> String {
    let (s, p) = (&a.proved.setting, &a.proved);
    let decade = |v| decade_above(v).hi();
    let (radius, width) = (decade(p.limit.radius), decade((p.limit.sharpness / s.s_min()).width()));
    format!("At L = {} the limit is known to {radius:.0e}, S(W^SI)/S_min to {width:.0e} at most.", s.depth)
}

fn lemma_2(all: &[Along]) -> FigureData {
    let panel = |a: &Along| {
        let epsilon = a.proved.setting.initial.epsilon().mid();
        let worst = |of: &dyn Fn(&Segment) -> Vec<Interval>| -> Vec<(f64, f64)> {
            let largest = |g: &Segment| of(g).iter().fold(0.0_f64, |m, v| m.max(v.hi())) / epsilon;
            a.segments().map(|((begin, end), g)| (0.5 * (begin + end), largest(g).max(1e-6))).collect()
        };
        let curves = vec![
            series("‖W_k‖_F² − ‖W_k‖₂²", "line", worst(&|g| g.observables.tail.clone())),
            series("|σ_k² − σ_j²|", "line", worst(&|g| vec![g.observables.spread])),
            series("σ_(k+1)² (1 − ⟨v_(k+1), u_k⟩²)", "line", worst(&|g| g.observables.misalignment.clone())),
            coloured(a.level("Lemma 2: at most 1", 1.0), 6),
        ];
        Panel::new((PHASE, "upper end / ε"), (false, true), curves).titled(a.title())
    };
    FigureData {
        id: "tube-lemma-2".into(),
        title: "Lemma 2 along the true flow".into(),
        caption: format!(
            "Upper ends, proved for every t, of the three quantities that Lemma 2 bounds by ε, the worst layers, in \
             units of ε. {ESCAPE}"
        ),
        panels: all.iter().map(panel).collect(),
    }
}
