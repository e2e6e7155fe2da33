//! The vector field with the vectors that this machine has.

use super::field::Field;
use crate::flow::kernels::{evaluate, uniform};
use crate::flow::workspace::Workspace;

pub(crate) struct Fast<'a> {
    pub(crate) field: &'a Field<f64>,
    pub(crate) y: &'a [f64],
    pub(crate) out: &'a mut [f64],
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
