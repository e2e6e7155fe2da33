//! The stated results for the reader: the paper's sentence, what is wrong with it and what repairs it, and why what
//! stands is true.
//!
//! What a page says in words stands here; every number on it comes from the run. Formulas are LaTeX.
//!
//! A result is built by `stated(id, title, line)`: the line of the text at which it stands, then what the paper says
//! (`says`), what is wrong (`but`, with a weight from A to D, a counterexample and its repair), a reading
//! (`in_one_reading`) and why what stands is true (`because`). Ids are those of the claims. A number in these
//! sentences belongs to the argument, as the entries of a counterexample do; outcomes, margins and counts come from
//! the run.

use crate::harness::evidence::{ResultEvidence, Weight};
use crate::harness::paper::{stated, wrong};

/// Of the results whose hypothesis on the initial risk depends on the draw.
const DRAWN: &str = r"The hypothesis on the initial risk is itself a matter of the draw. Proved is: that it holds and the conclusion does not has probability at most $16 \exp(-C_4 d)$; and, with no probability, the conclusion for every draw that satisfies the hypothesis and the bounds of Lemma 3 (`theorem4` in [Theorem4.v](../../formal/theorem_4/Theorem4.v)). That bounds neither the probability of the conclusion nor that of the conclusion given the hypothesis; and the hypothesis is improbable: with the constants that are certified ($s$ from $1/10$ to $2$, $L$ to $2^{40}$) no more likely than $17 \exp(-C_4 d)$ ([how, and with which numbers](../proofs.md#finding-sectionsrandom-hypothesis)).";

/// Theorems 1 and 2, and what follows them.
fn section_3() -> Vec<ResultEvidence> {
    vec![
        stated("theorem-1", "Theorem 1", 42)
            .says(r"The sharpness of any linear network $x \mapsto W_L \cdots W_1 x$ of depth $L$ that implements the optimal linear regressor $w^\star$ is at least $S_{\min} := 2 L \lambda \lVert w^\star \rVert_2^{2 - 2/L}$.")
            .because(r"At a minimiser $H = 2 J^\top \hat\Sigma J$ with $J\,dW = \sum_k A_k^\top dW_k^\top b_k$, so $S \ge 2 \lambda\, \lVert J J^\top \rVert_2$, and $J J^\top = \sum_k \lVert b_k \rVert^2 A_k^\top A_k$. Its quotient along $w^\star$ is at least $L \lVert w^\star \rVert^{2-2/L}$ by the inequality of the means, because $\lVert b_k \rVert \lVert A_k w^\star \rVert$ telescopes."),
        stated("theorem-2-norms", "Theorem 2, first bound", 153)
            .says(r"Under $(A_1)$, for any $\mathcal W$ that minimizes $R^L(\mathcal W)$, $S(\mathcal W) \ge 2 \lambda \lVert w^\star \rVert_2^{2 - 1/L} \sum_{k=1}^L \frac{1}{\lVert W_k \rVert_F}$.")
            .but(wrong(Weight::A, "false where the head has norm below 1; a factor repairs it")
                .fails(r"The head $w$ is lost between lines 867 and 877 of the proof. $L = 2$, $d = 1$, $X = 1$, $y = 1$, $w = 1/2$, $W_1 = 2$, $W_2 = 1$: a minimiser with $S = 2(\tfrac14 + 1) = 2.5$, while the bound asks for $2 (\tfrac12 + 1) = 3$.")
                .repaired(r"$S(\mathcal W) \ge 2 \lambda \lVert w \rVert_2^{1/L} \lVert w^\star \rVert_2^{2 - 1/L} \sum_{k=1}^L \frac{1}{\lVert W_k \rVert_F}$. For $\lVert w \rVert_2 = 1$, as in every experiment of the paper, nothing changes."))
            .because(r"The proof of B.1 with the head kept: along $M_k = \beta_k W_k$ the change of $w_{\mathrm{prod}}$ is $(\sum_k \beta_k)\, w^\star$, and $\beta_k$ proportional to $\lVert W_k \rVert_F^{-1}$ gives $2 \lambda \lVert w^\star \rVert^2 (\sum_k 1/\lVert W_k \rVert)^2/L$; the means and $\lVert w^\star \rVert \le \lVert w \rVert \prod_k \lVert W_k \rVert$ give the rest."),
        stated("theorem-2-depth", "Theorem 2, second bound", 162)
            .says(r"Under $(A_1)$, for any $\mathcal W$ that minimizes $R^L(\mathcal W)$, $S(\mathcal W) \ge S_{\min} = 2 L \lambda \lVert w^\star \rVert_2^{2 - 2/L}$.")
            .but(wrong(Weight::A, "false where the head has norm below 1; a factor repairs it")
                .fails(r"The same lost head. $L = 2$, $d = 1$, $X = 1$, $y = w = 1/4$, $W_1 = W_2 = 1$: a minimiser with $S = 2 (\tfrac1{16} + \tfrac1{16}) = \tfrac14$, while $S_{\min} = 4 \cdot \tfrac14 = 1$. In general identity layers, white data and $w^\star = w$ give $S/S_{\min} = \lVert w \rVert^{2/L}$: at $L = 10$ and $\lVert w \rVert = 2^{-10}$ a quarter.")
                .repaired(r"$S(\mathcal W) \ge 2 L \lambda \lVert w \rVert_2^{2/L} \lVert w^\star \rVert_2^{2 - 2/L}$. For $\lVert w \rVert_2 = 1$ nothing changes."))
            .because(r"As for Theorem 1, with $\lVert b_L \rVert = \lVert w \rVert$ kept in the telescoping product. The instance with $W_1 = W_2 = 1$ attains equality."),
        stated("rescaling", "Rescaling two layers", 176)
            .says(r"For $\mathcal W^C = (C W_1, W_2/C, W_3, \ldots, W_L)$, $S(\mathcal W^C) \ge \frac{2 \lambda \lVert w^\star \rVert_2^{2 - 1/L}\, C}{\lVert W_2 \rVert_F} \xrightarrow{C \to \infty} \infty$.")
            .but(wrong(Weight::A, "the bound inherits the lost head; the conclusion stands")
                .inherits("theorem-2-norms")
                .fails(r"The inequality is one term of the first bound of Theorem 2, and fails with it where $\lVert w \rVert < 1$ is small: $L = 2$, $d = 1$, $X = y = 1$, $w = 1/10$, $W_1 = 10$, $W_2 = 1$, $C = 1/2$. The limit is right.")
                .repaired(r"$S(\mathcal W^C) \ge 2 \lambda \lVert w \rVert_2^{1/L} \lVert w^\star \rVert_2^{2 - 1/L}\, C / \lVert W_2 \rVert_F$, which tends to infinity."))
            .because(r"One term of the sum in the corrected first bound."),
        stated("product-example", "The product of $L$ numbers", 183)
            .says(r"The largest eigenvalue of the Hessian of $x_1 \cdots x_L$ at $(1, \ldots, 1)$ is $L - 1$.")
            .because(r"The Hessian there is $\mathbf 1 \mathbf 1^\top - I$."),
        stated("gradient", "Equations (5) and (6)", 129)
            .says(r"$\nabla_k R^L(\mathcal W) = W_{k+1}^\top \cdots W_L^\top w\, \nabla R^1(w_{\mathrm{prod}})^\top W_1^\top \cdots W_{k-1}^\top$, with $\nabla R^1(w) = -\frac 2n X^\top (y - X w) = -\frac 2n X^\top X (w^\star - w)$.")
            .because(r"The chain rule; each side is compared as a polynomial with the derivative of the risk from its definition."),
        stated("variational", "Equation (7)", 169)
            .says(r"$S(\mathcal W)^2 = \lim_{\xi \to 0} \sup_{\lVert W_k - \tilde W_k \rVert_F \le \xi} \frac{\sum_k \lVert \nabla_k R^L(\mathcal W) - \nabla_k R^L(\tilde{\mathcal W}) \rVert_F^2}{\sum_k \lVert W_k - \tilde W_k \rVert_F^2}$.")
            .but(wrong(Weight::C, "true at minimisers, where the paper uses it; not at every point")
                .fails(r"The right-hand side is the largest *modulus* of an eigenvalue. Where the Hessian has a negative eigenvalue of larger modulus (a saddle near 0) it is not $S^2$. $L = 3$, $d = 1$, $X = y = w = 1$, $W_1 = W_2 = W_3 = 1/4$ is such a point.")
                .repaired(r"The limit is $\lVert H(\mathcal W) \rVert_2^2$ at every $\mathcal W$, and $S(\mathcal W)^2$ at minimisers, whose Hessian has no negative eigenvalue."))
            .because(r"The derivative of the gradient is the Hessian, and the supremum over directions of $\lVert H v \rVert/\lVert v \rVert$ is its operator norm."),
    ]
}

/// The gradient flow.
fn section_4() -> Vec<ResultEvidence> {
    vec![
        stated("lemma-1", "Lemma 1", 197)
            .says(r"For $t \ge 0$ and $k \in \{1, \ldots, L-1\}$, $W_{k+1}^\top(t) W_{k+1}(t) - W_{k+1}^\top(0) W_{k+1}(0) = W_k(t) W_k^\top(t) - W_k(0) W_k^\top(0)$.")
            .because(r"$W_{k+1}^\top \nabla_{k+1} R^L = \nabla_k R^L\, W_k^\top$ by (5), so both sides have the same derivative."),
        stated("lemma-2-rank-one", "Lemma 2, first statement", 217)
            .says(r"For $k \in \{1, \ldots, L\}$, $\lVert W_k(t) \rVert_F^2 - \lVert W_k(t) \rVert_2^2 \le \varepsilon$.")
            .because(r"$W_L$ is a row, so its difference is 0; Lemma 1 carries it from layer $k+1$ to layer $k$ at the cost of the gap at time 0."),
        stated("lemma-2-balance", "Lemma 2, second statement", 218)
            .says(r"For $j, k \in \{1, \ldots, L\}$, $\lvert \sigma_k^2(t) - \sigma_j^2(t) \rvert \le \varepsilon$.")
            .because(r"The operator norms of the two sides of Lemma 1 differ by at most the norm of the gap at time 0; sum over the layers between $j$ and $k$."),
        stated("lemma-2-alignment", "Lemma 2, third statement", 219)
            .says(r"For $k \in \{1, \ldots, L-1\}$, $\langle v_{k+1}(t), u_k(t) \rangle^2 \ge 1 - \varepsilon/\sigma_{k+1}^2(t)$.")
            .but(wrong(Weight::C, "true wherever it is defined: a layer that is zero has no first singular vector")
                .fails(r"At $t = 0$ a layer may be zero (the paper sets $W_k(0) = 0$ for one $k$), and then $\sigma_{k+1} = 0$ and the right-hand side is not a number: $L = 2$, $W_1 = 1$, $W_2 = 0$.")
                .repaired(r"$\sigma_{k+1}^2 (1 - \langle v_{k+1}, u_k \rangle^2) \le \varepsilon$ for every $t$; divided, where $\sigma_{k+1}(t) > 0$."))
            .because(r"With the gap $\Delta$ at time 0, $\lVert W_{k+1} u_k \rVert^2 \ge \sigma_k^2 - \lVert \Delta \rVert$ by Lemma 1, and $\lVert W_{k+1} u_k \rVert^2 \le \sigma_{k+1}^2 \langle v_{k+1}, u_k \rangle^2 + \lVert W_{k+1} \rVert_F^2 - \sigma_{k+1}^2$."),
        stated("assumption-2", "The example after (A2)", 193)
            .says(r"$(A_2)$ is satisfied for instance if one of the weight matrices $W_k$ is equal to zero at initialization while the others have i.i.d. Gaussian entries, so that $R^L(\mathcal W(0)) = R_0$ and $\nabla_k R^L(\mathcal W(0)) \neq 0$ (almost surely).")
            .but(wrong(Weight::C, "true where the optimal regressor is not 0")
                .fails(r"With $w^\star = 0$ (so $y$ orthogonal to the columns of $X$) the start is a minimiser itself, so $\nabla R^L(\mathcal W(0)) = 0$: $(A_2)$ fails for every draw.")
                .repaired(r"It holds almost surely if $w^\star \neq 0$."))
            .because(r"The gradient at the zero layer is $b_k\, \nabla R^1(0)^\top A_k^\top$, a product of polynomials in the other layers that is not identically zero."),
        stated("theorem-3", "Theorem 3", 227)
            .says(r"Under $(A_1)$-$(A_2)$ there exists $\mu > 0$ such that, for $t \ge 1$, $\sum_{k=1}^L \lVert \nabla_k R^L(\mathcal W(t)) \rVert_F^2 \ge \mu\, (R^L(\mathcal W(t)) - R_{\min})$.")
            .because(r"$\lVert \nabla_1 R^L \rVert_F^2 \ge 4 \lambda \lVert W_L \cdots W_2 \rVert^2 (R^L - R_{\min})$, and B.4 bounds the product from below in two cases. A version without cases holds from the start on, with a constant that is not minute."),
        stated("corollary-1", "Corollary 1", 258)
            .says(r"Under $(A_1)$-$(A_3)$ there exists $T \ge 1$ such that, for all $t \ge T$ and all $k$, $(\lVert w^\star \rVert_2/2)^{1/L} \le \sigma_k(t) \le (2 \lVert w^\star \rVert_2)^{1/L}$.")
            .because(r"At the limit the product of the $\sigma_k$ is close to $\lVert w^\star \rVert$ by alignment, and they are equal up to $\varepsilon$. $L \varepsilon \le 1$ suffices in place of $32 L \sqrt\varepsilon \le 1$."),
        stated("corollary-2", "Corollary 2", 268)
            .says(r"Under $(A_1)$-$(A_3)$ the gradient flow converges to a global minimizer $\mathcal W^{\mathrm{SI}}$ of the risk.")
            .because(r"Under the inequality of Theorem 3 the path that remains after $t$ is at most $2 \sqrt{(R^L - R_{\min})/\mu}$, which tends to 0. $(A_3)$ is not needed."),
        stated("corollary-3", "Corollary 3", 272)
            .says(r"Under $(A_1)$-$(A_3)$, $1 \le S(\mathcal W^{\mathrm{SI}})/S_{\min} \le 4\, \Lambda/\lambda$.")
            .because(r"$S \le 2 \Lambda \lVert J J^\top \rVert_2$, each term of which is at most the product of the other $\sigma_j^2$; with $\sigma_j^2 \le \lVert w^\star \rVert^{2/L} + 2 D$ and $(A_3)$ this is $1.00025\, (\Lambda/\lambda)\, S_{\min}$: the constant 4 is not needed."),
    ]
}

/// Residual networks.
fn section_5() -> Vec<ResultEvidence> {
    vec![
        stated("theorem-4", "Theorem 4", 292)
            .says(r"Under $(A_1)$ there exist $C_1, \ldots, C_5 > 0$ depending only on $s$ such that, if $L \ge C_1$, $d \ge C_2$ and $R^L(\mathcal W(0)) - R_{\min} \le C_3 \lambda^2 \lVert w \rVert_2^2/\Lambda$, then, with probability at least $1 - 16 \exp(-C_4 d)$, the gradient flow converges to a global minimizer with $\lVert \theta_k^{\mathrm{RI}} \rVert_F \le C_5$.")
            .in_one_reading(DRAWN)
            .because(r"On the event of Lemma 3 the risk has a Polyak-Lojasiewicz constant as long as the $\theta_k$ stay in their ball, and a small initial risk keeps them there. The constants printed in (36) and (40) do not close the argument; others, of $s$ alone, do (see its steps)."),
        stated("theorem-5-flow", "Theorem 5", 1956)
            .says(r"Under $(A_1)$ and $(A_4)$ the conclusion of Theorem 4 holds for $d$ targets, if $R^L(\mathcal W(0)) - R_{\min} \le C_3 \lambda^2/\Lambda$.")
            .in_one_reading(DRAWN)
            .because(r"The proof of Theorem 4 with matrices in place of the head."),
        stated("lemma-3-norm", "Lemma 3, upper bound", 333)
            .says(r"There exist $C_1, \ldots, C_4 > 0$ depending only on $s$ such that, if $L \ge C_1$, $d \ge C_2$, $u \in [C_3, C_4 L^{1/4}]$, then with probability at least $1 - 8 \exp(-d u^2/(32 s^2))$, for all $\theta$ with $\max_k \lVert \theta_k \rVert_2 \le \frac{1}{64} \exp(-2 s^2 - 4 u)$ and all $k$, $\lVert (I + \frac{s}{\sqrt{Ld}} N_k + \frac 1L \theta_k) \cdots \rVert_2 \le 4 \exp(s^2/2 + u)$.")
            .because(r"A super-martingale for the norm of a vector, a net of the sphere, and Lemma 9 for $\theta$. Several tails of B.9 are wrong by a constant as printed; corrected, the statement follows with $C_1, \ldots, C_4$ of $s$ alone."),
        stated("lemma-3-sigma-min", "Lemma 3, lower bound", 355)
            .says(r"On the same event, $\sigma_{\min} \big( (I + \frac{s}{\sqrt{Ld}} N_k + \frac 1L \theta_k) \cdots \big) \ge \frac 14 \exp(-2 s^2/d - u)$.")
            .because(r"As the upper bound, with the logarithm of a step bounded from below off an event that is improbable."),
        stated("corollary-4-lower", "Corollary 4, lower bound", 364)
            .says(r"Under the assumptions of Theorem 4, $1 \le S(\mathcal W^{\mathrm{RI}})/S_{\min}$.")
            .but(wrong(Weight::A, "false where the head has norm below 1, for every d and L; a factor repairs it")
                .inherits("theorem-2-depth")
                .fails(r"Identity layers ($s = 0$), white data and $w^\star = w$: the start is the minimiser and $S/S_{\min} = \lVert w \rVert^{2/L} < 1$. At $L = 10$, $d = 4$ and $w = (2^{-10}, 0, 0, 0)$ it is a quarter.")
                .repaired(r"$\lVert w \rVert_2^{2/L} \le S(\mathcal W^{\mathrm{RI}})/S_{\min}$; for $\lVert w \rVert_2 \ge 1$ as printed. The whole corollary: $\lVert w \rVert_2^{2/L} \le S(\mathcal W^{\mathrm{RI}})/S_{\min} \le C\, \lVert w^\star \rVert_2^{2/L}\, \Lambda/\lambda$."))
            .because(r"The corrected second bound of Theorem 2 at the limit."),
        stated("corollary-4-upper", "Corollary 4, upper bound", 364)
            .says(r"There exists $C > 0$ depending only on $s$ such that $S(\mathcal W^{\mathrm{RI}})/S_{\min} \le C\, \lVert w^\star \rVert_2^{2/L}\, \Lambda/\lambda$.")
            .in_one_reading(DRAWN)
            .because(r"$S \le 2 L \Lambda \lVert w \rVert^2 M^4$ and $\lVert w^\star \rVert \ge m \lVert w \rVert$ on the event of Lemma 3."),
    ]
}

/// Appendix A.
fn appendix_a() -> Vec<ResultEvidence> {
    vec![
        stated("lemma-4-minus", "Lemma 4, first inequality", 447)
            .says(r"For $\alpha > 0$ and $x \in [0, 1/2]$, $(1 - x)^\alpha \ge 1 - 2 \alpha x$.")
            .because(r"$\ln(1 - x) \ge -2 x \ln 2$ on the interval, by concavity, and $e^{-z} \ge 1 - z$."),
        stated("lemma-4-plus", "Lemma 4, second inequality", 456)
            .says(r"For $\alpha > 0$ and $x > 0$ such that $\alpha x \le 1$, $(1 + x)^\alpha \le 1 + 2 \alpha x$.")
            .because(r"$(1 + x)^\alpha \le e^{\alpha x}$, and $e^z \le 1 + (e - 1) z$ on $[0, 1]$."),
        stated("lemma-5", "Lemma 5", 473)
            .says(r"There exists $C > 0$ such that, for $L \ge C$ and $x \ge 1$, $L \exp(-\sqrt L\, x) \le 4 \exp(-x)$.")
            .because(r"The worst case is $x = 1$; there $\sqrt L - 2 \ln \sqrt L \ge 2 - 2 \ln 2$. So $C = 1$ will do."),
        stated("lemma-6", "Lemma 6", 506)
            .says(r"For $h \in \mathbb R^d$ and $N$ with i.i.d. standard Gaussian entries, $\lVert N h \rVert_2^2/\lVert h \rVert_2^2 \sim \chi^2(d)$ and $h^\top N h/\lVert h \rVert_2^2 \sim \mathcal N(0, 1)$.")
            .because(r"$N h/\lVert h \rVert$ is a standard normal vector: it is linear in $N$, and its covariance is $I$."),
        stated("lemma-7", "Lemma 7", 549)
            .says(r"If $\lVert \nabla f(x(t)) \rVert_2 \ge \mu (f(x(t)) - f_{\min})$ for $t \ge 0$, then $f(x(t)) - f_{\min} \le (f(x(0)) - f_{\min})\, e^{-\mu t}$.")
            .but(wrong(Weight::D, "the hypothesis lost a square (possibly in the extraction of the text)")
                .fails(r"$f(x) = x^4$, $x(0) = 1$, $\mu = 4$: $4 \lvert x \rvert^3 \ge 4 x^4$ along the flow, and $f(x(t)) = (1 + 8 t)^{-2}$, which is $1/289 > e^{-8}$ at $t = 2$.")
                .repaired(r"$\lVert \nabla f(x(t)) \rVert_2^2 \ge \mu (f(x(t)) - f_{\min})$: this is what the proof uses, and B.8."))
            .because(r"$\frac{d}{dt} (f - f_{\min}) e^{\mu t} = (\mu (f - f_{\min}) - \lVert \nabla f \rVert^2) e^{\mu t} \le 0$."),
        stated("lemma-8", "Lemma 8", 593)
            .says(r"$R^L(\mathcal W) = R_{\min} + \frac 1n \lVert X (w^\star - w_{\mathrm{prod}}) \rVert_2^2$ and $4 \lambda (R^L - R_{\min}) \le \lVert \nabla R^1(w_{\mathrm{prod}}) \rVert^2 \le 4 \Lambda (R^L - R_{\min})$.")
            .because(r"The normal equations, and $\lambda \hat\Sigma \preceq \hat\Sigma^2 \preceq \Lambda \hat\Sigma$."),
        stated("lemma-9", "Lemma 9", 643)
            .says(r"If $\lVert W_k \cdots W_1 \rVert_2 \le M$ and $\sigma_{\min}(W_k \cdots W_1) \ge m$ for all $k$, with $M \ge 1$ and $m \in (0, 1)$, then for $\max_k \lVert \theta_k \rVert_2 \le m^2/(4 M^2)$ and $\tilde W_k = W_k + \theta_k/L$: $\lVert \tilde W_k \cdots \tilde W_1 \rVert_2 \le 2 M$ and $\sigma_{\min}(\tilde W_k \cdots \tilde W_1) \ge m/2$.")
            .because(r"Expand the product in the $\theta$ and sum a geometric series; with the products themselves as the measure of distance the ball of radius $m/(2M)$ is allowed."),
    ]
}

/// All, in the paper's order of sections.
pub fn results() -> Vec<ResultEvidence> {
    [section_3(), section_4(), section_5(), appendix_a()].into_iter().flatten().collect()
}
