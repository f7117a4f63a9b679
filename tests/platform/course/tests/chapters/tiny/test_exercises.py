"""The tiny chapter is a sound one: right solutions pass, wrong ones fail with their name."""

import pytest

from course.exercises.check import check_candidate
from course.verdict import Verdict
from tests.platform.tiny import NAMES, RIGHT, UNNAMED, WRONG, defined, exercise_points, reference_solutions


def checked(exercise: str, source: str, seed: int) -> Verdict:
    return check_candidate(exercise, defined(source), seed)


def test_its_exercises_are_those_that_the_tests_know() -> None:
    assert set(exercise_points()) == set(NAMES)


@pytest.mark.parametrize("exercise", NAMES)
def test_right_solutions_pass_and_wrong_ones_fail_with_their_name(exercise: str) -> None:
    for seed in range(10):
        for source in [*RIGHT[exercise].values(), reference_solutions()[exercise]]:
            assert checked(exercise, source, seed).status == "passed"
        for name, source in WRONG[exercise].items():
            assert checked(exercise, source, seed).misconceptions == [name]
        for source in UNNAMED[exercise].values():
            assert checked(exercise, source, seed).status in ("failed", "partial")
