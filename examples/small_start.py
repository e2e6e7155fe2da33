"""Regression data and a small-scale start of the paper's Section 4 (one layer zero), for `flatcert flow`.

    python examples/small_start.py FOLDER [d] [L]
"""
import os
import sys

import numpy as np

folder = sys.argv[1] if len(sys.argv) > 1 else "."
d = int(sys.argv[2]) if len(sys.argv) > 2 else 3
depth = int(sys.argv[3]) if len(sys.argv) > 3 else 3
os.makedirs(folder, exist_ok=True)
rng = np.random.default_rng(0)
n = 50
x = rng.standard_normal((n, d))
y = x @ rng.standard_normal(d) + rng.standard_normal(n)
# Assumption (A3) asks for norm(w*) >= 1: exactly 1 could be rounded below.
y *= (1 + 1e-6) / np.linalg.norm(np.linalg.lstsq(x, y, rcond=None)[0])
# ... and for 32 L sqrt(epsilon) <= 1, where epsilon is of the order of depth times the squared norm of a layer.
scale = 1 / (60 * depth * np.sqrt(2 * depth) * d)
zero = (depth + 1) // 2
layers = {"W%d" % k: scale * rng.standard_normal((1 if k == depth else d, d)) for k in range(1, depth + 1)}
layers["W%d" % zero][:] = 0
np.save(os.path.join(folder, "X.npy"), x)
np.save(os.path.join(folder, "y.npy"), y)
np.savez(os.path.join(folder, "start.npz"), **layers)
print("wrote X.npy, y.npy and start.npz to %s: L = %d, d = %d, layer %d zero" % (folder, depth, d, zero))
