"""Gradient flow side by side with diffrax (Dopri5) and SciPy (RK45), same data, start, tolerances and gap, in one run on one core.

    cargo bench --bench flow_side_by_side --no-run
    python3 benches/flow_side_by_side/compare.py [--binary PATH] [--rounds N]

Needs numpy, scipy, jax, diffrax. Data as the paper's Appendix C (n = 50, d = 5, w* of norm one), layers of standard deviation 0.05 with
the last one zero. diffrax is timed after its compilation, and its event ends with a step, a little later than ours and SciPy's. SciPy and
diffrax measure atol in absolute terms, we relative to the largest layer, which is the stricter reading at these starts. Each round runs
all three one after the other; medians are shown.
"""
import argparse, glob, json, os, statistics, subprocess, tempfile, time

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from scipy.integrate import solve_ivp

jax.config.update("jax_enable_x64", True)
RTOL, ATOL, GAP, HORIZON, D = 1e-8, 1e-10, 1e-12, 1e13, 5


def case(depth, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((50, D))
    y = x @ rng.standard_normal(D) + rng.standard_normal(50)
    y /= np.linalg.norm(np.linalg.lstsq(x, y, rcond=None)[0])
    layers = 0.05 * rng.standard_normal((depth - 1, D, D))
    return x, y, layers


def functions(xp, sigma, w_star, depth):
    """The field and R - R_min on flat vectors, by two sweeps, over numpy or jax.numpy."""
    size = (depth - 1) * D * D

    def backward(theta):
        layers, b = theta[:size].reshape(depth - 1, D, D), [theta[size:]]
        for k in reversed(range(depth - 1)):
            b.append(b[-1] @ layers[k])
        return layers, b[::-1]

    def field(_, theta, args=None):
        layers, b = backward(theta)
        a = [-2 * (sigma @ (b[0] - w_star))]
        for k in range(depth - 1):
            a.append(layers[k] @ a[-1])
        inner = xp.stack(b[1:])[:, :, None] * xp.stack(a[:-1])[:, None, :]
        return xp.concatenate([inner.ravel(), a[-1]])

    def gap(theta):
        e = backward(theta)[1][0] - w_star
        return e @ sigma @ e

    return field, gap


def scipy_peer(args, depth, theta):
    field, gap = functions(np, *args, depth)
    event = lambda t, v: gap(v) - GAP
    event.terminal = True
    return lambda: float(solve_ivp(field, (0, HORIZON), theta, method="RK45", rtol=RTOL, atol=ATOL, events=event).t[-1])


def diffrax_peer(args, depth, theta):
    field, gap = functions(jnp, *map(jnp.asarray, args), depth)
    event = diffrax.Event(lambda t, v, a, **k: gap(v) < GAP)
    control = diffrax.PIDController(rtol=RTOL, atol=ATOL)

    def solve(v):
        term, solver, save = diffrax.ODETerm(field), diffrax.Dopri5(), diffrax.SaveAt(t1=True)
        r = diffrax.diffeqsolve(term, solver, 0.0, HORIZON, None, v, saveat=save, max_steps=None, stepsize_controller=control, event=event, adjoint=diffrax.ForwardMode())
        return r.ts[-1]

    compiled, start = jax.jit(solve), jnp.asarray(theta)
    compiled(start).block_until_ready()
    return lambda: float(compiled(start).block_until_ready())


def clocked(f):
    start = time.perf_counter()
    value = f()
    return time.perf_counter() - start, value


def ours(binary, folder, rtol, atol, repetitions):
    words = [binary, "run", folder, str(rtol), str(atol), str(GAP), str(repetitions)]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    built = [p for p in glob.glob("target/release/deps/flow_side_by_side-*") if os.access(p, os.X_OK) and not p.endswith(".d")]
    binary = options.binary or max(built, key=os.path.getmtime)
    print("| L | ours | diffrax Dopri5 | ratio | SciPy RK45 | ratio | t: ours at rtol 1e-12, ours, diffrax, SciPy | S |")
    print("|---|---|---|---|---|---|---|---|")
    for depth in (5, 10):
        x, y, layers = case(depth)
        args = (x.T @ x / 50, np.linalg.lstsq(x, y, rcond=None)[0])
        theta = np.concatenate([layers.ravel(), np.zeros(D)])
        with tempfile.TemporaryDirectory() as folder:
            np.save(f"{folder}/x.npy", x)
            np.save(f"{folder}/y.npy", y)
            named = {f"W{k + 1}": w for k, w in enumerate(layers)}
            np.savez(f"{folder}/net.npz", **named, **{f"W{depth}": np.zeros((1, D))})
            peers = [diffrax_peer(args, depth, theta), scipy_peer(args, depth, theta)]
            rounds = [(ours(binary, folder, RTOL, ATOL, 50), *map(clocked, peers)) for _ in range(options.rounds)]
            tight = ours(binary, folder, 1e-12, 1e-14, 1)
        us, dx, sp = (statistics.median(v) for v in zip(*((u["median"], d[0], s[0]) for u, d, s in rounds)))
        u, d, s = rounds[-1]
        print(f"| {depth} | {us * 1e3:.3f} ms | {dx * 1e3:.3f} ms | {dx / us:.1f} | {sp * 1e3:.2f} ms | {sp / us:.0f} "
              f"| {tight['t']:.11g}, {u['t']:.11g}, {d[1]:.11g}, {s[1]:.11g} | {tight['sharpness']['lo']:.11g} |", flush=True)


main()
