//! Steps that are inequalities between matrices and vectors: enclosures on adversarial instances, searched for the least slack.

use super::super::evidence::{Grade, Role, Verdict};
use super::super::frame::{Context, Evaluation, Form, Statement};
use super::equality::{count, stream_of};
use super::sample::{Draw, Pattern, Sample};
use super::step::{How, Sizes};
use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real};
use num_traits::{One, Zero};
use rayon::prelude::*;

/// `greater >= lesser`.
#[derive(Clone, Debug)]
pub struct Pair {
    greater: Big,
    lesser: Big,
    rationals: Option<(Rational, Rational)>,
    tie: Option<bool>,
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
    /// Agreement to 2^-60 of the larger: what can be said of an equality of irrational numbers (grade `Computed`). Disagreement is certain.
    pub fn agree(a: &Big, b: &Big, bits: u32) -> Self {
        let size = a.abs().max(&b.abs());
        let tolerance = Big::from_rational(&Rational::one(), bits).scale(-60);
        Self::new(size * tolerance, (a - b).abs())
    }
    /// `greater > lesser`.
    #[must_use]
    pub fn strictly(mut self) -> Self {
        self.strict = true;
        self
    }
    /// What holds in the case that no enclosure decides, known exactly by other means (an equality of rationals).
    #[must_use]
    pub fn or_exactly(mut self, holds: Option<bool>) -> Self {
        self.tie = holds;
        self
    }
    /// `a = b`, exactly: both directions.
    pub fn equal(a: &Rational, b: &Rational, bits: u32) -> [Self; 2] {
        [Self::exact(a, b, bits), Self::exact(b, a, bits)]
    }

    fn judge(&self, strength: &Rational, bits: u32, last: bool) -> (Verdict, Interval, Interval) {
        let scaled = &self.lesser * Big::from_rational(strength, bits);
        let difference = &self.greater - &scaled;
        let size = self.greater.abs().max(&scaled.abs());
        let margin = if difference.is_zero() { Interval::point(0.0) } else { (&difference / size).to_interval() };
        let ratio =
            if self.lesser.is_positive() { (&self.greater / &self.lesser).to_interval() } else { Interval::ENTIRE };
        let verdict = match &self.rationals {
            Some((g, l)) => {
                let l = l * strength;
                if *g > l || (*g == l && !self.strict) { Verdict::Holds } else { Verdict::Fails }
            }
            None if difference.is_positive() || (!self.strict && difference.is_nonnegative()) => Verdict::Holds,
            None if difference.is_negative() => Verdict::Fails,
            None if self.strict && difference.is_zero() => Verdict::Fails,
            None => match self.tie {
                Some(holds)
                    if last
                        && strength.is_one()
                        && (margin.width() < TIE || difference.to_interval().width() < TIE) =>
                {
                    if holds {
                        Verdict::Holds
                    } else {
                        Verdict::Fails
                    }
                }
                _ => Verdict::Undecided,
            },
        };
        (verdict, margin, ratio)
    }
}

/// What a step says of a sample.
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

pub(super) struct Inequality {
    pub id: &'static str,
    pub sizes: Sizes,
    pub sides: fn(&mut Draw<'_>, How, u32) -> Margins,
    pub how: How,
}

/// Width of a margin, or of a difference (both sides may vanish), below which an enclosure of 640 bits that contains zero may be a tie: a wider one was not
/// evaluated well enough to say so.
const TIE: f64 = 1e-30;

/// Precisions tried.
const RUNGS: [(u32, &str); 3] = [(96, "MPFR 96"), (256, "MPFR 256"), (640, "MPFR 640")];

impl Inequality {
    fn count(&self, sizes: &[usize]) -> usize {
        count(sizes, |d| drop((self.sides)(d, self.how, RUNGS[0].0)))
    }
    fn slack(&self, i: &Sample) -> f64 {
        let e = self.evaluate(i, &Rational::one());
        match (e.verdict, e.ratio) {
            (Verdict::Holds | Verdict::Fails, Some(r)) if r.is_bounded() => r.hi(),
            _ => f64::INFINITY,
        }
    }
    /// Descent to the least slack, moving one number at a time.
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

impl Statement for Inequality {
    type Instance = Sample;

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
            let starts: Vec<Sample> = order.iter().take(context.size(3, 12, 48)).map(|o| out[o.1].clone()).collect();
            let rounds = context.size(8, 60, 300);
            out.extend(starts.par_iter().filter_map(|s| self.search(s, rounds)).collect::<Vec<_>>());
        }
        out
    }
    fn describe(&self, i: &Sample) -> String {
        i.describe()
    }
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
                (a.0 != Verdict::Fails, a.1.lo())
                    .partial_cmp(&(b.0 != Verdict::Fails, b.1.lo()))
                    .unwrap_or(std::cmp::Ordering::Equal)
            }) else {
                return out;
            };
            let verdict = if judged.iter().any(|j| j.0 == Verdict::Fails) {
                Verdict::Fails
            } else if judged.iter().any(|j| j.0 == Verdict::Undecided) {
                Verdict::Undecided
            } else {
                Verdict::Holds
            };
            out = Evaluation {
                verdict,
                margin: Some(worst.1),
                ratio: Some(worst.2),
                arithmetic: name.into(),
                reason: None,
                ..Evaluation::undecided("")
            };
            if verdict != Verdict::Undecided {
                return out;
            }
            out.reason = Some(format!("the margin contains zero at {bits} bits"));
        }
        out
    }
    fn simpler(&self, i: &Sample) -> Vec<Sample> {
        let sizes: Vec<(Vec<usize>, usize)> = self.sizes.iter().map(|s| (s.to_vec(), self.count(s))).collect();
        i.simpler(&sizes)
    }
}

/// The printed formula itself on instances, next to a reduced one that is proved over the whole domain: evidence besides.
pub(super) fn literal(
    id: &'static str,
    sizes: Sizes,
    sides: fn(&mut Draw<'_>, How, u32) -> Margins,
    statement: &str,
) -> Form {
    let body = Inequality { id, sizes, sides, how: How::Printed };
    Form::holds("literal", Role::Printed, Grade::Instance, statement, body).besides()
}
