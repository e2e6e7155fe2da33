"""Trains a small residual linear network and saves it as PyTorch's `state_dict` would be: 0.weight, 1.weight, ... in safetensors.

    pip install numpy safetensors
    python examples/train_residual_safetensors.py OUT
    flatcert inspect --x OUT/data.csv --y OUT/data.csv:target --weights OUT/net.safetensors --head OUT/head.npy

From PyTorch itself the same file is `safetensors.torch.save_file(net.state_dict(), ...)` for an
`nn.Sequential` of `nn.Linear(d, d, bias=False)`. Here: W_k = I + s / sqrt(L d) N_k, a fixed unit head w, gradient descent in double precision,
saved in single precision as PyTorch's default would be. The data are a csv file of rounded decimals. Deterministic.
"""

import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

DEPTH, FEATURES, SAMPLES, SCALE = 6, 3, 30, 0.5
RATE, TARGET, MOST_STEPS = 0.02, 1e-26, 200_000

if len(sys.argv) > 2 or sys.argv[1:2] and sys.argv[1].startswith("-"):
    sys.exit(__doc__)
out = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
out.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(7)

x = np.round(rng.standard_normal((SAMPLES, FEATURES)), 3)
y = np.round(x @ np.array([0.8, 0.6, -0.4]) + 0.05 * rng.standard_normal(SAMPLES), 3)
head = rng.standard_normal(FEATURES)
head /= np.linalg.norm(head)
noise = rng.standard_normal((DEPTH, FEATURES, FEATURES))
weights = list(np.eye(FEATURES) + SCALE / np.sqrt(DEPTH * FEATURES) * noise)

for step in range(MOST_STEPS):
    after = [head]  # b_L, ..., b_0: what each layer's output is multiplied by; b_0 is w_prod
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

lines = [",".join(repr(float(v)) for v in [*row, target]) for row, target in zip(x, y)]
(out / "data.csv").write_text("a,b,c,target\n" + "\n".join(lines) + "\n")
np.save(out / "head.npy", head)
save_file({f"{k}.weight": w.astype(np.float32) for k, w in enumerate(weights)}, out / "net.safetensors")
print(f"{step} steps, gradient norm {np.sqrt(size):.1e}, wrote data.csv, head.npy and net.safetensors to {out}")
