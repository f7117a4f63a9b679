"""The chapter on one page: a picture to keep, drawn from the lesson's own numbers and pictures in small.

Drawing is pure; keep_card alone writes, and only the one file in the folder it is given.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.chapters.dropout import layer, staffing
from course.chapters.dropout.sweep import load_sweep
from course.language import _
from course.lessons.palette import BLUE, GREY, INK, ORANGE, SKY, VERMILLION
from course.lessons.panels import blank_figure, tidy
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
    """The whole chapter on one page: staff in training and at the presentation, moments, rates, calls and advice."""
    figure = blank_figure(7.4, width=10.0)
    figure.text(0.03, 0.955, _("Dropout on one page"), fontsize=18, fontweight="bold", color=INK)
    told = _(
        "In training, each neuron is silenced with probability rate, for each sample, on each pass; survivors are "
        "multiplied by 1/(1 − rate). In inference everyone takes part and nothing is scaled."
    )
    figure.text(0.03, 0.885, "\n".join(textwrap.wrap(told, 125)), fontsize=10.5, color=INK, linespacing=1.5)
    _draw_staff(figure.add_axes((0.12, 0.55, 0.37, 0.26)))
    _draw_moments(figure.add_axes((0.57, 0.55, 0.16, 0.26)))
    _draw_rates(figure.add_axes((0.81, 0.55, 0.17, 0.26)))
    _write_columns(figure)
    ends = _(
        "The company: for each project lots are drawn and those present work harder; at the presentation everyone "
        "is in, at ordinary effort. Team adaptation, project robustness, full team at the presentation."
    )
    figure.text(
        0.03, 0.085, "\n".join(textwrap.wrap(ends, 130)), fontsize=10, style="italic", color=INK, linespacing=1.5
    )
    sources = _(
        "Hinton et al. 2012; Srivastava et al. 2014 (JMLR); Wager et al. 2013; Gal & Ghahramani 2016; Li et al. 2018."
    )
    figure.text(0.03, 0.03, sources, fontsize=8.5, color=GREY)
    caption = _(
        "Kept as {file} beside this notebook: the mechanism, which calls drop, where dropout belongs, when not to "
        "use it, and sources."
    ).format(file=CARD_FILE)
    return Picture(figure, _("The chapter's summary on one page, with three small charts."), caption)


def _write_columns(figure: Figure) -> None:
    for x, title, lines in _columns():
        figure.text(x, 0.405, title, fontsize=12, fontweight="bold", color=BLUE)
        for line, text in enumerate(lines):
            figure.text(x, 0.36 - 0.042 * line, f"• {text}", fontsize=9.5, color=INK)


def _columns() -> tuple[tuple[float, str, tuple[str, ...]], ...]:
    """Columns of advice: where each begins (share of the width), its title, its lines."""
    return (
        (
            0.03,
            _("Which calls drop?"),
            (
                _("drop: fit, model(x, training=True)"),
                _("do not: predict, evaluate, model(x)"),
                _("own loop: write training=True yourself"),
                _("trainable=False changes nothing"),
                _("new rate after fit: compile again"),
            ),
        ),
        (
            0.36,
            _("Where, and how much?"),
            (
                _("Dense → BatchNorm → ReLU → Dropout"),
                _("never behind the output layer"),
                _("rate: start at 0.2–0.5, tune on validation"),
                _("wide layers bear more; inputs 0.1–0.2"),
                _("fit looks worse than evaluate: normal"),
            ),
        ),
        (
            0.69,
            _("Not worth it when"),
            (
                _("data are plentiful and labels clean"),
                _("the network underfits already"),
                _("the layer is narrow"),
                _("early stopping has done the work"),
                _("BatchNorm follows: variance shift"),
            ),
        ),
    )


def _draw_staff(axes: Axes) -> None:
    rate = 0.3
    rows = np.vstack([staffing.attendance(rate, day=1)[:3], np.ones((1, len(staffing.STAFF)), dtype=bool)])
    for row, present in enumerate(rows):
        there, away = np.flatnonzero(present), np.flatnonzero(~present)
        axes.scatter(there, np.full(len(there), row), s=85, color=BLUE if row < 3 else ORANGE, edgecolors=INK)
        axes.scatter(away, np.full(len(away), row), s=60, marker="x", color=GREY)
        effort = staffing.effort(rate) if row < 3 else 1.0
        axes.text(len(staffing.STAFF) - 0.4, row, f"×{effort:.2f}", va="center", fontsize=10, color=INK)
    axes.set_yticks(range(4), [_("project {n}").format(n=n) for n in (1, 2, 3)] + [_("presentation")])
    axes.set_xticks(range(len(staffing.STAFF)), staffing.STAFF, fontsize=8)
    axes.set_ylim(3.6, -0.6)
    axes.set_xlim(-0.6, len(staffing.STAFF) + 0.8)
    tidy(axes, _("The company at rate 0.3"), _("Employee (neuron)"), _("Sample"))


def _draw_moments(axes: Axes) -> None:
    rates = np.linspace(0, 0.8, 41)
    axes.plot(rates, np.ones_like(rates), "-", color=BLUE, label=_("mean"))
    axes.plot(
        rates, [layer.variance_after(1.0, 1.0, rate) for rate in rates], "--", color=VERMILLION, label=_("variance")
    )
    axes.plot(0.5, layer.variance_after(1.0, 1.0, 0.5), "o", color=VERMILLION)
    axes.set_ylim(0, 9.5)
    axes.legend(frameon=False, fontsize=9, loc="upper left")
    tidy(axes, _("Mean kept, variance not"), _("Rate"), _("After dropout"))


def _draw_rates(axes: Axes) -> None:
    sweep = load_sweep()
    for width, style, colour in ((32, ":", ORANGE), (128, "--", VERMILLION), (512, "-", BLUE)):
        means = sweep.at_width("test", width).mean(axis=1)
        axes.plot(sweep.rates, means, style, color=colour, label=str(width))
        axes.plot(sweep.rates[means.argmax()], means.max(), "*", color=colour, markersize=11)
    axes.set_ylim(0.4, 1.0)
    axes.axvspan(0.2, 0.5, color=SKY, alpha=0.2)
    axes.legend(frameon=False, fontsize=8, loc="lower left", title=_("units"), title_fontsize=8)
    tidy(axes, _("Wide layers bear more"), _("Rate"), _("Test accuracy"))
