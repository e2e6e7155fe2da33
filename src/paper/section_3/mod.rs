//! Section 3: Theorems 1 and 2, and what is said of minimisers after them.
//!
//! Order of reading: `minimiser` draws a network that is a minimiser of the data drawn with it, on which the steps of
//! B.1, and some of the running text, are evaluated; `theorem_2` holds the two bounds; `rescaling` and
//! `product_example` are the two remarks after it.

pub(crate) mod minimiser;
pub mod product_example;
pub mod rescaling;
pub mod theorem_2;
