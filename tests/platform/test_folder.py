"""Answers land beside the notebook, wherever its code has gone in the meantime. Tried in a real IPython shell."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course.grading.sandbox.kernels import NotebookToRun, run_notebook
from course.storage.folder import notebook_folder
from tests.platform.tiny import SLUG, TINY, environment

SHELL = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for line in json.loads(sys.argv[1]):
    result = shell.run_cell(line)
    if not result.success:
        sys.exit(f"{line}: {result.error_before_exec or result.error_in_exec}")
"""
ANSWER = f"from course import quiz; quiz({SLUG!r}).answer('what-it-does', 'mean-and-spread')"
FORM = f"from course import feedback; feedback({SLUG!r}).submit('opinion', {{'clear': 'yes'}})"
AWAY = {"%cd": "%cd -q {away}", "os.chdir": "import os; os.chdir({away!r})"}


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    made = {name: tmp_path / name / SLUG for name in ("home", "away", "elsewhere")}
    for folder in made.values():
        folder.mkdir(parents=True)
    return made


def run(lines: list[str], folder: Path, **extra: str) -> str:
    """What a notebook with these cells prints, its kernel started in that folder."""
    command = [sys.executable, "-c", SHELL, json.dumps(lines)]
    variables = environment(IPYTHONDIR=str(folder.parent / "ipython"), **extra)
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


@pytest.mark.parametrize("way", AWAY)
def test_answers_and_feedback_stay_beside_the_notebook(way: str, folders: dict[str, Path]) -> None:
    leave = AWAY[way].format(away=str(folders["away"]))
    told = run([leave, ANSWER, FORM, "from course import contents; print(contents())"], folders["home"])
    assert files(folders["home"]) == ["answers.json", "feedback.json"]
    assert not files(folders["away"])
    assert "quiz 1 of" in told  # contents() looks where the answers are


def test_a_check_after_leaving_is_the_check_of_the_same_course(folders: dict[str, Path]) -> None:
    define = "def first_peak(scores):\n    return 0.5"
    lines = [define, AWAY["%cd"].format(away=folders["away"]), "from course import check; print(check('first_peak'))"]
    there = run([lines[0], lines[2]], folders["home"])
    assert run(lines, folders["home"]) == there


def test_the_editor_says_which_notebook_runs(folders: dict[str, Path]) -> None:
    """Jupyter in the environment, VS Code in the namespace; then neither a reset nor the kernel's folder matters."""
    show = "from course.storage.folder import notebook_folder; print('at', notebook_folder())"
    notebook = folders["elsewhere"] / "lesson.ipynb"
    notebook.touch()
    leave = AWAY["%cd"].format(away=folders["away"])
    jupyter = run([leave, "%reset -f", show], folders["home"], JPY_SESSION_NAME=str(notebook))
    vscode = run([f"__vsc_ipynb_file__ = {str(notebook)!r}", show], folders["home"])
    moved = run([leave, show], folders["home"], JPY_SESSION_NAME=str(folders["elsewhere"] / "gone.ipynb"))
    relative = run([leave, show], folders["home"], JPY_SESSION_NAME="lesson.ipynb")
    assert [told.split()[-1] for told in (jupyter, vscode)] == [str(folders["elsewhere"])] * 2
    assert [told.split()[-1] for told in (moved, relative)] == [str(folders["home"])] * 2


def test_a_script_has_its_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", str(Path(__file__)))  # started from a notebook, say
    monkeypatch.chdir(tmp_path)
    assert notebook_folder() == tmp_path


def test_grading_that_was_started_from_a_notebook_looks_beside_the_submission(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`!course check …` in a notebook hands JPY_SESSION_NAME on, which names that notebook and no submission."""
    own = folders["elsewhere"] / "own.ipynb"
    own.touch()
    monkeypatch.setenv("JPY_SESSION_NAME", str(own))
    lines = AWAY["%cd"].format(away=folders["away"]), ANSWER
    notebook = new_notebook(cells=[new_code_cell(line) for line in lines])
    run_notebook(NotebookToRun(notebook, folders["home"], {}, TINY, SLUG), "none")
    assert files(folders["home"]) == ["answers.json"]
    assert [files(folders[name]) for name in ("away", "elsewhere")] == [[], ["own.ipynb"]]
