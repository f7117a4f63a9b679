"""A small class's report: figures checked by hand, hostile text shown as text, no names where none are asked for."""

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.errors import CourseError
from course.grading.gradebook.notes import Note, make_table, write_note
from course.quiz.model import load_quiz
from course.report.page import write_report
from course.report.read import read_class
from course.report.statistics import report_of
from course.storage.spreadsheet import safe
from tests.platform.test_cli import course
from tests.platform.tiny import SLUG, TINY

HOSTILE = "<script>alert(1)</script><img src=http://evil.example/x>"
QUESTION = "spread-after"


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def cell(status: str, *wrong: str, message: str = "seen") -> dict[str, object]:
    finding = {"passed": status == "passed", "label": "mean", "message": message}
    return {"score": 1, "max_score": 2, "status": status, "reason": "", "misconceptions": wrong, "findings": [finding]}


def answer(response: str, minute: int) -> dict[str, object]:
    at = {"response": response, "time": f"2026-01-05T10:{minute:02}:00+00:00"}
    return {"attempts": 1, "first": at, "latest": at}


def add(root: Path, name: str, score: float, work: dict[str, object], **files: object) -> None:
    folder = root / "class" / "submitted" / name / SLUG
    folder.mkdir(parents=True)
    for stem, data in files.items():
        (folder / f"{stem}.json").write_text(json.dumps({"version": 1, **data}))  # type: ignore[dict-item]
    row = {"chapter": SLUG, "status": "graded", "score": score, "max_score": 10, "reason": "", "cells": work}
    enter(root, name, score, work, row)


def enter(root: Path, name: str, score: float, work: dict[str, object], row: dict[str, object]) -> None:
    """What was found, in the gradebook; all points are for the one exercise."""
    (root / "class").mkdir(exist_ok=True)
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as book:
        book.update_or_create_assignment(SLUG)
        book.update_or_create_notebook("exercises", SLUG)
        for exercise in work:
            book.update_or_create_grade_cell(exercise, "exercises", SLUG, max_score=10, cell_type="code")
        book.add_student(name)
        book.add_submission(SLUG, name)
        for exercise in work:
            grade = book.find_grade(exercise, "exercises", SLUG, name)
            grade.auto_score, grade.needs_manual_grade = score, False
        make_table(book)
        write_note(book, SLUG, name, Note(row, key="x"))
        book.db.commit()


def options() -> tuple[str, str]:
    question = load_quiz(SLUG, load_catalog(TINY)).question(QUESTION)
    chosen = {option.correct: option.id for option in question.options}  # type: ignore[union-attr]
    return chosen[True], chosen[False]


@pytest.fixture
def root(course_copy: Path) -> Path:
    right, wrong = options()
    sheets = {"answers": {QUESTION: answer(right, 30)}, "predictions": {QUESTION: answer(wrong, 5)}}
    said = {"kind": "opinion", "chapter": SLUG, "clear": "no", "unclear": f"{HOSTILE} asks zoe-k", "improve": "=1+1"}
    add(course_copy, "zoe-k", 10, {"e1": cell("passed")}, answers={"quizzes": {SLUG: sheets}})
    wrongly = {"answers": {QUESTION: answer(wrong, 10)}}
    add(
        course_copy,
        "=cmd()",
        4.5,
        {"e1": cell("partial", "no_rescale", message=f"{HOSTILE} by zoe-k")},
        answers={"quizzes": {SLUG: wrongly}},
        feedback={"entries": [said]},
    )
    add(course_copy, "<b>ada", 0, {"e1": cell("not attempted")})
    return course_copy


def rows(page: Path, name: str) -> list[dict[str, str]]:
    with (page.parent / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_figures_are_those_counted_by_hand(root: Path) -> None:
    from course.grading.gradebook.store import ClassFolder

    catalog = load_catalog(root)
    report = report_of(read_class(ClassFolder(catalog), SLUG), load_quiz(SLUG, catalog))
    assert report.scores == (1, 0, 0, 0, 1, 0, 0, 0, 0, 1)
    (exercise,) = report.exercises
    assert (exercise.solved, exercise.partly, exercise.wrong, exercise.not_attempted) == (1, 1, 0, 1)
    question = next(each for each in report.questions if each.name == QUESTION)
    assert (question.answered, question.difficulty, question.right_in_the_end) == (2, 0.5, 0.5)
    assert [(wrong.drew, wrong.percent) for wrong in question.wrong] == [(("=cmd()",), 45)]
    prediction = report.predictions[0]
    assert (prediction.students, prediction.before, prediction.after, prediction.learned) == (1, 0, 1, 1)
    assert report.misconceptions[0].name == "no_rescale"
    students = {student.name: student for student in report.students}
    zoe = students["zoe-k"]
    assert zoe.first_answer
    assert zoe.last_answer
    assert (zoe.first_answer.minute, zoe.last_answer.minute) == (5, 30)
    assert [code for code, _text in students["<b>ada"].reasons] == ["no exercise", "no quiz", "under half"]
    assert report.form.clear == {"no": 1}


@pytest.mark.parametrize("lang", ["en", "es"])
def test_hostile_text_is_text_and_nothing_is_fetched(root: Path, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    page = Page(write_report(load_catalog(root), SLUG).read_text())
    tags = {tag for tag, _attributes in page.tags}
    assert not tags & {"script", "img", "b", "link", "iframe"}
    assert HOSTILE in page.text
    assert "<b>ada" in page.text
    addresses = [
        value for _tag, attributes in page.tags for name, value in attributes.items() if name in {"src", "href"}
    ]
    parts = {f"#{attributes['id']}" for _tag, attributes in page.tags if "part-" in (attributes.get("id") or "")}
    assert set(addresses) == parts  # the page's own sections
    assert ("html", {"lang": lang}) in page.tags
    assert [t for t, _a in page.tags].count("table") == [t for t, _a in page.tags].count("caption") > 5
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in page.tags if tag == "th")


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "The values are centred and keep their spread."),
        ("es", "Los valores se centran y conservan su dispersión."),
    ],
)
def test_misconceptions_are_sentences_and_no_codes(
    root: Path, lang: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = cell("failed", "no_longer_known")
    add(root, "kim", 1, {"e1": gone})
    monkeypatch.setenv("COURSE_LANG", lang)
    page = write_report(load_catalog(root), SLUG)
    codes = {"no_rescale", "no_longer_known", *load_quiz(SLUG, load_catalog(root)).misconceptions}
    text = Page(page.read_text()).text
    assert told in text
    for path in (page, page.with_name("misconceptions.csv"), page.with_name("wrong_answers.csv")):
        words = set(re.findall(r"[\w-]+", Page(path.read_text()).text))
        assert not [code for code in codes if code in words and re.search("[_-]", code)], path.name


def test_code_and_formulas_in_texts_of_the_course_are_shown_as_such(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Titles of chapter, questions and sections, options, misconceptions: no mark is lost, and none is shown raw."""
    quiz, contents = root / "quizzes" / f"{SLUG}.yml", root / "notebooks" / "contents.yml"
    text = quiz.read_text()
    for old, new in {
        "The spread afterwards": "The `std` $s^2$ *afterwards*",
        "It is 0.": "It is `five(5)`.",
        "Standardising changes the order or": "Standardising changes the `mean_of` or",
    }.items():
        assert old in text
        text = text.replace(old, new)
    quiz.write_text(text)
    contents.write_text(contents.read_text().replace("title: Tiny", "title: Tiny `fit`"))
    said = ("`predict` drops neurons.", "What `call` does")
    monkeypatch.setattr("course.report.statistics.misconception_text", lambda _chapter, _code: said)
    page = write_report(load_catalog(root), SLUG)
    html = page.read_text()
    for shown in ("fit", "std", "five(5)", "mean_of", "predict", "call", "e1"):
        assert f"<code>{shown}</code>" in html, shown
    assert "<code>predict</code> drops neurons." in html.split("<nav")[0]  # on the first screen
    assert '<annotation encoding="application/x-tex">s^2</annotation>' in html
    assert "Class report: Tiny fit</title>" in html
    assert not [raw for raw in ("`", "$", "*afterwards*") if raw in Page(html.split("</style>")[1]).text]
    assert "`predict` drops neurons." in (page.parent / "misconceptions.csv").read_text()
    assert "The `std` $s^2$ afterwards" in (page.parent / "questions.csv").read_text()


def test_csv_files_are_read_and_hold_no_formula(root: Path) -> None:
    page = write_report(load_catalog(root), SLUG)
    scores = {row["student"]: row for row in rows(page, "scores.csv")}
    assert set(scores) == {"'=cmd()", "<b>ada", "zoe-k"}
    assert float(scores["zoe-k"]["percent"]) == 100
    assert rows(page, "exercises.csv")[0]["solved"] == "1"
    (first, *_others) = rows(page, "misconceptions.csv")
    assert first["example"] == f"mean: {HOSTILE} by …"
    assert first["misconception"] == "The values are centred and keep their spread."
    answered = {row["question"]: row["answered"] for row in rows(page, "questions.csv")}
    assert answered[QUESTION] == "2"
    (wrong,) = [row for row in rows(page, "wrong_answers.csv") if row["question"] == QUESTION]
    assert (wrong["students"], wrong["mean_percent"], wrong["who"]) == ("1", "45.0", "'=cmd()")
    predicted = {row["question"]: row for row in rows(page, "predictions.csv")}[QUESTION]
    assert (predicted["right_before"], predicted["right_after"], predicted["became_right"]) == ("0", "1", "1")
    said = [(row["question"], row["answer"], row["students"]) for row in rows(page, "form.csv")]
    assert said == [("clear", "no", "1"), ("unclear", f"{HOSTILE} asks zoe-k", "1"), ("improve", "'=1+1", "1")]
    assert [safe(text) for text in ("=1", "+1", "-1", "@x", "\tx", " =1")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "' =1",
    ]
    assert safe(-0.5) == -0.5


def test_a_link_is_not_followed_and_an_ungraded_one_is_told(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"version": 1, "entries": [{"chapter": "2-1-tiny", "unclear": "SECRET"}]}')
    folder = root / "class" / "submitted" / "eve" / SLUG
    folder.mkdir(parents=True)
    (folder / "feedback.json").symlink_to(secret)
    text = Page(write_report(load_catalog(root), SLUG).read_text()).text
    assert "SECRET" not in text
    assert re.search(r"feedback.json is not a regular file.\s+Not graded yet", text)


def test_the_command_says_where_the_page_is(root: Path) -> None:
    run = course("report", SLUG, cwd=root)
    assert run.returncode == 0, run.stderr
    assert f"class/reports/{SLUG}/report.html" in run.stderr


def test_an_empty_class_is_told(course_copy: Path) -> None:
    with pytest.raises(CourseError, match="There are no submissions"):
        write_report(load_catalog(course_copy), SLUG)
