//! Checks a certificate. Of the tube, this file, `bound.rs` and (for what is said along segments) `observe.rs` have to
//! be trusted, nothing of the builder.
//!
//! They stand on the kernel: [`arithmetic`](crate::arithmetic) (enclosures, Taylor models, [`upward`]),
//! [`linalg`](crate::linalg) (`ball`, `dense`, `extreme`, and with the balls the products of `faer` and `nalgebra`),
//! [`hessian`](crate::hessian) (`compressed`, `riccati::chain`, `sweep`, `forms`), the spectrum of the
//! [`problem`](crate::problem) and [`Network`].
//!
//! **The proof, in order.**
//!
//! 1. The exact start is within `entry(0)` of the first polynomial at tau = -1: a distance between enclosures.
//! 2. If the orbit is within `entry(i)` of piece i at tau = -1, it stays within `peak` and ends within `exit`
//!    ([`Bounds::propagate`], Gronwall's inequality on each part), as long as it is in the ball of the claimed radius
//!    in which the bounds hold. Since `peak` is at most that radius, it cannot leave the ball first.
//! 3. `entry(i + 1)` is `exit` and the distance from the end of piece i to the beginning of piece i + 1. By induction
//!    the orbit runs through all pieces.
//! 4. From the end of the last piece the Polyak-Lojasiewicz inequality bounds the path that is left (`travel`): the
//!    limit exists and lies in the last ball.
//!
//! A claim that does not follow is an error, not a verdict: it says that this certificate proves nothing, not that
//! the flow does something else.

use super::{Bounds, Certificate, Clock, Piece, Setting, Watch, check};
use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring, upward};
use crate::error::{Error, Result};
use crate::flow::observables::Observables;
use crate::hessian::sharpness_at_minimiser;
use crate::linalg::ball::euclidean_norm;
use crate::network::Network;
use crate::problem::Problem;
use num_traits::Zero;

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
///
/// Sums of coefficients in enclosures: the rounding of the sum is inside. Length p.
fn end(piece: &Piece, sign: i32) -> Vec<Interval> {
    let mut out = vec![Interval::zero(); piece.coefficients[0].len()];
    for (k, c) in piece.coefficients.iter().enumerate() {
        let flip = sign < 0 && k % 2 == 1;
        out.iter_mut().zip(c).for_each(|(o, c)| *o += Interval::point(if flip { -c } else { *c }));
    }
    out
}

/// At least the Euclidean distance between any two vectors from these enclosures: the norm, rounded up, of the
/// largest differences.
fn distance(a: impl Iterator<Item = Interval>, b: impl Iterator<Item = Interval>) -> f64 {
    let off: Vec<f64> = a.zip(b).map(|(a, b)| (a - b).magnitude()).collect();
    euclidean_norm(&off)
}

/// Distance of the first piece's beginning to the exact start.
pub(super) fn start_error(start: &Network<Rational>, piece: &Piece) -> f64 {
    let exact = start.layers().iter().flat_map(|w| w.iter().map(enclose));
    distance(end(piece, -1).into_iter(), exact)
}

/// The rational between two doubles, or as one where it is a double.
fn enclose(q: &Rational) -> Interval {
    <Interval as crate::arithmetic::Field>::from_rational(q, 53)
}

/// Distance from the end of one piece to the beginning of the next.
pub(super) fn jump(before: &Piece, after: &Piece) -> f64 {
    distance(end(before, 1).into_iter(), end(after, -1).into_iter())
}

/// Bound of the error at the beginning of piece i: at the start the distance to the exact weights, then the claim at
/// the end of the piece before and the jump from there.
///
/// i counts from 0. [`verify()`] begins each piece with this number.
///
/// # Errors
/// There is no piece i; one of the two pieces is malformed.
pub fn entry(certificate: &Certificate, i: usize) -> Result<f64> {
    let pieces = &certificate.pieces;
    if i >= pieces.len() {
        return Err(Error::input(format!("piece {i}"), format!("there are {}", pieces.len())));
    }
    pieces[i.saturating_sub(1)..=i].iter().try_for_each(|p| p.check(1, certificate.start.parameters()))?;
    Ok(match i {
        0 => start_error(&certificate.start, &pieces[0]),
        _ => upward::add(pieces[i - 1].exit, jump(&pieces[i - 1], &pieces[i])),
    })
}

/// The end of the last piece, or the start where there is none, as a network of doubles, with the distance within which
/// the true orbit passes.
pub(super) fn last(setting: &Setting, start: &Network<Rational>, pieces: &[Piece]) -> Result<(Network<f64>, f64)> {
    let (exact, claimed) = match pieces.last() {
        Some(piece) => (end(piece, 1), piece.exit),
        None => (start.layers().iter().flat_map(|w| w.iter().map(enclose)).collect(), 0.0),
    };
    let weights: Vec<f64> = exact.iter().map(Interval::mid).collect();
    let rounding = distance(exact.into_iter(), weights.iter().map(|v| Interval::point(*v)));
    Ok((setting.network(&weights)?, upward::add(claimed, rounding)))
}

/// `mu`, a bound of `sqrt(R - R_min)`, and of the distance of the limit, given that it stays in a ball of radius `rho`.
///
/// With `f = R^L - R_min` and `norm(grad f)^2 >= mu f` in the ball, along the flow
///
/// ```text
/// d sqrt(f)/dt = -norm(grad f)^2 / (2 sqrt(f)) <= -(sqrt(mu)/2) norm(grad f),
/// ```
///
/// so that the path, the integral of `norm(grad f)`, is at most `2 sqrt(f / mu)` from any point of the ball on. The
/// third number is `entry` and this path: the distance of the limit from `net`. `mu = 4 lambda beta^2` with
/// `beta = norm(b_1) - norm(b_1') rho`: b_1 is the product map of the layers after the first, whose derivative
/// `product_derivatives` bounds in the ball (for L = 1 it is the head, and constant). Where beta is not proved
/// positive mu is zero and the distance infinite.
fn travel(setting: &Setting, net: &Network<f64>, entry: f64, rho: f64) -> Result<(f64, f64, f64)> {
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
    let slope = if net.depth() == 1 {
        0.0
    } else {
        setting.product_derivatives(&Network::new(net.layers()[1..].to_vec(), net.head().clone())?, rho)[0]
    };
    let beta = length - Interval::point(upward::mul(slope, rho));
    if !beta.is_positive() {
        return Ok((0.0, root_gap, f64::INFINITY));
    }
    let root_mu = Interval::point(2.0) * setting.problem.lambda().sqrt() * beta;
    let path = (Interval::point(2.0) * Interval::point(root_gap) / root_mu).hi();
    Ok(((root_mu * root_mu).lo().max(0.0), root_gap, upward::add(entry, path)))
}

/// The smallest radius, to a per cent, that can be proved for the limit of a flow that passes within `entry` of `net`;
/// it exceeds what follows by the share `slack`.
///
/// The larger the ball in which mu is taken, the smaller mu and the longer the path that follows. A radius is proved
/// where it is at least what follows from it; the iteration begins with the ball of radius `entry` and each time
/// takes one per cent more than what followed.
///
/// # Errors
/// b_1 may vanish in the ball of the first guess; no radius holds after twenty steps, or b_1 may vanish in a ball on
/// the way.
pub(super) fn limit_radius(setting: &Setting, net: &Network<f64>, entry: f64, slack: f64) -> Result<f64> {
    let mut rho = travel(setting, net, entry, entry)?.2 * (1.0 + slack);
    if !rho.is_finite() {
        let why = "where the trajectory ends the layers after the first may come to zero, W_2^T .. W_L^T w: no ball \
                   around it provably contains its limit";
        return Err(Error::input("tube", why));
    }
    for _ in 0..20 {
        let needed = travel(setting, net, entry, rho)?.2 * (1.0 + slack);
        if !needed.is_finite() {
            break;
        }
        if needed <= rho {
            return Ok(rho);
        }
        rho = needed * 1.01;
    }
    Err(Error::input("tube", "no ball around the end of the trajectory provably contains its limit: integrate further"))
}

/// The limit of the flow from exactly these weights.
///
/// A certificate without pieces: of use where the weights are nearly a minimiser. The weights are taken as exact.
/// Cost: bounds of the layers' norms for each radius tried, and one sharpness in enclosures.
///
/// # Errors
/// Data and network do not match; no ball around the weights provably contains the limit.
pub fn limit_from(problem: &Problem, net: &Network<f64>) -> Result<Limit> {
    let setting = Setting::new(problem, &net.widths(), net.head())?;
    let radius = limit_radius(&setting, net, 0.0, 0.0)?;
    limit_within(&setting, net, 0.0, radius)
}

/// The limit of a flow that passes within `entry` of `net`, if the ball of this radius provably contains it.
///
/// The largest eigenvalue of `2 J^T Sigma J` is enclosed over the box of all layers within the radius, entry by
/// entry. The limit lies in the box and is a minimiser, where that matrix is the Hessian.
///
/// # Errors
/// A radius smaller than what follows, or no positive mu.
fn limit_within(setting: &Setting, net: &Network<f64>, entry: f64, radius: f64) -> Result<Limit> {
    let (mu, root_gap, needed) = travel(setting, net, entry, radius)?;
    if !(needed <= radius && mu > 0.0) {
        let what = format!("claims {radius:e}, but only {needed:e} follows");
        return Err(Error::input("radius of the limit", what));
    }
    let around = Interval::symmetric(radius);
    let network = net.map(|v| Interval::point(*v));
    let layers = network.layers().iter().map(|w| w.map(|v| v + around)).collect();
    let network = network.with_layers(layers);
    let sharpness = sharpness_at_minimiser(&network, setting.problem.enclosed_moments());
    Ok(Limit { network, radius, mu, root_gap, sharpness })
}

/// Proves what the certificate claims, or says what does not follow.
///
/// **States.** The gradient flow (4) of `certificate.problem` from `certificate.start` exists for all times, stays
/// within `radius` of one piece after the other and passes within `exit` of the end of each, at a time in
/// [`Tube::times`]; it converges, and [`Tube::limit`] encloses the limit, its distance, its sharpness, and the rate
/// of convergence.
///
/// **Hypotheses** are checked here: the widths fit the data and the head, the head's entries are doubles, Sigma is
/// symmetric and proved positive definite, the pieces are well formed.
///
/// **Cost.** For each piece one gradient in Taylor models, O(p n^2) for p weights and n coefficients, and `cuts + 1`
/// compressed Hessians with their largest eigenvalues. Pieces are independent and run on all threads; what is serial
/// is a pass over the radii.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Rational};
/// use flatcert::flow::tube::{Options, build, verify};
/// # use flatcert::{network::Network, problem::Problem, nalgebra::{DMatrix, DVector}};
/// // X = I, y = (1, 1), from W_1 = (1/2, 1/2), W_2 = 1.
/// # let (x, y) = (DMatrix::identity(2, 2), DVector::from_element(2, 1.0));
/// # let problem = Problem::from_f64("two points", &x, &y)?;
/// # let layer = |d, n, m| DMatrix::from_element(1, d, Rational::new(n, m));
/// # let layers = vec![layer(2, 1, 2), layer(1, 1, 1)];
/// # let start = Network::new(layers, DVector::from_element(1, Rational::from(1)))?;
/// let mut certificate = build(&problem, &start, &Options::default())?;
/// let limit = verify(&certificate)?.limit;
/// assert!(limit.radius > 0.0 && limit.sharpness.lo() > 2.0);
/// // Nobody needs to trust whoever made the file: a claim that does not follow is refused.
/// certificate.limit_radius = 0.0;
/// assert!(verify(&certificate).is_err());
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// The piece whose claim does not follow from its polynomial, and why.
pub fn verify(certificate: &Certificate) -> Result<Tube> {
    verify_watched(certificate, &())
}

/// [`verify`] with somebody who may end it.
///
/// The bounds of a piece hold as long as the orbit is within its radius, and then it is within `peak`. That it never
/// leaves needs `peak` to exceed the error strictly, and it does: every operation of `upward` returns more than the
/// exact result unless that is zero, and an error of zero does not grow.
///
/// # Errors
/// As [`verify`]; [`Error::is_stopped`] where the watch wants an end.
pub fn verify_watched(certificate: &Certificate, watch: &dyn Watch) -> Result<Tube> {
    let head = certificate.start.head().map(|q| q.to_f64());
    if head.iter().zip(certificate.start.head().iter()).any(|(f, q)| Rational::from_f64(*f).as_ref() != Some(q)) {
        return Err(Error::input("head", "its entries must be doubles"));
    }
    let setting = Setting::new(&certificate.problem, &certificate.start.widths(), &head)?;
    let pieces = &certificate.pieces;
    let bounds: Vec<Bounds> = check(watch, "verified", pieces, |p| setting.bounds(p))?;
    let mut time = Interval::zero();
    let mut times = Vec::with_capacity(pieces.len());
    for (i, (piece, b)) in pieces.iter().zip(&bounds).enumerate() {
        let (peak, exit) = b.propagate(entry(certificate, i)?);
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
    let (net, entry) = last(&setting, &certificate.start, pieces)?;
    let limit = limit_within(&setting, &net, entry, certificate.limit_radius)?;
    Ok(Tube { bounds, times, limit })
}

/// What is proved of the true flow during a stretch of time.
///
/// The segments of one certificate, in order, cover all times from zero on.
#[derive(Clone, Debug)]
pub struct Segment {
    /// It begins no earlier than the lower end, and ends no later than the upper end (infinite: to the limit).
    pub time: Interval,
    /// About how long it lasts: at t = 1e27 the ends of `time` do not tell. Infinite: to the limit.
    pub lasts: f64,
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

/// What is proved of the true flow, from t = 0 to its limit, without gaps: the last segment is the ball that contains
/// the rest of the orbit.
///
/// The norms of a piece's coefficients of tau, tau^2, .., summed and taken relative to that of the constant one, say
/// how far it moves: it is cut into one part for each twentieth, at least one and at most 64. What is enclosed over a
/// part is as wide as the part is long. Each part costs one gradient and the norms of the layers in Taylor models.
///
/// # Errors
/// A malformed piece; a tube of another number of pieces.
pub fn segments(certificate: &Certificate, tube: &Tube) -> Result<Vec<Segment>> {
    segments_watched(certificate, tube, &())
}

/// [`segments`] with somebody who may end it.
///
/// # Errors
/// As [`segments`]; [`Error::is_stopped`] where the watch wants an end.
pub fn segments_watched(certificate: &Certificate, tube: &Tube, watch: &dyn Watch) -> Result<Vec<Segment>> {
    let head = certificate.start.head().map(|q| q.to_f64());
    let setting = Setting::new(&certificate.problem, &certificate.start.widths(), &head)?;
    let pieces = &certificate.pieces;
    if [tube.bounds.len(), tube.times.len()] != [pieces.len(); 2] {
        return Err(Error::input("tube", format!("it is of {} pieces, not {}", tube.times.len(), pieces.len())));
    }
    pieces.iter().try_for_each(|p| p.check(1, setting.parameters()))?;
    let indices: Vec<usize> = (0..pieces.len()).collect();
    let along = check(watch, "observed", &indices, |&i| {
        let piece = &pieces[i];
        let norms: Vec<f64> = piece.coefficients.iter().map(|c| euclidean_norm(c)).collect();
        let moved = norms[1..].iter().sum::<f64>() / norms[0];
        let parts = if moved.is_finite() { ((moved / SHARE).ceil() as usize).clamp(1, SEGMENTS) } else { SEGMENTS };
        let begin = if i == 0 { Interval::zero() } else { tube.times[i - 1] };
        let at = boundaries(&begin, &tube.bounds[i], parts);
        let apart: Vec<f64> = boundaries(&Interval::zero(), &tube.bounds[i], parts).iter().map(Interval::mid).collect();
        (0..parts)
            .map(|part| {
                let time = Interval::new(at[part].lo(), at[part + 1].hi());
                setting.segment(piece, part, parts, (time, apart[part + 1] - apart[part]))
            })
            .collect::<Result<Vec<_>>>()
    })?;
    let mut out: Vec<Segment> = along.into_iter().flatten().collect();
    let (net, _) = last(&setting, &certificate.start, pieces)?;
    let weights = net.layers().iter().flat_map(|w| w.iter().copied()).collect();
    let rest = Piece {
        half: 1.0,
        clock: Clock::Time,
        cuts: 1,
        radius: tube.limit.radius,
        exit: tube.limit.radius,
        coefficients: vec![weights],
    };
    let time = Interval::new(tube.times.last().map_or(0.0, Interval::lo), f64::INFINITY);
    out.push(setting.segment(&rest, 0, 1, (time, f64::INFINITY))?);
    Ok(out)
}

/// True times at the boundaries of equal parts of a piece, from those of its stages: within a stage the clock's rate
/// has the same bounds at every tau, so that a share of the stage takes that share of its time.
///
/// `parts + 1` enclosures, the first of them `begin`. The time at a share q of a stage is the integral of a rate
/// between two constants over that share, so it is within q times the enclosure of the stage's time.
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
