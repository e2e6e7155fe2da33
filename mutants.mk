# Plants every mutant of tests/mutants/*.json in a copy outside the tree and requires that the tests notice each of them.
# MUTANTS=text,text restricts the run to the ids or files that contain one of the texts.
.PHONY: mutants
mutants:
	cargo test --release --test mutants -- --plant
