"""Networks as Statements.v defines them."""
from .matrices import *

# Of the Hessian, whose eigenvalues are found by Jacobi's rotations.
MOST_WEIGHTS = 48


class Skip(Exception):
    """Not an instance of the statement, or too large here: which."""


def eigen_bound(a):
    return max(sum(abs(v) for v in row) for row in a)


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

    def gradient_along(self, direction):
        """The derivative of the gradient (5) along a direction."""
        v = self.wprod()
        back, back_d = [self.head], [[0.0] * len(self.head)]
        for layer, d in reversed(list(zip(self.layers, direction))):
            w, e = transpose(layer), transpose(d)
            back_d.insert(0, [p + q for p, q in zip(times(w, back_d[0]), times(e, back[0]))])
            back.insert(0, times(w, back[0]))
        front = [[-2 * (c - s) for c, s in zip(self.cross, times(self.sigma, v))]]
        front_d = [[2 * s for s in times(self.sigma, back_d[0])]]
        for layer, d in zip(self.layers, direction):
            front_d.append([p + q for p, q in zip(times(layer, front_d[-1]), times(d, front[-1]))])
            front.append(times(layer, front[-1]))
        return [plus(outer(back_d[k + 1], front[k]), outer(back[k + 1], front_d[k])) for k in range(self.depth())]

    def hessian(self):
        """The form of the second derivatives, as the matrix of the derivatives of the gradient along the axes; the
        places of its rows.  Along any direction it has to be the second derivative of the risk."""
        near = self.near()
        places = [(k, i, j) for k, layer in enumerate(self.layers) for i in range(len(layer))
                  for j in range(len(layer[0]))]
        if len(places) > MOST_WEIGHTS:
            raise Skip(f"more than {MOST_WEIGHTS} weights, for the whole Hessian")
        form = []
        for k, i, j in places:
            axis = [[[0.0] * len(layer[0]) for _ in layer] for layer in near.layers]
            axis[k][i][j] = 1.0
            change = near.gradient_along(axis)
            form.append([change[a][b][c] for a, b, c in places])
        trial = [[[math.cos(3 * k + 5 * i + 7 * j) for j in range(len(layer[0]))] for i in range(len(layer))]
                 for k, layer in enumerate(near.layers)]
        flat = [trial[k][i][j] for k, i, j in places]
        here, there = dot(flat, times(form, flat)), 2 * near.along(trial)[2]
        assert abs(here - there) <= 1e-9 * max(abs(there), norm(flat) ** 2 * eigen_bound(form)), (here, there)
        return form, places

    def sharpness(self):
        """The greatest second derivative of the risk over unit directions."""
        if self.cross == times(self.sigma, self.wprod()):
            return self.near().sharpness_at_minimiser()
        return eigenvalues(self.hessian()[0])[-1]

    def sharpness_at_minimiser(self):
        """There it is 2 |Sigma^(1/2) J D|^2 with J D = sum_k A_k^T D_k^T b_{k+1}, A_k = W_k .. W_1, b_k = W_{k+1}^T ..
        W_L^T w. For a network in floats next to a minimiser."""
        d, back = len(self.cross), [self.head]
        for layer in reversed(self.layers[1:]):
            back.insert(0, times(transpose(layer), back[0]))
        front, gram = [[float(i == j) for j in range(d)] for i in range(d)], [[0.0] * d for _ in range(d)]
        for layer, b in zip(self.layers, back):
            gram = plus(gram, matmul(transpose(front), front), dot(b, b))
            front = matmul(layer, front)
        root = cholesky(self.sigma)
        return 2 * eigenvalues(matmul(transpose(root), matmul(gram, root)))[-1]
