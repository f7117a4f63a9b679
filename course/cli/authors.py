"""What authors call: `course new`, `validate`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from course.catalog import load_catalog
from course.cli.console import app, err, out
from course.errors import UsageError
from course.language import SOURCE_LANGUAGE

if TYPE_CHECKING:
    from course.catalog import Catalog, Chapter


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
def validate(
    run: Annotated[
        str | None, typer.Option("--run", metavar="SLUG", help="Also run this chapter's notebooks and solutions.")
    ] = None,
) -> None:
    """Say what is wrong in the course's files, by file and line: 2 as exit code where it is in course.yml."""
    from course.authoring.validate import course_notes, course_problems, rules_problems

    os.environ["COURSE_LANG"] = SOURCE_LANGUAGE  # what authors are told is in English, and so are the notebooks' words
    catalog = load_catalog()
    if catalog.is_installed:
        raise UsageError("An installed course holds no sources to validate. Run this in a clone of the course.")
    chapter = catalog.chapter(run) if run else None
    problems, notes = course_problems(catalog), course_notes(catalog)
    for problem in problems:
        out.print(problem, soft_wrap=True)
    faults = len(problems)
    if chapter:
        faults += _run_chapter(catalog, chapter, notes)
    if notes:
        out.print("To look at:")
    for note in notes:
        out.print(f"  {note}", soft_wrap=True)
    if not faults:
        out.print("No faults found.")
    sys.exit(2 if rules_problems(catalog) else 1 if faults else 0)


def _run_chapter(catalog: Catalog, chapter: Chapter, notes: list[str]) -> int:
    """Runs the chapter and prints what comes of it; the number of faults. What is to be looked at goes to notes."""
    from course.authoring.run import run_problems

    faults = 0
    with err.status(f"Running {chapter.slug} …") as status:
        for told in run_problems(catalog, chapter, status.update):
            if told.kind == "look":
                notes.append(told.text)
            else:
                out.print(told.text, soft_wrap=True)
            faults += told.kind == "fault"
    return faults


@app.command("format")
def format_sources(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; only tell which files would change.")] = False,
) -> None:
    """Bring notebooks into the form in which they are kept: no outputs, one sentence a line. For authors."""
    from course.authoring.formatting import format_notebooks, source_files

    catalog = load_catalog()
    if catalog.is_installed:
        raise UsageError("An installed course holds no sources to format. Run this in a clone of the course.")
    changed = format_notebooks(source_files(catalog), check=check)
    for path in changed:
        name = path.relative_to(catalog.root).as_posix()
        told = "is not as `course format` keeps it. Run `course format`." if check else "was formatted."
        out.print(f"{name} {told}", soft_wrap=True)
    sys.exit(1 if check and changed else 0)
