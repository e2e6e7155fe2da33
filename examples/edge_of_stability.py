"""Certified sharpness along gradient descent, against 2/eta: the edge of stability, without a doubt about rounding.

    pip install ./python matplotlib
    python examples/edge_of_stability.py [OUT.png]

The cells (# %%) run one by one in an editor, or all at once as a script. Deterministic; matplotlib is needed for the picture only.
"""

# %% A deep linear network and its data: n = 40 observations of 5 features, five layers
import sys

import numpy as np

import flatcert

rng = np.random.default_rng(7)
X = rng.standard_normal((40, 5))
y = X @ rng.standard_normal(5) + 0.1 * rng.standard_normal(40)
y /= np.linalg.norm(np.linalg.lstsq(X, y, rcond=None)[0])
ETA, STEPS, EACH = 0.1, 400, 10
layers = [0.42 * rng.standard_normal((5, 5)) for _ in range(4)] + [0.42 * rng.standard_normal((1, 5))]


# %% Gradient descent on R = norm(y - X w_prod)^2 / n; a checkpoint every ten steps
def train(layers):
    for step in range(STEPS + 1):
        if step % EACH == 0:
            yield step, [w.copy() for w in layers]
        after = [np.ones(1)]
        for w in reversed(layers):
            after.append(w.T @ after[-1])
        after.reverse()
        before = 2 / len(y) * X.T @ (X @ after[0] - y)
        for k, w in enumerate(layers):
            gradient = np.outer(after[k + 1], before)
            before = w @ before
            w -= ETA * gradient


# %% The sharpness of each, enclosed; the training loop is the iterable, so nothing is kept
points = list(flatcert.along(X, y, train(layers), eta=ETA))
for p in points[:: max(1, len(points) // 10)]:
    print(f"step {p.step:4d}   risk {p.risk.mid:.3e}   sharpness {p.sharpness.mid:9.6f} +- {p.sharpness.width / 2:.0e}   {p.edge}")
widest = max(p.sharpness.width / p.sharpness.mid for p in points)
print(f"2/eta = {2 / ETA:g}; {sum(p.edge == 'above' for p in points)} of {len(points)} certainly above; widest enclosure {widest:.0e} of its value")
assert all(p.edge != "undecided" for p in points)

# %% The picture
if len(sys.argv) > 1:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    steps = [p.step for p in points]
    plt.fill_between(steps, [p.sharpness.lo for p in points], [p.sharpness.hi for p in points])
    plt.plot(steps, [p.sharpness.mid for p in points], label="certified sharpness")
    plt.axhline(2 / ETA, linestyle="--", color="k", label="2/eta")
    plt.axhline(points[-1].lower_bound.mid, linestyle=":", color="k", label="lower bound, minimisers (Theorem 2)")
    plt.xlabel("step")
    plt.legend()
    plt.savefig(sys.argv[1], dpi=150)
