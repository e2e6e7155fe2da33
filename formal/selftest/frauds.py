#!/usr/bin/env python3
"""Plant one fraud at a time in a small project and see that prove.py rejects it, for the right reason."""
import pathlib, subprocess, sys, tempfile

PROVE = pathlib.Path(__file__).resolve().parent.parent / "prove.py"
sys.path.insert(0, str(PROVE.parent))
import prove as prover
PROJECT = "-Q . Flatcert\n-arg -w\n-arg -all\n\nStatements.v\nproof/Proof.v\n"
STATEMENTS = """(* a definition and two statements *)
Definition even (n : nat) : Prop := exists k, n = k + k.
(** * Statements *)
Definition double_even : Prop := forall n : nat, even (n + n).
Definition one_odd : Prop := ~ even 1.
"""
PROOF = """(* a proof *)
From Flatcert Require Statements.
Theorem double_even : Statements.double_even.
Proof. intro n. exists n. reflexivity. Qed.
Section Odd.
Variable k : nat.
Lemma not_one : k + k <> 1.
Proof. destruct k as [|j]; simpl; [discriminate|]. rewrite <- plus_n_Sm. discriminate. Qed.
End Odd.
Theorem one_odd : Statements.one_odd.
Proof. intros [k e]. exact (not_one k (eq_sym e)). Qed.
"""
FALSE = "Theorem one_odd : Statements.one_odd.\nProof. intros [k e]. exact (not_one k (eq_sym e)). Qed.\n"
# name: (file, old text, new text, what prove.py has to say)
FRAUDS = {
    "an unfinished proof": ("proof/Proof.v", "exists n. reflexivity. Qed.", "Admitted.", "not finished"),
    "an axiom": ("proof/Proof.v", FALSE, "Axiom cheat : Statements.one_odd.\nTheorem one_odd : Statements.one_odd.\n"
                 "Proof. exact cheat. Qed.\n", "an axiom: Axiom"),
    "an axiom outside of the list, from a library": (
        "proof/Proof.v", FALSE, "From Coq Require Import Eqdep.\nTheorem one_odd : Statements.one_odd.\n"
        "Proof. intros [k e]. pose (Eqdep.Eq_rect_eq.eq_rect_eq nat 0 (fun _ => nat) 0 eq_refl) as h. clearbody h. "
        "exact (match h with eq_refl => not_one k (eq_sym e) end). Qed.\n", "not in axioms.json"),
    "a statement changed to True": ("Statements.v", "forall n : nat, even (n + n)", "True", "does not compile"),
    "a weaker statement with the same proof": (
        "Statements.v", "forall n : nat, even (n + n)", "forall n : nat, exists k : nat, k = k", "golden.txt"),
    "a definition changed": ("Statements.v", "n = k + k", "n = k + k /\\ k = k", "does not compile"),
    "a definition changed, the proof still right": ("Statements.v", "exists k, n = k + k", "exists j, n = j + j", "golden.txt"),
    "the guard switched off": ("proof/Proof.v", FALSE, "Unset Guard Checking.\nFixpoint loop (n : nat) : Statements.one_odd := loop n.\n"
                               "Theorem one_odd : Statements.one_odd.\nProof. exact (loop 0). Qed.\n", "switched off"),
    "the universes switched off": ("proof/Proof.v", "Section Odd.", "Unset Universe Checking.\nSection Odd.", "switched off"),
    "positivity switched off": ("proof/Proof.v", FALSE, "#[bypass_check(positivity)] Inductive bad := Bad (f : bad -> Statements.one_odd).\n"
                                "Definition self (x : bad) : Statements.one_odd := match x with Bad f => f x end.\n"
                                "Theorem one_odd : Statements.one_odd.\nProof. exact (self (Bad self)). Qed.\n", "switched off"),
    "a hypothesis that leaks from a section": (
        "proof/Proof.v", FALSE, "Section Leak.\nHypothesis cheat : False.\nTheorem one_odd : Statements.one_odd.\n"
        "Proof. destruct cheat. Qed.\nEnd Leak.\n", "type of its statement"),
    "a variable outside of a section": ("proof/Proof.v", FALSE, "Variable cheat : Statements.one_odd.\nTheorem one_odd : Statements.one_odd.\n"
                                        "Proof. exact cheat. Qed.\n", "outside of a section"),
    "a statement without its theorem": ("proof/Proof.v", FALSE, "", "stated and not proved"),
    "another statement under the same name": (
        "proof/Proof.v", "Theorem double_even", "Module Statements. Definition double_even := True. Definition one_odd := ~ Flatcert.Statements.even 1. "
        "End Statements.\nTheorem double_even", "does not compile|type of its statement"),
    "a file that is not in the project": ("extra/Extra.v", "", "Definition extra := 0.\n", "not in _CoqProject"),
    "a missing file": ("_CoqProject", "proof/Proof.v", "proof/Proof.v\nproof/Missing.v", "not on the disk"),
    "another argument for the compiler": ("_CoqProject", "-arg -all", "-arg -type-in-type", "arguments"),
    "a wrong proof": ("proof/Proof.v", "exists n. reflexivity", "exists 0. reflexivity", "does not compile"),
}


def build(root):
    (root / "proof").mkdir()
    for name, text in {"_CoqProject": PROJECT, "Statements.v": STATEMENTS, "proof/Proof.v": PROOF, "axioms.json": "{}"}.items():
        (root / name).write_text(text)


def prove(root, *options):
    return subprocess.run([sys.executable, PROVE, "--root", root, *options], text=True, capture_output=True)


def seen_by_the_kernel(fraud, says):
    """Does coqchk report a fraud in the compiled files that the scan of the sources did not see?"""
    file, old, new, _ = FRAUDS[fraud]
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        build(root)
        (root / file).write_text((root / file).read_text().replace(old, new, 1))
        for source in ["Statements.v", "proof/Proof.v"]:
            subprocess.run(["coqc", "-q", "-w", "-all", "-Q", ".", "Flatcert", source], cwd=root, check=True)
        prover.problems.clear()
        prover.kernel(root, ["Statements.v", "proof/Proof.v"])
        return any(says in problem for problem in prover.problems)


def main():
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        honest = pathlib.Path(scratch) / "honest"
        honest.mkdir()
        build(honest)
        done = prove(honest, "--accept")
        if done.returncode or not (honest / "audit.json").exists():
            print(f"the honest project is refused: {done.stderr}{done.stdout}")
            return 1
        golden = (honest / "golden.txt").read_text()
    for fraud, (file, old, new, expected) in FRAUDS.items():
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            build(root)
            (root / "golden.txt").write_text(golden)
            path = root / file
            path.parent.mkdir(exist_ok=True)
            text = path.read_text() if path.exists() else ""
            assert old in text, fraud
            path.write_text(text.replace(old, new, 1) if old else new)
            done = prove(root, "--no-check")
            caught = done.returncode == 1 and any(words in done.stderr for words in expected.split("|"))
            print(f"{'rejected' if caught else 'NOT REJECTED'}: {fraud}")
            if not caught:
                wrong += 1
                print(done.stderr, file=sys.stderr)
    kernel = {"the guard switched off": "unsafe (co)fixpoints", "positivity switched off": "positivity"}
    for fraud, says in kernel.items():
        caught = seen_by_the_kernel(fraud, says)
        print(f"{'rejected' if caught else 'NOT REJECTED'}: {fraud}, by coqchk")
        wrong += not caught
    print(f"{len(FRAUDS) + len(kernel) - wrong} of {len(FRAUDS) + len(kernel)} frauds rejected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
