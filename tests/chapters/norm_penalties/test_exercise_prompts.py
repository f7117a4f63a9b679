"""What the prompts of the exercises promise: their examples, and how points are shared."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from course import load_keras
from course.chapters.norm_penalties.exercises.few_sensors import MACHINES
from course.chapters.norm_penalties.judges.few_sensors import GOALS, MATTERS, MOST_SENSORS, N_NEW
from course.chapters.norm_penalties.mixed_units import N_ROWS, N_VALIDATION, NOISE, STEPS
from course.chapters.norm_penalties.sensors import N_SENSORS
from tests.exercise_prompts import Prompts

CHAPTER = Prompts("2-3-norm-penalties")
PROMPTS, own = CHAPTER.texts, CHAPTER.own


@pytest.mark.parametrize(
    ("exercise", "total"),
    [("penalty", "4"), ("penalised_step", "13"), ("soft_threshold", "7"), ("penalised_model", "5")],
)
def test_parts_of_the_points_are_the_weights_of_the_judge(exercise: str, total: str) -> None:
    CHAPTER.tells_the_parts(exercise, total)


def test_the_example_of_the_penalty_is_right() -> None:
    weights = [np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([[-4.0]])]
    assert own("penalty")(weights, 0.5, 0.1) == pytest.approx(8)
    assert "the penalty is 0.5 · 10 + 0.1 · 30 = 8" in PROMPTS["penalty"]


def test_the_example_of_the_step_is_right() -> None:
    zero = np.array([0.0])
    w, b = own("penalised_step")(np.array([[2.0]]), np.array([1.0]), np.array([[0.0]]), zero, 0.1, 0.0, 0.5)
    assert (w.item(), b.item()) == pytest.approx((1.8, 1.0))
    assert "2 − 0.1 · 2 · 0.5 · 2 = 1.8" in PROMPTS["penalised_step"]


def test_the_example_of_soft_thresholding_is_right() -> None:
    assert own("soft_threshold")(np.array([1.5, 0.2, -0.5, -3.0]), 0.5).tolist() == [1.0, 0.0, 0.0, -2.5]
    assert "1.5, 0.2, −0.5 and −3 become 1, 0, 0 and −2.5" in PROMPTS["soft_threshold"]


def test_the_example_of_the_model_is_right() -> None:
    load_keras()
    model = own("penalised_model")(3, 0.1)
    model.set_weights([np.full(w.shape, 0.5) for w in model.get_weights()])
    assert sum(float(each) for each in model.losses) == pytest.approx(0.8)
    assert "0.1 · (24 + 8) · 0.25 = 0.8" in PROMPTS["penalised_model"]


def test_the_capstone_states_its_goals_and_sizes() -> None:
    prompt = PROMPTS["few_sensors"]
    rows = re.findall(r"\| `(\w+)` \| (\S+) \| (\S+) \|", prompt)
    assert {kind: float(noise) for kind, noise, _goal in rows} == NOISE
    assert {kind: float(goal) for kind, _noise, goal in rows} == GOALS
    assert f"shape ({N_ROWS}, {N_SENSORS}) and ({N_ROWS},)" in prompt
    assert f"{N_VALIDATION} validation rows" in prompt
    assert f"with at most {MOST_SENSORS} sensors in use" in prompt
    assert f"keep the {MOST_SENSORS} largest" in prompt
    assert Counter(MACHINES) == {"noisy": 3, "quiet": 1}
    assert "tries three `noisy` machines and a `quiet` one" in prompt
    assert f"draws {N_NEW:,} new rows" in prompt
    assert f"({STEPS:,} gradient steps" in prompt
    assert f"by more than {MATTERS:.6f}" in prompt
