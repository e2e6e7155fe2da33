//! The curve as CSV: every enclosure in two columns, decimals rounded outward; an end that is not known is empty.
//!
//! Which columns there are depends on the point: `loss_..`, `two_over_eta_..`, `edge`, `above_..` where they were asked
//! for, `time` for a flow and `file` else, `at` in a stack. Leading eigenvalues are not in the table; the JSON has
//! them. Quoting is left to the csv library.

use super::Point;
use crate::arithmetic::decimal::{number, written};
use crate::arithmetic::{Enclosure, Interval};
use crate::error::{Error, Result};

/// The columns: the same for all points of one curve.
///
/// # Errors
/// Never: a bug.
pub fn header(p: &Point) -> Result<String> {
    line(cells(p).iter().map(|(name, _)| name.clone()).collect())
}

/// One line.
///
/// With its end of line; its fields are in the order of [`header`].
///
/// # Errors
/// Never: a bug.
pub fn row(p: &Point) -> Result<String> {
    line(cells(p).into_iter().map(|(_, value)| value).collect())
}

/// One record of CSV, quoted where a field needs it.
fn line(fields: Vec<String>) -> Result<String> {
    let bug = |e: String| Error::internal(format!("csv: {e}"));
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&fields).map_err(|e| bug(e.to_string()))?;
    let bytes = out.into_inner().map_err(|e| bug(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| bug(e.to_string()))
}

/// Names and contents.
///
/// An enclosure `v` has the columns `v_lo` and `v_hi`; both are empty where it is missing.
fn cells(p: &Point) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let number = |v: f64| if v.is_finite() { number(v) } else { String::new() };
    let mut one = |name: &str, value: String| out.push((name.to_string(), value));
    match p.place.time {
        Some(time) => one("time", number(time)),
        None => one("file", p.place.file.clone()),
    }
    if let Some(at) = p.place.at {
        one("at", at.to_string());
    }
    one("step", p.place.step.map_or(String::new(), |s| s.to_string()));
    let mut both = |name: &str, v: Option<Interval>| {
        let ends = v.map_or([f64::NAN; 2], |v| [written(v.lo(), false), written(v.hi(), true)]);
        one(&format!("{name}_lo"), number(ends[0]));
        one(&format!("{name}_hi"), number(ends[1]));
    };
    both("risk", Some(p.risk));
    both("excess_risk", Some(p.excess_risk));
    both("gradient_norm", Some(p.gradient_norm));
    both("distance_to_w_star", Some(p.distance_to_w_star));
    both("sharpness", Some(p.sharpness));
    both("hessian_min", p.hessian_min);
    both("lower_bound", p.lower_bound);
    if let Some(l) = &p.loss {
        both("loss", Some(l.value));
        both("loss_gradient_norm", Some(l.gradient_norm));
        both("loss_sharpness", Some(l.sharpness));
        both("loss_hessian_min", l.hessian_min);
    }
    if let Some(e) = &p.edge {
        both("two_over_eta", Some(e.threshold));
        one("edge", e.standing.to_string());
    }
    if let Some(a) = &p.above {
        one("above_least", a.least.to_string());
        one("above_most", a.most.to_string());
    }
    one("method", p.method.to_string());
    one("remarks", p.remarks.join("; "));
    out
}
