//! Lemma 3: the failure bound of the proof (B.9) as an executable formula, and explicit constants C_1 .. C_4 for which
//! it closes.
//!
//! | paper | code | what it is |
//! | --- | --- | --- |
//! | L, d, s, u | `depth`, `width`, `s`, `u` | L, d >= 1, s, u > 0 |
//! | M_{s,u}, m_{s,u} | inside `net` | `2 exp(s^2/2 + u)`, `exp(-2 s^2/d - u) / 2` |
//! | ln(2 M/m + 1) | `net` | per dimension: `ln(8 exp(s^2/2 + 2 s^2/d + 2u) + 1)` |
//! | P(not A or not B) | `union_bound` | five terms, each as a logarithm: they span thousands of orders of magnitude |
//! | a = 32 | `rate` | the exponent `d u^2 / (a s^2)` of the conclusion |
//!
//! The terms use the bounds of [`super::tails`], corrected where the printed ones do not
//! hold. `Tails::Sharp` replaces (44) by what Doob's inequality gives with the exact moment, `exp(-d u^2 / (8 s^2))`.
//!
//! **Reduction to one variable.** Divide each term's exponent (after multiplication by `exp(d u^2/(32 s^2))`) by d:
//! what remains ("bracket") does not increase in d (`2 s^2/d` decreases, `d / (4 s^2 + d u)` increases) and decreases
//! in L for `L >= 32 s^2/d`. So if every bracket is `<= 0` at `d = C_2` and `L = (u/C_4)^4` (the least L that the
//! condition `u <= C_4 L^(1/4)` admits), it is so for all larger d and L, every term is at most `exp(-d u^2/(32 s^2))`,
//! and the sum at most 5 of them: 5 in place of 8. What is left is u in `[C_3, inf)`. With `x = 1/u` in `[0, 1/C_3]`,
//! all brackets times `x^2` are bounded, and the box is subdivided; `ln L <= (4/e) L^(1/4)` bounds the one logarithm.
//! `C_1 = (C_3/C_4)^4`.
//!
//! **All s at once (sharpened).** For every s > 0, d >= 4, `u >= 64.5 s^2 + 8.4 s` and `u <= 0.65 sqrt(L)`, the failure
//! probability is at most `5 exp(-d u^2/(32 s^2))`: a depth of order u^2, not u^4, and C_3 without the term s^(-2/3),
//! which only the lost s^2 in the bound of S_{k,3} calls for. Proof. (i) `ln(8 e^a + 1) <= ln 9 + a` for a >= 0, and
//! `2 s^2/d <= s^2/2`: the net costs at most `ln 9 + s^2 + 2u` per dimension. (ii) `ln 9 + s^2 + 2u <= u^2/(32 s^2)`,
//! that is `u (u - 64 s^2) >= 32 s^2 (ln 9 + s^2)`: the left-hand side increases in u; at the least u, divided by
//! `s^2 (1+s)^2`, with t = s/(1+s), it is a quadratic polynomial in t on [0, 1], which the subdivision proves. This
//! bounds terms one (ln 5 < ln 9) and three. (iii) By (ii), term four is bounded if `L >= 4 s^2/d + u`, term two if
//! `L >= (s^2 + u)/4`: both follow from `u <= 0.65 sqrt(L)`, `s^2 <= u/64.5` and L >= u^2/0.4225, u(u - 64 s^2) >= 70
//! s^2. (iv) Term five is bounded if `L/(32 s^2) - ln L/d >= u^2/(16 s^2)`, for which `L >= 2 u^2 + 8 s^2 ln L`
//! suffices; `2 u^2 <= 0.845 L`, `8 s^2 ln L <= 0.081 sqrt(L) ln L <= 0.06 L` because `ln L <= (2/e) sqrt(L)`.

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use crate::formula::Reading;
use crate::harness::subdivision::{self, BITS, Proof, everywhere};
use crate::harness::{Claim, Comparison, Context, Evaluation, Form, Grade, Statement, Verdict, decide};
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};

/// Which tail bounds the union bound is made of, by the c of the Gaussian tail `exp(-d u^2 / (c s^2))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tails {
    /// As in B.9, with the two misprints of the tails mended.
    Corrected = 16,
    /// The same with the exact moment in Doob's inequality.
    Sharp = 8,
}

/// `ln(2 M/m + 1) = ln(8 exp(s^2/2 + 2 s^2/d + 2u) + 1)`, without overflow: `a + ln(8 + e^-a)`.
pub fn net<E: Enclosure>(s2: &E, width: &E, u: &E, bits: u32) -> E {
    let of = |n, d| E::from_rational(&Rational::new(n, d), bits);
    let a = s2 * of(1, 2) + of(2, 1) * s2 / width + of(2, 1) * u;
    &a + (of(8, 1) + (-&a).exp()).ln()
}

/// The exponent of the stated probability of failure `8 exp(-d u^2/(32 s^2))`, s > 0.
pub fn stated_exponent<E: Enclosure>(s2: &E, width: &E, u: &E) -> E {
    width * u.powi(2) / (E::from_i64(32) * s2)
}

/// The logarithms of the five terms of the bound on `P(not A or not B)`, in the paper's order. All arguments positive.
///
/// Terms one and two are the net of 5^d points with S_2 and S_1; three, four and five the finer net with S_2, S_3 and
/// a step off E. O(1) operations; no large number is exponentiated, so that depths of 10^9 and terms of exp(-10^6)
/// are ordinary numbers.
pub fn union_bound<E: Enclosure>(s2: &E, depth: &E, width: &E, u: &E, tails: Tails, bits: u32) -> [E; 5] {
    let of = |n| E::from_i64(n);
    let net = net(s2, width, u, bits) * width;
    let five = E::from_rational(&Rational::from(5), bits).ln() * width;
    let u2 = u.powi(2);
    let gaussian = width * &u2 / (of(tails as i64) * s2);
    let one = depth * width * &u2 / (of(4) * s2 * (s2 + u));
    let three = depth * width.powi(2) * u2 / (of(16) * s2 * (of(4) * s2 + width * u));
    let step = depth.ln() - depth * width / (of(32) * s2);
    [&five - &gaussian, five - one, &net - gaussian, &net - three, net + step]
}

/// The sum of the five terms over `exp(-exponent)`.
pub fn share_of_stated<E: Enclosure>(terms: [E; 5], exponent: &E) -> E {
    terms.into_iter().fold(E::zero(), |sum, t| sum + (t + exponent).exp())
}

/// Constants of Lemma 3 for one s, or one point.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Choice {
    /// Every d >= `width` (C_2), u >= `from` (C_3) / strength, L >= (u / `reach`)^4 (C_4).
    Domain { s: Rational, width: Rational, from: Rational, reach: Rational },
    /// s, d, u, L.
    Point { s: Rational, width: Rational, u: Rational, depth: Rational },
}

/// "These constants close the proof", with one kind of tails.
struct Closing {
    /// The tails that the union bound is made of.
    tails: Tails,
    /// Domains, or points of them.
    choices: Vec<Choice>,
}

/// `8 exp(-d u^2/(32 s^2))` against the sum of the five terms, all divided by the former: s, d, u, L.
struct AtPoint<'a>([&'a Rational; 4], Tails);

impl Comparison for AtPoint<'_> {
    fn sides<E: Enclosure + Reading>(&self, bits: u32) -> (E, E) {
        let Self([s, width, u, depth], tails) = self;
        let [s2, width, u, depth] = [&s.powi(2), width, u, depth].map(|q| E::from_rational(q, bits));
        let terms = union_bound(&s2, &depth, &width, &u, *tails, bits);
        (E::from_rational(&8.into(), bits), share_of_stated(terms, &stated_exponent(&s2, &width, &u)))
    }
}

impl Closing {
    /// All five brackets (times x^2), nonnegative when the term is small enough; see the module's documentation.
    fn proof(&self, s: &Rational, width: &Rational, from: &Rational, reach: &Rational) -> Proof {
        let of = |q: &Rational| Big::from_rational(q, BITS);
        let n = |v| Big::from_rational(&Rational::from(v), BITS);
        let s2 = s.powi(2);
        let least_depth = (from / reach).powi(4);
        // The terms decrease in L from here on only.
        if least_depth < 32 * &s2 / width {
            return Proof { verdict: Verdict::Undecided, boxes: 0, minimum: Interval::ENTIRE };
        }
        let (s2, d, reach) = (of(&s2), of(width), of(reach));
        let inverse_reach = (1 / &reach).powi(4);
        let ends = [(Rational::zero(), 1 / from)];
        let log_depth = n(4) * (-Big::one()).with_bits(BITS).exp() / (reach * &d);
        subdivision::prove(&ends, |v| {
            let x = &v[0];
            let top = x.upper_end();
            let x2 = x.powi(2);
            let goal = 1 / (n(32) * &s2);
            let gaussian = 1 / (n(self.tails as i64) * &s2) - &goal;
            // net x^2 with u = 1/x: exp(-a - 2u) lies between 0 and its value at the largest x.
            let a = &s2 / n(2) + n(2) * &s2 / &d;
            let small = Big::zero().hull(&(-&a - n(2) / &top).exp());
            let net = n(2) * x + &x2 * (a + (n(8) + small).ln());
            let five = x2 * n(5).ln();
            // L x^k >= x^(k-4) / C_4^4, by its value at the largest x.
            let depth = |k: u32| &inverse_reach / top.powi(4 - k);
            let brackets = [
                &gaussian - &five,
                depth(1) / (n(4) * &s2 * (&s2 * x + 1)) - five - &goal,
                gaussian - &net,
                depth(1) * &d / (n(16) * &s2 * (n(4) * &s2 * x + &d)) - &goal - &net,
                depth(2) / (n(32) * &s2) - &log_depth * x - net - goal,
            ];
            brackets.into_iter().reduce(|p, q| p.min(&q)).unwrap_or_else(Big::entire)
        })
    }
}

impl Statement for Closing {
    type Instance = Choice;

    fn instances(&self, _context: &Context) -> Vec<Choice> {
        self.choices.clone()
    }
    fn describe(&self, i: &Choice) -> String {
        match i {
            Choice::Domain { s, width, from, reach } => {
                format!("s = {s}: every d >= {width}, u >= {from}, L >= (u / {reach})^4")
            }
            Choice::Point { s, width, u, depth } => format!("s = {s}, d = {width}, u = {u}, L = {depth}"),
        }
    }
    fn evaluate(&self, i: &Choice, strength: &Rational) -> Evaluation {
        let positive = |all: [&Rational; 4]| all.iter().all(|q| q.sign() > 0);
        match i {
            Choice::Domain { s, width, from, reach } if positive([s, width, from, reach]) => {
                subdivision::evaluate(strength, |f| self.proof(s, width, &(from / f), reach))
            }
            Choice::Point { s, width, u, depth } if positive([s, width, u, depth]) => {
                decide(&AtPoint([s, width, u, depth], self.tails), &Rational::one())
            }
            Choice::Domain { .. } => Evaluation::out_of_scope("needs positive constants"),
            Choice::Point { .. } => Evaluation::out_of_scope("needs positive arguments"),
        }
    }
}

/// `u (u - 64 s^2) >= 32 s^2 (ln 9 + s^2)` at `u = alpha s^2 + beta s`, in t = s/(1+s): `(64, 32)` with (44),
/// `(64/3, 32/3)` with the exact moment.
///
/// `1/(c s^2) - 1/(32 s^2) = 1/(k s^2)`: k = 32 at c = 16, 32/3 at c = 8. The inequality is `u^2/(k s^2) >= ln 9 +
/// s^2 + 2u`; times k and divided by (1 + s)^2, with u/s = alpha s + beta, it is the quadratic of the module's
/// documentation, bounded on `[0, 1]`.
fn all_scales(alpha: Rational, beta: Rational, tails: Tails) -> impl Statement {
    // 1/(c s^2) - 1/(32 s^2) = 1/(k s^2).
    let k = 1 / (Rational::new(1, tails as i64) - Rational::new(1, 32));
    everywhere("every s > 0", move |t, f| {
        let of = |q: &Rational| Big::from_rational(q, BITS);
        let (alpha, beta, k) = (of(&(&alpha / f)), of(&(&beta / f)), of(&k));
        let rest = 1 - t;
        let u = alpha * t + beta * &rest;
        let net = of(&Rational::from(9)).ln() * rest.powi(2) + t.powi(2);
        &u * (&u - of(&Rational::from(2)) * &k * t) - k * net
    })
}

/// s, then 100 C_3 and 100 C_4 with C_2 = 4: C_3 within one per cent of the least that the union bound admits.
type Row = ((i64, i64), i64, i64);
/// With the tails of B.9, corrected.
const CORRECTED: [Row; 5] =
    [((1, 10), 121, 90), ((1, 4), 489, 180), ((1, 2), 1710, 340), ((1, 1), 6551, 670), ((2, 1), 25901, 1350)];
/// With the exact moment in Doob's inequality.
const SHARP: [Row; 5] =
    [((1, 10), 60, 53), ((1, 4), 204, 98), ((1, 2), 632, 174), ((1, 1), 2278, 334), ((2, 1), 8828, 660)];

/// What is made of s, C_3 and C_4 of each row.
fn each(rows: [Row; 5], make: impl Fn(Rational, Rational, Rational) -> Vec<Choice>) -> Vec<Choice> {
    let q = Rational::new;
    rows.into_iter().flat_map(|((n, d), from, reach)| make(q(n, d), q(from, 100), q(reach, 100))).collect()
}

/// The certified domains.
fn domains(rows: [Row; 5]) -> Vec<Choice> {
    each(rows, |s, from, reach| vec![Choice::Domain { s, width: Rational::from(4), from, reach }])
}

/// At d, u = C_3 times a factor, and the least L for this u times a factor.
fn points(at: &[(i64, Rational, i64)]) -> Vec<Choice> {
    each(CORRECTED, |s, from, reach| {
        let point = |(width, times, deeper): &(i64, Rational, i64)| {
            let u = &from * times;
            let depth = (&u / &reach).powi(4) * Rational::from(*deeper);
            Choice::Point { s: s.clone(), width: Rational::from(*width), u, depth }
        };
        at.iter().map(point).collect()
    })
}

/// `lemma-3-constants`.
pub fn constants_claim() -> Claim {
    let closing = |choices| Closing { tails: Tails::Corrected, choices };
    let (q, one) = (Rational::new, Rational::one);
    // Inside the certified domain: a check of the reduction.
    let inside = [(4, one(), 1), (7, q(2, 1), 3), (1000, q(10, 1), 1), (20, one(), 100), (1_000_000, q(1000, 1), 7)];
    Claim {
        id: "lemma-3-constants",
        title: "Explicit constants of Lemma 3",
        place: "Lemma 3 and the end of its proof, (47) to (51)",
        hypotheses: "s > 0 (at s = 0 the products are identities), L >= C_1 = (C_3/C_4)^4, d >= C_2 = 4, u in [C_3, \
                     C_4 L^(1/4)]",
        uses: &["lemma-3-chi-square", "lemma-3-s1", "lemma-3-s2", "lemma-3-s3", "lemma-3-step", "lemma-3-nets"],
        forms: vec![
            Form::printed(
                "printed",
                "there are constants: at s = 1/10, 1/4, 1/2, 1, 2, C_3 = 1.21, 4.89, 17.10, 65.51, 259.01 and C_4 = \
                 0.9, 1.8, 3.4, 6.7, 13.5 close the proof",
                closing(domains(CORRECTED)),
            )
            .graded(Grade::Domain),
            Form::printed("points", "the union bound itself at points of these domains", closing(points(&inside)))
                .besides(),
            Form::sharpened(
                "all-scales",
                "for every s > 0, d >= 4, u >= 64.5 s^2 + 8.4 s, u <= 0.65 sqrt(L): failure at most 5 exp(-d u^2/(32 \
                 s^2))",
                all_scales(q(129, 2), q(42, 5), Tails::Corrected),
            )
            .graded(Grade::Domain),
            Form::sharpened(
                "exact-moment",
                "with the exact moment in Doob's inequality C_3 = 0.60, 2.04, 6.32, 22.78, 88.28",
                Closing { tails: Tails::Sharp, choices: domains(SHARP) },
            )
            .graded(Grade::Domain),
            Form::sharpened(
                "all-scales-exact-moment",
                "with the exact moment, u >= 21.84 s^2 + 4.85 s suffices for every s > 0",
                all_scales(q(2184, 100), q(485, 100), Tails::Sharp),
            )
            .graded(Grade::Domain),
            Form::control(
                "smaller-c3",
                "the same with C_3 smaller by 3 per cent (d = 10^6)",
                closing(points(&[(1_000_000, q(97, 100), 1)])),
            ),
            Form::control("smaller-alpha", "u >= 63.9 s^2 + 8.4 s", all_scales(q(639, 10), q(42, 5), Tails::Corrected)),
        ],
        finding: None,
        remarks: &[
            "Which regime: at s = 1, u >= 65.51 means a bound of 4 exp(66.01) = 10^29 on a norm that is about 3 in \
             experiments, and C_1 = (C_3/C_4)^4 = 9140 layers.",
            "The text writes one C for constants that must be large and constants that must be small (u <= C L^(1/4)), \
             and the equality C^2/2 s^2 + C/2 s^2 u = (C^2 + C)/2 s^2 (1 + u) before (50) holds for no C > 0; u^2 >= \
             min(C, C^2)/2 s^2 (1 + u), which is what is used, is true (lemma-3/u-squared).",
            "In the summary for theta = 0, m and M are exchanged; P(A-bar or B-bar) is printed with B-bar or A in \
             place of B-bar and A. Neither is used.",
        ],
    }
}
