//! Runs into lanes, records, ends, runs out of lanes.
//!
//! The kernels know lanes; this file knows which run is in which of them. A worker's turn: fill free lanes from the
//! queue, make the records that are due, let the kernel make as many steps as the nearest record and the watch's
//! patience allow, and drop the lanes that left their bound. Because no number of a run depends on its lane or its
//! neighbours, the order in which threads take runs from the queue cannot be seen in the outcomes.

use super::grid::{Grid, Options, Run, Sharpness, records};
use super::kernel::{LARGEST_FIXED, LARGEST_PAIRED, Measure, Steps, dispatch};
use super::lanes::{Group, LANES, Load};
use super::outcome::{End, Outcome, Record, Watch};
use super::ritz::{Estimate, Space};
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Bytes of weights up to which two vectors of runs go side by side: half of a first-level cache of 32 KiB.
const PAIRED_BYTES: usize = 16 << 10;
/// Updates of parameters between two looks at [`Watch`]: about a millisecond.
const PATIENCE: usize = 1 << 20;
/// Records that are further apart than this many steps do not hold a new run back until its records fall together with
/// its neighbours'.
const ALIGNED: u64 = 64;

impl Grid<'_> {
    /// Bytes that the outcomes and the working memory of `threads` threads take, rounded up: what to hold against the
    /// machine's memory before [`descend`](super::descend). Saturates.
    pub fn bytes(&self, options: &Options, threads: usize) -> u64 {
        let kept = if options.keep { self.network_bytes() } else { 0 };
        // The last term: the order of the runs.
        let outcome = (OUTCOME_BYTES + size_of::<usize>()) as u64 + kept;
        let record = size_of::<Record>() as u64;
        // A start is made before it goes into a lane.
        let thread = working_bytes(self) + self.network_bytes();
        self.runs
            .iter()
            .map(|r| outcome.saturating_add(record.saturating_mul(records(r.steps, options.every))))
            .fold(thread.saturating_mul(threads as u64), u64::saturating_add)
    }
}

/// Working memory of one thread, in bytes.
///
/// The group with as many vectors as a thread may take, and the space of Lanczos' method.
fn working_bytes(grid: &Grid<'_>) -> u64 {
    let vectors = if small(grid) { 2 } else { 1 };
    Group::bytes(grid.widths, vectors) + Space::bytes(grid.widths)
}

/// Bytes of a run that has ended, besides its records and its weights: in a thread's list, which grows by doubling, and
/// among the outcomes.
const OUTCOME_BYTES: usize = 2 * size_of::<(usize, Outcome)>() + size_of::<Option<Outcome>>();

/// Whether two vectors of runs fit into [`PAIRED_BYTES`].
fn small(grid: &Grid<'_>) -> bool {
    2 * LANES * 8 * grid.parameters() <= PAIRED_BYTES
}

/// All runs of the grid, on the threads of the current rayon pool. `None`: not ended when `watch` stopped the work.
///
/// The outcome of a run depends on its data, rate, steps and start and on the options alone, to the last bit: not on
/// the other runs, the number of threads or the machine.
///
/// The outcomes come in the order of the grid's runs. A run that diverges is an outcome, not an error; so is one
/// whose start is out of bounds. Cost: for each run `steps` times [`flops`](super::flops) operations, and the
/// records; memory as [`Grid::bytes`] says.
///
/// ```
/// use flatcert::descent::{Data, Grid, Options, Run, descend};
/// use flatcert::nalgebra::{DMatrix, DVector};
/// use flatcert::network::Network;
/// // Sigma = I, w* = (1, 1), two rates, the start W_1 = (1/2, 1/2), W_2 = 1.
/// let data = [Data::new(&DMatrix::identity(2, 2), &DVector::from_element(2, 1.0), 0.0)?];
/// let runs = [0.1, 0.2].map(|rate| Run { data: 0, rate, steps: 200 });
/// let start = |_: usize| {
///     let layers = vec![DMatrix::from_element(1, 2, 0.5), DMatrix::from_element(1, 1, 1.0)];
///     Network::new(layers, DVector::from_element(1, 1.0))
/// };
/// let outcomes = descend(&Grid::new(&[2, 1, 1], &data, &runs, &start)?, &Options::default(), &())?;
/// assert!(outcomes.iter().flatten().filter_map(|o| o.last()).all(|r| r.step == 200 && r.excess_risk < 1e-12));
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// A start that is refused, or that has other widths than the grid.
///
/// Either ends all runs. So does a run with more records than memory holds.
pub fn descend(grid: &Grid<'_>, options: &Options, watch: &dyn Watch) -> Result<Vec<Option<Outcome>>> {
    let mut order: Vec<usize> = (0..grid.runs.len()).collect();
    // The longest first, so that the lanes are empty at about the same time.
    order.sort_by_key(|&i| std::cmp::Reverse(grid.runs[i].steps));
    let threads = rayon::current_num_threads().min(order.len()).max(1);
    let share = order.len().div_ceil(threads);
    let queue = Queue { order, next: AtomicUsize::new(0), failed: AtomicBool::new(false) };
    let ended: Result<Vec<_>> = (0..threads)
        .into_par_iter()
        .with_max_len(1)
        .map(|_| Worker::new(grid, options, watch, &queue, share).work())
        .collect();
    let mut out: Vec<Option<Outcome>> = grid.runs.iter().map(|_| None).collect();
    for (run, outcome) in ended?.into_iter().flatten() {
        out[run] = Some(outcome);
    }
    Ok(out)
}

/// Runs that no thread has taken yet.
///
/// Shared by the workers; nothing is put back.
struct Queue {
    /// The runs' indices, the longest runs first.
    order: Vec<usize>,
    /// How many were taken, or asked for.
    next: AtomicUsize,
    /// Some worker met an error: the others end.
    failed: AtomicBool,
}

impl Queue {
    /// The next run; each is given to one thread.
    fn take(&self) -> Option<usize> {
        self.order.get(self.next.fetch_add(1, Ordering::Relaxed)).copied()
    }
}

/// Not within the bound: NaNs are not.
fn beyond(distance_squared: f64, bound: f64) -> bool {
    distance_squared.is_nan() || distance_squared > bound
}

/// A run in a lane.
struct Slot {
    /// Which of the grid's runs.
    index: usize,
    /// Its data, rate and number of steps.
    run: Run,
    /// Updates made.
    step: u64,
    /// The step of the next record.
    due: u64,
    /// Largest allowed `norm(w_prod - w*)^2`.
    bound: f64,
    /// So far; room for all of them was taken when the run began.
    records: Vec<Record>,
}

/// What one thread works with. Invariant: `slots[l]` is `None` exactly where lane l of the group is free.
struct Worker<'a> {
    /// The runs, and where they start.
    grid: &'a Grid<'a>,
    /// What is recorded, and the bound.
    options: &'a Options,
    /// Who is told.
    watch: &'a dyn Watch,
    /// Where the runs come from.
    queue: &'a Queue,
    /// Most runs at once: the others' share stays with them.
    share: usize,
    /// The lanes.
    group: Group,
    /// For the estimates of the sharpness, one vector of runs after the other.
    space: Space,
    /// The width that kernels have built in, or 0.
    fixed: usize,
    /// The runs in the lanes.
    slots: Vec<Option<Slot>>,
    /// Outcomes with the index of their run.
    ended: Vec<(usize, Outcome)>,
}

impl<'a> Worker<'a> {
    /// `share` is the number of runs divided by that of threads, rounded up. Two vectors go side by side where their
    /// weights fit into the first-level cache, there are runs enough to fill more than one, and the kernel for two
    /// exists.
    fn new(grid: &'a Grid<'a>, options: &'a Options, watch: &'a dyn Watch, queue: &'a Queue, share: usize) -> Self {
        let single = Group::new(grid.widths, 1);
        let fixed = single.shape.uniform().filter(|d| *d <= LARGEST_FIXED).unwrap_or(0);
        let paired = small(grid) && share > LANES && fixed <= LARGEST_PAIRED;
        let group = if paired { Group::new(grid.widths, 2) } else { single };
        let space = Space::new(&group.shape, group.vectors);
        let slots = (0..group.lanes()).map(|_| None).collect();
        Self { grid, options, watch, queue, share, group, space, fixed, slots, ended: Vec::new() }
    }

    /// Until the queue is empty and the lanes are. Outcomes of runs under way when the watch stops are lost, those of
    /// runs that have ended are returned.
    ///
    /// # Errors
    /// The first error of this worker, which ends the others at their next turn.
    fn work(mut self) -> Result<Vec<(usize, Outcome)>> {
        let out = self.all();
        if out.is_err() {
            self.queue.failed.store(true, Ordering::Relaxed);
        }
        out.map(|()| self.ended)
    }

    /// The loop over turns. The kernel makes the same number of steps in every lane, fewer than asked for only where
    /// a lane left its bound: then all stand at that iterate, and [`Worker::drop_diverged`] finds which.
    ///
    /// # Errors
    /// Those of `fill`; the others cannot fail for the shapes of a grid.
    fn all(&mut self) -> Result<()> {
        loop {
            if self.watch.stop() || self.queue.failed.load(Ordering::Relaxed) {
                return Ok(());
            }
            self.fill()?;
            self.record()?;
            let patience = (PATIENCE / self.grid.parameters()).max(1) as u64;
            let next = self.slots.iter().flatten().map(|s| s.due - s.step).min();
            let Some(steps) = next.map(|n| n.min(patience)) else {
                if self.fill()? {
                    continue;
                }
                return Ok(());
            };
            let made = self.steps(steps);
            let mut live = 0;
            for slot in self.slots.iter_mut().flatten() {
                slot.step += made;
                live += made;
            }
            self.watch.advanced(live);
            if made < steps {
                self.drop_diverged()?;
            }
        }
    }

    /// Puts runs into free lanes; whether there was one.
    ///
    /// Where records are frequent a new run waits until its neighbours stand at a multiple of `every`, so that the
    /// records of all lanes fall together and one measurement serves them.
    ///
    /// # Errors
    /// A start that is refused or of other widths; records that do not fit in memory.
    fn fill(&mut self) -> Result<bool> {
        let apart = self.options.every.map_or(u64::MAX, std::num::NonZeroU64::get);
        let together = |s: &Slot| apart > ALIGNED || s.step.is_multiple_of(apart);
        if !self.slots.iter().flatten().all(together) {
            return Ok(false);
        }
        let mut any = false;
        for lane in 0..self.slots.len().min(self.share) {
            if self.slots[lane].is_some() {
                continue;
            }
            let Some(index) = self.queue.take() else { break };
            let start = (self.grid.start)(index)?;
            let run = self.grid.runs[index];
            if start.widths() != self.grid.widths {
                let (found, wanted) = (start.widths(), self.grid.widths);
                return Err(Error::usage(format!("run {index} starts with widths {found:?}, not {wanted:?}")));
            }
            let data = &self.grid.data[run.data];
            let scale = data.w_star().iter().fold(0.0, |s: f64, x| x.mul_add(*x, s)).max(1.0);
            // At most the largest finite number: infinity is beyond it.
            let bound = (self.options.bound * scale).min(f64::MAX);
            self.group.load(lane, &Load { data, rate: run.rate, bound, start: &start });
            let (mut list, size) = (Vec::new(), records(run.steps, self.options.every));
            if usize::try_from(size).is_ok_and(|n| list.try_reserve_exact(n).is_ok()) {
                self.slots[lane] = Some(Slot { index, run, step: 0, due: 0, bound, records: list });
            } else {
                return Err(Error::usage(format!("{size} records of run {index} do not fit in memory")));
            }
            any = true;
        }
        Ok(any)
    }

    /// Records of the lanes where one is due; ends of those whose last it is.
    ///
    /// One measurement for all lanes; the sharpness only of the lanes where the options ask for it.
    fn record(&mut self) -> Result<()> {
        let due = |s: &Option<Slot>| s.as_ref().is_some_and(|s| s.step == s.due);
        if !self.slots.iter().any(due) {
            return Ok(());
        }
        let mut wanted = [[false; LANES]; 2];
        for (lane, slot) in self.slots.iter().enumerate() {
            if let Some(s) = slot.as_ref().filter(|s| s.step == s.due) {
                wanted[lane / LANES][lane % LANES] = match self.options.sharpness {
                    Sharpness::Never => false,
                    Sharpness::Ends => s.step == 0 || s.step == s.run.steps,
                    Sharpness::Always => true,
                };
            }
        }
        self.measure(&wanted);
        for lane in 0..self.slots.len() {
            if due(&self.slots[lane]) {
                self.record_lane(lane, wanted[lane / LANES][lane % LANES])?;
            }
        }
        Ok(())
    }

    /// The lane has been measured. A lane beyond its bound ends without a record.
    fn record_lane(&mut self, lane: usize, sharpness: bool) -> Result<()> {
        let distance_squared = self.group.distance_squared.get()[lane];
        let Some(slot) = &mut self.slots[lane] else { return Ok(()) };
        if beyond(distance_squared, slot.bound) {
            return self.end(lane, true);
        }
        let sharpness = if sharpness { self.space.values[lane / LANES][lane % LANES] } else { f64::NAN };
        let excess_risk = self.group.excess_risk.get()[lane];
        slot.records.push(Record { step: slot.step, distance_squared, excess_risk, sharpness });
        if slot.step == slot.run.steps {
            return self.end(lane, false);
        }
        slot.due = self.options.every.map_or(slot.run.steps, |e| (slot.step + e.get()).min(slot.run.steps));
        Ok(())
    }

    /// The kernel has stopped at an iterate where some lane is beyond its bound.
    fn drop_diverged(&mut self) -> Result<()> {
        self.measure(&[[false; LANES]; 2]);
        for lane in 0..self.slots.len() {
            let distance_squared = self.group.distance_squared.get()[lane];
            if self.slots[lane].as_ref().is_some_and(|s| beyond(distance_squared, s.bound)) {
                self.end(lane, true)?;
            }
        }
        Ok(())
    }

    /// Takes the run out of its lane, its last weights if they are to be kept, and tells the watch, to which the
    /// steps that a diverged run is spared count as done.
    fn end(&mut self, lane: usize, diverged: bool) -> Result<()> {
        let Some(mut slot) = self.slots[lane].take() else { return Ok(()) };
        slot.records.shrink_to_fit();
        let network = if self.options.keep { Some(self.group.network(lane)?) } else { None };
        self.group.clear(lane);
        let end = if diverged { End::Diverged { step: slot.step } } else { End::Finished };
        let outcome = Outcome { end, records: slot.records, network };
        self.watch.advanced(slot.run.steps - slot.step);
        self.watch.ended(slot.index, &outcome);
        self.ended.push((slot.index, outcome));
        Ok(())
    }

    /// The kernel for this width and number of vectors; how many steps it made.
    fn steps(&mut self, steps: u64) -> u64 {
        let (group, portable) = (&mut self.group, self.options.portable);
        macro_rules! run {
            ($d:literal, $g:literal) => {
                dispatch(portable, Steps::<$d, $g>(group, steps))
            };
        }
        match (self.fixed, group.vectors) {
            (1, 1) => run!(1, 1),
            (1, _) => run!(1, 2),
            (2, 1) => run!(2, 1),
            (2, _) => run!(2, 2),
            (3, 1) => run!(3, 1),
            (3, _) => run!(3, 2),
            (4, 1) => run!(4, 1),
            (4, _) => run!(4, 2),
            (5, 1) => run!(5, 1),
            (5, _) => run!(5, 2),
            (6, _) => run!(6, 1),
            (7, _) => run!(7, 1),
            (8, _) => run!(8, 1),
            (_, 1) => run!(0, 1),
            (_, _) => run!(0, 2),
        }
    }

    /// Distances and risks of all lanes, and the sharpness of those where it is wanted.
    fn measure(&mut self, wanted: &[[bool; LANES]; 2]) {
        let (group, space, portable) = (&mut self.group, &mut self.space, self.options.portable);
        let wanted = &wanted[..group.vectors];
        let all = wanted.iter().flatten().any(|w| *w);
        macro_rules! run {
            ($d:literal) => {{
                match group.vectors {
                    1 => dispatch(portable, Measure::<$d, 1>(group, all)),
                    _ => dispatch(portable, Measure::<$d, 2>(group, all)),
                }
                if all {
                    dispatch(portable, Estimate::<$d> { group, space, wanted });
                }
            }};
        }
        match self.fixed {
            1 => run!(1),
            2 => run!(2),
            3 => run!(3),
            4 => run!(4),
            5 => run!(5),
            _ => run!(0),
        }
    }
}
