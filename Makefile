# Two commands: `make report`, then read reports/README.md; `make test`, every claim as a test.

.PHONY: report book book-test test gmp-test bench prove prove-mutants wheel nightly-profile tools help
.DEFAULT_GOAL := help

# $(call apt-install,packages): root installs, others through sudo, which may ask for a password on a terminal only. It waits for
# another installation to end, asks for newer lists where it fails, and leaves it to the caller to say what is missing.
define apt-install
as_root=""; if [ "$$(id -u)" != 0 ]; then if [ -t 0 ]; then as_root="sudo"; else as_root="sudo -n"; fi; fi; \
if command -v apt-get >/dev/null 2>&1 && { [ -z "$$as_root" ] || command -v sudo >/dev/null 2>&1; }; then \
	echo "flatcert: installing $(filter-out --%,$(1))" >&2; \
	apt="$$as_root apt-get -qq -o DPkg::Lock::Timeout=600"; \
	for again in 1 2 3; do $$apt install -y $(1) >/dev/null 2>&1 && break; $$apt update >/dev/null 2>&1 || sleep 5; done; \
fi
endef

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-16s %s\n", $$1, $$2}'

report: tools ## Check every claim and write reports/ (quick profile)
	cargo run --release --locked --quiet --bin flatcert -- report --out reports

book: tools ## The report as a book: static HTML in target/book
	cargo run --release --locked --quiet --bin flatcert -- book reports --out target/book

book-test: book book-tools ## The book in headless Chromium (installs what is missing by apt and pip)
	target/book-test/bin/python tests/book.py target/book

.PHONY: book-tools chromium
book-tools: chromium
	python3 -m venv target/book-test
	target/book-test/bin/pip install --quiet --disable-pip-version-check 'playwright>=1.50,<2' 'axe-playwright-python>=0.1.4,<0.2'

chromium:
	@command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || { \
		$(call apt-install,--no-install-recommends chromium); \
		command -v chromium >/dev/null 2>&1; \
	} || { echo "flatcert: chromium is missing and could not be installed; on Debian, as root: apt-get install chromium" >&2; exit 2; }

test: tools gmp-test ## The theorem checker and all other tests
	cargo test --release --locked

gmp-test: tools ## The own tests of GMP and MPFR, once; the program is built from the same sources without running them
	cargo build --release --locked --no-default-features -p gmp-mpfr-sys

bench: tools ## Benchmarks
	cargo bench --locked

prove: coq ## Compile and audit the proofs in Coq (installs Coq where apt can)
	python3 formal/prove.py -j 2
	python3 formal/selftest/frauds.py

prove-mutants: coq ## Mutate the statements in Coq: the proofs must fail (after make prove; long)
	python3 formal/mutate.py

wheel: tools ## Build the Python wheel into target/python and test it
	python3 -m venv target/python
	target/python/bin/pip install --quiet --disable-pip-version-check './python[test]'
	target/python/bin/python -m pytest -q --pyargs flatcert python/tests

nightly-profile: tools ## The longest profile, written to target/nightly
	cargo run --release --locked --quiet --bin flatcert -- report --profile nightly --out target/nightly

# Kernel mutants that the tests must kill.
-include mutants.mk

# What a bare machine lacks. Cargo builds GMP and MPFR from source: that takes a C compiler and m4, once; the result is cached.
GMP_CACHE := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/gmp-mpfr-sys

tools:
	@command -v cargo >/dev/null 2>&1 || { echo "flatcert: cargo is missing; install Rust 1.89 or later (https://rustup.rs)" >&2; exit 2; }
	@command -v cc >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || \
		{ echo "flatcert: no C compiler (cc); install one, on Debian: apt-get install gcc libc6-dev make" >&2; exit 2; }
	@command -v m4 >/dev/null 2>&1 || $(MAKE) --no-print-directory --silent m4

# Where m4 cannot be had, a GMP built earlier will do.
.PHONY: m4
m4:
	@$(call apt-install,m4); \
	command -v m4 >/dev/null 2>&1 || [ -d "$(GMP_CACHE)" ] || \
		{ echo "flatcert: m4 is missing and could not be installed; on Debian, as root: apt-get install m4" >&2; exit 2; }

# Coq 8.16.1, mathcomp 1.15, mathcomp-analysis 0.6 and Coquelicot 3.2, as Debian 12 packages them; prove.py says what to do elsewhere.
COQ_PACKAGES := coq libcoq-mathcomp-algebra libcoq-mathcomp-algebra-tactics libcoq-mathcomp-analysis libcoq-coquelicot

.PHONY: coq
coq:
	@command -v coqc >/dev/null 2>&1 && [ -d "$$(coqc -where)/user-contrib/Coquelicot" ] && [ -d "$$(coqc -where)/user-contrib/mathcomp/analysis" ] || { $(call apt-install,$(COQ_PACKAGES)); }
