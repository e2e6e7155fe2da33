//! What claims about deep linear networks are tried on: [`families`] of exact data and networks, with [`Networks`], the
//! statements about them, and [`runs`], the training of many networks on many draws of the data. It knows no paper.
//!
//! | file | what |
//! | --- | --- |
//! | [`families`] | exact data, exact minimisers, their simpler and neighbouring ones |
//! | [`networks`] | [`NetworkInstance`]: data and a network, in rationals, with their symbols |
//! | [`statements`] | [`Networks`]: a statement made of a closure that decides at one network |
//! | [`several`] | networks of several outputs and no head |
//! | [`runs`] | statements about shares of draws, counted over trials of gradient descent |
//!
//! A statement says on which instances it is tried and decides one of them; the harness counts, shrinks and climbs.
//! What is exact is kept in rationals to the end, so that a hypothesis such as w_prod = w* is an equality that is
//! decided, and an instance is written down and read again without loss. No instance here is at random in the sense
//! of a probability but those of [`runs`]: the others are drawn to cover the domain.

pub mod families;
pub mod networks;
pub mod runs;
pub mod several;
pub mod statements;

pub use families::{
    diagonal_problem, flattest, minimisers, neighbours, problems, scalar_minimisers, scalar_problem, scalars, simpler,
};
pub(crate) use families::{ill_conditioned, integer_data, integer_network, no_head};
pub use networks::{NetworkInstance, enclose, white_level};
pub use several::Several;
pub use statements::Networks;
