"""Quizzes for tests: a small one with every kind, as an author would write it, and a way to break it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from course.catalog import Catalog, Chapter, Section
from course.quiz.model import Quiz, read_quiz

SLUG = "1-1-sample"

SAMPLE = """\
title: A sample
counts: latest
misconceptions:
  swapped: {says: The two are swapped.}
  forgotten: {says: One was forgotten.}
predictions: [colour]
parts:
  - id: core
    title: Core
    graded: true
    questions:
      - id: colour
        kind: single
        title: Colour
        prompt: Which colour has a clear sky?
        options:
          - {id: blue, text: Blue, correct: true, explanation: "Yes: short waves scatter most."}
          - {id: green, text: Green, misconception: swapped, explanation: "That is grass."}
          - {id: red, text: Red, misconception: forgotten, explanation: "In the evening."}
      - id: primes
        kind: multiple
        title: Primes
        prompt: Which are prime?
        rule: per-option-with-penalty
        options:
          - {id: two, text: Two, correct: true, explanation: "Two is the even one."}
          - {id: three, text: Three, correct: true, explanation: "Three is."}
          - {id: four, text: Four, misconception: swapped, explanation: "Four is two times two."}
          - {id: nine, text: Nine, misconception: forgotten, explanation: "Nine is three times three."}
  - id: more
    title: More
    questions:
      - id: half
        kind: numeric
        title: Half
        prompt: What is half of 7.5 kg?
        value: 3.75
        unit: kg
        tolerance: {absolute: 0.01}
        explanation: Yes.
        hint: Divide by two.
        near_misses:
          - {value: 15, misconception: swapped, explanation: That is the double.}
      - id: steps
        kind: order
        title: Steps
        prompt: Put in order.
        rule: per-option
        hint: What comes first?
        items:
          - {id: first, text: One, explanation: Begins.}
          - {id: second, text: Two, explanation: Follows.}
          - {id: third, text: Three, explanation: Ends.}
        mistakes:
          - {first: third, then: first, misconception: swapped, explanation: The wrong way round.}
"""


@pytest.fixture
def sample_catalog(tmp_path: Path) -> Catalog:
    """A course in a folder of its own, whose only chapter has the sample quiz."""
    (tmp_path / "course" / "quizzes").mkdir(parents=True)
    (tmp_path / "course" / "quizzes" / f"{SLUG}.yml").write_text(SAMPLE, encoding="utf-8")
    chapter = Chapter(SLUG, "Sample", "sample", "Basics")
    return Catalog(tmp_path / "course", "Course", (Section("Basics", (chapter,)),))


@pytest.fixture
def sample_quiz(sample_catalog: Catalog) -> Quiz:
    return read_quiz(sample_catalog.quiz_file(SLUG), SLUG)[0]


@pytest.fixture
def rewrite(sample_catalog: Catalog) -> Callable[[str, str], None]:
    """Replaces a piece of the sample quiz's text."""

    def replace(old: str, new: str) -> None:
        path = sample_catalog.quiz_file(SLUG)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def sample_data() -> dict[str, object]:
    data: dict[str, object] = yaml.safe_load(SAMPLE)
    return data
