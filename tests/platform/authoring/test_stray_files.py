"""What lies beside notebooks and belongs elsewhere is told, and reaches no learner by either way of release."""

from pathlib import Path

import pytest

from course.authoring.validate import course_problems
from course.catalog import load_catalog
from course.notebooks.release import release
from course.notebooks.workspace import lay_out
from tests.platform.grading.test_release import generate
from tests.platform.tiny import SLUG

STRAY = {
    "helpers.py": r"code does not lie beside notebooks. Move it to course/chapters/tiny/",
    "my_solutions.txt": r"a solution is no learner's file. Move it to tests/chapters/tiny/solutions/.",
    "solutions/e1.csv": r"a solution is no learner's file",
    "notes.docx": r"this file is never released: beside notebooks lie only .csv",
    "Untitled.ipynb": r"a chapter has lesson, exercises and deeper-<topic>.ipynb. Rename it, or take it away.",
    "old/lesson.ipynb": r"a chapter has lesson, exercises and deeper-<topic>.ipynb",
}


def put(root: Path, name: str) -> Path:
    path = root / "notebooks" / SLUG / name
    path.parent.mkdir(exist_ok=True)
    source = (root / "notebooks" / SLUG / "lesson.ipynb").read_text()
    path.write_text(source if path.suffix == ".ipynb" else "mine")
    return path


@pytest.mark.parametrize("name", STRAY)
def test_a_stray_file_is_one_fault_and_no_learner_gets_it(course_copy: Path, name: str) -> None:
    tests = course_copy / "tests" / "chapters" / "tiny"
    tests.mkdir(parents=True)
    (tests / "test_exercises.py").touch()
    put(course_copy, name)
    put(course_copy, "points.csv")
    catalog = load_catalog(course_copy)
    (fault,) = course_problems(catalog)
    assert fault.startswith(f"notebooks/{SLUG}/{name}:1: {STRAY[name]}")
    released = release(catalog, SLUG)
    assert set(released.side_files) == {"points.csv"}
    assert set(released.notebooks) == {"lesson", "exercises"}
    lay_out(catalog, course_copy / "workspace")
    assert not list((course_copy / "workspace").rglob(Path(name).name if "/" not in name else Path(name).parts[0]))


def test_nbgraders_own_release_takes_them_out_again(course_copy: Path) -> None:
    for name in (*STRAY, "points.csv", "answers.json"):
        put(course_copy, name)
    generate(course_copy)
    folder = course_copy / "class" / "release" / SLUG
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"lesson.ipynb", "exercises.ipynb", "points.csv"}
