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
from typing import Any, Literal
from urllib.parse import quote

from course.language import _

Status = Literal["passed", "partial", "failed", "not attempted", "manual", "error"]


@dataclass(frozen=True)
class Finding:
    """One thing that was checked.

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

    def as_json(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "label": self.label,
            "message": self.message,
            "weight": self.weight,
            "misconception": self.misconception,
            "says": self.says,
            "reread": self.reread,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        weight, misconception = data.get("weight", 1.0), data.get("misconception")
        words = data.get("says", ""), data.get("reread", "")
        return cls(data["passed"], data["label"], data["message"], weight, misconception, *words)


@dataclass(frozen=True)
class Verdict:
    """The outcome of one graded cell.

    score, max_score: points, 0 ≤ score ≤ max_score; score is None while a person has yet to grade it ("manual") or
    where no verdict could be made ("error").
    reason: one plain sentence where the status alone does not say enough.
    lesson: where the sections to reread can be opened from, in a learner's notebook; no part of what was found.
    """

    name: str
    score: float | None
    max_score: float
    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    lesson: str = field(default="", compare=False)

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


def verdict_html(verdict: Verdict) -> str:
    """The report that a learner reads, as escaped HTML that stands alone: no script, no address but the lesson's."""
    points = "–" if verdict.score is None else format_points(verdict.score)
    head = (
        f"<p><strong><code>{html.escape(verdict.name)}</code>: {html.escape(status_text(verdict.status))}</strong>"
        f" — {points} / {format_points(verdict.max_score)} {html.escape(_('points'))}</p>"
    )
    reason = f"<p>{marked(verdict.reason)}</p>" if verdict.reason else ""
    return f'<div class="course-verdict">{head}{reason}{_findings_table(verdict)}</div>'


def _findings_table(verdict: Verdict) -> str:
    rows = "".join(
        f'<tr><td style="text-align:left;white-space:nowrap">{"✔" if f.passed else "✘"} '
        f"{html.escape(_('right') if f.passed else _('not yet'))}</td>"
        f'<td style="text-align:left">{marked(f.label)}</td>'
        f'<td style="text-align:left">{marked(f.message)}{_misconception(f, verdict.lesson)}</td></tr>'
        for f in verdict.findings
    )
    if not rows:
        return ""
    headers = (_("Result"), _("What was checked"), _("What came"))
    cells = "".join(f'<th scope="col" style="text-align:left">{html.escape(h)}</th>' for h in headers)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"


def marked(text: str) -> str:
    """A text of ours, or a learner's within it, as escaped HTML: what stands between backticks is shown as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text)).replace("\n", "<br>")


def _misconception(finding: Finding, lesson: str) -> str:
    """The wrong idea as a sentence, and the section to reread: as a link where the lesson is at hand."""
    if not finding.says:
        return ""
    told = f"<br><em>{html.escape(_('This looks like'))}: {marked(finding.says)}</em>"
    if not finding.reread:
        return told
    words = html.escape(reread_words(finding.reread))
    anchor = quote(finding.reread.replace(" ", "-"))  # JupyterLab's address of a heading
    return f'{told} <a href="{html.escape(lesson)}#{anchor}">{words}</a>' if lesson else f"{told} {words}"


def misconception_line(finding: Finding) -> str:
    """The same for a terminal: one line, '' where the result fits no wrong idea."""
    if not finding.says:
        return ""
    told = f"{_('This looks like')}: {finding.says}"
    return f"{told} {reread_words(finding.reread)}" if finding.reread else told


def reread_words(section: str) -> str:
    """What sends a learner back to a section of the lesson."""
    return _("Reread: {section}").format(section=section)


def printable(text: str) -> str:
    """Without the control characters with which a name could write on the terminal."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text)
