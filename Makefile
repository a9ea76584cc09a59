# The two commands that matter: `make run` and `make test`. Both prepare .venv first.

.DEFAULT_GOAL := help
BIN := .venv/bin
PYTHON := $(BIN)/python
RECIPES := $(wildcard models/*/recipe.py)
# Processes that run tests, at most four (0.9 GB each); `make test WORKERS=0` runs all in one.
WORKERS ?= logical

.PHONY: help
help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

.PHONY: setup
setup: ## prepare .venv with medgui, what trains models and what tests
	@sh packaging/bootstrap.sh

.PHONY: run
run: setup ## open a demo patient; without a screen, write its PDF report
	@sh packaging/run.sh

.PHONY: test
test: lint ## lint, types, walls, translations and all tests
	$(PYTHON) -m pytest -m "not benchmark and not package and not provider" -q -n $(WORKERS) --maxprocesses 4 \
		--dist loadfile --no-loadscope-reorder

.PHONY: provider-test
provider-test: setup ## run OpenVINO for real, in environments of its own (package index)
	MEDGUI_MAKE_PROVIDERS=1 $(PYTHON) -m pytest -m provider -q tests/e2e/test_other_providers.py

.PHONY: lint
lint: setup ## ruff, mypy, import-linter, translations, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTHON) packaging/locale_check.py
	$(BIN)/codespell

.PHONY: format
format: setup ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: setup ## measure against the budgets (quiet machine; prints ratios)
	$(PYTHON) -m tests.benchmarks

.PHONY: fuzz
fuzz: setup ## damage files of every format in 10,000 ways each and open them
	$(PYTHON) packaging/fuzz.py

.PHONY: screenshots
screenshots: setup ## picture every page, light and dark, English and Chinese
	QT_QPA_PLATFORM=offscreen $(PYTHON) packaging/screenshots.py

.PHONY: pictures
pictures: setup ## make the pictures of the guides and documents again
	QT_QPA_PLATFORM=offscreen $(PYTHON) packaging/guide_pictures.py

.PHONY: demo
demo: setup ## write the demo patients again
	$(PYTHON) packaging/demo/make_demo.py

.PHONY: locale
locale: setup ## print what has no Chinese yet, as .po entries
	@$(PYTHON) packaging/locale_check.py --missing

.PHONY: docs
docs: setup ## make the pages that come from code
	$(PYTHON) packaging/settings_doc.py

.PHONY: models
models: setup ## make the bundles again from the development data
	@for recipe in $(RECIPES); do echo $$recipe; $(PYTHON) $$recipe || exit 1; done

.PHONY: sign
sign: setup ## compile the tables and sign the bundles (MEDGUI_SIGNING_KEY, else the development key)
	$(PYTHON) packaging/sign.py

.PHONY: figures
figures: setup ## write the figures of the trained models again, from their manifests
	$(PYTHON) -m medgui.workshop.report_figures > docs/models.md

.PHONY: scores
scores: setup ## list the published scores and their agreement with independent programs (development data)
	$(PYTHON) packaging/score_figures.py > docs/scores.md

.PHONY: reading
reading: setup ## count what is read of the open patient files (development data)
	$(PYTHON) packaging/reading_figures.py

.PHONY: package
package: setup ## build the program that doctors install: .deb and portable archive, signed, in dist/
	$(PYTHON) packaging/package.py

.PHONY: package-test
package-test: setup ## try the package in dist/ in a bare Debian without a network (root; the first time fetches that Debian)
	$(PYTHON) -m pytest -m package tests/package -q

.PHONY: package-twice
package-twice: setup ## build twice, each from an environment of its own, and compare what comes out
	$(PYTHON) packaging/package.py --level 3 --work build/twice/one -o build/twice/one/dist
	$(PYTHON) packaging/package.py --level 3 --work build/twice/two -o build/twice/two/dist
	$(PYTHON) packaging/compare_builds.py build/twice/one/dist build/twice/two/dist

.PHONY: wheel
wheel: setup ## build the wheel for pip
	$(PYTHON) -m build

.PHONY: lock
lock: setup ## lock what the packaged program is built from
	$(PYTHON) packaging/lock.py

.PHONY: clean
clean: ## remove what can be made again, .venv included
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
