"""The report's details below its first screen, section by section: words, pictures and tables, no HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from course.grading.changes import cells_in_words, from_to
from course.language import _, fill, ngettext, number, with_marks
from course.report.drawing import WEAK, Drawing, dot_plot, histogram, mean_points, outcome_bars, outcome_words
from course.report.measures import FEWEST_FOR_ALPHA, SMALL_CLASS, Reliability
from course.report.questions import QuestionStatistics, WrongAnswer
from course.report.statistics import MisconceptionStatistics, Report, StudentStatistics
from course.report.work import QUIZ
from course.verdict import format_points

MOST_NAMES = 8  # beside a wrong answer; wrong_answers.csv has all
SHORT = 5  # rows that are shown before the rest is folded
ON_PAPER = 40  # rows up to which a table is opened on paper
MISCONCEPTIONS = "misconceptions.csv"
Bar = dict[str, str | int]
Cell = str | int | Bar


@dataclass(frozen=True)
class Table:
    """folded: shown when it is opened; on paper, where nothing can be, only if `prints` and it is not too long.

    file: the CSV file that has the same.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    file: str
    folded: bool = True
    prints: bool = False

    @property
    def groups(self) -> list[list[Sequence[Cell]]]:
        """The rows; neighbours that begin alike are together, so that the page says it once."""
        return [list(group) for _first, group in groupby(self.rows, key=lambda row: row[0])]

    @property
    def is_wide(self) -> bool:
        """More columns than a narrow page has room for."""
        return len(self.columns) > 2

    @property
    def on_paper(self) -> bool:
        return self.prints and len(self.rows) <= ON_PAPER


@dataclass(frozen=True)
class Texts:
    """What learners wrote, folded where there is more than a little of it."""

    heading: str
    texts: Sequence[str]


@dataclass(frozen=True)
class Section:
    """figures: drawings, each with the table that says the same; notes: beside them, under a heading of their own.

    legend: how to read all this, folded.
    """

    heading: str
    intro: str = ""
    notes: Sequence[str] = ()
    figures: Sequence[tuple[Drawing, Table]] = ()
    tables: Sequence[Table] = ()
    lists: Sequence[Texts] = ()
    legend: str = ""

    @property
    def notes_heading(self) -> str:
        return _("Look at these questions")

    @property
    def legend_heading(self) -> str:
        return _("How to read this")

    @property
    def is_empty(self) -> bool:
        return not (self.intro or self.notes or self.figures or self.tables or self.lists)


def sections_of(report: Report, called: Mapping[str, str]) -> list[Section]:
    """Those that have something to say, what is needed most first. called: full names by learner."""
    listed = [
        _points(report),
        _attention(report, called),
        _changes(report, called),
        _misconceptions(report),
        _questions(report, called),
        _predictions(report),
    ]
    listed += [_students(report, called), _similar(report, called), _form(report)]
    return [section for section in listed if not section.is_empty]


def _bar(count: int, total: int) -> Bar:
    percent = round(100 * count / total) if total else 0
    return {"text": f"{count} ({percent} %)", "percent": percent}


def _share(value: float | None) -> Cell:
    return "–" if value is None else {"text": f"{round(100 * value)} %", "percent": round(100 * value)}


def shown_time(time: datetime | None) -> str:
    return time.strftime("%Y-%m-%d %H:%M") if time else "–"


def _points(report: Report) -> Section:
    """How the points are spread, and how each exercise went."""
    figures = []
    total = sum(report.scores)
    if total:
        rows = [(f"{10 * i}–{10 * i + 10} %", _bar(count, total)) for i, count in enumerate(report.scores)]
        table = Table(_("Learners by share of the points"), (_("Points"), _("Learners")), rows, "scores.csv")
        figures.append((histogram(report.scores), table))
    bars = outcome_bars(report.exercises)
    if bars:
        figures.append((bars, _outcomes(report)))
    notes = [_("Points given by hand count; what waits for a person has none yet.")]
    by_hand = sum(e.by_hand for e in report.exercises)
    if by_hand:
        told = ngettext(
            "A person gave the points of {count} answer.", "A person gave the points of {count} answers.", by_hand
        )
        notes.append(told.format(count=by_hand))
    notes.append(_reliability(report.exercise_reliability))
    return Section(_("Points and exercises"), " ".join(notes), figures=figures)


def _outcomes(report: Report) -> Table:
    columns = (_("Exercise"), _("Mean points"), *outcome_words().values())
    rows: list[Sequence[Cell]] = [
        (f"`{e.name}`", mean_points(e), *(_bar(n, e.students) for n in e.outcomes)) for e in report.exercises
    ]
    return Table(_("Learners by outcome"), columns, rows, "exercises.csv")


def _attention(report: Report, called: Mapping[str, str]) -> Section:
    by_hand = report.reasons.get("by hand", 0)
    tables = [_reasons(report)] if report.hidden else [_learners_to_look_at(report, called)]
    given = [table for table in tables if table.rows]
    intro = "" if given or by_hand else _("Nobody.")
    if by_hand:
        waiting = _("Submissions with an answer that waits for a person (formgrader, Manual Grading): {count}.")
        intro = waiting.format(count=by_hand)
    return Section(_("Who needs attention"), intro, tables=given)


def _changes(report: Report, called: Mapping[str, str]) -> Section:
    """Whose points the last grading that changed any has changed; without names, only why."""
    heading = _("Points that changed")
    if report.hidden:
        table = Table(
            _("Reasons"), (_("Why"), _("Learners")), list(report.change_reasons.items()), "changes.csv", False
        )
        return Section(heading, tables=[table] if table.rows else [])
    rows = [
        (
            called.get(each.name, each.name),
            from_to(each.before, each.after),
            "\n".join(cells_in_words(each.cells)),
        )
        for each in report.changed
    ]
    columns = (_("Learner"), _("Points"), _("Why, and by task"))
    table = Table(_("Whose points changed"), columns, rows, "changes.csv", len(rows) > SHORT, prints=True)
    intro = _("In the grading of {time} UTC, compared with the one before.").format(time=shown_time(report.changed_at))
    return Section(heading, intro, tables=[table]) if rows else Section("")


def _learners_to_look_at(report: Report, called: Mapping[str, str]) -> Table:
    reasons = {called.get(student.name, student.name): why_to_look(student) for student in report.students}
    rows = [(name, "\n".join(told)) for name, told in reasons.items() if told]
    folded = len(rows) > 2 * SHORT
    return Table(_("Learners to look at"), (_("Learner"), _("Why")), rows, "scores.csv", folded, prints=True)


def _reasons(report: Report) -> Table:
    """In place of the learners, where none is to be told."""
    words = _reason_words() | {"note": _("Something was mended or left out while grading.")}
    rows = [(told.rstrip(":"), report.reasons[code]) for code, told in words.items() if report.reasons.get(code)]
    return Table(_("Reasons"), (_("Why"), _("Learners")), rows, "", folded=False)


def _reason_words() -> dict[str, str]:
    return {
        "unreadable": _("A file could not be read."),
        "missing": _("Nothing was handed in."),
        "late": _("Handed in late:"),
        "not graded": _("Not graded yet: run `course grade`."),
        "fault": _("Grading met a fault."),
        "no exercise": _("No exercise was attempted."),
        "no quiz": _("The quiz was not begun."),
        "under half": _("Less than half of the points."),
        "note": "",
    }


def why_to_look(student: StudentStatistics) -> list[str]:
    """In sentences; what waits to be marked by hand is no reason of the learner's."""
    sentences = _reason_words()
    return [f"{sentences[code]} {text}".strip() for code, text in student.reasons if code in sentences]


def _reliability(reliability: Reliability | None) -> str:
    if reliability is None:
        return _("Reliability is not given: it takes {count} learners with points in the same items.").format(
            count=FEWEST_FOR_ALPHA
        )
    told = _("Reliability (Cronbach's alpha) {alpha:.2f}, from {learners} learners and {items} items.")
    return fill(told, alpha=reliability.alpha, learners=reliability.learners, items=reliability.items)


def _misconceptions(report: Report) -> Section:
    """The most common ones with bars; all of them, with examples, folded."""
    exercises = [m for m in report.misconceptions if m.where != QUIZ]
    quiz = [m for m in report.misconceptions if m.where == QUIZ]
    handed_in = report.counts["handed in"]
    common = [(_("Most common in the exercises"), exercises), (_("Most common in the quiz"), quiz)]
    tables = [_most_common(caption, listed, handed_in) for caption, listed in common if listed]
    if exercises:
        where = (_("Misconception, and where"), _("Learners"), _("Example"))
        rows = [(f"{m.says}\n`{m.where}`", m.students, m.example) for m in exercises]
        tables.append(Table(_("All in the exercises, with examples"), where, rows, MISCONCEPTIONS))
    if quiz:
        columns = (_("Misconception"), _("Learners"))
        tables.append(Table(_("All in the quiz"), columns, [(m.says, m.students) for m in quiz], MISCONCEPTIONS))
    return Section(_("Misconceptions"), tables=tables)


def _most_common(caption: str, listed: Sequence[MisconceptionStatistics], learners: int) -> Table:
    rows = [(m.says, _bar(m.students, learners)) for m in listed[:SHORT]]
    return Table(caption, (_("Misconception"), _("Learners")), rows, MISCONCEPTIONS, folded=False)


def _questions(report: Report, called: Mapping[str, str]) -> Section:
    if not report.questions:
        return Section("")
    legend = _(
        "Right at first and the wrong answers are those of first answers. Discrimination is the correlation of a "
        "question with all the other questions that a learner answered, from −1 to 1: near 0 or below, look at the "
        "question. From fewer than {few} learners it is a guess, marked with ?. The thirds are of the learners, by the "
        "other questions. "
        "If those whom a wrong answer drew have more of the points than the class, its wording may mislead."
    ).format(few=SMALL_CLASS)
    table, dots = _each_question(report), dot_plot(report.questions)
    wrong = [
        (q.title, w.text, _drew(w, called), "–" if w.percent is None else f"{w.percent:.0f} %", w.says or "–")
        for q in report.questions
        for w in q.wrong
    ]
    tables = [] if dots else [table]
    if wrong:
        drew = (_("Learners"), _("Their mean points"), _("Misconception"))
        columns = (_("Question"), _("Wrong answer (☐: not chosen though right)"), *drew)
        tables.append(Table(_("Wrong answers"), columns, wrong, "wrong_answers.csv"))
    figures = [(dots, table)] if dots else []
    intro = _reliability(report.quiz_reliability)
    return Section(_("Quiz"), intro, _weak_questions(report), figures, tables, legend=legend)


def _weak_questions(report: Report) -> list[str]:
    """The questions that deserve a look, in the words of their titles."""
    told = _("{place}. {title} Discrimination {value}, right at first {share} %.")
    return [
        told.format(place=place, title=_ended(q.title), value=_discrimination(q), share=round(100 * q.difficulty))
        for place, q in enumerate(report.questions, start=1)
        if q.discrimination is not None and q.difficulty is not None and q.discrimination < WEAK
    ]


def _ended(title: str) -> str:
    return title if title.endswith((".", "?", "!", "…")) else f"{title}."


def _each_question(report: Report) -> Table:
    right = (_("Right at first"), _("Right in the end"), _("Bottom third"), _("Top third"))
    columns = (_("Question"), _("Answered"), *right, _("Discrimination"))
    rows = [
        (
            f"{place}. {q.title}",
            q.answered,
            *map(_share, (q.difficulty, q.right_in_the_end, q.bottom, q.top)),
            _discrimination(q),
        )
        for place, q in enumerate(report.questions, start=1)
    ]
    return Table(_("Each question"), columns, rows, "questions.csv", prints=True)


def _discrimination(question: QuestionStatistics) -> str:
    if question.discrimination is None:
        return "–"
    return f"{number(question.discrimination, '.2f')}{' ?' if question.compared < SMALL_CLASS else ''}"


def _drew(wrong: WrongAnswer, called: Mapping[str, str]) -> str:
    named = ", ".join(called.get(name, name) for name in wrong.drew[:MOST_NAMES])
    more = ", …" if len(wrong.drew) > MOST_NAMES else ""
    return f"{wrong.students}: {named}{more}" if named else str(wrong.students)


def _predictions(report: Report) -> Section:
    columns = (_("Question"), _("Learners"), _("Right before"), _("Right after"), _("Became right"), _("Became wrong"))
    rows = [
        (p.title, p.students, _bar(p.before, p.students), _bar(p.after, p.students), p.learned, p.lost)
        for p in report.predictions
        if p.students
    ]
    table = Table(_("Those who predicted and answered"), columns, rows, "predictions.csv", folded=len(rows) > SHORT)
    return Section(_("Predictions, before and after"), tables=[table] if rows else [])


def _students(report: Report, called: Mapping[str, str]) -> Section:
    if report.hidden:
        ranges = [(student.name, student.points_range or "–") for student in report.students]
        table = Table(_("Each learner"), (_("Learner"), _("Points")), ranges, "scores.csv", prints=True)
        return Section(_("Learners"), tables=[table])
    columns = (_("Learner"), _("Points"), _("Questions answered"), _("First answer (UTC)"), _("Last answer (UTC)"))
    rows = [
        (
            called.get(student.name, student.name),
            _score(student),
            student.answered,
            shown_time(student.first_answer),
            shown_time(student.last_answer),
        )
        for student in report.students
    ]
    return Section(_("Learners"), tables=[Table(_("Each learner"), columns, rows, "scores.csv", prints=True)])


def _score(student: StudentStatistics) -> str:
    if not student.max_score:
        return "–"
    return with_marks(f"{format_points(student.score)} / {format_points(student.max_score)}")


def _similar(report: Report, called: Mapping[str, str]) -> Section:
    if report.hidden:
        return Section("")
    intro = _(
        "A hint to look at both, not a verdict: names and layout aside, most of what the one wrote and not everybody "
        "writes stands in the other as well. Short exercises have few solutions, and learners may work together."
    )
    rows = [
        (" · ".join(called.get(name, name) for name in (pair.one, pair.other)), _share(pair.share))
        for pair in report.similar
    ]
    columns = (_("Learners"), _("Share in common"))
    table = Table(_("Pairs with much code in common"), columns, rows, "similar.csv", folded=len(rows) > SHORT)
    return Section(_("Similar submissions"), intro if rows else _("None."), tables=[table] if rows else [])


def _form(report: Report) -> Section:
    form = report.form
    answers = {"yes": _("Yes, everything"), "mostly": _("Mostly"), "no": _("No, not really")}
    total = sum(form.clear.values())
    rows = [(text, _bar(form.clear.get(key, 0), total)) for key, text in answers.items()]
    columns = (_("Answer"), _("Learners"))
    tables = [Table(_("Was everything clear?"), columns, rows, "form.csv", folded=False)] if total else []
    asked = {
        "unclear": _("What was not clear?"),
        "improve": _("How can we improve it?"),
        "happened": _("What happened?"),
    }
    lists = [Texts(heading, form.texts[key]) for key, heading in asked.items() if form.texts[key]]
    return Section(_("What learners say"), tables=tables, lists=lists)
