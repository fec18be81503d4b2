# Two commands prepare everything: make demo, make test. They need Python 3.11 or newer, and make.
# make demo prints an agenda and then serves the record at http://localhost:8000/ until Ctrl-C; SERVE=no only prints,
# PORT=8001 serves at another port.  Once everything is installed, neither needs a network.
PYTHON ?= python3
PORT ?= 8000
SERVE ?= yes
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.dev
BENCH := $(VENV)/.bench
UV = $(BIN)/python -m uv

.PHONY: demo test bench docs lint clean

demo: $(READY)
	@$(BIN)/detente demo $(if $(filter no,$(SERVE)),,--serve --port $(PORT))

test: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

bench: $(BENCH)
	$(BIN)/python -m benchmarks

docs: $(DEV)
	$(BIN)/python -m tools.write_docs

# uv lives inside the environment, so that neither a missing uv nor an externally managed pip matters.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv

$(READY): $(BIN)/python pyproject.toml uv.lock
	VIRTUAL_ENV=$(abspath $(VENV)) $(UV) sync --quiet --active --inexact --frozen --no-default-groups
	@touch $@

$(DEV): $(READY)
	VIRTUAL_ENV=$(abspath $(VENV)) $(UV) sync --quiet --active --inexact --frozen --group dev
	@touch $@

$(BENCH): $(DEV)
	VIRTUAL_ENV=$(abspath $(VENV)) $(UV) sync --quiet --active --inexact --frozen --group dev --group bench
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
