//! The audit of B.9, lines 2461 to 2503: the summary, any theta, and the comparison at the end.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | M_{s,u}, m_{s,u} | [`Scaled`]: factor and exponent, exact | scalars |
//! | the conditions of the summary | [`point`] of [`crate::paper::section_5::lemma_3::proof_failure`]: (47) with explicit constants | scalars |
//! | W_1, .., W_L | [`Walk`] | d x d |
//!
//! **Findings.** (a) The summary has m and M exchanged: norm(Pi) <= m and sigma_min >= M fail with probability close
//! to 1. (b) W_k with `s/(sqrt(L) d)` for `s/sqrt(L d)`: the bar of the root, possibly lost in the extraction. (c)
//! `1 <= i <= k <= L` for a product indexed by j. (d) Lemma 3 speaks of constants depending on s only, for s >= 0: at
//! s = 0, s^(-2/3) and d u^2/(32 s^2) are not defined (and all products are I). The proof says s > 0.

use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::formula::{Edit, Range, exp, vars};
use crate::harness::evidence::Fault;
use crate::harness::steps::how::{How, Plant};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, big, of};
use crate::harness::steps::scene::{Drawn, over};
use crate::harness::steps::step::{Body, Step};
use crate::linalg::{largest_singular_value, smallest_singular_value};
use crate::paper::section_5::lemma_3::constants::{Tails, union_bound};
use crate::paper::section_5::lemma_3::proof_failure::{WIDE, n, point};
use crate::paper::section_5::lemma_3::proof_scalars::{ball_width, thresholds};
use crate::paper::section_5::lemma_3::proof_walk::{Matrix, Scaled, Walk, fraction, log_tail, whole};
use num_traits::{One, Zero};

/// C_3 and the exponent: printed for s >= 0, corrected for s > 0. `s = r^3`; C_3 >= 192 max(s, 1).
fn positive_scale(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let r = draw.nonnegative();
    if r.is_zero() {
        // s^(-2/3) and d u^2/(32 s^2) have to be formed: s must not be zero.
        if how.printed() {
            return Pair::exact(&r, &Rational::zero(), bits).strictly().into();
        }
        return Margins::OutOfScope("s = 0");
    }
    let one = Rational::one();
    let inverse = if how.plants(Plant::FlippedSign) { r.powi(2) } else { &one / r.powi(2) };
    Pair::exact(&r.powi(6).max(inverse), &r.powi(3).max(one), bits).into()
}

/// Printed (and planted): a lower bound on the probability that the first layer alone breaks the bound. Corrected: the
/// union bound. Both over `8 exp(-d u^2/(32 s^2))`, as far as MPFR goes.
fn summary(draw: &mut Draw<'_>, how: How, bits: u32, largest: bool) -> Margins {
    let p = point(draw);
    if how == How::Corrected {
        let q = |v: &Rational| of(v, bits);
        let goal = q(&p.gaussian(32));
        let terms = union_bound(&q(&p.s2), &q(&p.l), &q(&p.d), &q(&p.u), Tails::Corrected, bits);
        return Pair::new(n(8), terms.into_iter().fold(Big::zero(), |s, t| s + (t + &goal).exp())).into();
    }
    let (high, low) = (Scaled::high(&p.s2, &p.u), Scaled::low(&p.s2, &p.d, &p.u));
    // Planted: the exponent of M or of m with the wrong sign.
    let turned = |s: Scaled| Scaled { exponent: -s.exponent, ..s };
    let wrong = match (how.printed(), largest) {
        (true, true) => low,
        (true, false) => high,
        (false, true) => turned(high),
        (false, false) => turned(low),
    }
    .enclose(bits);
    let entries = &p.l * &p.d;
    let holds = if largest {
        // norm(W_1) >= |1 + s/sqrt(L d) N_11|, so P(norm(W_1) <= m) <= P(N >= (1 - m) sqrt(L d)/s); m <= 1/2.
        log_tail(&(entries / (4 * &p.s2)), bits).exp()
    } else {
        // sigma_min(W_1) <= norm(W_1 e_1), E norm(W_1 e_1)^2 = 1 + s^2/L: Markov.
        of(&(1 + &p.s2 / &p.l), bits) / wrong.powi(2)
    };
    if largest && !(fraction(1, 2) - wrong).is_nonnegative() {
        return Margins::OutOfScope("the threshold is above 1/2");
    }
    Pair::new(n(8) * of(&-p.gaussian(32), bits).exp(), 1 - holds).into()
}

/// The roots of L and of d, not zero.
fn roots(draw: &mut Draw<'_>) -> Drawn {
    let (l, d) = (draw.number(), draw.number());
    if l.is_zero() || d.is_zero() {
        return Err("L = 0 or d = 0");
    }
    let table = over([Range::any("s"), Range::any("N_k")])(draw)?.scalar("sqrt(L d)", &l * &d);
    Ok(table.scalar("d", d.powi(2)).scalar("sqrt(L)", l))
}

/// Sizes: L, i, j, k. Is the product W_k .. W_j, printed for 1 <= i <= k <= L, one of layers of the network?
fn product_range(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let [l, i, j, k] = [0, 1, 2, 3].map(|at| draw.size(at));
    let first = if how.printed() { i } else { j };
    let last = if how.plants(Plant::OffByOne) { l + 1 } else { l };
    if !(1..=k).contains(&first) || k > last {
        return Margins::OutOfScope("not in the range");
    }
    let [l, j, k] = [l, j, k].map(whole);
    Margins::All(vec![Pair::exact(&j, &Rational::one(), bits), Pair::exact(&k, &j, bits), Pair::exact(&l, &k, bits)])
}

/// `norm(W_k .. W_j) <= norm(W_k .. W_1)/sigma_min(W_{j-1} .. W_1) <= M/m`; M and m as tight as the samples allow.
/// Planted: M.
fn any_first_layer(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let mut walk = Walk::draw(draw);
    let depth = walk.depth();
    if how.plants(Plant::DroppedFactor) {
        // W_1 = I/4, W_2 = 3 I.
        walk.c = Rational::one();
        walk.noise[0].fill_with_identity();
        walk.noise[0] *= Rational::new(-3, 4);
        walk.noise[1].fill_with_identity();
        walk.noise[1] *= Rational::from(2);
    }
    let products: Vec<_> = (0..=depth).map(|k| big(&walk.product(k), bits)).collect();
    let norms: Vec<Big> = products.iter().map(largest_singular_value).collect();
    let values: Vec<Big> = products.iter().map(smallest_singular_value).collect();
    if !values.iter().all(Big::is_positive) {
        return Margins::OutOfScope("a prefix product is singular");
    }
    let high = norms.iter().skip(1).fold(Big::one(), |m, v| m.max(v));
    // A little less than it may be, so that no equality is left to the enclosures.
    let low = values.iter().skip(1).fold(Big::one(), |m, v| m.min(v)) * fraction(999, 1000);
    let ratio = match how {
        How::Planted(Plant::DroppedFactor) => high,
        How::Planted(Plant::FlippedSign) => low / high,
        _ => high / low,
    };
    let mut pairs = Vec::new();
    for j in 2..=depth {
        for k in j..=depth {
            let inner = (j..=k).fold(Matrix::identity(walk.width(), walk.width()), |p, i| walk.layer(i) * p);
            let norm = largest_singular_value(&big(&inner, bits));
            pairs.push(Pair::new(ratio.clone(), norm));
        }
    }
    Margins::All(pairs)
}

/// The steps of these lines.
pub(crate) fn steps() -> Vec<Step> {
    let [s, u, d, high, low] = vars(["s", "u", "d", "M", "m"]);
    let [root, both, noise] = vars(["sqrt(L)", "sqrt(L d)", "N_k"]);
    let layer = || 1 + &s / &both * &noise;
    let wide = |sides| Body::Instances { sizes: WIDE, sides };
    vec![
        Step::new("lemma-3/positive-scale", "B.9, summary", &[])
            .quoted(2461, "there exist  $C_1, \\ldots, C_4 > 0$  depending only on s")
            .titled("For which s the constants exist")
            .given("printed: s >= 0, as in Section 1; corrected: s > 0")
            .uses(&["lemma-3/constants"])
            .by(Body::Instances { sizes: &[&[1]], sides: positive_scale })
            .fails(
                "for every s >= 0, C_3 = C max(s^2, s^(-2/3)) and d u^2/(32 s^2) are finite, and C_3 >= C max(s, 1)",
                Fault::Hypothesis,
                "Missing hypothesis s > 0: s is introduced as s >= 0, and at s = 0 both expressions divide by zero \
                 (so do the exponents of (44) and (45)). The proof says s > 0 once, in the middle. For s = 0 all \
                 products are I, and what is claimed of \
                 them holds surely, with any constants: Lemma 3 survives with the convention exp(-infinity) = 0.",
            )
            .corrected("the same for every s > 0")
            .planted(Plant::FlippedSign, "the same with C_3 = C max(s^2, s^(2/3))"),
        Step::new("lemma-3/summary-norm", "B.9, summary", &[2476])
            .titled("The norm, at theta = 0")
            .given("(47), explicit; all prefix products with probability at least 1 - 8 exp(-d u^2/(32 s^2))")
            .uses(&["lemma-3/failure"])
            .by(wide(|draw, how, bits| summary(draw, how, bits, true)))
            .fails(
                "norm(Pi_{k:1}) <= m for all k, but with probability 8 exp(-d u^2/(32 s^2))",
                Fault::Misprint,
                "m and M are exchanged in this display and the next: m < 1/2, and already norm(W_1) >= |1 + s/sqrt(L \
                 d) N_11| exceeds 1/2 but with probability P(N >= sqrt(L d)/(2 s)). With M it is what was proved, and \
                 what Lemma 3 states (4 exp \
                 = 2 M at any theta): nothing else changes.",
            )
            .corrected("norm(Pi_{k:1}) <= M for all k, but with that probability (the corrected union bound)")
            .planted(Plant::FlippedSign, "norm(Pi_{k:1}) <= 2 exp(-s^2/2 - u) for all k, but with that probability"),
        Step::new("lemma-3/summary-sigma-min", "B.9, summary", &[2482])
            .titled("sigma_min, at theta = 0")
            .given("(47), explicit; all prefix products with probability at least 1 - 8 exp(-d u^2/(32 s^2))")
            .uses(&["lemma-3/failure"])
            .by(wide(|draw, how, bits| summary(draw, how, bits, false)))
            .fails(
                "sigma_min(Pi_{k:1}) >= M for all k, but with probability 8 exp(-d u^2/(32 s^2))",
                Fault::Misprint,
                "m and M are exchanged: sigma_min(W_1)^2 <= norm(W_1 e_1)^2 has the mean 1 + s^2/L, so it reaches M^2 \
                 >= 4 exp(2u) with a probability of at most (1 + s^2/L)/M^2. With m it is what was proved: nothing \
                 else changes.",
            )
            .corrected("sigma_min(Pi_{k:1}) >= m for all k, but with that probability (the corrected union bound)")
            .planted(
                Plant::FlippedSign,
                "sigma_min(Pi_{k:1}) >= exp(2 s^2/d + u)/2 for all k, but with that \
                                          probability",
            ),
        Step::new("lemma-3/layer-scale", "B.9, conclusion for arbitrary theta", &[])
            .quoted(2486, "with  $W_k = I + \\frac{s}{\\sqrt{L}d}N_k$")
            .serves(&[])
            .titled("The layers to which Lemma 9 is applied")
            .given("L, d not 0")
            .on(&[&[1]], roots)
            .misstates(
                (1 + &s / (&root * &d) * &noise).equals(layer()),
                Fault::Extraction,
                "The root covers d as well, everywhere else in the paper (s/2 and s/sqrt 2 at L = 1, d = 2): possibly \
                 a bar cut short by the extraction. Nothing depends on it: Lemma 9 is applied to the layers of Lemma \
                 3.",
            )
            .rightly((1 + &s / &both * &noise).equals(layer()))
            .edited(Plant::DroppedFactor, Edit::SwapNth(0, both.clone(), root.clone()))
            .remarks(&["For an entry on the diagonal: the layer of Lemma 9 against that at initialisation."])
            .done(),
        Step::new("lemma-3/ball", "B.9, conclusion for arbitrary theta", &[2488])
            .titled("The admissible ball")
            .given("any s, u; d >= 1")
            .uses(&["lemma-9"])
            .on(&[&[1], &[4]], |draw| thresholds(draw, draw.size(0)))
            .states((low.pow(2) / (4 * high.pow(2))).equals(exp(-s.pow(2) - 4 * s.pow(2) / &d - 4 * &u) / 64))
            .edited(Plant::LostSquare, Edit::Swap(low.pow(2) / (4 * high.pow(2)), &low / (4 * &high)))
            .edited(Plant::WrongConstant, Edit::Swap(64.into(), 16.into()))
            .done(),
        Step::new("lemma-3/ball-width", "B.9, conclusion for arbitrary theta", &[])
            .quoted(2492, "for  $d \\geq 4$ , which concludes the proof")
            .titled("A ball that does not depend on d")
            .given("d >= 4; over s^2 (at s = 0 both sides are equal)")
            .stated_by(ball_width),
        Step::new("lemma-3/by-lemma-9", "B.9, conclusion for arbitrary theta", &[])
            .quoted(2486, "The conclusion is a direct application of Lemma")
            .titled("The bounds of Lemma 3 from those of Lemma 9")
            .given("M >= 1, 0 < m < 1: lemma-3/thresholds")
            .uses(&[
                "lemma-9",
                "lemma-3/thresholds",
                "lemma-3/summary-norm",
                "lemma-3/summary-sigma-min",
                "lemma-3/layer-scale",
            ])
            .on(&[&[1], &[4]], |draw| thresholds(draw, draw.size(0)))
            .states(
                (2 * &high).equals(4 * exp(s.pow(2) / 2 + &u)).and((&low / 2).equals(exp(-2 * s.pow(2) / &d - &u) / 4)),
            )
            .edited(Plant::WrongConstant, Edit::SwapAll(4.into(), 8.into()))
            .done(),
        Step::new("lemma-3/product-range", "B.9, comparison", &[])
            .quoted(2500, "for any  $1 \\leq i \\leq k \\leq L$")
            .serves(&[])
            .titled("The range of the products in the comparison")
            .given("indices of layers")
            .by(Body::Instances {
                sizes: &[&[1, 1, 1, 1], &[1, 1, 2, 1], &[1, 1, 1, 2], &[2, 1, 2, 1], &[3, 2, 1, 3], &[3, 1, 2, 3]],
                sides: product_range,
            })
            .fails(
                "for 1 <= i <= k <= L, W_k .. W_j is a product of layers, 1 <= j <= k",
                Fault::Misprint,
                "i for j: the product of the display runs from j, which the range leaves free (L = i = k = 1, j = 2). \
                 The sentence goes on with j. Nothing depends on it.",
            )
            .corrected("the same for 1 <= j <= k <= L")
            .planted(Plant::OffByOne, "the same for 1 <= j <= k <= L + 1"),
        Step::new("lemma-3/any-first-layer", "B.9, comparison", &[])
            .quoted(2500, "In fact, both statements are equivalent")
            .serves(&[])
            .titled("From products that begin at 1 to any")
            .given("norm(Pi_{k:1}) <= M, sigma_min(Pi_{k:1}) >= m for all k, m < 1")
            .uses(&["lemma-9"])
            .by(Body::Instances { sizes: &[&[2, 1], &[3, 1], &[2, 2]], sides: any_first_layer })
            .holds(
                "\"by combining the upper bound and the lower bound for j = 1\", as in (9): norm(W_k .. W_j) <= \
                    M/m for all j <= k",
            )
            .planted(Plant::DroppedFactor, "norm(W_k .. W_j) <= M for all j <= k")
            .planted(Plant::FlippedSign, "norm(W_k .. W_j) <= m/M for all j <= k")
            .remarks(&[
                "Equivalent up to constants: the bound for any j is M/m, not M, and takes the lower bound too. W_1 = \
                 I/4, W_2 = 3 I: the products from 1 on are at most 3/4 (M = 1), and norm(W_2) = 3.",
            ]),
    ]
}
