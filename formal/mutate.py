#!/usr/bin/env python3
"""Mutate the statements: the proof of each must fail on its mutants.

usage: mutate.py [--only NAME ..] [--count N] [--write]      (after make prove)

A mutant of a statement replaces one hypothesis by True, raises or lowers one number by 1, or turns one strict bound of an index into a
weak one; in the statement itself, or in a definition that only the statements use (theorem_2, residual_explicit, ...); of a
negation, the numbers of what it denies.  Short statements have mutants of BY_HAND besides.  All mutants are definitions of one file; then, for each file with theorems, one session of coqtop tries the proof of each on the
statement as it is (which must pass) and on its mutants.  A mutant that survives is a hypothesis that the proof
does not need, or a statement weaker than it looks: mutants.json lists the known ones with the reason, and any other is an error
(exit code 1).  --write renews the scores of mutants.json and keeps its reasons.
"""
import argparse, concurrent.futures, json, pathlib, re, subprocess, sys, tempfile

import prove

ROOT = pathlib.Path(__file__).resolve().parent
TIMEOUT = 45  # seconds for one sentence of a proof: what does not end is no proof
# for short statements: (what, a part of the statement, what stands there in the mutant)
BY_HAND = {
    "flow_exists": [
        ("the flow stands still", "W 0 = W0", "(forall t, W t = W0)"),
        ("every curve is a flow", "exists W : R -> layers d, W 0 = W0 /\\", "forall W : R -> layers d, W 0 = W0 ->"),
        ("uphill", "gradient_flow X y w W", "flow_of L (fun V => (- risk X y w V)%R) W"),
        ("at its end at once", "gradient_flow X y w W", "(gradient_flow X y w W /\\ minimizes X y w (W 1))"),
    ],
    "equation_6": [
        ("3/n in the first formula", "(- (2%:R / n%:R)", "(- (3%:R / n%:R)"),
        ("the other sign of the error", "(ws - v)", "(v - ws)"),
        ("3/n in the gradient", "(inner (- (2%:R / n%:R)", "(inner (- (3%:R / n%:R)"),
        ("uphill", "(inner (- (2%:R / n%:R)", "(inner ((2%:R / n%:R)"),
    ],
    "lemma_8_identity": [
        ("without 1/n", "n%:R^-1 * sqnorm", "sqnorm"),
        ("the error of zero", "(ws - wprod w W)", "ws"),
        ("the risk at zero", "R1 X y ws +", "R1 X y 0%R +"),
        ("without X", "sqnorm (X *m (ws - wprod w W))", "sqnorm (ws - wprod w W)"),
    ],
    "theorem_2_depth_printed_false": [
        ("half the bound", "Smin L lambda ws", "Smin L lambda ws / 2"),
        ("with the head", "Smin L lambda ws", "Rpower (norm w) (2 / INR L) * Smin L lambda ws"),
        ("the bound 0", "Smin L lambda ws", "0"),
    ],
}


def split(text, separator):
    """Split at the top level of parentheses."""
    parts, depth, start = [], 0, 0
    for i, letter in enumerate(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if depth == 0 and text.startswith(separator, i):
            parts.append(text[start:i])
            start = i + len(separator)
    return parts + [text[start:]]


def replace(text, hit, new):
    return text[: hit.start()] + new + text[hit.end():]


def mutants(body):
    """(what, mutated body), the kinds in turn."""
    kinds = [[], [], []]
    parts = split(body, "->")
    for i, part in enumerate(parts[:-1]):
        # what stands before the last comma outside of parentheses binds variables
        cut = len(part) - len(split(part, ",")[-1])
        if part[cut:].strip():
            kinds[0].append((f"without {part[cut:].strip()}", "->".join(parts[:i] + [part[:cut] + " True "] + parts[i + 1:])))
    for hit in reversed(list(re.finditer(r"(?<![\w.^:'])(\d+)(?![\w.%'])", body))):
        number, around = int(hit.group(1)), f"{hit.group(1)} in ...{body[max(0, hit.start() - 20):hit.end() + 20]}..."
        kinds[1].append((f"raised: {around}", replace(body, hit, str(number + 1))))
        if number > 1:
            kinds[1].append((f"lowered: {around}", replace(body, hit, str(number - 1))))
    for hit in re.finditer(r"(?<=\()(\S+) < (\w+)(?=\)%N)", body):
        kinds[2].append((f"weak {hit.group(0)} at {hit.start()}", replace(body, hit, f"{hit.group(1)} <= {hit.group(2)}")))
    out = []
    while any(kinds):
        out += [kind.pop(0) for kind in kinds if kind]
    return [(" ".join(what.split()), mutated) for what, mutated in out]


def definitions(code):
    """The definitions of the second part of Statements.v: name -> (binders and type, body)."""
    found = re.finditer(r"^Definition (\w+)(.*?):=(.*?)\.\s*$(?=\s*(?:^Definition|^Fixpoint|^Section|^End|\Z))", code, re.M | re.S)
    return {hit.group(1): (hit.group(2), hit.group(3)) for hit in found}


def copy(helper, mutated, body, defined):
    """Copies of the definitions by which the body uses the helper, with another text for it; the body with the copies."""
    copied, texts = {helper}, []
    for name, (head, text) in defined.items():
        if name == helper:
            text = mutated
        elif any(re.search(rf"\b{used}\b", text) for used in copied):
            copied.add(name)
        else:
            continue
        texts.append((name, head, text))
    rename = lambda text: re.sub(rf"\b({'|'.join(copied)})\b", r"\1_copy", text)
    needed, out = {name for name in copied if re.search(rf"\b{name}\b", body)}, []
    for name, head, text in reversed(texts):
        if name in needed:
            needed |= {other for other in copied if re.search(rf"\b{other}\b", text)}
            out.insert(0, f"Definition {name}_copy{head}:={text if name == helper else rename(text)}.\n")
    return "".join(out), rename(body)


def helpers(body, defined, theorems):
    """The definitions that a statement uses, and those that these use, but other statements."""
    found, texts = [], [body]
    while texts:
        text = texts.pop()
        for name, (_, inner) in defined.items():
            if name not in theorems and name not in found and re.search(rf"\b{name}\b", text):
                found.append(name)
                texts.append(inner)
    return found


def variants(name, defined, theorems, count):
    """The statement, copies of the definitions it uses, and mutants of both: (what, the text of its definitions)."""
    body, negation = defined[name][1], name.endswith("_false")
    own = [("as it is", "", body)] + [(what, "", mutated) for what, mutated in mutants(body)[:2 * count]]
    for what, old, new in BY_HAND.get(name, []):
        assert old in body, f"{name}: {old}"
        own.append((what, "", body.replace(old, new, 1)))
    # a negation whose own text has mutants enough needs none of what it denies
    used = [] if negation and len(own) > count else helpers(body, defined, theorems)
    for helper in used:
        head, text = defined[helper]
        if not (head.strip() or negation) or not (negation or re.search(rf"\b{helper}\b", body)):
            continue
        # to drop a hypothesis of what is denied is to weaken the negation
        changed = [case for case in mutants(text) if not (negation and case[0].startswith("without"))]
        for what, mutated in [(f"a copy of {helper}", text)] + changed[:count]:
            own.append((what if mutated == text else f"{helper}: {what}", *copy(helper, mutated, body, defined)))
    return own


def coqtop(text, scratch):
    command = ["coqtop", "-q", "-w", "-all", "-Q", str(ROOT), "Flatcert", "-Q", str(scratch), ""]
    return subprocess.run(command, input=text, cwd=scratch, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout


def printed(name, out):
    """Did Check print the type of `name`?"""
    return re.search(rf"(?:^|< ){re.escape(name)}\s*:", out, re.M)


def statements(cases, code, scratch):
    """Write Mutants.v with the cases that are statements; (theorem, number) of those."""
    header = code[: code.index("Local Open Scope ring_scope.")] + (
        "Local Open Scope ring_scope.\nLocal Open Scope R_scope.\nNotation RR := R_rcfType.\nFrom Flatcert Require Import Statements.\n")
    blocks = {(name, i): f"Module {name}_{i}.\n{before}Definition mutant := {body}.\nCheck (mutant : Prop).\nEnd {name}_{i}.\n"
              for name, list_ in cases.items() for i, (_, before, body) in enumerate(list_)}
    out = coqtop(header + "".join(f"{text}Check {name}_{i}.mutant.\n" for (name, i), text in blocks.items()), scratch)
    valid = {key for key in blocks if printed(f"{key[0]}_{key[1]}.mutant", out)}
    # a rejected definition leaves an empty module, which must not stand here
    (scratch / "Mutants.v").write_text(header + "".join(text for key, text in blocks.items() if key in valid))
    done = prove.run(["coqc", "-q", "-w", "-all", "-Q", str(ROOT), "Flatcert", "-Q", ".", "", "Mutants.v"], scratch)
    if done.returncode:
        sys.exit(f"mutate: {done.stdout.strip()[-400:]}")
    return valid


def survivors(file, numbers, scratch):
    """The pairs (theorem, number) of one file for which the proof goes through, and the output of coqtop."""
    source = prove.without_comments((ROOT / file).read_text())
    text, last = "", 0
    for hit in re.finditer(r"^Theorem (\w+) : Statements\.\1\.(.*?Qed\.)", source, re.M | re.S):
        name, proof = hit.groups()
        text += source[last:hit.start()] + ("Require Mutants.\n" if not last else "") + f"Set Default Timeout {TIMEOUT}.\n"
        for i in numbers.get(name, []):
            text += f"Theorem {name}_{i} : Mutants.{name}_{i}.mutant.{proof}\nAbort All.\nCheck {name}_{i}.\n"
        text, last = text + "Unset Default Timeout.\n", hit.start()
    out = coqtop(text, scratch)
    return {(name, i) for name in numbers for i in numbers[name] if printed(f"{name}_{i}", out)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    theorems, _ = prove.scan(ROOT, prove.read_project(ROOT))
    code = prove.without_comments((ROOT / "Statements.v").read_text())
    defined = definitions(code.partition("Definition theorem_1 ")[1] + code.partition("Definition theorem_1 ")[2])
    known_path = ROOT / "mutants.json"
    known = json.loads(known_path.read_text()) if known_path.exists() else {}
    unknown, killed, total = [], 0, 0
    names = [name for name in sorted(theorems) if not options.only or name in options.only]
    cases = {name: variants(name, defined, theorems, options.count) for name in names}
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(2) as pool:
        scratch = pathlib.Path(scratch)
        valid, files = statements(cases, code, scratch), {}
        for name in names:
            numbers = [i for i in range(len(cases[name])) if (name, i) in valid]
            files.setdefault(theorems[name][0], {})[name] = numbers
        sessions = {pool.submit(survivors, file, numbers, scratch): numbers for file, numbers in files.items()}
        for session in concurrent.futures.as_completed(sessions):
            passed = session.result()
            for name, numbers in sessions[session].items():
                if (name, 0) not in passed:
                    print(f"mutate: the proof of {name} does not go through on the statement itself", file=sys.stderr)
                    unknown.append(name)
                    continue
                survived = {cases[name][i][0] for i in numbers if (name, i) in passed}
                # mutants of a definition count where the proof accepts its copy
                counted = [cases[name][i][0] for i in numbers[1:] if not cases[name][i][0].startswith("a copy of ") and (
                    not cases[name][i][1] or f"a copy of {cases[name][i][0].partition(':')[0]}" in survived)]
                reasons = known.get(name, {}).get("survivors", {})
                living = {what: reasons.get(what, "") for what in counted if what in survived}
                unknown += [f"{name}: {what}" for what, reason in living.items() if not reason]
                killed, total = killed + len(counted) - len(living), total + len(counted)
                known[name] = {"mutants": len(counted), "killed": len(counted) - len(living), "survivors": living}
                print(f"{name}: {len(counted) - len(living)} of {len(counted)} killed", *living, sep="\n  survives: ", flush=True)
            if options.write:
                known_path.write_text(json.dumps({n: known[n] for n in known if n in theorems}, indent=1, sort_keys=True) + "\n")
    print(f"{killed} of {total} mutants killed")
    for line in unknown:
        print(f"mutate: an unexplained survivor: {line}", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
