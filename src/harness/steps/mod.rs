//! The steps of a proof as executable claims.
//!
//! # The way of a step
//!
//! A [`Proof`] lists the displays of a proof in the order of the text: a [`Step`] for each that asserts something, a
//! [`Reason`] for each that does not. A step carries its forms, each a statement like any other of the harness:
//!
//! - an identity in numbers, vectors and matrices: a formula in a [`scene`], decided in rationals at random integers
//!   ([`equality`]), grade `Identity`;
//! - a scalar inequality over a domain: a formula and a reduction ([`mod@formula`]), or its sides by code
//!   ([`domain`]), decided by subdivision of a box, grade `Domain`;
//! - an inequality between constants `2^a exp(..)`: decided by exponents, at the corners of a [`cone`];
//! - any other inequality: a formula in a scene, or pairs of sides by code ([`inequality`]), decided in rationals and
//!   by enclosures on samples, grade `Instance`.
//!
//! What a scene draws comes from a [`sample`], a list of rationals, through layers, data and matrices with known
//! spectra (`layers`, `objects`, [`design`]). Where sides are equal and irrational, an exact argument decides
//! ([`tie`]).
//!
//! What is checked is the step on the domain on which the proof uses it, given its hypotheses. That the steps
//! together prove the result is a matter of reading, helped by the lists of what each uses, which the grades follow.
//! An instance proves no step for all parameters: only identities, domains and cones, and what Coq proves, reach
//! beyond instances.

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
