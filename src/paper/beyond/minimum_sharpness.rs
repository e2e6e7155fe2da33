//! Beyond the paper: the exact minimum of the sharpness over all minimisers, and how far balanced networks are from it.
//!
//! | symbol | code | shape |
//! | --- | --- | --- |
//! | beta_k = norm(b_k)^2, b_k = W_{k+1}^T .. W_L^T w, beta_L = norm(w)^2 | `beta` | scalar |
//! | M = J J^T = sum_k beta_k A_k^T A_k | `hessian::product_gram` | d x d |
//! | t = beta_1 | `t` | scalar |
//! | K(t) = 2 R^T (t I + (L-1) (norm(w)^2/t)^(1/(L-1)) w* w*^T) R, Sigma = R R^T | `Setting::spread` | d x d |
//! | S* = min over t > 0 of the largest eigenvalue of K(t) | [`minimum()`] | enclosure |
//!
//! **Theorem.** Over all minimisers of depth L >= 2, of any widths, with a head of norm norm(w), the sharpness has the
//! minimum S*; for L = 1 it is `2 norm(w)^2 Lambda`. *Lower bound:* `w* = A_k^T b_{k-1}` gives
//! `w* w*^T <= beta_{k-1} A_k^T A_k` in the PSD order (Cauchy-Schwarz), and A_1 = I, so
//! `M >= beta_1 I + sum_{k>=2} (beta_k / beta_{k-1}) w* w*^T`. The product of the L-1 ratios is norm(w)^2 / beta_1, so
//! their sum is at least `(L-1) (norm(w)^2/beta_1)^(1/(L-1))`. And S = lambda_max(2 R^T M R). *Attained* by rank-one
//! aligned layers with equal ratios, for any t.
//!
//! **Enclosure of S\*.** From above: the certified eigenvalue at any t. From below: for a PSD matrix Z of trace 1,
//! `lambda_max(K(t)) >= <Z, K(t)> = A t + (L-1) B t^(-1/(L-1))` with `A = 2 <Z, R^T R>`,
//! `B = 2 norm(w)^(2/(L-1)) <Z, R^T w* w*^T R>`, and for every t that is at least `L (A B^(L-1))^(1/L)` (arithmetic and
//! geometric means). A mixture of the two leading eigenvectors at the minimum closes the gap.
//!
//! **Balanced networks** (the limit of S(W^SI) for vanishing initialisation) have t = norm(w*)^(2(L-1)/L)
//! norm(w)^(2/L), so that `S_bal <= 2 t (Lambda + (L-1) q)`, while Theorem 2 gives `S* >= 2 L t q`:
//! `S_bal / S* <= 1 + (Lambda/q - 1)/L`. They are asymptotically flattest when L is large against kappa. When kappa is
//! large against L they are not: `claim` controls show the ratio unbounded.

use crate::arithmetic::{Big, Enclosure, Interval, Rational};
use crate::formula::{Expr, Reading, Says, Value, fraction, var};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement, shorter};
use crate::harness::symbols::{Symbols, decide_formula, stated};
use crate::hessian::flattest::{Near, golden};
use crate::hessian::{product_gram, sharpness_at_minimiser};
use crate::linalg::{approximate_eigen, cholesky, inertia, largest_eigenvalue};
use crate::network::{Network, minimiser};
use crate::paper::kit::instances;
use crate::paper::kit::instances::{NetworkInstance, enclose};
use crate::problem::{Problem, dot, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// What S* depends on, in one enclosure arithmetic.
struct Setting<E: Enclosure> {
    /// `R^T R`, similar to Sigma.
    gram: DMatrix<E>,
    /// `R^T w*`.
    direction: DVector<E>,
    /// norm(w)^2.
    head: E,
    depth: usize,
}

impl<E: Enclosure> Setting<E> {
    fn new(problem: &Problem, head_norm_squared: &Rational, depth: usize, bits: u32) -> Option<Self> {
        let r = cholesky(&problem.moments::<E>(bits).sigma)?;
        let w_star = problem.w_star::<E>(bits);
        Some(Self {
            gram: r.transpose() * &r,
            direction: r.transpose() * w_star,
            head: enclose(head_norm_squared, bits),
            depth,
        })
    }

    /// `(norm(w)^2 / t)^(1/(L-1))`, the common ratio beta_k / beta_{k-1}.
    fn ratio(&self, t: &E) -> E {
        (&self.head / t).pow_ratio(1, self.depth as u32 - 1)
    }

    /// K(t): `2 R^T M R` of the rank-one aligned network with beta_1 = t and equal ratios.
    fn spread(&self, t: &E) -> DMatrix<E> {
        let two = E::from_i64(2);
        let rank_one = &self.direction * self.direction.transpose();
        let weight = if self.depth == 1 { E::zero() } else { E::from_i64(self.depth as i64 - 1) * self.ratio(t) };
        self.gram.zip_map(&rank_one, |g, v| &two * (t * g + &weight * v))
    }

    /// `L (A B^(L-1))^(1/L)` for the mixture `Z = p z1 z1^T + (1-p) z2 z2^T`, divided by its trace.
    fn dual(&self, z: &[(f64, DVector<f64>)]) -> E {
        let (mut trace, mut a, mut b) = (E::zero(), E::zero(), E::zero());
        for (p, v) in z {
            let p = E::from_interval(&Interval::point(*p), 64);
            let v = v.map(|x| E::from_interval(&Interval::point(x), 64));
            trace += &p * dot(&v, &v);
            a += &p * dot(&v, &(&self.gram * &v));
            let s = dot(&v, &self.direction);
            b += p * s.powi(2);
        }
        let (l, two) = (self.depth as u32, E::from_i64(2));
        let a = &two * a / &trace;
        let b = two * b * self.head.pow_ratio(1, l - 1) / trace;
        E::from_i64(i64::from(l)) * a.pow_ratio(1, l) * b.pow_ratio(i64::from(l) - 1, l)
    }
}

/// Golden-section steps: the bracket shrinks by 0.618^90 < 1e-18.
const STEPS: usize = 90;

/// Where the minimum is, in f64: t and the mixture of eigenvectors. Proposes; the enclosures decide.
struct Proposal {
    t: f64,
    mixture: Vec<(f64, DVector<f64>)>,
}

fn propose(s: &Setting<Big>, start: f64, kappa: f64) -> Option<Proposal> {
    let near = Near {
        gram: s.gram.map(|v| v.to_interval().mid()),
        direction: s.direction.map(|v| v.to_interval().mid()),
        head: s.head.to_interval().mid(),
        depth: s.depth,
    };
    let Near { gram, direction, .. } = &near;
    let l = s.depth as f64;
    let log = near.optimum(start, kappa, STEPS);
    let (values, vectors) = approximate_eigen(&near.spread(log))?;
    let last = values.len() - 1;
    let first = vectors.column(last).into_owned();
    if last == 0 {
        return Some(Proposal { t: log.exp(), mixture: vec![(1.0, first)] });
    }
    let second = vectors.column(last - 1).into_owned();
    let mixture = |p: f64| [(p, first.clone()), (1.0 - p, second.clone())];
    let dual = |p: f64| {
        let (a, b) = mixture(p).iter().fold((0.0, 0.0), |(a, b), (weight, v)| {
            (a + weight * (v.transpose() * gram * v)[(0, 0)], b + weight * direction.dot(v).powi(2))
        });
        -(a.ln() + (l - 1.0) * b.max(f64::MIN_POSITIVE).ln())
    };
    let p = golden(0.0, 1.0, STEPS, dual).clamp(0.0, 1.0);
    Some(Proposal { t: log.exp(), mixture: mixture(p).into() })
}

/// Enclosure of S*, and the t proposed for it; `None` where the precision does not suffice or w* = 0.
///
/// For w* = 0 and L >= 2 the infimum is 0 and not attained by these networks.
pub fn minimum<E: Enclosure>(problem: &Problem, head: &Rational, depth: usize, bits: u32) -> Option<(E, Rational)> {
    let w_star = norm_squared(problem.w_star_exact()?.iter());
    if w_star.is_zero() {
        return None;
    }
    let s = Setting::<E>::new(problem, head, depth, bits)?;
    if depth == 1 {
        return Some((largest_eigenvalue(&s.spread(&s.head)), head.clone()));
    }
    let big = Setting::<Big>::new(problem, head, depth, bits.max(128))?;
    let start = balanced_t::<Interval>(&w_star, head, depth, 53).mid();
    let kappa = problem.lambda_max().hi() / problem.lambda().lo();
    let proposal = propose(&big, start, kappa)?;
    let t = Rational::from_f64(proposal.t)?;
    let above = largest_eigenvalue(&s.spread(&enclose(&t, bits)));
    let below = s.dual(&proposal.mixture);
    // below <= S* <= above: the hull from the lower end of one to the upper end of the other.
    let enclosed = below.hull(&above);
    Some((enclosed, t))
}

/// beta_1 of the balanced network: norm(w*)^(2(L-1)/L) norm(w)^(2/L).
fn balanced_t<E: Enclosure>(w_star: &Rational, head: &Rational, depth: usize, bits: u32) -> E {
    let l = depth as u32;
    enclose::<E>(w_star, bits).pow_ratio(i64::from(l) - 1, l) * enclose::<E>(head, bits).pow_ratio(1, l)
}

/// Sharpness of the balanced rank-one aligned network: the limit of S(W^SI) for vanishing initialisation (norm(w) = 1
/// there).
pub fn balanced_sharpness<E: Enclosure>(problem: &Problem, head: &Rational, depth: usize, bits: u32) -> Option<E> {
    let s = Setting::<E>::new(problem, head, depth, bits)?;
    let w_star = norm_squared(problem.w_star_exact()?.iter());
    Some(largest_eigenvalue(&s.spread(&balanced_t(&w_star, head, depth, bits))))
}

enum Minimum {
    /// An inequality at every minimiser.
    Everywhere(Says),
    /// One at rank-one aligned layers at the proposed t.
    Optimal(Says),
    /// The PSD order, exactly, with this weight on w* w*^T; control: 1.01.
    Order(Rational),
}

/// The sharpness of a minimiser, of a balanced network and the least, and the symbols of their bounds.
pub(crate) struct Sharpness<'a>(pub &'a NetworkInstance);

impl Symbols for Sharpness<'_> {
    fn value<E: Enclosure + Reading>(&self, name: &str, _: &[i64], bits: u32) -> Option<Value<E>> {
        let Self(i) = self;
        let head = || i.head_norm_squared();
        Some(Value::Scalar(match name {
            "S(W)" => sharpness_at_minimiser(&i.network_in::<E>(bits), &i.problem.moments::<E>(bits)),
            "S_bal" => balanced_sharpness::<E>(&i.problem, &head(), i.depth(), bits)?,
            "S*" => minimum::<E>(&i.problem, &head(), i.depth(), bits)?.0,
            _ => i.symbol(name, bits)?,
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
fn order_holds(i: &NetworkInstance, factor: &Rational) -> Option<bool> {
    let beta: Vec<Rational> = i.network.backward().iter().map(|b| norm_squared(b.iter())).collect();
    let w = i.problem.w_star_exact()?;
    let mut weight = Rational::zero();
    for k in 2..=i.depth() {
        if beta[k - 1].is_zero() {
            return None;
        }
        weight += &beta[k] / &beta[k - 1];
    }
    let rank_one = (w * w.transpose()).map(|v| v * &weight * factor);
    let d = w.len();
    let rest = product_gram(&*i.network) - DMatrix::from_diagonal_element(d, d, beta[1].clone()) - rank_one;
    Some(inertia(&rest).negative == 0)
}

impl Statement for Minimum {
    type Instance = NetworkInstance;

    fn instances(&self, context: &Context) -> Vec<NetworkInstance> {
        let list = instances::minimisers(context);
        match self {
            Self::Optimal(_) => list.iter().step_by(context.size(5, 3, 2)).filter_map(optimal).collect(),
            _ => list.to_vec(),
        }
    }
    fn describe(&self, i: &NetworkInstance) -> String {
        i.describe()
    }
    fn tags(&self, i: &NetworkInstance) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &NetworkInstance, strength: &Rational) -> Evaluation {
        if !i.is_minimiser {
            return Evaluation::out_of_scope("the network does not implement w*");
        }
        if i.w_star_norm_squared().is_zero() {
            return Evaluation::out_of_scope("w* = 0: the infimum is 0 for L >= 2");
        }
        match self {
            Self::Order(weight) if i.depth() == 1 && !weight.is_one() => {
                Evaluation::out_of_scope("L = 1 has no such term")
            }
            Self::Order(weight) => order_holds(i, weight)
                .map_or_else(|| Evaluation::undecided("a backward product vanishes"), Evaluation::exact),
            Self::Everywhere(_) if i.depth() == 1 => {
                // S = 2 norm(w)^2 Lambda identically: both sides are the same number.
                let d = i.problem.dimension();
                let gram = product_gram(&*i.network);
                Evaluation::exact(gram == DMatrix::from_diagonal_element(d, d, i.head_norm_squared()))
            }
            Self::Everywhere(says) | Self::Optimal(says) => decide_formula(says, &Sharpness(i), strength),
        }
    }
    fn simpler(&self, i: &NetworkInstance) -> Vec<NetworkInstance> {
        instances::simpler(i).into_iter().filter(|c| c.depth() >= 2).collect()
    }
    fn neighbours(&self, i: &NetworkInstance) -> Vec<NetworkInstance> {
        if matches!(self, Self::Everywhere(_)) { instances::neighbours(i) } else { Vec::new() }
    }
}

/// A rational rank-one aligned network with beta_1 near the proposed t and equal ratios beta_k/beta_{k-1}, for the
/// data, head and depth of an instance: the layers are given by rational factors close to the optimal ones.
fn optimal(i: &NetworkInstance) -> Option<NetworkInstance> {
    let head = i.head_norm_squared();
    let depth = i.depth();
    let (_, t) = minimum::<Big>(&i.problem, &head, depth, 128)?;
    // Unit vectors between the layers: beta_k = c_L^2 norm(w)^4 c_{L-1}^2 .. c_{k+1}^2, so every ratio is 1/c^2 and the
    // last layer takes the rest.
    let ratio = (head.to_f64() / t.to_f64()).powf(1.0 / (depth as f64 - 1.0).max(1.0));
    let middle = Rational::from_f64(1.0 / ratio.sqrt())?;
    let last = Rational::from_f64(1.0 / (ratio.sqrt() * head.to_f64().sqrt()))?;
    let mut upper = vec![middle; depth.saturating_sub(1)];
    if let Some(end) = upper.last_mut() {
        *end = last;
    }
    let widths = i.network.widths();
    let network = minimiser::rank_one(&i.problem, &widths, i.network.head(), 7, Some(&upper)).ok()?;
    Some(NetworkInstance::new(i.problem.clone(), network, "rank one, at the optimal t"))
}

/// `minimum-sharpness`.
pub fn claim() -> Claim {
    let coverage =
        [("L >= 8", 10), ("norm(w) <= 1/10", 5), ("norm(w) >= 10", 5), ("kappa >= 1e6", 10), ("real data", 10)];
    let order = |percent| Minimum::Order(Rational::new(percent, 100));
    Claim {
        id: "minimum-sharpness",
        title: "The exact minimum of the sharpness over all minimisers",
        place: "beyond the paper (Section 3)",
        hypotheses: "(A1); W minimises R^L; w* != 0; any depth, widths, head",
        uses: &["gradient"],
        forms: vec![
            stated(Form::sharpened, "sharpened", never_beaten(1), Minimum::Everywhere)
                .also("S* = min_t lambda_max(K(t))")
                .requires(&coverage)
                .with_constant(Rational::one(), true),
            Form::sharpened(
                "psd-order",
                "M >= beta_1 I + sum_{k>=2} (beta_k/beta_{k-1}) w* w*^T in the PSD order",
                order(100),
            )
            .requires(&coverage),
            stated(Form::sharpened, "attained", attained(), Minimum::Optimal)
                .also("at rank-one aligned layers with the best t"),
            stated(Form::control, "beaten", never_beaten(fraction(101, 100)), Minimum::Optimal)
                .also("at rank-one aligned layers with the best t"),
            Form::control("psd-order-more", "the PSD order with 1.01 w* w*^T", order(101)),
        ],
        finding: None,
        remarks: &["K(t) = 2 R^T (t I + (L-1) (norm(w)^2/t)^(1/(L-1)) w* w*^T) R with Sigma = R R^T; the proof is in \
             paper::beyond::minimum_sharpness."],
    }
}

/// The sharpness of balanced networks against the least.
struct Balanced(Says);

impl Statement for Balanced {
    type Instance = NetworkInstance;

    fn instances(&self, context: &Context) -> Vec<NetworkInstance> {
        let list = instances::minimisers(context);
        let mut out: Vec<NetworkInstance> = list.iter().step_by(context.size(3, 2, 1)).cloned().collect();
        out.extend(along_the_flat_axis(10_000));
        out
    }
    fn describe(&self, i: &NetworkInstance) -> String {
        i.describe()
    }
    fn tags(&self, i: &NetworkInstance) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &NetworkInstance, strength: &Rational) -> Evaluation {
        if i.w_star_norm_squared().is_zero() {
            return Evaluation::out_of_scope("w* = 0");
        }
        if i.depth() == 1 || i.extreme_eigenvalue_at_w_star(true).is_some() {
            return Evaluation::out_of_scope(
                "L = 1, or w* an eigenvector of Lambda (white data): balanced networks are the flattest, both sides \
                 are equal",
            );
        }
        decide_formula(&self.0, &Sharpness(i), strength)
    }
    fn simpler(&self, i: &NetworkInstance) -> Vec<NetworkInstance> {
        shorter(i, [10, 100, 10_000].into_iter().filter_map(along_the_flat_axis))
    }
}

/// Sigma = diag(1, kappa), w* = e_1, L = 2: w* lies along the flattest axis.
fn along_the_flat_axis(kappa: i64) -> Option<NetworkInstance> {
    let q = |v: i64| Rational::from(v);
    let problem = instances::diagonal_problem(&format!("diag(1,{kappa}), w*=e_1"), [1, kappa], [1, 0]).ok()?;
    let layers = vec![DMatrix::from_row_slice(1, 2, &[q(1), q(0)]), DMatrix::from_element(1, 1, q(1))];
    let network = Network::new(layers, DVector::from_element(1, q(1))).ok()?;
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
            stated(Form::sharpened, "sharpened", bound, Balanced).with_constant(Rational::one(), false).requires(&[
                ("L >= 8", 5),
                ("kappa >= 1e6", 5),
                ("real data", 5),
            ]),
            // Whatever kappa and L.
            stated(Form::control, "bounded", twice, Balanced),
        ],
        finding: None,
        remarks: &[
            "Asymptotically flattest when L >> kappa. When kappa >> L it is not: for Sigma = diag(1, kappa) and w* = \
             e_1 the ratio grows like ((kappa-1)/(L-1))^(1-1/L).",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hessian::flattest::flattest;

    #[test]
    fn the_estimate_lies_in_the_enclosure() {
        for (seed, depth) in [(1, 2), (2, 10), (3, 40)] {
            let problem = Problem::appendix_c(50, 5, seed).unwrap();
            let sigma = problem.enclosed_moments().sigma.map(|v| v.mid());
            let w_star = problem.w_star::<Interval>(53).map(|v| v.mid());
            let near = flattest(&sigma, &w_star, 1.0, depth).unwrap();
            let (proved, _) = minimum::<Interval>(&problem, &Rational::one(), depth, 53).unwrap();
            assert!((near - proved.mid()).abs() < 1e-8 * near, "{near} {proved:?}");
        }
    }
}
