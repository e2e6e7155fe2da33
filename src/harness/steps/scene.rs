//! Steps that are formulas of what a sample draws: identities and inequalities of numbers, vectors and matrices.
//!
//! A scene draws the objects that a step speaks of and gives them the names that the formula uses, in exact numbers.
//! What is printed is the text of the formula; what is evaluated is the formula. A statement all of whose links are
//! equalities is an identity, decided in rationals at random integers. Any other is decided on instances: in rationals
//! where both sides of a link are rational, else by enclosures; equality of sides that no enclosure tells apart is
//! proved by [`in_roots`], a rule on the tree.
//!
//! A planted error is an edit of the formula, or another scene.
//!
//! # The way of a sample
//!
//! A sample is a list of rationals. The scene makes a [`Table`] of it, or says that it is out of scope; hypotheses
//! that are given as formulas ([`Step::when`]) must then be decided and hold. Both sides of every link are read in
//! rationals first. Where all have rational values nothing is enclosed. Else the links are read as enclosures, and
//! from 256 bits on (for an equality at once) exact arguments are looked for: [`in_roots`] for equality,
//! [`in_powers`] for the order of products of powers. A side without a value because a divisor is zero, or because
//! shapes do not fit, refutes the statement at that sample; a symbol that nothing defines leaves it undecided.
//!
//! | the statement | the form's grade | decided by |
//! | --- | --- | --- |
//! | equalities only, rational operations and exponentials | `Identity` | rationals at random 63-bit integers |
//! | the same with roots, asked for by `.graded(Identity)` | `Identity` | `|c| c r` and e of `c sqrt(r) exp(e)` |
//! | equalities of indices with extremes, asked for likewise | `Identity` | rationals; nothing is drawn |
//! | anything else | `Instance` | rationals, enclosures, exact arguments |
//! | equalities of numbers known by enclosures, `.graded(Computed)` | `Computed` | agreement to 2^-60 |

use crate::arithmetic::{Big, Rational};
use crate::formula::{
    Edit, Expr, Fold, Node, Op, Range, Relation, Says, Sides, Surd, Table, Text, Value, holds, in_powers, in_roots,
    sides,
};
use crate::harness::claim::Form;
use crate::harness::evidence::{Fault, Grade, Outcome, Role};
use crate::harness::steps::equality::{Equality, Exact, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Inequality, Margins, Pair, TIE_BITS};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step, Unfit};
use crate::harness::steps::tie::Tie;
use nalgebra::DMatrix;
use num_traits::{One, Zero};
use std::cmp::Ordering;
use std::sync::Arc;

/// The symbols of a scene, or why the sample is out of scope.
pub type Drawn = Result<Table<Rational>, &'static str>;
/// A scene that copies of a form share.
type DrawScene = Arc<dyn Fn(&mut Draw<'_>) -> Drawn + Send + Sync>;

/// One number for each range, on scalars: any number, one above the lower end, or one between the ends.
///
/// [`with`] on a scene that draws nothing.
pub fn over(ranges: impl IntoIterator<Item = Range>) -> impl Fn(&mut Draw<'_>) -> Drawn {
    with(|_| Ok(Table::default()), ranges)
}

/// A scene, and after it one number for each range, as [`over`] draws them.
///
/// With both ends a and b of a range: `a + (b - a) v`, v in `[0, 1]`, or, where a is left out, `a + (b - a)/(1 + v)`,
/// v >= 0. With the lower end alone: `a + v`, v >= 0 or v > 0. A range without a lower end gives any number, whatever
/// its upper end.
pub fn with(
    scene: impl Fn(&mut Draw<'_>) -> Drawn,
    ranges: impl IntoIterator<Item = Range>,
) -> impl Fn(&mut Draw<'_>) -> Drawn {
    let ranges: Vec<Range> = ranges.into_iter().collect();
    move |draw| {
        let number = |draw: &mut Draw<'_>, r: &Range| match (&r.from, &r.to) {
            (None, _) => draw.number(),
            (Some(a), None) if r.open => a + draw.positive(),
            (Some(a), None) => a + draw.nonnegative(),
            (Some(a), Some(b)) if r.open => a + (b - a) / (1 + draw.nonnegative()),
            (Some(a), Some(b)) => a + (b - a) * draw.share(),
        };
        // Everything is drawn before a sample is out of scope.
        let table = scene(draw);
        let numbers: Vec<_> = ranges.iter().map(|r| (r.name, number(draw, r))).collect();
        Ok(numbers.into_iter().fold(table?, |table, (name, q)| table.scalar(name, q)))
    }
}

/// A statement in a scene.
#[derive(Clone)]
struct Told {
    /// What is stated.
    says: Says,
    /// Hypotheses: a sample at which one is not certain is out of scope.
    given: Vec<Says>,
    /// What draws the symbols.
    scene: DrawScene,
    /// The grade asked for. `Computed`: equalities are agreement to many digits; `Identity`: those of roots are decided
    /// by their squares in rationals; `Instance`: those of rationals are tried on instances.
    grade: Option<Grade>,
    /// What the scene draws of, in words, where its symbols do not say it.
    among: &'static str,
}

/// Bits from which on sides that enclosures do not tell apart are read in square roots.
///
/// Below it an inequality is decided by its enclosures or not at all.
const ROOTS_FROM: u32 = 256;

/// Why a side has no value, as the evaluation and as the evidence says it.
///
/// The first of each pair is a text that errors of [`sides`] contain: a change of their words has to be made here
/// too.
const UNDEFINED: [(&str, &str); 2] = [
    ("a division by zero", "a side has no value: a division by zero"),
    ("shapes", "a side has no value: the product or sum does not chain"),
];

/// The reason, where some side has no value for one of these.
fn undefined<T>(sides: &[Sides<T>]) -> Option<&'static str> {
    let errors = |why: &str| {
        let is = |side: &Result<_, String>| side.as_ref().is_err_and(|e| e.contains(why));
        sides.iter().any(|(a, _, b)| is(a) || is(b))
    };
    UNDEFINED.into_iter().find(|(why, _)| errors(why)).map(|(_, says)| says)
}

/// Why a sample is out of scope at which a hypothesis fails, or is not decided with 640 bits.
const NOT_GIVEN: &str = "a hypothesis does not hold";

impl Told {
    /// Without hypotheses, words or a grade asked for.
    fn new(says: Says, scene: impl Fn(&mut Draw<'_>) -> Drawn + Send + Sync + 'static) -> Self {
        Self { says, given: Vec::new(), scene: Arc::new(scene), grade: None, among: "" }
    }
    /// The formula, and the words that say among what it is stated.
    fn text(&self) -> String {
        Text.says(&self.says) + if self.among.is_empty() { "" } else { ", " } + self.among
    }
    /// The symbols, where the hypotheses hold: each is decided in rationals, where that fails by enclosures of 640
    /// bits. What is drawn does not depend on the hypotheses, so that all samples of one size have one length.
    fn draw(&self, draw: &mut Draw<'_>) -> Drawn {
        let table = (self.scene)(draw)?;
        let open = self.given.iter().any(|h| {
            let decided = holds(h, &table, TIE_BITS).or_else(|_| holds(h, &table.with_bits(TIE_BITS), TIE_BITS));
            decided != Ok(Some(true))
        });
        if open { Err(NOT_GIVEN) } else { Ok(table) }
    }
    /// All links as pairs of matrices, for the test of Schwartz and Zippel. A side that is not rational is read in
    /// roots; where it has no such form, an enclosure may still refute the statement, which is told by the sides 1
    /// and 0. Otherwise the list of sides is empty, which leaves the sample undecided.
    fn exact(&self, draw: &mut Draw<'_>) -> Exact {
        let table = match self.draw(draw) {
            Ok(table) => table,
            Err(why) => return Exact::OutOfScope(why),
        };
        let mut out = Vec::new();
        for (at, (a, _, b)) in sides(&self.says, &table, TIE_BITS).unwrap_or_default().into_iter().enumerate() {
            match a.and_then(|a| Ok(same_shape(a, b?))) {
                Ok(pair) => out.push(pair),
                Err(why) if why.contains("shapes") => return Exact::DoesNotChain(why),
                Err(_) => match self.parts(&table, at) {
                    Some(parts) => out.extend(parts.map(|(a, b)| (scalar(a), scalar(b)))),
                    None if holds(&self.says, &table.with_bits(TIE_BITS), TIE_BITS) == Ok(Some(false)) => {
                        return Exact::Sides(vec![(scalar(Rational::one()), scalar(Rational::zero()))]);
                    }
                    None => return Exact::Sides(Vec::new()),
                },
            }
        }
        Exact::Sides(out)
    }
    /// Both sides of a link as `c sqrt(r) exp(e)`.
    fn parts(&self, table: &Table<Rational>, at: usize) -> Option<[(Rational, Rational); 2]> {
        let (a, b) = in_roots(&self.says, table).ok()?.into_iter().nth(at)??;
        a.parts(b)
    }
    /// The pairs of sides at one precision; a statement that cannot be read gives no pair, which is undecided.
    fn margins(&self, draw: &mut Draw<'_>, bits: u32) -> Margins {
        match self.draw(draw) {
            Ok(table) => self.pairs(&table, bits).unwrap_or(Margins::All(Vec::new())),
            Err(why) => Margins::OutOfScope(why),
        }
    }
    /// A link between matrices of rationals gives one pair for each entry; an equality gives both directions. An
    /// equality of irrational sides that an exact argument proves becomes the pair (1, 1), since no precision would
    /// show it.
    ///
    /// # Errors
    /// Sides of different shapes; a side that is no number where it is not rational; a symbol or an index without a
    /// value.
    fn pairs(&self, table: &Table<Rational>, bits: u32) -> Result<Margins, String> {
        let exact = sides(&self.says, table, bits)?;
        if let Some(why) = undefined(&exact) {
            return Ok(Margins::Undefined(why));
        }
        let rational = exact.iter().all(|(a, _, b)| a.is_ok() && b.is_ok());
        let enclosed = if rational { Vec::new() } else { sides(&self.says, &table.with_bits(bits), bits)? };
        if let Some(why) = undefined(&enclosed) {
            return Ok(Margins::Undefined(why));
        }
        let equal = self.says.links().iter().any(|(_, relation, _)| *relation == Relation::Equals);
        let ties = if rational || bits < ROOTS_FROM && !equal { Vec::new() } else { self.ties(table, &exact, bits)? };
        let mut out = Vec::new();
        for (at, link) in exact.into_iter().enumerate() {
            if let (Ok(a), relation, Ok(b)) = link {
                let (a, b) = same_shape(a, b);
                if a.shape() != b.shape() {
                    return Err("shapes differ".into());
                }
                for (a, b) in a.iter().zip(b.iter()) {
                    let (a, b) = relation.order(a, b);
                    let pair = Pair::exact(a, b, bits);
                    out.push(if relation.is_strict() { pair.strictly() } else { pair });
                    out.extend((relation == Relation::Equals).then(|| Pair::exact(b, a, bits)));
                }
                continue;
            }
            let (Value::Scalar(a), relation, Value::Scalar(b)) = enclosed_link(&enclosed, at)? else {
                return Err("scalars were expected".into());
            };
            let tie = ties.get(at).cloned().flatten();
            let ((a, b), pair) = (relation.order(a, b), |a: &Big, b: &Big| Pair::new(a.clone(), b.clone()));
            match relation {
                Relation::Equals if self.grade == Some(Grade::Computed) => out.push(Pair::agree(&a, &b, bits)),
                // No precision tells equal sides apart: where they are known to be equal nothing else is tried.
                Relation::Equals if tie.as_ref().and_then(Tie::order) == Some(Ordering::Equal) => {
                    out.push(Pair::exact(&Rational::one(), &Rational::one(), bits));
                }
                Relation::Equals => out.extend([pair(&a, &b), pair(&b, &a)]),
                _ if relation.is_strict() => out.push(pair(&a, &b).strictly().or_exactly(tie)),
                _ => out.push(pair(&a, &b).or_exactly(tie)),
            }
        }
        Ok(Margins::All(out))
    }
    /// The exact arguments for the links, in their order.
    ///
    /// In the order of preference: a difference that vanishes; the order of products of powers; a difference of which
    /// nothing is known, for the message. The order of [`in_powers`] is that of left to right, and is turned where
    /// the left side is the lesser.
    fn ties(&self, table: &Table<Rational>, exact: &[Sides<Rational>], bits: u32) -> Result<Vec<Option<Tie>>, String> {
        let links = exact.iter().map(|(_, relation, _)| *relation);
        let powers = if bits < ROOTS_FROM { vec![None; exact.len()] } else { in_powers(&self.says, table)? };
        let ties = in_roots(&self.says, table)?.into_iter().zip(powers);
        let tie = |relation: Relation, roots: Option<(Surd, Surd)>, powers: Option<Ordering>| {
            let difference = roots.map(|(a, b)| a.less(b));
            match (difference, powers) {
                (Some(d), _) if d.vanishes() => Some(Tie::Difference(d)),
                (_, Some(order)) => Some(Tie::Ordered(relation.order(order, order.reverse()).0)),
                (d, None) => d.map(Tie::Difference),
            }
        };
        Ok(links.zip(ties).map(|(relation, (roots, powers))| tie(relation, roots, powers)).collect())
    }

    /// A form of this statement: an identity where the grade allows it, else an inequality. An equality graded
    /// `Instance` is tried on instances even if it is rational.
    fn form(&self, step: (&'static str, Sizes), name: &'static str, role: Role, how: How, text: String) -> Form {
        let (told, (id, sizes)) = (self.clone(), step);
        let equal = self.says.links().iter().all(|(_, relation, _)| *relation == Relation::Equals);
        let identity = match self.grade {
            None => equal && self.says.expressions().all(is_rational),
            Some(grade) => equal && grade == Grade::Identity,
        };
        if identity {
            let sides = move |draw: &mut Draw<'_>| told.exact(draw);
            return Form::holds(name, role, Grade::Identity, text, Equality { id, sizes, sides });
        }
        let grade = if self.grade == Some(Grade::Computed) { Grade::Computed } else { Grade::Instance };
        let sides = move |draw: &mut Draw<'_>, _: How, bits: u32| told.margins(draw, bits);
        Form::holds(name, role, grade, text, Inequality { id, sizes, sides, how })
    }
}

/// Made of rational operations and exponentials, as far as it is written out: no norm, root or logarithm, no absolute
/// value, extreme or cases, which are rational by pieces only, and no real power but those with an exponent that a
/// scene makes an integer. An exponential is exact at 0 and is read as a power of e elsewhere.
fn is_rational(e: &Expr) -> bool {
    let irrational = match e.node() {
        Node::Op(Op::Norm | Op::SigmaMin | Op::Sqrt | Op::Ln | Op::ExpRest(_) | Op::LnOver, _) => true,
        Node::Op(Op::Abs | Op::Max | Op::Min, _) | Node::Cases(..) | Node::Fold(Fold::Max | Fold::Min, ..) => true,
        Node::Op(Op::RealPower, v) => !is_whole(&v[1]),
        _ => false,
    };
    !irrational && e.children().into_iter().all(is_rational)
}

/// Symbols, with whole numbers added to and multiplied by them: an exponent that a scene makes an integer.
fn is_whole(e: &Expr) -> bool {
    match e.node() {
        Node::Number(q) => q.as_rug().is_integer(),
        Node::Symbol(..) => true,
        Node::Op(Op::Add | Op::Sub | Op::Mul, v) => v.iter().all(is_whole),
        _ => false,
    }
}

/// # Errors
/// What a side lacks.
fn enclosed_link(links: &[Sides<Big>], at: usize) -> Result<(Value<Big>, Relation, Value<Big>), String> {
    let (a, relation, b) = links.get(at).cloned().ok_or("nothing is enclosed")?;
    Ok((a?, relation, b?))
}

/// Both sides as matrices; the product of no matrices takes the shape of the other side.
fn same_shape(a: Value<Rational>, b: Value<Rational>) -> (DMatrix<Rational>, DMatrix<Rational>) {
    match (matrix(a), matrix(b)) {
        (Some(a), Some(b)) => (a, b),
        (Some(a), None) => (a.clone(), DMatrix::identity(a.nrows(), a.ncols())),
        (None, Some(b)) => (DMatrix::identity(b.nrows(), b.ncols()), b),
        (None, None) => (scalar(1.into()), scalar(1.into())),
    }
}
/// A number as a 1 x 1 matrix; `None` for the product of no matrices.
fn matrix(v: Value<Rational>) -> Option<DMatrix<Rational>> {
    match v {
        Value::Scalar(q) => Some(scalar(q)),
        Value::Matrix(m) => Some(m),
        Value::Unit => None,
    }
}

/// A formula on samples, next to a reduced form that is proved: evidence besides.
///
/// The form is called `literal` and does not carry the claim.
pub(crate) fn literally(
    id: &'static str,
    sizes: Sizes,
    says: Says,
    scene: impl Fn(&mut Draw<'_>) -> Drawn + Send + Sync + 'static,
) -> Form {
    apart((id, sizes), ("literal", Role::Printed), says, scene).besides()
}

/// Another form of a step, by its id, in a scene of its own: it holds.
///
/// The words of the form are the text of the formula.
pub(crate) fn apart(
    step: (&'static str, Sizes),
    (name, role): (&'static str, Role),
    says: Says,
    scene: impl Fn(&mut Draw<'_>) -> Drawn + Send + Sync + 'static,
) -> Form {
    let text = Text.says(&says);
    let how = if role == Role::Printed { How::Printed } else { How::Corrected };
    Told::new(says, scene).form(step, name, role, how, text)
}

/// The state of a [`Step`] that is stated in a scene.
///
/// Later forms replace the statement and keep scene and hypotheses; errors are planted in the last one.
pub struct InScene {
    /// The last form, to which errors are planted.
    told: Told,
    /// Sizes that all forms are tried on.
    sizes: Sizes,
}

impl<B> Step<B> {
    /// What the forms that follow speak of: sizes, and what draws the symbols.
    #[must_use]
    pub fn on(self, sizes: Sizes, scene: impl Fn(&mut Draw<'_>) -> Drawn + Send + Sync + 'static) -> Step<InScene> {
        let told = Told { grade: self.grade, ..Told::new(Says::from(&Expr::from(0)), scene) };
        self.with_body(InScene { told, sizes })
    }
}

/// What several steps share: hypotheses in words, sizes, and the scene that draws the symbols.
///
/// Its functions are `const`: it can be a constant of a proof's file.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Hypotheses in words.
    given: &'static str,
    /// Sizes tried.
    sizes: Sizes,
    /// What draws the symbols.
    scene: fn(&mut Draw<'_>) -> Drawn,
}

impl Setting {
    /// Hypotheses, sizes, scene.
    pub const fn new(given: &'static str, sizes: Sizes, scene: fn(&mut Draw<'_>) -> Drawn) -> Self {
        Self { given, sizes, scene }
    }
    /// The same with other hypotheses.
    #[must_use]
    pub const fn given(self, given: &'static str) -> Self {
        Self { given, ..self }
    }
    /// The same on other sizes.
    #[must_use]
    pub const fn on(self, sizes: Sizes) -> Self {
        Self { sizes, ..self }
    }
}

/// A step in a setting, by id, place and lines as [`Step::new`].
pub fn step(setting: Setting, id: &'static str, place: &'static str, lines: &'static [u32]) -> Step<InScene> {
    Step::new(id, place, lines).given(setting.given).on(setting.sizes, setting.scene)
}

impl Step<InScene> {
    /// The same step with its statement changed.
    fn told(mut self, change: impl FnOnce(&mut Told)) -> Self {
        change(&mut self.body.told);
        self
    }
    /// The step with one more form.
    fn add(self, name: &'static str, role: Role, how: How, text: String, told: &Told, expected: Outcome) -> Self {
        let mut form = told.form((self.claim.id, self.body.sizes), name, role, how, text);
        form.expected = expected;
        self.form(form)
    }
    /// The step with the statement replaced and a form of it added.
    fn stated(self, says: Says, name: &'static str, role: Role, how: How, expected: Outcome) -> Self {
        let grade = self.grade;
        let step = self.told(|t| (t.says, t.grade) = (says, grade));
        let (told, text) = (step.body.told.clone(), step.body.told.text());
        step.add(name, role, how, text, &told, expected)
    }
    /// With a hypothesis, for the forms that follow.
    #[must_use]
    pub fn when(self, hypothesis: Says) -> Self {
        self.told(|t| t.given.push(hypothesis))
    }
    /// What the scene draws of, in words that the forms that follow end with.
    #[must_use]
    pub fn among(self, words: &'static str) -> Self {
        self.told(|t| t.among = words)
    }
    /// The printed form, which holds.
    #[must_use]
    pub fn states(self, says: Says) -> Self {
        self.stated(says, "printed", Role::Printed, How::Printed, Outcome::Verified)
    }
    /// The printed form, which does not hold, and what is wrong with it.
    ///
    /// The recorded outcome is that it is refuted; [`Self::rightly`] gives what is true instead.
    #[must_use]
    pub fn misstates(self, says: Says, fault: Fault, finding: &'static str) -> Self {
        self.stated(says, "printed", Role::Printed, How::Printed, Outcome::Refuted).finding(fault, finding)
    }
    /// The form that is right.
    #[must_use]
    pub fn rightly(self, says: Says) -> Self {
        self.stated(says, "corrected", Role::Corrected, How::Corrected, Outcome::Verified)
    }
    /// A stronger form, which holds.
    #[must_use]
    pub fn sharpened(self, name: &'static str, says: Says) -> Self {
        let told = Told { says, ..self.body.told.clone() };
        let text = told.text();
        self.add(name, Role::Sharpened, How::Corrected, text, &told, Outcome::Verified)
    }
    /// A control: a form that must be refuted, named by the kind of its error.
    fn refuted(self, kind: Plant, text: String, told: &Told) -> Self {
        self.add(kind.name(), Role::Control, How::Planted(kind), text, told, Outcome::Refuted)
    }
    /// The last form with an error in it: it must be refuted.
    ///
    /// An edit that does not fit makes a control that stays undecided, so that the run is not as recorded.
    #[must_use]
    pub fn edited(self, kind: Plant, edit: Edit) -> Self {
        match edit.apply(&self.body.told.says) {
            Ok(says) => self.falsely(kind, says),
            Err(why) => self.form(Form::control(kind.name(), "an edit that does not fit", Unfit(why))),
        }
    }
    /// The last form in another scene, described in words, where it must be refuted.
    #[must_use]
    pub fn elsewhere(
        self,
        kind: Plant,
        words: &str,
        scene: impl Fn(&mut Draw<'_>) -> Drawn + Send + Sync + 'static,
    ) -> Self {
        let told = Told { scene: Arc::new(scene), ..self.body.told.clone() };
        self.refuted(kind, format!("the same {words}"), &told)
    }
    /// Another statement in the scene of the last form, with an error in it: it must be refuted.
    #[must_use]
    pub fn falsely(self, kind: Plant, says: Says) -> Self {
        let told = Told { says, ..self.body.told.clone() };
        self.refuted(kind, told.text(), &told)
    }
    /// The last form without its hypotheses: it must be refuted.
    #[must_use]
    pub fn unconditionally(self) -> Self {
        let told = Told { given: Vec::new(), ..self.body.told.clone() };
        let given: Vec<String> = self.body.told.given.iter().map(|h| Text.says(h)).collect();
        self.refuted(Plant::DroppedHypothesis, format!("the same without {}", given.join(", ")), &told)
    }
    /// The last form with its lesser side larger by a factor: it must be refuted.
    ///
    /// By the strength of the form, not by another formula: `greater >= factor lesser`.
    #[must_use]
    pub fn stronger(self, kind: Plant, factor: Rational) -> Self {
        let told = self.body.told.clone();
        let text = format!("the same with the lesser side times {factor}");
        let how = if self.fault.is_some() { How::Corrected } else { How::Printed };
        let mut form = told.form((self.claim.id, self.body.sizes), kind.name(), Role::Control, how, text);
        form.expected = Outcome::Refuted;
        form.strength = factor;
        self.form(form)
    }
}

impl From<Step<InScene>> for Step {
    fn from(step: Step<InScene>) -> Self {
        step.with_body(Body::Apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::{Enclosure, Field};
    use crate::formula::{fraction, norm, sqrt, var};
    use crate::harness::claim::{Context, Profile};
    use crate::harness::evidence::Verdict;
    use crate::harness::steps::step::Missing;

    const PLANE: Sizes = &[&[2]];

    fn step() -> Step<Missing> {
        Step::new("toy", "nowhere", &[])
    }
    fn vectors(draw: &mut Draw<'_>) -> Drawn {
        let d = draw.size(0);
        Ok(Table::default().vector("a", &draw.vector(d)).vector("b", &draw.vector(d)))
    }
    fn dependent(draw: &mut Draw<'_>) -> Drawn {
        let a = draw.vector(draw.size(0));
        Ok(Table::default().vector("b", &a.map(|v| v * Rational::from(2))).vector("a", &a))
    }
    /// The verdicts of the form of this name.
    fn verdicts(step: Step<InScene>, name: &str) -> Vec<Verdict> {
        let step: Step = step.into();
        let form = step.claim.forms.iter().find(|f| f.name == name).unwrap();
        let list = form.prepare(&Context::new(Profile::Quick, 7)).unwrap();
        (0..list.len()).map(|i| list.evaluate(i, &Rational::one()).verdict).collect()
    }
    fn all(list: &[Verdict], v: Verdict) -> bool {
        !list.is_empty() && list.iter().all(|one| *one == v)
    }

    fn triangle() -> Says {
        norm(var("a") + var("b")).at_most(norm(var("a")) + norm(var("b")))
    }

    #[test]
    fn an_inequality_holds_with_its_cases_of_equality_and_its_errors_are_refuted() {
        let step = || step().on(PLANE, vectors).states(triangle());
        assert!(all(&verdicts(step(), "printed"), Verdict::Holds));
        // Everywhere an equality, of irrational numbers.
        assert!(all(&verdicts(self::step().on(PLANE, dependent).states(triangle()), "printed"), Verdict::Holds));
        let dropped = step().edited(Plant::DroppedTerm, Edit::Drop(norm(var("b"))));
        assert!(verdicts(dropped, Plant::DroppedTerm.name()).contains(&Verdict::Fails));
        let strict = step().edited(Plant::StrictInequality, Edit::Strict(0));
        assert!(verdicts(strict, Plant::StrictInequality.name()).contains(&Verdict::Fails));
        let unfit = step().edited(Plant::DroppedTerm, Edit::Drop(var("c")));
        assert!(all(&verdicts(unfit, Plant::DroppedTerm.name()), Verdict::Undecided));
    }

    #[test]
    fn a_scene_has_words_other_statements_and_numbers_known_by_enclosures() {
        // exp(-1), of which no more is known than that it lies between a third and a half.
        let scene = |_: &mut Draw<'_>| {
            let end = |den: i64, bits| Big::from_rational(&Rational::new(1, den), bits);
            Ok(Table::default().enclosed("p", move |bits| Big::between(&end(3, bits), &end(2, bits))))
        };
        let step = || step().on(PLANE, scene).among("by chance").states(var("p").at_most(fraction(1, 2)));
        assert!(all(&verdicts(step(), "printed"), Verdict::Holds));
        assert_eq!(Step::<Body>::from(step()).claim.forms[0].statement, "p <= 1/2, by chance");
        let other = |says| verdicts(step().falsely(Plant::WrongConstant, says), Plant::WrongConstant.name());
        assert!(all(&other(var("p").at_most(fraction(1, 4))), Verdict::Fails));
        assert!(all(&other(var("p").at_most(fraction(2, 5))), Verdict::Undecided));
    }

    #[test]
    fn hypotheses_decide_what_is_in_scope() {
        let positive =
            |step: Step<InScene>| step.when(var("x").above(0)).states(sqrt(var("x").pow(2)).equals(var("x")));
        let any = || over([Range::any("x")]);
        let list = verdicts(positive(step().on(PLANE, any())), "printed");
        assert!(
            list.contains(&Verdict::Holds) && list.contains(&Verdict::OutOfScope) && !list.contains(&Verdict::Fails)
        );
        let without = positive(step().on(PLANE, any())).unconditionally();
        assert!(verdicts(without, Plant::DroppedHypothesis.name()).contains(&Verdict::Fails));
    }

    #[test]
    fn a_symbol_without_a_value_and_a_division_by_zero_prove_nothing() {
        let missing = step().on(PLANE, vectors).states(norm(var("a")).at_most(var("c")));
        assert!(all(&verdicts(missing, "printed"), Verdict::Undecided));
        let divided =
            step().on(PLANE, |_| Ok(Table::default().scalar("x", 0.into()))).states((1 / var("x")).at_least(0));
        assert!(all(&verdicts(divided, "printed"), Verdict::Fails));
    }
}
