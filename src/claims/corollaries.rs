//! Corollaries 1, 2 and 3: where the flow from small initialisation ends.
//!
//! | paper | code |
//! | --- | --- |
//! | T of Corollary 1 | [`settled_from`]: the first sampled time from which every sampled point is in the range |
//! | the path that remains after t | `Setting::remaining_path`: `2 sqrt((R - R_min)/mu)` |
//! | S(W^SI) | [`limit_sharpness`] |
//!
//! **The path that remains** (Corollary 2 made explicit, without (A3)): under an inequality `norm(grad)^2 >= mu (R - R_min)` that holds from t on,
//! `d/dt sqrt(R - R_min) = -norm(grad)^2/(2 sqrt(R - R_min)) <= -(sqrt(mu)/2) norm(grad)`, so the path left is at most `2 sqrt((R - R_min)/mu)`. The case-free inequality of
//! `theorem-3` has such a mu as soon as `R - R_min < lambda norm(w*)^2`: from then on `norm(w_prod) >= norm(w*) - sqrt((R - R_min)/lambda)`. So the weights converge under (A1) and
//! (A2) alone: Theorem 3 brings the risk there, no smallness is needed.
//!
//! **Corollary 1 under L epsilon <= 1** (and norm(w*) >= 1, in place of 32 L sqrt(epsilon) <= 1 and epsilon <= 1): by `sigma-product`, at the limit
//! `-D <= sigma_k^2 - norm(w*)^(2/L) <= 2 D`, and `2 D <= epsilon <= 1/L`. The range needs `D < norm(w*)^(2/L) (1 - 4^(-1/L))` and `2 D < norm(w*)^(2/L) (4^(1/L) - 1)`; with z = 1/L both follow from
//! `1 - 4^-z >= z/2` and `4^z - 1 >= z` on (0, 1], with strict inequality, so the range is reached at a finite T.
//!
//! **Corollary 3 sharpened.** At a minimiser `S <= 2 Lambda norm_2(M)`, `M = sum_k norm(b_k)^2 A_k^T A_k`, each term at most the product of the other sigma_j^2. So with
//! `sigma_j^2 <= norm(w*)^(2/L) + 2 D`: `S/S_min <= kappa (1 + 2 D/norm(w*)^(2/L))^(L-1)`, for every initialisation with (A2). Under (A3) `2 D <= epsilon <= 1/(1024 L^2)`, and
//! `(1 + 1/(1024 L^2))^(L-1) <= 1.00025` for all L: 4 becomes 1.00025. It cannot go below 1: w* along the top eigenvector, epsilon -> 0.

use super::certified;
use super::evidence::{Grade, Role};
use super::frame::{Claim, Comparison, Context, Evaluation, Form, Statement, decide};
use super::instances::{NetworkInstance, enclose};
use super::lemma_4::Scalars;
use super::section_4::{
    Along, Hypotheses, NUMERICAL, Pair, Setting, When, a2, a2_deep, a3, arrived, evaluate_run, judge, l_epsilon,
    moments,
};
use super::subdivision;
use super::theorem_3::proof_constant;
use super::trajectories::{self, Run, Trajectory};
use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use crate::flow::observables::Observables;
use crate::hessian::sharpness_at_minimiser;
use crate::network::minimiser;
use num_traits::{One, Zero};

/// `(norm(w*)/2)^(1/L) <= sigma_k <= (2 norm(w*))^(1/L)` now, and for all later t: the path that remains is added to sigma_k.
pub fn range_for_ever(o: &Observables, s: &Setting) -> Vec<Pair> {
    range(o, s, Interval::from_i64(2), s.remaining_path(&o.excess_risk))
}
/// The same at this moment only.
pub fn range_now(o: &Observables, s: &Setting) -> Vec<Pair> {
    range(o, s, Interval::from_i64(2), 0.0)
}
/// Control: a factor 1 + 2^-30 in place of 2.
fn range_narrow(o: &Observables, s: &Setting) -> Vec<Pair> {
    range(o, s, Interval::point(1.0 + 2.0_f64.powi(-30)), 0.0)
}
fn range(o: &Observables, s: &Setting, factor: Interval, path: f64) -> Vec<Pair> {
    let l = s.depth as u32;
    let path = Interval::point(path);
    let (low, high) = ((s.w_star_norm / factor).pow_ratio(1, l), (factor * s.w_star_norm).pow_ratio(1, l));
    let of = |q: &Interval| {
        let sigma = q.sqrt();
        [Pair::new(high, sigma + path), Pair::new(sigma - path, low)]
    };
    o.sigma_squared.iter().flat_map(of).collect()
}

/// T of Corollary 1: the first sampled time from which every sampled point is in the range; `None` if the last is not.
pub fn settled_from(run: &Run) -> Option<f64> {
    let inside = |p: &Pair| (p.greater - p.lesser).is_nonnegative();
    let outside = run.samples.iter().rposition(|s| !range_now(&s.seen, &run.setting).iter().all(inside));
    let first = outside.map_or(0, |at| at + 1);
    run.samples.get(first).map(|s| s.time.max(1.0))
}

/// The limit is within 2^-10 of the last point, relative to the size of a layer.
pub fn located(o: &Observables, s: &Setting) -> Vec<Pair> {
    vec![Pair::new(near_enough(s), Interval::point(s.remaining_path(&o.excess_risk)))]
}

/// 2^-10 of the size of a layer, within which the limit is to be located.
fn near_enough(s: &Setting) -> Interval {
    s.level().sqrt() * Interval::point(2.0_f64.powi(-10))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    CaseFree,
    Printed,
}

/// The bound of the remaining path against the path that the numerical trajectory still travels.
struct Path {
    bound: Bound,
    hypotheses: Hypotheses,
}

impl Statement for Path {
    type Instance = Trajectory;

    fn instances(&self, context: &Context) -> Vec<Trajectory> {
        trajectories::of(context, true)
    }
    fn describe(&self, i: &Trajectory) -> String {
        i.describe()
    }
    fn tags(&self, i: &Trajectory) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &Trajectory, strength: &Rational) -> Evaluation {
        evaluate_run(i, self.hypotheses, |run| {
            let end = run.samples.last().map_or(0.0, |s| s.path);
            let printed = proof_constant(&run.setting);
            let samples = moments(run, When::Always)?.filter(|s| self.bound == Bound::CaseFree || s.time >= 1.0);
            let pairs = samples.filter_map(|s| {
                let bound = match self.bound {
                    Bound::CaseFree => run.setting.remaining_path(&s.seen.excess_risk),
                    Bound::Printed => (2 * (s.seen.excess_risk / printed).sqrt()).lo(),
                };
                let rest = end - s.path;
                // Below this share of the whole, the rest is rounding of the sums.
                (bound.is_finite() && rest > 1e-9 * end)
                    .then(|| Pair::new(Interval::point(bound), Interval::point(rest)))
            });
            Ok(judge(pairs, strength, NUMERICAL))
        })
    }
    fn simpler(&self, i: &Trajectory) -> Vec<Trajectory> {
        trajectories::simpler(i)
    }
}

/// Enclosure of S(W^SI), if the last point is taken as a point of the true flow: the limit is within the remaining path l of it, and
/// `|S(W) - S(V)| <= 2 Lambda L ((s + l)^(2L-2) - s^(2L-2))` for the form `2 lambda_max(R^T M R)`, s the largest spectral norm.
pub fn limit_sharpness(problem: &crate::problem::Problem, run: &Run) -> Option<Interval> {
    let last = run.samples.last()?;
    let network = last.network.map(|v| Big::from_f64(*v, 128));
    let here = sharpness_at_minimiser(&network, &problem.moments::<Big>(128)).to_interval();
    let path = Interval::point(run.setting.remaining_path(&last.seen.excess_risk));
    let sigma = last.seen.largest_sigma_squared().sqrt();
    let power = 2 * run.setting.depth as u32 - 2;
    let depth = Interval::from_i64(2 * run.setting.depth as i64);
    let change = depth * run.setting.lambda_max * ((sigma + path).powi(power) - sigma.powi(power));
    let out = here + Interval::symmetric(change.hi());
    out.is_bounded().then_some(out)
}

/// `S <= 4 kappa S_min`, as printed.
pub fn upper_printed(sharpness: Interval, s: &Setting) -> Vec<Pair> {
    vec![Pair::new(4 * s.kappa() * s.s_min(), sharpness)]
}
/// `S <= 1.00025 kappa S_min`.
pub fn upper_best(sharpness: Interval, s: &Setting) -> Vec<Pair> {
    let constant = Interval::from_rational(&Rational::new(100_025, 100_000), 53);
    vec![Pair::new(constant * s.kappa() * s.s_min(), sharpness)]
}
/// `S <= kappa (1 + 2 D/norm(w*)^(2/L))^(L-1) S_min`.
pub fn upper_sharpened(sharpness: Interval, s: &Setting) -> Vec<Pair> {
    let factor = (1 + 2 * s.initial.imbalance() / s.level()).powi(s.depth as u32 - 1);
    vec![Pair::new(factor * s.kappa() * s.s_min(), sharpness)]
}
/// Control: `S <= 0.99 kappa S_min`.
fn upper_too_small(sharpness: Interval, s: &Setting) -> Vec<Pair> {
    vec![Pair::new(Interval::point(0.99) * s.kappa() * s.s_min(), sharpness)]
}
/// Control: `S >= 1.01 S_min`.
fn lower_too_large(sharpness: Interval, s: &Setting) -> Vec<Pair> {
    vec![Pair::new(sharpness, Interval::point(1.01) * s.s_min())]
}

/// A statement about the sharpness of the limit.
struct AtLimit {
    hypotheses: Hypotheses,
    pairs: fn(Interval, &Setting) -> Vec<Pair>,
}

impl Statement for AtLimit {
    type Instance = Trajectory;

    fn instances(&self, context: &Context) -> Vec<Trajectory> {
        trajectories::of(context, true)
    }
    fn describe(&self, i: &Trajectory) -> String {
        i.describe()
    }
    fn tags(&self, i: &Trajectory) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &Trajectory, strength: &Rational) -> Evaluation {
        if i.start.depth() == 1 {
            return Evaluation::out_of_scope("L = 1: S = 2 Lambda and S_min = 2 lambda identically");
        }
        evaluate_run(i, self.hypotheses, |run| {
            arrived(run)?;
            let sharpness = limit_sharpness(&i.start.problem, run).ok_or("the sharpness could not be enclosed")?;
            Ok(judge((self.pairs)(sharpness, &run.setting), strength, NUMERICAL))
        })
    }
    fn simpler(&self, i: &Trajectory) -> Vec<Trajectory> {
        trajectories::simpler(i)
    }
}

/// S >= S_min at the exact minimiser next to the end of a trajectory (W_1 solved for in rationals).
struct AtMinimiser;

struct Sides<'a> {
    instance: &'a NetworkInstance,
}

impl Comparison for Sides<'_> {
    fn sides<E: Enclosure>(&self, bits: u32) -> (E, E) {
        let i = self.instance;
        let sharpness = sharpness_at_minimiser(&i.network_in::<E>(bits), &i.problem.moments::<E>(bits));
        let lambda = match i.white() {
            Some(level) => enclose::<E>(&level, bits),
            None => E::from_interval(&i.problem.lambda(), bits),
        };
        let w_star = enclose::<E>(&i.w_star_norm_squared(), bits);
        (sharpness, super::theorem_2::depth_bound(&lambda, &w_star, None, i.depth()))
    }
    fn exactly(&self, strength: &Rational) -> Option<bool> {
        // L = 1: S = 2 Lambda, S_min = 2 lambda, equal where the data are white.
        (self.instance.depth() == 1 && self.instance.white().is_some()).then(|| *strength <= Rational::one())
    }
}

impl Statement for AtMinimiser {
    type Instance = Trajectory;

    fn instances(&self, context: &Context) -> Vec<Trajectory> {
        trajectories::of(context, true)
    }
    fn describe(&self, i: &Trajectory) -> String {
        i.describe()
    }
    fn tags(&self, i: &Trajectory) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &Trajectory, strength: &Rational) -> Evaluation {
        evaluate_run(i, a3, |run| {
            arrived(run)?;
            let last = run.samples.last().ok_or("an empty trajectory")?;
            let network = last.network.map(|v| Rational::from_f64(*v).unwrap_or_else(Rational::zero));
            let solved = minimiser::solve_layer(&i.start.problem, network, 1).map_err(|e| e.to_string())?;
            let instance = NetworkInstance::new(i.start.problem.clone(), solved, "minimiser next to the limit");
            if !instance.is_minimiser {
                return Err("the solved network does not implement w*".into());
            }
            Ok(decide(&Sides { instance: &instance }, strength))
        })
    }
}

/// Scalar inequalities in z = 1/L, over all real L >= 1.
struct Depths(Scalar);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scalar {
    /// `1 - 4^-z >= z/2`
    Lower,
    /// `4^z - 1 >= z`
    Upper,
    /// `(1 + z^2/1024)^(1/z - 1) <= c`
    Constant,
}

impl Depths {
    fn proof(&self, strength: &Rational) -> subdivision::Proof {
        let domain = [(Rational::zero(), Rational::one())];
        let at = |q: &Rational| Big::from_rational(q, 96);
        let log4 = at(&Rational::from(4)).ln();
        // (e^u - 1)/u, increasing, 1 at u = 0.
        let mean = |u: &Big| {
            let end = |q: Option<Rational>| match q {
                Some(q) if q.is_zero() => Big::one(),
                Some(q) => at(&q).exp_m1() / at(&q),
                None => Big::entire(),
            };
            end(u.lower_rational()).hull(&end(u.upper_rational()))
        };
        match self.0 {
            // Divided by z: ln 4 E(-z ln 4) >= 1/2, where E is the mean above.
            Scalar::Lower => subdivision::prove(&domain, |v| &log4 * mean(&-(&v[0] * &log4)) - at(&(strength / 2))),
            Scalar::Upper => subdivision::prove(&domain, |v| &log4 * mean(&(&v[0] * &log4)) - at(strength)),
            // (1/z - 1) ln(1 + z^2/1024) <= (1 - z) z/1024, and exp of that is at most c.
            Scalar::Constant => subdivision::prove(&domain, |v| {
                let z = v[0].clone();
                let bound = at(&(Rational::new(25, 100_000) / strength)).ln_1p();
                bound - (1 - &z) * z / at(&Rational::from(1024))
            }),
        }
    }
}

impl Statement for Depths {
    type Instance = Scalars;

    fn instances(&self, _context: &Context) -> Vec<Scalars> {
        vec![Scalars::Domain]
    }
    fn describe(&self, _i: &Scalars) -> String {
        "every real L >= 1".into()
    }
    fn evaluate(&self, i: &Scalars, strength: &Rational) -> Evaluation {
        match i {
            Scalars::Domain => subdivision::evaluate(strength, |s| self.proof(s)),
            Scalars::Point { .. } => Evaluation::out_of_scope("the statement is about the whole domain"),
        }
    }
}

const DEPTHS: [(&str, usize); 7] = [
    ("L >= 8", 4),
    ("L >= 16", 1),
    ("first layer zero", 2),
    ("last layer zero", 1),
    ("a middle layer zero", 3),
    ("kappa >= 90", 2),
    ("white data", 2),
];

fn at_end(hypotheses: Hypotheses, pairs: super::section_4::Pairs) -> Along {
    Along { hypotheses, when: When::End, pairs }
}

/// `corollary-1`.
pub fn first() -> Claim {
    Claim {
        id: "corollary-1",
        title: "Where every spectral norm ends",
        place: "Corollary 1, Section 4",
        hypotheses: "(A1)-(A3); sharpened: (A1), (A2), norm(w*) >= 1, L epsilon <= 1",
        uses: &[
            "theorem-3",
            "lemma-2-rank-one",
            "lemma-2-balance",
            "lemma-2-alignment",
            "lemma-4-minus",
            "lemma-4-plus",
            "sigma-product",
        ],
        forms: vec![
            Form::holds(
                "printed",
                Role::Printed,
                Grade::Computed,
                "(norm(w*)/2)^(1/L) <= sigma_k(t) <= (2 norm(w*))^(1/L) for all t >= T, T found",
                at_end(a3, range_for_ever),
            )
            .requires(&DEPTHS)
            .besides(),
            certified::corollary_1(),
            Form::holds(
                "l-epsilon",
                Role::Sharpened,
                Grade::Computed,
                "the same under L epsilon <= 1 in place of (A3)",
                at_end(l_epsilon, range_for_ever),
            )
            .requires(&[("outside (A3)", 3), ("L >= 8", 4)]),
            Form::holds(
                "l-epsilon-lower",
                Role::Sharpened,
                Grade::Domain,
                "1 - 4^(-1/L) >= 1/(2L): D <= 1/(2L) keeps sigma_k above (norm(w*)/2)^(1/L)",
                Depths(Scalar::Lower),
            ),
            Form::holds(
                "l-epsilon-upper",
                Role::Sharpened,
                Grade::Domain,
                "4^(1/L) - 1 >= 1/L: 2 D <= 1/L keeps sigma_k below (2 norm(w*))^(1/L)",
                Depths(Scalar::Upper),
            ),
            Form::control(
                "exact-norms",
                "sigma_k within a factor 1 + 2^-30 of norm(w*)^(1/L)",
                Rational::one(),
                at_end(a3, range_narrow),
            ),
            Form::control(
                "outside",
                "the same for every scale of initialisation",
                Rational::one(),
                at_end(a2, range_for_ever),
            ),
        ],
        finding: None,
        remarks: &[
            "The T found is drawn in the figure corollary-1-times. From the last point on, the path that remains keeps every sigma_k in the range.",
            "Outside (A3) the printed form is out of scope; the figure corollary-1-map shows where it still holds.",
        ],
    }
}

/// `corollary-2`.
pub fn second() -> Claim {
    Claim {
        id: "corollary-2",
        title: "The weights converge",
        place: "Corollary 2, Section 4",
        hypotheses: "(A1)-(A3); sharpened: (A1), (A2)",
        uses: &["theorem-3", "lemma-8", "corollary-1"],
        forms: vec![
            Form::holds(
                "printed",
                Role::Printed,
                Grade::Computed,
                "W(t) converges to a minimiser: the path that remains after the last point is below 2^-10 norm(w*)^(1/L)",
                at_end(a3, located),
            )
            .requires(&DEPTHS)
            .besides(),
            certified::corollary_2(),
            Form::holds(
                "path-printed-mu",
                Role::Sharpened,
                Grade::Computed,
                "the path after t >= 1 is at most 2 sqrt((R - R_min)/mu), mu of B.4",
                Path { bound: Bound::Printed, hypotheses: a2_deep },
            ),
            Form::holds(
                "path",
                Role::Sharpened,
                Grade::Computed,
                "the path after t is at most 2 sqrt((R - R_min)/mu(t)), mu(t) without cases, as soon as R - R_min < lambda norm(w*)^2; without (A3)",
                Path { bound: Bound::CaseFree, hypotheses: a2_deep },
            )
            .with_constant(Rational::from(2), false)
            .requires(&[("outside (A3)", 4), ("L >= 8", 6), ("kappa >= 90", 4)]),
            Form::holds(
                "without-a3",
                Role::Sharpened,
                Grade::Computed,
                "the first form without (A3)",
                at_end(a2, located),
            )
            .requires(&[("outside (A3)", 4)]),
            Form::control(
                "shorter-path",
                "the path after t is at most (1/2) sqrt((R - R_min)/mu(t))",
                Rational::from(4),
                Path { bound: Bound::CaseFree, hypotheses: a2_deep },
            ),
        ],
        finding: None,
        remarks: &["(A3) is not needed: the case-free inequality of theorem-3 bounds the path that remains for every initialisation with (A2)."],
    }
}

/// `corollary-3`.
pub fn third() -> Claim {
    let limit = |hypotheses, pairs| AtLimit { hypotheses, pairs };
    Claim {
        id: "corollary-3",
        title: "The sharpness of the limit",
        place: "Corollary 3, Section 4",
        hypotheses: "(A1)-(A3); sharpened: (A1), (A2)",
        uses: &["corollary-1", "corollary-2", "theorem-1"],
        forms: vec![
            Form::holds(
                "printed-lower",
                Role::Printed,
                Grade::Computed,
                "S(W^SI) >= S_min, at the exact minimiser next to the limit",
                AtMinimiser,
            )
            .requires(&DEPTHS)
            .besides(),
            certified::corollary_3_lower(),
            Form::holds(
                "printed-upper",
                Role::Printed,
                Grade::Computed,
                "S(W^SI) <= 4 (Lambda/lambda) S_min",
                limit(a3, upper_printed),
            )
            .with_constant(Rational::from(4), false)
            .requires(&DEPTHS)
            .besides(),
            certified::corollary_3_upper(),
            Form::holds(
                "best-constant",
                Role::Sharpened,
                Grade::Computed,
                "S(W^SI) <= 1.00025 (Lambda/lambda) S_min under (A3)",
                limit(a3, upper_best),
            ),
            Form::holds(
                "best-constant-depths",
                Role::Sharpened,
                Grade::Domain,
                "(1 + 1/(1024 L^2))^(L-1) <= 1.00025 for every L >= 1",
                Depths(Scalar::Constant),
            ),
            Form::holds(
                "any-scale",
                Role::Sharpened,
                Grade::Computed,
                "S(W^SI) <= (Lambda/lambda) (1 + 2 D/norm(w*)^(2/L))^(L-1) S_min, without (A3)",
                limit(a2, upper_sharpened),
            )
            .requires(&[("outside (A3)", 4), ("L >= 8", 6)]),
            certified::corollary_3_best(),
            certified::corollary_3_any(),
            Form::control(
                "below-kappa",
                "S(W^SI) <= 0.99 (Lambda/lambda) S_min",
                Rational::one(),
                limit(a3, upper_too_small),
            ),
            Form::control("above-s-min", "S(W^SI) >= 1.01 S_min", Rational::one(), limit(a3, lower_too_large)),
        ],
        finding: None,
        remarks: &[
            "The best constant in place of 4 is between 1 (w* along the top eigenvector, epsilon -> 0) and 1.00025.",
        ],
    }
}
