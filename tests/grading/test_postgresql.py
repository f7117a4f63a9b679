"""`course grade` into a gradebook in a real PostgreSQL, named by URL; the server is the tests' own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.chapters.dropout.wrong_solutions import INVERTED_DROPOUT
from tests.conftest import SLUG, environment, reference_solutions, write_submission
from tests.system import POSTGRESQL_HINT, postgresql

COURSE = "neural-networks"
Scores = dict[str, dict[str, float | None]]


def as_server(*command: str) -> None:
    """PostgreSQL does not run as root: then it runs as the user that its package makes."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    run = subprocess.run([*prefix, *command], cwd="/", capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The folder with the socket of a server that is started for these tests and listens nowhere else."""
    programs = postgresql()
    if programs is None:
        pytest.fail(POSTGRESQL_HINT)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path may have 107 bytes
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    try:
        as_server(str(programs / "initdb"), "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        as_server(
            str(programs / "pg_ctl"), "-D", data, "-l", str(folder / "log"), "-o", options, "-w", "-t", "120", "start"
        )
        yield folder
        as_server(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(server: Path) -> str:
    return f"postgresql://grader@/postgres?host={server}"


@pytest.fixture
def class_course(course_copy: Path) -> Path:
    right = {"inverted_dropout": reference_solutions()["inverted_dropout"]}
    wrong = {"inverted_dropout": INVERTED_DROPOUT["no_rescale"]}
    for student, solutions in {"ada": right, "ben": wrong}.items():
        write_submission(course_copy / "class" / "submitted" / student / SLUG, solutions)
    return course_copy


def course_grade(root: Path, **extra: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "course", "grade", SLUG]
    run = subprocess.run(command, cwd=root, env=environment(**extra), capture_output=True, text=True, check=False)
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
    assert stored["ada"]["inverted_dropout"] == 4
    assert 0 < (stored["ben"]["inverted_dropout"] or 0) < 4
    assert not (class_course / "class" / "gradebook.db").exists()

    code, told = course_grade(class_course, COURSE_GRADEBOOK=url)
    assert "2 unchanged" in told
    assert scores(url) == stored

    code, told = course_grade(class_course)  # another gradebook, so everything is graded into it
    assert "0 unchanged" in told
    assert scores(f"sqlite:///{class_course}/class/gradebook.db") == stored


def test_a_server_that_does_not_answer_is_told_without_the_password(class_course: Path, tmp_path: Path) -> None:
    nowhere = f"postgresql://grader:secret@/postgres?host={tmp_path}"
    code, told = course_grade(class_course, COURSE_GRADEBOOK=nowhere)
    assert code == 1
    assert "The gradebook postgresql://grader:***@/postgres" in told
    assert "Traceback" not in told
    assert "secret" not in told
