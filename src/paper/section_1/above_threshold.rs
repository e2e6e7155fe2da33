//! `above-threshold`: training succeeds from an initial sharpness well above 2/eta; and how far above.

use crate::experiments::Family::{Gaussian, Residual};
use crate::experiments::trials::{Chosen, Scales::Within, Setup, Trial};
use crate::harness::{Claim, Role};
use crate::instances::runs::count;

/// Scales around those at which S(0) = 2/eta.
fn setups() -> Vec<Setup> {
    let of = |name: &str, family, scales, eta, steps, trials| {
        Setup::new(format!("above-threshold/{name}"), family, scales, [Chosen::fixed(eta, steps)], trials)
    };
    vec![
        of("0.005", Gaussian, Within(0.44, 0.54), 0.005, 15_000, 400),
        of("0.02", Gaussian, Within(0.4, 0.5), 0.02, 10_000, 400),
        of("0.07", Gaussian, Within(0.36, 0.44), 0.07, 4_000, 900),
        of("residual-0.02", Residual, Within(0.8, 1.7), 0.02, 4_000, 400),
        of("residual-0.07", Residual, Within(0.3, 1.2), 0.07, 4_000, 400),
    ]
}

/// The largest scales of the paper.
fn far() -> Vec<Setup> {
    let of = |name, eta, steps| Setup::new(name, Gaussian, Within(0.5, 0.6), [Chosen::fixed(eta, steps)], 500);
    vec![of("above-threshold/far-0.02", 0.02, 10_000), of("above-threshold/far-0.07", 0.07, 4_000)]
}

/// `S(0) eta/2 > 16`.
fn starts_far(t: &Trial) -> bool {
    t.runs[0].scaled_start() > 16.0
}

/// Where S(0) is in (1, 4] times 2/eta: the run does not come to a minimiser.
fn lost(t: &Trial) -> Option<bool> {
    let start = t.runs[0].scaled_start();
    (start > 1.0 && start <= 4.0).then(|| !t.runs[0].converged())
}

/// `above-threshold`.
pub fn claim() -> Claim {
    Claim {
        id: "above-threshold",
        title: "Training succeeds from an initial sharpness above 2/eta",
        place: "Section 1, Figure 1b",
        hypotheses: "the paper's rates below 0.09",
        forms: vec![
            count("above-threshold/printed", 0.5, setups, lost)
                .that("S(0) in (1, 4] times 2/eta: the run comes to a minimiser")
                .holds(Role::Printed)
                .requires(&[("gaussian", 3), ("residual", 2)]),
            count("above-threshold/far", 0.1, far, |t| starts_far(t).then(|| t.runs[0].converged()))
                .that("Gaussian starts with S(0) above 16 times 2/eta: the run does not come to a minimiser")
                .holds(Role::Conjecture),
            count("above-threshold/however-far", 0.5, far, |t| starts_far(t).then(|| !t.runs[0].converged()))
                .that("Gaussian starts with S(0) above 16 times 2/eta: the run comes to a minimiser")
                .control(),
        ],
        remarks: &[
            "Well above ends at a factor of order ten: beyond 16 times 2/eta Gaussian starts diverge. At eta = 0.07 \
             some of the failures are draws with S* > 2/eta, which no start survives.",
        ],
        ..Claim::default()
    }
}
