//! Section 3, the rescaling argument: `W^C = (C W_1, W_2/C, W_3, ..., W_L)` stays a minimiser and its sharpness
//! diverges with C.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | C > 0 | `factor` | scalar |
//! | W^C | `rescaled` | layers |
//!
//! The displayed bound is one term of the first bound of Theorem 2, `1/norm_F(W_2/C)`, the others being dropped, and
//! inherits its lost factor. L >= 2 is implied: there is no W_2 otherwise.

use crate::arithmetic::{Enclosure, Rational};
use crate::formula::{Expr, Reading, Says, Value, at, norm_f, var};
use crate::harness::{Claim, Context, Evaluation, Form, Statement, Symbols, decide_formula, stated, tagged};
use crate::hessian::sharpness_at_minimiser;
use crate::instances::{self, NetworkInstance, enclose};
use crate::network::{Network, minimiser};
use crate::problem::norm_squared;
use num_traits::One;
use serde::{Deserialize, Serialize};

/// A minimiser and the factor C.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rescaled {
    /// W.
    pub minimiser: NetworkInstance,
    /// C.
    pub factor: Rational,
}

impl Rescaled {
    /// W and C; nothing is checked.
    fn new(minimiser: &NetworkInstance, factor: Rational) -> Self {
        Self { minimiser: minimiser.clone(), factor }
    }
    /// W^C, exact; `None` for L = 1, where there is no second layer, and for C that is not positive.
    fn network(&self) -> Option<Network<Rational>> {
        if self.minimiser.depth() < 2 || self.factor.sign() <= 0 {
            return None;
        }
        let mut factors = vec![Rational::one(); self.minimiser.depth()];
        factors[0] = self.factor.clone();
        factors[1] = 1 / &self.factor;
        minimiser::rescale(&self.minimiser.network, &factors).ok()
    }
}

/// What is said of W^C.
enum Rescaling {
    /// An inequality.
    Says(Says),
    /// It implements w*.
    StaysMinimiser,
    /// Control: the product is kept when only one layer is scaled.
    OneLayer,
}

/// The displayed bound, with the factor of the head where it is corrected.
fn bound(head: Option<Expr>) -> Says {
    let [depth, lambda, w_star, c] = ["L", "lambda", "norm(w*)", "C"].map(var);
    let constant = head.into_iter().fold(2 * lambda, |e, head| e * head);
    var("S(W^C)").at_least(constant * w_star.power(2 - 1 / depth) * (c / norm_f(at("W", 2))))
}

/// What the symbols of the bound stand for: those of W, besides C and S(W^C).
struct Sides<'a> {
    /// W and C.
    given: &'a Rescaled,
    /// W^C.
    network: Network<Rational>,
}

impl Symbols for Sides<'_> {
    fn value<E: Enclosure + Reading>(&self, name: &str, indices: &[i64], bits: u32) -> Option<Value<E>> {
        let i = &self.given.minimiser;
        let rescaled = || self.network.map(|q| enclose(q, bits));
        Some(Value::Scalar(match (name, indices) {
            ("C", []) => enclose(&self.given.factor, bits),
            ("S(W^C)", []) => sharpness_at_minimiser(&rescaled(), &i.problem.moments::<E>(bits)),
            _ => return i.value(name, indices, bits),
        }))
    }
}

impl Statement for Rescaling {
    type Instance = Rescaled;

    fn instances(&self, context: &Context) -> Vec<Rescaled> {
        let factors = [(1, 1000), (1, 10), (1, 2), (1, 1), (7, 2), (100, 1), (10_000, 1), (1_000_000, 1)]
            .map(|(n, d)| Rational::new(n, d));
        let mut out = Vec::new();
        for (at, minimiser) in instances::minimisers(context).iter().step_by(context.size(8, 2, 1)).enumerate() {
            // Every C over the list, three of them per minimiser.
            out.extend([0, 3, 6].map(|step| Rescaled::new(minimiser, factors[(at + step) % factors.len()].clone())));
        }
        // Scalars at every C: the displayed bound keeps one term of L, so only tight cases can show the lost factor.
        for minimiser in (2..=3).flat_map(instances::scalar_minimisers) {
            out.extend(factors.iter().map(|c| Rescaled::new(&minimiser, c.clone())));
        }
        out
    }
    fn describe(&self, i: &Rescaled) -> String {
        format!("C={}, {}", i.factor, i.minimiser.describe())
    }
    fn tags(&self, i: &Rescaled) -> Vec<String> {
        let mut tags = i.minimiser.tags();
        let (large, small) = (Rational::from(10_000), Rational::new(1, 100));
        tags.extend(tagged([(i.factor >= large, "C >= 1e4"), (i.factor <= small, "C <= 1e-2")]));
        tags
    }
    fn evaluate(&self, i: &Rescaled, strength: &Rational) -> Evaluation {
        if !i.minimiser.is_minimiser {
            return Evaluation::out_of_scope("the network does not implement w*");
        }
        let Some(network) = i.network() else {
            return Evaluation::out_of_scope("L = 1 has no second layer to divide");
        };
        let w_star = i.minimiser.problem.w_star_exact();
        match self {
            Self::StaysMinimiser => Evaluation::exact(w_star == Some(&network.product())),
            Self::OneLayer => {
                let mut layers = i.minimiser.network.layers().to_vec();
                layers[0] = layers[0].map(|v| v * &i.factor);
                Evaluation::exact(w_star == Some(&i.minimiser.network.with_layers(layers).product()))
            }
            Self::Says(says) => {
                if norm_squared(network.layers()[1].iter()).sign() == 0 {
                    return Evaluation::out_of_scope("W_2 = 0 (only possible for w* = 0)");
                }
                decide_formula(says, &Sides { given: i, network }, strength)
            }
        }
    }
    fn neighbours(&self, i: &Rescaled) -> Vec<Rescaled> {
        [(2, 1), (1, 2), (9, 8), (8, 9), (65, 64), (64, 65)]
            .map(|(n, d)| Rescaled::new(&i.minimiser, &i.factor * Rational::new(n, d)))
            .into()
    }
    fn simpler(&self, i: &Rescaled) -> Vec<Rescaled> {
        let factors = [Rational::one(), Rational::from(2), Rational::new(1, 2), i.factor.clone()];
        let mut out = Vec::new();
        for minimiser in instances::simpler(&i.minimiser) {
            out.extend(factors.iter().map(|c| Rescaled::new(&minimiser, c.clone())));
        }
        let shorter = [1, 10].map(Rational::from).into_iter().filter(|c| c.bits() < i.factor.bits());
        out.extend(shorter.map(|c| Rescaled::new(&i.minimiser, c)));
        out.retain(|c| c.minimiser.depth() >= 2);
        out
    }
}

/// `rescaling`.
pub fn claim() -> Claim {
    let coverage = [("C >= 1e4", 5), ("C <= 1e-2", 5), ("norm(w) < 1", 5), ("real data", 5), ("kappa >= 1e6", 5)];
    Claim {
        id: "rescaling",
        title: "Minimisers of arbitrarily large sharpness by rescaling two layers",
        place: "Section 3, after Theorem 2",
        hypotheses: "(A1); W minimises R^L; C > 0; L >= 2 (implied)",
        uses: &["theorem-2-norms"],
        forms: vec![
            stated(Form::misprinted, "printed", bound(None), Rescaling::Says)
                .with_constant(Rational::from(2), true)
                .requires(&coverage),
            // So S(W^C) -> infinity.
            stated(Form::corrected, "corrected", bound(Some(var("norm(w)").power(1 / var("L")))), Rescaling::Says)
                .with_constant(Rational::from(2), true)
                .requires(&coverage),
            Form::printed("stays-minimiser", "W^C implements w*", Rescaling::StaysMinimiser),
            // The sharpness stays within 1000 times its value at C = 1.
            stated(Form::control, "bounded", var("S(W^C)").at_most(1000 * var("S(W)")), Rescaling::Says),
            Form::control("one-layer", "(C W_1, W_2, ..) implements w*", Rescaling::OneLayer),
        ],
        finding: Some(
            "Inherits the lost factor norm(w)^(1/L) of Theorem 2, first bound, and its repair. The conclusion \
             (arbitrarily large sharpness) survives for every head: the corrected bound still grows linearly in C.",
        ),
        remarks: &[],
    }
}
