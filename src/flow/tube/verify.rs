//! Checks a certificate. Of the tube this file and `bound.rs` have to be trusted, nothing of the builder.
//!
//! They stand on the kernel: [`arithmetic`](crate::arithmetic) (enclosures, Taylor models, [`upward`]), [`linalg`](crate::linalg) (`ball`, `dense`, `extreme`, and with the balls the products of `faer` and
//! `nalgebra`), [`hessian`](crate::hessian) (`forms`, `sharpness`), the spectrum of the [`problem`](crate::problem) and [`Network`]. What is said along segments stands on `observe.rs` too.

use super::{Bounds, Certificate, Clock, Piece, Setting};
use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring, upward};
use crate::error::{Error, Result};
use crate::flow::observables::Observables;
use crate::hessian::sharpness_at_minimiser;
use crate::linalg::ball::euclidean_norm;
use crate::network::Network;

use num_traits::Zero;
use rayon::prelude::*;

/// What a certificate proves.
#[derive(Clone, Debug)]
pub struct Tube {
    /// The bounds of each piece, at its claimed radius.
    pub bounds: Vec<Bounds>,
    /// True time at the end of each piece.
    pub times: Vec<Interval>,
    /// The limit.
    pub limit: Limit,
}

/// The limit of the flow, W^SI in the paper.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Layers of W^SI, entry by entry.
    pub network: Network<Interval>,
    /// It is within this distance of the end of the tube's polynomial, rounded to doubles.
    pub radius: f64,
    /// From the end of the tube on `norm(grad R^L)^2 >= mu (R^L - R_min)`.
    pub mu: f64,
    /// Bound of `sqrt(R^L - R_min)` at the end of the tube.
    pub root_gap: f64,
    /// The sharpness of W^SI.
    pub sharpness: Interval,
}

/// The polynomial's value at tau = 1 or -1.
fn end(piece: &Piece, sign: i32) -> Vec<Interval> {
    let mut out = vec![Interval::zero(); piece.coefficients[0].len()];
    for (k, c) in piece.coefficients.iter().enumerate() {
        let flip = sign < 0 && k % 2 == 1;
        out.iter_mut().zip(c).for_each(|(o, c)| *o += Interval::point(if flip { -c } else { *c }));
    }
    out
}

fn distance(a: impl Iterator<Item = Interval>, b: impl Iterator<Item = Interval>) -> f64 {
    let off: Vec<f64> = a.zip(b).map(|(a, b)| (a - b).magnitude()).collect();
    euclidean_norm(&off)
}

/// Distance of the first piece's beginning to the exact start.
pub(super) fn start_error(start: &Network<Rational>, piece: &Piece) -> f64 {
    let exact = start.layers().iter().flat_map(|w| w.iter().map(enclose));
    distance(end(piece, -1).into_iter(), exact)
}

fn enclose(q: &Rational) -> Interval {
    <Interval as crate::arithmetic::Field>::from_rational(q, 53)
}

/// Distance from the end of one piece to the beginning of the next.
pub(super) fn jump(before: &Piece, after: &Piece) -> f64 {
    distance(end(before, 1).into_iter(), end(after, -1).into_iter())
}

/// Bound of the error at the beginning of piece i: at the start the distance to the exact weights, then the claim at the end of the
/// piece before and the jump from there.
pub fn entry(certificate: &Certificate, i: usize) -> f64 {
    let pieces = &certificate.pieces;
    match i {
        0 => start_error(&certificate.start, &pieces[0]),
        _ => upward::add(pieces[i - 1].exit, jump(&pieces[i - 1], &pieces[i])),
    }
}

/// The end of the last piece as a network of doubles, with the distance within which the true orbit passes.
fn last(setting: &Setting, piece: &Piece) -> Result<(Network<f64>, f64)> {
    let exact = end(piece, 1);
    let weights: Vec<f64> = exact.iter().map(Interval::mid).collect();
    let rounding = distance(exact.into_iter(), weights.iter().map(|v| Interval::point(*v)));
    Ok((setting.network(&weights)?, upward::add(piece.exit, rounding)))
}

/// `mu`, a bound of `sqrt(R - R_min)`, and of the distance of the limit, given that it stays in a ball of radius `rho`.
fn travel(setting: &Setting, net: &Network<f64>, entry: f64, rho: f64) -> (f64, f64, f64) {
    let exact = net.map(|v| Interval::point(*v));
    let off = exact.product() - setting.problem.w_star::<Interval>(53);
    let off: Vec<f64> = off.iter().map(Interval::magnitude).collect();
    let large = upward::sqrt(setting.problem.lambda_max().hi());
    let [first, ..] = setting.product_derivatives(net, entry);
    // sqrt(R - R_min) = norm(Sigma^(1/2) (P - w*)), and P moves by at most norm(P') times the distance.
    let root_gap = upward::mul(large, upward::add(euclidean_norm(&off), upward::mul(first, entry)));
    let b_1 = &exact.backward()[1];
    let length = crate::problem::norm_squared(b_1.iter()).sqrt();
    // b_1 is the product without its first layer.
    let slope = match Network::new(net.layers()[1..].to_vec(), net.head().clone()) {
        Ok(rest) => setting.product_derivatives(&rest, rho)[0],
        Err(_) => 0.0,
    };
    let beta = length - Interval::point(upward::mul(slope, rho));
    if !beta.is_positive() {
        return (0.0, root_gap, f64::INFINITY);
    }
    let root_mu = Interval::point(2.0) * setting.problem.lambda().sqrt() * beta;
    let path = (Interval::point(2.0) * Interval::point(root_gap) / root_mu).hi();
    ((root_mu * root_mu).lo().max(0.0), root_gap, upward::add(entry, path))
}

/// The smallest radius, to a per cent, that can be proved for the limit.
pub(super) fn limit_radius(setting: &Setting, piece: &Piece) -> Result<f64> {
    let (net, entry) = last(setting, piece)?;
    let mut rho = travel(setting, &net, entry, entry).2;
    for _ in 0..20 {
        let needed = travel(setting, &net, entry, rho).2;
        if needed <= rho {
            return Ok(rho);
        }
        rho = needed * 1.01;
    }
    Err(Error::input("tube", "no ball around the end of the trajectory provably contains its limit: integrate further"))
}

/// Proves what the certificate claims, or says what does not follow.
///
/// # Errors
/// The piece whose claim does not follow from its polynomial, and why.
pub fn verify(certificate: &Certificate) -> Result<Tube> {
    let head = certificate.start.head().map(|q| q.to_f64());
    if head.iter().zip(certificate.start.head().iter()).any(|(f, q)| Rational::from_f64(*f).as_ref() != Some(q)) {
        return Err(Error::input("head", "its entries must be doubles"));
    }
    let setting = Setting::new(&certificate.problem, &certificate.start.widths(), &head)?;
    let pieces = &certificate.pieces;
    let bounds: Vec<Bounds> = pieces.par_iter().map(|p| setting.bounds(p)).collect::<Result<_>>()?;
    let mut time = Interval::zero();
    let mut times = Vec::with_capacity(pieces.len());
    for (i, (piece, b)) in pieces.iter().zip(&bounds).enumerate() {
        let (peak, exit) = b.propagate(entry(certificate, i));
        if !(peak <= piece.radius && exit <= piece.exit) {
            let what = format!(
                "claims radius {:e} and {:e} at its end, but only {peak:e} and {exit:e} follow",
                piece.radius, piece.exit
            );
            return Err(Error::input(format!("piece {i}"), what));
        }
        for s in &b.stages {
            time += s.time;
        }
        times.push(time);
    }
    let end = pieces.last().ok_or_else(|| Error::input("certificate", "no piece"))?;
    let (net, entry) = last(&setting, end)?;
    let (mu, root_gap, needed) = travel(&setting, &net, entry, certificate.limit_radius);
    if !(needed <= certificate.limit_radius && mu > 0.0) {
        let what = format!("claims {:e}, but only {needed:e} follows", certificate.limit_radius);
        return Err(Error::input("radius of the limit", what));
    }
    let around = Interval::symmetric(certificate.limit_radius);
    let network = net.map(|v| Interval::point(*v));
    let layers = network.layers().iter().map(|w| w.map(|v| v + around)).collect();
    let network = network.with_layers(layers);
    let sharpness = sharpness_at_minimiser(&network, setting.problem.enclosed_moments());
    Ok(Tube { bounds, times, limit: Limit { network, radius: certificate.limit_radius, mu, root_gap, sharpness } })
}

/// What is proved of the true flow during a stretch of time.
#[derive(Clone, Debug)]
pub struct Segment {
    /// It begins no earlier than the lower end, and ends no later than the upper end (infinite: to the limit).
    pub time: Interval,
    /// Enclosures over the whole stretch.
    pub observables: Observables,
    /// R_0 - R^L(W(t)).
    pub risk_drop: Interval,
    /// norm(b_1), b_1 = W_2^T .. W_L^T w: `norm(grad R^L)^2 >= 4 lambda norm(b_1)^2 (R^L - R_min)`, (20) and Lemma 8.
    pub first_factor: Interval,
}

/// Weights may change by this share within one segment.
const SHARE: f64 = 0.05;
/// Segments per piece, at most.
const SEGMENTS: usize = 64;

/// What is proved of the true flow, from t = 0 to its limit, without gaps: the last segment is the ball that contains the rest of the orbit.
///
/// # Errors
/// A malformed piece.
pub fn segments(certificate: &Certificate, tube: &Tube) -> Result<Vec<Segment>> {
    let head = certificate.start.head().map(|q| q.to_f64());
    let setting = Setting::new(&certificate.problem, &certificate.start.widths(), &head)?;
    let mut out: Vec<Segment> = (0..certificate.pieces.len())
        .into_par_iter()
        .map(|i| {
            let piece = &certificate.pieces[i];
            let norms: Vec<f64> = piece.coefficients.iter().map(|c| euclidean_norm(c)).collect();
            let moved = norms[1..].iter().sum::<f64>() / norms[0];
            let parts = if moved.is_finite() { ((moved / SHARE).ceil() as usize).clamp(1, SEGMENTS) } else { SEGMENTS };
            let begin = if i == 0 { Interval::zero() } else { tube.times[i - 1] };
            let at = boundaries(&begin, &tube.bounds[i], parts);
            (0..parts)
                .map(|part| {
                    let time = Interval::new(at[part].lo(), at[part + 1].hi());
                    setting.segment(piece, part, parts, time)
                })
                .collect::<Result<Vec<_>>>()
        })
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    if let (Some(piece), Some(time)) = (certificate.pieces.last(), tube.times.last()) {
        let (net, _) = last(&setting, piece)?;
        let weights = net.layers().iter().flat_map(|w| w.iter().copied()).collect();
        let rest = Piece {
            half: 1.0,
            clock: Clock::Time,
            cuts: 1,
            radius: tube.limit.radius,
            exit: tube.limit.radius,
            coefficients: vec![weights],
        };
        let time = Interval::new(time.lo(), f64::INFINITY);
        out.push(setting.segment(&rest, 0, 1, time)?);
    }
    Ok(out)
}

/// True times at the boundaries of equal parts of a piece, from those of its stages: within a stage the clock's rate has the same bounds
/// at every tau, so that a share of the stage takes that share of its time.
fn boundaries(begin: &Interval, bounds: &Bounds, parts: usize) -> Vec<Interval> {
    let stages = bounds.stages.len();
    let mut sums = vec![*begin];
    for s in &bounds.stages {
        sums.push(sums[sums.len() - 1] + s.time);
    }
    (0..=parts)
        .map(|part| {
            let (whole, rest) = (part * stages / parts, part * stages % parts);
            match bounds.stages.get(whole) {
                Some(s) if rest > 0 => {
                    let share = Interval::from_i64(rest as i64) / Interval::from_i64(parts as i64);
                    sums[whole] + s.time * share
                }
                _ => sums[whole],
            }
        })
        .collect()
}
