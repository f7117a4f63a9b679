"""What the prompts of the exercises promise: their examples, and how points are shared."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.bias_variance.pooled_data import CAREFUL, CARELESS, N_CARELESS, N_ROWS, N_SETS, N_VALIDATION, STEPS
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from tests.exercise_prompts import Prompts

CHAPTER = Prompts("2-2-bias-variance")
PROMPTS, own = CHAPTER.texts, CHAPTER.own


def table(prompt: str) -> list[list[str]]:
    """The cells of the prompt's table, without its first two lines."""
    lines = [line for line in prompt.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize(("exercise", "total"), [("bias_variance", "13"), ("poll_map", "11"), ("best_district", "15")])
def test_parts_of_the_points_are_the_weights_of_the_judge(exercise: str, total: str) -> None:
    CHAPTER.tells_the_parts(exercise, total)


def test_the_example_of_bias_and_variance_is_right() -> None:
    first, second, average, misses, variance = (
        [float(cell.replace("−", "-")) for cell in row[1:]] for row in table(PROMPTS["bias_variance"])
    )
    predictions = np.array([first, second])
    assert predictions.mean(axis=0).tolist() == average
    assert (np.array(average) ** 2).tolist() == misses
    assert predictions.var(axis=0).tolist() == variance
    assert own("bias_variance")(predictions, np.zeros(3)) == pytest.approx((4, 5 / 3))
    assert "`bias2` is 4 and `variance` is 5/3" in PROMPTS["bias_variance"]


def test_the_example_of_the_map_is_right() -> None:
    assert own("poll_map")(np.array([1.0, 2, 6, 0, 4, 2]), 3).tolist() == [3, 3, 3, 2, 2, 2]
    assert "1, 2, 6, 0, 4, 2 and `size=3`, the map is `[3, 3, 3, 2, 2, 2]`" in PROMPTS["poll_map"]


def test_a_map_that_refuses_every_size_earns_nothing() -> None:
    def poll_map(answers: object, size: object) -> None:
        raise ValueError(size)

    assert check_candidate("poll_map", {"poll_map": poll_map}, VISIBLE_SEED).score == 0


def test_a_refusal_tells_the_size_that_was_tried() -> None:
    def poll_map(answers: np.ndarray, size: int) -> np.ndarray:
        return np.repeat([answers[i : i + size].mean() for i in range(0, len(answers), size)], size)[: len(answers)]

    verdict = check_candidate("poll_map", {"poll_map": poll_map}, VISIBLE_SEED)
    (told,) = (finding.told for finding in verdict.findings if not finding.passed)
    assert "then sizes that do not divide" in told
    assert "poll_map(answers, 5) should raise ValueError" in told


def test_the_table_of_districts_is_right() -> None:
    rows = table(PROMPTS["best_district"])
    best, bias2, variance = own("best_district")(np.array([0.0, 0, 2, 2]), 1.0, [int(row[0]) for row in rows])
    assert [[float(cell) for cell in row[2:]] for row in rows] == [
        [b, v, b + v] for b, v in zip(bias2, variance, strict=True)
    ]
    assert best == 2
    assert "So `best` is 2" in PROMPTS["best_district"]


def test_the_capstone_states_its_goals_and_sizes() -> None:
    prompt = PROMPTS["choose_steps"]
    assert "any other number gives at least 1.3 times the squared error" in prompt  # test_capstone.py measures it
    assert f"shape ({N_SETS}, {N_ROWS})" in prompt
    assert f"shape ({N_VALIDATION},)" in prompt
    assert "each of them 10, 50 or 500" in prompt
    assert STEPS == (10, 50, 500)
    assert f"standard deviation {CAREFUL}; others carelessly, with {CARELESS}" in prompt
    assert [row[1:] for row in table(prompt)] == [
        [str(N_SETS), "0"],
        [str(N_SETS - N_CARELESS), f"{N_CARELESS}, at unknown places"],
    ]
