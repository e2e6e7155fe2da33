//! Regression data: moments, optima, spectra, real data, seeded data.

use flatcert::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use flatcert::problem::{EXACT_WORK, Moments, Problem, dot, draw, enclosed_moments, exact_moments, fixtures, generate};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

fn q(s: &str) -> Rational {
    s.parse().unwrap()
}

/// The decimal agrees with the number in all its printed digits: half a unit of the last one.
fn agrees(w: &Rational, certified: &str) {
    let printed = q(certified);
    let (mantissa, exponent) = certified.split_once(['e', 'E']).unwrap_or((certified, "0"));
    let decimals = mantissa.split_once('.').unwrap().1.len() as i32 - exponent.parse::<i32>().unwrap();
    let half = Rational::new(1, 2) / Rational::from(10).powi(decimals.unsigned_abs());
    assert!((w.clone() - printed).abs() <= half, "{} is not {certified}", w.to_f64());
}

#[test]
fn longley_matches_every_certified_digit() {
    let problem = fixtures::longley().unwrap();
    let certified = [
        "-3482258.63459582",
        "15.0618722713733",
        "-0.358191792925910E-01",
        "-2.02022980381683",
        "-1.03322686717359",
        "-0.511041056535807E-01",
        "1829.15146461355",
    ];
    let w = problem.w_star_exact().unwrap();
    assert_eq!((problem.samples(), w.len()), (16, 7));
    for (w, value) in w.iter().zip(certified) {
        agrees(w, value);
    }
    // Residual standard deviation: sqrt(n R_min / (n - d)).
    let moments = problem.exact_moments().unwrap();
    let r_min = moments.risk(w);
    let deviation = Big::from_rational(&(r_min.clone() * Rational::new(16, 9)), 128).sqrt();
    agrees(&deviation.lower_rational().unwrap(), "304.854073561965");
    assert!(problem.r_min().contains(&r_min));
    assert!(problem.lambda_max().lo() / problem.lambda().hi() > 1e19);
    assert!(problem.lambda().width() <= 1e-13 * problem.lambda().lo(), "{:?}", problem.lambda());
}

#[test]
fn hald_matches_the_published_fit() {
    let problem = fixtures::hald().unwrap();
    for (w, value) in problem.w_star_exact().unwrap().iter().zip(["62.4054", "1.5511", "0.5102", "0.1019", "-0.1441"]) {
        agrees(w, value);
    }
    assert_eq!(problem.column_names().unwrap()[0], "intercept");
}

#[test]
fn all_fixtures_are_exact_minimisers_with_sharp_spectra() {
    let all = fixtures::all().unwrap();
    assert_eq!(all.iter().map(|p| (p.samples(), p.dimension())).collect::<Vec<_>>(), [(16, 7), (442, 10), (13, 5)]);
    for p in &all {
        let moments = p.exact_moments().unwrap();
        let gradient = moments.risk_gradient(p.w_star_exact().unwrap());
        assert!(gradient.iter().all(|g| g.sign() == 0), "{}", p.name());
        assert!(p.lambda().is_positive() && p.lambda().width() <= 1e-13 * p.lambda().lo());
        // The determinant lies between lambda^(d-1) Lambda and lambda Lambda^(d-1).
        let trace = (0..p.dimension()).fold(Rational::from(0), |s, i| s + moments.sigma[(i, i)].clone());
        assert!(p.lambda_max().compare_above(&(trace.clone() / Rational::from(p.dimension() as i64))));
        assert!(trace.compare_f64(p.lambda_max().lo()).is_ge());
    }
}

trait Above {
    fn compare_above(&self, q: &Rational) -> bool;
}
impl Above for Interval {
    fn compare_above(&self, q: &Rational) -> bool {
        q.compare_f64(self.hi()).is_le()
    }
}

#[test]
fn standardised_data_have_unit_variances_and_the_scaled_optimum() {
    let raw = fixtures::diabetes().unwrap();
    let standard = fixtures::diabetes_standardised().unwrap();
    assert!(standard.exact_moments().is_none() && standard.w_star_exact().is_none());
    let m: Moments<Big> = standard.moments(200);
    assert!((0..10).all(|i| m.sigma[(i, i)] == Big::from_i64(1)));
    // The normal equations hold within the enclosures, which are narrow.
    let w: DVector<Big> = standard.w_star(200);
    for g in m.risk_gradient(&w).iter() {
        assert!(g.contains(&Rational::from(0)) && g.to_interval().magnitude() < 1e-50);
    }
    // An intercept fits at least as well as none: R_min is not above that of the raw data.
    assert!(standard.r_min().hi() < raw.r_min().lo());
    // Trace d, so Lambda < d and lambda < 1.
    assert!(standard.lambda().hi() < 1.0 && standard.lambda_max().hi() < 10.0 && standard.lambda().lo() > 0.0);
}

#[test]
fn standardising_by_rational_deviations_stays_exact() {
    // Columns with variance 1 and 4.
    let x = "a,b\n1,2\n-1,2\n1,-2\n-1,-2\n";
    let dir = tempfile::tempdir().unwrap();
    let (px, py) = (dir.path().join("x.csv"), dir.path().join("y.csv"));
    std::fs::write(&px, x).unwrap();
    std::fs::write(&py, "7\n1\n3\n5\n").unwrap();
    let options = flatcert::problem::LoadOptions { standardise: true, ..Default::default() };
    let problem = Problem::load(&px, &py, &options).unwrap();
    let moments = problem.exact_moments().unwrap();
    assert_eq!(moments.sigma, DMatrix::identity(2, 2));
    assert_eq!(problem.w_star_exact().unwrap().as_slice(), [q("1"), q("0")]);
    assert_eq!(moments.power, q("5"));
    assert_eq!(problem.name(), "x");
}

#[test]
fn appendix_c_has_a_unit_optimum_and_stable_values() {
    let p = Problem::appendix_c(50, 5, 1).unwrap();
    assert!(p.exact_moments().is_some());
    let norm = dot(p.w_star_exact().unwrap(), p.w_star_exact().unwrap()).to_f64().sqrt();
    assert!((norm - 1.0).abs() < 1e-14, "{norm}");
    let (x, y) = generate::appendix_c_data(50, 5, 1).unwrap();
    insta::assert_snapshot!(format!("{:?} {:?}", &x.row(0).iter().collect::<Vec<_>>(), &y.as_slice()[..3]), @"[0.243546747547204, -0.16648977539640253, -0.9972621063211137, 0.5319930262334911, -1.856125965053189] [-0.6346905986744056, -0.36546407425729843, 0.8386491033618466]");
    assert_ne!(x, generate::appendix_c_data(50, 5, 2).unwrap().0);
    assert!(Problem::appendix_c(4, 5, 0).unwrap_err().is_input());
}

#[test]
fn prescribed_moments_come_out_as_prescribed() {
    let w = draw::unit_vector(&mut draw::stream(3, 0), 6);
    assert_eq!(dot(&w, &w), Rational::from(1));
    let white = Problem::white(&q("3/7"), &w, &q("2")).unwrap();
    assert_eq!(white.w_star_exact().unwrap(), &w);
    assert!(white.lambda().contains(&q("3/7")) && white.lambda_max().contains(&q("3/7")));
    assert!(white.r_min().contains(&q("2")));
    let spectrum: Vec<Rational> = [1, 1, 2, 5, 8, 13].map(|v| Rational::new(v, 4)).to_vec();
    let p = Problem::with_spectrum(&spectrum, &w, &q("0"), 5).unwrap();
    assert!(p.lambda().contains(&q("1/4")) && p.lambda_max().contains(&q("13/4")));
    assert!(p.lambda().width() < 1e-14 && p.lambda_max().width() < 1e-13);
    assert_eq!(p.exact_moments().unwrap().risk(&w), q("0"));
    let rotation = generate::orthogonal(7, 1).unwrap();
    assert_eq!(&rotation * rotation.transpose(), DMatrix::identity(7, 7));
    assert!(rotation.iter().filter(|v| v.sign() != 0).count() > 20);
}

#[test]
fn ill_conditioned_data_keep_a_sharp_lambda() {
    for condition in ["1", "1e6", "1e12", "1e18", "1e30"] {
        for d in [1, 2, 5, 12] {
            let p = Problem::ill_conditioned(d, &q(condition), 4).unwrap();
            let smallest = if d == 1 { q("1") } else { q("1") / q(condition) };
            assert!(p.lambda().contains(&smallest) && p.lambda_max().contains(&q("1")), "{condition} {d}");
            assert!(p.lambda().width() <= 1e-13 * p.lambda().lo(), "{condition} {d}: {:?}", p.lambda());
        }
    }
}

#[test]
fn moment_problems_outside_the_domain_are_refused() {
    let w = DVector::from_element(2, q("1"));
    let refuse = |p: flatcert::Result<Problem>| {
        let e = p.unwrap_err();
        assert!(e.is_input() && !e.to_string().contains('\n'), "{e}");
    };
    refuse(Problem::white(&q("-1"), &w, &q("1")));
    refuse(Problem::white(&q("0"), &w, &q("1")));
    refuse(Problem::white(&q("1"), &w, &q("-1")));
    refuse(Problem::with_spectrum(&[q("1"), q("-1")], &w, &q("1"), 0));
    refuse(Problem::with_spectrum(&[q("1")], &w, &q("1"), 0));
    refuse(Problem::ill_conditioned(3, &q("1/2"), 0));
    refuse(Problem::small_integers(2, 3, 5, 0));
    let indefinite = DMatrix::from_row_slice(2, 2, &[q("1"), q("2"), q("2"), q("1")]);
    refuse(Problem::with_covariance("indefinite", indefinite, &w, &q("0")));
}

#[test]
fn rank_deficient_data_name_the_columns() {
    let y = DVector::from_element(4, q("1"));
    let refuse = |columns: [[i64; 4]; 4], needle: &str| {
        let x = DMatrix::from_fn(4, 4, |i, j| Rational::from(columns[j][i]));
        let e = Problem::new("data", &x, &y).unwrap_err().to_string();
        assert!(e.contains("Assumption (A1)") && e.contains(needle), "{e}");
    };
    let (a, b, c) = ([1, 2, 3, 5], [1, 0, 1, 0], [0, 1, 1, 7]);
    refuse([a, b, c, [2, 2, 4, 5]], "column 3 is a combination of columns 0, 1");
    refuse([a, b, [3, 6, 9, 15], c], "column 2 is a multiple of column 0");
    refuse([a, [0; 4], b, c], "column 1 is zero");
}

fn gaussian(n: usize, d: usize, seed: u64) -> (DMatrix<f64>, DVector<f64>) {
    let mut rng = draw::stream(seed, 99);
    let x = draw::normal_matrix(&mut rng, n, d);
    let y = DVector::from_column_slice(draw::normal_matrix(&mut rng, n, 1).as_slice());
    (x, y)
}

fn rational(x: &DMatrix<f64>) -> DMatrix<Rational> {
    x.map(|v| Rational::from_f64(v).unwrap())
}

#[test]
fn large_data_are_enclosed_and_contain_the_exact_answers() {
    let (n, d) = (EXACT_WORK / 64 + 1, 8);
    let (x, mut y) = gaussian(n, d, 7);
    y += &x * DVector::from_fn(d, |i, _| i as f64 - 2.0);
    let p = Problem::from_f64("large", &x, &y).unwrap();
    assert!(p.exact_moments().is_none() && p.w_star_exact().is_none());
    let exact = Problem::new("large", &rational(&x), &y.map(|v| Rational::from_f64(v).unwrap())).unwrap();
    let truth = exact.w_star_exact().unwrap();
    for (i, w) in p.w_star::<Interval>(53).iter().enumerate() {
        assert!(w.contains(&truth[i]) && w.width() < 1e-8, "{w:?}");
    }
    assert!(p.r_min().contains(&exact.exact_moments().unwrap().risk(truth)));
    assert!(p.lambda().intersection(&exact.lambda()).is_some() && p.lambda().width() < 1e-8);
    assert!(p.lambda_max().intersection(&exact.lambda_max()).is_some());
    let m: Moments<Interval> = p.moments(53);
    let e = exact.exact_moments().unwrap();
    assert!(m.sigma.iter().zip(e.sigma.iter()).all(|(i, q)| i.contains(q)) && m.power.contains(&e.power));
}

#[test]
fn large_standardised_data_contain_the_exact_correlations() {
    // Far from the origin, so that centring cancels five digits; decimals in the csv file, doubles in the other.
    let (n, d) = (EXACT_WORK / 3600 + 1, 60);
    let (x, y) = gaussian(n, d, 11);
    let text = |v: f64| format!("{:.4}", v + 1e5);
    let row = |i: usize| x.row(i).iter().map(|&v| text(v)).collect::<Vec<_>>().join(",");
    let csv: String = (0..n).map(|i| row(i) + "\n").collect();
    let target: String = y.iter().map(|&v| text(v) + "\n").collect();
    let header = format!("{{'descr': '<f8', 'fortran_order': True, 'shape': ({n}, {d}), }}\n");
    let mut npy = [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat();
    x.iter().for_each(|v| npy.extend((v + 1e5).to_le_bytes()));
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    std::fs::write(path("x.csv"), csv).unwrap();
    std::fs::write(path("x.npy"), npy).unwrap();
    std::fs::write(path("y.csv"), target).unwrap();
    let options = flatcert::problem::LoadOptions { standardise: true, ..Default::default() };
    let exact_y = DVector::from_iterator(n, y.iter().map(|&v| q(&text(v))));
    let decimals = x.map(|v| q(&text(v)));
    let binary = x.map(|v| Rational::from_f64(v + 1e5).unwrap());
    for (file, exact_x) in [("x.csv", decimals), ("x.npy", binary)] {
        let problem = Problem::load(&path(file), &path("y.csv"), &options).unwrap();
        assert!(problem.exact_moments().is_none());
        let ones = exact_x.clone().insert_column(d, Rational::from(1));
        let raw = exact_moments(&ones, &exact_y);
        let centre =
            |i: usize, j: usize| raw.sigma[(i, j)].clone() - raw.sigma[(i, d)].clone() * raw.sigma[(j, d)].clone();
        let m: Moments<Interval> = problem.moments(53);
        for i in 0..d {
            let v = centre(i, i);
            for j in 0..=i {
                let (c, product) = (centre(i, j), v.clone() * centre(j, j));
                let correlation = m.sigma[(i, j)];
                assert_eq!(correlation, m.sigma[(j, i)]);
                assert!(correlation.powi(2).contains(&(c.clone() * c / product)) && correlation.width() < 1e-11);
            }
            let covariance = raw.cross[i].clone() - raw.sigma[(i, d)].clone() * raw.cross[d].clone();
            assert!(m.cross[i].powi(2).contains(&(covariance.clone() * covariance / v)), "{file} {i}");
        }
        assert!(m.power.contains(&(raw.power.clone() - raw.cross[d].clone() * raw.cross[d].clone())));
        // The optimum solves the exact normal equations of the centred data: cross - sigma w* is near zero.
        let w: DVector<Interval> = problem.w_star(53);
        assert!(m.risk_gradient(&w).iter().all(|g| g.contains(&Rational::from(0)) && g.magnitude() < 1e-8));
    }
}

#[test]
fn large_rank_deficient_data_are_refused_by_column() {
    let (mut x, y) = gaussian(EXACT_WORK / 25 + 1, 5, 3);
    let copy = x.column(1) * 3.0;
    x.set_column(4, &copy);
    let e = Problem::from_f64("large", &x, &y).unwrap_err().to_string();
    assert!(e.contains("Assumption (A1)") && e.contains("columns most involved: 1, 4") || e.contains("4, 1"), "{e}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// The integer path and the definition agree, whatever the denominators.
    #[test]
    fn moments_by_integers_are_the_moments(
        n in 1usize..6,
        entries in prop::collection::vec((-1_000_000_000_000i64..1_000_000_000_000, 1i64..100_000, -80i32..80), 24),
    ) {
        let number = |k: usize| {
            let (num, den, shift) = entries[k];
            Rational::new(num, den) * Rational::from_f64(2f64.powi(shift)).unwrap()
        };
        let x = DMatrix::from_fn(n, 3, |i, j| number(3 * i + j));
        let y = DVector::from_fn(n, |i, _| number(18 + i));
        prop_assert_eq!(exact_moments(&x, &y), Moments::new(&x, &y));
    }

    /// The f64 enclosure contains the exact moments, also of badly scaled data, and of data off by the stated relative error.
    #[test]
    fn enclosed_moments_contain_the_exact_ones(
        n in 1usize..40,
        seed in any::<u64>(),
        scales in prop::collection::vec(-300i32..300, 4),
        off in prop::sample::select(vec![0.0, 1e-16, 1e-13]),
    ) {
        let (mut x, y) = gaussian(n, 3, seed);
        for (j, s) in scales[..3].iter().enumerate() {
            x.column_mut(j).scale_mut(2f64.powi(*s));
        }
        let y = y * 2f64.powi(scales[3]);
        let perturb = |v: &DMatrix<f64>| rational(v).map_with_location(|i, j, q| {
            let sign = if (i + j) % 2 == 0 { 1 } else { -1 };
            q.clone() + q * Rational::from_f64(off).unwrap() * Rational::from(sign)
        });
        let exact_y = DVector::from_column_slice(perturb(&DMatrix::from_column_slice(n, 1, y.as_slice())).as_slice());
        let exact = Moments::new(&perturb(&x), &exact_y);
        let enclosed = enclosed_moments(&x, &y, off);
        for (i, q) in enclosed.sigma.iter().zip(exact.sigma.iter()) {
            prop_assert!(i.contains(q), "{:?} {}", i, q.to_f64());
        }
        for (i, q) in enclosed.cross.iter().zip(exact.cross.iter()) {
            prop_assert!(i.contains(q));
        }
        prop_assert!(enclosed.power.contains(&exact.power));
    }
}
