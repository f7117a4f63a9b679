"""The exercises notebook as it is read: examples of prompts are true, and each exercise stands alone."""

from __future__ import annotations

import re
from typing import Any

import nbformat
import numpy as np
import pytest

from course import load_keras
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from tests.conftest import ROOT, reference_solutions
from tests.lesson_run import near

FOLDER = ROOT / "notebooks" / "2-4-dropout"
CELLS = {cell.id: cell for cell in nbformat.read(FOLDER / "exercises.ipynb", as_version=4).cells}
NUMBERS = range(1, 10)


def states(cell_id: str, *phrases: str) -> None:
    for phrase in phrases:
        assert phrase in CELLS[cell_id].source


def solved(exercise: str) -> Any:
    """The notebook's own solution of an exercise, which has the names that its cells give it."""
    namespace: dict[str, Any] = {}
    number = next(n for n in NUMBERS if f"Write `{exercise}(" in CELLS[f"e{n}-task"].source)
    for source in cells_alone(number):
        exec(source, namespace)
    return namespace[exercise]


def cells_alone(number: int) -> list[str]:
    """The sources of the setup cell and of one exercise's code cells, without its check."""
    own = [cell for cell_id, cell in CELLS.items() if re.match(rf"e{number}-(?!check|task)", cell_id)]
    return [CELLS["setup"].source, *(cell.source for cell in own)]


@pytest.mark.parametrize("number", NUMBERS)
def test_an_exercise_needs_the_setup_cell_and_no_other_exercise(number):
    namespace: dict[str, Any] = {}
    for source in cells_alone(number):
        exec(source, namespace)


def test_a_mask_does_not_make_up_for_what_one_row_has_lost():
    states("e1-task", "`[0.0, 2.5, 3.75, 5.0]`", "`[0.0, 1.25, 1.25, 1.25]`", "1/(1 − 0.2) = 1.25")
    x, mask = np.arange(1.0, 5.0), np.array([0.0, 1.25, 1.25, 1.25])
    assert (x * mask).tolist() == [0.0, 2.5, 3.75, 5.0]
    assert (x * mask).sum() != x.sum()


@pytest.mark.parametrize(
    ("exercise", "phrase", "source"),
    [
        (
            "inverted_dropout",
            "you may return `x` itself, and whether you draw from `rng` makes no difference",
            "        rng.random(x.shape)\n        return x, np.ones(x.shape)",
        ),
        ("classic_to_inference", "you may return one of them itself", "    return W * (1 - rate), b"),
    ],
)
def test_what_a_prompt_allows_passes(exercise, phrase, source):
    states(f"e{1 if exercise == 'inverted_dropout' else 3}-task", phrase)
    old = source.replace("        rng.random(x.shape)\n", "").replace("return x,", "return x.copy(),")
    old = old.replace(", b", ", b.copy()")
    reference = reference_solutions()[exercise]
    assert old in reference
    namespace = {"np": np}
    exec(reference.replace(old, source), namespace)
    assert check_candidate(exercise, namespace, VISIBLE_SEED).status == "passed"


def test_a_classifier_has_85002_parameters_once_it_has_been_called():
    states("e4-task", "Once it has been called", "85,002 parameters")
    model = solved("build_classifier")(64, 10, 256, 0.5)
    model(np.zeros((1, 64), "float32"))
    assert model.count_params() == 85_002


def test_the_entropy_of_the_mean_is_not_the_mean_of_the_entropies():
    states("e5-task", "its entropy 0.562", "(0 and 0.693) would give 0.347")
    assert -(0.75 * np.log(0.75) + 0.25 * np.log(0.25)) == near(0.562, 0.0005)
    assert np.log(2) == near(0.693, 0.0005)
    assert np.log(2) / 2 == near(0.347, 0.0005)


def test_two_masks_have_the_means_that_the_prompt_tells():
    states("e7-task", "about `[0.786, 0.214]`", "`geometric` is about `[0.818, 0.182]`")
    geometric, arithmetic, _scaled = solved("subnet_average")(np.array([[2.0, 0.0]]), np.zeros(2), np.ones(1), 0.25)
    assert arithmetic == near([0.786, 0.214], 0.0005)
    assert geometric == near([0.818, 0.182], 0.0005)


def test_the_example_of_rates_is_right():
    states("e8-task", "{0.3: [0.90, 0.92], 0.1: [0.80, 0.82], 0.5: [0.91, 0.93]}, 0.02)` is 0.3")
    assert solved("choose_rate")({0.3: [0.90, 0.92], 0.1: [0.80, 0.82], 0.5: [0.91, 0.93]}, 0.02) == 0.3


def test_a_step_by_hand_is_shown_in_the_form_of_the_course():
    load_keras()
    assert all("apply_gradients" not in cell.source for cell in CELLS.values())
    assert "sgd.apply(gradients, tiny.trainable_variables)" in CELLS["e6-tensorflow"].source


def test_a_step_by_hand_links_to_the_section_that_runs_one():
    states("e6-task", "(deeper-practice.ipynb#cell-id=calls-fit-saw)")
    practice = nbformat.read(FOLDER / "deeper-practice.ipynb", as_version=4).cells
    assert [cell.id for cell in practice if "\n### A training step of your own\n" in cell.source] == ["calls-fit-saw"]
    assert any("optimizer.apply(gradients, net.trainable_variables)" in cell.source for cell in practice)
