//! Lanczos in reduced coordinates, both ends of the spectrum at once: it proposes eigenvectors, and decides nothing.
//!
//! The basis is kept orthonormal by full orthogonalisation, so that H restricted to it is a small dense matrix,
//! `Q^T H Q`, whose eigenpairs are the Ritz pairs; the residual of a pair is the norm of what H adds to the space
//! times the last component of its coefficients. Memory is the basis, of at most [`Limits::basis`] vectors of a few
//! widths each. Errors here, an unlucky start or lost orthogonality cost width or passes later and never an
//! enclosure.

use super::End;
use super::reduced::{Reduced, axpy, dot};
use crate::linalg::approximate_eigen;
use nalgebra::DMatrix;
use rand::{RngExt, SeedableRng};

/// An approximate eigenpair: `norm(H x - value x)` is about `residual`, norm(x) = 1.
#[derive(Clone, Debug)]
pub(super) struct Ritz {
    /// The Ritz value: x^T H x, or with the other sign for the smallest.
    pub value: f64,
    /// An estimate, from the recurrence.
    pub residual: f64,
    /// x, in reduced coordinates.
    pub vector: Vec<f64>,
}

/// Ritz pairs from the two ends of the spectrum of H.
pub(super) struct Proposals {
    /// From the largest on.
    pub largest: Vec<Ritz>,
    /// From the smallest on; values of -H, so these too descend.
    pub smallest: Vec<Ritz>,
    /// Products with H spent.
    pub products: usize,
    /// Whether the space is everything, up to the null space of H.
    pub complete: bool,
}

/// Values and residuals, descending, of one end: what a goal looks at.
pub(super) type Seen<'a> = &'a [(f64, f64)];

/// Limits of a run.
pub(super) struct Limits {
    /// Vectors that the basis may hold.
    pub basis: usize,
    /// Products with H.
    pub products: usize,
    /// Pairs to return at each end, and to keep at a restart.
    pub keep: usize,
}

/// Share of the spectral norm below which what H adds to the space is roundoff.
const INVARIANT: f64 = 1e-12;
/// Up to this dimension the space is exhausted: that is cheap, and finds every multiplicity.
const SMALL: usize = 64;
/// Operations of a decomposition of an m x m matrix, over m^3.
const LOOK: usize = 25;
/// A basis of this many bytes is held whatever the size of the weights.
const BASIS_BYTES: usize = 1 << 28;

impl Limits {
    /// Room for the basis: all vectors where the space has few dimensions; else what fits into the memory that the
    /// weights take, or `BASIS_BYTES` if that is more, but at least `3 keep` vectors and at most 120 or `4 keep`. A
    /// spectrum that has not parted after 600 products is left to counts.
    pub fn new(reduced: &Reduced, parameters: usize, wanted: usize) -> Self {
        let bytes = 8 * reduced.size;
        let room = BASIS_BYTES.max(8 * parameters) / bytes.max(1);
        let keep = wanted + 8;
        let basis = if reduced.dimension <= SMALL { SMALL } else { room.clamp(3 * keep, 120.max(4 * keep)) };
        Self { basis, products: 600, keep }
    }
}

/// Runs until `done` says that both ends are good enough (largest, smallest), the space is everything, or the products
/// are spent.
///
/// Full orthogonalisation, twice; where the basis is full, the Ritz vectors of both ends are kept and the rest
/// forgotten (thick restart); where the space is invariant, a random direction is added, so that multiple eigenvalues
/// appear. `known` are kept from the start.
///
/// `done` is asked when the basis is full or a look at the projected matrix is due, and sees the two ends descending,
/// the smallest as values of -H. `known` are pairs of H and start the basis. `seed` is that of the random directions:
/// the same arguments give the same run.
pub(super) fn run(
    reduced: &Reduced,
    known: Vec<Ritz>,
    seed: u64,
    limits: &Limits,
    done: impl Fn(Seen, Seen) -> bool,
) -> Proposals {
    let mut space = Space::new(reduced, known, limits.basis, seed);
    let (mut products, mut since, mut seen, mut last) = (0, 0, 0, None);
    while let Some(residual) = space.step() {
        products += 1;
        let m = space.basis.len();
        since += reduced.cost() + 8 * m * reduced.size;
        let full = m == limits.basis;
        let spent = products >= limits.products;
        let complete = m >= reduced.dimension;
        // A look at the projected matrix is due once the products since the last have cost as much as it, or before its
        // own cost, of the order of m^3, has doubled.
        let due = products >= 8 && (since >= LOOK * m * m * m || 5 * m >= 6 * seen) && reduced.dimension > SMALL;
        if !(full || spent || complete || due) {
            continue;
        }
        (since, seen) = (0, m);
        let Some(ritz) = space.ritz(residual) else { break };
        if complete || spent || done(&ritz.ends(false, limits.keep), &ritz.ends(true, limits.keep)) {
            last = Some(ritz);
            break;
        }
        if full {
            space.restart(&ritz, limits.keep);
        }
    }
    let complete = space.basis.len() >= reduced.dimension;
    let residual = if complete { 0.0 } else { space.residual };
    match last.or_else(|| space.ritz(residual)) {
        Some(ritz) => {
            let ritz = Decomposition { residual, ..ritz };
            Proposals {
                largest: space.pairs(&ritz, false, limits.keep),
                smallest: space.pairs(&ritz, true, limits.keep),
                products,
                complete,
            }
        }
        None => Proposals { largest: Vec::new(), smallest: Vec::new(), products, complete: false },
    }
}

/// The Krylov space so far: an orthonormal basis Q, H on it, and the direction that comes next.
struct Space<'a> {
    /// H.
    reduced: &'a Reduced<'a>,
    /// The columns of Q, orthonormal up to rounding.
    basis: Vec<Vec<f64>>,
    /// `Q^T H Q`, as far as it is known.
    projected: DMatrix<f64>,
    /// The largest entry that it has had.
    size: f64,
    /// The next direction, not normalised.
    next: Vec<f64>,
    /// Norm of what H adds to the space.
    residual: f64,
    /// For directions where the space is invariant.
    random: rand_chacha::ChaCha8Rng,
}

/// Eigenpairs of `Q^T H Q`.
struct Decomposition {
    /// Ascending.
    values: Vec<f64>,
    /// Column i belongs to value i: coefficients in the basis.
    vectors: DMatrix<f64>,
    /// Norm of what H adds to the space beyond the last basis vector.
    residual: f64,
}

impl Decomposition {
    /// The first `keep` values of an end with the estimates of their residuals; those of -H at the smallest.
    fn ends(&self, smallest: bool, keep: usize) -> Vec<(f64, f64)> {
        let m = self.values.len();
        let pair = |i: usize| {
            let sign = if smallest { -1.0 } else { 1.0 };
            (sign * self.values[i], self.residual * self.vectors[(m - 1, i)].abs())
        };
        if smallest { (0..m).take(keep).map(pair).collect() } else { (0..m).rev().take(keep).map(pair).collect() }
    }
}

impl<'a> Space<'a> {
    /// The space of the known vectors, taken as invariant; the first direction is drawn.
    fn new(reduced: &'a Reduced, known: Vec<Ritz>, capacity: usize, seed: u64) -> Self {
        let mut projected = DMatrix::zeros(capacity, capacity);
        let (mut basis, mut size) = (Vec::new(), 0.0_f64);
        for (i, r) in known.into_iter().enumerate() {
            size = size.max(r.value.abs());
            projected[(i, i)] = r.value;
            basis.push(r.vector);
        }
        let random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        Self { reduced, basis, projected, size, next: Vec::new(), residual: 0.0, random }
    }

    /// Adds a direction to the basis; the norm of what H takes it to outside. `None` where there is none left.
    fn step(&mut self) -> Option<f64> {
        let q = match self.continued() {
            Some(q) => q,
            None => self.fresh()?,
        };
        let m = self.basis.len();
        let mut y = self.reduced.apply(&q, End::Largest);
        self.basis.push(q);
        let mut h = vec![0.0; m + 1];
        // Twice is enough (Kahan, Parlett).
        for _ in 0..2 {
            for (h, q) in h.iter_mut().zip(&self.basis) {
                let c = dot(q, &y);
                *h += c;
                axpy(-c, q, &mut y);
            }
        }
        for (i, h) in h.into_iter().enumerate() {
            self.size = self.size.max(h.abs());
            self.projected[(i, m)] = h;
            self.projected[(m, i)] = h;
        }
        self.residual = dot(&y, &y).sqrt();
        self.next = y;
        self.residual.is_finite().then_some(self.residual)
    }

    /// The next direction as a unit vector, orthogonal to the basis and in the reduced space once more: normalised,
    /// roundoff grows. `None` where the space is invariant up to roundoff of the products.
    fn continued(&mut self) -> Option<Vec<f64>> {
        let mut q = std::mem::take(&mut self.next);
        if q.is_empty() || self.residual <= INVARIANT * self.size {
            return None;
        }
        q.iter_mut().for_each(|v| *v /= self.residual);
        self.reduced.project(&mut q);
        for known in &self.basis {
            let c = dot(known, &q);
            axpy(-c, known, &mut q);
        }
        let norm = dot(&q, &q).sqrt();
        q.iter_mut().for_each(|v| *v /= norm);
        // Most of it was roundoff.
        (norm > 0.5).then_some(q)
    }

    /// A random unit vector orthogonal to the basis.
    fn fresh(&mut self) -> Option<Vec<f64>> {
        if self.basis.len() >= self.reduced.dimension {
            return None;
        }
        let mut x: Vec<f64> = (0..self.reduced.size).map(|_| self.random.random_range(-1.0..1.0)).collect();
        for _ in 0..3 {
            self.reduced.project(&mut x);
            for q in &self.basis {
                let c = dot(q, &x);
                axpy(-c, q, &mut x);
            }
            let norm = dot(&x, &x).sqrt();
            // A zero, and what is not a number.
            if norm.is_nan() || norm <= 0.0 {
                return None;
            }
            x.iter_mut().for_each(|v| *v /= norm);
        }
        Some(x)
    }

    /// `None` for an empty basis, or where the small solver fails.
    fn ritz(&self, residual: f64) -> Option<Decomposition> {
        let m = self.basis.len();
        if m == 0 {
            return None;
        }
        let t = self.projected.view((0, 0), (m, m)).into_owned();
        let (values, vectors) = approximate_eigen(&t)?;
        Some(Decomposition { values, vectors, residual })
    }

    /// `Q c`.
    fn combine(&self, coefficients: &[f64]) -> Vec<f64> {
        let mut x = vec![0.0; self.reduced.size];
        for (c, q) in coefficients.iter().zip(&self.basis) {
            axpy(*c, q, &mut x);
        }
        x
    }

    /// The Ritz pairs of an end, their vectors of unit norm.
    fn pairs(&self, ritz: &Decomposition, smallest: bool, keep: usize) -> Vec<Ritz> {
        let m = ritz.values.len();
        let ends = ritz.ends(smallest, keep);
        let pair = |(i, (value, residual)): (usize, (f64, f64))| {
            let column = if smallest { i } else { m - 1 - i };
            let mut vector = self.combine(ritz.vectors.column(column).as_slice());
            let norm = dot(&vector, &vector).sqrt();
            vector.iter_mut().for_each(|v| *v /= norm);
            Ritz { value, residual, vector }
        };
        ends.into_iter().enumerate().map(pair).collect()
    }

    /// Keeps the Ritz vectors of both ends. The coupling to the next direction is measured again by its own product.
    fn restart(&mut self, ritz: &Decomposition, keep: usize) {
        let m = ritz.values.len();
        let kept: Vec<usize> = (0..m).filter(|i| *i < keep || *i + keep >= m).collect();
        let basis = kept.iter().map(|i| self.combine(ritz.vectors.column(*i).as_slice())).collect();
        self.projected.fill(0.0);
        for (to, from) in kept.iter().enumerate() {
            self.projected[(to, to)] = ritz.values[*from];
        }
        self.basis = basis;
    }
}
