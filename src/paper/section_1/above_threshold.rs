//! `above-threshold`: training succeeds from an initial sharpness well above 2/eta; and how far above.

use crate::experiments::Family;
use crate::harness::claim::{Claim, Context};
use crate::harness::evidence::Role;
use crate::paper::section_1::trials::{Chosen, Counted, Scales, Setup, Trial, control, holds};

fn setups(c: &Context) -> Vec<Setup> {
    let of = |name: &str, family, (a, b), eta, steps, trials| {
        let rates = vec![Chosen::fixed(eta, steps)];
        Setup::new(&format!("above-threshold/{name}"), family, Scales::Within(a, b), rates).tried(trials, c)
    };
    // Scales around those at which S(0) = 2/eta.
    vec![
        of("0.005", Family::Gaussian, (0.44, 0.54), 0.005, 15_000, 400),
        of("0.02", Family::Gaussian, (0.4, 0.5), 0.02, 10_000, 400),
        of("0.07", Family::Gaussian, (0.36, 0.44), 0.07, 4_000, 900),
        of("residual-0.02", Family::Residual, (0.8, 1.7), 0.02, 4_000, 400),
        of("residual-0.07", Family::Residual, (0.3, 1.2), 0.07, 4_000, 400),
    ]
}

fn far(c: &Context) -> Vec<Setup> {
    let of = |name: &str, eta, steps| {
        let rates = vec![Chosen::fixed(eta, steps)];
        let scales = Scales::Within(0.5, 0.6);
        Setup::new(&format!("above-threshold/far-{name}"), Family::Gaussian, scales, rates).tried(500, c)
    };
    vec![of("0.02", 0.02, 10_000), of("0.07", 0.07, 4_000)]
}

/// `S(0) eta/2` in `(from, to]`.
fn starts(t: &Trial, from: f64, to: f64) -> bool {
    let scaled = t.runs[0].start * t.runs[0].eta / 2.0;
    scaled > from && scaled <= to
}

fn lost(_: &Setup, t: &Trial) -> Option<bool> {
    starts(t, 1.0, 4.0).then(|| !t.runs[0].converged())
}

/// `above-threshold`.
pub fn claim() -> Claim {
    Claim {
        id: "above-threshold",
        title: "Training succeeds from an initial sharpness above 2/eta",
        place: "Section 1, Figure 1b",
        hypotheses: "the paper's rates below 0.09",
        uses: &[],
        forms: vec![
            holds(
                "printed",
                Role::Printed,
                Counted {
                    key: "above-threshold/printed",
                    words: "S(0) in (1, 4] times 2/eta: the run comes to a minimiser",
                    bound: 0.5,
                    setups,
                    failed: lost,
                },
            )
            .requires(&[("gaussian", 3), ("residual", 2)]),
            holds(
                "far",
                Role::Conjecture,
                Counted {
                    key: "above-threshold/far",
                    words: "Gaussian starts with S(0) above 16 times 2/eta: the run does not come to a minimiser",
                    bound: 0.1,
                    setups: far,
                    failed: |_, t| starts(t, 16.0, f64::INFINITY).then(|| t.runs[0].converged()),
                },
            ),
            control(
                "however-far",
                Counted {
                    key: "above-threshold/however-far",
                    words: "Gaussian starts with S(0) above 16 times 2/eta: the run comes to a minimiser",
                    bound: 0.5,
                    setups: far,
                    failed: |_, t| starts(t, 16.0, f64::INFINITY).then(|| !t.runs[0].converged()),
                },
            ),
        ],
        finding: None,
        remarks: &[
            "Well above ends at a factor of order ten: beyond 16 times 2/eta Gaussian starts diverge. At eta = 0.07 \
             some of the failures are draws with S* > 2/eta, which no start survives.",
        ],
    }
}
