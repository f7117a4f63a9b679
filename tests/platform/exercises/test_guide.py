"""The example of docs/authoring-exercises.md works as it stands: right passes, wrong is named, words are there."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import yaml

from course.exercises.base import judge_transcript
from course.exercises.observe import observe_exercise
from course.verdict import Verdict
from tests.conftest import ROOT
from tests.platform.docs.pages import blocks

GUIDE = blocks(ROOT / "docs" / "authoring-exercises.md")
(WORDS,) = (yaml.safe_load(block.text) for block in GUIDE if block.language == "yaml")


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    """What the guide's code defines."""
    names: dict[str, Any] = {}
    for block in GUIDE:
        if block.language == "python":
            exec(block.text, names)
    return names


def right(w: np.ndarray, strength: float) -> tuple[float, np.ndarray]:
    return strength * sum(each * each for each in w), w * strength * 2


def absolute_values(w: np.ndarray, strength: float) -> tuple[float, np.ndarray]:
    return strength * abs(w).sum(), strength * np.sign(w)


def factor_forgotten(w: np.ndarray, strength: float) -> tuple[float, np.ndarray]:
    return strength * (w**2).sum(), strength * w


def in_place(w: np.ndarray, strength: float) -> tuple[float, np.ndarray]:
    penalty = strength * (w**2).sum()
    w *= 2 * strength
    return penalty, w


def judged(example: dict[str, Any], candidate: Callable[..., Any], seed: int = 1) -> Verdict:
    exercise = example["L2Penalty"]()
    return judge_transcript(exercise, example["L2PenaltyJudge"](), seed, observe_exercise(exercise, candidate, seed))


def test_the_examples_right_answer_passes(example: dict[str, Any]) -> None:
    assert [judged(example, right, seed).score for seed in range(5)] == [2.0] * 5


@pytest.mark.parametrize("candidate", [absolute_values, factor_forgotten])
def test_the_examples_mistakes_are_named(example: dict[str, Any], candidate: Callable[..., Any]) -> None:
    assert judged(example, candidate).misconceptions == [candidate.__name__]


def test_the_example_tells_a_changed_input(example: dict[str, Any]) -> None:
    (failed,) = [finding for finding in judged(example, in_place).findings if not finding.passed]
    assert failed.label == "`w` is not modified"


def test_the_examples_words_are_those_of_its_codes(example: dict[str, Any]) -> None:
    assert set(WORDS) == set(example["L2PenaltyJudge"].misconceptions)
    assert all(set(entry) == {"says", "reread"} for entry in WORDS.values())
