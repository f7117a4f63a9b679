"""What the prompts of the exercises promise: their examples, and how points are shared."""

from __future__ import annotations

import re

import numpy as np
import pytest

from course.chapters.overfitting.judges.choose_epochs import GOAL, N_UNSEEN
from course.chapters.overfitting.stopping_data import MOST_EPOCHS, N_TRAIN, N_VALIDATION
from tests.exercise_prompts import Prompts

CHAPTER = Prompts("2-1-overfitting")
PROMPTS, own = CHAPTER.texts, CHAPTER.own


@pytest.mark.parametrize(
    ("exercise", "total"), [("split", "9"), ("memorised", "7"), ("early_stop", "8"), ("choose_epochs", "5")]
)
def test_parts_of_the_points_are_the_weights_of_the_judge(exercise: str, total: str) -> None:
    CHAPTER.tells_the_parts(exercise, total)


def test_the_example_of_learnt_and_repeated_is_right() -> None:
    rows = re.findall(r"^\| (\d) \| (\d) \| (\d) \| (\d) \|$", PROMPTS["memorised"], flags=re.MULTILINE)
    told, right, answers = np.array(rows, dtype=int).T[1:]
    assert own("memorised")(answers, told, right) == (0.5, 0.5)
    assert "`(0.5, 0.5)`" in PROMPTS["memorised"]


def test_the_table_of_early_stopping_is_right() -> None:
    prompt = PROMPTS["early_stop"]
    values = [float(n) for n in re.findall(r"\d\.\d+", prompt.split("the values")[1].split(":")[0])]
    rows = re.findall(r"^\| (\d) \| `\((\d), (\d)\)` \|", prompt, flags=re.MULTILINE)
    assert len(values) == 10
    assert len(rows) == 3
    for patience, best, ran in rows:
        assert own("early_stop")(values, int(patience), "min") == (int(best), int(ran))


def test_the_capstone_states_its_goal_and_sizes() -> None:
    prompt = PROMPTS["choose_epochs"]
    assert f"at most {100 * GOAL:.0f} percentage points below the best of all {MOST_EPOCHS} epochs" in prompt
    assert f"on {N_UNSEEN:,} new rows" in prompt
    assert f"{N_TRAIN} training rows" in prompt
    assert f"{N_VALIDATION} validation rows" in prompt
