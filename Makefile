# `make` alone lists the targets. Needs make and Python 3.11, 3.12 or 3.13: make serve PYTHON=python3.12
# More words for the program: make serve ARGS='--port 8080', make test ARGS='-k rows'
PYTHON ?= python3
RELEASES := $(or $(TRIALGRAPH_RELEASES),releases)
# Another environment, for another Python: make quick VENV=.venv-3.12 PYTHON=python3.12
VENV := .venv
BIN := $(VENV)/bin
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate
EDITOR := src/trialgraph/http/pages/static/editor/yasgui.min.js
# worksteal gives each process whole modules, so that few make the fixtures of a module twice. Tests wait for servers,
# browsers and processes for a third of their time: with one process more than cores the suite takes that much less.
WORKERS = $(shell $(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)')
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

# Packages are installed uncompiled, and each of the hundreds of processes of a test run would compile what it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help serve test quick lint types build editor lock wheel module index w3c soak bench pictures docs clean

help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):[^#]*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r t d; do printf '%-12s %s\n' "$$t" "$$d"; done

serve: release-if-changed editor-if-node ## build the graph if it is not current, and serve it with its SPARQL endpoint
	$(BIN)/trialgraph serve $(ARGS)

test: $(VENV)/.dev editor-if-node ## run the whole test suite
	$(PYTEST) $(ARGS)

quick: $(VENV)/.dev ## run the tests that start no server, browser or build: for the edit loop
	$(PYTEST) -m "not slow" $(ARGS)

lint: $(VENV)/.dev ## check style and formatting
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev ## check types
	$(BIN)/mypy

build: $(VENV)/.run ## build the graph from seeds/ into releases/
	$(BIN)/trialgraph build $(ARGS)

editor: $(EDITOR) ## put the editor of the SPARQL page into the package (needs node and npm)

# Without node the page keeps its plain form, so its lack stops nothing.
.PHONY: editor-if-node
editor-if-node:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory editor || echo "the editor could not be made; /sparql keeps its plain form"; fi

$(EDITOR): editor/package-lock.json editor/build.mjs
	cd editor && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && node build.mjs ../$(dir $@)
	@test -s $@

wheel: $(VENV)/.dev editor-if-node ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

lock: $(VENV)/.dev ## update the lock files, with the hashes of all files
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --upgrade --group dev --group build pyproject.toml -o requirements-dev.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --upgrade -c requirements-dev.lock pyproject.toml -o requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --upgrade -c requirements-dev.lock --extra mcp --extra pandas pyproject.toml -o requirements-user.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --upgrade -c requirements-dev.lock --extra spark pyproject.toml -o requirements-spark.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --upgrade -c requirements-dev.lock --group build -o requirements-build.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --upgrade benchmarks/peers/requirements.in -o benchmarks/peers/requirements.lock

module: $(VENV)/.dev ## rebuild ontology/module.ttl from the pinned releases of other ontologies
	$(BIN)/python tools/module/make.py $(ARGS)

index: $(VENV)/.dev ## rebuild ontology/index.db from the files that ontology/index.toml names, in the folder FILES
	$(BIN)/python -m tools.index.make $(FILES)

w3c: $(VENV)/.dev ## run the W3C suites of the checkout RDF_TESTS over HTTP and write docs/reference/w3c.md
	$(BIN)/python -m tests.w3c

soak: $(VENV)/.spark ## run every case of the suite, then the long runs of tools/soak (hours; it goes on where soak.jsonl ends) and write docs/soak.md
	$(PYTEST) --full
	$(BIN)/python -m tools.soak $(ARGS)

bench: $(VENV)/.run ## measure the server beside others: see benchmarks/README.md (ARGS='--size 2100', ARGS=--quick)
	$(BIN)/python -m benchmarks.bench $(ARGS)

pictures: $(VENV)/.dev editor-if-node release-if-changed ## open the pages in Chromium: weights, times, and docs/pictures/
	$(BIN)/python benchmarks/pages.py $(RELEASES) --pictures docs/pictures $(ARGS)
	$(BIN)/python benchmarks/walk_through.py docs/pictures

docs: $(VENV)/.dev ## write the generated pages of docs/reference/
	$(BIN)/python docs/generate.py

clean: ## remove .venv, dist and caches (releases stay)
	rm -rf .venv dist build editor/node_modules $(dir $(EDITOR)) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Build tools first, without isolation after that: nothing is installed whose hash is not in a lock.
# What runs, and what the tour uses besides: pandas and the MCP SDK. A server needs requirements.lock alone.
$(VENV)/.run: requirements-build.lock requirements-user.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "trialgraph needs Python 3.11, 3.12 or 3.13, this is %d.%d; name another: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --no-deps --require-hashes -r requirements-build.lock
	$(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --no-deps --require-hashes --no-build-isolation -r requirements-user.lock
	$(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --no-deps --require-hashes --no-build-isolation -r requirements-dev.lock
	@touch $@

# PySpark, 480 MB with its jars: for the long tests alone (decisions/0053).
$(VENV)/.spark: $(VENV)/.dev requirements-spark.lock
	$(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --no-deps --require-hashes --no-build-isolation -r requirements-spark.lock
	@touch $@

# The program compares the contents of all inputs, so that a file that is gone counts too. Exit code 1 says that rows need
# an eye (the release stands, has its line on stdout, and is served) or that a violation stopped the release.
.PHONY: release-if-changed
release-if-changed: $(VENV)/.run
	@line=$$($(BIN)/trialgraph build --if-changed -o $(RELEASES)); code=$$?; echo "$$line"; \
	[ $$code -eq 0 ] || { [ $$code -eq 1 ] && [ -n "$$line" ]; }
