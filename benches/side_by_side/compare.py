"""Side by side with the peers, on the same matrices, in one run, pinned to one core; prints a markdown table of ratios.

    python3 benches/side_by_side/compare.py [--quick] [--only NAME,..]

Needs numpy and scipy; python-flint, curvlinops and PyHessian (with torch) are used where they are installed. Each round runs ours and the peer's one after the other; the table
shows medians. Networks are numerical minimisers in doubles: the weights are rounded, and nothing is told to us about them.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile, time

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
import numpy as np
import scipy.sparse.linalg as sla

ROUNDS = 5


def data(d, rng):
    n = max(50, 2 * d)
    x = rng.standard_normal((n, d))
    y = x @ rng.standard_normal(d) + rng.standard_normal(n)
    w = np.linalg.lstsq(x, y, rcond=None)[0]
    y /= np.linalg.norm(w)
    return x, y, np.linalg.lstsq(x, y, rcond=None)[0]


def fit(layers, head, target):
    """Moves W_1 along one direction until the product is the target, to rounding."""
    b = head
    for w in layers[:0:-1]:
        b = w.T @ b
    for _ in range(4):
        layers[0] += np.outer(b, target - layers[0].T @ b) / (b @ b)
    return layers, head


def far(kind, d, depth, rng, x, y):
    """A point far from minimisers: a start, or the middle of training (a fifth of the risk left)."""
    noise = rng.standard_normal((depth, d, d))
    layers = [w / np.sqrt(d) for w in noise] if kind.startswith("gaussian") else [np.eye(d) + w / np.sqrt(depth * d) for w in noise]
    head = rng.standard_normal(d) / np.sqrt(d)
    if kind.endswith("start"):
        return layers, head
    sigma, cross = x.T @ x / len(y), x.T @ y / len(y)
    least = y @ y / len(y) - cross @ np.linalg.solve(sigma, cross)
    excess = lambda product: product @ sigma @ product - 2 * cross @ product + y @ y / len(y) - least
    a, b = sweeps(layers, head, x, y)[1:]
    first, rate = excess(b[0]), 0.1
    while excess(b[0]) > 0.2 * first:
        moved = [w - rate * np.outer(b[k + 1], a[k]) for k, w in enumerate(layers)]
        a2, b2 = sweeps(moved, head, x, y)[1:]
        if excess(b2[0]) < excess(b[0]):
            layers, a, b = moved, a2, b2
        else:
            rate /= 2
    return layers, head


def minimiser(kind, d, depth, rng, target):
    if kind == "rank-one":
        units = [target / np.linalg.norm(target)] + [v / np.linalg.norm(v) for v in rng.standard_normal((depth - 1, d))] + [np.ones(1)]
        layers = [np.outer(units[k + 1], units[k]) for k in range(depth)]
        layers = [w * np.linalg.norm(target) ** (1 / depth) for w in layers]
        return fit(layers, np.ones(1), target)
    if kind == "gaussian":
        layers = [rng.standard_normal((d, d)) / np.sqrt(d) for _ in range(depth - 1)] + [rng.standard_normal((1, d)) / np.sqrt(d)]
        return fit(layers, np.ones(1), target)
    layers = [np.eye(d) + 0.5 / np.sqrt(depth * d) * rng.standard_normal((d, d)) for _ in range(depth)]
    head = rng.standard_normal(d)
    return fit(layers, head / np.linalg.norm(head), target)


def sweeps(layers, head, x, y):
    n = len(y)
    sigma, cross = x.T @ x / n, x.T @ y / n
    b = [head]
    for w in layers[::-1]:
        b.append(w.T @ b[-1])
    b.reverse()
    a = [2 * (sigma @ b[0] - cross)]
    for w in layers[:-1]:
        a.append(w @ a[-1])
    return sigma, a, b


def hessian(layers, head, x, y):
    """Dense Hessian by Hessian-vector products."""
    p = sum(w.size for w in layers)
    product = products(layers, head, x, y)
    out = np.array([product(e) for e in np.eye(p)])
    return (out + out.T) / 2


def products(layers, head, x, y):
    sigma, a, b = sweeps(layers, head, x, y)
    depth, shapes = len(layers), [w.shape for w in layers]
    ends = np.cumsum([0] + [w.size for w in layers])

    def apply(v):
        v = np.asarray(v).ravel()
        dirs = [v[ends[k]:ends[k + 1]].reshape(shapes[k]) for k in range(depth)]
        db = [None] * depth + [np.zeros_like(head)]
        for k in range(depth - 1, -1, -1):
            db[k] = dirs[k].T @ b[k + 1] + layers[k].T @ db[k + 1]
        out, da = np.empty_like(v), 2 * (sigma @ db[0])
        for k in range(depth):
            block = out[ends[k]:ends[k + 1]].reshape(shapes[k])
            np.outer(db[k + 1], a[k], out=block)
            block += np.outer(b[k + 1], da)
            da = dirs[k] @ a[k] + layers[k] @ da
        return out

    return apply


def in_torch(layers, head, x, y):
    """The network as a torch module, and the data, for the peers that differentiate by torch; ImportError where there is none."""
    import torch
    torch.set_num_threads(1)
    tensor = lambda v: torch.tensor(np.ascontiguousarray(v), dtype=torch.float64)
    weights, end = [torch.nn.Parameter(tensor(w)) for w in layers], tensor(head)

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weights = torch.nn.ParameterList(weights)

        def forward(self, v):
            for w in self.weights:
                v = v @ w.T
            return v @ end

    return Model(), torch.nn.MSELoss(), weights, (tensor(x), tensor(y))


def by_curvlinops(layers, head, x, y):
    """The Hessian of the same risk as a SciPy operator of curvlinops (torch autodiff), or None."""
    try:
        from curvlinops import HessianLinearOperator
        model, loss, weights, batch = in_torch(layers, head, x, y)
    except ImportError:
        return None
    return HessianLinearOperator(model, loss, weights, [batch], check_deterministic=False).to_scipy()


def by_pyhessian(layers, head, x, y):
    """PyHessian's top eigenvalue (power iteration, its own tolerance 1e-3) of the same risk, as a function, or None."""
    try:
        from pyhessian import hessian as peer
        model, loss, _, batch = in_torch(layers, head, x, y)
    except ImportError:
        return None
    operator = peer(model, loss, data=batch, cuda=False)
    return lambda: operator.eigenvalues(top_n=1)[0]


def write(folder, x, y, layers, head):
    def put(name, m):
        np.asfortranarray(m).astype("<f8").ravel(order="F").tofile(os.path.join(folder, name))
    put("x", x), put("y", y), put("head", head)
    for k, w in enumerate(layers):
        put("w%d" % (k + 1), w)
    with open(os.path.join(folder, "shape.txt"), "w") as f:
        f.write("%d %d\n%s\n" % (*x.shape, " ".join(map(str, [x.shape[1]] + [len(w) for w in layers]))))


def build():
    out = subprocess.run(["cargo", "bench", "--bench", "side_by_side", "--no-run", "--message-format=json"], check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in out.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "side_by_side":
            return message["executable"]
    sys.exit("cargo built no side_by_side")


def clock(f):
    # Processor time, as on our side: both run on one thread, and other loads do not inflate it.
    start = time.process_time()
    r = f()
    return time.process_time() - start, r


ROWS = []


def row(name, target, ours, peer, note):
    ratio = ours / peer if peer else float("nan")
    ROWS.append("| %s | %s | %s | %s | %s | %s |" % (name, pretty(ours), pretty(peer), "%.3g" % ratio, target, note))
    print(ROWS[-1], flush=True)


def pretty(s):
    return "-" if not s else "%.3g s" % s if s >= 1 else "%.3g ms" % (1e3 * s)


def width(answer):
    v = answer["value"]
    return "relative width %.1e" % ((v["hi"] - v["lo"]) / v["hi"])


def case(binary, name, kind, d, depth, compare, quick):
    rng = np.random.default_rng(0)
    x, y, target = data(d, rng)
    at = far(kind, d, depth, rng, x, y) if "-" in kind and kind != "rank-one" else minimiser(kind, d, depth, rng, target)
    layers, head = at
    with tempfile.TemporaryDirectory() as folder:
        write(folder, x, y, layers, head)

        def ours(what, reps):
            out = subprocess.run([binary, folder, what, str(reps)], check=True, stdout=subprocess.PIPE, text=True).stdout
            out = json.loads(out)
            return out["seconds"], out

        compare(name, ours, x, y, layers, head, quick)


def small(name, ours, x, y, layers, head, quick):
    h = hessian(layers, head, x, y)
    mine, numpy_, out = [], [], None
    for _ in range(ROUNDS):
        t, out = ours("sharpness", 2000)
        mine.append(t)
        numpy_.append(clock(lambda: [np.linalg.eigvalsh(h) for _ in range(100)])[0] / 100)
    t = statistics.median(mine)
    row(name + ", certified, against numpy eigvalsh (not certified)", "<= 2", t, statistics.median(numpy_), width(out["answer"]))
    if quick:
        return
    try:
        import flint
    except ImportError:
        print("python-flint is not installed: that row is left out")
        return
    m = flint.acb_mat(flint.arb_mat([[flint.arb(float(v)) for v in r] for r in h]))
    peer, values = clock(lambda: m.eig(multiple=True))
    radius = max(float(v.real.rad()) for v in values)
    row(name + ", certified, against python-flint acb_mat.eig(multiple=True)", "<= 0.002", t, peer, "its largest radius %.1e" % radius)


def dense(name, ours, x, y, layers, head, quick):
    h = hessian(layers, head, x, y)
    mine, values, numpy_, out = [], [], [], None
    for _ in range(2 if quick else ROUNDS):
        values.append(ours("values", 3)[0])
        t, out = ours("dense", 3)
        mine.append(t)
        numpy_.append(clock(lambda: np.linalg.eigvalsh(h))[0])
    peer = statistics.median(numpy_)
    row(name + ", all values (not certified), against numpy eigvalsh", "<= 1.5", statistics.median(values), peer, "")
    row(name + ", both ends certified, against numpy eigvalsh", "<= 3", statistics.median(mine), peer, width(out["answer"]))


def large(name, ours, x, y, layers, head, quick):
    p = sum(w.size for w in layers)
    product = products(layers, head, x, y)
    operator = sla.LinearOperator((p, p), matvec=product, dtype=np.float64)
    start = np.random.default_rng(1).standard_normal(p)
    mine, peer, out = [], [], None
    for _ in range(2 if quick else ROUNDS):
        t, out = ours("sharpness", 20)
        mine.append(t)
        peer.append(clock(lambda: sla.eigsh(operator, k=1, which="LA", tol=1e-10, v0=start, return_eigenvectors=False))[0])
    row(name + ", certified, against scipy eigsh (k=1, tol 1e-10)", "<= 0.1", statistics.median(mine), statistics.median(peer), width(out["answer"]))


def anywhere(name, ours, x, y, layers, head, quick):
    p = sum(w.size for w in layers)
    operator = sla.LinearOperator((p, p), matvec=products(layers, head, x, y), dtype=np.float64)
    start = np.random.default_rng(1).standard_normal(p)
    one, both, top, out, value = [], [], [], None, None
    for _ in range(2 if quick else ROUNDS):
        t, out = ours("sharpness", 5)
        one.append(t)
        both.append(ours("ends", 5)[0])
        t, value = clock(lambda: sla.eigsh(operator, k=1, which="LA", tol=1e-10, v0=start, return_eigenvectors=False))
        top.append(t)
    v = out["answer"]["value"]
    note = "%s; eigsh off by %.1e; %s" % (width(out["answer"]), abs(value[0] - v["hi"]) / v["hi"], out["answer"]["method"])
    row(name + ", largest, certified, against scipy eigsh (k=1, tol 1e-10)", "<= 1", statistics.median(one), statistics.median(top), note)
    row(name + ", both ends, certified, against scipy eigsh (k=1)", "", statistics.median(both), statistics.median(top), "")
    other = by_curvlinops(layers, head, x, y)
    if other is not None:
        find = lambda: sla.eigsh(other, k=1, which="LA", tol=1e-10, v0=start, return_eigenvectors=False)
        t, value = clock(find)
        row(name + ", largest, certified, against eigsh of curvlinops", "", statistics.median(one), t, "off by %.1e" % (abs(value[0] - v["hi"]) / v["hi"]))
    power = by_pyhessian(layers, head, x, y)
    if power is not None:
        t, value = clock(power)
        row(name + ", largest, certified, against PyHessian", "", statistics.median(one), t, "off by %.1e" % (abs(value[0] - v["hi"]) / v["hi"]))


def scaling(name, ours, x, y, layers, head, quick):
    t, out = ours("ends", 1)
    note = "%s; peak memory %.2f x the weights; %.3g ns per layer and d^3" % (
        width(out["answer"]), out["peak_bytes"] / (8 * out["p"]), 1e9 * t / (len(layers) * x.shape[1] ** 3))
    row(name + ", both ends certified", "", t, None, note)


def huge(name, ours, x, y, layers, head, quick):
    t, out = ours("sharpness", 2)
    weights = 8 * out["p"]
    note = "%s; peak memory %.2f x the weights" % (width(out["answer"]), out["peak_bytes"] / weights)
    row(name + ", certified (no peer)", "seconds, < 2x", t, None, note)


CASES = {
    "p230": ("d=5, L=10, rank-one (p=230)", "rank-one", 5, 10, small),
    "p910": ("d=10, L=10 (p=910)", "rank-one", 10, 10, dense),
    "p910-gaussian": ("d=10, L=10, Gaussian minimiser (p=910)", "gaussian", 10, 10, dense),
    "p1620": ("d=20, L=5 (p=1620)", "rank-one", 20, 5, dense),
    "p490100": ("d=100, L=50 (p=490,100)", "rank-one", 100, 50, large),
    "p490100-residual": ("d=100, L=50, residual (p=500,000)", "residual", 100, 50, large),
    **{"far-%s-%d" % (kind, d): ("d=%d, L=%d, %s" % (d, depth, kind), kind, d, depth, anywhere)
       for d, depth in ((40, 3), (100, 50)) for kind in ("gaussian-start", "residual-start", "gaussian-middle", "residual-middle")},
    **{"depth-%d" % depth: ("d=16, L=%d, residual start" % depth, "residual-start", 16, depth, scaling) for depth in (10, 100, 1000, 10000)},
    **{"width-%d" % d: ("d=%d, L=20, residual start" % d, "residual-start", d, 20, scaling) for d in (16, 32, 64, 128, 256)},
    "far-p41M": ("d=64, L=10,000, residual start (p=41M)", "residual-start", 64, 10000, scaling),
    "p41M": ("d=64, L=10,000, rank-one (p=41M)", "rank-one", 64, 10000, huge),
    "p41M-residual": ("d=64, L=10,000, residual (p=41M)", "residual", 64, 10000, huge),
    "p41M-gaussian": ("d=64, L=10,000, Gaussian (p=41M)", "gaussian", 64, 10000, huge),
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="fewer rounds, no python-flint")
    arguments.add_argument("--only", default="", help="some of " + ", ".join(CASES))
    a = arguments.parse_args()
    binary = build()
    print("| what | ours | peer | ratio | target | |\n|---|---|---|---|---|---|")
    for key, (name, kind, d, depth, compare) in CASES.items():
        if not a.only or key in a.only.split(","):
            case(binary, name, kind, d, depth, compare, a.quick)


if __name__ == "__main__":
    main()
