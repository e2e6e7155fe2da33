//! The order of Lemma 3's probability of failure, where no count sees it: p0 = 8 exp(-d u^2/(32 s^2)) is 1e-18 and less
//! at d = 20, and the true probability of a norm above `T = 4 exp(s^2/2 + u)` is enclosed from below by one normal
//! tail, `Q(z)/2` (`Terms`): so often fails the first bound of Lemma 3 (with the closed inequality; the laws are
//! continuous).
//!
//! **The order.** `-ln(Q(z)/2)` is `d (ln T)^2/(2 s^2)` to first order, p0 has the exponent `d u^2/(32 s^2)`: both
//! grow like d u^2/s^2, and the lemma gives away a factor between 1 and `16 (1 + (ln 4 + s^2/2)/u)^2` of it. Of
//! that, 4 is due to the tails ((44) and the 32 that pays for the nets), 4 to `norm(h)^2` against `norm(h)`, which
//! the thresholds could use.

use super::constants::stated_exponent;
use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::harness::{Claim, Context, Evaluation, Form, Statement, decide, tagged};
use crate::paper::section_5::explicit::least_u;
use crate::residual::from_below::{Terms, integer, of};
use serde::{Deserialize, Serialize};

/// A point; L is the least that `Terms` ask for, times `deeper`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Point {
    /// d.
    width: u32,
    /// The scale, > 0.
    s: Rational,
    /// u > 0 of Lemma 3: 1, 3 or 10 times the least that Coq's domain admits.
    u: Rational,
    /// A factor >= 1 of the least L.
    deeper: u32,
}

impl Point {
    /// With `least_share` the 2 in the maximum is left out.
    fn terms(&self, least_share: bool) -> Terms {
        let log = integer(4).ln() + of(&self.s).powi(2) / integer(2) + of(&self.u);
        Terms::new(log, &self.s, [self.width, self.deeper], least_share)
    }
    /// `d u^2/(32 s^2)`.
    fn stated(&self, terms: &Terms) -> Big {
        stated_exponent(&terms.s.powi(2), &terms.width, &of(&self.u))
    }
}

/// Exponents, minus logarithms of probabilities: the greater and the lesser.
type Compared = fn(&Point, &Terms) -> (Big, Big);

/// Each lost term is at most Q(z)/4: the probability is at least Q(z)/2.
fn lower(_: &Point, terms: &Terms) -> (Big, Big) {
    let [a, b] = terms.lost().map(|v| -v);
    (a.min(&b), integer(4).ln() - terms.tail())
}

/// `16 (1 + (ln 4 + s^2/2 + 2 s^2/d)/u)^2` of the stated exponent, and a logarithm, is enough.
fn order(i: &Point, terms: &Terms) -> (Big, Big) {
    let ratio = &terms.reach / of(&i.u);
    // ln(1/Q(z)) <= z^2/2 + ln(z) + ln(2 sqrt(2 pi)) for z >= 1; the last is below 2.
    let most = integer(16) * ratio.powi(2) * i.stated(terms) + terms.z().ln() + integer(3);
    (most, integer(2).ln() - terms.tail())
}

/// The stated exponent itself.
fn stated(i: &Point, terms: &Terms) -> (Big, Big) {
    (i.stated(terms), integer(2).ln() - terms.tail())
}

/// Two exponents compared at points.
struct Exponents {
    /// Which two.
    compared: Compared,
    /// Without the 2 in the least L.
    shallow: bool,
}

impl Statement for Exponents {
    type Instance = Point;

    fn instances(&self, context: &Context) -> Vec<Point> {
        let q = Rational::new;
        let mut out = Vec::new();
        for s in [q(1, 10), q(1, 4), q(1, 2), q(1, 1), q(2, 1)] {
            for width in [4, 20, 100] {
                for times in [1, 3, 10] {
                    for deeper in [1, 7, 1000].into_iter().take(context.size(2, 3, 3)) {
                        out.push(Point { width, s: s.clone(), u: least_u(&s) * Rational::from(times), deeper });
                    }
                }
            }
        }
        out
    }
    fn describe(&self, i: &Point) -> String {
        let terms = i.terms(self.shallow);
        let power = |ln: f64| ln / std::f64::consts::LN_10;
        format!(
            "d = {}, s = {}, u = {}, L >= {:.0}: at least 10^{} (stated at most 10^{})",
            i.width,
            i.s,
            i.u,
            terms.depth.hi().ceil(),
            power((terms.tail() - integer(2).ln()).lo()).floor(),
            power(8f64.ln() - i.stated(&terms).lo()).ceil()
        )
    }
    fn tags(&self, i: &Point) -> Vec<String> {
        let unseen = 8f64.ln() - i.stated(&i.terms(false)).lo() < -18.0 * std::f64::consts::LN_10;
        tagged([(unseen && i.width == 20, UNSEEN)])
    }
    fn evaluate(&self, i: &Point, strength: &Rational) -> Evaluation {
        if i.width == 0 || i.deeper == 0 || i.s.sign() <= 0 || i.u.sign() <= 0 {
            return Evaluation::out_of_scope("needs d >= 1, s > 0 and u > 0");
        }
        decide(&(self.compared)(i, &i.terms(self.shallow)), strength)
    }
}

/// No count sees it.
const UNSEEN: &str = "d = 20, p0 < 1e-18";

/// `lemma-3-order`.
pub fn claim() -> Claim {
    let exponents = |compared| Exponents { compared, shallow: false };
    Claim {
        id: "lemma-3-order",
        title: "Lemma 3, from below: the order of its probability of failure",
        place: "Lemma 3",
        hypotheses: "theta = 0, T = 4 exp(s^2/2 + u), L >= 4 max(d/s^2, 2) (ln T + 2 s^2/d)^2",
        uses: &[],
        forms: vec![
            Form::sharpened(
                "from-below",
                "P(norm(Pi_{L:1}) >= T) >= Q(sqrt(d) (ln T + 2 s^2/d)/s)/2: what is taken away is at most Q/2",
                exponents(lower),
            )
            .requires(&[(UNSEEN, 5)]),
            Form::sharpened(
                "order",
                "the exponent is at most 16 ((ln T + 2 s^2/d)/u)^2 d u^2/(32 s^2) + ln(z) + 3: the order d u^2/s^2 of \
                 Lemma 3 is right",
                exponents(order),
            )
            .requires(&[(UNSEEN, 5)]),
            Form::control(
                "shallow",
                "the same for L >= 4 (d/s^2) (ln T + 2 s^2/d)^2, also where s^2 >= d",
                Exponents { compared: lower, shallow: true },
            ),
            Form::control(
                "attained",
                "the exponent is at most d u^2/(32 s^2): the stated bound is attained",
                exponents(stated),
            ),
            Form::control("order-half", "the exponent is at most half of `order`", exponents(order))
                .at(Rational::from(2)),
        ],
        finding: None,
        remarks: &[
            "At d = 20, s = 1 and u = 28 the stated probability is at most 1.3e-212, the true one at least 1e-3908 for \
             L >= 71935: the order of the exponent is right, its constant is off by a factor between 1 and 19.",
            "An estimate by importance sampling is not needed for the order, and is not given: for the norm its \
             weights are bounded for one direction h only, and the union over directions is what the net pays for.",
        ],
    }
}
