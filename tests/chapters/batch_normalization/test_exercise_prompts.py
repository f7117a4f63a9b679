"""What the prompts of the exercises promise: their examples, and how points are shared."""

from __future__ import annotations

import numpy as np
import pytest

from course import load_keras
from course.chapters.batch_normalization.deep import BATCH, EPOCHS, WIDTH
from course.chapters.batch_normalization.judges.deep_model import CHANCE, DEPTH, GOAL
from course.chapters.batch_normalization.renamed_digits import draw_problem, example
from course.lessons.digits import N_TEST, N_TRAIN
from tests.chapters.batch_normalization.own import CHAPTER, own

PROMPTS = CHAPTER.texts


@pytest.mark.parametrize(
    ("exercise", "total"),
    [("bn_train", "15"), ("bn_moving", "7"), ("freeze_bn", "4"), ("fold", "7"), ("deep_model", "4")],
)
def test_parts_of_the_points_are_the_weights_of_the_judge(exercise: str, total: str) -> None:
    CHAPTER.tells_the_parts(exercise, total)


def test_the_example_of_the_batch_is_right() -> None:
    out, mean, var = own("bn_train")(np.array([[1.0], [2.0], [3.0]]), np.array([2.0]), np.array([10.0]))
    assert (mean.item(), var.item()) == pytest.approx((2, 2 / 3))
    assert out[:, 0].round(2).tolist() == [7.55, 10, 12.45]
    assert "The output is 7.55, 10 and 12.45" in PROMPTS["bn_train"]


def test_the_example_of_the_moving_averages_is_right() -> None:
    mean, _var = own("bn_moving")(np.array([0.0]), np.array([1.0]), np.array([[4.0], [6.0]]), 0.9)
    assert mean.item() == pytest.approx(0.5)
    assert "0.9 · 0 + 0.1 · 5 = 0.5" in PROMPTS["bn_moving"]


def test_the_example_of_the_frozen_model_is_right() -> None:
    keras = load_keras()
    dense, norm = keras.layers.Dense, keras.layers.BatchNormalization
    inner = keras.Sequential([keras.Input((3,)), dense(3), norm()])
    model = own("freeze_bn")(keras.Sequential([keras.Input((2,)), dense(3), norm(), inner, dense(1)]))
    assert [layer.trainable for layer in model.layers] == [True, False, True, True]
    assert [layer.trainable for layer in inner.layers] == [True, False]


def test_the_example_of_the_folded_layer_is_right() -> None:
    one = np.array([1.0])
    kernel, bias = own("fold")(np.array([[3.0]]), one, one * 3.999, one * 2, one * 5)
    assert (kernel.item(), bias.item()) == pytest.approx((3, 4))
    assert "weight 3 and bias 4 do the same" in PROMPTS["fold"]


def test_the_capstone_states_its_goal_and_sizes() -> None:
    prompt = PROMPTS["deep_model"]
    assert f"at least {GOAL:.0%}".replace("%", " %") in prompt
    assert f"From {GOAL - CHANCE:.0%} on the goal counts".replace("%", " %") in prompt
    assert pytest.approx(CHANCE, abs=0.001) == (GOAL * (1 - GOAL) / N_TEST) ** 0.5
    assert f"on {N_TRAIN} digits for {EPOCHS} epochs in batches of {BATCH}" in prompt
    assert f"of {N_TEST:,} other digits" in prompt
    assert f"`Dense` layers of {WIDTH} neurons" in prompt
    assert DEPTH == 8
    assert f"in {N_TRAIN // BATCH * EPOCHS} steps" in prompt
    assert [len(each) for each in example()] == [N_TRAIN, N_TRAIN, N_TEST, N_TEST]


def test_each_problem_of_the_capstone_is_in_another_disguise() -> None:
    one, again, other = (draw_problem(seed) for seed in (1, 1, 2))
    assert np.array_equal(one.x, again.x)
    assert not np.array_equal(np.sort(one.x.mean(axis=0)), np.sort(other.x.mean(axis=0)))
    assert not np.array_equal(one.x.mean(axis=0).argsort(), other.x.mean(axis=0).argsort())
    assert not np.array_equal(np.bincount(one.y), np.bincount(other.y))
