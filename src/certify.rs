//! What a certificate of a gradient flow proves, for `flatcert flow --certified` and `flatcert replay`.
//!
//! The way of the data: the certificate (start, data, pieces of polynomials with radii) is verified from scratch
//! ([`tube`]), which gives a tube around the true flow and a ball around its limit; the quantities of Section 4 are
//! enclosed on every segment and at the limit; each statement of Section 4 is judged on these, for every time it
//! speaks of. Whoever made the certificate is not trusted: a radius that does not follow is an error, not a wide
//! answer. The grade is `Instance`: proved, for this one flow.

use crate::arithmetic::{Enclosure, Field, Interval, Rational, Real};
use crate::error::Result;
use crate::flow::tube::{self, Certificate, Subject, Watch};
use crate::formula::var;
use crate::harness::evidence::{Grade, Verdict};
use crate::harness::{Assumption, pairs::judge_all};
use crate::hessian;
use crate::inspect::Standing;
use crate::instances::NetworkInstance;
use crate::paper::section_4::along::When;
use crate::paper::section_4::certified::{Proved, Said, TUBE, equality};
use crate::paper::section_4::corollary_1::statement::{last_outside, range_now};
use crate::paper::section_4::corollary_3::statement::{any_scale, best, upper};
use crate::paper::section_4::hypotheses::{Hypotheses, a2, a3, deep};
use crate::paper::section_4::lemma_2::statement;
use crate::paper::section_4::setting::Setting;
use crate::problem::norm_squared;
use num_traits::{One, Zero};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// One JSON object; `{lo, hi}` are enclosures.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Certification {
    /// `flatcert.certified/1`.
    pub schema: &'static str,
    /// Data and start, by content.
    pub about: Subject,
    /// Polynomial pieces of the trajectory; 0 where one ball around the start contains the whole orbit (a network that
    /// was trained, say).
    pub pieces: usize,
    /// Hessians from which the growth of errors was bounded.
    pub hessians: usize,
    /// Largest distance of the true flow from the polynomials.
    pub radius: f64,
    /// True time at the end of the tube.
    pub time: Interval,
    /// S(W(0)), of the start itself.
    pub initial_sharpness: Interval,
    /// norm(W^SI - W(0)), over all layers: how far the flow goes.
    pub travelled: Interval,
    /// The limit W^SI is within this distance of the last weights.
    pub limit_radius: f64,
    /// From the end of the tube on `norm(grad R^L)^2 >= mu (R^L - R_min)`.
    pub mu: f64,
    /// S(W^SI).
    pub sharpness: Interval,
    /// S_min = 2 L lambda norm(w*)^(2-2/L).
    pub s_min: Interval,
    /// S(W^SI)/S_min.
    pub ratio: Interval,
    /// Lambda/lambda.
    pub kappa: Interval,
    /// epsilon of Section 4.
    pub epsilon: Interval,
    /// T of Corollary 1: a time from which every sigma_k provably stays in its range; null if it is not known to be in
    /// it for good.
    pub settled_from: Option<f64>,
    /// Section 4's statements about this flow, proved for every t they speak of.
    pub claims: Vec<Standing>,
}

/// One output and no head: what Lemma 2 needs.
fn in_setting(s: &Setting) -> Assumption {
    Assumption::unless_outside(matches!(s.a2, Assumption::OutOfSetting(_)), "Section 4 has d_L = 1 and w = 1")
}

/// Section 4's statements about a proved flow, (A2) first.
///
/// Ten statements, two of them (`best-constant`, `any-scale`) not the paper's, each with its hypotheses: where these
/// fail or are open the statement is out of scope or undecided, with the reason. Where `S(W^SI) - S_min` is zero or
/// below what any tube tells, the reason says so.
fn standings(start: &NetworkInstance, proved: &Proved) -> Vec<Standing> {
    let s = &proved.setting;
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
    let statement = |(id, hypotheses, said): (&'static str, Hypotheses, Said)| {
        let close = matches!(said, Said::SharpnessLower).then(|| equality(start)).flatten();
        let mut e = match hypotheses(s).refusal() {
            Some(refusal) => refusal,
            None => judge_all([said.pairs(proved)], &Rational::one(), TUBE),
        };
        if e.verdict == Verdict::Undecided && close.is_some() {
            e.reason = close;
        }
        (id, e)
    };
    std::iter::once(("assumption-2", a2(s).evaluation()))
        .chain(list.into_iter().map(statement))
        .map(|(id, e)| Standing {
            id: id.into(),
            outcome: e.verdict,
            grade: matches!(e.verdict, Verdict::Holds | Verdict::Fails).then_some(Grade::Instance),
            margin: e.margin,
            reason: e.reason.filter(|r| !r.is_empty()),
        })
        .collect()
}

/// Verifies a certificate, trusting nothing of whoever made it, and says what follows.
///
/// Cost: that of the verification, in which every piece costs enclosures of Hessians, and one sharpness of the start.
/// A start whose weights are no doubles gets no initial sharpness (the whole line).
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Rational};
/// use flatcert::certify::certification;
/// use flatcert::flow::tube::{Options, build};
/// # use flatcert::{network::Network, problem::Problem, nalgebra::{DMatrix, DVector}};
/// // X = I, y = (1, 1), from W_1 = (1/2, 1/2), W_2 = 1.
/// # let (x, y) = (DMatrix::identity(2, 2), DVector::from_element(2, 1.0));
/// # let problem = Problem::from_f64("two points", &x, &y)?;
/// # let layer = |d, n, m| DMatrix::from_element(1, d, Rational::new(n, m));
/// # let layers = vec![layer(2, 1, 2), layer(1, 1, 1)];
/// # let start = Network::new(layers, DVector::from_element(1, Rational::from(1)))?;
/// let proved = certification(&build(&problem, &start, &Options::default())?, &())?;
/// assert!(proved.limit_radius < 1e-6 && proved.ratio.lo() > 0.999);
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// A claim of the certificate that does not follow (which piece, what follows instead); the watch wants an end.
pub fn certification(certificate: &Certificate, watch: &dyn Watch) -> Result<Certification> {
    let verified = tube::verify_watched(certificate, watch)?;
    let segments = tube::segments_watched(certificate, &verified, watch)?;
    let instance = NetworkInstance::new(Arc::new(certificate.problem.clone()), certificate.start.clone(), "certified");
    let time = verified.times.last().copied().unwrap_or_else(Interval::zero);
    let proved = Proved::new(Setting::of(&instance), segments, verified.limit);
    let (s, limit) = (&proved.setting, &proved.limit);
    // The last segment that is not proved inside has certainly ended by its upper end.
    let settled_from = match last_outside(s, proved.segments.iter().map(|g| &g.observables)) {
        None => Some(1.0),
        Some(at) => (at + 1 < proved.segments.len()).then(|| proved.segments[at].time.hi().max(1.0)),
    };
    let start = certificate.start.map(|q| q.to_f64());
    // Weights that are not doubles come from nobody's file, and their sharpness is not what is asked for.
    let doubles = certificate.start == start.map(|v| Rational::from_f64(*v).unwrap_or_else(Rational::zero));
    let initial_sharpness = match doubles {
        true => hessian::sharpness(&certificate.problem, &start, &hessian::Options::default())?.value,
        false => Interval::ENTIRE,
    };
    let exact = certificate.start.layers().iter().flat_map(|w| w.iter());
    let ends = limit.network.layers().iter().flat_map(|w| w.iter());
    let way: Vec<Interval> = ends.zip(exact).map(|(v, q)| *v - Interval::from_rational(q, 53)).collect();
    Ok(Certification {
        schema: "flatcert.certified/1",
        about: certificate.subject()?,
        pieces: certificate.pieces.len(),
        hessians: certificate.pieces.iter().map(|p| p.cuts).sum(),
        radius: certificate.pieces.iter().fold(0.0, |m, p| p.radius.max(m)),
        time,
        initial_sharpness,
        travelled: norm_squared(way.iter()).sqrt(),
        limit_radius: limit.radius,
        mu: limit.mu,
        sharpness: limit.sharpness,
        s_min: s.s_min(),
        ratio: limit.sharpness / s.s_min(),
        kappa: s.kappa(),
        epsilon: s.initial.epsilon(),
        settled_from,
        claims: standings(&instance, &proved),
    })
}
