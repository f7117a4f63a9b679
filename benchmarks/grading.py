"""Grades one mixed class with stock nbgrader (its own Execute, one after the other) and with `course grade`.

    .venv/bin/python -m benchmarks.grading [--students 24] [--seed 1]

Both run on this machine, one after the other, on copies of the same class. Scores must agree, or it says so and fails.
Prints seconds and ratios; a second run of ours shows what an unchanged class costs.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nbgrader.api import Gradebook

from tests.chapters.dropout.wrong_solutions import WRONG
from tests.conftest import ROOT, SLUG, copy_course, environment, reference_solutions, write_submission

CRASHING = "raise RuntimeError('this cell crashes')"
SLOW = "import time\ntime.sleep(2)\n"


def make_class(root: Path, students: int, seed: int) -> None:
    """A seeded mix: references, one wrong solution each, stubs, a crashing cell, a slow one."""
    rng = random.Random(seed)
    reference = reference_solutions()
    for number in range(students):
        solutions = dict(reference)
        kind = ("reference", "wrong", "wrong", "stub", "crashing", "slow")[number % 6]
        exercise = rng.choice(sorted(WRONG))
        if kind == "wrong":
            solutions[exercise] = rng.choice(sorted(WRONG[exercise].items()))[1]
        elif kind == "stub":
            solutions = {}
        elif kind == "crashing":
            solutions[exercise] = CRASHING
        elif kind == "slow":
            solutions[exercise] = SLOW + solutions[exercise]
        write_submission(root / "class" / "submitted" / f"student-{number:03}" / SLUG, solutions)


def run(root: Path, *arguments: str) -> float:
    """Seconds that a command took."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=root,
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, 1}:
        sys.exit(done.stdout + done.stderr)
    return time.perf_counter() - started


def scores(root: Path) -> dict[tuple[str, str], float | None]:
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as gradebook:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(SLUG)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def use_stock_nbgrader(root: Path) -> None:
    """Takes our two preprocessors out of the settings; a cell may run as long as with us."""
    config = root / "nbgrader_config.py"
    text = config.read_text()
    config.write_text(text[: text.index("# What differs from stock nbgrader")] + "c.Execute.timeout = 60\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        ours = copy_course(Path(name) / "ours")
        make_class(ours, chosen.students, chosen.seed)
        stock = Path(name) / "stock"
        shutil.copytree(ours, stock)
        use_stock_nbgrader(stock)
        for root in (stock, ours):
            run(root, "nbgrader", "generate_assignment", SLUG)
        stock_seconds = run(stock, "nbgrader", "autograde", SLUG)
        our_seconds = run(ours, "course", "grade", SLUG)
        again_seconds = run(ours, "course", "grade", SLUG)
        theirs, mine = scores(stock), scores(ours)
    differing = [key for key in mine if mine[key] != theirs.get(key)]
    print(f"{chosen.students} submissions      seconds   a submission")
    for label, seconds in (("stock nbgrader", stock_seconds), ("course grade", our_seconds), ("again", again_seconds)):
        print(f"{label:20} {seconds:9.1f} {seconds / chosen.students:12.2f}")
    print(
        f"course grade is {stock_seconds / our_seconds:.1f} times as fast; "
        f"again, with nothing changed, {our_seconds / again_seconds:.1f} times as fast as that"
    )
    print(f"scores that differ: {len(differing)} of {len(mine)}", *differing[:10])
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
