"""What a check found, as plain data that notebooks, the command line and the gradebook all show.

A Verdict is made by judges and by quiz scoring; nothing here decides right or wrong.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import zip_longest
from typing import Any, Literal
from urllib.parse import quote

from course.language import _, with_marks
from course.maths import FORMULA, BadMaths, formula_in_words, to_mathml

Status = Literal["passed", "partial", "failed", "not attempted", "manual", "error"]


@dataclass(frozen=True)
class Compared:
    """Numbers that came beside those that were expected, as a learner reads them, place by place.

    came, expected: of the same length, or one of them a single word or two. is_cut: whether there were more.
    """

    came: tuple[str, ...]
    expected: tuple[str, ...]
    is_cut: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"came": list(self.came), "expected": list(self.expected), "is_cut": self.is_cut}

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Pairs of what came and what was expected, '' where one of them ends.

        Where some places agree and some do not, those that do not have a mark.
        """
        pairs = list(zip_longest(self.came, self.expected, fillvalue=""))
        if not any(came == expected for came, expected in pairs):
            return pairs
        return [(came if came == expected else f"✘ {came}".rstrip(), expected) for came, expected in pairs]


@dataclass(frozen=True)
class Finding:
    """One thing that was checked.

    message: what was tried and what came. compared: the numbers, where there are some to compare. thought: one thought
    for whoever got it wrong. They are read in this order.

    weight: share of the points relative to the other findings, ≥ 0 (0 informs only).
    misconception: code of the wrong idea that the result fits, if it fits one; nobody is shown it.
    says, reread: that idea in a sentence, and the heading of the lesson's section that puts it right.
    """

    passed: bool
    label: str
    message: str = ""
    weight: float = 1.0
    misconception: str | None = None
    says: str = ""
    reread: str = ""
    compared: Compared | None = None
    thought: str = ""

    @property
    def told(self) -> str:
        """All of it as plain text: message, numbers one below the other, thought."""
        numbers = "\n".join(compared_lines(self.compared)) if self.compared else ""
        return "\n".join(part for part in (self.message, numbers, self.thought) if part)

    def as_json(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "label": self.label,
            "message": self.message,
            "weight": self.weight,
            "misconception": self.misconception,
            "says": self.says,
            "reread": self.reread,
            "thought": self.thought,
            "compared": self.compared and self.compared.as_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        weight, misconception = data.get("weight", 1.0), data.get("misconception")
        words = data.get("says", ""), data.get("reread", "")
        numbers = data.get("compared")
        compared = numbers and Compared(tuple(numbers["came"]), tuple(numbers["expected"]), numbers["is_cut"])
        thought = data.get("thought", "")
        return cls(data["passed"], data["label"], data["message"], weight, misconception, *words, compared, thought)


@dataclass(frozen=True)
class Verdict:
    """The outcome of one graded cell.

    score, max_score: points, 0 ≤ score ≤ max_score; score is None while a person has yet to grade it ("manual") or
    where no verdict could be made ("error").
    reason: one plain sentence where the status alone does not say enough.
    lessons: in a learner's notebook, the file in which each section to reread stands. hints: what the report offers
    there, one at a time. Both are no part of what was found.
    """

    name: str
    score: float | None
    max_score: float
    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    lessons: Mapping[str, str] = field(default_factory=dict, compare=False)
    hints: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_open(self) -> bool:
        """True where there are no points yet, not even zero: a person has to look."""
        return self.score is None

    @property
    def misconceptions(self) -> list[str]:
        """Codes of the wrong ideas found, each once, in the order found."""
        return list(dict.fromkeys(f.misconception for f in self.findings if f.misconception))

    def as_json(self) -> dict[str, Any]:
        return {
            "score": self.score,
            "max_score": self.max_score,
            "status": self.status,
            "reason": self.reason,
            "misconceptions": self.misconceptions,
            "findings": [finding.as_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, name: str, data: Mapping[str, Any]) -> Verdict:
        """The verdict that as_json told of. ValueError, KeyError or TypeError for anything else."""
        findings = tuple(Finding.from_json(finding) for finding in data["findings"])
        return cls(name, data["score"], data["max_score"], data["status"], findings, data["reason"])

    def __repr__(self) -> str:
        """Just the points: nbgrader reads a graded cell's plain text as its score.

        An open verdict is told in words. Where nbgrader finds words it gives all points, so an open verdict must not
        be left to it as a cell's value: check() raises instead, and the grader marks the cell itself.
        """
        return status_text(self.status) if self.score is None else repr(float(self.score)).removesuffix(".0")

    def _repr_html_(self) -> str:
        return verdict_html(self)


def share_points(parts: Iterable[tuple[float, float]], max_score: float) -> float:
    """The points that parts, pairs of weight ≥ 0 and credit from 0 to 1, have earned of max_score.

    Worked out exactly and then rounded down to cents; max_score itself where every weight is earned in full.
    0 ≤ result ≤ max_score, and 0 where nothing has weight.
    """
    pairs = [(exact(weight), exact(credit)) for weight, credit in parts]
    total = sum(weight for weight, _credit in pairs)
    earned = sum(weight * credit for weight, credit in pairs)
    if not earned:
        return 0.0
    if earned >= total:
        return float(max_score)
    return math.floor(earned / total * exact(max_score) * 100) / 100


def total_points(points: Iterable[float]) -> float:
    """The sum of points, added up exactly: 22.59, where floats would make 22.590000000000003 of it."""
    return float(sum(map(exact, points), Fraction()))


def exact(number: float) -> Fraction:
    """The fraction or decimal number that a float stands for: 3/5 for 0.6, 1/3 for 1 / 3, 3/10 for 0.1 + 0.2."""
    simple = Fraction(number).limit_denominator(10**6)
    return simple if math.isclose(simple, number, rel_tol=1e-12) else Fraction(str(number))


def weighted(name: str, findings: Sequence[Finding], max_score: float) -> Verdict:
    """Turns findings into points: the share of the weights that passed."""
    score = share_points([(f.weight, float(f.passed)) for f in findings], max_score)
    return Verdict(name, score, max_score, status_of(score, findings), tuple(findings))


def status_of(score: float, findings: Sequence[Finding]) -> Status:
    """Passed where everything that has weight is right, also in a cell that gives no points."""
    counting = [finding for finding in findings if finding.weight > 0]
    if counting and all(finding.passed for finding in counting):
        return "passed"
    return "partial" if score > 0 else "failed"


def format_points(points: float) -> str:
    """2.0 → '2', 1.5 → '1.5'."""
    return f"{points:.10g}"


def status_text(status: Status) -> str:
    """The status in the reader's language."""
    return {
        "passed": _("passed"),
        "partial": _("partly right"),
        "failed": _("not yet right"),
        "not attempted": _("not attempted"),
        "manual": _("graded by a person"),
        "error": _("needs attention"),
    }[status]


STYLES = frozenset({"text-align", "white-space", "padding", "vertical-align", "border-collapse", "font-weight"})
WIDEST_ROW = 36  # characters of numbers in a report beside JupyterLab's file browser, in a window of 1,000 pixels
_TABLE = "border-collapse:collapse;text-align:left"
_CELL = "text-align:left;vertical-align:top;padding:0.25em 1em 0.25em 0"
_ROW_NAME = "text-align:left;white-space:nowrap"
_NUMBER = "text-align:right;white-space:nowrap;padding:0 0 0 1em"


def verdict_html(verdict: Verdict) -> str:
    """The report that a learner reads, as escaped HTML that stands alone: no script, no style sheet, no address but
    the lesson's. It looks the same where our own style sheets are absent."""
    points = with_marks("–" if verdict.score is None else format_points(verdict.score))
    head = (
        f"<p><strong><code>{html.escape(verdict.name)}</code>: {html.escape(status_text(verdict.status))}</strong>"
        f" — {points} / {with_marks(format_points(verdict.max_score))} {html.escape(_('points'))}</p>"
    )
    reason = f"<p>{marked(verdict.reason)}</p>" if verdict.reason else ""
    return f'<div class="course-verdict">{head}{reason}{_findings_table(verdict)}{hints_html(verdict.hints)}</div>'


def _findings_table(verdict: Verdict) -> str:
    """What was checked, line by line; where nothing is to be said of any line, there is no column for it."""
    if not verdict.findings:
        return ""
    told = [f"{told_html(f)}{_misconception(f, verdict.lessons)}" for f in verdict.findings]
    has_remarks = any(told)
    rows = ""
    for finding, text in zip(verdict.findings, told, strict=True):
        last = f'<td style="{_CELL}">{text}</td>' if has_remarks else ""
        rows += f'<tr><td style="{_CELL};white-space:nowrap">{_result(finding)}</td>'
        rows += f'<td style="{_CELL}">{marked(finding.label)}</td>{last}</tr>'
    headers = [_("Result"), _("What was checked"), *([_("What came")] if has_remarks else [])]
    cells = "".join(f'<th scope="col" style="{_CELL}">{html.escape(h)}</th>' for h in headers)
    return f'<table style="{_TABLE}"><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>'


def _result(finding: Finding) -> str:
    return "✔ " + html.escape(_("right")) if finding.passed else "✘ " + html.escape(_("not yet"))


def told_html(finding: Finding) -> str:
    """Message, numbers and thought of a finding, one below the other."""
    parts = [marked(finding.message), marked(finding.thought)]
    if finding.compared is None:
        return "<br>".join(part for part in parts if part)
    return _compared_html(finding.compared).join(parts)


def _compared_html(compared: Compared) -> str:
    """A small table: what came above what was expected, with a mark at each place where they differ.

    Many numbers go on below, in two more rows, so that the report stays as narrow as the page.
    """
    columns = [*compared.columns, *([("…", "…")] if compared.is_cut else [])]
    body = ""
    for came, expected in (zip(*part, strict=True) for part in _in_rows(columns)):
        for title, numbers in ((_("Came back"), came), (_("Expected"), expected)):
            cells = "".join(f'<td style="{_NUMBER}">{html.escape(number)}</td>' for number in numbers)
            body += f'<tr><th scope="row" style="{_ROW_NAME}">{html.escape(title)}</th>{cells}</tr>'
    return f'<table style="{_TABLE}"><tbody>{body}</tbody></table>'


def _in_rows(columns: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """The columns in order, in as few parts as fit WIDEST_ROW each (a wider column is a part of its own)."""
    rows: list[list[tuple[str, str]]] = [[]]
    width = 0
    for pair in columns:
        column = max(map(len, pair)) + 2
        if rows[-1] and width + column > WIDEST_ROW:
            rows.append([])
            width = 0
        rows[-1].append(pair)
        width += column
    return rows


def compared_lines(compared: Compared) -> list[str]:
    """The same for a terminal: two lines, places aligned."""
    titles = [f"{_('Came back')}:", f"{_('Expected')}:"]
    came, expected = zip(*compared.columns, strict=True)
    widths = [max(map(len, pair)) for pair in compared.columns]
    title_width = max(map(len, titles))
    lines = []
    for title, numbers in zip(titles, (came, expected), strict=True):
        placed = [number.rjust(width) for number, width in zip(numbers, widths, strict=True)]
        lines.append("  ".join([title.ljust(title_width), *placed, *(["…"] if compared.is_cut else [])]).rstrip())
    return lines


def hints_html(hints: Sequence[str]) -> str:
    """Hints that a reader opens one at a time, by mouse or keyboard; the next one is found in the one before."""
    folded = ""
    for number, hint in reversed(list(enumerate(hints, start=1))):
        title = _("Hint {number} of {total}").format(number=number, total=len(hints))
        folded = f"<details><summary>{html.escape(title)}</summary><p>{marked(hint)}</p>{folded}</details>"
    return folded


def marked(text: str) -> str:
    """A text of ours, or a learner's within it, as escaped HTML: what stands between backticks is shown as code, and
    what stands between dollars is drawn as a formula."""
    pieces = re.split(r"(`[^`\n]+`)", text)
    return "".join(
        f"<code>{html.escape(piece[1:-1])}</code>" if place % 2 else _with_formulas(piece)
        for place, piece in enumerate(pieces)
    ).replace("\n", "<br>")


def _with_formulas(text: str) -> str:
    pieces = FORMULA.split(text)
    return "".join(_drawn(piece) if place % 2 else html.escape(piece) for place, piece in enumerate(pieces))


def _drawn(formula: str) -> str:
    try:
        return to_mathml(formula)
    except BadMaths:
        return html.escape(f"${formula}$")


def in_words(text: str) -> str:
    """The same text for a terminal: formulas as one would type them."""
    return FORMULA.sub(lambda match: formula_in_words(match[1]), text)


def _misconception(finding: Finding, lessons: Mapping[str, str]) -> str:
    """The wrong idea as a sentence, and the section to reread: as a link where its notebook is at hand."""
    if not finding.says:
        return ""
    told = f"<br><em>{html.escape(_('This looks like'))}: {marked(finding.says)}</em>"
    if not finding.reread:
        return told
    words, notebook = html.escape(reread_words(finding.reread)), lessons.get(finding.reread)
    anchor = quote(finding.reread.replace(" ", "-"))  # JupyterLab's address of a heading
    return f'{told} <a href="{html.escape(notebook)}#{anchor}">{words}</a>' if notebook else f"{told} {words}"


def misconception_line(finding: Finding) -> str:
    """The same for a terminal: one line, '' where the result fits no wrong idea."""
    if not finding.says:
        return ""
    told = f"{_('This looks like')}: {in_words(finding.says)}"
    return f"{told} {reread_words(finding.reread)}" if finding.reread else told


def reread_words(section: str) -> str:
    """What sends a learner back to a section of the chapter's notebooks."""
    return _("Reread: {section}").format(section=section)
