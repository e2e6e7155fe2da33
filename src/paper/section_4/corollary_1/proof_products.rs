//! The steps of B.5 about matrices, on layers whose singular value decompositions are known exactly:
//! `W_k = Q_k diag(s) P_k^T` with rational Q_k, P_k.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_k, `k = 1..L` | `Layer::matrix` | d_k x d_{k-1}, d_L = 1 |
//! | sigma_k, the other singular values | `Layer::sigma`, `Layer::rest` (descending) | |
//! | u_k, v_k | `Layer::u`, `Layer::v`; of either orientation until [`orient`] chooses | d_k x 1, d_{k-1} x 1 |
//! | `w_prod = W_1^T..W_L^T` | [`product`] | d_0 x 1 |
//! | `sigma_1..sigma_L v_1 u_1^T..v_L u_L^T` | [`rank_one`] | d_0 x 1 |
//! | epsilon | [`lemma_2_epsilon`]; in [`Near`] the square of `root` | |
//!
//! Sizes are the widths `d_0, .., d_L`. Norms of vectors are compared by their squares, which are rational; spectral
//! norms are known from the decompositions.
//!
//! **Lemma 2 at any point of any flow.** Any layers V are a point W(t) of the flow through them. By Lemma 1 the Delta_k
//! of W(0) are those of V, and (traces) so are the differences of the norm_F(W_k)^2. Hence
//! `epsilon >= 3 (max norm_F(V_k)^2 - min norm_F(V_k)^2) + 2 sum norm_2(Delta_k)`, whatever W(0) is: what Lemma 2
//! bounds by epsilon is compared with this smaller number, for arbitrary V.
//!
//! **[`Near`]**: layers as Lemma 2 and the first inequality of the Corollary leave them, under (A3): `32 L root <= 1`,
//! every sigma_k at least `low = (norm(w*)/2)^(1/L) >= (1/2)^(1/L)`, the other singular values of a layer at most root
//! (in the root of their squares), and `sigma_{k+1} sin(v_{k+1}, u_k) <= root`. All are attained, or nearly.

use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::harness::steps::equality::{Exact, chain};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, big, of};
use crate::harness::steps::tie::Tie;
use crate::linalg::largest_singular_value;
use crate::paper::section_4::corollary_1::proof_exact::nonzero;
use crate::problem::norm_squared;
use nalgebra::DMatrix;
use num_traits::{One, Zero};

/// Widths.
pub const WIDTHS: Sizes =
    &[&[1, 1], &[2, 1], &[1, 1, 1], &[1, 2, 1], &[2, 2, 1], &[3, 2, 1], &[3, 3, 2, 1], &[1, 2, 1, 2, 1]];
/// The same with a hidden layer.
pub const DEEP: Sizes = &[&[1, 1, 1], &[1, 2, 1], &[2, 2, 1], &[3, 2, 1], &[3, 3, 2, 1], &[2, 2, 2, 2, 1]];
/// Widths with more inner layers, none of three: the triangle inequality without its last term can fail from L = 3 on.
pub const NARROW: Sizes =
    &[&[1, 1], &[2, 1], &[1, 2, 1], &[2, 2, 1], &[2, 2, 2, 1], &[1, 2, 2, 2, 1], &[2, 2, 2, 2, 1]];
/// Widths of networks for the risk: the last is the output.
pub const NETWORKS: Sizes = &[&[1, 1], &[2, 1], &[1, 1, 1], &[3, 2, 1], &[2, 3, 2, 1]];

type Matrix = DMatrix<Rational>;

fn int(v: i64) -> Rational {
    Rational::from(v)
}
fn square(m: &Matrix) -> Rational {
    norm_squared(m.iter())
}

/// One layer and its singular value decomposition.
pub struct Layer {
    matrix: Matrix,
    values: Vec<Rational>,
    u: Matrix,
    v: Matrix,
}

impl Layer {
    /// `left diag(values) right^T`; the values descend.
    fn new(left: &Matrix, right: &Matrix, mut values: Vec<Rational>) -> Self {
        values.sort_by(|a, b| b.cmp(a));
        let r = values.len();
        let scaled = Matrix::from_fn(left.nrows(), r, |i, j| &left[(i, j)] * &values[j]);
        let matrix = &scaled * right.columns(0, r).into_owned().transpose();
        Self { matrix, values, u: left.columns(0, 1).into_owned(), v: right.columns(0, 1).into_owned() }
    }
    fn sigma(&self) -> Rational {
        self.values[0].clone()
    }
    /// The second singular value: the spectral norm of `W_k - sigma_k u_k v_k^T`.
    fn second(&self) -> Rational {
        self.values.get(1).cloned().unwrap_or_else(Rational::zero)
    }
    /// `sigma_k v_k u_k^T`, of the shape of W_k^T.
    fn leading(&self) -> Matrix {
        (&self.v * self.u.transpose()).map(|x| x * self.sigma())
    }
    /// `W_k^T - sigma_k v_k u_k^T`.
    fn rest(&self) -> Matrix {
        self.matrix.transpose() - self.leading()
    }
}

/// Arbitrary layers.
fn general(draw: &mut Draw<'_>) -> Vec<Layer> {
    let widths = draw.sizes();
    let layer = |w: &[usize]| {
        let (left, right) = (draw.rotation(w[1]), draw.rotation(w[0]));
        let sign = if draw.number().sign() < 0 { int(-1) } else { int(1) };
        let values = (0..w[0].min(w[1])).map(|_| draw.nonnegative()).collect();
        Layer::new(&left, &right.map(|x| x * &sign), values)
    };
    widths.windows(2).map(layer).collect()
}

/// `W_1^T..W_L^T`.
fn product(layers: &[Layer]) -> Matrix {
    through(layers, |l| l.matrix.transpose())
}
/// `sigma_1..sigma_L v_1 u_1^T..v_L u_L^T`.
fn rank_one(layers: &[Layer]) -> Matrix {
    through(layers, Layer::leading)
}
fn through(layers: &[Layer], factor: impl Fn(&Layer) -> Matrix) -> Matrix {
    let start = layers.first().map_or(0, |l| l.matrix.ncols());
    layers.iter().fold(Matrix::identity(start, start), |p, l| p * factor(l))
}
/// The product of the sigma_j over the layers given.
fn sigmas(layers: &[Layer]) -> Rational {
    layers.iter().fold(Rational::one(), |p, l| p * l.sigma())
}
fn extreme(layers: &[Layer], largest: bool) -> Rational {
    let all = layers.iter().map(Layer::sigma);
    if largest { all.max() } else { all.min() }.unwrap_or_else(Rational::zero)
}
/// `u_k^T v_{k+1}`, k = 1, .., L - 1.
fn cosines(layers: &[Layer]) -> Vec<Rational> {
    layers.windows(2).map(|w| (w[0].u.transpose() * &w[1].v)[(0, 0)].clone()).collect()
}
/// Chooses the orientations from the last layer on: u_L = 1, then every `<v_{k+1}, u_k> >= 0`.
fn orient(layers: &mut [Layer]) {
    let mut next: Option<Matrix> = None;
    for l in layers.iter_mut().rev() {
        let cosine = next.map_or_else(|| l.u[(0, 0)].clone(), |v| (l.u.transpose() * v)[(0, 0)].clone());
        if cosine.sign() < 0 {
            (l.u, l.v) = (-&l.u, -&l.v);
        }
        next = Some(l.v.clone());
    }
}

/// The lower bound of epsilon in the head of the file.
fn lemma_2_epsilon(layers: &[Layer], bits: u32) -> Big {
    let squares: Vec<Rational> = layers.iter().map(|l| square(&l.matrix)).collect();
    let spread = match (squares.iter().max(), squares.iter().min()) {
        (Some(a), Some(b)) => a - b,
        _ => Rational::zero(),
    };
    let gap = |w: &[Layer]| {
        let (here, next) = (&w[0].matrix, &w[1].matrix);
        largest_singular_value(&big(&(next.transpose() * next - here * here.transpose()), bits))
    };
    let gaps = layers.windows(2).fold(Big::zero(), |s, w| s + gap(w));
    of(&(int(3) * spread), bits) + gaps * 2
}

/// Layers as Lemma 2 and the first inequality leave them, under (A3).
struct Near {
    layers: Vec<Layer>,
    root: Rational,
    low: Rational,
}

impl Near {
    /// With a dropped hypothesis: neither the other singular values nor the angles are bounded by epsilon.
    fn draw(draw: &mut Draw<'_>, how: How) -> Self {
        let free = how.plants(Plant::DroppedHypothesis);
        let widths = draw.sizes();
        let depth = widths.len() as i64 - 1;
        let root = draw.share() / int(32 * depth);
        // (1 - 1/(2L))^L >= 1/2.
        let low = Rational::new(2 * depth - 1, 2 * depth) + draw.nonnegative();
        let mut right = draw.rotation(widths[0]);
        let mut layers: Vec<Layer> = Vec::new();
        for w in widths.windows(2) {
            let sigma = &low + draw.nonnegative();
            let angle = draw.share();
            if !layers.is_empty() && w[0] > 1 {
                // sin = 2t/(1 + t^2) <= root/sigma.
                let t = if free { angle } else { angle * &root / (int(2) * &sigma) };
                right = turned(&right, &t);
            }
            let left = draw.rotation(w[1]);
            let others = w[0].min(w[1]) - 1;
            let most = if free { sigma.clone() } else { root.clone() } / int(others.max(1) as i64);
            let mut values = vec![sigma];
            values.extend((0..others).map(|_| draw.share() * &most));
            layers.push(Layer::new(&left, &right, values));
            right = left;
        }
        Self { layers, root, low }
    }
    fn depth(&self) -> Rational {
        int(self.layers.len() as i64)
    }
    /// `epsilon/(norm(w*)/2)^(2/L)`.
    fn fraction(&self) -> Rational {
        (&self.root / &self.low).powi(2)
    }
    /// `1 - (L-1) epsilon/(norm(w*)/2)^(2/L)`.
    fn first_bracket(&self) -> Rational {
        1 - (self.depth() - 1) * self.fraction()
    }
    /// `L sqrt(epsilon)/(norm(w*)/2)^(1/L)`.
    fn second_fraction(&self) -> Rational {
        self.depth() * &self.root / &self.low
    }
}

/// The first two columns turned by the angle with half tangent t.
fn turned(m: &Matrix, t: &Rational) -> Matrix {
    let below = 1 + t.powi(2);
    let (c, s) = ((1 - t.powi(2)) / &below, int(2) * t / below);
    let mut out = m.clone();
    for i in 0..m.nrows() {
        let (a, b) = (m[(i, 0)].clone(), m[(i, 1)].clone());
        out[(i, 0)] = &a * &c + &b * &s;
        out[(i, 1)] = b * &c - a * &s;
    }
    out
}

fn equal(a: &Rational, b: &Rational, bits: u32) -> [Pair; 2] {
    [Pair::exact(a, b, bits), Pair::exact(b, a, bits)]
}

/// X (n x d, full rank, n = d + 1), the eigenvalues of `X^T X/n`, and a unit vector orthogonal to the range of X.
pub fn data(draw: &mut Draw<'_>, d: usize) -> (Matrix, Vec<Rational>, Matrix) {
    let n = d + 1;
    let (left, right) = (draw.rotation(n), draw.rotation(d));
    let values: Vec<Rational> = (0..d).map(|_| draw.positive()).collect();
    let scaled = Matrix::from_fn(n, d, |i, j| &left[(i, j)] * &values[j]);
    let eigenvalues = values.iter().map(|s| s.powi(2) / int(n as i64)).collect();
    (scaled * right.transpose(), eigenvalues, left.columns(d, 1).into_owned())
}

/// `R - R_min = norm(X (w* - w_prod))^2/n >= lambda norm(w* - w_prod)^2`.
pub fn risk_gap(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let widths = draw.sizes();
    let (x, eigenvalues, normal) = data(draw, widths[0]);
    let w_star = draw.matrix(widths[0], 1);
    let residual = normal * Matrix::from_element(1, 1, draw.number());
    let Some(network) = draw.network(widths, false) else { return Margins::OutOfScope("not a network") };
    let w_prod = Matrix::from_column_slice(widths[0], 1, network.product().as_slice());
    let n = int(x.nrows() as i64);
    let y = &x * &w_star + &residual;
    let excess = (square(&(&y - &x * &w_prod)) - square(&residual)) / &n;
    let over = if how.plants(Plant::DroppedFactor) { Rational::one() } else { n };
    let middle = square(&(&x * (&w_star - &w_prod))) / over;
    let most = how.plants(Plant::WrongConstant);
    let lambda = if most { eigenvalues.iter().max() } else { eigenvalues.iter().min() };
    let end = lambda.cloned().unwrap_or_else(Rational::zero) * square(&(w_star - w_prod));
    let mut pairs = equal(&excess, &middle, bits).to_vec();
    pairs.push(Pair::exact(&middle, &end, bits));
    Margins::All(pairs)
}

/// `norm(w_prod) = norm(W_1^T..W_L^T) <= norm(W_1)..norm(W_L) <= (max sigma_k)^L`, by squares; w_prod from the network.
pub fn product_norm(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    let l = layers.len() as u32;
    let w_prod = layers.iter().rev().fold(Matrix::identity(1, 1), |b, layer| layer.matrix.transpose() * b);
    let top = extreme(&layers, !how.plants(Plant::FlippedSign));
    let power = if how.plants(Plant::OffByOne) { l - 1 } else { l };
    let norms = sigmas(&layers).powi(2);
    let mut pairs = equal(&square(&w_prod), &square(&product(&layers)), bits).to_vec();
    pairs.push(Pair::exact(&norms, &square(&product(&layers)), bits));
    pairs.push(Pair::exact(&top.powi(2 * power), &norms, bits));
    Margins::All(pairs)
}

/// `norm(w_prod) <= (max sigma_k/2)^L` as printed; without the 2 as corrected.
pub fn largest_over_two(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    let l = layers.len() as u32;
    let divisor = if how.printed() { int(2) } else { int(1) };
    let top = extreme(&layers, true) / divisor;
    let power = if how.plants(Plant::OffByOne) { l + 1 } else { l };
    Pair::exact(&top.powi(2 * power), &square(&product(&layers)), bits).into()
}

/// `sigma_k^2 >= max sigma_j^2 - epsilon`, every k.
pub fn balance_below(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    let epsilon = if how.plants(Plant::DroppedTerm) { Big::zero() } else { lemma_2_epsilon(&layers, bits) };
    let top = extreme(&layers, true).powi(2);
    let of_layer = |l: &Layer| Pair::new(epsilon.clone(), of(&(&top - l.sigma().powi(2)), bits));
    Margins::All(layers.iter().map(of_layer).collect())
}

/// `sigma_k^2 <= min sigma_j^2 + epsilon`, every k.
pub fn balance_above(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    let epsilon = lemma_2_epsilon(&layers, bits);
    let epsilon = if how.plants(Plant::FlippedSign) { -epsilon } else { epsilon };
    let low = extreme(&layers, false).powi(2);
    let of_layer = |l: &Layer| Pair::new(epsilon.clone(), of(&(l.sigma().powi(2) - &low), bits));
    Margins::All(layers.iter().map(of_layer).collect())
}

/// `norm_F(W_k - sigma_k u_k v_k^T)^2 = norm_F(W_k)^2 - norm_2(W_k)^2 <= epsilon`.
pub fn rank_one_distance(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    let epsilon = lemma_2_epsilon(&layers, bits);
    let of_layer = |l: &Layer| {
        let outer = (&l.u * l.v.transpose()).map(|x| x * l.sigma());
        let distance = square(&(&l.matrix - outer));
        let norm = if how.plants(Plant::LostSquare) { l.sigma() } else { l.sigma().powi(2) };
        let tail = square(&l.matrix) - norm;
        let [a, b] = equal(&distance, &tail, bits);
        [a, b, Pair::new(epsilon.clone(), of(&tail, bits))]
    };
    Margins::All(layers.iter().flat_map(of_layer).collect())
}

/// Both quantities are the sum of the squares of the singular values except the first.
pub fn other_squares(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    let from = if how.plants(Plant::OffByOne) { 2 } else { 1 };
    let of_layer = |l: &Layer| {
        let outer = (&l.u * l.v.transpose()).map(|x| x * l.sigma());
        let sum = norm_squared(l.values.iter().skip(from));
        let [a, b] = equal(&square(&(&l.matrix - outer)), &sum, bits);
        let [c, d] = equal(&(square(&l.matrix) - l.sigma().powi(2)), &sum, bits);
        [a, b, c, d]
    };
    Margins::All(layers.iter().flat_map(of_layer).collect())
}

/// `W_k^T - sigma_k u_k v_k^T` as printed: defined for square layers only.
fn printed_rest(l: &Layer) -> Result<Matrix, String> {
    let outer = (&l.u * l.v.transpose()).map(|x| x * l.sigma());
    let (left, (r, c)) = (l.matrix.transpose(), outer.shape());
    if left.shape() == (r, c) {
        return Ok(left - outer);
    }
    Err(format!("W_k^T is {} x {}, u_k v_k^T is {r} x {c}: no difference", left.nrows(), left.ncols()))
}

/// The difference of the products, and its telescoping sum with the given middle factor.
fn telescoped(
    layers: &[Layer],
    rest: impl Fn(&Layer) -> Result<Matrix, String>,
    from: usize,
) -> Result<(Matrix, Vec<Matrix>), String> {
    let difference = product(layers) - rank_one(layers);
    let term = |k: usize| {
        let before =
            if k == 0 { Matrix::identity(difference.nrows(), difference.nrows()) } else { product(&layers[..k]) };
        let after = if k + 1 == layers.len() { Matrix::identity(1, 1) } else { rank_one(&layers[k + 1..]) };
        chain(&[&before, &rest(&layers[k])?, &after])
    };
    let terms: Result<Vec<Matrix>, String> = (from..layers.len()).map(term).collect();
    Ok((difference, terms?))
}

/// The telescoping sum as printed, before norms are taken: it does not chain.
pub fn telescoping_printed(draw: &mut Draw<'_>, _how: How) -> Exact {
    let layers = general(draw);
    match telescoped(&layers, printed_rest, 0) {
        Ok((difference, terms)) => {
            let zero = Matrix::zeros(difference.nrows(), 1);
            Exact::Sides(vec![(difference, terms.iter().fold(zero, |s, t| s + t))])
        }
        Err(what) => Exact::DoesNotChain(what),
    }
}

/// `W_k^T - sigma_k u_k v_k^T` against what its norm is meant to be of: `(W_k - sigma_k u_k v_k^T)^T`.
pub fn rest_printed(draw: &mut Draw<'_>, _how: How) -> Exact {
    let layers = general(draw);
    let printed: Result<Vec<(Matrix, Matrix)>, String> =
        layers.iter().map(|l| Ok((printed_rest(l)?, l.rest()))).collect();
    printed.map_or_else(Exact::DoesNotChain, Exact::Sides)
}

/// `W_1^T..W_L^T - sigma_1..sigma_L v_1 u_1^T..v_L u_L^T` is the sum of the terms, and its norm at most the sum of the
/// norms.
pub fn telescoping(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    let from = usize::from(how.plants(Plant::OffByOne));
    let Ok((difference, terms)) = telescoped(&layers, |l| Ok(l.rest()), from) else {
        return Margins::OutOfScope("does not chain");
    };
    let sum = terms.iter().fold(Matrix::zeros(difference.nrows(), 1), |s, t| s + t);
    let norm = |m: &Matrix| of(&square(m), bits).sqrt();
    let norms = terms.iter().fold(Big::zero(), |s, t| s + norm(t));
    let mut roots: Vec<(Rational, Rational)> = terms.iter().map(|t| (Rational::one(), square(t))).collect();
    roots.push((int(-1), square(&difference)));
    Margins::All(vec![
        Pair::exact(&Rational::zero(), &square(&(sum - &difference)), bits),
        Pair::new(norms, norm(&difference)).or_exactly(Tie::Roots(roots)),
    ])
}

/// Pairs `(bound of the k-th term)^2 >= lesser^2`, term by term, which is more than the printed sums say.
fn by_terms(layers: &[Layer], bits: u32, pair: impl Fn(usize, Rational) -> (Rational, Rational)) -> Margins {
    let others = |k: usize| sigmas(&layers[..k]) * sigmas(&layers[k + 1..]);
    let of_term = |k: usize| {
        let (greater, lesser) = pair(k, others(k).powi(2));
        Pair::exact(&greater, &lesser, bits)
    };
    Margins::All((0..layers.len()).map(of_term).collect())
}

/// `norm(k-th term) <= norm(W_1)..norm(W_{k-1}) norm_2(W_k^T - sigma_k v_k u_k^T) sigma_{k+1}..sigma_L`.
pub fn layers_apart(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    let Ok((_, terms)) = telescoped(&layers, |l| Ok(l.rest()), 0) else { return Margins::OutOfScope("does not chain") };
    by_terms(&layers, bits, |k, others| {
        let others = if how.plants(Plant::OffByOne) { sigmas(&layers[..k]).powi(2) } else { others };
        (others * layers[k].second().powi(2), square(&terms[k]))
    })
}

/// `norm_2 <= norm_F` for the middle factor; planted: the largest entry in place of the Frobenius norm.
pub fn frobenius(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    by_terms(&layers, bits, |k, others| {
        let rest = layers[k].rest();
        let entry = rest.iter().map(|x| x.powi(2)).max().unwrap_or_else(Rational::zero);
        let norm = if how.plants(Plant::MissingNorm) { entry } else { square(&rest) };
        (&others * norm, others * layers[k].second().powi(2))
    })
}

/// `norm_F(W_k^T - sigma_k v_k u_k^T) <= sqrt(epsilon)`, times the other sigma_j.
pub fn root_epsilon(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let near = Near::draw(draw, how);
    let bound = if how.plants(Plant::WrongPower) { near.root.powi(2) } else { near.root.clone() };
    by_terms(&near.layers, bits, |k, others| (&others * bound.powi(2), others * square(&near.layers[k].rest())))
}

/// Positive numbers in place of the sigma_k, and sqrt(epsilon).
fn numbers(draw: &mut Draw<'_>) -> (Vec<Rational>, Rational) {
    let l = draw.size(0);
    ((0..l).map(|_| draw.positive()).collect(), draw.nonnegative())
}
fn product_of(numbers: &[Rational]) -> Rational {
    numbers.iter().fold(Rational::one(), |p, s| p * s)
}
fn reciprocals(numbers: &[Rational]) -> Rational {
    numbers.iter().fold(Rational::zero(), |p, s| p + 1 / s)
}

/// `sqrt(epsilon) sum_k prod_{j != k} sigma_j = sqrt(epsilon) prod sigma_j sum_k 1/sigma_k`.
pub fn sum_of_reciprocals(draw: &mut Draw<'_>, how: How) -> Exact {
    let l = draw.size(0);
    let s: Vec<Rational> = (0..l).map(|_| nonzero(draw)).collect();
    let root = draw.number();
    let without = |k: usize| product_of(&s[..k]) * product_of(&s[k + 1..]);
    let left = (0..s.len()).fold(Rational::zero(), |t, k| t + without(k));
    let terms = if how.plants(Plant::OffByOne) { &s[1..] } else { &s[..] };
    let squared: Vec<Rational> = s.iter().map(|x| x.powi(2)).collect();
    let sum = reciprocals(if how.plants(Plant::WrongPower) { &squared } else { terms });
    let one = |q: Rational| Matrix::from_element(1, 1, q);
    Exact::Sides(vec![(one(&root * left), one(root * product_of(&s) * sum))])
}

/// `sqrt(epsilon) prod sigma_j sum_k 1/sigma_k <= sqrt(epsilon) prod sigma_j L/min sigma_k`.
pub fn least_reciprocal(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (s, root) = numbers(draw);
    let least = s.iter().min().cloned().unwrap_or_else(Rational::one);
    let count = s.len() as i64 - i64::from(how.plants(Plant::OffByOne));
    let factor = root * product_of(&s);
    Pair::exact(&(&factor * int(count) / least), &(factor * reciprocals(&s)), bits).into()
}

/// `sqrt(epsilon) prod sigma_j L/min sigma_k <= L sqrt(epsilon)/low prod sigma_j` where every `sigma_k >= low`.
pub fn by_first_inequality(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let near = Near::draw(draw, how);
    let low = if how.plants(Plant::WrongConstant) { int(2) * &near.low } else { near.low.clone() };
    let factor = near.depth() * &near.root * sigmas(&near.layers);
    Pair::exact(&(&factor / low), &(factor / extreme(&near.layers, false)), bits).into()
}

/// `<v_{k+1}, u_k>^2 >= 1 - epsilon/sigma_{k+1}^2 >= 1 - epsilon/low^2`, for layers with `sigma_{k+1} >= low > 0`.
pub fn alignment(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    let share = draw.share();
    let low = extreme(&layers[1..], false) * (1 - share);
    if low.is_zero() {
        return Margins::OutOfScope("(norm(w*)/2)^(1/L) = 0");
    }
    let epsilon = lemma_2_epsilon(&layers, bits);
    let power = if how.plants(Plant::LostSquare) { low.clone() } else { low.powi(2) };
    let of_layer = |(l, c): (&Layer, Rational)| {
        let first = &epsilon / of(&l.sigma().powi(2), bits);
        // Multiplied by sigma^2 and by low^2, so that equal numbers stay exact.
        let ratio = &power / l.sigma().powi(2);
        let second = &epsilon * of(&(1 - ratio), bits);
        [Pair::new(first, of(&(1 - c.powi(2)), bits)), Pair::new(second, Big::zero())]
    };
    Margins::All(layers[1..].iter().zip(cosines(&layers)).flat_map(of_layer).collect())
}

/// `norm(sigma_1..sigma_L v_1 u_1^T..v_L u_L^T) = prod sigma_k norm(v_1) prod u_k^T v_{k+1}`: printed for any
/// orientation of the singular vectors.
pub fn rank_one_norm(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let mut layers = general(draw);
    if !how.printed() {
        orient(&mut layers);
    }
    // The matrix is a rational multiple of the unit vector v_1: its norm is rational.
    let (Some(norm), Some(unit)) = (square(&rank_one(&layers)).exact_sqrt(), square(&layers[0].v).exact_sqrt()) else {
        return Margins::OutOfScope("the norm is irrational");
    };
    let from = usize::from(how.plants(Plant::OffByOne));
    let cosines = cosines(&layers).into_iter().skip(from).fold(Rational::one(), |p, c| p * c);
    let right = if how.plants(Plant::DroppedFactor) { unit } else { unit * sigmas(&layers) };
    Margins::All(equal(&norm, &(right * cosines), bits).to_vec())
}

/// `norm(rank one) >= prod sigma_k (1 - epsilon/low^2)^((L-1)/2)`, by fourth powers.
pub fn alignment_power(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let near = Near::draw(draw, how);
    let halves = near.layers.len() as u32 - 1;
    let power = if how.plants(Plant::WrongPower) { halves } else { 2 * halves };
    let right = sigmas(&near.layers).powi(4) * (1 - near.fraction()).powi(power);
    Pair::exact(&square(&rank_one(&near.layers)).powi(2), &right, bits).into()
}

/// `prod sigma_k (1 - (L-1) epsilon/low^2) <= norm(rank one)`, by squares (both sides are positive).
pub fn rank_one_below(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let near = Near::draw(draw, how);
    let bracket = near.first_bracket();
    let bracket = if how.plants(Plant::FlippedSign) { int(2) - bracket } else { bracket };
    let left = sigmas(&near.layers) * bracket;
    Pair::exact(&square(&rank_one(&near.layers)), &left.powi(2), bits).into()
}

/// `norm(rank one) <= norm(W_1^T..W_L^T) + norm(W_1^T..W_L^T - rank one)`.
pub fn triangle(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let layers = general(draw);
    let (whole, part) = (product(&layers), rank_one(&layers));
    if how.plants(Plant::DroppedTerm) {
        return Pair::exact(&square(&whole), &square(&part), bits).into();
    }
    let norm = |m: &Matrix| of(&square(m), bits).sqrt();
    let missing = &part - &whole;
    let one = Rational::one;
    let tie = Tie::Roots(vec![(one(), square(&whole)), (one(), square(&missing)), (int(-1), square(&part))]);
    Pair::new(norm(&whole) + norm(&missing), norm(&part)).or_exactly(tie).into()
}

/// `norm(W_1^T..W_L^T - rank one) <= L sqrt(epsilon)/low prod sigma_k`, by squares.
pub fn difference_bounded(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let near = Near::draw(draw, how);
    let bound = near.second_fraction() * sigmas(&near.layers);
    let difference = product(&near.layers) - rank_one(&near.layers);
    Pair::exact(&bound.powi(2), &square(&difference), bits).into()
}

/// `prod sigma_k (1 - (L-1) epsilon/low^2 - L sqrt(epsilon)/low) <= norm(W_1^T..W_L^T)`, by squares; the left side is
/// positive under (A3).
pub fn combined(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let near = Near::draw(draw, how);
    let bracket = near.first_bracket() - near.second_fraction();
    let bracket = if how.plants(Plant::DroppedFactor) { Rational::one() } else { bracket };
    let left = (sigmas(&near.layers) * bracket).max(Rational::zero());
    Pair::exact(&square(&product(&near.layers)), &left.powi(2), bits).into()
}

/// `prod sigma_k >= (min sigma_k)^L`.
pub fn product_above_least(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (s, _) = numbers(draw);
    let end = if how.plants(Plant::FlippedSign) { s.iter().max() } else { s.iter().min() };
    let end = end.cloned().unwrap_or_else(Rational::one);
    Pair::exact(&product_of(&s), &end.powi(s.len() as u32), bits).into()
}

/// `3 (min sigma_k)^L/4 <= norm(W_1^T..W_L^T)`, by squares.
pub fn least_power(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let near = Near::draw(draw, how);
    let constant = if how.plants(Plant::WrongConstant) { Rational::new(3, 2) } else { Rational::new(3, 4) };
    let left = constant * extreme(&near.layers, false).powi(near.layers.len() as u32);
    Pair::exact(&square(&product(&near.layers)), &left.powi(2), bits).into()
}
