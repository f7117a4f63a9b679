"""What learners call: `course lab`, `check`, `progress`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from course.catalog import load_catalog
from course.cli.console import ChapterArgument, app, err, out
from course.errors import UsageError
from course.language import _, in_language, with_marks
from course.plain_text import printable
from course.verdict import Verdict, format_points, in_words, misconception_line, status_text

if TYPE_CHECKING:
    from course.catalog import Catalog, Chapter
    from course.grading.sandbox.kernels import Isolation


@app.command()
def lab(
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Start the server only.")] = False,
    port: Annotated[int | None, typer.Option(help="Port to serve on, 1 to 65535.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language of quizzes and messages, e.g. es.")] = None,
) -> None:
    """Lay out your workspace and open JupyterLab on the contents page."""
    from course.lab import open_lab, say_placed
    from course.notebooks.workspace import lay_out, workspace_folder

    catalog = load_catalog()
    folder = workspace_folder(catalog)
    with in_language(lang):  # of the contents page and the ways between notebooks as well
        for line in say_placed(lay_out(catalog, folder)):
            err.print(line)
        sys.exit(open_lab(folder, browser=not no_browser, port=port, lang=lang))


@app.command()
def check(
    chapter: ChapterArgument,
    folder: Annotated[
        Path | None, typer.Option("--from", help="Your folder, if not workspace/ or the one you are in.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Grade your own work as an instructor would, and write feedback.html beside it."""
    from course.grading.feedback.page import lateness_left_out, write_feedback
    from course.grading.run import grade_folder
    from course.notebooks.progress import remember_result
    from course.storage.json_file import NotSaved

    catalog = load_catalog()
    known = catalog.chapter(chapter)
    chapter = known.slug
    work = _own_folder(catalog, known, folder)
    isolation, notice = _own_isolation()
    if notice:
        err.print(notice)
    with err.status(_("Running and judging {name} …").format(name=work.name)):
        result = grade_folder(catalog, chapter, work, isolation)
    trouble = result.status != "graded"
    try:
        page = write_feedback(catalog, result, work)
        remember_result(work, {name: verdict.status for name, verdict in result.cells.items()})
        told = _("What was found is written in {path}.").format(path=page)
    except (OSError, NotSaved) as error:
        trouble = True
        told = _("feedback.html could not be written to {folder}: {reason}").format(folder=work, reason=error)
    if as_json:
        print(json.dumps(result.as_json(), indent=1, ensure_ascii=False))
    else:
        _print_result(result, catalog.heading(known), lateness_left_out(catalog, chapter))
    if not as_json or trouble:
        err.print(told)
    sys.exit(1 if trouble else 0)


def _own_isolation() -> tuple[Isolation, str]:
    """Sealed where that can be had; one's own work may run without, and is told so."""
    from course.grading.sandbox.bubblewrap import why_unavailable

    reason = why_unavailable()
    told = _("Your notebook runs unsealed, with your own rights.")
    return ("none", f"{told} {reason}") if reason else ("sandbox", "")


def _own_folder(catalog: Catalog, chapter: Chapter, folder: Path | None) -> Path:
    """Where a learner's files of the chapter are, under any slug that it had; UsageError says where we looked."""
    from course.notebooks.workspace import workspace_folder

    slugs = (chapter.slug, *chapter.formerly)
    base = folder or (Path.cwd() if Path.cwd().name in slugs else workspace_folder(catalog))
    if not base.is_dir():
        raise _no_folder(base, is_named=folder is not None)
    for place in (*(base / slug for slug in slugs), base):
        if place.is_dir() and any(place.glob("*.ipynb")):
            return place
    told = _("{folder} holds no notebooks of {slug}. Say where yours are with --from FOLDER.")
    raise UsageError(told.format(folder=base, slug=chapter.slug))


def _no_folder(folder: Path, is_named: bool) -> UsageError:
    told = _("There is no folder {folder}.").format(folder=folder)
    hint = _("Run `course lab` first, or say where with --from FOLDER.")
    return UsageError(told if is_named else f"{told} {hint}")


@app.command()
def progress(
    folder: Annotated[Path | None, typer.Option("--from", help="Your workspace, if not workspace/.")] = None,
) -> None:
    """Show how far you are in each chapter, without running anything."""
    from course.notebooks.progress import progress_lines
    from course.notebooks.workspace import workspace_folder

    catalog = load_catalog()
    place = folder or workspace_folder(catalog)
    if not place.is_dir():
        raise _no_folder(place, is_named=folder is not None)
    for line in progress_lines(catalog, place):
        out.print(line, soft_wrap=True)


def _print_result(result: Any, title: str, about_lateness: str) -> None:
    from course.grading.run import outcome_words

    table = Table(title=title, title_justify="left")
    for name, justify in ((_("Exercise"), "left"), (_("Points"), "right"), (_("Result"), "left")):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for name, verdict in result.cells.items():
        table.add_row(name, _points(verdict.score, verdict.max_score), status_text(verdict.status))
    table.add_section()
    outcome = outcome_words()[result.status]
    table.add_row(_("Together"), _points(result.score, result.max_score), outcome)
    out.print(table)
    if about_lateness:
        out.print(about_lateness)
    for name, verdict in result.cells.items():
        if thoughts := _thought(verdict):
            out.print(f"\n{name}", style="bold", markup=False)
            out.print(Padding(Text(thoughts), (0, 0, 0, 2)))
    for note in result.notes:
        out.print(printable(note))


def _points(score: float | None, max_score: float) -> str:
    return with_marks(f"{'–' if score is None else format_points(score)} / {format_points(max_score)}")


def _thought(verdict: Verdict) -> str:
    """What is not right yet, and why: a mark and what was checked, and below it, indented, what there is to say."""
    lines = [in_words(verdict.reason)] if verdict.reason else []
    for finding in verdict.findings:
        if not finding.passed:
            told = "\n".join(part for part in (in_words(finding.told), misconception_line(finding)) if part)
            lines += [f"✘ {in_words(finding.label)}", indent(told, "  ")]
    return printable("\n".join(line for line in lines if line))
