"""When work was handed in: read as nbgrader reads it, and told where that is not what somebody meant."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from course.errors import CourseError
from course.grading.intake.timestamp import HandedIn, handed_in


def written(folder: Path, content: str | bytes) -> Path:
    (folder / "timestamp.txt").write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2030-05-02 09:00 UTC", 9),
        ("2030-05-02 09:00:00.000000 UTC\n", 9),
        ("2030-05-02 09:00", 9),
        ("2030-05-02T09:00Z", 9),
        ("2030-05-02T09:00+0200", 7),
        ("2030-05-02 09:00 Europe/Madrid", 7),
        ("2030-05-02 09:00:00 +0000", 9),
        ("2 May 2030 09:00", 9),
    ],
)
def test_a_time_is_read(tmp_path: Path, text: str, hour: int) -> None:
    assert handed_in(written(tmp_path, text)) == HandedIn(datetime(2030, 5, 2, hour))


def test_no_file_is_no_time(tmp_path: Path) -> None:
    assert handed_in(tmp_path) == HandedIn(None, "")


@pytest.mark.parametrize(
    "content",
    [
        "yesterday",
        "09:00",  # nbgrader takes today's date
        "2030-13-45 10:00 UTC",
        "99999999999999999999",
        "\ufeff2030-05-02 09:00 UTC",
        "2030-05-02 09:00 UTC".encode("utf-16"),
        b"\x00\xff",
        "2030-05-02 09:00 UTC " * 100,
    ],
)
def test_what_says_no_time_is_one_sentence_that_names_the_file(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(CourseError) as fault:
        handed_in(written(tmp_path, content))
    told = str(fault.value)
    assert str(tmp_path / "timestamp.txt") in told
    assert told.endswith("Write date, time and UTC, e.g. 2030-05-02 09:00 UTC.")
    assert len(told.splitlines()) == 1


def test_a_folder_of_that_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "timestamp.txt").mkdir()
    with pytest.raises(CourseError, match=r"timestamp\.txt cannot be read"):
        handed_in(tmp_path)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2030-05-02 09:00 +0200", "2030-05-02 08:56"),  # taken for seconds
        ("2030-05-02 09:00 +02:00", "2030-05-02 09:00"),  # dropped, as all that follows
        ("2030-05-02 09:00 CEST", "2030-05-02 09:00"),
        ("2030-05-02 9:00 PM", "2030-05-02 09:00"),
        ("2 May 2030 09:00 CEST", "2030-05-02 09:00"),
        ("01/02/2030 10:00 UTC", "2030-01-02 10:00"),
    ],
)
def test_what_nbgrader_reads_otherwise_than_it_is_meant_is_told(tmp_path: Path, text: str, read: str) -> None:
    found = handed_in(written(tmp_path, text))
    assert f"says '{text}', which nbgrader reads as {read} UTC." in found.warning
    assert str(found.when).startswith(read)


def test_an_empty_one_is_told(tmp_path: Path) -> None:
    found = handed_in(written(tmp_path, " \n"))
    assert found.when is None
    assert "is empty" in found.warning


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_would_never_end_is_not_read(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "timestamp.txt")
    with pytest.raises(CourseError, match="is no plain file"):
        handed_in(tmp_path)
