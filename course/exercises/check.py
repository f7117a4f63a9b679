"""`check("name")` in a learner's notebook: the same observation and the same judge as in grading, at once.

What it says is advice. Grading observes again, on other inputs, and judges outside the learner's kernel.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec

from course.catalog import Chapter, load_catalog
from course.errors import CourseError
from course.exercises import time_limit
from course.exercises.base import VISIBLE_SEED, judge_transcript, transcript_from_json, transcript_to_json
from course.exercises.last_checks import Found, cell_digest, cell_of, remember
from course.exercises.observe import observe_exercise
from course.exercises.registry import find_exercise, find_judge
from course.exercises.settings import course_settings
from course.language import _
from course.rules.read import load_rules
from course.storage.folder import notebook_folder
from course.storage.headings import sections_in
from course.storage.json_file import NotSaved
from course.verdict import Verdict


def check_in_notebook(name: str) -> Verdict:
    """The verdict on the function of that name in the running notebook. UsageError for an unknown exercise.

    CourseError where no verdict could be made. It is not returned: a stock nbgrader, without our grader, takes a cell
    whose value is no number for full points, and one that raises for none. There is no third for a cell of code.
    """
    fault = _("{name} could not be judged. That is a fault of the course, not of your answer: tell your instructor.")
    chapter, exercise = find_exercise(name)
    try:
        if not judges_are_here(chapter):
            return Verdict(name, None, 0.0, "manual", reason=_("In grading, check() is answered by the grader."))
        namespace = notebook_namespace()
        verdict = check_candidate(name, namespace, VISIBLE_SEED, chapter)
    except CourseError:
        raise
    except Exception as error:  # a judge that trips
        raise CourseError(f"{fault.format(name=name)} ({type(error).__name__}: {error})") from None
    if verdict.is_open:
        raise CourseError(f"{fault.format(name=name)} ({verdict.reason})")
    _remember(namespace.get(exercise.entry), verdict)
    hints = () if verdict.status == "passed" else tuple(exercise.hints())
    return replace(verdict, lessons=_lessons_with(verdict), hints=hints)


def _lessons_with(verdict: Verdict) -> dict[str, str]:
    """For each section to reread, the notebook beside this one in which it stands; the lesson comes first."""
    sections = {finding.reread for finding in verdict.findings if finding.reread}
    found = sections_in(notebook_folder()) if sections else {}
    return {section: found[section] for section in sections if section in found}


def _remember(candidate: object, verdict: Verdict) -> None:
    """For the contents page and `course progress`. That it cannot be noted is no reason to keep the verdict back."""
    source = cell_of(candidate)
    with contextlib.suppress(NotSaved):
        if source:
            remember(notebook_folder(), {verdict.name: Found(verdict.status, cell_digest(source))})


def judges_are_here(chapter: Chapter) -> bool:
    """False in the sandbox, which hides them: a cell that calls check() among other things then goes on."""
    return find_spec(f"course.chapters.{chapter.module}.judges") is not None


def check_candidate(name: str, namespace: Mapping[str, object], seed: int, chapter: Chapter | None = None) -> Verdict:
    """Observes and judges the function found in namespace, through the very form in which grading carries it.

    chapter: whose exercise it is; else it is looked for, see find_exercise.
    """
    chapter, exercise = find_exercise(name, chapter=chapter)
    rules = load_rules(load_catalog()).chapter(chapter.slug)
    points, seconds = rules.points_of(name, exercise.points), rules.seconds_of_call(name, time_limit.SECONDS)
    observed = observe_exercise(exercise, namespace.get(exercise.entry), seed, seconds)
    with course_settings():
        carried = transcript_from_json(json.loads(json.dumps(transcript_to_json(observed))))
        return judge_transcript(exercise, find_judge(chapter, name), seed, carried, points)


def notebook_namespace() -> Mapping[str, object]:
    """The names defined in the notebook (or in the script that runs us)."""
    try:
        from IPython.core.getipython import get_ipython

        shell = get_ipython()
    except ImportError:
        shell = None
    if shell is not None:
        return dict(shell.user_ns)
    import __main__

    return vars(__main__)
