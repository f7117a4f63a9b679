PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: lab demo test wheel lint format lock hooks

lab: $(VENV)/.installed
	$(BIN)/course lab $(ARGS)

# A simulated class, graded, with its report: for instructors to look around in. It lives in demo/.
demo: $(VENV)/.installed
	$(BIN)/course demo $(ARGS)

test: $(VENV)/.installed-dev
	$(BIN)/python -m tests.system
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

# What learners and a JupyterHub's image install: dist/dropout_course-….whl, with released notebooks only.
wheel: $(VENV)/.installed-dev
	$(BIN)/python -m course.package

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

hooks: $(VENV)/.installed-dev
	$(BIN)/pre-commit install

# The universal locks (Linux, macOS, Windows; Python 3.11-3.13) of the ranges in pyproject.toml.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header pyproject.toml
lock: $(VENV)/.installed-dev
	$(LOCK) --upgrade --output-file requirements.txt
	$(LOCK) --upgrade --group dev --constraint requirements.txt --output-file requirements-dev.txt

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"This course needs Python 3.11, 3.12 or 3.13; {sys.executable} is {v[0]}.{v[1]}. Name another with: make lab PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
