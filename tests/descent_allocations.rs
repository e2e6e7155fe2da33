//! Steps do not allocate, and a grid takes the memory that was foretold.

use flatcert::descent::{Data, Grid, Options, Run, Sharpness, descend};
use flatcert::network::initialise;
use flatcert::problem::Problem;
use nalgebra::DVector;
use std::num::NonZeroU64;

#[global_allocator]
static ALLOCATOR: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

/// One test: a second one would allocate beside it.
#[test]
fn memory_is_that_of_the_outcomes() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    for widths in [&[5, 5, 5, 5, 1][..], &[3, 12, 4, 2][..]] {
        let (d, last) = (widths[0], widths[widths.len() - 1]);
        let data = [Data::of(&Problem::appendix_c(50, d, 3).expect("full rank")).expect("finite")];
        let begin = |i: usize| initialise::gaussian(widths, DVector::from_element(last, 1.0), 0.3, i as u64);
        let spent = |steps: u64| {
            let runs = [Run { data: 0, rate: 0.01, steps }; 20];
            let grid = Grid::new(widths, &data, &runs, &begin).expect("sensible");
            let options = Options { sharpness: Sharpness::Ends, ..Options::default() };
            let before = ALLOCATOR.total_allocated();
            let ended = pool.install(|| descend(&grid, &options, &())).expect("runs");
            assert!(ended.iter().all(|o| o.as_ref().is_some_and(|o| o.records.len() == 2)));
            ALLOCATOR.total_allocated() - before
        };
        spent(10);
        assert_eq!(spent(10), spent(20_000), "{widths:?}");

        let runs = vec![Run { data: 0, rate: 0.01, steps: 300 }; 4000];
        let grid = Grid::new(widths, &data, &runs, &begin).expect("sensible");
        for (every, keep) in [(None, true), (NonZeroU64::new(2), false), (NonZeroU64::new(7), true)] {
            let options = Options { every, keep, ..Options::default() };
            let foretold = grid.bytes(&options, 1);
            let before = ALLOCATOR.allocated() as u64;
            let ended = pool.install(|| descend(&grid, &options, &())).expect("runs");
            let held = ALLOCATOR.allocated() as u64 - before;
            assert_eq!(ended.len(), 4000);
            assert!(held <= foretold && foretold <= 2 * held, "{widths:?} {every:?}: {held} of {foretold} foretold");
        }
    }
    let runs = [Run { data: 0, rate: 0.01, steps: u64::MAX }; 3];
    let data = [Data::of(&Problem::appendix_c(50, 2, 3).expect("full rank")).expect("finite")];
    let begin = |i: usize| initialise::gaussian(&[2, 1], DVector::from_element(1, 1.0), 0.3, i as u64);
    let grid = Grid::new(&[2, 1], &data, &runs, &begin).expect("sensible");
    let options = Options { every: NonZeroU64::new(1), ..Options::default() };
    assert_eq!(grid.bytes(&options, 2), u64::MAX);
    assert!(descend(&grid, &options, &()).unwrap_err().to_string().contains("do not fit"));
}
