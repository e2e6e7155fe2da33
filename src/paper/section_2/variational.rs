//! Equations (7) and (13): the variational form of the sharpness.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | V(W), the limit of suprema in (7) | operator norm of the derivative DG of the gradient, `derivative` | - |
//! | S(W), largest eigenvalue of H(W) | `linalg::largest_eigenvalue` of the dense Hessian, `hessian::assemble` | enclosure |
//! | norm_2(H), largest modulus | the larger of S(W) and minus the smallest eigenvalue | enclosure |
//!
//! The paper states S(W) = V(W) "for a twice continuously differentiable function". But V is the local Lipschitz
//! constant of the gradient, which is the operator norm of H, the largest *modulus* of an eigenvalue. The two agree
//! where `lambda_max(H) >= -lambda_min(H)`, in particular at minimisers, where H is positive semi-definite, and that is
//! the only place where the paper uses it. They differ at points of strong negative curvature: three scalars layers
//! equal to 1/4, X = y = 1, have eigenvalues near -0.96 and 0.49.
//!
//! **Proof of V = norm_2(H), instance by instance.** G = grad R^L is a polynomial, so
//! `G(W~) - G(W) = DG(W) (W~ - W) + O(norm(W~ - W)^2)`, and the limit of the suprema of
//! `norm(G(W~) - G(W))/norm(W~ - W)` is the operator norm of DG(W). Column by column DG(W) is computed from the
//! gradient itself by dual numbers, in rationals; that it is the matrix H(W) of the second derivatives, which is
//! assembled from a formula of its own, is checked entry by entry, exactly. For a symmetric matrix the operator norm is
//! the largest modulus. At a minimiser the inertia of H, exact too, has no negative part, so that the largest modulus
//! is S(W).

use crate::arithmetic::{Dual, Enclosure, Rational};
use crate::harness::claim::{Claim, Comparison, Context, Evaluation, Form, Statement, decide, shorter};
use crate::harness::evidence::{Grade, Role};
use crate::hessian::assemble;
use crate::linalg::{inertia, largest_eigenvalue, smallest_eigenvalue};
use crate::network::Network;
use crate::paper::kit::instances;
use crate::paper::kit::instances::NetworkInstance;
use crate::problem::Moments;
use crate::problem::draw::{small_matrix, stream};
use nalgebra::{DMatrix, DVector};
use num_traits::One;
use rand::RngExt;

/// Parameters above which a dense Hessian is not worth its time here.
const LARGEST: usize = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// S = V anywhere.
    Printed,
    /// V = norm_2(H) anywhere: DG = H.
    Norm,
    /// S = V at minimisers: DG = H, which has no negative eigenvalue.
    Minimisers,
    /// Control: DG = H/2.
    Halved,
    /// Control: V >= 2 S at minimisers.
    Doubled,
}

struct Variational(Which);

/// DG(W), in the parameter order of `hessian::assemble`: column j is the derivative of the gradient along the j-th
/// parameter.
fn derivative(net: &Network<Rational>, data: &Moments<Rational>) -> DMatrix<Rational> {
    let data = data.map(|q| Dual::constant(q.clone()));
    let still = net.map(|q| Dual::constant(q.clone()));
    let mut columns = Vec::new();
    for k in 0..net.layers().len() {
        for at in 0..net.layers()[k].len() {
            let mut layers = still.layers().to_vec();
            layers[k].as_mut_slice()[at].derivative = Rational::one();
            let gradient = still.with_layers(layers).gradient(&data);
            let slopes = |j| gradient.layer(j).iter().map(|v| v.derivative.clone()).collect::<Vec<_>>();
            columns.push(DVector::from_vec((1..=net.layers().len()).flat_map(slopes).collect()));
        }
    }
    DMatrix::from_columns(&columns)
}

/// `S >= -(smallest eigenvalue)`, which is S = norm_2(H); or `norm_2(H) >= 2 S`.
struct Sides<'a>(&'a NetworkInstance, Which);

impl Comparison for Sides<'_> {
    fn sides<E: Enclosure>(&self, bits: u32) -> (E, E) {
        let Self(i, which) = self;
        let h = assemble(&i.network_in::<E>(bits), &i.problem.moments::<E>(bits));
        let (top, opposite) = (largest_eigenvalue(&h), -smallest_eigenvalue(&h));
        match which {
            Which::Doubled => (top.max(&opposite), top * E::from_i64(2)),
            _ => (top, opposite),
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
        if matches!(self.0, Which::Printed | Which::Doubled) {
            return decide(&Sides(i, self.0), strength);
        }
        let hessian = assemble(&i.network, data);
        let claimed = if self.0 == Which::Halved { hessian.map(|v| v / Rational::from(2)) } else { hessian };
        let same = derivative(&i.network, data) == claimed;
        Evaluation::exact(same && (self.0 != Which::Minimisers || inertia(&claimed).negative == 0))
    }
    fn simpler(&self, i: &NetworkInstance) -> Vec<NetworkInstance> {
        shorter(i, scalar(3).into_iter().chain(instances::simpler(i)))
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
        |name, role, statement: &str, which| Form::holds(name, role, Grade::Instance, statement, Variational(which));
    let control = |name, statement: &str, which| Form::control(name, statement, Variational(which));
    Claim {
        id: "variational",
        title: "The sharpness as the direction of highest change of the gradient",
        place: "Equations (7) and (13)",
        hypotheses: "a twice continuously differentiable risk; any W as printed; W a minimiser where it is used",
        uses: &["gradient"],
        forms: vec![
            Form::misprinted(
                "printed",
                "S(W) = V(W), the limit of suprema in (7), at any W",
                Variational(Which::Printed),
            ),
            holds(
                "corrected",
                Role::Corrected,
                "V(W) = norm_2(H(W)), the largest modulus of an eigenvalue, at any W: the derivative of the gradient \
                 is H(W)",
                Which::Norm,
            ),
            holds(
                "at-minimisers",
                Role::Corrected,
                "V(W) = S(W) where W is a minimiser: the derivative of the gradient is H(W), which has no negative \
                 eigenvalue",
                Which::Minimisers,
            ),
            control("halved", "V(W) = norm_2(H(W))/2 at any W", Which::Halved),
            control("doubled", "V(W) >= 2 S(W) at minimisers", Which::Doubled),
        ],
        finding: Some(
            "(7) is stated for the largest eigenvalue of the Hessian at any point; it gives the largest modulus. Where \
             negative curvature dominates the two differ. The paper uses it at minimisers only, where the Hessian is \
             positive semi-definite and both agree, so nothing that depends on it is affected.",
        ),
        remarks: &["For a polynomial gradient the limit of suprema is the operator norm of its derivative; that the \
             derivative is H is checked in rationals."],
    }
}
