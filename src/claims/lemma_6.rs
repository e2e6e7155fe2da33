//! Lemma 6 (Appendix A): the laws of `norm(N h)^2/norm(h)^2` and `h^T N h/norm(h)^2`.

use super::chance::{Chance, Counts, Part};
use crate::error::Result;
use crate::statistics::streams::trial_rng;
use rand::RngExt;
use rand_distr::StandardNormal;
use std::ops::Range;

/// `Y_2 > 0` for d = 2, h = (3, -4)/5: true with probability 1/2.
fn positive(key: &str, seed: u64, range: Range<u64>) -> Result<Counts> {
    let h = [0.6, -0.8];
    let failed = |trial| {
        let mut rng = trial_rng(seed, key, trial);
        let mut sum = 0.0;
        for a in h {
            for b in h {
                let normal: f64 = rng.sample(StandardNormal);
                sum += a * b * normal;
            }
        }
        sum > 0.0
    };
    Ok(Counts { failures: range.filter(|t| failed(*t)).count() as u64, undecided: 0 })
}

/// The canaries.
pub fn chances() -> Vec<Chance> {
    let of = |name: &str, bound: f64, part: Part| {
        let key = format!("canary/{name}");
        let stream = key.clone();
        let statement = format!("P(h^T N h > 0) <= {bound}, d = 2, h = (3, -4)/5; the probability is 1/2");
        Chance::new(key, "lemma-6", statement, bound, move |seed, range| positive(&stream, seed, range))
            .part(part)
            .cost(1e-6)
    };
    vec![of("planted-falsehood", 0.48, Part::PlantedFalsehood), of("planted-truth", 0.5, Part::PlantedTruth)]
}
