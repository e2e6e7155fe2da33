"""The wheel against references of its own: NumPy's dense Hessians, JAX's autodiff where it is installed, and the mistakes that people make."""

import dataclasses
import pathlib
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import flatcert


def example(widths=(4, 5, 3, 1), n=30, seed=0, head=None):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, widths[0]))
    y = rng.standard_normal(n)
    layers = [rng.standard_normal((b, a)) / np.sqrt(a) for a, b in zip(widths, widths[1:])]
    return X, y, layers, np.ones(1) if head is None else head


def product(layers, head):
    out = head
    for w in reversed(layers):
        out = w.T @ out
    return out


def dense_hessian(X, y, layers, head):
    """Of R = norm(y - X w_prod)^2 / n, by central differences of the gradient along unit vectors, which is exact up to O(h^2)."""

    def gradient(flat):
        at, k = [], 0
        for w in layers:
            at.append(flat[k : k + w.size].reshape(w.shape))
            k += w.size
        after = [head]
        for w in reversed(at):
            after.append(w.T @ after[-1])
        after.reverse()
        before = 2 / len(y) * X.T @ (X @ after[0] - y)
        parts = []
        for k, w in enumerate(at):
            parts.append(np.outer(after[k + 1], before).ravel())
            before = w @ before
        return np.concatenate(parts)

    flat = np.concatenate([w.ravel() for w in layers])
    h = 1e-5
    columns = [(gradient(flat + h * e) - gradient(flat - h * e)) / (2 * h) for e in np.eye(flat.size)]
    H = np.array(columns)
    return (H + H.T) / 2


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("widths", [(3, 1), (4, 5, 3, 1), (2, 2, 2, 2, 1), (5, 1, 4, 2)])
def test_sharpness_is_the_largest_eigenvalue(widths, seed):
    head = np.random.default_rng(seed + 100).standard_normal(widths[-1])
    X, y, layers, head = example(widths, seed=seed, head=head)
    top = np.linalg.eigvalsh(dense_hessian(X, y, layers, head))[-1]
    s = flatcert.sharpness(X, y, layers, head)
    assert s.lo - 1e-5 * abs(top) <= top <= s.hi + 1e-5 * abs(top)
    assert s.width <= 1e-8 * abs(s.mid)
    assert flatcert.inspect(X, y, layers, head).sharpness.lo <= s.hi


def test_against_jax():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    X, y, layers, head = example((4, 4, 4, 1))

    def risk(layers):
        return jax.numpy.mean((y - X @ product(layers, head)) ** 2)

    shapes = [w.shape for w in layers]
    sizes = np.cumsum([w.size for w in layers])[:-1]

    def of_flat(flat):
        return risk([p.reshape(s) for p, s in zip(jax.numpy.split(flat, sizes), shapes)])

    flat = np.concatenate([w.ravel() for w in layers])
    found = flatcert.inspect(X, y, layers)
    top = np.linalg.eigvalsh(jax.hessian(of_flat)(flat))[-1]
    assert abs(found.sharpness.mid - top) <= 1e-10 * top
    assert abs(found.risk.mid - of_flat(flat)) <= 1e-12 * abs(found.risk.mid)
    assert abs(found.gradient_norm.mid - np.linalg.norm(jax.grad(of_flat)(flat))) <= 1e-10 * found.gradient_norm.mid
    # Arrays of JAX are layers too.
    assert flatcert.sharpness(X, y, [jax.numpy.asarray(w) for w in layers]) == flatcert.sharpness(X, y, layers)


def test_risk_and_gradient():
    X, y, layers, head = example()
    found = flatcert.inspect(X, y, layers)
    assert abs(np.mean((y - X @ product(layers, head)) ** 2) - found.risk.mid) < 1e-12
    assert found.network.widths == (4, 5, 3, 1) and found.data.n == 30


def test_any_memory_order_and_type_is_the_same_network():
    X, y, layers, _ = example()
    s = flatcert.sharpness(X, y, layers)
    assert flatcert.sharpness(np.asfortranarray(X), y, [np.asfortranarray(w) for w in layers]) == s
    assert flatcert.sharpness(X.tolist(), y[:, None], [w.tolist() for w in layers]) == s
    assert flatcert.sharpness(X[::-1], y[::-1], layers).lo <= s.hi
    single = [w.astype(np.float32) for w in layers]
    assert flatcert.sharpness(X, y, single) == flatcert.sharpness(X, y, [w.astype(float) for w in single])


def test_names():
    X, y, layers, _ = example()
    s = flatcert.sharpness(X, y, layers)
    state = {f"{2 * k}.weight": w for k, w in enumerate(layers)}
    assert flatcert.sharpness(X, y, state) == s
    # Ten layers and more: by number, not by spelling.
    shuffled = {f"net.{k}.weight": w for k, w in sorted(enumerate(layers), key=lambda kw: -kw[0])}
    assert flatcert.sharpness(X, y, shuffled) == s
    flax = {"params": {f"Dense_{k}": {"kernel": w.T, "bias": np.zeros(len(w))} for k, w in enumerate(layers)}}
    assert flatcert.sharpness(X, y, flax) == s
    assert flatcert.sharpness(X, y, [w.T for w in layers], transposed=True) == s

    class Module:
        def state_dict(self):
            return state

    assert flatcert.sharpness(X, y, Module()) == s
    with pytest.raises(ValueError, match="bias"):
        flatcert.sharpness(X, y, {**state, "0.bias": np.ones(5)})
    with pytest.raises(ValueError, match="running_mean"):
        flatcert.sharpness(X, y, {**state, "1.running_mean": np.ones(5)})
    with pytest.raises(ValueError, match="order"):
        flatcert.sharpness(X, y, {"encoder.weight": layers[0], "decoder.weight": layers[1], "out.weight": layers[2]})


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda X, y, w: (X, y[:-1], w), "30 rows"),
        (lambda X, y, w: (X, y, [w[1], w[0], w[2]]), "columns"),
        (lambda X, y, w: (X * np.nan, y, w), "not a finite number"),
        (lambda X, y, w: (X, y, [w[0] * np.inf, *w[1:]]), "W1, row 0, column 0"),
        (lambda X, y, w: (X + 1j, y, w), "complex"),
        (lambda X, y, w: (X, y, w[:-1]), "head"),
        (lambda X, y, w: (X, y, []), "no layers"),
        (lambda X, y, w: (X, y, w[0]), "list of the layers"),
        (lambda X, y, w: (np.ones((30, 4)), y, w), "column"),
        (lambda X, y, w: (np.array([["a"] * 4] * 30), y, w), "X"),
        (lambda X, y, w: (X, y, [w[0], w[1][None], w[2]]), "W2"),
        (lambda X, y, w: (X, y, [2**53 + np.ones((1, 4), dtype=np.int64)]), "2\\^53"),
        (lambda X, y, w: ("nothing.npy", "nothing.npy", w), "nothing.npy"),
        (lambda X, y, w: (X, "y.npy", w), "path"),
    ],
)
def test_mistakes_are_one_line(change, words):
    X, y, layers, _ = example()
    with pytest.raises(ValueError, match=words) as e:
        flatcert.inspect(*change(X, y, layers))
    assert "\n" not in str(e.value)


def agree(a, b):
    """Two enclosures of one number, by calls that look for different ends: they overlap, and are as narrow."""
    return a.lo <= b.hi and b.lo <= a.hi and max(a.width, b.width) <= 1e-9 * abs(a.mid)


def test_files(tmp_path: pathlib.Path):
    X, y, layers, _ = example()
    np.save(tmp_path / "X.npy", X)
    np.save(tmp_path / "y.npy", y)
    np.savez(tmp_path / "net.npz", **{f"W{k + 1}": w for k, w in enumerate(layers)})
    found = flatcert.inspect(tmp_path / "X.npy", tmp_path / "y.npy", tmp_path / "net.npz")
    assert agree(found.sharpness, flatcert.sharpness(X, y, layers))


def test_results_are_frozen_and_plain():
    X, y, layers, _ = example()
    found = flatcert.inspect(X, y, layers)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.risk = None
    assert found.to_dict()["sharpness"]["lo"] == pytest.approx(found.sharpness.lo, rel=1e-15)
    assert "sharpness=" in repr(found)
    pandas = pytest.importorskip("pandas")
    row = found.to_pandas()
    assert isinstance(row, pandas.DataFrame) and row["sharpness.lo"][0] <= found.sharpness.hi


def test_enclosure():
    e = flatcert.Enclosure(-1.0, 3.0)
    assert (e.mid, float(e)) == (1.0, 1.0) and e.width >= 4.0 and 3.0 in e and 3.1 not in e
    assert flatcert.Enclosure(1e308, 1.7e308).mid == 1.35e308
    assert repr(flatcert.Enclosure(2.0, 2.0)) == "2.0" and repr(flatcert.Enclosure(1e-30, 2.0)) == "[1e-30, 2.0]"


def test_along_and_above():
    X, y, layers, _ = example()
    steps = [(k, [(1 + k) * w for w in layers]) for k in range(4)]
    sharp = [flatcert.sharpness(X, y, w) for _, w in steps]
    assert sharp[0].hi < sharp[-1].lo
    eta = 4 / (sharp[0].hi + sharp[-1].lo)
    points = list(flatcert.along(X, y, steps, eta=eta))
    assert [p.step for p in points] == [0, 1, 2, 3]
    assert points[0].edge == "below" and points[-1].edge == "above"
    assert len(points) == len(sharp) and all(agree(p.sharpness, s) for p, s in zip(points, sharp))
    assert next(iter(flatcert.along(X, y, [layers]))).edge is None
    assert flatcert.above(X, y, layers, threshold=sharp[0].lo / 2) is True
    assert flatcert.above(X, y, layers, threshold=sharp[0].hi * 2) is False
    # By a count: it decides next to the sharpness too, where the enclosure of the sharpness ends.
    for net, s in zip(steps, sharp):
        assert flatcert.above(X, y, net[1], threshold=s.lo * (1 - 1e-9)) is True
        assert flatcert.above(X, y, net[1], threshold=s.hi * (1 + 1e-9)) is False
        assert flatcert.above(X, y, net[1], threshold=s.mid) in (True, False, None)
    with pytest.raises(ValueError, match="checkpoint 1"):
        list(flatcert.along(X, y, [layers, layers[::-1]]))
    with pytest.raises(ValueError, match="eta"):
        flatcert.along(X, y, [], eta=-1.0)


@pytest.mark.parametrize("seed", range(3))
def test_count_is_that_of_the_dense_hessian(seed):
    X, y, layers, head = example((3, 4, 2, 1), seed=seed)
    values = np.linalg.eigvalsh(dense_hessian(X, y, layers, head))[::-1]
    scale = abs(values).max()
    for k, (a, b) in enumerate(zip(values, values[1:])):
        if a - b > 1e-3 * scale:
            found = flatcert.count_above(X, y, layers, threshold=(a + b) / 2)
            assert found == flatcert.Count(k + 1, k + 1) and found.to_dict() == {"least": k + 1, "most": k + 1}
    with pytest.raises(ValueError, match="threshold"):
        flatcert.count_above(X, y, layers, threshold=float("nan"))


@pytest.mark.parametrize("factor, loss", [(1.0, "mean"), (0.5, "half"), (30.0, "sum")])
def test_whole_spectrum_of_your_loss(factor, loss):
    X, y, layers, head = example((3, 3, 2, 1), seed=5)
    H = factor * dense_hessian(X, y, layers, head) + 0.25 * np.eye(17)
    values = np.linalg.eigvalsh(H)[::-1]
    found = flatcert.inspect(X, y, layers, top=17, eta=2 / (1.01 * values[0]), loss=loss, weight_decay=0.25)
    enclosed = [c.value for c in found.leading for _ in range(c.multiplicity)]
    scale = abs(values).max()
    assert len(enclosed) == 17
    for value, e in zip(values, enclosed):
        assert e.lo - 1e-6 * scale <= value <= e.hi + 1e-6 * scale and e.width <= 1e-8 * scale
    # Zero is an eigenvalue of H of R as often as the widths say: (3 - 1) (3 - 1) + (2 - 1) (3 - 1).
    assert [c.multiplicity for c in found.leading if c.value == flatcert.Enclosure(0.25, 0.25)] == [6]
    assert found.edge == "below" and agree(found.loss.sharpness, enclosed[0]) and found.loss.hessian_min.lo <= values[-1] + 1e-6 * scale
    assert flatcert.inspect(X, y, layers, eta=2 / (0.99 * values[0]), loss=loss, weight_decay=0.25).edge == "above"
    plain = flatcert.inspect(X, y, layers)
    assert plain.leading == () and plain.edge is None and plain.loss is None
    for bad, words in [({"loss": "median"}, "loss"), ({"weight_decay": -1.0}, "decay"), ({"top": -1}, "top"), ({"eta": 0.0}, "eta")]:
        with pytest.raises(ValueError, match=words):
            flatcert.inspect(X, y, layers, **bad)


def test_data_are_read_where_they_are():
    """Of 200 MB in rows or in columns less than a tenth is taken besides."""
    code = """
import resource, sys
import numpy as np, flatcert
X = np.random.default_rng(0).standard_normal((500_000, 50))
X = np.asfortranarray(X) if sys.argv[1] == "F" else X
y = X[:, 0] + 1
flatcert.prepare(X[:1000].copy(order=sys.argv[1]), y[:1000])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
prepared = flatcert.prepare(X, y)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
    for order in "CF":
        ran = subprocess.run([sys.executable, "-c", code, order], capture_output=True, text=True, check=True)
        assert float(ran.stdout) < 20


def test_flow():
    X, y, layers, _ = example(seed=3)
    end = flatcert.flow(X, y, layers, gap=1e-12)
    assert end.stopped == "gap" and end.excess_risk[1] <= 1e-12
    again = flatcert.inspect(X, y, end.layers)
    assert again.sharpness == end.final.sharpness
    assert {a.id for a in end.assumptions} == {"A1", "A2", "A3"}
    with pytest.raises(ValueError, match="rtol"):
        flatcert.flow(X, y, layers, rtol=2.0)


def test_the_gil_is_released():
    X, y, layers, _ = example((20, 20, 20, 1), n=200)
    data, seen, done = flatcert.prepare(X, y), [], threading.Event()

    def count():
        while not done.is_set():
            seen.append(None)
            time.sleep(0)

    counter = threading.Thread(target=count)
    counter.start()
    before = len(seen)
    flatcert.flow(data, None, layers, gap=1e-10, max_steps=2000)
    after = len(seen)
    done.set()
    counter.join()
    # Another thread ran on while Rust worked: held, the GIL would have let it move at most once.
    assert after - before > 10


def test_ctrl_c_ends_a_long_flow():
    program = (
        "import numpy as np, flatcert, signal\n"
        # Whoever runs these tests in the background has Ctrl-C ignored, and so have its children.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "rng = np.random.default_rng(0)\n"
        "X = rng.standard_normal((60, 30)) * np.logspace(0, 3, 30); y = rng.standard_normal(60)\n"
        "layers = [rng.standard_normal((30, 30)) / 6 for _ in range(6)] + [rng.standard_normal((1, 30))]\n"
        "data = flatcert.prepare(X, y)\n"
        "print('ready', flush=True)\n"
        "while True: flatcert.flow(data, None, layers, gap=0.0, max_steps=10**9)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=120)
    assert "KeyboardInterrupt" in err and child.returncode != 0


def test_the_example_runs():
    example = pathlib.Path(__file__).parents[2] / "examples" / "edge_of_stability.py"
    done = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    assert "2/eta = 20" in last and " 8 of 41 certainly above" in last, last
