"""What a class's report and its tables make of files that are none, and of text that a spreadsheet would obey."""

import csv
import io
import os
from pathlib import Path

import pytest

from course.catalog import load_catalog
from course.errors import CourseError
from course.grading.intake.timestamp import TIMESTAMP, handed_in
from course.report.page import write_report
from course.report.similarity import similar_pairs
from course.storage.spreadsheet import csv_text
from tests.platform.report.test_report import add, cell
from tests.platform.tiny import SLUG, TINY, reference_solutions, write_submission

GIGABYTES = 40 * 2**30
FORMULAS = (
    *("=1+1", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "  =1", " \t =1"),
    *("\u00a0=1", "\u3000=1", "\u2003=1", "\ufeff=1", "\u200b=1", "\u2060=1", "\x00=1", "\x0b=1", "\x1d=1", "\u2028=1"),
    *("＝1", "＋1", "－1", "＠1", "﹦1", "﹢1", "﹣1", "⁼1", "\u200b ＝1"),
)
ROWS = ("x\r=1+1", "x\r\n=1+1", "x\n=1+1", "x\x85=1+1", "x\u2028=1+1", 'x"\r=1+1', "\r\r\r=1+1,2,3")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula_whatever_stands_before_its_sign(text: str) -> None:
    [[_title], [shown]] = csv.reader(io.StringIO(csv_text(["name"], [[text]])))
    assert shown.startswith("'")


@pytest.mark.parametrize("text", ROWS)
def test_no_text_begins_a_row_of_its_own(text: str) -> None:
    """Python's writer quotes only its own line break; a spreadsheet ends a row at the others as well."""
    written = csv_text(["name", "points"], [[text, 1.5], ["ada", 2]])
    assert "\r" not in written
    rows = list(csv.reader(io.StringIO(written)))
    assert [row[1] for row in rows] == ["points", "1.5", "2"]
    assert not any(row[0].startswith("=") for row in rows)


def test_plain_text_and_numbers_stay_as_they_are() -> None:
    written = csv_text(["name"], [["Ada Lind"], ["−0.5"], [-0.5], [None], ["two\nlines"], ["'quoted'"], ["ﬁ = 1"]])
    assert [row[0] for row in csv.reader(io.StringIO(written))][1:] == (
        ["Ada Lind", "−0.5", "-0.5", "", "two\nlines", "'quoted'", "ﬁ = 1"]
    )


def test_a_pipe_or_a_link_in_place_of_a_notebook_is_not_read(course_copy: Path) -> None:
    """A pipe that nobody writes into would be waited for without end; a link leads to somebody else's work."""
    solutions = reference_solutions()
    own = {"first_peak": solutions["first_peak"] + "# " + "mine, and nobody else's " * 40}
    neighbour = write_submission(course_copy / "class" / "submitted" / "ben" / SLUG, own)
    for name, make in (("mallory", os.mkfifo), ("trudy", lambda path: path.symlink_to(neighbour / path.name))):
        add(course_copy, name, 1, {"e1": cell("failed")})
        make(course_copy / "class" / "submitted" / name / SLUG / "exercises.ipynb")
    page = write_report(load_catalog(course_copy), SLUG)
    assert "mallory" in page.read_text()
    [_titles] = csv.reader(io.StringIO((page.parent / "similar.csv").read_text()))


def test_a_notebook_larger_than_the_memory_is_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "mallory" / SLUG
    folder.mkdir(parents=True)
    with (folder / "exercises.ipynb").open("wb") as file:
        file.truncate(GIGABYTES)  # takes no room on the disk
    assert similar_pairs(load_catalog(TINY), SLUG, {"mallory": folder}) == []


def test_a_time_of_forty_gigabytes_is_told_as_none(tmp_path: Path) -> None:
    with (tmp_path / TIMESTAMP).open("wb") as file:
        file.write(b"2030-05-02 09:00 UTC ")
        file.truncate(GIGABYTES)
    with pytest.raises(CourseError, match=TIMESTAMP):
        handed_in(tmp_path)
