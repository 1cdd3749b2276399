# The commands of the README. Each makes .venv itself when it is missing or when the pins changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Tests start the command line many times: compiled once, not each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test thorough integration lint format golden bench clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt pip hatchling
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[demo,message,seal]' --group dev
	@touch $@

demo: $(STAMP) ## the gate against an embedded account, on loopback
	@$(BIN)/sesgate demo

test: $(STAMP) ## the whole test suite
	@$(BIN)/python -m pytest

thorough: $(STAMP) ## what holds for every input, with twenty times as many of them
	@$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=thorough --timeout=900

integration: $(STAMP) .ministack/.installed ## reads against moto and ministack, which nobody here wrote
	@$(BIN)/python -m pytest tests/integration

.ministack/.installed: tests/integration/ministack.txt
	$(PYTHON) -m venv .ministack
	.ministack/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

lint: $(STAMP) ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pyright

format: $(STAMP) ## rewrite the code in the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

golden: $(STAMP) ## record the ready account, draw the picture, rewrite golden reports and drafts
	@$(BIN)/python -m tests.regenerate
	@$(BIN)/python -m tests.gate_reference
	@$(BIN)/python -m tests.controls_page
	@UPDATE_GOLDEN=1 $(BIN)/python -m pytest tests/report/test_golden.py tests/drafting/test_golden.py

bench: $(STAMP) ## what is measured, and how: bench/README.md
	@$(BIN)/python -m bench

clean:
	rm -rf $(VENV) .ministack dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
