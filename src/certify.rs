//! What a certificate of a gradient flow proves, for `flatcert flow --certified` and `flatcert replay`.

use crate::arithmetic::{Field, Interval, Rational, Real};
use crate::error::Result;
use crate::flow::tube::{Certificate, Subject, Watch};
use crate::harness::evidence::{Grade, Verdict};
use crate::hessian;
use crate::inspect::Standing;
use crate::paper::section_4::standings::{Standings, standings};
use crate::problem::norm_squared;
use num_traits::Zero;
use schemars::JsonSchema;
use serde::Serialize;

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

/// Verifies a certificate, trusting nothing of whoever made it, and says what follows.
///
/// # Errors
/// A claim of the certificate that does not follow (which piece, what follows instead); the watch wants an end.
pub fn certification(certificate: &Certificate, watch: &dyn Watch) -> Result<Certification> {
    let Standings { proved, time, settled_from, claims } = standings(certificate, watch)?;
    let (s, limit) = (&proved.setting, &proved.limit);
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
    let claims = claims
        .into_iter()
        .map(|(id, e)| Standing {
            id: id.into(),
            outcome: e.verdict,
            grade: matches!(e.verdict, Verdict::Holds | Verdict::Fails).then_some(Grade::Instance),
            margin: e.margin,
            reason: e.reason.filter(|r| !r.is_empty()),
        })
        .collect();
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
        claims,
    })
}
