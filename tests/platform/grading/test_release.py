"""What a learner receives holds no solution, no hidden text and no key of a quiz that tells only after grading."""

import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from course.catalog import Catalog, load_catalog
from course.notebooks.breadcrumbs import without_breadcrumb
from course.notebooks.release import nbgrader_settings, release
from course.notebooks.workspace import lay_out
from course.quiz.model import load_quiz
from tests.platform.tiny import SLUG, reference_solutions

MARKS = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


def released_text(catalog: Catalog, folder: Path) -> str:
    lay_out(catalog, folder)
    return "\n".join(path.read_text() for path in sorted(folder.rglob("*")) if path.is_file())


def telling_lines(solutions: dict[str, str]) -> dict[str, list[str]]:
    """The lines of each solution that say something, as they stand in a notebook's file."""
    lines = {}
    for name, source in solutions.items():
        body = source.split("### BEGIN SOLUTION")[-1].split("### END SOLUTION")[0]
        telling = [line.strip() for line in body.splitlines() if len(line.strip()) > 30]
        lines[name] = [json.dumps(line, ensure_ascii=False)[1:-1] for line in telling]
    assert sum(map(len, lines.values())) > 1
    return lines


def test_no_solution_line_and_no_mark_of_one_is_released(catalog: Catalog, tmp_path: Path) -> None:
    text = released_text(catalog, tmp_path)
    assert not [mark for mark in MARKS if mark in text]
    assert "Write your answer here" in text
    assert not [line for lines in telling_lines(reference_solutions()).values() for line in lines if line in text]


def test_hidden_tests_in_a_source_are_not_released(course_copy: Path, tmp_path: Path) -> None:
    path = course_copy / "notebooks" / SLUG / "exercises.ipynb"
    data = json.loads(path.read_text())
    for cell in data["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "standardise":
            cell["source"] = ["### BEGIN HIDDEN TESTS\n", "assert secret == 42\n", "### END HIDDEN TESTS\n", "1"]
    path.write_text(json.dumps(data))
    assert "secret" not in released_text(load_catalog(course_copy), tmp_path / "w")


def test_an_authors_own_answers_are_not_released(course_copy: Path, tmp_path: Path) -> None:
    folder = course_copy / "notebooks" / SLUG
    for name in ("answers.json", "feedback.json", "feedback.html", "answers.broken-1.json"):
        (folder / name).write_text("mine")
    (folder / "picture.svg").write_text("for everybody")
    side_files = release(load_catalog(course_copy), SLUG).side_files
    assert "picture.svg" in side_files
    assert not [name for name in side_files if name.startswith(("answers", "feedback"))]


def after_grading(course_copy: Path) -> Path:
    quiz = course_copy / "quizzes" / f"{SLUG}.yml"
    quiz.write_text(quiz.read_text().replace("feedback: immediate", "feedback: after-grading"))
    return course_copy


def test_an_after_grading_quiz_is_released_without_its_key(course_copy: Path, tmp_path: Path) -> None:
    catalog = load_catalog(after_grading(course_copy))
    lay_out(catalog, tmp_path / "w")
    sheet = json.loads((tmp_path / "w" / SLUG / "quiz.json").read_text())
    assert [question["id"] for part in sheet["parts"] for question in part["questions"]]
    text = released_text(catalog, tmp_path / "w")
    assert '"correct"' not in text
    for question in load_quiz(SLUG, catalog).questions:
        for option in getattr(question, "options", ()):
            assert not getattr(option, "explanation", "") or option.explanation not in text


def test_nbgraders_own_release_has_the_keyless_quiz_too(course_copy: Path) -> None:
    generate(after_grading(course_copy))
    folder = course_copy / "class" / "release" / SLUG
    assert json.loads((folder / "quiz.json").read_text())["slug"] == SLUG
    assert json.loads((folder / "quiz.es.json").read_text())["slug"] == SLUG


def test_an_immediate_quiz_needs_no_sheet(catalog: Catalog) -> None:
    assert release(catalog, SLUG).side_files == {}


def generate(root: Path) -> None:
    """`nbgrader generate_assignment`, in this process."""
    settings = nbgrader_settings(root)
    course = CourseDirectory(config=settings)
    course.assignment_id = SLUG
    GenerateAssignment(coursedir=course, config=settings).start()


@pytest.mark.parametrize("stem", ["lesson", "exercises"])
def test_released_code_has_no_outputs(catalog: Catalog, stem: str) -> None:
    cells = [cell for cell in release(catalog, SLUG).notebooks[stem].cells if cell.cell_type == "code"]
    assert cells
    assert not [cell for cell in cells if cell.outputs or cell.execution_count]


def test_the_release_equals_nbgraders_own(course_copy: Path) -> None:
    """The workspace's release and `nbgrader generate_assignment` come from the same settings. Only the breadcrumb
    differs, as a class fetches a chapter by itself (test_breadcrumbs.py)."""
    generate(course_copy)
    ours = release(load_catalog(course_copy), SLUG).notebooks
    for stem, notebook in ours.items():
        theirs = nbformat.read(course_copy / "class" / "release" / SLUG / f"{stem}.ipynb", as_version=4)
        assert without_breadcrumb(theirs.cells) == without_breadcrumb(notebook.cells)
