//! Curves of certified sharpness: one [`Point`] for each checkpoint of a training, or for each step of a flow.
//!
//! | part | content |
//! | --- | --- |
//! | [`Point`] | a line of the table, schema `flatcert.curve/1`; CSV by [`table`] |
//! | [`Checkpoint`], [`certify`] | files, or slices of a stack, certified on all processors and handed over in order |
//! | [`steps()`] | when each was written, read from the names of the files |
//! | [`picture()`] | the curve as a figure |
//!
//! Every number is an enclosure, as in [`inspect`](crate::inspect).
//!
//! # The way of the data
//!
//! A list of [`Checkpoint`]s goes into [`certify`]; each is loaded, inspected by [`inspect`](crate::inspect) and
//! dropped again, so that no more networks are in memory than threads are at work (a stack of many is shared). What
//! comes out is handed to the caller in the order of the list, one [`Point`] or one error for each: a checkpoint that
//! cannot be read ends the others only if the caller says so. A flow makes its points itself, from networks it has in
//! memory, by [`Point::new`].
//!
//! A point says what is true of one network; no statement about the way between two of them is made.

mod picture;
mod run;
mod steps;
pub mod table;

pub use picture::picture;
pub use run::{Checkpoint, Given, Source, certify};
pub use steps::steps;

use crate::arithmetic::Interval;
use crate::inspect::{AboveThreshold, Cluster, Edge, Inspection};
use crate::loss::OfLoss;
use serde::Serialize;

/// One network of a curve.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// `flatcert.curve/1`.
    pub schema: &'static str,
    /// Where it is from.
    #[serde(flatten)]
    pub place: Place,
    /// R^L(W).
    pub risk: Interval,
    /// R^L(W) - R_min.
    pub excess_risk: Interval,
    /// Norm of the gradient over all layers.
    pub gradient_norm: Interval,
    /// norm(w_prod - w*).
    pub distance_to_w_star: Interval,
    /// Largest signed eigenvalue of the Hessian of R.
    pub sharpness: Interval,
    /// Smallest one, where it was affordable.
    pub hessian_min: Option<Interval>,
    /// How the sharpness was certified.
    pub method: &'static str,
    /// Another loss than R.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<OfLoss>,
    /// The sharpness (of the loss) against 2 / eta.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edge: Option<Edge>,
    /// The number of eigenvalues above a threshold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<AboveThreshold>,
    /// Leading eigenvalues.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leading: Option<Vec<Cluster>>,
    /// The paper's bound on the sharpness of minimisers: Theorem 2, corrected for heads.
    pub lower_bound: Option<Interval>,
    /// What is wide or missing, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// Where a point is from.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Place {
    /// The file; empty for a flow.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Its place in a file that holds many, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
    /// The step of training, as names or arrays say; null where they do not.
    pub step: Option<u64>,
    /// The time, of a flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<f64>,
}

impl Point {
    /// What a curve shows of an inspection.
    ///
    /// Nothing is computed here; the lower bound is the inspection's `theorem-2-depth`.
    pub fn new(place: Place, found: Inspection) -> Self {
        Self {
            schema: "flatcert.curve/1",
            place,
            risk: found.risk,
            excess_risk: found.excess_risk,
            gradient_norm: found.gradient_norm,
            distance_to_w_star: found.distance_to_w_star,
            sharpness: found.sharpness,
            hessian_min: found.hessian_min,
            method: found.choice.name,
            loss: found.loss,
            edge: found.edge,
            above: found.above,
            leading: found.leading,
            lower_bound: found.bounds.get("theorem-2-depth").copied().flatten(),
            remarks: found.remarks,
        }
    }

    /// The sharpness that a learning rate meets: of the loss, where there is one.
    ///
    /// It is what the edge `2 / eta` is compared with.
    pub fn stepped(&self) -> Interval {
        self.loss.as_ref().map_or(self.sharpness, |l| l.sharpness)
    }

    /// Likewise the value of the loss.
    pub fn value(&self) -> Interval {
        self.loss.as_ref().map_or(self.risk, |l| l.value)
    }
}
