"""A drawing of what networks reach at each learning rate, with and without batch normalization. None trains."""

from __future__ import annotations

import numpy as np

from course.chapters.batch_normalization.studies import RATE_AXES, load_studies
from course.language import _, fill, number
from course.lessons.arrays import Floats
from course.lessons.lines import mean_lines
from course.lessons.palette import GREY
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

RATES: list[float] = RATE_AXES["rate"].tolist()


def network_names() -> dict[str, str]:
    """The stored networks, by what learners read."""
    return {
        _("8 layers, ReLU"): "8 relu",
        _("8 layers, sigmoid"): "8 sigmoid",
        _("2 layers, ReLU"): "2 relu",
        _("8 layers, ReLU, He start"): "8 relu, He",
    }


def by_rate(network: str, norm: str) -> Floats:
    """Validation accuracies (0–1); shape (rates, seeds)."""
    return np.asarray(load_studies().rates.at(network=network, norm=norm, part="validation").values.T)


@drawn
def rates_picture(network: str, rate: float) -> Picture:
    """Validation accuracy at every learning rate; the caption tells of one."""
    figure, (axes,) = panels(3.9, (0.07, 0.14, 0.91, 0.75))
    places = np.arange(len(RATES), dtype=np.float64)
    results = {
        _("without batch normalization"): by_rate(network, "none"),
        _("with batch normalization"): by_rate(network, "batch"),
    }
    mean_lines(axes, places, results)
    here = int(np.isclose(RATES, rate).argmax())
    axes.axvline(here, ymax=0.84, color=GREY, linestyle=":", linewidth=1.5)
    axes.axhline(0.1, color=GREY, linewidth=0.8)
    axes.text(len(RATES) - 0.85, 0.12, _("guessing"), color=GREY, fontsize=10, ha="left")
    axes.set_xticks(places, [number(each, "g") for each in RATES])
    axes.set_xlim(-0.3, len(RATES) - 0.1)
    axes.set_ylim(0, 1.22)
    axes.set_yticks(np.arange(0, 1.01, 0.2))
    axes.legend(frameon=False, loc="upper left", ncols=2)
    told = {value: name for name, value in network_names().items()}[network]
    tidy(axes, fill(_("{network}: validation accuracy"), network=told), _("Learning rate"), _("Accuracy"))
    none, batch = (values[here] for values in results.values())
    caption = fill(
        _(
            "A dot is one of five seeds, and a line goes through the means. At a learning rate of {rate:g}, the mean "
            "is {none:.1%} without batch normalization ({low:.1%} to {high:.1%}), and {batch:.1%} with it."
        ),
        rate=rate,
        none=none.mean(),
        low=none.min(),
        high=none.max(),
        batch=batch.mean(),
    )
    return Picture(figure, _("Two lines of accuracy by learning rate, with a dot for each seed."), caption)
