//! `no-edge`: Figures 1c and 3c, a run at eta = 0.02 that stays below 2/eta.

use crate::experiments::Family;
use crate::harness::claim::{Claim, Context};
use crate::harness::evidence::Role;
use crate::paper::section_1::trials::{Chosen, Counted, Scales, Setup, Trial, control, holds};

/// Single runs at this rate, seen every so many steps: scales 0.3 (the text), 0.35 (the published runs), s = 0.5.
pub(crate) fn singles(claim: &str, eta: Chosen, trials: usize, c: &Context, reference: Option<Chosen>) -> Vec<Setup> {
    let of = |name: &str, family, scale| {
        let rates = std::iter::once(eta).chain(reference).collect();
        Setup::new(&format!("{claim}/{name}"), family, Scales::Each(vec![scale]), rates).tried(trials, c)
    };
    vec![
        of("0.3", Family::Gaussian, 0.3),
        of("0.35", Family::Gaussian, 0.35),
        of("residual-0.5", Family::Residual, 0.5),
    ]
}

fn setups(c: &Context) -> Vec<Setup> {
    singles("no-edge", Chosen::fixed(0.02, 400).every(20), 800, c, None)
}

fn faster(c: &Context) -> Vec<Setup> {
    singles("no-edge/faster", Chosen::fixed(0.1, 400).every(20), 100, c, None)
}

/// Above 2/eta at a record after the start.
fn above(_: &Setup, t: &Trial) -> Option<bool> {
    Some(t.runs[0].diverged || t.runs[0].peak > 1.0)
}

/// `no-edge`.
pub fn claim() -> Claim {
    Claim {
        id: "no-edge",
        title: "A run at eta = 0.02 does not enter the edge of stability",
        place: "Figures 1c and 3c",
        hypotheses: "400 steps, seen every 20; scale 0.3 or 0.35 (Gaussian), s = 0.5 (residual)",
        uses: &[],
        forms: vec![
            holds(
                "printed",
                Role::Printed,
                Counted {
                    key: "no-edge/printed",
                    words: "eta = 0.02: S <= 2/eta at steps 20, 40, ..., 400",
                    bound: 0.03,
                    setups,
                    failed: above,
                },
            )
            .requires(&[("gaussian", 2), ("residual", 1)]),
            control(
                "faster",
                Counted {
                    key: "no-edge/faster",
                    words: "eta = 0.1: S <= 2/eta at steps 20, 40, ..., 400",
                    bound: 0.02,
                    setups: faster,
                    failed: above,
                },
            ),
        ],
        finding: None,
        remarks: &[
            "At s = 0.5 one residual start in ten is above 2/eta itself; the first steps bring it below, and it stays \
             there: the start is not counted.",
        ],
    }
}
