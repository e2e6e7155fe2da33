//! `flatcert inspect`: where a trained network stands, as one object with schema `flatcert.inspect/1`.
//!
//! | field | meaning | shape |
//! | --- | --- | --- |
//! | `data` | n, d, enclosures of lambda, Lambda, norm(w*), R_min; `w_star` are the doubles nearest to w* | `w_star`: d |
//! | `network` | depth L, widths d_0..d_L, number of parameters, norm(w) | |
//! | `risk`, `excess_risk` | R^L(W), R^L(W) - R_min: no factor 1/2 | |
//! | `gradient_norm` | Frobenius norm of the whole gradient | |
//! | `distance_to_w_star` | norm(w_prod - w*) | |
//! | `sharpness`, `hessian_min` | largest and smallest signed eigenvalue of the Hessian | |
//! | `method` | how they were certified (`rank-d`, `riccati`, `dense`), and why that way | |
//! | `leading` | with `top`: the leading eigenvalues, in clusters that could not be told apart, with their multiplicity | |
//! | `above` | with a threshold: the number of eigenvalues above it, certainly between `least` and `most` | |
//! | `edge` | with a learning rate eta: where the sharpness stands against 2 / eta | |
//! | `bounds` | the lower bounds of Section 3, by claim; the corrected form under the claim's id, the printed one under `id/printed` | |
//! | `claims` | what this network says about each of them | |
//!
//! Every real number but `w_star` is an enclosure `{lo, hi}`; an end that is not known is null, and `remarks` says why. The claims of
//! Section 3 speak of minimisers. A trained network is one only up to rounding, so most often it is out of scope; its margin is
//! printed all the same, because it shows how far the sharpness is from the bound.

use crate::arithmetic::{Big, Enclosure, Interval, Rational, Real, Ring};
use crate::claims::evidence::{Grade, Verdict};
use crate::claims::theorem_2::{depth_bound, inverse_norms, norms_bound};
use crate::error::Result;
use crate::hessian::{self, Choice, NetworkEnclosures};
use crate::network::Network;
use crate::problem::{Problem, norm_squared};
use nalgebra::DMatrix;
use num_traits::Zero;
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything `inspect` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// `flatcert.inspect/1`.
    pub schema: &'static str,
    /// The data.
    pub data: Data,
    /// The network.
    pub network: Shape,
    /// R^L(W).
    pub risk: Interval,
    /// R^L(W) - R_min.
    pub excess_risk: Interval,
    /// Norm of the gradient over all layers.
    pub gradient_norm: Interval,
    /// norm(w_prod - w*).
    pub distance_to_w_star: Interval,
    /// Largest signed eigenvalue of the Hessian.
    pub sharpness: Interval,
    /// Smallest signed eigenvalue, where it was affordable.
    pub hessian_min: Option<Interval>,
    /// How they were certified.
    pub method: How,
    /// The leading eigenvalues, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leading: Option<Vec<Cluster>>,
    /// The number of eigenvalues above a threshold, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<AboveThreshold>,
    /// The sharpness against 2 / eta, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edge: Option<Edge>,
    /// Lower bounds on the sharpness of minimisers, by claim.
    pub bounds: BTreeMap<String, Option<Interval>>,
    /// What this network says about each claim.
    pub claims: Vec<Standing>,
    /// Why something is null.
    pub remarks: Vec<String>,
}

/// What `inspect` is asked for besides.
#[derive(Clone, Debug)]
pub struct Options {
    /// How the sharpness is certified.
    pub method: Choice,
    /// So many leading eigenvalues; 0: none.
    pub top: usize,
    /// Count the eigenvalues above this.
    pub above: Option<f64>,
    /// Learning rate.
    pub eta: Option<f64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { method: Choice::Auto, top: 0, above: None, eta: None }
    }
}

/// How the sharpness was certified.
#[derive(Clone, Debug, Serialize)]
pub struct How {
    /// `rank-d`, `riccati` or `dense`.
    pub name: &'static str,
    /// Why this one.
    pub reason: &'static str,
}

/// Eigenvalues that could not be told apart: an enclosure of each of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cluster {
    /// Encloses every one.
    pub value: Interval,
    /// How many there are.
    pub multiplicity: usize,
}

/// How many eigenvalues are above a threshold.
#[derive(Clone, Debug, Serialize)]
pub struct AboveThreshold {
    /// The threshold.
    pub threshold: f64,
    /// At least so many.
    pub least: usize,
    /// At most so many.
    pub most: usize,
}

/// The sharpness against 2 / eta, beyond which gradient descent leaves a minimiser.
#[derive(Clone, Debug, Serialize)]
pub struct Edge {
    /// Learning rate.
    pub eta: f64,
    /// 2 / eta.
    pub threshold: Interval,
    /// `beyond`, `below`, or `within` where the enclosure contains 2 / eta.
    pub standing: &'static str,
    /// Sharpness times eta / 2: 1 is the edge.
    pub ratio: Interval,
}

/// What the data determine.
#[derive(Clone, Debug, Serialize)]
pub struct Data {
    /// Observations.
    pub n: usize,
    /// Input dimension.
    pub d: usize,
    /// Smallest eigenvalue of Sigma.
    pub lambda: Interval,
    /// Largest eigenvalue of Sigma.
    #[serde(rename = "Lambda")]
    pub lambda_max: Interval,
    /// norm(w*).
    pub w_star_norm: Interval,
    /// w*, nearest doubles.
    pub w_star: Vec<f64>,
    /// Smallest risk.
    pub r_min: Interval,
}

/// The network's sizes.
#[derive(Clone, Debug, Serialize)]
pub struct Shape {
    /// L.
    pub depth: usize,
    /// d_0, ..., d_L.
    pub widths: Vec<usize>,
    /// Number of trainable entries.
    pub parameters: usize,
    /// norm(w).
    pub head_norm: Interval,
}

/// One claim about this network.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    /// Claim id, or `id/printed` for a statement that the paper prints and that needed a correction.
    pub id: String,
    /// `Holds`, `Fails`, `Undecided` or `OutOfScope`.
    pub outcome: Verdict,
    /// `Instance` where it was decided.
    pub grade: Option<Grade>,
    /// Normalised margin `(S - bound) / max(|S|, |bound|)`, out of scope too.
    pub margin: Option<Interval>,
    /// Why it is out of scope or undecided.
    pub reason: Option<String>,
}

// Bits for norms and bounds: far more than the f64 ends that are printed.
const BITS: u32 = 128;

// Parameters up to which an exact product of the weights is formed to find out whether they implement w* exactly.
const EXACT_PARAMETERS: usize = 2_000;
// Depth up to which it is: the entries of the product grow by 53 bits a layer.
const EXACT_DEPTH: usize = 32;

/// Inspects a network of doubles, each taken exactly.
///
/// # Errors
/// The first layer does not match the data.
pub fn inspect(problem: &Problem, network: &Network<f64>) -> Result<Inspection> {
    inspect_with(problem, network, &Options::default()).map(|(found, _)| found)
}

/// [`inspect`], and what else is asked for; with it approximate eigenvectors of the leading eigenvalues, one matrix per layer each.
///
/// # Errors
/// The first layer does not match the data.
pub fn inspect_with(
    problem: &Problem,
    network: &Network<f64>,
    asked: &Options,
) -> Result<(Inspection, Vec<Vec<DMatrix<f64>>>)> {
    let near = hessian::network_enclosures(problem, network)?;
    let options = hessian::Options { tight_smallest: true, method: asked.method, ..Default::default() };
    let sharpness = hessian::sharpness(problem, network, &options)?;
    let mut remarks = Vec::new();
    let (leading, vectors) = match asked.top {
        0 => (None, Vec::new()),
        top => {
            let found = hessian::spectrum(problem, network, top, 0)?;
            if found.largest.len() < top.min(network.parameters()) {
                let n = found.largest.len();
                remarks.push(format!("leading: {n} of {top}: the next are zero up to rounding, or no gap below them could be proved"));
            }
            (Some(clusters(&found.largest)), found.vectors)
        }
    };
    let above = match asked.above {
        None => None,
        Some(threshold) => {
            let hessian::Above { least, most } = hessian::above(problem, network, threshold)?;
            if least < most {
                remarks.push("above: an eigenvalue is within rounding of the threshold".to_string());
            }
            Some(AboveThreshold { threshold, least, most })
        }
    };
    wide(&mut remarks, &sharpness);
    if !sharpness.value.is_bounded() {
        remarks.push("sharpness: no finite enclosure, the weights overflow double precision".to_string());
    }
    if sharpness.smallest.is_none() {
        let p = network.parameters();
        remarks.push(format!("hessian_min: no finite enclosure ({p} parameters)"));
    }
    let norms = Norms::new(problem, network, &near);
    let scope = Scope::new(problem, network, &near, &norms);
    let mut bounds = BTreeMap::new();
    let mut claims = Vec::new();
    for bound in Bound::all() {
        let value = bound.value(&norms, network.depth());
        if value.is_none() {
            remarks.push(format!("{}: no bound, {}", bound.id(), bound.undefined()));
        }
        claims.push(standing(&bound, value, &scope, sharpness.value));
        bounds.insert(bound.id(), value);
    }
    let found = Inspection {
        schema: "flatcert.inspect/1",
        data: Data {
            n: problem.samples(),
            d: problem.dimension(),
            lambda: problem.lambda(),
            lambda_max: problem.lambda_max(),
            w_star_norm: norms.w_star.sqrt().to_interval(),
            w_star: problem.w_star::<Interval>(BITS).iter().map(Interval::mid).collect(),
            r_min: problem.r_min(),
        },
        network: Shape {
            depth: network.depth(),
            widths: network.widths(),
            parameters: network.parameters(),
            head_norm: norms.head.sqrt().to_interval(),
        },
        risk: near.risk,
        excess_risk: near.excess_risk,
        gradient_norm: near.gradient_norm,
        distance_to_w_star: near.distance,
        sharpness: sharpness.value,
        hessian_min: sharpness.smallest,
        method: How { name: sharpness.method.name(), reason: sharpness.reason },
        leading,
        above,
        edge: asked.eta.map(|eta| edge(eta, sharpness.value)),
        bounds,
        claims,
        remarks,
    };
    Ok((found, vectors))
}

/// Says where an end of the spectrum is wider than 1e-9 of itself, and by how much; an end that is zero up to rounding is not.
fn wide(remarks: &mut Vec<String>, s: &hessian::Sharpness) {
    let relative = |v: Interval| v.width() / v.magnitude();
    for (name, v) in [("sharpness", Some(s.value)), ("hessian_min", s.smallest)] {
        let Some(v) = v.filter(|v| v.is_bounded() && v.magnitude() > 0.0) else { continue };
        let scale = s.value.magnitude();
        if relative(v) > 1e-9 && v.width() > 1e-11 * scale {
            remarks.push(format!(
                "{name}: relative width {:.1e}, {:.1e} of the sharpness: what the condition of the problem allows in doubles",
                relative(v),
                v.width() / scale
            ));
        }
    }
}

/// Neighbours whose enclosures overlap, joined.
fn clusters(values: &[Interval]) -> Vec<Cluster> {
    let mut out: Vec<Cluster> = Vec::new();
    for v in values {
        match out.last_mut() {
            Some(last) if last.value.lo() <= v.hi() => {
                last.value = last.value.hull(v);
                last.multiplicity += 1;
            }
            _ => out.push(Cluster { value: *v, multiplicity: 1 }),
        }
    }
    out
}

fn edge(eta: f64, sharpness: Interval) -> Edge {
    let threshold = Interval::point(2.0) / Interval::point(eta);
    let standing = match sharpness {
        s if s.lo() > threshold.hi() => "beyond",
        s if s.hi() < threshold.lo() => "below",
        _ => "within",
    };
    Edge { eta, threshold, standing, ratio: sharpness / threshold }
}

/// What the bounds are made of.
struct Norms {
    lambda: Big,
    /// norm(w*)^2.
    w_star: Big,
    /// norm(w)^2.
    head: Big,
    /// norm_F(W_k)^2.
    layers: Vec<Big>,
}

impl Norms {
    fn new(problem: &Problem, network: &Network<f64>, near: &NetworkEnclosures) -> Self {
        let head = network.head().map(|v| Big::from_interval(&Interval::point(v), BITS));
        Self {
            lambda: Big::from_interval(&problem.lambda(), BITS),
            w_star: norm_squared(problem.w_star::<Big>(BITS).iter()),
            head: norm_squared(head.iter()),
            layers: near.layer_norms.iter().map(|n| Big::from_interval(n, BITS).powi(2)).collect(),
        }
    }
}

/// Whether the claims of Section 3 speak about this network.
struct Scope {
    /// Why it is not a minimiser, or may not be one.
    not_minimiser: Option<(Verdict, String)>,
    /// Why Theorem 1 does not speak of it: it has more than one output, or a head that is not (1).
    head: Option<String>,
    depth: usize,
    zero_layer: Option<usize>,
}

impl Scope {
    fn new(problem: &Problem, network: &Network<f64>, near: &NetworkEnclosures, norms: &Norms) -> Self {
        let position =
            format!("distance to w* in {}, excess risk in {}", brief(&near.distance), brief(&near.excess_risk));
        let not_minimiser = match implements_exactly(problem, network, near) {
            Some(true) => None,
            Some(false) => Some((Verdict::OutOfScope, format!("not a minimiser: {position}"))),
            None => Some((Verdict::Undecided, format!("not known to be a minimiser: {position}"))),
        };
        let plain = network.head().len() == 1 && network.head()[0] == 1.0;
        let head = (!plain).then(|| "Theorem 1 has one output and no head (d_L = 1, w = 1)".to_string());
        let zero_layer = norms.layers.iter().position(|n| !n.is_positive()).map(|k| k + 1);
        Self { not_minimiser, head, depth: network.depth(), zero_layer }
    }
}

/// Three digits, rounded outward: the object has the others.
fn brief(m: &Interval) -> String {
    crate::report::text::enclosure(&crate::report::rounding::outward(m, 3))
}

/// Whether w_prod = w*: by enclosures if they exclude it, exactly if that is affordable, else unknown.
fn implements_exactly(problem: &Problem, network: &Network<f64>, near: &NetworkEnclosures) -> Option<bool> {
    if near.distance.is_positive() {
        return Some(false);
    }
    let w_star = problem.w_star_exact()?;
    if network.parameters() > EXACT_PARAMETERS || network.depth() > EXACT_DEPTH {
        return None;
    }
    let exact = network.map(|v| Rational::from_f64(*v).unwrap_or_else(Rational::zero));
    Some(exact.product() == *w_star)
}

/// The lower bounds of Section 3.
enum Bound {
    Theorem1,
    Norms { printed: bool },
    Depth { printed: bool },
    Rescaling { printed: bool },
}

impl Bound {
    fn all() -> [Self; 7] {
        [
            Self::Theorem1,
            Self::Norms { printed: false },
            Self::Norms { printed: true },
            Self::Depth { printed: false },
            Self::Depth { printed: true },
            Self::Rescaling { printed: false },
            Self::Rescaling { printed: true },
        ]
    }

    fn id(&self) -> String {
        let with = |id: &str, printed: &bool| if *printed { format!("{id}/printed") } else { id.to_string() };
        match self {
            Self::Theorem1 => "theorem-1".into(),
            Self::Norms { printed } => with("theorem-2-norms", printed),
            Self::Depth { printed } => with("theorem-2-depth", printed),
            Self::Rescaling { printed } => with("rescaling", printed),
        }
    }

    /// The bound for this network (rescaling: at C = 1); `None` where it is not defined.
    fn value(&self, norms: &Norms, depth: usize) -> Option<Interval> {
        let head = |printed: &bool| (!printed).then_some(&norms.head);
        let bound = match self {
            Self::Theorem1 => depth_bound(&norms.lambda, &norms.w_star, None, depth),
            Self::Depth { printed } => depth_bound(&norms.lambda, &norms.w_star, head(printed), depth),
            Self::Norms { printed } => {
                norms_bound(&norms.lambda, &norms.w_star, head(printed), &inverse_norms(&norms.layers), depth)
            }
            Self::Rescaling { printed } => {
                let second = inverse_norms(norms.layers.get(1..2)?);
                norms_bound(&norms.lambda, &norms.w_star, head(printed), &second, depth)
            }
        };
        bound.is_bounded().then(|| bound.to_interval())
    }

    fn undefined(&self) -> &'static str {
        match self {
            Self::Rescaling { .. } => "it needs a second layer that is not zero",
            _ => "a layer is zero or a norm overflows",
        }
    }

    /// A reason why the claim does not speak of this network, whatever its weights' product.
    fn out_of_scope(&self, scope: &Scope) -> Option<String> {
        match (self, scope.zero_layer) {
            (Self::Theorem1, _) => scope.head.clone(),
            (Self::Rescaling { .. }, _) if scope.depth < 2 => Some("L = 1: there is no second layer".into()),
            (Self::Rescaling { .. }, Some(2)) => Some("layer 2 is zero".into()),
            (Self::Norms { .. }, Some(k)) => Some(format!("layer {k} is zero")),
            _ => None,
        }
    }
}

fn standing(bound: &Bound, value: Option<Interval>, scope: &Scope, sharpness: Interval) -> Standing {
    let margin = value.filter(|_| sharpness.is_bounded()).map(|b| margin(sharpness, b));
    let blocked =
        bound.out_of_scope(scope).map(|why| (Verdict::OutOfScope, why)).or_else(|| scope.not_minimiser.clone());
    let (outcome, reason) = match (blocked, margin) {
        (Some((verdict, why)), _) => (verdict, Some(why)),
        (None, Some(m)) if m.is_nonnegative() => (Verdict::Holds, None),
        (None, Some(m)) if m.is_negative() => (Verdict::Fails, None),
        (None, Some(_)) => (Verdict::Undecided, Some("the enclosure of the margin contains zero".into())),
        (None, None) => (Verdict::Undecided, Some("no finite enclosure".into())),
    };
    let decided = matches!(outcome, Verdict::Holds | Verdict::Fails);
    Standing { id: bound.id(), outcome, grade: decided.then_some(Grade::Instance), margin, reason }
}

/// `(s - b) / max(|s|, |b|)`; zero where both are exactly zero.
fn margin(s: Interval, b: Interval) -> Interval {
    let difference = s - b;
    if difference.is_zero() { Interval::point(0.0) } else { difference / s.abs().max(&b.abs()) }
}
