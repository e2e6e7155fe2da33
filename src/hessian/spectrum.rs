//! Leading eigenvalues with multiplicity, eigenvectors, and the number of eigenvalues above a threshold, at any point.
//!
//! [`spectrum`] asks the recursion for both ends and, where fewer values come back than were wanted (the others are
//! not clearly positive), completes the list by what is certain: zeros from the nullity of the
//! chain, negative eigenvalues from below, bounds from counts. [`above`] makes passes on both sides of the threshold,
//! each of which states a fact about the threshold itself as soon as it errs by less than its distance.

use super::riccati::{Chain, End, Request, count, leading};
use super::sharpness::Point;
use super::units::{Scaled, in_range};
use crate::arithmetic::{Enclosure, Interval};
use crate::error::Result;
use crate::network::Network;
use crate::problem::Problem;
use nalgebra::DMatrix;

/// The leading eigenvalues at both ends, certified, and approximate eigenvectors.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Spectrum {
    /// From the largest on, each with multiplicity: entry i encloses eigenvalue i. Where no gap parts neighbours, their
    /// enclosures overlap. After the last positive one come zeros, as many as are certain, then the negative ones
    /// where they are few enough to be enclosed from below, and else what follows from counts.
    pub largest: Vec<Interval>,
    /// From the smallest on; fewer than asked for after the last negative one.
    pub smallest: Vec<Interval>,
    /// One direction (a matrix per layer, unit norm) for each leading entry of `largest` that was enclosed from above:
    /// approximate eigenvectors, orthogonal up to rounding.
    pub vectors: Vec<Vec<DMatrix<f64>>>,
    /// Hessian-vector products of the first Krylov run, and passes of the recursion for the two ends.
    pub cost: (usize, usize),
}

/// The number of eigenvalues above a threshold: certainly between the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Above {
    /// At least so many.
    pub least: usize,
    /// At most so many.
    pub most: usize,
}

/// The `top` largest and `bottom` smallest eigenvalues of the Hessian of R^L.
///
/// Entry i of `largest` encloses eigenvalue i + 1 from the top, with multiplicity; no more than p are given. The
/// network need not be a minimiser. The vectors are proposals, of which nothing is certified.
///
/// Cost: products with H, O(p) each, and passes of the recursion, O(sum d_k^3) each. [`Spectrum::cost`] counts the
/// products of the first Krylov run and the passes for the two ends, not those that complete the list.
///
/// ```
/// use flatcert::arithmetic::Enclosure;
/// use flatcert::hessian::spectrum;
/// # use flatcert::{network::Network, problem::Problem, nalgebra::{DMatrix, DVector}};
/// // X = I, y = (1, 1), W_1 = (1, 1), W_2 = 1: a minimiser whose Hessian has the eigenvalues 3, 1 and 0.
/// # let (x, y) = (DMatrix::identity(2, 2), DVector::from_element(2, 1.0));
/// # let problem = Problem::from_f64("two points", &x, &y)?;
/// # let layers = vec![DMatrix::from_element(1, 2, 1.0), DMatrix::from_element(1, 1, 1.0)];
/// # let network = Network::new(layers, DVector::from_element(1, 1.0))?;
/// let found = spectrum(&problem, &network, 2, 0)?;
/// for (enclosure, eigenvalue) in found.largest.iter().zip([3.0, 1.0]) {
///     assert!(enclosure.lo() <= eigenvalue && eigenvalue <= enclosure.hi());
/// }
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// The first layer does not match the data.
pub fn spectrum(problem: &Problem, net: &Network<f64>, top: usize, bottom: usize) -> Result<Spectrum> {
    let Scaled { problem, net, exponent } = in_range(problem, net);
    let found = of_scaled(&problem, &net, top, bottom)?;
    let scaled = |values: Vec<Interval>| values.into_iter().map(|v| v.scale(exponent)).collect();
    let (largest, smallest) = (scaled(found.largest), scaled(found.smallest));
    Ok(Spectrum { largest, smallest, ..found })
}

/// [`spectrum`] in units in which the Hessian is in range.
///
/// Where values are missing: with as many certainly positive eigenvalues as are enclosed, and no more, zeros follow,
/// as many as the nullity; at the bottom of the list the negative ones, where they are few; what lies between is
/// bounded by the thresholds closest to zero beyond which counts find no more than the known ones.
fn of_scaled(problem: &Problem, net: &Network<f64>, top: usize, bottom: usize) -> Result<Spectrum> {
    let point = Point::new(problem, net, f64::INFINITY)?;
    let chain = point.chain(net);
    let parameters = net.parameters();
    let (wanted, bottom) = (top.min(parameters), bottom.min(parameters));
    let request = Request { largest: wanted, smallest: bottom, parameters, relative_width: SPECTRUM_WIDTH };
    let ends = leading(&chain, &request);
    let mut largest = ends.largest.values.clone();
    if largest.len() < wanted {
        let positive = above_at(&chain, 0.0);
        let zeros = if chain.norm() == 0.0 { parameters } else { chain.nullity() };
        // The bracket of an extreme eigenvalue that is zero stands first, and is one of them.
        largest.retain(|v| v.lo() > 0.0 || positive.most > 0);
        let known = largest.len();
        if (positive.least, positive.most) == (known, known) {
            largest.extend(std::iter::repeat_n(Interval::point(0.0), zeros.min(wanted - known)));
        }
        let not_negative = positive.least + zeros;
        let below = if largest.len() < wanted { negative(&chain, parameters - not_negative) } else { Vec::new() };
        // The others lie between the thresholds closest to zero that have no more than the known ones beyond them.
        let mut upper = if positive.most <= known { 0.0 } else { largest.last().map_or(chain.norm(), Interval::hi) };
        let mut lower = below.last().map_or(-chain.norm(), Interval::lo);
        if largest.len() < wanted.min(parameters - below.len()) {
            upper = closest(upper, |t| above_at(&chain, t).most <= known);
            lower = closest(lower, |t| above_at(&chain, t).least >= parameters - below.len());
        }
        for i in largest.len()..wanted {
            let lower = if i < not_negative { 0.0 } else { lower };
            let upper = if i < positive.most { upper } else { 0.0 };
            largest.push(below.get(parameters - 1 - i).copied().unwrap_or(Interval::new(lower, upper)));
        }
    }
    let vectors = ends.largest.vectors.iter().map(|v| ends.direction(v)).collect();
    let cost = (ends.products, ends.largest.passes + ends.smallest.passes);
    Ok(Spectrum { largest, smallest: ends.smallest.values, vectors, cost })
}

/// The negative eigenvalues, at most `most` of them, from the smallest on: those that are certainly below zero.
fn negative(chain: &Chain, most: usize) -> Vec<Interval> {
    if most > FROM_BELOW {
        return Vec::new();
    }
    let request =
        Request { largest: 0, smallest: most, parameters: chain.parameters(), relative_width: SPECTRUM_WIDTH };
    leading(chain, &request).smallest.values.into_iter().take_while(|v| v.hi() < 0.0).take(most).collect()
}

/// Negative eigenvalues up to which they are counted from below.
const FROM_BELOW: usize = 512;
/// The first of some thresholds between zero and `bound` that holds, or `bound`.
///
/// Of the same sign as `bound`; the shares grow, so that it is the one closest to zero among those tried.
fn closest(bound: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if bound == 0.0 {
        return bound;
    }
    SHARES.iter().map(|share| share * bound).find(|t| holds(*t)).unwrap_or(bound)
}

/// Thresholds between zero and an eigenvalue, as shares of it, at which the eigenvalues next to zero are looked for.
const SHARES: [f64; 10] = [1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.5];
/// Relative width at which an eigenvalue is good enough.
const SPECTRUM_WIDTH: f64 = 1e-9;

/// How many eigenvalues of the Hessian H, counted with multiplicity, are above `threshold`. The two ends can differ
/// where an eigenvalue is as close to the threshold as a pass errs, of the order of `u norm(H)`, near zero of
/// `u norm(H)^2 / |threshold|`; where pivots are nearly singular at all thresholds tried; and after an overflow.
///
/// ```
/// use flatcert::hessian::above;
/// # use flatcert::{network::Network, problem::Problem, nalgebra::{DMatrix, DVector}};
/// // X = I, y = (1, 1), W_1 = (1, 1), W_2 = 1: a minimiser whose Hessian has the eigenvalues 3, 1 and 0.
/// # let (x, y) = (DMatrix::identity(2, 2), DVector::from_element(2, 1.0));
/// # let problem = Problem::from_f64("two points", &x, &y)?;
/// # let layers = vec![DMatrix::from_element(1, 2, 1.0), DMatrix::from_element(1, 1, 1.0)];
/// # let network = Network::new(layers, DVector::from_element(1, 1.0))?;
/// let found = above(&problem, &network, 0.5)?;
/// assert_eq!((found.least, found.most), (2, 2));
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// The first layer does not match the data.
pub fn above(problem: &Problem, net: &Network<f64>, threshold: f64) -> Result<Above> {
    let Scaled { problem, net, exponent } = in_range(problem, net);
    let own = Interval::point(threshold).scale(-exponent);
    let point = Point::new(&problem, &net, f64::INFINITY)?;
    let chain = point.chain(&net);
    let low = above_at(&chain, own.lo());
    if own.lo() == own.hi() {
        return Ok(low);
    }
    // The threshold has left the range of doubles: it lies between the two.
    let least = if own.is_bounded() { above_at(&chain, own.hi()).least } else { 0 };
    Ok(Above { least, most: low.most })
}

/// At or beyond [`Chain::norm`] nothing is left to count. The count at zero helps near zero: `#{> T} <= #{> 0}` for
/// T > 0, and the other way round for T < 0.
fn above_at(chain: &Chain, threshold: f64) -> Above {
    let (p, norm) = (chain.parameters(), chain.norm());
    if threshold >= norm {
        return Above { least: 0, most: 0 };
    }
    if threshold < -norm {
        return Above { least: p, most: p };
    }
    let mut out = above_on(chain, threshold);
    if out.least < out.most && threshold != 0.0 {
        // Close to zero a pass errs by more than the threshold; fewer eigenvalues are above a larger one.
        let at_zero = above_on(chain, 0.0);
        if threshold > 0.0 {
            out.most = out.most.min(at_zero.most);
        } else {
            out.least = out.least.max(at_zero.least);
        }
    }
    out
}

/// Passes on either side of a threshold, from 1e-15 of the norm to all of it.
///
/// They are 16 times farther away each: 16^13 is above 1e15.
const TRIES: usize = 14;

/// Where the error of a pass at T is known, one pass on either side of T, farther away than that, is a proof for T
/// itself. Near an eigenvalue of a part of the chain, where a pivot is nearly singular, others follow, farther away.
///
/// A pass at `T + d` whose floor is at least T proves that at least so many eigenvalues exceed T; one at `T - d`
/// whose ceiling is at most T that at most so many do. At T = 0 no pass is possible and those beside it come from
/// both ends of the spectrum: `most` is p less the negative eigenvalues and the certain zeros. Without a proof, 0 and
/// p.
fn above_on(chain: &Chain, threshold: f64) -> Above {
    let p = chain.parameters();
    let away = if threshold == 0.0 { zero_distance(chain).max(f64::MIN_POSITIVE) } else { 0.0 };
    let (norm, first) = (chain.norm(), count(chain, threshold + away, End::Largest).error);
    // At a pivot that is nearly singular the error is of no use.
    let known = if first < 1e-4 * norm { 4.0 * first } else { 1e-15 * norm };
    let distance = known.max(4.0 * f64::EPSILON * threshold.abs()).max(away);
    let beside = |sign: f64, end: End| {
        let steps = std::iter::successors(Some(distance), |d| Some(16.0 * d)).take_while(|d| *d <= norm);
        let mut counts = steps.take(TRIES).map(|d| count(chain, threshold + sign * d, end));
        counts.find(|c| if sign > 0.0 { c.floor() >= threshold } else { c.ceiling() <= threshold })
    };
    let least = beside(1.0, End::Largest).map_or(0, |c| c.above);
    if threshold == 0.0 {
        // Zero is an eigenvalue of every H that has a wide layer: what is not positive is counted from below.
        let negative = beside(1.0, End::Smallest);
        return Above { least, most: negative.map_or(p, |c| p.saturating_sub(c.above + chain.nullity())) };
    }
    Above { least, most: beside(-1.0, End::Largest).map_or(p, |c| c.above) }
}

/// What the recursion reads of a network at a point.
///
/// # Errors
/// The first layer does not match the data.
pub fn chain<'a>(problem: &Problem, net: &'a Network<f64>) -> Result<Chain<'a>> {
    Ok(Point::new(problem, net, f64::INFINITY)?.chain(net))
}

/// A threshold that is small compared with the Hessian, but not with what a pass errs by there: that is of the order of
/// `u norm(H)^2 / T`, so T has the order of the root of the unit roundoff u.
///
/// The size is that of [`Chain::norm`] without its roundings up: `2 Lambda norm(N_1)` and
/// `norm(a_k) norm(N_{k+1})^(1/2)`, up to a factor.
fn zero_distance(chain: &Chain) -> f64 {
    let curvature = chain.a.iter().zip(&chain.norms[1..]).map(|(a, n)| a.high.norm() * n.sqrt());
    1e-7 * curvature.fold(chain.sigma.norm() * chain.norms[0], f64::max)
}
