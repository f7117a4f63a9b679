"""The chapter on one page: a picture to keep, drawn from the lesson's own numbers and pictures in small.

Drawing is pure; keep_card alone writes, and only the one file in the folder it is given.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.chapters.dropout import staffing
from course.chapters.dropout.benefit import load_benefit
from course.language import _, fill
from course.lessons.lines import mean_lines
from course.lessons.palette import BLUE, GREY, INK, LINE_STYLES
from course.lessons.panels import blank_figure, tidy
from course.lessons.patients import POINTS
from course.lessons.picture import Picture, drawn
from course.storage.folder import notebook_folder

CARD_FILE = "dropout-card.png"


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
    """The whole chapter on one page: the company, what dropout is worth, calls, advice and sources."""
    figure = blank_figure(7.6, width=10.0)
    figure.text(0.03, 0.95, _("Dropout on one page"), fontsize=18, fontweight="bold", color=INK)
    told = _(
        "In training, each neuron is dropped with probability rate, for each sample, on each pass; the survivors are "
        "multiplied by 1/(1 − rate). At inference every neuron takes part and nothing is scaled."
    )
    figure.text(0.03, 0.88, "\n".join(textwrap.wrap(told, 122)), fontsize=10.5, color=INK, linespacing=1.5)
    _draw_staff(figure.add_axes((0.15, 0.54, 0.41, 0.27)))
    _draw_errors(figure.add_axes((0.64, 0.54, 0.33, 0.27)))
    _write_columns(figure)
    ends = _(
        "The company: chance decides for each project who is away, and those present work harder; at the presentation "
        "everybody is in, at the usual effort. The team has learnt to depend less on any one of them."
    )
    figure.text(0.03, 0.075, "\n".join(textwrap.wrap(ends, 128)), fontsize=10, color=INK, linespacing=1.5)
    sources = _("Hinton et al. 2012; Srivastava et al. 2014 (JMLR).")
    figure.text(0.03, 0.03, sources, fontsize=9, color=GREY)
    caption = fill(
        _(
            "Kept as {file} beside this notebook: what dropout does, which calls drop, how to place it and choose its "
            "rate, when not to use it, and sources."
        ),
        file=CARD_FILE,
    )
    return Picture(figure, _("The chapter's summary on one page, with two small charts."), caption)


def _write_columns(figure: Figure) -> None:
    for x, title, lines in _columns():
        figure.text(x, 0.4, title, fontsize=12, fontweight="bold", color=BLUE)
        for line, text in enumerate(lines):
            figure.text(x, 0.355 - 0.045 * line, f"• {text}", fontsize=10, color=INK)


def _columns() -> tuple[tuple[float, str, tuple[str, ...]], ...]:
    """Columns of advice: where each begins (share of the width), its title, its lines."""
    return (
        (
            0.03,
            _("Which calls drop?"),
            (
                _("drop: fit, model(x, training=True)"),
                _("do not: predict, evaluate, model(x)"),
                _("built in with training=True: model(x) too"),
                _("your own loop: write training=True"),
                _("trainable=False changes nothing"),
            ),
        ),
        (
            0.41,
            _("Where, and how much?"),
            (
                _("after a hidden layer"),
                _("never after the output layer"),
                _("start at a rate of 0.2–0.5"),
                _("choose it on validation data"),
                _("compare means of several seeds"),
            ),
        ),
        (
            0.7,
            _("Not worth it when"),
            (
                _("the network underfits"),
                _("overfitting costs little"),
                _("the layers are narrow"),
                _("early stopping has done the work"),
            ),
        ),
    )


def _draw_staff(axes: Axes) -> None:
    rate = 0.3
    rows = np.vstack([staffing.attendance(rate, day=1)[:3], np.ones((1, len(staffing.STAFF)), dtype=bool)])
    for row, present in enumerate(rows):
        there, away = np.flatnonzero(present), np.flatnonzero(~present)
        used_rate = rate if row < 3 else 0.0
        axes.scatter(there, np.full(len(there), row), s=85, color=BLUE, edgecolors=INK)
        axes.scatter(away, np.full(len(away), row), s=60, marker="x", color=GREY)
        gets = fill("×{:.2f} → {:.0f}", staffing.effort(used_rate), staffing.delivered(present, used_rate))
        axes.text(len(staffing.STAFF) - 0.4, row, gets, va="center", fontsize=9.5, color=INK)
    axes.set_yticks(range(4), [str(n) for n in (1, 2, 3)] + [_("presentation")])
    axes.set_xticks(range(len(staffing.STAFF)), staffing.STAFF, fontsize=8.5)
    axes.set_ylim(3.6, -0.6)
    axes.set_xlim(-0.6, len(staffing.STAFF) + 2.2)
    tidy(
        axes,
        _("The company at rate 0.3: effort, and what a project gets"),
        _("Employee (a neuron)"),
        _("Project (a sample)"),
    )


def _draw_errors(axes: Axes) -> None:
    error = load_benefit().error
    rates = error.axes["rate"].astype(np.float64)
    names = {"train": _("training patients"), "validation": _("validation patients")}
    curves = {name: POINTS * error.at(part=part).values for part, name in names.items()}
    mean_lines(axes, rates, curves, LINE_STYLES[2:])  # the first two colours stand for without and with dropout
    axes.set_xticks(rates)
    axes.set_ylim(0, 95)
    axes.legend(frameon=False, fontsize=9, loc="upper left", handlelength=1.8)
    tidy(axes, _("Error on patients (dots: five seeds)"), _("Rate"), _("Points"))
