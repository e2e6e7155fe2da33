//! Where the numbers of the runs under way lie: four runs to a vector, one to a lane.
//!
//! A *group* holds one or two vectors' worth of runs. Every array of a layer (or of a sweep's vector) stands once for
//! each vector `g` of the group, one after the other, so that a layer of all runs of the group is contiguous; an entry
//! is four neighbouring doubles, one for each lane. Layers are stored row by row.
//!
//! Entry e of an array of `size` entries that `before` entries precede stands, for the run in lane `l` of a group of
//! `G` vectors, at `((before G) + (l / 4) size + e) 4 + l mod 4`. A kernel therefore loads one entry of four runs by
//! one aligned load, and goes through a layer of one vector of runs, then of the other, without a gap.
//!
//! Free lanes compute too: their weights are zero, so w_prod is, and with the rate zero every update adds a zero, as
//! long as Sigma w* (of the data that the lane had last) is finite. Their bound is infinite, so that they do not end a
//! loop.

use crate::descent::data::Data;
use crate::error::Result;
use crate::network::Network;
use nalgebra::{DMatrix, DVector};

/// Runs in a vector: doubles in 256 bits.
pub(super) const LANES: usize = 4;

/// Doubles to a cache line.
const LINE: usize = 8;

/// Doubles that start at a cache line.
///
/// The allocation never grows, so that `start` stays right when the value moves.
pub(super) struct Aligned {
    /// `length` doubles and room for the shift.
    numbers: Vec<f64>,
    /// Index of the first double at a line.
    start: usize,
    /// How many there are.
    length: usize,
}

impl Aligned {
    /// So many zeros.
    pub fn zeros(length: usize) -> Self {
        let numbers = vec![0.0; length + LINE];
        let past = numbers.as_ptr().addr() / size_of::<f64>() % LINE;
        Self { start: (LINE - past) % LINE, numbers, length }
    }
    /// The doubles.
    pub fn get(&self) -> &[f64] {
        &self.numbers[self.start..][..self.length]
    }
    /// The doubles, to be written.
    pub fn get_mut(&mut self) -> &mut [f64] {
        &mut self.numbers[self.start..][..self.length]
    }
}

/// Widths of the networks, and the offsets that follow from them.
pub(super) struct Shape {
    /// d_0, ..., d_L.
    pub widths: Vec<usize>,
    /// Entries before W_1, ..., before W_L, and p.
    pub layers: Vec<usize>,
    /// `d_0 + .. + d_{k-1}` for k = 0, ..., L + 1: where b_k starts.
    pub vectors: Vec<usize>,
}

impl Shape {
    /// Of d_0, .., d_L, two widths at least.
    pub fn new(widths: &[usize]) -> Self {
        let sums = |terms: &mut dyn Iterator<Item = usize>| {
            let mut all = vec![0];
            let mut sum = 0;
            for term in terms {
                sum += term;
                all.push(sum);
            }
            all
        };
        Self {
            layers: sums(&mut widths.windows(2).map(|w| w[0] * w[1])),
            vectors: sums(&mut widths.iter().copied()),
            widths: widths.to_vec(),
        }
    }
    /// L.
    pub fn depth(&self) -> usize {
        self.widths.len() - 1
    }
    /// p.
    pub fn parameters(&self) -> usize {
        self.layers[self.depth()]
    }
    /// The width of d_0 = ... = d_{L-1}, which a kernel can have built in.
    ///
    /// d_L may be another; `None` where the others differ.
    pub fn uniform(&self) -> Option<usize> {
        let d = self.widths[0];
        self.widths[..self.depth()].iter().all(|w| *w == d).then_some(d)
    }
}

/// The state of up to `vectors * LANES` runs. Lanes without a run hold zero weights and an infinite bound.
///
/// A lane is changed by [`Group::load`] and [`Group::clear`] and by the kernels alone. Which run is in which lane,
/// and how far it is, the driver knows.
pub(super) struct Group {
    /// Of every network of the group.
    pub shape: Shape,
    /// Number of vectors, 1 or 2.
    pub vectors: usize,
    /// W_1, ..., W_L.
    pub weights: Aligned,
    /// b_0, ..., b_L; the last is the head.
    pub backward: Aligned,
    /// a_1, ..., a_L, only as the last [`measure`](super::kernel::Measure) left them.
    pub forward: Aligned,
    /// Sigma.
    pub sigma: Aligned,
    /// w*.
    pub w_star: Aligned,
    /// `-2 eta`.
    pub factor: Aligned,
    /// Largest allowed `norm(w_prod - w*)^2`.
    pub bound: Aligned,
    /// `norm(w_prod - w*)^2` at the last measure.
    pub distance_squared: Aligned,
    /// R - R_min at the last measure.
    pub excess_risk: Aligned,
}

/// What a lane is loaded with.
pub(super) struct Load<'a> {
    /// Sigma and w*.
    pub data: &'a Data,
    /// eta.
    pub rate: f64,
    /// Largest allowed `norm(w_prod - w*)^2`.
    pub bound: f64,
    /// W(0) and the head.
    pub start: &'a Network<f64>,
}

impl Group {
    /// All lanes free. `vectors` is 1 or 2.
    pub fn new(widths: &[usize], vectors: usize) -> Self {
        let shape = Shape::new(widths);
        let zeros = |entries: usize| Aligned::zeros(entries * vectors * LANES);
        let (d, depth) = (widths[0], shape.depth());
        let mut group = Self {
            weights: zeros(shape.parameters()),
            backward: zeros(shape.vectors[depth + 1]),
            forward: zeros(shape.vectors[depth]),
            sigma: zeros(d * d),
            w_star: zeros(d),
            factor: zeros(1),
            bound: zeros(1),
            distance_squared: zeros(1),
            excess_risk: zeros(1),
            vectors,
            shape,
        };
        group.bound.get_mut().fill(f64::INFINITY);
        group
    }
    /// Bytes of a group.
    pub fn bytes(widths: &[usize], vectors: usize) -> u64 {
        let shape = Shape::new(widths);
        let (d, depth) = (widths[0], shape.depth());
        let entries = shape.parameters() + shape.vectors[depth + 1] + shape.vectors[depth] + d * d + d + 4;
        (entries * vectors * LANES * 8) as u64
    }
    /// Number of lanes.
    pub fn lanes(&self) -> usize {
        self.vectors * LANES
    }
    /// Entry `e` of the array of `size` entries that `before` entries precede, in this lane.
    fn place(&self, lane: usize, before: usize, size: usize, e: usize) -> usize {
        ((before * self.vectors) + (lane / LANES) * size + e) * LANES + lane % LANES
    }
    /// Puts a run into a lane.
    ///
    /// The shapes must be those of the group: the driver has compared the widths.
    pub fn load(&mut self, lane: usize, load: &Load<'_>) {
        let (d, depth) = (self.shape.widths[0], self.shape.depth());
        for (k, w) in load.start.layers().iter().enumerate() {
            let (rows, columns) = w.shape();
            for i in 0..rows {
                for j in 0..columns {
                    let at = self.place(lane, self.shape.layers[k], rows * columns, i * columns + j);
                    self.weights.get_mut()[at] = w[(i, j)];
                }
            }
        }
        for (i, x) in load.start.head().iter().enumerate() {
            let at = self.place(lane, self.shape.vectors[depth], self.shape.widths[depth], i);
            self.backward.get_mut()[at] = *x;
        }
        for (e, x) in load.data.sigma().iter().enumerate() {
            let at = self.place(lane, 0, d * d, e);
            self.sigma.get_mut()[at] = *x;
        }
        for (e, x) in load.data.w_star().iter().enumerate() {
            let at = self.place(lane, 0, d, e);
            self.w_star.get_mut()[at] = *x;
        }
        self.factor.get_mut()[lane] = -2.0 * load.rate;
        self.bound.get_mut()[lane] = load.bound;
    }
    /// Takes a run out of a lane: zero weights, data and rate stay as they are.
    ///
    /// The head of the last run remains: it is finite, and with zero weights and a zero rate it changes nothing. Its
    /// Sigma and w* do not: their product may overflow, and zero times infinity would never leave the lane at rest.
    pub fn clear(&mut self, lane: usize) {
        for k in 0..self.shape.depth() {
            let (before, size) = (self.shape.layers[k], self.shape.layers[k + 1] - self.shape.layers[k]);
            for e in 0..size {
                let at = self.place(lane, before, size, e);
                self.weights.get_mut()[at] = 0.0;
            }
        }
        let d = self.shape.widths[0];
        for e in 0..d * d {
            let at = self.place(lane, 0, d * d, e);
            self.sigma.get_mut()[at] = 0.0;
        }
        for e in 0..d {
            let at = self.place(lane, 0, d, e);
            self.w_star.get_mut()[at] = 0.0;
        }
        self.factor.get_mut()[lane] = 0.0;
        self.bound.get_mut()[lane] = f64::INFINITY;
    }
    /// The network in a lane.
    ///
    /// # Errors
    /// None for the shapes of a grid.
    pub fn network(&self, lane: usize) -> Result<Network<f64>> {
        let (shape, depth) = (&self.shape, self.shape.depth());
        let layer = |k: usize| {
            let (rows, columns) = (shape.widths[k + 1], shape.widths[k]);
            let entry = |i, j| self.place(lane, shape.layers[k], rows * columns, i * columns + j);
            DMatrix::from_fn(rows, columns, |i, j| self.weights.get()[entry(i, j)])
        };
        let size = shape.widths[depth];
        let head = DVector::from_fn(size, |i, _| self.backward.get()[self.place(lane, shape.vectors[depth], size, i)]);
        Network::new((0..depth).map(layer).collect(), head)
    }
}
