"""Pages that open from disk, made from the templates of a package: the report, and a learner's feedback."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from course.verdict import marked


@cache
def page_templates(package: str, **filters: Callable[..., Any]) -> Environment:
    """The templates of a package, read once for a whole class. Everything in them is escaped.

    filters: for these templates alone. All have `marked`: text in which code between backticks is shown as code, and
    formulas are drawn.
    """
    templates = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {"marked": _marked, **filters}
    return templates


def _marked(text: str) -> Markup:
    return Markup(marked(text))
