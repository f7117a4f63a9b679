"""Drawings of handwritten digits: one, or a row with the labels that a network is told."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from course.language import _
from course.lessons.arrays import Floats, Ints
from course.lessons.digits import SIDE
from course.lessons.palette import INK, VERMILLION
from course.lessons.panels import panels
from course.lessons.picture import Picture, drawn


def draw_digit(axes: Axes, image: Floats) -> None:
    """Draws one digit (64 values, 0–1), dark on white."""
    axes.imshow(image.reshape(SIDE, SIDE), cmap="gray_r", vmin=0, vmax=1)


@drawn
def digits_picture(images: Floats, told: Sequence[int] | Ints, true: Sequence[int] | Ints) -> Picture:
    """A row of digits, each with the label that the network is told. images: (digits, 64), values 0–1; told, true:
    (digits,)."""
    boxes = [(0.01 + place / len(images), 0.02, 0.9 / len(images), 0.72) for place in range(len(images))]
    figure, axes_of = panels(1.9, *boxes)
    for axes, image, label, right in zip(axes_of, images, told, true, strict=True):
        draw_digit(axes, image)
        axes.set_axis_off()
        _name(axes, label, wrong=label != right)
    noise = [f"{right} → {label}" for label, right in zip(told, true, strict=True) if label != right]
    caption = _("Training digits with the labels that the network is told. Wrong ones: {wrong}.")
    alt = _("A row of handwritten digits, some with a wrong label.")
    return Picture(figure, alt, caption.format(wrong="; ".join(noise) or _("none")))


def _name(axes: Axes, label: int, wrong: bool) -> None:
    text = _("told {label} ✘").format(label=label) if wrong else _("told {label}").format(label=label)
    axes.set_title(text, fontsize=10, color=VERMILLION if wrong else INK, fontweight="bold" if wrong else "normal")
