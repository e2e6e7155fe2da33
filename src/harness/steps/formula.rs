//! Steps that are scalar inequalities given as formulas: what is printed is what is proved.
//!
//! The statement is printed by its text reading. Its proof over the whole domain goes over a box: the [`Reduction`] is
//! checked (coordinates, ranges, factor, identity), then the reduced form is proved by subdivision. A planted error is
//! an edit of the printed formula, or another domain; it is refuted by the edited formula itself, at a point of the
//! domain.
//!
//! # What is proved and what is searched
//!
//! A form that is said to hold is compiled from the reduced statements of its [`Reduction`], after
//! [`Reduction::check`] has shown that they imply the printed one; `subdivision::prove` then shows that the least
//! of their differences is not negative on the closed box. A form with an error planted is compiled from the edited
//! formula itself, in the coordinates of the box: points with short fractions are tried, at most 15 values of each
//! coordinate, and one at which an enclosure is negative is decided again at the printed formula with its hypotheses,
//! at up to 640 bits. That point is the counterexample.
//!
//! Where the reduction is not shown, or the budget of boxes is spent, the form is undecided.

use crate::arithmetic::{Big, Enclosure, Field, Rational};
use crate::formula::{
    Edit, Expr, Link, Normal, Range, Reader, Reduction, Relation, Says, Table, Tape, Text, Value, evaluate, holds, ln,
    var,
};
use crate::harness::claim::{Context, Evaluation, Form, Statement};
use crate::harness::evidence::{Grade, Role, Verdict};
use crate::harness::steps::domain::{RUNGS, Scalars, points};
use crate::harness::steps::how::{Plant, Sizes};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::scene::{Drawn, literally};
use crate::harness::steps::step::{Body, Step, Unfit};
use crate::harness::subdivision;
use num_traits::{One, Zero};
use std::sync::OnceLock;

/// A statement over a domain.
///
/// The instances are the domain as a whole, and single points of it, which is what a counterexample shrinks to.
struct Over {
    /// The statement in the printed variables.
    says: Says,
    /// Ranges, hypotheses, coordinates, and the reduced links.
    domain: Reduction,
    /// The reduced form is what is proved; else the printed formula, which has an error planted, is searched for a
    /// counterexample.
    reduced: bool,
    /// The tapes, made at the first evaluation; or why there are none.
    compiled: OnceLock<Result<Vec<Sides>, String>>,
}

/// One inequality on the box: greater side, lesser side, where there is more than one link their difference and zero.
type Sides = (Tape, Tape);

impl Over {
    /// Nothing is compiled yet.
    fn new(says: Says, domain: Reduction, reduced: bool) -> Self {
        Self { says, domain, reduced, compiled: OnceLock::new() }
    }

    /// The tapes, compiled once and shared by all threads.
    fn compiled(&self) -> Result<&[Sides], String> {
        self.compiled.get_or_init(|| self.compile()).as_ref().map(Vec::as_slice).map_err(Clone::clone)
    }
    /// Of one reduced link both sides are kept apart, so that a strength can scale the lesser one; of several the
    /// difference is a side and zero the other, so a strength does not act on a chain. Of an edited statement every
    /// link becomes its difference, times the factor of the reduction where there is one, which is positive and keeps
    /// the sign.
    fn compile(&self) -> Result<Vec<Sides>, String> {
        let names = self.domain.names();
        let tape = |e: &Expr| Tape::new(e, &names);
        if self.reduced {
            self.domain.check(&self.says)?;
            let sides = |s: &Says| s.links().first().map(|(a, r, b)| r.order((*a).clone(), (*b).clone()));
            let all: Vec<_> = self.domain.links.iter().filter_map(|l| sides(&l.reduced)).collect();
            return match &all[..] {
                [(greater, lesser)] => Ok(vec![(tape(greater)?, tape(lesser)?)]),
                several => several.iter().map(|(a, b)| Ok((tape(&(a - b))?, tape(&0.into())?))).collect(),
            };
        }
        self.domain.check_domain(&self.says)?;
        let links = self.says.links();
        let compile = |((a, relation, b), link): (&(&Expr, Relation, &Expr), Option<&Link>)| {
            let (greater, lesser) = relation.order(*a, *b);
            let difference = match link {
                Some(link) if link.logarithms => &link.factor * (ln(greater) - ln(lesser)),
                Some(link) => &link.factor * (greater - lesser),
                None => greater - lesser,
            };
            Ok((tape(&self.at_free(&self.domain.in_coordinates(&difference)))?, tape(&0.into())?))
        };
        (0..links.len()).map(|i| compile((&links[i], self.domain.links.get(i)))).collect()
    }
    /// Printed variables that are no function of the coordinates, with a number of their range.
    ///
    /// The number is 1, or the end nearest to 1 of a range that does not reach it; where that is a lower end that does
    /// not belong to the range, the upper end, or one more.
    fn free(&self) -> Vec<(&Range, Rational)> {
        let coordinates = self.domain.names();
        let inverse = |r: &Range| self.domain.inverse.iter().any(|(v, _)| v.name() == Some(r.name));
        let bound = |r: &&Range| !inverse(r) && !coordinates.contains(&r.name);
        let number = |r: &Range| match (&r.from, &r.to) {
            (Some(a), to) if r.open && *a >= Rational::one() => to.clone().unwrap_or_else(|| a + 1),
            (Some(a), _) if *a >= Rational::one() => a.clone(),
            (_, Some(b)) if *b < Rational::one() => b.clone(),
            _ => Rational::one(),
        };
        self.domain.ranges.iter().filter(bound).map(|r| (r, number(r))).collect()
    }
    /// The formula with these numbers in their place.
    fn at_free(&self, e: &Expr) -> Expr {
        self.free().into_iter().fold(e.clone(), |e, (r, q)| e.put(&var(r.name), &q.into()))
    }
    /// The box: closed ranges of the coordinates, 0 and 1 where an end is missing.
    fn domain(&self) -> Vec<(Rational, Rational)> {
        let ends =
            |r: &Range| (r.from.clone().unwrap_or_else(Rational::zero), r.to.clone().unwrap_or_else(Rational::one));
        self.domain.coordinates.iter().map(|c| ends(&c.range)).collect()
    }

    /// With an error planted the verdict is that of the first point that refutes it, else undecided: a planted error
    /// is never verified.
    fn over_domain(&self, strength: &Rational) -> Evaluation {
        let compiled = match self.compiled() {
            Ok(c) => c,
            Err(why) => return Evaluation::undecided(format!("the reduction is not shown: {why}")),
        };
        let bits = subdivision::BITS;
        let readers: Vec<_> =
            compiled.iter().map(|(a, b)| (a.with_bits::<Big>(bits), b.with_bits::<Big>(bits))).collect();
        let domain = self.domain();
        if !self.reduced {
            // Two thousand and more points; where the edited formula is negative at one, what is shown is that point.
            for point in points(&domain) {
                let Scalars::Point(at) = point else { continue };
                let sides: Vec<Big> = at.iter().map(|q| Big::from_rational(q, bits)).collect();
                if readers.iter().any(|(a, _)| a.evaluate(&sides).is_negative())
                    && let Ok(found) = self.at_point(&at)
                    && found.verdict == Verdict::Fails
                {
                    return found;
                }
            }
            return Evaluation::undecided("no counterexample among the points tried");
        }
        subdivision::evaluate(strength, |s| {
            let times = (!s.is_one()).then(|| Big::from_rational(s, bits));
            subdivision::prove(&domain, |v| {
                let difference = |(a, b): &(Reader<'_, Big>, Reader<'_, Big>)| {
                    let lesser = b.evaluate(v);
                    a.evaluate(v) - times.as_ref().map_or_else(|| lesser.clone(), |t| t * &lesser)
                };
                readers.iter().map(difference).reduce(|a, b| Enclosure::min(&a, &b)).unwrap_or_else(Big::entire)
            })
        })
    }

    /// The printed formula at the point with these coordinates.
    ///
    /// Out of scope outside the box, or where a hypothesis fails. The verdict needs both the hypotheses and the least
    /// difference decided at one precision; 128, 256 and 640 bits are tried.
    ///
    /// # Errors
    /// A hypothesis or a side that has no value at the point.
    fn at_point(&self, coordinates: &[Rational]) -> Result<Evaluation, String> {
        let domain = self.domain();
        let outside = |(q, (a, b)): (&Rational, &(Rational, Rational))| q < a || b < q;
        if coordinates.len() != domain.len() || coordinates.iter().zip(&domain).any(outside) {
            return Ok(Evaluation::out_of_scope("outside the domain"));
        }
        let named = || self.domain.names().into_iter().zip(coordinates);
        let exact = named().fold(Table::default(), |t, (n, q)| t.scalar(n, q.clone()));
        for bits in RUNGS {
            let table = named().fold(Table::default(), |t, (n, q)| t.scalar(n, Big::from_rational(q, bits)));
            let inside = self.hypotheses_hold(&exact, &table, bits)?;
            if inside == Some(false) {
                return Ok(Evaluation::out_of_scope("a hypothesis does not hold there"));
            }
            let least = self.least_difference(&table, bits)?;
            if inside.is_some() && (least.is_nonnegative() || least.is_negative()) {
                let margin = Some(least.to_interval());
                return Ok(Evaluation { margin, ..Evaluation::decided(least.is_nonnegative(), "MPFR") });
            }
        }
        Ok(Evaluation::undecided("not decided at 640 bits"))
    }
    /// Do the hypotheses hold at a point? Exactly where the normal form of their differences is rational there, else
    /// by enclosures.
    ///
    /// The normal form cancels what the coordinates leave, so that a hypothesis that holds with equality at the point
    /// is decided in rationals. `None` where one is not decided and none fails.
    fn hypotheses_hold(&self, exact: &Table<Rational>, table: &Table<Big>, bits: u32) -> Result<Option<bool>, String> {
        let mut all = Some(true);
        for hypothesis in self.domain.hypotheses() {
            for (a, relation, b) in self.here(&hypothesis).links() {
                let (a, b) = relation.order(a, b);
                let difference = Normal::of(&(a - b)).expression();
                let says = if relation.is_strict() { difference.above(0) } else { difference.at_least(0) };
                match holds(&says, exact, bits).or_else(|_| holds(&says, table, bits))? {
                    Some(true) => {}
                    Some(false) => return Ok(Some(false)),
                    None => all = None,
                }
            }
        }
        Ok(all)
    }
    /// The statement in the coordinates.
    ///
    /// Printed variables without an inverse take the number of `Over::free`.
    fn here(&self, says: &Says) -> Says {
        says.map(&mut |e| self.at_free(&self.domain.in_coordinates(e)))
    }
    /// The least difference, greater side less lesser side, of the links.
    ///
    /// # Errors
    /// A side without a value, or one that is no number; a statement without a link.
    fn least_difference(&self, table: &Table<Big>, bits: u32) -> Result<Big, String> {
        let here = self.here(&self.says);
        let difference = |(a, relation, b): (&Expr, Relation, &Expr)| {
            let (a, b) = relation.order(a, b);
            match evaluate(&(a - b), table, bits)? {
                Value::Scalar(d) => Ok(d),
                _ => Err("a scalar was expected".to_string()),
            }
        };
        let all = here.links().into_iter().map(difference).collect::<Result<Vec<Big>, String>>()?;
        all.into_iter().reduce(|a, b| Enclosure::min(&a, &b)).ok_or_else(|| "nothing is stated".into())
    }
}

impl Statement for Over {
    type Instance = Scalars;

    fn instances(&self, _context: &Context) -> Vec<Scalars> {
        vec![Scalars::Domain]
    }
    fn describe(&self, i: &Scalars) -> String {
        let names = self.domain.coordinates.iter().map(|c| match c.formula.name() {
            Some(name) if name == c.range.name => name.to_string(),
            _ => format!("{} = {}", c.range.name, Text.expression(&c.formula)),
        });
        match i {
            Scalars::Domain => {
                let list: Vec<String> =
                    names.zip(self.domain()).map(|(n, (a, b))| format!("{n} in [{a}, {b}]")).collect();
                list.join(", ")
            }
            Scalars::Point(v) => {
                let free = self.free().into_iter().map(|(r, q)| format!("{} = {q}", r.name)).collect::<Vec<_>>();
                let at = names.zip(v).map(|(n, q)| format!("{n} = {q}"));
                at.chain(free).collect::<Vec<_>>().join(", ")
            }
        }
    }
    fn evaluate(&self, i: &Scalars, strength: &Rational) -> Evaluation {
        match i {
            Scalars::Domain => self.over_domain(strength),
            Scalars::Point(v) => self.at_point(v).unwrap_or_else(Evaluation::undecided),
        }
    }
    fn simpler(&self, i: &Scalars) -> Vec<Scalars> {
        if matches!(i, Scalars::Domain) { points(&self.domain()) } else { Vec::new() }
    }
}

/// The state of a [`Step`] that is stated by a formula: the last form that holds, to which errors are planted.
///
/// Reached by [`Step::says`]; every later form replaces what is kept here.
pub struct Printed {
    /// The statement of the last form that holds.
    says: Says,
    /// Its domain.
    domain: Reduction,
}

impl<B> Step<B> {
    /// The printed form, which holds on the whole domain.
    ///
    /// The form is called `printed`, has the grade `Domain` and is expected to be verified.
    #[must_use]
    pub fn says(self, says: Says, domain: Reduction) -> Step<Printed> {
        let form = stated("printed", Role::Printed, &says, &domain);
        self.with_body(Printed { says, domain }).form(form)
    }
}

/// A form that holds on a whole domain.
///
/// The words of the form are the text of the formula.
pub(crate) fn stated(name: &'static str, role: Role, says: &Says, domain: &Reduction) -> Form {
    Form::holds(name, role, Grade::Domain, Text.says(says), Over::new(says.clone(), domain.clone(), true))
}

impl Step<Printed> {
    /// The form that is right, where another is printed (or both are right).
    #[must_use]
    pub fn rightly(self, says: Says, domain: Reduction) -> Self {
        let form = stated("corrected", Role::Corrected, &says, &domain);
        self.with_body(Printed { says, domain }).form(form)
    }
    /// A copy of the last form with an edit: it must be refuted.
    ///
    /// An edit that does not fit makes a control that is undecided, and so a run that is not as recorded: the mistake
    /// cannot pass.
    #[must_use]
    pub fn edited(self, kind: Plant, edit: Edit) -> Self {
        let domain = self.body().domain.clone();
        match edit.apply(&self.body().says) {
            Ok(says) => {
                let text = Text.says(&says);
                self.control(kind, text, Over::new(says, domain, false))
            }
            Err(why) => self.control(kind, "an edit that does not fit".into(), Unfit(why)),
        }
    }
    /// A copy of the last form on another domain, where it must be refuted.
    ///
    /// The words say which hypotheses are new there, or else which are gone.
    #[must_use]
    pub fn elsewhere(self, kind: Plant, domain: Reduction) -> Self {
        let says = self.body().says.clone();
        let known = self.body().domain.hypotheses();
        let new: Vec<String> =
            domain.hypotheses().iter().filter(|h| !known.contains(h)).map(|h| Text.says(h)).collect();
        let text = if new.is_empty() {
            let fewer = known.iter().filter(|h| !domain.hypotheses().contains(h));
            format!("the same without {}", fewer.map(|h| Text.says(h)).collect::<Vec<_>>().join(", "))
        } else {
            format!("the same for {}", new.join(", "))
        };
        self.control(kind, text, Over::new(says, domain, false))
    }
    /// A form that must be refuted, of grade `Domain`.
    fn control<S: Statement>(self, kind: Plant, text: String, body: S) -> Self {
        self.form(Form::control(kind.name(), text, body).graded(Grade::Domain))
    }
    /// A printed formula itself on samples, next to a reduced one that is proved: evidence besides.
    ///
    /// It is graded by its instances and does not carry the claim (`Form::besides`).
    #[must_use]
    pub fn literally(
        self,
        says: Says,
        sizes: Sizes,
        scene: impl Fn(&mut Draw<'_>) -> Drawn + Send + Sync + 'static,
    ) -> Self {
        let form = literally(self.claim.id, sizes, says, scene);
        self.form(form)
    }
}

impl From<Step<Printed>> for Step {
    fn from(step: Step<Printed>) -> Self {
        step.with_body(Body::Apart)
    }
}
