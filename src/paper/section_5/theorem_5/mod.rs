//! Theorem 5: the multivariate case; its proof in B.8.

pub(crate) mod proof;
