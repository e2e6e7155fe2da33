//! `no-edge`: Figures 1c and 3c, a run at eta = 0.02 that stays below 2/eta.

use crate::experiments::Family::{Gaussian, Residual};
use crate::experiments::trials::{Chosen, Scales, Setup, Trial};
use crate::harness::{Claim, Role};
use crate::instances::runs::count;

/// Single runs at these rates: scales 0.3 (the text), 0.35 (the published runs), s = 0.5.
pub(crate) fn singles(claim: &str, rates: impl Into<Vec<Chosen>>, trials: u64) -> Vec<Setup> {
    let rates = rates.into();
    let of = |(name, family, scale)| {
        Setup::new(format!("{claim}/{name}"), family, Scales::Each(vec![scale]), rates.clone(), trials)
    };
    [("0.3", Gaussian, 0.3), ("0.35", Gaussian, 0.35), ("residual-0.5", Residual, 0.5)].map(of).into()
}

/// At eta = 0.02, recorded every 20 steps.
fn setups() -> Vec<Setup> {
    singles("no-edge", [Chosen::fixed(0.02, 400).every(20)], 800)
}

/// Above 2/eta at a record after the start.
fn above(t: &Trial) -> Option<bool> {
    Some(t.runs[0].diverged || t.runs[0].peak > 1.0)
}

/// `no-edge`.
pub fn claim() -> Claim {
    Claim {
        id: "no-edge",
        title: "A run at eta = 0.02 does not enter the edge of stability",
        place: "Figures 1c and 3c",
        hypotheses: "400 steps, seen every 20; scale 0.3 or 0.35 (Gaussian), s = 0.5 (residual)",
        forms: vec![
            count("no-edge/printed", 0.03, setups, above)
                .that("eta = 0.02: S <= 2/eta at steps 20, 40, ..., 400")
                .holds(Role::Printed)
                .requires(&[("gaussian", 2), ("residual", 1)]),
            count(
                "no-edge/faster",
                0.02,
                || singles("no-edge/faster", [Chosen::fixed(0.1, 400).every(20)], 100),
                above,
            )
            .that("eta = 0.1: S <= 2/eta at steps 20, 40, ..., 400")
            .control(),
        ],
        remarks: &[
            "At s = 0.5 one residual start in ten is above 2/eta itself; the first steps bring it below, and it stays \
             there: the start is not counted.",
        ],
        ..Claim::default()
    }
}
