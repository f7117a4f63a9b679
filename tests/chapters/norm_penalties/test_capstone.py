"""The capstone's goals: sound attempts reach them, naive ones miss them, over seeds. Measured, not believed.

The sweep (tests/contract) tries every style over twenty seeds more.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

import course.chapters.norm_penalties.exercises.few_sensors as learners_side
from course.chapters.norm_penalties.judges.few_sensors import GOALS, MOST_SENSORS
from course.chapters.norm_penalties.mixed_units import KINDS, NOISE, UNITS, draw_problem, draw_rows, train
from course.chapters.norm_penalties.sensors import LEVEL, squared_error
from course.lessons.arrays import Floats

SEEDS = range(4_000_000, 4_000_005)
Attempt = Callable[[Floats, Floats, Floats, Floats], tuple[Floats, float]]
CUT = 0.1


@cache
def result(kind: str, seed: int, attempt: Attempt) -> tuple[float, int]:
    """The error on new rows, and how many sensors are in use, of an attempt on standardised inputs."""
    rng = np.random.default_rng(seed)
    problem = draw_problem(kind, rng)
    mean, spread = problem.x.mean(axis=0), problem.x.std(axis=0)
    x, x_val = (problem.x - mean) / spread, (problem.x_val - mean) / spread
    weights, bias = attempt(x, problem.y, x_val, problem.y_val)
    new, power = draw_rows(problem.machine, 2000, rng)
    return squared_error(weights, bias, (new - mean) / spread, power), int((weights != 0).sum())


def passes(kind: str, seed: int, attempt: Attempt) -> bool:
    error, used = result(kind, seed, attempt)
    return error <= GOALS[kind] and used <= MOST_SENSORS


@cache
def fixed(strength: float) -> Attempt:
    """L1 of that strength, cut."""

    def attempt(x: Floats, y: Floats, *_validation: Floats) -> tuple[Floats, float]:
        weights, bias = train(x, y, l1=strength)
        return np.where(np.abs(weights) > CUT, weights, 0), bias

    return attempt


def chosen(x: Floats, y: Floats, x_val: Floats, y_val: Floats) -> tuple[Floats, float]:
    """Of six strengths the one that is best on validation rows, cut, with few sensors."""
    fits = [fixed(strength)(x, y) for strength in (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)]  # type: ignore[call-arg]
    few = [fit for fit in fits if (fit[0] != 0).sum() <= MOST_SENSORS]
    return min(few, key=lambda fit: squared_error(*fit, x_val, y_val))


def fitted_again(x: Floats, y: Floats, *_validation: Floats) -> tuple[Floats, float]:
    """A strong L1 chooses, and what is left is fitted without a penalty."""
    weights, _bias = fixed(0.4)(x, y)  # type: ignore[call-arg]
    used = weights != 0
    weights[used], bias = train(x[:, used], y)
    return weights, bias


def uncut(x: Floats, y: Floats, *_validation: Floats) -> tuple[Floats, float]:
    return train(x, y, l1=0.2)


def no_penalty(x: Floats, y: Floats, *_validation: Floats) -> tuple[Floats, float]:
    return train(x, y)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_sound_attempts_reach_the_goal(kind: str, seed: int) -> None:
    assert passes(kind, seed, chosen)
    assert passes(kind, seed, fitted_again)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_sound_attempts_leave_room(kind: str, seed: int) -> None:
    assert result(kind, seed, chosen)[0] < 0.95 * GOALS[kind]


@cache
def largest(strength: float) -> Attempt:
    """L1 of that strength, the 12 largest weights kept."""

    def attempt(x: Floats, y: Floats, *_validation: Floats) -> tuple[Floats, float]:
        weights, bias = train(x, y, l1=strength)
        return np.where(np.abs(weights) >= np.sort(np.abs(weights))[-MOST_SENSORS], weights, 0), bias

    return attempt


@pytest.mark.parametrize("seed", SEEDS)
def test_noisy_machines_want_a_stronger_penalty_than_quiet_ones(seed: int) -> None:
    strengths = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
    noisy, quiet = (
        min(strengths, key=lambda strength: result(kind, seed, largest(strength))[0]) for kind in ("noisy", "quiet")
    )
    assert noisy > quiet


@pytest.mark.parametrize("seed", SEEDS)
def test_no_fixed_strength_reaches_both_goals(seed: int) -> None:
    for strength in (0.02, 0.05, 0.1, 0.3, 0.5, 1.0):
        assert not all(passes(kind, seed, fixed(strength)) for kind in KINDS), strength


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lean_without_a_cut(kind: str, seed: int) -> None:
    assert result(kind, seed, uncut)[1] == result(kind, seed, no_penalty)[1] == 40


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_readings_as_they_came_are_far_from_the_goal(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = draw_problem(kind, rng)
    new, power = draw_rows(problem.machine, 2000, rng)
    assert squared_error(*train(problem.x, problem.y, l1=0.2), new, power) > 1.3 * GOALS[kind]


def test_a_problem_is_drawn_anew_from_each_seed_and_again_from_the_same() -> None:
    one, again, other = (draw_problem("noisy", np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.x, again.x)
    assert not np.array_equal(one.machine.weights, other.machine.weights)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_have_the_noise_and_the_units_that_the_prompt_tells(kind: str) -> None:
    rng = np.random.default_rng(0)
    machine = draw_problem(kind, rng).machine
    x, y = draw_rows(machine, 4000, rng)
    readings = x / machine.units - machine.zeros
    assert (y - LEVEL - readings @ machine.weights).std() == pytest.approx(NOISE[kind], rel=0.05)
    assert set(machine.units) == set(UNITS)
    assert x.std(axis=0) == pytest.approx(machine.units, rel=0.1)


def test_the_rows_that_count_are_made_on_the_trusted_side_alone() -> None:
    tree = ast.parse(inspect.getsource(learners_side))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert draw_rows.__name__ not in names
