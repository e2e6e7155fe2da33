//! Coefficients of an embedded Runge-Kutta pair with dense output, as exact rationals.

/// A rational coefficient: numerator and denominator, both exact in a double.
pub type Coefficient = (i64, i64);

/// Stages of the pair.
pub const STAGES: usize = 7;

/// An explicit pair with seven stages, the last of which is the first of the next step.
///
/// Stage i (from 0) is evaluated at `y + h sum_{j<i} a[i][j] k_j`; the last row of `a` is the weights of the solution.
/// The equations are autonomous, so that the nodes c_i are not needed. A value, not a constant: a test alters one
/// coefficient and must see the order fall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tableau {
    /// Row i holds a_{i,0}, ..., a_{i,i-1}; what lies to the right is not read.
    pub a: [[Coefficient; STAGES]; STAGES],
    /// Weights of the error estimate, `h sum_j error[j] k_j`: fifth-order minus fourth-order weights.
    pub error: [Coefficient; STAGES],
    /// Weights d_j of the last term of the continuous extension.
    pub dense: [Coefficient; STAGES],
    /// Order of the error estimate plus one: the step length goes with its `-1/order`-th power.
    pub order: u32,
}

/// Zero, where a method has no coefficient.
const O: Coefficient = (0, 1);

impl Tableau {
    /// Dormand and Prince, "A family of embedded Runge-Kutta formulae" (1980), RK5(4)7M; the continuous extension of
    /// order 4 of Hairer, Norsett and Wanner, "Solving Ordinary Differential Equations I", second edition, section II.6
    /// and code DOPRI5.
    pub const fn dormand_prince() -> Self {
        Self {
            a: [
                [O; 7],
                [(1, 5), O, O, O, O, O, O],
                [(3, 40), (9, 40), O, O, O, O, O],
                [(44, 45), (-56, 15), (32, 9), O, O, O, O],
                [(19372, 6561), (-25360, 2187), (64448, 6561), (-212, 729), O, O, O],
                [(9017, 3168), (-355, 33), (46732, 5247), (49, 176), (-5103, 18656), O, O],
                [(35, 384), O, (500, 1113), (125, 192), (-2187, 6784), (11, 84), O],
            ],
            error: [(71, 57600), O, (-71, 16695), (71, 1920), (-17253, 339_200), (22, 525), (-1, 40)],
            dense: [
                (-12_715_105_075, 11_282_082_432),
                O,
                (87_487_479_700, 32_700_410_799),
                (-10_690_763_975, 1_880_347_072),
                (701_980_252_875, 199_316_789_632),
                (-1_453_857_185, 822_651_844),
                (69_997_945, 29_380_423),
            ],
            order: 5,
        }
    }
}

impl Default for Tableau {
    fn default() -> Self {
        Self::dormand_prince()
    }
}
