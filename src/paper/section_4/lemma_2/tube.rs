//! Lemma 2 along certified tubes.

use crate::harness::claim::Form;
use crate::harness::evidence::Role;
use crate::paper::section_4::along::When;
use crate::paper::section_4::certified::{Said, form};
use crate::paper::section_4::lemma_2::statement;
use crate::paper::section_4::statement::{any, deep};

/// Lemma 2, first statement, at every t.
pub fn rank_one() -> Form {
    let said = Said::Along(When::Always, statement::rank_one_printed);
    form("tube", "norm_F(W_k(t))^2 - norm_2(W_k(t))^2 <= epsilon for every t", any, said)
}

/// Lemma 2, second statement, at every t.
pub fn balance() -> Form {
    let said = Said::Along(When::Always, statement::balance_printed);
    form("tube", "|sigma_k^2(t) - sigma_j^2(t)| <= epsilon for every t", any, said)
}

/// Lemma 2, third statement, at every t.
pub fn alignment() -> Form {
    let said = Said::Along(When::Always, statement::alignment_printed);
    let statement = "sigma_{k+1}^2 (1 - <v_{k+1}, u_k>^2) <= epsilon for every t";
    let mut out = form("tube", statement, deep, said);
    out.role = Role::Corrected;
    out.required.retain(|(class, _)| *class != "L = 1");
    out
}
