//! The bootstrap of a mean, as seaborn draws it (`errorbar=("ci", 95)`, 1000 resamples), which is how the paper's bands
//! are made.
//!
//! Percentile intervals of few values of a heavy-tailed law are too short: of 20 values their coverage is below 95 %.
//! They are for pictures; statements are tested by exact binomial intervals.
//!
//! Resampling draws from a generator that the caller passes: a stream of [`super::streams`] makes a picture the same
//! on every machine.

use rand::{Rng, RngExt};

/// Mean and the two ends of its percentile interval: quantiles `(1 - level)/2` and `(1 + level)/2` of the means of
/// `resamples` resamples, interpolated linearly as NumPy does. `None` without values, if one is not a number, or if
/// `level` is not between 0 and 1. Of one value: that value, three times.
///
/// A number of resamples of 0 is taken as 1. The quantile q of m sorted means is read at position `q (m - 1)`,
/// between its two neighbours. Cost: `resamples` times n draws, and a sort.
pub fn mean_interval(values: &[f64], level: f64, resamples: usize, rng: &mut impl Rng) -> Option<[f64; 3]> {
    if values.is_empty() || values.iter().any(|v| v.is_nan()) || !(0.0..=1.0).contains(&level) {
        return None;
    }
    let n = values.len();
    let mean = values.iter().sum::<f64>() / n as f64;
    let mut means: Vec<f64> = (0..resamples.max(1))
        .map(|_| (0..n).fold(0.0, |sum, _| sum + values[rng.random_range(0..n)]) / n as f64)
        .collect();
    means.sort_by(f64::total_cmp);
    let quantile = |q: f64| {
        let at = q * (means.len() - 1) as f64;
        let (below, share) = (at.floor() as usize, at.fract());
        let above = (below + 1).min(means.len() - 1);
        means[below] + share * (means[above] - means[below])
    };
    Some([mean, quantile((1.0 - level) / 2.0), quantile(f64::midpoint(1.0, level))])
}
