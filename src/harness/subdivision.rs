//! Proofs over a whole box by interval subdivision: the `Domain` grade.
//!
//! `prove` bisects until the enclosure of f is certainly not negative on every piece, or some representative point is
//! certainly negative (a counterexample), or the budget of boxes is spent (undecided). Statements with unbounded ends
//! are first brought to a box by a substitution, said in the claim's documentation.

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational};
use crate::harness::claim::{Context, Evaluation, Statement};
use crate::harness::evidence::Verdict;
use num_traits::{One, Zero};

/// Precision of the enclosures: the functions of Lemmas 4 and 5 are monotone in each argument, so 96 bits are ample.
pub(crate) const BITS: u32 = 96;

/// Boxes after which a proof gives up; the proofs here need fewer than a tenth of it.
const BUDGET: usize = 200_000;

/// What came of it.
pub(crate) struct Proof {
    pub verdict: Verdict,
    pub boxes: usize,
    /// Smallest lower end met, and an upper bound of the minimum (smallest value at a representative point).
    pub minimum: Interval,
}

/// Is `f >= 0` on the box? `f` gets one enclosure per variable.
pub(crate) fn prove(domain: &[(Rational, Rational)], f: impl Fn(&[Big]) -> Big) -> Proof {
    let mut stack = vec![domain.to_vec()];
    let (mut boxes, mut lowest, mut seen) = (0, f64::INFINITY, f64::INFINITY);
    while let Some(piece) = stack.pop() {
        boxes += 1;
        let at = |q: &Rational| Big::from_rational(q, BITS);
        let sides: Vec<Big> = piece.iter().map(|(a, b)| at(a).hull(&at(b))).collect();
        let value = f(&sides);
        // The corners: where a function monotone in each argument takes its minimum.
        for corner in 0..1_usize << piece.len() {
            let point: Vec<Big> =
                piece.iter().enumerate().map(|(i, (a, b))| at(if corner >> i & 1 == 0 { a } else { b })).collect();
            let here = f(&point);
            seen = seen.min(here.hi());
            if here.is_negative() {
                return Proof { verdict: Verdict::Fails, boxes, minimum: here.to_interval() };
            }
        }
        if value.is_nonnegative() {
            lowest = lowest.min(value.lo());
            continue;
        }
        if boxes >= BUDGET {
            return Proof { verdict: Verdict::Undecided, boxes, minimum: value.to_interval() };
        }
        let width = |(a, b): &(Rational, Rational)| b - a;
        let Some(widest) = (0..piece.len()).max_by(|&i, &j| width(&piece[i]).cmp(&width(&piece[j]))) else {
            return Proof { verdict: Verdict::Undecided, boxes, minimum: value.to_interval() };
        };
        let (a, b) = piece[widest].clone();
        let middle = (&a + &b) / 2;
        let (mut left, mut right) = (piece.clone(), piece);
        left[widest] = (a, middle.clone());
        right[widest] = (middle, b);
        stack.push(left);
        stack.push(right);
    }
    Proof { verdict: Verdict::Holds, boxes, minimum: Interval::new(lowest, seen.max(lowest)) }
}

/// Greater and lesser side where they have one formula for v <= at and another for v >= at: on a box that meets both,
/// the smaller and the larger of what they are on its parts.
pub(crate) fn in_pieces(
    v: &Big,
    at: &Big,
    below: impl Fn(Big) -> (Big, Big),
    above: impl Fn(Big) -> (Big, Big),
) -> (Big, Big) {
    let (low, high) = (v.lower_end(), v.upper_end());
    if (&low - at).is_nonnegative() {
        return above(v.clone());
    }
    if (at - &high).is_nonnegative() {
        return below(v.clone());
    }
    let (a, b) = (below(low.hull(at)), above(at.hull(&high)));
    (a.0.min(&b.0), a.1.max(&b.1))
}

/// Steps of the bisection for the best constant: a relative width of about 2^-18 from [1, 16].
const STEPS: usize = 21;

/// Evaluates a domain proof at a strength and, at the statement's own strength, brackets the largest strength that can
/// be proved and the smallest that is refuted.
pub(crate) fn evaluate(strength: &Rational, proof: impl Fn(&Rational) -> Proof) -> Evaluation {
    let own = proof(strength);
    let mut out = Evaluation::undecided(format!("not proved with {} boxes", own.boxes));
    if own.verdict != Verdict::Undecided {
        out = Evaluation::decided(own.verdict == Verdict::Holds, "interval subdivision, MPFR 96");
    }
    out.boxes = Some(own.boxes);
    out.margin = Some(own.minimum);
    if own.verdict == Verdict::Holds && strength.is_one() {
        let (mut proved, mut refuted) = (Rational::one(), Rational::from(16));
        if proof(&refuted).verdict == Verdict::Fails {
            for _ in 0..STEPS {
                let middle = (&proved + &refuted) / 2;
                match proof(&middle).verdict {
                    Verdict::Holds => proved = middle,
                    Verdict::Fails => refuted = middle,
                    _ => break,
                }
            }
            out.ratio = Some(Interval::new(proved.to_f64(), refuted.to_f64()));
        }
    }
    out
}

/// A statement about every real number of a kind, brought to one variable in `[0, 1]`.
struct Everywhere<F> {
    words: &'static str,
    difference: F,
}

/// The difference at a strength is not negative on `[0, 1]`; `words` say what that stands for ("every s > 0").
pub(crate) fn everywhere(
    words: &'static str,
    difference: impl Fn(&Big, &Rational) -> Big + Send + Sync + 'static,
) -> impl Statement {
    Everywhere { words, difference }
}

impl<F: Fn(&Big, &Rational) -> Big + Send + Sync + 'static> Statement for Everywhere<F> {
    type Instance = String;

    fn instances(&self, _context: &Context) -> Vec<String> {
        vec![self.words.into()]
    }
    fn describe(&self, i: &String) -> String {
        i.clone()
    }
    fn evaluate(&self, _i: &String, strength: &Rational) -> Evaluation {
        let unit = [(Rational::zero(), Rational::one())];
        evaluate(strength, |f| prove(&unit, |v| (self.difference)(&v[0], f)))
    }
}
