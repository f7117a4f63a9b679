"""Submissions that mean harm. Each gets no more points than it earned, and its neighbour is graded as if alone.

The attacks themselves are in attacks.py.
"""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from nbgrader.api import Gradebook

from course.catalog import Catalog, load_catalog
from course.grading.gradebook.store import ClassFolder
from course.grading.run import Result, grade_folder
from course.grading.sandbox import client, kernels
from course.grading.schedule import Plan, grade_class
from course.notebooks.restore import grade_id
from tests.conftest import ROOT
from tests.platform.hostile.attacks import BREAKING, MARK, SCORING
from tests.platform.tiny import ENGINE, SLUG, TINY, reference_solutions, write_submission

Submission = Callable[..., Path]


@pytest.fixture(autouse=True)
def neighbour(catalog: Catalog, tmp_path: Path) -> Iterator[None]:
    """After each attack an honest submission is graded in the same process, and nothing is left running."""
    yield
    solution = {"standardise": reference_solutions()["standardise"]}
    result = grade_folder(catalog, SLUG, write_submission(tmp_path / "neighbour" / SLUG, solution), "sandbox")
    assert result.cells["standardise"].status == "passed"
    assert result.score == result.cells["standardise"].max_score
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"sleep {MARK}" not in running


def attacked(catalog: Catalog, submission: Submission, source: str) -> Result:
    folder = submission(standardise=dedent(source))
    with pytest.MonkeyPatch.context() as patience:
        patience.setattr(kernels, "CELL_SECONDS", 4)
        patience.setattr(client, "REST_SECONDS", 1)
        result = grade_folder(catalog, SLUG, folder, "sandbox")
    assert set(result.cells) >= {"quiz", "standardise", "first_peak", "explain_scaling"}
    return result


def output_of_attack(result: Result) -> str:
    cell = next(c for c in result.notebooks["exercises"].cells if grade_id(c) == "standardise-solution")
    return "".join(output.get("text", "") or str(output.get("evalue", "")) for output in cell.outputs)


@pytest.mark.parametrize("name", SCORING)
def test_an_attack_on_the_verdict_earns_nothing(catalog: Catalog, submission: Submission, name: str) -> None:
    result = attacked(catalog, submission, SCORING[name])
    assert result.cells["standardise"].status != "passed"
    assert (result.cells["standardise"].score or 0) <= 1.0
    assert result.score == (result.cells["standardise"].score or 0)
    assert not Path("/tmp/pickle-was-run").exists()


@pytest.mark.parametrize("name", BREAKING)
def test_breaking_things_costs_only_itself(catalog: Catalog, submission: Submission, name: str) -> None:
    result = attacked(catalog, submission, BREAKING[name])
    assert result.score == 0
    assert result.cells["first_peak"].status == "not attempted"
    assert sum(len(str(cell)) for cell in result.notebooks["exercises"].cells) < 4 * client.MAX_OUTPUT


PLANTED = ("numpy.py", "json.py", "course.py", "keras.py", "sitecustomize.py", "usercustomize.py", "conftest.py")
CONFIGURED = ("ipython_config.py", "profile_default/startup/00.py", "course/__init__.py", "nbgrader_config.py")


def test_files_named_like_our_modules_are_not_imported(catalog: Catalog, submission: Submission) -> None:
    seen = 'import numpy, json, course; print("FROM", numpy.__file__, json.__file__, course.__file__)'
    folder = submission(standardise=reference_solutions()["standardise"], running_sum=seen, first_peak=seen)
    for name in (*PLANTED, *CONFIGURED):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("print('FROM /submission', flush=True)\nraise SystemExit('planted')\n")
    (folder / "planted.pth").write_text("import sys; sys.exit('planted')\n")
    result = grade_folder(catalog, SLUG, folder, "sandbox")
    shown = "".join(str(cell.get("outputs")) for cell in result.notebooks["exercises"].cells)
    assert result.score == result.cells["standardise"].score == 4
    assert "FROM" in shown
    assert "/submission" not in shown


def test_what_an_attack_gets_and_what_its_neighbour_has_stand_apart_in_the_gradebook(course_copy: Path) -> None:
    catalog = load_catalog(course_copy)
    submitted = course_copy / "class" / "submitted"
    write_submission(submitted / "mallory" / SLUG, {"standardise": dedent(SCORING["publish_forged"])})
    write_submission(submitted / "neighbour" / SLUG, {"standardise": reference_solutions()["standardise"]})
    write_submission(submitted / "<b>tags" / SLUG, {})
    class_folder = ClassFolder(catalog)
    plan = Plan(SLUG, class_folder.submitted(SLUG), "sandbox")
    rows = {row.student: row.result for row in grade_class(catalog, class_folder, plan)}
    assert rows["<b>tags"]["status"] == "needs attention"
    assert "Rename it" in rows["<b>tags"]["reason"]
    with Gradebook(class_folder.course.db_url, class_folder.course.course_id) as gradebook:
        scores = {each.student.id: each.score for each in gradebook.assignment_submissions(SLUG)}
    assert scores == {"mallory": 0, "neighbour": 4}


PLACES = [
    str(TINY / "notebooks" / SLUG / "exercises.ipynb"),
    str(TINY / "quizzes" / f"{SLUG}.yml"),
    str(ROOT / "tests"),
    str(TINY / "nbgrader_config.py"),
    str(TINY / "class"),
    str(ENGINE / "course" / "chapters" / "tiny" / "judges"),
    str(ROOT / ".git"),
    os.path.expanduser("~/.bashrc"),
    "/etc/shadow",
    "/home",
    "/var",
    "/workdir/passwd",
]


def test_it_sees_only_what_it_needs(catalog: Catalog, submission: Submission) -> None:
    source = f"""
        import os
        for place in {PLACES!r}:
            if os.path.isdir(place) and os.listdir(place) or os.path.isfile(place) and open(place).read():
                print("SEEN", place)
        for pid in filter(str.isdigit, os.listdir("/proc")):
            for name in ("environ", "mem", "maps"):
                try:
                    with open(f"/proc/{{pid}}/{{name}}", "rb") as file:
                        if not os.path.samefile(f"/proc/{{pid}}", "/proc/self") and file.read(1):
                            print("SEEN", pid, name)
                except OSError:
                    pass
        print("SECRETS", [name for name in os.environ if "SECRET" in name])
        """
    os.environ["A_SECRET_OF_THE_GRADER"] = "x"
    try:
        told = output_of_attack(attacked(catalog, submission, source))
    finally:
        del os.environ["A_SECRET_OF_THE_GRADER"]
    assert "SEEN" not in told
    assert "SECRETS []" in told


def test_it_writes_nowhere_but_in_its_own_folder(catalog: Catalog, submission: Submission) -> None:
    source = """
        import os, sys, course, numpy
        places = [os.path.dirname(m.__file__) for m in (course, numpy, os)]
        for place in [*places, sys.prefix, "/", "/usr", "/etc", "/dev", "/sockets", "/workdir"]:
            try:
                with open(os.path.join(place, "written-by-attack"), "w") as file:
                    file.write("x")
                print("WRITTEN", place)
            except OSError:
                pass
        with open("mine.txt", "w") as file:
            file.write("x")
        print("DONE")
        """
    told = output_of_attack(attacked(catalog, submission, source))
    assert "WRITTEN" not in told
    assert "DONE" in told


def test_it_has_no_network(catalog: Catalog, submission: Submission) -> None:
    reached = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)

        def wait() -> None:
            try:
                server.accept()
                reached.set()
            except OSError:
                pass

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        source = f"""
            import socket
            for address in (("127.0.0.1", {server.getsockname()[1]}), ("::1", {server.getsockname()[1]})):
                try:
                    socket.create_connection(address, timeout=2)
                    print("CONNECTED")
                except OSError as error:
                    print("refused", error)
            """
        told = output_of_attack(attacked(catalog, submission, source))
    assert "CONNECTED" not in told
    assert not reached.is_set()


def test_links_in_the_folder_lead_nowhere(catalog: Catalog, submission: Submission, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the key")
    folder = submission(standardise="import os\nprint(os.path.exists('link'), os.path.exists('folder/secret.txt'))")
    (folder / "link").symlink_to(secret)
    (folder / "folder").symlink_to(tmp_path)
    (folder / "answers.json").symlink_to(secret)
    os.mkfifo(folder / "pipe")
    result = grade_folder(catalog, SLUG, folder, "sandbox")
    assert "False False" in output_of_attack(result)
    assert result.cells["quiz"].score == 0


def test_points_and_metadata_written_by_the_learner_count_for_nothing(catalog: Catalog, submission: Submission) -> None:
    import nbformat

    folder = submission()
    path = folder / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if grade_id(cell) == "standardise":
            cell.metadata.nbgrader["points"] = 1000
            cell.metadata.nbgrader["solution"] = True
            cell.source = "1000"
    notebook.metadata["kernelspec"] = {"name": "evil", "display_name": "evil", "language": "python"}
    nbformat.write(notebook, path)
    result = grade_folder(catalog, SLUG, folder, "sandbox")
    assert result.cells["standardise"].as_json()["score"] == 0
    assert result.cells["standardise"].max_score == 4.0
