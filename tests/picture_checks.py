"""What every picture of a chapter keeps, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course.lessons.picture import Picture

Make = Callable[[], Picture]


def describes_itself_and_comes_out_the_same_twice(make: Make) -> None:
    picture, again = make(), make()
    assert len(picture.alt) > 20
    assert len(picture.caption) > 20
    assert all(axes.get_title(loc="left") for axes in picture.figure.axes)
    assert picture.png() == again.png()


def leaves_no_word_in_english(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
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


def lies_within_its_frame(make: Make, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Titles, names of axes and numbers are not cut off."""
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
