"""Draws a learner's Markdown for formgrader and for feedback, without what could act there.

nbconvert leaves HTML in Markdown as it is, and formgrader shows it with the instructor's own rights. Formulas become
MathML here, without links: no script that reads TeX is on those pages.
"""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from course.maths import BadMaths, to_mathml
from course.notebooks.sanitise import PICTURES, TAGS, as_written, too_long

MAX_MARKDOWN = 20_000  # characters that are drawn; a longer text is shown as it was written, and cut off there
MAX_BARS = 1_500  # of tables; a table can have as many cells as the square of its length
MAX_DRAWN = 200_000  # characters of HTML, formulas and pictures aside
MAX_FORMULA = 1_000  # characters of a formula that is drawn; a longer one is shown as it was written
MAX_FORMULAS = 200  # formulas that are drawn in one text
MAX_LINES = 60  # lines of a formula that stands by itself

_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "abbr": {"title"}, "td": {"style"}, "th": {"style"}}
_SCHEMES = {"http", "https", "mailto", "data", "attachment"}

# A host, or an address: a browser takes `https:tree` and `https:/tree` for places on the server that it is looking at.
_LINK = re.compile(r"https?://[^\W_][^\s\\\x00-\x1f]*|mailto:[^\W_][^\s\\\x00-\x1f]*", re.IGNORECASE)
_PICTURE = re.compile("|".join(rf"data:{re.escape(kind)};base64,[A-Za-z0-9+/]+={{0,2}}" for kind in PICTURES))

_INLINE_FORMULA = re.compile(r"\$(?![\s$])((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d)|\\\\\((.{1,1000}?)\\\\\)")
_DISPLAY_FORMULA = re.compile(r"\$\$([^$]{1,1000})\$\$")
_BLOCK_BEGINS = re.compile(r"(\$\$|\\\\\[|\\begin\{([a-z]{1,20}\*?)\})")


def draw(source: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
    """HTML of a Markdown text. attachments: pictures by name, and in each its base64 text by kind, as in a notebook.

    No script, no style, no form, no frame; pictures only from within the notebook; links only to the web, and none in
    formulas. Text that cannot be drawn is shown as it was written.
    """
    if len(source) > MAX_MARKDOWN:
        return as_written(source[:MAX_MARKDOWN]) + f"<p>{html.escape(too_long())}</p>"
    if source.count("|") > MAX_BARS:
        return as_written(source)
    formulas: list[str] = []
    secret = secrets.token_hex(16)  # nobody can write the mark of a formula by hand
    try:
        drawn = _parser().render(source, {"formulas": formulas, "secret": secret})
        if len(drawn) > MAX_DRAWN:
            return as_written(source)
        return _with_formulas(_clean(drawn, attachments, secret), formulas, secret)
    except Exception:  # lists a thousand deep: no reason to show nothing
        return as_written(source)


def is_link(address: str) -> bool:
    """Whether an address leads to the web or to a mailbox, whatever page it stands on."""
    return _LINK.fullmatch(address) is not None


def _clean(drawn: str, attachments: Mapping[str, Mapping[str, str]], secret: str) -> str:
    def kept(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("a", "href"):
            return value if is_link(value) else None
        if (tag, name) == ("img", "src"):
            return _picture(value, attachments)
        return value

    return nh3.clean(
        drawn,
        tags=TAGS,
        clean_content_tags={"script", "style", "svg", "math"},
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        url_schemes=_SCHEMES,
        allowed_classes={"span": {secret}},
        filter_style_properties={"text-align"},
    )


def _picture(address: str, attachments: Mapping[str, Mapping[str, str]]) -> str | None:
    """The address of a picture that the notebook itself brings, or None: pictures from elsewhere are not fetched."""
    if address.startswith("attachment:"):
        name = address.removeprefix("attachment:")
        picture = attachments.get(name) or attachments.get(unquote(name)) or {}
        found = [f"data:{kind};base64,{''.join(picture[kind].split())}" for kind in PICTURES if kind in picture]
        address = found[0] if found else ""
    return address if _PICTURE.fullmatch(address) else None


def _with_formulas(cleaned: str, formulas: list[str], secret: str) -> str:
    """Puts the formulas where their marks are. In an attribute no mark can stand: quotes are escaped there."""

    def drawn(match: re.Match[str]) -> str:
        return formulas[int(match[1])]

    return re.sub(rf'<span class="{secret}">(\d+)</span>', drawn, cleaned)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("escape", "formula", _inline_formula)
    parser.block.ruler.before("fence", "formula", _block_formula, {"alt": ["paragraph", "blockquote", "list"]})
    parser.add_render_rule("formula", _mark_formula)
    return parser


def _inline_formula(state: StateInline, silent: bool) -> bool:
    r"""$…$ and \\(…\\) in a line, $$…$$ in a paragraph."""
    if state.src[state.pos] not in "$\\":
        return False
    display = _DISPLAY_FORMULA.match(state.src, state.pos)
    match = display or _INLINE_FORMULA.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content = next(part for part in match.groups() if part is not None)
        token.meta = {"display": display is not None}
    state.pos = match.end()
    return True


def _block_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""Lines from $$, \\[ or \begin{…} to the line that ends with $$, \\] or \end{…}."""
    if state.is_code_block(start):
        return False
    first = state.getLines(start, start + 1, state.blkIndent, False).strip()
    opening = _BLOCK_BEGINS.match(first)
    if opening is None:
        return False
    closing = f"\\end{{{opening[2]}}}" if opening[2] else "$$" if opening[1] == "$$" else "\\\\]"
    lines = [first[opening.end() :]]
    while not lines[-1].endswith(closing):
        line = start + len(lines)
        if line >= end or len(lines) == MAX_LINES:
            return False
        lines.append(state.getLines(line, line + 1, state.blkIndent, False).strip())
    if not silent:
        _push_block(state, start, opening, "\n".join(lines).removesuffix(closing), closing)
    state.line = start + len(lines)
    return True


def _push_block(state: StateBlock, start: int, opening: re.Match[str], inner: str, closing: str) -> None:
    token = state.push("formula", "math", 0)
    token.content = opening[1] + inner + closing if opening[2] else inner
    token.meta = {"display": True}
    token.block = True


def _mark_formula(self: RendererHTML, tokens: list[Any], index: int, options: object, env: Any) -> str:
    """A mark for the formula, which is put in after everything else has been cleaned."""
    env["formulas"].append(_formula(tokens[index], len(env["formulas"])))
    mark = f'<span class="{env["secret"]}">{len(env["formulas"]) - 1}</span>'
    return f"<p>{mark}</p>\n" if tokens[index].block else mark


def _formula(token: Any, drawn_before: int) -> str:
    source = token.content.strip()
    try:
        if len(source) > MAX_FORMULA or drawn_before >= MAX_FORMULAS:
            raise BadMaths
        drawn = to_mathml(source.replace("{aligned}", "{align*}"))
    except BadMaths:
        return f"<code>{html.escape(source)}</code>"
    return drawn.replace('display="inline"', 'display="block"', 1) if token.meta["display"] else drawn
