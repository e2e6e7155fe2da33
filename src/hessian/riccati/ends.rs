//! The two ends of the spectrum: proposals, a count in a gap, enclosures.
//!
//! 1. Lanczos proposes until, at both ends, there is a gap below the wanted values that a count could prove and in
//!    which Lehmann's bound would be narrow enough ([`Request::relative_width`]).
//! 2. A count at a threshold T in the gap says how many eigenvalues lie above T. If it says as many as are proposed,
//!    Lehmann's bound with T encloses them all. If it says more, Lanczos looks for the missing ones.
//! 3. Where that fails (a cluster without a gap, a count too coarse, products spent), counts alone enclose the first
//!    value by bisection, and each of the others from above by the lowest threshold that is found.
//!
//! Proposals choose thresholds and vectors; what is returned rests on counts (`count`) and on quotients (`enclose`).

use super::chain::Chain;
use super::count::{Count, count};
use super::krylov::{self, Limits, Proposals, Ritz, Seen};
use super::reduced::Reduced;
use super::{End, enclose};
use crate::arithmetic::{Enclosure, Interval};
use nalgebra::DMatrix;

/// What to enclose.
///
/// A number of zero leaves that end out.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// So many eigenvalues from the largest on.
    pub largest: usize,
    /// So many from the smallest on.
    pub smallest: usize,
    /// Number of trainable entries: the basis of the proposals may take as much memory as they do.
    pub parameters: usize,
    /// Relative width that is good enough.
    pub relative_width: f64,
}

/// Eigenvalues at one end.
#[derive(Clone, Debug, Default)]
pub struct Leading {
    /// From the extreme one on. The first is always enclosed; there are fewer than asked for where zero is an
    /// eigenvalue and fewer Ritz values than that are clearly positive.
    pub values: Vec<Interval>,
    /// Approximate eigenvectors of those, in reduced coordinates: `Ends::direction` makes of each a matrix per layer.
    pub vectors: Vec<Vec<f64>>,
    /// Passes of the recursion.
    pub passes: usize,
}

/// Both ends, and the products with H that were spent on proposals.
///
/// Made by [`leading`].
pub struct Ends<'a> {
    /// Eigenvalues of H from the largest on.
    pub largest: Leading,
    /// Eigenvalues of H (not of -H) from the smallest on.
    pub smallest: Leading,
    /// Products of H with a vector in the first run at both ends; later runs are not counted.
    pub products: usize,
    /// The coordinates in which `vectors` are written.
    reduced: Reduced<'a>,
}

impl Ends<'_> {
    /// D_1, ..., D_L of a proposed vector.
    pub fn direction(&self, vector: &[f64]) -> Vec<DMatrix<f64>> {
        self.reduced.direction(vector)
    }
}

/// A gap below the m leading Ritz values, and a threshold inside it.
#[derive(Clone, Copy, Debug)]
struct Gap {
    /// Ritz values above the gap.
    m: usize,
    /// A number inside it, not close to zero.
    threshold: f64,
}

/// Share of the spectral norm below which a gap is not expected to be provable in doubles.
const LEAST_GAP: f64 = 1e-9;
/// Values after the wanted ones among which a gap is looked for.
const LOOK: usize = 8;
/// Share of the wanted width that Lehmann's bound may take.
const EXCESS: f64 = 1e-3;

/// The enclosures of both ends.
///
/// The two ends are enclosed in parallel. Each `Leading` holds at most as many values as were asked for; the first
/// encloses the extreme eigenvalue whatever happened, at worst by [`Chain::norm`], and later ones enclose the
/// eigenvalues of their positions.
///
/// Cost: at most 600 products with H in a run, O(p) each, and the passes that [`Leading::passes`] counts, O(sum
/// d_k^3) each.
pub fn leading<'a>(chain: &'a Chain, request: &Request) -> Ends<'a> {
    let reduced = Reduced::new(chain);
    let wanted = request.largest.max(request.smallest).max(1);
    let limits = Limits::new(&reduced, request.parameters, wanted);
    let search = Search { chain, reduced: &reduced, request, limits: &limits, nullity: chain.nullity() };
    let Proposals { largest, smallest, products, complete } = search.propose(Vec::new(), 1, |top, bottom| {
        let scale = scale_of(top, bottom);
        let good = |seen: Seen, wanted: usize| wanted == 0 || search.gap(seen, wanted, scale).is_some();
        good(top, request.largest) && good(bottom, request.smallest)
    });
    let scale = scale_of(&seen(&largest), &seen(&smallest));
    let run = |found: Vec<Ritz>, wanted: usize, end: End| match wanted {
        0 => Leading::default(),
        _ => search.enclose(found, wanted, end, scale, complete),
    };
    let (largest, smallest) =
        rayon::join(|| run(largest, request.largest, End::Largest), || run(smallest, request.smallest, End::Smallest));
    let smallest = Leading { values: smallest.values.into_iter().map(|v| -v).collect(), ..smallest };
    Ends { largest, smallest, products, reduced }
}

/// What a goal looks at, of pairs.
fn seen(found: &[Ritz]) -> Vec<(f64, f64)> {
    found.iter().map(|r| (r.value, r.residual)).collect()
}

/// The spectral norm, as far as it shows.
fn scale_of(top: Seen, bottom: Seen) -> f64 {
    [top.first(), bottom.first()].into_iter().flatten().fold(0.0, |s: f64, v| s.max(v.0.abs()))
}

/// What all steps at one end read. All values inside are of H or, at the other end, of -H.
struct Search<'a> {
    /// For counts and quotients.
    chain: &'a Chain<'a>,
    /// For products and coordinates.
    reduced: &'a Reduced<'a>,
    /// How much is wanted, and how narrow.
    request: &'a Request,
    /// Of the Krylov runs.
    limits: &'a Limits,
    /// Eigenvalues that are certainly zero.
    nullity: usize,
}

impl Search<'_> {
    /// A Krylov run for both ends, under the limits of this search.
    fn propose(&self, known: Vec<Ritz>, seed: u64, done: impl Fn(Seen, Seen) -> bool) -> Proposals {
        krylov::run(self.reduced, known, seed, self.limits, done)
    }

    /// The first gap below at least `wanted` values in which Lehmann's bound would be good enough.
    ///
    /// `seen` descends. The excess of Lehmann's bound is about the sum of the squared residuals over `theta_m - T`:
    /// it may take `EXCESS` of the wanted width. `None` where no such gap shows, or fewer values than `wanted`.
    fn gap(&self, seen: Seen, wanted: usize, scale: f64) -> Option<Gap> {
        let tolerance = EXCESS * self.request.relative_width * seen.get(wanted - 1)?.0.abs();
        (wanted..seen.len().min(wanted + LOOK)).find_map(|m| {
            let gap = self.gap_below(seen, m)?;
            let (value, squares) = (seen[m - 1].0, seen[..m].iter().map(|v| v.1 * v.1).sum::<f64>());
            let left = value - gap.threshold;
            (left > LEAST_GAP * scale && squares <= tolerance * left).then_some(gap)
        })
    }

    /// The gap between value m and what may come next: the next Ritz value plus its residual, and zero where zero is
    /// an eigenvalue. The threshold is the middle, moved by a quarter of the gap where the middle is nearly zero,
    /// since a pass divides by T. `None` where the two overlap.
    fn gap_below(&self, seen: Seen, m: usize) -> Option<Gap> {
        let value = seen[m - 1].0;
        let (next, residual) = *seen.get(m).unwrap_or(&(f64::NEG_INFINITY, 0.0));
        // A Ritz value is a lower bound: the eigenvalue may be higher by its residual.
        let mut below = next + residual;
        if self.nullity > 0 && value > 0.0 {
            below = below.max(0.0);
        }
        if !below.is_finite() {
            below = value - value.abs();
        }
        if below >= value {
            return None;
        }
        let mut threshold = below + 0.5 * (value - below);
        if threshold.abs() < 1e-3 * (value - below) {
            threshold += 0.25 * (value - below);
        }
        Some(Gap { m, threshold })
    }

    /// The `wanted` leading eigenvalues at an end.
    ///
    /// `found` are pairs of one end, descending; `scale` is the spectral norm as it shows; `complete` says that they
    /// are all. A count that proves more eigenvalues above T than are proposed leads to another run, orthogonal to
    /// those known. Where it proves no more and the enclosure fails all the same, and after `ATTEMPTS`, counts alone
    /// take over.
    fn enclose(&self, mut found: Vec<Ritz>, wanted: usize, end: End, scale: f64, mut complete: bool) -> Leading {
        let mut out = Leading::default();
        let mut error = 0.0_f64;
        // Where zero is an eigenvalue, it comes next after those that are certainly positive, and no gap parts it from
        // zero.
        let positive = found.iter().filter(|r| r.value > LEAST_GAP * scale).count();
        let wanted = if self.nullity > 0 { wanted.min(positive) } else { wanted };
        if wanted == 0 {
            return self.bracket(&found, end, scale, error, out);
        }
        for attempt in 0..ATTEMPTS {
            let seen = seen(&found);
            let gap = if complete { self.widest(&seen, wanted, scale) } else { self.gap(&seen, wanted, scale) };
            let Some(Gap { m, threshold }) = gap else { break };
            let left = found[m - 1].value - threshold;
            let mut counted = count(self.chain, threshold, end);
            out.passes += 1;
            for share in OFF_MIDDLE {
                if counted.error < left {
                    break;
                }
                counted = count(self.chain, threshold + share * left, end);
                out.passes += 1;
            }
            let Count { above, threshold, .. } = counted;
            if counted.error.is_finite() {
                error = error.max(counted.error);
            }
            let mut known = found.iter().filter(|r| r.value > threshold).count();
            if above > known && above <= known + MISSED && counted.ceiling() < found[m - 1].value {
                (found, complete) = self.missing(&found, end, threshold, above, attempt);
                known = found.iter().filter(|r| r.value > threshold).count();
            }
            if above == known && known >= wanted {
                let vectors: Vec<&[f64]> = found[..known].iter().map(|r| r.vector.as_slice()).collect();
                let base = Some(counted.ceiling());
                if let Some(values) = enclose::leading(self.chain, self.reduced, &vectors, end, base)
                    && values.iter().take(wanted).all(|v| v.is_bounded())
                {
                    out.vectors = found.into_iter().take(wanted).map(|r| r.vector).collect();
                    out.values = self.with_null(values.into_iter().take(wanted).collect());
                    return out;
                }
            }
            if above <= known {
                break;
            }
        }
        let out = self.bracket(&found, end, scale, error, out);
        if wanted > 1 { self.by_counts(found, wanted, end, scale, error, out) } else { out }
    }

    /// After the first, which is known: each of the others from below by its Ritz value, from above by a count, of the
    /// lowest threshold that is found to have no more eigenvalues above it than come before. Those of a cluster without
    /// a gap get the same upper end or nearly so.
    ///
    /// `found` descends, `first.values[0]` is known, `error` is that of the passes so far. Value i is bounded above
    /// by the ceiling of a count of at most i, tried from just above its Ritz value upward in steps that grow by 16,
    /// and by the upper end of the one before; below by Rayleigh and Ritz. A count that shows missed eigenvalues
    /// leads to one more run.
    fn by_counts(
        &self,
        mut found: Vec<Ritz>,
        wanted: usize,
        end: End,
        scale: f64,
        error: f64,
        first: Leading,
    ) -> Leading {
        let cap = self.chain.norm();
        let mut out = first;
        let mut values = Vec::new();
        for attempt in 0..ATTEMPTS {
            let vectors: Vec<&[f64]> = found.iter().take(wanted).map(|r| r.vector.as_slice()).collect();
            let ritz = enclose::leading(self.chain, self.reduced, &vectors, end, None).unwrap_or_default();
            values = vec![out.values[0]];
            let mut upper = out.values[0].hi();
            let mut missed = None;
            for i in 1..wanted {
                let lower = ritz.get(i).map_or(-cap, Interval::lo).max(-cap);
                if let Some(Ritz { value, residual, .. }) = found.get(i) {
                    let mut step = (4.0 * error).max(*residual).max(1e-11 * value.abs()).max(1e-15 * scale);
                    while value + step < upper {
                        let threshold = value + step;
                        let counted = count(self.chain, threshold, end);
                        out.passes += 1;
                        if counted.error.is_finite() && counted.above <= i {
                            upper = upper.min(counted.ceiling());
                            break;
                        }
                        if counted.error.is_finite() && counted.above <= i + MISSED && missed.is_none() {
                            missed = Some((threshold, counted.above));
                        }
                        step *= 16.0;
                    }
                }
                values.push(Interval::new(lower.min(upper), upper));
            }
            let known = |t: f64| found.iter().filter(|r| r.value > t).count();
            match missed.filter(|(threshold, above)| *above > known(*threshold)) {
                Some((threshold, above)) if attempt + 1 < ATTEMPTS => {
                    (found, _) = self.missing(&found, end, threshold, above, ATTEMPTS + attempt);
                }
                _ => break,
            }
        }
        out.values = values;
        out.vectors = found.into_iter().take(wanted).map(|r| r.vector).collect();
        out
    }

    /// The best gap where the Ritz values are everything.
    ///
    /// The first good gap, or the widest among the few below the wanted values.
    fn widest(&self, seen: Seen, wanted: usize, scale: f64) -> Option<Gap> {
        if seen.is_empty() {
            return None;
        }
        self.gap(seen, wanted, scale).or_else(|| {
            // Below the last value there is nothing only where all values are seen.
            let last = if seen.len() == self.reduced.dimension { seen.len() } else { seen.len() - 1 };
            let gaps = (wanted..=last.min(wanted + LOOK)).filter_map(|m| self.gap_below(seen, m));
            gaps.max_by(|a, b| (seen[a.m - 1].0 - a.threshold).total_cmp(&(seen[b.m - 1].0 - b.threshold)))
        })
    }

    /// More runs, orthogonal to what is known, until there are `above` values above the threshold.
    ///
    /// The run is as good as done when that many are there and Lehmann's bound for them would be narrow enough. The
    /// pairs of this end, and whether the space is everything.
    fn missing(&self, found: &[Ritz], end: End, threshold: f64, above: usize, seed: usize) -> (Vec<Ritz>, bool) {
        let sign = Chain::sign(end);
        let known = found.iter().filter(|r| r.value > threshold);
        let known: Vec<Ritz> = known.map(|r| Ritz { value: sign * r.value, ..r.clone() }).collect();
        let good = |seen: Seen| {
            let over: Vec<_> = seen.iter().filter(|v| v.0 > threshold).collect();
            let squares: f64 = over.iter().map(|v| v.1 * v.1).sum();
            let least = over.iter().fold(f64::INFINITY, |m, v| m.min(v.0)) - threshold;
            over.len() >= above && squares <= EXCESS * self.request.relative_width * seen[0].0.abs() * least
        };
        let limits = Limits { keep: self.limits.keep.max(above + 2), ..*self.limits };
        let limits = Limits { basis: limits.basis.max(3 * limits.keep), ..limits };
        let run = krylov::run(self.reduced, known, 2 + seed as u64, &limits, |top, bottom| match end {
            End::Largest => good(top),
            End::Smallest => good(bottom),
        });
        let found = match end {
            End::Largest => run.largest,
            End::Smallest => run.smallest,
        };
        (found, run.complete)
    }

    /// The extreme eigenvalue from counts alone: bisection, from the best quotient on.
    ///
    /// The upper end is the ceiling of a count of zero, or the bound of the norm. The lower end is the Rayleigh
    /// quotient of the best vector, the floor of a count that is not zero, or zero: at the largest end always, since
    /// the diagonal of H is not negative, at the other where zero is an eigenvalue. It ends at half the wanted width,
    /// after `PASSES`, or where the error of a pass is no longer small against the bracket.
    fn bracket(&self, found: &[Ritz], end: End, scale: f64, error: f64, mut out: Leading) -> Leading {
        let (mut lower, mut upper) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut guess = 0.0;
        if let Some(best) = found.first() {
            guess = best.value;
            out.vectors = vec![best.vector.clone()];
            let quotient = enclose::leading(self.chain, self.reduced, &[&best.vector], end, None);
            if let Some(quotient) = quotient.as_ref().and_then(|q| q.first()) {
                lower = quotient.lo();
                guess = guess.max(lower);
            }
        }
        if self.nullity > 0 || end == End::Largest {
            lower = lower.max(0.0);
            guess = guess.max(0.0);
        }
        let good = |lower: f64, upper: f64| {
            upper.is_finite() && upper - lower <= 0.5 * self.request.relative_width * upper.abs()
        };
        // Known before any count, and all that is known where none is of use.
        let cap = self.chain.norm();
        lower = lower.max(-cap);
        let mut step = (4.0 * error).max(1e-10 * guess.abs()).max(1e-15 * scale).max(f64::MIN_POSITIVE);
        let mut failed = f64::NEG_INFINITY;
        while out.passes < PASSES && !good(lower, upper.min(cap)) {
            let threshold = if upper.is_finite() { 0.5 * (lower.max(failed) + upper) } else { guess + step };
            let counted = count(self.chain, threshold, end);
            out.passes += 1;
            let useless = upper.is_finite() && counted.error >= 0.25 * (upper - lower.max(failed));
            if !counted.error.is_finite() {
                step *= 16.0;
            } else if counted.above == 0 {
                upper = upper.min(counted.ceiling());
            } else {
                lower = lower.max(counted.floor());
                failed = failed.max(threshold);
                step *= 16.0;
            }
            if useless {
                break;
            }
        }
        out.values = self.with_null(vec![Interval::new(lower, upper.min(cap).max(lower))]);
        out
    }

    /// The leading values, with what is known of zeros: as many are not below zero as are certainly positive or zero.
    ///
    /// For -H as for H. Values of position below that number are raised to zero where they reach below it.
    fn with_null(&self, values: Vec<Interval>) -> Vec<Interval> {
        let certain = self.nullity + values.iter().filter(|v| v.lo() > 0.0).count();
        let raised = |v: Interval| Interval::new(v.lo().max(0.0), v.hi().max(0.0));
        values.into_iter().enumerate().map(|(i, v)| if i < certain { raised(v) } else { v }).collect()
    }
}

/// Where a gap is counted again, from its middle in halves of it, if a pivot of the first pass is nearly singular: with
/// equal layers the middle is an eigenvalue of half the chain.
const OFF_MIDDLE: [f64; 2] = [0.37, -0.29];
/// Gaps that are tried, with up to three counts each, before bisection takes over.
const ATTEMPTS: usize = 4;
/// Eigenvalues that a count may find beyond the proposed ones.
const MISSED: usize = 64;
/// Passes of the recursion at which bisection ends.
const PASSES: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hessian::chain;
    use crate::network::Network;
    use crate::problem::Problem;
    use nalgebra::DVector;

    /// The count is what proves that nothing was missed: proposals without the first eigenvector, and no products left
    /// to look for it, still give an enclosure of the first eigenvalue, not of the second.
    #[test]
    fn a_count_above_what_was_proposed_is_not_passed_over() {
        let problem = Problem::appendix_c(20, 3, 1).unwrap();
        let layer = |k: usize| DMatrix::from_fn(3, 3, |i, j| ((7 * i + 5 * j + 3 * k) % 11) as f64 / 8.0 - 0.5);
        let net = Network::new((0..3).map(layer).collect(), DVector::from_element(3, 0.5)).unwrap();
        let chain = chain(&problem, &net).unwrap();
        let request = Request { largest: 1, smallest: 0, parameters: net.parameters(), relative_width: 1e-9 };
        let reduced = Reduced::new(&chain);
        let limits = Limits::new(&reduced, request.parameters, 1);
        let Proposals { mut largest, .. } = krylov::run(&reduced, Vec::new(), 1, &limits, |_, _| false);
        let (first, second) = (largest.remove(0).value, largest[0].value);
        assert!(first > 1.01 * second && second > 1.01 * largest[1].value, "{first} {second}");
        let spent = Limits { products: 1, ..limits };
        let nullity = chain.nullity();
        let search = Search { chain: &chain, reduced: &reduced, request: &request, limits: &spent, nullity };
        let found = search.enclose(largest.clone(), 1, End::Largest, first, false);
        let value = found.values[0];
        assert!(value.lo() <= first && first <= value.hi() && value.width() <= 1e-6 * first, "{value:?} {first}");
        // One by one, without a gap: here the second is not proposed.
        largest[0] = Ritz { value: first, ..largest[0].clone() };
        let known = Leading { values: vec![value], ..Leading::default() };
        let found = search.by_counts(largest, 2, End::Largest, first, 0.0, known);
        let value = found.values[1];
        assert!(value.lo() <= second && second <= value.hi(), "{value:?} {second}");
    }
}
