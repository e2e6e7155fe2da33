//! Lemma 6 (Appendix A): the laws of `norm(N h)^2/norm(h)^2` and `h^T N h/norm(h)^2`.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | N | independent standard normal variables N_ij | d x d |
//! | h, not zero | `h` | d |
//! | `(N h)_i`, `norm(N h)^2 = norm(h)^2 Y_1`, `h^T N h = norm(h)^2 Y_2` | polynomials in the N_ij | scalars |
//!
//! **Why.** N h and h^T N h are linear in N, so N h is Gaussian, and its law is fixed by its mean and covariance
//! (classical); `covariances` checks these: `Cov(N h) = norm(h)^2 I`, `Var(h^T N h) = norm(h)^4`. So Y_1 is a sum of d
//! squares of independent standard normal variables, and Y_2 is one such variable. `moments` checks moments of both
//! from their definition, with `E N_ij^(2k) = (2k-1)!!` and independence of the entries and nothing else. Both are
//! polynomial identities in h of degree at most 8.
//!
//! **Not independent.** `E Y_1 Y_2^2 = d + 2`, not d: the two laws say nothing of the joint one. B.9 takes no more than
//! a union bound over Y_1 and Y_2, so it does not need it.

use crate::arithmetic::{Enclosure, Rational, Ring};
use crate::error::Result;
use crate::harness::chance::{Chance, Counts, Part};
use crate::harness::{Claim, Context, Evaluation, Form, Grade, Statement};
use crate::paper::appendix_a::lemma_6::laws::{Direction, Fits, Law, Variable, draw};
use crate::problem::draw::stream;
use crate::problem::norm_squared;
use crate::statistics::streams::trial_rng;
use num_traits::{One, Zero};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// Polynomial in the entries of N: coefficients by exponents, row by row.
#[derive(Clone)]
struct Polynomial(BTreeMap<Vec<u32>, Rational>);

impl Polynomial {
    /// `sum_ij c_ij N_ij`.
    fn linear(coefficients: &[Rational]) -> Self {
        let n = coefficients.len();
        let power = |at: usize| (0..n).map(|i| u32::from(i == at)).collect();
        Self(coefficients.iter().enumerate().map(|(at, c)| (power(at), c.clone())).collect())
    }
    fn times(&self, other: &Self) -> Self {
        let mut out = BTreeMap::new();
        for (a, c) in &self.0 {
            for (b, e) in &other.0 {
                let power: Vec<u32> = a.iter().zip(b).map(|(x, y)| x + y).collect();
                *out.entry(power).or_insert_with(Rational::zero) += c * e;
            }
        }
        Self(out)
    }
    fn plus(mut self, other: &Self) -> Self {
        for (power, c) in &other.0 {
            *self.0.entry(power.clone()).or_insert_with(Rational::zero) += c;
        }
        self
    }
    /// `E self`.
    fn mean(&self) -> Rational {
        self.0.iter().fold(Rational::zero(), |s, (power, c)| s + moment(power.iter().copied()) * c)
    }
    /// `E self other`.
    fn mean_with(&self, other: &Self) -> Rational {
        let mut sum = Rational::zero();
        for (a, c) in &self.0 {
            for (b, e) in &other.0 {
                let m = moment(a.iter().zip(b).map(|(x, y)| x + y));
                if !m.is_zero() {
                    sum += m * c * e;
                }
            }
        }
        sum
    }
}

/// `E prod N_ij^power_ij = prod (power_ij - 1)!!`, zero if a power is odd.
fn moment(powers: impl Iterator<Item = u32>) -> Rational {
    let mut product = 1_i64;
    for p in powers {
        if !p.is_multiple_of(2) {
            return Rational::zero();
        }
        product *= (1..i64::from(p)).step_by(2).product::<i64>();
    }
    Rational::from(product)
}

/// A vector h.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Vector(Vec<Rational>);

/// What the laws speak of, times powers of norm(h).
struct Variables {
    d: Rational,
    /// norm(h)^2.
    square: Rational,
    /// (N h)_i.
    image: Vec<Polynomial>,
    /// norm(N h)^2.
    first: Polynomial,
    /// h^T N h.
    second: Polynomial,
}

impl Variables {
    fn of(h: &[Rational]) -> Option<Self> {
        let d = h.len();
        let square = norm_squared(h.iter());
        if square.is_zero() {
            return None;
        }
        let row = |i: usize| {
            let entry = |at: usize| if at / d == i { h[at % d].clone() } else { Rational::zero() };
            Polynomial::linear(&(0..d * d).map(entry).collect::<Vec<_>>())
        };
        let image: Vec<Polynomial> = (0..d).map(row).collect();
        let none = Polynomial(BTreeMap::new());
        let first = image.iter().fold(none, |s, p| s.plus(&p.times(p)));
        let form: Vec<Rational> = (0..d * d).map(|at| &h[at / d] * &h[at % d]).collect();
        Some(Self { d: Rational::from(d as i64), square, image, first, second: Polynomial::linear(&form) })
    }
    /// `mean = factor norm(h)^(2 power)`.
    fn equal(&self, mean: Rational, factor: Rational, power: u32) -> (Rational, Rational) {
        (mean, factor * self.square.powi(power))
    }
    fn covariances(&self) -> Vec<(Rational, Rational)> {
        let pairs = |i: usize, k: usize| {
            let expected = if i == k { Rational::one() } else { Rational::zero() };
            self.equal(self.image[i].mean_with(&self.image[k]), expected, 1)
        };
        let d = self.image.len();
        let mut out: Vec<_> = (0..d).flat_map(|i| (0..=i).map(move |k| (i, k))).map(|(i, k)| pairs(i, k)).collect();
        out.extend(self.image.iter().chain([&self.second]).map(|p| (p.mean(), Rational::zero())));
        out.push(self.equal(self.second.mean_with(&self.second), Rational::one(), 2));
        out
    }
    fn moments(&self) -> Vec<(Rational, Rational)> {
        let (d, two) = (self.d.clone(), Rational::from(2));
        let squared = self.second.times(&self.second);
        vec![
            self.equal(self.first.mean(), d.clone(), 1),
            self.equal(self.first.mean_with(&self.first), &d * (&d + &two), 2),
            self.equal(squared.mean(), Rational::one(), 2),
            self.equal(squared.mean_with(&squared), Rational::from(3), 4),
            (self.first.mean_with(&self.second), Rational::zero()),
            self.equal(self.first.mean_with(&squared), d + two, 3),
        ]
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Covariances,
    Moments,
    /// Control: E Y_1 = d + 1.
    OneMore,
    /// Control: E (h^T N h)^2 = norm(h)^2.
    Unnormalised,
    /// Control: E Y_1 Y_2^2 = E Y_1 E Y_2^2.
    Independent,
}

struct Exact(Which);

impl Statement for Exact {
    type Instance = Vector;

    /// Two points for each d.
    fn instances(&self, context: &Context) -> Vec<Vector> {
        let of = |at: usize| {
            let rng = &mut stream(context.seed, STREAM + at as u64);
            Vector((0..1 + at / 2).map(|_| Rational::from_i64(rng.random::<i64>())).collect())
        };
        (0..8).map(of).collect()
    }
    fn describe(&self, i: &Vector) -> String {
        let entries: Vec<String> = i.0.iter().map(ToString::to_string).collect();
        format!("h = ({})", entries.join(", "))
    }
    fn evaluate(&self, i: &Vector, _strength: &Rational) -> Evaluation {
        let h: Vec<Rational> = i.0.iter().map(|q| q.clone().as_variable()).collect();
        let Some(v) = Variables::of(&h) else {
            return Evaluation::out_of_scope("h = 0: Y_1 and Y_2 are not defined");
        };
        let squared = || v.second.times(&v.second);
        let sides = match self.0 {
            Which::Covariances => v.covariances(),
            Which::Moments => v.moments(),
            Which::OneMore => vec![v.equal(v.first.mean(), &v.d + 1, 1)],
            Which::Unnormalised => vec![v.equal(squared().mean(), Rational::one(), 1)],
            Which::Independent => vec![v.equal(v.first.mean_with(&squared()), v.d.clone(), 3)],
        };
        Evaluation::identity(format!("d = {}", i.0.len()), sides.iter().map(|(a, b)| (a, b)))
    }
    fn simpler(&self, i: &Vector) -> Vec<Vector> {
        let candidates = [vec![1], vec![2]].map(|v| Vector(v.into_iter().map(Rational::from).collect()));
        candidates.into_iter().take_while(|c| c.0 != i.0).collect()
    }
}

/// Streams of this file under a seed.
const STREAM: u64 = 0x66_0000;

/// `lemma-6`.
pub fn claim() -> Claim {
    let one = Rational::one;
    let chi = |more| Fits { variable: Variable::First, law: Law::ChiSquare { more } };
    let normal = |variable, deviation| Fits { variable, law: Law::Normal { deviation } };
    let coverage = [("d = 1", 2), ("d >= 20", 2), ("norm(h)^2 out of range", 3)];
    let identity = |name, statement: &str, which| Form::printed(name, statement, Exact(which)).graded(Grade::Identity);
    let sampled = |name, statement: &str, fits| {
        Form::printed(name, statement, fits).graded(Grade::Sampled).requires(&coverage).besides()
    };
    let exact_control = |name, statement: &str, which| Form::control(name, statement, Exact(which));
    let control = |name, statement: &str, fits| Form::control(name, statement, fits).graded(Grade::Sampled);
    Claim {
        id: "lemma-6",
        title: "The laws of norm(N h)^2/norm(h)^2 and h^T N h/norm(h)^2",
        place: "Lemma 6",
        hypotheses: "N with independent standard normal entries, h in R^d not zero (the paper does not say so: for h \
                     = 0 neither is defined)",
        uses: &[],
        forms: vec![
            identity(
                "covariances",
                "N h and h^T N h are centred, Cov(N h) = norm(h)^2 I, Var(h^T N h) = norm(h)^4",
                Which::Covariances,
            ),
            identity(
                "moments",
                "E Y_1 = d, E Y_1^2 = d(d+2), E Y_2^2 = 1, E Y_2^4 = 3, E Y_1 Y_2 = 0, E Y_1 Y_2^2 = d + 2; d <= 4",
                Which::Moments,
            ),
            sampled(
                "law-1",
                "Y_1 ~ chi^2(d): counts in 13 bins, exact binomial intervals, level 1e-6 per instance",
                chi(0),
            ),
            sampled(
                "law-2",
                "Y_2 ~ N(0, 1): counts in 13 bins, exact binomial intervals, level 1e-6 per instance",
                normal(Variable::Second, one()),
            ),
            exact_control("mean-d+1", "E Y_1 = d + 1", Which::OneMore),
            exact_control("variance-unnormalised", "Var(h^T N h) = norm(h)^2", Which::Unnormalised),
            exact_control(
                "independent",
                "E Y_1 Y_2^2 = E Y_1 E Y_2^2, as if Y_1 and Y_2 were independent",
                Which::Independent,
            ),
            control("law-1-d+1", "Y_1 ~ chi^2(d + 1)", chi(1)),
            control("law-2-1.05", "Y_2 ~ N(0, 1.05^2)", normal(Variable::Second, Rational::new(21, 20))),
            control("law-2-unnormalised", "h^T N h ~ N(0, 1)", normal(Variable::Unnormalised, one())),
        ],
        finding: None,
        remarks: &[
            "Linear images of Gaussian vectors are Gaussian, and their law is fixed by mean and covariance: with \
             `covariances` this proves both laws for every h that is not zero.",
            "A bin of probability 1/20 or more that is off by more than a quarter would have been seen; Y_1 and Y_2 \
             are uncorrelated but not independent.",
        ],
    }
}

/// `Y_2 > 0` for d = 2, h = (3, -4)/5: true with probability 1/2.
fn positive(key: &str, seed: u64, range: Range<u64>) -> Result<Counts> {
    let failed = |trial: &u64| draw(&[0.6, -0.8], &mut trial_rng(seed, key, *trial)).1 > 0.0;
    Ok(Counts { failures: range.filter(failed).count() as u64, undecided: 0 })
}

/// The canaries.
fn canaries() -> Vec<Chance> {
    let of = |name: &str, bound: f64, part: Part| {
        let key = format!("canary/{name}");
        let stream = key.clone();
        let statement = format!("P(h^T N h > 0) <= {bound}, d = 2, h = (3, -4)/5; the probability is 1/2");
        Chance::new(key, "lemma-6", statement, bound, move |seed, range| positive(&stream, seed, range))
            .part(part)
            .cost(1e-6)
    };
    vec![of("planted-falsehood", 0.48, Part::PlantedFalsehood), of("planted-truth", 0.5, Part::PlantedTruth)]
}

/// `P(Y > at) <= p` or `P(Y <= at) <= 1 - p` with p the exact tail, rounded up.
fn one_sided(variable: Variable, d: usize, at: &Rational, above: bool) -> Chance {
    let (name, law) = match variable {
        Variable::First => ("y1", Law::ChiSquare { more: 0 }),
        _ => ("y2", Law::Normal { deviation: Rational::one() }),
    };
    let tail = law.tail(d, at);
    let bound = if above { tail.hi() } else { f64::next_up(1.0 - tail.lo()) };
    let (side, sign) = if above { ("above", ">") } else { ("up-to", "<=") };
    let key = format!("lemma-6/{name}-d{d}-{side}-{}", at.to_f64());
    let statement = format!("P({} {sign} {at}) <= {bound:.6}, d = {d}, h = (1, -2, 3, ..)", name.to_uppercase());
    let (stream, h, at) = (key.clone(), Direction::Unequal.vector(d), at.to_f64());
    let trials = move |seed, range: Range<u64>| {
        let failed = |trial: &u64| {
            let (first, second) = draw(&h, &mut trial_rng(seed, &stream, *trial));
            let y = if variable == Variable::First { first } else { second };
            (y > at) == above
        };
        Ok(Counts { failures: range.filter(failed).count() as u64, undecided: 0 })
    };
    Chance::new(key, "lemma-6", statement, bound, trials).cost(1e-6 + 1e-8 * (d * d) as f64)
}

/// The canaries, and both laws from both sides at points in the bulk and in the tail.
pub fn chances() -> Vec<Chance> {
    let mut out = canaries();
    // Near the 10th and the 90th percentile of chi^2(d).
    let first = [(2, [(1, 4), (9, 2)]), (5, [(13, 8), (37, 4)]), (20, [(25, 2), (57, 2)])];
    let second = [(2, [(0, 1), (3, 2)]), (20, [(-3, 2), (0, 1)])];
    let lists = [(Variable::First, first.as_slice()), (Variable::Second, second.as_slice())];
    for (variable, list) in lists {
        for (d, points) in list {
            for (n, q) in points {
                for above in [true, false] {
                    out.push(one_sided(variable, *d, &Rational::new(*n, *q), above));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bounds are the exact probabilities: trials of both sides agree with them, and together they exhaust the
    /// trials.
    #[test]
    fn both_sides_of_a_law_are_bounded_by_its_probabilities() {
        for variable in [Variable::First, Variable::Second] {
            let at = Rational::new(3, 2);
            let sides = [true, false].map(|above| one_sided(variable, 2, &at, above));
            let sum = sides[0].bound + sides[1].bound;
            assert!((1.0..1.0 + 1e-14).contains(&sum), "{sum}");
            for side in &sides {
                let trials = 20_000;
                let failures = side.run(7, 0..trials).unwrap().failures;
                let seen = crate::statistics::binomial::interval(trials, failures, 1e-6).unwrap();
                assert!(seen[0] <= side.bound && side.bound <= seen[1], "{}: {seen:?}, {}", side.key, side.bound);
            }
        }
    }

    #[test]
    fn moments_of_a_standard_normal_variable() {
        let values = [1, 0, 1, 0, 3, 0, 15, 0, 105].map(Rational::from);
        for (power, value) in values.into_iter().enumerate() {
            assert_eq!(moment([power as u32].into_iter()), value);
        }
    }
}
