"""The capstone's goals: sound choices reach them, naive ones miss them, over seeds. Measured, not believed.

The sweep (tests/contract) tries every style over twenty seeds more.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache

import numpy as np
import pytest

import course.chapters.bias_variance.exercises.choose_steps as learners_side
from course.chapters.bias_variance.judges.choose_steps import GOALS
from course.chapters.bias_variance.pooled_data import (
    KINDS,
    N_ROWS,
    N_SETS,
    NOISE,
    STEPS,
    draw_problem,
    draw_rows,
    predict,
    rule,
    train,
)
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from course.lessons.arrays import Floats

SEEDS = range(3_000_000, 3_000_005)
GRID = np.linspace(-1, 1, 101)


def errors(predictions: Floats, target: Floats) -> tuple[float, float]:
    """Of one network alone, and of the average of all."""
    return float(((predictions - target) ** 2).mean()), float(((predictions.mean(axis=0) - target) ** 2).mean())


@cache
def measured(kind: str, seed: int) -> tuple[Floats, Floats]:
    """Errors alone and together after each of STEPS, as a learner can measure them on validation rows, and as they are
    on other training sets against the rule; shape (2, steps) each."""
    rng = np.random.default_rng(seed)
    problem = draw_problem(kind, rng)
    told = [errors(predict(nets, problem.x_val), problem.y_val) for nets in train(problem.x, problem.y).values()]
    others = train(*draw_rows(kind, problem.phases, (N_SETS, N_ROWS), rng))
    truth = rule(GRID, problem.phases)
    return np.array(told).T, np.array([errors(predict(nets, GRID), truth) for nets in others.values()]).T


def reaches(kind: str, seed: int, alone: int, together: int) -> tuple[bool, bool]:
    _told, right = measured(kind, seed)
    shares = (right.T / right.min(axis=1)).T
    places = [STEPS.index(alone), STEPS.index(together)]
    return shares[0][places[0]] <= GOALS["alone"], shares[1][places[1]] <= GOALS["together"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_validation_rows_favour_reaches_both_goals(kind: str, seed: int) -> None:
    told, _right = measured(kind, seed)
    alone, together = (STEPS[int(place)] for place in told.argmin(axis=1))
    assert reaches(kind, seed, alone, together) == (True, True)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_number_for_both_misses_on_noisy_rows(seed: int) -> None:
    assert not any(all(reaches("noisy", seed, steps, steps)) for steps in STEPS)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_fixed_pair_reaches_all_goals(seed: int) -> None:
    pairs = [(alone, together) for alone in STEPS for together in STEPS]
    assert not [pair for pair in pairs if all(all(reaches(kind, seed, *pair)) for kind in KINDS)]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_naive_choice_misses_by_a_clear_margin(seed: int) -> None:
    _told, right = measured("noisy", seed)
    alone, together = (right.T / right.min(axis=1)).T
    assert alone[STEPS.index(500)] > GOALS["alone"] + 0.05
    assert together[STEPS.index(50)] > GOALS["together"] + 0.3
    assert alone[STEPS.index(50)] < GOALS["alone"] - 0.1


def test_a_problem_is_drawn_anew_from_each_seed_and_again_from_the_same() -> None:
    one, again, other = (draw_problem("noisy", np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.x, again.x)
    assert np.array_equal(one.y_val, again.y_val)
    assert not np.array_equal(one.phases, other.phases)


@pytest.mark.parametrize("kind", KINDS)
def test_targets_have_the_noise_that_the_prompt_tells(kind: str) -> None:
    problem = draw_problem(kind, np.random.default_rng(0))
    for x, y in ((problem.x, problem.y), (problem.x_val, problem.y_val)):
        assert (y - rule(x, problem.phases)).std() == pytest.approx(NOISE[kind], rel=0.08)


def test_numbers_of_steps_as_text_are_told_as_such() -> None:
    verdict = check_candidate("choose_steps", {"choose_steps": lambda *rows: ("5", "500")}, VISIBLE_SEED)
    assert verdict.score == 0
    assert "Expected alone as numbers, but got str" in "\n".join(finding.told for finding in verdict.findings)


def test_the_training_sets_that_count_are_made_on_the_trusted_side_alone() -> None:
    tree = ast.parse(inspect.getsource(learners_side))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not names & {draw_rows.__name__, rule.__name__}
