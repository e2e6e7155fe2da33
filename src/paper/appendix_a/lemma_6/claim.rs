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
use crate::harness::{Claim, Context, Evaluation, Form, Grade, Statement, shorter};
use crate::paper::appendix_a::lemma_6::laws::{Direction, Fits, Variable, draw};
use crate::problem::draw::stream;
use crate::problem::norm_squared;
use crate::statistics::gaussian::Polynomial;
use crate::statistics::laws::Law;
use crate::statistics::streams::trial_rng;
use num_traits::{One, Zero};
use rand::RngExt;
use std::ops::Range;

/// What the laws speak of, times powers of norm(h).
struct Variables {
    /// d, as a number.
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
    /// `None` for h = 0. The variables of the polynomials are the d^2 entries of N.
    fn of(h: &[Rational]) -> Option<Self> {
        let (d, square) = (h.len(), norm_squared(h.iter()));
        let row = |i: usize| Polynomial::linear(d, |k, j| if k == i { h[j].clone() } else { Rational::zero() });
        let image: Vec<Polynomial> = (0..d).map(row).collect();
        let first = image.iter().flat_map(|p| p.times(p)).collect();
        let second = Polynomial::linear(d, |i, j| &h[i] * &h[j]);
        (!square.is_zero()).then(|| Self { d: Rational::from(d as i64), square, image, first, second })
    }
    /// `mean = factor norm(h)^(2 power)`.
    ///
    /// Multiplying by the power of norm(h)^2 keeps both sides polynomials in h.
    fn equal(&self, mean: Rational, factor: Rational, power: u32) -> (Rational, Rational) {
        (mean, factor * self.square.powi(power))
    }
    /// The covariances of all entries of N h, their means and that of h^T N h, and the variance of h^T N h, each with
    /// what the lemma makes of it. A law of a Gaussian vector is fixed by these.
    fn covariances(&self) -> Vec<(Rational, Rational)> {
        let pair = |i: usize, k: usize| {
            let expected = Rational::from(i64::from(i == k));
            self.equal(self.image[i].mean_with(&self.image[k]), expected, 1)
        };
        let mut out: Vec<_> = (0..self.image.len()).flat_map(|i| (0..=i).map(move |k| pair(i, k))).collect();
        out.extend(self.image.iter().chain([&self.second]).map(|p| (p.mean(), Rational::zero())));
        out.push(self.equal(self.second.mean_with(&self.second), Rational::one(), 2));
        out
    }
    /// Means of `Y_1, Y_1^2, Y_2^2, Y_2^4`, each with the number that chi^2(d) and N(0, 1) have, and of `Y_1 Y_2` and
    /// `Y_1 Y_2^2`, which say that Y_1 and Y_2 are uncorrelated and not independent.
    fn moments(&self) -> Vec<(Rational, Rational)> {
        let d = &self.d;
        vec![
            self.equal(self.first.mean(), d.clone(), 1),
            self.equal(self.first.mean_with(&self.first), d * (d + 2), 2),
            self.equal(self.squared().mean(), Rational::one(), 2),
            self.equal(self.squared().mean_with(&self.squared()), Rational::from(3), 4),
            (self.first.mean_with(&self.second), Rational::zero()),
            self.equal(self.first.mean_with(&self.squared()), d + 2, 3),
        ]
    }
    /// (h^T N h)^2.
    fn squared(&self) -> Polynomial {
        self.second.times(&self.second)
    }
}

/// Pairs that must be equal.
struct Exact(fn(&Variables) -> Vec<(Rational, Rational)>);

impl Statement for Exact {
    /// h.
    type Instance = Vec<Rational>;

    /// Two points for each d.
    fn instances(&self, context: &Context) -> Vec<Vec<Rational>> {
        let of = |at: usize| {
            let rng = &mut stream(context.seed, STREAM + at as u64);
            (0..1 + at / 2).map(|_| Rational::from_i64(rng.random::<i64>())).collect()
        };
        (0..8).map(of).collect()
    }
    fn describe(&self, h: &Vec<Rational>) -> String {
        format!("h = ({})", h.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    }
    fn evaluate(&self, h: &Vec<Rational>, _strength: &Rational) -> Evaluation {
        let h: Vec<Rational> = h.iter().map(|q| q.clone().as_variable()).collect();
        let Some(v) = Variables::of(&h) else {
            return Evaluation::out_of_scope("h = 0: Y_1 and Y_2 are not defined");
        };
        Evaluation::identity(format!("d = {}", h.len()), (self.0)(&v).iter().map(|(a, b)| (a, b)))
    }
    fn simpler(&self, h: &Vec<Rational>) -> Vec<Vec<Rational>> {
        shorter(h, [1, 2].map(|n| vec![n.into()]))
    }
}

/// Streams of this file under a seed.
const STREAM: u64 = 0x66_0000;

/// `lemma-6`.
pub fn claim() -> Claim {
    let one = Rational::one;
    let chi = |more| Fits { variable: Variable::First, law: Law::ChiSquare { more } };
    let normal = |variable, deviation| Fits { variable, law: Law::Normal(deviation) };
    let coverage = [("d = 1", 2), ("d >= 20", 2), ("norm(h)^2 out of range", 3)];
    let identity = |name, statement: &str, pairs| Form::printed(name, statement, Exact(pairs)).graded(Grade::Identity);
    let sampled = |name, law: &str, fits| {
        let statement = format!("{law}: counts in 13 bins, exact binomial intervals, level 1e-6 per instance");
        Form::printed(name, statement, fits).graded(Grade::Sampled).requires(&coverage).besides()
    };
    let exact_control = |name, statement: &str, pairs| Form::control(name, statement, Exact(pairs));
    let control = |name, statement: &str, fits| Form::control(name, statement, fits).graded(Grade::Sampled);
    Claim {
        id: "lemma-6",
        title: "The laws of norm(N h)^2/norm(h)^2 and h^T N h/norm(h)^2",
        place: "Lemma 6",
        hypotheses: "N with independent standard normal entries, h in R^d not zero (the paper does not say so: for h \
                     = 0 neither is defined)",
        forms: vec![
            identity(
                "covariances",
                "N h and h^T N h are centred, Cov(N h) = norm(h)^2 I, Var(h^T N h) = norm(h)^4",
                Variables::covariances,
            ),
            identity(
                "moments",
                "E Y_1 = d, E Y_1^2 = d(d+2), E Y_2^2 = 1, E Y_2^4 = 3, E Y_1 Y_2 = 0, E Y_1 Y_2^2 = d + 2; d <= 4",
                Variables::moments,
            ),
            sampled("law-1", "Y_1 ~ chi^2(d)", chi(0)),
            sampled("law-2", "Y_2 ~ N(0, 1)", normal(Variable::Second, one())),
            exact_control("mean-d+1", "E Y_1 = d + 1", |v| vec![v.equal(v.first.mean(), &v.d + 1, 1)]),
            exact_control("variance-unnormalised", "Var(h^T N h) = norm(h)^2", |v| {
                vec![v.equal(v.squared().mean(), Rational::one(), 1)]
            }),
            exact_control("independent", "E Y_1 Y_2^2 = E Y_1 E Y_2^2, as if Y_1 and Y_2 were independent", |v| {
                vec![v.equal(v.first.mean_with(&v.squared()), v.d.clone(), 3)]
            }),
            control("law-1-d+1", "Y_1 ~ chi^2(d + 1)", chi(1)),
            control("law-2-1.05", "Y_2 ~ N(0, 1.05^2)", normal(Variable::Second, Rational::new(21, 20))),
            control("law-2-unnormalised", "h^T N h ~ N(0, 1)", normal(Variable::Unnormalised, one())),
        ],
        remarks: &[
            "Linear images of Gaussian vectors are Gaussian, and their law is fixed by mean and covariance: with \
             `covariances` this proves both laws for every h that is not zero.",
            "A bin of probability 1/20 or more that is off by more than a quarter would have been seen; Y_1 and Y_2 \
             are uncorrelated but not independent.",
        ],
        ..Claim::default()
    }
}

/// How many draws of `(Y_1, Y_2)` from the streams of a key fail.
fn count(key: String, h: Vec<f64>, failed: impl Fn(f64, f64) -> bool) -> impl Fn(u64, Range<u64>) -> Result<Counts> {
    move |seed, range| {
        let fails = |trial: &u64| {
            let (first, second) = draw(&h, &mut trial_rng(seed, &key, *trial));
            failed(first, second)
        };
        Ok(Counts { failures: range.filter(fails).count() as u64, undecided: 0 })
    }
}

/// The canaries: `Y_2 > 0` for d = 2, h = (3, -4)/5 is true with probability 1/2.
fn canaries() -> Vec<Chance> {
    let of = |name: &str, bound: f64, part: Part| {
        let key = format!("canary/{name}");
        let statement = format!("P(h^T N h > 0) <= {bound}, d = 2, h = (3, -4)/5; the probability is 1/2");
        let trials = count(key.clone(), vec![0.6, -0.8], |_, second| second > 0.0);
        Chance::new(key, "lemma-6", statement, bound, trials).part(part).cost(1e-6)
    };
    vec![of("planted-falsehood", 0.48, Part::PlantedFalsehood), of("planted-truth", 0.5, Part::PlantedTruth)]
}

/// `P(Y > at) <= p` or `P(Y <= at) <= 1 - p` with p the exact tail, rounded up.
fn one_sided(variable: Variable, d: usize, at: &Rational, above: bool) -> Chance {
    let first = variable == Variable::First;
    let (name, law) = if first { ("y1", Law::ChiSquare { more: 0 }) } else { ("y2", Law::Normal(Rational::one())) };
    let tail = law.tail(d, at);
    let bound = if above { tail.hi() } else { f64::next_up(1.0 - tail.lo()) };
    let (side, sign) = if above { ("above", ">") } else { ("up-to", "<=") };
    let key = format!("lemma-6/{name}-d{d}-{side}-{}", at.to_f64());
    let statement = format!("P({} {sign} {at}) <= {bound:.6}, d = {d}, h = (1, -2, 3, ..)", name.to_uppercase());
    let at = at.to_f64();
    let trials =
        count(key.clone(), Direction::Unequal.vector(d), move |y1, y2| (if first { y1 } else { y2 } > at) == above);
    Chance::new(key, "lemma-6", statement, bound, trials).cost(1e-6 + 1e-8 * (d * d) as f64)
}

/// The canaries, and both laws from both sides at points in the bulk and in the tail.
pub fn chances() -> Vec<Chance> {
    let mut out = canaries();
    let (first, second) = (Variable::First, Variable::Second);
    // Near the 10th and the 90th percentile of chi^2(d); in the bulk and in the tail of the normal law.
    for (variable, d, points) in [
        (first, 2, [(1, 4), (9, 2)]),
        (first, 5, [(13, 8), (37, 4)]),
        (first, 20, [(25, 2), (57, 2)]),
        (second, 2, [(0, 1), (3, 2)]),
        (second, 20, [(-3, 2), (0, 1)]),
    ] {
        for (n, q) in points {
            out.extend([true, false].map(|above| one_sided(variable, d, &Rational::new(n, q), above)));
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
}
