"""Draws a learner's Markdown in formgrader and in nbgrader's feedback, without what could act there.

Both are made by nbconvert, which leaves HTML in Markdown as it is, and formgrader shows it with the instructor's own
rights. nbgrader_config.py puts `safe_markdown` in the place of nbconvert's filter.
"""

from __future__ import annotations

import html
from typing import Any

import bleach  # type: ignore[import-untyped]
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course.grading.harmless import PICTURES

MAX_MARKDOWN = 20_000  # characters that are drawn; a longer text is shown as it was written, and cut off there

_TAGS = (
    {"a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3"}
    | {"h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "mark", "ol", "p", "pre", "s", "span", "strong", "sub"}
    | {"summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"}
)


@pass_context
def safe_markdown(context: Any, source: str) -> str:
    """Takes the place of nbconvert's filter markdown2html: the same Markdown and maths, without what could act.

    No script, no style, no form, no frame; pictures only from within the notebook; links only to the web. Text that
    cannot be drawn is shown as it was written.
    """
    if len(source) > MAX_MARKDOWN:
        return _as_written(source[:MAX_MARKDOWN])
    attachments = (context.get("cell") or {}).get("attachments") or {}
    try:
        renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
        return str(_cleaner().clean(MarkdownWithMath(renderer=renderer).render(source)))
    except Exception:  # an attachment that is not there, lists a thousand deep: no reason to show nothing
        return _as_written(source)


def _as_written(source: str) -> str:
    return f"<pre>{html.escape(source)}</pre>"


def _cleaner() -> bleach.Cleaner:
    return bleach.Cleaner(
        tags=_TAGS,
        attributes=_is_harmless,
        protocols={"http", "https", "mailto", "data"},
        strip_comments=True,
    )


def _is_harmless(tag: str, name: str, value: str) -> bool:
    """Relative links could lead to a page beside the notebook, which formgrader would serve as its own."""
    if (tag, name) == ("a", "href"):
        return value.lower().startswith(("http://", "https://", "mailto:"))
    if (tag, name) == ("img", "src"):
        return value.startswith(tuple(f"data:{kind};base64," for kind in PICTURES))
    return (tag, name) in {("img", "alt"), ("a", "title"), ("abbr", "title"), ("td", "align"), ("th", "align")}
