"""Matrices in exact rationals or floats: lists of rows; columns are lists."""
import itertools, math
from operator import mul
from fractions import Fraction


def times(a, v):
    return [sum(map(mul, row, v)) for row in a]


def transpose(a):
    return [list(column) for column in zip(*a)]


def matmul(a, b):
    columns = transpose(b)
    return [[sum(map(mul, row, column)) for column in columns] for row in a]


def plus(a, b, c=1):
    return [[p + c * q for p, q in zip(r, s)] for r, s in zip(a, b)]


def dot(u, v):
    return sum(map(mul, u, v))


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
