# Needs only make and a Python from 3.11 to 3.13; everything else goes into $(VENV).

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SOURCES := sim scenarios strategies reports benchmarks tests

USABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c '$(USABLE)' >/dev/null 2>&1 && { echo $$p; break; }; done)

# Constraints hold for the packages and, by the one name or the other, for build environments.
PIP := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
	PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip

# Test workers share the cores; more than one BLAS or OpenMP thread in each only slows them down.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help demo test deep kills lint bench schemas pictures site clean

help: ## what can be made here
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

demo: $(READY) ## the opening story: one year of it, then the cadences side by side, as pages
	$(BIN)/driftyard run silent-schema-change --strategy nobody-watching --seed 7 --hindsight
	$(BIN)/driftyard compare silent-schema-change --seeds 10 \
		--strategies nobody-watching,monthly,weekly,data,performance,drift,hybrid,contract --hindsight
	@echo; echo "Open these pages in a browser:"; ls -t out/*/report.html | head -n 2

test: $(READY) ## the tests, without the slow ones
	$(ONE_THREAD) $(BIN)/python -m pytest -n auto --maxprocesses 4

deep: $(READY) ## the slow, thorough tests
	$(ONE_THREAD) $(BIN)/python -m pytest -n auto --maxprocesses 4 -m deep

kills: $(READY) ## kill -9 at random moments: the store survives, ten thousand runs end complete
	$(ONE_THREAD) $(BIN)/python -m pytest -m "deep or not deep" tests/reports/store/test_kills.py

lint: $(READY) ## ruff, mypy and the import contracts
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

bench: $(READY) ## the benchmarks, as ratios measured side by side
	$(BIN)/python -m benchmarks

schemas: $(READY) ## write the published schemas anew, after a class or a field has changed
	$(BIN)/driftyard list --schema > reports/schemas/scenario.new
	mv reports/schemas/scenario.new reports/schemas/scenario.json

pictures: $(READY) ## draw every picture of the documentation anew (the benches take minutes)
	$(BIN)/python -m reports.site.pictures

site: $(READY) ## the documentation as a static site, in out/site
	$(BIN)/python -m sphinx -W --keep-going -n -q docs out/site
	@echo; echo "Open this page in a browser: out/site/index.html"

clean: ## remove the environment, the caches and ./out
	rm -rf $(VENV) out build dist
	rm -rf .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	@'$(PYTHON)' -c '$(USABLE)' 2>/dev/null || { echo \
		"driftyard needs Python 3.11, 3.12 or 3.13 with venv; name one: make PYTHON=/path/to/python" \
		>&2; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) (a minute or two, once)"
	@'$(PYTHON)' -m venv --clear '$(VENV)'
	@$(PIP) install -qq --editable '.[dev]'
	@touch $@
