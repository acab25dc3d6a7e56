# Each target calls what a person would type. The first start makes .venv from the locked versions.

PYTHON ?= python3
UV     ?= uv
BIN    := .venv/bin

.PHONY: help demo serve test check bench format docs messages screenshots lock clean
.DEFAULT_GOAL := help

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 13

demo: .venv/.runtime ## start a server with example data
	@$(BIN)/ringbinder demo

serve: .venv/.runtime ## start the server with your settings
	@$(BIN)/ringbinder serve

test: .venv/.dev .venv/.generator ## run the tests, on PostgreSQL too where it is installed
	@$(BIN)/python -m pytest

check: .venv/.dev ## style, types, direction of imports, architecture
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest tests/architecture

SIZE   ?= 10k
FOLDER ?= ../ringbinder-bench

bench: .venv/.dev ## measure searches and their limits (SIZE=10k, 100k or 1m; data in FOLDER)
	$(BIN)/python -m benchmarks.suite --size $(SIZE) --folder $(FOLDER)

format: .venv/.dev ## put the code into its one style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: .venv/.dev ## write the reference pages from the code
	$(BIN)/python docs/generate.py

messages: .venv/.dev ## bring the translations in step with the pages
	$(BIN)/python docs/messages.py

screenshots: .venv/.dev ## take a picture of every page, in build/screenshots (needs Chromium)
	$(BIN)/python docs/screenshots.py

COMPILE = $(UV) pip compile --no-config --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

lock: ## lock the newest versions that pyproject.toml allows (needs uv)
	$(COMPILE) pyproject.toml --upgrade --group build --output-file requirements/runtime.txt
	$(COMPILE) pyproject.toml --upgrade --group build --group dev \
		--constraints requirements/runtime.txt --output-file requirements/dev.txt
	$(COMPILE) --upgrade --group generator --output-file requirements/generator.txt

clean: ## remove what the tools left behind; the installation in .venv stays
	rm -rf build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -prune -exec rm -rf {} +

# .venv/.runtime and .venv/.dev stand for "installed as locked". Wheels only and no build
# isolation, because building a package would fetch tools that no lock names.
.venv/.%: requirements/%.txt pyproject.toml | .venv/bin/pip
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r $<
	$(BIN)/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# A program that tests call, apart from our packages, whose versions it would hold back.
.venv/.generator: requirements/generator.txt | .venv/bin/pip
	$(PYTHON) -m venv .venv/generator
	.venv/generator/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r $<
	@touch $@

.venv/bin/pip:
	$(PYTHON) -m venv .venv
