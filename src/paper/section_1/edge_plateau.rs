//! `edge-plateau`: at large scales the sharpness after training sits at 2/eta.
//!
//! Of a run that comes to a minimiser at all, S <= 2/eta is forced (the others are a null set:
//! [`critical_rate`](crate::paper::section_1::critical_rate)). That it is *at* 2/eta needs the run to have been at the
//! edge of stability. At eta = 0.07 it has been, as a rule; at 0.005 and 0.02 most runs that do not diverge end well
//! below, even at scales so large that most of them diverge.

use crate::experiments::Family::{Gaussian, Residual};
use crate::experiments::trials::{Chosen, Scales::Within, Setup, Trial};
use crate::harness::{Claim, Role};
use crate::instances::runs::count;

/// Three rates of the table at the largest scales of either initialisation.
fn setups() -> Vec<Setup> {
    let of = |name: &str, family, eta, steps, trials| {
        let scales = if family == Gaussian { Within(0.5, 0.6) } else { Within(1.3, 1.7) };
        Setup::new(format!("edge-plateau/{name}"), family, scales, [Chosen::fixed(eta, steps)], trials)
    };
    vec![
        of("0.005", Gaussian, 0.005, 40_000, 250),
        of("0.02", Gaussian, 0.02, 10_000, 600),
        of("0.07", Gaussian, 0.07, 4_000, 2_500),
        of("residual-0.005", Residual, 0.005, 4_000, 150),
        of("residual-0.02", Residual, 0.02, 4_000, 150),
        of("residual-0.07", Residual, 0.07, 4_000, 600),
    ]
}

/// The largest of the three rates.
fn fast() -> Vec<Setup> {
    setups().into_iter().filter(|s| s.name.ends_with("0.07")).collect()
}

/// S eta/2 ends further than 5 % from 1; only of runs that do not diverge.
fn off(t: &Trial) -> Option<bool> {
    (!t.runs[0].diverged).then(|| (t.runs[0].scaled_end() - 1.0).abs() > 0.05)
}

/// S eta/2 ends above the level; only of runs that come to a minimiser.
fn above(t: &Trial, level: f64) -> Option<bool> {
    t.runs[0].converged().then(|| t.runs[0].scaled_end() > level)
}

/// `edge-plateau`.
pub fn claim() -> Claim {
    Claim {
        id: "edge-plateau",
        title: "At large scales the final sharpness sits at 2/eta",
        place: "Section 1, Figures 1b and 3b",
        hypotheses: "the largest scales of the paper, [0.5, 0.6] and s in [1.3, 1.7]; its rates and steps; runs that \
                     do not diverge",
        uses: &["critical-rate"],
        forms: vec![
            count("edge-plateau/printed", 0.5, setups, off)
                .that("S eta/2 is within 5 % of 1 after training, of the runs that do not diverge")
                .observed(
                    "As the initialization scale increases, the sharpness of the trained network also increases, and \
                     plateaus at the value 2/eta",
                )
                .requires(&[("gaussian", 3), ("residual", 3)]),
            count("edge-plateau/never-above", 0.15, setups, |t| above(t, 1.01))
                .that("S eta/2 <= 1.01 after training, for runs that come to a minimiser")
                .holds(Role::Conjecture),
            count("edge-plateau/fast", 0.5, fast, off)
                .that("eta = 0.07: S eta/2 is within 5 % of 1 after training, of the runs that do not diverge")
                .holds(Role::Conjecture),
            count("edge-plateau/nine-tenths", 0.15, fast, |t| above(t, 0.9))
                .that("eta = 0.07: S eta/2 <= 0.9 after training, for runs that come to a minimiser")
                .control(),
        ],
        finding: None,
        remarks: &[
            "Never above 2/eta, but at it only for the largest rate of Figure 1b: at eta = 0.005 and 0.02 most runs \
             that do not diverge end further than 5 % below 2/eta, at the largest scales too. The mean rises towards \
             2/eta and does not reach it before nearly all runs diverge. `Upper bounds the sharpness by 2/eta` is what \
             survives.",
            "The text's plateau is a mean over runs on a logarithmic axis of five decades, on which a factor of 1.7 is \
             small.",
        ],
    }
}
