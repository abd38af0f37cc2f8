PYTHON ?= $(if $(wildcard .venv/bin/python),.venv/bin/python,python3)

.PHONY: check docs format fuzz mutants oracle setup slow test

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

# Makes .venv with the project and all that its checks need. Wants Python 3.11 or later as python3.
setup:
	python3 -m venv .venv
	.venv/bin/python -m pip install -e '.[dev]'
