//! The vector field with the vectors that this machine has.
//!
//! A kernel is compiled for several sets of vector instructions, and `pulp` asks the processor at run time which it
//! has. Equal widths from 2 to 10 have a kernel with the width built in.

use super::field::Field;
use crate::flow::kernels::{evaluate, uniform};
use crate::flow::workspace::Workspace;

/// The arguments of [`Field::evaluate`] as one value, for the dispatch.
pub(crate) struct Fast<'a> {
    /// Of these networks.
    pub(crate) field: &'a Field<f64>,
    /// The parameters, of length p.
    pub(crate) y: &'a [f64],
    /// Receives the field, of length p.
    pub(crate) out: &'a mut [f64],
    /// Receives the sweeps.
    pub(crate) space: &'a mut Workspace<f64>,
}

impl pulp::WithSimd for Fast<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let (p, y, out, space) = (self.field.parts(), self.y, self.out, self.space);
        match self.field.uniform {
            2 => uniform::<2>(&p, y, out, space),
            3 => uniform::<3>(&p, y, out, space),
            4 => uniform::<4>(&p, y, out, space),
            5 => uniform::<5>(&p, y, out, space),
            6 => uniform::<6>(&p, y, out, space),
            7 => uniform::<7>(&p, y, out, space),
            8 => uniform::<8>(&p, y, out, space),
            9 => uniform::<9>(&p, y, out, space),
            10 => uniform::<10>(&p, y, out, space),
            _ => evaluate(&p, y, out, space),
        }
    }
}

impl Field<f64> {
    /// [`Field::evaluate`] with the vectors that this machine has; equal up to the order of the sums.
    pub fn evaluate_fast(&self, parameters: &[f64], out: &mut [f64], space: &mut Workspace<f64>) {
        pulp::Arch::new().dispatch(Fast { field: self, y: parameters, out, space });
    }
}
