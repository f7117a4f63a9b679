"""What every picture of a chapter keeps, in both languages: tests that the chapter's own file of tests imports.

That file names its pictures in PICTURES: by name, a function that makes one.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course.lessons.picture import Picture

Make = Callable[[], Picture]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "make" in metafunc.fixturenames:
        metafunc.parametrize("make", metafunc.module.PICTURES.values(), ids=metafunc.module.PICTURES)


def test_a_picture_has_alt_caption_and_titles_and_comes_out_the_same_twice(make: Make) -> None:
    picture, again = make(), make()
    assert len(picture.alt) > 20
    assert len(picture.caption) > 20
    assert all(axes.get_title(loc="left") for axes in picture.figure.axes)
    assert picture.png() == again.png()


def test_no_word_of_a_picture_is_left_in_english(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    english = make()
    monkeypatch.setenv("COURSE_LANG", "es")
    spanish = make()
    assert spanish.alt != english.alt
    assert spanish.caption != english.caption
    titles = [
        (a.get_title(loc="left"), b.get_title(loc="left"))
        for a, b in zip(english.figure.axes, spanish.figure.axes, strict=True)
    ]
    assert [one for one, other in titles if one == other] == []


@pytest.mark.parametrize("lang", ["en", "es"])
def test_titles_names_of_axes_and_numbers_lie_within_the_picture(
    make: Make, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    figure = make().figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    inside = figure.bbox.padded(1)
    for axes in figure.axes:
        box = axes.get_tightbbox(canvas.get_renderer())
        assert box is not None
        assert inside.contains(box.x0, box.y0)
        assert inside.contains(box.x1, box.y1)
