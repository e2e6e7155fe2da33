//! Every claim and every proof of the paper: a new one is a file in the folder of its result, and a line here.
//!
//! The claims are in the order of the catalogue, the proofs in that of the text. Nothing is evaluated here: a claim
//! builds its instances when a run asks for them.

use super::{
    appendix_a, appendix_c, beyond, figures, section_1, section_2, section_3, section_4, section_5, stated, text,
};
use crate::error::{Error, Result};
use crate::harness::{Claim, formal, paper::Display, paper::Paper, steps::Proof};
use serde::de::DeserializeOwned;

/// A list of `fixtures/`, kept with the sources.
fn kept<T: DeserializeOwned>(name: &str, text: &str) -> Result<Vec<T>> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("fixtures/{name}.json: {e}")))
}

/// The displays of its text, with which the audit is compared; `harness::displays::extract` makes them again.
///
/// # Errors
/// A damaged list: a bug of flatcert.
pub fn displays() -> Result<Vec<Display>> {
    kept("displays", include_str!("../../fixtures/displays.json"))
}

/// What Coq proves; `tests/formal.rs` holds the files against the sources.
/// The bytes are part of the program: what a run says of Coq does not depend on the machine that it runs on.
const FORMAL: formal::Files<'_> = formal::Files {
    statements: include_str!("../../formal/Statements.v"),
    audit: include_str!("../../formal/audit.json"),
    results: include_str!("../../formal/results.json"),
    steps: include_str!("../../formal/scalar_steps.json"),
};

/// Marion and Chizat, "Deep linear networks for regression are implicitly regularized towards flat minima".
///
/// # Errors
/// Files kept with the sources that contradict each other: a bug of flatcert.
///
/// A claim rests on the steps of its proof, so that its grade is at most that of the weakest of them, unless Coq
/// proves it.
pub fn paper() -> Result<Paper> {
    Ok(Paper {
        stated: stated(),
        proofs: proofs(),
        displays: displays()?,
        results: stated::results(),
        // Of the repository, and the instances that were the worst of a form in some run: every run tries them too.
        counterexamples: kept("counterexamples", include_str!("../../fixtures/counterexamples.json"))?,
        worst: kept("worst", include_str!("../../fixtures/worst.json"))?,
        formal: formal::settled(&FORMAL)?,
        figures: Some(figures::all),
    })
}

/// Every claim, in the catalogue's order.
fn stated() -> Vec<Claim> {
    vec![
        section_3::theorem_2::claim::theorem_1(),
        section_3::theorem_2::claim::norms(),
        section_3::theorem_2::claim::depth(),
        section_3::rescaling::claim(),
        section_3::product_example::claim(),
        section_2::gradient::claim(),
        section_2::variational::claim(),
        section_4::lemma_1::claim(),
        section_4::lemma_2::claim::rank_one(),
        section_4::lemma_2::claim::balance(),
        section_4::lemma_2::claim::alignment(),
        section_4::lemma_2::claim::product(),
        section_4::assumption_2::claim(),
        section_4::theorem_3::claim::claim(),
        section_4::corollary_1::claim::first(),
        section_4::corollary_2::claim::second(),
        section_4::corollary_3::claim::third(),
        section_5::lemma_3::tails::chi_square(),
        section_5::lemma_3::tails::sum_one(),
        section_5::lemma_3::tails::sum_two(),
        section_5::lemma_3::tails::sum_three(),
        section_5::lemma_3::tails::step(),
        section_5::lemma_3::nets::claim(),
        section_5::lemma_3::tails::not_sub_gaussian(),
        section_5::lemma_3::constants::constants_claim(),
        section_5::lemma_3::trials::norm(),
        section_5::lemma_3::trials::sigma_min(),
        section_5::lemma_3::in_scope::claim(),
        section_5::lemma_3::best::claim(),
        section_5::lemma_3::order::claim(),
        section_5::theorem_4::constants::claim(),
        section_5::theorem_4::constants::corollary(),
        appendix_a::lemma_4::claim::minus(),
        appendix_a::lemma_4::claim::plus(),
        appendix_a::lemma_5::claim::claim(),
        appendix_a::lemma_6::claim::claim(),
        appendix_a::lemma_7::claim::claim(),
        appendix_a::lemma_8::claim::claim(),
        appendix_a::lemma_9::claim::claim(),
        appendix_a::lemma_9::worst::claim(),
        beyond::minimum_sharpness::claim(),
        beyond::minimum_sharpness::balanced(),
        beyond::multivariate_sharpness::claim(),
        section_5::gradient::gradient(),
        section_5::gradient::multivariate(),
        section_5::theorem_4::claim::claim(),
        section_5::theorem_4::claim::without_head(),
        section_5::corollary_4::claim::lower(),
        section_5::corollary_4::claim::upper(),
        section_5::theorem_4::in_scope::claim(),
        section_5::theorem_4::in_scope::without_head(),
        section_5::theorem_4::in_scope::corollary(),
        section_5::limits::claim(),
        section_1::critical_rate::claim(),
        section_1::small_scale_plateau::claim(),
        section_1::edge_plateau::claim(),
        section_1::no_edge::claim(),
        section_1::edge::claim(),
        section_1::above_threshold::claim(),
        section_1::sharpening::claim(),
        section_1::divergence::claim(),
        section_1::residual_scale::claim(),
    ]
}

/// The proofs, in the paper's order.
fn proofs() -> Vec<Proof> {
    vec![
        text::sections::proof(),
        appendix_a::lemma_4::proof::proof(),
        appendix_a::lemma_5::proof::proof(),
        appendix_a::lemma_6::proof::proof(),
        appendix_a::lemma_7::proof::proof(),
        appendix_a::lemma_8::proof::proof(),
        appendix_a::lemma_9::proof::proof(),
        section_3::theorem_2::proof::proof(),
        section_4::lemma_2::proof::proof(),
        section_4::theorem_3::proof::proof(),
        section_4::corollary_1::proof::proof(),
        section_4::corollary_2::proof::proof(),
        section_4::corollary_3::proof::proof(),
        section_5::theorem_4::proof::proof(),
        section_5::lemma_3::proof::proof(),
        section_5::corollary_4::proof::proof(),
        appendix_c::proof::proof(),
    ]
}
