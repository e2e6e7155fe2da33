//! Gradient descent in batches: against the plain loop, bit by bit against its own arithmetic written out, against
//! certified sharpness, and against the gradient flow.

use flatcert::arithmetic::Enclosure;
use flatcert::descent::{Data, End, Grid, Options, Outcome, Run, Sharpness, Watch, descend, flops};
use flatcert::error::Result;
use flatcert::flow::{FlowOptions, integrate};
use flatcert::hessian;
use flatcert::network::{Network, initialise};
use flatcert::problem::{Moments, Problem};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;
use std::num::NonZeroU64;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Uniform and not, with and without a head of several entries, deep, bottlenecked, of depth and width 1, wider than
/// any kernel has built in.
const SHAPES: &[&[usize]] = &[
    &[1, 1],
    &[5, 1],
    &[3, 3],
    &[1, 1, 1, 1, 1],
    &[2, 2, 2, 1],
    &[3, 3, 3, 3, 1],
    &[4, 4, 4, 4],
    &[5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 1],
    &[6, 6, 6, 2],
    &[7, 7, 7, 1],
    &[8, 8, 8],
    &[9, 9, 9, 1],
    &[10, 10, 10, 1],
    &[11, 11, 1],
    &[4, 1, 3, 2],
    &[3, 13, 2, 1],
    &[2, 9, 1, 8, 5],
    &[2, 17, 12, 1],
];

fn problem(d: usize, seed: u64) -> Problem {
    Problem::appendix_c(3 * d + 5, d, seed).unwrap()
}

fn head(size: usize, seed: u64) -> DVector<f64> {
    if size == 1 { DVector::from_element(1, 1.0) } else { initialise::unit_head(size, seed) }
}

/// Near the identity where the layers are square, so that deep products neither vanish nor explode.
fn start(widths: &[usize], seed: u64) -> Network<f64> {
    let noise = initialise::gaussian(widths, head(widths[widths.len() - 1], seed), 0.3, seed).unwrap();
    let layer = |w: &DMatrix<f64>| DMatrix::from_fn(w.nrows(), w.ncols(), |i, j| w[(i, j)] / 2.0 + f64::from(i == j));
    noise.with_layers(noise.layers().iter().map(layer).collect())
}

fn moments(data: &Data) -> Moments<f64> {
    let d = data.dimension();
    let sigma = DMatrix::from_row_slice(d, d, data.sigma());
    let w_star = DVector::from_column_slice(data.w_star());
    let cross = &sigma * &w_star;
    let power = data.least_risk() + cross.dot(&w_star);
    Moments { sigma, cross, power }
}

fn every(n: u64) -> Option<NonZeroU64> {
    NonZeroU64::new(n)
}

fn run_all(widths: &[usize], data: &[Data], runs: &[Run], options: &Options) -> Vec<Outcome> {
    let begin = |i: usize| Ok(start(widths, 100 + i as u64));
    let grid = Grid::new(widths, data, runs, &begin).unwrap();
    descend(&grid, options, &()).unwrap().into_iter().map(|o| o.expect("nobody stops it")).collect()
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// The bits of everything in an outcome; NaNs that mean "not asked for" compare equal.
fn bits(outcome: &Outcome) -> (End, Vec<[u64; 4]>, Vec<u64>) {
    let records = outcome.records.iter();
    let number = |x: f64| if x.is_nan() { u64::MAX } else { x.to_bits() };
    let records = records.map(|r| [r.step, number(r.distance_squared), number(r.excess_risk), number(r.sharpness)]);
    let weights = outcome.network.iter().flat_map(|n| n.layers().iter().flat_map(|w| w.iter()));
    (outcome.end, records.collect(), weights.map(|x| number(*x)).collect())
}

/// The documented arithmetic of one run, in scalars: first product rounded, further ones fused, in the order of their
/// index.
fn scalar(widths: &[usize], data: &Data, run: Run, net: &Network<f64>, bound: f64) -> (End, f64, Vec<f64>) {
    let depth = widths.len() - 1;
    let dot = |terms: &mut dyn Iterator<Item = (f64, f64)>| {
        let (a, b) = terms.next().unwrap();
        terms.fold(a * b, |s, (a, b)| a.mul_add(b, s))
    };
    let d = widths[0];
    let mut layers: Vec<DMatrix<f64>> = net.layers().to_vec();
    let scale = data.w_star().iter().fold(0.0, |s: f64, x| x.mul_add(*x, s)).max(1.0);
    let bound = (bound * scale).min(f64::MAX);
    let mut distance = f64::NAN;
    let mut end = End::Finished;
    for step in 0..=run.steps {
        let mut b = vec![net.head().as_slice().to_vec()];
        for w in layers.iter().rev() {
            let last = &b[b.len() - 1];
            let next = (0..w.ncols()).map(|j| dot(&mut (0..w.nrows()).map(|i| (w[(i, j)], last[i])))).collect();
            b.push(next);
        }
        b.reverse();
        let e: Vec<f64> = b[0].iter().zip(data.w_star()).map(|(p, w)| p - w).collect();
        distance = dot(&mut e.iter().map(|x| (*x, *x)));
        if distance.is_nan() || distance > bound {
            end = End::Diverged { step };
            break;
        }
        if step == run.steps {
            break;
        }
        let sigma = |j: usize| dot(&mut (0..d).map(|i| (data.sigma()[i * d + j], e[i])));
        let mut a: Vec<f64> = (0..d).map(|j| sigma(j) * (-2.0 * run.rate)).collect();
        for k in 0..depth {
            let w = &mut layers[k];
            let next = (0..w.nrows()).map(|i| dot(&mut (0..w.ncols()).map(|j| (w[(i, j)], a[j])))).collect();
            for i in 0..w.nrows() {
                for j in 0..w.ncols() {
                    w[(i, j)] = b[k + 1][i].mul_add(a[j], w[(i, j)]);
                }
            }
            a = next;
        }
    }
    (end, distance, layers.iter().flat_map(|w| w.iter().copied()).collect())
}

fn assert_scalar(widths: &[usize], data: &Data, run: Run, net: &Network<f64>, options: &Options, got: &Outcome) {
    let (end, distance, weights) = scalar(widths, data, run, net, options.bound);
    assert_eq!(got.end, end, "{widths:?} {run:?}");
    if let Some(last) = got.last() {
        assert_eq!(last.distance_squared.to_bits(), distance.to_bits(), "{widths:?}");
    }
    let found: Vec<f64> = got.network.as_ref().unwrap().layers().iter().flat_map(|w| w.iter().copied()).collect();
    let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
    assert!(found.len() == weights.len() && found.iter().zip(&weights).all(same), "{widths:?} {run:?}");
}

#[test]
fn every_shape_follows_the_plain_loop() {
    for (shape, widths) in SHAPES.iter().enumerate() {
        let data = [Data::of(&problem(widths[0], 1)).unwrap(), Data::of(&problem(widths[0], 2)).unwrap()];
        let runs: Vec<Run> =
            (0..7).map(|i| Run { data: i % 2, rate: 0.002 * (1 + i) as f64, steps: 200 + i as u64 }).collect();
        let options = Options { every: every(60), ..Options::default() };
        for (i, (got, run)) in run_all(widths, &data, &runs, &options).iter().zip(&runs).enumerate() {
            let moments = moments(&data[run.data]);
            let w_star = DVector::from_column_slice(data[run.data].w_star());
            let mut net = start(widths, 100 + i as u64);
            let mut records = got.records.iter();
            for step in 0..=run.steps {
                if step % 60 == 0 || step == run.steps {
                    let record = records.next().unwrap();
                    let e = net.product() - &w_star;
                    let excess = e.dot(&(&moments.sigma * &e));
                    assert_eq!(record.step, step);
                    assert!((record.distance_squared - e.norm_squared()).abs() <= 1e-12 * (1.0 + e.norm_squared()));
                    assert!((record.excess_risk - excess).abs() <= 1e-12 * (1.0 + excess), "shape {shape}");
                    let risk = moments.risk(&net.product()) - data[run.data].least_risk();
                    assert!((record.excess_risk - risk).abs() <= 1e-11 * (1.0 + risk), "shape {shape}");
                }
                if step < run.steps {
                    let gradient = net.gradient(&moments);
                    let layers = net.layers().iter().enumerate();
                    let layers = layers.map(|(k, w)| w - gradient.layer(k + 1) * run.rate).collect();
                    net = net.with_layers(layers);
                }
            }
            assert!(records.next().is_none() && got.end == End::Finished);
            for (a, b) in got.network.as_ref().unwrap().layers().iter().zip(net.layers()) {
                assert!((a - b).norm() <= 1e-12 * b.norm(), "{widths:?}: {:e}", (a - b).norm() / b.norm());
            }
            assert_ne!(got.network.as_ref().unwrap().layers(), start(widths, 100 + i as u64).layers());
        }
    }
}

#[test]
fn every_shape_has_the_documented_bits() {
    for widths in SHAPES {
        let data = [Data::of(&problem(widths[0], 3)).unwrap(), Data::of(&problem(widths[0], 4)).unwrap()];
        // From rates that converge to rates that diverge, so that lanes are freed at different steps.
        let runs: Vec<Run> = (0..23)
            .map(|i| Run { data: i % 2, rate: 0.004 * 1.5f64.powi(i as i32), steps: 40 + 7 * i as u64 })
            .collect();
        for portable in [false, true] {
            let options = Options { portable, ..Options::default() };
            let all = run_all(widths, &data, &runs, &options);
            for (i, (got, run)) in all.iter().zip(&runs).enumerate() {
                assert_scalar(widths, &data[run.data], *run, &start(widths, 100 + i as u64), &options, got);
            }
        }
    }
}

#[test]
fn bits_do_not_depend_on_threads_machine_or_company() {
    for widths in [&[5, 5, 5, 5, 1][..], &[3, 3, 3][..], &[7, 7, 7, 1][..], &[4, 2, 6, 1][..]] {
        let data = [Data::of(&problem(widths[0], 5)).unwrap()];
        let runs: Vec<Run> =
            (0..19).map(|i| Run { data: 0, rate: 0.01 * (1 + i) as f64, steps: 100 + 13 * (i as u64 % 5) }).collect();
        let options =
            |portable| Options { every: every(9), sharpness: Sharpness::Always, portable, ..Options::default() };
        let reference: Vec<_> =
            on_threads(1, || run_all(widths, &data, &runs, &options(false))).iter().map(bits).collect();
        assert!(reference.iter().any(|r| r.0 == End::Finished));
        for threads in [2, 3, 7] {
            let got = on_threads(threads, || run_all(widths, &data, &runs, &options(false)));
            assert!(got.iter().map(bits).eq(reference.iter().cloned()), "{widths:?}, {threads} threads");
        }
        let got = run_all(widths, &data, &runs, &options(true));
        assert!(got.iter().map(bits).eq(reference.iter().cloned()), "{widths:?}, portable");
        for alone in [0, 7, 18] {
            let begin = |_| Ok(start(widths, 100 + alone as u64));
            let grid = Grid::new(widths, &data, &runs[alone..=alone], &begin).unwrap();
            let got = descend(&grid, &options(false), &()).unwrap().remove(0).unwrap();
            assert_eq!(bits(&got), reference[alone], "{widths:?}, run {alone} alone");
        }
    }
}

#[test]
fn divergence_is_noticed_at_its_step_and_the_bound_does_not_choose_who_diverges() {
    let widths = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 1];
    let data = [Data::of(&problem(5, 6)).unwrap()];
    let runs: Vec<Run> = (0..60).map(|i| Run { data: 0, rate: 0.02 + 0.01 * f64::from(i), steps: 400 }).collect();
    let begin = |i: usize| initialise::gaussian(&widths, head(1, 0), 0.3 + 0.005 * (i % 60) as f64, i as u64);
    let grid = Grid::new(&widths, &data, &runs, &begin).unwrap();
    let with = |bound, every| {
        let options = Options { bound, every, ..Options::default() };
        descend(&grid, &options, &()).unwrap().into_iter().map(Option::unwrap).collect::<Vec<_>>()
    };
    // Records look at the bound too: without them the kernel alone notices what is not a number.
    let (bounded, finite) = (with(flatcert::descent::BOUND, every(1)), with(f64::INFINITY, None));
    let count = bounded.iter().filter(|o| o.diverged()).count();
    assert!((10..50).contains(&count), "{count} of 60 diverge");
    for (i, (a, b)) in bounded.iter().zip(&finite).enumerate() {
        assert_scalar(&widths, &data[0], runs[i], &begin(i).unwrap(), &Options::default(), a);
        assert_scalar(
            &widths,
            &data[0],
            runs[i],
            &begin(i).unwrap(),
            &Options { bound: f64::INFINITY, ..Options::default() },
            b,
        );
        let (End::Diverged { step: early }, End::Diverged { step: late }) = (a.end, b.end) else {
            assert_eq!(a.end, b.end, "run {i}");
            continue;
        };
        // Each step multiplies the exponent.
        assert!(early <= late && late <= early + 3, "run {i}: {early} and {late}");
        assert_eq!(a.records.len() as u64, early, "a record for each iterate before");
        assert!(a.last().is_none() && a.records.iter().all(|r| r.distance_squared <= 1e60));
    }
}

#[test]
fn a_start_out_of_bounds_has_diverged_at_once() {
    let widths = [2, 2, 1];
    let data = [Data::of(&problem(2, 7)).unwrap()];
    let runs = [Run { data: 0, rate: 0.1, steps: 5 }; 3];
    let begin = |i: usize| {
        let net = start(&widths, 1);
        let factor = [1.0, 1e200, f64::NAN][i];
        Ok(net.with_layers(net.layers().iter().map(|w| w * factor).collect()))
    };
    let grid = Grid::new(&widths, &data, &runs, &begin).unwrap();
    let got = descend(&grid, &Options::default(), &()).unwrap();
    let ends: Vec<End> = got.iter().map(|o| o.as_ref().unwrap().end).collect();
    assert_eq!(ends, [End::Finished, End::Diverged { step: 0 }, End::Diverged { step: 0 }]);
    assert!(got[1].as_ref().unwrap().first().is_none());
}

#[test]
fn a_run_whose_gradient_overflows_leaves_the_others_alone() {
    let of = |sigma: f64, w_star: f64| {
        Data::new(&DMatrix::from_element(1, 1, sigma), &DVector::from_element(1, w_star), 0.0)
    };
    let data = [of(1e300, 1e100).unwrap(), of(1.0, 1.0).unwrap()];
    let runs = [Run { data: 0, rate: 0.1, steps: 10 }, Run { data: 1, rate: 0.1, steps: 1000 }];
    let got = run_all(&[1, 1], &data, &runs, &Options::default());
    assert!(matches!(got[0].end, End::Diverged { .. }), "{:?}", got[0].end);
    assert_eq!(got[1].end, End::Finished);
}

#[test]
fn estimates_of_sharpness_are_within_certified_enclosures() {
    let deep = [vec![3; 31], vec![12, 12, 12, 12, 12, 1], [vec![2; 60], vec![1]].concat()];
    for (shape, widths) in SHAPES.iter().copied().chain(deep.iter().map(Vec::as_slice)).enumerate() {
        let problem = problem(widths[0], 8);
        let data = [Data::of(&problem).unwrap()];
        let runs: Vec<Run> =
            (0..6).map(|i| Run { data: 0, rate: 0.01, steps: [1, 5, 30, 200, 1000, 4000][i] }).collect();
        let options = Options { sharpness: Sharpness::Ends, ..Options::default() };
        for (i, got) in run_all(widths, &data, &runs, &options).iter().enumerate() {
            let first = start(widths, 100 + i as u64);
            for (net, record) in [(&first, got.first()), (got.network.as_ref().unwrap(), got.last())] {
                let found = hessian::sharpness(&problem, net, &Default::default()).unwrap().value;
                // The tolerance of the residual, squared, over gaps down to a thousandth.
                let slack = 1e-9 * found.hi();
                let estimate = record.unwrap().sharpness;
                assert!(
                    found.lo() - slack <= estimate && estimate <= found.hi() + slack,
                    "{shape} {found:?} {estimate}"
                );
            }
        }
    }
}

/// Zero layers (no b_k, no w_prod), minimisers (no a_k), and a Hessian that is zero.
#[test]
fn estimates_survive_where_sweeps_vanish() {
    let problem = problem(3, 9);
    let data = [Data::of(&problem).unwrap()];
    let w_star = problem.w_star::<flatcert::arithmetic::Interval>(53).map(|v| v.mid());
    let runs = [Run { data: 0, rate: 1e-300, steps: 1 }; 7];
    let widths = [3, 3, 3, 1];
    let begin = |i: usize| match i {
        0..=2 => initialise::small_scale(&widths, head(1, 0), 0.7, i + 1, 4),
        3 => {
            let zero = |w: &DMatrix<f64>| DMatrix::zeros(w.nrows(), w.ncols());
            let net = start(&widths, 1);
            Ok(net.with_layers(net.layers().iter().map(zero).collect()))
        }
        4 => {
            let two = [DMatrix::identity(3, 3), DMatrix::identity(3, 3)];
            let row = DMatrix::from_row_slice(1, 3, w_star.as_slice());
            Network::new(two.into_iter().chain([row]).collect(), head(1, 0))
        }
        _ => Ok(start(&widths, i as u64)),
    };
    let grid = Grid::new(&widths, &data, &runs, &begin).unwrap();
    let options = Options { sharpness: Sharpness::Ends, ..Options::default() };
    for (i, got) in descend(&grid, &options, &()).unwrap().iter().enumerate() {
        let net = begin(i).unwrap();
        let found = hessian::sharpness(&problem, &net, &Default::default()).unwrap().value;
        let estimate = got.as_ref().unwrap().first().unwrap().sharpness;
        let slack = 1e-9 * found.hi();
        assert!(found.lo() - slack <= estimate && estimate <= found.hi() + slack, "{i}: {found:?} {estimate}");
    }
}

/// The distance between descent and flow at a fixed time is of first order in the learning rate.
#[test]
fn descent_tends_to_the_flow_with_order_one() {
    let (problem, widths, time) = (problem(4, 10), [4, 4, 4, 1], 2.0);
    let net = start(&widths, 100);
    let options = FlowOptions { rtol: 1e-13, atol: 1e-14, gap: None, t_end: Some(time), ..FlowOptions::default() };
    let flow = integrate(&problem, &net, &options, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(flow.time.high, time);
    let data = [Data::of(&problem).unwrap()];
    let errors: Vec<f64> = (0..5)
        .map(|k| {
            let steps = 256 << k;
            let runs = [Run { data: 0, rate: time / steps as f64, steps }];
            let got = run_all(&widths, &data, &runs, &Options::default()).remove(0).network.unwrap();
            let layers = got.layers().iter().zip(flow.final_network.layers());
            layers.map(|(a, b)| (a - b).norm_squared()).sum::<f64>().sqrt()
        })
        .collect();
    let orders: Vec<f64> = errors.windows(2).map(|e| (e[0] / e[1]).log2()).collect();
    assert!(errors[0] > 1e-4 && orders.iter().all(|o| (o - 1.0).abs() < 0.05), "{errors:?} {orders:?}");
    assert!((orders[3] - 1.0).abs() < 0.5 * (orders[1] - 1.0).abs(), "{orders:?}");
}

#[test]
fn records_follow_the_schedule() {
    let widths = [3, 3, 1];
    let data = [Data::of(&problem(3, 11)).unwrap()];
    let runs: Vec<Run> = (0..11).map(|i| Run { data: 0, rate: 0.01, steps: 1 + 17 * i }).collect();
    for (gap, sharpness) in
        [(1, Sharpness::Always), (5, Sharpness::Ends), (100, Sharpness::Never), (7, Sharpness::Always)]
    {
        let options = Options { every: every(gap), sharpness, keep: gap == 5, ..Options::default() };
        for (got, run) in run_all(&widths, &data, &runs, &options).iter().zip(&runs) {
            let wanted: Vec<u64> = (0..=run.steps).filter(|s| s % gap == 0 || *s == run.steps).collect();
            assert_eq!(got.records.iter().map(|r| r.step).collect::<Vec<_>>(), wanted);
            assert_eq!(got.network.is_some(), gap == 5);
            for r in &got.records {
                let asked = match sharpness {
                    Sharpness::Never => false,
                    Sharpness::Ends => r.step == 0 || r.step == run.steps,
                    Sharpness::Always => true,
                };
                assert_eq!(r.sharpness.is_nan(), !asked, "{r:?}");
            }
        }
    }
}

struct Counter {
    steps: AtomicU64,
    ended: AtomicUsize,
    most: usize,
}

impl Watch for Counter {
    fn advanced(&self, steps: u64) {
        self.steps.fetch_add(steps, Ordering::Relaxed);
    }
    fn ended(&self, _: usize, outcome: &Outcome) {
        assert!(outcome.network.is_some());
        self.ended.fetch_add(1, Ordering::Relaxed);
    }
    fn stop(&self) -> bool {
        self.ended.load(Ordering::Relaxed) >= self.most
    }
}

#[test]
fn watchers_see_all_steps_and_stop_what_is_under_way() {
    let widths = [3, 3, 1];
    let data = [Data::of(&problem(3, 12)).unwrap()];
    // Every seventh diverges early: what it is spared counts as done.
    let runs: Vec<Run> =
        (0..50).map(|i| Run { data: 0, rate: if i % 7 == 0 { 40.0 } else { 0.01 }, steps: 300 }).collect();
    let begin = |i: usize| Ok(start(&widths, i as u64));
    let grid = Grid::new(&widths, &data, &runs, &begin).unwrap();
    let full = Counter { steps: AtomicU64::new(0), ended: AtomicUsize::new(0), most: usize::MAX };
    let all = descend(&grid, &Options::default(), &full).unwrap();
    assert_eq!(full.steps.load(Ordering::Relaxed), grid.run_steps());
    assert_eq!(full.ended.load(Ordering::Relaxed), 50);
    assert_eq!(all.iter().filter(|o| o.as_ref().unwrap().diverged()).count(), 8);
    let half = Counter { steps: AtomicU64::new(0), ended: AtomicUsize::new(0), most: 20 };
    let some = descend(&grid, &Options::default(), &half).unwrap();
    let kept = some.iter().flatten().count();
    assert!((20..50).contains(&kept) && half.steps.load(Ordering::Relaxed) < grid.run_steps(), "{kept}");
    for (a, b) in some.iter().zip(&all) {
        if let Some(a) = a {
            assert_eq!(bits(a), bits(b.as_ref().unwrap()));
        }
    }
    // The rest, later.
    let missing: Vec<usize> = (0..50).filter(|i| some[*i].is_none()).collect();
    let rest: Vec<Run> = missing.iter().map(|&i| runs[i]).collect();
    let begin_rest = |i: usize| begin(missing[i]);
    let grid = Grid::new(&widths, &data, &rest, &begin_rest).unwrap();
    for (got, i) in descend(&grid, &Options::default(), &()).unwrap().iter().zip(&missing) {
        assert_eq!(bits(got.as_ref().unwrap()), bits(all[*i].as_ref().unwrap()));
    }
}

#[test]
fn senseless_grids_are_refused() {
    let data = [Data::of(&problem(3, 13)).unwrap()];
    let begin = |_: usize| -> Result<Network<f64>> { Ok(start(&[3, 3, 1], 1)) };
    let refused = |widths: &[usize], run: Run, words: &str| {
        let runs = [run];
        let message = Grid::new(widths, &data, &runs, &begin).err().expect(words).to_string();
        assert!(message.contains(words), "{message}");
    };
    let run = Run { data: 0, rate: 0.1, steps: 10 };
    refused(&[3], run, "at least two");
    refused(&[3, 0, 1], run, "none of them zero");
    refused(&[2, 1], run, "d = 3");
    refused(&[3, 1], Run { data: 1, ..run }, "data 1 of 1");
    for rate in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        refused(&[3, 1], Run { rate, ..run }, "learning rate");
    }
    refused(&[3, 1], Run { steps: 0, ..run }, "no steps");
    // A start of another shape, or none, is noticed when it is made.
    let runs = [run; 9];
    let grid = Grid::new(&[3, 1], &data, &runs, &begin).unwrap();
    assert!(descend(&grid, &Options::default(), &()).unwrap_err().to_string().contains("[3, 3, 1], not [3, 1]"));
    let none = |_: usize| initialise::gaussian(&[3, 1], head(1, 0), -1.0, 1);
    let grid = Grid::new(&[3, 1], &data, &runs, &none).unwrap();
    assert!(descend(&grid, &Options::default(), &()).unwrap_err().to_string().contains("-1"));
    let empty = Grid::new(&[3, 1], &data, &[], &begin).unwrap();
    assert!(descend(&empty, &Options::default(), &()).unwrap().is_empty());
}

#[test]
fn data_that_are_none_are_refused() {
    let eye = DMatrix::identity(2, 2);
    let w = DVector::from_element(2, 1.0);
    assert!(Data::new(&eye, &w, 0.5).is_ok());
    assert!(Data::new(&DMatrix::from_row_slice(2, 2, &[1.0, 0.5, 0.4, 1.0]), &w, 0.5).is_err());
    assert!(Data::new(&DMatrix::identity(3, 3), &w, 0.5).is_err());
    assert!(Data::new(&eye, &w, -0.5).is_err());
    assert!(Data::new(&eye, &w, f64::NAN).is_err());
    assert!(Data::new(&eye, &DVector::from_element(2, f64::INFINITY), 0.5).is_err());
    assert!(Data::new(&DMatrix::zeros(0, 0), &DVector::zeros(0), 0.5).is_err());
}

/// By hand for d = 1, L = 2: 3 (two columns of one product, w* apart) and so on.
#[test]
fn operations_are_counted() {
    // Backward 1 + 1; e, its square, Sigma e, the rate: 4; forward 1; two fused updates: 4.
    assert_eq!(flops(&[1, 1, 1]), 2 + 4 + 1 + 4);
    // Backward 15 columns of 2 * 3 - 1 or 3 of 1; residual 3 + 5 + 15 + 3; forward 3 rows of 5; updates 24.
    assert_eq!(flops(&[3, 3, 1]), 15 + 3 + 26 + 15 + 24);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn any_grid_has_the_documented_bits(
        widths in prop::collection::vec(1usize..=13, 2..7),
        runs in prop::collection::vec((0usize..2, 0.001f64..0.6, 1u64..80), 1..20),
        portable: bool,
        gap in 0u64..20,
    ) {
        let data = [Data::of(&problem(widths[0], 14)).unwrap(), Data::of(&problem(widths[0], 15)).unwrap()];
        let runs: Vec<Run> = runs.into_iter().map(|(data, rate, steps)| Run { data, rate, steps }).collect();
        let options = Options { portable, every: every(gap), ..Options::default() };
        for (i, (got, run)) in run_all(&widths, &data, &runs, &options).iter().zip(&runs).enumerate() {
            assert_scalar(&widths, &data[run.data], *run, &start(&widths, 100 + i as u64), &options, got);
        }
    }
}
