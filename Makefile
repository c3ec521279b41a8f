# Everything a person types in this repository. `make help` lists the verbs.

# The system's own Python where it will do: one that was built by hand mostly lacks the optimisations that Debian
# builds in, and takes a third longer. `make PYTHON=python3.13 run` takes another.
SYSTEM_PYTHON := /usr/bin/python3
PYTHON ?= $(shell $(SYSTEM_PYTHON) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $(SYSTEM_PYTHON) || echo python3)
VENV := .venv
BIN := $(VENV)/bin
HOME_FOLDER := $(CURDIR)/.run
# A test waits for servers and browsers as often as it computes: three keep two cores busy.
WORKERS ?= 3
PACKAGING := pyproject.toml package.json package-lock.json tools/build_assets.py src/amparo/__init__.py
FRONT_END := $(shell find platform/runtime/web/assets platform/runtime/translations -type f ! -name '*.mo' 2>/dev/null)

export PIP_DISABLE_PIP_VERSION_CHECK = 1
# The programs that tests and benchmarks start are compiled once, as installed ones are, whatever the shell says.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help run test check format assets messages docs pictures bench conformance clean

help: ## List these verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## Install, load the demonstration once, and serve it on http://127.0.0.1:8000
	@test -e $(HOME_FOLDER)/demo-sign-in.txt \
		|| { echo "Loading the demonstration, which takes about a minute..."; \
		rm -rf $(HOME_FOLDER) && AMPARO_HOME=$(HOME_FOLDER) $(BIN)/amparo demo > /dev/null; }
	@AMPARO_HOME=$(HOME_FOLDER) exec $(BIN)/amparo serve

test: $(VENV)/.installed-test ## Fetch the servers and the browser the tests need, and run the whole suite (ARGS="-k name")
	@$(BIN)/python tools/build_assets.py
	@PYTHONPATH=tests $(BIN)/python -m servers.provision
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope $(ARGS)

check: $(VENV)/.installed-test ## Style, types, import contracts, templates, catalogues, generated documentation
	@$(BIN)/python tools/build_assets.py
	@$(BIN)/python -m tools.check

format: $(VENV)/.installed-test ## Lay out the Python code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

assets: $(VENV)/.installed-test ## Compile the catalogues and bundle the front end
	$(BIN)/python tools/build_assets.py

messages: $(VENV)/.installed-test ## Collect the interface's strings into the catalogues
	$(BIN)/python -m tools.catalogues update

docs: $(VENV)/.installed-test ## Write the generated parts of the documentation again
	$(BIN)/python -m tools.generated_docs write

pictures: $(VENV)/.installed-test ## Take the pictures of the manual again, from the demonstration
	@$(BIN)/python tools/build_assets.py
	rm -f docs/pictures/*.png
	AMPARO_MANUAL_PICTURES=$(CURDIR)/docs/pictures $(BIN)/python -m pytest tests/browser/test_manual_pictures.py

bench: $(VENV)/.installed-test ## Measure against a hand-made table (ARGS="--cases 200000")
	PYTHONPATH=tests $(BIN)/python -m tools.bench $(ARGS)

conformance: $(VENV)/.installed-test ## Put Salesforce's own cases of formulas to every engine
	@$(BIN)/python tools/build_assets.py
	@PYTHONPATH=tests $(BIN)/python -m servers.lending sh -c 'for engine in python javascript sqlite postgresql; do \
		echo "$$engine:"; $(BIN)/amparo formula conformance --engine $$engine \
		$(or $(AMPARO_SHARED),../shared)/real/expressions/salesforce-formula/goldfiles.json || exit 1; done'

clean: ## Remove what was built or installed here; the demonstration's data too
	rm -rf $(VENV) node_modules .cache .run build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf .import_linter_cache test-results platform/runtime/web/static/dist
	find platform admin plugins src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	find platform -name '*.mo' -delete

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Amparo needs Python 3.11 or newer. Name one: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(PACKAGING) $(FRONT_END) | $(BIN)/python
	@echo "Installing Amparo and what it needs, which takes about a minute..."
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-test: $(PACKAGING) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[test,dev]'
	@touch $@ $(VENV)/.installed
