"""Drawings of the made-up rule, of many networks of one recipe, and of what each lever does to bias² and variance.

Each drawing is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from dataclasses import dataclass

from course.chapters.bias_variance.made_rule import GRID, ROWS, rule, two_parts
from course.chapters.bias_variance.part_bars import PART_FILLS, beside_parts, draw_parts
from course.chapters.bias_variance.studies import LENGTH, SHOWN, WIDTH, load_studies
from course.language import _, fill, number
from course.lessons.arrays import Floats
from course.lessons.bars import stacked_bars
from course.lessons.palette import BLUE, INK, SKY, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn
from course.lessons.studies import Study


@drawn
def rule_picture(x: Floats, y: Floats) -> Picture:
    """The rule and the rows of the first two training sets. x, y: (sets, rows)."""
    figure, (axes,) = panels(3.6, (0.07, 0.15, 0.91, 0.74))
    axes.plot(GRID, rule(GRID), "--", color=INK, linewidth=2, label=_("the rule"))
    for place, (mark, colour) in enumerate((("o", BLUE), ("x", VERMILLION))):
        label = fill(_("training set {number}"), number=place + 1)
        axes.plot(x[place], y[place], mark, color=colour, markersize=6, markeredgewidth=1.5, label=label)
    axes.set_ylim(-3.2, 3.2)
    axes.legend(frameon=False, loc="upper left", ncols=3)
    title = _("The rule, and {rows} noisy rows in each training set")
    tidy(axes, fill(title, rows=x.shape[1]), _("Input"), _("Target"))
    caption = _("Two of the {sets} training sets are drawn; the rows of both lie around the same rule.")
    return Picture(figure, _("The rule, with the rows of two training sets around it."), fill(caption, sets=len(x)))


@drawn
def networks_picture(width: int, steps: int) -> Picture:
    """Twelve networks of that width after so many steps, each on a training set of its own, with their average and the
    rule; and the two parts of their error."""
    figure, curves, bars = beside_parts()
    predictions = load_studies().curves.at(width=width, steps=steps).values
    lines = curves.plot(GRID, predictions.T, color=SKY, linewidth=1)
    lines[0].set_label(_("one network"))
    curves.plot(GRID, predictions.mean(axis=0), color=VERMILLION, linewidth=3, label=_("average"))
    curves.plot(GRID, rule(GRID), "--", color=INK, linewidth=2, label=_("the rule"))
    curves.set_ylim(-3.2, 3.2)
    curves.legend(frameon=False, loc="upper left", ncols=3)
    title = _("{sets} networks, {width} neurons a layer, {steps:,} steps")
    tidy(curves, fill(title, sets=SHOWN, width=width, steps=steps), _("Input"), _("Prediction"))
    bias2, variance = two_parts(predictions, rule(GRID))
    draw_parts(bars, bias2, variance, highest=0.8)
    caption = fill(
        _(
            "With {width} neurons a layer and {steps:,} steps, bias² is {bias2:.2f} and variance {variance:.2f}; "
            "their sum is {sum:.2f}. The thick line is the average of the {sets} networks."
        ),
        width=width,
        steps=steps,
        bias2=bias2,
        variance=variance,
        sum=bias2 + variance,
        sets=SHOWN,
    )
    alt = _("Left: twelve networks, their average and the rule. Right: bars of bias², variance and their sum.")
    return Picture(figure, alt, caption)


@dataclass(frozen=True)
class _Lever:
    """What was changed: the study, along which axis, how the title and the axis call it, and what it counts."""

    study: Study
    axis: str
    title: str
    label: str
    counted: str


def _lever(name: str) -> _Lever:
    stored = load_studies()
    fixed = {"rows": ROWS, "steps": LENGTH, "width": WIDTH}
    titles = {
        "steps": _("{rows} rows, {width} neurons a layer"),
        "rows": _("{steps} steps, {width} neurons a layer"),
        "width": _("{rows} rows, {steps} steps"),
    }
    title = fill(titles[name], **fixed)
    return {
        "steps": _Lever(stored.steps, "steps", title, _("Steps of training"), _("steps")),
        "rows": _Lever(stored.rows, "rows", title, _("Training rows"), _("rows")),
        "width": _Lever(stored.widths, "width", title, _("Neurons a layer"), _("neurons a layer")),
    }[name]


@drawn
def lever_picture(lever: str) -> Picture:
    """Bias² and variance, on top of one another, at each setting of a lever: "steps", "rows" or "width". Dots: the sum
    in each repeat."""
    figure, (axes,) = panels(3.9, (0.07, 0.14, 0.91, 0.75))
    found = _lever(lever)
    places = found.study.axes[found.axis].tolist()
    parts = {part: found.study.at(part=part).mean("repeat").values for part in ("bias2", "variance")}
    labels = {"bias2": _("bias²"), "variance": _("variance")}
    stacked_bars(
        axes,
        {labels[part]: (PART_FILLS[part], values) for part, values in parts.items()},
        [number(place, ",") for place in places],
    )
    for place, setting in enumerate(places):
        sums = _sums(found.study.at(**{found.axis: setting}))
        axes.plot([place + 0.36] * len(sums), sums, ".", color=INK, label=_("sum, one repeat") if place == 0 else None)
    axes.set_ylim(0, 0.85 if lever == "steps" else 0.65)
    axes.legend(frameon=False, loc="upper left" if lever == "steps" else "upper right", ncols=3)
    tidy(axes, found.title, found.label, _("Error against the rule"))
    sums = parts["bias2"] + parts["variance"]
    pairs = zip(places, parts["bias2"], parts["variance"], strict=True)
    told = [fill(_("{bias2:.2f} and {variance:.2f} at {place:,}"), place=p, bias2=b, variance=v) for p, b, v in pairs]
    told[-1] += f" {found.counted}"
    caption = fill(
        _("Bias² and variance are {parts}. Their sum is lowest at {best:,} ({lowest:.2f})."),
        parts="; ".join(told),
        best=places[int(sums.argmin())],
        lowest=sums.min(),
    )
    return Picture(figure, _("Bars of bias² with variance on top, at each setting; dots for single repeats."), caption)


def _sums(study: Study) -> Floats:
    return study.at(part="bias2").values + study.at(part="variance").values
