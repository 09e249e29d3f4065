# The two commands that matter are `make run` and `make test`; `make help` lists all.

PY ?= python3
ARGS ?=

V := .venv
PYTHON := $(V)/bin/python
PIP_INSTALL := $(V)/bin/pip install -qq --disable-pip-version-check --require-hashes --no-deps --only-binary :all:

.DEFAULT_GOAL := help
.PHONY: help run dev test test-all check audit bench bench-bundles bench-search screenshots survival hostile fuzz sbom weaknesses lock clean

help:  ## What there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: $(V)/.run  ## Prepare everything and serve on http://127.0.0.1:8000/
	@exec $(PYTHON) manage.py start

test: $(V)/.test  ## All tests, the browser's too, and on PostgreSQL what it can change; ARGS="-k walk" for some
	@exec $(PYTHON) -m tests.provide $(ARGS)

test-all: $(V)/.test  ## The same, with every test that uses a database on PostgreSQL as well
	@exec $(PYTHON) -m tests.provide --all $(ARGS)

dev: $(V)/.test  ## Serve from var-dev/ with DEBUG=1 and autoreload; DEBUG_TOOLBAR=1 shows the debug toolbar
	@exec $(PYTHON) -m dev

# Run as an operator would, behind a proxy, and away from the caller's own data.
check: export DATA_DIR := $(CURDIR)/$(V)/check
check: $(V)/.test  ## Lint, format, types, import rules, layout, missing migrations, settings
	$(V)/bin/ruff check .
	$(V)/bin/ruff format --check .
	$(V)/bin/mypy helpdesk dev
	$(V)/bin/lint-imports
	$(PYTHON) -m pytest -q tests/test_structure.py
	env -u DATABASE_URL -u CACHE_URL $(PYTHON) manage.py makemigrations --check --dry-run
	env -u DATABASE_URL -u CACHE_URL PUBLIC_URL=https://help.example.com TRUSTED_PROXIES=1 \
		$(PYTHON) manage.py check --deploy --fail-level WARNING

screenshots: $(V)/.test  ## Take new pictures of the main pages for docs/images/
	@$(PYTHON) -m tests.screenshots

survival: $(V)/.test  ## 60 times kill -9 under load, on both databases: what visitors lose (about 6 minutes); ARGS="--kills 6"
	@$(PYTHON) -m tests.survival $(ARGS)
	@$(PYTHON) -m tests.survival --postgresql $(ARGS)

hostile: $(V)/.test  ## 20,000 hostile requests against the real server (about 5 minutes); ARGS="2000" for fewer
	@exec $(PYTHON) -m tests.attacks.hostile $(ARGS)

fuzz: $(V)/.test  ## Every address, header and form with strange values; ARGS="--examples 20000" for more
	@exec $(PYTHON) -m tests.attacks.fuzz $(ARGS)

audit: $(V)/.test  ## What the Nu checker and Lighthouse say of the pages, and their weight (needs node and java)
	@npm install --silent --no-save --no-audit --no-fund --prefix $(V)/audit lighthouse vnu-jar
	@exec $(PYTHON) -m tests.audit $(V)/audit

bench: $(V)/.test  ## What a page costs, beside a bare Django view and nginx, at 22 to 100,000 symptoms; ARGS="22" for one size
	@exec $(PYTHON) -m tests.bench $(ARGS)

bench-search: $(V)/.test  ## How well the search finds what customers mean, and what it costs; ARGS="1000" for one size
	@exec $(PYTHON) -m tests.search.bench $(ARGS)

bench-bundles: $(V)/.test  ## How long 10,000 records take in and out; ARGS="2000" for another number
	@exec $(PYTHON) -m tests.transfer.bench $(ARGS)

LOCK = "$$folder/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 --only-binary :all: \
	--generate-hashes --no-emit-index-url --no-header pyproject.toml

sbom:  ## The bill of materials of what the portal runs with, as CycloneDX JSON
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(PY) -m venv "$$folder/tool" && $(PY) -m venv "$$folder/portal" \
		&& "$$folder/tool/bin/pip" install --quiet --disable-pip-version-check cyclonedx-bom \
		&& "$$folder/portal/bin/pip" install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements.lock \
		&& "$$folder/portal/bin/pip" uninstall -qq --yes pip setuptools \
		&& "$$folder/tool/bin/cyclonedx-py" environment --pyproject pyproject.toml --output-reproducible "$$folder/portal"

weaknesses:  ## Whether a library we run with has a weakness that is known (asks a public database)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(PY) -m venv "$$folder" \
		&& "$$folder/bin/pip" install --quiet --disable-pip-version-check pip-audit \
		&& "$$folder/bin/pip-audit" --disable-pip --require-hashes --requirement requirements.lock

lock:  ## Pin the libraries that pyproject.toml asks for; ARGS=--upgrade for their newest versions
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(PY) -m venv "$$folder" \
		&& "$$folder/bin/pip" install --quiet --disable-pip-version-check uv \
		&& $(LOCK) $(ARGS) --output-file requirements.lock \
		&& $(LOCK) $(ARGS) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:  ## Remove what was made, but not the data in var/ and var-dev/
	rm -rf $(V) .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment; the locks say what is in it. Each recipe says in one line what it lacks.
$(V)/.made:
	@command -v $(PY) >/dev/null || { echo "$(PY) is not here. On Debian or Ubuntu: apt install python3 python3-venv" >&2; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $$($(PY) -V) is too old. Name a newer one: PY=python3.12 make run" >&2; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@test -w . || { echo "This folder cannot be written to: $(CURDIR)" >&2; exit 1; }
	@$(PY) -m venv $(V) && touch $@

$(V)/.run: requirements.lock | $(V)/.made
	@echo "Installing the libraries (once, about half a minute) …"
	@$(PIP_INSTALL) -r requirements.lock || { echo "The libraries could not be installed; see above." >&2; exit 1; }
	@touch $@

$(V)/.test: requirements-dev.lock | $(V)/.made
	@echo "Installing the libraries for the tests (once, about a minute) …"
	@$(PIP_INSTALL) -r requirements-dev.lock || { echo "The libraries could not be installed; see above." >&2; exit 1; }
	@touch $@
