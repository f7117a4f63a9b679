"""A slug is an address for ever: a chapter that has another one now is found under both, with all that was done."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from course import feedback, quiz
from course.authoring.validate import course_problems
from course.catalog import _load_catalog, load_catalog
from course.cli import app
from course.errors import CourseError
from course.exercises.registry import find_exercise
from course.forms.feedback_form import read_entries
from course.grading.gradebook.store import ClassFolder
from course.grading.schedule import Plan, Row, grade_class
from course.lab import say_placed
from course.notebooks.progress import chapter_progress
from course.notebooks.workspace import lay_out
from course.quiz.record import QuizAnswers, Recorder, read_answers
from course.report.read import read_class
from tests.platform.tiny import SLUG, reference_solutions, write_submission

NEW = "2-5-drop-out"


def rename(root: Path) -> None:
    """The course after its author gave the chapter another slug."""
    contents = root / "notebooks" / "contents.yml"
    contents.write_text(contents.read_text().replace(f"slug: {SLUG}", f"slug: {NEW}\n        formerly: [{SLUG}]"))
    (root / "notebooks" / SLUG).rename(root / "notebooks" / NEW)
    for path in (root / "notebooks" / NEW).glob("*.ipynb"):
        path.write_text(path.read_text().replace(SLUG, NEW))
    for path in (root / "quizzes").glob(f"{SLUG}.*"):
        path.rename(path.with_name(path.name.replace(SLUG, NEW)))
    _load_catalog.cache_clear()


@pytest.fixture
def learners(course_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with an answer, a form and a file of the learner's under the old slug; then the slug changes."""
    lay_out(load_catalog(course_copy), course_copy / "workspace")
    folder = course_copy / "workspace" / SLUG
    monkeypatch.setenv("COURSE_ROOT", str(course_copy))
    monkeypatch.chdir(folder)
    assert Recorder(folder, SLUG).record("answers", "what-it-does", "mean-and-spread")
    feedback(SLUG).submit("opinion", {"improve": "nothing"})
    (folder / "notes.md").write_text("mine")
    rename(course_copy)
    return course_copy


def test_the_folder_and_the_answers_move_and_it_is_told_once(learners: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(learners)
    placed = lay_out(load_catalog(learners), learners / "workspace")
    told = f"The chapter {SLUG} is called {NEW} now. Your work was moved with it, nothing else was changed."
    assert say_placed(placed)[0] == told
    folder = learners / "workspace" / NEW
    assert (folder / "notes.md").read_text() == "mine"
    assert not (learners / "workspace" / SLUG).exists()
    assert not list(folder.glob("*-updated*"))
    assert "lesson.ipynb was updated" in " ".join(say_placed(placed))
    catalog = load_catalog(learners)
    assert chapter_progress(catalog, catalog.chapter(NEW), learners / "workspace").answered == 1
    assert say_placed(lay_out(catalog, learners / "workspace")) == []


def test_a_folder_that_cannot_follow_is_left_alone(learners: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(learners)
    (learners / "workspace" / NEW).mkdir()
    placed = lay_out(load_catalog(learners), learners / "workspace")
    assert "moved" not in {each.outcome for each in placed}
    assert (learners / "workspace" / SLUG / "notes.md").read_text() == "mine"


def test_quiz_form_and_check_still_work_under_the_old_slug(learners: Path) -> None:
    shown = quiz(SLUG)
    assert repr(shown) == "1"
    assert shown.answer("new-rows", "training-mean")
    stored = read_answers(Path.cwd())
    assert set(stored.quizzes) == {NEW}
    assert set(stored.quiz(NEW).answers) == {"what-it-does", "new-rows"}
    form = feedback(SLUG)
    assert "Sent so far: 1." in form.sent["opinion"]
    form.submit("opinion", {"improve": "more"})
    assert [entry["chapter"] for entry in read_entries(Path.cwd())] == [SLUG, NEW]
    assert find_exercise("first_peak")[0].slug == NEW


def test_answers_under_both_slugs_are_one_record(tmp_path: Path) -> None:
    for slug, option in ((SLUG, "times-rate"), (NEW, "unchanged")):
        assert Recorder(tmp_path, slug).record("answers", "new-rows", option)
    assert Recorder(tmp_path, NEW).record("predictions", "what-it-does", "x")
    joined = read_answers(tmp_path, {SLUG: NEW}).quiz(NEW)
    record = joined.answers["new-rows"]
    assert ([each.response for each in record.answers], record.attempts) == (["times-rate", "unchanged"], 2)
    assert set(joined.predictions) == {"what-it-does"}
    assert joined.joined(QuizAnswers()) == joined == joined.joined(joined)


def test_course_check_takes_the_old_slug_and_the_old_folder(learners: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def grade(_catalog: object, slug: str, work: Path, _isolation: object) -> None:
        seen.append((slug, work.name))
        raise CourseError("far enough")

    monkeypatch.setattr("course.grading.run.grade_folder", grade)
    for slug in (SLUG, NEW):
        CliRunner().invoke(app, ["check", slug])
    monkeypatch.chdir(learners)
    CliRunner().invoke(app, ["check", SLUG])
    assert seen == [(NEW, SLUG)] * 3


def graded(root: Path) -> dict[str, Row]:
    catalog = load_catalog(root)
    class_folder = ClassFolder(catalog)
    slug = catalog.chapters[0].slug
    plan = Plan(slug, class_folder.submitted(slug), "sandbox")
    return {row.student: row for row in grade_class(catalog, class_folder, plan)}


def test_what_was_handed_in_under_the_old_slug_is_graded_and_keeps_its_marks(
    course_copy: Path, submission: Callable[..., Path]
) -> None:
    right = {name: reference_solutions()[name] for name in ("first_peak", "explain_scaling")}
    submitted = course_copy / "class" / "submitted"
    folder = write_submission(submitted / "ada" / SLUG, right)
    assert Recorder(folder, SLUG).record("answers", "what-it-does", "mean-and-spread")
    graded(course_copy)
    with Gradebook(f"sqlite:///{course_copy}/class/gradebook.db", "neural-networks") as book:
        book.find_grade("explain_scaling", "exercises", SLUG, "ada").manual_score = 2.5
        book.db.commit()
    rename(course_copy)
    write_submission(submitted / "ben" / NEW, right, course_copy)
    rows = graded(course_copy)
    assert {name: row.result["cells"]["first_peak"]["status"] for name, row in rows.items()} == {
        "ada": "passed",
        "ben": "passed",
    }
    assert rows["ada"].result["cells"]["quiz"]["score"] == 1
    with Gradebook(f"sqlite:///{course_copy}/class/gradebook.db", "neural-networks") as book:
        assert [each.name for each in book.assignments] == [NEW]
        assert book.find_grade("explain_scaling", "exercises", NEW, "ada").score == 2.5
    assert not (course_copy / "class" / "autograded" / "ada" / SLUG).exists()
    (ada, ben) = read_class(ClassFolder(load_catalog(course_copy)), NEW)
    assert (len(ada.answers.answers), len(ben.answers.answers)) == (1, 0)
    assert all(row.unchanged for row in graded(course_copy).values())


@pytest.mark.parametrize(
    ("formerly", "told"),
    [
        ("2-4-drop", "contents.yml:8: `formerly` must be a list of slugs"),
        ("[drop]", "contents.yml:8: the slug 'drop' is not like 2-4-dropout"),
        (f"[{SLUG}]", f"contents.yml:8: {SLUG}, formerly {SLUG}, stands twice"),
    ],
)
def test_what_cannot_be_an_earlier_slug_is_told(course_copy: Path, formerly: str, told: str) -> None:
    contents = course_copy / "notebooks" / "contents.yml"
    contents.write_text(contents.read_text().replace(SLUG, f"{SLUG}\n        formerly: {formerly}"))
    try:
        faults = "\n".join(course_problems(load_catalog(course_copy)))
    except CourseError as error:
        faults = str(error)
    assert told in faults
