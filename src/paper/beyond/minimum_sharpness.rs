//! Beyond the paper: the exact minimum of the sharpness over all minimisers, and how far balanced networks are from it.
//!
//! | symbol | code | shape |
//! | --- | --- | --- |
//! | beta_k = norm(b_k)^2, b_k = W_{k+1}^T .. W_L^T w, beta_L = norm(w)^2 | `beta` | scalar |
//! | M = J J^T = sum_k beta_k A_k^T A_k | `hessian::product_gram` | d x d |
//! | t = beta_1 | `t` | scalar |
//! | K(t) = 2 R^T (t I + (L-1) (norm(w)^2/t)^(1/(L-1)) w* w*^T) R, Sigma = R R^T | [`hessian::flattest`](crate::hessian::flattest) | d x d |
//! | S* = min over t > 0 of the largest eigenvalue of K(t) | [`least`] | enclosure |
//!
//! **Theorem.** Over all minimisers of depth L >= 2, of any widths, with a head of norm norm(w), the sharpness has the
//! minimum S*; for L = 1 it is `2 norm(w)^2 Lambda`. *Lower bound:* `w* = A_k^T b_{k-1}` gives
//! `w* w*^T <= beta_{k-1} A_k^T A_k` in the PSD order (Cauchy-Schwarz), and A_1 = I, so
//! `M >= beta_1 I + sum_{k>=2} (beta_k / beta_{k-1}) w* w*^T`. The product of the L-1 ratios is norm(w)^2 / beta_1, so
//! their sum is at least `(L-1) (norm(w)^2/beta_1)^(1/(L-1))`. And S = lambda_max(2 R^T M R). *Attained* by rank-one
//! aligned layers with equal ratios, for any t.
//!
//! **Balanced networks** (the limit of S(W^SI) for vanishing initialisation) have t = norm(w*)^(2(L-1)/L)
//! norm(w)^(2/L), so that `S_bal <= 2 t (Lambda + (L-1) q)`, while Theorem 2 gives `S* >= 2 L t q`:
//! `S_bal / S* <= 1 + (Lambda/q - 1)/L`. They are asymptotically flattest when L is large against kappa. When kappa is
//! large against L they are not: `claim` controls show the ratio unbounded.

use crate::arithmetic::{Enclosure, Rational};
use crate::formula::{Expr, Reading, Says, Value, fraction, var};
use crate::harness::{Claim, Context, Evaluation, Form, Symbols, decide_formula, shorter, stated};
use crate::hessian::flattest::{balanced as balanced_sharpness, least};
use crate::hessian::product_gram;
use crate::instances::{
    NetworkInstance, Networks, diagonal_problem, flattest, minimisers, neighbours, no_head, simpler,
};
use crate::linalg::inertia;
use crate::network::Network;
use crate::problem::norm_squared;
use nalgebra::DMatrix;
use num_traits::{One, Zero};

/// The sharpness of a balanced network and the least, and the symbols of any.
struct Sharpness<'a>(&'a NetworkInstance);

impl Symbols for Sharpness<'_> {
    fn value<E: Enclosure + Reading>(&self, name: &str, indices: &[i64], bits: u32) -> Option<Value<E>> {
        let Self(i) = self;
        let head = || i.head_norm_squared();
        Some(Value::Scalar(match name {
            "S_bal" => balanced_sharpness::<E>(&i.problem, &head(), i.depth(), bits)?,
            "S*" => least::<E>(&i.problem, &head(), i.depth(), bits)?.0,
            _ => return i.value(name, indices, bits),
        }))
    }
    /// The exact PSD order at this network gives `S(W) >= lambda_max(K(beta_1)) >= S*` (arithmetic and geometric means
    /// in the ratios): that decides the networks that attain S*.
    fn exactly(&self, says: &Says, strength: &Rational) -> Option<bool> {
        let applies = *says == never_beaten(1) && strength.is_one();
        applies.then(|| order_holds(self.0, strength)).flatten().filter(|holds| *holds)
    }
}

/// `S(W) >= factor S*`; the theorem at 1.
fn never_beaten(factor: impl Into<Expr>) -> Says {
    var("S(W)").at_least(factor.into() * var("S*"))
}

/// `S(W) <= (1 + 2^-30) S*`: the share that rounding t to a double and the mixture to two eigenvectors may cost.
fn attained() -> Says {
    var("S(W)").at_most((1 + Expr::from(2).pow(-30)) * var("S*"))
}

/// Exact PSD order of the theorem's proof, with the weight of w* w*^T multiplied by `factor`.
///
/// `M - beta_1 I - factor sum_{k>=2} (beta_k/beta_{k-1}) w* w*^T` has no negative eigenvalue, by exact inertia.
/// `None` where some beta_{k-1} is zero and the ratio has no value, or the data are not rational.
fn order_holds(i: &NetworkInstance, factor: &Rational) -> Option<bool> {
    let beta: Vec<Rational> = i.network.backward().iter().map(|b| norm_squared(b.iter())).collect();
    let w = i.problem.w_star_exact()?;
    let ratio = |k: usize| (!beta[k - 1].is_zero()).then(|| &beta[k] / &beta[k - 1]);
    let weight = (2..=i.depth()).try_fold(Rational::zero(), |sum, k| Some(sum + ratio(k)?))?;
    let rank_one = (w * w.transpose()).map(|v| v * &weight * factor);
    let d = w.len();
    let rest = product_gram(&*i.network) - DMatrix::from_diagonal_element(d, d, beta[1].clone()) - rank_one;
    Some(inertia(&rest).negative == 0)
}

/// Of minimisers with w* != 0.
fn at_minimisers(decide: impl Fn(&NetworkInstance, &Rational) -> Evaluation + Send + Sync + 'static) -> Networks {
    let evaluate = move |i: &NetworkInstance, strength: &Rational| match i.w_star_norm_squared().sign() {
        0 => Evaluation::out_of_scope("w* = 0: the infimum is 0 for L >= 2"),
        _ => decide(i, strength),
    };
    Networks::minimisers(evaluate).simpler(|i| simpler(i).into_iter().filter(|c| c.depth() >= 2).collect())
}

/// An inequality at every minimiser.
fn everywhere(says: Says) -> Networks {
    let decide = move |i: &NetworkInstance, strength: &Rational| {
        if i.depth() > 1 {
            return decide_formula(&says, &Sharpness(i), strength);
        }
        // S = 2 norm(w)^2 Lambda identically: both sides are the same number.
        let d = i.problem.dimension();
        Evaluation::exact(product_gram(&*i.network) == DMatrix::from_diagonal_element(d, d, i.head_norm_squared()))
    };
    at_minimisers(decide).neighbours(neighbours)
}

/// One at rank-one aligned layers at the proposed t.
fn at_the_optimum(says: Says) -> Networks {
    at_minimisers(move |i, strength| decide_formula(&says, &Sharpness(i), strength))
        .tried(|context| minimisers(context).iter().step_by(context.size(5, 3, 2)).filter_map(flattest).collect())
}

/// The PSD order, exactly, with so many percent of the weight on w* w*^T; control: 101.
fn order(percent: i64) -> Networks {
    let weight = Rational::new(percent, 100);
    at_minimisers(move |i, _| match order_holds(i, &weight) {
        _ if i.depth() == 1 && !weight.is_one() => Evaluation::out_of_scope("L = 1 has no such term"),
        Some(holds) => Evaluation::exact(holds),
        None => Evaluation::undecided("a backward product vanishes"),
    })
}

/// `minimum-sharpness`.
pub fn claim() -> Claim {
    let coverage =
        [("L >= 8", 10), ("norm(w) <= 1/10", 5), ("norm(w) >= 10", 5), ("kappa >= 1e6", 10), ("real data", 10)];
    Claim {
        id: "minimum-sharpness",
        title: "The exact minimum of the sharpness over all minimisers",
        place: "beyond the paper (Section 3)",
        hypotheses: "(A1); W minimises R^L; w* != 0; any depth, widths, head",
        uses: &["gradient"],
        forms: vec![
            stated(Form::sharpened, "sharpened", never_beaten(1), everywhere)
                .also("S* = min_t lambda_max(K(t))")
                .requires(&coverage)
                .with_constant(Rational::one(), true),
            Form::sharpened(
                "psd-order",
                "M >= beta_1 I + sum_{k>=2} (beta_k/beta_{k-1}) w* w*^T in the PSD order",
                order(100),
            )
            .requires(&coverage),
            stated(Form::sharpened, "attained", attained(), at_the_optimum)
                .also("at rank-one aligned layers with the best t"),
            stated(Form::control, "beaten", never_beaten(fraction(101, 100)), at_the_optimum)
                .also("at rank-one aligned layers with the best t"),
            Form::control("psd-order-more", "the PSD order with 1.01 w* w*^T", order(101)),
        ],
        finding: None,
        remarks: &["K(t) = 2 R^T (t I + (L-1) (norm(w)^2/t)^(1/(L-1)) w* w*^T) R with Sigma = R R^T; the proof is in \
             paper::beyond::minimum_sharpness."],
    }
}

/// The sharpness of balanced networks against the least.
fn balanced_networks(says: Says) -> Networks {
    let tried = |context: &Context| {
        let list = minimisers(context);
        list.iter().step_by(context.size(3, 2, 1)).cloned().chain(along_the_flat_axis(10_000)).collect()
    };
    let evaluate = move |i: &NetworkInstance, strength: &Rational| {
        if i.w_star_norm_squared().is_zero() {
            return Evaluation::out_of_scope("w* = 0");
        }
        if i.depth() == 1 || i.extreme_eigenvalue_at_w_star(true).is_some() {
            return Evaluation::out_of_scope(
                "L = 1, or w* an eigenvector of Lambda (white data): balanced networks are the flattest, both sides \
                 are equal",
            );
        }
        decide_formula(&says, &Sharpness(i), strength)
    };
    Networks::new(tried, evaluate)
        .simpler(|i| shorter(i, [10, 100, 10_000].into_iter().filter_map(along_the_flat_axis)))
}

/// Sigma = diag(1, kappa), w* = e_1, L = 2: w* lies along the flattest axis.
fn along_the_flat_axis(kappa: i64) -> Option<NetworkInstance> {
    let q = Rational::from;
    let problem = diagonal_problem(&format!("diag(1,{kappa}), w*=e_1"), [1, kappa], [1, 0]).ok()?;
    let layers = vec![DMatrix::from_row_slice(1, 2, &[q(1), q(0)]), DMatrix::from_element(1, 1, q(1))];
    let network = Network::new(layers, no_head()).ok()?;
    Some(NetworkInstance::new(problem, network, "balanced, rank one"))
}

/// `balanced-limit`.
pub fn balanced() -> Claim {
    let [depth, top, q, least, balanced] = ["L", "Lambda", "q", "S*", "S_bal"].map(var);
    // At most 1 + (kappa - 1)/L.
    let bound = balanced.at_most((1 + (top / q - 1) / depth) * &least);
    let twice = balanced.at_most(2 * least);
    Claim {
        id: "balanced-limit",
        title: "How far balanced rank-one networks (the limit of small initialisation) are from the flattest minimiser",
        place: "beyond the paper (Sections 3 and 4)",
        hypotheses: "(A1), w* != 0, L >= 2, w* not an eigenvector of Lambda",
        uses: &["theorem-2-depth", "minimum-sharpness"],
        forms: vec![
            stated(Form::sharpened, "sharpened", bound, balanced_networks)
                .with_constant(Rational::one(), false)
                .requires(&[("L >= 8", 5), ("kappa >= 1e6", 5), ("real data", 5)]),
            // Whatever kappa and L.
            stated(Form::control, "bounded", twice, balanced_networks),
        ],
        finding: None,
        remarks: &[
            "Asymptotically flattest when L >> kappa. When kappa >> L it is not: for Sigma = diag(1, kappa) and w* = \
             e_1 the ratio grows like ((kappa-1)/(L-1))^(1-1/L).",
        ],
    }
}
