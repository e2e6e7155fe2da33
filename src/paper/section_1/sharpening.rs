//! `sharpening`: the initial sharpness can be made arbitrarily small by the scale, the final one is Theta(L).
//!
//! **The start.** With `norm(W_j) <= r <= 1` for all j and `norm(w) = 1`, the two parts of the Hessian are bounded by
//! their degrees in the weights: `S(W) <= 2 Lambda L r^(2L-2) + 2 (L-1) Lambda r^(L-2) (r^L + norm(w*))`, the first
//! from `2 J^T Sigma J`, the second from the L (L-1)/2 pairs of layers that grad R^1(w_prod), of norm
//! `2 Lambda (r^L + norm(w*))` at most, sees. So S(W(0)) falls like r^(L-2): *for L >= 3*. For L = 1 it is 2 Lambda
//! whatever the weights are, and for L = 2 it tends to `2 norm(Sigma w*)` as they vanish, the largest eigenvalue of the
//! part that does not depend on them: there the sentence is false. The form `start` takes a target delta, the scale
//! that the bound gives (for L <= 2 the scale 2^-30), and certifies S(W(0)) <= delta, or its contrary.
//!
//! **The end.** Trained at a quarter of the critical rate from scales with `norm(w_prod(0))` about 0.003, networks of
//! depth 3 to 20 end between S_min and 4 Lambda/lambda S_min, which are both proportional to L.

use crate::arithmetic::{Enclosure, Interval, Rational};
use crate::experiments::Family;
use crate::experiments::trials::{Chosen, Rule, Scales, Setup, Trial};
use crate::harness::{Claim, Context, Evaluation, Form, Role, Statement, tagged};
use crate::hessian::{Options, sharpness};
use crate::instances::runs::count;
use crate::network::Network;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};

/// Data, normals and a target.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Target {
    /// L.
    depth: usize,
    /// d; n is ten times as large.
    dimension: usize,
    /// Of the data and of the start.
    seed: u64,
    /// What the sharpness at the start is to be at most.
    delta: f64,
}

impl Target {
    /// Data as in Appendix C, of these sizes.
    fn problem(&self) -> crate::Result<Problem> {
        Problem::appendix_c(10 * self.dimension, self.dimension, self.seed)
    }
    /// Scaled so that the bound of the docs is below delta, where it can be.
    ///
    /// With norm(w*) = 1, up to rounding, and r <= 1 the bound is at most `2 Lambda L r^(L-2) + 4 (L-1) Lambda
    /// r^(L-2) < 6 Lambda L r^(L-2)`; r solves `8 Lambda L r^(L-2) = delta`, or is 1 where that is larger: there is
    /// room for the rounding. No layer has a Frobenius norm above r, hence none an operator norm.
    fn start(&self, problem: &Problem) -> crate::Result<Network<f64>> {
        let unit = Family::Gaussian.start(self.dimension, self.depth, 1.0, self.seed)?;
        let largest = unit.layers().iter().map(|w| w.norm()).fold(1.0, f64::max);
        let (l, lambda) = (self.depth as f64, problem.lambda_max().hi());
        let r = if self.depth < 3 {
            2f64.powi(-30)
        } else {
            (self.delta / (8.0 * lambda * l)).min(1.0).powf(1.0 / (l - 2.0))
        };
        Family::Gaussian.start(self.dimension, self.depth, r / largest, self.seed)
    }
}

/// "Some scale of the start has a sharpness of at most delta."
struct Start {
    /// The depths that are tried.
    depths: &'static [usize],
}

impl Statement for Start {
    type Instance = Target;

    fn instances(&self, context: &Context) -> Vec<Target> {
        let seeds = context.seed..context.seed + context.size(2, 8, 32) as u64;
        let of = |depth: usize, seed: u64| {
            let sizes = [(1, 1e-2), (5, 1e-2), (5, 1e-8)];
            sizes.map(|(dimension, delta)| Target { depth, dimension, seed, delta })
        };
        self.depths.iter().flat_map(|d| seeds.clone().flat_map(move |s| of(*d, s))).collect()
    }
    fn describe(&self, i: &Target) -> String {
        format!("L = {}, d = {}, n = 10 d, seed {}, delta = {:e}", i.depth, i.dimension, i.seed, i.delta)
    }
    fn tags(&self, i: &Target) -> Vec<String> {
        tagged([(i.depth >= 10, "L >= 10"), (i.depth == 3, "L = 3"), (i.delta < 1e-6, "delta = 1e-8")])
    }
    fn evaluate(&self, i: &Target, strength: &Rational) -> Evaluation {
        if i.depth == 0 || i.dimension == 0 || !(i.delta > 0.0 && i.delta.is_finite()) {
            return Evaluation::out_of_scope("needs L, d >= 1 and delta > 0");
        }
        let found = i.problem().and_then(|p| sharpness(&p, &i.start(&p)?, &Options::default()));
        let value = match found {
            Ok(found) => found.value,
            Err(e) => return Evaluation::undecided(e.to_string()),
        };
        let delta = Interval::point(i.delta / strength.to_f64());
        let margin = (delta - value) / Enclosure::max(&delta, &value);
        let (below, above) = (value.hi() <= delta.lo(), value.lo() > delta.hi());
        let mut out = if below || above {
            Evaluation::decided(below, "certified sharpness")
        } else {
            Evaluation::undecided("the enclosure of the sharpness contains delta")
        };
        out.margin = Some(margin);
        out
    }
    fn simpler(&self, i: &Target) -> Vec<Target> {
        let smaller = |dimension: usize| (dimension < i.dimension).then(|| Target { dimension, ..i.clone() });
        [1, 2].into_iter().filter_map(smaller).collect()
    }
}

/// Depth and steps.
const DEPTHS: [(usize, u64); 4] = [(3, 4_000), (5, 4_000), (10, 8_000), (20, 32_000)];

/// Gaussian starts at a quarter of 2/S*, one setup for each depth.
fn trained(depths: &[(usize, u64)]) -> Vec<Setup> {
    let of = |&(depth, steps): &(usize, u64)| {
        // Each layer multiplies norms by scale sqrt(d) or so: 0.003 over all of them.
        let scales = Scales::Each(vec![0.003f64.powf(1.0 / depth as f64) / 5f64.sqrt()]);
        let rates = [Chosen::times(Rule::Flattest, 0.25, 0.25, steps)];
        let mut setup = Setup::new(format!("sharpening/L{depth}"), Family::Gaussian, scales, rates, 200);
        setup.depth = depth;
        setup
    };
    depths.iter().map(of).collect()
}

/// The run does not end in a minimiser with `lo <= S <= hi`.
fn outside(t: &Trial, lo: f64, hi: f64) -> Option<bool> {
    Some(!t.runs[0].ends_within(lo, hi))
}

/// `sharpening`.
pub fn claim() -> Claim {
    Claim {
        id: "sharpening",
        title: "The initial sharpness is as small as the scale makes it, the final one grows like L",
        place: "Section 1, small-scale initialization; Appendix D",
        hypotheses: "Gaussian starts; trained at half of 1/S*, norm(w_prod(0)) about 0.003",
        uses: &["theorem-1", "corollary-3"],
        forms: vec![
            Form::misprinted(
                "printed",
                "for every delta > 0 some scale has S(W(0)) <= delta, at any depth (L = 1, 2, 3, 10)",
                Start { depths: &[1, 2, 3, 10] },
            ),
            Form::corrected("start", "the same for L >= 3 (L = 3, 4, 10, 30)", Start { depths: &[3, 4, 10, 30] })
                .requires(&[("L >= 10", 4), ("L = 3", 4), ("delta = 1e-8", 4)]),
            count("sharpening/end", 0.2, || trained(&DEPTHS), |t| outside(t, t.printed, t.upper))
                .that("L = 3 to 20: training ends at a minimiser with S_min <= S <= 4 Lambda/lambda S_min")
                .holds(Role::Printed),
            count("sharpening/linear", 0.2, || trained(&DEPTHS), |t| outside(t, t.quotient, 2.5 * t.quotient))
                .that("L = 3 to 20: training ends at a minimiser with 2 L q <= S <= 2.5 (2 L q)")
                .holds(Role::Conjecture),
            count("sharpening/bounded", 0.2, || trained(&DEPTHS[3..]), |t| outside(t, 0.0, 24.0 * t.lambda_max))
                .that("L = 20: S after training is at most 24 Lambda, as it is for L = 3")
                .control(),
            Form::control(
                "two-layers",
                "for every delta > 0 some scale has S(W(0)) <= delta, for L = 2",
                Start { depths: &[2] },
            ),
        ],
        finding: Some(
            "False for L <= 2: with one layer S = 2 Lambda at every point, with two it tends to 2 norm(Sigma w*) as \
             the weights vanish. For L >= 3 the start is as flat as its scale makes it (the bound is in the docs). \
             Nothing else of the paper depends on it.",
        ),
        remarks: &[
            "Smaller scales are not tried in training: leaving the saddle takes of the order of scale^-(L-2) steps.",
        ],
    }
}
