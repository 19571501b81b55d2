# `make run` and `make test` set up everything they need; the second time they only look.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV ?= .venv
DESIGN ?= designs/parabolic_su8_microdisk.toml
OUT ?= out
BIN := $(VENV)/bin
RESULT := $(OUT)/$(basename $(notdir $(DESIGN)))
CODE := cavities solvers gain layouts studies benchmarks tests notebooks

.PHONY: help run test lint check-types check-imports unit meep-mpi format benchmarks lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: $(VENV)/.installed $(VENV)/.engines ## from one exposure to threshold and mask: $(DESIGN)
	@$(BIN)/lasewright run "$(DESIGN)" -o "$(RESULT)"
	@echo "Open $(RESULT)/report.html"

test: $(VENV)/.installed $(VENV)/.engines $(VENV)/.engines-mpi $(VENV)/.browser lint check-types check-imports unit ## everything that CI checks

lint: $(VENV)/.installed ## style and format
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)

check-types: $(VENV)/.installed ## mypy --strict
	@$(BIN)/mypy --strict

check-imports: $(VENV)/.installed ## the layers of docs/architecture.md
	@$(BIN)/lint-imports --no-logo

unit: $(VENV)/.installed ## tests, doctests, notebooks, packaging; ARGS="..." goes to pytest
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n logical --dist loadfile $(ARGS)

meep-mpi: $(VENV)/.engines-mpi ## Meep for more than one process, beside the serial one

format: $(VENV)/.installed ## put the code into the house format
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

benchmarks: $(VENV)/.installed $(VENV)/.engines $(VENV)/.engines-mpi ## every measurement of benchmarks/README.md (about half an hour)
	@$(BIN)/python -m benchmarks.run_all -o "$(OUT)/benchmarks"

lock: $(VENV)/.installed ## write the installed versions into constraints.txt
	@.ci/lock "$(BIN)/python" > constraints.txt.new && mv constraints.txt.new constraints.txt

clean: ## remove the virtual environment, the results and every cache
	rm -rf "$(VENV)" "$(OUT)" dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.installed: pyproject.toml constraints.txt .ci/virtual-environment
	@.ci/virtual-environment "$(VENV)"
	@touch $@

# Engines and browser are separate programs: where they cannot be had, what needs them is
# skipped with a message, and the next call looks again (no stamp is written).
$(VENV)/.engines: .ci/system-program | $(VENV)/.installed
	@if .ci/system-program meep; then touch $@; fi

$(VENV)/.engines-mpi: .ci/meep-mpi | $(VENV)/.engines
	@if .ci/meep-mpi "$(abspath $(VENV))/meep-mpi"; then touch $@; fi

$(VENV)/.browser: .ci/system-program | $(VENV)/.installed
	@if .ci/system-program chromium; then touch $@; fi
