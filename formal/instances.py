#!/usr/bin/env python3
"""Evaluate the formal statements on the instances of the numerical claims: both must say the same.

usage: instances.py BINARY [--count N] [--profile P] [--only CLAIM/FORM ..] [--write]   (BINARY: the flatcert program)

For each form below, `flatcert replay 'CLAIM/FORM#0..' --json` gives its instances in exact values, with the verdict and
the margin (greater - lesser)/max(|greater|, |lesser|) of each.  The two sides of the statement of Statements.v are
computed here again (evaluation/), from its definitions and with no code of flatcert: products of layers, the risk along
W + t D, its second derivatives, their greatest value over unit directions, eigenvalues of Sigma, operator norms, the
flow.  A disagreement is an error (exit code 1), also about the hypotheses: what is out of scope here must be so there.
A form with fewer instances than N in a quick run is evaluated on those of a standard run, unless it is slow.  --write
renews instances.json: of each form how many are the same, how many were read, why the others were not compared, and
whether the claim has more.
"""
import argparse, collections, json, pathlib, subprocess, sys

from evaluation import chance, flows
from evaluation.statements import *

ROOT = pathlib.Path(__file__).resolve().parent

# A flow, or a whole Hessian, takes seconds here: on the instances of a quick run only.
SLOW = ["variational", "theorem-3", "corollary-1", "corollary-2", "corollary-3"]

# The part of a result that is evaluated, where it is not the whole.  A result whose claim has no form below is
# evaluated on the forms named first.
FLOW = "at the points of a trajectory from each start, not at all times; hypotheses and constants as in the statement"
PARTS = {
    "theorem-3": ([], FLOW + "; mu is the witness of the claim's sharpest form"),
    "corollary-1": ([], FLOW),
    "corollary-2": ([], FLOW + "; convergence as a short rest of the path"),
    "corollary-3": ([], FLOW + "; W^SI is where the integration ends"),
    "lemma-2-rank-one": ([], "at t = 0, where a flow starts from any weights"),
    "lemma-2-balance": ([], "at t = 0, where a flow starts from any weights"),
    "lemma-2-alignment": ([], "at t = 0, where a flow starts from any weights"),
    "lemma-1": ([], "its derivative in t, by (5)"),
    "variational": ([], "at the axes of the Hessian, for one small xi"),
    "lemma-4-minus": ([], "at 2,250 points of the domain, which the claim treats as a whole; the least constant"),
    "lemma-4-plus": ([], "at 2,050 points of the domain, which the claim treats as a whole; the least constant"),
    "lemma-5": ([], "at the claim's points; C is 1"),
    "lemma-6": ([], "the Laplace transforms at some arguments, by independence of the entries"),
    "lemma-3-norm": (["lemma-3-in-scope/norm", "lemma-3-in-scope/norm-probability"],
                     "lemma_3_explicit: hypotheses, both bounds at four theta for a draw made here, the number "
                     "8 exp(-d u^2/(32 s^2)); not the probability itself"),
    "lemma-3-sigma-min": (["lemma-3-in-scope/sigma-min", "lemma-3-in-scope/sigma-min-probability"],
                          "as lemma-3-norm"),
    "theorem-4": (["theorem-4-in-scope/limit"], "theorem_4_explicit: hypotheses with C_1, C_2, C_3, and C_5; the "
                  "draws and the flow are the claim's"),
    "theorem-5-flow": (["theorem-5-in-scope/limit"], "theorem_5_explicit: as theorem-4"),
    "corollary-4-upper": (["corollary-4-in-scope/upper"], "corollary_4_explicit: the sharpness at minimisers with the "
                          "products' M and m, of which C is made; hypotheses with C_1, C_2, C_3, and C"),
    "corollary-4-lower": ([], "at starts that are minimisers"),
}

FORMS = {
    "theorem-1/printed": sharpness_over(smin),
    "theorem-2-norms/printed": sharpness_over(lambda net, lam: bound_norms(net, lam, False)),
    "theorem-2-norms/corrected": sharpness_over(lambda net, lam: bound_norms(net, lam, True)),
    "theorem-2-depth/printed": sharpness_over(smin),
    "theorem-2-depth/corrected": sharpness_over(smin_head),
    "rescaling/printed": rescaling(False),
    "rescaling/corrected": rescaling(True),
    "corollary-4-lower/printed": sharpness_over(smin),
    "corollary-4-lower/corrected": sharpness_over(smin_head),
    "corollary-4-upper/deterministic": chance.corollary_4_upper,
    "multivariate-sharpness/sharpened": several,
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
    "lemma-4-minus/printed": lemma_4_minus,
    "lemma-4-plus/printed": lemma_4_plus,
    "lemma-5/printed": lemma_5,
    "lemma-6/covariances": chance.lemma_6,
    "lemma-7/printed": lemma_7,
    "lemma-7/corrected": lemma_7,
    "lemma-8/printed": lemma_8_identity,
    "lemma-8/lower": lemma_8("lower"),
    "lemma-8/upper": lemma_8("upper"),
    "lemma-9/printed": lemma_9("norm"),
    "lemma-9/printed-sigma": lemma_9("sigma"),
    "theorem-3/sharpened-constant": flows.theorem_3,
    "corollary-1/printed": flows.corollary_1,
    "corollary-2/printed": flows.corollary_2,
    "corollary-3/printed-lower": flows.corollary_3("lower"),
    "corollary-3/printed-upper": flows.corollary_3("upper"),
    "corollary-3/best-constant": flows.corollary_3("sharp"),
}

# Of these the claim's numbers are compared by its margin and that of another form with the same instances.
BESIDE = {
    "lemma-3-in-scope/norm": (chance.lemma_3("norm"), "lemma-3-in-scope/norm-without-u"),
    "lemma-3-in-scope/sigma-min": (chance.lemma_3("sigma"), "lemma-3-in-scope/sigma-min-without-u"),
    "lemma-3-in-scope/norm-probability": (chance.lemma_3_probability, None),
    "lemma-3-in-scope/sigma-min-probability": (chance.lemma_3_probability, None),
    "theorem-4-in-scope/limit": (chance.in_scope("C_5"), "theorem-4-in-scope/observed-order"),
    "theorem-5-in-scope/limit": (chance.in_scope("C_5"), "theorem-5-in-scope/observed-order"),
    "corollary-4-in-scope/upper": (chance.in_scope("C"), "corollary-4-in-scope/printed-lower"),
}


def replayed(form, binary, profile):
    """The instances of a form, one by one; the program stops when nobody reads on."""
    command = [binary, "replay", f"{form}#0..", "--profile", profile, "--json"]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE) as program:
        try:
            for line in program.stdout:
                yield json.loads(line)["instance"]
        finally:
            program.stdout.close()


def compare(form, instance, beside):
    """What is wrong, or nothing.  Skip: nothing to compare; OUT: out of scope here and there."""
    verdict, theirs = instance["verdict"], instance["margin"]
    name = instance["id"]
    if verdict == "OutOfScope" and form not in BESIDE and "start" not in instance["values"]:
        raise Skip(f"out of scope there: {instance['reason']}")
    if verdict == "Undecided":
        raise Skip("not decided there")
    if form in BESIDE:
        # out of scope there: no margin, and it has to be so here
        none = {"lo": 0.0, "hi": 0.0}
        mine = BESIDE[form][0](instance["values"], theirs or none, (beside and beside["margin"]) or none)
    else:
        mine = FORMS[form](instance["values"])
    if mine == OUT:
        return OUT if verdict == "OutOfScope" else f"{name}: out of scope here, {verdict} there"
    if verdict == "OutOfScope" and form in BESIDE:
        return f"{name}: in scope here, out of scope there: {instance['reason']}"
    if verdict == "OutOfScope":
        raise Skip(f"out of scope there: {instance['reason']}")
    if isinstance(mine, bool):
        return "" if mine == (verdict == "Holds") else f"{name}: {mine} here, {verdict} there"
    greater, lesser, slack = mine if len(mine) == 3 else (*mine, 1e-9)
    if theirs is None:
        raise Skip("no margin there")
    size = max(abs(greater), abs(lesser))
    margin = (greater - lesser) / size if size else 0.0
    if "sigma" in json.dumps(instance["values"]):
        values = instance["values"]
        spectrum = eigenvalues(exact(values.get("minimiser", values.get("start", values))["sigma"]))
        kappa = spectrum[-1] / spectrum[0]
        if not 0 < kappa < 1e8:
            raise Skip("Lambda/lambda is above 1e8: floats do not resolve lambda")
        slack += 1e-14 * kappa
    if theirs["lo"] - slack <= margin <= theirs["hi"] + slack:
        return ""
    return f"{name}: margin {margin} here, [{theirs['lo']}, {theirs['hi']}] there"


def evaluate(form, count, binary, profile, first=False):
    """How many of the first instances agree, until there are so many, or, if asked, one is wrong; and what is wrong."""
    wrong, same, out, read, more, left = [], 0, 0, 0, False, collections.Counter()
    other = BESIDE.get(form, (None, None))[1]
    instances = replayed(form, binary, profile)
    beside = replayed(other, binary, profile) if other else None
    for instance in instances:
        if same == count or (first and wrong):
            more = True
            break
        read += 1
        try:
            found = compare(form, instance, next(beside) if beside else None)
        except Skip as why:
            left[str(why)] += 1
            continue
        if found == OUT:
            out += 1
        elif found:
            wrong.append(found)
        else:
            same += 1
    instances.close()
    if beside:
        beside.close()
    result = {"the same": same, "of": read, "more": more, "profile": profile}
    if out:
        result["out of scope here and there"] = out
    if left:
        result["not compared"] = dict(left)
    return result, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--profile")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    path, failed = ROOT / "instances.json", False
    written = json.loads(path.read_text()) if path.exists() else {}
    written = {"evaluated": written.get("evaluated", {})}
    written["parts"] = {claim: {"forms": forms, "what": what} for claim, (forms, what) in PARTS.items()}
    for form in options.only or [*FORMS, *BESIDE]:
        result, wrong = evaluate(form, options.count, options.binary, options.profile or "quick")
        fast = form.split("/")[0] not in SLOW
        if result["the same"] < options.count and not options.profile and not wrong and fast:
            result, wrong = evaluate(form, options.count, options.binary, "standard")
        for what in wrong:
            print(f"instances: {what}", file=sys.stderr)
        same, of = result["the same"], result["of"]
        print(f"{form}: {same} of {of} instances evaluated here and there, the same", flush=True)
        if not result["the same"]:
            print(f"instances: {form}: none was evaluated", file=sys.stderr)
        failed |= bool(wrong) or not result["the same"]
        written["evaluated"][form] = result
        if options.write:
            path.write_text(json.dumps(written, indent=1, sort_keys=True) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
