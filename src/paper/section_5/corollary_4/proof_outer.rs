//! The audit of B.10, first part: from (52) to Delta_k, identities to first order; what follows is in
//! `proof_bounds` and `proof_constants`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W, w, X, y | [`Scene`] at a minimiser: w* is the product of the network | |
//! | W~_k | `W_k + xi D_k`, any D_k | d x d |
//! | `.. + O(xi^2)` | the coefficients of 1 and xi, exact: dual numbers ([`Dual`](crate::arithmetic::Dual)) | |
//!
//! **(52)** is (7) at a minimiser. It is checked exactly where the top eigenvector is rational: layers
//! `Q_k diag(.) Q_{k-1}^T`, head along Q_L e_1, covariance `Q_0 diag(.) Q_0^T`. There
//! `H J^T q_i = 2 sigma_i m_i J^T q_i`, `m_i = sum_k norm(b_k)^2 a_{k,i}^2`, and S is the largest of these.
//!
//! Display (52) has W~_k - W_k in this order in the gradient of R^1, and W - W~ in Delta_k: the minus sign of Delta_k
//! is right.
//!
//! | display | step | established by |
//! | --- | --- | --- |
//! | (52) | `eq-52` | instances where S is rational |
//! | Delta_k | `difference` | identity, coefficients of 1 and xi |
//! | grad R^1(w~_prod) | `outer-gradient` | identity, likewise |
//! | after (53), "W = W~^RI" | `limit-name`: the accents belong to the perturbed weights | identity |
//! | norm_F(Delta_k), equality | `delta-norm` | identity, squared |
//!
//! **Why this suffices.** To first order in xi the displays are polynomial identities in W, D, X and y, which dual
//! numbers carry exactly: no limit is taken. In (52) the supremum over first-order changes is the square of the norm
//! of the Hessian; the step bounds it for any D_k and attains it in the top eigendirection. For any minimiser it is
//! the claim `variational`.

use crate::arithmetic::{Dual, Rational, Ring};
use crate::formula::{Edit, Table, at, square, sum, transpose, var, vars};
use crate::harness::evidence::Fault;
use crate::harness::steps::objects::{Matrix, Vector, weights};
use crate::harness::steps::{Draw, Drawn, Plant, Step, steps};
use crate::network::Network;
use crate::network::directions::moved;
use crate::paper::kit::every;
use crate::paper::section_5::scene::{SIZES, q, turned};
use crate::problem::{Moments, dot, norm_squared};
use nalgebra::DMatrix;
use num_traits::{One, Zero};

/// D_1, .., D_L.
pub(crate) fn directions(draw: &mut Draw<'_>) -> Vec<Matrix> {
    let (depth, d) = (draw.size(0), draw.size(1));
    (0..depth).map(|_| draw.matrix(d, d)).collect()
}

/// (52) where S is rational: D_k and the change Delta_k of the gradients, D*_k in the best direction and its Delta*_k.
fn eq_52(draw: &mut Draw<'_>) -> Drawn {
    let (depth, d) = (draw.size(0), draw.size(1));
    let bases: Vec<Matrix> = (0..=depth).map(|_| draw.rotation(d)).collect();
    let values: Vec<Vector> = (0..depth).map(|_| draw.vector(d).map(|v| v + q(1))).collect();
    let (head, residual) = (draw.number() + q(1), draw.number());
    let spectrum: Vec<Rational> = (0..d).map(|_| draw.nonnegative() + q(1)).collect();
    let directions = directions(draw);
    let layer = |k: usize| &bases[k] * DMatrix::from_diagonal(&values[k - 1]) * bases[k - 1].transpose();
    let layers = (1..=depth).map(layer).collect();
    let network = Network::new(layers, bases[depth].column(0).map(|v| v * &head)).map_err(|_| "no network")?;
    let sigma = &bases[0] * DMatrix::from_diagonal(&Vector::from_vec(spectrum.clone())) * bases[0].transpose();
    let w_star = network.product();
    let cross = &sigma * &w_star;
    let data = Moments { power: dot(&cross, &w_star) + residual.powi(2), sigma, cross };
    let left: Vec<Vector> = network.backward().split_off(1);
    // norm(b_k) and the i-th singular value of W_{k-1} .. W_1, for all k.
    let m = |i: usize| {
        let mut before = Rational::one();
        let mut sum = Rational::zero();
        for k in 1..=depth {
            sum += norm_squared(left[k - 1].iter()) * before.powi(2);
            before *= &values[k - 1][i];
        }
        sum
    };
    let (s, top) = (0..d).map(|i| (q(2) * &spectrum[i] * m(i), i)).max().ok_or("d = 0")?;
    let right = network.forward(&bases[0].column(top).into_owned());
    let best: Vec<Matrix> = left.iter().zip(&right).map(|(b, a)| b * a.transpose()).collect();
    let change = |along: &[Matrix]| network.hessian_vector(&data, along).into_iter().map(|m| -m);
    let (changed, at_best) = (change(&directions), change(&best));
    let table = Table::default().scalar("L", q(depth as i64)).scalar("S", s);
    Ok(table.family("D", directions).family("Delta", changed).family("D*", best).family("Delta*", at_best))
}

/// A network, at a minimiser or not, with directions D_k: L, n, X, w, W_k, D_k; by powers of xi, the gradient in the
/// product and Delta_k (that in `W_k` less that in `W_k + xi D_k`), each by its definition; grad_k, and that in
/// `W_k + D_k`. y has a residual in its last row, where X is zero.
fn exactly(draw: &mut Draw<'_>, at_minimiser: bool) -> Drawn {
    let (depth, d) = (draw.size(0), draw.size(1));
    let network = draw.network(&vec![d; depth + 1], true);
    let directions = directions(draw);
    let (mut x, other) = draw.data(d + 1, d);
    let residual = draw.number();
    let network = network.ok_or("no network")?;
    x.row_mut(d).fill(Rational::zero());
    let mut y = if at_minimiser { &x * network.product() } else { other };
    y[d] = residual;
    let moved = moved(&network, &directions).ok_or("no network")?;
    let (data, layers) = (Moments::new(&x, &y), network.layers());
    let dual = data.map(|v| Dual::constant(v.clone()));
    // (6) in dual numbers: -(2/n) X^T (y - X w~_prod).
    let n = q(d as i64 + 1);
    let residual = y.map(Dual::constant) - x.map(Dual::constant) * moved.product();
    let outer = (x.transpose().map(Dual::constant) * residual).map(|v| v * Dual::constant(q(-2) / &n));
    let (here, there) = (network.gradient(&data), moved.gradient(&dual));
    let tilde = layers.iter().zip(&directions).map(|(w, d)| w + d).collect();
    let tilde = network.with_layers(tilde).gradient(&data);
    let each = |f: &dyn Fn(usize) -> Matrix| (1..=depth).map(f).collect::<Vec<_>>();
    Ok(weights(layers)
        .scalar("n", n)
        .matrix("X", &[], x)
        .vector("w", network.head())
        .vector(OUTER, &outer.map(|v| v.value))
        .vector(SLOPE, &outer.map(|v| v.derivative))
        .family("Delta", each(&|k| here.layer(k) - there.layer(k).map(|v| v.value)))
        .family("Delta'", each(&|k| -there.layer(k).map(|v| v.derivative)))
        .family("grad R^L(W)", each(&|k| here.layer(k)))
        .family("grad R^L(W~)", each(&|k| tilde.layer(k)))
        .family("D", directions))
}

/// The coefficients of 1 and xi in the gradient in the product.
const OUTER: &str = "grad R^1";
/// `grad R^1(w~_prod)` to first order in xi.
const SLOPE: &str = "grad' R^1";

/// The steps of these lines.
pub(crate) fn steps() -> Vec<Step> {
    let [k, w, s, x, l] = vars(["k", "w", "S", "X", "L"]);
    let (after, before) = (|| turned(&k + 1, &l) * &w, || turned(1, &k - 1));
    let row = |name| transpose(var(name)) * before();
    let change = |name, outer| every(at(name, &k).equals(-(after() * row(outer))));
    let one_more = || Edit::SwapAll(before(), turned(1, &k));
    let step = transpose(at("D", &k));
    let term = before() * &step * turned(&k + 1, &l) * &w;
    let slope = 2 / var("n") * (transpose(&x) * &x) * sum("k", 1, &l, term);
    let total = |name| sum("k", 1, &l, square(at(name, &k)));
    // At a minimiser, or anywhere.
    let (minimiser, anywhere) = (|draw: &mut Draw<'_>| exactly(draw, true), |draw: &mut Draw<'_>| exactly(draw, false));
    let vanishes = |name| every(square(at(name, &k)).equals(0));
    steps![
        Step::new("corollary-4/eq-52", "B.10, (52)", &[2505])
            .titled("The sharpness as the largest change of the gradient")
            .given(
                "W a minimiser; layers, head and covariance with exact singular vectors, so that S is rational; \
                    suprema over first-order changes",
            )
            .uses(&["variational"])
            .on(SIZES, eq_52)
            .states(total("Delta").at_most(s.pow(2) * total("D")).and(total("Delta*").equals(s.pow(2) * total("D*"))))
            .edited(Plant::LostSquare, Edit::SwapAll(s.pow(2), s.clone()))
            .remarks(&[
                "D_k is any direction W~_k - W_k, D*_k = b_k (W_{k-1} .. W_1 q)^T; Delta_k and Delta*_k are the \
                        changes of the gradients to first order.",
            ]),
        Step::new("corollary-4/difference", "B.10, Delta_k", &[2511, 2515])
            .about("The difference of the gradients", "W a minimiser, W~ = W + xi D; coefficients of 1 and xi")
            .uses(&["gradient"])
            .on(SIZES, minimiser)
            .states(change("Delta", OUTER).and(change("Delta'", SLOPE)))
            .edited(Plant::FlippedSign, Edit::FlipSign(after() * row(SLOPE)))
            .edited(Plant::OffByOne, one_more())
            .elsewhere(Plant::DroppedHypothesis, "away from minimisers", anywhere)
            .remarks(&["The coefficients of 1 and of xi: with a prime those of xi."]),
        Step::new("corollary-4/outer-gradient", "B.10, grad R^1(w~_prod)", &[2519])
            .about("The gradient in the product", "W a minimiser, W~ = W + xi D; coefficients of 1 and xi")
            .uses(&["gradient"])
            .on(SIZES, minimiser)
            .states(square(var(OUTER)).equals(0).and(var(SLOPE).equals(slope)))
            .edited(Plant::DroppedFactor, Edit::Drop(w.clone()))
            .edited(Plant::FlippedSign, Edit::Swap(step.clone(), -&step))
            .edited(Plant::OffByOne, one_more())
            .remarks(&["The coefficients of 1 and of xi: with a prime that of xi."]),
        Step::new("corollary-4/limit-name", "B.10, after (53)", &[])
            .quoted(2544, "convergence of the gradient flow to  $W = \\tilde{W}^{\\tilde{R}I}$")
            .serves(&[])
            .about("The limit of the flow is W", "W~ = W + D, the perturbation of (52)")
            .uses(&["theorem-4/limit"])
            .on(SIZES, minimiser)
            .misstates(
                vanishes("grad R^L(W~)"),
                Fault::Extraction,
                "The text reads \"convergence of the gradient flow to W = W~^R~I\": W, but with the accents of W~, \
                 the name of the perturbed weights since (52). The limit is W = W^RI (first line of B.10); with W~ \
                 the quotient in (52) would be 0/0. Probably accents misread. Nothing depends on it.",
            )
            .rightly(vanishes("grad R^L(W)"))
            .elsewhere(Plant::DroppedHypothesis, "at weights that are no minimiser", anywhere)
            .remarks(&["The minimiser that the flow converges to is W~ as printed, W as corrected."]),
        Step::new("corollary-4/delta-norm", "B.10, norm of Delta_k, equality", &[2552])
            .about("A matrix of rank one", "W a minimiser; coefficients of xi, squared")
            .uses(&["corollary-4/difference"])
            .on(SIZES, minimiser)
            .states(every(square(at("Delta'", &k)).equals(square(after()) * square(row(SLOPE)))))
            .edited(Plant::DroppedFactor, Edit::Drop(square(after())))
            .edited(Plant::OffByOne, one_more()),
    ]
}
