"""What instructors call: `course roster`, `collect`, `grade`, `report`, `demo`."""

from __future__ import annotations

import contextlib
import os
import sys
import webbrowser
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.catalog import load_catalog
from course.cli.console import ChapterArgument, app, err
from course.errors import CourseError, UsageError
from course.language import _, in_language
from course.plain_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from course.catalog import Catalog
    from course.grading.gradebook.store import ClassFolder
    from course.grading.intake.collect import Collected
    from course.grading.intake.entries import Refused
    from course.grading.intake.roster import Roster
    from course.grading.intake.timestamp import TimeNote
    from course.grading.sandbox.kernels import Isolation
    from course.grading.schedule import Plan


@app.command()
def grade(
    chapter: ChapterArgument,
    students: Annotated[list[str] | None, typer.Argument(help="Only these students; all of them if none.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the results to this file.")] = None,
    isolation: Annotated[
        str, typer.Option(help="'sandbox', or 'none': submissions then run with all of your rights.")
    ] = "sandbox",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Submissions at a time; one more than the machine's cores if not given.")
    ] = None,
    scheduler: Annotated[str | None, typer.Option(help="Address of a running Dask scheduler, tcp://….")] = None,
    again: Annotated[bool, typer.Option("--again", help="Grade unchanged submissions anew.")] = False,
) -> None:
    """Grade the class: everything in class/submitted/, into class/autograded/ and the gradebook."""
    catalog = load_catalog()
    chapter = catalog.chapter(chapter).slug
    _speak_as_set(catalog, chapter)
    chosen_isolation = _class_isolation(isolation)
    if chosen_isolation == "sandbox" and scheduler is None and (again or _has_new_work(catalog, chapter)):
        _start_sandbox_early(catalog)
    from course.grading.gradebook.store import ClassFolder
    from course.grading.schedule import Plan
    from course.notebooks.rules import require_sound_rules

    require_sound_rules(catalog)
    class_folder = ClassFolder(catalog)
    submissions = class_folder.submitted(chapter)
    unknown = [name for name in students or [] if name not in submissions]
    if unknown:
        told = _("No submission of {chapter} by {names} in class/submitted/.")
        raise UsageError(told.format(chapter=chapter, names=", ".join(unknown)))
    if not submissions:
        told = _("There are no submissions of {chapter} in class/submitted/STUDENT/{chapter}/.")
        raise UsageError(told.format(chapter=chapter))
    chosen = {name: path for name, path in submissions.items() if not students or name in students}
    if told := class_folder.require_assignment(chapter):
        err.print(told)
    count = workers or _usual_workers()
    plan = Plan(chapter, chosen, chosen_isolation, count, scheduler, again)
    sys.exit(0 if _grade_rows(catalog, class_folder, plan, json_file) else 1)


def _speak_as_set(catalog: Catalog, slug: str) -> None:
    """From now on all is told in the language that course.yml sets for the chapter, in the sandbox as well."""
    from course.rules.read import chapter_rules

    chosen = chapter_rules(catalog, slug).language
    os.environ |= {"COURSE_LANG": chosen} if chosen else {}


def _usual_workers() -> int:
    """One more than the cores, as submissions sleep, and wait for what they have asked, now and then."""
    return (os.cpu_count() or 1) + 1


def _has_new_work(catalog: Catalog, chapter: str) -> bool:
    """A guess, before anything is read: True if work lies there that is newer than its judged notebooks."""
    folder = catalog.root / "class"
    for submitted in folder.glob(f"submitted/*/{chapter}"):
        judged = folder / "autograded" / submitted.parent.name / chapter
        newest = max((path.stat().st_mtime for path in submitted.glob("*") if path.is_file()), default=0.0)
        if not judged.is_dir() or judged.stat().st_mtime < newest:
            return True
    return False


def _start_sandbox_early(catalog: Catalog) -> None:
    """TensorFlow takes seconds to import: the sandbox begins while we read nbgrader's settings and the gradebook."""
    from course.grading.sandbox.sandbox_process import start_sandbox

    start_sandbox(catalog.root)


def _grade_rows(catalog: Catalog, class_folder: ClassFolder, plan: Plan, json_file: Path | None = None) -> bool:
    """Shows each submission as it is stored, with rate and time left, then a summary; True if all were graded."""
    from course.grading.display import RowsFile, Tally, display
    from course.grading.schedule import grade_class

    tally = Tally(len(plan.submissions))
    tell_changes = _changes_since(class_folder, plan.slug)
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(contextlib.closing(RowsFile(json_file))) if json_file else None
        try:
            with display(err, tally) as show:
                for row in grade_class(catalog, class_folder, plan):
                    show(row)
                    if file:
                        file.add(row)
        except KeyboardInterrupt:
            err.print(_("Stopped. What was graded is stored; the same command goes on with the rest."))
            sys.exit(130)
        for line in tally.summary():
            err.print(line)
        tell_changes(plan.submissions)
        if file:
            file.finish()
    return tally.all_graded


def _changes_since(class_folder: ClassFolder, slug: str) -> Callable[[Collection[str]], None]:
    """To be called before grading; what it gives, after it, with those who were graded: it tells whose points changed.

    A file that cannot be written costs the list of changes, never a grade.
    """
    from course.grading.changes import ChangesOfRun, changes_file, changes_in_words

    path, changes, fault = changes_file(class_folder.catalog, slug), None, ""
    try:
        changes = ChangesOfRun(class_folder, slug)
    except OSError as error:
        fault = str(error.strerror)

    def tell(students: Collection[str]) -> None:
        lines, told = [], fault
        try:
            lines = changes_in_words(changes.finish(students)) if changes else []
        except OSError as error:
            told = str(error.strerror)
        for line in lines:
            err.print(printable(line))
        if lines:
            err.print(
                _("All of them are in {path} and, with the next `course report`, in the report.").format(path=path)
            )
        if told:
            unnoted = _("Whose points changed cannot be noted in {path}: {reason}. The grades are stored.")
            err.print(unnoted.format(path=path, reason=told))

    return tell


def _class_isolation(asked: str) -> Isolation:
    """The isolation that was asked for; UsageError where it cannot be had. Never falls back by itself."""
    from course.grading.sandbox.bubblewrap import why_unavailable

    if asked == "none":
        return "none"
    if asked != "sandbox":
        raise UsageError(_("There is no isolation {name!r}. Choose sandbox or none.").format(name=asked))
    reason = why_unavailable()
    if reason:
        mend = _("To grade without a sandbox, with your own rights, add --isolation none.")
        raise UsageError(f"{reason} {mend}")
    return "sandbox"


@app.command()
def roster(
    file: Annotated[Path, typer.Argument(help="The class's list: CSV from Canvas, Moodle or a spreadsheet.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change, and change nothing.")] = False,
) -> None:
    """Put the students on a class list into the gradebook, with their numbers and addresses in Canvas or Moodle."""
    from course.grading.gradebook.store import ClassFolder
    from course.grading.intake.roster import take_roster
    from course.rules.read import course_language

    catalog = load_catalog()
    with in_language(course_language(catalog)):
        found = take_roster(ClassFolder(catalog), file, dry_run)
        for line in _roster_lines(found):
            err.print(printable(line))
        if dry_run:
            err.print(_("Nothing was written (--dry-run)."))
    sys.exit(1 if found.needs_attention else 0)


def _roster_lines(found: Roster) -> Iterator[str]:
    """What a list changes, what is to be looked at, and how many there are of each."""
    from course.grading.intake.roster import changes, described

    yield from (_("New: {person}").format(person=described(person)) for person in found.added)
    for before, after in found.changed:
        yield _("Changed: {id}: {changes}").format(id=before.id, changes="; ".join(changes(before, after)))
    if found.absent:
        names = ", ".join(person.id for person in found.absent)
        yield _("Not on the list, and kept in the gradebook: {names}.").format(names=names)
    yield from (
        _("Line {line} left out: {reason}").format(line=each, reason=why) for each, why in found.left_out.items()
    )
    for line, reason in sorted(found.problems.items()):
        yield _("Line {line} not used: {reason}").format(line=line, reason=reason)
    if found.guessed:
        yield _(
            "The file does not say how its letters are written; Windows-1252 was taken. If a name looks wrong, save "
            "the list as CSV UTF-8 and run this again."
        )
    told = _("{new} new, {changed} changed, {unchanged} unchanged, {absent} not on the list; lines not used: {unused}.")
    yield told.format(
        new=len(found.added),
        changed=len(found.changed),
        unchanged=len(found.unchanged),
        absent=len(found.absent),
        unused=len(found.problems),
    )


@app.command()
def collect(
    source: Annotated[Path, typer.Argument(help="A zip from Canvas or Moodle, or a folder with one folder a student.")],
    chapter: ChapterArgument,
) -> None:
    """Put what was handed in to where it is graded. Earlier work of the same student is kept in class/earlier/."""
    from course.grading.intake.collect import collect as collected
    from course.rules.read import grading_language

    catalog = load_catalog()
    chapter = catalog.chapter(chapter).slug
    with in_language(grading_language(catalog, chapter)):
        counts = _tell_collected(collected(catalog, chapter, source))
        listed = ", ".join(f"{word}: {counts[outcome]}" for outcome, word in _collected_words().items())
        told = _("Learners ({counts}); files not collected: {refused}.")
        err.print(told.format(counts=listed, refused=counts["refused"]))
    sys.exit(1 if counts["refused"] or counts["notes"] else 0)


def _tell_collected(rows: Iterator[Collected | Refused]) -> Counter[str]:
    """Tells each row as it comes, and at the end, however it comes, what to look at in the times; counts them all."""
    from course.grading.intake.collect import Collected
    from course.grading.intake.timestamp import notes_together

    counts: Counter[str] = Counter()
    times: dict[str, TimeNote] = {}
    try:
        for row in rows:
            counts[row.outcome if isinstance(row, Collected) else "refused"] += 1
            if isinstance(row, Collected):
                counts["notes"] += len(row.notes) + bool(row.time)
                times |= {row.student: row.time} if row.time else {}
            for line in _collected_lines(row):
                err.print(printable(line))
    except KeyboardInterrupt:
        err.print(_("Stopped. What was collected is in its place; the same command goes on with the rest."))
        sys.exit(130)
    finally:
        for line in notes_together(times):
            err.print(printable(line))
    return counts


def _collected_words() -> dict[str, str]:
    return {"new": _("new"), "replaced": _("replaced"), "unchanged": _("unchanged")}


def _collected_lines(row: Collected | Refused) -> Iterator[str]:
    """What to say of one learner's work, or of a file that was not taken."""
    from course.grading.intake.entries import Refused

    if isinstance(row, Refused):
        yield _("Not collected: {name}. {reason}").format(name=row.name, reason=row.reason)
        return
    told = [_collected_words()[row.outcome]]
    told += [_("late")] if row.late else []
    told += [_("not in the gradebook so far")] if row.stranger else []
    kept = " " + _("(earlier work is kept in {folder})").format(folder=row.earlier) if row.earlier else ""
    yield f"{row.student}: {', '.join(told)}{kept}"
    for note in row.notes:
        yield f"{row.student}: {note}"


@app.command()
def report(
    chapter: ChapterArgument,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Leave out names, times and exact points, and figures of few learners.")
    ] = False,
) -> None:
    """Show what the class understood: a page and CSV files in class/reports/, from what `course grade` found."""
    from course.rules.read import grading_language

    catalog = load_catalog()
    chapter = catalog.chapter(chapter).slug
    with in_language(grading_language(catalog, chapter)):
        page = _written_report(catalog, chapter, anonymous)
        err.print(_("The report is written in {path}.").format(path=page))


def _written_report(catalog: Catalog, slug: str, anonymous: bool) -> Path:
    from course.report.page import write_report

    try:
        return write_report(catalog, slug, anonymous)
    except OSError as error:
        told = _("The report cannot be written to {path}: {reason}.")
        raise CourseError(told.format(path=error.filename, reason=error.strerror)) from None


@app.command()
def demo(
    chapter: Annotated[str | None, typer.Argument(help="The chapter's slug, if not the usual one.")] = None,
    folder: Annotated[Path | None, typer.Option("--folder", help="Where the class is made, if not in demo/.")] = None,
    students: Annotated[int, typer.Option(min=6, max=500, help="How many learners.")] = 24,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make the class anew.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the report.")] = False,
) -> None:
    """Try grading on a simulated class: make it, with a copy of course.yml, grade it, and open the report."""
    from course.authoring.demo import remove_class, usual_chapter
    from course.grading.gradebook.store import ClassFolder
    from course.grading.schedule import Plan
    from course.report.page import write_report

    catalog = load_catalog()
    slug = catalog.chapter(chapter or usual_chapter(catalog)).slug
    _speak_as_set(catalog, slug)
    isolation = _class_isolation("sandbox")
    place = (folder or catalog.root / "demo").resolve()
    if fresh:
        remove_class(place)
    if not place.exists():
        _make_demo(catalog, place, slug, students)
    class_folder = ClassFolder(load_catalog(place))
    _speak_as_set(class_folder.catalog, slug)
    if not class_folder.submitted(slug):
        told = _(
            "The class in {place} has handed in nothing of {slug}: it was made for another chapter. Make it anew with "
            "--fresh, or choose another place with --folder."
        )
        raise UsageError(told.format(place=place, slug=slug))
    plan = Plan(slug, class_folder.submitted(slug), isolation, _usual_workers())
    _grade_rows(class_folder.catalog, class_folder, plan)
    page = write_report(class_folder.catalog, slug)
    written = _("The report is written in {path}.").format(path=page)
    err.print(f"{written} {_('nbgrader and `course` work on this class in {place}.').format(place=place)}")
    if not no_browser:
        webbrowser.open(page.as_uri())


def _make_demo(catalog: Catalog, place: Path, slug: str, students: int) -> None:
    from course.authoring.demo import enrol, make_class
    from course.grading.gradebook.store import ClassFolder
    from course.notebooks.rules import require_sound_rules
    from course.rules.read import COURSE_FILE

    require_sound_rules(catalog)
    err.print(_("Making a class of {count} in {place} …").format(count=students, place=place))
    if (catalog.root / COURSE_FILE).is_file():
        err.print(_("It is graded by a copy of {file}.").format(file=COURSE_FILE))
    missing = make_class(catalog, place, slug, students)
    err.print(_("Of them handed in nothing: {count}.").format(count=len(missing)))
    err.print(_("Grading 24 takes a minute or two on two cores; a second time, nothing is graded again."))
    enrol(ClassFolder(load_catalog(place)), slug, students)
