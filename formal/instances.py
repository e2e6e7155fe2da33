#!/usr/bin/env python3
"""Evaluate the formal statements on the instances of the numerical claims: both must say the same.

usage: instances.py BINARY [--count N] [--profile P] [--only CLAIM/FORM ..] [--write]   (BINARY: the flatcert program)

For each form below, `flatcert replay CLAIM/FORM#I --json` gives an instance in exact values, the verdict and the margin
(greater - lesser)/max(|greater|, |lesser|).  The two sides of the statement of Statements.v are computed here again, from its
definitions and with no code of flatcert: products of layers, the risk along W + t D, its second derivatives, their greatest
value over unit directions, eigenvalues of Sigma, operator norms.  A disagreement is an error (exit code 1).  --write renews
instances.json: how many are the same, of how many tried (the others are too large here, or no instances of the statement),
and whether the claim has more; it also says of each stated result that is not evaluated why.
"""
import argparse, itertools, json, math, pathlib, subprocess, sys
from fractions import Fraction

ROOT = pathlib.Path(__file__).resolve().parent
FLOW = "it speaks of a flow at all times: an instance of the claim is a start and the points of a trajectory"
CHANCE = "it bounds a probability over all data, heads and flows at once: an instance of the claim is a trial"
NOT_EVALUATED = {
    **dict.fromkeys(["theorem-3", "corollary-1", "corollary-2", "corollary-3"], FLOW),
    **dict.fromkeys(["theorem-4", "theorem-5-flow", "lemma-3-norm", "lemma-3-sigma-min", "corollary-4-upper"], CHANCE),
    "lemma-4-minus": "the claim's one instance is the whole domain; the statement is the same line",
    "lemma-4-plus": "the claim's one instance is the whole domain; the statement is the same line",
    "lemma-6": "equality of laws: the claim compares covariances and moments, the statement Laplace transforms",
}


# Matrices are lists of rows, columns are lists.
def times(a, v):
    return [sum(p * q for p, q in zip(row, v)) for row in a]


def transpose(a):
    return [list(column) for column in zip(*a)]


def matmul(a, b):
    columns = transpose(b)
    return [[sum(p * q for p, q in zip(row, column)) for column in columns] for row in a]


def plus(a, b, c=1):
    return [[p + c * q for p, q in zip(r, s)] for r, s in zip(a, b)]


def dot(u, v):
    return sum(p * q for p, q in zip(u, v))


def inner(a, b):
    return sum(dot(r, s) for r, s in zip(a, b))


def outer(u, v):
    return [[p * q for q in v] for p in u]


def solve(a, b):
    """x with a x = b, exactly."""
    n, rows = len(b), [list(map(Fraction, row)) + [Fraction(v)] for row, v in zip(a, b)]
    for i in range(n):
        pivot = next(r for r in range(i, n) if rows[r][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(n):
            if r != i and rows[r][i]:
                rows[r] = [v - rows[r][i] * w for v, w in zip(rows[r], rows[i])]
    return [row[n] for row in rows]


def eigen(a):
    """Eigenvalues, ascending, and unit eigenvectors of a symmetric matrix, by Jacobi rotations."""
    a, n = [[float(v) for v in row] for row in a], len(a)
    vectors = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(60):
        off = sum(a[i][j] ** 2 for i in range(n) for j in range(i))
        if off <= 1e-32 * max(1e-300, sum(a[i][i] ** 2 for i in range(n))):
            break
        for i, j in itertools.combinations(range(n), 2):
            if a[i][j] == 0.0:
                continue
            theta = (a[j][j] - a[i][i]) / (2 * a[i][j])
            t = math.copysign(1, theta) / (abs(theta) + math.hypot(1, theta))
            c = 1 / math.hypot(1, t)
            s = t * c
            for k in range(n):
                a[k][i], a[k][j] = c * a[k][i] - s * a[k][j], s * a[k][i] + c * a[k][j]
            for k in range(n):
                a[i][k], a[j][k] = c * a[i][k] - s * a[j][k], s * a[i][k] + c * a[j][k]
            vectors[i], vectors[j] = ([c * p - s * q for p, q in zip(vectors[i], vectors[j])],
                                      [s * p + c * q for p, q in zip(vectors[i], vectors[j])])
    order = sorted(range(n), key=lambda i: a[i][i])
    return [a[i][i] for i in order], [vectors[i] for i in order]


def eigenvalues(a):
    return eigen(a)[0]


def cholesky(a):
    """A lower triangular matrix with a = c c^T."""
    n = len(a)
    c = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = a[i][j] - sum(c[i][k] * c[j][k] for k in range(j))
            c[i][j] = math.sqrt(max(rest, 0.0)) if i == j else rest / c[j][j] if c[j][j] else 0.0
    return c


def floats(a):
    return [floats(v) if isinstance(v, list) else float(v) for v in a]


def exact(a):
    return [exact(v) if isinstance(v, list) else Fraction(v) for v in a]


# The definitions of Statements.v.
class Network:
    """Layers, head and data by Sigma = X^T X/n, X^T y/n and |y|^2/n, of which R1 and w* are functions."""

    def __init__(self, values):
        self.layers, self.head = exact(values["network"]["layers"]), exact(values["network"]["head"])
        if "sigma" in values:
            self.sigma, self.cross = exact(values["sigma"]), exact(values["cross"])
            self.power = Fraction(values["power"])
        else:
            x, y = exact(values["x"]), exact(values["y"])
            n = len(y)
            self.sigma = [[v / n for v in row] for row in matmul(transpose(x), x)]
            self.cross = [v / n for v in times(transpose(x), y)]
            self.power = dot(y, y) / n

    def depth(self):
        return len(self.layers)

    def wprod(self):
        v = self.head
        for layer in reversed(self.layers):
            v = times(transpose(layer), v)
        return v

    def r1(self, v):
        return self.power - 2 * dot(self.cross, v) + dot(v, times(self.sigma, v))

    def wstar(self):
        return solve(self.sigma, self.cross)

    def gradient(self):
        """(5), with grad R1(v) = -2 (X^T y/n - Sigma v)."""
        v = self.wprod()
        g = [-2 * (c - s) for c, s in zip(self.cross, times(self.sigma, v))]
        back, front = [self.head], [g]
        for layer in reversed(self.layers):
            back.insert(0, times(transpose(layer), back[0]))
        for layer in self.layers:
            front.append(times(layer, front[-1]))
        return [outer(back[k + 1], front[k]) for k in range(self.depth())]

    def along(self, direction):
        """The coefficients of 1, t, t^2 of risk(W + t D)."""
        b = [self.head, [0] * len(self.head), [0] * len(self.head)]
        for layer, d in reversed(list(zip(self.layers, direction))):
            w, e = transpose(layer), transpose(d)
            p = [times(w, c) for c in b]
            q = [times(e, c) for c in b[:2]]
            b = [p[0], [u + v for u, v in zip(p[1], q[0])], [u + v for u, v in zip(p[2], q[1])]]
        s = [times(self.sigma, c) for c in b]
        return [self.r1(b[0]), -2 * dot(self.cross, b[1]) + 2 * dot(b[0], s[1]),
                -2 * dot(self.cross, b[2]) + 2 * dot(b[0], s[2]) + dot(b[1], s[1])]

    def near(self):
        """The network in floats."""
        net = Network.__new__(Network)
        net.layers, net.head, net.sigma = floats(self.layers), floats(self.head), floats(self.sigma)
        net.cross, net.power = floats(self.cross), float(self.power)
        return net

    def hessian(self):
        """The form of the second derivatives along W + t D, by polarisation, and the places of its rows."""
        near = self.near()
        places = [(k, i, j) for k, layer in enumerate(self.layers) for i in range(len(layer)) for j in range(len(layer[0]))]
        if len(places) > 48:
            return None, places

        def second(*chosen):
            direction = [[[0.0] * len(layer[0]) for _ in layer] for layer in near.layers]
            for k, i, j in chosen:
                direction[k][i][j] += 1.0
            return 2 * near.along(direction)[2]

        alone = [second(p) for p in places]
        form = [[0.0] * len(places) for _ in places]
        for a, p in enumerate(places):
            form[a][a] = alone[a]
            for b in range(a):
                form[a][b] = form[b][a] = (second(p, places[b]) - alone[a] - alone[b]) / 2
        return form, places

    def sharpness(self):
        """The greatest second derivative of the risk over unit directions.  At a minimiser it is 2 |Sigma^(1/2) J D|^2 with
        J D = sum_k A_k^T D_k^T b_{k+1}, A_k = W_k .. W_1, b_k = W_{k+1}^T .. W_L^T w."""
        if self.cross != times(self.sigma, self.wprod()):
            form, _ = self.hessian()
            return None if form is None else eigenvalues(form)[-1]
        near, d = self.near(), len(self.cross)
        back = [near.head]
        for layer in reversed(near.layers[1:]):
            back.insert(0, times(transpose(layer), back[0]))
        front, gram = [[float(i == j) for j in range(d)] for i in range(d)], [[0.0] * d for _ in range(d)]
        for layer, b in zip(near.layers, back):
            gram = plus(gram, matmul(transpose(front), front), dot(b, b))
            front = matmul(layer, front)
        root = cholesky(near.sigma)
        return 2 * eigenvalues(matmul(transpose(root), matmul(gram, root)))[-1]


def norm(v):
    return math.sqrt(float(dot(v, v)))


def singular_values(a):
    """By rotations of the columns (Hestenes), which keep small values to relative accuracy."""
    columns = floats(transpose(a))
    for _ in range(60):
        done = True
        for i, j in itertools.combinations(range(len(columns)), 2):
            p, q = columns[i], columns[j]
            c, pp, qq = dot(p, q), dot(p, p), dot(q, q)
            if abs(c) <= 1e-16 * math.sqrt(pp * qq):
                continue
            done, zeta = False, (qq - pp) / (2 * c)
            t = math.copysign(1, zeta) / (abs(zeta) + math.hypot(1, zeta))
            cos = 1 / math.hypot(1, t)
            columns[i] = [cos * (x - t * y) for x, y in zip(p, q)]
            columns[j] = [cos * (t * x + y) for x, y in zip(p, q)]
        if done:
            break
    return sorted(norm(c) for c in columns)


def smin(net, lam):
    return 2 * net.depth() * lam * norm(net.wstar()) ** (2 - 2 / net.depth())


def frobenius(layer):
    return math.sqrt(float(inner(layer, layer)))


def bound_norms(net, lam, head):
    power = norm(net.head) ** (1 / net.depth()) if head else 1
    return 2 * lam * power * norm(net.wstar()) ** (2 - 1 / net.depth()) * sum(1 / frobenius(w) for w in net.layers)


def sharpness_over(bound):
    """A statement bound <= S at a minimiser."""

    def sides(values):
        net = Network(values)
        s = net.sharpness()
        return None if s is None else (s, bound(net, eigenvalues(net.sigma)[0]))

    return sides


def variational(values):
    """(7): the greatest quotient over V = W + xi D, D the axes of the Hessian, is S^2 up to O(xi)."""
    net = Network(values)
    form, places = net.hessian()
    if form is None:
        return None
    spectrum, axes = eigen(form)
    near, quotients, xi = net.near(), [], 1e-6
    here = near.gradient()
    for axis in axes:
        moved = net.near()
        for (k, i, j), c in zip(places, axis):
            moved.layers[k][i][j] += xi * c
        quotients.append(sum(inner(plus(g, h, -1), plus(g, h, -1)) for g, h in zip(moved.gradient(), here)) / xi**2)
    return abs(max(quotients) - spectrum[-1] ** 2) <= 1e-4 * max(quotients)


def start(which):
    """A line of Lemma 2 at t = 0: its worst layer or pair of layers, (greater, lesser)."""

    def sides(values):
        layers = exact(values["network"]["layers"])
        gram = [matmul(transpose(w), w) for w in layers]
        outer_gram = [matmul(w, transpose(w)) for w in layers]
        spectra = [eigen(g) for g in outer_gram]
        squares = [max(0.0, s[0][-1]) for s in spectra]
        imbalance = [eigenvalues(plus(gram[k + 1], outer_gram[k], -1)) for k in range(len(layers) - 1)]
        epsilon = 3 * max(float(inner(w, w)) for w in layers) + 2 * sum(max(abs(e[0]), abs(e[-1])) for e in imbalance)
        if which == "rank one":
            return epsilon, max(float(inner(w, w)) - s for w, s in zip(layers, squares))
        if which == "balance":
            return epsilon, max(squares) - min(squares)
        lines = []
        for k in range(len(layers) - 1):
            left, right = spectra[k], eigen(gram[k + 1])
            for values_, _ in (left, right):
                # the first singular vector is not unique: the statement takes any, the claim one
                if len(values_) > 1 and values_[-1] - values_[-2] <= 1e-9 * max(1e-300, values_[-1]) and values_[-1] > 0:
                    return None
            if squares[k + 1] == 0:
                if which == "alignment":
                    # no number q has q sigma^2 = epsilon
                    return False if epsilon > 0 else None
                lines.append(0.0)
                continue
            cosine = dot(left[1][-1], right[1][-1])
            lines.append(squares[k + 1] * (1 - cosine**2))
        # 1 - epsilon/sigma^2 <= cosine^2, times sigma^2
        return (epsilon, max(lines)) if lines else None

    return sides


def rescaling(head):
    def sides(values):
        net, c = Network(values["minimiser"]), Fraction(values["factor"])
        l = net.depth()
        lam, power = eigenvalues(net.sigma)[0], norm(net.head) ** (1 / l) if head else 1
        bound = 2 * lam * power * norm(net.wstar()) ** (2 - 1 / l) * float(c) / frobenius(net.layers[1])
        net.layers[0] = [[c * v for v in row] for row in net.layers[0]]
        net.layers[1] = [[v / c for v in row] for row in net.layers[1]]
        s = net.sharpness()
        return None if s is None else (s, bound)

    return sides


def lemma_8(which):
    def sides(values):
        net = Network(values)
        g = [-2 * (c - s) for c, s in zip(net.cross, times(net.sigma, net.wprod()))]
        excess = 4 * eigenvalues(net.sigma)[0 if which == "lower" else -1] * float(net.r1(net.wprod()) - net.r1(net.wstar()))
        size = float(dot(g, g))
        return (size, excess) if which == "lower" else (excess, size)

    return sides


def lemma_8_identity(values):
    net = Network({"network": {"layers": [], "head": values["w"]}, **values})
    error = [p - q for p, q in zip(net.wstar(), net.wprod())]
    return net.r1(net.wprod()) == net.r1(net.wstar()) + dot(error, times(net.sigma, error))


def lemma_5(values):
    if "Point" not in values:
        return None
    l, x = (float(Fraction(values["Point"][key])) for key in ("depth", "x"))
    return 4 * math.exp(-x), l * math.exp(-math.sqrt(l) * x)


def lemma_7(values):
    """(f(x(0)) - f_min) exp(-mu t) against f(x(t)) - f_min, along flows x' = -grad f in closed form."""
    if "Quartic" in values:
        # f = x^4 from 1: x(t) = (1 + 8 t)^(-1/2) and norm(grad f) >= 4 f, as 0 < x <= 1
        t = float(Fraction(values["Quartic"]["time"]))
        return math.exp(-4 * t), (1 + 8 * t) ** -2.0
    if "Quadratic" not in values:
        return None
    flow = values["Quadratic"]
    a, x, t = exact(flow["curvature"]), exact(flow["start"]), float(Fraction(flow["time"]))
    parts = [(float(c), float(c * v * v / 2)) for c, v in zip(a, x)]
    # norm(grad f)^2 = sum of (c v)^2 >= 2 min(c) f
    mu = 2 * float(min(a))
    return sum(f for _, f in parts) * math.exp(-mu * t), sum(f * math.exp(-2 * c * t) for c, f in parts)


def lemma_9(which):
    def sides(values):
        layers, theta = exact(values["layers"]), exact(values["theta"])
        w = v = None
        extremes, moved = [], []
        for layer, t in zip(layers, theta):
            step = plus(layer, t, Fraction(1, len(layers)))
            w, v = (layer, step) if w is None else (matmul(layer, w), matmul(step, v))
            s = singular_values(w)
            extremes += [s[0], s[-1]]
            moved.append(singular_values(v))
        # M >= 1, and m < 1 strictly: the claim takes 999/1000 where every product has sigma_min >= 1
        big, small = max([1.0] + extremes), min([0.999] + extremes)
        if which == "norm":
            return 2 * big, max(s[-1] for s in moved)
        return min(s[0] for s in moved), small / 2

    return sides


def assumption_2(values):
    net = Network(values)
    zero = net.r1([0] * len(net.cross))
    return net.r1(net.wprod()) <= zero and any(any(any(row) for row in g) for g in net.gradient())


def gradient(values):
    net = Network(values)
    direction = exact(values["direction"]["layers"])
    return net.along(direction)[1] == sum(inner(g, d) for g, d in zip(net.gradient(), direction))


def lemma_1(values):
    """The derivatives of both sides along the flow, W' = -G."""
    net = Network(values)
    w, g = net.layers, net.gradient()

    def twice(a, b):
        m = matmul(a, b)
        return plus(m, transpose(m))

    return all(twice(transpose(w[k + 1]), g[k + 1]) == twice(g[k], transpose(w[k])) for k in range(net.depth() - 1))


def product_example(values):
    """Second derivatives of prod (1 + t v_k) at 0: the form 2 e_2(v)."""
    l = values["depth"]
    if l > 60:
        return None
    return abs(eigenvalues([[float(i != j) for j in range(l)] for i in range(l)])[-1] - (l - 1)) <= 1e-9 * l


FORMS = {
    "theorem-1/printed": sharpness_over(smin),
    "theorem-2-norms/printed": sharpness_over(lambda net, lam: bound_norms(net, lam, False)),
    "theorem-2-norms/corrected": sharpness_over(lambda net, lam: bound_norms(net, lam, True)),
    "theorem-2-depth/printed": sharpness_over(smin),
    "theorem-2-depth/corrected": sharpness_over(lambda net, lam: smin(net, lam) * norm(net.head) ** (2 / net.depth())),
    "rescaling/printed": rescaling(False),
    "rescaling/corrected": rescaling(True),
    "corollary-4-lower/printed": sharpness_over(smin),
    "corollary-4-lower/corrected": sharpness_over(lambda net, lam: smin(net, lam) * norm(net.head) ** (2 / net.depth())),
    "variational/printed": variational,
    "variational/at-minimisers": variational,
    "lemma-2-rank-one/printed-at-start": start("rank one"),
    "lemma-2-balance/printed-at-start": start("balance"),
    "lemma-2-alignment/printed": start("alignment"),
    "lemma-2-alignment/corrected-at-start": start("alignment, multiplied"),
    "product-example/printed": product_example,
    "gradient/printed": gradient,
    "lemma-1/printed": lemma_1,
    "assumption-2/printed": assumption_2,
    "lemma-5/printed": lemma_5,
    "lemma-7/printed": lemma_7,
    "lemma-7/corrected": lemma_7,
    "lemma-8/printed": lemma_8_identity,
    "lemma-8/lower": lemma_8("lower"),
    "lemma-8/upper": lemma_8("upper"),
    "lemma-9/printed": lemma_9("norm"),
    "lemma-9/printed-sigma": lemma_9("sigma"),
}


def compare(form, i, binary, profile):
    """None: not an instance of the statement, or too large for this evaluator; else what is wrong, or nothing."""
    done = subprocess.run([binary, "replay", f"{form}#{i}", "--profile", profile, "--json"], text=True, capture_output=True)
    if not done.stdout.startswith("{"):
        raise StopIteration
    instance = json.loads(done.stdout)["instance"]
    if instance["verdict"] not in ("Holds", "Fails"):
        return None
    mine = FORMS[form](instance["values"])
    if mine is None:
        return None
    if isinstance(mine, bool):
        return "" if mine == (instance["verdict"] == "Holds") else f"{form}#{i}: {mine} here, {instance['verdict']} there"
    greater, lesser = mine
    size = max(abs(greater), abs(lesser))
    margin, theirs = (greater - lesser) / size if size else 0.0, instance["margin"]
    if theirs is None:
        return None
    kappa = 1.0
    if "sigma" in json.dumps(instance["values"]):
        spectrum = eigenvalues(exact(instance["values"].get("minimiser", instance["values"])["sigma"]))
        kappa = spectrum[-1] / spectrum[0]
        if not 0 < kappa < 1e8:
            return None
    slack = 1e-9 + 1e-14 * kappa
    if theirs["lo"] - slack <= margin <= theirs["hi"] + slack:
        return ""
    return f"{form}#{i}: margin {margin} here, [{theirs['lo']}, {theirs['hi']}] there"


def has_more(form, count, binary):
    """Has the claim more instances in a standard run?"""
    done = subprocess.run([binary, "replay", f"{form}#{count}", "--profile", "standard", "--json"], text=True, capture_output=True)
    return done.stdout.startswith("{")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--profile", default="quick")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    path, wrong = ROOT / "instances.json", 0
    written = json.loads(path.read_text()) if path.exists() else {"evaluated": {}}
    written["not evaluated"] = NOT_EVALUATED
    for form in FORMS:
        if options.only and form not in options.only:
            continue
        agreed, i, more = 0, 0, True
        while agreed < options.count:
            try:
                found = compare(form, i, options.binary, options.profile)
            except StopIteration:
                more = options.profile == "quick" and has_more(form, i, options.binary)
                break
            if found:
                print(f"instances: {found}", file=sys.stderr)
                wrong += 1
            agreed, i = agreed + (found == ""), i + 1
        print(f"{form}: {agreed} of {i} instances evaluated here and there, the same", flush=True)
        written["evaluated"][form] = {"the same": agreed, "of": i, "more": more}
        if agreed == 0:
            print(f"instances: {form}: none was evaluated", file=sys.stderr)
            wrong += 1
        if options.write:
            path.write_text(json.dumps(written, indent=1, sort_keys=True) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
