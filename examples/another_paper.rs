//! A second paper, of three lemmas, checked by the same harness: `cargo run --release --example another_paper`.
//!
//! Lemma 1 is true, Lemma 2 is false as printed and mended by a factor, Lemma 3 cannot be decided by enclosures and
//! says so. What is printed and what is evaluated is one formula.

use flatcert::arithmetic::{Enclosure, Rational};
use flatcert::formula::{Reading, Says, Value, fraction, sqrt, var};
use flatcert::harness::claim::{Claim, Context, Evaluation, Form, Profile, Statement};
use flatcert::harness::paper::{Options, Paper};
use flatcert::harness::symbols::{Symbols, decide_formula, stated};
use serde::{Deserialize, Serialize};

/// Two positive numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Pair(Rational, Rational);

impl Symbols for Pair {
    fn value<E: Enclosure + Reading>(&self, name: &str, _: &[i64], bits: u32) -> Option<Value<E>> {
        let number = if name == "x" { &self.0 } else { &self.1 };
        Some(Value::Scalar(E::from_rational(number, bits)))
    }
    /// The means of equal numbers are equal, which no enclosure can tell.
    fn exactly(&self, says: &Says, _: &Rational) -> Option<bool> {
        (*says == means(1) && self.0 == self.1).then_some(true)
    }
}

/// An inequality between two positive numbers.
struct Lemma(Says);

impl Statement for Lemma {
    type Instance = Pair;

    fn instances(&self, context: &Context) -> Vec<Pair> {
        let n = context.size(6, 20, 60) as i64;
        (1..=n).flat_map(|a| (1..=n).map(move |b| Pair(Rational::new(a, 3), Rational::new(b, 7)))).collect()
    }
    fn describe(&self, i: &Pair) -> String {
        format!("x = {}, y = {}", i.0, i.1)
    }
    fn evaluate(&self, i: &Pair, strength: &Rational) -> Evaluation {
        decide_formula(&self.0, i, strength)
    }
}

/// `(x + y)/2 >= factor sqrt(x y)`.
fn means(factor: i64) -> Says {
    let [x, y] = ["x", "y"].map(var);
    (fraction(1, 2) * (&x + &y)).at_least(factor * sqrt(x * y))
}

/// `(x + y)^2 >= factor (x^2 + y^2)`.
fn squares(factor: i64) -> Says {
    let [x, y] = ["x", "y"].map(var);
    (&x + &y).pow(2).at_least(factor * (x.pow(2) + y.pow(2)))
}

fn lemma(id: &'static str, title: &'static str, uses: &'static [&'static str], forms: Vec<Form>) -> Claim {
    Claim { id, title, place: "a note", hypotheses: "x, y > 0", uses, forms, finding: None, remarks: &[] }
}

fn main() -> flatcert::Result<()> {
    let printed = stated(Form::printed, "printed", means(1), Lemma);
    let twice = stated(Form::control, "twice", means(2), Lemma);
    let misprinted = stated(Form::misprinted, "printed", squares(2), Lemma);
    let corrected = stated(Form::corrected, "corrected", squares(1), Lemma);
    let root = stated(Form::printed, "printed", sqrt(var("x")).pow(2).at_least(var("x")), Lemma);
    let paper = Paper {
        stated: vec![
            lemma("lemma-1", "The two means", &[], vec![printed, twice]),
            lemma("lemma-2", "A sum squared", &["lemma-1"], vec![misprinted, corrected]),
            lemma("lemma-3", "A root squared", &[], vec![root]),
        ],
        ..Paper::default()
    };
    let options = Options { context: Context::new(Profile::Quick, 1), only: Vec::new() };
    let (evidence, _) = paper.run(&options, &|_, _, _| {})?;
    println!("| lemma | form | expected | outcome | instances | counterexample |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for (claim, form) in evidence.claims.iter().flat_map(|c| c.forms.iter().map(move |f| (c, f))) {
        let against = form.counterexample.as_ref().map_or("", |c| &c.description);
        let counts = format!("{} hold, {} fail, {} open", form.holds, form.fails, form.undecided);
        let (id, words) = (&claim.id, &form.statement);
        println!("| {id} | {words} | {:?} | {:?} | {counts} | {against} |", form.expected, form.outcome);
    }
    Ok(())
}
