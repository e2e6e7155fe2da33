//! The flattest minimisers: S*, the minimum of the sharpness over all of them
//! ([`minimum_sharpness`](crate::paper::beyond::minimum_sharpness) proves that it is the one of K(t) over t > 0), and
//! the sharpness of balanced ones. In doubles for what is drawn, counted or printed ([`flattest`]), and enclosed
//! ([`least`]).
//!
//! **Where K comes from.** Let `beta_k = norm(b_k)^2`, so that `M = sum_k beta_k A_k^T A_k`. At a minimiser
//! `w* = A_k^T b_{k-1}`, hence `beta_{k-1} A_k^T A_k >= w* w*^T` and
//! `M >= beta_1 I + sum_{k>=2} (beta_k / beta_{k-1}) w* w*^T`; the ratios have the product `norm(w)^2 / beta_1`, and
//! their sum is least where they are equal. With `t = beta_1` that is `2 R^T M R >= K(t)`, with equality for aligned
//! layers of rank one.
//!
//! **Enclosure of S\*.** From above: the certified eigenvalue at any t. From below: for a PSD matrix Z of trace 1,
//! `lambda_max(K(t)) >= <Z, K(t)> = A t + (L-1) B t^(-1/(L-1))` with `A = 2 <Z, R^T R>`,
//! `B = 2 norm(w)^(2/(L-1)) <Z, R^T w* w*^T R>`, and for every t that is at least `L (A B^(L-1))^(1/L)` (arithmetic and
//! geometric means). A mixture of the two leading eigenvectors at the minimum closes the gap.

use crate::arithmetic::{Big, Enclosure, Interval, Rational};
use crate::linalg::{approximate_eigen, cholesky, largest_eigenvalue};
use crate::problem::{Problem, dot, norm_squared};
use nalgebra::{Cholesky, DMatrix, DVector};
use num_traits::Zero;

/// `K(t) = 2 R^T (t I + (L-1) (norm(w)^2/t)^(1/(L-1)) w* w*^T) R`, Sigma = R R^T: S* is the minimum over t > 0 of its
/// largest eigenvalue.
///
/// In doubles.
struct Near {
    /// `R^T R`, d x d.
    gram: DMatrix<f64>,
    /// `R^T w*`.
    direction: DVector<f64>,
    /// norm(w)^2.
    head: f64,
    /// L, at least 2.
    depth: usize,
}

impl Near {
    /// K(exp(log)).
    ///
    /// `log` = ln t: the scale of t is not known, and in ln t the eigenvalue is convex, a maximum over unit z of sums
    /// of exponentials.
    fn spread(&self, log: f64) -> DMatrix<f64> {
        let (t, l) = (log.exp(), self.depth as f64);
        let weight = (l - 1.0) * (self.head / t).powf(1.0 / (l - 1.0));
        (&self.gram * t + &self.direction * self.direction.transpose() * weight) * 2.0
    }
    /// The largest eigenvalue of K(exp(log)); infinite where the solver fails.
    fn value(&self, log: f64) -> f64 {
        approximate_eigen(&self.spread(log)).map_or(f64::INFINITY, |(v, _)| v[v.len() - 1])
    }
    /// Where the largest eigenvalue of K is least: ln t, from the balanced t and kappa, in so many steps.
    ///
    /// `start` is the balanced t, `kappa` = Lambda / lambda.
    fn optimum(&self, start: f64, kappa: f64, steps: usize) -> f64 {
        // The optimal t lies within a factor kappa of the balanced one; the bracket is wider.
        let reach = kappa.ln() + 3.0;
        golden(start.ln() - reach, start.ln() + reach, steps, |log| self.value(log))
    }
}

/// Golden section: the bracket shrinks by 0.618 at each step.
///
/// The middle of the last bracket, for a unimodal f.
fn golden(mut lo: f64, mut hi: f64, steps: usize, f: impl Fn(f64) -> f64) -> f64 {
    let ratio = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut a, mut b) = (hi - ratio * (hi - lo), lo + ratio * (hi - lo));
    let (mut fa, mut fb) = (f(a), f(b));
    for _ in 0..steps {
        if fa < fb {
            (hi, b, fb) = (b, a, fa);
            a = hi - ratio * (hi - lo);
            fa = f(a);
        } else {
            (lo, a, fa) = (a, b, fb);
            b = lo + ratio * (hi - lo);
            fb = f(b);
        }
    }
    0.5 * (lo + hi)
}

/// S*, the least sharpness of a minimiser of depth L with a head of squared norm `head`, to about ten digits. `None`
/// where Sigma (d x d) is not positive definite in doubles, or L >= 2 and w* = 0.
///
/// For L = 1 it is `2 norm(w)^2 Lambda`. Nothing is certified: [`least`] is. Cost: some forty eigenproblems of size
/// d.
pub fn flattest(sigma: &DMatrix<f64>, w_star: &DVector<f64>, head: f64, depth: usize) -> Option<f64> {
    // The minimum is flat: 1e-6 of t is 1e-12 of S*, and the bracket shrinks to that.
    const ENOUGH: usize = 36;
    let r = Cholesky::new(sigma.clone())?.unpack();
    let near = Near { gram: r.tr_mul(&r), direction: r.tr_mul(w_star), head, depth };
    let eigenvalues = approximate_eigen(&near.gram)?.0;
    let (least, most) = (*eigenvalues.first()?, *eigenvalues.last()?);
    if depth == 1 {
        return Some(2.0 * head * most);
    }
    let l = depth as f64;
    let balanced = w_star.norm().powf(2.0 - 2.0 / l) * head.powf(1.0 / l);
    let positive = balanced > 0.0 && least > 0.0;
    positive.then(|| near.value(near.optimum(balanced, most / least, ENOUGH))).filter(|v| v.is_finite())
}

/// What S* depends on, in one enclosure arithmetic.
struct Setting<E: Enclosure> {
    /// `R^T R`, similar to Sigma.
    gram: DMatrix<E>,
    /// `R^T w*`.
    direction: DVector<E>,
    /// norm(w)^2.
    head: E,
    /// L, at least 1.
    depth: usize,
}

impl<E: Enclosure> Setting<E> {
    /// `None` where Sigma is not proved positive definite with so many bits.
    fn new(problem: &Problem, head_norm_squared: &Rational, depth: usize, bits: u32) -> Option<Self> {
        let r = cholesky(&problem.moments::<E>(bits).sigma)?;
        let w_star = problem.w_star::<E>(bits);
        Some(Self {
            gram: r.transpose() * &r,
            direction: r.transpose() * w_star,
            head: E::from_rational(head_norm_squared, bits),
            depth,
        })
    }

    /// `(norm(w)^2 / t)^(1/(L-1))`, the common ratio beta_k / beta_{k-1}.
    fn ratio(&self, t: &E) -> E {
        (&self.head / t).pow_ratio(1, self.depth as u32 - 1)
    }

    /// K(t): `2 R^T M R` of the rank-one aligned network with beta_1 = t and equal ratios.
    ///
    /// For L = 1, `2 t R^T R`.
    fn spread(&self, t: &E) -> DMatrix<E> {
        let two = E::from_i64(2);
        let rank_one = &self.direction * self.direction.transpose();
        let weight = if self.depth == 1 { E::zero() } else { E::from_i64(self.depth as i64 - 1) * self.ratio(t) };
        self.gram.zip_map(&rank_one, |g, v| &two * (t * g + &weight * v))
    }

    /// `L (A B^(L-1))^(1/L)` for the mixture `Z = p z1 z1^T + (1-p) z2 z2^T`, divided by its trace.
    ///
    /// The minimum of `A t + (L-1) B t^(-1/(L-1))` over t > 0, by the means of t A and of L - 1 equal terms, whose
    /// product is `A B^(L-1)`. It encloses a lower bound of S* for any z and any weights p >= 0 that are not all
    /// zero.
    fn dual(&self, z: &[(f64, DVector<f64>)]) -> E {
        let (mut trace, mut a, mut b) = (E::zero(), E::zero(), E::zero());
        for (p, v) in z {
            let p = E::from_interval(&Interval::point(*p), 64);
            let v = v.map(|x| E::from_interval(&Interval::point(x), 64));
            trace += &p * dot(&v, &v);
            a += &p * dot(&v, &(&self.gram * &v));
            let s = dot(&v, &self.direction);
            b += p * s.powi(2);
        }
        let (l, two) = (self.depth as u32, E::from_i64(2));
        let a = &two * a / &trace;
        let b = two * b * self.head.pow_ratio(1, l - 1) / trace;
        E::from_i64(i64::from(l)) * a.pow_ratio(1, l) * b.pow_ratio(i64::from(l) - 1, l)
    }
}

/// Golden-section steps: the bracket shrinks by 0.618^90 < 1e-18.
const STEPS: usize = 90;

/// Where the minimum is, in f64: t and the mixture of eigenvectors. Proposes; the enclosures decide.
struct Proposal {
    /// Where golden section ended.
    t: f64,
    /// Weights and vectors of Z.
    mixture: Vec<(f64, DVector<f64>)>,
}

/// Golden section in ln t, then in the weight p of the leading eigenvector against the second, for which the
/// logarithm of the dual value is concave. A single vector for d = 1. `None` where the small solver fails.
fn propose(s: &Setting<Big>, start: f64, kappa: f64) -> Option<Proposal> {
    let near = Near {
        gram: s.gram.map(|v| v.to_interval().mid()),
        direction: s.direction.map(|v| v.to_interval().mid()),
        head: s.head.to_interval().mid(),
        depth: s.depth,
    };
    let Near { gram, direction, .. } = &near;
    let l = s.depth as f64;
    let log = near.optimum(start, kappa, STEPS);
    let (values, vectors) = approximate_eigen(&near.spread(log))?;
    let last = values.len() - 1;
    let first = vectors.column(last).into_owned();
    if last == 0 {
        return Some(Proposal { t: log.exp(), mixture: vec![(1.0, first)] });
    }
    let second = vectors.column(last - 1).into_owned();
    let mixture = |p: f64| [(p, first.clone()), (1.0 - p, second.clone())];
    let dual = |p: f64| {
        let (a, b) = mixture(p).iter().fold((0.0, 0.0), |(a, b), (weight, v)| {
            (a + weight * (v.transpose() * gram * v)[(0, 0)], b + weight * direction.dot(v).powi(2))
        });
        -(a.ln() + (l - 1.0) * b.max(f64::MIN_POSITIVE).ln())
    };
    let p = golden(0.0, 1.0, STEPS, dual).clamp(0.0, 1.0);
    Some(Proposal { t: log.exp(), mixture: mixture(p).into() })
}

/// Enclosure of S* for a head of squared norm `head`, and the t proposed for it; `None` where the precision does not
/// suffice or w* = 0.
///
/// For w* = 0 and L >= 2 the infimum is 0 and not attained by these networks.
///
/// Any t gives an upper bound and any mixture a lower one, so the enclosure holds whatever golden section found; its
/// width is the duality gap and the rounding. For L = 1 there is nothing to choose: `2 norm(w)^2 Lambda`, and the t
/// is norm(w)^2. `None` also where w* is not known exactly.
pub fn least<E: Enclosure>(problem: &Problem, head: &Rational, depth: usize, bits: u32) -> Option<(E, Rational)> {
    let w_star = norm_squared(problem.w_star_exact()?.iter());
    if w_star.is_zero() {
        return None;
    }
    let s = Setting::<E>::new(problem, head, depth, bits)?;
    if depth == 1 {
        return Some((largest_eigenvalue(&s.spread(&s.head)), head.clone()));
    }
    let big = Setting::<Big>::new(problem, head, depth, bits.max(128))?;
    let start = balanced_t::<Interval>(&w_star, head, depth, 53).mid();
    let kappa = problem.lambda_max().hi() / problem.lambda().lo();
    let proposal = propose(&big, start, kappa)?;
    let t = Rational::from_f64(proposal.t)?;
    let above = largest_eigenvalue(&s.spread(&E::from_rational(&t, bits)));
    let below = s.dual(&proposal.mixture);
    // below <= S* <= above: the hull from the lower end of one to the upper end of the other.
    let enclosed = below.hull(&above);
    Some((enclosed, t))
}

/// beta_1 of the balanced network: norm(w*)^(2(L-1)/L) norm(w)^(2/L).
fn balanced_t<E: Enclosure>(w_star: &Rational, head: &Rational, depth: usize, bits: u32) -> E {
    let l = depth as u32;
    E::from_rational(w_star, bits).pow_ratio(i64::from(l) - 1, l) * E::from_rational(head, bits).pow_ratio(1, l)
}

/// Sharpness of the balanced rank-one aligned network: the limit of S(W^SI) for vanishing initialisation (norm(w) = 1
/// there).
///
/// `lambda_max(K(t))` at the balanced t. `None` where w* is not known exactly or Sigma is not proved definite with so
/// many bits.
pub fn balanced<E: Enclosure>(problem: &Problem, head: &Rational, depth: usize, bits: u32) -> Option<E> {
    let s = Setting::<E>::new(problem, head, depth, bits)?;
    let w_star = norm_squared(problem.w_star_exact()?.iter());
    Some(largest_eigenvalue(&s.spread(&balanced_t(&w_star, head, depth, bits))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_lies_in_the_enclosure() {
        for (seed, depth) in [(1, 2), (2, 10), (3, 40)] {
            let problem = Problem::appendix_c(50, 5, seed).unwrap();
            let sigma = problem.enclosed_moments().sigma.map(|v| v.mid());
            let w_star = problem.w_star::<Interval>(53).map(|v| v.mid());
            let near = flattest(&sigma, &w_star, 1.0, depth).unwrap();
            let (proved, _) = least::<Interval>(&problem, &Rational::from(1), depth, 53).unwrap();
            assert!((near - proved.mid()).abs() < 1e-8 * near, "{near} {proved:?}");
        }
    }
}
