//! Certified linear algebra against matrices whose spectrum is known exactly.
//!
//! `Q D Q^T` with Q a rational orthogonal matrix (Cayley transform of a skew-symmetric integer matrix) and D a chosen
//! rational diagonal: nothing of the code under test is used to make the oracle.

use flatcert::arithmetic::{Big, Enclosure, Field, Interval, Rational, Ring};
use flatcert::linalg::{
    BallMatrix, Definiteness, Inertia, cholesky, count_above, count_above_pencil, dense, inertia, largest_eigenvalue,
    largest_singular_value, positive_definite, rational_eigenvalue, smallest_eigenvalue, smallest_singular_value,
    solve, solve_enclosed, triangular_solve,
};
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;
use proptest::prelude::*;

type Exact = DMatrix<Rational>;

fn q(n: i64, d: i64) -> Rational {
    Rational::new(n, d)
}

fn exact(x: f64) -> Rational {
    Rational::from_f64(x).unwrap()
}

fn pow2(k: u32) -> Rational {
    Rational::from(2).powi(k)
}

/// Orthogonal `(I - S)(I + S)^-1` for the skew-symmetric S with the given entries below the diagonal, over 3.
fn cayley(n: usize, entries: &[i64]) -> Exact {
    let mut s = Exact::zeros(n, n);
    let mut next = entries.iter().cycle();
    for i in 0..n {
        for j in 0..i {
            let v = q(*next.next().unwrap(), 3);
            s[(i, j)] = v.clone();
            s[(j, i)] = -v;
        }
    }
    let one = Exact::identity(n, n);
    let out = solve(&(&one + &s), &(&one - &s)).unwrap();
    assert_eq!(&out * out.transpose(), one, "the oracle is orthogonal");
    out
}

fn with_spectrum(d: &[Rational], entries: &[i64]) -> Exact {
    let o = cayley(d.len(), entries);
    let diagonal = Exact::from_diagonal(&DVector::from_vec(d.to_vec()));
    &o * diagonal * o.transpose()
}

fn to<E: Enclosure>(a: &Exact, bits: u32) -> DMatrix<E> {
    a.map(|v| E::from_rational(&v, bits))
}

/// Width over the size of the matrix, far beyond the exponent range of f64 too.
fn width_over<E: Enclosure>(e: &E, size: &Rational, bits: u32) -> f64 {
    ((e.upper_end() - e.lower_end()) / E::from_rational(size, bits)).hi()
}

/// Both extreme eigenvalues contain the truth and are no wider than `slack` roundings of the matrix.
fn check_extremes(d: &[Rational], a: &Exact, slack: f64) {
    let (least, most) = (d.iter().min().unwrap(), d.iter().max().unwrap());
    let size = d.iter().map(Rational::abs).max().unwrap();
    let check = |name: &str, got: (bool, f64), bits: u32| {
        assert!(got.0, "{name} at {bits} bits misses the truth, spectrum {d:?}");
        let allowed = slack * 2f64.powi(-(bits as i32));
        assert!(got.1 <= allowed, "{name} at {bits} bits: width {:e} > {allowed:e}, spectrum {d:?}", got.1);
    };
    fn one<E: Enclosure>(e: E, truth: &Rational, size: &Rational, bits: u32) -> (bool, f64) {
        let width = if size.is_zero() { (e.upper_end() - e.lower_end()).hi() } else { width_over(&e, size, bits) };
        (e.contains(truth), width)
    }
    let a53 = to::<Interval>(a, 53);
    check("largest", one(largest_eigenvalue(&a53), most, &size, 53), 53);
    check("smallest", one(smallest_eigenvalue(&a53), least, &size, 53), 53);
    for bits in [128, 256] {
        let a = to::<Big>(a, bits);
        check("largest", one(largest_eigenvalue(&a), most, &size, bits), bits);
        check("smallest", one(smallest_eigenvalue(&a), least, &size, bits), bits);
    }
}

const MIX: [i64; 11] = [1, -2, 3, 2, -1, 1, 4, -3, 2, 5, -1];

/// Roundings of the matrix that an enclosure of an n x n eigenvalue may cost: the sum of the row sums' error (n
/// products per entry, n entries per row), the first gap and the entries' own widths.
fn slack(n: usize) -> f64 {
    20.0 * (n * n) as f64
}

#[test]
fn known_spectra() {
    let tiny = |k: u32| q(1, 1) / pow2(k);
    let spectra: Vec<Vec<Rational>> = vec![
        vec![q(3, 1)],
        vec![q(-3, 7), q(5, 7)],
        vec![q(1, 1), q(2, 1), q(3, 1)],
        // Multiple at the top, at the bottom, everywhere.
        vec![q(5, 3), q(5, 3), q(5, 3), q(1, 9)],
        vec![q(1, 9), q(1, 9), q(7, 2)],
        vec![q(2, 7); 5],
        // Indefinite, all negative, singular, of rank one.
        vec![q(-9, 1), q(-1, 3), q(0, 1), q(2, 5), q(8, 1)],
        vec![q(-1, 3), q(-2, 1), q(-5, 1), q(-5, 1)],
        vec![q(0, 1), q(0, 1), q(0, 1), q(4, 1)],
        vec![q(0, 1), q(0, 1), q(-4, 1), q(0, 1), q(0, 1), q(0, 1)],
        // Clusters that f64 cannot resolve, and that 128 bits just can.
        vec![q(1, 1), q(1, 1) + tiny(70), q(1, 1) - tiny(60), q(1, 2)],
        vec![q(1, 1), q(1, 1) + tiny(120), q(1, 1) + tiny(125), q(-1, 2), q(-1, 2) - tiny(100)],
        // Graded: condition 2^90.
        vec![q(1, 1), tiny(30), tiny(60), tiny(90)],
        vec![q(-1, 1), -tiny(30), -tiny(60), -tiny(61), tiny(95)],
        (1..=10).map(|k| q(k, 3)).collect(),
        (0..10).map(|k| q(1, 1) + tiny(3 * k)).collect(),
    ];
    for d in &spectra {
        check_extremes(d, &with_spectrum(d, &MIX), slack(d.len()));
    }
}

#[test]
fn thirty_dimensions() {
    let d: Vec<Rational> = (0..30).map(|k| q(k * k - 100, 7)).collect();
    check_extremes(&d, &with_spectrum(&d, &[1, 0, 0, -1, 2, 0, 1, 0]), slack(30));
}

#[test]
fn zero_and_diagonal_matrices() {
    for n in 1..5 {
        let zero = DMatrix::<Interval>::zeros(n, n);
        assert_eq!(largest_eigenvalue(&zero), Interval::zero());
        assert_eq!(smallest_eigenvalue(&zero), Interval::zero());
        assert_eq!(largest_singular_value(&zero), Interval::zero());
    }
    let d = DMatrix::from_diagonal(&DVector::from_vec(vec![-3.0, 7.0, 2.0].into_iter().map(Interval::point).collect()));
    assert_eq!(largest_eigenvalue(&d), Interval::point(7.0));
    assert_eq!(smallest_eigenvalue(&d), Interval::point(-3.0));
    // Around zero: the set of all symmetric matrices with entries up to e has eigenvalues up to n e, no more.
    let around = DMatrix::from_element(3, 3, Interval::symmetric(1e-20));
    let top = largest_eigenvalue(&around);
    assert!(top.contains(&q(0, 1)) && top.hi() >= 3e-20 && top.hi() < 4e-20 && top.lo() >= -1e-19, "{top:?}");
}

#[test]
fn what_cannot_be_bounded_is_the_whole_line() {
    let mut a = DMatrix::from_element(3, 3, Interval::point(1.0));
    a[(2, 1)] = Interval::ENTIRE;
    assert!(largest_eigenvalue(&a).is_entire() && smallest_eigenvalue(&a).is_entire());
    a[(2, 1)] = Interval::new(0.0, f64::INFINITY);
    assert!(largest_eigenvalue(&a).is_entire());
    assert!(largest_eigenvalue(&DMatrix::<Interval>::zeros(2, 3)).is_entire());
    assert!(largest_eigenvalue(&DMatrix::<Interval>::zeros(0, 0)).is_entire());
    assert!(largest_eigenvalue(&DMatrix::from_element(2, 2, Big::entire())).is_entire());
    assert!(solve_enclosed(&a, &a).is_none());
    for i in 0..3 {
        a[(i, i)] = Interval::point(9.0);
    }
    assert_eq!(positive_definite(&a), Definiteness::Unknown);
}

/// An enclosure of a set of matrices must contain the eigenvalues of its members, at the corners too.
#[test]
fn wide_entries() {
    let d = [q(1, 1), q(3, 2), q(2, 1), q(-1, 1)];
    let a = with_spectrum(&d, &MIX);
    for radius in [q(1, 1000), q(1, 10), q(2, 1)] {
        let wide = a.map(|v| {
            let lo = Interval::from_rational(&(v.clone() - radius.clone()), 53);
            lo.hull(&Interval::from_rational(&(v + radius.clone()), 53))
        });
        let (top, bottom) = (largest_eigenvalue(&wide), smallest_eigenvalue(&wide));
        // Members A + r s s^T and A - r s s^T for sign vectors s have every entry at an end.
        for signs in 0..8u32 {
            let s = Exact::from_fn(4, 1, |i, _| q(if i > 0 && signs >> (i - 1) & 1 == 1 { -1 } else { 1 }, 1));
            for r in [radius.clone(), -radius.clone()] {
                let member = &a + (&s * s.transpose()).map(|v| v * r.clone());
                // The exact counts at the claimed ends decide, without any eigenvalue solver.
                let end = exact;
                assert_eq!(count_above(&member, &end(top.hi())), 0);
                assert!(count_above(&member, &end(top.lo().next_down())) >= 1);
                assert_eq!(count_above(&member, &end(bottom.lo().next_down())), 4);
                assert!(count_above(&member, &end(bottom.hi())) < 4);
            }
        }
        // Weyl: no more than the norm of the radius matrix on each side.
        let room = 8.1 * radius.to_f64() + 1e-13;
        assert!(top.width() <= room && bottom.width() <= room, "{radius} {top:?} {bottom:?}");
    }
}

/// Only the first row and column are wide: their norm is sqrt(3) times that of one entry.
#[test]
fn wide_first_column() {
    let wide = DMatrix::from_fn(4, 4, |i, j| match (i.min(j), i.max(j)) {
        (0, 0) => Interval::zero(),
        (0, _) => Interval::symmetric(1.0),
        (a, b) => Interval::point(if a == b { 0.125 } else { 0.0625 }),
    });
    let member = Exact::from_fn(4, 4, |i, j| match (i.min(j), i.max(j)) {
        (0, 0) => q(0, 1),
        (0, _) => q(1, 1),
        (a, b) => {
            if a == b {
                q(1, 8)
            } else {
                q(1, 16)
            }
        }
    });
    let (top, bottom) = (largest_eigenvalue(&wide), smallest_eigenvalue(&wide));
    assert_eq!(count_above(&member, &exact(top.hi())), 0);
    assert_eq!(count_above(&member, &exact(bottom.lo().next_down())), 4);
    assert!(top.hi() < 4.0 && bottom.lo() > -4.0);
}

/// The balls of doubles: a ball around enclosures holds their corners, and a wrong factor is charged in full.
#[test]
fn balls_hold_what_they_enclose() {
    let wide = BallMatrix::from_enclosures(&DMatrix::from_element(3, 3, Interval::symmetric(1.0)));
    let e = dense::extremes(&wide);
    assert!(e.largest.contains(&q(3, 1)) && e.smallest.contains(&q(-3, 1)), "{e:?}");
    let swap = DMatrix::from_row_slice(2, 2, &[0.0, 1.0, 1.0, 0.0]);
    let charged = dense::defect(&swap, &DMatrix::identity(2, 2), 1.0, false);
    assert!((1.0..1.5).contains(&charged), "{charged}");
}

/// Second moments of the shape of Longley's data: columns from 1 to 1e6, nearly dependent.
fn longley_like() -> Exact {
    let rows = 16;
    let x = Exact::from_fn(rows, 7, |i, j| {
        let i = i as i64;
        match j {
            0 => q(1, 1),
            1 => q(830 + 21 * i + (i * i * 7 % 13), 10),
            2 => q(234_289 + 21_000 * i + (i * 7919 % 1009), 1),
            3 => q(2356 + (i * 2371 % 2500), 1),
            4 => q(1590 + (i * 937 % 1500), 1),
            5 => q(107_608 + 1_500 * i + (i * i % 7), 1),
            _ => q(1947 + i, 1),
        }
    });
    x.transpose() * x
}

#[test]
fn widely_scaled_gram_matrix() {
    let gram = longley_like();
    for bits in [256, 512] {
        let a = to::<Big>(&gram, bits);
        let (least, most) = (smallest_eigenvalue(&a), largest_eigenvalue(&a));
        assert!(least.is_positive() && (most.lo() / least.hi()) > 1e17, "condition {:e}", most.lo() / least.hi());
        assert!(least.relative_width() < 1e-40, "{:e}", least.relative_width());
        // No eigenvalue below the lower end, one below the upper: decided by exact inertia.
        assert_eq!(count_above(&gram, &(least.lower_rational().unwrap() - q(1, 1) / pow2(400))), 7);
        assert_eq!(count_above(&gram, &least.upper_rational().unwrap()), 6);
        assert_eq!(positive_definite(&a), Definiteness::Positive);
    }
    let a = to::<Big>(&gram, 128);
    // The condition is 1e24: of 38 digits at least 12 are left.
    let width = smallest_eigenvalue(&a).relative_width();
    assert!(width < 1e-12, "{width:e}");
    // f64 cannot know the smallest eigenvalue; it must not pretend to.
    let known = smallest_eigenvalue(&to::<Big>(&gram, 256));
    let least = smallest_eigenvalue(&to::<Interval>(&gram, 53));
    assert!(least.contains(&known.lower_rational().unwrap()) && least.width() < 1e-13 * 3e12, "{least:?}");
}

#[test]
fn beyond_the_range_of_f64() {
    let d = [q(1, 1), q(5, 2), q(-7, 3)];
    let a = with_spectrum(&d, &MIX);
    for k in [3000u32, 100_000] {
        for scale in [pow2(k), q(1, 1) / pow2(k)] {
            let scaled = to::<Big>(&a.map(|v| v * scale.clone()), 128);
            let (top, bottom) = (largest_eigenvalue(&scaled), smallest_eigenvalue(&scaled));
            assert!(top.contains(&(q(5, 2) * scale.clone())) && bottom.contains(&(q(-7, 3) * scale.clone())));
            assert!(top.relative_width() < 1e-35 && bottom.relative_width() < 1e-35);
            let norm = largest_singular_value(&scaled);
            assert!(norm.contains(&(q(5, 2) * scale)) && norm.relative_width() < 1e-35);
        }
    }
    // Near the ends of f64 the squares overflow or vanish.
    for scale in [1e300, 1e-300] {
        let scale = Rational::from_f64(scale).unwrap();
        let scaled = to::<Interval>(&a.map(|v| v * scale.clone()), 53);
        let top = largest_eigenvalue(&scaled);
        assert!(top.contains(&(q(5, 2) * scale.clone())) && top.width() < 1e-13 * top.hi(), "{top:?}");
        for (e, truth) in [(largest_singular_value(&scaled), q(5, 2)), (smallest_singular_value(&scaled), q(1, 1))] {
            assert!(e.contains(&(truth * scale.clone())) && e.width() < 1e-12 * e.hi(), "{e:?}");
        }
    }
}

/// Doubles do not tell the two upper eigenvalues apart, so some of the orders start from the eigenvector below the top,
/// whose residual is zero. A diagonal matrix, or one of two rows, would not be searched.
#[test]
fn an_eigenvector_below_the_top_is_left() {
    let above = Rational::from(1) + 1 / pow2(100);
    let quarter = q(1, 4);
    // Eigenvalues 1/2, `above` and 1: the last by itself, at every place.
    for at in 0..3 {
        let rest: Vec<usize> = (0..3).filter(|i| *i != at).collect();
        let mut a = Exact::identity(3, 3);
        for i in [rest[0], rest[1]] {
            a[(i, i)] = &above - &quarter;
            a[(i, rest[0] + rest[1] - i)] = quarter.clone();
        }
        let e = largest_eigenvalue(&to::<Big>(&a, 256));
        assert!(e.contains(&above) && e.relative_width() < 1e-45, "{at}: {e:?}");
    }
}

#[test]
fn singular_values() {
    let (u, v) = (cayley(4, &MIX), cayley(4, &[2, -1, 1, 1, 3, -2]));
    let s = [q(3, 1), q(1, 1), q(1, 7), q(1, 1_000_000_000)];
    let a = &u * Exact::from_diagonal(&DVector::from_vec(s.to_vec())) * &v;
    let e = to::<Interval>(&a, 53);
    let (most, least) = (largest_singular_value(&e), smallest_singular_value(&e));
    assert!(most.contains(&s[0]) && most.width() < 1e-13);
    // Relative width about the unit roundoff times the condition 3e9: the Gram matrix alone could not tell it from
    // zero.
    assert!(least.contains(&s[3]) && least.is_positive() && least.width() < 1e-4 * 1e-9, "{least:?}");
    // Rectangular, both ways.
    let tall = Exact::from_fn(7, 4, |i, j| if i < 4 { a[(i, j)].clone() } else { q(0, 1) });
    for m in [tall.clone(), tall.transpose()] {
        let (most, least) = (largest_singular_value(&to::<Big>(&m, 128)), smallest_singular_value(&to::<Big>(&m, 128)));
        assert!(most.contains(&s[0]) && least.contains(&s[3]));
        assert!(most.relative_width() < 1e-35 && least.relative_width() < 1e-25, "{:e}", least.relative_width());
    }
    let mut deficient = a.clone();
    for j in 0..4 {
        let v = deficient[(0, j)].clone();
        deficient[(3, j)] = v;
    }
    let least = smallest_singular_value(&to::<Interval>(&deficient, 53));
    assert!(least.contains(&q(0, 1)) && least.hi() < 1e-7);
    let wide = e.map(|v| v + Interval::symmetric(1e-3));
    assert!(smallest_singular_value(&wide).contains(&s[3]) && largest_singular_value(&wide).contains(&s[0]));
}

#[test]
fn verified_solutions() {
    let d = [q(1, 1), q(-2, 1), q(1, 1000), q(7, 3), q(1, 9)];
    let a = with_spectrum(&d, &MIX);
    let b = Exact::from_fn(5, 2, |i, j| q((i * 3 + j * 5) as i64 % 7 - 3, 1 + j as i64));
    let truth = solve(&a, &b).unwrap();
    let check =
        |contains: bool, relative: f64, limit: f64| assert!(contains && relative <= limit, "{relative:e} {limit:e}");
    let x = solve_enclosed(&to::<Interval>(&a, 53), &to::<Interval>(&b, 53)).unwrap();
    for (e, t) in x.iter().zip(truth.iter()) {
        check(e.contains(t), e.width() / 1000.0, 1e-11);
    }
    for bits in [128, 256] {
        let x = solve_enclosed(&to::<Big>(&a, bits), &to::<Big>(&b, bits)).unwrap();
        for (e, t) in x.iter().zip(truth.iter()) {
            check(e.contains(t), width_over(e, &q(1000, 1), bits), 2f64.powi(18 - bits as i32));
        }
    }
    // Every member of a wide system is solved inside.
    let wide = to::<Interval>(&a, 53).map(|v| v + Interval::symmetric(1e-5));
    let x = solve_enclosed(&wide, &to::<Interval>(&b, 53)).unwrap();
    for (r, s) in [(1, 1), (-1, 1), (1, -1), (-1, -1)] {
        let member = Exact::from_fn(5, 5, |i, j| a[(i, j)].clone() + q(if (i + j) % 2 == 0 { r } else { s }, 100_001));
        let t = solve(&member, &b).unwrap();
        assert!(x.iter().zip(t.iter()).all(|(e, t)| e.contains(t)));
    }
    // A contraction of one half, where its term decides: a x = b with a between 1 and 3.
    for b in [1.0, -1.0] {
        let a = DMatrix::from_element(1, 1, Interval::new(1.0, 3.0));
        let x = solve_enclosed(&a, &DMatrix::from_element(1, 1, Interval::point(b))).unwrap()[(0, 0)];
        assert!(x.contains(&exact(b)) && x.contains(&(exact(b) / q(3, 1))) && x.width() < 1.1, "{x:?}");
    }
    let singular = with_spectrum(&[q(1, 1), q(0, 1), q(2, 1)], &MIX);
    assert!(solve_enclosed(&to::<Interval>(&singular, 53), &DMatrix::zeros(3, 1)).is_none());
    assert!(solve_enclosed(&to::<Big>(&singular, 256), &DMatrix::zeros(3, 1)).is_none());
}

#[test]
fn factors_and_triangular_systems() {
    let d = [q(1, 2), q(3, 1), q(1, 100)];
    let a = with_spectrum(&d, &MIX);
    let e = to::<Big>(&a, 128);
    let r = cholesky(&e).unwrap();
    for (p, t) in (&r * r.transpose()).iter().zip(a.iter()) {
        assert!(p.contains(t) && p.relative_width() < 1e-33);
    }
    let b = Exact::from_fn(3, 1, |i, _| q(i as i64 - 1, 3));
    let truth = solve(&a, &b).unwrap();
    let half = triangular_solve(&r, &DVector::from_iterator(3, b.iter().map(|v| Big::from_rational(v, 128))), false);
    let x = triangular_solve(&r, &half, true);
    assert!(x.iter().zip(truth.iter()).all(|(e, t)| e.contains(t) && e.hi() - e.lo() < 1e-14));
    assert_eq!(positive_definite(&e), Definiteness::Positive);
    assert_eq!(positive_definite(&e.map(|v| -v)), Definiteness::NotPositive);
    let indefinite = to::<Interval>(&with_spectrum(&[q(1, 1), q(-1, 1000), q(2, 1)], &MIX), 53);
    assert_eq!(positive_definite(&indefinite), Definiteness::NotPositive);
    assert!(cholesky(&indefinite).is_none());
    // A pivot that is exactly zero proves the contrary.
    let ones = Exact::from_element(2, 2, q(1, 1));
    assert_eq!(positive_definite(&to::<Interval>(&ones, 53)), Definiteness::NotPositive);
    assert!(cholesky(&to::<Interval>(&ones, 53)).is_none() && cholesky(&to::<Big>(&ones, 128)).is_none());
    // A singular matrix is neither provably definite nor provably not, at any precision, once its entries are rounded.
    let singular = to::<Big>(&with_spectrum(&[q(1, 1), q(0, 1), q(2, 1)], &MIX), 256);
    assert_eq!(positive_definite(&singular), Definiteness::Unknown);
    // One entry wide enough to allow an indefinite member: the middle is definite, the set is not.
    let mut wide = DMatrix::<Interval>::identity(2, 2);
    wide[(1, 0)] = Interval::new(0.0, 1.5);
    assert_eq!(positive_definite(&wide), Definiteness::Unknown);
    assert!(cholesky(&wide).is_none());
}

fn counts(d: &[Rational]) -> Inertia {
    let of = |s: i32| d.iter().filter(|v| v.sign() == s).count();
    Inertia { negative: of(-1), zero: of(0), positive: of(1) }
}

#[test]
fn inertia_with_zero_diagonals() {
    let of = |rows: &[&[i64]]| inertia(&Exact::from_fn(rows.len(), rows.len(), |i, j| q(rows[i.max(j)][i.min(j)], 1)));
    let is = |negative, zero, positive| Inertia { negative, zero, positive };
    assert_eq!(of(&[]), is(0, 0, 0));
    assert_eq!(of(&[&[0]]), is(0, 1, 0));
    assert_eq!(of(&[&[0], &[5, 0]]), is(1, 0, 1));
    assert_eq!(of(&[&[0], &[-5, 0]]), is(1, 0, 1));
    assert_eq!(of(&[&[0], &[1, 0], &[0, 0, 0]]), is(1, 1, 1));
    // Complete graphs: eigenvalues n - 1 once, -1 otherwise.
    assert_eq!(of(&[&[0], &[1, 0], &[1, 1, 0]]), is(2, 0, 1));
    assert_eq!(of(&[&[0], &[1, 0], &[1, 1, 0], &[1, 1, 1, 0]]), is(3, 0, 1));
    // The four-cycle: 2, 0, 0, -2. Two hyperbolic pairs: twice (1, -1).
    assert_eq!(of(&[&[0], &[1, 0], &[0, 1, 0], &[1, 0, 1, 0]]), is(1, 2, 1));
    assert_eq!(of(&[&[0], &[1, 0], &[0, 0, 0], &[0, 0, -1, 0]]), is(2, 0, 2));
    // The zero diagonal appears only after a first pivot; the second pivot follows a negative one.
    assert_eq!(of(&[&[1], &[1, 1], &[1, 3, 1]]), is(1, 0, 2));
    assert_eq!(of(&[&[-1], &[0, -1], &[0, 0, 0], &[0, 0, 1, 0]]), is(3, 0, 1));
    assert_eq!(of(&[&[-2], &[1, 0], &[1, 0, 0]]), is(1, 1, 1));
}

#[test]
fn counting_in_pencils() {
    let d = [q(1, 1), q(1, 1), q(2, 1), q(-3, 1)];
    let a = with_spectrum(&d, &MIX);
    for (c, n) in [(q(0, 1), 3), (q(1, 1), 1), (q(999, 1000), 3), (q(2, 1), 0), (q(-3, 1), 3), (q(-4, 1), 4)] {
        assert_eq!(count_above(&a, &c), n, "above {c}");
    }
    // With B = G G^T, the pencil (G A G^T, B) has the eigenvalues of A.
    let g = Exact::from_fn(4, 4, |i, j| q(if i >= j { (i + 2 * j) as i64 + 1 } else { 0 }, 2));
    let b = &g * g.transpose();
    let congruent = &g * &a * g.transpose();
    for (c, n) in [(q(0, 1), 3), (q(1, 1), 1), (q(2, 1), 0), (q(-3, 1), 3), (q(-4, 1), 4)] {
        assert_eq!(count_above_pencil(&congruent, &b, &c), Some(n), "above {c}");
    }
    assert_eq!(count_above_pencil(&a, &a, &q(1, 1)), None);
    assert_eq!(count_above_pencil(&a, &Exact::zeros(4, 4), &q(1, 1)), None);
    assert_eq!(count_above_pencil(&a, &Exact::identity(3, 3), &q(1, 1)), None);
}

fn rational() -> impl Strategy<Value = Rational> {
    prop_oneof![
        3 => (-20i64..=20, 1i64..=9).prop_map(|(n, d)| q(n, d)),
        1 => Just(q(0, 1)),
        1 => (-20i64..=20, 30u32..80).prop_map(|(n, k)| q(n, 1) / pow2(k)),
        1 => (-9i64..=9, 1u32..40).prop_map(|(n, k)| q(n, 1) * pow2(k)),
    ]
}

fn spectrum() -> impl Strategy<Value = (Vec<Rational>, Vec<i64>)> {
    (prop::collection::vec(rational(), 1..7), prop::collection::vec(-4i64..=4, 15))
}

/// Containment at any condition; and the width, relative to the smallest singular value, within 1000 u times the
/// condition number where that product is small: without orthogonal factors it would be its square for a matrix with
/// more rows than columns.
fn check_singular_values(d: &[Rational], mix: &[i64], other: &[i64], more_rows: usize) {
    let n = d.len();
    let (u, v) = (cayley(n + more_rows, mix), cayley(n, other));
    let middle = Exact::from_fn(n + more_rows, n, |i, j| if i == j { d[i].clone() } else { q(0, 1) });
    let a = &u * middle * v;
    let (least, most) = (d.iter().map(Rational::abs).min().unwrap(), d.iter().map(Rational::abs).max().unwrap());
    for bits in [53, 128] {
        for a in [a.clone(), a.transpose()] {
            let e = to::<Big>(&a, bits);
            let (s, t) = (smallest_singular_value(&e), largest_singular_value(&e));
            assert!(s.contains(&least) && t.contains(&most), "{d:?}: {s:?} {t:?}");
            if !most.is_zero() {
                assert!(width_over(&t, &most, bits) < slack(6) * 2f64.powi(-(bits as i32)), "{d:?}: {t:?}");
            }
            if !least.is_zero() {
                let condition = (most.clone() / least.clone()).to_f64() * 2f64.powi(-(bits as i32));
                if condition < 1e-9 {
                    assert!(width_over(&s, &least, bits) < 1e3 * condition, "{d:?}: {s:?}");
                }
            }
        }
    }
    let e = to::<Interval>(&a, 53);
    assert!(smallest_singular_value(&e).contains(&least) && largest_singular_value(&e).contains(&most));
}

/// Found by the property below, or in 300,000 cases of it: the quotient at the top eigenvector of the approximate
/// inverse alone is off by up to the square of the condition number, and the first step of its refinement may be worse
/// still.
#[test]
fn smallest_singular_values_far_below_the_others() {
    let two = |n: i64, k: i32| if k < 0 { q(n, 1) / pow2(k.unsigned_abs()) } else { q(n, 1) * pow2(k.unsigned_abs()) };
    type Case = (Vec<Rational>, Vec<i64>, Vec<i64>, usize);
    let cases: [Case; 4] = [
        (
            vec![two(-1, -52), two(1, 37), two(-1, 36), two(1, -1)],
            vec![2, 4, -4, -1, 4, 2],
            vec![-4, 0, 1, -4, -3, -2],
            0,
        ),
        (
            vec![two(1, 24), two(17, -70), two(-1, -68), q(-12, 5), two(1, 29)],
            vec![1, -2, -2, -4, -4, 3, -4, -1, 1, 3],
            vec![1, 1, -3, 1, 1, -3, -2, -1, 1, 0],
            0,
        ),
        (
            vec![two(-3, 20), two(9, -73), two(1, -76), q(-5, 1), q(2, 7)],
            vec![4, -3, 3, 4, -2, -4, 1, 2, 3, -2, 3, 0, 0, -2, 3],
            vec![-3, 2, -2, 0, 4, -2, 0, 4, -2, 2],
            2,
        ),
        (
            vec![two(11, -59), two(1, -48), q(-14, 1), two(-1, 36), two(9, 22)],
            vec![0, -1, 3, -3, -1, 4, -2, 3, -1, 3],
            vec![-4, 0, 0, 0, 0, -3, 0, -4, 0, -2],
            0,
        ),
    ];
    for (d, mix, other, more_rows) in cases {
        check_singular_values(&d, &mix, &other, more_rows);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn extremes_of_any_spectrum((d, mix) in spectrum()) {
        check_extremes(&d, &with_spectrum(&d, &mix), slack(d.len().max(2)));
    }

    #[test]
    fn inertia_of_any_spectrum((mut d, mix) in spectrum(), zeros in 0usize..4) {
        for v in d.iter_mut().take(zeros) {
            *v = q(0, 1);
        }
        let a = with_spectrum(&d, &mix);
        prop_assert_eq!(inertia(&a), counts(&d));
        let c = d[d.len() / 2].clone();
        prop_assert_eq!(count_above(&a, &c), d.iter().filter(|v| **v > c).count());
    }

    /// Small integers with many zeros, the diagonal most of all: agreement with the signs of an LDL^T is not
    /// available, so the inertia of a congruent matrix must agree, and that of the negated one must be mirrored.
    #[test]
    fn inertia_is_kept_by_congruence(entries in prop::collection::vec(-2i64..=2, 36), diagonal in prop::collection::vec(prop_oneof![4 => Just(0i64), 1 => -2i64..=2], 6)) {
        let a = Exact::from_fn(6, 6, |i, j| if i == j { q(diagonal[i], 1) } else { q(entries[i.max(j) * 6 + i.min(j)], 1) });
        let unit = Exact::from_fn(6, 6, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Greater => q(entries[j * 6 + i], 1),
            std::cmp::Ordering::Equal => q(if i % 2 == 0 { 1 } else { -3 }, 2),
            std::cmp::Ordering::Less => q(0, 1),
        });
        let first = inertia(&a);
        prop_assert_eq!(inertia(&(&unit * &a * unit.transpose())), first);
        let mirrored = Inertia { negative: first.positive, zero: first.zero, positive: first.negative };
        prop_assert_eq!(inertia(&a.map(|v| -v)), mirrored);
        // The rank, by exact elimination elsewhere: A x = 0 has as many independent solutions as zero eigenvalues.
        let eigenvalues_are_bounded = q(40, 1);
        prop_assert_eq!(count_above(&a, &eigenvalues_are_bounded), 0);
        prop_assert_eq!(count_above(&a, &-eigenvalues_are_bounded), 6);
    }

    #[test]
    fn singular_values_of_any_spectrum((d, mix) in spectrum(), other in prop::collection::vec(-4i64..=4, 15), more_rows in 0usize..3) {
        check_singular_values(&d, &mix, &other, more_rows);
    }

    #[test]
    fn solutions_of_any_system((d, mix) in spectrum(), right in prop::collection::vec(-9i64..=9, 7)) {
        prop_assume!(d.iter().all(|v| !v.is_zero()));
        let a = with_spectrum(&d, &mix);
        let b = Exact::from_fn(d.len(), 1, |i, _| q(right[i], 3));
        let truth = solve(&a, &b).unwrap();
        prop_assert_eq!(&a * &truth, b.clone());
        let x = solve_enclosed(&to::<Big>(&a, 512), &to::<Big>(&b, 512));
        prop_assert!(x.is_some_and(|x| x.iter().zip(truth.iter()).all(|(e, t)| e.contains(t) && width_over(e, &q(1, 1), 53) < 1e-60)));
        if let Some(x) = solve_enclosed(&to::<Interval>(&a, 53), &to::<Interval>(&b, 53)) {
            prop_assert!(x.iter().zip(truth.iter()).all(|(e, t)| e.contains(t)));
        }
    }
}

#[test]
fn a_guess_is_an_eigenvalue_only_if_it_is_proved() {
    let turn = cayley(2, &[2]);
    let extremes = |a: Rational, b: Rational| {
        let gram = &turn * Exact::from_diagonal(&DVector::from_vec(vec![a, b])) * turn.transpose();
        (rational_eigenvalue(&gram, false, 128), rational_eigenvalue(&gram, true, 128))
    };
    assert_eq!(extremes(q(7, 8), q(2, 1)), (Some(q(7, 8)), Some(q(2, 1))));
    // Within 128 bits of 1 and of 2, and neither.
    assert_eq!(extremes(1 + 1 / pow2(200), 2 - 1 / pow2(200)), (None, None));
}
