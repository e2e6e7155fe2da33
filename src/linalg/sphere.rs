//! Points on spheres, exact: rational ones, nets, and sets that are packed well.
//!
//! Claims about all unit vectors are tried on rational ones, whose length is exactly one, so that no rounding of a
//! norm enters; every rational point of the sphere but `(-1, 0, ..)` has a rational t.

use crate::arithmetic::{Rational, Ring};
use nalgebra::DVector;
use num_traits::Zero;
use serde::{Deserialize, Serialize};

/// The point of the unit sphere that is projected to t: `(1 - |t|^2, 2 t)/(1 + |t|^2)`.
///
/// One entry more than t. Exactly of length one: `(1 - s)^2 + 4 s = (1 + s)^2` with `s = |t|^2`.
pub fn stereographic(t: &[Rational]) -> DVector<Rational> {
    let square = t.iter().fold(Rational::zero(), |s, v| s + v.powi(2));
    let below = 1 + &square;
    DVector::from_fn(t.len() + 1, |i, _| match i {
        0 => (1 - &square) / &below,
        _ => 2 * &t[i - 1] / &below,
    })
}

/// Every point of the unit sphere of R^d, d >= 1, is within `sqrt(d - 1) / n` of one of these: stereographic images of
/// a grid of mesh 1/n, which is within `sqrt(d - 1) / (2n)` of every point of `[-1, 1]^(d-1)`, and the projection at
/// most doubles distances.
///
/// There are `2 (2n + 1)^(d-1)` points, with repetitions. Why the cube is enough: the images of `|t| <= 1` are the
/// half sphere with a nonnegative first entry, and each point comes with its opposite.
pub(crate) fn net(dimension: usize, n: i64) -> Vec<DVector<Rational>> {
    let side = 2 * n + 1;
    let point = |at: i64| {
        let t: Vec<Rational> =
            (1..dimension as u32).map(|i| Rational::new(at / side.pow(i - 1) % side - n, n)).collect();
        stereographic(&t)
    };
    (0..side.pow(dimension as u32 - 1)).map(point).flat_map(|h| [h.clone(), -h]).collect()
}

/// A set of vectors of one length, by its name: `cross`, `cube`, `roots` (of D_d) or `e8`. Their pairwise distance is
/// at least epsilon times their length.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Packing {
    /// Which of the four; any other name than the first three means `e8`.
    pub name: String,
    /// d, the length of a vector; 8 for `e8`.
    pub dimension: usize,
    /// What is claimed of the distances, relative to the length of a vector; `is_separated` tests it.
    pub epsilon: Rational,
}

impl Packing {
    /// All of them.
    ///
    /// `cross`: the `2 d` signed unit vectors; `cube`: the `2^d` vectors of signs; `roots`: the `2 d (d - 1)` sums of
    /// two signed unit vectors; `e8`: the 240 roots of E8 in doubled coordinates, 112 of the kind `+-2 e_i +- 2 e_j`
    /// and 128 of signs with an even number of minuses.
    pub fn vectors(&self) -> Vec<Vec<i64>> {
        let d = self.dimension;
        let unit = |i: usize, v: i64| (0..d).map(|j| if i == j { v } else { 0 }).collect::<Vec<_>>();
        let signs = |v: i64| {
            (0..1_u32 << d).map(move |mask| (0..d).map(|j| if mask >> j & 1 == 0 { v } else { -v }).collect::<Vec<_>>())
        };
        let pairs = || (0..d).flat_map(|i| (0..i).map(move |j| (i, j)));
        let sum = |(i, a), (j, b)| unit(i, a).iter().zip(unit(j, b)).map(|(x, y)| x + y).collect::<Vec<i64>>();
        let roots = |v: i64| -> Vec<Vec<i64>> {
            let signs = [(v, v), (v, -v), (-v, v), (-v, -v)];
            pairs().flat_map(|(i, j)| signs.map(|(a, b)| sum((i, a), (j, b)))).collect()
        };
        match self.name.as_str() {
            "cross" => (0..d).flat_map(|i| [unit(i, 1), unit(i, -1)]).collect(),
            "cube" => signs(1).collect(),
            "roots" => roots(1),
            _ => {
                let mut out = roots(2);
                out.extend(signs(1).filter(|v| v.iter().filter(|x| **x < 0).count() % 2 == 0));
                out
            }
        }
    }
    /// All of one length, pairwise at least epsilon times it apart.
    ///
    /// In squares of integers, exactly; `false` of no vectors.
    pub fn is_separated(&self, vectors: &[Vec<i64>]) -> bool {
        let square = |v: &mut dyn Iterator<Item = i64>| v.map(|x| x * x).sum::<i64>();
        let Some(length) = vectors.first().map(|v| square(&mut v.iter().copied())) else { return false };
        let least = self.epsilon.powi(2) * Rational::from(length);
        let apart = |u: &[i64], v: &[i64]| Rational::from(square(&mut u.iter().zip(v).map(|(a, b)| a - b))) >= least;
        vectors.iter().all(|v| square(&mut v.iter().copied()) == length)
            && (0..vectors.len()).all(|i| (0..i).all(|j| apart(&vectors[i], &vectors[j])))
    }
}
