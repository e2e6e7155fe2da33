#!/usr/bin/env python3
"""Compile the proofs, compare every theorem with its statement, and write audit.json.

usage: prove.py [--root DIR] [--accept] [--no-check] [-j N]

A statement is a definition of Statements.v after the line "(** * Statements *)"; its theorem has its name:
`Theorem x : Statements.x.` in some file of _CoqProject.  Anything wrong is printed on a line of its own, and the
exit code is then 1; it is 2 when Coq is missing.  --accept writes the golden copy of the definitions,
--no-check leaves out coqchk (a faster run while editing: no audit is written).
"""
import argparse, concurrent.futures, json, pathlib, re, subprocess, sys, tempfile, time

COQ = "8.16"
ARGUMENTS = ["-Q . Flatcert", "-arg -w", "-arg -all"]
FORBIDDEN = {
    r"\b(Admitted|admit|give_up)\b": "a proof that is not finished",
    r"^\s*(?:(?:Local|Global|Polymorphic|#\[[^\]]*\])\s+)*(Axioms?|Parameters?|Conjectures?)\b": "an axiom",
    r"\b(Unset\s+(?:Guard|Positivity|Universe)\s+Checking|bypass_check|Typing Flags)\b": "a check of the kernel is switched off",
    r"\b(type-in-type|Declare\s+ML\s+Module|Reset|Add\s+(?:Rec\s+)?LoadPath)\b": "a command that a proof does not need",
}
problems = []


def problem(text):
    problems.append(text)
    print(f"prove: {text}", file=sys.stderr)


def without_comments(source):
    """The source with its (nested) comments blanked, lines kept."""
    out, depth, i = [], 0, 0
    while i < len(source):
        if source.startswith("(*", i):
            depth, i = depth + 1, i + 2
        elif source.startswith("*)", i) and depth:
            depth, i = depth - 1, i + 2
        else:
            out.append(source[i] if depth == 0 or source[i] == "\n" else " ")
            i += 1
    return "".join(out)


def fnv(data):
    """FNV-1a, 64 bits: ties audit.json to the sources; tests/formal.rs computes the same without Coq."""
    h = 0xCBF29CE484222325
    for byte in data:
        h = (h ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{h:016x}"


def run(command, cwd):
    return subprocess.run(command, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def read_project(root):
    """The files of _CoqProject, which must be those of the disk, compiled with the usual arguments only."""
    lines = [line for line in (root / "_CoqProject").read_text().splitlines() if line]
    files = [line for line in lines if line.endswith(".v")]
    if [line for line in lines if not line.endswith(".v")] != ARGUMENTS:
        problem(f"_CoqProject: its arguments are not {ARGUMENTS}")
    disk = {str(path.relative_to(root)) for path in root.rglob("*.v")}
    for name in sorted(set(files) - disk):
        problem(f"{name}: it is in _CoqProject and not on the disk")
    for name in sorted(disk - set(files)):
        problem(f"{name}: it is on the disk and not in _CoqProject")
    return [name for name in files if name in disk]


def scan(root, files):
    """Forbidden commands; section variables out of a section; the theorems, by the statement they prove."""
    theorems, sources = {}, {}
    for name in files:
        text = (root / name).read_text()
        sources[name] = fnv(text.encode())
        code = without_comments(text)
        for pattern, what in FORBIDDEN.items():
            for hit in re.finditer(pattern, code, re.M):
                problem(f"{name}:{code.count(chr(10), 0, hit.start(1)) + 1}: {what}: {hit.group(1).strip()}")
        depth = 0
        for hit in re.finditer(r"^\s*(Section|End|Variables?|Hypothes[ie]s|Context)\b\s*(\w*)", code, re.M):
            word, line = hit.group(1), code.count("\n", 0, hit.start(1)) + 1
            depth += {"Section": 1, "End": -1}.get(word, 0)
            if depth <= 0 and word not in ("Section", "End"):
                problem(f"{name}:{line}: {word} outside of a section is an axiom")
        for hit in re.finditer(r"^(?:Theorem|Corollary|Lemma)\s+(\w+)\s*:\s*Statements\.(\w+)\.", code, re.M):
            line = code.count("\n", 0, hit.start()) + 1
            if hit.group(1) != hit.group(2):
                problem(f"{name}:{line}: {hit.group(1)} proves the statement {hit.group(2)}: the names must agree")
            elif hit.group(2) in theorems:
                problem(f"{name}:{line}: {hit.group(2)} is proved twice")
            else:
                theorems[hit.group(2)] = (name, line)
    return theorems, sources


def definitions(root):
    """The definitions of Statements.v: all, and those of the second part."""
    head, _, tail = (root / "Statements.v").read_text().partition("(** * Statements *)")
    names = lambda text: re.findall(r"^(?:Definition|Fixpoint)\s+(\w+)", without_comments(text), re.M)
    return names(head) + names(tail), names(tail)


def coqc(root, text):
    """Compile a file on top of the project; what its Redirect commands wrote, by name."""
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / "audit.v"
        path.write_text(text)
        done = run(["coqc", "-q", "-w", "-all", "-Q", str(root), "Flatcert", str(path)], scratch)
        return done, {p.name[:-4]: p.read_text() for p in path.parent.glob("*.out")}


def module(name):
    return "Flatcert." + name[:-2].replace("/", ".")


def assumptions(name, text, allowed):
    """The axioms that Print Assumptions lists; anything else it says is a problem."""
    if text.startswith("Closed under the global context"):
        return []
    lines = text.splitlines()
    if lines[:1] != ["Axioms:"]:
        problem(f"{name}: unexpected assumptions: {text.strip()[:200]}")
    axioms = []
    for line in lines[1:]:
        hit = re.match(r"([\w.']+)\s*(:|$)", line)
        if hit:
            axioms.append(hit.group(1))
        elif line and not line.startswith(" "):
            problem(f"{name}: unexpected assumption: {line}")
    for axiom in axioms:
        if axiom not in allowed:
            problem(f"{name}: the axiom {axiom} is not in axioms.json")
    return sorted(axioms)


def audit(root, theorems, every, stated, accept, workers):
    """Theorem against statement, definitions against the golden copy, assumptions."""
    allowed = json.loads((root / "axioms.json").read_text())
    head = ["From Flatcert Require Statements.", "Set Printing Width 100."]
    texts = [head + [f'Redirect "d.{n}" Print Flatcert.Statements.{n}.' for n in every]]
    for start in range(workers):
        part = list(theorems.items())[start::workers]
        text = head + sorted({f"Require {module(path)}." for _, (path, _) in part})
        for name, (path, _) in part:
            full = f"{module(path)}.{name}"
            text += [f"Check ({full} : Flatcert.Statements.{name}).", f'Redirect "a.{name}" Print Assumptions {full}.']
        texts.append(text)
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(lambda text: coqc(root, "\n".join(text) + "\n"), texts))
    for done, _ in results:
        if done.returncode:
            problem("a theorem is not of the type of its statement: " + done.stdout.strip()[-600:])
            return []
    printed = {key: value for _, outputs in results for key, value in outputs.items()}
    golden, path = "".join(printed[f"d.{n}"] + "\n" for n in every), root / "golden.txt"
    if accept:
        path.write_text(golden)
    elif not path.exists() or path.read_text() != golden:
        problem("the definitions of Statements.v are not those of golden.txt (read the difference, then prove.py --accept)")
    unproved = [n for n in stated if n not in theorems and f"{n}_false" not in theorems]
    fails = [f"Fail Check (Flatcert.Statements.{n} : Prop)." for n in unproved]
    done, _ = coqc(root, "\n".join(["From Flatcert Require Statements."] + fails) + "\n")
    if done.returncode:
        line = re.search(r"line (\d+)", done.stdout)
        problem(f"stated and not proved: {unproved[int(line.group(1)) - 2] if line else done.stdout}")
    for name in sorted(set(theorems) - set(stated)):
        problem(f"{name}: proved and not stated")
    return [
        {"theorem": name, "file": f, "line": line, "statement": printed[f"d.{name}"].strip(),
         "assumptions": assumptions(name, printed[f"a.{name}"], allowed)}
        for name, (f, line) in sorted(theorems.items())
    ]


def steps(root, files):
    """The scalar steps of the proofs, by claim: what Coq prints of each theorem, and the axioms of all together."""
    path = root / "scalar_steps.json"
    if not path.exists():
        return None
    listed = json.loads(path.read_text())
    modules = {pathlib.PurePath(f).stem: module(f) for f in files}
    full = {}
    for name in sorted({name for forms in listed.values() for name in forms.values()}):
        file, _, theorem = name.partition(".")
        if file in modules:
            full[name] = f"{modules[file]}.{theorem}"
        else:
            problem(f"scalar_steps.json: no file {file}.v")
    text = ["From Coq Require Import Reals.", "Open Scope R_scope.", "Set Printing Width 100."]
    text += sorted({f"Require {name.rpartition('.')[0]}." for name in full.values()})
    text += [f'Redirect "s.{name}" Check @{path}.' for name, path in full.items()]
    tower = "I"
    for i, path in enumerate(full.values()):
        text.append(f"Definition tower_{i} := ({tower}, @{path}).")
        tower = f"tower_{i}"
    text.append(f'Redirect "axioms" Print Assumptions {tower}.')
    done, printed = coqc(root, "\n".join(text) + "\n")
    if done.returncode:
        problem("scalar_steps.json: " + done.stdout.strip()[-400:])
        return None
    allowed = json.loads((root / "axioms.json").read_text())
    return {
        "assumptions": assumptions("scalar_steps.json", printed["axioms"], allowed),
        "steps": {claim: {form: printed[f"s.{name}"].strip() for form, name in forms.items()} for claim, forms in listed.items()},
    }


def kernel(root, files):
    """coqchk re-checks every compiled file (the libraries are Debian's) and names what they rest on."""
    done = run(["coqchk", "-silent", "-o", "-Q", ".", "Flatcert"] + [x for f in files for x in ("-norec", module(f))], root)
    if done.returncode:
        problem("coqchk: " + done.stdout.strip()[-600:])
    for what in ("type-in-type", "unsafe (co)fixpoints", "positivity"):
        hit = re.search(rf"\* [^\n]*{re.escape(what)}[^\n]*?:\s*(<none>|[^\n]*)", done.stdout)
        if not hit or hit.group(1) != "<none>":
            problem(f"coqchk: {hit.group(0) if hit else what + ' is not reported'}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent)
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--no-check", action="store_true")
    parser.add_argument("-j", default="2")
    options = parser.parse_args()
    root, start = options.root.resolve(), time.time()
    try:
        version = run(["coqc", "--print-version"], root).stdout.split()[0]
    except FileNotFoundError:
        print("prove: coqc is missing; on Debian: make prove installs it, elsewhere: opam install coq.8.16.1 "
              "coq-mathcomp-algebra.1.15.0 coq-mathcomp-algebra-tactics coq-mathcomp-analysis.0.6.0 coq-coquelicot.3.2.0",
              file=sys.stderr)
        return 2
    if not version.startswith(COQ):
        print(f"prove: checked with Coq {COQ}, this is {version}", file=sys.stderr)
    files = read_project(root)
    theorems, sources = scan(root, files)
    every, stated = definitions(root)
    theorem_list, scalar = [], None
    if not problems:
        done = run(["coq_makefile", "-f", "_CoqProject", "-o", "Makefile.coq"], root)
        done = done if done.returncode else run(["make", "-f", "Makefile.coq", "-j", options.j, "--no-print-directory"], root)
        if done.returncode:
            problem("it does not compile: " + done.stdout.strip()[-1500:])
        else:
            theorem_list = audit(root, theorems, every, stated, options.accept, int(options.j))
            scalar = steps(root, files)
            if not problems and not options.no_check:
                kernel(root, files)
    if problems:
        return 1
    for entry in theorem_list:
        print(f"{entry['file']}:{entry['line']}\n{entry['statement']}\n  assumes: {', '.join(entry['assumptions']) or 'nothing'}\n")
    if not options.no_check:
        written = {"coq": version, "sources": sources, "theorems": theorem_list, "scalar": scalar}
        text = json.dumps(written, indent=1, ensure_ascii=False)
        report = root / "audit.json"
        # An equal file keeps its time: the program embeds it, and would be compiled again.
        if not report.is_file() or report.read_text() != text + "\n":
            report.write_text(text + "\n")
    print(f"prove: {len(theorem_list)} theorems, {len(files)} files, {time.time() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
