//! B.4, large spectral norm, up to (23): all layers are large, neighbours are aligned, one layer of the path.
//!
//! Sizes are `[kind, d_0, .., d_L]`; symbols are those of [`large`]. Forms named `every-depth` are proved by
//! subdivision for all L, sigma_1 and epsilon together, in `z = sqrt(2 epsilon) L/sigma_1`, below 1 by (21), and
//! `l = 1/L`: then `epsilon/sigma_1^2 = z^2 l^2/2`.

use crate::arithmetic::{Big, Rational, Real};
use crate::formula::{Edit, Expr, Range, Reduction, Says, Table, at, descent, dot, norm, sqrt, square, var, vars};
use crate::harness::claim::Form;
use crate::harness::evidence::Role;
use crate::harness::steps::formula::stated;
use crate::harness::steps::layers::{SameGaps, Vector, orient};
use crate::harness::steps::{Body, Draw, Drawn, How, Plant, Setting, Sizes, Step, column, step, steps};
use crate::paper::section_4::lemma_2::proof_first::{EXACT, neighbours};
use crate::paper::section_4::scenes::{sigma, table, w};
use crate::paper::section_4::theorem_3::scenes::{LARGE, TRUE, large, large_from, layers_from, root};
use num_traits::{One, Zero};

/// A form over all depths, sigma_1 and epsilon in the case (21): each link, times a power of 1/sigma_1, in z and l.
///
/// `reduced` gives for each link the power p of 1/sigma_1 that clears it and what it becomes: the link times
/// `sigma_1^-p`, in z and l. The factor is positive, so that the two hold together; that the chart is one, and the
/// identity, are checked when the form is evaluated, and a form whose reduction is not shown is undecided.
pub(crate) fn every_depth(says: &Says, reduced: impl IntoIterator<Item = (i32, Says)>) -> Form {
    let [first, epsilon, depth, z, l] = vars(["sigma_1", "epsilon", "L", "z", "l"]);
    let case = Reduction::on([Range::positive("sigma_1"), Range::from("epsilon", 0), Range::from("L", 1)])
        .given(first.at_least(root() * &depth))
        .coordinate(Range::within("z", 0, 1), root() * &depth / &first)
        .coordinate(Range::within("l", 0, 1), 1 / &depth)
        .inverse(&epsilon, (&z * &l * &first).pow(2) / 2)
        .inverse(&depth, 1 / &l);
    let cleared = |case: Reduction, (power, says): (i32, Says)| case.cleared_by(first.pow(-power), says);
    stated("every-depth", Role::Sharpened, says, &reduced.into_iter().fold(case, cleared))
}
/// `sigma_1^2 - epsilon`.
pub(crate) fn low_square() -> Expr {
    var("sigma_1").pow(2) - epsilon()
}
/// z, l.
pub(crate) fn chart() -> [Expr; 2] {
    vars(["z", "l"])
}

/// `sqrt(1 - x) >= 1 - x`, as `y (1 - y) >= 0` for `y = sqrt(1 - x)`.
fn unit_root(v: &[Big], how: How) -> (Big, Big) {
    let one = Big::one();
    let y = Real::sqrt(&(&one - &v[0]));
    match how {
        How::Planted(Plant::WrongConstant) => (y, one - &v[0] / 2),
        How::Planted(Plant::FlippedSign) => (Big::zero(), &y * (one - &y)),
        _ => (&y * (one - &y), Big::zero()),
    }
}

/// Layers with signs of their singular vectors that are drawn, and changed by the function.
fn signed(draw: &mut Draw<'_>, choose: fn(&mut [Vector], &mut [Vector])) -> Drawn {
    let scene = SameGaps::draw(draw);
    let signs: Vec<Rational> = (1..draw.sizes().len()).map(|_| draw.number()).collect();
    let scene = scene?;
    if scene.depth() < 2 {
        return Err("L = 1: no pair of layers");
    }
    let signed = |x: Vector, sign: &Rational| if sign.sign() < 0 { -x } else { x };
    let (mut u, mut v): (Vec<Vector>, Vec<Vector>) =
        scene.layers.iter().zip(&signs).map(|(w, s)| (signed(w.u(), s), signed(w.v(), s))).unzip();
    choose(&mut u, &mut v);
    Ok(table(&scene).family("u", u.iter().map(column)).family("v", v.iter().map(column)))
}

/// Vectors u, v, the second a unit vector, the first of any length where wanted.
fn vectors(draw: &mut Draw<'_>, unit: bool) -> Drawn {
    let n = draw.size(0);
    let u = draw.unit_vector(n);
    let v = draw.rotation(n) * draw.unit_vector(n);
    let long = draw.vector(n);
    Ok(Table::default().vector("u", if unit { &u } else { &long }).vector("v", &v))
}

/// Any layers, with the path that begins at v_2 as it is.
fn any_path(draw: &mut Draw<'_>) -> Drawn {
    let scene = SameGaps::draw(draw)?;
    Ok(table(&scene).family("x", scene.path(Some(scene.at(2).v())).iter().map(column)))
}

/// Pairs in the case (21) for the steps about neighbours, k = 1, .., L - 1.
pub(crate) fn case(draw: &mut Draw<'_>) -> Drawn {
    large(draw, true, 2)
}

/// The steps from line 1206 on: of the flow they know (21) and the three statements of Lemma 2.
const CASE: Setting = Setting::new(
    "(21): sigma_1 > C > sqrt(2 epsilon) L; layers for which the three statements of Lemma 2 hold",
    LARGE,
    case,
);
/// The steps before it, which derive from Lemma 1 what the others assume.
const FLOW: &str = "(21); W and W(0) satisfy Lemma 1";
/// What needs no hypothesis at all: an algebra of layers and their singular vectors.
const PATH: Setting = Setting::new("any layers with their singular vectors, L >= 2", EXACT, any_path);

/// The index of a layer.
pub(crate) fn k() -> Expr {
    var("k")
}
/// The layer after it.
pub(crate) fn next() -> Expr {
    k() + 1
}
/// epsilon.
pub(crate) fn epsilon() -> Expr {
    var("epsilon")
}
/// `epsilon/sigma_{k+1}^2`.
fn share() -> Expr {
    epsilon() / sigma(next()).pow(2)
}

/// Lines 1189 to 1213: sigma_k, the angles, and the distance of v_{k+1} from u_k.
fn aligned_steps() -> Vec<Step> {
    let signs: Sizes = &[&[0, 1, 1], &[0, 1, 1, 1], &[0, 2, 2, 1], &[0, 3, 2, 2, 1]];
    let [z, l] = chart();
    let cosine = dot(at("v", next()), at("u", k()));
    let first = sigma(1).pow(2);
    let rest = &first - epsilon();
    let norms = |last: Expr| rest.above(epsilon()).and(sigma(k()).pow(2).at_least(&rest).each("k", 1, last));
    let chord = square(at("v", next()) - at("u", k()));
    let bound = 2 * (1 - sqrt(1 - share()));
    let inner = 2 * dot(var("v"), var("u"));
    steps![
        Step::new("theorem-3/large-norms", "Theorem 3, proof, large spectral norm, first display", &[1189])
            .titled("All layers are large")
            .given(FLOW)
            .uses(&["lemma-2/second-statement"])
            .on(TRUE, |draw| large(draw, true, 1))
            .states(norms(var("L") - 1))
            .edited(Plant::DroppedTerm, Edit::SwapNth(1, rest.clone(), first))
            .elsewhere(Plant::DroppedHypothesis, "without (21)", |draw| large(draw, false, 1))
            .form(every_depth(&low_square().at_least(epsilon()), [(2, Expr::from(1).at_least((z * l).pow(2)))]))
            .sharpened("up-to-l", norms(var("L"))),
        Step::new("theorem-3/large-alignment", "Theorem 3, proof, large spectral norm, second display", &[1195])
            .titled("Neighbours are aligned")
            .given(FLOW)
            .uses(&["lemma-2/alignment", "theorem-3/large-norms", "theorem-3/large-norm-range"])
            .on(TRUE, case)
            .states(neighbours(cosine.pow(2).at_least(1 - share()).above(0)))
            .edited(Plant::DroppedTerm, Edit::Drop(share()))
            .edited(Plant::LostSquare, Edit::Swap(sigma(next()).pow(2), sigma(next())))
            .elsewhere(Plant::DroppedHypothesis, "without (21)", |draw| large(draw, false, 2)),
        Step::new("theorem-3/orientation", "Theorem 3, proof, large spectral norm, choice of signs", &[])
            .quoted(1199, "to choose the orientation of the")
            .titled("Signs of the singular vectors")
            .given("any layers, any signs to begin with; the signs chosen are common to u_k and v_k")
            .on(signs, |draw| signed(draw, orient))
            .states(
                (w(k()) * at("v", k()))
                    .equals(sigma(k()) * at("u", k()))
                    .each("k", 1, var("L"))
                    .and(neighbours(cosine.at_least(0))),
            )
            .elsewhere(Plant::DroppedHypothesis, "for any signs", |draw| signed(draw, |_, _| ()))
            .elsewhere(Plant::FlippedSign, "with the sign of v_k changed alone", |draw| {
                signed(draw, |u, v| orient(&mut u.to_vec(), v))
            }),
        Step::new("theorem-3/chord", "Theorem 3, proof, large spectral norm, third display, equality", &[1201])
            .about("Distance of unit vectors", "unit vectors u = u_k, v = v_{k+1}")
            .on(&[&[1], &[2], &[4]], |draw| vectors(draw, true))
            .states(square(var("v") - var("u")).equals(2 - &inner))
            .edited(Plant::DroppedFactor, Edit::Swap(inner.clone(), dot(var("v"), var("u"))))
            .elsewhere(Plant::DroppedHypothesis, "for u of any length", |draw| vectors(draw, false)),
        step(
            CASE,
            "theorem-3/chord-bound",
            "Theorem 3, proof, large spectral norm, third display, inequality",
            &[1206]
        )
        .titled("Distance of neighbouring singular vectors")
        .uses(&["theorem-3/large-alignment", "theorem-3/orientation", "theorem-3/chord"])
        .states(neighbours((2 - 2 * &cosine).at_most(&bound)))
        .edited(Plant::DroppedFactor, Edit::Swap(bound, 1 - sqrt(1 - share())))
        .edited(Plant::FlippedSign, Edit::FlipSign(share())),
        Step::new("theorem-3/square-root", "Theorem 3, proof, before (22)", &[])
            .quoted(1210, "\\sqrt{1-x} \\geqslant 1-x")
            .about("A square root on the unit interval", "x in [0, 1]")
            .by(Body::Domain {
                variables: &["x"],
                domain: |_| vec![(Rational::zero(), Rational::one())],
                sides: unit_root,
            })
            .holds("sqrt(1 - x) >= 1 - x for x in [0, 1]")
            .planted(Plant::WrongConstant, "sqrt(1 - x) >= 1 - x/2")
            .planted(Plant::FlippedSign, "sqrt(1 - x) <= 1 - x"),
        step(CASE, "theorem-3/eq-22", "Theorem 3, proof, (22)", &[1213])
            .titled("Neighbouring singular vectors are near each other")
            .uses(&["theorem-3/chord-bound", "theorem-3/square-root"])
            .states(neighbours(chord.at_most(2 * epsilon() / sigma(next()).pow(2))))
            .edited(Plant::LostSquare, Edit::Swap(sigma(next()).pow(2), sigma(next())))
            .stronger(Plant::WrongConstant, Rational::from(4)),
    ]
}

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step> {
    let depth = var("L");
    let [first, last] = [norm(at("x", 1)), norm(at("x", &depth))];
    let along = |e: Expr| dot(at("x", k()), e);
    let start = sigma(next()) * along(at("u", k()));
    let lost = sigma(next()) * norm(at("x", k())) * norm(at("v", next()) - at("u", k()));
    let sum = || sigma(next()) * along(at("u", k()) + at("v", next()) - at("u", k()));
    let less = root() * norm(at("x", k()));
    let mut out = aligned_steps();
    out.extend(steps![
        step(PATH, "theorem-3/path-product", "Theorem 3, proof, large spectral norm, after the definition of x_k", &[])
            .quoted(1226, "We then have")
            .titled("The end of the path")
            .states(at("x", &depth).equals(layers_from(2) * at("x", 1)))
            .edited(Plant::OffByOne, Edit::Swap(layers_from(2), descent("j", &depth - 1, 2, w(var("j"))))),
        step(CASE, "theorem-3/product-norm", "Theorem 3, proof, large spectral norm, fifth display", &[1228])
            .titled("The norm of the product by the end of the path")
            .uses(&["theorem-3/path-product"])
            .states(norm(layers_from(2)).at_least(&last / first).equals(last))
            .elsewhere(Plant::MissingNorm, "for x_1 = 2 v_2", |draw| large_from(draw, true, 2, 2))
            .edited(Plant::StrictInequality, Edit::Strict(0)),
        step(PATH, "theorem-3/path-step", "Theorem 3, proof, (23), equalities", &[1234, 1238, 1239])
            .titled("One layer of the path, along u")
            .states(neighbours(
                dot(at("x", next()), at("u", next()))
                    .equals(dot(w(next()) * at("x", k()), at("u", next())))
                    .equals(sigma(next()) * along(at("v", next())))
                    .equals(sum()),
            ))
            .edited(Plant::WrongPower, Edit::SwapAll(sigma(next()), sigma(next()).pow(2)))
            .edited(Plant::OffByOne, Edit::SwapAll(sigma(next()), sigma(k()))),
        step(CASE, "theorem-3/path-cauchy", "Theorem 3, proof, (23), first inequality", &[1240])
            .titled("The misaligned part by Cauchy and Schwarz")
            .uses(&["theorem-3/path-step"])
            .states(neighbours(sum().at_least(&start - &lost)))
            .edited(Plant::DroppedTerm, Edit::Drop(lost.clone()))
            .edited(Plant::FlippedSign, Edit::FlipSign(lost.clone())),
        step(CASE, "theorem-3/eq-23", "Theorem 3, proof, (23)", &[1241])
            .titled("One layer of the path, from below")
            .uses(&["theorem-3/path-cauchy", "theorem-3/eq-22"])
            .states(neighbours(dot(at("x", next()), at("u", next())).at_least(&start - lost).at_least(start - &less)))
            .edited(Plant::WrongConstant, Edit::Swap(root(), root() / 2))
            .edited(Plant::FlippedSign, Edit::FlipSign(less))
            .remarks(&["The text says: the last equation stems from (22); it is the last inequality."]),
    ]);
    out
}
