"""What a drawn figure needs before a learner meets it: text beside it, and a way onto the page.

A picture is white in every theme, and drawn in the course's style whatever style a learner has set.
"""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

import matplotlib
from matplotlib.figure import Figure

from course.language import with_minus
from course.lessons.palette import INK

# What a picture looks like must not depend on a style that the learner has chosen for their own plots.
STYLE = {
    **dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor", "legend.facecolor"), "white"),
    **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), INK),
    **{
        "font.size": 10.0,
        "axes.grid": False,
        "font.family": ["sans-serif"],
        "hatch.color": INK,
        # Titles at a set height: matplotlib need not measure every tick label first, which is half of the drawing time.
        "axes.titley": 1.0,
    },
}

_BEFORE_PER_CENT = re.compile(r"(?<=\d) ?(?=%)")
Arguments = ParamSpec("Arguments")


@dataclass(frozen=True)
class Picture:
    """A figure with its short description (alt) and a read-out of what it shows (caption), both plain text.

    Shows itself at the end of a cell; its plain form is the caption, for readers without pictures.
    """

    figure: Figure
    alt: str
    caption: str

    def png(self) -> bytes:
        """The picture as the bytes of a PNG file."""
        buffer = io.BytesIO()
        # Little compression: the picture travels to a browser beside us, and the slider should feel immediate.
        self.figure.savefig(buffer, format="png", facecolor="white", pil_kwargs={"compress_level": 1})
        return buffer.getvalue()

    def html(self, live: bool = False) -> str:
        """One <figure>; where live, a screen reader announces the caption when it changes.

        As in the lessons' prose, a negative number has a true minus, and a number and its % stand apart, never on two
        lines of the caption.
        """
        caption = _BEFORE_PER_CENT.sub("\N{NO-BREAK SPACE}", with_minus(self.caption))
        source = base64.b64encode(self.png()).decode("ascii")
        announced = ' role="status" aria-live="polite"' if live else ""
        return (
            '<figure style="margin:0.5em 0;max-width:100%">'
            f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{source}"'
            ' style="max-width:100%;height:auto;background:#fff;border-radius:4px">'
            f'<figcaption{announced} style="font-size:14px;line-height:1.45;max-width:60em;white-space:normal">'
            f"{html.escape(caption)}</figcaption></figure>"
        )

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        return with_minus(f"{self.alt} {self.caption}")


def drawn(draw: Callable[Arguments, Picture]) -> Callable[Arguments, Picture]:
    """Marks a drawing function: it draws in the course's style, whatever style is set."""

    @wraps(draw)
    def in_style(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Picture:
        with matplotlib.rc_context(STYLE):  # type: ignore[arg-type]  # the stubs list every key by name
            return draw(*args, **kwargs)

    return in_style
