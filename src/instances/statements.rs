//! Statements about networks, by what decides them at one.
//!
//! A statement that is not of minimisers only is made by [`Stated::new`] with instances of its own.

use super::families::{minimisers, simpler};
use super::networks::NetworkInstance;
use crate::arithmetic::Rational;
use crate::harness::{Evaluation, Stated, Subject};

/// A statement about networks: where it is tried, and what decides it; a network is described and classed as it is.
pub type Networks = Stated<NetworkInstance>;

impl Subject for NetworkInstance {
    fn describe(&self) -> String {
        self.describe()
    }
    fn tags(&self) -> Vec<String> {
        self.tags()
    }
}

impl Networks {
    /// Tried on the minimisers of the run; of minimisers only.
    ///
    /// `evaluate` sees a network and the strength of the form. An instance that does not implement w*, as one that
    /// was read from a file may not, is out of scope, whatever the closure says. Counterexamples are shrunk towards
    /// scalars ([`simpler`]).
    pub fn minimisers(evaluate: impl Fn(&NetworkInstance, &Rational) -> Evaluation + Send + Sync + 'static) -> Self {
        let evaluate = move |i: &NetworkInstance, strength: &Rational| match i.is_minimiser {
            true => evaluate(i, strength),
            false => Evaluation::out_of_scope("the network does not implement w*"),
        };
        Self::new(|context| minimisers(context).to_vec(), evaluate).simpler(simpler)
    }
}
