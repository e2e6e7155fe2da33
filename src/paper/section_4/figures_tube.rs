//! The numbers of the figures of certified tubes: enclosures of the true flow, segment after segment.

use crate::arithmetic::{Enclosure, Interval, Real};
use crate::flow::tube::Segment;
use crate::harness::claim::Context;
use crate::harness::evidence::{FigureData, Series};
use crate::paper::kit::series::series;
use crate::paper::section_4::certified::{Flow, Proved, decade_above, flows};
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
    SHOWN.iter().filter_map(of).flat_map(|p| [course(&p), lemma_2(&p)]).collect()
}

/// An interval over the number of its segment: two points for each, so that a band shows every enclosure in full.
fn band(label: &str, p: &Proved, of: impl Fn(&Segment) -> Interval, least: f64) -> Series {
    let (mut x, mut y, mut y_hi) = (Vec::new(), Vec::new(), Vec::new());
    for (at, s) in p.segments.iter().enumerate() {
        let i = of(s);
        if i.hi() < least {
            break;
        }
        for end in [at, at + 1] {
            x.push(end as f64);
            y.push(i.lo().max(least));
            y_hi.push(i.hi().max(least));
        }
    }
    Series { label: label.into(), style: "band".into(), x, y, y_hi: Some(y_hi), ..Series::default() }
}

/// The upper ends as a line: it shows where the band is too narrow to be seen.
fn upper(label: &str, p: &Proved, of: impl Fn(&Segment) -> Interval, least: f64) -> Series {
    let band = band(label, p, of, least);
    Series { style: "line".into(), y: band.y_hi.unwrap_or_default(), y_hi: None, ..band }
}

fn level(label: &str, p: &Proved, value: f64) -> Series {
    series(label, "dashed", vec![(0.0, value), (p.segments.len() as f64, value)])
}

fn figure(id: String, title: String, caption: String, y_label: &str, series: Vec<Series>) -> FigureData {
    FigureData {
        id,
        title,
        caption,
        x_label: "segment of the certified tube".into(),
        y_label: y_label.into(),
        x_log: false,
        y_log: true,
        series,
    }
}

fn course(p: &Proved) -> FigureData {
    let s = &p.setting;
    let l = s.depth;
    let sigma = |g: &Segment| {
        let all = g.observables.sigma_squared.iter().map(Real::sqrt);
        all.reduce(|a, b| a.hull(&b)).unwrap_or(Interval::ENTIRE)
    };
    let (low, high) = (Interval::point(0.5) * s.w_star_norm, Interval::point(2.0) * s.w_star_norm);
    let end = p.segments.iter().rev().nth(1).map_or(0.0, |g| g.time.hi());
    let decade = |v| decade_above(v).hi();
    let (radius, width) = (decade(p.limit.radius), decade((p.limit.sharpness / s.s_min()).width()));
    figure(
        format!("tube-L{l}"),
        format!("The true flow, proved, L = {l}"),
        format!(
            "Enclosures of the true flow from t = 0 to its limit (the tube ends at t = {end:.1e}; the last segment is \
             the ball that contains the limit). All sigma_k \
             lie in one band, with the range of Corollary 1 dashed; a band that reaches the lower edge has the lower \
             end zero, and where it is narrower than a line the line is its upper end. \
             The limit is known to {radius:.0e}, S(W^SI)/S_min to {width:.0e} at most."
        ),
        "sigma_k and R - R_min",
        vec![
            band("all sigma_k(t)", p, sigma, 1e-6),
            upper("largest sigma_k, upper end", p, sigma, 1e-6),
            band("R - R_min", p, |g| g.observables.excess_risk, 1e-12),
            upper("R - R_min, upper end", p, |g| g.observables.excess_risk, 1e-12),
            level("(norm(w*)/2)^(1/L)", p, low.pow_ratio(1, l as u32).mid()),
            level("(2 norm(w*))^(1/L)", p, high.pow_ratio(1, l as u32).mid()),
        ],
    )
}

fn lemma_2(p: &Proved) -> FigureData {
    let epsilon = p.setting.initial.epsilon().mid();
    let worst = |of: &dyn Fn(&Segment) -> Vec<Interval>| -> Vec<(f64, f64)> {
        let largest = |g: &Segment| of(g).iter().fold(0.0_f64, |m, v| m.max(v.hi())) / epsilon;
        p.segments.iter().enumerate().map(|(at, g)| (at as f64 + 0.5, largest(g).max(1e-6))).collect()
    };
    figure(
        format!("tube-lemma-2-L{}", p.setting.depth),
        format!("Lemma 2 along the true flow, L = {}", p.setting.depth),
        "Upper ends, proved for every t of a segment, of the three quantities that Lemma 2 bounds by epsilon, the \
         worst layers, in units of epsilon."
            .into(),
        "upper end / epsilon",
        vec![
            series("norm_F^2 - norm_2^2", "line", worst(&|g| g.observables.tail.clone())),
            series("|sigma_k^2 - sigma_j^2|", "line", worst(&|g| vec![g.observables.spread])),
            series("sigma_(k+1)^2 (1 - <v_(k+1), u_k>^2)", "line", worst(&|g| g.observables.misalignment.clone())),
            level("Lemma 2", p, 1.0),
        ],
    )
}
