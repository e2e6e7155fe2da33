//! What a certificate proves, for reading.
//!
//! A certificate says of the true gradient flow, not of the numerical one, where it goes: every number about the flow
//! is proved, and is either an enclosure or an upper bound. What is shortened for reading is rounded outward, so it
//! stays proved.

use flatcert::arithmetic::decimal::{self, outward};
use flatcert::arithmetic::{Enclosure, Interval};
use flatcert::certify::Certification;
use flatcert::report::text;

/// Lines for the terminal.
///
/// First what the certificate is about (data and start, by hash), then the tube and the limit, then each statement of
/// Section 4 with its verdict and the enclosure of its margin.
pub fn readable(c: &Certification) -> String {
    let e = |v: &Interval| decimal::enclosure(v);
    // Proved upper bounds stay upper bounds when they are shortened.
    let short = |v: f64, digits| format!("{:e}", outward(&Interval::point(v), digits).hi());
    let settled = c.settled_from.map_or("not known".into(), |t| format!("t = {}", short(t, 5)));
    let tube = match c.pieces {
        0 => "no pieces: one ball around the start contains the whole orbit".to_string(),
        n => format!("{n} pieces, {} Hessians", c.hessians),
    };
    let lines = [
        ("about", format!("{}: n = {}, d = {}, widths {:?}", c.about.data, c.about.n, c.about.d, c.about.widths)),
        ("  data, SHA-256", c.about.data_sha256.clone().unwrap_or("no exact moments".into())),
        ("  start, SHA-256", c.about.start_sha256.clone()),
        ("certified tube", tube),
        ("  radius", short(c.radius, 2)),
        ("  ends at t", e(&c.time)),
        ("start, sharpness", e(&c.initial_sharpness)),
        ("start to limit", e(&c.travelled)),
        ("limit W^SI", format!("within {} of the last weights", short(c.limit_radius, 2))),
        ("  sharpness", e(&c.sharpness)),
        ("  S_min", e(&c.s_min)),
        ("  S/S_min", e(&c.ratio)),
        ("  Lambda/lambda", e(&c.kappa)),
        ("epsilon", e(&c.epsilon)),
        ("Corollary 1 from", settled),
    ];
    let mut out: String = lines.iter().map(|(name, value)| format!("{name:<22}{value}\n")).collect();
    out.push_str(&format!("\n{:<28}{:<14}margin\n", "proved of the true flow", ""));
    for s in &c.claims {
        let margin = s.margin.as_ref().map_or("–".into(), e);
        let reason = s.reason.as_ref().map_or(String::new(), |r| format!("  ({r})"));
        out.push_str(&format!("  {:<26}{:<14}{margin}{reason}\n", s.id, text::verdict(s.outcome)));
    }
    out
}
