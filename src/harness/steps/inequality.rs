//! Steps that are inequalities between matrices and vectors: enclosures on adversarial instances, searched for the
//! least slack.
//!
//! # The way of a sample to a verdict
//!
//! 1. `Inequality::instances` makes samples of four fixed patterns and three random ones for each size, and moves
//!    some of the worst by a search towards less slack.
//! 2. A sample is read by the step's function at 96, 256 and 640 bits, until nothing is undecided. The function is
//!    pure: at each precision it draws the same exact numbers and encloses the same sides more narrowly.
//! 3. Every pair of sides is judged by its enclosure, or in rationals where it has them. Sides that no enclosure
//!    tells apart are decided by the exact argument ([`Tie`]) that comes with them, and by nothing else.
//! 4. One pair that fails refutes the step; one that is undecided leaves it undecided; a list without a pair proves
//!    nothing.
//!
//! What is proved is the statement at each instance and at no other: the grade is `Instance`, or `Computed` where
//! sides are only compared to 2^-60.

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real};
use crate::harness::claim::{Context, EXACT, Evaluation, Statement};
use crate::harness::evidence::Verdict;
use crate::harness::steps::equality::{count, stream_of};
use crate::harness::steps::how::{How, Sizes};
use crate::harness::steps::sample::{Draw, Pattern, Sample};
use crate::harness::steps::tie::Tie;
use num_traits::{One, Zero};
use rayon::prelude::*;
use std::cmp::Ordering;

/// Name in the evidence of what decided where an enclosure could not: the sides are equal, and that was proved.
pub const TIED: &str = "a tie, by exact argument";

/// What one pair of sides comes to at one precision.
struct Judged {
    /// Undecided where the enclosure of the difference contains zero and no exact argument decides.
    verdict: Verdict,
    /// Of `(greater - strength lesser)/max(|greater|, |strength lesser|)`, 0 where the difference is exactly 0.
    margin: Interval,
    /// Of `greater/lesser`; the whole line unless lesser is certainly positive.
    ratio: Interval,
    /// The greater side, and the lesser times the strength.
    sides: [Interval; 2],
    /// Decided by the exact argument given with the pair.
    tied: bool,
}

/// `greater >= lesser`.
///
/// With `rationals` the enclosures serve the figures of the report only: the order is that of the rationals.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Enclosure of the side said to be the greater.
    greater: Big,
    /// Enclosure of the other.
    lesser: Big,
    /// Both sides exactly, where they are rational.
    rationals: Option<(Rational, Rational)>,
    /// What is known exactly of sides that are not.
    tie: Option<Tie>,
    /// Equality of the sides is a failure.
    strict: bool,
}

impl Pair {
    /// By enclosures.
    pub fn new(greater: Big, lesser: Big) -> Self {
        Self { greater, lesser, rationals: None, tie: None, strict: false }
    }
    /// Exactly.
    pub fn exact(greater: &Rational, lesser: &Rational, bits: u32) -> Self {
        let of = |q: &Rational| Big::from_rational(q, bits);
        Self { rationals: Some((greater.clone(), lesser.clone())), ..Self::new(of(greater), of(lesser)) }
    }
    /// Agreement to 2^-60 of the larger: what can be said of an equality of irrational numbers (grade `Computed`).
    /// Disagreement is certain.
    ///
    /// The pair is `2^-60 max(|a|, |b|) >= |a - b|`: it fails only where the enclosures prove a difference of more
    /// than that, and holds where they prove less.
    pub fn agree(a: &Big, b: &Big, bits: u32) -> Self {
        let size = a.abs().max(&b.abs());
        let tolerance = Big::from_rational(&Rational::one(), bits).scale(-60);
        Self::new(size * tolerance, (a - b).abs())
    }
    /// By enclosures of the logarithms of both sides (probabilities and their bounds): the margin is that of the sides
    /// themselves.
    pub fn of_logarithms(greater: &Big, lesser: &Big) -> Self {
        Self::new(greater.exp(), lesser.exp())
    }
    /// `greater > lesser`.
    #[must_use]
    pub fn strictly(mut self) -> Self {
        self.strict = true;
        self
    }
    /// With what proves the order of the sides where no enclosure decides it. `None`: nothing is known.
    #[must_use]
    pub fn or_exactly(mut self, tie: impl Into<Option<Tie>>) -> Self {
        self.tie = tie.into();
        self
    }
    /// `a = b`, exactly: both directions.
    ///
    /// Both are pairs of rationals, so one of them fails where a and b differ.
    pub fn equal(a: &Rational, b: &Rational, bits: u32) -> [Self; 2] {
        [Self::exact(a, b, bits), Self::exact(b, a, bits)]
    }

    /// The exact argument is read off the formula: it needs no precision.
    fn is_read_off(&self) -> bool {
        matches!(self.tie, Some(Tie::Difference(_) | Tie::Ordered(_)))
    }
    /// The order of the rules: rationals where there are such; certainly positive, certainly negative, exactly zero;
    /// for a weak relation certainly nonnegative; then, at the last precision or for an argument read off the
    /// formula, at strength 1 and for a margin or a difference narrower than [`TIE`], the exact argument. So an
    /// argument never overrules an enclosure, and it is not asked about sides of which little is known: those that a
    /// poor evaluation leaves apart stay undecided.
    ///
    /// Where the argument decides, the margin is clipped at 0 on the side that it excludes.
    fn judge(&self, strength: &Rational, bits: u32, last: bool) -> Judged {
        let scaled = self.lesser.clone() * Big::from_rational(strength, bits);
        let difference = self.greater.clone() - scaled.clone();
        let size = self.greater.abs().max(&scaled.abs());
        let margin =
            if difference.is_zero() { Interval::point(0.0) } else { (difference.clone() / size).to_interval() };
        let ratio = if self.lesser.is_positive() {
            (self.greater.clone() / self.lesser.clone()).to_interval()
        } else {
            Interval::ENTIRE
        };
        let undecided = (Verdict::Undecided, false);
        let (verdict, tied) = match &self.rationals {
            Some((g, l)) => (self.by_order(g.cmp(&(l.clone() * strength.clone()))), false),
            None if difference.is_positive() => (Verdict::Holds, false),
            None if difference.is_negative() => (Verdict::Fails, false),
            None if difference.is_zero() => (self.by_order(Ordering::Equal), false),
            None if !self.strict && difference.is_nonnegative() => (Verdict::Holds, false),
            None if (last || self.is_read_off())
                && strength.is_one()
                && (margin.width() < TIE || difference.to_interval().width() < TIE) =>
            {
                self.tie.as_ref().and_then(Tie::order).map_or(undecided, |order| (self.by_order(order), true))
            }
            None => undecided,
        };
        // The exact argument sharpens the enclosure on the side that it decides.
        let margin = match verdict {
            Verdict::Holds if tied => Interval::new(margin.lo().max(0.0), margin.hi().max(0.0)),
            Verdict::Fails if tied => Interval::new(margin.lo().min(0.0), margin.hi().min(0.0)),
            _ => margin,
        };
        let sides = [self.greater.to_interval(), scaled.to_interval()];
        Judged { verdict, margin, ratio, sides, tied }
    }
    /// The verdict that follows from the exact order of the sides.
    fn by_order(&self, order: Ordering) -> Verdict {
        match order {
            Ordering::Greater => Verdict::Holds,
            Ordering::Equal if !self.strict => Verdict::Holds,
            Ordering::Equal | Ordering::Less => Verdict::Fails,
        }
    }
}

/// What a step says of a sample.
///
/// The answer of a step's function for one sample and one precision.
#[derive(Clone, Debug)]
pub enum Margins {
    /// All of these must hold.
    All(Vec<Pair>),
    /// The sample is not in the domain.
    OutOfScope(&'static str),
    /// The sample is in the domain, but a side has no value there (a division by zero): the statement fails.
    Undefined(&'static str),
}

impl From<Pair> for Margins {
    fn from(p: Pair) -> Self {
        Self::All(vec![p])
    }
}

/// `sides` is asked with a draw of the sample, how the step is stated, and the number of bits.
pub(crate) struct Inequality<F = fn(&mut Draw<'_>, How, u32) -> Margins> {
    /// The step's id, which names the streams of its random samples.
    pub id: &'static str,
    /// The sizes tried.
    pub sizes: Sizes,
    /// Both sides of everything that is stated, or why there are none.
    pub sides: F,
    /// As printed, as corrected, or with an error planted; planted errors are not searched for less slack.
    pub how: How,
}

/// Width of a margin, or of a difference (both sides may vanish), up to which an enclosure of 640 bits that contains
/// zero may be a tie, for which the exact argument is asked: a wider one shows that a side was not evaluated well.
const TIE: f64 = 1e-30;

/// Precisions tried.
///
/// The first decides nearly all instances; the second is the one from which scenes look for exact arguments of
/// inequalities; the third is the last.
const RUNGS: [(u32, &str); 3] = [(96, "MPFR 96"), (256, "MPFR 256"), (TIE_BITS, "MPFR 640")];

/// The last of the precisions tried: an exact argument that takes work is made from here on only.
pub(crate) const TIE_BITS: u32 = 640;

impl<F: Fn(&mut Draw<'_>, How, u32) -> Margins + Send + Sync + 'static> Inequality<F> {
    /// How many numbers a sample of these sizes has: what the function draws from an empty one.
    fn count(&self, sizes: &[usize]) -> usize {
        count(sizes, |d| drop((self.sides)(d, self.how, RUNGS[0].0)))
    }
    /// The upper end of the ratio of an instance that is decided, infinity for any other: what the search makes
    /// small.
    fn slack(&self, i: &Sample) -> f64 {
        let e = self.evaluate(i, &Rational::one());
        match (e.verdict, e.ratio) {
            (Verdict::Holds | Verdict::Fails, Some(r)) if r.is_bounded() => r.hi(),
            _ => f64::INFINITY,
        }
    }
    /// Descent to the least slack, moving one number at a time.
    ///
    /// At most `rounds` turns; each tries four changes of each of three numbers and keeps the best if it has less
    /// slack. `None` where nothing better was found. The search costs 12 evaluations a turn and decides nothing:
    /// where it ends is an instance like any other.
    fn search(&self, start: &Sample, rounds: usize) -> Option<Sample> {
        let mut best = start.clone();
        let mut least = self.slack(start);
        let begun = least;
        for turn in 0..rounds {
            let tried = best.neighbours(3, turn).into_iter().map(|n| (self.slack(&n), n));
            if let Some((slack, n)) = tried.min_by(|a, b| a.0.total_cmp(&b.0))
                && slack < least
            {
                (least, best) = (slack, n);
            }
        }
        (least < begun).then_some(best)
    }
}

impl<F: Fn(&mut Draw<'_>, How, u32) -> Margins + Send + Sync + 'static> Statement for Inequality<F> {
    type Instance = Sample;

    /// Of each size there are four samples of fixed patterns and, by the profile, 12, 72 or 720 random ones; the
    /// streams of different sizes are 2^32 apart. Unless an error is planted, the search starts from the 3, 12 or 40
    /// samples with the least slack. [`Statement::neighbours`] stays empty, so the climbing of the engine does not
    /// start from these.
    fn instances(&self, context: &Context) -> Vec<Sample> {
        let mut out = Vec::new();
        let drawn = context.size(4, 24, 240);
        for (at, sizes) in self.sizes.iter().enumerate() {
            let count = self.count(sizes);
            let number = stream_of(self.id) + ((at as u64) << 32);
            for pattern in [Pattern::Zeros, Pattern::Ones, Pattern::Alternating, Pattern::Signs] {
                out.push(Sample::of(sizes, count, pattern, context.seed, number));
            }
            for i in 0..drawn {
                for (k, pattern) in [Pattern::Small, Pattern::Sparse, Pattern::Spread].into_iter().enumerate() {
                    out.push(Sample::of(sizes, count, pattern, context.seed, number + (3 * i + k) as u64));
                }
            }
        }
        if !matches!(self.how, How::Planted(_)) {
            let mut order: Vec<(f64, usize)> = out.par_iter().enumerate().map(|(i, s)| (self.slack(s), i)).collect();
            order.retain(|o| o.0.is_finite());
            order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            // Many starts, from the worst found so far on.
            let starts: Vec<Sample> = order.iter().take(context.size(3, 12, 40)).map(|o| out[o.1].clone()).collect();
            let rounds = context.size(8, 60, 240);
            out.extend(starts.par_iter().filter_map(|s| self.search(s, rounds)).collect::<Vec<_>>());
        }
        out
    }
    fn describe(&self, i: &Sample) -> String {
        i.describe()
    }
    /// The pair shown is one that fails, else the one with the least margin. A side without a value where the sample
    /// is in the domain refutes the statement: it asserts something there.
    fn evaluate(&self, i: &Sample, strength: &Rational) -> Evaluation {
        let mut out = Evaluation::undecided("no pair");
        for (rung, (bits, name)) in RUNGS.into_iter().enumerate() {
            let pairs = match (self.sides)(&mut Draw::new(i), self.how, bits) {
                Margins::OutOfScope(why) => return Evaluation::out_of_scope(why),
                Margins::Undefined(why) => return Evaluation { reason: Some(why.into()), ..Evaluation::exact(false) },
                Margins::All(pairs) => pairs,
            };
            let last = rung + 1 == RUNGS.len();
            let judged: Vec<_> = pairs.iter().map(|p| p.judge(strength, bits, last)).collect();
            // The worst pair is shown: the one that fails, else the one with the least margin.
            let Some(worst) = judged.iter().min_by(|a, b| {
                (a.verdict != Verdict::Fails, a.margin.lo())
                    .partial_cmp(&(b.verdict != Verdict::Fails, b.margin.lo()))
                    .unwrap_or(Ordering::Equal)
            }) else {
                return out;
            };
            let verdict = if judged.iter().any(|j| j.verdict == Verdict::Fails) {
                Verdict::Fails
            } else if judged.iter().any(|j| j.verdict == Verdict::Undecided) {
                Verdict::Undecided
            } else {
                Verdict::Holds
            };
            out = Evaluation {
                verdict,
                margin: Some(worst.margin),
                ratio: Some(worst.ratio),
                sides: Some(worst.sides),
                arithmetic: if judged.iter().any(|j| j.tied) {
                    TIED
                } else if pairs.iter().all(|p| p.rationals.is_some()) {
                    EXACT
                } else {
                    name
                }
                .into(),
                reason: None,
                ..Evaluation::undecided("")
            };
            if verdict != Verdict::Undecided {
                return out;
            }
            let open = pairs.iter().zip(&judged).find(|(_, j)| j.verdict == Verdict::Undecided);
            let argument = open.and_then(|(p, _)| p.tie.as_ref()).map_or("no exact argument".into(), Tie::describe);
            out.reason = Some(format!("the margin contains zero at {bits} bits ({argument})"));
        }
        out
    }
    fn simpler(&self, i: &Sample) -> Vec<Sample> {
        let sizes: Vec<(Vec<usize>, usize)> = self.sizes.iter().map(|s| (s.to_vec(), self.count(s))).collect();
        i.simpler(&sizes)
    }
}
