//! What several results share: networks drawn at and off minimisers, tails of distributions, series of figures.

pub mod instances;
pub mod series;

pub(crate) use crate::statistics::tails as distributions;
