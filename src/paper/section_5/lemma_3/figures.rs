//! Figures of the statements about chance: failure probabilities of Lemma 3 against u, maps of where its printed bound
//! holds, and e-values over trials.

use super::constants::{Tails, stated_exponent, union_bound};
use super::trials::Setting;
use crate::arithmetic::{Big, Enclosure, Field, Rational, Real, Ring};
use crate::error::Result;
use crate::figure::{coloured, dashed, series};
use crate::harness::Context;
use crate::harness::chance::{Chance, Part};
use crate::harness::evidence::{FigureData, Panel, Series};
use crate::paper::battery::battery;
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
    // A night's trials are those of its claims: a curve is no sharper for 25 million, which took 9 GB.
    let deeper = context.size(1, 8, 8) as u64;
    let mut maps = maps(context, 60 * deeper)?;
    maps.push(shallow(context, 30_000 * deeper)?);
    let maps = FigureData::new(
        "lemma-3-map",
        "Where the printed bounds of Lemma 3 hold",
        "Every cell is a setting with the probability of failure p0 = 8 exp(−d u²/(32 s²)) that the lemma states for \
         it; the colour compares p0 with an exact 99 % interval of the failures counted at θ = 0. The bound on the \
         norms is nowhere seen violated. That on σ_min is from s = 2.5 on, at the small u that make p0 large: a \
         condition u ≥ C_3 with C_3 of order s² is needed; and at L = 1 for large u: some condition u ≤ C L^(1/4), or \
         √L, is needed. All cells lie outside the constants of the lemma.",
        maps,
    );
    Ok(vec![union_terms(), against_u(context, deeper)?, maps, e_values(context)?])
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
    let mut panels = Vec::new();
    for (colour, shape, s, trials) in [
        (0, (1, 4), Rational::new(1, 2), 400_000 * deeper),
        (2, (20, 10), Rational::from(1), 1_000 * deeper),
        (1, (50, 50), Rational::from(3), 100 * deeper),
    ] {
        let found = sample(context, "against-u", shape, s.to_f64(), trials)?;
        let (mut low, mut high, mut bound) = (Vec::new(), Vec::new(), Vec::new());
        for step in 0..=40 {
            // Exponents z^2 of p0 = 8 exp(-z^2), from p0 = 8 on.
            let at = Setting::at(shape.0, shape.1, s.clone(), 16.0 * f64::from(step * step) / 1600.0, trials);
            let [lo, hi] = interval(&found, &at, false)?;
            let u = at.u.to_f64();
            low.push((u, lo.max(FLOOR)));
            high.push(hi);
            bound.push((u, at.stated_bound()));
        }
        let band = Series { y_hi: Some(high), ..series("99 % interval of what was counted", "band", low) };
        bound.retain(|b| b.1 <= 1.0);
        let curves = vec![coloured(band, colour), dashed("8 exp(−d u²/(32 s²)), as printed", colour, bound)];
        let title = format!("d = {}, L = {}, s = {s}: {trials} trials", shape.1, shape.0);
        panels.push(Panel::new(("u", "probability of failure"), (false, true), curves).titled(title));
    }
    Ok(FigureData::new(
        "lemma-3-failures",
        "Lemma 3: how often σ_min falls below its bound",
        "Probability that some σ_min(P_k) is below exp(−2 s²/d − u)/4, θ = 0, against u. Where the band lies above the \
         dashed line the printed bound is false: at L = 1 for large u (left), and at s = 3 for small u (right), both \
         outside the constants of the lemma. At s = 1, L = 20 (middle) nothing of the kind is seen. A band that \
         reaches the lower edge has the lower end 0.",
        panels,
    ))
}

/// Lower ends of intervals that are 0 are drawn here.
const FLOOR: f64 = 1e-7;

/// The verdict on one cell of a map.
const CELLS: [&str; 4] =
    ["holds at θ = 0 (99 %)", "open: more trials needed", "violated (99 %)", "violated at least tenfold (99 %)"];

/// The cells of a map, by their verdict.
#[derive(Default)]
struct Map([Vec<(f64, f64)>; 4]);

impl Map {
    /// A cell at x, in the row p0, by the interval of the failures counted.
    fn add(&mut self, x: f64, p0: f64, [lo, hi]: [f64; 2]) {
        // Open unless the interval is below p0 or above it.
        let which = if hi <= p0 { 0 } else { 1 + usize::from(lo > p0) + usize::from(lo > 10.0 * p0) };
        self.0[which].push((x, p0));
    }
    /// The four classes of cells as series of one panel.
    fn panel(self, x: &str, title: &str) -> Panel {
        let named = CELLS.iter().zip(self.0);
        let cells = named.map(|(label, xy)| series(label, "cells", xy)).collect();
        Panel::new((x, "p0, as stated"), (false, false), cells).titled(title)
    }
}

/// Exponents z^2 of the rows of the maps: p0 = 8 exp(-z^2) from 0.9 down.
const ROWS: [f64; 8] = [2.2, 2.6, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0];

/// Where the printed bounds hold over (s, p0), d = 50, L = 50.
fn maps(context: &Context, trials: u64) -> Result<Vec<Panel>> {
    let (mut norm, mut least) = (Map::default(), Map::default());
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
    Ok(vec![norm.panel("s", "the norms: d = 50, L = 50"), least.panel("s", "σ_min: d = 50, L = 50")])
}

/// Two digits, for the labels of rows.
fn short(p: f64) -> f64 {
    format!("{p:.1e}").parse().unwrap_or(p)
}

/// Where the printed bound on sigma_min holds over (L, p0), few layers.
fn shallow(context: &Context, trials: u64) -> Result<Panel> {
    let mut map = Map::default();
    for depth in [1, 2, 3, 5, 10] {
        // One layer is cheap, and where it matters.
        let trials = if depth == 1 { 15 * trials } else { trials };
        let found = sample(context, "shallow", (depth, 4), 0.5, trials)?;
        for z2 in [2.2, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0] {
            let at = Setting::at(depth, 4, Rational::new(1, 2), z2, trials);
            map.add(depth as f64, short(8.0 * (-z2).exp()), interval(&found, &at, false)?);
        }
    }
    Ok(map.panel("L", "σ_min: d = 4, s = 1/2"))
}

/// Log10 of the e-values are drawn within plus or minus this.
const SHOWN: f64 = 20.0;

/// What a statement about chance is called in a figure.
fn named_in_words(chance: &Chance) -> String {
    let (claim, setting) = chance.key.split_once('/').unwrap_or(("", &chance.key));
    match (claim, setting) {
        ("canary", "planted-falsehood") => "a planted falsehood".into(),
        ("canary", "planted-truth") => "a planted truth".into(),
        ("canary", "lemma-3-falsehood") => "Lemma 3 outside its hypotheses".into(),
        ("canary", "lemma-3-truth") => "Lemma 3, an easy truth".into(),
        _ => {
            let parts = setting.split('-').filter_map(|p| {
                let number = p.find(|c: char| c.is_ascii_digit()).filter(|n| *n == 1)?;
                // A name is not torn from its value.
                Some(format!("{}\u{a0}=\u{a0}{}", &p[..number], &p[number..]))
            });
            let outside = if chance.part == Part::KnownFalse { " outside its hypotheses" } else { "" };
            format!("Lemma 3{outside}, {}", parts.collect::<Vec<_>>().join(", "))
        }
    }
}

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
        lines.push(series(&named_in_words(chance), "line", xy));
    }
    let last = lines.iter().flat_map(|s: &Series| s.x.last()).copied().fold(1.0, f64::max);
    lines.push(dashed("alarm, at a share of 1e-4 of false alarms", 6, vec![(1.0, 4.0), (last, 4.0)]));
    Ok(FigureData::new(
        "e-values",
        "Evidence against statements about chance, trial by trial",
        "Log₁₀ of the e-value against: the statement fails with probability at most p0. It may be looked at after \
         every trial: a true statement ever reaches 4 with probability at most 1e-4. The planted falsehood and the \
         bound of Lemma 3 where its hypotheses do not hold climb; true statements sink. Drawn within plus or minus 20.",
        vec![Panel::new(("trials", "log₁₀ of the e-value"), (true, false), lines)],
    ))
}

/// Terms are drawn down to so many powers of ten below what each has to come to.
const SHOWN_BELOW: f64 = -100.0;

/// Log10 of the five terms of the proof's failure bound, of their sum and of 8 exp(-d u^2/(32 s^2)), at the least L
/// that `all-scales` admits.
fn union_terms() -> FigureData {
    const NAMES: [&str; 5] = [
        "5^d points, S_2 above u",
        "5^d points, S_1 above s² + u",
        "(2M/m + 1)^d points, S_2 below −u",
        "(2M/m + 1)^d points, S_3 above 4 s²/d + u",
        "(2M/m + 1)^d points, some Y below −1/2",
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
            let over = ((term + stated_exponent(&s2, &width, &of(&u))) / &ten).to_interval().mid();
            if over >= SHOWN_BELOW {
                line.push((u.to_f64(), over));
            }
        }
        stated.push((u.to_f64(), 0.0));
    }
    let mut lines: Vec<Series> = NAMES.iter().zip(terms).map(|(name, xy)| series(name, "line", xy)).collect();
    lines.push(dashed("exp(−d u²/(32 s²)): below it each term has to come", 6, stated));
    FigureData::new(
        "lemma-3-union-bound",
        "The proof of Lemma 3: its five terms, s = 1, d = 4",
        "Log₁₀ of each term of the union bound of B.9, with corrected tails and L = (u/0.65)², over exp(−d u²/(32 \
         s²)); drawn down to −100. The argument closes where all lie below the dashed line. The term that decides is \
         the third: a net of (2M/m + 1)^d points has to be paid for by u²/(16 s²), which takes u of about 65 s². That \
         is what C_3 comes from.",
        vec![Panel::new(("u", "log₁₀ of term / exp(−d u²/(32 s²))"), (false, false), lines)],
    )
}
