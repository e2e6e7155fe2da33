"""Both sides of the statements about one network, or one number: Sections 2 to 4 and Appendix A.

Each function takes the values of an instance and gives (greater, lesser), a truth value, or raises Skip."""
from .networks import *


def smin(net, lam):
    return 2 * net.depth() * lam * norm(net.wstar()) ** (2 - 2 / net.depth())


def smin_head(net, lam):
    return smin(net, lam) * norm(net.head) ** (2 / net.depth())


# The instance violates a hypothesis of the statement.
OUT = "out of scope"


def frobenius(layer):
    return math.sqrt(float(inner(layer, layer)))


def bound_norms(net, lam, head):
    power = norm(net.head) ** (1 / net.depth()) if head else 1
    return 2 * lam * power * norm(net.wstar()) ** (2 - 1 / net.depth()) * sum(1 / frobenius(w) for w in net.layers)


def sharpness_over(bound):
    """A statement bound <= S at a minimiser."""

    def sides(values):
        net = Network(values)
        return net.sharpness(), bound(net, eigenvalues(net.sigma)[0])

    return sides


def several_bound(depth, lam, size):
    return 2 * depth * lam * size ** (2 - 2 / depth)


def several_size(star):
    """norm_2(W*)"""
    return singular_values(star)[-1]


def several(values):
    """Several outputs, no head, at a minimiser, so that W_L .. W_1 is W*: the residual is orthogonal to X, and the second
    derivative of the risk along D is 2 tr(E Sigma E^T), E the first-order change of the product."""
    layers, roots = exact(values["layers"]), exact(values["roots"])
    unit = lambda n: [[Fraction(i == j) for j in range(n)] for i in range(n)]
    before = [unit(len(roots))]
    for layer in layers:
        before.append(matmul(layer, before[-1]))
    star = before.pop()
    if not any(any(row) for row in star):
        return OUT
    # E R, as a list, for each D with a single entry, which is 1; Sigma = R^2
    changes, after = {}, unit(len(star))
    for k in reversed(range(len(layers))):
        for i, j in itertools.product(range(len(layers[k])), range(len(layers[k][0]))):
            changes[k, i, j] = [row[i] * v * r for row in after for v, r in zip(before[k][j], roots)]
        after = matmul(after, layers[k])
    # of another D they have to add up to E R, which is the product's derivative
    trial = {place: Fraction(1 + place[0] + 2 * place[1] ** 2, 3 + place[2]) for place in changes}
    moved = [[Fraction(0)] * len(roots) for _ in roots]
    for k, layer in enumerate(layers):
        step = [[trial[k, i, j] for j in range(len(row))] for i, row in enumerate(layer)]
        moved = plus(matmul(layer, moved), matmul(step, before[k]))
    total = [sum(trial[place] * change[at] for place, change in changes.items()) for at in range(len(star) * len(roots))]
    assert total == [v * r for row in moved for v, r in zip(row, roots)]
    rows = floats(transpose(list(changes.values())))
    sharpness = 2 * eigenvalues(matmul(rows, transpose(rows)))[-1]
    return sharpness, several_bound(len(layers), float(min(roots) ** 2), several_size(star))


def variational(values):
    """(7): the greatest quotient over V = W + xi D, D the axes of the Hessian, tends to S^2: its limit by extrapolation,
    as the quotient is a power series in xi."""
    net = Network(values)
    form, places = net.hessian()
    spectrum, axes = eigen(form)
    near, moved = net.near(), net.near()
    here = near.gradient()

    def greatest(xi):
        quotients = []
        for axis in axes:
            moved.layers = [[row[:] for row in layer] for layer in near.layers]
            for (k, i, j), c in zip(places, axis):
                moved.layers[k][i][j] += xi * c
            change = [plus(g, h, -1) for g, h in zip(moved.gradient(), here)]
            quotients.append(sum(inner(c, c) for c in change) / xi**2)
        return max(quotients)

    limit = 2 * greatest(5e-8) - greatest(1e-7)
    return abs(limit - spectrum[-1] ** 2) <= 1e-4 * limit


def epsilon_of(layers):
    """epsilon of Section 4, and imbalance_of the sum in it."""
    return 3 * max(float(inner(w, w)) for w in layers) + 2 * imbalance_of(layers)


def imbalance_of(layers):
    """sum_k norm_2(W_{k+1}^T W_{k+1} - W_k W_k^T)"""
    gaps = [plus(matmul(transpose(v), v), matmul(w, transpose(w)), -1) for w, v in zip(layers, layers[1:])]
    return sum(max(abs(e[0]), abs(e[-1])) for e in map(eigenvalues, gaps))


def start(which):
    """A line of Lemma 2 at t = 0: its worst layer or pair of layers, (greater, lesser)."""

    def sides(values):
        layers = exact(values["network"]["layers"])
        gram = [matmul(transpose(w), w) for w in layers]
        outer_gram = [matmul(w, transpose(w)) for w in layers]
        spectra = [eigen(g) for g in outer_gram]
        squares = [max(0.0, s[0][-1]) for s in spectra]
        epsilon = epsilon_of(layers)
        if which == "rank one":
            return epsilon, max(float(inner(w, w)) - s for w, s in zip(layers, squares))
        if which == "balance":
            return epsilon, max(squares) - min(squares)
        lines = []
        for k in range(len(layers) - 1):
            left, right = spectra[k], eigen(gram[k + 1])
            for values_, _ in (left, right):
                gap = values_[-1] - values_[-2] if len(values_) > 1 else math.inf
                if values_[-1] > 0 and gap <= 1e-9 * values_[-1]:
                    raise Skip("the first singular vector is not unique: the statement takes any, the claim one")
            if squares[k + 1] == 0:
                if which == "alignment":
                    # no number q has q sigma^2 = epsilon
                    if epsilon > 0:
                        return False
                    raise Skip("all layers are zero")
                lines.append(0.0)
                continue
            cosine = dot(left[1][-1], right[1][-1])
            lines.append(squares[k + 1] * (1 - cosine**2))
        # 1 - epsilon/sigma^2 <= cosine^2, times sigma^2
        if not lines:
            raise Skip("one layer: no pair")
        return epsilon, max(lines)

    return sides


def rescaling(head):
    def sides(values):
        net, c = Network(values["minimiser"]), Fraction(values["factor"])
        l = net.depth()
        lam, power = eigenvalues(net.sigma)[0], norm(net.head) ** (1 / l) if head else 1
        bound = 2 * lam * power * norm(net.wstar()) ** (2 - 1 / l) * float(c) / frobenius(net.layers[1])
        net.layers[0] = [[c * v for v in row] for row in net.layers[0]]
        net.layers[1] = [[v / c for v in row] for row in net.layers[1]]
        return net.sharpness(), bound

    return sides


def lemma_8(which):
    def sides(values):
        net = Network(values)
        g = [-2 * (c - s) for c, s in zip(net.cross, times(net.sigma, net.wprod()))]
        above = float(net.r1(net.wprod()) - net.r1(net.wstar()))
        excess = 4 * eigenvalues(net.sigma)[0 if which == "lower" else -1] * above
        size = float(dot(g, g))
        return (size, excess) if which == "lower" else (excess, size)

    return sides


def lemma_8_identity(values):
    net = Network({"network": {"layers": [], "head": values["w"]}, **values})
    error = [p - q for p, q in zip(net.wstar(), net.wprod())]
    return net.r1(net.wprod()) == net.r1(net.wstar()) + dot(error, times(net.sigma, error))


def least_constant(values, points, constant):
    """A statement a <= c b over a whole domain: c - sup a/b over many points, against c - (the least c that holds)."""
    if values != "Domain":
        raise Skip("not the whole domain")
    room = constant - max(a / b for a, b in points)
    return 1.0, 1.0 - room, 1e-5


def lemma_4_minus(values):
    """1 - (1 - x)^alpha <= 2 alpha x"""
    grid = [(10.0 ** (p / 4), k / 100) for p in range(-32, 13) for k in range(1, 51)]
    return least_constant(values, [(-math.expm1(a * math.log1p(-x)), a * x) for a, x in grid], 2.0)


def lemma_4_plus(values):
    """(1 + x)^alpha - 1 <= 2 alpha x for alpha x <= 1"""
    grid = [(10.0 ** (p / 4), k / 50) for p in range(-8, 33) for k in range(1, 51)]
    return least_constant(values, [(math.expm1(a * math.log1p(p / a)), p) for a, p in grid], 2.0)


def lemma_5(values):
    if "Point" not in values:
        raise Skip("the whole domain: its points are evaluated")
    l, x = (float(Fraction(values["Point"][key])) for key in ("depth", "x"))
    return (4 * math.exp(-x), l * math.exp(-math.sqrt(l) * x)) if l >= 1 and x >= 1 else OUT


# Functions f of one coordinate along the flow, with f_min = 0: f, norm(grad f)^2, the speed of the coordinate, its
# limit.
def bounded(_):
    slope = lambda x: 2 * x / (1 + x * x) ** 2
    return (lambda x: x * x / (1 + x * x), lambda x: slope(x) ** 2, lambda x: -slope(x), 0.0)


def double(_):
    return (lambda x: (x * x - 1) ** 2, lambda x: (4 * x * (x * x - 1)) ** 2, lambda x: -4 * x * (x * x - 1), 1.0)


def mixed(_):
    return (lambda x: x * x / 2 + x**4 / 4, lambda x: (x + x**3) ** 2, lambda x: -x - x**3, 0.0)


def of_product(gap):
    """(x y - 1)^2 where x^2 - y^2 is the gap, in the coordinate p = x y: norm(grad f)^2 = 4 (p - 1)^2 (x^2 + y^2)."""
    squares = lambda p: math.sqrt(gap * gap + 4 * p * p)
    return (lambda p: (p - 1) ** 2, lambda p: 4 * (p - 1) ** 2 * squares(p), lambda p: 2 * (1 - p) * squares(p), 1.0)


def along_coordinate(curve, start, end=None, time=None):
    """(f(x(0)) exp(-mu t), f(x(t))) with mu the least norm(grad f)^2/f on the way to the limit: x(t) or t by Simpson's
    rule on tau, x = limit + (start - limit) exp(-tau)."""
    f, square, speed, limit = curve
    x = lambda tau: limit + (start - limit) * math.exp(-tau)
    rate = lambda tau: (limit - x(tau)) / speed(x(tau))

    def simpson(a, b, n):
        weights = [1, *[4, 2] * (n // 2 - 1), 4, 1]
        return sum(c * rate(a + (b - a) * k / n) for k, c in enumerate(weights)) * (b - a) / (3 * n)

    if start == limit:
        raise Skip("the start is the limit")
    mu = min(square(x(k / 20)) / f(x(k / 20)) for k in range(300))
    if end is not None:
        last = math.log((start - limit) / (end - limit))
        return f(start) * math.exp(-mu * simpson(0.0, last, 2000)), f(end)
    low, high = 0.0, 1.0
    while simpson(0.0, high, 200) < time:
        high *= 2
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if simpson(0.0, middle, 400) < time else (low, middle)
    return f(start) * math.exp(-mu * time), f(x(low))


def lemma_7(values):
    """(f(x(0)) - f_min) exp(-mu t) against f(x(t)) - f_min, along flows x' = -grad f."""
    (kind, of), = values.items()
    if kind == "Quartic":
        # f = x^4 from 1: x(t) = (1 + 8 t)^(-1/2) and norm(grad f) >= 4 f, as 0 < x <= 1
        t = float(Fraction(of["time"]))
        return math.exp(-4 * t), (1 + 8 * t) ** -2.0
    if kind == "Bent":
        (name, rest), = (of["of"] if isinstance(of["of"], dict) else {of["of"]: None}).items()
        gap = rest and float(Fraction(rest["gap"]))
        curve = {"Bounded": bounded, "Double": double, "Product": of_product}[name](gap)
        greater, lesser = along_coordinate(curve, float(Fraction(of["start"])), end=float(Fraction(of["end"])))
        return greater, lesser, 1e-8
    if kind == "Mixed":
        return (*along_coordinate(mixed(None), float(Fraction(of["start"])), time=float(Fraction(of["time"]))), 1e-6)
    a, x, t = exact(of["curvature"]), exact(of["start"]), float(Fraction(of["time"]))
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
    """Second derivatives of prod (1 + t v_k) at 0: the form 2 e_2(v), whose matrix has zeros on its diagonal and ones
    beside. Its greatest eigenvalue by the power method, shifted to make all eigenvalues nonnegative."""
    l = values["depth"]
    v = [1.0 + math.cos(k) / 3 for k in range(l)]
    for _ in range(60):
        total = sum(v)
        image = [(total - x) + x for x in v]
        size = norm(image)
        v = [x / size for x in image]
    quotient = sum(v) ** 2 - dot(v, v)
    return abs(quotient - (l - 1)) <= 1e-9 * l
