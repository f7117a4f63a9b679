"""What every picture of a chapter keeps, in both languages: tests that the chapter's own file of tests imports.

That file names its pictures in PICTURES: by name, a function that makes one; and what prints a table in TABLES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from course.lessons.picture import Picture

__all__ = [  # what a chapter's test_pictures takes over, with its own PICTURES and TABLES
    "pytest_generate_tests",
    "test_a_picture_has_alt_caption_and_titles_and_comes_out_the_same_twice",
    "test_a_printed_table_fits_a_window_of_1000_pixels",
    "test_no_word_of_a_picture_is_left_in_english",
    "test_no_words_or_numbers_cover_others_or_are_cut",
    "test_titles_names_of_axes_and_numbers_lie_within_the_picture",
    "test_words_and_numbers_are_large_enough_in_a_window_of_1000_pixels",
]

WIDEST_LINE = 68  # characters of what is printed there
Make = Callable[[], Picture]
NARROWEST = 548  # pixels: a picture beside JupyterLab's file browser, in a window of 1,000 pixels


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "make" in metafunc.fixturenames:
        metafunc.parametrize("make", metafunc.module.PICTURES.values(), ids=metafunc.module.PICTURES)
    if "table" in metafunc.fixturenames:
        metafunc.parametrize("table", metafunc.module.TABLES)


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
    assert [one for one, other in titles if one == other and any(map(str.isalpha, one))] == []


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


@pytest.mark.parametrize("lang", ["en", "es"])
def test_words_and_numbers_are_large_enough_in_a_window_of_1000_pixels(
    make: Make, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    figure = make().figure
    shrunk = min(1.0, NARROWEST / figure.bbox.width)
    pixels = {text.get_text(): text.get_fontsize() * figure.dpi / 72 * shrunk for text in texts_in(figure)}
    assert {text: size for text, size in pixels.items() if size < 9} == {}


@pytest.mark.parametrize("lang", ["en", "es"])
def test_no_words_or_numbers_cover_others_or_are_cut(make: Make, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    figure = make().figure
    boxes = [(text.get_text(), text.get_window_extent().padded(-1)) for text in texts_in(figure)]
    assert [one for one, box in boxes if box.x0 < 0 or box.y0 < 0] == []
    assert [one for one, box in boxes if box.x1 > figure.bbox.width or box.y1 > figure.bbox.height] == []
    assert [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if a.overlaps(b)] == []


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_printed_table_fits_a_window_of_1000_pixels(
    table: Callable[[], None], lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    table()
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert [line for line in lines if len(line) > WIDEST_LINE] == []


def texts_in(figure: Figure) -> list[Text]:
    """Every text that the figure shows, laid out: of the figure, its panels, their axes and legends."""
    FigureCanvasAgg(figure).draw()
    found = [*figure.texts]
    for axes in figure.axes:
        found += [axes.title, axes._left_title, axes._right_title, *axes.texts]  # type: ignore[attr-defined]
        found += _along(axes) if axes.axison else []
    for legend in (*figure.legends, *(axes.get_legend() for axes in figure.axes)):
        found += legend.get_texts() if legend else []
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _along(axes: Axes) -> Iterator[Text]:
    """Names of the two axes, and the numbers along them that lie within the panel."""
    for axis in (axes.xaxis, axes.yaxis):
        yield axis.label
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                yield from (tick.label1, tick.label2)
