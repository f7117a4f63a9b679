"""One sentence a line in Markdown, so that a change of prose is a readable diff. What it shows stays the same.

Only paragraphs are touched, in lists and quotations too: no heading, table, code, formula or HTML. A line that would
show as something else is left as it was.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PROTECTED = re.compile(r"(`+).+?\1|\$\$.+?\$\$|\$[^$\n]+\$|!?\[[^\]]*\]\([^)]*\)|<[^>\n]+>", re.DOTALL)
_END = re.compile(r"""(?<=[.!?…])([)"'»”’*_]*) +(?=["'«“‘(*_`$¿¡✎\[]*[A-ZÀ-ÖØ-Þ0-9`$✎])""")
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|et al|cf|vs|figs?|eq|vol|pp?|dr|mrs?|prof|approx|ca|resp|p\. ?ej|sec|ch)\.$", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?:^|[*_(])\d+\.$")
_RUN_IN = re.compile(r"\s*\*\*[^*]+\*\*")  # a heading in bold at the head of its paragraph, such as **What we saw.**
_MOST_TIMES = 5  # of a text that looks otherwise each time: such as nobody writes
_STARTS_A_BLOCK = re.compile(r"(?:[-+*>#|=]|\d+[.)])(?:\s|$)|[=-]+\s*$|\|")


def one_sentence_a_line(markdown: str) -> str:
    """The same Markdown with each sentence of its paragraphs on a line of its own; a second time changes nothing."""
    for _time in range(_MOST_TIMES):
        formatted = _split_paragraphs(markdown)
        if formatted == markdown:
            break
        markdown = formatted
    return markdown


def _split_paragraphs(markdown: str) -> str:
    lines = markdown.split("\n")
    for token in reversed(_paragraphs(markdown)):
        start, end = token.map or (0, 0)
        changed = _split_paragraph(lines[start:end])
        candidate = [*lines[:start], *changed, *lines[end:]]
        if _shown("\n".join(candidate)) == _shown("\n".join(lines)):
            lines = candidate
    return "\n".join(lines)


def _paragraphs(markdown: str) -> list[Token]:
    """The tokens of paragraphs, with the lines on which they stand."""
    return [token for token in _markdown().parse(markdown) if token.type == "paragraph_open" and token.map]


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def _shown(markdown: str) -> str:
    """The HTML that it makes, in which a line's end is a blank."""
    return re.sub(r"\s+", " ", str(_markdown().render(markdown)))


def _split_paragraph(lines: list[str]) -> list[str]:
    """The lines of one paragraph, a sentence each; hard line breaks stay where they are."""
    first = re.match(r"(?:[ \t]*(?:>[ \t]?|[-+*][ \t]+|\d+[.)][ \t]+))*[ \t]*", lines[0])
    marker = first[0] if first else ""
    indent = re.sub(r"[^>\s]", " ", marker)  # a quotation goes on with its mark, a list item with blanks
    parts, hard = [lines[0][len(marker) :]], False
    for line in lines[1:]:
        text = line.strip().removeprefix(">").strip() if ">" in indent else line.strip()
        hard = parts[-1].endswith(("  ", "\\"))
        if hard:
            parts.append(text)
        else:
            parts[-1] = f"{parts[-1].rstrip()} {text}"
        if line.endswith("  "):
            parts[-1] += "  "
    parts[-1] = parts[-1].rstrip()
    sentences = [sentence for part in parts for sentence in split_sentences(part)]
    return [marker + sentences[0], *(indent + sentence for sentence in sentences[1:])]


def split_sentences(text: str) -> list[str]:
    """The sentences of a text on one line. Code, formulas, links and abbreviations are never split."""
    protected = [match.span() for match in _PROTECTED.finditer(text)]
    sentences, begun = [], 0
    for match in _END.finditer(text):
        inside = any(start < match.start() < end for start, end in protected)
        before = text[begun : match.start()]
        no_end = _ABBREVIATION.search(before) or _NUMBERED.search(before)
        no_end = no_end or _RUN_IN.fullmatch(text[begun : match.end(1)])
        if inside or no_end or _STARTS_A_BLOCK.match(text[match.end() :]):
            continue
        sentences.append(text[begun : match.end()].rstrip())
        begun = match.end()
    return [*sentences, text[begun:]]
