"""Archives that want out or want everything: nothing is written outside, each is told, and honest work is collected."""

import io
import os
import zipfile
import zlib
from pathlib import Path

import pytest

from course.grading.gradebook.store import Person
from course.grading.intake import archives
from tests.platform.grading.handed_in import NOTEBOOK, collected, files_of
from tests.platform.tiny import SLUG

HONEST = "hopperben_1_2_exercises.ipynb"
EVIL = "evil_3_4_exercises.ipynb"
REFUSED = {
    "../../../evil_3_4_exercises.ipynb": "leads out of the archive",
    "evil_3_4_assignsubmission_file_/../../../x.ipynb": "leads out of the archive",
    "..\\..\\evil_3_4_exercises.ipynb": "leads out of the archive",
    "/tmp/evil_3_4_exercises.ipynb": "leads out of the archive",
    "C:\\evil_3_4_exercises.ipynb": "leads out of the archive",
    "evil\x1b[2J_3_4_exercises.ipynb": "no file name should have",
    "e" * 300 + "_3_4_exercises.ipynb": "too long",
    "link_3_4_exercises.ipynb": "a link or no plain file",
    "bomb_3_4_exercises.ipynb": "64 MiB together",
    "nested_3_4_work.zip: bomb_3_4_exercises.ipynb": "64 MiB together",
    "damaged_3_4_work.zip": "not a zip file",
    "d/" * 300 + "x.ipynb": "too long",
    ".\u200b./evil_3_4_exercises.ipynb": "leads out of the archive",
    "..\u200b/evil_3_4_exercises.ipynb": "leads out of the archive",
}


def add_bomb(archive: zipfile.ZipFile) -> None:
    """64 kB that become 65 MiB."""
    archive.writestr("bomb_3_4_exercises.ipynb", b"\0" * (65 * 2**20), zipfile.ZIP_DEFLATED)


def add_link(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("link_3_4_exercises.ipynb")
    entry.external_attr = 0o120777 << 16
    archive.writestr(entry, "/etc/passwd")


def add_nested_bomb(archive: zipfile.ZipFile) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as each:
        add_bomb(each)
    archive.writestr("nested_3_4_work.zip", inner.getvalue(), zipfile.ZIP_DEFLATED)


def test_attacks_cost_themselves_alone(course_copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for name in REFUSED:
            if ("_exercises" in name and not name.startswith(("link", "bomb", "nested"))) or name.endswith(
                "x.ipynb"
            ):  # the others follow
                archive.writestr(name, NOTEBOOK)
        add_link(archive)
        add_bomb(archive)
        add_nested_bomb(archive)
        archive.writestr("damaged_3_4_work.zip", b"PK\x03\x04 no more")
        archive.writestr(HONEST, NOTEBOOK)
    before = set(tmp_path.rglob("*"))
    placed, refused = collected(course_copy, source)
    assert placed == {"hopperben": "new"}
    for name, reason in REFUSED.items():
        assert reason in refused[name], name
    new = set(tmp_path.rglob("*")) - before
    assert {path for path in new if not path.is_relative_to(course_copy / "class")} == set()
    assert files_of(course_copy, "hopperben") == {"exercises.ipynb": NOTEBOOK}


def test_a_locked_entry_is_told(course_copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr(EVIL, NOTEBOOK)
        archive.writestr(HONEST, NOTEBOOK)
    content = bytearray(source.read_bytes())
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1  # the flag of encryption in the first entry
    source.write_bytes(content)
    placed, refused = collected(course_copy, source)
    assert placed == {"hopperben": "new"}
    assert refused[EVIL] == "It is encrypted."


def test_too_many_files_are_not_all_read(course_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr(HONEST, NOTEBOOK)
        for number in range(5):
            archive.writestr(f"evil_3_{number}_x.txt", b"")
    placed, refused = collected(course_copy, source)
    assert placed == {"hopperben": "new"}
    assert any("too many files" in reason for reason in refused.values())


def test_links_in_a_folder_are_not_followed(course_copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "handed-in" / "eve"
    folder.mkdir(parents=True)
    (folder / "exercises.ipynb").symlink_to("/etc/passwd")
    os.mkfifo(folder / "answers.json")
    (tmp_path / "handed-in" / "ben").mkdir()
    (tmp_path / "handed-in" / "ben" / "exercises.ipynb").write_bytes(NOTEBOOK)
    placed, refused = collected(course_copy, tmp_path / "handed-in")
    assert placed == {"ben": "new"}
    assert set(refused) == {"eve/exercises.ipynb", "eve/answers.json"}
    assert not (course_copy / "class" / "submitted" / "eve" / SLUG).exists()


def test_a_folder_that_is_shut_is_told(course_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ada", "ben"):
        (tmp_path / "handed-in" / name).mkdir(parents=True)
        (tmp_path / "handed-in" / name / "exercises.ipynb").write_bytes(NOTEBOOK)
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("ada"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    placed, refused = collected(course_copy, tmp_path / "handed-in")
    assert (placed, refused) == ({"ben": "new"}, {"ada": "This folder cannot be read: Permission denied."})


def test_an_archive_counts_by_what_is_in_it(course_copy: Path, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as each:
        each.writestr("exercises.ipynb", NOTEBOOK)
        each.writestr("data.bin", bytes(33 * 2**20))
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("ada_1_2_work.zip", inner.getvalue())
    assert collected(course_copy, source) == ({"ada": "new"}, {})


def test_nobody_hands_in_as_somebody_else(course_copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("Ben Berg_2_assignsubmission_file_/exercises.ipynb", NOTEBOOK)
        archive.writestr("Eve_1_assignsubmission_file_/Ben Berg_2_assignsubmission_file_/exercises.ipynb", b"{}")
        archive.writestr("Eve_1_assignsubmission_file_/berg_2_3_exercises.ipynb", b"{}")
        archive.writestr("Ben Berg_7_assignsubmission_file_/exercises.ipynb", b"{}")  # another of that name
    placed, refused = collected(course_copy, source)
    assert placed == {"Ben_Berg": "new", "Eve": "new"}
    assert files_of(course_copy, "Ben_Berg") == {"exercises.ipynb": NOTEBOOK}
    (reason,) = refused.values()
    assert "Two learners are called so: Ben Berg 2 and Ben Berg 7" in reason


def test_one_learners_mess_stops_nobody_elses_work(course_copy: Path, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as each:
        for number in range(3_000):
            each.writestr(f"{number}/", b"")
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("aaa_1_1_exercises.ipynb", NOTEBOOK)
        archive.writestr("bbb_2_1_folders.zip", inner.getvalue())
        archive.writestr("ccc_3_1_lzma.zip", lzma_zip())
        archive.writestr("ccc_3_1_nameless.zip", nameless_zip())
        archive.writestr("ddd_4_assignsubmission_file_/x", NOTEBOOK)
        archive.writestr("ddd_4_assignsubmission_file_/x/exercises.ipynb", NOTEBOOK)
        archive.writestr("ddd_4_assignsubmission_file_/exercises.ipynb", NOTEBOOK)
        archive.writestr("ddd_4_assignsubmission_file_/x/y.txt", NOTEBOOK)
        archive.writestr(HONEST, NOTEBOOK)
    placed, refused = collected(course_copy, source)
    assert placed == {"aaa": "new", "hopperben": "new"}
    assert "too many files" in " ".join(refused.values())
    assert "packed in an unusual way" in " ".join(refused.values())
    assert "could not be written" in refused["ddd"]


def nameless_zip() -> bytes:
    """A zip with an entry that has no name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x", NOTEBOOK)
    return stream.getvalue().replace(b"x", b"\0")


def lzma_zip() -> bytes:
    """A zip packed in a way that would expand before anybody counts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("exercises.ipynb", NOTEBOOK * 50)
    return stream.getvalue()


def test_no_learner_is_taken_for_another_by_the_name_of_a_file(course_copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("Ben Berg_2_assignsubmission_file_exercises.ipynb", NOTEBOOK)
        archive.writestr("Eve_1_assignsubmission_file_Ben Berg_2_assignsubmission_file_exercises.ipynb", b"{}")
        archive.writestr("Eve_1_assignsubmission_file_Ben Berg_3_4_exercises.ipynb", b"{}")
        archive.writestr("mallory_5_6_Ben Berg_2_assignsubmission_file_exercises.ipynb", b"{}")
    placed, refused = collected(course_copy, source)
    assert (placed, refused) == ({"Ben_Berg": "new", "Eve": "new", "mallory": "new"}, {})
    assert files_of(course_copy, "Ben_Berg") == {"exercises.ipynb": NOTEBOOK}


def test_marks_within_letters_tell_names_apart(course_copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("हिना शाह_5_assignsubmission_file/exercises.ipynb", b"hina")
        archive.writestr("हीना शाह_6_assignsubmission_file/exercises.ipynb", b"hiina")
    placed, refused = collected(course_copy, source, Person("u1", "हिना", "शाह", ""))
    assert (placed, refused) == ({"u1": "new", "हीना_शाह": "new"}, {})
    assert files_of(course_copy, "u1") == {"exercises.ipynb": b"hina"}


def test_a_name_in_a_field_of_its_own_is_read(course_copy: Path, tmp_path: Path) -> None:
    """As WinRAR and Info-ZIP write it, beside one in the code page of their system."""
    name = "Łucja_5_assignsubmission_file/exercises.ipynb".encode()
    entry = zipfile.ZipInfo("?ucja_5_assignsubmission_file/exercises.ipynb")
    data = b"\1" + zlib.crc32(entry.filename.encode()).to_bytes(4, "little") + name
    entry.extra = b"\x75\x70" + len(data).to_bytes(2, "little") + data
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr(entry, NOTEBOOK)
    assert collected(course_copy, source) == ({"Łucja": "new"}, {})
