//! What is known of the hypotheses of a statement at an instance.
//!
//! Three values are not enough: an instance that violates a hypothesis refutes the hypothesis where that is the
//! statement itself (an assumption claimed to follow from others), and is out of scope where it is needed; an
//! instance that the hypothesis does not speak of is out of scope in both. [`Assumption::evaluation`] and
//! [`Assumption::refusal`] are these two uses.

use super::claim::Evaluation;
use crate::arithmetic::{Enclosure, Interval};

/// What is known of an assumption at an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// It holds.
    Holds,
    /// Neither proved nor refuted: what is not known.
    Undecided(String),
    /// It certainly does not hold: what is violated.
    Fails(String),
    /// The instance is not of the kind that is spoken of, so there is nothing to hold or to fail: why not.
    OutOfSetting(String),
}

impl Assumption {
    /// `margin >= 0`, in words `part`.
    ///
    /// The margin is an enclosure; one that contains zero and a negative number is undecided.
    pub fn of_margin(margin: &Interval, part: &str) -> Self {
        if margin.is_nonnegative() {
            Self::Holds
        } else if margin.is_negative() {
            Self::Fails(format!("{part} does not hold"))
        } else {
            Self::Undecided(format!("{part} is not certain"))
        }
    }
    /// Holds unless the instance is outside of the setting, for a reason.
    pub fn unless_outside(outside: bool, why: &str) -> Self {
        if outside { Self::OutOfSetting(why.into()) } else { Self::Holds }
    }
    /// Both: outside of the setting where one is, else failing where one fails, else undecided where one is.
    ///
    /// Of two of the same rank the first is kept, with its reason.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let rank = |a: &Self| match a {
            Self::Holds => 0,
            Self::Undecided(_) => 1,
            Self::Fails(_) => 2,
            Self::OutOfSetting(_) => 3,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
    /// It is known to hold.
    pub fn holds(&self) -> bool {
        *self == Self::Holds
    }
    /// What a statement that needs it says where it is not known to hold: nothing, or nothing that was decided. `None`
    /// where it holds.
    pub fn refusal(&self) -> Option<Evaluation> {
        match self {
            Self::Holds => None,
            Self::Undecided(why) => Some(Evaluation::undecided(why)),
            Self::Fails(why) | Self::OutOfSetting(why) => Some(Evaluation::out_of_scope(why)),
        }
    }
    /// The assumption as a statement of its own.
    pub fn evaluation(&self) -> Evaluation {
        match self {
            Self::Holds => Evaluation::exact(true),
            Self::Fails(why) => Evaluation { reason: Some(why.clone()), ..Evaluation::exact(false) },
            Self::Undecided(why) => Evaluation::undecided(why),
            Self::OutOfSetting(why) => Evaluation::out_of_scope(why),
        }
    }
}
