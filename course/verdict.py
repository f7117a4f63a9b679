"""What a check found, as plain data that notebooks, the command line and the gradebook all show.

A Verdict is made by judges and by quiz scoring; nothing here decides right or wrong.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from course.language import _

Status = Literal["passed", "partial", "failed", "not attempted", "manual", "error"]


@dataclass(frozen=True)
class Finding:
    """One thing that was checked.

    weight: share of the points relative to the other findings, ≥ 0 (0 informs only).
    misconception: name of the wrong idea that the result fits, if it fits one.
    """

    passed: bool
    label: str
    message: str = ""
    weight: float = 1.0
    misconception: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"passed": self.passed, "label": self.label, "message": self.message}


@dataclass(frozen=True)
class Verdict:
    """The outcome of one graded cell.

    score, max_score: points, 0 ≤ score ≤ max_score; score is None while a person has yet to grade it.
    reason: one plain sentence where the status alone does not say enough.
    """

    name: str
    score: float | None
    max_score: float
    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str = ""

    @property
    def misconceptions(self) -> list[str]:
        """Names of the wrong ideas found, each once, in the order found."""
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

    def __repr__(self) -> str:
        """Just the points: nbgrader reads a graded cell's plain text as its score."""
        return format_points(self.score or 0.0)

    def _repr_html_(self) -> str:
        return verdict_html(self)


def weighted(name: str, findings: Sequence[Finding], max_score: float) -> Verdict:
    """Turns findings into points: the share of the weights that passed, rounded down to cents."""
    total = sum(f.weight for f in findings)
    earned = sum(f.weight for f in findings if f.passed)
    share = earned / total if total else 0.0
    score = max_score if earned == total and total else int(share * max_score * 100) / 100
    status: Status = "passed" if score == max_score else "partial" if score > 0 else "failed"
    return Verdict(name, score, max_score, status, tuple(findings))


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
    """The report that a learner reads, as escaped HTML that stands on its own (no script, no address)."""
    points = "–" if verdict.score is None else format_points(verdict.score)
    head = (
        f"<p><strong><code>{html.escape(verdict.name)}</code>: {html.escape(status_text(verdict.status))}</strong>"
        f" — {points} / {format_points(verdict.max_score)} {html.escape(_('points'))}</p>"
    )
    reason = f"<p>{marked(verdict.reason)}</p>" if verdict.reason else ""
    return f'<div class="course-verdict">{head}{reason}{_findings_table(verdict.findings)}</div>'


def _findings_table(findings: Iterable[Finding]) -> str:
    rows = "".join(
        f'<tr><td style="text-align:left;white-space:nowrap">{"✔" if f.passed else "✘"} '
        f"{html.escape(_('right') if f.passed else _('not yet'))}</td>"
        f'<td style="text-align:left">{marked(f.label)}</td>'
        f'<td style="text-align:left">{marked(f.message)}{_misconception(f)}</td></tr>'
        for f in findings
    )
    if not rows:
        return ""
    headers = (_("Result"), _("What was checked"), _("What came"))
    cells = "".join(f'<th scope="col" style="text-align:left">{html.escape(h)}</th>' for h in headers)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"


def marked(text: str) -> str:
    """A text of ours, or a learner's within it, as escaped HTML: what stands between backticks is shown as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text)).replace("\n", "<br>")


def _misconception(finding: Finding) -> str:
    if not finding.misconception:
        return ""
    return f"<br><em>{html.escape(_('This looks like'))}: <code>{html.escape(finding.misconception)}</code></em>"


def printable(text: str) -> str:
    """Without the control characters with which a name could write on the terminal."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text)
