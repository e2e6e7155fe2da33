//! Equations (7) and (13): the variational form of the sharpness.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | V(W), the limit of suprema in (7) | operator norm of the derivative DG of the gradient, `gradient_derivative` | - |
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

use crate::arithmetic::{Enclosure, Rational};
use crate::harness::{Claim, Comparison, Context, Evaluation, Form, decide, shorter};
use crate::hessian::assemble;
use crate::instances::{self, NetworkInstance, Networks};
use crate::linalg::{inertia, largest_eigenvalue, smallest_eigenvalue};
use crate::network::definition::gradient_derivative;
use crate::problem::Moments;
use crate::problem::draw::{small_matrix, stream};
use nalgebra::DMatrix;
use num_traits::One;
use rand::RngExt;

/// Parameters above which a dense Hessian is not worth its time here.
const LARGEST: usize = 60;

/// The eigenvalues that are compared, of the instance; `doubled`: `norm_2(H) >= 2 S`.
struct Sides<'a> {
    /// Where the Hessian is formed.
    instance: &'a NetworkInstance,
    /// `norm_2(H)` against 2 S in the place of S against minus the smallest eigenvalue.
    doubled: bool,
}

impl Comparison for Sides<'_> {
    fn sides<E: Enclosure>(&self, bits: u32) -> (E, E) {
        let i = self.instance;
        let h = assemble(&i.network_in::<E>(bits), &i.problem.moments::<E>(bits));
        let (top, opposite) = (largest_eigenvalue(&h), -smallest_eigenvalue(&h));
        if self.doubled { (top.max(&opposite), top * E::from_i64(2)) } else { (top, opposite) }
    }
}

/// Minimisers of the run, or networks away from them.
///
/// Off the minimisers each layer is moved by small rationals and shrunk by up to 8, so that negative curvature is
/// common; scalar layers equal to 1/4 are among them, where it dominates.
fn tried(context: &Context, at_minimisers: bool) -> Vec<NetworkInstance> {
    let list = instances::minimisers(context);
    // Ill-conditioned real data have Hessians whose enclosures need many bits; the statement is about any f, so the
    // other data are enough here.
    let small = list.iter().filter(|i| {
        let parameters = i.network.parameters();
        parameters <= LARGEST && i.problem.lambda_max().hi() < 1e7 && parameters > 1
    });
    let small = small.take(context.size(40, 300, 2000));
    if at_minimisers {
        return small.cloned().collect();
    }
    let moved = |(at, i): (usize, &NetworkInstance)| {
        let rng = &mut stream(context.seed, 0x76_1000 + at as u64);
        let shrink = Rational::new(1, [1, 2, 8][rng.random_range(0..3)]);
        let moved = |w: &DMatrix<Rational>| (w + small_matrix(rng, w.nrows(), w.ncols(), 2, 4)).map(|v| v * &shrink);
        let network = i.network.with_layers(i.network.layers().iter().map(moved).collect());
        NetworkInstance::new(i.problem.clone(), network, "away from minimisers")
    };
    small.enumerate().map(moved).chain(quarters(3)).chain(quarters(4)).collect()
}

/// A statement at any W, or at minimisers, of its exact data.
fn statement(
    at_minimisers: bool,
    decide: impl Fn(&NetworkInstance, &Moments<Rational>, &Rational) -> Evaluation + Send + Sync + 'static,
) -> Networks {
    let evaluate = move |i: &NetworkInstance, strength: &Rational| match i.problem.exact_moments() {
        _ if at_minimisers && !i.is_minimiser => Evaluation::out_of_scope("not a minimiser"),
        Some(data) => decide(i, data, strength),
        None => Evaluation::out_of_scope("the data are not exact"),
    };
    Networks::new(move |context| tried(context, at_minimisers), evaluate)
        .simpler(|i| shorter(i, quarters(3).into_iter().chain(instances::simpler(i))))
}

/// `depth` scalar layers equal to 1/4, X = y = 1: negative curvature of larger modulus.
fn quarters(depth: usize) -> Option<NetworkInstance> {
    instances::scalars(vec![Rational::new(1, 4); depth], Rational::one(), "scalars 1/4")
}

/// `variational`.
pub fn claim() -> Claim {
    let corrected = |name, statement: &str, which| Form::corrected(name, statement, which);
    let control = |name, statement: &str, which| Form::control(name, statement, which);
    // S = V anywhere: S >= -(smallest eigenvalue), which is S = norm_2(H); control: V = norm_2(H) >= 2 S at minimisers.
    let compared = |doubled| statement(doubled, move |instance, _, s| decide(&Sides { instance, doubled }, s));
    // V = norm_2(H) anywhere: DG = H, here times a factor; control: 1/2.
    let norm = |factor: Rational| {
        statement(false, move |i, data, _| {
            Evaluation::exact(gradient_derivative(&i.network, data) == assemble(&i.network, data).map(|v| v * &factor))
        })
    };
    // S = V at minimisers: DG = H, which has no negative eigenvalue.
    let definite = statement(true, |i, data, _| {
        let h = assemble(&i.network, data);
        Evaluation::exact(gradient_derivative(&i.network, data) == h && inertia(&h).negative == 0)
    });
    Claim {
        id: "variational",
        title: "The sharpness as the direction of highest change of the gradient",
        place: "Equations (7) and (13)",
        hypotheses: "a twice continuously differentiable risk; any W as printed; W a minimiser where it is used",
        uses: &["gradient"],
        forms: vec![
            Form::misprinted("printed", "S(W) = V(W), the limit of suprema in (7), at any W", compared(false)),
            corrected(
                "corrected",
                "V(W) = norm_2(H(W)), the largest modulus of an eigenvalue, at any W: the derivative of the gradient \
                 is H(W)",
                norm(Rational::one()),
            ),
            corrected(
                "at-minimisers",
                "V(W) = S(W) where W is a minimiser: the derivative of the gradient is H(W), which has no negative \
                 eigenvalue",
                definite,
            ),
            control("halved", "V(W) = norm_2(H(W))/2 at any W", norm(Rational::new(1, 2))),
            control("doubled", "V(W) >= 2 S(W) at minimisers", compared(true)),
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
