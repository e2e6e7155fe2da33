//! The audit of B.9: Lemma 3. Here: the random path and its laws, lines 1977 to 2033. Then:
//! [`crate::paper::section_5::lemma_3::proof_norm`] the growth of a fixed vector,
//! [`crate::paper::section_5::lemma_3::proof_net`] the nets, [`crate::paper::section_5::lemma_3::proof_sigma_min`] the
//! growth from below, [`crate::paper::section_5::lemma_3::proof_union`] the union bound,
//! [`crate::paper::section_5::lemma_3::proof_failure`] its simplification,
//! [`crate::paper::section_5::lemma_3::proof_conclusion`] the rest.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | L, d | sizes `[L, d]` | scalars |
//! | `s / sqrt(L d)` | `Walk::c`, drawn; so `s^2 = c^2 L d` is exact, and s itself is not needed | scalar |
//! | N_1, .., N_L | `Walk::noise` | d x d |
//! | `W_k = I + s/sqrt(L d) N_k`, Pi_{k:1} | `Walk::layer`, `Walk::product` | d x d |
//! | h_0, .., h_L | `Walk::path` | d |
//! | Y_{k,1}, Y_{k,2} | `Walk::increments`, from the printed quotients | scalars |
//! | S_{k,1}, S_{k,2}, S_{k,3} | `Walk::sums` | scalars |
//! | M_{s,u}, m_{s,u} | [`Scaled`]: a rational times exp of a rational, exact | scalars |
//!
//! **Laws, exactly.** Given F_k, Y_{k,1} is a quadratic form in the entries of N_{k+1} with a d^2 x d^2 matrix Q, and
//! Y_{k,2} a linear one with a vector q. Both are read off the printed quotients (at unit matrices, by polarisation).
//! Y_{k,1} follows a `c chi^2(r)` law if and only if `Q^2 = c Q` and `tr Q = c r`; Y_{k,2} is `N(0, |q|^2)`. Sums over
//! layers: traces and squared norms add up, because the law given F_k does not depend on N_1..N_k, which is what
//! independence means here.
//!
//! **Findings of these lines.** (a) h_0 = 0 is not excluded, and all is divided by norm(h_k): `lemma-3/any-h0`. For h_0
//! not 0, norm(h_k)^2 is a polynomial in N_1..N_k that is not zero (at N = 0 it is norm(h_0)^2), so h_k is not 0 almost
//! surely, for every k. (b) Y_{k,1} and Y_{k,2} do not "depend only on N_{k+1}": they are functions of h_k too, and
//! only their law is not. Used is the independence.

use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::formula::{Edit, Expr, Node, Says, Table, at, descent, dot, square, var, vars};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, of};
use crate::harness::steps::scene::Drawn;
use crate::harness::steps::step::{Body, Step};
use crate::paper::kit::distributions::normal_log_tail;
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

pub(crate) type Matrix = DMatrix<Rational>;

/// Depth and width, for identities.
pub(crate) const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 2], &[2, 3]];

pub(crate) fn whole(n: usize) -> Rational {
    Rational::from(n as i64)
}

/// An integer or fraction as an enclosure, for scalar inequalities.
pub(crate) fn fraction(n: i64, d: i64) -> Big {
    of(&Rational::new(n, d), 128)
}

/// `[0, 1]` for each of n variables.
pub(crate) fn units(n: usize) -> Vec<(Rational, Rational)> {
    vec![(Rational::zero(), Rational::one()); n]
}

/// `factor exp(exponent)`, exact: M_{s,u}, m_{s,u} and what is made of them.
#[derive(Clone, Debug)]
pub(crate) struct Scaled {
    pub factor: Rational,
    pub exponent: Rational,
}

impl Scaled {
    /// `M_{s,u} = 2 exp(s^2/2 + u)`.
    pub(crate) fn high(s2: &Rational, u: &Rational) -> Self {
        Self { factor: Rational::from(2), exponent: s2 / 2 + u }
    }
    /// `m_{s,u} = exp(-2 s^2/d - u) / 2`.
    pub(crate) fn low(s2: &Rational, d: &Rational, u: &Rational) -> Self {
        Self { factor: Rational::new(1, 2), exponent: -(2 * s2 / d) - u }
    }
    pub(crate) fn times(&self, q: &Rational) -> Self {
        Self { factor: &self.factor * q, exponent: self.exponent.clone() }
    }
    pub(crate) fn over(&self, o: &Self) -> Self {
        Self { factor: &self.factor / &o.factor, exponent: &self.exponent - &o.exponent }
    }
    pub(crate) fn enclose(&self, bits: u32) -> Big {
        of(&self.factor, bits) * of(&self.exponent, bits).exp()
    }
}

/// `ln P(N(0,1) >= z)` for `z = sqrt(z2)`. Where erfc would be below the range of MPFR, by
/// `(1 - 1/z^2) f(z)/z <= P <= f(z)/z`, f the density, and `ln(2 pi)/2` in `[0.9189, 0.919]`.
pub(crate) fn log_tail(z2: &Rational, bits: u32) -> Big {
    const FAR: i64 = 1 << 24;
    if *z2 < Rational::from(FAR) {
        return normal_log_tail(&of(z2, bits).sqrt());
    }
    let main = of(&(-z2 / 2), bits) - of(z2, bits).ln() / fraction(2, 1);
    let least = (1 - 1 / of(z2, bits)).ln();
    Big::between(&(&main + least - fraction(919, 1000)), &(main - fraction(9189, 10_000)))
}

/// `-ln P(max_k S_{k,2} >= u)`: a lower bound by Levy's inequality (`P <= 2 P(S_{L,2} >= u)`), or an upper bound
/// (`P >= P(S_{L,2} >= u)`) for a planted error, which is to be refuted.
pub(crate) fn max_rate(how: How, s2: &Rational, d: &Rational, u: &Rational, bits: u32) -> Big {
    let z2 = d * u.powi(2) / (4 * s2);
    let one = -log_tail(&z2, bits);
    if matches!(how, How::Planted(_)) { one } else { one - of(&Rational::from(2), bits).ln() }
}

/// Layers and a start.
pub(crate) struct Walk {
    /// `s / sqrt(L d)`.
    pub c: Rational,
    pub noise: Vec<Matrix>,
    pub start: DVector<Rational>,
}

impl Walk {
    /// h_0 as drawn, zero or not.
    pub(crate) fn draw(draw: &mut Draw<'_>) -> Self {
        let (depth, d) = (draw.size(0), draw.size(1));
        let c = draw.number();
        let noise = (0..depth).map(|_| draw.matrix(d, d)).collect();
        Self { c, noise, start: draw.vector(d) }
    }
    /// h_0 is the first unit vector if zero was drawn.
    pub(crate) fn draw_started(draw: &mut Draw<'_>) -> Self {
        let mut walk = Self::draw(draw);
        if walk.start.iter().all(Zero::is_zero) {
            walk.start[0] = Rational::one();
        }
        walk
    }
    /// As [`Self::draw_started`], with each N_{k+1} shortened where Y_{k,2} < -1/2, so that it is -1/2: on the event E,
    /// often on its boundary. No h_k is zero.
    pub(crate) fn draw_on_event(draw: &mut Draw<'_>) -> Self {
        let mut walk = Self::draw_started(draw);
        let mut h = walk.start.clone();
        let edge = Rational::new(-1, 2);
        for k in 0..walk.depth() {
            let y = walk.increment(&walk.noise[k], &h).1;
            if y < edge {
                let by = &edge / y;
                walk.noise[k] = walk.noise[k].map(|v| v * &by);
            }
            h = walk.layer(k + 1) * h;
        }
        walk
    }
    pub(crate) fn depth(&self) -> usize {
        self.noise.len()
    }
    pub(crate) fn width(&self) -> usize {
        self.start.len()
    }
    pub(crate) fn entries(&self) -> Rational {
        whole(self.depth() * self.width())
    }
    pub(crate) fn s2(&self) -> Rational {
        self.c.powi(2) * self.entries()
    }
    /// `I + s/sqrt(L d) N_k`, k from 1.
    pub(crate) fn layer(&self, k: usize) -> Matrix {
        Matrix::identity(self.width(), self.width()) + self.noise[k - 1].map(|v| v * &self.c)
    }
    /// Pi_{k:1} = W_k .. W_1.
    pub(crate) fn product(&self, k: usize) -> Matrix {
        (1..=k).fold(Matrix::identity(self.width(), self.width()), |p, j| self.layer(j) * p)
    }
    /// L, d, s^2, `s/sqrt(L d)`, I, N_k, W_k, and `h_k = W_k .. W_1 h_0`.
    fn table(&self) -> Table<Rational> {
        let d = self.width();
        let product = descent("i", var("k"), 1, at("W", var("i")));
        Table::default()
            .scalar("L", whole(self.depth()))
            .scalar("d", whole(d))
            .scalar("s^2", self.s2())
            .scalar("s/sqrt(L d)", self.c.clone())
            .matrix("I", &[], Matrix::identity(d, d))
            .family("N", self.noise.iter().cloned())
            .family("W", (1..=self.depth()).map(|k| self.layer(k)))
            .matrix("h", &[0], Matrix::from_column_slice(d, 1, self.start.as_slice()))
            .define("h", &["k"], product * at("h", 0))
    }
    /// h_0, .., h_L, layer by layer.
    pub(crate) fn path(&self) -> Vec<DVector<Rational>> {
        let mut h = vec![self.start.clone()];
        for k in 1..=self.depth() {
            h.push(self.layer(k) * &h[k - 1]);
        }
        h
    }
    /// `(Y_{k,1}, Y_{k,2})` by their printed quotients, for `N_{k+1} = n` and h_k = h, not zero.
    pub(crate) fn increment(&self, n: &Matrix, h: &DVector<Rational>) -> (Rational, Rational) {
        let (square, image) = (norm_squared(h.iter()), n * h);
        let first = self.s2() * norm_squared(image.iter()) / (self.entries() * &square);
        (first, 2 * &self.c * h.dot(&image) / square)
    }
    /// Y_{0,.}, .., Y_{L-1,.}; `None` where some h_k, k < L, is zero.
    pub(crate) fn increments(&self) -> Option<Vec<(Rational, Rational)>> {
        let h = self.path();
        if h[..self.depth()].iter().any(|h| h.iter().all(Zero::is_zero)) {
            return None;
        }
        Some((0..self.depth()).map(|k| self.increment(&self.noise[k], &h[k])).collect())
    }
    /// `[S_{k,1}, S_{k,2}, S_{k,3}]`, k = 1..L.
    pub(crate) fn sums(&self) -> Option<Vec<[Rational; 3]>> {
        let mut sum = [Rational::zero(), Rational::zero(), Rational::zero()];
        let add = |(first, second): (Rational, Rational)| {
            sum[0] += first;
            sum[2] += second.powi(2);
            sum[1] += second;
            sum.clone()
        };
        Some(self.increments()?.into_iter().map(add).collect())
    }
    /// `norm(h_k)^2 / norm(h_0)^2`, k = 1..L, from the products.
    pub(crate) fn ratios(&self) -> Vec<Rational> {
        let below = norm_squared(self.start.iter());
        (1..=self.depth()).map(|k| norm_squared((self.product(k) * &self.start).iter()) / &below).collect()
    }
    /// The a-th unit matrix, row by row.
    fn unit(d: usize, a: usize) -> Matrix {
        Matrix::from_fn(d, d, |i, j| if i * d + j == a { Rational::one() } else { Rational::zero() })
    }
    /// Q and q of the module's documentation at h.
    pub(crate) fn forms(&self, h: &DVector<Rational>) -> (Matrix, DVector<Rational>) {
        let d = self.width();
        let alone: Vec<(Rational, Rational)> = (0..d * d).map(|a| self.increment(&Self::unit(d, a), h)).collect();
        let quadratic = Matrix::from_fn(d * d, d * d, |a, b| {
            let both = self.increment(&(Self::unit(d, a) + Self::unit(d, b)), h).0;
            (both - &alone[a].0 - &alone[b].0) / 2
        });
        (quadratic, DVector::from_fn(d * d, |a, _| alone[a].1.clone()))
    }
    /// q alone.
    pub(crate) fn linear(&self, h: &DVector<Rational>) -> DVector<Rational> {
        let d = self.width();
        DVector::from_fn(d * d, |a, _| self.increment(&Self::unit(d, a), h).1)
    }
}

/// The largest of a list that is not empty.
pub(crate) fn most<'a>(list: impl IntoIterator<Item = &'a Rational>) -> Rational {
    list.into_iter().max().cloned().unwrap_or_else(Rational::zero)
}

/// The smallest of a list that is not empty.
pub(crate) fn least<'a>(list: impl IntoIterator<Item = &'a Rational>) -> Rational {
    list.into_iter().min().cloned().unwrap_or_else(Rational::zero)
}

/// Where some h_k is zero.
pub(crate) const NULL: Margins = Margins::OutOfScope("some h_k is zero: an event of probability zero");

/// Sides that say that a form with matrix `q` follows a `c chi^2(r)` law.
pub(crate) fn chi_square(q: &Matrix, c: &Rational, r: &Rational) -> Vec<(Matrix, Matrix)> {
    vec![(q * q, q.map(|v| v * c)), (scalar(q.trace()), scalar(c * r))]
}

/// The symbols: L, d, s^2, `s/sqrt(L d)`, I, N_k, h_k by the products.
fn path(draw: &mut Draw<'_>) -> Drawn {
    Ok(Walk::draw(draw).table())
}
/// And Y_{k,1}, Y_{k,2}.
fn with_increments(draw: &mut Draw<'_>) -> Drawn {
    let walk = Walk::draw(draw);
    let entry = |q: Rational| Matrix::from_element(1, 1, q);
    let increments = walk.increments().ok_or("some h_k is zero")?;
    Ok(increments.into_iter().zip(0..).fold(walk.table(), |table, ((first, second), k)| {
        table.matrix("Y", &[k, 1], entry(first)).matrix("Y", &[k, 2], entry(second))
    }))
}

/// norm(h_k)^2 is not the zero polynomial: its value at N = 0. Planted: `h_k is not 0 for every N`, tried at
/// N_1 = -I/c.
fn any_start(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let mut walk = Walk::draw(draw);
    if !how.printed() && walk.start.iter().all(Zero::is_zero) {
        return Margins::OutOfScope("h_0 = 0");
    }
    for n in &mut walk.noise {
        n.fill(Rational::zero());
    }
    if how.plants(Plant::DroppedHypothesis) {
        if walk.c.is_zero() {
            return Margins::OutOfScope("s = 0");
        }
        walk.noise[0].fill_diagonal(-(1 / &walk.c));
    }
    let squares = walk.path().into_iter().map(|h| norm_squared(h.iter()));
    Margins::All(squares.map(|v| Pair::exact(&v, &Rational::zero(), bits).strictly()).collect())
}

fn eq_42(draw: &mut Draw<'_>, how: How) -> Exact {
    let walk = Walk::draw(draw);
    let Some(y) = walk.increments() else { return Exact::OutOfScope("some h_k is zero") };
    let (h, l, d) = (walk.path(), whole(walk.depth()), whole(walk.width()));
    let scale = match how {
        How::Planted(Plant::DroppedFactor) => walk.s2() / l,
        _ => walk.s2() / walk.entries(),
    };
    let more = Rational::from(i64::from(how.plants(Plant::OffByOne)));
    let variance = Rational::from(if how.plants(Plant::WrongConstant) { 2 } else { 4 }) * walk.s2() / walk.entries();
    let mut sides = Vec::new();
    for (k, y) in y.into_iter().enumerate() {
        let (quadratic, linear) = walk.forms(&h[k]);
        // The forms are what they are taken for: their values at N_{k+1}.
        let entries: Vec<Rational> = walk.noise[k].transpose().iter().cloned().collect();
        let n = DVector::from_vec(entries);
        sides.push((scalar(y.0), scalar(n.dot(&(&quadratic * &n)))));
        sides.push((scalar(y.1), scalar(linear.dot(&n))));
        sides.extend(chi_square(&quadratic, &scale, &(&d + &more)));
        sides.push((scalar(norm_squared(linear.iter())), scalar(variance.clone())));
    }
    Exact::Sides(sides)
}

/// Two histories N_1..N_k and N'_1..N'_k, one N_{k+1}. Printed: the same values. Corrected: the same laws.
fn next_layer_only(draw: &mut Draw<'_>, how: How) -> Exact {
    let walk = Walk::draw(draw);
    let mut twin = Walk::draw(draw);
    (twin.c, twin.start) = (walk.c.clone(), walk.start.clone());
    let k = walk.depth() - 1;
    let (h, other) = (walk.path().swap_remove(k), twin.path().swap_remove(k));
    if [&h, &other].iter().any(|h| h.iter().all(Zero::is_zero)) {
        return Exact::OutOfScope("some h_k is zero");
    }
    if how.printed() {
        let (a, b) = (walk.increment(&walk.noise[k], &h), walk.increment(&walk.noise[k], &other));
        return Exact::Sides(vec![(scalar(a.0), scalar(b.0)), (scalar(a.1), scalar(b.1))]);
    }
    let scale = walk.s2() / walk.entries();
    let law = |h: &DVector<Rational>| {
        let (q, linear) = walk.forms(h);
        let by = if how.plants(Plant::MissingNorm) { norm_squared(h.iter()) } else { Rational::one() };
        let projection = &q * &q - q.map(|v| v * &scale);
        (scalar(q.trace() * by), scalar(norm_squared(linear.iter())), projection)
    };
    let ((trace, variance, a), (trace_2, variance_2, b)) = (law(&h), law(&other));
    Exact::Sides(vec![(trace, trace_2), (variance, variance_2), (a, b)])
}

fn laws_of_sums(draw: &mut Draw<'_>, how: How) -> Exact {
    let walk = Walk::draw(draw);
    if walk.increments().is_none() {
        return Exact::OutOfScope("some h_k is zero");
    }
    let (mut trace, mut variance, mut sides) = (Rational::zero(), Rational::zero(), Vec::new());
    let scale = walk.s2() / walk.entries();
    for h in &walk.path()[..walk.depth()] {
        let (q, linear) = walk.forms(h);
        trace += q.trace();
        variance += norm_squared(linear.iter());
        sides.push((&q * &q, q.map(|v| v * &scale)));
    }
    let degrees = if how.plants(Plant::DroppedFactor) { whole(walk.depth()) } else { walk.entries() };
    let below = if how.plants(Plant::WrongConstant) { walk.entries() } else { whole(walk.width()) };
    sides.push((scalar(trace), scalar(scale * degrees)));
    sides.push((scalar(variance), scalar(4 * walk.s2() / below)));
    Exact::Sides(sides)
}

pub(crate) fn steps() -> Vec<Step> {
    let identity = |sides| Body::Identity { sizes: SIZES, sides };
    let [k, depth, c] = vars(["k", "L", "s/sqrt(L d)"]);
    let (h, next, noise) = (at("h", &k), at("h", &k + 1), at("N", &k + 1));
    let share = var("s^2") / (&depth * var("d"));
    let y = |i: i64| Expr::from(Node::Symbol("Y", vec![k.clone(), i.into()]));
    let steps = |says: Says| says.each("k", 0, &depth - 1);
    vec![
        Step::new("lemma-3/recursion", "B.9, useful identities", &[1991])
            .titled("One layer of the path")
            .given("h_k = Pi_{k:1} h_0; any N, h_0, s")
            .on(SIZES, path)
            .states(steps(next.equals((var("I") + &c * &noise) * &h)))
            .edited(Plant::OffByOne, Edit::Swap(noise.clone(), at("N", 1)))
            .done(),
        Step::new("lemma-3/squared-norm", "B.9, before (41)", &[1997])
            .titled("The squared norm after one layer")
            .given("any N, h_0, s")
            .uses(&["lemma-3/recursion"])
            .on(SIZES, path)
            .states(steps(
                square(&next).equals(square(&h) + &share * square(&noise * &h) + 2 * &c * dot(&h, &noise * &h)),
            ))
            .edited(Plant::DroppedFactor, Edit::Swap(2 * &c, c.clone()))
            .edited(Plant::LostSquare, Edit::Swap(share, c))
            .done(),
        Step::new("lemma-3/eq-41", "B.9, (41)", &[2004])
            .titled("The logarithm of the squared norm")
            .given("no h_k is 0: almost surely so for h_0 not 0 (lemma-3/any-h0)")
            .uses(&["lemma-3/squared-norm", "lemma-3/any-h0"])
            .on(SIZES, with_increments)
            .states(steps(square(&next).equals(square(&h) * (1 + y(1) + y(2)))))
            .edited(Plant::DroppedTerm, Edit::Drop(y(1)))
            .remarks(&["(41) after exponentiation."])
            .done(),
        Step::new("lemma-3/any-h0", "B.9, useful identities and bound on P(A-bar)", &[])
            .quoted(2035, "For any (fixed)  $h_0 \\in \\mathbb{R}^d$")
            .titled("The path does not end in zero")
            .given("as printed: any h_0; corrected: h_0 not 0")
            .by(Body::Instances { sizes: &[&[1, 1], &[2, 1], &[2, 2], &[3, 3]], sides: any_start })
            .fails(
                "for any h_0 in R^d, no h_k is zero almost surely (norm(h_k)^2 is not the zero polynomial in N): (41) \
                 and the Y may be formed",
                Fault::Hypothesis,
                "Missing hypothesis: at h_0 = 0 every h_k is 0 and Y_{k,1}, Y_{k,2} are 0/0. With h_0 not 0 all is \
                 well: norm(h_k)^2 is a polynomial in N_1..N_k whose value at N = 0 is norm(h_0)^2, so its zeros have \
                 probability zero. The proof uses unit vectors h_0 only: nothing else changes.",
            )
            .corrected("for h_0 not 0, no h_k is zero almost surely")
            .planted(Plant::DroppedHypothesis, "for h_0 not 0, no h_k is zero, surely"),
        Step::new("lemma-3/eq-42", "B.9, (42)", &[2017])
            .titled("Laws of the increments given the past")
            .given("h_k not 0; N_{k+1} with independent standard normal entries, independent of F_k")
            .uses(&["lemma-6"])
            .by(identity(eq_42))
            .holds(
                "Y_{k,1} | F_k ~ s^2/(L d) chi^2(d): Q^2 = s^2/(L d) Q, tr Q = s^2/L; Y_{k,2} | F_k ~ N(0, 4 \
                    s^2/(L d)): |q|^2 = 4 s^2/(L d)",
            )
            .planted(Plant::DroppedFactor, "Y_{k,1} | F_k ~ s^2/L chi^2(d)")
            .planted(Plant::OffByOne, "Y_{k,1} | F_k ~ s^2/(L d) chi^2(d+1)")
            .planted(Plant::WrongConstant, "Y_{k,2} | F_k ~ N(0, 2 s^2/(L d))"),
        Step::new("lemma-3/next-layer-only", "B.9, after (42)", &[])
            .quoted(2021, "and depend only on  $N_{k+1}$")
            .titled("On what the increments depend")
            .given("h_k not 0")
            .uses(&["lemma-3/eq-42"])
            .by(identity(next_layer_only))
            .fails(
                "Y_{k,1} and Y_{k,2} depend on N_{k+1} only: for two histories N_1..N_k their values are the same",
                Fault::False,
                "False remark, not used: Y_{k,1} = s^2 norm(N_{k+1} h_k)^2 / (L d norm(h_k)^2) sees the direction of \
                 h_k. At d = 2 with N_{k+1} = diag(1, 0) it is s^2/(L d) times the squared cosine of the angle of h_k \
                 with \
                 the first axis, which N_1 turns (at d = 1 the remark is true). What the same sentence says before, \
                 and what is used, is true: their law given F_k is the same for all histories (and adapted to \
                 F_{k+1}), \
                 so the Y_{k,1} are i.i.d., and the Y_{k,2}.",
            )
            .corrected(
                "the laws of Y_{k,1} and of Y_{k,2} given F_k are the same for any two histories: they are \
                        independent of N_1..N_k",
            )
            .planted(
                Plant::MissingNorm,
                "the law of norm(N_{k+1} h_k)^2, not divided by norm(h_k)^2, is the same for \
                                          any two histories",
            ),
        Step::new("lemma-3/laws-of-sums", "B.9, before the bound on P(A-bar)", &[2030])
            .quoted(2028, "both are sums of i.i.d. random variables")
            .titled("Laws of the sums")
            .given("no h_k is 0")
            .uses(&["lemma-3/eq-42", "lemma-3/next-layer-only"])
            .by(identity(laws_of_sums))
            .holds(
                "S_{L,1} ~ s^2/(L d) chi^2(L d): traces add up to s^2/(L d) L d; S_{L,2} ~ N(0, 4 s^2/d): \
                    variances add up to 4 s^2/d",
            )
            .planted(Plant::DroppedFactor, "S_{L,1} ~ s^2/(L d) chi^2(L)")
            .planted(Plant::WrongConstant, "S_{L,2} ~ N(0, 4 s^2/(L d))"),
    ]
}
