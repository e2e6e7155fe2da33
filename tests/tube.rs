//! The certified tube: closed-form flows lie in it, and whatever is wrong with a certificate is refused.

use flatcert::arithmetic::{Big, Enclosure, Interval, Rational, Real, Ring};
use flatcert::flow::dormand_prince::{Stepper, Tolerances};
use flatcert::flow::gradient_flow::Descent;
use flatcert::flow::observables::Observables;
use flatcert::flow::tableau::Tableau;
use flatcert::flow::tube::{self, Certificate, Clock, Options, Piece, Setting, build, certify, segments, verify};
use flatcert::flow::{FlowOptions, integrate};
use flatcert::hessian;
use flatcert::network::Network;
use flatcert::problem::{Problem, draw, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use proptest::prelude::*;

fn q(n: i64, d: i64) -> Rational {
    Rational::new(n, d)
}

/// A fully-connected network of dyadic Gaussian weights, layer `zero` (1-based; 0 for none) zero.
fn start(d: usize, depth: usize, scale: f64, zero: usize, seed: u64) -> Network<Rational> {
    let rng = &mut draw::stream(seed, 7);
    let layers = (1..=depth)
        .map(|k| {
            let m = draw::normal_matrix(rng, if k == depth { 1 } else { d }, d);
            m.map(|v| if k == zero { Rational::zero() } else { Rational::from_f64(scale * v).unwrap() })
        })
        .collect();
    Network::new(layers, DVector::from_element(1, Rational::one())).unwrap()
}

fn scalars(weights: &[Rational]) -> Network<Rational> {
    let layers = weights.iter().map(|w| DMatrix::from_element(1, 1, w.clone())).collect();
    Network::new(layers, DVector::from_element(1, Rational::one())).unwrap()
}

fn scalar_problem(lambda: Rational, w_star: Rational) -> Problem {
    Problem::white(&lambda, &DVector::from_element(1, w_star), &Rational::one()).unwrap()
}

fn setting(c: &Certificate) -> Setting<'_> {
    Setting::new(&c.problem, &c.start.widths(), &c.start.head().map(|v| v.to_f64())).unwrap()
}

fn made(d: usize, depth: usize, scale: f64, zero: usize) -> Certificate {
    let problem = Problem::appendix_c(50, d, 3).unwrap();
    build(&problem, &start(d, depth, scale, zero, 5), &Options::default()).unwrap()
}

fn big(x: f64) -> Big {
    Big::from_f64(x, 256)
}

/// Ends of pieces: time, value of each weight with its error.
fn ends(c: &Certificate) -> Vec<(Interval, Vec<Big>)> {
    let tube = verify(c).unwrap();
    let value = |p: &Piece| {
        (0..c.start.parameters())
            .map(|i| {
                p.coefficients.iter().fold(big(0.0), |s, row| s + big(row[i]))
                    + Big::from_interval(&Interval::symmetric(p.exit), 256)
            })
            .collect()
    };
    c.pieces.iter().zip(&tube.times).map(|(p, t)| (*t, value(p))).collect()
}

fn disjoint(a: &Big, b: &Big) -> bool {
    let d = a.clone() - b.clone();
    d.is_positive() || d.is_negative()
}

#[test]
fn linear_flow_of_depth_one_lies_in_its_tube() {
    // w' = -2 lambda (w - w*)
    let (lambda, w_star, w_0) = (q(3, 4), q(5, 2), q(1, 3));
    let c = build(
        &scalar_problem(lambda.clone(), w_star.clone()),
        &scalars(std::slice::from_ref(&w_0)),
        &Options::default(),
    )
    .unwrap();
    for (t, at) in ends(&c) {
        let enclosed = |v: &Rational| <Big as flatcert::arithmetic::Field>::from_rational(v, 256);
        let rate = enclosed(&(Rational::from(-2) * lambda.clone()));
        let exact =
            enclosed(&w_star) + enclosed(&(w_0.clone() - w_star.clone())) * (rate * Big::from_interval(&t, 256)).exp();
        assert!(!disjoint(&at[0], &exact), "t = {t:?}: {at:?} against {exact:?}");
        assert!(at[0].to_interval().width() < 1e-11);
    }
}

#[test]
fn balanced_scalar_flow_of_depth_two_lies_in_its_tube() {
    // p = w_1 w_2 with w_1 = w_2: p' = -4 lambda p (p - w*), a logistic curve.
    let (lambda, w_star, w_0) = (q(1, 2), q(3, 1), q(1, 64));
    let c = build(&scalar_problem(lambda, w_star), &scalars(&[w_0.clone(), w_0]), &Options::default()).unwrap();
    assert!(c.pieces.iter().any(|p| p.clock == Clock::Length), "the escape from the saddle is watched by arc length");
    for (t, at) in ends(&c) {
        let p = at[0].clone() * at[1].clone();
        // p = 3 / (1 + (3 * 4096 - 1) exp(-6 t))
        let decay = (big(-6.0) * Big::from_interval(&t, 256)).exp();
        let exact = big(3.0) / (big(1.0) + big(3.0 * 4096.0 - 1.0) * decay);
        assert!(!disjoint(&p, &exact), "t = {t:?}: {p:?} against {exact:?}");
        assert!(p.to_interval().width() < 1e-10);
    }
}

#[test]
fn unbalanced_scalar_flow_stays_on_its_hyperbola() {
    // w_1^2 - w_2^2 is conserved, at every point of every piece.
    let (a, b) = (q(1, 50), q(1, 7));
    let conserved = a.clone() * a.clone() - b.clone() * b.clone();
    let c = build(&scalar_problem(q(2, 3), q(4, 5)), &scalars(&[a, b]), &Options::default()).unwrap();
    for (_, at) in ends(&c) {
        let difference = at[0].powi(2) - at[1].powi(2);
        assert!(difference.contains(&conserved));
        assert!(difference.to_interval().width() < 1e-11);
    }
}

#[test]
fn what_lemma_1_conserves_is_conserved_in_the_tube() {
    let c = made(3, 3, 0.01, 2);
    let widths = c.start.widths();
    let gap = |n: &Network<Big>, k: usize| {
        n.layers()[k + 1].transpose() * &n.layers()[k + 1] - &n.layers()[k] * n.layers()[k].transpose()
    };
    let exact = c.start.map(|v| <Big as flatcert::arithmetic::Field>::from_rational(v, 256));
    for (_, at) in ends(&c) {
        let mut entries = at.into_iter();
        let layers =
            widths.windows(2).map(|d| DMatrix::from_iterator(d[1], d[0], entries.by_ref().take(d[0] * d[1]))).collect();
        let now = exact.with_layers(layers);
        for k in 0..2 {
            for (x, y) in gap(&now, k).iter().zip(gap(&exact, k).iter()) {
                assert!(!disjoint(x, y));
            }
        }
    }
}

#[test]
fn sharpness_of_the_limit_is_narrow_and_agrees_with_the_last_weights() {
    for (d, depth, scale) in [
        (1, 1, 0.5),
        (4, 1, 0.1),
        (3, 2, 0.01),
        (4, 2, 0.003),
        (2, 3, 0.002),
        (4, 3, 0.001),
        (4, 4, 0.0005),
        (2, 4, 1e-4),
    ] {
        for zero in [1, depth] {
            let c = made(d, depth, scale, zero);
            let tube = verify(&c).unwrap();
            let s = tube.limit.sharpness;
            let minimum = 2.0 * depth as f64 * c.problem.lambda().lo();
            assert!(s.width() / minimum < 1e-6, "d={d} L={depth}: {s:?}");
            let last = tube.limit.network.map(Interval::mid);
            let near = hessian::sharpness(&c.problem, &last, &hessian::Options::default()).unwrap().value;
            let slack = Interval::symmetric(1e-8 * s.hi());
            assert!((near + slack).intersection(&s).is_some(), "{near:?} {s:?}");
        }
    }
}

#[test]
fn observables_of_a_piece_contain_those_of_its_points() {
    let c = made(3, 3, 0.01, 1);
    let s = setting(&c);
    let widths = c.start.widths();
    let contains = |a: &Interval, b: &Interval| a.intersection(b).is_some();
    for p in c.pieces.iter().step_by(3) {
        for (part, parts, at) in [(0, 1, 0.0), (1, 4, -0.25), (3, 4, 1.0), (0, 7, -1.0)] {
            let whole = s.observe(p, part, parts).unwrap();
            let weights: Vec<f64> = (0..c.start.parameters())
                .map(|i| p.coefficients.iter().rev().fold(0.0, |x, row| x * at + row[i]))
                .collect();
            let mut entries = weights.into_iter();
            let layers = widths
                .windows(2)
                .map(|d| DMatrix::from_iterator(d[1], d[0], entries.by_ref().take(d[0] * d[1])))
                .collect();
            let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
            let point = Observables::at(&c.problem, &net);
            // The polynomial itself is a curve within the radius.
            assert!(contains(&whole.excess_risk, &point.excess_risk), "{whole:?} {point:?}");
            assert!(contains(&whole.product_norm, &point.product_norm));
            assert!(contains(&whole.gradient_norm_squared, &point.gradient_norm_squared));
            for k in 0..3 {
                assert!(contains(&whole.sigma_squared[k], &point.sigma_squared[k]));
                assert!(contains(&whole.tail[k], &point.tail[k]));
                assert!(contains(&whole.balance[k], &point.balance[k]), "{whole:?} {point:?}");
            }
            assert!(contains(&whole.spread, &point.spread));
            for k in 0..2 {
                assert!(whole.misalignment[k].hi() >= point.misalignment[k].lo());
            }
        }
    }
}

#[test]
fn segments_cover_all_times_and_end_at_the_limit() {
    let c = made(2, 3, 0.01, 3);
    let tube = verify(&c).unwrap();
    let all = segments(&c, &tube).unwrap();
    assert_eq!(all[0].time.lo(), 0.0);
    for pair in all.windows(2) {
        assert!(pair[1].time.lo() <= pair[0].time.hi(), "a gap between {:?} and {:?}", pair[0].time, pair[1].time);
    }
    let last = &all[all.len() - 1];
    assert_eq!(last.time.hi(), f64::INFINITY);
    assert!(last.observables.excess_risk.hi() < 1e-18);
    assert!(last.observables.product_norm.contains(&Rational::one()) || last.observables.product_norm.width() < 1e-8);
}

fn refused(what: &str, c: &Certificate) {
    let e = verify(c).map(|_| "accepted").expect_err(what).to_string();
    assert!(e.contains("piece") || e.contains("limit"), "{what}: {e}");
}

/// What a builder without one of the terms would claim.
fn reclaimed(c: &Certificate, change: impl Fn(&mut tube::Bounds)) -> Certificate {
    let mut out = c.clone();
    let s = setting(c);
    for i in 0..out.pieces.len() {
        let mut b = s.bounds(&c.pieces[i]).unwrap();
        change(&mut b);
        let (radius, exit) = b.propagate(tube::entry(&out, i).unwrap());
        (out.pieces[i].radius, out.pieces[i].exit) = (radius, exit);
    }
    out
}

#[test]
fn wrong_certificates_are_refused() {
    for (d, depth, scale, zero) in [(2, 2, 0.05, 1), (3, 3, 0.01, 2), (2, 5, 0.01, 5)] {
        let good = made(d, depth, scale, zero);
        verify(&good).unwrap();
        let n = good.pieces.len();
        for i in [0, n / 3, n / 2, n - 1] {
            let mut c = good.clone();
            c.pieces[i].radius /= 2.0;
            refused("a radius halved", &c);
            let mut c = good.clone();
            c.pieces[i].exit /= 2.0;
            refused("an exit radius halved", &c);
            for (k, entry) in [(0, 0), (1, 1), (4, 0), (9, 1)] {
                let mut c = good.clone();
                let v = &mut c.pieces[i].coefficients[k][entry];
                *v += 1e-9 * (1.0 + v.abs());
                refused("a coefficient altered", &c);
            }
            let mut c = good.clone();
            c.pieces[i].half *= 1.0 + 1e-9;
            // The last piece is at rest up to rounding: there a change of its duration changes nothing.
            if i < n - 1 {
                refused("a duration altered", &c);
            }
        }
        let mut c = good.clone();
        c.limit_radius /= 2.0;
        refused("the radius of the limit halved", &c);
        let mut c = good.clone();
        c.pieces.remove(n / 2);
        refused("a piece left out", &c);
        let mut c = good.clone();
        c.pieces.swap(1, 2);
        refused("two pieces exchanged", &c);
        let mut c = good.clone();
        c.pieces.truncate(n / 2);
        refused("the end cut off", &c);
        let mut c = good.clone();
        c.start = start(d, depth, scale * (1.0 + 1e-9), zero, 5);
        refused("another start", &c);
        let mut c = good.clone();
        c.problem = Problem::appendix_c(50, d, 4).unwrap();
        refused("other data", &c);
        refused("a dropped defect", &reclaimed(&good, |b| b.defect = 0.0));
        refused(
            "a wrong sign of the Hessian",
            &reclaimed(&good, |b| b.stages.iter_mut().for_each(|s| s.exponent = -s.exponent)),
        );
        refused("a defect halved", &reclaimed(&good, |b| b.defect /= 2.0));
        refused(
            "exponents without the third derivative",
            &reclaimed(&good, |b| b.stages.iter_mut().for_each(|s| s.exponent = s.floor)),
        );
        verify(&reclaimed(&good, |_| ())).expect("the same claims, made again, are accepted");
    }
}

#[test]
fn a_plain_clock_alone_would_lose_the_saddle() {
    // The reason for the second clock: by the plain one the error grows by ten more powers of ten.
    let good = made(2, 5, 0.01, 5);
    let s = setting(&good);
    let exponent = |clock: Clock| -> f64 {
        let on = |p: &Piece| s.bounds(&Piece { clock, cuts: 64, ..p.clone() }).unwrap().exponent();
        good.pieces.iter().filter(|p| p.clock == Clock::Length).take(20).map(on).sum()
    };
    let (plain, length) = (exponent(Clock::Time), exponent(Clock::Length));
    assert!(plain > 1.5 * length + 2.0, "{plain} {length}");
}

#[test]
fn files_come_back_and_damage_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.tube");
    let c = made(2, 3, 0.01, 2);
    c.save(&path).unwrap();
    let back = Certificate::load(&path).unwrap();
    assert_eq!(back.pieces, c.pieces);
    assert_eq!(back.start, c.start);
    assert_eq!(back.limit_radius, c.limit_radius);
    assert_eq!(verify(&back).unwrap().limit.sharpness, verify(&c).unwrap().limit.sharpness);
    let bytes = std::fs::read(&path).unwrap();
    for cut in [0, 10, bytes.len() / 2, bytes.len() - 3] {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        let e = Certificate::load(&path).unwrap_err();
        assert!(e.is_input() && e.to_string().contains("run.tube"), "{e}");
    }
}

#[test]
fn what_cannot_be_certified_is_said() {
    let problem = Problem::appendix_c(50, 2, 3).unwrap();
    let zero = start(2, 2, 0.0, 1, 1);
    let e = build(&problem, &zero, &Options::default()).unwrap_err().to_string();
    assert!(e.contains("the gradient vanishes"), "{e}");
    let few = Options { pieces: 3, ..Options::default() };
    let e = build(&problem, &start(2, 2, 0.01, 1, 1), &few).unwrap_err().to_string();
    assert!(e.contains("3 pieces did not reach the limit"), "{e}");
    let wrong = start(3, 2, 0.01, 1, 1);
    assert!(build(&problem, &wrong, &Options::default()).is_err());
    for degree in [0, 1] {
        let e = build(&problem, &start(2, 2, 0.1, 0, 1), &Options { degree, ..Options::default() }).unwrap_err();
        assert!(e.to_string().contains(&format!("degree {degree}: expected at least 2")), "{e}");
    }
}

/// What is malformed is an error wherever it is read.
#[test]
fn malformed_pieces_are_errors() {
    let c = made(2, 2, 0.3, 0);
    let (s, tube, p) = (setting(&c), verify(&c).unwrap(), c.start.parameters());
    assert!(c.pieces.len() > 1 && s.observe(&c.pieces[0], 1, 2).is_ok());
    let change: [&dyn Fn(&mut Piece); 4] =
        [&|p| p.coefficients.clear(), &|p| p.coefficients[1].clear(), &|p| p.coefficients[0].push(1.0), &|p| {
            p.coefficients[0][0] = f64::NAN
        }];
    for change in change {
        let mut bad = c.clone();
        change(&mut bad.pieces[1]);
        let e = s.observe(&bad.pieces[1], 0, 1).unwrap_err().to_string();
        assert!(e.contains(&format!("coefficients of {p} finite numbers")), "{e}");
        assert!(tube::entry(&bad, 0).is_ok() && tube::entry(&bad, 1).is_err() && segments(&bad, &tube).is_err());
        assert!(certify(&s, &c.start, bad.pieces, &Options::default()).is_err());
    }
    assert!(tube::entry(&c, c.pieces.len()).is_err());
    assert!([(0, 0), (2, 2)].iter().all(|&(part, parts)| s.observe(&c.pieces[0], part, parts).is_err()));
    assert!(s.observe(&Piece { radius: -1.0, ..c.pieces[0].clone() }, 0, 1).is_err());
    let mut shorter = c.clone();
    shorter.pieces.pop();
    assert!(segments(&shorter, &tube).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Whatever the start: a tube that closes is verified, its limit is a minimiser, and Lemma 1 holds at its end.
    #[test]
    fn any_start(d in 1_usize..4, depth in 1_usize..5, zero in 0_usize..5, exponent in -12_i32..1, seed in 0_u64..1000) {
        let problem = Problem::appendix_c(30, d, seed).unwrap();
        let net = start(d, depth, 2.0_f64.powi(exponent), zero.min(depth), seed);
        let weights: Vec<f64> = net.layers().iter().flat_map(|w| w.iter().map(|v| v.to_f64())).collect();
        prop_assume!(depth == 1 || weights.iter().any(|v| *v != 0.0));
        let c = build(&problem, &net, &Options::default()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let tube = verify(&c).unwrap();
        prop_assert!(tube.limit.sharpness.is_positive());
        let offset = tube.limit.network.product() - problem.w_star::<Interval>(53);
        prop_assert!(norm_squared(offset.iter()).lo() == 0.0 || !norm_squared(offset.iter()).is_positive());
        prop_assert!(c.pieces.iter().all(|p| p.radius < 1e-6));
    }
}

#[test]
fn claims_have_slack_for_other_processors() {
    // What another machine's kernels change: the exponents, by far less than this; never the claims.
    for (d, depth, scale, zero) in [(1, 1, 0.5, 0), (4, 1, 0.1, 0), (2, 2, 0.05, 1), (3, 3, 0.01, 2)] {
        let c = made(d, depth, scale, zero);
        let s = setting(&c);
        for (i, piece) in c.pieces.iter().enumerate() {
            let mut b = s.bounds(piece).unwrap();
            b.stages.iter_mut().for_each(|s| s.exponent += 1e-7 / piece.cuts as f64);
            let (peak, exit) = b.propagate(tube::entry(&c, i).unwrap());
            assert!(peak <= piece.radius && exit <= piece.exit, "d = {d}, L = {depth}, piece {i}");
        }
        let mut nearer = c.clone();
        nearer.limit_radius *= 1.0 - 1e-7;
        verify(&nearer).unwrap();
    }
}

#[test]
fn a_start_at_its_limit_needs_no_piece() {
    let c = made(3, 3, 0.01, 2);
    let tube = verify(&c).unwrap();
    let there = tube.limit.network.map(|v| Rational::from_f64(v.mid()).unwrap());
    let still = build(&c.problem, &there, &Options::default()).unwrap();
    assert!(still.pieces.is_empty() && still.limit_radius < 1e-9, "{}", still.limit_radius);
    let found = verify(&still).unwrap();
    assert!(found.limit.sharpness.intersection(&tube.limit.sharpness).is_some());
    let all = segments(&still, &found).unwrap();
    assert_eq!((all.len(), all[0].time.lo(), all[0].time.hi()), (1, 0.0, f64::INFINITY));
    let mut small = still.clone();
    small.limit_radius *= 0.5;
    refused("the radius of the limit halved", &small);
    let mut away = still;
    away.start = start(3, 3, 0.5, 0, 5);
    refused("a start elsewhere", &away);
    let direct = tube::limit_from(&c.problem, &there.map(|q| q.to_f64())).unwrap();
    assert!(direct.radius <= found.limit.radius && direct.sharpness.intersection(&found.limit.sharpness).is_some());
    // Far away no ball holds the limit, whether b_1 vanishes there or not.
    for zero in [0, 2] {
        assert!(tube::limit_from(&c.problem, &start(3, 3, 0.01, zero, 5).map(|q| q.to_f64())).is_err());
    }
}

/// Wants an end after so many calls.
struct Impatient(std::sync::atomic::AtomicUsize);

impl tube::Watch for Impatient {
    fn stop(&self) -> bool {
        let left = self.0.load(std::sync::atomic::Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), std::sync::atomic::Ordering::Relaxed);
        left == 0
    }
}

#[test]
fn whoever_watches_can_end_every_part() {
    let c = made(2, 3, 0.01, 2);
    let net = c.start.clone();
    let impatient = |n: usize| Impatient(n.into());
    for calls in [0, 3, c.pieces.len() + 2] {
        let e = tube::build_watched(&c.problem, &net, &Options::default(), &impatient(calls)).unwrap_err();
        assert!(e.is_stopped() && !e.is_input(), "{e}");
    }
    assert!(tube::verify_watched(&c, &impatient(2)).unwrap_err().is_stopped());
    let tube = verify(&c).unwrap();
    assert!(tube::segments_watched(&c, &tube, &impatient(2)).unwrap_err().is_stopped());
}

/// Pieces of degree 4 from the continuous extension of a Runge-Kutta pair, with the steps of a run of the true
/// Dormand-Prince pair.
fn runge_kutta(problem: &Problem, net: &Network<Rational>, tableau: &Tableau) -> Vec<Piece> {
    let doubles = net.map(|v| v.to_f64());
    let options = FlowOptions { rtol: 1e-13, atol: 1e-15, gap: Some(1e-20), keep: true, ..FlowOptions::default() };
    let run = integrate(problem, &doubles, &options, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    let mut flow = Descent::new(problem, &doubles).unwrap();
    let state = flow.field().layout().clone();
    let mut now = Stepper::new(tableau, flatcert::flow::Layout::flatten(&doubles), 53, &mut flow);
    let mut pieces = Vec::new();
    for pair in run.knots.windows(2) {
        let h = pair[1].time.since(pair[0].time);
        now.attempt(h, Tolerances { rtol: 1e-13, atol: 1e-15 }, &mut flow);
        let values: Vec<Vec<f64>> = (0..5)
            .map(|i| {
                let mut v = vec![0.0; state.parameters()];
                now.interpolate(f64::from(i) / 4.0, &mut v);
                v
            })
            .collect();
        now.accept();
        // Interpolation at -1, -1/2, 0, 1/2, 1: exact for degree 4.
        let weights = [
            [0.0, 0.0, 1.0, 0.0, 0.0],
            [1.0 / 6.0, -4.0 / 3.0, 0.0, 4.0 / 3.0, -1.0 / 6.0],
            [-1.0 / 6.0, 8.0 / 3.0, -5.0, 8.0 / 3.0, -1.0 / 6.0],
            [-2.0 / 3.0, 4.0 / 3.0, 0.0, -4.0 / 3.0, 2.0 / 3.0],
            [2.0 / 3.0, -8.0 / 3.0, 4.0, -8.0 / 3.0, 2.0 / 3.0],
        ];
        let row = |w: &[f64; 5]| (0..state.parameters()).map(|i| (0..5).map(|j| w[j] * values[j][i]).sum()).collect();
        pieces.push(Piece {
            half: 0.5 * h,
            clock: Clock::Time,
            cuts: 1,
            radius: 0.0,
            exit: 0.0,
            coefficients: weights.iter().map(row).collect(),
        });
    }
    pieces
}

#[test]
fn a_runge_kutta_trajectory_is_certified_and_one_with_an_altered_coefficient_is_refused() {
    let problem = Problem::appendix_c(30, 2, 3).unwrap();
    let net = start(2, 2, 0.125, 1, 5);
    let setting = Setting::new(&problem, &net.widths(), &DVector::from_element(1, 1.0)).unwrap();
    let pieces = runge_kutta(&problem, &net, &Tableau::dormand_prince());
    let good = certify(&setting, &net, pieces, &Options::default()).unwrap();
    let limit = verify(&good).unwrap().limit;
    // The same limit as by Taylor expansion.
    let taylor = verify(&build(&problem, &net, &Options::default()).unwrap()).unwrap().limit;
    assert!(limit.sharpness.intersection(&taylor.sharpness).is_some());
    assert!(limit.radius < 1e-6, "{}", limit.radius);
    for (i, j) in [(6, 0), (6, 5), (3, 1), (5, 4)] {
        let mut altered = Tableau::dormand_prince();
        let (n, d) = altered.a[i][j];
        altered.a[i][j] = (50 * n + d, 50 * d);
        let pieces = runge_kutta(&problem, &net, &altered);
        // What the good trajectory claims does not hold of the altered one.
        let mut c = good.clone();
        for (p, q) in c.pieces.iter_mut().zip(pieces) {
            p.coefficients = q.coefficients;
        }
        refused("an altered tableau", &c);
    }
}

#[test]
fn data_that_do_not_exist_are_refused() {
    use flatcert::problem::Moments;
    let moments = |sigma: [[i64; 2]; 2], power: i64| Moments {
        sigma: DMatrix::from_fn(2, 2, |i, j| Rational::from(sigma[i][j])),
        cross: DVector::from_element(2, Rational::one()),
        power: Rational::from(power),
    };
    for (what, m) in [
        ("symmetric", moments([[1, 128], [2, 1]], 9)),
        ("positive definite", moments([[1, 3], [3, 1]], 9)),
        ("least risk is negative", moments([[1, 0], [0, 1]], 1)),
    ] {
        let e = Problem::from_moments("moments", 3, m).unwrap_err().to_string();
        assert!(e.contains(what), "{e}");
    }
    assert!(Problem::from_moments("moments", 3, moments([[1, 0], [0, 1]], 2)).is_ok());
}

#[test]
fn a_decay_is_not_overstated() {
    // W' = -2 W from 1, with the polynomial 0 and one piece of length 350: the error at its end is exactly e^-700.
    let problem =
        Problem::white(&Rational::one(), &DVector::from_element(1, Rational::zero()), &Rational::one()).unwrap();
    let s = Setting::new(&problem, &[1, 1], &DVector::from_element(1, 1.0)).unwrap();
    let exact = big(-700.0).exp();
    for cuts in [1, 1000, 4096] {
        let coefficients = vec![vec![0.0], vec![0.0]];
        let piece = Piece { half: 175.0, clock: Clock::Time, cuts, radius: 1.0, exit: 1.0, coefficients };
        let (_, exit) = s.bounds(&piece).unwrap().propagate(1.0);
        assert!(!(big(exit) - exact.clone()).is_negative(), "{cuts}: {exit:e}");
        assert!(exit < 1e-303);
    }
    let piece =
        Piece { half: 1.0, clock: Clock::Time, cuts: 5000, radius: 1.0, exit: 1.0, coefficients: vec![vec![0.0]; 2] };
    assert!(s.bounds(&piece).is_err());
}

#[test]
fn times_of_segments_are_those_of_the_clock() {
    // By the plain clock the parts of a piece divide its time evenly: the enclosures are narrow, however few the
    // Hessians.
    let c = made(2, 1, 0.5, 0);
    let tube = verify(&c).unwrap();
    let all = segments(&c, &tube).unwrap();
    let (last, before) = all.split_last().unwrap();
    assert!(before.len() > 2 * c.pieces.len());
    let total: f64 = before.iter().map(|g| g.time.width()).sum();
    assert!(total < last.time.lo() * (1.0 + 1e-9), "{total} {:?}", last.time);
}

#[test]
fn segments_hold_the_flow_at_their_times() {
    // W' = -2 lambda (W - w*): norm(w_prod) and R_0 - R at the middle of every segment.
    let (lambda, w_star, w_0) = (0.75, 2.5, 1.0 / 3.0);
    let c = build(&scalar_problem(q(3, 4), q(5, 2)), &scalars(&[q(1, 3)]), &Options::default()).unwrap();
    let tube = verify(&c).unwrap();
    let all = segments(&c, &tube).unwrap();
    let (last, before) = all.split_last().unwrap();
    for g in before {
        let t = g.time.mid();
        let w = w_star + (w_0 - w_star) * f64::exp(-2.0 * lambda * t);
        let near = |i: Interval, v: f64| i.lo() - 1e-9 <= v && v <= i.hi() + 1e-9;
        assert!(near(g.observables.product_norm, w), "{t}: {w} {:?}", g.observables.product_norm);
        assert!(near(g.risk_drop, lambda * (w_star * w_star - (w - w_star).powi(2))), "{t}: {:?}", g.risk_drop);
    }
    assert!((last.observables.product_norm.mid() - w_star).abs() < 1e-9);
    // The tube's time is that at which w is as near as it is.
    let rest = (1e-11 * w_star / (w_star - w_0)).ln() / (-2.0 * lambda);
    assert!((tube.times.last().unwrap().mid() - rest).abs() < 3.0, "{:?} {rest}", tube.times.last());
}

#[test]
fn observables_of_a_wide_piece_contain_those_of_its_ball() {
    let c = made(3, 3, 0.01, 1);
    let s = setting(&c);
    let rng = &mut draw::stream(11, 3);
    let contains = |a: &Interval, b: &Interval| a.lo() <= b.lo() + 1e-12 && b.hi() <= a.hi() + 1e-12;
    for p in c.pieces.iter().step_by(4) {
        for radius in [1e-2, 1e-4] {
            let whole = s.observe(&Piece { radius, ..p.clone() }, 0, 1).unwrap();
            let around = p.coefficients[0].clone();
            let direction = draw::normal_matrix(rng, around.len(), 1);
            let scale = radius * 0.99 / direction.norm();
            let mut entries = around.iter().zip(direction.iter()).map(|(x, d)| x + scale * d);
            let layer = |d: &[usize]| DMatrix::from_iterator(d[1], d[0], entries.by_ref().take(d[0] * d[1]));
            let layers = c.start.widths().windows(2).map(layer).collect();
            let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
            let point = Observables::at(&c.problem, &net);
            assert!(
                contains(&whole.excess_risk, &point.excess_risk),
                "{:?} {:?}",
                whole.excess_risk,
                point.excess_risk
            );
            assert!(contains(&whole.product_norm, &point.product_norm));
            assert!(contains(&whole.gradient_norm_squared, &point.gradient_norm_squared));
            for k in 0..3 {
                assert!(contains(&whole.sigma_squared[k], &point.sigma_squared[k]), "{k}: {whole:?} {point:?}");
                assert!(contains(&whole.tail[k], &point.tail[k]), "{k}: {:?} {:?}", whole.tail, point.tail);
                assert!(contains(&whole.balance[k], &point.balance[k]), "{k}: {:?} {:?}", whole.balance, point.balance);
            }
            assert!(whole.spread.hi() >= point.spread.lo());
            for k in 0..2 {
                assert!(whole.misalignment[k].hi() >= point.misalignment[k].lo() - 1e-12);
            }
        }
    }
}

/// `e' = r e + delta` with a rate of its own on each stage: nothing the bounds say of it is too small.
#[test]
fn errors_of_constant_rates_are_bounded() {
    for exponents in [vec![2.0], vec![-3.0], vec![0.5, -4.0, 1.0], vec![0.0, 1e-3], vec![-40.0, 3.0]] {
        for (entry, defect) in [(1.0, 0.0), (0.0, 0.25), (1e-3, 2.0), (5.0, 0.1)] {
            let time = Interval::point(1.0);
            let stage = |&exponent: &f64| tube::Stage { exponent, rise: exponent.max(0.0), floor: exponent, time };
            let stages = exponents.iter().map(stage).collect();
            let (peak, exit) = tube::Bounds { defect, stages }.propagate(entry);
            let length = 2.0 / exponents.len() as f64;
            let (mut now, mut top) = (entry, entry);
            for m in &exponents {
                let gained = if *m == 0.0 { length } else { length * m.exp_m1() / m };
                now = m.exp() * now + defect * gained;
                top = top.max(now);
            }
            assert!(exit >= now * (1.0 - 1e-14) && peak >= top * (1.0 - 1e-14), "{exponents:?}: {exit} {now}");
            assert!(peak >= exit);
        }
    }
    // A rate of 2 on the first half of a part and of -2 on the second.
    let stage = tube::Stage { exponent: 0.0, rise: 1.0, floor: 0.0, time: Interval::point(1.0) };
    let (peak, exit) = tube::Bounds { defect: 0.0, stages: vec![stage] }.propagate(3.0);
    assert!((3.0 * std::f64::consts::E..8.2).contains(&peak) && (3.0..3.1).contains(&exit), "{peak} {exit}");
}

/// Two scalar layers `w(tau)` each on `(w_1 w_2 - y)^2`, along which an error grows faster between the ends of a part
/// than at them: at the rate `2 y - 6 w^2` by time; at `2 w^2 - 2 y` by arc length, across the direction (1, 1) of f.
#[test]
fn growth_is_bounded_where_it_is_largest_between_the_nodes() {
    let white = |y: i64| {
        let w_star = DVector::from_element(1, Rational::from(y));
        Problem::white(&Rational::from(1), &w_star, &Rational::from(1)).unwrap()
    };
    // The coefficients of w, the mean of the rate over the part, the rate at its ends, and at its middle.
    let cases = [
        (Clock::Time, 10, vec![0.0, 1.0], 18.0, 14.0, 20.0),
        (Clock::Time, 10, vec![2.0, 0.0, -1.0], 20.0 - 6.0 * (43.0 / 15.0), 14.0, -4.0),
        (Clock::Length, -10, vec![2.0, 0.0, -1.0], 20.0 + 2.0 * (43.0 / 15.0), 22.0, 28.0),
    ];
    for (clock, y, w, mean, ends, middle) in cases {
        let problem = white(y);
        let setting = Setting::new(&problem, &[1, 1, 1], &DVector::from_element(1, 1.0)).unwrap();
        // To the order at which f along the piece is exact.
        let coefficients = w.into_iter().chain([0.0; 6]).map(|c| vec![c; 2]).collect();
        let half = 0.125;
        let piece = Piece { half, clock, cuts: 1, radius: 0.0, exit: 0.0, coefficients };
        let stage = setting.bounds(&piece).unwrap().stages[0];
        let time = 2.0 * half;
        assert!(stage.exponent >= mean * time, "{clock:?}: {} for {}", stage.exponent, mean * time);
        assert!(stage.rise >= mean.max(0.0) * time, "{clock:?}: {} for {}", stage.rise, mean * time);
        // The ends alone would not do, where the middle is above them.
        assert!(middle < ends || mean > ends, "{clock:?}");
        assert!((stage.floor - ends * time).abs() < 1e-6, "{clock:?}: {} for {}", stage.floor, ends * time);
    }
}

/// One layer on a quadratic with the Hessian diag(2, 32), along which the flow turns from one eigenvector to the other:
/// across it nothing grows at either end of the part, and at the rate `(norm(H n) - n^T H n)/2` between, n its normal.
#[test]
fn growth_is_bounded_where_the_flow_turns() {
    let sigma = DMatrix::from_diagonal(&DVector::from_vec(vec![Rational::from(1), Rational::from(16)]));
    let w_star = DVector::from_element(2, Rational::from(1));
    let problem = Problem::with_covariance("two", sigma, &w_star, &Rational::from(1)).unwrap();
    let setting = Setting::new(&problem, &[2, 1], &DVector::from_element(1, 1.0)).unwrap();
    // f = ((1 - tau)/2, (1 + tau)/2).
    let coefficients = vec![vec![0.75, 1.0 - 1.0 / 64.0], vec![0.25, -1.0 / 64.0], vec![0.0; 2]];
    let half = 0.125;
    let piece = Piece { half, clock: Clock::Length, cuts: 1, radius: 0.0, exit: 0.0, coefficients };
    let stage = setting.bounds(&piece).unwrap().stages[0];
    let rate = |tau: f64| {
        let n = DVector::from_vec(vec![1.0 + tau, tau - 1.0]).normalize();
        let hn = DVector::from_vec(vec![2.0 * n[0], 32.0 * n[1]]);
        0.5 * (hn.norm() - n.dot(&hn))
    };
    let mean = (0..1000).map(|i| rate((f64::from(i) + 0.5) / 500.0 - 1.0)).sum::<f64>() / 1000.0;
    assert!(mean > 1.0 && stage.floor < 1e-6, "{mean} {}", stage.floor);
    assert!(stage.exponent.is_finite() && stage.exponent >= mean * 2.0 * half, "{} for {mean}", stage.exponent);
}

/// Third and fourth derivatives along a line, for scalar layers of weight w each: of `(product - y)^2` at `s = 0`, in
/// the direction of the sum.
#[test]
fn higher_derivatives_of_scalar_chains_are_bounded() {
    let large = 3.0;
    for (depth, w, y) in
        [(1, 1.0, 2.0), (2, 1.0, 1.0), (2, 1.0, 30.0), (3, 1.0, 1.0), (3, 1.0, -50.0), (4, 0.5, 9.0), (4, 1.0, 1e3)]
    {
        let lambda = Rational::from(3);
        let w_star = DVector::from_element(1, Rational::from_f64(y).unwrap());
        let problem = Problem::white(&lambda, &w_star, &Rational::from(1)).unwrap();
        let setting = Setting::new(&problem, &vec![1; depth + 1], &DVector::from_element(1, 1.0)).unwrap();
        let layers = vec![DMatrix::from_element(1, 1, w); depth];
        let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
        for rho in [0.0, 1.0] {
            // At the farthest point of the ball along the direction, and at its centre.
            for at in [0.0, rho] {
                let n = depth as f64;
                let v = w + at / n.sqrt();
                // q = (v + s / sqrt(n))^n, R = large (q - y)^2.
                let derivative = |k: i32| {
                    let falling: f64 = (0..k).map(|i| n - f64::from(i)).product();
                    if falling == 0.0 { 0.0 } else { falling * v.powf(n - f64::from(k)) / n.powf(0.5 * f64::from(k)) }
                };
                let [d1, d2, d3, d4] = [1, 2, 3, 4].map(derivative);
                let off = v.powf(n) - y;
                let exact = [3.0 * d1 * d2 + off * d3, 4.0 * d1 * d3 + 3.0 * d2 * d2 + off * d4];
                for (exact, found) in exact.into_iter().zip(setting.derivatives(&net, rho)) {
                    let exact = 2.0 * large * exact.abs();
                    assert!(found >= exact * (1.0 - 1e-12), "L = {depth}, y = {y}, rho = {rho}: {found} {exact}");
                }
            }
        }
    }
}

/// f64 at a point: the velocity and the Hessian.
fn field_at(problem: &Problem, widths: &[usize], weights: &[f64]) -> (DVector<f64>, DMatrix<f64>) {
    let mut entries = weights.iter().copied();
    let layers =
        widths.windows(2).map(|d| DMatrix::from_iterator(d[1], d[0], entries.by_ref().take(d[0] * d[1]))).collect();
    let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
    let moments = problem.enclosed_moments().map(|v| v.mid());
    let gradient = net.gradient(&moments);
    let f: Vec<f64> =
        (1..=net.depth()).flat_map(|k| gradient.layer(k).iter().map(|v| -v).collect::<Vec<_>>()).collect();
    (DVector::from_vec(f), hessian::assemble(&net, &moments))
}

/// By arc length, what grows at the ends of a piece is the largest eigenvalue of the symmetric part of
/// `-(I - u u^T) H`, u the direction of the flow: no less, and no more than Hessians and eigenvalues are rounded.
#[test]
fn the_growth_by_arc_length_is_that_across_the_flow() {
    let mut grown = 0;
    for (d, depth, zero) in [(2, 2, 0), (3, 3, 2), (2, 4, 1)] {
        let c = made(d, depth, 0.1, zero);
        let s = setting(&c);
        for original in c.pieces.iter().step_by(3) {
            let piece = Piece { clock: Clock::Length, cuts: 1, radius: 0.0, ..original.clone() };
            let found = s.bounds(&piece).unwrap().stages[0].floor / (2.0 * piece.half);
            let grows = |sign: f64| {
                let at = |i: usize| piece.coefficients.iter().rev().fold(0.0, |s, c| s * sign + c[i]);
                let weights: Vec<f64> = (0..piece.coefficients[0].len()).map(at).collect();
                let (f, h) = field_at(&c.problem, &c.start.widths(), &weights);
                let u = &f / f.norm();
                let m = -&h + &u * (u.transpose() * &h);
                (((&m + m.transpose()) * 0.5).symmetric_eigenvalues().max().max(0.0), h.norm())
            };
            let ((before, size), (after, size_after)) = (grows(-1.0), grows(1.0));
            let exact = 0.5 * (before + after);
            let rounding = 1e-6 * size.max(size_after);
            if found.is_finite() {
                assert!((exact - rounding..=exact + rounding).contains(&found), "{depth}: {found} {exact}");
                grown += usize::from(exact > 1e-2 * size);
            }
        }
    }
    assert!(grown > 8, "{grown}");
}

/// Points at which the growth along a part is sampled.
const COUNT: usize = 12;

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    /// What is bounded over a piece is bounded at any point of it and of the ball around: the defect, the growth by both
    /// clocks, and its mean over a part.
    #[test]
    fn bounds_hold_at_random_points(
        d in 1_usize..4, depth in 1_usize..5, zero in 0_usize..5, which in 0.0_f64..1.0, share in 0.0_f64..1.0,
        cuts in 1_usize..6, radius in prop_oneof![Just(1e-3), Just(1e-6)], seed in 0_u64..500,
    ) {
        let problem = Problem::appendix_c(30, d, seed).unwrap();
        let net = start(d, depth, 0.1, zero.min(depth), seed);
        let built = build(&problem, &net, &Options::default());
        prop_assume!(built.is_ok());
        let c = built.unwrap();
        let widths = net.widths();
        let s = setting(&c);
        let original = &c.pieces[((c.pieces.len() as f64 * which) as usize).min(c.pieces.len() - 1)];
        let size = original.coefficients[0].iter().map(|v| v * v).sum::<f64>().sqrt();
        let stage = ((cuts as f64 * share) as usize).min(cuts - 1);
        let tau = 2.0 * share - 1.0;
        let p = net.parameters();
        let rng = &mut draw::stream(seed, 77);
        let mut near = |tau: f64| {
            let x: Vec<f64> = (0..p).map(|i| original.coefficients.iter().rev().fold(0.0, |s, c| s * tau + c[i])).collect();
            let direction = draw::normal_matrix(rng, p, 1);
            let inside = radius * size * 0.999 / direction.norm();
            let xi: Vec<f64> = (0..p).map(|i| x[i] + inside * direction[i]).collect();
            (x, xi)
        };
        let (x, xi) = near(tau);
        let slope: Vec<f64> = (0..p).map(|i| (1..original.coefficients.len()).map(|k| k as f64 * original.coefficients[k][i] * tau.powi(k as i32 - 1)).sum()).collect();
        let (f, _) = field_at(&problem, &widths, &x);
        let defect = (DVector::from_vec(slope.clone()) - &f * original.half).norm();
        let (g, h) = field_at(&problem, &widths, &xi);
        // Points all over the part, each somewhere in the ball around the polynomial.
        let all: Vec<_> = (0..COUNT).map(|i| near((2 * stage) as f64 / cuts as f64 - 1.0 + (2 * i + 1) as f64 / (COUNT * cuts) as f64)).collect();
        for clock in [Clock::Time, Clock::Length] {
            let piece = Piece { clock, cuts, radius: radius * size, ..original.clone() };
            let b = s.bounds(&piece).unwrap();
            // What doubles round away: relative to the terms that cancel.
            let rounding = 1e-14 * (1.0 + size + f.norm() * original.half);
            prop_assert!(defect <= b.defect + rounding, "defect {} {}", defect, b.defect);
            let time = 2.0 * original.half / cuts as f64;
            let rate = |f: &DVector<f64>, g: &DVector<f64>, h: &DMatrix<f64>| match clock {
                Clock::Time => (-h).symmetric_eigenvalues().max(),
                Clock::Length => {
                    let u = g / g.norm();
                    let m = -h + &u * (u.transpose() * h);
                    let symmetric = (&m + m.transpose()) * 0.5;
                    symmetric.symmetric_eigenvalues().max() * f.norm() / g.norm()
                }
            };
            let (found, rise) = (b.stages[stage].exponent, b.stages[stage].rise);
            let most = rate(&f, &g, &h) * time;
            prop_assert!(most <= rise + 1e-9 * (1.0 + rise.abs()), "{clock:?}: {} {}", most, rise);
            // The midpoint rule is off by less than the bound allows.
            let total: f64 = all.iter().map(|(x, xi)| {
                let ((f, _), (g, h)) = (field_at(&problem, &widths, x), field_at(&problem, &widths, xi));
                rate(&f, &g, &h) * time / COUNT as f64
            }).sum();
            prop_assert!(total <= found + 1e-9 * (1.0 + found.abs()), "{clock:?}: {} {}", total, found);
            if clock == Clock::Length && found.is_finite() {
                // The clock's rate at the point of the ball.
                let rate = f.norm() / g.norm() * time;
                let enclosed = b.stages[stage].time;
                prop_assert!(enclosed.lo() * (1.0 - 1e-9) <= rate && rate <= enclosed.hi() * (1.0 + 1e-9));
            }
        }
    }
}
