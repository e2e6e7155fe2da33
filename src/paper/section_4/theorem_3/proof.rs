//! The audit of B.4: Theorem 3. The case of a large spectral norm in `proof_large.rs` and `proof_chain.rs`, the
//! other and the conclusion in `proof_small.rs`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | grad_1 R^L | [`with_partials`]: by dual numbers from the definition of the risk | d_1 x d_0 |
//! | W_L .. W_2 | [`layers_from`]: for L = 1 the number 1 | 1 x d_1 |
//!
//! **The chain holds**, for every L >= 1 (for L = 1 the products are empty, mu_1 = min(1, m/C)^2 with m of line 1346),
//! with slips that the next line repairs (steps `large-norm-range`, `alpha-sum`, `risk-gap`) and two facts that are not
//! said and true under (21) (`alpha-defined`, `nonnegative-bracket`).
//!
//! **Slack.** `k` in line 1275 can be `k - 1`; 4 Lambda in lines 1322-1346 can be 2 Lambda, without the minimum, since
//! `R_0 - R(w) = 2 w^T Sigma w* - w^T Sigma w`.
//!
//! **The steps, in the order of the text.** Numbers are lines of the text.
//!
//! | lines | what they say | checked as |
//! | --- | --- | --- |
//! | 1166, 1173 | grad_1 R^L, and (20), its norm as a product | identities |
//! | 1189 to 1206 | all layers are large, neighbours aligned, signs chosen | instances; 1193, 1201 identities |
//! | 1210, 1213 | a square root, and (22) | subdivision of `[0, 1]`; instances |
//! | 1226 to 1241 | the path x_k, one layer of it: (23) | `path-product`, `path-step` identities; else instances |
//! | 1243 to 1263 | alpha_k falls slowly, the path grows | instances; numbers that satisfy the recursion |
//! | 1269 to 1307 | the product of the brackets, its simplification, (24) | instances; `alpha-two` an identity |
//! | 1318 to 1344 | the risk is Lipschitz and falls, w_prod stays away from zero | instances; 1328, 1332 identities |
//! | 1348 to 1363 | w* is not zero; (25) | instances |
//! | 1370 to 1389 | both cases, Lemma 8, the inequality | instances |
//!
//! **Why that suffices.** The identities hold for all layers and data of the shapes tried. Comparisons of scalars
//! that (21) implies (forms `every-depth`) are proved by subdivision for all L, sigma_1 and epsilon, so that no depth
//! lies between those tried. The rest are inequalities of the triangle, of Cauchy and Schwarz, and of norms of
//! products, tried where they are tight: on the least epsilon for which Lemma 2 holds of the layers, and on pairs
//! that satisfy Lemma 1. The theorem itself, for every flow, is `theorem_3` of `formal/`.

use crate::arithmetic::Rational;
use crate::formula::{Edit, Expr, Table, at, max, square, transpose, var};
use crate::harness::evidence::{Fault, Grade};
use crate::harness::steps::{Draw, Drawn, Other, Plant, Proof, Reason, Step, other, steps};
use crate::paper::section_4::theorem_3::scenes::{WIDTHS, layers_from, with_partials};
use crate::paper::section_4::theorem_3::{proof_chain, proof_large, proof_small};

/// A network and data, grad_1 R^L by partial derivatives of the risk, and grad R^1(w_prod).
fn gradients(draw: &mut Draw<'_>) -> Drawn {
    let (network, x, y) = draw.network_and_data()?;
    Ok(with_partials(&network, &x, &y).define("grad_1 R^L", &[], at("grad", 1)))
}

/// Displays of B.4 that assert nothing of their own.
const OTHERS: &[Other] = &[
    other(1183, Reason::Assumption("(21): the case of a large spectral norm, C fixed")),
    other(1221, Reason::Definition("x_1 = v_2, x_{k+1} = W_{k+1} x_k")),
    other(1280, Reason::Repeats("theorem-3/product-norm")),
    other(1334, Reason::Assumption("(A2): R^L(W(0)) <= R_0")),
];

/// The audit.
pub fn proof() -> Proof {
    let [first, slope, depth, k] = ["grad_1 R^L", "grad R^1(w_prod)", "L", "k"].map(var);
    let covered = |last: &Expr| max(&k + 1, last).equals(last).each("k", 1, &depth - 1);
    let mut steps = steps![
        Step::new("theorem-3/first-gradient", "Theorem 3, proof, first display", &[1166])
            .titled("The gradient of the first layer")
            .given("any data and network, d_L = 1; for L = 1 the product W_L .. W_2 is the number 1")
            .uses(&["gradient"])
            .on(WIDTHS, gradients)
            .states(first.equals(transpose(layers_from(2)) * transpose(&slope)))
            .edited(Plant::OffByOne, Edit::Swap(layers_from(2), layers_from(1)))
            .edited(Plant::FlippedSign, Edit::Swap(transpose(&slope), -transpose(&slope))),
        Step::new("theorem-3/eq-20", "Theorem 3, proof, (20)", &[1173])
            .titled("Its norm is a product of two norms")
            .given("any data and network, d_L = 1; the norm of a row is its length")
            .uses(&["theorem-3/first-gradient"])
            .on(WIDTHS, gradients)
            .states(square(first).equals(square(layers_from(2)) * square(slope)))
            .edited(Plant::DroppedFactor, Edit::Drop(square(layers_from(2))))
            .edited(Plant::OffByOne, Edit::Swap(layers_from(2), layers_from(1))),
        Step::new("theorem-3/large-norm-range", "Theorem 3, proof, large spectral norm, range of k", &[])
            .quoted(1193, r"Then, again by Lemma [2,](#page-6-1) for  $k \in \{1, \ldots, L-1\}$")
            .titled("Which layers are known to be large")
            .given("L >= 2; sigma_k^2 > epsilon is known up to L - 1 (printed) or to L, and needed of sigma_{k+1}")
            .uses(&["theorem-3/large-norms"])
            .on(&[&[2], &[3], &[7]], |draw| Ok(Table::default().scalar("L", Rational::from(draw.size(0) as i64))))
            // Of indices: nothing is drawn, and no piece of the maximum can be missed by chance.
            .graded(Grade::Identity)
            .misstates(
                covered(&(&depth - 1)),
                Fault::Gap,
                "An index set is one short: the display is true for the k in {1, .., L-1} it names, but the next \
                 display needs it for sigma_2, .., sigma_L (and lines 1258 to 1270 for sigma_L). Smallest case: L = 2, \
                 where {1} is stated and sigma_2 needed. Lemma 2 gives it for all k in {1, .., L}; nothing else \
                 changes.",
            )
            .rightly(covered(&depth))
            .edited(Plant::OffByOne, Edit::Swap(&k + 1, &k + 2)),
    ];
    steps.extend(proof_large::steps());
    steps.extend(proof_chain::steps());
    steps.extend(proof_small::steps());
    Proof { id: "theorem-3", title: "Theorem 3", section: "B.4", proves: &["theorem-3"], steps, others: OTHERS }
}
