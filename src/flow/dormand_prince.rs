//! One step of an explicit Runge-Kutta pair: stages, error estimate, continuous extension.
//!
//! The control of the step length is in [`super::control`], the loop in [`super::drive`]. Generic over [`Nearest`], so
//! that the order can be observed in extended precision; for doubles no step allocates and every combination of stages
//! is one fused pass.
//!
//! **The error norm** is the largest, over the blocks (layers), of
//! `norm(error_k) / (rtol max(norm(y_k), norm(y_k^new)) + atol M)` with Euclidean norms and `M = max_k norm(y_k)` over
//! all blocks of the state at the start of the step. It does not change when the state is scaled, whatever the scale,
//! and a block that is exactly zero is measured against `atol M`. Besides, the whole error must stay below [`CHANGE`]
//! times the whole change of the state: near a minimiser all of the change is below any tolerance, and without this the
//! fast directions would be kept alive at the size of the tolerance by steps at the edge of stability.
//!
//! **Why blocks.** Layers may differ in size by many powers of ten (a start with one layer near zero): an error norm
//! over all weights at once would let the small layer be wrong by its own size, though the gradient of every other
//! layer is proportional to it.
//!
//! **A trial and its acceptance are two calls.** [`Stepper::attempt`] leaves the state alone; the caller looks at the
//! error, may ask for the extension, and calls [`Stepper::accept`] or tries another length. The last stage of an
//! accepted step is the first of the next: six evaluations a step.

use super::combine::{Norms, combine, measure};
use super::tableau::{STAGES, Tableau};
use crate::arithmetic::{Nearest, upward};
use std::ops::Range;

/// An autonomous system `y' = f(y)`.
///
/// The dimension is the end of the last block. Implementors keep what [`System::level`] needs when they evaluate.
pub trait System<P> {
    /// The blocks in which the error is measured; they cover `0..dimension` in order.
    fn blocks(&self) -> &[Range<usize>];
    /// `out = f(y)`.
    fn rate(&mut self, y: &[P], out: &mut [P]);
    /// The quantity whose fall below a level ends an integration, at the point where [`System::rate`] was last called.
    fn level(&self) -> f64 {
        f64::INFINITY
    }
}

/// Largest share of a step's change that may be error.
pub const CHANGE: f64 = 0.02;

/// Relative tolerance, and absolute tolerance in units of the largest block's norm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerances {
    /// Local error allowed relative to a block's own norm.
    pub rtol: f64,
    /// Local error allowed relative to the norm of the largest block.
    pub atol: f64,
}

/// What a trial step came to.
///
/// Made by [`Stepper::attempt`]; the controller turns it into a length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trial {
    /// The error norm: at most 1 is acceptable.
    Error(f64),
    /// A stage or the result overflowed or is not a number.
    NonFinite,
}

/// State, stages and scratch of an integration.
///
/// Invariants: `stages[0]` is f(state) and `norms` are the norms of its blocks, after [`Stepper::new`], `restart` and
/// [`Stepper::accept`]; `proposed`, `scratch`, the later stages, `dense`, `last`, `new_norms`, `estimate` and `found`
/// belong to the last trial.
#[derive(Clone, Debug)]
pub struct Stepper<P: Nearest> {
    /// Order of the error estimate plus one, from the tableau.
    order: u32,
    /// The tableau in the arithmetic of the state.
    weights: Weights<P>,
    /// Precision of coefficients and lengths of steps.
    bits: u32,
    /// y, at the beginning of the step.
    state: Vec<P>,
    /// The result of the last trial.
    proposed: Vec<P>,
    /// The argument of the last stage but one, which [`Stepper::stability`] reads.
    scratch: Vec<P>,
    /// k_1, .., k_7.
    stages: [Vec<P>; STAGES],
    /// The extension's coefficients, once asked for.
    dense: Option<[Vec<P>; 4]>,
    /// Length of the last trial.
    last: f64,
    /// Of the blocks of the state.
    norms: Vec<f64>,
    /// Of the blocks of `proposed`.
    new_norms: Vec<f64>,
    /// The error estimate `h sum_j error[j] k_j`.
    estimate: Vec<P>,
    /// Scratch of [`measure`], one entry for each block.
    found: Vec<Norms>,
    /// Calls of [`System::rate`] so far.
    evaluations: u64,
}

impl<P: Nearest> Stepper<P> {
    /// At `state`, with the field evaluated there. `bits` is the precision of the coefficients (ignored by doubles).
    pub fn new(tableau: &Tableau, state: Vec<P>, bits: u32, system: &mut impl System<P>) -> Self {
        let zero: Vec<P> = state.iter().map(P::zero_like).collect();
        let stages = std::array::from_fn(|_| zero.clone());
        let mut out = Self {
            order: tableau.order,
            weights: Weights::new(tableau, bits),
            bits,
            proposed: zero.clone(),
            scratch: zero.clone(),
            state,
            stages,
            dense: None,
            last: 0.0,
            norms: Vec::new(),
            new_norms: Vec::new(),
            estimate: zero,
            found: vec![Norms::default(); system.blocks().len()],
            evaluations: 0,
        };
        out.restart(system);
        out
    }
    /// Evaluates the field at the state.
    pub(super) fn restart(&mut self, system: &mut impl System<P>) {
        system.rate(&self.state, &mut self.stages[0]);
        self.evaluations += 1;
        self.norms = block_norms(&self.state, system.blocks());
    }
    /// Order of the error estimate plus one.
    pub fn order(&self) -> u32 {
        self.order
    }
    /// The state.
    pub fn state(&self) -> &[P] {
        &self.state
    }
    /// f(state).
    pub fn rate(&self) -> &[P] {
        &self.stages[0]
    }
    /// The result of the last trial, not yet accepted.
    pub fn proposed(&self) -> &[P] {
        &self.proposed
    }
    /// f there.
    pub fn proposed_rate(&self) -> &[P] {
        &self.stages[STAGES - 1]
    }
    /// Evaluations of the field so far.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }
    /// Norms of the blocks of the state.
    pub fn norms(&self) -> &[f64] {
        &self.norms
    }

    /// Tries a step of length h; the state stays where it is until [`Stepper::accept`].
    ///
    /// Stage i is evaluated at `y + h sum_(j<i) a_ij k_j`; the argument of the last stage is the result. `system` is
    /// left evaluated there, so that [`System::level`] is the level at the end of the trial. Six evaluations.
    pub fn attempt(&mut self, h: f64, tolerances: Tolerances, system: &mut impl System<P>) -> Trial {
        self.last = h;
        self.dense = None;
        for i in 1..STAGES {
            let weights = self.times(&self.weights.a[i], h);
            let out = if i + 1 == STAGES { &mut self.proposed } else { &mut self.scratch };
            let (before, after) = self.stages.split_at_mut(i);
            combine(out, Some(&self.state), before, &weights);
            if i + 1 == STAGES {
                // The difference to the stage before it measures the stiffness: kept in the scratch until the next
                // trial.
                system.rate(&self.proposed, &mut after[0]);
            } else {
                system.rate(&self.scratch, &mut after[0]);
            }
        }
        self.evaluations += STAGES as u64 - 1;
        self.error(h, tolerances, system.blocks())
    }

    /// The error norm of the module's documentation. Blocks are compared as shares of the largest norm, so that no
    /// square leaves the range of doubles where the numbers themselves are in it.
    fn error(&mut self, h: f64, tolerances: Tolerances, blocks: &[Range<usize>]) -> Trial {
        let scale = self.norms.iter().fold(0.0_f64, |m, v| m.max(*v));
        let weights = self.times(&self.weights.error, h);
        combine(&mut self.estimate, None, &self.stages, &weights);
        measure(&self.estimate, &self.state, &self.proposed, blocks, &mut self.found);
        let (mut worst, mut errors, mut changes) = (0.0_f64, 0.0, 0.0);
        self.new_norms.clear();
        for (found, norm) in self.found.iter().zip(&self.norms) {
            self.new_norms.push(found.new);
            let allowed = tolerances.rtol * norm.max(found.new) + tolerances.atol * scale;
            let ratio = if found.error == 0.0 { 0.0 } else { found.error / allowed };
            if !(ratio.is_finite() && found.new.is_finite()) {
                return Trial::NonFinite;
            }
            worst = worst.max(ratio);
            errors += (found.error / scale).powi(2);
            changes += (found.change / scale).powi(2);
        }
        if scale > 0.0 {
            // Rounding of the stages is no reason for short steps.
            let allowed = (CHANGE * f64::sqrt(changes)).max(4.0 * f64::EPSILON);
            worst = upward::larger(worst, f64::sqrt(errors) / allowed);
        }
        if worst.is_nan() { Trial::NonFinite } else { Trial::Error(worst) }
    }

    /// `|h| norm(f(y1) - f(g)) / norm(y1 - g)` over the last two stages of the last trial, an estimate of `|h|` times
    /// the largest eigenvalue in modulus (Hairer and Wanner, "Solving Ordinary Differential Equations II", section
    /// IV.2).
    pub fn stability(&self) -> f64 {
        let rates = super::combine::distance(&self.stages[STAGES - 1], &self.stages[STAGES - 2]);
        let points = super::combine::distance(&self.proposed, &self.scratch);
        if points > 0.0 { self.last.abs() * rates / points } else { 0.0 }
    }

    /// An Euler step of length h: `h norm(y')` and `h^2 norm(y'')` in the error norm, the second by a difference.
    ///
    /// Overwrites the last trial; the state stays. The second number is infinite or NaN where the field at the end of
    /// the step is not finite, the first where the field at the state is not.
    pub(super) fn probe(&mut self, h: f64, tolerances: Tolerances, system: &mut impl System<P>) -> (f64, f64) {
        let step = P::from_f64(h, self.bits);
        for ((o, y), k) in self.proposed.iter_mut().zip(&self.state).zip(&self.stages[0]) {
            o.clone_from(y);
            o.add_product(&step, k);
        }
        system.rate(&self.proposed, &mut self.stages[1]);
        self.evaluations += 1;
        let scale = self.norms.iter().fold(0.0_f64, |m, v| m.max(*v));
        let (mut first, mut second) = (0.0_f64, 0.0_f64);
        for (block, size) in system.blocks().iter().zip(&self.norms) {
            let allowed = tolerances.rtol * size + tolerances.atol * scale;
            // A state of exactly zero has no scale: any unit will do, since only ratios of these numbers are used.
            let allowed = if allowed > 0.0 { allowed } else { tolerances.atol };
            let mut difference: Vec<P> = self.stages[1][block.clone()].to_vec();
            for (d, k) in difference.iter_mut().zip(&self.stages[0][block.clone()]) {
                d.sub(k);
            }
            first = upward::larger(first, h * norm(&self.stages[0][block.clone()]) / allowed);
            second = upward::larger(second, h * norm(&difference) / allowed);
        }
        (first, second)
    }

    /// A step of length h would change the state by no more than a few roundings.
    pub(super) fn is_negligible(&self, h: f64) -> bool {
        let scale = self.norms.iter().fold(0.0_f64, |m, v| m.max(*v));
        h.abs() * norm(&self.stages[0]) <= 4.0 * f64::EPSILON * scale || h == 0.0
    }

    /// The field is exactly zero at the state.
    pub(super) fn is_at_rest(&self) -> bool {
        self.stages[0].iter().all(|k| k.to_f64() == 0.0)
    }

    /// Moves to the result of the last trial: its last stage is the first of the next step.
    ///
    /// The last trial must be the one that is meant: a longer search by [`Stepper::attempt`] ends with the length to
    /// be taken.
    pub fn accept(&mut self) {
        std::mem::swap(&mut self.state, &mut self.proposed);
        self.stages.swap(0, STAGES - 1);
        std::mem::swap(&mut self.norms, &mut self.new_norms);
        self.dense = None;
    }

    /// Writes into `out` the continuous extension of the last trial, not yet accepted, at `y(t + theta h)`, 0 <= theta
    /// <= 1; order 4.
    ///
    /// With s = 1 - theta it is `y + theta (r1 + s (r2 + theta (r3 + s r4)))`: y at theta = 0, the proposed state at
    /// theta = 1.
    pub fn interpolate(&mut self, theta: f64, out: &mut [P]) {
        let h = self.last;
        let dense = match self.dense.take() {
            Some(d) => d,
            None => self.continuous(h),
        };
        let (t, s) = (P::from_f64(theta, self.bits), P::from_f64(1.0 - theta, self.bits));
        for (i, o) in out.iter_mut().enumerate() {
            // y + theta (r1 + (1 - theta) (r2 + theta (r3 + (1 - theta) r4))).
            let mut v = dense[3][i].clone();
            for (factor, term) in [(&s, &dense[2][i]), (&t, &dense[1][i]), (&s, &dense[0][i]), (&t, &self.state[i])] {
                v.mul(factor);
                v.add(term);
            }
            *o = v;
        }
        self.dense = Some(dense);
    }

    /// The coefficients r1, ..., r4 of the continuous extension.
    ///
    /// `r1 = y1 - y0`, `r2 = h k_1 - r1`, `r3 = r1 - r2 - h k_7` and `r4 = h sum_j d_j k_j` (DOPRI5): with the first
    /// three alone the formula of [`Stepper::interpolate`] is the cubic of Hermite through both ends with their
    /// slopes, and r4 raises its order to 4.
    fn continuous(&self, h: f64) -> [Vec<P>; 4] {
        let n = self.state.len();
        let step = P::from_f64(h, self.bits);
        let weights = self.times(&self.weights.dense, h);
        let mut last: Vec<P> = self.state.iter().map(P::zero_like).collect();
        combine(&mut last, None, &self.stages, &weights);
        let mut parts = [Vec::with_capacity(n), Vec::with_capacity(n), Vec::with_capacity(n)];
        for i in 0..n {
            let mut difference = self.proposed[i].clone();
            difference.sub(&self.state[i]);
            let mut bend = step.clone();
            bend.mul(&self.stages[0][i]);
            bend.sub(&difference);
            let mut third = difference.clone();
            third.sub(&bend);
            third.sub_product(&step, &self.stages[STAGES - 1][i]);
            parts[0].push(difference);
            parts[1].push(bend);
            parts[2].push(third);
        }
        let [r1, r2, r3] = parts;
        [r1, r2, r3, last]
    }

    /// h times these coefficients.
    fn times(&self, row: &[P; STAGES], h: f64) -> [P; STAGES] {
        let h = P::from_f64(h, self.bits);
        std::array::from_fn(|j| {
            let mut w = row[j].clone();
            w.mul(&h);
            w
        })
    }
}

/// The tableau at the working precision.
#[derive(Clone, Debug)]
struct Weights<P> {
    /// Weights of the stages, row by row.
    a: [[P; STAGES]; STAGES],
    /// Of the error estimate.
    error: [P; STAGES],
    /// Of the extension's last term.
    dense: [P; STAGES],
}

impl<P: Nearest> Weights<P> {
    /// Each coefficient is one division of two integers, rounded to nearest.
    fn new(tableau: &Tableau, bits: u32) -> Self {
        let row = |row: &[(i64, i64); STAGES]| {
            row.map(|(numerator, denominator)| {
                let mut w = P::from_f64(numerator as f64, bits);
                w.div(&P::from_f64(denominator as f64, bits));
                w
            })
        };
        Self { a: std::array::from_fn(|i| row(&tableau.a[i])), error: row(&tableau.error), dense: row(&tableau.dense) }
    }
}

/// Euclidean norms of the blocks.
pub(super) fn block_norms<P: Nearest>(v: &[P], blocks: &[Range<usize>]) -> Vec<f64> {
    blocks.iter().map(|b| norm(&v[b.clone()])).collect()
}

/// Euclidean norm, safe from overflow and underflow of the squares.
pub(super) fn norm<P: Nearest>(v: &[P]) -> f64 {
    super::combine::norm(v)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::control::starting_step;

    /// y' = 1 in three components; from the second call on a field whose middle component is not defined.
    struct Hole {
        calls: u32,
        blocks: Vec<Range<usize>>,
    }

    impl System<f64> for Hole {
        fn blocks(&self) -> &[Range<usize>] {
            &self.blocks
        }
        fn rate(&mut self, _: &[f64], out: &mut [f64]) {
            self.calls += 1;
            out.copy_from_slice(&[1.0, if self.calls > 1 { f64::NAN } else { 1.0 }, 0.0]);
        }
    }

    #[test]
    fn what_is_not_finite_is_seen_wherever_it_is() {
        let tolerances = Tolerances { rtol: 1e-3, atol: 1e-3 };
        for blocks in [Vec::from([Range { start: 0, end: 3 }]), vec![0..1, 1..2, 2..3]] {
            let mut system = Hole { calls: 0, blocks };
            let mut stepper = Stepper::new(&Tableau::dormand_prince(), vec![1.0; 3], 53, &mut system);
            let short = starting_step(&mut stepper, tolerances, &mut system);
            assert!(short.is_some_and(|h| h < 1e-7), "{short:?}");
            assert_eq!(stepper.attempt(0.1, tolerances, &mut system), Trial::NonFinite);
        }
    }
}
