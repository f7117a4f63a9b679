"""The lesson's pictures as a learner meets them, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.batch_normalization.modes_figure import modes_picture, share_left
from course.chapters.batch_normalization.rate_figure import rates_picture
from course.chapters.batch_normalization.scores_figure import scores_picture, statistics
from course.chapters.batch_normalization.studies import load_studies
from course.chapters.batch_normalization.widgets import modes, rates, scores
from course.chapters.batch_normalization.worth import worth_table
from tests.lesson_run import caption
from tests.picture_checks import *  # noqa: F403  (tests of each of PICTURES)

TABLES = [lambda: worth_table(load_studies())]
PICTURES = {
    "rates": lambda: rates_picture("8 relu", 0.1),
    "rates from He's start": lambda: rates_picture("8 relu, He", 0.03),
    "rates of sigmoid": lambda: rates_picture("8 sigmoid", 3.0),
    "scores": lambda: scores_picture(3, "batch"),
    "scores in a register": lambda: scores_picture(10, "register"),
    "modes": lambda: modes_picture(0.99, 15),
    "modes at the start": lambda: modes_picture(0.99, 1),
    "modes that agree": lambda: modes_picture(0.9, 50),
}


def test_the_figures_open_as_the_text_says() -> None:
    assert rates().values == {"network": "8 relu", "rate": 0.1}
    assert scores().values == {"companion": 10, "mode": "batch"}
    assert modes().values == {"momentum": 0.99, "epoch": 15}


@pytest.mark.parametrize("companion", [0, 3, 10])
def test_the_register_does_not_look_at_companions(companion: int) -> None:
    told = scores_picture(companion, "register").caption
    assert "Project A is -1.22 spreads from the long-run mean, 2.00" in told


@pytest.mark.parametrize(("companion", "place"), [(3, -1.22), (10, -0.83), (0, 0.0)])
def test_the_caption_tells_where_project_a_lies_in_its_batch(companion: int, place: float) -> None:
    told = np.array([1.0, 2.0, companion])
    mean, spread = statistics(told, "batch")
    assert (1 - mean) / spread == pytest.approx(place, abs=0.005)
    assert f"Project A is {place:.2f} spreads from this batch's mean" in scores_picture(companion, "batch").caption


def test_the_share_that_is_left_is_that_of_a_moving_average() -> None:
    average = 1.0
    for _step in range(150):
        average = 0.99 * average + 0.01 * 0.0
    assert share_left(0.99, 15) == pytest.approx(average)
    assert "After 150 steps at momentum 0.99, 22% of the start is left" in modes_picture(0.99, 15).caption


def test_each_seed_is_a_dot_at_each_rate() -> None:
    lines = rates_picture("2 relu", 0.3).figure.axes[0].lines
    dots = [line for line in lines if line.get_linestyle() == "None"]
    assert [len(line.get_xdata()) for line in dots] == [6] * 10


def test_a_layer_is_counted_from_1() -> None:
    labels = [label.get_text() for label in modes_picture(0.99, 15).figure.axes[0].get_xticklabels()]
    assert labels == [str(layer) for layer in range(1, 9)]


def test_a_learner_reads_a_true_minus_below_the_figure() -> None:
    assert "Project A is −0.83 spreads from this batch's mean" in caption(scores())


def test_what_lies_at_the_dashed_and_dotted_lines_has_a_name() -> None:
    bars, curves = modes_picture(0.99, 15).figure.axes
    assert "equal" in [text.get_text() for text in bars.texts]
    assert [text.get_text() for text in curves.texts] == ["epoch 15"]
