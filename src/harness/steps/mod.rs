//! The steps of a proof as executable claims.

pub mod audit;
pub mod cone;
pub mod design;
pub mod domain;
pub mod equality;
pub mod formula;
pub mod how;
pub mod inequality;
pub(crate) mod layers;
pub(crate) mod objects;
pub mod sample;
pub mod scene;
pub mod step;
#[cfg(test)]
mod tests;
pub mod tie;

pub use design::Design;
pub use equality::{Exact, column, scalar};
pub use formula::Printed;
pub use how::{DIMENSIONS, How, Plant, SCALARS, Sizes};
pub use inequality::{Margins, Pair};
pub use sample::{Draw, Matrix, Vector, big};
pub use scene::{Drawn, InScene, Setting, over, step, with};
pub(crate) use step::steps;
pub use step::{Body, Missing, Other, Proof, Reason, Step, other};
pub use tie::Tie;
