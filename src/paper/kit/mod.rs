//! What several results share: networks drawn at and off minimisers, series of figures.

pub mod instances;
pub mod series;
