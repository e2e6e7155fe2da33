//! A second paper, of three lemmas, checked by the same harness: `cargo run --release --example another_paper`.
//!
//! Lemma 1 is true, Lemma 2 is false as printed and mended by a factor, Lemma 3 cannot be decided by enclosures and
//! says so.

use flatcert::arithmetic::{Enclosure, Rational};
use flatcert::harness::claim::{Claim, Comparison, Context, Evaluation, Form, Profile, Statement, decide};
use flatcert::harness::evidence::{Grade, Role};
use flatcert::harness::paper::{Options, Paper};
use serde::{Deserialize, Serialize};

/// Two positive numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Pair(Rational, Rational);

/// A lemma about two positive numbers: `greater >= strength * lesser`.
#[derive(Clone, Copy)]
enum Lemma {
    /// (x + y)/2 >= sqrt(x y).
    Means,
    /// (x + y)^2 >= c (x^2 + y^2), c = 2 as printed.
    Squares,
    /// sqrt(x)^2 >= x.
    Root,
}

struct Sides<'a>(Lemma, &'a Pair);

impl Comparison for Sides<'_> {
    fn sides<E: Enclosure>(&self, bits: u32) -> (E, E) {
        let (x, y) = (E::from_rational(&self.1.0, bits), E::from_rational(&self.1.1, bits));
        match self.0 {
            Lemma::Means => ((&x + &y) * E::from_rational(&Rational::new(1, 2), bits), (&x * &y).sqrt()),
            Lemma::Squares => ((&x + &y).powi(2), &x * &x + &y * &y),
            Lemma::Root => (x.sqrt().powi(2), x),
        }
    }
    fn exactly(&self, _: &Rational) -> Option<bool> {
        // The means of equal numbers are equal, which no enclosure can tell.
        (matches!(self.0, Lemma::Means) && self.1.0 == self.1.1).then_some(true)
    }
}

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
        decide(&Sides(*self, i), strength)
    }
}

fn lemma(id: &'static str, title: &'static str, uses: &'static [&'static str], forms: Vec<Form>) -> Claim {
    Claim { id, title, place: "a note", hypotheses: "x, y > 0", uses, forms, finding: None, remarks: &[] }
}

fn main() -> flatcert::Result<()> {
    let holds = |role, words, of| Form::holds("statement", role, Grade::Instance, words, of);
    let two = Rational::from(2);
    let mut printed = Form::misprinted("printed", "(x + y)^2 >= 2 (x^2 + y^2)", Lemma::Squares);
    printed.strength = two.clone();
    let means = Form::control("twice", "(x + y)/2 >= 2 sqrt(x y)", Lemma::Means).at(two);
    let paper = Paper {
        stated: vec![
            lemma(
                "lemma-1",
                "The two means",
                &[],
                vec![
                    holds(
                        Role::Printed,
                        "(x + y)/2 >= sqrt(x \
                y)",
                        Lemma::Means,
                    ),
                    means,
                ],
            ),
            lemma(
                "lemma-2",
                "A sum squared",
                &["lemma-1"],
                vec![
                    printed,
                    holds(
                        Role::Corrected,
                        "(x + y)^2 >= x^2 + \
                y^2",
                        Lemma::Squares,
                    ),
                ],
            ),
            lemma("lemma-3", "A root squared", &[], vec![holds(Role::Printed, "sqrt(x)^2 >= x", Lemma::Root)]),
        ],
        ..Paper::default()
    };
    let options = Options { context: Context::new(Profile::Quick, 1), only: Vec::new() };
    let (evidence, _) = paper.run(&options, &|_, _, _| {})?;
    println!(
        "| lemma | form | expected | outcome | instances | counterexample |\n| --- | --- | --- | --- | --- | --- \
              |"
    );
    for (claim, form) in evidence.claims.iter().flat_map(|c| c.forms.iter().map(move |f| (c, f))) {
        let against = form.counterexample.as_ref().map_or("", |c| &c.description);
        let counts = format!("{} hold, {} fail, {} open", form.holds, form.fails, form.undecided);
        println!(
            "| {} | {} | {:?} | {:?} | {counts} | {against} \
                  |",
            claim.id, form.statement, form.expected, form.outcome
        );
    }
    Ok(())
}
