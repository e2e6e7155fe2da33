//! Section 5: residual networks. Theorems 4 and 5, Corollary 4, Lemma 3, and what they share.
//!
//! | paper | here | evidence besides the proof, step by step |
//! | --- | --- | --- |
//! | Lemma 3, B.9 | [`lemma_3`] | tails by exact laws, nets, constants over all s, trials with certain verdicts |
//! | Theorem 4, B.8 | [`theorem_4`] | a form without probability on numerical flows; enclosed limits in scope |
//! | Theorem 5, end of B.8 | `theorem_5`, [`theorem_4`], [`gradient`] | the same for d targets and no head |
//! | Corollary 4, B.10 | [`corollary_4`] | exact minimisers, limits of flows |
//! | (33), (39) | [`gradient`] | exact networks, both constants 4 attained |
//!
//! `explicit` holds the constants as functions of s, `scene` the networks on which the steps of B.8 and B.10 are
//! evaluated, `flows` numerical flows from residual starts, `limits` medians over draws of what is seen at their
//! ends.
//!
//! **Conventions.** `W_k = I + s/sqrt(L d) N_k + theta_k/L` is d x d, k = 1 .. L, the head w is in R^d; s is a
//! standard deviation. `Pi_{k:1} = W_k .. W_1`, `Pi_{L:k} = W_L .. W_k`, the empty product is I. Of a matrix, norm is
//! the operator norm and norm_F that of Frobenius. `C~_3` is the constant of Lemma 3 as B.8 renames it.
//!
//! **How a step of a proof is established**; the tables of the proof files use these words.
//!
//! - *Identity*: every link is an equality of rational expressions, or of exponentials by factor and exponent. Both
//!   sides are evaluated in rationals at random 63-bit integers, three points for each size. Different polynomials of
//!   degree D < 2^29 agree at one such point with probability `D/2^63` at most (Schwartz and Zippel): a false
//!   identity of these sizes passes with probability below 2^-100.
//! - *Domain*: a scalar inequality over all real parameters. Coordinates bring it to a box, by a reduction each part
//!   of which is checked where the step is a formula, and interval subdivision proves it on the box; nothing is
//!   sampled.
//! - *Cone*: an inequality between constants `2^a exp(b s^2 + ..)`. Their exponents decide it exactly, for all
//!   parameters at once.
//! - *Instances*: an inequality with norms, singular values, roots or probabilities, in rationals where both sides
//!   are rational and else by enclosures of 96, 256 and 640 bits, on fixed, drawn and searched samples. It is proved
//!   for these samples only. Such steps apply general inequalities (triangle, Cauchy-Schwarz, submultiplicativity, a
//!   union bound); what can be wrong in print is an index, a power, a factor or a norm, and planted errors of these
//!   kinds must fail on the samples.
//! - *Exact law*: instances whose probability is enclosed by MPFR from the distribution function.
//!
//! The grade of a stated result is the weakest along its steps, or Proved where Coq proves it.

pub mod corollary_4;
pub(crate) mod explicit;
pub(crate) mod flows;
pub mod gradient;
pub mod lemma_3;
pub(crate) mod limits;
pub(crate) mod scene;
pub mod theorem_4;
pub(crate) mod theorem_5;
