//! The heart: one file per stated result, named as the paper names it.
//!
//! | file | claims |
//! | --- | --- |
//! | [`theorem_2`] | `theorem-1`, `theorem-2-norms`, `theorem-2-depth` |
//! | [`rescaling`] | `rescaling` |
//! | [`product_example`] | `product-example` |
//! | [`gradient`] | `gradient` |
//! | [`variational`] | `variational` |
//! | [`lemma_1`] | `lemma-1` |
//! | [`lemma_2`] | `lemma-2-rank-one`, `lemma-2-balance`, `lemma-2-alignment`; beyond the paper: `sigma-product` |
//! | [`assumption_2`], [`theorem_3`], [`corollaries`] | `assumption-2`, `theorem-3`, `corollary-1` to `corollary-3` |
//! | [`lemma_3`], [`lemma_3_tails`], [`theorem_4_constants`] | the constants of Section 5 and the tail bounds behind them |
//! | [`lemma_3_trials`] | `lemma-3-norm`, `lemma-3-sigma-min` |
//! | [`lemma_3_nets`], [`zhang_2022`] | `lemma-3-nets`, `chi-square-not-sub-gaussian` |
//! | [`lemma_4`], [`lemma_5`], [`lemma_6`] with [`lemma_6_laws`], [`lemma_7`], [`lemma_8`], [`lemma_9`] | the lemmas of Appendix A |
//! | [`residual_gradient`] | `theorem-4-gradient`, `theorem-5` |
//! | [`theorem_4`], [`residual_flows`] | `theorem-4`, `theorem-5-flow` |
//! | [`corollary_4`] | `corollary-4-lower`, `corollary-4-upper` |
//! | [`residual_limits`] | `theorem-4-constants-observed` |
//! | [`experiments`] | `critical-rate` to `residual-scale`: the statements about the experiments |
//! | [`minimum_sharpness`] | `minimum-sharpness`, `balanced-limit`: beyond the paper |
//!
//! Adding a claim is adding one file and one line in the private function `registry`. The frame ([`frame`]) decides, the engine runs,
//! [`evidence`] is what comes out.

pub mod assumption_2;
pub mod certified;
pub mod chance;
pub mod corollaries;
pub mod corollary_4;
mod distributions;
mod engine;
pub mod evidence;
pub mod experiments;
mod figures;
mod figures_chance;
pub mod figures_experiments;
mod figures_flow;
mod figures_tube;
mod follow;
pub mod formal;
pub mod frame;
pub mod gradient;
pub mod instances;
pub mod lemma_1;
pub mod lemma_2;
pub mod lemma_3;
pub mod lemma_3_nets;
pub mod lemma_3_tails;
pub mod lemma_3_trials;
pub mod lemma_4;
pub mod lemma_5;
pub mod lemma_6;
pub mod lemma_6_laws;
pub mod lemma_7;
pub mod lemma_8;
pub mod lemma_9;
pub mod minimum_sharpness;
pub mod networks;
pub mod product_example;
pub mod proofs;
pub mod rescaling;
pub mod residual_flows;
pub mod residual_gradient;
pub mod residual_limits;
pub mod section_4;
mod subdivision;
pub mod theorem_2;
pub mod theorem_3;
pub mod theorem_4;
pub mod theorem_4_constants;
pub mod trajectories;
pub mod variational;
pub mod zhang_2022;

use crate::error::Result;
use evidence::{Evidence, InstanceEvidence};
use frame::Claim;

/// Every claim, in the catalogue's order.
fn registry() -> Vec<Claim> {
    vec![
        theorem_2::theorem_1(),
        theorem_2::norms(),
        theorem_2::depth(),
        rescaling::claim(),
        product_example::claim(),
        gradient::claim(),
        variational::claim(),
        lemma_1::claim(),
        lemma_2::rank_one(),
        lemma_2::balance(),
        lemma_2::alignment(),
        lemma_2::product(),
        assumption_2::claim(),
        theorem_3::claim(),
        corollaries::first(),
        corollaries::second(),
        corollaries::third(),
        lemma_3_tails::chi_square(),
        lemma_3_tails::sum_one(),
        lemma_3_tails::sum_two(),
        lemma_3_tails::sum_three(),
        lemma_3_tails::step(),
        lemma_3_nets::claim(),
        zhang_2022::claim(),
        lemma_3::constants_claim(),
        lemma_3_trials::norm(),
        lemma_3_trials::sigma_min(),
        theorem_4_constants::claim(),
        theorem_4_constants::corollary(),
        lemma_4::minus(),
        lemma_4::plus(),
        lemma_5::claim(),
        lemma_6::claim(),
        lemma_7::claim(),
        lemma_8::claim(),
        lemma_9::claim(),
        minimum_sharpness::claim(),
        minimum_sharpness::balanced(),
        residual_gradient::gradient(),
        residual_gradient::multivariate(),
        theorem_4::claim(),
        theorem_4::without_head(),
        corollary_4::lower(),
        corollary_4::upper(),
        residual_limits::claim(),
        experiments::critical_rate::claim(),
        experiments::small_scale_plateau::claim(),
        experiments::edge_plateau::claim(),
        experiments::no_edge::claim(),
        experiments::edge::claim(),
        experiments::above_threshold::claim(),
        experiments::sharpening::claim(),
        experiments::divergence::claim(),
        experiments::residual_scale::claim(),
    ]
}

/// The stated results, then the steps of their proofs.
fn everything() -> Vec<Claim> {
    let mut out = registry();
    out.extend(proofs::claims());
    out
}

/// How deep a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Under a minute on two cores.
    Quick,
    /// A few minutes.
    Standard,
    /// As long as a night.
    Nightly,
}

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Depth.
    pub profile: Profile,
    /// Seed of every generated instance.
    pub seed: u64,
    /// Claim ids; empty for all.
    pub only: Vec<String>,
}

/// Catalogue entry for `flatcert list`.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Entry {
    /// The id.
    pub id: String,
    /// Title in words.
    pub title: String,
    /// Place in the paper.
    pub place: String,
    /// Recorded outcome per form: `(form name, role, expected, statement)`.
    pub forms: Vec<(String, evidence::Role, evidence::Outcome, String)>,
}

/// The catalogue, in order.
pub fn catalogue() -> Vec<Entry> {
    let entry = |c: Claim| Entry {
        id: c.id.into(),
        title: c.title.into(),
        place: c.place.into(),
        forms: c.forms.into_iter().map(|f| (f.name.into(), f.role, f.expected, f.statement)).collect(),
    };
    everything().into_iter().map(entry).collect()
}

/// Runs claims. `progress(claim, done, total)` is called from many threads as instances finish; the evidence does not depend
/// on the number of threads. Timings are returned apart, seconds per claim, because they are not reproducible.
///
/// # Errors
/// An unknown claim id (the nearest ones are named).
pub fn run(
    options: &Options,
    progress: &(dyn Fn(&str, usize, usize) + Sync),
) -> Result<(Evidence, Vec<(String, f64)>)> {
    engine::run(options, progress)
}

/// As [`run`], of the claims of one shard: each n-th of the catalogue, the figures after the last. What depends on all claims together, the grades for one, is
/// left to [`join`].
///
/// # Errors
/// As [`run`].
pub fn run_part(
    options: &Options,
    shard: crate::nightly::Shard,
    progress: &(dyn Fn(&str, usize, usize) + Sync),
) -> Result<(Evidence, Vec<(String, f64)>)> {
    engine::part(options, shard, progress)
}

/// The parts of one run as one, the claims in the catalogue's order, and what of the run no part has. `only` as in the run.
///
/// # Errors
/// No parts; parts of different runs; a claim that is in two of them.
pub fn join(parts: Vec<Evidence>, only: &[String]) -> Result<(Evidence, Vec<String>)> {
    engine::join(parts, only)
}

/// Every form recorded as refuted (controls, and printed forms that do not hold), run without the stored counterexamples: did the
/// generated instances find a counterexample on their own? This tests the generator, not the paper.
///
/// # Errors
/// As [`run`].
pub fn controls_found_by_search(options: &Options) -> Result<Vec<(String, bool)>> {
    engine::controls_found_by_search(options)
}

/// All instances of one claim's forms, verbose (`flatcert check`).
///
/// # Errors
/// As [`run`].
pub fn check(id: &str, options: &Options) -> Result<Vec<InstanceEvidence>> {
    engine::check(id, options)
}

/// A form (default: the standing one) with its right-hand side scaled: refuted, or how close?
///
/// # Errors
/// As [`run`]; a claim without a form that has a constant; a factor that is not positive.
pub fn probe(id: &str, form: Option<&str>, change: ProbeChange, options: &Options) -> Result<evidence::FormEvidence> {
    engine::probe(id, form, &change, options)
}

/// What `flatcert probe` changes.
#[derive(Clone, Debug)]
pub enum ProbeChange {
    /// Multiply the strength by this factor (above 1: strengthened, below 1: weakened).
    Factor(crate::arithmetic::Rational),
    /// Put this constant in place of the printed one.
    Constant(crate::arithmetic::Rational),
}

/// One instance again, from its id `claim/form#index` (`claim/form#stored`: the stored counterexample), or from a counterexample
/// file.
///
/// # Errors
/// An id that names nothing; a file that is not a counterexample.
pub fn replay(id: &str, options: &Options) -> Result<InstanceEvidence> {
    engine::replay(id, options)
}
