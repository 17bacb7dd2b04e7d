# make up    everything on one machine: database, broker, migrations, demo company, web, worker, scheduler
# make test  unit, story and browser tests            make ci     all checks, as the gate runs them
# make bench the promises with their peers            make lint · types · fmt · requirements

PYTHON ?= python3
BIN := .venv/bin
SOURCES := config tenants kernel apps tests tools benchmarks manage.py
# What the tests stand on is typed like the product; the tests themselves are read, not called.
HELPERS = $(shell find tests -name "*.py" ! -name "test_*.py")

# What a role for each company keeps apart is kept apart by schema and row security where one role works for all.
SHARED_ROLES = tests/isolation/test_edges.py tests/isolation/test_soak.py tests/tenants/test_isolation_backend.py \
	tests/tenants/test_provisioning.py tests/supply/test_leaks.py tests/supply/test_exchange_schema.py

.PHONY: up test ci bench lint types fmt requirements env env-dev messages system browser-path check checked migrations unit browser audit smoke
.DEFAULT_GOAL := up

up: env
	@exec $(BIN)/python manage.py up

env:
	@$(PYTHON) tools/bootstrap.py base

env-dev:
	@$(PYTHON) tools/bootstrap.py dev

messages:
	@$(BIN)/python tools/compile_messages.py

# Libraries for printing and a browser, found or installed; each says clearly what is missing.
system: env-dev
	@$(BIN)/python tools/system_libraries.py

browser-path: env-dev
	@$(BIN)/python tools/find_browser.py

test: system messages unit browser

unit:
	$(BIN)/python -m pytest -n 2 --dist loadgroup --ignore tests/browser
	TENANT_ROLES=shared $(BIN)/python -m pytest -n 2 $(SHARED_ROLES)

# What measures comes after the walk through all pages and has the machine to itself.
browser:
	@BROWSER_BIN="$$($(BIN)/python tools/find_browser.py)" && export BROWSER_BIN && \
	$(BIN)/python -m pytest tests/browser --ignore tests/browser/test_budgets.py -n 2 --dist loadgroup \
		--no-loadscope-reorder && \
	$(BIN)/python -m pytest tests/browser/test_budgets.py -p no:xdist

lint: env-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports

types: env-dev
	$(BIN)/mypy config tenants kernel apps tools benchmarks $(HELPERS)

fmt: env-dev
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

check: lint types migrations

migrations: env-dev
	$(BIN)/python -W "ignore:Got an error checking" manage.py makemigrations --check --dry-run

audit: env-dev
	@$(BIN)/python tools/audit.py

smoke: env-dev
	$(BIN)/python tools/smoke.py

# The types take one core while the rest is checked on the other.
checked: env-dev
	@$(MAKE) --no-print-directory -j 2 types lint migrations audit

ci: system messages checked unit browser smoke

bench: env-dev messages
	$(BIN)/python -m benchmarks

requirements: env-dev
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --generate-hashes requirements/uv.in -o requirements/uv.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --generate-hashes requirements/base.in -o requirements/base.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --generate-hashes -c requirements/base.txt requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --generate-hashes benchmarks/peers/requirements.in -o benchmarks/peers/requirements.txt
