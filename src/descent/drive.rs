//! Runs, records, ends.

use super::grid::{Grid, Options, Sharpness, records};
use super::outcome::{End, Outcome, Record, Watch};
use crate::error::{Error, Result};
use crate::hessian::assemble;
use crate::linalg::approximate_eigen;
use crate::network::Network;
use crate::problem::Moments;
use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

/// Working memory of one thread, in bytes.
pub(super) fn working_bytes(grid: &Grid<'_>, _: &Options) -> u64 {
    16 * grid.parameters() as u64
}

/// All runs of the grid, on the threads of the current rayon pool. `None`: not ended when `watch` stopped the work.
///
/// The outcome of a run depends on its data, rate, steps and start and on the options alone.
///
/// # Errors
/// A start that is refused, or that has other widths than the grid.
pub fn descend(grid: &Grid<'_>, options: &Options, watch: &dyn Watch) -> Result<Vec<Option<Outcome>>> {
    (0..grid.runs.len())
        .into_par_iter()
        .map(|i| {
            if watch.stop() {
                return Ok(None);
            }
            let outcome = one(grid, options, i)?;
            watch.advanced(grid.runs[i].steps);
            watch.ended(i, &outcome);
            Ok(Some(outcome))
        })
        .collect()
}

fn one(grid: &Grid<'_>, options: &Options, i: usize) -> Result<Outcome> {
    let run = grid.runs[i];
    let data = &grid.data[run.data];
    let d = data.dimension();
    let mut network = (grid.start)(i)?;
    if network.widths() != grid.widths {
        return Err(Error::usage(format!("run {i} starts with widths {:?}, not {:?}", network.widths(), grid.widths)));
    }
    let sigma = DMatrix::from_row_slice(d, d, data.sigma());
    let w_star = DVector::from_column_slice(data.w_star());
    let moments = Moments { cross: &sigma * &w_star, power: 0.0, sigma };
    let bound = options.bound * w_star.norm_squared().max(1.0);
    let mut out = Vec::with_capacity(records(run.steps, options.every) as usize);
    let mut end = End::Finished;
    for step in 0..=run.steps {
        let e = network.product() - &w_star;
        let distance_squared = e.norm_squared();
        if !(distance_squared <= bound && distance_squared.is_finite()) {
            end = End::Diverged { step };
            break;
        }
        let ends = step == 0 || step == run.steps;
        if ends || options.every.is_some_and(|n| step % n.get() == 0) {
            let wanted = match options.sharpness {
                Sharpness::Never => false,
                Sharpness::Ends => ends,
                Sharpness::Always => true,
            };
            let sharpness = if wanted { estimate(&network, &moments) } else { f64::NAN };
            out.push(Record { step, distance_squared, excess_risk: e.dot(&(&moments.sigma * &e)), sharpness });
        }
        if step < run.steps {
            let gradient = network.gradient(&moments);
            let layers = network.layers().iter().enumerate();
            let layers = layers.map(|(k, w)| w - gradient.layer(k + 1) * run.rate).collect();
            network = network.with_layers(layers);
        }
    }
    Ok(Outcome { end, records: out, network: options.keep.then_some(network) })
}

fn estimate(network: &Network<f64>, moments: &Moments<f64>) -> f64 {
    approximate_eigen(&assemble(network, moments)).and_then(|(values, _)| values.last().copied()).unwrap_or(f64::NAN)
}
