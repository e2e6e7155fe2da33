//! Beyond the paper: critical rates against depth and width, the edge against the rate, and the gradient flow as the
//! limit of gradient descent.
//!
//! **Critical rate.** On each draw of the data runs are made at 21 rates from 1/S* to 3/S*, from one start; the
//! critical one is the last before the first that does not come to a minimiser. It is measured in steps of 0.05 of
//! 2/S*: no search, so that runs do not depend on each other's outcomes and all go side by side. The three thresholds
//! `2/S_min >= 2/(2 L q)` and 2/S* are reported beside it.
//!
//! **Limit.** Gradient descent is Euler's method for the flow, so the distance at a fixed time is of order eta; both
//! are in doubles, the flow at the tolerance 1e-12.

use super::{Family, Regression, plan::linspace, start_seed};
use crate::descent::{Data, Grid, Options, Run, Sharpness, Watch, descend};
use crate::error::{Error, Result};
use crate::flow::{FlowOptions, Stop, integrate};
use crate::network::Network;
use crate::problem::Problem;

/// Squared distance below which a run has come to a minimiser.
pub const CONVERGED: f64 = 1e-6;

/// Scale s of the residual starts of the sweeps, which learn at any depth.
const SCALE: f64 = 0.25;

/// Steps of a run of the sweeps.
const STEPS: u64 = 4_000;

/// The critical rate at one depth and width, on one draw of the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Critical {
    /// L.
    pub depth: usize,
    /// d, with n = 10 d.
    pub dimension: usize,
    /// Which draw.
    pub draw: u64,
    /// 2/S_min.
    pub printed: f64,
    /// 2/(2 L q), q the Rayleigh quotient of Sigma at w*.
    pub quotient: f64,
    /// 2/S*.
    pub flattest: f64,
    /// The largest rate tried at and below which every run came to a minimiser; 0 if even the smallest did not.
    pub critical: f64,
    /// Sharpness at the end of the run at 2/S* / 2, over S_min and over S*.
    pub sharpness: [f64; 2],
}

/// Rates tried, as shares of 2/S*.
pub fn shares() -> Vec<f64> {
    linspace(0.5, 1.5, 21)
}

/// Run-steps of [`critical`] at most: diverging runs end early.
pub fn run_steps(sizes: &[(usize, usize)], draws: u64) -> u64 {
    sizes.len() as u64 * draws * shares().len() as u64 * STEPS
}

/// Critical rates of residual networks with these depths and widths, on `draws` data each.
///
/// # Errors
/// Those of the grid; a draw whose Sigma is singular in doubles.
pub fn critical(sizes: &[(usize, usize)], draws: u64, seed: u64, watch: &dyn Watch) -> Result<Vec<Critical>> {
    let mut out = Vec::new();
    for (depth, d) in sizes {
        out.extend(critical_at(*depth, *d, draws, seed, watch)?);
        if watch.stop() {
            break;
        }
    }
    Ok(out)
}

/// At one depth and width; empty where the watch stopped it.
///
/// # Errors
/// As [`critical`].
fn critical_at(depth: usize, d: usize, draws: u64, seed: u64, watch: &dyn Watch) -> Result<Vec<Critical>> {
    let key = format!("figures/beyond/L={depth}/d={d}");
    let draw = |i: u64| Regression::draw(10 * d, d, start_seed(seed, &format!("{key}/data"), i));
    let regressions: Vec<Regression> = (0..draws).map(draw).collect::<Result<_>>()?;
    let flattest = |r: &Regression| {
        r.flattest(depth).ok_or_else(|| Error::input("beyond", format!("L = {depth}, d = {d}: Sigma is singular")))
    };
    let stars: Vec<f64> = regressions.iter().map(flattest).collect::<Result<_>>()?;
    let shares = shares();
    let data: Vec<Data> = regressions.iter().map(|r| r.data().clone()).collect();
    let of = |i: usize| shares.iter().map(move |s| (i, *s));
    let cells: Vec<(usize, f64)> = (0..data.len()).flat_map(of).collect();
    let runs: Vec<Run> =
        cells.iter().map(|(i, share)| Run { data: *i, rate: share * 2.0 / stars[*i], steps: STEPS }).collect();
    let start = |run: usize| Family::Residual.start(d, depth, SCALE, start_seed(seed, &key, cells[run].0 as u64));
    let widths = Family::Residual.widths(d, depth);
    let options = Options { sharpness: Sharpness::Ends, keep: false, ..Options::default() };
    let outcomes = descend(&Grid::new(&widths, &data, &runs, &start)?, &options, watch)?;
    let Some(outcomes) = outcomes.into_iter().collect::<Option<Vec<_>>>() else { return Ok(Vec::new()) };
    let found = regressions.iter().zip(outcomes.chunks(shares.len())).enumerate().map(|(i, (r, runs))| {
        let came = runs.iter().take_while(|o| o.last().is_some_and(|l| l.distance_squared <= CONVERGED));
        let end = runs[0].last().map_or(f64::NAN, |l| l.sharpness);
        Critical {
            depth,
            dimension: d,
            draw: i as u64,
            printed: 2.0 / r.least_sharpness(depth),
            quotient: 2.0 / r.quotient_sharpness(depth),
            flattest: 2.0 / stars[i],
            critical: came.count().checked_sub(1).map_or(0.0, |last| shares[last] * 2.0 / stars[i]),
            sharpness: [end / r.least_sharpness(depth), end / stars[i]],
        }
    });
    Ok(found.collect())
}

/// Distances between gradient descent and the gradient flow from the same start.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// The time T at which they are compared.
    pub time: f64,
    /// `(eta, norm(W_{T/eta} - W(T)))`, the norm of all weights together, from the largest eta on.
    pub distances: Vec<(f64, f64)>,
}

impl Limit {
    /// Observed orders `log2(distance(eta)/distance(eta/2))`: 1 in the limit, as for any Euler method.
    ///
    /// One fewer than there are distances. NaN where both distances are zero.
    pub fn orders(&self) -> Vec<f64> {
        self.distances.windows(2).map(|w| (w[0].1 / w[1].1).ln() / (w[0].0 / w[1].0).ln()).collect()
    }
}

/// Gradient descent with `eta = time/steps`, `steps = first, 2 first, 4 first, ..` (`halvings` times), against the flow
/// integrated with tolerance 1e-12.
///
/// # Errors
/// The flow does not reach `time`; a run that diverges.
pub fn limit(problem: &Problem, start: &Network<f64>, time: f64, first: u64, halvings: u32) -> Result<Limit> {
    let options = FlowOptions { rtol: 1e-12, atol: 1e-14, gap: None, t_end: Some(time), ..FlowOptions::default() };
    let trajectory = integrate(problem, start, &options, &mut |_| std::ops::ControlFlow::Continue(()))?;
    if !matches!(trajectory.stopped, Stop::EndTime) {
        return Err(Error::input("flow", format!("it ends before t = {time}")));
    }
    let (widths, data) = (start.widths(), [Data::of(problem)?]);
    let counts: Vec<u64> = (0..=halvings).map(|k| first << k).collect();
    let runs: Vec<Run> =
        counts.iter().map(|steps| Run { data: 0, rate: time / *steps as f64, steps: *steps }).collect();
    let begin = |_: usize| Ok(start.clone());
    let outcomes = descend(&Grid::new(&widths, &data, &runs, &begin)?, &Options::default(), &())?;
    let distance = |end: &Network<f64>| {
        let layers = end.layers().iter().zip(trajectory.final_network.layers());
        layers.map(|(a, b)| (a - b).norm_squared()).sum::<f64>().sqrt()
    };
    let of = |(run, outcome): (&Run, Option<crate::descent::Outcome>)| {
        let ended = outcome.filter(|o| !o.diverged()).and_then(|o| o.network);
        let ended = ended.ok_or_else(|| Error::input("descent", format!("diverges with eta = {}", run.rate)))?;
        Ok((run.rate, distance(&ended)))
    };
    Ok(Limit { time, distances: runs.iter().zip(outcomes).map(of).collect::<Result<_>>()? })
}
