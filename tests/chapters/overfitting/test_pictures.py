"""The lesson's pictures as a learner meets them, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.overfitting import lesson
from course.chapters.overfitting.border_figures import border_picture
from course.chapters.overfitting.exam_figures import exam_picture
from course.chapters.overfitting.stopper_figures import stopper_picture
from course.chapters.overfitting.stopping import stop_of
from course.lessons.picture import Picture

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


def drawn_lines(picture: Picture) -> list[str]:
    return [str(line.get_label()) for axes in picture.figure.axes for line in axes.get_lines()]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_alt_caption_and_titles_and_comes_out_the_same_twice(name: str) -> None:
    picture, again = PICTURES[name](), PICTURES[name]()
    assert len(picture.alt) > 20
    assert len(picture.caption) > 20
    assert all(axes.get_title(loc="left") for axes in picture.figure.axes)
    assert picture.png() == again.png()


@pytest.mark.parametrize("name", PICTURES)
def test_no_word_of_a_picture_is_left_in_english(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    english = PICTURES[name]()
    monkeypatch.setenv("COURSE_LANG", "es")
    spanish = PICTURES[name]()
    assert spanish.alt != english.alt
    assert spanish.caption != english.caption
    titles = [
        (a.get_title(loc="left"), b.get_title(loc="left"))
        for a, b in zip(english.figure.axes, spanish.figure.axes, strict=True)
    ]
    assert [one for one, other in titles if one == other] == []


def test_every_text_of_a_picture_lies_within_it_and_none_on_another() -> None:
    """Titles, axis names and numbers, in the widest language."""
    for name, draw in PICTURES.items():
        picture = draw()
        picture.png()
        renderer = picture.figure.canvas.get_renderer()  # type: ignore[attr-defined]
        width, height = picture.figure.canvas.get_width_height()
        for axes in picture.figure.axes:
            box = axes.get_tightbbox(renderer)
            assert box is not None
            assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, name


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
