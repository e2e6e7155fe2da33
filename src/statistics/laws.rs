//! Laws on the line against draws: exact binomial intervals for the counts in bins whose probabilities are known
//! exactly.
//!
//! **The test.** The bins lie between quantiles of the stated law. Each count is binomial; its Clopper-Pearson interval
//! at level ALPHA / (number of bins) has to contain the probability of the bin. All hold together with probability at
//! least 1 - ALPHA if the law is the stated one. Draws confirm a law only if the intervals of all bins that have
//! probability `COMMON` or more are narrower than `RESOLUTION` times it: so much would have been seen. Rounding moves a
//! draw across an edge with probability about 1e-15.
//!
//! **Why bins.** A Kolmogorov-Smirnov test would use all of the distribution function, but its exact null
//! distribution is a computation of its own, and it is least sensitive in the tails. Thirteen bins, each tested
//! exactly, need Bonferroni's inequality and nothing else.

use super::binomial;
use super::tails::{chi_square_log_tail, normal_log_tail};
use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real};
use crate::error::Result;
use num_traits::{One, Zero};

/// Probability that a true law is refuted.
///
/// Per call of [`Law::fits`], shared equally by the thirteen bins.
const ALPHA: f64 = 1e-6;

/// Bins that must be resolved.
const COMMON: f64 = 0.05;

/// Width of the interval of such a bin relative to its probability: with 40 000 draws it is 0.16 at a probability of
/// 1/10, the smallest that is common.
///
/// Where a law is confirmed, the true probability of a common bin differs from the stated one by at most this share
/// of it, but for the probability ALPHA of an error.
const RESOLUTION: f64 = 0.25;

/// Upper tails at the edges of the bins.
///
/// They fall, so that the edges ascend; the outermost bins have probability 1/1000 each, up to the rounding of the
/// quantiles, where these lie in the interval that `quantile` searches.
const LEVELS: [f64; 12] = [0.999, 0.99, 0.95, 0.85, 0.7, 0.55, 0.4, 0.25, 0.15, 0.05, 0.01, 0.001];

/// Bits of the tails.
///
/// Enough that the rounding of a tail is far below any interval of counts.
const BITS: u32 = 96;

/// A law on the line, in dimension d.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// chi^2 with d plus so many degrees of freedom.
    ChiSquare {
        /// 0: chi^2(d).
        ///
        /// The degrees of freedom are d + more.
        more: u64,
    },
    /// The centred normal law of this deviation.
    Normal(Rational),
}

/// What draws say of a law.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// It is the law; `None` where the draws are too few to tell.
    pub holds: Option<bool>,
    /// The least distance of a probability from the ends of its interval, relative to it.
    pub margin: f64,
    /// The widest interval of a common bin, relative to its probability.
    pub widest: f64,
}

impl Law {
    /// P(Y > x), x > 0 for chi^2.
    ///
    /// An enclosure in doubles; for `Normal` the dimension is not used. x is in the units of Y, whose deviation is
    /// divided out.
    pub fn tail(&self, d: usize, x: &Rational) -> Interval {
        let log = match self {
            Self::ChiSquare { more } => chi_square_log_tail(d as u64 + more, x, BITS),
            Self::Normal(deviation) => normal_log_tail(&Big::from_rational(&(x / deviation), BITS)),
        };
        log.exp().to_interval()
    }
    /// A number with few bits, P(Y > x) close to `level`.
    ///
    /// After 32 halvings of an interval with integer ends the edge has few enough bits to be a double exactly; `bins`
    /// computes its probability anew. The interval is `[-8, 8]` times the power of two from the deviation on (1 at
    /// least), or 0 to 64 times that from d on: far more degrees of freedom than d get edges at the end of it, and
    /// fewer common bins.
    fn quantile(&self, d: usize, level: f64) -> Rational {
        let (mut low, mut high) = match self {
            Self::ChiSquare { .. } => (0.0, (64 * d.next_power_of_two()) as f64),
            Self::Normal(deviation) => {
                let end = 8.0 * deviation.to_f64().max(1.0).log2().ceil().exp2();
                (-end, end)
            }
        };
        // The edges need not be the quantiles; their probabilities are exact whatever they are.
        const HALVINGS: usize = 32;
        let rational = |x: f64| Rational::from_f64(x).unwrap_or_else(Rational::one);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            *(if self.tail(d, &rational(middle)).mid() > level { &mut low } else { &mut high }) = middle;
        }
        rational(0.5 * (low + high))
    }
    /// Edges in ascending order, and the enclosed probabilities of the bins below, between and above them.
    ///
    /// The probability of the bin (a, b] is `P(Y > a) - P(Y > b)`, with 1 below the first edge and 0 above the last.
    fn bins(&self, d: usize) -> (Vec<f64>, Vec<Interval>) {
        let edges: Vec<Rational> = LEVELS.iter().map(|level| self.quantile(d, *level)).collect();
        let mut tails = vec![Interval::one()];
        tails.extend(edges.iter().map(|x| self.tail(d, x)));
        tails.push(Interval::zero());
        let probabilities = tails.windows(2).map(|t| t[0] - t[1]).collect();
        (edges.iter().map(Rational::to_f64).collect(), probabilities)
    }
    /// Are these draws of it?
    ///
    /// `holds` is `Some(false)` if the enclosed probability of some bin lies outside its interval, `Some(true)` if
    /// all lie inside and the common bins are resolved, else `None`: too few draws, or an enclosure across an end. A
    /// draw that equals an edge belongs to the bin below it. A NaN is counted in the lowest bin.
    ///
    /// # Errors
    /// None that counts can produce; without draws `holds` is `None`.
    pub fn fits(&self, d: usize, draws: impl IntoIterator<Item = f64>) -> Result<Fit> {
        let (edges, probabilities) = self.bins(d);
        let (mut counts, mut trials) = (vec![0; probabilities.len()], 0);
        for y in draws {
            counts[edges.partition_point(|e| *e < y)] += 1;
            trials += 1;
        }
        let alpha = ALPHA / counts.len() as f64;
        let (mut outside, mut inside, mut margin, mut widest) = (false, true, f64::INFINITY, 0.0_f64);
        for (count, p) in counts.into_iter().zip(&probabilities) {
            let [low, high] = binomial::interval(trials, count, alpha)?;
            outside |= p.hi() < low || p.lo() > high;
            inside &= low <= p.lo() && p.hi() <= high;
            margin = margin.min((p.lo() - low).min(high - p.hi()) / p.mid());
            if p.lo() >= COMMON {
                widest = widest.max((high - low) / p.mid());
            }
        }
        let holds = (outside || inside && widest <= RESOLUTION).then_some(!outside);
        Ok(Fit { holds, margin, widest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bins_of_a_law_share_probability_one() {
        for d in [1, 2, 5, 20] {
            for law in [Law::ChiSquare { more: 0 }, Law::Normal(Rational::one()), Law::Normal(Rational::from(100))] {
                let (edges, p) = law.bins(d);
                assert!(edges.windows(2).all(|e| e[0] < e[1]), "d = {d}: {edges:?}");
                let ends = [1.0].into_iter().chain(LEVELS).zip(LEVELS.into_iter().chain([0.0]));
                assert!(p.iter().zip(ends).all(|(q, (a, b))| (q.mid() - (a - b)).abs() < 1e-4), "d = {d}: {p:?}");
                let sum: f64 = p.iter().map(Interval::mid).sum();
                assert!((sum - 1.0).abs() < 1e-14 && p.iter().all(|q| q.lo() > 0.0), "d = {d}: {p:?}");
            }
        }
    }
}
