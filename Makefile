# `make` alone lists the targets. Needs make and Python 3.11 or newer: make serve PYTHON=python3.12
# More words for the program: make serve ARGS='--port 8080', make test ARGS='-k rows'
PYTHON ?= python3
RELEASES := $(or $(TRIALGRAPH_RELEASES),releases)
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate
EDITOR := src/trialgraph/http/pages/static/editor/yasgui.min.js
INPUTS := $(shell find seeds ontology queries src/trialgraph -type f -not -name '*.pyc' -not -path '*/static/*' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help serve test lint types build editor lock wheel module w3c soak pictures docs clean

help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):[^#]*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r t d; do printf '%-12s %s\n' "$$t" "$$d"; done

serve: $(RELEASES)/.built editor-if-node ## build the graph if it is not current, and serve it with its SPARQL endpoint
	$(BIN)/trialgraph serve $(ARGS)

test: .venv/.dev editor-if-node ## run the whole test suite
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: .venv/.dev ## check style and formatting
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: .venv/.dev ## check types
	$(BIN)/mypy

build: .venv/.run ## build the graph from seeds/ into releases/
	$(BIN)/trialgraph build $(ARGS)

editor: $(EDITOR) ## put the editor of the SPARQL page into the package (needs node and npm)

# Without node the page keeps its plain form, so its lack stops nothing.
.PHONY: editor-if-node
editor-if-node:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory editor || echo "the editor could not be made; /sparql keeps its plain form"; fi

$(EDITOR): editor/package-lock.json editor/build.mjs
	cd editor && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && node build.mjs

wheel: .venv/.dev editor-if-node ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

lock: .venv/.dev ## pin all parts anew, with the hashes of all their files
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --upgrade --group dev --group build pyproject.toml -o requirements-dev.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --upgrade -c requirements-dev.lock pyproject.toml -o requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --upgrade -c requirements-dev.lock --group build -o requirements-build.lock

module: .venv/.dev ## write ontology/module.ttl anew from the pinned releases of other ontologies
	$(BIN)/python tools/module/make.py $(ARGS)

w3c: .venv/.dev ## run the W3C suites of the checkout RDF_TESTS over HTTP and write docs/reference/w3c.md
	$(BIN)/python -m tests.w3c

soak: .venv/.dev ## run the long runs of tools/soak (hours; it goes on where soak.jsonl ends) and write docs/soak.md
	$(BIN)/python -m tools.soak $(ARGS)

pictures: .venv/.dev editor-if-node $(RELEASES)/.built ## open the pages in Chromium: weights, times, and docs/pictures/
	$(BIN)/python benchmarks/pages.py $(RELEASES) --pictures docs/pictures $(ARGS)

docs: .venv/.dev ## write the generated pages of docs/reference/
	$(BIN)/python docs/generate.py

clean: ## remove .venv, dist and caches (releases stay)
	rm -rf .venv dist build editor/node_modules $(dir $(EDITOR)) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Build tools first, without isolation after that: nothing is installed whose hash is not in a lock.
.venv/.run: requirements-build.lock requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "trialgraph needs Python 3.11 or newer, this is %d.%d; name another: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-build.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-build-isolation -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-build-isolation -r requirements-dev.lock
	@touch $@

# Exit code 1 says that rows need an eye (the release stands and is served) or that a violation stopped the release.
$(RELEASES)/.built: .venv/.run $(INPUTS)
	@mkdir -p $(RELEASES) && touch $(RELEASES)/.begun
	$(BIN)/trialgraph build -o $(RELEASES) || { [ $$? -eq 1 ] && [ -n "$$(find $(RELEASES)/current -newer $(RELEASES)/.begun)" ]; }
	@rm -f $(RELEASES)/.begun && touch $@
