//! One displayed step of a proof as an executable claim.
//!
//! A [`Step`] says where it stands in the text, on which domain the proof uses it, and carries forms like any claim: as
//! printed, as corrected where the printed form fails, and planted errors, each of which must be refuted. Its body is
//! one function, which is told [`How`] to state it.
//!
//! # The states of a step
//!
//! A step is built by methods, and its type says how its forms are stated: [`Missing`] until that is known; [`Body`]
//! after [`Step::by`], for functions; [`super::Printed`] for a formula over a domain; [`super::InScene`] for a
//! formula of what a sample draws. A list of steps is made of values of the last three by `steps!`; a step that is
//! [`Missing`] its body cannot stand in it.
//!
//! What a step uses is a list of ids, and the grade of a result is computed along these lists.

use crate::arithmetic::{Big, Rational};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement};
use crate::harness::evidence::{Fault, Grade, Outcome, Role};
use crate::harness::steps::domain::Over;
use crate::harness::steps::inequality::{Inequality, Margins};
use crate::harness::steps::sample::Draw;

use crate::harness::steps::how::{How, Plant, Sizes};
use serde::Serialize;

/// How a step is evaluated.
#[derive(Clone, Copy)]
pub enum Body {
    /// An inequality on instances, by enclosures of the given number of bits.
    Instances {
        /// Sizes tried.
        sizes: Sizes,
        /// Both sides.
        sides: fn(&mut Draw<'_>, How, u32) -> Margins,
    },
    /// A scalar inequality over a box, by subdivision.
    Domain {
        /// Names of the variables.
        variables: &'static [&'static str],
        /// Their ranges.
        domain: fn(How) -> Vec<(Rational, Rational)>,
        /// `(greater, lesser)` on enclosures of the variables.
        sides: fn(&[Big], How) -> (Big, Big),
    },
    /// The step's forms have bodies of their own ([`Step::form`]). A form that is stated of the step itself is
    /// undecided.
    Apart,
}

impl Body {
    /// The form of a body, named after how it is stated. The grade is that of the body unless another is asked for.
    fn form(self, id: &'static str, how: How, role: Role, statement: &str, grade: Option<Grade>) -> Form {
        let name = match how {
            How::Printed => "printed",
            How::Corrected => "corrected",
            How::Planted(kind) => kind.name(),
        };
        match self {
            Self::Instances { sizes, sides } => {
                let body = Inequality { id, sizes, sides, how };
                Form::holds(name, role, grade.unwrap_or(Grade::Instance), statement, body)
            }
            Self::Domain { variables, domain, sides } => {
                let body = Over { variables, domain, sides, how };
                Form::holds(name, role, grade.unwrap_or(Grade::Domain), statement, body)
            }
            Self::Apart => {
                let body = Unfit("the form has no body".into());
                Form::holds(name, role, grade.unwrap_or(Grade::Instance), statement, body)
            }
        }
    }
}

/// Why a form has no body, or an edit of it does not fit: nothing is decided.
pub(crate) struct Unfit(pub String);

impl Statement for Unfit {
    type Instance = ();

    fn instances(&self, _context: &Context) -> Vec<()> {
        vec![()]
    }
    fn describe(&self, (): &()) -> String {
        self.0.clone()
    }
    fn evaluate(&self, (): &(), _strength: &Rational) -> Evaluation {
        Evaluation::undecided(self.0.clone())
    }
}

/// The state of a [`Step`] that has not been told how it is evaluated: it cannot state a form, nor stand in a list of
/// steps.
#[derive(Clone, Copy, Debug)]
pub struct Missing;

/// One step. A form is stated after the body that evaluates it; without one it does not compile:
///
/// ```compile_fail
/// use crate::harness::steps::step::Step;
/// let _ = Step::new("lemma-9/example", "Lemma 9, proof", &[1]).holds("1 = 1");
/// ```
///
/// `claim` has the id, the words and the forms; the other fields are what the audit of the proof needs besides.
pub struct Step<B = Body> {
    /// What the engine runs.
    pub(crate) claim: Claim,
    /// Lines of the text at which its displays begin.
    pub(crate) lines: &'static [u32],
    /// A line of running text and some of its words.
    pub(crate) quote: Option<(u32, &'static str)>,
    /// The kind of error, where it does not hold as printed.
    pub(crate) fault: Option<Fault>,
    /// Stated results that it serves; `None`: all that the proof proves.
    pub(crate) serves: Option<&'static [&'static str]>,
    /// How its forms are evaluated, or the state of the formula last stated.
    pub(crate) body: B,
    /// The grade asked for by [`Step::graded`].
    pub(crate) grade: Option<Grade>,
}

impl Step<Missing> {
    /// A displayed step: its id (`lemma-9/eq-12`), its place in words, and the lines of the text at which its displays
    /// begin.
    pub fn new(id: &'static str, place: &'static str, lines: &'static [u32]) -> Self {
        let claim =
            Claim { id, title: "", place, hypotheses: "", uses: &[], forms: Vec::new(), finding: None, remarks: &[] };
        Self { claim, lines, quote: None, fault: None, serves: None, body: Missing, grade: None }
    }
}

impl<B> Step<B> {
    /// A step stated in running text: the line and some of its words.
    #[must_use]
    pub fn quoted(mut self, line: u32, words: &'static str) -> Self {
        self.quote = Some((line, words));
        self
    }
    /// What it says, in a few words.
    #[must_use]
    pub fn titled(mut self, title: &'static str) -> Self {
        self.claim.title = title;
        self
    }
    /// The domain on which the proof uses it: hypotheses in words.
    #[must_use]
    pub fn given(mut self, hypotheses: &'static str) -> Self {
        self.claim.hypotheses = hypotheses;
        self
    }
    /// Both in one line: [`Self::titled`] and [`Self::given`].
    #[must_use]
    pub fn about(self, title: &'static str, hypotheses: &'static str) -> Self {
        self.titled(title).given(hypotheses)
    }
    /// Steps and claims that it uses.
    #[must_use]
    pub fn uses(mut self, ids: &'static [&'static str]) -> Self {
        self.claim.uses = ids;
        self
    }
    /// The stated results that it serves, where these are not all that the proof proves; none for an aside.
    #[must_use]
    pub fn serves(mut self, results: &'static [&'static str]) -> Self {
        self.serves = Some(results);
        self
    }
    /// How it is evaluated; for the forms that follow.
    #[must_use]
    pub fn by(self, body: Body) -> Step {
        self.with_body(body)
    }
    /// The step in another state.
    pub(crate) fn with_body<C>(self, body: C) -> Step<C> {
        let Self { claim, lines, quote, fault, serves, body: _, grade } = self;
        Step { claim, lines, quote, fault, serves, body, grade }
    }
    /// The state.
    pub(crate) fn body(&self) -> &B {
        &self.body
    }
    /// What is wrong with the printed form, where that is one of the forms stated apart.
    #[must_use]
    pub fn finding(mut self, fault: Fault, finding: &'static str) -> Self {
        self.fault = Some(fault);
        self.claim.finding = Some(finding);
        self
    }
    /// Any other form: a control by strength, a sharper form, an existing statement.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.claim.forms.push(form);
        self
    }
    /// Stated, with all its forms, by a function: the formula has a place of its own beside the list of steps.
    #[must_use]
    pub fn stated_by<S: Into<Step>>(self, f: impl FnOnce(Self) -> S) -> Step {
        f(self).into()
    }
    /// The grade of the forms that follow, where it is not that of the body (`Computed` for agreement to many digits).
    #[must_use]
    pub fn graded(mut self, grade: Grade) -> Self {
        self.grade = Some(grade);
        self
    }
    /// Remarks for the reader: what may be an artefact of the extraction, what is used silently.
    #[must_use]
    pub fn remarks(mut self, remarks: &'static [&'static str]) -> Self {
        self.claim.remarks = remarks;
        self
    }
}

impl Step {
    /// One more form, with its recorded outcome.
    fn push(mut self, how: How, role: Role, statement: &str, expected: Outcome) -> Self {
        let mut form = self.body.form(self.claim.id, how, role, statement, self.grade);
        form.expected = expected;
        self.claim.forms.push(form);
        self
    }
    /// The printed form, which holds.
    #[must_use]
    pub fn holds(self, statement: &str) -> Self {
        self.push(How::Printed, Role::Printed, statement, Outcome::Verified)
    }
    /// The printed form, which does not hold, and what is wrong with it: kind, argument, what depends on it.
    #[must_use]
    pub fn fails(self, statement: &str, fault: Fault, finding: &'static str) -> Self {
        self.finding(fault, finding).push(How::Printed, Role::Printed, statement, Outcome::Refuted)
    }
    /// The form that is right.
    ///
    /// The body is told [`How::Corrected`].
    #[must_use]
    pub fn corrected(self, statement: &str) -> Self {
        self.push(How::Corrected, Role::Corrected, statement, Outcome::Verified)
    }
    /// A copy with a planted error that changes the truth: it must be refuted.
    #[must_use]
    pub fn planted(self, kind: Plant, statement: &str) -> Self {
        self.push(How::Planted(kind), Role::Control, statement, Outcome::Refuted)
    }
    /// The printed form stronger by a factor: a control, by its kind of error.
    ///
    /// For a step with a fault it is the corrected form that is made stronger.
    #[must_use]
    pub fn stronger(mut self, kind: Plant, statement: &str, factor: Rational) -> Self {
        let how = if self.fault.is_some() { How::Corrected } else { How::Printed };
        let mut form = self.body.form(self.claim.id, how, Role::Control, statement, self.grade);
        form.name = kind.name();
        form.expected = Outcome::Refuted;
        form.strength = factor;
        self.claim.forms.push(form);
        self
    }
}

/// A list of steps, stated by formulas or by functions.
macro_rules! steps {
    ($($step:expr),* $(,)?) => {
        vec![$($crate::harness::steps::Step::<$crate::harness::steps::Body>::from($step)),*]
    };
}
pub(crate) use steps;

/// Why a display is no step of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Reason {
    /// It introduces notation or makes a choice: nothing is asserted.
    Definition(&'static str),
    /// It states an assumption or a setting of the experiments.
    Assumption(&'static str),
    /// It repeats a display that is a step or claim already.
    Repeats(&'static str),
    /// It is what one or more claims of the catalogue check: their ids.
    Claims(&'static [&'static str]),
    /// It belongs to another display (broken over lines by the extraction): the line of that one.
    Part(u32),
}

/// A display that is no step of its own.
#[derive(Clone, Copy, Debug)]
pub struct Other {
    /// The line of the text at which it begins.
    pub line: u32,
    /// Why.
    pub reason: Reason,
}

/// Shorthand for a display that is no step.
pub const fn other(line: u32, reason: Reason) -> Other {
    Other { line, reason }
}

/// The audit of one proof, or of a section's text.
pub struct Proof {
    /// Prefix of the ids of its steps.
    pub id: &'static str,
    /// What is proved.
    pub title: &'static str,
    /// Place in the paper.
    pub section: &'static str,
    /// Stated results whose proof it is: each uses all the steps but those that serve others only.
    pub proves: &'static [&'static str],
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The other displays of these pages.
    pub others: &'static [Other],
}
