"""A drawing of the pollster's map. Pure: numbers in, a Picture out."""

from __future__ import annotations

import numpy as np

from course.chapters.bias_variance.part_bars import beside_parts, draw_parts
from course.chapters.bias_variance.street import HOUSES, OPINIONS, exact_parts, map_of, poll
from course.language import _, fill
from course.lessons.palette import BLUE, GREY, INK, SKY
from course.lessons.panels import tidy
from course.lessons.picture import Picture, drawn

OTHERS = range(101, 106)  # polls whose maps stand faintly behind


@drawn
def street_picture(district: int, number: int) -> Picture:
    """The street with its opinions, the answers and the map of one poll, and the maps of five others; beside it bias²,
    variance and their sum, worked out exactly. district: houses in each."""
    figure, street, bars = beside_parts()
    edges, answers = np.arange(HOUSES + 1) + 0.5, poll(number)
    for place, other in enumerate(OTHERS):
        label = _("maps of other polls") if place == 0 else None
        street.stairs(map_of(poll(other), district), edges, color=SKY, linewidth=1, baseline=None, label=label)
    street.plot(np.arange(1, HOUSES + 1), answers, ".", color=GREY, markersize=5, label=_("answers"))
    street.stairs(map_of(answers, district), edges, color=BLUE, linewidth=2.5, baseline=None, label=_("this map"))
    street.plot(np.arange(1, HOUSES + 1), OPINIONS, "--", color=INK, linewidth=2, label=_("what houses think"))
    street.set_xlim(0.5, HOUSES + 0.5)
    street.set_ylim(-5, 7.2)
    street.legend(frameon=False, loc="upper right", ncols=2)
    title = _("Poll {number}, districts of {district}")
    tidy(street, fill(title, number=number, district=district), _("House"), _("Opinion of the tram"))
    bias2, variance = exact_parts(district)
    draw_parts(bars, bias2, variance, highest=2.3)
    caption = fill(
        _(
            "With districts of {district}, bias² is {bias2:.2f} and variance {variance:.2f}; their sum is {sum:.2f}. "
            "The thick line is the map of this one poll."
        ),
        district=district,
        bias2=bias2,
        variance=variance,
        sum=bias2 + variance,
    )
    alt = _("Left: opinions along the street, one poll's answers, its map and others'. Right: bias², variance, sum.")
    return Picture(figure, alt, caption)
