//! The room of the experiments: data, plans, sweeps that are taken up again, summaries, the edge, what is beyond the
//! paper.

use flatcert::descent::{Record, Watch};
use flatcert::experiments::beyond::{critical, limit};
use flatcert::experiments::checkpoint::Checkpoint;
use flatcert::experiments::edge::{Located, locate, trajectories};
use flatcert::experiments::plan::fits;
use flatcert::experiments::sweep::{Ended, Experiment};
use flatcert::experiments::{Family, Panel, Planned, Rate, Regression, Settings, Sweep, summary};
use flatcert::problem::Problem;
use flatcert::statistics::bootstrap::mean_interval;
use flatcert::statistics::streams::trial_rng;
use rand_distr::{Distribution, StandardNormal};
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

#[test]
fn a_fast_draw_is_the_exact_problem_up_to_rounding() {
    for seed in [1, 20_240_613] {
        let (fast, exact) = (Regression::draw(50, 5, seed).unwrap(), Problem::appendix_c(50, 5, seed).unwrap());
        let slow = Regression::of(&exact).unwrap();
        assert!((fast.sigma() - slow.sigma()).amax() < 1e-14);
        assert!((fast.w_star() - slow.w_star()).amax() < 1e-14);
        assert!((fast.data().least_risk() - slow.data().least_risk()).abs() < 1e-14);
        assert!((fast.lambda() - exact.lambda().mid()).abs() < 1e-13);
        assert!((fast.lambda_max() - exact.lambda_max().mid()).abs() < 1e-13);
    }
}

#[test]
fn bounds_are_ordered() {
    let r = Regression::draw(50, 5, 7).unwrap();
    assert!(r.least_sharpness(10) < r.quotient_sharpness(10));
    let flattest = r.flattest(10).unwrap();
    assert!(r.quotient_sharpness(10) < flattest && flattest < r.upper_sharpness(10));
    assert_eq!(r.least_sharpness(20), 2.0 * r.least_sharpness(10));
}

#[test]
fn the_papers_grid_is_that_of_appendix_c() {
    let s = Settings::paper(1);
    s.validate().unwrap();
    assert_eq!((s.gaussian.count(), s.residual.count()), (1600, 1000));
    let steps = |w: &Sweep| w.runs().map(|r| r.rate.steps).sum::<u64>();
    assert_eq!((steps(&s.gaussian), steps(&s.residual)), (13_200_000, 4_000_000));
    assert_eq!((s.gaussian.scales[0], s.gaussian.scales[9], s.residual.scales[9]), (0.25, 0.6, 1.7));
    assert_eq!(s.sweeps().len(), 2);
}

#[test]
fn a_start_depends_on_its_own_run_alone() {
    let all: Vec<Planned> = Sweep::paper(Family::Gaussian).runs().collect();
    let mut seeds: Vec<u64> = all.iter().map(|r| r.seed(5)).collect();
    let alone = Planned { family: Family::Gaussian, rate: all[0].rate, scale: 0.6, repetition: 3 };
    assert!(seeds.contains(&alone.seed(5)));
    seeds.sort_unstable();
    seeds.dedup();
    assert_eq!(seeds.len(), all.len());
}

#[test]
fn what_does_not_fit_is_refused_with_its_size() {
    let mut s = Settings::paper(1);
    assert!(s.bytes(5, 2) < 100 << 20);
    for rate in &mut s.gaussian.rates {
        rate.repetitions = 1_000_000_000_000;
    }
    let needed = s.bytes(5, 2);
    let said = fits(needed, 16 << 30).unwrap_err().to_string();
    assert!(said.contains("PiB") && said.contains("16.0 GiB"), "{said}");
    // Four fifths of what is free, and no byte more.
    assert!(fits(80, 100).is_ok() && fits(81, 100).is_err());
    assert_eq!(Settings { depth: usize::MAX / 2, ..Settings::paper(1) }.bytes(1 << 30, 2), u64::MAX);
}

#[test]
fn names_of_figures() {
    assert_eq!(Panel::parse("2").unwrap(), [Panel::F2]);
    assert_eq!(Panel::parse("3").unwrap().len(), 4);
    assert!(Panel::parse("5").unwrap_err().to_string().contains("1a, 1b"));
}

#[test]
fn bands_are_over_the_runs_that_did_not_diverge() {
    let rate = Rate { eta: 0.1, steps: 5, repetitions: 3 };
    let sweep = Sweep { family: Family::Gaussian, scales: vec![0.3, 0.6], rates: vec![rate] };
    let ended = |diverged, v: f64| Ended { diverged, distance_squared: v, excess_risk: v, start: 2.0, end: 4.0 * v };
    let nan = f64::NAN;
    let runs = [ended(None, 1.0), ended(Some(2), nan), ended(None, 3.0)];
    let all = [&runs[..], &[ended(Some(1), nan); 3]].concat();
    let cells = summary::cells(&sweep, &all, 1).unwrap();
    assert_eq!((cells[0].diverged, cells[0].share()), (1, 1.0 / 3.0));
    assert_eq!(cells[0].distance, Some([2.0, 1.0, 3.0]));
    assert_eq!(cells[0].end.map(|b| b[0]), Some(8.0));
    assert_eq!((cells[1].distance, cells[1].end, cells[1].start), (None, None, Some([2.0; 3])));
    assert!(cells[1].divergence[0] > 0.2 && cells[1].divergence[1] == 1.0);
    assert_eq!(summary::starts(&sweep, &all, 1), [(0.3, [2.0; 3]), (0.6, [2.0; 3])]);
    assert!(summary::cells(&sweep, &all[1..], 1).is_err());
}

#[test]
fn an_oscillation_is_located() {
    let record =
        |step: u64, s: f64| Record { step, distance_squared: 0.0, excess_risk: 8.0 / (step + 1) as f64, sharpness: s };
    // 2/eta = 10: entered at 3, then above at every other step.
    let values = [1.0, 4.0, 9.0, 11.0, 9.5, 10.5, 9.0, 12.0];
    let records: Vec<Record> = values.iter().enumerate().map(|(i, s)| record(i as u64, *s)).collect();
    let at = locate(&records, 0.2).unwrap();
    assert_eq!((at.entered, at.left, at.above, at.crossings), (Some(3), Some(7), 3, 5));
    assert!((at.amplitude - 0.15).abs() < 1e-15 && (at.mean - 1.05).abs() < 1e-15);
    assert!((at.fall - 0.5).abs() < 1e-15);
    // "To less than half."
    let falls = |fall: f64| Located { crossings: 10, fall, ..at }.enters();
    assert!(falls(0.4999) && !falls(0.5) && !falls(f64::NAN));
    let never = locate(&records[..3], 0.2).unwrap();
    assert_eq!((never.entered, never.left, never.above, never.crossings), (None, None, 0, 0));
    assert_eq!(locate(&[], 0.2), None);
}

#[test]
fn runs_share_their_start() {
    let regression = Regression::draw(30, 4, 1).unwrap();
    let every = NonZeroU64::MIN;
    let runs = trajectories(&regression, Family::Gaussian, 5, 0.4, &[0.01, 0.05], (30, every), (3, &())).unwrap();
    assert_eq!((runs[0].records[0], runs[0].records.len()), (runs[1].records[0], 31));
    assert_ne!(runs[0].records[30], runs[1].records[30]);
}

#[test]
fn what_is_written_is_read_and_other_settings_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = Regression::draw(20, 3, 1).unwrap();
    let at = |seed| Checkpoint::new(folder.path(), &Settings::paper(seed), &data).unwrap();
    let checkpoint = at(1);
    assert_eq!(checkpoint.read(&[2]).unwrap(), vec![vec![None; 2]]);
    let ended = |diverged, v: f64| Ended { diverged, distance_squared: v, excess_risk: v, start: 0.1 + 0.2, end: v };
    let known = vec![vec![Some(ended(Some(7), f64::NAN)), None], vec![Some(ended(None, 1e-300))]];
    checkpoint.write(&known).unwrap();
    assert_eq!(format!("{:?}", checkpoint.read(&[2, 1]).unwrap()), format!("{known:?}"));
    assert!(at(2).read(&[2, 1]).unwrap_err().to_string().contains("other settings"));
    assert!(checkpoint.read(&[1, 0]).unwrap_err().to_string().contains("line 3"));
    checkpoint.remove().unwrap();
    checkpoint.remove().unwrap();
    assert_eq!(checkpoint.read(&[1]).unwrap(), vec![vec![None]]);
}

#[test]
fn descent_tends_to_the_flow_with_order_one() {
    let problem = Problem::appendix_c(50, 5, 1).unwrap();
    for (family, scale, time) in [(Family::Residual, 0.5, 0.25), (Family::Gaussian, 0.35, 4.0)] {
        let start = family.start(5, 10, scale, 1).unwrap();
        let orders = limit(&problem, &start, time, 1 << 10, 5).unwrap().orders();
        // The second-order term halves with eta: 2^-5 of what it is at first.
        let last = orders[orders.len() - 1];
        assert!((last - 1.0).abs() < 0.02, "{family:?}: {orders:?}");
        assert!((last - 1.0).abs() < (orders[0] - 1.0).abs().max(1e-3), "{family:?}: {orders:?}");
    }
}

#[test]
fn the_critical_rate_is_that_of_the_flattest_minimiser() {
    let found = critical(&[(4, 3)], 3, 1, &()).unwrap();
    assert_eq!(found.len(), 3);
    for c in found {
        assert!(c.critical > 0.85 * c.flattest && c.critical < 1.001 * c.flattest, "{c:?}");
        assert!(c.flattest <= c.quotient * (1.0 + 1e-9) && c.quotient <= c.printed, "{c:?}");
    }
}

#[test]
fn degenerate_samples() {
    let mut rng = trial_rng(1, "bootstrap", 0);
    assert_eq!(mean_interval(&[], 0.95, 100, &mut rng), None);
    assert_eq!(mean_interval(&[1.0, f64::NAN], 0.95, 100, &mut rng), None);
    for level in [1.01, 95.0, -0.1, -3.0, f64::NAN] {
        assert_eq!(mean_interval(&[1.0, 2.0], level, 100, &mut rng), None, "{level}");
    }
    assert_eq!(mean_interval(&[2.5], 0.95, 100, &mut rng), Some([2.5; 3]));
    assert_eq!(mean_interval(&[3.0; 7], 0.95, 100, &mut rng), Some([3.0; 3]));
}

#[test]
fn the_interval_of_normal_values_is_that_of_the_normal_law() {
    let mut rng = trial_rng(1, "bootstrap", 1);
    let values: Vec<f64> = (0..400).map(|_| StandardNormal.sample(&mut rng)).collect();
    let spread = (values.iter().map(|v| v * v).sum::<f64>() / 400.0).sqrt();
    let [mean, lo, hi] = mean_interval(&values, 0.95, 20_000, &mut rng).unwrap();
    let half = 1.96 * spread / 20.0;
    // The quantiles of 20,000 resamples are good to a few per cent of the width.
    assert!((hi - mean - half).abs() < 0.1 * half && (mean - lo - half).abs() < 0.1 * half, "{lo} {mean} {hi}");
}

fn small() -> (Sweep, Regression) {
    let rate = |eta, steps| Rate { eta, steps, repetitions: 3 };
    let sweep = Sweep { family: Family::Gaussian, scales: vec![0.3, 0.9], rates: vec![rate(0.05, 60), rate(0.5, 40)] };
    (sweep, Regression::draw(20, 3, 1).unwrap())
}

/// Stops once so many run-steps are done.
struct Until(AtomicU64, u64);

impl Watch for Until {
    fn advanced(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }
    fn stop(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= self.1
    }
}

#[test]
fn an_interrupted_sweep_is_completed_to_the_same_bits() {
    let (sweep, regression) = small();
    let e = Experiment { sweep: &sweep, regression: &regression, depth: 4, seed: 2 };
    let whole = e.run(Vec::new(), &(), &mut |_| Ok(())).unwrap();
    assert!(whole.iter().all(Option::is_some));
    assert!(whole.iter().flatten().any(|r| r.diverged.is_some()), "a rate of 0.5 from scale 0.9 diverges");
    let mut saved = Vec::new();
    let part = e.run(Vec::new(), &Until(AtomicU64::new(0), 100), &mut |k| {
        saved = k.to_vec();
        Ok(())
    });
    assert_eq!(format!("{:?}", part.unwrap()), format!("{saved:?}"));
    assert!(saved.iter().any(Option::is_none) && saved.iter().any(Option::is_some));
    let rest = e.run(saved, &(), &mut |_| Ok(())).unwrap();
    assert_eq!(format!("{rest:?}"), format!("{whole:?}"));
}
