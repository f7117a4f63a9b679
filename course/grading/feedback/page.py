"""The page: what went well, what to look at again, the points, and each task. No script, and nothing from elsewhere.

One page for a whole chapter. What a learner wrote is escaped, or drawn by course/grading/gradebook/markdown.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from course.catalog import Catalog
from course.grading.feedback.sections import Section, sections_of
from course.grading.feedback.tasks import Task, tasks_of
from course.grading.feedback.work import Work, own_work
from course.grading.html_pages import page_templates
from course.grading.run import Result
from course.language import _, language, ngettext, with_marks
from course.rules.read import chapter_rules
from course.storage.atomic import replace_file
from course.verdict import Finding, format_points, reread_words, status_text, told_html, total_points

NAME = "feedback.html"


@dataclass(frozen=True)
class Idea:
    """A misconception that was found: in words, the tasks that show it, and the heading to reread ('' if none)."""

    says: str
    tasks: tuple[Task, ...]
    reread: str


def write_feedback(catalog: Catalog, result: Result, folder: Path) -> Path:
    """Writes folder/feedback.html (ours, so an earlier one is replaced) and returns its path. OSError if it cannot."""
    path = folder / NAME
    replace_file(path, page_of(catalog, result.chapter, own_work(result, folder)).encode("utf-8", "replace"))
    return path


def lateness_left_out(catalog: Catalog, slug: str) -> str:
    """What to say of points where nobody knows yet when the work is handed in; '' where lateness costs nothing."""
    rule = chapter_rules(catalog, slug).late
    return _("Points taken off for handing in late are not counted here.") if rule and rule.percent else ""


def page_of(catalog: Catalog, slug: str, work: Work) -> str:
    """The page's HTML."""
    tasks = tasks_of(work, catalog, slug)
    ideas = ideas_in(tasks)
    sections = sections_of(catalog, slug, {idea.reread for idea in ideas})
    templates = page_templates(
        "course.grading.feedback", points=_points, told=_told, status=status_of, reread=reread_words
    )
    return templates.get_template("page.html").render(
        words=words(),
        lang=language(),
        title=catalog.told(catalog.chapter(slug).title),
        work=work,
        tasks=tasks,
        well=went_well(tasks),
        ideas=ideas,
        sections=sections,
        places=_places(ideas, sections),
        left_out="" if work.is_of_a_class else lateness_left_out(catalog, slug),
        **sums(work, tasks),
    )


def words() -> dict[str, str]:
    """The page's own words, in the reader's language."""
    return {
        "feedback": _("Feedback"),
        "handed_in": _("handed in {time} UTC"),
        "points": _("points"),
        "so_far": _("so far"),
        "penalty_of": _("Late submission penalty: {points}"),
        "waiting": _("Waiting for a person:"),
        "well": _("What went well"),
        "ideas": _("Ideas to look at again"),
        "ideas_why": _("What came back is what it would be if one thought so:"),
        "in_notebook": _("With its figures and code in {file}."),
        "points_title": _("Points"),
        "task": _("Task"),
        "result": _("Result"),
        "penalty": _("Late submission penalty"),
        "together_so_far": _("Together, so far"),
        "together": _("Together"),
        "each": _("Each task"),
        "you_answered": _("You answered"),
        "looks_like": _("This looks like"),
        "comment": _("Your instructor's comment"),
        "right": _("Checks that are right: {count}"),
        "code": _("Your code"),
        "answer": _("Your answer"),
        "model": _("One good answer; yours may differ"),
        "see_model": _("To compare yours with one good answer, run this in a cell of the notebook:"),
    }


def ideas_in(tasks: Sequence[Task]) -> list[Idea]:
    """Each misconception once, in the order found; not of tasks that have all their points."""
    found: dict[str, tuple[str, dict[str, Task]]] = {}
    for task in tasks:
        for finding in (told.finding for told in task.wrong if task.verdict.status != "passed"):
            if finding.says:
                found.setdefault(finding.says, (finding.reread, {}))[1][task.name] = task
    return [Idea(says, tuple(where.values()), reread) for says, (reread, where) in found.items()]


def _places(ideas: Sequence[Idea], sections: dict[str, Section]) -> dict[str, int]:
    """For each section that is shown, the number of the first idea that leads to it: there its words stand."""
    places: dict[str, int] = {}
    for number, idea in enumerate(ideas, start=1):
        if idea.reread in sections:
            places.setdefault(idea.reread, number)
    return places


def went_well(tasks: Sequence[Task]) -> list[tuple[str, list[Task]]]:
    """How much is right, and in which tasks; nothing of those that wait."""
    done = [task for task in tasks if not task.waits]
    full = [task for task in done if task.verdict.status == "passed"]
    lines = [(_("All points"), full)] if full else []
    for task in done:
        counting = [told.finding for told in task.told if told.finding.weight > 0]
        right = sum(finding.passed for finding in counting)
        if right and task.verdict.status != "passed" and not task.by_hand:
            lines.append((_share_of_right(right, len(counting), task.is_quiz), [task]))
    return lines


def _share_of_right(right: int, total: int, is_quiz: bool) -> str:
    told = (
        ngettext("{right} of {all} answer right", "{right} of {all} answers right", total)
        if is_quiz
        else ngettext("{right} of {all} check right", "{right} of {all} checks right", total)
    )
    return told.format(right=right, all=total)


def sums(work: Work, tasks: Sequence[Task]) -> dict[str, Any]:
    """The points in sum, as the gradebook counts them: without what waits, less the points off for being late."""
    penalty = work.row.get("penalty") or 0.0
    before = total_points(task.verdict.score or 0.0 for task in tasks)
    return {
        "before": before,
        "penalty": penalty,
        "late": _lateness(work.seconds_late),
        "score": max(0.0, total_points([before, -penalty])),
        "max_score": total_points(task.verdict.max_score for task in tasks),
        "waiting": [task for task in tasks if task.waits],
    }


def _lateness(seconds: float | None) -> str:
    """How late, in the two largest units; '' for what was in time."""
    if seconds is None:
        return _("late, as Canvas says, which does not tell since when")
    minutes = int(seconds // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, _("{count} d")), (hours, _("{count} h")), (minutes, _("{count} min"))]
    told = [text.format(count=count) for count, text in parts if count][:2]
    if not told and seconds <= 0:
        return ""
    return _("late by {time}").format(time=" ".join(told) or _("less than a minute"))


def status_of(task: Task) -> str:
    """How the task stands, in words."""
    if task.waits:
        return _("waits for a person to grade it")
    if task.by_hand:
        return _("points given by a person")
    return status_text(task.verdict.status)


def _points(points: float | None) -> str:
    return "–" if points is None else with_marks(format_points(points))


def _told(finding: Finding) -> Markup:
    return Markup(told_html(finding))
