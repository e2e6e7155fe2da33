//! The section on sampled evidence: what was counted, how sure it is, what it could not have seen, and what all of it
//! costs in false alarms.

use super::text;
use crate::arithmetic::decimal;
use crate::harness::evidence::{Evidence, FormEvidence, Grade, Outcome, Role, SampledEvidence};
use serde::Serialize;

/// Ready to be laid out.
#[derive(Debug, Serialize)]
pub struct Statistics {
    rows: Vec<Row>,
    /// Sum of the alphas: the probability that any verdict of the table is wrong is at most this.
    spent: String,
    trials: u64,
    undecided: u64,
    /// Sampled forms that are not counts of one event: goodness of fit, medians.
    others: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    claim: String,
    anchor: String,
    form: String,
    key: String,
    trials: u64,
    failures: String,
    interval: String,
    bound: String,
    e_value: String,
    support: String,
    exposed: String,
    verdict: String,
}

/// From the evidence, in its order.
pub fn view(evidence: &Evidence) -> Statistics {
    let forms = || evidence.claims.iter().flat_map(|c| c.forms.iter().map(move |f| (c, f)));
    let all = || forms().flat_map(|(_, f)| &f.sampled);
    Statistics {
        rows: forms().flat_map(|(c, f)| f.sampled.iter().map(|s| row(&c.id, f, s))).collect(),
        spent: format!("{:.1e}", all().map(|s| s.alpha).sum::<f64>()),
        trials: all().map(|s| s.trials).sum(),
        undecided: all().map(|s| s.undecided).sum(),
        others: forms()
            .filter(|(_, f)| f.grade == Grade::Sampled && f.sampled.is_empty() && f.role != Role::Control)
            .map(|(c, f)| format!("{}/{}", c.id, f.name))
            .collect(),
    }
}

fn row(claim: &str, form: &FormEvidence, s: &SampledEvidence) -> Row {
    let verdict = match (s.interval, form.role) {
        _ if form.expected == Outcome::Observed => text::share(s),
        ([_, hi], _) if hi <= s.bound => "holds".into(),
        ([lo, _], Role::Control) if lo > s.bound => "refuted, as it must be".into(),
        ([lo, _], _) if lo > s.bound => "refuted".into(),
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
