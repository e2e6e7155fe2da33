//! Lemma 3 by doubles: verdicts against enclosures that share no code with them.

use flatcert::arithmetic::{Enclosure, Interval, Real};
use flatcert::linalg::{largest_singular_value, smallest_singular_value};
use flatcert::residual::{Setup, Thresholds, Verdict, decide, extremes};
use nalgebra::DMatrix;

/// max norm and min sigma_min of the exact products, in interval arithmetic.
fn reference(setup: &Setup, trial: u64) -> (Interval, Interval) {
    let (d, depth) = (setup.d(), setup.depth());
    let scale = Interval::point(setup.s()) / Interval::point((d * depth) as f64).sqrt();
    let mut draws = setup.draws(trial);
    let mut product = DMatrix::from_fn(d, d, |i, j| Interval::point(f64::from(u8::from(i == j))));
    let (mut norm, mut least) = (Interval::point(0.0), Interval::point(f64::MAX));
    for _ in 0..depth {
        let normals: Vec<f64> = (0..d * d).map(|_| draws.next_normal()).collect();
        let layer = DMatrix::from_fn(d, d, |i, j| {
            Interval::point(f64::from(u8::from(i == j))) + scale * Interval::point(normals[i * d + j])
        });
        product = layer * product;
        norm = norm.max(&largest_singular_value(&product));
        let s = smallest_singular_value(&product);
        least = Interval::new(least.lo().min(s.lo()), least.hi().min(s.hi()));
    }
    (norm, least)
}

fn one(setup: &Setup, trial: u64, norm: f64, sigma_min: f64) -> (Verdict, Verdict) {
    let found = decide(setup, Thresholds { norm, sigma_min }, trial..trial + 1).unwrap()[0];
    (found.norm, found.sigma_min)
}

#[test]
fn verdicts_and_extremes_agree_with_interval_arithmetic() {
    for (d, depth, s) in [(1, 1, 1.0), (1, 6, 0.7), (2, 5, 1.0), (3, 1, 2.0), (4, 7, 1.0), (5, 4, 0.3), (7, 6, 1.5)] {
        let setup = Setup::new(d, depth, s, 11, "lemma-3").unwrap();
        for trial in 0..25 {
            let (norm, least) = reference(&setup, trial);
            let Ok(found) = extremes(&setup, trial) else { panic!("d {d} L {depth} s {s} trial {trial}") };
            assert!(found.norm.lo <= norm.hi() && norm.lo() <= found.norm.hi, "{found:?} {norm:?}");
            assert!(found.sigma_min.lo <= least.hi() && least.lo() <= found.sigma_min.hi, "{found:?} {least:?}");
            assert!(found.norm.hi - found.norm.lo <= 1e-8 * norm.hi(), "{found:?}");
            for factor in [0.5, 0.9, 0.99, 0.9999, 1.0 - 1e-7, 1.0, 1.0 + 1e-7, 1.0001, 1.01, 1.1, 2.0] {
                let (m, b) = (norm.mid() * factor, least.mid() * factor);
                let (up, low) = one(&setup, trial, m, b);
                match up {
                    Verdict::Holds => assert!(norm.lo() <= m),
                    Verdict::Fails => assert!(norm.hi() > m),
                    Verdict::Undecided => {
                        assert!((factor - 1.0).abs() < 1e-8 || least.lo() < 0.02 * norm.hi(), "norm, {factor}")
                    }
                }
                match low {
                    Verdict::Holds => assert!(least.hi() >= b),
                    Verdict::Fails => assert!(least.lo() < b),
                    Verdict::Undecided => assert!(
                        (factor - 1.0).abs() < 1e-8 || least.lo() < 0.02 * norm.hi(),
                        "sigma_min, {factor}, {least:?}"
                    ),
                }
            }
        }
    }
}

#[test]
fn a_trial_has_the_same_verdict_in_any_company() {
    let setup = Setup::new(20, 100, 1.0, 5, "lemma-3").unwrap();
    let thresholds = Thresholds { norm: 2.0 * 0.7f64.exp(), sigma_min: 0.5 * (-0.6f64).exp() };
    let together = decide(&setup, thresholds, 0..40).unwrap();
    for trial in 0..40 {
        assert_eq!(together[trial as usize], decide(&setup, thresholds, trial..trial + 1).unwrap()[0]);
    }
    for trial in 0..6 {
        let found = extremes(&setup, trial).unwrap();
        assert!(found.norm.hi - found.norm.lo <= 1e-8 * found.norm.hi, "{found:?}");
        assert!(found.sigma_min.hi - found.sigma_min.lo <= 1e-8 * found.sigma_min.hi, "{found:?}");
        // A near tie that single precision cannot tell.
        let near = |slack: f64| one(&setup, trial, found.norm.hi * (1.0 + slack), found.sigma_min.lo * (1.0 - slack));
        assert_eq!(near(1e-8), (Verdict::Holds, Verdict::Holds));
        assert_eq!(near(-1e-8), (Verdict::Fails, Verdict::Fails));
    }
}

#[test]
fn without_noise_every_product_is_the_identity() {
    let setup = Setup::new(3, 4, 0.0, 1, "lemma-3").unwrap();
    assert_eq!(one(&setup, 0, 1.0, 1.0), (Verdict::Holds, Verdict::Holds));
    assert_eq!(one(&setup, 0, 1f64.next_down(), 1f64.next_up()), (Verdict::Fails, Verdict::Fails));
    assert_eq!(extremes(&setup, 0).unwrap().norm.hi, 1.0);
}

#[test]
fn trivial_thresholds_and_bad_input() {
    let setup = Setup::new(4, 5, 1.0, 1, "lemma-3").unwrap();
    assert_eq!(one(&setup, 0, f64::INFINITY, 0.0), (Verdict::Holds, Verdict::Holds));
    assert_eq!(one(&setup, 0, 0.0, f64::INFINITY).0, Verdict::Fails);
    assert!(decide(&setup, Thresholds { norm: f64::NAN, sigma_min: 0.1 }, 0..1).is_err());
    for (d, depth, s) in [(0, 1, 1.0), (1, 0, 1.0), (1, 1, -1.0), (1, 1, f64::NAN), (1, 1, f64::INFINITY)] {
        assert!(Setup::new(d, depth, s, 1, "lemma-3").unwrap_err().is_input());
    }
}
