//! Lemma 2: layers stay nearly rank one, balanced and aligned. And a fourth line, beyond the paper: `sigma-product`.
//!
//! | paper | code |
//! | --- | --- |
//! | epsilon = 3 max norm_F(W_k(0))^2 + 2 D, D = sum_k D_k, D_k = norm_2(Delta_k) | `Initial::epsilon`, `imbalance`, `gaps[k - 1].norm` |
//! | epsilon-bar = max norm_F(W_k(0))^2 + D (B.3) | `Initial::epsilon_bar` |
//! | norm_F(W_k)^2 - norm_2(W_k)^2 | `tail[k - 1]` |
//! | sigma_{k+1}^2 (1 - <v_{k+1}, u_k>^2) | `misalignment[k - 1]` |
//!
//! The third statement is printed as `<v_{k+1}, u_k>^2 >= 1 - epsilon/sigma_{k+1}^2`, which has no meaning where
//! sigma_{k+1}(t) = 0 (as at t = 0 in the paper's own example of (A2)); multiplied by sigma_{k+1}^2 it always has.
//!
//! **Sharpened, with proofs.** Write t(A) for the largest eigenvalue, b(A) for the smallest. All bounds are in terms of
//! Delta_k alone; by Lemma 1 a bound proved for every network holds at every t, with the Delta_k of t = 0. So they are
//! checked at arbitrary networks, grade `Instance`.
//! - *rank one*: `tail_k <= sum_{i >= k} (t(Delta_i) - trace(Delta_i))`. Weyl on
//!   `W_{k+1}^T W_{k+1} = W_k W_k^T + Delta_k` gives `sigma_{k+1}^2 <= sigma_k^2 + t(Delta_k)`, the trace gives
//!   `norm_F(W_{k+1})^2 = norm_F(W_k)^2 + trace(Delta_k)`; subtract, and sum from k to L - 1, where the tail is 0. It
//!   is at most `norm_F(W_k(0))^2 - norm_F(W_L(0))^2 + D_k + .. + D_{L-1} <= epsilon-bar`: the factors 3 and 2 of
//!   epsilon are not needed.
//! - *balance*: `|sigma_k^2 - sigma_j^2| <= D_j + .. + D_{k-1} <= D`. Weyl again. The norms of the layers are not
//!   needed.
//! - *alignment*: `misalignment_k <= t(Delta_k) - b(Delta_k) + tail_{k+1} <= 2 D_k + tail_{k+1} <= epsilon-bar + D_k`.
//!   With c the cosine: `sigma_k^2 + b(Delta_k) <= u_k^T W_{k+1}^T W_{k+1} u_k <= c^2 sigma_{k+1}^2 + (1 - c^2) s^2`, s
//!   the second singular value, `s^2 <= tail_{k+1}`, and `sigma_{k+1}^2 - sigma_k^2 <= t(Delta_k)`. B.3 proves
//!   `2 epsilon-bar + norm_2(W_k(0))^2`, where the norm comes from dropping `u_k^T W_{k+1}(0)^T W_{k+1}(0) u_k >= 0`.
//!   To second order: u_k is an approximate eigenvector of `W_{k+1}^T W_{k+1}`, with residual Delta_k u_k; the residual
//!   form of the sine theorem (Davis and Kahan) gives `1 - c^2 <= (D_k/(sigma_k^2 - s^2))^2` where sigma_k^2 > s^2: the
//!   square of what Lemma 2 states, up to constants, once sigma_k^2 is large against epsilon.
//! - *sigma-product*: `norm(w_prod)^(2/L) <= (prod sigma_j^2)^(1/L) <= sigma_k^2 + (1/L) sum_j (D between j and k)`,
//!   which is at most `sigma_k^2 + (1 - 1/L) D`. For the other side let `b_L = 1, b_{j-1} = W_j^T b_j` and
//!   `r_j = norm(b_{j-1})^2 / norm(b_j)^2`. Then
//!   `r_j = b_j^T (W_{j+1}^T W_{j+1} - Delta_j) b_j / norm(b_j)^2 >= r_{j+1} - D_j`, because
//!   `norm(W_{j+1} b_j)^2 >= <W_{j+1} b_j, b_{j+1}>^2 / norm(b_{j+1})^2 = norm(b_j)^4 / norm(b_{j+1})^2`. In the same
//!   way, starting from `x = u_k` and multiplying by W_{k+1}, W_{k+2}, ..,
//!   `norm(b_k)^2 >= <b_k, u_k>^2 >= prod_{j > k} (sigma_k^2 - (D_k + .. + D_{j-1}))`. So some `r_m`, m > k, is at
//!   least `sigma_k^2 - B_k`, `B_k = D_k + .. + D_{L-1}`, every r_j with j <= k is at least
//!   `sigma_k^2 - 2 B_k - (D_j + .. + D_{k-1})`, and the product of all r_j is norm(w_prod)^2:
//!   `norm(w_prod)^(2/L) >= sigma_k^2 - D - B_k` (trivial where the right side is negative). Mirrored, with
//!   `A_k = D_1 + .. + D_{k-1}`: `sigma_k^2 <= norm(w_prod)^(2/L) + D + min(A_k, B_k)`, so 3/2 in place of 2, and 1 at
//!   both ends k = 1, L. 1 cannot be lowered (W_1 = 1, W_2 = 0). That 1 suffices for every k is a conjecture.
//!
//! **What each form is for.** The printed or corrected forms along trajectories are counted besides; `tube` (over
//! certified tubes) and the forms at start (at arbitrary networks, and so at every t) are what the grade stands on.
//! `proof` is what B.3 proves of the alignment; `epsilon-bar`, `sharpened` and `second-order` need less than epsilon.
//! Among the controls are the printed bounds at a quarter, a sixth and a fifth of epsilon, and the sharpened ones
//! less a few per cent, which some network exceeds.

use crate::arithmetic::Rational;
use crate::formula::{Expr, at, at2, fraction, sum, var};
use crate::harness::Stated;
use crate::harness::claim::{Claim, Evaluation, Form, Statement};
use crate::harness::evidence::{Grade, Role};
use crate::paper::section_4::along::{self, When};
use crate::paper::section_4::certified::{REQUIRED, Said, form};
use crate::paper::section_4::hypotheses::{Hypotheses, any, deep};
use crate::paper::section_4::lemma_2::statement::{self, matrices, strict};
use crate::paper::section_4::moment::{Inequality, told};
use crate::paper::section_4::networks::{self, Point};
use crate::paper::section_4::trajectories::Trajectory;
use num_traits::One;

/// Coverage that the statements along trajectories must reach.
const ALONG: [(&str, usize); 10] = [
    ("L = 1", 1),
    ("L >= 8", 8),
    ("L >= 16", 1),
    ("first layer zero", 4),
    ("last layer zero", 2),
    ("a middle layer zero", 6),
    ("no zero layer", 2),
    ("inside (A3)", 8),
    ("outside (A3)", 8),
    ("real data", 4),
];

/// Coverage that the statements at arbitrary networks must reach.
const POINTS: [(&str, usize); 6] = [
    ("L >= 8", 20),
    ("a hidden layer of width 1", 4),
    ("a zero layer", 10),
    ("rank-one layers", 10),
    ("near the identity", 10),
    ("on a trajectory", 10),
];

/// The third statement with its division: where sigma_{k+1} = 0 the quotient has no value.
fn quotient() -> Stated<Point> {
    let (_, times) = along::at_point(strict, statement::alignment(eps()));
    let evaluate = move |i: &Point, strength: &Rational| {
        if i.network.zero_layers().iter().any(|k| *k > 1) {
            let why = "sigma_{k+1} = 0: the quotient has no value";
            return Evaluation { reason: Some(why.into()), ..Evaluation::exact(false) };
        }
        times.evaluate(i, strength)
    };
    Stated::new(|context| networks::all(context).to_vec(), evaluate).neighbours(|_| Vec::new())
}

/// One of the constructors of [`Form`].
type Make<I> = fn(&'static str, String, Stated<I>) -> Form;

/// A form at the sampled moments of numerical trajectories, at every t >= 0: graded `Computed`. `probe` replaces the
/// constant 1 in front of the bound, where less is stronger.
fn along(make: Make<Trajectory>, name: &'static str, hypotheses: Hypotheses, said: Inequality) -> Form {
    told(make, name, along::along(hypotheses, When::Always, said))
        .graded(Grade::Computed)
        .with_constant(Rational::one(), false)
}

/// A form at arbitrary networks, which must reach the classes of [`POINTS`]; graded `Instance`, as every margin is
/// decided by enclosures at exact weights.
fn at_point(make: Make<Point>, name: &'static str, hypotheses: Hypotheses, said: Inequality) -> Form {
    told(make, name, along::at_point(hypotheses, said)).with_constant(Rational::one(), false).requires(&POINTS)
}

/// Along certified tubes, at every t.
fn tube(hypotheses: Hypotheses, said: Inequality) -> Form {
    form("tube", hypotheses, Said::Along(When::Always, said))
}

/// A bound that some network must exceed.
fn control(name: &'static str, said: Inequality) -> Form {
    told(Form::control, name, along::at_point(deep, said))
}

/// epsilon, as printed.
fn eps() -> Expr {
    var("epsilon")
}

/// epsilon-bar of B.3.
fn eps_bar() -> Expr {
    var("epsilon-bar")
}

/// The spectra of the gaps bound the misalignment.
fn aligned_by_spectra() -> Expr {
    at("s", var("k")) + at("T", var("k") + 1)
}

/// Those of all four claims. "Every choice" is part of the statement: where a largest singular value is repeated the
/// misalignment is enclosed over all choices of u_k and v_{k+1}.
const HYPOTHESES: &str =
    "d_L = 1; any data, depth, widths and initialisation; every t >= 0; every choice of singular vectors";
/// What the reader of each claim has to know of its forms at single networks.
const REMARK: &str =
    "Forms at arbitrary networks speak about every t at once: they are in terms of the gaps, which Lemma 1 conserves.";

/// `lemma-2-rank-one`.
pub fn rank_one() -> Claim {
    Claim {
        id: "lemma-2-rank-one",
        title: "Layers stay nearly rank one",
        place: "Lemma 2, first statement",
        hypotheses: HYPOTHESES,
        uses: &["lemma-1"],
        forms: vec![
            along(Form::printed, "printed", any, statement::rank_one(eps())).requires(&ALONG).besides(),
            tube(any, statement::rank_one(eps())),
            at_point(Form::printed, "printed-at-start", strict, statement::rank_one(eps())),
            along(Form::sharpened, "epsilon-bar", any, statement::rank_one(eps_bar())),
            at_point(Form::sharpened, "sharpened", strict, statement::rank_one_sharpened()),
            control("quarter", statement::rank_one(eps() / 4)),
            control("without-norms", statement::rank_one(2 * var("D"))),
            control("sharpened-one-percent", statement::rank_one_sharpened())
                .at(Rational::new(100, 99))
                .also("the bound less one percent"),
        ],
        finding: None,
        remarks: &[
            REMARK,
            "The sharpened bound is attained (aligned layers), and is at most epsilon-bar: the factors 3 and 2 are \
             not needed.",
        ],
    }
}

/// `lemma-2-balance`.
pub fn balance() -> Claim {
    Claim {
        id: "lemma-2-balance",
        title: "Spectral norms stay nearly equal",
        place: "Lemma 2, second statement",
        hypotheses: HYPOTHESES,
        uses: &["lemma-1"],
        forms: vec![
            along(Form::printed, "printed", any, statement::balance(eps())).requires(&ALONG).besides(),
            tube(any, statement::balance(eps())),
            at_point(Form::printed, "printed-at-start", strict, statement::balance(eps())),
            along(Form::sharpened, "epsilon-bar", any, statement::balance(eps_bar())),
            at_point(Form::sharpened, "sharpened", matrices, statement::balance(var("D"))),
            control("sixth", statement::balance(eps() / 6)),
            control("sharpened-one-percent", statement::balance(fraction(99, 100) * var("D"))),
        ],
        finding: None,
        remarks: &[
            REMARK,
            "Neither the norms of the layers nor the factor 2 are needed: D does, and is attained by scalars.",
        ],
    }
}

/// `lemma-2-alignment`.
pub fn alignment() -> Claim {
    Claim {
        id: "lemma-2-alignment",
        title: "Neighbouring layers stay nearly aligned",
        place: "Lemma 2, third statement",
        hypotheses: HYPOTHESES,
        uses: &["lemma-1", "lemma-2-rank-one", "lemma-2-balance"],
        forms: vec![
            Form::misprinted(
                "printed",
                "<v_{k+1}(t), u_k(t)>^2 >= 1 - epsilon/sigma_{k+1}^2(t), at t = 0, any weights",
                quotient(),
            ),
            along(Form::corrected, "corrected", deep, statement::alignment(eps())).requires(&ALONG[1..]).besides(),
            Form { role: Role::Corrected, ..tube(deep, statement::alignment(eps())) }.requires(&REQUIRED[1..]),
            at_point(Form::corrected, "corrected-at-start", strict, statement::alignment(eps())),
            // What B.3 proves.
            along(Form::sharpened, "proof", deep, statement::alignment(2 * eps_bar() + at("sigma^2(0)", var("k")))),
            along(Form::sharpened, "epsilon-bar", deep, statement::alignment(eps_bar() + at("D", var("k")))),
            at_point(Form::sharpened, "sharpened", strict, statement::alignment(aligned_by_spectra())),
            at_point(Form::sharpened, "second-order", strict, statement::alignment_quadratic())
                .requires(&[("on a trajectory", 10), ("L >= 8", 10)]),
            control("fifth", statement::alignment(eps() / 5)),
            control("gap-alone", statement::alignment(at("D", var("k")))),
            control("sharpened-three-percent", statement::alignment(fraction(97, 100) * aligned_by_spectra())),
        ],
        finding: Some(
            "A hypothesis is missing: sigma_{k+1}(t) > 0, by whose square the statement divides. At the paper's own \
             example of an initialisation, W_L(0) = 0, the quotient has no value at t = 0. Times sigma_{k+1}^2 the \
             statement holds always; where it is used sigma_{k+1} is positive, so nothing else changes.",
        ),
        remarks: &[
            REMARK,
            "Printed with a division by sigma_{k+1}^2(t), which is 0 at t = 0 for a zero layer: read as the \
             inequality times sigma_{k+1}^2.",
            "Once sigma is of order 1 the misalignment is of order epsilon^2, not epsilon (form second-order; see the \
             figure flow-alignment).",
            "2 D_k is attained (W_1 near I, W_2 = (sqrt 2, 0)), D_k alone is false: the factor 2 is needed here and \
             only here.",
        ],
    }
}

/// `sigma-product`.
pub fn product() -> Claim {
    Claim {
        id: "sigma-product",
        title: "Every spectral norm is the L-th root of the norm of the product, nearly",
        place: "beyond the paper (Section 4): a fourth line for Lemma 2",
        hypotheses: HYPOTHESES,
        uses: &["lemma-1"],
        forms: vec![
            along(Form::sharpened, "sharpened", any, statement::sigma_product()).requires(&ALONG),
            at_point(Form::sharpened, "upper", strict, statement::sigma_product_upper()),
            // The mean over j of what lies between the layers j and k, at most (1 - 1/L) D.
            at_point(
                Form::sharpened,
                "lower",
                strict,
                statement::sigma_product_lower(sum("j", 1, var("L"), at2("D_", var("j"), var("k"))) / var("L")),
            ),
            at_point(
                |name, statement, body| Form::holds(name, Role::Conjecture, Grade::Instance, statement, body),
                "upper-conjecture",
                strict,
                statement::sigma_product_conjecture(),
            ),
            control("upper-one-percent", statement::sigma_product_conjecture())
                .at(Rational::new(100, 99))
                .also("the bound less one percent"),
            control("lower-half", statement::sigma_product_lower(var("D") / 2)),
        ],
        finding: None,
        remarks: &[
            REMARK,
            "1 is best in the upper side (W_1 = 1, W_2 = 0); proved for k = 1, k = L and L = 2, else 3/2. A numerical \
             search (L = 3 to 5, widths to 3) came within 1e-9 of 1 and did not exceed it.",
        ],
    }
}
