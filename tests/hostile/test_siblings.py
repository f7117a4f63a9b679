"""Two submissions in one sandbox at the same time: neither sees, reads or ends the other."""

from pathlib import Path
from textwrap import dedent

import nbformat

from course.catalog import load_catalog
from course.grading.gradebook import ClassFolder
from course.grading.schedule import Plan, grade_class
from tests.conftest import SLUG, reference_solutions, write_submission

# It waits until both kernels are there: bubblewrap, the first process, and a template, a keeper and a kernel for each.
SPY = """
    import os, signal, time
    def processes():
        return [name for name in os.listdir("/proc") if name.isdigit()]
    deadline = time.monotonic() + 50
    while len(processes()) < 8 and time.monotonic() < deadline:
        time.sleep(0.02)
    together = processes()
    print("TOGETHER" if len(together) >= 8 else f"ALONE {len(together)}")
    for pid in set(together) - {os.readlink("/proc/self")}:
        for place in ("mem", "environ", "maps", "auxv", "ns/mnt", "ns/user", "fd/0"):
            try:
                os.close(os.open(f"/proc/{pid}/{place}", os.O_RDONLY))
                print("OPENED", pid, place)
            except OSError:
                pass
        for place in ("cwd", "root", "root/submission", "map_files"):
            try:
                print("LISTED", pid, place, os.listdir(f"/proc/{pid}/{place}"))
            except OSError:
                pass
        for number in (signal.SIGSTOP, signal.SIGKILL):
            try:
                os.kill(int(pid), number)  # where the number is one of its own, it is the namespace's first: unmoved
            except OSError:
                pass
    for place in ("/rooms", "/sockets", "/tmp", "/dev/shm", "/scratch"):
        print("HOLDS", place, [n for n in os.listdir(place) if "k-" not in n and "connection" not in n])
    """


def test_two_at_a_time_in_one_sandbox_are_apart(course_copy: Path) -> None:
    right = reference_solutions()["inverted_dropout"]
    secret = "from pathlib import Path\nfor d in ('/dev/shm', '/scratch'):\n    Path(d, 'secret').touch()\n"
    submitted = course_copy / "class" / "submitted"
    write_submission(submitted / "spy" / SLUG, {"inverted_dropout": dedent(SPY)})
    write_submission(submitted / "honest" / SLUG, {"inverted_dropout": secret + "import time\ntime.sleep(8)\n" + right})
    catalog = load_catalog(course_copy)
    students = {name: submitted / name / SLUG for name in ("spy", "honest")}
    plan = Plan(SLUG, students, "sandbox", workers=2)
    rows = {row.student: row for row in grade_class(catalog, ClassFolder(catalog), plan)}
    assert rows["honest"].result["cells"]["inverted_dropout"]["status"] == "passed"
    spied = nbformat.read(course_copy / "class" / "autograded" / "spy" / SLUG / "exercises.ipynb", as_version=4)
    told = "".join(output.get("text", "") for cell in spied.cells for output in cell.get("outputs", []))
    assert "TOGETHER" in told
    for word in ("OPENED", "LISTED", "secret"):
        assert word not in told
