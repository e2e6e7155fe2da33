//! The closed forms of the Hessian, each written once, over any arithmetic.
//!
//! Rationals, enclosures, doubles and balls all run the same lines, through [`Ring`] or [`Linear`]: so an exact test
//! of a form at small networks is a test of the lines that certify large ones. In exact arithmetic the results are
//! exact, in an enclosure arithmetic they enclose, in doubles they are approximate.

use crate::arithmetic::{Enclosure, Interval, Ring};
use crate::linalg::{Linear, cholesky, largest_eigenvalue};
use crate::network::Network;
use crate::problem::{Moments, norm_squared};
use nalgebra::{DMatrix, DVector};

/// One step of the backward recursion for M: `N_k = norm(b_k)^2 I + W_k^T N_{k+1} W_k`, `N_L = norm(b_L)^2 I`,
/// `M = N_1`.
///
/// Unrolled, `N_k = sum_{j >= k} norm(b_j)^2 Q^T Q` with `Q = W_{j-1} ... W_k`. `norm_squared` is 1 x 1; `later` is
/// `(W_k, N_{k+1})`, absent for the last layer.
///
/// `width` is d_{k-1}; the result is `width x width`. Cost: O(d^3).
pub(super) fn gram_step<M: Linear>(norm_squared: &M, width: usize, later: Option<(&M, &M)>) -> M {
    let own = norm_squared.kronecker(&M::identity(width));
    match later {
        Some((layer, gram)) => own.sum(&layer.congruence(gram)),
        None => own,
    }
}

/// N_1, ..., N_L of [`gram_step`].
fn grams<T: Ring>(net: &Network<T>) -> Vec<DMatrix<T>> {
    let (b, layers) = (net.backward(), net.layers());
    let mut out: Vec<DMatrix<T>> = Vec::with_capacity(layers.len());
    for k in (1..=layers.len()).rev() {
        let weight = DMatrix::from_element(1, 1, norm_squared(b[k].iter()));
        let layer = &layers[k - 1];
        let next = gram_step(&weight, layer.ncols(), out.last().map(|n| (layer, n)));
        out.push(next);
    }
    out.reverse();
    out
}

/// M = J J^T = `sum_k norm(b_k)^2 A_k^T A_k` (d x d), in O(L d^3): linear in depth.
pub fn product_gram<T: Ring>(net: &Network<T>) -> DMatrix<T> {
    grams(net).swap_remove(0)
}

/// The squared Frobenius norm of E, the part of the Hessian that the rank-d form leaves out.
///
/// `norm_F(E)^2 = 2 sum_{j<k} norm(A_j g)^2 norm_F(W_{k-1} ... W_{j+1})^2 norm(b_k)^2 = 2 sum_j norm(A_j g)^2
/// tr(N_{j+1})`, an equality, with the N of the backward recursion. It is zero at a critical product (g = 0) and for
/// L = 1.
///
/// For the middle: block (j, k) of E is `(A_j g) (x) P^T (x) b_k^T` with `P = W_{k-1} ... W_{j+1}`, the Frobenius
/// norm of a Kronecker product is the product of the norms, and each block stands twice. For the second:
/// `tr(N_{j+1}) = sum_{k>j} norm(b_k)^2 norm_F(P)^2`. Cost: O(L d^3).
pub fn residual_norm_squared<T: Ring>(net: &Network<T>, data: &Moments<T>) -> T {
    let a = net.gradient(data).right;
    let grams = grams(net);
    let sum = a.iter().zip(&grams[1..]).fold(T::zero(), |s, (a, n)| {
        let trace = n.diagonal().iter().fold(T::zero(), |t, v| t + v.clone());
        s + norm_squared(a.iter()) * trace
    });
    T::from_i64(2) * sum
}

/// The Frobenius norm of E, enclosed. By Weyl, eigenvalues of H and of `2 J^T Sigma J` in the same position differ by
/// at most its upper end.
///
/// The operator norm of E is at most the Frobenius norm. The lower end says nothing about eigenvalues.
pub fn residual_norm<E: Enclosure>(net: &Network<E>, data: &Moments<E>) -> E {
    residual_norm_squared(net, data).sqrt()
}

/// The sharpness of a minimiser: `lambda_max(2 R^T M R)` with Sigma = R R^T, enclosed.
///
/// Hypothesis: grad R^1(w_prod) = 0 exactly (it is the caller who knows). Where it is not, this is the largest
/// eigenvalue of `2 J^T Sigma J`, and the sharpness differs from it by at most [`residual_norm`]. The whole line if
/// Sigma is not proved positive definite at this precision: raise it.
///
/// The nonzero eigenvalues of `2 J^T Sigma J = 2 (R^T J)^T (R^T J)` are those of `2 (R^T J) (R^T J)^T = 2 R^T M R`.
/// Cost: O(L d^3) and one enclosed eigenvalue of a d x d matrix.
///
/// ```
/// use flatcert::arithmetic::{Big, Enclosure, Rational};
/// use flatcert::hessian::sharpness_at_minimiser;
/// # use flatcert::{network::Network, problem::Problem, nalgebra::{DMatrix, DVector}};
/// // X = I, y = (1, 1), W_1 = (1, 1), W_2 = 1: the sharpness is 3, here to 128 bits.
/// # let (x, y) = (DMatrix::identity(2, 2), DVector::from_element(2, 1.0));
/// # let problem = Problem::from_f64("two points", &x, &y)?;
/// # let layers = vec![DMatrix::from_element(1, 2, 1.0), DMatrix::from_element(1, 1, 1.0)];
/// # let network = Network::new(layers, DVector::from_element(1, 1.0))?;
/// let network = network.map(|v| Big::from_f64(*v, 128));
/// let sharpness = sharpness_at_minimiser(&network, &problem.moments::<Big>(128));
/// assert!(sharpness.contains(&Rational::from(3)) && sharpness.to_interval().width() < 1e-15);
/// # Ok::<(), flatcert::Error>(())
/// ```
pub fn sharpness_at_minimiser<E: Enclosure>(net: &Network<E>, data: &Moments<E>) -> E {
    largest_of_rank_d(&product_gram(net), &data.sigma)
}

/// `lambda_max(2 R^T M R)` with Sigma = R R^T.
///
/// `gram` is M, `sigma` is Sigma, both d x d. The whole line where the factorisation does not prove Sigma definite.
pub(super) fn largest_of_rank_d<E: Enclosure>(gram: &DMatrix<E>, sigma: &DMatrix<E>) -> E {
    match cholesky(sigma) {
        Some(r) => largest_eigenvalue(&r.congruence(gram).doubled()),
        None => E::from_interval(&Interval::ENTIRE, 53),
    }
}

/// The Hessian of R^L, dense and symmetric, p x p, in the order of parameters of this module.
///
/// Block (j, k), j <= k: `2 (A_j Sigma A_k^T) (x) (b_j b_k^T)`, plus, for j < k, that of E: `(A_j g) (x) P^T (x) b_k^T`
/// with `P = W_{k-1} ... W_{j+1}`. Cost: O(p^2) besides products of layers.
///
/// p^2 numbers are kept: the recursion of `riccati` is for larger networks.
pub fn assemble<T: Ring>(net: &Network<T>, data: &Moments<T>) -> DMatrix<T> {
    let column = |v: &DVector<T>| DMatrix::from_column_slice(v.len(), 1, v.as_slice());
    let gradient = |product: &DMatrix<T>| column(&data.risk_gradient(&DVector::from_column_slice(product.as_slice())));
    assemble_over(net.layers(), &column(net.head()), &data.sigma, gradient, DMatrix::clone)
}

/// [`assemble`] over any kind of matrix; `risk_gradient` maps w_prod to g, both d x 1. The sweeps and the products of
/// layers are made in M, the blocks in N, to which `round` takes them.
///
/// `layers` are W_1, ..., W_L; `head` is d_L x 1; `sigma` d x d. The blocks are made row by row, so that P grows by
/// one factor from one block to the next.
pub(super) fn assemble_over<M: Linear, N: Linear>(
    layers: &[M],
    head: &M,
    sigma: &M,
    risk_gradient: impl Fn(&M) -> M,
    round: impl Fn(&M) -> N,
) -> N {
    let depth = layers.len();
    let mut b = vec![head.clone()];
    for w in layers.iter().rev() {
        let next = w.transposed_product(&b[b.len() - 1]);
        b.push(next);
    }
    b.reverse();
    let mut a = vec![risk_gradient(&b[0])];
    let mut forward = vec![M::identity(layers[0].columns())];
    for (k, w) in layers[..depth - 1].iter().enumerate() {
        a.push(w.product(&a[k]));
        forward.push(w.product(&forward[k]));
    }
    let sizes: Vec<usize> = (0..depth).map(|k| b[k].rows() * b[k + 1].rows()).collect();
    let left: Vec<N> = forward.iter().map(|f| round(&f.product(sigma).doubled())).collect();
    let right: Vec<N> = forward.iter().map(|f| round(f).transposed()).collect();
    let a: Vec<N> = a.iter().map(&round).collect();
    let rows: Vec<N> = b[1..].iter().map(|b| round(b).transposed()).collect();
    let mut between = M::identity(1);
    N::symmetric_blocks(&sizes, |j, k| {
        between = if k <= j + 1 { M::identity(b[j + 1].rows()) } else { layers[k - 1].product(&between) };
        let main = left[j].product(&right[k]).kronecker(&rows[j].transposed().product(&rows[k]));
        if j == k {
            return main;
        }
        main.sum(&a[j].kronecker(&round(&between).transposed()).kronecker(&rows[k]))
    })
}
