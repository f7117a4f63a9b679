"""What a learner handed in earlier is in one place or the other, whatever happens while it is replaced."""

import contextlib
import errno
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.catalog import load_catalog
from course.grading.gradebook.store import ClassFolder
from tests.platform.grading.handed_in import files_of, packed, rows
from tests.platform.tiny import SLUG, environment

OLD, NEW = b"old", b"new"


@pytest.fixture
def root(course_copy: Path, tmp_path: Path) -> Path:
    """A class in which ada has handed in, was graded by nbgrader, and has handed in again as tmp_path/new.zip."""
    rows(course_copy, packed(tmp_path / "old.zip", {"ada/exercises.ipynb": OLD, "ben/exercises.ipynb": OLD}))
    for step in ("autograded", "feedback"):
        folder = course_copy / "class" / step / "ada" / SLUG
        folder.mkdir(parents=True)
        (folder / "made of it").write_text(step)
    packed(tmp_path / "new.zip", {"ada/exercises.ipynb": NEW, "ben/exercises.ipynb": OLD})
    return course_copy


def kept(root: Path) -> list[str]:
    folder = root / "class" / "earlier" / SLUG
    return sorted(path.name for path in folder.glob("ada/*/*"))


def stands(root: Path) -> dict[str, bool]:
    return {step: (root / "class" / step / "ada" / SLUG).exists() for step in ("submitted", "autograded", "feedback")}


def hidden(root: Path) -> list[Path]:
    return list((root / "class").rglob(".collect*"))


def test_what_nbgrader_made_of_the_earlier_work_goes_with_it(root: Path, tmp_path: Path) -> None:
    placed, refused = rows(root, tmp_path / "new.zip")
    assert refused == []
    (ada,) = (row for row in placed if row.outcome == "replaced")
    assert ada.earlier is not None
    assert (ada.earlier / "submitted" / "exercises.ipynb").read_bytes() == OLD
    assert (ada.earlier / "autograded" / "made of it").read_text() == "autograded"
    assert (ada.earlier / "feedback" / "made of it").read_text() == "feedback"
    assert stands(root) == {"submitted": True, "autograded": False, "feedback": False}
    assert files_of(root, "ada") == {"exercises.ipynb": NEW}


def test_where_the_settings_say_that_nbgrader_puts_it(root: Path, tmp_path: Path) -> None:
    (root / "class" / "feedback").rename(root / "class" / "told")
    with (root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.CourseDirectory.feedback_directory = "class/told"\n')
    rows(root, tmp_path / "new.zip")
    assert kept(root) == ["autograded", "feedback", "submitted"]
    assert not (root / "class" / "told" / "ada" / SLUG).exists()


def test_a_time_that_was_written_for_the_earlier_work_is_not_the_new_ones(root: Path, tmp_path: Path) -> None:
    (root / "class" / "submitted" / "ada" / SLUG / "timestamp.txt").write_text("2030-05-02 09:00 UTC")
    placed, _refused = rows(root, tmp_path / "new.zip")
    [told] = [row.time.sentence for row in placed if row.time]
    assert told == (
        "timestamp.txt stays with the earlier work, so nobody knows when this was handed in: write a new one."
    )
    assert not (root / "class" / "submitted" / "ada" / SLUG / "timestamp.txt").exists()


@contextlib.contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, call: int, error: BaseException) -> Iterator[None]:
    """The call-th rename of a folder of the learner's fails so, as on a full or failing disk, or by Ctrl-C."""
    counted = 0
    rename: Callable[[Path, Path], Path] = Path.rename

    def counting(self: Path, target: Path) -> Path:
        nonlocal counted
        counted += 1
        if counted == call:
            raise error
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", counting)
        yield


@pytest.mark.parametrize("call", [1, 2, 3, 4])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_rename_that_fails_leaves_everything_as_it_was(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int, error: BaseException
) -> None:
    with failing(monkeypatch, call, error):
        if isinstance(error, OSError):
            placed, (refused,) = rows(root, tmp_path / "new.zip")
            assert [row.student for row in placed] == ["ben"]
            assert refused.name == "ada"
            assert "could not be written: No space left on device. What was there is kept." in refused.reason
        else:
            with pytest.raises(KeyboardInterrupt):
                rows(root, tmp_path / "new.zip")
    assert files_of(root, "ada") == {"exercises.ipynb": OLD}
    assert stands(root) == {"submitted": True, "autograded": True, "feedback": True}
    assert kept(root) == []
    assert hidden(root) == []
    placed, refused = rows(root, tmp_path / "new.zip")
    assert {row.student: row.outcome for row in placed} == {"ada": "replaced", "ben": "unchanged"}
    assert files_of(root, "ada") == {"exercises.ipynb": NEW}


def test_stopped_when_the_new_work_is_in_its_place_it_stays_there(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename: Callable[[Path, Path], Path] = Path.rename

    def stopped_after(self: Path, target: Path) -> Path:
        rename(self, target)
        if ".collect-" in str(self):
            raise KeyboardInterrupt
        return target

    monkeypatch.setattr(Path, "rename", stopped_after)
    with pytest.raises(KeyboardInterrupt):
        rows(root, tmp_path / "new.zip")
    assert files_of(root, "ada") == {"exercises.ipynb": NEW}
    assert stands(root) == {"submitted": True, "autograded": False, "feedback": False}
    assert kept(root) == ["autograded", "feedback", "submitted"]


def test_a_full_disk_while_writing_leaves_everything_as_it_was(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Path, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        _placed, (refused,) = rows(root, tmp_path / "new.zip")
    assert refused.name == "ada"
    assert files_of(root, "ada") == {"exercises.ipynb": OLD}
    assert stands(root) == {"submitted": True, "autograded": True, "feedback": True}
    assert (kept(root), hidden(root)) == ([], [])


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from course.catalog import load_catalog
    from course.grading.gradebook.store import ClassFolder
    from course.grading.intake.placing import place

    calls, rename = 0, Path.rename
    def counting(self, target):
        global calls
        calls += 1
        if calls == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return rename(self, target)
    Path.rename = counting
    place(ClassFolder(load_catalog(Path(sys.argv[1]))), sys.argv[3], "ada", {"exercises.ipynb": b"new"})
"""


@pytest.mark.parametrize("call", [3, 4])
def test_after_a_kill_the_work_is_somewhere_and_collecting_again_mends_it(
    root: Path, tmp_path: Path, call: int
) -> None:
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(root), str(call), SLUG]
    run = subprocess.run(command, env=environment(), capture_output=True, check=False)
    assert run.returncode == -signal.SIGKILL, run.stderr
    olds = [
        path for path in (root / "class").rglob("exercises.ipynb") if path.read_bytes() == OLD and "ada" in str(path)
    ]
    assert len(olds) == 1
    assert hidden(root) != []
    placed, refused = rows(root, tmp_path / "new.zip")
    assert refused == []
    assert {row.student for row in placed} == {"ada", "ben"}
    assert files_of(root, "ada") == {"exercises.ipynb": NEW}
    assert stands(root) == {"submitted": True, "autograded": False, "feedback": False}
    assert kept(root) == ["autograded", "feedback", "submitted"]
    assert hidden(root) == []


def test_to_another_disk_it_is_copied_whole_before_it_goes(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename: Callable[[Path, Path], Path] = Path.rename

    def between_disks(self: Path, target: Path) -> Path:
        if ("earlier" in self.parts) != ("earlier" in target.parts):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", between_disks)
    placed, refused = rows(root, tmp_path / "new.zip")
    assert refused == []
    assert {row.student: row.outcome for row in placed} == {"ada": "replaced", "ben": "unchanged"}
    assert files_of(root, "ada") == {"exercises.ipynb": NEW}
    assert stands(root) == {"submitted": True, "autograded": False, "feedback": False}
    assert kept(root) == ["autograded", "feedback", "submitted"]
    assert hidden(root) == []


def test_nbgraders_commands_take_up_what_was_handed_in_again(root: Path, tmp_path: Path) -> None:
    from nbgrader.converters import Autograde, GenerateFeedback
    from nbgrader.coursedir import CourseDirectory

    settings = ClassFolder(load_catalog(root)).settings
    course = CourseDirectory(config=settings)
    # As nbgrader would decide by itself; our settings make feedback anew in any case.
    converters = [kind(coursedir=course, config=settings, force=False) for kind in (Autograde, GenerateFeedback)]
    assert [each.init_destination(SLUG, "ada") for each in converters] == [False, False]
    rows(root, tmp_path / "new.zip")
    assert [each.init_destination(SLUG, "ada") for each in converters] == [True, True]
    rows(root, tmp_path / "new.zip")  # unchanged: what was made of it since then stays
    (root / "class" / "autograded" / "ada" / SLUG).mkdir(parents=True)
    rows(root, tmp_path / "new.zip")
    assert converters[0].init_destination(SLUG, "ada") is False
