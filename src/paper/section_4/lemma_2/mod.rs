//! Lemma 2: layers stay nearly rank one, balanced and aligned; its proof in B.2 and B.3.

pub mod claim;
pub(crate) mod proof;
pub(crate) mod proof_first;
pub(crate) mod proof_third;
pub mod statement;
