//! Section 3: Theorems 1 and 2, and what is said of minimisers after them.

pub(crate) mod minimiser;
pub mod product_example;
pub mod rescaling;
pub mod theorem_2;
