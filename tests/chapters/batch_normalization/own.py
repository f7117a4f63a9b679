"""The notebook's own solutions, for tests that hold them against Keras."""

from __future__ import annotations

from tests.exercise_prompts import Prompts

CHAPTER = Prompts("2-5-batch-normalization")
own = CHAPTER.own
