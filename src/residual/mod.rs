//! Lemma 3 (products of random residual layers are well conditioned), tried many times: rigorous verdicts at the speed
//! of doubles.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | d, L, s | [`Setup`] | scalars |
//! | N_k, independent standard normal entries | drawn row by row by [`Setup::draws`] | d x d |
//! | W_k = I + s/sqrt(L d) N_k | - | d x d |
//! | P_k = W_k .. W_1, k = 1..L (theta = 0) | - | d x d |
//! | norm(P_k) <= M for all k | [`Thresholds::norm`], [`Decision::norm`] | scalar, verdict |
//! | sigma_min(P_k) >= m for all k | [`Thresholds::sigma_min`], [`Decision::sigma_min`] | scalar, verdict |
//! | max_k norm(P_k), min_k sigma_min(P_k) | [`extremes()`], [`extremes_of`] | enclosures |
//! | how many trials fail a bound | [`count()`] | counts |
//! | the path of a vector and its laws; norms from below; bounds for every d at once | `walk`, `from_below`, `witness` | - |
//! | all theta with max_k norm(theta_k) <= r | [`decide_ball`], [`worst_theta`] | verdicts, enclosures |
//!
//! **The way of a trial.** [`Setup::draws`] is its stream of normals. Eight trials walk through the prefixes side by
//! side (`kernel`, `bounds`): product, Gram matrix, Cholesky factorisations with shifts that prove what is asked.
//! What single precision leaves open is asked of one trial in double precision, then of multiprecision intervals
//! (`exact`). [`decide`] asks about two thresholds and stops at a verdict; [`extremes()`] encloses the two numbers
//! and serves every threshold at once; [`decide_ball`] and [`worst_theta`] start from these and add what theta can
//! do.
//!
//! **Why Gram matrices and not singular values.** A singular value decomposition is iterative and its result needs a
//! certificate in any case. A Cholesky factorisation that runs through *is* a certificate (Rump's criterion), costs
//! d^3/3 operations, and takes the same steps in every lane.
//!
//! The matrices N_k are the doubles drawn, the products exact ones: every verdict but [`Verdict::Undecided`] is proved
//! for them. `bounds` derives the rounding errors and the certificates, [`verdict`] says how they are combined.

pub mod ball;
mod bounds;
pub mod count;
mod exact;
pub mod extremes;
pub(crate) mod from_below;
mod kernel;
mod normals;
mod sharp;
pub mod stages;
pub mod theta;
pub mod trial;
pub mod types;
pub mod verdict;
pub(crate) mod walk;
pub(crate) mod witness;

pub use count::count;
pub use extremes::{extremes, extremes_of};
pub use theta::{Worst, decide_ball, worst_theta};
pub use trial::Setup;
pub use types::{Decision, Enclosed, Extremes, Side, Thresholds, Verdict};
pub use verdict::decide;
