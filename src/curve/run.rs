//! Checkpoints certified on all processors.
//!
//! One network is inspected by one thread. Results wait in a map until those before them have been handed over, which
//! fixes the order of the output whatever the order of the work.

use super::{Place, Point};
use crate::error::{Error, Result};
use crate::inspect::{self, inspect_with};
use crate::network::{Network, Stack, WeightOptions};
use crate::problem::Problem;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

/// Where the weights of a checkpoint are.
#[derive(Clone, Debug)]
pub enum Source {
    /// In a file of their own.
    File(PathBuf),
    /// In a file of many, at this place.
    Slice(Arc<Stack>, usize),
}

/// A checkpoint to be certified.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// What the table says of it.
    pub place: Place,
    /// Its weights.
    pub source: Source,
}

/// What all checkpoints share.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The data.
    pub problem: &'a Problem,
    /// A file with the head.
    pub head: Option<&'a std::path::Path>,
    /// How weights are stored.
    pub weights: &'a WeightOptions,
    /// What is asked of each.
    pub asked: &'a inspect::Options,
}

impl Given<'_> {
    /// Loads and inspects one checkpoint.
    ///
    /// # Errors
    /// Weights that cannot be read, or that do not fit the data; an error of the inspection names the checkpoint.
    fn point(&self, checkpoint: &Checkpoint) -> Result<Point> {
        let network = match &checkpoint.source {
            Source::File(path) => Network::load_with(path, self.head, self.weights)?.0,
            Source::Slice(stack, at) => stack.network(*at)?,
        };
        let (found, _) =
            inspect_with(self.problem, &network, self.asked).map_err(|e| e.within(&self.name(checkpoint)))?;
        Ok(Point::new(checkpoint.place.clone(), found))
    }

    /// The file, with the place in it where it holds many.
    fn name(&self, checkpoint: &Checkpoint) -> String {
        match checkpoint.place.at {
            Some(at) => format!("{}[{at}]", checkpoint.place.file),
            None => checkpoint.place.file.clone(),
        }
    }
}

/// Nested products of matrices recurse a little deeper than the 2 MiB that a thread has by default.
const STACK: usize = 16 << 20;

/// Certifies all checkpoints and hands each result over in their order, one processor on each.
///
/// `advanced` hears how many are done, in whatever order. Once `stop` is raised, or `each` breaks, no further one is
/// begun. After `stop` those that are done or under way are handed over still; after a break they are dropped.
///
/// There are as many threads as `rayon` would use, or checkpoints if these are fewer, each with `STACK` bytes of
/// stack; `advanced` and `each` run on the caller's thread.
///
/// # Errors
/// No thread could be started. What is wrong with a checkpoint is no error here: it goes to `each`.
///
/// # Panics
/// Where a checkpoint makes flatcert panic, which is a bug.
pub fn certify(
    given: &Given,
    checkpoints: &[Checkpoint],
    stop: &AtomicBool,
    mut advanced: impl FnMut(usize),
    mut each: impl FnMut(&Checkpoint, Result<Point>) -> ControlFlow<()>,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let broken = AtomicBool::new(false);
    let work = |send: mpsc::Sender<(usize, Result<Point>)>| {
        while !stop.load(Ordering::Relaxed) && !broken.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(checkpoint) = checkpoints.get(at) else { return };
            if send.send((at, given.point(checkpoint))).is_err() {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::channel();
        for _ in 0..rayon::current_num_threads().min(checkpoints.len()) {
            let send = send.clone();
            std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, || work(send))
                .map_err(|e| Error::internal(format!("no thread could be started: {e}")))?;
        }
        drop(send);
        let (mut waiting, mut due, mut done) = (BTreeMap::new(), 0, 0);
        let mut hand = |at: usize, found: Result<Point>| {
            if !broken.load(Ordering::Relaxed) && each(&checkpoints[at], found).is_break() {
                broken.store(true, Ordering::Relaxed);
            }
        };
        for (at, found) in receive {
            done += 1;
            advanced(done);
            waiting.insert(at, found);
            while let Some(found) = waiting.remove(&due) {
                hand(due, found);
                due += 1;
            }
        }
        // An end from outside leaves gaps.
        for (at, found) in waiting {
            hand(at, found);
        }
        Ok(())
    })
}
