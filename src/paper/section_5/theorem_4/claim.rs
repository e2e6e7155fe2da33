//! Theorem 4 (Section 5, B.8): gradient flow from residual initialisation converges, and the theta_k stay bounded.
//!
//! | paper | code |
//! | --- | --- |
//! | theta_k(t) = L (W_k(t) - W_k(0)) | `Sample::theta`, max over k of the Frobenius norm |
//! | C_3, C_5 of (36) | `ln_c_3`, `ln_c_5`, with u = C~_3 the smallest that the start allows and C_2 = d |
//! | M, m: norms and sigma_min of Pi_{k:1}(0), Pi_{L:k}(0) | `Setting::extremes` |
//!
//! **`deterministic`**, B.8 without probability. Let M >= 1 bound the norms and m <= 1 the smallest singular values of
//! all Pi_{k:1}(0), Pi_{L:k}(0) (empty products included), x in (0, 1), `r = x m/M`, `M' = e^x M`, `m' = (1 - x) m`. If
//! `sqrt(Lambda) M'^2 sqrt(R(0) - R_min) <= r lambda norm(w) m'^4` then for all t
//! `R(t) - R_min <= (R(0) - R_min) exp(-mu t)`, `mu = 4 lambda norm(w)^2 m'^4 L`, and
//! `norm_F(theta_k(t)) <= B := sqrt(Lambda) M'^2 sqrt(R(0) - R_min)/(lambda norm(w) m'^4) <= r`; the weights converge
//! to a minimiser. Proof:
//! - While all `norm(theta_k) <= r`, write the moved Pi_{k:1} as `P_k Q_k`,
//!   `Q_k = (I + P_k^-1 theta_k P_{k-1}/L) Q_{k-1}` (as in `lemma-9`): `norm(P_k^-1 theta_k P_{k-1}) <= r M/m = x`, so
//!   `norm(Q_k) <= (1 + x/L)^L <= e^x` and `sigma_min(Q_k) >= (1 - x/L)^L >= 1 - x` (Bernoulli). Transposed, the same
//!   for Pi_{L:k}.
//! - Summing (33) over the layers: `norm(grad)^2 >= mu (R - R_min)`, hence the rate. By (39),
//!   `norm_F(grad_k) <= 2 sqrt(Lambda) M'^2 norm(w) sqrt(R - R_min)`.
//! - `norm_F(theta_k(t)) <= L int norm_F(grad_k) <= 4 L sqrt(Lambda) M'^2 norm(w) sqrt(R(0) - R_min) (1 - exp(-mu
//!   t/2))/mu = B (1 - exp(-mu t/2)) < r`: the ball is never left.
//!
//! Its smallness condition is `R(0) - R_min <= [x (1-x)^4 e^(-2x)]^2 (m^10/M^6) lambda^2 norm(w)^2/Lambda`; the bracket
//! is largest at `x = (7 - sqrt 41)/4`, we take x = 3/20: for s = 0 (M = m = 1) the constant is 1/298, that of (36) is
//! 2^-36.

use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring};
use crate::flow::record::Sample;
use crate::flow::residual::{FALL, Setting};
use crate::formula::{Expr, Says, Table, Text, at, exp, norm_f, sqrt, square, sum, var, vars};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement, tagged};
use crate::harness::evidence::Grade;
use crate::harness::pairs::{Pair, judge_all, pairs};
use crate::hessian::depth_bound;
use crate::paper::section_4::along::NUMERICAL;
use crate::paper::section_5::flows::{Flow, NEAR, Target, flows, ln_c_3, ln_c_5};
use crate::problem::norm_squared;
use num_traits::One;

/// Which flows a statement speaks of, and when.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Under the smallness condition of `deterministic`, at every step.
    Near,
    /// Under the C_3 of (36), at every step.
    Printed,
    /// As `Near`: the risk falls to [`FALL`] of its start.
    Converges,
    /// Far targets: likewise.
    Far,
    /// Control: targets opposite to the head, likewise.
    Opposite,
    /// Near targets and far ones, at the limit: Corollary 4.
    Limits,
}

/// What is said of numerical flows.
pub(crate) struct Along {
    /// Which flows, under which hypotheses.
    which: Which,
    /// d targets and no head: Theorem 5.
    multivariate: bool,
    /// What holds at every step; none where the end is what counts.
    says: Option<Says>,
}

impl Along {
    /// Without a formula: that the risk falls to [`FALL`] of its start.
    pub(crate) fn new(which: Which, multivariate: bool, says: impl Into<Option<Says>>) -> Self {
        Self { which, multivariate, says: says.into() }
    }
    /// One line.
    fn words(&self) -> String {
        let Some(says) = &self.says else { return "R - R_min falls to 1e-12 of its start".into() };
        if self.which == Which::Limits {
            return Text.says(says) + ", at the limits of flows to near and far targets";
        }
        let written = |e: &Expr| {
            e.put(&var("gradient"), &sum("k", 1, var("L"), square(at("grad", var("k")))))
                .put(&var("theta"), &norm_f(at("theta", var("k"))))
                .put(&var("R - R_min"), &(var("R") - var("R_min")))
                .put(&var("R(0) - R_min"), &(var("R(0)") - var("R_min")))
        };
        Text.says(&says.map(&mut |e| written(e))) + ", t >= 0"
    }
    /// What the hypotheses lack.
    ///
    /// Tried in turn: M and m enclosed, the smallness condition of the kind, an initial risk that doubles resolve. A
    /// condition is met only where its enclosure proves it. Far and opposite targets have no smallness condition, on
    /// purpose; limits need L >= 2 and an S that the end of the trajectory tells.
    fn lacking(&self, flow: &Flow, setting: &Setting) -> Option<&'static str> {
        let missing = |holds: bool, why| (!holds).then_some(why);
        match self.which {
            Which::Far | Which::Opposite | Which::Limits => None,
            _ if !setting.is_enclosed() => Some("the products at the start are not enclosed away from singular ones"),
            Which::Printed => {
                let problem = &setting.problem;
                let c_3 = ln_c_3(&flow.s, flow.dimension, setting.event(&flow.s)).exp();
                let allowed = c_3 * (problem.lambda() * setting.head).powi(2) / problem.lambda_max();
                missing((allowed - setting.excess).is_nonnegative(), "the initial risk is above that of (36)")
            }
            Which::Near | Which::Converges => {
                let left = setting.inside().radius - setting.theta_bound();
                missing(left.is_nonnegative(), "the initial risk is too large")
            }
        }
        .or_else(|| missing(setting.is_resolved(), "the start is a minimiser to double precision"))
        .or_else(|| match self.which {
            Which::Limits if flow.depth == 1 => Some("L = 1: nothing depends on the flow"),
            Which::Limits if flow.end().is_ok_and(|end| !end.sharpness.is_positive()) => {
                Some("the flow ended too far from its limit for S to be told: M/m is too large")
            }
            _ => None,
        })
    }
    /// Along a flow the pairs of the formula at every accepted step, with M', m', C_5 and the data enclosed, and with
    /// t, `R - R_min`, the gradient and theta as the integrator gave them; at the limit one scene of S, M and m as
    /// the end of the trajectory tells them; without a formula the last risk against 1e-12 of the first.
    ///
    /// # Errors
    /// In words: no start, no trajectory, or a symbol without a value.
    fn pairs(&self, flow: &Flow, setting: &Setting) -> Result<Vec<Pair>, String> {
        let run = flow.run()?;
        let Some(says) = &self.says else {
            // The integrator ends at or below this level.
            let level = Interval::point((Interval::point(FALL) * setting.excess).hi());
            return Ok(run.samples.last().map(|s| Pair::new(level, Interval::point(s.excess))).into_iter().collect());
        };
        if self.which == Which::Limits {
            let (end, lambda) = (flow.end()?, setting.problem.lambda());
            let w_star = norm_squared(setting.problem.w_star::<Interval>(53).iter());
            let scene = setting
                .table()
                .scalar("norm(w*)", w_star.sqrt())
                .scalar("S_min", depth_bound(&lambda, &w_star, None, flow.depth))
                .scalar("S(W^RI)", end.sharpness)
                .scalar("M", end.extremes.0)
                .scalar("m", end.extremes.1);
            return pairs(says, &scene);
        }
        let inside = setting.inside();
        let constants = setting
            .table()
            .scalar("R(0) - R_min", setting.excess)
            .scalar("M'", inside.largest)
            .scalar("m'", inside.smallest)
            .scalar("C_5", ln_c_5(&flow.s, setting.event(&flow.s)).exp());
        let at_step = |at: &Sample| {
            let seen =
                [("t", at.time), ("R - R_min", at.excess), ("gradient", at.gradient_squared), ("theta", at.theta)];
            let known = |scene: Table<Interval>, (name, x)| scene.scalar(name, Interval::point(x));
            pairs(says, &seen.into_iter().fold(constants.clone(), known))
        };
        Ok(run.samples.iter().map(at_step).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}

impl Statement for Along {
    type Instance = Flow;

    fn instances(&self, context: &Context) -> Vec<Flow> {
        let share = Rational::new(NEAR.0, NEAR.1);
        let chosen = |target: &Target| match self.which {
            Which::Far => *target == Target::Far,
            Which::Opposite => *target == Target::Opposite,
            Which::Printed => *target == Target::Printed(share.clone()),
            Which::Near | Which::Converges => *target == Target::Near(share.clone()),
            Which::Limits => matches!(target, Target::Near(_) | Target::Far),
        };
        flows(context, self.multivariate, chosen)
    }
    fn describe(&self, i: &Flow) -> String {
        let Flow { depth, dimension, s, head, condition, target, seed, .. } = i;
        format!("d = {dimension}, L = {depth}, s = {s}, norm(w) = {head}, kappa = {condition}, {target:?}, seed {seed}")
    }
    fn tags(&self, i: &Flow) -> Vec<String> {
        let one = Rational::one();
        tagged([
            (i.s.sign() == 0, "identity layers"),
            (i.s.sign() > 0, "Gaussian layers"),
            (i.head < one, "small head"),
            (i.head > one, "large head"),
            (i.condition > 1, "kappa > 1"),
            (i.depth >= 10, "L >= 10"),
            (i.dimension >= 20, "d >= 20"),
            (self.which == Which::Limits && i.target == Target::Far, "far target"),
        ])
    }
    fn evaluate(&self, i: &Flow, strength: &Rational) -> Evaluation {
        match i.setting().map(|setting| (self.lacking(i, &setting), setting)) {
            Err(e) => Evaluation::undecided(e),
            Ok((Some(lacking), _)) => Evaluation::out_of_scope(lacking),
            Ok((None, setting)) => judge_all([self.pairs(i, &setting)], strength, NUMERICAL),
        }
    }
}

/// `make` is one of the constructors of [`Form`].
pub(crate) fn told(make: fn(&'static str, String, Along) -> Form, name: &'static str, body: Along) -> Form {
    make(name, body.words(), body)
}

/// The forms of Theorem 4, or of Theorem 5; what the printed and the deterministic ones must cover.
///
/// Why four times mu must fail: at identity layers with white data `norm(grad)^2 = 4 lambda norm(w)^2 L (R - R_min)`
/// at the start, of which mu takes the share `(1 - x)^4 = 0.52`.
fn forms(multivariate: bool, printed: &[(&'static str, usize)], deterministic: &[(&'static str, usize)]) -> Vec<Form> {
    let [top, lambda, head, high, low, depth] = vars(["Lambda", "lambda", "norm(w)", "M'", "m'", "L"]);
    let [theta, excess, start] = vars(["theta", "R - R_min", "R(0) - R_min"]);
    // `sqrt(Lambda) M'^2 sqrt(R(0) - R_min)/(lambda norm(w) m'^4)`, and mu = `4 lambda norm(w)^2 m'^4 L`.
    let ball = || sqrt(&top * &start) * high.pow(2) / (&lambda * &head * low.pow(4));
    let rate = || 4 * &lambda * head.pow(2) * low.pow(4) * &depth;
    // `sum_k norm_F(grad_k)^2 >= mu (R - R_min)`, and `R(t) - R_min <= (R(0) - R_min) exp(-mu t)`.
    let gradient = |mu: Expr| var("gradient").at_least(mu * &excess);
    let falls = |mu: Expr| excess.at_most(&start * exp(-(mu * var("t"))));
    let along = |which, says: Option<Says>| Along::new(which, multivariate, says);
    let near = |says| along(Which::Near, Some(says));
    let sharpened = |name, body| told(Form::sharpened, name, body).graded(Grade::Computed).requires(deterministic);
    // The far optima of Theorem 5 are of all kinds too.
    let far = if multivariate { deterministic } else { &[] };
    vec![
        told(Form::printed, "printed-constants", along(Which::Printed, Some(theta.at_most(var("C_5")))))
            .graded(Grade::Computed)
            .under("R(0) - R_min <= C_3 lambda^2 norm(w)^2/Lambda, C_3 and C_5 as in (36), on the event of Lemma 3")
            .requires(printed),
        sharpened("deterministic-theta", near(theta.at_most(ball()))),
        sharpened("deterministic-gradient", near(gradient(rate()))),
        sharpened("deterministic-rate", near(falls(rate()))),
        sharpened("deterministic-limit", along(Which::Converges, None)),
        told(Form::conjecture, "far", along(Which::Far, None))
            .graded(Grade::Computed)
            .under(if multivariate {
                "drawn positive definite optima at the distance 2 from the identity, far outside the hypothesis"
            } else {
                "drawn targets of twice the head's norm, far outside the hypothesis"
            })
            .requires(far)
            .besides(),
        told(Form::control, "theta-fortieth", near(theta.at_most(ball() / 40))),
        told(Form::control, "gradient-4", near(gradient(4 * rate()))),
        told(Form::control, "rate-4", near(falls(4 * rate()))),
        told(Form::control, "opposite", along(Which::Opposite, None)).under(if multivariate {
            "P* = diag(-1, 1, .., 1) from the identity"
        } else {
            "w* = -w from the identity, d = 1"
        }),
    ]
}

/// `theorem-4`.
pub fn claim() -> Claim {
    let coverage =
        [("identity layers", 3), ("Gaussian layers", 5), ("small head", 3), ("large head", 3), ("kappa > 1", 3)];
    Claim {
        id: "theorem-4",
        title: "Convergence of gradient flow from residual initialisation",
        place: "Theorem 4, B.8",
        hypotheses: "(A1), theta(0) = 0, initial excess risk small against lambda^2 norm(w)^2/Lambda; \
                     `deterministic`: against M and m of this very start",
        uses: &["theorem-4-gradient", "lemma-9"],
        forms: forms(false, &[("identity layers", 3), ("Gaussian layers", 3)], &coverage),
        finding: None,
        remarks: &[
            "With the constants that B.8 prints its last display does not hold: see `theorem-4-constants` and the \
             step `theorem-4/last-display`. The theorem asks for some C_3 that depends on s only, and stands with the \
             corrected one.",
            "A version without probability: the smallness condition in terms of M and m of the given start, with \
             1/298 in place of 2^-36 for s = 0.",
            "w* = -w from the identity: w_prod stays a nonnegative multiple of w, so the flow cannot reach w*. Some \
             smallness is needed.",
        ],
    }
}

/// `theorem-5-flow`.
pub fn without_head() -> Claim {
    let coverage = [("identity layers", 3), ("Gaussian layers", 5), ("kappa > 1", 3), ("L >= 10", 3)];
    Claim {
        id: "theorem-5-flow",
        title: "Convergence of gradient flow from residual initialisation, d targets",
        place: "Theorem 5, B.8",
        hypotheses: "(A1), theta(0) = 0, no head (norm(w) = 1), initial excess risk small against lambda^2/Lambda; \
                     `deterministic`: against M and m of this very start",
        uses: &["theorem-5", "lemma-9"],
        forms: forms(true, &coverage, &coverage),
        finding: None,
        remarks: &[
            "The deterministic version of Theorem 4 (see there) with norm(w) = 1: its proof uses the gradient bounds \
             only, and those are `theorem-5`.",
            "P* = diag(-1, 1, .., 1) from the identity, white data: the layers stay diagonal and equal, and the \
             product cannot change the sign of a diagonal entry (checked for L = 2, where rounding keeps the layers \
             equal too). Some smallness is needed.",
            "(A4), which Theorem 5 assumes, is not defined in the paper and was not used.",
        ],
    }
}
