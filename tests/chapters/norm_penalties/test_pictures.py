"""The lesson's pictures as a learner meets them, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.norm_penalties.one_weight_figure import best_weight, one_weight_picture
from course.chapters.norm_penalties.sensor_figures import benefit_picture, weights_picture
from course.chapters.norm_penalties.studies import load_studies
from course.chapters.norm_penalties.widgets import one_weight, packing
from course.chapters.norm_penalties.worth import worth_table
from tests.picture_checks import *  # noqa: F403  (tests of each of PICTURES)

TABLES = [lambda: worth_table(load_studies())]
PICTURES = {
    "benefit": lambda: benefit_picture(load_studies()),
    "one weight": lambda: one_weight_picture(0.4, 1.0, "l1"),
    "one negative weight": lambda: one_weight_picture(-0.8, 3.0, "l2"),
    "weights": lambda: weights_picture("l1", 0.2, 0),
    "all weights": lambda: weights_picture("l2", 0.0, 9),
    "few weights": lambda: weights_picture("l1", 1.0, 3),
}


@pytest.mark.parametrize("kind", ["l1", "l2"])
@pytest.mark.parametrize(("best", "strength"), [(0.4, 1.0), (1.6, 1.0), (-0.8, 0.5), (0.1, 0.0)])
def test_the_marked_weight_has_the_least_sum(best: float, strength: float, kind: str) -> None:
    w = np.linspace(-2, 2, 40001)
    total = (w - best) ** 2 + strength * (np.abs(w) if kind == "l1" else w**2)
    assert best_weight(best, strength, kind) == pytest.approx(w[total.argmin()], abs=2e-4)


def test_the_figures_open_as_the_text_says() -> None:
    assert one_weight().values == {"best": 0.4, "strength": 1.0, "kind": "l1"}
    assert packing().values == {"kind": "l1", "strength": 0.2, "seed": 4}


@pytest.mark.parametrize(
    ("best", "strength", "kind", "said"),
    [
        (-0.4, 1.0, "l1", "from -0.40 to 0.00"),
        (0.4, 0.0, "l1", "At a strength of 0, L1 leaves the best weight at 0.40."),
    ],
)
def test_the_caption_of_one_weight_is_plain(best: float, strength: float, kind: str, said: str) -> None:
    assert said in one_weight_picture(best, strength, kind).caption


def test_each_seed_is_a_line_through_the_four_ways_to_train() -> None:
    lines = benefit_picture(load_studies()).figure.axes[0].lines
    assert sum(len(line.get_xdata()) == 4 for line in lines) == 10


def test_bars_of_the_sensors_that_matter_are_told_apart() -> None:
    bars = weights_picture("l1", 0.2, 0).figure.axes[0].containers
    assert [len(each.patches) for each in bars] == [34, 6]
    assert bars[0].patches[0].get_hatch() != bars[1].patches[0].get_hatch()


def test_a_mark_stands_below_each_sensor_that_is_kept() -> None:
    marks = {line.get_label(): line for line in weights_picture("l1", 0.2, 4).figure.axes[0].lines}["kept"]
    assert len(marks.get_xdata()) == 18


def test_the_figure_to_choose_by_shows_no_test_error() -> None:
    picture = weights_picture("l1", 0.2, 4)
    named = {text.get_text() for text in picture.figure.axes[1].get_legend().get_texts()}
    assert named == {"training", "validation", "this strength"}
    assert "test" not in picture.caption


def test_the_means_stand_where_they_cover_no_line() -> None:
    axes = benefit_picture(load_studies()).figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()][:2] == ["no penalty\n2.95", "L2\n2.22"]
    assert list(axes.texts) == []
