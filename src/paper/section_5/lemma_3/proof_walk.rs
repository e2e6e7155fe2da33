//! The audit of B.9: Lemma 3. Here: the random path and its laws, lines 1977 to 2033. Then: [`super::proof_norm`] the
//! growth of a fixed vector, [`super::proof_net`] the nets, [`super::proof_sigma_min`] the growth from below,
//! [`super::proof_union`] the union bound, [`super::proof_failure`] and [`super::proof_depth`] its simplification,
//! [`super::proof_conclusion`] the rest.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | L, d | sizes `[L, d]` | scalars |
//! | `s / sqrt(L d)` | `Walk::c`, drawn | scalar |
//! | N_k, W_k, Pi_{k:1}, h_k, Y_{k,i}, S_{k,i} | [`Walk`], Y from the printed quotients | d x d, d, scalars |
//! | M_{s,u}, m_{s,u} | [`most`], [`least`]: factor and exponent, exact | scalars |
//!
//! **Laws, exactly.** Given F_k, Y_{k,1} is a quadratic form in the entries of N_{k+1} with a d^2 x d^2 matrix Q, and
//! Y_{k,2} a linear one with a vector q. Both are read off the printed quotients (at unit matrices, by polarisation).
//! Y_{k,1} follows a `c chi^2(r)` law if and only if `Q^2 = c Q` and `tr Q = c r`; Y_{k,2} is `N(0, |q|^2)`. Sums over
//! layers: traces and squared norms add up, because the law given F_k does not depend on N_1..N_k, which is what
//! independence means here.
//!
//! | display | step | established by |
//! | --- | --- | --- |
//! | h_{k+1}; its squared norm | `recursion`, `squared-norm` | identity |
//! | (41) | `eq-41`, exponentiated; `any-h0`: h_0 not 0 is missing | identity; instances |
//! | (42) | `eq-42`, by Q and q | identity |
//! | "depend only on N_{k+1}" | `next-layer-only`: false; the laws given F_k are the same | identity |
//! | laws of S_{L,1}, S_{L,2} | `laws-of-sums` | identity |
//!
//! **Why this suffices.** A law given F_k is a statement about a quadratic and a linear form in independent standard
//! normal entries; trace, projection and norm determine it (the spectral theorem; a projection of rank r times c
//! gives c chi^2(r)). These are rational functions of h_k, so identities decide them for all histories of these
//! sizes. That h_k is never zero is almost sure, by the step `any-h0`.

use crate::arithmetic::{Big, Rational, Real};
use crate::formula::{Edit, Expr, Says, Table, at, at2, dot, square, sum, var, vars};
use crate::harness::Fault;
use crate::harness::steps::sample::of;
use crate::harness::steps::{Draw, Drawn, Plant, Sizes, Step, column, steps};
use crate::residual::walk::{Matrix, SOME_ZERO, Walk, is_zero};
use nalgebra::DVector;
use num_traits::{One, Zero};

/// Depth and width, for identities.
pub(crate) const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 2], &[2, 3]];

/// A size as a rational.
pub(crate) fn whole(n: usize) -> Rational {
    Rational::from(n as i64)
}

/// An integer or fraction as an enclosure, for scalar inequalities.
pub(crate) fn fraction(n: i64, d: i64) -> Big {
    of(&Rational::new(n, d), 128)
}

/// `factor exp(exponent)` with so many bits, of exact numbers.
pub(crate) fn scaled([factor, exponent]: &[Rational; 2], bits: u32) -> Big {
    of(factor, bits) * of(exponent, bits).exp()
}
/// `M_{s,u} = 2 exp(s^2/2 + u)`: factor and exponent.
pub(crate) fn most(s2: &Rational, u: &Rational) -> [Rational; 2] {
    [Rational::from(2), s2 / 2 + u]
}
/// `m_{s,u} = exp(-2 s^2/d - u) / 2`.
pub(crate) fn least(s2: &Rational, d: &Rational, u: &Rational) -> [Rational; 2] {
    [Rational::new(1, 2), -(2 * s2 / d) - u]
}

impl Walk {
    /// h_0 as drawn, zero or not.
    pub(crate) fn draw(draw: &mut Draw<'_>) -> Self {
        let (depth, d) = (draw.size(0), draw.size(1));
        let c = draw.number();
        let noise = (0..depth).map(|_| draw.matrix(d, d)).collect();
        Self { c, noise, start: draw.vector(d) }
    }
    /// h_0 is the first unit vector if zero was drawn.
    pub(crate) fn started(draw: &mut Draw<'_>) -> Self {
        let mut walk = Self::draw(draw);
        if is_zero(&walk.start) {
            walk.start[0] = Rational::one();
        }
        walk
    }
    /// As [`Self::started`], with each N_{k+1} shortened where Y_{k,2} < -1/2, so that it is -1/2: on the event E,
    /// often on its boundary. No h_k is zero.
    pub(crate) fn on_event(draw: &mut Draw<'_>) -> Self {
        let mut walk = Self::started(draw);
        let mut h = walk.start.clone();
        let edge = Rational::new(-1, 2);
        for k in 0..walk.depth() {
            let y = walk.increment(&walk.noise[k], &h).1;
            if y < edge {
                let by = &edge / y;
                walk.noise[k] = walk.noise[k].map(|v| v * &by);
            }
            h = walk.layer(k + 1) * h;
        }
        walk
    }
}

/// `Y_{k,i}`.
pub(crate) fn y(k: &Expr, i: i64) -> Expr {
    at2("Y", k, i)
}
/// `S_{k,i}`.
pub(crate) fn s(k: &Expr, i: i64) -> Expr {
    at2("S", k, i)
}
/// `norm(h_k)^2/norm(h_0)^2`.
pub(crate) fn ratio(k: &Expr) -> Expr {
    square(at("h", k)) / square(at("h", 0))
}
/// For k = 0, .., L - 1.
pub(crate) fn each_step(says: Says) -> Says {
    says.each("k", 0, var("L") - 1)
}
/// norm(h_k)^2 is not the zero polynomial if it is positive at N = 0.
fn without_noise(draw: &mut Draw<'_>) -> Walk {
    let mut walk = Walk::draw(draw);
    walk.noise.iter_mut().for_each(|n| n.fill(Rational::zero()));
    walk
}
/// From h_0 not 0.
fn from_somewhere(walk: &Walk) -> Drawn {
    if is_zero(&walk.start) { Err("h_0 = 0") } else { Ok(walk.table()) }
}
/// W_1 = 0.
fn with_a_zero_layer(draw: &mut Draw<'_>) -> Drawn {
    let mut walk = without_noise(draw).rough()?;
    walk.noise[0].fill_diagonal(-(1 / &walk.c));
    from_somewhere(&walk)
}

/// Two histories N_1..N_k and N'_1..N'_k, one N_{k+1}: Y, Q, q and h_k for both.
fn two_histories(draw: &mut Draw<'_>) -> Drawn {
    let walk = Walk::draw(draw);
    let mut twin = Walk::draw(draw);
    (twin.c, twin.start) = (walk.c.clone(), walk.start.clone());
    let k = walk.depth() - 1;
    let (h, other) = (walk.path().swap_remove(k), twin.path().swap_remove(k));
    if is_zero(&h) || is_zero(&other) {
        return Err(SOME_ZERO);
    }
    let with = |table: Table<Rational>, h: &DVector<Rational>, [y, z, quadratic, linear, at]: [&str; 5]| {
        let ((first, second), forms) = (walk.increment(&walk.noise[k], h), walk.forms(h));
        let table = table.scalar(y, first).scalar(z, second).matrix(quadratic, &[], forms.0);
        table.matrix(linear, &[], column(&forms.1)).matrix(at, &[], column(h))
    };
    let squared = walk.width() * walk.width();
    let table = walk.table().matrix("I_{d^2}", &[], Matrix::identity(squared, squared));
    let table = with(table, &h, ["Y_{k,1}", "Y_{k,2}", "Q", "q", "h"]);
    Ok(with(table, &other, ["Y'_{k,1}", "Y'_{k,2}", "Q'", "q'", "h'"]))
}

/// The steps of these lines.
pub(crate) fn steps() -> Vec<Step> {
    let [k, depth, c] = vars(["k", "L", "s/sqrt(L d)"]);
    let (h, next, noise) = (at("h", &k), at("h", &k + 1), at("N", &k + 1));
    let (s2, d) = (var("s^2"), var("d"));
    let share = &s2 / (&depth * &d);
    let [quadratic, linear, n] = ["Q", "q", "n"].map(|name| at(name, &k));
    let of_first = quadratic
        .pow(2)
        .equals(&share * &quadratic)
        .and(dot(var("I_{d^2}"), &quadratic).equals(&share * &d))
        .and(y(&k, 1).equals(dot(&n, &quadratic * &n)));
    let variance = 4 * &s2 / (&depth * &d);
    let of_second = square(&linear).equals(&variance).and(y(&k, 2).equals(dot(&linear, &n)));
    let total = |term: Expr| sum("k", 0, &depth - 1, term);
    let [first, second, first_2, second_2] = vars(["Y_{k,1}", "Y_{k,2}", "Y'_{k,1}", "Y'_{k,2}"]);
    let [q, q_2, v, v_2] = vars(["Q", "Q'", "q", "q'"]);
    let trace = |q: &Expr| dot(var("I_{d^2}"), q);
    let projection = |q: &Expr| q.pow(2) - &share * q;
    steps![
        Step::new("lemma-3/recursion", "B.9, useful identities", &[1991])
            .about("One layer of the path", "h_k = Pi_{k:1} h_0; any N, h_0, s")
            .on(SIZES, |draw| Ok(Walk::draw(draw).table()))
            .states(each_step(next.equals((var("I") + &c * &noise) * &h)))
            .edited(Plant::OffByOne, Edit::Swap(noise.clone(), at("N", 1))),
        Step::new("lemma-3/squared-norm", "B.9, before (41)", &[1997])
            .about("The squared norm after one layer", "any N, h_0, s")
            .uses(&["lemma-3/recursion"])
            .on(SIZES, |draw| Ok(Walk::draw(draw).table()))
            .states(each_step(
                square(&next).equals(square(&h) + &share * square(&noise * &h) + 2 * &c * dot(&h, &noise * &h)),
            ))
            .edited(Plant::DroppedFactor, Edit::Swap(2 * &c, c.clone()))
            .edited(Plant::LostSquare, Edit::Swap(share.clone(), c.clone())),
        Step::new("lemma-3/eq-41", "B.9, (41)", &[2004])
            .about("The logarithm of the squared norm", "no h_k is 0: almost surely so for h_0 not 0 (lemma-3/any-h0)")
            .uses(&["lemma-3/squared-norm", "lemma-3/any-h0"])
            .on(SIZES, |draw| Walk::draw(draw).with_sums())
            .states(each_step(square(&next).equals(square(&h) * (1 + y(&k, 1) + y(&k, 2)))))
            .edited(Plant::DroppedTerm, Edit::Drop(y(&k, 1)))
            .remarks(&["(41) after exponentiation."]),
        Step::new("lemma-3/any-h0", "B.9, useful identities and bound on P(A-bar)", &[])
            .quoted(2035, "For any (fixed)  $h_0 \\in \\mathbb{R}^d$")
            .about("The path does not end in zero", "as printed: any h_0; corrected: h_0 not 0")
            .on(&[&[1, 1], &[2, 1], &[2, 2], &[3, 3]], |draw| Ok(without_noise(draw).table()))
            .among("for any h_0, at N = 0")
            .misstates(
                square(&h).above(0).each("k", 0, &depth),
                Fault::Hypothesis,
                "Missing hypothesis: at h_0 = 0 every h_k is 0 and Y_{k,1}, Y_{k,2} are 0/0. With h_0 not 0 all is \
                 well: norm(h_k)^2 is a polynomial in N_1..N_k whose value at N = 0 is norm(h_0)^2, so its zeros have \
                 probability zero. The proof uses unit vectors h_0 only: nothing else changes.",
            )
            .on(&[&[1, 1], &[2, 1], &[2, 2], &[3, 3]], |draw| from_somewhere(&without_noise(draw)))
            .among("for h_0 not 0, at N = 0")
            .rightly(square(&h).above(0).each("k", 0, &depth))
            .elsewhere(Plant::DroppedHypothesis, "with W_1 = 0: no h_k is zero, surely", with_a_zero_layer)
            .remarks(&[
                "Then norm(h_k)^2 is not the zero polynomial in N, and (41) and the Y may be formed almost surely.",
            ]),
        Step::new("lemma-3/eq-42", "B.9, (42)", &[2017])
            .titled("Laws of the increments given the past")
            .given("h_k not 0; N_{k+1} with independent standard normal entries, independent of F_k")
            .uses(&["lemma-6"])
            .on(SIZES, |draw| Walk::started(draw).with_forms())
            .states(each_step(of_first).and(each_step(of_second)))
            .edited(Plant::DroppedFactor, Edit::SwapAll(share.clone(), &s2 / &depth))
            .edited(Plant::OffByOne, Edit::Swap(&share * &d, &share * (&d + 1)))
            .edited(Plant::WrongConstant, Edit::Swap(variance.clone(), &variance / 2))
            .remarks(&[
                "Y_{k,1} | F_k ~ s^2/(L d) chi^2(d) by its matrix Q_k, Y_{k,2} | F_k ~ N(0, 4 s^2/(L d)) by its vector \
                 q_k.",
            ]),
        Step::new("lemma-3/next-layer-only", "B.9, after (42)", &[])
            .quoted(2021, "and depend only on  $N_{k+1}$")
            .about("On what the increments depend", "h_k not 0")
            .uses(&["lemma-3/eq-42"])
            .on(SIZES, two_histories)
            .misstates(
                first.equals(&first_2).and(second.equals(&second_2)),
                Fault::False,
                "False remark, not used: Y_{k,1} = s^2 norm(N_{k+1} h_k)^2 / (L d norm(h_k)^2) sees the direction of \
                 h_k. At d = 2 with N_{k+1} = diag(1, 0) it is s^2/(L d) times the squared cosine of the angle of h_k \
                 with the first axis, which N_1 turns (at d = 1 the remark is true). What the same sentence says \
                 before, and what is used, is true: their law given F_k is the same for all histories (and adapted to \
                 F_{k+1}), so the Y_{k,1} are i.i.d., and the Y_{k,2}.",
            )
            .rightly(
                trace(&q)
                    .equals(trace(&q_2))
                    .and(projection(&q).equals(projection(&q_2)))
                    .and(square(&v).equals(square(&v_2))),
            )
            .falsely(
                Plant::MissingNorm,
                (trace(&q) * square(var("h")))
                    .equals(trace(&q_2) * square(var("h'")))
                    .and(square(&v).equals(square(&v_2))),
            )
            .remarks(&[
                "Two histories, one N_{k+1}. Corrected: the laws of Y_{k,1} and Y_{k,2} given F_k, by trace and \
                 projection of Q and norm of q, are the same; not that of norm(N_{k+1} h_k)^2.",
            ]),
        Step::new("lemma-3/laws-of-sums", "B.9, before the bound on P(A-bar)", &[2030])
            .quoted(2028, "both are sums of i.i.d. random variables")
            .about("Laws of the sums", "no h_k is 0")
            .uses(&["lemma-3/eq-42", "lemma-3/next-layer-only"])
            .on(SIZES, |draw| Walk::started(draw).with_forms())
            .states(
                each_step(quadratic.pow(2).equals(&share * &quadratic))
                    .and(total(trace(&quadratic)).equals(&share * (&depth * &d)))
                    .and(total(square(&linear)).equals(4 * &s2 / &d)),
            )
            .edited(Plant::DroppedFactor, Edit::Swap(&share * (&depth * &d), &share * &depth))
            .edited(Plant::WrongConstant, Edit::Swap(4 * &s2 / &d, variance))
            .remarks(&[
                "S_{L,1} ~ s^2/(L d) chi^2(L d): the traces add up. S_{L,2} ~ N(0, 4 s^2/d): the variances do."
            ]),
    ]
}
