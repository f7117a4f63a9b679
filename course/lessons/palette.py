"""Colours, line styles and fills of every picture. Whatever differs by colour differs by shape or hatch as well."""

from __future__ import annotations

from typing import NamedTuple

# Okabe & Ito's palette, which stays apart without colour vision.
BLUE, ORANGE, GREEN, VERMILLION, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9"
INK, GREY, FAINT = "#222222", "#6B6B6B", "#D9D9D9"


class LineStyle(NamedTuple):
    """How one line of several is drawn, in Matplotlib's codes."""

    colour: str
    dashes: str
    marker: str


class Fill(NamedTuple):
    """How one bar of several is filled: colour, and Matplotlib's hatch code ("" for none)."""

    colour: str
    hatch: str = ""


LINE_STYLES = (
    LineStyle(VERMILLION, "-", "o"),
    LineStyle(BLUE, "--", "s"),
    LineStyle(GREEN, "-.", "^"),
    LineStyle(ORANGE, ":", "D"),
)
FILLS = (Fill(SKY), Fill(ORANGE, ".."), Fill(VERMILLION, "//"), Fill(GREY, "xx"))
PLAIN, HATCHED = Fill(SKY), Fill("white", "//")
