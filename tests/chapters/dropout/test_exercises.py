"""The Dropout exercises: right solutions of any style pass, each wrong one fails with its name."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from course.verdict import Verdict
from tests.chapters.dropout.wrong_solutions import INVERTED_DROPOUT, RIGHT, VARIANTS, WRONG
from tests.conftest import reference_solutions

SEEDS = (VISIBLE_SEED, 2_000_001)


def checked(exercise: str, source: str, seed: int) -> Verdict:
    namespace: dict[str, Any] = {"np": np}
    if exercise == "build_classifier":
        import keras

        namespace["keras"] = keras
    exec(source, namespace)
    return check_candidate(exercise, namespace, seed)


def cases(solutions: dict[str, dict[str, str]]) -> list[Any]:
    return [
        pytest.param(exercise, name, source, id=f"{exercise}-{name}")
        for exercise, named in solutions.items()
        for name, source in named.items()
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("exercise", "name", "source"), cases(RIGHT))
def test_a_right_solution_of_any_style_gets_full_points(exercise: str, name: str, source: str, seed: int) -> None:
    verdict = checked(exercise, source, seed)
    assert verdict.status == "passed", [f for f in verdict.findings if not f.passed]
    assert verdict.score == verdict.max_score


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("exercise", "name", "source"), cases(WRONG) + cases(VARIANTS))
def test_a_wrong_solution_fails_and_only_its_own_name_is_told(exercise: str, name: str, source: str, seed: int) -> None:
    verdict = checked(exercise, source, seed)
    assert verdict.score is not None
    assert verdict.score < verdict.max_score
    assert verdict.misconceptions == [name]


@pytest.mark.parametrize("exercise", list(WRONG))
def test_the_notebooks_own_solution_gets_full_points(exercise: str) -> None:
    assert checked(exercise, reference_solutions()[exercise], 3).status == "passed"


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_the_judge_of_inverted_dropout_never_fails_a_right_answer(seed: int) -> None:
    assert checked("inverted_dropout", RIGHT["inverted_dropout"]["vectorised"], seed).status == "passed"


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(INVERTED_DROPOUT)))
def test_the_judge_of_inverted_dropout_never_passes_a_wrong_one(seed: int, name: str) -> None:
    assert checked("inverted_dropout", INVERTED_DROPOUT[name], seed).misconceptions == [name]


@settings(deadline=None, max_examples=40)
@given(st.floats(1.03, 4.0) | st.floats(0.25, 0.97), st.integers(0, 2**32 - 1))
def test_the_judge_of_inverted_dropout_sees_any_wrong_scale(factor: float, seed: int) -> None:
    right = RIGHT["inverted_dropout"]["vectorised"]
    verdict = checked("inverted_dropout", right.replace("/ (1 - rate)", f"/ (1 - rate) * {factor!r}"), seed)
    assert "survivors are multiplied by 1/(1 − rate)" in [f.label for f in verdict.findings if not f.passed]


@pytest.mark.parametrize(
    ("exercise", "source", "told"),
    [
        ("inverted_dropout", "def inverted_dropout(x, rate, rng, training):\n    return x * 1.0", "a pair (out, mask)"),
        ("inverted_dropout", "def inverted_dropout(x, rate, rng, training):\n    x = 2 * x", "`return` missing"),
        ("inverted_dropout", "def inverted_dropout(x, rate):\n    return x, x", "TypeError"),
        ("build_classifier", "def build_classifier(a, b, c, d, input_rate=0.0):\n    return [1]", "keras.Model"),
        (
            "build_classifier",
            "def build_classifier(n_features, n_classes, width, rate, input_rate=0.0):\n"
            "    return keras.Sequential([keras.Input((n_features,)), keras.layers.Dense(n_classes)])",
            "three Dense layers",
        ),
    ],
)
def test_a_broken_contract_is_told_in_words(exercise: str, source: str, told: str) -> None:
    verdict = checked(exercise, source, VISIBLE_SEED)
    assert verdict.score == 0
    assert told in verdict.findings[-1].message
