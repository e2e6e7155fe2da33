//! The section on sampled evidence: what was counted, how sure it is, what it could not have seen, and what all of it
//! costs in false alarms.
//!
//! The table has one row for each counted event: a form may have several, one for each setting. Forms that are
//! sampled in another way (a law against draws, a median) are listed by name; their errors are stated where they are
//! claimed. The alphas of all rows are added: by Bonferroni's inequality no verdict of the table is wrong but with
//! probability `spent`, however the rows depend on each other.

use super::text;
use crate::arithmetic::decimal;
use crate::harness::evidence::{Evidence, FormEvidence, Grade, Outcome, Role, SampledEvidence};
use serde::Serialize;

/// Ready to be laid out.
#[derive(Debug, Serialize)]
pub struct Statistics {
    /// In the order of the evidence; claims and steps.
    rows: Vec<Row>,
    /// Sum of the alphas: the probability that any verdict of the table is wrong is at most this.
    spent: String,
    /// The largest of the alphas.
    alpha: String,
    /// Of all rows.
    trials: u64,
    /// Of all rows: trials that no enclosure decided.
    undecided: u64,
    /// Sampled forms that are not counts of one event: goodness of fit, medians.
    others: Vec<String>,
}

/// The columns of the table. Numbers are text already, as the rounded evidence has them.
#[derive(Debug, Serialize)]
struct Row {
    /// Id of the claim.
    claim: String,
    /// Of its section.
    anchor: String,
    /// Name of the form.
    form: String,
    /// Names statement and streams: with seed and number it replays a trial.
    key: String,
    /// Fixed beforehand.
    trials: u64,
    /// With the undecided ones in brackets, if there are any.
    failures: String,
    /// Clopper and Pearson's at the row's own alpha; undecided trials are passes at its lower end and failures at its
    /// upper.
    interval: String,
    /// p0, or a dash for a sentence about single draws.
    bound: String,
    /// Log10 of the e-value against "at most p0".
    e_value: String,
    /// Log10 of the e-value against "at least p0".
    support: String,
    /// The smallest probability of failure that would have been refuted, with probability 95 %.
    exposed: String,
    /// `holds`, `refuted`, `open`, or the share of draws.
    verdict: String,
}

/// From the evidence, in its order.
pub fn view(evidence: &Evidence) -> Statistics {
    let forms = || evidence.claims.iter().flat_map(|c| c.forms.iter().map(move |f| (c, f)));
    let all = || forms().flat_map(|(_, f)| &f.sampled);
    Statistics {
        rows: forms().flat_map(|(c, f)| f.sampled.iter().map(|s| row(&c.id, f, s))).collect(),
        spent: format!("{:.1e}", all().map(|s| s.alpha).sum::<f64>()),
        alpha: format!("{:e}", all().map(|s| s.alpha).fold(0.0, f64::max)),
        trials: all().map(|s| s.trials).sum(),
        undecided: all().map(|s| s.undecided).sum(),
        others: forms()
            .filter(|(_, f)| f.grade == Grade::Sampled && f.sampled.is_empty() && f.role != Role::Control)
            .map(|(c, f)| format!("{}/{}", c.id, f.name))
            .collect(),
    }
}

/// The verdict: below p0 with the upper end it holds, above it with the lower end it is refuted, else it is open. A
/// control is refuted as it must be.
///
/// Interval and p0 are rounded for print, the upper end and p0 up, the lower end down: numbers that differ as printed
/// are in that order. An upper end that is p0 as printed may be above it: it holds where the form does. A lower end
/// that is not above p0 as printed may be: it is refuted where the form is, and has no other row.
fn row(claim: &str, form: &FormEvidence, s: &SampledEvidence) -> Row {
    let ([lo, hi], alone) = (s.interval, form.sampled.len() == 1);
    let holds = hi < s.bound || hi <= s.bound && form.outcome == Outcome::Verified;
    let refuted = lo > s.bound || alone && form.outcome == Outcome::Refuted;
    let verdict = match form.role {
        _ if form.expected == Outcome::Observed => text::share(s),
        _ if holds => "holds".into(),
        Role::Control if refuted => "refuted, as it must be".into(),
        _ if refuted => "refuted".into(),
        _ => "open".into(),
    };
    // A sentence about single draws is put against no probability.
    let against = |v: f64| if form.expected == Outcome::Observed { "–".into() } else { decimal::number(v) };
    Row {
        claim: claim.into(),
        anchor: text::anchor(claim),
        form: form.name.clone(),
        key: s.key.clone(),
        trials: s.trials,
        failures: if s.undecided == 0 {
            s.failures.to_string()
        } else {
            format!("{} (+ {} undecided)", s.failures, s.undecided)
        },
        // The evidence holds decimals, rounded outward already.
        interval: format!("[{}, {}]", decimal::number(s.interval[0]), decimal::number(s.interval[1])),
        bound: against(s.bound),
        e_value: against(s.log10_e),
        support: against(s.log10_support),
        exposed: against(s.exposed),
        verdict,
    }
}
