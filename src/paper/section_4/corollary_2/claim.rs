//! Corollary 2: the flow converges to a minimiser.
//!
//! | paper | code |
//! | --- | --- |
//! | the path that remains after t | `Setting::remaining_path`: `2 sqrt((R - R_min)/mu)` |
//!
//! **The path that remains** (Corollary 2 made explicit, without (A3)): under an inequality
//! `norm(grad)^2 >= mu (R - R_min)` that holds from t on,
//! `d/dt sqrt(R - R_min) = -norm(grad)^2/(2 sqrt(R - R_min)) <= -(sqrt(mu)/2) norm(grad)`, so the path left is at most
//! `2 sqrt((R - R_min)/mu)`. The case-free inequality of `theorem-3` has such a mu as soon as
//! `R - R_min < lambda norm(w*)^2`: from then on `norm(w_prod) >= norm(w*) - sqrt((R - R_min)/lambda)`. So the weights
//! converge under (A1) and (A2) alone: Theorem 3 brings the risk there, no smallness is needed.

use crate::arithmetic::{Enclosure, Interval, Rational, Real};
use crate::formula::{Expr, var};
use crate::harness::claim::{Claim, Form};
use crate::harness::evidence::Grade;
use crate::harness::pairs::{Pair, judge};
use crate::paper::section_4::along::{NUMERICAL, Told, When, at_end, moments, of_runs};
use crate::paper::section_4::certified::{Said, form};
use crate::paper::section_4::depths::DEPTHS;
use crate::paper::section_4::hypotheses::{a2, a2_deep, a3};
use crate::paper::section_4::moment::{Inequality, told};
use crate::paper::section_4::theorem_3::constants::proof_constant;
use crate::paper::section_4::trajectories::Trajectory;

/// The limit is within 2^-10 of the last point, relative to the size of a layer.
fn located() -> Inequality {
    var("rest").at_most(Expr::from(2).pow(-10) * var("norm(w*)").power(1 / var("L"))).into()
}

/// The bound of the remaining path against the path that the numerical trajectory still travels: as printed for t >= 1
/// and with mu of B.4.
fn path(words: &str, printed: bool) -> Told<Trajectory> {
    of_runs(words, a2_deep, move |_, run, strength| {
        let end = run.samples.last().map_or(0.0, |s| s.path);
        let mu = proof_constant(&run.setting);
        let samples = moments(run, if printed { When::FromOne } else { When::Always })?;
        let pairs = samples.filter_map(|s| {
            let excess = s.seen.excess_risk;
            let bound = match printed {
                true if mu.is_positive() => (2 * (excess / mu).sqrt()).lo(),
                // Without a constant there is no bound.
                true => f64::INFINITY,
                false => run.setting.remaining_path(&excess),
            };
            let rest = end - s.path;
            // Below this share of the whole, the rest is rounding of the sums.
            let seen = bound.is_finite() && rest > 1e-9 * end;
            seen.then(|| Pair::new(Interval::point(bound), Interval::point(rest)))
        });
        Ok(judge(pairs, strength, NUMERICAL))
    })
}

/// `corollary-2`.
pub fn second() -> Claim {
    let of_proof = path("the path after t >= 1 is at most 2 sqrt((R - R_min)/mu), mu of B.4", true);
    let without_cases = path(
        "the path after t is at most 2 sqrt((R - R_min)/mu(t)), mu(t) without cases, as soon as R - R_min < lambda \
         norm(w*)^2; without (A3)",
        false,
    );
    let shorter = path("the path after t is at most (1/2) sqrt((R - R_min)/mu(t))", false);
    Claim {
        id: "corollary-2",
        title: "The weights converge",
        place: "Corollary 2, Section 4",
        hypotheses: "(A1)-(A3); sharpened: (A1), (A2)",
        uses: &["theorem-3", "lemma-8", "corollary-1"],
        forms: vec![
            told(Form::printed, "printed", at_end(a3, located()))
                .also("so that W(t) converges to a minimiser")
                .graded(Grade::Computed)
                .requires(&DEPTHS)
                .besides(),
            form("tube", a3, Said::Converges),
            told(Form::sharpened, "path-printed-mu", of_proof).graded(Grade::Computed),
            told(Form::sharpened, "path", without_cases)
                .graded(Grade::Computed)
                .with_constant(Rational::from(2), false)
                .requires(&[("outside (A3)", 4), ("L >= 8", 6), ("kappa >= 90", 4)]),
            told(Form::sharpened, "without-a3", at_end(a2, located()))
                .also("so that W(t) converges to a minimiser")
                .under("(A1), (A2) alone")
                .graded(Grade::Computed)
                .requires(&[("outside (A3)", 4)]),
            told(Form::control, "shorter-path", shorter).at(Rational::from(4)),
        ],
        finding: None,
        remarks: &["(A3) is not needed: the case-free inequality of theorem-3 bounds the path that remains for every \
                    initialisation with (A2)."],
    }
}
