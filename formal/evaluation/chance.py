"""Statements of Section 5, and Lemmas 3 and 6.  They bound probabilities over draws that the claims make themselves:
what is evaluated here are the hypotheses and the constants as functions of s, and the deterministic part."""
import random

from .statements import *


def least_u(s):
    return 22 * s**2 + 6 * s


def in_domain(width, depth, s, u):
    """The hypotheses of lemma_3_explicit."""
    return s > 0 and depth > 0 and width >= 4 and least_u(s) <= u and u**2 <= Fraction(43, 100) ** 2 * depth


def ball(s, u):
    """ln of the radius of the ball of theta, exp(-2 s^2 - 4 u)/64."""
    return -2 * s**2 - 4 * u - math.log(64)


def norm_bound(s, u):
    """ln of 4 exp(s^2/2 + u)"""
    return math.log(4) + s**2 / 2 + u


def sigma_min_bound(s, u, width):
    """ln of exp(-2 s^2/d - u)/4"""
    return -2 * s**2 / width - u - math.log(4)


def failure(s, u, width):
    """ln of 8 exp(-d u^2/(32 s^2))"""
    return math.log(8) - width * u**2 / (32 * s**2)


def lemma_3(which):
    """Both bounds at a draw made here (the claim's is not among its values), for theta = 0 and for three theta on the
    sphere; the bound in the claim, which its margin and that of its control (without 4 and u) give, against the bound
    here."""

    def sides(values, margin, control):
        s, u, width, depth = Fraction(values["s"]), Fraction(values["u"]), values["width"], values["depth"]
        if not in_domain(width, depth, s, u):
            return OUT
        s, u, draw = float(s), float(u), random.Random(values["trial"])
        noise = [[[draw.gauss(0, 1) for _ in range(width)] for _ in range(width)] for _ in range(depth)]
        scale, radius = s / math.sqrt(depth * width), math.exp(ball(s, u))
        most, least = norm_bound(s, u), sigma_min_bound(s, u, width)
        for trial in range(4):
            product = [[float(i == j) for j in range(width)] for i in range(width)]
            for n in noise:
                x = [draw.gauss(0, 1) for _ in range(width)]
                theta = 0.0 if trial == 0 else radius / depth / dot(x, x)
                layer = [[(i == j) + scale * n[i][j] + theta * x[i] * x[j] for j in range(width)] for i in range(width)]
                product = matmul(layer, product)
                extreme = singular_values(product)
                if extreme[-1] > math.exp(most) or extreme[0] < math.exp(least):
                    return False
        beyond = most - s**2 / 2 if which == "norm" else -2 * s**2 / width - least
        return log_between(beyond, share(control), share(margin))

    return sides


def share(margin):
    """lesser/greater, from (greater - lesser)/max(greater, lesser)"""
    if margin["hi"] < 0:
        return 1 / (1 + margin["hi"]), 1 / (1 + margin["lo"])
    return 1 - margin["hi"], 1 - margin["lo"]


def log_between(value, a, b):
    """Is exp(value) in the quotient of two intervals?"""
    return math.log(a[0] / b[1]) - 1e-9 <= value <= math.log(a[1] / b[0]) + 1e-9


def lemma_3_probability(values, margin, _):
    """8 exp(-d u^2/(32 s^2)) against the upper end of the claim's interval, 1 - (1e-6/2)^(1/trials) where no trial
    fails."""
    s, u, width, depth = Fraction(values["s"]), Fraction(values["u"]), values["width"], values["depth"]
    if not in_domain(width, depth, s, u):
        return OUT
    bound = math.exp(failure(float(s), float(u), width))
    most = -math.expm1(math.log(5e-7) / values["trials"])
    return bool(abs(1 - most / bound - margin["lo"]) <= 1e-3)


def lemma_6(values):
    """Laplace transforms by independence of the entries, E exp(c N_ij) = exp(c^2/2): ln E exp(<a, N h>/norm(h)) is
    sum_ij (a_i h_j)^2/(2 norm(h)^2) and has to be norm(a)^2/2, ln E exp(b h^T N h/norm(h)^2) has to be b^2/2."""
    h = exact(values)
    size, d = dot(h, h), len(h)
    if size == 0:
        return OUT
    columns = [[Fraction(int(i == k)) for i in range(d)] for k in range(d)] + [[Fraction(1 + i) for i in range(d)], h]
    first = all(sum((p * q) ** 2 for p in a for q in h) / size == dot(a, a) for a in columns)
    second = sum((p * q) ** 2 for p in h for q in h) / size**2 == 1
    # E exp(c Y) for one square: the integral of exp(c x^2 - x^2/2)/sqrt(2 pi) is (1 - 2 c)^(-1/2); Y_1 has d of them
    step, laplace = 1 / 256, []
    for c in (-2.0, -0.5, 0.25):
        mass = sum(math.exp((c - 0.5) * (k * step) ** 2) for k in range(-6000, 6001)) * step / math.sqrt(2 * math.pi)
        laplace.append(abs(mass**d * (1 - 2 * c) ** (d / 2) - 1) <= 1e-9)
    return first and second and all(laplace)


def constants(s):
    """Of theorem_4_explicit, theorem_5_explicit and corollary_4_explicit: C_1, ln C_3, ln C_5, ln C."""
    u = float(least_u(s))
    s = float(s)
    return ((u / 0.43) ** 2, -10 * s**2 - 20 * u - 36 * math.log(2), ball(s, u), 12 * math.log(2) + 3 * s**2 + 6 * u)


def in_scope(constant):
    """The hypotheses of Theorems 4 and 5 and Corollary 4 at a start whose risk is said by norm(E(0)), lambda = 1/kappa,
    Lambda = 1: the claim takes it within half a percent of the greatest that C_3 allows.  C_5 or C by two margins of
    the claim."""

    def sides(values, margin, other):
        s, width, depth = Fraction(values["s"]), values["width"], values["depth"]
        c_1, c_3, c_5, c = constants(s)
        if width < 4 or depth < c_1:
            return OUT
        length = math.log(values["mantissa"]) - values["exponent"] * math.log(10)
        most = c_3 / 2 + math.log(float(Fraction(values["head"]))) - math.log(values["condition"])
        # lambda norm(E)^2 <= R(0) - R_min <= norm(E)^2 and the hypothesis is R(0) - R_min <= C_3 lambda^2 norm(w)^2
        if length - math.log(values["condition"]) / 2 > most:
            return OUT
        if not math.log(0.995) <= length - most <= 0:
            raise Skip("the risk is not close to the greatest allowed: nothing is seen of C_3")
        a, b = share(margin), share(other)
        if a[0] <= 1e-12:
            raise Skip(f"the margin is 1 to double precision: it says nothing of {constant}")
        if constant == "C_5":
            # norm_F(theta_k)/C_5 over norm_F(theta_k)/(4 sqrt(C_3))
            return log_between(math.log(4) + c_3 / 2 - c_5, a, b)
        # S/(C norm(w*)^(2/L) kappa S_min) times S_min/S; norm(w*)/norm(w) is between Lemma 3's bounds
        u, root = float(least_u(s)), 2 / depth
        head = root * math.log(float(Fraction(values["head"])))
        found = math.log(a[0] * b[0]) + c + math.log(values["condition"]) + head
        return bool(-root * norm_bound(float(s), u) <= found <= -root * sigma_min_bound(float(s), u, width))

    return sides


def extremes(layers):
    """M and m of Section 5: norms and least singular values of W_k .. W_1 and W_L .. W_k, and of the empty product."""
    found, d = [1.0], len(layers[0])
    for chain in (layers, [transpose(w) for w in reversed(layers)]):
        product = [[float(i == j) for j in range(d)] for i in range(d)]
        for layer in chain:
            product = matmul(floats(layer), product)
            values = singular_values(product)
            found += [values[0], values[-1]]
    return max(found), min(found)


def corollary_4_upper(values):
    """S <= C norm(w*)^(2/L) Lambda/lambda S_min at a start that is a minimiser, C = M^4/m^2 with the M and m of its
    products; that this is at most corollary_4_explicit's C where M and m are Lemma 3's bounds."""
    for s in (0.01, 0.1, 0.5, 1.0, 3.0):
        u = least_u(s)
        room = constants(s)[3] - 4 * norm_bound(s, u) + 2 * sigma_min_bound(s, u, 4)
        if not -1e-9 * u <= room <= 1e-9 * u:
            return False
    net = Network(values)
    if not any(net.head):
        return OUT
    spectrum, (big, small) = eigenvalues(net.sigma), extremes(net.layers)
    least = smin(net, spectrum[0])
    bound = big**4 / small**2 * norm(net.wstar()) ** (2 / net.depth()) * spectrum[-1] / spectrum[0] * least
    return bound, net.sharpness(), 1e-9
