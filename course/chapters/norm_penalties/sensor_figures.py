"""Drawings of what penalties do on the forty sensors. Each is pure: numbers in, a Picture out. None trains."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from course.chapters.norm_penalties.one_weight_figure import NAMES
from course.chapters.norm_penalties.sensors import N_SENSORS, REAL, true_weights
from course.chapters.norm_penalties.studies import (
    PARTS,
    STRENGTHS,
    WEIGHT_AXES,
    Studies,
    chosen_errors,
    errors_of,
    load_studies,
)
from course.language import _, fill, number
from course.lessons.arrays import Floats
from course.lessons.lines import mean_lines
from course.lessons.palette import BLUE, GREY, INK, ORANGE, SKY
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

SEEDS: list[int] = WEIGHT_AXES["seed"].tolist()
LOW = -2.4  # where the marks of what is kept stand, below all bars


def all_errors(kind: str) -> Floats:
    """Mean squared errors of all seeds; shape (10 seeds, 8 strengths, 3 parts)."""
    return np.array([errors_of(kind, seed) for seed in SEEDS])


def benefit_errors(studies: Studies) -> dict[str, Floats]:
    """Test errors by seed (10,): without a penalty, with each kind at the strength that validation rows choose, and of
    a unit that is told the six sensors."""
    return {
        "none": all_errors("l2")[:, 0, PARTS.index("test")],
        "l2": chosen_errors("l2"),
        "l1": chosen_errors("l1"),
        "known": studies.known.at(part="test").values,
    }


@drawn
def benefit_picture(studies: Studies) -> Picture:
    """The test error without a penalty, with L2, with L1, and of a unit that is told the six sensors; a line for each
    seed."""
    figure, (axes,) = panels(3.9, (0.07, 0.15, 0.91, 0.74))
    errors = benefit_errors(studies)
    names = {"none": _("no penalty"), "l2": "L2", "l1": "L1", "known": _("told the six")}
    seeds = axes.plot(
        list(errors.values()), "-o", color=GREY, markerfacecolor=SKY, linewidth=0.8, markersize=5, zorder=2
    )
    seeds[0].set_label(_("one seed"))
    for place, values in enumerate(errors.values()):
        axes.plot([place - 0.2, place + 0.2], [values.mean()] * 2, "-", color=INK, linewidth=3, zorder=3)
    axes.plot([], [], "-", color=INK, linewidth=3, label=_("mean"))
    axes.axhline(1.0, color=ORANGE, linestyle="--", linewidth=1.5, label=_("the noise alone"))
    axes.set_xlim(-0.5, 3.6)
    axes.set_ylim(0, 4.6)
    means = [number(values.mean(), ".2f") for values in errors.values()]
    told = [f"{name}\n{mean}" for name, mean in zip(names.values(), means, strict=True)]
    axes.set_xticks(range(4), told)  # the means stand here, where they cover no line
    axes.legend(frameon=False, loc="upper right")
    tidy(axes, _("Error on 2,000 test rows, ten seeds"), "", _("Mean squared error"))
    caption = fill(
        _(
            "Each thin line is a seed. On average, the test error is {none:.2f} without a penalty, {l2:.2f} with L2, "
            "{l1:.2f} with L1, and {known:.2f} if the six sensors are told."
        ),
        **{name: float(values.mean()) for name, values in errors.items()},
    )
    return Picture(figure, _("A line for each seed through four ways to train, and the mean of each way."), caption)


def kept_sensors(weights: Floats) -> tuple[int, int]:
    """How many of 40 weights are not 0, and how many of these belong to the six sensors that matter."""
    used = weights != 0
    return int(used.sum()), int(used[list(REAL)].sum())


@drawn
def weights_picture(kind: str, strength: float, seed: int) -> Picture:
    """The forty weights at that strength; beside them, for the same rows, the training and validation errors at every
    strength. Test errors are left out: they are not for choosing."""
    figure, (bars, curves) = panels(3.9, (0.07, 0.14, 0.48, 0.75), (0.63, 0.14, 0.35, 0.75))
    weights = load_studies().weights.at(kind=kind, seed=seed, strength=strength).values[:N_SENSORS]
    _draw_weights(bars, weights)
    tidy(bars, fill(_("{name}, strength {strength:g}"), name=NAMES[kind], strength=strength), _("Sensor"), _("Weight"))
    errors = errors_of(kind, seed)
    here = int(np.isclose(STRENGTHS, strength).argmax())
    _draw_errors(curves, errors, here)
    title = fill(_("Errors by strength, seed {seed}"), seed=seed)
    tidy(curves, title, _("Strength (not to scale)"), _("Mean squared error"))
    kept, real = kept_sensors(weights)
    caption = fill(
        _(
            "{name} with strength {strength:g} keeps {kept} of 40 sensors, and {real} of the 6 that matter, and leaves "
            "{left} at home. The training error is {known:.2f} and the validation error {error:.2f}; without a penalty "
            "they are {plain:.2f} and {none:.2f}."
        ),
        name=NAMES[kind],
        strength=strength,
        kept=kept,
        real=real,
        left=N_SENSORS - kept,
        known=errors[here, 0],
        error=errors[here, 1],
        plain=errors[0, 0],
        none=errors[0, 1],
    )
    alt = _("Left: a bar for each sensor's weight, the six that matter marked. Right: errors by strength.")
    return Picture(figure, alt, caption)


def _draw_errors(axes: Axes, errors: Floats, here: int) -> None:
    """errors: (strengths, parts). here: which strength is chosen."""
    places = np.arange(len(STRENGTHS), dtype=np.float64)
    mean_lines(axes, places, {_("training"): errors[:, [0]], _("validation"): errors[:, [1]]})
    axes.axvline(here, ymax=0.8, color=GREY, linestyle=":", linewidth=1.5, label=_("this strength"))
    axes.set_xticks(places, [number(each, "g") for each in STRENGTHS.tolist()])
    axes.set_ylim(0, 6.5)
    axes.legend(frameon=False, loc="upper center", ncols=2, columnspacing=1.0, handlelength=1.6)


def _draw_weights(axes: Axes, weights: Floats) -> None:
    places, real = np.arange(N_SENSORS) + 1, list(REAL)  # sensors are counted from 1
    others = [column for column in range(N_SENSORS) if column not in REAL]
    axes.bar(places[others], weights[others], color=GREY, label=_("does not matter"))
    axes.bar(places[real], weights[real], color=BLUE, hatch="//", edgecolor=INK, label=_("matters"))
    axes.plot(
        places[real], true_weights()[real], "_", color=INK, markersize=11, markeredgewidth=2, label=_("true weight")
    )
    kept = places[weights != 0]  # many bars are too low to be seen
    axes.plot(kept, np.full(len(kept), LOW), "^", color=INK, markersize=4, clip_on=False, label=_("kept"))
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xlim(0, N_SENSORS + 1)
    axes.set_ylim(LOW - 0.2, 3.8)
    axes.legend(frameon=False, loc="upper right", ncols=2, columnspacing=1.0, handlelength=1.6)
