"""Work that came from Canvas, Moodle or a folder is put where it is graded; what it replaces is kept."""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.errors import UsageError
from course.grading.archives import Refused
from course.grading.collect import Collected, collect
from tests.conftest import SLUG, write_submission
from tests.test_cli import course

NOTEBOOK, ANSWERS = b'{"cells": [], "nbformat": 4}', b'{"version": 1}'
EARLY, LATE = (2026, 3, 1, 10, 0, 0), (2026, 3, 2, 18, 30, 0)


def packed(path: Path, files: Mapping[str, bytes | tuple[bytes, tuple[int, ...]]]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, given in files.items():
            content, time = given if isinstance(given, tuple) else (given, EARLY)
            archive.writestr(zipfile.ZipInfo(name, time), content)  # type: ignore[arg-type]
    return path


def collected(root: Path, source: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Outcome by learner, and reason by refused file."""
    rows = list(collect(load_catalog(root), SLUG, source))
    placed = {row.student: row.outcome for row in rows if isinstance(row, Collected)}
    return placed, {row.name: row.reason for row in rows if isinstance(row, Refused)}


def files_of(root: Path, student: str) -> dict[str, bytes]:
    folder = root / "class" / "submitted" / student / SLUG
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name != "timestamp.txt"}


def test_a_zip_from_canvas_the_later_of_two_counts_and_is_the_time(course_copy: Path, tmp_path: Path) -> None:
    source = packed(
        tmp_path / "submissions.zip",
        {
            "lovelaceada_1842_90210_exercises.ipynb": NOTEBOOK,
            "lovelaceada_LATE_1842_90377_exercises-1.ipynb": (NOTEBOOK + b" ", LATE),
            "lovelaceada_1842_90211_answers.json": ANSWERS,
            "hopperben_1843_90212_exercises.ipynb": NOTEBOOK,
            "hopperben_1843_90213_notes.pdf": b"%PDF",
            "__MACOSX/._x": b"",
        },
    )
    placed, refused = collected(course_copy, source)
    assert placed == {"hopperben": "new", "lovelaceada": "new"}
    assert refused == {}
    assert files_of(course_copy, "lovelaceada") == {"exercises.ipynb": NOTEBOOK + b" ", "answers.json": ANSWERS}
    assert files_of(course_copy, "hopperben")["notes.pdf"] == b"%PDF"
    told = course("collect", str(source), SLUG, cwd=course_copy).stderr
    assert "lovelaceada: unchanged, late" in told
    assert not list(course_copy.rglob("class/submitted/*/*/timestamp.txt"))  # a zip does not know it


def test_moodles_names_are_those_of_the_gradebook(course_copy: Path, tmp_path: Path) -> None:
    (course_copy / "class").mkdir()
    with Gradebook(f"sqlite:///{course_copy}/class/gradebook.db", "neural-networks") as gradebook:
        gradebook.add_student("u042", first_name="Lucía", last_name="Vega")
        gradebook.add_student("u043", lms_user_id="777")
    source = packed(
        tmp_path / "moodle.zip",
        {
            "Lucía Vega_5512_assignsubmission_file_/exercises.ipynb": NOTEBOOK,
            "Lucía Vega_5512_assignsubmission_file_/answers.json": ANSWERS,
            "Somebody Else_777_assignsubmission_file_/exercises.ipynb": NOTEBOOK,  # not Canvas's 777
            "Kim Flat_5516_assignsubmission_file_exercises.ipynb": NOTEBOOK,
            "Kim Flat_5516_assignsubmission_onlinetext_/onlinetext.html": b"",
            "José Pérez_5514_assignsubmission_file_/exercises.ipynb": NOTEBOOK,
            "Ana Sol_5515_assignsubmission_file_/report.txt": b"sorry",
            "readme.txt": b"",
        },
    )
    placed, refused = collected(course_copy, source)
    assert placed == {"u042": "new", "Somebody_Else": "new", "José_Pérez": "new", "Kim_Flat": "new"}
    assert refused == {
        "readme.txt": "The name does not say whose it is.",
        "Kim Flat_5516_assignsubmission_onlinetext_/onlinetext.html": "What was typed into Moodle is not graded here.",
        "Ana_Sol": "There is no notebook in what this learner handed in.",
    }
    assert files_of(course_copy, "u042") == {"exercises.ipynb": NOTEBOOK, "answers.json": ANSWERS}


def test_what_a_learner_zipped_is_unpacked(course_copy: Path, tmp_path: Path) -> None:
    inner = packed(
        tmp_path / "inner.zip",
        {f"work/{SLUG}/exercises.ipynb": NOTEBOOK, f"work/{SLUG}/data/x.csv": b"1", "timestamp.txt": b"2020-01-01"},
    )
    source = packed(tmp_path / "outer.zip", {"vegalucia_1_2_work.zip": inner.read_bytes()})
    placed, refused = collected(course_copy, source)
    assert placed == {"vegalucia": "new"}
    assert files_of(course_copy, "vegalucia") == {"exercises.ipynb": NOTEBOOK, "data/x.csv": b"1"}
    assert list(refused.values()) == ["When work was handed in is for you to say, not for a file in it."]


def test_a_resubmission_replaces_and_keeps_the_earlier_one(course_copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "handed-in"
    for student in ("ada", "ben"):
        write_submission(folder / student / SLUG, {})
    assert collected(course_copy, folder) == ({"ada": "new", "ben": "new"}, {})
    first = files_of(course_copy, "ada")
    assert collected(course_copy, folder) == ({"ada": "unchanged", "ben": "unchanged"}, {})
    (folder / "ada" / SLUG / "exercises.ipynb").write_bytes(NOTEBOOK)
    run = course("collect", str(folder), SLUG, cwd=course_copy)
    assert run.returncode == 0, run.stderr
    assert "ada: replaced (earlier work is kept in" in run.stderr.replace("\n", " ")
    assert "0 new, 1 replaced, 1 unchanged; 0 files not collected." in run.stderr
    assert files_of(course_copy, "ada")["exercises.ipynb"] == NOTEBOOK
    (kept,) = (course_copy / "class" / "earlier" / SLUG / "ada").iterdir()
    assert {name: (kept / name).read_bytes() for name in first} == first


def test_ones_own_pattern_is_nbgraders_setting(course_copy: Path, tmp_path: Path) -> None:
    config = course_copy / "nbgrader_config.py"
    pattern = r"c.FileNameCollectorPlugin.named_regexp = r'.*/(?P<student_id>\w+)-(?P<file_id>.+)'"
    config.write_text(config.read_text() + f"\n{pattern}\n")
    source = packed(tmp_path / "x.zip", {"export/ada-exercises.ipynb": NOTEBOOK})
    assert collected(course_copy, source) == ({"ada": "new"}, {})


@pytest.mark.parametrize("inside", ["ada/exercises.ipynb", "ada_10_20_exercises.ipynb"])
def test_a_folder_around_the_class_is_not_taken_for_a_learner(course_copy: Path, tmp_path: Path, inside: str) -> None:
    others = {f"submissions/{inside.replace('ada', name)}": NOTEBOOK for name in ("ada", "ben", "cleo")}
    with pytest.raises(UsageError, match="is in the one folder submissions"):
        collected(course_copy, packed(tmp_path / "x.zip", others))


def test_what_is_no_source_is_told(course_copy: Path, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(UsageError, match="neither a folder nor a zip"):
        collected(course_copy, tmp_path / "x.zip")
    with pytest.raises(UsageError, match="There is no"):
        collected(course_copy, tmp_path / "nothing")
    run = course("collect", str(tmp_path / "nothing"), SLUG, cwd=course_copy)
    assert run.returncode == 2
    assert os.listdir(course_copy / "class") in ([], ["gradebook.db"])
