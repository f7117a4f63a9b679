"""Whose points a grading changed, by cell, before and after, and why: told, kept in a file, and in the report."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.grading import changes, fingerprint
from course.grading.changes import MOST_RUNS, Change, ChangesOfRun, changes_in_words, last_changes
from course.grading.gradebook.store import ClassFolder, Person
from course.grading.intake.roster import take_roster
from course.grading.run import unjudged
from course.grading.task import Graded, as_graded
from course.report.page import write_report
from tests.platform.report.test_report import Page, rows
from tests.platform.test_cli import course
from tests.platform.tiny import SLUG, WRONG, reference_solutions, write_submission

PARTS = {"quiz": "1", "exercise": "1", "grader": "1"}


@dataclass
class Class:
    """A class whose gradings are made by hand: points and answers by cell, without running anything."""

    root: Path
    parts: dict[str, str] = field(default_factory=lambda: dict(PARTS))

    def __post_init__(self) -> None:
        self.catalog = load_catalog(self.root)
        self.folder = ClassFolder(self.catalog)
        self.folder.require_assignment(SLUG)

    def store(self, student: str, key: str | None, **cells: tuple[float | None, str]) -> None:
        """cells: points and the answer, by name."""
        submitted = write_submission(self.root / "class" / "submitted" / student / SLUG, {})
        graded = as_graded(unjudged(self.catalog, SLUG, "x"))
        for name, cell in graded.row["cells"].items():
            points = cells.get(name, (0.0, "as handed out"))[0]
            cell |= {"score": points, "status": "error" if points is None else "partial", "reason": ""}
        answers = {name: cells.get(name, (0.0, "as handed out"))[1] for name in graded.row["cells"]}
        self.folder.store(SLUG, student, Graded(graded.row, graded.notebooks, answers), submitted, key)

    def grading(self, *stored: tuple[Any, ...], **cells: tuple[float | None, str]) -> list[Change]:
        """One grading of ada, or of those stored."""
        run = ChangesOfRun(self.folder, SLUG)
        for student, key, given in stored or [("ada", cells.pop("key", "k"), cells)]:
            self.store(student, key, **given)
        return run.finish(self.folder.submitted(SLUG))

    def gradebook(self, change: Callable[[Any], None]) -> None:
        with Gradebook(f"sqlite:///{self.root}/class/gradebook.db", "neural-networks") as book:
            change(book)
            book.db.commit()


@pytest.fixture
def klass(course_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    made = Class(course_copy)
    monkeypatch.setattr(changes, "fingerprint_parts", lambda _catalog, _slug: dict(made.parts))
    return made


def told(found: list[Change]) -> dict[str, dict[str, tuple[float | None, float | None, tuple[str, ...]]]]:
    return {each.student: {c.cell: (c.before, c.after, c.why) for c in each.cells} for each in found}


def test_a_first_grading_and_the_same_again_change_nothing(klass: Class) -> None:
    assert klass.grading(standardise=(1.0, "a")) == []
    assert klass.grading(standardise=(1.0, "a")) == []
    assert last_changes(klass.catalog, SLUG) is None


@pytest.mark.parametrize(
    ("answer", "key", "parts", "why"),
    [
        ("b", "k2", {}, ("answer",)),
        ("a", "k2", {"exercise": "2"}, ("exercise",)),
        ("a", "k2", {"grader": "2"}, ("grader",)),
        ("b", "k2", {"exercise": "2"}, ("answer", "exercise")),
        ("a", "k2", {"quiz": "2"}, ("files",)),  # the quiz is no reason for an exercise
        ("a", "k2", {}, ("files",)),
        ("a", "k", {}, ("again",)),
        ("a", None, {}, ("fault",)),
    ],
)
def test_why_an_exercise_has_other_points(
    klass: Class, answer: str, key: str | None, parts: dict[str, str], why: tuple[str, ...]
) -> None:
    klass.grading(standardise=(1.0, "a"))
    klass.parts |= parts
    after = None if key is None else 2.0
    found = klass.grading(("ada", key, {"standardise": (after, answer)}))
    assert told(found) == {"ada": {"standardise": (1.0, after, why)}}
    assert found[0].before - 1 == found[0].after - (after or 0) == 0


def test_a_new_key_of_the_quiz_is_a_reason_for_the_quiz_alone(klass: Class) -> None:
    klass.grading(quiz=(1.0, "q"), standardise=(1.0, "a"))
    klass.parts["quiz"] = "2"
    found = klass.grading(("ada", "k2", {"quiz": (2.0, "q"), "standardise": (1.0, "a")}))
    assert told(found) == {"ada": {"quiz": (1.0, 2.0, ("quiz",))}}


def test_a_mark_by_hand_and_points_on_top_are_told_though_they_were_given_between_two_gradings(klass: Class) -> None:
    both = ("ada", "k", {"standardise": (1.0, "a")}), ("ben", "k", {"standardise": (1.0, "a")})
    klass.grading(*both)

    def give(book: Any) -> None:
        book.find_grade("standardise", "exercises", SLUG, "ada").manual_score = 0.5
        book.find_grade("standardise", "exercises", SLUG, "ben").extra_credit = 1.0

    klass.gradebook(give)
    assert told(klass.grading(*both)) == {
        "ada": {"standardise": (1.0, 0.5, ("by hand",))},
        "ben": {"standardise": (1.0, 2.0, ("by hand",))},
    }


def test_a_learner_whom_a_list_renames_keeps_id_and_changes(klass: Class, tmp_path: Path) -> None:
    """A class list changes names, numbers and addresses; what is kept by id goes on, here and in the gradebook."""
    klass.folder.save_people([Person("ada", "Ada", "Byron", "1842", "ada@example.org")])
    klass.grading(standardise=(1.0, "a"))
    listed = tmp_path / "class.csv"
    listed.write_text("id,first name,last name,email,lms_user_id\naking,Ada,King,king@example.org,1842\n")
    assert [after.id for _before, after in take_roster(klass.folder, listed).changed] == ["ada"]
    assert [(each.id, each.last) for each in klass.folder.people()] == [("ada", "King")]
    found = klass.grading(("ada", "k2", {"standardise": (2.0, "b")}))
    assert told(found) == {"ada": {"standardise": (1.0, 2.0, ("answer",))}}


def test_points_off_for_being_late_are_a_line_of_their_own(klass: Class) -> None:
    klass.grading(standardise=(1.0, "a"))

    def punish(book: Any) -> None:
        book.find_submission_notebook("exercises", SLUG, "ada").late_submission_penalty = 0.25

    run = ChangesOfRun(klass.folder, SLUG)
    klass.gradebook(punish)
    found = run.finish(["ada"])
    assert told(found) == {"ada": {"": (0.0, -0.25, ("late",))}}
    assert (found[0].before, found[0].after) == (1.0, 0.75)
    assert "(points off for being late: 0 → -0.25)" in changes_in_words(found)[1]


def test_what_an_earlier_version_graded_is_compared_with_the_gradebook(klass: Class) -> None:
    """It noted no points; which part of the course has changed since cannot be known."""
    klass.store("ada", "k", standardise=(1.0, "a"), quiz=(1.0, "q"))
    found = klass.grading(("ada", "k2", {"standardise": (2.0, "a"), "quiz": (2.0, "other")}))
    assert told(found) == {"ada": {"standardise": (1.0, 2.0, ("course",)), "quiz": (1.0, 2.0, ("answer",))}}


def test_a_run_that_was_stopped_is_told_by_the_next_one(klass: Class) -> None:
    klass.grading(standardise=(1.0, "a"))
    ChangesOfRun(klass.folder, SLUG)
    klass.store("ada", "k2", standardise=(2.0, "b"))  # and then the power failed
    assert told(klass.grading(standardise=(2.0, "b"), key="k2")) == {  # type: ignore[arg-type]
        "ada": {"standardise": (1.0, 2.0, ("answer",))}
    }


def test_only_those_who_were_graded_are_compared(klass: Class) -> None:
    klass.grading(("ada", "k", {"standardise": (1.0, "a")}), ("ben", "k", {"standardise": (1.0, "a")}))
    run = ChangesOfRun(klass.folder, SLUG)
    for student in ("ada", "ben"):
        klass.store(student, "k2", standardise=(2.0, "b"))
    assert set(told(run.finish(["ada"]))) == {"ada"}
    assert set(told(ChangesOfRun(klass.folder, SLUG).finish(["ada", "ben"]))) == {"ben"}


def test_the_file_keeps_the_last_gradings_that_changed_something(klass: Class) -> None:
    for turn in range(MOST_RUNS + 3):
        klass.grading(standardise=(turn % 2, f"answer {turn}"), key=f"k{turn}")  # type: ignore[arg-type]
        klass.grading(standardise=(turn % 2, f"answer {turn}"), key=f"k{turn}")  # type: ignore[arg-type]
    kept = json.loads((klass.root / "class" / "changes" / f"{SLUG}.json").read_text())
    assert len(kept["runs"]) == MOST_RUNS
    last = last_changes(klass.catalog, SLUG)
    assert last
    assert told(list(last.changes)) == {"ada": {"standardise": (1.0, 0.0, ("answer",))}}


def test_a_file_that_is_none_costs_no_grading(klass: Class) -> None:
    klass.grading(standardise=(1.0, "a"))
    (klass.root / "class" / "changes" / f"{SLUG}.json").write_text("{")
    assert klass.grading(standardise=(1.0, "a")) == []


def test_the_terminal_names_the_first_five(klass: Class) -> None:
    names = [f"s{number}" for number in range(7)]
    klass.grading(*((name, "k", {"standardise": (1.0, "a")}) for name in names))
    lines = changes_in_words(klass.grading(*((name, "k2", {"standardise": (2.5, "b")}) for name in names)))
    assert lines[0] == "Points changed for 7 learners (the answer changed: 7)."
    assert lines[1] == "  s0: 1 → 2.5 (the answer changed: standardise 1 → 2.5)"
    assert lines[6:] == ["  and 2 more."]
    assert changes_in_words([]) == []


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_report_says_whose_points_changed_and_why(klass: Class, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    klass.grading(standardise=(1.0, "a"))
    assert "Points that changed" not in write_report(klass.catalog, SLUG).read_text()
    klass.grading(standardise=(2.5, "b"), key="k2")  # type: ignore[arg-type]
    page = write_report(klass.catalog, SLUG)
    why = {"en": "the answer changed", "es": "la respuesta cambió"}[lang]
    expected = {"en": f"{why}: standardise 1 → 2.5", "es": f"{why}: standardise 1 → 2,5"}
    assert expected[lang] in Page(page.read_text()).text
    (row,) = rows(page, "changes.csv")
    assert list(row.values()) == ["ada", "standardise", "1.0", "2.5", why]
    assert rows(write_report(klass.catalog, SLUG, anonymous=True), "changes.csv") == []  # of one learner: not told


def test_the_parts_of_the_course_are_told_apart(course_copy: Path) -> None:
    def parts() -> dict[str, str]:
        fingerprint._fingerprint.cache_clear()
        return fingerprint.fingerprint_parts(load_catalog(course_copy), SLUG)

    before = parts()
    quiz = course_copy / "quizzes" / f"{SLUG}.yml"
    quiz.write_text(quiz.read_text().replace("Yes, nothing in it is random.", "Yes."))
    changed = parts()
    assert {part for part in before if before[part] != changed[part]} == {"quiz"}
    assert set(before) == set(PARTS)


def test_course_grade_tells_whose_points_changed_after_new_work_and_a_mark_by_hand(course_copy: Path) -> None:
    wrong = {"standardise": WRONG["standardise"]["no_rescale"]}
    for student in ("ada", "ben", "cleo"):
        write_submission(course_copy / "class" / "submitted" / student / SLUG, wrong)
    first = course("grade", SLUG, cwd=course_copy)
    assert "Points changed" not in first.stderr
    write_submission(
        course_copy / "class" / "submitted" / "ben" / SLUG, {"standardise": reference_solutions()["standardise"]}
    )
    with Gradebook(f"sqlite:///{course_copy}/class/gradebook.db", "neural-networks") as book:
        book.find_grade("standardise", "exercises", SLUG, "cleo").manual_score = 0.125
        book.db.commit()
    again = " ".join(course("grade", SLUG, cwd=course_copy).stderr.split())
    assert "Points changed for 2 learners" in again
    assert re.search(r"ben: \S+ → \S+ \(the answer changed: .*standardise \S+ → \S+", again)
    assert re.search(r"cleo: \S+ → \S+ \(a mark given by hand: standardise \S+ → 0\.125\)", again)
    assert f"class/changes/{SLUG}.json" in again.replace(" ", "")
    folder = course_copy / "class" / "changes"
    shutil.rmtree(folder)
    folder.write_text("in the way")
    run = course("grade", SLUG, cwd=course_copy)
    assert "Whose points changed cannot be noted in" in run.stderr
    assert "The grades are stored." in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr
