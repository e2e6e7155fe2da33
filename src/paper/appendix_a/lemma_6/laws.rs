//! The laws of Lemma 6 against draws, in bins ([`statistics::laws`](crate::statistics::laws)).
//!
//! | paper | code |
//! | --- | --- |
//! | h | `Direction`, formed in doubles; only its direction enters, so that no norm can overflow |
//! | Y_1, Y_2 | `draw` |
//! | chi^2(d), N(0, 1) | `Law` |

use crate::arithmetic::{Interval, Rational};
use crate::harness::{Context, Evaluation, Statement, tagged};
use crate::statistics::laws::Law;
use crate::statistics::streams::trial_rng;
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// A vector h.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Direction {
    /// The first unit vector.
    Axis,
    /// (1, -2, 3, -4, ..).
    Unequal,
    /// 3 first, -4 last, zeros between.
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

/// Draws of both variables for one h.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Draws {
    /// d.
    dimension: usize,
    /// h.
    direction: Direction,
    /// How many matrices N are drawn.
    trials: u64,
    /// Seed of their streams.
    seed: u64,
    /// (Y_1, Y_2) of every draw, once asked for; shared by clones, not serialised.
    #[serde(skip)]
    seen: Arc<OnceLock<Vec<(f64, f64)>>>,
}

impl Draws {
    /// Each trial draws from a stream of its own, named by d, the direction and its number.
    fn seen(&self) -> &[(f64, f64)] {
        self.seen.get_or_init(|| {
            let key = format!("lemma-6/laws/d{}-{:?}", self.dimension, self.direction);
            let h = self.direction.vector(self.dimension);
            (0..self.trials).map(|trial| draw(&h, &mut trial_rng(self.seed, &key, trial))).collect()
        })
    }
}

/// Of which variable a law is asked.
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
    /// The variable.
    pub variable: Variable,
    /// The law, which depends on d.
    pub law: Law,
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
        let square: f64 = i.direction.vector(i.dimension).iter().map(|v| v * v).sum();
        let values = i.seen().iter().map(|y| match self.variable {
            Variable::First => y.0,
            Variable::Second => y.1,
            Variable::Unnormalised => y.1 * square,
        });
        let fit = match self.law.fits(i.dimension, values) {
            Ok(fit) => fit,
            Err(e) => return Evaluation::undecided(e.to_string()),
        };
        let few = || format!("{} draws leave intervals of relative width {:.2}", i.trials, fit.widest);
        let out = fit.holds.map(|holds| Evaluation::decided(holds, "exact binomial intervals"));
        let out = out.unwrap_or_else(|| Evaluation::undecided(few()));
        Evaluation { margin: Some(Interval::point(fit.margin)), ..out }
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
}
