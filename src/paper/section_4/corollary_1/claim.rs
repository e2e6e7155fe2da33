//! Corollary 1: the spectral norms at the limit.
//!
//! | paper | code |
//! | --- | --- |
//! | T of Corollary 1 | `settled_from`: the first sampled time from which every sampled point is in the range |
//!
//! **Corollary 1 under L epsilon <= 1** (and norm(w*) >= 1, in place of 32 L sqrt(epsilon) <= 1 and epsilon <= 1): by
//! `sigma-product`, at the limit `-D <= sigma_k^2 - norm(w*)^(2/L) <= 2 D`, and `2 D <= epsilon <= 1/L`. The range
//! needs `D < norm(w*)^(2/L) (1 - 4^(-1/L))` and `2 D < norm(w*)^(2/L) (4^(1/L) - 1)`; with z = 1/L both follow from
//! `1 - 4^-z >= z/2` and `4^z - 1 >= z` on (0, 1], with strict inequality, so the range is reached at a finite T.
//!
//! **How far that is from equality.** By `sigma-product/upper` 3/2 D stands in place of 2 D, and D < epsilon/2 because
//! epsilon has the norms of the layers besides. With c = L epsilon, D < c/(2 L), and norm(w*) >= 1:
//! `sigma_k^L <= norm(w*) (1 + 3 c/(4 L))^(L/2) < e^(3c/8) norm(w*)`. Below, `norm(Delta_k) <= max_k norm(W_k)^2` (of
//! two nonnegative matrices) gives epsilon >= (3/(L-1) + 2) D, so `D <= (L-1) c/(L (2 L + 1))`; at c = 1
//! `-L/2 ln(1 - D) <= (L/2) D/(1 - D) <= L (L-1)/(2 (2 L^2 + 1)) < 1/4`, hence `sigma_k^L > e^(-1/4) norm(w*)`. Up to
//! c = 9/5 the printed range remains: `e^(27/40) < 2`, and `(1 - 9/(10 L))^(L/2) >= 0.55` from L = 2 on, where it is
//! least. Aligned starts ([`crate::flow::aligned`]) leave the range from c below 7 on: the best bound of
//! L epsilon is between 9/5 and 7.
//!
//! **What each form is for.** `printed` and `tube` are the Corollary, from the last point of a trajectory on (with
//! the remaining path on either side) and from the end of a tube on. The forms named `l-epsilon` and `nine-fifths`
//! replace (A3) by a bound of L epsilon: their two scalar inequalities are proved for every depth, the rest is tried
//! on trajectories, tubes and the worst aligned starts. `seven`, `exact-norms` and `outside` are refuted: the bound
//! of L epsilon cannot be 7, the range cannot shrink to a point, and without any condition on the scale it is left.

use crate::arithmetic::Rational;
use crate::formula::{Expr, exp, fraction};
use crate::harness::claim::{Claim, Form};
use crate::harness::evidence::{Grade, Role};
use crate::paper::section_4::aligned::{NEAR_ONE, search};
use crate::paper::section_4::along::{When, at_end};
use crate::paper::section_4::certified::{Said, form};
use crate::paper::section_4::corollary_1::statement::{limits, powers, range_for_ever, range_now};
use crate::paper::section_4::depths::{self, DEPTHS};
use crate::paper::section_4::hypotheses::{Hypotheses, a2, a3, l_epsilon, l_epsilon_below};
use crate::paper::section_4::moment::told;

/// What is strict at the limit holds from some T on.
const AT_LIMIT: &str = "1 <= k <= L, t >= T";

/// `corollary-1`.
pub fn first() -> Claim {
    let worst = |hypotheses, epsilon: fn(i64) -> Rational, said| search(hypotheses, Some(epsilon), limits, said);
    let printed = || powers(fraction(1, 2), 2.into());
    let nine_fifths: Hypotheses = |s| l_epsilon_below(s, Rational::new(9, 5), "L epsilon <= 9/5");
    let seven: Hypotheses = |s| l_epsilon_below(s, 7, "L epsilon <= 7");
    Claim {
        id: "corollary-1",
        title: "Where every spectral norm ends",
        place: "Corollary 1, Section 4",
        hypotheses: "(A1)-(A3); sharpened: (A1), (A2), norm(w*) >= 1, L epsilon <= 1",
        uses: &[
            "theorem-3", "lemma-2-rank-one", "lemma-2-balance", "lemma-2-alignment", "lemma-4-minus", "lemma-4-plus",
            "sigma-product",
        ],
        forms: vec![
            told(Form::printed, "printed", at_end(a3, range_for_ever()))
                .also("so that sigma_k stays in the range for all t >= T, T found")
                .graded(Grade::Computed)
                .requires(&DEPTHS)
                .besides(),
            // From the end of the tube on.
            form("tube", a3, Said::Along(When::End, range_now(2))),
            told(Form::sharpened, "l-epsilon", at_end(l_epsilon, range_for_ever()))
                .also("so that sigma_k stays in the range for all t >= T, T found")
                .under("L epsilon <= 1 in place of (A3)")
                .graded(Grade::Computed)
                .requires(&[("outside (A3)", 3), ("L >= 8", 4)]),
            Form::sharpened(
                "l-epsilon-lower",
                "1 - 4^(-1/L) >= 1/(2L): D <= 1/(2L) keeps sigma_k above (norm(w*)/2)^(1/L)",
                depths::lower(),
            )
            .graded(Grade::Domain),
            Form::sharpened(
                "l-epsilon-upper",
                "4^(1/L) - 1 >= 1/L: 2 D <= 1/L keeps sigma_k below (2 norm(w*))^(1/L)",
                depths::upper(),
            )
            .graded(Grade::Domain),
            Form { role: Role::Sharpened, ..form("l-epsilon-tube", l_epsilon, Said::Along(When::End, range_now(2))) }
                .under("L epsilon <= 1")
                .requires(&[(NEAR_ONE, 2), ("outside (A3)", 2), ("L = 3", 1)]),
            told(
                Form::sharpened,
                "l-epsilon-factors",
                worst(l_epsilon, |l| Rational::new(1, l), powers(exp(fraction(-1, 4)), exp(fraction(3, 8)))),
            )
            .also(AT_LIMIT)
            .under("L epsilon <= 1")
            .requires(&[(NEAR_ONE, 40), ("L >= 100", 10)]),
            told(Form::sharpened, "nine-fifths", worst(nine_fifths, |l| Rational::new(9, 5 * l), printed()))
                .also(AT_LIMIT)
                .under("L epsilon <= 9/5")
                .requires(&[("L >= 100", 10)]),
            told(Form::control, "seven", worst(seven, |l| Rational::new(7, l), printed()))
                .also(AT_LIMIT)
                .under("L epsilon <= 7"),
            told(Form::control, "exact-norms", at_end(a3, range_now(1 + Expr::from(2).pow(-30)))),
            told(Form::control, "outside", at_end(a2, range_for_ever())).under("(A1), (A2) alone"),
        ],
        finding: None,
        remarks: &[
            "The T found is drawn in the figure corollary-1-times. From the last point on, the path that remains keeps \
             every sigma_k in the range.",
            "Outside (A3) the printed form is out of scope; the figure corollary-1-map shows where it still holds.",
            "L epsilon <= 9/5 suffices, L epsilon <= 7 does not: at L epsilon = 1 no flow comes nearer to the end of \
             the range than the factor 2/e^(3/8) = 1.37 in sigma_k^L.",
        ],
    }
}
