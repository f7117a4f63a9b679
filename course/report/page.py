"""The report as one page that opens from disk: no script, no address outside. Everything in it is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from course.catalog import Catalog
from course.grading.feedback.page import NAME as FEEDBACK
from course.grading.gradebook.store import ClassFolder
from course.language import _, fill, language, number
from course.quiz.model import load_quiz
from course.report.csv_files import csv_files
from course.report.drawing import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH
from course.report.measures import FEWEST_FOR_ALPHA, SMALL_CLASS, Reliability
from course.report.questions import QuestionStatistics, WrongAnswer
from course.report.read import named, pseudonyms, read_class, without_ids_as_answers, without_names
from course.report.similarity import Pair, similar_pairs
from course.report.statistics import ExerciseStatistics, Report, StudentStatistics, report_of
from course.report.summary import summary_of
from course.report.work import QUIZ, plain
from course.storage.atomic import replace_file
from course.verdict import format_points

MOST_PAIRS = 50
MOST_NAMES = 8  # beside a wrong answer; wrong_answers.csv has all
Bar = dict[str, str | int]
Cell = str | int | Bar


@dataclass(frozen=True)
class Table:
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def groups(self) -> list[list[Sequence[Cell]]]:
        """The rows; neighbours that begin alike are together, so that the page says it once."""
        return [list(group) for _first, group in groupby(self.rows, key=lambda row: row[0])]


@dataclass(frozen=True)
class Texts:
    heading: str
    texts: Sequence[str]


@dataclass(frozen=True)
class Section:
    heading: str
    intro: str = ""
    tables: Sequence[Table] = ()
    lists: Sequence[Texts] = ()


def write_report(catalog: Catalog, slug: str, anonymous: bool = False) -> Path:
    """Writes class/reports/<slug>/ (or <slug>-anonymous/) with report.html and the CSV files; returns the page."""
    class_folder = ClassFolder(catalog)
    works = read_class(class_folder, slug)
    names = [work.name for work in works]
    shown = {name: plain(name, 100) for name in names}
    if anonymous:
        shown = pseudonyms(catalog.root / "class" / "pseudonyms.json", names)
    quiz = load_quiz(slug, catalog) if catalog.quiz_file(slug).is_file() else None
    given = without_names(works, shown, class_folder.people()) if anonymous else named(works)
    report = report_of(given, quiz, catalog.chapter(slug))
    if anonymous:
        report = replace(report, questions=without_ids_as_answers(report.questions, names))
    pairs = similar_pairs(catalog, slug, class_folder.submitted(slug))
    report = replace(report, similar=tuple(Pair(shown[p.one], shown[p.other], p.share) for p in pairs[:MOST_PAIRS]))
    folder = catalog.root / "class" / "reports" / (f"{slug}-anonymous" if anonymous else slug)
    for name, text in csv_files(report).items():
        replace_file(folder / name, text.encode())
    page = folder / "report.html"
    links = {} if anonymous else _feedback_links(class_folder, slug, shown)
    called = {} if anonymous else _called(class_folder, shown)
    replace_file(page, page_of(report, catalog.told(catalog.chapter(slug).title), links, called).encode())
    return page


def _called(class_folder: ClassFolder, shown: Mapping[str, str]) -> dict[str, str]:
    """First and last name as the gradebook has them, with the login, for each learner of whom it has both."""
    whole = [person for person in class_folder.people() if person.has_full_name and person.id in shown]
    return {shown[each.id]: plain(f"{each.first} {each.last} ({each.id})", 100) for each in whole}


def _feedback_links(class_folder: ClassFolder, slug: str, shown: Mapping[str, str]) -> dict[str, str]:
    """The address of the feedback page, from the report's folder, for each learner who has one."""
    links = {}
    for name, told in shown.items():
        if (class_folder.catalog.root / "class" / "feedback" / name / slug / FEEDBACK).is_file():
            links[told] = f"../../feedback/{quote(name, safe='')}/{slug}/{FEEDBACK}"
    return links


def page_of(report: Report, title: str, links: Mapping[str, str], called: Mapping[str, str]) -> str:
    """The page's HTML. links, called: addresses of feedback pages and full names, by learner."""
    templates = Environment(loader=PackageLoader("course.report"), autoescape=True, undefined=StrictUndefined)
    sections = [_scores(report), _attention(report), _exercises(report), _misconceptions(report)]
    sections += [_questions(report), _predictions(report), _students(report), _similar(report), _form(report)]
    given = [section for section in sections if section.intro or section.tables or section.lists]
    template = templates.get_template("page.html")
    made = _("Made {time} UTC.").format(time=_time(datetime.now(UTC)))
    texts = {"heading": _("Class report"), "made": made, "contents": _("On this page")}
    summary = summary_of(report, _told, links, called)
    sides = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM, "width": WIDTH, "height": HEIGHT}
    return template.render(lang=language(), title=title, summary=summary, sections=given, **texts, **sides)


def _bar(count: int, total: int) -> Bar:
    percent = round(100 * count / total) if total else 0
    return {"text": f"{count} ({percent} %)", "percent": percent}


def _share(value: float | None) -> Cell:
    return "–" if value is None else {"text": f"{round(100 * value)} %", "percent": round(100 * value)}


def _time(time: datetime | None) -> str:
    return time.strftime("%Y-%m-%d %H:%M") if time else "–"


def _scores(report: Report) -> Section:
    total = sum(report.scores)
    rows = [(f"{10 * i}–{10 * i + 10} %", _bar(count, total)) for i, count in enumerate(report.scores)]
    intro = _("Points given by hand count; what waits for a person has none yet.")
    table = Table(_("Learners by share of the points"), (_("Points"), _("Learners")), rows)
    return Section(_("Scores"), intro, [table])


def _attention(report: Report) -> Section:
    rows = [(student.name, "\n".join(told)) for student in report.students if (told := _told(student))]
    table = Table(_("Learners to look at"), (_("Learner"), _("Why")), rows)
    by_hand = sum(("by hand", "") in student.reasons for student in report.students)
    intro = "" if rows or by_hand else _("Nobody.")
    if by_hand:
        waiting = _("In {count} submissions an answer waits to be graded by a person: formgrader, Manual Grading.")
        intro = waiting.format(count=by_hand)
    return Section(_("Who needs attention"), intro, [table] if rows else [])


def _told(student: StudentStatistics) -> list[str]:
    sentences = {
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
    return [f"{sentences[code]} {text}".strip() for code, text in student.reasons if code in sentences]


def _exercises(report: Report) -> Section:
    outcomes = (_("Solved"), _("Partly"), _("Not yet right"), _("Not attempted"), _("Waiting"))
    columns = (_("Exercise"), _("Mean points"), *outcomes)
    rows: list[Sequence[Cell]] = [
        (
            e.name,
            _mean_points(e),
            *(_bar(n, e.students) for n in (e.solved, e.partly, e.wrong, e.not_attempted, e.waiting)),
        )
        for e in report.exercises
    ]
    intro = _reliability(report.exercise_reliability)
    by_hand = sum(e.by_hand for e in report.exercises)
    if by_hand:
        intro += " " + _("A person gave the points of {count} answers.").format(count=by_hand)
    return Section(_("Exercises"), intro, [Table(_("Learners by outcome"), columns, rows)])


def _mean_points(exercise: ExerciseStatistics) -> str:
    given = "–" if exercise.mean_score is None else format_points(round(exercise.mean_score, 2))
    return f"{given} / {format_points(exercise.max_score)}"


def _reliability(reliability: Reliability | None) -> str:
    if reliability is None:
        return _("Reliability is not given: it takes {count} learners with points in the same items.").format(
            count=FEWEST_FOR_ALPHA
        )
    told = _("Reliability (Cronbach's alpha) {alpha:.2f}, from {learners} learners and {items} items.")
    return fill(told, alpha=reliability.alpha, learners=reliability.learners, items=reliability.items)


def _misconceptions(report: Report) -> Section:
    exercises = [(f"{m.says}\n{m.where}", m.students, m.example) for m in report.misconceptions if m.where != QUIZ]
    quiz = [(m.says, m.students) for m in report.misconceptions if m.where == QUIZ]
    tables = []
    if exercises:
        columns = (_("Misconception, and where"), _("Learners"), _("Example"))
        tables.append(Table(_("In the exercises, by count"), columns, exercises))
    if quiz:
        tables.append(Table(_("In the quiz, by count"), (_("Misconception"), _("Learners")), quiz))
    return Section(_("Misconceptions"), "", tables)


def _questions(report: Report) -> Section:
    if not report.questions:
        return Section("")
    intro = _(
        "Right at first and the wrong answers are those of first answers. Discrimination is the correlation of a "
        "question with all the other questions that a learner answered, from −1 to 1: near 0 or below, look at the "
        "question. From fewer than {few} learners it is a guess, marked with ?. The thirds are of the learners, by the "
        "other questions. "
        "If those whom a wrong answer drew have more of the points than the class, its wording may mislead."
    ).format(few=SMALL_CLASS)
    intro += " " + _reliability(report.quiz_reliability)
    right = (_("Right at first"), _("Right in the end"), _("Bottom third"), _("Top third"))
    columns: Sequence[str] = (_("Question"), _("Answered"), *right, _("Discrimination"))
    rows = [
        (
            f"{place}. {q.title}",
            q.answered,
            _share(q.difficulty),
            _share(q.right_in_the_end),
            _share(q.bottom),
            _share(q.top),
            _discrimination(q),
        )
        for place, q in enumerate(report.questions, start=1)
    ]
    wrong = [
        (q.title, w.text, _drew(w), "–" if w.percent is None else f"{w.percent:.0f} %", w.says or "–")
        for q in report.questions
        for w in q.wrong
    ]
    tables = [Table(_("Each question"), columns, rows)]
    if wrong:
        drew = (_("Learners"), _("Their mean points"), _("Misconception"))
        columns = (_("Question"), _("Wrong answer (☐: not chosen though right)"), *drew)
        tables.append(Table(_("Wrong answers"), columns, wrong))
    return Section(_("Quiz"), intro, tables)


def _discrimination(question: QuestionStatistics) -> str:
    if question.discrimination is None:
        return "–"
    return f"{number(question.discrimination, '.2f')}{' ?' if question.compared < SMALL_CLASS else ''}"


def _drew(wrong: WrongAnswer) -> str:
    named = ", ".join(wrong.drew[:MOST_NAMES])
    return f"{len(wrong.drew)}: {named}{', …' if len(wrong.drew) > MOST_NAMES else ''}"


def _predictions(report: Report) -> Section:
    columns = (_("Question"), _("Learners"), _("Right before"), _("Right after"), _("Became right"), _("Became wrong"))
    rows = [
        (p.title, p.students, _bar(p.before, p.students), _bar(p.after, p.students), p.learned, p.lost)
        for p in report.predictions
        if p.students
    ]
    table = Table(_("Those who predicted and answered"), columns, rows)
    return Section(_("Predictions, before and after"), "", [table] if rows else [])


def _students(report: Report) -> Section:
    columns = (_("Learner"), _("Points"), _("Questions answered"), _("First answer (UTC)"), _("Last answer (UTC)"))
    rows = [
        (
            student.name,
            f"{format_points(student.score)} / {format_points(student.max_score)}" if student.max_score else "–",
            student.answered,
            _time(student.first_answer),
            _time(student.last_answer),
        )
        for student in report.students
    ]
    return Section(_("Learners"), "", [Table(_("Each learner"), columns, rows)])


def _similar(report: Report) -> Section:
    intro = _(
        "A hint to look at both, not a verdict: names and layout aside, most of what the one wrote and not everybody "
        "writes stands in the other as well. Short exercises have few solutions, and learners may work together."
    )
    rows = [(f"{pair.one} · {pair.other}", _share(pair.share)) for pair in report.similar]
    table = Table(_("Pairs with much code in common"), (_("Learners"), _("Share in common")), rows)
    return Section(_("Similar submissions"), intro if rows else _("None."), [table] if rows else [])


def _form(report: Report) -> Section:
    form = report.form
    answers = {"yes": _("Yes, everything"), "mostly": _("Mostly"), "no": _("No, not really")}
    total = sum(form.clear.values())
    rows = [(text, _bar(form.clear.get(key, 0), total)) for key, text in answers.items()]
    columns = (_("Answer"), _("Learners"))
    tables = [Table(_("Was everything clear?"), columns, rows)] if total else []
    asked = {
        "unclear": _("What was not clear?"),
        "improve": _("How can we improve it?"),
        "happened": _("What happened?"),
    }
    lists = [Texts(heading, form.texts[key]) for key, heading in asked.items() if form.texts[key]]
    return Section(_("What learners say"), "", tables, lists)
