"""Due dates and points off as course.yml sets them, in nbgrader's gradebook and by nbgrader's plugin.

Where course.yml says nothing, what the gradebook and nbgrader_config.py say stands.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties

from course.catalog import Catalog, load_catalog
from course.language import _
from course.rules.read import COURSE_FILE, load_rules


class CourseLatePenalty(LateSubmissionPlugin):  # type: ignore[misc]
    """nbgrader's plugin for lateness: the rule in course.yml for the assignment; without one, nbgrader's own settings.

    The file is read each time, so a rule that changes counts at once, also in a server that lives on.
    """

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Points off a notebook that has earned score."""
        catalog = load_catalog(Path(self.config.CourseDirectory.root))
        rule = load_rules(catalog).chapter(self.parent.assignment_id).late
        if rule is None:
            told: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return told
        return rule.penalty(score, total_seconds_late)


def other_plugin(settings: Any, catalog: Catalog, slug: str) -> str:
    """A sentence where course.yml has a rule for lateness, and nbgrader_config.py a plugin that does not read it."""
    plugin = AssignLatePenalties(config=settings).plugin_class
    if load_rules(catalog).chapter(slug).late is None or issubclass(plugin, CourseLatePenalty):
        return ""
    told = _("The rule for lateness in {file} is not used: nbgrader_config.py names another one, {plugin}.")
    return told.format(file=COURSE_FILE, plugin=plugin.__name__)


def follow_due_date(gradebook: Gradebook, catalog: Catalog, slug: str) -> str:
    """Gives the assignment the due date that course.yml sets; a sentence where the gradebook had another one.

    Nothing is done where course.yml sets none, or the gradebook does not know the assignment yet.
    """
    due = load_rules(catalog).chapter(slug).due
    try:
        assignment = gradebook.find_assignment(slug)
    except MissingEntry:
        return ""
    if due is None or assignment.duedate == due.in_utc:
        return ""
    before, now = assignment.duedate, due.in_utc
    assignment.duedate = now
    gradebook.db.commit()
    if before is None:
        return ""
    told = _("{slug} is due {now} now, as {file} says; the gradebook had {before}.")
    return told.format(slug=slug, now=_told(now), file=COURSE_FILE, before=_told(before))


def _told(moment: datetime | None) -> str:
    return _("at no time") if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC".replace(":00 UTC", " UTC")
