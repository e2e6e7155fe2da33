//! What a certificate proves, for reading.

use flatcert::arithmetic::{Enclosure, Interval};
use flatcert::certify::Certification;
use flatcert::report::rounding::outward;
use flatcert::report::text;

/// Lines for the terminal.
pub fn readable(c: &Certification) -> String {
    let e = |v: &Interval| text::enclosure(v);
    // Proved upper bounds stay upper bounds when they are shortened.
    let short = |v: f64, digits| format!("{:e}", outward(&Interval::point(v), digits).hi());
    let settled = c.settled_from.map_or("not known".into(), |t| format!("t = {}", short(t, 5)));
    let lines = [
        ("certified tube", format!("{} pieces, {} Hessians", c.pieces, c.hessians)),
        ("  radius", short(c.radius, 2)),
        ("  ends at t", e(&c.time)),
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
