"""Statements of Section 4 about the flow: it is integrated here, from the start that the claim gives, until the excess
risk has fallen to 1e-14 of the risk's scale, and the statement is evaluated on what the integration passes.

The hypotheses are evaluated at the start: where one fails, the claim has to say that the instance is out of scope.
Each function gives OUT then; else (greater, lesser, slack of the margin) or a truth value."""
import json

from .statements import *

# Dormand and Prince's pair of orders 5 and 4.
STAGES = [[1 / 5], [3 / 40, 9 / 40], [44 / 45, -56 / 15, 32 / 9],
          [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
          [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
          [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84]]
ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]
TOLERANCE, ARRIVED = 1e-9, 1e-14
# Steps times weights, and weights: what Python integrates in a minute.
MOST_WORK, MOST_FLOW_WEIGHTS = 600_000, 400


def combined(y, coefficients, slopes, h):
    for c, slope in zip(coefficients, slopes):
        if c:
            c *= h
            y = [a + c * b for a, b in zip(y, slope)]
    return y


class Flow:
    """The points (t, network) of the flow from a network, t = 0 and t = 1 among them."""

    def __init__(self, net):
        self.net, self.near = net, net.near()
        self.shapes = [(len(layer), len(layer[0])) for layer in net.layers]
        self.wstar = [float(v) for v in net.wstar()]
        scale = dot(self.wstar, times(self.near.sigma, self.wstar))
        y = [v for layer in self.near.layers for row in layer for v in row]
        if len(y) > MOST_FLOW_WEIGHTS:
            raise Skip(f"more than {MOST_FLOW_WEIGHTS} weights, for the flow")
        self.points, self.arrived = [(0.0, self.network(y))], False
        t, h, k, passed, steps = 0.0, 1e-3, self.slope(y), False, 0
        while not self.arrived:
            steps += 1
            if steps * len(y) > MOST_WORK:
                raise Skip("the flow takes more steps than are taken here")
            to_one = not passed and t + h >= 1.0
            if to_one:
                h = 1.0 - t
            slopes = [k]
            for row in STAGES:
                state = combined(y, row, slopes, h)
                slopes.append(self.slope(state))
            error = combined([0.0] * len(y), ERROR, slopes, h)
            size = max(abs(e) / (TOLERANCE * max(abs(a), abs(b)) + 1e-2 * TOLERANCE * self.least(state))
                       for e, a, b in zip(error, y, state))
            if size <= 1:
                t, y, k = (1.0 if to_one else t + h), state, slopes[-1]
                passed |= to_one
                now = self.network(y)
                self.points.append((t, now))
                self.arrived = passed and self.excess(now) <= ARRIVED * scale
            h *= min(5.0, max(0.2, 0.9 * (size + 1e-12) ** -0.2))

    @staticmethod
    def least(state):
        """Of the sizes that matter: small weights matter where all are small."""
        return max(map(abs, state))

    def network(self, y):
        net, at = Network.__new__(Network), 0
        net.head, net.sigma, net.cross = self.near.head, self.near.sigma, self.near.cross
        net.power, net.layers = self.near.power, []
        for rows, columns in self.shapes:
            net.layers.append([y[at + i * columns:at + (i + 1) * columns] for i in range(rows)])
            at += rows * columns
        return net

    def slope(self, y):
        return [-v for layer in self.gradient(self.network(y)) for row in layer for v in row]

    def gradient(self, net):
        """(5), with grad R1 = -2 Sigma (w* - w_prod)."""
        back = [net.head]
        for layer in reversed(net.layers):
            back.insert(0, times(zip(*layer), back[0]))
        front = [[-2 * v for v in times(net.sigma, [a - b for a, b in zip(self.wstar, back[0])])]]
        for layer in net.layers:
            front.append(times(layer, front[-1]))
        return [outer(b, f) for b, f in zip(back[1:], front)]

    def excess(self, net):
        """R - R_min, by Lemma 8."""
        e = [a - b for a, b in zip(self.wstar, net.wprod())]
        return dot(e, times(net.sigma, e))

    def limit(self):
        return self.points[-1][1]


FLOWS = {}


def flow(values, hypotheses):
    """The flow from the start, if the hypotheses of Section 4 (d_L = 1, norm(w) = 1), (A1), (A2) and these hold; else
    OUT."""
    net = Network(values["start"])
    layers, size, depth = net.layers, norm(net.wstar()), net.depth()
    if not (depth > 0 and len(net.head) == 1 and net.head[0] ** 2 == 1 and eigenvalues(net.sigma)[0] > 0):
        return OUT
    zero = net.r1([0] * len(net.cross))
    if net.r1(net.wprod()) > zero or not any(any(any(row) for row in g) for g in net.gradient()):
        return OUT
    epsilon = epsilon_of(layers)
    if "A3" in hypotheses and not (epsilon <= 1 and size >= 1 - 1e-12 and 32 * depth * math.sqrt(epsilon) <= 1):
        return OUT
    key = json.dumps(values["start"], sort_keys=True)
    if key not in FLOWS:
        try:
            FLOWS[key] = Flow(net)
        except Skip as skip:
            FLOWS[key] = skip
    if isinstance(FLOWS[key], Skip):
        raise FLOWS[key]
    return FLOWS[key]


def theorem_3(values):
    """mu (R - R_min) <= sum of the squared gradients for t >= 1, with the witness mu = 4 lambda p^2/(p^(2/L) + D),
    p = (R_0 - R(W(1)))/(2 Lambda norm(w*))."""
    run = flow(values, [])
    if run == OUT:
        return OUT
    net, spectrum = run.near, eigenvalues(run.near.sigma)
    one = next(w for t, w in run.points if t == 1.0).wprod()
    drop = 2 * dot(one, times(net.sigma, run.wstar)) - dot(one, times(net.sigma, one))
    p = drop / (2 * spectrum[-1] * norm(run.wstar))
    mu = 4 * spectrum[0] * p * p / (p ** (2 / net.depth()) + imbalance_of(run.net.layers))
    if mu <= 0:
        return False
    sides = [(sum(inner(g, g) for g in run.gradient(w)), mu * run.excess(w)) for t, w in run.points if t >= 1.0]
    return (*min(sides, key=lambda side: side[0] / side[1]), 0.02)


def spectral_range(size, depth):
    return (size / 2) ** (1 / depth), (2 * size) ** (1 / depth)


def corollary_1(values):
    """(norm(w*)/2)^(1/L) <= sigma_k(t) <= (2 norm(w*))^(1/L) for all t >= T: the worst side at the end, if there is a T
    >= 1 from which on both hold."""
    run = flow(values, ["A3"])
    if run == OUT:
        return OUT
    low, high = spectral_range(norm(run.wstar), run.net.depth())
    spectral = [math.sqrt(max(0.0, eigenvalues(matmul(w, transpose(w)))[-1])) for w in run.limit().layers]
    sides = [(high, s) for s in spectral] + [(s, low) for s in spectral]
    return (*min(sides, key=lambda side: (side[0] - side[1]) / side[0]), 1e-5)


def corollary_2(values):
    """W(t) converges, to a minimiser: what remains of the path after the excess risk is 1e-10 of its scale is short."""
    run = flow(values, ["A3"])
    if run == OUT:
        return OUT
    scale = dot(run.wstar, times(run.near.sigma, run.wstar))
    rest = [w for t, w in run.points if run.excess(w) <= 1e-10 * scale]
    steps = [[plus(a, b, -1) for a, b in zip(v.layers, w.layers)] for v, w in zip(rest, rest[1:])]
    path = sum(math.sqrt(sum(inner(d, d) for d in step)) for step in steps)
    error = [a - b for a, b in zip(run.wstar, run.limit().wprod())]
    return path <= 1e-2 * norm(run.wstar) ** (1 / run.net.depth()) and norm(error) <= 1e-5 * norm(run.wstar)


def corollary_3(which):
    """1 <= S(W^SI)/S_min <= 4 Lambda/lambda, S where the integration ends."""

    def sides(values):
        run = flow(values, ["A3"])
        if run == OUT:
            return OUT
        spectrum = eigenvalues(run.near.sigma)
        s, least = run.limit().sharpness_at_minimiser(), smin(run.net, spectrum[0])
        if which == "lower":
            return s, least, 1e-5
        constant = {"upper": 4, "sharp": 1 + 25 / 100000}[which]
        return constant * (spectrum[-1] / spectrum[0]) * least, s, 1e-5

    return sides
