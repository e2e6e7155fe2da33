//! Lemma 3 by doubles: verdicts against enclosures that share no code with them.

use flatcert::arithmetic::{Big, Enclosure, Interval};
use flatcert::linalg::{largest_singular_value, smallest_singular_value};
use flatcert::residual::{
    Enclosed, Extremes, Setup, Thresholds, Verdict, decide, decide_ball, extremes, extremes_of, worst_theta,
};
use nalgebra::DMatrix;

/// max norm and min sigma_min of the exact products, in the arithmetic of `point`.
fn enclosed<E: Enclosure>(setup: &Setup, trial: u64, point: impl Fn(f64) -> E) -> (E, E) {
    let (d, depth) = (setup.d(), setup.depth());
    let scale = point(setup.s()) / point((d * depth) as f64).sqrt();
    let mut draws = setup.draws(trial);
    let one = |i: usize, j: usize| point(f64::from(u8::from(i == j)));
    let mut product = DMatrix::from_fn(d, d, one);
    let mut found: Option<(E, E)> = None;
    for _ in 0..depth {
        let normals: Vec<f64> = (0..d * d).map(|_| draws.next_normal()).collect();
        let layer = DMatrix::from_fn(d, d, |i, j| one(i, j) + scale.clone() * point(normals[i * d + j]));
        product = layer * product;
        let (high, low) = (largest_singular_value(&product), smallest_singular_value(&product));
        found = Some(found.map_or((high.clone(), low.clone()), |(n, s)| (n.max(&high), s.min(&low))));
    }
    found.unwrap()
}

fn reference(setup: &Setup, trial: u64) -> (Interval, Interval) {
    enclosed(setup, trial, Interval::point)
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

/// The layers I + s/sqrt(L d) N_k, rounded.
fn layers(setup: &Setup, trial: u64) -> Vec<DMatrix<f64>> {
    let (d, mut draws) = (setup.d(), setup.draws(trial));
    let layer = |_| {
        let noise = DMatrix::from_row_iterator(d, d, (0..d * d).map(|_| setup.scale() * draws.next_normal()));
        noise + DMatrix::identity(d, d)
    };
    (0..setup.depth()).map(layer).collect()
}

/// max norm and min sigma_min of the products, by an ordinary singular value decomposition.
fn plain(layers: &[DMatrix<f64>]) -> (f64, f64) {
    let d = layers[0].nrows();
    let mut product = DMatrix::identity(d, d);
    let (mut norm, mut least) = (0f64, f64::INFINITY);
    for w in layers {
        product = w * product;
        let values = product.singular_values();
        norm = norm.max(values.max());
        least = least.min(values.min());
    }
    (norm, least)
}

#[test]
fn the_worst_theta_of_scalars() {
    for depth in [1, 2, 7, 30] {
        let setup = Setup::new(1, depth, 0.6, 2, "lemma-3").unwrap();
        for trial in 0..20 {
            for radius in [0.0, 1e-6, 0.01, 0.3] {
                let part = radius / depth as f64;
                let (mut norm, mut least, mut up, mut down) = (0f64, f64::INFINITY, 1.0, 1.0);
                for w in layers(&setup, trial) {
                    up *= w[(0, 0)].abs() + part;
                    down *= (w[(0, 0)].abs() - part).max(0.0);
                    norm = norm.max(up);
                    least = least.min(down);
                }
                let found = worst_theta(&setup, trial, radius).unwrap();
                assert!(
                    found.norm.lo <= norm * (1.0 + 1e-12) && norm <= found.norm.hi * (1.0 + 1e-12),
                    "{found:?} {norm}"
                );
                assert!(found.norm.lo >= norm * (1.0 - 1e-8), "L {depth} trial {trial} r {radius}: {found:?} {norm}");
                assert!(found.sigma_min.lo <= least * (1.0 + 1e-12), "{found:?} {least}");
                assert!(least <= found.sigma_min.hi + 1e-12, "{found:?} {least}");
                assert!(
                    found.sigma_min.hi <= least + if least > 0.0 { 1e-8 } else { 2e-6 },
                    "L {depth} trial {trial} r {radius}: {found:?} {least}"
                );
            }
        }
    }
}

#[test]
fn the_worst_theta_of_one_layer() {
    let setup = Setup::new(6, 1, 0.4, 3, "lemma-3").unwrap();
    for trial in 0..20 {
        let (norm, least) = plain(&layers(&setup, trial));
        for radius in [1e-3, 0.05] {
            let found = worst_theta(&setup, trial, radius).unwrap();
            assert!((found.norm.lo - (norm + radius)).abs() < 1e-8, "{found:?} {norm} {radius}");
            assert!(found.norm.hi >= norm + radius - 1e-12);
            let worst = (least - radius).max(0.0);
            assert!((found.sigma_min.hi - worst).abs() < 1e-8, "{found:?} {least} {radius}");
            assert!(found.sigma_min.lo <= worst + 1e-12);
            // The bound is attained: x_1 = r/sigma_min.
            assert!(found.sigma_min.lo > 0.9 * worst, "{found:?} {worst}");
        }
    }
}

#[test]
fn random_theta_stay_within_the_bounds_and_behind_the_optimiser() {
    use rand::{RngExt, SeedableRng};
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(4);
    let mut normal =
        move |d: usize| DMatrix::<f64>::from_fn(d, d, |_, _| (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0);
    for (d, depth, s, radius) in [(2, 3, 0.5, 0.2), (3, 6, 1.0, 0.05), (4, 10, 0.7, 0.3), (5, 2, 0.3, 1.0)] {
        let setup = Setup::new(d, depth, s, 9, "lemma-3").unwrap();
        for trial in 0..8 {
            let found = worst_theta(&setup, trial, radius).unwrap();
            let w = layers(&setup, trial);
            for turn in 0..300 {
                let moved: Vec<_> = w
                    .iter()
                    .map(|w| {
                        let mut theta = normal(d);
                        if turn % 2 == 0 {
                            theta = theta.column(0) * normal(d).row(0);
                        }
                        w + &theta * (radius / depth as f64 / theta.singular_values().max())
                    })
                    .collect();
                let (norm, least) = plain(&moved);
                assert!(norm <= found.norm.lo * (1.0 + 1e-9), "trial {trial}: random {norm} beats {found:?}");
                assert!(least >= found.sigma_min.hi * (1.0 - 1e-9), "trial {trial}: random {least} beats {found:?}");
            }
            assert!(found.norm.lo <= found.norm.hi && found.sigma_min.lo <= found.sigma_min.hi, "{found:?}");
        }
    }
}

#[test]
fn verdicts_over_the_ball_agree_with_its_worst_theta() {
    let setup = Setup::new(8, 40, 1.0, 6, "lemma-3").unwrap();
    let radius = (-2.0f64).exp() / 64.0;
    let (mut failed_off_centre, mut held) = (0, 0);
    for trial in 0..12 {
        let worst = worst_theta(&setup, trial, radius).unwrap();
        let centre = extremes(&setup, trial).unwrap();
        assert!(worst.norm.hi / worst.norm.lo < 1.02 && worst.norm.lo > centre.norm.hi, "{worst:?} {centre:?}");
        // What theta can add is known to within its own size.
        let (moved, gap) = (worst.norm.lo / centre.norm.hi, worst.norm.hi / worst.norm.lo);
        assert!(gap - 1.0 < 0.8 * (moved - 1.0), "{worst:?} {centre:?}");
        let (moved, gap) = (centre.sigma_min.lo / worst.sigma_min.hi, worst.sigma_min.hi / worst.sigma_min.lo);
        assert!(gap - 1.0 < 0.8 * (moved - 1.0), "{worst:?} {centre:?}");
        let at = |norm: f64, sigma_min: f64| {
            decide_ball(&setup, Thresholds { norm, sigma_min }, radius, trial..trial + 1).unwrap()[0]
        };
        let sure = at(worst.norm.hi * (1.0 + 1e-12), worst.sigma_min.lo * (1.0 - 1e-12));
        assert_eq!((sure.norm, sure.sigma_min), (Verdict::Holds, Verdict::Holds));
        // Holds at theta = 0, fails in the ball.
        let near = at(0.5 * (worst.norm.lo + centre.norm.hi), 0.5 * (worst.sigma_min.hi + centre.sigma_min.lo));
        assert_eq!((near.norm, near.sigma_min), (Verdict::Fails, Verdict::Fails));
        failed_off_centre += 1;
        let far = at(centre.norm.hi * 1.2, centre.sigma_min.lo / 1.2);
        assert_eq!((far.norm, far.sigma_min), (Verdict::Holds, Verdict::Holds));
        held += 1;
        let beyond = at(centre.norm.hi * 0.9, centre.sigma_min.lo / 1.2);
        assert_eq!((beyond.norm, beyond.sigma_min), (Verdict::Fails, Verdict::Holds));
    }
    assert_eq!((failed_off_centre, held), (12, 12));
    // A ball without extent.
    let thresholds = Thresholds { norm: 3.5, sigma_min: 0.25 };
    assert_eq!(decide_ball(&setup, thresholds, 0.0, 0..60).unwrap(), decide(&setup, thresholds, 0..60).unwrap());
    for radius in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(worst_theta(&setup, 0, radius).unwrap_err().is_input());
        assert!(decide_ball(&setup, Thresholds { norm: 1.0, sigma_min: 1.0 }, radius, 0..1).is_err());
    }
}

#[test]
fn extremes_of_a_range_are_those_of_each_trial() {
    for (d, depth, s) in [(3, 20, 1.0), (20, 100, 1.0), (12, 3, 2.0)] {
        let setup = Setup::new(d, depth, s, 8, "lemma-3").unwrap();
        let all = extremes_of(&setup, 0..11);
        assert_eq!(all.len(), 11);
        for (trial, found) in all.into_iter().enumerate() {
            let found = found.unwrap();
            assert_eq!(found, extremes(&setup, trial as u64).unwrap());
            let (norm, least) = plain(&layers(&setup, trial as u64));
            // The plain values are off by about 1e-14 of the norm.
            let near = |e: Enclosed, x: f64| e.lo <= x + 1e-12 * norm && x <= e.hi + 1e-12 * norm;
            assert!(near(found.norm, norm) && near(found.sigma_min, least), "{found:?} {norm} {least}");
            assert!(found.norm.hi / found.norm.lo < 1.0 + 1e-8, "{found:?}");
            // A Gram matrix squares the condition number, and slacks are tried in steps of 8.
            let wide = 1e-8 + 1e-12 * (norm / least).powi(2);
            assert!(found.sigma_min.hi / found.sigma_min.lo < 1.0 + wide, "{found:?}");
        }
    }
}

/// Chi-square of the counts in 44 cells, the outermost beyond 4.5, against the normal distribution.
fn chi_square(normals: impl Iterator<Item = f64>) -> f64 {
    use statrs::function::erf::erfc;
    let edges: Vec<f64> = (-20..=20).map(|i| 0.2 * f64::from(i)).chain([-4.5, 4.5]).collect();
    let mut edges: Vec<f64> = edges.into_iter().chain([f64::NEG_INFINITY, f64::INFINITY]).collect();
    edges.sort_by(f64::total_cmp);
    let mut counts = vec![0u64; edges.len() - 1];
    for x in normals {
        counts[edges.partition_point(|&e| e <= x) - 1] += 1;
    }
    let total: u64 = counts.iter().sum();
    // Both sides from the nearer tail, without cancellation.
    let above = |x: f64| 0.5 * erfc(x / 2f64.sqrt());
    let cell = |a: f64, b: f64| if a >= 0.0 { above(a) - above(b) } else { above(-b) - above(-a) };
    let term = |(e, &n): (&[f64], &u64)| {
        let expected = total as f64 * cell(e[0], e[1]);
        assert!(expected > 20.0, "{e:?}");
        (n as f64 - expected).powi(2) / expected
    };
    edges.windows(2).zip(&counts).map(term).sum()
}

#[test]
fn the_draws_are_standard_normal() {
    let setup = Setup::new(20, 100, 1.0, 1, "normals").unwrap();
    let normals = |factor: f64| {
        (0..200).flat_map(move |trial| {
            let mut draws = Setup::new(20, 100, 1.0, 1, "normals").unwrap().draws(trial);
            (0..40_000).map(move |_| factor * draws.next_normal())
        })
    };
    // 43 degrees of freedom: beyond 120 with probability 4e-9.
    let found = chi_square(normals(1.0));
    assert!(found < 120.0, "{found}");
    let control = chi_square(normals(1.004));
    assert!(control > 120.0, "{control}");
    let (mut sums, mut lag, mut last, mut top) = ([0.0; 4], 0.0, 0.0, 0f64);
    let mut n = 0.0;
    for x in normals(1.0) {
        for (power, sum) in sums.iter_mut().enumerate() {
            *sum += x.powi(power as i32 + 1);
        }
        lag += x * last;
        last = x;
        top = top.max(x.abs());
        n += 1.0;
    }
    // Six standard deviations of each mean: variances 1, 2, 15, 96, 1.
    for (sum, (mean, variance)) in sums.into_iter().zip([(0.0, 1.0), (1.0, 2.0), (0.0, 15.0), (3.0, 96.0)]) {
        assert!((sum / n - mean).abs() < 6.0 * (variance / n).sqrt(), "{} {mean}", sum / n);
    }
    assert!((lag / n).abs() < 6.0 / n.sqrt(), "{}", lag / n);
    // Expected 5.3; beyond 4.04 each was drawn by the tail's own rejection.
    assert!((4.8..7.0).contains(&top), "{top}");
    // Neighbouring trials, and the same trial of another claim.
    let correlation = |a: &Setup, s: u64, b: &Setup, t: u64| {
        let (mut a, mut b) = (a.draws(s), b.draws(t));
        (0..100_000).map(|_| a.next_normal() * b.next_normal()).sum::<f64>() / 100_000f64.sqrt()
    };
    let other = Setup::new(20, 100, 1.0, 1, "normal").unwrap();
    let seed = Setup::new(20, 100, 1.0, 2, "normals").unwrap();
    for found in
        [correlation(&setup, 0, &setup, 1), correlation(&setup, 0, &other, 0), correlation(&setup, 0, &seed, 0)]
    {
        assert!(found.abs() < 6.0, "{found}");
    }
}

#[test]
fn the_draws_are_the_same_for_ever() {
    use flatcert::statistics::streams::fnv1a;
    let mut draws = Setup::new(3, 7, 1.0, 42, "lemma-3").unwrap().draws(5);
    let bytes: Vec<u8> = (0..200_000).flat_map(|_| draws.next_normal().to_le_bytes()).collect();
    let first: Vec<f64> = bytes.as_chunks::<8>().0.iter().take(3).map(|b| f64::from_le_bytes(*b)).collect();
    // An implementation of its own, in Python with 40 digits, gives 2.011200277200436, -0.7378463323318112,
    // 0.9658233695100354.
    assert_eq!(first, [2.011200277200437, -0.7378463323318106, 0.9658233695100357]);
    // Some 700 of them went through the wedges and the tail.
    assert_eq!(fnv1a(&bytes), 728_620_293_115_747_317);
}

#[test]
fn ties_and_ill_conditioned_products_are_decided() {
    for (d, depth, s, trials) in [(2, 3, 1.0, 6), (6, 8, 0.5, 3), (20, 4, 4.0, 2), (8, 30, 4.0, 2)] {
        let setup = Setup::new(d, depth, s, 12, "lemma-3").unwrap();
        for trial in 0..trials {
            let (norm, least) = enclosed(&setup, trial, |x| Big::from_f64(x, 256));
            let (norm, least) = (norm.to_interval(), least.to_interval());
            assert!(norm.hi() <= norm.lo().next_up() && least.hi() <= least.lo().next_up(), "{norm:?} {least:?}");
            // One unit in the last place apart: hopeless in double precision.
            assert_eq!(one(&setup, trial, norm.hi(), least.lo()), (Verdict::Holds, Verdict::Holds), "{d} {trial}");
            assert_eq!(one(&setup, trial, norm.lo(), least.hi()), (Verdict::Fails, Verdict::Fails), "{d} {trial}");
            let found = extremes(&setup, trial).unwrap();
            assert!(found.norm.lo <= norm.lo() && norm.hi() <= found.norm.hi, "{found:?} {norm:?}");
            assert!(found.sigma_min.lo <= least.lo() && least.hi() <= found.sigma_min.hi, "{found:?} {least:?}");
        }
    }
}

#[test]
fn verdicts_at_every_quantile_agree_with_the_extremes() {
    for (d, depth, s, n) in [(20, 100, 1.0, 48u64), (3, 200, 0.8, 200), (40, 30, 0.6, 8), (2, 1, 1.0, 300)] {
        let setup = Setup::new(d, depth, s, 77, "cross").unwrap();
        let all: Vec<_> = extremes_of(&setup, 0..n).into_iter().map(Result::unwrap).collect();
        let sorted = |value: fn(&Extremes) -> f64| {
            let mut values: Vec<f64> = all.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let (norms, lows) = (sorted(|e| e.norm.hi), sorted(|e| e.sigma_min.lo));
        for i in [0, n / 10, n / 2, n - 1].map(|i| i as usize) {
            let thresholds = Thresholds { norm: norms[i] * (1.0 + 1e-7), sigma_min: lows[i] * (1.0 - 1e-7) };
            let (centre, ball) =
                (decide(&setup, thresholds, 0..n).unwrap(), decide_ball(&setup, thresholds, 1e-3, 0..n).unwrap());
            for ((e, centre), ball) in all.iter().zip(centre).zip(ball) {
                let verdict = |holds| if holds { Verdict::Holds } else { Verdict::Fails };
                assert_eq!(centre.norm, verdict(e.norm.hi <= thresholds.norm), "{e:?} {thresholds:?}");
                assert_eq!(centre.sigma_min, verdict(e.sigma_min.lo >= thresholds.sigma_min), "{e:?} {thresholds:?}");
                // Theta = 0 lies in the ball.
                assert!(ball.norm != Verdict::Holds || centre.norm == Verdict::Holds);
                assert!(ball.sigma_min != Verdict::Holds || centre.sigma_min == Verdict::Holds);
                assert!(centre.norm != Verdict::Fails || ball.norm == Verdict::Fails);
                assert!(centre.sigma_min != Verdict::Fails || ball.sigma_min == Verdict::Fails);
            }
        }
    }
}
