//! Equations (7) and (13): the variational form of the sharpness.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | V(W)^2, the limit of suprema in (7) | `quotient`, at an optimal direction and a small xi | scalar |
//! | S(W), largest eigenvalue | `linalg::largest_eigenvalue` of the dense Hessian | enclosure |
//! | norm_2(H), largest modulus | the larger of `largest` and `-smallest` | enclosure |
//!
//! The paper states S(W) = V(W) "for a twice continuously differentiable function". But V is the local Lipschitz constant of the gradient,
//! which is the operator norm of H, the largest *modulus* of an eigenvalue. The two agree where `lambda_max(H) >= -lambda_min(H)`, in
//! particular at minimisers, where H is positive semi-definite, and that is the only place where the paper uses it.
//! They differ at points of strong negative curvature: three scalars layers equal to 1/4, X = y = 1, have eigenvalues near
//! -0.96 and 0.49.
//!
//! V is not computed from H: it is the quotient of exact gradients at `W + xi D` and W, in rationals, for `xi = 2^-40`. The difference to
//! its limit is of the order of xi; the tolerance `TOLERANCE` = 2^-20 is far above it and far below the differences
//! that matter. Hence grade `Computed`.

use super::evidence::{Grade, Role};
use super::frame::{Claim, Comparison, Context, Evaluation, Form, Statement, decide};
use super::instances::{self, NetworkInstance, enclose};
use crate::arithmetic::{Enclosure, Rational};
use crate::hessian::assemble;
use crate::linalg::{approximate_eigen, largest_eigenvalue, smallest_eigenvalue};
use crate::network::Network;
use crate::problem::draw::{normal_matrix, small_matrix, stream};
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use rand::RngExt;

/// Relative tolerance between the quotient at a finite xi and its limit.
const TOLERANCE: (i64, i64) = ((1 << 20) + 1, 1 << 20);

/// Parameters above which a dense enclosure is not worth its time here.
const LARGEST: usize = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// S >= V anywhere.
    Printed,
    /// norm_2(H) >= V and V >= norm_2(H), anywhere.
    NormAbove,
    NormBelow,
    /// S >= V at minimisers.
    Minimisers,
    /// Control: V >= 2 S at minimisers.
    Doubled,
}

struct Variational(Which);

/// The direction of the eigenvector of largest modulus, rounded, and random ones.
fn directions(
    net: &Network<Rational>,
    data: &crate::problem::Moments<Rational>,
    which: Which,
) -> Vec<Vec<DMatrix<Rational>>> {
    let h = assemble(&net.map(Rational::to_f64), &data.map(Rational::to_f64));
    let mut flat = Vec::new();
    if let Some((values, vectors)) = approximate_eigen(&h) {
        let last = values.len() - 1;
        let top = if -values[0] > values[last] && which != Which::Minimisers { 0 } else { last };
        flat.push(vectors.column(top).into_owned());
    }
    if matches!(which, Which::NormAbove) {
        let rng = &mut stream(net.parameters() as u64, 0x76_0000);
        for _ in 0..3 {
            flat.push(normal_matrix(rng, h.nrows(), 1).column(0).into_owned());
        }
    }
    flat.into_iter().map(|v| unflatten(net, &v)).collect()
}

/// One matrix per layer from a vector in the parameter order of `hessian::assemble`, rounded to 30 bits.
fn unflatten(net: &Network<Rational>, v: &DVector<f64>) -> Vec<DMatrix<Rational>> {
    let size = v.amax().max(f64::MIN_POSITIVE);
    let mut at = 0;
    net.layers()
        .iter()
        .map(|w| {
            let entries: Vec<Rational> = v.as_slice()[at..at + w.len()]
                .iter()
                .map(|x| Rational::new((x / size * f64::from(1 << 30)).round() as i64, 1 << 30))
                .collect();
            at += w.len();
            DMatrix::from_column_slice(w.nrows(), w.ncols(), &entries)
        })
        .collect()
}

/// Squared quotient of (7) for the direction D at `xi = 2^-40`, exactly.
fn quotient_squared(i: &NetworkInstance, direction: &[DMatrix<Rational>]) -> Option<Rational> {
    let data = i.problem.exact_moments()?;
    let xi = instances::power_of_two(-40);
    let layers = i.network.layers().iter().zip(direction).map(|(w, d)| w + d.map(|v| v * &xi)).collect();
    let (here, there) = (i.network.gradient(data), i.network.with_layers(layers).gradient(data));
    let mut difference = Rational::zero();
    for k in 1..=i.depth() {
        difference += norm_squared((there.layer(k) - here.layer(k)).iter());
    }
    let size = direction.iter().fold(Rational::zero(), |s, d| s + norm_squared(d.iter()));
    (!size.is_zero()).then(|| difference / (size * &xi * xi))
}

struct Sides<'a> {
    instance: &'a NetworkInstance,
    which: Which,
    /// V^2, the largest over the directions tried.
    v_squared: Rational,
}

impl Comparison for Sides<'_> {
    fn sides<E: Enclosure>(&self, bits: u32) -> (E, E) {
        let i = self.instance;
        let h = assemble(&i.network_in::<E>(bits), &i.problem.moments::<E>(bits));
        let top = largest_eigenvalue(&h);
        let slack = E::from_rational(&Rational::new(TOLERANCE.0, TOLERANCE.1), bits);
        let v = enclose::<E>(&self.v_squared, bits).sqrt();
        match self.which {
            Which::Printed | Which::Minimisers => (top * slack, v),
            Which::Doubled => (v * slack, top * E::from_i64(2)),
            Which::NormAbove => (top.max(&-smallest_eigenvalue(&h)) * slack, v),
            Which::NormBelow => (v * slack, top.max(&-smallest_eigenvalue(&h))),
        }
    }
}

impl Statement for Variational {
    type Instance = NetworkInstance;

    fn instances(&self, context: &Context) -> Vec<NetworkInstance> {
        let mut out: Vec<NetworkInstance> = Vec::new();
        let at_minimisers = matches!(self.0, Which::Minimisers | Which::Doubled);
        let list = instances::minimisers(context);
        // Ill-conditioned real data have Hessians whose enclosures need many bits; the statement is about any f, so the
        // other data are enough here.
        let small = list.iter().filter(|i| {
            i.network.parameters() <= LARGEST && i.problem.lambda_max().hi() < 1e7 && i.network.parameters() > 1
        });
        for (at, i) in small.enumerate().take(context.size(40, 300, 2000)) {
            if at_minimisers {
                out.push(i.clone());
                continue;
            }
            let rng = &mut stream(context.seed, 0x76_1000 + at as u64);
            let shrink = Rational::new(1, [1, 2, 8][rng.random_range(0..3)]);
            let layers = i
                .network
                .layers()
                .iter()
                .map(|w| (w + small_matrix(rng, w.nrows(), w.ncols(), 2, 4)).map(|v| v * &shrink))
                .collect();
            out.push(NetworkInstance::new(i.problem.clone(), i.network.with_layers(layers), "away from minimisers"));
        }
        if !at_minimisers {
            out.extend(scalar(3));
            out.extend(scalar(4));
        }
        out
    }
    fn describe(&self, i: &NetworkInstance) -> String {
        i.describe()
    }
    fn tags(&self, i: &NetworkInstance) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &NetworkInstance, strength: &Rational) -> Evaluation {
        let at_minimisers = matches!(self.0, Which::Minimisers | Which::Doubled);
        if at_minimisers && !i.is_minimiser {
            return Evaluation::out_of_scope("not a minimiser");
        }
        let Some(data) = i.problem.exact_moments() else {
            return Evaluation::out_of_scope("the data are not exact");
        };
        let v_squared = directions(&i.network, data, self.0)
            .iter()
            .filter_map(|d| quotient_squared(i, d))
            .max()
            .unwrap_or_else(Rational::zero);
        if v_squared.is_zero() {
            return Evaluation::out_of_scope("the Hessian vanishes in every direction tried");
        }
        decide(&Sides { instance: i, which: self.0, v_squared }, strength)
    }
    fn simpler(&self, i: &NetworkInstance) -> Vec<NetworkInstance> {
        let limit = serde_json::to_string(i).map_or(0, |s| s.len());
        let mut out: Vec<NetworkInstance> = scalar(3).into_iter().chain(instances::simpler(i)).collect();
        out.retain(|c| serde_json::to_string(c).is_ok_and(|s| s.len() < limit));
        out
    }
}

/// `depth` scalar layers equal to 1/4, X = y = 1: negative curvature of larger modulus.
fn scalar(depth: usize) -> Option<NetworkInstance> {
    let unit = DVector::from_element(1, Rational::one());
    let layer = DMatrix::from_element(1, 1, Rational::new(1, 4));
    let network = Network::new(vec![layer; depth], unit).ok()?;
    Some(NetworkInstance::new(instances::scalar_problem()?, network, "scalars 1/4"))
}

/// `variational`.
pub fn claim() -> Claim {
    let holds =
        |name, role, statement: &str, which| Form::holds(name, role, Grade::Computed, statement, Variational(which));
    Claim {
        id: "variational",
        title: "The sharpness as the direction of highest change of the gradient",
        place: "Equations (7) and (13)",
        hypotheses: "a twice continuously differentiable risk; any W as printed; W a minimiser where it is used",
        uses: &["gradient"],
        forms: vec![
            Form::fails(
                "printed",
                Role::Printed,
                "S(W) = V(W), the limit of suprema in (7), at any W",
                Variational(Which::Printed),
            ),
            holds(
                "corrected",
                Role::Corrected,
                "V(W) <= norm_2(H(W)), the largest modulus of an eigenvalue, at any W",
                Which::NormAbove,
            ),
            holds("corrected-attained", Role::Corrected, "V(W) >= norm_2(H(W)) at any W", Which::NormBelow),
            holds("at-minimisers", Role::Corrected, "V(W) = S(W) where W is a minimiser", Which::Minimisers),
            Form::control("doubled", "V(W) >= 2 S(W) at minimisers", Rational::one(), Variational(Which::Doubled)),
        ],
        finding: Some(
            "(7) is stated for the largest eigenvalue of the Hessian at any point; it gives the largest modulus. Where negative curvature \
             dominates the two differ. The paper uses it at minimisers only, where the Hessian is positive semi-definite and both agree, \
             so nothing that depends on it is affected.",
        ),
        remarks: &[
            "The limit is replaced by the exact quotient at xi = 2^-40 along the best direction found, with a tolerance of 2^-20: grade Computed.",
        ],
    }
}
