//! Steps that are scalar inequalities, proved over the whole domain on which the proof uses them, by interval
//! subdivision.
//!
//! For sides that no formula says; a formula over a domain is a [`super::Printed`] step. A subdivision proves the
//! statement on the closed box at 96 bits. Single points are instances only when a counterexample is shrunk, and are
//! then decided at up to 640 bits.

use crate::arithmetic::{Big, Enclosure, Field, Rational};
use crate::harness::claim::{Context, Evaluation, Statement};
use crate::harness::steps::how::How;
use crate::harness::subdivision;
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};

/// The whole domain, or one point of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Scalars {
    /// Everything.
    Domain,
    /// One choice of the variables, in their order.
    Point(Vec<Rational>),
}

/// A scalar inequality over a box.
pub(crate) struct Over {
    /// Names of the variables, in the order of the box.
    pub variables: &'static [&'static str],
    /// The box, one closed range for each variable; a planted error may have another.
    pub domain: fn(How) -> Vec<(Rational, Rational)>,
    /// `(greater, lesser)` on enclosures of the variables.
    pub sides: fn(&[Big], How) -> (Big, Big),
    /// As printed, as corrected, or with an error.
    pub how: How,
}

/// Precisions at which a point is decided, in bits, in this order.
pub(crate) const RUNGS: [u32; 3] = [128, 256, 640];

impl Over {
    /// `greater - strength lesser`, enclosed with the bits of the point.
    fn difference(&self, at: &[Big], strength: &Rational) -> Big {
        let bits = at.first().map_or(RUNGS[0], Big::bits);
        let (greater, lesser) = (self.sides)(at, self.how);
        if strength.is_one() { greater - lesser } else { greater - lesser * Big::from_rational(strength, bits) }
    }
}

impl Statement for Over {
    type Instance = Scalars;

    fn instances(&self, _context: &Context) -> Vec<Scalars> {
        vec![Scalars::Domain]
    }
    fn describe(&self, i: &Scalars) -> String {
        match i {
            Scalars::Domain => {
                let ranges = (self.domain)(self.how);
                let show = |(n, (a, b)): (&&str, &(Rational, Rational))| format!("{n} in [{a}, {b}]");
                self.variables.iter().zip(&ranges).map(show).collect::<Vec<_>>().join(", ")
            }
            Scalars::Point(v) => {
                self.variables.iter().zip(v).map(|(n, q)| format!("{n} = {q}")).collect::<Vec<_>>().join(", ")
            }
        }
    }
    fn evaluate(&self, i: &Scalars, strength: &Rational) -> Evaluation {
        let domain = (self.domain)(self.how);
        match i {
            Scalars::Domain => {
                subdivision::evaluate(strength, |s| subdivision::prove(&domain, |v| self.difference(v, s)))
            }
            Scalars::Point(v) => {
                let inside = v.len() == domain.len() && v.iter().zip(&domain).all(|(q, (a, b))| a <= q && q <= b);
                if !inside {
                    return Evaluation::out_of_scope("outside the domain");
                }
                for bits in RUNGS {
                    let at: Vec<Big> = v.iter().map(|q| Big::from_rational(q, bits)).collect();
                    let difference = self.difference(&at, strength);
                    if difference.is_nonnegative() || difference.is_negative() {
                        let margin = Some(difference.to_interval());
                        return Evaluation { margin, ..Evaluation::decided(difference.is_nonnegative(), "MPFR") };
                    }
                }
                Evaluation::undecided("the margin contains zero at 640 bits")
            }
        }
    }
    fn simpler(&self, i: &Scalars) -> Vec<Scalars> {
        if !matches!(i, Scalars::Domain) {
            return Vec::new();
        }
        points(&(self.domain)(self.how))
    }
}

/// Points of a box with short fractions, the shortest first: where a counterexample is looked for.
///
/// Each coordinate takes the eleven fractions of its range, 0, 1, 2 and 1/2, as far as they lie in it; the points are
/// all combinations, sorted by the length of their text. The number of points is at most 15 to the power of the
/// number of variables.
pub(crate) fn points(domain: &[(Rational, Rational)]) -> Vec<Scalars> {
    let fractions = [(0, 1), (1, 1), (1, 2), (1, 4), (3, 4), (1, 8), (7, 8), (1, 16), (15, 16), (1, 256), (255, 256)];
    let mut points: Vec<Vec<Rational>> = vec![Vec::new()];
    for (a, b) in domain {
        let mut values: Vec<Rational> = fractions
            .iter()
            .map(|&(n, d)| a + (b - a) * Rational::new(n, d))
            .chain([Rational::zero(), Rational::one(), Rational::from(2), Rational::new(1, 2)])
            .filter(|q| a <= q && q <= b)
            .collect();
        values.sort_by_key(|q| q.to_string().len());
        values.dedup();
        points =
            points.iter().flat_map(|p| values.iter().map(move |v| [p.clone(), vec![v.clone()]].concat())).collect();
    }
    points.sort_by_key(|p| p.iter().map(|q| q.to_string().len()).sum::<usize>());
    points.into_iter().map(Scalars::Point).collect()
}
