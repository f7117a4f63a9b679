"""Tars that learners and platforms hand over: read where that is safe, refused or named where it is not."""

import bz2
import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from course.errors import UsageError
from course.grading.intake import archives
from tests.platform.grading.handed_in import NOTEBOOK, collected, files_of, packed

LONG = "a" * 90 + "/" + "b" * 90 + "/exercises.ipynb"


def entry(name: str, kind: bytes = tarfile.REGTYPE, **fields: object) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.size = kind, len(NOTEBOOK) if kind == tarfile.REGTYPE else 0
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def tarred(*entries: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for each in entries:
            archive.addfile(each, io.BytesIO(NOTEBOOK) if each.isreg() else None)
    return stream.getvalue()


def unpacked(content: bytes) -> bytes:
    return content


@pytest.mark.parametrize(
    ("called", "pack"),
    [
        ("work.tar", unpacked),
        ("work.tar.gz", gzip.compress),
        ("Work.TGZ", gzip.compress),
        ("work.tar.bz2", bz2.compress),
        ("work.zip", gzip.compress),  # what it is counts, not what it is called
    ],
)
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_tar_is_unpacked(
    course_copy: Path, tmp_path: Path, called: str, pack: Callable[[bytes], bytes], form: int
) -> None:
    whole = tarred(entry("work", tarfile.DIRTYPE), entry("work/exercises.ipynb"), entry("work/ñ.csv"), form=form)
    source = packed(tmp_path / "x.zip", {f"vega_1_2_{called}": pack(whole)})
    assert collected(course_copy, source) == ({"vega": "new"}, {})
    assert files_of(course_copy, "vega") == {"exercises.ipynb": NOTEBOOK, "work/ñ.csv": NOTEBOOK}


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read(course_copy: Path, tmp_path: Path, form: int) -> None:
    source = packed(tmp_path / "x.zip", {"vega_1_2_work.tar": tarred(entry(LONG), entry("ben.csv"), form=form)})
    assert collected(course_copy, source) == ({"vega": "new"}, {})
    assert files_of(course_copy, "vega") == {"exercises.ipynb": NOTEBOOK, "ben.csv": NOTEBOOK}


@pytest.mark.parametrize("pack", [unpacked, gzip.compress])
def test_the_class_itself_may_be_a_tar(course_copy: Path, tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "class.tar.gz").write_bytes(pack(tarred(entry("ada/exercises.ipynb"), entry("ben/exercises.ipynb"))))
    assert collected(course_copy, tmp_path / "class.tar.gz") == ({"ada": "new", "ben": "new"}, {})


ATTACKS = {
    "../out.ipynb": entry("../out.ipynb"),
    "/out.ipynb": entry("/out.ipynb"),
    "link.ipynb": entry("link.ipynb", tarfile.SYMTYPE, linkname="/etc/passwd"),
    "hard.ipynb": entry("hard.ipynb", tarfile.LNKTYPE, linkname="/etc/passwd"),
    "pipe.ipynb": entry("pipe.ipynb", tarfile.FIFOTYPE),
    "disk.ipynb": entry("disk.ipynb", tarfile.BLKTYPE, devmajor=8),
    "sparse.ipynb": entry("sparse.ipynb", pax_headers={"GNU.sparse.realsize": "99999999999"}),
    "size.ipynb": entry("size.ipynb", pax_headers={"size": "99999999999"}),
}


def test_attacks_cost_themselves_alone(course_copy: Path, tmp_path: Path) -> None:
    whole = tarred(*ATTACKS.values(), entry("exercises.ipynb"))
    placed, refused = collected(course_copy, packed(tmp_path / "x.zip", {"eve_1_2_work.tar": whole}))
    assert placed == {"eve": "new"}
    assert set(refused) == {f"eve_1_2_work.tar: {name}" for name in ATTACKS}
    assert {"leads out" in reason or "link or no plain file" in reason for reason in refused.values()} == {True}
    assert files_of(course_copy, "eve") == {"exercises.ipynb": NOTEBOOK}


def test_a_bomb_is_not_unpacked(course_copy: Path, tmp_path: Path) -> None:
    bomb = gzip.compress(b"\0" * (200 * 2**20), 1)
    files = {"eve_1_2_work.tgz": bomb, "ben_3_4_exercises.ipynb": NOTEBOOK}
    placed, refused = collected(course_copy, packed(tmp_path / "x.zip", files))
    assert placed == {"ben": "new"}
    assert refused["eve_1_2_work.tgz"] == "The archive holds too much; nothing of it was read."


def claiming(size: bytes) -> bytes:
    """A header with that size: one below zero, say, on which a reader may turn round for ever."""
    header = bytearray(entry("exercises.ipynb").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = size
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    return bytes(header) + bytes(1024)


DAMAGED = {
    "cut": tarred(entry("exercises.ipynb"))[:520],
    "negative": claiming((-1024).to_bytes(12, "big", signed=True)),
    "endless": claiming(b"\x80" + b"\xff" * 11),
    "noise": b"\x1f\x8b" + b"no gzip" * 20,
    "cut gzip": gzip.compress(tarred(entry("exercises.ipynb")))[:-20],
    "no tar in gzip": gzip.compress(b"a notebook, say" * 100),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_one_is_told(course_copy: Path, tmp_path: Path, content: bytes) -> None:
    files = {"eve_1_2_work.tar": content, "ben_3_4_exercises.ipynb": NOTEBOOK}
    placed, refused = collected(course_copy, packed(tmp_path / "x.zip", files))
    assert placed == {"ben": "new"}
    assert refused.pop("eve") == "There is no notebook in what this learner handed in."
    (name, reason), *_ = refused.items()
    assert name.startswith("eve_1_2_work.tar")
    assert "be read" in reason


def test_too_many_files_are_not_all_read(course_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_NESTED", 3)
    whole = tarred(*(entry(f"{number}.csv") for number in range(9)))
    _placed, refused = collected(course_copy, packed(tmp_path / "x.zip", {"eve_1_2_work.tar": whole}))
    assert "too many files" in refused["eve_1_2_work.tar: 3.csv"]


OTHERS = {
    "7z": b"7z\xbc\xaf\x27\x1c\0\4",
    "rar": b"Rar!\x1a\7\1\0",
    "xz": b"\xfd7zXZ\0\0",
    "zstd": b"\x28\xb5\x2f\xfd\0",
}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("called", ["work.7z", "work.RAR", "work.zip", "work.tar.xz"])
def test_a_kind_that_is_not_read_is_named(course_copy: Path, tmp_path: Path, kind: str, called: str) -> None:
    files = {f"eve_1_2_{called}": OTHERS[kind] + bytes(600), "ben_3_4_exercises.ipynb": NOTEBOOK}
    placed, refused = collected(course_copy, packed(tmp_path / "x.zip", files))
    assert placed == {"ben": "new"}
    told = f"It is packed as {kind}, which is not read here: unpack it and collect the folder."
    assert refused[f"eve_1_2_{called}"] == told
    (tmp_path / called).write_bytes(OTHERS[kind])
    with pytest.raises(UsageError, match=told):
        collected(course_copy, tmp_path / called)


def test_an_archive_in_an_archive_is_told(course_copy: Path, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("work/again.ZIP", b"PK\3\4")
    placed, refused = collected(course_copy, packed(tmp_path / "x.zip", {"eve_1_2_work.zip": inner.getvalue()}))
    assert placed == {}
    assert "unpack the outer one" in refused["eve_1_2_work.zip: work/again.ZIP"]


def test_data_that_is_packed_is_no_archive(course_copy: Path, tmp_path: Path) -> None:
    files = {"eve_1_2_data.csv.gz": gzip.compress(b"1,2"), "eve_1_3_exercises.ipynb": NOTEBOOK}
    assert collected(course_copy, packed(tmp_path / "x.zip", files)) == ({"eve": "new"}, {})
    assert set(files_of(course_copy, "eve")) == {"data.csv.gz", "exercises.ipynb"}
