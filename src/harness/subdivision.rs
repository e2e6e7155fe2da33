//! Proofs over a whole box by interval subdivision: the `Domain` grade.
//!
//! `prove` bisects until the enclosure of f is certainly not negative on every piece, or some representative point is
//! certainly negative (a counterexample), or the budget of boxes is spent (undecided). Statements with unbounded ends
//! are first brought to a box by a substitution, said in the claim's documentation.
//!
//! # Why this proves the statement
//!
//! f is given as an enclosure: on a box it returns a set that contains its values at every point of the box. If the
//! set has no negative number, `f >= 0` there. The pieces that are accepted cover the box, because a piece is
//! accepted or cut into two that cover it, and the cutting points are rationals; the ends of a piece are rounded
//! outward to the precision. So `Holds` is a proof for every real point of the closed box, and needs no continuity
//! and no bound of a derivative. `Fails` is a proof by one rational point. `Undecided` says nothing of f: around
//! a zero of f an enclosure goes below zero on every piece, however small, unless it is exact there.

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational};
use crate::harness::claim::{Context, Evaluation, Statement};
use crate::harness::evidence::Verdict;
use num_traits::{One, Zero};

/// Precision of the enclosures: the functions of Lemmas 4 and 5 are monotone in each argument, so 96 bits are ample.
///
/// It is a choice of cost, not of soundness: with fewer bits more boxes are cut.
pub(crate) const BITS: u32 = 96;

/// Boxes after which a proof gives up; the proofs here need fewer than a tenth of it.
///
/// It bounds the time of a proof that cannot end, at a zero of f.
const BUDGET: usize = 200_000;

/// What came of a subdivision.
pub(crate) struct Proof {
    /// Holds, fails, or undecided.
    pub verdict: Verdict,
    /// Boxes at which f was evaluated, those that were cut included.
    pub boxes: usize,
    /// Smallest lower end met, and an upper bound of the minimum (smallest value at a representative point).
    pub minimum: Interval,
}

/// Is `f >= 0` on the box? `f` gets one enclosure per variable.
///
/// f must be an enclosure: for sets of reals `v_1, .., v_n` it returns a set that contains `f(x)` for all x with x_i
/// in v_i.
///
/// The pieces are taken from a stack, the last half first; a piece is cut in the middle of its widest side. At each
/// piece f is evaluated on all of its 2^n corners too: a certainly negative corner is a counterexample, and the least
/// upper end over the corners bounds the minimum of f from above. The minimum that is told lies between the least
/// lower end over the accepted pieces and that bound; where f fails it is the value at the corner, and where the
/// budget is spent, or there is nothing to cut, the enclosure at the last piece.
///
/// The cost is `2^n + 1` evaluations of f for each box.
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
///
/// On such a box only the lower end of `greater - lesser` is a bound: the smaller of the greater sides and the larger
/// of the lesser ones belong to no single point. That is enough to accept a box. Counterexamples are looked for at
/// points, each of which lies in one part, as far as it can be told from `at`.
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

/// Steps of the bisection for the best constant: a width of 15/2^21, about 2^-17, from [1, 16].
const STEPS: usize = 21;

/// Evaluates a domain proof at a strength and, at the statement's own strength, brackets the largest strength that can
/// be proved and the smallest that is refuted.
///
/// The first proof gives verdict, margin and boxes. The bracket is found by bisection between 1 and 16, for a
/// statement that holds at strength 1; it is left out where 16 is not refuted, and stops early at a strength that is
/// not decided. The proofs must be monotone in the strength for the bracket to mean what it says: a larger one is a
/// stronger statement.
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
///
/// Its one instance is the domain itself, in words.
struct Everywhere<F> {
    /// What the variable in `[0, 1]` stands for.
    words: &'static str,
    /// Greater less strength times lesser side, on an enclosure of the variable.
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
