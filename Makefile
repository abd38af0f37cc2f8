PYTHON ?= $(if $(wildcard .venv/bin/python),.venv/bin/python,python3)

.PHONY: audit bench bench-page bench-report check differential docs format fuzz lock lowest mutants oracle setup slow test

# All that must hold before a change is accepted.
check:
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(PYTHON) -m tools.generate --check
	$(PYTHON) -m pytest -n 2

format:
	$(PYTHON) -m ruff check --fix
	$(PYTHON) -m ruff format

test:
	$(PYTHON) -m pytest

# The part of the tests that meets what the package depends on, where the lowest versions of that are installed:
# `pip install -c tests/lowest.txt -e '.[dev]'`.
LOWEST = actions cli configuration configuration_toml configured_runs explain formats intrinsics own_rules report_concise \
	report_json report_laws report_text rule_files rules snippets supply terminal yaml_reader
lowest:
	$(PYTHON) -m pytest -n 2 $(LOWEST:%=tests/test_%.py)

# The tests that install the package as users do, from a package index.
slow:
	$(PYTHON) -m pytest -m slow

# Writes anew what is derived from rules and code.
docs:
	$(PYTHON) -m tools.generate

# Compares IAM decisions with those of another program, a script beside its package (docs/oracle.md).
ORACLE ?= ../shared/oracle/oracle.mjs
COUNT ?= 20000
SEED ?= 1
oracle:
	$(PYTHON) -m tools.oracle --oracle $(ORACLE) --count $(COUNT) --seed $(SEED)

# Compares what functions of templates give with what cfn-lint makes of them, where it is installed
# (docs/differential.md).
TEMPLATES ?= 1000
CORPUS ?= $(wildcard ../shared/corpus)
differential:
	$(PYTHON) -m tools.differential --count $(TEMPLATES) --seed $(SEED) $(CORPUS:%=--folder %)

# Puts faults into policy/ and the retention arithmetic, and tells which no test notices (docs/mutants.md).
MINUTES ?= 15
mutants:
	$(PYTHON) -m tools.mutants --minutes $(MINUTES) --seed $(SEED)

# Changes valid inputs at random and holds every run to its laws; then bytes, guided by coverage, where atheris is
# installed (docs/reliability.md).
SECONDS ?= 600
fuzz:
	$(PYTHON) -m tools.fuzz --seconds $(SECONDS)
	if $(PYTHON) -c 'import atheris' 2>/dev/null; then $(PYTHON) -m tools.fuzz_coverage --seconds $(SECONDS); fi

# Measures what a run costs beside the floors and other linters, and writes docs/performance.md; a quarter of an hour.
BENCH ?=
bench:
	$(PYTHON) -m bench $(BENCH)

# Writes that page anew from what was measured last.
bench-page:
	$(PYTHON) -m bench --render

# Prints within seconds how far from the floors a run is. A report: nothing fails by it.
bench-report:
	$(PYTHON) -m bench --ratio-only

# Makes .venv with the project and all that its checks need, in the versions of requirements-dev.txt. Wants Python 3.11
# or later as python3.
setup:
	python3 -m venv .venv
	.venv/bin/python -m pip install --require-hashes -r requirements-dev.txt
	.venv/bin/python -m pip install --no-deps -e .

# Runs a program of a package that is no part of the project, in an environment of its own.
apart = folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(PYTHON) -m venv "$$folder" \
	&& "$$folder/bin/python" -m pip install --quiet $(1) && "$$folder/bin/$(1)"

# Writes requirements-dev.txt anew: the newest versions that pyproject.toml allows, for every Python and system.
lock:
	$(call apart,uv) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --extra dev \
		--custom-compile-command 'make lock' --output-file requirements-dev.txt pyproject.toml

# Asks whether faults are known of what requirements-dev.txt pins. What cannot be looked up fails, too.
audit:
	$(call apart,pip-audit) --strict --disable-pip --require-hashes --requirement requirements-dev.txt
