"""How long the checks take once TensorFlow is loaded, for the notebook's own solutions and all right ones.

    python -m benchmarks.exercise_speed

The first round stands for a learner's fresh kernel (or a grader's); in the second one everything is warm.
"""

from __future__ import annotations

import time

from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from tests.chapters.dropout.wrong_solutions import RIGHT, defined
from tests.conftest import reference_solutions


def timed(exercise: str, source: str) -> tuple[float, float]:
    """Seconds of wall time and of CPU for one check, which must pass."""
    namespace = defined(source)
    wall, cpu = time.perf_counter(), time.process_time()
    verdict = check_candidate(exercise, namespace, VISIBLE_SEED)
    seconds = time.perf_counter() - wall, time.process_time() - cpu
    assert verdict.status == "passed", (exercise, verdict.findings)
    return seconds


def main() -> None:
    references = reference_solutions()
    start = time.process_time()
    defined("")
    print(f"importing TensorFlow and Keras: {time.process_time() - start:.2f} s of CPU")
    print(f"{'exercise':24}{'first check':>24}{'second':>10}{'slowest style':>16}")
    total = [0.0, 0.0]
    for exercise in RIGHT:
        first, second = (timed(exercise, references[exercise]) for _round in range(2))
        slowest = max(timed(exercise, source)[0] for source in RIGHT[exercise].values())
        total = [total[0] + first[0], total[1] + first[1]]
        shown = f"{first[0]:.2f} s ({first[1]:.2f} s of CPU)"
        print(f"{exercise:24}{shown:>24}{second[0]:>8.2f} s{slowest:>14.2f} s")
    print(f"all first checks: {total[0]:.2f} s, {total[1]:.2f} s of CPU")


if __name__ == "__main__":
    main()
