# The same commands as the README; each is one line a person could type.
PYTHON ?= python3
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .venv/bin/uv)
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
RUN := $(UV) run --frozen --quiet
# A file's tests share what it made, so a file stays on one worker; files begin in the order of tests/conftest.py.
ON_TWO := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help run test check quick reference benchmark studies

help:  ## This list
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/'

.venv/.ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@$(UV) --version >/dev/null 2>&1 || .venv/bin/python -m pip install --quiet "uv>=0.9"
	@$(UV) sync --frozen --quiet
	@touch $@

run: SHELL := bash -o pipefail  # DVC can't be told to leave out its hint at a remote storage that nobody has
run: .venv/.ready  ## The yearly run on the delivery that params.toml names, then what is next
	@chmod 700 data/dvc data/interim data/processed
	@PYTHONUNBUFFERED=1 $(RUN) dvc repro | grep --line-buffered -v 'dvc push'
	@$(RUN) riskmodel status

check: .venv/.ready  ## Lint, format, types
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy

quick: check  ## While you work: check and the tests that are not marked slow, in under 90 seconds
	@$(RUN) pytest -q -m "not slow" $(ON_TWO)

test: check  ## Everything that must hold: about eight minutes on two quiet cores
	@$(RUN) pytest -q $(ON_TWO)

reference: .venv/.ready  ## Numbers from R for tests/reference; needs R with rms, pROC and jsonlite
	@Rscript tests/reference/make_reference.R && Rscript tests/reference/make_offset.R

benchmark: run  ## Speed and size beside a plain script, as ratios
	@PYTHONPATH=tests $(RUN) python benchmarks/yearly_run.py
	@PYTHONPATH=tests $(RUN) python benchmarks/check.py
	@$(RUN) python benchmarks/receipts_to_starts.py
	@$(RUN) python benchmarks/score.py
	@$(RUN) python benchmarks/example_municipality.py
	@$(RUN) python benchmarks/price_of_points.py
	@$(RUN) python benchmarks/core.py

studies: .venv/.ready  ## How often intervals, gate and closed test are right on made people: about an hour
	@$(RUN) python benchmarks/coverage.py
	@$(RUN) python benchmarks/coverage_corrected.py
	@$(RUN) python benchmarks/pooled_coverage.py
	@$(RUN) python benchmarks/closed_test.py
	@$(RUN) python benchmarks/fairness_gate.py
	@$(RUN) python benchmarks/borrowing.py
	@$(RUN) python benchmarks/case_control.py
	@$(RUN) python benchmarks/curve_and_audit.py
	@$(RUN) python benchmarks/reading_one_person.py
	@$(RUN) python benchmarks/resampling.py
