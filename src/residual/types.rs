//! What is found of a trial.

use super::bounds::{Bounds, Single, stretch};
use crate::arithmetic::upward::div;
use nalgebra::DMatrix;

/// Bounds of one number.
///
/// Both ends are finite where a trial was enclosed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Enclosed {
    /// At most the number.
    pub lo: f64,
    /// At least the number.
    pub hi: f64,
}

impl Enclosed {
    /// Relative to the upper end.
    pub(crate) fn width(&self) -> f64 {
        (self.hi - self.lo) / self.hi.abs()
    }
}

/// The extreme values of one trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extremes {
    /// max_k norm(P_k).
    pub norm: Enclosed,
    /// min_k sigma_min(P_k).
    pub sigma_min: Enclosed,
}

/// What is certified of a trial.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// Over all prefixes.
    pub extremes: Extremes,
    /// For each prefix a lower bound of sigma_min and an upper bound of the norm.
    ///
    /// Entry k - 1 is that of P_k; both are certified, and only as sharp as the search for the extremes needed them.
    pub prefixes: Vec<(f64, f64)>,
    /// Both estimated: they decide nothing.
    pub estimates: Vec<(f64, f64)>,
}

/// The two extremes. Both are minima of a signed value: sigma_min, and minus the norm.
///
/// One search serves both that way: a certificate is a lower bound of the signed value, a vector an upper bound.
/// `side as usize` is the index of the pairs that are kept by side: 0 for sigma_min, 1 for the norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// sigma_min(P_k) from below.
    SigmaMin,
    /// norm(P_k) from above.
    Norm,
}

impl Side {
    /// x for sigma_min, `-x` for the norm; its own inverse.
    pub(super) fn signed(self, x: f64) -> f64 {
        if self == Self::SigmaMin { x } else { -x }
    }
    /// Is the signed value of the exact product at least `level` for certain?
    ///
    /// `single` has loaded the product to which `b` belongs. `false` says nothing.
    pub(super) fn certify(self, single: &mut Single, level: f64, b: &Bounds) -> bool {
        match self {
            Self::SigmaMin => single.lower(level, b),
            Self::Norm => single.upper(-level, b),
        }
    }
    /// An upper bound of the signed value, by all eigenvectors of the Gram matrix.
    ///
    /// `vectors` in ascending order of the eigenvalues: the first belongs to sigma_min, the last to the norm.
    pub(super) fn attained(self, product: &DMatrix<f64>, vectors: &DMatrix<f64>, b: &Bounds) -> f64 {
        let column = if self == Self::SigmaMin { 0 } else { vectors.ncols() - 1 };
        self.attained_at(product, vectors.column(column).as_slice(), b)
    }
    /// An upper bound of the signed value, by its vector.
    ///
    /// `norm(P v) / norm(v)` is at least sigma_min and at most the norm, whatever v is: a poor vector only makes the
    /// bound weak. Rounded to the safe side.
    pub(super) fn attained_at(self, product: &DMatrix<f64>, vector: &[f64], b: &Bounds) -> f64 {
        let (image, length) = stretch(product, vector, b);
        match self {
            Self::SigmaMin => div(image.1, length.0),
            Self::Norm => -(image.0 / length.1).next_down().max(0.0),
        }
    }
}

/// What was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// For every prefix.
    Holds,
    /// Not for every prefix.
    Fails,
    /// Nothing: the threshold is closer to the extreme value than 256 bits can tell (or, over a ball of theta, than the
    /// bounds are).
    Undecided,
}

/// The numbers to compare with.
///
/// Any doubles but NaN; `sigma_min <= 0` holds for every trial, and so does an infinite `norm`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// `norm(P_k) <= norm`.
    pub norm: f64,
    /// `sigma_min(P_k) >= sigma_min`.
    pub sigma_min: f64,
}

/// The two verdicts about one trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Does `norm(P_k) <= norm` hold for all k?
    pub norm: Verdict,
    /// Does `sigma_min(P_k) >= sigma_min` hold for all k?
    pub sigma_min: Verdict,
}

impl Decision {
    /// Nothing proved so far.
    pub(super) const OPEN: Self = Self { norm: Verdict::Undecided, sigma_min: Verdict::Undecided };
    /// Whether one of the two verdicts is missing.
    pub(super) fn is_open(self) -> bool {
        self.norm == Verdict::Undecided || self.sigma_min == Verdict::Undecided
    }
    /// What either of two runs proved about the same trial.
    pub(super) fn or(self, other: Self) -> Self {
        let pick = |a: Verdict, b| if a == Verdict::Undecided { b } else { a };
        Self { norm: pick(self.norm, other.norm), sigma_min: pick(self.sigma_min, other.sigma_min) }
    }
}
