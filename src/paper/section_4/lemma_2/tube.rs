//! Lemma 2 along certified tubes.

use crate::formula::var;
use crate::harness::claim::Form;
use crate::harness::evidence::Role;
use crate::paper::section_4::along::When;
use crate::paper::section_4::certified::{Said, form};
use crate::paper::section_4::hypotheses::{any, deep};
use crate::paper::section_4::lemma_2::statement;

/// Lemma 2, first statement, at every t.
pub fn rank_one() -> Form {
    form("tube", any, Said::Along(When::Always, statement::rank_one(var("epsilon"))))
}

/// Lemma 2, second statement, at every t.
pub fn balance() -> Form {
    form("tube", any, Said::Along(When::Always, statement::balance(var("epsilon"))))
}

/// Lemma 2, third statement, at every t.
pub fn alignment() -> Form {
    let mut out = form("tube", deep, Said::Along(When::Always, statement::alignment(var("epsilon"))));
    out.role = Role::Corrected;
    out.required.retain(|(class, _)| *class != "L = 1");
    out
}
