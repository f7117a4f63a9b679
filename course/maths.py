"""A formula in TeX as MathML, which browsers draw themselves and screen readers speak, or in words for a terminal."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree import ElementTree

# $…$ on one line; $5 and $6 are money. A report holds learners' words as well, so a formula has a longest length: an
# opening sign that nothing closes is looked past in bounded time.
FORMULA = re.compile(r"\$(?![\s$])((?:\\.|[^$\\\n]){1,1000}?)(?<!\s)\$(?!\d)")

_MATHML = "http://www.w3.org/1998/Math/MathML"
MATHML_TAGS = frozenset(
    {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup"}
    | {"munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose"}
)
MATHML_ATTRIBUTES = frozenset(
    {"display", "mathvariant", "stretchy", "fence", "separator", "form", "accent", "width", "displaystyle"}
)
_SIGNS = {r"\cdot": "·", r"\times": "×", r"\le": "≤", r"\ge": "≥", r"\neq": "≠", r"\pm": "±", r"\,": " ", r"\quad": " "}


class BadMaths(ValueError):
    """The formula cannot be turned into MathML."""


@lru_cache(maxsize=2048)
def to_mathml(formula: str) -> str:
    """MathML for a TeX formula, cleared of everything but presentation. Raises BadMaths."""
    from latex2mathml.converter import convert

    try:
        tree = ElementTree.fromstring(convert(formula))
    except Exception as error:  # the converter's own errors share no base class
        raise BadMaths(f"the formula ${formula}$ cannot be read ({type(error).__name__})") from None
    for element in tree.iter():
        tag = element.tag.removeprefix(f"{{{_MATHML}}}")
        if tag not in MATHML_TAGS:
            raise BadMaths(f"the formula ${formula}$ uses {tag}, which is not drawn here")
        element.tag = tag
        element.attrib = {k: v for k, v in element.attrib.items() if k in MATHML_ATTRIBUTES}
    semantics = ElementTree.Element("semantics")
    semantics.extend(list(tree))
    ElementTree.SubElement(semantics, "annotation", encoding="application/x-tex").text = formula
    drawn = ElementTree.Element("math", tree.attrib)
    drawn.append(semantics)
    return ElementTree.tostring(drawn, encoding="unicode")


def formula_in_words(formula: str) -> str:
    r"""A short formula as one would type it: \frac{1}{1-p} as 1/(1-p), \cdot as ·. What is not known stays as it is."""

    def divided(match: re.Match[str]) -> str:
        above, below = (part if re.fullmatch(r"[\w.]+", part) else f"({part})" for part in match.groups())
        return f"{above}/{below}"

    told = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", divided, formula)
    for command, sign in _SIGNS.items():
        told = re.sub(re.escape(command) + r"(?![a-zA-Z])", lambda _match, sign=sign: sign, told)  # type: ignore[misc]
    return told
