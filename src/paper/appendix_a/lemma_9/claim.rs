//! Lemma 9 (Appendix A): products of matrices stay well conditioned under perturbation of each factor.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | W_1, .., W_L | `layers` | d x d |
//! | theta_k | `theta` | d x d |
//! | M >= 1, m in (0, 1) | the smallest M and the largest m that the prefix products allow, rounded to the safe side | scalars |
//! | W_k + theta_k / L | `perturbed` | d x d |
//!
//! **Instances.** The factors: diagonal, rotations, shears, residual-type, with prefix products between m and M. The
//! theta are not only random: from several starts, each theta_k in turn is moved to the rank-one (or full) matrix of
//! norm equal to the radius that lowers the smallest singular value (or raises the largest) of the perturbed product
//! most, which is the exact maximiser of the linearisation; then rounded to rationals and scaled back inside the ball,
//! so that the hypothesis holds with certainty.
//!
//! **Sharpened: the ball m/(2M)** in place of m^2/(4M^2). Proof: let P_k = W_k .. W_1 and write
//! `(W_k + theta_k/L) .. (W_1 + theta_1/L) = P_k Q_k` with `Q_k = (I + P_k^-1 theta_k P_{k-1} / L) Q_{k-1}`. Since
//! `norm(P_k^-1 theta_k P_{k-1}) <= M/m * m/(2M) = 1/2` (norm(P_0) = 1 <= M),
//! `norm(Q_k) <= (1 + 1/(2L))^L <= sqrt(e) < 2` and `sigma_min(Q_k) >= (1 - 1/(2L))^L >= 1/2`, because this sequence
//! increases from 1/2. The radius is the best one of the form c m/M: for L = 1, d = 1, M = 1, W = m, theta = -m/2 the
//! second bound is attained.

use crate::arithmetic::{Big, Enclosure, Field, Rational, Ring};
use crate::formula::{Expr, Reading, Says, Table, Value, at, max_over, min_over, norm, sigma_min, var};
use crate::harness::{
    Claim, Context, Evaluation, Form, Statement, Symbols, decide_formula, holds_exactly, shorter, stated,
};
use crate::linalg::{from_rows, largest_singular_value, smallest_singular_value, to_rows};
use crate::problem::draw::{normal_matrix, small_matrix, stream};
use crate::problem::generate::orthogonal;
use nalgebra::DMatrix;
use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Factors, directions, and the radius they are scaled to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Perturbation {
    /// W_k, rows.
    layers: Vec<Vec<Vec<Rational>>>,
    /// theta_k, rows: inside the ball of `ball`.
    theta: Vec<Vec<Vec<Rational>>>,
    kind: String,
}

/// Radius of the ball as a function of m and M.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ball {
    /// m^2 / (4 M^2).
    Printed,
    /// m / (2 M).
    Wide,
    /// Control: 51/100 m / M.
    TooWide,
    /// Control: any theta in the unit ball.
    Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Conclusion {
    /// norm <= 2 M.
    Norm,
    /// sigma_min >= m/2.
    SigmaMin,
}

struct Stability {
    ball: Ball,
    /// What theta is optimised against.
    conclusion: Conclusion,
    says: Says,
}

/// `norm(P_k) <= bound` for all perturbed prefix products P_k; as printed at 2 M.
fn norms_below(bound: Expr) -> (Conclusion, Says) {
    (Conclusion::Norm, max_over("k", 1, var("L"), norm(at("P", var("k")))).at_most(bound))
}

/// `sigma_min(P_k) >= m/2`, likewise.
fn singular_values_above() -> (Conclusion, Says) {
    let least = min_over("k", 1, var("L"), sigma_min(at("P", var("k"))));
    (Conclusion::SigmaMin, least.at_least(var("m") / 2))
}

type Matrix = DMatrix<Rational>;

fn matrices(all: &[Vec<Vec<Rational>>], d: usize) -> Option<Vec<Matrix>> {
    all.iter().map(|m| from_rows(m).filter(|m| m.shape() == (d, d))).collect()
}

/// Precision of the hypotheses: norms of exact matrices.
const BITS: u32 = 128;

fn in_big(m: &Matrix) -> DMatrix<Big> {
    m.map(|q| Big::from_rational(&q, BITS))
}

fn prefixes(layers: &[Matrix]) -> Vec<Matrix> {
    let mut out: Vec<Matrix> = Vec::with_capacity(layers.len());
    for w in layers {
        let next = out.last().map_or_else(|| w.clone(), |p| w * p);
        out.push(next);
    }
    out
}

/// The tightest admissible `(m, M)`: M at least 1, m below 1 and positive; `None` if the factors admit none.
fn tightest(layers: &[Matrix]) -> Option<(Rational, Rational)> {
    let (mut low, mut high) = (Rational::new(999, 1000), Rational::one());
    for p in prefixes(layers) {
        let p = in_big(&p);
        high = high.max(largest_singular_value(&p).upper_rational()?);
        low = low.min(smallest_singular_value(&p).lower_rational()?);
    }
    (low.sign() > 0).then_some((low, high))
}

impl Ball {
    fn words(self) -> &'static str {
        match self {
            Self::Printed => "norm(theta_k) <= m^2/(4 M^2)",
            Self::Wide => "norm(theta_k) <= m/(2 M)",
            Self::TooWide => "norm(theta_k) <= 0.51 m/M",
            Self::Unit => "norm(theta_k) <= 1",
        }
    }
}

fn radius(ball: Ball, m: &Rational, big: &Rational) -> Rational {
    match ball {
        Ball::Printed => m.powi(2) / (4 * big.powi(2)),
        Ball::Wide => m / (2 * big),
        Ball::TooWide => Rational::new(51, 100) * m / big,
        Ball::Unit => Rational::one(),
    }
}

/// The prefixes of the perturbed product, and m and M of the factors.
struct Sides {
    perturbed: Vec<Matrix>,
    low: Rational,
    high: Rational,
}

impl Sides {
    fn exact(&self) -> Table<Rational> {
        Table::default()
            .scalar("L", Rational::from(self.perturbed.len() as i64))
            .scalar("m", self.low.clone())
            .scalar("M", self.high.clone())
            .family("P", self.perturbed.iter().cloned())
    }
}

impl Symbols for Sides {
    fn value<E: Enclosure + Reading>(&self, name: &str, indices: &[i64], bits: u32) -> Option<Value<E>> {
        let of = |q: &Rational| E::from_rational(q, bits);
        Some(match (name, indices) {
            ("P", [k]) => {
                let product = self.perturbed.get(usize::try_from(*k).ok()?.checked_sub(1)?)?;
                Value::Matrix(product.map(|q| of(&q)))
            }
            ("L", []) => Value::Scalar(E::from_i64(self.perturbed.len() as i64)),
            ("m", []) => Value::Scalar(of(&self.low)),
            ("M", []) => Value::Scalar(of(&self.high)),
            _ => return None,
        })
    }
    /// d = 1: singular values are absolute values.
    fn exactly(&self, says: &Says, strength: &Rational) -> Option<bool> {
        holds_exactly(says, &self.exact(), strength)
    }
}

impl Statement for Stability {
    type Instance = Perturbation;

    fn instances(&self, context: &Context) -> Vec<Perturbation> {
        use rayon::prelude::*;
        let mut out: Vec<Perturbation> = self.boundary();
        let drawn: Vec<Option<Perturbation>> =
            (0..context.size(60, 600, 6000)).into_par_iter().map(|i| self.draw(context, i)).collect();
        out.extend(drawn.into_iter().flatten());
        out
    }
    fn describe(&self, i: &Perturbation) -> String {
        let d = i.layers.first().map_or(0, Vec::len);
        format!("L={}, d={d}, {}", i.layers.len(), i.kind)
    }
    fn tags(&self, i: &Perturbation) -> Vec<String> {
        let mut out = Vec::new();
        let depth = i.layers.len();
        for (on, name) in [
            (depth == 1, "L = 1"),
            (depth >= 8, "L >= 8"),
            (i.kind.contains("optimised"), "theta optimised"),
            (i.layers.first().is_some_and(|l| l.len() == 1), "d = 1"),
        ] {
            if on {
                out.push(name.to_string());
            }
        }
        out
    }
    fn evaluate(&self, i: &Perturbation, strength: &Rational) -> Evaluation {
        let d = i.layers.first().map_or(0, Vec::len);
        let (Some(layers), Some(theta)) = (matrices(&i.layers, d), matrices(&i.theta, d)) else {
            return Evaluation::out_of_scope("the factors are not square of one size");
        };
        if layers.len() != theta.len() || d == 0 {
            return Evaluation::out_of_scope("as many theta as factors are needed");
        }
        let Some((m, big)) = tightest(&layers) else {
            return Evaluation::out_of_scope("a prefix product is singular: no m in (0, 1)");
        };
        let allowed = radius(self.ball, &m, &big);
        for t in &theta {
            // The hypothesis must hold with certainty: the upper end of the norm decides; d = 1 is exact.
            let norm = if d == 1 { Some(t[(0, 0)].abs()) } else { largest_singular_value(&in_big(t)).upper_rational() };
            if norm.is_none_or(|n| n > allowed) {
                return Evaluation::out_of_scope("a theta is outside the ball");
            }
        }
        let depth = Rational::from(layers.len() as i64);
        let moved: Vec<Matrix> = layers.iter().zip(&theta).map(|(w, t)| w + t.map(|v| v / &depth)).collect();
        decide_formula(&self.says, &Sides { perturbed: prefixes(&moved), low: m, high: big }, strength)
    }
    fn simpler(&self, i: &Perturbation) -> Vec<Perturbation> {
        shorter(i, self.boundary())
    }
}

impl Stability {
    /// Scalar cases, where the bounds are attained or nearly so.
    fn boundary(&self) -> Vec<Perturbation> {
        let mut out = Vec::new();
        for depth in [1, 2, 5] {
            for (first, sign) in
                [(Rational::new(1, 2), -1), (Rational::new(9, 10), -1), (Rational::one(), 1), (Rational::from(3), 1)]
            {
                let mut layers = vec![DMatrix::from_element(1, 1, Rational::one()); depth];
                layers[0] = DMatrix::from_element(1, 1, first.clone());
                let Some((m, big)) = tightest(&layers) else { continue };
                // Exact for d = 1: the ball is computed from the enclosed m and M, whose safe sides are slightly
                // inside.
                let r = radius(self.ball, &m, &big);
                let theta = DMatrix::from_element(1, 1, r * Rational::from(sign));
                out.push(Perturbation {
                    layers: layers.iter().map(to_rows).collect(),
                    theta: vec![to_rows(&theta); depth],
                    kind: format!("scalars, first {first}"),
                });
            }
        }
        out
    }

    fn draw(&self, context: &Context, index: usize) -> Option<Perturbation> {
        let rng = &mut stream(context.seed, 0x39_0000 + index as u64);
        let depth = [1, 2, 3, 4, 8, 16, 32][rng.random_range(0..7)];
        let d = rng.random_range(1..=4);
        let (layers, kind) = factors(rng, depth, d)?;
        let (m, big) = tightest(&layers)?;
        let allowed = radius(self.ball, &m, &big);
        let optimised = !index.is_multiple_of(4);
        let raw = if optimised {
            optimise(rng, &layers, allowed.to_f64(), self.conclusion)
        } else {
            (0..depth).map(|_| normal_matrix(rng, d, d)).collect()
        };
        let theta = raw.iter().map(|t| inside(t, &allowed)).collect::<Option<Vec<_>>>()?;
        let how = if optimised { "theta optimised" } else { "theta random" };
        Some(Perturbation {
            layers: layers.iter().map(to_rows).collect(),
            theta: theta.iter().map(to_rows).collect(),
            kind: format!("{kind}, {how}"),
        })
    }
}

/// Factors with bounded prefix products, rational.
fn factors(rng: &mut ChaCha8Rng, depth: usize, d: usize) -> Option<(Vec<Matrix>, &'static str)> {
    let pick = rng.random_range(0..4);
    let layers: Option<Vec<Matrix>> = (0..depth)
        .map(|k| match pick {
            0 => orthogonal(d, rng.random()).ok(),
            1 => {
                // Diagonal, alternately shrinking and growing: prefix products between 1/4 and 4.
                let up = if k % 2 == 0 { Rational::from(4) } else { Rational::new(1, 4) };
                Some(DMatrix::from_fn(d, d, |i, j| match (i == j, i) {
                    (true, 0) => up.clone(),
                    (true, 1) => 1 / &up,
                    (true, _) => Rational::one(),
                    _ => Rational::zero(),
                }))
            }
            2 => {
                let noise = small_matrix(rng, d, d, 4, 8 * depth as i64);
                Some(Matrix::identity(d, d) + noise)
            }
            _ => {
                // A shear and its inverse in turn.
                let s = if k % 2 == 0 { Rational::from(2) } else { Rational::from(-2) };
                Some(DMatrix::from_fn(d, d, |i, j| match (i, j) {
                    _ if i == j => Rational::one(),
                    (0, 1) => s.clone(),
                    _ => Rational::zero(),
                }))
            }
        })
        .collect();
    Some((layers?, ["rotations", "diagonal", "residual", "shears"][pick]))
}

/// Rounds to rationals and scales into the ball of the given radius with certainty.
fn inside(t: &DMatrix<f64>, radius: &Rational) -> Option<Matrix> {
    let norm = t.norm();
    if norm == 0.0 || !norm.is_finite() {
        return Some(Matrix::zeros(t.nrows(), t.ncols()));
    }
    // 24 bits of direction are ample; short rationals keep the exact products cheap.
    let unit = t.map(|v| Rational::new((v / norm * f64::from(1 << 24)).round() as i64, 1 << 24));
    let size = largest_singular_value(&in_big(&unit)).upper_rational()?;
    if size.is_zero() {
        return Some(unit);
    }
    let scale = radius / size;
    // Shortened toward zero, so that the scaled matrix stays inside.
    let scale = Rational::from_f64(scale.to_f64() * (1.0 - f64::EPSILON * 4.0))?;
    Some(unit.map(|v| v * &scale))
}

/// Rounds of the block-coordinate ascent; it settles within three.
const ROUNDS: usize = 4;

/// Locally worst theta: each theta_k in turn maximises the linearisation of the objective over the ball.
fn optimise(rng: &mut ChaCha8Rng, layers: &[Matrix], radius: f64, conclusion: Conclusion) -> Vec<DMatrix<f64>> {
    let depth = layers.len();
    let d = layers[0].nrows();
    let w: Vec<DMatrix<f64>> = layers.iter().map(|l| l.map(|q| q.to_f64())).collect();
    let mut theta: Vec<DMatrix<f64>> =
        (0..depth).map(|_| normal_matrix(rng, d, d)).map(|t| &t * (radius / t.norm().max(f64::MIN_POSITIVE))).collect();
    let last = rng.random_range(0..depth);
    for _ in 0..ROUNDS {
        for k in 0..=last {
            let moved = |j: usize| &w[j] + &theta[j] / depth as f64;
            let before = (0..k).fold(DMatrix::identity(d, d), |p: DMatrix<f64>, j| moved(j) * p);
            let after = (k + 1..=last).fold(DMatrix::identity(d, d), |p: DMatrix<f64>, j| moved(j) * p);
            let product = &after * moved(k) * &before;
            let svd = product.svd(true, true);
            let (Some(u), Some(v)) = (svd.u, svd.v_t) else { return theta };
            let at =
                if conclusion == Conclusion::Norm { svd.singular_values.imax() } else { svd.singular_values.imin() };
            let a = after.tr_mul(&u.column(at));
            let b = &before * v.row(at).transpose();
            let size = a.norm() * b.norm();
            if size > 0.0 {
                let sign = if conclusion == Conclusion::Norm { 1.0 } else { -1.0 };
                theta[k] = (&a * b.transpose()) * (sign * radius / size);
            }
        }
    }
    theta
}

/// `lemma-9`.
pub fn claim() -> Claim {
    let coverage = [("L = 1", 5), ("L >= 8", 5), ("theta optimised", 20), ("d = 1", 5)];
    let told = |make, name, ball: Ball, (conclusion, says): (Conclusion, Says)| {
        stated(make, name, says, |says| Stability { ball, conclusion, says }).under(ball.words())
    };
    let two = || Rational::from(2);
    let norms = |make, name, ball| {
        told(make, name, ball, norms_below(2 * var("M"))).with_constant(two(), false).requires(&coverage)
    };
    let singular_values = |make, name, ball| {
        let half = Rational::new(1, 2);
        told(make, name, ball, singular_values_above()).with_constant(half, true).requires(&coverage)
    };
    Claim {
        id: "lemma-9",
        title: "Stability of products of matrices under perturbation",
        place: "Lemma 9",
        hypotheses: "norm(W_k..W_1) <= M, sigma_min(W_k..W_1) >= m for all k; M >= 1, m in (0,1); norm(theta_k) in \
                     the ball",
        uses: &[],
        forms: vec![
            norms(Form::printed, "printed", Ball::Printed),
            singular_values(Form::printed, "printed-sigma", Ball::Printed),
            norms(Form::sharpened, "sharpened", Ball::Wide),
            singular_values(Form::sharpened, "sharpened-sigma", Ball::Wide),
            told(Form::control, "too-wide", Ball::TooWide, singular_values_above()),
            told(Form::control, "no-ball", Ball::Unit, singular_values_above()),
            told(Form::control, "no-slack", Ball::Wide, norms_below(var("M"))),
        ],
        finding: None,
        remarks: &[
            "The ball m/(2M) suffices and is the best of the form c m/M; the printed ball is smaller by the factor \
             m/(2M).",
        ],
    }
}
