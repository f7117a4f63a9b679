"""The chapter's drawings of dropout at work: the company, its habits, the network, the masks of a batch.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from course.chapters.dropout import company, small_net
from course.chapters.dropout.picture import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    SKY,
    VERMILLION,
    Picture,
    blank_figure,
    drawn,
    tidy,
)
from course.language import _

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@drawn
def company_picture(rate: float, day: int = 1, project: int = 1, presentation: bool = False) -> Picture:
    """One day at the company: who is present for each of its five projects, and what the projects get.

    rate: chance of staying away, 0 ≤ rate < 1. project: 1–5, the one that is highlighted. presentation: the whole staff
    is in and nobody works harder than usual (inference); otherwise a day of training.
    """
    used_rate = 0.0 if presentation else rate
    present = company.attendance(used_rate, day)
    outputs = company.delivered(present, used_rate)
    figure = blank_figure(9.6, 3.9)
    office, chart = figure.add_axes((0.09, 0.13, 0.55, 0.74)), figure.add_axes((0.72, 0.15, 0.26, 0.72))
    _draw_office(office, present, outputs, company.effort(used_rate), project - 1)
    title = _("Presentation: everybody is in") if presentation else _("Day {day}: each project has its own absentees")
    tidy(office, title.format(day=day), _("Employee (a neuron)"), _("Project (a sample)"))
    _draw_deliveries(chart, rate, presentation, float(outputs[project - 1]))
    if presentation:
        caption = _(
            "Presentation (inference): all {n} employees are in, effort ×1.00, and every project gets exactly 100. "
            "Over 10,000 training projects at rate {rate:.2f} the mean is {mean:.0f}."
        ).format(n=len(company.STAFF), rate=rate, mean=company.many_deliveries(rate).mean())
    else:
        caption = _company_caption(present[project - 1], float(outputs[project - 1]), rate, day, project)
    alt = _("Left: staff by project, present or away. Right: histogram of what 10,000 projects get.")
    return Picture(figure, alt, caption)


def _company_caption(present: Bools, output: float, rate: float, day: int, project: int) -> str:
    away = [name for name, here in zip(company.STAFF, present, strict=True) if not here]
    many = company.many_deliveries(rate)
    return _(
        "Day {day}, project {project}, rate {rate:.2f}. Away: {away}. The {n} present put in ×{effort:.2f} effort and "
        "the project gets {output:.0f} (full staff: 100). Over 10,000 projects the mean is {mean:.0f}, and nine in ten "
        "lie between {low:.0f} and {high:.0f}."
    ).format(
        day=day,
        project=project,
        rate=rate,
        away=", ".join(away) or _("nobody"),
        n=int(present.sum()),
        effort=company.effort(rate),
        output=output,
        mean=many.mean(),
        low=np.quantile(many, 0.05),
        high=np.quantile(many, 0.95),
    )


def _draw_office(axes: Axes, present: Bools, outputs: Floats, effort: float, current: int) -> None:
    rows, columns = np.nonzero(present)
    axes.axhspan(current - 0.45, current + 0.45, color="#FFF3D6", zorder=0)
    axes.scatter(columns, rows, s=150, color=BLUE, edgecolors=INK, linewidths=0.8, zorder=2)
    rows, columns = np.nonzero(~present)
    axes.scatter(columns, rows, s=150, facecolors="white", edgecolors=GREY, linewidths=1, linestyle=":", zorder=2)
    axes.scatter(columns, rows, s=36, marker="x", color=GREY, linewidths=1, zorder=3)
    for row, output in enumerate(outputs):
        weight = "bold" if row == current else "normal"
        text = f"×{effort:.2f}  →  {output:.0f}"
        axes.text(len(company.STAFF) - 0.3, row, text, va="center", fontsize=10, fontweight=weight, color=INK)
    axes.set_xlim(-0.6, len(company.STAFF) + 2.8)
    axes.set_ylim(len(outputs) - 0.4, -0.6)
    axes.set_xticks(range(len(company.STAFF)), company.STAFF, fontsize=9)
    axes.set_yticks(range(len(outputs)), [f"{'▸ ' if row == current else ''}{row + 1}" for row in range(len(outputs))])


def _draw_deliveries(axes: Axes, rate: float, presentation: bool, output: float) -> None:
    many = company.many_deliveries(rate)
    bins = np.linspace(0.0, max(200.0, float(np.quantile(many, 0.99))), 26).tolist()
    colour, hatch = (FAINT, "//") if presentation else (SKY, "")
    axes.hist(np.clip(many, bins[0], bins[-1]), bins=bins, color=colour, edgecolor="white", hatch=hatch)
    axes.axvline(company.FULL_STAFF, 0, 0.78, color=VERMILLION, linewidth=2.5, label=_("full staff: 100"))
    mean_label = _("mean of training: {:.0f}").format(many.mean())
    axes.axvline(many.mean(), 0, 0.78, color=INK, linestyle="--", label=mean_label)
    axes.plot([output], [0], marker="D", markersize=9, color=ORANGE, markeredgecolor=INK, clip_on=False, zorder=5)
    axes.legend(fontsize=9, frameon=False, loc="upper left")
    axes.set_ylim(top=axes.get_ylim()[1] * 1.25)
    axes.locator_params(nbins=4)
    tidy(axes, _("10,000 training projects"), _("Output (◆ this project)"), _("Projects"))


@drawn
def habits_picture(rate: float) -> Picture:
    """How a team shares its work after living with absences at this rate, beside a team that never had any."""
    never, now = company.learned_habits(0.0), company.learned_habits(rate)
    figure = blank_figure(9.6, 3.4)
    left, right = figure.add_axes((0.07, 0.15, 0.55, 0.72)), figure.add_axes((0.72, 0.15, 0.26, 0.72))
    places = np.arange(len(company.STAFF))
    left.bar(
        places - 0.2, 100 * never.shares, 0.4, color="white", edgecolor=INK, hatch="//", label=_("never an absence")
    )
    left.bar(places + 0.2, 100 * now.shares, 0.4, color=BLUE, edgecolor=INK, label=_("rate {:.2f}").format(rate))
    left.set_xticks(places, company.STAFF)
    left.set_ylim(0, 62)
    left.legend(frameon=False)
    tidy(left, _("Team adaptation: who carries the work"), _("Employee"), _("Share of the work (%)"))
    bars = np.array([[never.miss, never.miss_without_first], [now.miss, now.miss_without_first]]) * 100
    right.bar([0, 1], bars[0], 0.38, color="white", edgecolor=INK, hatch="//")
    right.bar([0.4, 1.4], bars[1], 0.38, color=BLUE, edgecolor=INK)
    right.set_xticks([0.2, 1.2], [_("everyone in"), _("Ada away")])
    right.set_ylim(0, 66)
    tidy(right, _("Project robustness"), _("At the presentation"), _("Typical miss (%)"))
    caption = _(
        "Trained at rate {rate:.2f}, Ada carries {share:.0f} % of the work (never an absence: {share0:.0f} %). "
        "If Ada alone is missing later, the typical miss is {lost:.0f} % instead of {lost0:.0f} %; "
        "with everyone in, it is {miss:.0f} % against {miss0:.0f} %."
    ).format(
        rate=rate,
        share=100 * now.shares[0],
        share0=100 * never.shares[0],
        lost=bars[1, 1],
        lost0=bars[0, 1],
        miss=bars[1, 0],
        miss0=bars[0, 0],
    )
    return Picture(figure, _("Left: share of the work by employee. Right: typical miss with and without Ada."), caption)


@drawn
def network_picture(sample: int, rate: float, training: bool = True, pass_number: int = 1) -> Picture:
    """The 6-8-8-3 network during one forward pass of sample 1–4: dropped units and their edges fade, survivors show
    what they are multiplied by. rate: 0 ≤ rate < 1; training: False is inference, where nothing is dropped."""
    state = small_net.forward(sample, rate, training, pass_number)
    figure = blank_figure(9.6, 4.6)
    axes = figure.add_axes((0.03, 0.1, 0.94, 0.8))
    places = [_places(size) for size in small_net.SIZES]
    for depth, (here, there) in enumerate(pairwise(places)):
        _draw_edges(axes, depth, here, there, state)
    for depth, column in enumerate(places):
        _draw_units(axes, depth, column, state, hidden=0 < depth < len(places) - 1)
    axes.set_xlim(-0.35, 3.5)
    axes.set_ylim(-0.75, 7.75)
    names = [_("6 inputs"), _("hidden 1 + dropout"), _("hidden 2 + dropout"), _("3 classes")]
    axes.set_xticks(range(4), names)
    axes.set_yticks([])
    mode = _("Training pass {n}").format(n=pass_number) if training else _("Inference")
    tidy(
        axes, _("{mode}, sample {sample}, rate {rate:.2f}").format(mode=mode, sample=sample, rate=rate), _("Layer"), ""
    )
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    alt = _("A network of 6, 8, 8 and 3 units; dropped units are crossed out and their edges faded.")
    return Picture(figure, alt, _network_caption(state, sample, rate, training, pass_number))


def _network_caption(state: small_net.PassState, sample: int, rate: float, training: bool, pass_number: int) -> str:
    probabilities = ", ".join(f"{p:.2f}" for p in state.values[-1])
    if not training:
        return _(
            "Inference, sample {sample}: all 16 hidden units take part and hand on their values unchanged (×1.00), "
            "whatever the rate. Class probabilities: {probabilities}."
        ).format(sample=sample, probabilities=probabilities)
    first, second = (", ".join(map(str, units)) or _("none") for units in state.dropped)
    return _(
        "Training pass {n}, sample {sample}, rate {rate:.2f}: dropped in hidden 1: {first}; in hidden 2: {second}. "
        "Survivors are multiplied by {scale:.2f}. Class probabilities: {probabilities}."
    ).format(
        n=pass_number,
        sample=sample,
        rate=rate,
        first=first,
        second=second,
        scale=state.scale,
        probabilities=probabilities,
    )


def _places(size: int) -> Floats:
    """Heights of a layer's units, the first on top, the column centred."""
    return np.asarray(3.5 + (np.arange(size)[::-1] - (size - 1) / 2) * (1.0 if size > 3 else 1.7), dtype=np.float64)


def _draw_edges(axes: Axes, depth: int, here: Floats, there: Floats, state: small_net.PassState) -> None:
    alive = state.kept[depth][:, None] & state.kept[depth + 1][None, :]
    strength = np.abs(state.values[depth][:, None] * small_net.weights()[depth])
    widths = 0.25 + 2.2 * np.minimum(strength, 1.0)
    for wanted, colour, style in ((False, FAINT, ":"), (True, GREY, "-")):
        pairs = np.argwhere(alive == wanted)
        lines = [((depth, here[i]), (depth + 1, there[j])) for i, j in pairs]
        thick = [widths[i, j] if wanted else 0.6 for i, j in pairs]
        axes.add_collection(LineCollection(lines, colors=colour, linewidths=thick, linestyles=style, zorder=1))


def _draw_units(axes: Axes, depth: int, heights: Floats, state: small_net.PassState, hidden: bool) -> None:
    kept, values = state.kept[depth], state.values[depth]
    x, plate = np.full(len(heights), depth), {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85}
    axes.scatter(x[kept], heights[kept], s=560, color="#CFE6F5", edgecolors=BLUE, linewidths=1.6, zorder=2)
    axes.scatter(x[~kept], heights[~kept], s=560, c="white", edgecolors=GREY, linewidths=1, linestyle=":", zorder=2)
    axes.scatter(x[~kept], heights[~kept], s=190, marker="x", color=FAINT, linewidths=2, zorder=3)
    for height, value, alive in zip(heights, values, kept, strict=True):
        text = (f"{value:.2f}" if value < 9.995 else f"{value:.1f}") if alive else "0"
        axes.text(depth, height, text, ha="center", va="center", fontsize=9, color=INK if alive else GREY, zorder=4)
        if hidden and alive:
            label = f"×{state.scale:.2f}"
            axes.text(depth + 0.17, height + 0.1, label, fontsize=8, color=INK, zorder=4, bbox=plate)


@drawn
def masks_picture(masks: Mapping[str, NDArray[np.floating]]) -> Picture:
    """Batches of masks side by side, each of shape (samples, units): kept places filled, dropped places blank."""
    figure = blank_figure(9.6, 3.2)
    notes = []
    for place, (name, mask) in enumerate(masks.items()):
        axes = figure.add_axes((0.06 + place * 0.94 / len(masks), 0.16, 0.76 / len(masks), 0.68))
        rows, columns = np.nonzero(mask)
        axes.scatter(columns, rows, s=26, marker="s", color=BLUE)
        axes.set_xlim(-0.7, mask.shape[1] - 0.3)
        axes.set_ylim(mask.shape[0] - 0.3, -0.7)
        axes.set_xticks(range(0, mask.shape[1], 5))
        tidy(axes, name, _("Unit"), _("Sample"))
        per_row = np.count_nonzero(mask, axis=1)
        notes.append(f"{name}: {_kept_note(per_row, mask)}")
    alt = _("Masks of a batch: a filled square is a unit kept for that sample.")
    return Picture(figure, alt, _("Units kept of {n}.").format(n=mask.shape[1]) + " " + " ".join(notes))


def _kept_note(per_row: NDArray[np.integer], mask: NDArray[np.floating]) -> str:
    same = bool((mask == mask[0]).all())
    rows = _("every sample has the same mask") if same else _("the samples' masks differ")
    return _("{low} to {high} per sample, {rows}.").format(low=per_row.min(), high=per_row.max(), rows=rows)


@drawn
def digits_picture(images: Floats, told: Sequence[int], true: Sequence[int]) -> Picture:
    """A row of 8×8 digits (each row of images has 64 values, 0–1) with the label that the network is told."""
    figure = blank_figure(9.6, 1.9)
    for place, (image, label, right) in enumerate(zip(images, told, true, strict=True)):
        axes = figure.add_axes((0.01 + place / len(images), 0.02, 0.9 / len(images), 0.72))
        axes.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        axes.set_axis_off()
        wrong = label != right
        text = _("told {label} ✘").format(label=label) if wrong else _("told {label}").format(label=label)
        axes.set_title(text, fontsize=10, color=VERMILLION if wrong else INK, fontweight="bold" if wrong else "normal")
    lies = [f"{right} → {label}" for label, right in zip(told, true, strict=True) if label != right]
    caption = _("Training digits with the labels that the network is told. Wrong ones: {lies}.")
    alt = _("A row of handwritten digits, some with a wrong label.")
    return Picture(figure, alt, caption.format(lies="; ".join(lies) or _("none")))
