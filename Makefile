# make demo: plan the Berlin sample.  make serve: the HTTP service with it.
# make test: everything that must be green.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
UV := UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy $(BIN)/uv
SYNC := $(UV) sync --quiet --frozen --inexact --python $(BIN)/python
DEMO_OUT ?= out/demo

SERVE_DATA ?= out/serve
FAULT_ROUNDS ?= 200
FAULT_SEED ?= 1

.PHONY: demo serve test test-faults format lock env clean

demo: env
	@$(SYNC)
	@$(BIN)/routeplanner plan data/samples/berlin/stores.csv --reps data/samples/berlin/reps.csv \
		--policy five-day --start 2026-03-02 --seconds 15 --out $(DEMO_OUT)

# The HTTP service with the Berlin sample; prints the admin's key at the first start.
serve: env
	@$(SYNC) --extra server
	@$(BIN)/routeplanner serve --data-dir $(SERVE_DATA) --time-zone Europe/Berlin \
		--stores data/samples/berlin/stores.csv --reps data/samples/berlin/reps.csv

test: env
	@$(SYNC) --extra dev --extra server
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash tests/run.sh

# Kills, freezes and restarts the service again and again; about half an hour.
test-faults: env
	@$(SYNC) --extra dev --extra server
	@$(BIN)/python -m tests.faults.rounds --rounds $(FAULT_ROUNDS) --seed $(FAULT_SEED)

format: env
	@$(SYNC) --extra dev
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: env
	@$(UV) lock

# A .venv of another Python is replaced, one without pip is completed.
env:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found." >&2; exit 1; }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	@$(BIN)/uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet 'uv>=0.8'

clean:
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
