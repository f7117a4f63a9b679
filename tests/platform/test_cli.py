"""The command line as a user meets it: tables, JSON, exit codes, one clear sentence for each expected fault."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import run_module
from tests.conftest import ROOT
from tests.platform.tiny import ENGINE, SLUG, TINY, WRONG, copy_course, environment, write_submission


def course(*arguments: str, cwd: Path = TINY, **extra: str) -> subprocess.CompletedProcess[str]:
    return run_module(("course", *arguments), cwd, environment(**extra))


def told(run: subprocess.CompletedProcess[str]) -> str:
    """The one sentence (or few) of an expected fault: no traceback, on stderr."""
    assert "Traceback" not in run.stdout + run.stderr
    return " ".join(run.stderr.split())


def test_check_prints_one_json_object_and_writes_feedback(submission: Callable[..., Path]) -> None:
    folder = submission(standardise=WRONG["standardise"]["no_rescale"])
    run = course("check", SLUG, "--from", str(folder), "--json")
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert result["chapter"] == SLUG
    assert result["status"] == "graded"
    cell = result["cells"]["standardise"]
    assert cell["misconceptions"] == ["no_rescale"]
    assert cell["status"] == "partial"
    assert 0 < cell["score"] < cell["max_score"] == 4
    assert {"passed", "label", "message", "says", "reread"} <= set(cell["findings"][0])
    assert result["max_score"] == sum(each["max_score"] for each in result["cells"].values())
    page = (folder / "feedback.html").read_text()
    assert "The values are centred and keep their spread." in page
    assert "no_rescale" not in page


def test_check_prints_a_table_and_progress_remembers_it(reference: Path) -> None:
    run = course("check", SLUG, "--from", str(reference.parent))
    assert run.returncode == 0, run.stderr
    assert "standardise" in run.stdout
    assert "4 / 4" in run.stdout
    progress = course("progress", "--from", str(reference.parent))
    assert "standardise: passed" in progress.stdout
    assert "quiz 0 of 2" in progress.stdout


@pytest.mark.parametrize(("rule", "times"), [("{percent: 10, per: day}", 1), ("none", 0)])
def test_check_says_that_it_leaves_lateness_out_where_that_costs_points(
    course_copy: Path, reference: Path, rule: str, times: int
) -> None:
    (course_copy / "course.yml").write_text(f"late: {rule}\n")
    run = course("check", SLUG, "--from", str(reference), COURSE_ROOT=str(course_copy), COURSE_LANG="es")
    for shown in (run.stdout, (reference / "feedback.html").read_text()):
        assert shown.count("Aquí no se cuentan los puntos que se quitan por entregar tarde.") == times


def test_check_says_what_needs_attention_with_exit_code_1(reference: Path) -> None:
    (reference / "exercises.ipynb").write_text("{broken")
    run = course("check", SLUG, "--from", str(reference))
    assert run.returncode == 1
    assert "exercises.ipynb cannot be read: something is wrong at line 1" in " ".join(run.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "9-9-nothing"], "There is no chapter '9-9-nothing'. The chapters are: "),
        (["grade", "9-9-nothing"], "There is no chapter '9-9-nothing'."),
        (["check", SLUG, "--from", "no/such/folder"], "There is no folder no/such/folder."),
        (["progress", "--from", "no/such/folder"], "There is no folder no/such/folder."),
        (["check", SLUG, "--from", "tests"], "tests holds no notebooks of 2-1-tiny."),
        (["lab", "--port", "99999"], "99999 is not a port"),
        (["no-such-command"], "No such command"),
        (["check"], "Missing argument"),
    ],
)
def test_misuse_is_one_sentence_and_exit_code_2(arguments: list[str], sentence: str) -> None:
    run = course(*arguments)
    assert sentence in told(run).replace("'no/such/folder'", "no/such/folder")
    assert run.returncode == 2


def test_a_port_in_use_is_told(course_copy: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = course("lab", "--no-browser", "--port", str(port), COURSE_ROOT=str(course_copy))
    assert run.returncode == 2
    assert f"Port {port} is in use." in told(run)
    assert (course_copy / "workspace" / SLUG / "lesson.ipynb").is_file()


def test_grading_an_empty_class_is_told(course_copy: Path) -> None:
    run = course("grade", SLUG, cwd=course_copy)
    assert run.returncode == 2
    assert "There are no submissions of 2-1-tiny" in told(run)


def test_grading_an_unknown_student_is_told(course_copy: Path) -> None:
    shutil.copytree(course_copy / "notebooks" / SLUG, course_copy / "class" / "submitted" / "ada" / SLUG)
    run = course("grade", SLUG, "eve", cwd=course_copy)
    assert run.returncode == 2
    assert "No submission of 2-1-tiny by eve" in told(run)


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_lost(course_copy: Path) -> None:
    (course_copy / "workspace").write_text("a file stands where the folder should be")
    run = course("lab", "--no-browser", COURSE_ROOT=str(course_copy))
    assert run.returncode == 1
    assert "cannot be written" in told(run)
    assert (course_copy / "workspace").read_text() == "a file stands where the folder should be"


def test_a_missing_or_broken_contents_page_is_told(tmp_path: Path) -> None:
    root = copy_course(tmp_path / "c")
    contents = root / "notebooks" / "contents.yml"
    for text, sentence in (
        ("title: [", "not valid YAML"),
        ("title: x\n", "missing or of the wrong kind"),
        (None, "course contents are missing"),
    ):
        if text is None:
            contents.unlink()
        else:
            contents.write_text(text)
        run = course("validate", COURSE_ROOT=str(root))
        assert run.returncode == 1
        assert sentence in told(run)


def test_an_unwritable_json_file_is_told(course_copy: Path, tmp_path: Path) -> None:
    shutil.copytree(course_copy / "notebooks" / SLUG, course_copy / "class" / "submitted" / "ada" / SLUG)
    run = course("grade", SLUG, "--json", str(tmp_path / "no" / "such.json"), cwd=course_copy)
    assert run.returncode == 1
    assert "such.json cannot be written" in told(run)


def test_make_lab_refuses_an_old_python_in_one_sentence(tmp_path: Path) -> None:
    """`make` asks the Python it is given; an old one is told before anything is installed."""
    old = tmp_path / "python3"
    old.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import sys; sys.version_info = (3, 9, 1)\n$2"\n')
    old.chmod(0o755)
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    run = subprocess.run(
        ["make", "lab", f"PYTHON={old}"], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert "needs Python 3.11, 3.12 or 3.13" in run.stderr
    assert not (tmp_path / ".venv").exists()


def test_help_names_the_commands() -> None:
    run = course("--help")
    assert run.returncode == 0
    assert not [name for name in ("lab", "check", "grade", "progress", "validate") if name not in run.stdout]


def test_commands_need_no_activated_environment(reference: Path) -> None:
    entry = Path(sys.executable).parent / "course"
    run = subprocess.run(
        [str(entry), "check", SLUG, "--from", str(reference), "--json"],
        env={"HOME": os.environ["HOME"], "PATH": "/usr/bin:/bin", "COURSE_LANG": "en", "PYTHONPATH": str(ENGINE)},
        cwd=reference,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["cells"]["first_peak"]["status"] == "passed"


def without_bubblewrap(tmp_path: Path) -> str:
    """A PATH on which there is no bwrap."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python3").symlink_to(sys.executable)
    return str(folder)


def test_grading_a_class_unsealed_is_refused_unless_asked_for(course_copy: Path, tmp_path: Path) -> None:
    write_submission(course_copy / "class" / "submitted" / "ada" / SLUG, {})
    path = without_bubblewrap(tmp_path)
    refused = course("grade", SLUG, cwd=course_copy, PATH=path)
    assert refused.returncode == 2
    assert "bubblewrap is not installed" in told(refused)
    assert "--isolation none" in told(refused)
    assert not (course_copy / "class" / "autograded").exists()
    assert "There is no isolation 'some'" in told(course("grade", SLUG, "--isolation", "some", cwd=course_copy))
    asked = course("grade", SLUG, "--isolation", "none", cwd=course_copy, PATH=path)
    assert asked.returncode == 0, asked.stderr
    assert "ada: graded, 0 of" in asked.stderr


def test_checking_ones_own_work_unsealed_is_told(reference: Path, tmp_path: Path) -> None:
    run = course("check", SLUG, "--from", str(reference), "--json", PATH=without_bubblewrap(tmp_path))
    assert run.returncode == 0, run.stderr
    assert "runs unsealed, with your own rights" in told(run)
    assert json.loads(run.stdout)["cells"]["first_peak"]["status"] == "passed"


def test_names_and_messages_cannot_write_on_the_terminal(course_copy: Path, submission: Callable[..., Path]) -> None:
    folder = submission(standardise="def standardise(*a):\n    raise ValueError('[bold]\\x1b[2Jx[/nothing]')")
    run = course("check", SLUG, "--from", str(folder))
    assert run.returncode == 0, run.stderr
    assert "\x1b" not in run.stdout
    assert "[bold]" in run.stdout
    write_submission(course_copy / "class" / "submitted" / "eve\x1b[2J" / SLUG, {})
    graded = course("grade", SLUG, cwd=course_copy)
    assert graded.returncode == 1, graded.stderr
    assert "Rename it, then grade again" in told(graded)
    assert "\x1b" not in graded.stdout + graded.stderr


@pytest.mark.parametrize(
    ("package", "arguments"),
    [("distributed", ["grade", SLUG, "--scheduler", "tcp://127.0.0.1:9"]), ("copydetect", ["report", SLUG])],
)
def test_what_only_graders_install_is_named_where_it_is_missing(
    course_copy: Path, package: str, arguments: list[str]
) -> None:
    write_submission(course_copy / "class" / "submitted" / "ada" / SLUG, {})
    program = (
        f"import sys; sys.modules[{package!r}] = None; sys.argv[1:] = {arguments!r}; import course.cli as c; c.main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=course_copy, env=environment(), capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert f"This needs {package}, which is installed for graders of whole classes only." in told(run)


def test_make_lab_for_learners_leaves_out_what_only_graders_need() -> None:
    def commands(*arguments: str) -> str:
        run = subprocess.run(
            ["make", "--dry-run", "VENV=.venv-not-there", "lab", *arguments],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return run.stdout

    assert "-r requirements.txt" in commands()
    lean = commands("FOR=learners")
    assert "--constraint requirements.txt --editable ." in lean
    assert "-r requirements.txt" not in lean
