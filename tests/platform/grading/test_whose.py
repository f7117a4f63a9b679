"""Whose work it is: as a platform, a folder or one's own pattern says, and as the gradebook calls that learner."""

import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.errors import UsageError
from course.grading.gradebook.store import Person
from course.grading.intake.collect import Collected, collect
from course.grading.intake.entries import Refused
from tests.platform.grading.handed_in import ANSWERS, EARLY, NOTEBOOK, collected, files_of, moodle, packed, rows
from tests.platform.tiny import SLUG


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


def test_ones_own_pattern_is_nbgraders_setting(course_copy: Path, tmp_path: Path) -> None:
    config = course_copy / "nbgrader_config.py"
    pattern = r"c.FileNameCollectorPlugin.named_regexp = r'.*/(?P<student_id>\w+)-(?P<file_id>.+)'"
    config.write_text(config.read_text() + f"\n{pattern}\n")
    source = packed(tmp_path / "x.zip", {"export/ada-exercises.ipynb": NOTEBOOK})
    assert collected(course_copy, source) == ({"ada": "new"}, {})


@pytest.mark.parametrize("ending", ["_assignsubmission_file_/", "_assignsubmission_file/", "_assignsubmission_file_"])
def test_every_moodles_folders_and_files_are_the_learners(course_copy: Path, tmp_path: Path, ending: str) -> None:
    names = [f"Lucía Vega_5512{ending}", f"Ben Berg_5513{ending}", f"Default group{ending}"]
    source = packed(tmp_path / "x.zip", {f"{name}exercises.ipynb": NOTEBOOK for name in names})
    placed, refused = collected(course_copy, source, Person("u042", "Lucía", "Vega", ""))
    assert (placed, refused) == ({"u042": "new", "Ben_Berg": "new", "Default_group": "new"}, {})


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


@pytest.mark.parametrize(
    ("pattern", "told"), [("(", "is no regular expression"), ("(?P<student_id>.)", "lacks these groups: file_id")]
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
