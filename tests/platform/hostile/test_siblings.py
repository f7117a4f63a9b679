"""Two submissions in one sandbox at the same time: neither sees, reads, hears or ends the other."""

import re
from pathlib import Path
from textwrap import dedent

import nbformat

from course.catalog import load_catalog
from course.grading.gradebook.store import ClassFolder
from course.grading.schedule import Plan, grade_class
from tests.platform.tiny import SLUG, reference_solutions, write_submission

# What it leaves wherever another could look, and how long it was there.
TRACES = """
    import fcntl, os, socket, time
    from pathlib import Path
    begun = time.time()
    for folder in ("/dev/shm", "/scratch", "/submission"):
        Path(folder, "secret").write_text("secret")
    held = []
    for action in (
        lambda: held.append(socket.socket(socket.AF_UNIX)) or held[0].bind("\\0secret") or held[0].listen(),
        lambda: held.append(open("/bin/sh", "rb")) or fcntl.flock(held[-1], fcntl.LOCK_SH),
        lambda: fcntl.lockf(held[-1], fcntl.LOCK_SH, 1, 7),
    ):
        try:
            action()
        except OSError:
            pass
    while time.time() < begun + 8:
        for path in ("/bin/sh", "/dev/null", "/submission/exercises.ipynb"):
            open(path, "rb").read(1)
        time.sleep(0.05)
    print("THERE", begun, time.time())
    """
SPY = """
    import fcntl, os, signal, socket, time
    begun, told = time.time(), set()
    own = {os.getpid()}
    while time.time() < begun + 8:
        for pid in {int(name) for name in os.listdir("/proc") if name.isdigit()} - own:
            told.add(f"SAW {pid}")
        for place in ("/workdir", "/sockets", "/inner", "/tmp", "/dev/shm", "/scratch", "/proc/1/root/tmp"):
            try:
                told |= {f"HOLDS {place} {name}" for name in os.listdir(place) if name == "secret"}
            except OSError:
                pass
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in {-1, *range(1, 60)} - {int(name) for name in os.listdir("/proc/self/task")}:
                try:
                    os.kill(pid, number)
                    told.add(f"SIGNALLED {pid}")
                except OSError:
                    pass
        try:
            with socket.socket(socket.AF_UNIX) as peer:
                peer.connect("\\0secret")
                told.add("HEARD")
        except OSError:
            pass
        told |= {"LISTED " + line for line in open("/proc/self/net/unix") if "secret" in line}
        with open("/bin/sh", "rb") as shared:
            for lock in (fcntl.flock, fcntl.lockf):
                try:
                    lock(shared, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    told.add("ASKED FOR A LOCK")
                except BlockingIOError:
                    told.add("FELT A LOCK")
                except OSError:
                    pass
        time.sleep(0.1)
    for line in told:
        print(line)
    print("THERE", begun, time.time())
    """


def test_two_at_a_time_in_one_sandbox_are_apart(course_copy: Path) -> None:
    right = reference_solutions()["standardise"]
    submitted = course_copy / "class" / "submitted"
    write_submission(submitted / "spy" / SLUG, {"standardise": dedent(SPY)})
    write_submission(submitted / "honest" / SLUG, {"standardise": dedent(TRACES) + right})
    catalog = load_catalog(course_copy)
    students = {name: submitted / name / SLUG for name in ("spy", "honest")}
    plan = Plan(SLUG, students, "sandbox", workers=2)
    rows = {row.student: row for row in grade_class(catalog, ClassFolder(catalog), plan)}
    assert rows["honest"].result["cells"]["standardise"]["status"] == "passed"
    told, times = {}, {}
    for name in students:
        judged = nbformat.read(course_copy / "class" / "autograded" / name / SLUG / "exercises.ipynb", as_version=4)
        told[name] = "".join(output.get("text", "") for cell in judged.cells for output in cell.get("outputs", []))
        times[name] = [float(each) for each in re.findall(r"THERE (\S+) (\S+)", told[name])[0]]
    assert max(first for first, _last in times.values()) < min(last for _first, last in times.values()) - 1
    for word in ("SAW", "HOLDS", "SIGNALLED", "HEARD", "LISTED", "FELT", "ASKED"):
        assert word not in told["spy"]
