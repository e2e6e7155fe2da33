#!/usr/bin/env python3
"""Plant wrong constants, exponents and indices in the statements that instances.py evaluates: each must be seen on the
first 30 instances of a claim.

usage: wrong.py BINARY   (the flatcert program; exit code 1 if one is not seen)
"""
import functools, math, pathlib, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import instances
from evaluation import chance, flows, statements

# What is planted, where, what is put there, and the form that has to disagree.
PLANTED = [
    ("2 - 1/L for 2 - 2/L in Theorem 1", "theorem-1/printed", instances.FORMS, "theorem-1/printed",
     lambda _: statements.sharpness_over(lambda net, lam: by_root(statements.smin(net, lam), net.wstar(), net))),
    ("1/L for 2/L in Theorem 2", "theorem-2-depth/corrected", instances.FORMS, "theorem-2-depth/corrected",
     lambda _: statements.sharpness_over(lambda net, lam: by_root(statements.smin(net, lam), net.head, net))),
    ("2 - 1/L for 2 - 2/L for several outputs", "multivariate-sharpness/sharpened", statements, "several_bound",
     lambda old: lambda depth, lam, size: old(depth, lam, size) * size ** (1 / depth)),
    ("norm_F for norm_2 for several outputs", "multivariate-sharpness/sharpened", statements, "several_size",
     lambda _: statements.frobenius),
    ("2 - 1/L for 2 - 2/L in S_min", "corollary-3/printed-lower", flows, "smin",
     lambda old: lambda net, lam: by_root(old(net, lam), net.wstar(), net)),
    ("2 L for L in S_min", "corollary-3/printed-upper", flows, "smin", lambda old: lambda net, lam: 2 * old(net, lam)),
    ("10^6 epsilon in (A3)", "corollary-1/printed", flows, "epsilon_of", lambda old: lambda layers: 1e6 * old(layers)),
    ("1/(L + 1) for 1/L in Corollary 1", "corollary-1/printed", flows, "spectral_range",
     lambda old: lambda size, depth: old(size, depth + 1)),
    ("21 s^2 + 6 s in Lemma 3", "lemma-3-in-scope/norm", chance, "least_u", lambda old: lambda s: 21 * s**2 + 6 * s),
    ("2 for 4 in Lemma 3", "lemma-3-in-scope/norm", chance, "norm_bound",
     lambda old: lambda s, u: old(s, u) - math.log(2)),
    ("1/2 for 1/4 in Lemma 3", "lemma-3-in-scope/sigma-min", chance, "sigma_min_bound",
     lambda old: lambda s, u, width: old(s, u, width) + math.log(2)),
    ("31 for 32 in Lemma 3", "lemma-3-in-scope/norm-probability", chance, "failure",
     lambda old: lambda s, u, width: math.log(8) - width * u**2 / (31 * s**2)),
    ("2^-35 in C_3", "theorem-4-in-scope/limit", chance, "constants", lambda old: changed(old, 1, math.log(2))),
    ("2^-37 in C_3", "theorem-4-in-scope/limit", chance, "constants", lambda old: changed(old, 1, -math.log(2))),
    ("1/32 in C_5", "theorem-5-in-scope/limit", chance, "constants", lambda old: changed(old, 2, math.log(2))),
    ("2^13 in C", "corollary-4-upper/deterministic", chance, "constants", lambda old: changed(old, 3, math.log(2))),
    ("a square in Lemma 6", "lemma-6/covariances", chance, "dot", lambda old: lambda u, v: 2 * old(u, v)),
]


def by_root(bound, v, net):
    """Times norm(v)^(1/L)."""
    return bound * statements.norm(v) ** (1 / net.depth())


def changed(constants, at, by):
    def other(s):
        found = list(constants(s))
        found[at] += by
        return tuple(found)

    return other


def main():
    missed = 0
    for what, form, place, name, change in PLANTED:
        within = place if isinstance(place, dict) else vars(place)
        right = within[name]
        put = place.__setitem__ if isinstance(place, dict) else functools.partial(setattr, place)
        put(name, change(right))
        flows.FLOWS.clear()
        try:
            result, wrong = instances.evaluate(form, 30, sys.argv[1], "quick", first=True)
        finally:
            put(name, right)
        seen = wrong or not result["the same"]
        print(f"{'seen' if seen else 'MISSED'}: {what} ({form}: {(wrong or ['no instance left'])[0]})")
        missed += not seen
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
