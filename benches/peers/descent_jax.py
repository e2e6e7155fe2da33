"""Gradient descent on many deep linear networks as one compiled JAX program: scan over steps, vmap over runs, double precision, the risk
through Sigma and w*. Arguments: d L runs steps. Updates only; widths d, ..., d, 1. Prints one line for each way of writing the gradient: its
name, seconds of the clock and seconds of processors per run and step, the best of seven repetitions after compilation."""
import os
import sys
import time

os.environ.setdefault("JAX_PLATFORMS", "cpu")
import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
d, depth, runs, steps = (int(v) for v in sys.argv[1:5])
rng = np.random.default_rng(7)
x = rng.standard_normal((50, d))
sigma = jnp.asarray(x.T @ x / 50)
w_star = rng.standard_normal(d)
w_star = jnp.asarray(w_star / np.linalg.norm(w_star))
rate = 0.02


def risk(weights):
    square, row = weights
    product = jax.lax.scan(lambda b, w: (b @ w, None), row, square, reverse=True)[0]
    offset = product - w_star
    return offset @ sigma @ offset


def unrolled_risk(weights):
    square, product = weights
    for k in reversed(range(depth - 1)):
        product = product @ square[k]
    offset = product - w_star
    return offset @ sigma @ offset


def by_autodiff(function):
    def step(weights):
        gradient = jax.grad(function)(weights)
        return tuple(w - rate * g for w, g in zip(weights, gradient))

    return step


def by_sweeps(weights):
    """The rank-one form: a backward and a forward sweep."""
    square, row = weights
    b = [row]
    for k in reversed(range(depth - 1)):
        b.append(b[-1] @ square[k])
    a = [2 * sigma @ (b[-1] - w_star)]
    for k in range(depth - 1):
        a.append(square[k] @ a[-1])
    b = jnp.stack(b[-2::-1]) if depth > 1 else jnp.zeros((0, d))
    return square - rate * b[:, :, None] * jnp.stack(a[:-1])[:, None, :], row - rate * a[-1]


def measure(step):
    def run(weights):
        return jax.lax.scan(lambda w, _: (step(w), None), weights, None, length=steps)[0]

    program = jax.jit(jax.vmap(run))
    scale = np.linspace(0.25, 0.45, runs)[:, None, None, None]
    start = (jnp.asarray(scale * rng.standard_normal((runs, depth - 1, d, d))), jnp.asarray(scale[:, :, 0, 0] * rng.standard_normal((runs, d))))
    out = jax.block_until_ready(program(start))
    assert bool(jnp.isfinite(out[1]).any())
    best = (float("inf"), float("inf"))
    for _ in range(7):
        wall, user = time.perf_counter(), time.process_time()
        jax.block_until_ready(program(start))
        best = min(best, (time.perf_counter() - wall, time.process_time() - user))
    return best[0] / (runs * steps), best[1] / (runs * steps)


forms = [("sweeps", by_sweeps), ("autodiff", by_autodiff(unrolled_risk)), ("autodiff-scan", by_autodiff(risk))]
for name, step in forms[: 3 if depth > 1 else 2]:
    wall, user = measure(step)
    print(name, wall, user, flush=True)
