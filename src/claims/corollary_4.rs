//! Corollary 4 (Section 5, B.10): the sharpness of the minimiser that the flow from residual initialisation reaches.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | S(W^RI) | `sharpness_at_minimiser` | scalar |
//! | S_min = 2 L lambda norm(w*)^(2-2/L) | [`depth_bound`], no head | scalar |
//! | M, m: norms and smallest singular values of Pi_{k:1}, Pi_{L:k} at the minimiser | `extremes` (empty products included: M >= 1 >= m) | scalars |
//!
//! **Instances.** Residual networks `I + factor N_k` whose w* is set to their own product: the initial risk is R_min, every smallness condition of Theorem 4 is met, and the flow stays where it
//! starts, so `W^RI = W(0)` exactly, in rationals. By continuity what fails strictly there fails for starts nearby too.
//!
//! **The lower bound fails as printed for norm(w) < 1.** Identity layers (s = 0, every draw), white data, `w* = w`: the Hessian is `2 J^T Sigma J` with `J J^T = L norm(w)^2 I`, so
//! `S = 2 L lambda norm(w)^2` and `S/S_min = norm(w)^(2/L) < 1`, for every d and every L. It inherits this from Theorem 2, whose bound needs the factor `norm(w)^(2/L)`
//! (`theorem-2-depth`); with it, the lower bound holds, and the same instance attains it.
//!
//! **Upper bounds, deterministic.** At a minimiser `S = 2 lambda_max(J^T Sigma J) <= 2 Lambda norm(J)^2 <= 2 Lambda sum_k norm(Pi_{L:k+1}^T w)^2 norm(Pi_{k-1:1})^2 <= 2 L Lambda norm(w)^2 M^4`. The
//! paper's (54) is this with `M = 4 exp(s^2/2 + C~_3)`: `2^8` from M^4, one more factor 2 from the Hessian. Since `norm(w*) = norm(Pi_{L:1}^T w) >= m norm(w)`,
//! `S/S_min <= (M^4/m^2) norm(w*)^(2/L) Lambda/lambda`: the corollary with `C = M^4/m^2`. Against the S_min with the head, `norm(w*)^(2/L)` becomes `(norm(w*)/norm(w))^(2/L) <= M^(2/L)`: no
//! factor that grows with w* is left. All three are attained by identity layers on white data.

use super::evidence::{Grade, Role};
use super::frame::{Claim, Comparison, Context, Evaluation, Form, Statement, decide};
use super::instances::{NetworkInstance, white_level};
use super::theorem_2::depth_bound;
use crate::arithmetic::{Enclosure, Rational};
use crate::error::Result;
use crate::hessian::sharpness_at_minimiser;
use crate::linalg::{largest_singular_value, smallest_singular_value};
use crate::network::Network;
use crate::network::initialise::residual_exact;
use crate::problem::Problem;
use crate::problem::draw::{stream, unit_vector};
use nalgebra::DMatrix;
use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// S >= S_min.
    LowerPrinted,
    /// S >= S_min for heads of norm at least 1.
    LowerLargeHead,
    /// S >= S_min norm(w)^(2/L).
    LowerCorrected,
    /// 2 L Lambda norm(w)^2 M^4 >= S.
    UpperProducts,
    /// (M^4/m^2) norm(w*)^(2/L) Lambda/lambda S_min >= S.
    Upper,
    /// (M^(4 + 2/L)/m^2) Lambda/lambda S_min norm(w)^(2/L) >= S.
    UpperCorrected,
    /// Control: lambda in place of Lambda in `UpperProducts`.
    UpperLambda,
    /// Control: M^4 = 1.
    UpperNoProducts,
}

struct Sharpness(Which);

struct Sides<'a> {
    instance: &'a NetworkInstance,
    which: Which,
}

/// M and m.
fn extremes<E: Enclosure>(network: &Network<E>) -> (E, E) {
    let d = network.head().len();
    let (mut high, mut low) = (E::one(), E::one());
    let mut take = |p: &DMatrix<E>| {
        high = high.max(&largest_singular_value(p));
        low = low.min(&smallest_singular_value(p));
    };
    let mut product = DMatrix::identity(d, d);
    for w in network.layers() {
        product = w * &product;
        take(&product);
    }
    let mut product = DMatrix::identity(d, d);
    for w in network.layers().iter().skip(1).rev() {
        product = &product * w;
        take(&product);
    }
    (high, low)
}

impl Comparison for Sides<'_> {
    fn sides<E: Enclosure>(&self, bits: u32) -> (E, E) {
        let (problem, depth) = (&self.instance.problem, self.instance.depth());
        let network = self.instance.network_in::<E>(bits);
        let sharpness = sharpness_at_minimiser(&network, &problem.moments::<E>(bits));
        let of = |q: &Rational| E::from_rational(q, bits);
        let lambda = E::from_interval(&problem.lambda(), bits);
        let lambda_max = E::from_interval(&problem.lambda_max(), bits);
        let (w_star, head) = (of(&self.instance.w_star_norm_squared()), of(&self.instance.head_norm_squared()));
        let least = |head: Option<&E>| depth_bound(&lambda, &w_star, head, depth);
        let by_products =
            |eigenvalue: &E, norms: E| E::from_i64(2 * depth as i64) * eigenvalue.clone() * head.clone() * norms;
        let kappa = || lambda_max.clone() / lambda.clone();
        match self.which {
            Which::LowerPrinted | Which::LowerLargeHead => (sharpness, least(None)),
            Which::LowerCorrected => (sharpness, least(Some(&head))),
            Which::UpperProducts => (by_products(&lambda_max, extremes(&network).0.powi(4)), sharpness),
            Which::UpperLambda => (by_products(&lambda, extremes(&network).0.powi(4)), sharpness),
            Which::UpperNoProducts => (by_products(&lambda_max, E::one()), sharpness),
            Which::Upper => {
                let (m_high, m_low) = extremes(&network);
                let root = w_star.pow_ratio(1, depth as u32);
                (least(None) * kappa() * root * m_high.powi(4) / m_low.powi(2), sharpness)
            }
            Which::UpperCorrected => {
                let (m_high, m_low) = extremes(&network);
                let root = m_high.powi(2).pow_ratio(1, depth as u32);
                (least(Some(&head)) * kappa() * root * m_high.powi(4) / m_low.powi(2), sharpness)
            }
        }
    }
    /// Identity layers (for the lower bounds: one layer, or scalars of one size, too), a unit head where it matters, white data for the lower bounds: all are equalities.
    fn exactly(&self, strength: &Rational) -> Option<bool> {
        let (d, layers) = (self.instance.problem.dimension(), self.instance.network.layers());
        let identity = DMatrix::<Rational>::identity(d, d);
        let lower = matches!(self.which, Which::LowerPrinted | Which::LowerLargeHead | Which::LowerCorrected);
        let balanced =
            lower && (layers.len() == 1 || (d == 1 && layers.iter().all(|w| w[0].abs() == layers[0][0].abs())));
        if !balanced && layers.iter().any(|w| *w != identity) {
            return None;
        }
        let white = white_level(&self.instance.problem).is_some();
        let unit = self.instance.head_norm_squared().is_one();
        let equal = match self.which {
            Which::LowerPrinted | Which::LowerLargeHead => white && unit,
            Which::LowerCorrected | Which::UpperLambda => white,
            Which::UpperProducts | Which::Upper | Which::UpperCorrected | Which::UpperNoProducts => true,
        };
        equal.then(|| *strength <= Rational::one())
    }
}

impl Statement for Sharpness {
    type Instance = NetworkInstance;

    fn instances(&self, context: &Context) -> Vec<NetworkInstance> {
        let drawn = (0..context.size(80, 600, 5000)).filter_map(|i| {
            let rng = &mut stream(context.seed, MINIMISERS + i as u64);
            draw(rng, i).ok()
        });
        drawn.collect()
    }
    fn describe(&self, i: &NetworkInstance) -> String {
        i.describe()
    }
    fn tags(&self, i: &NetworkInstance) -> Vec<String> {
        let (one, head) = (Rational::one(), i.head_norm_squared());
        [
            (head < one, "small head"),
            (head > one, "large head"),
            (i.kind.contains("factor 0"), "identity layers"),
            (i.depth() >= 8, "L >= 8"),
            (white_level(&i.problem).is_none(), "kappa > 1"),
        ]
        .into_iter()
        .filter(|t| t.0)
        .map(|t| t.1.to_string())
        .collect()
    }
    fn evaluate(&self, i: &NetworkInstance, strength: &Rational) -> Evaluation {
        let d = i.problem.dimension();
        if !i.is_minimiser || i.network.layers().iter().any(|w| w.shape() != (d, d)) {
            return Evaluation::out_of_scope("not a minimiser with layers d x d");
        }
        if i.w_star_norm_squared().is_zero() {
            return Evaluation::out_of_scope("w* = 0: S_min = 0");
        }
        let lower = matches!(self.0, Which::LowerPrinted | Which::LowerLargeHead | Which::LowerCorrected);
        if !lower && i.depth() == 1 {
            return Evaluation::out_of_scope("L = 1: S = 2 Lambda norm(w)^2, without products");
        }
        if self.0 == Which::LowerLargeHead && i.head_norm_squared() < Rational::one() {
            return Evaluation::out_of_scope("norm(w) < 1");
        }
        decide(&Sides { instance: i, which: self.0 }, strength)
    }
    fn simpler(&self, i: &NetworkInstance) -> Vec<NetworkInstance> {
        let size = |c: &NetworkInstance| serde_json::to_string(c).map_or(usize::MAX, |s| s.len());
        let limit = size(i);
        let mut out = Vec::new();
        for depth in [1, 2] {
            for (head, spectrum) in [([1, 0], [1, 1]), ([1, 0], [1, 2]), ([0, 1], [1, 2])] {
                for scale in [Rational::one(), Rational::new(1, 10)] {
                    out.extend(identity(depth, head, spectrum, &scale));
                }
            }
        }
        out.retain(|c| size(c) < limit);
        out.sort_by_key(size);
        out
    }
}

/// Identity layers in two dimensions, at the minimum.
fn identity(depth: usize, head: [i64; 2], spectrum: [i64; 2], scale: &Rational) -> Option<NetworkInstance> {
    let w = nalgebra::DVector::from_iterator(2, head.map(Rational::from)).map(|v| v * scale.clone());
    let sigma = DMatrix::from_diagonal(&nalgebra::DVector::from_iterator(2, spectrum.map(Rational::from)));
    let problem = Problem::with_covariance("diagonal", sigma, &w, &Rational::zero()).ok()?;
    let network = residual_exact(depth, w, &Rational::zero(), 0).ok()?;
    Some(NetworkInstance::new(Arc::new(problem), network, "factor 0"))
}

/// Stream of this file under a seed.
const MINIMISERS: u64 = 0x43_0000;

fn draw(rng: &mut ChaCha8Rng, at: usize) -> Result<NetworkInstance> {
    let depth = [1, 2, 3, 5, 8, 16][at % 6];
    let d = 1 + (at / 6) % 4;
    let scale = [Rational::one(), Rational::new(1, 10), Rational::from(10), Rational::new(1, 1000)]
        [rng.random_range(0..4)]
    .clone();
    let head = unit_vector(rng, d).map(|v| v * scale.clone());
    // s / sqrt(L d) with s up to about 1: denominators that keep the products short.
    let factor = [Rational::zero(), Rational::new(1, 16), Rational::new(1, 8), Rational::new(1, 4)]
        [rng.random_range(0..4)]
    .clone();
    let network = residual_exact(depth, head, &factor, rng.random())?;
    let w_star = network.product();
    let problem = if rng.random_bool(0.5) {
        Problem::white(&Rational::new(rng.random_range(1..=9), 4), &w_star, &Rational::one())?
    } else {
        let spectrum: Vec<Rational> = (0..d).map(|_| Rational::new(rng.random_range(1..=40), 8)).collect();
        Problem::with_spectrum(&spectrum, &w_star, &Rational::new(1, 3), rng.random())?
    };
    Ok(NetworkInstance::new(Arc::new(problem), network, format!("factor {factor}")))
}

const COVERAGE: [(&str, usize); 5] =
    [("small head", 10), ("large head", 5), ("identity layers", 5), ("L >= 8", 5), ("kappa > 1", 5)];
const HYPOTHESES: &str = "(A1); the flow starts (and so stays) at a minimiser of residual form";

/// `corollary-4-lower`.
pub fn lower() -> Claim {
    Claim {
        id: "corollary-4-lower",
        title: "Sharpness after residual initialisation, from below",
        place: "Corollary 4",
        hypotheses: HYPOTHESES,
        uses: &["theorem-4", "theorem-2-depth"],
        forms: vec![
            Form::fails("printed", Role::Printed, "S(W^RI) >= S_min", Sharpness(Which::LowerPrinted)),
            Form::holds(
                "corrected",
                Role::Corrected,
                Grade::Instance,
                "S(W^RI) >= S_min norm(w)^(2/L)",
                Sharpness(Which::LowerCorrected),
            )
            .requires(&COVERAGE),
            Form::holds(
                "large-head",
                Role::Corrected,
                Grade::Instance,
                "S(W^RI) >= S_min for norm(w) >= 1",
                Sharpness(Which::LowerLargeHead),
            )
            .requires(&[("large head", 5), ("L >= 8", 5)]),
            Form::control(
                "percent",
                "S(W^RI) >= 1.01 S_min norm(w)^(2/L)",
                Rational::new(101, 100),
                Sharpness(Which::LowerCorrected),
            ),
            Form::control(
                "percent-large-head",
                "S(W^RI) >= 1.01 S_min for norm(w) >= 1",
                Rational::new(101, 100),
                Sharpness(Which::LowerLargeHead),
            ),
        ],
        finding: Some(
            "False for norm(w) < 1, for every d and L: identity layers, white data and w* = w give S/S_min = norm(w)^(2/L). Inherited from Theorem 2, which drops the head; with S_min norm(w)^(2/L) it holds.",
        ),
        remarks: &["The corrected bound is attained: identity layers, white data."],
    }
}

/// `corollary-4-upper`.
pub fn upper() -> Claim {
    let holds = |name, statement: &str, which| {
        Form::holds(name, Role::Sharpened, Grade::Instance, statement, Sharpness(which)).requires(&COVERAGE)
    };
    Claim {
        id: "corollary-4-upper",
        title: "Sharpness after residual initialisation, from above",
        place: "Corollary 4, (54) in B.10",
        hypotheses: HYPOTHESES,
        uses: &["theorem-4"],
        forms: vec![
            holds("products", "S(W^RI) <= 2 L Lambda norm(w)^2 M^4", Which::UpperProducts),
            holds("deterministic", "S(W^RI)/S_min <= (M^4/m^2) norm(w*)^(2/L) Lambda/lambda", Which::Upper),
            holds("with-head", "S(W^RI)/(S_min norm(w)^(2/L)) <= (M^(4+2/L)/m^2) Lambda/lambda", Which::UpperCorrected),
            Form::control(
                "products-lambda",
                "S(W^RI) <= 2 L lambda norm(w)^2 M^4",
                Rational::one(),
                Sharpness(Which::UpperLambda),
            ),
            Form::control(
                "no-products",
                "S(W^RI) <= 2 L Lambda norm(w)^2",
                Rational::one(),
                Sharpness(Which::UpperNoProducts),
            ),
            Form::control(
                "products-1.01",
                "1.01 S(W^RI) <= 2 L Lambda norm(w)^2 M^4",
                Rational::new(101, 100),
                Sharpness(Which::UpperProducts),
            ),
            Form::control(
                "with-head-1.01",
                "`with-head` with 1.01 S",
                Rational::new(101, 100),
                Sharpness(Which::UpperCorrected),
            ),
            Form::control(
                "deterministic-1.01",
                "`deterministic` with 1.01 S",
                Rational::new(101, 100),
                Sharpness(Which::Upper),
            ),
        ],
        finding: None,
        remarks: &[
            "The factor norm(w*)^(2/L) of the printed bound comes from the S_min without the head; with the head it is gone.",
        ],
    }
}
