//! The steps of a proof as executable claims.

pub(crate) use step::steps;

pub mod audit;
pub mod domain;
pub mod equality;
pub mod formula;
pub mod how;
pub mod inequality;
pub mod sample;
pub mod scene;
pub mod step;
#[cfg(test)]
mod tests;
pub mod tie;

pub use how::{Plant, Sizes};
pub use sample::Draw;
pub use scene::{Drawn, InScene};
pub use step::{Other, Proof, Reason, Step, other};
