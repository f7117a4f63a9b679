"""A gradebook that is locked, a disk that is full: it is said, earlier results stay, and the same command goes on."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.catalog import load_catalog
from course.errors import CourseError
from course.grading.gradebook import database
from course.grading.gradebook.store import ClassFolder
from course.grading.schedule import Plan, Row, grade_class
from tests.platform.grading.test_faults import scores
from tests.platform.tiny import SLUG, reference_solutions, write_submission

BEFORE = {"ada": 0.0, "ben": 0.0}
AFTER = {"ada": 0.0, "ben": 4.0}


def grade(root: Path) -> dict[str, Row]:
    catalog = load_catalog(root)
    class_folder = ClassFolder(catalog)
    return {
        row.student: row
        for row in grade_class(catalog, class_folder, Plan(SLUG, class_folder.submitted(SLUG), "sandbox"))
    }


def submit(root: Path, student: str, **solutions: str) -> None:
    folder = root / "class" / "submitted" / student / SLUG
    shutil.rmtree(folder, ignore_errors=True)
    write_submission(folder, solutions)


def handed_in_again(root: Path) -> None:
    """Both are graded; then ben hands in something better."""
    for student in BEFORE:
        submit(root, student)
    grade(root)
    assert scores(root) == BEFORE
    submit(root, "ben", standardise=reference_solutions()["standardise"])


def judged(root: Path) -> bytes:
    return (root / "class" / "autograded" / "ben" / SLUG / "exercises.ipynb").read_bytes()


@pytest.fixture
def locked_on_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Another program holds the database when a grade is to be stored, until the event is set."""
    free = threading.Event()
    store = ClassFolder.store

    def hold(path: str, held: threading.Event) -> None:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            held.set()
            free.wait()
            connection.execute("ROLLBACK")

    def storing(self: ClassFolder, *arguments: Any) -> dict[str, Any]:
        held = threading.Event()
        path = str(self.catalog.root / "class" / "gradebook.db")
        threading.Thread(target=hold, args=(path, held)).start()
        held.wait()
        return store(self, *arguments)

    monkeypatch.setattr(ClassFolder, "store", storing)
    yield free
    free.set()


def test_a_gradebook_locked_for_a_while_is_waited_for(class_course: Path, locked_on_store: threading.Event) -> None:
    threading.Timer(7, locked_on_store.set).start()  # longer than SQLite itself would wait
    rows = grade(class_course)
    assert rows["ben"].result["status"] == "graded"
    assert scores(class_course) == AFTER


def test_a_gradebook_locked_for_ever_is_told_and_loses_nothing(
    class_course: Path, locked_on_store: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 1)
    judged_before = judged(class_course)
    with pytest.raises(CourseError, match=r"database is locked.*the same command goes on"):
        grade(class_course)
    locked_on_store.set()
    monkeypatch.undo()
    assert scores(class_course) == BEFORE
    assert judged(class_course) == judged_before
    rows = grade(class_course)
    assert {student: row.unchanged for student, row in rows.items()} == {"ada": True, "ben": False}
    assert scores(class_course) == AFTER


@pytest.fixture
def class_course(course_copy: Path) -> Path:
    handed_in_again(course_copy)
    return course_copy


@pytest.fixture
def small_disk(course_copy: Path) -> Iterator[Path]:
    """The course with class/ on a disk of a few MiB."""
    if os.geteuid() != 0:
        pytest.fail(
            "This test mounts a small disk, which needs root. Without it: make test ARGS='-k \"not full_disk\"'"
        )
    folder = course_copy / "class"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=True)
    try:
        handed_in_again(course_copy)
        yield course_copy
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_told_and_leaves_earlier_results(small_disk: Path) -> None:
    judged_before = judged(small_disk)
    filler = small_disk / "class" / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4096)
    row = grade(small_disk)["ben"].result
    assert row["status"] == "needs attention"
    assert "No space left on device" in row["reason"]
    assert "The gradebook still shows what was graded before." in row["reason"]
    assert scores(small_disk) == BEFORE
    assert judged(small_disk) == judged_before
    filler.unlink()
    assert grade(small_disk)["ben"].result["status"] == "graded"
    assert scores(small_disk) == AFTER
