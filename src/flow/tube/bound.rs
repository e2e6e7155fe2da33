//! Bounds of one piece of a trajectory: its defect, and how much an error can grow along it.

use super::{Clock, Piece, layers};
use crate::arithmetic::{Enclosure, Interval, Real, TaylorModel, upward};
use crate::error::{Error, Result};
use crate::hessian::Compressed;
use crate::linalg::ball::euclidean_norm;
use crate::linalg::{BallMatrix, dense, largest_singular_value};
use crate::network::Network;
use crate::problem::{Moments, Problem};
use nalgebra::{DMatrix, DVector};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Unit roundoff.
const UNIT: f64 = upward::UNIT;
/// More parts than this no builder asks for.
const MOST_CUTS: usize = 4096;
/// The Hessian is needed to a few digits.
const HESSIAN: f64 = 1e-9;

/// What a piece is a trajectory of.
///
/// Made by [`Setting::new`], which checks that widths, head and data fit and that lambda > 0.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// The data, with w*, lambda and Lambda enclosed.
    pub(super) problem: &'a Problem,
    /// Sigma and `X^T y / n` as constants in tau.
    pub(super) moments: Moments<TaylorModel>,
    /// d_0 = d, d_1, .., d_L.
    pub(super) widths: Vec<usize>,
    /// w, of length d_L, exact.
    pub(super) head: DVector<f64>,
}

/// One part of a piece.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// An error grows at most by `exp(exponent)` from the beginning of the part to its end,
    pub exponent: f64,
    /// and at most by `exp(rise)`, `rise >= 0`, between any two moments of it.
    pub rise: f64,
    /// The part of it that smaller parts would not lower.
    pub floor: f64,
    /// True time that passes.
    pub time: Interval,
}

/// What holds on one piece, given that the true orbit is within its radius.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// `sup norm(x'(tau) - half f(x(tau)))`.
    pub defect: f64,
    /// Growth of errors, part after part.
    pub stages: Vec<Stage>,
}

impl Bounds {
    /// For an error of at most `entry` at tau = -1: bounds of the error on the whole piece and at tau = 1.
    ///
    /// On a part of length l with exponent m and rise r: `norm(e) <= e^m norm(e_0) + e^r l defect` at its end, and at
    /// most `e^r (norm(e_0) + l defect)` before.
    pub fn propagate(&self, entry: f64) -> (f64, f64) {
        let share = upward::mul(self.defect, upward::div(2.0, self.stages.len() as f64));
        let (mut now, mut peak) = (entry, entry);
        for s in &self.stages {
            let gained = upward::mul(exp(s.rise), share);
            peak = peak.max(upward::mul(exp(s.rise), upward::add(now, share)));
            now = upward::add(upward::mul(exp(s.exponent), now), gained);
            peak = peak.max(now);
        }
        (peak, now)
    }
    /// Sum of the exponents.
    pub fn exponent(&self) -> f64 {
        self.stages.iter().fold(0.0, |s, stage| s + stage.exponent)
    }
}

/// At least `e^x`.
fn exp(x: f64) -> f64 {
    Interval::point(x).exp().hi()
}

/// The Hessian at a point of a piece, and how fast errors grow there.
struct Node {
    /// H on the coordinates in which it is not zero, with a radius.
    hessian: Compressed,
    /// At least its operator norm.
    norm: f64,
    /// What [`Node::plain`] found, and what [`Node::across`] did: a piece may be tried with both clocks.
    plain: OnceCell<f64>,
    /// See `plain`.
    across: OnceCell<(f64, f64)>,
}

impl Node {
    /// By the plain clock: at least `lambda_max(-H)`.
    fn plain(&self) -> f64 {
        *self.plain.get_or_init(|| self.hessian.largest_of_negated())
    }

    /// By arc length: at least the largest eigenvalue of `-sym((I - q q^T) H)`, and not below zero, for a unit vector q
    /// within a distance of the direction of `field` at tau. That distance comes second.
    fn across(&self, field: &Field, tau: f64) -> (f64, f64) {
        *self.across.get_or_init(|| {
            let direction = horner(&field.mids, tau);
            let size = direction.iter().fold(0.0, |m, v| upward::larger(m, v.abs()));
            if !(size > 0.0 && size.is_finite()) {
                return (f64::INFINITY, f64::INFINITY);
            }
            let unit: Vec<f64> = direction.iter().map(|v| v / size).collect();
            // The direction nearest to it on which H is a small matrix: `unit` has norm one at least.
            let (nearest, aside) = self.hessian.coordinates(&unit);
            let transverse = transverse(&self.hessian.form, self.hessian.form.norm(), &nearest);
            // On the rest of the space both are zero.
            let growth = dense::largest(&transverse).hi().max(0.0);
            (upward::add(growth, self.hessian.error), aside)
        })
    }
}

/// At most `norm(F(tau))` on `[from, to]`, F the polynomial with these coefficients, for a vector `unit` with largest
/// entry one: `unit^T F / norm(unit)`, in [`PARTS`] parts by Horner's rule in enclosures.
///
/// By Cauchy and Schwarz `unit^T F <= norm(unit) norm(F)`. Each coefficient's product with `unit` carries its
/// rounding.
fn least_along(coefficients: &[Vec<f64>], unit: &[f64], from: f64, to: f64) -> f64 {
    let size = euclidean_norm(unit);
    let along: Vec<Interval> = coefficients
        .iter()
        .map(|c| {
            let dot: f64 = c.iter().zip(unit).map(|(a, b)| a * b).sum();
            let rounding = upward::mul(upward::gamma(c.len() + 4), upward::mul(euclidean_norm(c), size));
            Interval::point(dot) + Interval::symmetric(upward::add(rounding, upward::mul(c.len() as f64, upward::TINY)))
        })
        .collect();
    let step = (to - from) / PARTS as f64;
    let mut least = f64::INFINITY;
    for i in 0..PARTS {
        // The parts overlap, and reach past both ends, by more than the rounding of their ends.
        let slack = 16.0 * UNIT;
        let t = Interval::new(from + step * i as f64 - slack, from + step * (i + 1) as f64 + slack);
        let value = along.iter().rev().fold(Interval::point(0.0), |s, c| s * t + *c);
        least = least.min(value.lo());
    }
    (Interval::point(least) / Interval::point(size)).lo()
}

/// Parts in which the least speed is looked for.
const PARTS: usize = 16;

/// Sums `sum_k norms[k] k (k-1) t^(k-2)`: at least the norm of the second derivative on `|tau| <= t`.
fn bend(norms: &[f64], t: f64) -> f64 {
    let (mut sum, mut power) = (0.0, 1.0);
    for (k, n) in norms.iter().enumerate().skip(2) {
        sum = upward::add(sum, upward::mul(upward::mul((k * (k - 1)) as f64, *n), power));
        power = upward::mul(power, t);
    }
    sum
}

/// Sums `sum_k norms[k] k t^(k-1)`: at least the norm of the derivative of a polynomial on `|tau| <= t`.
fn speed(norms: &[f64], t: f64) -> f64 {
    let (mut sum, mut power) = (0.0, 1.0);
    for (k, n) in norms.iter().enumerate().skip(1) {
        sum = upward::add(sum, upward::mul(upward::mul(k as f64, *n), power));
        power = upward::mul(power, t);
    }
    sum
}

/// `sum_k coefficients[k] t^k` in doubles, entry by entry; `horner_error` bounds its rounding.
pub(super) fn horner(coefficients: &[Vec<f64>], t: f64) -> Vec<f64> {
    let mut out = vec![0.0; coefficients[0].len()];
    for c in coefficients.iter().rev() {
        out.iter_mut().zip(c).for_each(|(o, c)| *o = *o * t + c);
    }
    out
}

/// Bound of the rounding of [`horner`] for `|t| <= 1`, coefficients of the given norms: each term passes `2 k + 1`
/// roundings at most.
fn horner_error(norms: &[f64], entries: usize) -> f64 {
    let total = norms.iter().fold(0.0, |s, n| upward::add(s, *n));
    let steps = 2 * norms.len() + 2;
    upward::add(upward::mul(upward::gamma(steps), total), upward::mul((entries * steps) as f64, upward::TINY))
}

/// At least the Euclidean norm of these numbers.
fn euclidean(magnitudes: impl Iterator<Item = f64>) -> f64 {
    let magnitudes: Vec<f64> = magnitudes.collect();
    euclidean_norm(&magnitudes)
}

/// What does not depend on clock, cuts and radius: a polynomial near `f(x(tau))` and the norms of its coefficients, a
/// bound of the distance between the two, and the defect.
pub(super) struct Field {
    /// `mids[k]`, of length p, holds the coefficients of `tau^k`; `norms[k]` is at least its Euclidean norm.
    mids: Vec<Vec<f64>>,
    /// See `mids`.
    norms: Vec<f64>,
    /// At least the distance of f from this polynomial on `[-1, 1]`.
    error: f64,
    /// At least `sup norm(x' - half f(x))`.
    defect: f64,
    /// By the bits of tau.
    nodes: RefCell<HashMap<u64, Rc<Node>>>,
}

impl Field {
    /// At least the norms of the first and the second derivative of the direction u of the field F, on the part within
    /// `width` of the middle and of `|tau| <= reach`: `unit` has the direction of the polynomial in the middle, `least`
    /// is at most norm(F), and `off` at least what F and that polynomial differ by.
    ///
    /// With `Q = I - u u^T`, `u' = Q F' / norm(F)` and `u'' = (Q F'' - 2 (u^T F') u')/norm(F) - norm(u')^2 u`.
    fn turning(&self, unit: &[f64], width: f64, reach: f64, least: f64, off: f64) -> [f64; 2] {
        let over = |v: f64| upward::div(v, least);
        let across: Vec<f64> = self.mids.iter().map(|m| across(m, unit)).collect();
        // The sine of the angle between u and its direction in the middle.
        let turn = over(upward::add(upward::mul(speed(&across, reach), width), off));
        let (along, curved) = (speed(&self.norms, reach), bend(&self.norms, reach));
        let first = over(upward::add(speed(&across, reach), upward::mul(turn, along)));
        let second = [
            over(upward::add(bend(&across, reach), upward::mul(turn, curved))),
            upward::mul(upward::mul(2.0, over(along)), first),
            upward::mul(first, first),
        ];
        [first, second.into_iter().fold(0.0, upward::add)]
    }
}

impl<'a> Setting<'a> {
    /// For networks with these widths and head on these data.
    ///
    /// # Errors
    /// The widths do not match the data or the head; a depth of zero; Sigma not symmetric or not proved positive
    /// definite.
    pub fn new(problem: &'a Problem, widths: &[usize], head: &DVector<f64>) -> Result<Self> {
        if widths.len() < 2 || widths[0] != problem.dimension() || widths[widths.len() - 1] != head.len() {
            return Err(Error::input("widths", "they must begin with d and end with the length of the head"));
        }
        // What the bounds stand on: f is a gradient, and strongly convex in w_prod.
        let symmetric = problem.exact_moments().is_none_or(|m| m.sigma == m.sigma.transpose());
        if !symmetric || !problem.lambda().is_positive() {
            return Err(Error::input(problem.name(), "Sigma must be symmetric and proved positive definite"));
        }
        let moments = problem.enclosed_moments().map(|v| TaylorModel::constant(*v));
        Ok(Self { problem, moments, widths: widths.to_vec(), head: head.clone() })
    }
    /// Number of weights.
    pub(super) fn parameters(&self) -> usize {
        self.widths.windows(2).map(|d| d[0] * d[1]).sum()
    }
    /// The network with these p weights and the head.
    pub(super) fn network(&self, weights: &[f64]) -> Result<Network<f64>> {
        Network::new(layers(&self.widths, weights.iter().copied()), self.head.clone())
    }
    /// The piece's polynomial as a network over Taylor models.
    pub(super) fn along(&self, piece: &Piece) -> Result<Network<TaylorModel>> {
        let degree = piece.coefficients.len() - 1;
        let weights =
            (0..self.parameters()).map(|i| TaylorModel::polynomial(piece.coefficients.iter().map(|c| c[i]), degree));
        Network::new(layers(&self.widths, weights), self.head.map(|v| TaylorModel::constant(Interval::point(v))))
    }

    /// `f = -grad R^L` along the piece, in the order of parameters.
    pub(super) fn velocity(&self, net: &Network<TaylorModel>) -> Vec<TaylorModel> {
        let gradient = net.gradient(&self.moments);
        let layer = |k| gradient.layer(k).iter().map(|v| -v.clone()).collect::<Vec<_>>();
        (1..=net.depth()).flat_map(layer).collect()
    }

    /// Bounds of one piece at its claimed radius.
    ///
    /// # Errors
    /// A malformed piece. Where a bound does not exist (the radius is too large for the clock), it is infinite.
    pub fn bounds(&self, piece: &Piece) -> Result<Bounds> {
        self.bounds_over(piece, &self.field(piece)?)
    }

    /// [`Setting::bounds`] with the field of a piece that may have had another clock, other cuts, another radius.
    pub(super) fn bounds_over(&self, piece: &Piece, field: &Field) -> Result<Bounds> {
        let sizes = piece.half > 0.0 && piece.half.is_finite() && piece.radius >= 0.0;
        if !sizes || !(1..=MOST_CUTS).contains(&piece.cuts) {
            return Err(Error::input("piece", format!("expected half > 0, radius >= 0, cuts from 1 to {MOST_CUTS}")));
        }
        let norms: Vec<f64> = piece.coefficients.iter().map(|c| euclidean_norm(c)).collect();
        let stages = (0..piece.cuts).map(|j| self.stage(piece, &norms, field, j)).collect::<Result<_>>()?;
        Ok(Bounds { defect: field.defect, stages })
    }

    /// f along a piece, and the defect.
    ///
    /// # Errors
    /// A malformed piece.
    pub(super) fn field(&self, piece: &Piece) -> Result<Field> {
        piece.check(2, self.parameters())?;
        let field = self.velocity(&self.along(piece)?);
        let defect = self.defect(piece, &field);
        let degree = field.iter().map(TaylorModel::len).max().unwrap_or(0);
        let error = euclidean(field.iter().map(TaylorModel::remainder));
        let mids: Vec<Vec<f64>> = (0..degree).map(|k| field.iter().map(|v| v.coefficient(k)).collect()).collect();
        let norms = mids.iter().map(|m| euclidean_norm(m)).collect();
        Ok(Field { mids, norms, error, defect, nodes: RefCell::default() })
    }

    /// `sup norm(x' - half f) <= sum_k norm((k+1) x_(k+1) - half f_k)` and half times the remainders, for
    /// `|tau| <= 1`.
    fn defect(&self, piece: &Piece, field: &[TaylorModel]) -> f64 {
        let half = Interval::point(piece.half);
        let length = field.iter().map(TaylorModel::len).max().unwrap_or(0).max(piece.coefficients.len());
        let mut sum = upward::mul(piece.half, euclidean(field.iter().map(TaylorModel::remainder)));
        for k in 0..length {
            let derivative = piece.coefficients.get(k + 1);
            let order = Interval::point((k + 1) as f64);
            let off = field.iter().enumerate().map(|(i, f)| {
                let x = derivative.map_or(Interval::point(0.0), |c| order * Interval::point(c[i]));
                (x - half * Interval::point(f.coefficient(k))).magnitude()
            });
            sum = upward::add(sum, euclidean(off));
        }
        sum
    }

    /// The Hessian at tau: computed once.
    fn node(&self, piece: &Piece, field: &Field, tau: f64) -> Result<Rc<Node>> {
        if let Some(node) = field.nodes.borrow().get(&tau.to_bits()) {
            return Ok(node.clone());
        }
        let hessian = Compressed::new(self.problem, &self.network(&horner(&piece.coefficients, tau))?, HESSIAN)?;
        let norm = hessian.norm();
        let node = Rc::new(Node { hessian, norm, plain: OnceCell::new(), across: OnceCell::new() });
        field.nodes.borrow_mut().insert(tau.to_bits(), node.clone());
        Ok(node)
    }

    /// Part j of a piece: from `2 j / cuts - 1` on, of the length `2 / cuts`.
    ///
    /// Let G(tau) be the symmetric matrix whose largest eigenvalue is the rate of growth on the polynomial. Between two
    /// nodes at distance 2 w, and for every unit v, `v^T G v` is below its chord by at most `norm(G'') w^2 / 2`, on the
    /// average by `norm(G'') w^2 / 3`; the chord is at most that of the largest eigenvalues at the nodes.
    fn stage(&self, piece: &Piece, norms: &[f64], field: &Field, j: usize) -> Result<Stage> {
        let cuts = piece.cuts as f64;
        let at = |j: usize| ((2 * j) as f64 / cuts - 1.0).clamp(-1.0, 1.0);
        let (from, to) = (at(j), at(j + 1));
        let nodes = [self.node(piece, field, from)?, self.node(piece, field, to)?];
        // The nodes are within 4 UNIT of the ends of the part.
        let width = upward::add(upward::div(1.0, cuts), 8.0 * UNIT);
        let reach = upward::add(from.abs().max(to.abs()), 8.0 * UNIT).min(1.0);
        let middle = 0.5 * from + 0.5 * to;
        let p = piece.coefficients[0].len();
        let rounding = horner_error(norms, p);
        let speed_x = speed(norms, reach);
        // Every point of this part of the tube is within rho of the middle.
        let rho = upward::add(upward::add(upward::mul(speed_x, width), rounding), piece.radius);
        let [third, fourth] = self.derivatives(&self.network(&horner(&piece.coefficients, middle))?, rho);
        // H along the polynomial: its first and second derivative, and its distance to H in the tube.
        let first = upward::mul(third, speed_x);
        let second =
            upward::add(upward::mul(fourth, upward::mul(speed_x, speed_x)), upward::mul(third, bend(norms, reach)));
        let drift = upward::mul(third, upward::add(piece.radius, rounding));
        let norm = nodes[0].norm.max(nodes[1].norm);
        let time = upward::mul(2.0, upward::mul(piece.half, width));
        let exact_time = Interval::point(2.0) * Interval::point(piece.half) / Interval::point(cuts);
        // On the average and at most, above the chord.
        let sag = |first: f64, second: f64, of: f64| {
            upward::add(
                upward::mul(upward::div(second, of), upward::mul(width, width)),
                upward::mul(16.0 * UNIT, first),
            )
        };
        Ok(match piece.clock {
            Clock::Time => {
                let growth = [nodes[0].plain(), nodes[1].plain()];
                let mean = upward::mul(0.5, upward::add(growth[0], growth[1]));
                let rate = upward::add(mean, upward::add(sag(first, second, 3.0), drift));
                let most = upward::add(growth[0].max(growth[1]), upward::add(sag(first, second, 2.0), drift));
                // A decay is granted only for the exact length: the parts without their overlap cover [-1, 1].
                let over =
                    |r: f64| if r >= 0.0 { upward::mul(time, r) } else { (exact_time * Interval::point(r)).hi() };
                let rise = over(most).max(0.0);
                Stage { exponent: over(rate), rise, floor: over(mean), time: exact_time }
            }
            Clock::Length => {
                let infinite = f64::INFINITY;
                let unknown = Stage { exponent: infinite, rise: infinite, floor: infinite, time: Interval::ENTIRE };
                let direction = horner(&field.mids, middle);
                // A vector with largest entry one along it: squares of f itself may underflow near a saddle.
                let size = direction.iter().fold(0.0, |m, v| upward::larger(m, v.abs()));
                let finite = size.is_finite() && norm.is_finite() && second.is_finite();
                if size == 0.0 || !finite {
                    return Ok(unknown);
                }
                let unit: Vec<f64> = direction.iter().map(|v| v / size).collect();
                let largest = upward::add(norm, upward::add(upward::mul(first, width), drift));
                // f at a point of the tube against `field`, along the polynomial and off it by at most the radius.
                let rounded = horner_error(&field.norms, p);
                let off = upward::add(upward::add(field.error, rounded), upward::mul(largest, piece.radius));
                let least = -upward::add(off, -least_along(&field.mids, &unit, from, to));
                if least.is_nan() || least <= 0.0 {
                    return Ok(unknown);
                }
                let over = |v: f64| upward::div(v, least);
                let [u1, u2] = field.turning(&unit, width, reach, least, upward::add(off, rounded));
                // G = -sym(Q H): Q' has the norm of u', Q'' at most twice that of u'' and of its square.
                let bent = upward::mul(2.0, upward::add(u2, upward::mul(u1, u1)));
                let second = [second, upward::mul(upward::mul(2.0, u1), first), upward::mul(bent, largest)];
                let second = second.into_iter().fold(0.0, upward::add);
                let first = upward::add(first, upward::mul(u1, largest));
                let growth = nodes.iter().zip([from, to]).map(|(node, tau)| node.across(field, tau));
                let (growth, aside): (Vec<f64>, Vec<f64>) = growth.unzip();
                let mean = upward::mul(0.5, upward::add(growth[0], growth[1]));
                let off_course =
                    [aside[0].max(aside[1]), over(off), upward::mul(8.0, UNIT)].into_iter().fold(0.0, upward::add);
                let away = upward::add(drift, upward::mul(off_course, largest));
                let (average, most) = (sag(first, second, 3.0), sag(first, second, 2.0));
                // norm(f(x)) / norm(f(xi)), xi within the radius of x.
                let beta = over(upward::mul(largest, piece.radius));
                let stretch = (Interval::point(1.0) / (Interval::point(1.0) - Interval::point(beta))).hi();
                let small = beta < 0.5;
                if !small {
                    return Ok(unknown);
                }
                let stretched = |rate: f64| upward::mul(upward::mul(time, rate), stretch);
                let exponent = stretched(upward::add(mean, upward::add(average, away)));
                let rise = stretched(upward::add(growth[0].max(growth[1]), upward::add(most, away)));
                let clock = Interval::new(-upward::add(beta, -1.0), upward::add(1.0, beta));
                Stage { exponent, rise, floor: upward::mul(time, mean), time: exact_time / clock }
            }
        })
    }

    /// At least the operator norms of the third and the fourth derivative of R^L (as multilinear forms) in the ball of
    /// radius `rho`.
    ///
    /// With P the product map and `g = grad R^1(P)`: `D^3 R = 2 sum of three (P'' Sigma P') + g P'''`; `D^4 R = 2 sum
    /// of four (P''' Sigma P') + 2 sum of three (P'' Sigma P'') + g P''''`. In the Euclidean norm of all weights, with
    /// `s_k >= norm_2(W_k)` in the ball and e_j the elementary symmetric polynomials of `s_1^2, .., s_L^2`, the
    /// derivative of P of order j has at most the norm `norm(w) sqrt(j! e_(L-j))` (Cauchy-Schwarz over ordered tuples
    /// of distinct layers).
    pub fn derivatives(&self, net: &Network<f64>, rho: f64) -> [f64; 2] {
        let [first, second, third, fourth] = self.product_derivatives(net, rho);
        let large = self.problem.lambda_max().hi();
        let exact = net.map(|v| Interval::point(*v));
        let gradient = self.problem.enclosed_moments().risk_gradient(&exact.product());
        let at_centre = euclidean(gradient.iter().map(Interval::magnitude));
        let slope = upward::add(at_centre, upward::mul(upward::mul(upward::mul(2.0, large), first), rho));
        let of_order_3 =
            upward::add(upward::mul(upward::mul(upward::mul(6.0, large), first), second), upward::mul(slope, third));
        let outer = upward::mul(4.0, upward::mul(first, third));
        let inner = upward::mul(3.0, upward::mul(second, second));
        let of_order_4 =
            upward::add(upward::mul(upward::mul(2.0, large), upward::add(outer, inner)), upward::mul(slope, fourth));
        [of_order_3, of_order_4]
    }

    /// Bounds of the norms of the first four derivatives of P in the ball of radius `rho` around `net`.
    ///
    /// A derivative of order above L is zero. O(L^2) besides the norms of the layers, each the smaller of two bounds.
    pub(super) fn product_derivatives(&self, net: &Network<f64>, rho: f64) -> [f64; 4] {
        let head = euclidean_norm(self.head.as_slice());
        let squares: Vec<f64> = net
            .layers()
            .iter()
            .map(|w| {
                let s = largest_singular_value(&w.map(Interval::point)).hi();
                let s = upward::add(s.min(euclidean_norm(w.as_slice())), rho);
                upward::mul(s, s)
            })
            .collect();
        let mut e = vec![0.0; squares.len() + 1];
        e[0] = 1.0;
        for (k, s) in squares.iter().enumerate() {
            for j in (0..=k).rev() {
                e[j + 1] = upward::add(e[j + 1], upward::mul(e[j], *s));
            }
        }
        let depth = squares.len();
        let bound = |order: usize, factor: f64| match depth.checked_sub(order) {
            Some(j) => upward::mul(head, upward::sqrt(upward::mul(factor, e[j]))),
            None => 0.0,
        };
        [bound(1, 1.0), bound(2, 2.0), bound(3, 6.0), bound(4, 24.0)]
    }
}

/// At least the norm of the part of v that is orthogonal to q.
fn across(v: &[f64], q: &[f64]) -> f64 {
    let n = v.len();
    let dot: f64 = v.iter().zip(q).map(|(a, b)| a * b).sum();
    let square: f64 = q.iter().map(|b| b * b).sum();
    let rest: Vec<f64> = v.iter().zip(q).map(|(a, b)| a - dot / square * b).collect();
    // Any multiple of q may be taken away: the norm of what is left bounds the distance to the line. The product and
    // the subtraction are rounded, which the constant covers.
    let rounding = upward::mul(upward::gamma(n + 8), upward::mul(2.0, euclidean_norm(v)));
    upward::add(euclidean_norm(&rest), rounding)
}

/// `sym(-(I - q q^T / q^T q) H) = -H + (q (H q)^T + (H q) q^T) / (2 q^T q)` as a ball.
fn transverse(h: &BallMatrix, norm: f64, q: &[f64]) -> BallMatrix<'static> {
    let n = q.len();
    let q = DVector::from_column_slice(q);
    let hq = h.mid() * &q;
    let square = q.norm_squared();
    let mut out: DMatrix<f64> = -h.mid();
    out.ger(0.5 / square, &q, &hq, 1.0);
    out.ger(0.5 / square, &hq, &q, 1.0);
    // Entrywise at most gamma_(2n+8) (|H| + half of |q| (|H| |q|)^T / q^T q and of its transpose), in norm twice that
    // of |H|, which `norm` bounds.
    let rounding = upward::mul(upward::mul(4.0, upward::gamma(2 * n + 16)), norm);
    let underflow = upward::mul((4 * n * n) as f64, upward::TINY);
    BallMatrix::new(out, upward::add(upward::mul(2.0, h.radius()), upward::add(rounding, underflow)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::Rational;

    /// Fields `(1 + g tau + c tau^2, omega tau)`, whose direction turns fastest where they are short.
    #[test]
    fn the_direction_of_a_field_turns_no_faster_than_bounded() {
        for (g, c, omega) in [(0.9, 0.0, 0.05), (0.0, 0.0, 1.0), (-0.5, 0.0, 0.1), (0.3, 0.4, 0.05), (0.9, 0.3, 0.01)] {
            let mids = vec![vec![1.0, 0.0], vec![g, omega], vec![c, 0.0]];
            let norms = mids.iter().map(|m| euclidean_norm(m)).collect();
            let field = Field { mids, norms, error: 0.0, defect: 0.0, nodes: RefCell::default() };
            let [x, y] = [|t: f64, g: f64, c: f64| 1.0 + g * t + c * t * t, |t: f64, omega: f64, _: f64| omega * t];
            let norm = |t: f64| x(t, g, c).hypot(y(t, omega, 0.0));
            let samples = || (0..=1000).map(|i| f64::from(i) / 500.0 - 1.0);
            let least = samples().map(norm).fold(f64::INFINITY, f64::min) * (1.0 - 1e-9);
            let [first, second] = field.turning(&[1.0, 0.0], 1.0, 1.0, least, 0.0);
            for t in samples() {
                // The rate of the angle is (F x F') / norm(F)^2, and so on.
                let (dx, ddx, r2) = (g + 2.0 * c * t, 2.0 * c, norm(t).powi(2));
                let cross = x(t, g, c) * omega - omega * t * dx;
                let rate = cross / r2;
                let of_cross = -omega * t * ddx;
                let of_r2 = 2.0 * (x(t, g, c) * dx + omega * omega * t);
                let change = of_cross / r2 - cross * of_r2 / (r2 * r2);
                let exact = [rate.abs(), change.hypot(rate * rate)];
                assert!(exact[0] <= first && exact[1] <= second, "{g} {c} {omega} at {t}: {exact:?} {first} {second}");
            }
        }
    }

    /// Scalars `x_1 = .. = x_L = 2` under the head 3: along `(1, .., 1)/sqrt(L)` the derivative of order j of the
    /// product is `3 L!/(L-j)! 2^(L-j) L^(-j/2)`, and for large L the bound is hardly more.
    #[test]
    fn derivatives_of_products_are_bounded_closely() {
        let problem = Problem::appendix_c(10, 1, 1).unwrap();
        for (depth, close) in [(1_usize, 1.0 + 1e-9), (2, 1.42), (6, f64::INFINITY), (40, 1.1)] {
            let head = DVector::from_element(1, 3.0);
            let net = Network::new(vec![DMatrix::from_element(1, 1, 2.0); depth], head.clone()).unwrap();
            let bounds = Setting::new(&problem, &vec![1; depth + 1], &head).unwrap().product_derivatives(&net, 0.0);
            for (j, bound) in (1..=4).zip(bounds) {
                let falling: f64 = (0..j).map(|i| depth as f64 - i as f64).product();
                if depth < j {
                    assert_eq!(bound, 0.0);
                    continue;
                }
                let exact = 3.0 * falling * 2f64.powi((depth - j) as i32) * (depth as f64).powf(-0.5 * j as f64);
                assert!(exact <= bound && bound <= close * exact, "L = {depth}, order {j}: {exact} {bound}");
            }
        }
    }

    /// `R = (3 x_1 .. x_L - w*)^2 + 1` at `(1, .., 1)`, along `(1, .., 1)/sqrt(L)`: where w* = 3 the gradient at the
    /// centre is zero, where w* = -3 all terms have one sign, and for large L the bounds are hardly more.
    #[test]
    fn derivatives_of_the_risk_are_bounded_closely() {
        let depth = 40;
        let one = Rational::from(1);
        for w_star in [3, -3] {
            let target = DVector::from_element(1, Rational::from(w_star));
            let problem = Problem::white(&one, &target, &one).unwrap();
            let head = DVector::from_element(1, 3.0);
            let net = Network::new(vec![DMatrix::from_element(1, 1, 1.0); depth], head.clone()).unwrap();
            let bounds = Setting::new(&problem, &[1; 41], &head).unwrap().derivatives(&net, 0.0);
            // Derivatives of the product, from the first on.
            let l = depth as f64;
            let p: Vec<f64> = (1..=4)
                .map(|j| 3.0 * (0..j).map(|i| l - f64::from(i)).product::<f64>() * l.powf(-0.5 * f64::from(j)))
                .collect();
            let slope = 2.0 * (3.0 - w_star as f64);
            let third = 6.0 * p[0] * p[1] + slope * p[2];
            let fourth = 8.0 * p[0] * p[2] + 6.0 * p[1] * p[1] + slope * p[3];
            for (exact, bound) in [third, fourth].into_iter().zip(bounds) {
                assert!(exact <= bound && bound <= 1.08 * exact, "w* = {w_star}: {exact} {bound}");
            }
        }
    }
}
