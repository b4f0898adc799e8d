# make run, make test: nothing else has to be installed by hand but Python 3.11 or newer.

VENV := .venv
BIN := $(VENV)/bin
# The newest Python there is; PYTHON=… names another.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
UV_VERSION := 0.13.8
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header --no-config --no-annotate
SOURCES := $(shell find bot -name '*.py')

.DEFAULT_GOAL := help
.PHONY: help run test bench chaos lock image clean

help:  ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 8

run: $(VENV)/.ready  ## start the bot: on Discord with a token, else here in the terminal
	@exec $(BIN)/exomars run

test: $(VENV)/.ready-to-test  ## lint, types and all tests
	@$(BIN)/ruff format --check --quiet . || { echo "make test: run .venv/bin/ruff format ." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/exomars check
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: $(VENV)/.ready-to-test  ## measure: JSON in bench/results/, and a table
	@$(BIN)/python -m bench

chaos: $(VENV)/.ready-to-test  ## kill the bot again and again on Discord, then on Slack, and count; half an hour
	@$(BIN)/python -m bench.chaos

lock: $(VENV)/.ready  ## pin the newest versions that pyproject.toml allows
	@$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	$(LOCK) --upgrade -o requirements.txt
	$(LOCK) --upgrade --extra dev -o requirements-dev.txt

image: ## build the Docker image and try it
	@tests/image.sh

clean:  ## remove what make has made, but not the state of the bot
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

# All progress goes to standard error: what `make run` prints is the bot's.
$(VENV)/bin/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "make: no Python 3.11 or newer is installed; install one, or say PYTHON=/path/to/python" >&2; exit 1; fi
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "make: $(PYTHON) cannot make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the bot needs into $(VENV), once." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e . >&2
	@touch $@

# Compiled ahead, so that each start is as quick as the second, also where Python may not write.
$(VENV)/.ready: $(VENV)/.installed $(SOURCES)
	@$(BIN)/python -m compileall -q bot >&2
	@touch $@

$(VENV)/.ready-to-test: requirements-dev.txt $(VENV)/.ready
	@echo "Installing what the tests need into $(VENV)." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt >&2
	@touch $@
