//! `residual-scale`: the initial sharpness is less sensitive to s than to the scale of Gaussian weights.

use crate::experiments::trials::{Chosen, Scales, Setup, Trial};
use crate::experiments::{Family, Sweep};
use crate::harness::{Claim, Role};
use crate::instances::runs::count;

/// Between the growths of the two initialisations along their scales in the paper, with room on both sides.
const GROWTH: f64 = 200.0;

/// One step: only the start is looked at.
fn of(family: Family) -> Vec<Setup> {
    let paper = Sweep::paper(family).scales;
    let ends = Scales::Each(vec![paper[0], paper[paper.len() - 1]]);
    vec![Setup::new(format!("residual-scale/{}", family.name()), family, ends, [Chosen::fixed(1e-3, 1)], 1_000)]
}

/// S(0) at the largest scale over that at the smallest, with the same normals.
fn growth(t: &Trial) -> f64 {
    t.runs[1].start / t.runs[0].start
}

/// `residual-scale`.
pub fn claim() -> Claim {
    Claim {
        id: "residual-scale",
        title: "The initial sharpness is less sensitive to s than to the Gaussian scale",
        place: "Section 1 and Appendix C, Figure 3b",
        hypotheses: "the scales of the paper: 0.25 to 0.6, s from 0 to 1.7; the same normals at both ends",
        forms: vec![
            count("residual-scale/printed", 0.05, || of(Family::Residual), |t| Some(growth(t) >= GROWTH))
                .that("residual: S(0) at s = 1.7 is below 200 times S(0) at s = 0")
                .holds(Role::Printed),
            count("residual-scale/gaussian", 0.05, || of(Family::Gaussian), |t| Some(growth(t) <= GROWTH))
                .that("Gaussian: S(0) at scale 0.6 is above 200 times S(0) at scale 0.25")
                .holds(Role::Printed),
            count("residual-scale/gaussian-below", 0.05, || of(Family::Gaussian), |t| Some(growth(t) >= GROWTH))
                .that("Gaussian: S(0) at scale 0.6 is below 200 times S(0) at scale 0.25")
                .control(),
        ],
        remarks: &["Along the paper's scales the median growth is about 4e4 for Gaussian and 12 for residual starts."],
        ..Claim::default()
    }
}
