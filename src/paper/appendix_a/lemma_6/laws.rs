//! The laws of Lemma 6 against draws: exact binomial intervals for the counts in bins whose probabilities are known
//! exactly.
//!
//! | paper | code |
//! | --- | --- |
//! | h | `Direction`, formed in doubles; only its direction enters, so that no norm can overflow |
//! | Y_1, Y_2 | `draw` |
//! | chi^2(d), N(0, 1) | `Law`: tails enclosed in MPFR |
//!
//! **The test.** The bins lie between quantiles of the stated law. Each count is binomial; its Clopper-Pearson interval
//! at level ALPHA / (number of bins) has to contain the probability of the bin. All hold together with probability at
//! least 1 - ALPHA if the law is the stated one. An instance counts as holding only if the intervals of all bins that
//! have probability `COMMON` or more are narrower than `RESOLUTION` times it: so much would have been seen.
//! Rounding moves a draw across an edge with probability about 1e-15.

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real};
use crate::error::Result;
use crate::harness::{Context, Evaluation, Statement, tagged};
use crate::statistics::binomial;
use crate::statistics::streams::trial_rng;
use crate::statistics::tails::{chi_square_log_tail, normal_log_tail};
use num_traits::{One, Zero};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// Probability that a true law is refuted, per instance.
const ALPHA: f64 = 1e-6;

/// Bins that must be resolved.
const COMMON: f64 = 0.05;

/// Width of the interval of such a bin relative to its probability: with 40 000 draws it is 0.16 at a probability of
/// 1/10, the smallest that is common.
const RESOLUTION: f64 = 0.25;

/// A vector h.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Direction {
    Axis,
    Unequal,
    Sparse,
    /// Its squared norm is below all doubles.
    Tiny,
    /// Its squared norm is above all doubles.
    Huge,
}

impl Direction {
    /// The d entries.
    pub fn vector(self, d: usize) -> Vec<f64> {
        let unequal = |i: usize| if i.is_multiple_of(2) { (i + 1) as f64 } else { -((i + 1) as f64) };
        let entry = |i: usize| match self {
            Self::Axis => f64::from(u8::from(i == 0)),
            Self::Unequal => unequal(i),
            Self::Sparse if i == 0 => 3.0,
            Self::Sparse => f64::from(u8::from(i + 1 == d)) * -4.0,
            Self::Tiny => unequal(i) * 1e-160,
            Self::Huge => unequal(i) * 1e160,
        };
        (0..d).map(entry).collect()
    }
}

/// `(Y_1, Y_2)` for a matrix N drawn row by row; h must not be zero.
pub(super) fn draw(h: &[f64], rng: &mut impl Rng) -> (f64, f64) {
    let most = h.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let (mut square, mut image, mut form) = (0.0, 0.0, 0.0);
    for a in h {
        let a = a / most;
        let row: f64 = h.iter().map(|b| b / most * rng.sample::<f64, _>(StandardNormal)).sum();
        square += a * a;
        image += row * row;
        form += a * row;
    }
    (image / square, form / square)
}

/// A law on the line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Law {
    /// chi^2 with d plus so many degrees of freedom.
    ChiSquare { more: u64 },
    /// The centred normal law.
    Normal { deviation: Rational },
}

/// Bits of the tails.
const BITS: u32 = 96;

impl Law {
    /// N(0, 1).
    pub fn standard_normal() -> Self {
        Self::Normal { deviation: Rational::one() }
    }
    /// P(Y > x), x > 0 for chi^2.
    pub fn tail(&self, d: usize, x: &Rational) -> Interval {
        let log = match self {
            Self::ChiSquare { more } => chi_square_log_tail(d as u64 + more, x, BITS),
            Self::Normal { deviation } => normal_log_tail(&Big::from_rational(&(x / deviation), BITS)),
        };
        log.exp().to_interval()
    }
    /// A number with few bits, P(Y > x) close to `level`.
    fn quantile(&self, d: usize, level: f64) -> Rational {
        let (mut low, mut high) = match self {
            Self::ChiSquare { .. } => (0.0, (64 * d.next_power_of_two()) as f64),
            Self::Normal { .. } => (-8.0, 8.0),
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
}

/// Draws of both variables for one h.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Draws {
    dimension: usize,
    direction: Direction,
    trials: u64,
    seed: u64,
    #[serde(skip)]
    seen: Arc<OnceLock<Vec<(f64, f64)>>>,
}

impl Draws {
    fn seen(&self) -> &[(f64, f64)] {
        self.seen.get_or_init(|| {
            let key = format!("lemma-6/laws/d{}-{:?}", self.dimension, self.direction);
            let h = self.direction.vector(self.dimension);
            (0..self.trials).map(|trial| draw(&h, &mut trial_rng(self.seed, &key, trial))).collect()
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variable {
    /// Y_1.
    First,
    /// Y_2.
    Second,
    /// Control: `h^T N h`, not divided by norm(h)^2.
    Unnormalised,
}

/// "The variable has this law."
pub(super) struct Fits {
    pub variable: Variable,
    pub law: Law,
}

/// Upper tails at the edges of the bins.
const LEVELS: [f64; 12] = [0.999, 0.99, 0.95, 0.85, 0.7, 0.55, 0.4, 0.25, 0.15, 0.05, 0.01, 0.001];

impl Fits {
    /// Edges in ascending order, and the enclosed probabilities of the bins below, between and above them.
    fn bins(&self, d: usize) -> (Vec<f64>, Vec<Interval>) {
        let edges: Vec<Rational> = LEVELS.iter().map(|level| self.law.quantile(d, *level)).collect();
        let mut tails = vec![Interval::one()];
        tails.extend(edges.iter().map(|x| self.law.tail(d, x)));
        tails.push(Interval::zero());
        let probabilities = tails.windows(2).map(|t| t[0] - t[1]).collect();
        (edges.iter().map(Rational::to_f64).collect(), probabilities)
    }
    fn counts(&self, i: &Draws, edges: &[f64]) -> Vec<u64> {
        let square: f64 = i.direction.vector(i.dimension).iter().map(|v| v * v).sum();
        let value = |y: &(f64, f64)| match self.variable {
            Variable::First => y.0,
            Variable::Second => y.1,
            Variable::Unnormalised => y.1 * square,
        };
        let mut counts = vec![0; edges.len() + 1];
        for y in i.seen() {
            counts[edges.partition_point(|e| *e < value(y))] += 1;
        }
        counts
    }
    fn judge(&self, i: &Draws) -> Result<Evaluation> {
        let (edges, probabilities) = self.bins(i.dimension);
        let counts = self.counts(i, &edges);
        let alpha = ALPHA / counts.len() as f64;
        let (mut outside, mut inside, mut margin, mut widest) = (false, true, f64::INFINITY, 0.0_f64);
        for (count, p) in counts.iter().zip(&probabilities) {
            let [low, high] = binomial::interval(i.trials, *count, alpha)?;
            outside |= p.hi() < low || p.lo() > high;
            inside &= low <= p.lo() && p.hi() <= high;
            margin = margin.min((p.lo() - low).min(high - p.hi()) / p.mid());
            if p.lo() >= COMMON {
                widest = widest.max((high - low) / p.mid());
            }
        }
        let mut out = if outside || inside && widest <= RESOLUTION {
            Evaluation::decided(!outside, "exact binomial intervals")
        } else {
            Evaluation::undecided(format!("{} draws leave intervals of relative width {widest:.2}", i.trials))
        };
        out.margin = Some(Interval::point(margin));
        Ok(out)
    }
}

impl Statement for Fits {
    type Instance = Draws;

    fn instances(&self, context: &Context) -> Vec<Draws> {
        use Direction::{Axis, Huge, Sparse, Tiny, Unequal};
        let shapes: [(usize, &[Direction]); 4] =
            [(1, &[Axis, Tiny]), (2, &[Axis, Unequal, Huge]), (5, &[Unequal, Sparse, Tiny]), (20, &[Unequal, Huge])];
        let of = |dimension: usize, direction: Direction| {
            let trials = context.size(if dimension < 20 { 100_000 } else { 40_000 }, 400_000, 4_000_000) as u64;
            Draws { dimension, direction, trials, seed: context.seed, seen: Arc::default() }
        };
        let make = || shapes.iter().flat_map(|(d, list)| list.iter().map(|h| of(*d, *h))).collect();
        context.once("draws of lemma 6", || Ok(make())).to_vec()
    }
    fn describe(&self, i: &Draws) -> String {
        format!("d = {}, h {:?}, {} draws, seed {}", i.dimension, i.direction, i.trials, i.seed)
    }
    fn tags(&self, i: &Draws) -> Vec<String> {
        let extreme = matches!(i.direction, Direction::Tiny | Direction::Huge);
        tagged([(i.dimension == 1, "d = 1"), (i.dimension >= 20, "d >= 20"), (extreme, "norm(h)^2 out of range")])
    }
    fn evaluate(&self, i: &Draws, _strength: &Rational) -> Evaluation {
        if i.dimension == 0 || i.trials == 0 {
            return Evaluation::out_of_scope("nothing to draw");
        }
        self.judge(i).unwrap_or_else(|e| Evaluation::undecided(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_huge_and_a_tiny_vector_give_the_draws_of_their_direction() {
        let of = |direction: Direction| draw(&direction.vector(4), &mut trial_rng(1, "test", 0));
        let (plain, tiny, huge) = (of(Direction::Unequal), of(Direction::Tiny), of(Direction::Huge));
        for other in [tiny, huge] {
            assert!((plain.0 - other.0).abs() < 1e-12 * plain.0 && (plain.1 - other.1).abs() < 1e-12, "{other:?}");
        }
    }

    #[test]
    fn the_bins_of_a_law_share_probability_one() {
        for d in [1, 2, 5, 20] {
            for law in [Law::ChiSquare { more: 0 }, Law::standard_normal()] {
                let (edges, p) = Fits { variable: Variable::First, law }.bins(d);
                assert!(edges.windows(2).all(|e| e[0] < e[1]), "d = {d}: {edges:?}");
                let sum: f64 = p.iter().map(Interval::mid).sum();
                assert!((sum - 1.0).abs() < 1e-14 && p.iter().all(|q| q.lo() > 0.0), "d = {d}: {p:?}");
            }
        }
    }
}
