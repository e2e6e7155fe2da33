//! What one certificate proves of the statements of Section 4.

use crate::arithmetic::{Enclosure, Interval, Rational};
use crate::error::Result;
use crate::flow::tube::{self};
use crate::formula::var;
use crate::harness::claim::Evaluation;
use crate::harness::evidence::Verdict;
use crate::harness::pairs::judge_all;
use crate::paper::kit::instances::NetworkInstance;
use crate::paper::section_4::along::When;
use crate::paper::section_4::certified::{Certified, Proved, Said, TUBE, equality};
use crate::paper::section_4::corollary_1::statement::{last_outside, range_now};
use crate::paper::section_4::corollary_3::statement::{any_scale, best, upper};
use crate::paper::section_4::hypotheses::{Hypotheses, a2, a3, deep};
use crate::paper::section_4::lemma_2::statement;
use crate::paper::section_4::setting::{Assumption, Setting};
use num_traits::{One, Zero};
use std::sync::Arc;

/// What one certificate proves: the flow, and Section 4's statements about it, (A2) first.
#[derive(Debug)]
pub struct Standings {
    /// The flow.
    pub proved: Proved,
    /// True time at the end of the tube.
    pub time: Interval,
    /// T of Corollary 1: a time from which every sigma_k provably stays in the range; `None` if it is not known to be
    /// in it for good.
    pub settled_from: Option<f64>,
    /// Claim ids and verdicts.
    pub claims: Vec<(&'static str, Evaluation)>,
}

/// One output and no head: what Lemma 2 needs.
fn in_setting(s: &Setting) -> Assumption {
    Assumption::unless_outside(matches!(s.a2, Assumption::OutOfSetting(_)), "Section 4 has d_L = 1 and w = 1")
}

/// Verifies a certificate and evaluates the statements.
///
/// # Errors
/// A claim of the certificate that does not follow (which piece, what follows instead); the watch wants an end.
pub fn standings(certificate: &tube::Certificate, watch: &dyn tube::Watch) -> Result<Standings> {
    let verified = tube::verify_watched(certificate, watch)?;
    let segments = tube::segments_watched(certificate, &verified, watch)?;
    let instance = NetworkInstance::new(Arc::new(certificate.problem.clone()), certificate.start.clone(), "certified");
    let time = verified.times.last().copied().unwrap_or_else(Interval::zero);
    let proved = Proved::new(Setting::of(&instance), segments, verified.limit);
    let s = &proved.setting;
    // The last segment that is not proved inside has certainly ended by its upper end.
    let settled_from = match last_outside(s, proved.segments.iter().map(|g| &g.observables)) {
        None => Some(1.0),
        Some(at) => (at + 1 < proved.segments.len()).then(|| proved.segments[at].time.hi().max(1.0)),
    };
    let epsilon = || var("epsilon");
    let always = |said| Said::Along(When::Always, said);
    let list: [(&str, Hypotheses, Said); 10] = [
        ("lemma-2-rank-one", in_setting, always(statement::rank_one(epsilon()))),
        ("lemma-2-balance", in_setting, always(statement::balance(epsilon()))),
        ("lemma-2-alignment", |s| in_setting(s).and(deep(s)), always(statement::alignment(epsilon()))),
        ("theorem-3", a2, Said::PolyakLojasiewicz),
        ("corollary-1", a3, Said::Along(When::End, range_now(2))),
        ("corollary-2", a3, Said::Converges),
        ("corollary-3/lower", a3, Said::SharpnessLower),
        ("corollary-3/upper", a3, Said::Sharpness(upper(4))),
        ("corollary-3/best-constant", a3, Said::Sharpness(upper(best()))),
        ("corollary-3/any-scale", a2, Said::Sharpness(upper(any_scale()))),
    ];
    let mut claims = vec![("assumption-2", a2(s).evaluation())];
    for (id, hypotheses, said) in list {
        let close = matches!(said, Said::SharpnessLower).then(|| equality(&instance)).flatten();
        let mut e = match hypotheses(s).refusal() {
            Some(refusal) => refusal,
            None => judge_all([Certified { hypotheses, said }.pairs(&proved)], &Rational::one(), TUBE),
        };
        if e.verdict == Verdict::Undecided && close.is_some() {
            e.reason = close;
        }
        claims.push((id, e));
    }
    Ok(Standings { settled_from, proved, time, claims })
}
