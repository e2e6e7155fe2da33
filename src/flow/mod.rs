//! Section 4: gradient flow from the saddle to the limit.
//!
//! | file | what |
//! | --- | --- |
//! | [`layout`] | the parameters as one flat vector |
//! | [`field`] | the vector field `-grad R^L` by two sweeps, over any ring |
//! | [`tableau`], [`dormand_prince`] | one step of an explicit Runge-Kutta 5(4) pair, with its continuous extension |
//! | [`control`], [`drive`] | lengths of steps, stops |
//! | [`events`] | when a quantity crosses a level |
//! | [`rosenbrock`], `stiff` | the implicit method that takes over where the flow is stiff |
//! | [`gradient_flow`] | the flow of a network of doubles |
//! | [`multivariate`] | the flow for d targets and no head (Theorem 5) |
//! | [`nearby`] | where the flow ends, enclosed, from a start that is all but a minimiser |
//! | [`record`] | a trajectory kept at every step |
//! | [`aligned`] | flows in closed form: starts of rank one whose layers chain |
//! | [`thinned`] | a trajectory thinned to a few points, t = 1 among them |
//! | [`invariants`] | what the flow conserves; epsilon; Assumption (A3) |
//! | [`observables`] | what the statements of Section 4 speak of, enclosed |
//! | [`closed`] | flows known in closed form |
//! | [`tube`] | the certified tube: where the true flow provably runs, and its limit |
//!
//! **Three ways to know a flow.** They differ in what they promise:
//!
//! - *computed*: [`gradient_flow`] integrates in doubles, [`multivariate`] likewise; [`record`] and [`thinned`] keep
//!   their trajectories. The error is that of a tolerance, not a bound;
//! - *proved*: [`tube`] encloses where the flow from exact weights runs, and its limit, from a certificate;
//!   [`nearby`] encloses the limit alone, where the risk at the start is so small that the linearisation decides it;
//! - *in closed form*: [`closed`] and [`aligned`], where nothing is integrated and every number is enclosed from
//!   rationals.
//!
//! **Conventions.** The risk has no factor 1/2, so that the gradient of R^1 is `2 Sigma (w_prod - w*)`. Time is the
//! paper's. Layers count from 1 in formulas and in documentation, from 0 in slices. What is said of a gradient is
//! said of all layers together, `sum_k norm_F(grad_k)^2`, unless a layer is named.
//!
//! **Why the risk is written about `w*`.** `R - R_min = e^T Sigma e` and its gradient are formed from
//! `e = w_prod - w*`, so that both keep their relative accuracy down to the end of a trajectory, where R - R_min is
//! 1e-20 and less and the residuals of the data would show rounding only.
//!
//! What is not here: flows of networks that are not linear, and stochastic gradients. Gradient descent is in
//! [`descent`](crate::descent).

#[doc(hidden)]
pub mod aligned;
#[doc(hidden)]
pub mod closed;
mod combine;
#[doc(hidden)]
pub mod control;
#[doc(hidden)]
pub mod dispatch;
#[doc(hidden)]
pub mod dormand_prince;
#[doc(hidden)]
pub mod drive;
pub mod events;
#[doc(hidden)]
pub mod field;
pub mod gradient_flow;
pub mod invariants;
mod kernels;
#[doc(hidden)]
pub mod layout;
pub mod multivariate;
#[doc(hidden)]
pub mod nearby;
pub mod observables;
#[doc(hidden)]
pub mod record;
pub(crate) mod residual;
#[doc(hidden)]
pub mod rosenbrock;
pub(crate) mod start;
mod stiff;
#[doc(hidden)]
pub mod tableau;
#[doc(hidden)]
pub mod thinned;
pub mod tube;
#[doc(hidden)]
pub mod workspace;

pub use drive::{Statistics, Stop, Time};
pub use field::Field;
pub use gradient_flow::{FlowOptions, Knot, Progress, Trajectory, integrate};
pub use layout::Layout;
pub use workspace::Workspace;
