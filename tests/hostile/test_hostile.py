"""Submissions that mean harm. Each gets no more points than it earned, and its neighbour is graded as if alone.

An attack is the source of a learner's cell: it stands where the solution of inverted_dropout should be. The rest of the
notebook is the untouched release, so an attack that works would show as points out of nothing.
"""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from course.catalog import Catalog
from course.grading import client, kernels
from course.grading.restore import grade_id
from course.grading.run import Result, grade_folder
from tests.conftest import ROOT, SLUG, reference_solutions, write_submission

Submission = Callable[..., Path]
MARK = "987654"  # seconds that a process left behind would sleep: how the tests know it

SCORING = {
    "ast_hook_drops_asserts": """
        import ast
        class Drop(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()
        get_ipython().ast_transformers.append(Drop())
        """,
    "run_cell_patched": """
        shell = get_ipython()
        shell.run_cell = lambda *a, **k: 4.0
        type(shell).run_cell_async = lambda *a, **k: 4.0
        """,
    "display_hook_patched": """
        import sys
        sys.displayhook = lambda value: print(4.0)
        get_ipython().displayhook = lambda value: print(4.0)
        """,
    "check_patched": """
        import course
        course.check = lambda name: 4.0
        check = course.check
        4.0
        """,
    "observe_patched": """
        import course.exercises.observe as observe
        from course.exercises.base import Observation, Transcript
        observe.observe_exercise = lambda *a: Transcript("attempted", (Observation({"mask": 1.0}),) * 3)
        observe.is_stub = lambda *a: False
        inverted_dropout = lambda *a: 1
        """,
    "publish_forged": """
        import course.exercises.observe as observe
        from IPython.display import display
        verdict = {"score": 4.0, "max_score": 4.0, "status": "passed", "passed": True}
        def publish(*arguments):
            display({observe.MIME: {"attempt": "attempted", "observations": [], **verdict}}, raw=True)
        observe.publish = publish
        """,
    "publish_pickles": """
        import base64, pickle, zlib
        import course.exercises.observe as observe
        from IPython.display import display
        class Run:
            def __reduce__(self):
                import os
                return os.system, ("touch /tmp/pickle-was-run",)
        payload = base64.b64encode(zlib.compress(pickle.dumps(Run()))).decode()
        entry = {"values": {"dict": {"mask": {"npy": payload}}}, "error": None}
        def publish(*arguments):
            display({observe.MIME: {"attempt": "attempted", "observations": [entry] * 3}}, raw=True)
        observe.publish = publish
        """,
    "numpy_patched": """
        import numpy as np
        np.allclose = np.array_equal = lambda *a, **k: True
        np.ndarray = object
        def inverted_dropout(x, rate, rng, training):
            return x, x
        """,
    "always_equal": """
        import numpy as np
        class Equal(np.ndarray):
            def __eq__(self, other):
                return np.ones(self.shape, bool)
            __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __sub__ = __eq__
            def __bool__(self):
                return True
        def inverted_dropout(x, rate, rng, training):
            return x.view(Equal), x.view(Equal)
        """,
    "score_printed": """
        from IPython.display import display, HTML
        print("4.0")
        display({"text/plain": "4.0", "application/vnd.course.verdict+json": {"score": 4.0}}, raw=True)
        4.0
        """,
    "judges_read": """
        import glob
        import course.chapters.dropout as chapter
        found = glob.glob(chapter.__path__[0] + "/**/judges*", recursive=True)
        assert not any(open(path).read() for path in found)
        from course.chapters.dropout.judges import JUDGES
        """,
}

BREAKING = {
    "exits": "import os; os._exit(0)",
    "kills_itself": "import os; os.kill(os.getpid(), 9)",
    "kills_all_it_can_see": """
        import os
        for pid in [-1, *range(1, 40000)]:
            try:
                os.kill(pid, 9)
            except OSError:
                pass
        """,
    "never_ends": "while True: pass",
    "swallows_interrupts": """
        while True:
            try:
                while True: pass
            except BaseException:
                pass
        """,
    "fork_bomb": """
        import os
        while True:
            try:
                os.fork()
            except OSError:
                pass
        """,
    "memory_bomb": """
        import numpy as np
        held = []
        while True:
            held.append(np.ones(2**27))
        """,
    "many_memory_bombs": """
        import os, numpy as np
        for _ in range(4):
            os.fork()
        held = []
        while True:
            held.append(np.ones(2**24))
        """,
    "fills_the_disk": """
        n = 0
        while True:
            with open(f"/submission/{n}", "wb") as file:
                file.write(b"x" * 2**24)
            n += 1
        """,
    "floods_with_lines": """
        for n in range(2_000_000):
            print("flood", n)
        """,
    "floods_with_one_line": "print('x' * 200_000_000)",
    "leaves_a_process_behind": f"""
        import subprocess
        subprocess.Popen(["sleep", "{MARK}"], start_new_session=True)
        """,
    "recursion": """
        import sys
        sys.setrecursionlimit(10**9)
        def f(): f()
        f()
        """,
}


@pytest.fixture(autouse=True)
def neighbour(catalog: Catalog, tmp_path: Path) -> Iterator[None]:
    """After each attack an honest submission is graded in the same process, and nothing is left running."""
    yield
    solution = {"inverted_dropout": reference_solutions()["inverted_dropout"]}
    result = grade_folder(catalog, SLUG, write_submission(tmp_path / "neighbour" / SLUG, solution), "sandbox")
    assert result.cells["inverted_dropout"].status == "passed"
    assert result.score == result.cells["inverted_dropout"].max_score
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"sleep {MARK}" not in running


def attacked(catalog: Catalog, submission: Submission, source: str) -> Result:
    folder = submission(inverted_dropout=dedent(source))
    with pytest.MonkeyPatch.context() as patience:
        patience.setattr(kernels, "CELL_SECONDS", 4)
        patience.setattr(client, "REST_SECONDS", 1)
        result = grade_folder(catalog, SLUG, folder, "sandbox")
    assert set(result.cells) >= {"quiz", "inverted_dropout", "build_classifier", "explain_inference"}
    return result


def output_of_attack(result: Result) -> str:
    cell = next(c for c in result.notebooks["exercises"].cells if grade_id(c) == "inverted_dropout-solution")
    return "".join(output.get("text", "") or str(output.get("evalue", "")) for output in cell.outputs)


@pytest.mark.parametrize("name", SCORING)
def test_an_attack_on_the_verdict_earns_nothing(catalog: Catalog, submission: Submission, name: str) -> None:
    result = attacked(catalog, submission, SCORING[name])
    assert result.cells["inverted_dropout"].status != "passed"
    assert (result.cells["inverted_dropout"].score or 0) <= 1.0
    assert result.score == result.cells["inverted_dropout"].score
    assert not Path("/tmp/pickle-was-run").exists()


@pytest.mark.parametrize("name", BREAKING)
def test_breaking_things_costs_only_itself(catalog: Catalog, submission: Submission, name: str) -> None:
    result = attacked(catalog, submission, BREAKING[name])
    assert result.score == 0
    assert result.cells["build_classifier"].status == "not attempted"
    assert sum(len(str(cell)) for cell in result.notebooks["exercises"].cells) < 4 * client.MAX_OUTPUT


PLACES = [
    str(ROOT / "notebooks" / SLUG / "exercises.ipynb"),
    str(ROOT / "quizzes" / f"{SLUG}.yml"),
    str(ROOT / "tests"),
    str(ROOT / "nbgrader_config.py"),
    str(ROOT / "class"),
    str(ROOT / ".git"),
    os.path.expanduser("~/.bashrc"),
    "/etc/shadow",
    "/home",
    "/var",
    "/rooms/passwd",
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
        for place in [*places, sys.prefix, "/", "/usr", "/etc", "/dev", "/sockets", "/rooms"]:
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
    folder = submission(
        inverted_dropout="import os\nprint(os.path.exists('link'), os.path.exists('folder/secret.txt'))"
    )
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
        if grade_id(cell) == "inverted_dropout":
            cell.metadata.nbgrader["points"] = 1000
            cell.metadata.nbgrader["solution"] = True
            cell.source = "1000"
    notebook.metadata["kernelspec"] = {"name": "evil", "display_name": "evil", "language": "python"}
    nbformat.write(notebook, path)
    result = grade_folder(catalog, SLUG, folder, "sandbox")
    assert result.cells["inverted_dropout"].as_json()["score"] == 0
    assert result.cells["inverted_dropout"].max_score == 4.0
