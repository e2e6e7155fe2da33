//! The steps of B.5 about matrices, on layers whose singular value decompositions are known exactly:
//! `W_k = Q_k diag(s) P_k^T` with rational Q_k, P_k.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_k, `k = 1..L` | `Layer::matrix` | d_k x d_{k-1}, d_L = 1 |
//! | sigma_k, the other singular values | `Layer::sigma`, `Layer::others` (descending) | |
//! | u_k, v_k | `Layer::u`, `Layer::v`; of either orientation until [`oriented`] chooses | d_k x 1, d_{k-1} x 1 |
//! | `w_prod = W_1^T..W_L^T` | [`whole`] | d_0 x 1 |
//! | `sigma_1..sigma_L v_1 u_1^T..v_L u_L^T` | [`rank_one`] | d_0 x 1 |
//! | the i-th singular value of W_k; zero beyond the last | `s_{k,i}`, i up to m | |
//!
//! Sizes are the widths `d_0, .., d_L`. Spectral norms are known from the decompositions.
//!
//! **Lemma 2 at any point of any flow.** Any layers V are a point W(t) of the flow through them. By Lemma 1 the Delta_k
//! of W(0) are those of V, and (traces) so are the differences of the norm_F(W_k)^2. Hence
//! `epsilon >= 3 (max norm_F(V_k)^2 - min norm_F(V_k)^2) + 2 sum norm_2(Delta_k)`, whatever W(0) is: what Lemma 2
//! bounds by epsilon is compared with this smaller number, for arbitrary V.
//!
//! **[`near`]**: layers as Lemma 2 and the first inequality of the Corollary leave them, under (A3): `32 L root <= 1`,
//! every sigma_k at least `low = (norm(w*)/2)^(1/L) >= (1/2)^(1/L)`, the other singular values of a layer at most root
//! (in the root of their squares), and `sigma_{k+1} sin(v_{k+1}, u_k) <= root`. All are attained, or nearly.

use crate::arithmetic::{Rational, Ring};
use crate::formula::{Expr, Table, ascent, at, norm, square, sum, transpose, var};
use crate::harness::steps::Design;
use crate::harness::steps::layers::{self, Layer, Matrix, Vector, descending, turned};
use crate::harness::steps::{Draw, Drawn, Setting, Sizes, column, scalar};
use crate::paper::section_4::corollary_1::proof_exact::{LOW, nonzero};
use crate::problem::{dot, norm_squared};
use num_traits::{One, Zero};

/// Widths.
pub(crate) const WIDTHS: Sizes =
    &[&[1, 1], &[2, 1], &[1, 1, 1], &[1, 2, 1], &[2, 2, 1], &[3, 2, 1], &[3, 3, 2, 1], &[1, 2, 1, 2, 1]];
/// The same with a hidden layer.
pub(crate) const DEEP: Sizes = &[&[1, 1, 1], &[1, 2, 1], &[2, 2, 1], &[3, 2, 1], &[3, 3, 2, 1], &[2, 2, 2, 2, 1]];
/// Widths with more inner layers, none of three: the triangle inequality without its last term can fail from L = 3 on.
pub(crate) const NARROW: Sizes =
    &[&[1, 1], &[2, 1], &[1, 2, 1], &[2, 2, 1], &[2, 2, 2, 1], &[1, 2, 2, 2, 1], &[2, 2, 2, 2, 1]];
/// Widths of networks for the risk: the last is the output.
pub(crate) const NETWORKS: Sizes = &[&[1, 1], &[2, 1], &[1, 1, 1], &[3, 2, 1], &[2, 3, 2, 1]];

/// Layers as Lemma 2 and the first inequality leave them, under (A3); `free`: neither the other singular values nor the
/// angles are bounded by epsilon.
pub(crate) fn near(draw: &mut Draw<'_>, free: bool) -> Drawn {
    let widths = draw.sizes();
    let depth = widths.len() as i64 - 1;
    let root = draw.share() / Rational::from(32 * depth);
    // (1 - 1/(2L))^L >= 1/2.
    let low = Rational::new(2 * depth - 1, 2 * depth) + draw.nonnegative();
    let mut right = draw.rotation(widths[0]);
    let mut layers: Vec<Layer> = Vec::new();
    for w in widths.windows(2) {
        let sigma = &low + draw.nonnegative();
        let angle = draw.share();
        if !layers.is_empty() && w[0] > 1 {
            // sin = 2t/(1 + t^2) <= root/sigma.
            let t = if free { angle } else { angle * &root / (2 * &sigma) };
            right = turned(&right, &t);
        }
        let left = draw.rotation(w[1]);
        let others = w[0].min(w[1]) - 1;
        let most = if free { sigma.clone() } else { root.clone() } / Rational::from(others.max(1) as i64);
        let mut values = vec![sigma];
        values.extend((0..others).map(|_| draw.share() * &most));
        layers.push(descending(&left, &right, values));
        right = left;
    }
    Ok(symbols(&layers).scalar("eps", root.powi(2)).scalar("sqrt(eps)", root).scalar(LOW, low))
}

/// X (n x d, full rank, n = d + 1), lambda and Lambda, and a unit vector orthogonal to the range of X.
pub(crate) fn data(draw: &mut Draw<'_>, d: usize) -> (Matrix, [Rational; 2], Matrix) {
    let (left, right) = (draw.rotation(d + 1), draw.rotation(d));
    let values: Vec<Rational> = (0..d).map(|_| draw.positive()).collect();
    let design = Design::of(&left, right, &values);
    (design.x, [design.low, design.high], left.columns(d, 1).into_owned())
}

/// Data, w* and a network: for the excess risk.
pub(crate) fn regression(draw: &mut Draw<'_>) -> Drawn {
    let widths = draw.sizes();
    let (x, [low, high], normal) = data(draw, widths[0]);
    let w_star = draw.matrix(widths[0], 1);
    let residual = normal * draw.number();
    let network = draw.network(widths, false).ok_or("not a network")?;
    let n = Rational::from(x.nrows() as i64);
    Ok(Table::default()
        .scalar("R_min", norm_squared(residual.iter()) / &n)
        .scalar("n", n)
        .scalar("lambda", low)
        .scalar("Lambda", high)
        .matrix("y", &[], &x * &w_star + residual)
        .matrix("X", &[], x)
        .matrix("w*", &[], w_star)
        .vector("w_prod", &network.product())
        .define("R", &[], square(var("y") - var("X") * var("w_prod")) / var("n")))
}

/// The least and the largest.
fn extremes(list: impl Iterator<Item = Rational> + Clone) -> [Rational; 2] {
    [list.clone().min(), list.max()].map(|q| q.unwrap_or_else(Rational::zero))
}

/// What the steps say of layers.
fn symbols(layers: &[Layer]) -> Table<Rational> {
    let [least, most] = extremes(layers.iter().map(|l| l.sigma().clone()));
    let [smallest, largest] = extremes(layers.iter().map(Layer::frobenius));
    let w_prod = layers.iter().rev().fold(Matrix::identity(1, 1), |b, layer| layer.matrix.transpose() * b);
    let largest_entry = |l: &Layer| {
        let rest = &l.matrix - l.u() * l.v().transpose() * l.sigma().clone();
        scalar(rest.iter().map(Rational::abs).max().unwrap_or_else(Rational::zero))
    };
    let widest = layers.iter().map(|l| l.others().len() + 1).max().unwrap_or(0).max(2);
    let mut table = layers::table(layers);
    for (l, k) in layers.iter().zip(1..) {
        let values = [l.sigma().clone()].into_iter().chain(l.others()).chain(std::iter::repeat_with(Rational::zero));
        table = values.take(widest).zip(1..).fold(table, |t, (s, i)| t.matrix("s", &[k, i], scalar(s)));
    }
    let [here, next] = [at("W", var("k")), at("W", var("k") + 1)];
    let gap = norm(transpose(&next) * &next - &here * transpose(&here));
    table
        .scalar("m", Rational::from(widest as i64))
        .scalar("min sigma_j", least)
        .scalar("max sigma_j", most)
        .scalar("spread", largest - smallest)
        .matrix("w_prod", &[], w_prod)
        .family("largest entry", layers.iter().map(largest_entry))
        .define("eps", &[], 3 * var("spread") + 2 * sum("k", 1, var("L") - 1, gap))
}

/// What holds for any layers.
pub(crate) const LAYERS: Setting =
    Setting::new("any layers, d_L = 1; first singular vectors of any orientation", WIDTHS, layers);
/// What holds near the limit.
pub(crate) const NEAR: Setting = Setting::new(
    "(A3), what Lemma 2 says of rank and alignment, sigma_k >= (norm(w*)/2)^(1/L); orientations with u_L = 1, \
     <v_{k+1}, u_k> >= 0",
    WIDTHS,
    |draw| near(draw, false),
);

/// Arbitrary layers; epsilon is the lower bound in the head of the file.
pub(crate) fn layers(draw: &mut Draw<'_>) -> Drawn {
    Ok(symbols(&layers::any(draw)))
}
/// With orientations chosen from the last layer on: u_L = 1, then every `<v_{k+1}, u_k> >= 0`.
pub(crate) fn oriented(draw: &mut Draw<'_>) -> Drawn {
    let (layers, mut next) = (layers::any(draw), Vector::from_element(1, Rational::one()));
    let mut table = symbols(&layers);
    for (k, l) in layers.iter().enumerate().rev() {
        let k = k as i64 + 1;
        let sign = if dot(&l.u(), &next).sign() < 0 { -1 } else { 1 };
        next = l.v() * Rational::from(sign);
        table = table.matrix("u", &[k], column(&(l.u() * Rational::from(sign)))).matrix("v", &[k], column(&next));
    }
    Ok(table)
}
/// With a lower bound of the spectral norms from the second layer on.
pub(crate) fn bounded(draw: &mut Draw<'_>) -> Drawn {
    let layers = layers::any(draw);
    let share = draw.share();
    let [least, _] = extremes(layers[1..].iter().map(|l| l.sigma().clone()));
    Ok(symbols(&layers).scalar(LOW, least * (1 - share)))
}
/// Numbers that the function draws in place of the sigma_k, L of them.
fn numbers(draw: &mut Draw<'_>, of: fn(&mut Draw<'_>) -> Rational) -> Table<Rational> {
    let depth = draw.size(0);
    let list: Vec<Rational> = (0..depth).map(|_| of(draw)).collect();
    let [least, most] = extremes(list.iter().cloned());
    let table =
        Table::default().scalar("L", Rational::from(depth as i64)).family("sigma", list.into_iter().map(scalar));
    table.scalar("min sigma_j", least).scalar("max sigma_j", most)
}
/// Positive numbers, and sqrt(epsilon).
pub(crate) fn positive(draw: &mut Draw<'_>) -> Drawn {
    Ok(numbers(draw, |d| d.positive()).scalar("sqrt(eps)", draw.nonnegative()))
}
/// Numbers that are not zero, for identities.
pub(crate) fn nonzero_numbers(draw: &mut Draw<'_>) -> Drawn {
    Ok(numbers(draw, nonzero).scalar("sqrt(eps)", draw.number()))
}

/// `sigma_first .. sigma_last`.
pub(crate) fn sigmas(first: impl Into<Expr>, last: impl Into<Expr>) -> Expr {
    ascent("j", first, last, at("sigma", var("j")))
}
/// `sigma_1 .. sigma_L`.
pub(crate) fn all_sigmas() -> Expr {
    sigmas(1, var("L"))
}
/// The product of sigma_j over j != k.
pub(crate) fn others() -> Expr {
    sigmas(1, var("k") - 1) * sigmas(var("k") + 1, var("L"))
}
/// `sigma_1 .. sigma_{k-1}` before and `sigma_{k+1} .. sigma_L` behind.
pub(crate) fn around(e: Expr) -> Expr {
    sigmas(1, var("k") - 1) * e * sigmas(var("k") + 1, var("L"))
}
/// `W_first^T .. W_last^T`.
pub(crate) fn product(first: impl Into<Expr>, last: impl Into<Expr>) -> Expr {
    ascent("j", first, last, transpose(at("W", var("j"))))
}
/// `W_1^T .. W_L^T`.
pub(crate) fn whole() -> Expr {
    product(1, var("L"))
}
/// `sigma_first .. sigma_L v_first u_first^T .. v_L u_L^T`.
pub(crate) fn rank_one(first: impl Into<Expr>) -> Expr {
    let first = first.into();
    sigmas(&first, var("L")) * ascent("j", first, var("L"), at("v", var("j")) * transpose(at("u", var("j"))))
}
/// `W_k^T - sigma_k v_k u_k^T`, with u and v as named: as printed the other way round.
pub(crate) fn rest(v: &'static str, u: &'static str) -> Expr {
    transpose(at("W", var("k"))) - at("sigma", var("k")) * at(v, var("k")) * transpose(at(u, var("k")))
}
/// The k-th term of the telescoping sum.
pub(crate) fn term(rest: Expr) -> Expr {
    product(1, var("k") - 1) * rest * rank_one(var("k") + 1)
}
/// `W_k - sigma_k u_k v_k^T`.
pub(crate) fn apart() -> Expr {
    at("W", var("k")) - at("sigma", var("k")) * at("u", var("k")) * transpose(at("v", var("k")))
}
