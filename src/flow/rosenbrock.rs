//! The implicit method that takes over where the flow is stiff: one step of RODAS4 with the exact Hessian.
//!
//! Hairer and Wanner, "Solving Ordinary Differential Equations II", second edition, section VI.4: a Rosenbrock method
//! of order 4 with six stages, L-stable and stiffly accurate, with an embedded method of order 3. No iteration: each
//! step factorises `I / (gamma h) + H` once, on the `r = sum_k (d_{k-1} + d_k - 1)` dimensions in which H differs from
//! zero, and solves with it six times. Cost: O(r^3) a step, against O(p) for the explicit pair.
//!
//! In the variables u_i of Hairer and Wanner, section IV.7, which avoid products with the Jacobian `-H`, stage i
//! solves
//!
//! ```text
//! (I / (gamma h) + H) u_i = f(y + sum_(j<i) a_ij u_j) + sum_(j<i) (c_ij / h) u_j,
//! ```
//!
//! the result is `y + sum_j a_5j u_j + u_5 + u_6` (stiffly accurate: the argument of the sixth stage and its
//! solution), and u_6 is the error estimate. Why not an implicit Runge-Kutta method (Radau's, say): its stages need
//! iterations whose failure has to be handled, and three coupled systems in place of one factorisation.

use super::combine::{distance, norm};
use super::dormand_prince::{CHANGE, System, Tolerances, Trial};
use nalgebra::DVector;

/// Parameters up to which a step is affordable.
pub const MOST_PARAMETERS: usize = 300;

/// The diagonal coefficient of RODAS4.
const GAMMA: f64 = 0.25;
/// Row i: a_ij of stage i + 1, j = 1..4. The sixth stage has the row of the fifth and one more, a coefficient of 1.
const A: [[f64; 4]; 5] = [
    [0.0; 4],
    [1.544, 0.0, 0.0, 0.0],
    [0.946_678_528_081_582_6, 0.255_701_169_898_328_4, 0.0, 0.0],
    [3.314_825_187_068_521, 2.896_124_015_972_201, 0.998_641_913_997_781_7, 0.0],
    [1.221_224_509_226_641, 6.019_134_481_288_629, 12.537_083_329_320_87, -0.687_886_036_105_895],
];
/// Row i: c_ij of stage i + 1, j = 1..5.
const C: [[f64; 5]; 6] = [
    [0.0; 5],
    [-5.668_8, 0.0, 0.0, 0.0, 0.0],
    [-2.430_093_356_833_875, -0.206_359_915_709_191_5, 0.0, 0.0, 0.0],
    [-0.107_352_905_815_137_5, -9.594_562_251_023_355, -20.470_286_148_096_16, 0.0, 0.0],
    [7.496_443_313_967_647, -10.246_804_314_643_52, -33.999_903_528_199_05, 11.708_908_932_061_6, 0.0],
    [
        8.083_246_795_921_522, -7.981_132_988_064_893, -31.521_594_328_743_71, 16.319_305_431_231_36,
        -6.058_818_238_834_054,
    ],
];

/// Order of the error estimate plus one.
pub const ORDER: u32 = 4;

/// The c with whose `c I + H` a step of length h solves.
pub fn shift(h: f64) -> f64 {
    1.0 / (GAMMA * h)
}

/// One trial step of length h from `state`, where `solve` applies the inverse of `c I + H` with c the [`shift`] of h:
/// the new state and its error norm (that of the explicit method).
///
/// Leaves `system` evaluated at the new state. Where the matrix is singular the step is not finite.
///
/// The matrix is symmetric and, where `1/(gamma h)` exceeds minus the least eigenvalue of H, positive definite;
/// beyond that it may be singular, and `solve` says so by `None`. Seven evaluations, six solutions.
pub fn attempt(
    state: &[f64],
    h: f64,
    solve: impl Fn(&DVector<f64>) -> Option<DVector<f64>>,
    tolerances: Tolerances,
    system: &mut impl System<f64>,
) -> (Vec<f64>, Trial) {
    let y = DVector::from_column_slice(state);
    let mut u: Vec<DVector<f64>> = Vec::with_capacity(6);
    let mut at = y.clone();
    let mut rate = DVector::zeros(state.len());
    for (i, c) in C.iter().enumerate() {
        if let Some(row) = A.get(i) {
            at.copy_from(&y);
            for (a, u) in row.iter().zip(&u) {
                at.axpy(*a, u, 1.0);
            }
        } else {
            at += &u[i - 1];
        }
        system.rate(at.as_slice(), rate.as_mut_slice());
        for (c, u) in c.iter().zip(&u) {
            rate.axpy(c / h, u, 1.0);
        }
        let Some(next) = solve(&rate) else { return (state.to_vec(), Trial::NonFinite) };
        u.push(next);
    }
    at += &u[5];
    system.rate(at.as_slice(), rate.as_mut_slice());
    let error = &u[5];
    let blocks = system.blocks().to_vec();
    let scale = blocks.iter().map(|b| norm(&state[b.clone()])).fold(0.0_f64, f64::max);
    let mut worst = 0.0_f64;
    for b in blocks {
        let (old, new) = (norm(&state[b.clone()]), norm(&at.as_slice()[b.clone()]));
        let ratio = norm(&error.as_slice()[b]) / (tolerances.rtol * old.max(new) + tolerances.atol * scale);
        if !(ratio.is_finite() && new.is_finite()) {
            return (at.as_slice().to_vec(), Trial::NonFinite);
        }
        worst = worst.max(ratio);
    }
    let change = distance(at.as_slice(), state);
    let allowed = (CHANGE * change).max(4.0 * f64::EPSILON * scale);
    (at.as_slice().to_vec(), Trial::Error(worst.max(norm(error.as_slice()) / allowed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::Range;

    /// y' = 0.
    struct Rest([Range<usize>; 1]);

    impl System<f64> for Rest {
        fn blocks(&self) -> &[Range<usize>] {
            &self.0
        }
        fn rate(&mut self, _: &[f64], out: &mut [f64]) {
            out[0] = 0.0;
        }
    }

    #[test]
    fn a_state_beyond_the_doubles_is_not_finite() {
        let huge = |_: &DVector<f64>| Some(DVector::from_element(1, 1.5e308));
        let tolerances = Tolerances { rtol: 1e-3, atol: 1e-3 };
        let mut system = Rest([Range { start: 0, end: 1 }]);
        assert_eq!(attempt(&[0.5], 1.0, huge, tolerances, &mut system).1, Trial::NonFinite);
    }
}
