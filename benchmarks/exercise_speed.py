"""How long the checks take once TensorFlow is loaded, for the notebook's own solutions and all right ones.

    python -m benchmarks.exercise_speed [--chapter 2-4-dropout]

The first round stands for a learner's fresh kernel (or a grader's); in the second one everything is warm.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping

from benchmarks.chapter import chosen_chapter, with_chapter
from course.authoring.solutions import Solution, known_solutions, prepared_namespace
from course.catalog import Chapter, load_catalog
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from tests.conftest import ROOT


def timed(chapter: Chapter, solution: Solution, prepared: Mapping[str, object]) -> tuple[float, float]:
    """Seconds of wall time and of CPU for one check, which must pass."""
    namespace = dict(prepared)
    exec(solution.source, namespace)
    wall, cpu = time.perf_counter(), time.process_time()
    verdict = check_candidate(solution.exercise, namespace, VISIBLE_SEED, chapter)
    seconds = time.perf_counter() - wall, time.process_time() - cpu
    assert verdict.status == "passed", (solution.exercise, verdict.findings)
    return seconds


def main() -> None:
    chapter = chosen_chapter(with_chapter(argparse.ArgumentParser(description=__doc__)).parse_args())
    catalog = load_catalog(ROOT)
    start = time.process_time()
    prepared = prepared_namespace(catalog, chapter)
    print(f"what the notebook imports and prepares: {time.process_time() - start:.2f} s of CPU")
    print(f"{'exercise':24}{'first check':>24}{'second':>10}{'slowest style':>16}")
    total = [0.0, 0.0]
    for exercise, known in known_solutions(catalog, chapter).items():
        right = [solution for solution in known if solution.right]
        first, second = (timed(chapter, right[0], prepared) for _round in range(2))
        slowest = max(timed(chapter, solution, prepared)[0] for solution in right)
        total = [total[0] + first[0], total[1] + first[1]]
        shown = f"{first[0]:.2f} s ({first[1]:.2f} s of CPU)"
        print(f"{exercise:24}{shown:>24}{second[0]:>8.2f} s{slowest:>14.2f} s")
    print(f"all first checks: {total[0]:.2f} s, {total[1]:.2f} s of CPU")


if __name__ == "__main__":
    main()
