//! Balls, certified spectra and the certified sharpness of networks of doubles: soundness against exact arithmetic, and
//! sharpness of the enclosures at numerical minimisers up to depth 10,000.

use flatcert::arithmetic::{Enclosure, Field, Interval, Rational, Ring};
use flatcert::hessian::{
    Choice, Method, Options, VECTOR_LIMIT, assemble, assemble_ball, network_enclosures, product_gram,
    residual_norm_squared, sharpness, sweep,
};
use flatcert::linalg::ball::{BallMatrix, euclidean_norm, spread};
use flatcert::linalg::pairs::{self, Pairs};
use flatcert::linalg::{Linear, dense, inertia};
use flatcert::network::Network;
use flatcert::problem::{Problem, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

fn exact(a: &DMatrix<f64>) -> DMatrix<Rational> {
    a.map(|v| Rational::from_f64(v).unwrap())
}

fn problem(rng: &mut ChaCha8Rng, d: usize) -> Problem {
    // Few bits, so that the exact moments stay small.
    let entry = |rng: &mut ChaCha8Rng| Rational::new((normal(rng) * 64.0) as i64, 64);
    let x = DMatrix::from_fn(2 * d + 3, d, |_, _| entry(rng));
    let y = DVector::from_fn(2 * d + 3, |_, _| entry(rng));
    Problem::new("test", &x, &y).unwrap()
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    RankOne,
    Gaussian,
    Residual,
}

/// A numerical minimiser: W_1 is moved along one direction until the product is w*, to rounding.
fn minimiser(rng: &mut ChaCha8Rng, problem: &Problem, kind: Kind, depth: usize) -> Network<f64> {
    let d = problem.dimension();
    let target = problem.w_star::<Interval>(53).map(|v| v.mid());
    let unit = |v: DVector<f64>| &v / v.norm();
    let (mut layers, head): (Vec<DMatrix<f64>>, DVector<f64>) = match kind {
        Kind::RankOne => {
            let mut directions = vec![unit(target.clone())];
            directions.extend((1..depth).map(|_| unit(DVector::from_fn(d, |_, _| normal(rng)))));
            directions.push(DVector::from_element(1, 1.0));
            let scale = target.norm().powf(1.0 / depth as f64);
            let layers = directions.windows(2).map(|u| &u[1] * u[0].transpose() * scale).collect();
            (layers, DVector::from_element(1, 1.0))
        }
        Kind::Gaussian => {
            let scale = 1.0 / (d as f64).sqrt();
            let rows = |k: usize| if k == depth { 1 } else { d };
            let layers = (1..=depth).map(|k| DMatrix::from_fn(rows(k), d, |_, _| normal(rng) * scale)).collect();
            (layers, DVector::from_element(1, 1.0))
        }
        Kind::Residual => {
            let scale = 0.5 / ((depth * d) as f64).sqrt();
            let layer =
                |rng: &mut ChaCha8Rng| DMatrix::identity(d, d) + DMatrix::from_fn(d, d, |_, _| normal(rng) * scale);
            let layers = (0..depth).map(|_| layer(rng)).collect();
            (layers, unit(DVector::from_fn(d, |_, _| normal(rng))))
        }
    };
    let b = layers[1..].iter().rev().fold(head.clone(), |b, w| w.tr_mul(&b));
    for _ in 0..4 {
        let off = &target - layers[0].tr_mul(&b);
        layers[0] += &b * off.transpose() / b.norm_squared();
    }
    Network::new(layers, head).unwrap()
}

fn gaussian(rng: &mut ChaCha8Rng, r: usize, c: usize) -> DMatrix<f64> {
    // Sizes from 1e-3 to 1e3, so that one entry does not set the scale of all.
    DMatrix::from_fn(r, c, |_, _| normal(rng) * 10f64.powi(rng.random_range(-3..=3)))
}

fn rational(x: f64) -> Rational {
    Rational::from_f64(x).unwrap()
}

/// `norm_2(a) <= bound`, decided exactly: `bound^2 I - A^T A` has no negative eigenvalue.
fn norm_at_most(a: &DMatrix<Rational>, bound: f64) -> bool {
    let n = a.ncols();
    let square = DMatrix::identity(n, n) * rational(bound).powi(2);
    inertia(&(square - a.transpose() * a)).negative == 0
}

/// A matrix at distance `radius` from the midpoint, in the operator norm (just inside).
fn perturbed(rng: &mut ChaCha8Rng, mid: &DMatrix<f64>, radius: f64) -> DMatrix<Rational> {
    let (r, c) = mid.shape();
    let (i, j) = (rng.random_range(0..r), rng.random_range(0..c));
    let mut out = exact(mid);
    let sign = if rng.random_bool(0.5) { 1 } else { -1 };
    out[(i, j)] += rational(radius) * Rational::from(sign);
    out
}

#[test]
fn balls_contain_the_exact_results() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for trial in 0..60 {
        let [m, k, n] = [0; 3].map(|_| rng.random_range(1..=5));
        let radius = if trial % 2 == 0 { 0.0 } else { 1e-3 };
        let (a, b, c) = (gaussian(&mut rng, m, k), gaussian(&mut rng, k, n), gaussian(&mut rng, m, k));
        let ball = |x: &DMatrix<f64>| BallMatrix::new(x.clone(), radius);
        let (xa, xb, xc) =
            (perturbed(&mut rng, &a, radius), perturbed(&mut rng, &b, radius), perturbed(&mut rng, &c, radius));
        let check = |what: &str, ball: &BallMatrix, truth: &DMatrix<Rational>| {
            assert!(ball.radius().is_finite());
            assert!(norm_at_most(&(exact(ball.mid()) - truth), ball.radius()), "{what}, trial {trial}");
        };
        check("product", &ball(&a).product(&ball(&b)), &(&xa * &xb));
        check("transposed product", &ball(&a).transposed_product(&ball(&c)), &(xa.transpose() * &xc));
        check("sum", &ball(&a).sum(&ball(&c)), &(&xa + &xc));
        check("doubled", &ball(&a).doubled(), &(&xa + &xa));
        check("kronecker", &ball(&a).kronecker(&ball(&b)), &xa.kronecker(&xb));
        let s = &a * a.transpose();
        let xs = perturbed(&mut rng, &s, radius);
        check("congruence", &ball(&a).congruence(&ball(&s)), &(xa.transpose() * &xs * &xa));
        // Near the identity the other branch is taken.
        let near = DMatrix::identity(m, m) + DMatrix::from_fn(m, m, |_, _| normal(&mut rng) * 0.01);
        let xnear = perturbed(&mut rng, &near, radius);
        check("congruence near I", &ball(&near).congruence(&ball(&s)), &(xnear.transpose() * &xs * &xnear));
        let half = Rational::new(1, 2);
        let xsym = (&xs + xs.transpose()).map(|v| v * half.clone());
        check("symmetrised", &ball(&s).symmetrised(), &xsym);
    }
}

#[test]
fn norms_are_upper_bounds_and_sharp() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for _ in 0..60 {
        let (r, c) = (rng.random_range(1..=12), rng.random_range(1..=5));
        let a = gaussian(&mut rng, r, c);
        let bound = spread(&a);
        assert!(norm_at_most(&exact(&a.abs()), bound));
        assert!(bound <= a.norm() * (1.0 + 1e-12));
        let norm = exact(&a).iter().fold(Rational::zero(), |s, v| s + v.powi(2));
        let euclidean = euclidean_norm(a.as_slice());
        assert!(rational(euclidean).powi(2) >= norm && euclidean <= a.norm() * (1.0 + 1e-12));
    }
    assert_eq!(spread(&DMatrix::zeros(3, 2)), 0.0);
    // Squares underflow or overflow; the bound must not.
    for size in [1e-200, 1e200] {
        let a = DMatrix::from_element(2, 2, size);
        assert!(spread(&a) >= 2.0 * size && euclidean_norm(a.as_slice()) >= 2.0 * size);
    }
}

#[test]
fn what_is_not_finite_is_not_known() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut a = DMatrix::identity(3, 3);
        a[(1, 2)] = bad;
        assert_eq!(spread(&a), f64::INFINITY);
        assert_eq!(BallMatrix::exact(&a).radius(), f64::INFINITY);
        assert_eq!(BallMatrix::new(a.clone(), 0.0).radius(), f64::INFINITY);
        assert_eq!(dense::extremes(&BallMatrix::new(a.clone(), 0.0)).largest, Interval::ENTIRE);
        assert_eq!(dense::defect(&DMatrix::identity(3, 3), &a.transpose(), 2.0, false), f64::INFINITY);
    }
    assert_eq!(BallMatrix::new(DMatrix::identity(2, 2), f64::NAN).radius(), f64::INFINITY);
    assert_eq!(BallMatrix::new(DMatrix::identity(2, 2), -1.0).radius(), f64::INFINITY);
    let large = DMatrix::from_element(2, 2, 1e200);
    assert_eq!(BallMatrix::exact(&large).product(&BallMatrix::exact(&large)).radius(), f64::INFINITY);
    let unknown = BallMatrix::new(DMatrix::identity(2, 2), f64::INFINITY);
    assert_eq!(unknown.product(&BallMatrix::exact(&DMatrix::zeros(2, 2))).radius(), f64::INFINITY);
}

#[test]
fn pairs_of_doubles_contain_the_exact_results() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let distance = |p: &Pairs, truth: &DMatrix<Rational>| (exact(&p.high) + exact(&p.low)) - truth;
    for _ in 0..40 {
        let (m, n) = (rng.random_range(1..=11), rng.random_range(1..=4));
        let w = gaussian(&mut rng, m, n);
        let s = gaussian(&mut rng, m, m);
        let s = &s + s.transpose();
        let low = s.map(|v| v * 2f64.powi(-54) * 0.77);
        let low = (&low + low.transpose()) * 0.5;
        let pair = Pairs { high: s.clone(), low: low.clone() };
        let xs = exact(&s) + exact(&low);
        let (product, error) = pairs::transposed_times(&w, &pair);
        let off = distance(&product, &(exact(&w).transpose() * &xs));
        assert!(norm_at_most(&off, error) && error <= 1e-28 * w.norm() * s.norm());
        assert!(off.iter().any(|v| !v.is_zero()), "errors are there to be bounded");
        let (mut form, error) = pairs::congruence(&w, &pair);
        let truth = exact(&w).transpose() * &xs * exact(&w);
        assert!(norm_at_most(&distance(&form, &truth), error) && error <= 1e-27 * w.norm().powi(2) * s.norm());
        let more = pairs::add_to_diagonal(&mut form, 0.3);
        let truth = truth + DMatrix::identity(n, n) * rational(0.3);
        assert!(norm_at_most(&distance(&form, &truth), error + 2.0 * more));
    }
}

/// `Q diag(values) Q` with the reflection Q of an integer vector: a rational matrix of known spectrum.
fn with_spectrum(rng: &mut ChaCha8Rng, values: &[Rational]) -> BallMatrix<'static> {
    let n = values.len();
    let v = DVector::from_fn(n, |_, _| Rational::from(rng.random_range(-3..=3) * 2 + 1));
    let two_over = Rational::from(2) / v.iter().fold(Rational::zero(), |s, x| s + x.powi(2));
    // Q D Q = D - t (D v v^T + v v^T D) + t^2 (v^T D v) v v^T
    let dv = DVector::from_fn(n, |i, _| values[i].clone() * v[i].clone());
    let inner = v.iter().zip(dv.iter()).fold(Rational::zero(), |s, (x, y)| s + x.clone() * y.clone());
    let a = DMatrix::from_fn(n, n, |i, j| {
        let cross = dv[i].clone() * v[j].clone() + v[i].clone() * dv[j].clone();
        let outer = two_over.powi(2) * inner.clone() * v[i].clone() * v[j].clone();
        let diagonal = if i == j { values[i].clone() } else { Rational::zero() };
        diagonal - two_over.clone() * cross + outer
    });
    BallMatrix::from_enclosures(&a.map(|q| Interval::from_rational(&q, 53)))
}

#[test]
fn extreme_eigenvalues_are_enclosed_and_sharp() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let close = |k: i64| Rational::from(1) - Rational::new(k, 1 << 40);
    for n in [2, 3, 7, 40, 70, 150] {
        let spectra: Vec<Vec<Rational>> = vec![
            (0..n).map(|i| Rational::new(i as i64 - 3, 7)).collect(),
            // A cluster at the top, a multiple eigenvalue, one value, mostly zero with tiny negative ones, all
            // negative.
            (0..n).map(|i| close(i as i64 % 5)).collect(),
            (0..n).map(|i| Rational::from(if i % 2 == 0 { 3 } else { -3 })).collect(),
            (0..n).map(|_| Rational::new(-5, 3)).collect(),
            (0..n)
                .map(|i| if i == 0 { Rational::new(1, 3) } else { Rational::new(-((i % 2) as i64), 1 << 30) })
                .collect(),
            (0..n).map(|i| Rational::new(-1 - i as i64, 1000)).collect(),
        ];
        for values in spectra {
            let a = with_spectrum(&mut rng, &values);
            let ends = dense::extremes(&a);
            let (low, high) = (values.iter().min().unwrap(), values.iter().max().unwrap());
            assert!(ends.largest.contains(high) && ends.smallest.contains(low), "n {n}: {ends:?}, {low} {high}");
            let norm = low.abs().to_f64().max(high.abs().to_f64());
            assert!(ends.largest.width() <= 1e-10 * norm && ends.smallest.width() <= 1e-10 * norm, "n {n}: {ends:?}");
            assert_eq!(dense::largest(&a), ends.largest);
            let approximate = dense::eigenvalues(a.mid()).unwrap();
            assert!((approximate[n - 1] - high.to_f64()).abs() <= 1e-12 * norm);
            assert!((approximate[0] - low.to_f64()).abs() <= 1e-12 * norm);
        }
    }
    let zero = dense::extremes(&BallMatrix::new(DMatrix::zeros(4, 4), 0.0));
    assert_eq!((zero.smallest, zero.largest), (Interval::point(0.0), Interval::point(0.0)));
}

#[test]
fn values_of_a_matrix_of_small_rank_are_those_of_the_full_decomposition() {
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    let factor = DMatrix::from_fn(600, 9, |_, _| normal(&mut rng));
    let signs = DMatrix::from_diagonal(&DVector::from_fn(9, |i, _| if i < 6 { 1.0 } else { -2.0 }));
    let low = &factor * &signs * factor.transpose();
    let full = &low + DMatrix::identity(600, 600) * 1e-6;
    let (low, full) = (dense::eigenvalues(&low).unwrap(), dense::eigenvalues(&full).unwrap());
    assert_eq!(low.len(), 600);
    assert_eq!(low.iter().filter(|v| **v == 0.0).count(), 536, "the projection was used");
    for (a, b) in low.iter().zip(&full) {
        assert!((a - (b - 1e-6)).abs() < 1e-9, "{a} {b}");
    }
    // With a whole spectrum beside it the projection must refuse: these are not zeros.
    assert!(full.iter().all(|v| v.abs() > 9e-7));
}

#[test]
fn radii_move_the_ends_of_the_spectrum() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    for n in [1, 2, 20, 80] {
        let values: Vec<Rational> = (0..n).map(|i| Rational::from(i as i64 - 1)).collect();
        let a = with_spectrum(&mut rng, &values);
        let ends = dense::extremes(&BallMatrix::new(a.mid().clone(), 0.25));
        // A + I/4 and A - I/4 (in exact arithmetic) are in the ball, up to the rounding of A that the margin below
        // covers.
        let quarter = Rational::new(249, 1000);
        for (end, value) in [(ends.largest, &values[n - 1]), (ends.smallest, &values[0])] {
            assert!(
                end.contains(&(value.clone() + quarter.clone())) && end.contains(&(value.clone() - quarter.clone()))
            );
        }
    }
}

#[test]
fn the_defect_of_a_factor_is_bounded() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for trial in 0..40 {
        let n = rng.random_range(1..=6);
        let l = gaussian(&mut rng, n, n).lower_triangle();
        let c = normal(&mut rng) * 100.0;
        let mut a = gaussian(&mut rng, n, n);
        a = &a + a.transpose();
        let negated = trial % 2 == 1;
        if trial % 4 < 2 {
            // Nearly an exact factor: only roundings are left.
            a = &l * l.transpose() - DMatrix::identity(n, n) * c;
            a = if negated { a } else { -a };
            a.fill_upper_triangle_with_lower_triangle();
        }
        let bound = dense::defect(&a, &l, c, negated);
        let sign = Rational::from(if negated { 1 } else { -1 });
        let shifted = DMatrix::identity(n, n) * rational(c) + exact(&a).map(|v| v * sign.clone());
        assert!(norm_at_most(&(shifted - exact(&l) * exact(&l).transpose()), bound), "trial {trial}");
    }
    // The computed residual is exactly zero, the exact one is all that rounding the product has done.
    let l = DMatrix::from_fn(30, 30, |i, j| if i >= j { normal(&mut rng).abs() } else { 0.0 });
    let a = BallMatrix::exact(&l).product(&BallMatrix::exact(&l.transpose())).into_mid();
    let residual = exact(&a) - exact(&l) * exact(&l).transpose();
    assert!(norm_at_most(&residual, dense::defect(&a, &l, 0.0, true)));
}

/// Networks of doubles of every shape: width 1, one layer, zero layers, large and small heads, few bits (so that exact
/// inertia stays cheap).
fn random_networks(rng: &mut ChaCha8Rng) -> Vec<Network<f64>> {
    let shapes: &[&[usize]] = &[
        &[2, 1],
        &[3, 2],
        &[2, 2, 1],
        &[3, 1, 2],
        &[1, 1, 1, 1, 1],
        &[2, 3, 2],
        &[2, 2, 1, 2, 1],
        &[1, 3, 1],
        &[2, 1, 1, 2],
    ];
    let mut out = Vec::new();
    for shape in shapes {
        for size in [1e-3, 1.0, 300.0] {
            for zero in [None, Some(0), Some(shape.len() - 2)] {
                let layers = shape.windows(2).enumerate().map(|(k, w)| {
                    DMatrix::from_fn(w[1], w[0], |_, _| {
                        if zero == Some(k) { 0.0 } else { f64::from((normal(rng) * 0.8) as f32) }
                    })
                });
                let layers = layers.collect();
                let last = shape[shape.len() - 1];
                let head = DVector::from_fn(last, |_, _| f64::from((normal(rng) * size) as f32));
                out.push(Network::new(layers, head).unwrap());
            }
        }
    }
    out
}

/// Is the largest eigenvalue of the exact symmetric H in the interval?
fn largest_is_in(h: &DMatrix<Rational>, value: &Interval) -> bool {
    let shift = |c: f64| DMatrix::identity(h.nrows(), h.nrows()) * rational(c) - h;
    let below = !value.hi().is_finite() || inertia(&shift(value.hi())).negative == 0;
    let at_lower = inertia(&shift(value.lo()));
    below && at_lower.negative + at_lower.zero >= 1
}

fn exact_moments(problem: &Problem) -> flatcert::problem::Moments<Rational> {
    problem.exact_moments().unwrap().clone()
}

#[test]
fn certified_sharpness_contains_the_exact_largest_eigenvalue() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let only = |method| Options { method, tight_smallest: true, ..Options::default() };
    for net in random_networks(&mut rng) {
        let problem = problem(&mut rng, net.widths()[0]);
        let exact_net = net.map(|v| rational(*v));
        let h = assemble(&exact_net, &exact_moments(&problem));
        let minus = -h.clone();
        let residual = residual_norm_squared(&exact_net, &exact_moments(&problem));
        for options in [only(Choice::Dense), only(Choice::Riccati), only(Choice::RankD), Options::default()] {
            let s = sharpness(&problem, &net, &options).unwrap();
            assert_eq!(s.p, net.parameters());
            assert!(largest_is_in(&h, &s.value), "{:?} {s:?}", net.widths());
            if let Some(low) = s.smallest {
                assert!(largest_is_in(&minus, &-low), "{:?} {s:?}", net.widths());
            }
            assert!(!s.residual.is_finite() || rational(s.residual).powi(2) >= residual);
            if s.method == Method::Dense && options.tight_smallest {
                let low = s.smallest.unwrap();
                assert!(s.value.width() <= 1e-9 * s.value.magnitude().max(low.magnitude()), "{s:?}");
            }
        }
        let ball = assemble_ball(&problem, &net);
        assert!(norm_at_most(&(exact(ball.mid()) - &h), ball.radius()));
        assert!(ball.radius() <= 1e-11 * ball.mid().norm());
    }
}

#[test]
fn the_sweep_encloses_product_and_gram_matrix() {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    // Both precisions of the steps: a target that every step meets, and one that none does.
    for target in [1.0, 0.0] {
        for net in random_networks(&mut rng) {
            let s = sweep(&net, target);
            let exact_net = net.map(|v| rational(*v));
            let truth = product_gram(&exact_net);
            let n = exact(&s.gram);
            let d = n.nrows();
            let r = DMatrix::identity(d, d) * rational(s.absolute);
            let times = |c: f64| n.map(|v| v * rational(c));
            assert_eq!(inertia(&(times(s.relative.hi()) + &r - &truth)).negative, 0, "{:?}", net.widths());
            assert_eq!(inertia(&(&truth - times(s.relative.lo()) + &r)).negative, 0, "{:?}", net.widths());
            let zero_layer = net.layers().iter().any(|w| w.iter().all(|v| *v == 0.0));
            // In pairs of doubles only the rounding of the weights omega is left, and that of N_1 itself.
            let sharp = s.relative.width() <= 1e-13 && s.absolute <= 1e-15 * s.gram.norm();
            assert!(zero_layer || target > 0.0 || sharp, "{:?} {s:?}", net.widths());
            let product = exact(&s.product.high) + exact(&s.product.low);
            let off = product - DMatrix::from_column_slice(d, 1, exact_net.product().as_slice());
            assert!(norm_at_most(&off, s.product_error));
            assert!(s.product_error <= 1e-26 * (1.0 + net.head().norm()));
        }
    }
}

#[test]
fn errors_in_front_of_a_zero_layer_are_absolute() {
    // The last layer is zero, so only the head's term is left in M, and no weight omega carries the errors of 4000
    // scalar products.
    let mut rng = ChaCha8Rng::seed_from_u64(16);
    let mut layers: Vec<_> = (0..4000).map(|_| DMatrix::from_element(1, 1, rng.random_range(0.98..1.02))).collect();
    layers.push(DMatrix::zeros(1, 1));
    let net = Network::new(layers, DVector::from_element(1, 0.7)).unwrap();
    let s = sweep(&net, 1e-10);
    let truth = product_gram(&net.map(|v| rational(*v)))[(0, 0)].clone();
    let value = s.relative * Interval::point(s.gram[(0, 0)]) + Interval::symmetric(s.absolute);
    assert!(value.contains(&truth) && value.width() <= 1e-10 * value.hi());
}

#[test]
fn enclosures_of_the_network_contain_the_exact_values() {
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    for net in random_networks(&mut rng) {
        let problem = problem(&mut rng, net.widths()[0]);
        let (m, w) = (exact_moments(&problem), problem.w_star_exact().unwrap());
        let exact_net = net.map(|v| rational(*v));
        let e = network_enclosures(&problem, &net).unwrap();
        let off = exact_net.product() - w;
        let risk = exact_net.risk(&m);
        let excess = risk.clone() - m.risk(w);
        assert!(e.risk.contains(&risk) && e.excess_risk.contains(&excess));
        assert!(e.distance.powi(2).contains(&norm_squared(off.iter())));
        assert!(e.gradient_norm.powi(2).contains(&exact_net.gradient(&m).norm_squared()));
        for (norm, layer) in e.layer_norms.iter().zip(exact_net.layers()) {
            assert!(norm.powi(2).contains(&norm_squared(layer.iter())));
        }
        for i in [e.risk, e.excess_risk, e.distance] {
            assert!(i.is_bounded() && i.width() <= 1e-13 * i.hi(), "{i:?}");
        }
        assert!(e.gradient_norm.width() <= 1e-6 * e.gradient_norm.hi().max(1e-30));
    }
}

#[test]
fn data_and_network_must_match() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let problem = problem(&mut rng, 3);
    let net = Network::new(vec![DMatrix::identity(2, 2)], DVector::from_element(2, 1.0)).unwrap();
    let error = sharpness(&problem, &net, &Options::default()).unwrap_err();
    assert!(error.is_input() && error.to_string().contains("W1"));
}

/// What the fast path promises at numerical minimisers, whatever the depth.
#[test]
fn enclosures_at_minimisers_stay_sharp_with_depth() {
    let cases = [
        (Kind::RankOne, 16, vec![1, 10, 1000, 10_000]),
        (Kind::Gaussian, 8, vec![10, 300]),
        (Kind::Gaussian, 16, vec![10, 1000]),
        (Kind::Residual, 16, vec![1, 10, 1000, 10_000]),
    ];
    for (kind, d, depths) in cases {
        for depth in depths {
            let mut rng = ChaCha8Rng::seed_from_u64(5);
            let problem = problem(&mut rng, d);
            let net = minimiser(&mut rng, &problem, kind, depth);
            let s = sharpness(&problem, &net, &Options::default()).unwrap();
            assert!(s.value.width() <= 1e-9 * s.value.lo(), "{kind:?}, d {d}, L {depth}: {s:?}");
            assert!(matches!(s.method, Method::RankD { .. }), "{kind:?}, d {d}, L {depth}: {s:?}");
            assert!(s.smallest.is_some_and(|i| i.width() <= 1e-9 * s.value.lo()));
        }
    }
}

#[test]
fn methods_agree_at_minimisers_and_away_from_them() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    for kind in [Kind::RankOne, Kind::Gaussian, Kind::Residual] {
        let problem = problem(&mut rng, 6);
        let net = minimiser(&mut rng, &problem, kind, 5);
        let only = |method| Options { method, tight_smallest: true, ..Options::default() };
        let fast = sharpness(&problem, &net, &Options::default()).unwrap();
        let both = sharpness(&problem, &net, &only(Choice::Dense)).unwrap();
        assert!(fast.value.intersection(&both.value).is_some());
        // Away from it: the recursion and the assembled matrix, both sharp.
        let moved = net.with_layers(net.layers().iter().map(|w| w * 1.1).collect());
        let dense = sharpness(&problem, &moved, &only(Choice::Dense)).unwrap();
        let riccati = sharpness(&problem, &moved, &only(Choice::Auto)).unwrap();
        assert_eq!(dense.method, Method::Dense);
        assert!(matches!(riccati.method, Method::Riccati { .. }), "{riccati:?}");
        for (a, b) in [(dense.value, riccati.value), (dense.smallest.unwrap(), riccati.smallest.unwrap())] {
            assert!(a.intersection(&b).is_some(), "{dense:?} {riccati:?}");
            assert!(b.width() <= 1e-9 * b.magnitude(), "{riccati:?}");
        }
    }
}

#[test]
fn deep_and_narrow_hessians_are_assembled_sharply() {
    // 2 x 2 Gaussian layers: norms of the layers multiply to far more than the norm of their product.
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    let problem = problem(&mut rng, 2);
    let layers = (0..120).map(|_| DMatrix::from_fn(2, 2, |_, _| normal(&mut rng))).collect();
    let net = Network::new(layers, DVector::from_element(2, 1.0)).unwrap();
    let ball = assemble_ball(&problem, &net);
    assert!(ball.radius() <= 1e-12 * ball.mid().norm());
}

#[test]
fn ill_conditioned_data_go_to_higher_precision() {
    // Powers of 1/10 up to 1e-8: a condition number of Sigma beyond 1e16.
    let x = DMatrix::from_fn(12, 5, |i, j| {
        Rational::new(1, 10).powi((2 * j) as u32) * Rational::from((i as i64 + 1).pow(j as u32) % 17 + 1)
    });
    let y = DVector::from_fn(12, |i, _| Rational::from(i as i64 % 5 - 2));
    let problem = Problem::new("ill", &x, &y).unwrap();
    assert!(problem.lambda_max().lo() / problem.lambda().hi() > 1e12);
    let mut rng = ChaCha8Rng::seed_from_u64(14);
    let net = minimiser(&mut rng, &problem, Kind::Residual, 3);
    let s = sharpness(&problem, &net, &Options::default()).unwrap();
    assert!(s.value.is_bounded() && s.value.lo() > 0.0);
    let h = assemble(&net.map(|v| rational(*v)), &exact_moments(&problem));
    let approximate = dense::eigenvalues(&h.map(|q| q.to_f64())).unwrap();
    assert!((approximate[approximate.len() - 1] - s.value.mid()).abs() <= 1e-6 * s.value.hi(), "{s:?}");
}

#[test]
fn radii_count_in_norms_and_in_every_block() {
    let r = 0.25;
    assert!(BallMatrix::new(DMatrix::identity(3, 3), r).norm() >= 1.0 + r);
    // Every block of ones off by r: the whole by 2 r.
    let one = || BallMatrix::new(DMatrix::from_element(1, 1, 1.0), r);
    assert!(BallMatrix::symmetric_blocks(&[1, 1], |_, _| one()).radius() >= 2.0 * r);
}

/// Where no vector is computed again in MPFR, the error of the sweep is what separates w_prod from w*: here w* is w_prod
/// to within 1e-16.
#[test]
fn a_distance_at_rounding_level_is_enclosed_beyond_the_limit_of_mpfr() {
    let mut rng = ChaCha8Rng::seed_from_u64(19);
    let (d, depth) = (16, 800);
    let mut step = || f64::from(rng.random_range(-4..=4_i8)) / 1024.0;
    let layers: Vec<_> = (0..depth).map(|_| DMatrix::identity(d, d) + DMatrix::from_fn(d, d, |_, _| step())).collect();
    let net = Network::new(layers, DVector::from_element(d, 0.25)).unwrap();
    assert!(net.parameters() > VECTOR_LIMIT);
    // The transposes of the layers on the head, one after the other, in rationals.
    let mut product = net.head().map(rational);
    for layer in net.layers().iter().rev() {
        product = layer.map(rational).transpose() * product;
    }
    let w_star = product.map(|v| rational(v.to_f64()));
    let problem = Problem::white(&Rational::from(1), &w_star, &Rational::from(1)).unwrap();
    let squared = norm_squared((product - w_star).iter());
    assert!(!squared.is_zero());
    let e = network_enclosures(&problem, &net).unwrap();
    for (name, square) in [("distance", e.distance.powi(2)), ("excess risk", e.excess_risk)] {
        assert!(square.contains(&squared) && square.width() <= 1e-6 * square.hi(), "{name}: {square:?}");
    }
}
