//! What the steps of B.1 share.

use crate::arithmetic::{Rational, Ring};
use crate::harness::steps::equality::Exact;
use crate::harness::steps::equality::chain;
use crate::harness::steps::equality::column;
use crate::harness::steps::how::{How, Plant};
use crate::harness::steps::inequality::Margins;
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::Body;
use crate::paper::section_3::minimiser::First;
use crate::paper::section_3::minimiser::WIDTHS;
use crate::paper::section_3::minimiser::{Matrix, Scene};

/// `sum_k W_1^T .. W_{k-1}^T M_k^T W_{k+1}^T .. W_L^T w`.
pub(crate) fn sum_of_terms(scene: &Scene, directions: &[Matrix]) -> Matrix {
    let zero = Matrix::zeros(scene.w_star.len(), 1);
    let term = |(k, m): (usize, &Matrix)| scene.before(k + 1) * m.transpose() * scene.after(k + 1);
    directions.iter().enumerate().map(term).fold(zero, |s, t| s + t)
}

/// The factor norm(w)^2 under the L-th root, or its planted variants.
pub(crate) fn head(scene: &Scene, how: How) -> Rational {
    let kept = scene.head_factor(!how.printed() && !how.plants(Plant::MissingNorm));
    if how.plants(Plant::WrongPower) { kept.powi(scene.depth() as u32) } else { kept }
}

pub(crate) const CHOSEN: &str = "the same with beta_k = norm_2(A_k), so that M_k = A_k; w* != 0";

pub(crate) fn leading(draw: &mut Draw<'_>) -> (Scene, First) {
    let scene = Scene::spectral(draw);
    let first = scene.first(&scene.directions);
    (scene, first)
}

/// The Delta-bar_k at a rational xi.
pub(crate) fn bars(scene: &Scene, xi: &Rational) -> (Matrix, Vec<Matrix>) {
    let gradient = column(&scene.risk_gradient_at(&scene.moved(xi, &scene.directions)));
    let bar = |k| -(scene.after(k) * gradient.transpose() * scene.before(k));
    (gradient.clone(), (1..=scene.depth()).map(bar).collect())
}

/// Line 867: `Delta-bar_L .. Delta-bar_1` against `-g^T (w_prod g^T)^(L-1)`.
pub(crate) fn product_of_bars(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let xi = draw.number();
    let (gradient, bars) = bars(&scene, &xi);
    let reversed: Vec<&Matrix> = bars.iter().rev().collect();
    let left = match chain(&reversed) {
        Ok(left) => left,
        Err(what) => return Exact::DoesNotChain(what),
    };
    let (row, target) = (gradient.transpose(), column(&scene.w_star));
    let repeated = if how.plants(Plant::OffByOne) { scene.depth() } else { scene.depth() - 1 };
    let chained = (0..repeated).fold(row.clone(), |p, _| p * &target * &row);
    let odd = how.printed() || how.plants(Plant::FlippedSign) || scene.depth() % 2 == 1;
    let signed = if odd { -chained } else { chained };
    let head = column(&scene.head);
    Exact::Sides(vec![(left, if how.printed() { signed } else { head * signed })])
}

pub(crate) fn exact(sides: fn(&mut Draw<'_>, How) -> Exact) -> Body {
    Body::Identity { sizes: WIDTHS, sides }
}

pub(crate) fn enclosed(sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Body {
    Body::Instances { sizes: WIDTHS, sides }
}

pub(crate) const MINIMISER: &str = "W a minimiser with w_prod = w*; any depth, widths, head and directions M_k";
