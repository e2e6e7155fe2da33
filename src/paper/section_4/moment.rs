//! The symbols of Section 4 at one moment of a flow, and the inequalities that are said in them.
//!
//! | paper | symbol | from |
//! | --- | --- | --- |
//! | L, lambda, Lambda, norm(w*), S_min | the same | [`Setting`] |
//! | epsilon, epsilon-bar (B.3) | `epsilon`, `epsilon-bar` | [`Setting::initial`] |
//! | D, D_k, D_j + .. + D_{k-1} | `D`, `D` with an index, `D_` with two | |
//! | mu of B.4 | `mu` | [`proof_constant`] |
//! | sigma_k, sigma_k^2, norm(w_prod) | `sigma`, `sigma^2`, `norm(w_prod)` | [`Observables`] |
//! | norm_F(W_k)^2 - norm_2(W_k)^2 | `tail` | |
//! | max_k sigma_k^2 - min_j sigma_j^2 | `spread` | |
//! | sigma_{k+1}^2 (1 - <v_{k+1}, u_k>^2) | `misalignment` | |
//! | sigma_k^2 - norm(w_prod)^(2/L), and its opposite | `over`, `under` | |
//! | sum_k norm_F(grad_k)^2, R - R_min | `gradient`, `excess` | |
//!
//! **One formula, one place.** An [`Inequality`] is evaluated at the points of a numerical trajectory, over the
//! segments of a certified tube, at single networks and at the limits of aligned starts; and the report prints it.
//! Eigenvalues and their differences are enclosed by code and enter as symbols; [`Inequality::text`] writes them out.
//!
//! **To add a symbol**: a line in `Moment::constant` or `Moment::observed` that encloses it, one in `written_out` if
//! it stands for a formula, one in `LEGENDS` if only words say what it is, and a row in the table above. A name
//! without a value is reported by name when a formula asks for it; it never counts as zero.

use crate::arithmetic::{Interval, Real, Ring};
use crate::flow::observables::Observables;
use crate::formula::{Expr, Node, Says, Scene, Text, Value, at, at2, dot, max_over, min_over, square, sum, var};
use crate::harness::claim::{Form, Statement};
use crate::harness::pairs::{Pair, pairs};
use crate::paper::section_4::setting::Setting;
use crate::paper::section_4::theorem_3::constants::{drop_floor, proof_constant};

/// What is seen besides the constants of the initialisation.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// A point of a trajectory, or a segment of a tube.
    Flow(&'a Observables),
    /// One number: the sharpness of the limit, a singular value there.
    Number(&'static str, Interval),
}

/// A moment of a flow.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The constants.
    pub setting: &'a Setting,
    /// What is seen.
    pub seen: Seen<'a>,
}

impl Moment<'_> {
    /// Names are those of the table at the head of the file, indices are 1-based layers between 1 and L: `D` with an
    /// index is norm(Delta_k), `s` the span of its spectrum, `T` the bound of the tail of a layer. `None` for a name
    /// that is no constant, and for a gap beyond Delta_{L-1}.
    fn constant(&self, name: &str, indices: &[usize]) -> Option<Interval> {
        let (s, i) = (self.setting, &self.setting.initial);
        Some(match (name, indices) {
            ("L", []) => Interval::from_i64(s.depth as i64),
            ("lambda", []) => s.lambda,
            ("Lambda", []) => s.lambda_max,
            ("norm(w*)", []) => s.w_star_norm,
            ("S_min", []) => s.s_min(),
            ("mu", []) => proof_constant(s),
            ("p", []) => drop_floor(s),
            ("epsilon", []) => i.epsilon(),
            ("epsilon-bar", []) => i.epsilon_bar(),
            ("D", []) => i.imbalance(),
            ("D", [k]) => i.gaps.get(k - 1)?.norm,
            ("D_", [j, k]) => i.between(*j.min(k), *j.max(k)),
            ("s", [k]) => i.gaps.get(k - 1)?.span,
            ("T", [k]) => i.tail_bound(*k),
            ("sigma^2(0)", [k]) => i.sigma_squared[k - 1],
            _ => return None,
        })
    }
    /// A [`Seen::Number`] has its own name only. `misalignment` exists for k up to L - 1.
    fn observed(&self, name: &str, indices: &[usize]) -> Option<Interval> {
        let o = match self.seen {
            Seen::Number(known, value) => return (known == name && indices.is_empty()).then_some(value),
            Seen::Flow(o) => o,
        };
        Some(match (name, indices) {
            ("norm(w_prod)", []) => o.product_norm,
            ("gradient", []) => o.gradient_norm_squared,
            ("excess", []) => o.excess_risk,
            ("spread", []) => o.spread,
            ("rest", []) => Interval::point(self.setting.remaining_path(&o.excess_risk)),
            ("sigma^2", [k]) => o.sigma_squared[k - 1],
            ("sigma", [k]) => o.sigma_squared[k - 1].sqrt(),
            ("tail", [k]) => o.tail[k - 1],
            ("over", [k]) => o.balance[k - 1],
            ("under", [k]) => -o.balance[k - 1],
            ("misalignment", [k]) => *o.misalignment.get(k - 1)?,
            _ => return None,
        })
    }
}

impl Scene<Interval> for Moment<'_> {
    fn get(&self, name: &str, indices: &[i64]) -> Option<Value<Interval>> {
        let layer = |k: &i64| usize::try_from(*k).ok().filter(|k| (1..=self.setting.depth).contains(k));
        let at = indices.iter().map(layer).collect::<Option<Vec<_>>>()?;
        self.constant(name, &at).or_else(|| self.observed(name, &at)).map(Value::Scalar)
    }
}

/// What is said at a moment.
///
/// A formula is preferred: what is printed is then what is evaluated. Code is for statements that leave out pairs by
/// what is known of the layers (rank, zeros), of which a formula cannot speak.
#[derive(Clone, Debug)]
pub enum Inequality {
    /// A formula in the symbols of [`Moment`].
    Says(Says),
    /// In words and by code: where the enclosures of some layers are told apart before they are compared.
    Code(&'static str, fn(&Observables, &Setting) -> Vec<Pair>),
}

impl From<Says> for Inequality {
    fn from(says: Says) -> Self {
        Self::Says(says)
    }
}

/// What symbols without a formula of their own stand for.
const LEGENDS: [(&str, &str); 6] = [
    ("T", "T_k the sum over i >= k of (largest eigenvalue - trace)(Delta_i)"),
    ("s", "s_k the largest less the smallest eigenvalue of Delta_k"),
    ("D_", "D_{j,k} the sum of the D_i between the layers j and k"),
    ("mu", "mu of B.4 at the best C"),
    ("p", "p = (R_0 - R(W(1)))/(2 Lambda norm(w*))"),
    ("rest", "rest = 2 sqrt((R - R_min)/mu(t)), the most that is left of the path, mu(t) without cases"),
];

impl Inequality {
    /// At a moment.
    ///
    /// # Errors
    /// Names a symbol that has no value there.
    ///
    /// One pair `greater >= lesser` for each link of the formula and each value of its indices, both sides enclosed;
    /// an empty list says that the statement does not speak at this moment, which [`crate::harness::pairs::judge`]
    /// does not count as a success. A statement by code leaves out the pairs that it recognises as equalities.
    pub fn pairs(&self, setting: &Setting, seen: Seen<'_>) -> Result<Vec<Pair>, String> {
        match (self, seen) {
            (Self::Says(says), _) => pairs(says, &Moment { setting, seen }),
            (Self::Code(_, of), Seen::Flow(o)) => Ok(of(o, setting)),
            (Self::Code(words, _), Seen::Number(..)) => Err(format!("{words}: only a flow has these symbols")),
        }
    }
    /// The formula with its symbols written out, or the words.
    ///
    /// Enclosed differences are written as what they stand for (`tail_k` as `norm_F(W_k)^2 - sigma_k^2`), and a
    /// legend follows for every symbol of `LEGENDS` that occurs: the report prints no name of the code.
    pub fn text(&self) -> String {
        let says = match self {
            Self::Says(says) => says,
            Self::Code(words, _) => return (*words).into(),
        };
        let of = LEGENDS.iter().filter(|l| says.expressions().any(|e| mentions(e, l.0)));
        let written = Text.says(&says.map(&mut |e| e.rewrite(&mut written_out)));
        of.fold(written, |text, legend| text + "; " + legend.1)
    }
}

/// A symbol of this name occurs in the expression, at any depth.
fn mentions(e: &Expr, name: &str) -> bool {
    matches!(e.node(), Node::Symbol(own, _) if *own == name) || e.children().into_iter().any(|c| mentions(c, name))
}

/// What the name of an enclosed number stands for.
fn written_out(e: &Expr) -> Option<Expr> {
    let Node::Symbol(name, indices) = e.node() else { return None };
    let squared = |k: &Expr| at("sigma", k).pow(2);
    let level = || var("norm(w_prod)").power(2 / var("L"));
    Some(match (*name, &indices[..]) {
        ("D_", [j, k]) => at2("D", j, k),
        ("sigma^2", [k]) => squared(k),
        ("sigma^2(0)", [k]) => at("sigma(0)", k).pow(2),
        ("tail", [k]) => square(at("W", k)) - squared(k),
        ("over", [k]) => squared(k) - level(),
        ("under", [k]) => level() - squared(k),
        ("misalignment", [k]) => squared(&(k + 1)) * (1 - dot(at("v", k + 1), at("u", k)).pow(2)),
        ("spread", []) => {
            max_over("k", 1, var("L"), squared(&var("k"))) - min_over("j", 1, var("L"), squared(&var("j")))
        }
        ("gradient", []) => sum("k", 1, var("L"), square(at("grad", var("k")))),
        ("excess", []) => var("R") - var("R_min"),
        ("S", []) => var("S(W^SI)"),
        ("rate", []) => written_out(&var("gradient"))? / written_out(&var("excess"))?,
        _ => return None,
    })
}

/// A form whose words come with its body; `make` is one of the constructors of [`Form`].
pub fn told<S: Statement>(make: fn(&'static str, String, S) -> Form, name: &'static str, told: (String, S)) -> Form {
    make(name, told.0, told.1)
}
