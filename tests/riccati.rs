//! The recursion for the Hessian against exact arithmetic: counts, both ends, clusters, zero layers, heads,
//! bottlenecks, any signs.

use flatcert::arithmetic::{Big, Enclosure, Field, Interval, Rational};
use flatcert::hessian::riccati::{Chain, End, Request, count, leading};
use flatcert::hessian::{Choice, Compressed, LowRank, Method, Options, above, assemble, chain, sharpness, spectrum};
use flatcert::linalg::{BallMatrix, count_above, dense};
use flatcert::network::Network;
use flatcert::problem::{Moments, Problem};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// Few bits, so that exact arithmetic stays cheap.
fn short(x: f64) -> f64 {
    (x * 32.0).round() / 32.0
}

fn rational(x: f64) -> Rational {
    Rational::from_f64(x).unwrap()
}

fn problem(rng: &mut ChaCha8Rng, d: usize) -> Problem {
    let mut entry = |_: usize, _: usize| rational((4.0 * normal(rng)).round() / 4.0);
    let x = DMatrix::from_fn(2 * d + 3, d, &mut entry);
    let y = DVector::from_fn(2 * d + 3, |i, _| entry(i, 0));
    Problem::new("test", &x, &y).unwrap()
}

fn layers(rng: &mut ChaCha8Rng, widths: &[usize], scale: f64) -> Vec<DMatrix<f64>> {
    widths.windows(2).map(|w| DMatrix::from_fn(w[1], w[0], |_, _| short(scale * normal(rng)))).collect()
}

fn head(rng: &mut ChaCha8Rng, width: usize) -> DVector<f64> {
    DVector::from_fn(width, |_, _| short(normal(rng)))
}

const SHAPES: &[&[usize]] = &[
    &[3, 1],
    &[3, 3],
    &[1, 1, 1, 1],
    &[2, 1, 1],
    &[2, 2, 1],
    &[1, 3, 2],
    &[3, 2, 2],
    &[2, 1, 3, 1],
    &[3, 3, 3, 3],
    &[2, 3, 1, 2, 2],
    &[4, 1, 4, 2],
    &[2, 2, 2, 2, 2, 2, 1],
];

/// Networks of few bits: of every shape; with a zero layer, a zero head, orthogonal layers that cancel, huge and tiny
/// scales.
fn networks(seed: u64) -> Vec<(Problem, Network<f64>)> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut out = Vec::new();
    for widths in SHAPES {
        let last = widths[widths.len() - 1];
        let data = problem(&mut rng, widths[0]);
        let plain = Network::new(layers(&mut rng, widths, 0.8), head(&mut rng, last)).unwrap();
        let mut zero = layers(&mut rng, widths, 1.0);
        let at = rng.random_range(0..zero.len());
        zero[at].fill(0.0);
        let mut two = zero.clone();
        two[(at + 1) % zero.len()].fill(0.0);
        let scaled = |factor: f64| plain.with_layers(plain.layers().iter().map(|w| w * factor).collect());
        out.push((data.clone(), Network::new(zero, head(&mut rng, last)).unwrap()));
        out.push((data.clone(), Network::new(two, head(&mut rng, last)).unwrap()));
        out.push((data.clone(), Network::new(plain.layers().to_vec(), DVector::zeros(last)).unwrap()));
        out.push((data.clone(), scaled(1024.0)));
        out.push((data.clone(), scaled(1.0 / 1024.0)));
        let identity = |w: &DMatrix<f64>| DMatrix::identity(w.nrows(), w.ncols());
        out.push((data.clone(), plain.with_layers(plain.layers().iter().map(identity).collect())));
        out.push((data, plain));
    }
    out
}

fn exact(problem: &Problem, net: &Network<f64>) -> DMatrix<Rational> {
    assemble(&net.map(|v| rational(*v)), problem.exact_moments().unwrap())
}

fn eigenvalues(h: &DMatrix<Rational>) -> Vec<f64> {
    let mut values = dense::eigenvalues(&h.map(|q| q.to_f64())).unwrap();
    values.reverse();
    values
}

/// Number of eigenvalues above t.
fn exactly_above(h: &DMatrix<Rational>, t: f64) -> usize {
    count_above(h, &rational(t))
}

/// Whether eigenvalue i, from the largest on, is in the interval.
fn encloses(h: &DMatrix<Rational>, i: usize, v: &Interval) -> bool {
    let below = h.map(|q| -q);
    // At least i + 1 eigenvalues are not below lo: at most p - i - 1 of -H are above -lo.
    count_above(&below, &rational(-v.lo())) < h.nrows() - i
        && (v.hi() == f64::INFINITY || exactly_above(h, v.hi()) <= i)
}

#[test]
fn counts_bracket_the_exact_number_of_eigenvalues() {
    let mut sharp = 0;
    for (problem, net) in networks(1) {
        let h = exact(&problem, &net);
        let (values, minus) = (eigenvalues(&h), h.map(|q| -q));
        // Of the zero Hessian too: any threshold is far from its eigenvalues.
        let size = Some(values.iter().fold(0.0, |m: f64, v| m.max(v.abs()))).filter(|s| *s > 0.0).unwrap_or(1.0);
        let chain = chain(&problem, &net).unwrap();
        for share in [1.5, 0.9, 0.3, 1e-2, 1e-5, -1e-5, -1e-2, -0.3, -0.9, -1.5] {
            let t = share * size;
            for (end, h) in [(End::Largest, &h), (End::Smallest, &minus)] {
                let c = count(&chain, t, end);
                // What an enclosure of relative width 1e-9 asks of a count: P_k is of the order of size^2 / T.
                let needed = 1e-9 * size / share.abs().min(1.0);
                assert!(c.error <= needed, "{:?} {share} {c:?} {size}", net.widths());
                assert!(exactly_above(h, c.ceiling()) <= c.above, "{:?} {share} {end:?} {c:?}", net.widths());
                assert!(c.above <= exactly_above(h, c.floor()), "{:?} {share} {end:?} {c:?}", net.widths());
                sharp += usize::from(exactly_above(h, t) == c.above);
            }
        }
    }
    assert!(sharp >= 1600, "{sharp}");
}

#[test]
fn leading_eigenvalues_are_enclosed_at_both_ends() {
    for (problem, net) in networks(2) {
        let h = exact(&problem, &net);
        let minus = h.map(|q| -q);
        let size = eigenvalues(&h).iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        for k in [1, 3] {
            let k = k.min(net.parameters());
            let found = spectrum(&problem, &net, k, k).unwrap();
            assert!(found.largest.len() == k && !found.smallest.is_empty());
            for (i, v) in found.largest.iter().enumerate() {
                assert!(encloses(&h, i, v), "{:?} {i} {found:?}", net.widths());
            }
            for (i, v) in found.smallest.iter().enumerate() {
                assert!(encloses(&minus, i, &-*v), "{:?} {i} {found:?}", net.widths());
            }
            for v in [found.largest[0], found.smallest[0]] {
                // The least norm whose square is not lost is about 1e-162: so much is left of the zero Hessian.
                assert!(v.width() <= 1e-9 * v.magnitude().max(1e-4 * size) + 1e-160, "{:?} {v:?} {size}", net.widths());
            }
        }
    }
}

/// Asked for all of them: positive eigenvalues from above, zeros by their number, negative ones from below.
#[test]
fn a_whole_spectrum_is_enclosed() {
    let (mut all, mut zeros) = (0, 0);
    for (problem, net) in networks(5) {
        let (h, p) = (exact(&problem, &net), net.parameters());
        if p > 30 {
            continue;
        }
        let size = eigenvalues(&h).iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        let found = spectrum(&problem, &net, p, 1).unwrap().largest;
        assert_eq!(found.len(), p);
        for (i, v) in found.iter().enumerate() {
            assert!(encloses(&h, i, v), "{:?} {i} {found:?}", net.widths());
            assert!(v.width() <= 1e-5 * size, "{:?} {i} {v:?}", net.widths());
        }
        all += p;
        zeros += found.iter().filter(|v| v.lo() == 0.0 && v.hi() == 0.0).count();
    }
    assert!(all >= 900 && zeros >= 300, "{all} {zeros}");
}

#[test]
fn a_negative_eigenvalue_too_small_to_be_proposed_is_not_taken_for_zero() {
    // H = 2 [[1, 1 + e], [1 + e, 1]]: its eigenvalues are 4 + 2 e and -2 e.
    let e = 2f64.powi(-40);
    let one = DMatrix::from_element(1, 1, 1.0);
    let problem = Problem::from_f64("one", &one, &DVector::from_element(1, 1.0 - e)).unwrap();
    let net = Network::new(vec![one.clone(), one], DVector::from_element(1, 1.0)).unwrap();
    let found = spectrum(&problem, &net, 2, 1).unwrap().largest;
    for (v, truth) in found.iter().zip([4.0 + 2.0 * e, -2.0 * e]) {
        assert!(v.lo() <= truth && truth <= v.hi() && v.width() <= 1e-5, "{found:?} {truth}");
    }
}

#[test]
fn the_number_above_a_threshold_is_certified() {
    let mut at_zero = 0;
    for (problem, net) in networks(3) {
        let h = exact(&problem, &net);
        let size = eigenvalues(&h).iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        for share in [0.7, 0.1, 1e-3, 0.0, -1e-3, -0.5] {
            let t = share * size;
            let (found, truth) = (above(&problem, &net, t).unwrap(), exactly_above(&h, t));
            assert!(found.least <= truth && truth <= found.most, "{:?} {t} {found:?} {truth}", net.widths());
            let certain = found.least == found.most;
            // Five errors of a count, as bounded above: no eigenvalue there, no doubt. At zero that is about the root
            // of the roundoff.
            let reach = if t == 0.0 { 1e-5 } else { 1e-8 } * if size > 0.0 { size } else { 1.0 };
            let near = |t: f64| exactly_above(&h, t - reach) != exactly_above(&h, t + reach);
            assert!(certain || near(t), "{:?} {t} {found:?} {truth}", net.widths());
            at_zero += usize::from(certain && t == 0.0 && truth > 0);
        }
    }
    // Positive, negative and zero eigenvalues are told apart where zero has no higher multiplicity than the widths
    // demand.
    assert!(at_zero >= 27, "{at_zero}");
}

#[test]
fn every_method_encloses_the_exact_ends() {
    for (problem, net) in networks(4) {
        let h = exact(&problem, &net);
        let minus = h.map(|q| -q);
        for method in [Choice::Auto, Choice::RankD, Choice::Riccati, Choice::Dense] {
            let options = Options { method, tight_smallest: true, ..Options::default() };
            let s = sharpness(&problem, &net, &options).unwrap();
            assert!(encloses(&h, 0, &s.value), "{:?} {s:?}", net.widths());
            if let Some(low) = s.smallest {
                assert!(encloses(&minus, 0, &-low), "{:?} {s:?}", net.widths());
            }
            assert!(!s.reason.is_empty() || method != Choice::Auto);
        }
    }
}

/// Weights, heads and data at scales whose products are no doubles: what is a double of the spectrum is enclosed.
#[test]
fn any_power_of_two_is_only_a_unit() {
    let mut rng = ChaCha8Rng::seed_from_u64(21);
    let (mut sharp, mut curved, mut wide) = (0, 0, Vec::new());
    for widths in [&[2, 1][..], &[2, 2, 1], &[3, 2, 2], &[2, 3, 2, 1], &[3, 3, 3, 3], &[2, 2, 2, 2, 1]] {
        let last = widths[widths.len() - 1];
        for (of_layers, of_one, of_head, of_y) in [
            (-664, 0, 0, 0),
            (498, 0, 0, 0),
            (498, -498, 0, 0),
            (-300, 300, 0, 0),
            (0, 0, 800, 0),
            (0, 0, -900, 900),
            (-340, 0, 340, 0),
            (350, 0, -900, 400),
            (-100, 0, 0, -700),
            (120, -600, 40, 500),
        ] {
            let data = problem(&mut rng, widths[0]);
            let moments = data.exact_moments().unwrap();
            let y = |k: i32| move |q: &Rational| q.times_power_of_two(k);
            let moments = Moments {
                sigma: moments.sigma.clone(),
                cross: moments.cross.map(|q| y(of_y)(&q)),
                power: y(2 * of_y)(&moments.power),
            };
            let data = Problem::from_moments("scaled", data.samples(), moments).unwrap();
            let mut all = layers(&mut rng, widths, 0.8);
            all.iter_mut().for_each(|w| *w *= 2f64.powi(of_layers));
            all[0] *= 2f64.powi(of_one);
            let net = Network::new(all, head(&mut rng, last) * 2f64.powi(of_head)).unwrap();
            let h = exact(&data, &net);
            // The exact ends, in a unit of their own.
            let Some(unit) = h.iter().filter_map(|q| Big::from_rational(q, 64).exponent()).max() else { continue };
            let own = h.map(|q| q.times_power_of_two(-unit));
            let minus = own.map(|q| -q);
            for method in [Choice::Riccati, Choice::Auto] {
                let s =
                    sharpness(&data, &net, &Options { method, tight_smallest: true, ..Options::default() }).unwrap();
                let low = s.smallest.unwrap_or(Interval::ENTIRE);
                for (h, v) in [(&own, s.value), (&minus, -low)] {
                    let end = |x: f64| rational(x).times_power_of_two(-unit);
                    let case = format!("{widths:?} {of_layers} {of_one} {of_head} {of_y} {method:?} {v:?}");
                    assert!(v.hi() == f64::INFINITY || count_above(h, &end(v.hi())) == 0, "{case}");
                    assert!(
                        v.lo() == f64::NEG_INFINITY || count_above(&h.map(|q| -q), &-end(v.lo())) < h.nrows(),
                        "{case}"
                    );
                    let size = eigenvalues(h)[0];
                    // Doubles from 2^-960 to 2^1020 have all their digits; an end that is a cancellation has not. Layers
                    // 2^600 apart in one network are enclosed, no more; one layer is not for the recursion.
                    let fair = of_one > -600 && (method == Choice::Auto || widths.len() > 2);
                    let is_double = (-960..1020).contains(&unit) && size > 1e-4 && fair;
                    if is_double && !(v.is_bounded() && v.width() <= 1e-9 * v.magnitude()) {
                        wide.push(case);
                    }
                    sharp += usize::from(is_double);
                    curved += usize::from(is_double && method == Choice::Riccati && low.hi() < 0.0);
                }
                let t = 2f64.powi(unit.clamp(-1000, 1000)) * 0.01;
                let (found, truth) = (above(&data, &net, t).unwrap(), exactly_above(&h, t));
                assert!(found.least <= truth && truth <= found.most, "{widths:?} {t} {found:?} {truth}");
            }
        }
    }
    assert!(wide.is_empty(), "{} of {sharp}: {}", wide.len(), wide.join("\n"));
    assert!(sharp > 120 && curved > 55, "{sharp} {curved}");
}

/// Sigma a multiple of the identity, layers multiples of the identity, a head along an axis: eigenvalues of
/// multiplicity d and more.
#[test]
fn multiple_eigenvalues_are_found_with_their_multiplicity() {
    let d = 4;
    let x = DMatrix::from_fn(2 * d, d, |i, j| Rational::from(if i % d == j { 2 } else { 0 }));
    let y = DVector::from_fn(2 * d, |i, _| Rational::from(if i % d == 0 { 1 } else { 0 }));
    let problem = Problem::new("square", &x, &y).unwrap();
    let layers = vec![DMatrix::identity(d, d) * 1.5; 3];
    let net = Network::new(layers, DVector::from_fn(d, |i, _| f64::from(u8::from(i == 0)))).unwrap();
    let h = exact(&problem, &net);
    let values = eigenvalues(&h);
    for k in 1..=8 {
        let found = spectrum(&problem, &net, k, 1).unwrap();
        assert!(!found.largest.is_empty());
        for (i, v) in found.largest.iter().enumerate() {
            assert!(encloses(&h, i, v), "{i} {v:?} {values:?}");
        }
        assert_eq!(found.largest.len(), k, "{found:?} {values:?}");
    }
}

/// Layers multiples of the identity but for 1e-11: clusters of more eigenvalues than a gap is looked for below. Each
/// gets an enclosure, and those of a cluster are as narrow as the cluster.
#[test]
fn clusters_without_a_gap_are_enclosed_with_their_count() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let d = 14;
    let x = DMatrix::from_fn(2 * d, d, |i, j| Rational::from(if i % d == j { 2 } else { 0 }));
    let y = DVector::from_fn(2 * d, |i, _| Rational::from(if i % d == 0 { 1 } else { 0 }));
    let problem = Problem::new("square", &x, &y).unwrap();
    let near =
        |rng: &mut ChaCha8Rng| DMatrix::from_fn(d, d, |i, j| f64::from(u8::from(i == j)) * 1.5 + 1e-11 * normal(rng));
    let net =
        Network::new((0..2).map(|_| near(&mut rng)).collect(), DVector::from_fn(d, |i, _| f64::from(u8::from(i == 0))))
            .unwrap();
    let h = exact(&problem, &net);
    // Of so many entries the inertia is not found exactly; doubles are good to far less than the cluster is wide.
    let values = eigenvalues(&h);
    let rounding = 1e-12 * values[0];
    for k in [2, 4, 9] {
        let found = spectrum(&problem, &net, k, 0).unwrap().largest;
        assert_eq!(found.len(), k);
        for (v, exact) in found.iter().zip(&values) {
            assert!(v.lo() - rounding <= *exact && *exact <= v.hi() + rounding, "{v:?} {exact}");
            assert!(v.width() <= 1e-8 * values[0], "{v:?} {exact}");
        }
    }
}

#[test]
fn eigenvectors_have_small_residuals() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let data = problem(&mut rng, 5);
    let net = Network::new(layers(&mut rng, &[5, 7, 6, 4], 0.5), head(&mut rng, 4)).unwrap();
    let h = exact(&data, &net).map(|q| q.to_f64());
    let found = spectrum(&data, &net, 4, 0).unwrap();
    assert_eq!(found.vectors.len(), 4);
    for (v, value) in found.vectors.iter().zip(&found.largest) {
        let x = DVector::from_iterator(net.parameters(), v.iter().flat_map(|m| m.iter().copied()));
        assert!((x.norm() - 1.0).abs() < 1e-12);
        assert!((&h * &x - &x * value.mid()).norm() < 1e-6 * value.mid());
    }
}

/// Beyond the positive eigenvalues come zeros that are certain: of those that the widths demand, and of zero layers.
#[test]
fn zeros_follow_the_last_positive_eigenvalue() {
    let mut completed = 0;
    for (problem, net) in networks(16) {
        let h = exact(&problem, &net);
        let positive = exactly_above(&h, 0.0);
        let zeros = net.parameters() - positive - exactly_above(&h.map(|q| -q), 0.0);
        let chain = chain(&problem, &net).unwrap();
        assert!(chain.nullity() <= zeros, "{:?} {} {zeros}", net.widths(), chain.nullity());
        let found = spectrum(&problem, &net, positive + 3, 0).unwrap();
        for (i, v) in found.largest.iter().enumerate() {
            assert!(encloses(&h, i, v), "{:?} {i} {found:?}", net.widths());
        }
        if found.largest.len() > positive {
            completed += usize::from(found.largest[positive] == Interval::point(0.0));
        }
    }
    // Most of the shapes have wide layers, and there the count at zero decides.
    assert!(completed >= 24, "{completed}");
}

/// What a wide and deep network gets: both ends to a relative width of 1e-9, by the recursion.
#[test]
fn ends_are_sharp_far_from_minimisers() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for (d, depth, residual) in [(12, 4, false), (20, 12, false), (16, 300, true), (6, 2000, true)] {
        let data = problem(&mut rng, d);
        let scale = if residual { 1.0 / ((d * depth) as f64).sqrt() } else { 1.0 / (d as f64).sqrt() };
        let layer = |rng: &mut ChaCha8Rng| {
            let noise = DMatrix::from_fn(d, d, |_, _| scale * normal(rng));
            if residual { DMatrix::identity(d, d) + noise } else { noise }
        };
        let layers = (0..depth).map(|_| layer(&mut rng)).collect();
        let net = Network::new(layers, DVector::from_fn(d, |_, _| normal(&mut rng) / (d as f64).sqrt())).unwrap();
        let options = Options { tight_smallest: true, ..Options::default() };
        let s = sharpness(&data, &net, &options).unwrap();
        assert!(matches!(s.method, Method::Riccati { .. }), "{s:?}");
        assert!(s.value.width() <= 1e-9 * s.value.lo(), "{d} {depth} {s:?}");
        let low = s.smallest.unwrap();
        assert!(low.width() <= 1e-9 * low.magnitude(), "{d} {depth} {s:?}");
        if net.parameters() <= 2000 {
            let all = sharpness(&data, &net, &Options { method: Choice::Dense, ..options }).unwrap();
            assert!(all.value.intersection(&s.value).is_some(), "{all:?} {s:?}");
            assert!(all.smallest.unwrap().intersection(&low).is_some(), "{all:?} {s:?}");
        }
    }
}

#[test]
fn an_end_that_is_not_asked_for_costs_nothing() {
    // A request for no eigenvalue at one end costs nothing there.
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let data = problem(&mut rng, 4);
    let net = Network::new(layers(&mut rng, &[4, 4, 4], 0.7), head(&mut rng, 4)).unwrap();
    let chain = chain(&data, &net).unwrap();
    let request = Request { largest: 0, smallest: 1, parameters: net.parameters(), relative_width: 1e-9 };
    let ends = leading(&chain, &request);
    assert!(ends.largest.values.is_empty() && ends.largest.passes == 0);
    assert!(encloses(&exact(&data, &net).map(|q| -q), 0, &-ends.smallest.values[0]));
}

/// The small matrix has the spectrum of H: what is not in it is zero. Its bounds hold, and cost no more than roundoff.
#[test]
fn the_small_matrix_bounds_the_whole_one() {
    let (mut sharp, mut all) = (0, 0);
    for (problem, net) in networks(14) {
        let h = exact(&problem, &net);
        let minus = h.map(|q| -q);
        let values = eigenvalues(&h);
        let size = values.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        let small = Compressed::new(&problem, &net, 1e-9).unwrap();
        let rank: usize = net.widths().windows(2).map(|d| d[0] + d[1] - 1).sum();
        assert_eq!((small.form.mid().nrows(), small.whole), (rank, rank == net.parameters()));
        // By Weyl: the eigenvalues of the two, those that are left out being zero.
        let mut of_small = dense::eigenvalues(small.form.mid()).unwrap();
        of_small.resize(net.parameters(), 0.0);
        of_small.sort_by(|a, b| b.total_cmp(a));
        let reach = small.error + small.form.radius() + 1e-13 * size;
        assert!(values.iter().zip(&of_small).all(|(a, b)| (a - b).abs() <= reach), "{values:?} {of_small:?} {reach}");
        let bound = small.largest_of_negated();
        assert_eq!(exactly_above(&minus, bound), 0, "{:?} {bound}", net.widths());
        assert!(exactly_above(&h, small.norm()) == 0 && exactly_above(&minus, small.norm()) == 0);
        sharp += usize::from(bound <= -values[values.len() - 1] + 1e-9 * size);
        all += 1;
    }
    // Two zero layers leave vectors b_k whose every digit is an error bound of nothing: there, and for w = 0, all
    // bounds are exact zeros.
    assert_eq!(sharp, all);
}

/// What is left of a direction outside of the small space is bounded: the gradient is inside, a random one is not.
#[test]
fn directions_keep_their_length_in_the_small_coordinates() {
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    for (problem, net) in networks(15) {
        let small = Compressed::new(&problem, &net, 1e-9).unwrap();
        let moments = problem.exact_moments().unwrap();
        let gradient = net.map(|v| rational(*v)).gradient(moments);
        let flat: Vec<f64> = (1..=net.depth())
            .flat_map(|k| gradient.layer(k).iter().map(Rational::to_f64).collect::<Vec<_>>())
            .collect();
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let (inside, aside) = small.coordinates(&flat);
        // Of the zero gradient is left the least norm whose square is not lost.
        assert!(aside <= 1e-12 * norm(&flat) + 1e-160, "{:?} {aside}", net.widths());
        assert!((norm(&inside) - norm(&flat)).abs() <= 1e-12 * norm(&flat));
        let other: Vec<f64> = (0..flat.len()).map(|_| normal(&mut rng)).collect();
        let (inside, aside) = small.coordinates(&other);
        let missing = (norm(&other).powi(2) - norm(&inside).powi(2)).max(0.0).sqrt();
        assert!(missing <= aside + 1e-6 && aside <= missing + 1e-6, "{missing} {aside}");
        assert_eq!(small.whole, missing < 1e-6, "{:?}", net.widths());
    }
}

/// A chain whose a_k, b_k or Sigma are off by as much as it says: what it proves must still be true of the exact
/// Hessian.
fn disturbed<'a>(rng: &mut ChaCha8Rng, chain: &Chain<'a>, which: usize, share: f64) -> Chain<'a> {
    let mut out = chain.clone();
    let mut shift = |v: &DMatrix<f64>| {
        let by = DMatrix::from_fn(v.nrows(), v.ncols(), |_, _| normal(rng));
        let size = share * v.norm().max(1e-3);
        (v + &by * (size / by.norm()), size * (1.0 + 1e-9))
    };
    for k in 0..chain.depth() {
        let (vectors, errors) =
            if which == 0 { (&mut out.a, &mut out.a_errors) } else { (&mut out.b, &mut out.b_errors) };
        if which < 2 {
            let (moved, size) = shift(&vectors[k].high);
            vectors[k].high = moved;
            errors[k] += size;
        }
    }
    if which == 2 {
        let (moved, size) = shift(chain.sigma.mid());
        let symmetric = (&moved + moved.transpose()) * 0.5;
        out.sigma = BallMatrix::new(symmetric, chain.sigma.radius() + size);
    }
    out
}

#[test]
fn errors_of_what_is_read_are_accounted_for() {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let mut moved = 0;
    for (problem, net) in networks(9) {
        let h = exact(&problem, &net);
        let values = eigenvalues(&h);
        let minus = h.map(|q| -q);
        let chain = chain(&problem, &net).unwrap();
        for which in 0..3 {
            for share in [1e-2, 1e-5] {
                let off = disturbed(&mut rng, &chain, which, share);
                for v in values.iter().filter(|v| v.abs() > 1e-9 * values[0].abs()).take(6) {
                    for t in [v * (1.0 + 0.1 * share), v * (1.0 - 0.1 * share)] {
                        let c = count(&off, t, End::Largest);
                        let (most, least) = (exactly_above(&h, c.floor()), exactly_above(&h, c.ceiling()));
                        assert!(least <= c.above && c.above <= most, "{:?} {which} {share} {t} {c:?}", net.widths());
                        moved += usize::from(c.above != exactly_above(&h, t));
                    }
                }
                // Weyl: the small matrix is as far from H as it says.
                let small = Compressed::of(&problem, &off, 1e-9);
                let mut of_small = dense::eigenvalues(small.form.mid()).unwrap();
                of_small.resize(net.parameters(), 0.0);
                of_small.sort_by(|a, b| b.total_cmp(a));
                let reach = small.error + small.form.radius() + 1e-13 * values[0].abs();
                let apart = values.iter().zip(&of_small).fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()));
                assert!(apart <= reach, "{:?} {which} {share} {apart} {reach}", net.widths());
                assert_eq!(exactly_above(&minus, small.largest_of_negated()), 0);
                let request = Request { largest: 2, smallest: 1, parameters: net.parameters(), relative_width: 1e-9 };
                let ends = leading(&off, &request);
                for (i, v) in ends.largest.values.iter().enumerate() {
                    assert!(encloses(&h, i, v), "{:?} {which} {share} {i} {v:?}", net.widths());
                }
                for v in &ends.smallest.values {
                    assert!(encloses(&minus, 0, &-*v), "{:?} {which} {share} {v:?}", net.widths());
                }
            }
        }
    }
    // The disturbance was large enough to matter.
    assert!(moved > 1200, "{moved}");
}

/// At a minimiser H has rank d and the reduced coordinates many zeros: thresholds at the level of roundoff ask whether
/// rounding is counted.
#[test]
fn rounding_is_accounted_for_at_thresholds_of_its_size() {
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    let mut wrong = 0;
    for widths in [&[3, 3, 3, 3][..], &[4, 5, 4, 3], &[2, 6, 6, 1], &[5, 4]] {
        let last = widths[widths.len() - 1];
        let net = Network::new(layers(&mut rng, widths, 0.9), head(&mut rng, last)).unwrap();
        let x = DMatrix::from_fn(2 * widths[0] + 3, widths[0], |_, _| rational((4.0 * normal(&mut rng)).round() / 4.0));
        let product = net.map(|v| rational(*v)).product();
        let y = &x * product;
        let data = Problem::new("fitted", &x, &y).unwrap();
        let h = exact(&data, &net);
        let size = eigenvalues(&h)[0];
        let chain = chain(&data, &net).unwrap();
        let minus = h.map(|q| -q);
        for exponent in -19..-12 {
            for mantissa in [1.0, 2.3, 4.7] {
                let t = size * mantissa * 10f64.powi(exponent);
                for (t, end, h) in [(t, End::Largest, &h), (-t, End::Largest, &h), (t, End::Smallest, &minus)] {
                    let c = count(&chain, t, end);
                    assert!(c.error <= 1e-11 * size, "{widths:?} {t} {c:?} {size}");
                    let (most, least) = (exactly_above(h, c.floor()), exactly_above(h, c.ceiling()));
                    assert!(least <= c.above && c.above <= most, "{widths:?} {t} {c:?}");
                    wrong += usize::from(c.above != exactly_above(h, t));
                }
            }
        }
    }
    assert!(wrong > 50, "{wrong}");
}

/// With equal layers H is `e I + c 1 1^T`, and the middle of its only gap is an eigenvalue of the block of the first L /
/// 2 layers: a pivot vanishes there, and only there.
#[test]
fn a_singular_pivot_in_the_middle_of_a_gap_costs_nothing() {
    let x = DMatrix::from_fn(2, 1, |i, _| rational([2.0, -2.0][i]));
    let y = DVector::from_fn(2, |i, _| rational([3.0, -1.0][i]));
    let data = Problem::new("one column", &x, &y).unwrap();
    let options = Options { method: Choice::Riccati, tight_smallest: true, ..Options::default() };
    for depth in [2, 4, 6, 8] {
        for scale in [1.5, 2.0, 3.0] {
            let layers = vec![DMatrix::from_element(1, 1, scale); depth];
            let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
            let h = exact(&data, &net);
            let s = sharpness(&data, &net, &options).unwrap();
            let smallest = s.smallest.unwrap();
            assert!(encloses(&h, 0, &s.value) && encloses(&h.map(|q| -q), 0, &-smallest), "{depth} {scale} {s:?}");
            assert!(s.value.width() <= 1e-11 * s.value.hi(), "{depth} {scale} {s:?}");
            assert!(smallest.width() <= 1e-11 * s.value.hi(), "{depth} {scale} {s:?}");
            // One eigenvalue is above the middle, and as many above a threshold far below roundoff as above zero.
            let values = eigenvalues(&h);
            let certain = |t: f64| {
                let found = above(&data, &net, t).unwrap();
                assert_eq!(
                    (found.least, found.most),
                    (exactly_above(&h, t), exactly_above(&h, t)),
                    "{depth} {scale} {t}"
                );
            };
            certain(0.5 * (values[0] + values[1]));
            if exactly_above(&h, 0.0) + exactly_above(&h.map(|q| -q), 0.0) == depth {
                [0.0, 1e-14 * values[0]].into_iter().for_each(certain);
            }
        }
    }
}

#[test]
fn nothing_is_known_at_zero_or_after_an_overflow() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let data = problem(&mut rng, 2);
    let net = Network::new(layers(&mut rng, &[2, 2, 2], 1.0), head(&mut rng, 2)).unwrap();
    let huge = net.with_layers(net.layers().iter().map(|w| w * 1e200).collect());
    let known = |net: &Network<f64>, t: f64| {
        let c = count(&chain(&data, net).unwrap(), t, End::Largest);
        (c.above, c.error)
    };
    // One layer too, where nothing is divided by the threshold: its zero eigenvalues are at 0.
    let single = Network::new(layers(&mut rng, &[2, 2], 1.0), head(&mut rng, 2)).unwrap();
    for t in [0.0, f64::NAN, f64::INFINITY] {
        assert_eq!((known(&net, t), known(&single, t)), ((0, f64::INFINITY), (0, f64::INFINITY)));
    }
    assert_eq!(known(&huge, 1.0), (0, f64::INFINITY));
    // Nor of what was counted before the overflow.
    let mut first = net.layers().to_vec();
    first[0] *= 1e200;
    assert_eq!(known(&net.with_layers(first), 1e-3), (0, f64::INFINITY));
    assert_eq!(chain(&data, &huge).unwrap().norm(), f64::INFINITY);
    // Its largest eigenvalue is no double, and the answer says so.
    let s = sharpness(&data, &huge, &Options::default()).unwrap();
    assert_eq!((s.value.lo(), s.value.hi()), (f64::MAX, f64::INFINITY));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_small_network_is_enclosed(seed in 0u64..1 << 32, widths in prop::collection::vec(1usize..4, 2..6), zero in 0usize..8, scale in -3i32..4) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let data = problem(&mut rng, widths[0]);
        let mut all = layers(&mut rng, &widths, 0.8);
        if let Some(layer) = all.get_mut(zero) {
            layer.row_mut(0).fill(0.0);
        }
        all.iter_mut().for_each(|w| *w *= 2f64.powi(scale));
        let net = Network::new(all, head(&mut rng, widths[widths.len() - 1])).unwrap();
        let h = exact(&data, &net);
        let size = eigenvalues(&h).iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        let options = Options { method: Choice::Riccati, tight_smallest: true, ..Options::default() };
        let s = sharpness(&data, &net, &options).unwrap();
        prop_assert!(encloses(&h, 0, &s.value), "{s:?}");
        // No end is open: a bound of the norm is known before any count.
        prop_assert!(encloses(&h.map(|q| -q), 0, &-s.smallest.unwrap()), "{s:?}");
        // What a user gets is sharp at both ends.
        let s = sharpness(&data, &net, &Options { tight_smallest: true, ..Options::default() }).unwrap();
        prop_assert!(encloses(&h, 0, &s.value) && encloses(&h.map(|q| -q), 0, &-s.smallest.unwrap()), "{s:?}");
        prop_assert!(s.value.width() <= 1e-9 * s.value.magnitude() + 1e-13 * size + 1e-300, "{s:?}");
    }
}

#[test]
fn systems_with_the_hessian_are_solved_where_it_does_not_vanish() {
    for (problem, net) in networks(17) {
        let data = problem.exact_moments().unwrap().map(|q| q.to_f64());
        let h = assemble(&net, &data);
        let x = DVector::from_fn(h.nrows(), |i, _| (i as f64).sin() + 0.1);
        let low_rank = LowRank::new(&net, &data);
        let norm = if h.norm() > 0.0 { h.norm() } else { 1.0 };
        // With the second shift the matrix may be indefinite.
        for c in [0.05, -0.37] {
            let solved = low_rank.shifted(c * norm).solve(&x).unwrap();
            let off = &h * &solved + &solved * (c * norm) - &x;
            assert!(off.norm() < 1e-13 * (x.norm() + norm * solved.norm()), "{c} {:e} {net:?}", off.norm() / x.norm());
        }
    }
}
