//! What a certificate of a gradient flow proves, for `flatcert flow --certified` and `flatcert replay`.

use crate::arithmetic::Interval;
use crate::claims::certified::{Standings, standings};
use crate::claims::evidence::{Grade, Verdict};
use crate::error::Result;
use crate::flow::tube::Certificate;
use crate::inspect::Standing;
use serde::Serialize;

/// One JSON object; `{lo, hi}` are enclosures.
#[derive(Clone, Debug, Serialize)]
pub struct Certification {
    /// `flatcert.certified/1`.
    pub schema: &'static str,
    /// Polynomial pieces of the trajectory.
    pub pieces: usize,
    /// Hessians from which the growth of errors was bounded.
    pub hessians: usize,
    /// Largest distance of the true flow from the polynomials.
    pub radius: f64,
    /// True time at the end of the tube.
    pub time: Interval,
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
    /// T of Corollary 1: a time from which every sigma_k provably stays in its range; null if it is not known to be in it for good.
    pub settled_from: Option<f64>,
    /// Section 4's statements about this flow, proved for every t they speak of.
    pub claims: Vec<Standing>,
}

/// Verifies a certificate, trusting nothing of whoever made it, and says what follows.
///
/// # Errors
/// A claim of the certificate that does not follow (which piece, what follows instead).
pub fn certification(certificate: &Certificate) -> Result<Certification> {
    let Standings { proved, time, settled_from, claims } = standings(certificate)?;
    let (s, limit) = (&proved.setting, &proved.limit);
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
        pieces: certificate.pieces.len(),
        hessians: certificate.pieces.iter().map(|p| p.cuts).sum(),
        radius: certificate.pieces.iter().fold(0.0, |m, p| p.radius.max(m)),
        time,
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
