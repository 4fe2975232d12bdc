"""Formulas as MathML, which browsers draw by themselves: no script, no font from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latex2mathml.converter import convert

if TYPE_CHECKING:
    from docutils.nodes import math, math_block
    from sphinx.writers.html5 import HTML5Translator


def inline(writer: HTML5Translator, node: math) -> None:
    """Write a formula that stands in a line."""
    writer.body.append(f'<span class="formula">{convert(node.astext())}</span>')


def block(writer: HTML5Translator, node: math_block) -> None:
    """Write a formula that stands by itself."""
    writer.body.append(f'<div class="formula">{convert(node.astext(), display="block")}</div>')
