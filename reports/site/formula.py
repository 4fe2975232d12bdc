"""Formulas as pictures in the page: they look alike everywhere, whatever fonts are there."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from docutils.nodes import math, math_block
    from sphinx.writers.html5 import HTML5Translator

SIZE = 16.0
"""Of the letters, in the units of the picture: one em of the page."""
_LETTERS = {0: "", 1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}
_POINTS = {0: 0, 1: 1, 2: 1, 3: 2, 4: 3, 79: 1}
"""What matplotlib's codes of a path are in SVG, and how many points each takes."""


def inline(writer: HTML5Translator, node: math) -> NoReturn:
    """Write a formula that stands in a line."""
    from docutils.nodes import SkipNode

    writer.body.append(f'<span class="formula">{svg(node.astext())}</span>')
    raise SkipNode


def block(writer: HTML5Translator, node: math_block) -> NoReturn:
    """Write a formula that stands by itself."""
    from docutils.nodes import SkipNode

    drawn = svg(node.astext().replace(r"\frac", r"\dfrac"))  # as large as there is room for
    writer.body.append(f'<div class="formula">{drawn}</div>')
    raise SkipNode


@cache
def svg(formula: str) -> str:
    """Return a formula in TeX as an SVG in the colour of the text, its baseline on the line's.

    >>> svg("x^2")[:36]
    '<svg class="formula" role="img" aria'
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser
    from matplotlib.textpath import TextToPath

    text = f"${' '.join(formula.split())}$"
    font = FontProperties(size=SIZE, math_fontfamily="dejavusans")
    parsed = MathTextParser("path").parse(text, 72, font)
    scale = SIZE / TextToPath.FONT_SCALE
    points, codes = TextToPath().get_text_path(font, text, ismath=True)
    wide, above, below = parsed.width, parsed.height - parsed.depth, parsed.depth
    drawn, place = [], 0
    while place < len(codes):
        code = int(codes[place])
        count = _POINTS[code]
        numbers = (
            f"{x * scale:.2f} {above - y * scale:.2f}" for x, y in points[place : place + count]
        )
        drawn.append(_LETTERS[code] + ("" if code == 79 else " ".join(numbers)))
        place += max(count, 1)
    em = [f"{length / SIZE:.3f}em" for length in (wide, above + below, -below)]
    return (
        f'<svg class="formula" role="img" aria-label="{escape(formula)}" '
        f'viewBox="0 0 {wide:.2f} {above + below:.2f}" '
        f'style="width:{em[0]};height:{em[1]};vertical-align:{em[2]}">'
        f'<path fill="currentColor" d="{"".join(drawn)}"/></svg>'
    )
