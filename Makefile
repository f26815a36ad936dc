# `make run` starts everything; `make test` runs what CI runs. Both install what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check format lock messages pump

run: pump
	@$(BIN)/python -m roleplay run

test: $(VENV)/ready
	@sh scripts/test

check: $(VENV)/ready
	@sh scripts/check

format: $(VENV)/ready
	@$(BIN)/ruff check --fix roleplay tenants migrations tests bench
	@$(BIN)/ruff format roleplay tenants migrations tests bench

# The wheels are exactly the locked ones; nothing is resolved at install time, and every file is checked by its hash.
$(VENV)/ready: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Roleplay needs Python 3.11 or newer; set PYTHON=python3.11")'
	@echo "Installing into $(VENV) (about a minute, once) …"
	@$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: apt install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	@$(BIN)/python -m roleplay messages
	@touch $@

# What passes sound on in the relay. Without a C compiler the relay goes without it, and says so.
pump: $(VENV)/ready
	@$(BIN)/python scripts/compile roleplay/sockets/pump.pyx

lock:
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev --group bench --output-file requirements.lock

messages: $(VENV)/ready
	@$(BIN)/pybabel -q extract --mapping-file babel.cfg --keyword lazy_gettext --sort-by-file --no-location --no-wrap --omit-header --output-file roleplay/translations/messages.pot roleplay templates
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap --input-file roleplay/translations/messages.pot --output-dir roleplay/translations
	@$(BIN)/python -m roleplay messages
