//! How a step is to be stated: as printed, as corrected, or with an error planted in it.
//!
//! One function states all forms of a step; what is planted is a branch in it, so that the error stands beside what
//! it changes. Steps stated by formulas use [`Plant`] only for the name of the kind, the error being an edit.

/// Errors that are planted in copies of a step.
///
/// Forms are named by the kind, so a step has one of each kind at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plant {
    /// A factor left out.
    DroppedFactor,
    /// A term left out.
    DroppedTerm,
    /// An index, an exponent or a range off by one.
    OffByOne,
    /// A wrong power.
    WrongPower,
    /// A sign flipped, or an inequality turned round.
    FlippedSign,
    /// A square lost.
    LostSquare,
    /// `>` in place of `>=`.
    StrictInequality,
    /// A constant halved or doubled, whichever is stronger.
    WrongConstant,
    /// A norm left out, or the wrong norm.
    MissingNorm,
    /// A hypothesis left out.
    DroppedHypothesis,
}

impl Plant {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::DroppedFactor,
        Self::DroppedTerm,
        Self::OffByOne,
        Self::WrongPower,
        Self::FlippedSign,
        Self::LostSquare,
        Self::StrictInequality,
        Self::WrongConstant,
        Self::MissingNorm,
        Self::DroppedHypothesis,
    ];
    /// The name of the form that carries it.
    pub fn name(self) -> &'static str {
        match self {
            Self::DroppedFactor => "planted-dropped-factor",
            Self::DroppedTerm => "planted-dropped-term",
            Self::OffByOne => "planted-off-by-one",
            Self::WrongPower => "planted-wrong-power",
            Self::FlippedSign => "planted-flipped-sign",
            Self::LostSquare => "planted-lost-square",
            Self::StrictInequality => "planted-strict-inequality",
            Self::WrongConstant => "planted-wrong-constant",
            Self::MissingNorm => "planted-missing-norm",
            Self::DroppedHypothesis => "planted-dropped-hypothesis",
        }
    }
}

/// How a step is to be stated.
///
/// Passed to the step's function with each evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// As the paper prints it.
    Printed,
    /// As it is right.
    Corrected,
    /// With an error planted in the form that is right.
    Planted(Plant),
}

impl How {
    /// An error of this kind is planted.
    pub fn plants(self, kind: Plant) -> bool {
        self == Self::Planted(kind)
    }
    /// The printed form is wanted (not the corrected one, nor a planted error).
    pub fn printed(self) -> bool {
        self == Self::Printed
    }
}

/// Sizes on which a step is tried, degenerate ones first.
///
/// What the entries of one list of sizes mean (depth, dimensions, a kind of scene) is the step's own convention.
pub type Sizes = &'static [&'static [usize]];

/// Of steps whose parameters are all numbers that are drawn.
pub const SCALARS: Sizes = &[&[1]];

/// Dimensions.
pub const DIMENSIONS: Sizes = &[&[1], &[2], &[3]];
