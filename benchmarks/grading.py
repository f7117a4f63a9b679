"""Grades one mixed class with stock nbgrader (its own Execute, one after the other) and with `course grade`.

    .venv/bin/python -m benchmarks.grading [--chapter SLUG] [--students 24] [--seed 1] [--notebook exercises]
        [--without-stock] [--unsolved EXERCISE]

Both run on this machine, one after the other, on copies of the same class. Scores must agree, or it says so and fails.
Prints seconds and ratios; a second run of ours shows what an unchanged class costs. --notebook leaves only that one in
the assignment (stock nbgrader also executes the lesson, which takes long and which we need not). --without-stock
measures ours alone, for classes of hundreds: time, where it went, and the coordinator's processor time and memory.
--unsolved: nobody has solved that exercise, such as one in which the learner's own code trains for seconds, with either
grader. A last row is ours on a class of the same size in which one in six is unreadable, endless or ends Python.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psutil
from nbgrader.api import Gradebook

from benchmarks.chapter import chosen_chapter, course_of, with_chapter
from course.authoring.solutions import known_solutions
from course.catalog import Chapter, load_catalog
from tests.conftest import ROOT, environment, reference_solutions, write_submission

CRASHING = "raise RuntimeError('this cell crashes')"
SLOW = "import time\ntime.sleep(2)\n"


ENDLESS = "while True:\n    pass\n"
ENDING = "import os\nos._exit(1)"
KINDS = ("reference", "wrong", "wrong", "stub", "crashing", "slow")
TROUBLED = ("unreadable", "endless", "ending")


def make_class(
    chapter: Chapter, root: Path, students: int, seed: int, unsolved: str | None = None, troubled: bool = False
) -> None:
    """A seeded mix: references, one wrong solution each, stubs, a crashing cell, a slow one.

    unsolved: an exercise that nobody has solved. troubled: instead of the slow ones, notebooks that cannot be read, run
    for ever, or end Python, in turn.
    """
    rng = random.Random(seed)
    reference = reference_solutions(chapter.slug)
    known = known_solutions(load_catalog(ROOT), chapter)
    wrong = {name: [each.source for each in known[name] if each.kind == "WRONG"] for name in known}
    if unsolved:
        del reference[unsolved], wrong[unsolved]
    for number in range(students):
        solutions = dict(reference)
        kind = KINDS[number % 6]
        if troubled and kind == "slow":
            kind = TROUBLED[number // 6 % 3]
        exercise = rng.choice(sorted(wrong))
        if kind == "wrong":
            solutions[exercise] = rng.choice(wrong[exercise])
        elif kind == "stub":
            solutions = {}
        elif kind == "crashing":
            solutions[exercise] = CRASHING
        elif kind == "slow":
            solutions[exercise] = SLOW + solutions[exercise]
        elif kind in {"endless", "ending"}:
            solutions[exercise] = ENDLESS if kind == "endless" else ENDING
        folder = write_submission(root / "class" / "submitted" / f"student-{number:03}" / chapter.slug, solutions, root)
        if kind == "unreadable":
            content = (folder / "exercises.ipynb").read_bytes()
            (folder / "exercises.ipynb").write_bytes(content[: len(content) // 2])


@dataclass(frozen=True)
class Cost:
    """Of one command: seconds on the clock, in all and until the first row was told; its own (not its workers')
    processor seconds; memory at the end of each tenth of the run, in MiB."""

    seconds: float
    first_row: float
    processor: float
    memory: list[float]


def run(root: Path, *arguments: str) -> Cost:
    """Runs a command in root and watches it."""
    log, samples, first_row = root / "log", [], 0.0
    started = time.perf_counter()
    with log.open("w") as told:
        process = psutil.Popen(
            [sys.executable, "-m", *arguments],
            cwd=root,
            env=environment(PYTHONPATH=str(ROOT)),
            stdout=told,
            stderr=told,
        )
        while process.poll() is None:
            with contextlib.suppress(psutil.Error), process.oneshot():
                times, memory = process.cpu_times(), process.memory_info().rss
                if memory:  # none of a process that has just ended
                    samples.append((times.user + times.system, memory / 2**20))
            if not first_row and "[1/" in log.read_text():
                first_row = time.perf_counter() - started
            time.sleep(0.1)
    seconds = time.perf_counter() - started
    if process.returncode not in {0, 1}:
        sys.exit(log.read_text())
    tenths = [samples[len(samples) * tenth // 10 - 1][1] for tenth in range(1, 11)]
    return Cost(seconds, first_row, samples[-1][0], tenths)


def scores(root: Path, slug: str) -> dict[tuple[str, str], float | None]:
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as gradebook:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(slug)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def use_stock_nbgrader(root: Path) -> None:
    """Takes our two preprocessors out of the settings; a cell may run as long as with us."""
    config = root / "nbgrader_config.py"
    text = config.read_text()
    config.write_text(text[: text.index("# What differs from stock nbgrader")] + "c.Execute.timeout = 60\n")


def keep_only(root: Path, slug: str, notebook: str) -> None:
    """Takes the other notebooks out of the chapter and of all submissions."""
    for path in root.glob(f"**/{slug}/*.ipynb"):
        if path.stem != notebook:
            path.unlink()


def grade_with_ours(root: Path, slug: str, students: int) -> float:
    """Grades twice and prints what it cost; returns the seconds of the first run."""
    first = run(root, "course", "grade", slug, "--json", "rows.json")
    again = run(root, "course", "grade", slug)
    show("course grade", first.seconds, students)
    later = (first.seconds - first.first_row) / max(1, students - 1)
    print(f"first row after {first.first_row:.1f} s; each further one took {later:.3f} s")
    show("again", again.seconds, students)
    print(f"again, with nothing changed: {first.seconds / again.seconds:.0f} times as fast")
    spent: Counter[str] = Counter()
    for row in json.loads((root / "rows.json").read_text()).values():
        spent.update(row.get("seconds", {}))
    shares = ", ".join(f"{name} {part / sum(spent.values()):.0%}" for name, part in spent.most_common())
    print(f"where the time of the submissions went: {shares}")
    print(f"coordinator: {first.processor / students:.3f} s of processor time a submission, start included")
    print(
        "memory of the coordinator in tenths of the run: " + " ".join(f"{each:.0f}" for each in first.memory) + " MiB"
    )
    return first.seconds


def show(label: str, seconds: float, students: int) -> None:
    print(f"{label:22} {seconds:9.1f} s {seconds / students:9.3f} s a submission", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    with_chapter(parser).add_argument("--students", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--notebook", choices=("exercises", "lesson"))
    parser.add_argument("--without-stock", action="store_true")
    parser.add_argument("--unsolved", metavar="EXERCISE")
    chosen = parser.parse_args()
    chapter = chosen_chapter(chosen)
    slug = chapter.slug
    if chosen.unsolved and chosen.unsolved not in reference_solutions(slug):
        parser.error(f"{slug} has no exercise {chosen.unsolved}.")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        ours = course_of(chapter, Path(name) / "ours")
        make_class(chapter, ours, chosen.students, chosen.seed, chosen.unsolved)
        if chosen.notebook:
            keep_only(ours, slug, chosen.notebook)
        stock = Path(name) / "stock"
        shutil.copytree(ours, stock)
        use_stock_nbgrader(stock)
        for root in (stock, ours):
            run(root, "nbgrader", "generate_assignment", slug)
        our_seconds = grade_with_ours(ours, slug, chosen.students)
        troubled = course_of(chapter, Path(name) / "troubled")
        make_class(chapter, troubled, chosen.students, chosen.seed, chosen.unsolved, troubled=True)
        if chosen.notebook:
            keep_only(troubled, slug, chosen.notebook)
        show("one in six in trouble", run(troubled, "course", "grade", slug).seconds, chosen.students)
        if chosen.without_stock:
            return
        stock_seconds = run(stock, "nbgrader", "autograde", slug).seconds
        theirs, mine = scores(stock, slug), scores(ours, slug)
    show("stock nbgrader", stock_seconds, chosen.students)
    print(f"course grade is {stock_seconds / our_seconds:.1f} times as fast")
    differing = [key for key in mine if mine[key] != theirs.get(key)]
    print(f"scores that differ: {len(differing)} of {len(mine)}", *differing[:10])
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
