//! Theorems 4 and 5 and Corollary 4 inside their hypotheses: the constants of `explicit` are functions of s, fixed
//! first; then d, L, the noise, the data and a target are drawn, and the limit of the flow is enclosed
//! (`flow::nearby`): theta is compared with C_5, the sharpness with `C(s) = 2^12 exp(3 s^2 + 6 u)`.
//!
//! **The probability.** A trial draws N_1 .. N_L and passes if the conclusion holds for *every* head, data and target
//! within the hypothesis at once, by the deterministic form of B.8 (claim `theorem-4`): with M the largest norm and m
//! the smallest singular value of the Pi_{k:1} and Pi_{L:k}, x = 3/20, `M' = e^x M`, `m' = (1 - x) m`, it is enough
//! that `sqrt(C_3) M'^2 <= min(x m/M, C_5) m'^4`. First M and m are bounded by `prod_k (1 +- norm_F(W_k - I))`, then,
//! where that is not enough, enclosed. A trial that still does not pass is counted as undecided, which the upper end of
//! the interval takes for a failure: the count can only support the theorem; no trial of it refutes.
//!
//! **Why that is enough for a trial.** The smallness condition of `deterministic` is `sqrt(Lambda (R(0) -
//! R_min))/(lambda norm(w)) <= r m'^4/M'^2`, and its bound B on theta is the left-hand side times `M'^2/m'^4`. The
//! hypothesis of Theorem 4 bounds the left-hand side by sqrt(C_3), whatever head, data and target are. So `sqrt(C_3)
//! M'^2/m'^4 <= min(r, C_5)` gives the conclusion for all of them, and B <= C_5. The cheap bounds are `norm(W_k ..
//! W_1) <= prod (1 + norm(W_k - I))` and `sigma_min >= prod (1 - norm(W_k - I))`, with norm_F for norm.
//!
//! **Why not a trajectory.** In doubles an excess risk can be followed down to 1e-28 `norm(w)^2`; here it begins at
//! 1e-18 of `lambda^2 norm(w)^2/Lambda` and less, and a trajectory has to show a fall by 1e-12. `flow::nearby`
//! encloses the limit: to first order the minimiser nearest to the start, with a bound of the rest.

use crate::arithmetic::{Enclosure, Field, Interval, Rational, Real, Ring};
use crate::error::Result;
use crate::flow::nearby::Limit;
use crate::flow::start::{Direction, Start};
use crate::formula::{Expr, Says, Table, var};
use crate::harness::chance::{Chance, Counts, assess};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement, tagged};
use crate::harness::evidence::Grade;
use crate::harness::pairs::{judge_all, pairs};
use crate::harness::symbols::stated;
use crate::hessian::depth_bound;
use crate::network::products::extremes;
use crate::paper::section_5::corollary_4::claim::{at_least, at_most, of_head};
use crate::paper::section_5::explicit::{self, Constants};
use crate::paper::section_5::flows;
use crate::residual::{Setup, witness::Witness};
use nalgebra::DMatrix;
use num_traits::One;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What is said of the limit of a flow inside the hypotheses.
struct AtLimit {
    /// An inequality between `norm_F(theta_k)` or S at the limit and the constants.
    pub says: Says,
    /// Where it is tried.
    pub starts: Starts,
}

/// Which starts, and so which constants of s.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Starts {
    /// Those of `explicit`, with a head.
    Head,
    /// The same for d targets.
    Targets,
    /// Those of `lemma-3-best`, at s = 1/2 and s = 1.
    Best,
}

impl Starts {
    /// The constants for this s; `None` where `lemma-3-best` has no witness.
    fn constants(self, s: &Rational) -> Option<Constants> {
        if self == Self::Best { Witness::at(s).map(|w| w.constants()) } else { Some(Constants::of(s)) }
    }
    /// The starts of a run, made once for all forms that speak of them.
    fn list(self, context: &Context) -> Vec<Start> {
        let (name, share) = match self {
            Self::Head => ("starts in scope", context.size(10, 120, 600)),
            Self::Targets => ("starts in scope, d targets", context.size(10, 120, 240)),
            Self::Best => ("starts within the best constants", context.size(3, 24, 100)),
        };
        let all = if self == Self::Best { within_best } else { in_scope };
        context.once(name, || Ok(all(context.seed, share, self == Self::Targets))).to_vec()
    }
}

/// At the limit.
const THETA: &str = "norm_F(theta_k)";
/// What can be written as a double.
const ROOT: &str = "sqrt(C_3)";

/// Starts with the constants of `lemma-3-best`.
fn within_best(seed: u64, share: usize, _: bool) -> Vec<Start> {
    let mut out = Vec::new();
    for (s, depth) in [(Rational::new(1, 2), 80), (Rational::one(), 600)] {
        let Some(witness) = Witness::at(&s) else { continue };
        for at in 0..share {
            let condition = [1, 5][at % 2];
            let seed = seed * 10_000 + 5_000 + out.len() as u64;
            let start = Start::new((depth, explicit::LEAST_WIDTH), s.clone(), Rational::one(), condition, seed);
            let start = if at % 2 == 0 { start.hardest() } else { start };
            out.push(start.within(witness.constants().root_c_3.lo()));
        }
    }
    out
}

/// What the hypotheses of the theorems lack, with these constants of s.
///
/// L >= C_1, d >= C_2 and `sqrt(R(0) - R_min) <= sqrt(C_3) lambda norm(w)/sqrt(Lambda)`, Lambda = 1, by the enclosed
/// `smallness`.
fn lacking(start: &Start, limit: &Limit<Interval>, constants: &Constants) -> Option<&'static str> {
    if start.width < explicit::LEAST_WIDTH {
        return Some("d < C_2");
    }
    if !constants.is_deep(start.depth) {
        return Some("L < C_1");
    }
    let left = constants.root_c_3 - limit.smallness;
    (!left.is_nonnegative()).then_some("the initial risk is above C_3 lambda^2 norm(w)^2/Lambda")
}

/// Shapes `(L, d)` in scope for each s, and one of each on the other side of a hypothesis.
///
/// Half of the starts have the first shape, the others all shapes in turn; every other one has E(0) in the direction
/// in which the limit is farthest.
fn in_scope(seed: u64, share: usize, multivariate: bool) -> Vec<Start> {
    let scales: [(Rational, &[(usize, usize)]); 2] = [
        (Rational::new(1, 10), &[(4, 4), (5, 6), (8, 5), (20, 4), (50, 4)]),
        (Rational::new(1, 4), &[(45, 4), (60, 4), (45, 6)]),
    ];
    let q = Rational::new;
    let mut out = Vec::new();
    for (s, shapes) in scales {
        let root = Constants::of(&s).root_c_3.lo();
        for at in 0..share {
            let (depth, width) = shapes[if at < share / 2 { 0 } else { at % shapes.len() }];
            let head = [Rational::one(), q(1, 10), q(10, 1), q(1, 1000)][at % 4].clone();
            let width = if multivariate { explicit::LEAST_WIDTH } else { width };
            let condition = [1, 1, 5][at % 3];
            let start = Start::new((depth, width), s.clone(), head, condition, seed * 10_000 + out.len() as u64);
            let start = if at % 2 == 0 { start.hardest() } else { start };
            let start = if multivariate { start.without_head() } else { start };
            // Every tenth far below the bound; every other one just below it.
            out.push(start.within(if at % 10 == 9 { root * 1e-9 } else { root }));
        }
        let beyond = |shape| Start::new(shape, s.clone(), Rational::one(), 1, seed);
        let beyond = [beyond((3, 4)).within(root), beyond((50, 3)).within(root), beyond((50, 4)).within(2.0 * root)];
        out.extend(beyond.map(|start| if multivariate { start.without_head() } else { start }));
    }
    out
}

impl Statement for AtLimit {
    type Instance = Start;

    fn instances(&self, context: &Context) -> Vec<Start> {
        self.starts.list(context)
    }
    fn describe(&self, i: &Start) -> String {
        let Start { depth, width, s, condition, mantissa, exponent, seed, .. } = i;
        let kind = if i.multivariate { "d targets".into() } else { format!("norm(w) = {}", i.head) };
        let way = if i.direction == Direction::Drawn { "drawn" } else { "where the limit is farthest" };
        format!(
            "d = {width}, L = {depth}, s = {s}, {kind}, kappa = {condition}, norm(E(0)) = {mantissa}e-{exponent} \
             {way}, seed {seed}"
        )
    }
    fn tags(&self, i: &Start) -> Vec<String> {
        let one = Rational::one();
        tagged([
            (i.direction == Direction::Hardest, "hardest direction".to_string()),
            (i.head < one, "small head".into()),
            (i.head > one, "large head".into()),
            (i.condition > 1, "kappa > 1".into()),
            (true, format!("s = {}", i.s)),
        ])
    }
    fn evaluate(&self, i: &Start, strength: &Rational) -> Evaluation {
        let Some(constants) = self.starts.constants(&i.s) else {
            return Evaluation::out_of_scope("no constants of lemma-3-best for this s");
        };
        let limit = match i.limit().map(|limit| (lacking(i, &limit, &constants), limit)) {
            Err(e) => return Evaluation::undecided(e),
            Ok((Some(lacking), _)) => return Evaluation::out_of_scope(lacking),
            Ok((None, limit)) => limit,
        };
        let scene = Table::default()
            .scalar("L", Interval::from_i64(i.depth as i64))
            .scalar("lambda", limit.lambda)
            // Of the data of `flow::start`.
            .scalar("Lambda", Interval::one())
            .scalar("norm(w)", limit.head)
            .scalar("norm(w*)", limit.w_star)
            .scalar("S_min", depth_bound(&limit.lambda, &limit.w_star.powi(2), None, i.depth))
            .scalar("S(W^RI)", limit.sharpness)
            .scalar(THETA, limit.theta)
            .scalar(ROOT, constants.root_c_3)
            .scalar("C_5", constants.c_5)
            .scalar("C", constants.c);
        judge_all([pairs(&self.says, &scene)], strength, "intervals of the limit of the flow")
    }
}

/// L, d, s and a number of trials.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Setting {
    /// L.
    depth: usize,
    /// d.
    width: usize,
    /// s > 0.
    s: Rational,
    /// Numbered trials of a report; a night runs its own number.
    trials: u64,
    /// Of the run.
    seed: u64,
}

/// Does the conclusion hold for all data at once? `high` and `low` bound M and m.
///
/// `high` >= M and `low` <= m suffice: r falls with high and rises with low, and `M'^2/m'^4` does the reverse. False
/// where the enclosures do not prove it.
fn closes(constants: &Constants, high: Interval, low: Interval) -> bool {
    let inside = flows::Constants::of(high, low);
    let moved = constants.root_c_3 * inside.largest.powi(2) / inside.smallest.powi(4);
    let least = Enclosure::min(&inside.radius, &constants.c_5);
    low.is_positive() && (least - moved).is_nonnegative()
}

impl Setting {
    /// The statement about chance, its bound `10 exp(-C_4 d)` rounded up.
    ///
    /// # Errors
    /// A width, depth or scale that [`Setup`] refuses.
    fn chance(&self) -> Result<Chance> {
        let &Self { width: d, depth, ref s, .. } = self;
        let name = format!("theorem-4-in-scope/d{d}-L{depth}-s{}", s.to_f64());
        Setup::new(d, depth, s.to_f64(), 0, &name)?;
        let bound = Constants::of(s).failure(d);
        let statement = format!(
            "some head, data and target with d = {d}, L = {depth}, s = {s} meet the hypothesis of Theorem 4 and not \
             its conclusion"
        );
        let (stream, setting) = (name.clone(), self.clone());
        let trials = move |seed, range| setting.count(seed, &stream, range);
        let cost = 2e-8 * (depth * d * d) as f64;
        Ok(Chance::new(name, "theorem-4-in-scope", statement, bound, trials).cost(cost))
    }
    /// Trials that do not pass, all of them undecided: where M and m do not meet the deterministic form the flow may
    /// still converge, so none counts as a failure.
    fn count(&self, seed: u64, stream: &str, range: Range<u64>) -> Result<Counts> {
        let (d, constants) = (self.width, Constants::of(&self.s));
        let setup = Setup::new(d, self.depth, self.s.to_f64(), seed, stream)?;
        let mut counts = Counts::default();
        for trial in range {
            let mut draws = setup.draws(trial);
            let layer = |_| DMatrix::from_fn(d, d, |_, _| draws.next_normal());
            let noise: Vec<DMatrix<f64>> = (0..self.depth).map(layer).collect();
            counts.undecided += u64::from(!self.passes(&constants, &noise));
        }
        Ok(counts)
    }
    /// Does the conclusion hold for all heads, data and targets on this noise, L matrices d x d? O(L d^2) operations
    /// for the bounds by norms; the enclosures of all partial products follow only where these do not suffice.
    fn passes(&self, constants: &Constants, noise: &[DMatrix<f64>]) -> bool {
        let (d, one) = (self.width, Interval::one());
        let scale = Interval::from_rational(&self.s, 53) / Interval::from_i64((self.depth * d) as i64).sqrt();
        let (mut high, mut low) = (one, one);
        for n in noise {
            let norm = scale * n.iter().fold(Interval::from_i64(0), |sum, v| sum + Interval::point(*v).powi(2)).sqrt();
            (high, low) = (high * (one + norm), low * Enclosure::max(&(one - norm), &Interval::from_i64(0)));
        }
        if closes(constants, high, low) {
            return true;
        }
        let layer = |n: &DMatrix<f64>| {
            DMatrix::from_fn(d, d, |i, j| scale * Interval::point(n[(i, j)]) + Interval::from_i64(i64::from(i == j)))
        };
        let (high, low) = extremes(&noise.iter().map(layer).collect::<Vec<_>>());
        closes(constants, high, low)
    }
}

/// The probability, by counting.
struct Counted;

impl Statement for Counted {
    type Instance = Setting;

    fn instances(&self, context: &Context) -> Vec<Setting> {
        let s = Rational::new(1, 10);
        let of = |&(depth, width): &(usize, usize)| {
            let trials = (16.0 / Constants::of(&s).failure(width)).ceil() as u64;
            Setting { depth, width, s: s.clone(), trials, seed: context.seed }
        };
        [(4, 4), (8, 4), (4, 5), (50, 4)][..context.size(2, 4, 4)].iter().map(of).collect()
    }
    fn describe(&self, i: &Setting) -> String {
        format!("d = {}, L = {}, s = {}, {} trials", i.width, i.depth, i.s, i.trials)
    }
    fn evaluate(&self, i: &Setting, strength: &Rational) -> Evaluation {
        if i.width < explicit::LEAST_WIDTH || i.s.sign() <= 0 || !Constants::of(&i.s).is_deep(i.depth) {
            return Evaluation::out_of_scope("L < C_1, d < C_2 or s <= 0");
        }
        match i.chance() {
            Ok(chance) => assess(&chance, strength, i.seed, i.trials),
            Err(e) => Evaluation::undecided(e.to_string()),
        }
    }
}

/// What a night tries: s = 1/10 and s = 1/4, where no report has the time to count.
pub fn chances() -> Vec<Chance> {
    let settings = [(4, 4, Rational::new(1, 10)), (4, 5, Rational::new(1, 10)), (45, 4, Rational::new(1, 4))];
    let of = |(depth, width, s)| Setting { depth, width, s, trials: 0, seed: 0 }.chance().ok();
    settings.into_iter().filter_map(of).collect()
}

/// Classes that the instances in scope must reach.
const COVERAGE: [(&str, usize); 4] = [("hardest direction", 10), ("s = 1/10", 10), ("s = 1/4", 10), ("kappa > 1", 4)];

/// One of the constructors of [`Form`].
type Make = fn(&'static str, String, AtLimit) -> Form;

/// A form about limits of flows.
fn at_limit(make: Make, name: &'static str, says: Says, starts: Starts) -> Form {
    stated(make, name, says, |says| AtLimit { says, starts })
}

/// The forms about theta of Theorems 4 and 5; the second is a conjecture about the draws of a run.
fn forms(starts: Starts) -> [Form; 4] {
    let told = |make, name, bound: Expr| {
        at_limit(make, name, var(THETA).at_most(bound), starts)
            .also("at the minimiser to which the flow converges")
            .under("L >= C_1, d >= C_2, R(0) - R_min <= C_3 lambda^2 norm(w)^2/Lambda")
    };
    [
        told(Form::corrected, "limit", var("C_5")).requires(&COVERAGE),
        told(Form::conjecture, "observed-order", 4 * var(ROOT)).also("for the draws of this run").besides(),
        told(Form::control, "eighth", var(ROOT) / 8),
        told(Form::control, "far-below", var("C_5") / 1_000_000_000_000),
    ]
}

/// `theorem-4-in-scope`.
pub fn claim() -> Claim {
    let [limit, order, eighth, far_below] = forms(Starts::Head);
    let best = |make, name, bound: Expr| {
        at_limit(make, name, var(THETA).at_most(bound), Starts::Best).also("with the constants of lemma-3-best")
    };
    Claim {
        id: "theorem-4-in-scope",
        title: "Theorem 4 inside its hypotheses, constants fixed by s",
        place: "Theorem 4",
        hypotheses: "(A1); u = 22 s^2 + 6 s, C_1 = (u/0.43)^2, C_2 = 4, C_3 = 2^-36 exp(-10 s^2 - 20 u), C_4 = (22 s + \
                     6)^2/32, C_5 = exp(-2 s^2 - 4 u)/64; s = 1/10 and 1/4",
        uses: &["theorem-4", "lemma-3-best"],
        forms: vec![
            limit,
            order,
            Form::corrected(
                "probability",
                "the conclusion fails for some head, data and target with probability at most 10 exp(-C_4 d)",
                Counted,
            )
            .graded(Grade::Sampled)
            .besides(),
            best(Form::sharpened, "best-constants", var("C_5"))
                .also("s = 1/2 from L = 80 on, s = 1 from L = 600 on")
                .requires(&[("s = 1", 2), ("s = 1/2", 2)])
                .besides(),
            best(Form::control, "best-eighth", var(ROOT) / 8),
            eighth,
            far_below,
        ],
        finding: None,
        remarks: &[
            "The initial risk is 1e-18 lambda^2 norm(w)^2/Lambda at s = 1/10 and 1e-36 at s = 1/4: the limit is that \
             of the linearised flow up to a relative 1e-8, which is enclosed with it; no trajectory is integrated.",
            "The layers move by 1e-5 or less of what C_5 allows. No instance is within a tenth of equality: the \
             theorem's slack is in its constants, and its instances have no power against a theorem with C_5 smaller \
             by 10^4.",
            "What the count can see: at s = 1/10 and d = 4, where p0 = 2e-3, a failure probability above p0. At s = \
             1/4 and d = 4, p0 is 7e-7, for a night; from d = 10 on p0 is below 1e-8 at either s, and no count sees \
             it.",
        ],
    }
}

/// `theorem-5-in-scope`.
pub fn without_head() -> Claim {
    Claim {
        id: "theorem-5-in-scope",
        title: "Theorem 5 inside its hypotheses, constants fixed by s",
        place: "Theorem 5, B.8",
        hypotheses: "(A1), d targets, no head (norm(w) = 1); C_1 to C_5 as for theorem-4-in-scope; s = 1/10 and 1/4, \
                     d = 4",
        uses: &["theorem-4-in-scope", "theorem-5-flow"],
        forms: forms(Starts::Targets).into(),
        finding: None,
        remarks: &["The trials of theorem-4-in-scope count for d targets too: what a trial proves is about both."],
    }
}

/// `corollary-4-in-scope`.
pub fn corollary() -> Claim {
    // `S <= constant norm(w*)^(2/L) (Lambda/lambda) S_min`.
    let upper = |constant: Expr| at_most(constant * var("norm(w*)").power(2 / var("L")));
    let told = |make, name, says| at_limit(make, name, says, Starts::Head);
    Claim {
        id: "corollary-4-in-scope",
        title: "Corollary 4 inside its hypotheses, constants fixed by s",
        place: "Corollary 4",
        hypotheses: "those of theorem-4-in-scope; C = 2^12 exp(3 s^2 + 6 u), u = 22 s^2 + 6 s; s = 1/10 and 1/4",
        uses: &["theorem-4-in-scope", "corollary-4-lower", "corollary-4-upper"],
        forms: vec![
            told(Form::misprinted, "printed-lower", at_least(1.into())),
            told(Form::corrected, "lower", at_least(of_head())).requires(&COVERAGE),
            told(Form::corrected, "upper", upper(var("C"))).requires(&COVERAGE),
            told(Form::conjecture, "upper-observed", upper(8.into()))
                .also("for the draws of this run")
                .requires(&COVERAGE)
                .besides(),
            told(Form::control, "twice", at_least(2 * of_head())),
            told(Form::control, "one", upper(1.into())),
        ],
        finding: Some(
            "False for norm(w) < 1 inside the hypotheses too, at the limits of flows from Gaussian layers with L >= \
             C_1, d >= C_2 and an initial risk below C_3: inherited from Theorem 2, which drops the head. With \
             norm(w)^(2/L) S_min it holds.",
        ),
        remarks: &["C(s) is 2^12 exp(4.95) = 6e5 at s = 1/10 and 2^12 exp(17.4) = 1.5e11 at s = 1/4; 8 is enough for \
                    every draw."],
    }
}
