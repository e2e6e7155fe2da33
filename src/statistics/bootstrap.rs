//! The bootstrap of a mean, as seaborn draws it (`errorbar=("ci", 95)`, 1000 resamples), which is how the paper's bands are made.
//!
//! Percentile intervals of few values of a heavy-tailed law are too short: of 20 values their coverage is below 95 %. They are for
//! pictures; statements are tested by exact binomial intervals.

use rand::{Rng, RngExt};

/// Mean and the two ends of its percentile interval: quantiles `(1 - level)/2` and `(1 + level)/2` of the means of `resamples` resamples, interpolated
/// linearly as NumPy does. `None` without values, or if one is not a number. Of one value: that value, three times.
pub fn mean_interval(values: &[f64], level: f64, resamples: usize, rng: &mut impl Rng) -> Option<[f64; 3]> {
    if values.is_empty() || values.iter().any(|v| v.is_nan()) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::streams::trial_rng;
    use rand_distr::{Distribution, StandardNormal};

    #[test]
    fn degenerate_samples() {
        let mut rng = trial_rng(1, "bootstrap", 0);
        assert_eq!(mean_interval(&[], 0.95, 100, &mut rng), None);
        assert_eq!(mean_interval(&[1.0, f64::NAN], 0.95, 100, &mut rng), None);
        assert_eq!(mean_interval(&[2.5], 0.95, 100, &mut rng), Some([2.5; 3]));
        assert_eq!(mean_interval(&[3.0; 7], 0.95, 100, &mut rng), Some([3.0; 3]));
    }

    #[test]
    fn the_interval_of_normal_values_is_that_of_the_normal_law() {
        let mut rng = trial_rng(1, "bootstrap", 1);
        let values: Vec<f64> = (0..400).map(|_| StandardNormal.sample(&mut rng)).collect();
        let spread = (values.iter().map(|v| v * v).sum::<f64>() / 400.0).sqrt();
        let [mean, lo, hi] = mean_interval(&values, 0.95, 20_000, &mut rng).unwrap();
        let half = 1.96 * spread / 20.0;
        // The quantiles of 20,000 resamples are good to a few per cent of the width.
        assert!((hi - mean - half).abs() < 0.1 * half && (mean - lo - half).abs() < 0.1 * half, "{lo} {mean} {hi}");
    }
}
