"""`course grade` into a gradebook in a real PostgreSQL, named by URL; the server is the tests' own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.commands import run_module
from tests.platform.tiny import SLUG, WRONG, environment, reference_solutions, write_submission
from tests.postgresql import running_server

COURSE = "neural-networks"
Scores = dict[str, dict[str, float | None]]


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The folder with the socket of a server that is started for these tests and listens nowhere else."""
    with running_server("grader", "trust") as folder:
        yield folder


@pytest.fixture
def url(server: Path) -> str:
    return f"postgresql://grader@/postgres?host={server}"


@pytest.fixture
def class_course(course_copy: Path) -> Path:
    right = {"standardise": reference_solutions()["standardise"]}
    wrong = {"standardise": WRONG["standardise"]["no_rescale"]}
    for student, solutions in {"ada": right, "ben": wrong}.items():
        write_submission(course_copy / "class" / "submitted" / student / SLUG, solutions)
    return course_copy


def course_grade(root: Path, **extra: str) -> tuple[int, str]:
    run = run_module(("course", "grade", SLUG), root, environment(**extra))
    return run.returncode, run.stdout + run.stderr


def scores(gradebook_url: str) -> Scores:
    """auto_score by student and grade cell, as nbgrader's own interface gives them."""
    with Gradebook(gradebook_url, COURSE) as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.auto_score for notebook in submission.notebooks for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(SLUG)
        }


def test_scores_in_postgresql_equal_those_in_sqlite(class_course: Path, url: str) -> None:
    code, told = course_grade(class_course, COURSE_GRADEBOOK=url)
    assert code == 0, told
    stored = scores(url)
    assert stored["ada"]["standardise"] == 4
    assert 0 < (stored["ben"]["standardise"] or 0) < 4
    assert not (class_course / "class" / "gradebook.db").exists()

    code, told = course_grade(class_course, COURSE_GRADEBOOK=url)
    assert "unchanged: 2" in told
    assert scores(url) == stored

    code, told = course_grade(class_course)  # another gradebook, so everything is graded into it
    assert "unchanged: 0" in told
    assert scores(f"sqlite:///{class_course}/class/gradebook.db") == stored


def test_a_server_that_does_not_answer_is_told_without_the_password(class_course: Path, tmp_path: Path) -> None:
    nowhere = f"postgresql://grader:secret@/postgres?host={tmp_path}"
    code, told = course_grade(class_course, COURSE_GRADEBOOK=nowhere)
    assert code == 1
    assert "The gradebook postgresql://grader:***@/postgres" in told
    assert "Traceback" not in told
    assert "secret" not in told
