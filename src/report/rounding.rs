//! Rounding for print: outward, coarse, and the same on every CPU.
//!
//! A factorisation by `faer` proposes the vectors behind an enclosure, and its last bits depend on the vector width of
//! the CPU. The enclosure is valid either way, but its ends move by some units in the last place. What is committed is
//! therefore rounded outward to three digits, with a guard that keeps an end which is a short decimal (0.5, 1) on one
//! side of the cut.
//!
//! **What is promised.** For an enclosure `[lo, hi]` the printed one contains it: `down(lo) <= lo` and `hi <=
//! up(hi)`. Away from zero an end moves by at most 1 % and 1e-9 of itself. Ends that differ by some units in the last
//! place, as between CPUs, print alike unless the guarded value lies on a cut between two decimals of three digits;
//! without the guard, exact values such as 0.5 lie on a cut themselves, and with it they lie 1e-9 away from one.
//!
//! **Why it is outward.** `directed` subtracts the guard, prints to nearest, compares the decimal *exactly*, as a
//! rational, with the guarded double, and takes the next decimal if it lies on the wrong side. The double read from a
//! decimal below x is at most x, since reading is monotone and x reads as itself.
//!
//! Figures are rounded to nearest, since nothing is concluded from them.

use crate::arithmetic::decimal::{between, directed};
use crate::arithmetic::{Enclosure, Interval};
use crate::harness::evidence::{Counterexample, Evidence, FigureData, FormEvidence, SampledEvidence, Tightness};

/// An end closer to zero than this is rounding noise of f64 intervals on normalised margins (about 1e-16 times the few
/// thousand operations of an instance), unless the enclosure shows that it is known to three digits.
const NOISE: f64 = 1e-12;

/// Relative guard: a short decimal and what lies within this of it round alike. Far above the differences between
/// CPUs, far below the third digit.
const GUARD: f64 = 1e-9;

/// Ratios this close to one are printed as one plus or minus a deviation: the deviation is the news.
const NEAR_ONE: f64 = 1e-2;

/// `directed` with the digits and the guard of this module.
fn three_digits(x: f64, upward: bool) -> f64 {
    directed(x, 3, upward, GUARD)
}

/// Rounded down to three significant digits: never above `x`.
///
/// Zero and infinities stay as they are. A negative x moves away from zero.
pub fn down(x: f64) -> f64 {
    three_digits(x, false)
}

/// Rounded up to three significant digits: never below `x`.
///
/// The mirror image of [`down`].
pub fn up(x: f64) -> f64 {
    three_digits(x, true)
}

/// Nearest value with four significant digits, ties away from zero: for figures, which are looked at and decide
/// nothing.
///
/// NaN and infinities stay as they are.
pub fn nearest(x: f64) -> f64 {
    // The guard decides short decimals that lie in the middle (50.005), whose last bits may differ between CPUs.
    let guarded = x + x * GUARD;
    if guarded.is_finite() { format!("{guarded:.3e}").parse().unwrap_or(x) } else { x }
}

/// An enclosure of a margin, rounded outward; ends within rounding noise of zero move outward to zero or to `1e-12`, so
/// that no sign is claimed on the strength of noise. A single exact number with at most three digits stays as it is.
///
/// The sign of a margin decides a verdict, so that an end next to zero must not get a sign by noise: `[-3e-16,
/// 1e-16]` becomes `[-1e-12, 1e-12]`, and `[1e-16, 0.25]` becomes `[0, 0.251]`. Where both ends have one sign and
/// agree to a part in a thousand, a tiny margin is known and no noise, and its digits are kept. If the product of the
/// ends underflows, they count as noise, which only widens.
pub fn margin(m: &Interval) -> Interval {
    let (lo, hi) = (m.lo(), m.hi());
    if lo == hi && nearest_three(lo) == lo {
        return *m;
    }
    // 1e-3: both ends agree to three digits, so the smallness is information and not noise.
    let known = lo * hi > 0.0 && m.width() <= 1e-3 * lo.abs().min(hi.abs());
    between(low(lo, known), high(hi, known))
}

/// At most x: below the noise it is 0 for x >= 0, else -1e-12.
fn low(x: f64, known: bool) -> f64 {
    match x {
        x if known || x.abs() >= NOISE => down(x),
        x if x >= 0.0 => 0.0,
        _ => -NOISE,
    }
}

/// At least x.
fn high(x: f64, known: bool) -> f64 {
    // Not a negation: minus zero would be printed with its sign.
    0.0 - low(-x, known)
}

/// x itself if it has at most three significant digits; NaN, which equals nothing, if it cannot be read back.
fn nearest_three(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(f64::NAN)
}

/// A lower bound of a ratio, rounded down; close to one its deviation from one is what is rounded.
///
/// `r - 1` is exact for r within a factor 2 of one (Sterbenz); the sum with the rounded deviation is not, so that the
/// result is capped by r.
pub fn ratio_down(r: f64) -> f64 {
    if (r - 1.0).abs() < NEAR_ONE { (1.0 + low(r - 1.0, false)).min(r) } else { down(r) }
}

/// An upper bound of a ratio, rounded up; close to one its deviation from one is what is rounded.
///
/// The mirror image of [`ratio_down`].
pub fn ratio_up(r: f64) -> f64 {
    if (r - 1.0).abs() < NEAR_ONE { (1.0 + high(r - 1.0, false)).max(r) } else { up(r) }
}

/// The evidence as it is committed and printed: every enclosure rounded outward, every curve to four digits.
///
/// Counts, words, exact counterexamples and seeds are untouched. It is not idempotent: a rounded end is a short
/// decimal, which the guard takes to the next one.
pub fn rounded(evidence: &Evidence) -> Evidence {
    let mut out = evidence.clone();
    for form in out.claims.iter_mut().flat_map(|c| c.forms.iter_mut()) {
        round_form(form);
    }
    out.figures.iter_mut().for_each(round_figure);
    out
}

/// Margins outward, the bound on the probability of a false identity up, the factor that survives down, the one that
/// is refuted up.
fn round_form(form: &mut FormEvidence) {
    form.smallest_margin = form.smallest_margin.as_ref().map(margin);
    form.error_log2 = form.error_log2.map(up);
    if let Some(Tightness { holds_up_to, refuted_from, .. }) = &mut form.tightness {
        *holds_up_to = ratio_down(*holds_up_to);
        *refuted_from = ratio_up(*refuted_from);
    }
    if let Some(Counterexample { margin: m, .. }) = &mut form.counterexample {
        *m = m.as_ref().map(margin);
    }
    form.sampled.iter_mut().for_each(round_sampled);
}

/// Each number moves to where the evidence claims less: the interval outward and within `[0, 1]`, e-values down, p0
/// and the probability that would have been exposed up.
fn round_sampled(s: &mut SampledEvidence) {
    s.bound = up(s.bound);
    s.interval = [down(s.interval[0]), up(s.interval[1]).min(1.0)];
    // A lower e-value claims less.
    s.log10_e = down(s.log10_e);
    s.log10_support = down(s.log10_support);
    s.exposed = up(s.exposed).min(1.0);
}

/// Every abscissa and ordinate of every series, upper ends of bands included.
fn round_figure(figure: &mut FigureData) {
    for series in figure.panels.iter_mut().flat_map(|p| &mut p.series) {
        let ordinates = series.y.iter_mut().chain(series.y_hi.iter_mut().flatten());
        series.x.iter_mut().chain(ordinates).for_each(|v| *v = nearest(*v));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounding_is_outward_and_stable(x in proptest::num::f64::NORMAL, jitter in -1e-13..1e-13f64) {
            prop_assume!(x.abs() < 1e300 && x.abs() > 1e-290);
            prop_assert!(down(x) <= x && x <= up(x));
            prop_assert!((up(x) - down(x)).abs() <= 0.03 * x.abs());
            prop_assert_eq!(down(down(x) + 1e-6 * x.abs()), down(x));
            let wide = Interval::new(x, x + x.abs() * jitter.abs());
            let printed = margin(&wide);
            prop_assert!(printed.lo() <= wide.lo() && wide.hi() <= printed.hi());
        }
    }

    #[test]
    fn short_decimals_round_alike_on_both_sides() {
        for x in [0.5, 1.0, 0.123, 250.0, 1e-7, 50.005, -50.005] {
            let (a, b) = (x * (1.0 - 3e-15), x * (1.0 + 3e-15));
            assert_eq!(down(a), down(b), "down at {x}");
            assert_eq!(up(a), up(b), "up at {x}");
            assert_eq!(nearest(a), nearest(b), "nearest at {x}");
        }
    }

    /// The decimals with which an interval is written.
    fn shown(m: Interval) -> String {
        serde_json::to_string(&m).unwrap()
    }

    /// The decimals asked for.
    fn ends(lo: &str, hi: &str) -> String {
        format!(r#"{{"lo":{lo},"hi":{hi}}}"#)
    }

    #[test]
    fn noise_claims_no_sign() {
        let of = |lo, hi| shown(margin(&Interval::new(lo, hi)));
        assert_eq!(of(-3e-16, 1e-16), ends("-1e-12", "1e-12"));
        assert_eq!(of(0.0, 1e-16), ends("0.0", "1e-12"));
        assert_eq!(of(1e-16, 0.25), ends("0.0", "0.251"));
        assert_eq!(of(-0.3, -1e-17), ends("-0.301", "0.0"));
        assert_eq!(of(0.0, 0.0), ends("0.0", "0.0"));
        assert_eq!(of(0.5, 0.5), ends("0.5", "0.5"));
        // Known to three digits although tiny: multiprecision decided it, and it is shown.
        assert_eq!(of(3.2101e-20, 3.2102e-20), ends("3.21e-20", "3.22e-20"));
        assert_eq!(margin(&Interval::ENTIRE), Interval::ENTIRE);
    }

    #[test]
    fn a_ratio_next_to_one_shows_its_deviation() {
        assert_eq!(ratio_down(1.0 - 1e-15), 1.0 - 1e-12);
        assert_eq!(ratio_up(1.0 + 1e-15), 1.0 + 1e-12);
        assert_eq!(ratio_down(1.0), 1.0);
        assert_eq!(ratio_down(1.5), 1.49);
        assert_eq!(ratio_up(1.5), 1.51);
    }
}
