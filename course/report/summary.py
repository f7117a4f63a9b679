"""The report's first screen: how many, how well, what cost most, whom to look at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from course.language import _, ngettext, with_marks
from course.report.statistics import MisconceptionStatistics, Report, StudentStatistics
from course.verdict import format_points, reread_words

SHOWN = 3
FAULTS = {"unreadable", "fault", "not graded"}


@dataclass(frozen=True)
class Look:
    """A learner to look at: why, and the address of the feedback page, '' where there is none."""

    name: str
    why: str
    link: str


@dataclass(frozen=True)
class Summary:
    """counts: a number and what it counts; points: mean and spread in a sentence, '' where nothing is graded.

    hidden: what an anonymous report leaves out, whom to look at among it.
    """

    heading: str
    counts: Sequence[tuple[int, str]]
    points: str
    costly_heading: str
    costly: Sequence[tuple[str, str]]
    first_heading: str
    first: Sequence[Look]
    nobody: str
    hidden: Sequence[str]
    hidden_heading: str


def summary_of(
    report: Report,
    told: Callable[[StudentStatistics], Sequence[str]],
    links: Mapping[str, str],
    called: Mapping[str, str],
) -> Summary:
    """told: why to look at a learner, in sentences. links, called: addresses of feedback pages and full names, by
    learner."""
    costly = costliest(report.misconceptions)
    return Summary(
        heading=_("At a glance"),
        counts=_counts(report),
        points=_points(report),
        costly_heading=_("What cost the class most")
        if any(m.points_lost for m in costly)
        else _("Most common mistakes"),
        costly=[(m.says, _cost(m)) for m in costly],
        first_heading=_("Look at these first"),
        first=[
            Look(called.get(s.name, s.name), _why(s, told(s)), links.get(s.name, ""))
            for s in first_to_look_at(report.students)
        ],
        nobody=_("Nobody."),
        hidden=report.hidden,
        hidden_heading=_("Anonymous: what this report does not tell"),
    )


def _counts(report: Report) -> list[tuple[int, str]]:
    n = report.counts
    words = {
        "handed in": ngettext("has handed in", "have handed in", n["handed in"]),
        "graded": ngettext("is graded", "are graded", n["graded"]),
        "waiting": ngettext("has answers to mark by hand", "have answers to mark by hand", n["waiting"]),
        "attention": ngettext("needs your attention", "need your attention", n["attention"]),
        "missing": ngettext("has handed in nothing", "have handed in nothing", n["missing"]),
    }
    return [(n[code], word) for code, word in words.items()]


def _points(report: Report) -> str:
    if report.spread is None:
        return ""
    told = _("Mean {mean:.0f} %, median {median:.0f} % of the points; the middle half has {low:.0f} to {high:.0f} %.")
    return told.format(**asdict(report.spread))


def costliest(misconceptions: Sequence[MisconceptionStatistics]) -> list[MisconceptionStatistics]:
    """The SHOWN that cost most points; those of first answers in the quiz cost none, and follow by learners."""
    return sorted(misconceptions, key=lambda each: (-each.points_lost, -each.students))[:SHOWN]


def _cost(misconception: MisconceptionStatistics) -> str:
    told = [_("Learners: {count}.").format(count=misconception.students)]
    if misconception.points_lost:
        points = with_marks(format_points(round(misconception.points_lost, 1)))
        told.append(_("Points lost: {points}.").format(points=points))
    if misconception.reread:
        told.append(reread_words(misconception.reread))
    return " ".join(told)


def first_to_look_at(students: Sequence[StudentStatistics]) -> list[StudentStatistics]:
    """Up to SHOWN who handed something in: first what could not be graded, then the fewest points, short of all."""
    short = [s for s in students if s.status != "missing" and (_codes(s) & FAULTS or (s.percent or 0) < 100)]
    return sorted(short, key=_urgency)[:SHOWN]


def _why(student: StudentStatistics, reasons: Sequence[str]) -> str:
    if not student.graded or student.percent is None:
        return " ".join(reasons)
    return " ".join([_("{percent:.0f} % of the points.").format(percent=student.percent), *reasons])


def _codes(student: StudentStatistics) -> set[str]:
    return {code for code, _text in student.reasons}


def _urgency(student: StudentStatistics) -> tuple[bool, float, str]:
    share = 0.0 if student.percent is None else student.percent
    return (not _codes(student) & FAULTS, share, student.name)
