# The two commands of a new-comer are `make demo` and `make test`; CONTRIBUTING.md explains the others.
PYTHON ?= python3
PORT ?= 8000
export PYTHON
PYTEST = .venv/bin/pytest -p pendapa.web.testing
ENGINES = $(filter-out tests/web tests/browser,$(wildcard tests/[a-z]*))
ENGINE_TESTS = $(patsubst %/,%,$(filter %/,$(foreach folder,$(ENGINES),$(wildcard $(folder)/))))

.PHONY: help demo clean-demo test quick check oracle drill bench format venv venv-dev translations locks

help:
	@echo "make demo        the site with an invented office, at http://127.0.0.1:$(PORT)"
	@echo "make clean-demo  remove its data"
	@echo "make test        everything that CI checks"
	@echo "make quick       lint, types and the engines' tests: the loop of daily work"
	@echo "make oracle      the long comparisons with programs that others wrote"
	@echo "make drill       kill and restart under load, many times"
	@echo "make bench       the figures of bench/RESULTS.md"
	@echo "make format      lay the code out"
	@echo "make translations   write new texts into the catalogues and compile them"
	@echo "make locks       bring requirements/*.lock up to date"

venv:
	@scripts/install run

venv-dev:
	@scripts/install dev

demo: venv
	@exec .venv/bin/pendapa serve --demo --port $(PORT)

clean-demo:
	@scripts/clean-demo

check: venv-dev
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet . || { echo "Run make format."; exit 1; }
	@.venv/bin/mypy
	@.venv/bin/lint-imports

test: system-packages check
	@scripts/check-site
	@$(PYTEST) -n 2 --dist loadgroup tests

quick: check
	@$(PYTEST) -n 2 $(ENGINE_TESTS)

oracle: venv-dev
	@scripts/system-packages oracle
	@PENDAPA_LONG=1 $(PYTEST) -n 2 --dist loadgroup -m oracle tests

drill: venv-dev
	@PENDAPA_LONG=1 $(PYTEST) -k drill tests/web

bench: venv-dev
	@.venv/bin/python -m bench

format: venv-dev
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .

translations: venv-dev
	@.venv/bin/python scripts/translations.py write

locks: venv-dev
	@cd requirements && for name in run dev; do \
	    ../.venv/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 $$name.in -o $$name.lock; done

.PHONY: system-packages
system-packages:
	@scripts/system-packages
