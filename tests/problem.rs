//! Regression data: moments, optima, spectra, real data, seeded data.

use flatcert::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use flatcert::problem::{
    EXACT_WORK, LIFTED, Moments, Problem, dot, draw, exact_moments, fixtures, generate, norm_squared,
};
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
        "-3482258.63459582", "15.0618722713733", "-0.358191792925910E-01", "-2.02022980381683", "-1.03322686717359",
        "-0.511041056535807E-01", "1829.15146461355",
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

/// Moments: (A1) is the cause only where Sigma is semidefinite, also where the primes of the lifting divide a minor.
#[test]
fn singular_and_indefinite_moments_are_told_apart() {
    let refuse = |sigma: DMatrix<Rational>, needle: &str| {
        let w = DVector::from_element(sigma.nrows(), q("1"));
        let e = Problem::with_covariance("moments", sigma, &w, &q("1")).unwrap_err();
        assert!(e.is_input() && e.to_string().contains(needle), "{e}");
    };
    let of = |d: usize, v: &[i64]| DMatrix::from_row_slice(d, d, v).map(Rational::from);
    refuse(of(2, &[0, 1, 1, 0]), "Sigma is not positive definite");
    refuse(of(3, &[1, 1, 0, 1, 1, 1, 0, 1, 0]), "Sigma is not positive definite");
    refuse(of(2, &[1, 1, 1, 1]), "(A1)): column 1 is a multiple of column 0");
    let primes = [(1_i64 << 61) - 1, (1 << 62) - 57, (1 << 62) - 25 + (1 << 62)].map(Rational::from);
    let all = primes.iter().fold(q("1"), |product, p| product * p.clone());
    refuse(of(2, &[1, 1, 1, 1]) * all.clone(), "(A1)): column 1 is a multiple of column 0");
    refuse(of(2, &[1, 0, 0, 0]) * all, "(A1)): column 1 is zero");
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

/// The middle of an enclosure that is known to nine digits.
#[track_caller]
fn nine_digits(v: &Interval) -> f64 {
    assert!(v.width() <= 1e-9 * v.mignitude(), "{v:?}");
    v.mid()
}

#[test]
fn large_data_have_exact_moments() {
    let (n, d) = (EXACT_WORK / 64 + 1, 8);
    let (x, mut y) = gaussian(n, d, 7);
    y += &x * DVector::from_fn(d, |i, _| i as f64 - 2.0);
    let p = Problem::from_f64("large", &x, &y).unwrap();
    let exact = Problem::new("large", &rational(&x), &y.map(|v| Rational::from_f64(v).unwrap())).unwrap();
    assert_eq!(p.exact_moments(), exact.exact_moments());
    assert_eq!(p.w_star_exact(), exact.w_star_exact());
    assert_eq!((p.lambda(), p.lambda_max(), p.r_min()), (exact.lambda(), exact.lambda_max(), exact.r_min()));
}

/// A column of ones beside one of years, or of Unix seconds, ten others, at the size where a cliff was.
#[test]
fn columns_in_large_units_keep_their_digits_at_any_size() {
    for (start, step) in [(1900.0, 1.0), (1.6e9, 1.0), (1.6e18, 1e9)] {
        let (n, d) = (166_000, 11);
        let (mut x, noise) = gaussian(n, d, 5);
        x.column_mut(0).fill(1.0);
        x.set_column(1, &DVector::from_fn(n, |i, _| start + step * (i % 120) as f64));
        let y = x.column(1) * (3.0 / step) + x.column(2) * 2.0 + noise;
        let p = Problem::from_f64("years", &x, &y).unwrap();
        assert!(n * d * d > EXACT_WORK && p.exact_moments().is_some());
        let risk = nine_digits(&p.r_min());
        assert!((0.9..1.1).contains(&risk), "{risk}");
        for w in p.w_star::<Interval>(53).iter() {
            nine_digits(w);
        }
        nine_digits(&p.lambda());
        nine_digits(&p.lambda_max());
    }
}

/// Every digit at its largest, and odd, in more rows than one exact sum holds.
#[test]
fn the_largest_digits_stay_exact() {
    let n = 40_000;
    let full = ((1u64 << 19) - 1) as f64;
    let full = full * 2f64.powi(20) + full;
    let x = DMatrix::from_fn(n, 2, |i, j| if j == 0 { full } else { full - (i % 3) as f64 });
    let y = DVector::from_fn(n, |i, _| if i < n - 2 { -full } else { 0.25 });
    let p = Problem::from_f64("full", &x, &y).unwrap();
    let want = exact_moments(&rational(&x), &y.map(|v| Rational::from_f64(v).unwrap()));
    assert_eq!(p.exact_moments(), Some(&want));
}

/// Doubles whose bits span more than the digits kept: enclosed, and as good as exact.
#[test]
fn columns_of_many_bits_are_enclosed_and_contain_the_exact_answers() {
    let (n, d) = (EXACT_WORK / 9 + 1, 3);
    let (mut x, y) = gaussian(n, d, 3);
    // Just below the last digit that is kept, in a product with large numbers.
    x[(5, 1)] = 2f64.powi(-138) + 2f64.powi(-190);
    x.column_mut(2).scale_mut(2f64.powi(60));
    let p = Problem::from_f64("wide", &x, &y).unwrap();
    assert!(p.exact_moments().is_none());
    let exact = Problem::new("wide", &rational(&x), &y.map(|v| Rational::from_f64(v).unwrap())).unwrap();
    for (w, truth) in p.w_star::<Interval>(53).iter().zip(exact.w_star_exact().unwrap().iter()) {
        assert!(w.contains(truth));
        nine_digits(w);
    }
    assert!(p.r_min().intersection(&exact.r_min()).is_some() && p.lambda().intersection(&exact.lambda()).is_some());
    nine_digits(&p.r_min());
    nine_digits(&p.lambda());
    let m: Moments<Big> = p.moments(256);
    let e = exact.exact_moments().unwrap();
    assert!(m.sigma.iter().zip(e.sigma.iter()).all(|(i, q)| i.contains(q) && i.relative_width() < 1e-30));
}

/// More columns than are solved for exactly: refined, at any scale of the columns, and the lifted solution lies inside.
#[test]
fn many_columns_are_refined_whatever_their_units() {
    let d = LIFTED + 8;
    let (mut x, noise) = gaussian(3 * d, d, 21);
    for (j, mut column) in x.column_iter_mut().enumerate() {
        column.scale_mut(2f64.powi((j as i32 - d as i32 / 2) / 2));
    }
    let y = x.column(0) * 0.7 + x.column(d - 1) + noise * 1e-3;
    let p = Problem::from_f64("units", &x, &y).unwrap();
    let w = p.w_star::<Interval>(53);
    for (w, truth) in w.iter().zip(p.w_star_exact().unwrap().iter()) {
        assert!(w.contains(truth));
        nine_digits(w);
    }
    let m = p.exact_moments().unwrap();
    assert!(p.r_min().contains(&m.risk(p.w_star_exact().unwrap())));
    nine_digits(&p.r_min());
    nine_digits(&p.lambda());
    nine_digits(&p.lambda_max());
}

/// X = diag(2^-20 .. 2^20): 0.7 was printed as 0.69999695.
#[test]
fn a_diagonal_of_very_different_sizes_is_solved_entry_by_entry() {
    let d = 272;
    let size = |i: usize| 2f64.powi((i as i32 * 40) / (d as i32 - 1) - 20);
    let x = DMatrix::from_fn(d, d, |i, j| if i == j { size(i) } else { 0.0 });
    let y = DVector::from_fn(d, |i, _| 0.7 * size(i));
    let p = Problem::from_f64("diagonal", &x, &y).unwrap();
    let truth = Rational::from_f64(0.7).unwrap();
    for w in p.w_star::<Interval>(53).iter() {
        assert!(w.contains(&truth));
        nine_digits(w);
    }
    nine_digits(&p.lambda());
    assert!(p.r_min().contains(&q("0")) && p.r_min().hi() < 1e-60, "{:?}", p.r_min());
}

/// Many columns, one the sum of two others: said by name, exactly.
#[test]
fn many_dependent_columns_are_refused_by_name() {
    let d = LIFTED + 3;
    let (mut x, y) = gaussian(2 * d, d, 4);
    x.apply(|v| *v = (*v * 1024.0).round());
    let sum = x.column(3) + x.column(50);
    x.set_column(60, &sum);
    let e = Problem::from_f64("many", &x, &y).unwrap_err().to_string();
    assert!(e.contains("column 60 is a combination of columns 3, 50"), "{e}");
}

#[test]
fn scales_whose_squares_are_no_doubles() {
    for k in [-540, -160, 160, 500] {
        let unit = 2f64.powi(k);
        let x = DMatrix::from_row_slice(3, 2, &[1.0, 2.0, 3.0, 5.0, 1.0, -1.0]) * unit;
        let y = DVector::from_column_slice(&[1.0, 2.0, 4.0]);
        let (scaled, plain) =
            (Problem::from_f64("a", &x, &y).unwrap(), Problem::from_f64("b", &(&x / unit), &y).unwrap());
        let same = |a: Interval, b: Interval| assert!(a.intersection(&b).is_some(), "{k}: {a:?} {b:?}");
        if k.abs() < 500 {
            same(scaled.lambda(), plain.lambda().scale(2 * k));
            nine_digits(&scaled.lambda());
            nine_digits(&scaled.lambda_max());
        }
        same(scaled.r_min(), plain.r_min());
        let size = |p: &Problem| norm_squared(p.w_star::<Big>(200).iter()).sqrt().to_interval();
        same(size(&scaled).scale(k), size(&plain));
    }
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
    let copy = x.column(1) * 4.0;
    x.set_column(4, &copy);
    let e = Problem::from_f64("large", &x, &y).unwrap_err().to_string();
    assert!(e.contains("Assumption (A1)") && e.contains("column 4 is a multiple of column 1"), "{e}");
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
}

/// Of the caller's own arrays, in rows or in columns: the same problem, and the same refusals with the place of the fault.
#[test]
fn rows_and_columns_are_the_same_problem() {
    let (n, d) = (1_100, 3);
    let x = DMatrix::from_fn(n, d, |i, j| ((i * i + 7 * j * i + 13 * j) % 1009) as f64 / 64.0 - 3.0);
    let y = DVector::from_fn(n, |i, _| ((5 * i) % 97) as f64 / 8.0);
    let rows: Vec<f64> = x.transpose().as_slice().to_vec();
    let by_rows = |rows: &[f64], y: &[f64]| Problem::from_rows("data", (n, d), rows, y);
    let (a, b) = (by_rows(&rows, y.as_slice()).unwrap(), Problem::from_f64("data", &x, &y).unwrap());
    assert_eq!(a.exact_moments().unwrap(), b.exact_moments().unwrap());
    // So long numbers that the moments are formed in long integers.
    let long = |v: &f64| if *v > 0.0 { v * 2f64.powi(-300) } else { *v };
    let (x_long, rows_long) = (x.map(|v| long(&v)), rows.iter().map(long).collect::<Vec<f64>>());
    let (a, b) = (by_rows(&rows_long, y.as_slice()).unwrap(), Problem::from_f64("data", &x_long, &y).unwrap());
    assert_eq!(a.exact_moments().unwrap(), b.exact_moments().unwrap());
    let mut bad = rows.clone();
    bad[7 * d + 2] = f64::NAN;
    let said = |made: flatcert::Result<Problem>| made.unwrap_err().to_string();
    assert!(said(by_rows(&bad, y.as_slice())).contains("X, row 7, column 2 (counted from 0) is not a finite number"));
    assert!(said(by_rows(&rows, &y.as_slice()[1..])).contains("y has 1099 entries, but X (data: X) has 1100 rows"));
    assert!(said(by_rows(&rows[1..], y.as_slice())).contains("X has 3299 entries, which is not 1100 x 3"));
    assert!(said(Problem::from_rows("data", (d, n), &rows, &y.as_slice()[..d])).contains("with n < d"));
}
