//! Lemma 9 with the worst theta that an optimiser finds, for products of Gaussian residual layers: d to 20, L to 100.
//!
//! M and m are the extremes of this very draw ([`crate::residual::extremes()`]), so that both hypotheses are tight. The
//! worst over the ball of radius `m^2/(4 M^2)` is enclosed ([`crate::residual::worst_theta`]): attained by a theta that
//! was found on one side, bounded for every theta on the other.

use crate::arithmetic::{Enclosure, Interval, Rational, Ring};
use crate::formula::{Says, Table, fraction, var};
use crate::harness::pairs::{judge_all, pairs};
use crate::harness::{Claim, Context, Evaluation, Form, Statement, stated, tagged};
use crate::residual::{Setup, extremes, worst_theta};
use serde::{Deserialize, Serialize};

/// A draw.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Draw {
    /// L.
    depth: usize,
    /// d.
    width: usize,
    /// The scale of the noise.
    s: Rational,
    /// Number of the draw.
    trial: u64,
    /// Seed of its stream.
    seed: u64,
}

/// An inequality in the worst values, M and m.
struct Worst(Says);

/// The worst norm and the worst smallest singular value of P_k over the ball.
const NORM: &str = "norm(P_k)";
/// The name of the other.
const SIGMA_MIN: &str = "sigma_min(P_k)";

impl Statement for Worst {
    type Instance = Draw;

    fn instances(&self, context: &Context) -> Vec<Draw> {
        let shapes = [(1, 2), (3, 3), (10, 4), (30, 5), (20, 20), (100, 4), (100, 20)];
        let shapes = &shapes[..context.size(6, 7, 7)];
        let mut out = Vec::new();
        for (at, (depth, width)) in shapes.iter().enumerate() {
            for trial in 0..context.size(2, 8, 30) as u64 {
                let s = [Rational::new(1, 10), Rational::new(1, 2)][(at + trial as usize) % 2].clone();
                out.push(Draw { depth: *depth, width: *width, s, trial, seed: context.seed });
            }
        }
        out
    }
    fn describe(&self, i: &Draw) -> String {
        format!("d = {}, L = {}, s = {}, trial {} of seed {}", i.width, i.depth, i.s, i.trial, i.seed)
    }
    fn tags(&self, i: &Draw) -> Vec<String> {
        tagged([(i.depth >= 100, "L >= 100"), (i.width >= 20, "d >= 20")])
    }
    fn evaluate(&self, i: &Draw, strength: &Rational) -> Evaluation {
        let found = Setup::new(i.width, i.depth, i.s.to_f64(), i.seed, "lemma-9-worst").and_then(|setup| {
            let start = extremes(&setup, i.trial)?;
            // M >= 1 above the norms, m < 1 below the singular values.
            let (most, least) = (start.norm.hi.max(1.0), start.sigma_min.lo.min(0.999));
            let share = Interval::point(least) / Interval::point(most);
            let radius = share.powi(2) / Interval::from_i64(4);
            // The ball of the statement lies between the two.
            let inside = worst_theta(&setup, i.trial, radius.lo())?;
            let outside = worst_theta(&setup, i.trial, radius.hi())?;
            Ok((most, least, inside, outside))
        });
        let (most, least, inside, outside) = match found {
            Ok(found) => found,
            Err(e) => return Evaluation::undecided(e.to_string()),
        };
        let scene = Table::default()
            .scalar("M", Interval::point(most))
            .scalar("m", Interval::point(least))
            .scalar(NORM, Interval::new(inside.norm.lo, outside.norm.hi))
            .scalar(SIGMA_MIN, Interval::new(outside.sigma_min.lo, inside.sigma_min.hi));
        judge_all([pairs(&self.0, &scene)], strength, "error bounds over the ball of theta")
    }
}

/// `lemma-9-worst`.
pub fn claim() -> Claim {
    let coverage = [("L >= 100", 1), ("d >= 20", 1)];
    let worst = |make, name, says| stated(make, name, says, Worst).also("for the worst theta in the ball");
    let near = || fraction(10_001, 10_000);
    Claim {
        id: "lemma-9-worst",
        title: "Lemma 9 with the worst perturbation that is found",
        place: "Lemma 9",
        hypotheses: "W_k = I + s/sqrt(L d) N_k; M and m the extremes of this very draw; norm(theta_k) <= m^2/(4 M^2)",
        uses: &["lemma-9"],
        forms: vec![
            worst(Form::printed, "norm", var(NORM).at_most(2 * var("M"))).requires(&coverage),
            worst(Form::printed, "sigma-min", var(SIGMA_MIN).at_least(var("m") / 2)).requires(&coverage),
            worst(Form::control, "norm-near", var(NORM).at_most(near() * var("M"))),
            worst(Form::control, "sigma-min-near", var(SIGMA_MIN).at_least(var("m") / near())),
        ],
        finding: None,
        remarks: &[
            "At the printed radius the products move by the share m/(4 M) at most: no draw is within a tenth of the \
             factor 2, which the radius m/(2 M) (`lemma-9`, proved in Coq) comes nearer to.",
        ],
    }
}
