//! The lower bounds of Section 3 on the sharpness of a minimiser, and what a network says about each.
//!
//! | id | bound | as printed |
//! | --- | --- | --- |
//! | `theorem-1` | `2 L lambda norm(w*)^(2-2/L)`, one output and no head | the same |
//! | `theorem-2-norms` | `2 lambda norm(w*)^(2-1/L) norm(w)^(1/L) sum_k 1/norm_F(W_k)` | without norm(w) |
//! | `theorem-2-depth` | `2 L lambda norm(w*)^(2-2/L) norm(w)^(2/L)` | without norm(w) |
//! | `rescaling` | the term of layer 2 of `theorem-2-norms` alone, at C = 1 | without norm(w) |
//!
//! S is the sharpness. A claim is `S >= bound` at a minimiser, so three things may leave it open: a hypothesis of the
//! claim fails, the network is no minimiser or not known to be one, or the margin's enclosure holds zero. They are
//! asked in this order; the margin is given in every case where bound and sharpness are bounded.

use crate::arithmetic::decimal::{enclosure, outward};
use crate::arithmetic::{Big, Enclosure, Interval, Real, Ring};
use crate::harness::evidence::{Grade, Verdict};
use crate::hessian::{NetworkEnclosures, depth_bound, inverse_norms, norms_bound};
use crate::network::Network;
use crate::problem::{Problem, norm_squared};
use num_traits::Zero;
use schemars::JsonSchema;
use serde::Serialize;

/// Bits for norms and bounds: far more than the f64 ends that are printed.
pub(super) const BITS: u32 = 128;

/// One claim about this network.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[non_exhaustive]
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

/// What the bounds are made of.
pub(super) struct Norms {
    /// The smallest eigenvalue of Sigma.
    lambda: Big,
    /// norm(w*)^2.
    pub w_star: Big,
    /// norm(w)^2.
    pub head: Big,
    /// norm_F(W_k)^2.
    layers: Vec<Big>,
}

impl Norms {
    /// From the enclosures of the norms of the layers, and w* and w anew with `BITS` bits.
    pub(super) fn new(problem: &Problem, network: &Network<f64>, near: &NetworkEnclosures) -> Self {
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
pub(super) struct Scope {
    /// Why it is not a minimiser, or may not be one.
    not_minimiser: Option<(Verdict, String)>,
    /// Why Theorem 1 does not speak of it: it has more than one output, or a head that is not (1).
    head: Option<String>,
    /// L.
    depth: usize,
    /// The first layer, from 1, whose norm is not certainly positive.
    zero_layer: Option<usize>,
}

impl Scope {
    /// A distance to w* that is the single point zero is proved; one that is positive excludes a minimiser; else it
    /// is not known.
    pub(super) fn new(network: &Network<f64>, near: &NetworkEnclosures, norms: &Norms) -> Self {
        let brief = |m: &Interval| enclosure(&outward(m, 3));
        let (distance, excess) = (brief(&near.distance), brief(&near.excess_risk));
        let position = format!("distance to w* in {distance}, excess risk in {excess}");
        // The single point zero: w_prod = w* was proved.
        let not_minimiser = if near.distance.is_zero() {
            None
        } else if near.distance.is_positive() {
            Some((Verdict::OutOfScope, format!("not a minimiser: {position}")))
        } else {
            Some((Verdict::Undecided, format!("not known to be a minimiser: {position}")))
        };
        let plain = network.head().len() == 1 && network.head()[0] == 1.0;
        let head = (!plain).then(|| "Theorem 1 has one output and no head (d_L = 1, w = 1)".to_string());
        let zero_layer = norms.layers.iter().position(|n| !n.is_positive()).map(|k| k + 1);
        Self { not_minimiser, head, depth: network.depth(), zero_layer }
    }
}

/// The lower bounds of Section 3.
pub(super) enum Bound {
    /// Theorem 1: without a head.
    Theorem1,
    /// The first bound of Theorem 2.
    Norms { printed: bool },
    /// The second bound of Theorem 2.
    Depth { printed: bool },
    /// The remark on rescaled layers in Section 3: the second layer's term.
    Rescaling { printed: bool },
}

impl Bound {
    /// In the order of the report; a corrected form before the printed one.
    pub(super) fn all() -> [Self; 7] {
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

    /// The claim's name, `id/printed` for what the paper prints.
    pub(super) fn id(&self) -> String {
        let with = |id: &str, printed: &bool| if *printed { format!("{id}/printed") } else { id.to_string() };
        match self {
            Self::Theorem1 => "theorem-1".into(),
            Self::Norms { printed } => with("theorem-2-norms", printed),
            Self::Depth { printed } => with("theorem-2-depth", printed),
            Self::Rescaling { printed } => with("rescaling", printed),
        }
    }

    /// The bound for this network (rescaling: at C = 1); `None` where it is not defined.
    pub(super) fn value(&self, norms: &Norms, depth: usize) -> Option<Interval> {
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

    /// Why [`Bound::value`] is `None`, in words.
    pub(super) fn undefined(&self, norms: &Norms) -> String {
        let zero = norms.layers.iter().position(Zero::is_zero);
        match (self, zero) {
            (Self::Rescaling { .. }, _) if norms.layers.len() < 2 => "it needs a second layer".into(),
            (Self::Rescaling { .. }, Some(1)) => "layer 2 is zero".into(),
            (Self::Norms { .. }, Some(k)) => format!("layer {} is zero", k + 1),
            _ => "a norm is not bounded from both sides".into(),
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

impl Standing {
    /// What a margin says that must not be negative, with this grade where it is decided; `blocked`: why the claim does
    /// not speak, or may not; `nothing`: what is said without a margin.
    pub(crate) fn of(
        id: String,
        grade: Grade,
        margin: Option<Interval>,
        blocked: Option<(Verdict, String)>,
        nothing: (Verdict, &str),
    ) -> Self {
        let (outcome, reason) = match (blocked, margin) {
            (Some((verdict, why)), _) => (verdict, Some(why)),
            (None, Some(m)) if m.is_nonnegative() => (Verdict::Holds, None),
            (None, Some(m)) if m.is_negative() => (Verdict::Fails, None),
            (None, Some(_)) => (Verdict::Undecided, Some("the enclosure of the margin contains zero".into())),
            (None, None) => (nothing.0, Some(nothing.1.into())),
        };
        let decided = matches!(outcome, Verdict::Holds | Verdict::Fails);
        Self { id, outcome, grade: decided.then_some(grade), margin, reason }
    }
}

/// `S - bound` as a margin of this claim, `Undecided` without one. That the claim does not apply goes before that the
/// network is no minimiser.
pub(super) fn standing(bound: &Bound, value: Option<Interval>, scope: &Scope, sharpness: Interval) -> Standing {
    let margin = value.filter(|_| sharpness.is_bounded()).map(|b| margin(sharpness, b));
    let blocked =
        bound.out_of_scope(scope).map(|why| (Verdict::OutOfScope, why)).or_else(|| scope.not_minimiser.clone());
    Standing::of(bound.id(), Grade::Instance, margin, blocked, (Verdict::Undecided, "no finite enclosure"))
}

/// `(greater - lesser) / max(|greater|, |lesser|)`; zero where both are exactly zero.
///
/// It lies in `[-1, 1]` for numbers that are not negative; it has no unit, so that margins of different claims compare.
/// An enclosure of the denominator that holds zero makes it unbounded.
pub(crate) fn margin(greater: Interval, lesser: Interval) -> Interval {
    let difference = greater - lesser;
    if difference.is_zero() { difference } else { difference / Enclosure::max(&greater.abs(), &lesser.abs()) }
}
