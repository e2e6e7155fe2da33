//! The nets in the proof of Lemma 3 (B.9): what a net is good for, (46) and its twin for sigma_min, and how many points
//! it takes.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | Sigma, an epsilon-net of the unit sphere | `net` (d = 2) | rational unit vectors |
//! | `norm(P) <= max_{h in Sigma} norm(P h)/(1 - epsilon)`; epsilon = 1/2: (46) | form `operator-norm` | - |
//! | `min_{h in Sigma} norm(P h) <= sigma_min(P) + epsilon norm(P)`; epsilon = m/M: 2 m | form `sigma-min` | - |
//! | `card(Sigma) <= (2/epsilon + 1)^d`: 5^d, `(2 M/m + 1)^d` | `Packing` | - |
//!
//! **The net inequality**, any d: let x be a unit vector with `norm(P x) = norm(P)` and h in Sigma with
//! `norm(x - h) <= epsilon`: `norm(P h) >= norm(P x) - epsilon norm(P)`. For sigma_min, x with
//! `norm(P x) = sigma_min(P)`. Checked on an explicit net for d = 2: with t = k/n, k = -n .. n, the points
//! `+-(1 - t^2, 2 t)/(1 + t^2)` lie at angles `2 atan(t)` with gaps of at most 2/n, so that every point of the circle
//! is within 1/n of one.
//!
//! **The number of points**, any d: a set of points of pairwise distance at least epsilon that cannot be enlarged is a
//! net; balls of radius epsilon/2 around its points are disjoint and lie in the ball of radius `1 + epsilon/2`, so
//! there are at most `((1 + epsilon/2)/(epsilon/2))^d = (2/epsilon + 1)^d`. Checked on sets that are packed well:
//! cross-polytopes, cubes and the roots of D_d and E_8.

use crate::arithmetic::{Enclosure, Rational};
use crate::formula::{Expr, Reading, Says, Table, Value, norm, sigma_min, var, vars};
use crate::harness::{Claim, Context, Evaluation, Form, Statement, Symbols, decide_formula, stated};
use crate::linalg::sphere::{Packing, net};
use crate::linalg::to_rows;
use crate::problem::draw::{small_matrix, stream};
use crate::problem::norm_squared;
use nalgebra::DMatrix;
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};

/// P, by rows, and 1/epsilon.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct OnNet {
    /// P, 2 x 2.
    rows: Vec<Vec<Rational>>,
    /// 1/epsilon >= 2.
    inverse: i64,
}

/// A net inequality, in the symbols P, epsilon and the extremes over the net.
struct Inequality(Says);

/// What is counted.
const APART: &str = "for points of the unit sphere, epsilon apart";

/// The largest norm of P h over the net.
const MOST: &str = "max_{h in net} norm(P h)";
/// The smallest norm of P h over the net.
const LEAST: &str = "min_{h in net} norm(P h)";

impl Symbols for OnNet {
    fn value<E: Enclosure + Reading>(&self, name: &str, _: &[i64], bits: u32) -> Option<Value<E>> {
        let p = DMatrix::from_row_iterator(2, 2, self.rows.iter().flatten().cloned());
        let norms = || net(2, self.inverse).into_iter().map(|h| norm_squared((&p * h).iter()));
        let of = |q: &Rational| E::from_rational(q, bits);
        Some(Value::Scalar(match name {
            "epsilon" => of(&Rational::new(1, self.inverse)),
            MOST => of(&norms().max()?).sqrt(),
            LEAST => of(&norms().min()?).sqrt(),
            "P" => return Some(Value::Matrix(p.map(|q| of(&q)))),
            _ => return None,
        }))
    }
}

impl Statement for Inequality {
    type Instance = OnNet;

    fn instances(&self, context: &Context) -> Vec<OnNet> {
        let fixed =
            [[1, 0, 0, 0], [1, 1, 1, 1], [1, 0, 0, 1], [3, 4, -4, 3], [1000, 1, 0, 1], [1, 3, 2, 6], [0, 7, 1, 0]];
        let fixed = fixed.map(|m| DMatrix::from_row_iterator(2, 2, m.map(Rational::from))).into_iter();
        let rng = &mut stream(context.seed, 0x3e_0000);
        let drawn = (0..context.size(40, 200, 1000)).map(|_| small_matrix(rng, 2, 2, 9, 4));
        fixed.chain(drawn).flat_map(|m| [2, 3, 10].map(|inverse| OnNet { rows: to_rows(&m), inverse })).collect()
    }
    fn describe(&self, i: &OnNet) -> String {
        let entries: Vec<String> = i.rows.iter().flatten().map(ToString::to_string).collect();
        format!("P = [{}] by rows, epsilon = 1/{}", entries.join(", "), i.inverse)
    }
    fn evaluate(&self, i: &OnNet, strength: &Rational) -> Evaluation {
        if i.rows.len() != 2 || i.rows.iter().any(|r| r.len() != 2) || i.inverse < 2 {
            return Evaluation::out_of_scope("a 2 x 2 matrix and 1/epsilon >= 2");
        }
        if i.rows.iter().flatten().all(Zero::is_zero) {
            return Evaluation::out_of_scope("P = 0: both sides are 0");
        }
        decide_formula(&self.0, i, strength)
    }
    fn simpler(&self, i: &OnNet) -> Vec<OnNet> {
        let mut out = Vec::new();
        for (at, v) in (0..4).flat_map(|at| [0, 1, 2].map(|v| (at, Rational::from(v)))) {
            let mut next = i.clone();
            let entry = &mut next.rows[at / 2][at % 2];
            if entry.to_string().len() > v.to_string().len() || *entry > v {
                *entry = v;
                out.push(next);
            }
        }
        out
    }
}

/// A bound on the number of points of a packing.
struct Cardinality(Says);

impl Statement for Cardinality {
    type Instance = Packing;

    fn instances(&self, _context: &Context) -> Vec<Packing> {
        let of = |name: &str, dimension, epsilon| Packing { name: name.into(), dimension, epsilon };
        let mut out: Vec<Packing> = (1..=10).map(|d| of("cross", d, Rational::new(7, 5))).collect();
        out.push(of("cross", 1, Rational::from(2)));
        out.extend([(4, Rational::one()), (9, Rational::new(2, 3))].map(|(d, epsilon)| of("cube", d, epsilon)));
        out.extend([3, 4, 5, 8].map(|d| of("roots", d, Rational::one())));
        out.push(of("e8", 8, Rational::one()));
        out
    }
    fn describe(&self, i: &Packing) -> String {
        format!("{}, d = {}, epsilon = {}", i.name, i.dimension, i.epsilon)
    }
    fn evaluate(&self, i: &Packing, strength: &Rational) -> Evaluation {
        if !(1..=10).contains(&i.dimension) || i.epsilon.sign() <= 0 {
            return Evaluation::out_of_scope("d from 1 to 10 and epsilon > 0");
        }
        let vectors = i.vectors();
        if !i.is_separated(&vectors) {
            return Evaluation::out_of_scope("the points are not epsilon apart");
        }
        let scene = Table::default().scalar("card(net)", Rational::from(vectors.len() as i64));
        let scene = scene.scalar("d", Rational::from(i.dimension as i64)).scalar("epsilon", i.epsilon.clone());
        decide_formula(&self.0, &scene, strength)
    }
}

/// `lemma-3-nets`.
pub fn claim() -> Claim {
    let [epsilon, p, most, least] = vars(["epsilon", "P", MOST, LEAST]);
    let cardinality = |base: Expr| var("card(net)").at_most(base.power(var("d")));
    Claim {
        id: "lemma-3-nets",
        title: "Nets: what they bound, and their size",
        place: "proof of Lemma 3, (46), its counterpart for sigma_min, and the two cardinalities",
        hypotheses: "0 < epsilon <= 1/2 for the inequalities; any epsilon > 0 for the number of points",
        uses: &[],
        forms: vec![
            // epsilon = 1/2 is (46).
            stated(Form::printed, "operator-norm", norm(&p).at_most(&most / (1 - &epsilon)), Inequality),
            stated(Form::printed, "sigma-min", least.at_most(sigma_min(&p) + &epsilon * norm(&p)), Inequality),
            stated(Form::printed, "cardinality", cardinality(2 / &epsilon + 1), Cardinality).also(APART),
            // As if the net were the sphere.
            stated(Form::control, "norm-of-net", norm(&p).at_most(most), Inequality),
            stated(Form::control, "sigma-min-of-net", least.at_most(sigma_min(p)), Inequality),
            stated(Form::control, "smaller-net", cardinality(2 / epsilon), Cardinality).also(APART),
        ],
        finding: None,
        remarks: &["In the proof |Sigma| is set equal to (2M/m + 1)^d; it is at most that, which is what is used."],
    }
}
