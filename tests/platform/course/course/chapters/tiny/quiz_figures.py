"""The quiz's picture."""

from __future__ import annotations


def three_bars() -> str:
    """Three bars of different heights, as SVG text."""
    bars = "".join(f'<rect x="{20 * n}" y="{60 - h}" width="15" height="{h}"/>' for n, h in enumerate((20, 50, 35)))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60" viewBox="0 0 60 60">{bars}</svg>'
