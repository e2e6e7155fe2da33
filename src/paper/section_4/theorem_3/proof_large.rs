//! B.4, large spectral norm, up to (23): all layers are large, neighbours are aligned, one layer of the path.
//!
//! | paper | here |
//! | --- | --- |
//! | u_k, v_k, x_k, epsilon, sqrt(2 epsilon) | [`Large`] in `theorem_3_scenes.rs` |
//!
//! Sizes are `[kind, d_0, .., d_L]`. Forms named `every-depth` are proved by subdivision for all L, sigma_1 and epsilon
//! together, in `z = sqrt(2 epsilon) L/sigma_1`, below 1 by (21), and `l = 1/L`: then `epsilon/sigma_1^2 = z^2 l^2/2`.

use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::harness::claim::Form;
use crate::harness::evidence::{Grade, Role};
use crate::harness::steps::domain::Over;
use crate::harness::steps::equality::{Exact, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Inequality, Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::paper::section_4::lemma_2::proof_first::{EXACT, sides_of};
use crate::paper::section_4::scenes::{Scene, Value, Vector, at_least};
use crate::paper::section_4::theorem_3::scenes::{LARGE, Large, TRUE, orient, upper_product};
use crate::problem::{dot, norm_squared};
use num_traits::{One, Zero};

/// The pairs that a step makes of a scene in the case (21), or of any where (21) is dropped.
pub(crate) fn on_large(draw: &mut Draw<'_>, how: How, bits: u32, pairs: impl FnOnce(&Large) -> Vec<Pair>) -> Margins {
    match Large::draw(draw, bits, !how.plants(Plant::DroppedHypothesis)) {
        Err(why) => Margins::OutOfScope(why),
        Ok(scene) => match pairs(&scene) {
            list if list.is_empty() => Margins::OutOfScope("L = 1: no pair of layers"),
            list => Margins::All(list),
        },
    }
}

/// The box of `(z, l)`.
pub(crate) fn unit_square(_: How) -> Vec<(Rational, Rational)> {
    vec![(Rational::zero(), Rational::one()), (Rational::zero(), Rational::one())]
}

/// A form over all depths.
pub(crate) fn every_depth(statement: &str, sides: fn(&[Big], How) -> (Big, Big)) -> Form {
    let body = Over { variables: &["z", "l"], domain: unit_square, sides, how: How::Printed };
    Form::holds("every-depth", Role::Sharpened, Grade::Domain, statement, body)
}

/// A stronger form, which the function gives as the corrected one.
pub(crate) fn sharper(
    id: &'static str,
    name: &'static str,
    statement: &str,
    sizes: Sizes,
    sides: fn(&mut Draw<'_>, How, u32) -> Margins,
) -> Form {
    let body = Inequality { id, sizes, sides, how: How::Corrected };
    Form::holds(name, Role::Sharpened, Grade::Instance, statement, body)
}

/// `sigma_k^2 >= sigma_1^2 - epsilon > epsilon`, k = 1, .., L-1; to L in the form that is used.
fn norms(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let rest = s.sigma(1).power(2).minus(s.epsilon.clone());
        let bound = if how.plants(Plant::DroppedTerm) { s.sigma(1).power(2) } else { rest.clone() };
        let last = if how == How::Corrected { s.depth() } else { s.depth() - 1 };
        let first = (1..=last).map(|k| at_least(s.sigma(k).power(2), bound.clone()));
        first.chain([at_least(rest, s.epsilon.clone()).strictly()]).collect()
    })
}

/// `1 - e >= e` for `e = (z l)^2/2`: `1 - (z l)^2 >= 0`.
fn norms_at_every_depth(v: &[Big], _how: How) -> (Big, Big) {
    (Big::one(), (&v[0] * &v[1]).powi(2))
}

/// `<v_{k+1}, u_k>^2 >= 1 - epsilon/sigma_{k+1}^2 > 0`.
fn alignment(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let of = |k: usize| {
            let one = s.value(Rational::one());
            let power = if how.plants(Plant::LostSquare) { 1 } else { 2 };
            let below = s.sigma(k + 1).power(power);
            if !below.is_positive() {
                return Vec::new();
            }
            let bound =
                if how.plants(Plant::DroppedTerm) { one.clone() } else { one.minus(s.epsilon.clone().over(below)) };
            let square = s.value(dot(&s.v[k], &s.u[k - 1]).powi(2));
            vec![at_least(square, bound.clone()), at_least(bound, s.value(Rational::zero())).strictly()]
        };
        (1..s.depth()).flat_map(of).collect()
    })
}

/// After the choice of signs all inner products are nonnegative, and u_k, v_k are still singular vectors:
/// `W_k v_k = sigma_k u_k`.
fn orientation(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw);
    let signs: Vec<Rational> = (1..draw.sizes().len()).map(|_| draw.number()).collect();
    let scene = match scene {
        Ok(scene) if scene.depth() > 1 => scene,
        Ok(_) => return Margins::OutOfScope("L = 1: no pair of layers"),
        Err(why) => return Margins::OutOfScope(why),
    };
    let signed = |x: Vector, sign: &Rational| if sign.sign() < 0 { -x } else { x };
    let (mut u, mut v): (Vec<Vector>, Vec<Vector>) =
        scene.layers.iter().zip(&signs).map(|(w, s)| (signed(w.u(), s), signed(w.v(), s))).unzip();
    match how {
        How::Planted(Plant::DroppedHypothesis) => (),
        How::Planted(Plant::FlippedSign) => orient(&mut u.clone(), &mut v),
        _ => orient(&mut u, &mut v),
    }
    let zero = Rational::zero();
    let nonnegative = (1..u.len()).map(|k| Pair::exact(&dot(&v[k], &u[k - 1]), &zero, bits));
    let vectors = scene.layers.iter().zip(u.iter().zip(&v)).map(|(w, (u, v))| {
        let error = &w.matrix * v - u.map(|e| e * w.sigma());
        Pair::exact(&zero, &norm_squared(error.iter()), bits)
    });
    Margins::All(nonnegative.chain(vectors).collect())
}

/// `norm(v - u)^2 = 2 - 2 <v, u>` for unit vectors.
fn chord(draw: &mut Draw<'_>, how: How) -> Exact {
    let n = draw.size(0);
    let unit = draw.unit_vector(n);
    let v = draw.rotation(n) * draw.unit_vector(n);
    let long = draw.vector(n);
    let u = if how.plants(Plant::DroppedHypothesis) { long } else { unit };
    let two = Rational::from(2);
    let inner = dot(&v, &u);
    let inner = if how.plants(Plant::DroppedFactor) { inner } else { &two * inner };
    Exact::Sides(vec![(scalar(norm_squared((v - u).iter())), scalar(two - inner))])
}

/// `epsilon/sigma_{k+1}^2`.
fn share_of(s: &Large, k: usize) -> Value {
    s.epsilon.clone().over(s.sigma(k + 1).power(2))
}

/// `norm(v_{k+1} - u_k)^2 <= 2 (1 - sqrt(1 - epsilon/sigma_{k+1}^2))`.
fn chord_bound(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let of = |k: usize| {
            let one = s.value(Rational::one());
            let share = share_of(s, k);
            let inside =
                if how.plants(Plant::FlippedSign) { one.clone().plus(share) } else { one.clone().minus(share) };
            let factor = Rational::from(if how.plants(Plant::DroppedFactor) { 1 } else { 2 });
            at_least(one.minus(inside.root()).by(factor), s.value(s.chord(k)))
        };
        (1..s.depth()).map(of).collect()
    })
}

/// `sqrt(1 - x) >= 1 - x`, as `y (1 - y) >= 0` for `y = sqrt(1 - x)`.
fn root(v: &[Big], how: How) -> (Big, Big) {
    let one = Big::one();
    let y = Real::sqrt(&(&one - &v[0]));
    match how {
        How::Planted(Plant::WrongConstant) => (y, one - &v[0] / 2),
        How::Planted(Plant::FlippedSign) => (Big::zero(), &y * (one - &y)),
        _ => (&y * (one - &y), Big::zero()),
    }
}

/// (22).
fn eq_22(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let of = |k: usize| {
            let power = if how.plants(Plant::LostSquare) { 1 } else { 2 };
            let share = s.epsilon.clone().over(s.sigma(k + 1).power(power));
            at_least(share.by(Rational::from(2)), s.value(s.chord(k)))
        };
        (1..s.depth()).map(of).collect()
    })
}

/// x_1, .., x_L of a scene, with the known singular vectors.
fn path(s: &Scene, first: Vector) -> Vec<Vector> {
    let mut out = vec![first];
    for w in &s.layers[1..] {
        let fed = out.last().map(|x| &w.matrix * x);
        out.extend(fed);
    }
    out
}

/// `x_L = W_L .. W_2 x_1`, by the product of the matrices.
fn path_product(draw: &mut Draw<'_>, how: How) -> Exact {
    sides_of(draw, |s| {
        let x = path(s, s.at(2).v());
        let kept = if how.plants(Plant::OffByOne) { s.depth() - 1 } else { s.depth() };
        let out = &upper_product(&s.layers[..kept]) * &x[0];
        let column = |v: &Vector| crate::paper::section_4::scenes::Matrix::from_column_slice(v.len(), 1, v.as_slice());
        vec![(column(&x[s.depth() - 1]), column(&out))]
    })
}

/// `norm_2(W_L .. W_2) >= norm(x_L)/norm(x_1) = norm(x_L)`, squared.
fn product_norm(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let (Some(first), Some(last)) = (s.x.first(), s.x.last()) else { return Vec::new() };
        // A start twice as long has an end twice as long.
        let four = Rational::from(if how.plants(Plant::MissingNorm) { 4 } else { 1 });
        let (first, last) = (norm_squared(first.iter()) * &four, norm_squared(last.iter()) * four);
        let square = norm_squared(upper_product(s.layers()).iter());
        if how.plants(Plant::MissingNorm) {
            return vec![Pair::exact(&square, &last, bits)];
        }
        let quotient = &last / first;
        let pair = Pair::exact(&square, &quotient, bits);
        let pair = if how.plants(Plant::StrictInequality) { pair.strictly() } else { pair };
        vec![pair, Pair::exact(&quotient, &last, bits), Pair::exact(&last, &quotient, bits)]
    })
}

/// The equalities before (23).
fn path_step(draw: &mut Draw<'_>, how: How) -> Exact {
    sides_of(draw, |s| {
        let x = path(s, s.at(2).v());
        let of = |k: usize| {
            let (next, fed) = (s.at(k + 1), &x[k - 1]);
            let sigma = match how {
                How::Planted(Plant::WrongPower) => next.square(),
                How::Planted(Plant::OffByOne) => s.at(k).sigma().clone(),
                _ => next.sigma().clone(),
            };
            let (u, v) = (s.at(k).u(), next.v());
            let sum = &u + (&v - &u);
            let fourth = &sigma * dot(fed, &sum);
            let lines = [dot(&x[k], &next.u()), dot(&(&next.matrix * fed), &next.u()), sigma * dot(fed, &v), fourth];
            lines.windows(2).map(|w| (scalar(w[0].clone()), scalar(w[1].clone()))).collect::<Vec<_>>()
        };
        (1..s.depth()).flat_map(of).collect()
    })
}

/// `sigma <x, u + v - u> >= sigma <x, u> - sigma norm(x) norm(v - u)`.
fn cauchy(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let of = |k: usize| {
            let sigma = s.at(k + 1).sigma().clone();
            let left = s.value(&sigma * dot(&s.x[k - 1], &s.v[k]));
            let first = s.value(&sigma * s.along(k));
            let second = s.length(k).times(s.value(s.chord(k)).root()).by(sigma);
            let right = match how {
                How::Planted(Plant::DroppedTerm) => first,
                How::Planted(Plant::FlippedSign) => first.plus(second),
                _ => first.minus(second),
            };
            at_least(left, right)
        };
        (1..s.depth()).map(of).collect()
    })
}

/// (23): the last link, and both ends.
fn eq_23(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_large(draw, how, bits, |s| {
        let of = |k: usize| {
            let sigma = s.at(k + 1).sigma().clone();
            let first = s.value(&sigma * s.along(k));
            let before = first.clone().minus(s.length(k).times(s.value(s.chord(k)).root()).by(sigma));
            let root =
                if how.plants(Plant::WrongConstant) { s.root.clone().by(Rational::new(1, 2)) } else { s.root.clone() };
            let term = root.times(s.length(k));
            let last = if how.plants(Plant::FlippedSign) { first.plus(term) } else { first.minus(term) };
            [at_least(before, last.clone()), at_least(s.value(s.along(k + 1)), last)]
        };
        (1..s.depth()).flat_map(of).collect()
    })
}

const CASE: &str = "(21): sigma_1 > C > sqrt(2 epsilon) L; layers for which the three statements of Lemma 2 hold";
const FLOW: &str = "(21); W and W(0) satisfy Lemma 1";
const PATH: &str = "any layers with their singular vectors, L >= 2";

fn aligned_steps() -> Vec<Step> {
    let on_true = |sides| Body::Instances { sizes: TRUE, sides };
    let on_case = |sides| Body::Instances { sizes: LARGE, sides };
    let signed: Sizes = &[&[0, 1, 1], &[0, 1, 1, 1], &[0, 2, 2, 1], &[0, 3, 2, 2, 1]];
    vec![
        Step::new("theorem-3/large-norms", "Theorem 3, proof, large spectral norm, first display", &[1189])
            .titled("All layers are large")
            .given(FLOW)
            .uses(&["lemma-2/second-statement"])
            .by(on_true(norms))
            .holds("sigma_k^2 >= sigma_1^2 - epsilon > epsilon, k = 1, .., L-1")
            .planted(Plant::DroppedTerm, "sigma_k^2 >= sigma_1^2")
            .planted(Plant::DroppedHypothesis, "the same without (21)")
            .form(every_depth("sigma_1^2 - epsilon >= epsilon for all L >= 1, by (21)", norms_at_every_depth))
            .form(sharper("theorem-3/large-norms", "up-to-l", "the same for k up to L, as it is used", TRUE, norms)),
        Step::new("theorem-3/large-alignment", "Theorem 3, proof, large spectral norm, second display", &[1195])
            .titled("Neighbours are aligned")
            .given(FLOW)
            .uses(&["lemma-2/alignment", "theorem-3/large-norms", "theorem-3/large-norm-range"])
            .by(on_true(alignment))
            .holds("<v_{k+1}, u_k>^2 >= 1 - epsilon/sigma_{k+1}^2 > 0, k = 1, .., L-1")
            .planted(Plant::DroppedTerm, "<v_{k+1}, u_k>^2 >= 1")
            .planted(Plant::LostSquare, "the same with epsilon/sigma_{k+1}")
            .planted(Plant::DroppedHypothesis, "the same without (21)"),
        Step::new("theorem-3/orientation", "Theorem 3, proof, large spectral norm, choice of signs", &[])
            .quoted(1199, "to choose the orientation of the")
            .titled("Signs of the singular vectors")
            .given("any layers, any signs to begin with")
            .by(Body::Instances { sizes: signed, sides: orientation })
            .holds(
                "signs, common to u_k and v_k, can be chosen with <v_{k+1}, u_k> >= 0 for k = 1, .., L-1 and W_k \
                    v_k = sigma_k u_k",
            )
            .planted(Plant::DroppedHypothesis, "the same for any signs")
            .planted(Plant::FlippedSign, "the same, the sign of v_k changed alone"),
        Step::new("theorem-3/chord", "Theorem 3, proof, large spectral norm, third display, equality", &[1201])
            .titled("Distance of unit vectors")
            .given("unit vectors")
            .by(Body::Identity { sizes: &[&[1], &[2], &[4]], sides: chord })
            .holds("norm(v_{k+1} - u_k)^2 = 2 - 2 <v_{k+1}, u_k>")
            .planted(Plant::DroppedFactor, "norm(v_{k+1} - u_k)^2 = 2 - <v_{k+1}, u_k>")
            .planted(Plant::DroppedHypothesis, "the same for vectors of any length"),
        Step::new("theorem-3/chord-bound", "Theorem 3, proof, large spectral norm, third display, inequality", &[1206])
            .titled("Distance of neighbouring singular vectors")
            .given(CASE)
            .uses(&["theorem-3/large-alignment", "theorem-3/orientation", "theorem-3/chord"])
            .by(on_case(chord_bound))
            .holds("2 - 2 <v_{k+1}, u_k> <= 2 (1 - sqrt(1 - epsilon/sigma_{k+1}^2))")
            .planted(Plant::DroppedFactor, "norm(v_{k+1} - u_k)^2 <= 1 - sqrt(1 - epsilon/sigma_{k+1}^2)")
            .planted(Plant::FlippedSign, "the same with sqrt(1 + epsilon/sigma_{k+1}^2)"),
        Step::new("theorem-3/square-root", "Theorem 3, proof, before (22)", &[])
            .quoted(1210, "\\sqrt{1-x} \\geqslant 1-x")
            .titled("A square root on the unit interval")
            .given("x in [0, 1]")
            .by(Body::Domain { variables: &["x"], domain: |_| vec![(Rational::zero(), Rational::one())], sides: root })
            .holds("sqrt(1 - x) >= 1 - x for x in [0, 1]")
            .planted(Plant::WrongConstant, "sqrt(1 - x) >= 1 - x/2")
            .planted(Plant::FlippedSign, "sqrt(1 - x) <= 1 - x"),
        Step::new("theorem-3/eq-22", "Theorem 3, proof, (22)", &[1213])
            .titled("Neighbouring singular vectors are near each other")
            .given(CASE)
            .uses(&["theorem-3/chord-bound", "theorem-3/square-root"])
            .by(on_case(eq_22))
            .holds("norm(v_{k+1} - u_k)^2 <= 2 epsilon/sigma_{k+1}^2")
            .planted(Plant::LostSquare, "norm(v_{k+1} - u_k)^2 <= 2 epsilon/sigma_{k+1}")
            .stronger(Plant::WrongConstant, "norm(v_{k+1} - u_k)^2 <= epsilon/(2 sigma_{k+1}^2)", Rational::from(4)),
    ]
}

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step> {
    let on_case = |sides| Body::Instances { sizes: LARGE, sides };
    let exactly = |sides| Body::Identity { sizes: EXACT, sides };
    let mut out = aligned_steps();
    out.extend([
        Step::new("theorem-3/path-product", "Theorem 3, proof, large spectral norm, after the definition of x_k", &[])
            .quoted(1226, "We then have")
            .titled("The end of the path")
            .given(PATH)
            .by(exactly(path_product))
            .holds("x_L = W_L .. W_2 x_1")
            .planted(Plant::OffByOne, "x_L = W_{L-1} .. W_2 x_1"),
        Step::new("theorem-3/product-norm", "Theorem 3, proof, large spectral norm, fifth display", &[1228])
            .titled("The norm of the product by the end of the path")
            .given(CASE)
            .uses(&["theorem-3/path-product"])
            .by(on_case(product_norm))
            .holds("norm_2(W_L .. W_2) >= norm(x_L)/norm(x_1) = norm(x_L)")
            .planted(Plant::MissingNorm, "norm_2(W_L .. W_2) >= norm(x_L) for x_1 = 2 v_2")
            .planted(Plant::StrictInequality, "the same with > (not for L = 2)"),
        Step::new("theorem-3/path-step", "Theorem 3, proof, (23), equalities", &[1234, 1238, 1239])
            .titled("One layer of the path, along u")
            .given(PATH)
            .by(exactly(path_step))
            .holds(
                "<x_{k+1}, u_{k+1}> = <W_{k+1} x_k, u_{k+1}> = sigma_{k+1} <x_k, v_{k+1}> = sigma_{k+1} <x_k, u_k \
                    + v_{k+1} - u_k>",
            )
            .planted(Plant::WrongPower, "the same with sigma_{k+1}^2")
            .planted(Plant::OffByOne, "the same with sigma_k"),
        Step::new("theorem-3/path-cauchy", "Theorem 3, proof, (23), first inequality", &[1240])
            .titled("The misaligned part by Cauchy and Schwarz")
            .given(CASE)
            .uses(&["theorem-3/path-step"])
            .by(on_case(cauchy))
            .holds(
                "sigma_{k+1} <x_k, u_k + v_{k+1} - u_k> >= sigma_{k+1} <x_k, u_k> - sigma_{k+1} norm(x_k) \
                    norm(v_{k+1} - u_k)",
            )
            .planted(Plant::DroppedTerm, "the same without the last term")
            .planted(Plant::FlippedSign, "the same with + in the last term"),
        Step::new("theorem-3/eq-23", "Theorem 3, proof, (23)", &[1241])
            .titled("One layer of the path, from below")
            .given(CASE)
            .uses(&["theorem-3/path-cauchy", "theorem-3/eq-22"])
            .by(on_case(eq_23))
            .holds(
                "<x_{k+1}, u_{k+1}> >= sigma_{k+1} <x_k, u_k> - sigma_{k+1} norm(x_k) norm(v_{k+1} - u_k) >= \
                    sigma_{k+1} <x_k, u_k> - sqrt(2 epsilon) norm(x_k)",
            )
            .planted(Plant::WrongConstant, "the same with sqrt(2 epsilon)/2")
            .planted(Plant::FlippedSign, "the same with + sqrt(2 epsilon) norm(x_k)")
            .remarks(&["The text says: the last equation stems from (22); it is the last inequality."]),
    ]);
    out
}
