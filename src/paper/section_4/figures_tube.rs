//! The numbers of the figures of certified tubes: enclosures of the true flow, segment after segment, over time.

use crate::arithmetic::{Enclosure, Interval, Real};
use crate::figure::{coloured, series};
use crate::flow::Time;
use crate::flow::tube::Segment;
use crate::harness::claim::Context;
use crate::harness::evidence::{FigureData, Series};
use crate::paper::section_4::certified::{Flow, Proved, flows};
use crate::paper::section_4::figures::{ESCAPE, escape, level, panel, phase};
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
    /// The verified tube.
    proved: Arc<Proved>,
    /// Abscissas of the ends; the last segment, which never ends, is left out.
    ends: Vec<(f64, f64)>,
}

impl Along {
    /// Abscissas count from the first segment in which half of the risk is gone.
    fn new(proved: Arc<Proved>) -> Self {
        let mut times = vec![Time::default()];
        for s in proved.segments.iter().filter(|s| s.lasts.is_finite()) {
            times.push(times[times.len() - 1].plus(s.lasts));
        }
        let escape = escape(proved.segments.iter().map(|s| s.observables.excess_risk.hi())).unwrap_or(0);
        let place = |t: &Time| phase(t.since(times[escape.min(times.len() - 1)]));
        let ends = times.windows(2).map(|w| (place(&w[0]), place(&w[1]))).collect();
        Self { proved, ends }
    }
    /// Each segment that ends, with its abscissas.
    fn segments(&self) -> impl Iterator<Item = (&(f64, f64), &Segment)> {
        self.ends.iter().zip(&self.proved.segments)
    }
    /// An interval over time as a band, two points for each segment, so that it shows every enclosure in full; and its
    /// upper ends as a line, which shows where the band is too narrow to be seen.
    fn band(&self, label: &str, colour: u8, of: impl Fn(&Segment) -> Interval, least: f64) -> [Series; 2] {
        let (mut x, mut y, mut y_hi) = (Vec::new(), Vec::new(), Vec::new());
        for ((begin, end), s) in self.segments() {
            let i = of(s);
            if i.hi() < least {
                break;
            }
            x.extend([*begin, *end]);
            y.extend([i.lo().max(least); 2]);
            y_hi.extend([i.hi().max(least); 2]);
        }
        let upper =
            Series { label: label.into(), style: "line".into(), x: x.clone(), y: y_hi.clone(), ..Series::default() };
        let band = Series { style: "band".into(), x, y, y_hi: Some(y_hi), ..Series::default() };
        [band, upper].map(|s| coloured(s, colour))
    }
    /// A level over the whole flow.
    fn level(&self, label: &str, colour: u8, value: f64) -> Series {
        level([self.ends.first().map(|e| e.0), self.ends.last().map(|e| e.1)], label, colour, value)
    }
}

/// Norms and risk as bands.
fn course(all: &[Along]) -> FigureData {
    let one = |a: &Along| {
        let s = &a.proved.setting;
        let sigma = |g: &Segment| {
            let all = g.observables.sigma_squared.iter().map(Real::sqrt);
            all.reduce(|a, b| a.hull(&b)).unwrap_or(Interval::ENTIRE)
        };
        let risk = |g: &Segment| g.observables.excess_risk;
        let root = |factor: f64| (Interval::point(factor) * s.w_star_norm).pow_ratio(1, s.depth as u32).mid();
        let range = [a.level("the range of Corollary 1", 0, root(0.5)), a.level("", 0, root(2.0))];
        let curves = [a.band("all σ_k", 0, sigma, 1e-6), range, a.band("R − R_min", 1, risk, 1e-10)];
        panel(s.depth, "enclosures", "", curves.into_iter().flatten().collect())
    };
    let limits: Vec<String> = all.iter().map(limit).collect();
    FigureData::new(
        "tube-course",
        "The true flow, proved",
        format!(
            "Enclosures of the true flow from t = 0 to the ball that contains its limit. All σ_k lie in one band, \
             whose line is its upper end; a band that reaches the lower edge has the lower end zero. {} {ESCAPE}",
            limits.join(" ")
        ),
        all.iter().map(one).collect(),
    )
}

/// How well the limit is known.
fn limit(a: &Along) -> String {
    let (s, p) = (&a.proved.setting, &a.proved);
    // The next power of ten: radii vary a little with the processor's kernels, and a report should not.
    let tens = || (-300..=300).map(|e| format!("1e{e}").parse().unwrap_or(f64::INFINITY));
    let decade = |v: f64| tens().find(|p| *p >= v).unwrap_or(f64::INFINITY);
    let (radius, width) = (decade(p.limit.radius), decade((p.limit.sharpness / s.s_min()).width()));
    format!("At L = {} the limit is known to {radius:.0e}, S(W^SI)/S_min to {width:.0e} at most.", s.depth)
}

/// The three quantities of Lemma 2 over epsilon.
fn lemma_2(all: &[Along]) -> FigureData {
    let one = |a: &Along| {
        let epsilon = a.proved.setting.initial.epsilon().mid();
        let worst = |of: &dyn Fn(&Segment) -> Vec<Interval>| -> Vec<(f64, f64)> {
            let largest = |g: &Segment| of(g).iter().fold(0.0_f64, |m, v| m.max(v.hi())) / epsilon;
            a.segments().map(|((begin, end), g)| (0.5 * (begin + end), largest(g).max(1e-6))).collect()
        };
        let curves = vec![
            series("‖W_k‖_F² − ‖W_k‖₂²", "line", worst(&|g| g.observables.tail.clone())),
            series("|σ_k² − σ_j²|", "line", worst(&|g| vec![g.observables.spread])),
            series("σ_(k+1)² (1 − ⟨v_(k+1), u_k⟩²)", "line", worst(&|g| g.observables.misalignment.clone())),
            a.level("Lemma 2: at most 1", 6, 1.0),
        ];
        panel(a.proved.setting.depth, "upper end / ε", "", curves)
    };
    FigureData::new(
        "tube-lemma-2",
        "Lemma 2 along the true flow",
        format!(
            "Upper ends, proved for every t, of the three quantities that Lemma 2 bounds by ε, the worst layers, in \
             units of ε. {ESCAPE}"
        ),
        all.iter().map(one).collect(),
    )
}
