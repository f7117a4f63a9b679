PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: lab demo test wheel lint format lock hooks

# What only graders of whole classes need (Dask, the search for similar work) is left out by: make lab FOR=learners
lab: $(VENV)/.installed$(if $(filter learners,$(FOR)),-for-learners)
	$(BIN)/course lab $(ARGS)

# A simulated class, graded, with its report: for instructors to look around in. It lives in demo/.
demo: $(VENV)/.installed
	$(BIN)/course demo $(ARGS)

test: $(VENV)/.installed-dev
	$(BIN)/python -m tests.system
	$(BIN)/python -m pytest -n auto $(ARGS)

# What learners and a JupyterHub's image install: dist/dropout_course-….whl, with released notebooks only.
wheel: $(VENV)/.installed-dev
	$(BIN)/python -m course.authoring.wheel

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/course format --check
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/course format
	$(BIN)/ruff format .

hooks: $(VENV)/.installed-dev
	$(BIN)/pre-commit install

# The universal locks (Linux, macOS, Windows; Python 3.11-3.13) of the ranges in pyproject.toml.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --extra grading pyproject.toml
lock: $(VENV)/.installed-dev
	$(LOCK) --upgrade --output-file requirements.txt
	$(LOCK) --upgrade --group dev --constraint requirements.txt --output-file requirements-dev.txt

CHECK_PYTHON = @$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"This course needs Python 3.11, 3.12 or 3.13; {sys.executable} is {v[0]}.{v[1]}. Name another with: make lab PYTHON=python3.12")'
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/.installed-for-learners: requirements.txt pyproject.toml
	$(CHECK_PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(PIP) --constraint requirements.txt --editable .
	@touch $@

$(VENV)/.installed: requirements.txt pyproject.toml
	$(CHECK_PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements.txt
	$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(PIP) -r requirements-dev.txt
	@touch $@
