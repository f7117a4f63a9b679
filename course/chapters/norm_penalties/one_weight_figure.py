"""A drawing of one weight's data loss, its penalty and their sum. Pure: numbers in, a Picture out."""

from __future__ import annotations

import numpy as np

from course.language import _, fill
from course.lessons.palette import BLUE, GREEN, INK, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

NAMES = {"l1": "L1", "l2": "L2"}


def best_weight(best: float, strength: float, kind: str) -> float:
    """Where (w − best)² and the penalty are least together. kind: "l1" or "l2"."""
    if kind == "l2":
        return best / (1 + strength)
    return float(np.sign(best) * max(abs(best) - strength / 2, 0)) + 0.0  # 0.0 turns −0.0 into 0.0


@drawn
def one_weight_picture(best: float, strength: float, kind: str) -> Picture:
    """Data loss (w − best)², a penalty of that strength, and their sum, by the weight w; both minima are marked."""
    figure, (axes,) = panels(3.9, (0.07, 0.14, 0.91, 0.75))
    w = np.linspace(-1.0, 2.0, 301)
    data = (w - best) ** 2
    price = strength * (np.abs(w) if kind == "l1" else w**2)
    ends = best_weight(best, strength, kind)
    axes.plot(w, data, "--", color=BLUE, linewidth=1.8, label=_("data loss"))
    axes.plot(w, price, ":", color=GREEN, linewidth=2.2, label=_("penalty"))
    axes.plot(w, data + price, "-", color=VERMILLION, linewidth=2.5, label=_("sum"))
    least = (ends - best) ** 2 + strength * (abs(ends) if kind == "l1" else ends**2)
    axes.plot(best, 0, "s", color=BLUE, markersize=8, markeredgecolor=INK, label=_("without penalty"), clip_on=False)
    axes.plot(ends, least, "D", color=VERMILLION, markersize=8, markeredgecolor=INK, label=_("with penalty"))
    axes.set_xlim(-1, 2)
    axes.set_ylim(0, 4.6)
    axes.legend(framealpha=1, edgecolor="none", loc="upper center", ncols=5, columnspacing=1.0, handlelength=1.6)
    title = fill(_("One weight with {name}, strength {strength:.2f}"), name=NAMES[kind], strength=strength)
    tidy(axes, title, _("Weight"), _("Loss"))
    alt = _("Curves of data loss, penalty and their sum, with the lowest points marked.")
    return Picture(figure, alt, _caption(best, strength, kind))


def _caption(best: float, strength: float, kind: str) -> str:
    if not strength:
        return fill(_("At a strength of 0, {name} leaves the best weight at {best:.2f}."), name=NAMES[kind], best=best)
    other = "l2" if kind == "l1" else "l1"
    return fill(
        _("{name} moves the best weight from {best:.2f} to {ends:.2f}. {other} would move it to {there:.2f}."),
        name=NAMES[kind],
        other=NAMES[other],
        best=best,
        ends=best_weight(best, strength, kind),
        there=best_weight(best, strength, other),
    )
