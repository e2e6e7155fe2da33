//! What claims about deep linear networks are tried on: [`families`] of exact data and networks, with [`Networks`], the
//! statements about them, and [`runs`], the training of many networks on many draws of the data. It knows no paper.

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
