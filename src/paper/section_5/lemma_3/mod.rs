//! Lemma 3: the norms and smallest singular values of products of residual layers; its proof in B.9.
//!
//! **The proof, in its order.** `proof_walk` the random path and its laws; `proof_norm` the growth of a fixed vector,
//! to (45); `proof_net` the nets; `proof_sigma_min` the growth from below; `proof_union` the union bound;
//! `proof_failure` and `proof_depth` its five terms, with coordinates of `proof_scalars`; `proof_conclusion` the
//! summary, any theta, and the comparison.
//!
//! **Claims besides.** [`tails`] the tail bounds against the exact laws; [`nets`]; [`constants`] a reduction of the
//! union bound to one variable, for explicit C_1 .. C_4; [`best`] what the same proof gives at best; [`order`] the
//! probability of failure from below; [`trials`] and [`in_scope`] products drawn and decided with error bounds, the
//! former counted against the stated probability, the latter one by one; [`figures`].
//!
//! **Why so many.** Where the constants of the lemma hold, counting reaches the stated probability at the smallest
//! widths only (at d = 20 it is below 1e-17 for `u >= 64.5 s^2 + 8.4 s`), so trials cannot carry it. The proof is
//! checked step by step, its constants over all parameters, its probabilities by exact laws; what holds outside the
//! constants the trials say.

pub mod best;
pub mod constants;
pub mod figures;
pub mod in_scope;
pub mod nets;
pub mod order;
pub(crate) mod proof;
pub(crate) mod proof_conclusion;
pub(crate) mod proof_depth;
pub(crate) mod proof_failure;
pub(crate) mod proof_net;
pub(crate) mod proof_norm;
pub(crate) mod proof_scalars;
pub(crate) mod proof_sigma_min;
pub(crate) mod proof_union;
pub(crate) mod proof_walk;
pub mod tails;
pub mod trials;
