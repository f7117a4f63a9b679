"""Markdown with inline maths → safe HTML that needs no network, script or font.

Maths between dollar signs becomes MathML, which browsers draw themselves and screen readers speak. Raw HTML is
shown as text, images and odd links are left out: nothing here may let a text run anything in the learner's page.
"""

from __future__ import annotations

import html
import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline

from course.maths import FORMULA, BadMaths, to_mathml

# A formula that was drawn, with how it was written.
_FORMULA = re.compile(r"<math\b.*?<annotation[^>]*>(.*?)</annotation></semantics></math>", re.DOTALL)


@cache
def to_html(markdown: str) -> str:
    """Blocks of HTML for a prompt or an explanation."""
    return str(_markdown().render(markdown)).strip()


@cache
def to_inline_html(markdown: str) -> str:
    """HTML for an option: without the paragraph around it where there is only one."""
    blocks = to_html(markdown)
    if blocks.count("<p>") == 1 and blocks.startswith("<p>") and blocks.endswith("</p>"):
        return blocks.removeprefix("<p>").removesuffix("</p>")
    return blocks


@cache
def to_words(markdown: str) -> str:
    """The same text in plain words, for labels and reports: no marks, maths as written."""
    return _without_tags(_FORMULA.sub(r"\1", to_html(markdown)))


@cache
def to_plain(markdown: str) -> str:
    """The same text for a report: without Markdown, but code still stands in backticks and formulas in dollars."""
    blocks = _FORMULA.sub(r"$\1$", to_html(markdown))
    return _without_tags(re.sub(r"<code>([^<\n]*)</code>", r"`\1`", blocks))


def _without_tags(blocks: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", blocks)).split())


def formulas(markdown: str) -> list[str]:
    """The formulas between dollar signs, in order."""
    return [
        token.content
        for block in _markdown().parse(markdown)
        for token in block.children or []
        if token.type == "formula"
    ]


def code_spans(markdown: str) -> list[str]:
    """The pieces of code, inline and in blocks, in order."""
    tokens = _markdown().parse(markdown)
    inline = [token.content for block in tokens for token in block.children or [] if token.type == "code_inline"]
    return inline + [token.content for token in tokens if token.type in {"fence", "code_block"}]


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    markdown.inline.ruler.before("escape", "formula", _formula_rule)
    markdown.add_render_rule("formula", _render_formula)
    return markdown


def _formula_rule(state: StateInline, silent: bool) -> bool:
    """$…$ on one line; no space just inside the dollars, and no digit after the last one ($5 and $6 are money)."""
    if state.src[state.pos] != "$":
        return False
    match = FORMULA.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        state.push("formula", "math", 0).content = match[1]
    state.pos = match.end()
    return True


def _render_formula(self: RendererHTML, tokens: list, index: int, options: object, env: object) -> str:  # type: ignore[type-arg]
    try:
        return to_mathml(tokens[index].content)
    except BadMaths:
        return f"<code>{html.escape(tokens[index].content)}</code>"
