//! What the steps of B.1 share: what their symbols stand for, and expressions of them.
//!
//! | paper | here |
//! | --- | --- |
//! | grad R^1(w~_prod); its coefficient of xi^m | `g`; `g_m` |
//! | the coefficient of xi^m of Delta_k | `Delta_{k,m}` |
//! | the same of Delta-bar_k | `Delta-bar_{k,m}`, `-v_k g_m^T W_1^T .. W_{k-1}^T` |
//! | u_k, v_k, A_k | `u_k`, `v_k`, `A_k`, defined by the layers |
//! | S(W) at a minimiser | `S(W)`, `(2/n) norm(X J)^2` with J the derivative of w_prod |
//!
//! **S(W) without an eigenvalue solver.** At a minimiser the Hessian is `2 J^T Sigma J = (2/n) (X J)^T (X J)`, J the
//! derivative of w_prod in all weights, so that S(W) is `(2/n) norm(X J)^2`, an operator norm that a formula can
//! name.

use crate::arithmetic::{Dual, Rational};
use crate::formula::{Expr, Says, Table, ascent, at, at2, descent, norm, square, sum, transpose, var};
use crate::harness::steps::{Draw, Drawn, Matrix, Setting, column, scalar};
use crate::paper::section_3::minimiser::{Scene, WIDTHS, epsilon, lift};
use nalgebra::DMatrix;
use num_traits::One;

/// The hypotheses of most steps of B.1, in words.
const MINIMISER: &str = "W a minimiser with w_prod = w*; any depth, widths, head and directions M_k; g = \
                                    grad R^1(w~_prod); g_m, Delta_{k,m} are coefficients of xi^m";
/// To first order, and to second.
pub(crate) const RAW: Setting = Setting::new(MINIMISER, WIDTHS, |draw| first_order(Scene::raw, any)(draw));
/// To first order, on data whose smallest eigenvalue lambda is known: for inequalities.
pub(crate) const SPECTRAL: Setting = Setting::new(MINIMISER, WIDTHS, |draw| first_order(Scene::spectral, any)(draw));
/// To second order, the Delta_k from the definition of the risk.
pub(crate) const TWICE: Setting = Setting::new(MINIMISER, WIDTHS, |draw| second_order(Scene::raw)(draw));
/// At one rational xi, without an expansion: for the displays that are exact.
pub(crate) const AT_XI: Setting = Setting::new(MINIMISER, WIDTHS, |draw| at_xi(Scene::raw, any)(draw));

/// `W_1^T .. W_{k-1}^T` for the layers of this name.
pub(crate) fn before(layers: &'static str, k: impl Into<Expr>) -> Expr {
    ascent("j", 1, k.into() - 1, transpose(at(layers, var("j"))))
}
/// `W_{k+1}^T .. W_L^T w`.
pub(crate) fn after(layers: &'static str, k: impl Into<Expr>) -> Expr {
    ascent("j", k.into() + 1, var("L"), transpose(at(layers, var("j")))) * var("w")
}
/// `(2/n) X^T X`.
pub(crate) fn data() -> Expr {
    2 / var("n") * transpose(var("X")) * var("X")
}
/// `w*^T (2/n) X^T X`.
pub(crate) fn image() -> Expr {
    transpose(var("w*")) * (2 / var("n")) * transpose(var("X")) * var("X")
}
/// `w*^T (2/n) X^T X w*`.
pub(crate) fn form() -> Expr {
    image() * var("w*")
}
/// The sum over the layers.
pub(crate) fn over_layers(term: Expr) -> Expr {
    sum("k", 1, var("L"), term)
}
/// `sum_k norm_F(.._k)^2`, or of the coefficients of xi.
pub(crate) fn squares(of: Expr) -> Expr {
    over_layers(square(of))
}
/// `sum_k norm_F(Delta_{k,1})^2`: the coefficient of xi^2 of `sum_k norm_F(Delta_k)^2`.
pub(crate) fn change() -> Expr {
    squares(at2("Delta", var("k"), 1))
}
/// `w*^T g_m`.
pub(crate) fn along(m: i64) -> Expr {
    transpose(var("w*")) * at("g", m)
}
/// `S(W)^2`.
pub(crate) fn sharpness_squared() -> Expr {
    var("S(W)").pow(2)
}
/// `2/L`.
pub(crate) fn exponent() -> Expr {
    2 / var("L")
}
/// `norm(w)^(2/L)`, the factor that was lost.
pub(crate) fn lost() -> Expr {
    norm(var("w")).power(exponent())
}
/// `w* != 0`.
pub(crate) fn some_target() -> Says {
    square(var("w*")).above(0)
}
/// The lesser side of a control is larger by so much: 101/100.
pub(crate) fn percent() -> Rational {
    Rational::new(101, 100)
}

/// The derivative of w_prod in the entries of the layers.
///
/// d x p: the columns of layer k are `W_1^T .. W_{k-1}^T E^T W_{k+1}^T .. W_L^T w` over the unit matrices E of its
/// shape, column by column.
fn jacobian(scene: &Scene) -> Matrix {
    let block = |k| scene.before(k).kronecker(&scene.after(k).transpose());
    let columns: Vec<_> =
        (1..=scene.depth()).flat_map(|k| block(k).column_iter().map(|c| c.into_owned()).collect::<Vec<_>>()).collect();
    Matrix::from_columns(&columns)
}

/// `-v_k g^T W_1^T .. W_{k-1}^T`.
fn bar(g: Expr) -> Expr {
    -(at("v", var("k")) * transpose(g) * before("W", var("k")))
}

/// What does not depend on the directions.
pub(crate) fn symbols(scene: &Scene) -> Table<Rational> {
    let (k, v) = (var("k"), at("v", var("k")));
    Table::default()
        .scalar("L", scene.length())
        .scalar("n", Rational::from(scene.y.len() as i64))
        .scalar("lambda", scene.lambda.clone())
        .family("W", scene.layers.iter().cloned())
        .family("beta", scene.beta.iter().cloned().map(scalar))
        .matrix("X", &[], scene.x.clone())
        .matrix("J", &[], jacobian(scene))
        .vector("w", &scene.head)
        .vector("w*", &scene.w_star)
        .define("w_prod", &[], before("W", var("L") + 1) * var("w"))
        .define("w~_prod", &[], before("W~", var("L") + 1) * var("w"))
        .define("S(W)", &[], 2 / var("n") * norm(var("X") * var("J")).pow(2))
        .define("u", &["k"], descent("j", &k - 1, 1, at("W", var("j"))) * transpose(image()))
        .define("v", &["k"], after("W", &k))
        .define("r", &["k"], image() * before("W", &k))
        .define("A", &["k"], &v * at("r", &k))
        .define("Delta-bar", &["k", "m"], bar(at("g", var("m"))))
        .define("Delta", &["k", "m"], at2("Delta-bar", &k, var("m")))
}

/// Coefficients of 1 and xi along directions. Those of the Delta_k are those of the Delta-bar_k: step
/// `theorem-2/delta-bar`.
pub(crate) fn first_order(
    scene: fn(&mut Draw<'_>) -> Scene,
    directions: fn(&Scene) -> Vec<Matrix>,
) -> impl Fn(&mut Draw<'_>) -> Drawn {
    move |draw| {
        let scene = scene(draw);
        let directions = directions(&scene);
        let gradient = scene.risk_gradient_at(&scene.moved(&epsilon(), &directions));
        let [value, slope] = [gradient.map(|v| v.value), gradient.map(|v| v.derivative)].map(|part| column(&part));
        Ok(symbols(&scene).family("M", directions).matrix("g", &[0], value).matrix("g", &[1], slope))
    }
}
/// The directions that were drawn.
pub(crate) fn any(scene: &Scene) -> Vec<Matrix> {
    scene.directions.clone()
}
/// beta_k W_k.
pub(crate) fn scaled(scene: &Scene) -> Vec<Matrix> {
    scene.layers.iter().zip(&scene.beta).map(|(w, b)| w.map(|v| v * b)).collect()
}
/// Data of which the network is no minimiser.
pub(crate) fn off(draw: &mut Draw<'_>) -> Scene {
    Scene::raw(draw).off()
}

/// Coefficients of 1, xi and xi^2 along any directions: g_m, and Delta_{k,m} from the definition of the risk.
pub(crate) fn second_order(scene: fn(&mut Draw<'_>) -> Scene) -> impl Fn(&mut Draw<'_>) -> Drawn {
    move |draw| {
        let scene = scene(draw);
        // xi = e_1 + e_2 with xi^3 = 0.
        let xi = Dual::new(epsilon(), Dual::constant(Rational::one()));
        let moved = scene.moved(&xi, &scene.directions);
        let still: Vec<DMatrix<Dual<Dual<Rational>>>> = scene.layers.iter().map(|w| w.map(|v| lift(&v))).collect();
        // Twice the coefficient of xi^2 is that of e_1 e_2.
        let of = |m: &DMatrix<Dual<Dual<Rational>>>| {
            let two = m.map(|v| v.derivative.derivative / 2);
            [m.map(|v| v.value.value), m.map(|v| v.value.derivative), two].into_iter().zip(0..)
        };
        let gradient = scene.risk_gradient_at(&moved);
        let column = DMatrix::from_column_slice(gradient.len(), 1, gradient.as_slice());
        let mut table = symbols(&scene);
        for (part, m) in of(&column) {
            table = table.matrix("g", &[m], part);
        }
        for k in 1..=scene.depth() {
            let change = scene.gradient_at(&still, k) - scene.gradient_at(&moved, k);
            for (part, m) in of(&change) {
                table = table.matrix("Delta", &[k as i64, m], part);
            }
        }
        Ok(table)
    }
}

/// At a rational xi, along the directions given: gradients from the definition of the risk.
pub(crate) fn at_xi(
    scene: fn(&mut Draw<'_>) -> Scene,
    directions: fn(&Scene) -> Vec<Matrix>,
) -> impl Fn(&mut Draw<'_>) -> Drawn {
    move |draw| {
        let scene = scene(draw);
        let xi = draw.number();
        let directions = directions(&scene);
        let moved: Vec<Matrix> = scene.moved(&xi, &directions);
        let gradients =
            |layers: &[Matrix]| (1..=scene.depth()).map(|k| scene.gradient_at(layers, k)).collect::<Vec<Matrix>>();
        Ok(symbols(&scene)
            .scalar("xi", xi)
            .matrix("g", &[], column(&scene.risk_gradient_at(&moved)))
            .family("grad R^L(W)", gradients(&scene.layers))
            .family("grad R^L(W~)", gradients(&moved))
            .family("M", directions)
            .family("W~", moved)
            .define("Delta-bar", &["k"], bar(var("g"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::{Big, Enclosure, Field, Real};
    use crate::formula::{Value, evaluate};
    use crate::harness::steps::sample::Sample;
    use crate::hessian::sharpness_at_minimiser;
    use crate::network::Network;
    use crate::problem::Moments;

    #[test]
    fn the_norm_of_x_j_gives_the_certified_sharpness() {
        let numbers: Vec<Rational> = (0..40).map(|i| Rational::new((7 * i) % 11 - 5, 4)).collect();
        for sizes in [vec![1, 1], vec![2, 1, 2], vec![2, 2, 2, 1]] {
            let scene = Scene::spectral(&mut Draw::new(&Sample { sizes, numbers: numbers.clone() }));
            let of = |q: &Rational| Big::from_rational(q, 128);
            let net = Network::new(scene.layers.clone(), scene.head.clone()).unwrap();
            let data = Moments::new(&scene.x, &scene.y);
            let certified = sharpness_at_minimiser(&net.map(of), &data.map(of));
            let Ok(Value::Scalar(here)) = evaluate(&var("S(W)"), &symbols(&scene).with_bits(128), 128) else {
                panic!("a number was expected");
            };
            let apart = (here - certified.clone()).abs();
            let tolerance = certified.abs() * Big::from_rational(&Rational::one(), 128).scale(-90);
            assert!((tolerance - apart).is_nonnegative());
        }
    }
}
