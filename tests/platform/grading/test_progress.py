"""What `course grade` shows on a terminal, how it leaves that, and that nothing is run that need not be."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from tests.commands import run_module
from tests.platform.grading.test_faults import PATIENCE
from tests.platform.tiny import SLUG, environment, write_submission

HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
CLASS = 80


@pytest.fixture
def lesson_course(course_copy: Path) -> Path:
    """A chapter that has the lesson with its quiz, and no exercises: judged from files alone."""
    (course_copy / "notebooks" / SLUG / "exercises.ipynb").unlink()
    return course_copy


def hand_in(root: Path, student: str, *sources: str) -> Path:
    """The released lesson with further code cells."""
    folder = root / "class" / "submitted" / student / SLUG
    write_submission(folder, {})
    (folder / "exercises.ipynb").unlink()
    notebook = nbformat.read(folder / "lesson.ipynb", as_version=4)
    notebook.cells[1:1] = [new_code_cell(source) for source in sources]
    nbformat.write(notebook, folder / "lesson.ipynb")
    return folder


class Terminal:
    """`course grade` on a terminal of its own."""

    def __init__(self, root: Path) -> None:
        self._ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "course", "grade", SLUG, "--workers", "1"]
        variables = environment(TERM="xterm-256color", COLUMNS="100")
        self.process = subprocess.Popen(
            command, cwd=root, env=variables, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.shown = ""

    def read(self, until: Callable[[str], object] = lambda _shown: False) -> str:
        """Everything so far, once that holds or the command has ended."""
        while not until(self.shown):
            try:
                self.shown += os.read(self._ours, 65536).decode(errors="replace")
            except OSError:  # Linux tells the end in this way
                break
        return self.shown

    def finish(self) -> int:
        self.read()
        os.close(self._ours)
        return self.process.wait(PATIENCE)


def stopped_by_ctrl_c(root: Path) -> Terminal:
    """`course grade`, interrupted once it shows a bar; anew if it was done before the signal came, as it may be where
    the machine halts this process for a while."""
    for _attempt in range(4):
        grading = Terminal(root)
        shown = grading.read(until=lambda shown: re.search(rf"[1-9]\d*/{CLASS}.* a minute, \d+ s left", shown))
        assert HIDE_CURSOR in shown
        os.killpg(grading.process.pid, signal.SIGINT)
        if (code := grading.finish()) != 0:
            assert code == 130
            return grading
        for made in (root / "class").iterdir():
            if made.is_dir() and made.name != "submitted":
                shutil.rmtree(made)
            elif made.is_file():
                made.unlink()
    pytest.fail("the class was graded four times before the signal came")


def test_a_terminal_shows_a_bar_and_is_left_clean_by_ctrl_c(lesson_course: Path) -> None:
    first = hand_in(lesson_course, "student-000")
    for number in range(1, CLASS):
        shutil.copytree(first, lesson_course / "class" / "submitted" / f"student-{number:03}" / SLUG)
    stopped = stopped_by_ctrl_c(lesson_course)
    assert stopped.shown.rindex(SHOW_CURSOR) > stopped.shown.rindex(HIDE_CURSOR)
    assert "Stopped. What was graded is stored; the same command goes on with the rest." in stopped.shown
    assert "Traceback" not in stopped.shown
    assert f"{CLASS}/{CLASS}" not in stopped.shown

    whole = Terminal(lesson_course)
    assert whole.finish() == 0
    assert f"{CLASS}/{CLASS}" in whole.shown
    assert "student-000" not in whole.shown  # a line is only for what wants a person's eye
    unchanged = re.search(rf"{CLASS} submissions \(graded: {CLASS}; unchanged: (\d+)\)\.", whole.shown)
    assert unchanged
    assert 0 < int(unchanged[1]) < CLASS
    assert re.search(r"Where the time went, in seconds of all workers: .*storing", whole.shown)


def test_a_notebook_that_is_judged_from_files_is_not_run(lesson_course: Path) -> None:
    """Its cells would print, and end the Python process, which is always told."""
    folder = hand_in(lesson_course, "ada", "print('this ran', flush=True)\nimport os\nos._exit(1)")
    own = shutil.copytree(folder, lesson_course / "own" / SLUG)

    def course(*arguments: str) -> subprocess.CompletedProcess[str]:
        run = run_module(arguments, lesson_course, environment())
        assert run.returncode == 0, run.stderr
        return run

    checked = json.loads(course("course", "check", SLUG, "--from", str(own), "--json").stdout)
    assert (checked["status"], checked["reason"]) == ("graded", "")
    assert list(checked["cells"]) == ["quiz"]

    judged = lesson_course / "class" / "autograded" / "ada" / SLUG / "lesson.ipynb"
    told = course("course", "grade", SLUG, "--json", "rows.json").stderr
    assert "left out" not in told
    assert "this ran" not in judged.read_text().replace("print('this ran'", "")
    seconds = json.loads((lesson_course / "rows.json").read_text())["ada"]["seconds"]
    assert seconds["cells"] == seconds["kernel"] == 0

    told = course("nbgrader", "autograde", SLUG, "--force").stderr
    assert "left out" not in told
    assert "this ran" not in judged.read_text().replace("print('this ran'", "")
