"""Trains a small deep linear network with NumPy and saves what `flatcert inspect` reads.

    python examples/train_numpy.py OUT
    flatcert inspect --x OUT/X.npy --y OUT/y.npy --weights OUT/net.npz

Gradient descent on R = norm(y - X w_prod)^2 / n for x -> W_L ... W_1 x, all layers d x d but the last, 1 x d, from a small Gaussian
initialisation with the first layer zero. Data: 40 seeded observations of 4 features. Deterministic.
"""

import sys
from pathlib import Path

import numpy as np

DEPTH, FEATURES, SAMPLES = 4, 4, 40
RATE, TARGET, MOST_STEPS = 0.05, 1e-28, 200_000

if len(sys.argv) > 2 or sys.argv[1:2] and sys.argv[1].startswith("-"):
    sys.exit(__doc__)
out = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
out.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(2024)

x = rng.standard_normal((SAMPLES, FEATURES))
y = x @ np.array([1.0, -0.5, 0.25, 0.75]) + 0.1 * rng.standard_normal(SAMPLES)

widths = [FEATURES] * DEPTH + [1]
weights = [0.3 * rng.standard_normal((rows, columns)) for columns, rows in zip(widths, widths[1:])]
weights[0][:] = 0.0

for step in range(MOST_STEPS):
    after = [np.ones(1)]  # b_L, ..., b_0: what each layer's output is multiplied by; b_0 is w_prod
    for w in reversed(weights):
        after.append(w.T @ after[-1])
    after.reverse()
    before = -2.0 / SAMPLES * x.T @ (y - x @ after[0])
    size = 0.0
    for k, w in enumerate(weights):
        gradient = np.outer(after[k + 1], before)
        before = w @ before
        size += np.sum(gradient**2)
        w -= RATE * gradient
    if size < TARGET:
        break

np.save(out / "X.npy", x)
np.save(out / "y.npy", y)
np.savez(out / "net.npz", **{f"W{k + 1}": w for k, w in enumerate(weights)})
print(f"{step} steps, gradient norm {np.sqrt(size):.1e}, wrote X.npy, y.npy and net.npz to {out}")
