//! Section 2: the gradient of the risk, (5) and (6), and the sharpness as it is introduced, (7).

pub mod gradient;
pub mod variational;
