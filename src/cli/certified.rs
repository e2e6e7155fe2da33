//! What a certificate proves, for reading.

use flatcert::arithmetic::Interval;
use flatcert::certify::Certification;
use flatcert::report::text;

/// Lines for the terminal.
pub fn readable(c: &Certification) -> String {
    let e = |v: &Interval| text::enclosure(v);
    let settled = c.settled_from.map_or("not known".into(), |t| format!("t = {t:.4e}"));
    let lines = [
        ("certified tube", format!("{} pieces, {} Hessians", c.pieces, c.hessians)),
        ("  radius", format!("{:.1e}", c.radius)),
        ("  ends at t", e(&c.time)),
        ("limit W^SI", format!("within {:.1e} of the last weights", c.limit_radius)),
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
