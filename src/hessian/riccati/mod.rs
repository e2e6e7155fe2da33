//! Eigenvalues of the Hessian at any point, certified, at a cost linear in depth and cubic in width.
//!
//! | symbol | meaning | shape |
//! | --- | --- | --- |
//! | g, Sigma | gradient of the risk of the linear model at w_prod, second moments | d, d x d |
//! | a_k | `W_{k-1} ... W_1 g` | d_{k-1} |
//! | b_k | `W_{k+1}^T ... W_L^T w` | d_k |
//! | D_k | direction, in the place of W_k | d_k x d_{k-1} |
//! | beta_k | derivative of b_k along D: `beta_{k-1} = W_k^T beta_k + D_k^T b_k`, `beta_L = 0` | d_k |
//! | P_k | value of what layers 1 to k can still earn: `beta_k^T P_k beta_k` | d_k x d_k |
//! | T | threshold, not zero | |
//!
//! **The form.** `D^T H D = 2 beta_0^T Sigma beta_0 + 2 sum_k (D_k a_k)^T beta_k`: differentiate the backward sweep
//! twice. So `D^T H D - T norm(D)^2` is the reward of a control problem with state beta_k, run from layer L down to
//! layer 1.
//!
//! **Theorem.** Let `P_0 = 2 Sigma`, `M_k = T I - norm(b_k)^2 P_{k-1}`, and, where M_k is nonsingular, `Y_k = T P_{k-1}
//! M_k^-1`,
//!
//! `P_k = (W_k + b_k a_k^T / T) Y_k (W_k + b_k a_k^T / T)^T + (norm(a_k)^2 / T) I`.
//!
//! Then the number of eigenvalues of H above T, with multiplicity, is the number of negative eigenvalues of M_1, ...,
//! M_L, plus, where T < 0, `sum_k (d_k - 1) d_{k-1}`. In particular `H < T` for T > 0 if and only if every M_k is
//! positive definite.
//!
//! *Proof.* Write `s = norm(b_k)`, `u = b_k / s` (zero where b_k = 0) and `D_k = u alpha^T + C` with `C^T u = 0` (where
//! b_k = 0: any unit vector u). With P = P_{k-1}, stage k of the form is `(W_k^T beta + s alpha)^T P (W_k^T beta + s
//! alpha) + 2 (u^T beta) (alpha^T a) + 2 beta^T C a - T norm(alpha)^2 - T norm_F(C)^2`. Completing the square in C,
//! whose pivot is `-T` in `(d_k - 1) d_{k-1}` dimensions, leaves `(norm(a)^2 / T) norm(beta - u u^T beta)^2`; in alpha,
//! whose pivot is `-M_k`, it leaves `K^T M_k^-1 K` with `K = s P W_k^T + a u^T`. The sum, with `P + s^2 P M^-1 P = T P
//! M^-1` and `M^-1 = (I + s^2 P M^-1) / T`, is `beta^T P_k beta`. The substitution is triangular and unit in (D_L, ...,
//! D_1), so that the inertia of `T I - H` is the sum of those of the pivots (Haynsworth); `beta_L = 0` ends it. []
//!
//! Only vectors a_k, b_k and the given W_k enter: no product of layers, and states of the size of one layer.
//!
//! **What rounding does.** A stage in doubles is exact for a form that differs by `alpha^T E_k alpha + 2 alpha^T F_k
//! beta_k + beta_k^T Delta_k beta_k`, all three bounded a posteriori (`stage`). Summed over the stages this is a
//! symmetric matrix on D of norm at most
//!
//! `max_k norm(E_k) + 2 sqrt(sum_k norm(F_k)^2 norm(N_{k+1})) + sum_k norm(Delta_k) norm(N_{k+1})`,
//!
//! since beta_k is a linear function of D whose Gram matrix is N_{k+1} of the backward sweep (`sweep.rs`).
//! The three terms: `sum_k norm(alpha_k)^2 <= norm(D)^2`; Cauchy and Schwarz over the stages;
//! `norm(beta_k)^2 <= norm(N_{k+1}) norm(D)^2`. Where a_k or b_k is off by what its bound says, E_k and F_k act on
//! D_k and not on alpha_k alone, which changes none of the three.
//!
//! So the pivots computed have exactly the inertia of a matrix that close to `T I - H`, and by Weyl's theorem their
//! count is right for H up to that shift of T: [`Count`]. Nothing is assumed of the factorisations, and an error does
//! not grow from stage to stage.
//!
//! **Enclosures.** Lanczos in reduced coordinates (`reduced`) proposes the leading eigenvectors and where a gap below
//! m of them may be; one count there proves that no more than m lie above; Rayleigh's and Lehmann's bounds
//! (`enclose`) then enclose each of the m to about the roundoff of their quotients, clusters and multiple eigenvalues
//! included. Where no gap can be proved, counts alone bracket the largest.
//!
//! **Why not otherwise.** A Krylov method alone gives lower ends: nothing in it says that a larger eigenvalue was not
//! missed. A factorisation of the assembled `T I - H` says so at O(p^3) operations and p^2 numbers of memory; here a
//! pass takes O(L d^3) and two matrices of the size of a layer.
//!
//! | file | what it does | decides |
//! | --- | --- | --- |
//! | `chain` | a_k, b_k, norms, and how far they can be off | yes |
//! | `stage`, `count` | one stage, one pass: the inertia of `T I - H'` and a bound of `norm(H - H')` | yes |
//! | `reduced`, `krylov` | H on the coordinates that matter, Lanczos there | no |
//! | `enclose` | Rayleigh-Ritz and Lehmann bounds for given vectors | yes |
//! | `ends` | which thresholds, which vectors, when to stop | no |

mod chain;
mod count;
mod enclose;
mod ends;
mod krylov;
mod reduced;
mod stage;

pub use chain::Chain;
pub use count::{Count, count};
pub use ends::{Leading, Request, leading};

/// One end of the spectrum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The largest eigenvalues of H.
    Largest,
    /// The largest eigenvalues of -H.
    Smallest,
}
