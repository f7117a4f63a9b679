"""The lesson's pictures as a learner meets them, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.overfitting import lesson
from course.chapters.overfitting.border_figures import border_picture
from course.chapters.overfitting.early_stopping import stop_of
from course.chapters.overfitting.exam_figures import exam_picture
from course.chapters.overfitting.stopper_figures import stopper_picture
from tests.picture_checks import (  # noqa: F401  (tests of each of PICTURES)
    pytest_generate_tests,
    test_a_picture_has_alt_caption_and_titles_and_comes_out_the_same_twice,
    test_no_word_of_a_picture_is_left_in_english,
    test_titles_names_of_axes_and_numbers_lie_within_the_picture,
)

CURVE = {"training": [0.2, 0.5], "validation": [0.3, 0.4]}
PICTURES = {
    "benefit": lambda: lesson.benefit_picture(lesson.load_studies()),
    "learning": lambda: lesson.learning_picture(CURVE, {"right": [0.1, 0.9], "wrong": [0.0, 0.2]}),
    "border": lambda: border_picture(100, 64, 2000),
    "straight border": lambda: border_picture(400, 0, 10),
    "exam": lambda: exam_picture(40),
    "stopper": lambda: stopper_picture(5, True, 0),
    "stopper to the end": lambda: stopper_picture(20, False, 2),
}


def test_the_patient_run_is_drawn_to_where_it_stops_and_the_rest_dotted() -> None:
    for patience, ran in ((5, 14), (1, 8)):
        (axes,) = stopper_picture(patience, True, 0).figure.axes
        lines = {str(line.get_label()): line for line in axes.get_lines()}
        assert len(lines["validation error"].get_xdata()) == ran  # type: ignore[arg-type]
        assert lines["best epoch"].get_xdata() == lines["weights kept"].get_xdata()


@pytest.mark.parametrize(
    ("scores", "patience", "stop"),
    [([3, 2, 1], 1, (3, 3)), ([1, 2, 3], 2, (1, 3)), ([2, 3, 1, 4, 4], 2, (3, 5)), ([1, 1, 1], 5, (1, 3))],
)
def test_stopping_finds_the_best_epoch_and_the_last_one(
    scores: list[float], patience: int, stop: tuple[int, int]
) -> None:
    found = stop_of(np.array(scores, dtype=float), patience)
    assert (found.best, found.ran) == stop
