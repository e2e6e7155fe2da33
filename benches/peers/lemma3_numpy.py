"""Lemma 3 at theta = 0 with numpy: extreme singular values of every prefix product, by svd and by eigvalsh of P'P.
Arguments: d L s trials. Prints one line for each: its name and trials per CPU second, the best of three runs."""
import sys
import time

import numpy as np

d, depth, s, trials = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
rng = np.random.default_rng(1)
batch = 100
scale = s / np.sqrt(depth * d)


def by_svd(product):
    values = np.linalg.svd(product, compute_uv=False)
    return values[:, 0], values[:, -1]


def by_eigvalsh(product):
    values = np.sqrt(np.maximum(np.linalg.eigvalsh(product.transpose(0, 2, 1) @ product), 0.0))
    return values[:, -1], values[:, 0]


def group(size, extremes):
    product = np.tile(np.eye(d), (size, 1, 1))
    norm, least = np.zeros(size), np.full(size, np.inf)
    for _ in range(depth):
        product += scale * (rng.standard_normal((size, d, d)) @ product)
        high, low = extremes(product)
        norm, least = np.maximum(norm, high), np.minimum(least, low)
    return norm, least


for name, extremes in (("svd", by_svd), ("eigvalsh", by_eigvalsh)):
    group(10, extremes)
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for _ in range(max(trials // batch, 1)):
            group(batch, extremes)
        best = min(best, time.process_time() - start)
    print(name, max(trials // batch, 1) * batch / best)
