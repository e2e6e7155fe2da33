//! The form that a stage eliminates, from what it computed, beside the exact one: both as matrices of rationals on
//! (D_k, beta_k), whose blocks must differ by no more than the stage says.

use super::*;
use crate::arithmetic::Rational;
use num_traits::{One, Zero};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A finite double, exactly.
fn rational(x: f64) -> Rational {
    Rational::from_f64(x).unwrap()
}

/// A column of doubles, exactly.
fn rationals(x: &[f64]) -> DMatrix<Rational> {
    DMatrix::from_fn(x.len(), 1, |i, _| rational(x[i]))
}

/// A stage in doubles, the exact a_k and b_k that it stands for, and the value P_{k-1}.
struct Case {
    /// W_k.
    layer: DMatrix<f64>,
    /// a_k as the stage reads it, d_{k-1} entries.
    a: Vec<f64>,
    /// b_k as the stage reads it, d_k entries.
    b: Vec<f64>,
    /// What the stage is told that `a` can be off by; the exact vector is off by about that much.
    a_error: f64,
    /// The same for `b`.
    b_error: f64,
    /// Directions of the errors, of norm at most 1: the exact vectors are `a + a_error a_shift` and likewise for b.
    a_shift: Vec<f64>,
    /// Of that of b.
    b_shift: Vec<f64>,
    /// P_{k-1}, symmetric.
    value: DMatrix<f64>,
    /// T.
    threshold: f64,
}

/// Norms of the three blocks in which the eliminated form differs from the exact one.
struct Apart {
    /// Of the block (D_k, D_k), beside norm(E).
    pivot: f64,
    /// Of (D_k, beta_k), beside norm(F).
    cross: f64,
    /// Of (beta_k, beta_k), beside norm(Delta).
    value: f64,
}

/// The operator norm of an exact difference, in doubles: rounded after the subtraction, so that nothing cancels.
fn norm(a: &DMatrix<Rational>) -> f64 {
    a.map(|q| q.to_f64()).singular_values().max()
}

impl Case {
    /// Whole numbers over 16; b a multiple of a vector of rational norm.
    ///
    /// Then every entry is a double and a rational at once, and `b / norm(b)` is rational, which the exact form
    /// needs. The shifts are parallel to a and b, of norm just below 1: there the errors do the most.
    fn random(rng: &mut ChaCha8Rng, rows: usize, columns: usize) -> Self {
        let mut entry = |_: usize, _: usize| f64::from(rng.random_range(-40..=40_i8)) / 16.0;
        let layer = DMatrix::from_fn(rows, columns, &mut entry);
        let a: Vec<f64> = (0..columns).map(|i| entry(i, 0)).collect();
        let half = DMatrix::from_fn(columns, columns, &mut entry);
        let b = match rows {
            1 => vec![-1.5],
            2 => vec![1.5, -2.0],
            3 => vec![1.0, 2.0, -2.0],
            _ => panic!("no vector of rational norm is typed for {rows} rows"),
        };
        let unit = |v: &[f64]| {
            let size = v.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-3) * (1.0 + 1e-9);
            v.iter().map(|x| x / size).collect()
        };
        Self {
            a_shift: unit(&a),
            b_shift: unit(&b),
            layer,
            a,
            b,
            a_error: 0.0,
            b_error: 0.0,
            value: (&half + half.transpose()) * 0.5,
            threshold: 3.0,
        }
    }

    /// What the code under test reads.
    fn stage(&self) -> Stage<'_> {
        Stage {
            layer: &self.layer,
            size: Size::of(&self.layer),
            a: &self.a,
            a_error: self.a_error,
            b: &self.b,
            b_error: self.b_error,
        }
    }

    /// `y^T P y + 2 (D a)^T beta - T norm_F(D)^2` with `y = W^T beta + D^T b`. Coordinates: D column by column, beta.
    fn exact(&self) -> DMatrix<Rational> {
        let (rows, columns) = self.layer.shape();
        let entries = rows * columns;
        let moved = |v: &[f64], shift: &[f64], error: f64| rationals(v) + rationals(shift).map(|q| q * rational(error));
        let (a, b) = (moved(&self.a, &self.a_shift, self.a_error), moved(&self.b, &self.b_shift, self.b_error));
        let mut state = DMatrix::<Rational>::zeros(columns, entries + rows);
        for j in 0..columns {
            for i in 0..rows {
                state[(j, j * rows + i)] = b[i].clone();
                state[(j, entries + i)] = rational(self.layer[(i, j)]);
            }
        }
        let mut form = state.transpose() * self.value.map(rational) * state;
        self.add_own(&mut form, &a);
        form
    }

    /// Adds `2 (D a)^T beta - T norm_F(D)^2`.
    fn add_own(&self, form: &mut DMatrix<Rational>, a: &DMatrix<Rational>) {
        let (rows, columns) = self.layer.shape();
        let entries = rows * columns;
        for j in 0..columns {
            for i in 0..rows {
                let (at, beta) = (j * rows + i, entries + i);
                form[(at, at)] -= rational(self.threshold);
                form[(at, beta)] += &a[j];
                form[(beta, at)] += &a[j];
            }
        }
    }

    /// What the computed C, J, U and P_k eliminate exactly: with `alpha = D^T u` and `D = u alpha^T + C`,
    /// `- alpha^T (C J C^T) alpha + 2 alpha^T (C U) beta` in the place of the terms of alpha, and in beta what is left
    /// of P_k once the shares of alpha and of C are taken off.
    fn eliminated(&self, factor: &Factor, u: &DMatrix<f64>, next: &DMatrix<f64>) -> DMatrix<Rational> {
        let (rows, columns) = self.layer.shape();
        let entries = rows * columns;
        let (a, t) = (rationals(&self.a), rational(self.threshold));
        let direction = Direction::new(&self.b, 0.0);
        let unit = match direction.norm {
            0.0 => DMatrix::zeros(rows, 1),
            s => rationals(&self.b).map(|q| q / rational(s)),
        };
        let along = (&unit.transpose() * &unit)[(0, 0)].clone();
        assert!(along.is_zero() || along.is_one(), "the norm of b is not rational");
        let signs = DMatrix::from_diagonal(&rationals(&factor.signs).column(0).into_owned());
        let (c, u) = (factor.c.map(rational), u.map(rational));
        // alpha and beta as functions of the coordinates.
        let mut alpha = DMatrix::<Rational>::zeros(columns, entries + rows);
        let mut beta = DMatrix::<Rational>::zeros(rows, entries + rows);
        for i in 0..rows {
            (0..columns).for_each(|j| alpha[(j, j * rows + i)] = unit[i].clone());
            beta[(i, entries + i)] = Rational::one();
        }
        let mut form = DMatrix::zeros(entries + rows, entries + rows);
        self.add_own(&mut form, &a);
        // The terms of alpha that `add_own` has: - T norm(alpha)^2 + 2 (u^T beta) (a^T alpha).
        let own = alpha.transpose() * &a * unit.transpose() * &beta;
        form += alpha.transpose() * &alpha * t.clone() - (&own + own.transpose());
        let coupling = alpha.transpose() * (&c * &u) * &beta;
        form += &coupling + coupling.transpose() - alpha.transpose() * (&c * &signs * c.transpose()) * &alpha;
        let of_rest =
            (DMatrix::identity(rows, rows) - &unit * unit.transpose()) * ((a.transpose() * &a)[(0, 0)].clone() / t);
        let left = next.map(rational) - u.transpose() * signs * &u - of_rest;
        form + beta.transpose() * left * &beta
    }

    /// Norms of the blocks of exact form less eliminated form.
    fn apart(&self, factor: &Factor, u: &DMatrix<f64>, next: &DMatrix<f64>) -> Apart {
        let difference = self.exact() - self.eliminated(factor, u, next);
        let (rows, entries) = (self.layer.nrows(), self.layer.len());
        let block = |at: (usize, usize), size: (usize, usize)| norm(&difference.view(at, size).into_owned());
        Apart {
            pivot: block((0, 0), (entries, entries)),
            cross: block((0, entries), (entries, rows)),
            value: block((entries, entries), (rows, rows)),
        }
    }

    /// The whole stage; the share of each bound that is taken.
    fn check(&self) -> [f64; 3] {
        let (stage, mut value) = (self.stage(), self.value.clone());
        let step = stage.eliminate(&mut value, self.threshold, false);
        let direction = Direction::new(&self.b, self.b_error);
        let factor = factor(&(&self.value * (direction.norm * direction.norm)), self.threshold);
        let (next, u) = stage.advance(&self.value, self.threshold, &direction, &factor, &mut Step::default());
        assert_eq!(next, value);
        self.compare(&step, &self.apart(&factor, &u, &next), true)
    }

    /// The three norms against the three bounds, as shares; the pivot's only where the factor is the stage's own. A
    /// bound that is exceeded or infinite fails the test.
    fn compare(&self, step: &Step, apart: &Apart, pivot: bool) -> [f64; 3] {
        let share = |found: f64, bound: f64, name: &str| {
            assert!(bound.is_finite() && found <= bound * (1.0 + 1e-6), "{name}: {found} is not within {bound}");
            if bound > 0.0 { found / bound } else { 0.0 }
        };
        let of_pivot = if pivot { share(apart.pivot, step.pivot, "E") } else { 0.0 };
        [of_pivot, share(apart.cross, step.cross, "F"), share(apart.value, step.value, "Delta")]
    }
}

/// Layers of six shapes, three of each, and two near the identity, under thresholds of both signs and sizes.
fn cases(seed: u64) -> Vec<Case> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let shapes = [(1, 1), (1, 3), (2, 2), (3, 2), (2, 4), (3, 3)];
    let mut out: Vec<Case> =
        shapes.iter().flat_map(|(r, c)| [(*r, *c); 3]).map(|(r, c)| Case::random(&mut rng, r, c)).collect();
    for (r, c) in [(2, 2), (3, 3)] {
        let mut near = Case::random(&mut rng, r, c);
        near.layer = DMatrix::identity(r, c) + &near.layer * 0.0625;
        out.push(near);
    }
    // Thresholds of both signs: pivots that are definite of either, and mixed.
    for (case, t) in out.iter_mut().zip([3.0, -3.0, 1000.0, -1000.0].into_iter().cycle()) {
        case.threshold = t;
    }
    out
}

/// With exact a_k and b_k: the bounds then hold rounding alone.
#[test]
fn a_stage_is_exact_for_a_form_as_close_as_it_says() {
    for case in cases(1) {
        case.check();
    }
}

/// Vectors that are off by what they say: the errors are as large as the bounds allow, and a good part of them.
#[test]
fn errors_of_a_and_b_are_in_the_blocks() {
    let mut most = [0.0_f64; 3];
    for exponent in [-40, -20, -6] {
        for (a, b) in [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            for mut case in cases(2) {
                (case.a_error, case.b_error) = (a * 2f64.powi(exponent), b * 2f64.powi(exponent));
                let shares = case.check();
                most.iter_mut().zip(shares).for_each(|(m, s)| *m = m.max(s));
            }
        }
    }
    assert!(most[0] > 0.2 && most[1] > 0.2, "{most:?}");
}

/// A b_k whose square is no double counts as zero, and what that costs is in the bounds: with a large P it is a lot.
#[test]
fn a_vector_that_counts_as_zero_has_its_norm_as_error() {
    let mut most = [0.0_f64; 3];
    for mut case in cases(3) {
        case.b.iter_mut().for_each(|v| *v *= 2f64.powi(-500));
        case.value *= 2f64.powi(500);
        let shares = case.check();
        most.iter_mut().zip(shares).for_each(|(m, s)| *m = m.max(s));
    }
    assert!(most[1] > 0.1, "{most:?}");
}

/// Nothing is assumed of the factor: with one whose columns are not orthogonal U solves nothing, and the bounds say so.
#[test]
fn a_solve_that_fails_costs_its_residual() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut most = [0.0_f64; 3];
    for case in cases(4) {
        let n = case.layer.ncols();
        let c =
            DMatrix::from_fn(n, n, |i, j| f64::from(u8::from(i == j)) + f64::from(rng.random_range(-8..=8_i8)) / 16.0);
        let signs = (0..n).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let factor = Factor { c, triangular: false, signs, error: 0.0 };
        let direction = Direction::new(&case.b, 0.0);
        let mut step = Step::default();
        let (next, u) = case.stage().advance(&case.value, case.threshold, &direction, &factor, &mut step);
        let shares = case.compare(&step, &case.apart(&factor, &u, &next), false);
        most.iter_mut().zip(shares).for_each(|(m, s)| *m = m.max(s));
    }
    assert!(most[1] > 0.1, "{most:?}");
}
