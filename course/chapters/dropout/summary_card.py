"""The chapter on one page: a picture to keep, drawn from the lesson's own numbers.

Drawing is pure; keep_card alone writes, and only the one file in the folder it is given.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.chapters.dropout.benefit import load_benefit
from course.language import _, fill
from course.lessons.lines import mean_lines
from course.lessons.palette import BLUE, GREY, INK, LINE_STYLES
from course.lessons.panels import blank_figure, tidy
from course.lessons.patients import POINTS
from course.lessons.picture import Picture, drawn
from course.storage.folder import notebook_folder

CARD_FILE = "dropout-card.png"
PLACES = ((0.53, 0.735), (0.03, 0.36), (0.53, 0.36))  # of the blocks of advice: left and top, as shares of the card


def keep_card(folder: Path | None = None) -> Picture:
    """Draws the card, saves it as dropout-card.png in folder (beside the notebook), and returns it.

    OSError where the folder cannot be written.
    """
    card = summary_card()
    path = (folder or notebook_folder()) / CARD_FILE
    unfinished = path.with_name(f".{CARD_FILE}.part")
    unfinished.write_bytes(card.png())
    unfinished.replace(path)
    return card


@drawn
def summary_card() -> Picture:
    """The whole chapter on one page: what dropout does and is worth, calls, advice and sources.

    Its letters are large enough to be read where a notebook shows it at two thirds of its size.
    """
    figure = blank_figure(9.2, width=10.0)
    figure.text(0.03, 0.95, _("Dropout on one page"), fontsize=21, fontweight="bold", color=INK)
    told = _(
        "In training, each neuron is dropped with probability rate, for each sample, in each step; the survivors are "
        "multiplied by 1/(1 − rate). At inference every neuron takes part and nothing is scaled. So the network "
        "depends less on any one neuron."
    )
    figure.text(0.03, 0.93, "\n".join(textwrap.wrap(told, 92)), fontsize=14, color=INK, linespacing=1.4, va="top")
    _draw_errors(figure.add_axes((0.09, 0.5, 0.38, 0.25)))
    for (x, y), (title, lines) in zip(PLACES, _blocks(), strict=True):
        _write_block(figure, x, y, title, lines)
    sources = _("Sources: Hinton et al. 2012; Srivastava et al. 2014 (JMLR).")
    figure.text(0.03, 0.03, sources, fontsize=12, color=GREY)
    caption = fill(
        _(
            "Kept as {file} beside this notebook: what dropout does, which calls drop, how to place it and choose its "
            "rate, when not to use it, and sources."
        ),
        file=CARD_FILE,
    )
    return Picture(figure, _("The chapter's summary on one page, with a small chart."), caption)


def _write_block(figure: Figure, x: float, y: float, title: str, lines: Sequence[str]) -> None:
    figure.text(x, y, title, fontsize=15, fontweight="bold", color=BLUE)
    wrapped = (textwrap.fill(text, 42, initial_indent="• ", subsequent_indent="   ") for text in lines)
    for line, text in enumerate("\n".join(wrapped).splitlines(), 1):
        figure.text(x, y - 0.042 * line, text, fontsize=14, color=INK)


def _blocks() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Blocks of advice: the title of each, and its lines."""
    return (
        (
            _("Which calls drop?"),
            (
                _("Drop: fit, model(x, training=True)"),
                _("Do not: predict, evaluate, model(x)"),
                _("Built with training=True: model(x) too"),
                _("Your own loop: write training=True"),
                _("trainable=False changes nothing"),
            ),
        ),
        (
            _("Where, and how much?"),
            (
                _("After a hidden layer"),
                _("Never after the output layer"),
                _("Start at a rate of 0.2–0.5"),
                _("Choose it on validation data"),
                _("Compare several seeds, one by one"),
            ),
        ),
        (
            _("Not worth it when"),
            (
                _("The network underfits"),
                _("Overfitting costs little"),
                _("The layers are narrow"),
                _("A simpler model does as well"),
            ),
        ),
    )


def _draw_errors(axes: Axes) -> None:
    error = load_benefit().error
    rates = error.axes["rate"].astype(np.float64)
    names = {"train": _("training patients"), "validation": _("validation patients")}
    curves = {name: POINTS * error.at(part=part).values for part, name in names.items()}
    mean_lines(axes, rates, curves, LINE_STYLES[2:])  # the first two colours stand for without and with dropout
    axes.set_xticks(rates)
    axes.set_ylim(0, 105)
    axes.legend(frameon=False, fontsize=12, loc="upper left", handlelength=1.8)
    tidy(axes, _("Error on patients (small marks: five seeds)"), _("Rate"), _("Points"))
    axes.set_title(axes.get_title(loc="left"), fontsize=12.5, loc="left", color=INK)
    axes.tick_params(labelsize=12)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set_fontsize(12)
