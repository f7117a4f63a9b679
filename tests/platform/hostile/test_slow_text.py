"""Text and names that would keep the grader busy for hours: all that is made of them takes as long as they are long.

Without the limits each of these takes from twenty minutes to days, so a test that comes back at all has passed.
"""

import gzip
import io
import struct
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from course.grading.intake.archives import nested
from course.grading.intake.entries import BadEntry, Found, Refused
from course.notebooks.elsewhere import bound_names, files_that_define, functions_in, seems_to_define
from course.verdict import in_words, marked
from tests.platform.grading.handed_in import NOTEBOOK, collected, files_of

MANY = 1_000_000
MARKS = "\u0300\u0316" * 15_000  # to be put in order, which takes their number squared


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = 1" + "\n" * MANY + "y = 2", {"x", "y"}),
        ("x = 1" + "\n" * MANY + "y = (", {"x", "y"}),
        ("%time x = 1\n" + " \n" * MANY + "y = 2", {"y"}),
    ],
)
def test_the_names_that_a_cell_binds_are_found_among_blank_lines(source: str, names: set[str]) -> None:
    assert bound_names(source) == names


def test_a_report_looks_past_a_formula_that_nothing_closes() -> None:
    text = "$" + "\\$" * (MANY // 10)
    assert marked(text) == text  # it says what was written, as it was written
    assert in_words(text) == text


def test_functions_are_found_among_blank_lines() -> None:
    assert functions_in("def f():\n" + "\n" * MANY + "    async  def g(): pass") == ["f", "g"]


BEGINNINGS = ("import ", "mc_predict:", "['mc_predict", "mc_predict : \n", "def \n", "import a,")


@pytest.mark.parametrize("filling", BEGINNINGS)
def test_a_definition_is_found_after_much_that_begins_like_one(filling: str) -> None:
    much = filling * (MANY // len(filling))
    assert not seems_to_define(much.replace("mc_predict", "mc_predic"), "mc_predict")
    assert seems_to_define(f"{much}\nmc_predict = 1", "mc_predict")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from solutions import mc_predict", True),
        ("mc_predict: Callable = f", True),
        ("mc_predict\\\n = f", False),
        ("import mc_predictor", False),
        ("mc_predict == f", False),
        ("mc_predict and import", False),
    ],
)
def test_what_counts_as_a_definition(text: str, found: bool) -> None:
    assert seems_to_define(text, "mc_predict") is found


def test_a_file_beside_the_notebook_keeps_nobody_waiting(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("import " * (MANY // 7))
    (tmp_path / "mine.py").write_text("def mc_predict(): pass")
    assert files_that_define(tmp_path, "mc_predict", {"exercises": set()}) == ["mine.py"]


def zipped(names: list[str], extra: bytes = b"") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name)
            entry.extra = extra
            archive.writestr(entry, b"x")
    return packed.getvalue()


def tarred(*headers: bytes, kind: bytes = tarfile.XHDTYPE) -> bytes:
    """A tar, packed, in which the headers stand before one file, x.ipynb."""
    packed = b""
    for content, each in [*((content, kind) for content in headers), (b"x", tarfile.REGTYPE)]:
        entry = tarfile.TarInfo("x.ipynb")
        entry.type, entry.size = each, len(content)
        packed += entry.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)
    return gzip.compress(packed)


def record(key: str, value: str) -> bytes:
    rest = f" {key}={value}\n".encode()
    length = next(size for size in range(len(rest), len(rest) + 9) if len(str(size)) + len(rest) == size)
    return str(length).encode() + rest


def names_in(content: bytes) -> list[str]:
    with nested(content) as found:
        return [f"refused: {each.reason}" if isinstance(each, Refused) else str(each.name) for each in found]


def test_names_of_thousands_of_marks_are_too_long() -> None:
    told = names_in(zipped([f"{number}{MARKS}.ipynb" for number in range(900)]))
    assert told == ["refused: Its name is too long."] * 900
    for content in (tarred(record("path", f"x{MARKS}")), tarred(f"x{MARKS}".encode(), kind=tarfile.GNUTYPE_LONGNAME)):
        assert names_in(content) == ["refused: Its name is too long."]


def test_a_name_that_is_not_taken_is_told_in_a_few_words() -> None:
    assert len(Refused("x" * MANY, "Its name is too long.").name) < 300


def test_names_with_marks_of_an_honest_length_are_read() -> None:
    name = "Ünïcödé " + unicodedata.normalize("NFD", "é" * 60) + ".ipynb"
    assert names_in(zipped([name])) == [unicodedata.normalize("NFC", name)]
    assert names_in(tarred(record("path", name))) == [unicodedata.normalize("NFC", name)]


@pytest.mark.parametrize(
    "header",
    [b"5 a=\n" * (2**20 // 5), b"".join(record(f"k{n}", "") for n in range(60_000)), b"9999999 a=\n" * 90_000],
    ids=["records", "keys", "lengths"],
)
def test_headers_of_thousands_of_records_are_passed_over(header: bytes) -> None:
    assert names_in(tarred(*[header] * 100)) == ["x.ipynb"]


def test_records_that_count_are_found_among_others_that_do_not() -> None:
    others = b"".join(record(f"k{number}", "") for number in range(3_000))
    assert names_in(tarred(others + record("path", "y.ipynb") + others)) == ["y.ipynb"]
    for key in ("size", "GNU.sparse.major"):
        assert names_in(tarred(others + record(key, "1"))) == ["refused: It is a link or no plain file."]


def test_a_zip_of_much_beside_its_names_is_not_opened() -> None:
    with pytest.raises(BadEntry, match="too many"):
        names_in(zipped([f"{number}.txt" for number in range(400)], struct.pack("<HH", 0x9999, 0) * 16_000))


def test_a_zip_of_a_systems_own_extra_fields_is_opened() -> None:
    extra = struct.pack("<HHBI", 0x5455, 5, 1, 0) + struct.pack("<HHBBIBI", 0x7875, 11, 1, 4, 0, 4, 0)
    assert len(names_in(zipped([f"{number}.txt" for number in range(1_000)], extra))) == 1_000


@pytest.mark.parametrize(
    "pack",
    [
        lambda: ("work.zip", zipped([f"{number}{MARKS}.ipynb" for number in range(900)])),
        lambda: ("work.tgz", tarred(*[b"5 a=\n" * (2**20 // 5)] * 100)),
    ],
    ids=["zip", "tar"],
)
def test_nobody_waits_for_one_learners_archive(
    course_copy: Path, tmp_path: Path, pack: Callable[[], tuple[str, bytes]]
) -> None:
    name, content = pack()
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"evil_3_4_{name}", content)
        archive.writestr("hopperben_1_2_exercises.ipynb", NOTEBOOK)
    placed, refused = collected(course_copy, source)
    assert placed["hopperben"] == "new"
    assert all(len(each) < 2_000 for each in refused)
    assert files_of(course_copy, "hopperben") == {"exercises.ipynb": NOTEBOOK}


def test_found_files_are_read_only_when_asked_for() -> None:
    with nested(zipped(["a.txt"])) as [found]:
        assert isinstance(found, Found)
        assert found.read(1) == b"x"
