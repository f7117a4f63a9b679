"""Pictures made of panels, bars and lines, as a learner and a screen reader meet them."""

from __future__ import annotations

import io

import matplotlib
import matplotlib.style
import numpy as np
from matplotlib.colors import to_hex
from PIL import Image

from course.lessons.bars import grouped_bars, numbered_bars
from course.lessons.lines import epoch_lines, learning_curves, mean_lines
from course.lessons.palette import FILLS, HATCHED, LINE_STYLES, PLAIN
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def a_picture(alt: str = "One bar.", caption: str = "It is 0.50.") -> Picture:
    figure, (axes,) = panels(2.0, (0.1, 0.2, 0.8, 0.6))
    numbered_bars(axes, [0.5], FILLS, ["half"])
    tidy(axes, "A bar", "Name", "Value")
    return Picture(figure, alt, caption)


def an_image(picture: Picture) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture.png())).convert("RGB"))


def test_a_picture_stays_white_whatever_style_is_set():
    usual = an_image(a_picture())
    with matplotlib.rc_context():
        matplotlib.style.use("dark_background")
        assert np.array_equal(an_image(a_picture()), usual)
    assert usual[0, 0].tolist() == [255, 255, 255]


def test_text_beside_a_picture_is_escaped_and_announced_only_where_live():
    picture = a_picture('a "quoted" <alt>', "<b>bold</b> & more")
    assert 'alt="a &quot;quoted&quot; &lt;alt&gt;"' in picture.html()
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in picture.html()
    assert "aria-live" not in picture.html()
    assert 'role="status" aria-live="polite"' in picture.html(live=True)


def test_readers_without_pictures_get_alt_and_caption():
    assert repr(a_picture()) == "One bar. It is 0.50."


def test_negative_numbers_beside_a_picture_have_a_true_minus():
    picture = a_picture(caption="From -1.22 to −0.83 (-5%); 2-4 rows, 1e-05, x-1.")
    assert "From −1.22 to −0.83 (−5\N{NO-BREAK SPACE}%); 2-4 rows, 1e-05, x-1." in picture.html()
    assert repr(picture).endswith("From −1.22 to −0.83 (−5%); 2-4 rows, 1e-05, x-1.")


def test_a_bar_below_0_carries_a_true_minus():
    _figure, (axes,) = panels(2.0, (0.1, 0.2, 0.8, 0.6))
    numbered_bars(axes, [-0.25], FILLS, ["a"])
    assert [text.get_text() for text in axes.texts] == ["−0.25"]


def test_every_bar_carries_its_number_its_name_and_a_fill_of_its_own():
    _figure, (axes,) = panels(2.0, (0.1, 0.2, 0.8, 0.6))
    numbered_bars(axes, [0.25, 0.5, 1.0], FILLS, ["a", "b", "c"], number="{:.3f}")
    assert [text.get_text() for text in axes.texts] == ["0.250", "0.500", "1.000"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b", "c"]
    assert len({bar.get_hatch() or "" for bar in axes.patches}) == 3


def test_grouped_bars_stand_side_by_side_around_their_name():
    _figure, (axes,) = panels(2.0, (0.1, 0.2, 0.8, 0.6))
    grouped_bars(axes, {"before": (PLAIN, [1, 2]), "after": (HATCHED, [3, 4])}, ["x", "y"])
    middles = [bar.get_x() + bar.get_width() / 2 for bar in axes.patches]
    assert np.allclose(middles, [-0.2, 0.8, 0.2, 1.2])
    assert [text.get_text() for text in axes.texts] == ["1.00", "2.00", "3.00", "4.00"]
    assert [text.get_text() for text in axes.legend().get_texts()] == ["before", "after"]
    axes.clear()
    grouped_bars(axes, {"only": (PLAIN, [1, 2])}, ["x", "y"], number="")
    assert not axes.texts


def test_lines_differ_in_colour_dashes_and_marker():
    for look in zip(*LINE_STYLES, strict=True):
        assert len(set(look)) == len(LINE_STYLES)
    assert len({(fill.colour, fill.hatch) for fill in FILLS}) == len({fill.hatch for fill in FILLS}) == len(FILLS)


def test_curves_begin_with_epoch_1_and_may_be_of_different_length():
    _figure, (axes,) = panels(2.0, (0.1, 0.2, 0.8, 0.6))
    epoch_lines(axes, {"short": [0.5, 0.6], "long": [0.1, 0.2, 0.3]})
    assert [line.get_xdata().tolist() for line in axes.lines] == [[1, 2], [1, 2, 3]]


def test_means_are_a_line_and_every_seed_a_dot_of_its_colour():
    _figure, (axes,) = panels(2.0, (0.1, 0.2, 0.8, 0.6))
    values = np.array([[0.1, 0.3], [0.5, 0.7], [0.8, 1.0]])
    mean_lines(axes, np.arange(3), {"all": values})
    mean, *seeds = axes.lines
    assert np.allclose(mean.get_ydata(), [0.2, 0.6, 0.9])
    assert np.allclose(np.stack([dots.get_ydata() for dots in seeds], axis=1), values)
    assert {to_hex(line.get_color()) for line in axes.lines} == {LINE_STYLES[0].colour.lower()}


def test_learning_curves_tell_the_last_and_the_best_epoch_of_every_line():
    histories = {"plain": {"accuracy": [0.2, 0.9, 0.8], "val_accuracy": [0.5, 0.4, 0.3]}}
    titles = {"accuracy": "Training", "val_accuracy": "Validation"}
    picture = learning_curves(histories, titles, "Curves of one network.")
    assert "Training, plain: 0.80, best 0.90 at epoch 2" in picture.caption
    assert "Validation, plain: 0.30, best 0.50 at epoch 1" in picture.caption
    assert [axes.get_title(loc="left") for axes in picture.figure.axes] == ["Training", "Validation"]
    assert all(axes.get_xlabel() == "Epoch" and axes.get_ylabel() == "Accuracy" for axes in picture.figure.axes)


def test_no_line_of_a_caption_ends_between_a_number_and_its_per_cent():
    picture = a_picture(caption="It is 43 % or 5% off.")
    assert "43\u00a0% or 5\u00a0% off" in picture.html()
    assert picture.caption in repr(picture)
