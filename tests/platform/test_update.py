"""A new version of the course in mid-term: no work is lost, and work on the old version is graded by the new one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.grading.gradebook.store import ClassFolder
from course.grading.run import grade_folder
from course.grading.schedule import Plan, Row, grade_class
from course.lab import say_placed
from course.notebooks.restore import grade_id
from course.notebooks.workspace import lay_out
from course.quiz.record import Recorder
from course.quiz.scoring import score_quiz
from tests.conftest import filled
from tests.platform.grading.test_release import generate
from tests.platform.tiny import SLUG, WRONG, copy_course, exercise_points, reference_solutions, write_submission

REFERENCE = reference_solutions()
RIGHT = {name: REFERENCE[name] for name in ("standardise", "first_peak", "explain_scaling")}
WRONG = {"standardise": WRONG["standardise"]["no_rescale"], "first_peak": REFERENCE["first_peak"]}
Cells = list[NotebookNode]


def change_notebook(path: Path, change: Callable[[Cells], Cells]) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = change(notebook.cells)
    nbformat.write(notebook, path)


def with_own_cell(cells: Cells) -> Cells:
    return [*cells[:2], new_code_cell("my_number = 7", id="mine"), *cells[2:]]


def better_exercises(cells: Cells) -> Cells:
    """Another prompt, one exercise gone, fewer points for another, and a new test that wants my_number."""
    gone = {f"{name}{kind}" for name in ("first_peak",) for kind in ("", "-solution")}
    cells[0].source += "\n\nRead the tasks again: they have been mended."
    kept = [cell for cell in cells if grade_id(cell) not in gone]
    place = next(index for index, cell in enumerate(kept) if grade_id(cell) == "running_sum")
    kept[place].metadata.nbgrader.points = 1
    extra = new_code_cell("assert my_number == 7")
    extra.metadata["nbgrader"] = {**kept[place].metadata.nbgrader, "grade_id": "extra", "points": 5}
    return [*kept[: place + 1], extra, *kept[place + 1 :]]


def mend_quiz(root: Path) -> None:
    """The first question is worded anew, the second has another key, and one that does not count is gone."""
    path = root / "quizzes" / f"{SLUG}.yml"
    quiz = yaml.safe_load(path.read_text())
    first, second = quiz["parts"][0]["questions"]
    first["prompt"] = "Said in other words: what changes in a column?"
    unchanged, times_rate = second["options"][:2]
    unchanged["misconception"], times_rate["correct"] = times_rate.pop("misconception"), unchanged.pop("correct")
    deeper = quiz["parts"][1]
    deeper["questions"] = [question for question in deeper["questions"] if question["id"] != "same-twice"]
    used = yaml.safe_dump(quiz["parts"])
    quiz["misconceptions"] = {t: m for t, m in quiz["misconceptions"].items() if f"misconception: {t}\n" in used}
    path.write_text(yaml.safe_dump(quiz, allow_unicode=True, sort_keys=False))
    (root / "quizzes" / f"{SLUG}.es.yml").unlink()


def add_chapter(root: Path) -> None:
    contents = root / "notebooks" / "contents.yml"
    entry = "chapters:\n      - {slug: 3-1-more, title: More, module: tiny}"
    head, _empty, tail = contents.read_text().rpartition("chapters: []")
    contents.write_text(head + entry + tail)
    shutil.copytree(root / "notebooks" / SLUG, root / "notebooks" / "3-1-more")
    shutil.copy(root / "quizzes" / f"{SLUG}.yml", root / "quizzes" / "3-1-more.yml")


def new_version_of(root: Path, updated: Path) -> Path:
    """The same folder with everything that people have in it, after the course was updated; in a place of its own."""
    shutil.copytree(root, updated)
    sources = updated / "notebooks" / SLUG
    change_notebook(sources / "lesson.ipynb", lambda cells: [*cells, new_markdown_cell("A better end.")])
    change_notebook(sources / "exercises.ipynb", better_exercises)
    mend_quiz(updated)
    add_chapter(updated)
    return updated


def learners_files(folder: Path) -> dict[str, bytes]:
    names = ("exercises.ipynb", "answers.json", "notes.md", "my-trial.ipynb", "data/points.csv")
    return {name: (folder / name).read_bytes() for name in names}


@pytest.fixture
def learners_course(course_copy: Path) -> Path:
    """A course in whose workspace a learner has written, answered and kept files of their own."""
    lay_out(load_catalog(course_copy), course_copy / "workspace")
    work = course_copy / "workspace" / SLUG
    notebook = filled(nbformat.read(work / "exercises.ipynb", as_version=4), RIGHT)
    notebook.cells = with_own_cell(notebook.cells)
    nbformat.write(notebook, work / "exercises.ipynb")
    answers = Recorder(work, SLUG)
    chosen = {"what-it-does": "mean-and-spread", "new-rows": "new-mean", "same-twice": "other-sums"}
    for question, option in chosen.items():
        assert answers.record("answers", question, option)
    (work / "data").mkdir()
    for name in ("notes.md", "my-trial.ipynb", "data/points.csv"):
        (work / name).write_text("mine")
    return course_copy


def test_a_learner_loses_nothing_and_is_graded_by_the_new_version(learners_course: Path, tmp_path: Path) -> None:
    before = learners_files(learners_course / "workspace" / SLUG)
    assert score_quiz(SLUG, learners_course / "workspace" / SLUG, 2, load_catalog(learners_course)).score == 1

    root = new_version_of(learners_course, tmp_path / "updated")
    catalog, work = load_catalog(root), root / "workspace" / SLUG
    placed = lay_out(catalog, root / "workspace")
    assert learners_files(work) == before
    assert "A better end." in (work / "lesson.ipynb").read_text()
    assert "they have been mended" in (work / "exercises-updated.ipynb").read_text()
    assert "YOUR CODE HERE" in (root / "workspace" / "3-1-more" / "exercises.ipynb").read_text()
    assert "3.1 More" in (root / "workspace" / "index.ipynb").read_text()
    told = " ".join(say_placed(placed))
    assert f"{SLUG}/lesson.ipynb was updated." in told
    assert f"{SLUG}/exercises-updated.ipynb; the file that you have worked in was left as it is" in told

    result = grade_folder(catalog, SLUG, work, "sandbox")
    quiz = result.cells["quiz"]
    assert quiz.score == 2  # one answer counts under its new words, the other under the new key
    assert "same-twice" in quiz.findings[-1].message
    assert result.cells["standardise"].status == "passed"
    assert result.cells["running_sum"].max_score == 1
    assert result.cells["extra"].score == 5
    assert "first_peak" not in result.cells
    kept = [cell.source for cell in result.notebooks["exercises"].cells]
    assert RIGHT["first_peak"] in kept
    assert "my_number = 7" in kept
    assert learners_files(work) == before


def grade(root: Path) -> dict[str, Row]:
    catalog = load_catalog(root)
    class_folder = ClassFolder(catalog)
    plan = Plan(SLUG, class_folder.submitted(SLUG), "sandbox")
    return {row.student: row for row in grade_class(catalog, class_folder, plan)}


def gradebook(root: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks")


def give_by_hand(root: Path, student: str, cell: str, points: float) -> None:
    with gradebook(root) as book:
        book.find_grade(cell, "exercises", SLUG, student).manual_score = points
        book.db.commit()


@pytest.fixture(scope="module")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two students graded under the old version, with points that somebody gave by hand."""
    root = copy_course(tmp_path_factory.mktemp("term") / "course")
    for student, solutions in (("ada", RIGHT), ("ben", WRONG)):
        folder = write_submission(root / "class" / "submitted" / student / SLUG, solutions)
        change_notebook(folder / "exercises.ipynb", with_own_cell)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COURSE_GRADEBOOK", raising=False)
        grade(root)
    give_by_hand(root, "ada", "explain_scaling", 2.5)
    give_by_hand(root, "ben", "first_peak", 1.5)
    return root


def grades(root: Path, student: str) -> dict[str, tuple[float, float]]:
    """Score and maximum of each cell, from the gradebook."""
    with gradebook(root) as book:
        notebooks = book.find_submission(SLUG, student).notebooks
        return {grade.name: (grade.score, grade.max_score) for book in notebooks for grade in book.grades}


def test_a_class_is_graded_anew_by_the_new_version(graded_class: Path, tmp_path: Path) -> None:
    root = new_version_of(graded_class, tmp_path / "updated")
    old, rows = grades(graded_class, "ada"), grade(root)
    assert not [row for row in rows.values() if row.unchanged]
    assert {row.result["status"] for row in rows.values()} == {"graded"}
    assert rows["ada"].result["cells"]["extra"]["score"] == 5
    assert rows["ben"].result["cells"]["standardise"]["misconceptions"] == ["no_rescale"]

    ada, ben = grades(root, "ada"), grades(root, "ben")
    assert ada["extra"] == ben["extra"] == (5, 5)
    assert ada["running_sum"][1] == 1
    assert ada["standardise"] == old["standardise"] == (4, 4)
    assert ada["explain_scaling"][0] == 2.5  # given by hand, and kept
    assert ben["first_peak"] == (1.5, exercise_points()["first_peak"])  # its cell is gone, the work of grading is not
    assert all(row.unchanged for row in grade(root).values())


def test_nbgraders_own_release_takes_the_new_version_too(graded_class: Path, tmp_path: Path) -> None:
    root = new_version_of(graded_class, tmp_path / "updated")
    generate(root)
    assert "assert my_number == 7" in (root / "class" / "release" / SLUG / "exercises.ipynb").read_text()
    assert grades(root, "ada")["extra"] == (0, 5)  # not graded yet
    assert grades(root, "ada")["explain_scaling"][0] == 2.5
