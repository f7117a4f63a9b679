"""Work that came from Canvas, Moodle or a folder is put where it is graded; what it replaces is kept."""

import os
from pathlib import Path

import pytest

from course.cli import app
from course.errors import UsageError
from course.grading.gradebook.store import ClassFolder, Person
from tests.platform.grading.handed_in import ANSWERS, LATE, NOTEBOOK, collected, files_of, packed, rows
from tests.platform.test_cli import course
from tests.platform.tiny import SLUG, write_submission


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
    assert "Learners (new: 0, replaced: 1, unchanged: 1); files not collected: 0." in run.stderr
    assert files_of(course_copy, "ada")["exercises.ipynb"] == NOTEBOOK
    (kept,) = (course_copy / "class" / "earlier" / SLUG / "ada").iterdir()
    assert {name: (kept / "submitted" / name).read_bytes() for name in first} == first


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


def test_the_file_that_is_called_as_it_was_handed_out_counts(course_copy: Path, tmp_path: Path) -> None:
    files = {"ada/Exercises.ipynb": b"other", "ada/exercises.ipynb": b"this", "ben/exercises.ipynb": b"b"}
    _placed, refused = collected(course_copy, packed(tmp_path / "x.zip", files))
    assert files_of(course_copy, "ada") == {"exercises.ipynb": b"this"}
    assert set(refused) == {"ada/Exercises.ipynb"}


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
