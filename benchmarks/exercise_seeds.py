"""Right solutions must pass and wrong ones fail with their name, whatever the seed: a sweep too slow for the tests.

    python -m benchmarks.exercise_seeds [--seeds 200] [--wrong-seeds 20] [--first 0] [exercise ...]

Prints one line per exercise and every surprise with its seed; exits with 1 if there was one.
"""

from __future__ import annotations

import argparse
import sys
import time

from course.exercises.check import check_candidate
from tests.chapters.dropout.wrong_solutions import FITS_A_NAME, RIGHT, UNNAMED, VARIANTS, WRONG, defined
from tests.conftest import reference_solutions


def surprises(exercise: str, first: int, right_seeds: int, wrong_seeds: int) -> list[str]:
    """One line for each verdict that is not as it must be."""
    found = []
    right = {**RIGHT[exercise], "the notebook's own": reference_solutions()[exercise]}
    solutions: list[tuple[str, str, tuple[list[str], ...]]] = [(f"right {n}", s, ()) for n, s in right.items()]
    solutions += [(f"wrong {n}", s, ([n],)) for table in (WRONG, VARIANTS) for n, s in table[exercise].items()]
    for name, source in UNNAMED[exercise].items():
        known = FITS_A_NAME.get((exercise, name))
        solutions.append((f"unnamed {name}", source, ([], [known] if known else [])))
    for title, source, named in solutions:
        namespace = defined(source)
        for seed in range(first, first + (wrong_seeds if named else right_seeds)):
            verdict = check_candidate(exercise, namespace, seed)
            wrong = verdict.status in ("failed", "partial") and verdict.misconceptions in named
            if not (wrong if named else verdict.status == "passed"):
                told = "; ".join(f"{f.label} ({f.misconception}): {f.told}" for f in verdict.findings if not f.passed)
                found.append(f"{exercise}, {title}, seed {seed}: {verdict.status}, {told}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--wrong-seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    first, n_right, n_wrong = arguments.first, arguments.seeds, arguments.wrong_seeds
    failed = False
    for exercise in arguments.exercises or RIGHT:
        start = time.process_time()
        found = surprises(exercise, first, n_right, n_wrong)
        wrong = len(WRONG[exercise]) + len(VARIANTS[exercise])
        seconds = time.process_time() - start
        print(
            f"{exercise}: {len(RIGHT[exercise]) + 1} right solutions over {n_right} seeds, {wrong} named and "
            f"{len(UNNAMED[exercise])} unnamed ones over {n_wrong}: {len(found)} surprises ({seconds:.0f} s of CPU)"
        )
        print("".join(f"  {line}\n" for line in found[:40]), end="", flush=True)
        failed = failed or bool(found)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
