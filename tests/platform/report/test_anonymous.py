"""`course report --anonymous`: no file tells who somebody is, and no figure points at one learner."""

import html
import json
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.grading.changes import CellChange, Change, Run, changes_file
from course.grading.gradebook.notes import read_notes, write_note
from course.grading.gradebook.store import Person
from course.quiz.model import load_quiz
from course.report.anonymous import FEWEST, TOGETHER, coarse, ranges_of, rounded
from course.report.masks import MASK, mask_addresses, mask_of_names
from course.report.page import write_report
from course.report.statistics import report_of
from course.report.work import StudentWork
from course.storage.atomic import replace_file
from tests.platform.report.test_report import QUESTION, Page, add, answer, cell, options, rows
from tests.platform.tiny import SLUG, TINY

PEOPLE = [
    Person("zoe-k", "Zoë", "Quillfeather", "LMS90001", "zoe.quill@uni.example"),
    Person("u042", "Benedikt", "Bergström", "90002", "bbergs@uni.example"),
    Person("lvega", "Lucía", "de la Vega", "90003", "lucia.vega+nn@mail.uni.example"),
    Person("=cmd()", "Xi", "Yu", "90004", "xyu@uni.example"),
    Person("20261", "Anne-Sophie", "O'Hara", "90005", "as_oh@uni.example"),
    Person("u043", "हिना", "शाह", "90006", "hina@uni.example"),
    *(
        Person(f"quux{n:02}", f"Vorname{n:02}", f"Zuname{n:02}", f"7{n:05}", f"mbx{n:02}@uni.example")
        for n in range(12)
    ),
]
SCORE = 7.31  # and a hundredth more for each
SAID = (
    "{first} helped me, {lower} really did",
    "ask {last}, {first} or {first}'s friend {id} ({number}); {id}_copy.py",
    "write to {email} or see https://git.example/{id}/work and {mailbox}",
    "FileNotFoundError: '/home/{id}/course/work.ipynb', ~/{id}/x, C:\\Users\\{first}\\x, {last_upper} {id_upper}",
)


def said(person: Person, place: int) -> str:
    """What somebody writes about somebody, in many ways."""
    names = {"first": person.first, "last": person.last, "id": person.id, "number": person.number}
    names |= {
        "lower": person.first.lower() if len(person.first) > 2 else person.first,
        "last_upper": person.last.upper(),
        "id_upper": person.id.upper(),
    }
    return SAID[place % len(SAID)].format(email=person.email, mailbox=person.email.split("@")[0], **names)


@pytest.fixture
def root(course_copy: Path) -> Path:
    """A class whose members write of each other wherever they can, and so do their notebooks' messages."""
    right, wrong = options()
    for place, person in enumerate(PEOPLE):
        others = [said(other, place + step) for step, other in enumerate(PEOPLE)]
        entry = {"chapter": SLUG, "clear": "no", "unclear": " ".join(others[:9]), "improve": " ".join(others[9:])}
        answers = {QUESTION: answer(wrong if place % 2 else right, 10 + place), "divided": answer("20261", 1)}
        files = {"answers": {"quizzes": {SLUG: {"answers": answers}}}, "feedback": {"entries": [entry]}}
        work = cell("failed", "no_rescale", message=others[(place + 1) % len(PEOPLE)])
        work |= {"reason": others[place - 1]}
        add(course_copy, person.id, SCORE + place / 100, {"e1": work}, **files)
        if place == 3:
            (course_copy / "class" / "submitted" / person.id / SLUG / "feedback.json").write_text("{")
    with Gradebook(f"sqlite:///{course_copy}/class/gradebook.db", "neural-networks") as book:
        book.update_or_create_assignment(SLUG, duedate="2026-01-06 09:13:00 UTC")
        for place, each in enumerate(PEOPLE):
            told = {"first_name": each.first, "last_name": each.last, "lms_user_id": each.number, "email": each.email}
            book.update_or_create_student(each.id, **told)
            late = f"2026-01-06 {10 + place % 3}:41:0{place % 10} UTC"
            book.update_or_create_submission(SLUG, each.id, timestamp=late)
            note = read_notes(book, SLUG, each.id)[each.id]
            note.row["notes"] = [said(PEOPLE[place - 1], place)]  # type: ignore[index]
            write_note(book, SLUG, each.id, note)
        book.add_student("gone-01", first_name="Nobodina", last_name="Absentia")
        book.db.commit()
    cell_change = CellChange(cell="e1", before=3.33, after=7.77, why=("answer",))
    changed = [Change(student=each.id, before=3.33, after=7.77, cells=(cell_change,)) for each in PEOPLE[:9]]
    run = Run(time=datetime(2026, 1, 7, 17, 29, tzinfo=UTC), changes=tuple(changed))
    kept = f'{{"runs": [{run.model_dump_json()}]}}'
    replace_file(changes_file(load_catalog(course_copy), SLUG), kept.encode())
    return course_copy


def giveaways() -> list[str]:
    """Everything that tells who somebody is, in small letters and without accents."""
    told = ["gone-01", "Nobodina", "Absentia"]
    for person in PEOPLE:
        parts = re.split(r"[\s'-]+", f"{person.first} {person.last}")
        told += [person.id, person.number, person.email, person.email.split("@")[0], *parts]
    return sorted({plain(each) for each in told} - {"de", "la", "o"})


def plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if unicodedata.category(c) != "Mn" or ord(c) > 0x36F)


def outputs(root: Path) -> dict[str, str]:
    """Each file of the anonymous report: as it is, and as a browser shows it; without the page's style and its date."""
    page = write_report(load_catalog(root), SLUG, anonymous=True)
    told = {}
    for path in page.parent.iterdir():
        whole = path.read_text()
        if path == page:
            whole = re.sub(r"Made [^<]*UTC\.", "", whole.split("</style>")[1])
        told[path.name] = plain(f"{whole}\n{html.unescape(whole)}\n{Page(whole).text}")
    return told


def test_nothing_in_any_file_tells_who_somebody_is(root: Path) -> None:
    files = outputs(root)
    assert len(files) == 10
    tokens = giveaways()
    assert len(tokens) > 90
    for name, text in files.items():
        found = [each for each in tokens if re.search(rf"(?<![^\W_]){re.escape(each)}(?![^\W_])", text)]
        assert found == [], name
        assert not re.search(r"@|://|/home|users\\", text), name
    assert "helped me, ... really did" in files["form.csv"]  # what learners say is still there


def test_the_search_finds_everybody_in_the_report_with_names(root: Path) -> None:
    """So it would find them in the anonymous one."""
    folder = write_report(load_catalog(root), SLUG).parent
    text = plain("\n".join(html.unescape(path.read_text()) for path in folder.iterdir()))
    assert [each for each in giveaways() if each not in text and "absent" not in each and "nobod" not in each] == []


def test_no_exact_time_and_no_exact_score_is_in_any_file(root: Path) -> None:
    exact = ["3.33", "7.77", "17:29"]
    for place in range(len(PEOPLE)):
        score = SCORE + place / 100
        exact += [f"{score:.3g}", f"{10 * score:.1f}", f"{score:.3g}".replace(".", ",")]
        exact += [f"10:{10 + place}", f"{10 + place % 3}:41"]
    for name, text in outputs(root).items():
        assert [each for each in exact if each in text] == [], name
        assert not re.search(r"2026-01-0\d|\d\.\d h", text), name
    named = write_report(load_catalog(root), SLUG).parent
    text = "\n".join(path.read_text() for path in named.iterdir())
    assert [each for each in exact if each not in text and "," not in each and ":41" not in each] == []
    assert re.search(r"\d\.\d h", text)


def test_the_page_says_what_was_coarsened(root: Path) -> None:
    page = write_report(load_catalog(root), SLUG, anonymous=True)
    text = Page(page.read_text()).text
    for told in (
        "Names, logins, addresses and paths are masked",
        "times are left out",
        f"a range that at least {TOGETHER} learners share",
        "Counts of learners are rounded to the nearest 5",
        f"fewer than {FEWEST} learners are left out",
    ):
        assert told in text
    assert "Look at these first" not in text
    assert "Similar submissions" not in text
    assert "Handed in late" in text  # how many, not who
    assert [(r["why"], r["students"]) for r in rows(page, "changes.csv")] == [("the answer changed", "10")]  # of nine
    assert "Anonymous" not in Page(write_report(load_catalog(root), SLUG).read_text()).text


def test_pseudonyms_stay_the_same_and_a_range_of_points_stands_for_the_score(root: Path) -> None:
    page = write_report(load_catalog(root), SLUG, anonymous=True)
    scores = {row["student"]: row for row in rows(page, "scores.csv")}
    assert list(scores) == [f"Student {number}" for number in range(1, len(PEOPLE) + 2)]
    assert set(scores["Student 1"]) == {"student", "status", "points"}
    known = json.loads((root / "class" / "pseudonyms.json").read_text())
    assert (
        scores[f"Student {known['zoe-k']}"]["points"] == "0–100 %"
    )  # 13 below 75 %, five above would be 18: see below
    assert scores[f"Student {known['gone-01']}"]["points"] == ""
    write_report(load_catalog(root), SLUG, anonymous=True)
    assert {row["student"]: row for row in rows(page, "scores.csv")} == scores


def test_ranges_are_quarters_joined_until_enough_learners_share_each() -> None:
    assert ranges_of([10] * 5 + [30] * 6 + [60] * 7 + [100] * 5) == [(0, 25), (25, 50), (50, 75), (75, 100)]
    assert ranges_of([10] * 5 + [30] * 2 + [60] * 7 + [100] * 5) == [(0, 50), (50, 75), (75, 100)]
    assert ranges_of([60] * 7 + [100] * 4) == [(0, 100)]
    assert ranges_of([60] * (TOGETHER - 1)) == []


def test_counts_are_rounded_and_what_rests_on_few_learners_is_left_out() -> None:
    assert [rounded(count) for count in (0, 1, 2, 3, 7, 8, 22)] == [0, 0, 0, 5, 5, 10, 20]
    quiz = load_quiz(SLUG, load_catalog(TINY))

    def work(name: int, status: str, score: float) -> StudentWork:
        wrong = [] if status == "passed" else ["no_rescale"] if name % 2 else ["one_mean_for_all"]
        found = {"passed": False, "label": "mean", "message": f"example {name}"}
        one = {"score": score, "max_score": 4.0, "status": status, "reason": "", "misconceptions": wrong}
        cells = {"e1": {**one, "findings": [found], "by_hand": None}}
        row = {"status": "graded", "score": score, "max_score": 4.0, "reason": "", "cells": cells}
        return StudentWork(f"Student {name}", row)

    def told(count: int) -> tuple[object, ...]:
        works = [work(n, "passed" if n % 5 else "failed", 3.0 if n % 5 else 0.0) for n in range(count)]
        report = coarse(report_of(works, quiz), [])
        (exercise,) = report.exercises
        return exercise.mean_score, exercise.outcomes, report.spread, sum(report.scores), report.misconceptions

    assert told(FEWEST - 1) == (None, (5, 0, 0, 0, 0), None, 0, ())
    mean, outcomes, spread, drawn, misconceptions = told(20)  # 16 with 3 of 4 points, 4 with none
    assert mean == 4 * 0.6
    assert outcomes == (15, 0, 5, 0, 0)
    assert spread
    assert drawn == 20
    assert misconceptions == ()  # two learners each


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("BEN BERG, Ben-Berg; ben_berg bergs", f"{MASK} {MASK}, {MASK}-{MASK}; {MASK}_{MASK} bergs"),
        ("Jose and José and JOSE\u0301", f"{MASK} and {MASK} and {MASK}"),
        ("an li li Li LI van", f"an li li {MASK} {MASK} van"),
        ("u1 u12 U1", f"{MASK} u12 {MASK}"),
    ],
)
def test_a_name_is_masked_however_it_is_written(text: str, shown: str) -> None:
    people = [Person("u1", "Ben", "van Berg", ""), Person("u2", "José", "Li", "")]
    assert mask_of_names(people)(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see http://x.example/~ada/w?q=1 there", f"see {MASK} there"),
        ("mail a.b+c@uni.example.", f"mail {MASK}"),
        ("in /home/ada/w.py line 3", f"in {MASK} line 3"),
        (r"in C:\Users\ada\w.py", f"in {MASK}"),
        ("1/2 or 3 / 4, and/or rate=0.5 / keep", "1/2 or 3 / 4, and/or rate=0.5 / keep"),
    ],
)
def test_addresses_and_paths_are_masked_and_fractions_are_not(text: str, shown: str) -> None:
    assert mask_addresses(text) == shown
