//! The harness on a toy paper of three claims, one true, one false, one undecided: it knows no other.

use flatcert::arithmetic::{Enclosure, Rational};
use flatcert::harness::claim::{Claim, Comparison, Context, Evaluation, Form, Profile, Statement, decide};
use flatcert::harness::evidence::{Evidence, Formal, Grade, Outcome, Theorem, Verdict};
use flatcert::harness::paper::{Options, Paper, ProbeChange};
use flatcert::{Error, Result};
use num_traits::One;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// About the number n, from 1 to 10.
#[derive(Clone, Copy)]
enum Toy {
    /// n + 1 >= n.
    True,
    /// n >= 3: fails for 1 and 2.
    False,
    /// sqrt(n)^2 >= n: no enclosure can tell unless the root is exact.
    Undecided,
    /// Nothing is in scope.
    Vacuous,
    /// Its instances cannot be made.
    Broken,
    /// True; its instances are those of a list that the run makes once.
    Shared,
}

struct Sides(Toy, i64);

impl Comparison for Sides {
    fn sides<E: Enclosure>(&self, bits: u32) -> (E, E) {
        let n = E::from_rational(&Rational::from(self.1), bits);
        match self.0 {
            Toy::False => (n, E::from_rational(&Rational::from(3), bits)),
            Toy::Undecided => (n.sqrt().powi(2), n),
            _ => (&n + E::one(), n),
        }
    }
}

static MADE: AtomicUsize = AtomicUsize::new(0);

impl Statement for Toy {
    type Instance = i64;

    fn instances(&self, context: &Context) -> Vec<i64> {
        match self {
            Self::Broken => context.once("broken", || Err::<Vec<i64>, _>(Error::usage("no such numbers"))).to_vec(),
            Self::Shared => {
                let make = || {
                    MADE.fetch_add(1, Ordering::SeqCst);
                    Ok((1..=10).collect())
                };
                context.once("shared", make).to_vec()
            }
            _ => (1..=10).collect(),
        }
    }
    fn describe(&self, n: &i64) -> String {
        format!("n = {n}")
    }
    fn tags(&self, n: &i64) -> Vec<String> {
        if *n > 5 { vec!["large".into()] } else { Vec::new() }
    }
    fn evaluate(&self, n: &i64, strength: &Rational) -> Evaluation {
        if matches!(self, Self::Vacuous) {
            return Evaluation::out_of_scope("no number is in scope");
        }
        decide(&Sides(*self, *n), strength)
    }
    fn simpler(&self, n: &i64) -> Vec<i64> {
        if *n > 1 { vec![n - 1] } else { Vec::new() }
    }
}

fn form(toy: Toy) -> Form {
    named("printed", toy)
}

fn named(name: &'static str, toy: Toy) -> Form {
    Form::printed(name, "a statement about n", toy)
}

fn claim(id: &'static str, uses: &'static [&'static str], forms: Vec<Form>) -> Claim {
    Claim { id, title: "A toy", place: "nowhere", hypotheses: "", uses, forms, finding: None, remarks: &[] }
}

fn toy() -> Paper {
    let refuted = Form::misprinted("printed", "n >= 3", Toy::False);
    let stated = vec![
        claim("true", &[], vec![form(Toy::True)]),
        claim("false", &[], vec![refuted]),
        claim("open", &[], vec![form(Toy::Undecided)]),
        claim("on-true", &["true"], vec![form(Toy::True)]),
        claim("on-false", &["false"], vec![form(Toy::True)]),
        claim("on-open", &["on-true", "open"], vec![form(Toy::True)]),
        claim("on-nothing", &["missing"], vec![form(Toy::True)]),
        claim("sampled", &[], vec![form(Toy::True).graded(Grade::Sampled)]),
        claim("on-sampled", &["on-true", "sampled"], vec![form(Toy::True)]),
    ];
    Paper { stated, ..Paper::default() }
}

fn options(only: &[&str]) -> Options {
    Options { context: Context::new(Profile::Quick, 1), only: only.iter().map(ToString::to_string).collect() }
}

fn run(paper: &Paper) -> Result<Evidence> {
    paper.run(&options(&[]), &|_, _, _| {}).map(|r| r.0)
}

fn grades(e: &Evidence) -> BTreeMap<&str, Option<Grade>> {
    e.claims.iter().map(|c| (c.id.as_str(), c.grade)).collect()
}

#[test]
fn each_outcome_is_found() {
    let e = run(&toy()).unwrap();
    let of = |id: &str| e.claims.iter().find(|c| c.id == id).map(|c| &c.forms[0]).unwrap();
    assert_eq!((of("true").outcome, of("true").holds), (Outcome::Verified, 10));
    let refuted = of("false");
    assert_eq!((refuted.outcome, refuted.fails, refuted.holds), (Outcome::Refuted, 2, 8));
    assert!(refuted.as_recorded());
    // Shrunk to the smallest.
    assert_eq!(refuted.counterexample.as_ref().unwrap().values, serde_json::json!(1));
    let open = of("open");
    assert_eq!(
        (open.outcome, open.fails, open.holds, open.undecided),
        (Outcome::Undecided, 0, 3, 7),
        "1, 4 and 9 are squares"
    );
    assert!(!open.as_recorded() && !e.as_recorded());
}

#[test]
fn a_grade_is_the_weakest_on_the_way_and_none_where_a_step_does_not_stand() {
    let e = run(&toy()).unwrap();
    let g = grades(&e);
    assert_eq!(g["on-true"], Some(Grade::Instance));
    assert_eq!(g["on-sampled"], Some(Grade::Sampled));
    assert_eq!(g["false"], None, "it stands on no form that holds");
    assert_eq!((g["on-false"], g["on-open"]), (None, None));
    // What was not run neither supports nor weakens; it is named.
    let missing = e.claims.iter().find(|c| c.id == "on-nothing").unwrap();
    assert_eq!(
        (missing.grade, missing.unchecked.as_slice()),
        (Some(Grade::Instance), ["missing".to_string()].as_slice())
    );
}

#[test]
fn a_theorem_lifts_the_grade_and_must_not_contradict_the_run() {
    let theorem =
        Theorem { theorem: "t".into(), file: "T.v".into(), line: None, stated: None, assumptions: Vec::new() };
    let proved = Formal { proved: vec![theorem.clone()], ..Formal::default() };
    let mut paper = toy();
    paper.formal.insert("on-sampled".into(), proved.clone());
    let e = run(&paper).unwrap();
    assert_eq!(grades(&e)["on-sampled"], Some(Grade::Proved), "a proof rests on no step");
    paper.formal.insert("true".into(), Formal { disproved: vec![theorem], ..Formal::default() });
    assert!(run(&paper).unwrap_err().to_string().contains("true: Coq proves what this run refutes"));
}

#[test]
fn nothing_in_scope_is_vacuous_and_missed_coverage_is_undecided() {
    let covered = |n| form(Toy::True).requires(&[("large", n)]);
    let stated = vec![
        claim("nothing", &[], vec![form(Toy::Vacuous)]),
        claim("enough", &[], vec![covered(5)]),
        claim("missed", &[], vec![covered(6)]),
    ];
    let e = run(&Paper { stated, ..Paper::default() }).unwrap();
    let outcomes: Vec<Outcome> = e.claims.iter().map(|c| c.forms[0].outcome).collect();
    assert_eq!(outcomes, [Outcome::Vacuous, Outcome::Verified, Outcome::Undecided]);
}

#[test]
fn a_control_must_be_refuted() {
    let control = |strength| Form::control("control", "n + 1 >= c n", Toy::True).at(Rational::from(strength));
    let stated = vec![claim("caught", &[], vec![control(2)]), claim("missed", &[], vec![control(1)])];
    let e = run(&Paper { stated, ..Paper::default() }).unwrap();
    let found: Vec<bool> = e.claims.iter().map(|c| c.as_recorded()).collect();
    assert_eq!(found, [true, false], "2 n > n + 1 from n = 2 on; n + 1 >= n always");
}

#[test]
fn instances_that_cannot_be_made_end_the_run_and_lists_are_made_once() {
    let stated = vec![claim("broken", &[], vec![form(Toy::Broken)])];
    let e = run(&Paper { stated, ..Paper::default() }).unwrap_err();
    assert!(e.to_string().contains("no such numbers"), "{e}");
    let two = || vec![form(Toy::Shared), named("again", Toy::Shared)];
    let paper = Paper { stated: vec![claim("a", &[], two()), claim("b", &[], two())], ..Paper::default() };
    run(&paper).unwrap();
    assert_eq!(MADE.load(Ordering::SeqCst), 1);
    run(&paper).unwrap();
    assert_eq!(MADE.load(Ordering::SeqCst), 2, "another run makes its own");
}

#[test]
fn single_instances_and_probes() {
    let paper = toy();
    let one = paper.replay("false/printed#1", &options(&[])).unwrap().instance;
    assert_eq!((one.verdict, one.description.as_str()), (Verdict::Fails, "n = 2"));
    assert!(paper.replay("false/printed#10", &options(&[])).unwrap_err().to_string().contains("instances 0 to 9"));
    assert!(
        paper
            .replay("fals/printed#1", &options(&[]))
            .unwrap_err()
            .to_string()
            .contains("unknown claim 'fals': the nearest are false")
    );
    assert_eq!(paper.check("open", &options(&[])).unwrap().len(), 10);
    let change = ProbeChange::Factor(Rational::from(2));
    assert!(
        paper.probe("true", None, &change, &options(&[])).unwrap_err().to_string().contains("no form with a constant")
    );
    let constant = form(Toy::True).with_constant(Rational::one(), true);
    let paper = Paper { stated: vec![claim("true", &[], vec![constant])], ..Paper::default() };
    assert_eq!(paper.probe("true", None, &change, &options(&[])).unwrap().outcome, Outcome::Refuted);
    let only = options(&["true"]);
    assert_eq!(paper.controls_found_by_search(&only).unwrap(), []);
    assert_eq!(paper.catalogue().len(), 1);
}
