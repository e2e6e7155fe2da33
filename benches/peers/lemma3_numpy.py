"""Lemma 3 at theta = 0 with numpy: extreme singular values of every prefix product. Arguments: d L s trials. Prints trials per CPU second."""
import sys
import time

import numpy as np

d, depth, s, trials = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
rng = np.random.default_rng(1)
batch = 100
scale = s / np.sqrt(depth * d)


def group(size):
    product = np.tile(np.eye(d), (size, 1, 1))
    norm, least = np.zeros(size), np.full(size, np.inf)
    for _ in range(depth):
        product = product + scale * np.matmul(rng.standard_normal((size, d, d)), product)
        values = np.linalg.svd(product, compute_uv=False)
        norm, least = np.maximum(norm, values[:, 0]), np.minimum(least, values[:, -1])
    return norm, least


group(10)
start = time.process_time()
for _ in range(trials // batch):
    group(batch)
print((trials // batch) * batch / (time.process_time() - start))
