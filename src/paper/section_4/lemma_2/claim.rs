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

use crate::arithmetic::Rational;
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement};
use crate::harness::evidence::{Grade, Role};
use crate::paper::section_4::along::{Along, AtPoint, When};
use crate::paper::section_4::lemma_2::statement::{
    alignment_bar, alignment_gap_alone, alignment_printed, alignment_proof, alignment_quadratic, alignment_sharpened,
    balance_bar, balance_printed, balance_sharpened, matrices, rank_one_bar, rank_one_printed, rank_one_sharpened,
    rank_one_without_norms, sigma_product, sigma_product_conjecture, sigma_product_half, sigma_product_lower,
    sigma_product_upper, strict,
};
use crate::paper::section_4::lemma_2::tube;
use crate::paper::section_4::networks;
use crate::paper::section_4::networks::Point;
use crate::paper::section_4::statement::{Hypotheses, Pairs, any, deep};
use num_traits::{One, Zero};

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
struct Quotient;

impl Statement for Quotient {
    type Instance = Point;

    fn instances(&self, context: &Context) -> Vec<Point> {
        networks::all(context).to_vec()
    }
    fn describe(&self, i: &Point) -> String {
        i.network.describe()
    }
    fn evaluate(&self, i: &Point, strength: &Rational) -> Evaluation {
        let later = i.network.network.layers().iter().skip(1);
        if later.clone().any(|w| w.iter().all(Rational::is_zero)) {
            let why = "sigma_{k+1} = 0: the quotient has no value";
            return Evaluation { reason: Some(why.into()), ..Evaluation::exact(false) };
        }
        AtPoint { hypotheses: strict, pairs: alignment_printed }.evaluate(i, strength)
    }
    fn simpler(&self, i: &Point) -> Vec<Point> {
        networks::simpler(i)
    }
}

fn along(name: &'static str, role: Role, statement: &str, hypotheses: Hypotheses, pairs: Pairs) -> Form {
    let body = Along { hypotheses, when: When::Always, pairs };
    Form::holds(name, role, Grade::Computed, statement, body).with_constant(Rational::one(), false)
}

fn at_point(name: &'static str, role: Role, statement: &str, pairs: Pairs) -> Form {
    at_point_if(strict, name, role, statement, pairs)
}

fn at_point_if(hypotheses: Hypotheses, name: &'static str, role: Role, statement: &str, pairs: Pairs) -> Form {
    let body = AtPoint { hypotheses, pairs };
    Form::holds(name, role, Grade::Instance, statement, body).with_constant(Rational::one(), false).requires(&POINTS)
}

fn control(name: &'static str, statement: &str, strength: Rational, pairs: Pairs) -> Form {
    Form::control(name, statement, AtPoint { hypotheses: deep, pairs }).at(strength)
}

const HYPOTHESES: &str =
    "d_L = 1; any data, depth, widths and initialisation; every t >= 0; every choice of singular vectors";
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
            along("printed", Role::Printed, "norm_F(W_k(t))^2 - norm_2(W_k(t))^2 <= epsilon", any, rank_one_printed)
                .requires(&ALONG)
                .besides(),
            tube::rank_one(),
            at_point("printed-at-start", Role::Printed, "the same at t = 0, any weights", rank_one_printed),
            along("epsilon-bar", Role::Sharpened, "the same with epsilon-bar of B.3", any, rank_one_bar),
            at_point(
                "sharpened",
                Role::Sharpened,
                "tail_k <= sum_{i>=k} (largest eigenvalue - trace)(Delta_i), so for every t",
                rank_one_sharpened,
            ),
            control("quarter", "the same with epsilon/4", Rational::from(4), rank_one_printed),
            control("without-norms", "the same with 2 D alone", Rational::one(), rank_one_without_norms),
            control(
                "sharpened-one-percent",
                "the sharpened bound less one percent",
                Rational::new(100, 99),
                rank_one_sharpened,
            ),
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
            along("printed", Role::Printed, "|sigma_k^2(t) - sigma_j^2(t)| <= epsilon", any, balance_printed)
                .requires(&ALONG)
                .besides(),
            tube::balance(),
            at_point("printed-at-start", Role::Printed, "the same at t = 0, any weights", balance_printed),
            along("epsilon-bar", Role::Sharpened, "the same with epsilon-bar of B.3", any, balance_bar),
            at_point_if(
                matrices,
                "sharpened",
                Role::Sharpened,
                "|sigma_k^2 - sigma_j^2| <= D, for every t",
                balance_sharpened,
            ),
            control("sixth", "the same with epsilon/6", Rational::from(6), balance_printed),
            control(
                "sharpened-one-percent",
                "the sharpened bound less one percent",
                Rational::new(100, 99),
                balance_sharpened,
            ),
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
                Quotient,
            ),
            along(
                "corrected",
                Role::Corrected,
                "the same times sigma_{k+1}^2(t): sigma_{k+1}^2 <v_{k+1}, u_k>^2 >= sigma_{k+1}^2 - epsilon",
                deep,
                alignment_printed,
            )
            .requires(&ALONG[1..])
            .besides(),
            tube::alignment(),
            at_point("corrected-at-start", Role::Corrected, "the same at t = 0, any weights", alignment_printed),
            along(
                "proof",
                Role::Sharpened,
                "with 2 epsilon-bar + norm_2(W_k(0))^2, which B.3 proves",
                deep,
                alignment_proof,
            ),
            along("epsilon-bar", Role::Sharpened, "with epsilon-bar + D_k", deep, alignment_bar),
            at_point(
                "sharpened",
                Role::Sharpened,
                "misalignment_k <= (largest - smallest eigenvalue)(Delta_k) + the bound of tail_{k+1}, so for every t",
                alignment_sharpened,
            ),
            at_point(
                "second-order",
                Role::Sharpened,
                "1 - <v_{k+1}, u_k>^2 <= (D_k/(sigma_k^2 - T))^2 where 2 D_k < sigma_k^2 - T, T the bound of \
                 tail_{k+1}, so for every t",
                alignment_quadratic,
            )
            .requires(&[("on a trajectory", 10), ("L >= 8", 10)]),
            control("fifth", "the same with epsilon/5", Rational::from(5), alignment_printed),
            control("gap-alone", "misalignment_k <= D_k", Rational::one(), alignment_gap_alone),
            control(
                "sharpened-three-percent",
                "the sharpened bound less three percent",
                Rational::new(100, 97),
                alignment_sharpened,
            ),
        ],
        finding: Some(
            "A hypothesis is missing: sigma_{k+1}(t) > 0, by whose square the statement divides. At the paper's own \
             example of an initialisation, W_L(0) = 0, the quotient has no value at t = 0. \
             Times sigma_{k+1}^2 the statement holds always; where it is used sigma_{k+1} is positive, so nothing \
             else changes.",
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
            along(
                "sharpened",
                Role::Sharpened,
                "-D <= sigma_k(t)^2 - norm(w_prod(t))^(2/L) <= 2 D",
                any,
                sigma_product,
            )
            .requires(&ALONG),
            at_point(
                "upper",
                Role::Sharpened,
                "sigma_k^2 - norm(w_prod)^(2/L) <= D + min(A_k, B_k) <= 3/2 D, for every t",
                sigma_product_upper,
            ),
            at_point(
                "lower",
                Role::Sharpened,
                "norm(w_prod)^(2/L) - sigma_k^2 <= (1/L) sum_j (D between j and k) <= (1 - 1/L) D, for every t",
                sigma_product_lower,
            ),
            at_point(
                "upper-conjecture",
                Role::Conjecture,
                "sigma_k^2 - norm(w_prod)^(2/L) <= D for every k",
                sigma_product_conjecture,
            ),
            control(
                "upper-one-percent",
                "the upper side with 0.99 D",
                Rational::new(100, 99),
                sigma_product_conjecture,
            ),
            control("lower-half", "the lower side with D/2", Rational::one(), sigma_product_half),
        ],
        finding: None,
        remarks: &[
            REMARK,
            "1 is best in the upper side (W_1 = 1, W_2 = 0); proved for k = 1, k = L and L = 2, else 3/2. A numerical \
             search (L = 3 to 5, widths to 3) came within 1e-9 of 1 and did not exceed it.",
        ],
    }
}
