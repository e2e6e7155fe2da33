//! Pairs (W(0), W) of networks that satisfy Lemma 1 exactly, for the proofs of Lemma 2 and Theorem 3; the singular
//! vectors of W are known exactly.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_k(t) = sum_i s_i u_i v_i^T | [`Layer`]: `left diag(values) right^T` | d_k x d_{k-1} |
//! | u_k, v_k, sigma_k | [`Layer::u`], [`Layer::v`], [`Layer::sigma`] | d_k, d_{k-1}, scalar |
//! | W_k(0) | [`Scene::start`] | d_k x d_{k-1} |
//! | norm_2(W_{k+1}(0)^T W_{k+1}(0) - W_k(0) W_k(0)^T) | [`Constants::gaps`]`[k - 1]` | scalar |
//! | epsilon-bar, epsilon | [`Constants::bar`], [`Constants::epsilon`] | scalars |
//!
//! Sizes are `[kind, d_0, .., d_L]` with d_L = 1. B.3 uses of the flow nothing but Lemma 1, so its domain is: any two
//! networks of the same shapes with the same gaps. The kinds:
//! - [`STILL`]: W = W(0) up to a rotation on the right of W_1, any shapes; singular vectors unrelated (t = 0, or a flow
//!   at rest).
//! - [`CHAIN`]: `W_k = Q_k diag(s_k) Q_{k-1}^T`. The squares of the first coordinates move by one number c for all
//!   layers: `s = |c/r + r|/2` now, `(c/r - r)/2` at t = 0, whose squares differ by c. The other coordinates do not
//!   reach the scalar output, so they cannot move.
//! - [`PSEUDO`]: L = 2, where the gap is `-Z J Z^T`, `Z = (W_1, W_2^T)`, J = diag(1, .., 1, -1): `Z(0) = Z B` with B
//!   the Cayley transform `(I - A)^-1 (I + A)` of `A J = -J A^T`.
//! - [`GROWN`]: a chain that begins near zero and ends far from it, as in the case (21) of B.4.
//! - [`BOOST`]: L = 2, `W_1 = rho cosh u v^T + ..`, W_2 along a vector near u, brought back to near zero by the inverse
//!   of the boost in the plane of v and the output: (21) with neighbouring singular vectors that are not aligned.
//!
//! Norms at t = 0 are enclosures; where one is rational (a scalar, a zero layer, a chain) it is recognised exactly
//! ([`spectral_norm`]), so that cases of equality are decided.

use crate::arithmetic::{Big, Enclosure, Field, Rational, Real, Ring};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, big};
use crate::linalg::{inertia, largest_singular_value, solve};
use crate::problem::{dot, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

pub(crate) type Matrix = DMatrix<Rational>;
pub(crate) type Vector = DVector<Rational>;

/// Kinds of pairs: the first size.
pub(crate) const STILL: usize = 0;
pub(crate) const CHAIN: usize = 1;
pub(crate) const PSEUDO: usize = 2;
pub(crate) const GROWN: usize = 3;
pub(crate) const BOOST: usize = 4;

/// A number: an enclosure, and exactly where it is known to be rational.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub big: Big,
    pub exact: Option<Rational>,
}

impl Value {
    /// A rational.
    pub fn of(q: Rational, bits: u32) -> Self {
        Self { big: Big::from_rational(&q, bits), exact: Some(q) }
    }
    fn both(self, o: Self, enclosed: fn(Big, Big) -> Big, exactly: fn(Rational, Rational) -> Rational) -> Self {
        let exact = self.exact.zip(o.exact).map(|(a, b)| exactly(a, b));
        let bits = self.big.bits().max(o.big.bits());
        exact.map_or_else(|| Self { big: enclosed(self.big, o.big), exact: None }, |q| Self::of(q, bits))
    }
    pub fn plus(self, o: Self) -> Self {
        self.both(o, |a, b| a + b, |a, b| a + b)
    }
    pub fn minus(self, o: Self) -> Self {
        self.both(o, |a, b| a - b, |a, b| a - b)
    }
    pub fn times(self, o: Self) -> Self {
        let zero = |v: &Self| v.exact.as_ref().is_some_and(Zero::is_zero);
        match (zero(&self), zero(&o)) {
            (true, _) => self,
            (_, true) => o,
            _ => self.both(o, |a, b| a * b, |a, b| a * b),
        }
    }
    /// Times a rational.
    pub fn by(self, q: Rational) -> Self {
        let bits = self.big.bits();
        self.times(Self::of(q, bits))
    }
    /// The divisor must not be zero.
    pub fn over(self, o: Self) -> Self {
        self.both(o, |a, b| a / b, |a, b| a / b)
    }
    pub fn power(self, n: u32) -> Self {
        match n {
            0 => Self::of(Rational::one(), self.big.bits()),
            _ => Self { big: self.big.powi(n), exact: self.exact.map(|q| q.powi(n)) },
        }
    }
    /// The square root of what is not negative.
    pub fn root(self) -> Self {
        let exact = self.exact.as_ref().and_then(Rational::exact_sqrt);
        Self { big: Real::sqrt(&self.big), exact }
    }
    pub fn max(self, o: Self) -> Self {
        match (&self.exact, &o.exact) {
            (Some(a), Some(b)) => {
                if a >= b {
                    self
                } else {
                    o
                }
            }
            _ if (&self.big - &o.big).is_positive() => self,
            _ if (&o.big - &self.big).is_positive() => o,
            _ => Self { big: Enclosure::max(&self.big, &o.big), exact: None },
        }
    }
    pub fn min(self, o: Self) -> Self {
        let bits = self.big.bits();
        let minus = |v: Self| Self::of(Rational::zero(), bits).minus(v);
        minus(minus(self).max(minus(o)))
    }
    /// Certainly above zero.
    pub fn is_positive(&self) -> bool {
        self.exact.as_ref().map_or_else(|| self.big.is_positive(), |q| q.sign() > 0)
    }
}

/// `greater >= lesser`, exactly where both are rational.
pub(crate) fn at_least(greater: Value, lesser: Value) -> Pair {
    match (&greater.exact, &lesser.exact) {
        (Some(g), Some(l)) => Pair::exact(g, l, greater.big.bits()),
        _ => Pair::new(greater.big, lesser.big),
    }
}

/// The norm of the symmetric A is q: neither `q I - A` nor `q I + A` has a negative eigenvalue, and one of them is
/// singular. Exact.
fn is_norm(a: &Matrix, q: &Rational) -> bool {
    let shifted = |sign: i64| {
        let signed = a.map(|v| v * Rational::from(sign));
        inertia(&(Matrix::from_diagonal_element(a.nrows(), a.nrows(), q.clone()) + signed))
    };
    let (below, above) = (shifted(-1), shifted(1));
    below.negative == 0 && above.negative == 0 && below.zero + above.zero > 0
}

/// Operator norm of a symmetric matrix.
pub(crate) fn spectral_norm(a: &Matrix, bits: u32) -> Value {
    let n = a.nrows();
    if (0..n).all(|i| (0..n).all(|j| i == j || a[(i, j)].is_zero())) {
        let largest = (0..n).map(|i| a[(i, i)].abs()).fold(Rational::zero(), Ord::max);
        return Value::of(largest, bits);
    }
    let enclosed = largest_singular_value(&big(a, bits));
    let exact = enclosed.guess().filter(|q| is_norm(a, q));
    exact.map_or_else(|| Value { big: enclosed, exact: None }, |q| Value::of(q, bits))
}

/// A layer with its singular value decomposition, exact.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub matrix: Matrix,
    left: Matrix,
    right: Matrix,
    values: Vec<Rational>,
    top: usize,
}

impl Layer {
    /// `left diag(values) right^T`; the values are not negative.
    pub fn new(left: &Matrix, right: &Matrix, values: Vec<Rational>) -> Self {
        let middle =
            Matrix::from_fn(
                left.nrows(),
                right.nrows(),
                |i, j| {
                    if i == j { values[i].clone() } else { Rational::zero() }
                },
            );
        let top = (0..values.len()).reduce(|a, b| if values[b] > values[a] { b } else { a }).unwrap_or(0);
        Self { matrix: left * middle * right.transpose(), left: left.clone(), right: right.clone(), values, top }
    }
    /// Rotations and values drawn.
    fn draw(draw: &mut Draw<'_>, rows: usize, columns: usize) -> Self {
        let (left, right) = (draw.rotation(rows), draw.rotation(columns));
        let values = (0..rows.min(columns)).map(|_| draw.nonnegative()).collect();
        Self::new(&left, &right, values)
    }
    /// First left singular vector.
    pub fn u(&self) -> Vector {
        self.left.column(self.top).into_owned()
    }
    /// First right singular vector.
    pub fn v(&self) -> Vector {
        self.right.column(self.top).into_owned()
    }
    pub fn sigma(&self) -> &Rational {
        &self.values[self.top]
    }
    /// sigma^2.
    pub fn square(&self) -> Rational {
        self.sigma().powi(2)
    }
    /// The singular values after the first, in descending order.
    pub fn others(&self) -> Vec<Rational> {
        let mut rest = self.values.clone();
        rest.remove(self.top);
        rest.sort_by(|a, b| b.cmp(a));
        rest
    }
    /// norm_F(W)^2, from the entries.
    pub fn frobenius(&self) -> Rational {
        norm_squared(self.matrix.iter())
    }
    /// W^T W.
    pub fn inner(&self) -> Matrix {
        self.matrix.transpose() * &self.matrix
    }
    /// W W^T.
    pub fn outer(&self) -> Matrix {
        &self.matrix * self.matrix.transpose()
    }
}

/// `x^T A x`.
pub(crate) fn quadratic(a: &Matrix, x: &Vector) -> Rational {
    dot(x, &(a * x))
}

/// v/(1 + |v|) of the next number: in (-1, 1).
pub(crate) fn bounded(draw: &mut Draw<'_>) -> Rational {
    let v = draw.number();
    &v / (1 + v.abs())
}

/// An orthogonal matrix within about `2 n scale` of the identity.
pub(crate) fn small_rotation(draw: &mut Draw<'_>, n: usize, scale: &Rational) -> Matrix {
    let mut skew = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..i {
            let v = bounded(draw) * scale;
            skew[(j, i)] = -&v;
            skew[(i, j)] = v;
        }
    }
    let identity = Matrix::identity(n, n);
    solve(&(&identity + &skew), &(&identity - &skew)).unwrap_or(identity)
}

/// A pair that satisfies Lemma 1.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub layers: Vec<Layer>,
    pub start: Vec<Matrix>,
}

/// What the initialisation alone determines.
#[derive(Clone, Debug)]
pub(crate) struct Constants {
    pub gaps: Vec<Value>,
    /// max_k norm_F(W_k(0))^2.
    pub largest: Rational,
    bits: u32,
}

impl Constants {
    /// The sum of the norms of the gaps number from to to - 1 (1-based).
    pub fn sum(&self, from: usize, to: usize) -> Value {
        let zero = Value::of(Rational::zero(), self.bits);
        (from..to).fold(zero, |s, k| s.plus(self.gaps[k - 1].clone()))
    }
    fn all(&self) -> Value {
        self.sum(1, self.gaps.len() + 1)
    }
    /// epsilon-bar: the largest squared norm plus D.
    pub fn bar(&self) -> Value {
        Value::of(self.largest.clone(), self.bits).plus(self.all())
    }
    /// epsilon: three times the largest squared norm plus 2 D.
    pub fn epsilon(&self) -> Value {
        Value::of(&self.largest * 3, self.bits).plus(self.all().by(Rational::from(2)))
    }
}

impl Scene {
    /// From `[kind, d_0, .., d_L]`.
    pub fn draw(draw: &mut Draw<'_>) -> Result<Self, &'static str> {
        let sizes = draw.sizes();
        let widths = sizes.get(1..).filter(|w| w.len() > 1).ok_or("no layers")?;
        let turn = draw.rotation(widths[0]);
        let mut scene = match sizes[0] {
            CHAIN => Self::chain(draw, widths, false),
            GROWN => Self::chain(draw, widths, true),
            PSEUDO => Self::pseudo(draw, widths)?,
            BOOST => Self::boost(draw, widths),
            _ => Self::still(draw, widths),
        };
        scene.start[0] = &scene.start[0] * turn;
        Ok(scene)
    }
    fn still(draw: &mut Draw<'_>, widths: &[usize]) -> Self {
        let layers: Vec<Layer> = widths.windows(2).map(|w| Layer::draw(draw, w[1], w[0])).collect();
        let start = layers.iter().map(|w| w.matrix.clone()).collect();
        Self { layers, start }
    }
    fn chain(draw: &mut Draw<'_>, widths: &[usize], grown: bool) -> Self {
        let half = Rational::new(1, 2);
        let frames: Vec<Matrix> = widths.iter().map(|n| draw.rotation(*n)).collect();
        let size = draw.positive();
        // A chain that has grown begins within 1/(16 L) of zero, relative to where it is.
        let small = Rational::new(1, 16 * (widths.len() as i64 - 1));
        let moved = draw.number();
        let moved = if grown { size.powi(2) } else { moved };
        let (mut layers, mut start) = (Vec::new(), Vec::new());
        for k in 1..widths.len() {
            let r = if grown { &size * (1 + bounded(draw) * &small) } else { draw.positive() };
            let quotient = &moved / &r;
            let mut values = vec![((&quotient + &r) * &half).abs()];
            for _ in 1..widths[k].min(widths[k - 1]) {
                let other = draw.share();
                values.push(other * &size * if grown { small.clone() } else { Rational::one() });
            }
            let mut before = values.clone();
            before[0] = (quotient - r) * &half;
            start.push(Layer::new(&frames[k], &frames[k - 1], before).matrix);
            layers.push(Layer::new(&frames[k], &frames[k - 1], values));
        }
        Self { layers, start }
    }
    fn pseudo(draw: &mut Draw<'_>, widths: &[usize]) -> Result<Self, &'static str> {
        let mut scene = Self::still(draw, widths);
        let n = widths[0] + 1;
        let mut algebra = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..i {
                let v = draw.number();
                algebra[(j, i)] = if i == n - 1 { v.clone() } else { -&v };
                algebra[(i, j)] = v;
            }
        }
        if scene.layers.len() != 2 {
            return Err("L = 2 only");
        }
        let identity = Matrix::identity(n, n);
        let boost = solve(&(&identity - &algebra), &(&identity + &algebra)).map_err(|_| "I - A is singular")?;
        let mut both = scene.start[0].clone().insert_column(n - 1, Rational::zero());
        both.set_column(n - 1, &scene.start[1].transpose().column(0));
        let both = both * boost;
        scene.start[0] = both.columns(0, n - 1).into_owned();
        scene.start[1] = both.columns(n - 1, 1).transpose();
        Ok(scene)
    }
    fn boost(draw: &mut Draw<'_>, widths: &[usize]) -> Self {
        let (inputs, hidden) = (widths[0], widths[1]);
        let (left, right) = (draw.rotation(hidden), draw.rotation(inputs));
        let (rho, tilt) = (draw.positive(), draw.share());
        // exp of minus the rapidity; below 1/16, so that (21) holds.
        let q = 1 / (16 + draw.nonnegative());
        let half = Rational::new(1, 2);
        let cosh = (1 / &q + &q) * &half;
        let sinh = (1 / &q - &q) * &half;
        let mut values = vec![&rho * &cosh];
        for _ in 1..inputs.min(hidden) {
            values.push(draw.share() * &rho * Rational::new(1, 4));
        }
        let first = Layer::new(&left, &right, values);
        // e^(-2 rapidity): what is turned by more, or longer by more, is not brought back to near zero.
        let small = q.powi(2);
        let towards = &left * small_rotation(draw, hidden, &small);
        let length = rho * &sinh * (1 + tilt * small);
        let second = Layer::new(&Matrix::identity(1, 1), &towards, vec![length]);
        let (v, y) = (right.column(0).into_owned(), second.matrix.transpose().column(0).into_owned());
        let image = &first.matrix * &v;
        let times = |x: &Vector, q: &Rational| x.map(|e| e * q);
        let brought = times(&image, &(&cosh - 1)) - times(&y, &sinh);
        let last = times(&y, &cosh) - times(&image, &sinh);
        let start = vec![&first.matrix + brought * v.transpose(), Matrix::from_row_slice(1, hidden, last.as_slice())];
        Self { layers: vec![first, second], start }
    }

    pub fn depth(&self) -> usize {
        self.layers.len()
    }
    /// W_k, 1-based.
    pub fn at(&self, k: usize) -> &Layer {
        &self.layers[k - 1]
    }
    /// W_k(0), 1-based.
    pub fn at_start(&self, k: usize) -> &Matrix {
        &self.start[k - 1]
    }
    /// norm_F(W_k(0))^2.
    pub fn frobenius_at_start(&self, k: usize) -> Rational {
        norm_squared(self.at_start(k).iter())
    }
    /// norm_2(W_k(0))^2.
    pub fn square_at_start(&self, k: usize, bits: u32) -> Value {
        let w = self.at_start(k);
        let smaller = if w.nrows() <= w.ncols() { w * w.transpose() } else { w.transpose() * w };
        spectral_norm(&smaller, bits)
    }
    /// W_{k+1}(0)^T W_{k+1}(0) - W_k(0) W_k(0)^T.
    pub fn gap_at_start(&self, k: usize) -> Matrix {
        let (low, high) = (self.at_start(k), self.at_start(k + 1));
        high.transpose() * high - low * low.transpose()
    }
    pub fn constants(&self, bits: u32) -> Constants {
        let gaps = (1..self.depth()).map(|k| spectral_norm(&self.gap_at_start(k), bits)).collect();
        let largest = (1..=self.depth()).map(|k| self.frobenius_at_start(k)).fold(Rational::zero(), Ord::max);
        Constants { gaps, largest, bits }
    }
}

/// The pairs that a step makes of a scene.
pub(crate) fn on_scene(draw: &mut Draw<'_>, pairs: impl FnOnce(&Scene) -> Vec<Pair>) -> Margins {
    match Scene::draw(draw) {
        Err(why) => Margins::OutOfScope(why),
        Ok(scene) => match pairs(&scene) {
            list if list.is_empty() => Margins::OutOfScope("L = 1: no pair of layers"),
            list => Margins::All(list),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_norm_is_exact_only_where_it_is_proved() {
        let q = Rational::new;
        let of = |a: Rational| Matrix::from_row_slice(2, 2, &[q(0, 1), a.clone(), a, q(0, 1)]);
        assert_eq!(spectral_norm(&of(q(-3, 2)), 128).exact, Some(q(3, 2)));
        // Within 128 bits of 3/2, and not 3/2.
        let near = q(3, 2) + Rational::from(1).times_power_of_two(-200);
        let value = spectral_norm(&of(near.clone()), 128);
        assert!(value.exact.is_none() && value.big.contains(&near));
    }
}
