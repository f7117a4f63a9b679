"""What `course grade` tells is told as it comes: nothing of a class is kept, and the JSON is whole or not there."""

import errno
import gc
import json
import weakref
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from course.errors import CourseError
from course.grading.display import RowsFile, Tally, display
from course.grading.schedule import Row


def row(student: str, status: str = "graded", unchanged: bool = False) -> Row:
    return Row(student, {"status": status, "score": 1.0, "reason": "¿qué?"}, unchanged, {"cells": 0.5})


def test_outcomes_are_counted_and_rows_let_go() -> None:
    tally = Tally(3)
    seen = []
    for each in (row("ada"), row("ben", unchanged=True), row("cleo", "needs attention")):
        tally.add(each)
        seen.append(weakref.ref(each))
    del each
    gc.collect()
    assert not any(reference() for reference in seen)
    assert tally.summary()[0] == "3 submissions (graded: 2, needs attention: 1; unchanged: 1)."
    assert "running cells 1.5" in tally.summary()[1]
    assert not tally.all_graded


@pytest.mark.parametrize(
    ("lang", "one", "two"),
    [
        ("en", "1 submission (graded: 1; unchanged: 0).", "2 submissions (graded: 2; unchanged: 1)."),
        ("es", "1 entrega (calificada: 1; sin cambios: 0).", "2 entregas (calificada: 2; sin cambios: 1)."),
    ],
)
def test_one_is_told_as_one(lang: str, one: str, two: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    tally = Tally(2)
    tally.add(row("ada"))
    assert tally.summary()[0] == one
    tally.add(row("ben", unchanged=True))
    assert tally.summary()[0] == two


def test_the_time_left_counts_neither_the_start_nor_unchanged_work(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("course.grading.display.time.monotonic", lambda: now[0])
    tally = Tally(12)
    tally.add(row("before", unchanged=True))
    now[0] += 30  # the start
    tally.add(row("ada"))
    assert tally.pace == "30 s"
    now[0] += 2
    tally.add(row("ben"))
    assert tally.pace == "32 s, 30.0 a minute, 18 s left"


@pytest.mark.parametrize(
    ("penalty", "told"), [(1.5, "12 of 28 so far, less 1.5 for being late."), (0.0, "12 of 28 so far.")]
)
def test_points_off_for_being_late_are_in_the_line(penalty: float, told: str) -> None:
    result = {"status": "graded", "score": 12.0, "max_score": 28.0, "reason": "", "needs_manual_grade": True}
    shown = StringIO()
    with display(Console(file=shown, width=200), Tally(1)) as show:
        show(Row("ada", {**result, "penalty": penalty}))
    assert f"ada: graded, {told}" in shown.getvalue()


def test_rows_are_in_the_file_once_it_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text("old")
    file = RowsFile(path)
    file.add(row("ada"))
    file.add(row("half\udc80"))
    assert path.read_text() == "old"
    file.finish()
    file.close()
    rows = json.loads(path.read_text())
    assert list(rows) == ["ada", "half\udc80"]
    assert rows["ada"] == {"status": "graded", "score": 1.0, "reason": "¿qué?", "seconds": {"cells": 0.5}}
    assert list(tmp_path.iterdir()) == [path]


def test_a_class_of_nobody_is_json_too(tmp_path: Path) -> None:
    RowsFile(tmp_path / "rows.json").finish()
    assert json.loads((tmp_path / "rows.json").read_text()) == {}


def test_a_run_that_is_stopped_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text("old")
    file = RowsFile(path)
    file.add(row("ada"))
    file.close()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_fills_up_stops_no_grading_and_is_told_at_the_end(tmp_path: Path) -> None:
    file = RowsFile(tmp_path / "rows.json")

    def full(_text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(file, "_file", type("Full", (), {"write": staticmethod(full), "close": lambda _self: None})())
        file.add(row("ada"))
        file.add(row("ben"))
        with pytest.raises(CourseError, match=r"rows.json cannot be written: No space left.* in the gradebook"):
            file.finish()
        file.close()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_no_file_is_written_to(tmp_path: Path) -> None:
    target = Path("/dev/null")
    file = RowsFile(target)
    file.add(row("ada"))
    file.finish()
    file.close()
    assert target.is_char_device()
