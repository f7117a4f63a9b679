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
from nbgrader.api import Gradebook

from course.catalog import Catalog, load_catalog
from course.grading import client, kernels
from course.grading.gradebook import ClassFolder
from course.grading.restore import grade_id
from course.grading.run import Result, grade_folder
from course.grading.schedule import Plan, grade_class
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
    "observe_module_replaced": """
        import sys, types
        fake = types.ModuleType("course.exercises.observe")
        fake.publish = lambda *a: print("4.0")
        sys.modules["course.exercises.observe"] = fake
        """,
    "verdict_updated": """
        from IPython.display import clear_output, display, update_display
        for name in ("inverted_dropout", "quiz"):
            display({"text/plain": "4.0"}, raw=True, display_id=name)
            update_display({"text/plain": "4.0"}, raw=True, display_id=name)
        display({"text/plain": "4.0"}, raw=True, metadata={"x": "y" * 3_000_000})
        clear_output()
        clear_output(wait=True)
        """,
    "next_answer_forged_on_the_sockets": """
        import threading, time
        kernel = get_ipython().kernel
        parent, ident = kernel.get_parent(), kernel._parent_ident["shell"]
        start, number = parent["header"]["msg_id"].rsplit("_", 1)
        transcript = {"attempt": "attempted", "observations": [{"values": {"dict": {}}, "error": None}] * 3}
        shown = {"data": {"application/vnd.course.transcript+json": transcript}, "metadata": {}}
        def forge():
            for k in list(range(1, 40)) * 20:
                to = {"header": {**parent["header"], "msg_id": f"{start}_{int(number) + k}"}}
                kernel.session.send(kernel.iopub_socket, "display_data", shown, parent=to)
                time.sleep(0.001)
        threading.Thread(target=forge).start()
        """,
    "expected_values_sought": """
        import gc, sys
        from course.exercises.base import Judge
        def inverted_dropout(x, rate, rng, training):
            frame, names = sys._getframe(), set()
            while frame:
                names |= set(frame.f_locals)
                frame = frame.f_back
            judges = [each for each in gc.get_objects() if isinstance(each, Judge)]
            assert not judges and not names & {"expected", "judge", "verdict"}
            return x, x
        """,
    "runs_on_after_its_cell": """
        import atexit, threading, time
        atexit.register(print, "4.0")
        def later():
            while True:
                print("4.0")
                time.sleep(0.2)
        threading.Thread(target=later, daemon=True).start()
        print(input("points? "))
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
    "asks_to_exit": "get_ipython().ask_exit()",
    "shell_replies_without_end": """
        kernel = get_ipython().kernel
        ident = kernel._parent_ident["shell"]
        other = {"header": {"msg_id": "other"}}
        while True:
            try:
                while True:
                    kernel.session.send(kernel.shell_stream, "execute_reply", {"status": "ok"}, other, ident)
            except BaseException:
                pass
        """,
    "reply_without_content": """
        import time
        kernel = get_ipython().kernel
        kernel.session.send(
            kernel.shell_stream, "execute_reply", {}, parent=kernel.get_parent(), ident=kernel._parent_ident["shell"]
        )
        time.sleep(1)
        """,
    "messages_that_no_kernel_sends": """
        kernel = get_ipython().kernel
        for kind, content in [
            ("stream", {"name": 5, "text": {"a": 1}}), ("stream", {}), ("display_data", {"data": 5, "metadata": None}),
            ("error", {}), ("error", {"ename": 1, "evalue": 2, "traceback": 5}), ("clear_output", {"wait": 5}),
            ("update_display_data", {"data": {}, "transient": 4}), ("comm_open", {"comm_id": [1], "data": 5}),
            ("comm_msg", {"comm_id": "x", "data": 7}), ("nonsense", {}), ("status", {"execution_state": ["x"]}),
        ]:
            kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent())
        """,
    "message_nested_too_deeply": """
        kernel = get_ipython().kernel
        pack = kernel.session.pack
        bomb = b"[" * 100_000 + b"]" * 100_000
        kernel.session.pack = lambda part: bomb if "bomb" in part else pack(part)
        kernel.session.send(kernel.iopub_socket, "display_data", {"bomb": 1}, parent=kernel.get_parent())
        """,
    "half_a_character": "print(chr(0xD800))",
    "raises_its_limits": f"""
        import ctypes, resource, signal
        raised = []
        for name in ("NPROC", "DATA", "FSIZE", "NOFILE"):
            try:
                resource.setrlimit(getattr(resource, f"RLIMIT_{{name}}"), (resource.RLIM_INFINITY,) * 2)
                raised.append(name)
            except (OSError, ValueError):
                pass
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
        get_ipython().run_cell_magic("bash", "", "sleep {MARK} & disown")
        while not raised:
            pass
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


PLANTED = ("numpy.py", "json.py", "course.py", "keras.py", "sitecustomize.py", "usercustomize.py", "conftest.py")
CONFIGURED = ("ipython_config.py", "profile_default/startup/00.py", "course/__init__.py", "nbgrader_config.py")


def test_files_named_like_our_modules_are_not_imported(catalog: Catalog, submission: Submission) -> None:
    seen = 'import numpy, json, course; print("FROM", numpy.__file__, json.__file__, course.__file__)'
    folder = submission(
        inverted_dropout=reference_solutions()["inverted_dropout"], dropout_backward=seen, choose_rate=seen
    )
    for name in (*PLANTED, *CONFIGURED):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("print('FROM /submission', flush=True)\nraise SystemExit('planted')\n")
    (folder / "planted.pth").write_text("import sys; sys.exit('planted')\n")
    result = grade_folder(catalog, SLUG, folder, "sandbox")
    shown = "".join(str(cell.get("outputs")) for cell in result.notebooks["exercises"].cells)
    assert result.score == result.cells["inverted_dropout"].score == 4
    assert "FROM" in shown
    assert "/submission/" not in shown.replace("FROM /submission", "/submission/")


def test_a_model_whose_config_runs_code_gets_nothing(catalog: Catalog, submission: Submission) -> None:
    source = """
        import keras, os
        def mark(*arguments, **options):
            os.system("touch /tmp/config-was-run")
            return {}
        class Evil(keras.Model):
            get_config = from_config = __reduce__ = mark
            def call(self, x, training=None):
                return x
        def build_classifier(n_features, n_classes, width, rate, input_rate=0.0):
            keras.config.enable_unsafe_deserialization()
            return Evil()
        """
    result = grade_folder(catalog, SLUG, submission(build_classifier=dedent(source)), "sandbox")
    assert result.cells["build_classifier"].status in {"failed", "partial"}
    assert result.score <= 1
    assert not Path("/tmp/config-was-run").exists()


def test_what_an_attack_gets_and_what_its_neighbour_has_stand_apart_in_the_gradebook(course_copy: Path) -> None:
    catalog = load_catalog(course_copy)
    submitted = course_copy / "class" / "submitted"
    write_submission(submitted / "mallory" / SLUG, {"inverted_dropout": dedent(SCORING["publish_forged"])})
    write_submission(submitted / "neighbour" / SLUG, {"inverted_dropout": reference_solutions()["inverted_dropout"]})
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
