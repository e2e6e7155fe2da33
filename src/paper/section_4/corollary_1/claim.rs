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

use crate::arithmetic::Rational;
use crate::harness::claim::{Claim, Form};
use crate::harness::evidence::{Grade, Role};
use crate::paper::section_4::along::When;
use crate::paper::section_4::along::at_end;
use crate::paper::section_4::certified::Said;
use crate::paper::section_4::certified::form;
use crate::paper::section_4::corollary_1::statement::{range_for_ever, range_narrow, range_now};
use crate::paper::section_4::depths::{DEPTHS, Depths, Scalar};
use crate::paper::section_4::statement::{a2, a3, l_epsilon};
use num_traits::One;

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
            corollary_1(),
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
            "The T found is drawn in the figure corollary-1-times. From the last point on, the path that remains \
             keeps every sigma_k in the range.",
            "Outside (A3) the printed form is out of scope; the figure corollary-1-map shows where it still holds.",
        ],
    }
}

/// Corollary 1 from the end of the tube on.
pub fn corollary_1() -> Form {
    let said = Said::Along(When::End, range_now);
    form("tube", "(norm(w*)/2)^(1/L) <= sigma_k(t) <= (2 norm(w*))^(1/L) for every t >= T", a3, said)
}
