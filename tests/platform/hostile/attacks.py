"""Sources of a learner's cell that attack the grader: by what they are after, and by name.

An attack stands where the solution of standardise should be. The rest of the notebook is the untouched release, so
an attack that works would show as points out of nothing.
"""

import os

# Seconds that a process left behind would sleep: how the tests know it, and those that run beside them do not.
MARK = f"98{os.getpid():08}"

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
        observe.observe_exercise = lambda *a: Transcript("attempted", (Observation({"out": 1.0}),) * 3)
        observe.is_stub = lambda *a: False
        standardise = lambda *a: 1
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
        entry = {"values": {"dict": {"out": {"npy": payload}}}, "error": None}
        def publish(*arguments):
            display({observe.MIME: {"attempt": "attempted", "observations": [entry] * 3}}, raw=True)
        observe.publish = publish
        """,
    "numpy_patched": """
        import numpy as np
        np.allclose = np.array_equal = lambda *a, **k: True
        np.ndarray = object
        def standardise(x, shift):
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
        def standardise(x, shift):
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
        import course.chapters.tiny as chapter
        found = glob.glob(chapter.__path__[0] + "/**/judges*", recursive=True)
        assert not any(open(path).read() for path in found)
        from course.chapters.tiny.judges import JUDGES
        """,
    "observe_module_replaced": """
        import sys, types
        fake = types.ModuleType("course.exercises.observe")
        fake.publish = lambda *a: print("4.0")
        sys.modules["course.exercises.observe"] = fake
        """,
    "verdict_updated": """
        from IPython.display import clear_output, display, update_display
        for name in ("standardise", "quiz"):
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
        def standardise(x, shift):
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
        subprocess.Popen(["sleep", "{MARK}"], process_group=0)
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
