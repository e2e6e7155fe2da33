//! Where a gradient flow ends, enclosed, for starts whose risk is so small that the flow is that of its linearisation.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | W_k(0) - I | `moved` | d x d |
//! | Sigma, lambda | `spectrum`: Sigma is diagonal; its least entry | d, scalar |
//! | E = F(W) - w*, F(W) = W_1^T .. W_L^T w; for d targets `W_L .. W_1 - P*` | `error`: E(0) | d, or d x d |
//! | J, the Jacobian of F at W(0); G = J J^T | [`Linearised::gram`] | p x p, p = d or d^2 |
//! | max_k norm_F(theta_k) at the limit, theta_k = L (W_k - W_k(0)) | [`Limit::theta`] | enclosure |
//! | S at the limit | [`Limit::sharpness`] | enclosure |
//!
//! **The limit, to first order and with a bound of the rest.** Let `sigma = sqrt(lambda_min(G))`, `f = R - R_min`, and
//! K such that `norm(J(W) - J(W(0))) <= K rho` in the ball of radius rho around W(0). If
//! `rho = 2 sqrt(f(0)/lambda)/sigma` and `K rho <= sigma/2`, then:
//!
//! 1. In the ball `norm(grad R)^2 = 4 norm(J^T Sigma E)^2 >= 4 (sigma/2)^2 lambda f`, so
//!    `d sqrt(f)/dt <= -(sigma/2) sqrt(lambda) norm(grad R)`: the path is shorter than
//!    `sqrt(f(0)/lambda)/(sigma/2) = rho`, the ball is never left, f falls exponentially, and the flow converges to a
//!    minimiser W(0) + D with norm(D) <= rho.
//! 2. `D = -int 2 J^T Sigma E = J(0)^T v + r`, `norm(r) <= K rho int 2 norm(Sigma E) <= 2 K rho^2/sigma`, since
//!    `norm(grad R) >= sigma norm(Sigma E)`.
//! 3. F(W(0) + D) = w* says `J(0) D + q = -E(0)`, `norm(q) <= K rho^2/2`. With `J(0)^+ = J(0)^T G^-1`, D is
//!    `-J(0)^+ E(0) - J(0)^+ q + (I - J(0)^+ J(0)) r`: `norm(D + J(0)^+ E(0)) <= 5/2 K rho^2/sigma`.
//!
//! So the limit is the minimiser nearest to the start, to first order, whatever Sigma is, and theta_k = L D_k is
//! enclosed with a relative error of the order of E(0). S at the limit is `2 norm(Sigma^(1/2) J)^2` with J within K rho
//! of J(0). **K:** `D^2 F` has the norm `norm(w) L a` at most, where every product of consecutive layers in the ball,
//! also one that leaves two layers out, is bounded by a. Here `a = min(exp(sum_k norm_F(W_k(0) - I)), P^3 Q^2) exp(3
//! sqrt(L) rho P Q)`, where P and Q bound the norms of Pi_{k:1} and of their inverses at the start: the products
//! before, between and after the two layers are at most P, P Q and P Q there, and in the ball by `exp(sqrt(L) rho P Q)`
//! more each (as in Lemma 9).
//!
//! **Hypotheses of the code:** Sigma is diagonal with positive entries, of any size (the sharpness allows for
//! `norm(Sigma^(1/2) (J - J(0))) <= sqrt(Lambda) norm(J - J(0))`), and all layers are d x d. Everything else is proved
//! or refused: G positive definite, `K rho <= sigma/2`. A refusal says that this bound does not reach, not that the
//! flow does something else. Why not the tube: a trajectory in doubles cannot see a risk of 1e-36 of its scale, and
//! here none is needed, since one linear system gives the limit.

use crate::arithmetic::{Enclosure, Interval, Rational};
use crate::linalg::{approximate_eigen, largest_eigenvalue, smallest_eigenvalue, solve_enclosed};
use crate::problem::norm_squared;
use nalgebra::DMatrix;

/// A start to first order, in one arithmetic.
///
/// Made by [`Linearised::at`].
#[derive(Clone, Debug)]
pub struct Linearised<E: Enclosure> {
    /// G.
    pub gram: DMatrix<E>,
    /// Sigma's diagonal.
    spectrum: Vec<E>,
    /// d targets and no head: E is d x d, p = d^2.
    multivariate: bool,
    /// W_{k-1} .. W_1.
    before: Vec<DMatrix<E>>,
    /// W_{k+1}^T .. W_L^T w as a column; W_{k+1}^T .. W_L^T for d targets.
    after: Vec<DMatrix<E>>,
    /// At least the norms of every product of consecutive layers but two, and of every product of consecutive layers
    /// times the inverse of a shorter one.
    growth: E,
    /// At least P Q of the module's documentation, or 1 where the growth alone is small: what the exponent of the
    /// ball is multiplied by.
    conditioning: E,
    /// F(W(0)) as a column; for d targets its transpose.
    product: DMatrix<E>,
}

/// What is enclosed of the limit, and of the start.
#[derive(Clone, Copy, Debug)]
pub struct Limit<E> {
    /// `sqrt(R(W(0)) - R_min)/(lambda norm(w))`.
    pub smallness: E,
    /// max_k norm_F(theta_k).
    pub theta: E,
    /// S.
    pub sharpness: E,
    /// norm(w*).
    pub w_star: E,
    /// norm(w); 1 for d targets.
    pub head: E,
    /// lambda.
    pub lambda: E,
}

/// norm_F(m).
fn frobenius<E: Enclosure>(m: &DMatrix<E>) -> E {
    norm_squared(m.iter()).sqrt()
}

impl<E: Enclosure> Limit<E> {
    /// In doubles.
    pub fn to_intervals(&self) -> Limit<Interval> {
        Limit {
            smallness: self.smallness.to_interval(),
            theta: self.theta.to_interval(),
            sharpness: self.sharpness.to_interval(),
            w_star: self.w_star.to_interval(),
            head: self.head.to_interval(),
            lambda: self.lambda.to_interval(),
        }
    }
}

/// Below this, the bound of the products by the norms of their layers is good enough: P Q >= 1 may be left out, as
/// `sqrt(L) rho` bounds what the ball adds.
const SMALL_GROWTH: f64 = 1e6;

/// `a` of the module's documentation at the start, and P Q, where the products are enclosed well enough.
///
/// P is the largest Frobenius norm of the products, Q that of their inverses, so that a product of consecutive
/// layers, `Pi_{k:1} Pi_{j:1}^-1`, has at most the norm P Q. Where an inverse is not enclosed, `growth` stays and P Q
/// counts as one.
fn conditioning<E: Enclosure>(products: &[DMatrix<E>], growth: E) -> (E, E) {
    let identity = DMatrix::<E>::identity(products[0].nrows(), products[0].nrows());
    let largest = |norms: Option<Vec<E>>| norms.and_then(|n| n.into_iter().reduce(|a, b| a.max(&b)));
    let norm = largest(Some(products.iter().map(frobenius).collect()));
    let inverse = largest(products.iter().map(|p| solve_enclosed(p, &identity).map(|i| frobenius(&i))).collect());
    match (norm, inverse) {
        (Some(p), Some(q)) => ((p.powi(3) * q.powi(2)).min(&growth), p * q),
        _ => (growth, E::one()),
    }
}

impl<E: Enclosure> Linearised<E> {
    /// At the layers `W_k = I + moved_k`, d x d, with the head w as a column; without one for d targets.
    ///
    /// J has the blocks `D_k -> A_k^T D_k^T b_k` with `A_k = W_{k-1} .. W_1` and `b_k = W_{k+1}^T .. W_L^T w`, so
    /// `G = sum_k A_k^T A_k norm(b_k)^2`; for d targets, with `B_k = W_{k+1}^T .. W_L^T`, it is
    /// `sum_k (B_k^T B_k) (x) (A_k^T A_k)`. Cost: O(L d^3), for d targets O(L d^4) for the Kronecker products; the
    /// bounds of the products add an enclosed inverse for each layer where they are needed. `moved` must not be
    /// empty.
    pub fn at(moved: &[DMatrix<E>], head: Option<DMatrix<E>>, spectrum: Vec<E>) -> Self {
        let d = spectrum.len();
        let multivariate = head.is_none();
        let growth = moved.iter().fold(E::zero(), |sum, m| sum + frobenius(m)).exp();
        let identity = DMatrix::<E>::identity(d, d);
        let mut before = vec![identity.clone()];
        for m in moved {
            let last = &before[before.len() - 1];
            before.push(last + m * last);
        }
        let mut after = vec![head.unwrap_or_else(|| identity.clone())];
        for m in moved.iter().skip(1).rev() {
            let last = &after[after.len() - 1];
            after.push(last + m.tr_mul(last));
        }
        after.reverse();
        let (growth, conditioning) =
            if growth.hi() < SMALL_GROWTH { (growth, E::one()) } else { conditioning(&before, growth) };
        // before[L] is the whole product.
        let whole = before.pop().unwrap_or(identity);
        let product = if multivariate { whole.transpose() } else { whole.tr_mul(&after[moved.len() - 1]) };
        let p = if multivariate { d * d } else { d };
        let mut gram = DMatrix::<E>::zeros(p, p);
        for (a, b) in before.iter().zip(&after) {
            let (inner, outer) = (a.tr_mul(a), b.tr_mul(b));
            // For d targets E is W^T - P*^T, d x d, by columns: E -> A^T A E B B^T.
            gram += if multivariate { outer.kronecker(&inner) } else { inner * outer[(0, 0)].clone() };
        }
        Self { gram, spectrum, multivariate, before, after, growth, conditioning, product }
    }
    /// An approximate eigenvector of G of its least eigenvalue, as an E(0): the limit is farthest.
    ///
    /// In doubles, of norm one up to rounding: any E(0) is admissible, this one makes `E^T G^-1 E` large. `None`
    /// where the eigen-solver fails.
    pub fn hardest(&self) -> Option<DMatrix<f64>> {
        let (_, vectors) = approximate_eigen(&self.gram.map(|v| v.midpoint().lo()))?;
        let columns = if self.multivariate { self.spectrum.len() } else { 1 };
        Some(DMatrix::from_column_slice(self.spectrum.len(), columns, vectors.column(0).as_slice()))
    }
    /// The limit from this E(0), as a column or d x d; `bits` of the constants.
    ///
    /// The steps are those of the module's documentation. `norm_F(D_k)` is enclosed by the k-th block of
    /// `J(0)^+ E(0)`, that is of `J(0)^T z` with `G z = E(0)`, and the bound of the rest; for a head that block is an
    /// outer product, whose norm is the product of two norms. Cost: O(p^3) for the system and the eigenvalues of G,
    /// O(L d^3) besides.
    ///
    /// # Errors
    /// In words, what could not be enclosed.
    pub fn limit(&self, error: &DMatrix<E>, bits: u32) -> Result<Limit<E>, String> {
        let lambda = self.spectrum.iter().cloned().reduce(|a, b| a.min(&b)).ok_or("d = 0")?;
        let weighted = error.row_iter().zip(&self.spectrum);
        let excess = weighted.fold(E::zero(), |sum, (row, v)| sum + norm_squared(row.iter()) * v).sqrt();
        let last = self.after.last().ok_or("no layer")?;
        let head = if self.multivariate { E::one() } else { frobenius(last) };
        let depth = E::from_i64(self.after.len() as i64);
        // 1.
        let sigma = smallest_eigenvalue(&self.gram).sqrt();
        if !sigma.is_positive() {
            return Err("G is not enclosed away from singular matrices".into());
        }
        let rho = E::from_i64(2) * &excess / lambda.sqrt() / &sigma;
        let grown = (E::from_i64(3) * depth.sqrt() * &rho * &self.conditioning).exp();
        let lipschitz = &head * &depth * &self.growth * grown;
        let change = &lipschitz * &rho;
        if !(&sigma - E::from_i64(2) * &change).is_nonnegative() {
            return Err("the initial risk is too large for the ball around the start".into());
        }
        // 2. and 3.
        let column = DMatrix::from_iterator(error.len(), 1, error.iter().cloned());
        let solved = solve_enclosed(&self.gram, &column).ok_or("G is not enclosed as invertible")?;
        let z = DMatrix::from_iterator(error.nrows(), error.ncols(), solved.iter().cloned());
        let rest = E::from_rational(&Rational::new(5, 2), bits) * &change * &rho / &sigma;
        let off = (-&rest).hull(&rest);
        let moved = |(a, b): (&DMatrix<E>, &DMatrix<E>)| {
            let moved = a * &z;
            let size =
                if self.multivariate { frobenius(&(moved * b.transpose())) } else { frobenius(&moved) * frobenius(b) };
            &depth * (size + &off)
        };
        let theta = self.before.iter().zip(&self.after).map(moved).reduce(|a, b| a.max(&b)).ok_or("no layer")?;
        let w_star = frobenius(&(&self.product - error));
        let smallness = excess / &lambda / &head;
        Ok(Limit { smallness, theta, sharpness: self.sharpness(&change), w_star, head, lambda })
    }
    /// `2 norm(Sigma^(1/2) J)^2` with J within `change` of J(0).
    ///
    /// `norm(Sigma^(1/2) J)^2 = lambda_max(Sigma^(1/2) J J^T Sigma^(1/2))`, at J(0) from G; Sigma acts on the d
    /// inputs, for d targets on each of the d rows alike. `Sigma^(1/2) J` is within `sqrt(Lambda) change` of that.
    fn sharpness(&self, change: &E) -> E {
        let p = self.gram.nrows();
        let root = |i: usize| self.spectrum[i % self.spectrum.len()].sqrt();
        let scaled = DMatrix::from_fn(p, p, |i, j| root(i) * &self.gram[(i, j)] * root(j));
        let change = change * self.spectrum.iter().cloned().reduce(|a, b| a.max(&b)).unwrap_or_else(E::one).sqrt();
        let off = (-&change).hull(&change);
        let norm = largest_eigenvalue(&scaled).sqrt() + off;
        E::from_i64(2) * norm.powi(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `norm(Sigma^(1/2) J)` doubles with four times Sigma, and so does what an error of J adds to it.
    #[test]
    fn the_sharpness_goes_with_sigma() {
        let moved = [0.1, -0.2].map(|v| DMatrix::from_element(2, 2, Interval::point(v)));
        let head = DMatrix::from_element(2, 1, Interval::point(1.0));
        let of = |scale: f64| {
            let spectrum = [0.5, 1.0].map(|v| Interval::point(scale * v)).to_vec();
            Linearised::at(&moved, Some(head.clone()), spectrum).sharpness(&Interval::point(0.01))
        };
        let (one, four) = (of(1.0), of(4.0));
        assert!(one.lo() > 0.0 && four.hi() < 4.2 * one.hi(), "{one:?} {four:?}");
        assert!(four.lo() <= 4.0 * one.lo() * (1.0 + 1e-9) && four.hi() >= 4.0 * one.hi() * (1.0 - 1e-9), "{four:?}");
    }
}
