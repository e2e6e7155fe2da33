//! Section 2: the gradient of the risk, (5) and (6), and the sharpness as it is introduced, (7).
//!
//! Both compare a formula with a derivative by dual numbers, in rationals, which shares no line with it.

pub mod gradient;
pub mod variational;
