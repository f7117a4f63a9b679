"""The pages for learners, instructors and administrators: every command that they name is run, and does what they say.

A class of two students is enough. What needs more than a page's test may start is run by the tests in ELSEWHERE.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from course import check
from course.authoring.solutions import known_solutions
from course.catalog import load_catalog
from course.exercises.hints import forget_hints
from course.exercises.misconceptions import misconception_text
from course.grading.sandbox.bubblewrap import _SETTINGS
from tests.conftest import ROOT, environment, write_submission
from tests.platform.docs.pages import anchors, blocks, commands, copy_project, links, run, run_forked
from tests.system import PACKAGES

DOCS = ROOT / "docs"
PAGES = ("learner", "instructor", "grading", "administrator")
AUTHORS = ("authoring", "authoring-first-exercise")  # whose commands test_authoring.py runs

# the chapter and the exercise that the pages take as an example
[SLUG] = set(re.findall(r"course grade (\S+)$", (DOCS / "instructor.md").read_text(), re.MULTILINE))
[EXERCISE] = set(re.findall(r'^check\("(\w+)"', (DOCS / "learner.md").read_text(), re.MULTILINE))
CHAPTER = load_catalog(ROOT).chapter(SLUG)
OWN, *OTHERS = known_solutions(load_catalog(ROOT), CHAPTER)[EXERCISE]
MISTAKE = next(each for each in OTHERS if any(each.names))

POSTGRESQL = "tests/platform/grading/test_postgresql.py"

# command: the test that runs it, or what else does
ELSEWHERE = {
    "make demo": "tests/platform/authoring/test_demo.py",
    f".venv/bin/nbgrader generate_assignment {SLUG} --force": "tests/platform/test_update.py",
    ".venv/bin/jupyter lab": "tests/platform/browser/test_formgrader.py",
    ".venv/bin/python -m pip install 'psycopg[binary]'": "requirements-dev.txt",
    "createdb gradebook": POSTGRESQL,
    "export COURSE_GRADEBOOK=postgresql://grader:password@localhost/gradebook": POSTGRESQL,
    "apt-get install -y bubblewrap postgresql": "tests/system.py",
}

RIGHT, WRONG = {EXERCISE: OWN.source}, {EXERCISE: MISTAKE.source}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, in which two students have handed in."""
    root = copy_project(tmp_path_factory.mktemp("docs") / "project")
    people = "Student,ID,SIS Login ID,Section\n" + '"Byron, Ada",1842,ada,A\n"Berg, Ben",1843,ben,A\n'
    (root / "class-list.csv").write_text(people)
    write_submission(root / "handed-in" / "ada" / SLUG, RIGHT)
    write_submission(root / "handed-in" / "ben" / SLUG, WRONG)
    for name in ("ada", "ben"):
        for path in (root / "handed-in" / name / SLUG).iterdir():
            path.rename(path.parent.parent / path.name)
    return root


def page_commands(name: str) -> list[str]:
    return [command for command in commands(DOCS / f"{name}.md") if command not in ELSEWHERE]


@contextmanager
def started(command: list[str], root: Path, sign: str) -> Iterator[str]:
    """Something that runs until it is stopped; what it printed until the sign that it is ready."""
    log = root / f"started-{sign}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=environment(PYTHONPATH=str(root)),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        for _attempt in range(3000):  # five minutes, so that a fault cannot hold up the others for ever
            if sign in log.read_text():
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        assert sign in log.read_text(), log.read_text()
        yield log.read_text()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def test_whatever_a_page_names_in_passing_is_run_too() -> None:
    """Commands inside a sentence stand in a block of some page as well, or in a test."""
    known = {command for name in (*PAGES, *AUTHORS) for command in commands(DOCS / f"{name}.md")} | set(ELSEWHERE)
    for name in PAGES:
        named = set(re.findall(r"`(\.venv/bin/[^`]+)`", (DOCS / f"{name}.md").read_text()))
        assert not {each for each in named if not any(command.startswith(each) for command in known)}
    for test in set(ELSEWHERE.values()):
        assert (ROOT / test).is_file()


@pytest.mark.parametrize("name", sorted(path.stem for path in DOCS.glob("*.md")))
def test_links_lead_somewhere(name: str) -> None:
    for target in links(DOCS / f"{name}.md"):
        path, _hash, heading = target.partition("#")
        if not path.startswith("http"):
            page = (DOCS / path) if path else DOCS / f"{name}.md"
            assert page.exists(), target
            assert not heading or heading in anchors(page), target


def test_what_a_learner_is_told_to_do(project: Path) -> None:
    """The course is opened with all the options that the page names."""
    lab, *others = page_commands("learner")
    assert lab == "make lab"
    options = " ".join(re.findall(r'`make lab ARGS="([^"]+)"`', (DOCS / "learner.md").read_text()))
    options = re.sub(r"--port \d+", f"--port {free_port()}", options)
    with started(["make", "-o", ".venv/.installed", "lab", f"ARGS={options} --no-browser"], project, "is running at"):
        assert (project / "workspace" / "index.ipynb").is_file()
    for command in others:
        run(command, project)
    assert (project / "workspace" / SLUG / "feedback.html").is_file()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def test_what_a_learner_types_in_the_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(ROOT))
    forget_hints()
    shown = [eval(block.text, {"check": check}) for block in blocks(DOCS / "learner.md") if block.language == "python"]
    assert [type(each).__name__ for each in shown] == ["Verdict", "Hint"]
    assert f"no function {EXERCISE} yet" in shown[0].reason
    assert "Hint 1 of" in repr(shown[1])


def test_what_an_instructor_is_told_to_do(project: Path) -> None:
    told, started_before = dict[str, str](), set[str]()
    for command in dict.fromkeys(page_commands("instructor")):
        program = " ".join(command.split()[:2])
        told[command] = (run_forked if program in started_before else run)(command, project)
        started_before.add(program)
    assert "ada: graded, 4 of" in told[f".venv/bin/course grade {SLUG}"]
    rows = json.loads((project / "class" / "results.json").read_text())
    assert rows["ada"]["cells"][EXERCISE]["status"] == "passed"
    assert list((project / "class" / "reports").rglob("*.html"))
    feedback = (project / "class" / "feedback" / "ben" / SLUG / "exercises.html").read_text()
    says, _section = misconception_text(CHAPTER, MISTAKE.names[0])
    assert says
    assert says in feedback
    assert "Byron" in (project / "class" / "grades.csv").read_text()
    assert "New: ada (Ada Byron, 1842)" in told[".venv/bin/course roster class-list.csv"]
    to_canvas = (project / "class" / "canvas.csv").read_text(encoding="utf-8-sig").splitlines()
    assert to_canvas[0].endswith(f",Section,{CHAPTER.title} (12345)")
    assert {line.split(",")[2] for line in to_canvas[1:]} == {"1842", "1843"}  # after the name's two parts
    to_moodle = next(shown for command, shown in told.items() if "class/moodle.csv" in command)
    assert "Left out: ada, ben. Their e-mail address is not known" in to_moodle


def test_what_an_administrator_is_told_to_do(project: Path) -> None:
    port = str(free_port())
    probe, scheduler, worker, grade = (c.replace("8786", port) for c in page_commands("administrator"))
    assert "Submissions are sealed here." in run(probe, project)
    shutil.rmtree(project / "class", ignore_errors=True)  # so that there is something to grade
    write_submission(project / "class" / "submitted" / "ada" / SLUG, RIGHT)
    dask = started(shlex.split(scheduler), project, "Scheduler at")
    with dask, started(shlex.split(worker), project, "Registered to"):
        assert "ada: graded, 4 of" in run(grade, project)


def test_what_opens_the_sandbox_is_what_grading_itself_would_say() -> None:
    page = (DOCS / "administrator.md").read_text()
    for name, value, mend in _SETTINGS:
        row = next(line for line in page.splitlines() if f"`{name.replace('/', '.')}`" in line)
        assert f"| {value} |" in row
        if mend.startswith("run: "):
            assert f"`{mend.removeprefix('run: ')}`" in row
    installed = next(command for command in commands(DOCS / "administrator.md") if command.startswith("apt-get"))
    assert set(installed.split()[3:]) <= set(PACKAGES)
