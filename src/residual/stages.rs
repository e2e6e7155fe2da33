//! What a trial's time goes into: the same work, stopped after a stage. For benchmarks.

use super::bounds::{Batch, WIDTH};
use super::trial::Setup;
use std::hint::black_box;
use std::ops::Range;

/// Stages of one prefix, in order; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The normals drawn.
    Normals,
    /// The products formed.
    Products,
    /// Their Gram matrices, and the sums of the error bounds.
    Grams,
}

/// Runs all prefixes of these trials up to a stage, on this thread.
///
/// Nothing is returned: `black_box` keeps the work from being optimised away. The first stage draws, but never
/// multiplies.
pub fn run(setup: &Setup, trials: Range<u64>, stage: Stage) {
    let all: Vec<u64> = trials.collect();
    let mut batch = Batch::<WIDTH>::new(setup);
    for group in all.chunks(WIDTH) {
        batch.restart(setup, group);
        for _ in 0..setup.depth() {
            match stage {
                Stage::Normals => batch.draw(),
                Stage::Products => {
                    black_box(batch.advance());
                }
                Stage::Grams => {
                    let noise = batch.advance();
                    black_box(batch.measure(noise));
                }
            }
        }
        black_box(&batch.lanes.p);
        black_box(&batch.lanes.e);
    }
}
