//! The curve as a figure.
//!
//! Only what is certified is drawn as such: the band is the enclosure, the line its midpoint. Whether a point is
//! beyond, below or not decided against `2 / eta` is taken from the point's own comparison, not from the picture.

use super::Point;
use crate::arithmetic::Enclosure;
use crate::figure::{FigureData, Panel, Series, coloured, series};

/// Beyond this ratio of the largest to the smallest sharpness the ordinate is logarithmic.
const LOGARITHMIC: f64 = 50.0;

/// Numbers of colours in the palette of the figures.
///
/// Band and line of the sharpness.
const SHARPNESS: u8 = 0;
/// The level `2 / eta`.
const EDGE: u8 = 6;
/// The lower bound of Theorem 2.
const BOUND: u8 = 2;
/// Risk, or loss, on the right.
const RISK: u8 = 5;
/// How a point may stand to `2 / eta`: its name in the data, its label, its colour.
const STANDINGS: [(&str, &str, u8); 3] = [
    ("beyond", "certainly beyond 2 / eta", 7),
    ("below", "certainly below 2 / eta", 4),
    ("within", "not decided against 2 / eta", 3),
];

/// Sharpness with its enclosure, 2 / eta, the lower bound, and the risk on the right; what is certainly above and below
/// 2 / eta is marked. `None` where no point has a finite sharpness.
///
/// Points without a bounded sharpness are left out, and series without a point. The lower bound is drawn for R alone,
/// as Theorem 2 speaks of no other loss. The ordinate is logarithmic where the largest sharpness exceeds the smallest
/// by a factor of `LOGARITHMIC`, and all are large enough for such an axis.
pub fn picture(points: &[Point]) -> Option<FigureData> {
    let shown: Vec<(f64, &Point)> =
        abscissas(points).into_iter().zip(points).filter(|(_, p)| p.stepped().is_bounded()).collect();
    let of = |f: &dyn Fn(&Point) -> Option<f64>| -> Vec<(f64, f64)> {
        shown.iter().filter_map(|(x, p)| f(p).filter(|v| v.is_finite()).map(|v| (*x, v))).collect()
    };
    let series = |label: &str, style: &str, colour: u8, xy| coloured(series(label, style, xy), colour);
    let (lo, hi) = (of(&|p| Some(p.stepped().lo())), of(&|p| Some(p.stepped().hi())));
    let least = lo.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
    let most = hi.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
    let first = shown.first()?.1;
    let mut all = vec![
        Series {
            y_hi: Some(hi.into_iter().map(|p| p.1).collect()),
            ..series("certified enclosure", "band", SHARPNESS, lo)
        },
        series("sharpness", "line", SHARPNESS, of(&|p| Some(p.stepped().mid()))),
    ];
    if let Some(e) = &first.edge {
        all.push(series(
            &format!("2 / eta, eta = {}", e.eta),
            "dashed",
            EDGE,
            of(&|p| Some(p.edge.as_ref()?.threshold.mid())),
        ));
        for (standing, label, colour) in STANDINGS {
            let at = of(&|p| (p.edge.as_ref()?.standing == standing).then(|| p.stepped().mid()));
            all.push(series(label, "points", colour, at));
        }
    }
    if first.loss.is_none() {
        let bound = of(&|p| p.lower_bound.map(|b| b.lo()));
        all.push(series("lower bound of Theorem 2, for minimisers", "dotted", BOUND, bound));
    }
    let value = if first.loss.is_some() { "loss" } else { "risk" };
    all.push(Series {
        right: Some(format!("{value} (orange)")),
        ..series(&format!("{value}, on the right"), "line", RISK, of(&|p| Some(p.value().mid())))
    });
    all.retain(|s| !s.x.is_empty());
    let x_label = match (first.place.time, first.place.step) {
        (Some(_), _) => "time",
        (None, Some(_)) => "step",
        (None, None) => "checkpoint",
    };
    let logarithmic = least > crate::report::figures::LOWEST_LOG && most > LOGARITHMIC * least;
    Some(Panel::new((x_label, "sharpness"), (false, logarithmic), all).figure(
        "edge",
        "Certified sharpness",
        "The largest eigenvalue of the Hessian at each checkpoint, enclosed.",
    ))
}

/// Times, steps where all have one, or places in the list.
///
/// One kind for all points: they share an axis.
fn abscissas(points: &[Point]) -> Vec<f64> {
    let of = |f: &dyn Fn(&Point) -> Option<f64>| points.iter().map(f).collect::<Option<Vec<f64>>>();
    of(&|p| p.place.time)
        .or_else(|| of(&|p| p.place.step.map(|s| s as f64)))
        .unwrap_or_else(|| (0..points.len()).map(|i| i as f64).collect())
}
