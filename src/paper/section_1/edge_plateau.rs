//! `edge-plateau`: at large scales the sharpness after training sits at 2/eta.
//!
//! Of a run that comes to a minimiser at all, S <= 2/eta is forced (the others are a null set:
//! [`critical_rate`](crate::paper::section_1::critical_rate)). That it is *at* 2/eta needs the run to have been at the
//! edge of stability. At eta = 0.07 it has been, as a rule; at 0.005 and 0.02 most runs that do not diverge end well
//! below, even at scales so large that most of them diverge.

use crate::experiments::Family;
use crate::harness::claim::{Claim, Context};
use crate::harness::evidence::Role;
use crate::paper::section_1::trials::{Chosen, Counted, Scales, Setup, Trial, control, holds, observed};

fn setups(c: &Context) -> Vec<Setup> {
    let of = |name: &str, family, (a, b), eta, steps, trials| {
        let rates = vec![Chosen::fixed(eta, steps)];
        Setup::new(&format!("edge-plateau/{name}"), family, Scales::Within(a, b), rates).tried(trials, c)
    };
    let (large, residual) = ((0.5, 0.6), (1.3, 1.7));
    vec![
        of("0.005", Family::Gaussian, large, 0.005, 40_000, 250),
        of("0.02", Family::Gaussian, large, 0.02, 10_000, 600),
        of("0.07", Family::Gaussian, large, 0.07, 4_000, 2_500),
        of("residual-0.005", Family::Residual, residual, 0.005, 4_000, 150),
        of("residual-0.02", Family::Residual, residual, 0.02, 4_000, 150),
        of("residual-0.07", Family::Residual, residual, 0.07, 4_000, 600),
    ]
}

fn fast(c: &Context) -> Vec<Setup> {
    setups(c).into_iter().filter(|s| s.name.ends_with("0.07")).collect()
}

fn scaled(t: &Trial) -> f64 {
    t.runs[0].end * t.runs[0].eta / 2.0
}

fn off(_: &Setup, t: &Trial) -> Option<bool> {
    (!t.runs[0].diverged).then(|| (scaled(t) - 1.0).abs() > 0.05)
}

fn above(t: &Trial, level: f64) -> Option<bool> {
    t.runs[0].converged().then(|| scaled(t) > level)
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
            observed(
                "printed",
                "As the initialization scale increases, the sharpness of the trained network also increases, and \
                 plateaus at the value 2/eta",
                Counted {
                    key: "edge-plateau/printed",
                    words: "S eta/2 is within 5 % of 1 after training, of the runs that do not diverge",
                    bound: 0.5,
                    setups,
                    failed: off,
                },
            )
            .requires(&[("gaussian", 3), ("residual", 3)]),
            holds(
                "never-above",
                Role::Conjecture,
                Counted {
                    key: "edge-plateau/never-above",
                    words: "S eta/2 <= 1.01 after training, for runs that come to a minimiser",
                    bound: 0.15,
                    setups,
                    failed: |_, t| above(t, 1.01),
                },
            ),
            holds(
                "fast",
                Role::Conjecture,
                Counted {
                    key: "edge-plateau/fast",
                    words: "eta = 0.07: S eta/2 is within 5 % of 1 after training, of the runs that do not diverge",
                    bound: 0.5,
                    setups: fast,
                    failed: off,
                },
            ),
            control(
                "nine-tenths",
                Counted {
                    key: "edge-plateau/nine-tenths",
                    words: "eta = 0.07: S eta/2 <= 0.9 after training, for runs that come to a minimiser",
                    bound: 0.15,
                    setups: fast,
                    failed: |_, t| above(t, 0.9),
                },
            ),
        ],
        finding: None,
        remarks: &[
            "Never above 2/eta, but at it only for the largest rate of Figure 1b: at eta = 0.005 and 0.02 most runs \
             that do not diverge end further than 5 % below 2/eta, at the largest scales too. The mean rises towards \
             2/eta and does not reach it before nearly all runs diverge. `Upper bounds the sharpness by 2/eta` is \
             what survives.",
            "The text's plateau is a mean over runs on a logarithmic axis of five decades, on which a factor of 1.7 \
             is small.",
        ],
    }
}
