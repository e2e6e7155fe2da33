//! Theorem 1 (introduction) and Theorem 2 (Section 3): lower bounds on the sharpness of minimisers.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | S(W), largest eigenvalue of the Hessian | `NetworkInstance::symbol` | scalar |
//! | S_min = 2 L lambda norm(w*)^(2-2/L) | `Bound::Depth`, printed | scalar |
//! | 2 lambda norm(w*)^(2-1/L) sum_k 1/norm_F(W_k) | `Bound::Norms`, printed | scalar |
//! | w, the fixed head of (3) | `network.head()` | d_L |
//!
//! **As printed, Theorem 2 drops the head**: the findings, and the head of `proof.rs`. Theorem 1 speaks of networks
//! without a head (d_L = 1, w = 1) and is right as printed.
//!
//! **Sharpened.** With `q = w*^T Sigma w* / norm(w*)^2` and `r = norm(Sigma w*)^2 / w*^T Sigma w*` (so
//! `lambda <= q <= r <= Lambda`):
//! - second bound: lambda may be replaced by `(q^(L-1) r)^(1/L)`. Proof: M = J J^T >= beta_1 I + sum_{k>=2}
//!   (beta_k/beta_{k-1}) w* w*^T in the PSD order, with beta_k = norm(b_k)^2 and beta_L = norm(w)^2 (see
//!   `minimum-sharpness`); test `2 Sigma^(1/2) M Sigma^(1/2)` on `Sigma^(1/2) w*` and apply the inequality of
//!   arithmetic and geometric means to the L terms.
//! - first bound: operator norms may stand in place of Frobenius norms, and lambda may be replaced by
//!   `q^(1-1/(2L)) r^(1/(2L))`, and `sum_k 1/norm_2(W_k)` by the larger `sqrt(L sum_k 1/norm_2(W_k)^2)`. Proof: with
//!   `c_k = norm(b_k) norm(A_k Sigma w*)`, the Rayleigh quotient at `Sigma^(1/2) w*` is
//!   `S >= 2 sum c_k^2 / (w*^T Sigma w*)`. From `w* = A_k^T W_k^T b_k`: `c_k norm_2(W_k) >= w*^T Sigma w*`. From
//!   `w* = A_{k+1}^T b_k`: `prod c_k >= norm(w) norm(Sigma w*) (w*^T Sigma w*)^(L-1)`. Then
//!   `sum c_k^2 >= sqrt(sum c_k^2) sqrt(L) (prod c_k)^(1/L)`.
//! - the same quotient without the product: `S >= 2 q norm(w*)^2 sum_k 1/norm_2(W_k)^2`, which needs no head at all.

use crate::arithmetic::{Enclosure, Rational};
use crate::formula::{Expr, Reading, Says, Table, Text, Value, at, in_powers, norm, norm_f, sqrt, sum, var};
use crate::harness::{Claim, Evaluation, Form, Symbols, decide_formula};
use crate::hessian::product_gram;
use crate::instances::{NetworkInstance, Networks, neighbours, scalars};
use crate::linalg::rank_at_most_one;
use crate::problem::dot;
use num_traits::One;

/// Which right-hand side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    /// Theorem 1: the second bound for networks without a head.
    NoHead,
    /// First bound.
    Norms,
    /// Second bound.
    Depth,
}

/// Which version of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// As the paper states it, without the head.
    Printed,
    /// With the factor of the head.
    Corrected,
    /// With q and r in the place of lambda, and operator norms in the first bound.
    Sharpened,
    /// Control: Lambda in place of lambda.
    TopEigenvalue,
    /// Sharpened: the Rayleigh quotient alone.
    Rayleigh,
    /// Control: the hypothesis "W minimises the risk" dropped.
    AnyNetwork,
}

/// One bound in one version: what is stated of every minimiser.
struct SharpnessBound {
    /// Which of the bounds.
    bound: Bound,
    /// Which version of it.
    version: Version,
    /// 2, but for controls.
    constant: Rational,
}

impl SharpnessBound {
    /// The statement.
    fn says(&self) -> Says {
        let [depth, lambda, top, q, r] = ["L", "lambda", "Lambda", "q", "r"].map(var);
        let [w, w_star] = ["norm(w)", "norm(w*)"].map(var);
        // 1/L, or half of that: the exponent of the head and of what the norms of the layers leave of w*.
        let root = 1 / if self.bound == Bound::Norms { 2 * &depth } else { depth.clone() };
        let curved = |e: Expr| match self.version {
            Version::TopEigenvalue => e * &top,
            Version::Rayleigh => e * &q,
            Version::Sharpened => e * q.power(1 - &root) * r.power(&root),
            Version::Printed | Version::Corrected | Version::AnyNetwork => e * &lambda,
        };
        let bare = self.version == Version::Printed || self.bound == Bound::NoHead;
        let with_head = |e: Expr, exponent: &Expr| if bare { e } else { e * w.power(exponent) };
        let constant = Expr::from(&self.constant);
        if self.bound != Bound::Norms {
            let exponent = 2 / &depth;
            let bound = with_head(curved(constant * &depth), &exponent) * w_star.power(2 - exponent);
            return var("S(W)").at_least(bound);
        }
        let over_layers = |norm: Expr| sum("k", 1, &depth, 1 / norm);
        let layer = || at("W", var("k"));
        let exponent = 1 / &depth;
        let bound = match self.version {
            Version::Rayleigh => curved(constant) * w_star.pow(2) * over_layers(norm(layer()).pow(2)),
            version => {
                let norms = match version {
                    Version::Sharpened => sqrt(&depth * over_layers(norm(layer()).pow(2))),
                    _ => over_layers(norm_f(layer())),
                };
                with_head(curved(constant), &exponent) * w_star.power(2 - exponent) * norms
            }
        };
        var("S(W)").at_least(bound)
    }
}

/// At a network, of a bound.
///
/// S(W) is an enclosure of the largest eigenvalue, certified at every precision; the other symbols are those of
/// [`NetworkInstance`].
struct Sides<'a>(&'a NetworkInstance, &'a SharpnessBound);

impl Symbols for Sides<'_> {
    fn value<E: Enclosure + Reading>(&self, name: &str, indices: &[i64], bits: u32) -> Option<Value<E>> {
        self.0.value(name, indices, bits)
    }
    /// The Rayleigh quotient at `Sigma^(1/2) w*`, `2 (Sigma w*)^T M (Sigma w*) / w*^T Sigma w*`, is a rational lower
    /// bound of S, attained in the cases of equality. With it in the place of S both sides are products of powers of
    /// rationals: always for the sharpened constants, and where w* is an eigenvector of the smallest eigenvalue for
    /// lambda. The operator norms of the sharpened forms are asked for where the layers have rank one.
    fn exactly(&self, says: &Says, strength: &Rational) -> Option<bool> {
        let Self(i, SharpnessBound { bound, version, .. }) = self;
        let operator = *bound == Bound::Norms && matches!(version, Version::Sharpened | Version::Rayleigh);
        if *version == Version::AnyNetwork || operator && !i.network.layers().iter().all(rank_at_most_one) {
            return None;
        }
        let (w, m, (q, r)) = (i.problem.w_star_exact()?, i.problem.exact_moments()?, i.rayleigh()?);
        let image = &m.sigma * w;
        let least = 2 * dot(&image, &(product_gram(&*i.network) * &image)) / dot(w, &image);
        let mut table = Table::default()
            .scalar("S(W)", least / strength)
            .scalar("L", Rational::from(i.depth() as i64))
            .scalar("q", q)
            .scalar("r", r)
            .family("W", i.network.layers().iter().cloned())
            .define("norm(w)", &[], sqrt(Expr::from(&i.head_norm_squared())))
            .define("norm(w*)", &[], sqrt(Expr::from(&i.w_star_norm_squared())));
        if let Some(lambda) = i.extreme_eigenvalue_at_w_star(false) {
            table = table.scalar("lambda", lambda);
        }
        // A rational lower bound that suffices proves "holds"; one that does not suffice proves nothing.
        let order = in_powers(says, &table).ok()?.pop()??;
        order.is_ge().then_some(true)
    }
}

impl SharpnessBound {
    /// Out of scope: for Theorem 1 a head that is not (1); for the sharpened versions w* = 0, of which no quotient
    /// exists; for the first bound a layer that is zero. Else decided by enclosures and, where they leave the margin
    /// open, by the exact argument of [`Sides`], which can only say that it holds.
    fn evaluate(&self, i: &NetworkInstance, strength: &Rational) -> Evaluation {
        if self.bound == Bound::NoHead && i.network.head().as_slice() != [Rational::one()] {
            return Evaluation::out_of_scope("Theorem 1 has no head: d_L = 1 and w = 1");
        }
        if matches!(self.version, Version::Sharpened | Version::Rayleigh) && i.rayleigh().is_none() {
            return Evaluation::out_of_scope("w* = 0 has no Rayleigh quotient");
        }
        if self.bound == Bound::Norms && !i.zero_layers().is_empty() {
            return Evaluation::out_of_scope("a layer is zero (only possible for w* = 0): 1/norm_F(W_k) is undefined");
        }
        decide_formula(&self.says(), &Sides(i, self), strength)
    }
    /// At every minimiser; without the hypothesis at a network that is none and flat: three layers, all weights 1/8.
    fn statement(self) -> Networks {
        if self.version != Version::AnyNetwork {
            return Networks::minimisers(move |i, strength| self.evaluate(i, strength)).neighbours(neighbours);
        }
        let eighths = || scalars(vec![Rational::new(1, 8); 3], Rational::one(), "all weights 1/8, not a minimiser");
        Networks::new(move |_| eighths().into_iter().collect(), move |i, strength| self.evaluate(i, strength))
    }
}

/// Classes that the instances of Theorem 2 must reach.
const COVERAGE: [(&str, usize); 12] = [
    ("L = 1", 10),
    ("L >= 8", 30),
    ("L >= 16", 10),
    ("a hidden layer of width 1", 20),
    ("wider than d", 20),
    ("norm(w) <= 1/10", 20),
    ("norm(w) >= 10", 20),
    ("kappa >= 1e6", 20),
    ("white data", 20),
    ("real data", 20),
    ("layer norms unbalanced by 1e3", 20),
    ("rank-one layers", 20),
];

/// One of the constructors of [`Form`].
type Make = fn(&'static str, String, Networks) -> Form;

/// A form of one of the bounds, with the constant 2, which `probe` replaces.
///
/// More than 2 is a stronger statement.
fn told(make: Make, name: &'static str, bound: Bound, version: Version) -> Form {
    let body = SharpnessBound { bound, version, constant: Rational::from(2) };
    make(name, Text.says(&body.says()), body.statement()).with_constant(Rational::from(2), true)
}

/// A control, at so many percent of the constant.
fn control(name: &'static str, bound: Bound, version: Version, percent: i64) -> Form {
    let body = SharpnessBound { bound, version, constant: Rational::new(2 * percent, 100) };
    Form::control(name, Text.says(&body.says()), body.statement())
}

/// `theorem-1`.
pub fn theorem_1() -> Claim {
    Claim {
        id: "theorem-1",
        title: "Sharpness of any network that implements w* (no head)",
        place: "Theorem 1",
        hypotheses: "(A1); w_prod = w*; d_L = 1 and w = 1; any depth L >= 1 and widths",
        uses: &["gradient"],
        forms: vec![
            told(Form::printed, "printed", Bound::NoHead, Version::Printed).requires(&[
                ("L = 1", 3),
                ("L >= 8", 10),
                ("kappa >= 1e6", 5),
                ("real data", 5),
                ("rank-one layers", 5),
            ]),
            told(Form::sharpened, "sharpened", Bound::NoHead, Version::Sharpened),
            control("one-percent-more", Bound::NoHead, Version::Printed, 101),
            control("top-eigenvalue", Bound::NoHead, Version::TopEigenvalue, 100),
        ],
        finding: None,
        remarks: &[
            "The bound is attained: white data, rank-one aligned layers of equal norm. So the constant 2 is the best \
             one.",
            "w* = 0 is in scope: S_min is 0 for L >= 2 and 2 lambda for L = 1 (norm(w*)^0 = 1).",
        ],
    }
}

/// `theorem-2-norms`.
pub fn norms() -> Claim {
    Claim {
        id: "theorem-2-norms",
        title: "First bound: the sharpness of a minimiser from the norms of its layers",
        place: "Theorem 2, first inequality",
        hypotheses: "(A1); W minimises R^L; model (3): any depth L >= 1, widths and fixed head w; no layer zero",
        uses: &["gradient"],
        forms: vec![
            told(Form::misprinted, "printed", Bound::Norms, Version::Printed).requires(&COVERAGE),
            told(Form::corrected, "corrected", Bound::Norms, Version::Corrected).requires(&COVERAGE),
            told(Form::sharpened, "sharpened", Bound::Norms, Version::Sharpened),
            told(Form::sharpened, "rayleigh", Bound::Norms, Version::Rayleigh),
            control("one-percent-more", Bound::Norms, Version::Corrected, 101),
            control("top-eigenvalue", Bound::Norms, Version::TopEigenvalue, 100),
            control("any-network", Bound::Norms, Version::AnyNetwork, 100).under("no hypothesis on W"),
        ],
        finding: Some(
            "A factor is lost. In B.1 the product of the Delta_k starts with Delta_L, whose left factor is the head w; \
             the display after (17) drops it. The bound holds for norm(w) >= 1 and fails for norm(w) < 1. Carried \
             through, the factor norm(w)^(1/L) repairs it. What depends on it: the displayed bound of `rescaling` \
             (same factor, same repair). Section 4 uses w = 1, where printed and corrected agree.",
        ),
        remarks: &[],
    }
}

/// `theorem-2-depth`.
pub fn depth() -> Claim {
    Claim {
        id: "theorem-2-depth",
        title: "Second bound: the sharpness of any minimiser grows linearly with depth",
        place: "Theorem 2, second inequality",
        hypotheses: "(A1); W minimises R^L; model (3): any depth L >= 1, widths and fixed head w",
        uses: &["gradient"],
        forms: vec![
            told(Form::misprinted, "printed", Bound::Depth, Version::Printed).requires(&COVERAGE),
            told(Form::corrected, "corrected", Bound::Depth, Version::Corrected).requires(&COVERAGE),
            told(Form::sharpened, "sharpened", Bound::Depth, Version::Sharpened),
            control("one-percent-more", Bound::Depth, Version::Corrected, 101),
            control("top-eigenvalue", Bound::Depth, Version::TopEigenvalue, 100),
            control("any-network", Bound::Depth, Version::AnyNetwork, 100).under("no hypothesis on W"),
        ],
        finding: Some(
            "The same lost factor as in the first bound: the product A_L ... A_1 of B.1 begins with w. The bound holds \
             for norm(w) >= 1 and fails for norm(w) < 1 (already for L = 1, where S = 2 norm(w)^2 Lambda; for L = 2: d \
             = 1, X = y = 1, w = 1/2, W_1 = 2, W_2 = 1 has S = 5/2 < 4). The factor norm(w)^(2/L) repairs it. What \
             depends on it: the lower bounds of Corollaries 3 (w = 1: survives unchanged) and 4 (residual networks \
             with a head: survives with norm(w)^(2/L)), and the critical learning rate 2/S_min of the introduction for \
             networks with a head.",
        ),
        remarks: &[
            "The corrected bound is attained for every head: white data, rank-one aligned layers of equal norm \
             (norm(w*)/norm(w))^(1/L).",
        ],
    }
}
