//! The readings in words: text for the terminal, LaTeX for the report, terms of Coq over its real numbers.
//!
//! One tree has three notations. Each is written bottom up as a pair of a text and how tightly it holds together
//! ([`Binding`]); a part that binds less than its place asks for is put in brackets. So brackets stand where the
//! grammar needs them, and in text around a fraction in front of a factor; the text can be read back to the same value,
//! which the tests do for formulas without roots.
//!
//! Names are the paper's. Those that LaTeX and Coq write differently are in one table; any other name is printed as
//! it is. A formula with vectors, matrices or folds has no meaning in Coq's notation here: what is given to Coq is
//! scalar.

use super::expr::{Expr, Fold, Node, Op};
use super::normal::rest_written_out;
use super::says::Range;
use crate::arithmetic::Rational;
use crate::formula::expr::{Relation, Says};
use num_traits::One;

/// A notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For the terminal: `2 L norm(w*)^(2 - 2/L)`.
    Text,
    /// `2 L \left\|w^\star\right\|^{2 - \frac{2}{L}}`.
    Latex,
    /// A term or a proposition over `R`, for scalar formulas.
    Coq,
}
use Style::{Coq, Latex, Text};

/// Names that LaTeX and Coq write differently: text, LaTeX, Coq.
const NAMES: &[(&str, &str, &str)] = &[
    ("alpha", "\\alpha", "alpha"),
    ("eps", "\\varepsilon", "eps"),
    ("eta", "\\eta", "eta"),
    ("h~", "\\tilde{h}", "h_tilde"),
    ("lambda", "\\lambda", "lambda"),
    ("Lambda", "\\Lambda", "Lambda"),
    ("norm(w*)", "\\left\\|w^\\star\\right\\|", "norm_w"),
    ("rho", "\\rho", "rho"),
    ("sigma", "\\sigma", "sigma"),
    ("sqrt(L)", "\\sqrt{L}", "sqrt_L"),
    ("tau", "\\tau", "tau"),
    ("theta", "\\theta", "theta"),
    ("w*", "w^\\star", "w_star"),
    ("w_prod", "w_{\\mathrm{prod}}", "w_prod"),
    ("xi", "\\xi", "xi"),
];

/// How tightly an expression holds together: sums, products, powers, atoms.
///
/// A larger number binds more tightly. A minus sign in front binds like a sum, a fraction like a product.
type Binding = u8;
/// Sums, differences, opposites.
const SUM: Binding = 1;
/// Products, quotients, and folds.
const PRODUCT: Binding = 2;
/// Powers, transposes; in Coq also applications of a function.
const POWER: Binding = 3;
/// Names, whole numbers, calls and what stands in brackets.
const ATOM: Binding = 4;

/// With numbers added to numbers, `L - 1 + 1` as L.
///
/// Only `a + b` and `(e + a) + b` with numbers a, b are changed, and differences likewise, at every depth. It serves
/// the ends of a product that is printed by its first and last factor, where the index is replaced by its value:
/// `a_{L - 1 + 1}` is printed as `a_L`.
fn tidy(e: &Expr) -> Expr {
    let e = e.map(&mut tidy);
    let shift = |op: Op, n: &Rational| if op == Op::Add { n.clone() } else { -n };
    let Node::Op(op @ (Op::Add | Op::Sub), v) = e.node() else { return e };
    let Some(by) = v[1].number().map(|n| shift(*op, n)) else { return e };
    let (base, by) = match v[0].node() {
        Node::Number(a) => return (a + by).into(),
        Node::Op(op @ (Op::Add | Op::Sub), w) => match w[1].number() {
            Some(n) => (&w[0], by + shift(*op, n)),
            None => return e,
        },
        _ => return e,
    };
    match by.sign() {
        0 => base.clone(),
        s if s > 0 => base + by,
        _ => base - (-by),
    }
}

impl Style {
    /// The notation of a symbol's name.
    fn name(self, name: &str) -> String {
        match (self, NAMES.iter().find(|row| row.0 == name)) {
            (Latex, Some(row)) => row.1.into(),
            (Coq, Some(row)) => row.2.into(),
            _ => name.into(),
        }
    }
    /// Brackets grow with their content in LaTeX.
    fn in_brackets(self, s: &str) -> String {
        if self == Latex { format!("\\left({s}\\right)") } else { format!("({s})") }
    }
    /// In brackets where it binds less than asked for.
    fn bound(self, e: &Expr, least: Binding) -> String {
        let (s, binding) = self.written(e);
        if binding < least { self.in_brackets(&s) } else { s }
    }
    /// A function applied to an argument: juxtaposed in Coq, with brackets else.
    fn call(self, function: &str, e: &Expr) -> (String, Binding) {
        match self {
            Coq => (format!("{function} {}", self.bound(e, ATOM)), POWER),
            _ => (format!("{function}{}", self.in_brackets(&self.expression(e))), ATOM),
        }
    }
    /// The expression in this notation.
    ///
    /// Without outer brackets.
    pub fn expression(self, e: &Expr) -> String {
        match e.node() {
            // A sum that ends the expression needs no brackets.
            Node::Op(Op::Mul, v) if self != Coq && matches!(v[1].node(), Node::Fold(Fold::Sum, ..)) => {
                self.product(&v[0], &v[1], PRODUCT).0
            }
            _ => self.written(e).0,
        }
    }
    /// The text of a node and how tightly it binds.
    fn written(self, e: &Expr) -> (String, Binding) {
        match e.node() {
            Node::Number(q) => self.number(q),
            Node::Symbol(name, indices) => {
                // W_k(0): the index belongs to the name.
                let (name, moment) = name.strip_suffix("(0)").map_or((*name, ""), |name| (name, "(0)"));
                // s^2, nabla R^1: a second superscript needs brackets.
                let binding = if self != Coq && name.contains('^') { POWER } else { ATOM };
                let name = self.name(name);
                let list: Vec<String> = indices.iter().map(|i| self.expression(i)).collect();
                let joined = list.join(",");
                match (self, &list[..]) {
                    (_, []) => (name + moment, binding),
                    (Coq, _) => (format!("{name}{moment} {}", self.bound(&indices[0], ATOM)), POWER),
                    (Text, [one]) if one.chars().all(char::is_alphanumeric) => {
                        (format!("{name}_{one}{moment}"), binding)
                    }
                    _ => (format!("{name}_{{{joined}}}{moment}"), binding),
                }
            }
            Node::Op(op, v) => self.operation(*op, v),
            Node::Fold(fold, index, [first, last, term]) => self.fold(*fold, index, first, last, term),
            Node::Cases(list, last) => self.cases(list, last),
        }
    }
    /// A whole number has no line of a fraction; a negative number binds like a sum, so that it gets brackets as a
    /// factor.
    fn number(self, q: &Rational) -> (String, Binding) {
        let (num, den) = (q.as_rug().numer(), q.as_rug().denom());
        let sign = if q.sign() < 0 { SUM } else { PRODUCT };
        match (self, *den == 1) {
            (_, true) => (num.to_string(), if q.sign() < 0 { SUM } else { ATOM }),
            (Latex, false) if q.sign() < 0 => (format!("-\\frac{{{}}}{{{den}}}", num.clone().abs()), SUM),
            (Latex, false) => (format!("\\frac{{{num}}}{{{den}}}"), PRODUCT),
            (Coq, false) => (format!("{num} / {den}"), sign),
            (Text, false) => (format!("{num}/{den}"), sign),
        }
    }
    /// A sum or an extreme with its range; a product by its first and last factor, `W_L .. W_1`, whatever its length.
    fn fold(self, fold: Fold, index: &'static str, first: &Expr, last: &Expr, term: &Expr) -> (String, Binding) {
        let ends = [first, last].map(|end| self.bound(&tidy(&term.put(&super::var(index), end)), POWER));
        let (a, b) = (self.expression(first), self.expression(last));
        let each = self.bound(term, PRODUCT);
        match (fold, self) {
            (Fold::Product | Fold::Descent | Fold::Ascent, Latex) => (ends.join(" \\cdots "), PRODUCT),
            (Fold::Product | Fold::Descent | Fold::Ascent, _) => (ends.join(" .. "), PRODUCT),
            (Fold::Sum, Latex) => (format!("\\sum_{{{index}={a}}}^{{{b}}} {each}"), PRODUCT),
            (Fold::Sum, _) => (format!("sum_{{{index}={a}}}^{{{b}}} {each}"), PRODUCT),
            (Fold::Max | Fold::Min, _) => {
                let le = self.relation(Relation::AtMost);
                let name = if fold == Fold::Max { "max" } else { "min" };
                let slash = if self == Latex { "\\" } else { "" };
                (format!("{slash}{name}_{{{a} {le} {index} {le} {b}}} {each}"), PRODUCT)
            }
        }
    }
    /// In Coq `if .. then .. else` on a decidable comparison; of a condition only the first link is printed there.
    fn cases(self, list: &[(Says, Expr)], last: &Expr) -> (String, Binding) {
        let last = self.expression(last);
        if self == Latex {
            let rows: String =
                list.iter().map(|(c, e)| format!("{} & {} \\\\ ", self.expression(e), self.says(c))).collect();
            return (format!("\\begin{{cases}} {rows}{last} & \\text{{otherwise}} \\end{{cases}}"), ATOM);
        }
        let first: String = list
            .iter()
            .map(|(c, e)| match self {
                Coq => {
                    let c = c.links().first().map(|(a, r, b)| self.decision(a, *r, b)).unwrap_or_default();
                    format!("if {c} then {} else ", self.expression(e))
                }
                _ => format!("{} if {}, else ", self.expression(e), self.says(c)),
            })
            .collect();
        (self.in_brackets(&format!("{first}{last}")), ATOM)
    }
    /// A decidable comparison of two real numbers in Coq.
    fn decision(self, a: &Expr, relation: Relation, b: &Expr) -> String {
        let (a, b) = (self.bound(a, ATOM), self.bound(b, ATOM));
        match relation {
            Relation::AtMost => format!("Rle_dec {a} {b}"),
            Relation::AtLeast => format!("Rle_dec {b} {a}"),
            Relation::Below => format!("Rlt_dec {a} {b}"),
            Relation::Above => format!("Rlt_dec {b} {a}"),
            Relation::Equals => format!("Req_EM_T {a} {b}"),
        }
    }
    /// What has no sign of its own ([`super::exp_rest`], [`super::ln_over`]) is written by its definition.
    fn operation(self, op: Op, v: &[Expr]) -> (String, Binding) {
        let (Some(a), Some(b)) = (v.first(), v.last()) else { return (String::new(), ATOM) };
        let sum = |sign: &str| (format!("{} {sign} {}", self.bound(a, SUM), self.bound(b, PRODUCT)), SUM);
        let pair = |name: &str| match self {
            Coq => (format!("R{name} {} {}", self.bound(a, ATOM), self.bound(b, ATOM)), POWER),
            Latex => (format!("\\{name}\\left({}, {}\\right)", self.expression(a), self.expression(b)), ATOM),
            Text => (format!("{name}({}, {})", self.expression(a), self.expression(b)), ATOM),
        };
        match op {
            Op::Add => sum("+"),
            Op::Sub => sum("-"),
            Op::Neg => (format!("-{}", self.bound(a, PRODUCT)), SUM),
            Op::Mul => self.product(a, b, POWER),
            Op::Div => self.quotient(a, b),
            Op::Power(n) => self.power(a, n),
            Op::RealPower if self == Coq => (format!("Rpower {} {}", self.bound(a, ATOM), self.bound(b, ATOM)), POWER),
            Op::RealPower if self == Latex => (format!("{}^{{{}}}", self.bound(a, ATOM), self.expression(b)), POWER),
            Op::RealPower => (format!("{}^{}", self.bound(a, ATOM), self.bound(b, ATOM)), POWER),
            Op::Sqrt if self == Latex => (format!("\\sqrt{{{}}}", self.expression(a)), ATOM),
            Op::Sqrt => match (a.node(), self) {
                // The root of a squared Frobenius norm is that norm.
                (Node::Op(Op::Square, inner), Text) => self.call("norm_F", &inner[0]),
                _ => self.call("sqrt", a),
            },
            Op::Abs => match self {
                Latex => (format!("\\left|{}\\right|", self.expression(a)), ATOM),
                Coq => self.call("Rabs", a),
                Text => (format!("|{}|", self.expression(a)), ATOM),
            },
            Op::Exp => self.call(if self == Latex { "\\exp" } else { "exp" }, a),
            Op::Ln => self.call(if self == Latex { "\\ln" } else { "ln" }, a),
            // Printed by their definitions.
            Op::ExpRest(n) => self.written(&rest_written_out(n, a)),
            Op::LnOver => self.written(&(super::ln(1 + a) / a)),
            Op::Max => pair("max"),
            Op::Min => pair("min"),
            Op::Transpose if self == Latex => (format!("{}^{{\\top}}", self.bound(a, ATOM)), POWER),
            Op::Transpose => (format!("{}^T", self.bound(a, ATOM)), POWER),
            Op::Norm if self == Latex => (format!("\\left\\|{}\\right\\|", self.expression(a)), ATOM),
            Op::Norm => (format!("norm({})", self.expression(a)), ATOM),
            Op::SigmaMin => self.call(if self == Latex { "\\sigma_{\\min}" } else { "sigma_min" }, a),
            Op::Square if self == Latex => (format!("\\left\\|{}\\right\\|_F^2", self.expression(a)), POWER),
            Op::Square => (format!("norm_F({})^2", self.expression(a)), POWER),
            Op::Dot if self == Latex => {
                (format!("\\left\\langle {}, {}\\right\\rangle", self.expression(a), self.expression(b)), ATOM)
            }
            Op::Dot => (format!("<{}, {}>", self.expression(a), self.expression(b)), ATOM),
        }
    }
    /// The right factor in brackets where it binds less than `least`.
    fn product(self, a: &Expr, b: &Expr, least: Binding) -> (String, Binding) {
        if self == Coq {
            return (format!("{} * {}", self.bound(a, PRODUCT), self.bound(b, POWER)), PRODUCT);
        }
        // A factor 1 is not written.
        let one = |e: &Expr| e.number().is_some_and(One::is_one);
        if one(a) {
            return self.written(b);
        }
        let a = match a.node() {
            Node::Op(Op::Mul, v) if one(&v[0]) => &v[1],
            _ => a,
        };
        // A whole number in front is a sign and digits.
        if let Some(q) = a.number()
            && q.sign() < 0
            && q.as_rug().is_integer()
        {
            return (format!("{q} {}", self.bound(b, least)), SUM);
        }
        let left = match a.node() {
            // In text the line of a fraction in front ends nowhere.
            Node::Op(Op::Div, _) | Node::Number(_) if self == Text => self.bound(a, POWER),
            _ => self.bound(a, PRODUCT),
        };
        let right = self.bound(b, least);
        // Two numbers side by side would be one.
        let dot = right.starts_with(|c: char| c.is_ascii_digit());
        let times = match self {
            Latex if dot => " \\cdot ",
            Text if dot => " * ",
            _ => " ",
        };
        (format!("{left}{times}{right}"), PRODUCT)
    }
    /// A fraction, which needs no brackets in LaTeX.
    fn quotient(self, a: &Expr, b: &Expr) -> (String, Binding) {
        match self {
            Latex => (format!("\\frac{{{}}}{{{}}}", self.expression(a), self.expression(b)), PRODUCT),
            Coq => (format!("{} / {}", self.bound(a, PRODUCT), self.bound(b, POWER)), PRODUCT),
            Text => {
                // One over a product of symbols: the product in brackets, the dividend without.
                (format!("{}/{}", self.bound(a, PRODUCT), self.bound(b, POWER)), PRODUCT)
            }
        }
    }
    /// An integer power; a negative one is a reciprocal in Coq, whose `^` takes natural numbers.
    fn power(self, a: &Expr, n: i32) -> (String, Binding) {
        match self {
            Coq if n < 0 => (format!("/ {} ^ {}", self.bound(a, ATOM), n.unsigned_abs()), PRODUCT),
            Coq => (format!("{} ^ {n}", self.bound(a, ATOM)), POWER),
            Latex => (format!("{}^{{{n}}}", self.bound(a, ATOM)), POWER),
            Text if n < 0 => (format!("{}^({n})", self.bound(a, ATOM)), POWER),
            Text => (format!("{}^{n}", self.bound(a, ATOM)), POWER),
        }
    }
    /// The sign of a relation.
    fn relation(self, relation: Relation) -> &'static str {
        match (self, relation) {
            (Latex, Relation::AtLeast) => "\\geq",
            (Latex, Relation::AtMost) => "\\leq",
            (_, Relation::AtLeast) => ">=",
            (_, Relation::AtMost) => "<=",
            (_, Relation::Equals) => "=",
            (_, Relation::Above) => ">",
            (_, Relation::Below) => "<",
        }
    }
    /// The statement in this notation.
    ///
    /// Joined statements are printed after the chain. Coq's proposition is a conjunction of links; ranges of indices
    /// are left out there.
    pub fn says(self, says: &Says) -> String {
        let mut out = if self == Coq { self.proposition(says) } else { self.chain(says) };
        for other in &says.and {
            out += match self {
                Text => " and ",
                Latex => " \\quad\\text{and}\\quad ",
                Coq => " /\\ ",
            };
            out += &self.says(other);
        }
        out
    }
    /// Members with their relations, then the ranges of the indices.
    fn chain(self, says: &Says) -> String {
        let mut out = self.expression(&says.first);
        for (relation, e) in &says.rest {
            out += &format!(" {} {}", self.relation(*relation), self.expression(e));
        }
        let le = self.relation(Relation::AtMost);
        for (index, first, last) in &says.each {
            let quad = if self == Latex { "\\quad " } else { "" };
            out += &format!(", {quad}{} {le} {index} {le} {}", self.expression(first), self.expression(last));
        }
        out
    }
    /// The links of the statement's own chain, joined by conjunctions.
    fn proposition(self, says: &Says) -> String {
        let own = Says { and: Vec::new(), ..says.clone() };
        let link = |(a, r, b): &(&Expr, Relation, &Expr)| {
            format!("{} {} {}", self.expression(a), self.relation(*r), self.expression(b))
        };
        own.links().iter().map(link).collect::<Vec<_>>().join(" /\\ ")
    }
    /// Ranges of variables in words.
    pub fn ranges(self, ranges: &[Range]) -> String {
        let one = |r: &Range| {
            let says = r.says();
            if says.is_empty() {
                return format!("any {}", self.name(r.name));
            }
            match (&r.from, &r.to) {
                (Some(a), Some(b)) if !r.open => {
                    let le = self.relation(Relation::AtMost);
                    format!("{} {le} {} {le} {}", self.number(a).0, self.name(r.name), self.number(b).0)
                }
                _ => says.iter().map(|s| self.says(s)).collect::<Vec<_>>().join(", "),
            }
        };
        ranges.iter().map(one).collect::<Vec<_>>().join(", ")
    }
    /// A closed statement for Coq: for all variables in their ranges, from the hypotheses.
    ///
    /// Hypotheses are the ranges first, then the others, in their order.
    pub fn goal(name: &str, ranges: &[Range], given: &[Says], says: &Says) -> String {
        let variables: Vec<String> = ranges.iter().map(|r| Coq.name(r.name)).collect();
        let mut out = format!("Theorem {name} : forall {} : R,\n", variables.join(" "));
        for hypothesis in ranges.iter().flat_map(Range::says).chain(given.iter().cloned()) {
            out += &format!("  {} ->\n", Coq.says(&hypothesis));
        }
        format!("{out}  {}.\n", Coq.says(says))
    }
}
