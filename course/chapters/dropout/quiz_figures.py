"""Pictures of the chapter's quiz, as SVG text: they show what a question is about and never its answer.

They are drawn whenever the quiz is shown, so this module must stay light: no Matplotlib, no NumPy, no TensorFlow.
"""

from __future__ import annotations

import html

from course.language import _

BATCH = 64
COLUMNS = 16
DROPPED = 7
CELL = 32  # pixels
LEFT, TOP, BOTTOM = 8, 34, 40
# Okabe & Ito's blue and vermillion; the cross tells them apart without colour.
KEPT_FILL, DROPPED_FILL, INK = "#CFE4F3", "#D55E00", "#222222"


def one_neuron_in_a_batch() -> str:
    """One neuron's mask over a batch of 64 samples, of which it was dropped for the seventh only."""
    width = LEFT * 2 + COLUMNS * CELL
    bottom = TOP + BATCH // COLUMNS * CELL
    title = _("One neuron, 64 samples: for which samples does it take part?")
    legend = _square(LEFT, bottom + 12, 18, KEPT_FILL) + _text(LEFT + 26, bottom + 26, _("takes part"), 13)
    crossed = LEFT + width // 2
    legend += _square(crossed, bottom + 12, 18, DROPPED_FILL) + _cross(crossed, bottom + 12, 18)
    legend += _text(crossed + 26, bottom + 26, _("dropped"), 13)
    cells = "".join(_cell(sample) for sample in range(1, BATCH + 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{bottom + BOTTOM}" '
        f'viewBox="0 0 {width} {bottom + BOTTOM}" font-family="sans-serif" fill="{INK}">'
        f"{_text(LEFT, 22, title, 15)}{cells}{legend}</svg>"
    )


def _cell(sample: int) -> str:
    row, column = divmod(sample - 1, COLUMNS)
    x, y = LEFT + column * CELL, TOP + row * CELL
    number = f'<text x="{x + CELL // 2}" y="{y + 21}" font-size="13" text-anchor="middle">{sample}</text>'
    if sample != DROPPED:
        return _square(x, y, CELL, KEPT_FILL) + number
    # white behind the number, so that it can be read on the cross
    plate = f'<circle cx="{x + CELL // 2}" cy="{y + CELL // 2}" r="9" fill="#ffffff"/>'
    return _square(x, y, CELL, DROPPED_FILL) + _cross(x, y, CELL) + plate + number


def _square(x: int, y: int, size: int, fill: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{size}" height="{size}" fill="{fill}" stroke="#ffffff" stroke-width="2"/>'


def _cross(x: int, y: int, size: int) -> str:
    near, far = 4, size - 4
    path = f"M{x + near} {y + near}L{x + far} {y + far}M{x + far} {y + near}L{x + near} {y + far}"
    return f'<path d="{path}" stroke="#ffffff" stroke-width="2"/>'


def _text(x: int, y: int, words: str, size: int) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}">{html.escape(words)}</text>'
