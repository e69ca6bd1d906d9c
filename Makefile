# The two commands of the README, and what CI adds. Everything lands in .venv; nothing else is needed but Python 3.11+.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo serve test lint docs pages bench clean

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "mockprovider needs Python 3.11 or newer; say which with: make PYTHON=python3.12 ..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group test --group lint --group docs
	@touch $@

demo: $(STAMP)  ## serve, record, replay, compare
	$(BIN)/python examples/demo.py

serve: $(STAMP)  ## deepseek-like, left running
	$(BIN)/mockprovider serve --profile deepseek-like

test: $(STAMP)
	$(BIN)/python -m pytest -n auto

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(STAMP)  ## the site, into dist/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

pages: $(STAMP)  ## what docs/ says of each profile, written anew
	$(BIN)/mockprovider profiles list --markdown > docs/quirks.md
	for name in $(basename $(notdir $(wildcard profiles/*.yaml))); do \
	  $(BIN)/mockprovider profiles show $$name --markdown > docs/profiles/$$name.md || exit 1; done

bench: $(STAMP)
	$(BIN)/python -m benchmarks.against_aimock
	$(BIN)/python -m benchmarks.added_delay
	$(BIN)/python -m benchmarks.lateness
	$(BIN)/python -m benchmarks.plugin

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
