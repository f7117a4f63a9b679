"""Right solutions must pass and wrong ones fail with their name, whatever the seed: a sweep too slow for the tests.

    python -m benchmarks.exercise_seeds [--chapter 2-4-dropout] [--seeds 200] [--wrong-seeds 20] [exercise ...]

Prints one line per exercise and every surprise with its seed; exits with 1 if there was one. An exercise without any,
over 20 seeds or more (5 where its observer trains), is noted in tests/chapters/<module>/swept.yml; tests/contract
sweeps it again once it changes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from benchmarks.chapter import chosen_chapter, with_chapter
from course.authoring.run.sweep import note, seeds_of, sweep
from course.authoring.solutions import known_solutions, prepared_namespace
from course.catalog import load_catalog
from tests.conftest import ROOT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    with_chapter(parser).add_argument("exercises", nargs="*")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--wrong-seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    catalog, chapter, first = load_catalog(ROOT), chosen_chapter(arguments), arguments.first
    right, wrong = range(first, first + arguments.seeds), range(first, first + arguments.wrong_seeds)
    known, namespace = known_solutions(catalog, chapter), prepared_namespace(catalog, chapter)
    failed = False
    for exercise in arguments.exercises or known:
        start = time.process_time()
        found = list(sweep(chapter, known[exercise], namespace, right, wrong))
        kinds = Counter(solution.kind for solution in known[exercise])
        print(
            f"{exercise}: {kinds['RIGHT']} right solutions over {len(right)} seeds, "
            f"{kinds['WRONG'] + kinds['VARIANTS']} named and {kinds['UNNAMED']} unnamed ones over {len(wrong)}: "
            f"{len(found)} surprises ({time.process_time() - start:.0f} s of CPU)"
        )
        print("".join(f"  {line}\n" for line in found[:40]), end="", flush=True)
        if not found and min(len(right), len(wrong)) >= len(seeds_of(chapter, exercise)):
            note(catalog, chapter, exercise)
        failed = failed or bool(found)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
