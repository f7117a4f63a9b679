"""Whatever was handed in: every place says the same of it, and what could not be judged is no points and no zero.

COURSE_TRUTH says how many submissions are made.
"""

import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from course.catalog import Chapter, load_catalog
from course.exercises.base import Judge
from course.grading import judging
from course.grading.gradebook.plugins import CourseAutograde
from course.grading.gradebook.store import ClassFolder
from course.grading.schedule import Plan, grade_class
from course.verdict import total_points
from tests.platform.grading import one_truth
from tests.platform.grading.one_truth import GRADED, gradebook_of, hand_in, in_gradebook, small_course
from tests.platform.tiny import SLUG

COUNT = int(os.environ.get("COURSE_TRUTH", "30"))
find_judge = judging.find_judge


class Tripping(Judge):
    """The real judge, but it raises in every other submission."""

    def __init__(self, judge: Judge) -> None:
        self.judge_well = judge

    def judge(self, case: Any, values: Any) -> Any:
        if int(abs(float(next(iter(case.inputs.values())).ravel()[0])) * 1000) % 2:
            raise ZeroDivisionError("a fault of ours")
        return self.judge_well.judge(case, values)


def tripping(chapter: Chapter, name: str) -> Judge:
    judge = find_judge(chapter, name)
    return Tripping(judge) if name == "running_sum" else judge


def by_course_grade(root: Path, again: bool = False) -> dict[str, dict[str, Any]]:
    class_folder = ClassFolder(load_catalog(root))
    plan = Plan(SLUG, class_folder.submitted(SLUG), "sandbox", again=again)
    return {row.student: row.result for row in grade_class(class_folder.catalog, class_folder, plan)}


def by_nbgrader_autograde(root: Path, again: bool = False) -> None:
    class_folder = ClassFolder(load_catalog(root))
    class_folder.course.assignment_id = SLUG
    CourseAutograde(coursedir=class_folder.course, config=class_folder.settings, force=again).start()


@pytest.fixture(scope="module")
def two_classes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, dict[str, Any]]]:
    """One class graded by `course grade`, its copy by `nbgrader autograde`, and the rows of the former."""
    root = small_course(tmp_path_factory.mktemp("truth") / "course")
    for number in range(COUNT):
        hand_in(root, f"student-{number:03}", random.Random(number))
    other = root.parent / "other"
    shutil.copytree(root, other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_LANG", "en")
        patch.setattr(judging, "find_judge", tripping)
        rows = by_course_grade(root)
        by_nbgrader_autograde(other)
    return root, other, rows


def agree(root: Path, rows: dict[str, dict[str, Any]]) -> int:
    """Asserts that every place says the same; the number of graded cells that were compared."""
    stored = in_gradebook(root)
    assert one_truth.in_rows(rows) == stored
    assert one_truth.in_cells_export(root) == stored
    whole = {
        student: (
            total_points(score for score, _most, _waits in cells.values()),
            total_points(most for _score, most, _waits in cells.values()),
            any(waits for _score, _most, waits in cells.values()),
        )
        for student, cells in stored.items()
    }
    assert {student: pytest.approx(told, abs=1e-9) for student, told in whole.items()} == one_truth.in_formgrader(root)
    assert {s: (row["score"], row["max_score"], row["needs_manual_grade"]) for s, row in rows.items()} == whole
    assert one_truth.in_report(root) == {student: told[:2] for student, told in whole.items()}
    told = {student: one_truth.as_feedback_says(cells) for student, cells in stored.items()}
    assert one_truth.in_feedback(root) == told
    for student, columns in one_truth.in_canvas_and_moodle(root).items():
        score, _most, waits = whole[student]
        assert [float(text) if text else None for text in columns] == [None if waits else score] * 2
    return sum(len(cells) for cells in stored.values())


def test_every_place_says_the_same(two_classes: tuple[Path, Path, dict[str, dict[str, Any]]]) -> None:
    root, other, rows = two_classes
    assert agree(root, rows) == len(GRADED) * COUNT
    assert in_gradebook(other) == in_gradebook(root)
    assert agree(other, by_course_grade(other)) == len(GRADED) * COUNT  # nothing is run: it was graded already


def test_what_could_not_be_judged_is_open(two_classes: tuple[Path, Path, dict[str, dict[str, Any]]]) -> None:
    root, _other, rows = two_classes
    stored = in_gradebook(root)
    statuses = set()
    for student, row in rows.items():
        for name, cell in row["cells"].items():
            score, most, waits = stored[student][name]
            statuses.add(cell["status"])
            assert waits == (cell["status"] in {"error", "manual"})
            assert 0 <= score <= most
            assert score == 0 or cell["status"] in {"passed", "partial"}
            assert (cell["status"] == "passed") == (score == most and not waits)
        wrong = [cell for cell in row["cells"].values() if cell["status"] == "error"]
        assert (row["status"] == "graded") == (not wrong)
        assert not wrong or row["reason"]
    assert statuses == {"passed", "partial", "failed", "not attempted", "manual", "error"}


def test_marks_by_hand_stand_until_the_answer_changes(
    two_classes: tuple[Path, Path, dict[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marks at random, then everything is graded again by both commands; then some answers change."""
    monkeypatch.setattr(judging, "find_judge", tripping)
    root, other, _rows = two_classes
    rng = random.Random(7)
    students = sorted(in_gradebook(root))[:8]
    marks = {(student, name): rng.choice([0.0, 0.5, 1.25]) for student in students for name in rng.sample(GRADED, 3)}
    for place in (root, other):
        for student in set(in_gradebook(place)) - set(students):
            shutil.rmtree(place / "class" / "submitted" / student)
        give(place, marks)
    rows = by_course_grade(root, again=True)
    by_nbgrader_autograde(other, again=True)
    for (student, name), points in marks.items():
        cell = rows[student]["cells"][name]
        assert (cell["score"], cell["needs_manual_grade"], cell["by_hand"]) == (points, False, points)
    assert {s: in_gradebook(other)[s] for s in students} == {s: in_gradebook(root)[s] for s in students}

    changed = students[:4]
    for student in changed:
        shutil.rmtree(root / "class" / "submitted" / student)
        hand_in(root, student, random.Random(f"again {student}"))
    rows = by_course_grade(root)
    for (student, name), points in marks.items():
        cell = rows[student]["cells"][name]
        assert (cell["score"], cell["by_hand"]) == (points, points)
        if student not in changed:
            assert not cell["needs_manual_grade"]
        elif cell["needs_manual_grade"]:
            assert cell["reason"] == "The answer has changed since a person gave points for it."
    assert any(rows[student]["cells"][name]["needs_manual_grade"] for student, name in marks if student in changed)


def give(root: Path, marks: dict[tuple[str, str], float]) -> None:
    """Points by hand, as formgrader stores them."""
    with gradebook_of(root) as book:
        for (student, name), points in marks.items():
            grade = book.find_grade(name, "lesson" if name == "quiz" else "exercises", SLUG, student)
            grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()
