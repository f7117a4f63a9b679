"""The lesson's pictures as a learner meets them, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.bias_variance import lesson
from course.chapters.bias_variance.made_rule import draw_sets
from course.chapters.bias_variance.network_figures import lever_picture, networks_picture, rule_picture
from course.chapters.bias_variance.street import DISTRICTS, HOUSES, OPINIONS, exact_parts, map_of, poll
from course.chapters.bias_variance.street_figures import street_picture
from tests.picture_checks import *  # noqa: F403  (tests of each of PICTURES)

TABLES = [lambda: lesson.hospitals_table(lesson.load_studies())]
PICTURES = {
    "hospitals": lambda: lesson.hospitals_picture(lesson.load_studies()),
    "rule": lambda: rule_picture(*draw_sets(40)),
    "networks": lambda: networks_picture(64, 100),
    "scattered networks": lambda: networks_picture(64, 3000),
    "small networks": lambda: networks_picture(2, 10),
    "street": lambda: street_picture(6, 1),
    "one district": lambda: street_picture(60, 20),
    "no district": lambda: street_picture(1, 1),
    "steps": lambda: lever_picture("steps"),
    "rows": lambda: lever_picture("rows"),
    "width": lambda: lever_picture("width"),
}


@pytest.mark.parametrize("district", DISTRICTS)
def test_bias_and_variance_of_the_map_are_what_many_polls_give(district: int) -> None:
    maps = np.array([map_of(poll(number), district) for number in range(2000)])
    bias2, variance = exact_parts(district)
    assert ((maps.mean(axis=0) - OPINIONS) ** 2).mean() == pytest.approx(bias2 + variance / 2000, abs=0.02)
    assert maps.var(axis=0).mean() == pytest.approx(variance, rel=0.1)


def test_another_poll_gives_another_map_with_the_same_parts() -> None:
    one, other = street_picture(6, 1), street_picture(6, 2)
    assert one.caption == other.caption
    assert one.png() != other.png()


def test_the_bars_of_a_lever_stand_on_one_another() -> None:
    (axes,) = lever_picture("rows").figure.axes
    below, above = axes.containers[0].patches, axes.containers[1].patches
    assert [bar.get_y() for bar in above] == [bar.get_height() for bar in below]
    told = [text.get_text() for text in axes.texts]
    assert told == [f"{top.get_y() + top.get_height():.2f}" for top in above]


def test_the_street_is_as_long_as_the_text_says() -> None:
    assert len(poll(1)) == HOUSES == 60
