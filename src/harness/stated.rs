//! Statements by closures, about instances that say themselves what they are.
//!
//! The short way to a [`Statement`] for a kind of instance that several statements share: what belongs to the
//! instance (words, classes, neighbours) is said once in [`Subject`], and a statement adds which instances it is
//! tried on and how one is evaluated.

use super::claim::{Context, Evaluation, Statement};
use crate::arithmetic::Rational;
use serde::{Serialize, de::DeserializeOwned};

/// An instance that says what it is, as a [`Statement`] asks of it.
pub trait Subject: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// See [`Statement::describe`].
    fn describe(&self) -> String;
    /// See [`Statement::tags`].
    fn tags(&self) -> Vec<String> {
        Vec::new()
    }
    /// See [`Statement::simpler`].
    fn simpler(&self) -> Vec<Self> {
        Vec::new()
    }
    /// See [`Statement::neighbours`].
    fn neighbours(&self) -> Vec<Self> {
        Vec::new()
    }
}

/// The instances of a run.
type Instances<I> = dyn Fn(&Context) -> Vec<I> + Send + Sync;
/// Neighbours of one instance, simpler ones or others.
type Nearby<I> = dyn Fn(&I) -> Vec<I> + Send + Sync;
/// The verdict on an instance at a strength.
type Evaluate<I> = dyn Fn(&I, &Rational) -> Evaluation + Send + Sync;

/// A statement about subjects.
pub struct Stated<I> {
    /// See [`Statement::instances`].
    instances: Box<Instances<I>>,
    /// See [`Statement::evaluate`].
    evaluate: Box<Evaluate<I>>,
    /// See [`Statement::simpler`].
    simpler: Box<Nearby<I>>,
    /// See [`Statement::neighbours`].
    neighbours: Box<Nearby<I>>,
}

impl<I: Subject> Stated<I> {
    /// By its instances and the verdict on one of them at a strength.
    pub fn new(
        instances: impl Fn(&Context) -> Vec<I> + Send + Sync + 'static,
        evaluate: impl Fn(&I, &Rational) -> Evaluation + Send + Sync + 'static,
    ) -> Self {
        Self {
            instances: Box::new(instances),
            evaluate: Box::new(evaluate),
            simpler: Box::new(I::simpler),
            neighbours: Box::new(I::neighbours),
        }
    }
    /// Tried on these in the place of its instances.
    #[must_use]
    pub fn tried(self, instances: impl Fn(&Context) -> Vec<I> + Send + Sync + 'static) -> Self {
        Self { instances: Box::new(instances), ..self }
    }
    /// With other simpler subjects than the subject's own.
    #[must_use]
    pub fn simpler(self, simpler: impl Fn(&I) -> Vec<I> + Send + Sync + 'static) -> Self {
        Self { simpler: Box::new(simpler), ..self }
    }
    /// With other neighbours than the subject's own.
    #[must_use]
    pub fn neighbours(self, neighbours: impl Fn(&I) -> Vec<I> + Send + Sync + 'static) -> Self {
        Self { neighbours: Box::new(neighbours), ..self }
    }
}

impl<I: Subject> Statement for Stated<I> {
    type Instance = I;

    fn instances(&self, context: &Context) -> Vec<I> {
        (self.instances)(context)
    }
    fn describe(&self, i: &I) -> String {
        i.describe()
    }
    fn tags(&self, i: &I) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &I, strength: &Rational) -> Evaluation {
        (self.evaluate)(i, strength)
    }
    fn simpler(&self, i: &I) -> Vec<I> {
        (self.simpler)(i)
    }
    fn neighbours(&self, i: &I) -> Vec<I> {
        (self.neighbours)(i)
    }
}
