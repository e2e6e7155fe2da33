//! The scalar inequalities of B.5, each over the whole domain of (A3): `32 L sqrt(epsilon) <= 1`, `norm(w*) >= 1`, every real `L >= 1`.
//!
//! **Substitution to a box.** Three numbers, independent of each other, which take exactly the values of their ranges (the ends 0 of z and alpha
//! are the limits L -> infinity and norm(w*) -> infinity, included):
//!
//! | here | stands for | range |
//! | --- | --- | --- |
//! | `r` | `L sqrt(epsilon)` | `[0, 1/32]`: the third inequality of (A3); `[0, 4]` where it is dropped |
//! | `z` | 1/L | `[0, 1]` |
//! | `alpha` | `norm(w*)^(-1/L)` | `[0, 1]`: `norm(w*) >= 1` |
//! | `half` | `(1/2)^(1/L)`; a variable of its own, in `[1/2, 1]`, where the step is an equality at L = 1 | `exp(-z ln 2)` |
//!
//! So `sqrt(epsilon) = r z`, `L epsilon = r^2 z`, `(norm(w*)/2)^(1/L) = half/alpha`, `(2 norm(w*))^(1/L) = 1/(half alpha)`. Inequalities are multiplied by
//! alpha (or alpha^2), and divided by a factor at whose zeros both sides are equal (epsilon, L epsilon, or 1/L, said at each): there the printed
//! inequality is an equality. The powers are `(1 + x)^L = exp(u h(x))` with `u = L x` and `h(x) = ln(1 + x)/x`, and `(e^v - 1)/v` is the mean exponential of
//! Lemma 4, so that no difference of nearly equal numbers is left. Copies with planted errors are stated on a smaller box without those limits and zeros, so that their counterexamples are real. `epsilon <= 1` is never needed: it follows from `32 L sqrt(epsilon) <= 1`.

use super::super::lemma_4::mean_exponential;
use super::step::{Body, How, Plant};
use crate::arithmetic::{Big, Enclosure, Field, Rational, Real, Ring};
use num_traits::{One, Zero};

type Range = (Rational, Rational);

/// A proof over the whole of (A3).
pub fn under_a3(sides: fn(&[Big], How) -> (Big, Big)) -> Body {
    Body::Domain { variables: &["L sqrt(eps)", "1/L", "norm(w*)^(-1/L)"], domain: a3, sides }
}

fn a3(how: How) -> Vec<Range> {
    let end = if how.plants(Plant::DroppedHypothesis) { Rational::from(4) } else { Rational::new(1, 32) };
    let zero = Rational::zero;
    if let How::Planted(_) = how {
        // Away from the limits and from the points where both sides were divided by zero: what is refuted here is false.
        return vec![
            (Rational::new(1, 64), end),
            (Rational::new(1, 4), Rational::one()),
            (Rational::new(1, 2), Rational::one()),
        ];
    }
    vec![(zero(), end), (zero(), Rational::one()), (zero(), Rational::one())]
}

/// A proof in the two numbers `(1/2)^(1/L)` and `norm(w*)^(-1/L)`.
pub fn under_norm(sides: fn(&[Big], How) -> (Big, Big)) -> Body {
    Body::Domain { variables: &["(1/2)^(1/L)", "norm(w*)^(-1/L)"], domain: norm_at_least_one, sides }
}

fn norm_at_least_one(how: How) -> Vec<Range> {
    let end = if how.plants(Plant::DroppedHypothesis) { Rational::from(2) } else { Rational::one() };
    let half = Rational::new(1, 2);
    if let How::Planted(_) = how {
        // L < 2.5, norm(w*) finite.
        return vec![(half.clone(), Rational::new(3, 4)), (half, end)];
    }
    vec![(half, Rational::one()), (Rational::zero(), end)]
}

/// A point or box of the domain, and what the statements are made of.
struct At {
    r: Big,
    z: Big,
    alpha: Big,
    ln_2: Big,
}

/// A constant of the proof: every one is a multiple of 1/8, so exact.
fn q(num: i64, den: i64) -> Big {
    Big::from_rational(&Rational::new(num, den), 64)
}

impl At {
    fn of(v: &[Big]) -> Self {
        let part = |i: usize| v.get(i).cloned().unwrap_or_else(Big::entire);
        let ln_2 = Big::from_rational(&Rational::from(2), part(0).bits()).ln();
        Self { r: part(0), z: part(1), alpha: part(2), ln_2 }
    }
    /// `2^-z`.
    fn half(&self) -> Big {
        (-(&self.z * &self.ln_2)).exp()
    }
    /// `2^z`.
    fn double(&self) -> Big {
        (&self.z * &self.ln_2).exp()
    }
    /// `L epsilon`.
    fn l_epsilon(&self) -> Big {
        self.r.powi(2) * &self.z
    }
    /// epsilon.
    fn epsilon(&self) -> Big {
        self.r.powi(2) * self.z.powi(2)
    }
    /// `L epsilon (2/norm(w*))^(1/L)`.
    fn below(&self) -> Big {
        self.l_epsilon() * &self.alpha * self.double()
    }
    /// `L epsilon / (2 norm(w*))^(1/L)`.
    fn above(&self) -> Big {
        self.l_epsilon() * &self.alpha * self.half()
    }
    /// `(L - 1) epsilon / (norm(w*)/2)^(2/L)`.
    fn squared(&self) -> Big {
        self.l_epsilon() * (1 - &self.z) * (&self.alpha * self.double()).powi(2)
    }
    /// `L sqrt(epsilon) / (norm(w*)/2)^(1/L)`.
    fn root(&self) -> Big {
        &self.r * &self.alpha * self.double()
    }
}

/// `h(x) = ln(1 + x)/x` for x > -1: decreasing, 1 at x = 0.
fn mean_logarithm(x: &Big) -> Big {
    let at = |end: Big| if end.is_zero() { Big::one() } else { end.ln_1p() / end };
    at(x.lower_end()).hull(&at(x.upper_end()))
}

/// `(c^z - 1)/z = ln(c) E(z ln c)`.
fn power_quotient(c: (i64, i64), z: &Big) -> Big {
    let log = Big::from_rational(&Rational::new(c.0, c.1), z.bits()).ln();
    &log * mean_exponential(&(z * &log))
}

/// All links of a chain: the least of the differences is not negative.
fn all(differences: &[Big]) -> (Big, Big) {
    let least =
        differences.iter().skip(1).fold(differences.first().cloned().unwrap_or_else(Big::entire), |a, b| a.min(b));
    (least, Big::zero())
}

/// (26): `norm(w*)^(1/L) >= 1` (the first inequality over `(1/2)^(1/L)`), `(1/2)^(1/L) >= 1/2`.
pub fn eq_26(v: &[Big], how: How) -> (Big, Big) {
    let end = if how.plants(Plant::WrongConstant) { q(1, 1) } else { q(1, 2) };
    all(&[q(1, 1) - &v[1], &v[0] - end])
}

/// (27), link by link: times 1, 1, alpha, alpha.
pub fn eq_27(v: &[Big], how: How) -> (Big, Big) {
    let at = At::of(v);
    let root = q(1, 1) - &at.r * &at.z;
    let first = q(8, 1) * &at.r * if how.plants(Plant::FlippedSign) { -root } else { root };
    let constant = if how.plants(Plant::WrongConstant) { q(16, 1) } else { q(8, 1) };
    let second = q(1, 4) - constant * &at.r;
    let third = at.half() - &at.alpha * q(1, 4);
    let fourth = 1 / at.half() - at.half();
    all(&[first, second, third, fourth])
}

/// Before (28), times alpha^2: `(norm(w*)/2)^(2/L) >= 1/4`.
pub fn quarter(v: &[Big], how: How) -> (Big, Big) {
    let end = if how.plants(Plant::WrongConstant) { q(1, 2) } else { q(1, 4) };
    (v[0].powi(2), end * v[1].powi(2))
}

/// (28), times alpha^2: `8 L epsilon <= (norm(w*)/2)^(2/L)`.
pub fn eq_28(v: &[Big], _how: How) -> (Big, Big) {
    let at = At::of(v);
    (at.half().powi(2), q(8, 1) * at.l_epsilon() * at.alpha.powi(2))
}

/// (29) where norm(w_prod) > (3/4) norm(w*): `(3/4 norm(w*))^(1/L) >= (norm(w*)/2)^(1/L) + epsilon`, over the last, less 1, times L:
/// `((3/2)^z - 1)/z >= L epsilon (2/norm(w*))^(1/L)`.
pub fn eq_29(v: &[Big], how: How) -> (Big, Big) {
    let at = At::of(v);
    let ratio = if how.plants(Plant::DroppedFactor) { (3, 4) } else { (3, 2) };
    (power_quotient(ratio, &at.z), at.below())
}

/// `(1 + x)^L <= 1 + 2 L x` at `x = epsilon (2/norm(w*))^(1/L)`, less 1, over L x (equal at x = 0): `h E(u h) <= 2`.
pub fn bernoulli_plus(v: &[Big], how: How) -> (Big, Big) {
    let at = At::of(v);
    let u = at.below();
    let h = mean_logarithm(&(&u * at.z));
    let constant = if how.plants(Plant::WrongConstant) { q(1, 1) } else { q(2, 1) };
    // One difference, no ratio: to bracket the best constant (a little above 1) takes boxes without number.
    all(&[constant - &h * mean_exponential(&(u * &h))])
}

/// `c L epsilon <= (norm(w*)/2)^(1/L)`, times alpha.
fn small(v: &[Big], constant: i64) -> (Big, Big) {
    let at = At::of(v);
    (at.half(), q(constant, 1) * at.l_epsilon() * at.alpha)
}
/// `L epsilon <= (norm(w*)/2)^(1/L)`.
pub fn small_once(v: &[Big], _how: How) -> (Big, Big) {
    small(v, 1)
}
/// `4 L epsilon <= (norm(w*)/2)^(1/L)`.
pub fn small_four(v: &[Big], _how: How) -> (Big, Big) {
    small(v, 4)
}

/// `((norm(w*)/2)^(1/L) + epsilon)^L <= 3 norm(w*)/4`: the logarithms, `u h(x) <= ln(3/2)`.
pub fn three_quarters(v: &[Big], _how: How) -> (Big, Big) {
    let at = At::of(v);
    let u = at.below();
    let h = mean_logarithm(&(&u * at.z));
    (Big::from_rational(&Rational::new(3, 2), h.bits()).ln(), u * h)
}

/// `2 epsilon (norm(w*)/2)^(1/L) >= epsilon`, over epsilon (equal at 0), times alpha.
pub fn by_26(v: &[Big], how: How) -> (Big, Big) {
    let factor = if how.plants(Plant::DroppedFactor) { q(1, 1) } else { q(2, 1) };
    (factor * &v[0], v[1].clone())
}

/// `(1 - x)^((L-1)/2) >= 1 - (L-1) x` at `x = epsilon/(norm(w*)/2)^(2/L)`: with `y = (L-1) x` and `g = ln(1 - x)/x`, less 1, over `y/(1 - z)` (equal where y = 0):
/// `(1 - z) ((g/2) E(y g/2) + 1) >= 0`.
pub fn bernoulli_minus(v: &[Big], how: How) -> (Big, Big) {
    let at = At::of(v);
    let x = at.epsilon() * (&at.alpha * at.double()).powi(2);
    let g = -mean_logarithm(&-x) * q(1, 2);
    let constant = if how.plants(Plant::WrongConstant) { q(1, 2) } else { q(1, 1) };
    let bracket = &g * mean_exponential(&(at.squared() * &g)) + constant;
    all(&[(q(1, 1) - at.z) * bracket])
}

/// `epsilon <= (norm(w*)/2)^(2/L) / 2`, times alpha^2.
pub fn half_of_square(v: &[Big], _how: How) -> (Big, Big) {
    let at = At::of(v);
    (q(1, 2) * at.half().powi(2), at.epsilon() * at.alpha.powi(2))
}

/// Both fractions are at most 1/8, and the bracket is at least 1 - 1/8 - 1/8 = 3/4.
pub fn bracket(v: &[Big], _how: How) -> (Big, Big) {
    let at = At::of(v);
    let (square, root) = (at.squared(), at.root());
    let whole = q(1, 1) - &square - &root - (q(1, 1) - q(1, 8) - q(1, 8));
    all(&[q(1, 8) - square, q(1, 8) - root, whole, q(1, 1) - q(1, 8) - q(1, 8) - q(3, 4)])
}

/// The upper side where `3 min^L/4 <= norm(w_prod) < (9/8) norm(w*)`: `(3/2 norm(w*))^(1/L) <= (2 norm(w*))^(1/L) - epsilon`, over the last root, times L:
/// `(1 - (3/4)^z)/z >= L epsilon / (2 norm(w*))^(1/L)`.
pub fn upper_least(v: &[Big], how: How) -> (Big, Big) {
    let at = At::of(v);
    let ratio = if how.plants(Plant::DroppedFactor) { (3, 2) } else { (3, 4) };
    (-power_quotient(ratio, &at.z), at.above())
}

/// `(1 - x)^L >= 1 - 2 L x` at `x = epsilon/(2 norm(w*))^(1/L)`, less 1, over y = L x (equal at 0): `g E(y g) >= -2`.
pub fn bernoulli_minus_l(v: &[Big], how: How) -> (Big, Big) {
    let at = At::of(v);
    let y = at.above();
    let g = -mean_logarithm(&-(&y * &at.z));
    // 2 (L - 1) x in place of 2 L x.
    let share = if how.plants(Plant::OffByOne) { 1 - at.z } else { Big::one() };
    (&g * mean_exponential(&(y * &g)), q(-2, 1) * share)
}

/// `3/2 (1 - 2 L epsilon/(2 norm(w*))^(1/L)) >= 9/8`.
pub fn nine_eighths(v: &[Big], _how: How) -> (Big, Big) {
    (q(3, 2) * (q(1, 1) - q(2, 1) * At::of(v).above()), q(9, 8))
}

/// `epsilon/(2 norm(w*))^(1/L) <= 1/2`.
pub fn half_of_root(v: &[Big], _how: How) -> (Big, Big) {
    let at = At::of(v);
    (q(1, 2), at.above() * at.z)
}

/// `L epsilon <= (2 norm(w*))^(1/L)/8`, over the root.
pub fn eighth_of_root(v: &[Big], _how: How) -> (Big, Big) {
    (q(1, 8), At::of(v).above())
}

/// `epsilon^2 - 2 epsilon (2 norm(w*))^(1/L) + epsilon <= 0`, over epsilon (equal at 0), over the root: `2 >= (1 + epsilon)/(2 norm(w*))^(1/L)`.
pub fn second_inequality(v: &[Big], _how: How) -> (Big, Big) {
    let at = At::of(v);
    (q(2, 1), (q(1, 1) + at.epsilon()) * &at.alpha * at.half())
}

/// `epsilon <= 1 <= 2 (2 norm(w*))^(1/L) - 1`, the second over the root.
pub fn one_between(v: &[Big], how: How) -> (Big, Big) {
    let at = At::of(v);
    let inverse = &at.alpha * at.half();
    let factor = if how.plants(Plant::DroppedFactor) { q(1, 1) } else { q(2, 1) };
    all(&[q(1, 1) - at.epsilon(), factor - q(2, 1) * inverse])
}
