//! Figures of the statements about chance: failure probabilities of Lemma 3 against u, maps of where its printed bound
//! holds, and e-values over trials.

use crate::arithmetic::{Big, Enclosure, Field, Rational, Real, Ring};
use crate::error::Result;
use crate::harness::chance::{Chance, Part};
use crate::harness::claim::Context;
use crate::harness::evidence::{FigureData, Series};
use crate::paper::battery::battery;
use crate::paper::kit::series::series;
use crate::paper::section_5::lemma_3::constants::{Tails, stated_exponent, union_bound};
use crate::paper::section_5::lemma_3::trials::Setting;
use crate::residual::{Extremes, Setup, extremes_of};
use crate::statistics::{binomial, eprocess};
use num_traits::One;

/// Confidence of the intervals that are drawn, each by itself.
const CONFIDENCE: f64 = 0.99;

/// The figures of a run.
///
/// # Errors
/// Only if a setting of this file is refused.
pub(crate) fn all(context: &Context) -> Result<Vec<FigureData>> {
    let deeper = context.size(1, 8, 64) as u64;
    let rough = maps(context, 100 * deeper)?;
    let mut out = vec![union_terms(), against_u(context, deeper)?];
    out.extend(rough);
    out.push(shallow(context, 30_000 * deeper)?);
    out.push(e_values(context)?);
    Ok(out)
}

/// max_k norm(P_k) and min_k sigma_min(P_k) of trials at theta = 0; those that double precision cannot enclose are left
/// out of neither count.
fn sample(context: &Context, name: &str, shape: (usize, usize), s: f64, trials: u64) -> Result<Vec<Option<Extremes>>> {
    let (depth, width) = shape;
    let setup = Setup::new(width, depth, s, context.seed, &format!("figure/{name}-d{width}-L{depth}-s{s}"))?;
    Ok(extremes_of(&setup, 0..trials).into_iter().map(Result::ok).collect())
}

/// Exact interval of the probability that the printed bound at theta = 0 fails at this setting.
fn interval(found: &[Option<Extremes>], at: &Setting, norm: bool) -> Result<[f64; 2]> {
    let (most, least) = at.thresholds(&Rational::from(4));
    let certain = |e: &Extremes| if norm { e.norm.lo > most.hi() } else { e.sigma_min.hi < least.lo() };
    let possible = |e: &Extremes| if norm { e.norm.hi > most.lo() } else { e.sigma_min.lo < least.hi() };
    let count =
        |f: &dyn Fn(&Extremes) -> bool, open| found.iter().filter(|e| e.as_ref().map_or(open, f)).count() as u64;
    let trials = found.len() as u64;
    let alpha = (1.0 - CONFIDENCE) / 2.0;
    Ok([
        binomial::lower_bound(trials, count(&certain, false), alpha)?,
        binomial::upper_bound(trials, count(&possible, true), alpha)?,
    ])
}

/// Failure probability of the bound on sigma_min against u, with p0.
fn against_u(context: &Context, deeper: u64) -> Result<FigureData> {
    let mut lines = Vec::new();
    for (shape, s, trials) in [
        ((1, 4), Rational::new(1, 2), 400_000 * deeper),
        ((20, 10), Rational::from(1), 1_000 * deeper),
        ((50, 50), Rational::from(3), 100 * deeper),
    ] {
        let found = sample(context, "against-u", shape, s.to_f64(), trials)?;
        let mut band = Series {
            label: format!("d = {}, L = {}, s = {s}: 99 % interval of {trials} trials", shape.1, shape.0),
            style: "band".into(),
            y_hi: Some(Vec::new()),
            ..Series::default()
        };
        let mut bound = Vec::new();
        for step in 0..=40 {
            // Exponents z^2 of p0 = 8 exp(-z^2), from p0 = 8 on.
            let at = Setting::at(shape.0, shape.1, s.clone(), 16.0 * f64::from(step * step) / 1600.0, trials);
            let [lo, hi] = interval(&found, &at, false)?;
            let u = at.u.to_f64();
            band.x.push(u);
            band.y.push(lo.max(FLOOR));
            band.y_hi.get_or_insert_default().push(hi);
            bound.push((u, at.stated_bound()));
        }
        bound.retain(|b| b.1 <= 1.0);
        lines.push(band);
        lines.push(series(&format!("d = {}, L = {}, s = {s}: as printed", shape.1, shape.0), "dashed", bound));
    }
    Ok(FigureData {
        id: "lemma-3-failures".into(),
        title: "Lemma 3: how often sigma_min falls below its bound".into(),
        caption: "Probability that some sigma_min(P_k) is below exp(-2 s^2/d - u)/4, theta = 0, against u: exact 99 % \
                  intervals of what was counted, and the printed 8 exp(-d u^2/(32 s^2)). Where a band lies above \
                  its dashed line the printed bound is false: at L = 1 for large u, and at s = 3 for small u, both \
                  outside the constants of the lemma. At s = 1, L = 20 nothing of the kind is seen."
            .into(),
        x_label: "u".into(),
        y_label: "probability of failure".into(),
        x_log: false,
        y_log: true,
        series: lines,
    })
}

/// Lower ends of intervals that are 0 are drawn here.
const FLOOR: f64 = 1e-7;

/// The verdict on one cell of a map.
const CELLS: [&str; 4] =
    ["holds at theta = 0 (99 %)", "open: more trials needed", "violated (99 %)", "violated at least tenfold (99 %)"];

struct Map {
    cells: [Vec<(f64, f64)>; 4],
}

impl Map {
    fn new() -> Self {
        Self { cells: [const { Vec::new() }; 4] }
    }
    fn add(&mut self, x: f64, p0: f64, [lo, hi]: [f64; 2]) {
        let which = if hi <= p0 {
            0
        } else if lo > 10.0 * p0 {
            3
        } else {
            usize::from(lo > p0) + 1
        };
        self.cells[which].push((x, p0));
    }
    fn series(self) -> Vec<Series> {
        let named = CELLS.iter().zip(self.cells);
        named.map(|(label, xy)| series(label, "cells", xy)).collect()
    }
}

/// Exponents z^2 of the rows of the maps: p0 = 8 exp(-z^2) from 0.9 down.
const ROWS: [f64; 8] = [2.2, 2.6, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0];

/// Where the printed bounds hold over (s, p0), d = 50, L = 50.
fn maps(context: &Context, trials: u64) -> Result<[FigureData; 2]> {
    let (mut norm, mut least) = (Map::new(), Map::new());
    // Beyond s = 3 doubles no longer decide.
    for quarters in [2, 4, 6, 8, 9, 10, 11, 12] {
        let s = Rational::new(quarters, 4);
        let found = sample(context, "map", (50, 50), s.to_f64(), trials)?;
        for z2 in ROWS {
            let at = Setting::at(50, 50, s.clone(), z2, trials);
            let row = short(8.0 * (-z2).exp());
            norm.add(s.to_f64(), row, interval(&found, &at, true)?);
            least.add(s.to_f64(), row, interval(&found, &at, false)?);
        }
    }
    let figure = |id: &str, title: &str, caption: &str, map: Map| FigureData {
        id: id.into(),
        title: title.into(),
        caption: caption.into(),
        x_label: "s".into(),
        y_label: "stated probability of failure p0".into(),
        x_log: false,
        y_log: false,
        series: map.series(),
    };
    Ok([
        figure(
            "lemma-3-map-norm",
            "Where the printed bound on norms holds: d = 50, L = 50",
            "Every cell is a pair (s, u) with p0 = 8 exp(-d u^2/(32 s^2)) as stated; the colour compares p0 with an \
             exact 99 % interval of the failures counted at theta = 0. All cells lie outside the constants of \
             the lemma; the bound on the norms is nowhere seen violated.",
            norm,
        ),
        figure(
            "lemma-3-map-sigma-min",
            "Where the printed bound on sigma_min holds: d = 50, L = 50",
            "As before, for sigma_min. From s = 2.5 on it is violated at the small u that make p0 large: a condition \
             u >= C_3 with C_3 of order s^2 is needed.",
            least,
        ),
    ])
}

/// Two digits, for the labels of rows.
fn short(p: f64) -> f64 {
    format!("{p:.1e}").parse().unwrap_or(p)
}

/// Where the printed bound on sigma_min holds over (L, p0), few layers.
fn shallow(context: &Context, trials: u64) -> Result<FigureData> {
    let mut map = Map::new();
    for depth in [1, 2, 3, 5, 10] {
        // One layer is cheap, and where it matters.
        let trials = if depth == 1 { 15 * trials } else { trials };
        let found = sample(context, "shallow", (depth, 4), 0.5, trials)?;
        for z2 in [2.2, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0] {
            let at = Setting::at(depth, 4, Rational::new(1, 2), z2, trials);
            map.add(depth as f64, short(8.0 * (-z2).exp()), interval(&found, &at, false)?);
        }
    }
    Ok(FigureData {
        id: "lemma-3-map-depth".into(),
        title: "Where the printed bound on sigma_min holds: d = 4, s = 1/2, few layers".into(),
        caption: "As before, over the depth. At L = 1 the bound is false for large u (small p0): some condition u <= \
                  C L^(1/4), or sqrt(L), is needed. Within this range nothing of the kind is seen from L = 2 on."
            .into(),
        x_label: "L".into(),
        y_label: "stated probability of failure p0".into(),
        x_log: false,
        y_log: false,
        series: map.series(),
    })
}

/// Log10 of the e-values are drawn within plus or minus this.
const SHOWN: f64 = 20.0;

/// Log10 of the e-values of some statements over their trials.
fn e_values(context: &Context) -> Result<FigureData> {
    // One statement for each kind of curve.
    let named = |c: &Chance| c.key.contains("ball4-d4-L10-") || c.key.contains("d20-L20-s1-u2.8");
    let chosen = |c: &Chance| c.part != Part::Statement || (c.claim == "lemma-3-sigma-min" && named(c));
    let mut lines = Vec::new();
    for chance in battery().iter().filter(|c| chosen(c) && c.cost < 3e-4) {
        let mut xy = Vec::new();
        let (mut trials, mut failures) = (0, 0);
        for step in 1..=14_u32 {
            let until = 4_u64.pow(step) / 4;
            if until as f64 * chance.cost > 0.6 {
                break;
            }
            failures += chance.run(context.seed, trials..until)?.failures;
            trials = until;
            let e = eprocess::log_e_value(trials, failures, chance.bound)? / std::f64::consts::LN_10;
            xy.push((trials as f64, e.clamp(-SHOWN, SHOWN)));
        }
        lines.push(series(&chance.key, "line", xy));
    }
    lines.push(series("alarm at a share of 1e-4 of false alarms", "dashed", vec![(1.0, 4.0), (1e7, 4.0)]));
    Ok(FigureData {
        id: "e-values".into(),
        title: "Evidence against statements about chance, trial by trial".into(),
        caption: "Log10 of the e-value against 'fails with probability at most p0'. It may be looked at after every \
                  trial: a true statement ever reaches 4 with probability at most 1e-4. The planted falsehood and the \
                  bound of \
                  Lemma 3 where its hypotheses do not hold climb; true statements sink. Drawn within plus or minus 20."
            .into(),
        x_label: "trials".into(),
        y_label: "log10 e-value".into(),
        x_log: true,
        y_log: false,
        series: lines,
    })
}

/// Terms are drawn within plus or minus so many powers of ten.
const CLIPPED: f64 = 100.0;

/// Log10 of the five terms of the proof's failure bound, of their sum and of 8 exp(-d u^2/(32 s^2)), at the least L
/// that `all-scales` admits.
fn union_terms() -> FigureData {
    const NAMES: [&str; 5] = [
        "5^d, S_2 above u",
        "5^d, S_1 above s^2 + u",
        "(2M/m + 1)^d, S_2 below -u",
        "(2M/m + 1)^d, S_3 above 4 s^2/d + u",
        "(2M/m + 1)^d, some Y below -1/2",
    ];
    const BITS: u32 = 128;
    let of = |q: &Rational| Big::from_rational(q, BITS);
    let (s2, width) = (of(&Rational::one()), of(&Rational::from(4)));
    let ten = of(&Rational::from(10)).ln();
    let mut terms = NAMES.map(|_| Vec::new());
    let mut stated = Vec::new();
    for step in 1..=60 {
        let u = Rational::from(2 * step);
        let depth = (&u / Rational::new(13, 20)).powi(2);
        let found = union_bound(&s2, &of(&depth), &width, &of(&u), Tails::Corrected, BITS);
        for (line, term) in terms.iter_mut().zip(found) {
            // Over the conclusion of the proof for each of the terms, one times its exponential.
            let over = (term + stated_exponent(&s2, &width, &of(&u))) / &ten;
            line.push((u.to_f64(), over.to_interval().mid().clamp(-CLIPPED, CLIPPED)));
        }
        stated.push((u.to_f64(), 0.0));
    }
    let mut lines: Vec<Series> = NAMES.iter().zip(terms).map(|(name, xy)| series(name, "line", xy)).collect();
    lines.push(series("exp(-d u^2/(32 s^2)): where each term has to end", "dashed", stated));
    FigureData {
        id: "lemma-3-union-bound".into(),
        title: "The proof of Lemma 3: its five terms, s = 1, d = 4".into(),
        caption: "Log10 of each term of the union bound of B.9, with corrected tails and L = (u/0.65)^2, over exp(-d \
                  u^2/(32 s^2)); drawn within plus or minus 100. The argument closes where all lie below the dashed \
                  line. The term that decides is \
                  the third: a net of (2M/m + 1)^d points has to be paid for by u^2/(16 s^2), which takes u of about \
                  65 s^2. That is what C_3 comes from."
            .into(),
        x_label: "u".into(),
        y_label: "log10 of term / exp(-d u^2/(32 s^2))".into(),
        x_log: false,
        y_log: false,
        series: lines,
    }
}
