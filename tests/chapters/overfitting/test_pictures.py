"""The lesson's pictures as a learner meets them, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.overfitting import lesson
from course.chapters.overfitting.border_figures import border_picture
from course.chapters.overfitting.early_stopping import stop_of
from course.chapters.overfitting.exam import study
from course.chapters.overfitting.exam_figures import exam_picture
from course.chapters.overfitting.stopper_figures import stopper_picture
from tests.picture_checks import *  # noqa: F403  (tests of each of PICTURES)

TABLES = [lambda: lesson.impact_table(lesson.load_studies())]
PICTURES = {
    "benefit": lambda: lesson.benefit_picture(lesson.load_studies()),
    "learning": lambda: lesson.learning_picture([0.2, 0.5], [0.3, 0.4], [0.1, 0.9], [0.0, 0.2]),
    "exam": lambda: exam_picture(40, 30),
    "exam without misprints": lambda: exam_picture(1, 0),
    "border": lambda: border_picture(100, 64, 2000),
    "straight border": lambda: border_picture(400, 0, 10),
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


def test_the_band_of_waiting_holds_the_epochs_that_were_waited_and_shows_in_the_legend() -> None:
    for patience, waited in ((5, range(10, 15)), (1, range(8, 9))):
        (axes,) = stopper_picture(patience, True, 0).figure.axes
        (band,) = (patch for patch in axes.patches if patch.get_label() == "waiting")
        left, right = band.get_x(), band.get_x() + band.get_width()  # type: ignore[attr-defined]
        assert [epoch for epoch in range(1, 41) if left < epoch < right] == list(waited)
        legend = axes.get_legend()
        assert legend is not None
        (swatch,) = legend.get_patches()
        assert swatch.get_facecolor() != (1, 1, 1, 1)
        assert swatch.get_linewidth() > 0


def test_the_border_map_tells_what_its_marks_and_areas_mean() -> None:
    (legend,) = border_picture(100, 0, 2000).figure.legends
    told = [text.get_text() for text in legend.get_texts()]
    assert told == [
        "label: upper moon",
        "label: lower moon",
        "wrong labels",
        "the network's answers",
        "border between them",
    ]


def test_what_is_learnt_first_is_told_in_sentences() -> None:
    caption = PICTURES["learning"]().caption
    assert caption.startswith(
        "At epoch 2 the network has learnt 90% of the right labels and repeats 20% of the wrong ones;"
    )


@pytest.mark.parametrize(("rounds", "misprints"), [(40, 30), (3, 30), (10, 10), (40, 0)])
def test_each_old_question_has_the_mark_of_how_it_is_answered(rounds: int, misprints: int) -> None:
    papers, chart = exam_picture(rounds, misprints).figure.axes
    drawn = {str(marks.get_label()): len(np.asarray(marks.get_offsets())) for marks in papers.collections}
    known = study(misprints)
    as_in_key = known.as_in_key[rounds - 1]
    right, repeated = (int(as_in_key[part].sum()) for part in (~known.misprinted, known.misprinted))
    names = ("right answer known", "misprint repeated", "differs from the key")
    assert drawn == dict(zip(names, (right, repeated, 100 - right - repeated), strict=True))
    assert len(chart.patches) == (3 if misprints else 2)


def test_training_and_labels_are_drawn_in_other_colours() -> None:
    picture = lesson.learning_picture([0.2, 0.5], [0.3, 0.4], [0.1, 0.9], [0.0, 0.2])
    colours = [{line.get_color() for line in axes.get_lines()} for axes in picture.figure.axes]
    assert [len(each) for each in colours] == [2, 2]
    assert not colours[0] & colours[1]
