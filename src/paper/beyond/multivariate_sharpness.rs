//! Beyond the paper: a lower bound of the sharpness for several outputs, where Theorem 5 ends without one.
//!
//! | symbol | code | shape |
//! | --- | --- | --- |
//! | W_1, .., W_L, no head; the risk is `norm_F(Y^T - W_L .. W_1 X^T)^2/n` | `layers` | d_k x d_{k-1} |
//! | W* = W_L .. W_1: any layers are a minimiser, for this W* | `product` | d_L x d_0 |
//! | Sigma = R^2, diagonal | `roots`, the diagonal of R | d_0 |
//! | K, whose largest eigenvalue is S | [`Several::gram`] | d_L d_0 x d_L d_0 |
//!
//! **Theorem.** At every minimiser W with W* != 0, `S(W) >= 2 L lambda norm(W*)^(2-2/L)`. *Proof:* the second
//! derivative along D is `(2/n) norm_F(E X^T)^2` with `E = sum_k B_k D_k A_k`, A_k and B_k the products before
//! and after W_k. For a unit vector u it is at least
//! `(2/n) norm(X E^T u)^2`, that of the network with head u for the target `W*^T u`, of which W is a minimiser too;
//! Theorem 2, corrected, bounds its sharpness by `2 L lambda norm(W*^T u)^(2-2/L)`, as norm(u) = 1. Take for u the
//! first left singular vector of W*. `multivariate_lower_bound` of `formal/` is this proof.
//!
//! **Attained** on white data by balanced layers, `W_k` with the L-th roots of the singular values of W*: K has the
//! eigenvalues `2 lambda sum_k sigma_i^(2(L-k)/L) sigma_j^(2(k-1)/L)`, the largest at i = j = 1. So neither the
//! constant nor the operator norm can be replaced by a larger one: with norm_F(W*) it is false.

use crate::arithmetic::{Enclosure, Rational};
use crate::formula::{Expr, Node, Op, Reading, Says, Table, Value, evaluate, fraction, var};
use crate::harness::steps::Matrix;
use crate::harness::{Claim, Context, Evaluation, Form, Statement, Symbols, decide_formula, shorter, stated};
use crate::instances::{Several, enclose};
use crate::linalg::{inertia_at, largest_eigenvalue, rational_eigenvalue, smaller_gram};
use num_traits::{One, Zero};

/// A lower bound of the sharpness.
struct Bound(Says);

/// `S(W) >= constant L eigenvalue size^exponent`; the theorem has 2, lambda, norm(W*) and 2 - 2/L.
fn says(constant: impl Into<Expr>, eigenvalue: &'static str, size: &'static str, exponent: Expr) -> Says {
    var("S(W)").at_least(constant.into() * var("L") * var(eigenvalue) * var(size).power(exponent))
}

/// The names of the norms of W*, and of their squares.
const SQUARES: [(&str, &str); 2] = [("norm(W*)", "norm(W*)^2"), ("norm_F(W*)", "norm_F(W*)^2")];

/// The symbols of the bound at a network; both matrices are exact.
struct Sides<'a> {
    /// The network and its data.
    instance: &'a Several,
    /// L.
    depth: i64,
    /// W*.
    product: Matrix,
    /// K.
    gram: Matrix,
}

impl Symbols for Sides<'_> {
    fn value<E: Enclosure + Reading>(&self, name: &str, _: &[i64], bits: u32) -> Option<Value<E>> {
        let of = |m: &Matrix| m.map(|q| enclose::<E>(&q, bits));
        Some(Value::Scalar(match name {
            "L" => E::from_i64(self.depth),
            "lambda" | "Lambda" => enclose(&self.instance.eigenvalue(name == "Lambda"), bits),
            "norm(W*)" => largest_eigenvalue(&of(&smaller_gram(&self.product))).sqrt(),
            "norm_F(W*)" => enclose::<E>(&smaller_gram(&self.product).trace(), bits).sqrt(),
            "S(W)" => largest_eigenvalue(&of(&self.gram)),
            _ => return None,
        }))
    }
    /// Where the bound is rational no eigenvalue of K, or one, is as large as it.
    fn exactly(&self, says: &Says, strength: &Rational) -> Option<bool> {
        let gram = smaller_gram(&self.product);
        // norm^x is (norm^2)^(x/2): the squares are rational more often.
        let squared = says.rest.first()?.1.rewrite(&mut |e| match e.node() {
            Node::Op(Op::RealPower, v) => {
                let (_, square) = SQUARES.iter().find(|s| v[0].name() == Some(s.0))?;
                Some(var(square).power(&v[1] / 2))
            }
            _ => None,
        });
        let squares = [rational_eigenvalue(&gram, true, 256), Some(gram.trace())];
        let known = SQUARES.iter().zip(squares).filter_map(|(names, square)| Some((names.1, square?)));
        let scene = Table::default()
            .scalar("L", self.depth.into())
            .scalar("lambda", self.instance.eigenvalue(false))
            .scalar("Lambda", self.instance.eigenvalue(true));
        let scene = known.fold(scene, |scene, (name, size)| scene.scalar(name, size));
        let Value::Scalar(bound) = evaluate::<Rational>(&squared, &scene, 0).ok()? else { return None };
        Some(inertia_at(&self.gram, &(strength * bound)).largest().is_ge())
    }
}

impl Statement for Bound {
    type Instance = Several;

    fn instances(&self, context: &Context) -> Vec<Several> {
        (0..context.size(72, 480, 4800)).map(|i| Several::draw(context.seed, i)).collect()
    }
    fn describe(&self, i: &Several) -> String {
        i.describe()
    }
    fn tags(&self, i: &Several) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &Several, strength: &Rational) -> Evaluation {
        let Some(layers) = i.matrices() else {
            return Evaluation::out_of_scope("the layers do not chain, or Sigma is singular");
        };
        let (product, gram) = i.gram(&layers);
        if product.iter().all(Zero::is_zero) {
            return Evaluation::out_of_scope("W* = 0");
        }
        decide_formula(&self.0, &Sides { instance: i, depth: layers.len() as i64, product, gram }, strength)
    }
    fn simpler(&self, i: &Several) -> Vec<Several> {
        let mut out = Vec::new();
        for depth in 1..=3 {
            for (first, second, root) in [(1, 1, 1), (2, 1, 1), (2, 1, 2)] {
                let layer = Matrix::from_diagonal(&vec![Rational::from(first), Rational::from(second)].into());
                let roots = vec![Rational::one(), Rational::from(root)];
                out.push(Several::new(&vec![layer; depth], roots, "balanced"));
            }
        }
        shorter(i, out)
    }
}

/// `multivariate-sharpness`.
pub fn claim() -> Claim {
    let coverage = [("d_L >= 2", 20), ("L >= 5", 10), ("balanced, white data", 5), ("kappa > 1", 10), ("rescaled", 3)];
    let control = |name, says| stated(Form::control, name, says, Bound);
    let exponent = || 2 - 2 / var("L");
    let theorem = says(2, "lambda", "norm(W*)", exponent());
    Claim {
        id: "multivariate-sharpness",
        title: "The sharpness of minimisers with several outputs, from below",
        place: "beyond the paper (Theorem 2 for the risk of Theorem 5)",
        hypotheses: "(A1); W minimises norm_F(Y^T - W_L .. W_1 X^T)^2/n, with product W* != 0; any depth and widths",
        uses: &["theorem-2-depth"],
        forms: vec![
            stated(Form::sharpened, "sharpened", theorem, Bound)
                .with_constant(Rational::from(2), true)
                .requires(&coverage),
            control("percent", says(fraction(202, 100), "lambda", "norm(W*)", exponent())),
            control("frobenius", says(2, "lambda", "norm_F(W*)", exponent())),
            control("largest-eigenvalue", says(2, "Lambda", "norm(W*)", exponent())),
            control("square", says(2, "lambda", "norm(W*)", 2.into())),
        ],
        finding: None,
        remarks: &["The bound is attained: balanced layers, white data."],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::evidence::Verdict;

    #[test]
    fn a_tie_is_decided_where_only_the_square_of_the_norm_is_rational() {
        // sqrt(2) times an orthogonal matrix, three times: norm(W*) = 2 sqrt(2), S = 24 = 2 * 3 * 4.
        let layer = Matrix::from_row_slice(2, 2, &[1, 1, 1, -1].map(Rational::from));
        let at = Several::new(&vec![layer; 3], vec![Rational::one(); 2], "balanced");
        let theorem = Bound(says(2, "lambda", "norm(W*)", 2 - 2 / var("L")));
        let told = theorem.evaluate(&at, &Rational::one());
        assert_eq!((told.verdict, &*told.arithmetic), (Verdict::Holds, "exact rationals"));
        assert_eq!(theorem.evaluate(&at, &Rational::new(101, 100)).verdict, Verdict::Fails);
    }
}
