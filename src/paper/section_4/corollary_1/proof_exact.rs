//! The steps of B.5 in exact rationals: equivalences, powers and squares, with roots that are rational by construction.
//!
//! Symbols are named as they are printed. `(norm(w*)/2)^(1/L)` and `(2 norm(w*))^(1/L)` are drawn; norm(w*) and the
//! other powers are defined by them.
//!
//! **Equivalences** `a <= b <=> c <= d` are identities `(b - a) factor = d - c` with a factor that is positive on the
//! domain (one of the roots, or epsilon, named at each); that the inequality is true there is a step of its own, over
//! the whole domain.

use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::formula::{Edit, Expr, Range, Table, norm, var, vars};
use crate::harness::steps::sample::of;
use crate::harness::steps::{Draw, Drawn, How, Margins, Missing, Pair, Plant, Sizes, Step, Tie, over};
use num_traits::{One, Zero};

/// The depth alone.
pub(crate) const DEPTHS: Sizes = &[&[1], &[2], &[3], &[4], &[7]];
/// Three numbers or four; the size only counts the trials.
pub(crate) const NUMBERS: Sizes = &[&[1], &[2], &[3], &[4]];
/// A dimension.
const DIMENSIONS: Sizes = &[&[1], &[2], &[3]];

/// The lower root, drawn; its powers are defined by it.
pub(crate) const LOW: &str = "(norm(w*)/2)^(1/L)";
/// The upper root, drawn. A step draws one of the two, so that no relation between them is assumed.
pub(crate) const HIGH: &str = "(2 norm(w*))^(1/L)";
/// The norm of the product of all layers, by its printed name.
pub(crate) const PRODUCT: &str = "norm(W_1^T..W_L^T)";

/// For identities: any number but 0.
pub(crate) fn nonzero(draw: &mut Draw<'_>) -> Rational {
    let v = draw.number();
    if v.is_zero() { Rational::one() } else { v }
}

/// `(norm(w*)/2)^(1/L)`, its inverse and its square.
pub(crate) fn below() -> [Expr; 3] {
    vars([LOW, "(2/norm(w*))^(1/L)", "(norm(w*)/2)^(2/L)"])
}
/// `(2 norm(w*))^(1/L)` and its square.
pub(crate) fn above() -> [Expr; 2] {
    vars([HIGH, "(2 norm(w*))^(2/L)"])
}

/// With L, the first size, and what is made of the roots.
fn with_powers(draw: &Draw<'_>, table: Table<Rational>) -> Table<Rational> {
    let [low, high, l] = vars([LOW, HIGH, "L"]);
    table
        .scalar("L", Rational::from(draw.size(0) as i64))
        .define("norm(w*)/2", &[], low.power(&l))
        .define("(2/norm(w*))^(1/L)", &[], 1 / &low)
        .define("(norm(w*)/2)^(2/L)", &[], low.pow(2))
        .define("norm(w*)", &[], high.power(l) / 2)
        .define("(2 norm(w*))^(2/L)", &[], high.pow(2))
}
/// Numbers of these ranges, in this order, and what is made of them.
pub(crate) fn drawn(
    ranges: impl IntoIterator<Item = Range>,
    made: impl IntoIterator<Item = (&'static str, Expr)>,
) -> impl Fn(&mut Draw<'_>) -> Drawn {
    let (numbers, made) = (over(ranges), Vec::from_iter(made));
    move |draw| {
        let table = numbers(draw)?;
        Ok(made.iter().fold(with_powers(draw, table), |t, (name, formula)| t.define(name, &[], formula)))
    }
}
/// For the identities: a root that is not 0, and any epsilon.
pub(crate) fn any(root: &'static str) -> impl Fn(&mut Draw<'_>) -> Drawn {
    move |draw| {
        let table = Table::default().scalar(root, nonzero(draw)).scalar("eps", draw.number());
        Ok(with_powers(draw, table))
    }
}
/// The same for any L.
pub(crate) fn any_real(root: &'static str) -> impl Fn(&mut Draw<'_>) -> Drawn {
    move |draw| {
        let l = nonzero(draw);
        Ok(any(root)(draw)?.scalar("L", l))
    }
}
/// `base share`, what lies between 0 and `(2 norm(w*))^(1/L) - epsilon = base`, with one more symbol, made of this.
pub(crate) fn under(
    more: impl IntoIterator<Item = Range>,
    made: (&'static str, Expr),
) -> impl Fn(&mut Draw<'_>) -> Drawn {
    let ranges = [Range::from("eps", 0), Range::from("base", 0), Range::within("share", 0, 1)];
    drawn(ranges.into_iter().chain(more), [(HIGH, var("eps") + var("base")), made])
}

/// w_prod of the length of w* times what is drawn from the share is away from w*: the contradictions that prove (29)
/// and the upper bound of the least sigma_k.
pub(crate) fn apart(length: fn(Rational) -> Rational, distance: i64) -> impl FnOnce(Step<Missing>) -> Step {
    let scene = move |draw: &mut Draw<'_>| {
        let d = draw.size(0);
        let w_star = draw.vector(d);
        let turned = draw.rotation(d) * &w_star;
        Ok(Table::default().vector("w*", &w_star).vector("w_prod", &(turned * length(draw.share()))))
    };
    let [product, star] = vars(["w_prod", "w*"]);
    move |step| {
        step.on(DIMENSIONS, scene)
            .when(norm(&star).at_least(1))
            .states(norm(product - &star).at_least(norm(star) / distance))
            .edited(Plant::StrictInequality, Edit::Strict(0))
            .into()
    }
}

/// Flows in closed form, t >= 1: `norm(w_prod(t) - w*)^2 <= (R(1) - R_min) e^(-mu (t - 1))/lambda`.
///
/// Sizes `[1, d]`: L = 1 with a diagonal covariance, `w(t) - w* = e^(-2 Sigma t)(w(0) - w*)`, mu = 4 lambda; compared
/// direction by direction, which is more. Sizes `[2, 1]`: two equal scalar layers, `w = w_1 w_2`,
/// `w' = 4 lambda w (w* - w)`, so `w(t) = w*/(1 + (w*/w(0) - 1) e^(-4 lambda w* t))`, mu = 8 lambda w(1) for 0 < w(0)
/// <= w*, as w increases. Eigenvalues are between 1/4 and 5/4.
pub(crate) fn converges(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (l, d) = (draw.size(0), draw.size(1));
    let after = draw.nonnegative();
    let eigenvalues: Vec<Rational> = (0..d).map(|_| Rational::new(1, 4) + draw.share()).collect();
    let (starts, ends) = (draw.vector(d), draw.vector(d));
    let Some(lambda) = eigenvalues.iter().min().cloned() else { return Margins::OutOfScope("no dimension") };
    let over = if how.plants(Plant::DroppedFactor) { Rational::one() } else { lambda.clone() };
    let faster = Rational::from(if how.plants(Plant::WrongConstant) { 2 } else { 1 });
    let decay = |rate: Big, time: &Rational| (-(rate * of(time, bits))).exp();
    let time = Rational::one() + after.clone();
    // Equal expressions: the slowest direction; t = 1.
    let known = |a: &Rational, b: &Rational| how.printed().then(|| Tie::Same(a.clone(), b.clone()));
    if l == 1 {
        let mu = of(&(Rational::from(4) * &lambda * faster), bits);
        let direction = |((e, s), w): ((&Rational, &Rational), &Rational)| {
            let square = (s - w).powi(2);
            let rate = of(&(Rational::from(4) * e), bits);
            let risk = of(&(&square * e / &over), bits) * decay(rate.clone(), &Rational::one());
            let bound = risk * decay(mu.clone(), &after);
            Pair::new(bound, of(&square, bits) * decay(rate, &time)).or_exactly(known(e, &lambda))
        };
        return Margins::All(eigenvalues.iter().zip(starts.iter()).zip(ends.iter()).map(direction).collect());
    }
    let w_star = 1 + ends[0].abs() / (1 + ends[0].abs());
    // w*/w(0) - 1.
    let odds = of(&starts[0].abs(), bits);
    let rest = |time: &Rational| {
        let odds = &odds * decay(of(&(Rational::from(4) * &lambda * &w_star), bits), time);
        of(&w_star, bits) * &odds / (1 + odds)
    };
    let first = rest(&Rational::one());
    let mu = of(&(Rational::from(8) * lambda.clone() * faster), bits) * (of(&w_star, bits) - first.clone());
    let bound = of(&(lambda.clone() / over), bits) * first.powi(2) * decay(mu, &after);
    Pair::new(bound, rest(&time).powi(2)).or_exactly(known(&after, &Rational::zero())).into()
}
