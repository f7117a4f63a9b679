"""The command line: `course lab`, `check`, `grade`, `report`, `progress`, `new`, `validate`. Also `python -m course`.

Reads arguments, calls the module that does the work, prints. Exit code 0 when all is well, 1 when something needs
attention, 2 when the command was misused. An expected fault is one sentence, never a traceback.
"""

from __future__ import annotations

import importlib
import sys

import course.grading  # noqa: F401  (makes nbformat load faster, see there)
from course.cli.console import app, err
from course.errors import CourseError
from course.language import _

__all__ = ["app", "main"]

for _audience in ("learners", "instructors", "authors"):  # each registers its commands, in this order
    importlib.import_module(f"course.cli.{_audience}")

GRADERS_ONLY = {"dask", "distributed", "copydetect"}  # the package's extra `grading`


def main() -> None:
    """Entry point of the command `course`."""
    try:
        app()
    except CourseError as error:
        err.print(str(error))
        sys.exit(error.exit_code)
    except ModuleNotFoundError as error:
        if error.name not in GRADERS_ONLY:
            raise
        told = _(
            "This needs {name}, which is installed for graders of whole classes only. In a clone run `make demo`; "
            "elsewhere `python -m pip install 'dropout-course[grading]'`."
        )
        err.print(told.format(name=error.name))
        sys.exit(2)
