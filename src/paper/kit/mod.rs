//! What several results share: networks drawn at and off minimisers, tails of distributions, series of figures.

pub mod distributions;
pub mod instances;
pub mod series;
