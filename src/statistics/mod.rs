//! Statistics of a randomised search that never ends: replayable streams of trials, exact binomial intervals, evidence
//! that stays valid however often it is looked at, a false-alarm budget for a lifetime, and the append-only ledger all
//! of it is counted from; tails of distributions; moments of normal variables.
//!
//! A statement about chance reads "the event fails with probability at most p0". Its evidence is three integers: n
//! trials, f failures, and u trials that no enclosure could decide. Everything that is said of it is computed from
//! these:
//!
//! | module | from | to |
//! | --- | --- | --- |
//! | [`streams`] | seed, key, number of the trial | the draws of that trial, on any machine |
//! | [`ledger`] | batches of counted trials | n, f, u by statement, each trial once, across kills, shards and nights |
//! | [`binomial`] | n, f | an exact interval for the failure probability, for a look that was fixed beforehand |
//! | [`eprocess`] | n, f | evidence that stays valid under optional stopping |
//! | [`budget`] | statements in order of registration | the e-value at which each raises the alarm |
//! | [`tails`], [`laws`] | a law | enclosed tails; a test of draws against it |
//! | [`bootstrap`] | values | the bands of pictures, which decide nothing |
//!
//! A number n that was fixed beforehand is judged by the exact interval (`harness::chance::assess`); counts that grow
//! from night to night are judged by the e-value, since an interval looked at again and again would err with a
//! probability that tends to one. What is *not* here: the trials themselves (`harness::chance`, `residual`), and any
//! test whose null distribution is only asymptotic.

pub mod binomial;
pub mod bootstrap;
pub mod budget;
pub mod eprocess;
pub(crate) mod gaussian;
pub mod laws;
pub mod ledger;
pub mod streams;
pub mod tails;
