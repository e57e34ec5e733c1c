# Everything a person needs, on a machine with Python 3.11 or newer, make and git.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
# for each section of each command that `make crash` tries
SECONDS ?= 60

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1  \2/p' Makefile | expand -t 20

.venv/run: requirements.lock pyproject.toml tools/setup.sh tools/needs.py
	@sh tools/setup.sh run

.venv/dev: requirements-dev.lock pyproject.toml tools/setup.sh tools/needs.py
	@sh tools/setup.sh dev

demo: .venv/run  ## the main job on the shipped evaluation: out/recommendation.pdf and out/comparison.xlsx
	@$(BIN)/evaluator demo -o out

test: .venv/dev  ## the test suite
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: lint types layers generated test  ## everything that must hold before a commit

lint: .venv/dev  ## ruff: rules and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: .venv/dev  ## mypy, strict
	@$(BIN)/mypy

layers: .venv/dev  ## imports go down only
	@$(BIN)/lint-imports

generated: .venv/dev  ## fails when a generated file is stale
	@$(BIN)/python tools/generate.py --check

generate: .venv/dev  ## writes what is generated: schemas and reference pages
	@$(BIN)/python tools/generate.py

bench: .venv/dev  ## measures speed and memory against named floors
	@$(BIN)/python benchmarks/run.py

parity: .venv/dev  ## hundreds of what-if edits of the workbook, recalculated by two spreadsheets (needs LibreOffice)
	@$(BIN)/python tests/heavy/workbook_parity_many.py --edits 200 --evaluations 100 --quick 1000

fuzz: .venv/dev  ## imports thousands of damaged workbooks for five minutes
	@$(BIN)/python tests/heavy/fuzz_import.py 300

hostile: .venv/dev  ## the many hostile cases of which the suite runs a sample
	@$(BIN)/python -m pytest -n auto -m exhaustive

mutants: .venv/dev  ## changes 300 lines below reports, one at a time, and counts the changes that the tests of the module notice
	@$(BIN)/python tests/heavy/mutants.py --sample 300

crash: .venv/dev  ## kills and hinders every command that writes at each of its file events, and changes every byte of a closed review
	@$(BIN)/python tests/heavy/crash.py --seconds $(SECONDS)
	@$(BIN)/python tests/heavy/review_bytes.py --step 1

validate: .venv/dev .venv-validate/ready  ## holds every kind of paper against validators for PDF/UA-1 and PDF/A-3a (a few minutes)
	@$(BIN)/python tests/heavy/pdf_validate.py --validators .venv-validate

.venv-validate/ready: tests/heavy/validators.txt
	@$(BIN)/python -m venv .venv-validate
	@.venv-validate/bin/python -m pip install -qq --disable-pip-version-check -r tests/heavy/validators.txt || \
		{ echo "validate: the validators of tests/heavy/validators.txt could not be installed; see the lines above." >&2; exit 1; }
	@touch $@

browser: .venv/browser  ## opens the HTML version in Chromium, wide and narrow, and moves its weights (needs Chromium)
	@$(BIN)/python tests/heavy/html_browser.py

.venv/browser: .venv/dev tests/heavy/browser.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r tests/heavy/browser.txt || \
		{ echo "browser: the package of tests/heavy/browser.txt could not be installed; see the lines above." >&2; exit 1; }
	@touch $@

fresh:  ## make demo and make test on bare Debian 12 and 13 systems, as root and as an ordinary user (needs root)
	@sh tests/heavy/fresh.sh

lowest: .venv-lowest/ready  ## the test suite with the lowest versions that pyproject.toml allows, on Python 3.11 (needs uv)
	@.venv-lowest/bin/python -m pytest -n auto

.venv-lowest/ready: pyproject.toml
	@uv venv -q --clear --python 3.11 .venv-lowest
	@uv pip install -q --python .venv-lowest/bin/python --resolution lowest-direct -e '.[build,dev]'
	@touch $@

days: .venv/dev  ## the test suite tomorrow, in a year, in five years and on 29 February (needs faketime)
	@sh tests/heavy/days.sh

lock:  ## renews the pinned requirements (needs uv)
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --extra mutants --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock

clean:  ## removes what was made
	rm -rf .venv .venv-validate .venv-lowest out dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.PHONY: help demo test check lint types layers generated generate bench parity fuzz hostile mutants crash validate browser fresh lowest days lock clean
