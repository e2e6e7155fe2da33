//! The proof of Lemma 7 (Appendix A): the Polyak-Lojasiewicz inequality gives exponential decay along the gradient
//! flow.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | f | in [`along`] any polynomial with these terms, in [`wells`] with a known constant mu | R^p -> R |
//! | x(t), dx/dt | a point and a direction: dual numbers `x + e dx/dt` | p |
//! | f(x(t)) - f_min | `u(t) = P(t) e^(-mu t)` in the comparison; g is its start times `e^(-mu t)` | scalars |
//!
//! **Finding (line 557).** As printed the hypothesis has no square. The proof plugs in
//! `norm(grad f)^2 >= mu (f - f_min)`, which does not follow from `norm(grad f) >= mu (f - f_min)`: with norm(grad f) =
//! mu (f - f_min) = 1/2 it reads 1/4 >= 1/2. It happens along a flow: `f = x^4` from x(0) = 1 with mu = 4 satisfies the
//! printed hypothesis for all t (4 x^3 >= 4 x^4 on `[0, 1]`), the squared one fails as soon as x < 1/2, and the
//! conclusion fails at t = 2 (claim `lemma-7`). A lost superscript may be the extraction's. Theorem 3 and B.8 state and
//! use the squared inequality: nothing that is built on the lemma changes.
//!
//! **Comparison.** "is smaller that the solution g" must be read as "at most": both are equal at t = 0. The theorem
//! quoted is not needed: with E = e^(mu t), `(u E)' = (u' + mu u) E <= 0`. Here u is any function of the form
//! `e^(-mu t) (u(0) - int_0^t q^2)`, q linear, which is what `u' <= -mu u` says; a positive number stands for
//! `e^(-mu t)`, with the derivative that it has, so that all is exact.
//!
//! **The steps, in the order of the text.** Line 557, what is plugged in: subdivision, refuted without the square.
//! Line 569, the chain rule: identity for polynomials f of degree 4. Lines 575 and 581, the differential inequality:
//! instances with a known mu. Line 585, the comparison: instances, exact. Line 587, the solution: identity of its
//! first coefficients. That the argument holds for every differentiable f is its one line, `(u E)' <= 0`, and
//! `lemma_7_corrected` of `formal/`.

use crate::arithmetic::{Big, Dual, Rational, Ring};
use crate::formula::{Edit, Table, at, dot, norm, square, var, vars};
use crate::harness::Fault;
use crate::harness::steps::{
    Body, Draw, Drawn, How, Other, Plant, Proof, Reason, SCALARS, Sizes, Step, other, scalar, steps,
};
use crate::problem;
use nalgebra::DVector;
use num_traits::{One, Zero};

/// p.
const SIZES: Sizes = &[&[1], &[2], &[3], &[5]];

/// A number and its rate of change along the flow.
type Line = Dual<Rational>;
/// A point and its rate of change.
type Point = DVector<Line>;

/// f at x moved along its flow dx/dt = -grad f, and grad f, whose entries are partial derivatives.
fn flow(f: impl Fn(&Point) -> Line, x: &DVector<Rational>) -> (Line, DVector<Rational>) {
    let p = x.len();
    let line = |v: &DVector<Rational>| f(&DVector::from_fn(p, |i, _| Dual::new(x[i].clone(), v[i].clone())));
    let axis = |i: usize| DVector::from_fn(p, |j, _| Rational::from(i64::from(i == j)));
    let slope = DVector::from_fn(p, |i, _| line(&axis(i)).derivative);
    (line(&-&slope), slope)
}

/// What the proof plugs in, `norm(grad f)^2 >= mu (f - f_min)`, from the hypothesis: `mu (f - f_min)` is a share of
/// norm(grad f) (printed) or of its square.
fn hypothesis(v: &[Big], how: How) -> (Big, Big) {
    let (slope, share) = (&v[0], &v[1]);
    match how {
        How::Printed => (slope.powi(2), share * slope),
        How::Planted(Plant::WrongConstant) => (slope.powi(2), 2 * share * slope.powi(2)),
        // The difference norm(grad f)^2 (1 - share), which is exact at its zeros.
        _ => (slope.powi(2) * (1 - share), Big::zero()),
    }
}

/// `f = (a^T x)^4 + x^T B x + c^T x`.
fn along(draw: &mut Draw<'_>) -> Drawn {
    let p = draw.size(0);
    let (a, b, c) = (draw.vector(p), draw.matrix(p, p), draw.vector(p));
    let [a, c] = [a, c].map(|v| v.map(Dual::constant));
    let b = b.map(Dual::constant);
    let f = |x: &Point| problem::dot(&a, x).powi(4) + problem::dot(x, &(&b * x)) + problem::dot(&c, x);
    let (moved, slope) = flow(f, &draw.vector(p));
    Ok(Table::default().scalar("d/dt f(x(t))", moved.derivative).vector("grad f", &slope).vector("dx/dt", &-&slope))
}

/// `f_min + sum_i (a_i z_i^2/2 + c_i z_i^4/4)`, z = Q^T x, a_i > 0, c_i >= 0: `norm(grad f)^2 >= mu (f - f_min)` with
/// mu = 2 min a_i, since `(a z + c z^3)^2 >= 2 a (a z^2/2 + c z^4/4)` term by term.
fn wells(draw: &mut Draw<'_>) -> Drawn {
    let p = draw.size(0);
    let basis = draw.rotation(p).transpose().map(Dual::constant);
    let a = DVector::from_fn(p, |_, _| draw.positive());
    let c = DVector::from_fn(p, |_, _| draw.nonnegative());
    let least = draw.number();
    let f = |x: &Point| {
        let z = &basis * x;
        z.iter().zip(a.iter().zip(c.iter())).fold(lift(&least), |s, (z, (a, c))| {
            s + lift(a) * z.powi(2) / Line::from_i64(2) + lift(c) * z.powi(4) / Line::from_i64(4)
        })
    };
    let (moved, _) = flow(f, &draw.vector(p));
    let excess = &moved - lift(&least);
    let rate = 2 * a.iter().min().cloned().unwrap_or_else(Rational::zero);
    Ok(Table::default()
        .scalar("d/dt f(x(t))", moved.derivative)
        .scalar("d/dt (f(x(t)) - f_min)", excess.derivative)
        .scalar("f(x(t))", moved.value)
        .scalar("f_min", least)
        .scalar("mu", rate))
}

/// A constant.
fn lift(q: &Rational) -> Line {
    Dual::constant(q.clone())
}

/// u(t) and g(t) at a time t >= 0: `u' = -mu u - sign q^2`, and u(0) = g(0) + more.
fn comparison(draw: &mut Draw<'_>, sign: i64, more: i64) -> Drawn {
    let (start, mu) = (draw.nonnegative(), draw.number());
    let (a, b) = (draw.number(), draw.number());
    let (time, fall) = (draw.nonnegative(), draw.positive());
    // P(t) = u(0) - int_0^t (a + b s)^2 ds, and its derivative.
    let t = Dual::new(time, Rational::one());
    let third = lift(&Rational::new(1, 3));
    let integral = lift(&a).powi(2) * &t + lift(&(a * &b)) * t.powi(2) + third * lift(&b).powi(2) * t.powi(3);
    let path = lift(&(&start + more)) - lift(&Rational::from(sign)) * integral;
    // e^(-mu t) stands as the positive number `fall` with its derivative.
    let exponential = Dual::new(fall.clone(), -(&mu * &fall));
    let (u, g) = (path * &exponential, lift(&start) * exponential);
    if sign * (u.derivative + &mu * &u.value).sign() as i64 > 0 || g.derivative != -(mu * &g.value) {
        return Err("not u' <= -mu u and g' = -mu g");
    }
    Ok(Table::default().scalar("u(t)", u.value).scalar("g(t)", g.value))
}

/// Coefficients of the solution that are compared.
const ORDER: i64 = 8;

/// `c_k = c_0 rate^k/k!`.
fn coefficients(draw: &mut Draw<'_>, rate: fn(&Rational) -> Rational) -> Drawn {
    let (start, mu) = (draw.number(), draw.number());
    let rate = rate(&mu);
    let (mut table, mut c) = (Table::default().scalar("mu", mu).scalar("g(0)", start.clone()), start);
    for k in 0..=ORDER {
        table = table.matrix("c", &[k], scalar(c.clone()));
        c = c * &rate / Rational::from(k + 1);
    }
    Ok(table)
}

/// A definition, and the display of the statement.
const OTHERS: &[Other] =
    &[other(551, Reason::Definition("the gradient flow x(t)")), other(563, Reason::Claims(&["lemma-7"]))];

/// The audit of the proof of Lemma 7.
pub fn proof() -> Proof {
    let [df, slope, mu, k] = vars(["d/dt f(x(t))", "grad f", "mu", "k"]);
    let steps = steps![
        Step::new("lemma-7/hypothesis", "Lemma 7, hypothesis", &[557])
            .titled("The hypothesis carries what the proof plugs in")
            .given(
                "f >= f_min; norm(grad f) in [1/16, 4], mu (f - f_min) a share in [0, 1] of norm(grad f) \
                        (printed) or of norm(grad f)^2 (corrected)",
            )
            .by(Body::Domain {
                variables: &["norm(grad f)", "share"],
                domain: |_| vec![(Rational::new(1, 16), Rational::from(4)), (Rational::zero(), Rational::one())],
                sides: hypothesis,
            })
            .fails(
                "norm(grad f) >= mu (f - f_min) implies norm(grad f)^2 >= mu (f - f_min), which the proof plugs in",
                Fault::Extraction,
                "The square is lost in the hypothesis, by the authors or by the text extraction. Counterexample: \
                     norm(grad f) = mu (f - f_min) = 1/2; along a flow, f = x^4 from x(0) = 1 with mu = 4, where the \
                     decay is algebraic and the lemma's conclusion fails at t = 2 (claim lemma-7). Theorem 3 and B.8 \
                     have the squared inequality: everything that uses the lemma survives unchanged.",
            )
            .corrected("norm(grad f)^2 >= mu (f - f_min), with a share of norm(grad f)^2 on the right")
            .planted(Plant::WrongConstant, "norm(grad f)^2 >= 2 mu (f - f_min)"),
        Step::new("lemma-7/chain-rule", "Lemma 7, proof", &[569])
            .titled("The chain rule along the flow")
            .given("f a polynomial of degree 4 in p variables, any point, dx/dt = -grad f")
            .on(SIZES, along)
            .states(df.equals(dot(&slope, var("dx/dt"))).equals(-square(&slope)))
            .edited(Plant::FlippedSign, Edit::FlipSign(square(&slope)))
            .edited(Plant::LostSquare, Edit::Swap(square(&slope), norm(&slope))),
        Step::new("lemma-7/decay", "Lemma 7, proof", &[575, 581])
            .titled("The differential inequality")
            .given(
                "norm(grad f)^2 >= mu (f - f_min): sums of quadratic and quartic wells, mu twice the least curvature",
            )
            .uses(&["lemma-7/hypothesis", "lemma-7/chain-rule"])
            .on(SIZES, wells)
            .states(df.equals(var("d/dt (f(x(t)) - f_min)")).at_most(-(&mu * (var("f(x(t))") - var("f_min")))))
            .edited(Plant::WrongConstant, Edit::Swap(mu.clone(), 2 * &mu))
            .edited(Plant::FlippedSign, Edit::Turn(1)),
        Step::new("lemma-7/comparison", "Lemma 7, proof", &[])
            .quoted(585, "is smaller that the solution g of the initial value problem")
            .about("The comparison theorem, linear case", "u' <= -mu u, u(0) = g(0), g' = -mu g; t >= 0")
            .on(SCALARS, |draw| comparison(draw, 1, 0))
            .states(var("u(t)").at_most(var("g(t)")))
            .elsewhere(Plant::FlippedSign, "from u' >= -mu u", |draw| comparison(draw, -1, 0))
            .elsewhere(Plant::DroppedHypothesis, "with u(0) > g(0)", |draw| comparison(draw, 1, 1))
            .remarks(&["To be read as 'at most': equality holds at t = 0, and for all t where the inequality is \
                            an equality."]),
        Step::new("lemma-7/solution", "Lemma 7, proof", &[587])
            .titled("The solution of the comparison problem")
            .given("any g(0) and mu; the coefficients of g(t) = g(0) exp(-mu t) = sum_k c_k t^k in g' = -mu g")
            .on(SCALARS, |draw| coefficients(draw, |mu| -mu))
            .states(
                at("c", 0)
                    .equals(var("g(0)"))
                    .and((&k * at("c", &k)).equals(-(&mu * at("c", &k - 1))).each("k", 1, ORDER)),
            )
            .elsewhere(Plant::FlippedSign, "for g(t) = g(0) exp(mu t)", |draw| coefficients(draw, Rational::clone))
            .elsewhere(Plant::DroppedFactor, "for g(t) = g(0) exp(-t)", |draw| {
                coefficients(draw, |_| Rational::from(-1))
            }),
    ];
    Proof { id: "lemma-7", title: "Lemma 7", section: "Appendix A", proves: &["lemma-7"], steps, others: OTHERS }
}
