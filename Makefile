# Open automated dispensing cabinet. `make` alone says what there is.
# Installing happens once: the stamp in the virtual environment is renewed when the pins or the package's own metadata change.

PYTHON ?= python3
VENV   ?= .venv
UV     ?= uv
ARGS   ?=

PY    := $(VENV)/bin/python
STAMP := $(VENV)/.installed
CODE  := cabinet drivers firmware_sim central config bench
PIP   := $(PY) -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types contracts house docs pictures bench languages lock install system clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(STAMP) ## start everything with a simulated cabinet and print the addresses (ARGS=--once: play it through once and stop)
	@$(VENV)/bin/adc demo $(ARGS)

test: $(STAMP) system ## install what the tests need and run all of them (ARGS=... goes to pytest)
	$(PY) -m pytest $(ARGS)

check: lint types contracts house ## lint, types, import contracts, names, sizes and docs (make -k check: go on after a complaint)

lint: $(STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(STAMP)
	$(PY) -m mypy --strict $(CODE)

contracts: $(STAMP)
	$(VENV)/bin/lint-imports

house: $(STAMP)
	$(PY) -m pytest --quiet tests/house
	@$(PY) -m tests.house.size

docs: $(STAMP) ## write docs/commands.md and docs/state-machines.md from the code itself
	$(PY) -m cabinet.cli.manual > docs/commands.md
	$(PY) -m cabinet.cli.machines > docs/state-machines.md

pictures: $(STAMP) system ## walk every screen of the kiosk, judge it, and take the pictures of the manual anew
	folder=$$(mktemp -d) && ADC_PICTURES=$$folder $(PY) -m pytest tests/browser/test_every_screen.py tests/browser/test_seldom_screens.py \
	    tests/browser/test_ward.py \
	    && $(PY) -m tests.browser.pictures $$folder && rm -r $$folder

languages: $(STAMP) ## put today's messages into every language's file and say what is not translated
	$(PY) -m cabinet.cli.languages

bench: $(STAMP) system ## measure the figures and print them as one table
	$(PY) -m bench $(ARGS)

lock: ## resolve the pins again after a change of pyproject.toml (needs uv)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pipx install uv" >&2; exit 1; }
	$(UV) pip compile pyproject.toml --universal --all-extras --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --upgrade --quiet --custom-compile-command 'make lock' --output-file requirements.lock

install: $(STAMP) ## install into .venv and stop there

system: ## install the Debian packages that the tests drive: mosquitto, chromium, nut-server, slapd and postgresql
	@.ci/system-packages

clean: ## remove what was installed and cached
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $$($(PYTHON) --version) is here" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "venv is missing: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing into $(VENV), once." >&2
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
