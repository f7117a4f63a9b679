"""Work that came from Canvas, Moodle or a folder is put where it is graded; what it replaces is kept."""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import pytest
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.cli import app
from course.errors import UsageError
from course.grading.gradebook.store import ClassFolder, Person
from course.grading.intake.collect import Collected, collect
from course.grading.intake.entries import Refused
from tests.platform.test_cli import course
from tests.platform.tiny import SLUG, write_submission

NOTEBOOK, ANSWERS = b'{"cells": [], "nbformat": 4}', b'{"version": 1}'
EARLY, LATE = (2026, 3, 1, 10, 0, 0), (2026, 3, 2, 18, 30, 0)


def packed(path: Path, files: Mapping[str, bytes | tuple[bytes, tuple[int, ...]]]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, given in files.items():
            content, time = given if isinstance(given, tuple) else (given, EARLY)
            archive.writestr(zipfile.ZipInfo(name, time), content)  # type: ignore[arg-type]
    return path


def collected(root: Path, source: Path, *people: Person) -> tuple[dict[str, str], dict[str, str]]:
    """Outcome by learner, and reason by refused file. people: who is in the gradebook."""
    placed, refused = rows(root, source, *people)
    return {row.student: row.outcome for row in placed}, {row.name: row.reason for row in refused}


def rows(root: Path, source: Path, *people: Person) -> tuple[list[Collected], list[Refused]]:
    """The gradebook itself takes seconds to be made; some tests below read a real one."""
    with (
        patch.object(ClassFolder, "people", lambda _self: list(people)),
        patch.object(ClassFolder, "due_date", lambda _self, _slug: None),
    ):
        found = list(collect(load_catalog(root), SLUG, source))
    return [row for row in found if isinstance(row, Collected)], [row for row in found if isinstance(row, Refused)]


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
            "hopperben_1843_90214_.feedback.json.lock": b"",
            "__MACOSX/._x": b"",
        },
    )
    placed, refused = collected(course_copy, source)
    assert placed == {"hopperben": "new", "lovelaceada": "new"}
    assert refused == {
        "lovelaceada_1842_90210_exercises.ipynb": "There are several of exercises.ipynb; "
        "lovelaceada_LATE_1842_90377_exercises-1.ipynb counts."
    }
    assert files_of(course_copy, "lovelaceada") == {"exercises.ipynb": NOTEBOOK + b" ", "answers.json": ANSWERS}
    assert files_of(course_copy, "hopperben")["notes.pdf"] == b"%PDF"
    again, _refused = rows(course_copy, source)
    assert {(row.student, row.outcome, row.late) for row in again} == {
        ("lovelaceada", "unchanged", True),
        ("hopperben", "unchanged", False),
    }
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
    found = list(collect(load_catalog(course_copy), SLUG, source))
    placed = {row.student: row.outcome for row in found if isinstance(row, Collected)}
    refused = {row.name: row.reason for row in found if isinstance(row, Refused)}
    strangers = {row.student for row in found if isinstance(row, Collected) and row.stranger}
    assert strangers == placed.keys() - {"u042"}
    assert placed == {"u042": "new", "Somebody_Else": "new", "José_Pérez": "new", "Kim_Flat": "new"}
    assert "put each learner's files into a folder of that learner" in refused.pop("readme.txt")
    assert refused == {
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
    assert "0 new, 1 replaced, 1 unchanged; files not collected: 0." in run.stderr
    assert files_of(course_copy, "ada")["exercises.ipynb"] == NOTEBOOK
    (kept,) = (course_copy / "class" / "earlier" / SLUG / "ada").iterdir()
    assert {name: (kept / "submitted" / name).read_bytes() for name in first} == first


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
    with pytest.raises(UsageError, match="neither a folder nor an archive that can be read"):
        collected(course_copy, tmp_path / "x.zip")
    with pytest.raises(UsageError, match="There is no"):
        collected(course_copy, tmp_path / "nothing")
    with pytest.raises(UsageError, match="There are no files in"):
        collected(course_copy, packed(tmp_path / "empty.zip", {"ada/": b""}))
    run = course("collect", str(tmp_path / "nothing"), SLUG, cwd=course_copy)
    assert run.returncode == 2
    assert os.listdir(course_copy / "class") in ([], ["gradebook.db"])


def moodle(tmp_path: Path, *folders: str) -> Path:
    """A download in which each learner's folder holds a notebook of its own."""
    return packed(
        tmp_path / "moodle.zip",
        {f"{folder}/exercises.ipynb": NOTEBOOK + folder.encode() for folder in folders},
    )


@pytest.mark.parametrize("ending", ["_assignsubmission_file_/", "_assignsubmission_file/", "_assignsubmission_file_"])
def test_every_moodles_folders_and_files_are_the_learners(course_copy: Path, tmp_path: Path, ending: str) -> None:
    names = [f"Lucía Vega_5512{ending}", f"Ben Berg_5513{ending}", f"Default group{ending}"]
    source = packed(tmp_path / "x.zip", {f"{name}exercises.ipynb": NOTEBOOK for name in names})
    placed, refused = collected(course_copy, source, Person("u042", "Lucía", "Vega", ""))
    assert (placed, refused) == ({"u042": "new", "Ben_Berg": "new", "Default_group": "new"}, {})


def test_the_file_that_is_called_as_it_was_handed_out_counts(course_copy: Path, tmp_path: Path) -> None:
    files = {"ada/Exercises.ipynb": b"other", "ada/exercises.ipynb": b"this", "ben/exercises.ipynb": b"b"}
    _placed, refused = collected(course_copy, packed(tmp_path / "x.zip", files))
    assert files_of(course_copy, "ada") == {"exercises.ipynb": b"this"}
    assert set(refused) == {"ada/Exercises.ipynb"}


@pytest.mark.parametrize("called", ["Participant", "Participante", "Osallistuja"])
def test_who_is_hidden_by_moodle_is_told_apart_by_the_number(course_copy: Path, tmp_path: Path, called: str) -> None:
    source = moodle(tmp_path, *(f"{called}_{number}_assignsubmission_file" for number in range(38950, 38953)))
    placed, refused = collected(course_copy, source)
    assert (placed, refused) == ({f"{called}_{number}": "new" for number in range(38950, 38953)}, {})
    assert files_of(course_copy, f"{called}_38951")["exercises.ipynb"].endswith(b"_38951_assignsubmission_file")


def test_one_hidden_learner_alone_is_not_called_participant(course_copy: Path, tmp_path: Path) -> None:
    assert collected(course_copy, moodle(tmp_path, "Participant_38950_assignsubmission_file"))[0] == {
        "Participant_38950": "new"
    }
    assert collected(course_copy, moodle(tmp_path, "Participant_38951_assignsubmission_file"))[0] == {
        "Participant_38951": "new"
    }


def test_who_is_hidden_by_canvas_is_told_apart_by_the_code(course_copy: Path, tmp_path: Path) -> None:
    source = packed(
        tmp_path / "x.zip",
        {
            "anon_aB3xZ_90210_exercises.ipynb": NOTEBOOK,
            "LATE_anon_12345_90211_exercises.ipynb": NOTEBOOK,
            "vegalucia_1842_text.html": b"typed",
        },
    )
    placed, refused = rows(course_copy, source, Person("u1", "", "", "12345"))  # not Canvas's number of a person
    assert {row.student: row.late for row in placed} == {"anon_aB3xZ": False, "anon_12345": True}
    assert [row.reason for row in refused] == ["What was typed into Canvas is not graded here."]


COPIES = {
    "exercises.ipynb": b"loose",
    f"{SLUG}/exercises.ipynb": b"chapter's folder",
    "old/exercises.ipynb": b"old",
    "exercises (1).ipynb": b"downloaded twice",
    f"{SLUG}/exercises-Copy1.ipynb": b"copy",
    "2-5-batch-norm/exercises.ipynb": b"another chapter",
    "2-5-batch-norm/answers.json": b"another chapter",
}


def test_of_several_copies_the_one_in_the_chapters_folder_counts(course_copy: Path, tmp_path: Path) -> None:
    for order in (list(COPIES), list(reversed(COPIES))):
        inner = packed(tmp_path / "inner.zip", {name: COPIES[name] for name in order})
        source = packed(tmp_path / "x.zip", {"vegalucia_1_2_work.ZIP": inner.read_bytes()})
        _placed, refused = collected(course_copy, source)
        assert files_of(course_copy, "vegalucia") == {"exercises.ipynb": b"chapter's folder"}
        several = f"There are several of exercises.ipynb; vegalucia_1_2_work.ZIP: {SLUG}/exercises.ipynb counts."
        losers = ("exercises.ipynb", "old/exercises.ipynb", "exercises (1).ipynb", f"{SLUG}/exercises-Copy1.ipynb")
        assert refused == {f"vegalucia_1_2_work.ZIP: {name}": several for name in losers} | {
            "vegalucia_1_2_work.ZIP: 2-5-batch-norm": "It is the folder of another chapter; nothing in it is taken."
        }


def test_a_notebook_of_another_chapter_alone_is_no_work(course_copy: Path, tmp_path: Path) -> None:
    source = packed(tmp_path / "x.zip", {"ada/1-2-first-model/exercises.ipynb": NOTEBOOK, "ben/exercises.ipynb": b"b"})
    placed, refused = collected(course_copy, source)
    assert placed == {"ben": "new"}
    assert refused == {
        "ada/1-2-first-model": "It is the folder of another chapter; nothing in it is taken.",
        "ada": "There is no notebook in what this learner handed in.",
    }


def test_the_same_notebook_twice_is_no_matter(course_copy: Path, tmp_path: Path) -> None:
    files = {"ada/exercises.ipynb": NOTEBOOK, f"ada/{SLUG}/exercises.ipynb": NOTEBOOK, "ben/exercises.ipynb": NOTEBOOK}
    assert collected(course_copy, packed(tmp_path / "x.zip", files)) == ({"ada": "new", "ben": "new"}, {})


@pytest.mark.parametrize(
    "folder", [f"{SLUG} (1)", f"{SLUG}-1", f"{SLUG} copy", f"work/{SLUG}", SLUG.title(), "2024-05-01"]
)
def test_a_copy_of_the_chapters_folder_is_one(course_copy: Path, tmp_path: Path, folder: str) -> None:
    files = {f"ada/{folder}/exercises.ipynb": NOTEBOOK, "ben/exercises.ipynb": NOTEBOOK}
    assert collected(course_copy, packed(tmp_path / "x.zip", files)) == ({"ada": "new", "ben": "new"}, {})
    assert files_of(course_copy, "ada") == {"exercises.ipynb": NOTEBOOK}


def test_a_notebook_under_a_name_of_ones_own_is_asked_about(course_copy: Path, tmp_path: Path) -> None:
    files = {"ada/exercises_final.ipynb": NOTEBOOK, "ada/lesson.ipynb": NOTEBOOK, "ben/exercises.ipynb": NOTEBOOK}
    placed, refused = rows(course_copy, packed(tmp_path / "x.zip", files))
    assert refused == []
    assert {row.student: row.notes for row in placed} == {
        "ada": (
            "exercises.ipynb is missing. If it is exercises_final.ipynb, rename that in the source and collect again.",
        ),
        "ben": (),
    }


def test_what_the_new_work_lacks_is_told(course_copy: Path, tmp_path: Path) -> None:
    first = {"ada/exercises.ipynb": b"1", "ada/answers.json": b"{}", "ada/notes.txt": b"", "ben/exercises.ipynb": b"1"}
    rows(course_copy, packed(tmp_path / "x.zip", first))
    second = packed(tmp_path / "y.zip", {"ada/exercises.ipynb": b"2", "ben/exercises.ipynb": b"2"})
    placed, _refused = rows(course_copy, second)
    assert {row.student: row.notes for row in placed} == {
        "ada": ("answers.json was in the earlier work and is not in the new one.",),
        "ben": (),
    }


def unmarked(path: Path, names: list[str], extra: bytes = b"") -> Path:
    """A zip as macOS makes it: names in UTF-8, and no flag that says so."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo("x" * len(name.encode()), EARLY)
            entry.extra = extra
            archive.writestr(entry, NOTEBOOK)
    content = path.read_bytes()
    for name in names:
        content = content.replace(b"x" * len(name.encode()), name.encode(), 2)
    path.write_bytes(content)
    return path


def test_names_from_macos_are_read_as_they_were_written(course_copy: Path, tmp_path: Path) -> None:
    decomposed = "Luci\u0301a Vega_5512_assignsubmission_file/exercises.ipynb"
    source = unmarked(tmp_path / "x.zip", [decomposed, "José Peña_5513_assignsubmission_file/exercises.ipynb"])
    placed, refused = collected(course_copy, source, Person("u042", "Lucía", "Vega", ""))
    assert (placed, refused) == ({"u042": "new", "José_Peña": "new"}, {})


@pytest.mark.parametrize(
    "name",
    [
        "Lucía\u00a0Vega",
        "Lucía\u200bVega",
        "\u202aLucía Vega\u202c",
        "Luci\u0301a\u2009Vega",
        "\ufeffLucía Vega",
        "LUCÍA VEGA",
    ],
)
def test_a_name_with_unusual_characters_is_still_the_learners(course_copy: Path, tmp_path: Path, name: str) -> None:
    source = packed(tmp_path / "x.zip", {f"{name}_5512_assignsubmission_file_/exercises\u200b.ipynb": NOTEBOOK})
    assert collected(course_copy, source, Person("u042", "Lucía", "Vega", "")) == ({"u042": "new"}, {})
    source = packed(tmp_path / "y.zip", {"u042\u200e/exercises.ipynb": b"{}", "ben/exercises.ipynb": b"{}"})
    placed, _refused = collected(course_copy, source, Person("u042", "Lucía", "Vega", ""))
    assert placed == {"u042": "replaced", "ben": "new"}


def test_ids_that_differ_in_case_only_are_neither_lost_nor_mixed(course_copy: Path, tmp_path: Path) -> None:
    people = [Person("ada", "", "", ""), Person("Ada", "", "", ""), Person("Ben", "", "", "")]
    files = {f"{name}/exercises.ipynb": name.encode() for name in ("ada", "Ada", "ADA", "BEN")}
    placed, refused = collected(course_copy, packed(tmp_path / "x.zip", files), *people)
    assert placed == {"ada": "new", "Ada": "new", "Ben": "new"}
    assert files_of(course_copy, "ada") == {"exercises.ipynb": b"ada"}
    assert files_of(course_copy, "Ada") == {"exercises.ipynb": b"Ada"}
    assert list(refused) == ["ADA/exercises.ipynb"]
    assert "Two learners in the gradebook are called so: Ada, ada." in refused["ADA/exercises.ipynb"]
    canvas = packed(tmp_path / "y.zip", {"ada_1_2_exercises.ipynb": NOTEBOOK})  # Canvas writes small letters
    assert collected(course_copy, canvas, *people)[0] == {}


def test_a_disk_that_does_not_tell_case_mixes_nobody(course_copy: Path, tmp_path: Path) -> None:
    first = packed(tmp_path / "x.zip", {"Ada/exercises.ipynb": b"Ada", "ben/exercises.ipynb": b""})
    collected(course_copy, first)
    submitted = course_copy / "class" / "submitted"
    (submitted / "ada").symlink_to(submitted / "Ada")  # such a disk shows one folder under both names
    second = packed(tmp_path / "y.zip", {"ada/exercises.ipynb": b"ada", "ben/exercises.ipynb": b""})
    placed, refused = collected(course_copy, second)
    assert placed == {"ben": "unchanged"}
    assert refused == {"ada": "This disk cannot tell the folder ada from Ada, another learner's."}
    assert files_of(course_copy, "Ada") == {"exercises.ipynb": b"Ada"}


def test_a_class_of_200_with_namesakes(course_copy: Path, tmp_path: Path) -> None:
    people = [Person(f"u{number}", "Ana", f"Sol{'' if number < 2 else number}", str(number)) for number in range(200)]
    moodles = moodle(
        tmp_path, *(f"{each.first} {each.last}_{number}_assignsubmission_file" for number, each in enumerate(people))
    )
    placed, refused = collected(course_copy, moodles, *people)
    assert placed == {f"u{number}": "new" for number in range(2, 200)}
    assert len(refused) == 2
    assert all("Two learners in the gradebook are called so: u0, u1." in reason for reason in refused.values())
    canvas = {f"sol{'' if number < 2 else number}ana_{number}_9_exercises.ipynb": NOTEBOOK for number in range(200)}
    placed, refused = collected(course_copy, packed(tmp_path / "x.zip", canvas), *people)
    assert (len(placed), refused) == (200, {})  # Canvas's numbers tell them apart


def test_a_namesake_never_gets_the_work_of_another_number(course_copy: Path, tmp_path: Path) -> None:
    people = [Person("u5", "Ana", "Sol", "5"), Person("u6", "Ben", "Berg", ""), Person("u7", "Kim", "Lee", "7")]
    files = {f"{name}_9_exercises.ipynb": NOTEBOOK for name in ("solana_999", "bergben_6", "solana_7")}
    placed, refused = collected(course_copy, packed(tmp_path / "x.zip", files), *people)
    assert placed == {"u6": "new", "u7": "new"}  # the one has no number yet, the other has married
    [reason] = refused.values()
    assert reason.startswith("u5 in the gradebook is called so and has another number than Canvas's 999.")


def test_work_that_came_before_the_list_is_not_graded_twice(course_copy: Path, tmp_path: Path) -> None:
    source = packed(tmp_path / "x.zip", {f"{name}_9_exercises.ipynb": NOTEBOOK for name in ("solana_5", "bergben_6")})
    assert collected(course_copy, source)[0] == {"solana": "new", "bergben": "new"}
    placed, _refused = rows(course_copy, source, Person("u5", "Ana", "Sol", "5"), Person("bergben", "", "", ""))
    before = course_copy / "class" / "submitted" / "solana" / SLUG
    assert {row.student: row.notes for row in placed} == {
        "u5": (f"{before} is the same learner's, from before the gradebook knew the name: remove it.",),
        "bergben": (),
    }
    placed, _refused = rows(course_copy, source, Person("u5", "Ana", "Sol", "5"), Person("solana", "", "", ""))
    assert {row.student: row.notes for row in placed} == {"u5": (), "bergben": ()}  # solana is somebody else


def test_a_folder_may_be_called_by_the_address(course_copy: Path, tmp_path: Path) -> None:
    people = [Person("u5", "Ana", "Sol", "5", "ana.sol@example.org"), Person("u6", "Ben", "Berg", "")]
    files = {"Ana.Sol@example.org/exercises.ipynb": NOTEBOOK, "u6/exercises.ipynb": NOTEBOOK}
    assert collected(course_copy, packed(tmp_path / "x.zip", files), *people)[0] == {"u5": "new", "u6": "new"}


def test_homes_and_the_exchange_of_a_hub(course_copy: Path, tmp_path: Path) -> None:
    source = packed(
        tmp_path / "homes.zip",
        {
            f"ada/{SLUG}/exercises.ipynb": NOTEBOOK,
            f"ada/{SLUG}/.ipynb_checkpoints/exercises-checkpoint.ipynb": b"earlier",
            "ada/.bash_history": b"",
            f"ben+{SLUG}+2030-05-02 09-00-00 UTC+x1y2/exercises.ipynb": NOTEBOOK,
            "cleo/.exercises.ipynb": NOTEBOOK,
        },
    )
    placed, refused = collected(course_copy, source)
    assert placed == {"ada": "new"}
    assert files_of(course_copy, "ada") == {"exercises.ipynb": NOTEBOOK}
    assert {name.split("/")[0]: reason for name, reason in refused.items()} == {
        f"ben+{SLUG}+2030-05-02 09-00-00 UTC+x1y2": "It is nbgrader's own exchange: "
        "`nbgrader collect` takes work from there.",
        "cleo": "Its name begins with a dot, so it is hidden, and hidden files are not graded.",
    }


@pytest.mark.parametrize(
    ("pattern", "told"), [("(", "is no regular expression"), ("(?P<student_id>.)", "no group file_id")]
)
def test_a_pattern_that_is_none_is_told(course_copy: Path, tmp_path: Path, pattern: str, told: str) -> None:
    config = course_copy / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.FileNameCollectorPlugin.named_regexp = r'{pattern}'\n")
    with pytest.raises(UsageError, match=told):
        collected(course_copy, packed(tmp_path / "x.zip", {"a": b""}))


def test_blackboards_attempts_by_nbgraders_pattern(course_copy: Path, tmp_path: Path) -> None:
    config = course_copy / "nbgrader_config.py"
    pattern = r".*_(?P<student_id>\w+?)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>.+)"
    config.write_text(f"{config.read_text()}\nc.FileNameCollectorPlugin.named_regexp = r'{pattern}'\n")
    names = [f"Dropout_ada_attempt_2030-05-{day}-09-00-00_exercises.ipynb" for day in ("03", "01", "02")]
    source = packed(tmp_path / "x.zip", {name: name.encode() for name in names})
    placed, refused = collected(course_copy, source)
    assert placed == {"ada": "new"}
    assert files_of(course_copy, "ada") == {"exercises.ipynb": names[0].encode()}
    assert set(refused) == set(names[1:])


def test_the_command_tells_notes_and_ends_with_1(
    course_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(course_copy))
    monkeypatch.setattr(ClassFolder, "people", lambda _self: [Person("u042", "Lucía", "Vega", "")])
    source = packed(
        tmp_path / "x.zip",
        {"u042/exercises.ipynb": b"1", "ben/exercises.ipynb": b"1", "ben/timestamp.txt": b"2020-01-01"},
    )
    for expected in ("u042: new", "u042: unchanged"):
        with pytest.raises(SystemExit) as ended:
            app(["collect", str(source), SLUG])
        told = capsys.readouterr().err
        assert ended.value.code == 1
        assert expected in told
    assert "ben: unchanged, not in the gradebook so far" in told
    assert "Not collected: ben/timestamp.txt. When work was handed in is for you to say" in told
    (course_copy / "class" / "submitted" / "u042" / SLUG / "timestamp.txt").write_text("yesterday")
    with pytest.raises(SystemExit):
        app(["collect", str(source), SLUG])
    told = capsys.readouterr().err
    assert f"{SLUG}/timestamp.txt does not say when the work was handed in, but 'yesterday'." in told
    monkeypatch.setattr(ClassFolder, "people", interrupted)
    with pytest.raises(SystemExit) as ended:
        app(["collect", str(source), SLUG])
    assert ended.value.code == 130
    assert "Stopped. What was collected is in its place" in capsys.readouterr().err


def interrupted(_self: ClassFolder) -> list[Person]:
    raise KeyboardInterrupt
