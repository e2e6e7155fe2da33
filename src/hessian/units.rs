//! Units in which the Hessian and its squares are doubles.
//!
//! With the layers `2^-c W_k`, the head `2^-h w` and y divided by `2^(c L + h)`, the Hessian is `4^-(c L + h - c)`
//! times what it was; with Sigma and X^T y / n times `2^-q`, `2^-q` times that. Powers of two change no digit. The
//! exponents are chosen from two sweeps of one vector each: a bad choice costs accuracy, never truth.
//!
//! The exponent of the Hessian: b_k loses `c (L - k) + h`, A_k loses `c (k - 1)` and g loses `c L + h`, because
//! w_prod and w* do; block (j, k) of `2 J^T Sigma J` is `2 (A_j Sigma A_k^T) (x) (b_j b_k^T)`, that of E is
//! `(A_j g) (x) P^T (x) b_k^T` with `P = W_{k-1} ... W_{j+1}`: both lose `2 (c L + h - c)`.

use crate::network::Network;
use crate::problem::Problem;
use nalgebra::{DMatrix, DVector};
use std::borrow::Cow;

/// Binary exponents up to which nothing overflows: the Hessian has products of two b_k, and its norm their squares.
const MODEST: i64 = 100;
/// Largest exponent of a unit: beyond, no eigenvalue is a double.
const FARTHEST: i64 = 100_000;

/// A problem and a network whose Hessian is `2^-exponent` times the given one.
pub(super) struct Scaled<'a> {
    /// `2^-q Sigma` and w* divided by `2^(c L + h)`.
    pub problem: Cow<'a, Problem>,
    /// Layers `2^-c W_k`, head `2^-h w`.
    pub net: Cow<'a, Network<f64>>,
    /// Eigenvalues of the given Hessian are `2^exponent` times those of this one.
    pub exponent: i32,
}

/// The given ones, where their Hessian is well in range.
///
/// Else in units in which it is, unless a weight would lose digits (a subnormal number) or an exponent passes
/// `FARTHEST`: then the given ones too, and what overflows makes enclosures infinite.
pub(super) fn in_range<'a>(problem: &'a Problem, net: &'a Network<f64>) -> Scaled<'a> {
    scaled(problem, net).unwrap_or(Scaled { problem: Cow::Borrowed(problem), net: Cow::Borrowed(net), exponent: 0 })
}

/// The units, `None` where none are needed, or none are possible and exact.
///
/// `c` is the mean exponent that a layer adds to the backward sweep of the head (where b_0 vanishes in it: the mean
/// exponent of the layers), `h` what is left of the largest b_k, `q` the exponent of the largest block of the Hessian
/// as estimated from the sweeps. Each stays 0 while what it would correct is modest, so that ordinary networks are
/// borrowed. `later` is the largest exponent of `norm(A_k) norm(b_k)` over the layers behind layer j; less that of
/// A_{j+1} it estimates `norm(P) norm(b_k)`.
fn scaled<'a>(problem: &'a Problem, net: &'a Network<f64>) -> Option<Scaled<'a>> {
    let depth = net.depth() as i64;
    let (b, a) = (backward(net), forward(net));
    let last = b[net.depth()]?;
    let all = b[0].map_or_else(|| mean_size(net), |first| (first - last) / depth);
    let c = if (all * depth).abs() > 2 * MODEST { all } else { 0 };
    let of_b = |k: usize| b[k].map(|e| e - c * (depth - k as i64));
    let largest = (0..=net.depth()).filter_map(of_b).max()?;
    let h = if c != 0 || largest.abs() > MODEST { largest } else { 0 };
    let product = c * depth + h;
    let (sigma, optimum) = problem.exponents();
    let offset = of_b(0).map(|e| e - h).max(optimum.map(|e| i64::from(e) - product));
    let gradient = offset.map(|e| e + i64::from(sigma));
    // Of 2 J^T Sigma J, and of E: gradient, A_k, what lies between layers k and j, b_j.
    let of_a = |k: usize| a[k].map(|e| e - c * k as i64);
    let (mut size, mut later) = (None, None);
    for k in (0..net.depth()).rev() {
        if let Some(a) = of_a(k) {
            let next = if k + 1 < net.depth() { of_a(k + 1).unwrap_or(0) } else { 0 };
            size = size.max(later.zip(gradient).map(|(later, g): (i64, i64)| g + a + later - next));
            let here = of_b(k + 1).map(|b| a + b - h);
            size = size.max(here.map(|e| i64::from(sigma) + 2 * e));
            later = later.max(here);
        } else {
            later = of_b(k + 1).map(|b| b - h);
        }
    }
    let size = size?;
    let q = if size.abs() > MODEST || i64::from(sigma).abs() > 2 * MODEST { size } else { 0 };
    let exponent = 2 * (product - c) + q;
    if (c, h, q) == (0, 0, 0) || [product, q, exponent].iter().any(|e| e.abs() > FARTHEST) {
        return None;
    }
    let net = if (c, h) == (0, 0) { Cow::Borrowed(net) } else { Cow::Owned(divided(net, c as i32, h as i32)?) };
    let problem = Cow::Owned(problem.in_units(-q as i32, -product as i32));
    Some(Scaled { problem, net, exponent: exponent as i32 })
}

/// The network with layers divided by `2^c` and the head by `2^h`; `None` where that is not exact.
fn divided(net: &Network<f64>, c: i32, h: i32) -> Option<Network<f64>> {
    let exact = |v: f64, k: i32| {
        let out = times(v, -k);
        (times(out, k) == v).then_some(out)
    };
    let layer = |w: &DMatrix<f64>| {
        let entries: Option<Vec<f64>> = w.iter().map(|v| exact(*v, c)).collect();
        Some(DMatrix::from_vec(w.nrows(), w.ncols(), entries?))
    };
    let head: Option<Vec<f64>> = net.head().iter().map(|v| exact(*v, h)).collect();
    let layers: Option<Vec<_>> = net.layers().iter().map(layer).collect();
    Network::new(layers?, DVector::from_vec(head?)).ok()
}

/// `2^k v`, in two steps: the power alone may overflow.
fn times(v: f64, k: i32) -> f64 {
    v * 2f64.powi(k / 2) * 2f64.powi(k - k / 2)
}

/// A vector with its binary exponent, the largest entry near 1; `None` where it vanishes.
///
/// The exponent is added up as an integer, so a sweep over any number of layers neither overflows nor underflows.
type Floating = Option<(DVector<f64>, i64)>;

/// v with its largest entry brought near 1, and the exponent that goes with it; `None` for zero and for what is not
/// finite.
fn normalised(v: DVector<f64>, exponent: i64) -> Floating {
    let size = v.amax();
    if !(size > 0.0 && size.is_finite()) {
        return None;
    }
    let k = size.log2().floor() as i32;
    Some((v.map(|v| times(v, -k)), exponent + i64::from(k)))
}

/// Binary exponent of the largest entry, within what `2^k` can be divided by.
fn size_of(layer: &DMatrix<f64>) -> Option<i32> {
    Some(layer.amax()).filter(|v| *v > 0.0 && v.is_finite()).map(|v| (v.log2().floor() as i32).clamp(-1000, 1000))
}

/// `W v` or `W^T v`.
///
/// The layer's own exponent is taken off before the product and added after it: `None` where the product vanishes or
/// a factor has.
fn step(v: Floating, layer: &DMatrix<f64>, product: impl Fn(&DMatrix<f64>, &DVector<f64>) -> DVector<f64>) -> Floating {
    let (v, exponent) = v?;
    let own = size_of(layer)?;
    normalised(product(layer, &v.map(|v| times(v, -own))), exponent + i64::from(own))
}

/// Exponents of b_0, ..., b_L.
///
/// Each is that of the largest entry; where some b_k vanishes, those before it are `None` too.
fn backward(net: &Network<f64>) -> Vec<Option<i64>> {
    let mut b = normalised(net.head().clone(), 0);
    let mut out = vec![b.as_ref().map(|b| b.1)];
    for layer in net.layers().iter().rev() {
        b = step(b, layer, |w, v| w.tr_mul(v));
        out.push(b.as_ref().map(|b| b.1));
    }
    out.reverse();
    out
}

/// Exponents of A_1 v, ..., A_L v for some v without structure.
///
/// It stands for the norm of A_k up to the factor that one vector misses.
fn forward(net: &Network<f64>) -> Vec<Option<i64>> {
    let start = DVector::from_fn(net.widths()[0], |i, _| ((i + 1) as f64 * 0.618_033_988_749_895).fract() + 0.1);
    let mut v = normalised(start, 0);
    let mut out = vec![v.as_ref().map(|v| v.1)];
    for layer in &net.layers()[..net.depth() - 1] {
        v = step(v, layer, |w, v| w * v);
        out.push(v.as_ref().map(|v| v.1));
    }
    out
}

/// Mean exponent of the layers that do not vanish.
///
/// It is used where b_0 vanishes in the sweep.
fn mean_size(net: &Network<f64>) -> i64 {
    let sizes: Vec<i64> = net.layers().iter().filter_map(size_of).map(i64::from).collect();
    sizes.iter().sum::<i64>() / (sizes.len() as i64).max(1)
}
