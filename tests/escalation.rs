//! Conditions and scales at which doubles say nothing: what MPFR then says, against exact rationals.

use flatcert::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real};
use flatcert::hessian::{self, Method, Options};
use flatcert::linalg::count_above;
use flatcert::network::Network;
use flatcert::problem::{Problem, norm_squared};
use nalgebra::{DMatrix, DVector};

fn exact(v: f64) -> Rational {
    Rational::from_f64(v).unwrap()
}

#[track_caller]
fn nine_digits(v: &Interval) -> f64 {
    assert!(v.width() <= 1e-9 * v.mignitude(), "{v:?}");
    v.mid()
}

/// The enclosed sharpness is right: one eigenvalue lies above its lower end, none above its upper end.
#[track_caller]
fn check_sharpness(problem: &Problem, net: &Network<f64>) -> Interval {
    let s = hessian::sharpness(problem, net, &Options::default()).unwrap();
    nine_digits(&s.value);
    let h = hessian::assemble(&net.map(|v| exact(*v)), problem.exact_moments().unwrap());
    assert!(count_above(&h, &exact(s.value.lo().next_down())) >= 1, "{:?}", s.value);
    assert_eq!(count_above(&h, &exact(s.value.hi())), 0, "{:?}", s.value);
    s.value
}

/// Risk, gradient and distance against exact rationals.
#[track_caller]
fn check_enclosures(problem: &Problem, net: &Network<f64>) {
    let near = hessian::network_enclosures(problem, net).unwrap();
    let (moments, w_star) = (problem.exact_moments().unwrap(), problem.w_star_exact().unwrap());
    let rational = net.map(|v| exact(*v));
    let product = rational.product();
    let (risk, least) = (moments.risk(&product), moments.risk(w_star));
    let offset = &product - w_star;
    let gradient = rational.gradient(moments).norm_squared();
    assert!(near.risk.contains(&risk) && near.excess_risk.contains(&(risk - least)));
    let root = |q: &Rational| Big::from_rational(q, 400).sqrt().to_interval();
    for (v, truth) in [(near.distance, norm_squared(offset.iter())), (near.gradient_norm, gradient)] {
        assert!(v.intersection(&root(&truth)).is_some(), "{v:?} {}", truth.to_f64());
        nine_digits(&v);
    }
    nine_digits(&near.excess_risk);
}

/// Forty observations: nanosecond stamps and ones.
fn stamps() -> Problem {
    let x = DMatrix::from_fn(40, 2, |i, j| if j == 0 { 1.7e18 + 3.6e12 * i as f64 } else { 1.0 });
    let y = DVector::from_fn(40, |i, _| 2.0 + 0.25 * i as f64 + if i % 3 == 0 { 0.1 } else { -0.05 });
    Problem::from_f64("stamps", &x, &y).unwrap()
}

#[test]
fn nanosecond_stamps_have_nine_digits() {
    let problem = stamps();
    let w = problem.w_star::<Interval>(53);
    for (scale, off) in [(1.0, 0.0), (1.0, 1e-3), (3.0, 0.5)] {
        let first = DMatrix::from_row_slice(2, 2, &[w[0].mid() * scale, 0.0, 0.0, w[1].mid() + off]);
        let net = Network::new(
            vec![first, DMatrix::from_row_slice(1, 2, &[1.0 / scale, 1.0])],
            DVector::from_element(1, 1.0),
        );
        let net = net.unwrap();
        assert_eq!(net.parameters(), 6);
        let s = check_sharpness(&problem, &net);
        assert!(s.lo() > 1e36, "{s:?}");
        check_enclosures(&problem, &net);
    }
}

#[test]
fn a_gradient_at_condition_2_to_the_48_has_nine_digits() {
    let x = DMatrix::from_fn(5, 3, |i, j| (((i * i + 3 * j + i * j) % 7) as f64 + 1.0) * 2f64.powi(-24 * j as i32));
    let y = DVector::from_fn(5, |i, _| i as f64 - 1.5);
    let problem = Problem::from_f64("graded", &x, &y).unwrap();
    assert!(problem.lambda_max().lo() / problem.lambda().hi() > 2f64.powi(60));
    let w = problem.w_star::<Interval>(53).map(|v| v.mid());
    let layers = vec![DMatrix::identity(3, 3), DMatrix::from_row_slice(1, 3, w.as_slice())];
    let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
    check_enclosures(&problem, &net);
    check_sharpness(&problem, &net);
}

/// Units of X, and weights, whose squares leave the range of doubles: the same network in other units.
#[test]
fn squares_beyond_the_range_of_doubles() {
    let x = DMatrix::from_row_slice(4, 2, &[1.0, 2.0, 3.0, 5.0, 1.0, -1.0, 0.5, 4.0]);
    let y = DVector::from_column_slice(&[1.0, 2.0, 4.0, -1.0]);
    for k in [-500, -270, 255, 500] {
        let unit = 2f64.powi(k);
        let problem = Problem::from_f64("scaled", &(&x * unit), &y).unwrap();
        let net = Network::new(
            vec![
                DMatrix::from_row_slice(2, 2, &[0.5, 0.25, -1.0, 2.0]),
                DMatrix::from_row_slice(1, 2, &[1.0, -0.75]) / unit,
            ],
            DVector::from_element(1, 1.0),
        )
        .unwrap();
        check_enclosures(&problem, &net);
        if 2 * k.abs() < 1000 {
            check_sharpness(&problem, &net);
        }
    }
}

/// The same beyond [`hessian::HESSIAN_LIMIT`] parameters, where no Hessian is formed in MPFR.
#[test]
fn squares_beyond_the_range_of_doubles_in_a_larger_network() {
    let entry = |a: usize, b: usize| ((a * a + 3 * b + a * b) % 11) as f64 / 4.0 - 1.0;
    let x = DMatrix::from_fn(12, 5, entry);
    let y = DVector::from_fn(12, |i, _| entry(i, 7));
    for k in [-500, -270, 0, 255, 500] {
        let unit = 2f64.powi(k);
        let problem = Problem::from_f64("scaled", &(&x * unit), &y).unwrap();
        let layers =
            vec![DMatrix::from_fn(6, 5, entry), DMatrix::from_fn(6, 6, entry), DMatrix::from_fn(1, 6, entry) / unit];
        let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
        assert!(net.parameters() > hessian::HESSIAN_LIMIT);
        check_enclosures(&problem, &net);
        if 2 * k.abs() < 1000 {
            check_sharpness(&problem, &net);
        }
    }
}

/// A Hessian that is zero: at zero weights of three layers and more, and of two where X^T y = 0.
#[test]
fn a_hessian_that_is_zero_has_sharpness_zero() {
    let x = DMatrix::from_row_slice(4, 2, &[1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
    let problem = |y: [f64; 4]| Problem::from_f64("data", &x, &DVector::from_column_slice(&y)).unwrap();
    let zeros = |widths: &[usize]| widths.windows(2).map(|w| DMatrix::zeros(w[1], w[0])).collect::<Vec<_>>();
    let mut one_left = zeros(&[2, 2, 2, 2, 1]);
    one_left[1] = DMatrix::from_row_slice(2, 2, &[1.0, -2.0, 0.5, 3.0]);
    let (usual, orthogonal) = ([1.0, -2.0, 0.5, 1.0], [0.0, 0.0, 0.0, 5.0]);
    for (y, layers) in [
        (usual, zeros(&[2, 2, 2, 1])),
        (usual, zeros(&[2, 20, 20, 1])),
        (usual, one_left),
        (orthogonal, zeros(&[2, 3, 1])),
    ] {
        let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
        let s = hessian::sharpness(&problem(y), &net, &Options::default()).unwrap();
        assert_eq!(s.value, Interval::point(0.0), "{:?}", net.widths());
    }
}

/// w_prod = w* exactly: risk, excess, gradient and distance are what they are.
#[test]
fn an_exact_minimiser_has_zero_excess() {
    let x = DMatrix::from_row_slice(4, 2, &[1.0, 2.0, 3.0, 5.0, 1.0, -1.0, 0.5, 4.0]);
    let y = &x * DVector::from_column_slice(&[0.5, -3.0]);
    let problem = Problem::from_f64("fitted", &x, &y).unwrap();
    let layers =
        vec![DMatrix::from_row_slice(2, 2, &[0.5, 0.0, 0.0, 1.0]), DMatrix::from_row_slice(1, 2, &[1.0, -3.0])];
    let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
    let near = hessian::network_enclosures(&problem, &net).unwrap();
    let zero = Interval::point(0.0);
    assert_eq!((near.risk, near.excess_risk, near.gradient_norm, near.distance), (zero, zero, zero, zero));
    assert_eq!(problem.r_min(), zero);
}

/// Far from a minimiser and badly conditioned: the method says that MPFR was used, and with which precision.
#[test]
fn the_method_names_the_precision() {
    let problem = stamps();
    let layers = vec![DMatrix::identity(2, 2), DMatrix::from_row_slice(1, 2, &[1.0, 1.0])];
    let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
    let s = hessian::sharpness(&problem, &net, &Options::default()).unwrap();
    nine_digits(&s.value);
    assert!(!matches!(s.method, Method::Mpfr { bits } if bits < 256), "{:?}", s.method);
}
