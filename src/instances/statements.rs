//! Statements about networks, by what decides them at one.

use super::families::{minimisers, simpler};
use super::networks::NetworkInstance;
use crate::arithmetic::Rational;
use crate::harness::{Context, Evaluation, Statement};

type List<T> = Box<dyn Fn(&T) -> Vec<NetworkInstance> + Send + Sync>;
type Decide = Box<dyn Fn(&NetworkInstance, &Rational) -> Evaluation + Send + Sync>;

/// Where a statement is tried, and what decides it; a network is described and classed as it is.
pub struct Networks {
    instances: List<Context>,
    evaluate: Decide,
    simpler: List<NetworkInstance>,
    neighbours: List<NetworkInstance>,
}

impl Networks {
    /// Tried on these.
    pub fn on(
        instances: impl Fn(&Context) -> Vec<NetworkInstance> + Send + Sync + 'static,
        evaluate: impl Fn(&NetworkInstance, &Rational) -> Evaluation + Send + Sync + 'static,
    ) -> Self {
        let none = || -> List<NetworkInstance> { Box::new(|_| Vec::new()) };
        Self { instances: Box::new(instances), evaluate: Box::new(evaluate), simpler: none(), neighbours: none() }
    }
    /// Tried on the minimisers of the run; of minimisers only.
    pub fn minimisers(evaluate: impl Fn(&NetworkInstance, &Rational) -> Evaluation + Send + Sync + 'static) -> Self {
        let evaluate = move |i: &NetworkInstance, strength: &Rational| match i.is_minimiser {
            true => evaluate(i, strength),
            false => Evaluation::out_of_scope("the network does not implement w*"),
        };
        Self::on(|context| minimisers(context).to_vec(), evaluate).simpler(simpler)
    }
    /// With these in the place of the instances.
    pub fn tried(self, instances: impl Fn(&Context) -> Vec<NetworkInstance> + Send + Sync + 'static) -> Self {
        Self { instances: Box::new(instances), ..self }
    }
    /// As [`Statement::simpler`].
    pub fn simpler(self, of: impl Fn(&NetworkInstance) -> Vec<NetworkInstance> + Send + Sync + 'static) -> Self {
        Self { simpler: Box::new(of), ..self }
    }
    /// As [`Statement::neighbours`].
    pub fn neighbours(self, of: impl Fn(&NetworkInstance) -> Vec<NetworkInstance> + Send + Sync + 'static) -> Self {
        Self { neighbours: Box::new(of), ..self }
    }
}

impl Statement for Networks {
    type Instance = NetworkInstance;

    fn instances(&self, context: &Context) -> Vec<NetworkInstance> {
        (self.instances)(context)
    }
    fn describe(&self, i: &NetworkInstance) -> String {
        i.describe()
    }
    fn tags(&self, i: &NetworkInstance) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &NetworkInstance, strength: &Rational) -> Evaluation {
        (self.evaluate)(i, strength)
    }
    fn simpler(&self, i: &NetworkInstance) -> Vec<NetworkInstance> {
        (self.simpler)(i)
    }
    fn neighbours(&self, i: &NetworkInstance) -> Vec<NetworkInstance> {
        (self.neighbours)(i)
    }
}
