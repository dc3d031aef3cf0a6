# Every target does all of its own set-up: a machine with Python 3.11 and pip is enough.
# ARGS reaches the command behind a target: make certify ARGS='--qimen-url http://localhost:8080/qimen'

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/stamp

# Images often forbid Python to keep what it compiled: each pytest would compile itself anew, for a second.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: venv dist certify test browser test-browser screenshots coverage lint generate independence kills mutants
.PHONY: robustness lowest audit bench

venv: $(STAMP)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'pytest-qimen needs Python 3.11 or newer as $(PYTHON): name one with make PYTHON=/path/to/python'; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

dist: venv
	$(BIN)/python -m build --wheel

certify: venv
	$(BIN)/pytest --qimen --tb=short -p no:cacheprovider $(ARGS)

# Half of what tests do is wait, for an endpoint or a process of their own: four share two cores well.
test: venv
	$(BIN)/pytest tests -n 4 $(ARGS)

browser: venv
	@command -v chromium >/dev/null || [ "$$(id -u)" != 0 ] || \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; }
	@$(BIN)/python -c 'import playwright' 2>/dev/null || \
	  $(BIN)/pip install --quiet --disable-pip-version-check --editable '.[browser]'

test-browser: browser
	$(BIN)/pytest tests/browser $(ARGS)

screenshots: browser
	$(BIN)/python docs/screenshots.py

coverage: venv
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest tests -n 2 $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: venv
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict pytest_qimen benchmarks

generate: venv
	$(BIN)/qimen generate $(ARGS)

robustness: venv
	$(BIN)/python -m tests.robustness.matrix $(ARGS)

independence: venv
	$(BIN)/python -m tests.independence.matrix $(ARGS)

lowest:
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/pip install --quiet --disable-pip-version-check --constraint tests/lowest.txt .
	.venv-lowest/bin/pytest --qimen -q --tb=short -p no:cacheprovider $(ARGS)
	rm -rf .venv-lowest

audit: venv
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/pip freeze --exclude-editable | .venv-audit/bin/pip-audit --no-deps --requirement /dev/stdin
	rm -rf .venv-audit

kills: venv
	$(BIN)/python -m tests.kills.matrix $(ARGS)

mutants: venv
	$(BIN)/python -m tests.mutants.matrix $(ARGS)

bench: venv
	$(BIN)/python benchmarks/results.py $(ARGS)
