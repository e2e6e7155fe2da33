//! The steps of a proof as executable claims.

pub mod audit;
pub mod cone;
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
