//! Steps that are identities: both sides from their own definitions, in exact rationals, at random 63-bit integers
//! (Schwartz-Zippel).
//!
//! # What a point proves
//!
//! Let the sides differ as rational functions of the N numbers drawn, and let D bound the degree of the numerator of
//! a difference of entries. It vanishes at a point whose coordinates are drawn independently from a set of 2^63
//! numbers or more with probability at most `D/2^63` (Schwartz 1980, Zippel 1979). Three independent points of one
//! shape give `(D/2^63)^3 <= 2^-100` for `D <= 2^29`. D is not estimated: every rational carries a bound on the
//! degrees of the expression that it came from, and [`crate::arithmetic::Rational::degrees`] is read off both sides.
//!
//! An identity that holds for some sizes and not for others is tried at each size, and the bound of a form is that of
//! its weakest size. A size that is not in the list is not tested.
//!
//! Symbolic expansion is no alternative: polynomials of degree 20 in 60 variables have too many terms.

use crate::arithmetic::Rational;
use crate::harness::claim::{Context, Evaluation, Statement};
use crate::harness::steps::how::Sizes;
use crate::harness::steps::sample::{Draw, Pattern, Sample};
use nalgebra::{DMatrix, DVector};

/// Both sides of an identity.
///
/// The answer of a step's function for one sample.
#[derive(Clone, Debug)]
pub enum Exact {
    /// Pairs that must be equal: shapes and entries.
    Sides(Vec<(DMatrix<Rational>, DMatrix<Rational>)>),
    /// The printed product does not chain: what does not fit.
    DoesNotChain(String),
    /// The sample is not in the domain.
    OutOfScope(&'static str),
}

/// A number as a 1 x 1 matrix.
pub fn scalar(q: Rational) -> DMatrix<Rational> {
    DMatrix::from_element(1, 1, q)
}

/// A vector as an n x 1 matrix.
pub fn column(v: &DVector<Rational>) -> DMatrix<Rational> {
    DMatrix::from_column_slice(v.len(), 1, v.as_slice())
}

/// Both sides, each from its own definition.
///
/// `sides` draws the objects and computes both sides from their own definitions, neither from the other.
pub(crate) struct Equality<F> {
    /// The step's id, which names its streams.
    pub id: &'static str,
    /// The sizes tried, three points each.
    pub sizes: Sizes,
    /// Both sides for a draw.
    pub sides: F,
}

/// Stream of a step: an FNV-1a hash of its id, in the upper half of the numbers, away from those of other claims.
///
/// The lowest 8 bits are left to the numbers of samples.
pub(crate) fn stream_of(id: &str) -> u64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    1 << 63 | (hash >> 2) << 8
}

/// How many numbers a step draws for these sizes.
///
/// The function is run on an empty sample, whose numbers are all zero; it must draw as many there as on any other of
/// these sizes.
pub(crate) fn count(sizes: &[usize], draw: impl Fn(&mut Draw<'_>)) -> usize {
    let empty = Sample { sizes: sizes.to_vec(), numbers: Vec::new() };
    let mut d = Draw::new(&empty);
    draw(&mut d);
    d.drawn()
}

impl<F: Fn(&mut Draw<'_>) -> Exact + Send + Sync + 'static> Equality<F> {
    /// Numbers of a sample of these sizes.
    fn count(&self, sizes: &[usize]) -> usize {
        count(sizes, |d| drop((self.sides)(d)))
    }
}

impl<F: Fn(&mut Draw<'_>) -> Exact + Send + Sync + 'static> Statement for Equality<F> {
    type Instance = Sample;

    /// The points with numbers 2 i, 2 i + 1 and 2 m + i for the i-th of m sizes: adding a size changes the third
    /// points of all others, and no first two.
    fn instances(&self, context: &Context) -> Vec<Sample> {
        let mut out = Vec::new();
        // Three points per shape bring the bound below 2^-100, unless the degree is beyond 2^29.
        let of_shape = |at: usize| [2 * at, 2 * at + 1, 2 * self.sizes.len() + at].map(|number| (at, number));
        for (at, number) in (0..self.sizes.len()).flat_map(of_shape) {
            let (sizes, number) = (self.sizes[at], stream_of(self.id) + number as u64);
            out.push(Sample::of(sizes, self.count(sizes), Pattern::Integers, context.seed, number));
        }
        out
    }
    fn describe(&self, i: &Sample) -> String {
        i.describe()
    }
    /// A product that does not chain is false, and so are sides of different shapes; a sample out of the domain says
    /// nothing. The strength has no effect on an equality.
    fn evaluate(&self, i: &Sample, _strength: &Rational) -> Evaluation {
        let pairs = match (self.sides)(&mut Draw::new(i)) {
            Exact::Sides(pairs) if pairs.is_empty() => return Evaluation::undecided("no sides were formed"),
            Exact::Sides(pairs) => pairs,
            Exact::DoesNotChain(what) => {
                return Evaluation {
                    reason: Some(format!("the product does not chain: {what}")),
                    ..Evaluation::exact(false)
                };
            }
            Exact::OutOfScope(why) => return Evaluation::out_of_scope(why),
        };
        if pairs.iter().any(|(a, b)| a.shape() != b.shape()) {
            return Evaluation::exact(false);
        }
        Evaluation::identity(format!("{:?}", i.sizes), pairs.iter().flat_map(|(a, b)| a.iter().zip(b.iter())))
    }
    /// A counterexample may shrink to small integers: one point at which the sides differ refutes an identity
    /// whatever it is.
    fn simpler(&self, i: &Sample) -> Vec<Sample> {
        let sizes: Vec<(Vec<usize>, usize)> = self.sizes.iter().map(|s| (s.to_vec(), self.count(s))).collect();
        i.simpler(&sizes)
    }
}
