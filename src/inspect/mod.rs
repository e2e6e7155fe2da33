//! `flatcert inspect`: where a trained network stands, as one object with schema `flatcert.inspect/2`.
//!
//! | field | meaning | shape |
//! | --- | --- | --- |
//! | `data` | n, d, enclosures of lambda, Lambda, norm(w*), R_min, and of the entries of w* (version 1: doubles) | `w_star`: d |
//! | `network` | depth L, widths d_0..d_L, number of parameters, norm(w) | |
//! | `risk`, `excess_risk` | R^L(W), R^L(W) - R_min: no factor 1/2 | |
//! | `gradient_norm` | Frobenius norm of the whole gradient | |
//! | `distance_to_w_star` | norm(w_prod - w*) | |
//! | `sharpness`, `hessian_min` | largest and smallest signed eigenvalue of the Hessian | |
//! | `method`, `relative_width` | how the sharpness was enclosed; its width over its size, null if unbounded | |
//! | `choice` | the name of the method (`rank-d`, `riccati`, `dense`, `mpfr`), and why that one | |
//! | `leading` | with `top`: the leading eigenvalues, in clusters that could not be told apart, with their multiplicity | |
//! | `above` | with a threshold: the number of eigenvalues above it, certainly between `least` and `most` | |
//! | `edge` | with a learning rate eta: where the sharpness stands against 2 / eta | |
//! | `loss` | with another loss than R ([`loss`](crate::loss)): value, gradient, both ends of its spectrum | |
//! | `bounds` | the lower bounds of Section 3, by claim; the corrected form under the claim's id, the printed one under `id/printed` | |
//! | `claims` | what this network says about each of them | |
//!
//! `leading`, `above` and `edge` speak of the loss where one is given; all else speaks of R.
//!
//! Every real number is an enclosure `{lo, hi}`, decimals rounded outward; an end that is not known is null. `remarks`
//! says of an enclosure that is wider than a thousandth of its size why it is, and what to do about it, where that is
//! known; `loss` and `edge`, which are made of others, and `head_norm` are not gone through. The claims
//! of Section 3 speak of minimisers. A trained network is one only up to rounding, so most often it is out of scope;
//! its margin is printed all the same, because it shows how far the sharpness is from the bound.
//!
//! **The way of the data.** [`inspect_with`] takes enclosures of risk, gradient and distance
//! ([`hessian::network_enclosures`]), the two ends of the spectrum ([`hessian::sharpness`]), and what else is asked
//! for; forms the bounds of Section 3 from lambda, norm(w*), norm(w) and the norms of the layers (`bounds`), says of
//! each claim where the network stands, and goes through all enclosures once more for the remarks. It makes no
//! decision of its own: a wide enclosure leads to `Undecided` and a remark.

mod bounds;

pub use self::bounds::Standing;
pub(crate) use self::bounds::margin;
use self::bounds::{BITS, Bound, Norms, Scope, standing};
use crate::arithmetic::{Enclosure, Interval, Real};
use crate::error::Result;
use crate::hessian::{self, Choice};
use crate::loss::{Loss, OfLoss};
use crate::network::Network;
use crate::problem::Problem;
use nalgebra::DMatrix;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything `inspect` prints.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Inspection {
    /// `flatcert.inspect/2`.
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
    /// How the sharpness was enclosed.
    pub method: String,
    /// Width of the sharpness over its size; `None` if unbounded.
    pub relative_width: Option<f64>,
    /// Smallest signed eigenvalue, where it was affordable.
    pub hessian_min: Option<Interval>,
    /// The method, and why that one.
    pub choice: How,
    /// The leading eigenvalues, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leading: Option<Vec<Cluster>>,
    /// The number of eigenvalues above a threshold, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<AboveThreshold>,
    /// The sharpness against 2 / eta, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edge: Option<Edge>,
    /// Another loss than R, if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<OfLoss>,
    /// Lower bounds on the sharpness of minimisers, by claim.
    pub bounds: BTreeMap<String, Option<Interval>>,
    /// What this network says about each claim.
    pub claims: Vec<Standing>,
    /// Why something is null or wide.
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
    /// The loss that `top`, `above` and `eta` speak of.
    pub loss: Loss,
}

impl Default for Options {
    fn default() -> Self {
        Self { method: Choice::Auto, top: 0, above: None, eta: None, loss: Loss::default() }
    }
}

/// How the sharpness was certified.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct How {
    /// `rank-d`, `riccati`, `dense` or `mpfr`.
    pub name: &'static str,
    /// Why this one.
    pub reason: &'static str,
}

/// Eigenvalues that could not be told apart: an enclosure of each of them.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Cluster {
    /// Encloses every one.
    pub value: Interval,
    /// How many there are.
    pub multiplicity: usize,
}

/// How many eigenvalues are above a threshold.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct AboveThreshold {
    /// The threshold.
    pub threshold: f64,
    /// At least so many.
    pub least: usize,
    /// At most so many.
    pub most: usize,
}

/// The sharpness against 2 / eta, beyond which gradient descent leaves a minimiser.
#[derive(Clone, Debug, JsonSchema, Serialize)]
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
#[derive(Clone, Debug, JsonSchema, Serialize)]
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
    /// w*, entry by entry.
    pub w_star: Vec<Interval>,
    /// Smallest risk.
    pub r_min: Interval,
}

/// The network's sizes.
#[derive(Clone, Debug, JsonSchema, Serialize)]
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

/// Inspects a network of doubles, each taken exactly.
///
/// Cost: that of the sharpness (O(L d^3) for a network of many parameters), besides O(p) in doubles or MPFR.
///
/// ```
/// use flatcert::arithmetic::Enclosure;
/// use flatcert::inspect::inspect;
/// # use flatcert::{network::Network, problem::Problem, nalgebra::{DMatrix, DVector}};
/// // X = I, y = (1, 1), W_1 = (1, 1), W_2 = 1: a minimiser of sharpness 3.
/// # let (x, y) = (DMatrix::identity(2, 2), DVector::from_element(2, 1.0));
/// # let problem = Problem::from_f64("two points", &x, &y)?;
/// # let layers = vec![DMatrix::from_element(1, 2, 1.0), DMatrix::from_element(1, 1, 1.0)];
/// # let network = Network::new(layers, DVector::from_element(1, 1.0))?;
/// let said = inspect(&problem, &network)?;
/// assert!(said.sharpness.lo() <= 3.0 && 3.0 <= said.sharpness.hi());
/// assert!(said.excess_risk.lo() <= 0.0 && said.excess_risk.hi() < 1e-12);
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// The first layer does not match the data.
pub fn inspect(problem: &Problem, network: &Network<f64>) -> Result<Inspection> {
    inspect_with(problem, network, &Options::default()).map(|(found, _)| found)
}

/// [`inspect`], and what else is asked for; with it approximate eigenvectors of the leading eigenvalues, one matrix per
/// layer each.
///
/// The smallest eigenvalue is always asked for. Eigenvectors are those of R, which a loss only scales and shifts in
/// its spectrum.
///
/// # Errors
/// The first layer does not match the data. A loss out of its range; a contradiction between two certificates.
pub fn inspect_with(
    problem: &Problem,
    network: &Network<f64>,
    asked: &Options,
) -> Result<(Inspection, Vec<Vec<DMatrix<f64>>>)> {
    let near = hessian::network_enclosures(problem, network)?;
    let options = hessian::Options { tight_smallest: true, method: asked.method, ..Default::default() };
    let sharpness = hessian::sharpness(problem, network, &options)?;
    asked.loss.validate()?;
    let (mut remarks, n) = (Vec::new(), problem.samples());
    let (leading, vectors) = match asked.top {
        0 => (None, Vec::new()),
        top => {
            let found = hessian::spectrum(problem, network, top, 0)?;
            let scale = found.largest.first().map_or(0.0, |v| v.magnitude());
            let wide = found.largest.iter().filter(|v| !v.is_bounded() || v.width() > APART * scale).count();
            if wide > 0 {
                remarks.push(format!("leading: of {wide} the order is known, but not to {APART:e} of the first"));
            }
            let values: Vec<Interval> = found.largest.iter().map(|v| asked.loss.eigenvalue(n, *v)).collect();
            (Some(clusters(&values)), found.vectors)
        }
    };
    let above = match asked.above {
        None => None,
        Some(threshold) => {
            let of_r = |t: f64| hessian::above(problem, network, t);
            let hessian::Above { least, most } = asked.loss.above(n, threshold, of_r)?;
            if least < most {
                remarks.push("above: an eigenvalue is within rounding of the threshold".to_string());
            }
            Some(AboveThreshold { threshold, least, most })
        }
    };
    if sharpness.smallest.is_none() {
        let p = network.parameters();
        remarks.push(format!("hessian_min: no finite enclosure ({p} parameters)"));
    }
    let loss = asked.loss.of(n, &near, &sharpness);
    if asked.loss.weight_decay > 0.0 {
        remarks.push(
            "loss: weight decay adds a to every eigenvalue at given weights; it moves the minimisers, of which the \
             bounds do not speak then"
                .to_string(),
        );
    }
    let stepped = loss.as_ref().map_or(sharpness.value, |l| l.sharpness);
    let norms = Norms::new(problem, network, &near);
    let scope = Scope::new(network, &near, &norms);
    let mut bounds = BTreeMap::new();
    let mut claims = Vec::new();
    for bound in Bound::all() {
        let value = bound.value(&norms, network.depth());
        if value.is_none() {
            remarks.push(format!("{}: no bound, {}", bound.id(), bound.undefined(&norms)));
        }
        claims.push(standing(&bound, value, &scope, sharpness.value));
        bounds.insert(bound.id(), value);
    }
    let mut out = Inspection {
        schema: "flatcert.inspect/2",
        data: Data {
            n,
            d: problem.dimension(),
            lambda: problem.lambda(),
            lambda_max: problem.lambda_max(),
            w_star_norm: norms.w_star.sqrt().to_interval(),
            w_star: problem.w_star::<Interval>(BITS).iter().copied().collect(),
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
        method: method(&sharpness.method),
        relative_width: relative_width(&sharpness.value),
        hessian_min: sharpness.smallest,
        choice: How { name: sharpness.method.name(), reason: sharpness.reason },
        leading,
        above,
        edge: asked.eta.map(|eta| edge(eta, stepped)),
        loss,
        bounds,
        claims,
        remarks,
    };
    out.remarks.extend(wide(&out, problem, &sharpness.method));
    out.remarks.extend(blunt(&out));
    Ok((out, vectors))
}

/// Width over size: at most 2 where zero is inside. `None` if unbounded.
fn relative_width(v: &Interval) -> Option<f64> {
    v.is_bounded().then(|| if v.width() == 0.0 { 0.0 } else { v.width() / v.magnitude() })
}

/// The method in a sentence, with its cost or precision.
fn method(m: &hessian::Method) -> String {
    match m {
        hessian::Method::RankD { .. } => "rank-d form: the largest eigenvalue of 2 R^T M R, widened by norm(E)".into(),
        hessian::Method::Dense => "the assembled Hessian".into(),
        hessian::Method::Mpfr { bits } => format!("the Hessian in MPFR, {bits} bits"),
        hessian::Method::Riccati { products, passes } => {
            format!("{passes} passes of the Riccati recursion, after {products} Hessian-vector products")
        }
    }
}

/// Neighbours whose enclosures overlap, joined: not those that touch at one end, as a zero and what is not positive.
///
/// A cluster's enclosure is the hull of its members', and still holds each of them; values come from the largest on.
fn clusters(values: &[Interval]) -> Vec<Cluster> {
    let mut out: Vec<Cluster> = Vec::new();
    for v in values {
        match out.last_mut() {
            Some(last) if last.value.lo() < v.hi() || last.value == *v => {
                last.value = last.value.hull(v);
                last.multiplicity += 1;
            }
            _ => out.push(Cluster { value: *v, multiplicity: 1 }),
        }
    }
    out
}

/// Relative width beyond which an enclosure is said to be wide.
const WIDE: f64 = 1e-3;
/// Width, as a share of the largest, beyond which a leading eigenvalue is said to be wide.
const APART: f64 = 1e-6;

/// One line for each wide enclosure: the cause, as far as it was determined, and what to do.
///
/// The causes are told apart by what is known: exact moments or not, how many parameters, which method. A number
/// whose enclosure reaches the end of the range of doubles is said to be beyond it.
fn wide(i: &Inspection, problem: &Problem, method: &hessian::Method) -> Vec<String> {
    let is_wide = |v: &Interval| relative_width(v).is_none_or(|w| w > WIDE);
    let data = match problem.exact_moments() {
        None if problem.w_star::<Interval>(53).iter().any(is_wide) => {
            "the data allow no more: a column needs more than 140 bits; leave out what is far below its largest entry"
        }
        _ => "2048 bits do not tell it from zero; most likely it is zero",
    };
    let vectors = match i.network.parameters {
        p if p > hessian::VECTOR_LIMIT => format!(
            "doubles give no more, and p = {p} is beyond the {} up to which it is evaluated in MPFR",
            hessian::VECTOR_LIMIT
        ),
        _ => data.to_string(),
    };
    let of_hessian = match method {
        hessian::Method::Mpfr { bits } => format!("{bits} bits did not suffice"),
        hessian::Method::RankD { .. } if i.choice.reason == "asked for" => {
            "far from a minimiser the rank-d form is coarse (--method auto is not)".to_string()
        }
        hessian::Method::Riccati { .. } if i.choice.reason == "asked for" => {
            "the recursion alone proves no more here (--method auto is not bound to it)".to_string()
        }
        _ => "doubles prove no more here".to_string(),
    };
    let mut out = Vec::new();
    let mut say = |name: &str, v: &Interval, why: &str| {
        if !is_wide(v) {
            return;
        }
        out.push(if v.lo() == f64::MAX || v.hi() == -f64::MAX {
            format!("{name}: it is beyond the range of doubles; choose other units for X and y")
        } else if v.magnitude() < f64::MIN_POSITIVE {
            format!("{name}: it is zero or below the range of doubles; choose other units for X and y")
        } else {
            format!("{name}: {why}")
        });
    };
    say("lambda", &i.data.lambda, "1024 bits did not suffice: the columns of X are almost dependent");
    say("Lambda", &i.data.lambda_max, "1024 bits did not suffice");
    say("w_star_norm", &i.data.w_star_norm, data);
    for (j, w) in i.data.w_star.iter().enumerate() {
        say(&format!("w_star[{j}]"), w, data);
    }
    let of_r_min =
        "zero is not excluded: y is a combination of the columns of X as far as 320 bits show (--exact decides)";
    say("r_min", &i.data.r_min, of_r_min);
    say("risk", &i.risk, if is_wide(&i.data.r_min) { "r_min and excess_risk are wide" } else { &vectors });
    say("excess_risk", &i.excess_risk, &vectors);
    say("gradient_norm", &i.gradient_norm, &vectors);
    say("distance_to_w_star", &i.distance_to_w_star, &vectors);
    say("sharpness", &i.sharpness, &of_hessian);
    if let Some(v) = &i.hessian_min {
        let share = relative_share(v, &i.sharpness);
        say("hessian_min", v, &format!("zero is not excluded; against the sharpness it is at most {share}"));
    }
    for (id, bound) in &i.bounds {
        if let Some(v) = bound {
            say(id, v, "it inherits the widths of lambda and norm(w*)");
        }
    }
    for c in &i.claims {
        if let Some(v) = &c.margin {
            let why = if is_wide(&i.sharpness) {
                "it inherits the width of the sharpness"
            } else {
                "sharpness and bound agree to more digits than they are known to"
            };
            say(&format!("{}, margin", c.id), v, why);
        }
    }
    out
}

/// `2 / eta` is enclosed; `beyond` and `below` are proved, `within` is what is left. The ratio is `S eta / 2`.
fn edge(eta: f64, sharpness: Interval) -> Edge {
    let threshold = Interval::point(2.0) / Interval::point(eta);
    let standing = match sharpness {
        s if s.lo() > threshold.hi() => "beyond",
        s if s.hi() < threshold.lo() => "below",
        _ => "within",
    };
    Edge { eta, threshold, standing, ratio: sharpness / threshold }
}

/// Where an end of the spectrum is known to a thousandth of itself, but not to 1e-9; an end that is zero up to rounding
/// is not meant.
fn blunt(i: &Inspection) -> Vec<String> {
    let scale = i.sharpness.magnitude();
    let mut out = Vec::new();
    for (name, v) in [("sharpness", Some(i.sharpness)), ("hessian_min", i.hessian_min)] {
        let Some((v, width)) = v.and_then(|v| Some((v, relative_width(&v)?))) else { continue };
        if width > 1e-9 && width <= WIDE && v.width() > 1e-11 * scale {
            let share = v.width() / scale;
            let why = "what the condition of the problem allows in doubles";
            out.push(format!("{name}: relative width {width:.1e}, {share:.1e} of the sharpness: {why}"));
        }
    }
    out
}

/// The size of v over that of the sharpness, in words.
fn relative_share(v: &Interval, sharpness: &Interval) -> String {
    let share = v.abs() / *sharpness;
    if share.hi().is_finite() { format!("{:.0e} of it", share.hi()) } else { "an unknown part of it".into() }
}
