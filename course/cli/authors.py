"""What authors call: `course new`, `validate`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from course.catalog import load_catalog
from course.cli.console import app, out
from course.errors import UsageError


@app.command()
def new(
    slug: Annotated[str, typer.Argument(help="Section, chapter and name, e.g. 2-3-norm-penalties.")],
    title: Annotated[str, typer.Argument(help='The chapter\'s title, e.g. "Norm penalties".')],
    exercise: Annotated[str | None, typer.Option(help="The function of its first exercise, e.g. l2_penalty.")] = None,
) -> None:
    """Lay out every file of a small chapter that works, for you to change. For authors."""
    from course.authoring.new import new_chapter

    catalog = load_catalog()
    for path in new_chapter(catalog, slug, title, exercise):
        out.print(path.relative_to(catalog.root).as_posix(), soft_wrap=True)
    out.print("What to change, and in which order, is told in docs/authoring.md.")


@app.command()
def validate() -> None:
    """Say what is wrong in the course's files, by file and line. For authors."""
    from course.authoring.validate import course_problems

    catalog = load_catalog()
    if catalog.is_installed:
        raise UsageError("An installed course holds no sources to validate. Run this in a clone of the course.")
    problems = course_problems(catalog)
    for problem in problems:
        out.print(problem, soft_wrap=True)
    if not problems:
        out.print("No faults found.")
    sys.exit(1 if problems else 0)
