//! `divergence`: Figures 2 and 4, the probability of divergence by scale and rate.
//!
//! A trial takes one draw of the data and one of the normals of the start to all ten scales and all five rates. So it
//! can be asked of each whether more of either is ever better.

use crate::experiments::trials::{Chosen, Scales, Setup, Trial};
use crate::experiments::{Family, Sweep};
use crate::harness::{Claim, Role};
use crate::instances::runs::count;
use std::ops::Range;

/// Rates of the table.
const RATES: usize = 5;

/// At rates up to 0.1 divergence was seen within 20 steps or not at all; at 0.2, where nothing converges, it may come
/// late.
fn of(family: Family) -> Setup {
    let rates = [(0.005, 400), (0.02, 400), (0.07, 400), (0.1, 400), (0.2, 2_000)];
    let rates = rates.map(|(eta, steps)| Chosen::fixed(eta, steps));
    let scales = Scales::Each(Sweep::paper(family).scales);
    Setup::new(format!("divergence/{}", family.name()), family, scales, rates, 300)
}

/// Both initialisations.
fn setups() -> Vec<Setup> {
    vec![of(Family::Gaussian), of(Family::Residual)]
}

/// This run of the trial diverged; runs are ordered scale by scale, in each rate by rate.
fn diverged(t: &Trial, scale: usize, rate: usize) -> bool {
    t.runs[scale * RATES + rate].diverged
}

/// Some run of these scales and rates diverged.
fn any(t: &Trial, mut scales: Range<usize>, rates: Range<usize>) -> bool {
    scales.any(|s| rates.clone().any(|r| diverged(t, s, r)))
}

/// `divergence`.
pub fn claim() -> Claim {
    Claim {
        id: "divergence",
        title: "Large scales diverge, small ones do not",
        place: "Appendix C, Figures 2 and 4",
        hypotheses: "the scales and rates of the paper; 400 steps, 2000 at eta = 0.2",
        forms: vec![
            count("divergence/printed", 0.5, setups, |t| Some(!diverged(t, 9, 4)))
                .that("at the largest scale the run at eta = 0.2 diverges")
                .observed(
                    "For large values of the initialization scale, it may happen that the gradient descent diverges",
                )
                .requires(&[("gaussian", 1), ("residual", 1)]),
            count("divergence/small", 0.08, setups, |t| Some(any(t, 0..3, 0..4)))
                .that("at the three smallest scales no run with eta <= 0.1 diverges")
                .holds(Role::Printed),
            count("divergence/larger-rate", 0.1, setups, |t| {
                Some((0..10).any(|s| (0..4).any(|r| diverged(t, s, r) && !diverged(t, s, r + 1))))
            })
            .that("what diverges at a rate, at any scale, diverges at every larger rate of the table")
            .holds(Role::Conjecture),
            count("divergence/largest", 0.5, setups, |t| Some(!any(t, 9..10, 0..2)))
                .that("at the largest scale some run with eta <= 0.02 diverges, for either initialisation")
                .control(),
            count("divergence/larger-scale", 0.01, setups, |t| {
                Some((0..9).any(|s| (0..5).any(|r| diverged(t, s, r) && !diverged(t, s + 1, r))))
            })
            .that("what diverges at a scale, at any rate, diverges at every larger scale")
            .control(),
            count("divergence/never", 0.08, || vec![of(Family::Gaussian)], |t| Some(diverged(t, 9, 1)))
                .that("at the largest scale no run with eta = 0.02 diverges")
                .control(),
        ],
        remarks: &[
            "For the residual initialisation divergence needs a large rate as well as a large scale: at eta <= 0.02 a \
             minority of the draws diverges at s = 1.7, and at eta = 0.005 next to none, where the Gaussian starts \
             nearly all do. Whether a given start diverges is not monotone in its scale, though its probability is.",
            "Few runs that diverge at a rate survive a larger one at the same scale.",
        ],
        ..Claim::default()
    }
}
