//! A hand-written run: every kind of outcome, grade and figure, so that the layout can be tested without the
//! mathematics.

use flatcert::arithmetic::Interval;
use flatcert::harness::evidence::*;
use serde_json::json;
use std::collections::BTreeMap;

/// A form that came out as recorded, with `holds` instances.
pub fn form(name: &str, role: Role, outcome: Outcome, grade: Grade) -> FormEvidence {
    let refuted = outcome == Outcome::Refuted;
    FormEvidence {
        name: name.into(),
        role,
        statement: format!("S >= |{name}| norm(w*)^(2 - 2/L)"),
        expected: outcome,
        outcome,
        grade,
        besides: false,
        probed: true,
        holds: if outcome == Outcome::Vacuous { 0 } else { 12 },
        fails: if refuted { 3 } else { 0 },
        undecided: if outcome == Outcome::Undecided { 1 } else { 0 },
        out_of_scope: 2,
        smallest_margin: Some(if refuted {
            Interval::new(-0.51237, -0.51236)
        } else {
            Interval::new(0.12345, 0.12346)
        }),
        smallest_at: Some(format!("{name}#4")),
        near: None,
        tightness: None,
        coverage: Vec::new(),
        arithmetic: BTreeMap::from([("f64 intervals".into(), 11), ("MPFR 128".into(), 1)]),
        counterexample: refuted.then(|| Counterexample {
            form: name.into(),
            description: "depth 2, one input, head of norm 2".into(),
            values: json!({"L": 2, "head": ["2"], "W": [[["1/3"]], [["1"], ["-5/7"]]], "w_star": ["2/3"]}),
            margin: Some(Interval::new(-0.51237, -0.51236)),
            origin: "stored".into(),
        }),
        error_log2: None,
        boxes: None,
        sampled: Vec::new(),
        reasons: Vec::new(),
        worst: None,
    }
}

/// Trials of a statement with p0 = 0.05.
pub fn counted(name: &str, trials: u64, failures: u64, undecided: u64) -> SampledEvidence {
    let share = failures as f64 / trials as f64;
    SampledEvidence {
        key: format!("theorem-2-depth/{name}"),
        statement: "norm(P) <= 4".into(),
        setting: String::new(),
        bound: 0.05,
        trials,
        failures,
        undecided,
        alpha: 1e-6,
        interval: [share * 0.7654321, share * 1.2345678 + 0.0123456],
        log10_e: 200.0 * (share - 0.05),
        log10_support: -100.0 * (share - 0.05),
        exposed: 0.0912345,
    }
}

/// A claim of one printed form and one control.
pub fn claim(id: &str, grade: Grade, uses: &[&str]) -> ClaimEvidence {
    ClaimEvidence {
        id: id.into(),
        title: format!("What {id} says about w*"),
        place: "Theorem 9, Section_3".into(),
        uses: uses.iter().map(|s| s.to_string()).collect(),
        hypotheses: "(A1); the network implements w*".into(),
        forms: vec![
            form("printed", Role::Printed, Outcome::Verified, grade),
            form("double", Role::Control, Outcome::Refuted, Grade::Instance),
        ],
        grade: Some(grade),
        unchecked: Vec::new(),
        formal: None,
        finding: None,
        remarks: Vec::new(),
    }
}

/// A step of a proof with a planted error.
pub fn step(id: &str) -> ClaimEvidence {
    let mut out = claim(id, Grade::Instance, &[]);
    out.forms[1].name = "planted-flipped-sign".into();
    out
}

/// Four claims and two steps, one of each refuted as printed and mended.
pub fn evidence() -> Evidence {
    let mut gradient = claim("gradient", Grade::Identity, &[]);
    gradient.forms[0].error_log2 = Some(-140.2);
    gradient.forms[0].smallest_margin = None;
    let mut lemma = claim("lemma-4-minus", Grade::Domain, &[]);
    lemma.forms[0].boxes = Some(812);
    lemma.forms[0].tightness =
        Some(Tightness { holds_up_to: 1.0, refuted_from: 1.0 + 2e-15, at: "lemma-4-minus/printed#0".into() });
    lemma.remarks = vec!["The text is garbled at `x >= 1`: decided by the proof of (21) | B.3.".into()];
    let mut depth = claim("theorem-2-depth", Grade::Instance, &["variational", "lemma-4-minus"]);
    depth.forms[0] = form("printed", Role::Printed, Outcome::Refuted, Grade::Instance);
    depth.forms[0].sampled = vec![counted("d4-L1", 1000, 0, 0), counted("d4-L2", 1000, 250, 1)];
    let mut corrected = form("corrected", Role::Corrected, Outcome::Verified, Grade::Instance);
    corrected.tightness = Some(Tightness { holds_up_to: 1.2345678, refuted_from: 1.2345679, at: "corrected#7".into() });
    corrected.coverage = vec![
        Coverage { class: "depth >= 8".into(), count: 4, required: 3 },
        Coverage { class: "real data".into(), count: 5, required: 2 },
    ];
    depth.forms.insert(1, corrected);
    depth.finding = Some("The head's norm is missing: true only where norm(w) = 1.".into());
    let mut corollary = claim("corollary-3", Grade::Instance, &["theorem-2-depth"]);
    corollary.uses.extend(["corollary-3/eq-32".to_string(), "lemma-4-minus/first".to_string()]);
    let mut wrong = step("corollary-3/eq-32");
    wrong.forms[0] = form("printed", Role::Printed, Outcome::Refuted, Grade::Instance);
    wrong.forms.insert(1, form("corrected", Role::Corrected, Outcome::Verified, Grade::Instance));
    wrong.finding = Some("A factor 2 is lost; the next line has it.".into());
    Evidence {
        schema: EVIDENCE.into(),
        version: "0.0.0".into(),
        profile: "quick".into(),
        seed: 1,
        claims: vec![gradient, lemma, depth, corollary, step("lemma-4-minus/first"), wrong],
        results: Vec::new(),
        proofs: Vec::new(),
        figures: vec![figure()],
    }
}

/// One figure with a series of each style, on logarithmic axes.
pub fn figure() -> FigureData {
    let x: Vec<f64> = (0..25).map(|i| 10f64.powf(i as f64 / 4.0 - 3.0)).collect();
    let series = |label: &str, style: &str, f: &dyn Fn(f64) -> f64, g: Option<&dyn Fn(f64) -> f64>| Series {
        label: label.into(),
        style: style.into(),
        x: x.clone(),
        y: x.iter().map(|&x| f(x)).collect(),
        y_hi: g.map(|g| x.iter().map(|&x| g(x)).collect()),
        ..Series::default()
    };
    FigureData {
        id: "rescaling".into(),
        title: "Rescaling two layers".into(),
        caption: "The sharpness of (C W_1, W_2 / C) diverges on both sides; the lower bound follows it.".into(),
        panels: vec![Panel::new(
            ("C", "sharpness"),
            (true, true),
            vec![
                series(
                    "certified enclosure",
                    "band",
                    &|x| 0.5 * (x * x + 1.0 / (x * x)),
                    Some(&|x| 2.0 * (x * x + 1.0 / (x * x))),
                ),
                series("sharpness", "line", &|x| x * x + 1.0 / (x * x), None),
                series("lower bound of Theorem 2", "dashed", &|x| 0.3 * (x + 1.0 / x), None),
                series("instances", "points", &|x| 1.5 * (x * x + 1.0 / (x * x)), None),
            ],
        )],
    }
}
