//! B.4, large spectral norm, from alpha_k to (24): the recursion along the path, and the chain of bounds of norm_2(W_L
//! .. W_2).
//!
//! | paper | here |
//! | --- | --- |
//! | alpha_k = <x_k, u_k>/norm(x_k) | [`Large::alpha`] |
//! | sqrt(2 epsilon), sqrt(sigma_1^2 - epsilon) | `r` = [`Large::root`], `s` = [`Large::low`] |
//!
//! Every inequality of the chain is evaluated with its products and powers; each compares products of factors that are
//! not negative under (21). Forms named `every-depth` prove by subdivision what is compared, factor by factor, for all
//! L (`z`, `l` as in `theorem_3_large.rs`).

use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::harness::claim::Form;
use crate::harness::evidence::Fault;
use crate::harness::evidence::{Grade, Role};
use crate::harness::steps::equality::{Equality, Exact, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::harness::steps::tie::Tie;
use crate::paper::section_4::lemma_2::proof_first::{EXACT, sides_of};
use crate::paper::section_4::scenes::{Matrix, Value, Vector, at_least, bounded};
use crate::paper::section_4::theorem_3::proof_large::{every_depth, on_large, sharper};
use crate::paper::section_4::theorem_3::scenes::{ALIGNED, LARGE, Large, TRUE};
use crate::problem::{dot, norm_squared};
use num_traits::{One, Zero};

/// With a pair at rest, for what fails without (21).
const WITH_REST: Sizes =
    &[&[ALIGNED, 1, 1, 1], &[ALIGNED, 2, 2, 2, 1], &[ALIGNED, 2, 2, 2, 2, 1], &[0, 1, 1, 1], &[0, 1, 1, 1, 1]];

/// x_k is not zero, k = 2, .., L.
fn defined(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let zero = Rational::zero();
        (2..=s.depth()).map(|k| Pair::exact(&norm_squared(s.x[k - 1].iter()), &zero, bits).strictly()).collect()
    })
}

/// `alpha_{k+1} >= (norm(x_k)/norm(x_{k+1})) (sigma_{k+1} alpha_k - r)`.
fn alpha_step(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let of = |k: usize| {
            let at = if how.plants(Plant::OffByOne) { k } else { k + 1 };
            let first = s.sigma(at).times(s.alpha(k));
            let flipped = how.plants(Plant::FlippedSign);
            let bracket = if flipped { first.plus(s.root.clone()) } else { first.minus(s.root.clone()) };
            let right = if how.plants(Plant::DroppedFactor) {
                bracket
            } else {
                s.length(k).over(s.length(k + 1)).times(bracket)
            };
            at_least(s.alpha(k + 1), right)
        };
        (1..s.depth()).map(of).collect()
    })
}

/// `(a/b)(sigma alpha - r) = (a sigma/b)(alpha - r/sigma)`, any numbers, b and sigma not zero.
fn factored(draw: &mut Draw<'_>, _how: How) -> Exact {
    let [a, alpha, r] = std::array::from_fn(|_| draw.number());
    let (b, sigma) = (draw.positive(), draw.positive());
    let left = &a / &b * (&sigma * &alpha - &r);
    let right = a * &sigma / b * (alpha - r / sigma);
    Exact::Sides(vec![(scalar(left), scalar(right))])
}

/// `norm(x_{k+1}) <= sigma_{k+1} norm(x_k)`, squared.
fn path_growth(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let of = |k: usize| {
            let factor = match how {
                How::Planted(Plant::DroppedFactor) => Rational::one(),
                _ => s.at(k + 1).square(),
            };
            let [here, next] = [k, k + 1].map(|k| norm_squared(s.x[k - 1].iter()));
            let pair = Pair::exact(&(factor * here), &next, bits);
            if how.plants(Plant::StrictInequality) { pair.strictly() } else { pair }
        };
        (1..s.depth()).map(of).collect()
    })
}

/// `sigma_{k+1} alpha_k >= r`, with x_k != 0.
fn bracket(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let defined = |k: &usize| s.x[k - 1].iter().any(|v| !v.is_zero());
        let more = Rational::from(if how.plants(Plant::WrongConstant) { 2 } else { 1 });
        let bound = s.root.clone().by(more.powi(s.depth() as u32));
        let of = |k: usize| at_least(s.sigma(k + 1).times(s.alpha(k)), bound.clone());
        (1..s.depth()).filter(defined).map(of).collect()
    })
}

/// `sigma_1^2 - epsilon >= 2 epsilon (L-1)^2`: `1 - z^2 (l^2/2 + (1-l)^2) = (1 - z^2) + z^2 l (4 - 3 l)/2 >= 0`.
fn bracket_at_every_depth(v: &[Big], _how: How) -> (Big, Big) {
    let (z, l) = (v[0].powi(2), v[1].clone());
    let rest = &z * &l * (4 - 3 * l) / 2;
    ((1 - z) + rest, Big::zero())
}

/// `alpha_{k+1} >= alpha_k - r/sigma_{k+1}`.
fn alpha_recursion(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let of = |k: usize| {
            let term = s.root.clone().over(s.sigma(k + 1));
            let right = match how {
                How::Planted(Plant::DroppedTerm) => s.alpha(k),
                How::Planted(Plant::FlippedSign) => s.alpha(k).plus(term),
                _ => s.alpha(k).minus(term),
            };
            at_least(s.alpha(k + 1), right)
        };
        (1..s.depth()).map(of).collect()
    })
}

/// Numbers sigma_1, .., sigma_L with `|sigma_k^2 - sigma_1^2| <= epsilon/2`, `sigma_1 > r L`, `2 epsilon = r^2`, and
/// alpha_2, .., alpha_L that satisfy the recursion.
struct Numbers {
    r: Rational,
    sigma: Vec<Rational>,
    /// alpha_2, .., alpha_L.
    alpha: Vec<Rational>,
}

impl Numbers {
    fn draw(draw: &mut Draw<'_>) -> Self {
        let depth = draw.size(0);
        let (r, more, start) = (draw.nonnegative(), draw.positive(), draw.share());
        let first = &r * Rational::from(depth as i64) + more;
        let half = r.powi(2) * Rational::new(1, 4);
        // A change by this much changes the square by at most epsilon/2: d (2 sigma + d) <= d (2 sigma + epsilon/(4
        // sigma)).
        let twice = 2 * &first;
        let reach = &half / (&twice + &half / &twice);
        let mut sigma = vec![first.clone()];
        let mut alpha = vec![start];
        for k in 2..=depth {
            // None for half of the draws: the recursion is then an equality.
            let (offset, slack) = (bounded(draw), (draw.share() - Rational::new(1, 2)).max(Rational::zero()));
            sigma.push(&first + offset * &reach);
            if k > 2 {
                let before = alpha[k - 3].clone();
                alpha.push(before - &r / &sigma[k - 1] + slack * &r);
            }
        }
        Self { r, sigma, alpha }
    }
    fn sigma(&self, k: usize) -> Option<&Rational> {
        self.sigma.get(k - 1)
    }
    /// alpha_2 - r sum_{k'=2}^{k-1} 1/sigma_{index(k')}; `None` where there is no such sigma.
    fn bound(&self, k: usize, index: impl Fn(usize) -> usize) -> Option<Rational> {
        (2..k).try_fold(self.alpha[0].clone(), |sum, j| Some(sum - &self.r / self.sigma(index(j))?))
    }
}

/// The display after "By recurrence": printed with sigma_{k+1} under the sum over k'.
fn alpha_sum(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let n = Numbers::draw(draw);
    let low = Value::of(n.sigma[0].powi(2) - n.r.powi(2) / 2, bits).root();
    let mut pairs = Vec::new();
    for k in 2..=n.sigma.len() {
        let bound = match how {
            How::Printed => n.bound(k, |_| k + 1),
            How::Planted(Plant::DroppedTerm) => n.bound(k.max(3) - 1, |j| j + 1),
            How::Planted(Plant::FlippedSign) => n.bound(k, |j| j + 1).map(|b| 2 * &n.alpha[0] - b),
            _ => n.bound(k, |j| j + 1),
        };
        // sigma_{L+1} does not exist.
        let Some(bound) = bound else { continue };
        pairs.push(Pair::exact(&n.alpha[k - 2], &bound, bits));
        let alpha = Value::of(n.alpha[0].clone(), bits);
        let each = Value::of(n.r.clone(), bits).over(low.clone());
        let terms = (2..k).fold(alpha.clone(), |sum, _| sum.minus(each.clone()));
        pairs.push(at_least(Value::of(bound, bits), terms));
        // The last equality: the sum has k - 2 equal terms.
        let (terms, count) = (Rational::from((2..k).count() as i64), Rational::from(k as i64 - 2));
        pairs.extend([Pair::exact(&terms, &count, bits), Pair::exact(&count, &terms, bits)]);
    }
    Margins::All(pairs)
}

/// The printed first inequality for layers in place of numbers, k < L.
fn alpha_sum_of_layers(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let of = |k: usize| {
            let terms = s.root.clone().by(Rational::from(k as i64 - 2)).over(s.sigma(k + 1));
            at_least(s.alpha(k), s.alpha(2).minus(terms))
        };
        (2..s.depth()).map(of).collect()
    })
}

/// `norm(x_{k+1}) >= <x_{k+1}, u_{k+1}> >= norm(x_k) (sigma_{k+1} alpha_k - r)`.
fn growth(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let of = |k: usize| {
            let middle = s.value(s.along(k + 1));
            let first = s.sigma(k + 1).times(s.alpha(k));
            let bracket = match how {
                How::Planted(Plant::DroppedTerm) => first,
                How::Planted(Plant::FlippedSign) => first.plus(s.root.clone()),
                _ => first.minus(s.root.clone()),
            };
            [at_least(s.length(k + 1), middle.clone()), at_least(middle, s.length(k).times(bracket))]
        };
        (1..s.depth()).flat_map(of).collect()
    })
}

/// `first prod_{k = from}^{to} factor(k)`.
fn product(first: Value, from: usize, to: usize, factor: impl Fn(usize) -> Value) -> Value {
    (from..=to).fold(first, |p, k| p.times(factor(k)))
}

/// sigma_{k+1} alpha_k - r.
fn path_factor(s: &Large, k: usize) -> Value {
    s.sigma(k + 1).times(s.alpha(k)).minus(s.root.clone())
}

/// `s (alpha_2 - r (k-2)/s) - r`.
fn recursion_factor(s: &Large, k: usize, how: How) -> Value {
    let sign = if how.plants(Plant::FlippedSign) { -1 } else { 1 };
    let term = s.root.clone().by(Rational::from(sign * (k as i64 - 2))).over(s.low.clone());
    s.low.clone().times(s.alpha(2).minus(term)).minus(s.root.clone())
}

/// s alpha - r k, with another number in place of k where wanted.
fn last_factor(s: &Large, alpha: Value, k: i64) -> Value {
    s.low.clone().times(alpha).minus(s.root.clone().by(Rational::from(k)))
}

/// For L = 3 a product has one factor, `a - r` or `a' - r`: where a and a' are the same rational the sides are equal,
/// which no enclosure of r decides.
fn single(s: &Large, a: &Value, b: &Value) -> Option<Tie> {
    (s.depth() == 3).then_some(())?;
    Some(Tie::Same(a.exact.clone()?, b.exact.clone()?))
}

/// Both links of the recurrence for norm(x_L).
fn product_chain(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let depth = s.depth();
        if depth < 2 {
            return Vec::new();
        }
        let from = if how.plants(Plant::OffByOne) { 1 } else { 2 };
        let first = product(s.length(2), from, depth - 1, |k| path_factor(s, k));
        let second = product(s.length(2), 2, depth - 1, |k| recursion_factor(s, k, how));
        let tie = single(s, &s.sigma(3.min(depth)), &s.low);
        vec![at_least(s.length(depth), first.clone()), at_least(first, second).or_exactly(tie)]
    })
}

/// The same with r k.
fn product_simpler(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let depth = s.depth();
        if depth < 2 {
            return Vec::new();
        }
        let times = |k: usize| match how {
            How::Planted(Plant::OffByOne) => k as i64 - 2,
            How::Planted(Plant::FlippedSign) => -(k as i64),
            _ => k as i64,
        };
        let before = product(s.length(2), 2, depth - 1, |k| recursion_factor(s, k, How::Printed));
        vec![at_least(before, product(s.length(2), 2, depth - 1, |k| last_factor(s, s.alpha(2), times(k))))]
    })
}

/// `x_2 = W_2 v_2 = sigma_2 u_2`, so that alpha_2 = 1: `<x_2, u_2> = norm(x_2) = sigma_2`.
fn alpha_two(draw: &mut Draw<'_>, how: How) -> Exact {
    sides_of(draw, |s| {
        let second = s.at(2);
        let fed = if how.plants(Plant::OffByOne) { s.at(1).u() } else { second.v() };
        let x = &second.matrix * fed;
        let column = |v: &Vector| Matrix::from_column_slice(v.len(), 1, v.as_slice());
        let along = dot(&x, &second.u());
        vec![
            (column(&x), column(&second.u().map(|e| e * second.sigma()))),
            (scalar(along.powi(2)), scalar(norm_squared(x.iter()))),
        ]
    })
}

/// The right sides of the chain after "and thus", in order, for `L >= 2`: `sigma_2 prod (s - r k)`,
/// `s (s - r (L-1))^(L-2)`, `(sqrt(sigma_1^2) - sqrt(epsilon) - r (L-1))^(L-1)`, `(sigma_1 - r L)^(L-1)`.
fn chain_value(s: &Large, line: usize, how: How) -> Value {
    let depth = s.depth() as i64;
    let one = || s.value(Rational::one());
    let power = (depth - 1) as u32;
    let extra = u32::from(how.plants(Plant::OffByOne));
    let sign = Rational::from(if how.plants(Plant::FlippedSign) { -1 } else { 1 });
    let times = |n: i64| {
        let n = if how.plants(Plant::DroppedFactor) { 1 } else { n };
        s.root.clone().by(Rational::from(n) * &sign)
    };
    match line {
        0 => {
            let first = if how.plants(Plant::WrongPower) { s.sigma(2).power(2) } else { s.sigma(2) };
            let last = s.depth() - 1 + extra as usize;
            product(first, 2, last, |k| last_factor(s, one(), k as i64))
        }
        1 => s.low.clone().times(s.low.clone().minus(times(depth - 1)).power(power - 1 + extra)),
        2 => {
            let square = s.sigma(1).power(2);
            let first = if how.plants(Plant::LostSquare) { square } else { square.root() };
            first.minus(s.epsilon.clone().root()).minus(times(depth - 1)).power(power + extra)
        }
        _ => s.sigma(1).minus(times(depth)).power(power + extra),
    }
}

/// One link of the chain.
fn link(draw: &mut Draw<'_>, how: How, bits: u32, line: usize) -> Margins {
    on_large(draw, how, bits, |s| {
        if s.depth() < 2 {
            return Vec::new();
        }
        let before = if line == 0 { s.length(s.depth()) } else { chain_value(s, line - 1, How::Printed) };
        // sigma_2 (s - 2 r) and s (s - 2 r).
        let tie = (line == 1 && how.printed()).then(|| single(s, &s.sigma(2), &s.low)).flatten();
        vec![at_least(before, chain_value(s, line, how)).or_exactly(tie)]
    })
}
fn chain_sigma(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    link(draw, how, bits, 0)
}
fn chain_power(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    link(draw, how, bits, 1)
}
fn chain_root(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    link(draw, how, bits, 2)
}
fn chain_last(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    link(draw, how, bits, 3)
}

/// `sqrt(1 - w^2) >= 1 - w` for `w^2 = epsilon/sigma_1^2 = z^2 l^2/2`:
/// `sqrt(1-w) (sqrt(1+w) - sqrt(1-w)) = 2 w sqrt(1-w)/(sqrt(1+w) + sqrt(1-w))`.
fn root_at_every_depth(v: &[Big], _how: How) -> (Big, Big) {
    let w = &v[0] * &v[1] / Real::sqrt(&Big::from_i64(2).with_bits(v[0].bits()));
    let (minus, plus) = (Real::sqrt(&(1 - &w)), Real::sqrt(&(1 + &w)));
    (w * &minus / (plus + minus), Big::zero())
}

/// `sqrt(epsilon) + sqrt(2 epsilon) (L-1) <= sqrt(2 epsilon) L`, over sigma_1: `z l (1 - 1/sqrt 2) >= 0`; and
/// `sigma_1 - sqrt(2 epsilon) L >= 0`.
fn last_at_every_depth(v: &[Big], _how: How) -> (Big, Big) {
    let rest = 1 - Real::sqrt(&(Big::one().with_bits(v[0].bits()) / 2));
    (Enclosure::min(&(&v[0] * &v[1] * rest), &(1 - &v[0])), Big::zero())
}

/// (24): `norm_2(W_L .. W_2) >= (C - r L)^(L-1) > 0`.
fn eq_24(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let depth = s.depth();
        let outside = how.plants(Plant::WrongConstant);
        let c = s.value(if outside { s.at(1).sigma() * 4 } else { s.c.clone() });
        let term = s.root.clone().by(Rational::from(depth as i64));
        let base = if how.plants(Plant::FlippedSign) { c.plus(term) } else { c.minus(term) };
        let power = if how.plants(Plant::OffByOne) { depth } else { depth - 1 };
        let bound = base.power(power as u32);
        vec![at_least(s.product_norm(), bound.clone()), at_least(bound, s.value(Rational::zero())).strictly()]
    })
}

const CASE: &str =
    "(21): sigma_1 > C > sqrt(2 epsilon) L; layers for which the three statements of Lemma 2 hold, L >= 2";

fn recursion_steps() -> Vec<Step> {
    let on_case = |sides| Body::Instances { sizes: LARGE, sides };
    let with_rest = |sides| Body::Instances { sizes: WITH_REST, sides };
    let identity = Equality { id: "theorem-3/alpha-step", sizes: &[&[]], sides: factored, how: How::Printed };
    vec![
        Step::new("theorem-3/alpha-defined", "Theorem 3, proof, definition of alpha_k", &[])
            .quoted(1243, "Denote")
            .titled("The path does not meet zero")
            .given(CASE)
            .uses(&["theorem-3/large-norms", "theorem-3/growth"])
            .by(with_rest(defined))
            .holds(
                "x_k != 0 for k = 2, .., L, so that alpha_k is defined: not said, by induction with the growth of \
                    norm(x_k)",
            )
            .planted(Plant::DroppedHypothesis, "the same without (21)"),
        Step::new("theorem-3/alpha-step", "Theorem 3, proof, after (23)", &[1245])
            .titled("(23) for the cosines")
            .given(CASE)
            .uses(&["theorem-3/eq-23", "theorem-3/alpha-defined"])
            .by(on_case(alpha_step))
            .holds("alpha_{k+1} >= (norm(x_k)/norm(x_{k+1})) (sigma_{k+1} alpha_k - sqrt(2 epsilon))")
            .form(Form::holds(
                "factored",
                Role::Printed,
                Grade::Identity,
                "(a/b) (sigma alpha - r) = (a sigma/b) (alpha - r/sigma): the equality of the display",
                identity,
            ))
            .planted(Plant::DroppedFactor, "alpha_{k+1} >= sigma_{k+1} alpha_k - sqrt(2 epsilon)")
            .planted(Plant::FlippedSign, "the same with + sqrt(2 epsilon)"),
        Step::new("theorem-3/path-growth", "Theorem 3, proof, large spectral norm, text", &[])
            .quoted(1249, "Further note that")
            .titled("The path grows at most by sigma")
            .given(CASE)
            .by(on_case(path_growth))
            .holds("norm(x_{k+1}) <= sigma_{k+1} norm(x_k)")
            .planted(Plant::DroppedFactor, "norm(x_{k+1}) <= norm(x_k)")
            .planted(Plant::StrictInequality, "norm(x_{k+1}) < sigma_{k+1} norm(x_k) (not for k = 1)"),
        Step::new("theorem-3/nonnegative-bracket", "Theorem 3, proof, large spectral norm, silent", &[])
            .quoted(1249, "thus")
            .titled("The bracket is not negative")
            .given(CASE)
            .uses(&["theorem-3/large-norms", "theorem-3/alpha-step"])
            .by(with_rest(bracket))
            .holds(
                "sigma_{k+1} alpha_k >= sqrt(2 epsilon): not said; it is what lets the factor norm(x_k) \
                    sigma_{k+1}/norm(x_{k+1}) >= 1 be dropped",
            )
            .planted(Plant::DroppedHypothesis, "the same without (21)")
            .form(every_depth(
                "sqrt(sigma_1^2 - epsilon) - sqrt(2 epsilon) (k-2) >= sqrt(2 epsilon) for k <= L, all L >= 1, by (21)",
                bracket_at_every_depth,
            )),
        Step::new("theorem-3/alpha-recursion", "Theorem 3, proof, large spectral norm, recursion of alpha", &[1251])
            .titled("The cosine falls slowly")
            .given(CASE)
            .uses(&["theorem-3/alpha-step", "theorem-3/path-growth", "theorem-3/nonnegative-bracket"])
            .by(on_case(alpha_recursion))
            .holds("alpha_{k+1} >= alpha_k - sqrt(2 epsilon)/sigma_{k+1}")
            .planted(Plant::DroppedTerm, "alpha_{k+1} >= alpha_k")
            .planted(Plant::FlippedSign, "alpha_{k+1} >= alpha_k + sqrt(2 epsilon)/sigma_{k+1}"),
        Step::new("theorem-3/alpha-sum", "Theorem 3, proof, large spectral norm, after \"By recurrence\"", &[1257])
            .titled("The cosine by the recursion")
            .given(
                "any numbers with |sigma_k^2 - sigma_1^2| <= epsilon, sigma_1 > sqrt(2 epsilon) L and alpha_{k+1} \
                    >= alpha_k - sqrt(2 epsilon)/sigma_{k+1}, k = 2, .., L-1",
            )
            .uses(&["theorem-3/alpha-recursion", "theorem-3/large-norm-range", "lemma-2/second-statement"])
            .by(Body::Instances { sizes: &[&[2], &[3], &[4], &[6], &[12]], sides: alpha_sum })
            .fails(
                "alpha_k >= alpha_2 - sqrt(2 epsilon) sum_{k'=2}^{k-1} 1/sigma_{k+1} >= alpha_2 - sqrt(2 epsilon) sum \
                 1/sqrt(sigma_1^2 - epsilon) = alpha_2 - sqrt(2 epsilon) (k-2)/sqrt(sigma_1^2 - epsilon)",
                Fault::Gap,
                "An index, and a step that does not follow: the terms of the sum over k' are 1/sigma_{k'+1}. As \
                 printed they do not depend on k', and the first inequality does not follow from the recursion: \
                 numbers \
                 that satisfy all that the recursion says violate it for L = 4, k = 3, alpha_3 = alpha_2 - sqrt(2 \
                 epsilon)/sigma_3 and sigma_4 > sigma_3. For the layers of B.4 and k < L, the k that are used, it is \
                 true all the same (form `layers`), because the cosine falls to second order only, which the text \
                 does not say. \
                 The next link bounds every sigma^2 by sigma_1^2 - epsilon and is right for both; what is used below \
                 is its right side.",
            )
            .corrected("the same with 1/sigma_{k'+1}")
            .planted(Plant::DroppedTerm, "the same with the sum to k - 2")
            .planted(Plant::FlippedSign, "the same with + sum")
            .form(sharper(
                "theorem-3/alpha-sum",
                "layers",
                "alpha_k >= alpha_2 - sqrt(2 epsilon) (k-2)/sigma_{k+1}, k < L, for layers under (21): the printed \
                 inequality, true because the cosine falls to second order only",
                LARGE,
                alpha_sum_of_layers,
            )),
        Step::new("theorem-3/growth", "Theorem 3, proof, large spectral norm, growth of the path", &[1263])
            .titled("The path grows")
            .given(CASE)
            .uses(&["theorem-3/eq-23"])
            .by(on_case(growth))
            .holds("norm(x_{k+1}) >= <x_{k+1}, u_{k+1}> >= norm(x_k) (sigma_{k+1} alpha_k - sqrt(2 epsilon))")
            .planted(Plant::DroppedTerm, "the same without sqrt(2 epsilon)")
            .planted(Plant::FlippedSign, "the same with + sqrt(2 epsilon)"),
    ]
}

fn product_steps() -> Vec<Step> {
    let on_case = |sides| Body::Instances { sizes: LARGE, sides };
    vec![
        Step::new("theorem-3/product-chain", "Theorem 3, proof, large spectral norm, recurrence of norm(x_L)", &[1269])
            .titled("The end of the path as a product")
            .given(CASE)
            .uses(&[
                "theorem-3/growth",
                "theorem-3/nonnegative-bracket",
                "theorem-3/alpha-sum",
                "theorem-3/large-norms",
            ])
            .by(on_case(product_chain))
            .holds(
                "norm(x_L) >= norm(x_2) prod_{k=2}^{L-1} (sigma_{k+1} alpha_k - sqrt(2 epsilon)) >= norm(x_2) prod \
                    (s (alpha_2 - sqrt(2 epsilon) (k-2)/s) - sqrt(2 epsilon)), s = sqrt(sigma_1^2 - epsilon)",
            )
            .planted(Plant::OffByOne, "the first product from k = 1 on")
            .planted(Plant::FlippedSign, "the second product with alpha_2 + sqrt(2 epsilon) (k-2)/s"),
        Step::new("theorem-3/product-simpler", "Theorem 3, proof, large spectral norm, recurrence, last line", &[1274])
            .titled("The factors simplified")
            .given(CASE)
            .uses(&["theorem-3/product-chain", "theorem-3/nonnegative-bracket"])
            .by(on_case(product_simpler))
            .holds(".. >= norm(x_2) prod_{k=2}^{L-1} (s alpha_2 - sqrt(2 epsilon) k)")
            .planted(Plant::OffByOne, "the same with k - 2 in place of k")
            .planted(Plant::FlippedSign, "the same with + sqrt(2 epsilon) k")
            .remarks(&["k - 1 in place of k would be an equality."]),
        Step::new("theorem-3/alpha-two", "Theorem 3, proof, large spectral norm, alpha_2", &[])
            .quoted(1278, "we obtain that")
            .titled("The path begins along u_2")
            .given("any layers, L >= 2")
            .by(Body::Identity { sizes: EXACT, sides: alpha_two })
            .holds("x_2 = W_2 v_2 = sigma_2 u_2, so <x_2, u_2>^2 = norm(x_2)^2 and alpha_2 = 1")
            .planted(Plant::OffByOne, "the same for x_1 = u_1"),
    ]
}

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step> {
    let on_case = |sides| Body::Instances { sizes: LARGE, sides };
    let mut out = recursion_steps();
    out.extend(product_steps());
    out.extend([
        Step::new("theorem-3/chain-sigma", "Theorem 3, proof, large spectral norm, last chain, second line", &[1285])
            .titled("norm(x_2) and alpha_2 put in")
            .given(CASE)
            .uses(&["theorem-3/product-norm", "theorem-3/product-simpler", "theorem-3/alpha-two"])
            .by(on_case(chain_sigma))
            .holds("norm(x_L) >= sigma_2 prod_{k=2}^{L-1} (sqrt(sigma_1^2 - epsilon) - sqrt(2 epsilon) k)")
            .planted(Plant::OffByOne, "the same with the product to L")
            .planted(Plant::WrongPower, "the same with sigma_2^2"),
        Step::new("theorem-3/chain-power", "Theorem 3, proof, large spectral norm, last chain, third line", &[1290])
            .titled("All factors by the smallest")
            .given(CASE)
            .uses(&["theorem-3/large-norms", "theorem-3/nonnegative-bracket"])
            .by(on_case(chain_power))
            .holds(".. >= sqrt(sigma_1^2 - epsilon) (sqrt(sigma_1^2 - epsilon) - sqrt(2 epsilon) (L-1))^(L-2)")
            .planted(Plant::OffByOne, "the same with the exponent L - 1")
            .planted(Plant::FlippedSign, "the same with + sqrt(2 epsilon) (L-1)")
            .planted(Plant::DroppedFactor, "the same with sqrt(2 epsilon) alone")
            .form(every_depth(
                "sqrt(sigma_1^2 - epsilon) - sqrt(2 epsilon) (L-1) >= 0 for all L >= 1, by (21): the factors are not \
                 negative",
                bracket_at_every_depth,
            )),
        Step::new("theorem-3/chain-root", "Theorem 3, proof, large spectral norm, last chain, fourth line", &[1295])
            .titled("The square root split")
            .given(CASE)
            .uses(&["theorem-3/chain-power"])
            .by(on_case(chain_root))
            .holds(".. >= (sqrt(sigma_1^2) - sqrt(epsilon) - sqrt(2 epsilon) (L-1))^(L-1)")
            .planted(Plant::OffByOne, "the same with the exponent L")
            .planted(Plant::FlippedSign, "the same with + sqrt(2 epsilon) (L-1)")
            .planted(Plant::LostSquare, "the same with sigma_1^2 in place of its root")
            .form(every_depth(
                "sqrt(sigma_1^2 - epsilon) >= sigma_1 - sqrt(epsilon) for all L, by \
                               (21)",
                root_at_every_depth,
            )),
        Step::new("theorem-3/chain-last", "Theorem 3, proof, large spectral norm, last chain, last line", &[1300])
            .titled("sqrt(epsilon) absorbed")
            .given(CASE)
            .uses(&["theorem-3/chain-root"])
            .by(on_case(chain_last))
            .holds(".. >= (sigma_1 - sqrt(2 epsilon) L)^(L-1)")
            .planted(Plant::OffByOne, "the same with the exponent L")
            .planted(Plant::DroppedFactor, "the same with sqrt(2 epsilon) in place of sqrt(2 epsilon) L")
            .form(every_depth(
                "sqrt(epsilon) + sqrt(2 epsilon) (L-1) <= sqrt(2 epsilon) L, and sigma_1 - sqrt(2 epsilon) L >= 0, \
                 for all L, by (21)",
                last_at_every_depth,
            )),
        Step::new("theorem-3/eq-24", "Theorem 3, proof, (24)", &[1307])
            .quoted(1314, "which is a positive quantity by definition of C")
            .titled("The product of the upper layers is bounded below where sigma_1 is large")
            .given("(21); W and W(0) satisfy Lemma 1, L >= 1")
            .uses(&["theorem-3/chain-sigma", "theorem-3/chain-last"])
            .by(Body::Instances { sizes: TRUE, sides: eq_24 })
            .holds("norm_2(W_L .. W_2) >= (C - sqrt(2 epsilon) L)^(L-1) > 0")
            .planted(Plant::OffByOne, "the same with the exponent L")
            .planted(Plant::WrongConstant, "the same for C = 4 sigma_1")
            .planted(Plant::FlippedSign, "the same with C + sqrt(2 epsilon) L")
            .remarks(&["The text says: by definition of C; it is by (21), sigma_1 > C."]),
    ]);
    out
}
