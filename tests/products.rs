//! What every ball stands on: products of doubles by `faer` and `nalgebra` are sums of products, in some order, and
//! nothing else.
//!
//! Below 16^3 multiplications `faer` takes one kernel, above it another, by the vector width of the CPU, with edges for
//! odd sizes; `nalgebra` has its own from small sizes on. Integers whose sums stay below 2^53 must come out exact from
//! each of them, at every scale, subnormal results included: a recombination, a flush to zero or a wrong edge would
//! show.

use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, MatMut, MatRef, Par};
use flatcert::arithmetic::Rational;
use nalgebra::DMatrix;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Both sides of every edge of a register tile (4, 6, 8, 12, 16, 24 ..), of the switch of kernels, of a cache block.
const SIZES: [usize; 14] = [1, 2, 7, 15, 16, 17, 23, 31, 33, 48, 65, 97, 129, 200];

fn integers(rng: &mut ChaCha8Rng, rows: usize, columns: usize) -> DMatrix<i64> {
    DMatrix::from_fn(rows, columns, |_, _| rng.random_range(-(1 << 20)..=1 << 20))
}

fn doubles(m: &DMatrix<i64>, exponent: i32) -> DMatrix<f64> {
    let (half, rest) = (2f64.powi(exponent / 2), 2f64.powi(exponent - exponent / 2));
    m.map(|v| v as f64 * half * rest)
}

fn view(m: &DMatrix<f64>) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice(m.as_slice(), m.nrows(), m.ncols())
}

fn product(a: MatRef<'_, f64>, b: MatRef<'_, f64>) -> DMatrix<f64> {
    let (rows, columns) = (a.nrows(), b.ncols());
    let mut out = DMatrix::zeros(rows, columns);
    let target = MatMut::from_column_major_slice_mut(out.as_mut_slice(), rows, columns);
    faer::linalg::matmul::matmul(target, Accum::Replace, a, b, 1.0, Par::Seq);
    out
}

/// Shapes (m, k, n) that meet every size in every place.
fn shapes() -> Vec<(usize, usize, usize)> {
    let s = SIZES.len();
    (0..3 * s).map(|t| (SIZES[t % s], SIZES[(3 * t + t / s) % s], SIZES[(5 * t + 2 * (t / s)) % s])).collect()
}

/// Exponents of the two factors: plain, subnormal products (the last bit at 2^-1074), products near overflow.
const SCALES: [(i32, i32); 4] = [(0, 0), (-540, -534), (-1074, 0), (480, 490)];

#[test]
fn products_of_integers_are_exact_on_every_kernel() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for (m, k, n) in shapes() {
        let (a, b) = (integers(&mut rng, m, k), integers(&mut rng, k, n));
        let want = &a * &b;
        for (p, q) in SCALES {
            let (fa, fb) = (doubles(&a, p), doubles(&b, q));
            let exact = doubles(&want, p + q);
            let at = format!("{m} {k} {n} at {p} {q}");
            assert_eq!(product(view(&fa), view(&fb)), exact, "faer {at}");
            let (ta, tb) = (fa.transpose(), fb.transpose());
            assert_eq!(product(view(&ta).transpose(), view(&fb)), exact, "faer, left transposed, {at}");
            assert_eq!(product(view(&fa), view(&tb).transpose()), exact, "faer, right transposed, {at}");
            assert_eq!(product(view(&ta).transpose(), view(&tb).transpose()), exact, "faer, both transposed, {at}");
            assert_eq!(&fa * &fb, exact, "nalgebra {at}");
            assert_eq!(ta.tr_mul(&fb), exact, "nalgebra, transposed, {at}");
        }
    }
}

/// Sub-matrices with a stride, as the a posteriori product of a Cholesky factor uses them, and lower halves, as Gram
/// matrices do.
#[test]
fn sub_views_and_lower_halves_are_exact() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for n in [19, 40, 131, 200] {
        let (a, b) = (integers(&mut rng, n, n), integers(&mut rng, n, n));
        let (fa, fb) = (doubles(&a, 0), doubles(&b, 0));
        for (from, rows, inner, columns) in [(0, n, n / 2, n), (3, n - 5, n - 7, n - 3), (n / 2, n / 2, n / 3, 17)] {
            let left = view(&fa).submatrix(from, 1, rows, inner);
            let right = view(&fb).submatrix(2, n - columns, inner, columns);
            let want = a.view((from, 1), (rows, inner)) * b.view((2, n - columns), (inner, columns));
            assert_eq!(product(left, right), doubles(&want, 0), "{n} {from}");
            let right = view(&fa).submatrix(from, 1, rows.min(9), inner).transpose();
            let want = a.view((from, 1), (rows, inner)) * a.view((from, 1), (rows.min(9), inner)).transpose();
            assert_eq!(product(left, right), doubles(&want, 0), "{n} {from} transposed");
        }
        let mut out = DMatrix::from_element(n, n, 7.0);
        let target = MatMut::from_column_major_slice_mut(out.as_mut_slice(), n, n);
        let (lower, full) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
        triangular::matmul(target, lower, Accum::Add, view(&fa).transpose(), full, view(&fa), full, 1.0, Par::Seq);
        let gram = a.transpose() * &a;
        for (i, j) in (0..n).flat_map(|j| (0..n).map(move |i| (i, j))) {
            let want = if i >= j { gram[(i, j)] as f64 + 7.0 } else { 7.0 };
            assert_eq!(out[(i, j)], want, "{n} {i} {j}");
        }
    }
}

/// Full doubles of many sizes: every entry within `gamma_k |A| |B|` of the exact one.
#[test]
fn rounded_products_keep_the_bound() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for (m, k, n) in [(5, 9, 4), (17, 33, 18), (64, 200, 31), (129, 97, 65)] {
        let mut entry = || rng.random_range(-1.0..1.0) * 2f64.powi(rng.random_range(-30..30));
        let (a, b) = (DMatrix::from_fn(m, k, |_, _| entry()), DMatrix::from_fn(k, n, |_, _| entry()));
        let (faer, nalgebra) = (product(view(&a), view(&b)), &a * &b);
        let exact = |v: f64| Rational::from_f64(v).unwrap();
        let gamma = Rational::new(k as i64, 1).times_power_of_two(-53) * Rational::new(1_000_001, 1_000_000);
        for (i, j) in (0..m * n).step_by(7).map(|t| (t % m, t / m)) {
            let terms = || (0..k).map(|l| exact(a[(i, l)]) * exact(b[(l, j)]));
            let sum = terms().fold(Rational::from(0), |s, t| s + t);
            let size = terms().fold(Rational::from(0), |s, t| s + t.abs());
            for computed in [faer[(i, j)], nalgebra[(i, j)]] {
                assert!((exact(computed) - sum.clone()).abs() <= gamma.clone() * size.clone(), "{m} {k} {n}: {i} {j}");
            }
        }
    }
}
