"""feedback.html: what a check found, as one page that opens from disk. Everything in it is escaped."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from course.grading.run import Result
from course.language import _, language
from course.storage.atomic import replace_file
from course.verdict import format_points, verdict_html

NAME = "feedback.html"


def write_feedback(result: Result, title: str, folder: Path) -> Path:
    """Writes folder/feedback.html (ours, so an earlier one is replaced) and returns its path. OSError if it cannot."""
    templates = Environment(
        loader=PackageLoader("course.grading.gradebook"), autoescape=True, undefined=StrictUndefined
    )
    page = templates.get_template("page.html").render(
        lang=language(),
        title=title,
        heading=_("Feedback"),
        score=format_points(result.score),
        max_score=format_points(result.max_score),
        points=_("points"),
        notes=result.notes,
        verdicts=[Markup(verdict_html(verdict)) for verdict in result.cells.values()],
    )
    path = folder / NAME
    replace_file(path, page.encode())
    return path
