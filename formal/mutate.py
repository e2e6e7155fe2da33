#!/usr/bin/env python3
"""Mutate the statements: the proof of each must fail on its mutants.

usage: mutate.py [--only NAME] [--count N] [--write]      (after make prove; about six seconds for a mutant)

A mutant of a statement replaces one hypothesis by True, raises one number by 1, or turns one strict bound of an index into a
weak one.  The theorem's file is compiled against the mutated statement alone.  A mutant that survives is a hypothesis that
the proof does not need, or a statement weaker than it looks: mutants.json lists the known ones with the reason, and any other is an
error (exit code 1).  --write renews the scores of mutants.json and keeps its reasons.
"""
import argparse, json, pathlib, re, subprocess, sys, tempfile

import prove

ROOT = pathlib.Path(__file__).resolve().parent


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
    if len(parts) > 1:
        binders = re.match(r"(\s*forall .*?,)(?=[^,]*$)", parts[0], re.S)
        head = binders.group(1) if binders and parts[0].lstrip().startswith("forall") else ""
        for i, part in enumerate(parts[:-1]):
            new = (head + " True " if i == 0 else " True ")
            kinds[0].append((f"without {part[len(head) if i == 0 else 0:].strip()}", "->".join(parts[:i] + [new] + parts[i + 1:])))
    for hit in reversed(list(re.finditer(r"(?<![\w.^:'])(\d+)(?![\w.%'])", body))):
        kinds[1].append((f"{hit.group(1)} raised in ...{body[max(0, hit.start() - 20):hit.end() + 20]}...", replace(body, hit, str(int(hit.group(1)) + 1))))
    for hit in re.finditer(r"(?<=\()(\S+) < (\w+)(?=\)%N)", body):
        kinds[2].append((f"weak {hit.group(0)}", replace(body, hit, f"{hit.group(1)} <= {hit.group(2)}")))
    out = []
    while any(kinds):
        for kind in kinds:
            if kind:
                out.append(kind.pop(0))
    return out


def compiles(scratch, name, file, body, source):
    """Does the proof of `name` go through with the statement `body`?"""
    code = prove.without_comments((ROOT / "Statements.v").read_text())
    header = code[: code.index("Local Open Scope ring_scope.")] + "Local Open Scope ring_scope.\nLocal Open Scope R_scope.\nNotation RR := R_rcfType.\n"
    (scratch / "Mutant.v").write_text(f"{header}From Flatcert Require Import Statements.\nDefinition mutant := {body}.\n")
    theorem = f"Theorem {name} : Statements.{name}."
    changed = source.replace(theorem, f"Theorem {name} : Mutant.mutant.", 1)
    (scratch / "Changed.v").write_text("Require Mutant.\n" + changed)
    for path in ("Mutant.v", "Changed.v"):
        done = prove.run(["coqc", "-q", "-w", "-all", "-Q", str(ROOT), "Flatcert", "-Q", ".", "", path], scratch)
        if done.returncode:
            return f"{path}: {done.stdout.strip().splitlines()[-1][:80] if done.stdout.strip() else ''}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only")
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    theorems, _ = prove.scan(ROOT, prove.read_project(ROOT))
    code = prove.without_comments((ROOT / "Statements.v").read_text())
    known_path = ROOT / "mutants.json"
    known = json.loads(known_path.read_text()) if known_path.exists() else {}
    unknown, killed, total = [], 0, 0
    for name, (file, _) in sorted(theorems.items()):
        if options.only and name != options.only:
            continue
        body = re.search(rf"^Definition {name} := (.*?)\.\s*$(?=\s*(?:^Definition|^Section|^End|\Z))", code, re.M | re.S).group(1)
        reasons, survivors, tried = known.get(name, {}).get("survivors", {}), {}, 0
        with tempfile.TemporaryDirectory() as scratch:
            source = (ROOT / file).read_text()
            for what, mutated in mutants(body):
                if tried == options.count:
                    break
                failure = compiles(pathlib.Path(scratch), name, file, mutated, source)
                if failure and failure.startswith("Mutant.v"):
                    continue  # it is not a statement
                tried += 1
                if failure is None:
                    survivors[what] = reasons.get(what, "")
                    if what not in reasons:
                        unknown.append(f"{name}: {what}")
        killed, total = killed + tried - len(survivors), total + tried
        known[name] = {"mutants": tried, "killed": tried - len(survivors), "survivors": survivors}
        print(f"{name}: {tried - len(survivors)} of {tried} killed", *survivors, sep="\n  survives: ")
    print(f"{killed} of {total} mutants killed")
    if options.write:
        known_path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    for line in unknown:
        print(f"mutate: an unexplained survivor: {line}", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
