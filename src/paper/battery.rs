//! The statements about chance that a night tries.
//!
//! A trial draws from the stream of its statement's key and its own number ([`crate::harness::chance`]), so that the
//! order of the list changes no result.

use super::{appendix_a, section_5};
use crate::harness::chance::Chance;

/// Every statement about chance, and the canaries, in a fixed order.
pub fn battery() -> Vec<Chance> {
    let mut out = appendix_a::lemma_6::claim::chances();
    out.extend(section_5::lemma_3::trials::chances());
    out.extend(section_5::lemma_3::in_scope::chances());
    out.extend(section_5::theorem_4::in_scope::chances());
    out
}
