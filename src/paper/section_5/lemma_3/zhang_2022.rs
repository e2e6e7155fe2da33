//! The footnote to Lemma 3 and the end of B.9: chi-square variables are sub-exponential but not sub-Gaussian.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | chi^2(p) | p = 2, where `P(X >= x) = exp(-x/2)` exactly | - |
//! | a sub-Gaussian bound `P(X >= p + u) <= exp(-c u^2/p)` for all u > 0 | `Rate`, c > 0 | - |
//!
//! **Not for any c.** At p = 2, `-ln P(X >= 2 + u) = 1 + u/2`. For `u = 2/c + 2`:
//! `c u^2/2 = 2/c + 4 + 2 c > 2 + 1/c = 1 + u/2`, so the sub-Gaussian bound is false there. In terms of v = c this is
//! `(2 + 4 v + 2 v^2) - (2 v + 1) = 1 + 2 v + 2 v^2 > 0` over v: a polynomial with positive coefficients, proved for
//! all v > 0 (`every-rate`), by v = t/(1 - t). The sub-exponential bound (43) holds: claim `lemma-3-chi-square`.

use crate::arithmetic::{Big, Enclosure, Field, Rational, Ring};
use crate::formula::Reading;
use crate::harness::subdivision::{BITS, everywhere};
use crate::harness::{Claim, Comparison, Context, Evaluation, Form, Grade, Statement, decide};
use serde::{Deserialize, Serialize};

/// c and u.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Rate {
    c: Rational,
    u: Rational,
}

/// `1 + u/2 >= c u^2/2`: the sub-Gaussian bound at p = 2.
struct SubGaussian;

impl Comparison for Rate {
    fn sides<E: Enclosure + Reading>(&self, bits: u32) -> (E, E) {
        let half = &self.u / 2;
        (E::from_rational(&(1 + &half), bits), E::from_rational(&(&self.c * &self.u * half), bits))
    }
}

impl Statement for SubGaussian {
    type Instance = Rate;
    fn instances(&self, _context: &Context) -> Vec<Rate> {
        let rates = [(1, 1_000_000), (1, 100), (1, 4), (1, 2), (1, 1), (100, 1)];
        let worst = |c: Rational| Rate { u: 2 / &c + 2, c };
        rates.map(|(n, d)| worst(Rational::new(n, d))).to_vec()
    }
    fn describe(&self, i: &Rate) -> String {
        format!("p = 2, c = {}, u = {}", i.c, i.u)
    }
    fn evaluate(&self, i: &Rate, strength: &Rational) -> Evaluation {
        if i.c.sign() <= 0 || i.u.sign() <= 0 {
            return Evaluation::out_of_scope("needs c, u > 0");
        }
        decide(i, strength)
    }
}

/// `c u^2/2 > 1 + u/2` at `u = 2/c + 2`, for every c > 0: v = t/(1 - t), multiplied by (1 - t)^2. `c u^2/2` times v is
/// 2 (1 + v)^2, `(1 + u/2) v` is 1 + 2 v.
fn every_rate(t: &Big, strength: &Rational) -> Big {
    let of = |q: &Rational| Big::from_rational(q, BITS);
    let (two, rest) = (of(&2.into()), 1 - t);
    let lesser = rest.powi(2) + &two * t * rest;
    two - of(strength) * lesser
}

/// `chi-square-not-sub-gaussian`.
pub fn claim() -> Claim {
    Claim {
        id: "chi-square-not-sub-gaussian",
        title: "Chi-square variables are not sub-Gaussian",
        place: "footnote 1 and the end of B.9",
        hypotheses: "X ~ chi^2(2)",
        uses: &["lemma-3-chi-square"],
        forms: vec![
            Form::printed(
                "every-rate",
                "for every c > 0 there is u > 0 (2/c + 2) with P(X >= 2 + u) > exp(-c u^2/2)",
                everywhere("every c > 0", every_rate),
            )
            .graded(Grade::Domain),
            Form::control(
                "sub-gaussian",
                "P(X >= 2 + u) <= exp(-c u^2/2) for some c among 10^-6 .. 100 and u = 2/c + 2",
                SubGaussian,
            ),
        ],
        finding: None,
        remarks: &[
            "That chi^2 variables have no sub-Gaussian tail, which the footnote says of a step in an earlier paper; \
             nothing else about that paper is checked.",
            "For a fixed p and u <= p the bound exp(-u^2/(8 p)) follows from (43): what fails is the bound for all u.",
        ],
    }
}
